//! `leaveRequestSubmit`.

use async_graphql::{Enum, InputObject};
use entities::core::media_asset;
use entities::workforce::{leave_request, leave_type, staff};
use serde_json::json;
use uuid::Uuid;

use super::book::Book;
use super::choices::Portion as PortionChoice;
use super::ledger::{FLOOR, Happened, note, tell, write};
use super::locked::{Locked, lock, none};
use super::person::{Person, leave_kind, person, whom};
use super::plan::{Asked, Plan, PlannedDay, plan};
use super::rules::request::{Obstacle, Wish};
use super::wish::{Given, sentence};
use super::{approve, chain};
use crate::database::{Numbered, new_id};
use crate::graph::scalars::{Choice, Day, Id};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::roles::SELF_SERVICE;

/// Asks for leave, for oneself or (with workforce.manage_leave) for somebody else. Each day costs the
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

/// Numbers of requests.
const NUMBERED: Numbered = Numbered {
    document: "leave_request",
    prefix: "LR",
};

impl Verb for LeaveRequestSubmit {
    type Input = LeaveRequestSubmitInput;
    type Problem = LeaveRequestSubmitProblem;

    const NAME: &'static str = "leaveRequestSubmit";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);
    const EVENT: Option<&'static str> = Some("leave_request.submitted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
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
        let (scope, principal) = (act.scope, act.principal()?);
        let wish = given(&input).wish()?;
        let draft = match input.id {
            Some(id) => Some(lock(scope, id.uuid(), None).await?),
            None => None,
        };
        let person = match &draft {
            Some(draft) => draft.person.clone(),
            None => {
                let id = whom(scope, principal, input.staff_id.map(|id| id.uuid())).await?;
                person(scope, id, true).await?
            }
        };
        let for_oneself = person
            .admit(principal)
            .map_err(|failure| if draft.is_some() { none() } else { failure })?;
        if let Some(draft) = &draft {
            draft.allow(&["draft"], Problem::WrongStatus, "sent")?;
            if input.as_draft || draft.leave_type_id != input.leave_type_id.uuid() {
                let message = "A draft is sent or withdrawn, with the type of leave that it has; write another one.";
                return Err(Fault::at(Problem::WrongStatus, "id", message));
            }
        }
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
        let approvers = if input.as_draft {
            Vec::new()
        } else {
            chain::approvers(scope, &person, plan.levels).await?
        };
        if !input.as_draft && plan.levels > 0 && approvers.is_empty() {
            let message =
                "Nobody can be found who would decide: the person needs a manager who can sign in.";
            return Err(Fault::problem(Problem::NoApprover, message));
        }
        write(scope, &mut book).await?;
        let sent = Sent {
            input: &input,
            wish: &wish,
            plan: &plan,
            levels: approvers.len(),
        };
        let (id, number) = sent.put(act, &person, draft.as_ref()).await?;
        super::ledger::project(scope, plan.periods.iter().map(|period| period.id).collect())
            .await?;
        let mut status = "draft";
        if !input.as_draft {
            status = send(act, &person, id, &number, &plan, &approvers).await?;
        }
        Ok(Outcome::row("leaveRequest", id)
            .and_value("number", number)
            .and_value("status", status.to_uppercase())
            .and_value("totalMinutes", plan.minutes)
            .detail("staff_id", person.id.to_string())
            .detail("status", status)
            .detail("minutes", plan.minutes))
    }
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

/// What is written.
struct Sent<'a> {
    input: &'a LeaveRequestSubmitInput,
    wish: &'a Wish,
    plan: &'a Plan,
    levels: usize,
}

const INSERT: &str = "insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, \
      start_portion, end_portion, total_minutes, status, reason, document_id, stand_in_id, approval_levels, submitted_at) \
    values ($1, $2, $14, $15, $16, $3, $4, $5, $6, $7, $8::text, $9, $10, $11, $12, $13)";

const UPDATE: &str = "update workforce.leave_requests r set starts_on = $3, ends_on = $4, start_portion = $5, end_portion = $6, \
      total_minutes = $7, status = $8::text, reason = coalesce($9, r.reason), document_id = coalesce($10, r.document_id), \
      stand_in_id = coalesce($11, r.stand_in_id), approval_levels = $12, submitted_at = $13 \
    where r.biz_id = $1 and r.id = $2";

const DAYS: &str = "insert into workforce.leave_request_days as d (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, \
      from_minute, to_minute, scheduled_minutes, minutes, holiday_id, period_id, status) \
    select $1, n.id, $2, $3, $4, n.leave_on, n.portion, n.from_minute, n.to_minute, n.scheduled, n.minutes, n.holiday_id, \
      n.period_id, $6 \
    from jsonb_to_recordset($5::jsonb) as n (id uuid, leave_on date, portion text, from_minute smallint, to_minute smallint, \
      scheduled integer, minutes integer, holiday_id uuid, period_id uuid) \
    on conflict (biz_id, leave_request_id, leave_on) do update set portion = excluded.portion, \
      from_minute = excluded.from_minute, to_minute = excluded.to_minute, scheduled_minutes = excluded.scheduled_minutes, \
      minutes = excluded.minutes, holiday_id = excluded.holiday_id, period_id = excluded.period_id, status = excluded.status";

impl Sent<'_> {
    /// Writes the request and its days; says its id and number.
    async fn put(
        &self,
        act: &Act<'_>,
        person: &Person,
        draft: Option<&Locked>,
    ) -> Result<(Uuid, String), Fault<Problem>> {
        let (scope, input) = (act.scope, self.input);
        let id = draft.map_or_else(new_id, |draft| draft.id);
        let submitted = (!input.as_draft).then(|| scope.now());
        let status = if input.as_draft { "draft" } else { "submitted" };
        let mut values = vec![
            scope.biz_id().into(),
            id.into(),
            self.wish.days.0.into(),
            self.wish.days.1.into(),
            self.wish.first.code().into(),
            self.wish.last.code().into(),
            self.plan.minutes.into(),
            status.into(),
            input.reason.clone().into(),
            input.document_id.map(|id| id.uuid()).into(),
            input.stand_in_id.map(|id| id.uuid()).into(),
            i16::try_from(self.levels).unwrap_or(9).into(),
            submitted.into(),
        ];
        let number = match draft {
            Some(draft) => {
                scope.execute(UPDATE, &values).await?;
                let gone = draft.days.iter();
                let gone =
                    gone.filter(|day| !self.plan.days.iter().any(|new| new.day.on == day.on));
                let gone = gone.map(|day| day.id).collect();
                super::locked::move_days(scope, gone, "released").await?;
                draft.number.clone()
            }
            None => {
                let database = &act.session.shared.database;
                let number = database.number(scope, NUMBERED).await?;
                values.extend([
                    number.as_str().into(),
                    person.id.into(),
                    input.leave_type_id.uuid().into(),
                ]);
                scope.execute(INSERT, &values).await?;
                number
            }
        };
        let days: Vec<_> = self.plan.days.iter().map(row).collect();
        let values = [
            scope.biz_id().into(),
            id.into(),
            person.id.into(),
            input.leave_type_id.uuid().into(),
            serde_json::Value::from(days).into(),
            if input.as_draft {
                "planned"
            } else {
                "reserved"
            }
            .into(),
        ];
        scope.execute(DAYS, &values).await?;
        Ok((id, number))
    }
}

fn row(planned: &PlannedDay) -> serde_json::Value {
    let day = planned.day;
    let (from, to) = day.portion.bounds();
    json!({
        "id": new_id(), "leave_on": day.on, "portion": day.portion.code(), "from_minute": from, "to_minute": to,
        "scheduled": day.cost.scheduled, "minutes": day.cost.minutes, "holiday_id": planned.holiday_id,
        "period_id": planned.period_id,
    })
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
    let deciders = chain::deciders(scope, person, *first).await?;
    let title = format!("{} asks for leave", person.name);
    let body = format!("Request {number} waits for your decision.");
    tell(scope, &deciders, id, &title, &body).await?;
    Ok("submitted")
}
