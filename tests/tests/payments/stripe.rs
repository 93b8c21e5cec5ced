//! The adapter of Stripe against a server that speaks its API, faults included.

use serde_json::json;

use super::money;
use super::stripe_shop::Shop;

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
