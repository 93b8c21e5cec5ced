//! Rows of the statements as parts of a tariff.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::pricing::request::What;
use crate::pricing::strategy::Strategy;
use crate::pricing::tariff::{
    AddOn, Book, CalendarDay, Discount, Exchange, FeaturePrice, Good, GuestCharges, Plan, Rule,
    StorageRate, Target, UnitType,
};
use crate::pricing::tax::{Exemption, Rate, Rounding, TaxInputs};
use foundation::database::Error;

/// A location, as far as prices follow from it.
pub(super) struct Place {
    pub zone: Tz,
    pub currency: String,
    pub cutoff: NaiveTime,
    pub customer_exists: bool,
    pub segments: HashSet<Uuid>,
    pub tax: TaxInputs,
}

pub(super) fn place(row: &Row) -> Result<Place, Error> {
    let zone: &str = row.try_get(0)?;
    let segments: Vec<Uuid> = row.try_get(6)?;
    let display: Option<&str> = row.try_get(8)?;
    let rounding: Option<&str> = row.try_get(9)?;
    let tax = TaxInputs {
        profile_id: row.try_get(7)?,
        is_inclusive: display == Some("inclusive"),
        rounding: match rounding {
            Some("rate_total") => Rounding::RateTotal,
            _ => Rounding::Line,
        },
        country: row.try_get(3)?,
        region: row.try_get(4)?,
        ..TaxInputs::default()
    };
    Ok(Place {
        zone: zone
            .parse()
            .map_err(|_| Error::Internal(format!("the time zone {zone} is not known")))?,
        currency: row.try_get(1)?,
        cutoff: row.try_get(2)?,
        customer_exists: row.try_get(5)?,
        segments: segments.into_iter().collect(),
        tax,
    })
}

pub(super) fn good(row: &Row) -> Result<(What, Good), Error> {
    let id: Uuid = row.try_get(1)?;
    let what = match row.try_get(0)? {
        "unit_type" => What::UnitType(id),
        "offer" => What::Offer(id),
        _ => What::Sellable(id),
    };
    let unit_type: Option<Uuid> = row.try_get(9)?;
    let unit_type = match unit_type {
        Some(id) => Some(UnitType {
            id,
            base_occupancy: row.try_get(10)?,
            max_occupancy: row.try_get(11)?,
        }),
        None => None,
    };
    let categories: Option<Vec<Uuid>> = row.try_get(12)?;
    let good = Good {
        sellable_id: row.try_get(2)?,
        name: row.try_get(3)?,
        is_sold: row.try_get(4)?,
        tax_category: row.try_get(5)?,
        offer_version_id: row.try_get(6)?,
        offer_id: row.try_get(7)?,
        offer_kind: row.try_get(8)?,
        unit_type,
        categories: categories.unwrap_or_default(),
    };
    Ok((what, good))
}

/// Books with their rules: a row for each rule, those of a book one after the other.
pub(super) fn books(rows: &[Row]) -> Result<Vec<Book>, Error> {
    let mut books: Vec<Book> = Vec::new();
    for row in rows {
        let id: Uuid = row.try_get(0)?;
        if books.last().is_none_or(|book| book.id != id) {
            books.push(book(id, row)?);
        }
        let rule = rule(row)?;
        if let Some(book) = books.last_mut() {
            book.rules.push(rule);
        }
    }
    Ok(books)
}

fn book(id: Uuid, row: &Row) -> Result<Book, Error> {
    Ok(Book {
        id,
        code: row.try_get(1)?,
        name: row.try_get(2)?,
        currency: row.try_get(3)?,
        is_inclusive: row.try_get(4)?,
        location_id: row.try_get(5)?,
        channel: row.try_get(6)?,
        segment_id: row.try_get(7)?,
        priority: row.try_get(8)?,
        starts_at: row.try_get(9)?,
        ends_at: row.try_get(10)?,
        rules: Vec::new(),
    })
}

fn rule(row: &Row) -> Result<Rule, Error> {
    let (from, until): (Option<NaiveTime>, Option<NaiveTime>) =
        (row.try_get(20)?, row.try_get(21)?);
    Ok(Rule {
        id: row.try_get(11)?,
        name: row.try_get(12)?,
        sellable_id: row.try_get(13)?,
        seat_type_id: row.try_get(14)?,
        resource_id: row.try_get(15)?,
        unit: row.try_get(16)?,
        unit_price: row.try_get(17)?,
        min_quantity: row.try_get(18)?,
        weekday_mask: row.try_get(19)?,
        hours: from.zip(until),
        starts_on: row.try_get(22)?,
        ends_on: row.try_get(23)?,
        priority: row.try_get(24)?,
    })
}

pub(super) fn plan(row: &Row) -> Result<(Uuid, Plan), Error> {
    let lists = |index: usize| -> Result<Vec<i64>, Error> {
        Ok(row
            .try_get::<_, Option<Vec<i64>>>(index)?
            .unwrap_or_default())
    };
    let ids: Option<Vec<Uuid>> = row.try_get(15)?;
    let charges = lists(16)?.into_iter().zip(lists(17)?).zip(lists(18)?);
    let charges = charges.map(|((adult, child), single)| GuestCharges {
        extra_adult_minor: adult,
        extra_child_minor: child,
        single_use_minor: single,
    });
    let unit_types: HashMap<Uuid, GuestCharges> =
        ids.unwrap_or_default().into_iter().zip(charges).collect();
    let id: Uuid = row.try_get(0)?;
    let plan = Plan {
        id,
        name: row.try_get(1)?,
        price_book_id: row.try_get(2)?,
        currency: row.try_get(3)?,
        derived_from_id: row.try_get(4)?,
        derivation_bps: row.try_get(5)?,
        derivation_minor: row.try_get(6)?,
        min_stay_nights: row.try_get(7)?,
        max_stay_nights: row.try_get(8)?,
        is_closed_to_arrival: row.try_get(9)?,
        is_closed_to_departure: row.try_get(10)?,
        min_advance_days: row.try_get(11)?,
        max_advance_days: row.try_get(12)?,
        segment_id: row.try_get(13)?,
        is_active: row.try_get(14)?,
        unit_types,
    };
    Ok((id, plan))
}

type CalendarKey = (Uuid, Uuid, NaiveDate);

pub(super) fn calendar_day(row: &Row) -> Result<(CalendarKey, CalendarDay), Error> {
    let key = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let day = CalendarDay {
        price_minor: row.try_get(3)?,
        min_stay_nights: row.try_get(4)?,
        max_stay_nights: row.try_get(5)?,
        is_stop_sell: row.try_get(6)?,
        is_closed_to_arrival: row.try_get(7)?,
        is_closed_to_departure: row.try_get(8)?,
    };
    Ok((key, day))
}

pub(super) fn strategy(row: &Row) -> Result<Strategy, Error> {
    let parameters: serde_json::Value = row.try_get(3)?;
    Ok(Strategy {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        kind: row.try_get(2)?,
        // Staff write them by hand: what cannot be read moves nothing.
        parameters: serde_json::from_value(parameters).unwrap_or_default(),
        rate_plan_id: row.try_get(4)?,
        unit_type_id: row.try_get(5)?,
        floor_minor: row.try_get(6)?,
        ceiling_minor: row.try_get(7)?,
        currency: row.try_get(8)?,
        starts_on: row.try_get(9)?,
        ends_on: row.try_get(10)?,
    })
}

pub(super) fn occupancy(row: &Row) -> Result<((Uuid, NaiveDate), i32), Error> {
    let share: Option<i32> = row.try_get(2)?;
    // A pool without any capacity is full.
    Ok(((row.try_get(0)?, row.try_get(1)?), share.unwrap_or(10_000)))
}

pub(super) fn storage_rate(row: &Row) -> Result<StorageRate, Error> {
    Ok(StorageRate {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        is_local: row.try_get(2)?,
        rate: row.try_get(3)?,
        currency: row.try_get(4)?,
        starts_on: row.try_get(5)?,
        ends_on: row.try_get(6)?,
    })
}

pub(super) fn feature_price(row: &Row) -> Result<FeaturePrice, Error> {
    Ok(FeaturePrice {
        id: row.try_get(0)?,
        feature_id: row.try_get(1)?,
        name: row.try_get(2)?,
        is_local: row.try_get(3)?,
        calculation: row.try_get(4)?,
        value: row.try_get(5)?,
        currency: row.try_get(6)?,
        is_promotional: row.try_get(7)?,
        starts_at: row.try_get(8)?,
        ends_at: row.try_get(9)?,
    })
}

pub(super) fn discount(row: &Row) -> Result<Discount, Error> {
    let number = |index: usize| -> Result<i32, Error> {
        Ok(row.try_get::<_, Option<i32>>(index)?.unwrap_or(0))
    };
    let value_minor: Option<i64> = row.try_get(5)?;
    let target = match row.try_get(8)? {
        "sellable" => Target::Sellable(row.try_get(9)?),
        "product_category" => Target::Category(row.try_get(10)?),
        "offer" => Target::Offer(row.try_get(11)?),
        _ => Target::Order,
    };
    Ok(Discount {
        id: row.try_get(0)?,
        code: row.try_get(1)?,
        name: row.try_get(2)?,
        kind: row.try_get(3)?,
        value_bps: number(4)?,
        value_minor: value_minor.unwrap_or(0),
        buy_quantity: number(6)?,
        get_quantity: number(7)?,
        target,
        segment_id: row.try_get(12)?,
        min_spend_minor: row.try_get(13)?,
        max_discount_minor: row.try_get(14)?,
        currency: row.try_get(15)?,
        usage_limit: row.try_get(16)?,
        per_customer_limit: row.try_get(17)?,
        used_count: row.try_get(18)?,
        used_by_customer: row.try_get(23)?,
        is_stackable: row.try_get(19)?,
        requires_approval: row.try_get(20)?,
        starts_at: row.try_get(21)?,
        ends_at: row.try_get(22)?,
    })
}

pub(super) fn add_on(row: &Row) -> Result<AddOn, Error> {
    Ok(AddOn {
        offer_version_id: row.try_get(0)?,
        sellable_id: row.try_get(1)?,
        name: row.try_get(2)?,
        min_quantity: row.try_get(3)?,
        max_quantity: row.try_get(4)?,
        is_per_person: row.try_get(5)?,
    })
}

pub(super) fn exchange(row: &Row) -> Result<((String, String), Exchange), Error> {
    let pair = (row.try_get(0)?, row.try_get(1)?);
    let exchange = Exchange {
        id: row.try_get(2)?,
        rate: row.try_get(3)?,
        source: row.try_get(4)?,
        as_of: row.try_get(5)?,
    };
    Ok((pair, exchange))
}

pub(super) fn rate(row: &Row) -> Result<(Option<Uuid>, Rate), Error> {
    let fraction: Decimal = row.try_get(5)?;
    let rate = Rate {
        id: row.try_get(0)?,
        name: row.try_get(2)?,
        category: row.try_get(3)?,
        treatment: row.try_get(4)?,
        rate: fraction.normalize(),
        compound_order: row.try_get(6)?,
        is_compound: row.try_get(7)?,
        country: row.try_get(8)?,
        region: row.try_get(9)?,
        starts_on: row.try_get(10)?,
        ends_on: row.try_get(11)?,
    };
    Ok((row.try_get(1)?, rate))
}

type Span = (Option<NaiveDate>, Option<NaiveDate>);

pub(super) fn exemption(row: &Row) -> Result<(Option<Uuid>, Span, Exemption), Error> {
    let exemption = Exemption {
        id: row.try_get(0)?,
        category: row.try_get(2)?,
        certificate_no: row.try_get(3)?,
    };
    let span = (row.try_get(4)?, row.try_get(5)?);
    Ok((row.try_get(1)?, span, exemption))
}
