//! Payments are taken: in cash, by card, in parts, and in spite of what cards do.

use serde_json::json;
use tests::World;

use super::{Till, id_of, money};

#[tokio::test]
async fn cash_needs_no_processor_and_is_in_the_books_at_once() -> anyhow::Result<()> {
    let till = Till::bare(World::new().await?).await?;
    let paid = till
        .pay("12.50", "EUR", json!([{"kind": "CASH"}]), json!({}))
        .await?
        .must()?;
    let paid = paid.data("/verb/paymentIntent");
    assert_eq!(
        (&paid["status"], &paid["capturedMinor"], &paid["number"]),
        (&json!("SUCCEEDED"), &json!(1_250), &json!("PAY-000001"))
    );
    assert_eq!(
        till.books("EUR").await?,
        json!({"1010": 1_250, "2100": 1_250})
    );
    let refused = till
        .pay("5.00", "EUR", json!([{"kind": "CARD"}]), json!({}))
        .await?;
    refused.must_refuse("NO_PROCESSOR")?;
    till.must_agree().await
}

#[tokio::test]
async fn e28_a_payment_in_parts_is_paid_by_all_of_them_and_tips_are_apart() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let tenders = json!([
        {"kind": "CASH", "amount": money("30.00")},
        {"kind": "BANK_TRANSFER", "amount": money("20.00")},
        {"kind": "CARD", "methodRef": "card_ok", "tip": money("5.00")},
    ]);
    let paid = till
        .pay("100.00", "EUR", tenders, json!({}))
        .await?
        .must()?;
    let paid = paid.data("/verb/paymentIntent");
    assert_eq!(
        (&paid["status"], &paid["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(10_500))
    );
    assert_eq!(paid["tenders"]["nodes"][2]["amountMinor"], 5_000);
    assert_eq!(
        till.books("EUR").await?,
        json!({"1010": 3_000, "1020": 2_000, "1030": 5_500, "2100": 10_000, "2300": 500})
    );
    for (tenders, code) in [
        (
            json!([{"kind": "CASH", "amount": money("30.00")}, {"kind": "CASH", "amount": money("30.00")}]),
            "PARTS_DO_NOT_SUM_UP",
        ),
        (
            json!([{"kind": "CASH"}, {"kind": "CASH", "amount": money("30.00")}]),
            "WRONG_AMOUNT",
        ),
        (
            json!([{"kind": "CASH", "amount": {"amount": "100.00", "currency": "USD"}}]),
            "WRONG_AMOUNT",
        ),
        (json!([{"kind": "ACCOUNT"}]), "CUSTOMER_REQUIRED"),
        (json!([{"kind": "GIFT"}]), "INSTRUMENT_UNUSABLE"),
        (
            json!([{"kind": "CARD", "methodRef": "4242 4242 4242 4242"}]),
            "WRONG_METHOD",
        ),
    ] {
        till.pay("100.00", "EUR", tenders, json!({}))
            .await?
            .must_refuse(code)?;
    }
    assert_eq!(till.count("payments.payment_intents").await?, 1);
    till.must_agree().await
}

#[tokio::test]
async fn a_declined_part_is_tried_again_or_replaced_and_the_others_stay_paid() -> anyhow::Result<()>
{
    let till = Till::open().await?;
    let tenders = json!([{"kind": "CASH", "amount": money("40.00")}, {"kind": "CARD", "methodRef": "card_declined"}]);
    let paid = till
        .pay("100.00", "EUR", tenders, json!({}))
        .await?
        .must()?;
    let paid = paid.data("/verb/paymentIntent").clone();
    assert_eq!(
        (&paid["status"], &paid["capturedMinor"]),
        (&json!("REQUIRES_PAYMENT_METHOD"), &json!(4_000))
    );
    assert_eq!(paid["lastError"], "The card was declined.");
    let part = &paid["tenders"]["nodes"][1]["id"];
    let again = json!({"retries": [{"tenderId": part, "methodRef": "card_insufficient_funds"}]});
    let still = till.act("paymentConfirm", &paid["id"], again).await?;
    assert_eq!(still["status"], "REQUIRES_PAYMENT_METHOD");
    let short = json!({"tenders": [{"kind": "CASH", "amount": money("59.99")}]});
    till.verb("paymentTendersReplace", &paid["id"], short)
        .await?
        .must_refuse("PARTS_DO_NOT_SUM_UP")?;
    let others = json!({"tenders": [{"kind": "CASH", "amount": money("10.00")}, {"kind": "CARD"}]});
    let done = till
        .act("paymentTendersReplace", &paid["id"], others)
        .await?;
    assert_eq!(
        (&done["status"], &done["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(10_000))
    );
    let statuses: Vec<_> = done["tenders"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|t| t["status"].clone())
        .collect();
    assert_eq!(
        statuses,
        ["SUCCEEDED", "CANCELED", "SUCCEEDED", "SUCCEEDED"]
    );
    till.verb("paymentConfirm", &paid["id"], json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        till.books("EUR").await?,
        json!({"1010": 5_000, "1030": 5_000, "2100": 10_000})
    );
    till.must_agree().await
}

#[tokio::test]
async fn a_challenge_is_answered_by_the_customer() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let asked = till.card("card_challenge", "80.00", json!({})).await?;
    assert_eq!(
        (&asked["status"], &asked["capturedMinor"]),
        (&json!("REQUIRES_ACTION"), &json!(0))
    );
    let passed = till
        .act(
            "sandboxChallengeAnswer",
            &asked["id"],
            json!({"passed": true}),
        )
        .await?;
    assert_eq!(
        (&passed["status"], &passed["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(8_000))
    );
    till.verb(
        "sandboxChallengeAnswer",
        &asked["id"],
        json!({"passed": true}),
    )
    .await?
    .must_refuse("WRONG_STATUS")?;
    let other = till.card("card_challenge", "80.00", json!({})).await?;
    let failed = till
        .act(
            "sandboxChallengeAnswer",
            &other["id"],
            json!({"passed": false}),
        )
        .await?;
    assert_eq!(failed["status"], "REQUIRES_PAYMENT_METHOD");
    let third = till.card("card_challenge", "80.00", json!({})).await?;
    let gone = till
        .act("paymentCancel", &third["id"], json!({"reason": "left"}))
        .await?;
    assert_eq!(gone["status"], "CANCELED");
    till.must_agree().await
}

#[tokio::test]
async fn what_a_processor_says_again_is_taken_once() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_twice", "60.00", json!({})).await?;
    let manual = json!({"captureMode": "MANUAL"});
    let held = till.card("card_twice", "40.00", manual).await?;
    // Two messages of each.
    assert_eq!(till.world.run_job("sandbox_answers").await?, 4);
    assert_eq!(till.world.run_job("sandbox_answers").await?, 0);
    assert_eq!(till.count("payments.webhook_events").await?, 4);
    assert_eq!(till.payment(&paid["id"]).await?["capturedMinor"], 6_000);
    assert_eq!(till.payment(&held["id"]).await?["capturableMinor"], 4_000);
    let taken = till.act("paymentCapture", &held["id"], json!({})).await?;
    assert_eq!(taken["capturedMinor"], 4_000);
    let data = till
        .owner
        .read("{ webhookEvents { nodes { id status } } }")
        .await?;
    for event in data["webhookEvents"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        assert_eq!(event["status"], "PROCESSED");
        let replay = json!({"id": event["id"]});
        till.owner
            .act("webhookReplay", replay, "webhookEvent { status }")
            .await?;
    }
    assert_eq!(till.books("EUR").await?["1030"], 10_000);
    till.must_agree().await
}

/// The request is answered although nobody knows what came of it; the job finds out, and what was
/// taken is taken once.
#[tokio::test]
async fn what_the_processor_did_not_answer_is_asked_again_and_taken_once() -> anyhow::Result<()> {
    let till = Till::open().await?;
    for card in ["card_timeout", "card_pending"] {
        let unknown = till.card(card, "60.00", json!({})).await?;
        assert_eq!(
            (&unknown["status"], &unknown["capturedMinor"]),
            (&json!("PROCESSING"), &json!(0)),
            "{card}"
        );
        assert_eq!(
            till.world.run_job("reconcile_payments").await?,
            0,
            "it is too early to ask again"
        );
        till.verb("paymentCancel", &unknown["id"], json!({"reason": "x"}))
            .await?
            .must_refuse("WRONG_STATUS")?;
        till.a_minute_later().await?;
        let till_again = till.world.again(&till.owner).await?;
        drop(till_again);
        assert_eq!(
            till.world.run_job("reconcile_payments").await?,
            0,
            "once is enough"
        );
        let sql = "select status::text, captured_minor from payments.payment_intents where id = $1";
        let row = till.sql.query_one(sql, &[&id_of(&unknown["id"])?]).await?;
        assert_eq!(
            (
                row.try_get::<_, String>(0)?.as_str(),
                row.try_get::<_, i64>(1)?
            ),
            ("succeeded", 6_000),
            "{card}"
        );
    }
    till.must_agree().await
}

#[tokio::test]
async fn e37_a_payment_with_one_key_is_one_payment() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let key = json!({"idempotencyKey": "pay-1"});
    let first = till.card("card_ok", "10.00", key.clone()).await?;
    let again = till.card("card_ok", "10.00", key.clone()).await?;
    assert_eq!(
        (&first["id"], &again["status"]),
        (&again["id"], &json!("SUCCEEDED"))
    );
    till.pay("11.00", "EUR", json!([{"kind": "CASH"}]), key)
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    assert_eq!(
        till.count("payments.payment_transactions").await?,
        2,
        "an authorization and a capture"
    );
    till.must_agree().await
}

#[tokio::test]
async fn e27_amounts_have_the_decimals_of_their_currency() -> anyhow::Result<()> {
    let till = Till::open().await?;
    for (amount, currency, minor) in [
        ("500", "JPY", 500),
        ("12.345", "KWD", 12_345),
        ("12.34", "EUR", 1_234),
    ] {
        let paid = till
            .pay(amount, currency, json!([{"kind": "CARD"}]), json!({}))
            .await?
            .must()?;
        assert_eq!(
            paid.data("/verb/paymentIntent/capturedMinor"),
            &json!(minor),
            "{currency}"
        );
        assert_eq!(
            till.books(currency).await?,
            json!({"1030": minor, "2100": minor})
        );
    }
    till.pay("12.5", "JPY", json!([{"kind": "CARD"}]), json!({}))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    till.must_agree().await
}

#[tokio::test]
async fn what_is_written_down_is_confirmed_later_and_other_tenants_do_not_see_it()
-> anyhow::Result<()> {
    let till = Till::open().await?;
    let noted = till
        .card("card_ok", "10.00", json!({"confirmLater": true}))
        .await?;
    assert_eq!(
        (&noted["status"], &noted["capturedMinor"]),
        (&json!("REQUIRES_CONFIRMATION"), &json!(0))
    );
    let other = till.world.owner().await?;
    for verb in ["paymentConfirm", "paymentCapture"] {
        other
            .verb(verb, json!({"id": noted["id"]}), "paymentIntent { id }")
            .await?
            .must_fail("NOT_FOUND")?;
    }
    let kitchen = till.world.staff(&till.owner, "kitchen", &[]).await?;
    kitchen
        .verb(
            "paymentConfirm",
            json!({"id": noted["id"]}),
            "paymentIntent { id }",
        )
        .await?
        .must_fail("FORBIDDEN")?;
    let paid = till.act("paymentConfirm", &noted["id"], json!({})).await?;
    assert_eq!(paid["status"], "SUCCEEDED");
    let data = till
        .owner
        .read("{ processorAccounts { nodes { name processor credentialsRef } } }")
        .await?;
    assert!(!data.to_string().contains("Sealed"), "{data}");
    till.must_agree().await
}

#[tokio::test]
async fn a_booking_knows_what_was_paid_for_it() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.confirmed(tests::hotel::soon(30), 2).await?;
    let pay = async |amount: &str, currency: &str| {
        let input = json!({
            "amount": {"amount": amount, "currency": currency}, "source": {"bookingOrderId": order["id"]}, "tenders": [{"kind": "CASH"}],
        });
        hotel
            .owner
            .verb(
                "paymentIntentCreate",
                input,
                "paymentIntent { locationId sourceId capturedMinor }",
            )
            .await
    };
    let paid = pay("50.00", "EUR").await?.must()?;
    assert_eq!(
        paid.data("/verb/paymentIntent/locationId"),
        &order["locationId"]
    );
    pay("50.00", "USD").await?.must_refuse("WRONG_AMOUNT")?;
    let scope = world
        .opened
        .platform_in(hotel.owner.biz_id, None, bizing::database::new_id())
        .await?;
    let id = id_of(&order["id"])?;
    assert_eq!(
        bizing::domain::payments::store::paid_for(&scope, "BookingOrder", id).await?,
        5_000
    );
    Ok(())
}
