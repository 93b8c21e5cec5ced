//! The life of a hold: made, extended once, confirmed or given back.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use tests::hotel::soon;

use super::{House, with};

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
