//! Prices: what things cost, for whom and when; discounts, taxes and exchange rates. The engine is
//! pure: [`load`] reads a [`tariff`], [`quote`] reckons with it, [`record`] keeps how it came about.

pub mod add_on;
pub mod check;
mod choices;
pub mod currency;
pub mod discount;
pub mod feature;
pub mod line;
pub mod load;
pub mod price_book;
pub mod price_quote;
pub mod priced;
pub mod quote;
pub mod rate_plan;
pub mod reckoning;
pub mod record;
pub mod refusal;
pub mod request;
pub mod rounding;
pub mod storage;
pub mod store;
pub mod strategy;
pub mod tariff;
pub mod tax;
pub mod used_rate;

use crate::graph::question::{Asking, question};

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<price_quote::AskPriceQuote>()]
}
