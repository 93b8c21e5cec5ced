//! Until when what was passed holds: pure functions over days.

use chrono::{Months, NaiveDate};

/// The first day on which what was passed on a day no longer holds: as many months later, on the
/// last day of a shorter month; never, where it holds for good.
pub fn expires_on(passed_on: NaiveDate, validity_months: Option<i16>) -> Option<NaiveDate> {
    let months = u32::try_from(validity_months?).ok()?;
    passed_on.checked_add_months(Months::new(months))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_later_is_the_same_day_or_the_last_of_the_month() {
        assert_eq!(
            expires_on(day("2026-03-10"), Some(12)),
            Some(day("2027-03-10"))
        );
        assert_eq!(
            expires_on(day("2028-02-29"), Some(12)),
            Some(day("2029-02-28"))
        );
        assert_eq!(
            expires_on(day("2026-08-31"), Some(6)),
            Some(day("2027-02-28"))
        );
        assert_eq!(expires_on(day("2026-08-31"), None), None);
    }

    proptest! {
        #[test]
        fn what_is_passed_later_does_not_end_sooner(start in 0_i64..20_000, later in 0_i64..400, months in 1_i16..60) {
            let passed = day("2000-01-01") + chrono::TimeDelta::days(start);
            let again = passed + chrono::TimeDelta::days(later);
            prop_assert!(expires_on(again, Some(months)) >= expires_on(passed, Some(months)));
            prop_assert!(expires_on(passed, Some(months)) > Some(passed));
        }
    }
}
