//! Entries by hand: balanced in each currency, never changed, reversed once (invariants 10 and 14).

use serde_json::json;
use tests::World;

use super::Books;

#[tokio::test]
async fn inv10_an_entry_moves_balances_and_the_trial_balance_is_zero() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    let yen = books.account("1020", "ASSET", "JPY").await?;
    let yen_equity = books.account("3000", "EQUITY", "JPY").await?;
    let posted = books
        .post(&bank, &equity, "1000.50", "EUR", json!({"kind": "OPENING"}))
        .await?
        .must()?;
    assert_eq!(posted.data("/verb/journalEntry/number"), "JE-000001");
    assert_eq!(
        posted
            .data("/verb/journalEntry/postings/nodes")
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    books
        .post(&yen, &yen_equity, "500", "JPY", json!({}))
        .await?
        .must()?;
    assert_eq!(books.balance(&bank).await?, (100_050, 100_050));
    let query = "{ trialBalance { currency debitsMinor creditsMinor differenceMinor accounts { code type balanceMinor } } }";
    let data = books.owner.read(query).await?;
    assert_eq!(
        data["trialBalance"],
        json!([
            {"currency": "EUR", "debitsMinor": 100_050, "creditsMinor": 100_050, "differenceMinor": 0, "accounts": [
                {"code": "1020", "type": "ASSET", "balanceMinor": 100_050},
                {"code": "3000", "type": "EQUITY", "balanceMinor": 100_050},
            ]},
            {"currency": "JPY", "debitsMinor": 500, "creditsMinor": 500, "differenceMinor": 0, "accounts": [
                {"code": "1020", "type": "ASSET", "balanceMinor": 500},
                {"code": "3000", "type": "EQUITY", "balanceMinor": 500},
            ]},
        ])
    );
    let before = books
        .owner
        .read("{ trialBalance(asOf: \"2020-01-01\") { currency } }")
        .await?;
    assert_eq!(before["trialBalance"], json!([]));
    books.must_agree().await
}

#[tokio::test]
async fn inv13_what_is_not_equal_in_each_currency_is_refused() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let euro = books.account("1020", "ASSET", "EUR").await?;
    let dollar = books.account("1020", "ASSET", "USD").await?;
    let lines = |second: &str, currency: &str, account: &str| {
        json!({"kind": "ADJUSTMENT", "description": "x", "lines": [
            {"accountId": euro, "side": "DEBIT", "amount": {"amount": "10.00", "currency": "EUR"}},
            {"accountId": account, "side": "CREDIT", "amount": {"amount": second, "currency": currency}},
        ]})
    };
    let post = async |input| {
        books
            .owner
            .verb("ledgerEntryPost", input, "journalEntry { id }")
            .await
    };
    post(lines("9.99", "EUR", &dollar))
        .await?
        .must_refuse("UNBALANCED")?;
    post(lines("10.00", "USD", &dollar))
        .await?
        .must_refuse("UNBALANCED")?;
    post(lines("10.00", "EUR", &dollar))
        .await?
        .must_refuse("WRONG_ACCOUNT")?;
    let one = json!({"kind": "ADJUSTMENT", "description": "x", "lines": []});
    post(one).await?.must_refuse("WRONG_NUMBER_OF_LINES")?;
    assert_eq!(books.balance(&euro).await?, (0, 0));
    books.must_agree().await
}

#[tokio::test]
async fn inv14_an_entry_is_reversed_once_and_never_changed() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    let posted = books
        .post(&bank, &equity, "10.00", "EUR", json!({}))
        .await?
        .must()?;
    let entry = posted.data("/verb/journalEntry/id").clone();
    let input = json!({"id": entry, "reason": "Entered twice"});
    let select = "journalEntry { id kind reverses { id } } reversed { id }";
    let undone = books
        .owner
        .act("ledgerEntryReverse", input.clone(), select)
        .await?;
    assert_eq!(undone["journalEntry"]["kind"], "REVERSAL");
    assert_eq!(undone["reversed"]["id"], entry);
    assert_eq!(books.balance(&bank).await?, (0, 0));
    books
        .owner
        .verb("ledgerEntryReverse", input, select)
        .await?
        .must_refuse("ALREADY_REVERSED")?;
    let mirror = json!({"id": undone["journalEntry"]["id"], "reason": "x"});
    books
        .owner
        .verb("ledgerEntryReverse", mirror, select)
        .await?
        .must_refuse("ALREADY_REVERSED")?;
    for sql in [
        "update ledger.postings set amount_minor = 1",
        "delete from ledger.postings",
        "update ledger.journal_entries set description = 'x'",
        "update ledger.accounts set debits_posted_minor = 7",
    ] {
        assert!(books.sql.execute(sql, &[]).await.is_err(), "{sql}");
    }
    books.must_agree().await
}

#[tokio::test]
async fn an_account_that_may_not_fall_below_zero_does_not_and_closes_when_empty()
-> anyhow::Result<()> {
    let books = Books::open().await?;
    let cash = books
        .account_with("1010", "ASSET", "EUR", json!({"isNegativeAllowed": false}))
        .await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    books
        .post(&equity, &cash, "0.01", "EUR", json!({}))
        .await?
        .must_refuse("INSUFFICIENT")?;
    books
        .post(&cash, &equity, "5.00", "EUR", json!({}))
        .await?
        .must()?;
    let close = async || {
        books
            .owner
            .verb(
                "ledgerAccountClose",
                json!({"id": cash}),
                "ledgerAccount { closedAt }",
            )
            .await
    };
    close().await?.must_refuse("NOT_EMPTY")?;
    books
        .post(&equity, &cash, "5.00", "EUR", json!({}))
        .await?
        .must()?;
    close().await?.must()?;
    close().await?.must_refuse("ALREADY_CLOSED")?;
    books
        .post(&cash, &equity, "5.00", "EUR", json!({}))
        .await?
        .must_refuse("WRONG_ACCOUNT")?;
    books.must_agree().await
}

#[tokio::test]
async fn others_do_not_see_the_books_and_staff_without_permission_do_not_post() -> anyhow::Result<()>
{
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    let input = json!({"kind": "ADJUSTMENT", "description": "x", "idempotencyKey": "once", "lines": [
        {"accountId": bank, "side": "DEBIT", "amount": {"amount": "1.00", "currency": "EUR"}},
        {"accountId": equity, "side": "CREDIT", "amount": {"amount": "1.00", "currency": "EUR"}},
    ]});
    let other = books.world.owner().await?;
    let select = "journalEntry { id }";
    other
        .verb("ledgerEntryPost", input.clone(), select)
        .await?
        .must_fail("NOT_FOUND")?;
    let desk = books.world.staff(&books.owner, "front_desk", &[]).await?;
    desk.verb("ledgerEntryPost", input.clone(), select)
        .await?
        .must_fail("FORBIDDEN")?;
    desk.ask("{ trialBalance { currency } }")
        .await?
        .must_fail("FORBIDDEN")?;
    let first = books
        .owner
        .act("ledgerEntryPost", input.clone(), select)
        .await?;
    let again = books.owner.act("ledgerEntryPost", input, select).await?;
    assert_eq!(first["journalEntry"], again["journalEntry"]);
    assert_eq!(books.balance(&bank).await?, (100, 100));
    let theirs = json!({"id": first["journalEntry"]["id"], "reason": "x"});
    other
        .verb("ledgerEntryReverse", theirs, select)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

/// Entries from all sides at once: nobody deadlocks for good, and the balances are right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv10_entries_that_cross_each_other_all_arrive() -> anyhow::Result<()> {
    let books = Books::over(World::with_pool(16).await?).await?;
    let one = books.account("1020", "ASSET", "EUR").await?;
    let two = books.account("1021", "ASSET", "EUR").await?;
    let posts = (0..64).map(|n| {
        let (from, to) = if n % 2 == 0 {
            (&one, &two)
        } else {
            (&two, &one)
        };
        books.post(to, from, "1.00", "EUR", json!({}))
    });
    for answer in futures_util::future::join_all(posts).await {
        answer?.must()?;
    }
    assert_eq!(books.balance(&one).await?, (0, 0));
    let count: i64 = books
        .sql
        .query_one("select count(*) from ledger.journal_entries", &[])
        .await?
        .try_get(0)?;
    assert_eq!(count, 64);
    books.must_agree().await
}
