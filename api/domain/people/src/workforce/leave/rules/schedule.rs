//! What a day of leave costs: the minutes that its date was to have.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

/// Minutes from midnight to noon, where halves of a day meet.
pub const NOON: i32 = 720;
/// Minutes of a day on the wall.
pub const DAY: i32 = 1440;

/// Which part of a day is leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Portion {
    /// All of it.
    Full,
    /// The first half.
    Am,
    /// The second half.
    Pm,
    /// From one minute of the day to another, that one not included.
    Hours(i32, i32),
}

impl Portion {
    /// The value of the database's domain.
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Am => "am",
            Self::Pm => "pm",
            Self::Hours(..) => "hours",
        }
    }

    /// From the columns of a day of leave.
    pub fn of(code: &str, from: Option<i16>, to: Option<i16>) -> Self {
        match code {
            "am" => Self::Am,
            "pm" => Self::Pm,
            "hours" => Self::Hours(from.unwrap_or(0).into(), to.unwrap_or(0).into()),
            _ => Self::Full,
        }
    }

    /// The minutes of the day that it takes.
    pub fn minutes(self) -> (i32, i32) {
        match self {
            Self::Full => (0, DAY),
            Self::Am => (0, NOON),
            Self::Pm => (NOON, DAY),
            Self::Hours(from, to) => (from, to),
        }
    }

    /// Where hours are taken, from and to.
    pub fn bounds(self) -> (Option<i32>, Option<i32>) {
        match self {
            Self::Hours(from, to) => (Some(from), Some(to)),
            Self::Full | Self::Am | Self::Pm => (None, None),
        }
    }
}

/// A working day of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkDay {
    /// At which minute work begins; none where hours are free.
    pub begins: Option<i32>,
    /// Minutes of work.
    pub work: i32,
    /// Minutes of breaks, which are not work.
    pub rest: i32,
}

/// What somebody works when nothing else is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// After how many weeks it repeats.
    pub cycle_weeks: i64,
    /// A Monday on which a first week began.
    pub cycle_starts_on: NaiveDate,
    /// The working days by week of the cycle, from 1, and weekday, from Monday as 1.
    pub days: BTreeMap<(i64, u32), WorkDay>,
}

impl Schedule {
    /// The working day of a date; none where it is free.
    pub fn on(&self, date: NaiveDate) -> Option<WorkDay> {
        let weeks = (date - self.cycle_starts_on).num_days().div_euclid(7);
        let week = weeks.rem_euclid(self.cycle_weeks.max(1)) + 1;
        let weekday = date.weekday().number_from_monday();
        self.days.get(&(week, weekday)).copied()
    }

    /// The mean of its working days: what a free day costs where free days cost.
    pub fn mean(&self) -> i32 {
        let total: i64 = self.days.values().map(|day| i64::from(day.work)).sum();
        super::part(1, total, i64::try_from(self.days.len()).unwrap_or(i64::MAX))
    }

    /// A week of equal days from Monday to Friday: of whom only a contract is known.
    pub fn of_contract(weekly_minutes: i32) -> Self {
        let day = |weekday| {
            // Whole minutes, the first days longer by one where five do not divide it.
            let more = weekly_minutes % 5 >= i32::try_from(weekday).unwrap_or(5);
            let work = weekly_minutes / 5 + i32::from(more);
            let day = WorkDay {
                begins: None,
                work: work.min(DAY),
                rest: 0,
            };
            ((1, weekday), day)
        };
        Self {
            cycle_weeks: 1,
            cycle_starts_on: NaiveDate::default(),
            days: (1..=5)
                .map(day)
                .filter(|(_, day): &((i64, u32), WorkDay)| day.work > 0)
                .collect(),
        }
    }
}

/// Which halves of a date are holidays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holiday {
    /// The first half.
    pub am: bool,
    /// The second half.
    pub pm: bool,
}

impl Holiday {
    /// With another holiday of the same date, by the database's kind.
    #[must_use]
    pub fn and(self, kind: &str) -> Self {
        Self {
            am: self.am || kind != "half_pm",
            pm: self.pm || kind != "half_am",
        }
    }
}

/// What costs leave besides days of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Holidays.
    pub holidays: bool,
    /// Days that the schedule leaves free.
    pub weekends: bool,
}

/// What a date has, and what a portion of it costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Minutes of work. Of a half whose other half is a holiday, those of a day without it: of it,
    /// the half is all that there is to work.
    pub scheduled: i32,
    /// Minutes that the leave costs.
    pub minutes: i32,
}

/// The two halves of a day's work; of an odd number, the first is longer by one.
pub fn halves(work: i32) -> (i32, i32) {
    (work - work / 2, work / 2)
}

/// What a portion of a date costs. Both halves of a day cost what the day does, with or without
/// holidays. Who has no schedule (casual staff) can take hours alone, at what they last.
pub fn cost(
    schedule: Option<&Schedule>,
    counts: Counts,
    holiday: Holiday,
    date: NaiveDate,
    portion: Portion,
) -> Cost {
    let holiday = if counts.holidays {
        Holiday::default()
    } else {
        holiday
    };
    let Some(schedule) = schedule else {
        let minutes = match portion {
            Portion::Hours(from, to) => without((from, to), holiday),
            Portion::Full | Portion::Am | Portion::Pm => 0,
        };
        return Cost {
            scheduled: minutes,
            minutes,
        };
    };
    let planned = schedule.on(date);
    let mean = || WorkDay {
        begins: None,
        work: schedule.mean(),
        rest: 0,
    };
    let Some(day) = planned.or_else(|| counts.weekends.then(mean)) else {
        return Cost::default();
    };
    let (am, pm) = halves(day.work);
    let (am, pm) = (
        if holiday.am { 0 } else { am },
        if holiday.pm { 0 } else { pm },
    );
    let scheduled = am + pm;
    let half = |minutes: i32| Cost {
        scheduled: if minutes > 0 { day.work } else { scheduled },
        minutes,
    };
    match portion {
        Portion::Full => Cost {
            scheduled,
            minutes: scheduled,
        },
        Portion::Am => half(am),
        Portion::Pm => half(pm),
        Portion::Hours(from, to) => {
            let window = day.begins.map_or((0, DAY), |begins| {
                (begins, (begins + day.work + day.rest).min(DAY))
            });
            let common = (from.max(window.0), to.min(window.1));
            Cost {
                scheduled,
                minutes: without(common, holiday).min(scheduled),
            }
        }
    }
}

/// The minutes of a time of day that are no holiday.
fn without((from, to): (i32, i32), holiday: Holiday) -> i32 {
    let length = |from: i32, to: i32| (to - from).max(0);
    let am = length(from, to.min(NOON));
    let pm = length(from.max(NOON), to);
    (if holiday.am { 0 } else { am }) + (if holiday.pm { 0 } else { pm })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Counts = Counts {
        holidays: false,
        weekends: false,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Monday to Thursday eight hours from nine with an hour's break, Friday five; each second Friday free.
    fn office() -> Schedule {
        let long = WorkDay {
            begins: Some(540),
            work: 480,
            rest: 60,
        };
        let short = WorkDay {
            begins: Some(540),
            work: 301,
            rest: 0,
        };
        let mut days: BTreeMap<_, _> = (1..=2)
            .flat_map(|week| (1..=4).map(move |weekday| ((week, weekday), long)))
            .collect();
        days.insert((1, 5), short);
        Schedule {
            cycle_weeks: 2,
            cycle_starts_on: day("2024-01-01"),
            days,
        }
    }

    fn costs(date: &str, holiday: &[&str], counts: Counts, portion: Portion) -> i32 {
        let holiday = holiday
            .iter()
            .fold(Holiday::default(), |all, kind| all.and(kind));
        cost(Some(&office()), counts, holiday, day(date), portion).minutes
    }

    #[test]
    fn e57_a_short_day_costs_what_it_has_and_half_of_it_half() {
        assert_eq!(
            costs("2026-03-02", &[], PLAIN, Portion::Full),
            480,
            "a Monday"
        );
        // 2026-03-06 is a Friday of an odd week of the cycle, the next one of an even week.
        let fridays = [day("2026-03-06"), day("2026-03-13")];
        let of = |date: NaiveDate, portion| {
            cost(Some(&office()), PLAIN, Holiday::default(), date, portion).minutes
        };
        let (short, free) = if of(fridays[0], Portion::Full) > 0 {
            (fridays[0], fridays[1])
        } else {
            (fridays[1], fridays[0])
        };
        assert_eq!(
            (
                of(short, Portion::Full),
                of(short, Portion::Am),
                of(short, Portion::Pm)
            ),
            (301, 151, 150)
        );
        assert_eq!(of(free, Portion::Full), 0);
        assert_eq!(of(short, Portion::Hours(600, 660)), 60);
        assert_eq!(
            of(short, Portion::Hours(0, 600)),
            60,
            "before nine nothing is worked"
        );
        assert_eq!(
            costs("2026-03-02", &[], PLAIN, Portion::Hours(0, DAY)),
            480,
            "no break is charged"
        );
    }

    #[test]
    fn e57_a_half_day_of_holiday_leaves_the_other_half_to_be_charged() {
        let at = |kinds: &[&str], portion| costs("2026-03-02", kinds, PLAIN, portion);
        assert_eq!(at(&["half_pm"], Portion::Full), 240);
        assert_eq!(at(&["half_pm"], Portion::Am), 240);
        assert_eq!(at(&["half_pm"], Portion::Pm), 0);
        assert_eq!(at(&["full"], Portion::Full), 0);
        assert_eq!(at(&["half_am", "half_pm"], Portion::Am), 0);
        assert_eq!(at(&["half_am"], Portion::Hours(600, 840)), 120);
        let holidays = Counts {
            holidays: true,
            ..PLAIN
        };
        assert_eq!(costs("2026-03-02", &["full"], holidays, Portion::Full), 480);
    }

    #[test]
    fn free_days_cost_the_mean_of_the_others_where_they_cost() {
        let weekends = Counts {
            weekends: true,
            ..PLAIN
        };
        assert_eq!(costs("2026-03-01", &[], PLAIN, Portion::Full), 0);
        assert_eq!(
            costs("2026-03-01", &[], weekends, Portion::Full),
            office().mean()
        );
        assert_eq!(office().mean(), 460, "eight days of 480 and one of 301");
    }

    #[test]
    fn of_a_contract_alone_the_week_is_from_monday_to_friday() {
        let week = Schedule::of_contract(1203);
        let works = |date: &str| week.on(day(date)).map_or(0, |day| day.work);
        let all = [
            "2026-03-02",
            "2026-03-03",
            "2026-03-04",
            "2026-03-05",
            "2026-03-06",
            "2026-03-07",
            "2026-03-08",
        ]
        .map(works);
        assert_eq!(all, [241, 241, 241, 240, 240, 0, 0]);
        let hours = Portion::Hours(600, 700);
        assert_eq!(
            cost(None, PLAIN, Holiday::default(), day("2026-03-01"), hours).minutes,
            100
        );
        assert_eq!(
            cost(
                None,
                PLAIN,
                Holiday::default(),
                day("2026-03-02"),
                Portion::Full
            )
            .minutes,
            0
        );
    }
}
