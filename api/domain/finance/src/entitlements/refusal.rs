//! Why value of a wallet or a gift card cannot be used: one list for all verbs and for payments.

use foundation::database::Error;
use foundation::graph::verb::{Fault, Problem};

/// Why value cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such wallet or gift card.
    Unknown,
    /// It is frozen, closed, blocked, not activated yet or out of use.
    NotOpen,
    /// Its time is over.
    Expired,
    /// There is not as much on it.
    Insufficient,
    /// There is as much, but some of it is held for another cart or authorization.
    HeldElsewhere,
    /// There is as much, but not for this service, at this place or at this time.
    NotHere,
    /// It is counted in another unit or currency.
    OtherUnit,
    /// The PIN is missing or wrong.
    WrongPin,
    /// More would be given back than was used.
    BeyondUse,
}

impl Refusal {
    /// The sentence for the caller.
    pub fn message(self) -> &'static str {
        match self {
            Self::Unknown => "There is no such wallet or gift card.",
            Self::NotOpen => {
                "It cannot be used now: it is frozen, blocked, closed or not activated."
            }
            Self::Expired => "Its time is over.",
            Self::Insufficient => "There is not enough on it.",
            Self::HeldElsewhere => {
                "There is enough on it, but some of it is held for another cart; try again shortly."
            }
            Self::NotHere => {
                "There is enough on it, but it cannot be used for this, at this place, or at this time."
            }
            Self::OtherUnit => "It is counted in another unit or currency.",
            Self::WrongPin => "The PIN is missing or wrong.",
            Self::BeyondUse => "No more can be given back than was used.",
        }
    }
}

/// What kept value from being used.
#[derive(Debug)]
pub enum Failed {
    /// A rule.
    Refused(Refusal),
    /// What the database refused, or could not do.
    Database(Error),
}

impl Failed {
    /// The same as the fault of a verb that has a code for each refusal.
    pub fn fault<P>(self, field: &str, code: impl Fn(Refusal) -> P) -> Fault<P> {
        match self {
            Self::Database(error) => Fault::Database(error),
            Self::Refused(Refusal::Unknown) => Fault::not_found("wallet or gift card"),
            Self::Refused(refusal) => Fault::Problem(Problem {
                code: code(refusal),
                message: refusal.message().to_owned(),
                field: field
                    .split('.')
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
                retryable: refusal == Refusal::HeldElsewhere,
                values: serde_json::Map::new(),
            }),
        }
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}
