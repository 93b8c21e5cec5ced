//! Offers that are held before they are booked, and waited for.

use serde_json::{Value, json};
use tests::actor::uuid;

use super::booked::{AT, pair, salon};
use super::with;

#[tokio::test]
async fn e10_an_own_hold_is_not_in_the_way_of_its_shopper() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    let (ana, eva) = (shop.customer("Ana").await?, shop.customer("Eva").await?);
    let hold = json!({
        "customerId": ana, "resourceId": stylists[0], "startsAt": AT, "endsAt": "2027-01-11T10:40:00Z",
        "bufferBeforeMinutes": 10, "bufferAfterMinutes": 20,
    });
    let hold = shop
        .owner
        .act("holdCreate", hold, "bookingHold { id }")
        .await?;
    let other = shop.cut(AT, json!({"customerId": eva})).await?;
    other.must_refuse("SLOT_TAKEN")?;
    shop.cut(AT, json!({"customerId": ana})).await?.must()?;
    let query = format!(
        "{{ bookingHold(id: {}) {{ status }} }}",
        hold["bookingHold"]["id"]
    );
    let found = shop.owner.read(&query).await?;
    assert_ne!(found["bookingHold"]["status"], "HELD", "{found}");
    Ok(())
}

#[tokio::test]
async fn e12_a_hold_of_an_offer_becomes_its_booking() -> anyhow::Result<()> {
    let (shop, stylists) = salon(2).await?;
    let hold = |resource: &str, at: &str, end: &str| {
        let input = json!({
            "sessionRef": "cart", "resourceId": resource, "startsAt": at, "endsAt": end,
            "bufferBeforeMinutes": 10, "bufferAfterMinutes": 20,
        });
        shop.owner.act("holdCreate", input, "bookingHold { id }")
    };
    let made = hold(&stylists[1], AT, "2027-01-11T10:40:00Z").await?;
    let id = made["bookingHold"]["id"].clone();
    let wrong = shop
        .cut("2027-01-11T14:00:00Z", json!({"holdId": id}))
        .await?;
    wrong.must_refuse("HOLD_MISMATCH")?;
    let done = shop.cut(AT, json!({"holdId": id})).await?.must()?;
    let order = &done.payload()["bookingOrder"];
    assert_eq!(
        (&order["status"], &order["holdId"]),
        (&json!("CONFIRMED"), &id),
        "{order}"
    );
    let sql = "select resource_id, status::text from availability.allocations where source_id = $1";
    let row = shop.sql.query_one(sql, &[&uuid(&order["id"])?]).await?;
    assert_eq!(row.get::<_, uuid::Uuid>(0), uuid(&json!(stylists[1]))?);
    assert_eq!(row.get::<_, String>(1), "firm");
    let again = shop.cut(AT, json!({"holdId": id})).await?;
    again.must_refuse("HOLD_NOT_OPEN")?;
    Ok(())
}

#[tokio::test]
async fn e12_an_offer_is_held_and_booked_from_the_hold() -> anyhow::Result<()> {
    let (shop, _) = salon(1).await?;
    let hold = |more: Value| {
        let input = json!({"sessionRef": "cart", "offerId": shop.offer, "startsAt": AT});
        shop.owner.verb(
            "holdCreate",
            with(input, more),
            "bookingHold { id units } replaced { id }",
        )
    };
    let first = hold(json!({})).await?.must()?;
    // Their own hold gives way to the next, and keeps others out.
    let again = hold(json!({})).await?.must()?;
    assert_eq!(
        again.payload()["replaced"][0]["id"],
        first.payload()["bookingHold"]["id"]
    );
    hold(json!({"sessionRef": "other"}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    shop.cut(AT, json!({})).await?.must_refuse("SLOT_TAKEN")?;
    let id = again.payload()["bookingHold"]["id"].clone();
    let done = shop.cut(AT, json!({"holdId": id})).await?.must()?;
    let order = &done.payload()["bookingOrder"];
    assert_eq!(
        shop.taken(order).await?,
        [pair("10:00-10:40", "09:50-11:00")]
    );
    for (more, code) in [
        (json!({"endsAt": "2027-01-11T11:00:00Z"}), "INCOMPLETE"),
        (json!({"startsAt": null}), "INCOMPLETE"),
        (json!({"startsAt": "2020-01-11T11:00:00Z"}), "IN_THE_PAST"),
        (json!({"startsAt": "2027-01-11T22:00:00Z"}), "SLOT_TAKEN"),
        (json!({"durationMinutes": 15}), "NOT_BOOKABLE"),
    ] {
        let answer = hold(more.clone()).await?;
        assert_eq!(answer.user_code(), Some(code), "{more}: {}", answer.body);
    }
    Ok(())
}

/// Whoever waits for an offer gets a time that suits as soon as one is free, each freed time once.
#[tokio::test]
async fn e02_a_time_that_comes_free_is_offered_to_who_waits_for_the_offer() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    let all = json!({"resourceId": stylists[0], "startsAt": "2027-01-11T11:00:00Z", "endsAt": "2027-01-11T18:00:00Z", "reason": "PRIVATE"});
    shop.owner
        .act("blockCreate", all, "availabilityBlock { id }")
        .await?;
    let done = shop.cut(AT, json!({})).await?.must()?;
    let order = done.payload()["bookingOrder"].clone();
    let early = json!({"resourceId": stylists[0], "startsAt": "2027-01-11T08:00:00Z", "endsAt": "2027-01-11T09:50:00Z", "reason": "PRIVATE"});
    shop.owner
        .act("blockCreate", early, "availabilityBlock { id }")
        .await?;
    for name in ["Ana", "Eva"] {
        let wish = json!({
            "customerId": shop.customer(name).await?, "locationId": shop.location, "offerId": shop.offer,
            "startsAt": "2027-01-11T00:00:00Z", "endsAt": "2027-01-12T00:00:00Z", "localFrom": "09:00", "localUntil": "12:00",
        });
        shop.owner
            .act("waitlistJoin", wish, "waitlistEntry { id }")
            .await?;
    }
    let offers = "{ waitlistOffers(filter: {status: {eq: OPEN}}) { nodes { id holdId } } }";
    let before = shop.owner.read(offers).await?;
    assert_eq!(before["waitlistOffers"]["nodes"], json!([]));
    let cancel = json!({"id": order["id"], "reason": "Ill"});
    shop.owner
        .act("bookingCancel", cancel, "bookingOrder { id }")
        .await?;
    let after = shop.owner.read(offers).await?;
    let made = after["waitlistOffers"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(made.len(), 1, "{after}");
    // The job finds nobody else to offer the same time to.
    shop.world.run_job("waitlist").await?;
    assert_eq!(shop.owner.read(offers).await?, after);
    let offer = json!({"id": made[0]["id"]});
    let accepted = shop
        .owner
        .act("waitlistAccept", offer, "bookingHold { id customerId }")
        .await?;
    let hold = &accepted["bookingHold"];
    let more = json!({"holdId": hold["id"], "customerId": hold["customerId"]});
    shop.cut(AT, more).await?.must()?;
    Ok(())
}
