//! Holidays and schedules that change after leave was asked for (E-54, invariant 20).

use serde_json::{Value, json};
use tests::actor::uuid;

use super::{Office, REQUEST, Terms, with};

async fn events(office: &Office, id: &str) -> anyhow::Result<String> {
    let sql = "select coalesce(string_agg(e.kind || ' ' || e.minutes_after, ', ' order by e.created_at, e.id), '') \
        from workforce.leave_events e where e.leave_request_id = $1";
    Ok(office
        .sql
        .query_one(sql, &[&uuid(&json!(id))?])
        .await?
        .try_get(0)?)
}

#[tokio::test]
pub(super) async fn e54_inv20_a_holiday_that_comes_late_gives_its_minutes_back()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = office.approved("2026-03-09", "2026-03-14").await?;
    let waiting = office.asked("2026-03-16", "2026-03-17").await?;
    let feast = office.feast("2026-03-11", "FULL").await?;
    assert_eq!(office.world.run_job("leave_recalculate").await?, 1);
    assert_eq!(office.request(&id).await?, ("approved".to_owned(), 1920));
    assert_eq!(
        office.balance("2026-03-09").await?,
        [8640, 480, 1920, 0, 0, 0]
    );
    assert_eq!(
        events(&office, &id).await?,
        "submitted 2400, approved 2400, recalculated 1920"
    );
    let told = "select count(*) from comms.in_app_notifications where title = 'Your leave was reckoned anew'";
    assert_eq!(office.count(told).await?, 1);
    let outbox =
        "select count(*) from core.outbox_events where topic = 'leave_request.recalculated'";
    assert_eq!(office.count(outbox).await?, 1);
    assert_eq!(office.world.run_job("leave_recalculate").await?, 0);

    let moved = json!({ "id": feast, "holidayOn": "2026-03-16", "kind": "HALF_AM" });
    office.change("holiday", moved).await?;
    let again = office
        .owner
        .act(
            "leaveRecalculate",
            json!({ "calendarId": office.calendar }),
            "leaveRequests { id totalMinutes } checkedCount",
        )
        .await?;
    assert_eq!(
        again["leaveRequests"].as_array().map(Vec::len),
        Some(2),
        "{again}"
    );
    assert_eq!(
        office.balance("2026-03-09").await?,
        [8160, 240, 2400, 0, 0, 0]
    );
    assert_eq!(
        office.request(&waiting).await?,
        ("submitted".to_owned(), 240)
    );
    office
        .owner
        .act("holidayArchive", json!({ "id": feast }), "holiday { id }")
        .await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2026-03-09").await?,
        [8160, 480, 2400, 0, 0, 0]
    );
    office.must_agree().await
}

#[tokio::test]
async fn e54_a_holiday_in_the_second_of_two_periods_corrects_that_one() -> anyhow::Result<()> {
    let office = Office::as_of(Terms {
        today: "2026-11-02",
        ..Terms::default()
    })
    .await?;
    let id = office.approved("2026-12-28", "2027-01-09").await?;
    office.feast("2027-01-01", "FULL").await?;
    office.world.run_job("leave_recalculate").await?;
    assert_eq!(
        office.balance("2026-12-28").await?,
        [8640, 0, 1920, 0, 0, 0]
    );
    assert_eq!(
        office.balance("2027-01-04").await?,
        [8160, 0, 2400, 0, 0, 0]
    );
    assert_eq!(office.request(&id).await?.1, 4320);
    office.must_agree().await
}

#[tokio::test]
pub(super) async fn e54_a_schedule_that_changes_moves_days_to_come_alone_and_never_below_the_limit()
-> anyhow::Result<()> {
    let mut office = Office::with_policy(json!({ "amountMinutes": 1440 })).await?;
    let id = office.approved("2026-03-09", "2026-03-12").await?;
    office.at("2026-03-10").await?;
    let days = "select id from workforce.work_schedule_days order by weekday";
    let change = |minutes: i32| json!({ "workMinutes": minutes });
    for (row, minutes) in office
        .sql
        .query(days, &[])
        .await?
        .iter()
        .zip([400, 400, 500])
    {
        let id = tests::hotel::id_of("wfsd", row.try_get(0)?);
        let input = with(json!({ "id": id }), change(minutes));
        office.change("workScheduleDay", input).await?;
    }
    office.tick().await?;
    // Monday stays as it was; Tuesday gives 80 back, of which Wednesday takes 20.
    assert_eq!(office.request(&id).await?.1, 480 + 400 + 500);
    assert_eq!(office.balance("2026-03-09").await?[0], 60);
    let wednesday = "select id from workforce.work_schedule_days where weekday = 3";
    let row = office.sql.query_one(wednesday, &[]).await?;
    let input = json!({ "id": tests::hotel::id_of("wfsd", row.try_get(0)?), "workMinutes": 600 });
    office.change("workScheduleDay", input).await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2026-03-09").await?[0],
        60,
        "it keeps what it cost, as there is not enough"
    );
    office.must_agree().await
}

#[tokio::test]
async fn e54_a_holiday_is_a_day_where_the_person_is_and_not_one_of_greenwich() -> anyhow::Result<()>
{
    let mut office = Office::open().await?;
    let sql = "update workforce.work_schedules set timezone = 'Pacific/Auckland'";
    office.sql.execute(sql, &[]).await?;
    let id = office.approved("2026-03-09", "2026-03-14").await?;
    // Half past one on the 11th in Auckland, and noon of the 10th in Greenwich.
    office.world.clock.set("2026-03-10T12:30:00Z".parse()?);
    office.owner = office.world.again(&office.owner).await?;
    office.feast("2026-03-10", "FULL").await?;
    assert_eq!(office.world.run_job("leave_recalculate").await?, 0);
    assert_eq!(office.request(&id).await?.1, 2400, "yesterday is over");
    office.feast("2026-03-11", "FULL").await?;
    assert_eq!(office.world.run_job("leave_recalculate").await?, 1);
    assert_eq!(office.request(&id).await?.1, 1920);
    assert_eq!(office.balance("2026-03-11").await?[0], 10560 - 1920);
    office.must_agree().await
}

#[tokio::test]
async fn e54_a_request_of_which_nothing_is_left_ends() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let approved = office.approved("2026-03-09", "2026-03-10").await?;
    let waiting = office.asked("2026-03-10", "2026-03-11").await?;
    office.feast("2026-03-09", "FULL").await?;
    office.feast("2026-03-10", "FULL").await?;
    office.tick().await?;
    assert_eq!(office.request(&approved).await?.0, "cancelled");
    assert_eq!(office.request(&waiting).await?.0, "withdrawn");
    assert_eq!(office.balance("2026-03-09").await?, [10560, 0, 0, 0, 0, 0]);
    let late = office.decide(&office.boss, &waiting, true).await?;
    assert!(late.user_code().is_some(), "{}", late.body);
    office.must_agree().await
}

#[tokio::test]
async fn days_on_which_clocks_change_cost_what_others_do_and_take_their_own_time()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let sql = "update workforce.work_schedule_days set weekday = 7 where weekday = 5";
    office.sql.execute(sql, &[]).await?;
    let sunday: Value = office.wish("2026-03-29", "2026-03-30");
    let sent = office
        .worker
        .act("leaveRequestSubmit", sunday, REQUEST)
        .await?;
    assert_eq!(sent["totalMinutes"], 480);
    let hours = json!({ "startPortion": "HOURS", "fromMinute": 540, "toMinute": 600 });
    let sunday = with(office.wish("2026-10-25", "2026-10-26"), hours);
    let sent = office
        .worker
        .act("leaveRequestSubmit", sunday, REQUEST)
        .await?;
    assert_eq!(sent["totalMinutes"], 60);
    office.must_agree().await
}
