//! `maintenanceClose`.

use async_graphql::{Enum, InputObject};
use entities::operations::maintenance_request;

use crate::operations::MAINTAIN;
use crate::operations::locked::{FAULT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A fault is repaired, as those see it who told of it.
#[derive(InputObject)]
pub struct MaintenanceCloseInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceCloseErrorCode")]
pub enum MaintenanceCloseProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
}

use MaintenanceCloseProblem as Problem;

/// The verb.
pub struct MaintenanceClose;

impl Verb for MaintenanceClose {
    type Input = MaintenanceCloseInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceClose";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.closed");
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
        let sql = "update operations.maintenance_requests set status = 'closed' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("maintenanceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}
