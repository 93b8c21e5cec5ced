//! `leaveBalanceEncash`.

use async_graphql::{Enum, InputObject};
use entities::workforce::{leave_type, staff};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::balance::{MOST, done, open};
use super::ledger::FLOOR;
use super::person::MANAGE;
use crate::workforce::pay::opened;
use foundation::database::Error;
use foundation::graph::scalars::{Day, Id, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

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
    Ok(opened(sealer, act.scope.biz_id(), sealed.as_deref())?)
}
