//! The life of a hold: made, extended once, confirmed or given back.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::{House, minute, with};

#[tokio::test]
async fn a_hold_keeps_nights_of_a_room_type_until_it_is_released() -> anyhow::Result<()> {
    let house = House::open(2).await?;
    let hold = house
        .held(with(house.nights("cart-1", 0, 2), json!({ "units": 2 })))
        .await?;
    assert_eq!(
        (&hold["status"], &hold["units"]),
        (&json!("HELD"), &json!(2))
    );
    assert!(
        hold["number"]
            .as_str()
            .is_some_and(|number| number.starts_with("HLD-")),
        "{hold}"
    );
    assert_eq!(house.counts().await?, [(soon(0), 2, 0), (soon(1), 2, 0)]);
    let refused = house
        .hold(house.nights("cart-2", 1, 2))
        .await?
        .must_refuse("SOLD_OUT")?;
    assert!(
        refused.user_message().contains(&soon(1).to_string()),
        "{}",
        refused.body
    );
    let stay = house
        .hotel
        .owner
        .verb(
            "bookingCreate",
            house.hotel.stay(soon(0), 1),
            "bookingOrder { id }",
        )
        .await?;
    stay.must_refuse("SOLD_OUT")?;
    let gone = house
        .on_hold(
            "holdRelease",
            &hold,
            json!({ "reason": "changed their mind" }),
        )
        .await?
        .must()?;
    assert_eq!(gone.payload()["bookingHold"]["status"], "RELEASED");
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    house
        .on_hold("holdConfirm", &hold, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    house
        .on_hold("holdExtend", &hold, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(house.counts().await?, []);
    house.must_agree().await
}

#[tokio::test]
async fn a_hold_is_extended_once() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart", 0, 1)).await?;
    let before: DateTime<Utc> = serde_json::from_value(hold["heldUntil"].clone())?;
    let longer = house
        .on_hold("holdExtend", &hold, json!({ "minutes": 60 }))
        .await?
        .must()?;
    let after: DateTime<Utc> =
        serde_json::from_value(longer.payload()["bookingHold"]["heldUntil"].clone())?;
    assert!(after - before > Duration::minutes(40), "{before} {after}");
    assert_eq!(longer.payload()["bookingHold"]["extendedCount"], 1);
    house
        .on_hold("holdExtend", &hold, json!({}))
        .await?
        .must_refuse("ALREADY_EXTENDED")?;
    house
        .on_hold("holdExtend", &hold, json!({ "minutes": 0 }))
        .await?
        .must_refuse("INVALID_HOLD")?;
    let same = house.count("select count(*) from availability.allocations a join availability.booking_holds h on h.id = a.booking_hold_id and h.held_until = a.expires_at").await?;
    assert_eq!(same, 1);
    house.must_agree().await
}

#[tokio::test]
async fn a_confirmed_hold_is_firm_and_can_be_given_back() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart", 0, 2)).await?;
    let firm = house
        .on_hold("holdConfirm", &hold, json!({}))
        .await?
        .must()?;
    assert_eq!(firm.payload()["bookingHold"]["status"], "CONFIRMED");
    assert_eq!(house.counts().await?, [(soon(0), 0, 1), (soon(1), 0, 1)]);
    house
        .on_hold("holdConfirm", &hold, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await?;
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must()?;
    assert_eq!(house.counts().await?, []);
    house.must_agree().await
}

/// No worker runs here.
#[tokio::test]
async fn e11_inv03_an_expired_hold_keeps_nothing_and_is_neither_confirmed_nor_extended()
-> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart-1", 0, 1)).await?;
    house.let_expire(&hold).await?;
    house
        .on_hold("holdConfirm", &hold, json!({}))
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    house
        .on_hold("holdExtend", &hold, json!({}))
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    house.held(house.nights("cart-2", 0, 1)).await?;
    let data = house
        .hotel
        .owner
        .read("{ bookingHolds(filter: {sessionRef: {eq: \"cart-1\"}}) { nodes { status } } }")
        .await?;
    assert_eq!(
        data["bookingHolds"]["nodes"],
        json!([{ "status": "EXPIRED" }])
    );
    house
        .on_hold("holdConfirm", &hold, json!({}))
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    house.must_agree().await
}

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

#[tokio::test]
async fn what_is_no_hold_is_refused() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let resource = house.resource().await?;
    let nights = house.nights("cart", 0, 2);
    let window = json!({ "sessionRef": "cart", "resourceId": resource, "startsAt": minute(600), "endsAt": minute(660) });
    for (input, code) in [
        (
            with(nights.clone(), json!({ "sessionRef": null })),
            "INCOMPLETE",
        ),
        (
            with(nights.clone(), json!({ "sessionRef": "  " })),
            "INCOMPLETE",
        ),
        (
            with(nights.clone(), json!({ "untilOn": null })),
            "INCOMPLETE",
        ),
        (
            with(nights.clone(), json!({ "resourceId": resource })),
            "INCOMPLETE",
        ),
        (
            with(nights.clone(), json!({ "untilOn": soon(0) })),
            "INVALID_DATES",
        ),
        (
            with(nights.clone(), json!({ "untilOn": soon(401) })),
            "INVALID_DATES",
        ),
        (
            with(
                nights.clone(),
                json!({ "fromOn": "2020-01-01", "untilOn": "2020-01-02" }),
            ),
            "IN_THE_PAST",
        ),
        (with(nights.clone(), json!({ "units": 0 })), "INVALID_HOLD"),
        (
            with(nights.clone(), json!({ "minutes": 1441 })),
            "INVALID_HOLD",
        ),
        (with(nights, json!({ "units": 2 })), "SOLD_OUT"),
        (
            with(window.clone(), json!({ "endsAt": minute(600) })),
            "INVALID_DATES",
        ),
        (
            with(window.clone(), json!({ "bufferAfterMinutes": -1 })),
            "INVALID_HOLD",
        ),
        (
            with(
                window.clone(),
                json!({ "startsAt": "2020-01-01T10:00:00Z", "endsAt": "2020-01-01T11:00:00Z" }),
            ),
            "IN_THE_PAST",
        ),
        (with(window.clone(), json!({ "units": 2 })), "SOLD_OUT"),
        (with(window, json!({ "endsAt": null })), "INCOMPLETE"),
    ] {
        let answer = house.hold(input.clone()).await?;
        assert_eq!(answer.user_code(), Some(code), "{input}: {}", answer.body);
    }
    assert_eq!(
        house
            .count("select count(*) from availability.booking_holds")
            .await?,
        0
    );
    Ok(())
}

#[tokio::test]
async fn a_repeated_request_makes_no_second_hold_and_a_dry_run_none() -> anyhow::Result<()> {
    let house = House::open(3).await?;
    let input = with(
        house.nights("cart", 0, 1),
        json!({ "idempotencyKey": "k-1" }),
    );
    let first = house.hold(input.clone()).await?.must()?;
    let again = house.hold(input).await?.must()?;
    assert_eq!(
        first.payload()["bookingHold"]["id"],
        again.payload()["bookingHold"]["id"]
    );
    assert_eq!(again.payload()["replayed"], true);
    let other = with(
        house.nights("cart", 0, 2),
        json!({ "idempotencyKey": "k-1" }),
    );
    house
        .hold(other)
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    house
        .hold(with(house.nights("other", 0, 1), json!({ "dryRun": true })))
        .await?
        .must()?;
    assert_eq!(house.counts().await?, [(soon(0), 1, 0)]);
    Ok(())
}

#[tokio::test]
async fn a_hold_of_a_booking_is_left_to_the_booking() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let order = house.hotel.book(house.hotel.stay(soon(0), 1)).await?;
    let hold = json!({ "id": order["holdId"] });
    house
        .on_hold("holdConfirm", &hold, json!({}))
        .await?
        .must_refuse("BELONGS_ELSEWHERE")?;
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must_refuse("BELONGS_ELSEWHERE")?;
    house
        .on_hold("holdExtend", &hold, json!({}))
        .await?
        .must()?;
    house.must_agree().await
}

#[tokio::test]
async fn holds_of_other_tenants_and_beyond_ones_permissions() -> anyhow::Result<()> {
    let house = House::open(2).await?;
    let hold = house.held(house.nights("cart", 0, 1)).await?;
    let other = house.world.owner().await?;
    let input = json!({ "id": hold["id"] });
    for verb in ["holdConfirm", "holdRelease", "holdExtend"] {
        other
            .verb(verb, input.clone(), "bookingHold { id }")
            .await?
            .must_fail("NOT_FOUND")?;
    }
    other
        .verb(
            "holdCreate",
            house.nights("cart", 0, 1),
            "bookingHold { id }",
        )
        .await?
        .must_fail("NOT_FOUND")?;
    let analyst = house
        .world
        .staff(&house.hotel.owner, "analyst", &[])
        .await?;
    let desk = house
        .world
        .staff(&house.hotel.owner, "front_desk", &[])
        .await?;
    analyst
        .verb("holdCreate", house.nights("x", 0, 1), "bookingHold { id }")
        .await?
        .must_fail("FORBIDDEN")?;
    let made: Value = desk
        .act(
            "holdCreate",
            house.nights("x", 0, 1),
            "bookingHold { id status }",
        )
        .await?;
    assert_eq!(made["bookingHold"]["status"], "HELD");
    let elsewhere = house
        .world
        .hotel_of(&house.hotel.owner, &tests::hotel::Plan::default())
        .await?;
    let away = house
        .world
        .staff(&house.hotel.owner, "front_desk", &[&elsewhere.location])
        .await?;
    away.verb("holdRelease", input, "bookingHold { id }")
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}
