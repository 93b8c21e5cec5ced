//! `fulfillmentAssignmentAccept`, `fulfillmentAssignmentDecline` and `fulfillmentAssignmentRelease`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_assignment;
use uuid::Uuid;

use super::locked::{Locked, lock};
use super::store::{give_out, take_back};
use super::{PLAN, WORK};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Accepts work that was proposed to a resource: it does it.
#[derive(InputObject)]
pub struct FulfillmentAssignmentAcceptInput {
    /// The assignment.
    pub id: Id<fulfillment_assignment::Entity>,
}

/// Declines work that was proposed to a resource: its time is free again.
#[derive(InputObject)]
pub struct FulfillmentAssignmentDeclineInput {
    /// The assignment.
    pub id: Id<fulfillment_assignment::Entity>,
}

/// Relieves a resource of work: its time is free again, and the work can be given to another.
#[derive(InputObject)]
pub struct FulfillmentAssignmentReleaseInput {
    /// The assignment.
    pub id: Id<fulfillment_assignment::Entity>,
}

const PAYLOAD: &[Part] = &[
    Part::Row(
        "fulfillmentAssignment",
        "FulfillmentAssignment",
        "The assignment as it now is.",
    ),
    Part::Row(
        "fulfillmentUnit",
        "FulfillmentUnit",
        "The work as it now is.",
    ),
];

/// An assignment whose work is locked.
struct Found {
    status: String,
    allocation_id: Option<Uuid>,
    unit: Locked,
}

const UNIT: &str =
    "select a.unit_id from booking.fulfillment_assignments a where a.biz_id = $1 and a.id = $2";
const FIND: &str = "select a.status::text, a.allocation_id from booking.fulfillment_assignments a \
    where a.biz_id = $1 and a.id = $2 for no key update";

/// Work before assignment, as all others lock them.
async fn find<P>(act: &Act<'_>, permission: &str, id: Uuid) -> Result<Found, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(UNIT, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("assignment"))?;
    let unit = lock(act, permission, row.try_get(0)?, None).await?;
    let row = act.scope.query_opt(FIND, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("assignment"))?;
    Ok(Found {
        status: row.try_get(0)?,
        allocation_id: row.try_get(1)?,
        unit,
    })
}

const MOVE: &str = "update booking.fulfillment_assignments a set status = $3, accepted_at = coalesce(a.accepted_at, $4) \
    where a.biz_id = $1 and a.id = $2";

async fn answer<P>(
    act: &Act<'_>,
    (permission, id): (&str, Uuid),
    from: &[&str],
    to: &str,
    wrong: P,
) -> Result<Outcome, Fault<P>> {
    let found = find(act, permission, id).await?;
    if !from.contains(&found.status.as_str()) || found.unit.is_over() {
        let message = format!(
            "The assignment is {} and the work {}: it cannot be answered so.",
            found.status, found.unit.status
        );
        return Err(Fault::at(wrong, "id", message));
    }
    let accepted_at = (to == "accepted").then_some(act.scope.now());
    let values = [
        act.scope.biz_id().into(),
        id.into(),
        to.into(),
        accepted_at.into(),
    ];
    act.scope.execute(MOVE, &values).await?;
    if to == "accepted" {
        give_out(act.scope, &[found.unit.id]).await?;
    } else {
        give_back(act, found.allocation_id).await?;
        take_back(act.scope, found.unit.id).await?;
    }
    Ok(Outcome::row("fulfillmentAssignment", id)
        .and_row("fulfillmentUnit", found.unit.id)
        .detail("location_id", found.unit.location_id.to_string()))
}

// What the order itself has taken stays its own.
const GIVE_BACK: &str = "update availability.allocations a \
    set status = 'released', released_at = clock_timestamp(), released_reason = 'withdrawn' \
    where a.biz_id = $1 and a.id = $2 and a.source_type = 'FulfillmentUnit' and a.status = 'firm' and a.slot_id is null";

async fn give_back<P>(act: &Act<'_>, allocation_id: Option<Uuid>) -> Result<(), Fault<P>> {
    if let Some(id) = allocation_id {
        let values = [act.scope.biz_id().into(), id.into()];
        act.scope.execute(GIVE_BACK, &values).await?;
    }
    Ok(())
}

macro_rules! answers {
    ($($verb:ident, $input:ident, $problem:ident, $code:literal, $name:literal, $event:literal, $from:expr, $to:literal, $permission:expr;)*) => {$(
        /// Why it cannot be done.
        #[derive(Enum, Copy, Clone, PartialEq, Eq)]
        #[graphql(name = $code)]
        pub enum $problem {
            /// The assignment is over, or was answered before.
            WrongStatus,
        }

        /// The verb.
        pub struct $verb;

        impl Verb for $verb {
            type Input = $input;
            type Problem = $problem;

            const NAME: &'static str = $name;
            const PERMISSION: Permission = Permission::Holds($permission);
            const EVENT: Option<&'static str> = Some($event);
            const PAYLOAD: &'static [Part] = PAYLOAD;

            async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
                answer(act, ($permission, input.id.uuid()), $from, $to, $problem::WrongStatus).await
            }
        }
    )*};
}

answers! {
    FulfillmentAssignmentAccept, FulfillmentAssignmentAcceptInput, FulfillmentAssignmentAcceptProblem,
        "FulfillmentAssignmentAcceptErrorCode", "fulfillmentAssignmentAccept", "fulfillment.assignment_accepted",
        &["proposed"], "accepted", WORK;
    FulfillmentAssignmentDecline, FulfillmentAssignmentDeclineInput, FulfillmentAssignmentDeclineProblem,
        "FulfillmentAssignmentDeclineErrorCode", "fulfillmentAssignmentDecline", "fulfillment.assignment_declined",
        &["proposed"], "declined", WORK;
    FulfillmentAssignmentRelease, FulfillmentAssignmentReleaseInput, FulfillmentAssignmentReleaseProblem,
        "FulfillmentAssignmentReleaseErrorCode", "fulfillmentAssignmentRelease", "fulfillment.assignment_released",
        &["proposed", "accepted"], "released", PLAN;
}
