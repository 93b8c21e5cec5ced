//! `shiftSwapApprove` and `shiftSwapReject`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use entities::workforce::shift_swap;
use uuid::Uuid;

use super::ROSTER;
use super::store::{Draft, RosterWarning, Shift, call_off, insert_confirmed, told};
use super::swap::{SWAP, Swap, lock_swap};
use foundation::database::{Scope, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Lets shifts change hands: each person gets a shift in place of the other's, and the old ones are
/// called off. Nobody decides on a swap of their own.
#[derive(InputObject)]
pub struct ShiftSwapApproveInput {
    /// The swap.
    pub id: Id<shift_swap::Entity>,
}

/// Why it cannot be approved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftSwapApproveErrorCode")]
pub enum ShiftSwapApproveProblem {
    /// The colleague has not said yes, or it was decided already.
    WrongStatus,
    /// One of the shifts has begun, or was called off.
    TooLate,
    /// Nobody decides on a swap of their own.
    OwnRequest,
    /// Somebody has another shift at that time by now.
    ShiftOverlaps,
}

/// The verb.
pub struct ShiftSwapApprove;

const DECIDE: &str = "update workforce.shift_swaps set status = $3, decided_by_id = $4, decided_at = $5 \
    where biz_id = $1 and id = $2";

async fn decide<P>(scope: &Scope, swap: &Swap, status: &str) -> Result<(), Fault<P>> {
    let values = [
        scope.biz_id().into(),
        swap.id.into(),
        status.into(),
        scope.user_id().into(),
        scope.now().into(),
    ];
    scope.execute(DECIDE, &values).await?;
    Ok(())
}

async fn hand_over<P>(scope: &Scope, shift: &Shift, to: Uuid) -> Result<Uuid, Fault<P>> {
    let id = new_id();
    let draft = Draft {
        staff_id: to,
        location_id: shift.location_id,
        role: shift.role.clone(),
        starts_at: shift.starts_at,
        ends_at: shift.ends_at,
        break_minutes: shift.break_minutes,
        note: shift.note.clone(),
    };
    insert_confirmed(scope, id, &draft, Some(shift.id)).await?;
    Ok(id)
}

impl Verb for ShiftSwapApprove {
    type Input = ShiftSwapApproveInput;
    type Problem = ShiftSwapApproveProblem;

    const NAME: &'static str = "shiftSwapApprove";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.swap_approved");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("shiftSwap", "ShiftSwap", "The swap as it now is."),
        Part::Rows("staffShifts", "StaffShift", "The shifts that were made."),
        Part::Value(
            "warnings",
            "[RosterWarning!]",
            "What should be known of them, such as short rests.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, ShiftSwapApproveProblem)] = &[
        (
            "shift_swaps_four_eyes_check",
            ShiftSwapApproveProblem::OwnRequest,
        ),
        (
            "staff_shifts_no_overlap_excl",
            ShiftSwapApproveProblem::ShiftOverlaps,
        ),
    ];

    fn types(registry: &mut Registry) {
        RosterWarning::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let swap = lock_swap(act, input.id).await?;
        act.permit_at(ROSTER, swap.from.location_id, "swap")?;
        if swap.status != "accepted" {
            let text = format!(
                "The swap is {}; the colleague has to say yes first.",
                swap.status
            );
            return Err(Fault::at(ShiftSwapApproveProblem::WrongStatus, "id", text));
        }
        if !swap.is_ahead(scope.now()) {
            let text = "One of the shifts has begun, or was called off.";
            return Err(Fault::at(ShiftSwapApproveProblem::TooLate, "id", text));
        }
        decide(scope, &swap, "approved").await?;
        let old = [Some(&swap.from), swap.to.as_ref()];
        let old = old.into_iter().flatten().map(|shift| shift.id).collect();
        call_off(scope, old, "Swapped").await?;
        let mut made = vec![hand_over(scope, &swap.from, swap.to_staff_id).await?];
        if let Some(to) = &swap.to {
            made.push(hand_over(scope, to, swap.from_staff_id).await?);
        }
        let mut outcome = Outcome::row("shiftSwap", swap.id);
        for id in &made {
            outcome = outcome.and_row("staffShifts", *id);
        }
        Ok(outcome.and_value("warnings", told(scope, &made).await?))
    }
}

/// Refuses a swap to which the colleague has agreed. Nobody decides on a swap of their own.
#[derive(InputObject)]
pub struct ShiftSwapRejectInput {
    /// The swap.
    pub id: Id<shift_swap::Entity>,
    /// Why.
    pub reason: String,
}

/// Why it cannot be refused.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftSwapRejectErrorCode")]
pub enum ShiftSwapRejectProblem {
    /// The colleague has not said yes, or it was decided already.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// Nobody decides on a swap of their own.
    OwnRequest,
}

/// The verb.
pub struct ShiftSwapReject;

impl Verb for ShiftSwapReject {
    type Input = ShiftSwapRejectInput;
    type Problem = ShiftSwapRejectProblem;

    const NAME: &'static str = "shiftSwapReject";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.swap_rejected");
    const PAYLOAD: &'static [Part] = SWAP;
    const CONSTRAINTS: &'static [(&'static str, ShiftSwapRejectProblem)] = &[(
        "shift_swaps_four_eyes_check",
        ShiftSwapRejectProblem::OwnRequest,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let swap = lock_swap(act, input.id).await?;
        act.permit_at(ROSTER, swap.from.location_id, "swap")?;
        if swap.status != "accepted" {
            let text = format!("The swap is {}.", swap.status);
            return Err(Fault::at(ShiftSwapRejectProblem::WrongStatus, "id", text));
        }
        let reason = Fault::unless_said(ShiftSwapRejectProblem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        decide(act.scope, &swap, "rejected").await?;
        Ok(Outcome::row("shiftSwap", swap.id))
    }
}
