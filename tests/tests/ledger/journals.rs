//! Journals are never changed: not by the program, and not by whoever writes past it.

use serde_json::json;

use super::Books;

#[tokio::test]
async fn inv14_no_row_of_a_journal_is_ever_changed_or_deleted() -> anyhow::Result<()> {
    let books = Books::open().await?;
    let bank = books.account("1020", "ASSET", "EUR").await?;
    let equity = books.account("3000", "EQUITY", "EUR").await?;
    books
        .post(&bank, &equity, "40.00", "EUR", json!({}))
        .await?
        .must()?;
    let superuser = books.world.database.owner().await?;
    let sql = "select format('%I.%I', table_schema, table_name) from core.entity_types where row_class = 'J' order by 1";
    let journals = superuser.query(sql, &[]).await?;
    let (mut all, mut with_rows) = (0, Vec::new());
    for row in &journals {
        let journal: String = row.try_get(0)?;
        let may = "select has_table_privilege('bizing_app', $1, 'update') or has_table_privilege('bizing_app', $1, 'delete')";
        let may: bool = superuser.query_one(may, &[&journal]).await?.try_get(0)?;
        assert!(!may, "the program may change {journal}");
        let count = format!("select count(*) from {journal}");
        let count: i64 = superuser.query_one(&count, &[]).await?.try_get(0)?;
        all += 1;
        if count == 0 {
            continue;
        }
        // Even who owns the database has to go round the triggers.
        for change in [
            format!("delete from {journal}"),
            format!("update {journal} set created_at = created_at + interval '1 day'"),
        ] {
            let done = superuser.execute(&change, &[]).await;
            assert!(done.is_err(), "{change} was done");
        }
        with_rows.push(journal);
    }
    for journal in ["ledger.journal_entries", "ledger.postings"] {
        assert!(
            with_rows.iter().any(|known| known == journal),
            "{with_rows:?}"
        );
    }
    assert!(all > 40, "only {all} journals");
    books.must_agree().await
}
