//! `capacityReconcile`.

use async_graphql::{InputObject, SimpleObject};
use entities::availability::slot;

use foundation::graph::failure::Failure;
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Long};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

/// Compares the counters of all slots with what is claimed of them, and lists those that differ, 500
/// at most. There should be none.
#[derive(InputObject)]
pub struct CapacityReconcileInput {
    /// The first business day that is looked at; all if not given.
    pub from_on: Option<Day>,
    /// The first business day that is not looked at; all if not given.
    pub until_on: Option<Day>,
}

/// A slot that counts other than its allocations.
#[derive(SimpleObject)]
pub struct CapacityDrift {
    /// The slot.
    slot: Node<slot::Entity>,
    /// The business day it counts for.
    business_date: Day,
    /// Places that its counter says are held.
    held: i32,
    /// Places that its counter says are taken.
    occupied: i32,
    /// Places that its allocations hold.
    allocated_hold: Long,
    /// Places that its allocations take.
    allocated_firm: Long,
}

/// The question.
pub struct CapacityReconcile;

const DRIFT: &str = "select d.slot_id, d.business_date, d.held, d.occupied, d.allocated_hold, d.allocated_firm \
    from availability.capacity_drift() d \
    join availability.slots s on s.biz_id = $1 and s.id = d.slot_id \
    where ($2::date is null or d.business_date >= $2) and ($3::date is null or d.business_date < $3) \
      and ($4::uuid[] is null or s.location_id = any ($4::uuid[])) \
    order by d.business_date, d.slot_id limit 500";

impl Question for CapacityReconcile {
    type Input = CapacityReconcileInput;
    type Answer = Vec<CapacityDrift>;

    const NAME: &'static str = "capacityReconcile";
    const PERMISSION: Permission = Permission::Holds("availability.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let locations = match look.principal()?.reach("availability.read") {
            Reach::All => None,
            Reach::Locations(ids) => Some(ids.to_vec()),
        };
        let values = [
            look.scope.biz_id().into(),
            input.from_on.map(|day| day.0).into(),
            input.until_on.map(|day| day.0).into(),
            locations.into(),
        ];
        let rows = look.scope.query(DRIFT, &values).await?;
        let drift = |row: &tokio_postgres::Row| {
            Ok(CapacityDrift {
                slot: Node::new(row.try_get(0)?),
                business_date: Day(row.try_get(1)?),
                held: row.try_get(2)?,
                occupied: row.try_get(3)?,
                allocated_hold: Long(row.try_get(4)?),
                allocated_firm: Long(row.try_get(5)?),
            })
        };
        rows.iter()
            .map(drift)
            .collect::<Result<_, tokio_postgres::Error>>()
            .map_err(|error| Failure::from(foundation::database::Error::from(error)))
    }
}
