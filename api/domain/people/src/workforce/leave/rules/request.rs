//! A request: its days, what they cost by period, and what keeps it from being sent.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::account::Figures;
use super::accrual::{Employment, Terms};
use super::schedule::{Cost, Counts, Holiday, Portion, Schedule, cost};
use super::years::Days;

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// First day, and first day back.
    pub days: Days,
    /// Which part of the first day; of a single day, which part of it.
    pub first: Portion,
    /// Which part of the last day.
    pub last: Portion,
}

impl Wish {
    /// The days, and which part of each.
    pub fn portions(&self) -> Vec<(NaiveDate, Portion)> {
        let (from, back) = self.days;
        let all = from.iter_days().take_while(|day| *day < back);
        let last = back.pred_opt();
        all.map(|day| {
            let portion = if day == from {
                self.first
            } else if Some(day) == last {
                self.last
            } else {
                Portion::Full
            };
            (day, portion)
        })
        .collect()
    }
}

/// A day of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaveDay {
    /// The day.
    pub on: NaiveDate,
    /// Which part of it.
    pub portion: Portion,
    /// What it has and costs.
    pub cost: Cost,
}

/// What days cost by somebody's schedule and holidays; days on which they do not work here cost
/// nothing.
pub fn days(
    portions: &[(NaiveDate, Portion)],
    schedule: Option<&Schedule>,
    counts: Counts,
    holidays: &BTreeMap<NaiveDate, Holiday>,
    who: Employment,
) -> Vec<LeaveDay> {
    let of = |(on, portion): &(NaiveDate, Portion)| {
        let holiday = holidays.get(on).copied().unwrap_or_default();
        let cost = if who.includes(*on) {
            cost(schedule, counts, holiday, *on, *portion)
        } else {
            Cost::default()
        };
        LeaveDay {
            on: *on,
            portion: *portion,
            cost,
        }
    };
    portions.iter().map(of).collect()
}

/// What keeps a request from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// It is on a day on which the person does not work here.
    NotEmployed(NaiveDate),
    /// It costs nothing: every day is free anyway.
    NothingToTake,
    /// No policy gives this leave to the person on that day.
    NoPolicy(NaiveDate),
    /// It comes too late; so many days before are needed.
    ShortNotice(i64),
    /// The person is new; from that day on it can be taken.
    InProbation(NaiveDate),
    /// The policy knows no half days.
    NoHalfDays,
    /// The policy knows no hours.
    NoHours,
    /// There is other leave on that day.
    AlreadyAway(NaiveDate),
    /// There is not enough left in the period of that day; so many minutes are missing.
    NotEnough(NaiveDate, i32),
    /// The type of leave needs a document.
    DocumentMissing,
}

/// What a policy has against a request; how late it comes binds those who ask for themselves.
pub fn against(
    terms: &Terms,
    wish: &Wish,
    who: Employment,
    today: NaiveDate,
    for_oneself: bool,
) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let first = wish.days.0;
    if for_oneself && terms.notice_days > 0 && (first - today).num_days() < terms.notice_days {
        found.push(Obstacle::ShortNotice(terms.notice_days));
    }
    let end_of_probation = who.hired_on + chrono::TimeDelta::days(terms.probation_days);
    if first < end_of_probation {
        found.push(Obstacle::InProbation(end_of_probation));
    }
    let any = |test: fn(Portion) -> bool| test(wish.first) || test(wish.last);
    if !terms.half_days && any(|portion| matches!(portion, Portion::Am | Portion::Pm)) {
        found.push(Obstacle::NoHalfDays);
    }
    if !terms.hours && any(|portion| matches!(portion, Portion::Hours(..))) {
        found.push(Obstacle::NoHours);
    }
    found
}

/// What of days is charged to a period: early and late, as its carried-over leave has it.
pub fn charge<'a>(days: impl IntoIterator<Item = &'a LeaveDay>, figures: &Figures) -> (i32, i32) {
    days.into_iter().fold((0, 0), |(early, late), day| {
        if figures.is_early(day.on) {
            (early + day.cost.minutes, late)
        } else {
            (early, late + day.cost.minutes)
        }
    })
}

/// How many minutes are missing for days in a period; 0 where it fits.
pub fn missing(figures: &Figures, early: i32, late: i32) -> i32 {
    if figures.fits(early, late) {
        return 0;
    }
    (early + late - figures.room()).max(1)
}
