//! The shares of a booking that is called off: each payer gets back what that payer paid, less a part
//! of the fee.

use async_graphql::SimpleObject;
use entities::booking::{booking_participant, participant_obligation};
use serde::Serialize;
use uuid::Uuid;

use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Id, Long};
use foundation::money::split;

/// What one of those who paid a share gets back.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingShareRefund {
    /// The participant.
    pub participant_id: Id<booking_participant::Entity>,
    /// The share.
    pub obligation_id: Id<participant_obligation::Entity>,
    /// What was paid of it, in minor units.
    pub paid_minor: Long,
    /// What goes back of that, in minor units.
    pub refund_due_minor: Long,
}

const DROP: &str = "with shares as materialized ( \
      select b.id, b.participant_id, b.paid_minor, b.status from booking.participant_obligations b \
      where b.biz_id = $1 and b.order_id = $2 and b.status not in ('cancelled', 'transferred') \
      order by b.id for no key update), \
    dropped as ( \
      update booking.participant_obligations b set status = 'cancelled' from shares s \
      where b.biz_id = $1 and b.id = s.id and s.status <> 'waived'), \
    whole as ( \
      update booking.booking_orders o set organiser_share_minor = null \
      where o.biz_id = $1 and o.id = $2 and o.organiser_share_minor is not null) \
    select s.id, s.participant_id, s.paid_minor from shares s where s.paid_minor > 0 order by s.id";

/// Drops all shares of a booking, and tells what each who paid gets back: what was paid, less a part
/// of the fee in proportion to it. The parts of the fee sum up to it, as far as so much was paid.
pub async fn drop_all(
    scope: &Scope,
    order_id: Uuid,
    fee_minor: i64,
) -> Result<Vec<BookingShareRefund>, Error> {
    let rows = scope
        .query(DROP, &[scope.biz_id().into(), order_id.into()])
        .await?;
    let mut paid = Vec::new();
    for row in &rows {
        paid.push((
            row.try_get::<_, Uuid>(0)?,
            row.try_get::<_, Uuid>(1)?,
            row.try_get::<_, i64>(2)?,
        ));
    }
    let sums: Vec<i64> = paid.iter().map(|(_, _, paid)| *paid).collect();
    let refunds = refunds(&sums, fee_minor);
    Ok(paid
        .into_iter()
        .zip(refunds)
        .map(|((id, person, paid), refund)| BookingShareRefund {
            participant_id: Id::new(person),
            obligation_id: Id::new(id),
            paid_minor: Long(paid),
            refund_due_minor: Long(refund),
        })
        .collect())
}

/// What each who paid so much gets back where a fee is owed by all of them.
fn refunds(paid: &[i64], fee_minor: i64) -> Vec<i64> {
    let sum: i64 = paid.iter().sum();
    let weights: Vec<u64> = paid.iter().map(|paid| paid.unsigned_abs()).collect();
    let fees = split(fee_minor.clamp(0, sum), &weights);
    paid.iter()
        .zip(fees)
        .map(|(paid, fee)| paid - fee)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn e13_inv12_every_payer_is_refunded_and_the_parts_of_the_fee_sum_up(
            paid in prop::collection::vec(1_i64..100_000, 1..20), fee in 0_i64..1_000_000,
        ) {
            let sum: i64 = paid.iter().sum();
            let back = refunds(&paid, fee);
            prop_assert_eq!(back.iter().sum::<i64>(), (sum - fee).max(0));
            for (back, paid) in back.iter().zip(&paid) {
                prop_assert!((0..=*paid).contains(back));
            }
        }
    }
}
