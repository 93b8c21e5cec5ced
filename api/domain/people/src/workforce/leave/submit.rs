//! `leaveRequestSubmit`.

use async_graphql::{Enum, InputObject};
use entities::core::media_asset;
use entities::workforce::{leave_request, leave_type, staff};
use serde_json::json;
use uuid::Uuid;

use super::book::Book;
use super::choices::Portion as PortionChoice;
use super::ledger::{FLOOR, Happened, note, project, tell, write};
use super::locked::{Locked, lock, none};
use super::person::{Person, leave_kind, person, whom};
use super::plan::{Asked, Plan, plan};
use super::rules::request::Obstacle;
use super::submit_rows::Sent;
use super::wish::{Given, sentence};
use super::{approve, chain};
use crate::workforce::delegation::deciders;
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::roles::SELF_SERVICE;

/// Asks for leave, for oneself or (with `workforce.manage_leave`) for somebody else. Each day costs the
/// minutes that its date was to have, and is charged to the period that it falls in, also across the
/// end of a year; they are reserved until it is decided. With a draft's id, sends the draft, with the
/// dates given here.
#[derive(InputObject)]
pub struct LeaveRequestSubmitInput {
    /// The draft that is sent.
    pub id: Option<Id<leave_request::Entity>>,
    /// Who; whoever is signed in if not given.
    pub staff_id: Option<Id<staff::Entity>>,
    /// Which leave.
    pub leave_type_id: Id<leave_type::Entity>,
    /// First day of leave.
    pub starts_on: Day,
    /// First day back; the day after `startsOn` if not given.
    pub ends_on: Option<Day>,
    /// Part of the first day, or of the only one; FULL if not given.
    pub start_portion: Option<Choice<PortionChoice>>,
    /// Part of the last day; FULL if not given, of a single day as the first.
    pub end_portion: Option<Choice<PortionChoice>>,
    /// Of HOURS: from which minute of the day.
    pub from_minute: Option<i32>,
    /// Of HOURS: to which minute of the day, not included.
    pub to_minute: Option<i32>,
    /// Why, if the person wants to say.
    pub reason: Option<String>,
    /// What proves it, such as a doctor's note.
    pub document_id: Option<Id<media_asset::Entity>>,
    /// Who stands in meanwhile.
    pub stand_in_id: Option<Id<staff::Entity>>,
    /// Keeps it as a draft, which takes nothing and asks nobody.
    #[graphql(default = false)]
    pub as_draft: bool,
}

/// Why leave cannot be asked for.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveRequestSubmitErrorCode")]
pub enum LeaveRequestSubmitProblem {
    /// The person does not work here on one of the days.
    NotEmployed,
    /// All of the days are free anyway.
    NothingToTake,
    /// No policy gives this leave to the person.
    NoPolicy,
    /// It comes too late.
    ShortNotice,
    /// The person is still in probation.
    InProbation,
    /// The policy knows no half days, or no hours.
    PortionNotAllowed,
    /// There is other leave on a part of these days.
    AlreadyAway,
    /// There is not enough leave left in a period.
    InsufficientBalance,
    /// The type of leave needs a document.
    DocumentRequired,
    /// Nobody can be found who would decide.
    NoApprover,
    /// It is no draft.
    WrongStatus,
}

type Problem = LeaveRequestSubmitProblem;

/// The verb.
pub struct LeaveRequestSubmit;

impl Verb for LeaveRequestSubmit {
    type Input = LeaveRequestSubmitInput;
    type Problem = LeaveRequestSubmitProblem;

    const NAME: &'static str = "leaveRequestSubmit";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);
    const EVENT: Option<&'static str> = Some("leave_request.submitted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
        Part::Value(
            "requestId",
            "ID",
            "Its id, also for whoever may not read requests by their roles.",
        ),
        Part::Value("number", "String", "Its number."),
        Part::Value(
            "status",
            "LeaveRequestStatus",
            "Where it stands: approved at once where nobody has to agree.",
        ),
        Part::Value("totalMinutes", "Int", "What it costs."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (FLOOR, Problem::InsufficientBalance),
        ("leave_request_days_no_overlap_excl", Problem::AlreadyAway),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let wish = given(&input).wish()?;
        let (draft, person, for_oneself) = subject(act, &input).await?;
        let kind = leave_kind(scope, input.leave_type_id.uuid()).await?;
        let mut book = Book::read(scope, person.clone(), kind).await?;
        let asked = Asked {
            today: person.today(scope.now()),
            for_oneself,
            has_document: input.document_id.is_some(),
            of_request: draft.as_ref().map(|draft| draft.id),
        };
        let plan = plan(scope, &mut book, &wish, asked).await?;
        refuse(&plan, input.as_draft)?;
        let approvers = asked_to_decide(act, &input, &person, &plan).await?;
        write(scope, &mut book).await?;
        let sent = Sent {
            input: &input,
            wish: &wish,
            plan: &plan,
            levels: approvers.len(),
        };
        let (id, number) = sent.put(act, &person, draft.as_ref()).await?;
        let periods = plan.periods.iter().map(|period| period.id);
        project(scope, periods.collect()).await?;
        let mut status = "draft";
        if !input.as_draft {
            status = send(act, &person, id, &number, &plan, &approvers).await?;
        }
        Ok(Outcome::row("leaveRequest", id)
            .and_value("requestId", Id::<leave_request::Entity>::new(id).text())
            .and_value("number", number)
            .and_value("status", status.to_uppercase())
            .and_value("totalMinutes", plan.minutes)
            .detail("staff_id", person.id.to_string())
            .detail("status", status)
            .detail("minutes", plan.minutes))
    }
}

/// The draft that is sent, if one is, and whose leave it is; they are locked. Whether they ask for
/// themselves.
async fn subject(
    act: &Act<'_>,
    input: &LeaveRequestSubmitInput,
) -> Result<(Option<Locked>, Person, bool), Fault<Problem>> {
    let (scope, principal) = (act.scope, act.principal()?);
    let Some(id) = input.id else {
        let id = whom(scope, principal, input.staff_id.map(|id| id.uuid())).await?;
        let person = person(scope, id, true).await?;
        let for_oneself = person.admit(principal)?;
        return Ok((None, person, for_oneself));
    };
    let draft = lock(scope, id.uuid(), None).await?;
    let for_oneself = draft.person.admit(principal).map_err(|_| none())?;
    draft.allow(&["draft"], Problem::WrongStatus, "sent")?;
    if input.as_draft || draft.leave_type_id != input.leave_type_id.uuid() {
        let message =
            "A draft is sent or withdrawn, with the type of leave that it has; write another one.";
        return Err(Fault::at(Problem::WrongStatus, "id", message));
    }
    let person = draft.person.clone();
    Ok((Some(draft), person, for_oneself))
}

/// Who is asked; nobody of a draft, or where nobody has to agree.
async fn asked_to_decide(
    act: &Act<'_>,
    input: &LeaveRequestSubmitInput,
    person: &Person,
    plan: &Plan,
) -> Result<Vec<Uuid>, Fault<Problem>> {
    if input.as_draft || plan.levels == 0 {
        return Ok(Vec::new());
    }
    let approvers = chain::approvers(act.scope, person, plan.levels).await?;
    if approvers.is_empty() {
        let message =
            "Nobody can be found who would decide: the person needs a manager who can sign in.";
        return Err(Fault::problem(Problem::NoApprover, message));
    }
    Ok(approvers)
}

fn given(input: &LeaveRequestSubmitInput) -> Given<'_> {
    Given {
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        start: input.start_portion.as_ref(),
        end: input.end_portion.as_ref(),
        minutes: (input.from_minute, input.to_minute),
    }
}

/// Which problem an obstacle is, and at which field of the input.
fn problem(obstacle: Obstacle) -> (Problem, &'static str) {
    match obstacle {
        Obstacle::NotEmployed(_) => (Problem::NotEmployed, "startsOn"),
        Obstacle::NothingToTake => (Problem::NothingToTake, "startsOn"),
        Obstacle::NoPolicy(_) => (Problem::NoPolicy, "leaveTypeId"),
        Obstacle::ShortNotice(_) => (Problem::ShortNotice, "startsOn"),
        Obstacle::InProbation(_) => (Problem::InProbation, "startsOn"),
        Obstacle::NoHalfDays | Obstacle::NoHours => (Problem::PortionNotAllowed, "startPortion"),
        Obstacle::AlreadyAway(_) => (Problem::AlreadyAway, "startsOn"),
        Obstacle::NotEnough(..) => (Problem::InsufficientBalance, "startsOn"),
        Obstacle::DocumentMissing => (Problem::DocumentRequired, "documentId"),
    }
}

/// Refuses what keeps it from being sent; of a draft only what keeps it from being written.
fn refuse(plan: &Plan, as_draft: bool) -> Result<(), Fault<Problem>> {
    let counts = |obstacle: &&Obstacle| {
        !as_draft || matches!(obstacle, Obstacle::NoPolicy(_) | Obstacle::NotEmployed(_))
    };
    let Some(obstacle) = plan.obstacles.iter().find(counts) else {
        return Ok(());
    };
    let (code, field) = problem(*obstacle);
    Err(Fault::at(code, field, sentence(*obstacle)))
}

/// Asks those who decide; where nobody has to, it is approved.
async fn send(
    act: &Act<'_>,
    person: &Person,
    id: Uuid,
    number: &str,
    plan: &Plan,
    approvers: &[Uuid],
) -> Result<&'static str, Fault<Problem>> {
    let scope = act.scope;
    let happened = Happened {
        request_id: id,
        kind: "submitted",
        minutes: (None, plan.minutes),
        note: None,
        details: json!({}),
    };
    note(scope, happened).await?;
    let Some(first) = approvers.first() else {
        let request = lock(scope, id, None).await?;
        approve::approve(scope, &request).await?;
        return Ok("approved");
    };
    chain::ask(scope, person, id, approvers).await?;
    let deciders = deciders(scope, *first, person.today(scope.now())).await?;
    let title = format!("{} asks for leave", person.name);
    let body = format!("Request {number} waits for your decision.");
    tell(scope, &deciders, id, &title, &body).await?;
    Ok("submitted")
}
