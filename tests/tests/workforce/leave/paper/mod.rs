//! Leave as one would keep it on paper: year by year, day by day, with no sums kept. Independent of the
//! program's rules, and slow.

mod clock;
mod leaving;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

/// Which part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Full,
    Am,
    Pm,
}

impl Part {
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Am => "AM",
            Self::Pm => "PM",
        }
    }

    fn meets(self, other: Self) -> bool {
        self == Self::Full || other == Self::Full || self == other
    }
}

/// A day of a request on paper.
#[derive(Clone, Copy, Debug)]
pub struct PaperDay {
    pub part: Part,
    pub minutes: i32,
    pub kept: bool,
}

/// A request on paper.
#[derive(Clone, Debug)]
pub struct PaperRequest {
    pub id: String,
    pub status: &'static str,
    pub days: BTreeMap<NaiveDate, PaperDay>,
}

impl PaperRequest {
    /// Whether its days are reserved, or taken.
    fn counts(&self) -> Option<bool> {
        match self.status {
            "submitted" => Some(false),
            "approved" | "partially_recalled" | "taken" => Some(true),
            _ => None,
        }
    }

    pub fn total(&self) -> i32 {
        self.days
            .values()
            .filter(|day| day.kept)
            .map(|day| day.minutes)
            .sum()
    }
}

/// A year of leave on paper.
#[derive(Clone, Debug)]
pub struct Year {
    /// First day of the next one.
    pub end: NaiveDate,
    /// What came in, by day.
    pub accrued: BTreeMap<NaiveDate, i32>,
    pub carried_in: i32,
    pub carry_lost: i32,
    pub carry_expires: Option<NaiveDate>,
    pub expired: i32,
    pub carried_out: i32,
    pub encashed: i32,
    pub adjusted: i32,
    /// What was taken back of what came in, below 0, or given back after that.
    pub corrections: Vec<i32>,
    pub closed: bool,
    /// The day on which it was closed first.
    pub closed_on: Option<NaiveDate>,
}

impl Year {
    pub fn came_in(&self) -> i32 {
        self.accrued.values().sum::<i32>() + self.corrections.iter().sum::<i32>()
    }
}

/// How leave comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Upfront,
    Monthly,
    /// For each full so many hours worked.
    Hours(i32),
}

/// All that is known of somebody's leave.
#[derive(Clone, Debug)]
pub struct Paper {
    pub work: [i32; 7],
    pub feasts: BTreeMap<NaiveDate, (bool, bool)>,
    pub way: Way,
    /// A day on which some year of leave began; that of being hired if none.
    pub anchor: Option<NaiveDate>,
    pub amount: i32,
    pub limit: i32,
    pub carry_max: i32,
    pub encashes_debts: bool,
    pub hired: NaiveDate,
    /// The first day on which they work here no more.
    pub left: Option<NaiveDate>,
    /// Minutes worked, by day.
    pub worked: BTreeMap<NaiveDate, i32>,
    /// By their first days.
    pub years: BTreeMap<NaiveDate, Year>,
    pub requests: Vec<PaperRequest>,
}

/// The day so many months after another, by counting months off; the last of a month that is too short.
pub fn months_after(day: NaiveDate, months: i32) -> NaiveDate {
    let (mut year, mut month) = (day.year(), day.month());
    for _ in 0..months.abs() {
        (year, month) = match (months > 0, month) {
            (true, 12) => (year + 1, 1),
            (true, _) => (year, month + 1),
            (false, 1) => (year - 1, 12),
            (false, _) => (year, month - 1),
        };
    }
    let last = (1..=day.day()).rev();
    last.filter_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .next()
        .unwrap_or_default()
}

impl Paper {
    pub fn cost(&self, on: NaiveDate, part: Part) -> i32 {
        let weekday = on.weekday().num_days_from_monday();
        let work = usize::try_from(weekday).map_or(0, |index| self.work[index]);
        let (am, pm) = self.feasts.get(&on).copied().unwrap_or((false, false));
        // Minute by minute: the first goes to the morning, the second to the afternoon.
        let mut cost = 0;
        for minute in 0..work {
            let morning = minute % 2 == 0;
            let free = if morning { am } else { pm };
            let wanted = match part {
                Part::Full => true,
                Part::Am => morning,
                Part::Pm => !morning,
            };
            cost += i32::from(wanted && !free);
        }
        cost
    }

    /// The year of leave of a day, by the calendar alone.
    fn whole_year(&self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let origin = self.anchor.unwrap_or(self.hired);
        let mut months = 0;
        while months_after(origin, months) > day {
            months -= 12;
        }
        while months_after(origin, months + 12) <= day {
            months += 12;
        }
        (
            months_after(origin, months),
            months_after(origin, months + 12),
        )
    }

    /// The year of leave of a day, between those that were begun before and after it.
    fn year_at(&self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let (mut first, mut end) = self.whole_year(day);
        for (other, of) in &self.years {
            if *other <= day && day < of.end {
                return (*other, of.end);
            } else if of.end <= day {
                first = first.max(of.end);
            } else {
                end = end.min(*other);
            }
        }
        (first, end)
    }

    /// The first day of the year of leave that a day falls in.
    pub fn year_of(&self, day: NaiveDate) -> NaiveDate {
        self.year_at(day).0
    }

    /// The months that some days touch: the whole ones, and what of them is within the days.
    fn months(&self, from: NaiveDate, to: NaiveDate) -> Vec<[NaiveDate; 4]> {
        let origin = self.anchor.unwrap_or(self.hired);
        let mut number = 0;
        while months_after(origin, number) > from {
            number -= 1;
        }
        while months_after(origin, number + 1) <= from {
            number += 1;
        }
        let mut found = Vec::new();
        while months_after(origin, number) < to {
            let (first, end) = (
                months_after(origin, number),
                months_after(origin, number + 1),
            );
            found.push([first, end, first.max(from), end.min(to)]);
            number += 1;
        }
        found
    }

    /// Whether the person works here on a day.
    pub fn works(&self, day: NaiveDate) -> bool {
        self.hired <= day && self.left.is_none_or(|left| day < left)
    }

    /// The days that count in a year, with what they cost, and whether they are taken.
    pub fn days_of(&self, year: NaiveDate) -> Vec<(NaiveDate, i32, bool)> {
        let mut found = Vec::new();
        for request in &self.requests {
            let Some(taken) = request.counts() else {
                continue;
            };
            for (on, day) in request
                .days
                .iter()
                .filter(|(on, day)| day.kept && self.year_of(**on) == year)
            {
                found.push((*on, day.minutes, taken));
            }
        }
        found.sort_unstable();
        found
    }

    pub fn taken(&self, year: NaiveDate) -> i32 {
        self.days_of(year)
            .iter()
            .filter(|day| day.2)
            .map(|day| day.1)
            .sum()
    }

    pub fn reserved(&self, year: NaiveDate) -> i32 {
        self.days_of(year)
            .iter()
            .filter(|day| !day.2)
            .map(|day| day.1)
            .sum()
    }

    pub fn balance(&self, year: NaiveDate) -> i32 {
        let Some(of) = self.years.get(&year) else {
            return 0;
        };
        of.came_in() + of.carried_in - of.carry_lost - of.expired - of.carried_out - of.encashed
            + of.adjusted
            - self.taken(year)
    }

    pub fn free(&self, year: NaiveDate) -> i32 {
        self.balance(year) - self.reserved(year)
    }

    /// Whether more days fit: those on or after the day on which carried-over leave expires are paid
    /// for by the year's own leave alone.
    pub fn fits(&self, new: &[(NaiveDate, i32)]) -> bool {
        let mut years: Vec<NaiveDate> = new.iter().map(|(on, _)| self.year_of(*on)).collect();
        years.dedup();
        years.into_iter().all(|year| self.fits_in(year, new))
    }

    fn fits_in(&self, year: NaiveDate, new: &[(NaiveDate, i32)]) -> bool {
        let Some(of) = self.years.get(&year) else {
            return false;
        };
        let mine: Vec<(NaiveDate, i32)> = new
            .iter()
            .copied()
            .filter(|(on, _)| self.year_of(*on) == year)
            .collect();
        let more: i32 = mine.iter().map(|(_, minutes)| minutes).sum();
        if more > self.free(year) + self.limit {
            return false;
        }
        let Some(expires) = of.carry_expires else {
            return true;
        };
        if !mine
            .iter()
            .any(|(on, minutes)| *on >= expires && *minutes > 0)
        {
            return true;
        }
        // Two purses, and all days in their order.
        let brought = of.carried_in - of.carry_lost;
        let mut carried = brought.max(0);
        let mut own = of.came_in() + of.adjusted - of.expired - of.carried_out - of.encashed
            + brought.min(0)
            + self.limit;
        let mut all: Vec<(NaiveDate, i32)> = self
            .days_of(year)
            .iter()
            .map(|day| (day.0, day.1))
            .collect();
        all.extend(mine);
        all.sort_unstable();
        for (on, minutes) in all {
            let from_carried = if on < expires {
                minutes.min(carried)
            } else {
                0
            };
            carried -= from_carried;
            own -= minutes - from_carried;
        }
        own >= 0
    }

    /// Whether somebody is away already.
    pub fn is_away(&self, on: NaiveDate, part: Part) -> bool {
        self.requests
            .iter()
            .filter(|request| request.counts().is_some())
            .any(|request| {
                request
                    .days
                    .get(&on)
                    .is_some_and(|day| day.kept && day.part.meets(part))
            })
    }
}
