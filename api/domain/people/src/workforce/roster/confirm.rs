//! `shiftConfirm`.

use async_graphql::{Enum, InputObject};
use entities::workforce::staff_shift;

use super::store::lock_shift;
use super::{ROSTER, SHIFT};
use crate::workforce::staff::{SELF, own_or_permitted};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The person says yes to a published shift; a planner may say so for them.
#[derive(InputObject)]
pub struct ShiftConfirmInput {
    /// The shift.
    pub id: Id<staff_shift::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a shift cannot be confirmed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftConfirmErrorCode")]
pub enum ShiftConfirmProblem {
    /// Only a published shift is confirmed.
    WrongStatus,
}

/// The verb.
pub struct ShiftConfirm;

impl Verb for ShiftConfirm {
    type Input = ShiftConfirmInput;
    type Problem = ShiftConfirmProblem;

    const NAME: &'static str = "shiftConfirm";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.shift_confirmed");
    const PAYLOAD: &'static [Part] = SHIFT;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let shift = lock_shift(scope, input.id.uuid(), input.expected_version).await?;
        own_or_permitted(act, shift.staff_id, ROSTER, shift.location_id, "shift").await?;
        if shift.status != "published" {
            let text = format!(
                "The shift is {}; only a published one is confirmed.",
                shift.status
            );
            return Err(Fault::at(ShiftConfirmProblem::WrongStatus, "id", text));
        }
        let sql =
            "update workforce.staff_shifts set status = 'confirmed' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), shift.id.into()])
            .await?;
        Ok(super::about(&shift))
    }
}
