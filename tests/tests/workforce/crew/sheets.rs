//! Time sheets: totals that follow the times, four eyes, who decides instead, locks, payroll.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::{House, id};

pub(super) const SHEET: &str =
    "timesheet { id status workedMinutes overtimeMinutes adjustmentMinutes version }";

pub(super) async fn work(
    house: &House,
    person: &str,
    day: &str,
    from: &str,
    to: &str,
) -> anyhow::Result<String> {
    let input = json!({"staffId": person, "startsAt": format!("{day}T{from}:00Z"), "endsAt": format!("{day}T{to}:00Z")});
    id(&house
        .owner
        .act("timeRecord", input, "workTimeSegment { id }")
        .await?["workTimeSegment"])
}

#[tokio::test]
pub(super) async fn a_sheet_is_submitted_approved_locked_and_exported_once() -> anyhow::Result<()> {
    let mut house = House::at("2027-03-14T20:00:00Z").await?;
    let (mut ana, ana_id) = house.signed_in(json!({"payrollRef": "P-7"})).await?;
    let segment = work(&house, &ana_id, "2027-03-08", "08:00", "16:00").await?;
    let week = json!({"startsOn": "2027-03-08", "endsOn": "2027-03-15"});
    let opened = ana.act("timesheetOpen", week.clone(), SHEET).await?;
    assert_eq!(opened["timesheet"]["workedMinutes"], 480);
    let sheet = id(&opened["timesheet"])?;
    ana.verb("timesheetOpen", week, SHEET)
        .await?
        .must_refuse("ALREADY_OPEN")?;
    let backwards = json!({"startsOn": "2027-04-08", "endsOn": "2027-04-01"});
    ana.verb("timesheetOpen", backwards, SHEET)
        .await?
        .must_refuse("INVALID_DAYS")?;
    // What is recorded later counts, too.
    work(&house, &ana_id, "2027-03-09", "08:00", "12:00").await?;
    let decide = async |house: &House, verb: &str, besides: Value| {
        house.on(verb, &sheet, besides, SHEET).await
    };
    decide(&house, "timesheetApprove", json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    ana.act("clockIn", json!({}), "workTimeSegment { id }")
        .await?;
    ana.verb("timesheetSubmit", json!({"id": sheet}), SHEET)
        .await?
        .must_refuse("STILL_CLOCKED_IN")?;
    house.later(Duration::hours(1)).await?;
    ana = house.world.again(&ana).await?;
    ana.act("clockOut", json!({}), "workTimeSegment { id }")
        .await?;
    let submitted = ana
        .act("timesheetSubmit", json!({"id": sheet}), SHEET)
        .await?;
    assert_eq!(submitted["timesheet"]["workedMinutes"], 480 + 240 + 60);
    ana.verb("timesheetSubmit", json!({"id": sheet}), SHEET)
        .await?
        .must_refuse("WRONG_STATUS")?;
    ana.verb("timesheetApprove", json!({"id": sheet}), SHEET)
        .await?
        .must_fail("FORBIDDEN")?;
    decide(&house, "timesheetAdjust", json!({"minutes": 15}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    decide(
        &house,
        "timesheetAdjust",
        json!({"minutes": 15, "reason": "Door clock was down"}),
    )
    .await?
    .must()?;
    decide(&house, "timesheetApprove", json!({}))
        .await?
        .must()?;
    decide(&house, "timesheetAdjust", json!({"minutes": 0}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    // Locked: no new time, and no correction, until the approval is taken back.
    let late = json!({"staffId": ana_id, "startsAt": "2027-03-10T08:00:00Z", "endsAt": "2027-03-10T09:00:00Z"});
    house
        .owner
        .verb("timeRecord", late, "workTimeSegment { id }")
        .await?
        .must_refuse("TIMESHEET_LOCKED")?;
    let correction = json!({"endsAt": "2027-03-08T15:00:00Z", "reason": "Left early"});
    let time = "workTimeSegment { id correctsId correctionReason approvedAt }";
    house
        .on("timeCorrect", &segment, correction.clone(), time)
        .await?
        .must_refuse("TIMESHEET_LOCKED")?;
    decide(&house, "timesheetReject", json!({"reason": ""}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    decide(&house, "timesheetReject", json!({"reason": "Left early"}))
        .await?
        .must()?;
    // After approval a time is corrected by another row, with a reason.
    let corrected = house
        .on("timeCorrect", &segment, correction, time)
        .await?
        .must()?;
    assert_eq!(
        corrected.payload()["workTimeSegment"]["correctsId"],
        json!(segment)
    );
    let reopened = decide(&house, "timesheetReopen", json!({})).await?.must()?;
    assert_eq!(reopened.payload()["timesheet"]["workedMinutes"], 480 + 240);
    decide(&house, "timesheetReopen", json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let export = json!({"ids": [sheet], "exportRef": "RUN-3"});
    let lines =
        "timesheets { status exportRef } lines { number payrollRef paidMinutes adjustmentMinutes }";
    house
        .owner
        .verb("timesheetExport", export.clone(), lines)
        .await?
        .must_refuse("WRONG_STATUS")?;
    decide(&house, "timesheetSubmit", json!({})).await?.must()?;
    decide(&house, "timesheetApprove", json!({}))
        .await?
        .must()?;
    let unnamed = json!({"ids": [sheet], "exportRef": " "});
    house
        .owner
        .verb("timesheetExport", unnamed, lines)
        .await?
        .must_refuse("REF_REQUIRED")?;
    let exported = house
        .owner
        .act("timesheetExport", export.clone(), lines)
        .await?;
    assert_eq!(exported["lines"][0]["paidMinutes"], 720);
    assert_eq!(exported["lines"][0]["payrollRef"], "P-7");
    house
        .owner
        .verb("timesheetExport", export, lines)
        .await?
        .must_refuse("WRONG_STATUS")?;
    decide(&house, "timesheetReject", json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let stranger = house.world.owner().await?;
    for verb in ["timesheetSubmit", "timesheetReopen", "timesheetApprove"] {
        stranger
            .verb(verb, json!({"id": sheet}), SHEET)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    house.agrees().await
}

#[tokio::test]
pub(super) async fn e60_nobody_approves_corrects_or_adjusts_their_own_hours() -> anyhow::Result<()>
{
    let house = House::at("2027-03-14T20:00:00Z").await?;
    let member = house.member_of(&house.owner).await?;
    let boss = house.person(json!({"memberId": member})).await?;
    let segment = work(&house, &boss, "2027-03-08", "08:00", "16:00").await?;
    let week = json!({"startsOn": "2027-03-08", "endsOn": "2027-03-15"});
    let sheet = id(&house.owner.act("timesheetOpen", week, SHEET).await?["timesheet"])?;
    let correction = json!({"endsAt": "2027-03-08T15:00:00Z", "reason": "x"});
    house
        .on(
            "timeCorrect",
            &segment,
            correction,
            "workTimeSegment { id }",
        )
        .await?
        .must_refuse("OWN_TIME")?;
    house
        .on(
            "timesheetAdjust",
            &sheet,
            json!({"minutes": 60, "reason": "x"}),
            SHEET,
        )
        .await?
        .must_refuse("OWN_TIMESHEET")?;
    house
        .on("timesheetSubmit", &sheet, json!({}), SHEET)
        .await?
        .must()?;
    let flagged = house
        .on("timesheetApprove", &sheet, json!({}), SHEET)
        .await?;
    flagged.must_refuse("FLAGGED_TIME")?;
    let looked_at = json!({"acceptFlagged": true});
    house
        .on("timesheetApprove", &sheet, looked_at.clone(), SHEET)
        .await?
        .must_refuse("OWN_TIMESHEET")?;
    let manager = house
        .world
        .staff(&house.owner, "manager", &[&house.location])
        .await?;
    manager
        .act(
            "timesheetApprove",
            super::with(json!({"id": sheet}), looked_at),
            SHEET,
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn e60_hours_are_approved_by_the_manager_or_whoever_decides_instead() -> anyhow::Result<()> {
    let house = House::at("2027-03-14T20:00:00Z").await?;
    let (boss, boss_id) = house.signed_in(json!({})).await?;
    let (other, _) = house.signed_in(json!({})).await?;
    let (ana, ana_id) = house.signed_in(json!({"managerId": boss_id})).await?;
    let mut sheets = Vec::new();
    for (day, next) in [
        ("2027-03-08", "2027-03-09"),
        ("2027-03-09", "2027-03-10"),
        ("2027-03-10", "2027-03-11"),
    ] {
        work(&house, &ana_id, day, "08:00", "16:00").await?;
        let input = json!({"startsOn": day, "endsOn": next});
        let sheet = id(&ana.act("timesheetOpen", input, SHEET).await?["timesheet"])?;
        ana.act("timesheetSubmit", json!({"id": sheet}), SHEET)
            .await?;
        sheets.push(sheet);
    }
    let inbox = "{ myTimesheetInbox { timesheetId staffId workedMinutes isForAnother } }";
    let first = json!({"timesheetId": sheets[0], "staffId": ana_id, "workedMinutes": 480, "isForAnother": false});
    let waiting = boss.read(inbox).await?;
    assert_eq!(
        waiting["myTimesheetInbox"].as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(waiting["myTimesheetInbox"][0], first);
    let approve = |sheet: &str| json!({"id": sheet});
    boss.act("timesheetApprove", approve(&sheets[0]), SHEET)
        .await?;
    // Nobody else, and nobody for themselves, whoever handed over to them.
    for stranger in [&other, &ana] {
        assert_eq!(stranger.read(inbox).await?["myTimesheetInbox"], json!([]));
        stranger
            .verb("timesheetApprove", approve(&sheets[1]), SHEET)
            .await?
            .must_fail("FORBIDDEN")?;
    }
    let hand_over = async |from: &tests::Actor, to: &tests::Actor, day: &str, until: &str| {
        let input = json!({"delegatorId": house.member_of(from).await?, "delegateId": house.member_of(to).await?,
            "startsOn": day, "endsOn": until});
        made(&house.owner, "leaveDelegation", input).await
    };
    hand_over(&boss, &other, "2027-03-14", "2027-03-15").await?;
    let waiting = other.read(inbox).await?;
    assert_eq!(waiting["myTimesheetInbox"][0]["isForAnother"], true);
    let reason = json!({"id": sheets[1], "reason": "Left early"});
    other.act("timesheetReject", reason, SHEET).await?;
    other
        .act("timesheetApprove", approve(&sheets[2]), SHEET)
        .await?;
    ana.act("timesheetReopen", approve(&sheets[1]), SHEET)
        .await?;
    ana.act("timesheetSubmit", approve(&sheets[1]), SHEET)
        .await?;
    hand_over(&other, &ana, "2027-03-14", "2027-03-15").await?;
    assert_eq!(ana.read(inbox).await?["myTimesheetInbox"], json!([]));
    ana.verb("timesheetApprove", approve(&sheets[1]), SHEET)
        .await?
        .must_refuse("OWN_TIMESHEET")?;
    house.agrees().await
}
