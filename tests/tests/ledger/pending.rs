//! Amounts set aside: posted, voided or given back, once.

use serde_json::{Value, json};
use tests::Answer;

use super::Books;

struct Aside {
    books: Books,
    from: String,
    to: String,
}

impl Aside {
    async fn open() -> anyhow::Result<Self> {
        let books = Books::open().await?;
        let from = books
            .account_with("1010", "ASSET", "EUR", json!({"isNegativeAllowed": false}))
            .await?;
        let to = books.account("5000", "EXPENSE", "EUR").await?;
        let equity = books.account("3000", "EQUITY", "EUR").await?;
        books
            .post(&from, &equity, "100.00", "EUR", json!({}))
            .await?
            .must()?;
        Ok(Self { books, from, to })
    }

    async fn set_aside(&self, amount: &str, more: Value) -> anyhow::Result<Answer> {
        let mut input = json!({
            "debitAccountId": self.to, "creditAccountId": self.from, "amount": {"amount": amount, "currency": "EUR"},
        });
        super::merge(&mut input, more);
        self.books
            .owner
            .verb(
                "pendingTransferOpen",
                input,
                "pendingTransfer { id status }",
            )
            .await
    }

    async fn resolve(&self, verb: &str, id: &Value, more: Value) -> anyhow::Result<Answer> {
        let mut input = json!({"id": id});
        super::merge(&mut input, more);
        self.books
            .owner
            .verb(verb, input, "pendingTransfer { status postedAmountMinor }")
            .await
    }
}

#[tokio::test]
async fn what_is_set_aside_cannot_be_taken_twice_and_a_part_can_be_posted() -> anyhow::Result<()> {
    let aside = Aside::open().await?;
    let first = aside.set_aside("100.00", json!({})).await?.must()?;
    let id = first.data("/verb/pendingTransfer/id").clone();
    assert_eq!(aside.books.balance(&aside.from).await?, (10_000, 0));
    aside
        .set_aside("0.01", json!({}))
        .await?
        .must_refuse("INSUFFICIENT")?;
    let much = json!({"amount": {"amount": "100.01", "currency": "EUR"}});
    aside
        .resolve("pendingTransferPost", &id, much)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let part = json!({"amount": {"amount": "70.00", "currency": "EUR"}});
    let posted = aside
        .resolve("pendingTransferPost", &id, part)
        .await?
        .must()?;
    assert_eq!(
        posted.data("/verb/pendingTransfer"),
        &json!({"status": "POSTED", "postedAmountMinor": 7_000})
    );
    assert_eq!(aside.books.balance(&aside.from).await?, (3_000, 3_000));
    for verb in ["pendingTransferPost", "pendingTransferVoid"] {
        aside
            .resolve(verb, &id, json!({}))
            .await?
            .must_refuse("ALREADY_RESOLVED")?;
    }
    aside.books.must_agree().await
}

/// All that an account has can be set aside and posted: it has it for one of the two.
#[tokio::test]
async fn the_last_cent_is_posted_from_what_is_set_aside() -> anyhow::Result<()> {
    let aside = Aside::open().await?;
    let first = aside.set_aside("100.00", json!({})).await?.must()?;
    aside
        .resolve(
            "pendingTransferPost",
            first.data("/verb/pendingTransfer/id"),
            json!({}),
        )
        .await?
        .must()?;
    assert_eq!(aside.books.balance(&aside.from).await?, (0, 0));
    assert_eq!(aside.books.balance(&aside.to).await?, (10_000, 10_000));
    aside.books.must_agree().await
}

#[tokio::test]
async fn what_is_voided_or_out_of_time_is_given_back() -> anyhow::Result<()> {
    let aside = Aside::open().await?;
    let first = aside.set_aside("60.00", json!({})).await?.must()?;
    aside
        .resolve(
            "pendingTransferVoid",
            first.data("/verb/pendingTransfer/id"),
            json!({}),
        )
        .await?
        .must()?;
    let past = json!({"expiresAt": "2020-01-01T00:00:00Z"});
    aside
        .set_aside("1.00", past)
        .await?
        .must_refuse("EXPIRES_IN_PAST")?;
    let soon = chrono::Duration::minutes(5);
    let at = aside.books.world.opened.now() + soon;
    let second = aside
        .set_aside("60.00", json!({"expiresAt": at.to_rfc3339()}))
        .await?
        .must()?;
    assert_eq!(
        aside
            .books
            .world
            .run_job("expire_pending_transfers")
            .await?,
        0
    );
    aside.books.world.clock.advance(soon);
    let late = aside
        .resolve(
            "pendingTransferPost",
            second.data("/verb/pendingTransfer/id"),
            json!({}),
        )
        .await?;
    late.must_refuse("ALREADY_RESOLVED")?;
    // Whoever was refused may hold the row a moment longer: the job leaves it for its next turn.
    let mut expired = 0;
    for _ in 0..200 {
        let job = "expire_pending_transfers";
        expired += aside.books.world.run_job(job).await?;
        if expired > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(expired, 1);
    assert_eq!(
        aside
            .books
            .world
            .run_job("expire_pending_transfers")
            .await?,
        0
    );
    assert_eq!(aside.books.balance(&aside.from).await?, (10_000, 10_000));
    aside.books.must_agree().await
}
