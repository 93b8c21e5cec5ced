//! The questions of availability.

use async_graphql::InputObject;
use chrono::TimeDelta;
use entities::catalog::offer;
use entities::core::location;
use entities::resources::{resource, unit_type};

use super::answer::{AvailabilityExplanation, AvailabilityResult, AvailabilitySlot};
use super::asked::{Asked, READ, ShopperInput, at_most, days, ordered, reached};
use super::stay::{self, StayOption, Stays};
use super::wanted::Starts;
use crate::pricing::price_quote::PriceSeatInput;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Asking, Look, Question, question};
use foundation::graph::scalars::{Day, Id, Instant};
use foundation::graph::verb::Permission;

/// How many times are answered at most.
const MOST: i32 = 500;
/// How many refused times are explained at most.
const MOST_EXPLAINED: i32 = 200;

/// All questions of this folder.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<AvailabilitySearch>(),
        question::<AvailabilityFirst>(),
        question::<AvailabilityExplain>(),
        question::<AvailabilityStays>(),
    ]
}

/// When an offer can be had: all times within some days at which everything that it consists of is
/// there, stepped within each open time. What is listed can be booked, unless somebody takes it
/// meanwhile. At most 366 days at once.
#[derive(InputObject)]
pub struct AvailabilitySearchInput {
    /// The offer; the version that is on sale now counts.
    offer_id: Id<offer::Entity>,
    /// The first day.
    from: Day,
    /// The last day, included; 366 days after the first at most.
    to: Day,
    /// How many come; of a pool, how many units are wanted.
    #[graphql(default = 1)]
    party_size: i32,
    /// The kinds of seats that some of them have, where those need things of their own.
    seats: Option<Vec<PriceSeatInput>>,
    /// Only at this location.
    location_id: Option<Id<location::Entity>>,
    /// IANA time zone whose days these are, such as that of a customer elsewhere; else that of the
    /// location, or of the business.
    time_zone: Option<String>,
    /// How long, where the offer leaves that to the customer.
    duration_minutes: Option<i32>,
    /// How many minutes lie between one time and the next, 5 to 1440.
    #[graphql(default = 15)]
    step_minutes: i32,
    /// Only these resources, such as the stylist whom a customer wants; 500 at most.
    resource_ids: Option<Vec<Id<resource::Entity>>>,
    /// Whose own holds do not block.
    shopper: Option<ShopperInput>,
    /// Whether staff book: notice and advance do not bind them.
    #[graphql(default)]
    by_staff: bool,
    /// How many times are answered, 500 at most.
    #[graphql(default = 100)]
    first: i32,
    /// Only times after this one: the beginning of the last that was answered.
    after: Option<Instant>,
}

struct AvailabilitySearch;

impl Question for AvailabilitySearch {
    type Input = AvailabilitySearchInput;
    type Answer = AvailabilityResult;

    const NAME: &'static str = "availabilitySearch";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let location = input.location_id.map(|id| id.uuid());
        let (from, to) = ordered(input.from, input.to)?;
        let (from, to) = days(look, (from, to), input.time_zone.as_deref(), location).await?;
        let after = input.after.map(|after| after.0 + TimeDelta::seconds(1));
        let starts = Starts::Every {
            from: after.map_or(from, |after| after.max(from)),
            to,
            step_minutes: input.step_minutes.into(),
            at_most: at_most(input.first, MOST)?,
        };
        let asked = Asked {
            offer_id: input.offer_id,
            party_size: input.party_size,
            seats: input.seats,
            location_id: input.location_id,
            duration_minutes: input.duration_minutes,
            resource_ids: input.resource_ids,
            shopper: input.shopper,
            by_staff: input.by_staff,
        };
        let resolved = super::resolve(look.scope, &asked.wanted(look)?, &starts).await?;
        Ok(AvailabilityResult::of(resolved))
    }
}

/// The first time at which an offer can be had from an instant on, within a year; null where there
/// is none. The same as the first time of a search.
#[derive(InputObject)]
pub struct AvailabilityFirstInput {
    /// The offer; the version that is on sale now counts.
    offer_id: Id<offer::Entity>,
    /// From when on; none means from now.
    from: Option<Instant>,
    /// How many come; of a pool, how many units are wanted.
    #[graphql(default = 1)]
    party_size: i32,
    /// The kinds of seats that some of them have, where those need things of their own.
    seats: Option<Vec<PriceSeatInput>>,
    /// Only at this location.
    location_id: Option<Id<location::Entity>>,
    /// How long, where the offer leaves that to the customer.
    duration_minutes: Option<i32>,
    /// How many minutes lie between one time and the next, 5 to 1440.
    #[graphql(default = 15)]
    step_minutes: i32,
    /// Only these resources; 500 at most.
    resource_ids: Option<Vec<Id<resource::Entity>>>,
    /// Whose own holds do not block.
    shopper: Option<ShopperInput>,
    /// Whether staff book: notice and advance do not bind them.
    #[graphql(default)]
    by_staff: bool,
}

struct AvailabilityFirst;

impl Question for AvailabilityFirst {
    type Input = AvailabilityFirstInput;
    type Answer = Option<AvailabilitySlot>;

    const NAME: &'static str = "availabilityFirst";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let mut from = input.from.map_or(look.scope.now(), |from| from.0);
        let step_minutes = input.step_minutes.into();
        let asked = Asked {
            offer_id: input.offer_id,
            party_size: input.party_size,
            seats: input.seats,
            location_id: input.location_id,
            duration_minutes: input.duration_minutes,
            resource_ids: input.resource_ids,
            shopper: input.shopper,
            by_staff: input.by_staff,
        };
        let wanted = asked.wanted(look)?;
        // Near times first: who has room has it soon, and a year is much to expand.
        for days in [14, 62, 290] {
            let to = from + TimeDelta::days(days);
            let starts = Starts::Every {
                from,
                to,
                step_minutes,
                at_most: 1,
            };
            let resolved = super::resolve(look.scope, &wanted, &starts).await?;
            if let Some(slot) = resolved.slots.into_iter().next() {
                return Ok(Some(AvailabilitySlot::of(slot)));
            }
            from = to;
        }
        Ok(None)
    }
}

/// Why an offer cannot be had: of each time that is refused all that stands in the way, with its
/// ids and times, and the smallest sets of changes that would open it.
#[derive(InputObject)]
pub struct AvailabilityExplainInput {
    /// The offer; the version that is on sale now counts.
    offer_id: Id<offer::Entity>,
    /// The time at which it should begin; the first of several.
    from: Instant,
    /// The end of the times to explain, that instant not included; none means only `from`. 366 days
    /// later at most.
    to: Option<Instant>,
    /// How many come; of a pool, how many units are wanted.
    #[graphql(default = 1)]
    party_size: i32,
    /// The kinds of seats that some of them have, where those need things of their own.
    seats: Option<Vec<PriceSeatInput>>,
    /// Only at this location.
    location_id: Option<Id<location::Entity>>,
    /// How long, where the offer leaves that to the customer.
    duration_minutes: Option<i32>,
    /// How many minutes lie between one time and the next, counted from `from`, 5 to 1440.
    #[graphql(default = 15)]
    step_minutes: i32,
    /// Only these resources; 500 at most.
    resource_ids: Option<Vec<Id<resource::Entity>>>,
    /// Whose own holds do not block.
    shopper: Option<ShopperInput>,
    /// Whether staff book: notice and advance do not bind them.
    #[graphql(default)]
    by_staff: bool,
    /// How many refused times are explained, 200 at most.
    #[graphql(default = 50)]
    first: i32,
}

struct AvailabilityExplain;

impl Question for AvailabilityExplain {
    type Input = AvailabilityExplainInput;
    type Answer = AvailabilityExplanation;

    const NAME: &'static str = "availabilityExplain";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let at_most = at_most(input.first, MOST_EXPLAINED)?;
        let starts = match input.to {
            None => Starts::At(input.from.0),
            Some(to) => Starts::Every {
                from: input.from.0,
                to: to.0,
                step_minutes: input.step_minutes.into(),
                at_most,
            },
        };
        let asked = Asked {
            offer_id: input.offer_id,
            party_size: input.party_size,
            seats: input.seats,
            location_id: input.location_id,
            duration_minutes: input.duration_minutes,
            resource_ids: input.resource_ids,
            shopper: input.shopper,
            by_staff: input.by_staff,
        };
        let wanted = asked.wanted(look)?;
        let (refused, has_more) = super::explain(look.scope, &wanted, &starts).await?;
        Ok(AvailabilityExplanation::of(refused, has_more))
    }
}

/// Which types of rooms, or other units that are sold by type, are free from an arrival to a
/// departure, and how many of each; with the nights on which there are too few. At most 366 nights.
#[derive(InputObject)]
pub struct AvailabilityStaysInput {
    /// The day of arrival.
    check_in_on: Day,
    /// The day of departure.
    check_out_on: Day,
    /// Only at this location.
    location_id: Option<Id<location::Entity>>,
    /// Only this type of unit.
    unit_type_id: Option<Id<unit_type::Entity>>,
    /// How many units are wanted.
    #[graphql(default = 1)]
    units: i32,
    /// How many guests sleep in one unit; types that are too small are left out.
    #[graphql(default = 1)]
    guests_per_unit: i32,
    /// Whose own holds do not block.
    shopper: Option<ShopperInput>,
}

struct AvailabilityStays;

impl Question for AvailabilityStays {
    type Input = AvailabilityStaysInput;
    type Answer = Vec<StayOption>;

    const NAME: &'static str = "availabilityStays";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        if let Some(location) = &input.location_id {
            look.permit_at(READ, location.uuid(), "location")?;
        }
        let asked = Stays {
            check_in: input.check_in_on.0,
            check_out: input.check_out_on.0,
            location_id: input.location_id.map(|id| id.uuid()),
            unit_type_id: input.unit_type_id.map(|id| id.uuid()),
            units: input.units,
            guests: input.guests_per_unit,
            shopper: input.shopper.unwrap_or_default().shopper()?,
            reach: reached(look.principal()?.reach(READ)),
        };
        Ok(stay::search(look.scope, &asked).await?)
    }
}
