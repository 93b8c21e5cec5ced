//! `blockRelease`.

use async_graphql::{Enum, InputObject};
use entities::availability::availability_block;
use uuid::Uuid;

use super::BLOCK;
use super::blocked::reopen_slots;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Lifts a block: its time is free again, and slots that it closed are open.
#[derive(InputObject)]
pub struct BlockReleaseInput {
    /// The block.
    pub id: Id<availability_block::Entity>,
}

/// Why a block cannot be lifted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BlockReleaseErrorCode")]
pub enum BlockReleaseProblem {
    /// It was lifted before.
    WrongStatus,
}

/// The verb.
pub struct BlockRelease;

impl Verb for BlockRelease {
    type Input = BlockReleaseInput;
    type Problem = BlockReleaseProblem;

    const NAME: &'static str = "blockRelease";
    const PERMISSION: Permission = Permission::Holds(BLOCK);
    const EVENT: Option<&'static str> = Some("block.released");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "availabilityBlock",
            "AvailabilityBlock",
            "The block as it now is.",
        ),
        Part::Value(
            "openedSlotCount",
            "Int",
            "How many slots of the location it opened again.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let row = act
            .scope
            .query_opt(LOCK, &[act.scope.biz_id().into(), id.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("block"))?;
        let location_id: Uuid = row.try_get(1)?;
        act.permit_at(BLOCK, location_id, "block")?;
        if row.try_get::<_, String>(0)? != "active" {
            let message = "The block was lifted before.";
            return Err(Fault::at(BlockReleaseProblem::WrongStatus, "id", message));
        }
        let release = "select availability.release('withdrawn', 'AvailabilityBlock', $1)";
        act.scope.query(release, &[id.into()]).await?;
        let lift = "update availability.blocks b set status = 'lifted', lifted_at = $3 where b.biz_id = $1 and b.id = $2";
        let values = [act.scope.biz_id().into(), id.into(), act.scope.now().into()];
        act.scope.execute(lift, &values).await?;
        let mut opened = 0;
        if row.try_get::<_, bool>(2)? {
            let time = (row.try_get(3)?, row.try_get(4)?);
            opened = reopen_slots(act.scope, id, location_id, time).await?;
        }
        Ok(Outcome::row("availabilityBlock", id)
            .and_value("openedSlotCount", i64::try_from(opened).unwrap_or_default())
            .detail("location_id", location_id.to_string()))
    }
}

const LOCK: &str = "select b.status::text, coalesce(b.location_id, r.location_id), b.location_id is not null, b.starts_at, b.ends_at \
    from availability.blocks b \
    left join resources.resources r on r.biz_id = b.biz_id and r.id = b.resource_id \
    where b.biz_id = $1 and b.id = $2 for no key update of b";
