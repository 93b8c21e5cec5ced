//! `serviceRequestComment`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use uuid::Uuid;

use crate::operations::REQUEST as PERMISSION;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::sla::clocks::follow;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Writes something about a request: to the customer, or for staff alone. What is written to the
/// customer is an answer, where one was promised.
#[derive(InputObject)]
pub struct ServiceRequestCommentInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// The text.
    pub body: String,
    /// Whether the customer reads it, too.
    pub is_public: bool,
}

/// Why nothing was written.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCommentErrorCode")]
pub enum ServiceRequestCommentProblem {
    /// There must be a text.
    Blank,
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestCommentProblem as Problem;

/// The verb.
pub struct ServiceRequestComment;

impl Verb for ServiceRequestComment {
    type Input = ServiceRequestCommentInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestComment";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("service_request.commented");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "serviceRequest",
            "ServiceRequest",
            "The request as it now is.",
        ),
        Part::Row("note", "Note", "What was written."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[("notes_body_check", Problem::Blank)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, PERMISSION, REQUEST, input.id.uuid(), None).await?;
        if row.status == "cancelled" {
            let text = "The request was cancelled.";
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let visibility = if input.is_public { "public" } else { "private" };
        let note = say(act.scope, row.id, visibility, &input.body).await?;
        if input.is_public {
            follow(
                act.scope,
                ("ServiceRequest", row.id),
                &row.status,
                &["respond"],
            )
            .await?;
        }
        let outcome = Outcome::row("serviceRequest", row.id).and_row("note", note);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

/// Writes a note about a request.
pub async fn say(
    scope: &Scope,
    request: Uuid,
    visibility: &str,
    body: &str,
) -> Result<Uuid, Error> {
    let id = new_id();
    let sql = "insert into core.notes (biz_id, id, subject_type, subject_id, visibility, body) \
               values ($1, $2, 'ServiceRequest', $3, $4::text, $5)";
    let values = [
        scope.biz_id().into(),
        id.into(),
        request.into(),
        visibility.into(),
        body.trim().into(),
    ];
    scope.execute(sql, &values).await?;
    Ok(id)
}
