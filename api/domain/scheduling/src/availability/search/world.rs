//! What is known of resources, places, pools and slots over the time of a search.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::super::calendar::hours::Hours;
use super::super::calendar::span::{Span, common, merged};
use super::super::calendar::week::DayRange;
use super::blocker::{Blocker, Kind, Remedy, Thing};

/// A time that something takes.
#[derive(Clone, Debug)]
pub struct Busy {
    /// The time, buffers included.
    pub span: Span,
    /// How many units it takes of what several share; all, where there is none.
    pub units: Option<i32>,
    /// The sort of it.
    pub kind: Kind,
    /// The row.
    pub thing: Thing,
    /// The resource that is taken or blocked, where that is one that contains this one.
    pub within: Option<Uuid>,
}

impl Busy {
    /// As a blocker of a time.
    pub(super) fn blocker(&self) -> Blocker {
        let remedy = match self.kind {
            Kind::Block => Remedy::Lift,
            Kind::ExternalBusy => Remedy::FreeOutside,
            Kind::Maintenance => Remedy::FinishWork,
            _ => Remedy::Release,
        };
        Blocker {
            within: self.within,
            ..Blocker::new(self.kind, self.thing, self.span, remedy)
        }
    }
}

/// What takes something, over a time.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    all: Vec<Busy>,
    longest: TimeDelta,
    any: Vec<Span>,
}

impl Taken {
    pub(super) fn of(mut all: Vec<Busy>) -> Self {
        all.sort_by_key(|busy| busy.span);
        let longest = all.iter().map(|busy| busy.span.length()).max();
        let any = merged(all.iter().map(|busy| busy.span).collect());
        Self {
            all,
            longest: longest.unwrap_or_default(),
            any,
        }
    }

    /// Whether anything takes any of it.
    pub(super) fn is_touched(&self, wanted: &Span) -> bool {
        reaches_into(&self.any, wanted)
    }

    /// All that takes some of it during a time.
    pub(super) fn during<'a>(&'a self, wanted: &'a Span) -> impl Iterator<Item = &'a Busy> {
        // What began earlier than the longest takes has ended.
        let earliest = wanted.start - self.longest;
        let first = self.all.partition_point(|busy| busy.span.start < earliest);
        let busy = self.all.iter().skip(first);
        busy.take_while(|busy| busy.span.start < wanted.end)
            .filter(|busy| busy.span.overlaps(wanted))
    }

    /// The most units that are taken at one instant of a time.
    pub(super) fn peak(&self, wanted: &Span) -> i32 {
        let mut edges: Vec<(DateTime<Utc>, i32)> = Vec::new();
        for busy in self.during(wanted) {
            let units = busy.units.unwrap_or(0);
            edges.push((busy.span.start, units));
            edges.push((busy.span.end, -units));
        }
        // What ends comes before what begins.
        edges.sort_unstable();
        let (mut now, mut most) = (0_i32, 0_i32);
        for (_, units) in edges {
            now = now.saturating_add(units);
            most = most.max(now);
        }
        most
    }

    /// How many bookings begin within a time, and how many minutes of it are taken.
    pub(super) fn load(&self, during: &Span) -> (i64, i64) {
        let mut load = (0, 0);
        for busy in self.during(during) {
            load.0 += 1;
            load.1 += busy.span.within(during).length().num_minutes();
        }
        load
    }
}

/// Whether one of an ordered list has an instant in common with a time.
fn reaches_into(spans: &[Span], wanted: &Span) -> bool {
    let next = spans.partition_point(|span| span.end <= wanted.start);
    spans.get(next).is_some_and(|span| span.overlaps(wanted))
}

/// A resource over the time of a search.
#[derive(Debug, Default)]
pub struct ResourceTime {
    /// By its own calendars, and by its person's: all must be open.
    pub hours: Vec<Hours>,
    /// What takes it.
    pub taken: Taken,
    /// The pools whose unit it is, and when.
    pub pools: Vec<(Uuid, DayRange)>,
}

impl ResourceTime {
    /// When it is open, over a time of which its calendars may say nothing.
    pub(super) fn open(&self, range: Span) -> Vec<Span> {
        let all = self.hours.iter().map(|hours| hours.open.clone());
        all.reduce(|one, other| common(&one, &other))
            .unwrap_or_else(|| vec![range])
    }
}

/// A location over the time of a search.
#[derive(Debug)]
pub struct PlaceTime {
    /// The zone of its clocks.
    pub zone: Tz,
    /// When its business day begins.
    pub cutoff: NaiveTime,
    /// By its calendars.
    pub hours: Hours,
    /// Blocks of the whole location.
    pub blocks: Taken,
    /// Until when of a day bookings for that day are taken.
    pub booking_cutoff: Option<NaiveTime>,
    /// Whether it is open for bookings.
    pub is_active: bool,
}

/// A pool over the time of a search.
#[derive(Debug)]
pub struct PoolTime {
    /// Where its units are.
    pub location_id: Uuid,
    /// Whether it is sold in slots; else by what is in use at once.
    pub by_slots: bool,
    /// How many units can be sold, overbooking included.
    pub capacity: i32,
    /// By its own calendars.
    pub hours: Hours,
    /// What takes units of it.
    pub taken: Taken,
}

/// A slot.
#[derive(Clone, Debug)]
pub struct SlotTime {
    /// The row.
    pub id: Uuid,
    /// The pool it is a time of.
    pub pool_id: Option<Uuid>,
    /// Or the resource.
    pub resource_id: Option<Uuid>,
    /// Where it takes place.
    pub location_id: Uuid,
    /// When.
    pub span: Span,
    /// How many places are left, for this shopper.
    pub left: i32,
    /// How many there are, overbooking included.
    pub capacity: i32,
    /// Whether it can be booked.
    pub is_open: bool,
}

/// All that is known over the time of a search.
#[derive(Debug)]
pub struct World {
    /// The time that is known, wider than what was asked for.
    pub range: Span,
    /// The offer's calendars.
    pub offer_hours: Hours,
    /// The calendars of services.
    pub services: HashMap<Uuid, Hours>,
    /// Places.
    pub places: HashMap<Uuid, PlaceTime>,
    /// Resources.
    pub resources: HashMap<Uuid, ResourceTime>,
    /// Pools.
    pub pools: HashMap<Uuid, PoolTime>,
    /// Slots, in the order of their beginnings.
    pub slots: Vec<SlotTime>,
}
