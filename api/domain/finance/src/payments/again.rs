//! What a processor was asked and has not answered is asked again: one rule for payments, refunds,
//! payouts, ways to pay, evidence and pages.

use std::sync::Arc;

use uuid::Uuid;

use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;

/// The statement that takes the rows `x` of a table about which is asked again at the instant $1: a minute
/// after they were first asked about, then after pauses that double, up to an hour. Reckoned from when
/// it began and when it was last asked, which is when the row last changed unless a column says so.
/// Whoever takes a row asks about it; it is not due to others meanwhile.
macro_rules! unanswered {
    ($table:literal, $condition:literal) => {
        unanswered!($table, $condition, began: "x.created_at", asked: "x.updated_at", mark: "status = x.status")
    };
    ($table:literal, $condition:literal, began: $began:expr, asked: $asked:expr, mark: $mark:literal) => {
        concat!(
            "with due as (select x.biz_id, x.id from ", $table, " x where ", $condition, " and ", $asked,
            " + greatest(least(", $asked, " - ", $began, ", interval '1 hour'), interval '1 minute') <= $1::timestamptz",
            " order by x.created_at limit 200 for update skip locked) ",
            "update ", $table, " x set ", $mark, " from due d where x.biz_id = d.biz_id and x.id = d.id ",
            "returning x.biz_id, x.id"
        )
    };
}
pub(super) use unanswered;

/// Asks about each of the rows that a statement of [`unanswered`] takes. Says of how many there was news.
pub(super) async fn ask<F>(
    shared: &Arc<Shared>,
    take: &str,
    what: &str,
    about: impl Fn(Uuid, Uuid) -> F + Send,
) -> Result<u64, Error>
where
    F: Future<Output = Result<bool, Error>> + Send,
{
    let platform = shared.database.platform(new_id()).await?;
    let rows = platform.query(take, &[platform.now().into()]).await?;
    platform.commit().await?;
    let mut news = 0;
    for row in rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        match about(biz_id, id).await {
            Ok(is_new) => news += u64::from(is_new),
            Err(error) => tracing::error!(what, %id, %error, "it is asked about again"),
        }
    }
    Ok(news)
}
