//! What finance asks: who owes how long, what came in against what was billed, what was billed and not
//! yet earned, which tax is owed where.

pub mod ageing;
pub mod collected;
pub mod deferred;
pub mod statement;
pub mod taxes;

use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::question::Look;
use foundation::identity::Reach;

/// Who may ask.
pub const PERMISSION: &str = "billing.read";

/// The locations that the caller's permission reaches; all if none are named.
pub fn places(look: &Look<'_>) -> Result<Option<Vec<Uuid>>, Failure> {
    Ok(match look.principal()?.reach(PERMISSION) {
        Reach::All => None,
        Reach::Locations(places) => Some(places.to_vec()),
    })
}

/// Refuses an answer that is longer than it may be.
pub fn bounded(rows: usize, most: usize) -> Result<(), Failure> {
    if rows <= most {
        return Ok(());
    }
    Err(Failure::input(format!(
        "More than {most} rows: ask for one location or a shorter time."
    )))
}

/// What a row of the database gives.
pub fn read<T>(row: Result<T, tokio_postgres::Error>) -> Result<T, Failure> {
    row.map_err(|error| foundation::database::Error::from(error).into())
}
