//! Seats that are asked for: no more of a kind than there are, and for those whom it is for.

use std::collections::HashMap;

use uuid::Uuid;

use super::input::{PriceItemInput, PriceSeatInput};
use crate::catalog::seats::{SeatKind, kinds};
use crate::pricing::refusal::{Refusal, RefusalCode};
use foundation::database::{Error, Scope};

impl PriceSeatInput {
    /// That there never are so many seats of this kind, or whom of those that are to have them it is not
    /// for; nothing where they can be had, or the kind does not exist.
    pub fn against(&self, known: &HashMap<Uuid, SeatKind>) -> Option<String> {
        let kind = known.get(&self.seat_type_id.uuid())?;
        let mut ages = self.ages.iter().flatten();
        let too_many = kind.short_of(self.quantity);
        too_many.or_else(|| ages.find_map(|age| kind.against(*age)))
    }
}

/// Why the seats of items cannot be had; nothing where they can. Kinds that do not exist are for the
/// prices to refuse.
pub(super) async fn refusal(
    scope: &Scope,
    items: &[PriceItemInput],
) -> Result<Option<Refusal>, Error> {
    let seats = || items.iter().flat_map(|item| item.seats.iter().flatten());
    let ids = seats().map(|seat| seat.seat_type_id.uuid());
    let known = kinds(scope, ids.collect()).await?;
    for (index, item) in items.iter().enumerate() {
        let mut seats = item.seats.iter().flatten();
        let Some(message) = seats.find_map(|seat| seat.against(&known)) else {
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
