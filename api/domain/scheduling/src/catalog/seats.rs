//! Kinds of seats: how many of a kind there are, for whom they are, and whether they need something of
//! their own.

use std::collections::HashMap;

use uuid::Uuid;

use foundation::database::{Error, Scope};

/// The oldest that anybody is.
const OLDEST: i32 = 150;

/// A kind of seat of a version of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatKind {
    /// The version that has it.
    pub offer_version_id: Uuid,
    /// Its name.
    pub name: String,
    /// How many there are; as many as there are places, where there is none.
    pub capacity: Option<i32>,
    /// The youngest that may take one.
    pub min_age: Option<i32>,
    /// The oldest that may take one.
    pub max_age: Option<i32>,
    /// Whether such a seat needs something of the offer's components for itself, such as a kayak.
    pub has_needs: bool,
}

impl SeatKind {
    /// Why somebody of this age cannot take such a seat; nothing where they can.
    pub fn against(&self, age: i32) -> Option<String> {
        let name = &self.name;
        if !(0..=OLDEST).contains(&age) {
            return Some(format!("An age is between 0 and {OLDEST} years."));
        }
        match (self.min_age, self.max_age) {
            (Some(least), _) if age < least => {
                Some(format!("{name} is for those from {least} on."))
            }
            (_, Some(most)) if age > most => Some(format!("{name} is for those up to {most}.")),
            _ => None,
        }
    }

    /// That there never are so many of them; nothing where there are.
    pub fn short_of(&self, wanted: i32) -> Option<String> {
        let capacity = self.capacity.filter(|capacity| wanted > *capacity)?;
        let name = &self.name;
        Some(format!(
            "Of the kind {name} there are {capacity} seats, not {wanted}."
        ))
    }
}

const KINDS: &str = "select t.id, t.offer_version_id, t.name, t.capacity, t.min_age, t.max_age, \
      exists (select from catalog.offer_seat_type_requirements r \
        where r.biz_id = $1 and r.seat_type_id = t.id and r.removed_at is null) \
    from catalog.offer_seat_types t \
    where t.biz_id = $1 and t.id = any ($2::uuid[]) and t.removed_at is null";

/// These kinds of seats, as far as they exist.
pub async fn kinds(scope: &Scope, mut ids: Vec<Uuid>) -> Result<HashMap<Uuid, SeatKind>, Error> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let values = [scope.biz_id().into(), ids.into()];
    let rows = scope.query(KINDS, &values).await?;
    let read = |row: &tokio_postgres::Row| {
        let kind = SeatKind {
            offer_version_id: row.try_get(1)?,
            name: row.try_get(2)?,
            capacity: row.try_get(3)?,
            min_age: row.try_get(4)?,
            max_age: row.try_get(5)?,
            has_needs: row.try_get(6)?,
        };
        Ok((row.try_get(0)?, kind))
    };
    rows.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_within_both_bounds_where_there_are_any() {
        let kind = |min_age, max_age| SeatKind {
            offer_version_id: Uuid::nil(),
            name: "Child".to_owned(),
            capacity: Some(2),
            min_age,
            max_age,
            has_needs: false,
        };
        let child = kind(Some(3), Some(12));
        let fits: Vec<bool> = [2, 3, 12, 13]
            .map(|age| child.against(age).is_none())
            .to_vec();
        assert_eq!(fits, [false, true, true, false]);
        let anybody = kind(None, None);
        assert!(anybody.against(0).is_none() && anybody.against(99).is_none());
        assert!(anybody.against(-1).is_some() && anybody.against(151).is_some());
        assert!(child.short_of(2).is_none());
        assert_eq!(
            child.short_of(3).as_deref(),
            Some("Of the kind Child there are 2 seats, not 3.")
        );
    }
}
