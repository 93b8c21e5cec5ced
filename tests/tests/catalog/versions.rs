//! Versions of offers: drafted, published for good, followed by others, withdrawn.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::{Shop, VERSION};

#[tokio::test]
async fn a_version_is_published_when_all_that_it_needs_is_there() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (version, sellable) = shop
        .draft(json!({ "cancellationPolicyCode": "NONE" }))
        .await?;
    assert_eq!(
        (&version["status"], &version["versionNo"]),
        (&json!("DRAFT"), &json!(1))
    );
    shop.publish(&version, json!({}))
        .await?
        .must_refuse("NOT_RESOLVABLE")?;
    shop.component(&version, "therapist").await?;
    let refused = shop
        .publish(&version, json!({}))
        .await?
        .must_refuse("NOT_RESOLVABLE")?;
    assert!(
        refused.user_message().contains("therapist"),
        "{}",
        refused.body
    );
    shop.therapist().await?;
    shop.publish(&version, json!({}))
        .await?
        .must_refuse("NO_PRICE")?;
    shop.price(&sellable).await?;
    shop.publish(&version, json!({}))
        .await?
        .must_refuse("NO_POLICY")?;
    made(
        shop.owner(),
        "cancellationPolicy",
        json!({ "code": "NONE", "name": "None" }),
    )
    .await?;
    shop.publish(
        &version,
        json!({ "effectiveStartsAt": "2020-01-01T00:00:00Z" }),
    )
    .await?
    .must_refuse("INVALID_DATES")?;
    let done = shop.publish(&version, json!({})).await?.must()?;
    assert_eq!(done.payload()["offerVersion"]["status"], "PUBLISHED");
    assert_eq!(done.payload()["offer"]["currentVersionId"], version["id"]);
    let data = shop
        .owner()
        .read(&format!("{{ sellable(id: \"{sellable}\") {{ active }} }}"))
        .await?;
    assert_eq!(data["sellable"]["active"], true);
    // For good as it is.
    shop.publish(&version, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let more = json!({ "offerVersionId": version["id"], "role": "room" });
    shop.owner()
        .verb("offerComponentCreate", more, "offerComponent { id }")
        .await?
        .must_refuse("INVALID")?;
    assert_eq!(shop.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_version_ends_where_the_next_begins() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (first, _) = shop.complete().await?;
    shop.publish(&first, json!({})).await?.must()?;
    let copy = json!({ "copyOfId": first["id"] });
    let (second, _) = shop.draft(copy.clone()).await?;
    let (third, _) = shop.draft(copy).await?;
    let soon = bizing::database::Clock::now(&bizing::database::SystemClock) + Duration::days(10);
    let planned = shop
        .publish(&second, json!({ "effectiveStartsAt": soon }))
        .await?
        .must()?;
    assert_eq!(planned.payload()["offer"]["currentVersionId"], first["id"]);
    let (status, ends_at) = shop.stands(&first).await?;
    assert_eq!(status, "PUBLISHED");
    assert!(
        ends_at.is_some_and(|ends_at| (ends_at - soon).num_seconds() == 0),
        "{ends_at:?}"
    );
    // One that would run into the second is in the way of it; one that ends before it is not.
    shop.publish(&third, json!({}))
        .await?
        .must_refuse("OVERLAP")?;
    shop.publish(&third, json!({ "effectiveEndsAt": soon }))
        .await?
        .must()?;
    assert_eq!(shop.stands(&first).await?.0, "SUPERSEDED");
    // When its time has come, the second is the one on sale.
    shop.world.clock.advance(Duration::days(11));
    shop.world.run_job("offer_versions").await?;
    let sql = shop.world.database.platform(shop.owner().biz_id).await?;
    let row = sql
        .query_one("select current_version_id from catalog.offers", &[])
        .await?;
    assert_eq!(
        row.try_get::<_, uuid::Uuid>(0)?,
        tests::actor::uuid(&second["id"])?
    );
    let sold = sql
        .query_one(
            "select count(*) from catalog.sellables where kind = 'offer_version' and active",
            &[],
        )
        .await?;
    assert_eq!(sold.try_get::<_, i64>(0)?, 1);
    Ok(())
}

#[tokio::test]
async fn what_is_withdrawn_is_off_sale_and_what_was_booked_stays() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (version, sellable) = shop.complete().await?;
    shop.publish(&version, json!({})).await?.must()?;
    let mut input = shop.hotel.stay(tests::hotel::soon(0), 1);
    input["sellableId"] = json!(sellable);
    let order = shop.hotel.book(input.clone()).await?;
    let owner = shop.owner();
    let withdraw = |reason: &str| json!({ "id": version["id"], "reason": reason });
    let selection = format!("{VERSION} offer {{ currentVersionId }}");
    owner
        .verb("offerVersionWithdraw", withdraw(" "), &selection)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let done = owner
        .act(
            "offerVersionWithdraw",
            withdraw("the therapist left"),
            &selection,
        )
        .await?;
    assert_eq!(done["offerVersion"]["status"], "WITHDRAWN");
    assert_eq!(done["offer"]["currentVersionId"], Value::Null);
    owner
        .verb("offerVersionWithdraw", withdraw("x"), &selection)
        .await?
        .must_refuse("WRONG_STATUS")?;
    owner
        .verb("bookingCreate", input, "bookingOrder { id }")
        .await?
        .must_refuse("NOT_BOOKABLE")?;
    let query = format!(
        "{{ bookingOrder(id: {}) {{ status lines(first: 1) {{ nodes {{ sellableId }} }} }} }}",
        order["id"]
    );
    let kept = owner.read(&query).await?["bookingOrder"].clone();
    assert_eq!(
        (&kept["status"], &kept["lines"]["nodes"][0]["sellableId"]),
        (&json!("HELD"), &json!(sellable))
    );
    Ok(())
}

#[tokio::test]
async fn copies_have_all_that_the_first_has() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (version, _) = shop.complete().await?;
    shop.publish(&version, json!({})).await?.must()?;
    let input = json!({ "id": shop.offer, "code": "COPY", "name": "Massage for two" });
    let selection =
        "offer { id name kind } offerVersion { id status versionNo } sellable { id active }";
    let copy = shop
        .owner()
        .act("offerClone", input.clone(), selection)
        .await?;
    assert_eq!(
        (&copy["offer"]["name"], &copy["offerVersion"]["status"]),
        (&json!("Massage for two"), &json!("DRAFT"))
    );
    shop.owner()
        .verb("offerClone", input, selection)
        .await?
        .must_refuse("CODE_TAKEN")?;
    let done = shop
        .publish(&copy["offerVersion"], json!({}))
        .await?
        .must()?;
    assert_eq!(
        done.payload()["offer"]["currentVersionId"],
        copy["offerVersion"]["id"]
    );
    let empty = made(
        shop.owner(),
        "offer",
        json!({ "code": "EMPTY", "kind": "APPOINTMENT", "name": "Empty" }),
    )
    .await?;
    let input = json!({ "id": empty, "code": "EMPTY2" });
    shop.owner()
        .verb("offerClone", input, selection)
        .await?
        .must_refuse("NO_VERSION")?;
    Ok(())
}

#[tokio::test]
async fn drafts_are_thrown_away_and_deposits_go_with_their_kind() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (draft, _) = shop
        .draft(json!({ "depositKind": "PERCENT", "depositBps": 2000 }))
        .await?;
    let owner = shop.owner();
    let input = json!({ "offerId": shop.offer, "depositKind": "AMOUNT", "depositBps": 2000 });
    owner
        .verb("offerVersionDraft", input, VERSION)
        .await?
        .must_refuse("INVALID_DEPOSIT")?;
    let input = json!({ "id": draft["id"] });
    let gone = owner
        .act("offerVersionDiscard", input.clone(), VERSION)
        .await?;
    assert_eq!(gone["offerVersion"]["status"], "DISCARDED");
    owner
        .verb("offerVersionDiscard", input, VERSION)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.publish(&draft, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let next = shop.draft(json!({})).await?.0;
    assert_eq!(next["versionNo"], 2);
    shop.publish(&next, json!({ "expectedVersion": 99 }))
        .await?
        .must_fail("CONFLICT")?;
    Ok(())
}

#[tokio::test]
async fn an_offer_says_who_would_do_and_why_others_would_not() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (version, _) = shop.draft(json!({})).await?;
    shop.component(&version, "therapist").await?;
    let usable = shop.therapist().await?;
    let planned = json!({ "typeId": shop.kind, "locationId": shop.hotel.location, "name": "New", "number": "T-NEW" });
    made(shop.owner(), "resource", planned).await?;
    let ask = format!(
        "{{ offerExplain(offerId: \"{}\") {{ isResolvable offerVersion {{ id status }} components {{ role quantity usableCount isResolvable \
         candidates {{ isUsable reason chosenBy resource {{ id name }} }} }} }} }}",
        shop.offer
    );
    let told = shop.owner().read(&ask).await?["offerExplain"].clone();
    assert_eq!(
        (&told["isResolvable"], &told["offerVersion"]["id"]),
        (&json!(true), &version["id"])
    );
    let component = &told["components"][0];
    assert_eq!(
        (&component["usableCount"], &component["role"]),
        (&json!(1), &json!("therapist"))
    );
    let candidates = component["candidates"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(candidates.len(), 2);
    for candidate in &candidates {
        let is_first = candidate["resource"]["id"] == json!(usable);
        assert_eq!(candidate["isUsable"], json!(is_first), "{candidate}");
        assert_eq!(candidate["reason"].is_null(), is_first);
    }
    let other = shop.world.owner().await?;
    other.ask(&ask).await?.must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn versions_of_others_and_beyond_ones_permissions() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (version, _) = shop.draft(json!({})).await?;
    let other = shop.world.owner().await?;
    let id = json!({ "id": version["id"] });
    for verb in ["offerVersionPublish", "offerVersionDiscard"] {
        other
            .verb(verb, id.clone(), VERSION)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    let withdraw = json!({ "id": version["id"], "reason": "x" });
    other
        .verb("offerVersionWithdraw", withdraw, VERSION)
        .await?
        .must_fail("NOT_FOUND")?;
    other
        .verb(
            "offerVersionDraft",
            json!({ "offerId": shop.offer }),
            VERSION,
        )
        .await?
        .must_fail("NOT_FOUND")?;
    other
        .verb(
            "offerClone",
            json!({ "id": shop.offer, "code": "X" }),
            VERSION,
        )
        .await?
        .must_fail("NOT_FOUND")?;
    let desk = shop.world.staff(shop.owner(), "front_desk", &[]).await?;
    desk.verb("offerVersionPublish", id, VERSION)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}
