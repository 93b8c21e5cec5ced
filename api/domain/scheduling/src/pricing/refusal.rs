//! Why something has no price.

use async_graphql::Enum;
use chrono::NaiveDate;

use foundation::database::Error;

/// Which rule a request for a price breaks.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "PriceProblemCode")]
pub enum RefusalCode {
    /// Quantities, dates or references do not make sense, or there are too many of them.
    InvalidItem,
    /// The location, or a thing that is to be priced, does not exist for this tenant.
    NotFound,
    /// The thing exists, and is not sold now.
    NotSold,
    /// No price is entered for a day or the quantity; the message says which.
    NoPrice,
    /// A price is in another currency, and no exchange rate was loaded for the two.
    CurrencyMismatch,
    /// The rate plan does not exist, is not sold, or not to this customer or for this unit type.
    PlanNotSold,
    /// The stay has fewer nights than the calendar or the plan asks for.
    MinStay,
    /// The stay has more nights than the calendar or the plan allows.
    MaxStay,
    /// No stay may begin on its day of arrival.
    ClosedToArrival,
    /// No stay may end on its day of departure.
    ClosedToDeparture,
    /// A night of the stay is not sold.
    StopSell,
    /// It is booked later or earlier than the rate plan allows.
    OutsideAdvance,
    /// More people stay than the units hold.
    TooManyGuests,
    /// An add-on does not go with the offer, or not in this quantity.
    AddOnQuantity,
    /// There is no such discount.
    UnknownCode,
    /// The discount is not valid at this time, for this customer, or for what is bought.
    DiscountNotApplicable,
    /// The discount was used as often as it can be, altogether or by this customer.
    DiscountExhausted,
    /// The discounts do not go together.
    NotStackable,
    /// The discount must be given by somebody who may approve discounts.
    ApprovalRequired,
    /// The location taxes, and has no rate for the tax category on that day.
    NoTaxRate,
    /// The amounts are larger than can be reckoned with.
    TooLarge,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule.
    pub code: RefusalCode,
    /// The sentence for the caller.
    pub message: String,
    /// The item it is about.
    pub reference: Option<String>,
    /// The day it is about.
    pub day: Option<NaiveDate>,
}

impl Refusal {
    /// A broken rule.
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            reference: None,
            day: None,
        }
    }

    /// The same, about an item.
    #[must_use]
    pub fn of(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }

    /// The same, about a day.
    #[must_use]
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.day = Some(day);
        self
    }

    /// Amounts beyond what can be reckoned with.
    pub fn too_large() -> Self {
        Self::new(
            RefusalCode::TooLarge,
            "The amounts are too large to be reckoned with.",
        )
    }
}

/// What a pure rule gives, or why not.
pub type Ruled<T> = Result<T, Refusal>;

/// Why there is no price.
#[derive(Debug)]
pub enum Unpriced {
    /// The request breaks a rule.
    Refused(Refusal),
    /// We could not look.
    Failed(Error),
}

impl From<Refusal> for Unpriced {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Unpriced {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<tokio_postgres::Error> for Unpriced {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Failed(error.into())
    }
}
