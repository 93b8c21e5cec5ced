//! What was promised of a task: its clocks start with the first attempt, and follow all attempts.

use uuid::Uuid;

use super::store::Task;
use crate::operations::sla::clocks::{self, Subject};
use foundation::database::{Error, Scope};

const ENTITY: &str = "DispatchTask";
/// How urgent tasks are in the words of promises: tasks are numbered, not named, by priority.
const PRIORITY: &str = "normal";

/// Starts the clocks of a new task.
pub async fn start(scope: &Scope, id: Uuid, location_id: Uuid) -> Result<(), Error> {
    let subject = Subject {
        entity: ENTITY,
        id,
        location_id,
        priority: PRIORITY,
        policy_id: None,
    };
    clocks::start(scope, &subject).await
}

const FIRST: &str = "with recursive back as ( \
      select t.id, t.attempt_of_id from dispatch.dispatch_tasks t where t.biz_id = $1 and t.id = $2 \
      union all \
      select t.id, t.attempt_of_id from back b join dispatch.dispatch_tasks t on t.biz_id = $1 and t.id = b.attempt_of_id) \
    select id from back where attempt_of_id is null";

async fn first_attempt(scope: &Scope, task: &Task) -> Result<Uuid, Error> {
    let values = [scope.biz_id().into(), task.id.into()];
    let row = scope.query_opt(FIRST, &values).await?;
    row.map_or(Ok(task.id), |row| Ok(row.try_get(0)?))
}

/// Lets the clocks follow a locked task into a status, in which these metrics are done. A failed attempt
/// ends nothing: what was promised is still wanted.
pub async fn follow(scope: &Scope, task: &Task, status: &str, done: &[&str]) -> Result<(), Error> {
    let first = first_attempt(scope, task).await?;
    clocks::follow(scope, (ENTITY, first), status, done).await
}

/// Ends what was promised of a task that is not wanted any more.
pub async fn give_up(scope: &Scope, task: &Task) -> Result<(), Error> {
    let first = first_attempt(scope, task).await?;
    clocks::give_up(scope, (ENTITY, first)).await
}
