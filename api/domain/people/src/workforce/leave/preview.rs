//! `leavePreview`.

use async_graphql::{Enum, InputObject, SimpleObject};
use entities::availability::holiday;
use entities::core::media_asset;
use entities::workforce::{leave_request, leave_type, staff};

use super::book::Book;
use super::chain;
use super::choices::Portion as PortionChoice;
use super::person::{leave_kind, person, whom};
use super::plan::{Asked, Plan, PlannedDay, PlannedPeriod, plan};
use super::rules::account::Figures;
use super::rules::request::Obstacle;
use super::wish::{Given, sentence};
use super::work::{LeaveCoverage, LeaveWork, coverage, work};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::Permission;
use foundation::identity::roles::SELF_SERVICE;

/// What a request for leave would come to, before anything is sent: its days and minutes, the balances
/// before and after by period, what keeps it from being sent, who else is away, and what work falls
/// into it. The same function answers when it is sent.
#[derive(InputObject)]
pub struct LeavePreviewInput {
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
    /// The document that would be given.
    pub document_id: Option<Id<media_asset::Entity>>,
    /// The draft that would be sent: its own days do not stand in the way.
    pub draft_id: Option<Id<leave_request::Entity>>,
}

/// What keeps a request from being sent.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum LeaveObstacleCode {
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
}

/// Something that keeps a request from being sent.
#[derive(SimpleObject)]
pub struct LeaveObstacle {
    /// Which rule; the verb refuses with the same code.
    code: LeaveObstacleCode,
    /// The rule, in a sentence.
    message: String,
    /// The day concerned, if it is one.
    day: Option<Day>,
    /// How many minutes are missing, of a balance.
    missing_minutes: Option<i32>,
}

/// A day of a request.
#[derive(SimpleObject)]
pub struct LeavePreviewDay {
    /// The day.
    day: Day,
    /// Which part of it.
    portion: Choice<PortionChoice>,
    /// Minutes that the schedule has on it.
    scheduled_minutes: i32,
    /// What it costs.
    minutes: i32,
    /// The holiday that it falls on.
    holiday_id: Option<Id<holiday::Entity>>,
}

/// A period that a request would be charged to.
#[derive(SimpleObject)]
pub struct LeavePreviewPeriod {
    /// Its first day.
    starts_on: Day,
    /// The first day of the next one.
    ends_on: Day,
    /// Whether it is yet to be begun.
    is_new: bool,
    /// What the request costs in it.
    minutes: i32,
    /// What is left before, of what nobody waits for.
    available_before: i32,
    /// What would be left after.
    available_after: i32,
    /// The balance, not regarding what waits for a decision.
    balance_minutes: i32,
    /// What waits for a decision now.
    reserved_minutes: i32,
    /// By how much it may go below 0.
    negative_limit_minutes: i32,
}

/// What a request would come to.
#[derive(SimpleObject)]
pub struct LeavePreview {
    /// Whether it could be sent so.
    is_possible: bool,
    /// What it costs.
    total_minutes: i32,
    /// How many have to agree.
    approval_levels: i32,
    /// Its days.
    days: Vec<LeavePreviewDay>,
    /// The periods that it would be charged to.
    periods: Vec<LeavePreviewPeriod>,
    /// What keeps it from being sent.
    obstacles: Vec<LeaveObstacle>,
    /// The days on which others of the team are away.
    coverage: Vec<LeaveCoverage>,
    /// Shifts, assignments and bookings of the person on these days; 500 at most.
    work: Vec<LeaveWork>,
}

/// The question.
pub struct LeavePreviewQuestion;

impl Question for LeavePreviewQuestion {
    type Input = LeavePreviewInput;
    type Answer = LeavePreview;

    const NAME: &'static str = "leavePreview";
    const PERMISSION: Permission = Permission::Holds(SELF_SERVICE);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (scope, principal) = (look.scope, look.principal()?);
        let given = Given {
            starts_on: input.starts_on,
            ends_on: input.ends_on,
            start: input.start_portion.as_ref(),
            end: input.end_portion.as_ref(),
            minutes: (input.from_minute, input.to_minute),
        };
        let wish = given.wish()?;
        let id = whom(scope, principal, input.staff_id.map(|id| id.uuid())).await?;
        let person = person(scope, id, false).await?;
        let for_oneself = person.admit(principal)?;
        let kind = leave_kind(scope, input.leave_type_id.uuid()).await?;
        let mut book = Book::read(scope, person.clone(), kind).await?;
        let asked = Asked {
            today: person.today(scope.now()),
            for_oneself,
            has_document: input.document_id.is_some(),
            of_request: input.draft_id.map(|id| id.uuid()),
        };
        let plan = plan(scope, &mut book, &wish, asked).await?;
        let portions = wish.portions();
        let (coverage, work, approvers) = futures_util::try_join!(
            coverage(scope, &person, wish.days),
            work(scope, &person, &portions),
            chain::approvers(scope, &person, plan.levels)
        )?;
        Ok(answer(&plan, coverage, work, approvers.len()))
    }
}

fn answer(
    plan: &Plan,
    coverage: Vec<LeaveCoverage>,
    work: Vec<LeaveWork>,
    approvers: usize,
) -> LeavePreview {
    let mut obstacles: Vec<_> = plan
        .obstacles
        .iter()
        .map(|obstacle| told(*obstacle))
        .collect();
    if plan.levels > 0 && approvers == 0 {
        obstacles.push(LeaveObstacle {
            code: LeaveObstacleCode::NoApprover,
            message: "Nobody can be found who would decide.".to_owned(),
            day: None,
            missing_minutes: None,
        });
    }
    LeavePreview {
        is_possible: obstacles.is_empty(),
        total_minutes: plan.minutes,
        approval_levels: i32::try_from(plan.levels.min(approvers)).unwrap_or(i32::MAX),
        days: plan.days.iter().map(day).collect(),
        periods: plan.periods.iter().map(period).collect(),
        obstacles,
        coverage,
        work,
    }
}

fn told(obstacle: Obstacle) -> LeaveObstacle {
    type Code = LeaveObstacleCode;
    let (code, day) = match obstacle {
        Obstacle::NotEmployed(on) => (Code::NotEmployed, Some(on)),
        Obstacle::NothingToTake => (Code::NothingToTake, None),
        Obstacle::NoPolicy(on) => (Code::NoPolicy, Some(on)),
        Obstacle::ShortNotice(_) => (Code::ShortNotice, None),
        Obstacle::InProbation(on) => (Code::InProbation, Some(on)),
        Obstacle::NoHalfDays | Obstacle::NoHours => (Code::PortionNotAllowed, None),
        Obstacle::AlreadyAway(on) => (Code::AlreadyAway, Some(on)),
        Obstacle::NotEnough(on, _) => (Code::InsufficientBalance, Some(on)),
        Obstacle::DocumentMissing => (Code::DocumentRequired, None),
    };
    LeaveObstacle {
        code,
        message: sentence(obstacle),
        day: day.map(Day),
        missing_minutes: match obstacle {
            Obstacle::NotEnough(_, missing) => Some(missing),
            _ => None,
        },
    }
}

fn day(planned: &PlannedDay) -> LeavePreviewDay {
    LeavePreviewDay {
        day: Day(planned.day.on),
        portion: Choice::new(planned.day.portion.code()),
        scheduled_minutes: planned.day.cost.scheduled,
        minutes: planned.day.cost.minutes,
        holiday_id: planned.holiday_id.map(Id::new),
    }
}

fn period(period: &PlannedPeriod) -> LeavePreviewPeriod {
    let (before, after): (&Figures, &Figures) = (&period.before, &period.after);
    LeavePreviewPeriod {
        starts_on: Day(period.days.0),
        ends_on: Day(period.days.1),
        is_new: period.is_new,
        minutes: after.reserved - before.reserved,
        available_before: before.free(),
        available_after: after.free(),
        balance_minutes: before.balance(),
        reserved_minutes: before.reserved,
        negative_limit_minutes: before.limit,
    }
}
