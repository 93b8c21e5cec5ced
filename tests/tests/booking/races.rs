//! Many at once: one wins, nobody waits for ever, and the counters are right afterwards (E-01, E-16,
//! invariants 1 to 3).

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::hotel::{Plan, soon};
use tests::{Answer, World};

use super::resources::Room;
use super::{Count, Desk, with};

/// How many connections the server has, and so how many transactions meet.
const CONNECTIONS: u32 = 24;

async fn desk(rooms: i32) -> anyhow::Result<Desk> {
    let world = World::with_pool(CONNECTIONS).await?;
    Desk::over(
        world,
        &Plan {
            rooms,
            ..Plan::default()
        },
    )
    .await
}

/// All inputs at once; how often each code came back, and "" for what was done.
async fn book_all(
    desk: &Desk,
    inputs: impl IntoIterator<Item = Value>,
) -> anyhow::Result<BTreeMap<String, usize>> {
    let owner = &desk.hotel.owner;
    let requests = inputs
        .into_iter()
        .map(|input| owner.verb("bookingCreate", input, "bookingOrder { id }"));
    let answers = join_all(requests)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let mut codes = BTreeMap::new();
    for answer in &answers {
        let code = answer.user_code().or(answer.code()).unwrap_or_default();
        *codes.entry(code.to_owned()).or_default() += 1;
    }
    Ok(codes)
}

fn tally<const N: usize>(codes: [(&str, usize); N]) -> BTreeMap<String, usize> {
    codes
        .iter()
        .map(|(code, count)| ((*code).to_owned(), *count))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv02_of_sixty_four_clients_after_the_last_room_one_wins() -> anyhow::Result<()> {
    let desk = desk(1).await?;
    for (day, confirm) in [(0, true), (3, false)] {
        let input = with(desk.hotel.stay(soon(day), 1), json!({"confirm": confirm}));
        let codes = book_all(&desk, vec![input; 64]).await?;
        assert_eq!(codes, tally([("", 1), ("SOLD_OUT", 63)]));
    }
    assert_eq!(
        desk.counts().await?,
        [
            (
                soon(0),
                Count {
                    held: 0,
                    occupied: 1
                }
            ),
            (
                soon(3),
                Count {
                    held: 1,
                    occupied: 0
                }
            )
        ]
    );
    desk.must_agree().await
}

/// Five rooms, two at a time: two bookings fit, and a part of one never.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv02_what_is_left_is_shared_out_and_no_more() -> anyhow::Result<()> {
    let desk = desk(5).await?;
    let input = with(
        desk.hotel.stay(soon(0), 1),
        json!({"confirm": true, "units": 2}),
    );
    let codes = book_all(&desk, vec![input; 32]).await?;
    assert_eq!(codes, tally([("", 2), ("SOLD_OUT", 30)]));
    assert_eq!(
        desk.counts().await?,
        [(
            soon(0),
            Count {
                held: 0,
                occupied: 4
            }
        )]
    );
    desk.must_agree().await
}

/// Stays that cross each other in every way: nobody deadlocks, no stay is taken in part, and no
/// night is over its capacity.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e16_multi_day_stays_in_every_direction_are_taken_whole_or_not_at_all() -> anyhow::Result<()>
{
    let desk = desk(2).await?;
    let mut random = StdRng::seed_from_u64(16);
    let inputs: Vec<Value> = (0..64)
        .map(|index| {
            let from = random.random_range(0..7);
            let nights = random.random_range(1..=8 - from);
            with(
                desk.hotel.stay(soon(from), nights),
                json!({"confirm": index % 2 == 0}),
            )
        })
        .collect();
    let codes = book_all(&desk, inputs).await?;
    let (done, refused) = (
        codes.get("").copied().unwrap_or_default(),
        codes.get("SOLD_OUT").copied().unwrap_or_default(),
    );
    assert_eq!(done + refused, 64, "{codes:?}");
    assert!(done >= 2, "{codes:?}");
    for (day, count) in desk.counts().await? {
        assert!(count.held + count.occupied <= 2, "{day}: {count:?}");
    }
    let torn = "select count(*) from booking.booking_orders o
        where (select count(*) from availability.allocations a where a.source_id = o.id) <> o.check_out_on - o.check_in_on";
    assert_eq!(
        desk.sql.query_one(torn, &[]).await?.try_get::<_, i64>(0)?,
        0
    );
    desk.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv01_of_thirty_two_writers_on_one_resource_one_wins() -> anyhow::Result<()> {
    let room = Room::open(desk(1).await?).await?;
    // All of them overlap, each in its own way, some by their buffers alone.
    let inputs = (0..32).map(|index| {
        let input = room.use_(600 + index, 45);
        with(
            input,
            json!({"confirm": index % 2 == 0, "bufferBeforeMinutes": index % 3 * 10}),
        )
    });
    let codes = book_all(&room.desk, inputs).await?;
    assert_eq!(codes, tally([("", 1), ("SLOT_TAKEN", 31)]));
    let overlaps = "select count(*) from availability.allocations a join availability.allocations b
        on b.resource_id = a.resource_id and b.id > a.id and b.blocked_period && a.blocked_period
        where a.status in ('hold', 'firm') and b.status in ('hold', 'firm')";
    assert_eq!(
        room.desk
            .sql
            .query_one(overlaps, &[])
            .await?
            .try_get::<_, i64>(0)?,
        0
    );
    Ok(())
}

/// Those that do not overlap do not keep each other out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv01_neighbours_on_one_resource_all_win() -> anyhow::Result<()> {
    let room = Room::open(desk(1).await?).await?;
    let codes = book_all(
        &room.desk,
        (0..16).map(|index| room.use_(600 + 30 * index, 30)),
    )
    .await?;
    assert_eq!(codes, tally([("", 16)]));
    Ok(())
}

/// invariant 3: of those who confirm a hold that has run out and those who want its place, the
/// latter win, in whatever order they come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv03_an_expired_hold_loses_against_all_who_want_its_place() -> anyhow::Result<()> {
    let desk = desk(1).await?;
    let lost = desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?;
    desk.let_expire(&lost).await?;
    let confirms = join_all((0..8).map(|_| desk.verb("bookingConfirm", &lost, json!({}))));
    let input = with(desk.hotel.stay(soon(0), 2), json!({"confirm": true}));
    let (confirms, codes) = tokio::join!(confirms, book_all(&desk, vec![input; 16]));
    for answer in confirms {
        let answer = answer?;
        assert_eq!(answer.user_code(), Some("HOLD_EXPIRED"), "{}", answer.body);
    }
    assert_eq!(codes?, tally([("", 1), ("SOLD_OUT", 15)]));
    // While others had the order locked it could not expire with its hold: the sweep sees to it.
    desk.sql
        .query("select booking.expire_orders()", &[])
        .await?;
    assert_eq!(desk.status(&lost).await?, "expired");
    desk.must_agree().await
}

/// Of a confirmation and a cancellation at once one comes first, and the other sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_on_one_booking_at_once_are_taken_one_after_the_other() -> anyhow::Result<()> {
    let desk = desk(5).await?;
    for _ in 0..5 {
        let order = desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?;
        let confirms = join_all((0..4).map(|_| desk.verb("bookingConfirm", &order, json!({}))));
        let cancels =
            join_all((0..4).map(|_| desk.verb("bookingCancel", &order, json!({"reason": "x"}))));
        let (confirms, cancels) = tokio::join!(confirms, cancels);
        let done = |answers: Vec<anyhow::Result<Answer>>| -> anyhow::Result<usize> {
            let answers = answers.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
            for answer in &answers {
                let known = matches!(answer.user_code(), None | Some("WRONG_STATUS"));
                anyhow::ensure!(known && answer.errors().is_empty(), "{}", answer.body);
            }
            Ok(answers
                .iter()
                .filter(|answer| answer.user_errors().is_empty())
                .count())
        };
        assert!(done(confirms)? <= 1);
        assert_eq!(done(cancels)?, 1);
        assert_eq!(desk.status(&order).await?, "cancelled");
    }
    assert_eq!(desk.counts().await?, []);
    desk.must_agree().await
}

/// Everything at once for a while: bookings, confirmations, cancellations, expiries. Whatever came
/// of it, nothing is sold twice, and all counters are their allocations.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv02_a_busy_hour_leaves_all_counters_right() -> anyhow::Result<()> {
    let desk = desk(3).await?;
    let clients = (0..16_u64).map(|seed| {
        let desk = &desk;
        async move {
            let mut random = StdRng::seed_from_u64(seed);
            for _ in 0..8 {
                let (from, nights) = (random.random_range(0..4), random.random_range(1..4));
                let input = with(
                    desk.hotel.stay(soon(from), nights),
                    json!({"confirm": random.random_bool(0.3), "units": random.random_range(1..3)}),
                );
                let answer = desk
                    .hotel
                    .owner
                    .verb("bookingCreate", input, "bookingOrder { id holdId }")
                    .await?;
                anyhow::ensure!(
                    matches!(answer.user_code(), None | Some("SOLD_OUT"))
                        && answer.errors().is_empty(),
                    "{}",
                    answer.body
                );
                let order = answer.payload()["bookingOrder"].clone();
                if order.is_null() {
                    continue;
                }
                let step = random.random_range(0..4);
                if step == 0 && order["holdId"].is_string() {
                    desk.let_expire(&order).await?;
                    continue;
                }
                let (name, more) = if step == 1 {
                    ("bookingConfirm", json!({}))
                } else {
                    ("bookingCancel", json!({"reason": "x"}))
                };
                let answer = desk.verb(name, &order, more).await?;
                anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
            }
            anyhow::Ok(())
        }
    });
    for outcome in join_all(clients).await {
        outcome?;
    }
    let over =
        "select count(*) from availability.slots where held + occupied > capacity + overbook_limit";
    assert_eq!(
        desk.sql.query_one(over, &[]).await?.try_get::<_, i64>(0)?,
        0
    );
    desk.must_agree().await
}
