//! A queue against a model that knows nothing of SQL: the order is what the policy says.

use std::collections::BTreeMap;

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

#[tokio::test]
async fn whatever_happens_the_next_is_who_the_policy_says() -> anyhow::Result<()> {
    let mut hall = Hall::open(
        3,
        2,
        json!({ "fairness": "PRIORITY_AGED", "agingMinutes": AGING }),
    )
    .await?;
    let mut random = StdRng::seed_from_u64(41);
    let mut model = Model::default();
    for step in 0..STEPS {
        if step % 15 == 14 {
            hall.later(Duration::minutes(3)).await?;
        }
        let desk = random.random_range(0..2);
        match random.random_range(0..10) {
            0..=3 => {
                let band = random.random_range(0..4_i64);
                let entry = hall.join(json!({ "priorityBand": band })).await?["queueEntry"].clone();
                let joined = instant(&entry["joinedAt"])?;
                let order = joined - Duration::minutes(band * AGING);
                assert_eq!(instant(&entry["effectivePriorityAt"])?, order);
                model.waiting.insert(text(&entry["id"]), (order, joined));
            }
            4..=6 if !model.desks.contains_key(&desk) => {
                let answer = hall.next(desk).await?;
                match model.next() {
                    None => drop(answer.must_refuse("NOBODY_WAITING")?),
                    Some(expected) => {
                        let called = answer.must()?.payload()["queueEntry"]["id"].clone();
                        assert_eq!(text(&called), expected, "step {step}");
                        model.waiting.remove(&expected);
                        model.desks.insert(desk, (expected, "called"));
                    }
                }
            }
            4..=8 => {
                let Some((id, status)) = model.desks.get(&desk).cloned() else {
                    continue;
                };
                let entry = json!({ "id": id });
                match status {
                    "called" => {
                        hall.step("queueEntryStart", &entry, json!({}))
                            .await?
                            .must()?;
                        model.desks.insert(desk, (id, "serving"));
                    }
                    _ => {
                        hall.step("queueEntryFinish", &entry, json!({}))
                            .await?
                            .must()?;
                        model.desks.remove(&desk);
                    }
                }
            }
            _ => {
                if let Some((id, times)) = model.parked.pop_first() {
                    hall.step("queueEntryUnpark", &json!({ "id": id }), json!({}))
                        .await?
                        .must()?;
                    model.waiting.insert(id, times);
                } else if let Some((id, times)) = model.waiting.pop_last() {
                    hall.step("queueEntryPark", &json!({ "id": id }), json!({}))
                        .await?
                        .must()?;
                    model.parked.insert(id, times);
                }
            }
        }
    }
    let mut expected: Vec<_> = model
        .waiting
        .iter()
        .map(|(id, times)| (*times, id.clone()))
        .collect();
    expected.sort();
    let waiting: Vec<String> = hall.waiting().await?.iter().map(text).collect();
    assert_eq!(
        waiting,
        expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    );
    Ok(())
}
