//! `fulfillmentAutoAssign`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_unit;
use entities::resources::{resource, resource_group};
use uuid::Uuid;

use super::PLAN;
use super::candidates::{Asked, free, members};
use super::choices::SelectionStrategy;
use super::claim::{New, claim, insert};
use super::locked::lock;
use super::rules::Strategy;
use super::store::give_out;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::hold::store::NOT_ENOUGH;
use scheduling::availability::store::{TAKEN, lock_resources};

/// Gives a piece of work to one of several resources that would all do, of those that are free: in
/// turn, to the one with the least to do, by rank, or to all of them.
#[derive(InputObject)]
pub struct FulfillmentAutoAssignInput {
    /// The piece of work.
    pub id: Id<fulfillment_unit::Entity>,
    /// As what, such as therapist or room.
    pub role: String,
    /// The group whose members would do, 500 at most.
    pub resource_group_id: Option<Id<resource_group::Entity>>,
    /// Resources that would do, 500 at most; those before are of higher rank.
    pub resource_ids: Option<Vec<Id<resource::Entity>>>,
    /// How one is chosen; as the group says, or in turn, if not given.
    pub strategy: Option<Choice<SelectionStrategy>>,
    /// How many are needed.
    #[graphql(default = 1)]
    pub count: i32,
    /// Whether they have to accept it first.
    #[graphql(default = false)]
    pub proposed: bool,
}

/// Why nobody is found.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentAutoAssignErrorCode")]
pub enum FulfillmentAutoAssignProblem {
    /// Too few of them are free.
    NobodyFree,
    /// A group or resources must be given, and how many are needed.
    Incomplete,
    /// Nothing more is done about this work.
    WrongStatus,
}

type Problem = FulfillmentAutoAssignProblem;

/// The verb.
pub struct FulfillmentAutoAssign;

impl Verb for FulfillmentAutoAssign {
    type Input = FulfillmentAutoAssignInput;
    type Problem = FulfillmentAutoAssignProblem;

    const NAME: &'static str = "fulfillmentAutoAssign";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("fulfillment.assigned");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "fulfillmentUnit",
            "FulfillmentUnit",
            "The work as it now is.",
        ),
        Part::Rows(
            "fulfillmentAssignments",
            "FulfillmentAssignment",
            "The assignments that were made.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, FulfillmentAutoAssignProblem)] = &[
        (TAKEN, Problem::NobodyFree),
        (NOT_ENOUGH, Problem::NobodyFree),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let asked = asked(&input)?;
        let unit = lock(act, PLAN, input.id.uuid(), None).await?;
        if unit.is_over() {
            let message = format!(
                "The work is {}: nothing more is done about it.",
                unit.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let strategy = strategy(act, &input).await?;
        let members = members(act.scope, &asked, &unit).await?;
        if members.len() > 500 {
            let message = "Choose among 500 resources at most.";
            return Err(Fault::at(Problem::Incomplete, "resourceGroupId", message));
        }
        let ids: Vec<Uuid> = members.iter().map(|member| member.0).collect();
        lock_resources(act.scope, &ids).await?;
        let free = free(act.scope, &members, &unit).await?;
        let count = usize::try_from(input.count).unwrap_or_default();
        let found = free.len();
        let Some(chosen) = strategy.choose(free, count) else {
            let message = format!("{found} of {} are free; {count} are needed.", members.len());
            return Err(Fault::at(Problem::NobodyFree, "count", message));
        };
        let mut outcome = Outcome::row("fulfillmentUnit", unit.id)
            .detail("location_id", unit.location_id.to_string());
        for resource_id in chosen {
            let new = New {
                resource_id,
                allocation_id: claim(act.scope, &unit, resource_id).await?,
                role: input.role.trim(),
                position: None,
                is_accepted: !input.proposed,
            };
            let id = insert(act.scope, unit.id, &new).await?;
            outcome = outcome.and_row("fulfillmentAssignments", id);
        }
        give_out(act.scope, &[unit.id]).await?;
        Ok(outcome)
    }
}

fn asked(input: &FulfillmentAutoAssignInput) -> Result<Asked, Fault<Problem>> {
    let named = input.resource_ids.as_deref().unwrap_or_default();
    let group_id = input.resource_group_id.map(|id| id.uuid());
    if (group_id.is_none() && named.is_empty()) || named.len() > 500 {
        let message = "Give resourceGroupId, or 1 to 500 resourceIds.";
        return Err(Fault::at(Problem::Incomplete, "resourceGroupId", message));
    }
    if !(1..=50).contains(&input.count) {
        let message = "count must be between 1 and 50.";
        return Err(Fault::at(Problem::Incomplete, "count", message));
    }
    Ok(Asked {
        group_id,
        resource_ids: named.iter().map(Id::uuid).collect(),
    })
}

async fn strategy(
    act: &Act<'_>,
    input: &FulfillmentAutoAssignInput,
) -> Result<Strategy, Fault<Problem>> {
    let mut name = input
        .strategy
        .as_ref()
        .map(|strategy| strategy.0.to_owned());
    if let Some(id) = input.resource_group_id {
        let sql = "select g.selection_strategy::text from resources.resource_groups g \
                   where g.biz_id = $1 and g.id = $2 and g.deleted_at is null";
        let values = [act.scope.biz_id().into(), id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let own: String = row
            .ok_or_else(|| Fault::not_found("resource group"))?
            .try_get(0)?;
        name = name.or(Some(own));
    }
    Ok(Strategy::of(name.as_deref().unwrap_or_default()))
}
