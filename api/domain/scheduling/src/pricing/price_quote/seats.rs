//! Seats that are asked for: no more of a kind than there are, and for those whom it is for.

use super::input::{PriceItemInput, PriceSeatInput};
use crate::catalog::seats::kinds;
use crate::pricing::refusal::{Refusal, RefusalCode};
use foundation::database::{Error, Scope};

/// Why the seats of items cannot be had; nothing where they can. Kinds that do not exist are for the
/// prices to refuse.
pub(super) async fn refusal(
    scope: &Scope,
    items: &[PriceItemInput],
) -> Result<Option<Refusal>, Error> {
    let seats = || items.iter().flat_map(|item| item.seats.iter().flatten());
    let ids = seats().map(|seat| seat.seat_type_id.uuid());
    let known = kinds(scope, ids.collect()).await?;
    let against = |seat: &PriceSeatInput| {
        let kind = known.get(&seat.seat_type_id.uuid())?;
        let mut ages = seat.ages.iter().flatten();
        let too_many = kind.short_of(seat.quantity);
        too_many.or_else(|| ages.find_map(|age| kind.against(*age)))
    };
    for (index, item) in items.iter().enumerate() {
        let Some(message) = item.seats.iter().flatten().find_map(against) else {
            continue;
        };
        let number = || (index + 1).to_string();
        let reference = item.reference.clone().unwrap_or_else(number);
        return Ok(Some(
            Refusal::new(RefusalCode::InvalidItem, message).of(&reference),
        ));
    }
    Ok(None)
}
