//! The sandbox's own page: served by the program, paid by whoever has its address.

use bizing::domain::payments::processors::Processors;
use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::{Plan, soon};

use super::{Till, money};

const PAGE: &str = "refusal checkoutSession { id status url }";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn a_page_of_the_sandbox_is_paid_in_a_browser() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let hotel = till.world.hotel_of(&till.owner, &Plan::default()).await?;
    let order = hotel.confirmed(soon(30), 1).await?;
    let input = json!({
        "source": {"bookingOrderId": order["id"]}, "amount": money("30.00"), "description": "A <room>",
        "successUrl": "http://localhost:1/thanks?a=1&b=2", "cancelUrl": "https://shop.example/cart",
    });
    // Where nothing serves, there is no page.
    let nowhere = till
        .owner
        .act("checkoutSessionCreate", input.clone(), PAGE)
        .await?;
    assert_eq!(nowhere["checkoutSession"]["status"], "EXPIRED");
    assert_ne!(nowhere["refusal"], Value::Null);
    let processors = till.world.shared.service::<Processors>()?;
    processors.serves_at("http://localhost:1".to_owned());
    let made = till
        .owner
        .act("checkoutSessionCreate", input.clone(), PAGE)
        .await?;
    let url = made["checkoutSession"]["url"].as_str().unwrap_or_default();
    let path = url.strip_prefix("http://localhost:1").unwrap_or_default();
    let anyone = till.world.anonymous();
    let (status, html) = anyone.get(path).await?;
    assert_eq!(status, 200);
    assert!(
        html.contains("30.00 EUR") && html.contains("A &lt;room&gt;"),
        "{html}"
    );
    let declined = anyone
        .post_to(path, "card=card_declined".to_owned(), &[FORM])
        .await?;
    assert_eq!(declined.0, 402);
    // Whoever presses twice pays once. Nobody is there where they are sent.
    for _ in 0..2 {
        let _ = anyone
            .post_to(path, "card=card_ok".to_owned(), &[FORM])
            .await;
    }
    let sql = "select s.status::text, i.status::text, i.captured_minor from payments.checkout_sessions s \
        join payments.payment_intents i on i.biz_id = s.biz_id and i.id = s.intent_id";
    let rows = till.sql.query(sql, &[]).await?;
    assert_eq!(rows.len(), 1);
    let paid: (String, String, i64) = (
        rows[0].try_get(0)?,
        rows[0].try_get(1)?,
        rows[0].try_get(2)?,
    );
    assert_eq!(paid, ("complete".to_owned(), "succeeded".to_owned(), 3_000));
    assert_eq!(till.count("payments.payment_intents").await?, 1);
    let (_, html) = anyone.get(path).await?;
    assert!(html.contains("closed"), "{html}");
    let elsewhere = path.replace("https%3A%2F%2Fshop.example%2Fcart", "javascript%3Aalert");
    assert_eq!(anyone.get(&elsewhere).await?.0, 400);
    // One that runs out closes by itself.
    let made = till.owner.act("checkoutSessionCreate", input, PAGE).await?;
    assert_eq!(made["checkoutSession"]["status"], "OPEN");
    till.world.clock.advance(Duration::hours(13));
    assert_eq!(till.world.run_job("reconcile_checkouts").await?, 1);
    till.must_agree().await
}
