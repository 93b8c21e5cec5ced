//! Tasks and trips that are locked to be changed.

use uuid::Uuid;

use super::rules::Step;
use foundation::database::Scope;
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// How tasks are numbered.
pub const TASK_NUMBERS: foundation::database::Numbered = foundation::database::Numbered {
    document: "dispatch_task",
    prefix: "DT",
};
/// How trips are numbered.
pub const TRIP_NUMBERS: foundation::database::Numbered = foundation::database::Numbered {
    document: "transport_trip",
    prefix: "TR",
};

/// A task that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The depot that sees to it.
    pub location_id: Uuid,
    /// How it must be shown that it was done.
    pub required_proof: Option<String>,
    /// Digest of the code that the recipient is to say.
    pub proof_code_hash: Option<Vec<u8>>,
}

impl Task {
    /// Refuses a step that its status does not allow, under the verb's own code.
    pub fn allow<P>(&self, step: Step, code: P) -> Result<(), Fault<P>> {
        if step.is_allowed(&self.status) {
            return Ok(());
        }
        Err(Fault::at(code, "id", step.refusal(&self.status)))
    }
}

const LOCK_TASK: &str = "select status::text, version, location_id, required_proof::text, proof_code_hash \
    from dispatch.dispatch_tasks where biz_id = $1 and id = $2 for no key update";

/// Locks a task that the caller's permission reaches.
pub async fn lock_task<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Task, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK_TASK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("task"))?;
    let location_id = row.try_get(2)?;
    act.permit_at(permission, location_id, "task")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("task", version, expected_version)?;
    Ok(Task {
        id,
        status: row.try_get(0)?,
        location_id,
        required_proof: row.try_get(3)?,
        proof_code_hash: row.try_get(4)?,
    })
}

/// Ends the open assignment of a task.
pub async fn end_assignment(
    scope: &Scope,
    task_id: Uuid,
) -> Result<(), foundation::database::Error> {
    let sql = "update dispatch.task_assignments set ended_at = $3 \
        where biz_id = $1 and task_id = $2 and ended_at is null";
    let values = [scope.biz_id().into(), task_id.into(), scope.now().into()];
    scope.execute(sql, &values).await.map(drop)
}

/// A trip that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Trip {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The place it belongs to.
    pub location_id: Uuid,
    /// Whether a vehicle was given.
    pub has_vehicle: bool,
}

const LOCK_TRIP: &str = "select status::text, version, location_id, vehicle_id is not null \
    from dispatch.transport_trips where biz_id = $1 and id = $2 for no key update";

/// Locks a trip that the caller's permission reaches.
pub async fn lock_trip<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Trip, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK_TRIP, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("trip"))?;
    let location_id = row.try_get(2)?;
    act.permit_at(permission, location_id, "trip")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("trip", version, expected_version)?;
    Ok(Trip {
        id,
        status: row.try_get(0)?,
        location_id,
        has_vehicle: row.try_get(3)?,
    })
}
