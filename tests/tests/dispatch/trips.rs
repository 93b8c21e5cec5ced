//! Trips of a route, from the timetable to the last stop.

use serde_json::{Value, json};
use tests::hotel::made;
use tests::hotel::soon;

use super::{Depot, id, with};

/// A route of four stops, ten minutes apart, by Lisbon's clocks.
pub(super) async fn route(depot: &Depot) -> anyhow::Result<String> {
    let code = format!("L{}", tests::actor::unique());
    let input =
        json!({"code": code, "name": "Coast", "mode": "SHUTTLE", "timezone": "Europe/Lisbon"});
    let route = made(&depot.owner, "transportRoute", input).await?;
    for seq in 1..=4 {
        let input = json!({
            "routeId": route, "seq": seq, "name": format!("Stop {seq}"),
            "arrivalOffsetMinutes": (seq - 1) * 10, "dwellMinutes": if seq == 1 { 0 } else { 1 },
        });
        made(&depot.owner, "transportRouteStop", input).await?;
    }
    Ok(route)
}

/// Makes a trip of a route, whatever comes back.
pub(super) async fn schedule(
    depot: &Depot,
    route: &str,
    besides: Value,
) -> anyhow::Result<tests::Answer> {
    let input = json!({
        "routeId": route, "locationId": depot.location, "serviceDate": soon(0), "departsAtLocal": "08:30",
        "vehicleId": depot.vehicle, "driverId": depot.driver,
    });
    let selection = "transportTrip { id status departsAt arrivesAt capacity }";
    depot
        .owner
        .verb("transportTripSchedule", with(input, besides), selection)
        .await
}

async fn change(
    depot: &Depot,
    verb: &str,
    trip: &str,
    besides: Value,
) -> anyhow::Result<tests::Answer> {
    let input = with(json!({"id": trip}), besides);
    depot
        .owner
        .verb(
            &format!("transportTrip{verb}"),
            input,
            "transportTrip { status delayMinutes }",
        )
        .await
}

#[tokio::test]
async fn a_trip_runs_from_stop_to_stop() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let route = route(&depot).await?;
    let made = schedule(&depot, &route, json!({})).await?.must()?;
    let trip = &made.payload()["transportTrip"];
    assert_eq!(
        (&trip["status"], &trip["capacity"]),
        (&json!("SCHEDULED"), &json!(8))
    );
    let trip = id(trip)?;
    schedule(&depot, &route, json!({}))
        .await?
        .must_refuse("VEHICLE_TAKEN")?;
    schedule(&depot, &route, json!({"vehicleId": null, "capacity": 4}))
        .await?
        .must_refuse("DRIVER_TAKEN")?;
    let stops = format!(
        "{{ tripStops(filter: {{tripId: {{eq: \"{trip}\"}}}}, orderBy: [{{seq: ASC}}]) {{ nodes {{ id status }} }} \
            tripStopInventories {{ totalCount }} }}"
    );
    let data = depot.owner.read(&stops).await?;
    let legs = &data["tripStopInventories"]["totalCount"];
    assert_eq!(*legs, 3, "three legs of four stops");
    change(&depot, "Depart", &trip, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    change(&depot, "Board", &trip, json!({})).await?.must()?;
    change(&depot, "Depart", &trip, json!({})).await?.must()?;
    let late = change(&depot, "Delay", &trip, json!({"minutes": 12}))
        .await?
        .must()?;
    assert_eq!(late.payload()["transportTrip"]["delayMinutes"], 12);
    change(&depot, "Delay", &trip, json!({"minutes": -1}))
        .await?
        .must_refuse("INVALID_DELAY")?;
    let told = depot.owner.read("{ etaEvents { totalCount } }").await?;
    let told = &told["etaEvents"]["totalCount"];
    assert_eq!(*told, 3, "one for each stop ahead");
    let second = id(&data["tripStops"]["nodes"][1])?;
    let mark = async |status: &str| {
        let input = json!({"id": second, "status": status});
        depot
            .owner
            .verb("tripStopMark", input, "tripStop { status }")
            .await
    };
    mark("DEPARTED").await?.must_refuse("WRONG_STATUS")?;
    mark("ARRIVED").await?.must()?;
    mark("DEPARTED").await?.must()?;
    change(&depot, "Cancel", &trip, json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    change(&depot, "Complete", &trip, json!({})).await?.must()?;
    change(&depot, "Delay", &trip, json!({"minutes": 1}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

/// Where clocks go on from 01:00 to 02:00, a departure at 01:30 is when they have; and at 08:30 it is
/// 08:30 in summer as in winter.
#[tokio::test]
async fn a_trip_departs_by_the_local_clock() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let route = route(&depot).await?;
    for (date, time, departs_at) in [
        ("2027-03-28", "01:30", "2027-03-28T01:00:00Z"),
        ("2027-03-28", "08:30", "2027-03-28T07:30:00Z"),
        ("2027-01-28", "08:30:00", "2027-01-28T08:30:00Z"),
    ] {
        let besides = json!({"serviceDate": date, "departsAtLocal": time});
        let made = schedule(&depot, &route, besides).await?.must()?;
        assert_eq!(made.payload()["transportTrip"]["departsAt"], departs_at);
    }
    schedule(&depot, &route, json!({"departsAtLocal": "25:00"}))
        .await?
        .must_refuse("INVALID_TIME")?;
    schedule(&depot, &route, json!({"vehicleId": null}))
        .await?
        .must_refuse("CAPACITY_REQUIRED")?;
    Ok(())
}

#[tokio::test]
async fn who_loses_a_seat_with_a_trip_is_told() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let route = route(&depot).await?;
    let made = schedule(&depot, &route, json!({})).await?.must()?;
    let trip = id(&made.payload()["transportTrip"])?;
    for (from, to) in [(1, 3), (2, 4)] {
        super::seats::reserve(&depot, &trip, from, to, json!({}))
            .await?
            .must()?;
    }
    let input = json!({"id": trip, "reason": "engine"});
    let done = depot
        .owner
        .act(
            "transportTripCancel",
            input,
            "transportTrip { status } passengers { status fromSeq }",
        )
        .await?;
    assert_eq!(done["transportTrip"]["status"], "CANCELLED");
    assert_eq!(
        done["passengers"],
        json!([{"status": "CANCELLED", "fromSeq": 1}, {"status": "CANCELLED", "fromSeq": 2}])
    );
    // The vehicle is free for another trip.
    schedule(&depot, &route, json!({})).await?.must()?;
    Ok(())
}
