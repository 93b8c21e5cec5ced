//! `dispatchTaskRetry`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;
use sea_orm::Value;

use crate::dispatch::PLAN;
use crate::dispatch::store::{TASK_NUMBERS, lock_task};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Tries a failed task again: a new task, which names the one before and counts on. The task it waits
/// for, the place, the goods and the proof stay as they were.
#[derive(InputObject)]
pub struct DispatchTaskRetryInput {
    /// The failed task.
    pub id: Id<dispatch_task::Entity>,
    /// From when on it can be done.
    pub starts_at: Instant,
    /// Until when it is to be done, which is also when it is due.
    pub ends_at: Instant,
}

/// Why a task cannot be tried again.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskRetryErrorCode")]
pub enum DispatchTaskRetryProblem {
    /// Only a failed task is tried again.
    NotFailed,
    /// It is tried again already.
    AlreadyRetried,
    /// The end of the window is not after its start.
    InvalidWindow,
}

/// The verb.
pub struct DispatchTaskRetry;

const AGAIN: &str = "insert into dispatch.dispatch_tasks (biz_id, id, number, kind, location_id, \
      fulfillment_unit_id, customer_id, address_enc, contact_name_enc, contact_phone_enc, lat, lng, \
      starts_at, ends_at, due_at, service_minutes, quantity, weight_g, volume_cm3, requires_task_id, \
      attempt_of_id, attempt_no, priority, required_proof, proof_code_hash) \
    select t.biz_id, $3, $4, t.kind, t.location_id, t.fulfillment_unit_id, t.customer_id, t.address_enc, \
      t.contact_name_enc, t.contact_phone_enc, t.lat, t.lng, $5, $6, $6, t.service_minutes, t.quantity, \
      t.weight_g, t.volume_cm3, t.requires_task_id, t.id, t.attempt_no + 1, t.priority, t.required_proof, \
      t.proof_code_hash \
    from dispatch.dispatch_tasks t where t.biz_id = $1 and t.id = $2";

/// What waited for the failed task waits for the new one.
const FOLLOW: &str = "update dispatch.dispatch_tasks set requires_task_id = $3 \
    where biz_id = $1 and requires_task_id = $2 and status in ('unassigned', 'assigned', 'accepted')";

impl Verb for DispatchTaskRetry {
    type Input = DispatchTaskRetryInput;
    type Problem = DispatchTaskRetryProblem;

    const NAME: &'static str = "dispatchTaskRetry";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.task_retried");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The new attempt.",
    )];
    const CONSTRAINTS: &'static [(&'static str, DispatchTaskRetryProblem)] = &[
        (
            "dispatch_tasks_attempt_of_id_key",
            DispatchTaskRetryProblem::AlreadyRetried,
        ),
        (
            "dispatch_tasks_times_check",
            DispatchTaskRetryProblem::InvalidWindow,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, new_id());
        let failed = lock_task(act, PLAN, input.id.uuid(), None).await?;
        if failed.status != "failed" {
            return Err(Fault::at(
                DispatchTaskRetryProblem::NotFailed,
                "id",
                format!(
                    "The task is {}; only a failed one is tried again.",
                    failed.status.replace('_', " ")
                ),
            ));
        }
        let number = act
            .session
            .shared
            .database
            .number(scope, TASK_NUMBERS)
            .await?;
        let values: [Value; 6] = [
            scope.biz_id().into(),
            failed.id.into(),
            id.into(),
            number.into(),
            input.starts_at.0.into(),
            input.ends_at.0.into(),
        ];
        scope.execute(AGAIN, &values).await?;
        scope.execute(FOLLOW, &values[..3]).await?;
        let outcome = Outcome::row("dispatchTask", id);
        Ok(outcome
            .detail("location_id", failed.location_id.to_string())
            .detail("attempt_of_id", failed.id.to_string()))
    }
}
