//! What requests for prices must keep to before anything is reckoned.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::{Item, MOST_CODES, MOST_DAYS, MOST_ITEMS, PriceRequest, Time};

/// The most units of one item.
const MOST_UNITS: i64 = 1_000_000;
/// The most features of one item.
const MOST_FEATURES: usize = 50;
/// The most kinds of seats of one item.
const MOST_SEATS: usize = 50;

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::InvalidItem, message)
}

/// Refuses requests that make no sense, or are too large.
pub fn request(request: &PriceRequest) -> Ruled<()> {
    let count = request.items.len();
    if count == 0 || count > MOST_ITEMS {
        let message = format!("1 to {MOST_ITEMS} items are priced at once, not {count}.");
        return Err(invalid(message));
    }
    if request.discount_codes.len() > MOST_CODES {
        let message = format!("{MOST_CODES} discount codes are taken at most.");
        return Err(invalid(message));
    }
    let mut references = HashSet::new();
    for item in &request.items {
        if item.reference.trim().is_empty() || item.reference.chars().count() > 60 {
            return Err(invalid(
                "Each item needs a reference of its own, of 60 characters at most.",
            ));
        }
        if !references.insert(item.reference.as_str()) {
            let message = format!("Two items have the reference {}.", item.reference);
            return Err(invalid(message).of(&item.reference));
        }
        self::item(item).map_err(|refusal| refusal.of(&item.reference))?;
    }
    for item in &request.items {
        if let Some(parent) = &item.add_on_to
            && (!references.contains(parent.as_str()) || *parent == item.reference)
        {
            let message = format!("There is no item {parent} for it to be an add-on to.");
            return Err(invalid(message).of(&item.reference));
        }
    }
    Ok(())
}

fn item(item: &Item) -> Ruled<()> {
    if item.quantity <= Decimal::ZERO
        || item.quantity > Decimal::from(MOST_UNITS)
        || item.quantity.normalize().scale() > 6
    {
        let message = format!(
            "A quantity is above 0, {MOST_UNITS} at most, and has 6 decimal digits at most."
        );
        return Err(invalid(message));
    }
    match item.time {
        Time::Never => {}
        Time::Days { starts_on, ends_on } => {
            let days = (ends_on - starts_on).num_days();
            if !(1..=MOST_DAYS).contains(&days) {
                let message = format!("The end must be 1 to {MOST_DAYS} days after the start.");
                return Err(invalid(message));
            }
        }
        Time::Window { starts_at, ends_at } => {
            let days = (ends_at - starts_at).num_days();
            if ends_at <= starts_at || days > MOST_DAYS {
                let message =
                    format!("The end must be after the start, and {MOST_DAYS} days later at most.");
                return Err(invalid(message));
            }
        }
    }
    seats(item)?;
    if item.features.len() > MOST_FEATURES {
        let message = format!("An item has {MOST_FEATURES} features at most.");
        return Err(invalid(message));
    }
    let mut features = HashSet::new();
    if !item
        .features
        .iter()
        .all(|feature| features.insert(feature.feature_id))
    {
        return Err(invalid(
            "A feature is added once to an item; give its units.",
        ));
    }
    Ok(())
}

fn seats(item: &Item) -> Ruled<()> {
    let mut kinds = HashSet::new();
    let is_right = item.seats.len() <= MOST_SEATS
        && item.seats.iter().all(|seat| seat.quantity > 0)
        && item
            .seats
            .iter()
            .all(|seat| kinds.insert(seat.seat_type_id));
    if !is_right {
        let message = format!(
            "An item has {MOST_SEATS} kinds of seats at most, each once and more than none."
        );
        return Err(invalid(message));
    }
    if item.by_seats().is_none() {
        return Err(invalid("There are more seats than the item has places."));
    }
    Ok(())
}
