//! What time does on paper: years begin and end, leave comes in and is lost, days are reckoned anew.

use chrono::NaiveDate;

use super::{Paper, PaperDay, Way, Year, months_after};

/// A part of an amount: the nearest whole minute; of two as near, the even one.
pub(super) fn nearest(amount: i32, part: i64, whole: i64) -> i32 {
    let off = |minutes: i32| (i64::from(minutes) * whole - i64::from(amount) * part).abs();
    (0..=amount)
        .min_by_key(|minutes| (off(*minutes), minutes % 2))
        .unwrap_or_default()
}

/// How many days there are from one to another.
fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}

impl Paper {
    /// What comes in for some days of a whole time: of the amount as much as the person is there, on the
    /// first day on which they are.
    fn share(&self, [first, end, from, to]: [NaiveDate; 4]) -> Option<(NaiveDate, i32)> {
        let there: Vec<NaiveDate> = from
            .iter_days()
            .take_while(|day| *day < to)
            .filter(|day| self.works(*day))
            .collect();
        let part = i64::try_from(there.len()).unwrap_or_default();
        let minutes = nearest(self.amount, part, days(first, end));
        let first = there.first().copied()?;
        (minutes > 0).then_some((first, minutes))
    }

    /// All that comes in by the calendar for a year of leave.
    pub(super) fn due(&self, year: NaiveDate) -> Vec<(NaiveDate, i32)> {
        let end = self.years[&year].end;
        match self.way {
            Way::Upfront => {
                let (first, last) = self.whole_year(year);
                self.share([first, last, year, end]).into_iter().collect()
            }
            Way::Monthly => {
                let months = self.months(year, end);
                months.into_iter().filter_map(|of| self.share(of)).collect()
            }
            Way::Hours(_) => Vec::new(),
        }
    }

    /// Begins the year of a day, if it has not begun.
    pub fn begin(&mut self, day: NaiveDate, today: NaiveDate) {
        let (year, end) = self.year_at(day);
        if self.years.contains_key(&year) {
            return;
        }
        let empty = Year {
            end,
            accrued: std::collections::BTreeMap::new(),
            carried_in: 0,
            carry_lost: 0,
            carry_expires: None,
            expired: 0,
            carried_out: 0,
            encashed: 0,
            adjusted: 0,
            corrections: Vec::new(),
            closed: false,
            closed_on: None,
        };
        self.years.insert(year, empty);
        // What comes on its first day can be asked for before.
        self.accrue(year, today.max(year));
    }

    /// Lets in what the calendar says by a day, that one included.
    fn accrue(&mut self, year: NaiveDate, today: NaiveDate) {
        let (due, hired) = (self.due(year), self.hired);
        let Some(of) = self.years.get_mut(&year) else {
            return;
        };
        let came = of.accrued.keys().any(|on| *on >= hired);
        let is_complete = self.way == Way::Upfront && came;
        for (on, minutes) in due {
            if on <= today && !is_complete {
                of.accrued.entry(on).or_insert(minutes);
            }
        }
    }

    /// Lets in what is due by a day, and puts right what came in.
    fn come_in(&mut self, year: NaiveDate, today: NaiveDate) {
        self.accrue(year, today);
        if let Way::Hours(hours) = self.way {
            self.come_in_by_hours(year, today, hours);
        }
        self.put_right(year, false);
    }

    /// For each month that is over: an amount for all full hours until then, less what came in.
    fn come_in_by_hours(&mut self, year: NaiveDate, today: NaiveDate, hours: i32) {
        let end = self.years[&year].end;
        let end = self.left.map_or(end, |left| left.min(end));
        if end <= year {
            return;
        }
        for [_, _, _, end] in self.months(year, end) {
            let last = |of: &Year| of.accrued.keys().next_back().copied();
            let known = self.years.get(&year).and_then(last);
            let on = end.pred_opt().unwrap_or(end);
            if end > today || known.is_some_and(|known| on <= known) {
                continue;
            }
            let worked: i32 = self.worked.range(year..end).map(|day| day.1).sum();
            let all = worked / (hours * 60) * self.amount;
            let Some(of) = self.years.get_mut(&year) else {
                continue;
            };
            let more = all - of.came_in();
            if more > 0 {
                of.accrued.insert(on, more);
            }
        }
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
        if self.years.is_empty() && self.works(today) {
            self.begin(today, today);
        }
        let years: Vec<NaiveDate> = self.years.keys().copied().collect();
        for year in years {
            if year > today {
                break;
            }
            self.go_on(year, today);
            let closed = self.years[&year].closed;
            if !closed {
                self.come_in(year, today);
            }
            self.lose_carried(year, today);
            let over =
                self.years[&year].end <= today || self.left.is_some_and(|left| left <= today);
            if over && (!closed || self.must_settle(year, today)) {
                self.close(year, today);
                return true;
            }
        }
        let known = self.years.contains_key(&self.year_of(today));
        if !known && self.works(today) {
            self.begin(today, today);
            return true;
        }
        false
    }

    /// Whether something of a year has still to go elsewhere.
    fn must_settle(&self, year: NaiveDate, today: NaiveDate) -> bool {
        let (of, free) = (&self.years[&year], self.free(year));
        if self.ended_by_leaving(year, today) {
            return free < 0 || (free > 0 && of.encashed < 0);
        }
        let next = of.end;
        let has_room = !self.years.contains_key(&next) || self.free(next) + self.limit > 0;
        free > 0 || (self.balance(year) < 0 && (self.encashes_debts || has_room))
    }

    fn lose_carried(&mut self, year: NaiveDate, today: NaiveDate) {
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

    /// Ends a year: minute by minute, what is left is paid back where a debt was deducted, or goes into
    /// the next year as long as that takes it, or is lost; what is owed is deducted, or goes there too.
    fn close(&mut self, year: NaiveDate, today: NaiveDate) {
        if self.ended_by_leaving(year, today) {
            return self.close_for_good(year, today);
        }
        let (left, owed, next) = (self.free(year), -self.balance(year), self.years[&year].end);
        if let Some(of) = self.years.get_mut(&year) {
            of.close_on(today);
            if owed > 0 && self.encashes_debts {
                of.encashed -= owed;
                return;
            }
        }
        if left <= 0 && owed <= 0 {
            return;
        }
        self.begin(next, today);
        for _ in 0..owed.max(0) {
            if self.free(next) + self.limit > 0 {
                self.hand_over(year, next, -1);
            }
        }
        for _ in 0..left.max(0) {
            let of = &self.years[&year];
            if of.encashed < 0 {
                self.years.entry(year).and_modify(|of| of.encashed += 1);
            } else if of.carried_out < self.carry_max {
                self.hand_over(year, next, 1);
                let expires = months_after(next, 3);
                self.years.entry(next).and_modify(|of| {
                    of.carry_expires.get_or_insert(expires);
                });
            } else {
                self.years.entry(year).and_modify(|of| of.expired += 1);
            }
        }
    }

    fn hand_over(&mut self, from: NaiveDate, to: NaiveDate, minutes: i32) {
        self.years
            .entry(from)
            .and_modify(|of| of.carried_out += minutes);
        self.years
            .entry(to)
            .and_modify(|of| of.carried_in += minutes);
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
            let mut changes: Vec<(bool, NaiveDate, i32, bool)> = coming
                .iter()
                .map(|(on, day)| {
                    let works = self.works(*on);
                    let new = if works { self.cost(*on, day.part) } else { 0 };
                    (new > day.minutes, *on, new, !works)
                })
                .filter(|(_, on, new, is_after)| {
                    *is_after || self.requests[index].days[on].minutes != *new
                })
                .collect();
            changes.sort_unstable();
            let mut done = false;
            for (dearer, on, minutes, is_after) in changes {
                let old = self.requests[index].days[&on].minutes;
                if dearer && !self.fits(&[(on, minutes - old)]) {
                    continue;
                }
                done = true;
                if let Some(day) = self.requests[index].days.get_mut(&on) {
                    day.minutes = minutes;
                    day.kept = !is_after;
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
