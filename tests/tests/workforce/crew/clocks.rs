//! The clock: in, breaks, out, past midnight and over both changes of clocks; what was forgotten.

use chrono::Duration;
use serde_json::{Value, json};

use super::{House, id};

const TIME: &str = "workTimeSegment { id kind startsAt endsAt businessDate shiftId locationId isFlagged source lat }";

impl House {
    async fn time(
        &self,
        verb: &str,
        person: &str,
        besides: Value,
    ) -> anyhow::Result<tests::Answer> {
        self.owner
            .verb(verb, super::with(json!({"staffId": person}), besides), TIME)
            .await
    }

    /// The minutes of a sheet for one day.
    async fn sheet_of(&self, person: &str, day: &str) -> anyhow::Result<Value> {
        let until = day.parse::<chrono::NaiveDate>()? + Duration::days(1);
        let input = json!({"staffId": person, "startsOn": day, "endsOn": until});
        let selection = "timesheet { id workedMinutes breakMinutes overtimeMinutes }";
        Ok(self.owner.act("timesheetOpen", input, selection).await?["timesheet"].clone())
    }
}

async fn night(start: &str, day: &str, hours: i64) -> anyhow::Result<()> {
    let mut house = House::at(start).await?;
    let ana = house.person(json!({})).await?;
    let shift = house.shift(&ana, day, "23:00:00", "07:00:00").await?;
    let begun = house.time("clockIn", &ana, json!({})).await?.must()?;
    assert_eq!(begun.payload()["workTimeSegment"]["shiftId"], json!(shift));
    assert_eq!(house.of_shift(&shift, "status").await?, "IN_PROGRESS");
    house.later(Duration::hours(hours)).await?;
    let ended = house.time("clockOut", &ana, json!({})).await?.must()?;
    assert_eq!(ended.payload()["workTimeSegment"]["businessDate"], day);
    assert_eq!(house.of_shift(&shift, "status").await?, "COMPLETED");
    assert_eq!(
        house.of_shift(&shift, "overtimeMinutes").await?,
        0,
        "as long as planned"
    );
    let sheet = house.sheet_of(&ana, day).await?;
    assert_eq!(sheet["workedMinutes"], hours * 60);
    house.agrees().await
}

#[tokio::test]
async fn e59_a_night_in_spring_has_an_hour_less() -> anyhow::Result<()> {
    night("2027-03-27T23:00:00Z", "2027-03-27", 7).await
}

#[tokio::test]
async fn e59_a_night_in_autumn_has_an_hour_more() -> anyhow::Result<()> {
    night("2027-10-30T22:00:00Z", "2027-10-30", 9).await
}

#[tokio::test]
pub(super) async fn people_clock_for_themselves_and_breaks_are_not_work() -> anyhow::Result<()> {
    let mut house = House::at("2027-03-01T08:00:00Z").await?;
    let (mut ana, ana_id) = house.signed_in(json!({})).await?;
    ana.verb("clockOut", json!({}), TIME)
        .await?
        .must_refuse("NOT_CLOCKED_IN")?;
    ana.verb("breakStart", json!({}), TIME)
        .await?
        .must_refuse("NOT_CLOCKED_IN")?;
    ana.verb("clockIn", json!({"kind": "BREAK"}), TIME)
        .await?
        .must_refuse("WRONG_KIND")?;
    let point = json!({"lat": "38.7", "lng": "-9.1", "source": "DEVICE", "clientRecordedAt": "2027-03-01T07:58:00Z", "idempotencyKey": "in"});
    let begun = ana.act("clockIn", point.clone(), TIME).await?;
    assert_eq!(begun["workTimeSegment"]["lat"], "38.700000");
    assert_eq!(
        begun["workTimeSegment"]["locationId"],
        json!(house.location)
    );
    assert_eq!(ana.act("clockIn", point, TIME).await?["replayed"], true);
    ana.verb("clockIn", json!({}), TIME)
        .await?
        .must_refuse("ALREADY_CLOCKED_IN")?;
    ana.verb("breakEnd", json!({}), TIME)
        .await?
        .must_refuse("NOT_ON_BREAK")?;
    for (verb, hours) in [("breakStart", 3), ("breakEnd", 1), ("clockOut", 4)] {
        house.later(Duration::hours(hours)).await?;
        ana = house.world.again(&ana).await?;
        ana.act(verb, json!({}), TIME).await?;
        if verb == "breakStart" {
            ana.verb(verb, json!({}), TIME)
                .await?
                .must_refuse("ALREADY_ON_BREAK")?;
        }
    }
    let sheet = house.sheet_of(&ana_id, "2027-03-01").await?;
    assert_eq!(
        json!([sheet["workedMinutes"], sheet["breakMinutes"]]),
        json!([420, 60])
    );
    // For others, only who may.
    let other = house.person(json!({})).await?;
    ana.verb("clockIn", json!({"staffId": other}), TIME)
        .await?
        .must_fail("FORBIDDEN")?;
    let gone = house.person(json!({"terminatedOn": "2027-03-01"})).await?;
    house
        .time("clockIn", &gone, json!({}))
        .await?
        .must_refuse("NOT_EMPLOYED")?;
    let nobody = house.world.staff(&house.owner, "housekeeper", &[]).await?;
    nobody
        .verb("clockIn", json!({}), TIME)
        .await?
        .must_fail("NOT_FOUND")?;
    let outside = house.world.staff(&house.owner, "analyst", &[]).await?;
    outside
        .verb("clockIn", json!({}), TIME)
        .await?
        .must_fail("FORBIDDEN")?;
    let stranger = house.world.owner().await?;
    for verb in ["clockIn", "clockOut", "breakStart", "breakEnd"] {
        stranger
            .verb(verb, json!({"staffId": other}), TIME)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    house.agrees().await
}

#[tokio::test]
async fn e59_a_clock_out_that_is_missing_is_flagged_and_corrected_with_a_reason()
-> anyhow::Result<()> {
    let mut house = House::at("2027-03-01T08:00:00Z").await?;
    let ana = house.person(json!({})).await?;
    let shift = house
        .shift(&ana, "2027-03-01", "08:00:00", "16:00:00")
        .await?;
    let begun = house.time("clockIn", &ana, json!({})).await?.must()?;
    let segment = id(&begun.payload()["workTimeSegment"])?;
    house.later(Duration::hours(11)).await?;
    house.world.run_job("flag_missing_clock_outs").await?;
    let flagged = |data: &Value| data["workTimeSegment"]["isFlagged"].clone();
    let query = format!("{{ workTimeSegment(id: \"{segment}\") {{ isFlagged supersededAt }} }}");
    assert_eq!(
        flagged(&house.owner.read(&query).await?),
        false,
        "the grace is not over"
    );
    house.later(Duration::hours(2)).await?;
    house.world.run_job("flag_missing_clock_outs").await?;
    house.world.run_job("flag_missing_clock_outs").await?;
    assert_eq!(flagged(&house.owner.read(&query).await?), true);
    house.later(Duration::hours(30)).await?;
    house
        .time("clockOut", &ana, json!({}))
        .await?
        .must_refuse("FORGOTTEN")?;
    let correct = async |besides: Value| {
        let input = super::with(
            json!({"endsAt": "2027-03-01T16:00:00Z", "reason": "Forgot"}),
            besides,
        );
        house.on("timeCorrect", &segment, input, TIME).await
    };
    correct(json!({"reason": " "}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    correct(json!({"endsAt": "2027-03-09T16:00:00Z"}))
        .await?
        .must_refuse("IN_FUTURE")?;
    correct(json!({"endsAt": "2027-03-01T07:00:00Z"}))
        .await?
        .must_refuse("INVALID_TIMES")?;
    let corrected = correct(json!({})).await?.must()?;
    assert_eq!(
        corrected.payload()["workTimeSegment"]["endsAt"],
        "2027-03-01T16:00:00Z"
    );
    correct(json!({})).await?.must_refuse("ALREADY_CORRECTED")?;
    assert_eq!(house.of_shift(&shift, "status").await?, "COMPLETED");
    // The old row stays as it was, and counts no more: the next clock-in is free.
    anyhow::ensure!(!house.owner.read(&query).await?["workTimeSegment"]["supersededAt"].is_null());
    house.time("clockIn", &ana, json!({})).await?.must()?;
    let stranger = house.world.owner().await?;
    let input = json!({"id": segment, "endsAt": "2027-03-01T16:00:00Z", "reason": "x"});
    stranger
        .verb("timeCorrect", input, TIME)
        .await?
        .must_fail("NOT_FOUND")?;
    house.agrees().await
}

#[tokio::test]
async fn e59_times_of_a_person_do_not_overlap() -> anyhow::Result<()> {
    let house = House::at("2027-03-02T20:00:00Z").await?;
    let (ana, ana_id) = house.signed_in(json!({})).await?;
    let hours = |from: &str, to: &str| json!({"startsAt": format!("2027-03-02T{from}:00Z"), "endsAt": format!("2027-03-02T{to}:00Z")});
    let own = ana.act("timeRecord", hours("08:00", "12:00"), TIME).await?;
    assert_eq!(
        own["workTimeSegment"]["isFlagged"], true,
        "by hand, for oneself: to be looked at"
    );
    ana.verb("timeRecord", hours("11:00", "13:00"), TIME)
        .await?
        .must_refuse("OVERLAPS")?;
    ana.verb("timeRecord", hours("21:00", "22:00"), TIME)
        .await?
        .must_refuse("IN_FUTURE")?;
    ana.verb("timeRecord", hours("15:00", "14:00"), TIME)
        .await?
        .must_refuse("INVALID_TIMES")?;
    let early = json!({"startsAt": "2019-03-02T08:00:00Z", "endsAt": "2019-03-02T09:00:00Z"});
    ana.verb("timeRecord", early, TIME)
        .await?
        .must_refuse("NOT_EMPLOYED")?;
    let after = house
        .time("timeRecord", &ana_id, hours("12:00", "13:00"))
        .await?
        .must()?;
    assert_eq!(after.payload()["workTimeSegment"]["isFlagged"], false);
    house.agrees().await
}
