//! Which taxes are due on a line.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::refusal::{Refusal, RefusalCode, Ruled};
use super::rounding::times;
use super::tax::{Exemption, Rate, TaxInputs, TaxableLine};

/// What is due on a line of a category.
#[derive(Clone, Debug, Default)]
pub struct Due<'a> {
    /// The rates, in the order of compounding.
    pub rates: Vec<&'a Rate>,
    /// By which exemption nothing is due.
    pub exemption: Option<&'a Exemption>,
}

impl Due<'_> {
    /// The tax of each rate as a part of the net amount.
    pub fn multipliers(&self) -> Ruled<Vec<Decimal>> {
        let mut before = Decimal::ZERO;
        self.rates
            .iter()
            .map(|rate| {
                let base = if rate.is_compound {
                    Decimal::ONE + before
                } else {
                    Decimal::ONE
                };
                let multiplier = times(base, rate.rate)?;
                before += multiplier;
                Ok(multiplier)
            })
            .collect()
    }
}

impl TaxInputs {
    /// What is due on a line of a category: of the rates of one place in the order of compounding,
    /// the one for the closest region.
    pub fn due(&self, category: Option<&str>) -> Ruled<Due<'_>> {
        if self.profile_id.is_none() {
            return Ok(Due::default());
        }
        let wanted = category.unwrap_or("standard");
        let mut rates: Vec<&Rate> = Vec::new();
        for rate in self
            .rates
            .iter()
            .filter(|rate| rate.category == wanted && self.fits(rate))
        {
            let rival = rates
                .iter_mut()
                .find(|other| other.compound_order == rate.compound_order);
            match rival {
                Some(rival) if closeness(rival) < closeness(rate) => *rival = rate,
                Some(_) => {}
                None => rates.push(rate),
            }
        }
        rates.sort_by_key(|rate| rate.compound_order);
        if rates.is_empty() && category.is_some() {
            let message = format!(
                "There is no tax rate for the category {wanted} on {}.",
                self.on
            );
            return Err(Refusal::new(RefusalCode::NoTaxRate, message).on(self.on));
        }
        let exemption = self
            .exemptions
            .iter()
            .find(|exempt| exempt.category.as_deref().is_none_or(|of| of == wanted));
        Ok(Due { rates, exemption })
    }

    /// Takes the rates in that are due elsewhere, and names them: none where the customer is exempt.
    pub fn owe(&mut self, due: &Due<'_>) -> Vec<Uuid> {
        let rates = due.rates.iter().filter(|_| due.exemption.is_none());
        let rates: Vec<Rate> = rates.map(|rate| (*rate).clone()).collect();
        let ids = rates.iter().map(|rate| rate.id).collect();
        for rate in rates {
            if self.rates.iter().all(|known| known.id != rate.id) {
                self.rates.push(rate);
            }
        }
        ids
    }

    /// What is due on a line.
    pub(super) fn due_on(&self, line: &TaxableLine) -> Ruled<Due<'_>> {
        let Some(ids) = &line.due else {
            let due = self.due(line.category.as_deref());
            return due.map_err(|refusal| refusal.of(&line.reference));
        };
        let rates = self.rates.iter().filter(|rate| ids.contains(&rate.id));
        let mut rates: Vec<&Rate> = rates.collect();
        rates.sort_by_key(|rate| rate.compound_order);
        Ok(Due {
            rates,
            exemption: None,
        })
    }

    fn fits(&self, rate: &Rate) -> bool {
        let holds = rate.starts_on.is_none_or(|day| day <= self.on)
            && rate.ends_on.is_none_or(|day| day > self.on);
        let here = rate.country.is_none() || rate.country == self.country;
        holds && here && (rate.region.is_none() || rate.region == self.region)
    }
}

fn closeness(rate: &Rate) -> u8 {
    u8::from(rate.country.is_some()) + 2 * u8::from(rate.region.is_some())
}
