//! `bizing verify` names what somebody changed by hand.

use serde_json::json;

use super::Books;

/// Each change is made past all guards, as a superuser can; and taken back.
#[tokio::test]
async fn inv10_verify_finds_every_row_that_was_changed_by_hand() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    books
        .post(&bank, &equity, "40.00", "EUR", json!({}))
        .await?
        .must()?;
    books.must_agree().await?;
    let superuser = books.world.database.owner().await?;
    superuser
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (change, back, named) in [
        (
            "update ledger.accounts set debits_posted_minor = debits_posted_minor + 1 where code = '1020'",
            "update ledger.accounts set debits_posted_minor = debits_posted_minor - 1 where code = '1020'",
            "account 1020",
        ),
        (
            "update ledger.accounts set credits_pending_minor = 5 where code = '1020'",
            "update ledger.accounts set credits_pending_minor = 0 where code = '1020'",
            "account 1020",
        ),
        (
            "update ledger.postings set amount_minor = amount_minor + 1 where side = 'credit'",
            "update ledger.postings set amount_minor = amount_minor - 1 where side = 'credit'",
            "entry JE-000001",
        ),
        (
            "update ledger.journal_entries set posting_count = 3",
            "update ledger.journal_entries set posting_count = 2",
            "entry JE-000001",
        ),
        (
            "update ledger.postings set currency = 'USD' where side = 'debit'",
            "update ledger.postings set currency = 'EUR' where side = 'debit'",
            "entry JE-000001",
        ),
    ] {
        superuser.batch_execute(change).await?;
        let told = books.world.told_breaks().await?;
        assert!(
            told.iter().any(|line| line.contains(named)),
            "{change}: {named} is not among {told:?}"
        );
        superuser.batch_execute(back).await?;
        books.must_agree().await?;
    }
    Ok(())
}
