//! A queue against a model that knows nothing of SQL: the order is what the policy says.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::Hall;

const STEPS: usize = 120;
const AGING: i64 = 10;

/// Who stands where, as a model has it.
#[derive(Default)]
struct Model {
    /// What the order goes by.
    waiting: BTreeMap<String, (DateTime<Utc>, DateTime<Utc>)>,
    desks: BTreeMap<usize, (String, &'static str)>,
    parked: BTreeMap<String, (DateTime<Utc>, DateTime<Utc>)>,
}

impl Model {
    fn next(&self) -> Option<String> {
        let first = self
            .waiting
            .iter()
            .min_by_key(|(id, times)| (**times, (*id).clone()));
        first.map(|(id, _)| id.clone())
    }
}

fn instant(value: &Value) -> anyhow::Result<DateTime<Utc>> {
    Ok(value.as_str().unwrap_or_default().parse()?)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A queue, and what a model has of it.
struct Game {
    hall: Hall,
    model: Model,
    random: StdRng,
}

impl Game {
    /// Somebody joins, more or less urgent.
    async fn join(&mut self) -> anyhow::Result<()> {
        let band = self.random.random_range(0..4_i64);
        let wish = json!({ "priorityBand": band });
        let entry = self.hall.join(wish).await?["queueEntry"].clone();
        let joined = instant(&entry["joinedAt"])?;
        let order = joined - Duration::minutes(band * AGING);
        assert_eq!(instant(&entry["effectivePriorityAt"])?, order);
        let id = text(&entry["id"]);
        self.model.waiting.insert(id, (order, joined));
        Ok(())
    }

    /// The next is called to a desk that is free.
    async fn call(&mut self, desk: usize) -> anyhow::Result<()> {
        let answer = self.hall.next(desk).await?;
        let Some(expected) = self.model.next() else {
            return answer.must_refuse("NOBODY_WAITING").map(drop);
        };
        let called = answer.must()?.payload()["queueEntry"]["id"].clone();
        assert_eq!(text(&called), expected);
        self.model.waiting.remove(&expected);
        self.model.desks.insert(desk, (expected, "called"));
        Ok(())
    }

    /// Who is at a desk, if anybody is, comes or is done.
    async fn serve(&mut self, desk: usize) -> anyhow::Result<()> {
        let Some((id, status)) = self.model.desks.remove(&desk) else {
            return Ok(());
        };
        let entry = json!({ "id": id });
        let verb = match status {
            "called" => "queueEntryStart",
            _ => "queueEntryFinish",
        };
        self.hall.step(verb, &entry, json!({})).await?.must()?;
        if status == "called" {
            self.model.desks.insert(desk, (id, "serving"));
        }
        Ok(())
    }

    /// Somebody who was set aside comes back, or else somebody is.
    async fn set_aside(&mut self) -> anyhow::Result<()> {
        if let Some((id, times)) = self.model.parked.pop_first() {
            let entry = json!({ "id": id });
            let back = self.hall.step("queueEntryUnpark", &entry, json!({}));
            back.await?.must()?;
            self.model.waiting.insert(id, times);
        } else if let Some((id, times)) = self.model.waiting.pop_last() {
            let entry = json!({ "id": id });
            let aside = self.hall.step("queueEntryPark", &entry, json!({}));
            aside.await?.must()?;
            self.model.parked.insert(id, times);
        }
        Ok(())
    }
}

#[tokio::test]
async fn whatever_happens_the_next_is_who_the_policy_says() -> anyhow::Result<()> {
    let settings = json!({ "fairness": "PRIORITY_AGED", "agingMinutes": AGING });
    let mut game = Game {
        hall: Hall::open(3, 2, settings).await?,
        model: Model::default(),
        random: StdRng::seed_from_u64(41),
    };
    for step in 0..STEPS {
        if step % 15 == 14 {
            game.hall.later(Duration::minutes(3)).await?;
        }
        let desk = game.random.random_range(0..2);
        let done = match game.random.random_range(0..10) {
            0..=3 => game.join().await,
            4..=6 if !game.model.desks.contains_key(&desk) => game.call(desk).await,
            4..=8 => game.serve(desk).await,
            _ => game.set_aside().await,
        };
        done.with_context(|| format!("step {step}"))?;
    }
    let waiting = game.model.waiting.iter();
    let mut expected: Vec<_> = waiting.map(|(id, times)| (*times, id.clone())).collect();
    expected.sort();
    let waiting: Vec<String> = game.hall.waiting().await?.iter().map(text).collect();
    assert_eq!(
        waiting,
        expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    );
    Ok(())
}
