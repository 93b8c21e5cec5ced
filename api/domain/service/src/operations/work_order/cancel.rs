//! `workOrderCancel`.

use async_graphql::{Enum, InputObject};
use entities::resources::maintenance_work_order;

use crate::operations::MAINTAIN;
use crate::operations::locked::{WORK, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::capacity::blocked::lift;

/// The work will not be done: its time can be booked again, and the fault that asked for it has to
/// be looked at anew.
#[derive(InputObject)]
pub struct WorkOrderCancelInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// Why it will not be done.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderCancelErrorCode")]
pub enum WorkOrderCancelProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use WorkOrderCancelProblem as Problem;

/// The verb.
pub struct WorkOrderCancel;

impl Verb for WorkOrderCancel {
    type Input = WorkOrderCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderCancel";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The work order as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["requested", "triaged", "scheduled"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update resources.maintenance_work_orders set status = 'cancelled' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        lift(act.scope, ("MaintenanceWorkOrder", row.id)).await?;
        let sql = "update operations.maintenance_requests set status = 'triaged', work_order_id = null \
                   where biz_id = $1 and work_order_id = $2 and status = 'work_ordered'";
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("maintenanceWorkOrder", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
