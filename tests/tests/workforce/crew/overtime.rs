//! Overtime: by policy and by contract, counted once, forecast, and what it costs.

use serde_json::{Value, json};
use tests::hotel::{Plan, location, made};

use super::sheets::{SHEET, work};
use super::{House, id};

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

const OUTLOOK: &str = "weekStartsOn people plannedMinutes workedMinutes overtimeMinutes unpricedMinutes cost { amount currency }";

#[tokio::test]
async fn what_people_are_heading_for_has_a_cost() -> anyhow::Result<()> {
    let house = House::at("2027-03-09T20:00:00Z").await?;
    policies(&house).await?;
    let team = made(
        &house.owner,
        "department",
        json!({"code": "bar", "name": "Bar"}),
    )
    .await?;
    let pay = json!({"hourlyRate": "12.35", "currency": "EUR", "departmentId": team});
    let ana = house.person(pay).await?;
    let rui = house.person(json!({})).await?;
    // Ten hours yesterday and today; on Thursday nine hours in two shifts.
    for day in ["2027-03-08", "2027-03-09"] {
        work(&house, &ana, day, "06:00", "16:00").await?;
    }
    house
        .shift(&ana, "2027-03-11", "08:00:00", "12:00:00")
        .await?;
    house
        .shift(&ana, "2027-03-11", "14:00:00", "19:00:00")
        .await?;
    house
        .shift(&rui, "2027-03-11", "08:00:00", "17:00:00")
        .await?;
    house
        .shift(&rui, "2027-03-17", "08:00:00", "17:10:00")
        .await?;
    let ask = async |arguments: &str| {
        let query = format!("{{ overtimeOutlook{arguments} {{ {OUTLOOK} }} }}");
        let data = house.owner.read(&query).await?;
        anyhow::Ok(data["overtimeOutlook"].clone())
    };
    // Two hours, two hours and one: 300 minutes at 12.35 and half as much again are 92.625, which is 92.62.
    let found = ask(&format!("(departmentId: \"{team}\")")).await?;
    assert_eq!(
        found,
        json!([{"weekStartsOn": "2027-03-08", "people": 1, "plannedMinutes": 540, "workedMinutes": 1200,
            "overtimeMinutes": 300, "unpricedMinutes": 0, "cost": [{"amount": "92.62", "currency": "EUR"}]}])
    );
    let all = ask("").await?;
    assert_eq!(all.as_array().map(Vec::len), Some(3), "{all}");
    assert_eq!(
        all[2],
        json!({"weekStartsOn": "2027-03-15", "people": 1, "plannedMinutes": 550, "workedMinutes": 0,
            "overtimeMinutes": 70, "unpricedMinutes": 70, "cost": []})
    );
    assert_eq!(ask("(weeks: 1)").await?.as_array().map(Vec::len), Some(2));
    let here = format!("(locationId: \"{}\")", house.location);
    assert_eq!(ask(&here).await?, all);
    let next = ask("(from: \"2027-03-17\", weeks: 1)").await?;
    assert_eq!(next, json!([all[2]]), "from the Monday of that day");
    let elsewhere = location(&house.owner, &Plan::default()).await?;
    let there = ask(&format!("(locationId: \"{elsewhere}\")")).await?;
    assert_eq!(there, json!([]));
    let manager = house
        .world
        .staff(&house.owner, "manager", &[&elsewhere])
        .await?;
    let query = format!("{{ overtimeOutlook{here} {{ {OUTLOOK} }} }}");
    let reached = manager.read(&query).await?;
    assert_eq!(reached["overtimeOutlook"], json!([]), "out of reach");
    for weeks in [0, 9] {
        let query = format!("{{ overtimeOutlook(weeks: {weeks}) {{ people }} }}");
        house
            .owner
            .graphql(&query, json!({}))
            .await?
            .must_fail("BAD_USER_INPUT")?;
    }
    let nobody = house.world.staff(&house.owner, "housekeeper", &[]).await?;
    let query = format!("{{ overtimeOutlook {{ {OUTLOOK} }} }}");
    nobody
        .graphql(&query, json!({}))
        .await?
        .must_fail("FORBIDDEN")?;
    house.world.run_job("forecast_overtime").await?;
    let forecasts = "{ overtimeForecasts(filter: {projectedOvertimeMinutes: {gt: 0}}) { nodes { projectedOvertimeMinutes } } }";
    let forecasts = house.owner.read(forecasts).await?;
    let nodes = forecasts["overtimeForecasts"]["nodes"].as_array();
    assert_eq!(nodes.map(Vec::len), Some(3), "{forecasts}");
    Ok(())
}

#[tokio::test]
async fn hours_beyond_the_contract_are_overtime_where_the_policy_says_so() -> anyhow::Result<()> {
    let house = House::at("2027-03-14T20:00:00Z").await?;
    let input = json!({"code": "contract", "name": "Beyond the contract", "isByContract": true, "multiplier": "1.25",
        "startsOn": "2026-01-01"});
    made(&house.owner, "overtimePolicy", input).await?;
    let schedule = json!({"name": "Two weeks", "timezone": "Europe/Lisbon", "cycleWeeks": 2});
    let schedule = made(&house.owner, "workSchedule", schedule).await?;
    for (week, weekday, minutes) in [(1, 1, 480), (1, 2, 480), (2, 1, 240)] {
        let day = json!({"workScheduleId": schedule, "cycleWeeks": 2, "weekNo": week, "weekday": weekday,
            "workMinutes": minutes});
        made(&house.owner, "workScheduleDay", day).await?;
    }
    // By contract 16 hours; by schedule ten in an average week; of the third nothing is known.
    let by_contract = house
        .person(json!({"weeklyMinutes": 960, "workScheduleId": schedule}))
        .await?;
    let by_schedule = house.person(json!({"workScheduleId": schedule})).await?;
    let unknown = house.person(json!({})).await?;
    for (person, overtime) in [(by_contract, 480), (by_schedule, 840), (unknown, 0)] {
        for day in ["2027-03-08", "2027-03-09", "2027-03-10"] {
            work(&house, &person, day, "08:00", "16:00").await?;
        }
        let week = json!({"staffId": person, "startsOn": "2027-03-08", "endsOn": "2027-03-15"});
        let opened = house.owner.act("timesheetOpen", week, SHEET).await?;
        assert_eq!(opened["timesheet"]["overtimeMinutes"], overtime);
    }
    house.agrees().await
}
