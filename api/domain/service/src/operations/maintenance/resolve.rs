//! `maintenanceResolve`.

use async_graphql::{Enum, InputObject};
use entities::operations::maintenance_request;
use uuid::Uuid;

use crate::operations::MAINTAIN;
use crate::operations::locked::{FAULT, lock};
use crate::operations::sla::clocks::follow;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A fault was repaired without a work order. (What has one is repaired by its work order.)
#[derive(InputObject)]
pub struct MaintenanceResolveInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not resolved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceResolveErrorCode")]
pub enum MaintenanceResolveProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
}

use MaintenanceResolveProblem as Problem;

/// The verb.
pub struct MaintenanceResolve;

impl Verb for MaintenanceResolve {
    type Input = MaintenanceResolveInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceResolve";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.resolved");
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
        row.allow(&["triaged"], Problem::WrongStatus)?;
        repaired(act.scope, row.id).await?;
        let outcome = Outcome::row("maintenanceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

/// A fault is repaired, as we see it.
pub async fn repaired(scope: &Scope, id: Uuid) -> Result<(), Error> {
    let sql = "update operations.maintenance_requests set status = 'resolved', resolved_at = $3 where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), id.into(), scope.now().into()];
    scope.execute(sql, &values).await?;
    let done = ["acknowledge", "respond", "start", "resolve", "deliver"];
    follow(scope, ("MaintenanceRequest", id), "resolved", &done).await
}
