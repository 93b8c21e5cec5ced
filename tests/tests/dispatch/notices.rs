//! What passengers are told of their trip, and how full and how far vehicles drove.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::{Plan, made, soon};

use super::seats::reserve;
use super::trips::{route, schedule};
use super::{Depot, id, with};

/// The bodies of the mails that were written, the oldest first, each with whom it is for.
async fn mails(depot: &Depot) -> anyhow::Result<Vec<(Value, String)>> {
    let read = "{ messages(orderBy: [{occurredAt: ASC}, {id: ASC}]) { nodes { body thread { title customerId } } } }";
    let data = depot.owner.read(read).await?;
    let nodes = data["messages"]["nodes"].as_array().into_iter().flatten();
    let told = |node: &Value| node["body"].as_str().unwrap_or_default().to_owned();
    Ok(nodes
        .map(|node| (node["thread"]["customerId"].clone(), told(node)))
        .collect())
}

#[tokio::test]
async fn who_waits_for_a_trip_is_told_that_it_is_late_or_does_not_take_place() -> anyhow::Result<()>
{
    let depot = Depot::open().await?;
    let owner = &depot.owner;
    let route = route(&depot).await?;
    let trip = schedule(&depot, &route, json!({})).await?.must()?;
    let trip = id(&trip.payload()["transportTrip"])?;
    let hotel = depot.world.hotel_of(owner, &Plan::default()).await?;
    let mut customers = Vec::new();
    for (person, from) in [
        (json!({ "fullName": "Ana", "email": "ana@example.com" }), 1),
        (json!({ "fullName": "Rui", "email": "rui@example.com" }), 2),
        // Who has no address is told by nobody.
        (json!({ "fullName": "Eva" }), 1),
    ] {
        let customer = made(owner, "customer", person).await?;
        let stay = hotel.stay(soon(3 * i64::try_from(customers.len())?), 1);
        let booked = hotel
            .book(with(stay, json!({ "customerId": customer })))
            .await?;
        let besides = json!({ "bookingOrderId": booked["id"] });
        // Two seats of one customer are one mail.
        for (from, to) in [(from, from + 1), (from + 1, from + 2)] {
            reserve(&depot, &trip, from, to, besides.clone())
                .await?
                .must()?;
        }
        customers.push(json!(customer));
    }
    let delay = async |minutes: i32| {
        let input = json!({ "id": trip, "minutes": minutes });
        let done = owner
            .verb("transportTripDelay", input, "transportTrip { id }")
            .await?;
        done.must().map(drop)
    };
    delay(12).await?;
    delay(12).await?;
    let day = soon(0);
    let late = |stop: &str, at: &str| {
        format!("Trip TR-000001 is 12 minutes late: it leaves {stop} on {day} at {at}.")
    };
    let mut expected = vec![
        (customers[0].clone(), late("Stop 1", "08:42")),
        (customers[1].clone(), late("Stop 2", "08:53")),
    ];
    let sorted = |mut mails: Vec<(Value, String)>| {
        mails.sort_by_key(|(_, body)| body.clone());
        mails
    };
    assert_eq!(sorted(mails(&depot).await?), expected, "once a delay");
    delay(0).await?;
    let told = mails(&depot).await?;
    assert_eq!(told.len(), 4);
    assert!(told[2].1.contains("is on time again"), "{told:?}");
    let input = json!({ "id": trip, "reason": "The road is flooded." });
    // What is only tried is told to nobody.
    let dry = with(input.clone(), json!({ "dryRun": true }));
    for input in [dry, input] {
        owner
            .act("transportTripCancel", input, "transportTrip { id }")
            .await?;
    }
    let cancelled = |stop: &str, at: &str| {
        format!(
            "Trip TR-000001 from {stop} on {day} at {at} does not take place: The road is flooded."
        )
    };
    expected = vec![
        (customers[0].clone(), cancelled("Stop 1", "08:30")),
        (customers[1].clone(), cancelled("Stop 2", "08:41")),
    ];
    assert_eq!(sorted(mails(&depot).await?.split_off(4)), expected);
    Ok(())
}

const REPORT: &str = "query($l: ID!, $from: DateTime!, $to: DateTime!) { dispatchPerformance(locationId: $l, from: $from, to: $to) {
    completed failed onTimeShare firstAttemptFailedShare completedPerDriverHour kilometresPerTask loadFactor
    etaErrorP50Minutes etaErrorP90Minutes } }";

#[tokio::test]
async fn a_report_tells_how_well_how_far_and_how_full_it_was_driven() -> anyhow::Result<()> {
    let mut depot = Depot::open().await?;
    let from = depot.now() - Duration::hours(1);
    let report = async |depot: &Depot| -> anyhow::Result<Value> {
        let to = depot.now() + Duration::hours(1);
        let of = json!({ "l": depot.location, "from": from, "to": to });
        let answer = depot.owner.graphql(REPORT, of).await?.must()?;
        Ok(answer.data("/dispatchPerformance").clone())
    };
    let empty = report(&depot).await?;
    assert_eq!((&empty["completed"], &empty["failed"]), (&json!(0), &json!(0)));
    for share in ["onTimeShare", "kilometresPerTask", "loadFactor", "etaErrorP90Minutes"] {
        assert_eq!(empty[share], Value::Null, "{share}");
    }
    let shift = depot.shift(8).await?;
    let input = json!({ "id": shift, "odometerM": 1_000 });
    depot
        .owner
        .act("driverShiftBegin", input, "driverShift { id }")
        .await?;
    for end in ["Complete", "Complete", "Fail"] {
        let task = depot.task(json!({})).await?;
        depot
            .go(&task, &["Assign", "Accept", "Start", "Arrive", end])
            .await?;
    }
    depot.world.clock.advance(Duration::hours(2));
    depot.owner = depot.world.again(&depot.owner).await?;
    let input = json!({ "id": shift, "odometerM": 31_000 });
    depot
        .owner
        .act("driverShiftFinish", input, "driverShift { id }")
        .await?;
    let route = route(&depot).await?;
    let trip = schedule(&depot, &route, json!({ "capacity": 4 })).await?;
    let trip = id(&trip.must()?.payload()["transportTrip"])?;
    // Three legs of four seats, of which five are sold; one that is only kept is not.
    for (from, to, besides) in [
        (1, 4, json!({})),
        (2, 4, json!({})),
        (1, 2, json!({ "holdMinutes": 10 })),
    ] {
        reserve(&depot, &trip, from, to, besides).await?.must()?;
    }
    for verb in ["transportTripBoard", "transportTripDepart"] {
        let input = json!({ "id": trip });
        depot.owner.act(verb, input, "transportTrip { id }").await?;
    }
    let told = report(&depot).await?;
    let number = |name: &str| -> f64 {
        let text = told[name].as_str().unwrap_or_default();
        text.parse().unwrap_or(-1.0)
    };
    assert_eq!((&told["completed"], &told["failed"]), (&json!(2), &json!(1)));
    for (name, value) in [
        ("onTimeShare", 1.0),
        ("firstAttemptFailedShare", 0.3333),
        ("kilometresPerTask", 15.0),
        ("loadFactor", 0.4167),
    ] {
        assert!((number(name) - value).abs() < 0.0001, "{name}: {told}");
    }
    assert!((number("completedPerDriverHour") - 1.0).abs() < 0.05, "{told}");
    let stranger = depot.world.owner().await?;
    let of = json!({ "l": depot.location, "from": from, "to": depot.now() });
    let answer = stranger.graphql(REPORT, of).await?;
    answer.must_fail("NOT_FOUND")?;
    Ok(())
}
