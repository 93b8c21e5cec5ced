//! Loads a tariff: a fixed number of statements in one flight, whatever is asked for.

mod rows;
mod statements;

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures_util::try_join;
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::request::{PriceRequest, Time, What};
use super::tariff::{Discount, Tariff};
use super::tax::{Exemption, Rate, TaxInputs};
use crate::availability::rules::business_date;
use foundation::database::value::texts;
use foundation::database::{Error, Scope};

/// What a tenant's own exchange rates end with, after a `#`: others neither see whose they are nor
/// reckon with them.
pub fn exchange_tag(biz_id: Uuid) -> String {
    use sha2::{Digest as _, Sha256};
    super::tax::hex(&Sha256::digest(biz_id.as_bytes()))[..16].to_owned()
}

/// The days that a request is about, with a day more at both ends: which local day an instant is on is
/// known only with the location.
fn days(request: &PriceRequest, at: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let mut first = at.date_naive();
    let mut last = first;
    for item in &request.items {
        let (from, until) = match item.time {
            Time::Never => continue,
            Time::Days { starts_on, ends_on } => (starts_on, ends_on),
            Time::Window { starts_at, ends_at } => (starts_at.date_naive(), ends_at.date_naive()),
        };
        first = first.min(from);
        last = last.max(until);
    }
    let one = Days::new(2);
    (
        first.checked_sub_days(one).unwrap_or(first),
        last.checked_add_days(one).unwrap_or(last),
    )
}

/// What the statements of a tariff are given: the things, plans and features that a request names, where
/// and for whom, and over which days.
struct Given {
    place: Vec<Value>,
    goods: Vec<Value>,
    books: Vec<Value>,
    plans: Vec<Value>,
    calendar: Vec<Value>,
    local_days: Vec<Value>,
    occupancy: Vec<Value>,
    features: Vec<Value>,
    discounts: Vec<Value>,
    exemptions: Vec<Value>,
    exchange: Vec<Value>,
}

impl Given {
    fn of(scope: &Scope, request: &PriceRequest, at: DateTime<Utc>) -> Self {
        let (first, last) = days(request, at);
        let biz_id = || Value::from(scope.biz_id());
        let (location, customer) = (
            || Value::from(request.location_id),
            || Value::from(request.customer_id),
        );
        let over = || [Value::from(first), Value::from(last)];
        let items = || request.items.iter();
        let kinds = items().map(|item| match item.what {
            What::Sellable(_) => "sellable",
            What::UnitType(_) => "unit_type",
            What::Offer(_) => "offer",
        });
        let ids: Vec<Uuid> = items().map(|item| item.what.id()).collect();
        let plans: Vec<Uuid> = items().filter_map(|item| item.rate_plan_id).collect();
        let features = items().flat_map(|item| &item.features);
        let features: Vec<Uuid> = features.map(|feature| feature.feature_id).collect();
        let codes = texts(request.discount_codes.iter().map(|code| code.trim()));
        let goods = vec![biz_id(), texts(kinds), ids.clone().into(), location()];
        let calendar = vec![biz_id(), plans.clone().into(), ids.clone().into()];
        let tag = exchange_tag(scope.biz_id());
        Self {
            place: vec![biz_id(), location(), customer()],
            books: goods.iter().cloned().chain(over()).collect(),
            goods,
            plans: vec![biz_id(), plans.into()],
            calendar: calendar.into_iter().chain(over()).collect(),
            local_days: [biz_id(), location()].into_iter().chain(over()).collect(),
            occupancy: [biz_id(), ids.into()].into_iter().chain(over()).collect(),
            features: vec![biz_id(), features.into(), location()],
            discounts: vec![biz_id(), codes, customer()],
            exemptions: vec![biz_id(), customer()],
            exchange: vec![
                biz_id(),
                request.currency.clone().into(),
                location(),
                at.into(),
                tag.into(),
            ],
        }
    }
}

/// Loads all that a request is priced from. None where there is no such location.
pub async fn tariff(scope: &Scope, request: &PriceRequest) -> Result<Option<Tariff>, Error> {
    let at = request.at.unwrap_or_else(|| scope.now());
    let given = Given::of(scope, request, at);
    let by_rules = request.items.iter().any(|item| !item.is_agreed());
    let has_features = request.items.iter().any(|item| !item.features.is_empty());
    let has_codes = !request.discount_codes.is_empty();
    let is_converted = by_rules || has_features || has_codes || request.currency.is_some();
    let loaded = try_join!(
        scope.query(statements::PLACE, &given.place),
        scope.query(statements::GOODS, &given.goods),
        rows_if(by_rules, scope, statements::BOOKS, &given.books),
        rows_if(by_rules, scope, statements::PLANS, &given.plans),
        rows_if(by_rules, scope, statements::CALENDAR, &given.calendar),
        rows_if(by_rules, scope, statements::STRATEGIES, &given.local_days),
        rows_if(by_rules, scope, statements::OCCUPANCY, &given.occupancy),
        rows_if(by_rules, scope, statements::STORAGE, &given.local_days),
        rows_if(has_features, scope, statements::FEATURES, &given.features),
        rows_if(has_codes, scope, statements::DISCOUNTS, &given.discounts),
        rows_if(by_rules, scope, statements::ADD_ONS, &given.goods),
        scope.query(statements::RATES, &given.exemptions[..1]),
        scope.query(statements::EXEMPTIONS, &given.exemptions),
        rows_if(is_converted, scope, statements::EXCHANGE, &given.exchange),
    )?;
    let (places, goods, books, plans, calendar, strategies, occupancy, ..) = &loaded;
    let (.., storage, features, discounts, add_ons, rates, exemptions, exchange) = &loaded;
    let Some(place) = places.first() else {
        return Ok(None);
    };
    let place = rows::place(place)?;
    let on = business_date(place.zone, place.cutoff, at);
    let profile = Profile {
        id: place.tax.profile_id,
        on,
    };
    Ok(Some(Tariff {
        location_id: request.location_id,
        zone: place.zone,
        segments: place.segments,
        customer_exists: place.customer_exists,
        goods: all(goods, rows::good)?,
        books: rows::books(books)?,
        plans: all(plans, rows::plan)?,
        calendar: all(calendar, rows::calendar_day)?,
        strategies: all(strategies, rows::strategy)?,
        occupancy: all(occupancy, rows::occupancy)?,
        storage_rates: all(storage, rows::storage_rate)?,
        feature_prices: all(features, rows::feature_price)?,
        discounts: all(discounts, rows::discount)?,
        add_ons: all(add_ons, rows::add_on)?,
        exchange: all(exchange, rows::exchange)?,
        tax: profile.inputs(place.tax, &place.currency, rates, exemptions)?,
        currency: place.currency,
    }))
}

/// What a statement answers, where it is to be asked at all: nothing is looked up for prices that
/// staff give, which most bookings of a channel have.
async fn rows_if(
    is_asked: bool,
    scope: &Scope,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, Error> {
    if is_asked {
        scope.query(sql, values).await
    } else {
        Ok(Vec::new())
    }
}

/// All rows of an answer.
fn all<T, C: FromIterator<T>>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T, Error>,
) -> Result<C, Error> {
    rows.iter().map(read).collect()
}

/// The tax profile of a location, on a day.
struct Profile {
    id: Option<Uuid>,
    on: NaiveDate,
}

impl Profile {
    /// What its taxes are reckoned from: the rates and exemptions that hold on the day.
    fn inputs(
        &self,
        place: TaxInputs,
        currency: &str,
        rates: &[Row],
        exemptions: &[Row],
    ) -> Result<TaxInputs, Error> {
        let mut inputs = TaxInputs {
            currency: currency.to_owned(),
            on: self.on,
            ..place
        };
        if self.id.is_none() {
            return Ok(inputs);
        }
        for row in rates {
            let (profile, rate): (Option<Uuid>, Rate) = rows::rate(row)?;
            if profile == self.id && self.holds(rate.starts_on, rate.ends_on) {
                inputs.rates.push(rate);
            }
        }
        for row in exemptions {
            let (profile, days, exemption): (_, (_, _), Exemption) = rows::exemption(row)?;
            if profile == self.id && self.holds(days.0, days.1) {
                inputs.exemptions.push(exemption);
            }
        }
        Ok(inputs)
    }

    fn holds(&self, starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> bool {
        starts_on.is_none_or(|day| day <= self.on) && ends_on.is_none_or(|day| day > self.on)
    }
}

/// The tax profile, rates and exemptions that hold on a day for a location and customer, in one
/// flight; lines are to be added. None where there is no such location.
pub async fn tax_inputs(
    scope: &Scope,
    location_id: Uuid,
    customer_id: Option<Uuid>,
    currency: &str,
    on: NaiveDate,
) -> Result<Option<TaxInputs>, Error> {
    let biz_id: Value = scope.biz_id().into();
    let place_of = [biz_id.clone(), location_id.into(), customer_id.into()];
    let rates_of = [biz_id.clone()];
    let exempt = [biz_id, customer_id.into()];
    let (places, rates, exemptions) = try_join!(
        scope.query(statements::PLACE, &place_of),
        scope.query(statements::RATES, &rates_of),
        scope.query(statements::EXEMPTIONS, &exempt),
    )?;
    let Some(place) = places.first() else {
        return Ok(None);
    };
    let place = rows::place(place)?;
    let profile = Profile {
        id: place.tax.profile_id,
        on,
    };
    profile
        .inputs(place.tax, currency, &rates, &exemptions)
        .map(Some)
}

/// Discounts by their ids, whether they are still given or not.
pub async fn discounts(
    scope: &Scope,
    ids: Vec<Uuid>,
    customer_id: Option<Uuid>,
) -> Result<Vec<Discount>, Error> {
    let values = [scope.biz_id().into(), ids.into(), customer_id.into()];
    let rows = scope.query(statements::DISCOUNTS_BY_ID, &values).await?;
    all(&rows, rows::discount)
}
