//! What Stripe keeps and does besides payments: ways to pay, payouts; and how a payment stands there.

use serde_json::json;
use tests::hotel::made;

use super::money;
use super::stripe_shop::Shop;

#[tokio::test]
async fn a_card_is_kept_for_its_customer_and_charged_as_theirs() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let owner = &shop.till.owner;
    let customer = made(owner, "customer", json!({"fullName": "Ana"})).await?;
    let select = "setupIntent { id status lastError paymentMethod { id brand last4 country mandateRef } } nextAction";
    let input = |card: &str| json!({"customerId": customer, "methodRef": card});
    let left = owner
        .act("paymentMethodSetup", input("pm_card_visa"), select)
        .await?;
    let method = &left["setupIntent"]["paymentMethod"];
    assert_eq!(
        (&method["brand"], &method["last4"], &method["mandateRef"]),
        (&json!("visa"), &json!("4242"), &json!("mandate_1"))
    );
    let declined = owner
        .act("paymentMethodSetup", input("pm_declined"), select)
        .await?;
    assert_eq!(
        declined["setupIntent"]["lastError"],
        "Your card was declined."
    );
    let asked = owner
        .act("paymentMethodSetup", input("pm_action"), select)
        .await?;
    assert_eq!(
        (
            &asked["setupIntent"]["status"],
            &asked["nextAction"]["type"]
        ),
        (&json!("REQUIRES_ACTION"), &json!("redirect_to_url"))
    );
    // The customer is made known once.
    assert_eq!(
        shop.stripe.books(|books| books.customers.clone()),
        ["cus_1"]
    );
    shop.stripe.books(|books| {
        if let Some(setup) = books.setups.get_mut("seti_3") {
            setup["status"] = json!("succeeded");
        }
    });
    let check = json!({"id": asked["setupIntent"]["id"]});
    let done = owner.act("paymentMethodSetupCheck", check, select).await?;
    assert_eq!(done["setupIntent"]["status"], "SUCCEEDED");
    let tenders = json!([{"kind": "CARD", "paymentMethodId": method["id"]}]);
    shop.till
        .pay("12.00", "EUR", tenders, json!({"customerId": customer}))
        .await?
        .must()?;
    let sent = shop.stripe.books(|books| books.intents["pi_1"].clone());
    assert_eq!(sent["customer"], "cus_1");
    owner
        .act(
            "paymentMethodDetach",
            json!({"id": method["id"]}),
            "paymentMethod { id }",
        )
        .await?;
    assert_eq!(
        shop.stripe.books(|books| books.detached.clone()),
        ["pm_card_visa"]
    );
    shop.till.must_agree().await
}

#[tokio::test]
async fn a_payout_is_ordered_once_and_heard_of_by_its_id() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.till.card("pm_card_visa", "100.00", json!({})).await?;
    let select = "payout { id status externalId failureReason }";
    let order = |amount: &str| json!({"amount": money(amount), "processorAccountId": shop.account, "order": true});
    // The answer is lost: the order is there, and is asked for again under its key.
    shop.stripe.books(|books| books.lose = 1);
    let lost = shop
        .till
        .owner
        .act("payoutCreate", order("60.00"), select)
        .await?;
    assert_eq!(lost["payout"]["status"], "PENDING");
    shop.till.world.clock.advance(chrono::Duration::seconds(61));
    assert_eq!(shop.till.world.run_job("order_payouts").await?, 1);
    assert_eq!(shop.till.world.run_job("order_payouts").await?, 0);
    assert_eq!(shop.stripe.books(|books| books.payouts.len()), 1);
    let owner = shop.till.world.again(&shop.till.owner).await?;
    let paid = shop.event("evt_1", "payout.paid", 100, json!({"id": "po_1"}));
    assert_eq!(shop.message(&paid).await?.0, 200);
    let query = format!(
        "{{ payout(id: {}) {{ status externalId }} }}",
        lost["payout"]["id"]
    );
    let now = owner.read(&query).await?;
    assert_eq!(
        now["payout"],
        json!({"status": "PAID", "externalId": "po_1"})
    );
    let refused = owner.act("payoutCreate", order("20000.00"), select).await?;
    assert_eq!(
        (
            &refused["payout"]["status"],
            &refused["payout"]["failureReason"]
        ),
        (&json!("FAILED"), &json!("You have insufficient funds."))
    );
    shop.till.must_agree().await
}

#[tokio::test]
async fn a_payment_is_asked_for_how_it_stands() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let asked = shop.till.card("pm_action", "50.00", json!({})).await?;
    let same = shop
        .till
        .act("paymentSync", &asked["id"], json!({}))
        .await?;
    assert_eq!(same["status"], "REQUIRES_ACTION");
    shop.stripe.books(|books| {
        if let Some(intent) = books.intents.get_mut("pi_1") {
            intent["status"] = json!("succeeded");
            intent["amount_received"] = json!(5_000);
        }
    });
    for _ in 0..2 {
        let done = shop
            .till
            .act("paymentSync", &asked["id"], json!({}))
            .await?;
        assert_eq!(
            (&done["status"], &done["capturedMinor"]),
            (&json!("SUCCEEDED"), &json!(5_000))
        );
    }
    let held = shop
        .till
        .card("pm_card_visa", "70.00", json!({"captureMode": "MANUAL"}))
        .await?;
    // Somebody captures a part of it at Stripe's own desk.
    shop.stripe.books(|books| {
        if let Some(intent) = books.intents.get_mut("pi_2") {
            intent["status"] = json!("succeeded");
            intent["amount_received"] = json!(3_000);
        }
    });
    let taken = shop.till.act("paymentSync", &held["id"], json!({})).await?;
    assert_eq!(taken["capturedMinor"], 3_000);
    let stranger = shop.till.world.owner().await?;
    stranger
        .verb(
            "paymentSync",
            json!({"id": held["id"]}),
            "paymentIntent { id }",
        )
        .await?
        .must_fail("NOT_FOUND")?;
    shop.till.must_agree().await
}

/// Whatever order messages come in, and however often: the same state at the end.
#[tokio::test]
async fn inv18_all_orders_of_three_messages_end_in_the_same_state() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let mut n = 0;
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        n += 1;
        let asked = shop.till.card("pm_action", "50.00", json!({})).await?;
        let id = format!("pi_{n}");
        let intent = shop.stripe.books(|books| books.intents[&id].clone());
        let (mut processing, mut done) = (intent.clone(), intent.clone());
        processing["status"] = json!("processing");
        done["status"] = json!("succeeded");
        done["amount_received"] = json!(5_000);
        let messages = [
            shop.event(
                &format!("evt_{n}a"),
                "payment_intent.requires_action",
                100,
                intent,
            ),
            shop.event(
                &format!("evt_{n}b"),
                "payment_intent.processing",
                200,
                processing,
            ),
            shop.event(&format!("evt_{n}c"), "payment_intent.succeeded", 300, done),
        ];
        for place in order.into_iter().chain(order) {
            assert_eq!(shop.message(&messages[place]).await?.0, 200);
        }
        let payment = shop.till.payment(&asked["id"]).await?;
        assert_eq!(
            (&payment["status"], &payment["capturedMinor"]),
            (&json!("SUCCEEDED"), &json!(5_000)),
            "{order:?}"
        );
    }
    assert_eq!(shop.till.books("EUR").await?["2100"], 30_000);
    shop.till.must_agree().await
}
