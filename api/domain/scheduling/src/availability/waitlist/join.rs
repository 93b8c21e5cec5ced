//! `waitlistJoin`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use entities::availability::waitlist_entry;
use entities::catalog::offer;
use entities::core::location;
use entities::crm::customer;
use entities::resources::{resource, unit_type};

use super::PERMISSION;
use crate::availability::rules::day_start;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Day, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Puts a customer on the waiting list: for nights of a room type (unitTypeId, checkInOn,
/// checkOutOn), or for any time of an offer between two instants (offerId, startsAt, endsAt). What
/// comes free is offered to the first in line, by priority and then by who came first.
#[derive(InputObject)]
pub struct WaitlistJoinInput {
    /// Who waits.
    pub customer_id: Id<customer::Entity>,
    /// Where the place is wanted.
    pub location_id: Id<location::Entity>,
    /// The room type that is wanted.
    pub unit_type_id: Option<Id<unit_type::Entity>>,
    /// Of a room type: the local day of arrival.
    pub check_in_on: Option<Day>,
    /// Of a room type: the local day of departure; all nights before it are wanted, 400 at most.
    pub check_out_on: Option<Day>,
    /// The offer that is wanted.
    pub offer_id: Option<Id<offer::Entity>>,
    /// Of an offer: the earliest start.
    pub starts_at: Option<Instant>,
    /// Of an offer: the latest end.
    pub ends_at: Option<Instant>,
    /// Of an offer: the weekdays that suit, 1 for Monday to 7 for Sunday; any if not given.
    pub weekdays: Option<Vec<i32>>,
    /// Of an offer: the wall-clock time from which it suits, such as 17:30.
    pub local_from: Option<String>,
    /// Of an offer: the wall-clock time until which it suits, such as 20:00.
    pub local_until: Option<String>,
    /// Of an offer: the resource that is wanted, such as a therapist; any if not given.
    pub resource_id: Option<Id<resource::Entity>>,
    /// How many people.
    #[graphql(default = 1)]
    pub party_size: i32,
    /// How many units, such as rooms.
    #[graphql(default = 1)]
    pub units: i32,
    /// A higher one is asked first.
    #[graphql(default = 0)]
    pub priority: i32,
    /// The first of several wishes of which one is to be fulfilled.
    pub alternative_to_id: Option<Id<waitlist_entry::Entity>>,
    /// When the customer no longer waits; with the wanted time if not given.
    pub expires_at: Option<Instant>,
    /// What the customer said.
    pub note: Option<String>,
}

/// Why a customer cannot wait.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WaitlistJoinErrorCode")]
pub enum WaitlistJoinProblem {
    /// The customer waits for this already at that time.
    AlreadyWaiting,
    /// It is not clear what is wanted: something is missing, or given twice.
    Incomplete,
    /// The days or times are no time.
    InvalidDates,
    /// It has passed.
    InThePast,
    /// The customer is blocked or gone.
    CustomerNotBookable,
}

type Problem = WaitlistJoinProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct WaitlistJoin;

impl Verb for WaitlistJoin {
    type Input = WaitlistJoinInput;
    type Problem = WaitlistJoinProblem;

    const NAME: &'static str = "waitlistJoin";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("waitlist.joined");
    const PAYLOAD: &'static [Part] = &[Part::Row("waitlistEntry", "WaitlistEntry", "The entry.")];
    const CONSTRAINTS: &'static [(&'static str, WaitlistJoinProblem)] = &[
        (
            "waitlist_entries_offer_no_overlap_excl",
            Problem::AlreadyWaiting,
        ),
        (
            "waitlist_entries_unit_type_no_overlap_excl",
            Problem::AlreadyWaiting,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let location_id = input.location_id.uuid();
        act.permit_at(PERMISSION, location_id, "location")?;
        let zone = find(act, &input).await?;
        let (starts_at, ends_at) = time(&input, zone)?;
        if ends_at <= act.scope.now() {
            return Err(Fault::at(Problem::InThePast, "endsAt", "This has passed."));
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.customer_id.uuid().into(),
            input.offer_id.map(|id| id.uuid()).into(),
            input.unit_type_id.map(|id| id.uuid()).into(),
            location_id.into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.alternative_to_id.map(|id| id.uuid()).into(),
            starts_at.into(),
            ends_at.into(),
            input.weekdays.clone().unwrap_or_default().into(),
            clock_time(input.local_from.as_deref(), "localFrom")?.into(),
            clock_time(input.local_until.as_deref(), "localUntil")?.into(),
            input.party_size.into(),
            input.units.into(),
            input.priority.into(),
            act.scope.now().into(),
            input.expires_at.map(|instant| instant.0).into(),
            input.note.clone().into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("waitlistEntry", id).detail("location_id", location_id.to_string()))
    }
}

const INSERT: &str = "insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, unit_type_id, location_id, \
      resource_id, alternative_to_id, starts_at, ends_at, weekdays, local_from, local_until, party_size, units, priority, \
      joined_at, expires_at, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";

const FIND: &str = "select l.timezone, c.status::text, u.id is not null, o.id is not null \
    from core.locations l \
    left join crm.customers c on c.biz_id = $1 and c.id = $3 and c.deleted_at is null \
    left join resources.unit_types u on u.biz_id = $1 and u.id = $4 and u.location_id = l.id and u.deleted_at is null \
    left join catalog.offers o on o.biz_id = $1 and o.id = $5 and o.deleted_at is null \
    where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";

/// The location's time zone; what was named and is not here does not exist.
async fn find(act: &Act<'_>, input: &WaitlistJoinInput) -> Checked<Tz> {
    let values = [
        act.scope.biz_id().into(),
        input.location_id.uuid().into(),
        input.customer_id.uuid().into(),
        input.unit_type_id.map(|id| id.uuid()).into(),
        input.offer_id.map(|id| id.uuid()).into(),
    ];
    let row = act.scope.query_opt(FIND, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("location"))?;
    let status: Option<String> = row.try_get(1)?;
    let status = status.ok_or_else(|| Fault::not_found("customer"))?;
    if matches!(status.as_str(), "blocked" | "merged" | "anonymised") {
        let message = format!("The customer is {status}, and cannot book.");
        return Err(Fault::at(
            Problem::CustomerNotBookable,
            "customerId",
            message,
        ));
    }
    if input.unit_type_id.is_some() && !row.try_get::<_, bool>(2)? {
        return Err(Fault::not_found("unit type"));
    }
    if input.offer_id.is_some() && !row.try_get::<_, bool>(3)? {
        return Err(Fault::not_found("offer"));
    }
    let name: String = row.try_get(0)?;
    name.parse()
        .map_err(|_| Error::Internal(format!("the time zone {name} is not known")).into())
}

/// From when to when it is wanted.
fn time(input: &WaitlistJoinInput, zone: Tz) -> Checked<(DateTime<Utc>, DateTime<Utc>)> {
    let wrong = |field: &str, message: &str| Err(Fault::at(Problem::InvalidDates, field, message));
    let days = input.check_in_on.zip(input.check_out_on);
    let instants = input.starts_at.zip(input.ends_at);
    match (input.unit_type_id, input.offer_id, days, instants) {
        (Some(_), None, Some((from, until)), None) => {
            if !(1..=400).contains(&(until.0 - from.0).num_days()) {
                return wrong(
                    "checkOutOn",
                    "checkOutOn must be after checkInOn, by 400 days at most.",
                );
            }
            Ok((day_start(zone, from.0), day_start(zone, until.0)))
        }
        (None, Some(_), None, Some((from, until))) => {
            if until.0 <= from.0 || (until.0 - from.0).num_days() > 400 {
                return wrong(
                    "endsAt",
                    "endsAt must be after startsAt, by 400 days at most.",
                );
            }
            Ok((from.0, until.0))
        }
        _ => Err(Fault::at(
            Problem::Incomplete,
            "unitTypeId",
            "Give unitTypeId with checkInOn and checkOutOn, or offerId with startsAt and endsAt.",
        )),
    }
}

fn clock_time(text: Option<&str>, field: &str) -> Checked<Option<NaiveTime>> {
    let Some(text) = text else {
        return Ok(None);
    };
    let parsed = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| text.parse());
    parsed.map(Some).map_err(|_| {
        Fault::at(
            Problem::InvalidDates,
            field,
            format!("{field} is a time of day, such as 17:30."),
        )
    })
}
