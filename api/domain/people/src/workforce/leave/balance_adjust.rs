//! `leaveBalanceAdjust`.

use async_graphql::{Enum, InputObject};
use entities::workforce::{leave_type, staff};

use super::balance::{MOST, done, open};
use super::ledger::FLOOR;
use super::person::MANAGE;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

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
