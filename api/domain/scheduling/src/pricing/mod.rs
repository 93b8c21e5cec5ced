//! Prices: what things cost, for whom and when; discounts, taxes and exchange rates. The engine is
//! pure: [`load`] reads a [`tariff`], [`quote`] reckons with it, [`record`] keeps how it came about.

pub mod add_on;
mod agreed;
pub mod check;
mod choices;
pub mod currency;
pub mod discount;
pub mod discount_apply;
pub mod discount_release;
pub mod feature;
pub mod fx_rates_load;
pub mod line;
pub mod load;
pub mod order_discounts;
pub mod order_taxes;
pub mod price_book;
pub mod price_quote;
pub mod priced;
#[cfg(test)]
mod properties;
pub mod quote;
pub mod rate_end_and_replace;
pub mod rate_plan;
pub mod rates_bulk_set;
pub mod reckoning;
pub mod record;
pub mod refusal;
pub mod request;
pub mod rounding;
pub mod storage;
pub mod store;
pub mod strategy;
pub mod strategy_simulate;
pub mod tariff;
pub mod tax;
pub mod tax_calculate;
mod tax_due;
pub mod tax_replay;
pub mod used_rate;
pub mod verify;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<rate_end_and_replace::RateEndAndReplace>(),
        declare::<rates_bulk_set::RatesBulkSet>(),
        declare::<discount_apply::DiscountApply>(),
        declare::<discount_release::DiscountRelease>(),
        declare::<tax_calculate::TaxCalculate>(),
        declare::<fx_rates_load::FxRatesLoad>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<price_quote::AskPriceQuote>(),
        question::<tax_replay::AskTaxReplay>(),
        question::<strategy_simulate::AskStrategySimulate>(),
    ]
}
