//! `servicePointOpen`.

use crate::queue::store::desk;
use async_graphql::{Enum, InputObject};
use entities::identity::member;
use entities::queue::service_point;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Opens a desk: a clerk is there and calls people to it. Nobody is at two desks.
#[derive(InputObject)]
pub struct ServicePointOpenInput {
    /// The desk.
    pub id: Id<service_point::Entity>,
    /// The clerk; yourself if not given.
    pub member_id: Option<Id<member::Entity>>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServicePointOpenErrorCode")]
pub enum ServicePointOpenProblem {
    /// The desk is not in a status where this is possible.
    WrongStatus,
    /// The clerk is at another desk.
    AtAnotherDesk,
    /// A clerk must be named: you are no member.
    MemberRequired,
}

/// The verb.
pub struct ServicePointOpen;

impl Verb for ServicePointOpen {
    type Input = ServicePointOpenInput;
    type Problem = ServicePointOpenProblem;

    const NAME: &'static str = "servicePointOpen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.desk_opened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "servicePoint",
        "ServicePoint",
        "The desk as it is now.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "service_points_current_member_id_key",
        ServicePointOpenProblem::AtAnotherDesk,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let desk = desk(act, PERMISSION, input.id.uuid()).await?;
        if !["closed"].contains(&desk.status.as_str()) {
            let text = format!("The desk is {}.", desk.status.replace('_', " "));
            return Err(Fault::at(ServicePointOpenProblem::WrongStatus, "id", text));
        }
        let member = input.member_id.map(|id| id.uuid());
        let Some(member) = member.or(act.principal()?.member_id()) else {
            let text = "Say which clerk is at the desk.";
            return Err(Fault::at(
                ServicePointOpenProblem::MemberRequired,
                "memberId",
                text,
            ));
        };
        let sql = "update queue.service_points set status = 'staffed', current_member_id = $3 where biz_id = $1 and id = $2";
        act.scope
            .execute(
                sql,
                &[act.scope.biz_id().into(), desk.id.into(), member.into()],
            )
            .await?;
        Ok(Outcome::row("servicePoint", desk.id))
    }
}
