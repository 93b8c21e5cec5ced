//! What is asked for, and why there may be no answer.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::pricing::request::SeatItem;
use foundation::database;
use foundation::graph::failure::{Code, Failure};

/// The longest time that one search may look through.
pub const MOST_DAYS: i64 = 366;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The offer; the version that is on sale counts.
    pub offer_id: Uuid,
    /// Only at this location.
    pub location_id: Option<Uuid>,
    /// How many come, or how many units of a pool are wanted.
    pub party_size: i32,
    /// The kinds of seats that some of them have; the others have just a place.
    pub seats: Vec<SeatItem>,
    /// How long, where the offer leaves that to the customer.
    pub duration_minutes: Option<i32>,
    /// Only these resources; any, where there are none.
    pub resource_ids: Vec<Uuid>,
    /// Components that the booking does without, as it may.
    pub declined: Vec<Uuid>,
    /// Who asks: their own holds do not block them.
    pub shopper: Shopper,
    /// Whether staff book: notice and advance do not bind them, and they choose who is not bookable
    /// online.
    pub by_staff: bool,
    /// Only at these locations, which the caller's permission reaches; all, where there is none.
    pub reach: Option<Vec<Uuid>>,
}

impl Wanted {
    /// One person, anywhere, of an offer.
    pub fn of(offer_id: Uuid) -> Self {
        Self {
            offer_id,
            location_id: None,
            party_size: 1,
            seats: Vec::new(),
            duration_minutes: None,
            resource_ids: Vec::new(),
            declined: Vec::new(),
            shopper: Shopper::default(),
            by_staff: false,
            reach: None,
        }
    }
}

/// Whose holds, and which orders' places, do not block.
#[derive(Clone, Debug, Default)]
pub struct Shopper {
    /// Holds of this customer.
    pub customer_id: Option<Uuid>,
    /// Holds of this cart or browser session.
    pub session_ref: Option<String>,
    /// All that these orders take, such as the one that is moved.
    pub order_ids: Vec<Uuid>,
    /// These holds.
    pub hold_ids: Vec<Uuid>,
}

/// Which beginnings are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Starts {
    /// All from one instant on and before another, so many minutes apart within each open time.
    Every {
        /// The first instant that will do.
        from: DateTime<Utc>,
        /// The first that will not.
        to: DateTime<Utc>,
        /// How far apart.
        step_minutes: i64,
        /// How many are answered at most.
        at_most: usize,
    },
    /// This one, whether or not a search would list it.
    At(DateTime<Utc>),
}

impl Starts {
    /// The first and the last instant at which something may begin.
    pub(super) fn bounds(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        match self {
            Self::Every { from, to, .. } => (*from, *to),
            Self::At(at) => (*at, *at),
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such row, for this caller.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// Something asked is not what it must be.
    #[error("{message}")]
    Wrong {
        /// The argument.
        field: &'static str,
        /// The sentence for the caller.
        message: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] database::Error),
}

impl Refusal {
    /// Something asked is not what it must be.
    pub fn wrong(field: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Wrong { field, message }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound(_) => Self::new(Code::NotFound, refusal.to_string()),
            Refusal::Wrong { field, message } => {
                Self::input(message).with("field", async_graphql::Value::from(field))
            }
            Refusal::Database(error) => error.into(),
        }
    }
}

impl From<tokio_postgres::Error> for Refusal {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}
