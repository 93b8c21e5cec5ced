//! Which way a payment goes where the customer left one: the one that is named, the one they prefer, what
//! they have at the business itself; and by a terminal.

use serde_json::{Value, json};
use tests::hotel::made;

use super::Till;

const SETUP: &str = "setupIntent { paymentMethod { id } }";
const KEPT: &str = "paymentMethod { id kind isDefault status label }";
const TENDERS: &str = "paymentIntent { id status tenders { nodes { kind paymentMethodId } } }";

impl Till {
    async fn somebody(&self) -> anyhow::Result<String> {
        made(&self.owner, "customer", json!({"fullName": "Ana Silva"})).await
    }

    /// A card that a customer left: its id.
    async fn card_of(&self, customer: &str, more: Value) -> anyhow::Result<Value> {
        let mut input = json!({"customerId": customer, "methodRef": "card_ok"});
        super::merge(&mut input, more);
        let left = self.owner.act("paymentMethodSetup", input, SETUP).await?;
        Ok(left["setupIntent"]["paymentMethod"]["id"].clone())
    }

    /// A payment of ten euros in one way, whatever comes back.
    async fn ten(&self, tender: Value, more: Value) -> anyhow::Result<tests::Answer> {
        let mut input = json!({"amount": super::money("10.00"), "locationId": self.location, "tenders": [tender]});
        super::merge(&mut input, more);
        self.owner.verb("paymentIntentCreate", input, TENDERS).await
    }
}

#[tokio::test]
async fn a_card_that_nobody_names_is_the_one_the_customer_prefers() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let (ana, bruno) = (till.somebody().await?, till.somebody().await?);
    let card = till.card_of(&ana, json!({"makeDefault": true})).await?;
    let method = "/verb/paymentIntent/tenders/nodes/0/paymentMethodId";
    let by_ana = json!({"customerId": ana});
    let paid = till
        .ten(json!({"kind": "CARD"}), by_ana.clone())
        .await?
        .must()?;
    assert_eq!(paid.data(method), &card);
    // One that is named is taken instead, and nobody else's card is touched.
    let named = json!({"kind": "CARD", "methodRef": "card_ok"});
    let paid = till.ten(named, by_ana.clone()).await?.must()?;
    assert_eq!(paid.data(method), &Value::Null);
    let by_bruno = json!({"customerId": bruno});
    let paid = till
        .ten(json!({"kind": "CARD"}), by_bruno.clone())
        .await?
        .must()?;
    assert_eq!(paid.data(method), &Value::Null);
    let hers = json!({"kind": "CARD", "paymentMethodId": card});
    till.ten(hers.clone(), by_bruno.clone())
        .await?
        .must_refuse("INSTRUMENT_UNUSABLE")?;
    let mut for_him = hers.clone();
    for_him["payerCustomerId"] = json!(ana);
    till.ten(for_him, by_bruno).await?.must()?;
    let mut otherwise = hers;
    otherwise["kind"] = json!("WALLET");
    till.ten(otherwise, by_ana.clone())
        .await?
        .must_refuse("INSTRUMENT_UNUSABLE")?;
    // A card past its date is asked for no more.
    let sql = "update payments.payment_methods set exp_year = 2020";
    till.sql.execute(sql, &[]).await?;
    assert_eq!(till.world.run_job("expire_payment_methods").await?, 1);
    assert_eq!(till.world.run_job("expire_payment_methods").await?, 0);
    let paid = till.ten(json!({"kind": "CARD"}), by_ana).await?.must()?;
    assert_eq!(paid.data(method), &Value::Null);
    till.must_agree().await
}

#[tokio::test]
async fn a_wallet_and_a_gift_card_are_kept_as_ways_to_pay() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let (ana, bruno) = (till.somebody().await?, till.somebody().await?);
    let wallet = json!({"customerId": ana, "currency": "EUR"});
    let wallet = till
        .owner
        .act("walletOpen", wallet, "wallet { id }")
        .await?;
    let wallet = &wallet["wallet"]["id"];
    let grant = json!({"walletId": wallet, "amount": super::money("15.00"), "origin": "PURCHASE"});
    till.owner
        .act("walletGrant", grant, "wallet { id }")
        .await?;
    let card = json!({"amount": super::money("15.00")});
    let card = till
        .owner
        .act("giftCardIssue", card, "giftInstrument { id }")
        .await?;
    let card = &card["giftInstrument"]["id"];
    let keep = async |input: Value| till.owner.verb("paymentMethodKeep", input, KEPT).await;
    keep(json!({"customerId": ana}))
        .await?
        .must_refuse("ONE_INSTRUMENT")?;
    keep(json!({"customerId": ana, "walletId": wallet, "giftInstrumentId": card}))
        .await?
        .must_refuse("ONE_INSTRUMENT")?;
    keep(json!({"customerId": bruno, "walletId": wallet}))
        .await?
        .must_refuse("UNUSABLE")?;
    keep(json!({"customerId": ana, "walletId": wallet, "label": "4242 4242 4242 4242"}))
        .await?
        .must_refuse("NUMBER_IN_NAME")?;
    for (kind, field, instrument) in [
        ("WALLET", "walletId", wallet),
        ("GIFT", "giftInstrumentId", card),
    ] {
        let input = json!({"customerId": ana, field: instrument, "label": "Mine"});
        let kept = keep(input.clone()).await?.must()?;
        let id = kept.data("/verb/paymentMethod/id").clone();
        assert_eq!(kept.data("/verb/paymentMethod/kind"), kind);
        // Kept twice it is one.
        let again = keep(input.clone()).await?.must()?;
        assert_eq!(again.data("/verb/paymentMethod/id"), &id);
        let tender = json!({"kind": kind, "paymentMethodId": id});
        let paid = till.ten(tender.clone(), json!({"customerId": ana})).await?;
        assert_eq!(paid.must()?.data("/verb/paymentIntent/status"), "SUCCEEDED");
        // Five are left.
        till.ten(tender.clone(), json!({"customerId": ana}))
            .await?
            .must_refuse("INSUFFICIENT")?;
        let detach = json!({"id": id});
        till.owner
            .act("paymentMethodDetach", detach, "paymentMethod { status }")
            .await?;
        till.ten(tender, json!({"customerId": ana}))
            .await?
            .must_fail("NOT_FOUND")?;
        let stranger = till.world.owner().await?;
        stranger
            .verb("paymentMethodKeep", input.clone(), KEPT)
            .await?
            .must_fail("NOT_FOUND")?;
        let powerless = till.world.staff(&till.owner, "housekeeper", &[]).await?;
        powerless
            .verb("paymentMethodKeep", input, KEPT)
            .await?
            .must_fail("FORBIDDEN")?;
    }
    till.must_agree().await
}

#[tokio::test]
async fn a_terminal_pays_into_its_account_while_it_is_active() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let data = till
        .owner
        .read("{ processorAccounts { nodes { id processor } } }")
        .await?;
    let account = data["processorAccounts"]["nodes"][0]["id"].clone();
    let terminal = json!({"locationId": till.location, "processorAccountId": account, "serial": "T-1", "label": "Bar"});
    let terminal = made(&till.owner, "paymentTerminal", terminal).await?;
    let tender = json!({"kind": "CARD", "terminalId": terminal, "methodRef": "card_ok"});
    let paid = till.ten(tender.clone(), json!({})).await?.must()?;
    assert_eq!(paid.data("/verb/paymentIntent/status"), "SUCCEEDED");
    let archive = json!({"id": terminal});
    till.owner
        .act("paymentTerminalArchive", archive, "paymentTerminal { id }")
        .await?;
    till.ten(tender, json!({})).await?.must_fail("NOT_FOUND")?;
    till.must_agree().await
}
