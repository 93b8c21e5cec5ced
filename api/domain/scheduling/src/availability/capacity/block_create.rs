//! `blockCreate`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::resources::resource;
use uuid::Uuid;

use super::BLOCK;
use super::blocked::{close_slots, in_the_way, take_nights, take_resources};
use super::choices::BlockReason;
use super::store::{Place, place};
use crate::availability::store::{SOLD_OUT, TAKEN, lock_resources};
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The most resources that one block takes.
const MOST: usize = 2_000;

/// Blocks time: of a resource, whose nights are then sold by one less, or of a whole location, whose
/// slots close. What is booked is never overrun: it has to be moved first, or the block goes around.
#[derive(InputObject)]
pub struct BlockCreateInput {
    /// The resource.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The location, with all its resources and slots.
    pub location_id: Option<Id<location::Entity>>,
    /// From when.
    pub starts_at: Instant,
    /// Until when, that instant not included; 400 days later at most.
    pub ends_at: Instant,
    /// Why; OTHER if not given.
    pub reason: Option<Choice<BlockReason>>,
    /// What staff should know.
    pub note: Option<String>,
    /// Whether it leaves out what is booked, instead of being refused.
    #[graphql(default = false)]
    pub around_bookings: bool,
}

/// Why time cannot be blocked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BlockCreateErrorCode")]
pub enum BlockCreateProblem {
    /// Something is booked or held then; the message says how much and when.
    SlotTaken,
    /// All rooms of the type are sold on some night, so that none is left to be blocked.
    SoldOut,
    /// A resource or a location must be given, one of them.
    Incomplete,
    /// The times are no time.
    InvalidDates,
    /// The location has more resources than one block takes.
    TooMany,
}

type Problem = BlockCreateProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct BlockCreate;

impl Verb for BlockCreate {
    type Input = BlockCreateInput;
    type Problem = BlockCreateProblem;

    const NAME: &'static str = "blockCreate";
    const PERMISSION: Permission = Permission::Holds(BLOCK);
    const EVENT: Option<&'static str> = Some("block.created");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("availabilityBlock", "AvailabilityBlock", "The block."),
        Part::Value(
            "closedSlotCount",
            "Int",
            "How many slots of the location it closed.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, BlockCreateProblem)] =
        &[(TAKEN, Problem::SlotTaken), (SOLD_OUT, Problem::SoldOut)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let time = (input.starts_at.0, input.ends_at.0);
        if time.1 <= time.0 || (time.1 - time.0).num_days() > 400 {
            let message = "endsAt must be after startsAt, by 400 days at most.";
            return Err(Fault::at(Problem::InvalidDates, "endsAt", message));
        }
        let (place, resources) = find(act, &input).await?;
        lock_resources(act.scope, &resources).await?;
        if !input.around_bookings
            && let Some((count, first)) = in_the_way(act.scope, &resources, time).await?
        {
            let message = format!(
                "{count} claims are in the way, the first at {first}: move them, or block around them."
            );
            return Err(Fault::at(Problem::SlotTaken, "startsAt", message));
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.location_id.map(|id| id.uuid()).into(),
            time.0.into(),
            time.1.into(),
            input
                .reason
                .as_ref()
                .map_or("other", |reason| reason.0)
                .into(),
            input.note.clone().into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        let mut closed = 0;
        match input.resource_id {
            Some(resource) => take_nights(act.scope, id, resource.uuid(), &place, time).await?,
            None => closed = close_slots(act.scope, id, &place, time).await?,
        }
        take_resources(act.scope, id, &resources, time).await?;
        Ok(Outcome::row("availabilityBlock", id)
            .and_value("closedSlotCount", i64::try_from(closed).unwrap_or_default())
            .detail("location_id", place.location_id.to_string()))
    }
}

const INSERT: &str = "insert into availability.blocks (biz_id, id, resource_id, location_id, starts_at, ends_at, reason, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Where it is, and which resources it takes.
async fn find(act: &Act<'_>, input: &BlockCreateInput) -> Checked<(Place, Vec<Uuid>)> {
    let biz_id = act.scope.biz_id();
    let (location_id, resources) = match (input.resource_id, input.location_id) {
        (Some(id), None) => {
            let sql = "select r.location_id from resources.resources r \
                       where r.biz_id = $1 and r.id = $2 and r.deleted_at is null";
            let row = act
                .scope
                .query_opt(sql, &[biz_id.into(), id.uuid().into()])
                .await?;
            let row = row.ok_or_else(|| Fault::not_found("resource"))?;
            (row.try_get(0)?, vec![id.uuid()])
        }
        (None, Some(id)) => {
            let sql = "select r.id from resources.resources r where r.biz_id = $1 and r.location_id = $2 \
                       and r.deleted_at is null and r.lifecycle_status <> 'retired' order by r.id limit 2001";
            let rows = act
                .scope
                .query(sql, &[biz_id.into(), id.uuid().into()])
                .await?;
            let resources = rows
                .iter()
                .map(|row| row.try_get(0))
                .collect::<Result<Vec<_>, _>>()?;
            (id.uuid(), resources)
        }
        _ => {
            let message = "Give resourceId or locationId, one of them.";
            return Err(Fault::at(Problem::Incomplete, "resourceId", message));
        }
    };
    let what = if input.resource_id.is_some() {
        "resource"
    } else {
        "location"
    };
    act.permit_at(BLOCK, location_id, what)?;
    if resources.len() > MOST {
        let message = "A location with more than 2,000 resources is blocked by resources.";
        return Err(Fault::at(Problem::TooMany, "locationId", message));
    }
    let place = place(act.scope, location_id).await?;
    Ok((
        place.ok_or_else(|| Fault::not_found("location"))?,
        resources,
    ))
}
