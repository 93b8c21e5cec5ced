//! Disputes at Stripe: what is disputed is not refunded, and what comes after a refund is recorded.

use serde_json::{Value, json};

use super::money;
use super::stripe_shop::Shop;

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
async fn e23_inv08_a_chargeback_after_a_full_refund_is_recorded_and_flagged() -> anyhow::Result<()>
{
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
