//! From the clocks and calendars on people's walls to instants: pure, and the only place that does
//! it (domain.md 0.4). PostgreSQL's own answer to skipped and repeated hours is not ours.

use chrono::{
    DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

/// Which end of something a local time is: it decides between the two instants of a repeated hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// It begins then: the earlier instant.
    Start,
    /// It ends then: the later instant.
    End,
}

/// One night: the local day on whose evening it begins, from midnight to the next midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night {
    /// The day.
    pub on: NaiveDate,
    /// Its first instant.
    pub starts_at: DateTime<Utc>,
    /// The first instant of the next day.
    pub ends_at: DateTime<Utc>,
}

/// A day that a zone's calendar left out, such as 30 December 2011 in Samoa.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there was no {0} in this time zone")]
pub struct NoSuchDay(pub NaiveDate);

/// The instant at which clocks of the zone show this time; where they skip it, the first after the
/// gap.
pub fn instant_of(zone: Tz, local: NaiveDateTime, edge: Edge) -> DateTime<Utc> {
    match (zone.from_local_datetime(&local), edge) {
        (MappedLocalTime::Single(instant), _) => instant.to_utc(),
        (MappedLocalTime::Ambiguous(one, other), Edge::Start) => one.min(other).to_utc(),
        (MappedLocalTime::Ambiguous(one, other), Edge::End) => one.max(other).to_utc(),
        (MappedLocalTime::None, _) => after_gap(zone, local),
    }
}

/// The instant at which the clocks jump over this time. Around a gap, clocks show an earlier time
/// before it and a later one after it, so halving the interval finds the second of the jump.
fn after_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    const REACH: i64 = 36 * 60 * 60;
    let shown =
        |second: i64| DateTime::from_timestamp(second, 0).map(|instant| wall_time(zone, instant));
    let (mut before, mut after) = (
        local.and_utc().timestamp() - REACH,
        local.and_utc().timestamp() + REACH,
    );
    while after - before > 1 {
        let middle = before.midpoint(after);
        if shown(middle).is_some_and(|shown| shown >= local) {
            after = middle;
        } else {
            before = middle;
        }
    }
    DateTime::from_timestamp(after, 0).unwrap_or(local.and_utc())
}

/// What the clocks of the zone show at an instant.
pub fn wall_time(zone: Tz, instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&zone).naive_local()
}

/// The day that calendars of the zone show at an instant.
pub fn local_day(zone: Tz, instant: DateTime<Utc>) -> NaiveDate {
    wall_time(zone, instant).date()
}

/// The first instant of a day. The end of the day before is the same instant, so days leave no hole
/// and do not overlap, also where midnight comes twice.
pub fn day_start(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    instant_of(zone, day.and_time(NaiveTime::MIN), Edge::Start)
}

/// The nights from arrival to departure: as many as there are days between.
pub fn nights(
    zone: Tz,
    check_in: NaiveDate,
    check_out: NaiveDate,
) -> Result<Vec<Night>, NoSuchDay> {
    let mut nights = Vec::new();
    let mut starts_at = day_start(zone, check_in);
    for on in check_in.iter_days().take_while(|day| *day < check_out) {
        let ends_at = on
            .succ_opt()
            .map_or(starts_at, |next| day_start(zone, next));
        if ends_at <= starts_at {
            return Err(NoSuchDay(on));
        }
        nights.push(Night {
            on,
            starts_at,
            ends_at,
        });
        starts_at = ends_at;
    }
    Ok(nights)
}

/// The business day of an instant where business days begin at `cutoff`: the last that has begun.
pub fn business_date(zone: Tz, cutoff: NaiveTime, instant: DateTime<Utc>) -> NaiveDate {
    let today = local_day(zone, instant);
    let begun = |day: &NaiveDate| instant_of(zone, day.and_time(cutoff), Edge::Start) <= instant;
    let next = today.checked_add_days(Days::new(1)).filter(begun);
    next.or(Some(today).filter(begun))
        .or(today.pred_opt())
        .unwrap_or(today)
}

/// The instant so many hours before another by the clocks of the zone: 24 hours before 15:00 is
/// 15:00 of the day before, whatever the clocks did in between. Where it ends a time in which
/// something was still free, a repeated hour is the customer's.
pub fn hours_before(zone: Tz, instant: DateTime<Utc>, hours: i32) -> DateTime<Utc> {
    let local = wall_time(zone, instant).checked_sub_signed(TimeDelta::hours(hours.into()));
    local
        .map_or(DateTime::UNIX_EPOCH, |local| {
            instant_of(zone, local, Edge::End)
        })
        .min(instant)
}

#[cfg(test)]
mod tests {
    use chrono::{Offset, Timelike};
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(zone: Tz, local: &str, edge: Edge) -> String {
        instant_of(zone, local.parse().unwrap(), edge)
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn a_skipped_hour_is_the_first_instant_after_it() {
        for edge in [Edge::Start, Edge::End] {
            assert_eq!(
                at(Tz::America__New_York, "2026-03-08T02:30:00", edge),
                "2026-03-08T07:00:00Z"
            );
            assert_eq!(
                at(Tz::Europe__Lisbon, "2026-03-29T01:30:00", edge),
                "2026-03-29T01:00:00Z"
            );
            assert_eq!(
                at(Tz::America__Sao_Paulo, "2018-11-04T00:00:00", edge),
                "2018-11-04T03:00:00Z"
            );
            assert_eq!(
                at(Tz::Australia__Lord_Howe, "2026-10-04T02:15:00", edge),
                "2026-10-03T15:30:00Z"
            );
        }
    }

    #[test]
    fn a_repeated_hour_begins_early_and_ends_late() {
        assert_eq!(
            at(Tz::America__New_York, "2026-11-01T01:30:00", Edge::Start),
            "2026-11-01T05:30:00Z"
        );
        assert_eq!(
            at(Tz::America__New_York, "2026-11-01T01:30:00", Edge::End),
            "2026-11-01T06:30:00Z"
        );
    }

    #[test]
    fn nights_follow_the_clocks() {
        let hours = |zone, from, to| -> Vec<i64> {
            let nights = nights(zone, day(from), day(to)).unwrap();
            nights
                .iter()
                .map(|night| (night.ends_at - night.starts_at).num_hours())
                .collect()
        };
        assert_eq!(
            hours(Tz::Europe__Lisbon, "2026-03-28", "2026-03-31"),
            [24, 23, 24]
        );
        assert_eq!(
            hours(Tz::Europe__Lisbon, "2026-10-24", "2026-10-27"),
            [24, 25, 24]
        );
        assert_eq!(
            hours(Tz::America__Havana, "2025-11-01", "2025-11-04"),
            [24, 25, 24]
        );
        assert_eq!(
            hours(Tz::Asia__Kuala_Lumpur, "2026-02-27", "2026-03-02"),
            [24, 24, 24]
        );
        assert_eq!(
            nights(Tz::Pacific__Apia, day("2011-12-29"), day("2012-01-01")),
            Err(NoSuchDay(day("2011-12-30")))
        );
        assert_eq!(
            nights(Tz::UTC, day("2026-03-02"), day("2026-03-01")),
            Ok(vec![])
        );
    }

    #[test]
    fn a_day_of_business_begins_at_its_cutoff() {
        let cutoff = NaiveTime::from_hms_opt(4, 0, 0).unwrap();
        let of = |text: &str| business_date(Tz::Asia__Kuala_Lumpur, cutoff, text.parse().unwrap());
        assert_eq!(of("2026-05-01T19:59:59Z"), day("2026-05-01"));
        assert_eq!(of("2026-05-01T20:00:00Z"), day("2026-05-02"));
    }

    #[test]
    fn a_day_before_is_a_day_before_by_the_clock() {
        let start = "2026-03-29T14:00:00Z".parse().unwrap();
        assert_eq!(wall_time(Tz::Europe__Lisbon, start).hour(), 15);
        let before = hours_before(Tz::Europe__Lisbon, start, 24);
        assert_eq!(before.to_rfc3339(), "2026-03-28T15:00:00+00:00");
        assert_eq!(hours_before(Tz::Europe__Lisbon, start, 0), start);
    }

    fn zones() -> impl Strategy<Value = Tz> {
        proptest::sample::select(TZ_VARIANTS.to_vec())
    }

    /// A zone, and an instant between 1972 and 2037: half of them within two days of a change of the
    /// zone's clocks, if that year has one.
    fn instants() -> impl Strategy<Value = (Tz, DateTime<Utc>)> {
        let year = 365 * 24 * 60 * 60;
        (zones(), 2..67_i64, 0..year, any::<bool>()).prop_map(move |(zone, years, second, near)| {
            let start = DateTime::from_timestamp(years * year, 0).unwrap();
            let offset = |day: i64| {
                zone.offset_from_utc_datetime(&(start + TimeDelta::days(day)).naive_utc())
                    .fix()
            };
            let change = (0..365)
                .filter(|_| near)
                .find(|day| offset(*day) != offset(day + 1));
            let moment = |day| {
                start + TimeDelta::days(day) + TimeDelta::seconds(second % (2 * 24 * 60 * 60))
            };
            (
                zone,
                change.map_or(start + TimeDelta::seconds(second), moment),
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_time_is_shown_or_skipped((zone, instant) in instants()) {
            let local = instant.naive_utc();
            let (start, end) = (instant_of(zone, local, Edge::Start), instant_of(zone, local, Edge::End));
            prop_assert!(start <= end);
            prop_assert!(end - start <= TimeDelta::hours(24));
            for instant in [start, end] {
                let shown = wall_time(zone, instant);
                prop_assert!(shown == local || (shown > local && wall_time(zone, instant - TimeDelta::seconds(1)) < local));
            }
        }

        #[test]
        fn what_the_clock_shows_leads_back((zone, instant) in instants()) {
            let local = wall_time(zone, instant);
            let (start, end) = (instant_of(zone, local, Edge::Start), instant_of(zone, local, Edge::End));
            prop_assert!(instant == start || instant == end);
        }

        #[test]
        fn nights_leave_no_hole((zone, instant) in instants(), length in 1_u64..40) {
            let check_in = instant.date_naive();
            let check_out = check_in + Days::new(length);
            if let Ok(nights) = nights(zone, check_in, check_out) {
                prop_assert_eq!(nights.len(), usize::try_from(length).unwrap());
                prop_assert_eq!(nights[0].starts_at, day_start(zone, check_in));
                prop_assert_eq!(nights[nights.len() - 1].ends_at, day_start(zone, check_out));
                prop_assert!(nights.windows(2).all(|pair| pair[0].ends_at == pair[1].starts_at && pair[0].on < pair[1].on));
            }
        }

        #[test]
        fn every_instant_is_in_its_business_day((zone, instant) in instants(), hour in 0_u32..12) {
            let cutoff = NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
            let date = business_date(zone, cutoff, instant);
            let begins = |day: NaiveDate| instant_of(zone, day.and_time(cutoff), Edge::Start);
            prop_assert!(begins(date) <= instant);
            prop_assert!(begins(date + Days::new(1)) > instant || begins(date + Days::new(2)) > instant);
            prop_assert!(business_date(zone, cutoff, instant + TimeDelta::hours(1)) >= date);
        }

        #[test]
        fn hours_before_are_never_after((zone, instant) in instants(), hours in 0..2_000) {
            prop_assert!(hours_before(zone, instant, hours) <= instant);
            prop_assert!(hours_before(zone, instant, hours + 24) <= hours_before(zone, instant, hours));
        }
    }
}
