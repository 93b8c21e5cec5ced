//! What is to be priced.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The most things that are priced at once.
pub const MOST_ITEMS: usize = 100;
/// The most codes that one customer hands in.
pub const MOST_CODES: usize = 10;
/// The most nights or days of one item.
pub const MOST_DAYS: i64 = 800;

/// What is to be priced, for whom and where.
#[derive(Clone, Debug, Default)]
pub struct PriceRequest {
    /// The location, whose currency, time zone and taxes hold.
    pub location_id: Uuid,
    /// Who buys: decides segments, exemptions from tax, and limits of discounts.
    pub customer_id: Option<Uuid>,
    /// The way of selling, as orders name it.
    pub channel: Option<String>,
    /// The currency of the price; that of the location if none.
    pub currency: Option<String>,
    /// Codes of discounts that are asked for.
    pub discount_codes: Vec<String>,
    /// Whether whoever sells may give discounts that need a manager.
    pub may_approve_discounts: bool,
    /// The instant at which it is sold; now if none.
    pub at: Option<DateTime<Utc>>,
    /// What is bought.
    pub items: Vec<Item>,
}

/// One thing that is bought.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Tells it from the other items; the line that comes of it has the same.
    pub reference: String,
    /// What it is.
    pub what: What,
    /// How many: rooms, pallets, seats, pieces. Nights and hours are not multiplied in.
    pub quantity: Decimal,
    /// When it is used.
    pub time: Time,
    /// The rate plan of nights.
    pub rate_plan_id: Option<Uuid>,
    /// The seat type of an offer.
    pub seat_type_id: Option<Uuid>,
    /// Of places, seats of kinds of their own; the rest of the quantity has `seat_type_id`.
    pub seats: Vec<SeatItem>,
    /// The resource that was asked for.
    pub resource_id: Option<Uuid>,
    /// The unit to price by (a value of `pricing.price_unit`), where there are prices of several.
    pub unit: Option<String>,
    /// How many adults stay in all units; with no children, 0 is as many as the price includes.
    pub adults: i32,
    /// How many children stay.
    pub children: i32,
    /// The item to whose offer this is an add-on.
    pub add_on_to: Option<String>,
    /// What is added to it.
    pub features: Vec<FeatureItem>,
    /// The price that staff give it as a whole, in minor units, whatever the rules say.
    pub fixed_price_minor: Option<i64>,
    /// The price that staff give each night of one unit, in minor units.
    pub fixed_nights_minor: Option<Vec<i64>>,
}

impl Item {
    /// Whether staff gave its price, so that no rule is looked up.
    pub fn is_agreed(&self) -> bool {
        self.fixed_price_minor.is_some() || self.fixed_nights_minor.is_some()
    }

    /// The same item once for each kind of its seats, and for what is left of its quantity first; none
    /// where there are more seats than places.
    pub fn by_seats(&self) -> Option<Vec<Self>> {
        let seats = self.seats.iter().map(|seat| Decimal::from(seat.quantity));
        let rest = self.quantity - seats.sum::<Decimal>();
        if rest < Decimal::ZERO {
            return None;
        }
        let part = |seat_type_id, quantity| Self {
            seat_type_id,
            quantity,
            seats: Vec::new(),
            ..self.clone()
        };
        let rest = (!rest.is_zero()).then(|| part(self.seat_type_id, rest));
        let seats = self.seats.iter();
        let seats = seats.map(|seat| part(Some(seat.seat_type_id), seat.quantity.into()));
        Some(rest.into_iter().chain(seats).collect())
    }
}

/// Seats of a kind among the places of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatItem {
    /// The seat type.
    pub seat_type_id: Uuid,
    /// How many.
    pub quantity: i32,
}

/// A feature that is added to an item.
#[derive(Clone, Debug)]
pub struct FeatureItem {
    /// The feature.
    pub feature_id: Uuid,
    /// For how many units, such as pallets.
    pub units: i32,
}

/// What is bought, by the row that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A sellable.
    Sellable(Uuid),
    /// Nights in units of this type.
    UnitType(Uuid),
    /// The version of this offer that is on sale.
    Offer(Uuid),
}

impl Default for What {
    fn default() -> Self {
        Self::Sellable(Uuid::nil())
    }
}

impl What {
    /// The id of the row.
    pub fn id(self) -> Uuid {
        match self {
            Self::Sellable(id) | Self::UnitType(id) | Self::Offer(id) => id,
        }
    }
}

/// When something is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// At no time of its own: a fee, a product.
    #[default]
    Never,
    /// On local days, or the nights that begin on them.
    Days {
        /// The first.
        starts_on: NaiveDate,
        /// The day after the last.
        ends_on: NaiveDate,
    },
    /// From one instant to another.
    Window {
        /// The first instant.
        starts_at: DateTime<Utc>,
        /// The first instant after it.
        ends_at: DateTime<Utc>,
    },
}
