//! `leaveRequestCancel`.

use async_graphql::{Enum, InputObject};
use entities::workforce::leave_request;
use serde_json::json;

use super::away;
use super::ledger::{tell, write};
use super::locked::{Locked, lock, none};
use super::person::MANAGE;
use super::wish::has_begun;
use crate::workforce::delegation::deciders;
use foundation::database::{Error, Scope};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::roles::SELF_SERVICE;

/// Calls approved leave off. What has not begun is cancelled at once, and its days are given back;
/// once it has begun, those who approved it are asked, unless whoever manages leave does it.
#[derive(InputObject)]
pub struct LeaveRequestCancelInput {
    /// The request.
    pub id: Id<leave_request::Entity>,
    /// Why.
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why leave cannot be called off.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveRequestCancelErrorCode")]
pub enum LeaveRequestCancelProblem {
    /// It is not approved, or it is over.
    WrongStatus,
}

/// The verb.
pub struct LeaveRequestCancel;

impl Verb for LeaveRequestCancel {
    type Input = LeaveRequestCancelInput;
    type Problem = LeaveRequestCancelProblem;

    const NAME: &'static str = "leaveRequestCancel";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);
    const EVENT: Option<&'static str> = Some("leave_request.cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
        Part::Value(
            "status",
            "LeaveRequestStatus",
            "Where it stands: CANCEL_REQUESTED where others decide.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, principal) = (act.scope, act.principal()?);
        let request = lock(scope, input.id.uuid(), input.expected_version).await?;
        let for_oneself = request.person.admit(principal).map_err(|_| none())?;
        let from = ["approved", "partially_recalled"];
        request.allow(&from, LeaveRequestCancelProblem::WrongStatus, "cancelled")?;
        let reason = input
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let begun = has_begun(request.starts_on, request.person.today(scope.now()));
        let by_manager = !for_oneself && request.person.is_within(principal, MANAGE);
        let status = if begun && !by_manager {
            if request.status != "approved" {
                let message = "Days of it were given back already; ask for others to be recalled.";
                return Err(Fault::at(
                    LeaveRequestCancelProblem::WrongStatus,
                    "id",
                    message,
                ));
            }
            request.to(scope, "cancel_requested", None, reason).await?;
            ask(scope, &request).await?;
            "cancel_requested"
        } else {
            cancel(scope, &request, reason).await?;
            "cancelled"
        };
        Ok(Outcome::row("leaveRequest", request.id)
            .and_value("status", status.to_uppercase())
            .detail("staff_id", request.person.id.to_string())
            .detail("status", status))
    }
}

/// Asks whoever approved it last.
async fn ask(scope: &Scope, request: &Locked) -> Result<(), Error> {
    let Some(approver) = last_approver(scope, request).await? else {
        return Ok(());
    };
    let who = deciders(scope, approver, request.person.today(scope.now())).await?;
    let title = format!("{} wants to cancel leave", request.person.name);
    let body = format!(
        "Request {} has begun; decide whether it is cancelled.",
        request.number
    );
    tell(scope, &who, request.id, &title, &body).await
}

/// Who was asked last of a request's chain.
pub async fn last_approver(scope: &Scope, request: &Locked) -> Result<Option<uuid::Uuid>, Error> {
    let sql = "select a.approver_id from workforce.leave_approvals a \
               where a.biz_id = $1 and a.leave_request_id = $2 order by a.step desc limit 1";
    let values = [scope.biz_id().into(), request.id.into()];
    let row = scope.query_opt(sql, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Gives all days back: they are charged to nobody, and the person can be booked on them.
pub async fn cancel(scope: &Scope, request: &Locked, reason: Option<&str>) -> Result<(), Failure> {
    let mut book = request.book(scope).await?;
    request.charge(&mut book, request.kept(), true);
    request
        .to(scope, "cancelled", Some("released"), reason)
        .await?;
    write(scope, &mut book).await?;
    away::give_back(scope, request.kept().map(|day| day.id).collect()).await?;
    request
        .note(scope, "cancelled", 0, reason, json!({}))
        .await?;
    Ok(())
}
