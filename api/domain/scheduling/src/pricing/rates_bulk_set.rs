//! `ratesBulkSet`.

use async_graphql::{Enum, InputObject};
use chrono::{Datelike as _, NaiveDate};
use entities::pricing::rate_plan;
use entities::resources::unit_type;
use uuid::Uuid;

use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "pricing.write";
/// The most nights of unit types that are set at once.
const MOST_CELLS: usize = 1_000;

/// Enters prices and restrictions in the rate calendar of a plan: the same for all nights of some unit
/// types between two days, or for those of some days of the week. What is not given stays as it is; at
/// most 1,000 cells, each a night of a unit type. Bookings keep the price they were made at.
#[derive(InputObject)]
pub struct RatesBulkSetInput {
    /// The rate plan.
    pub rate_plan_id: Id<rate_plan::Entity>,
    /// The unit types, each once.
    pub unit_type_ids: Vec<Id<unit_type::Entity>>,
    /// The first night.
    pub starts_on: Day,
    /// The day after the last night.
    pub ends_on: Day,
    /// Days of the week, Monday 1 to Sunday 7; all if not given.
    pub weekdays: Option<Vec<i32>>,
    /// The price of a night, in the currency of the plan.
    pub price: Option<MoneyInput>,
    /// How many nights a stay has at least that begins on such a day.
    pub min_stay_nights: Option<i32>,
    /// How many nights a stay has at most that begins on such a day.
    pub max_stay_nights: Option<i32>,
    /// Whether nothing is sold of these nights.
    pub is_stop_sell: Option<bool>,
    /// Whether no stay may begin on these days.
    pub is_closed_to_arrival: Option<bool>,
    /// Whether no stay may end on these days.
    pub is_closed_to_departure: Option<bool>,
}

/// Why the calendar cannot be set.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RatesBulkSetErrorCode")]
pub enum RatesBulkSetProblem {
    /// Nothing is to be set.
    NothingToSet,
    /// There are no nights between the days, or none on these days of the week.
    NoNights,
    /// More than 1,000 cells are asked for.
    TooManyCells,
    /// The price is below zero, or the least nights are more than the most.
    InvalidValue,
    /// The price is in another currency than the plan.
    CurrencyMismatch,
}

/// The verb.
pub struct RatesBulkSet;

use RatesBulkSetProblem as Problem;

// In the order of the key, so that two that set the same cells wait for each other.
const SET: &str = "insert into pricing.rate_overrides as o (biz_id, id, rate_plan_id, unit_type_id, stay_date, currency, price_minor, \
      min_stay_nights, max_stay_nights, is_stop_sell, is_closed_to_arrival, is_closed_to_departure) \
    select $1, core.uuid_v7(), $2, u.id, d.day, $3, $6, $7, $8, coalesce($9, false), $10, $11 \
    from unnest($4::uuid[]) u (id) cross join unnest($5::date[]) d (day) \
    order by u.id, d.day \
    on conflict (biz_id, rate_plan_id, unit_type_id, stay_date) where deleted_at is null \
    do update set price_minor = coalesce($6, o.price_minor), min_stay_nights = coalesce($7, o.min_stay_nights), \
      max_stay_nights = coalesce($8, o.max_stay_nights), is_stop_sell = coalesce($9, o.is_stop_sell), \
      is_closed_to_arrival = coalesce($10, o.is_closed_to_arrival), is_closed_to_departure = coalesce($11, o.is_closed_to_departure)";

const PLACES: &str = "select u.id, u.location_id, (select p.currency::text from pricing.rate_plans p \
      where p.biz_id = $1 and p.id = $3 and p.deleted_at is null) \
    from resources.unit_types u \
    where u.biz_id = $1 and u.id = any ($2::uuid[]) and u.deleted_at is null";

impl Verb for RatesBulkSet {
    type Input = RatesBulkSetInput;
    type Problem = RatesBulkSetProblem;

    const NAME: &'static str = "ratesBulkSet";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("pricing.calendar_set");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("ratePlan", "RatePlan", "The plan whose calendar was set."),
        Part::Value("cells", "Int", "How many nights of unit types were set."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("rate_overrides_price_check", Problem::InvalidValue),
        ("rate_overrides_stay_check", Problem::InvalidValue),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        check(&input)?;
        let mut unit_types: Vec<Uuid> = input.unit_type_ids.iter().map(Id::uuid).collect();
        unit_types.sort_unstable();
        unit_types.dedup();
        let days = days(&input, unit_types.len())?;
        let plan = input.rate_plan_id.uuid();
        let values = [
            act.scope.biz_id().into(),
            unit_types.clone().into(),
            plan.into(),
        ];
        let rows = act.scope.query(PLACES, &values).await?;
        if rows.len() != unit_types.len() {
            return Err(Fault::not_found("unit type"));
        }
        let mut currency = None;
        for row in &rows {
            act.permit_at(PERMISSION, row.try_get(1)?, "unit type")?;
            currency = row.try_get::<_, Option<String>>(2)?;
        }
        let currency = currency.ok_or_else(|| Fault::not_found("rate plan"))?;
        let price = input.price.as_ref();
        if let Some(price) = price.filter(|price| price.currency != currency) {
            let message = format!("The plan is in {currency}, not {}.", price.currency);
            return Err(Fault::at(Problem::CurrencyMismatch, "price", message));
        }
        let cells = unit_types.len() * days.len();
        let values = [
            act.scope.biz_id().into(),
            plan.into(),
            currency.into(),
            unit_types.into(),
            days.into(),
            price.map(|price| price.minor).into(),
            input.min_stay_nights.into(),
            input.max_stay_nights.into(),
            input.is_stop_sell.into(),
            input.is_closed_to_arrival.into(),
            input.is_closed_to_departure.into(),
        ];
        act.scope.execute(SET, &values).await?;
        let outcome = Outcome::row("ratePlan", plan).and_value("cells", cells);
        let (first, end) = (input.starts_on.0.to_string(), input.ends_on.0.to_string());
        Ok(outcome.detail("starts_on", first).detail("ends_on", end))
    }
}

fn check(input: &RatesBulkSetInput) -> Result<(), Fault<Problem>> {
    let is_given = input.price.is_some()
        || input.min_stay_nights.is_some()
        || input.max_stay_nights.is_some()
        || input.is_stop_sell.is_some()
        || input.is_closed_to_arrival.is_some()
        || input.is_closed_to_departure.is_some();
    if !is_given {
        let message = "Give a price or a restriction to set.";
        return Err(Fault::problem(Problem::NothingToSet, message));
    }
    Ok(())
}

/// The nights to be set.
fn days(input: &RatesBulkSetInput, unit_types: usize) -> Result<Vec<NaiveDate>, Fault<Problem>> {
    let span = (input.ends_on.0 - input.starts_on.0).num_days();
    let too_many = |cells: String| {
        let message =
            format!("At most {MOST_CELLS} nights of unit types are set at once, not {cells}.");
        Err(Fault::at(Problem::TooManyCells, "endsOn", message))
    };
    if span > i64::try_from(7 * MOST_CELLS).unwrap_or(i64::MAX) {
        return too_many(format!("those of {span} days"));
    }
    let wanted = |day: &NaiveDate| {
        let number = i32::try_from(day.weekday().number_from_monday()).unwrap_or_default();
        input
            .weekdays
            .as_ref()
            .is_none_or(|days| days.contains(&number))
    };
    let all = input
        .starts_on
        .0
        .iter_days()
        .take_while(|day| *day < input.ends_on.0);
    let days: Vec<NaiveDate> = all.filter(wanted).collect();
    if days.is_empty() || unit_types == 0 {
        let message = "There are no nights of unit types between these days.";
        return Err(Fault::at(Problem::NoNights, "startsOn", message));
    }
    let cells = days.len() * unit_types;
    if cells > MOST_CELLS {
        return too_many(cells.to_string());
    }
    Ok(days)
}
