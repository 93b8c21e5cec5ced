//! When something might begin: the grid inside the times that are open.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::super::calendar::hours::Hours;
use super::super::calendar::span::{Span, common};
use super::judge::Judge;
use super::offer::{Basis, minutes};
use super::wanted::{Refusal, Starts};

/// How many checks of a candidate at a time one search may take.
const MOST_CHECKS: usize = 4_000_000;

/// An instant, and a place.
pub(super) type Start = (DateTime<Utc>, Option<Uuid>);

impl Judge<'_> {
    /// Where the offer might be had.
    pub(super) fn locations(&self) -> Vec<Option<Uuid>> {
        let all = self
            .offer
            .candidates()
            .map(|candidate| candidate.location_id);
        let own: BTreeSet<Uuid> = all.collect();
        if own.is_empty() {
            return vec![self.wanted.location_id];
        }
        own.into_iter().map(Some).collect()
    }

    /// All beginnings that are to be looked at, in order.
    pub(super) fn starts(&self, starts: &Starts) -> Result<Vec<Start>, Refusal> {
        let locations = self.locations();
        let (from, to, step) = match starts {
            Starts::At(at) => return Ok(locations.into_iter().map(|place| (*at, place)).collect()),
            Starts::Every {
                from,
                to,
                step_minutes,
                ..
            } => (*from, *to, TimeDelta::minutes((*step_minutes).max(1))),
        };
        let mut all = BTreeSet::new();
        for place in locations {
            if matches!(self.offer.basis, Basis::Slot | Basis::Pool) {
                let here = self
                    .world
                    .slots
                    .iter()
                    .filter(|slot| Some(slot.location_id) == place);
                let begins = here
                    .map(|slot| slot.span.start)
                    .filter(|at| from <= *at && *at < to);
                all.extend(begins.map(|at| (at, place)));
            }
            if self.offer.basis == Basis::Slot {
                continue;
            }
            for (window, offset) in self.windows(place) {
                let anchor = window.start - offset;
                let ahead = (from - anchor).num_seconds();
                let step_seconds = step.num_seconds();
                // The first of the grid that is not before what was asked for.
                let skipped = if ahead > 0 {
                    (ahead + step_seconds - 1) / step_seconds
                } else {
                    0
                };
                let mut at = anchor + TimeDelta::seconds(skipped * step_seconds);
                while at < to && at + offset < window.end {
                    all.insert((at, place));
                    at += step;
                }
            }
        }
        self.check_work(all.len())?;
        Ok(all.into_iter().collect())
    }

    /// Refuses what would keep the processor busy for too long.
    pub(super) fn check_work(&self, starts: usize) -> Result<(), Refusal> {
        let candidates = self.offer.candidates().count().max(1);
        if starts.saturating_mul(candidates) <= MOST_CHECKS {
            return Ok(());
        }
        Err(Refusal::wrong(
            "to",
            "This is too much to search at once: ask for a shorter time, or a longer step.",
        ))
    }

    /// The open times whose beginnings are those of a grid, and how long after the booking what is
    /// in them begins: those of all who might do first.
    fn windows(&self, place: Option<Uuid>) -> HashSet<(Span, TimeDelta)> {
        let zone = self.zone(place);
        let mut open = self.world.offer_hours.open.clone();
        if let Some(place) = self.place(place) {
            open = common(&open, &place.hours.open);
        }
        let first = self
            .offer
            .components
            .iter()
            .find(|component| !component.is_optional && !component.selectors.is_empty());
        let Some(first) = first else {
            return Hours::parted(&open, zone)
                .into_iter()
                .map(|window| (window, TimeDelta::zero()))
                .collect();
        };
        let service = first
            .service
            .as_ref()
            .and_then(|service| self.world.services.get(&service.id));
        if let Some(hours) = service {
            open = common(&open, &hours.open);
        }
        let offset = minutes(first.offset_minutes);
        let mut known: HashSet<Vec<Span>> = HashSet::new();
        let all = first
            .selectors
            .iter()
            .flat_map(|selector| &selector.candidates);
        for candidate in all.filter(|candidate| Some(candidate.location_id) == place) {
            let own = self
                .world
                .resources
                .get(&candidate.resource_id)
                .map(|time| time.open(self.world.range));
            known.insert(own.map_or_else(|| open.clone(), |own| common(&open, &own)));
        }
        let parted = known.iter().flat_map(|open| Hours::parted(open, zone));
        parted.map(|window| (window, offset)).collect()
    }
}
