//! Locked periods take no entries; two people reopen them.

use chrono::Duration;
use serde_json::json;

use super::Books;

#[tokio::test]
async fn a_locked_period_takes_no_entries_until_two_people_reopen_it() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    let today = books.world.opened.now().date_naive();
    let past = today - Duration::days(10);
    let lock = async |day: chrono::NaiveDate| {
        books
            .owner
            .verb(
                "periodLock",
                json!({"throughDate": day}),
                "periodLock { id status }",
            )
            .await
    };
    lock(today + Duration::days(1))
        .await?
        .must_refuse("NOT_OVER")?;
    let locked = lock(past).await?.must()?;
    let id = locked.data("/verb/periodLock/id").clone();
    lock(past).await?.must_refuse("ALREADY_LOCKED")?;
    let into = json!({"businessDate": past});
    books
        .post(&bank, &equity, "1.00", "EUR", into.clone())
        .await?
        .must_refuse("PERIOD_LOCKED")?;
    books
        .post(
            &bank,
            &equity,
            "1.00",
            "EUR",
            json!({"businessDate": past + Duration::days(1)}),
        )
        .await?
        .must()?;

    let select = "periodLock { status reopenReason }";
    let this = json!({"id": id});
    books
        .owner
        .verb("periodReopen", this.clone(), select)
        .await?
        .must_refuse("NOT_REQUESTED")?;
    let ask = json!({"id": id, "reason": "An invoice came late"});
    books
        .owner
        .verb(
            "periodReopenRequest",
            json!({"id": id, "reason": " "}),
            select,
        )
        .await?
        .must_refuse("REASON_REQUIRED")?;
    books.owner.act("periodReopenRequest", ask, select).await?;
    books
        .owner
        .verb("periodReopen", this.clone(), select)
        .await?
        .must_refuse("SAME_PERSON")?;
    let admin = books.world.staff(&books.owner, "admin", &[]).await?;
    let opened = admin.act("periodReopen", this.clone(), select).await?;
    assert_eq!(opened["periodLock"]["status"], "REOPENED");
    books
        .post(&bank, &equity, "1.00", "EUR", into.clone())
        .await?
        .must()?;
    admin
        .verb("periodReopen", this, select)
        .await?
        .must_refuse("NOT_LOCKED")?;
    lock(past).await?.must()?;
    books
        .post(&bank, &equity, "1.00", "EUR", into)
        .await?
        .must_refuse("PERIOD_LOCKED")?;
    books.must_agree().await
}
