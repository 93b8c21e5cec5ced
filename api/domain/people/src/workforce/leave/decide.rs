//! `leaveRequestDecide`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use entities::workforce::{leave_request, substitution_pool};
use serde_json::json;
use uuid::Uuid;

use super::approve::approve;
use super::chain::{Step, due, may_decide, pending};
use super::ledger::{FLOOR, tell, write};
use super::locked::{Locked, lock, none};
use super::work::LeaveWork;
use crate::workforce::delegation::deciders;
use crate::workforce::substitution::SUBSTITUTE;
use crate::workforce::substitution::open::{Wish, begin, left};
use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::roles::SELF_SERVICE;

/// Decides on the step of a request that is asked now. Approvers decide in the order of the chain; who
/// is away is decided for by those they handed over to, or by their own manager, and anybody's step by
/// whoever holds `workforce.decide_leave`. Nobody decides on their own request. A denial ends the chain.
/// With the last approval the days are taken, and the person can no longer be booked on them.
#[derive(InputObject)]
pub struct LeaveRequestDecideInput {
    /// The request.
    pub id: Id<leave_request::Entity>,
    /// Yes or no.
    pub approve: bool,
    /// What to say about it; a denial says why.
    pub note: Option<String>,
    /// Whether somebody else is looked for, for each shift that falls into the leave, once it is approved:
    /// the first 100 for which nobody is looked for yet. Needs `workforce.substitute`.
    pub find_stand_ins: Option<bool>,
    /// The pool that is asked for them at once; nobody is asked yet if not given.
    pub substitution_pool_id: Option<Id<substitution_pool::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be decided so.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveRequestDecideErrorCode")]
pub enum LeaveRequestDecideProblem {
    /// The request waits for no decision.
    WrongStatus,
    /// Nobody decides on their own request.
    OwnRequest,
    /// Somebody else is asked now.
    NotAsked,
    /// A denial says why.
    NoteRequired,
    /// Meanwhile there is not enough leave left.
    InsufficientBalance,
    /// People decide, not programs.
    NotAPerson,
}

type Problem = LeaveRequestDecideProblem;

/// The verb.
pub struct LeaveRequestDecide;

impl Verb for LeaveRequestDecide {
    type Input = LeaveRequestDecideInput;
    type Problem = LeaveRequestDecideProblem;

    const NAME: &'static str = "leaveRequestDecide";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);
    const EVENT: Option<&'static str> = Some("leave_request.decided");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
        Part::Value(
            "status",
            "LeaveRequestStatus",
            "Where it stands: submitted while others have yet to decide.",
        ),
        Part::Value(
            "work",
            "[LeaveWork!]",
            "Once approved: the work that falls into the leave, to be given to somebody else; 500 at most.",
        ),
        Part::Rows(
            "substitutionRequests",
            "SubstitutionRequest",
            "The searches for stand-ins that were begun.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (FLOOR, Problem::InsufficientBalance),
        ("leave_approvals_four_eyes_check", Problem::OwnRequest),
    ];

    fn types(registry: &mut Registry) {
        <LeaveWork as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let request = lock(scope, input.id.uuid(), input.expected_version).await?;
        let step = pending(scope, request.id).await?;
        let user = admit(act, &request, step).await?;
        request.allow(&["submitted"], Problem::WrongStatus, "decided")?;
        let step = step.ok_or_else(|| Fault::at(Problem::WrongStatus, "id", "Nobody is asked."))?;
        let said = input
            .note
            .as_deref()
            .map(str::trim)
            .filter(|note| !note.is_empty());
        if !input.approve && said.is_none() {
            let message = "A denial says why.";
            return Err(Fault::at(Problem::NoteRequired, "note", message));
        }
        say(act, step, user, input.approve, said).await?;
        let mut found = Vec::new();
        let status = if !input.approve {
            deny(act, &request, said.unwrap_or_default()).await?;
            "rejected"
        } else if let Some(next) = pending(scope, request.id).await? {
            ask_next(act, &request, next).await?;
            "submitted"
        } else {
            found = approve(scope, &request).await?;
            "approved"
        };
        let work = serde_json::to_value(&found).map_err(Failure::internal)?;
        let mut outcome = Outcome::row("leaveRequest", request.id);
        if status == "approved" && input.find_stand_ins.unwrap_or_default() {
            let pool_id = input.substitution_pool_id.map(|id| id.uuid());
            for search in find_stand_ins(act, request.id, pool_id).await? {
                outcome = outcome.and_row("substitutionRequests", search);
            }
        }
        Ok(outcome
            .and_value("status", status.to_uppercase())
            .and_value("work", work)
            .detail("staff_id", request.person.id.to_string())
            .detail("status", status)
            .detail("work_count", found.len()))
    }
}

/// Begins a search for each shift that falls into the leave; the shift is called off once somebody
/// stands in.
async fn find_stand_ins(
    act: &Act<'_>,
    request_id: Uuid,
    pool_id: Option<Uuid>,
) -> Result<Vec<Uuid>, Fault<Problem>> {
    if !act.principal()?.may(SUBSTITUTE) {
        return Err(Failure::forbidden(SUBSTITUTE).into());
    }
    let wish = Wish {
        pool_id,
        reason: "leave",
        leave_id: Some(request_id),
        ..Wish::default()
    };
    let mut begun = Vec::new();
    for shift in left(act.scope, None, Some(request_id)).await? {
        begun.push(begin(act, &shift, &wish).await?.id);
    }
    Ok(begun)
}

/// Lets in whoever may decide; for others there is no such request. Says who decides.
async fn admit(
    act: &Act<'_>,
    request: &Locked,
    step: Option<Step>,
) -> Result<Uuid, Fault<Problem>> {
    let principal = act.principal()?;
    if request.person.is(principal) {
        let message = "Nobody decides on their own request.";
        return Err(Fault::at(Problem::OwnRequest, "id", message));
    }
    let approver = step.map(|step| step.approver_id);
    if !may_decide(act.scope, principal, &request.person, approver).await? {
        // Who may read it hears why; for others it does not exist.
        if request.person.is_within(principal, "workforce.read")
            || is_in_chain(act, request).await?
        {
            request.allow(&["submitted"], Problem::WrongStatus, "decided")?;
            let message = "Somebody else is asked now.";
            return Err(Fault::at(Problem::NotAsked, "id", message));
        }
        return Err(none().into());
    }
    principal
        .user_id()
        .ok_or_else(|| Fault::problem(Problem::NotAPerson, "People decide on leave, not programs."))
}

async fn is_in_chain(act: &Act<'_>, request: &Locked) -> Result<bool, Fault<Problem>> {
    let sql = "select 1 from workforce.leave_approvals a \
               where a.biz_id = $1 and a.leave_request_id = $2 and a.approver_id = $3::uuid";
    let values = [
        act.scope.biz_id().into(),
        request.id.into(),
        act.principal()?.member_id().into(),
    ];
    Ok(act.scope.query_opt(sql, &values).await?.is_some())
}

async fn say(
    act: &Act<'_>,
    step: Step,
    user: Uuid,
    approve: bool,
    note: Option<&str>,
) -> Result<(), Error> {
    let sql = "update workforce.leave_approvals a set decision = $3, decided_by_id = $4, decided_at = $5, note = $6 \
               where a.biz_id = $1 and a.id = $2";
    let values = [
        act.scope.biz_id().into(),
        step.id.into(),
        if approve { "approved" } else { "denied" }.into(),
        user.into(),
        act.scope.now().into(),
        note.into(),
    ];
    act.scope.execute(sql, &values).await.map(drop)
}

/// Nobody of a chain is asked any more.
pub(super) async fn skip_rest(act: &Act<'_>, request_id: Uuid) -> Result<(), Error> {
    let sql = "update workforce.leave_approvals a set decision = 'skipped' \
               where a.biz_id = $1 and a.leave_request_id = $2 and a.decision = 'pending'";
    let values = [act.scope.biz_id().into(), request_id.into()];
    act.scope.execute(sql, &values).await.map(drop)
}

async fn deny(act: &Act<'_>, request: &Locked, why: &str) -> Result<(), Failure> {
    let scope = act.scope;
    skip_rest(act, request.id).await?;
    request
        .to(scope, "rejected", Some("released"), Some(why))
        .await?;
    let mut book = request.book(scope).await?;
    write(scope, &mut book).await?;
    request
        .note(scope, "rejected", 0, Some(why), json!({}))
        .await?;
    let member = request.person.member_id.as_slice();
    let body = format!("Request {} was refused: {why}", request.number);
    let body: String = body.chars().take(2000).collect();
    tell(scope, member, request.id, "Your leave was refused", &body).await?;
    Ok(())
}

async fn ask_next(act: &Act<'_>, request: &Locked, next: Step) -> Result<(), Error> {
    let scope = act.scope;
    let sql =
        "update workforce.leave_approvals a set due_at = $3 where a.biz_id = $1 and a.id = $2";
    let values = [scope.biz_id().into(), next.id.into(), due(scope).into()];
    scope.execute(sql, &values).await?;
    let today = request.person.today(scope.now());
    let deciders = deciders(scope, next.approver_id, today).await?;
    let title = format!("{} asks for leave", request.person.name);
    let body = format!("Request {} waits for your decision.", request.number);
    tell(scope, &deciders, request.id, &title, &body).await
}
