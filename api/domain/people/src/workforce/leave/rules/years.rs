//! Periods of leave and their months, counted from an anchor so that no month wanders: of who came on
//! the 31st, months begin on the last day where there is no 31st, and on the 31st again after.

use chrono::{Datelike, Months, NaiveDate};

/// Days from the first to another, that one not included.
pub type Days = (NaiveDate, NaiveDate);

/// Where years of leave begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// On this day of this month of every year, for everybody.
    Fixed(u32, u32),
    /// On the day on which somebody was hired.
    Hire(NaiveDate),
}

impl Anchor {
    fn origin(self) -> NaiveDate {
        match self {
            Self::Fixed(month, day) => {
                NaiveDate::from_ymd_opt(2000, month, day).unwrap_or_default()
            }
            Self::Hire(day) => day,
        }
    }

    /// The beginning of a month so many after the anchor's first one.
    pub fn month(self, number: i32) -> NaiveDate {
        let origin = self.origin();
        let months = Months::new(number.unsigned_abs());
        let moved = if number < 0 {
            origin.checked_sub_months(months)
        } else {
            origin.checked_add_months(months)
        };
        moved.unwrap_or(origin)
    }

    /// The number of the month that a day falls in.
    pub fn month_of(self, day: NaiveDate) -> i32 {
        let origin = self.origin();
        let whole = |day: NaiveDate| 12 * day.year() + day.month0().cast_signed();
        let number = whole(day) - whole(origin);
        if self.month(number) > day {
            number - 1
        } else {
            number
        }
    }

    /// The year of leave that a day falls in.
    pub fn year(self, day: NaiveDate) -> Days {
        let first = self.month_of(day).div_euclid(12) * 12;
        (self.month(first), self.month(first + 12))
    }

    /// The months that some days touch: each as it is, and as much of it as they have.
    pub fn months(self, days: Days) -> Vec<(Days, Days)> {
        let first = self.month_of(days.0);
        let last = self.month_of(days.1);
        (first..=last)
            .map(|number| (self.month(number), self.month(number + 1)))
            .filter(|whole| whole.0 < days.1)
            .map(|whole| (whole, (whole.0.max(days.0), whole.1.min(days.1))))
            .collect()
    }
}

/// A day so many months later; the last of the month where that has no such day.
pub fn months_later(day: NaiveDate, months: i32) -> NaiveDate {
    Anchor::Hire(day).month(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn anchors_on_the_last_days_of_months_never_wander() {
        let anchor = Anchor::Hire(day("2023-01-31"));
        let months: Vec<_> = (12..=16).map(|n| anchor.month(n).to_string()).collect();
        assert_eq!(
            months,
            [
                "2024-01-31",
                "2024-02-29",
                "2024-03-31",
                "2024-04-30",
                "2024-05-31"
            ]
        );
        assert_eq!(anchor.month_of(day("2024-02-28")), 12);
        assert_eq!(anchor.month_of(day("2024-02-29")), 13);
        let leap = Anchor::Hire(day("2024-02-29"));
        assert_eq!(
            leap.year(day("2025-03-01")),
            (day("2025-02-28"), day("2026-02-28"))
        );
        assert_eq!(
            leap.year(day("2028-02-28")),
            (day("2027-02-28"), day("2028-02-29"))
        );
        assert_eq!(
            leap.year(day("2028-02-29")),
            (day("2028-02-29"), day("2029-02-28"))
        );
    }

    #[test]
    fn every_day_is_in_one_year_and_years_touch() {
        for anchor in [
            Anchor::Fixed(4, 28),
            Anchor::Hire(day("2020-02-29")),
            Anchor::Hire(day("2021-10-31")),
        ] {
            let mut at = day("2019-01-01");
            let (mut from, mut to) = anchor.year(at);
            while at < day("2029-01-01") {
                if at == to {
                    (from, to) = (to, anchor.year(at).1);
                }
                assert_eq!(anchor.year(at), (from, to), "{at}");
                let months = anchor.months((from, to));
                assert_eq!(months.len(), 12);
                assert!(months.windows(2).all(|two| two[0].0.1 == two[1].0.0));
                at = at.succ_opt().unwrap();
            }
        }
    }
}
