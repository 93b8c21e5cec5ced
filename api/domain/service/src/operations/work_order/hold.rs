//! `workOrderHold`.

use async_graphql::{Enum, InputObject};
use entities::resources::maintenance_work_order;

use crate::operations::MAINTAIN;
use crate::operations::locked::{WORK, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The work waits, such as for a part.
#[derive(InputObject)]
pub struct WorkOrderHoldInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// What it waits for.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it does not wait.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderHoldErrorCode")]
pub enum WorkOrderHoldProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use WorkOrderHoldProblem as Problem;

/// The verb.
pub struct WorkOrderHold;

impl Verb for WorkOrderHold {
    type Input = WorkOrderHoldInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderHold";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.held");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The work order as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["in_progress"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update resources.maintenance_work_orders set status = 'on_hold' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("maintenanceWorkOrder", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
