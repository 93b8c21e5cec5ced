//! Leaving and coming back, on paper.

use chrono::NaiveDate;

use super::clock::nearest;
use super::{Paper, Way, Year};

impl Year {
    /// Closes it; the first time counts.
    pub(super) fn close_on(&mut self, today: NaiveDate) {
        self.closed = true;
        self.closed_on.get_or_insert(today);
    }

    fn closed_early(&self) -> Option<NaiveDate> {
        self.closed_on.filter(|on| self.closed && *on < self.end)
    }
}

impl Paper {
    /// Whether a year ended because they left, now or before they came back.
    pub(super) fn ended_by_leaving(&self, year: NaiveDate, today: NaiveDate) -> bool {
        let end = self.years[&year].end;
        let left = self.left.filter(|left| *left <= today);
        end <= self.hired || left.is_some_and(|left| left <= end)
    }

    /// Of what came in they keep as much as would have come had it been known when they leave.
    pub(super) fn put_right(&mut self, year: NaiveDate, has_left: bool) {
        let of = self.years[&year].clone();
        let leaves = self.left.is_some_and(|left| left < of.end);
        let came_early = of.accrued.keys().any(|on| *on < self.hired);
        let was_corrected = of.corrections.iter().any(|minutes| *minutes < 0);
        let is_by_hours = matches!(self.way, Way::Hours(_));
        if is_by_hours || of.end <= self.hired || !(leaves || came_early || was_corrected) {
            return;
        }
        let real = self.due(year);
        let stays = Self {
            left: None,
            ..self.clone()
        };
        let whole = stays.due(year);
        let on_day = |dues: &[(NaiveDate, i32)], on: NaiveDate| {
            let found = dues.iter().find(|due| due.0 == on);
            found.map_or(0, |due| due.1)
        };
        let mut keeps = 0;
        for (on, minutes) in &of.accrued {
            let (real, whole) = (on_day(&real, *on), on_day(&whole, *on));
            if whole > 0 {
                let part = nearest(*minutes, real.into(), whole.into());
                keeps += part.max(real.min(*minutes));
            }
        }
        let mut change = keeps - of.came_in();
        if !has_left {
            change = change.max(-(self.free(year) + self.limit).max(0));
        }
        if let Some(of) = self.years.get_mut(&year).filter(|_| change != 0) {
            of.corrections.push(change);
        }
    }

    /// Ends the year of whoever leaves: minute by minute, what is owed is deducted from the last pay, or
    /// paid back if it is there after all. The rest stays.
    pub(super) fn close_for_good(&mut self, year: NaiveDate, today: NaiveDate) {
        if !self.years[&year].closed {
            self.put_right(year, true);
        }
        self.years.entry(year).and_modify(|of| of.close_on(today));
        while self.free(year) < 0 {
            self.years.entry(year).and_modify(|of| of.encashed -= 1);
        }
        while self.free(year) > 0 && self.years[&year].encashed < 0 {
            self.years.entry(year).and_modify(|of| of.encashed += 1);
        }
    }

    /// Years that a leaving ended early end before the day on which they came back.
    pub fn come_back(&mut self) {
        let hired = self.hired;
        for (year, of) in &mut self.years {
            let Some(closed_on) = of.closed_early() else {
                continue;
            };
            let came_early = of.accrued.keys().any(|on| *on < hired);
            if (came_early || closed_on < hired) && *year < hired && hired < of.end {
                of.end = hired;
            }
        }
    }

    /// A year that a leaving ended early goes on if they stay after all.
    pub(super) fn go_on(&mut self, year: NaiveDate, today: NaiveDate) {
        let closed_on = self.years[&year].closed_early();
        let goes_on = closed_on.is_some_and(|on| self.works(on) && self.works(today));
        if let Some(of) = self.years.get_mut(&year).filter(|_| goes_on) {
            of.closed = false;
            of.closed_on = None;
        }
    }
}
