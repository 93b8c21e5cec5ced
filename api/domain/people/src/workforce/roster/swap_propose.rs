//! `shiftSwapPropose`.

use async_graphql::{Enum, InputObject};
use entities::workforce::{staff, staff_shift};
use sea_orm::Value;

use super::ROSTER;
use super::store::{Shift, lock_shifts};
use super::swap::SWAP;
use crate::workforce::staff::{SELF, no_person, own_or_permitted, person};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Asks a colleague to take a shift of one's own, or to exchange it for one of theirs. A planner may
/// ask for somebody.
#[derive(InputObject)]
pub struct ShiftSwapProposeInput {
    /// The shift to be given away.
    pub from_shift_id: Id<staff_shift::Entity>,
    /// The colleague.
    pub to_staff_id: Id<staff::Entity>,
    /// The colleague's shift that is taken in return, if any.
    pub to_shift_id: Option<Id<staff_shift::Entity>>,
    /// Why.
    pub reason: Option<String>,
}

/// Why it cannot be asked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftSwapProposeErrorCode")]
pub enum ShiftSwapProposeProblem {
    /// Only published shifts that are still ahead are swapped.
    WrongStatus,
    /// A swap of this shift is already open.
    AlreadyOpen,
    /// Nobody swaps with themselves.
    SamePerson,
    /// The shift taken in return is not the colleague's.
    NotTheirShift,
}

/// The verb.
pub struct ShiftSwapPropose;

const PROPOSE: &str = "insert into workforce.shift_swaps \
      (biz_id, id, from_shift_id, from_staff_id, to_staff_id, to_shift_id, reason) \
    values ($1, $2, $3, $4, $5, $6, $7)";

impl Verb for ShiftSwapPropose {
    type Input = ShiftSwapProposeInput;
    type Problem = ShiftSwapProposeProblem;

    const NAME: &'static str = "shiftSwapPropose";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.swap_proposed");
    const PAYLOAD: &'static [Part] = SWAP;
    const CONSTRAINTS: &'static [(&'static str, ShiftSwapProposeProblem)] = &[
        ("shift_swaps_open_key", ShiftSwapProposeProblem::AlreadyOpen),
        (
            "shift_swaps_people_check",
            ShiftSwapProposeProblem::SamePerson,
        ),
        (
            "shift_swaps_to_shift_id_fkey",
            ShiftSwapProposeProblem::NotTheirShift,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let ids = [Some(input.from_shift_id), input.to_shift_id];
        let mut ids: Vec<_> = ids.into_iter().flatten().map(|id| id.uuid()).collect();
        ids.dedup();
        let (wanted, from_id) = (ids.len(), input.from_shift_id.uuid());
        let shifts = lock_shifts(scope, ids).await?;
        let from = shifts.iter().find(|shift| shift.id == from_id);
        let from = from.ok_or_else(|| Fault::not_found("shift"))?;
        own_or_permitted(act, from.staff_id, ROSTER, from.location_id, "shift").await?;
        let to_staff = input.to_staff_id.uuid();
        person(scope, to_staff).await?.ok_or_else(no_person)?;
        if shifts.len() < wanted {
            return Err(Fault::not_found("shift"));
        }
        let is_ahead = |shift: &Shift| shift.is_ahead() && shift.starts_at > scope.now();
        if !shifts.iter().all(is_ahead) {
            return Err(Fault::at(
                ShiftSwapProposeProblem::WrongStatus,
                "fromShiftId",
                "Only published shifts that are still ahead are swapped.",
            ));
        }
        let id = new_id();
        let values: [Value; 7] = [
            scope.biz_id().into(),
            id.into(),
            from.id.into(),
            from.staff_id.into(),
            to_staff.into(),
            input.to_shift_id.map(|id| id.uuid()).into(),
            input.reason.unwrap_or_default().into(),
        ];
        scope.execute(PROPOSE, &values).await?;
        let outcome = Outcome::row("shiftSwap", id);
        Ok(outcome.detail("to_staff_id", to_staff.to_string()))
    }
}
