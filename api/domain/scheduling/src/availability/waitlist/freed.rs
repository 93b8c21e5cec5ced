//! What came free, offered to those who wait for it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::for_offers::{self, keep_time};
use super::line::{Asked, for_nights};
use super::place::keep_nights;
use super::store::make_offer;
use super::{ANSWER_MINUTES, line};
use foundation::database::{Database, Error, Scope};
use foundation::graph::verb::Act;

/// Whose places came free in this transaction.
#[derive(Clone, Copy, Debug)]
pub enum Freed<'a> {
    /// Those of holds.
    Holds(&'a [Uuid]),
    /// Those of booking orders.
    Orders(&'a [Uuid]),
}

// Where nobody waits, this is all that a release costs.
const POOLS: &str = "select distinct s.pool_id from availability.allocations a \
    join availability.slots s on s.biz_id = a.biz_id and s.id = a.slot_id and s.pool_id is not null \
    where a.biz_id = $1 and a.status = 'released' \
      and (a.booking_hold_id = any ($2::uuid[]) or (a.source_type = 'BookingOrder' and a.source_id = any ($3::uuid[]))) \
      and exists (select from availability.waitlist_entries w where w.biz_id = $1 and w.status = 'waiting')";

// When what came free is, where somebody waits for an offer.
const SPAN: &str = "select min(a.blocked_starts_at), max(a.blocked_ends_at) from availability.allocations a \
    where a.biz_id = $1 and a.status = 'released' \
      and (a.booking_hold_id = any ($2::uuid[]) or (a.source_type = 'BookingOrder' and a.source_id = any ($3::uuid[]))) \
      and exists (select from availability.waitlist_entries w \
        where w.biz_id = $1 and w.status = 'waiting' and w.offer_id is not null)";

/// Offers what came free in this transaction to those who wait for it, the first in line first:
/// call it after releasing, in the same transaction. One cheap statement where nobody waits. Says
/// how many offers were made.
pub async fn offer_freed(act: &Act<'_>, freed: Freed<'_>) -> Result<usize, Error> {
    let database = &act.session.shared.database;
    Box::pin(offer_freed_in(database, act.scope, freed)).await
}

/// The same without a verb's act: for jobs.
pub async fn offer_freed_in(
    database: &Database,
    scope: &Scope,
    freed: Freed<'_>,
) -> Result<usize, Error> {
    let (holds, orders) = match freed {
        Freed::Holds(ids) => (ids.to_vec(), Vec::new()),
        Freed::Orders(ids) => (Vec::new(), ids.to_vec()),
    };
    let values = [scope.biz_id().into(), holds.into(), orders.into()];
    let rows = scope.query(POOLS, &values).await?;
    let pools = rows
        .iter()
        .map(|row| Ok(row.try_get(0)?))
        .collect::<Result<Vec<Uuid>, Error>>()?;
    let mut offered = 0;
    if !pools.is_empty() {
        let line = for_nights(scope, Asked::Of(&pools), scope.now()).await?;
        offered += offer_nights(database, scope, &line, false).await?;
    }
    let span = scope.query_opt(SPAN, &values).await?;
    let (from, to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = match span {
        Some(row) => (row.try_get(0)?, row.try_get(1)?),
        None => (None, None),
    };
    if let (Some(from), Some(to)) = (from, to) {
        let line = for_offers::line(scope, for_offers::Asked::Between(from, to)).await?;
        offered += offer_times(database, scope, &line).await?;
    }
    Ok(offered)
}

/// Offers times to those of a line for whom there is one, in their order.
pub(super) async fn offer_times(
    database: &Database,
    scope: &Scope,
    line: &[for_offers::ForOffer],
) -> Result<usize, Error> {
    let mut offered = 0;
    for entry in line {
        if let Some(hold) = Box::pin(keep_time(database, scope, entry, ANSWER_MINUTES)).await? {
            make_offer(scope, entry.id, hold).await?;
            offered += 1;
        }
    }
    Ok(offered)
}

/// Offers nights to those of a line for whom there is room, in their order.
pub(super) async fn offer_nights(
    database: &Database,
    scope: &Scope,
    line: &[line::ForNights],
    make: bool,
) -> Result<usize, Error> {
    let mut offered = 0;
    for entry in line {
        if let Some(hold) = keep_nights(database, scope, entry, ANSWER_MINUTES, make).await? {
            make_offer(scope, entry.id, hold).await?;
            offered += 1;
        }
    }
    Ok(offered)
}
