//! Lines that are added to a booking with a resource.

use chrono::Duration;
use serde_json::{Value, json};
use tests::Actor;

use super::booked::salon;
use super::judged::at;
use super::{ask, with, written};

/// A line that is added with a resource is judged, too, and priced by the lists.
#[tokio::test]
async fn e06_lines_that_are_added_are_judged_and_priced_by_the_lists() -> anyhow::Result<()> {
    let (shop, stylists) = salon(2).await?;
    let (one, two) = (&stylists[0], &stylists[1]);
    let order = shop.create(shop.direct(one, "10:00", 60)?).await?.must()?;
    let order = order.payload()["bookingOrder"].clone();
    let found = shop
        .owner
        .read("{ sellables(filter: {kind: {eq: OFFER_VERSION}}) { nodes { id } } }")
        .await?;
    let cut = &found["sellables"]["nodes"][0]["id"];
    let select = "bookingOrder { totalMinor } lines { totalMinor unitPrice quantity } priceDeltaMinor conflicts { id } priceNow { digest total { minor } }";
    let add = async |who: &Actor, line: Value, more: Value| {
        let input = with(json!({"id": order["id"], "addLines": [line]}), more);
        who.verb("bookingModify", input, select).await
    };
    let line = |from: &str| -> anyhow::Result<Value> {
        let (from, to) = (at(from)?, at(from)? + Duration::minutes(40));
        Ok(
            json!({"sellableId": cut, "resourceId": two, "startsAt": written(from), "endsAt": written(to)}),
        )
    };
    let owner = &shop.owner;
    add(owner, line("07:00")?, json!({}))
        .await?
        .must_refuse("CLOSED")?;
    // As it was quoted; another price by now changes nothing.
    let quoted = json!({"locationId": shop.location, "items": [{"sellableId": cut, "resourceId": two,
        "startsAt": written(at("10:00")?), "endsAt": written(at("10:40")?)}]});
    let quote = ask(owner, "priceQuote", &quoted, "quote { digest }")
        .await?
        .must()?;
    let digest = quote.data("/answer/quote/digest");
    let changed = add(owner, line("10:00")?, json!({"quoteDigest": "0"})).await?;
    let changed = changed.must_refuse("PRICE_CHANGED")?;
    assert_eq!(
        changed.payload()["priceNow"]["total"]["minor"],
        6_000,
        "{}",
        changed.body
    );
    assert_eq!(
        changed.payload()["priceNow"]["digest"],
        *digest,
        "{}",
        changed.body
    );
    let agreed = json!({"quoteDigest": digest});
    let done = add(owner, line("10:00")?, agreed).await?.must()?;
    assert_eq!(done.payload()["priceDeltaMinor"], 6_000, "{}", done.body);
    assert_eq!(done.payload()["bookingOrder"]["totalMinor"], 12_000);
    // The buffers of the offer are taken with it.
    add(owner, line("10:50")?, json!({}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let forced = json!({"overrideReason": "Both want to"});
    let done = add(owner, line("10:50")?, forced).await?.must()?;
    assert!(
        done.payload()["conflicts"][0]["id"].is_string(),
        "{}",
        done.body
    );
    // Prices of one's own need their permission, those of the lists do not.
    let role = json!({"code": "mod", "name": "Modifies", "permissions": ["booking.modify", "booking.read", "core.read"]});
    owner.act("roleCreate", role, "role { id }").await?;
    let clerk = shop.world.staff(owner, "mod", &[]).await?;
    let own = with(line("13:00")?, json!({"unitPrice": "1"}));
    add(&clerk, own, json!({}))
        .await?
        .must_refuse("PRICE_NOT_ALLOWED")?;
    let done = add(&clerk, line("13:00")?, json!({})).await?.must()?;
    assert_eq!(done.payload()["priceDeltaMinor"], 6_000, "{}", done.body);
    let unknown = json!({"sellableId": shop.sellable});
    add(owner, unknown, json!({}))
        .await?
        .must_refuse("NO_PRICE")?;
    anyhow::ensure!(shop.world.breaks().await? == 0);
    Ok(())
}
