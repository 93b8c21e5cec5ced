//! `leaveCancellationDecide`.

use async_graphql::{Enum, InputObject};
use entities::workforce::leave_request;

use super::cancel::{cancel, last_approver};
use super::chain::may_decide;
use super::ledger::tell;
use super::locked::{lock, none};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::roles::SELF_SERVICE;

/// Decides whether leave that has begun, and is to be cancelled, is.
#[derive(InputObject)]
pub struct LeaveCancellationDecideInput {
    /// The request.
    pub id: Id<leave_request::Entity>,
    /// Yes, all its days are given back; or no, it stays as it was approved.
    pub approve: bool,
    /// Why; needed for a no.
    pub note: Option<String>,
}

/// Why it cannot be decided so.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveCancellationDecideErrorCode")]
pub enum LeaveCancellationDecideProblem {
    /// Nobody asks for it to be cancelled.
    WrongStatus,
    /// Nobody decides on their own request.
    OwnRequest,
    /// A no says why.
    NoteRequired,
}

/// The verb.
pub struct LeaveCancellationDecide;

impl Verb for LeaveCancellationDecide {
    type Input = LeaveCancellationDecideInput;
    type Problem = LeaveCancellationDecideProblem;

    const NAME: &'static str = "leaveCancellationDecide";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);
    const EVENT: Option<&'static str> = Some("leave_request.cancellation_decided");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
        Part::Value("status", "LeaveRequestStatus", "Where it stands."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        type Problem = LeaveCancellationDecideProblem;
        let (scope, principal) = (act.scope, act.principal()?);
        let request = lock(scope, input.id.uuid(), None).await?;
        if request.person.is(principal) {
            let message = "Nobody decides on their own request.";
            return Err(Fault::at(Problem::OwnRequest, "id", message));
        }
        let approver = last_approver(scope, &request).await?;
        if !may_decide(scope, principal, &request.person, approver).await? {
            return Err(none().into());
        }
        request.allow(&["cancel_requested"], Problem::WrongStatus, "decided so")?;
        let note = input
            .note
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let status = if input.approve {
            cancel(scope, &request, note).await?;
            "cancelled"
        } else {
            let Some(why) = note else {
                let message = "A no says why.";
                return Err(Fault::at(Problem::NoteRequired, "note", message));
            };
            request.to(scope, "approved", None, Some(why)).await?;
            "approved"
        };
        let body = format!("Request {} is now {status}.", request.number);
        let member = request.person.member_id.as_slice();
        let title = "Your wish to cancel leave was decided";
        tell(scope, member, request.id, title, &body).await?;
        Ok(Outcome::row("leaveRequest", request.id)
            .and_value("status", status.to_uppercase())
            .detail("staff_id", request.person.id.to_string())
            .detail("status", status))
    }
}
