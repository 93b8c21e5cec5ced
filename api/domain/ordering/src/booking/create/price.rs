//! What a booking costs: by the price lists, as `priceQuote` tells it, or as staff say.

use std::sync::Arc;

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::check::Checked;
use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use crate::booking::store::Found;
use foundation::graph::scalars::{Instant, Money};
use foundation::graph::verb::{Act, Fault};
use scheduling::pricing::price_quote::APPROVE;
use scheduling::pricing::priced::Priced;
use scheduling::pricing::refusal::{Refusal, RefusalCode, Unpriced};
use scheduling::pricing::request::{FeatureItem, Item, PriceRequest, SeatItem, Time, What};
use scheduling::pricing::store::price;

/// The reference of what is booked; add-ons are counted on from it, as `priceQuote` counts items.
const MAIN: &str = "1";

/// What a booking costs now, where that is not what was quoted.
#[derive(Clone, Debug, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingPrice {
    /// What is to be paid: base + features - discount + tax.
    pub total: Money,
    /// SHA-256 of all that is charged: give it as quoteDigest to agree to this price.
    pub digest: String,
    /// Until when the price is kept.
    pub expires_at: Instant,
}

/// Whether staff give the price.
pub(super) fn is_agreed(input: &BookingCreateInput) -> bool {
    input.price.is_some()
        || input.nightly_rate.is_some()
        || input.daily_rate.is_some()
        || input.nights.is_some()
}

/// What is booked, as it is priced; the caller says what it is, how many and when.
pub(super) fn main_item(input: &BookingCreateInput, what: What, quantity: i32, time: Time) -> Item {
    let features = input.features.iter().flatten();
    Item {
        reference: MAIN.to_owned(),
        what,
        quantity: Decimal::from(quantity),
        time,
        rate_plan_id: input.rate_plan_id.map(|id| id.uuid()),
        seat_type_id: input.seat_type_id.map(|id| id.uuid()),
        features: features
            .map(|feature| FeatureItem {
                feature_id: feature.feature_id.uuid(),
                units: feature.units.unwrap_or(quantity),
            })
            .collect(),
        ..Item::default()
    }
}

/// The same of places, each of which costs by itself: who takes part pays as the kind of seat costs.
pub(super) fn places_item(
    input: &BookingCreateInput,
    what: What,
    quantity: i32,
    time: Time,
) -> Checked<Item> {
    let named = input.participants.iter().flatten();
    let named = named.filter_map(|one| one.seat_type_id.map(|id| id.uuid()));
    let item = Item {
        seats: seats(named),
        ..main_item(input, what, quantity, time)
    };
    if item.by_seats().is_none() {
        let message = "More participants have a seat than people come.";
        return Err(Fault::at(Problem::InvalidParty, "participants", message));
    }
    Ok(item)
}

/// How many seats of each kind these are, in the order in which the kinds are named.
pub(in crate::booking) fn seats(named: impl Iterator<Item = Uuid>) -> Vec<SeatItem> {
    let mut seats: Vec<SeatItem> = Vec::new();
    for seat_type_id in named {
        let known = seats
            .iter_mut()
            .find(|seat| seat.seat_type_id == seat_type_id);
        match known {
            Some(seat) => seat.quantity += 1,
            None => seats.push(SeatItem {
                seat_type_id,
                quantity: 1,
            }),
        }
    }
    seats
}

/// The time of what is used from one instant to another.
pub(super) fn window(time: (DateTime<Utc>, DateTime<Utc>)) -> Time {
    Time::Window {
        starts_at: time.0,
        ends_at: time.1,
    }
}

/// What the booking costs. A price that was quoted and holds no more is refused, with the new one.
pub(super) async fn priced(
    act: &Act<'_>,
    input: &BookingCreateInput,
    found: &Found,
    main: Item,
) -> Checked<Arc<Priced>> {
    let by_days = matches!(main.time, Time::Days { .. });
    let request = request(act, input, found, main)?;
    let priced = match Box::pin(price(act.scope, &request)).await {
        Ok(priced) => priced,
        Err(Unpriced::Refused(refusal)) => return Err(refused_at(&refusal, by_days)),
        Err(Unpriced::Failed(error)) => return Err(error.into()),
    };
    if input
        .quote_digest
        .as_ref()
        .is_some_and(|quoted| *quoted != priced.digest())
    {
        return Err(changed(&priced));
    }
    Ok(Arc::new(priced))
}

/// The request of a booking of one thing, with its add-ons.
pub(super) fn request(
    act: &Act<'_>,
    input: &BookingCreateInput,
    found: &Found,
    main: Item,
) -> Checked<PriceRequest> {
    let location_id = found.place.location_id;
    let time = main.time;
    let add_ons = input.add_ons.iter().flatten().enumerate();
    let add_ons = add_ons.map(|(index, add_on)| Item {
        reference: (index + 2).to_string(),
        what: What::Sellable(add_on.sellable_id.uuid()),
        quantity: Decimal::from(add_on.quantity),
        time,
        add_on_to: Some(MAIN.to_owned()),
        ..Item::default()
    });
    Ok(PriceRequest {
        location_id,
        customer_id: found.customer.as_ref().map(|(id, ..)| *id),
        channel: Some(
            input
                .channel
                .as_ref()
                .map_or("desk", |channel| channel.0)
                .to_owned(),
        ),
        currency: None,
        discount_codes: input.discount_codes.clone().unwrap_or_default(),
        may_approve_discounts: act.principal()?.may_at(APPROVE, location_id),
        at: None,
        items: std::iter::once(main).chain(add_ons).collect(),
    })
}

fn changed(priced: &Priced) -> Fault<Problem> {
    let message = "The price is no longer what was quoted; priceNow tells what it is.";
    let told = BookingPrice::of(priced).told();
    Fault::at(Problem::PriceChanged, "quoteDigest", message).with("priceNow", told)
}

impl BookingPrice {
    /// The price as it is now.
    pub fn of(priced: &Priced) -> Self {
        Self {
            total: Money {
                minor: priced.totals.total_minor,
                currency: priced.currency.clone(),
            },
            digest: priced.digest(),
            expires_at: Instant(priced.expires_at),
        }
    }

    /// As a value of a payload.
    pub fn told(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The same of what is sold by days, whose price stands in other fields.
fn refused_at(refusal: &Refusal, by_days: bool) -> Fault<Problem> {
    let mut fault = refused(refusal);
    if let (true, Fault::Problem(told)) = (by_days, &mut fault)
        && told.field == ["price"]
    {
        told.field = vec!["nightlyRate".to_owned()];
    }
    fault
}

/// Why there is no price, in the words of the price lists.
pub(in crate::booking) fn refused(refusal: &Refusal) -> Fault<Problem> {
    let (code, field) = match refusal.code {
        RefusalCode::NoPrice | RefusalCode::InvalidItem | RefusalCode::TooLarge => {
            (Problem::InvalidPrice, "price")
        }
        RefusalCode::NoTaxRate => (Problem::InvalidPrice, "locationId"),
        RefusalCode::NotFound | RefusalCode::NotSold => (Problem::NotBookable, "sellableId"),
        RefusalCode::CurrencyMismatch => (Problem::WrongCurrency, "price"),
        RefusalCode::PlanNotSold
        | RefusalCode::MinStay
        | RefusalCode::MaxStay
        | RefusalCode::ClosedToArrival
        | RefusalCode::ClosedToDeparture
        | RefusalCode::StopSell
        | RefusalCode::OutsideAdvance => (Problem::NotSoldThen, "ratePlanId"),
        RefusalCode::TooManyGuests => (Problem::TooManyGuests, "adults"),
        RefusalCode::AddOnQuantity => (Problem::InvalidAddOn, "addOns"),
        RefusalCode::UnknownCode
        | RefusalCode::DiscountNotApplicable
        | RefusalCode::NotStackable
        | RefusalCode::ApprovalRequired => (Problem::DiscountRefused, "discountCodes"),
        RefusalCode::DiscountExhausted => (Problem::DiscountExhausted, "discountCodes"),
    };
    Fault::at(code, field, refusal.message.clone())
}
