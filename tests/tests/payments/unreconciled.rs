//! What no settlement has settled, and what settlements have that nobody knows.

use chrono::Duration;
use serde_json::{Value, json};

use super::settling::{account, movements};
use super::{Till, money};

#[tokio::test]
async fn what_is_not_reconciled_is_listed_item_by_item() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let first = till.card("card_ok", "100.00", json!({})).await?;
    let back = json!({"amount": money("30.00")});
    till.refund(&first["id"], back).await?.must()?;
    till.card("card_ok", "50.00", json!({})).await?;
    let account = account(&till).await?;
    let moved = movements(&till).await?;
    // No processor settles cash.
    till.pay("9.00", "EUR", json!([{"kind": "CASH"}]), json!({}))
        .await?
        .must()?;
    let today = till.world.opened.now().date_naive();
    let (from, to) = (today - Duration::days(1), today + Duration::days(2));
    let input = json!({
        "processorAccountId": account, "externalId": "set_1", "startsOn": from, "endsOn": to,
        "gross": money("107.00"), "fee": money("0.00"), "net": money("107.00"), "entries": [
            {"kind": "PAYMENT", "externalId": moved[0], "amount": money("100.00")},
            {"kind": "PAYMENT", "externalId": "unknown", "amount": money("7.00")},
        ],
    });
    let batch = till
        .owner
        .act("settlementImport", input, "settlementBatch { id }")
        .await?;
    let batch = batch["settlementBatch"]["id"].clone();
    let items = async |filter: &str| {
        let query = format!(
            "{{ paymentsUnreconciled{filter} {{ isLine amountMinor currency externalId paymentIntentId processorAccountId ageDays }} }}"
        );
        let data = till.owner.read(&query).await?;
        let items = data["paymentsUnreconciled"].as_array().cloned();
        anyhow::Ok(items.unwrap_or_default())
    };
    let told = items("").await?;
    let mut amounts: Vec<_> = told
        .iter()
        .map(|item| (item["isLine"].clone(), item["amountMinor"].clone()))
        .collect();
    amounts.sort_by_key(|(_, amount)| amount.as_i64());
    let expected = [(false, -3_000), (true, 700), (false, 5_000)];
    assert_eq!(
        amounts,
        expected.map(|(is_line, minor)| (json!(is_line), json!(minor)))
    );
    for item in &told {
        assert_eq!(
            (&item["processorAccountId"], &item["currency"]),
            (&account, &json!("EUR"))
        );
        assert_eq!(
            item["isLine"] == json!(true),
            item["paymentIntentId"].is_null(),
            "{item}"
        );
    }
    let refunded = told
        .iter()
        .find(|item| item["amountMinor"] == json!(-3_000));
    assert_eq!(
        refunded.map(|item| &item["paymentIntentId"]),
        Some(&first["id"])
    );
    // Those of an earlier day only, and those of one account.
    assert_eq!(
        items(&format!("(before: \"{today}\")")).await?,
        Vec::<Value>::new()
    );
    let of_account = format!("(processorAccountId: {account})");
    assert_eq!(items(&of_account).await?.len(), 3);
    till.world.clock.advance(Duration::days(3));
    let owner = till.world.again(&till.owner).await?;
    let data = owner
        .read("{ paymentsUnreconciled { isLine ageDays } }")
        .await?;
    for item in data["paymentsUnreconciled"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let days = if item["isLine"] == json!(true) { 1 } else { 3 };
        assert_eq!(item["ageDays"], json!(days), "{item}");
    }
    // What was explained waits no longer; what was not settled still does.
    let why = json!({"id": batch, "explanation": "Somebody else's."});
    owner
        .act("settlementReconcile", why, "settlementBatch { status }")
        .await?;
    let data = owner.read("{ paymentsUnreconciled { isLine } }").await?;
    let left = json!([{"isLine": false}, {"isLine": false}]);
    assert_eq!(data["paymentsUnreconciled"], left);
    let stranger = till.world.owner().await?;
    let data = stranger.read("{ paymentsUnreconciled { isLine } }").await?;
    assert_eq!(data["paymentsUnreconciled"], json!([]));
    let powerless = till.world.staff(&owner, "housekeeper", &[]).await?;
    powerless
        .ask("{ paymentsUnreconciled { isLine } }")
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}
