//! What time does on paper: years begin and end, leave comes in and is lost, days are reckoned anew.

use chrono::NaiveDate;

use super::{Paper, PaperDay, Way, Year, months_after};

/// A part of an amount: the nearest whole minute; of two as near, the even one.
fn nearest(amount: i32, part: usize, whole: usize) -> i32 {
    let (part, whole) = (
        i64::try_from(part).unwrap_or_default(),
        i64::try_from(whole).unwrap_or(1),
    );
    let off = |minutes: i32| (i64::from(minutes) * whole - i64::from(amount) * part).abs();
    (0..=amount)
        .min_by_key(|minutes| (off(*minutes), minutes % 2))
        .unwrap_or_default()
}

impl Paper {
    /// What comes in for some days: of the amount as much as the person is there of them, on the first
    /// day on which they are.
    fn share(&self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, i32)> {
        let days: Vec<NaiveDate> = from.iter_days().take_while(|day| *day < to).collect();
        let there: Vec<&NaiveDate> = days.iter().filter(|day| **day >= self.hired).collect();
        let minutes = nearest(self.amount, there.len(), days.len());
        let first = there.first().copied()?;
        (minutes > 0).then_some((*first, minutes))
    }

    /// Begins the year of a day, if it has not begun.
    pub fn begin(&mut self, day: NaiveDate) {
        let year = self.year_of(day);
        if self.years.contains_key(&year) {
            return;
        }
        let end = self.months_of(year)[12];
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
            closed: false,
        };
        self.years.insert(year, empty);
        // What comes on its first day can be asked for before.
        self.come_in(year, year);
    }

    /// Lets in what is due by a day, that one included.
    fn come_in(&mut self, year: NaiveDate, today: NaiveDate) {
        let months = self.months_of(year);
        let due: Vec<(NaiveDate, i32)> = match self.way {
            Way::Upfront => self.share(year, months[12]).into_iter().collect(),
            Way::Monthly => months
                .windows(2)
                .filter_map(|month| self.share(month[0], month[1]))
                .collect(),
            Way::Hours(_) => Vec::new(),
        };
        let Some(of) = self.years.get_mut(&year) else {
            return;
        };
        let is_complete = self.way == Way::Upfront && !of.accrued.is_empty();
        for (on, minutes) in due {
            if on <= today && !is_complete {
                of.accrued.entry(on).or_insert(minutes);
            }
        }
        if let Way::Hours(hours) = self.way {
            self.come_in_by_hours(year, today, hours);
        }
    }

    /// For each month that is over: an amount for all full hours until then, less what came in.
    fn come_in_by_hours(&mut self, year: NaiveDate, today: NaiveDate, hours: i32) {
        for end in self.months_of(year).into_iter().skip(1) {
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
        if self.years.is_empty() {
            self.begin(today);
        }
        let years: Vec<NaiveDate> = self.years.keys().copied().collect();
        for year in years {
            if year > today {
                break;
            }
            let closed = self.years[&year].closed;
            if !closed {
                self.come_in(year, today);
            }
            self.lose_carried(year, today);
            let over = self.years[&year].end <= today;
            if over && (!closed || self.must_settle(year)) {
                self.close(year);
                return true;
            }
        }
        let year = self.year_of(today);
        if !self.years.contains_key(&year) {
            self.begin(today);
            return true;
        }
        false
    }

    /// Whether something of a year has still to go elsewhere.
    fn must_settle(&self, year: NaiveDate) -> bool {
        let next = self.years[&year].end;
        let has_room = !self.years.contains_key(&next) || self.free(next) + self.limit > 0;
        self.free(year) > 0 || (self.balance(year) < 0 && (self.encashes_debts || has_room))
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
    fn close(&mut self, year: NaiveDate) {
        let (left, owed, next) = (self.free(year), -self.balance(year), self.years[&year].end);
        if let Some(of) = self.years.get_mut(&year) {
            of.closed = true;
            if owed > 0 && self.encashes_debts {
                of.encashed -= owed;
                return;
            }
        }
        if left <= 0 && owed <= 0 {
            return;
        }
        self.begin(next);
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
