//! `workOrderComplete`.

use async_graphql::{Enum, InputObject};
use entities::resources::maintenance_work_order;
use sea_orm::Value;

use crate::operations::MAINTAIN;
use crate::operations::choices::UsageMetric;
use crate::operations::locked::{WORK, lock};
use crate::operations::maintenance::resolve::repaired;
use foundation::graph::scalars::{Choice, Id, Json, MoneyInput, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::capacity::blocked::lift;

/// The work is done: what it cost, what was found, and the counter that was read. The resource can
/// be booked again from now on, and the fault that asked for it is repaired.
#[derive(InputObject)]
pub struct WorkOrderCompleteInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// What was found and done.
    pub resolution: String,
    /// What the work cost.
    pub labour_cost: Option<MoneyInput>,
    /// What parts cost.
    pub parts_cost: Option<MoneyInput>,
    /// Which counter was read.
    pub usage_metric: Option<Choice<UsageMetric>>,
    /// What it showed; the next maintenance by use counts from it.
    pub usage_value: Option<Number>,
    /// What was checked, each with its result, as a list; as it was if not given.
    pub checklist: Option<Json>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it is not done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderCompleteErrorCode")]
pub enum WorkOrderCompleteProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
    /// Work and parts are paid in one currency.
    CurrencyMismatch,
    /// A reading is not negative, and says of which counter.
    UsageInvalid,
    /// What was checked is a list.
    ChecklistInvalid,
}

use WorkOrderCompleteProblem as Problem;

/// The verb.
pub struct WorkOrderComplete;

impl Verb for WorkOrderComplete {
    type Input = WorkOrderCompleteInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderComplete";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.completed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceWorkOrder",
        "MaintenanceWorkOrder",
        "The work order as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("maintenance_work_orders_usage_check", Problem::UsageInvalid),
        (
            "maintenance_work_orders_checklist_check",
            Problem::ChecklistInvalid,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["in_progress", "on_hold"], Problem::WrongStatus)?;
        let (labour, parts) = (input.labour_cost, input.parts_cost);
        let currencies = [labour.as_ref(), parts.as_ref()];
        let mut currencies = currencies
            .into_iter()
            .flatten()
            .map(|money| &money.currency);
        let currency = currencies.next().cloned();
        if currencies.any(|other| Some(other) != currency.as_ref()) {
            let text = "Work and parts are paid in one currency.";
            return Err(Fault::at(Problem::CurrencyMismatch, "partsCost", text));
        }
        let values: [Value; 10] = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            input.resolution.trim().into(),
            labour.as_ref().map(|money| money.minor).into(),
            parts.as_ref().map(|money| money.minor).into(),
            currency.into(),
            input.usage_metric.map(|metric| metric.0).into(),
            input.usage_value.map(|value| value.0).into(),
            Value::Json(input.checklist.map(|list| Box::new(list.0))),
        ];
        act.scope.execute(COMPLETE, &values).await?;
        lift(act.scope, ("MaintenanceWorkOrder", row.id)).await?;
        let sql = "select id from operations.maintenance_requests where biz_id = $1 and work_order_id = $2 \
                   and status = 'work_ordered' for no key update";
        for fault in act.scope.query(sql, &values[..2]).await? {
            repaired(act.scope, fault.try_get(0)?).await?;
        }
        let outcome = Outcome::row("maintenanceWorkOrder", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const COMPLETE: &str = "update resources.maintenance_work_orders set status = 'completed', completed_at = $3, resolution = $4, \
      labour_cost_minor = coalesce($5, 0), parts_cost_minor = coalesce($6, 0), currency = $7, usage_metric = $8::text, \
      usage_value = $9, checklist = coalesce($10, checklist) \
    where biz_id = $1 and id = $2";
