//! Prices for other contexts: what they would cost, with nothing written.

use super::load::tariff;
pub use super::load::tax_inputs;
use super::priced::Priced;
use super::quote::quote;
use super::refusal::{Refusal, RefusalCode, Unpriced};
use super::request::PriceRequest;
use crate::database::Scope;

/// What things cost: loads all price data in one flight, and reckons. Writes nothing; what becomes of
/// it is kept by [`super::record`], in the transaction that sells.
pub async fn price(scope: &Scope, request: &PriceRequest) -> Result<Priced, Unpriced> {
    super::check::request(request)?;
    let Some(tariff) = tariff(scope, request).await? else {
        return Err(Refusal::new(RefusalCode::NotFound, "There is no such location.").into());
    };
    Ok(quote(&tariff, request, scope.now())?)
}
