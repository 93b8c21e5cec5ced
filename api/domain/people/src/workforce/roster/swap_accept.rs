//! `shiftSwapAccept`.

use async_graphql::{Enum, InputObject};
use entities::workforce::shift_swap;

use super::ROSTER;
use super::swap::{SWAP, lock_swap};
use crate::workforce::staff::{SELF, own_or_permitted};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The colleague who was asked says yes; a manager decides next.
#[derive(InputObject)]
pub struct ShiftSwapAcceptInput {
    /// The swap.
    pub id: Id<shift_swap::Entity>,
}

/// Why it cannot be accepted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftSwapAcceptErrorCode")]
pub enum ShiftSwapAcceptProblem {
    /// It was answered or withdrawn already.
    WrongStatus,
    /// One of the shifts has begun, or was called off.
    TooLate,
}

/// The verb.
pub struct ShiftSwapAccept;

impl Verb for ShiftSwapAccept {
    type Input = ShiftSwapAcceptInput;
    type Problem = ShiftSwapAcceptProblem;

    const NAME: &'static str = "shiftSwapAccept";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.swap_accepted");
    const PAYLOAD: &'static [Part] = SWAP;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let swap = lock_swap(act, input.id).await?;
        own_or_permitted(act, swap.to_staff_id, ROSTER, swap.from.location_id, "swap").await?;
        if swap.status != "requested" {
            let text = format!("The swap is {}.", swap.status);
            return Err(Fault::at(ShiftSwapAcceptProblem::WrongStatus, "id", text));
        }
        if !swap.is_ahead(scope.now()) {
            let text = "One of the shifts has begun, or was called off.";
            return Err(Fault::at(ShiftSwapAcceptProblem::TooLate, "id", text));
        }
        let sql = "update workforce.shift_swaps set status = 'accepted', responded_at = $3 where biz_id = $1 and id = $2";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), swap.id.into(), scope.now().into()],
            )
            .await?;
        Ok(Outcome::row("shiftSwap", swap.id))
    }
}
