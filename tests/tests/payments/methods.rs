//! Ways to pay that customers leave: kept, charged later, preferred, taken away.

use serde_json::{Value, json};
use tests::hotel::made;

use super::{Till, money};

const SETUP: &str = "setupIntent { id status lastError paymentMethod { id brand last4 isDefault status label } } nextAction";
const METHOD: &str = "paymentMethod { id isDefault status }";

impl Till {
    async fn customer(&self) -> anyhow::Result<String> {
        made(&self.owner, "customer", json!({"fullName": "Ana Silva"})).await
    }

    /// Lets a customer leave a card, whatever comes back.
    async fn leave(&self, customer: &str, card: &str, more: Value) -> anyhow::Result<Value> {
        let mut input = json!({"customerId": customer, "methodRef": card});
        super::merge(&mut input, more);
        self.owner.act("paymentMethodSetup", input, SETUP).await
    }
}

#[tokio::test]
async fn a_card_is_left_charged_preferred_and_taken_away() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let customer = till.customer().await?;
    let more = json!({"label": "Company card", "makeDefault": true});
    let left = till.leave(&customer, "card_ok", more).await?;
    assert_eq!(left["setupIntent"]["status"], "SUCCEEDED");
    let method = &left["setupIntent"]["paymentMethod"];
    assert_eq!(
        (&method["last4"], &method["isDefault"], &method["label"]),
        (&json!("4242"), &json!(true), &json!("Company card"))
    );
    // The same card again is the same way to pay.
    let again = till.leave(&customer, "card_ok", json!({})).await?;
    assert_eq!(again["setupIntent"]["paymentMethod"]["id"], method["id"]);
    let other = till.leave(&customer, "card_dispute", json!({})).await?;
    let other = &other["setupIntent"]["paymentMethod"]["id"];
    assert_ne!(other, &method["id"]);
    till.owner
        .act("paymentMethodMakeDefault", json!({"id": other}), METHOD)
        .await?;
    let list = format!(
        "{{ customer(id: \"{customer}\") {{ paymentMethods(orderBy: [{{createdAt: ASC}}]) {{ nodes {{ id isDefault }} }} }} }}"
    );
    let data = till.owner.read(&list).await?;
    assert_eq!(
        data["customer"]["paymentMethods"]["nodes"],
        json!([{"id": method["id"], "isDefault": false}, {"id": other, "isDefault": true}])
    );
    let tenders = json!([{"kind": "CARD", "paymentMethodId": method["id"]}]);
    let paid = till
        .pay(
            "25.00",
            "EUR",
            tenders.clone(),
            json!({"customerId": customer}),
        )
        .await?
        .must()?;
    assert_eq!(paid.data("/verb/paymentIntent/status"), "SUCCEEDED");
    let detach = json!({"id": method["id"]});
    let gone = till
        .owner
        .act("paymentMethodDetach", detach.clone(), METHOD)
        .await?;
    assert_eq!(gone["paymentMethod"]["status"], "REVOKED");
    till.owner
        .verb("paymentMethodDetach", detach, METHOD)
        .await?
        .must_refuse("WRONG_STATUS")?;
    till.pay("25.00", "EUR", tenders, json!({}))
        .await?
        .must_fail("NOT_FOUND")?;
    till.must_agree().await
}

#[tokio::test]
async fn a_card_that_asks_its_owner_is_kept_once_they_answered() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let customer = till.customer().await?;
    let asked = till.leave(&customer, "card_challenge", json!({})).await?;
    assert_eq!(asked["setupIntent"]["status"], "REQUIRES_ACTION");
    assert_eq!(asked["nextAction"]["type"], "sandbox_challenge");
    assert_eq!(asked["setupIntent"]["paymentMethod"], Value::Null);
    let check = json!({"id": asked["setupIntent"]["id"], "makeDefault": true});
    let done = till
        .owner
        .act("paymentMethodSetupCheck", check.clone(), SETUP)
        .await?;
    assert_eq!(done["setupIntent"]["status"], "SUCCEEDED");
    let method = &done["setupIntent"]["paymentMethod"];
    assert_eq!(method["isDefault"], true);
    till.owner
        .verb("paymentMethodSetupCheck", check, SETUP)
        .await?
        .must_refuse("WRONG_STATUS")?;
    // What was answered once is not asked again.
    let tenders = json!([{"kind": "CARD", "paymentMethodId": method["id"]}]);
    let paid = till.pay("9.00", "EUR", tenders, json!({})).await?.must()?;
    assert_eq!(paid.data("/verb/paymentIntent/status"), "SUCCEEDED");
    Ok(())
}

#[tokio::test]
async fn what_is_declined_or_lost_leaves_no_way_to_pay() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let customer = till.customer().await?;
    let declined = till.leave(&customer, "card_declined", json!({})).await?;
    assert_eq!(
        (
            &declined["setupIntent"]["status"],
            &declined["setupIntent"]["lastError"]
        ),
        (
            &json!("REQUIRES_PAYMENT_METHOD"),
            &json!("The card was declined.")
        )
    );
    let lost = till.leave(&customer, "card_timeout", json!({})).await?;
    assert_eq!(lost["setupIntent"]["status"], "REQUIRES_CONFIRMATION");
    let pending = till.leave(&customer, "card_pending", json!({})).await?;
    assert_eq!(pending["setupIntent"]["status"], "PROCESSING");
    till.world.clock.advance(chrono::Duration::minutes(11));
    assert_eq!(till.world.run_job("reconcile_setups").await?, 2);
    assert_eq!(till.world.run_job("reconcile_setups").await?, 0);
    let owner = till.world.again(&till.owner).await?;
    let data = owner
        .read("{ setupIntents(orderBy: [{createdAt: ASC}]) { nodes { status } } }")
        .await?;
    let statuses = json!([{"status": "REQUIRES_PAYMENT_METHOD"}, {"status": "CANCELED"}, {"status": "SUCCEEDED"}]);
    assert_eq!(data["setupIntents"]["nodes"], statuses);
    Ok(())
}

#[tokio::test]
async fn ways_to_pay_are_tokens_and_belong_to_their_tenant() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let customer = till.customer().await?;
    let number = json!({"customerId": customer, "methodRef": "4242 4242 4242 4242"});
    till.owner
        .verb("paymentMethodSetup", number, SETUP)
        .await?
        .must_refuse("WRONG_METHOD")?;
    let left = till.leave(&customer, "card_ok", json!({})).await?;
    let id = &left["setupIntent"]["paymentMethod"]["id"];
    let input = json!({"customerId": customer, "methodRef": "card_ok"});
    let stranger = till.world.owner().await?;
    stranger
        .verb("paymentMethodSetup", input.clone(), SETUP)
        .await?
        .must_refuse("NO_PROCESSOR")?;
    for name in ["paymentMethodDetach", "paymentMethodMakeDefault"] {
        stranger
            .verb(name, json!({"id": id}), METHOD)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    let housekeeper = till.world.staff(&till.owner, "housekeeper", &[]).await?;
    housekeeper
        .verb("paymentMethodSetup", input, SETUP)
        .await?
        .must_fail("FORBIDDEN")?;
    let key = json!({"idempotencyKey": "left once"});
    let one = till
        .leave(&customer, "card_refund_fails", key.clone())
        .await?;
    let two = till.leave(&customer, "card_refund_fails", key).await?;
    assert_eq!(two["replayed"], true);
    assert_eq!(one["setupIntent"]["id"], two["setupIntent"]["id"]);
    assert_eq!(till.count("payments.payment_methods").await?, 2);
    Ok(())
}

#[tokio::test]
async fn payouts_are_ordered_at_the_processor_or_only_noted() -> anyhow::Result<()> {
    let till = Till::open().await?;
    till.card("card_ok", "80.00", json!({})).await?;
    let data = till
        .owner
        .read("{ processorAccounts { nodes { id processor } } }")
        .await?;
    let nodes = data["processorAccounts"]["nodes"].as_array().cloned();
    let sandbox = nodes
        .unwrap_or_default()
        .into_iter()
        .find(|node| node["processor"] == "SANDBOX")
        .map(|node| node["id"].clone());
    let payout = "payout { id status externalId amountMinor }";
    let order = json!({"amount": money("50.00"), "processorAccountId": sandbox, "order": true});
    let made = till.owner.act("payoutCreate", order, payout).await?;
    assert_eq!(made["payout"]["status"], "IN_TRANSIT");
    let external = made["payout"]["externalId"].as_str().unwrap_or_default();
    assert!(external.starts_with("sbx_po_"), "{made}");
    let noted = json!({"amount": money("30.00"), "processorAccountId": sandbox});
    let noted = till.owner.act("payoutCreate", noted, payout).await?;
    assert_eq!(
        (&noted["payout"]["status"], &noted["payout"]["externalId"]),
        (&json!("IN_TRANSIT"), &Value::Null)
    );
    let nobody = json!({"amount": money("1.00"), "order": true, "processorAccountId": sandbox, "externalId": "po_1"});
    till.owner
        .verb("payoutCreate", nobody, payout)
        .await?
        .must_refuse("NOT_ORDERED")?;
    assert_eq!(till.world.run_job("order_payouts").await?, 0);
    till.must_agree().await
}
