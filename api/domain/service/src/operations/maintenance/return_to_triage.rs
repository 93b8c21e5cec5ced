//! `maintenanceReturn`.

use async_graphql::{Enum, InputObject};
use entities::operations::maintenance_request;

use crate::operations::MAINTAIN;
use crate::operations::locked::{FAULT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A fault was not repaired after all: somebody has to look at it again.
#[derive(InputObject)]
pub struct MaintenanceReturnInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// What is still wrong.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not returned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceReturnErrorCode")]
pub enum MaintenanceReturnProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use MaintenanceReturnProblem as Problem;

/// The verb.
pub struct MaintenanceReturn;

impl Verb for MaintenanceReturn {
    type Input = MaintenanceReturnInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceReturn";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.returned");
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
        row.allow(&["resolved"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update operations.maintenance_requests set status = 'triaged', resolved_at = null \
                   where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("maintenanceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
