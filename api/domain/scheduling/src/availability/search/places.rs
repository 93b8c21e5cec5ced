//! What is sold by units of pools, or by places in slots.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::rules::local_day;
use super::fit::{Choices, Pick, Slot, Target};
use super::judge::{Depth, Judge, Times};
use super::offer::Component;
use super::world::SlotTime;

impl Judge<'_> {
    /// How many units or places a component takes of a pool or slot.
    pub(super) fn units(&self, component: &Component) -> i32 {
        let by_people = || component.quantity.saturating_mul(self.wanted.party_size);
        component.in_all.unwrap_or_else(by_people)
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

    pub(super) fn of_pools(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
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
    pub(super) fn in_slots(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
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
