//! All that prices are reckoned from, as it stands in the database: loaded by `load`, read by the
//! rules. Nothing here decides anything.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::request::What;
use super::strategy::Strategy;
use super::tax::TaxInputs;

/// All that the prices of a request are reckoned from.
#[derive(Clone, Debug)]
pub struct Tariff {
    /// The location.
    pub location_id: Uuid,
    /// Its time zone.
    pub zone: Tz,
    /// Its currency.
    pub currency: String,
    /// Segments that the customer is in.
    pub segments: HashSet<Uuid>,
    /// Whether the customer exists; true where none was named.
    pub customer_exists: bool,
    /// What the items stand for.
    pub goods: HashMap<What, Good>,
    /// Books that are in use, with the rules for the goods.
    pub books: Vec<Book>,
    /// Rate plans that were asked for, and those they are derived from.
    pub plans: HashMap<Uuid, Plan>,
    /// The calendar: by plan, unit type and day.
    pub calendar: HashMap<(Uuid, Uuid, NaiveDate), CalendarDay>,
    /// What moves the prices of the location, in the order of application.
    pub strategies: Vec<Strategy>,
    /// How full unit types are, in hundredths of a percent, by day.
    pub occupancy: HashMap<(Uuid, NaiveDate), i32>,
    /// Base rates of storage.
    pub storage_rates: Vec<StorageRate>,
    /// Prices of features.
    pub feature_prices: Vec<FeaturePrice>,
    /// Discounts that were asked for.
    pub discounts: Vec<Discount>,
    /// Add-ons of the offers.
    pub add_ons: Vec<AddOn>,
    /// Exchange rates: what one of the first currency is worth in the second.
    pub exchange: BTreeMap<(String, String), Exchange>,
    /// Profile, rates and exemptions; no lines yet.
    pub tax: TaxInputs,
}

/// What an item stands for.
#[derive(Clone, Debug, Default)]
pub struct Good {
    /// The sellable; none of a unit type that was not sold yet.
    pub sellable_id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// Whether it is sold now.
    pub is_sold: bool,
    /// Its tax category.
    pub tax_category: Option<String>,
    /// The version of an offer.
    pub offer_version_id: Option<Uuid>,
    /// The offer.
    pub offer_id: Option<Uuid>,
    /// Kind of the offer.
    pub offer_kind: Option<String>,
    /// The unit type of nights.
    pub unit_type: Option<UnitType>,
    /// The category of a product, and those above it.
    pub categories: Vec<Uuid>,
}

/// How many people a unit holds.
#[derive(Clone, Copy, Debug)]
pub struct UnitType {
    /// The unit type.
    pub id: Uuid,
    /// How many the plain price includes.
    pub base_occupancy: i32,
    /// How many it holds.
    pub max_occupancy: i32,
}

/// A price book.
#[derive(Clone, Debug)]
pub struct Book {
    /// Its row.
    pub id: Uuid,
    /// Its short name.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The currency of its prices.
    pub currency: String,
    /// Whether they include tax.
    pub is_inclusive: bool,
    /// The location it holds for.
    pub location_id: Option<Uuid>,
    /// The channel it holds for.
    pub channel: Option<String>,
    /// The customers it holds for.
    pub segment_id: Option<Uuid>,
    /// Which book counts: the highest.
    pub priority: i32,
    /// From when on it holds.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// Its rules for what is to be priced.
    pub rules: Vec<Rule>,
}

/// A price rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What costs it.
    pub sellable_id: Uuid,
    /// The seat type it holds for.
    pub seat_type_id: Option<Uuid>,
    /// The resource it holds for.
    pub resource_id: Option<Uuid>,
    /// What one price is for.
    pub unit: String,
    /// The price in major units.
    pub unit_price: Decimal,
    /// From how many units on.
    pub min_quantity: Decimal,
    /// Days of the week: Monday 1 to Sunday 64.
    pub weekday_mask: i32,
    /// Local hours, where it holds for some.
    pub hours: Option<(NaiveTime, NaiveTime)>,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Day after the last.
    pub ends_on: Option<NaiveDate>,
    /// Which rule counts: the highest.
    pub priority: i32,
}

/// A rate plan.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Its row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The book whose night prices hold where the calendar has none.
    pub price_book_id: Option<Uuid>,
    /// The currency of its calendar.
    pub currency: String,
    /// The plan it is derived from.
    pub derived_from_id: Option<Uuid>,
    /// How much more or less, in hundredths of a percent.
    pub derivation_bps: Option<i32>,
    /// How much more or less a night, in minor units.
    pub derivation_minor: Option<i64>,
    /// The least nights.
    pub min_stay_nights: Option<i32>,
    /// The most nights.
    pub max_stay_nights: Option<i32>,
    /// Whether no stay begins.
    pub is_closed_to_arrival: bool,
    /// Whether no stay ends.
    pub is_closed_to_departure: bool,
    /// How many days ahead at least.
    pub min_advance_days: Option<i32>,
    /// How many days ahead at most.
    pub max_advance_days: Option<i32>,
    /// The customers who may book it.
    pub segment_id: Option<Uuid>,
    /// Whether it is sold.
    pub is_active: bool,
    /// Charges for guests, by unit type; where there are none, it is sold for all unit types.
    pub unit_types: HashMap<Uuid, GuestCharges>,
}

/// What guests cost beside the price of a night, in minor units.
#[derive(Clone, Copy, Debug, Default)]
pub struct GuestCharges {
    /// An adult more than the price includes.
    pub extra_adult_minor: i64,
    /// A child more.
    pub extra_child_minor: i64,
    /// What is taken off for one guest alone.
    pub single_use_minor: i64,
}

/// A night of the rate calendar.
#[derive(Clone, Copy, Debug, Default)]
pub struct CalendarDay {
    /// The price in minor units.
    pub price_minor: Option<i64>,
    /// The least nights of a stay that begins here.
    pub min_stay_nights: Option<i32>,
    /// The most nights.
    pub max_stay_nights: Option<i32>,
    /// Whether nothing is sold.
    pub is_stop_sell: bool,
    /// Whether no stay begins; none where the plan decides.
    pub is_closed_to_arrival: Option<bool>,
    /// Whether no stay ends; none where the plan decides.
    pub is_closed_to_departure: Option<bool>,
}

/// A base rate of storage.
#[derive(Clone, Debug)]
pub struct StorageRate {
    /// Its row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether it is the location's own.
    pub is_local: bool,
    /// Price of a unit and day in major units.
    pub rate: Decimal,
    /// The currency.
    pub currency: String,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Day after the last.
    pub ends_on: Option<NaiveDate>,
}

/// A price of a feature.
#[derive(Clone, Debug)]
pub struct FeaturePrice {
    /// Its row.
    pub id: Uuid,
    /// The feature.
    pub feature_id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether it is the location's own.
    pub is_local: bool,
    /// How it is reckoned: `flat`, `unit_per_day`, `percent_of_base`.
    pub calculation: String,
    /// Major units, or percent.
    pub value: Decimal,
    /// The currency; none of a percentage.
    pub currency: Option<String>,
    /// Whether it goes before the usual price.
    pub is_promotional: bool,
    /// From when on.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
}

/// A discount, with how often it was used.
#[derive(Clone, Debug, Default)]
pub struct Discount {
    /// Its row.
    pub id: Uuid,
    /// The code it was asked by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `percent`, `amount` or `bogo`.
    pub kind: String,
    /// The part taken off.
    pub value_bps: i32,
    /// The amount taken off.
    pub value_minor: i64,
    /// Of bogo: how many must be bought.
    pub buy_quantity: i32,
    /// Of bogo: how many are then cheaper.
    pub get_quantity: i32,
    /// What it is taken off.
    pub target: Target,
    /// The customers who get it.
    pub segment_id: Option<Uuid>,
    /// The least that is spent.
    pub min_spend_minor: Option<i64>,
    /// The most that is taken off.
    pub max_discount_minor: Option<i64>,
    /// The currency of its amounts.
    pub currency: Option<String>,
    /// How often it can be used.
    pub usage_limit: Option<i32>,
    /// How often one customer can use it.
    pub per_customer_limit: Option<i32>,
    /// How often it is used.
    pub used_count: i32,
    /// How often this customer uses it.
    pub used_by_customer: i64,
    /// Whether it goes with others.
    pub is_stackable: bool,
    /// Whether a manager gives it.
    pub requires_approval: bool,
    /// From when on.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
}

/// What a discount is taken off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The order as a whole.
    #[default]
    Order,
    /// Lines of a sellable.
    Sellable(Uuid),
    /// Lines of products of a category, and of those below it.
    Category(Uuid),
    /// Lines of an offer.
    Offer(Uuid),
}

/// An add-on of an offer version.
#[derive(Clone, Debug)]
pub struct AddOn {
    /// The version.
    pub offer_version_id: Uuid,
    /// What is sold besides.
    pub sellable_id: Uuid,
    /// Its name.
    pub name: String,
    /// How many at least.
    pub min_quantity: i32,
    /// How many at most.
    pub max_quantity: Option<i32>,
    /// Whether that is for each person.
    pub is_per_person: bool,
}

/// An exchange rate as it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The snapshot.
    pub id: Uuid,
    /// How much of the second currency one of the first is worth.
    pub rate: Decimal,
    /// Who said so.
    pub source: String,
    /// For which instant.
    pub as_of: DateTime<Utc>,
}
