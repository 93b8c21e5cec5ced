//! What decides about bookings: which moves a status allows, how nights are priced, when a stay ends
//! that is cut short. Pure: values in, values out.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use scheduling::availability::rules::{Edge, instant_of, local_day, wall_time};

/// A change of an order's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It becomes firm.
    Confirm,
    /// The customer comes, or the service begins.
    CheckIn,
    /// The customer leaves, or the service ends.
    CheckOut,
    /// It is called off.
    Cancel,
    /// The customer did not come.
    MarkNoShow,
    /// Staff agree to it.
    Approve,
    /// Staff do not agree to it.
    Decline,
    /// The customer came after all.
    Reinstate,
}

/// The statuses of orders that can be moved or changed: they have not begun, and are not over.
pub const CHANGEABLE: &[&str] = &["held", "pending_approval", "confirmed"];

impl Move {
    /// The statuses that it may start from.
    pub fn from(self) -> &'static [&'static str] {
        match self {
            Self::Confirm => &["held", "pending_approval"],
            Self::CheckIn | Self::MarkNoShow => &["confirmed"],
            Self::CheckOut => &["in_progress"],
            Self::Approve | Self::Decline => &["pending_approval"],
            Self::Reinstate => &["no_show"],
            Self::Cancel => &["draft", "held", "pending_approval", "confirmed"],
        }
    }

    /// The status that it leads to.
    pub fn to(self) -> &'static str {
        match self {
            Self::Confirm | Self::Approve | Self::Reinstate => "confirmed",
            Self::Decline => "declined",
            Self::CheckIn => "in_progress",
            Self::CheckOut => "completed",
            Self::Cancel => "cancelled",
            Self::MarkNoShow => "no_show",
        }
    }

    /// Whether a booking of this status may make it.
    pub fn is_allowed(self, status: &str) -> bool {
        self.from().contains(&status)
    }

    /// Why a booking of this status may not make it.
    pub fn refusal(self, status: &str) -> String {
        let done = match self {
            Self::Confirm => "confirmed",
            Self::CheckIn => "checked in",
            Self::CheckOut => "checked out",
            Self::Cancel => "cancelled",
            Self::MarkNoShow => "marked as no-show",
            Self::Approve => "approved",
            Self::Decline => "declined",
            Self::Reinstate => "reinstated",
        };
        let from: Vec<String> = self.from().iter().map(|status| words(status)).collect();
        format!(
            "The booking is {}; only one that is {} can be {done}.",
            words(status),
            from.join(" or ")
        )
    }
}

/// Why a booking of this status can no longer be moved or changed; none where it can.
pub fn unchangeable(status: &str) -> Option<String> {
    if CHANGEABLE.contains(&status) {
        return None;
    }
    Some(format!(
        "The booking is {}; only one that is held, pending approval or confirmed can be changed.",
        words(status)
    ))
}

fn words(status: &str) -> String {
    status.replace('_', " ")
}

/// What one night costs for one unit, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The local day on whose evening the night begins.
    pub on: NaiveDate,
    /// The price.
    pub minor: i64,
}

/// Consecutive nights that cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first night.
    pub starts_on: NaiveDate,
    /// The first day after the last night.
    pub ends_on: NaiveDate,
    /// What one of them costs for one unit, in minor units.
    pub rate_minor: i64,
    /// What they cost together, in minor units.
    pub subtotal_minor: i64,
}

/// Consecutive nights and their rates as runs of equal rates. None where the sum is beyond 64 bits.
pub fn periods(rates: &[Rate], units: i64) -> Option<Vec<Period>> {
    let mut periods: Vec<Period> = Vec::new();
    for rate in rates {
        let ends_on = rate.on.succ_opt()?;
        let price = rate.minor.checked_mul(units)?;
        match periods.last_mut() {
            Some(last) if last.rate_minor == rate.minor && last.ends_on == rate.on => {
                last.ends_on = ends_on;
                last.subtotal_minor = last.subtotal_minor.checked_add(price)?;
            }
            _ => periods.push(Period {
                starts_on: rate.on,
                ends_on,
                rate_minor: rate.minor,
                subtotal_minor: price,
            }),
        }
    }
    total(&periods)?;
    Some(periods)
}

/// What periods cost together. None where the sum is beyond 64 bits.
pub fn total(periods: &[Period]) -> Option<i64> {
    periods
        .iter()
        .try_fold(0_i64, |sum, period| sum.checked_add(period.subtotal_minor))
}

/// The day of departure and the end of a stay whose guest leaves at `at`, where that is before the
/// day agreed. The first night counts whenever the guest leaves; the local time of the end stays.
pub fn shortened(
    zone: Tz,
    (check_in_on, check_out_on): (NaiveDate, NaiveDate),
    ends_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Option<(NaiveDate, DateTime<Utc>)> {
    let day = local_day(zone, at).max(check_in_on.succ_opt()?);
    let end = instant_of(
        zone,
        day.and_time(wall_time(zone, ends_at).time()),
        Edge::End,
    );
    (day < check_out_on).then_some((day, end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_move_is_legal_and_every_legal_move_of_these_statuses_is_known() {
        let sql = include_str!("../../../../../migration/sql/12_booking.sql");
        for step in [
            Move::Confirm,
            Move::CheckIn,
            Move::CheckOut,
            Move::Cancel,
            Move::MarkNoShow,
            Move::Approve,
            Move::Decline,
            Move::Reinstate,
        ] {
            for from in step.from() {
                let row = format!("('booking_order', '{from}', '{}',", step.to());
                assert!(sql.contains(&row), "{row}");
            }
        }
        let cancelled = sql
            .lines()
            .filter(|line| line.contains("('booking_order'") && line.contains("'cancelled',"));
        assert_eq!(cancelled.count(), Move::Cancel.from().len());
    }

    #[test]
    fn a_refusal_names_the_status_and_what_would_do() {
        let text = Move::CheckIn.refusal("no_show");
        assert_eq!(
            text,
            "The booking is no show; only one that is confirmed can be checked in."
        );
    }

    #[test]
    fn a_guest_who_leaves_early_shortens_the_stay_to_one_night_at_least() {
        let days = ("2026-03-27".parse().unwrap(), "2026-03-30".parse().unwrap());
        let ends_at = "2026-03-30T10:00:00Z".parse().unwrap();
        let left = |at: &str| {
            let end = shortened(Tz::Europe__Lisbon, days, ends_at, at.parse().unwrap());
            end.map(|(day, end)| format!("{day} {}", end.format("%FT%H")))
        };
        assert_eq!(
            left("2026-03-27T20:00:00Z").as_deref(),
            Some("2026-03-28 2026-03-28T11")
        );
        assert_eq!(
            left("2026-03-29T08:00:00Z").as_deref(),
            Some("2026-03-29 2026-03-29T10")
        );
        assert_eq!(
            left("2026-03-29T22:59:59Z").as_deref(),
            Some("2026-03-29 2026-03-29T10")
        );
        assert_eq!(left("2026-03-29T23:00:00Z"), None);
        assert_eq!(left("2026-04-02T09:00:00Z"), None);
    }

    proptest! {
        #[test]
        fn periods_tile_the_nights_and_sum_to_them(rates in prop::collection::vec(0_i64..4, 1..60), units in 1_i64..500) {
            let first: NaiveDate = "2026-01-30".parse().unwrap();
            let rates: Vec<Rate> = first.iter_days().zip(rates).map(|(on, minor)| Rate { on, minor }).collect();
            let periods = periods(&rates, units).unwrap();
            prop_assert_eq!(periods[0].starts_on, first);
            prop_assert_eq!(periods[periods.len() - 1].ends_on, rates[rates.len() - 1].on.succ_opt().unwrap());
            for pair in periods.windows(2) {
                prop_assert_eq!(pair[0].ends_on, pair[1].starts_on);
                prop_assert_ne!(pair[0].rate_minor, pair[1].rate_minor);
            }
            prop_assert_eq!(total(&periods), Some(rates.iter().map(|rate| rate.minor * units).sum()));
        }

        #[test]
        fn amounts_beyond_64_bits_are_noticed(minor in 0_i64.., units in 1_i64..) {
            let rates = [Rate { on: NaiveDate::default(), minor }];
            prop_assert_eq!(periods(&rates, units).is_some(), minor.checked_mul(units).is_some());
        }
    }
}
