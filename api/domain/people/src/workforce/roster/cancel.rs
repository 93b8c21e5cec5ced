//! `shiftCancel`.

use async_graphql::{Enum, InputObject};
use entities::workforce::staff_shift;

use super::store::{call_off, lock_shift};
use super::{ROSTER, SHIFT};
use crate::workforce::substitution::store::close;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Calls a shift off before work begins. One that was shown needs a reason; where it filled an open
/// shift that is still ahead, somebody is looked for again; a search for a stand-in ends.
#[derive(InputObject)]
pub struct ShiftCancelInput {
    /// The shift.
    pub id: Id<staff_shift::Entity>,
    /// Why; required unless the shift is a draft.
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a shift cannot be called off.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftCancelErrorCode")]
pub enum ShiftCancelProblem {
    /// Work has begun, or the shift is over.
    WrongStatus,
    /// A reason must be given, as the person knows of the shift.
    ReasonRequired,
}

/// The verb.
pub struct ShiftCancel;

// Whoever was looked for is looked for again, and swaps of the shift have nothing to swap.
const REOPEN: &str = "with withdrawn as ( \
      update workforce.shift_swaps set status = 'withdrawn' \
      where biz_id = $1 and (from_shift_id = $2 or to_shift_id = $2) and status in ('requested', 'accepted')) \
    update workforce.open_shifts set status = 'open', filled_shift_id = null, filled_by_id = null \
    where biz_id = $1 and filled_shift_id = $2 and status = 'filled' and starts_at > $3";

impl Verb for ShiftCancel {
    type Input = ShiftCancelInput;
    type Problem = ShiftCancelProblem;

    const NAME: &'static str = "shiftCancel";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.shift_cancelled");
    const PAYLOAD: &'static [Part] = SHIFT;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let shift = lock_shift(scope, input.id.uuid(), input.expected_version).await?;
        act.permit_at(ROSTER, shift.location_id, "shift")?;
        if shift.status != "draft" && !shift.is_ahead() {
            let text = format!(
                "The shift is {}; it is not called off any more.",
                shift.status
            );
            return Err(Fault::at(ShiftCancelProblem::WrongStatus, "id", text));
        }
        let reason = input.reason.as_deref().unwrap_or_default().trim();
        if reason.is_empty() && shift.status != "draft" {
            return Err(Fault::at(
                ShiftCancelProblem::ReasonRequired,
                "reason",
                "A reason is required: the person knows of the shift.",
            ));
        }
        call_off(scope, vec![shift.id], reason).await?;
        let values = [scope.biz_id().into(), shift.id.into(), scope.now().into()];
        scope.execute(REOPEN, &values).await?;
        let searches = "select id from workforce.substitution_requests \
            where biz_id = $1 and shift_id = $2 and status in ('open', 'offering') for no key update";
        for row in scope.query(searches, &values[..2]).await? {
            close(scope, row.try_get(0)?, "cancelled").await?;
        }
        Ok(super::about(&shift))
    }
}
