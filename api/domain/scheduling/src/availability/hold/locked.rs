//! A hold that a verb is to end or to lengthen. It is not locked here: slots come first in the lock
//! order, and the functions of the database compare and set under their locks.

use uuid::Uuid;

use super::PERMISSION;
use foundation::graph::verb::{Act, Fault};

/// A hold, as it stood when it was read.
pub(super) struct Found {
    /// Where what it keeps is.
    pub location_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Whether it belongs to a booking, whose verbs move it.
    pub is_booked: bool,
    /// Whether it stands behind an offer to somebody who waits.
    pub is_offered: bool,
}

// All that a hold keeps is at one location, so any of its allocations says which.
const FIND: &str = "select h.status::text, h.source_id is not null, exists (select from availability.waitlist_offers w \
      where w.biz_id = $1 and w.hold_id = h.id and w.status = 'open'), \
      (select coalesce(s.location_id, r.location_id, p.location_id) from availability.allocations a \
       left join availability.slots s on s.biz_id = $1 and s.id = a.slot_id \
       left join resources.resources r on r.biz_id = $1 and r.id = a.resource_id \
       left join availability.capacity_pools p on p.biz_id = $1 and p.id = a.pool_id \
       where a.biz_id = $1 and a.booking_hold_id = h.id limit 1) \
    from availability.booking_holds h where h.biz_id = $1 and h.id = $2";

/// Finds a hold that the caller's permission reaches.
pub(super) async fn find<P>(act: &Act<'_>, id: Uuid) -> Result<Found, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(FIND, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("hold"))?;
    let location_id: Option<Uuid> = row.try_get(3)?;
    let location_id = location_id.ok_or_else(|| Fault::not_found("hold"))?;
    act.permit_at(PERMISSION, location_id, "hold")?;
    Ok(Found {
        location_id,
        status: row.try_get(0)?,
        is_booked: row.try_get(1)?,
        is_offered: row.try_get(2)?,
    })
}

impl Found {
    /// Refuses a hold that is over, or that others than the verbs on holds decide about.
    pub(super) fn free_of_others<P>(&self, wrong: P, elsewhere: P) -> Result<(), Fault<P>> {
        if self.status != "held" {
            let message = format!(
                "The hold is {}; only one that is held can do this.",
                self.status
            );
            return Err(Fault::at(wrong, "id", message));
        }
        if self.is_booked {
            let message = "The hold belongs to a booking: confirm or cancel that.";
            return Err(Fault::at(elsewhere, "id", message));
        }
        if self.is_offered {
            let message =
                "The hold stands behind an offer to somebody who waits: accept or decline that.";
            return Err(Fault::at(elsewhere, "id", message));
        }
        Ok(())
    }
}
