//! Tax, as a function of stored values alone: the same inputs come to the same taxes, today and years
//! later, whatever the order of the lines.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::refusal::Ruled;
use super::rounding::{apportion, round, sum, times};
pub use super::tax_due::Due;

/// The version of these rules, which calculations keep: goes up when the same inputs would come to
/// something else.
pub const ENGINE: &str = "tax/2";

/// Where tax is rounded to whole minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// On each line.
    #[default]
    Line,
    /// Once for each rate, on the total of the document; lines get their parts.
    RateTotal,
}

/// What a line is taxed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The rate's row.
    pub id: Uuid,
    /// Its name on documents.
    pub name: String,
    /// The tax category that it holds for.
    pub category: String,
    /// What the authority calls it.
    pub treatment: String,
    /// The rate as a fraction.
    pub rate: Decimal,
    /// Its place among the taxes of a line, from 1.
    pub compound_order: i32,
    /// Whether it is also taken on the taxes before it.
    pub is_compound: bool,
    /// The country it holds for; none means any.
    pub country: Option<String>,
    /// The state or province it holds for; none means all of the country.
    pub region: Option<String>,
    /// First day it holds on.
    pub starts_on: Option<NaiveDate>,
    /// First day it no longer holds on.
    pub ends_on: Option<NaiveDate>,
}

/// That the customer does not pay a tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// Its row.
    pub id: Uuid,
    /// The tax category that is not taxed; none means all.
    pub category: Option<String>,
    /// Number of the certificate.
    pub certificate_no: String,
}

/// A line to be taxed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxableLine {
    /// Tells it from the other lines, of 100 characters at most.
    pub reference: String,
    /// Its tax category; without one it is taxed as `standard` where there is such a rate.
    pub category: Option<String>,
    /// What it costs after all discounts, in minor units; below zero on returns.
    pub amount_minor: i64,
    /// Whether the amount includes the tax.
    pub is_inclusive: bool,
    /// The rates that are due on it, where it was sold later than the rest of the document: those of
    /// that day, and none where the customer is exempt. Else they follow from its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Vec<Uuid>>,
}

/// All that a calculation depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxInputs {
    /// The currency of all amounts.
    pub currency: String,
    /// The business day that rates are taken of.
    pub on: NaiveDate,
    /// The profile; none where nothing is taxed.
    pub profile_id: Option<Uuid>,
    /// Whether the profile's prices include tax, where a price list does not say otherwise.
    pub is_inclusive: bool,
    /// Where tax is rounded.
    pub rounding: Rounding,
    /// The country of the sale.
    pub country: Option<String>,
    /// The state or province of the sale.
    pub region: Option<String>,
    /// The rates of the profile on that day.
    pub rates: Vec<Rate>,
    /// What the customer is exempt from.
    pub exemptions: Vec<Exemption>,
    /// The lines.
    pub lines: Vec<TaxableLine>,
}

/// The tax of one line at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaxPart {
    /// The line.
    pub reference: String,
    /// The rate; none where nothing is to be taxed.
    pub rate_id: Option<Uuid>,
    /// The rate as a fraction.
    pub rate: Decimal,
    /// What was taxed, in minor units.
    pub taxable_minor: i64,
    /// The tax, in minor units.
    pub tax_minor: i64,
}

/// What tax was reckoned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxCalculation {
    /// The taxes by line and rate: lines in the order of their references, rates in that of
    /// compounding.
    pub parts: Vec<TaxPart>,
    /// All tax, in minor units.
    pub total_tax_minor: i64,
    /// SHA-256 of what came out, in hexadecimal digits.
    pub digest: String,
}

impl TaxCalculation {
    /// The taxes of a line.
    pub fn of<'a>(&'a self, reference: &'a str) -> impl Iterator<Item = &'a TaxPart> {
        self.parts
            .iter()
            .filter(move |part| part.reference == reference)
    }
}

/// A line on its way.
struct Working<'a> {
    line: &'a TaxableLine,
    rates: Vec<&'a Rate>,
    /// The tax of each rate, unrounded; of a price without tax, a compound tax comes later, as it is
    /// taken on what the others were rounded to.
    multipliers: Vec<Decimal>,
    taxes: Vec<i64>,
}

impl Working<'_> {
    /// The exact tax of a rate of the line. Taxes before it are known, rounded.
    fn exact(&self, index: usize) -> Ruled<Decimal> {
        let amount = Decimal::from(self.line.amount_minor);
        if self.line.is_inclusive {
            let all = Decimal::ONE + sum(self.multipliers.iter().copied())?;
            return Ok(times(amount, self.multipliers[index])? / all);
        }
        let rate = self.rates[index];
        let before: i64 = self.taxes[..index].iter().sum();
        let base = if rate.is_compound {
            amount + Decimal::from(before)
        } else {
            amount
        };
        times(base, rate.rate)
    }

    fn parts(&self) -> Vec<TaxPart> {
        let reference = self.line.reference.clone();
        let all: i64 = self.taxes.iter().sum();
        let net = if self.line.is_inclusive {
            self.line.amount_minor - all
        } else {
            self.line.amount_minor
        };
        if self.rates.is_empty() {
            return vec![TaxPart {
                reference,
                rate_id: None,
                rate: Decimal::ZERO,
                taxable_minor: net,
                tax_minor: 0,
            }];
        }
        let mut before = 0;
        let mut parts = Vec::with_capacity(self.rates.len());
        for (rate, tax_minor) in self.rates.iter().zip(&self.taxes) {
            parts.push(TaxPart {
                reference: reference.clone(),
                rate_id: Some(rate.id),
                rate: rate.rate,
                taxable_minor: if rate.is_compound { net + before } else { net },
                tax_minor: *tax_minor,
            });
            before += tax_minor;
        }
        parts
    }
}

/// Reckons the tax of lines.
pub fn calculate(inputs: &TaxInputs) -> Ruled<TaxCalculation> {
    let mut lines: Vec<Working<'_>> = Vec::with_capacity(inputs.lines.len());
    for line in &inputs.lines {
        let due = inputs.due_on(line)?;
        let multipliers = due.multipliers()?;
        let rates = if due.exemption.is_some() {
            Vec::new()
        } else {
            due.rates
        };
        let taxes = vec![0; rates.len()];
        lines.push(Working {
            line,
            rates,
            multipliers,
            taxes,
        });
    }
    lines.sort_by(|a, b| a.line.reference.cmp(&b.line.reference));
    match inputs.rounding {
        Rounding::Line => round_lines(&mut lines)?,
        Rounding::RateTotal => round_totals(&mut lines)?,
    }
    let parts: Vec<TaxPart> = lines.iter().flat_map(Working::parts).collect();
    let total_tax_minor = parts.iter().map(|part| part.tax_minor).sum();
    let digest = digest(inputs, &parts);
    Ok(TaxCalculation {
        parts,
        total_tax_minor,
        digest,
    })
}

fn round_lines(lines: &mut [Working<'_>]) -> Ruled<()> {
    for line in lines {
        for index in 0..line.rates.len() {
            line.taxes[index] = round(line.exact(index)?)?;
        }
    }
    Ok(())
}

/// Rounds once for each rate, the lower places first, as compound taxes stand on them.
fn round_totals(lines: &mut [Working<'_>]) -> Ruled<()> {
    let mut rates: Vec<(i32, Uuid)> = lines
        .iter()
        .flat_map(|line| &line.rates)
        .map(|rate| (rate.compound_order, rate.id))
        .collect();
    rates.sort_unstable();
    rates.dedup();
    for (_, id) in rates {
        let mut taxed = Vec::new();
        let mut exact = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if let Some(index) = line.rates.iter().position(|rate| rate.id == id) {
                taxed.push((at, index));
                exact.push(line.exact(index)?);
            }
        }
        let whole = round(sum(exact.iter().copied())?)?;
        for ((at, index), tax) in taxed.into_iter().zip(apportion(whole, &exact)?) {
            lines[at].taxes[index] = tax;
        }
    }
    Ok(())
}

/// Of what came out, and by which rules.
fn digest(inputs: &TaxInputs, parts: &[TaxPart]) -> String {
    let mut hash = Sha256::new();
    hash.update(ENGINE);
    hash.update(&inputs.currency);
    for part in parts {
        let rate = part.rate_id.map(|id| id.to_string()).unwrap_or_default();
        let text = format!(
            "\n{}|{rate}|{}|{}|{}",
            part.reference,
            part.rate.normalize(),
            part.taxable_minor,
            part.tax_minor
        );
        hash.update(text);
    }
    hex(&hash.finalize())
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| {
        [
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 15)],
        ]
    });
    digits.map(char::from).collect()
}
