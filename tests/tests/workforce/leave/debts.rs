//! Balances below 0 at the end of a period (E-55): carried over or deducted from the pay, never forgiven.

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
