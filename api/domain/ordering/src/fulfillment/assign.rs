//! `fulfillmentAssign`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_unit;
use entities::resources::resource;
use uuid::Uuid;

use super::PLAN;
use super::claim::{New, claim, insert};
use super::locked::lock;
use super::store::give_out;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::hold::store::NOT_ENOUGH;
use scheduling::availability::store::{TAKEN, lock_resources};

/// Gives a piece of work to a resource, in a role: it is taken for the planned time, unless the
/// booking has taken it already.
#[derive(InputObject)]
pub struct FulfillmentAssignInput {
    /// The piece of work.
    pub id: Id<fulfillment_unit::Entity>,
    /// Who or what is to do it.
    pub resource_id: Id<resource::Entity>,
    /// As what, such as therapist or room.
    pub role: String,
    /// Its place among several of the role.
    #[graphql(default = 1)]
    pub position: i32,
    /// Whether the resource has to accept it first.
    #[graphql(default = false)]
    pub proposed: bool,
}

/// Why work cannot be given to a resource.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentAssignErrorCode")]
pub enum FulfillmentAssignProblem {
    /// The resource is taken at that time.
    SlotTaken,
    /// This role of the work is assigned already.
    RoleTaken,
    /// The resource is not in use.
    NotBookable,
    /// Nothing more is done about this work.
    WrongStatus,
}

type Problem = FulfillmentAssignProblem;

/// The verb.
pub struct FulfillmentAssign;

impl Verb for FulfillmentAssign {
    type Input = FulfillmentAssignInput;
    type Problem = FulfillmentAssignProblem;

    const NAME: &'static str = "fulfillmentAssign";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("fulfillment.assigned");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "fulfillmentUnit",
            "FulfillmentUnit",
            "The work as it now is.",
        ),
        Part::Row(
            "fulfillmentAssignment",
            "FulfillmentAssignment",
            "The assignment.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, FulfillmentAssignProblem)] = &[
        (TAKEN, Problem::SlotTaken),
        (NOT_ENOUGH, Problem::SlotTaken),
        (
            "fulfillment_assignments_unit_id_role_key",
            Problem::RoleTaken,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let unit = lock(act, PLAN, input.id.uuid(), None).await?;
        if unit.is_over() {
            let message = format!(
                "The work is {}: nothing more is done about it.",
                unit.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let resource_id = input.resource_id.uuid();
        check_resource(act, resource_id).await?;
        lock_resources(act.scope, &[resource_id]).await?;
        let new = New {
            resource_id,
            allocation_id: claim(act.scope, &unit, resource_id).await?,
            role: input.role.trim(),
            position: Some(input.position),
            is_accepted: !input.proposed,
        };
        let id = insert(act.scope, unit.id, &new).await?;
        give_out(act.scope, &[unit.id]).await?;
        Ok(Outcome::row("fulfillmentUnit", unit.id)
            .and_row("fulfillmentAssignment", id)
            .detail("location_id", unit.location_id.to_string())
            .detail("resource_id", resource_id.to_string()))
    }
}

async fn check_resource(act: &Act<'_>, id: Uuid) -> Result<(), Fault<Problem>> {
    let sql = "select r.lifecycle_status::text, r.location_id from resources.resources r \
               where r.biz_id = $1 and r.id = $2 and r.deleted_at is null";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("resource"))?;
    act.permit_at(PLAN, row.try_get(1)?, "resource")?;
    if row.try_get::<_, String>(0)? != "active" {
        let message = "The resource is not in use.";
        return Err(Fault::at(Problem::NotBookable, "resourceId", message));
    }
    Ok(())
}
