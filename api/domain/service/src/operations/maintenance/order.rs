//! `maintenanceOrder`.

use async_graphql::{Enum, InputObject};
use entities::identity::member;
use entities::operations::maintenance_request;

use crate::operations::MAINTAIN;
use crate::operations::choices::WorkPriority;
use crate::operations::locked::{FAULT, lock};
use crate::operations::maintenance::report::priority_of;
use crate::operations::sla::clocks::follow;
use crate::operations::work_order::open::{NewWork, open};
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Orders the repair of a fault: a work order for what is broken. Scheduling it takes the time out
/// of what can be booked.
#[derive(InputObject)]
pub struct MaintenanceOrderInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// What is to be done, in a line; what is wrong if not given.
    pub title: Option<String>,
    /// How urgent it is; as bad as the fault is if not given.
    pub priority: Option<Choice<WorkPriority>>,
    /// Day by which it should be done.
    pub due_on: Option<Day>,
    /// Who does it.
    pub assignee_id: Option<Id<member::Entity>>,
    /// Which firm does it, where it is given away.
    pub vendor_name: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why nothing was ordered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceOrderErrorCode")]
pub enum MaintenanceOrderProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// A work order is for a resource: say what is broken first.
    ResourceRequired,
}

use MaintenanceOrderProblem as Problem;

/// The verb.
pub struct MaintenanceOrder;

impl Verb for MaintenanceOrder {
    type Input = MaintenanceOrderInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceOrder";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.ordered");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "maintenanceRequest",
            "MaintenanceRequest",
            "The report as it now is.",
        ),
        Part::Row(
            "maintenanceWorkOrder",
            "MaintenanceWorkOrder",
            "The new work order.",
        ),
    ];

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
        let values = [act.scope.biz_id().into(), row.id.into()];
        let found = act.scope.query_opt(FAULT_OF, &values).await?;
        let found = found.ok_or_else(|| Fault::not_found("maintenance request"))?;
        let Some(resource_id) = found.try_get(0)? else {
            let text = "Say what is broken first, by triage.";
            return Err(Fault::at(Problem::ResourceRequired, "id", text));
        };
        let (severity, said): (String, String) = (found.try_get(1)?, found.try_get(2)?);
        let work = NewWork {
            resource_id,
            policy_id: None,
            request: Some(("MaintenanceRequest", row.id)),
            priority: input
                .priority
                .map_or_else(|| priority_of(&severity), |priority| priority.0),
            title: input
                .title
                .unwrap_or_else(|| said.chars().take(200).collect()),
            description: said,
            blocks_resource: found.try_get(3)?,
            due_on: input.due_on.map(|day| day.0),
            assignee_id: input.assignee_id.map(|id| id.uuid()),
            vendor_name: input.vendor_name,
        };
        let order = open(act, work).await?;
        let sql = "update operations.maintenance_requests set status = 'work_ordered', work_order_id = $3 \
                   where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into(), order.into()];
        act.scope.execute(sql, &values).await?;
        follow(
            act.scope,
            ("MaintenanceRequest", row.id),
            "work_ordered",
            &[],
        )
        .await?;
        Ok(Outcome::row("maintenanceRequest", row.id)
            .and_row("maintenanceWorkOrder", order)
            .detail("location_id", row.location_id.to_string())
            .detail("work_order_id", order.to_string()))
    }
}

const FAULT_OF: &str = "select m.resource_id, m.severity::text, m.description, m.blocks_resource \
    from operations.maintenance_requests m where m.biz_id = $1 and m.id = $2";
