//! Work orders: the work that maintains or repairs a resource, whose time is kept free for it.

pub mod cancel;
pub mod complete;
pub mod hold;
pub mod open;
pub mod plan;
pub mod reopen;
pub mod resume;
pub mod schedule;
pub mod start;
pub mod verify;

use uuid::Uuid;

use super::sla::clocks::follow;
use foundation::database::{Error, Scope};
use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<open::WorkOrderOpen>(),
        declare::<schedule::WorkOrderSchedule>(),
        declare::<start::WorkOrderStart>(),
        declare::<hold::WorkOrderHold>(),
        declare::<resume::WorkOrderResume>(),
        declare::<complete::WorkOrderComplete>(),
        declare::<verify::WorkOrderVerify>(),
        declare::<reopen::WorkOrderReopen>(),
        declare::<cancel::WorkOrderCancel>(),
        declare::<plan::MaintenancePlanRun>(),
    ]
}

/// Lets the clocks of the fault that a work order repairs follow it.
async fn of_fault(scope: &Scope, order: Uuid, status: &str, done: &[&str]) -> Result<(), Error> {
    let sql = "select id from operations.maintenance_requests where biz_id = $1 and work_order_id = $2 \
               for no key update";
    let values = [scope.biz_id().into(), order.into()];
    for row in scope.query(sql, &values).await? {
        follow(scope, ("MaintenanceRequest", row.try_get(0)?), status, done).await?;
    }
    Ok(())
}
