//! Leave as one would keep it on paper: year by year, day by day, with no sums kept. Independent of the
//! program's rules, and slow.

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
#[derive(Clone, Debug, Default)]
pub struct Year {
    pub accrued: i32,
    pub carried_in: i32,
    pub carry_lost: i32,
    pub carry_expires: Option<NaiveDate>,
    pub expired: i32,
    pub carried_out: i32,
    pub adjusted: i32,
    pub closed: bool,
}

/// All that is known of somebody's leave.
#[derive(Clone, Debug)]
pub struct Paper {
    pub work: [i32; 7],
    pub feasts: BTreeMap<NaiveDate, (bool, bool)>,
    pub amount: i32,
    pub limit: i32,
    pub carry_max: i32,
    pub hired: NaiveDate,
    pub years: BTreeMap<i32, Year>,
    pub requests: Vec<PaperRequest>,
}

fn new_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
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

    /// The days that count in a year, with what they cost, and whether they are taken.
    fn days_of(&self, year: i32) -> Vec<(NaiveDate, i32, bool)> {
        let mut found = Vec::new();
        for request in &self.requests {
            let Some(taken) = request.counts() else {
                continue;
            };
            for (on, day) in request
                .days
                .iter()
                .filter(|(on, day)| day.kept && on.year() == year)
            {
                found.push((*on, day.minutes, taken));
            }
        }
        found.sort_unstable();
        found
    }

    pub fn taken(&self, year: i32) -> i32 {
        self.days_of(year)
            .iter()
            .filter(|day| day.2)
            .map(|day| day.1)
            .sum()
    }

    pub fn reserved(&self, year: i32) -> i32 {
        self.days_of(year)
            .iter()
            .filter(|day| !day.2)
            .map(|day| day.1)
            .sum()
    }

    pub fn balance(&self, year: i32) -> i32 {
        let Some(of) = self.years.get(&year) else {
            return 0;
        };
        of.accrued + of.carried_in - of.carry_lost - of.expired - of.carried_out + of.adjusted
            - self.taken(year)
    }

    pub fn free(&self, year: i32) -> i32 {
        self.balance(year) - self.reserved(year)
    }

    /// Begins a year: its amount, or the part of its days since the person came.
    pub fn begin(&mut self, year: i32) {
        if self.years.contains_key(&year) {
            return;
        }
        let days: Vec<NaiveDate> = new_year(year)
            .iter_days()
            .take_while(|day| day.year() == year)
            .collect();
        let there = days.iter().filter(|day| **day >= self.hired).count();
        let all = i64::try_from(days.len()).unwrap_or(1);
        let there = i64::try_from(there).unwrap_or_default();
        // The nearest whole minute; of two as near, the even one.
        let near = |minutes: i32| (i64::from(minutes) * all - i64::from(self.amount) * there).abs();
        let accrued = (0..=self.amount)
            .min_by_key(|minutes| (near(*minutes), minutes % 2))
            .unwrap_or_default();
        self.years.insert(
            year,
            Year {
                accrued,
                ..Year::default()
            },
        );
    }

    /// Whether more days fit: those on or after the day on which carried-over leave expires are paid
    /// for by the year's own leave alone.
    pub fn fits(&self, new: &[(NaiveDate, i32)]) -> bool {
        let mut years: Vec<i32> = new.iter().map(|(on, _)| on.year()).collect();
        years.dedup();
        years.into_iter().all(|year| self.fits_in(year, new))
    }

    fn fits_in(&self, year: i32, new: &[(NaiveDate, i32)]) -> bool {
        let Some(of) = self.years.get(&year) else {
            return false;
        };
        let mine: Vec<(NaiveDate, i32)> = new
            .iter()
            .copied()
            .filter(|(on, _)| on.year() == year)
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
        let mut carried = of.carried_in - of.carry_lost;
        let mut own = of.accrued + of.adjusted - of.expired - of.carried_out + self.limit;
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

    /// What the clock does by a day.
    pub fn tick(&mut self, today: NaiveDate) {
        while self.step(today) {}
        for request in &mut self.requests {
            let over = request
                .days
                .keys()
                .next_back()
                .is_some_and(|last| *last < today);
            if over && matches!(request.status, "approved" | "partially_recalled") {
                request.status = "taken";
            }
        }
    }

    fn step(&mut self, today: NaiveDate) -> bool {
        if self.years.is_empty() {
            self.begin(today.year());
        }
        let years: Vec<i32> = self.years.keys().copied().collect();
        for year in years {
            if new_year(year) > today {
                break;
            }
            self.lose_carried(year, today);
            let over = new_year(year + 1) <= today;
            let closed = self.years[&year].closed;
            if over && (!closed || self.free(year) > 0) {
                self.close(year);
                return true;
            }
        }
        if !self.years.contains_key(&today.year()) {
            self.begin(today.year());
            return true;
        }
        false
    }

    fn lose_carried(&mut self, year: i32, today: NaiveDate) {
        let free = self.free(year);
        let of = &self.years[&year];
        let Some(expires) = of.carry_expires.filter(|expires| *expires <= today) else {
            return;
        };
        let used: i32 = self
            .days_of(year)
            .iter()
            .filter(|day| day.0 < expires)
            .map(|day| day.1)
            .sum();
        let unused = of.carried_in - of.carry_lost - used;
        let lost = unused.min(free).max(0);
        if let Some(of) = self.years.get_mut(&year) {
            of.carry_lost += lost;
        }
    }

    fn close(&mut self, year: i32) {
        let left = self.free(year).max(0);
        if left > 0 {
            self.begin(year + 1);
        }
        let Some(of) = self.years.get_mut(&year) else {
            return;
        };
        of.closed = true;
        if left == 0 {
            return;
        }
        let carry = (self.carry_max - of.carried_out).clamp(0, left);
        of.carried_out += carry;
        of.expired += left - carry;
        if let Some(next) = self.years.get_mut(&(year + 1)) {
            next.carried_in += carry;
            if carry > 0 && next.carry_expires.is_none() {
                next.carry_expires = NaiveDate::from_ymd_opt(year + 1, 4, 1);
            }
        }
    }

    /// Reckons days to come anew, request by request: what becomes cheaper first, then what fits.
    pub fn reckon(&mut self, today: NaiveDate) {
        for index in 0..self.requests.len() {
            if !matches!(
                self.requests[index].status,
                "submitted" | "approved" | "partially_recalled"
            ) {
                continue;
            }
            let coming: Vec<(NaiveDate, PaperDay)> = self.requests[index]
                .days
                .iter()
                .filter(|(on, day)| **on >= today && day.kept)
                .map(|(on, day)| (*on, *day))
                .collect();
            let mut changes: Vec<(bool, NaiveDate, i32)> = coming
                .iter()
                .map(|(on, day)| (*on, day.minutes, self.cost(*on, day.part)))
                .filter(|(_, old, new)| old != new)
                .map(|(on, old, new)| (new > old, on, new))
                .collect();
            changes.sort_unstable();
            let mut done = false;
            for (dearer, on, minutes) in changes {
                let old = self.requests[index].days[&on].minutes;
                if dearer && !self.fits(&[(on, minutes - old)]) {
                    continue;
                }
                done = true;
                if let Some(day) = self.requests[index].days.get_mut(&on) {
                    day.minutes = minutes;
                }
            }
            let request = &mut self.requests[index];
            if done && request.total() == 0 && request.status != "partially_recalled" {
                request.status = if request.status == "submitted" {
                    "withdrawn"
                } else {
                    "cancelled"
                };
            }
        }
    }
}
