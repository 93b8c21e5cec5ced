//! The question `priceQuote`.

mod answer;
mod input;
mod seats;

pub use answer::{PriceAnswer, PriceProblem, PriceQuote, problem};
pub use input::{PriceFeatureInput, PriceItemInput, PriceQuoteInput, PriceSeatInput, items};

use super::refusal::Unpriced;
use super::request::PriceRequest;
use super::store::price;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::verb::Permission;

/// Who may ask for prices.
pub const READ: &str = "pricing.read";
/// Who may give discounts that need a manager.
pub const APPROVE: &str = "pricing.approve_discount";

/// The question.
#[derive(Debug)]
pub struct AskPriceQuote;

impl Question for AskPriceQuote {
    type Input = PriceQuoteInput;
    type Answer = PriceAnswer;

    const NAME: &'static str = "priceQuote";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let location_id = input.location_id.uuid();
        look.permit_at(READ, location_id, "location")?;
        if let Some(refusal) = seats::refusal(look.scope, &input.items).await? {
            return Ok(PriceAnswer::refused(&refusal));
        }
        let items = match items(input.items) {
            Ok(items) => items,
            Err(refusal) => return Ok(PriceAnswer::refused(&refusal)),
        };
        let request = PriceRequest {
            location_id,
            customer_id: input.customer_id.map(|id| id.uuid()),
            channel: input.channel.map(|channel| channel.0.to_owned()),
            currency: input.currency,
            discount_codes: input.discount_codes.unwrap_or_default(),
            may_approve_discounts: look.principal()?.may_at(APPROVE, location_id),
            at: input.at.map(|at| at.0),
            items,
        };
        match price(look.scope, &request).await {
            Ok(priced) => Ok(PriceAnswer::priced(priced)),
            Err(Unpriced::Refused(refusal)) => Ok(PriceAnswer::refused(&refusal)),
            Err(Unpriced::Failed(error)) => Err(error.into()),
        }
    }
}
