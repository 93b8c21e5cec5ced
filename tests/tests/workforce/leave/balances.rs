//! What is left, what is carried over and lost, and what is put right by hand (E-55, E-56, E-58,
//! invariant 19).

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::actor::uuid;
use tests::hotel::made;

use super::{Office, REQUEST, Terms, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv19_of_thirty_two_who_want_the_last_day_one_gets_it() -> anyhow::Result<()> {
    let terms = Terms {
        policy: json!({ "amountMinutes": 480 }),
        connections: 16,
        ..Terms::default()
    };
    let office = Office::as_of(terms).await?;
    let first = uuid(&json!(office.staff))?;
    let days: Vec<String> = (0..32_u32)
        .map(|n| super::day("2026-03-09") + chrono::Days::new(u64::from(n / 5 * 7 + n % 5)))
        .map(|day| day.to_string())
        .collect();
    let requests = days.iter().map(|day| {
        let input = json!({ "leaveTypeId": office.kind, "startsOn": day });
        office.worker.verb("leaveRequestSubmit", input, REQUEST)
    });
    let answers = join_all(requests)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let won = answers
        .iter()
        .filter(|answer| answer.user_code().is_none() && answer.errors().is_empty())
        .count();
    let lost = answers
        .iter()
        .filter(|answer| answer.user_code() == Some("INSUFFICIENT_BALANCE"))
        .count();
    assert_eq!(
        (won, lost),
        (1, 31),
        "{:?}",
        answers
            .iter()
            .map(|a| a.body.to_string())
            .collect::<Vec<_>>()
    );
    let reserved = "select reserved_minutes from workforce.leave_balances where staff_id = $1";
    let row = office.sql.query_one(reserved, &[&first]).await?;
    assert_eq!(row.try_get::<_, i32>(0)?, 480);
    office.must_agree().await
}

#[tokio::test]
async fn e56_what_waits_is_reserved_and_cannot_be_asked_for_twice() -> anyhow::Result<()> {
    let office =
        Office::with_policy(json!({ "amountMinutes": 960, "negativeLimitMinutes": 480 })).await?;
    office.asked("2026-03-09", "2026-03-11").await?;
    let beyond = office.wish("2026-03-16", "2026-03-18");
    let refused = office
        .ask(beyond)
        .await?
        .must_refuse("INSUFFICIENT_BALANCE")?;
    assert!(
        refused.user_message().contains("480 minutes are missing"),
        "{}",
        refused.body
    );
    let lent = office.asked("2026-03-16", "2026-03-17").await?;
    assert_eq!(office.balance("2026-03-09").await?, [960, 1440, 0, 0, 0, 0]);
    office
        .ask(office.wish("2026-03-17", "2026-03-18"))
        .await?
        .must_refuse("INSUFFICIENT_BALANCE")?;
    office
        .worker
        .act("leaveRequestWithdraw", json!({ "id": lent }), "status")
        .await?;
    office.asked("2026-03-17", "2026-03-18").await?;
    let draft = with(
        office.wish("2026-03-18", "2026-03-25"),
        json!({ "asDraft": true }),
    );
    office.ask(draft).await?.must()?;
    office.must_agree().await
}

#[tokio::test]
async fn e55_carried_over_leave_is_used_first_expires_once_and_never_becomes_credit()
-> anyhow::Result<()> {
    let mut office = Office::as_of(Terms {
        today: "2025-12-01",
        ..Terms::default()
    })
    .await?;
    office.approved("2025-12-01", "2025-12-06").await?;
    office.at("2026-01-05").await?;
    office.tick().await?;
    // 10560 less five days: 2400 are carried, the rest is lost.
    assert_eq!(
        office.balance("2025-12-01").await?,
        [0, 0, 2400, 0, 5760, 2400]
    );
    assert_eq!(
        office.balance("2026-01-05").await?,
        [12960, 0, 0, 2400, 0, 0]
    );
    assert_eq!(
        office.world.run_job("leave_periods").await?,
        0,
        "once in effect"
    );
    // Three days before it expires; four after, which it cannot pay for.
    office.approved("2026-02-02", "2026-02-05").await?;
    office.approved("2026-04-06", "2026-04-10").await?;
    let used = "select carried_taken_minutes from workforce.leave_balances where carried_in_minutes > 0 and taken_minutes > 0";
    assert_eq!(
        office
            .sql
            .query_one(used, &[])
            .await?
            .try_get::<_, i32>(0)?,
        1440
    );
    office.at("2026-04-01").await?;
    assert_eq!(
        office.tick().await?,
        2,
        "what is lost, and the days of February are over"
    );
    assert_eq!(
        office.balance("2026-01-05").await?,
        [12960 - 1440 - 1920 - 960, 0, 3360, 2400, 960, 0]
    );
    office.tick().await?;
    assert_eq!(
        office.balance("2026-01-05").await?,
        [8640, 0, 3360, 2400, 960, 0]
    );
    office.must_agree().await
}

#[tokio::test]
pub(super) async fn e58_what_waits_in_a_closed_period_is_decided_late_and_closing_again_corrects()
-> anyhow::Result<()> {
    let mut office = Office::as_of(Terms {
        today: "2025-12-01",
        ..Terms::default()
    })
    .await?;
    let refused = office.asked("2025-12-15", "2025-12-18").await?;
    let agreed = office.asked("2025-12-22", "2025-12-24").await?;
    office.at("2026-01-05").await?;
    office.tick().await?;
    let reserved = 5 * 480;
    assert_eq!(
        office.balance("2025-12-01").await?,
        [reserved, reserved, 0, 0, 10560 - 2400 - reserved, 2400]
    );
    office.decide(&office.boss, &agreed, true).await?.must()?;
    assert_eq!(
        office.tick().await?,
        1,
        "the two days are over, so they were taken; nothing else"
    );
    office.decide(&office.boss, &refused, false).await?.must()?;
    assert_eq!(
        office.balance("2025-12-01").await?,
        [1440, 0, 960, 0, 5760, 2400]
    );
    let close = json!({ "id": office.period("2025-12-01").await? });
    let closed = office
        .owner
        .act(
            "leavePeriodClose",
            close.clone(),
            "leavePeriod { status } carriedMinutes expiredMinutes",
        )
        .await?;
    assert_eq!(
        (&closed["carriedMinutes"], &closed["expiredMinutes"]),
        (&json!(2400), &json!(5760 + 1440))
    );
    office
        .owner
        .act("leavePeriodClose", close.clone(), "carriedMinutes")
        .await?;
    assert_eq!(
        office.balance("2025-12-01").await?,
        [0, 0, 960, 0, 7200, 2400]
    );

    let sick = office.wish("2025-12-29", "2025-12-30");
    office
        .ask(sick.clone())
        .await?
        .must_refuse("INSUFFICIENT_BALANCE")?;
    let open = with(close, json!({ "reason": "A late request" }));
    office
        .owner
        .act("leavePeriodReopen", open.clone(), "leavePeriod { status }")
        .await?;
    office
        .owner
        .verb("leavePeriodReopen", open, "leavePeriod { status }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        office.world.run_job("leave_periods").await?,
        0,
        "it stays open until it is closed"
    );
    let late: String = office.ask(sick).await?.must()?.get("/verb/requestId")?;
    office.decide(&office.boss, &late, true).await?.must()?;
    let close = json!({ "id": office.period("2025-12-01").await? });
    office
        .owner
        .act("leavePeriodClose", close, "carriedMinutes")
        .await?;
    assert_eq!(office.balance("2025-12-01").await?[0], 0);
    office.must_agree().await
}

#[tokio::test]
pub(super) async fn a_correction_says_why_and_stays_above_the_limit() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let adjust = |minutes: i32, note: &str| json!({ "staffId": office.staff, "leaveTypeId": office.kind, "minutes": minutes, "note": note });
    let verb = "leaveBalanceAdjust";
    let adjusted = office
        .owner
        .act(
            verb,
            adjust(480, "Worked on a Sunday"),
            "balanceMinutes leavePeriod { status startsOn }",
        )
        .await?;
    assert_eq!(adjusted["balanceMinutes"], 11040);
    assert_eq!(adjusted["leavePeriod"]["status"], "OPEN");
    for (minutes, note, code) in [
        (0, "x", "INCOMPLETE"),
        (5, " ", "INCOMPLETE"),
        (-11041, "Too much", "INSUFFICIENT_BALANCE"),
    ] {
        office
            .owner
            .verb(verb, adjust(minutes, note), "balanceMinutes")
            .await?
            .must_refuse(code)?;
    }
    let other = made(
        &office.owner,
        "leaveType",
        json!({ "code": "jury", "name": "Jury", "isTracked": false }),
    )
    .await?;
    let untracked = with(adjust(5, "x"), json!({ "leaveTypeId": other }));
    office
        .owner
        .verb(verb, untracked, "balanceMinutes")
        .await?
        .must_refuse("NO_POLICY")?;
    assert_eq!(office.balance("2026-03-02").await?[0], 11040);
    office.must_agree().await
}

#[tokio::test]
pub(super) async fn periods_are_begun_ahead_and_end_when_they_are_over() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let open = |on: &str| json!({ "staffId": office.staff, "leaveTypeId": office.kind, "on": on });
    let selection = "leavePeriod { id status startsOn endsOn }";
    let next = office
        .owner
        .act("leavePeriodOpen", open("2027-06-01"), selection)
        .await?;
    assert_eq!(
        (
            &next["leavePeriod"]["status"],
            &next["leavePeriod"]["startsOn"]
        ),
        (&json!("PLANNED"), &json!("2027-01-01"))
    );
    assert_eq!(office.balance("2027-06-01").await?[0], 10560);
    let again = office
        .owner
        .act("leavePeriodOpen", open("2027-06-01"), selection)
        .await?;
    assert_eq!(again["leavePeriod"]["id"], next["leavePeriod"]["id"]);
    office
        .owner
        .verb("leavePeriodOpen", open("2040-06-01"), selection)
        .await?
        .must_refuse("TOO_FAR")?;
    office
        .owner
        .verb("leavePeriodOpen", open("2014-06-01"), selection)
        .await?
        .must_refuse("TOO_FAR")?;
    let close = json!({ "id": next["leavePeriod"]["id"] });
    office
        .owner
        .verb("leavePeriodClose", close, selection)
        .await?
        .must_refuse("NOT_OVER")?;
    let none = made(
        &office.owner,
        "leaveType",
        json!({ "code": "lieu", "name": "In lieu" }),
    )
    .await?;
    let none = with(open("2026-06-01"), json!({ "leaveTypeId": none }));
    office
        .owner
        .verb("leavePeriodOpen", none, selection)
        .await?
        .must_refuse("NO_POLICY")?;
    let accrued = office
        .owner
        .act("leaveAccrue", json!({}), "bookCount entryCount")
        .await?;
    assert_eq!(
        (&accrued["bookCount"], &accrued["entryCount"]),
        (&json!(3), &json!(3)),
        "this year of three people"
    );
    let again = office
        .owner
        .act(
            "leaveAccrue",
            json!({ "staffIds": [office.staff] }),
            "bookCount entryCount",
        )
        .await?;
    assert_eq!(again["entryCount"], 0);
    let many: Vec<Value> = (0..501).map(|_| json!(office.staff)).collect();
    office
        .owner
        .verb("leaveAccrue", json!({ "staffIds": many }), "bookCount")
        .await?
        .must_refuse("TOO_MANY")?;
    office.must_agree().await
}

#[tokio::test]
async fn a_policy_that_was_assigned_comes_before_the_groups_and_that_before_everybodys()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let policy = |code: &str, group: &str, minutes: i32| json!({ "code": code, "name": code, "leaveTypeId": office.kind, "staffGroup": group, "amountMinutes": minutes, "startsOn": "2015-01-01" });
    made(
        &office.owner,
        "leavePolicy",
        policy("kitchen", "kitchen", 9600),
    )
    .await?;
    let own = made(&office.owner, "leavePolicy", policy("own", "nobody", 12000)).await?;
    let cook = office
        .hire(None, json!({ "staffGroup": "kitchen" }))
        .await?;
    let chef = office
        .hire(None, json!({ "staffGroup": "kitchen" }))
        .await?;
    let assigned = json!({ "staffId": chef, "leaveTypeId": office.kind, "policyId": own, "startsOn": "2026-01-01", "endsOn": "2027-01-01" });
    made(&office.owner, "leavePolicyAssignment", assigned).await?;
    office.tick().await?;
    assert_eq!(office.balance("2026-03-02").await?[0], 10560);
    assert_eq!(office.balance_of(&cook, "2026-03-02").await?[0], 9600);
    assert_eq!(office.balance_of(&chef, "2026-03-02").await?[0], 12000);
    let next = json!({ "staffId": chef, "leaveTypeId": office.kind, "on": "2027-03-02" });
    office
        .owner
        .act("leavePeriodOpen", next, "leavePeriod { id }")
        .await?;
    assert_eq!(
        office.balance_of(&chef, "2027-03-02").await?[0],
        9600,
        "the assignment has ended by then"
    );
    office.must_agree().await
}
