//! What a processor does not answer is asked again after a minute, then after pauses that double, up to an hour.

use serde_json::json;
use tests::hotel::made;
use tokio_postgres::Client;

use super::money;
use super::stripe_shop::Shop;

/// What waits for an answer: the job that asks, the row, and the column that says since when.
const WAITING: [(&str, &str, &str); 4] = [
    ("order_payouts", "payments.payouts", "created_at"),
    ("reconcile_setups", "payments.setup_intents", "created_at"),
    (
        "reconcile_checkouts",
        "payments.checkout_sessions",
        "created_at",
    ),
    ("hand_in_evidence", "payments.disputes", ""),
];

/// Minutes since it began and since it was last asked, and whether it is asked again now.
const PAUSES: [(f64, f64, bool); 7] = [
    (0.5, 0.5, false),
    (1.5, 1.5, true),
    (30.0, 10.0, false),
    (30.0, 16.0, true),
    (300.0, 59.0, false),
    (300.0, 61.0, true),
    (9_000.0, 61.0, true),
];

/// As if a row had begun and been asked about so long ago.
async fn age(
    sql: &Client,
    (table, began): (&str, &str),
    since: f64,
    asked: f64,
) -> anyhow::Result<()> {
    let ago = |minutes: f64| format!("now() - interval '1 minute' * {minutes}");
    let mut set = format!("update {table} set updated_at = {}", ago(asked));
    if began.is_empty() {
        let evidence = format!(
            "update payments.dispute_evidence set submitted_at = {}",
            ago(since)
        );
        sql.batch_execute(&evidence).await?;
    } else {
        set = format!("{set}, {began} = {}", ago(since));
    }
    Ok(sql.batch_execute(&set).await?)
}

#[tokio::test]
async fn the_longer_nothing_is_answered_the_seldomer_it_is_asked() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (world, owner) = (&shop.till.world, &shop.till.owner);
    shop.till.card("pm_card_visa", "100.00", json!({})).await?;
    let customer = made(owner, "customer", json!({"fullName": "Ana"})).await?;
    let dispute = json!({"id": "dp_1", "payment_intent": "pi_1", "amount": 1_000, "currency": "eur", "status": "needs_response",
        "reason": "fraudulent", "evidence_details": {"due_by": 4_000_000_000_i64}});
    let dispute = shop.event("evt_1", "charge.dispute.created", 100, dispute);
    shop.message(&dispute).await?;
    let disputes = owner.read("{ disputes { nodes { id } } }").await?;
    let dispute = &disputes["disputes"]["nodes"][0]["id"];
    let evidence =
        json!({"disputeId": dispute, "kind": "SERVICE_PROOF", "text": "They were here."});
    owner
        .act("disputeEvidenceAdd", evidence, "dispute { id }")
        .await?;
    let page = json!({"source": {"bookingOrderId": order(&shop).await?}, "amount": money("5.00"),
        "successUrl": "https://shop.example/a", "cancelUrl": "https://shop.example/b"});
    owner.act("checkoutSessionCreate", page, "refusal").await?;
    // From here on Stripe does what it is asked, and nobody hears of it.
    shop.stripe.books(|books| books.lose = usize::MAX);
    let submit = json!({"id": dispute});
    owner
        .act("disputeEvidenceSubmit", submit, "dispute { id }")
        .await?;
    let payout =
        json!({"amount": money("60.00"), "processorAccountId": shop.account, "order": true});
    owner.act("payoutCreate", payout, "payout { id }").await?;
    let kept = json!({"customerId": customer, "methodRef": "pm_card_visa"});
    owner
        .act("paymentMethodSetup", kept, "setupIntent { id }")
        .await?;
    let sql = world.database.owner().await?;
    sql.batch_execute("set session_replication_role = replica")
        .await?;
    sql.batch_execute(
        "update payments.setup_intents set status = 'processing', external_id = 'seti_1'",
    )
    .await?;
    for (job, table, began) in WAITING {
        for (since, asked, is_due) in PAUSES {
            age(&sql, (table, began), since, asked).await?;
            let before = shop.stripe.books(|books| books.asked.len());
            assert_eq!(world.run_job(job).await?, 0, "nothing is answered");
            let times = shop.stripe.books(|books| books.asked.len()) - before;
            assert_eq!(times > 0, is_due, "{job}: {since} {asked}");
            // Whoever has asked has noted it: nobody else does.
            assert_eq!(world.run_job(job).await?, 0);
            let again = shop.stripe.books(|books| books.asked.len()) - before;
            assert_eq!(again, times, "{job} asks twice");
        }
    }
    Ok(())
}

async fn order(shop: &Shop) -> anyhow::Result<serde_json::Value> {
    let plan = tests::hotel::Plan::default();
    let hotel = shop.till.world.hotel_of(&shop.till.owner, &plan).await?;
    let order = hotel.confirmed(tests::hotel::soon(30), 1).await?;
    Ok(order["id"].clone())
}
