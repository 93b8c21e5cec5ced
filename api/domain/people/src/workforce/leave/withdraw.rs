//! `leaveRequestWithdraw`.

use async_graphql::{Enum, InputObject};
use entities::workforce::leave_request;
use serde_json::json;

use super::decide::skip_rest;
use super::ledger::write;
use super::locked::{lock, none};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::roles::SELF_SERVICE;

/// Takes back a request before it is decided, or throws a draft away: what it reserved is free again.
#[derive(InputObject)]
pub struct LeaveRequestWithdrawInput {
    /// The request.
    pub id: Id<leave_request::Entity>,
    /// Why, if the person wants to say.
    pub reason: Option<String>,
}

/// Why it cannot be withdrawn.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveRequestWithdrawErrorCode")]
pub enum LeaveRequestWithdrawProblem {
    /// It was decided, or ended otherwise.
    WrongStatus,
}

/// The verb.
pub struct LeaveRequestWithdraw;

impl Verb for LeaveRequestWithdraw {
    type Input = LeaveRequestWithdrawInput;
    type Problem = LeaveRequestWithdrawProblem;

    const NAME: &'static str = "leaveRequestWithdraw";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);
    const EVENT: Option<&'static str> = Some("leave_request.withdrawn");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
        Part::Value("status", "LeaveRequestStatus", "Where it stands."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let request = lock(scope, input.id.uuid(), None).await?;
        request.person.admit(act.principal()?).map_err(|_| none())?;
        let code = LeaveRequestWithdrawProblem::WrongStatus;
        request.allow(&["draft", "submitted"], code, "withdrawn")?;
        let reason = input
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        skip_rest(act, request.id).await?;
        request
            .to(scope, "withdrawn", Some("released"), reason)
            .await?;
        let mut book = request.book(scope).await?;
        write(scope, &mut book).await?;
        request
            .note(scope, "withdrawn", 0, reason, json!({}))
            .await?;
        Ok(Outcome::row("leaveRequest", request.id)
            .and_value("status", "WITHDRAWN")
            .detail("staff_id", request.person.id.to_string()))
    }
}
