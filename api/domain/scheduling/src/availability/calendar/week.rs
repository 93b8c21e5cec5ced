//! What calendars consist of, as their rows say it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::span::Span;

/// Days from one on, and before another; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayRange {
    /// The first.
    pub starts_on: Option<NaiveDate>,
    /// The first that no longer belongs to it.
    pub ends_on: Option<NaiveDate>,
}

impl DayRange {
    /// Whether a day belongs to it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.starts_on.is_none_or(|first| first <= day) && self.ends_on.is_none_or(|end| day < end)
    }
}

/// Wall-clock times of a day, in seconds from its midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it begins.
    pub start: u32,
    /// When it ends: up to 86,400, which is the end of the day.
    pub end: u32,
    /// Whether the end lies on the next day.
    pub crosses_midnight: bool,
}

/// What a rule says of its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleEffect {
    /// Open.
    Open,
    /// Closed, unless a higher rule opens.
    Closed,
    /// As it is, with other capacity or price.
    Surge,
    /// Closed, whatever others say.
    Blackout,
}

impl RuleEffect {
    /// As the database calls it; what is unknown closes.
    pub fn of(text: &str) -> Self {
        match text {
            "open" => Self::Open,
            "surge" => Self::Surge,
            "blackout" => Self::Blackout,
            _ => Self::Closed,
        }
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The row.
    pub id: Uuid,
    /// What it says.
    pub effect: RuleEffect,
    /// Where rules disagree, the higher holds.
    pub priority: i32,
    /// On which days: RFC 5545; none means every day of `days`.
    pub recurrence: Option<String>,
    /// From when to when; none means the whole day.
    pub times: Option<Times>,
    /// The days on which it may apply.
    pub days: DayRange,
    /// How many units more there are, of a surge.
    pub capacity_delta: i32,
    /// The price that holds, of a surge.
    pub price_rule_id: Option<Uuid>,
}

/// What an overlay does to the calendar below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayEffect {
    /// Its open times come on top.
    Add,
    /// Its times are taken out.
    Remove,
    /// Its times hold instead.
    Replace,
}

impl OverlayEffect {
    /// As the database calls it.
    pub fn of(text: &str) -> Self {
        match text {
            "add" => Self::Add,
            "remove" => Self::Remove,
            _ => Self::Replace,
        }
    }
}

/// A change of a calendar for some days.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The row.
    pub id: Uuid,
    /// What it does.
    pub effect: OverlayEffect,
    /// A higher one is laid on top.
    pub priority: i32,
    /// Its days.
    pub days: DayRange,
    /// Its rules. Without any, one that adds or removes does so for its whole days.
    pub rules: Vec<Rule>,
}

/// How much of a day a holiday takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolidayKind {
    /// All of it.
    Full,
    /// Up to noon.
    Morning,
    /// From noon on.
    Afternoon,
}

impl HolidayKind {
    /// As the database calls it.
    pub fn of(text: &str) -> Self {
        match text {
            "half_am" => Self::Morning,
            "half_pm" => Self::Afternoon,
            _ => Self::Full,
        }
    }
}

/// A holiday.
#[derive(Clone, Debug)]
pub struct Holiday {
    /// The row.
    pub id: Uuid,
    /// The local day.
    pub on: NaiveDate,
    /// How much of it.
    pub kind: HolidayKind,
}

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The row.
    pub id: Uuid,
    /// The zone of its clocks.
    pub zone: Tz,
    /// Whether it is open where nothing of it says anything.
    pub is_open_by_default: bool,
    /// Its own rules.
    pub rules: Vec<Rule>,
    /// What changes it for some days.
    pub overlays: Vec<Overlay>,
    /// Its holidays, and those of the calendars it follows.
    pub holidays: Vec<Holiday>,
}

/// That something follows a calendar.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// The higher is asked first.
    pub priority: i32,
    /// From when.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
}

impl Binding {
    /// When it holds, within a time.
    pub fn during(&self, range: &Span) -> Span {
        Span::new(
            self.starts_at.map_or(range.start, |at| at.max(range.start)),
            self.ends_at.map_or(range.end, |at| at.min(range.end)),
        )
    }
}
