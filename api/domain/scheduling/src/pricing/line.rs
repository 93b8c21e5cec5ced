//! One item becoming a line: its list price, day by day where it is sold by days, and after discounts
//! the parts of its total.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::agreed::agreed;
use super::currency::converted;
use super::priced::{Night, Period, PricedLine};
use super::rate_plan::Stay;
use super::reckoning::{Notes, Subject};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::Time;
use super::rounding::{apportion, major, round, sum, times};
use super::tax::Due;
use super::used_rate::{self, Rate, Source, days_of, find, missing, of_books, units};

/// A line with its list price.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The line: its total is its list price until discounts are taken off.
    pub line: PricedLine,
    /// Its days, where it is sold by days.
    days: Vec<DayPart>,
    /// Its tax, as a part of the net amount.
    pub tax_part: Decimal,
    /// Whether the customer is exempt from its tax.
    pub is_exempt: bool,
}

/// A day of a line, for all units.
#[derive(Clone, Debug)]
pub(super) struct DayPart {
    pub(super) on: NaiveDate,
    pub(super) exact: Decimal,
    pub(super) name: String,
    pub(super) source: Source,
}

/// How an amount with or without tax becomes one that suits the line.
#[derive(Clone, Copy, Debug)]
pub struct Taxed {
    /// Whether the line includes tax; decided by its first price.
    pub is_inclusive: Option<bool>,
    /// The tax as a part of the net amount.
    pub part: Decimal,
    /// Whether the customer does not pay it.
    pub is_exempt: bool,
}

impl Taxed {
    /// Of what is due on a category.
    pub fn of(due: &Due<'_>) -> Ruled<Self> {
        Ok(Self {
            is_inclusive: due.exemption.is_some().then_some(false),
            part: sum(due.multipliers()?)?,
            is_exempt: due.exemption.is_some(),
        })
    }

    /// An amount, with the tax that the line's prices include and without what they do not. Who is
    /// exempt pays prices without the tax that they would include.
    pub fn suited(&mut self, amount: Decimal, is_inclusive: bool) -> Ruled<Decimal> {
        let wanted = *self.is_inclusive.get_or_insert(is_inclusive);
        match (is_inclusive, wanted) {
            (true, false) => Ok(amount / (Decimal::ONE + self.part)),
            (false, true) => times(amount, Decimal::ONE + self.part),
            _ => Ok(amount),
        }
    }
}

/// The list price of an item.
pub fn listed(subject: Subject<'_>, taxed: Taxed, notes: &mut Notes) -> Ruled<Listed> {
    let mut taxed = taxed;
    let (unit, quantity, parts, whole) = amounts(subject, &mut taxed, notes)?;
    let days: Vec<DayPart> = parts;
    let exact = match whole {
        Some(exact) => exact,
        None => sum(days.iter().map(|day| day.exact))?,
    };
    let list_minor = round(exact)?;
    let (item, good, frame) = (subject.item, subject.good, subject.frame);
    let (starts_on, ends_on) = match (days.first(), days.last()) {
        (Some(first), Some(last)) => (Some(first.on), last.on.succ_opt()),
        _ => (None, None),
    };
    let (starts_at, ends_at) = match item.time {
        Time::Window { starts_at, ends_at } => (Some(starts_at), Some(ends_at)),
        Time::Never | Time::Days { .. } => (None, None),
    };
    let unit_price = major(exact, frame.exponent) / quantity;
    let line = PricedLine {
        reference: item.reference.clone(),
        sellable_id: good.sellable_id.unwrap_or_default(),
        offer_version_id: good.offer_version_id,
        unit_type_id: good.unit_type.map(|unit_type| unit_type.id),
        rate_plan_id: item.rate_plan_id,
        add_on_to: item.add_on_to.clone(),
        name: good.name.clone(),
        unit: unit.to_owned(),
        quantity: quantity.round_dp(6),
        unit_price: unit_price.round_dp(6),
        list_minor,
        total_minor: list_minor,
        tax_category: good.tax_category.clone(),
        is_inclusive: taxed.is_inclusive.unwrap_or(frame.tariff.tax.is_inclusive),
        starts_on,
        ends_on,
        starts_at,
        ends_at,
        ..PricedLine::default()
    };
    Ok(Listed {
        line,
        days,
        tax_part: taxed.part,
        is_exempt: taxed.is_exempt,
    })
}

/// The unit that is priced, how many there are, and what the days cost or the whole.
pub(super) type Amounts = (&'static str, Decimal, Vec<DayPart>, Option<Decimal>);

fn amounts(subject: Subject<'_>, taxed: &mut Taxed, notes: &mut Notes) -> Ruled<Amounts> {
    let item = subject.item;
    let zone = subject.frame.tariff.zone;
    let units = units(subject);
    let Some((preferred, count)) = units.first().copied() else {
        let message = format!(
            "{} cannot be priced by {}.",
            subject.good.name,
            item.unit.as_deref().unwrap_or("any unit")
        );
        return Err(Refusal::new(RefusalCode::InvalidItem, message).of(&item.reference));
    };
    if item.fixed_price_minor.is_some() || item.fixed_nights_minor.is_some() {
        return agreed(subject, (preferred, count), taxed, notes);
    }
    if !item.seats.is_empty() {
        return seats(subject, (preferred, count), taxed, notes);
    }
    if let (Some(unit_type), Time::Days { starts_on, ends_on }) =
        (subject.good.unit_type, item.time)
    {
        let plan = item.rate_plan_id.map(|id| plan(subject, id)).transpose()?;
        let stay = Stay {
            subject,
            unit_type,
            plan,
            starts_on,
            ends_on,
        };
        return Ok(("night", count, nights(stay, taxed, notes)?, None));
    }
    let today = subject.frame.today();
    let span = days_of(item.time, zone);
    let first = span.map_or(today, |(first, _)| first);
    let found = find(subject, first, None, &units)?;
    match (found, span) {
        (Some(found), span) => {
            let named = units.iter().find(|(unit, _)| *unit == found.rule.unit);
            let (unit, count) = named.copied().unwrap_or((preferred, count));
            if let (true, Some(span)) = (is_daily(unit), span) {
                return Ok((unit, count, daily(subject, unit, span, taxed, notes)?, None));
            }
            let rate = found.rate()?;
            notes.use_rule(found.rule.id);
            let exact = times(settled(subject, &rate, taxed, notes)?, count)?;
            let prices = (Decimal::ZERO, exact);
            notes.applied(Some(&item.reference), "price_rule", &rate.name, prices);
            Ok((unit, count, Vec::new(), Some(exact)))
        }
        (None, Some(span)) if is_daily(preferred) => {
            let days = daily(subject, preferred, span, taxed, notes)?;
            Ok((preferred, count, days, None))
        }
        (None, _) => Err(missing(subject, first)),
    }
}

/// Seats of several kinds, each kind at its own price: one line, whose price of one unit is what they
/// cost on average.
fn seats(
    subject: Subject<'_>,
    (preferred, count): (&'static str, Decimal),
    taxed: &mut Taxed,
    notes: &mut Notes,
) -> Ruled<Amounts> {
    let mut priced: Vec<(&'static str, Decimal, Decimal)> = Vec::new();
    for item in subject.item.by_seats().into_iter().flatten() {
        let item = &item;
        let (unit, count, days, whole) = amounts(Subject { item, ..subject }, taxed, notes)?;
        let exact = match whole {
            Some(exact) => exact,
            None => sum(days.iter().map(|day| day.exact))?,
        };
        priced.push((unit, count, exact));
    }
    let exact = sum(priced.iter().map(|(.., exact)| *exact))?;
    let unit = priced.first().map_or(preferred, |(unit, ..)| unit);
    if priced.iter().any(|(other, ..)| *other != unit) {
        return Ok((preferred, count, Vec::new(), Some(exact)));
    }
    let count = sum(priced.iter().map(|(_, count, _)| *count))?;
    Ok((unit, count, Vec::new(), Some(exact)))
}

fn is_daily(unit: &str) -> bool {
    matches!(unit, "day" | "night" | "unit_day")
}

fn plan(subject: Subject<'_>, id: uuid::Uuid) -> Ruled<&super::tariff::Plan> {
    subject.frame.tariff.plans.get(&id).ok_or_else(|| {
        Refusal::new(RefusalCode::PlanNotSold, "There is no such rate plan.")
            .of(&subject.item.reference)
    })
}

/// A price in the currency of the answer, with or without tax as the line's prices are.
fn settled(
    subject: Subject<'_>,
    rate: &Rate,
    taxed: &mut Taxed,
    notes: &mut Notes,
) -> Ruled<Decimal> {
    let own = converted(subject.frame, rate.minor, &rate.currency, notes)
        .map_err(|refusal| refusal.of(&subject.item.reference))?;
    taxed.suited(own, rate.is_inclusive)
}

/// The nights of a stay.
fn nights(stay: Stay<'_>, taxed: &mut Taxed, notes: &mut Notes) -> Ruled<Vec<DayPart>> {
    stay.allowed()?;
    let subject = stay.subject;
    let guests = stay.guests()?;
    let days = stay.starts_on.iter_days();
    days.take_while(|on| *on < stay.ends_on)
        .map(|on| {
            let rate = stay.night(on, notes)?;
            let one = settled(subject, &rate, taxed, notes)?;
            let mut exact = times(one, subject.item.quantity)?;
            if let Some((charge, currency)) = guests {
                let charge = converted(subject.frame, charge, currency, notes)?;
                let before = exact;
                exact = (exact + taxed.suited(charge, rate.is_inclusive)?).max(Decimal::ZERO);
                let reference = &subject.item.reference;
                notes.applied_on(reference, on, "guests", "Number of guests", (before, exact));
            }
            Ok(DayPart {
                on,
                exact,
                name: rate.name,
                source: rate.source,
            })
        })
        .collect()
}

/// The days of what is sold by days, each at its own price.
fn daily(
    subject: Subject<'_>,
    unit: &'static str,
    (from, until): (NaiveDate, NaiveDate),
    taxed: &mut Taxed,
    notes: &mut Notes,
) -> Ruled<Vec<DayPart>> {
    let item = super::request::Item {
        unit: Some(unit.to_owned()),
        ..subject.item.clone()
    };
    let subject = Subject {
        item: &item,
        ..subject
    };
    from.iter_days()
        .take_while(|on| *on < until)
        .map(|on| {
            let rate = of_books(subject, on, None, notes)?;
            let one = settled(subject, &rate, taxed, notes)?;
            Ok(DayPart {
                on,
                exact: times(one, item.quantity)?,
                name: rate.name,
                source: rate.source,
            })
        })
        .collect()
}

impl Listed {
    /// A line that was sold before, at what it costs now.
    pub fn sold(line: PricedLine) -> Self {
        Self {
            line,
            days: Vec::new(),
            tax_part: Decimal::ZERO,
            is_exempt: false,
        }
    }

    /// The line with its days and periods, now that its total is known.
    pub fn settled(self, exponent: u32, pieces: Decimal) -> Ruled<PricedLine> {
        let Self { mut line, days, .. } = self;
        let all = sum(days.iter().map(|day| day.exact))?;
        let total = Decimal::from(line.total_minor);
        let exact: Vec<Decimal> = days
            .iter()
            .map(|day| {
                if line.discount_minor == 0 || all.is_zero() {
                    Ok(day.exact)
                } else {
                    times(day.exact, total / all)
                }
            })
            .collect::<Ruled<_>>()?;
        let parts = apportion(line.total_minor, &exact)?;
        line.nights = days
            .iter()
            .zip(parts)
            .map(|(day, minor)| Night { on: day.on, minor })
            .collect();
        line.periods = periods(&days, &line.nights, exponent, pieces);
        Ok(line)
    }
}

/// Days that follow each other and have the same price and source are one period.
fn periods(days: &[DayPart], nights: &[Night], exponent: u32, pieces: Decimal) -> Vec<Period> {
    use rust_decimal::prelude::ToPrimitive as _;
    let units = pieces.ceil().to_i32().unwrap_or(1).max(1);
    let mut periods: Vec<Period> = Vec::new();
    for (day, night) in days.iter().zip(nights) {
        let Some(next) = day.on.succ_opt() else { break };
        let (price_rule_id, storage_base_rate_id) = match day.source {
            Source::Rule(id) => (Some(id), None),
            Source::Storage(id) => (None, Some(id)),
            Source::Calendar | Source::Agreed => (None, None),
        };
        let period = Period {
            starts_on: day.on,
            ends_on: next,
            rate_name: day.name.clone(),
            rate: (major(day.exact, exponent) / pieces).round_dp(6),
            units,
            subtotal_minor: night.minor,
            price_rule_id,
            storage_base_rate_id,
        };
        match periods.last_mut() {
            Some(last)
                if last.rate == period.rate
                    && last.rate_name == period.rate_name
                    && last.price_rule_id == price_rule_id
                    && last.storage_base_rate_id == storage_base_rate_id =>
            {
                last.ends_on = next;
                last.subtotal_minor += night.minor;
            }
            _ => periods.push(period),
        }
    }
    periods
}

/// Whether anything is said about the days of an item at all.
pub fn span(subject: Subject<'_>) -> Option<(NaiveDate, NaiveDate)> {
    used_rate::days_of(subject.item.time, subject.frame.tariff.zone)
}
