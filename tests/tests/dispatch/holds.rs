//! Seats that are kept for a while before they are sold.

use anyhow::Context as _;
use futures_util::future::{join, try_join_all};
use serde_json::{Value, json};
use tests::hotel::{Plan, soon};

use super::seats::reserve;
use super::trips::{route, schedule};
use super::{Depot, id};

/// A depot with a trip of four stops.
struct Line {
    depot: Depot,
    trip: String,
}

impl Line {
    async fn of(capacity: i32) -> anyhow::Result<Self> {
        let depot = Depot::open().await?;
        let route = route(&depot).await?;
        let made = schedule(&depot, &route, json!({ "capacity": capacity })).await?;
        let trip = id(&made.must()?.payload()["transportTrip"])?;
        Ok(Self { depot, trip })
    }

    /// Keeps a seat for ten minutes, whatever comes back.
    async fn hold(&self, from: i32, to: i32) -> anyhow::Result<tests::Answer> {
        let besides = json!({ "holdMinutes": 10 });
        reserve(&self.depot, &self.trip, from, to, besides).await
    }

    /// Keeps a seat; its id.
    async fn held(&self, from: i32, to: i32) -> anyhow::Result<String> {
        let answer = self.hold(from, to).await?.must()?;
        assert_eq!(answer.payload()["ticketCode"], Value::Null);
        id(&answer.payload()["tripManifest"])
    }

    async fn confirm(&self, place: &str) -> anyhow::Result<tests::Answer> {
        let input = json!({ "id": place });
        let selection = "tripManifest { status bookingHold { status } } ticketCode";
        self.depot
            .owner
            .verb("tripSeatConfirm", input, selection)
            .await
    }

    async fn release(&self, place: &str) -> anyhow::Result<tests::Answer> {
        let input = json!({ "id": place, "reason": "The cart was emptied" });
        self.depot
            .owner
            .verb("tripSeatCancel", input, "tripManifest { status }")
            .await
    }

    /// Lets all that is kept expire, as if its time were over.
    async fn let_expire(&self) -> anyhow::Result<u64> {
        let sql = "update availability.booking_holds set held_until = clock_timestamp() where status = 'held'";
        let database = self.depot.world.database.owner().await?;
        Ok(database.execute(sql, &[]).await?)
    }

    /// What each leg has sold and keeps.
    async fn legs(&self) -> anyhow::Result<Vec<(i64, i64)>> {
        let read = "{ tripStopInventories(orderBy: [{fromSeq: ASC}]) { nodes { sold held } } }";
        let data = self.depot.owner.read(read).await?;
        let nodes = data["tripStopInventories"]["nodes"].as_array();
        let nodes = nodes.context("there are no legs")?;
        let count = |leg: &Value, name: &str| leg[name].as_i64().context("no count");
        nodes
            .iter()
            .map(|leg| Ok((count(leg, "sold")?, count(leg, "held")?)))
            .collect()
    }

    async fn place(&self, place: &str) -> anyhow::Result<Value> {
        let read =
            format!("{{ tripManifest(id: \"{place}\") {{ status bookingHold {{ status }} }} }}");
        Ok(self.depot.owner.read(&read).await?["tripManifest"].clone())
    }
}

#[tokio::test]
async fn a_seat_is_kept_then_sold_or_given_back() -> anyhow::Result<()> {
    let line = Line::of(1).await?;
    let kept = line.held(1, 3).await?;
    assert_eq!(line.legs().await?, [(0, 1), (0, 1), (0, 0)]);
    for (from, to) in [(1, 2), (2, 4)] {
        line.hold(from, to).await?.must_refuse("SOLD_OUT")?;
    }
    let sold = line.confirm(&kept).await?.must()?;
    let expected = json!({ "status": "RESERVED", "bookingHold": { "status": "CONFIRMED" } });
    assert_eq!(sold.payload()["tripManifest"], expected);
    assert!(sold.payload()["ticketCode"].is_string());
    assert_eq!(line.legs().await?, [(1, 0), (1, 0), (0, 0)]);
    line.confirm(&kept).await?.must_refuse("WRONG_STATUS")?;
    let other = line.held(3, 4).await?;
    line.release(&other).await?.must()?;
    let expected = json!({ "status": "CANCELLED", "bookingHold": { "status": "RELEASED" } });
    assert_eq!(line.place(&other).await?, expected);
    line.confirm(&other).await?.must_refuse("WRONG_STATUS")?;
    assert_eq!(line.legs().await?, [(1, 0), (1, 0), (0, 0)]);
    for minutes in [0, -1, 1_441] {
        let besides = json!({ "holdMinutes": minutes });
        let answer = reserve(&line.depot, &line.trip, 3, 4, besides).await?;
        answer.must_fail("BAD_USER_INPUT")?;
    }
    // A place that has been sold with its stop behind it, and one of somebody else's.
    let late = line.held(3, 4).await?;
    let input = json!({ "id": line.trip, "reason": "Engine" });
    let owner = &line.depot.owner;
    owner
        .act("transportTripCancel", input, "transportTrip { id }")
        .await?;
    line.confirm(&late).await?.must_refuse("WRONG_STATUS")?;
    let expected = json!({ "status": "CANCELLED", "bookingHold": { "status": "CANCELLED" } });
    assert_eq!(line.place(&late).await?, expected);
    assert_eq!(line.depot.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn who_may_not_sell_seats_confirms_none_and_a_repeat_sells_once() -> anyhow::Result<()> {
    let line = Line::of(1).await?;
    let kept = line.held(1, 2).await?;
    let world = &line.depot.world;
    let input = json!({ "id": kept });
    let stranger = world.owner().await?;
    let answer = stranger
        .verb("tripSeatConfirm", input.clone(), "tripManifest { id }")
        .await?;
    answer.must_fail("NOT_FOUND")?;
    let kitchen = world.staff(&line.depot.owner, "kitchen", &[]).await?;
    let answer = kitchen
        .verb("tripSeatConfirm", input, "tripManifest { id }")
        .await?;
    answer.must_fail("FORBIDDEN")?;
    // No verb on holds decides about it.
    let hold = format!("{{ tripManifest(id: \"{kept}\") {{ bookingHoldId }} }}");
    let hold = line.depot.owner.read(&hold).await?["tripManifest"]["bookingHoldId"].clone();
    for verb in ["holdConfirm", "holdRelease"] {
        let answer = line
            .depot
            .owner
            .verb(verb, json!({ "id": hold }), "bookingHold { id }")
            .await?;
        answer.must_fail("NOT_FOUND")?;
    }
    let input = json!({ "id": kept, "idempotencyKey": "sale-1" });
    for replayed in [false, true] {
        let done = line
            .depot
            .owner
            .act("tripSeatConfirm", input.clone(), "replayed")
            .await?;
        assert_eq!(done["replayed"], replayed);
    }
    assert_eq!(line.legs().await?[0], (1, 0));
    Ok(())
}

/// What was sold or kept with a booking is given back with it (E-42); who travels, travels.
#[tokio::test]
async fn e42_a_seat_does_not_stay_taken_by_a_booking_that_was_cancelled() -> anyhow::Result<()> {
    let line = Line::of(3).await?;
    let owner = &line.depot.owner;
    let hotel = line.depot.world.hotel_of(owner, &Plan::default()).await?;
    let booked = hotel.confirmed(soon(0), 1).await?["id"].clone();
    let other = hotel.confirmed(soon(3), 1).await?["id"].clone();
    let with = json!({ "bookingOrderId": booked, "holdMinutes": 10 });
    let kept = reserve(&line.depot, &line.trip, 1, 4, with).await?.must()?;
    let with = json!({ "bookingOrderId": booked });
    let sold = reserve(&line.depot, &line.trip, 2, 3, with.clone()).await?;
    let sold = id(&sold.must()?.payload()["tripManifest"])?;
    let there = reserve(&line.depot, &line.trip, 1, 2, with).await?.must()?;
    let there = id(&there.payload()["tripManifest"])?;
    let with = json!({ "bookingOrderId": other });
    reserve(&line.depot, &line.trip, 2, 3, with).await?.must()?;
    let board = json!({ "id": line.trip });
    owner
        .act("transportTripBoard", board, "transportTrip { id }")
        .await?;
    let boarded = json!({ "id": there, "status": "BOARDED" });
    owner
        .act("tripPassengerMark", boarded, "tripManifest { id }")
        .await?;
    assert_eq!(line.legs().await?, [(1, 1), (2, 1), (0, 1)]);
    let cancel = json!({ "id": booked, "reason": "Ill" });
    owner
        .act("bookingCancel", cancel, "bookingOrder { status }")
        .await?;
    assert_eq!(line.legs().await?, [(1, 0), (1, 0), (0, 0)]);
    let kept = id(&kept.payload()["tripManifest"])?;
    let ended = json!({ "status": "CANCELLED", "bookingHold": { "status": "CANCELLED" } });
    assert_eq!(line.place(&kept).await?, ended);
    assert_eq!(line.place(&sold).await?["status"], "CANCELLED");
    assert_eq!(line.place(&there).await?["status"], "BOARDED");
    line.confirm(&kept).await?.must_refuse("WRONG_STATUS")?;
    assert_eq!(line.depot.world.breaks().await?, 0);
    Ok(())
}

/// No worker runs here: what has expired is out of the way all the same.
#[tokio::test]
async fn inv23_an_expired_hold_blocks_nobody_and_sells_nothing() -> anyhow::Result<()> {
    let line = Line::of(1).await?;
    let lost = line.held(1, 4).await?;
    line.hold(2, 3).await?.must_refuse("SOLD_OUT")?;
    line.let_expire().await?;
    line.confirm(&lost).await?.must_refuse("HOLD_EXPIRED")?;
    assert_eq!(line.legs().await?, [(0, 1); 3], "nobody has noticed");
    let seat = json!({ "seat": "1A" });
    reserve(&line.depot, &line.trip, 2, 3, seat).await?.must()?;
    assert_eq!(line.legs().await?, [(0, 0), (1, 0), (0, 0)]);
    let expected = json!({ "status": "CANCELLED", "bookingHold": { "status": "EXPIRED" } });
    assert_eq!(line.place(&lost).await?, expected);
    line.confirm(&lost).await?.must_refuse("HOLD_EXPIRED")?;
    line.release(&lost).await?.must_refuse("WRONG_STATUS")?;
    // And where nobody asks for the seat, the clock gives it back.
    let other = line.held(3, 4).await?;
    assert_eq!(line.depot.world.run_job("expire_seat_holds").await?, 0);
    line.let_expire().await?;
    assert_eq!(line.depot.world.run_job("expire_seat_holds").await?, 1);
    assert_eq!(line.legs().await?, [(0, 0), (1, 0), (0, 0)]);
    assert_eq!(line.place(&other).await?, expected);
    let told = "select count(*) from core.outbox_events where topic = 'dispatch.seat_hold_expired'";
    let database = line.depot.world.database.owner().await?;
    assert_eq!(database.query_one(told, &[]).await?.get::<_, i64>(0), 2);
    assert_eq!(line.depot.world.breaks().await?, 0);
    Ok(())
}

/// 64 clients keep and buy seats from A to C, from A to B and from B to C: at no time more than there
/// are, with what has expired out of the way of those who come after.
#[tokio::test]
async fn inv23_seats_held_and_sold_never_exceed_a_leg() -> anyhow::Result<()> {
    let line = Line::of(6).await?;
    let ways = [(1, 3), (1, 2), (2, 3)];
    let wish = |index: usize| {
        let (from, to) = ways[index % ways.len()];
        let besides = if index.is_multiple_of(2) {
            json!({ "holdMinutes": 10 })
        } else {
            json!({})
        };
        reserve(&line.depot, &line.trip, from, to, besides)
    };
    let mut kept = Vec::new();
    for answer in try_join_all((0..64).map(wish)).await? {
        assert!(answer.errors().is_empty(), "{}", answer.body);
        match answer.user_code() {
            None if answer.payload()["ticketCode"].is_null() => {
                kept.push(id(&answer.payload()["tripManifest"])?);
            }
            None | Some("SOLD_OUT") => {}
            Some(_) => anyhow::bail!("{}", answer.body),
        }
    }
    let legs = line.legs().await?;
    assert!(
        legs[..2].iter().all(|(sold, held)| sold + held == 6),
        "64 wishes fill both legs, and no more: {legs:?}"
    );
    assert!(!kept.is_empty(), "somebody keeps a seat");
    // Some are sold while all others expire, and 64 more come for what is left.
    let (now, late) = kept.split_at(kept.len() / 2);
    for place in now {
        line.confirm(place).await?.must()?;
    }
    line.let_expire().await?;
    let confirming = try_join_all(late.iter().map(|place| line.confirm(place)));
    let (taken, confirmed) = join(try_join_all((0..64).map(wish)), confirming).await;
    for answer in confirmed? {
        answer.must_refuse("HOLD_EXPIRED")?;
    }
    for answer in taken? {
        assert!(answer.errors().is_empty(), "{}", answer.body);
        assert!(
            matches!(answer.user_code(), None | Some("SOLD_OUT")),
            "{}",
            answer.body
        );
    }
    let legs = line.legs().await?;
    assert!(
        legs[..2].iter().all(|(sold, held)| sold + held == 6),
        "what expired was taken by others: {legs:?}"
    );
    assert_eq!(line.depot.world.breaks().await?, 0);
    Ok(())
}
