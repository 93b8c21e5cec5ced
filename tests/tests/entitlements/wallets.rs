//! Wallets: what comes in, what goes out and in which order, and what is refused.

use chrono::{Duration, TimeZone as _};
use serde_json::{Value, json};
use tests::World;
use tests::actor::uuid;
use tests::hotel::{made, soon};

use super::{Shop, WALLET, euros, id, with};

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

#[tokio::test]
async fn e36_value_held_for_another_cart_is_told_apart_from_an_empty_wallet() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.book(hotel.stay(soon(0), 1)).await?;
    let customer = made(&hotel.owner, "customer", json!({ "fullName": "Ana" })).await?;
    let sql = world.database.platform(hotel.owner.biz_id).await?;
    let shop = Shop {
        world,
        owner: hotel.owner.clone(),
        customer,
        sql,
    };
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let hold = json!({ "walletId": wallet, "amount": euros(800), "bookingOrderId": order["id"], "minutes": 10 });
    let held = shop
        .owner
        .act(
            "valueHoldPlace",
            hold.clone(),
            "valueHold { id quantity status }",
        )
        .await?;
    let again = shop
        .owner
        .verb("valueHoldPlace", hold, "valueHold { id }")
        .await?
        .must_refuse("HELD_ELSEWHERE")?;
    assert_eq!(again.user_errors()[0]["retryable"], true);
    let burn = |more: Value| {
        let input = with(json!({ "walletId": wallet, "amount": euros(300) }), more);
        let owner = shop.owner.clone();
        async move { owner.verb("walletBurn", input, USED).await }
    };
    burn(json!({})).await?.must_refuse("HELD_ELSEWHERE")?;
    burn(json!({ "amount": euros(1001) }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    burn(json!({ "amount": euros(200) })).await?.must()?;
    // Who has the hold uses a part of it: the rest is free again.
    let hold_id = held["valueHold"]["id"].clone();
    burn(json!({ "holdId": hold_id, "amount": euros(801) }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    let used = burn(json!({ "holdId": hold_id })).await?.must()?;
    assert_eq!(
        used.payload()["wallet"],
        json!({ "id": wallet, "balance": 500, "held": 0 })
    );
    burn(json!({ "holdId": hold_id }))
        .await?
        .must_refuse("EXPIRED")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_hold_that_has_run_out_keeps_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.book(hotel.stay(soon(0), 1)).await?;
    let customer = made(&hotel.owner, "customer", json!({ "fullName": "Ana" })).await?;
    let sql = world.database.platform(hotel.owner.biz_id).await?;
    let mut shop = Shop {
        world,
        owner: hotel.owner.clone(),
        customer,
        sql,
    };
    let wallet = shop.wallet(json!({})).await?;
    let (card, _) = shop.card(1000, json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let hold = |target: Value| {
        with(
            json!({ "amount": euros(1000), "bookingOrderId": order["id"] }),
            target,
        )
    };
    shop.owner
        .act(
            "valueHoldPlace",
            hold(json!({ "walletId": wallet })),
            "valueHold { id }",
        )
        .await?;
    let kept = shop
        .owner
        .act(
            "valueHoldPlace",
            hold(json!({ "giftInstrumentId": card })),
            "valueHold { id }",
        )
        .await?;
    shop.later(Duration::minutes(16)).await?;
    let burn = json!({ "walletId": wallet, "amount": euros(1000) });
    shop.owner.act("walletBurn", burn, USED).await?;
    assert_eq!(shop.world.run_job("expire_value_holds").await?, 1);
    assert_eq!(shop.world.run_job("expire_value_holds").await?, 0);
    let release = json!({ "id": kept["valueHold"]["id"] });
    shop.owner
        .verb("valueHoldRelease", release, "valueHold { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_transfer_needs_four_eyes_and_conserves_what_goes_over() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let from = shop.wallet(json!({})).await?;
    let other = shop.customer("Bruno Brito").await?;
    let to = shop.wallet(json!({ "customerId": other })).await?;
    let pass = shop.pass().await?;
    shop.grant(
        &from,
        json!({ "amount": euros(700), "expiresOn": soon(10) }),
    )
    .await?;
    shop.grant(&from, json!({ "amount": euros(700) })).await?;
    let ask = |more: Value| {
        with(
            json!({ "fromWalletId": from, "toWalletId": to, "amount": euros(1000), "reason": "Family" }),
            more,
        )
    };
    let asking = "transfer { id status quantity }";
    shop.owner
        .verb("walletTransfer", ask(json!({ "toWalletId": from })), asking)
        .await?
        .must_refuse("SAME_WALLET")?;
    shop.owner
        .verb("walletTransfer", ask(json!({ "toWalletId": pass })), asking)
        .await?
        .must_refuse("OTHER_UNIT")?;
    let asked = shop
        .owner
        .act("walletTransfer", ask(json!({})), asking)
        .await?;
    let approve = json!({ "id": asked["transfer"]["id"] });
    let approving = "transfer { status } fromWallet { balance } toWallet { balance }";
    shop.owner
        .verb("walletTransferApprove", approve.clone(), approving)
        .await?
        .must_refuse("FOUR_EYES")?;
    let manager = shop.world.staff(&shop.owner, "manager", &[]).await?;
    let done = manager
        .act("walletTransferApprove", approve.clone(), approving)
        .await?;
    assert_eq!(done["transfer"]["status"], "COMPLETED");
    assert_eq!(
        (&done["fromWallet"]["balance"], &done["toWallet"]["balance"]),
        (&json!(400), &json!(1000))
    );
    manager
        .verb("walletTransferApprove", approve.clone(), approving)
        .await?
        .must_refuse("WRONG_STATUS")?;
    // What went over keeps its time: the part that ends soon went first.
    let sql = "select count(*) from entitlements.grants where wallet_id = $1 and origin = 'transfer' and ends_at is not null and quantity = 700";
    assert_eq!(shop.number(sql, &[&to]).await?, 1);
    let second = shop
        .owner
        .act("walletTransfer", ask(json!({})), asking)
        .await?;
    let second = json!({ "id": second["transfer"]["id"] });
    manager
        .verb("walletTransferApprove", second.clone(), approving)
        .await?
        .must_refuse("INSUFFICIENT")?;
    let end = with(second, json!({ "reason": "Not enough there" }));
    let ended = manager
        .act("walletTransferEnd", end.clone(), asking)
        .await?;
    assert_eq!(ended["transfer"]["status"], "REJECTED");
    manager
        .verb("walletTransferEnd", end, asking)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(shop.account("2150").await?, 1400);
    shop.must_agree().await
}

#[tokio::test]
async fn staff_correct_and_take_back_with_a_reason() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    let grant = shop
        .grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    let adjust = |more: Value| {
        let input = with(
            json!({ "walletId": wallet, "reason": "Booked twice" }),
            more,
        );
        let owner = shop.owner.clone();
        async move { owner.verb("walletAdjust", input, WALLET).await }
    };
    adjust(json!({ "amount": { "amount": "-10.01", "currency": "EUR" } }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    adjust(json!({ "amount": euros(5), "reason": "" }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    adjust(json!({ "units": 5 }))
        .await?
        .must_refuse("OTHER_UNIT")?;
    adjust(json!({ "amount": { "amount": "-4.00", "currency": "EUR" } }))
        .await?
        .must()?;
    adjust(json!({ "amount": euros(50) })).await?.must()?;
    assert_eq!(shop.balance(&wallet).await?, 650);
    let revoke = json!({ "id": grant, "reason": "Refunded", "isRefunded": true });
    let payload = shop
        .owner
        .act(
            "grantRevoke",
            revoke.clone(),
            "grant { status remaining } wallet { balance }",
        )
        .await?;
    assert_eq!(
        (&payload["grant"]["status"], &payload["wallet"]["balance"]),
        (&json!("REVOKED"), &json!(50))
    );
    shop.owner
        .verb("grantRevoke", revoke, "grant { id }")
        .await?
        .must_refuse("NOTHING_LEFT")?;
    assert_eq!(shop.account("2150").await?, 50);
    // 10 euros paid, 6 of them to be refunded; 4 were taken away and half a euro given.
    assert_eq!(
        (shop.account("2100").await?, shop.account("5060").await?),
        (-400, -350)
    );
    shop.must_agree().await
}

#[tokio::test]
async fn value_lapses_once_however_many_workers_run() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    let pass = shop.pass().await?;
    shop.grant(
        &wallet,
        json!({ "amount": euros(1000), "expiresOn": soon(0) }),
    )
    .await?;
    shop.grant(&wallet, json!({ "amount": euros(300) })).await?;
    shop.grant(
        &pass,
        json!({ "units": 7, "paid": euros(1000), "expiresOn": soon(0) }),
    )
    .await?;
    let used = shop
        .owner
        .act("walletBurn", json!({ "walletId": pass, "units": 3 }), USED)
        .await?;
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    // In Lisbon the day begins when it begins there, not in UTC.
    let midnight = chrono_tz::Europe::Lisbon
        .from_local_datetime(&soon(0).and_hms_opt(0, 0, 0).unwrap())
        .unwrap()
        .to_utc();
    shop.at(midnight - Duration::seconds(30)).await?;
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    shop.at(midnight + Duration::seconds(1)).await?;
    shop.owner
        .verb("walletBurn", json!({ "walletId": pass, "units": 4 }), USED)
        .await?
        .must_refuse("EXPIRED")?;
    let (one, two) = tokio::join!(
        shop.world.run_job("expire_grants"),
        shop.world.run_job("expire_grants")
    );
    assert_eq!(one? + two?, 2);
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    assert_eq!(
        (shop.balance(&wallet).await?, shop.balance(&pass).await?),
        (300, 0)
    );
    // 10 euros of money, and 4 of 7 visits paid with 10 euros.
    assert_eq!(shop.account("4060").await?, 1000 + 572);
    shop.must_agree().await?;
    // What is given back of a use lapses too, and the books follow.
    let back =
        json!({ "entryIds": [used["entries"][0]["id"]], "reason": "Class cancelled", "units": 1 });
    shop.owner.act("walletReverse", back, USED).await?;
    assert_eq!(shop.balance(&pass).await?, 1);
    assert_eq!(shop.world.run_job("expire_grants").await?, 1);
    assert_eq!(shop.balance(&pass).await?, 0);
    shop.must_agree().await
}

#[tokio::test]
async fn a_statement_tells_every_change_and_sums_up() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    shop.owner
        .act(
            "walletBurn",
            json!({ "walletId": wallet, "amount": euros(250) }),
            USED,
        )
        .await?;
    let today = shop.now().date_naive();
    let query = |from: chrono::NaiveDate, until: chrono::NaiveDate| {
        format!(
            "{{ walletStatement(walletId: \"{wallet}\", from: \"{from}\", until: \"{until}\") {{ opening closing isCut \
             wallet {{ id }} lines {{ kind quantity balanceAfter entry {{ id }} }} }} }}"
        )
    };
    let read = shop
        .owner
        .read(&query(today - Duration::days(1), today + Duration::days(2)))
        .await?;
    let statement = &read["walletStatement"];
    assert_eq!(
        (&statement["opening"], &statement["closing"]),
        (&json!(0), &json!(750))
    );
    let lines: Vec<_> = statement["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| (line["kind"].clone(), line["balanceAfter"].clone()))
        .collect();
    assert_eq!(
        lines,
        [(json!("GRANT"), json!(1000)), (json!("REDEEM"), json!(750))]
    );
    let later = shop
        .owner
        .read(&query(today + Duration::days(2), today + Duration::days(3)))
        .await?;
    assert_eq!(later["walletStatement"]["opening"], 750);
    let stranger = shop.world.owner().await?;
    stranger
        .ask(&query(today, today + Duration::days(1)))
        .await?
        .must_fail("NOT_FOUND")?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    server
        .ask(&query(today, today + Duration::days(1)))
        .await?
        .must_fail("FORBIDDEN")?;
    assert!(id(&statement["wallet"])?.starts_with("enwa_"));
    Ok(())
}
