//! `maintenanceMarkDuplicate`.

use async_graphql::{Enum, InputObject};
use entities::operations::maintenance_request;

use crate::operations::MAINTAIN;
use crate::operations::locked::{FAULT, lock};
use crate::operations::sla::clocks::give_up;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A fault was reported before: the other report stands for both.
#[derive(InputObject)]
pub struct MaintenanceMarkDuplicateInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// The report by which it was told first.
    pub duplicate_of_id: Id<maintenance_request::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not marked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceMarkDuplicateErrorCode")]
pub enum MaintenanceMarkDuplicateProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// A report is no duplicate of itself, nor of one that is a duplicate or was rejected.
    NotItself,
}

use MaintenanceMarkDuplicateProblem as Problem;

/// The verb.
pub struct MaintenanceMarkDuplicate;

impl Verb for MaintenanceMarkDuplicate {
    type Input = MaintenanceMarkDuplicateInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceMarkDuplicate";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.duplicate");
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
        let first = input.duplicate_of_id.uuid();
        let values = [act.scope.biz_id().into(), row.id.into(), first.into()];
        if act.scope.execute(MARK, &values).await? == 0 {
            let text = "There is no other report that stands, at this location.";
            return Err(Fault::at(Problem::NotItself, "duplicateOfId", text));
        }
        act.scope.set_reason("Reported before").await?;
        give_up(act.scope, ("MaintenanceRequest", row.id)).await?;
        let outcome = Outcome::row("maintenanceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const MARK: &str = "update operations.maintenance_requests set status = 'duplicate', duplicate_of_id = $3 \
    where biz_id = $1 and id = $2 and id <> $3 and exists ( \
      select from operations.maintenance_requests o \
      where o.biz_id = $1 and o.id = $3 and o.location_id = maintenance_requests.location_id \
        and o.status not in ('duplicate', 'rejected'))";
