//! Time sheets: totals that follow the times, overtime by policy, four eyes, locks, payroll.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::{House, id};

const SHEET: &str =
    "timesheet { id status workedMinutes overtimeMinutes adjustmentMinutes version }";

async fn work(
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

async fn policies(house: &House) -> anyhow::Result<()> {
    for (code, tier, daily, weekly, factor) in [
        ("day", 1, json!(480), Value::Null, "1.5"),
        ("week", 2, Value::Null, json!(2400), "2"),
    ] {
        let input = json!({"code": code, "name": code, "tier": tier, "dailyThresholdMinutes": daily, "weeklyThresholdMinutes": weekly,
            "multiplier": factor, "startsOn": "2026-01-01"});
        made(&house.owner, "overtimePolicy", input).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_sheet_is_submitted_approved_locked_and_exported_once() -> anyhow::Result<()> {
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
async fn e60_nobody_approves_corrects_or_adjusts_their_own_hours() -> anyhow::Result<()> {
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
async fn overtime_is_counted_once_priced_and_forecast() -> anyhow::Result<()> {
    let house = House::at("2027-03-12T20:00:00Z").await?;
    policies(&house).await?;
    let ana = house
        .person(json!({"hourlyRate": "12.50", "currency": "EUR"}))
        .await?;
    for day in ["2027-03-08", "2027-03-09", "2027-03-10", "2027-03-11"] {
        work(&house, &ana, day, "06:00", "16:00").await?;
    }
    house
        .shift(&ana, "2027-03-13", "08:00:00", "18:00:00")
        .await?;
    house
        .shift(&ana, "2027-03-14", "08:00:00", "18:00:00")
        .await?;
    let week = json!({"staffId": ana, "startsOn": "2027-03-08", "endsOn": "2027-03-15"});
    let opened = house.owner.act("timesheetOpen", week, SHEET).await?;
    assert_eq!(
        opened["timesheet"]["overtimeMinutes"], 480,
        "two hours of each of four days"
    );
    let sheet = id(&opened["timesheet"])?;
    let days = house.owner.read(&format!("{{ timesheetDays(id: \"{sheet}\") {{ day weekStartsOn workedMinutes overtime {{ minutes }} }} }}")).await?;
    assert_eq!(
        days["timesheetDays"][0],
        json!({"day": "2027-03-08", "weekStartsOn": "2027-03-08", "workedMinutes": 600, "overtime": [{"minutes": 120}]})
    );
    let report = house.owner.read("{ overtimeReport(from: \"2027-03-01\", until: \"2027-04-01\") { month people paidMinutes overtimeMinutes unpricedMinutes cost { amount currency } } }").await?;
    // Eight hours at 12.50, each worth one and a half.
    assert_eq!(
        report["overtimeReport"][0],
        json!({"month": "2027-03-01", "people": 1, "paidMinutes": 2400, "overtimeMinutes": 480,
        "unpricedMinutes": 0, "cost": [{"amount": "150.00", "currency": "EUR"}]})
    );
    house.world.run_job("forecast_overtime").await?;
    house.world.run_job("forecast_overtime").await?;
    let forecast = house.owner.read("{ overtimeForecasts { nodes { weekStartsOn plannedMinutes workedMinutes projectedOvertimeMinutes } } }").await?;
    // Two days more: two hours of each beyond the day, and of the other sixteen eight beyond the week.
    assert_eq!(
        forecast["overtimeForecasts"]["nodes"],
        json!([{"weekStartsOn": "2027-03-08", "plannedMinutes": 1200, "workedMinutes": 2400, "projectedOvertimeMinutes": 480 + 240 + 480}])
    );
    Ok(())
}
