//! Wallets: what comes in, what goes out and in which order, and what is refused.

use chrono::Duration;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{made, soon};

use super::{Shop, WALLET, euros, with};

const USED: &str = "wallet { id balance held } entries { id grantId kind quantity }";

#[tokio::test]
async fn what_is_bought_is_used_soonest_expiry_first_then_oldest() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    let never = shop
        .grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let late = shop
        .grant(
            &wallet,
            json!({ "amount": euros(1000), "expiresOn": soon(60) }),
        )
        .await?;
    let early = shop
        .grant(
            &wallet,
            json!({ "amount": euros(1000), "expiresOn": soon(30) }),
        )
        .await?;
    shop.later(Duration::seconds(1)).await?;
    let second = shop
        .grant(
            &wallet,
            json!({ "amount": euros(1000), "expiresOn": soon(30) }),
        )
        .await?;
    let input = json!({ "walletId": wallet, "amount": euros(3500) });
    let used = shop.owner.act("walletBurn", input, USED).await?;
    let order: Vec<(String, i64)> = used["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| {
            (
                entry["grantId"].as_str().unwrap_or_default().to_owned(),
                entry["quantity"].as_i64().unwrap_or(0),
            )
        })
        .collect();
    assert_eq!(
        order,
        [
            (early, -1000),
            (second, -1000),
            (late, -1000),
            (never, -500)
        ]
    );
    assert_eq!(used["wallet"]["balance"], 500);
    // What was sold and used lies in the deposits; what is left is owed to the customer.
    assert_eq!(shop.account("2150").await?, 500);
    assert_eq!(shop.account("2100").await?, -500);
    shop.must_agree().await
}

#[tokio::test]
async fn more_than_there_is_is_refused_and_nothing_changes() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let burn = |more: Value| {
        let input = with(json!({ "walletId": wallet }), more);
        let owner = shop.owner.clone();
        async move { owner.verb("walletBurn", input, USED).await }
    };
    burn(json!({ "amount": euros(1001) }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    burn(json!({ "units": 1 }))
        .await?
        .must_refuse("OTHER_UNIT")?;
    burn(json!({ "amount": { "amount": "5", "currency": "USD" } }))
        .await?
        .must_refuse("OTHER_UNIT")?;
    burn(json!({ "amount": euros(0) }))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    burn(json!({ "units": -1 }))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    burn(json!({ "amount": euros(1), "units": 1 }))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    assert_eq!(shop.balance(&wallet).await?, 1000);
    shop.owner
        .act(
            "walletFreeze",
            json!({ "id": wallet, "reason": "Dispute" }),
            WALLET,
        )
        .await?;
    burn(json!({ "amount": euros(1) }))
        .await?
        .must_refuse("NOT_OPEN")?;
    shop.owner
        .act(
            "walletUnfreeze",
            json!({ "id": wallet, "reason": "Settled" }),
            WALLET,
        )
        .await?;
    let close = json!({ "id": wallet, "reason": "Gone" });
    shop.owner
        .verb("walletClose", close.clone(), WALLET)
        .await?
        .must_refuse("NOT_EMPTY")?;
    burn(json!({ "amount": euros(1000) })).await?.must()?;
    shop.owner.act("walletClose", close.clone(), WALLET).await?;
    shop.owner.verb("walletClose", close, WALLET).await?;
    shop.owner
        .verb(
            "walletFreeze",
            json!({ "id": wallet, "reason": "Late" }),
            WALLET,
        )
        .await?
        .must_refuse("WRONG_STATUS")?;
    let grant = json!({ "walletId": wallet, "amount": euros(1), "origin": "PURCHASE" });
    shop.owner
        .verb("walletGrant", grant, "grant { id }")
        .await?
        .must_refuse("CLOSED")?;
    shop.must_agree().await
}

#[tokio::test]
async fn wallets_belong_to_their_tenant_and_need_their_permissions() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let again = json!({ "customerId": shop.customer, "currency": "EUR" });
    shop.owner
        .verb("walletOpen", again, WALLET)
        .await?
        .must_refuse("ALREADY_OPEN")?;
    let nobody = json!({ "currency": "EUR" });
    shop.owner
        .verb("walletOpen", nobody, WALLET)
        .await?
        .must_refuse("ONE_OWNER")?;
    let stranger = shop.world.owner().await?;
    let desk = shop.world.staff(&shop.owner, "front_desk", &[]).await?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    let burn = json!({ "walletId": wallet, "amount": euros(100), "idempotencyKey": "once" });
    stranger
        .verb("walletBurn", burn.clone(), USED)
        .await?
        .must_fail("NOT_FOUND")?;
    server
        .verb("walletBurn", burn.clone(), USED)
        .await?
        .must_fail("FORBIDDEN")?;
    let first = desk.act("walletBurn", burn.clone(), USED).await?;
    let again = desk.act("walletBurn", burn.clone(), USED).await?;
    assert_eq!(
        (first["replayed"].clone(), again["replayed"].clone()),
        (json!(false), json!(true))
    );
    let other = with(burn, json!({ "amount": euros(200) }));
    desk.verb("walletBurn", other, USED)
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    assert_eq!(shop.balance(&wallet).await?, 900);
    let grant = json!({ "walletId": wallet, "amount": euros(1), "origin": "PURCHASE" });
    desk.verb("walletGrant", grant.clone(), "grant { id }")
        .await?
        .must_fail("FORBIDDEN")?;
    stranger
        .verb("walletGrant", grant, "grant { id }")
        .await?
        .must_fail("NOT_FOUND")?;
    shop.must_agree().await
}

#[tokio::test]
async fn terms_limit_value_to_places_and_services() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.pass().await?;
    let here = made(&shop.owner, "location", json!({ "code": "H", "name": "Here", "kind": "PROPERTY", "timezone": "Asia/Tokyo", "currency": "EUR" })).await?;
    let there = made(&shop.owner, "location", json!({ "code": "T", "name": "There", "kind": "PROPERTY", "timezone": "Europe/Lisbon", "currency": "EUR" })).await?;
    let terms = made(
        &shop.owner,
        "grantTerm",
        json!({ "code": "here", "name": "Here only", "weekdays": 127 }),
    )
    .await?;
    let add = json!({ "termsId": terms, "locationId": here });
    let sql = "insert into entitlements.grant_term_locations (biz_id, terms_id, location_id) values ($1, $2, $3)";
    shop.sql
        .execute(
            sql,
            &[
                &shop.owner.biz_id,
                &uuid(&add["termsId"])?,
                &uuid(&add["locationId"])?,
            ],
        )
        .await?;
    shop.grant(
        &wallet,
        json!({ "units": 5, "termsId": terms, "paid": euros(5000) }),
    )
    .await?;
    let burn = |place: Value| {
        let input = with(json!({ "walletId": wallet, "units": 1 }), place);
        let owner = shop.owner.clone();
        async move { owner.verb("walletBurn", input, USED).await }
    };
    burn(json!({})).await?.must_refuse("NOT_USABLE_HERE")?;
    burn(json!({ "locationId": there }))
        .await?
        .must_refuse("NOT_USABLE_HERE")?;
    burn(json!({ "locationId": here })).await?.must()?;
    // Somebody who works there cannot use it here: that place does not exist for them.
    let clerk = shop
        .world
        .staff(&shop.owner, "front_desk", &[&there])
        .await?;
    let input = json!({ "walletId": wallet, "units": 1 });
    clerk
        .verb("walletBurn", input.clone(), USED)
        .await?
        .must_fail("BAD_USER_INPUT")?;
    let input = with(input, json!({ "locationId": here }));
    clerk
        .verb("walletBurn", input, USED)
        .await?
        .must_fail("NOT_FOUND")?;
    // One visit of five, paid with 50 euros, is earned: 10 euros.
    assert_eq!(
        (shop.account("4000").await?, shop.account("2160").await?),
        (1000, 4000)
    );
    shop.must_agree().await
}

#[tokio::test]
async fn what_was_used_is_given_back_once_and_no_more() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.pass().await?;
    shop.grant(&wallet, json!({ "units": 3, "paid": euros(1000) }))
        .await?;
    let used = shop
        .owner
        .act(
            "walletBurn",
            json!({ "walletId": wallet, "units": 2 }),
            USED,
        )
        .await?;
    let entry = used["entries"][0]["id"].clone();
    assert_eq!(shop.account("4000").await?, 666);
    let reverse = |more: Value| {
        let input = with(
            json!({ "entryIds": [entry], "reason": "Class cancelled" }),
            more,
        );
        let owner = shop.owner.clone();
        async move { owner.verb("walletReverse", input, USED).await }
    };
    reverse(json!({ "units": 3 }))
        .await?
        .must_refuse("BEYOND_USE")?;
    reverse(json!({ "reason": " " }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    reverse(json!({ "units": 1 })).await?.must()?;
    reverse(json!({ "units": 2 }))
        .await?
        .must_refuse("BEYOND_USE")?;
    reverse(json!({})).await?.must()?;
    reverse(json!({})).await?.must_refuse("BEYOND_USE")?;
    assert_eq!(shop.balance(&wallet).await?, 3);
    assert_eq!(
        (shop.account("4000").await?, shop.account("2160").await?),
        (0, 1000)
    );
    // The last use earns exactly what is left of what was paid (rule 2 of domain.md 0.3).
    for _ in 0..3 {
        shop.owner
            .act(
                "walletBurn",
                json!({ "walletId": wallet, "units": 1 }),
                USED,
            )
            .await?;
    }
    assert_eq!(
        (shop.account("4000").await?, shop.account("2160").await?),
        (1000, 0)
    );
    shop.must_agree().await
}
