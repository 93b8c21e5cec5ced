//! Entries and offers of the waiting list, locked to be moved.

use uuid::Uuid;

use super::PERMISSION;
use foundation::graph::verb::{Act, Fault};

/// An offer that is locked, with its entry.
pub(super) struct Offered {
    /// The offer.
    pub id: Uuid,
    /// Its entry.
    pub entry_id: Uuid,
    /// The hold behind it.
    pub hold_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Whether its time is over, by the database's clock, noticed or not.
    pub is_over: bool,
    /// Where the place is.
    pub location_id: Uuid,
    /// The first wish of those that exclude each other.
    pub root_id: Uuid,
}

const OFFER: &str = "select o.waitlist_entry_id, o.hold_id, o.status::text, o.expires_at <= clock_timestamp(), \
      e.location_id, coalesce(e.alternative_to_id, e.id) \
    from availability.waitlist_offers o \
    join availability.waitlist_entries e on e.biz_id = o.biz_id and e.id = o.waitlist_entry_id \
    where o.biz_id = $1 and o.id = $2 for no key update";

/// Locks an offer that the caller's permission reaches, and its entry.
pub(super) async fn lock_offer<P>(act: &Act<'_>, id: Uuid) -> Result<Offered, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(OFFER, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("waiting-list offer"))?;
    let location_id = row.try_get(4)?;
    act.permit_at(PERMISSION, location_id, "waiting-list offer")?;
    Ok(Offered {
        id,
        entry_id: row.try_get(0)?,
        hold_id: row.try_get(1)?,
        status: row.try_get(2)?,
        is_over: row.try_get(3)?,
        location_id,
        root_id: row.try_get(5)?,
    })
}

/// An entry that is locked, with its open offer.
pub(super) struct Waiting {
    /// The entry.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Where the place is wanted.
    pub location_id: Uuid,
    /// Its open offer and the hold behind it.
    pub offer: Option<(Uuid, Uuid)>,
}

const ENTRY: &str = "select e.status::text, e.location_id from availability.waitlist_entries e \
    where e.biz_id = $1 and e.id = $2 for no key update";

const OPEN_OFFER: &str = "select o.id, o.hold_id from availability.waitlist_offers o \
    where o.biz_id = $1 and o.waitlist_entry_id = $2 and o.status = 'open' for no key update";

/// Locks an entry that the caller's permission reaches, its open offer first.
pub(super) async fn lock_entry<P>(act: &Act<'_>, id: Uuid) -> Result<Waiting, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let mut offer = act.scope.query_opt(OPEN_OFFER, &values).await?;
    let row = act.scope.query_opt(ENTRY, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("waiting-list entry"))?;
    let location_id = row.try_get(1)?;
    act.permit_at(PERMISSION, location_id, "waiting-list entry")?;
    let status: String = row.try_get(0)?;
    if status == "offered" && offer.is_none() {
        // It was offered something while this waited for the entry.
        offer = act.scope.query_opt(OPEN_OFFER, &values).await?;
    }
    let offer = offer
        .map(|row| Ok::<_, tokio_postgres::Error>((row.try_get(0)?, row.try_get(1)?)))
        .transpose()?;
    Ok(Waiting {
        id,
        status,
        location_id,
        offer,
    })
}
