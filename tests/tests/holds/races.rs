//! Many at once: no place is kept twice, none is offered twice, and nobody sees a deadlock.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::hotel::soon;
use tests::{Answer, World};

use super::{House, tally, with};

const CONNECTIONS: u32 = 32;

async fn house(rooms: i32) -> anyhow::Result<House> {
    House::over(World::with_pool(CONNECTIONS).await?, rooms).await
}

/// How often each code came back, and "" for what was done; anything else fails.
fn codes(answers: Vec<anyhow::Result<Answer>>) -> anyhow::Result<BTreeMap<String, usize>> {
    let mut codes = BTreeMap::new();
    for answer in answers {
        let answer = answer?;
        anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
        *codes
            .entry(answer.user_code().unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    Ok(codes)
}

/// Ten rooms, two nights: 20 slots' worth of places, and 200 carts that want one of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_inv02_of_two_hundred_carts_exactly_the_capacity_wins() -> anyhow::Result<()> {
    let house = house(1).await?;
    let wants =
        (0..200).map(|index| house.hold(house.nights(&format!("cart-{index}"), index % 20, 1)));
    let codes = codes(join_all(wants).await)?;
    assert_eq!(codes, tally([("", 20), ("SOLD_OUT", 180)]));
    let counts = house.counts().await?;
    assert_eq!(counts.len(), 20);
    assert!(
        counts
            .iter()
            .all(|(_, held, occupied)| (*held, *occupied) == (1, 0)),
        "{counts:?}"
    );
    house.must_agree().await
}

/// Ranges that cross in every direction, carts that replace their own holds, confirmations and
/// releases at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e16_e10_crossing_carts_never_deadlock_and_never_oversell() -> anyhow::Result<()> {
    let house = house(2).await?;
    let carts = (0..16_u64).map(|seed| {
        let house = &house;
        async move {
            let mut random = StdRng::seed_from_u64(seed);
            for _ in 0..6 {
                let from = random.random_range(0..6);
                let nights = random.random_range(1..=7 - from);
                let cart = format!("cart-{}", random.random_range(0..6));
                let answer = house.hold(house.nights(&cart, from, nights)).await?;
                anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
                anyhow::ensure!(
                    matches!(answer.user_code(), None | Some("SOLD_OUT")),
                    "{}",
                    answer.body
                );
                let hold = answer.payload()["bookingHold"].clone();
                if hold.is_null() {
                    continue;
                }
                let verb = ["holdConfirm", "holdRelease", "holdExtend"][random.random_range(0..3)];
                let answer = house.on_hold(verb, &hold, json!({})).await?;
                anyhow::ensure!(answer.errors().is_empty(), "{verb}: {}", answer.body);
            }
            anyhow::Ok(())
        }
    });
    for outcome in join_all(carts).await {
        outcome?;
    }
    let over = house
        .count("select count(*) from availability.slots where held + occupied > capacity")
        .await?;
    assert_eq!(over, 0);
    house.must_agree().await
}

/// Thirty-two places come free at once, and forty wait: thirty-two open offers, each for a place of
/// its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_open_offer_for_each_place_that_comes_free() -> anyhow::Result<()> {
    let house = house(32).await?;
    let holds = (0..32).map(|index| house.held(house.nights(&format!("cart-{index}"), 0, 1)));
    let holds = join_all(holds)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    for _ in 0..40 {
        house.waits(json!({})).await?;
    }
    let releases = holds
        .iter()
        .map(|hold| house.on_hold("holdRelease", hold, json!({})));
    assert_eq!(codes(join_all(releases).await)?, tally([("", 32)]));
    // What a release left to others for a lock's sake, the job offers.
    house.world.run_job("waitlist").await?;
    let offers = house.open_offers().await?;
    assert_eq!(offers.len(), 32);
    assert_eq!(house.counts().await?, [(soon(0), 32, 0)]);
    house.must_agree().await?;

    // Each is answered twice at once: one answer counts.
    let accept = |offer: &Value| {
        house.hotel.owner.verb(
            "waitlistAccept",
            json!({ "id": offer["id"] }),
            "waitlistOffer { id }",
        )
    };
    let decline = |offer: &Value| {
        house.hotel.owner.verb(
            "waitlistDecline",
            json!({ "id": offer["id"] }),
            "waitlistOffer { id }",
        )
    };
    let inputs: Vec<Value> = offers
        .iter()
        .map(|offer| with(json!({}), offer.clone()))
        .collect();
    let (accepted, declined) = tokio::join!(
        join_all(inputs.iter().map(accept)),
        join_all(inputs.iter().map(decline))
    );
    let (accepted, declined) = (codes(accepted)?, codes(declined)?);
    let done = |codes: &BTreeMap<String, usize>| codes.get("").copied().unwrap_or_default();
    assert_eq!(
        done(&accepted) + done(&declined),
        32,
        "{accepted:?} {declined:?}"
    );
    house.world.run_job("waitlist").await?;
    // Eight were left to wait: they have what was declined.
    let left = house.open_offers().await?.len();
    assert_eq!(left, done(&declined).min(8));
    let held = house
        .count("select coalesce(sum(held), 0)::bigint from availability.slots")
        .await?;
    assert_eq!(usize::try_from(held)?, done(&accepted) + left);
    house.must_agree().await
}

/// Of those who confirm an expired hold and those who want its place, the latter win.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv03_an_expired_hold_never_confirms_against_thirty_two() -> anyhow::Result<()> {
    let house = house(1).await?;
    let lost = house.held(house.nights("lost", 0, 2)).await?;
    house.let_expire(&lost).await?;
    let confirms = join_all((0..16).map(|_| house.on_hold("holdConfirm", &lost, json!({}))));
    let wants =
        join_all((0..16).map(|index| house.hold(house.nights(&format!("cart-{index}"), 1, 2))));
    let (confirms, wants) = tokio::join!(confirms, wants);
    assert_eq!(codes(confirms)?, tally([("HOLD_EXPIRED", 16)]));
    assert_eq!(codes(wants)?, tally([("", 1), ("SOLD_OUT", 15)]));
    house.must_agree().await
}

/// Thirty-two want a resource, and thirty-two want parts of one that three use at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv01_holds_of_resources_never_overlap() -> anyhow::Result<()> {
    let house = house(1).await?;
    let (alone, shared) = (house.resource().await?, house.shared_resource(3).await?);
    let input = |resource: &str, index: i64| {
        json!({
            "sessionRef": format!("cart-{index}"), "resourceId": resource,
            "startsAt": super::minute(600 + index), "endsAt": super::minute(645 + index),
        })
    };
    let one = join_all((0..32).map(|index| house.hold(input(&alone, index)))).await;
    assert_eq!(codes(one)?, tally([("", 1), ("SLOT_TAKEN", 31)]));
    let many = join_all((0..32).map(|index| house.hold(input(&shared, index)))).await;
    assert_eq!(codes(many)?, tally([("", 3), ("SOLD_OUT", 29)]));
    Ok(())
}
