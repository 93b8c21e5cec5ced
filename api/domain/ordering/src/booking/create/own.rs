//! What whoever books holds already of what is booked: nobody's own hold is in their way (E-10).

use uuid::Uuid;

use super::check::Checked;
use super::input::BookingCreateInput;
use crate::booking::record::Keep;
use foundation::graph::verb::Act;
use scheduling::availability::hold::store::{self as hold, Shopper, Target, Window, slots_of_days};
use scheduling::availability::rules::Night;

/// Whose holds these are.
pub(super) fn holder(input: &BookingCreateInput) -> Shopper {
    Shopper {
        customer_id: input.customer_id.map(|id| id.uuid()),
        session_ref: input.session_ref.clone(),
    }
}

/// Gives back what they hold of days of a pool.
pub(super) async fn make_way(
    act: &Act<'_>,
    input: &BookingCreateInput,
    keep: Keep,
    (pool_id, days): (Uuid, &[Night]),
) -> Checked<()> {
    let holder = holder(input);
    if !keep.is_claimed() || !hold::has_own(act.scope, &holder).await? {
        return Ok(());
    }
    let slots = slots_of_days(act.scope, pool_id, days, false).await?;
    give_way(act, &holder, &slots, None).await
}

/// Gives back what they hold of slots.
pub(super) async fn of_slots(
    act: &Act<'_>,
    input: &BookingCreateInput,
    keep: Keep,
    slots: &[Uuid],
) -> Checked<()> {
    let holder = holder(input);
    if !keep.is_claimed() || !hold::has_own(act.scope, &holder).await? {
        return Ok(());
    }
    give_way(act, &holder, slots, None).await
}

/// Gives back what they hold of a resource, which is locked, at a time.
pub(super) async fn of_window(
    act: &Act<'_>,
    holder: &Shopper,
    target: Target,
    window: Window,
) -> Checked<()> {
    if !hold::has_own(act.scope, holder).await? {
        return Ok(());
    }
    give_way(act, holder, &[], Some((target, window))).await
}

async fn give_way(
    act: &Act<'_>,
    holder: &Shopper,
    slots: &[Uuid],
    window: Option<(Target, Window)>,
) -> Checked<()> {
    hold::lock_shopper(act.scope, holder).await?;
    hold::give_way(act.scope, holder, slots, window).await?;
    Ok(())
}
