//! A booking of the file, as a typed row, and why a line cannot be one.

use chrono::{Days, NaiveDate};

/// How many sleep in a room at most: as many as ever did who came.
pub const MOST_IN_A_ROOM: u32 = 5;

/// One of the two hotels of the data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hotel {
    /// The resort hotel.
    Resort,
    /// The city hotel.
    City,
}

/// What became of a booking, and on which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The guests came, and left on this day.
    Left(NaiveDate),
    /// It was cancelled on this day.
    Cancelled(NaiveDate),
    /// The guests did not come, as was noted on this day.
    NoShow(NaiveDate),
}

/// A booking of the file that can be a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The hotel.
    pub hotel: Hotel,
    /// The day it was booked: so many days before arrival as the file says.
    pub booked_on: NaiveDate,
    /// The day of arrival.
    pub arrival: NaiveDate,
    /// How many nights were booked, one at least.
    pub nights: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// The adults, one at least.
    pub adults: u32,
    /// The children; where the file does not know, none.
    pub children: u32,
    /// The babies.
    pub babies: u32,
    /// The meal plan, as `pricing.meal_plan` names it.
    pub meal_plan: &'static str,
    /// The guest's country, as ISO 3166 alpha-2; none where the file does not say.
    pub country: Option<String>,
    /// The market segment, in the words of the file.
    pub market_segment: String,
    /// The distribution channel, in the words of the file.
    pub distribution_channel: String,
    /// Whether the guest had been there before.
    pub is_repeat_guest: bool,
    /// The room type that was booked.
    pub reserved: String,
    /// The room type that was given.
    pub assigned: String,
    /// How often the booking was changed.
    pub changes: u32,
    /// The terms of the deposit, as `hospitality.deposit_terms` names them.
    pub deposit_terms: &'static str,
    /// The number of the agent, if one booked.
    pub agent: Option<String>,
    /// The number of the company, if one booked or pays.
    pub company: Option<String>,
    /// How many days it stood on the waiting list.
    pub waitlisted_days: u32,
    /// The kind of guest, as `hospitality.guest_type` names it.
    pub guest_type: &'static str,
    /// How many rooms its guests take.
    pub rooms: u32,
    /// What a night in one of the rooms costs, in cents.
    pub rate_minor: i64,
    /// Parking spaces asked for.
    pub parking_spaces: u32,
    /// Special requests made.
    pub special_requests: u32,
}

/// Why a line cannot be a stay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody slept there.
    #[error("no nights")]
    NoNights,
    /// Nobody of age would come.
    #[error("no adults")]
    NoAdults,
    /// Money back for sleeping is a correction, not a stay.
    #[error("a negative rate")]
    NegativeRate,
    /// Columns of the file say different things.
    #[error("a contradiction: {0}")]
    Contradiction(&'static str),
    /// A cell that is not what its column holds.
    #[error("{column} is not {expected}: {value:?}")]
    Unreadable {
        /// The column.
        column: &'static str,
        /// What it holds.
        expected: &'static str,
        /// What stands there.
        value: String,
    },
    /// More or fewer cells than the header.
    #[error("not as many cells as the header has")]
    Ragged,
}

impl Refusal {
    /// The heading under which refusals are counted.
    pub fn heading(&self) -> &'static str {
        match self {
            Self::NoNights => "no nights",
            Self::NoAdults => "no adults",
            Self::NegativeRate => "a negative rate",
            Self::Contradiction(_) => "a contradiction",
            Self::Unreadable { .. } => "an unreadable value",
            Self::Ragged => "not as many cells as the header has",
        }
    }
}

impl Hotel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Resort, Self::City];

    /// The name, as in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resort => "Resort Hotel",
            Self::City => "City Hotel",
        }
    }

    /// The code of its location, by which it is found again.
    pub fn code(self) -> &'static str {
        match self {
            Self::Resort => "resort-hotel",
            Self::City => "city-hotel",
        }
    }
}

impl Row {
    /// The day of departure, as booked.
    pub fn departure(&self) -> NaiveDate {
        self.arrival
            .checked_add_days(Days::new(u64::from(self.nights)))
            .unwrap_or(NaiveDate::MAX)
    }

    /// The guests who need a bed.
    pub fn guests(&self) -> u32 {
        self.adults + self.children
    }
}

/// How many rooms a party takes: the fewest in which it can sleep and that share its rate to the
/// cent. The file does not say: its groups of fifty are one line. None where nothing fits.
pub fn rooms(guests: u32, rate_minor: i64) -> Option<u32> {
    let fewest = guests.div_ceil(MOST_IN_A_ROOM).max(1);
    (fewest..=guests.max(1)).find(|rooms| rate_minor % i64::from(*rooms) == 0)
}
