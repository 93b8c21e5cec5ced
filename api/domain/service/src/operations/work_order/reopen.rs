//! `workOrderReopen`.

use async_graphql::{Enum, InputObject};
use entities::resources::maintenance_work_order;

use crate::operations::MAINTAIN;
use crate::operations::locked::{WORK, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The work was checked, and was not good: it begins again, and so does the fault that asked for
/// it.
#[derive(InputObject)]
pub struct WorkOrderReopenInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// What is not good.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not reopened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderReopenErrorCode")]
pub enum WorkOrderReopenProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use WorkOrderReopenProblem as Problem;

/// The verb.
pub struct WorkOrderReopen;

impl Verb for WorkOrderReopen {
    type Input = WorkOrderReopenInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderReopen";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.reopened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The work order as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["completed"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update resources.maintenance_work_orders set status = 'reopened', completed_at = null where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        for status in ["triaged", "work_ordered"] {
            let sql = "update operations.maintenance_requests set status = $3::text, resolved_at = null \
                       where biz_id = $1 and work_order_id = $2 and status in ('resolved', 'triaged')";
            let values = [act.scope.biz_id().into(), row.id.into(), status.into()];
            act.scope.execute(sql, &values).await?;
        }
        let outcome = Outcome::row("maintenanceWorkOrder", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
