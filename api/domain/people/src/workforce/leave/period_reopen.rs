//! `leavePeriodReopen`.

use async_graphql::{Enum, InputObject};
use entities::workforce::leave_period;
use uuid::Uuid;

use super::ledger::{move_period, write};
use super::period::{no_period, of_period};
use super::person::MANAGE;
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

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
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
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
