//! The adapter of Stripe against a server that speaks its API, faults included; and its messages.

use serde_json::{Value, json};

use super::fake_stripe::signature;
use super::stripe_shop::{SECRET, Shop};
use super::{id_of, money};

#[tokio::test]
async fn cards_are_charged_declined_captured_and_refunded() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let paid = shop.till.card("pm_card_visa", "12.34", json!({})).await?;
    assert_eq!(
        (&paid["status"], &paid["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(1_234))
    );
    let declined = shop.till.card("pm_declined", "12.34", json!({})).await?;
    assert_eq!(
        (&declined["status"], &declined["lastError"]),
        (
            &json!("REQUIRES_PAYMENT_METHOD"),
            &json!("Your card was declined.")
        )
    );
    let held = shop
        .till
        .card("pm_card_visa", "100.00", json!({"captureMode": "MANUAL"}))
        .await?;
    shop.till
        .act(
            "paymentAuthorizationIncrease",
            &held["id"],
            json!({"by": money("20.00")}),
        )
        .await?;
    let taken = shop
        .till
        .act(
            "paymentCapture",
            &held["id"],
            json!({"amount": money("90.00")}),
        )
        .await?;
    assert_eq!(
        (
            &taken["status"],
            &taken["capturedMinor"],
            &taken["authorizedMinor"]
        ),
        (&json!("SUCCEEDED"), &json!(9_000), &json!(12_000))
    );
    let several = shop
        .till
        .card(
            "pm_card_visa",
            "100.00",
            json!({"captureMode": "MANUAL_MULTIPLE"}),
        )
        .await?;
    for _ in 0..2 {
        shop.till
            .act(
                "paymentCapture",
                &several["id"],
                json!({"amount": money("10.00"), "isFinal": false}),
            )
            .await?;
    }
    let released = shop
        .till
        .act("paymentCancel", &several["id"], json!({"reason": "enough"}))
        .await?;
    assert_eq!(
        (&released["status"], &released["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(2_000))
    );
    let back = shop
        .till
        .refund(&paid["id"], json!({"amount": money("2.34")}))
        .await?
        .must()?;
    assert_eq!(back.data("/verb/refunds/0/status"), "SUCCEEDED");
    assert_eq!(
        shop.stripe
            .books(|books| books.refunds["re_1"]["amount"].clone()),
        json!(234)
    );
    shop.till.must_agree().await
}

#[tokio::test]
async fn e27_amounts_are_written_as_stripe_wants_them() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    for (amount, currency, wire) in [
        ("500", "JPY", 500),
        ("700", "ISK", 70_000),
        ("12.340", "KWD", 12_340),
        ("8000", "UGX", 800_000),
    ] {
        shop.till
            .pay(
                amount,
                currency,
                json!([{"kind": "CARD", "methodRef": "pm_x"}]),
                json!({}),
            )
            .await?
            .must()?;
        let written = shop.stripe.books(|books| {
            books
                .intents
                .values()
                .any(|intent| intent["amount"] == wire)
        });
        assert!(written, "{currency}");
    }
    let odd = shop
        .till
        .pay(
            "12.345",
            "KWD",
            json!([{"kind": "CARD", "methodRef": "pm_x"}]),
            json!({}),
        )
        .await?;
    odd.must_refuse("AMOUNT_NOT_ACCEPTED")?;
    shop.till.must_agree().await
}

/// The answer is lost after Stripe has done it: it is asked again with the same key, and done once.
#[tokio::test]
async fn what_was_done_and_not_heard_is_done_once() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.stripe.books(|books| books.lose = 1);
    let unknown = shop.till.card("pm_card_visa", "50.00", json!({})).await?;
    assert_eq!(unknown["status"], "PROCESSING");
    shop.till.a_minute_later().await?;
    let owner = shop.till.world.again(&shop.till.owner).await?;
    let data = owner
        .read("{ paymentIntents { nodes { status capturedMinor } } }")
        .await?;
    assert_eq!(
        data["paymentIntents"]["nodes"],
        json!([{"status": "SUCCEEDED", "capturedMinor": 5_000}])
    );
    assert_eq!(
        shop.stripe
            .books(|books| (books.intents.len(), books.asked.len())),
        (1, 2)
    );
    shop.stripe.books(|books| books.lose = 1);
    let refund = json!({"id": unknown["id"], "reason": "DUPLICATE"});
    owner
        .act("paymentRefund", refund, "refunds { status }")
        .await?;
    shop.till.a_minute_later().await?;
    let sql = "select status::text from payments.refunds";
    assert_eq!(
        shop.till
            .sql
            .query_one(sql, &[])
            .await?
            .try_get::<_, String>(0)?,
        "succeeded"
    );
    assert_eq!(shop.stripe.books(|books| books.refunds.len()), 1);
    shop.till.must_agree().await
}

#[tokio::test]
async fn e24_what_was_captured_already_is_success() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let held = shop
        .till
        .card("pm_card_visa", "50.00", json!({"captureMode": "MANUAL"}))
        .await?;
    shop.stripe.books(|books| {
        if let Some(intent) = books.intents.get_mut("pi_1") {
            intent["status"] = json!("succeeded");
            intent["amount_received"] = json!(5_000);
        }
    });
    let taken = shop
        .till
        .act("paymentCapture", &held["id"], json!({}))
        .await?;
    assert_eq!(
        (&taken["status"], &taken["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(5_000))
    );
    shop.till.must_agree().await
}

#[tokio::test]
async fn only_messages_that_stripe_has_signed_lately_are_taken() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let now = shop.till.world.opened.now().timestamp();
    let body = shop
        .event("evt_1", "charge.updated", now, json!({"id": "ch_1"}))
        .to_string();
    for signed in [
        signature("whsec_other", now, &body),
        signature(SECRET, now - 301, &body),
        signature(SECRET, now + 400, &body),
        "t=1".to_owned(),
        String::new(),
    ] {
        assert_eq!(shop.send(body.clone(), &signed).await?.0, 400, "{signed}");
    }
    assert_eq!(shop.till.count("payments.webhook_events").await?, 0);
    let (status, _) = shop
        .till
        .world
        .anonymous()
        .post_to(
            "/webhooks/stripe/pypa_00000000000000000000000000",
            body.clone(),
            &[],
        )
        .await?;
    assert_eq!(status, 404);
    assert_eq!(
        shop.send(body.clone(), &signature(SECRET, now, &body))
            .await?,
        (200, json!({"received": true, "duplicate": false}))
    );
    assert_eq!(
        shop.send(body.clone(), &signature(SECRET, now, &body))
            .await?,
        (200, json!({"received": true, "duplicate": true}))
    );
    assert_eq!(shop.stored("evt_1").await?.0, "ignored");
    Ok(())
}

/// Twice, the later before the earlier, and before the payment is known: the state is the same.
#[tokio::test]
async fn e38_inv18_messages_twice_and_out_of_order_leave_the_same_state() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let asked = shop.till.card("pm_action", "50.00", json!({})).await?;
    assert_eq!(asked["status"], "REQUIRES_ACTION");
    let intent = shop.stripe.books(|books| books.intents["pi_1"].clone());
    let mut done = intent.clone();
    done["status"] = json!("succeeded");
    done["amount_received"] = json!(5_000);
    let succeeded = shop.event("evt_2", "payment_intent.succeeded", 200, done);
    let acting = shop.event("evt_1", "payment_intent.requires_action", 100, intent);
    for event in [&succeeded, &acting, &succeeded, &acting] {
        assert_eq!(shop.message(event).await?.0, 200);
        let payment = shop.till.payment(&asked["id"]).await?;
        assert_eq!(
            (&payment["status"], &payment["capturedMinor"]),
            (&json!("SUCCEEDED"), &json!(5_000))
        );
    }
    assert_eq!(
        (
            shop.stored("evt_2").await?.0.as_str(),
            shop.stored("evt_1").await?.0.as_str()
        ),
        ("processed", "ignored")
    );
    let events = shop
        .till
        .owner
        .read("{ webhookEvents { nodes { id status } } }")
        .await?;
    for event in events["webhookEvents"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        shop.till
            .owner
            .act(
                "webhookReplay",
                json!({"id": event["id"]}),
                "webhookEvent { status }",
            )
            .await?;
    }
    assert_eq!(
        shop.till.payment(&asked["id"]).await?["capturedMinor"],
        5_000
    );
    shop.till.must_agree().await
}

#[tokio::test]
async fn e38_a_message_before_its_object_is_known_waits_for_it() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let early = json!({"id": "pi_1", "status": "succeeded", "capture_method": "automatic", "amount_received": 5_000, "latest_charge": "ch_pi_1", "metadata": {}});
    shop.message(&shop.event("evt_1", "payment_intent.succeeded", 100, early))
        .await?;
    assert_eq!(shop.stored("evt_1").await?, ("parked".to_owned(), 1));
    shop.till.world.run_job("process_webhooks").await?;
    assert_eq!(shop.stored("evt_1").await?.1, 1, "it is too early");
    let asked = shop.till.card("pm_action", "50.00", json!({})).await?;
    shop.till.world.clock.advance(chrono::Duration::seconds(15));
    assert_eq!(shop.till.world.run_job("process_webhooks").await?, 1);
    assert_eq!(shop.stored("evt_1").await?.0, "processed");
    let sql = "select status::text from payments.payment_intents where id = $1";
    assert_eq!(
        shop.till
            .sql
            .query_one(sql, &[&id_of(&asked["id"])?])
            .await?
            .try_get::<_, String>(0)?,
        "succeeded"
    );
    shop.till.must_agree().await
}

/// What somebody does at Stripe's own desk is known here too.
#[tokio::test]
async fn e26_what_is_captured_or_released_at_stripe_is_recorded() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let held = shop
        .till
        .card("pm_card_visa", "50.00", json!({"captureMode": "MANUAL"}))
        .await?;
    let mut intent = shop.stripe.books(|books| books.intents["pi_1"].clone());
    intent["status"] = json!("succeeded");
    intent["amount_received"] = json!(3_000);
    shop.message(&shop.event("evt_1", "payment_intent.succeeded", 100, intent))
        .await?;
    let taken = shop.till.payment(&held["id"]).await?;
    assert_eq!(
        (
            &taken["status"],
            &taken["capturedMinor"],
            &taken["capturableMinor"]
        ),
        (&json!("SUCCEEDED"), &json!(3_000), &json!(0))
    );
    let other = shop
        .till
        .card("pm_card_visa", "50.00", json!({"captureMode": "MANUAL"}))
        .await?;
    let gone = json!({"id": "pi_2", "status": "canceled", "metadata": {}});
    shop.message(&shop.event("evt_2", "payment_intent.canceled", 100, gone))
        .await?;
    assert_eq!(shop.till.payment(&other["id"]).await?["status"], "CANCELED");
    shop.till.must_agree().await
}

fn dispute(status: &str, amount: i64) -> Value {
    json!({
        "id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "amount": amount, "currency": "eur", "reason": "fraudulent",
        "status": status, "evidence_details": {"due_by": 4_000_000_000_i64}, "balance_transactions": [{"fee": 1_500}],
    })
}

#[tokio::test]
async fn e23_what_is_disputed_is_not_refunded_and_what_is_won_comes_back() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let paid = shop.till.card("pm_card_visa", "100.00", json!({})).await?;
    shop.message(&shop.event(
        "evt_1",
        "charge.dispute.created",
        100,
        dispute("needs_response", 6_000),
    ))
    .await?;
    let payment = shop.till.payment(&paid["id"]).await?;
    assert_eq!(
        (
            &payment["disputeReservedMinor"],
            &payment["refundableMinor"]
        ),
        (&json!(6_000), &json!(4_000))
    );
    assert_eq!(
        shop.till.books("EUR").await?,
        json!({"1030": 2_500, "1040": 6_000, "2100": 10_000, "5010": 1_500})
    );
    shop.till
        .refund(&paid["id"], json!({"amount": money("40.01")}))
        .await?
        .must_refuse("REFUND_EXCEEDS_CAPTURED")?;
    let data = shop
        .till
        .owner
        .read("{ disputes { nodes { id status } } }")
        .await?;
    let id = data["disputes"]["nodes"][0]["id"].clone();
    let submit = async || {
        shop.till
            .owner
            .verb(
                "disputeEvidenceSubmit",
                json!({"id": id}),
                "dispute { status }",
            )
            .await
    };
    submit().await?.must_refuse("NO_EVIDENCE")?;
    let evidence = json!({"disputeId": id, "kind": "SERVICE_PROOF", "text": "They slept here."});
    shop.till
        .owner
        .act("disputeEvidenceAdd", evidence, "disputeEvidence { id }")
        .await?;
    assert_eq!(
        submit().await?.must()?.data("/verb/dispute/status"),
        "UNDER_REVIEW"
    );
    submit().await?.must_refuse("WRONG_STATUS")?;
    shop.message(&shop.event("evt_3", "charge.dispute.closed", 300, dispute("won", 6_000)))
        .await?;
    shop.message(&shop.event(
        "evt_2",
        "charge.dispute.updated",
        200,
        dispute("under_review", 6_000),
    ))
    .await?;
    let payment = shop.till.payment(&paid["id"]).await?;
    assert_eq!(
        (
            &payment["disputeReservedMinor"],
            &payment["refundableMinor"]
        ),
        (&json!(0), &json!(10_000))
    );
    assert_eq!(
        shop.till.books("EUR").await?,
        json!({"1030": 8_500, "2100": 10_000, "5010": 1_500})
    );
    shop.till.must_agree().await
}

#[tokio::test]
async fn inv08_a_chargeback_after_a_full_refund_is_recorded_and_flagged() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let paid = shop.till.card("pm_card_visa", "100.00", json!({})).await?;
    shop.till.refund(&paid["id"], json!({})).await?.must()?;
    shop.message(&shop.event(
        "evt_1",
        "charge.dispute.created",
        100,
        dispute("needs_response", 10_000),
    ))
    .await?;
    let payment = shop.till.payment(&paid["id"]).await?;
    assert_eq!(
        (&payment["isOverexposed"], &payment["refundableMinor"]),
        (&json!(true), &json!(0))
    );
    let data = shop
        .till
        .owner
        .read("{ disputes { nodes { id } } }")
        .await?;
    let accept =
        json!({"id": data["disputes"]["nodes"][0]["id"], "reason": "too little to fight for"});
    let accepted = shop
        .till
        .owner
        .act("disputeAccept", accept, "dispute { status }")
        .await?;
    assert_eq!(accepted["dispute"]["status"], "ACCEPTED");
    assert_eq!(shop.till.books("EUR").await?["5030"], 10_000);
    shop.till.must_agree().await
}
