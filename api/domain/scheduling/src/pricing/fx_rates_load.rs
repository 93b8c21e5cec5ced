//! `fxRatesLoad`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use foundation::database::new_id;
use foundation::database::value::texts;
use foundation::graph::scalars::{Instant, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The most rates that are loaded at once.
const MOST: usize = 500;
/// The longest name of a source: the mark of the tenant comes after it.
const LONGEST_SOURCE: usize = 40;

/// Loads exchange rates, for prices in currencies other than those of the price books. Rates of one
/// tenant are used in its own prices alone. What was loaded is never changed: loading the same again
/// does nothing, and saying otherwise of the same instant is refused.
#[derive(InputObject)]
pub struct FxRatesLoadInput {
    /// Who says so, such as ecb; of 40 characters at most, and without a #.
    pub source: String,
    /// The rates, 1 to 500.
    pub rates: Vec<FxRateInput>,
}

/// What one currency is worth in another.
#[derive(InputObject)]
pub struct FxRateInput {
    /// The currency of which one is worth so much.
    pub base: String,
    /// The currency in which the worth is said.
    pub quote: String,
    /// How much of the quote currency one of the base currency is worth, with 10 decimal digits at most.
    pub rate: Number,
    /// For which instant.
    pub as_of: Instant,
}

/// Why exchange rates cannot be loaded.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FxRatesLoadErrorCode")]
pub enum FxRatesLoadProblem {
    /// There are none, or more than 500, or the source is not named as it must be.
    InvalidList,
    /// A rate is not above zero, or finer than 10 decimal digits, or of a future instant.
    InvalidRate,
    /// There is no such currency, or both are the same.
    InvalidCurrency,
    /// The source said another rate of the same instant before.
    Contradicted,
}

/// The verb.
pub struct FxRatesLoad;

use FxRatesLoadProblem as Problem;

impl Verb for FxRatesLoad {
    type Input = FxRatesLoadInput;
    type Problem = FxRatesLoadProblem;

    const NAME: &'static str = "fxRatesLoad";
    const PERMISSION: Permission = Permission::Holds("pricing.load_fx_rates");
    const EVENT: Option<&'static str> = Some("pricing.fx_rates_loaded");
    const PAYLOAD: &'static [Part] = &[
        Part::Value("loaded", "Int", "How many rates are new."),
        Part::Value("known", "Int", "How many were loaded before."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "fx_rate_snapshots_base_currency_fkey",
            Problem::InvalidCurrency,
        ),
        (
            "fx_rate_snapshots_quote_currency_fkey",
            Problem::InvalidCurrency,
        ),
        ("fx_rate_snapshots_pair_check", Problem::InvalidCurrency),
        ("fx_rate_snapshots_rate_check", Problem::InvalidRate),
        ("fx_rate_snapshots_source_check", Problem::InvalidList),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let source = input.source.trim();
        let count = input.rates.len();
        if source.is_empty() || source.chars().count() > LONGEST_SOURCE || source.contains('#') {
            let message = "A source has 1 to 40 characters, and no #.";
            return Err(Fault::at(Problem::InvalidList, "source", message));
        }
        if count == 0 || count > MOST {
            let message = format!("1 to {MOST} rates are loaded at once, not {count}.");
            return Err(Fault::at(Problem::InvalidList, "rates", message));
        }
        for (index, given) in input.rates.iter().enumerate() {
            check(given, index, act.scope.now())?;
        }
        let rates = &input.rates;
        let ids: Vec<Uuid> = rates.iter().map(|_| new_id()).collect();
        let amounts: Vec<Decimal> = rates.iter().map(|given| given.rate.0).collect();
        let instants: Vec<DateTime<Utc>> = rates.iter().map(|given| given.as_of.0).collect();
        let values = [
            source.into(),
            ids.into(),
            texts(rates.iter().map(|given| given.base.as_str())),
            texts(rates.iter().map(|given| given.quote.as_str())),
            amounts.into(),
            instants.into(),
        ];
        let sql =
            "select f.loaded, f.contradicted from pricing.load_fx_rates($1, $2, $3, $4, $5, $6) f";
        let row = act.scope.query_opt(sql, &values).await?;
        let (loaded, contradicted): (i64, i64) = match row {
            Some(row) => (row.try_get(0)?, row.try_get(1)?),
            None => (0, 0),
        };
        if contradicted > 0 {
            let message = format!("{source} said otherwise before of {contradicted} of these.");
            return Err(Fault::at(Problem::Contradicted, "rates", message));
        }
        let known = i64::try_from(count).unwrap_or(i64::MAX) - loaded;
        let outcome = Outcome::default()
            .and_value("loaded", loaded)
            .and_value("known", known);
        Ok(outcome.detail("source", source).detail("loaded", loaded))
    }
}

fn check(given: &FxRateInput, index: usize, now: DateTime<Utc>) -> Result<(), Fault<Problem>> {
    let field = |name: &str| format!("rates.{index}.{name}");
    let rate = given.rate.0;
    if rate <= Decimal::ZERO
        || rate.normalize().scale() > 10
        || rate >= Decimal::from(10_000_000_000_i64)
    {
        let message =
            "A rate is above zero, below 10 thousand million, with 10 decimal digits at most.";
        return Err(Fault::at(Problem::InvalidRate, &field("rate"), message));
    }
    if given.as_of.0 > now {
        let message = "What a currency will be worth is not known.";
        return Err(Fault::at(Problem::InvalidRate, &field("asOf"), message));
    }
    for (name, code) in [("base", &given.base), ("quote", &given.quote)] {
        if foundation::money::minor_units(Decimal::ZERO, code).is_err() {
            let message = format!("{code} is no currency of ISO 4217.");
            return Err(Fault::at(Problem::InvalidCurrency, &field(name), message));
        }
    }
    Ok(())
}
