//! What a hold is to keep, out of what `holdCreate` was given: pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::input::{HoldCreateInput, HoldCreateProblem as Problem};
use foundation::graph::scalars::Id;
use foundation::graph::verb::Fault;

/// The longest time that is kept.
const MOST_DAYS: i64 = 400;
/// The most slots that one hold names.
const MOST_SLOTS: usize = 100;
/// The most units that one hold keeps.
const MOST_UNITS: i32 = 10_000;
/// How many resources are named of an offer.
const MOST_RESOURCES: usize = 20;
/// The longest buffer.
const MOST_BUFFER: i32 = 1440;

/// What is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Days of a pool.
    Days {
        pool: Pool,
        from_on: NaiveDate,
        until_on: NaiveDate,
    },
    /// Places of slots.
    Slots(Vec<Uuid>),
    /// An offer at a time.
    Offer(Uuid, DateTime<Utc>),
    /// A resource or a shared pool, for a time.
    Window { target: Target, time: Window },
}

/// A pool, by itself or by its room type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pool {
    ById(Uuid),
    OfUnitType(Uuid),
}

/// What is taken for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A resource.
    Resource(Uuid),
    /// A pool that is shared by time.
    Pool(Uuid),
}

impl Target {
    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Resource(id) | Self::Pool(id) => id,
        }
    }
}

/// A time, as customers see it and as it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When the service begins and ends.
    pub service: (DateTime<Utc>, DateTime<Utc>),
    /// The same with its buffers.
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
}

type Checked<T> = Result<T, Fault<Problem>>;

fn incomplete<T>(field: &str, message: &str) -> Checked<T> {
    Err(Fault::at(Problem::Incomplete, field, message))
}

/// Reads what is wanted; refuses what is no hold.
pub(super) fn wish(input: &HoldCreateInput, now: DateTime<Utc>) -> Checked<Wish> {
    shopper(input)?;
    amounts(input)?;
    if let Some(offer) = input.offer_id {
        return of_offer(input, offer.uuid(), now);
    }
    let slots = input.slot_ids.as_deref().unwrap_or_default();
    let days = input.from_on.zip(input.until_on);
    let time = input.starts_at.zip(input.ends_at);
    let pool = input.pool_id.map(|id| id.uuid());
    let unit_type = input.unit_type_id.map(|id| id.uuid());
    let resource = input.resource_id.map(|id| id.uuid());
    match (pool, unit_type, resource, slots.is_empty()) {
        (None, None, None, false) if days.is_none() && time.is_none() => {
            slots_of(slots.iter().map(Id::uuid).collect())
        }
        (None, None, Some(id), true) if days.is_none() => {
            window(input, Target::Resource(id), time, now)
        }
        (Some(id), None, None, true) if time.is_some() && days.is_none() => {
            window(input, Target::Pool(id), time, now)
        }
        (Some(id), None, None, true) => days_of(Pool::ById(id), days),
        (None, Some(id), None, true) if time.is_none() => days_of(Pool::OfUnitType(id), days),
        _ => incomplete(
            "poolId",
            "Give one of poolId, unitTypeId, resourceId and slotIds, and the days or the time that go with it.",
        ),
    }
}

fn of_offer(input: &HoldCreateInput, offer: Uuid, now: DateTime<Utc>) -> Checked<Wish> {
    let more = input.pool_id.is_some()
        || input.unit_type_id.is_some()
        || input.slot_ids.is_some()
        || input.from_on.is_some()
        || input.ends_at.is_some();
    let (Some(at), false) = (input.starts_at, more) else {
        let message =
            "Of an offer give startsAt alone: it says itself what it takes, and how long.";
        return incomplete("startsAt", message);
    };
    if input
        .resource_ids
        .as_ref()
        .is_some_and(|ids| ids.len() > MOST_RESOURCES)
    {
        let message = "resourceIds names 20 at most.";
        return Err(Fault::at(Problem::InvalidHold, "resourceIds", message));
    }
    if at.0 < now {
        return Err(Fault::at(
            Problem::InThePast,
            "startsAt",
            "This has passed.",
        ));
    }
    Ok(Wish::Offer(offer, at.0))
}

fn shopper(input: &HoldCreateInput) -> Checked<()> {
    let session = input.session_ref.as_deref().map(str::trim);
    if input.customer_id.is_none() && session.is_none_or(str::is_empty) {
        return incomplete(
            "sessionRef",
            "A hold is for somebody: give customerId or sessionRef.",
        );
    }
    Ok(())
}

fn amounts(input: &HoldCreateInput) -> Checked<()> {
    let wrong = |field: &str, message: &str| Err(Fault::at(Problem::InvalidHold, field, message));
    if !(1..=1440).contains(&input.minutes) {
        return wrong("minutes", "minutes must be between 1 and 1440.");
    }
    if !(1..=MOST_UNITS).contains(&input.units) {
        return wrong("units", "units must be between 1 and 10,000.");
    }
    let buffers = [input.buffer_before_minutes, input.buffer_after_minutes];
    if buffers
        .iter()
        .any(|minutes| !(0..=MOST_BUFFER).contains(minutes))
    {
        return wrong(
            "bufferBeforeMinutes",
            "A buffer has between 0 and 1440 minutes.",
        );
    }
    Ok(())
}

fn slots_of(mut ids: Vec<Uuid>) -> Checked<Wish> {
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MOST_SLOTS {
        let message = "A hold names 100 slots at most.";
        return Err(Fault::at(Problem::InvalidHold, "slotIds", message));
    }
    Ok(Wish::Slots(ids))
}

fn days_of(
    pool: Pool,
    days: Option<(
        foundation::graph::scalars::Day,
        foundation::graph::scalars::Day,
    )>,
) -> Checked<Wish> {
    let Some((from_on, until_on)) = days else {
        return incomplete("fromOn", "Give fromOn and untilOn.");
    };
    let (from_on, until_on) = (from_on.0, until_on.0);
    let count = (until_on - from_on).num_days();
    if !(1..=MOST_DAYS).contains(&count) {
        let message = "untilOn must be after fromOn, by 400 days at most.";
        return Err(Fault::at(Problem::InvalidDates, "untilOn", message));
    }
    Ok(Wish::Days {
        pool,
        from_on,
        until_on,
    })
}

fn window(
    input: &HoldCreateInput,
    target: Target,
    time: Option<(
        foundation::graph::scalars::Instant,
        foundation::graph::scalars::Instant,
    )>,
    now: DateTime<Utc>,
) -> Checked<Wish> {
    let Some((starts_at, ends_at)) = time else {
        return incomplete("startsAt", "Give startsAt and endsAt.");
    };
    let service = (starts_at.0, ends_at.0);
    if service.1 <= service.0 || service.1 - service.0 > TimeDelta::days(MOST_DAYS) {
        let message = "endsAt must be after startsAt, by 400 days at most.";
        return Err(Fault::at(Problem::InvalidDates, "endsAt", message));
    }
    if service.0 < now {
        return Err(Fault::at(
            Problem::InThePast,
            "startsAt",
            "This has passed.",
        ));
    }
    let blocked = (
        service.0 - TimeDelta::minutes(input.buffer_before_minutes.into()),
        service.1 + TimeDelta::minutes(input.buffer_after_minutes.into()),
    );
    Ok(Wish::Window {
        target,
        time: Window { service, blocked },
    })
}
