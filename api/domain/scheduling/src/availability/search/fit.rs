//! Whether an offer can be had at a time and place, and what it takes then: by people and things, by
//! units of pools, or by places of slots.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::business_date;
use super::judge::{Depth, Judge, Times};
use super::offer::{Basis, Component};
use super::placing::Placing;

/// What a booking takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A resource.
    Resource(Uuid),
    /// Units of a pool.
    Pool(Uuid),
    /// Places of a slot.
    Slot(Uuid),
}

/// Something that a booking is to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The component it is for.
    pub component_id: Uuid,
    /// What.
    pub target: Target,
    /// How many units.
    pub units: i32,
    /// Whether for itself alone.
    pub is_exclusive: bool,
    /// The service.
    pub service: Span,
    /// With its buffers: what the allocation blocks.
    pub blocked: Span,
}

impl Pick {
    /// A resource for itself alone, of no component.
    pub fn of_resource(
        resource_id: Uuid,
        service: (DateTime<Utc>, DateTime<Utc>),
        blocked: (DateTime<Utc>, DateTime<Utc>),
    ) -> Self {
        Self {
            component_id: Uuid::nil(),
            target: Target::Resource(resource_id),
            units: 1,
            is_exclusive: true,
            service: Span::new(service.0, service.1),
            blocked: Span::new(blocked.0, blocked.1),
        }
    }
}

/// All that would do for a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The component.
    pub component_id: Uuid,
    /// What it is to the offer.
    pub role: String,
    /// Whatever is free, in the order in which it would be taken.
    pub free: Vec<Target>,
}

/// A time at which the offer can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where; nowhere, where an offer needs no place.
    pub location_id: Option<Uuid>,
    /// The business day it counts for.
    pub business_date: chrono::NaiveDate,
    /// When, as the customer sees it.
    pub time: Span,
    /// How often it could be had at once, or how many units are left; none where nothing is taken.
    pub units_left: Option<i32>,
    /// All that would do, by component.
    pub choices: Vec<Choices>,
    /// What a booking should take.
    pub picks: Vec<Pick>,
}

impl Judge<'_> {
    /// The offer at a time and place, if it can be had.
    pub(super) fn fits(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
        match self.offer.basis {
            Basis::Slot => self.in_slots(at, location),
            Basis::Pool => self
                .of_pools(at, location)
                .or_else(|| self.in_slots(at, location)),
            Basis::Resource => self.with_resources(at, location),
            Basis::Unlimited => self.freely(at, location, self.envelope(at)),
        }
    }

    pub(super) fn freely(
        &self,
        at: DateTime<Utc>,
        location: Option<Uuid>,
        times: Times,
    ) -> Option<Slot> {
        let is_free = self.of_booking(&times, location, Depth::First).is_empty()
            && self.course(at).iter().all(|(component, times)| {
                component.is_optional || self.of_service(component, times, Depth::First).is_empty()
            });
        is_free.then(|| self.slot(location, times.service, None, Vec::new(), Vec::new()))
    }

    pub(super) fn slot(
        &self,
        location_id: Option<Uuid>,
        time: Span,
        units_left: Option<i32>,
        choices: Vec<Choices>,
        picks: Vec<Pick>,
    ) -> Slot {
        let place = self.place(location_id);
        let day =
            |place: &super::world::PlaceTime| business_date(place.zone, place.cutoff, time.start);
        let business_date = place.map_or(time.start.date_naive(), day);
        Slot {
            location_id,
            business_date,
            time,
            units_left,
            choices,
            picks,
        }
    }

    fn with_resources(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
        let mut slot = self.freely(at, location, self.envelope(at))?;
        for (component, times) in self.course(at) {
            let mut free: Vec<Target> = Vec::new();
            let mut times_over = 0;
            for selector in &component.selectors {
                let own = self.free(component, selector, times.service.start, at, location);
                let needed = selector.needed(component.wanted());
                times_over = times_over.max(own.len() / needed);
                for (candidate, _) in own {
                    let target = Target::Resource(candidate.resource_id);
                    if !free.contains(&target) {
                        free.push(target);
                    }
                }
            }
            let is_needed = !component.is_optional && !component.selectors.is_empty();
            if is_needed {
                let left = self.left(component, &times, times_over);
                slot.units_left = Some(slot.units_left.map_or(left, |least| least.min(left)));
            }
            if is_needed && times_over == 0 {
                return None;
            }
            if !component.selectors.is_empty() {
                slot.choices.push(Choices {
                    component_id: component.id,
                    role: component.role.clone(),
                    free,
                });
            }
        }
        let mut placing = Placing::new(at, location);
        if !self.placed(0, &mut Vec::new(), &mut placing) {
            return None;
        }
        let end = placing.picks.iter().map(|pick| pick.service.end).max();
        slot.time.end = end.map_or(slot.time.end, |end| end.max(slot.time.end));
        slot.picks = placing.picks;
        Some(slot)
    }

    /// How often a component could be given: how many are free, or the most places at one of those
    /// that several share.
    fn left(&self, component: &Component, times: &Times, times_over: usize) -> i32 {
        let all = component
            .selectors
            .iter()
            .flat_map(|selector| &selector.candidates);
        let shared = all
            .filter(|candidate| !candidate.is_exclusive)
            .filter_map(|candidate| {
                let time = self.world.resources.get(&candidate.resource_id)?;
                Some(candidate.capacity - time.taken.peak(&times.blocked))
            });
        let whole = i32::try_from(times_over).unwrap_or(i32::MAX);
        shared.max().map_or(whole, |places| places.max(whole))
    }
}
