//! Bookings that are made from a hold: what it keeps becomes theirs.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::check::Checked;
use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use crate::booking::moves::Window;
use crate::booking::record::{Handed, Keep, Then};
use foundation::database::Error;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::rules::Night;
use scheduling::availability::search::{Pick, Target};

/// A hold from which something is booked.
pub(super) struct Held {
    pub id: Uuid,
    /// Whom it is for.
    pub customer_id: Option<Uuid>,
    /// Whether it still keeps what it kept; else it is claimed again, once.
    pub is_alive: bool,
    keeps: Vec<Kept>,
}

/// One thing that a hold keeps.
#[derive(Clone, Copy, Debug)]
struct Kept {
    target: Target,
    /// Of a slot: its pool and day.
    day: Option<(Uuid, NaiveDate)>,
    units: i32,
    service: Window,
    blocked: Window,
}

const HOLD: &str = "select h.status::text, h.status = 'held' and h.held_until > clock_timestamp(), h.source_id is not null, \
      h.customer_id, exists (select from availability.waitlist_offers w \
        where w.biz_id = $1 and w.hold_id = h.id and w.status = 'open') \
    from availability.booking_holds h where h.biz_id = $1 and h.id = $2";
const KEPT: &str = "select a.resource_id, a.pool_id, a.slot_id, s.pool_id, s.business_date, a.units, \
      a.service_starts_at, a.service_ends_at, a.blocked_starts_at, a.blocked_ends_at, \
      coalesce(s.location_id, r.location_id, p.location_id) \
    from availability.allocations a \
    left join availability.slots s on s.biz_id = $1 and s.id = a.slot_id \
    left join resources.resources r on r.biz_id = $1 and r.id = a.resource_id \
    left join availability.capacity_pools p on p.biz_id = $1 and p.id = a.pool_id \
    where a.biz_id = $1 and a.booking_hold_id = $2 and (a.status = 'hold' or a.released_reason = 'expired')";

/// Reads a hold at the location; refuses one that was given up or became something else.
pub(super) async fn read(act: &Act<'_>, id: Uuid, location_id: Uuid) -> Checked<Held> {
    let values = [act.scope.biz_id().into(), id.into()];
    let (hold, kept) = futures_util::try_join!(
        act.scope.query_opt(HOLD, &values),
        act.scope.query(KEPT, &values)
    )?;
    let hold = hold.ok_or_else(|| Fault::not_found("hold"))?;
    let mut keeps = Vec::with_capacity(kept.len());
    for row in &kept {
        if row.try_get::<_, Option<Uuid>>(10)? != Some(location_id) {
            return Err(Fault::not_found("hold"));
        }
        keeps.push(self::kept(row)?);
    }
    let status: String = hold.try_get(0)?;
    let refuse = |message: String| Err(Fault::at(Problem::HoldNotOpen, "holdId", message));
    if hold.try_get::<_, bool>(2)? {
        return refuse("The hold belongs to a booking already.".to_owned());
    }
    if hold.try_get::<_, bool>(4)? {
        return refuse(
            "The hold stands behind an offer to somebody who waits: accept that.".to_owned(),
        );
    }
    if !matches!(status.as_str(), "held" | "expired") {
        return refuse(format!("The hold is {status}, and keeps nothing."));
    }
    Ok(Held {
        id,
        customer_id: hold.try_get(3)?,
        is_alive: hold.try_get(1)?,
        keeps,
    })
}

fn kept(row: &tokio_postgres::Row) -> Result<Kept, Error> {
    let (resource, pool, slot): (Option<Uuid>, Option<Uuid>, Option<Uuid>) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let day = row
        .try_get::<_, Option<Uuid>>(3)?
        .zip(row.try_get::<_, Option<NaiveDate>>(4)?);
    let instants = |index: usize| -> Result<Window, Error> {
        let (from, to): (DateTime<Utc>, DateTime<Utc>) =
            (row.try_get(index)?, row.try_get(index + 1)?);
        Ok((from, to))
    };
    let target = match (resource, pool, slot) {
        (_, _, Some(id)) => Target::Slot(id),
        (Some(id), ..) => Target::Resource(id),
        (None, Some(id), None) => Target::Pool(id),
        (None, None, None) => return Err(Error::Internal("a hold of nothing".to_owned())),
    };
    Ok(Kept {
        target,
        day,
        units: row.try_get(5)?,
        service: instants(6)?,
        blocked: instants(8)?,
    })
}

impl Held {
    /// How a booking that is made of it keeps what it takes.
    pub(super) fn keep(&self, usual: Keep) -> Keep {
        if !self.is_alive {
            return usual;
        }
        let then = match usual {
            Keep::For(_) | Keep::Nothing | Keep::Handed(_) => Then::Held,
            Keep::Approval(minutes) => Then::Approval(minutes),
            Keep::Firm => Then::Firm,
        };
        Keep::Handed(Handed {
            hold_id: self.id,
            then,
        })
    }

    /// Refuses a booking for somebody else than the hold is for.
    pub(super) fn for_customer(&self, input: &BookingCreateInput) -> Checked<()> {
        let booker = input.customer_id.map(|id| id.uuid());
        if self.customer_id.is_none() || self.customer_id == booker {
            return Ok(());
        }
        let message = "The hold is for another customer.";
        Err(Fault::at(Problem::HoldMismatch, "customerId", message))
    }

    /// Refuses a booking of other days than it keeps.
    pub(super) fn of_days(&self, pool_id: Uuid, units: i32, days: &[Night]) -> Checked<()> {
        let has = |day: &Night| {
            let mut kept = self.keeps.iter();
            kept.any(|kept| kept.day == Some((pool_id, day.on)) && kept.units == units)
        };
        self.matches(self.keeps.len() == days.len() && days.iter().all(has))
    }

    /// Refuses a booking of another session, or of more or fewer places.
    pub(super) fn of_slot(&self, slot_id: Uuid, places: i32) -> Checked<()> {
        let is_it = |kept: &Kept| kept.target == Target::Slot(slot_id) && kept.units == places;
        self.matches(self.keeps.len() == 1 && self.keeps.iter().all(is_it))
    }

    /// Refuses a booking of another resource or time. The buffers are those of the hold.
    pub(super) fn of_resource(&self, resource_id: Uuid, service: Window) -> Checked<()> {
        let is_it =
            |kept: &Kept| kept.target == Target::Resource(resource_id) && kept.service == service;
        self.matches(self.keeps.len() == 1 && self.keeps.iter().all(is_it))
    }

    /// Refuses a booking of an offer that would take anything that it does not keep.
    pub(super) fn of_picks(&self, picks: &[Pick]) -> Checked<()> {
        let has = |pick: &Pick| {
            self.keeps.iter().any(|kept| {
                let is_long =
                    kept.blocked.0 <= pick.blocked.start && kept.blocked.1 >= pick.blocked.end;
                kept.target == pick.target && kept.units == pick.units && is_long
            })
        };
        self.matches(self.keeps.len() == picks.len() && picks.iter().all(has))
    }

    /// The resources that it keeps.
    pub(super) fn resources(&self) -> Vec<Uuid> {
        let resources = self.keeps.iter().filter_map(|kept| match kept.target {
            Target::Resource(id) => Some(id),
            Target::Pool(_) | Target::Slot(_) => None,
        });
        resources.collect()
    }

    // What an expired hold kept is claimed anew, whatever that was.
    fn matches(&self, is_kept: bool) -> Checked<()> {
        if is_kept || !self.is_alive {
            return Ok(());
        }
        let message = "The hold keeps something else than is booked: other days, places or times.";
        Err(Fault::at(Problem::HoldMismatch, "holdId", message))
    }
}
