//! Who gives what at a time: components placed one after the other, each with as many of its
//! candidates as it needs, and nobody in two places at once.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::{business_date, day_start, local_day};
use super::judge::{Depth, Judge, Times};
use super::offer::{Basis, Candidate, Component, Selector, Strategy, minutes};
use super::world::SlotTime;

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

/// How often components are tried anew because they are in each other's way.
const MOST_TRIES: u32 = 64;

/// Components that are placed so far.
struct Placing {
    at: DateTime<Utc>,
    location: Option<Uuid>,
    picks: Vec<Pick>,
    tries: u32,
}

impl Judge<'_> {
    /// How long the booking takes by itself; what lasts as long as the booking follows it.
    pub(super) fn length(&self) -> TimeDelta {
        let asked = minutes(self.wanted.duration_minutes.unwrap_or(0));
        let (mut end, mut before, mut sequence) = (TimeDelta::zero(), TimeDelta::zero(), None);
        for component in &self.offer.components {
            if sequence != Some(component.sequence) {
                (sequence, before) = (Some(component.sequence), end);
            }
            if let (Some(duration), false) = (component.duration(None), component.is_optional) {
                end = end.max(before.max(minutes(component.offset_minutes)) + duration);
            }
        }
        end.max(asked)
    }

    /// When each component is, by the usual durations.
    pub(super) fn course(&self, at: DateTime<Utc>) -> Vec<(&Component, Times)> {
        let mut course: Vec<(&Component, Times)> = Vec::with_capacity(self.offer.components.len());
        for component in &self.offer.components {
            let before: Vec<Span> = course.iter().map(|(_, times)| times.service).collect();
            let start = self.begins(component, at, &before);
            course.push((component, self.times(component, None, start, at)));
        }
        course
    }

    /// When a component begins: not before its offset, nor before those of an earlier place in the
    /// course have ended. `before` are the times of the components before it, as far as they are
    /// placed; what lasts as long as the booking keeps nobody waiting.
    fn begins(&self, component: &Component, at: DateTime<Utc>, before: &[Span]) -> DateTime<Utc> {
        let earlier = self
            .offer
            .components
            .iter()
            .zip(before)
            .filter(|(other, _)| {
                other.sequence < component.sequence
                    && !other.is_optional
                    && other.duration(None).is_some()
            });
        let after = earlier.map(|(_, span)| span.end).max();
        let own = at + minutes(component.offset_minutes);
        after.map_or(own, |after| after.max(own))
    }

    fn times(
        &self,
        component: &Component,
        candidate: Option<&Candidate>,
        start: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Times {
        let end = match component.duration(candidate) {
            Some(duration) => start + duration,
            None => (at + self.length()).max(start),
        };
        let service = Span::new(start, end);
        let (before, after) = component.buffers(candidate);
        Times {
            service,
            blocked: service.widened(before, after),
        }
    }

    /// When a candidate would be taken, with a duration and buffers of its own.
    pub(super) fn times_with(
        &self,
        component: &Component,
        candidate: &Candidate,
        start: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Times {
        self.times(component, Some(candidate), start, at)
    }

    /// The whole booking at a time, by the usual durations.
    pub(super) fn envelope(&self, at: DateTime<Utc>) -> Times {
        let mut all = Span::new(at, at + self.length());
        let mut blocked = all;
        for (component, times) in self.course(at) {
            if !component.is_optional {
                all.end = all.end.max(times.service.end);
                blocked = Span::new(
                    blocked.start.min(times.blocked.start),
                    blocked.end.max(times.blocked.end),
                );
            }
        }
        Times {
            service: all,
            blocked,
        }
    }

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

    fn freely(&self, at: DateTime<Utc>, location: Option<Uuid>, times: Times) -> Option<Slot> {
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
                let needed = selector.needed(component.quantity);
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
        let mut placing = Placing {
            at,
            location,
            picks: Vec::new(),
            tries: 0,
        };
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

    /// The candidates of a selector who are free, in the order in which they are chosen.
    fn free<'c>(
        &self,
        component: &Component,
        selector: &'c Selector,
        start: DateTime<Utc>,
        at: DateTime<Utc>,
        location: Option<Uuid>,
    ) -> Vec<(&'c Candidate, Times)> {
        let here = selector
            .candidates
            .iter()
            .filter(|candidate| Some(candidate.location_id) == location);
        let mut free: Vec<(&Candidate, Times)> = here
            .map(|candidate| (candidate, self.times(component, Some(candidate), start, at)))
            .filter(|(candidate, times)| self.is_free(candidate, times))
            .collect();
        if selector.strategy == Strategy::Collective && free.len() < selector.candidates.len() {
            return Vec::new();
        }
        self.order(selector.strategy, &mut free, start);
        free
    }

    /// With a duration or buffer of its own a resource may need more of the place than the offer.
    fn is_free(&self, candidate: &Candidate, times: &Times) -> bool {
        let place = self.place(Some(candidate.location_id));
        place.is_none_or(|place| {
            place.hours.is_open(&times.blocked) && !place.blocks.is_touched(&times.blocked)
        }) && self.of_resource(candidate, times, Depth::First).is_empty()
    }

    /// In the order of a strategy; what is alike keeps the order of lists. Turns are counted by day.
    fn order(&self, strategy: Strategy, free: &mut [(&Candidate, Times)], start: DateTime<Utc>) {
        let load = |candidate: &Candidate| {
            let day = local_day(candidate.zone, start);
            let next = day.succ_opt().unwrap_or(day);
            let span = Span::new(
                day_start(candidate.zone, day),
                day_start(candidate.zone, next),
            );
            let time = self.world.resources.get(&candidate.resource_id);
            time.map_or((0, 0), |time| time.taken.load(&span))
        };
        match strategy {
            Strategy::Ranked => free.sort_by_key(|(candidate, _)| candidate.priority),
            Strategy::LeastLoaded => free.sort_by_cached_key(|(candidate, _)| load(candidate).1),
            // Twice the weight, twice the turns; without weight only where nobody else is free.
            Strategy::RoundRobin => free.sort_by_cached_key(|(candidate, _)| {
                let weight = i64::from(candidate.weight);
                (weight == 0, load(candidate).0 * 1_000 / weight.max(1))
            }),
            Strategy::Collective => {}
        }
    }

    /// Places the components from one on; takes back what leaves others without.
    fn placed(&self, index: usize, before: &mut Vec<Span>, placing: &mut Placing) -> bool {
        let Some(component) = self.offer.components.get(index) else {
            return true;
        };
        let start = self.begins(component, placing.at, before);
        let usual = self.times(component, None, start, placing.at);
        let mut is_possible = component.selectors.is_empty();
        for selector in &component.selectors {
            let needed = selector.needed(component.quantity);
            let free: Vec<(&Candidate, Times)> = self
                .free(component, selector, start, placing.at, placing.location)
                .into_iter()
                .filter(|(candidate, times)| !placing.uses(candidate, times))
                .collect();
            for chosen in free.windows(needed) {
                is_possible = true;
                placing.tries += 1;
                if placing.tries > MOST_TRIES {
                    return false;
                }
                let kept = placing.picks.len();
                placing.picks.extend(
                    chosen
                        .iter()
                        .map(|(candidate, times)| self.pick(component, candidate, times)),
                );
                let end = chosen.iter().map(|(_, times)| times.service.end).max();
                before.push(Span::new(start, end.unwrap_or(usual.service.end)));
                if self.placed(index + 1, before, placing) {
                    return true;
                }
                before.pop();
                placing.picks.truncate(kept);
            }
        }
        // Nobody has to be there, or the customer does without.
        if component.selectors.is_empty() || (component.is_optional && !is_possible) {
            before.push(usual.service);
            if self.placed(index + 1, before, placing) {
                return true;
            }
            before.pop();
        }
        false
    }

    pub(super) fn pick(&self, component: &Component, candidate: &Candidate, times: &Times) -> Pick {
        Pick {
            component_id: component.id,
            target: Target::Resource(candidate.resource_id),
            units: if candidate.is_exclusive {
                1
            } else {
                self.wanted.party_size
            },
            is_exclusive: candidate.is_exclusive,
            service: times.service,
            blocked: times.blocked,
        }
    }

    /// How many units or places a component takes of a pool or slot.
    pub(super) fn units(&self, component: &Component) -> i32 {
        component.quantity.saturating_mul(self.wanted.party_size)
    }

    /// The pools whose units the candidates of a component are, at a place and time.
    pub(super) fn pools(
        &self,
        component: &Component,
        location: Option<Uuid>,
        times: &Times,
    ) -> Vec<Uuid> {
        let mut pools = Vec::new();
        let all = component
            .selectors
            .iter()
            .flat_map(|selector| &selector.candidates);
        for candidate in all.filter(|candidate| candidate.is_active) {
            let day = local_day(candidate.zone, times.service.start);
            let of = self.world.resources.get(&candidate.resource_id);
            for (pool_id, days) in of.into_iter().flat_map(|time| &time.pools) {
                let pool = self.world.pools.get(pool_id);
                let is_here = pool.is_some_and(|pool| Some(pool.location_id) == location);
                if is_here && days.contains(day) && !pools.contains(pool_id) {
                    pools.push(*pool_id);
                }
            }
        }
        pools
    }

    fn of_pools(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
        let mut slot = self.freely(at, location, self.envelope(at))?;
        for (component, times) in self.course(at) {
            let units = self.units(component);
            let pools = self.pools(component, location, &times).into_iter();
            let free: Vec<Uuid> = pools
                .filter(|id| self.world.pools.get(id).is_some_and(|pool| !pool.by_slots))
                .filter(|id| self.of_pool(*id, units, &times, Depth::First).is_empty())
                .collect();
            match free.first() {
                Some(pool) => {
                    let left = self.left_of_pool(*pool, &times) / component.quantity.max(1);
                    slot.units_left = Some(slot.units_left.map_or(left, |least| least.min(left)));
                    slot.picks.push(Pick {
                        component_id: component.id,
                        target: Target::Pool(*pool),
                        units,
                        is_exclusive: false,
                        service: times.service,
                        blocked: times.blocked,
                    });
                }
                None if component.is_optional || component.selectors.is_empty() => continue,
                None => return None,
            }
            let free = free.into_iter().map(Target::Pool).collect();
            slot.choices.push(Choices {
                component_id: component.id,
                role: component.role.clone(),
                free,
            });
        }
        (!slot.picks.is_empty()).then_some(slot)
    }

    /// The slots that begin at an instant, of a component's candidates and their pools.
    pub(super) fn slots(
        &self,
        component: &Component,
        at: DateTime<Utc>,
        location: Option<Uuid>,
    ) -> Vec<&SlotTime> {
        let first = self
            .world
            .slots
            .partition_point(|slot| slot.span.start < at);
        let starting = self
            .world
            .slots
            .iter()
            .skip(first)
            .take_while(|slot| slot.span.start == at);
        starting
            .filter(|slot| Some(slot.location_id) == location && self.is_of(component, slot))
            .collect()
    }

    fn is_of(&self, component: &Component, slot: &SlotTime) -> bool {
        let times = Times {
            service: slot.span,
            blocked: slot.span,
        };
        let mut all = component
            .selectors
            .iter()
            .flat_map(|selector| &selector.candidates);
        match slot.pool_id {
            Some(pool) => self
                .pools(component, Some(slot.location_id), &times)
                .contains(&pool),
            None => all.any(|candidate| {
                Some(candidate.resource_id) == slot.resource_id && candidate.is_active
            }),
        }
    }

    /// What is sold in slots takes places in one, at its time; the slot stands for all that is there.
    fn in_slots(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
        let component = self
            .offer
            .components
            .iter()
            .find(|component| !component.selectors.is_empty())?;
        let units = self.units(component);
        let free = |slot: &&SlotTime| {
            let times = Times {
                service: slot.span,
                blocked: slot.span,
            };
            self.of_slot(slot, units, Depth::First).is_empty()
                && self.of_booking(&times, location, Depth::First).is_empty()
                && self.of_service(component, &times, Depth::First).is_empty()
        };
        let free: Vec<&SlotTime> = self
            .slots(component, at, location)
            .into_iter()
            .filter(free)
            .collect();
        let first = free.first()?;
        let pick = Pick {
            component_id: component.id,
            target: Target::Slot(first.id),
            units,
            is_exclusive: false,
            service: first.span,
            blocked: first.span,
        };
        let targets = free.iter().map(|slot| Target::Slot(slot.id)).collect();
        let choices = vec![Choices {
            component_id: component.id,
            role: component.role.clone(),
            free: targets,
        }];
        let left = first.left / component.quantity.max(1);
        Some(self.slot(location, first.span, Some(left), choices, vec![pick]))
    }
}

impl Placing {
    /// Whether what is placed so far needs a resource at the same time.
    fn uses(&self, candidate: &Candidate, times: &Times) -> bool {
        self.picks.iter().any(|pick| {
            pick.target == Target::Resource(candidate.resource_id)
                && (pick.is_exclusive || candidate.is_exclusive)
                && pick.blocked.overlaps(&times.blocked)
        })
    }
}
