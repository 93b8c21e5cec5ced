//! Nobody's own hold is in their way (E-10).

use serde_json::json;
use tests::hotel::{made, soon};

use super::{House, minute, with};

#[tokio::test]
async fn e10_a_shoppers_own_hold_gives_way_to_the_next() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let first = house.held(house.nights("cart", 0, 2)).await?;
    let second = house.hold(house.nights("cart", 1, 3)).await?.must()?;
    assert_eq!(
        second.payload()["replaced"],
        json!([{ "id": first["id"], "status": "RELEASED" }])
    );
    assert_eq!(
        house.counts().await?,
        [(soon(1), 1, 0), (soon(2), 1, 0), (soon(3), 1, 0)]
    );
    // Another day is no conflict: both stay.
    let third = house.hold(house.nights("cart", 0, 1)).await?.must()?;
    assert_eq!(third.payload()["replaced"], json!([]));
    house
        .hold(house.nights("other", 1, 1))
        .await?
        .must_refuse("SOLD_OUT")?;
    house.must_agree().await
}

#[tokio::test]
async fn e10_a_customers_hold_of_a_resource_gives_way_whatever_the_session() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let (customer, resource) = (house.customer().await?, house.resource().await?);
    let input = |from: i64| {
        json!({
            "customerId": customer, "resourceId": resource, "startsAt": minute(from), "endsAt": minute(from + 60),
        })
    };
    let first = house.held(input(600)).await?;
    let second = house
        .hold(with(input(630), json!({ "sessionRef": "phone" })))
        .await?
        .must()?;
    assert_eq!(second.payload()["replaced"][0]["id"], first["id"]);
    let stranger = with(
        input(600),
        json!({ "customerId": null, "sessionRef": "stranger" }),
    );
    house.hold(stranger).await?.must_refuse("SLOT_TAKEN")?;
    house.must_agree().await
}

/// What is refused leaves everything as it was, also the hold that would have given way.
#[tokio::test]
async fn e10_a_hold_gives_way_only_to_one_that_comes_about() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let mine = house.held(house.nights("mine", 0, 1)).await?;
    house.held(house.nights("other", 1, 1)).await?;
    house
        .hold(house.nights("mine", 0, 2))
        .await?
        .must_refuse("SOLD_OUT")?;
    let data = house
        .hotel
        .owner
        .read(&format!(
            "{{ bookingHold(id: {}) {{ status }} }}",
            mine["id"]
        ))
        .await?;
    assert_eq!(data["bookingHold"]["status"], "HELD");
    assert_eq!(house.counts().await?, [(soon(0), 1, 0), (soon(1), 1, 0)]);
    Ok(())
}

#[tokio::test]
async fn customers_who_are_blocked_or_unknown_hold_nothing() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let customer = house.customer().await?;
    house
        .sql
        .batch_execute("set app.reason = 'x'; update crm.customers set status = 'blocked', blocked_reason = 'x'")
        .await?;
    let input = with(house.nights("x", 0, 1), json!({ "customerId": customer }));
    house.hold(input).await?.must_refuse("NOT_BOOKABLE")?;
    let stranger = house.world.owner().await?;
    let theirs = made(
        &stranger,
        "customer",
        json!({ "number": "C1", "fullName": "Tom" }),
    )
    .await?;
    let input = with(house.nights("x", 0, 1), json!({ "customerId": theirs }));
    house.hold(input).await?.must_fail("NOT_FOUND")?;
    Ok(())
}
