//! Random histories of clocks and rosters over changes of clocks and midnights, against what one would
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
const STEPS: u32 = 80;

/// The hours by which clocks in Lisbon are ahead, in 2027.
fn ahead(at: NaiveDateTime) -> i64 {
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
