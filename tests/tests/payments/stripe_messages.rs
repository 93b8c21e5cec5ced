//! Messages of Stripe: signed, stored once, late, twice, out of order, and before their object is known.

use serde_json::json;

use super::fake_stripe::signature;
use super::id_of;
use super::stripe_shop::{SECRET, Shop};

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
