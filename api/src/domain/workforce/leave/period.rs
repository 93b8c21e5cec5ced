//! `leaveAccrue`, `leavePeriodOpen`, `leavePeriodClose` and `leavePeriodReopen`: what the clock does by
//! itself, asked for at once.

use async_graphql::{Enum, InputObject};
use entities::workforce::{leave_period, leave_type, staff};
use uuid::Uuid;

use super::book::Book;
use super::clock::{advance, come_in, expire_carried};
use super::due;
use super::ledger::{move_period, write};
use super::person::{MANAGE, leave_kind, person};
use crate::database::Error;
use crate::graph::failure::{Code, Failure};
use crate::graph::scalars::{Day, Id};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Does for leave what is due by now: begins and ends periods, lets leave come in, lets expire what was
/// carried over. The clock does so by itself; asked again, nothing happens twice, and what was missed
/// is caught up.
#[derive(InputObject)]
pub struct LeaveAccrueInput {
    /// For whom; everybody for whom something is due if not given, 500 at a time. At most 500.
    pub staff_ids: Option<Vec<Id<staff::Entity>>>,
}

/// Why nothing can be done.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveAccrueErrorCode")]
pub enum LeaveAccrueProblem {
    /// More than 500 people are named.
    TooMany,
}

/// The verb.
pub struct LeaveAccrue;

impl Verb for LeaveAccrue {
    type Input = LeaveAccrueInput;
    type Problem = LeaveAccrueProblem;

    const NAME: &'static str = "leaveAccrue";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave.accrued");
    const PAYLOAD: &'static [Part] = &[
        Part::Value(
            "bookCount",
            "Int",
            "How many people's books of a type of leave changed.",
        ),
        Part::Value("entryCount", "Int", "How many entries were written."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let named: Option<Vec<Uuid>> = input
            .staff_ids
            .map(|ids| ids.iter().map(Id::uuid).collect());
        if named.as_ref().is_some_and(|ids| ids.len() > 500) {
            let message = "Name 500 people at most.";
            return Err(Fault::at(LeaveAccrueProblem::TooMany, "staffIds", message));
        }
        let scope = act.scope;
        let mut due = due::due(scope, Some(scope.biz_id()), named, None).await?;
        due.sort_by_key(|due| (due.staff_id, due.leave_type_id));
        let (mut books, mut entries) = (0, 0);
        for due in due {
            let person = person(scope, due.staff_id, true).await?;
            if !person.is_within(act.principal()?, MANAGE) {
                continue;
            }
            let kind = leave_kind(scope, due.leave_type_id).await?;
            let mut book = Book::read(scope, person, kind).await?;
            let moved = advance(scope, &mut book, scope.now()).await?;
            books += i64::from(moved.count() > 0);
            entries += moved.entries;
        }
        let outcome = Outcome {
            subject: Some(("Biz", scope.biz_id())),
            ..Outcome::default()
        };
        Ok(outcome
            .and_value("bookCount", books)
            .and_value("entryCount", entries))
    }
}

/// Begins a period of somebody's leave ahead of time, so that days of it can be asked for and its
/// policy's upfront leave is there; one of today or before also opens.
#[derive(InputObject)]
pub struct LeavePeriodOpenInput {
    /// Whose.
    pub staff_id: Id<staff::Entity>,
    /// Of which leave.
    pub leave_type_id: Id<leave_type::Entity>,
    /// A day of the period.
    pub on: Day,
}

/// Why a period cannot be begun.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeavePeriodOpenErrorCode")]
pub enum LeavePeriodOpenProblem {
    /// No policy gives this leave to the person on that day, or no balances are kept of it.
    NoPolicy,
    /// The day is more than three years away.
    TooFar,
}

/// The verb.
pub struct LeavePeriodOpen;

impl Verb for LeavePeriodOpen {
    type Input = LeavePeriodOpenInput;
    type Problem = LeavePeriodOpenProblem;

    const NAME: &'static str = "leavePeriodOpen";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave_period.opened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "leavePeriod",
        "LeavePeriod",
        "The period as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let person = person(scope, input.staff_id.uuid(), true).await?;
        person.permit(act.principal()?, MANAGE)?;
        let today = person.today(scope.now());
        if (input.on.0 - today).num_days().abs() > 1100 {
            let message = "A period is begun three years before or after at most.";
            return Err(Fault::at(LeavePeriodOpenProblem::TooFar, "on", message));
        }
        let kind = leave_kind(scope, input.leave_type_id.uuid()).await?;
        let is_tracked = kind.is_tracked;
        let mut book = Book::read(scope, person, kind).await?;
        let index = book.open_at(input.on.0, today).filter(|_| is_tracked);
        let Some(index) = index else {
            let message = "No policy gives this leave to the person on that day, or no balances are kept of it.";
            return Err(Fault::at(
                LeavePeriodOpenProblem::NoPolicy,
                "leaveTypeId",
                message,
            ));
        };
        let (mut id, mut begins) = (Uuid::nil(), false);
        if let Some(account) = book.accounts.get_mut(index) {
            begins = account.status == "planned" && account.days.0 <= today && !account.is_new;
            id = account.id;
        }
        if begins {
            come_in(scope, &mut book, index, today).await?;
        }
        write(scope, &mut book).await?;
        if begins {
            move_period(scope, id, "open", None).await?;
        }
        Ok(Outcome::row("leavePeriod", id).detail("staff_id", book.person.id.to_string()))
    }
}

/// Ends a period that is over: what was left is carried over into the next, as far as the policy lets
/// it, and the rest expires; less than nothing carries nothing. Of a closed period, corrects what late
/// decisions have changed since.
#[derive(InputObject)]
pub struct LeavePeriodCloseInput {
    /// The period.
    pub id: Id<leave_period::Entity>,
}

/// Why a period cannot be ended.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeavePeriodCloseErrorCode")]
pub enum LeavePeriodCloseProblem {
    /// It is not over yet.
    NotOver,
}

/// The verb.
pub struct LeavePeriodClose;

impl Verb for LeavePeriodClose {
    type Input = LeavePeriodCloseInput;
    type Problem = LeavePeriodCloseProblem;

    const NAME: &'static str = "leavePeriodClose";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave_period.closed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leavePeriod", "LeavePeriod", "The period as it now is."),
        Part::Value(
            "carriedMinutes",
            "Int",
            "What was carried over, by this and before.",
        ),
        Part::Value(
            "expiredMinutes",
            "Int",
            "What has expired, by this and before.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let (mut book, index) = of_period(act, input.id.uuid()).await?;
        let today = book.person.today(scope.now());
        let account = book.accounts.get(index).ok_or_else(no_period)?;
        let has_left = book.person.who.left_on.is_some_and(|left| left <= today);
        if account.days.1 > today && !has_left {
            let message = format!("It is over on {}.", account.days.1);
            return Err(Fault::at(LeavePeriodCloseProblem::NotOver, "id", message));
        }
        let (id, planned) = (account.id, account.status == "planned");
        if account.status != "closed" {
            if let Some(account) = book.accounts.get_mut(index) {
                account.status = "open";
            }
            come_in(scope, &mut book, index, today).await?;
        }
        expire_carried(&mut book, index, today);
        super::clock::close(&mut book, index, today);
        let figures = book
            .accounts
            .get(index)
            .map(|account| account.figures)
            .unwrap_or_default();
        write(scope, &mut book).await?;
        if planned {
            move_period(scope, id, "open", None).await?;
        }
        move_period(scope, id, "closed", Some(scope.now())).await?;
        Ok(Outcome::row("leavePeriod", id)
            .and_value("carriedMinutes", figures.carried_out)
            .and_value("expiredMinutes", figures.expired)
            .detail("staff_id", book.person.id.to_string()))
    }
}

/// Opens a closed period again, so that late requests can be charged to it: what had expired at its
/// end is there again; what was carried over stays in the next period. It stays open until
/// leavePeriodClose ends it.
#[derive(InputObject)]
pub struct LeavePeriodReopenInput {
    /// The period.
    pub id: Id<leave_period::Entity>,
    /// Why.
    pub reason: String,
}

/// Why a period cannot be opened again.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeavePeriodReopenErrorCode")]
pub enum LeavePeriodReopenProblem {
    /// It is not closed.
    WrongStatus,
    /// It is not said why.
    ReasonRequired,
}

/// The verb.
pub struct LeavePeriodReopen;

impl Verb for LeavePeriodReopen {
    type Input = LeavePeriodReopenInput;
    type Problem = LeavePeriodReopenProblem;

    const NAME: &'static str = "leavePeriodReopen";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave_period.reopened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "leavePeriod",
        "LeavePeriod",
        "The period as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        type Problem = LeavePeriodReopenProblem;
        let scope = act.scope;
        let reason = input.reason.trim();
        if reason.is_empty() {
            return Err(Fault::at(Problem::ReasonRequired, "reason", "Say why."));
        }
        let (mut book, index) = of_period(act, input.id.uuid()).await?;
        let account = book.accounts.get(index).ok_or_else(no_period)?;
        if account.status != "closed" {
            let message = "Only a closed period is opened again.";
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let (id, last) = (
            account.id,
            account.days.1.pred_opt().unwrap_or(account.days.1),
        );
        let lost = lost_at_end(act, id, last).await?;
        let note = format!("Opened again: {reason}");
        book.post(index, "adjustment", lost, last, Some(&note));
        write(scope, &mut book).await?;
        scope.set_reason(reason).await?;
        move_period(scope, id, "open", None).await?;
        Ok(Outcome::row("leavePeriod", id).detail("staff_id", book.person.id.to_string()))
    }
}

/// What expired at the end of a period, less what opening it again has returned before.
async fn lost_at_end(act: &Act<'_>, id: Uuid, last: chrono::NaiveDate) -> Result<i32, Error> {
    let sql = "select coalesce(-sum(e.minutes), 0)::integer from workforce.leave_ledger_entries e \
        where e.biz_id = $1 and e.period_id = $2 and e.effective_on = $3 \
          and (e.kind = 'expiry' and e.note is null or e.kind = 'adjustment' and e.note like 'Opened again: %')";
    let values = [act.scope.biz_id().into(), id.into(), last.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
}

fn no_period() -> Failure {
    Failure::new(Code::NotFound, "There is no such leave period.")
}

/// The book of a period, locked, and which of its periods it is.
async fn of_period(act: &Act<'_>, id: Uuid) -> Result<(Book, usize), Failure> {
    let scope = act.scope;
    let sql = "select p.staff_id, p.leave_type_id from workforce.leave_periods p where p.biz_id = $1 and p.id = $2";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), id.into()])
        .await?
        .ok_or_else(no_period)?;
    let (staff, kind): (Uuid, Uuid) = (
        row.try_get(0).map_err(Error::from)?,
        row.try_get(1).map_err(Error::from)?,
    );
    let person = person(scope, staff, true).await.map_err(|_| no_period())?;
    person
        .permit(act.principal()?, MANAGE)
        .map_err(|_| no_period())?;
    let kind = leave_kind(scope, kind).await?;
    let book = Book::read(scope, person, kind).await?;
    let index = book.by_id().get(&id).copied().ok_or_else(no_period)?;
    Ok((book, index))
}
