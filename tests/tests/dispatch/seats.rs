//! Seats leg by leg.

use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::trips::{route, schedule};
use super::{Depot, id, with};

/// Takes a seat, whatever comes back.
pub(super) async fn reserve(
    depot: &Depot,
    trip: &str,
    from: i32,
    to: i32,
    besides: Value,
) -> anyhow::Result<tests::Answer> {
    let input = json!({"tripId": trip, "fromSeq": from, "toSeq": to});
    depot
        .owner
        .verb(
            "tripSeatReserve",
            with(input, besides),
            "tripManifest { id status } ticketCode",
        )
        .await
}

async fn trip(depot: &Depot, capacity: i32) -> anyhow::Result<String> {
    let route = route(depot).await?;
    let made = schedule(depot, &route, json!({"capacity": capacity}))
        .await?
        .must()?;
    id(&made.payload()["transportTrip"])
}

/// What each leg of a trip has sold.
async fn sold(depot: &Depot) -> anyhow::Result<Vec<i64>> {
    let data = depot
        .owner
        .read("{ tripStopInventories(orderBy: [{fromSeq: ASC}]) { nodes { sold } } }")
        .await?;
    let nodes = data["tripStopInventories"]["nodes"].as_array().cloned();
    Ok(nodes
        .unwrap_or_default()
        .iter()
        .filter_map(|node| node["sold"].as_i64())
        .collect())
}

#[tokio::test]
async fn e78_a_ticket_takes_every_leg_between() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let trip = trip(&depot, 1).await?;
    reserve(&depot, &trip, 1, 2, json!({})).await?.must()?;
    let second = reserve(&depot, &trip, 2, 3, json!({})).await?.must()?;
    reserve(&depot, &trip, 1, 3, json!({}))
        .await?
        .must_refuse("SOLD_OUT")?;
    reserve(&depot, &trip, 2, 4, json!({}))
        .await?
        .must_refuse("SOLD_OUT")?;
    reserve(&depot, &trip, 3, 4, json!({})).await?.must()?;
    assert_eq!(sold(&depot).await?, [1, 1, 1]);
    let input = json!({"id": second.payload()["tripManifest"]["id"], "reason": "ill"});
    depot
        .owner
        .act("tripSeatCancel", input.clone(), "tripManifest { status }")
        .await?;
    assert_eq!(sold(&depot).await?, [1, 0, 1]);
    depot
        .owner
        .verb("tripSeatCancel", input, "tripManifest { status }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    reserve(&depot, &trip, 2, 3, json!({})).await?.must()?;
    Ok(())
}

#[tokio::test]
async fn inv23_of_many_who_want_the_last_seats_as_many_get_one() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let trip = trip(&depot, 5).await?;
    let wishes = [(1, 4), (1, 2), (2, 3), (3, 4), (2, 4), (1, 3)];
    let all = (0..48).map(|index| {
        let (from, to) = wishes[index % wishes.len()];
        reserve(&depot, &trip, from, to, json!({}))
    });
    for answer in try_join_all(all).await? {
        assert!(answer.errors().is_empty(), "{}", answer.body);
        assert!(
            matches!(answer.user_code(), None | Some("SOLD_OUT")),
            "{}",
            answer.body
        );
    }
    let taken = sold(&depot).await?;
    assert!(taken.iter().all(|sold| *sold <= 5), "{taken:?}");
    // Whoever asked for one leg alone found it while there was room.
    let left = taken.iter().filter(|sold| **sold < 5).count();
    assert_eq!(left, 0, "48 wishes fill every leg: {taken:?}");
    let sql = depot.world.database.platform(depot.owner.biz_id).await?;
    let row = sql
        .query_one(
            "select count(*) from dispatch.trip_stop_inventory i where i.sold <> (select coalesce(sum(m.seats), 0) \
             from dispatch.trip_manifests m where m.biz_id = i.biz_id and m.trip_id = i.trip_id \
               and m.from_seq <= i.from_seq and m.to_seq > i.from_seq and m.status <> 'cancelled')",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, i64>(0), 0);
    Ok(())
}

#[tokio::test]
async fn a_certain_seat_is_one_passengers_on_a_leg() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let trip = trip(&depot, 5).await?;
    let seat = json!({"seat": "1A"});
    reserve(&depot, &trip, 1, 3, seat.clone()).await?.must()?;
    reserve(&depot, &trip, 2, 4, seat.clone())
        .await?
        .must_refuse("SEAT_TAKEN")?;
    reserve(&depot, &trip, 3, 4, seat).await?.must()?;
    reserve(&depot, &trip, 1, 2, json!({"seats": 2, "seat": "1B"}))
        .await?
        .must_refuse("INVALID")?;
    assert_eq!(sold(&depot).await?, [1, 1, 1], "nothing is half taken");
    Ok(())
}

#[tokio::test]
async fn wrong_stops_and_closed_trips_are_refused() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let trip = trip(&depot, 5).await?;
    for (from, to) in [(2, 1), (1, 1), (0, 2), (1, 9), (-3, 2)] {
        reserve(&depot, &trip, from, to, json!({}))
            .await?
            .must_refuse("INVALID_STOPS")?;
    }
    reserve(&depot, &trip, 1, 2, json!({"seats": 0}))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    let input = json!({"id": trip, "reason": "x"});
    depot
        .owner
        .act("transportTripCancel", input, "transportTrip { id }")
        .await?;
    reserve(&depot, &trip, 1, 2, json!({}))
        .await?
        .must_refuse("TRIP_CLOSED")?;
    Ok(())
}

/// Says of a passenger what becomes of them, whatever comes back.
async fn mark(
    depot: &Depot,
    passenger: &tests::Answer,
    status: &str,
    besides: Value,
) -> anyhow::Result<tests::Answer> {
    let id = passenger.payload()["tripManifest"]["id"].clone();
    let input = with(json!({"id": id, "status": status}), besides);
    let selection = "tripManifest { status passengerName }";
    depot
        .owner
        .verb("tripPassengerMark", input, selection)
        .await
}

#[tokio::test]
async fn a_passenger_gets_in_with_the_ticket_and_who_does_not_has_not_come() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let trip = trip(&depot, 5).await?;
    let go = async |verb: &str| {
        let input = json!({"id": trip});
        depot.owner.act(verb, input, "transportTrip { id }").await
    };
    let there = reserve(&depot, &trip, 1, 3, json!({"passengerName": "Ana"}))
        .await?
        .must()?;
    let missing = reserve(&depot, &trip, 1, 2, json!({})).await?.must()?;
    mark(&depot, &there, "BOARDED", json!({}))
        .await?
        .must_refuse("TRIP_CLOSED")?;
    go("transportTripBoard").await?;
    mark(&depot, &there, "BOARDED", json!({"ticketCode": "wrong"}))
        .await?
        .must_refuse("WRONG_TICKET")?;
    let code = json!({"ticketCode": there.payload()["ticketCode"]});
    let boarded = mark(&depot, &there, "BOARDED", code).await?.must()?;
    assert_eq!(
        boarded.payload()["tripManifest"],
        json!({"status": "BOARDED", "passengerName": "Ana"})
    );
    go("transportTripDepart").await?;
    let row = missing.payload()["tripManifest"]["id"]
        .as_str()
        .unwrap_or_default();
    let data = depot
        .owner
        .read(&format!("{{ tripManifest(id: \"{row}\") {{ status }} }}"))
        .await?;
    assert_eq!(data["tripManifest"]["status"], "NO_SHOW");
    mark(&depot, &there, "ALIGHTED", json!({})).await?.must()?;
    mark(&depot, &there, "BOARDED", json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}
