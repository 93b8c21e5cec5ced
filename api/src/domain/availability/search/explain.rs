//! Why a time cannot be had: all that stands in the way, and the smallest changes that would open it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::blocker::{Blocker, Kind, Remedy, Thing};
use super::judge::{Depth, Judge, Times};
use super::offer::{Basis, Candidate, Component};

/// How many sets of changes are told of one time.
const MOST_SETS: usize = 5;

/// A time that cannot be had, and why.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Where.
    pub location_id: Option<Uuid>,
    /// When it would be.
    pub time: Span,
    /// What stands in the way of everybody.
    pub blockers: Vec<Blocker>,
    /// What stands in the way of those who might do, by component.
    pub components: Vec<RefusedComponent>,
    /// The smallest sets of blockers that would have to go for it to open; all of one set must.
    pub change_sets: Vec<Vec<Blocker>>,
}

/// A component for which not enough will do.
#[derive(Clone, Debug)]
pub struct RefusedComponent {
    /// The component.
    pub component_id: Uuid,
    /// What it is to the offer.
    pub role: String,
    /// How many must be free.
    pub needed: usize,
    /// How many are.
    pub free: usize,
    /// What keeps the others from doing.
    pub blockers: Vec<Blocker>,
}

/// Those who might do for a component by one way of choosing, each with what keeps it from doing.
struct Choice {
    needed: usize,
    of: Vec<(Thing, Vec<Blocker>)>,
}

impl Judge<'_> {
    /// Why the offer cannot be had at a time and place; nothing where it can.
    pub(super) fn explain(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Refused> {
        if self.fits(at, location).is_some() {
            return None;
        }
        let mut course = self.course(at);
        let by_slots = self.is_in_slots();
        if by_slots {
            course.retain(|(component, _)| !component.selectors.is_empty());
            course.truncate(1);
        }
        let slot = course.first().and_then(|(component, _)| {
            let slots = self.slots(component, at, location).into_iter();
            slots.map(|slot| slot.span).next().filter(|_| by_slots)
        });
        let times = slot.map_or_else(
            || self.envelope(at),
            |span| Times {
                service: span,
                blocked: span,
            },
        );
        let mut blockers = self.of_booking(&times, location, Depth::All);
        let mut components = Vec::new();
        let mut ways: Vec<Vec<Vec<Blocker>>> = Vec::new();
        for (component, usual) in course {
            let times = slot.map_or(usual, |span| Times {
                service: span,
                blocked: span,
            });
            if component.is_optional {
                continue;
            }
            blockers.extend(self.of_service(component, &times, Depth::All));
            let choices = self.choices(component, at, location, &times);
            if choices.is_empty() {
                continue;
            }
            let told = refused(component, &choices);
            ways.push(cheapest(&choices));
            components
                .extend(told.filter(|told| told.free < told.needed || !told.blockers.is_empty()));
        }
        let change_sets = combined(&blockers, &ways);
        Some(Refused {
            location_id: location,
            time: times.service,
            blockers,
            components,
            change_sets,
        })
    }

    /// Whether what the offer takes is sold in slots: also of a pool that is.
    fn is_in_slots(&self) -> bool {
        let mut pools = self.world.pools.values();
        match self.offer.basis {
            Basis::Slot => true,
            Basis::Pool => pools.len() > 0 && pools.all(|pool| pool.by_slots),
            Basis::Resource | Basis::Unlimited => false,
        }
    }

    /// Who might do for a component, and what keeps each from it.
    fn choices(
        &self,
        component: &Component,
        at: DateTime<Utc>,
        location: Option<Uuid>,
        times: &Times,
    ) -> Vec<Choice> {
        let units = self.units(component);
        let nobody = |kind, remedy| {
            let blocker = Blocker::new(kind, Thing::Component(component.id), times.service, remedy);
            Choice {
                needed: 1,
                of: vec![(Thing::Component(component.id), vec![blocker])],
            }
        };
        match self.offer.basis {
            Basis::Unlimited => Vec::new(),
            _ if component.selectors.is_empty() => Vec::new(),
            Basis::Slot | Basis::Pool if self.is_in_slots() => {
                let slots = self.slots(component, at, location).into_iter();
                let of: Vec<_> = slots
                    .map(|slot| (Thing::Slot(slot.id), self.of_slot(slot, units, Depth::All)))
                    .collect();
                if of.is_empty() {
                    return vec![nobody(Kind::NoSlot, Remedy::MakeSlot)];
                }
                vec![Choice { needed: 1, of }]
            }
            Basis::Slot | Basis::Pool => {
                let pools = self.pools(component, location, times).into_iter();
                let of: Vec<_> = pools
                    .map(|id| (Thing::Pool(id), self.of_pool(id, units, times, Depth::All)))
                    .collect();
                if of.is_empty() {
                    return vec![nobody(Kind::NoCandidate, Remedy::AddCandidate)];
                }
                vec![Choice { needed: 1, of }]
            }
            Basis::Resource => component
                .selectors
                .iter()
                .map(|selector| {
                    let here = selector
                        .candidates
                        .iter()
                        .filter(|candidate| Some(candidate.location_id) == location);
                    let of: Vec<_> = here
                        .map(|candidate| {
                            (
                                Thing::Resource(candidate.resource_id),
                                self.of_candidate(component, candidate, at, times),
                            )
                        })
                        .collect();
                    let needed = selector.needed(component.quantity);
                    if of.len() < needed {
                        nobody(Kind::NoCandidate, Remedy::AddCandidate)
                    } else {
                        Choice { needed, of }
                    }
                })
                .collect(),
        }
    }

    /// What keeps a candidate from doing, also of the place where it needs more of it than others.
    fn of_candidate(
        &self,
        component: &Component,
        candidate: &Candidate,
        at: DateTime<Utc>,
        usual: &Times,
    ) -> Vec<Blocker> {
        let own = self.times_with(component, candidate, usual.service.start, at);
        let mut blockers = self.of_resource(candidate, &own, Depth::All);
        let envelope = self.envelope(at).blocked;
        if !envelope.contains(&own.blocked) {
            blockers.extend(self.of_place_alone(candidate.location_id, &own));
        }
        blockers
    }
}

fn refused(component: &Component, choices: &[Choice]) -> Option<RefusedComponent> {
    let first = choices.first()?;
    let free = |choice: &Choice| {
        choice
            .of
            .iter()
            .filter(|(_, blockers)| blockers.is_empty())
            .count()
    };
    Some(RefusedComponent {
        component_id: component.id,
        role: component.role.clone(),
        needed: first.needed,
        free: choices.iter().map(free).max().unwrap_or(0),
        blockers: choices
            .iter()
            .flat_map(|choice| &choice.of)
            .flat_map(|(_, blockers)| blockers.clone())
            .collect(),
    })
}

/// The cheapest ways to have enough for a component, by any of its ways of choosing.
fn cheapest(choices: &[Choice]) -> Vec<Vec<Blocker>> {
    let mut ways: Vec<Vec<Blocker>> = Vec::new();
    for choice in choices {
        let mut costs: Vec<&(Thing, Vec<Blocker>)> = choice.of.iter().collect();
        costs.sort_by_key(|(thing, blockers)| (changes(blockers).len(), *thing));
        let kept = choice.needed.saturating_sub(1);
        let certain: Vec<Blocker> = costs
            .iter()
            .take(kept)
            .flat_map(|(_, blockers)| blockers.clone())
            .collect();
        for (_, last) in costs.iter().skip(kept).take(MOST_SETS) {
            ways.push(certain.iter().chain(last).cloned().collect());
        }
    }
    smallest(ways)
}

/// What is in the way of everybody together with a way for each component.
fn combined(common: &[Blocker], ways: &[Vec<Vec<Blocker>>]) -> Vec<Vec<Blocker>> {
    let mut sets = vec![common.to_vec()];
    for way in ways {
        let more = sets.iter().flat_map(|set| {
            way.iter()
                .map(move |blockers| set.iter().chain(blockers).cloned().collect())
        });
        sets = smallest(more.collect());
    }
    let sets = sets.into_iter().map(|set| {
        let mut seen = BTreeSet::new();
        set.into_iter()
            .filter(|blocker| seen.insert(blocker.change()))
            .collect()
    });
    smallest(sets.collect())
        .into_iter()
        .filter(|set| !set.is_empty())
        .collect()
}

fn changes(blockers: &[Blocker]) -> BTreeSet<(Remedy, Thing)> {
    blockers.iter().map(Blocker::change).collect()
}

/// Those of the fewest changes, each once.
fn smallest(mut sets: Vec<Vec<Blocker>>) -> Vec<Vec<Blocker>> {
    let least = sets.iter().map(|set| changes(set).len()).min().unwrap_or(0);
    let mut seen = BTreeSet::new();
    sets.retain(|set| {
        let changes = changes(set);
        changes.len() == least && seen.insert(changes)
    });
    sets.truncate(MOST_SETS);
    sets
}
