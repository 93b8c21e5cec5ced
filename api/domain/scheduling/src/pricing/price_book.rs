//! Price books: which of them hold, and which of their rules counts.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::currency;
use super::reckoning::{Frame, Subject};
use super::tariff::{Book, Rule};

/// What a rule must hold for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What is priced.
    pub sellable_id: Uuid,
    /// Its seat type.
    pub seat_type_id: Option<Uuid>,
    /// The resource that was asked for.
    pub resource_id: Option<Uuid>,
    /// The units it can be priced by, the preferred first, each with how many of them there are.
    pub units: &'a [(&'a str, Decimal)],
    /// The local day.
    pub on: NaiveDate,
    /// The local time, where it has one.
    pub at: Option<NaiveTime>,
}

/// The books that hold for a sale, in the order in which they count: those in its currency first, then
/// the highest priority, then the narrowest.
pub fn holding(frame: Frame<'_>) -> Vec<&Book> {
    let request = frame.request;
    let mut books: Vec<&Book> = frame
        .tariff
        .books
        .iter()
        .filter(|book| {
            book.location_id.is_none_or(|id| id == request.location_id)
                && (book.channel.is_none() || book.channel == request.channel)
                && frame.is_for(book.segment_id)
                && book.starts_at.is_none_or(|start| start <= frame.at)
                && book.ends_at.is_none_or(|end| end > frame.at)
        })
        .collect();
    books.sort_by_key(|book| {
        let narrowness = [
            book.segment_id.is_some(),
            book.location_id.is_some(),
            book.channel.is_some(),
        ];
        let narrow = narrowness.iter().filter(|is| **is).count();
        (
            book.currency != frame.currency,
            std::cmp::Reverse((book.priority, narrow)),
            book.code.clone(),
        )
    });
    books
}

/// The rule that counts: that of the first book that has one, unless its currency cannot be told in
/// the one that is asked for.
pub fn rule<'a>(
    subject: Subject<'a>,
    books: &[&'a Book],
    wanted: &Wanted<'_>,
) -> Option<(&'a Book, &'a Rule)> {
    let frame = subject.frame;
    books
        .iter()
        .filter(|book| currency::is_known(frame.tariff, &book.currency, frame.currency))
        .find_map(|book| Some((*book, best(&book.rules, wanted)?)))
}

/// A book that has a price in a currency that cannot be told in the one that is asked for.
pub fn foreign<'a>(
    subject: Subject<'a>,
    books: &[&'a Book],
    wanted: &Wanted<'_>,
) -> Option<&'a Book> {
    let frame = subject.frame;
    books
        .iter()
        .filter(|book| !currency::is_known(frame.tariff, &book.currency, frame.currency))
        .find(|book| best(&book.rules, wanted).is_some())
        .copied()
}

/// Of the rules that hold, the one of the highest priority; then the one for the seat or resource,
/// for the fewest days of the week and hours, from the largest quantity on.
pub fn best<'a>(rules: &'a [Rule], wanted: &Wanted<'_>) -> Option<&'a Rule> {
    rules
        .iter()
        .filter(|rule| holds(rule, wanted))
        .min_by_key(|rule| {
            let own =
                usize::from(rule.seat_type_id.is_some()) + usize::from(rule.resource_id.is_some());
            let preference = wanted.units.iter().position(|(unit, _)| *unit == rule.unit);
            (
                std::cmp::Reverse((rule.priority, own)),
                rule.weekday_mask.count_ones(),
                minutes(rule),
                rule.starts_on.is_none() || rule.ends_on.is_none(),
                preference,
                std::cmp::Reverse(rule.min_quantity),
                rule.id,
            )
        })
}

fn holds(rule: &Rule, wanted: &Wanted<'_>) -> bool {
    let quantity = wanted
        .units
        .iter()
        .find(|(unit, _)| *unit == rule.unit)
        .map(|(_, quantity)| *quantity);
    rule.sellable_id == wanted.sellable_id
        && rule
            .seat_type_id
            .is_none_or(|id| wanted.seat_type_id == Some(id))
        && rule
            .resource_id
            .is_none_or(|id| wanted.resource_id == Some(id))
        && quantity.is_some_and(|quantity| rule.min_quantity <= quantity || is_first(rule))
        && day_of(rule, wanted.on, wanted.at).is_some_and(|day| holds_on(rule, day))
}

/// Whether a rule is for any quantity: one that begins with the first unit also holds for half a unit.
fn is_first(rule: &Rule) -> bool {
    rule.min_quantity <= Decimal::ONE
}

/// The day that a time counts for under the rule's hours: after midnight, that on which they began.
/// None where the hours do not hold, or nothing is known of the time.
fn day_of(rule: &Rule, on: NaiveDate, at: Option<NaiveTime>) -> Option<NaiveDate> {
    let Some((from, until)) = rule.hours else {
        return Some(on);
    };
    let at = at?;
    if from < until {
        return (from <= at && at < until).then_some(on);
    }
    if at >= from {
        return Some(on);
    }
    (at < until).then(|| on.pred_opt()).flatten()
}

fn holds_on(rule: &Rule, day: NaiveDate) -> bool {
    let weekday = 1 << day.weekday().num_days_from_monday();
    rule.weekday_mask & weekday != 0
        && rule.starts_on.is_none_or(|first| first <= day)
        && rule.ends_on.is_none_or(|end| end > day)
}

/// How many minutes of a day a rule holds.
fn minutes(rule: &Rule) -> i64 {
    const DAY: i64 = 24 * 60;
    rule.hours.map_or(DAY, |(from, until)| {
        (until - from).num_minutes().rem_euclid(DAY)
    })
}

/// The day and time of day that a price is taken of.
pub fn moment(local: NaiveDateTime) -> (NaiveDate, Option<NaiveTime>) {
    (local.date(), Some(local.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, price: i64) -> Rule {
        Rule {
            id: Uuid::from_u128(u128::try_from(price).unwrap()),
            name: name.to_owned(),
            sellable_id: Uuid::nil(),
            seat_type_id: None,
            resource_id: None,
            unit: "each".to_owned(),
            unit_price: Decimal::from(price),
            min_quantity: Decimal::ONE,
            weekday_mask: 127,
            hours: None,
            starts_on: None,
            ends_on: None,
            priority: 0,
        }
    }

    fn found(rules: &[Rule], on: &str, at: Option<&str>, quantity: i64) -> Option<String> {
        let units = [("each", Decimal::from(quantity))];
        let wanted = Wanted {
            sellable_id: Uuid::nil(),
            seat_type_id: None,
            resource_id: None,
            units: &units,
            on: on.parse().unwrap(),
            at: at.map(|at| at.parse().unwrap()),
        };
        best(rules, &wanted).map(|rule| rule.name.clone())
    }

    #[test]
    fn the_highest_priority_counts_and_then_the_fewest_days_and_hours() {
        let weekend = Rule {
            weekday_mask: 96,
            ..rule("weekend", 2)
        };
        let early = Rule {
            hours: Some(("09:00:00".parse().unwrap(), "11:30:00".parse().unwrap())),
            ..rule("early", 3)
        };
        let first = Rule {
            priority: 1,
            ends_on: Some("2027-01-10".parse().unwrap()),
            ..rule("first", 4)
        };
        let rules = [rule("usual", 1), weekend, early, first];
        assert_eq!(
            found(&rules[..3], "2027-01-04", Some("12:00:00"), 1).as_deref(),
            Some("usual")
        );
        assert_eq!(
            found(&rules[..3], "2027-01-04", Some("09:00:00"), 1).as_deref(),
            Some("early")
        );
        assert_eq!(
            found(&rules[..3], "2027-01-04", Some("11:30:00"), 1).as_deref(),
            Some("usual")
        );
        assert_eq!(
            found(&rules[..3], "2027-01-09", Some("12:00:00"), 1).as_deref(),
            Some("weekend")
        );
        assert_eq!(
            found(&rules, "2027-01-09", Some("12:00:00"), 1).as_deref(),
            Some("first")
        );
        assert_eq!(
            found(&rules, "2027-01-10", None, 1).as_deref(),
            Some("weekend")
        );
    }

    #[test]
    fn hours_over_midnight_are_of_the_day_on_which_they_begin() {
        let night = Rule {
            hours: Some(("22:00:00".parse().unwrap(), "06:00:00".parse().unwrap())),
            weekday_mask: 16,
            ..rule("friday night", 5)
        };
        let rules = [night];
        assert!(found(&rules, "2027-01-01", Some("23:00:00"), 1).is_some());
        assert!(found(&rules, "2027-01-02", Some("05:59:00"), 1).is_some());
        assert!(found(&rules, "2027-01-02", Some("06:00:00"), 1).is_none());
        assert!(found(&rules, "2027-01-01", Some("05:00:00"), 1).is_none());
    }

    #[test]
    fn the_price_falls_with_the_quantity() {
        let many = Rule {
            min_quantity: Decimal::from(10),
            ..rule("from ten", 6)
        };
        let rules = [rule("usual", 1), many];
        assert_eq!(
            found(&rules, "2027-01-04", None, 9).as_deref(),
            Some("usual")
        );
        assert_eq!(
            found(&rules, "2027-01-04", None, 10).as_deref(),
            Some("from ten")
        );
    }
}
