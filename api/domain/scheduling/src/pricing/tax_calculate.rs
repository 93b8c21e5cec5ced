//! `taxCalculate`, for documents that others bring.

use std::collections::{HashMap, HashSet};

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use entities::booking::booking_order;
use entities::catalog::sellable;
use entities::core::location;
use entities::crm::customer;
use entities::pricing::tax_rate;
use serde::Serialize;
use uuid::Uuid;

use super::load::tax_inputs;
use super::record::{Source, record_calculation};
use super::refusal::RefusalCode;
use super::tax::{TaxPart, TaxableLine, calculate};
use crate::availability::rules::business_date;
use foundation::graph::scalars::{Day, Id, Money, MoneyInput, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "pricing.calculate_tax";
/// The most lines of a document.
const MOST_LINES: usize = 500;

/// Reckons the tax of lines at a location, and keeps how for a booking: its inputs, rates and result,
/// so that it can be reckoned again years later.
#[derive(InputObject)]
pub struct TaxCalculateInput {
    /// The booking that is taxed.
    pub booking_order_id: Id<booking_order::Entity>,
    /// The location whose taxes hold; that of the booking if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// The customer, whose exemptions hold; that of the booking if not given.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The business day that rates are taken of; today's if not given.
    pub on: Option<Day>,
    /// The lines, 1 to 500, all in the currency of the booking.
    pub lines: Vec<TaxLineInput>,
}

/// A line to be taxed.
#[derive(InputObject)]
pub struct TaxLineInput {
    /// Tells it from the other lines, of 100 characters at most.
    pub reference: String,
    /// What it costs after all discounts; below zero on returns.
    pub amount: MoneyInput,
    /// Its tax category; that of the sellable if not given.
    pub tax_category: Option<String>,
    /// What it sells.
    pub sellable_id: Option<Id<sellable::Entity>>,
    /// Whether the amount includes tax; as the tax profile says if not given.
    pub is_inclusive: Option<bool>,
}

/// Why tax cannot be reckoned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TaxCalculateErrorCode")]
pub enum TaxCalculateProblem {
    /// There are no lines, more than 500, or two with the same reference.
    InvalidLines,
    /// A line is in another currency than the booking.
    CurrencyMismatch,
    /// The location taxes, and has no rate for a category on that day.
    NoTaxRate,
    /// The amounts are larger than can be reckoned with.
    TooLarge,
}

/// The tax of one line at one rate.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxedLine {
    /// The reference of the line.
    pub reference: String,
    /// The rate; none where nothing is to be taxed.
    pub tax_rate_id: Option<Id<tax_rate::Entity>>,
    /// The rate as a fraction.
    pub rate: Number,
    /// What was taxed.
    pub taxable: Money,
    /// The tax.
    pub tax: Money,
}

/// Parts as the graph shows them.
pub fn shown(parts: &[TaxPart], currency: &str) -> Vec<TaxedLine> {
    let money = |minor: i64| Money {
        minor,
        currency: currency.to_owned(),
    };
    let line = |part: &TaxPart| TaxedLine {
        reference: part.reference.clone(),
        tax_rate_id: part.rate_id.map(Id::new),
        rate: Number(part.rate),
        taxable: money(part.taxable_minor),
        tax: money(part.tax_minor),
    };
    parts.iter().map(line).collect()
}

/// The verb.
pub struct TaxCalculate;

use TaxCalculateProblem as Problem;

const ORDER: &str = "select o.location_id, o.customer_id, o.currency::text, l.timezone, l.business_day_cutoff \
    from booking.booking_orders o \
    join core.locations l on l.biz_id = o.biz_id and l.id = coalesce($3, o.location_id) and l.deleted_at is null \
    where o.biz_id = $1 and o.id = $2 for no key update of o";

const CATEGORIES: &str = "select s.id, s.tax_category from catalog.sellables s \
    where s.biz_id = $1 and s.id = any ($2::uuid[]) and s.deleted_at is null";

impl Verb for TaxCalculate {
    type Input = TaxCalculateInput;
    type Problem = TaxCalculateProblem;

    const NAME: &'static str = "taxCalculate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("pricing.tax_calculated");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "taxCalculation",
            "TaxCalculation",
            "The calculation as it is kept.",
        ),
        Part::Value("totalTax", "Money", "All tax."),
        Part::Value(
            "lines",
            "[TaxedLine!]",
            "The tax of each line at each rate.",
        ),
    ];

    fn types(registry: &mut Registry) {
        <TaxedLine as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = input.booking_order_id.uuid();
        let elsewhere = input.location_id.map(|id| id.uuid());
        let values = [act.scope.biz_id().into(), order.into(), elsewhere.into()];
        let row = act.scope.query_opt(ORDER, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("booking"))?;
        let (own, customer): (Uuid, Option<Uuid>) = (row.try_get(0)?, row.try_get(1)?);
        act.permit_at(PERMISSION, own, "booking")?;
        let location = elsewhere.unwrap_or(own);
        act.permit_at(PERMISSION, location, "location")?;
        let currency: String = row.try_get(2)?;
        let zone: String = row.try_get(3)?;
        let zone = zone.parse().unwrap_or(chrono_tz::UTC);
        let today = business_date(zone, row.try_get(4)?, act.scope.now());
        let on = input.on.map_or(today, |day| day.0);
        let customer = input.customer_id.map(|id| id.uuid()).or(customer);
        let inputs = tax_inputs(act.scope, location, customer, &currency, on).await?;
        let mut inputs = inputs.ok_or_else(|| Fault::not_found("location"))?;
        inputs.lines = lines(act, input.lines, &currency, inputs.is_inclusive).await?;
        let calculation = calculate(&inputs).map_err(|refusal| {
            let code = match refusal.code {
                RefusalCode::NoTaxRate => Problem::NoTaxRate,
                _ => Problem::TooLarge,
            };
            Fault::at(code, "lines", refusal.message)
        })?;
        let id = record_calculation(act.scope, Source::order(order), &inputs, &calculation).await?;
        let total = Money {
            minor: calculation.total_tax_minor,
            currency: currency.clone(),
        };
        let parts = shown(&calculation.parts, &currency);
        let outcome = Outcome::row("taxCalculation", id)
            .and_value("totalTax", json(&total))
            .and_value("lines", json(&parts));
        Ok(outcome.detail("booking_order_id", order.to_string()))
    }
}

fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The tax categories of what these lines sell.
async fn categories(
    act: &Act<'_>,
    given: &[TaxLineInput],
) -> Result<HashMap<Uuid, Option<String>>, Fault<Problem>> {
    let sold = given
        .iter()
        .filter_map(|line| Some(line.sellable_id?.uuid()));
    let values = [
        act.scope.biz_id().into(),
        sold.collect::<Vec<Uuid>>().into(),
    ];
    let mut categories = HashMap::new();
    for row in act.scope.query(CATEGORIES, &values).await? {
        categories.insert(row.try_get(0)?, row.try_get(1)?);
    }
    Ok(categories)
}

async fn lines(
    act: &Act<'_>,
    given: Vec<TaxLineInput>,
    currency: &str,
    is_inclusive: bool,
) -> Result<Vec<TaxableLine>, Fault<Problem>> {
    if given.is_empty() || given.len() > MOST_LINES {
        let message = format!(
            "1 to {MOST_LINES} lines are taxed at once, not {}.",
            given.len()
        );
        return Err(Fault::at(Problem::InvalidLines, "lines", message));
    }
    let categories = categories(act, &given).await?;
    let mut references = HashSet::new();
    let mut lines = Vec::with_capacity(given.len());
    for (index, line) in given.into_iter().enumerate() {
        let length = line.reference.trim().chars().count();
        if length == 0 || length > 100 || !references.insert(line.reference.clone()) {
            let field = format!("lines.{index}.reference");
            let message = "Each line has a reference of its own, of 100 characters at most.";
            return Err(Fault::at(Problem::InvalidLines, &field, message));
        }
        if line.amount.currency != currency {
            let field = format!("lines.{index}.amount");
            let message = format!(
                "The booking is in {currency}, not {}.",
                line.amount.currency
            );
            return Err(Fault::at(Problem::CurrencyMismatch, &field, message));
        }
        let of_sellable = match line.sellable_id.map(|id| id.uuid()) {
            Some(id) => match categories.get(&id) {
                Some(category) => category.clone(),
                None => return Err(Fault::not_found("sellable")),
            },
            None => None,
        };
        lines.push(TaxableLine {
            reference: line.reference,
            category: line.tax_category.or(of_sellable),
            amount_minor: line.amount.minor,
            is_inclusive: line.is_inclusive.unwrap_or(is_inclusive),
            ..TaxableLine::default()
        });
    }
    Ok(lines)
}
