//! What comes in by a policy, on which day.

use chrono::NaiveDate;

use super::part;
use super::years::{Anchor, Days};

/// How leave comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accrual {
    /// Not by itself.
    None,
    /// All of it on the first day of a period.
    Upfront,
    /// A part on the first day of every month.
    Monthly,
    /// A part for so many hours worked.
    PerHour,
}

impl Accrual {
    /// From the database's domain.
    pub fn of(code: &str) -> Self {
        match code {
            "upfront" => Self::Upfront,
            "monthly" => Self::Monthly,
            "per_hour" => Self::PerHour,
            _ => Self::None,
        }
    }
}

/// What a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a policy says yes or no to many things"
)]
pub struct Terms {
    /// How leave comes in.
    pub accrual: Accrual,
    /// How many minutes, for a period, a month or so many hours.
    pub amount: i32,
    /// For how many hours worked.
    pub per_hours: i32,
    /// Nothing stays beyond this balance.
    pub max_balance: Option<i32>,
    /// How much is taken over into the next period.
    pub carry_max: i32,
    /// After how many months of the next period that is lost.
    pub carry_months: Option<i32>,
    /// By how much the balance may go below 0.
    pub negative_limit: i32,
    /// Whether a debt at the end of a period is deducted from the pay, and not carried over.
    pub encashes_debts: bool,
    /// How many days before its first day a request must come.
    pub notice_days: i64,
    /// Whether half days can be taken.
    pub half_days: bool,
    /// Whether hours can be taken.
    pub hours: bool,
    /// Whether who comes gets only a part.
    pub prorates_on_hire: bool,
    /// Whether who leaves keeps only a part.
    pub prorates_on_leaving: bool,
    /// For how many days from being hired none can be taken.
    pub probation_days: i64,
    /// When periods begin.
    pub anchor: Anchor,
    /// How many have to agree.
    pub levels: usize,
}

/// From when to when somebody works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employment {
    /// First day.
    pub hired_on: NaiveDate,
    /// First day after the last.
    pub left_on: Option<NaiveDate>,
}

impl Employment {
    /// Whether somebody works here on a day.
    pub fn includes(self, day: NaiveDate) -> bool {
        day >= self.hired_on && self.left_on.is_none_or(|left| day < left)
    }
}

/// Minutes that come in on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub on: NaiveDate,
    /// The minutes.
    pub minutes: i32,
}

/// What of an amount for a whole time comes to somebody for the days of it that there are.
fn share(terms: &Terms, who: Employment, whole: Days, days: Days) -> Option<Due> {
    let left = who.left_on.unwrap_or(NaiveDate::MAX);
    if days.1.min(left) <= days.0.max(who.hired_on) {
        return None;
    }
    let from = if terms.prorates_on_hire {
        days.0.max(who.hired_on)
    } else {
        days.0
    };
    let to = if terms.prorates_on_leaving {
        days.1.min(left)
    } else {
        days.1
    };
    let minutes = part(
        terms.amount,
        (to - from).num_days(),
        (whole.1 - whole.0).num_days(),
    );
    let on = days.0.max(who.hired_on);
    (minutes > 0).then_some(Due { on, minutes })
}

/// What comes in for a period by the calendar, up to a day, that one included.
pub fn due(terms: &Terms, who: Employment, period: Days, until: NaiveDate) -> Vec<Due> {
    let all: Vec<Due> = match terms.accrual {
        Accrual::None | Accrual::PerHour => Vec::new(),
        Accrual::Upfront => {
            let whole = terms.anchor.year(period.0);
            share(terms, who, whole, period).into_iter().collect()
        }
        Accrual::Monthly => terms
            .anchor
            .months(period)
            .into_iter()
            .filter_map(|(whole, days)| share(terms, who, whole, days))
            .collect(),
    };
    all.into_iter().filter(|due| due.on <= until).collect()
}

/// What has come in by hours after so many minutes of work: a whole amount for each full number of
/// hours.
pub fn due_by_hours(terms: &Terms, worked_minutes: i64) -> i32 {
    if terms.accrual != Accrual::PerHour || terms.per_hours <= 0 {
        return 0;
    }
    let times = worked_minutes.max(0) / (i64::from(terms.per_hours) * 60);
    i32::try_from(times * i64::from(terms.amount)).unwrap_or(i32::MAX)
}

/// By how much what came in has to be put right because somebody leaves (less than 0), or stays after
/// all (more than 0), of which so much was put right before. What came in keeps the amounts that held
/// then: a policy that changes does not reach back.
pub fn put_right(terms: &Terms, who: Employment, period: Days, posted: &[Due]) -> i32 {
    let stays = Employment {
        left_on: None,
        ..who
    };
    let (full, real) = (
        due(terms, stays, period, NaiveDate::MAX),
        due(terms, who, period, NaiveDate::MAX),
    );
    let at = |dues: &[Due], on: NaiveDate| {
        dues.iter()
            .find(|due| due.on == on)
            .map_or(0, |due| due.minutes)
    };
    let (mut excess, mut corrected) = (0, 0);
    for entry in posted {
        let whole = at(&full, entry.on);
        if whole == 0 || entry.minutes < 0 {
            corrected += entry.minutes;
            continue;
        }
        let kept = part(entry.minutes, at(&real, entry.on).into(), whole.into());
        // What came in after the leaving was known is a part already.
        excess += entry.minutes - kept.max(at(&real, entry.on).min(entry.minutes));
    }
    -excess - corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn terms(accrual: Accrual, amount: i32) -> Terms {
        Terms {
            accrual,
            amount,
            per_hours: 12,
            max_balance: None,
            carry_max: 0,
            carry_months: None,
            negative_limit: 0,
            encashes_debts: false,
            notice_days: 0,
            half_days: true,
            hours: true,
            prorates_on_hire: true,
            prorates_on_leaving: true,
            probation_days: 0,
            anchor: Anchor::Fixed(1, 1),
            levels: 1,
        }
    }

    fn from(hired: &str, left: Option<&str>) -> Employment {
        Employment {
            hired_on: day(hired),
            left_on: left.map(day),
        }
    }

    fn year(number: i32) -> Days {
        (
            NaiveDate::from_ymd_opt(number, 1, 1).unwrap(),
            NaiveDate::from_ymd_opt(number + 1, 1, 1).unwrap(),
        )
    }

    #[test]
    fn who_comes_or_leaves_gets_the_days_of_the_year() {
        let terms = terms(Accrual::Upfront, 36_600);
        let all = |who| due(&terms, who, year(2024), NaiveDate::MAX);
        assert_eq!(
            all(from("2020-05-05", None)),
            [Due {
                on: day("2024-01-01"),
                minutes: 36_600
            }]
        );
        assert_eq!(
            all(from("2024-12-31", None)),
            [Due {
                on: day("2024-12-31"),
                minutes: 100
            }]
        );
        assert_eq!(
            all(from("2020-01-01", Some("2024-03-01"))),
            [Due {
                on: day("2024-01-01"),
                minutes: 6_000
            }]
        );
        assert_eq!(all(from("2025-01-01", None)), []);
        let all_of_it = Terms {
            prorates_on_hire: false,
            ..terms.clone()
        };
        let whole = due(
            &all_of_it,
            from("2024-12-31", None),
            year(2024),
            NaiveDate::MAX,
        );
        assert_eq!(
            whole,
            [Due {
                on: day("2024-12-31"),
                minutes: 36_600
            }]
        );
    }

    #[test]
    fn months_come_in_one_by_one_and_a_missed_one_with_the_next() {
        let terms = terms(Accrual::Monthly, 290);
        let who = from("2024-02-15", None);
        let until = |text: &str| due(&terms, who, year(2024), day(text));
        assert_eq!(until("2024-02-14"), []);
        assert_eq!(
            until("2024-02-15"),
            [Due {
                on: day("2024-02-15"),
                minutes: 150
            }]
        );
        assert_eq!(until("2024-04-30").len(), 3);
        assert_eq!(until("2025-12-31").len(), 11);
    }

    #[test]
    fn hours_count_once_they_are_full() {
        let terms = terms(Accrual::PerHour, 60);
        assert_eq!(
            [719, 720, 1439, 1440].map(|worked| due_by_hours(&terms, worked)),
            [0, 60, 60, 120]
        );
    }

    #[test]
    fn who_leaves_gives_back_what_is_too_much_once_and_gets_it_back_who_stays() {
        let terms = terms(Accrual::Upfront, 36_600);
        let posted = [Due {
            on: day("2024-01-01"),
            minutes: 36_600,
        }];
        let leaves = from("2020-01-01", Some("2024-03-01"));
        assert_eq!(put_right(&terms, leaves, year(2024), &posted), -30_600);
        let done = [
            posted[0],
            Due {
                on: day("2024-03-01"),
                minutes: -30_600,
            },
        ];
        assert_eq!(put_right(&terms, leaves, year(2024), &done), 0);
        assert_eq!(
            put_right(&terms, from("2020-01-01", None), year(2024), &done),
            30_600
        );
        let other = Terms {
            amount: 40_000,
            ..terms
        };
        assert_eq!(
            put_right(&other, from("2020-01-01", None), year(2024), &posted),
            0
        );
    }
}
