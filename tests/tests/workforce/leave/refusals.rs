//! What is refused, to whom, and what others do not see.

use serde_json::{Value, json};
use tests::hotel::{Plan, location, made};

use super::{Office, REQUEST, with};

#[tokio::test]
async fn policies_bind_who_asks_and_notice_does_not_bind_who_manages() -> anyhow::Result<()> {
    let policy = json!({ "minNoticeDays": 14, "allowsHalfDays": false, "allowsHours": false });
    let office = Office::with_policy(policy).await?;
    let soon = office.wish("2026-03-09", "2026-03-10");
    office
        .ask(soon.clone())
        .await?
        .must_refuse("SHORT_NOTICE")?;
    let half = with(
        office.wish("2026-03-16", "2026-03-17"),
        json!({ "startPortion": "AM" }),
    );
    office.ask(half).await?.must_refuse("PORTION_NOT_ALLOWED")?;
    let hours = json!({ "startPortion": "HOURS", "fromMinute": 600, "toMinute": 660 });
    let hours = with(office.wish("2026-03-16", "2026-03-17"), hours);
    office
        .ask(hours.clone())
        .await?
        .must_refuse("PORTION_NOT_ALLOWED")?;
    let preview = office.preview(&hours).await?;
    assert_eq!(
        (&preview["isPossible"], &preview["obstacles"][0]["code"]),
        (&json!(false), &json!("PORTION_NOT_ALLOWED"))
    );
    let for_them = with(soon, json!({ "staffId": office.staff }));
    let sent = office
        .owner
        .verb("leaveRequestSubmit", for_them, REQUEST)
        .await?
        .must()?;
    assert_eq!(sent.payload()["status"], "SUBMITTED");
    Ok(())
}

#[tokio::test]
async fn probation_documents_and_missing_policies_stand_in_the_way() -> anyhow::Result<()> {
    let terms = super::Terms {
        policy: json!({ "probationDays": 90 }),
        hired_on: "2026-02-01",
        ..super::Terms::default()
    };
    let office = Office::as_of(terms).await?;
    office
        .ask(office.wish("2026-05-01", "2026-05-02"))
        .await?
        .must_refuse("IN_PROBATION")?;
    office
        .ask(office.wish("2026-05-04", "2026-05-05"))
        .await?
        .must()?;
    let sick =
        json!({ "code": "sick", "name": "Sick", "isTracked": false, "requiresDocument": true });
    let sick = made(&office.owner, "leaveType", sick).await?;
    let ill = with(
        office.wish("2026-03-02", "2026-03-03"),
        json!({ "leaveTypeId": sick }),
    );
    office.ask(ill).await?.must_refuse("DOCUMENT_REQUIRED")?;
    let lieu = made(
        &office.owner,
        "leaveType",
        json!({ "code": "lieu", "name": "In lieu" }),
    )
    .await?;
    let none = with(
        office.wish("2026-03-02", "2026-03-03"),
        json!({ "leaveTypeId": lieu }),
    );
    office.ask(none).await?.must_refuse("NO_POLICY")?;
    office
        .ask(office.wish("2026-01-30", "2026-01-31"))
        .await?
        .must_refuse("NOT_EMPLOYED")?;
    office
        .ask(office.wish("2026-05-04", "2026-05-04"))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    Ok(())
}

#[tokio::test]
async fn leave_of_others_does_not_exist_for_who_manages_none() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = office.asked("2026-03-09", "2026-03-10").await?;
    let stranger = office
        .world
        .staff(&office.owner, "housekeeper", &[])
        .await?;
    let manages_elsewhere = {
        let elsewhere = location(&office.owner, &Plan::default()).await?;
        office
            .world
            .staff(&office.owner, "manager", &[&elsewhere])
            .await?
    };
    let other = office.world.owner().await?;
    for actor in [&stranger, &manages_elsewhere, &other] {
        let own = json!({ "id": id });
        for verb in ["leaveRequestWithdraw", "leaveRequestCancel"] {
            actor
                .verb(verb, own.clone(), "status")
                .await?
                .must_fail("NOT_FOUND")?;
        }
        actor
            .verb(
                "leaveRequestDecide",
                json!({ "id": id, "approve": true }),
                "status",
            )
            .await?
            .must_fail("NOT_FOUND")?;
        actor
            .verb(
                "leaveCancellationDecide",
                json!({ "id": id, "approve": true }),
                "status",
            )
            .await?
            .must_fail("NOT_FOUND")?;
        let named = with(
            office.wish("2026-03-16", "2026-03-17"),
            json!({ "staffId": office.staff }),
        );
        actor
            .verb("leaveRequestSubmit", named, REQUEST)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    for actor in [&manages_elsewhere, &other] {
        let about = |more: Value| {
            with(
                json!({ "staffId": office.staff, "leaveTypeId": office.kind }),
                more,
            )
        };
        let recall = json!({ "id": id, "days": ["2026-03-09"], "reason": "x" });
        actor
            .verb("leaveRequestRecallDays", recall, "returnedMinutes")
            .await?
            .must_fail("NOT_FOUND")?;
        let adjust = about(json!({ "minutes": 5, "note": "x" }));
        actor
            .verb("leaveBalanceAdjust", adjust, "balanceMinutes")
            .await?
            .must_fail("NOT_FOUND")?;
        let pay = about(json!({ "minutes": 5 }));
        actor
            .verb("leaveBalanceEncash", pay, "balanceMinutes")
            .await?
            .must_fail("NOT_FOUND")?;
        let open = about(json!({ "on": "2026-03-09" }));
        actor
            .verb("leavePeriodOpen", open, "leavePeriod { id }")
            .await?
            .must_fail("NOT_FOUND")?;
        let period = json!({ "id": office.period("2026-03-09").await? });
        actor
            .verb("leavePeriodClose", period.clone(), "carriedMinutes")
            .await?
            .must_fail("NOT_FOUND")?;
        let reopen = with(period, json!({ "reason": "x" }));
        actor
            .verb("leavePeriodReopen", reopen, "leavePeriod { id }")
            .await?
            .must_fail("NOT_FOUND")?;
    }
    assert_eq!(office.request(&id).await?.0, "submitted");
    Ok(())
}

#[tokio::test]
pub(super) async fn verbs_that_manage_need_the_permission() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let about = json!({ "staffId": office.staff, "leaveTypeId": office.kind });
    let period = "wfpd_00000000000000000000000000";
    for (verb, input, selection) in [
        (
            "leaveRequestRecallDays",
            json!({ "id": "wflr_00000000000000000000000000", "days": [], "reason": "" }),
            "returnedMinutes",
        ),
        (
            "leaveBalanceAdjust",
            with(about.clone(), json!({ "minutes": 5, "note": "x" })),
            "balanceMinutes",
        ),
        (
            "leaveBalanceEncash",
            with(about.clone(), json!({ "minutes": 5 })),
            "balanceMinutes",
        ),
        ("leaveAccrue", json!({}), "bookCount"),
        (
            "leavePeriodOpen",
            with(about, json!({ "on": "2026-03-09" })),
            "leavePeriod { id }",
        ),
        (
            "leavePeriodClose",
            json!({ "id": period }),
            "carriedMinutes",
        ),
        (
            "leavePeriodReopen",
            json!({ "id": period, "reason": "x" }),
            "leavePeriod { id }",
        ),
        ("leaveRecalculate", json!({}), "checkedCount"),
    ] {
        office
            .worker
            .verb(verb, input, selection)
            .await?
            .must_fail("FORBIDDEN")?;
    }
    let key = office
        .world
        .api_key(&office.owner, &["workforce.read"])
        .await?;
    let input = office.wish("2026-03-09", "2026-03-10");
    key.verb("leaveRequestSubmit", input, REQUEST)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn without_anybody_who_decides_nothing_is_sent() -> anyhow::Result<()> {
    let office = Office::open().await?;
    // Nobody leads the owner, and nobody else may decide anything.
    office.hire(Some(&office.owner), json!({})).await?;
    let wish = office.wish("2026-03-09", "2026-03-10");
    let verb = "leaveRequestSubmit";
    let refused = office.owner.verb(verb, wish, REQUEST).await?;
    refused.must_refuse("NO_APPROVER")?;
    assert_eq!(
        office
            .count("select count(*) from workforce.leave_requests")
            .await?,
        0
    );
    Ok(())
}

#[tokio::test]
async fn a_dry_run_keeps_nothing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let dry = with(
        office.wish("2026-03-09", "2026-03-10"),
        json!({ "dryRun": true }),
    );
    let answer = office.ask(dry).await?.must()?;
    assert_eq!(answer.payload()["totalMinutes"], 480);
    assert_eq!(
        office
            .count("select count(*) from workforce.leave_requests")
            .await?,
        0
    );
    assert_eq!(
        office
            .count("select count(*) from workforce.leave_periods")
            .await?,
        0
    );
    Ok(())
}
