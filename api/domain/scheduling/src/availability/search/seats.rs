//! What the seats that are wanted need of an offer: kinds of seats say how many of a component each
//! takes, such as one kayak for an adult and none for a child.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::offer::{Basis, Component};
use super::wanted::Wanted;
use crate::pricing::request::SeatItem;
use foundation::database::{Error, Scope};

const NEEDS: &str = "select r.component_id, r.seat_type_id, r.quantity from catalog.offer_versions v \
    join catalog.offer_seat_type_requirements r on r.biz_id = v.biz_id and r.offer_version_id = v.id and r.removed_at is null \
    where v.biz_id = $1 and v.offer_id = $2 and v.status = 'published' and v.effective_period @> $3::timestamptz";

/// How many of a component each kind of seat needs. A kind that is not named for a component that
/// others need takes none of it.
#[derive(Debug, Default)]
pub(super) struct Needs(HashMap<Uuid, HashMap<Uuid, i32>>);

/// Reads it; nothing where no seats are wanted.
pub(super) async fn load(
    scope: &Scope,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Needs, Error> {
    let mut needs = Needs::default();
    if wanted.seats.is_empty() {
        return Ok(needs);
    }
    let values = [scope.biz_id().into(), wanted.offer_id.into(), now.into()];
    for row in scope.query(NEEDS, &values).await? {
        let of = needs.0.entry(row.try_get(0)?).or_default();
        of.insert(row.try_get(1)?, row.try_get(2)?);
    }
    Ok(needs)
}

impl Needs {
    /// The component with as many of it as the seats need; none where they need none. Of what is sold by
    /// people, each who has no seat of a kind needs as many as the component says.
    pub(super) fn applied(
        &self,
        component: Component,
        basis: Basis,
        (seats, party_size): (&[SeatItem], i32),
    ) -> Option<Component> {
        let Some(of) = self.0.get(&component.id) else {
            return Some(component);
        };
        let each = |seat: &SeatItem| {
            let need = of.get(&seat.seat_type_id).copied().unwrap_or(0);
            need.saturating_mul(seat.quantity)
        };
        let seated: i32 = seats.iter().map(|seat| seat.quantity).sum();
        let others = match basis {
            Basis::Pool | Basis::Slot => party_size.saturating_sub(seated).max(0),
            Basis::Resource | Basis::Unlimited => 0,
        };
        let in_all = seats.iter().map(each).fold(0, i32::saturating_add);
        let in_all = in_all.saturating_add(others.saturating_mul(component.quantity));
        (in_all > 0).then_some(Component {
            in_all: Some(in_all),
            ..component
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(id: u128, quantity: i32) -> SeatItem {
        SeatItem {
            seat_type_id: Uuid::from_u128(id),
            quantity,
        }
    }

    fn kayak() -> Component {
        Component {
            id: Uuid::from_u128(9),
            role: "kayak".to_owned(),
            quantity: 2,
            in_all: None,
            is_optional: false,
            sequence: 0,
            offset_minutes: 0,
            duration_minutes: None,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            service: None,
            selectors: Vec::new(),
        }
    }

    #[test]
    fn each_seat_takes_what_its_kind_needs_and_a_kind_that_is_not_named_nothing() {
        let of_kayak = HashMap::from([(Uuid::from_u128(1), 1), (Uuid::from_u128(2), 3)]);
        let needs = Needs(HashMap::from([(kayak().id, of_kayak)]));
        let in_all = |seats: &[SeatItem], basis, party_size| {
            let component = needs.applied(kayak(), basis, (seats, party_size));
            component.map(|component| component.in_all)
        };
        let two_kinds = [seat(1, 2), seat(2, 1), seat(3, 4)];
        assert_eq!(in_all(&two_kinds, Basis::Resource, 9), Some(Some(5)));
        assert_eq!(in_all(&two_kinds, Basis::Pool, 9), Some(Some(9)));
        assert_eq!(in_all(&[seat(3, 1)], Basis::Resource, 1), None);
        let guide = Component {
            id: Uuid::from_u128(8),
            ..kayak()
        };
        let guide = needs.applied(guide, Basis::Resource, (&two_kinds, 9));
        assert_eq!(guide.map(|guide| guide.in_all), Some(None));
    }
}
