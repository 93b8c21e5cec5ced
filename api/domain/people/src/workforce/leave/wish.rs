//! A request's days as they are given: for the preview and for sending.

use chrono::NaiveDate;

use super::choices::Portion as PortionChoice;
use super::rules::request::{Obstacle, Wish};
use super::rules::schedule::{DAY, Portion};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Day};

/// The longest leave, in days.
const LONGEST: i64 = 1100;

/// The days as given.
pub struct Given<'a> {
    /// First day.
    pub starts_on: Day,
    /// First day back; the day after if not given.
    pub ends_on: Option<Day>,
    /// Part of the first day.
    pub start: Option<&'a Choice<PortionChoice>>,
    /// Part of the last day.
    pub end: Option<&'a Choice<PortionChoice>>,
    /// From and to which minute, of hours.
    pub minutes: (Option<i32>, Option<i32>),
}

impl Given<'_> {
    /// The request's days.
    pub fn wish(&self) -> Result<Wish, Failure> {
        let from = self.starts_on.0;
        let next = from.succ_opt().unwrap_or(from);
        let back = self.ends_on.map_or(next, |day| day.0);
        let length = (back - from).num_days();
        if !(1..=LONGEST).contains(&length) {
            return Err(Failure::input(
                "endsOn is the first day back: it must be after startsOn, by 1,100 days at most.",
            ));
        }
        let first = self.portion(self.start)?;
        let last = match self.end {
            Some(_) => self.portion(self.end)?,
            None if length == 1 => first,
            None => Portion::Full,
        };
        let is_right = if length == 1 {
            first == last
        } else {
            matches!(first, Portion::Full | Portion::Pm)
                && matches!(last, Portion::Full | Portion::Am)
        };
        if !is_right {
            return Err(Failure::input(
                "Of several days, the first can begin at noon (PM) and the last end at noon (AM); of a \
                 single day, both portions are the same.",
            ));
        }
        Ok(Wish {
            days: (from, back),
            first,
            last,
        })
    }

    fn portion(&self, choice: Option<&Choice<PortionChoice>>) -> Result<Portion, Failure> {
        let code = choice.map_or("full", |choice| choice.0);
        if code != "hours" {
            return Ok(Portion::of(code, None, None));
        }
        match self.minutes {
            (Some(from), Some(to)) if (0..to).contains(&from) && to <= DAY => {
                Ok(Portion::Hours(from, to))
            }
            _ => Err(Failure::input(
                "Hours need fromMinute and toMinute: minutes of the day from 0 to 1,440, the first before the second.",
            )),
        }
    }
}

/// What an obstacle says to people.
pub fn sentence(obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::NotEmployed(on) => format!("The person does not work here on {on}."),
        Obstacle::NothingToTake => {
            "Nothing is worked on these days, so there is nothing to take leave from.".to_owned()
        }
        Obstacle::NoPolicy(on) => format!("No policy gives this leave to the person on {on}."),
        Obstacle::ShortNotice(days) => format!("It must be asked for {days} days before."),
        Obstacle::InProbation(until) => {
            format!("During probation none can be taken; it ends on {until}.")
        }
        Obstacle::NoHalfDays => "Half days cannot be taken of this leave.".to_owned(),
        Obstacle::NoHours => "Hours cannot be taken of this leave.".to_owned(),
        Obstacle::AlreadyAway(on) => {
            format!("The person already has leave on this part of the day, on {on}.")
        }
        Obstacle::NotEnough(on, missing) => format!(
            "There is not enough leave left in the period of {on}: {missing} minutes are missing."
        ),
        Obstacle::DocumentMissing => "This leave needs a document.".to_owned(),
    }
}

/// The first day of a request that has not passed.
pub fn has_begun(starts_on: NaiveDate, today: NaiveDate) -> bool {
    starts_on <= today
}
