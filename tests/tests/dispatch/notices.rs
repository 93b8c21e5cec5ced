//! What passengers are told of their trip, and how full and how far vehicles drove.

use chrono::{DateTime, Duration, Utc};
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

/// The customers of a trip, each with two seats, from the first or the second stop on. The last one has
/// no address.
async fn passengers(depot: &Depot, trip: &str) -> anyhow::Result<Vec<Value>> {
    let owner = &depot.owner;
    let hotel = depot.world.hotel_of(owner, &Plan::default()).await?;
    let mut customers = Vec::new();
    for (person, from) in [
        (json!({ "fullName": "Ana", "email": "ana@example.com" }), 1),
        (json!({ "fullName": "Rui", "email": "rui@example.com" }), 2),
        (json!({ "fullName": "Eva" }), 1),
    ] {
        let customer = made(owner, "customer", person).await?;
        let stay = hotel.stay(soon(3 * i64::try_from(customers.len())?), 1);
        let stay = with(stay, json!({ "customerId": customer }));
        let booked = json!({ "bookingOrderId": hotel.book(stay).await?["id"] });
        for from in [from, from + 1] {
            let seat = reserve(depot, trip, from, from + 1, booked.clone());
            seat.await?.must()?;
        }
        customers.push(json!(customer));
    }
    Ok(customers)
}

/// Sorted by what they say.
fn sorted(mut mails: Vec<(Value, String)>) -> Vec<(Value, String)> {
    mails.sort_by_key(|(_, body)| body.clone());
    mails
}

#[tokio::test]
async fn who_waits_for_a_trip_is_told_that_it_is_late_or_does_not_take_place() -> anyhow::Result<()>
{
    let depot = Depot::open().await?;
    let owner = &depot.owner;
    let route = route(&depot).await?;
    let trip = schedule(&depot, &route, json!({})).await?.must()?;
    let trip = id(&trip.payload()["transportTrip"])?;
    let customers = passengers(&depot, &trip).await?;
    let told = |says: &dyn Fn(&str, &str) -> String, times: [&str; 2]| {
        let both = customers.iter().zip(["Stop 1", "Stop 2"]).zip(times);
        both.map(|((customer, stop), at)| (customer.clone(), says(stop, at)))
            .collect::<Vec<_>>()
    };
    let day = soon(0);
    for minutes in [12, 12, 0] {
        let input = json!({ "id": trip, "minutes": minutes });
        owner
            .act("transportTripDelay", input, "transportTrip { id }")
            .await?;
    }
    let late = |stop: &str, at: &str| {
        format!("Trip TR-000001 is 12 minutes late: it leaves {stop} on {day} at {at}.")
    };
    let mut sent = mails(&depot).await?;
    assert_eq!(
        sent.len(),
        4,
        "once a delay, and once for two seats: {sent:?}"
    );
    let again = sent.split_off(2);
    assert_eq!(sorted(sent), told(&late, ["08:42", "08:53"]));
    assert!(again[0].1.contains("is on time again"), "{again:?}");
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
    let last = mails(&depot).await?.split_off(4);
    assert_eq!(sorted(last), told(&cancelled, ["08:30", "08:41"]));
    Ok(())
}

const REPORT: &str = "query($l: ID!, $from: DateTime!, $to: DateTime!) { dispatchPerformance(locationId: $l, from: $from, to: $to) {
    completed failed onTimeShare firstAttemptFailedShare completedPerDriverHour kilometresPerTask loadFactor
    etaErrorP50Minutes etaErrorP90Minutes } }";

/// What is told of a depot from an hour ago to an hour hence.
async fn report(depot: &Depot, from: DateTime<Utc>) -> anyhow::Result<Value> {
    let to = depot.now() + Duration::hours(1);
    let of = json!({ "l": depot.location, "from": from, "to": to });
    let answer = depot.owner.graphql(REPORT, of).await?.must()?;
    Ok(answer.data("/dispatchPerformance").clone())
}

/// A shift of two hours and thirty kilometres, in which two tasks are completed and one fails.
async fn driven(depot: &mut Depot) -> anyhow::Result<()> {
    let shift = depot.shift(8).await?;
    let odometer = |metres: i64| json!({ "id": shift, "odometerM": metres });
    let begin = depot
        .owner
        .act("driverShiftBegin", odometer(1_000), "driverShift { id }");
    begin.await?;
    for end in ["Complete", "Complete", "Fail"] {
        let task = depot.task(json!({})).await?;
        depot
            .go(&task, &["Assign", "Accept", "Start", "Arrive", end])
            .await?;
    }
    depot.world.clock.advance(Duration::hours(2));
    depot.owner = depot.world.again(&depot.owner).await?;
    let finish = depot
        .owner
        .act("driverShiftFinish", odometer(31_000), "driverShift { id }");
    finish.await.map(drop)
}

#[tokio::test]
async fn a_report_tells_how_well_how_far_and_how_full_it_was_driven() -> anyhow::Result<()> {
    let mut depot = Depot::open().await?;
    let from = depot.now() - Duration::hours(1);
    let empty = report(&depot, from).await?;
    assert_eq!(
        (&empty["completed"], &empty["failed"]),
        (&json!(0), &json!(0))
    );
    for share in [
        "onTimeShare",
        "kilometresPerTask",
        "loadFactor",
        "etaErrorP90Minutes",
    ] {
        assert_eq!(empty[share], Value::Null, "{share}");
    }
    driven(&mut depot).await?;
    let route = route(&depot).await?;
    let trip = schedule(&depot, &route, json!({ "capacity": 4 })).await?;
    let trip = id(&trip.must()?.payload()["transportTrip"])?;
    // Three legs of four seats, of which five are sold; one that is only kept is not.
    let held = json!({ "holdMinutes": 10 });
    for (from, to, besides) in [(1, 4, json!({})), (2, 4, json!({})), (1, 2, held)] {
        reserve(&depot, &trip, from, to, besides).await?.must()?;
    }
    for verb in ["transportTripBoard", "transportTripDepart"] {
        let input = json!({ "id": trip });
        depot.owner.act(verb, input, "transportTrip { id }").await?;
    }
    let told = report(&depot, from).await?;
    assert_eq!(
        (&told["completed"], &told["failed"]),
        (&json!(2), &json!(1))
    );
    for (name, value, off) in [
        ("onTimeShare", 1.0, 0.0001),
        ("firstAttemptFailedShare", 0.3333, 0.0001),
        ("kilometresPerTask", 15.0, 0.0001),
        ("loadFactor", 0.4167, 0.0001),
        ("completedPerDriverHour", 1.0, 0.05),
    ] {
        let number: f64 = told[name].as_str().unwrap_or_default().parse()?;
        assert!((number - value).abs() < off, "{name}: {told}");
    }
    let stranger = depot.world.owner().await?;
    let of = json!({ "l": depot.location, "from": from, "to": depot.now() });
    let answer = stranger.graphql(REPORT, of).await?;
    answer.must_fail("NOT_FOUND")?;
    Ok(())
}
