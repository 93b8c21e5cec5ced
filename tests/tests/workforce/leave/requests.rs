//! The life of a request.

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::made;

use super::{Office, with};

#[tokio::test]
pub(super) async fn a_request_is_reserved_then_taken_and_the_person_is_out() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let kind = json!({ "code": "P", "name": "Person", "kind": "HUMAN" });
    let kind = made(&office.owner, "resourceType", kind).await?;
    let resource =
        json!({ "typeId": kind, "locationId": office.location, "name": "Wanda", "number": "P-1" });
    let resource = made(&office.owner, "resource", resource).await?;
    let link = json!({ "id": office.staff, "resourceId": resource });
    office.change("staff", link).await?;

    let input = office.wish("2026-03-09", "2026-03-14");
    let preview = office.preview(&input).await?;
    assert_eq!(preview["isPossible"], true, "{preview}");
    assert_eq!(preview["totalMinutes"], 2400);
    let period = &preview["periods"][0];
    assert_eq!(
        (&period["availableBefore"], &period["availableAfter"]),
        (&json!(10560), &json!(8160))
    );
    let sent = office
        .ask(with(input, json!({ "idempotencyKey": "once" })))
        .await?
        .must()?;
    assert_eq!(sent.payload()["status"], "SUBMITTED");
    assert_eq!(
        office.balance("2026-03-09").await?,
        [10560, 2400, 0, 0, 0, 0]
    );
    let again = office.wish("2026-03-09", "2026-03-14");
    let again = office
        .ask(with(again, json!({ "idempotencyKey": "once" })))
        .await?
        .must()?;
    assert_eq!(again.payload()["replayed"], true);

    let id: String = sent.get("/verb/requestId")?;
    let decided = office.decide(&office.boss, &id, true).await?.must()?;
    assert_eq!(decided.payload()["status"], "APPROVED");
    assert_eq!(
        office.balance("2026-03-09").await?,
        [8160, 0, 2400, 0, 0, 0]
    );
    let blocks = "select count(*) from availability.blocks b join workforce.leave_request_days d on d.id = b.id \
                  where b.status = 'active' and b.starts_at = d.leave_on::timestamp at time zone 'Europe/Lisbon'";
    assert_eq!(office.count(blocks).await?, 5);
    office
        .decide(&office.boss, &id, true)
        .await?
        .must_refuse("WRONG_STATUS")?;

    let input = json!({ "id": id, "reason": "Plans changed" });
    let cancelled = office
        .worker
        .act("leaveRequestCancel", input.clone(), REQUEST_STATUS)
        .await?;
    assert_eq!(cancelled["status"], "CANCELLED");
    assert_eq!(office.balance("2026-03-09").await?, [10560, 0, 0, 0, 0, 0]);
    assert_eq!(
        office
            .count("select count(*) from availability.blocks where status = 'active'")
            .await?,
        0
    );
    let free = "select count(*) from availability.allocations where status <> 'released'";
    assert_eq!(office.count(free).await?, 0);
    office
        .worker
        .verb("leaveRequestCancel", input, REQUEST_STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;
    office.must_agree().await
}

const REQUEST_STATUS: &str = "status";

#[tokio::test]
pub(super) async fn a_draft_takes_nothing_until_it_is_sent() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let draft = with(
        office.wish("2026-03-09", "2026-03-14"),
        json!({ "asDraft": true }),
    );
    let draft = office.ask(draft).await?.must()?;
    assert_eq!(draft.payload()["status"], "DRAFT");
    assert_eq!(office.balance("2026-03-09").await?, [10560, 0, 0, 0, 0, 0]);
    let id: String = draft.get("/verb/requestId")?;
    let sent = with(office.wish("2026-03-10", "2026-03-12"), json!({ "id": id }));
    let sent = office.ask(sent).await?.must()?;
    assert_eq!(sent.payload()["totalMinutes"], 960);
    assert_eq!(
        office.balance("2026-03-09").await?,
        [10560, 960, 0, 0, 0, 0]
    );
    let again = with(office.wish("2026-03-10", "2026-03-12"), json!({ "id": id }));
    office.ask(again).await?.must_refuse("WRONG_STATUS")?;
    let withdrawn = json!({ "id": id });
    office
        .worker
        .act("leaveRequestWithdraw", withdrawn.clone(), REQUEST_STATUS)
        .await?;
    assert_eq!(office.request(&id).await?.0, "withdrawn");
    assert_eq!(office.balance("2026-03-09").await?, [10560, 0, 0, 0, 0, 0]);
    office
        .worker
        .verb("leaveRequestWithdraw", withdrawn, REQUEST_STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;
    office.must_agree().await
}

#[tokio::test]
async fn a_denial_ends_it_and_says_why() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = office.asked("2026-03-09", "2026-03-14").await?;
    let silent = json!({ "id": id, "approve": false });
    office
        .boss
        .verb("leaveRequestDecide", silent, "status")
        .await?
        .must_refuse("NOTE_REQUIRED")?;
    office.decide(&office.boss, &id, false).await?.must()?;
    assert_eq!(office.request(&id).await?, ("rejected".to_owned(), 2400));
    assert_eq!(office.balance("2026-03-09").await?, [10560, 0, 0, 0, 0, 0]);
    let told = "select count(*) from comms.in_app_notifications n where n.title = 'Your leave was refused'";
    assert_eq!(office.count(told).await?, 1);
    office.must_agree().await
}

#[tokio::test]
pub(super) async fn what_has_begun_is_cancelled_by_others_and_days_are_recalled_by_managers()
-> anyhow::Result<()> {
    let mut office = Office::open().await?;
    let id = office.approved("2026-03-09", "2026-03-14").await?;
    office.at("2026-03-10").await?;
    let input = json!({ "id": id, "reason": "Was ill" });
    let asked = office
        .worker
        .act("leaveRequestCancel", input, REQUEST_STATUS)
        .await?;
    assert_eq!(asked["status"], "CANCEL_REQUESTED");
    let decide = |approve: bool, note: Value| json!({ "id": id, "approve": approve, "note": note });
    let verb = "leaveCancellationDecide";
    office
        .worker
        .verb(verb, decide(true, Value::Null), REQUEST_STATUS)
        .await?
        .must_refuse("OWN_REQUEST")?;
    office
        .boss
        .verb(verb, decide(false, Value::Null), REQUEST_STATUS)
        .await?
        .must_refuse("NOTE_REQUIRED")?;
    office
        .boss
        .act(verb, decide(false, json!("You were away")), REQUEST_STATUS)
        .await?;
    assert_eq!(office.request(&id).await?.0, "approved");
    office
        .boss
        .verb(verb, decide(true, Value::Null), REQUEST_STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;

    let recall = |days: Value| json!({ "id": id, "days": days, "reason": "A banquet came in" });
    let verb = "leaveRequestRecallDays";
    office
        .worker
        .verb(verb, recall(json!(["2026-03-13"])), "returnedMinutes")
        .await?
        .must_fail("FORBIDDEN")?;
    let recalled = office
        .owner
        .act(
            verb,
            recall(json!(["2026-03-13", "2026-03-12"])),
            "returnedMinutes",
        )
        .await?;
    assert_eq!(recalled["returnedMinutes"], 960);
    assert_eq!(
        office.request(&id).await?,
        ("partially_recalled".to_owned(), 1440)
    );
    assert_eq!(
        office.balance("2026-03-09").await?,
        [9120, 0, 1440, 0, 0, 0]
    );
    office
        .owner
        .verb(verb, recall(json!(["2026-03-13"])), "returnedMinutes")
        .await?
        .must_refuse("NOT_ON_LEAVE")?;
    office
        .owner
        .verb(verb, recall(json!([])), "returnedMinutes")
        .await?
        .must_refuse("INCOMPLETE")?;
    office.at("2026-03-16").await?;
    assert_eq!(office.world.run_job("leave_taken").await?, 1);
    assert_eq!(office.world.run_job("leave_taken").await?, 0);
    assert_eq!(office.request(&id).await?.0, "taken");
    office.must_agree().await
}

/// Shifts of the worker from Friday, 6 March 2026, to the Tuesday after.
async fn rostered(office: &Office) -> anyhow::Result<()> {
    let sql = "insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, role, planned_starts_at, \
          planned_ends_at, status, published_at) \
        select $1, core.uuid_v7(), $2, $3, d::date, 'Desk', d + interval '9 hours', d + interval '17 hours', 'published', now() \
        from generate_series('2026-03-06'::timestamptz, '2026-03-10', '1 day') d";
    let (staff, location) = (uuid(&json!(office.staff))?, uuid(&json!(office.location))?);
    office
        .sql
        .execute(sql, &[&office.owner.biz_id, &staff, &location])
        .await?;
    Ok(())
}

#[tokio::test]
pub(super) async fn work_within_leave_is_handed_to_stand_ins_once_each() -> anyhow::Result<()> {
    let office = Office::open().await?;
    rostered(&office).await?;
    let pool =
        json!({ "code": "desk", "name": "Desk", "offerMinutes": 30, "simultaneousOffers": 1 });
    let pool = made(&office.owner, "substitutionPool", pool).await?;
    let other = office.hire(None, json!({})).await?;
    let member =
        json!({ "poolId": pool, "staffId": other, "priority": 1, "startsOn": "2020-01-01" });
    made(&office.owner, "substitutionPoolMember", member).await?;
    let id = office.asked("2026-03-09", "2026-03-14").await?;
    let decide =
        json!({ "id": id, "approve": true, "findStandIns": true, "substitutionPoolId": pool });
    let selection = "status substitutionRequests { id status reason shift { businessDate } leaveRequest { id } }";
    office
        .boss
        .verb("leaveRequestDecide", decide.clone(), selection)
        .await?
        .must_fail("FORBIDDEN")?;
    assert_eq!(office.request(&id).await?.0, "submitted", "nothing of it");
    let again = with(decide, json!({ "idempotencyKey": "yes" }));
    for replayed in [false, true] {
        let decided = office
            .owner
            .act(
                "leaveRequestDecide",
                again.clone(),
                &format!("replayed {selection}"),
            )
            .await?;
        assert_eq!(decided["replayed"], replayed);
        let mut searches = decided["substitutionRequests"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        searches.sort_by_key(|search| search["shift"]["businessDate"].to_string());
        let days: Vec<_> = searches
            .iter()
            .map(|search| &search["shift"]["businessDate"])
            .collect();
        assert_eq!(days, ["2026-03-09", "2026-03-10"], "not the Friday before");
        assert_eq!(searches[0]["leaveRequest"]["id"], json!(id));
        assert_eq!(
            (&searches[0]["reason"], &searches[0]["status"]),
            (&json!("LEAVE"), &json!("OFFERING"))
        );
    }
    let once = json!({ "leaveRequestId": id, "poolId": pool });
    office
        .owner
        .verb("substitutionRequest", once, "substitutionRequests { id }")
        .await?
        .must_refuse("NO_SHIFTS")?;
    let count = "select count(*) from workforce.substitution_requests";
    assert_eq!(office.count(count).await?, 2);
    office.must_agree().await
}

#[tokio::test]
async fn shifts_within_the_leave_are_listed_when_it_is_previewed_and_approved() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    rostered(&office).await?;
    let wish = office.wish("2026-03-09", "2026-03-14");
    let preview = office.preview(&wish).await?;
    assert_eq!(
        preview["work"].as_array().map(Vec::len),
        Some(2),
        "{preview}"
    );
    let id = office.asked("2026-03-09", "2026-03-14").await?;
    let decided = office.decide(&office.boss, &id, true).await?.must()?;
    let work = decided.data("/verb/work");
    assert_eq!(work.as_array().map(Vec::len), Some(2), "{work}");
    assert_eq!(
        (&work[0]["kind"], &work[0]["title"]),
        (&json!("SHIFT"), &json!("Desk"))
    );
    Ok(())
}
