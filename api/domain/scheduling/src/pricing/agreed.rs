//! Prices that staff give.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::line::{Amounts, DayPart, Taxed};
use super::reckoning::{Notes, Subject};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::Time;
use super::rounding::{apportion, times};
use super::used_rate::{Source, days_of};

/// The price that staff gave. It is what is paid: who is exempt pays no less.
pub(super) fn agreed(
    subject: Subject<'_>,
    (unit, count): (&'static str, Decimal),
    taxed: &mut Taxed,
    notes: &mut Notes,
) -> Ruled<Amounts> {
    let (item, tariff) = (subject.item, subject.frame.tariff);
    let refuse =
        |message: &str| Err(Refusal::new(RefusalCode::InvalidItem, message).of(&item.reference));
    let given = item.fixed_nights_minor.iter().flatten();
    if given.chain(&item.fixed_price_minor).any(|price| *price < 0) {
        return refuse("A price cannot be negative.");
    }
    taxed.is_inclusive.get_or_insert(tariff.tax.is_inclusive);
    let span = days_of(item.time, tariff.zone).filter(|_| matches!(item.time, Time::Days { .. }));
    let Some((from, until)) = span else {
        let Some(price) = item
            .fixed_price_minor
            .filter(|_| item.fixed_nights_minor.is_none())
        else {
            return refuse("Only nights and days have prices of their own.");
        };
        let exact = Decimal::from(price);
        notes.applied(
            Some(&item.reference),
            "agreed",
            "Agreed price",
            (Decimal::ZERO, exact),
        );
        return Ok((unit, count, Vec::new(), Some(exact)));
    };
    let days: Vec<NaiveDate> = from.iter_days().take_while(|on| *on < until).collect();
    let exact: Vec<Decimal> = match (&item.fixed_nights_minor, item.fixed_price_minor) {
        (Some(nights), None) if nights.len() == days.len() => nights
            .iter()
            .map(|minor| times(Decimal::from(*minor), item.quantity))
            .collect::<Ruled<_>>()?,
        (None, Some(price)) => {
            let each = Decimal::from(price) / Decimal::from(days.len());
            let whole = apportion(price, &vec![each; days.len()])?;
            whole.into_iter().map(Decimal::from).collect()
        }
        _ => return refuse("Give either one price or one for every night."),
    };
    let parts = days.into_iter().zip(exact).map(|(on, exact)| {
        let prices = (Decimal::ZERO, exact);
        notes.applied_on(&item.reference, on, "agreed", "Agreed price", prices);
        DayPart {
            on,
            exact,
            name: "Agreed price".to_owned(),
            source: Source::Agreed,
        }
    });
    Ok((unit, count, parts.collect(), None))
}
