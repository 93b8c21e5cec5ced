//! Payments from gift cards and wallets: never more than there is, and what is held elsewhere is told
//! apart from an empty card.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::{Plan, made, soon};

use super::{Till, money};

impl Till {
    async fn gift(&self, amount: &str) -> anyhow::Result<Value> {
        let input = json!({"amount": money(amount)});
        let made = self
            .owner
            .act("giftCardIssue", input, "giftInstrument { id }")
            .await?;
        Ok(made["giftInstrument"]["id"].clone())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e35_thirty_two_payments_at_once_draw_no_more_than_is_on_a_card() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let card = till.gift("100.00").await?;
    let tenders = json!([{"kind": "GIFT", "giftInstrumentId": card}]);
    let pay = || till.pay("7.00", "EUR", tenders.clone(), json!({}));
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for answer in join_all((0..32).map(|_| pay())).await {
        let answer = answer?;
        let code = answer.user_code().unwrap_or("paid").to_owned();
        *codes.entry(code).or_default() += 1;
    }
    assert_eq!(
        codes,
        BTreeMap::from([("INSUFFICIENT".to_owned(), 18), ("paid".to_owned(), 14)])
    );
    let query = format!("{{ giftInstrument(id: {card}) {{ balanceMinor }} }}");
    let data = till.owner.read(&query).await?;
    assert_eq!(data["giftInstrument"]["balanceMinor"], 200);
    // What is blocked pays nothing, whatever is on it.
    let block = json!({"id": card, "reason": "Lost"});
    till.owner
        .act("giftCardBlock", block, "giftInstrument { id }")
        .await?;
    till.pay("1.00", "EUR", tenders, json!({}))
        .await?
        .must_refuse("INSTRUMENT_UNUSABLE")?;
    till.must_agree().await
}

#[tokio::test]
async fn e36_a_card_that_another_cart_holds_is_not_called_empty() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let card = till.gift("50.00").await?;
    let hotel = till.world.hotel_of(&till.owner, &Plan::default()).await?;
    let order = hotel.confirmed(soon(0), 1).await?;
    let hold =
        json!({"giftInstrumentId": card, "amount": money("50.00"), "bookingOrderId": order["id"]});
    till.owner
        .act("valueHoldPlace", hold, "valueHold { id }")
        .await?;
    let tenders = json!([{"kind": "GIFT", "giftInstrumentId": card}]);
    let refused = till.pay("10.00", "EUR", tenders.clone(), json!({})).await?;
    assert_eq!(refused.user_code(), Some("HELD_ELSEWHERE"));
    till.pay("60.00", "EUR", tenders, json!({}))
        .await?
        .must_refuse("INSUFFICIENT")?;
    till.must_agree().await
}

#[tokio::test]
async fn a_refund_goes_back_to_the_card_and_the_wallet_it_came_from() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let card = till.gift("30.00").await?;
    let customer = made(&till.owner, "customer", json!({"fullName": "Ana"})).await?;
    let wallet = json!({"customerId": customer, "currency": "EUR"});
    let wallet = till
        .owner
        .act("walletOpen", wallet, "wallet { id }")
        .await?["wallet"]["id"]
        .clone();
    let grant = json!({"walletId": wallet, "amount": money("20.00"), "origin": "PURCHASE"});
    till.owner
        .act("walletGrant", grant, "wallet { id }")
        .await?;
    let tenders = json!([
        {"kind": "GIFT", "giftInstrumentId": card, "amount": money("30.00")},
        {"kind": "WALLET", "walletId": wallet, "amount": money("15.00")},
        {"kind": "CARD", "methodRef": "card_ok"},
    ]);
    let paid = till
        .pay("100.00", "EUR", tenders, json!({"customerId": customer}))
        .await?
        .must()?;
    let id = paid.data("/verb/paymentIntent/id").clone();
    till.refund(&id, json!({})).await?.must()?;
    let query = format!(
        "{{ giftInstrument(id: {card}) {{ balanceMinor status }} wallet(id: {wallet}) {{ balance }} }}"
    );
    assert_eq!(
        till.owner.read(&query).await?,
        json!({"giftInstrument": {"balanceMinor": 3_000, "status": "ACTIVE"}, "wallet": {"balance": 2_000}})
    );
    till.must_agree().await
}
