//! Random orders.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::pricing::request::{Item, PriceRequest, Time, What};
use crate::pricing::tariff::{Book, Discount, Good, Rule, Tariff};
use crate::pricing::tax::{Rate, Rounding, TaxInputs};

/// The categories that lines are taxed by.
pub const CATEGORIES: [&str; 3] = ["standard", "food", "zero"];

/// An order in words: the engine and the model each make of it what they need.
#[derive(Clone, Debug)]
pub struct Order {
    pub currency: &'static str,
    pub is_inclusive: bool,
    pub by_total: bool,
    pub items: Vec<Wish>,
    /// Rates of each category: millionths, and whether they stand on those before.
    pub rates: Vec<Vec<(i64, bool)>>,
    pub discount: Option<Off>,
}

/// Something that is bought.
#[derive(Clone, Debug)]
pub struct Wish {
    pub reference: String,
    /// Millionths of a major unit.
    pub price: i64,
    /// Thousandths.
    pub quantity: i64,
    pub category: usize,
    pub nights: Option<u64>,
}

/// A discount of the order.
#[derive(Clone, Copy, Debug)]
pub enum Off {
    Percent(i32),
    Amount(i64),
}

pub fn now() -> DateTime<Utc> {
    "2027-03-01T12:00:00Z".parse().unwrap()
}

fn day() -> NaiveDate {
    "2027-03-27".parse().unwrap()
}

pub fn orders() -> impl Strategy<Value = Order> {
    let wish = (
        0_i64..2_000_000_000,
        1_i64..20_000,
        0_usize..3,
        prop::option::weighted(0.3, 1_u64..30),
    );
    let rates = prop::collection::vec((0_i64..300_000, any::<bool>()), 0..3);
    let off = prop_oneof![
        (0_i32..=10_000).prop_map(Off::Percent),
        (1_i64..100_000_000).prop_map(Off::Amount),
    ];
    (
        prop::sample::select(vec!["JPY", "EUR", "KWD"]),
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(wish, 1..8),
        prop::collection::vec(rates, 3),
        prop::option::of(off),
    )
        .prop_map(
            |(currency, is_inclusive, by_total, wishes, rates, discount)| {
                let numbered = wishes.into_iter().enumerate();
                let items = numbered.map(|(index, (price, quantity, category, nights))| Wish {
                    reference: format!("line {index}"),
                    price,
                    quantity,
                    category,
                    nights,
                });
                Order {
                    currency,
                    is_inclusive,
                    by_total,
                    items: items.collect(),
                    rates,
                    discount,
                }
            },
        )
}

impl Order {
    /// What the engine is given.
    pub fn built(&self) -> (Tariff, PriceRequest) {
        let id = |index: usize| Uuid::from_u128(1_000 + u128::try_from(index).unwrap());
        let mut goods = HashMap::new();
        let mut rules = Vec::new();
        let mut items = Vec::new();
        for wish in &self.items {
            let nth: usize = wish.reference["line ".len()..].parse().unwrap();
            let what = What::Sellable(id(nth));
            let good = Good {
                sellable_id: Some(id(nth)),
                name: wish.reference.clone(),
                is_sold: true,
                tax_category: Some(CATEGORIES[wish.category].to_owned()),
                ..Good::default()
            };
            goods.insert(what, good);
            rules.push(rule(id(nth), wish));
            items.push(item(what, wish));
        }
        let request = PriceRequest {
            discount_codes: self.discount.iter().map(|_| "OFF".to_owned()).collect(),
            items,
            ..PriceRequest::default()
        };
        (self.tariff(goods, rules), request)
    }

    fn tariff(&self, goods: HashMap<What, Good>, rules: Vec<Rule>) -> Tariff {
        let book = Book {
            id: Uuid::from_u128(1),
            code: "book".to_owned(),
            name: "Book".to_owned(),
            currency: self.currency.to_owned(),
            is_inclusive: self.is_inclusive,
            location_id: None,
            channel: None,
            segment_id: None,
            priority: 0,
            starts_at: None,
            ends_at: None,
            rules,
        };
        Tariff {
            location_id: Uuid::nil(),
            zone: chrono_tz::Europe::Lisbon,
            currency: self.currency.to_owned(),
            segments: HashSet::new(),
            customer_exists: true,
            goods,
            books: vec![book],
            plans: HashMap::new(),
            calendar: HashMap::new(),
            strategies: Vec::new(),
            occupancy: HashMap::new(),
            storage_rates: Vec::new(),
            feature_prices: Vec::new(),
            discounts: self.discount.iter().map(|off| discount(*off)).collect(),
            add_ons: Vec::new(),
            exchange: BTreeMap::new(),
            tax: self.taxes(),
        }
    }

    fn taxes(&self) -> TaxInputs {
        let mut rates = Vec::new();
        for (category, of) in CATEGORIES.iter().zip(&self.rates) {
            let all: &[(i64, bool)] = if of.is_empty() { &[(0, false)] } else { of };
            for (index, (millionths, is_compound)) in all.iter().enumerate() {
                let order = i32::try_from(index + 1).unwrap();
                rates.push(Rate {
                    id: Uuid::from_u128(u128::try_from(10 + rates.len()).unwrap()),
                    name: format!("{category} {order}"),
                    category: (*category).to_owned(),
                    treatment: "standard".to_owned(),
                    rate: Decimal::new(*millionths, 6).normalize(),
                    compound_order: order,
                    is_compound: *is_compound && order > 1,
                    country: None,
                    region: None,
                    starts_on: None,
                    ends_on: None,
                });
            }
        }
        TaxInputs {
            currency: self.currency.to_owned(),
            on: now().date_naive(),
            profile_id: Some(Uuid::from_u128(2)),
            is_inclusive: self.is_inclusive,
            rounding: if self.by_total {
                Rounding::RateTotal
            } else {
                Rounding::Line
            },
            rates,
            ..TaxInputs::default()
        }
    }
}

fn rule(sellable_id: Uuid, wish: &Wish) -> Rule {
    Rule {
        id: sellable_id,
        name: "price".to_owned(),
        sellable_id,
        seat_type_id: None,
        resource_id: None,
        unit: if wish.nights.is_some() {
            "unit_day"
        } else {
            "each"
        }
        .to_owned(),
        unit_price: Decimal::new(wish.price, 6),
        min_quantity: Decimal::ONE,
        weekday_mask: 127,
        hours: None,
        starts_on: None,
        ends_on: None,
        priority: 0,
    }
}

fn item(what: What, wish: &Wish) -> Item {
    Item {
        reference: wish.reference.clone(),
        what,
        quantity: Decimal::new(wish.quantity, 3),
        time: wish.nights.map_or(Time::Never, |nights| Time::Days {
            starts_on: day(),
            ends_on: day() + Days::new(nights),
        }),
        ..Item::default()
    }
}

fn discount(off: Off) -> Discount {
    let (kind, value_bps, value_minor) = match off {
        Off::Percent(bps) => ("percent", bps, 0),
        Off::Amount(minor) => ("amount", 0, minor),
    };
    Discount {
        id: Uuid::from_u128(3),
        code: "OFF".to_owned(),
        name: "Off".to_owned(),
        kind: kind.to_owned(),
        value_bps,
        value_minor,
        ..Discount::default()
    }
}
