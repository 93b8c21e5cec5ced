//! How far permissions reach, from roles and the locations of a member.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use super::principal::Reach;

/// Permissions by code, and how far each reaches. What is not held is not in it.
pub type Permissions = HashMap<String, Reach>;

impl Reach {
    /// Whether everything that the other reaches is within this.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Locations(_), Self::All) => false,
            (Self::Locations(own), Self::Locations(others)) => {
                others.iter().all(|location| own.contains(location))
            }
        }
    }
}

/// What grants come to for a member who works at these locations (at all of them, if none).
///
/// A grant is a permission by a role, everywhere or at one location. Several of one permission add
/// up; none goes beyond the locations where the member works.
pub fn reaches(
    grants: impl IntoIterator<Item = (String, Option<Uuid>)>,
    works_at: &[Uuid],
) -> Permissions {
    let mut given: HashMap<String, Option<BTreeSet<Uuid>>> = HashMap::new();
    for (permission, location) in grants {
        let places = given
            .entry(permission)
            .or_insert_with(|| Some(BTreeSet::new()));
        match (location, places.as_mut()) {
            (Some(location), Some(places)) => {
                places.insert(location);
            }
            (None, _) => *places = None,
            (Some(_), None) => {}
        }
    }
    let everywhere = match works_at {
        [] => Reach::All,
        some => Reach::Locations(
            some.iter()
                .copied()
                .collect::<BTreeSet<_>>()
                .iter()
                .copied()
                .collect(),
        ),
    };
    given
        .into_iter()
        .filter_map(|(permission, places)| {
            let Some(places) = places else {
                return Some((permission, everywhere.clone()));
            };
            let within = |place: &Uuid| works_at.is_empty() || works_at.contains(place);
            let places: Arc<[Uuid]> = places.into_iter().filter(within).collect();
            (!places.is_empty()).then_some((permission, Reach::Locations(places)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: Uuid = Uuid::from_u128(0xA);
    const B: Uuid = Uuid::from_u128(0xB);
    const C: Uuid = Uuid::from_u128(0xC);

    fn reach(grants: &[Option<Uuid>], works_at: &[Uuid]) -> Option<Reach> {
        let grants = grants
            .iter()
            .map(|location| ("booking.read".to_owned(), *location));
        reaches(grants, works_at).remove("booking.read")
    }

    fn at(locations: &[Uuid]) -> Reach {
        Reach::Locations(locations.into())
    }

    #[test]
    fn roles_add_up_within_the_locations_of_the_member() {
        assert_eq!(reach(&[None], &[]), Some(Reach::All));
        assert_eq!(reach(&[Some(A)], &[]), Some(at(&[A])));
        assert_eq!(reach(&[Some(B), Some(A)], &[]), Some(at(&[A, B])));
        assert_eq!(reach(&[Some(A), None, Some(B)], &[]), Some(Reach::All));
        assert_eq!(reach(&[None], &[B, A, B]), Some(at(&[A, B])));
        assert_eq!(reach(&[Some(A), Some(B)], &[B, C]), Some(at(&[B])));
        assert_eq!(
            reach(&[Some(A)], &[B]),
            None,
            "a role elsewhere gives nothing"
        );
        assert_eq!(reach(&[], &[A]), None);
    }

    #[test]
    fn what_is_everywhere_covers_all_and_nothing_else_does() {
        let one = Reach::Locations([A].into());
        let two = Reach::Locations([A, B].into());
        assert!(Reach::All.covers(&Reach::All) && Reach::All.covers(&two));
        assert!(two.covers(&one) && !one.covers(&two) && !two.covers(&Reach::All));
    }

    fn place() -> impl Strategy<Value = Uuid> {
        prop::sample::select(vec![A, B, C])
    }

    proptest! {
        #[test]
        fn a_location_is_reached_where_role_and_work_meet(
            grants in prop::collection::vec(prop::option::of(place()), 0..5),
            works_at in prop::collection::vec(place(), 0..3),
        ) {
            let reach = reach(&grants, &works_at);
            for here in [A, B, C] {
                let given = grants.iter().any(|place| place.is_none_or(|place| place == here));
                let works = works_at.is_empty() || works_at.contains(&here);
                let reached = match &reach {
                    Some(Reach::All) => true,
                    Some(Reach::Locations(places)) => places.contains(&here),
                    None => false,
                };
                prop_assert_eq!(reached, given && works);
            }
        }
    }
}
