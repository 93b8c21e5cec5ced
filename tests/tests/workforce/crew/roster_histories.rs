//! Random histories of a roster in the week in which clocks change, against a roster on paper: nobody is
//! planned twice at a time (E-59).

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tests::actor::uuid;

use super::histories::{STEPS, ahead};
use super::{House, id};

/// A shift on paper.
#[derive(Clone, Debug)]
struct PaperShift {
    id: String,
    person: usize,
    from: NaiveDateTime,
    to: NaiveDateTime,
    status: &'static str,
}

struct Roster {
    house: House,
    people: Vec<String>,
    dice: StdRng,
    shifts: Vec<PaperShift>,
}

/// Times of a shift: by the clocks in Lisbon, and as instants.
struct Times {
    day: NaiveDate,
    from_hour: i64,
    to_hour: i64,
    from: NaiveDateTime,
    to: NaiveDateTime,
}

impl Roster {
    /// Some hours in the week in which clocks change, none of them in the hour that there is not.
    fn times(&mut self) -> Times {
        let day = NaiveDate::from_ymd_opt(2027, 3, 25).unwrap_or_default()
            + Duration::days(self.dice.random_range(0..6));
        let (from_hour, length) = (self.dice.random_range(2..24), self.dice.random_range(2..14));
        let local = |hours: i64| day.and_time(chrono::NaiveTime::MIN) + Duration::hours(hours);
        // An hour ago in Greenwich is what clocks show in summer.
        let instant =
            |local: NaiveDateTime| local - Duration::hours(ahead(local - Duration::hours(1)));
        let mut to = from_hour + length;
        if local(to) == local(to).date().and_time(chrono::NaiveTime::MIN) + Duration::hours(1) {
            to += 1;
        }
        Times {
            day,
            from_hour,
            to_hour: to % 24,
            from: instant(local(from_hour)),
            to: instant(local(to)),
        }
    }

    fn is_taken(&self, person: usize, times: &Times, besides: Option<usize>) -> bool {
        let others = self.shifts.iter().enumerate();
        let mut others = others.filter(|(index, shift)| {
            Some(*index) != besides && shift.person == person && shift.status != "cancelled"
        });
        others.any(|(_, shift)| shift.from < times.to && times.from < shift.to)
    }

    async fn plan(&mut self) -> anyhow::Result<()> {
        let (person, times) = (self.dice.random_range(0..self.people.len()), self.times());
        let item = json!({"staffId": self.people[person], "day": times.day, "startsAt": wall(times.from_hour), "endsAt": wall(times.to_hour)});
        let planned = self.house.plan(json!([item])).await?;
        let result = &planned["results"][0];
        if self.is_taken(person, &times, None) {
            anyhow::ensure!(result["error"]["code"] == "SHIFT_OVERLAPS", "{planned}");
            return Ok(());
        }
        self.shifts.push(PaperShift {
            id: id(&planned["staffShifts"][0])?,
            person,
            from: times.from,
            to: times.to,
            status: "draft",
        });
        Ok(())
    }

    async fn change(&mut self, index: usize) -> anyhow::Result<()> {
        let (times, shift) = (self.times(), self.shifts[index].clone());
        let input = json!({"day": times.day, "startsAt": wall(times.from_hour), "endsAt": wall(times.to_hour), "reason": "Other hours"});
        let selection = "staffShift { id }";
        let answer = self
            .house
            .on("shiftChange", &shift.id, input, selection)
            .await?;
        if shift.status == "cancelled" {
            return answer.must_refuse("WRONG_STATUS").map(drop);
        }
        if self.is_taken(shift.person, &times, Some(index)) {
            return answer.must_refuse("SHIFT_OVERLAPS").map(drop);
        }
        answer.must()?;
        (self.shifts[index].from, self.shifts[index].to) = (times.from, times.to);
        Ok(())
    }

    async fn cancel(&mut self, index: usize) -> anyhow::Result<()> {
        let shift = self.shifts[index].clone();
        let input = json!({"reason": "Not needed"});
        let answer = self
            .house
            .on("shiftCancel", &shift.id, input, "staffShift { id }")
            .await?;
        if shift.status == "cancelled" {
            return answer.must_refuse("WRONG_STATUS").map(drop);
        }
        answer.must()?;
        self.shifts[index].status = "cancelled";
        Ok(())
    }

    async fn publish(&mut self, index: usize) -> anyhow::Result<()> {
        if self.shifts[index].status != "draft" {
            return Ok(());
        }
        let input = json!({"locationId": self.house.location, "from": "2027-03-20", "until": "2027-04-10", "shiftIds": [self.shifts[index].id]});
        self.house
            .owner
            .act("rosterPublish", input, "staffShifts { id }")
            .await?;
        self.shifts[index].status = "published";
        Ok(())
    }

    /// The roster is what it is on paper.
    async fn compare(&self) -> anyhow::Result<()> {
        let sql = self
            .house
            .world
            .database
            .platform(self.house.owner.biz_id)
            .await?;
        let all = "select id, planned_starts_at, planned_ends_at, status::text from workforce.staff_shifts order by id";
        let mut found = BTreeMap::new();
        for row in sql.query(all, &[]).await? {
            let (from, to): (DateTime<Utc>, DateTime<Utc>) = (row.try_get(1)?, row.try_get(2)?);
            let status: String = row.try_get(3)?;
            let id: uuid::Uuid = row.try_get(0)?;
            found.insert(id, (from.naive_utc(), to.naive_utc(), status));
        }
        let mut paper = BTreeMap::new();
        for shift in &self.shifts {
            let told = (shift.from, shift.to, shift.status.to_owned());
            paper.insert(uuid(&json!(shift.id))?, told);
        }
        anyhow::ensure!(
            found == paper,
            "the tables say\n{found:?}, the paper\n{paper:?}"
        );
        Ok(())
    }
}

fn wall(hour: i64) -> String {
    format!("{hour:02}:00:00")
}

#[tokio::test]
async fn e59_a_history_of_a_roster_never_plans_anybody_twice() -> anyhow::Result<()> {
    let house = House::at("2027-03-20T08:00:00Z").await?;
    let people = vec![
        house.person(json!({})).await?,
        house.person(json!({})).await?,
    ];
    let mut roster = Roster {
        house,
        people,
        dice: StdRng::seed_from_u64(13),
        shifts: Vec::new(),
    };
    for _ in 0..STEPS {
        let count = roster.shifts.len().max(1);
        let index = roster.dice.random_range(0..count);
        match roster.dice.random_range(0..10) {
            0..4 => roster.plan().await?,
            _ if roster.shifts.is_empty() => roster.plan().await?,
            4..7 => roster.change(index).await?,
            7 => roster.cancel(index).await?,
            _ => roster.publish(index).await?,
        }
    }
    roster.compare().await?;
    roster.house.agrees().await
}
