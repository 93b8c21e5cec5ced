//! `leaveBalanceAdjust` and `leaveBalanceEncash`.

use async_graphql::{Enum, InputObject};
use entities::workforce::{leave_type, staff};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::book::Book;
use super::ledger::{FLOOR, write};
use super::person::{MANAGE, leave_kind, person};
use crate::database::Error;
use crate::graph::scalars::{Day, Id, Number};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The most that one correction moves: three years of minutes.
const MOST: i32 = 1_600_000;

/// Corrects a balance of leave by hand: adds minutes, or takes some off. The ledger keeps why.
#[derive(InputObject)]
pub struct LeaveBalanceAdjustInput {
    /// Whose.
    pub staff_id: Id<staff::Entity>,
    /// Of which leave.
    pub leave_type_id: Id<leave_type::Entity>,
    /// For which day it counts, which decides the period; today if not given.
    pub on: Option<Day>,
    /// How many minutes come in; less than 0 takes off.
    pub minutes: i32,
    /// Why.
    pub note: String,
}

/// Why a balance cannot be corrected so.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveBalanceAdjustErrorCode")]
pub enum LeaveBalanceAdjustProblem {
    /// No policy gives this leave to the person on that day, or no balances are kept of it.
    NoPolicy,
    /// It would go below its limit.
    InsufficientBalance,
    /// Nothing is to be changed, or more than three years; or it is not said why.
    Incomplete,
}

/// The verb.
pub struct LeaveBalanceAdjust;

impl Verb for LeaveBalanceAdjust {
    type Input = LeaveBalanceAdjustInput;
    type Problem = LeaveBalanceAdjustProblem;

    const NAME: &'static str = "leaveBalanceAdjust";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave_balance.adjusted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leavePeriod", "LeavePeriod", "The period."),
        Part::Value("balanceMinutes", "Int", "What is left in it."),
    ];
    const CONSTRAINTS: &'static [(&'static str, LeaveBalanceAdjustProblem)] =
        &[(FLOOR, LeaveBalanceAdjustProblem::InsufficientBalance)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        type Problem = LeaveBalanceAdjustProblem;
        let note = input.note.trim();
        if note.is_empty() || input.minutes == 0 || input.minutes.abs() > MOST {
            let message = "Give minutes other than 0, within three years, and why.";
            return Err(Fault::at(Problem::Incomplete, "minutes", message));
        }
        let (staff, kind) = (input.staff_id.uuid(), input.leave_type_id.uuid());
        let (mut book, index) = open(act, staff, kind, input.on, Problem::NoPolicy).await?;
        let on = input
            .on
            .map_or_else(|| book.person.today(act.scope.now()), |on| on.0);
        book.post(index, "adjustment", input.minutes, on, Some(note));
        let outcome = done(act, &mut book, index).await?;
        Ok(outcome.detail("minutes", input.minutes))
    }
}

/// The book of somebody whom the caller's permission reaches, locked, and the period of a day.
async fn open<P>(
    act: &Act<'_>,
    staff: Uuid,
    kind: Uuid,
    on: Option<Day>,
    code: P,
) -> Result<(Book, usize), Fault<P>> {
    let person = person(act.scope, staff, true).await?;
    person.permit(act.principal()?, MANAGE)?;
    let today = person.today(act.scope.now());
    let kind = leave_kind(act.scope, kind).await?;
    let is_tracked = kind.is_tracked;
    let mut book = Book::read(act.scope, person, kind).await?;
    let on = on.map_or(today, |on| on.0);
    let index = book.open_at(on, today).filter(|_| is_tracked);
    let index = index.ok_or_else(|| {
        let message = format!(
            "No policy gives this leave to the person on {on}, or no balances are kept of it."
        );
        Fault::at(code, "leaveTypeId", message)
    })?;
    Ok((book, index))
}

async fn done<P>(act: &Act<'_>, book: &mut Book, index: usize) -> Result<Outcome, Fault<P>> {
    write(act.scope, book).await?;
    let (id, balance) = book
        .accounts
        .get(index)
        .map(|account| (account.id, account.figures.balance()))
        .unwrap_or_default();
    Ok(Outcome::row("leavePeriod", id)
        .and_value("balanceMinutes", balance)
        .detail("staff_id", book.person.id.to_string())
        .detail("leave_type_id", book.kind.id.to_string()))
}

/// Pays leave out instead of its being taken: of what is left, and nothing that somebody waits for or
/// that the limit would lend. Also of a closed period, as of whoever has left.
#[derive(InputObject)]
pub struct LeaveBalanceEncashInput {
    /// Whose.
    pub staff_id: Id<staff::Entity>,
    /// Of which leave.
    pub leave_type_id: Id<leave_type::Entity>,
    /// A day of the period; today if not given.
    pub on: Option<Day>,
    /// How many minutes are paid out.
    pub minutes: i32,
    /// What to remember about it.
    pub note: Option<String>,
}

/// Why leave cannot be paid out.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveBalanceEncashErrorCode")]
pub enum LeaveBalanceEncashProblem {
    /// No policy gives this leave to the person on that day, or no balances are kept of it.
    NoPolicy,
    /// So much is not left.
    InsufficientBalance,
    /// Nothing is to be paid out.
    Incomplete,
}

/// The verb.
pub struct LeaveBalanceEncash;

impl Verb for LeaveBalanceEncash {
    type Input = LeaveBalanceEncashInput;
    type Problem = LeaveBalanceEncashProblem;

    const NAME: &'static str = "leaveBalanceEncash";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave_balance.encashed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leavePeriod", "LeavePeriod", "The period."),
        Part::Value("balanceMinutes", "Int", "What is left in it."),
        Part::Value(
            "amount",
            "Decimal",
            "What it comes to by the person's pay for an hour, in the currency of the pay and not rounded; null where no pay is known.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, LeaveBalanceEncashProblem)] =
        &[(FLOOR, LeaveBalanceEncashProblem::InsufficientBalance)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        type Problem = LeaveBalanceEncashProblem;
        if !(1..=MOST).contains(&input.minutes) {
            let message = "Give the minutes that are paid out.";
            return Err(Fault::at(Problem::Incomplete, "minutes", message));
        }
        let (staff, kind) = (input.staff_id.uuid(), input.leave_type_id.uuid());
        let (mut book, index) = open(act, staff, kind, input.on, Problem::NoPolicy).await?;
        let free = book
            .accounts
            .get(index)
            .map_or(0, |account| account.figures.free());
        if free < input.minutes {
            let message = format!(
                "Only {} minutes are left that nobody waits for.",
                free.max(0)
            );
            return Err(Fault::at(Problem::InsufficientBalance, "minutes", message));
        }
        let on = input
            .on
            .map_or_else(|| book.person.today(act.scope.now()), |on| on.0);
        book.post(
            index,
            "encashment",
            -input.minutes,
            on,
            input.note.as_deref(),
        );
        let amount = hourly_rate(act, staff)
            .await?
            .map(|rate| rate * Decimal::from(input.minutes) / Decimal::from(60));
        let amount = serde_json::to_value(amount.map(Number))
            .map_err(|error| Error::Internal(error.to_string()))?;
        let outcome = done(act, &mut book, index).await?;
        Ok(outcome
            .and_value("amount", amount)
            .detail("minutes", input.minutes))
    }
}

/// Somebody's pay for an hour, as far as it is known and a number.
async fn hourly_rate(
    act: &Act<'_>,
    staff: Uuid,
) -> Result<Option<Decimal>, Fault<LeaveBalanceEncashProblem>> {
    let sql = "select s.hourly_rate_enc from workforce.staff s where s.biz_id = $1 and s.id = $2";
    let values = [act.scope.biz_id().into(), staff.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let sealed: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?.flatten();
    let sealer = &act.session.shared.sealer;
    let open = |sealed: Vec<u8>| sealer.open(act.scope.biz_id(), &sealed);
    Ok(sealed
        .map(open)
        .transpose()?
        .and_then(|text| text.trim().parse().ok()))
}
