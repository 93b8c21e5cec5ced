//! What is no hold, and who may not make one.

use serde_json::{Value, json};
use tests::hotel::soon;

use super::{House, minute, with};

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
