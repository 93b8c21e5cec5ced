//! A price on its way: what it is reckoned from, and notes of what was applied.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::priced::{Step, Used};
use super::request::{Item, PriceRequest};
use super::tariff::{Good, Tariff};
use crate::availability::rules::local_day;

/// What all items are priced with.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// What prices are reckoned from.
    pub tariff: &'a Tariff,
    /// What was asked.
    pub request: &'a PriceRequest,
    /// The currency of the answer.
    pub currency: &'a str,
    /// How many digits it has.
    pub exponent: u32,
    /// The instant of the sale.
    pub at: DateTime<Utc>,
}

/// What one item is priced with.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What all items are priced with.
    pub frame: Frame<'a>,
    /// The item.
    pub item: &'a Item,
    /// What it stands for.
    pub good: &'a Good,
}

impl Frame<'_> {
    /// The local day of the sale.
    pub fn today(&self) -> NaiveDate {
        local_day(self.tariff.zone, self.at)
    }

    /// Whether the customer belongs to a group; anybody does where there is no group.
    pub fn is_for(&self, segment: Option<Uuid>) -> bool {
        segment.is_none_or(|id| self.tariff.segments.contains(&id))
    }
}

/// What was applied, and which rows were used.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The rules, in the order of application.
    pub steps: Vec<Step>,
    price_rules: BTreeSet<Uuid>,
    storage_rates: BTreeSet<Uuid>,
    feature_prices: BTreeSet<Uuid>,
    exchange: BTreeSet<Uuid>,
}

impl Notes {
    /// Notes a rule of a whole item or order.
    pub fn applied(
        &mut self,
        reference: Option<&str>,
        kind: &'static str,
        rule: &str,
        (before, after): (Decimal, Decimal),
    ) {
        self.steps.push(Step {
            reference: reference.map(str::to_owned),
            starts_on: None,
            ends_on: None,
            kind,
            rule: rule.to_owned(),
            before,
            after,
        });
    }

    /// Notes a rule of one day; days that follow each other with the same prices are one step.
    pub fn applied_on(
        &mut self,
        reference: &str,
        on: NaiveDate,
        kind: &'static str,
        rule: &str,
        (before, after): (Decimal, Decimal),
    ) {
        let next = on.succ_opt();
        let last = self.steps.iter_mut().rev().find(|step| {
            step.kind == kind && step.rule == rule && step.reference.as_deref() == Some(reference)
        });
        if let Some(step) = last
            && (step.before, step.after, step.ends_on) == (before, after, Some(on))
        {
            step.ends_on = next;
            return;
        }
        self.steps.push(Step {
            reference: Some(reference.to_owned()),
            starts_on: Some(on),
            ends_on: next,
            kind,
            rule: rule.to_owned(),
            before,
            after,
        });
    }

    /// Notes that a price rule was used.
    pub fn use_rule(&mut self, id: Uuid) {
        self.price_rules.insert(id);
    }

    /// Notes that a base rate of storage was used.
    pub fn use_storage_rate(&mut self, id: Uuid) {
        self.storage_rates.insert(id);
    }

    /// Notes that a price of a feature was used.
    pub fn use_feature_price(&mut self, id: Uuid) {
        self.feature_prices.insert(id);
    }

    /// Notes that an exchange rate was used.
    pub fn use_exchange(&mut self, id: Uuid) {
        self.exchange.insert(id);
    }

    /// The rows that were used, in ascending order.
    pub fn used(&self) -> Used {
        let list = |ids: &BTreeSet<Uuid>| ids.iter().copied().collect();
        Used {
            price_rules: list(&self.price_rules),
            storage_rates: list(&self.storage_rates),
            feature_prices: list(&self.feature_prices),
            exchange: list(&self.exchange),
        }
    }
}
