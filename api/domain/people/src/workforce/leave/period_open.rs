//! `leavePeriodOpen`.

use async_graphql::{Enum, InputObject};
use entities::workforce::{leave_type, staff};
use uuid::Uuid;

use super::book::Book;
use super::clock::come_in;
use super::ledger::{move_period, write};
use super::person::{MANAGE, leave_kind, person};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

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
