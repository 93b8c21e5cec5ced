//! Why a time cannot be had: all that stands in the way, and the smallest changes that would open it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::blocker::{Blocker, Kind, Reason, Remedy, Thing};
use super::changes::{Choice, Might, smallest};
use super::judge::{Depth, Judge, Times};
use super::offer::{Basis, Candidate, Component, Selector};

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

impl Refused {
    /// Why, in a word: what the smallest change would undo, else what stands in everybody's way.
    pub fn reason(&self) -> Reason {
        let fewest = self.change_sets.first().and_then(|set| set.first());
        let first = fewest.or_else(|| self.blockers.first());
        first.map_or(Reason::Taken, |blocker| blocker.kind.reason())
    }
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
        let mut ways = Vec::new();
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
            components
                .extend(told.filter(|told| told.free < told.needed || !told.blockers.is_empty()));
            ways.push(choices);
        }
        let change_sets = smallest(&blockers, &ways)
            .filter(|sets| !sets.is_empty())
            .unwrap_or_else(|| {
                let missing = self.one_more(times.service);
                blockers.push(missing.clone());
                vec![vec![missing]]
            });
        Some(Refused {
            location_id: location,
            time: times.service,
            blockers,
            components,
            change_sets,
        })
    }

    /// That all would do, but not all at once: somebody more is needed.
    fn one_more(&self, service: Span) -> Blocker {
        let last = self.offer.components.last();
        let thing = last.map_or(Thing::Offer(self.wanted.offer_id), |component| {
            Thing::Component(component.id)
        });
        let (kind, remedy) = NOBODY;
        Blocker::new(kind, thing, service, remedy)
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
        match self.offer.basis {
            Basis::Unlimited => Vec::new(),
            _ if component.selectors.is_empty() => Vec::new(),
            Basis::Slot | Basis::Pool if self.is_in_slots() => {
                let slots = self.slots(component, at, location).into_iter();
                let of = slots.map(|slot| Might {
                    thing: Thing::Slot(slot.id),
                    blocked: slot.span,
                    blockers: self.of_slot(slot, units, Depth::All),
                });
                let none = (Kind::NoSlot, Remedy::MakeSlot);
                vec![enough((1, of.collect()), component, times, none)]
            }
            Basis::Slot | Basis::Pool => {
                let pools = self.pools(component, location, times).into_iter();
                let of = pools.map(|id| Might {
                    thing: Thing::Pool(id),
                    blocked: times.blocked,
                    blockers: self.of_pool(id, units, times, Depth::All),
                });
                vec![enough((1, of.collect()), component, times, NOBODY)]
            }
            Basis::Resource => {
                let selectors = component.selectors.iter();
                let choice = |selector: &Selector| {
                    let all = selector.candidates.iter();
                    let here = all.filter(|candidate| Some(candidate.location_id) == location);
                    let of =
                        here.map(|candidate| self.of_candidate(component, candidate, at, times));
                    let needed = selector.needed(component.wanted());
                    enough((needed, of.collect()), component, times, NOBODY)
                };
                selectors.map(choice).collect()
            }
        }
    }

    /// What keeps a candidate from doing, also of the place where it needs more of it than others.
    fn of_candidate(
        &self,
        component: &Component,
        candidate: &Candidate,
        at: DateTime<Utc>,
        usual: &Times,
    ) -> Might {
        let own = self.times_with(component, candidate, usual.service.start, at);
        let mut blockers = self.of_resource(candidate, &own, Depth::All);
        let envelope = self.envelope(at).blocked;
        if !envelope.contains(&own.blocked) {
            blockers.extend(self.of_place_alone(candidate.location_id, &own));
        }
        Might {
            thing: Thing::Resource(candidate.resource_id),
            blocked: own.blocked,
            blockers,
        }
    }
}

/// That a component has nobody who would do, and what would help.
const NOBODY: (Kind, Remedy) = (Kind::NoCandidate, Remedy::AddCandidate);

/// A choice among those who might do; where there are fewer than it needs, that they are missing.
fn enough(
    (needed, of): (usize, Vec<Might>),
    component: &Component,
    times: &Times,
    (kind, remedy): (Kind, Remedy),
) -> Choice {
    if of.len() >= needed {
        return Choice { needed, of };
    }
    let thing = Thing::Component(component.id);
    let missing = Might {
        thing,
        blocked: times.blocked,
        blockers: vec![Blocker::new(kind, thing, times.service, remedy)],
    };
    Choice {
        needed: 1,
        of: vec![missing],
    }
}

fn refused(component: &Component, choices: &[Choice]) -> Option<RefusedComponent> {
    let first = choices.first()?;
    let free = |choice: &Choice| {
        choice
            .of
            .iter()
            .filter(|might| might.blockers.is_empty())
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
            .flat_map(|might| might.blockers.clone())
            .collect(),
    })
}
