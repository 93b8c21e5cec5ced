//! `shiftSwapWithdraw`.

use async_graphql::{Enum, InputObject};
use entities::workforce::shift_swap;

use super::ROSTER;
use super::swap::{SWAP, lock_swap};
use crate::workforce::staff::{SELF, own_or_permitted};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Whoever asked needs the swap no longer; until a manager has decided.
#[derive(InputObject)]
pub struct ShiftSwapWithdrawInput {
    /// The swap.
    pub id: Id<shift_swap::Entity>,
}

/// Why it cannot be withdrawn.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftSwapWithdrawErrorCode")]
pub enum ShiftSwapWithdrawProblem {
    /// It was decided, declined or withdrawn already.
    WrongStatus,
}

/// The verb.
pub struct ShiftSwapWithdraw;

impl Verb for ShiftSwapWithdraw {
    type Input = ShiftSwapWithdrawInput;
    type Problem = ShiftSwapWithdrawProblem;

    const NAME: &'static str = "shiftSwapWithdraw";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.swap_withdrawn");
    const PAYLOAD: &'static [Part] = SWAP;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let swap = lock_swap(act, input.id).await?;
        own_or_permitted(
            act,
            swap.from_staff_id,
            ROSTER,
            swap.from.location_id,
            "swap",
        )
        .await?;
        if !matches!(swap.status.as_str(), "requested" | "accepted") {
            let text = format!("The swap is {}.", swap.status);
            return Err(Fault::at(ShiftSwapWithdrawProblem::WrongStatus, "id", text));
        }
        let sql =
            "update workforce.shift_swaps set status = 'withdrawn' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), swap.id.into()])
            .await?;
        Ok(Outcome::row("shiftSwap", swap.id))
    }
}
