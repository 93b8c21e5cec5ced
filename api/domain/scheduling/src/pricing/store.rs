//! Prices for other contexts: what they would cost, with nothing written.

use super::load::tariff;
pub use super::load::tax_inputs;
use super::priced::Priced;
use super::quote::quote;
use super::refusal::{Refusal, RefusalCode, Unpriced};
use super::request::{Item, PriceRequest};
use foundation::database::Scope;

/// What things cost: loads all price data in one flight, and reckons. Writes nothing; what becomes of
/// it is kept by [`super::record`], in the transaction that sells.
pub async fn price(scope: &Scope, request: &PriceRequest) -> Result<Priced, Unpriced> {
    super::check::request(request)?;
    let Some(tariff) = Box::pin(tariff(scope, request)).await? else {
        return Err(Refusal::new(RefusalCode::NotFound, "There is no such location.").into());
    };
    Ok(quote(&tariff, request, scope.now())?)
}

/// What each of several documents would cost that have all but their items in common, such as the
/// times of a series: loaded in one flight for all of them.
pub async fn price_each(
    scope: &Scope,
    request: &PriceRequest,
    documents: Vec<Vec<Item>>,
) -> Result<Vec<Priced>, Unpriced> {
    let all = PriceRequest {
        items: documents.iter().flatten().cloned().collect(),
        ..request.clone()
    };
    let Some(tariff) = Box::pin(tariff(scope, &all)).await? else {
        return Err(Refusal::new(RefusalCode::NotFound, "There is no such location.").into());
    };
    let each = documents.into_iter().map(|items| {
        let request = PriceRequest {
            items,
            ..request.clone()
        };
        Ok(quote(&tariff, &request, scope.now())?)
    });
    each.collect()
}
