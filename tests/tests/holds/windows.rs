//! Holds of resources and shared pools for a time.

use chrono::{DateTime, Utc};
use serde_json::json;
use tests::hotel::made;

use super::{House, minute, with};

/// A dead worker never locks inventory: also not that of resources and shared pools.
#[tokio::test]
async fn e11_expired_holds_of_resources_and_shared_pools_keep_nothing() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let pool = made(&house.hotel.owner, "capacityPool", json!({
        "code": "BIKES", "name": "Bikes", "locationId": house.hotel.location, "capacity": 3, "mode": "CONCURRENT", "unit": "bike",
    })).await?;
    let resource = house.resource().await?;
    for target in [
        json!({ "resourceId": resource }),
        json!({ "poolId": pool, "units": 3 }),
    ] {
        let input = |session: &str| {
            let time =
                json!({ "sessionRef": session, "startsAt": minute(600), "endsAt": minute(660) });
            with(time, target.clone())
        };
        let first = house.held(input("one")).await?;
        let answer = house.hold(input("two")).await?;
        assert!(
            ["SLOT_TAKEN", "SOLD_OUT"].contains(&answer.user_code().unwrap_or_default()),
            "{}",
            answer.body
        );
        house.let_expire(&first).await?;
        house.held(input("two")).await?;
    }
    house.must_agree().await
}

#[tokio::test]
async fn a_resource_is_held_with_its_buffers() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let resource = house.resource().await?;
    let input = |session: &str, from: i64, until: i64| {
        json!({
            "sessionRef": session, "resourceId": resource, "startsAt": minute(from), "endsAt": minute(until),
            "bufferBeforeMinutes": 10, "bufferAfterMinutes": 20,
        })
    };
    let hold = house.held(input("a", 600, 660)).await?;
    let taken = &hold["allocations"]["nodes"][0];
    assert_eq!(taken["exclusive"], true);
    assert_eq!(
        serde_json::from_value::<DateTime<Utc>>(taken["serviceStartsAt"].clone())?,
        minute(600)
    );
    assert_eq!(
        serde_json::from_value::<DateTime<Utc>>(taken["blockedStartsAt"].clone())?,
        minute(590)
    );
    assert_eq!(
        serde_json::from_value::<DateTime<Utc>>(taken["blockedEndsAt"].clone())?,
        minute(680)
    );
    for (from, until) in [(680, 700), (560, 580), (600, 660)] {
        house
            .hold(input("b", from, until))
            .await?
            .must_refuse("SLOT_TAKEN")?;
    }
    house.held(input("b", 690, 720)).await?;
    house.held(input("c", 540, 570)).await?;
    house.must_agree().await
}

/// Of what several use at once, the busiest moment decides.
#[tokio::test]
async fn units_of_a_shared_resource_are_held_up_to_its_capacity_at_every_moment()
-> anyhow::Result<()> {
    let house = House::open(1).await?;
    let resource = house.shared_resource(3).await?;
    let input = |session: &str, from: i64, until: i64, units: i32| {
        json!({
            "sessionRef": session, "resourceId": resource, "startsAt": minute(from), "endsAt": minute(until), "units": units,
        })
    };
    house.held(input("a", 600, 660, 2)).await?;
    house.held(input("b", 660, 720, 2)).await?;
    // Two are in use before and after, never four at once.
    house.held(input("c", 600, 720, 1)).await?;
    house
        .hold(input("d", 640, 680, 1))
        .await?
        .must_refuse("SOLD_OUT")?;
    house
        .hold(input("d", 720, 780, 4))
        .await?
        .must_refuse("SOLD_OUT")?;
    house.held(input("d", 720, 780, 3)).await?;
    house.must_agree().await
}
