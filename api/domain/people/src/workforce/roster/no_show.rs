//! `shiftMarkNoShow`.

use async_graphql::{Enum, InputObject};
use entities::workforce::staff_shift;

use super::store::lock_shift;
use super::{ROSTER, SHIFT};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes that somebody did not come to a shift that has begun.
#[derive(InputObject)]
pub struct ShiftMarkNoShowInput {
    /// The shift.
    pub id: Id<staff_shift::Entity>,
    /// What is known of it.
    pub note: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be noted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftMarkNoShowErrorCode")]
pub enum ShiftMarkNoShowProblem {
    /// The shift is a draft, was called off, or the person has come.
    WrongStatus,
    /// The shift has yet to begin.
    TooEarly,
}

/// The verb.
pub struct ShiftMarkNoShow;

const MARK: &str = "update workforce.staff_shifts set status = 'no_show', note = coalesce($3, note) where biz_id = $1 and id = $2";

impl Verb for ShiftMarkNoShow {
    type Input = ShiftMarkNoShowInput;
    type Problem = ShiftMarkNoShowProblem;

    const NAME: &'static str = "shiftMarkNoShow";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.shift_missed");
    const PAYLOAD: &'static [Part] = SHIFT;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let shift = lock_shift(scope, input.id.uuid(), input.expected_version).await?;
        act.permit_at(ROSTER, shift.location_id, "shift")?;
        if !shift.is_ahead() {
            let text = format!("The shift is {}.", shift.status);
            return Err(Fault::at(ShiftMarkNoShowProblem::WrongStatus, "id", text));
        }
        if scope.now() < shift.starts_at {
            let text = "The shift has yet to begin.";
            return Err(Fault::at(ShiftMarkNoShowProblem::TooEarly, "id", text));
        }
        let values = [scope.biz_id().into(), shift.id.into(), input.note.into()];
        scope.execute(MARK, &values).await?;
        Ok(super::about(&shift))
    }
}
