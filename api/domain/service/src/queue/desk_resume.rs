//! `servicePointResume`.

use crate::queue::store::desk;
use async_graphql::{Enum, InputObject};
use entities::queue::service_point;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Notes that the clerk of a desk is back.
#[derive(InputObject)]
pub struct ServicePointResumeInput {
    /// The desk.
    pub id: Id<service_point::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServicePointResumeErrorCode")]
pub enum ServicePointResumeProblem {
    /// The desk is not in a status where this is possible.
    WrongStatus,
}

/// The verb.
pub struct ServicePointResume;

impl Verb for ServicePointResume {
    type Input = ServicePointResumeInput;
    type Problem = ServicePointResumeProblem;

    const NAME: &'static str = "servicePointResume";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.desk_resumed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "servicePoint",
        "ServicePoint",
        "The desk as it is now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let desk = desk(act, PERMISSION, input.id.uuid()).await?;
        if !["on_break"].contains(&desk.status.as_str()) {
            let text = format!("The desk is {}.", desk.status.replace('_', " "));
            return Err(Fault::at(
                ServicePointResumeProblem::WrongStatus,
                "id",
                text,
            ));
        }
        let sql =
            "update queue.service_points set status = 'staffed' where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), desk.id.into()])
            .await?;
        Ok(Outcome::row("servicePoint", desk.id))
    }
}
