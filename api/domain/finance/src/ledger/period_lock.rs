//! `periodLock`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::ledger::domains;

use super::store::business_date;
use foundation::choices;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "ledger.lock_period";

choices! {
    /// What a locked period closes.
    PeriodKind = domains::PERIOD_KIND;
}

/// Locks the books through a day: nothing is dated into the period any more, corrections are dated
/// after it. A period that was reopened is locked again by the same.
#[derive(InputObject)]
pub struct PeriodLockInput {
    /// The last day of business that is locked, before today.
    pub through_date: Day,
    /// What is closed by it; a month if not given.
    pub kind: Option<Choice<PeriodKind>>,
    /// The location whose books are locked; those of the whole business if not given.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why a period cannot be locked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PeriodLockErrorCode")]
pub enum PeriodLockProblem {
    /// The day is not over yet.
    NotOver,
    /// The period is locked already.
    AlreadyLocked,
}

use PeriodLockProblem as Problem;

/// The verb.
pub struct PeriodLock;

const LOCK: &str = "insert into ledger.period_locks as p (biz_id, id, location_id, kind, through_date, status) \
    values ($1, $2, $3, $4, $5, 'open') \
    on conflict on constraint period_locks_location_id_kind_through_date_key do update set through_date = excluded.through_date \
    returning p.id, p.status = 'locked'";
const LOCKED: &str = "update ledger.period_locks set status = 'locked', locked_by_id = $3, locked_at = $4, \
      reopen_requested_by_id = null, reopened_by_id = null \
    where biz_id = $1 and id = $2";

impl Verb for PeriodLock {
    type Input = PeriodLockInput;
    type Problem = Problem;

    const NAME: &'static str = "periodLock";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("ledger.period_locked");
    const PAYLOAD: &'static [Part] = &[Part::Row("periodLock", "PeriodLock", "The period.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let location_id = input.location_id.map(|id| id.uuid());
        if let Some(id) = location_id {
            act.permit_at(PERMISSION, id, "location")?;
        }
        let (scope, day) = (act.scope, input.through_date.0);
        if business_date(scope, location_id, scope.now()).await? <= day {
            let message = format!("{day} is not over yet.");
            return Err(Fault::at(Problem::NotOver, "throughDate", message));
        }
        let values = [
            scope.biz_id().into(),
            new_id().into(),
            location_id.into(),
            input.kind.map_or("month", |kind| kind.0).into(),
            day.into(),
        ];
        let row = scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Error::Internal("a period without a row".to_owned()))?;
        let id: uuid::Uuid = row.try_get(0)?;
        if row.try_get(1)? {
            let message = format!("The period through {day} is locked already.");
            return Err(Fault::at(Problem::AlreadyLocked, "throughDate", message));
        }
        let by = act.principal()?.user_id();
        let values = [
            scope.biz_id().into(),
            id.into(),
            by.into(),
            scope.now().into(),
        ];
        scope.execute(LOCKED, &values).await?;
        Ok(Outcome::row("periodLock", id).detail("through_date", day.to_string()))
    }
}
