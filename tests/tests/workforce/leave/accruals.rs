//! What comes in: month by month, by hours worked, and for who leaves.

use serde_json::json;
use tests::actor::uuid;

use super::{Office, Terms};

#[tokio::test]
async fn months_come_in_by_the_clock_and_missed_ones_are_caught_up() -> anyhow::Result<()> {
    let terms = Terms {
        today: "2026-01-15",
        policy: json!({ "accrual": "MONTHLY", "amountMinutes": 880, "maxBalanceMinutes": 3000, "carryMaxMinutes": 0,
            "periodAnchor": "HIRE_DATE" }),
        hired_on: "2024-08-31",
        ..Terms::default()
    };
    let mut office = Office::as_of(terms).await?;
    office.tick().await?;
    // Since 31 August: 31 August, 30 September, 31 October, 30 November, 31 December.
    let accrued = "select string_agg(e.effective_on || ' ' || e.minutes, ', ' order by e.effective_on, e.id) \
        from workforce.leave_ledger_entries e where e.staff_id = $1";
    let staff = uuid(&json!(office.staff))?;
    let row: String = office.sql.query_one(accrued, &[&staff]).await?.try_get(0)?;
    assert_eq!(
        row,
        "2025-08-31 880, 2025-09-30 880, 2025-10-31 880, 2025-11-30 880, 2025-11-30 -520, 2025-12-31 880, 2025-12-31 -880"
    );
    office.at("2026-04-01").await?;
    office.approved("2026-04-06", "2026-04-08").await?;
    assert_eq!(
        office.tick().await?,
        5 + 4 + 4,
        "three months of three people, and what goes beyond the most"
    );
    office.at("2026-04-30").await?;
    office.tick().await?;
    assert_eq!(office.balance("2026-04-01").await?[0], 3000);
    office.approved("2026-05-04", "2026-05-06").await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2026-04-01").await?[0],
        2040,
        "what was lost does not come again"
    );
    office.must_agree().await
}

#[tokio::test]
async fn hours_worked_give_leave_month_by_month() -> anyhow::Result<()> {
    let policy = json!({ "accrual": "PER_HOUR", "amountMinutes": 60, "accrualHours": 12, "carryMaxMinutes": 0 });
    let mut office = Office::with_policy(policy).await?;
    let work = "insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, kind, starts_at, ends_at) \
        select $1, core.uuid_v7(), $2, d::date, 'work', d + interval '9 hours', d + interval '17 hours' \
        from generate_series('2026-02-27'::timestamptz, '2026-03-03', '1 day') d";
    let staff = uuid(&json!(office.staff))?;
    office
        .sql
        .execute(work, &[&office.owner.biz_id, &staff])
        .await?;
    office.tick().await?;
    // Sixteen hours of February.
    assert_eq!(office.balance("2026-03-02").await?[0], 60);
    office.at("2026-04-01").await?;
    office.tick().await?;
    office.tick().await?;
    assert_eq!(
        office.balance("2026-03-02").await?[0],
        180,
        "forty hours by the end of March"
    );
    office.must_agree().await
}

#[tokio::test]
pub(super) async fn who_leaves_keeps_their_part_and_is_paid_out_the_rest() -> anyhow::Result<()> {
    let mut office = Office::open().await?;
    office.tick().await?;
    let later = office.approved("2026-05-11", "2026-05-13").await?;
    let leaves = json!({ "id": office.staff, "terminatedOn": "2026-04-01", "hourlyRate": "12.00", "currency": "EUR" });
    office.change("staff", leaves).await?;
    office.tick().await?;
    assert_eq!(office.request(&later).await?.0, "cancelled");
    office.tick().await?;
    // 90 of 365 days of 10560.
    assert_eq!(office.balance("2026-03-02").await?, [2604, 0, 0, 0, 0, 0]);
    let after = office.wish("2026-04-01", "2026-04-02");
    office.ask(after).await?.must_refuse("NOT_EMPLOYED")?;
    office.at("2026-04-02").await?;
    office.tick().await?;
    let pay = |minutes: i32| json!({ "staffId": office.staff, "leaveTypeId": office.kind, "on": "2026-03-31", "minutes": minutes });
    let verb = "leaveBalanceEncash";
    office
        .owner
        .verb(verb, pay(2605), "balanceMinutes amount")
        .await?
        .must_refuse("INSUFFICIENT_BALANCE")?;
    office
        .owner
        .verb(verb, pay(0), "balanceMinutes amount")
        .await?
        .must_refuse("INCOMPLETE")?;
    let paid = office
        .owner
        .act(verb, pay(2604), "balanceMinutes amount")
        .await?;
    assert_eq!(
        (&paid["balanceMinutes"], &paid["amount"]),
        (&json!(0), &json!("520.8"))
    );
    office.must_agree().await
}
