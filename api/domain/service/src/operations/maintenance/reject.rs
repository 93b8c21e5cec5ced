//! `maintenanceReject`.

use async_graphql::{Enum, InputObject};
use entities::operations::maintenance_request;

use crate::operations::MAINTAIN;
use crate::operations::locked::{FAULT, lock};
use crate::operations::sla::clocks::give_up;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Nothing is wrong, or nothing is done about it. What was promised for it does not count.
#[derive(InputObject)]
pub struct MaintenanceRejectInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// Why nothing is done.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not rejected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceRejectErrorCode")]
pub enum MaintenanceRejectProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use MaintenanceRejectProblem as Problem;

/// The verb.
pub struct MaintenanceReject;

impl Verb for MaintenanceReject {
    type Input = MaintenanceRejectInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceReject";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.rejected");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceRequest",
        "MaintenanceRequest",
        "The report as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            MAINTAIN,
            FAULT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["reported", "triaged"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update operations.maintenance_requests set status = 'rejected' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        give_up(act.scope, ("MaintenanceRequest", row.id)).await?;
        let outcome = Outcome::row("maintenanceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
