//! The price of one unit as a book or a base rate has it: of storage days, of nights without a
//! calendar, of anything else.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::price_book::{Wanted, best, foreign, holding, moment, rule};
use super::reckoning::{Notes, Subject};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::Time;
use super::rounding::minor;
use super::storage;
use super::tariff::{Book, Rule};
use crate::availability::rules::wall_time;
use foundation::money::exponent;

/// The price of one unit.
#[derive(Clone, Debug)]
pub struct Rate {
    /// Exact minor units of its currency.
    pub minor: Decimal,
    /// Its currency.
    pub currency: String,
    /// Whether it includes tax.
    pub is_inclusive: bool,
    /// Its name.
    pub name: String,
    /// The row it comes from.
    pub source: Source,
}

/// The row that a price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A price rule.
    Rule(Uuid),
    /// A base rate of storage.
    Storage(Uuid),
    /// The rate calendar.
    Calendar,
    /// Staff, who gave the price.
    Agreed,
}

/// A rule with its unit, before anything is reckoned.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The book.
    pub book: &'a Book,
    /// The rule.
    pub rule: &'a Rule,
}

impl Found<'_> {
    /// The price of one unit.
    pub fn rate(&self) -> Ruled<Rate> {
        Ok(Rate {
            minor: minor(self.rule.unit_price, exponent(&self.book.currency))?,
            currency: self.book.currency.clone(),
            is_inclusive: self.book.is_inclusive,
            name: self.rule.name.clone(),
            source: Source::Rule(self.rule.id),
        })
    }
}

/// How many units of each sort an item has, the preferred first.
pub fn units(subject: Subject<'_>) -> Vec<(&'static str, Decimal)> {
    let (item, zone) = (subject.item, subject.frame.tariff.zone);
    let pieces = item.quantity;
    let days =
        days_of(item.time, zone).map(|(from, until)| Decimal::from((until - from).num_days()));
    let by_day = days.map_or(Decimal::ZERO, |days| pieces * days);
    let mut units = match item.time {
        Time::Never => vec![("each", pieces), ("person", pieces), ("km", pieces)],
        Time::Days { .. } if subject.good.unit_type.is_some() => {
            vec![("night", by_day), ("day", by_day), ("unit_day", by_day)]
        }
        Time::Days { .. } => vec![
            ("unit_day", by_day),
            ("day", by_day),
            ("night", by_day),
            ("each", pieces),
            ("person", pieces),
        ],
        Time::Window { starts_at, ends_at } => {
            let hours =
                pieces * Decimal::from((ends_at - starts_at).num_seconds()) / Decimal::from(3600);
            vec![
                ("each", pieces),
                ("person", pieces),
                ("hour", hours),
                ("day", by_day),
                ("km", pieces),
            ]
        }
    };
    if let Some(only) = &item.unit {
        units.retain(|(unit, _)| unit == only);
    }
    units
}

/// The local days of a time: of a window, each on which it is.
pub fn days_of(time: Time, zone: chrono_tz::Tz) -> Option<(NaiveDate, NaiveDate)> {
    match time {
        Time::Never => None,
        Time::Days { starts_on, ends_on } => Some((starts_on, ends_on)),
        Time::Window { starts_at, ends_at } => {
            let last = wall_time(zone, ends_at - chrono::TimeDelta::microseconds(1)).date();
            Some((wall_time(zone, starts_at).date(), last.succ_opt()?))
        }
    }
}

/// The rule for an item on a day: of the plan's book, or of those that hold.
pub fn find<'a>(
    subject: Subject<'a>,
    on: NaiveDate,
    book_id: Option<Uuid>,
    units: &[(&str, Decimal)],
) -> Ruled<Option<Found<'a>>> {
    let Some(sellable_id) = subject.good.sellable_id else {
        return Ok(None);
    };
    let frame = subject.frame;
    let (_, at) = match subject.item.time {
        Time::Never => moment(wall_time(frame.tariff.zone, frame.at)),
        Time::Days { .. } => (on, None),
        Time::Window { starts_at, .. } => moment(wall_time(frame.tariff.zone, starts_at)),
    };
    let wanted = Wanted {
        sellable_id,
        seat_type_id: subject.item.seat_type_id,
        resource_id: subject.item.resource_id,
        units,
        on,
        at,
    };
    if let Some(id) = book_id {
        let book = frame.tariff.books.iter().find(|book| book.id == id);
        let found = book.and_then(|book| Some((book, best(&book.rules, &wanted)?)));
        return Ok(found.map(|(book, rule)| Found { book, rule }));
    }
    let books = holding(frame);
    if let Some((book, rule)) = rule(subject, &books, &wanted) {
        return Ok(Some(Found { book, rule }));
    }
    match foreign(subject, &books, &wanted) {
        Some(book) => {
            let message = format!(
                "{} is priced in {}, and no exchange rate to {} was loaded.",
                subject.good.name, book.currency, frame.currency
            );
            Err(Refusal::new(RefusalCode::CurrencyMismatch, message)
                .of(&subject.item.reference)
                .on(on))
        }
        None => Ok(None),
    }
}

/// What a day or night of an item costs for one unit, by a book or else by the base rate of storage.
pub fn of_books(
    subject: Subject<'_>,
    on: NaiveDate,
    book_id: Option<Uuid>,
    notes: &mut Notes,
) -> Ruled<Rate> {
    let by_day: Vec<(&str, Decimal)> = units(subject)
        .into_iter()
        .filter(|(unit, _)| matches!(*unit, "night" | "day" | "unit_day"))
        .collect();
    let reference = &subject.item.reference;
    if let Some(found) = find(subject, on, book_id, &by_day)? {
        let rate = found.rate()?;
        let prices = (Decimal::ZERO, rate.minor);
        notes.use_rule(found.rule.id);
        notes.applied_on(reference, on, "price_rule", &rate.name, prices);
        return Ok(rate);
    }
    if let Some(rate) = storage::rate(subject, on)? {
        let prices = (Decimal::ZERO, rate.minor);
        notes.applied_on(reference, on, "storage_rate", &rate.name, prices);
        if let Source::Storage(id) = rate.source {
            notes.use_storage_rate(id);
        }
        return Ok(rate);
    }
    Err(missing(subject, on))
}

/// That nothing says what an item costs on a day.
pub fn missing(subject: Subject<'_>, on: NaiveDate) -> Refusal {
    let message = format!("No price is entered for {} on {on}.", subject.good.name);
    Refusal::new(RefusalCode::NoPrice, message)
        .of(&subject.item.reference)
        .on(on)
}
