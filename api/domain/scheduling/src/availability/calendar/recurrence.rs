//! On which local days a recurrence rule of RFC 5545 applies. Days, not instants, are expanded, so
//! that no change of the clocks gets in between.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, Unvalidated};

use super::super::rules::local_day;

/// How many days one expansion gives at most: more than are ever asked for at once.
const MOST_DAYS: u16 = 1_000;
/// What a rule without a first day counts from: a Monday, the first of a year.
const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(2001, 1, 1).unwrap();

/// A rule that cannot be read, although it looks like one, such as `BYMONTH=13`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no recurrence rule: {0}")]
pub struct Unreadable(pub String);

type Expanded = Result<Arc<[NaiveDate]>, Unreadable>;

/// Expansions of one search: many resources keep the same week.
#[derive(Debug)]
pub struct Recurrences {
    from: NaiveDate,
    to: NaiveDate,
    known: HashMap<(String, Option<NaiveDate>), Expanded>,
}

impl Recurrences {
    /// Expands days from one to another, both included.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Self {
        let known = HashMap::new();
        Self { from, to, known }
    }

    /// The first day.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last day.
    pub fn to(&self) -> NaiveDate {
        self.to
    }

    /// The days of a rule that counts from `starts_on`, in the zone whose days these are.
    pub fn days(&mut self, rule: &str, starts_on: Option<NaiveDate>, zone: Tz) -> Expanded {
        let (rule, until) = without_until(rule, zone)?;
        let expanded = if let Some(known) = self.known.get(&(rule.clone(), starts_on)) {
            known.clone()
        } else {
            let expanded = expand(&rule, starts_on, self.from, self.to).map(Arc::from);
            self.known.insert((rule, starts_on), expanded.clone());
            expanded
        };
        Ok(match until {
            Some(until) => expanded?
                .iter()
                .copied()
                .filter(|day| *day <= until)
                .collect(),
            None => expanded?,
        })
    }
}

/// The rule without its `UNTIL`, and the last local day that `UNTIL` includes. Written as an instant
/// it is brought to the zone; the library would compare it with days as if they were in Greenwich.
fn without_until(rule: &str, zone: Tz) -> Result<(String, Option<NaiveDate>), Unreadable> {
    let Some((_, until)) = rule.split_once(";UNTIL=") else {
        return Ok((rule.to_owned(), None));
    };
    let until = until.split_once(';').map_or(until, |(until, _)| until);
    let read = match (until.len(), until.strip_suffix('Z')) {
        (_, Some(instant)) => NaiveDateTime::parse_from_str(instant, "%Y%m%dT%H%M%S")
            .map(|instant| local_day(zone, instant.and_utc())),
        (8, None) => NaiveDate::parse_from_str(until, "%Y%m%d"),
        (_, None) => NaiveDateTime::parse_from_str(until, "%Y%m%dT%H%M%S").map(|at| at.date()),
    };
    let read = read.map_err(|error| Unreadable(format!("UNTIL={until}: {error}")))?;
    Ok((rule.replacen(&format!(";UNTIL={until}"), "", 1), Some(read)))
}

/// The days of a rule without `UNTIL`, from one day to another.
fn expand(
    rule: &str,
    starts_on: Option<NaiveDate>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>, Unreadable> {
    let told = |error: rrule::RRuleError| Unreadable(error.to_string());
    let parsed: RRule<Unvalidated> = rule.parse().map_err(told)?;
    let first = starts_on.unwrap_or(EPOCH);
    let start = midnight(brought_near(rule, first, from));
    let rule = parsed.validate(start).map_err(told)?;
    let (Some(before), Some(after)) = (from.pred_opt(), to.succ_opt()) else {
        return Ok(Vec::new());
    };
    let found = RRuleSet::new(start)
        .rrule(rule)
        .after(midnight(before))
        .before(midnight(after))
        .limit()
        .all(MOST_DAYS);
    let days = found.dates.iter().map(chrono::DateTime::date_naive);
    Ok(days
        .filter(|day| *day >= from.max(first) && *day <= to)
        .collect())
}

fn midnight(day: NaiveDate) -> chrono::DateTime<rrule::Tz> {
    day.and_time(NaiveTime::MIN)
        .and_utc()
        .with_timezone(&rrule::Tz::UTC)
}

/// A day from which the rule gives the same days after `from` as from its first: whole periods later.
/// A rule that was begun years ago would else be expanded through all of them.
fn brought_near(rule: &str, first: NaiveDate, from: NaiveDate) -> NaiveDate {
    if rule.contains("COUNT=") || first >= from {
        return first;
    }
    let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name));
    let interval: u32 = part("INTERVAL=")
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
        .max(1);
    let days_between = u64::try_from((from - first).num_days()).unwrap_or(0);
    let by_days = |period: u64| {
        let period = period * u64::from(interval);
        first.checked_add_days(Days::new(days_between / period * period))
    };
    // Of the 29th and later not every month has one.
    let by_months = |period: u32| {
        let period = period * interval;
        let between = u32::try_from(
            (from.year() - first.year()) * 12 + i32::try_from(from.month0()).unwrap_or(0)
                - i32::try_from(first.month0()).unwrap_or(0),
        );
        let whole = between.unwrap_or(0).saturating_sub(1) / period * period;
        Some(first)
            .filter(|first| first.day() <= 28)?
            .checked_add_months(Months::new(whole))
    };
    let near = match part("FREQ=") {
        Some("DAILY") => by_days(1),
        Some("WEEKLY") => by_days(7),
        Some("MONTHLY") => by_months(1),
        _ => by_months(12),
    };
    near.filter(|near| *near >= first).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rule: &str, starts_on: Option<&str>, from: &str, to: &str) -> Vec<String> {
        let mut recurrences = Recurrences::between(day(from), day(to));
        let days = recurrences.days(rule, starts_on.map(day), Tz::America__New_York);
        days.unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rules_give_their_days() {
        assert_eq!(
            days("FREQ=WEEKLY;BYDAY=MO,WE", None, "2026-03-01", "2026-03-11"),
            ["2026-03-02", "2026-03-04", "2026-03-09", "2026-03-11"]
        );
        assert_eq!(
            days("FREQ=MONTHLY;BYDAY=-1FR", None, "2026-01-01", "2026-03-31"),
            ["2026-01-30", "2026-02-27", "2026-03-27"]
        );
        assert_eq!(
            days(
                "FREQ=DAILY;INTERVAL=3;COUNT=4",
                Some("2026-02-27"),
                "2026-03-01",
                "2026-12-31"
            ),
            ["2026-03-02", "2026-03-05", "2026-03-08"]
        );
        assert_eq!(
            days(
                "FREQ=YEARLY",
                Some("2020-02-29"),
                "2023-01-01",
                "2024-12-31"
            ),
            ["2024-02-29"]
        );
    }

    #[test]
    fn until_is_a_local_day() {
        let until = |until| {
            days(
                &format!("FREQ=DAILY;UNTIL={until}"),
                None,
                "2026-01-30",
                "2026-02-03",
            )
        };
        assert_eq!(until("20260131"), ["2026-01-30", "2026-01-31"]);
        assert_eq!(until("20260131T235959"), ["2026-01-30", "2026-01-31"]);
        // The end of 31 January in New York.
        assert_eq!(until("20260201T045959Z"), ["2026-01-30", "2026-01-31"]);
    }

    #[test]
    fn what_is_no_rule_is_told() {
        let mut recurrences = Recurrences::between(day("2026-01-01"), day("2026-01-31"));
        for rule in ["FREQ=YEARLY;BYMONTH=99", "FREQ=DAILY;UNTIL=20269999"] {
            assert!(recurrences.days(rule, None, Tz::UTC).is_err(), "{rule}");
        }
        // What never comes ends.
        let never = recurrences.days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", None, Tz::UTC);
        assert_eq!(never.unwrap().len(), 0);
    }

    proptest! {
        #[test]
        fn beginning_near_changes_nothing(
            frequency in proptest::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
            interval in 1_u32..5,
            by in proptest::sample::select(vec!["", ";BYDAY=TU,SA", ";BYMONTHDAY=-1", ";BYDAY=2WE", ";WKST=SU;BYDAY=SU,MO"]),
            first in 0_u64..900,
            after in 0_u64..1_500,
        ) {
            prop_assume!(!(by.contains("2WE") && ["DAILY", "WEEKLY"].contains(&frequency)));
            prop_assume!(!(by.contains("MONTHDAY") && frequency == "WEEKLY"));
            let rule = format!("FREQ={frequency};INTERVAL={interval}{by}");
            let first = day("2020-01-01") + Days::new(first);
            let from = first + Days::new(after);
            let to = from + Days::new(60);
            // As many as there are days, so that the rule counts, and is expanded from its first day.
            let slowly = expand(&format!("{rule};COUNT=9999"), Some(first), from, to);
            prop_assert_eq!(expand(&rule, Some(first), from, to), slowly);
        }
    }
}
