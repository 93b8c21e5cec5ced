//! Gift cards, from issue to expiry.

use chrono::Duration;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{made, soon};

use super::{CARD, Shop, euros, id, with};

const REDEEMED: &str =
    "giftInstrument { id status balanceMinor } redemption { id amountMinor balanceAfterMinor }";

fn balance(slug: &str, code: &str) -> String {
    format!(
        "{{ giftCardBalance(bizSlug: \"{slug}\", code: \"{code}\") {{ available {{ amount minor currency }} status codeLast4 }} }}"
    )
}

#[tokio::test]
async fn a_code_is_shown_once_and_kept_as_a_hash() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let input = json!({ "amount": euros(5000), "idempotencyKey": "sale 1" });
    let made = shop
        .owner
        .act("giftCardIssue", input.clone(), &format!("{CARD} code"))
        .await?;
    let code = made["code"].as_str().unwrap_or_default().to_owned();
    assert_eq!(code.len(), 19);
    let again = shop
        .owner
        .act("giftCardIssue", input, &format!("{CARD} code"))
        .await?;
    assert_eq!(
        (&again["replayed"], &again["code"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(again["giftInstrument"]["id"], made["giftInstrument"]["id"]);
    let plain = code.replace('-', "");
    assert_eq!(made["giftInstrument"]["codeLast4"], json!(plain[12..]));
    // Nowhere in the row, the event, the audit trail or the kept answer.
    for sql in [
        "select count(*) from entitlements.gift_instruments t where t::text ilike '%' || $1 || '%'",
        "select count(*) from core.outbox_events t where t::text ilike '%' || $1 || '%'",
        "select count(*) from audit.audit_events t where t::text ilike '%' || $1 || '%'",
        "select count(*) from core.idempotency_keys t where t::text ilike '%' || $1 || '%'",
    ] {
        for secret in [&code, &plain] {
            let count: i64 = shop.sql.query_one(sql, &[secret]).await?.try_get(0)?;
            assert_eq!(count, 0, "{sql}");
        }
    }
    assert_eq!(
        (shop.account("2150").await?, shop.account("2100").await?),
        (5000, -5000)
    );
    let redeem = json!({ "code": code.to_lowercase().replace('-', " "), "amount": euros(1200) });
    let used = shop.owner.act("giftCardRedeem", redeem, REDEEMED).await?;
    assert_eq!(used["redemption"]["balanceAfterMinor"], 3800);
    assert_eq!(
        (shop.account("2150").await?, shop.account("2100").await?),
        (3800, -3800)
    );
    shop.must_agree().await
}

#[tokio::test]
async fn e35_a_card_is_used_only_as_far_as_it_goes_and_while_it_is_in_use() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let (card, _) = shop.card(1000, json!({ "expiresOn": soon(0) })).await?;
    let redeem = |more: Value| {
        let input = with(json!({ "id": card, "amount": euros(400) }), more);
        let owner = shop.owner.clone();
        async move { owner.verb("giftCardRedeem", input, REDEEMED).await }
    };
    redeem(json!({ "amount": euros(1001) }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    redeem(json!({ "amount": { "amount": "4", "currency": "USD" } }))
        .await?
        .must_refuse("OTHER_CURRENCY")?;
    redeem(json!({ "amount": { "amount": "-4", "currency": "EUR" } }))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    redeem(json!({ "amount": { "amount": "4.001", "currency": "EUR" } }))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    redeem(json!({ "id": null, "code": "NOSUCHCODE123" }))
        .await?
        .must_fail("NOT_FOUND")?;
    let stranger = shop.world.owner().await?;
    let input = json!({ "id": card, "amount": euros(1) });
    stranger
        .verb("giftCardRedeem", input.clone(), REDEEMED)
        .await?
        .must_fail("NOT_FOUND")?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    server
        .verb("giftCardRedeem", input, REDEEMED)
        .await?
        .must_fail("FORBIDDEN")?;
    let block = json!({ "id": card, "reason": "Reported lost" });
    shop.owner
        .verb(
            "giftCardBlock",
            with(block.clone(), json!({ "reason": "" })),
            CARD,
        )
        .await?
        .must_refuse("REASON_REQUIRED")?;
    shop.owner.act("giftCardBlock", block.clone(), CARD).await?;
    redeem(json!({})).await?.must_refuse("NOT_OPEN")?;
    shop.owner
        .verb("giftCardBlock", block, CARD)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.owner
        .act("giftCardUnblock", json!({ "id": card }), CARD)
        .await?;
    shop.owner
        .verb("giftCardUnblock", json!({ "id": card }), CARD)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let used = redeem(json!({ "amount": euros(1000) })).await?.must()?;
    assert_eq!(used.payload()["giftInstrument"]["status"], "DEPLETED");
    redeem(json!({})).await?.must_refuse("INSUFFICIENT")?;
    // A part is put back, the rest, and no more: the last part is exactly what is left.
    let redemption = used.payload()["redemption"]["id"].clone();
    let reverse = |more: Value| {
        let input = with(json!({ "redemptionId": redemption }), more);
        let owner = shop.owner.clone();
        async move { owner.verb("giftCardReverse", input, REDEEMED).await }
    };
    reverse(json!({ "amount": euros(1001) }))
        .await?
        .must_refuse("BEYOND_USE")?;
    reverse(json!({ "amount": euros(333) })).await?.must()?;
    let rest = reverse(json!({})).await?.must()?;
    assert_eq!(rest.payload()["redemption"]["amountMinor"], 667);
    reverse(json!({})).await?.must_refuse("BEYOND_USE")?;
    let twice = json!({ "redemptionId": rest.payload()["redemption"]["id"] });
    shop.owner
        .verb("giftCardReverse", twice, REDEEMED)
        .await?
        .must_refuse("BEYOND_USE")?;
    // From the first instant of its last day on it cannot be used, whether or not the clock work ran.
    let before_run = shop.now() + Duration::days(62);
    shop.at(before_run).await?;
    let late = json!({ "id": card, "amount": euros(1) });
    shop.owner
        .verb("giftCardRedeem", late, REDEEMED)
        .await?
        .must_refuse("EXPIRED")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_card_lapses_once_and_comes_back_where_the_law_extends_it() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let product = json!({ "code": "G50", "name": "Gift card", "currency": "EUR", "minMinor": 1000, "maxMinor": 10000,
        "offeredAmounts": [5000], "validityMonths": 1, "isReloadable": true });
    let product = made(&shop.owner, "giftProduct", product).await?;
    let input = json!({ "giftProductId": product, "amount": euros(4000) });
    shop.owner
        .verb("giftCardIssue", input, CARD)
        .await?
        .must_refuse("NOT_OFFERED")?;
    let (card, _) = shop.card(5000, json!({ "giftProductId": product })).await?;
    let (blocked, _) = shop.card(5000, json!({ "giftProductId": product })).await?;
    let (waiting, _) = shop
        .card(5000, json!({ "giftProductId": product, "isPending": true }))
        .await?;
    shop.owner
        .act(
            "giftCardBlock",
            json!({ "id": blocked, "reason": "Lost" }),
            CARD,
        )
        .await?;
    let reload = json!({ "id": card, "amount": euros(5000) });
    shop.owner
        .act("giftCardReload", reload.clone(), CARD)
        .await?;
    shop.owner
        .verb("giftCardReload", reload, CARD)
        .await?
        .must_refuse("NOT_RELOADABLE")?;
    shop.later(Duration::days(35)).await?;
    let (one, two) = tokio::join!(
        shop.world.run_job("expire_gift_cards"),
        shop.world.run_job("expire_gift_cards")
    );
    assert_eq!(one? + two?, 2);
    assert_eq!(shop.world.run_job("expire_gift_cards").await?, 0);
    assert_eq!(
        (shop.on_card(&card).await?, shop.account("4060").await?),
        (0, 15000)
    );
    let late = json!({ "id": card, "expiresOn": shop.now().date_naive() - Duration::days(2) });
    shop.owner
        .verb("giftCardExtend", late, CARD)
        .await?
        .must_refuse("NOT_LATER")?;
    let extend = json!({ "id": card, "expiresOn": shop.now().date_naive() + Duration::days(900), "jurisdiction": "US-CA", "rule": "No expiry" });
    let extended = shop
        .owner
        .act(
            "giftCardExtend",
            extend,
            &format!("{CARD} extension {{ expiredMinor }}"),
        )
        .await?;
    assert_eq!(
        (
            &extended["giftInstrument"]["balanceMinor"],
            &extended["extension"]["expiredMinor"]
        ),
        (&json!(10000), &json!(-10000))
    );
    assert_eq!(shop.account("4060").await?, 5000);
    // The time of a card that waited for its payment begins when it is activated.
    shop.owner
        .verb(
            "giftCardRedeem",
            json!({ "id": waiting, "amount": euros(1) }),
            REDEEMED,
        )
        .await?
        .must_refuse("NOT_OPEN")?;
    let active = shop
        .owner
        .act("giftCardActivate", json!({ "id": waiting }), CARD)
        .await?;
    assert_eq!(active["giftInstrument"]["status"], "ACTIVE");
    shop.owner
        .verb("giftCardActivate", json!({ "id": waiting }), CARD)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_card_is_passed_on_with_a_new_code_and_taken_out_of_use() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (card, old) = shop
        .card(
            3000,
            json!({ "recipientName": "Bea", "recipientContact": "bea@example.com" }),
        )
        .await?;
    let pass_on =
        json!({ "id": card, "toContact": "cleo@example.com", "toCustomerId": shop.customer });
    let passed = shop
        .owner
        .act(
            "giftCardPassOn",
            pass_on,
            &format!("{CARD} code transfer {{ status }}"),
        )
        .await?;
    assert_eq!(passed["transfer"]["status"], "COMPLETED");
    let redeem = |code: &str| {
        let input = json!({ "code": code, "amount": euros(1000) });
        let owner = shop.owner.clone();
        async move { owner.verb("giftCardRedeem", input, REDEEMED).await }
    };
    redeem(&old).await?.must_fail("NOT_FOUND")?;
    redeem(passed["code"].as_str().unwrap_or_default())
        .await?
        .must()?;
    let wallet = shop.wallet(json!({})).await?;
    let out = json!({ "id": card, "reason": "Replaced", "toWalletId": wallet });
    let done = shop
        .owner
        .act(
            "giftCardDeactivate",
            out.clone(),
            &format!("{CARD} grant {{ quantity }}"),
        )
        .await?;
    assert_eq!(done["grant"]["quantity"], 2000);
    shop.owner
        .verb("giftCardDeactivate", out, CARD)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        (shop.on_card(&card).await?, shop.balance(&wallet).await?),
        (0, 2000)
    );
    assert_eq!(shop.account("2150").await?, 2000);
    shop.must_agree().await
}

#[tokio::test]
async fn whoever_has_the_code_sees_the_balance_and_whoever_guesses_must_wait() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let (_, code) = shop.card(2500, json!({})).await?;
    let (anonymous, slug) = (shop.world.anonymous(), &shop.owner.slug);
    for _ in 0..30 {
        let read = anonymous.read(&balance(slug, &code)).await?;
        assert_eq!(
            read["giftCardBalance"]["available"],
            json!({ "amount": "25.00", "minor": 2500, "currency": "EUR" })
        );
    }
    let elsewhere = shop.world.owner().await?;
    anonymous
        .ask(&balance(&elsewhere.slug, &code))
        .await?
        .must_fail("NOT_FOUND")?;
    anonymous
        .ask(&balance("no-such-house", &code))
        .await?
        .must_fail("NOT_FOUND")?;
    let mut limited = 0;
    for n in 0..15 {
        let answer = anonymous
            .ask(&balance(slug, &format!("GUESS{n:06}")))
            .await?;
        match answer.code() {
            Some("NOT_FOUND") => {}
            Some("RATE_LIMITED") => limited += 1,
            other => anyhow::bail!("{other:?}: {}", answer.body),
        }
    }
    assert!(limited >= 4, "{limited} of 15 guesses had to wait");
    anonymous
        .ask(&balance(slug, &code))
        .await?
        .must_fail("RATE_LIMITED")?;
    Ok(())
}

#[tokio::test]
async fn a_pin_is_asked_for_where_the_product_has_one() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let product = json!({ "code": "PIN", "name": "Card with PIN", "currency": "EUR", "minMinor": 100, "maxMinor": 10000, "requiresPin": true });
    let product = made(&shop.owner, "giftProduct", product).await?;
    let input = json!({ "giftProductId": product, "amount": euros(5000) });
    let made = shop
        .owner
        .act("giftCardIssue", input, &format!("{CARD} code pin"))
        .await?;
    let redeem = |pin: Value| {
        let input = json!({ "code": made["code"], "pin": pin, "amount": euros(100) });
        let owner = shop.owner.clone();
        async move { owner.verb("giftCardRedeem", input, REDEEMED).await }
    };
    redeem(Value::Null).await?.must_refuse("WRONG_PIN")?;
    redeem(json!("x")).await?.must_refuse("WRONG_PIN")?;
    redeem(made["pin"].clone()).await?.must()?;
    let code = made["code"].as_str().unwrap_or_default();
    shop.world
        .anonymous()
        .ask(&balance(&shop.owner.slug, code))
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn the_liability_is_the_sum_of_the_balances_by_currency() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (card, _) = shop.card(2500, json!({})).await?;
    shop.card(1500, json!({})).await?;
    shop.owner
        .act(
            "giftCardIssue",
            json!({ "amount": { "amount": "700", "currency": "JPY" }, "isGiven": true }),
            CARD,
        )
        .await?;
    shop.owner
        .act(
            "giftCardRedeem",
            json!({ "id": card, "amount": euros(1000) }),
            REDEEMED,
        )
        .await?;
    let read = shop.owner.read("{ giftLiability { outstanding { minor currency } booked { minor } held { minor } cards } }").await?;
    assert_eq!(
        read["giftLiability"],
        json!([
            { "outstanding": { "minor": 3000, "currency": "EUR" }, "booked": { "minor": 3000 }, "held": { "minor": 0 }, "cards": 2 },
            { "outstanding": { "minor": 700, "currency": "JPY" }, "booked": { "minor": 700 }, "held": { "minor": 0 }, "cards": 1 },
        ])
    );
    let stranger = shop.world.owner().await?;
    let read = stranger.read("{ giftLiability { cards } }").await?;
    assert_eq!(read["giftLiability"], json!([]));
    assert!(uuid(&json!(card)).is_ok() && id(&json!({ "id": card })).is_ok());
    Ok(())
}

/// The books of a card mirror what is on it: neither an entry by hand nor an amount set aside by hand
/// may move one of the two.
#[tokio::test]
async fn nobody_moves_the_account_of_a_card_by_hand() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let input = json!({ "amount": euros(5000), "idempotencyKey": "sale" });
    let select = "giftInstrument { ledgerAccountId }";
    let card = shop.owner.act("giftCardIssue", input, select).await?;
    let account = &card["giftInstrument"]["ledgerAccountId"];
    let input = json!({ "code": "5990", "name": "Odds", "type": "EXPENSE", "currency": "EUR" });
    let other = shop
        .owner
        .act("ledgerAccountOpen", input, "ledgerAccount { id }")
        .await?;
    let other = &other["ledgerAccount"]["id"];
    let lines = json!([
        { "accountId": account, "side": "DEBIT", "amount": euros(100) },
        { "accountId": other, "side": "CREDIT", "amount": euros(100) },
    ]);
    let input = json!({ "kind": "ADJUSTMENT", "description": "By hand", "lines": lines });
    let posted = shop
        .owner
        .verb("ledgerEntryPost", input, "__typename")
        .await?;
    assert_eq!(posted.user_code(), Some("WRONG_ACCOUNT"));
    for (debit, credit) in [(account, other), (other, account)] {
        let input =
            json!({ "debitAccountId": debit, "creditAccountId": credit, "amount": euros(100) });
        let aside = shop
            .owner
            .verb("pendingTransferOpen", input, "__typename")
            .await?;
        assert_eq!(aside.user_code(), Some("WRONG_ACCOUNT"));
    }
    assert_eq!(shop.world.told_breaks().await?, Vec::<String>::new());
    Ok(())
}
