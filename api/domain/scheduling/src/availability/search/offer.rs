//! What an offer consists of, and who or what will do for it.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use uuid::Uuid;

use super::super::calendar::week::DayRange;

/// What a booking takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Named resources.
    Resource,
    /// Units of a pool.
    Pool,
    /// Places in a slot.
    Slot,
    /// Nothing.
    Unlimited,
}

impl Basis {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "pool" => Self::Pool,
            "slot" => Self::Slot,
            "unlimited" => Self::Unlimited,
            _ => Self::Resource,
        }
    }
}

/// How one is chosen among those that would all do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// In turn, by weight.
    RoundRobin,
    /// The one with the least to do.
    LeastLoaded,
    /// The first, by priority.
    Ranked,
    /// All of them together.
    Collective,
}

impl Strategy {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "least_loaded" => Self::LeastLoaded,
            "ranked" => Self::Ranked,
            "collective" => Self::Collective,
            _ => Self::RoundRobin,
        }
    }
}

/// The version of an offer that is on sale.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The version.
    pub version_id: Uuid,
    /// What it takes up.
    pub basis: Basis,
    /// What must be there, in the order in which it begins.
    pub components: Vec<Component>,
}

impl Offer {
    /// The service whose notice is the longest.
    pub(super) fn notice(&self) -> Option<(Uuid, i32)> {
        let services = self
            .components
            .iter()
            .filter_map(|component| component.service.as_ref());
        services
            .map(|service| (service.id, service.min_notice_minutes))
            .max_by_key(|(_, minutes)| *minutes)
    }

    /// The service that can be booked the fewest days ahead.
    pub(super) fn advance(&self) -> Option<(Uuid, i32)> {
        let services = self
            .components
            .iter()
            .filter_map(|component| component.service.as_ref());
        services
            .filter_map(|service| Some((service.id, service.max_advance_days?)))
            .min_by_key(|(_, days)| *days)
    }

    /// All who might do, each once for each selector.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        let selectors = self
            .components
            .iter()
            .flat_map(|component| &component.selectors);
        selectors.flat_map(|selector| &selector.candidates)
    }
}

/// The service that a component gives.
#[derive(Clone, Debug)]
pub struct Service {
    /// The row.
    pub id: Uuid,
    /// How long it takes; nothing where it does not say.
    pub duration_minutes: Option<i32>,
    /// Time blocked before it.
    pub buffer_before_minutes: i32,
    /// Time blocked after it.
    pub buffer_after_minutes: i32,
    /// How long before it can be booked at the latest.
    pub min_notice_minutes: i32,
    /// How many days ahead it can be booked.
    pub max_advance_days: Option<i32>,
}

/// One thing that must be there.
#[derive(Clone, Debug)]
pub struct Component {
    /// The row.
    pub id: Uuid,
    /// What it is to the offer.
    pub role: String,
    /// How many of it; of what is sold by people, for each of them.
    pub quantity: i32,
    /// How many of it for all together, where the kinds of their seats say so.
    pub in_all: Option<i32>,
    /// Whether the booking may do without.
    pub is_optional: bool,
    /// Its place in the course of the booking.
    pub sequence: i32,
    /// How long after the beginning it begins at the earliest.
    pub offset_minutes: i32,
    /// How long it takes by itself.
    pub duration_minutes: Option<i32>,
    /// Time blocked before it.
    pub buffer_before_minutes: i32,
    /// Time blocked after it.
    pub buffer_after_minutes: i32,
    /// The service that it gives.
    pub service: Option<Service>,
    /// Who or what will do; any of them.
    pub selectors: Vec<Selector>,
}

impl Component {
    /// How many of it a booking needs, whoever comes.
    pub(super) fn wanted(&self) -> i32 {
        self.in_all.unwrap_or(self.quantity)
    }

    /// How long it takes with a candidate, unless it lasts as long as the booking: as the offer says,
    /// else as this resource does, else as the service usually takes.
    pub(super) fn duration(&self, candidate: Option<&Candidate>) -> Option<TimeDelta> {
        let own = self.duration_minutes;
        let override_ = candidate.and_then(|candidate| candidate.duration_minutes);
        let usual = self
            .service
            .as_ref()
            .and_then(|service| service.duration_minutes);
        own.or(override_).or(usual).map(minutes)
    }

    /// The buffers with a candidate: this resource's own, else those of the offer, else of the service.
    pub(super) fn buffers(&self, candidate: Option<&Candidate>) -> (TimeDelta, TimeDelta) {
        let pick = |resource: Option<i32>, own: i32, service: Option<i32>| {
            minutes(resource.unwrap_or(if own > 0 { own } else { service.unwrap_or(0) }))
        };
        let service = self.service.as_ref();
        (
            pick(
                candidate.and_then(|candidate| candidate.buffer_before_minutes),
                self.buffer_before_minutes,
                service.map(|service| service.buffer_before_minutes),
            ),
            pick(
                candidate.and_then(|candidate| candidate.buffer_after_minutes),
                self.buffer_after_minutes,
                service.map(|service| service.buffer_after_minutes),
            ),
        )
    }
}

/// A way of choosing for a component.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The row.
    pub id: Uuid,
    /// How it chooses.
    pub strategy: Strategy,
    /// How many it chooses at least.
    pub min_quantity: i32,
    /// Who or what it chooses among.
    pub candidates: Vec<Candidate>,
}

impl Selector {
    /// How many it has to choose for a component.
    pub(super) fn needed(&self, quantity: i32) -> usize {
        match self.strategy {
            Strategy::Collective => self.candidates.len().max(1),
            _ => usize::try_from(quantity.max(self.min_quantity)).unwrap_or(1),
        }
    }
}

/// What a candidate has that makes it one, on some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Whether it is a capability; else a membership of a group.
    pub is_capability: bool,
    /// The row.
    pub id: Uuid,
    /// The days.
    pub days: DayRange,
}

/// A resource that might do.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The resource.
    pub resource_id: Uuid,
    /// Where it is.
    pub location_id: Uuid,
    /// The zone of its clocks and days.
    pub zone: Tz,
    /// How many units it serves at once.
    pub capacity: i32,
    /// Whether it serves one booking at a time.
    pub is_exclusive: bool,
    /// Whether it is in use at all.
    pub is_active: bool,
    /// Its share of the turns.
    pub weight: i32,
    /// Its rank.
    pub priority: i32,
    /// On what it is chosen, where that has an end.
    pub grounds: Vec<Ground>,
    /// How long it takes.
    pub duration_minutes: Option<i32>,
    /// Time blocked before.
    pub buffer_before_minutes: Option<i32>,
    /// Time blocked after.
    pub buffer_after_minutes: Option<i32>,
    /// Whether customers may choose it themselves.
    pub is_bookable_online: bool,
}

impl Candidate {
    /// Whether it is a candidate from a day to another, both included.
    pub(super) fn is_eligible(&self, first: NaiveDate, last: NaiveDate) -> bool {
        let mut day = first;
        while day <= last {
            if !self.grounds.is_empty()
                && !self.grounds.iter().any(|ground| ground.days.contains(day))
            {
                return false;
            }
            match day.succ_opt() {
                Some(next) => day = next,
                None => break,
            }
        }
        true
    }
}

pub(super) fn minutes(minutes: i32) -> TimeDelta {
    TimeDelta::minutes(minutes.into())
}
