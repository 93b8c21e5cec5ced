//! Swaps that are locked to be answered or decided.

use chrono::{DateTime, Utc};
use entities::workforce::shift_swap;
use uuid::Uuid;

use super::store::{Shift, lock_shifts};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Part};

/// The payload of verbs on a swap.
pub(super) const SWAP: &[Part] = &[Part::Row(
    "shiftSwap",
    "ShiftSwap",
    "The swap as it now is.",
)];

/// A swap that is locked, with its shifts, until the transaction ends.
pub(super) struct Swap {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Whose shift is given away.
    pub from_staff_id: Uuid,
    /// The colleague who is asked.
    pub to_staff_id: Uuid,
    /// The shift that is given away.
    pub from: Shift,
    /// The shift that is taken in return, if any.
    pub to: Option<Shift>,
}

impl Swap {
    /// Whether both shifts are still ahead.
    pub fn is_ahead(&self, now: DateTime<Utc>) -> bool {
        let ahead = |shift: &Shift| shift.is_ahead() && shift.starts_at > now;
        ahead(&self.from) && self.to.as_ref().is_none_or(ahead)
    }
}

const FIND: &str =
    "select from_shift_id, to_shift_id from workforce.shift_swaps where biz_id = $1 and id = $2";
const LOCK: &str = "select status::text, from_staff_id, to_staff_id from workforce.shift_swaps \
    where biz_id = $1 and id = $2 for no key update";

/// Locks a swap, after its shifts as everybody does.
pub(super) async fn lock_swap<P>(
    act: &Act<'_>,
    id: Id<shift_swap::Entity>,
) -> Result<Swap, Fault<P>> {
    let key = [act.scope.biz_id().into(), id.uuid().into()];
    let none = || Failure::new(Code::NotFound, "There is no such swap.");
    let row = act.scope.query_opt(FIND, &key).await?.ok_or_else(none)?;
    let (from_id, to_id): (Uuid, Option<Uuid>) = (row.try_get(0)?, row.try_get(1)?);
    let shifts = lock_shifts(
        act.scope,
        [Some(from_id), to_id].into_iter().flatten().collect(),
    );
    let (mut from, mut to) = (None, None);
    for shift in shifts.await? {
        if shift.id == from_id {
            from = Some(shift);
        } else {
            to = Some(shift);
        }
    }
    let row = act.scope.query_opt(LOCK, &key).await?.ok_or_else(none)?;
    Ok(Swap {
        id: id.uuid(),
        status: row.try_get(0)?,
        from_staff_id: row.try_get(1)?,
        to_staff_id: row.try_get(2)?,
        from: from.ok_or_else(none)?,
        to,
    })
}
