//! What is listed can be booked, what is not cannot, and all questions say the same.

use super::{SLOT, Shop, Sign, ask, text, with, written};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

async fn buffered() -> anyhow::Result<Shop> {
    let service =
        json!({"bufferBeforeMinutes": 10, "bufferAfterMinutes": 20, "defaultDurationMinutes": 40});
    let shop = Shop::with(Sign {
        service,
        ..Sign::default()
    })
    .await?;
    shop.open_from("Europe/Lisbon", "09:00", "13:00").await?;
    Ok(shop)
}

/// Inv. 4: of each listed time in turn a booking is made, until nothing is listed.
#[tokio::test]
async fn inv04_what_is_listed_can_be_booked() -> anyhow::Result<()> {
    let shop = buffered().await?;
    shop.stylist(json!({})).await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let day = with(
        shop.days("2027-01-11", "2027-01-11"),
        json!({"stepMinutes": 5}),
    );
    let mut booked = 0;
    loop {
        let found = shop.search(day.clone()).await?;
        let slots = found["slots"].as_array().unwrap();
        let Some(slot) = slots.get(slots.len() * 2 / 3) else {
            break;
        };
        shop.book(slot).await?.must()?;
        booked += 1;
    }
    assert!((4..=8).contains(&booked), "{booked}");
    // And every time of the day is refused with a reason.
    let all = json!({"offerId": shop.offer, "from": "2027-01-11T00:00:00Z", "to": "2027-01-12T00:00:00Z", "byStaff": true, "first": 200});
    let refused = shop.explain(all).await?;
    assert_eq!(refused.len(), 96);
    assert!(
        refused
            .iter()
            .all(|time| !time["changeSets"].as_array().unwrap().is_empty())
    );
    Ok(())
}

/// E-05, E-06: a booking whose buffer crosses the edge of the time asked for blocks what is in it, and
/// a time within a buffer is neither listed nor bookable.
#[tokio::test]
async fn e05_a_buffer_that_crosses_the_start_of_the_search_counts() -> anyhow::Result<()> {
    let service = json!({"bufferAfterMinutes": 120});
    let shop = Shop::with(Sign {
        service,
        ..Sign::default()
    })
    .await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let late = shop
        .search(with(
            shop.days("2027-01-10", "2027-01-10"),
            json!({"after": "2027-01-10T21:59:00Z"}),
        ))
        .await?;
    shop.book(&late["slots"][0]).await?.must()?;
    let listed = shop
        .listed(with(
            shop.days("2027-01-11", "2027-01-11"),
            json!({"first": 2}),
        ))
        .await?;
    assert_eq!(listed, ["2027-01-11T01:00:00Z", "2027-01-11T02:00:00Z"]);
    Ok(())
}

#[tokio::test]
async fn e06_a_time_within_a_buffer_is_refused_everywhere() -> anyhow::Result<()> {
    let shop = buffered().await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let day = with(
        shop.days("2027-01-11", "2027-01-11"),
        json!({"stepMinutes": 5}),
    );
    let found = shop.search(day.clone()).await?;
    shop.book(&found["slots"][0]).await?.must()?;
    // From 9:10 to 9:50 and 20 minutes more, 10 before the next: 10:20 is the first.
    let listed = shop.listed(day).await?;
    assert_eq!(listed[0], "2027-01-11T10:20:00Z");
    let why = shop.why("2027-01-11T10:15:00Z").await?;
    assert_eq!(
        why["components"][0]["blockers"][0]["kind"],
        json!("BUFFER"),
        "{why}"
    );
    let mut edited = found["slots"][0].clone();
    for name in [
        "serviceStartsAt",
        "serviceEndsAt",
        "blockedStartsAt",
        "blockedEndsAt",
    ] {
        let at: DateTime<Utc> = text(&edited["picks"][0][name]).parse()?;
        edited["picks"][0][name] = json!(written(at + Duration::minutes(65)));
    }
    shop.book(&edited).await?.must_refuse("SLOT_TAKEN")?;
    Ok(())
}

/// E-07: the buffers of two services add up, and customers see the service alone.
#[tokio::test]
async fn e07_buffers_add_up_and_are_not_shown() -> anyhow::Result<()> {
    let shop = buffered().await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let found = shop
        .search(with(
            shop.days("2027-01-11", "2027-01-11"),
            json!({"stepMinutes": 5}),
        ))
        .await?;
    let slot = &found["slots"][0];
    assert_eq!(
        (text(&slot["startsAt"]), text(&slot["endsAt"])),
        (
            "2027-01-11T09:10:00Z".to_owned(),
            "2027-01-11T09:50:00Z".to_owned()
        )
    );
    let pick = &slot["picks"][0];
    assert_eq!(
        (text(&pick["blockedStartsAt"]), text(&pick["blockedEndsAt"])),
        (
            "2027-01-11T09:00:00Z".to_owned(),
            "2027-01-11T10:10:00Z".to_owned()
        )
    );
    // The last ends early enough for its buffer.
    let last = found["slots"].as_array().unwrap().last().unwrap();
    assert_eq!(text(&last["startsAt"]), "2027-01-11T12:00:00Z");
    Ok(())
}

#[tokio::test]
async fn first_search_and_explain_agree() -> anyhow::Result<()> {
    let shop = buffered().await?;
    let one = shop.stylist(json!({})).await?;
    shop.publish().await?;
    shop.take(&one, "2027-01-11T09:00:00Z", "2027-01-12T12:00:00Z", "")
        .await?;
    let first = json!({"offerId": shop.offer, "from": "2027-01-11T00:00:00Z", "byStaff": true, "stepMinutes": 15});
    let first = ask(&shop.owner, "availabilityFirst", &first, SLOT)
        .await?
        .must()?;
    let search = with(
        shop.days("2027-01-11", "2027-01-13"),
        json!({"stepMinutes": 15, "first": 500}),
    );
    let listed = shop.listed(search).await?;
    assert_eq!(
        Some(first.data("/answer/startsAt").as_str().unwrap()),
        listed.first().map(String::as_str)
    );
    let all = json!({"offerId": shop.offer, "from": "2027-01-11T00:00:00Z", "to": "2027-01-13T00:00:00Z", "byStaff": true, "first": 200, "stepMinutes": 15});
    let refused: Vec<String> = shop
        .explain(all)
        .await?
        .iter()
        .map(|time| text(&time["startsAt"]))
        .collect();
    assert_eq!(
        refused.len()
            + listed
                .iter()
                .filter(|at| at.as_str() < "2027-01-13")
                .count(),
        192
    );
    assert!(listed.iter().all(|at| !refused.contains(at)));
    Ok(())
}

/// E-10: what a shopper's own cart keeps does not block that shopper, but everybody else.
#[tokio::test]
async fn e10_an_own_hold_does_not_block() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let day = with(shop.days("2027-01-11", "2027-01-11"), json!({"first": 1}));
    let found = shop.search(day.clone()).await?;
    let pick = &found["slots"][0]["picks"][0];
    let customer = tests::hotel::made(
        &shop.owner,
        "customer",
        json!({"fullName": "Ana", "kind": "PERSON"}),
    )
    .await?;
    let input = json!({
        "locationId": shop.location, "resourceId": pick["resourceId"], "sellableId": shop.sellable, "customerId": customer,
        "startsAt": pick["serviceStartsAt"], "endsAt": pick["serviceEndsAt"], "price": {"amount": "60", "currency": "EUR"},
    });
    let order = shop
        .owner
        .act("bookingCreate", input, "bookingOrder { id holdId }")
        .await?["bookingOrder"]
        .clone();
    let begin = text(&found["slots"][0]["startsAt"]);
    let is_listed = async |shopper: Value| -> anyhow::Result<bool> {
        Ok(shop
            .listed(with(day.clone(), json!({"shopper": shopper})))
            .await?
            .contains(&begin))
    };
    assert!(!is_listed(json!({})).await?);
    assert!(is_listed(json!({"customerId": customer})).await?);
    assert!(is_listed(json!({"orderIds": [order["id"]]})).await?);
    assert!(is_listed(json!({"holdIds": [order["holdId"]]})).await?);
    assert!(!is_listed(json!({"sessionRef": "somebody else"})).await?);
    assert_eq!(
        shop.why(&begin).await?["components"][0]["blockers"][0]["kind"],
        json!("HOLD")
    );
    Ok(())
}

/// E-11: a hold that has expired blocks nobody, whether or not somebody swept it away.
#[tokio::test]
async fn e11_an_expired_hold_is_not_seen() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let one = shop.stylist(json!({})).await?;
    shop.publish().await?;
    let id = shop
        .take(&one, "2027-01-11T00:00:00Z", "2027-01-12T00:00:00Z", "")
        .await?;
    assert!(
        shop.listed(shop.days("2027-01-11", "2027-01-11"))
            .await?
            .is_empty()
    );
    let sql = format!(
        "set session_replication_role = replica; update availability.allocations set status = 'hold', expires_at = now() - interval '1 second' where id = '{id}'"
    );
    shop.world
        .database
        .owner()
        .await?
        .batch_execute(&sql)
        .await?;
    assert_eq!(
        shop.listed(shop.days("2027-01-11", "2027-01-11"))
            .await?
            .len(),
        24
    );
    Ok(())
}
