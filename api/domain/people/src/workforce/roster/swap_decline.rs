//! `shiftSwapDecline`.

use async_graphql::{Enum, InputObject};
use entities::workforce::shift_swap;

use super::ROSTER;
use super::swap::{SWAP, lock_swap};
use crate::workforce::staff::{SELF, own_or_permitted};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The colleague who was asked says no.
#[derive(InputObject)]
pub struct ShiftSwapDeclineInput {
    /// The swap.
    pub id: Id<shift_swap::Entity>,
}

/// Why it cannot be declined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftSwapDeclineErrorCode")]
pub enum ShiftSwapDeclineProblem {
    /// It was answered or withdrawn already.
    WrongStatus,
}

/// The verb.
pub struct ShiftSwapDecline;

impl Verb for ShiftSwapDecline {
    type Input = ShiftSwapDeclineInput;
    type Problem = ShiftSwapDeclineProblem;

    const NAME: &'static str = "shiftSwapDecline";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.swap_declined");
    const PAYLOAD: &'static [Part] = SWAP;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let swap = lock_swap(act, input.id).await?;
        own_or_permitted(act, swap.to_staff_id, ROSTER, swap.from.location_id, "swap").await?;
        if swap.status != "requested" {
            let text = format!("The swap is {}.", swap.status);
            return Err(Fault::at(ShiftSwapDeclineProblem::WrongStatus, "id", text));
        }
        let sql = "update workforce.shift_swaps set status = 'declined', responded_at = $3 where biz_id = $1 and id = $2";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), swap.id.into(), scope.now().into()],
            )
            .await?;
        Ok(Outcome::row("shiftSwap", swap.id))
    }
}
