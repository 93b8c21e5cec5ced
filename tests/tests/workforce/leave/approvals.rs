//! Who decides (E-60).

use serde_json::json;
use tests::hotel::made;

use super::{Office, Terms};

fn two_levels() -> Terms {
    Terms {
        policy: json!({ "approvalLevels": 2 }),
        ..Terms::default()
    }
}

#[tokio::test]
async fn e60_nobody_decides_on_their_own_request_not_even_an_owner() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = office.asked("2026-03-09", "2026-03-10").await?;
    office
        .decide(&office.worker, &id, true)
        .await?
        .must_refuse("OWN_REQUEST")?;
    // The worker is given the approver's say while the approver is away: it stays their own request.
    let input = json!({
        "delegatorId": office.member(&office.boss).await?, "delegateId": office.member(&office.worker).await?,
        "startsOn": "2026-03-01", "endsOn": "2026-04-01",
    });
    made(&office.owner, "leaveDelegation", input).await?;
    office
        .decide(&office.worker, &id, true)
        .await?
        .must_refuse("OWN_REQUEST")?;
    let staff = office
        .hire(
            Some(&office.owner),
            json!({ "managerId": office.boss_staff }),
        )
        .await?;
    let own = json!({ "staffId": staff, "leaveTypeId": office.kind, "startsOn": "2026-03-09" });
    let own = office
        .owner
        .act("leaveRequestSubmit", own, "requestId")
        .await?;
    let own = own["requestId"].as_str().unwrap_or_default();
    office
        .decide(&office.owner, own, true)
        .await?
        .must_refuse("OWN_REQUEST")?;
    office.decide(&office.boss, own, true).await?.must()?;
    office.must_agree().await
}

#[tokio::test]
async fn e60_steps_are_decided_in_order_and_a_denial_ends_the_chain() -> anyhow::Result<()> {
    let office = Office::as_of(two_levels()).await?;
    let id = office.asked("2026-03-09", "2026-03-10").await?;
    office
        .decide(&office.chief, &id, true)
        .await?
        .must_refuse("NOT_ASKED")?;
    let first = office.decide(&office.boss, &id, true).await?.must()?;
    assert_eq!(first.payload()["status"], "SUBMITTED");
    office
        .decide(&office.boss, &id, true)
        .await?
        .must_refuse("NOT_ASKED")?;
    let second = office.decide(&office.chief, &id, true).await?.must()?;
    assert_eq!(second.payload()["status"], "APPROVED");

    let other = office.asked("2026-03-10", "2026-03-11").await?;
    office.decide(&office.boss, &other, false).await?.must()?;
    assert_eq!(office.request(&other).await?.0, "rejected");
    office
        .decide(&office.chief, &other, true)
        .await?
        .must_refuse("WRONG_STATUS")?;
    office.must_agree().await
}

#[tokio::test]
async fn e60_an_approver_who_is_away_is_decided_for() -> anyhow::Result<()> {
    let mut office = Office::open().await?;
    let id = office.asked("2026-03-09", "2026-03-10").await?;
    let stranger = office
        .world
        .staff(&office.owner, "housekeeper", &[])
        .await?;
    office
        .decide(&stranger, &id, true)
        .await?
        .must_fail("NOT_FOUND")?;
    let input = json!({
        "delegatorId": office.member(&office.boss).await?, "delegateId": office.member(&stranger).await?,
        "startsOn": "2026-03-01", "endsOn": "2026-03-03",
    });
    made(&office.owner, "leaveDelegation", input).await?;
    office.decide(&stranger, &id, true).await?.must()?;

    // Without handing over: on leave themselves, their own manager decides.
    let own = json!({ "leaveTypeId": office.kind, "startsOn": "2026-03-04" });
    let own = office
        .boss
        .act("leaveRequestSubmit", own, "requestId")
        .await?;
    let own = own["requestId"].as_str().unwrap_or_default().to_owned();
    office.decide(&office.chief, &own, true).await?.must()?;
    let next = office.asked("2026-03-16", "2026-03-17").await?;
    office
        .decide(&office.chief, &next, true)
        .await?
        .must_fail("NOT_FOUND")?;
    office.at("2026-03-04").await?;
    let inbox = "{ myLeaveInbox { requestId number staffName isForAnother } }";
    let inbox = office.chief.read(inbox).await?;
    assert_eq!(inbox["myLeaveInbox"][0]["requestId"], json!(next));
    assert_eq!(inbox["myLeaveInbox"][0]["isForAnother"], true);
    office.decide(&office.chief, &next, true).await?.must()?;
    office.must_agree().await
}

#[tokio::test]
async fn e60_managers_lead_in_no_circle() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let version = office.version("staff", &json!(office.chief_staff)).await?;
    let circle = json!({ "id": office.chief_staff, "managerId": office.staff, "version": version });
    let refused = office
        .owner
        .verb("staffUpdate", circle, "staff { id }")
        .await?;
    assert!(refused.user_code().is_some(), "{}", refused.body);
    Ok(())
}

#[tokio::test]
async fn who_may_decide_anything_decides_and_no_levels_approve_at_once() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = office.asked("2026-03-09", "2026-03-10").await?;
    office.decide(&office.owner, &id, true).await?.must()?;
    let none = json!({ "id": office.policy, "approvalLevels": 0 });
    office.change("leavePolicy", none).await?;
    let sent = office
        .ask(office.wish("2026-03-10", "2026-03-11"))
        .await?
        .must()?;
    assert_eq!(sent.payload()["status"], "APPROVED");
    assert_eq!(office.balance("2026-03-09").await?, [9600, 0, 960, 0, 0, 0]);
    office.must_agree().await
}
