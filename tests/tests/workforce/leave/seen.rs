//! Boards and reports.

use serde_json::json;
use tests::Socket;
use tests::hotel::made;

use super::{Office, Terms};

const OUT: &str = "subscription($from: Date!, $to: Date!, $location: ID) { \
    board: whoIsOut(from: $from, to: $to, locationId: $location) { \
      cursor snapshot { id leaveOn portion staff { id fullName } } upserts { id leaveOn } removed } }";

#[tokio::test]
async fn who_is_out_shows_days_as_they_are_approved_and_given_back() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.approved("2026-03-09", "2026-03-10").await?;
    let mut socket = Socket::open(&office.owner).await?;
    let days = json!({ "from": "2026-03-09", "to": "2026-03-13", "location": office.location });
    socket.subscribe(OUT, days).await?;
    let all = socket.update().await?;
    assert_eq!(all["snapshot"].as_array().map(Vec::len), Some(1), "{all}");
    assert_eq!(all["snapshot"][0]["staff"]["id"], json!(office.staff));
    let id = office.asked("2026-03-12", "2026-03-20").await?;
    office.decide(&office.boss, &id, true).await?.must()?;
    let more = socket.update().await?;
    assert_eq!(more["upserts"].as_array().map(Vec::len), Some(2), "{more}");
    let recall = json!({ "id": id, "days": ["2026-03-12"], "reason": "Needed" });
    office
        .owner
        .act("leaveRequestRecallDays", recall, "returnedMinutes")
        .await?;
    let fewer = socket.update().await?;
    assert_eq!(
        fewer["removed"].as_array().map(Vec::len),
        Some(1),
        "{fewer}"
    );
    Ok(())
}

#[tokio::test]
async fn the_inbox_shows_the_step_that_is_asked_now() -> anyhow::Result<()> {
    let terms = Terms {
        policy: json!({ "approvalLevels": 2 }),
        ..Terms::default()
    };
    let office = Office::as_of(terms).await?;
    let inbox = "subscription($approver: ID) { board: approvalInbox(approverId: $approver) { \
        cursor snapshot { id step } upserts { id step leaveRequest { number } } removed } }";
    let mut chief = Socket::open(&office.owner).await?;
    chief
        .subscribe(
            inbox,
            json!({ "approver": office.member(&office.chief).await? }),
        )
        .await?;
    assert_eq!(chief.update().await?["snapshot"], json!([]));
    let id = office.asked("2026-03-09", "2026-03-10").await?;
    office.decide(&office.boss, &id, true).await?.must()?;
    let asked = chief.update().await?;
    assert_eq!(asked["upserts"][0]["step"], 2, "{asked}");
    office.decide(&office.chief, &id, true).await?.must()?;
    assert_eq!(
        chief.update().await?["removed"].as_array().map(Vec::len),
        Some(1)
    );
    Ok(())
}

#[tokio::test]
async fn everybody_sees_their_own_leave_and_inbox() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = office.asked("2026-03-09", "2026-03-11").await?;
    let mine = "{ myLeave { staffId balances { leaveTypeName balanceMinutes reservedMinutes status } requests { id status totalMinutes } } }";
    let mine = office.worker.read(mine).await?;
    assert_eq!(
        mine["myLeave"]["balances"][0]["reservedMinutes"], 960,
        "{mine}"
    );
    assert_eq!(
        mine["myLeave"]["requests"][0],
        json!({ "id": id, "status": "SUBMITTED", "totalMinutes": 960 })
    );
    let inbox = "{ myLeaveInbox { requestId totalMinutes isForAnother } }";
    let boss = office.boss.read(inbox).await?;
    assert_eq!(
        boss["myLeaveInbox"],
        json!([{ "requestId": id, "totalMinutes": 960, "isForAnother": false }])
    );
    assert_eq!(office.worker.read(inbox).await?["myLeaveInbox"], json!([]));
    Ok(())
}

#[tokio::test]
async fn the_team_that_is_away_is_seen_before_anything_is_sent() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let own = json!({ "leaveTypeId": office.kind, "startsOn": "2026-03-10" });
    office.boss.act("leaveRequestSubmit", own, "status").await?;
    let preview = office
        .preview(&office.wish("2026-03-09", "2026-03-12"))
        .await?;
    assert_eq!(
        preview["coverage"],
        json!([{ "day": "2026-03-10", "away": 1, "team": 3 }])
    );
    Ok(())
}

#[tokio::test]
async fn absence_is_a_share_of_what_was_scheduled() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.feast("2026-03-03", "FULL").await?;
    office.approved("2026-03-09", "2026-03-14").await?;
    let query = |more: &str| {
        format!(
            "{{ leaveAbsence(from: \"2026-03-01\", to: \"2026-03-31\"{more}) {{ month people scheduledMinutes absentMinutes rate locationId }} }}"
        )
    };
    let all = office.owner.read(&query("")).await?;
    // 22 weekdays less a feast, of three people.
    let row = &all["leaveAbsence"][0];
    assert_eq!(
        (&row["people"], &row["scheduledMinutes"]),
        (&json!(3), &json!(3 * 21 * 480)),
        "{all}"
    );
    assert_eq!(
        (&row["absentMinutes"], &row["rate"]),
        (&json!(2400), &json!("0.079365"))
    );
    let other = made(
        &office.owner,
        "leaveType",
        json!({ "code": "x", "name": "X" }),
    )
    .await?;
    let none = office
        .owner
        .read(&query(&format!(", leaveTypeId: \"{other}\"")))
        .await?;
    assert_eq!(none["leaveAbsence"][0]["absentMinutes"], 0);
    office
        .worker
        .ask(&query(""))
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn liability_is_minutes_and_money_by_each_persons_pay() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.tick().await?;
    let paid = json!({ "id": office.staff, "hourlyRate": "12.50", "currency": "EUR" });
    office.change("staff", paid).await?;
    let query = "{ leaveLiability { people minutes amountMinor currency leaveTypeId } }";
    let rows = office.owner.read(query).await?;
    let rows = rows["leaveLiability"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    // 10560 minutes are 176 hours.
    let known = rows.iter().find(|row| row["currency"] == "EUR");
    let known = known.map(|row| {
        (
            row["people"].clone(),
            row["minutes"].clone(),
            row["amountMinor"].clone(),
        )
    });
    assert_eq!(
        known,
        Some((json!(1), json!(10560), json!(220_000))),
        "{rows:?}"
    );
    let unknown = rows.iter().find(|row| row["currency"].is_null());
    assert_eq!(
        unknown.map(|row| row["minutes"].clone()),
        Some(json!(21120))
    );
    let with_rate =
        "{ leaveLiability(defaultRate: \"10\", currency: \"EUR\") { people amountMinor } }";
    let all = office.owner.read(with_rate).await?;
    assert_eq!(
        all["leaveLiability"],
        json!([{ "people": 3, "amountMinor": 220_000 + 352_000 }])
    );
    Ok(())
}
