//! Who gives what: components placed one after the other, each with as many of its candidates as it
//! needs, and nobody in two places at once.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::{day_start, local_day};
use super::fit::{Pick, Target};
use super::judge::{Depth, Judge, Times};
use super::offer::{Candidate, Component, Selector, Strategy};

/// How often components are tried anew because they are in each other's way.
const MOST_TRIES: u32 = 64;

/// Components that are placed so far.
pub(super) struct Placing {
    at: DateTime<Utc>,
    location: Option<Uuid>,
    pub(super) picks: Vec<Pick>,
    tries: u32,
}

impl Placing {
    /// Nothing is placed yet.
    pub(super) fn new(at: DateTime<Utc>, location: Option<Uuid>) -> Self {
        Self {
            at,
            location,
            picks: Vec::new(),
            tries: 0,
        }
    }

    /// Whether what is placed so far needs a resource at the same time.
    fn uses(&self, candidate: &Candidate, times: &Times) -> bool {
        self.picks.iter().any(|pick| {
            pick.target == Target::Resource(candidate.resource_id)
                && (pick.is_exclusive || candidate.is_exclusive)
                && pick.blocked.overlaps(&times.blocked)
        })
    }
}

impl Judge<'_> {
    /// The candidates of a selector who are free, in the order in which they are chosen.
    pub(super) fn free<'c>(
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
    pub(super) fn placed(
        &self,
        index: usize,
        before: &mut Vec<Span>,
        placing: &mut Placing,
    ) -> bool {
        let Some(component) = self.offer.components.get(index) else {
            return true;
        };
        let start = self.begins(component, placing.at, before);
        let usual = self.times(component, None, start, placing.at);
        let mut is_possible = component.selectors.is_empty();
        for selector in &component.selectors {
            let needed = selector.needed(component.wanted());
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
}
