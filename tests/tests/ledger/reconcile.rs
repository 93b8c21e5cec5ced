//! Accounts compared with statements: what differs is listed, explained, and then closed.

use serde_json::json;

use super::Books;

#[tokio::test]
async fn differences_are_listed_and_have_to_be_explained() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    let today = books.world.opened.now().date_naive();
    books
        .post(&bank, &equity, "40.00", "EUR", json!({}))
        .await?
        .must()?;
    books
        .post(&equity, &bank, "2.50", "EUR", json!({}))
        .await?
        .must()?;
    let compare = async |statement: &str, balance: &str, currency: &str| {
        let input = json!({"accountId": bank, "statementRef": statement, "asOf": today, "balance": {"amount": balance, "currency": currency}});
        let select = "ledgerReconciliation { id status expectedMinor differenceMinor differences }";
        books.owner.verb("ledgerReconcile", input, select).await
    };
    compare("1", "40.00", "USD")
        .await?
        .must_refuse("WRONG_CURRENCY")?;
    let same = compare("1", "37.50", "EUR").await?.must()?;
    assert_eq!(same.data("/verb/ledgerReconciliation/status"), "MATCHED");
    compare("1", "37.50", "EUR")
        .await?
        .must_refuse("STATEMENT_TAKEN")?;
    let other = compare("2", "40.00", "EUR").await?.must()?;
    let found = other.data("/verb/ledgerReconciliation");
    assert_eq!(
        (&found["status"], &found["differenceMinor"]),
        (&json!("DIFFERENCES"), &json!(250))
    );
    assert_eq!(found["differences"].as_array().map(Vec::len), Some(2));
    let this = json!({"id": found["id"]});
    let select = "ledgerReconciliation { status }";
    books
        .owner
        .verb("ledgerReconciliationClose", this.clone(), select)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let empty = json!({"id": found["id"], "explanation": " "});
    books
        .owner
        .verb("ledgerReconciliationExplain", empty, select)
        .await?
        .must_refuse("EXPLANATION_REQUIRED")?;
    let why = json!({"id": found["id"], "explanation": "The fee is not on the statement yet."});
    books
        .owner
        .act("ledgerReconciliationExplain", why, select)
        .await?;
    let closed = books
        .owner
        .act("ledgerReconciliationClose", this, select)
        .await?;
    assert_eq!(closed["ledgerReconciliation"]["status"], "CLOSED");
    Ok(())
}
