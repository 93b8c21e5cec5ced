//! Shifts at the wheel.

use chrono::Duration;
use serde_json::json;

use super::Depot;

#[tokio::test]
async fn neither_driver_nor_vehicle_has_two_shifts_at_once() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    depot.shift(8).await?;
    let (other_van, other_driver) = super::van(&depot.owner, &depot.location).await?;
    let plan = async |driver: &str, vehicle: &str, after: i64| {
        let input = json!({
            "driverId": driver, "vehicleId": vehicle, "locationId": depot.location,
            "startsAt": depot.now() + Duration::hours(after), "endsAt": depot.now() + Duration::hours(after + 2),
        });
        depot
            .owner
            .verb("driverShiftPlan", input, "driverShift { id status }")
            .await
    };
    plan(&depot.driver, &other_van, 4)
        .await?
        .must_refuse("DRIVER_TAKEN")?;
    plan(&other_driver, &depot.vehicle, 4)
        .await?
        .must_refuse("VEHICLE_TAKEN")?;
    plan(&depot.driver, &depot.vehicle, 9).await?.must()?;
    plan(&other_driver, &other_van, 4).await?.must()?;
    Ok(())
}

#[tokio::test]
async fn a_shift_ends_when_no_task_is_under_way() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let shift = depot.shift(8).await?;
    let change = async |verb: &str, besides: serde_json::Value| {
        let input = super::with(json!({"id": shift}), besides);
        depot
            .owner
            .verb(verb, input, "driverShift { status vehicle { dutyStatus } }")
            .await
    };
    change("driverShiftFinish", json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let begun = change("driverShiftBegin", json!({"odometerM": 1_000}))
        .await?
        .must()?;
    assert_eq!(
        begun.payload()["driverShift"],
        json!({"status": "ACTIVE", "vehicle": {"dutyStatus": "AVAILABLE"}})
    );
    let task = depot.task(json!({})).await?;
    depot.go(&task, &["Assign", "Accept", "Start"]).await?;
    change("driverShiftFinish", json!({}))
        .await?
        .must_refuse("TASK_UNDER_WAY")?;
    depot.go(&task, &["Arrive", "Complete"]).await?;
    change("driverShiftFinish", json!({"odometerM": 999}))
        .await?
        .must_refuse("ODOMETER_BACKWARDS")?;
    let ended = change("driverShiftFinish", json!({"odometerM": 31_000}))
        .await?
        .must()?;
    assert_eq!(
        ended.payload()["driverShift"],
        json!({"status": "COMPLETED", "vehicle": {"dutyStatus": "OFF_DUTY"}})
    );
    change("driverShiftCancel", json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}
