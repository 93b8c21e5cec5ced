//! What cannot be asked: each with the argument that is wrong.

use super::{SLOTS, Shop, ask, with};
use serde_json::json;

#[tokio::test]
async fn bad_arguments_name_themselves() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.stylist(json!({"exclusive": false, "capacity": 4}))
        .await?;
    let day = shop.days("2027-01-11", "2027-01-11");
    let unpublished = ask(&shop.owner, "availabilitySearch", &day, SLOTS)
        .await?
        .must_fail("BAD_USER_INPUT")?;
    assert_eq!(
        unpublished.errors()[0]["extensions"]["field"],
        json!("offerId")
    );
    shop.publish().await?;
    for (wrong, field) in [
        (json!({"timeZone": "Europe/Lisboa"}), "timeZone"),
        (json!({"to": "2027-01-10"}), "to"),
        (json!({"to": "2028-01-13"}), "to"),
        (json!({"partySize": 0}), "partySize"),
        (json!({"partySize": 5}), "partySize"),
        (json!({"stepMinutes": 1}), "stepMinutes"),
        (json!({"first": 501}), "first"),
        (json!({"durationMinutes": 30}), "durationMinutes"),
    ] {
        let answer = ask(
            &shop.owner,
            "availabilitySearch",
            &with(day.clone(), wrong.clone()),
            SLOTS,
        )
        .await?
        .must_fail("BAD_USER_INPUT")?;
        assert_eq!(
            answer.errors()[0]["extensions"]["field"],
            json!(field),
            "{wrong}: {}",
            answer.body
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_another_tenants_does_not_exist() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let stranger = shop.world.owner().await?;
    let day = shop.days("2027-01-11", "2027-01-11");
    ask(&stranger, "availabilitySearch", &day, SLOTS)
        .await?
        .must_fail("NOT_FOUND")?;
    let theirs = tests::hotel::location(&stranger, &tests::hotel::Plan::default()).await?;
    let there = with(day.clone(), json!({"locationId": theirs}));
    ask(&shop.owner, "availabilitySearch", &there, SLOTS)
        .await?
        .must_fail("NOT_FOUND")?;
    // Nobody of theirs is asked, and nothing else is in the way.
    let key = shop.world.api_key(&shop.owner, &["crm.read"]).await?;
    ask(&key, "availabilitySearch", &day, SLOTS)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn staff_of_one_place_see_that_place() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let here = shop.stylist(json!({})).await?;
    let elsewhere = tests::hotel::location(&shop.owner, &tests::hotel::Plan::default()).await?;
    shop.stylist(json!({"locationId": elsewhere})).await?;
    shop.publish().await?;
    let day = with(shop.days("2027-01-11", "2027-01-11"), json!({"first": 2}));
    assert_eq!(
        shop.search(day.clone()).await?["resources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let staff = shop
        .world
        .staff(&shop.owner, "front_desk", &[&shop.location])
        .await?;
    let seen = ask(&staff, "availabilitySearch", &day, SLOTS)
        .await?
        .must()?;
    assert_eq!(
        seen.data("/answer/slots/0/components/0/resourceIds"),
        &json!([here])
    );
    assert_eq!(seen.data("/answer/resources").as_array().unwrap().len(), 1);
    let there = with(day, json!({"locationId": elsewhere}));
    ask(&staff, "availabilitySearch", &there, SLOTS)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}
