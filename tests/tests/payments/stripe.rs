//! The adapter of Stripe against a server that speaks its API, faults included.

use chrono::Duration;
use serde_json::json;

use super::stripe_shop::Shop;
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

/// For three hours nobody answers: each pause is as long as it has waited by then, and an hour at most. What
/// was done all the time is then taken once.
#[tokio::test]
async fn the_longer_there_is_no_answer_the_seldomer_it_is_asked_for() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.stripe.books(|books| books.lose = usize::MAX);
    let unknown = shop.till.card("pm_card_visa", "50.00", json!({})).await?;
    let asked = || shop.stripe.books(|books| books.asked.len());
    let (mut known, mut minutes) = (asked(), vec![0]);
    for minute in 1..=200 {
        shop.till.world.clock.advance(Duration::minutes(1));
        shop.till.world.run_job("reconcile_payments").await?;
        if asked() > known {
            known = asked();
            minutes.push(minute);
        }
    }
    let pauses: Vec<i32> = minutes.windows(2).map(|two| two[1] - two[0]).collect();
    // 1, 1, 2, 4, 8, 16, 32, 60, 60: a minute more here and there, as the clock runs meanwhile.
    assert!((7..=10).contains(&pauses.len()), "{minutes:?}");
    assert!(pauses.is_sorted(), "{minutes:?}");
    assert!(
        pauses[0] <= 2 && *pauses.last().unwrap_or(&0) == 60,
        "{minutes:?}"
    );
    let sql = "select a.status::text, a.error_message from payments.payment_attempts a";
    let row = shop.till.sql.query_one(sql, &[]).await?;
    let (status, why): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    assert_eq!(status, "processing");
    assert!(
        why.is_some_and(|why| !why.is_empty()),
        "it says why nobody knows"
    );
    shop.stripe.books(|books| books.lose = 0);
    shop.till.world.clock.advance(Duration::minutes(61));
    assert_eq!(shop.till.world.run_job("reconcile_payments").await?, 1);
    let row = shop.till.sql.query_one(sql, &[]).await?;
    let (status, why): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    assert_eq!((status.as_str(), why), ("succeeded", None));
    let sql = "select captured_minor from payments.payment_intents where id = $1";
    let taken = shop
        .till
        .sql
        .query_one(sql, &[&id_of(&unknown["id"])?])
        .await?;
    assert_eq!(taken.try_get::<_, i64>(0)?, 5_000);
    assert_eq!(shop.stripe.books(|books| books.intents.len()), 1);
    shop.till.must_agree().await
}
