//! What bookings cost once they have exchanged their resources.

use super::{Checked, Problem};
use crate::booking::bill::{self, Amounts};
use crate::booking::extras;
use crate::booking::lines::set_main_line;
use crate::booking::locked::Locked;
use crate::booking::reprice;
use crate::booking::taken::Shift;
use foundation::graph::verb::{Act, Fault};
use scheduling::pricing::request::Time;

/// Gives a booking the price of its new resource, where that is wanted and it is the resource of the
/// booking's own time; writes it, and says what the booking costs.
pub(super) async fn follow(
    act: &Act<'_>,
    (order, field): (&Locked, &str),
    shift: &Shift,
    is_asked: bool,
) -> Checked<Amounts> {
    let is_main = shift.service == (order.starts_at, order.ends_at);
    if !is_main || !reprice::is_wanted(act, order, is_asked).await? {
        return Ok(order.amounts);
    }
    let (starts_at, ends_at) = shift.service;
    let of = (Time::Window { starts_at, ends_at }, Some(shift.resource_id));
    let line = Box::pin(reprice::line(act, order, of, Problem::InvalidPrice)).await?;
    let delta = set_main_line(act.scope, order.id, line.total_minor, &order.currency).await?;
    let amounts = extras::follow(act.scope, order, order.amounts.base + delta, None).await?;
    let amounts = amounts.ok_or_else(|| {
        let message = "The price is too large.";
        Fault::at(Problem::InvalidPrice, field, message)
    })?;
    if amounts == order.amounts {
        return Ok(amounts);
    }
    let written = bill::set(act.scope, order, amounts, &[]).await?;
    written.ok_or_else(|| {
        let message = "Those who take part have paid more than it would cost.";
        Fault::at(Problem::SharesPaid, field, message)
    })
}
