//! `slotsGenerate`.

use async_graphql::{Enum, InputObject};
use entities::availability::capacity_pool;
use entities::pricing::cancellation_policy;
use entities::resources::resource;
use sea_orm::Value;
use uuid::Uuid;

use super::MANAGE_SLOTS;
use super::rules::{NewSlot, Opening, slots};
use super::store::{Place, clock_time, place};
use crate::availability::rules::nights;
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The longest range.
const MOST_DAYS: i64 = 400;
/// The most slots of one request.
const MOST_SLOTS: usize = 5_000;

/// Makes the slots of a pool or a resource for a range of days, by the clocks of its location. Slots
/// that are there already stay as they are, so that the same range may be made again.
#[derive(InputObject)]
pub struct SlotsGenerateInput {
    /// The pool.
    pub pool_id: Option<Id<capacity_pool::Entity>>,
    /// The resource, where it has slots of its own.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The first local day.
    pub from_on: Day,
    /// The first local day without slots; 400 days after the first at most.
    pub until_on: Day,
    /// When slots take place; whole days (nights) from midnight to midnight if not given. 50 at most.
    pub openings: Option<Vec<SlotOpeningInput>>,
    /// Places of each; as many as the pool or the resource has, if not given.
    pub capacity: Option<i32>,
    /// How many places may be sold beyond that; as the pool says if not given.
    pub overbook_limit: Option<i32>,
    /// The cancellation policy of bookings of these slots, where it differs from that of the offer.
    pub cancellation_policy_id: Option<Id<cancellation_policy::Entity>>,
    /// Whether bookings of these slots must be paid before they are confirmed.
    #[graphql(default = false)]
    pub prepayment_required: bool,
}

/// Times of a day at which slots take place.
#[derive(InputObject)]
pub struct SlotOpeningInput {
    /// The weekdays, 1 for Monday to 7 for Sunday; all if not given.
    pub weekdays: Option<Vec<i32>>,
    /// When the first begins, such as 09:00.
    pub local_start: String,
    /// When the last has ended, such as 17:00; at or before the start it is on the next day.
    pub local_end: String,
    /// How many minutes after one the next begins; one slot takes it all if not given.
    pub every_minutes: Option<i32>,
    /// How many minutes one lasts; until the next begins if not given.
    pub length_minutes: Option<i32>,
}

/// Why slots cannot be made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SlotsGenerateErrorCode")]
pub enum SlotsGenerateProblem {
    /// A pool or a resource must be given, one of them.
    Incomplete,
    /// The days or times are no time.
    InvalidDates,
    /// These are more than 5,000 slots at once.
    TooMany,
    /// The pool is shared by time, and has no slots.
    NoSlots,
}

type Problem = SlotsGenerateProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct SlotsGenerate;

impl Verb for SlotsGenerate {
    type Input = SlotsGenerateInput;
    type Problem = SlotsGenerateProblem;

    const NAME: &'static str = "slotsGenerate";
    const PERMISSION: Permission = Permission::Holds(MANAGE_SLOTS);
    const EVENT: Option<&'static str> = Some("slots.generated");
    const PAYLOAD: &'static [Part] = &[
        Part::Value("madeCount", "Int", "How many slots were made."),
        Part::Value("keptCount", "Int", "How many were there already."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let openings = openings(&input)?;
        let found = find(act, &input).await?;
        let days = (input.from_on.0, input.until_on.0);
        if !(1..=MOST_DAYS).contains(&(days.1 - days.0).num_days()) {
            let message = "untilOn must be after fromOn, by 400 days at most.";
            return Err(Fault::at(Problem::InvalidDates, "untilOn", message));
        }
        let wanted = match &openings {
            Some(openings) => slots(
                found.place.zone,
                found.place.cutoff,
                days,
                openings,
                MOST_SLOTS,
            ),
            None => whole_days(&found.place, days)?,
        };
        if wanted.len() > MOST_SLOTS {
            let message = "These are more than 5,000 slots: make them in several steps.";
            return Err(Fault::at(Problem::TooMany, "untilOn", message));
        }
        let made = insert(act, &input, &found, &wanted).await?;
        let kept = i64::try_from(wanted.len()).unwrap_or_default() - made;
        let mut outcome = Outcome::default()
            .and_value("madeCount", made)
            .and_value("keptCount", kept)
            .detail("location_id", found.place.location_id.to_string())
            .detail("made", made);
        outcome.subject = Some(match (found.pool_id, found.resource_id) {
            (Some(id), _) => ("CapacityPool", id),
            (None, id) => ("Resource", id.unwrap_or_default()),
        });
        Ok(outcome)
    }
}

fn openings(input: &SlotsGenerateInput) -> Checked<Option<Vec<Opening>>> {
    let Some(given) = &input.openings else {
        return Ok(None);
    };
    if given.is_empty() || given.len() > 50 {
        let message = "Give 1 to 50 openings, or none for whole days.";
        return Err(Fault::at(Problem::InvalidDates, "openings", message));
    }
    given.iter().map(opening).collect::<Checked<_>>().map(Some)
}

fn opening(given: &SlotOpeningInput) -> Checked<Opening> {
    let wrong = |message: &str| Err(Fault::at(Problem::InvalidDates, "openings", message));
    let (Some(from), Some(until)) = (clock_time(&given.local_start), clock_time(&given.local_end))
    else {
        return wrong("localStart and localEnd are times of day, such as 09:00.");
    };
    let minutes = [given.every_minutes, given.length_minutes];
    if minutes
        .iter()
        .flatten()
        .any(|minutes| !(1..=1440).contains(minutes))
    {
        return wrong("everyMinutes and lengthMinutes are between 1 and 1440.");
    }
    if given.every_minutes.is_none() && given.length_minutes.is_some() {
        return wrong("lengthMinutes goes with everyMinutes.");
    }
    let weekdays = given.weekdays.iter().flatten();
    let Ok(weekdays) = weekdays
        .map(|day| u32::try_from(*day))
        .collect::<Result<Vec<_>, _>>()
    else {
        return wrong("Weekdays are numbers from 1 for Monday to 7 for Sunday.");
    };
    if weekdays.iter().any(|day| !(1..=7).contains(day)) {
        return wrong("Weekdays are numbers from 1 for Monday to 7 for Sunday.");
    }
    Ok(Opening {
        weekdays,
        from,
        until,
        every_minutes: given.every_minutes.map(i64::from),
        length_minutes: given.length_minutes.map(i64::from),
    })
}

fn whole_days(
    place: &Place,
    days: (chrono::NaiveDate, chrono::NaiveDate),
) -> Checked<Vec<NewSlot>> {
    let nights = nights(place.zone, days.0, days.1).map_err(|missing| {
        Fault::at(
            Problem::InvalidDates,
            "fromOn",
            format!("At the location {missing}."),
        )
    })?;
    let slot = |night: &crate::availability::rules::Night| NewSlot {
        starts_at: night.starts_at,
        ends_at: night.ends_at,
        business_date: night.on,
    };
    Ok(nights.iter().map(slot).collect())
}

/// What has the slots, and where.
struct Found {
    pool_id: Option<Uuid>,
    resource_id: Option<Uuid>,
    place: Place,
    capacity: i32,
    overbook_limit: i32,
}

const FIND: &str = "select p.location_id, p.capacity, p.overbook_limit, p.mode = 'slot' from availability.capacity_pools p \
    where p.biz_id = $1 and p.id = $2 and p.deleted_at is null \
    union all \
    select r.location_id, r.capacity, 0, true from resources.resources r \
    where r.biz_id = $1 and r.id = $3 and r.deleted_at is null";

async fn find(act: &Act<'_>, input: &SlotsGenerateInput) -> Checked<Found> {
    let pool_id = input.pool_id.map(|id| id.uuid());
    let resource_id = input.resource_id.map(|id| id.uuid());
    let what = match (pool_id, resource_id) {
        (Some(_), None) => "pool",
        (None, Some(_)) => "resource",
        _ => {
            let message = "Give poolId or resourceId, one of them.";
            return Err(Fault::at(Problem::Incomplete, "poolId", message));
        }
    };
    let values = [
        act.scope.biz_id().into(),
        pool_id.into(),
        resource_id.into(),
    ];
    let row = act.scope.query_opt(FIND, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found(what))?;
    let location_id = row.try_get(0)?;
    act.permit_at(MANAGE_SLOTS, location_id, what)?;
    if !row.try_get::<_, bool>(3)? {
        let message = "The pool is shared by time, and has no slots.";
        return Err(Fault::at(Problem::NoSlots, "poolId", message));
    }
    let place = place(act.scope, location_id).await?;
    Ok(Found {
        pool_id,
        resource_id,
        place: place.ok_or_else(|| Fault::not_found("location"))?,
        capacity: input.capacity.unwrap_or(row.try_get(1)?),
        overbook_limit: input.overbook_limit.unwrap_or(row.try_get(2)?),
    })
}

const INSERT: &str = "insert into availability.slots (biz_id, id, pool_id, resource_id, location_id, business_date, \
      starts_at, ends_at, capacity, overbook_limit, cancellation_policy_id, prepayment_required) \
    select $1, w.id, $2, $3, $4, w.business_date, w.starts_at, w.ends_at, $5, $6, $7, $8 \
    from unnest($9::uuid[], $10::date[], $11::timestamptz[], $12::timestamptz[]) \
      as w (id, business_date, starts_at, ends_at) \
    order by w.starts_at, w.ends_at on conflict do nothing";

async fn insert(
    act: &Act<'_>,
    input: &SlotsGenerateInput,
    found: &Found,
    wanted: &[NewSlot],
) -> Checked<i64> {
    let values: [Value; 12] = [
        act.scope.biz_id().into(),
        found.pool_id.into(),
        found.resource_id.into(),
        found.place.location_id.into(),
        found.capacity.into(),
        found.overbook_limit.into(),
        input.cancellation_policy_id.map(|id| id.uuid()).into(),
        input.prepayment_required.into(),
        wanted.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
        wanted
            .iter()
            .map(|slot| slot.business_date)
            .collect::<Vec<_>>()
            .into(),
        wanted
            .iter()
            .map(|slot| slot.starts_at)
            .collect::<Vec<_>>()
            .into(),
        wanted
            .iter()
            .map(|slot| slot.ends_at)
            .collect::<Vec<_>>()
            .into(),
    ];
    let made = act.scope.execute(INSERT, &values).await?;
    Ok(i64::try_from(made).unwrap_or_default())
}
