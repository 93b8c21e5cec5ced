//! `workOrderStart`.

use async_graphql::{Enum, InputObject};
use entities::resources::maintenance_work_order;

use crate::operations::MAINTAIN;
use crate::operations::locked::{WORK, lock};
use crate::operations::work_order::of_fault;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The work begins.
#[derive(InputObject)]
pub struct WorkOrderStartInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it did not begin.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderStartErrorCode")]
pub enum WorkOrderStartProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
}

use WorkOrderStartProblem as Problem;

/// The verb.
pub struct WorkOrderStart;

impl Verb for WorkOrderStart {
    type Input = WorkOrderStartInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderStart";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.started");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The work order as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["scheduled", "reopened"], Problem::WrongStatus)?;
        let sql = "update resources.maintenance_work_orders set status = 'in_progress', started_at = coalesce(started_at, $3) where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await?;
        of_fault(act.scope, row.id, "work_ordered", &["start"]).await?;
        let outcome = Outcome::row("maintenanceWorkOrder", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
