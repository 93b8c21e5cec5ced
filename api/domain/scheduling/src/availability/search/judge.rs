//! The one place that says whether something will do at a time, and if not, what stands in the way.
//! Searching asks it for the first reason, explaining for all.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::{day_start, local_day, wall_time};
use super::blocker::{Blocker, Kind, Remedy, Thing};
pub(super) use super::found::Depth;
use super::found::Found;
use super::offer::{Candidate, Component, Offer, minutes};
use super::wanted::Wanted;
use super::world::{PlaceTime, SlotTime, World};

/// Judges times of one offer.
#[derive(Debug)]
pub struct Judge<'a> {
    pub(super) offer: &'a Offer,
    pub(super) world: &'a World,
    pub(super) wanted: &'a Wanted,
    pub(super) now: DateTime<Utc>,
}

/// When a component is given, and when what gives it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The service.
    pub service: Span,
    /// With its buffers.
    pub blocked: Span,
}

impl Judge<'_> {
    /// The place of a slot, and the zone in which its days are.
    pub(super) fn place(&self, location: Option<Uuid>) -> Option<&PlaceTime> {
        location.and_then(|id| self.world.places.get(&id))
    }

    pub(super) fn zone(&self, location: Option<Uuid>) -> Tz {
        self.place(location).map_or(Tz::UTC, |place| place.zone)
    }

    /// What stands in the way of the booking itself, whoever would do: notice, advance, the hours of
    /// the offer and of the place, blocks of the place.
    pub(super) fn of_booking(
        &self,
        times: &Times,
        location: Option<Uuid>,
        depth: Depth,
    ) -> Vec<Blocker> {
        let mut found = Found::new(depth);
        let zone = self.zone(location);
        if !self.wanted.by_staff {
            found
                .blockers
                .extend(self.cutoff(times.service.start, location));
            found.blockers.extend(self.notice(times.service.start));
            found
                .blockers
                .extend(self.advance(times.service.start, zone));
        }
        found.hours(&self.world.offer_hours, &times.service, &times.service);
        if let Some(place) = self.place(location) {
            found.hours(&place.hours, &times.blocked, &times.service);
            found.busy(place.blocks.during(&times.blocked), &times.service);
            if let (false, Some(id)) = (place.is_active, location) {
                let of = Thing::Location(id);
                found.add(Blocker::new(
                    Kind::OutOfUse,
                    of,
                    times.blocked,
                    Remedy::PutIntoUse,
                ));
            }
        }
        found.blockers
    }

    /// What the place alone has against a time: its hours and blocks.
    pub(super) fn of_place_alone(&self, location: Uuid, times: &Times) -> Vec<Blocker> {
        let mut found = Found::new(Depth::All);
        if let Some(place) = self.place(Some(location)) {
            found.hours(&place.hours, &times.blocked, &times.service);
            found.busy(place.blocks.during(&times.blocked), &times.service);
        }
        found.blockers
    }

    /// At some places nothing more is booked for the day after a time of it.
    fn cutoff(&self, start: DateTime<Utc>, location: Option<Uuid>) -> Option<Blocker> {
        let (place, id) = (self.place(location)?, location?);
        let cutoff = place.booking_cutoff?;
        let here = wall_time(place.zone, self.now);
        let is_late = local_day(place.zone, start) == here.date() && here.time() > cutoff;
        is_late.then(|| {
            let next = here.date().succ_opt().unwrap_or(here.date());
            let span = Span::new(self.now, day_start(place.zone, next));
            Blocker::new(
                Kind::Notice,
                Thing::Location(id),
                span,
                Remedy::ChangeLocation,
            )
        })
    }

    fn notice(&self, start: DateTime<Utc>) -> Option<Blocker> {
        let (service, notice) = self
            .offer
            .notice()
            .map_or((None, 0), |(id, notice)| (Some(id), notice));
        let earliest = self.now.checked_add_signed(minutes(notice))?;
        (start < earliest).then(|| {
            let thing = service.map_or(Thing::Offer(self.wanted.offer_id), Thing::Service);
            Blocker::new(
                Kind::Notice,
                thing,
                Span::new(self.now, earliest),
                Remedy::ChangeService,
            )
        })
    }

    /// Days ahead are days of the place's calendar, not times of 24 hours.
    fn advance(&self, start: DateTime<Utc>, zone: Tz) -> Option<Blocker> {
        let (service, days) = self.offer.advance()?;
        let ahead = (local_day(zone, start) - local_day(zone, self.now)).num_days();
        (ahead > i64::from(days)).then(|| {
            let span = Span::new(start, start + TimeDelta::days(1));
            Blocker::new(
                Kind::Advance,
                Thing::Service(service),
                span,
                Remedy::ChangeService,
            )
        })
    }

    /// What stands in the way of a component, whoever gives it: the hours of its service.
    pub(super) fn of_service(
        &self,
        component: &Component,
        times: &Times,
        depth: Depth,
    ) -> Vec<Blocker> {
        let mut found = Found::new(depth);
        let service = component
            .service
            .as_ref()
            .and_then(|service| self.world.services.get(&service.id));
        if let Some(hours) = service {
            found.hours(hours, &times.service, &times.service);
        }
        found.blockers
    }

    /// What keeps a resource from doing at a time, apart from what keeps everybody.
    pub(super) fn of_resource(
        &self,
        candidate: &Candidate,
        times: &Times,
        depth: Depth,
    ) -> Vec<Blocker> {
        let mut found = Found::new(depth);
        let id = candidate.resource_id;
        self.eligible(candidate, times, &mut found);
        let time = self.world.resources.get(&id);
        for hours in time.into_iter().flat_map(|time| &time.hours) {
            found.hours(hours, &times.blocked, &times.service);
        }
        if let Some(time) = time.filter(|_| !found.is_enough()) {
            if candidate.is_exclusive {
                if time.taken.is_touched(&times.blocked) {
                    found.busy(time.taken.during(&times.blocked), &times.service);
                }
            } else {
                let whole = time
                    .taken
                    .during(&times.blocked)
                    .filter(|busy| busy.units.is_none());
                found.busy(whole, &times.service);
                let extra: i32 = time
                    .hours
                    .iter()
                    .map(|hours| hours.capacity_delta(&times.blocked))
                    .sum();
                let left = candidate.capacity + extra - time.taken.peak(&times.blocked);
                found.blockers.extend(short(
                    Thing::Resource(id),
                    left,
                    self.wanted.party_size,
                    times.blocked,
                ));
            }
        }
        found
            .blockers
            .into_iter()
            .map(|blocker| blocker.of(Thing::Resource(id)))
            .collect()
    }

    /// Whether a resource may be chosen at all then.
    fn eligible(&self, candidate: &Candidate, times: &Times, found: &mut Found) {
        let resource = Thing::Resource(candidate.resource_id);
        if !candidate.is_active {
            found.add(Blocker::new(
                Kind::OutOfUse,
                resource,
                times.blocked,
                Remedy::PutIntoUse,
            ));
        }
        if !self.wanted.by_staff && !candidate.is_bookable_online {
            found.add(Blocker::new(
                Kind::NotOnline,
                resource,
                times.service,
                Remedy::AllowOnline,
            ));
        }
        let first = local_day(candidate.zone, times.service.start);
        let last = last_day(candidate.zone, &times.service);
        if found.is_enough() || candidate.is_eligible(first, last) {
            return;
        }
        // The ground that was had the longest is the one to renew.
        let latest = candidate
            .grounds
            .iter()
            .max_by_key(|ground| (ground.days.ends_on.is_none(), ground.days.ends_on));
        if let Some(ground) = latest {
            let (kind, thing) = if ground.is_capability {
                (Kind::Capability, Thing::Capability(ground.id))
            } else {
                (Kind::Membership, Thing::Membership(ground.id))
            };
            found.add(Blocker::new(kind, thing, times.service, Remedy::Renew));
        }
    }

    /// What keeps a pool that is not sold in slots from giving so many units.
    pub(super) fn of_pool(
        &self,
        pool_id: Uuid,
        units: i32,
        times: &Times,
        depth: Depth,
    ) -> Vec<Blocker> {
        let mut found = Found::new(depth);
        if let Some(pool) = self.world.pools.get(&pool_id) {
            found.hours(&pool.hours, &times.blocked, &times.service);
            found.blockers.extend(short(
                Thing::Pool(pool_id),
                self.left_of_pool(pool_id, times),
                units,
                times.blocked,
            ));
        }
        found
            .blockers
            .into_iter()
            .map(|blocker| blocker.of(Thing::Pool(pool_id)))
            .collect()
    }

    /// How many units of a pool are left at all instants of a time.
    pub(super) fn left_of_pool(&self, pool_id: Uuid, times: &Times) -> i32 {
        self.world.pools.get(&pool_id).map_or(0, |pool| {
            pool.capacity + pool.hours.capacity_delta(&times.blocked)
                - pool.taken.peak(&times.blocked)
        })
    }

    /// What keeps a slot from giving so many places. Its resource may be closed or taken besides.
    pub(super) fn of_slot(&self, slot: &SlotTime, units: i32, depth: Depth) -> Vec<Blocker> {
        let mut found = Found::new(depth);
        if !slot.is_open {
            found.add(Blocker::new(
                Kind::SlotStatus,
                Thing::Slot(slot.id),
                slot.span,
                Remedy::OpenSlot,
            ));
        }
        found
            .blockers
            .extend(short(Thing::Slot(slot.id), slot.left, units, slot.span));
        let pool = slot.pool_id.and_then(|id| self.world.pools.get(&id));
        if let Some(pool) = pool {
            found.hours(&pool.hours, &slot.span, &slot.span);
        }
        if let Some(time) = slot
            .resource_id
            .and_then(|id| self.world.resources.get(&id))
        {
            for hours in &time.hours {
                found.hours(hours, &slot.span, &slot.span);
            }
            // Its own places are counted; sessions of a resource do not exclude each other.
            let others = time.taken.during(&slot.span);
            let others = others.filter(|busy| !matches!(busy.thing, Thing::Slot(_)));
            found.busy(others, &slot.span);
        }
        found
            .blockers
            .into_iter()
            .map(|blocker| blocker.of(Thing::Slot(slot.id)))
            .collect()
    }
}

/// That too few units are left, where they are.
pub(super) fn short(thing: Thing, left: i32, wanted: i32, span: Span) -> Option<Blocker> {
    (left < wanted).then(|| Blocker {
        short_by: wanted - left,
        ..Blocker::new(Kind::Capacity, thing, span, Remedy::AddUnits)
    })
}

/// The local day of the last instant of a time: midnight still belongs to the day before.
fn last_day(zone: Tz, span: &Span) -> chrono::NaiveDate {
    let end = wall_time(zone, span.end);
    match end.time() {
        NaiveTime::MIN if span.end > span.start => end.date().pred_opt().unwrap_or(end.date()),
        _ => end.date(),
    }
}
