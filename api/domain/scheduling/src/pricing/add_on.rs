//! Add-ons of offers: what a booking must take besides, and what it may.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::reckoning::Frame;
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::{Item, What};
use super::tariff::AddOn;

/// The items of a request with the add-ons that their offers make compulsory and nobody named; refuses
/// add-ons that do not go with their offer, or not in this quantity.
pub fn completed(frame: Frame<'_>) -> Ruled<Vec<Item>> {
    let request = frame.request;
    let mut items = request.items.clone();
    for item in &request.items {
        let children: Vec<&Item> = request
            .items
            .iter()
            .filter(|other| other.add_on_to.as_ref() == Some(&item.reference))
            .collect();
        let version = frame.tariff.goods.get(&item.what);
        let version = version.and_then(|good| good.offer_version_id);
        let offered: Vec<&AddOn> = frame
            .tariff
            .add_ons
            .iter()
            .filter(|add_on| Some(add_on.offer_version_id) == version)
            .collect();
        for child in &children {
            if !offered
                .iter()
                .any(|add_on| stands_for(frame, child, add_on))
            {
                let message = "This is no add-on to that offer.";
                return Err(Refusal::new(RefusalCode::AddOnQuantity, message).of(&child.reference));
            }
        }
        for add_on in offered {
            let taken: Decimal = children
                .iter()
                .filter(|child| stands_for(frame, child, add_on))
                .map(|child| child.quantity)
                .sum();
            if let Some(missing) = missing(item, add_on, taken)? {
                items.push(missing);
            }
        }
    }
    Ok(items)
}

fn stands_for(frame: Frame<'_>, item: &Item, add_on: &AddOn) -> bool {
    let good = frame.tariff.goods.get(&item.what);
    good.and_then(|good| good.sellable_id) == Some(add_on.sellable_id)
}

/// The item that nobody named and the offer makes compulsory.
fn missing(parent: &Item, add_on: &AddOn, taken: Decimal) -> Ruled<Option<Item>> {
    let people = if add_on.is_per_person {
        parent.quantity
    } else {
        Decimal::ONE
    };
    let least = Decimal::from(add_on.min_quantity) * people;
    let most = add_on.max_quantity.map(|most| Decimal::from(most) * people);
    let refuse = |bound: &str, count: Decimal| {
        let count = count.normalize().to_i64().unwrap_or_default();
        let message = format!("Of {}, {bound} {count} go with it.", add_on.name);
        Err(Refusal::new(RefusalCode::AddOnQuantity, message).of(&parent.reference))
    };
    match most {
        Some(most) if taken > most => return refuse("at most", most),
        _ if taken >= least => return Ok(None),
        _ if !taken.is_zero() => return refuse("at least", least),
        _ => {}
    }
    Ok(Some(Item {
        reference: format!("{}+{}", parent.reference, add_on.sellable_id.simple()),
        what: What::Sellable(add_on.sellable_id),
        quantity: least,
        time: parent.time,
        add_on_to: Some(parent.reference.clone()),
        ..Item::default()
    }))
}
