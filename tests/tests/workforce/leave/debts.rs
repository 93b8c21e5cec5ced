//! Balances below 0 at the end of a period or of an employment (E-55): carried over or deducted from the
//! pay, never forgiven; and what coming back does.

use serde_json::{Value, json};
use tests::actor::uuid;

use super::{Office, Terms, with};

/// An office on 5 January 2026, whose worker took three days of the one that 2025 had.
async fn in_debt(policy: Value) -> anyhow::Result<Office> {
    let limits = json!({ "amountMinutes": 480, "negativeLimitMinutes": 960 });
    let terms = Terms {
        today: "2025-12-01",
        policy: with(limits, policy),
        ..Terms::default()
    };
    let mut office = Office::as_of(terms).await?;
    office.approved("2025-12-01", "2025-12-04").await?;
    let before = office.balance("2025-12-01").await?;
    anyhow::ensure!(before == [-960, 0, 1440, 0, 0, 0], "{before:?}");
    office.at("2026-01-05").await?;
    office.tick().await?;
    Ok(office)
}

/// What was paid out of a period, or deducted if negative.
async fn encashed(office: &Office, on: &str) -> anyhow::Result<i32> {
    let sql = "select b.encashed_minutes from workforce.leave_balances b \
        join workforce.leave_periods p on p.biz_id = b.biz_id and p.id = b.period_id \
        where p.staff_id = $1 and p.period @> $2::date";
    let staff = uuid(&json!(office.staff))?;
    let row = office
        .sql
        .query_one(sql, &[&staff, &super::day(on)])
        .await?;
    Ok(row.try_get(0)?)
}

#[tokio::test]
async fn e55_a_debt_is_carried_over_and_never_expires_as_credit() -> anyhow::Result<()> {
    let mut office = in_debt(json!({})).await?;
    assert_eq!(
        office.balance("2025-12-01").await?,
        [0, 0, 1440, 0, 0, -960]
    );
    assert_eq!(
        office.balance("2026-01-05").await?,
        [-480, 0, 0, -960, 0, 0],
        "480 of the year, less what is owed"
    );
    assert_eq!(office.world.run_job("leave_periods").await?, 0, "once");
    // One day is what the limit still lends.
    let two = office.wish("2026-02-02", "2026-02-04");
    office.ask(two).await?.must_refuse("INSUFFICIENT_BALANCE")?;
    office.approved("2026-02-02", "2026-02-03").await?;
    office.at("2026-05-04").await?;
    office.tick().await?;
    let balance = office.balance("2026-01-05").await?;
    assert_eq!(balance, [-960, 0, 480, -960, 0, 0], "no expiry of a debt");
    office.must_agree().await
}

#[tokio::test]
async fn e55_a_debt_is_deducted_from_the_pay_where_the_policy_says_so() -> anyhow::Result<()> {
    let mut office = in_debt(json!({ "encashesDebts": true })).await?;
    assert_eq!(office.balance("2025-12-01").await?, [0, 0, 1440, 0, 0, 0]);
    assert_eq!(encashed(&office, "2025-12-01").await?, -960);
    assert_eq!(office.balance("2026-01-05").await?, [480, 0, 0, 0, 0, 0]);
    // A day that is given back late is paid back before anything else.
    let sql = "select r.id from workforce.leave_requests r where r.staff_id = $1";
    let staff = uuid(&json!(office.staff))?;
    let row = office.sql.query_one(sql, &[&staff]).await?;
    let id = tests::hotel::id_of("wflr", row.try_get(0)?);
    let recall = json!({ "id": id, "days": ["2025-12-02"], "reason": "Had to work" });
    office
        .owner
        .act("leaveRequestRecallDays", recall, "returnedMinutes")
        .await?;
    office.tick().await?;
    assert_eq!(encashed(&office, "2025-12-01").await?, -480);
    assert_eq!(office.balance("2025-12-01").await?, [0, 0, 960, 0, 0, 0]);
    assert_eq!(office.balance("2026-01-05").await?, [480, 0, 0, 0, 0, 0]);
    office.at("2026-02-02").await?;
    assert_eq!(office.tick().await?, 0);
    office.must_agree().await
}

#[tokio::test]
async fn e55_a_debt_for_which_the_next_year_has_no_room_follows_once_there_is_some()
-> anyhow::Result<()> {
    let terms = Terms {
        today: "2025-12-01",
        policy: json!({ "amountMinutes": 480, "negativeLimitMinutes": 960 }),
        ..Terms::default()
    };
    let mut office = Office::as_of(terms).await?;
    office.approved("2025-12-01", "2025-12-04").await?;
    // Of the year to come all but half a day is asked for already.
    let next = office.asked("2026-03-02", "2026-03-05").await?;
    office.at("2026-01-05").await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2025-12-01").await?,
        [-960, 0, 1440, 0, 0, 0],
        "no room: it stays"
    );
    let withdraw = json!({ "id": next });
    office
        .worker
        .act("leaveRequestWithdraw", withdraw, "status")
        .await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2025-12-01").await?,
        [0, 0, 1440, 0, 0, -960]
    );
    assert_eq!(
        office.balance("2026-01-05").await?,
        [-480, 0, 0, -960, 0, 0]
    );
    office.must_agree().await
}

/// What the ledger tells of a period but for days of leave: kind, minutes and note, in order.
async fn told(office: &Office, on: &str) -> anyhow::Result<Vec<String>> {
    let sql = "select e.kind || ' ' || e.minutes || coalesce(': ' || e.note, '') from workforce.leave_ledger_entries e \
        join workforce.leave_periods p on p.biz_id = e.biz_id and p.id = e.period_id \
        where p.staff_id = $1 and p.starts_on = $2::date and e.request_day_id is null order by e.id";
    let staff = uuid(&json!(office.staff))?;
    let rows = office.sql.query(sql, &[&staff, &super::day(on)]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// When the worker works here.
async fn employed(office: &Office, hired_on: &str, terminated_on: Value) -> anyhow::Result<()> {
    let input = json!({ "id": office.staff, "hiredOn": hired_on, "terminatedOn": terminated_on });
    office.change("staff", input).await
}

const DEDUCTED: &str = "A debt of whoever leaves is deducted from the last pay";

#[tokio::test]
async fn e55_who_leaves_with_a_debt_pays_it_with_the_last_pay_once_whatever_the_policy_says()
-> anyhow::Result<()> {
    let mut office = Office::with_policy(json!({ "negativeLimitMinutes": 960 })).await?;
    // Fifteen days were taken of a year of which a quarter is worked.
    let taken = office.approved("2026-03-02", "2026-03-23").await?;
    office.at("2026-03-25").await?;
    office.tick().await?;
    employed(&office, "2020-01-01", json!("2026-04-01")).await?;
    office.tick().await?;
    // 90 of 365 days of 10560 are 2604; as far as the limit reaches, the rest is taken back at once.
    assert_eq!(office.balance("2026-03-02").await?[0], -960);
    office.at("2026-04-01").await?;
    for _ in 0..2 {
        office.tick().await?;
        assert_eq!(office.balance("2026-03-02").await?[0], 0);
        assert_eq!(encashed(&office, "2026-03-02").await?, 2604 - 7200);
    }
    let entries = [
        "accrual 10560".to_owned(),
        "accrual -4320: Leaves within the period".to_owned(),
        "accrual -3636: Leaves within the period".to_owned(),
        format!("encashment 4596: {DEDUCTED}"),
    ];
    assert_eq!(told(&office, "2026-01-01").await?, entries);
    // A day that is given back late is paid back.
    let recall = json!({ "id": taken, "days": ["2026-03-20"], "reason": "Had to work" });
    office
        .owner
        .act("leaveRequestRecallDays", recall, "returnedMinutes")
        .await?;
    office.tick().await?;
    assert_eq!(encashed(&office, "2026-03-02").await?, 2604 - 7200 + 480);
    assert_eq!(office.balance("2026-03-02").await?[0], 0);
    assert_eq!(office.tick().await?, 0);
    office.must_agree().await
}

#[tokio::test]
async fn e55_who_stays_after_all_goes_on_and_is_paid_back_first() -> anyhow::Result<()> {
    let mut office = Office::with_policy(json!({ "negativeLimitMinutes": 960 })).await?;
    office.approved("2026-03-02", "2026-03-23").await?;
    office.at("2026-03-25").await?;
    employed(&office, "2020-01-01", json!("2026-04-01")).await?;
    office.at("2026-04-10").await?;
    office.tick().await?;
    let gone = office.wish("2026-05-04", "2026-05-05");
    office
        .ask(gone.clone())
        .await?
        .must_refuse("NOT_EMPLOYED")?;
    assert_eq!(encashed(&office, "2026-03-02").await?, -4596);
    employed(&office, "2020-01-01", Value::Null).await?;
    office.tick().await?;
    assert_eq!(office.balance("2026-03-02").await?[0], 10560 - 7200 + 4596);
    office.ask(gone).await?.must()?;
    office.at("2027-01-04").await?;
    office.tick().await?;
    // 480 wait; of the others what was deducted is paid back, 2400 are carried over and 480 lost.
    assert_eq!(encashed(&office, "2026-03-02").await?, 0);
    assert_eq!(
        office.balance("2026-03-02").await?,
        [480, 480, 7200, 0, 480, 2400]
    );
    assert_eq!(office.tick().await?, 0);
    office.must_agree().await
}

#[tokio::test]
async fn who_comes_back_begins_a_new_period_and_the_rest_of_the_old_is_still_to_be_paid_out()
-> anyhow::Result<()> {
    let mut office = Office::open().await?;
    office.tick().await?;
    employed(&office, "2020-01-01", json!("2026-04-01")).await?;
    office.at("2026-04-02").await?;
    office.tick().await?;
    assert_eq!(office.balance("2026-03-31").await?[0], 2604);
    office.at("2026-10-01").await?;
    employed(&office, "2026-10-01", Value::Null).await?;
    // Asked for before the clock has seen it: charged to the new period, and so after.
    office.approved("2026-10-05", "2026-10-06").await?;
    for _ in 0..2 {
        office.tick().await?;
        // 92 of 365 days of 10560, less a day.
        assert_eq!(
            office.balance("2026-10-05").await?,
            [2662 - 480, 0, 480, 0, 0, 0]
        );
        assert_eq!(office.balance("2026-09-30").await?, [2604, 0, 0, 0, 0, 0]);
    }
    let before = office.wish("2026-09-28", "2026-10-02");
    office.ask(before).await?.must_refuse("NOT_EMPLOYED")?;
    let pay = json!({ "staffId": office.staff, "leaveTypeId": office.kind, "on": "2026-03-31", "minutes": 2604 });
    office
        .owner
        .act("leaveBalanceEncash", pay, "balanceMinutes")
        .await?;
    office.at("2027-01-04").await?;
    office.tick().await?;
    assert_eq!(office.balance("2026-09-30").await?, [0, 0, 0, 0, 0, 0]);
    assert_eq!(office.balance("2027-01-04").await?[3], 2182);
    office.must_agree().await
}
