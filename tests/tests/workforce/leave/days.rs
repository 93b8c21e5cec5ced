//! What days cost, and that no day is charged twice (E-50 to E-53, E-57).

use serde_json::{Value, json};
use tests::hotel::made;

use super::{Office, with};

async fn costs(office: &Office, input: Value) -> anyhow::Result<i64> {
    let preview = office.preview(&input).await?;
    Ok(preview["totalMinutes"].as_i64().unwrap_or_default())
}

#[tokio::test]
async fn e50_a_half_is_said_day_by_day_and_costs_half_of_that_day() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let whole = office.wish("2026-03-09", "2026-03-11");
    assert_eq!(costs(&office, whole.clone()).await?, 960);
    let from_noon = with(whole.clone(), json!({ "startPortion": "PM" }));
    assert_eq!(costs(&office, from_noon.clone()).await?, 720);
    let to_noon = with(from_noon, json!({ "endPortion": "AM" }));
    assert_eq!(costs(&office, to_noon.clone()).await?, 480);
    let sent = office.ask(to_noon).await?.must()?;
    assert_eq!(sent.payload()["totalMinutes"], 480);
    let wrong = with(whole, json!({ "startPortion": "AM" }));
    office.ask(wrong).await?.must_fail("BAD_USER_INPUT")?;
    office.must_agree().await
}

#[tokio::test]
async fn e51_two_halves_of_a_day_may_be_of_different_leave_but_not_the_same_half()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let other = json!({ "code": "sick", "name": "Sick", "isTracked": false });
    let other = made(&office.owner, "leaveType", other).await?;
    let am = with(
        office.wish("2026-03-09", "2026-03-10"),
        json!({ "startPortion": "AM" }),
    );
    let pm = with(
        am.clone(),
        json!({ "startPortion": "PM", "leaveTypeId": other }),
    );
    office.ask(am.clone()).await?.must()?;
    office.ask(pm.clone()).await?.must()?;
    office.ask(pm).await?.must_refuse("ALREADY_AWAY")?;
    let preview = office
        .preview(&with(am, json!({ "leaveTypeId": other })))
        .await?;
    assert_eq!(preview["obstacles"][0]["code"], "ALREADY_AWAY");
    let days = "select count(*) from workforce.leave_request_days where leave_on = '2026-03-09' and status = 'reserved'";
    assert_eq!(office.count(days).await?, 2);
    office.must_agree().await
}

#[tokio::test]
async fn e52_a_whole_day_and_a_part_of_it_are_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.asked("2026-03-02", "2026-03-03").await?;
    for part in [
        json!({ "startPortion": "AM" }),
        json!({ "startPortion": "HOURS", "fromMinute": 600, "toMinute": 660 }),
        json!({}),
    ] {
        let input = with(office.wish("2026-03-02", "2026-03-03"), part);
        office.ask(input).await?.must_refuse("ALREADY_AWAY")?;
    }
    let hours = |from: i32, to: i32| {
        let part = json!({ "startPortion": "HOURS", "fromMinute": from, "toMinute": to });
        with(office.wish("2026-03-03", "2026-03-04"), part)
    };
    let sent = office.ask(hours(600, 660)).await?.must()?;
    assert_eq!(sent.payload()["totalMinutes"], 60);
    office
        .ask(hours(659, 700))
        .await?
        .must_refuse("ALREADY_AWAY")?;
    office.ask(hours(660, 700)).await?.must()?;
    office
        .ask(hours(700, 700))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    office.must_agree().await
}

#[tokio::test]
async fn e53_leave_over_the_end_of_a_year_is_charged_by_day_to_both() -> anyhow::Result<()> {
    let mut office = Office::as_of(super::Terms {
        today: "2026-11-02",
        ..super::Terms::default()
    })
    .await?;
    office.feast("2027-01-01", "FULL").await?;
    let wish = office.wish("2026-12-28", "2027-01-09");
    let preview = office.preview(&wish).await?;
    let periods = &preview["periods"];
    assert_eq!(
        (&periods[0]["minutes"], &periods[1]["minutes"]),
        (&json!(4 * 480), &json!(5 * 480)),
        "{preview}"
    );
    assert_eq!(
        (&periods[1]["isNew"], &periods[1]["availableBefore"]),
        (&json!(true), &json!(10560))
    );
    let id = office.asked("2026-12-28", "2027-01-09").await?;
    assert_eq!(
        office.balance("2026-12-28").await?,
        [10560, 1920, 0, 0, 0, 0]
    );
    assert_eq!(
        office.balance("2027-01-04").await?,
        [10560, 2400, 0, 0, 0, 0]
    );
    office.decide(&office.boss, &id, true).await?.must()?;
    assert_eq!(
        office.balance("2026-12-28").await?,
        [8640, 0, 1920, 0, 0, 0]
    );
    assert_eq!(
        office.balance("2027-01-04").await?,
        [8160, 0, 2400, 0, 0, 0]
    );
    office.at("2027-02-01").await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2027-01-04").await?,
        [10560, 0, 2400, 2400, 0, 0]
    );
    office.must_agree().await
}

#[tokio::test]
async fn e57_short_days_part_timers_and_half_holidays_cost_what_they_have() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let friday = "select id from workforce.work_schedule_days where weekday = 5";
    let friday = tests::hotel::id_of("wfsd", office.sql.query_one(friday, &[]).await?.try_get(0)?);
    let shorter = json!({ "id": friday, "workMinutes": 300, "breakMinutes": 0 });
    office.change("workScheduleDay", shorter).await?;
    assert_eq!(
        costs(&office, office.wish("2026-03-13", "2026-03-14")).await?,
        300
    );
    let half = with(
        office.wish("2026-03-13", "2026-03-14"),
        json!({ "startPortion": "PM" }),
    );
    assert_eq!(costs(&office, half).await?, 150);
    office.feast("2026-03-19", "HALF_PM").await?;
    office.feast("2026-03-20", "FULL").await?;
    assert_eq!(
        costs(&office, office.wish("2026-03-19", "2026-03-21")).await?,
        240
    );
    let morning = with(
        office.wish("2026-03-19", "2026-03-20"),
        json!({ "startPortion": "AM" }),
    );
    assert_eq!(costs(&office, morning.clone()).await?, 240);
    let afternoon = with(morning.clone(), json!({ "startPortion": "PM" }));
    office
        .ask(afternoon)
        .await?
        .must_refuse("NOTHING_TO_TAKE")?;
    office
        .ask(office.wish("2026-03-20", "2026-03-23"))
        .await?
        .must_refuse("NOTHING_TO_TAKE")?;
    let sent = office.ask(morning).await?.must()?;
    assert_eq!(sent.payload()["totalMinutes"], 240);
    let counting = json!({ "code": "care", "name": "Care", "countsHolidays": true, "countsWeekends": true, "isTracked": false });
    let counting = made(&office.owner, "leaveType", counting).await?;
    // Friday, a feast of 300; Saturday and Sunday at the mean of the week's days, 444.
    let weekend = with(
        office.wish("2026-03-20", "2026-03-23"),
        json!({ "leaveTypeId": counting }),
    );
    assert_eq!(costs(&office, weekend).await?, 300 + 2 * 444);
    office.must_agree().await
}
