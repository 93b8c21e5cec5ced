//! `periodReopenRequest` and `periodReopen`: two people reopen what one has locked.

use async_graphql::{Enum, InputObject};
use entities::ledger::period_lock;
use uuid::Uuid;

use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "ledger.reopen_period";

/// Asks for a locked period to be reopened; somebody else has to agree.
#[derive(InputObject)]
pub struct PeriodReopenRequestInput {
    /// The period.
    pub id: Id<period_lock::Entity>,
    /// What has to be corrected in it.
    pub reason: String,
}

/// Agrees to a request of somebody else: the period takes entries again until it is locked.
#[derive(InputObject)]
pub struct PeriodReopenInput {
    /// The period.
    pub id: Id<period_lock::Entity>,
}

/// Why a period is not reopened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PeriodReopenErrorCode")]
pub enum PeriodReopenProblem {
    /// It is not locked.
    NotLocked,
    /// Nobody has asked for it.
    NotRequested,
    /// Who asked for it cannot agree to it.
    SamePerson,
    /// A reason must be given.
    ReasonRequired,
}

use PeriodReopenProblem as Problem;

const PERIOD: &[Part] = &[Part::Row(
    "periodLock",
    "PeriodLock",
    "The period as it now is.",
)];

struct Period {
    id: Uuid,
    requested_by: Option<Uuid>,
    reason: Option<String>,
}

async fn lock(act: &Act<'_>, id: Uuid) -> Result<Period, Fault<Problem>> {
    let sql = "select p.status::text, p.reopen_requested_by_id, p.location_id, p.reopen_reason from ledger.period_locks p \
               where p.biz_id = $1 and p.id = $2 for no key update";
    let row = act
        .scope
        .query_opt(sql, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found("period"))?;
    if let Some(location) = row.try_get(2)? {
        act.permit_at(PERMISSION, location, "period")?;
    }
    if row.try_get::<_, String>(0)? != "locked" {
        return Err(Fault::at(
            Problem::NotLocked,
            "id",
            "The period is not locked.",
        ));
    }
    Ok(Period {
        id,
        requested_by: row.try_get(1)?,
        reason: row.try_get(3)?,
    })
}

/// The verb that asks.
pub struct PeriodReopenRequest;

impl Verb for PeriodReopenRequest {
    type Input = PeriodReopenRequestInput;
    type Problem = Problem;

    const NAME: &'static str = "periodReopenRequest";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("ledger.period_reopen_requested");
    const PAYLOAD: &'static [Part] = PERIOD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let period = lock(act, input.id.uuid()).await?;
        let sql = "update ledger.period_locks set reopen_requested_by_id = $3, reopen_reason = $4 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            period.id.into(),
            act.principal()?.user_id().into(),
            input.reason.trim().into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("periodLock", period.id))
    }
}

/// The verb that agrees.
pub struct PeriodReopen;

impl Verb for PeriodReopen {
    type Input = PeriodReopenInput;
    type Problem = Problem;

    const NAME: &'static str = "periodReopen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("ledger.period_reopened");
    const PAYLOAD: &'static [Part] = PERIOD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("period_locks_two_person_check", Problem::SamePerson)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let period = lock(act, input.id.uuid()).await?;
        let Some(requested_by) = period.requested_by else {
            let message = "Nobody has asked for it: use periodReopenRequest first.";
            return Err(Fault::at(Problem::NotRequested, "id", message));
        };
        let by = act.principal()?.user_id();
        if by.is_none_or(|by| by == requested_by) {
            let message = "Somebody else than who asked for it has to agree.";
            return Err(Fault::at(Problem::SamePerson, "id", message));
        }
        act.scope
            .set_reason(period.reason.as_deref().unwrap_or_default())
            .await?;
        let sql = "update ledger.period_locks set status = 'reopened', reopened_by_id = $3, reopened_at = $4 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            period.id.into(),
            by.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("periodLock", period.id))
    }
}
