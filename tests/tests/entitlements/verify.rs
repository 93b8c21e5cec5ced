//! `bizing verify` names what does not agree after a row was changed by hand.

use bizing::domain::entitlements::verify::CHECKS;
use serde_json::json;

use super::{Shop, euros};

/// What a check says about a tenant.
async fn says(shop: &Shop, name: &str) -> anyhow::Result<Vec<String>> {
    let (_, sql) = CHECKS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or(&CHECKS[0]);
    let rows = shop.sql.query(*sql, &[&shop.owner.biz_id]).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

#[tokio::test]
async fn each_check_names_the_row_that_was_changed_by_hand() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(1000) }))
        .await?;
    shop.card(2000, json!({})).await?;
    shop.must_agree().await?;
    let by_hand = shop.world.database.owner().await?;
    // Without triggers, as whoever goes round the program would.
    by_hand
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (check, spoil, mend, words) in [
        (
            "wallet_grants",
            "update entitlements.wallets set balance = balance + 7",
            "update entitlements.wallets set balance = balance - 7",
            "has a balance of 1007",
        ),
        (
            "wallet_books",
            "update entitlements.wallets set balance = balance + 7",
            "update entitlements.wallets set balance = balance - 7",
            "its account in the books 1000",
        ),
        (
            "grant_entries",
            "update entitlements.grants set remaining = remaining - 1",
            "update entitlements.grants set remaining = remaining + 1",
            "has 999 left",
        ),
        (
            "wallet_holds",
            "update entitlements.wallets set held = 5",
            "update entitlements.wallets set held = 0",
            "counts 5 as held",
        ),
        (
            "gift_journals",
            "update entitlements.gift_instruments set balance_minor = 1999",
            "update entitlements.gift_instruments set balance_minor = 2000",
            "has 1999 on it",
        ),
        (
            "gift_liability",
            "update ledger.accounts set credits_posted_minor = 1 where owner_type = 'GiftInstrument'",
            "update ledger.accounts set credits_posted_minor = 2000 where owner_type = 'GiftInstrument'",
            "its account in the books 1",
        ),
    ] {
        assert_eq!(says(&shop, check).await?, Vec::<String>::new(), "{check}");
        by_hand.batch_execute(spoil).await?;
        let said = says(&shop, check).await?;
        assert!(
            said.len() == 1 && said[0].contains(words),
            "{check}: {said:?}"
        );
        assert!(shop.world.breaks().await? > 0, "{check}");
        by_hand.batch_execute(mend).await?;
    }
    shop.must_agree().await
}
