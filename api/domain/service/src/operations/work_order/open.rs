//! `workOrderOpen`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::identity::member;
use entities::resources::resource;
use sea_orm::Value;
use uuid::Uuid;

use crate::operations::MAINTAIN;
use crate::operations::choices::WorkPriority;
use foundation::database::{Error, Numbered, new_id};
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Opens a work order for a resource, without any report of a fault.
#[derive(InputObject)]
pub struct WorkOrderOpenInput {
    /// What is to be maintained or repaired.
    pub resource_id: Id<resource::Entity>,
    /// What is to be done, in a line.
    pub title: String,
    /// What is to be done, at length.
    pub description: Option<String>,
    /// How urgent it is; normal if not given.
    pub priority: Option<Choice<WorkPriority>>,
    /// Whether the resource cannot be booked meanwhile; it cannot if not given.
    pub blocks_resource: Option<bool>,
    /// Day by which it should be done.
    pub due_on: Option<Day>,
    /// Who does it.
    pub assignee_id: Option<Id<member::Entity>>,
    /// Which firm does it, where it is given away.
    pub vendor_name: Option<String>,
}

/// Why no work order was opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderOpenErrorCode")]
pub enum WorkOrderOpenProblem {
    /// It must be said what is to be done.
    TitleRequired,
}

use WorkOrderOpenProblem as Problem;

/// The verb.
pub struct WorkOrderOpen;

impl Verb for WorkOrderOpen {
    type Input = WorkOrderOpenInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderOpen";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.opened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The new work order.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "maintenance_work_orders_title_check",
        Problem::TitleRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let sql = "select location_id from resources.resources where biz_id = $1 and id = $2 and deleted_at is null";
        let values = [act.scope.biz_id().into(), input.resource_id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("resource"))?;
        let location_id: Uuid = row.try_get(0)?;
        act.permit_at(MAINTAIN, location_id, "resource")?;
        let work = NewWork {
            resource_id: input.resource_id.uuid(),
            policy_id: None,
            request: None,
            priority: input.priority.map_or("normal", |priority| priority.0),
            title: input.title,
            description: input.description.unwrap_or_default(),
            blocks_resource: input.blocks_resource.unwrap_or(true),
            due_on: input.due_on.map(|day| day.0),
            assignee_id: input.assignee_id.map(|id| id.uuid()),
            vendor_name: input.vendor_name,
        };
        let id = open(act, work).await?;
        let outcome = Outcome::row("maintenanceWorkOrder", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

/// How work orders are numbered.
const NUMBERS: Numbered = Numbered {
    document: "maintenance_work_order",
    prefix: "WO",
};

/// Work to be ordered.
#[derive(Clone, Debug)]
pub struct NewWork<'a> {
    /// What is maintained or repaired.
    pub resource_id: Uuid,
    /// The maintenance policy it comes from.
    pub policy_id: Option<Uuid>,
    /// What asked for it: entity and id.
    pub request: Option<(&'static str, Uuid)>,
    /// How urgent it is.
    pub priority: &'a str,
    /// What is to be done, in a line.
    pub title: String,
    /// What is to be done, at length.
    pub description: String,
    /// Whether the resource cannot be booked meanwhile.
    pub blocks_resource: bool,
    /// Day by which it should be done.
    pub due_on: Option<NaiveDate>,
    /// Who does it.
    pub assignee_id: Option<Uuid>,
    /// Which firm does it.
    pub vendor_name: Option<String>,
}

const INSERT: &str = "insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, policy_id, \
      request_type, request_id, kind, priority, title, description, blocks_resource, due_on, assignee_id, vendor_name, checklist) \
    select $1, $2, $3, r.id, r.location_id, $5, $6, $7, case when $5::uuid is null then 'corrective' else 'preventive' end, \
      $8::text, $9, $10, $11, $12, $13, $14, coalesce((select p.checklist from resources.maintenance_policies p \
        where p.biz_id = $1 and p.id = $5), '[]') \
    from resources.resources r where r.biz_id = $1 and r.id = $4";

/// Opens a work order.
pub async fn open(act: &Act<'_>, work: NewWork<'_>) -> Result<Uuid, Error> {
    let (scope, id) = (act.scope, new_id());
    let number = act.session.shared.database.number(scope, NUMBERS).await?;
    let (request_type, request_id) = work.request.unzip();
    let values: [Value; 14] = [
        scope.biz_id().into(),
        id.into(),
        number.into(),
        work.resource_id.into(),
        work.policy_id.into(),
        request_type.into(),
        request_id.into(),
        work.priority.into(),
        work.title.trim().into(),
        work.description.into(),
        work.blocks_resource.into(),
        work.due_on.into(),
        work.assignee_id.into(),
        work.vendor_name.into(),
    ];
    scope.execute(INSERT, &values).await?;
    Ok(id)
}
