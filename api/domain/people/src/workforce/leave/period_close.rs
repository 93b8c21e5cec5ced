//! `leavePeriodClose`.

use async_graphql::{Enum, InputObject};
use entities::workforce::leave_period;

use super::clock::{self, come_in, expire_carried};
use super::ledger::{move_period, write};
use super::period::{no_period, of_period};
use super::person::MANAGE;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Ends a period that is over: what was left is carried over into the next, as far as the policy lets
/// it, and the rest expires; a debt is carried over too, or deducted from the pay, as the policy says. Of
/// whoever has left, the rest stays to be paid out, and a debt is deducted from the last pay. Of a closed
/// period, corrects what late decisions have changed since.
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
            "What was carried over, by this and before; below 0 where that was a debt.",
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
        clock::close(&mut book, index, today);
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
