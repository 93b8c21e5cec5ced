//! What is asked to be priced, as the graph has it.

use async_graphql::InputObject;
use entities::catalog::{offer, offer_seat_type, sellable};
use entities::core::{feature, location};
use entities::crm::customer;
use entities::pricing::rate_plan;
use entities::resources::{resource, unit_type};
use rust_decimal::Decimal;

use crate::pricing::choices::{Channel, PriceUnit};
use crate::pricing::refusal::{Refusal, RefusalCode, Ruled};
use crate::pricing::request::{FeatureItem, Item, SeatItem, Time, What};
use foundation::graph::scalars::{Choice, Day, Id, Instant, Number};

/// What things would cost now: lines, features, discounts, taxes, the days that cost the same, and each
/// rule that was applied. Nothing is kept, and no limit of a discount is used up; a booking made of the
/// same items while the price is kept costs the same. What cannot be priced is told in `problems`.
#[derive(InputObject)]
pub struct PriceQuoteInput {
    /// The location, whose currency, clocks and taxes hold.
    pub location_id: Id<location::Entity>,
    /// What is bought, 1 to 100 things.
    pub items: Vec<PriceItemInput>,
    /// Who buys: for prices of segments, exemptions from tax and limits of discounts.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The way of selling; some price books hold for one alone.
    pub channel: Option<Choice<Channel>>,
    /// Codes of discounts that are asked for, 10 at most.
    pub discount_codes: Option<Vec<String>>,
    /// The currency of the price, by exchange rates that were loaded; the location's if not given.
    pub currency: Option<String>,
    /// The instant of the sale; now if not given.
    pub at: Option<Instant>,
}

/// One thing to be priced: a sellable, nights of a unit type, or an offer, exactly one of them.
#[derive(InputObject, Default)]
pub struct PriceItemInput {
    /// Tells it from the other items, of 60 characters at most; its place, from "1", if not given.
    pub reference: Option<String>,
    /// A sellable.
    pub sellable_id: Option<Id<sellable::Entity>>,
    /// A unit type whose nights are bought.
    pub unit_type_id: Option<Id<unit_type::Entity>>,
    /// An offer, of which the version on sale is bought.
    pub offer_id: Option<Id<offer::Entity>>,
    /// How many: rooms, pallets, seats, pieces; 1 if not given. Nights and hours are not multiplied in.
    pub quantity: Option<Number>,
    /// The first day or night.
    pub starts_on: Option<Day>,
    /// The day after the last.
    pub ends_on: Option<Day>,
    /// When it begins, where it is not bought by days.
    pub starts_at: Option<Instant>,
    /// When it ends, that instant not included.
    pub ends_at: Option<Instant>,
    /// The rate plan of nights; the price books alone if not given.
    pub rate_plan_id: Option<Id<rate_plan::Entity>>,
    /// The seat type of an offer.
    pub seat_type_id: Option<Id<offer_seat_type::Entity>>,
    /// Of places, those that are seats of other kinds, 50 kinds at most; the rest has seatTypeId.
    pub seats: Option<Vec<PriceSeatInput>>,
    /// The resource that is asked for, where some cost more.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The unit to price by, where there are prices of several.
    pub unit: Option<Choice<PriceUnit>>,
    /// How many adults stay in all units together; as many as the price includes if not given.
    #[graphql(default = 0)]
    pub adults: i32,
    /// How many children stay in all units together.
    #[graphql(default = 0)]
    pub children: i32,
    /// The reference of the item to whose offer this is an add-on.
    pub add_on_to: Option<String>,
    /// What is added to it, 50 features at most.
    pub features: Option<Vec<PriceFeatureInput>>,
}

/// Seats of a kind.
#[derive(InputObject)]
pub struct PriceSeatInput {
    /// The seat type of the offer.
    pub seat_type_id: Id<offer_seat_type::Entity>,
    /// How many of the item's places are such seats.
    #[graphql(default = 1)]
    pub quantity: i32,
    /// The ages of those who have them, as far as they are known.
    pub ages: Option<Vec<i32>>,
}

impl PriceSeatInput {
    /// The seats, whoever has them.
    pub fn item(&self) -> SeatItem {
        SeatItem {
            seat_type_id: self.seat_type_id.uuid(),
            quantity: self.quantity,
        }
    }
}

/// A feature that is added to an item.
#[derive(InputObject)]
pub struct PriceFeatureInput {
    /// The feature, such as parking or insurance.
    pub feature_id: Id<feature::Entity>,
    /// For how many units, such as pallets or cars.
    #[graphql(default = 1)]
    pub units: i32,
}

/// The items of a request.
pub fn items(inputs: Vec<PriceItemInput>) -> Ruled<Vec<Item>> {
    let numbered = inputs.into_iter().enumerate();
    numbered
        .map(|(index, input)| {
            let reference = input
                .reference
                .clone()
                .unwrap_or_else(|| (index + 1).to_string());
            item(input, &reference).map_err(|refusal| refusal.of(&reference))
        })
        .collect()
}

fn item(input: PriceItemInput, reference: &str) -> Ruled<Item> {
    let refuse = |message: &str| Err(Refusal::new(RefusalCode::InvalidItem, message));
    let named = (input.sellable_id, input.unit_type_id, input.offer_id);
    let what = match named {
        (Some(id), None, None) => What::Sellable(id.uuid()),
        (None, Some(id), None) => What::UnitType(id.uuid()),
        (None, None, Some(id)) => What::Offer(id.uuid()),
        _ => return refuse("Give sellableId, unitTypeId or offerId, exactly one of them."),
    };
    let days = (input.starts_on, input.ends_on);
    let time = match (days, (input.starts_at, input.ends_at)) {
        ((None, None), (None, None)) => Time::Never,
        ((Some(starts_on), Some(ends_on)), (None, None)) => Time::Days {
            starts_on: starts_on.0,
            ends_on: ends_on.0,
        },
        ((None, None), (Some(starts_at), Some(ends_at))) => Time::Window {
            starts_at: starts_at.0,
            ends_at: ends_at.0,
        },
        _ => return refuse("Give startsOn and endsOn, or startsAt and endsAt, or none of them."),
    };
    let features = input.features.into_iter().flatten();
    let features = features.map(|feature| FeatureItem {
        feature_id: feature.feature_id.uuid(),
        units: feature.units,
    });
    let seats = input.seats.iter().flatten().map(PriceSeatInput::item);
    Ok(Item {
        reference: reference.to_owned(),
        what,
        quantity: input.quantity.map_or(Decimal::ONE, |quantity| quantity.0),
        time,
        rate_plan_id: input.rate_plan_id.map(|id| id.uuid()),
        seat_type_id: input.seat_type_id.map(|id| id.uuid()),
        seats: seats.collect(),
        resource_id: input.resource_id.map(|id| id.uuid()),
        unit: input.unit.map(|unit| unit.0.to_owned()),
        adults: input.adults,
        children: input.children,
        add_on_to: input.add_on_to,
        features: features.collect(),
        ..Item::default()
    })
}
