//! `servicePointClose`.

use crate::queue::store::desk;
use async_graphql::{Enum, InputObject};
use entities::queue::service_point;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Closes a desk: the clerk has gone. Who is called or served there must be finished with first.
#[derive(InputObject)]
pub struct ServicePointCloseInput {
    /// The desk.
    pub id: Id<service_point::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServicePointCloseErrorCode")]
pub enum ServicePointCloseProblem {
    /// The desk is not in a status where this is possible.
    WrongStatus,
    /// Somebody is called to the desk or served there.
    StillServing,
}

/// The verb.
pub struct ServicePointClose;

impl Verb for ServicePointClose {
    type Input = ServicePointCloseInput;
    type Problem = ServicePointCloseProblem;

    const NAME: &'static str = "servicePointClose";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.desk_closed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "servicePoint",
        "ServicePoint",
        "The desk as it is now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let desk = desk(act, PERMISSION, input.id.uuid()).await?;
        if !["staffed", "on_break"].contains(&desk.status.as_str()) {
            let text = format!("The desk is {}.", desk.status.replace('_', " "));
            return Err(Fault::at(ServicePointCloseProblem::WrongStatus, "id", text));
        }
        let sql = "select 1 from queue.queue_entries \
                   where biz_id = $1 and service_point_id = $2 and status in ('called', 'serving') limit 1";
        let busy = act
            .scope
            .query_opt(sql, &[act.scope.biz_id().into(), desk.id.into()])
            .await?;
        if busy.is_some() {
            let text = "Somebody is called to the desk or served there.";
            return Err(Fault::at(
                ServicePointCloseProblem::StillServing,
                "id",
                text,
            ));
        }
        let sql = "update queue.service_points set status = 'closed', current_member_id = null where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), desk.id.into()])
            .await?;
        Ok(Outcome::row("servicePoint", desk.id))
    }
}
