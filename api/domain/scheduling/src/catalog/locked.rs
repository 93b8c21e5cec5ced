//! A version of an offer that is locked to be moved.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// A version of an offer that is locked, its offer before it.
#[derive(Clone, Debug)]
pub(super) struct Locked {
    /// Its id.
    pub id: Uuid,
    /// Its offer.
    pub offer_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// What a booking takes up.
    pub capacity_basis: String,
    /// Until when it is on sale, if that is known.
    pub ends_at: Option<DateTime<Utc>>,
    /// The code of its cancellation policy.
    pub policy_code: Option<String>,
}

const OFFER: &str = "select o.id from catalog.offers o \
    join catalog.offer_versions v on v.biz_id = o.biz_id and v.offer_id = o.id \
    where o.biz_id = $1 and v.id = $2 for no key update of o";

const VERSION: &str = "select v.offer_id, v.status::text, v.capacity_basis::text, v.effective_ends_at, \
      v.cancellation_policy_code, v.version \
    from catalog.offer_versions v join catalog.offers o on o.biz_id = v.biz_id and o.id = v.offer_id \
    where v.biz_id = $1 and v.id = $2 and o.deleted_at is null for no key update of v";

/// Locks a version and its offer: of two versions of one offer, one is moved after the other.
pub(super) async fn lock<P>(
    act: &Act<'_>,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Locked, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    act.scope.query(OFFER, &values).await?;
    let row = act.scope.query_opt(VERSION, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("version of an offer"))?;
    let version: i32 = row.try_get(5)?;
    Failure::unless_current("version of the offer", version, expected_version)?;
    Ok(Locked {
        id,
        offer_id: row.try_get(0)?,
        status: row.try_get(1)?,
        capacity_basis: row.try_get(2)?,
        ends_at: row.try_get(3)?,
        policy_code: row.try_get(4)?,
    })
}
