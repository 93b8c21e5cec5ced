//! `workOrderVerify`.

use async_graphql::{Enum, InputObject};
use entities::resources::maintenance_work_order;

use crate::operations::MAINTAIN;
use crate::operations::locked::{WORK, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The work was checked by somebody, and found good: the fault that asked for it is closed.
#[derive(InputObject)]
pub struct WorkOrderVerifyInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not found good.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderVerifyErrorCode")]
pub enum WorkOrderVerifyProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
    /// A member of the business checks the work, not a program.
    MemberRequired,
}

use WorkOrderVerifyProblem as Problem;

/// The verb.
pub struct WorkOrderVerify;

impl Verb for WorkOrderVerify {
    type Input = WorkOrderVerifyInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderVerify";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.verified");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The work order as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["completed"], Problem::WrongStatus)?;
        let Some(member) = act.principal()?.member_id() else {
            let text = "A member of the business checks the work.";
            return Err(Fault::problem(Problem::MemberRequired, text));
        };
        let sql = "update resources.maintenance_work_orders set status = 'verified', verified_at = $3, verified_by_id = $4 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            member.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let sql = "update operations.maintenance_requests set status = 'closed' \
                   where biz_id = $1 and work_order_id = $2 and status = 'resolved'";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("maintenanceWorkOrder", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
