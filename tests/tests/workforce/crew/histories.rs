//! Random histories of clocking in and out over changes of clocks and midnights, against what one would
//! note on paper: nothing overlaps, one time goes on at most, and no minute is lost or counted twice (E-59).

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::uuid;

use super::{House, id, with};

/// How many things happen in a history.
pub(super) const STEPS: u32 = 80;

/// The hours by which clocks in Lisbon are ahead, in 2027.
pub(super) fn ahead(at: NaiveDateTime) -> i64 {
    let instant = |text: &str| text.parse::<NaiveDateTime>().unwrap_or_default();
    let summer = instant("2027-03-28T01:00:00")..instant("2027-10-31T01:00:00");
    i64::from(summer.contains(&at))
}

/// What somebody does now: a work or a break, since when, and for which day.
#[derive(Clone, Debug)]
struct Doing {
    kind: &'static str,
    since: DateTime<Utc>,
    day: NaiveDate,
    row: String,
    /// When that was by the hands of the test's clock.
    set_at: DateTime<Utc>,
}

struct Clocks {
    house: House,
    person: String,
    dice: StdRng,
    now: DateTime<Utc>,
    doing: Option<Doing>,
    microseconds: BTreeMap<(NaiveDate, &'static str), i64>,
}

impl Clocks {
    async fn use_verb(&self, verb: &str, besides: Value) -> anyhow::Result<Answer> {
        let input = with(json!({ "staffId": self.person }), besides);
        let selection = "workTimeSegment { id startsAt endsAt }";
        self.house.owner.verb(verb, input, selection).await
    }

    /// Ends what is done now, on paper.
    fn end(&mut self, until: DateTime<Utc>) {
        if let Some(doing) = self.doing.take() {
            let took = (until - doing.since).num_microseconds().unwrap_or_default();
            *self
                .microseconds
                .entry((doing.day, doing.kind))
                .or_default() += took;
        }
    }

    fn begin(
        &mut self,
        kind: &'static str,
        day: Option<NaiveDate>,
        answer: &Answer,
    ) -> anyhow::Result<()> {
        let row = &answer.payload()["workTimeSegment"];
        let since = instant(&row["startsAt"])?;
        let local = since.naive_utc() + Duration::hours(ahead(since.naive_utc()));
        self.doing = Some(Doing {
            kind,
            since,
            day: day.unwrap_or(local.date()),
            row: id(row)?,
            set_at: self.now,
        });
        Ok(())
    }

    /// Lets time pass: mostly an hour or a few, sometimes a day and a half.
    async fn pass(&mut self) -> anyhow::Result<()> {
        let minutes = match self.dice.random_range(0..20) {
            0 => self.dice.random_range(1800..2600),
            _ => self.dice.random_range(1..500),
        };
        self.now += Duration::minutes(minutes);
        // To the very second nobody can say whether it is forgotten.
        let forgotten = Duration::hours(36);
        if self
            .doing
            .as_ref()
            .is_some_and(|doing| self.now - doing.set_at == forgotten)
        {
            self.now += Duration::minutes(2);
        }
        self.house.world.clock.set(self.now);
        self.house.owner = self.house.world.again(&self.house.owner).await?;
        Ok(())
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        self.pass().await?;
        let verb = ["clockIn", "breakStart", "breakEnd", "clockOut"][self.dice.random_range(0..4)];
        let answer = self.use_verb(verb, json!({})).await?;
        let Some(doing) = self.doing.clone() else {
            if verb != "clockIn" {
                return answer.must_refuse("NOT_CLOCKED_IN").map(drop);
            }
            return self.begin("work", None, &answer.must()?);
        };
        match (verb, doing.kind) {
            ("clockIn", _) => return answer.must_refuse("ALREADY_CLOCKED_IN").map(drop),
            ("breakStart", "break") => return answer.must_refuse("ALREADY_ON_BREAK").map(drop),
            ("breakEnd", "work") => return answer.must_refuse("NOT_ON_BREAK").map(drop),
            _ => {}
        }
        if self.now - doing.set_at > Duration::hours(36) {
            answer.must_refuse("FORGOTTEN")?;
            return self.correct(&doing).await;
        }
        let answer = answer.must()?;
        let row = &answer.payload()["workTimeSegment"];
        let turn = if verb == "clockOut" {
            "endsAt"
        } else {
            "startsAt"
        };
        self.end(instant(&row[turn])?);
        match verb {
            "breakStart" => self.begin("break", Some(doing.day), &answer),
            "breakEnd" => self.begin("work", Some(doing.day), &answer),
            _ => Ok(()),
        }
    }

    /// What was forgotten is put right: it lasted some hours.
    async fn correct(&mut self, doing: &Doing) -> anyhow::Result<()> {
        let until = doing.since + Duration::minutes(self.dice.random_range(1..900));
        let input = json!({ "id": doing.row, "endsAt": until, "reason": "Forgot" });
        let selection = "workTimeSegment { id businessDate }";
        self.house
            .owner
            .act("timeCorrect", input, selection)
            .await?;
        self.end(until);
        Ok(())
    }

    /// The tables say what the paper says.
    async fn compare(&self) -> anyhow::Result<()> {
        let sql = self
            .house
            .world
            .database
            .platform(self.house.owner.biz_id)
            .await?;
        let person = uuid(&json!(self.person))?;
        let sums = "select business_date, kind::text, (sum(extract(epoch from ends_at - starts_at)) * 1000000)::bigint \
            from workforce.work_time_segments where staff_id = $1 and superseded_at is null and ends_at is not null group by 1, 2";
        let mut found = BTreeMap::new();
        for row in sql.query(sums, &[&person]).await? {
            let (day, kind): (NaiveDate, String) = (row.try_get(0)?, row.try_get(1)?);
            found.insert((day, kind), row.try_get::<_, i64>(2)?);
        }
        let paper = self.microseconds.iter();
        let paper: BTreeMap<_, _> = paper
            .map(|((day, kind), took)| ((*day, (*kind).to_owned()), *took))
            .collect();
        anyhow::ensure!(
            found == paper,
            "the tables say\n{found:?}, the paper\n{paper:?}"
        );
        let open = "select count(*) from workforce.work_time_segments where staff_id = $1 and superseded_at is null and ends_at is null";
        let open: i64 = sql.query_one(open, &[&person]).await?.try_get(0)?;
        anyhow::ensure!(open == i64::from(self.doing.is_some()), "{open} go on");
        let twice = "select count(*) from workforce.work_time_segments a join workforce.work_time_segments b \
              on b.biz_id = a.biz_id and b.staff_id = a.staff_id and b.id > a.id \
            where a.superseded_at is null and b.superseded_at is null \
              and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)";
        let twice: i64 = sql.query_one(twice, &[]).await?.try_get(0)?;
        anyhow::ensure!(twice == 0, "{twice} times overlap");
        Ok(())
    }
}

/// An instant of an answer.
fn instant(value: &Value) -> anyhow::Result<DateTime<Utc>> {
    Ok(value.as_str().unwrap_or_default().parse()?)
}

async fn clocks(seed: u64, from: &str) -> anyhow::Result<()> {
    let house = House::at(from).await?;
    let person = house.person(json!({})).await?;
    let mut clocks = Clocks {
        house,
        person,
        dice: StdRng::seed_from_u64(seed),
        now: from.parse()?,
        doing: None,
        microseconds: BTreeMap::new(),
    };
    for _ in 0..STEPS {
        clocks.step().await?;
    }
    clocks.compare().await?;
    clocks.house.agrees().await
}

#[tokio::test]
async fn e59_a_history_of_clocks_in_spring_loses_no_minute() -> anyhow::Result<()> {
    clocks(11, "2027-03-24T18:00:00Z").await
}

#[tokio::test]
async fn e59_a_history_of_clocks_in_autumn_loses_no_minute() -> anyhow::Result<()> {
    clocks(12, "2027-10-27T18:00:00Z").await
}
