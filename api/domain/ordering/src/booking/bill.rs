//! What an order costs, when something of it changes: its amounts, what was split of them, and the
//! journal of who asked for the change.

use serde_json::json;
use uuid::Uuid;

use super::locked::Locked;
use foundation::database::{Error, Scope, new_id};
use foundation::money::split;
use scheduling::pricing::order_taxes::{Sold, taxed_anew};

/// The amounts of an order, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// The sum of its lines.
    pub base: i64,
    /// The sum of what was added to it.
    pub features: i64,
    /// What was taken off it as a whole.
    pub discount: i64,
    /// Tax on top of it.
    pub tax: i64,
}

impl Amounts {
    /// What the order costs.
    pub fn total(self) -> i64 {
        self.base + self.features - self.discount + self.tax
    }

    /// The same with another sum of lines; a discount is no more than there is to take it off.
    #[must_use]
    pub fn with_base(self, base: i64) -> Self {
        Self {
            base,
            discount: self.discount.min(base + self.features),
            ..self
        }
    }
}

/// One share that is still open of an order that is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The obligation.
    pub id: Uuid,
    /// What is owed, in minor units.
    pub amount: i64,
    /// What is paid of it, in minor units.
    pub paid: i64,
}

/// The share of the organiser and those of the others, once the total has changed by so much: more
/// is the organiser's, less comes off the organiser's share first, and then off what others have
/// not paid yet, in proportion. None where so much was paid already that it does not go off.
pub fn resplit(organiser: i64, shares: &[Share], delta: i64) -> Option<(i64, Vec<i64>)> {
    let wanted = organiser + delta;
    if wanted >= 0 {
        return Some((wanted, shares.iter().map(|share| share.amount).collect()));
    }
    let open: Vec<u64> = shares
        .iter()
        .map(|share| u64::try_from(share.amount - share.paid).unwrap_or(0))
        .collect();
    let left: i64 = shares.iter().map(|share| share.amount - share.paid).sum();
    if left < -wanted {
        return None;
    }
    let off = split(-wanted, &open);
    let amounts = shares
        .iter()
        .zip(off)
        .map(|(share, off)| share.amount - off);
    Some((0, amounts.collect()))
}

const SHARES: &str = "select b.id, b.amount_minor, b.paid_minor from booking.participant_obligations b \
    where b.biz_id = $1 and b.order_id = $2 and b.status in ('pending', 'partially_paid', 'overdue') \
    order by b.id for no key update";
const RESIZE: &str = "update booking.participant_obligations b set amount_minor = w.amount \
    from unnest($2::uuid[], $3::bigint[]) as w (id, amount) \
    where b.biz_id = $1 and b.id = w.id and b.amount_minor <> w.amount";
const SET: &str = "update booking.booking_orders o set base_minor = $3, features_minor = $4, discount_minor = $5, \
      tax_minor = $6, total_minor = $7, deposit_due_minor = least(o.deposit_due_minor, $7), organiser_share_minor = $8 \
    where o.biz_id = $1 and o.id = $2";

/// Writes what an order costs now, whose lines and features stand already: its tax follows. Gives
/// the amounts; none where it was split, and more was paid than it costs now less the organiser's
/// share. Lines that were just added are taxed as they are sold.
pub async fn set(
    scope: &Scope,
    order: &Locked,
    amounts: Amounts,
    added: &[Sold],
) -> Result<Option<Amounts>, Error> {
    let tax = Box::pin(taxed_anew(scope, order.id, amounts.discount, added)).await?;
    let amounts = Amounts {
        tax: tax.unwrap_or(amounts.tax),
        ..amounts
    };
    let delta = amounts.total() - order.amounts.total();
    let mut organiser = order.organiser_share;
    if let Some(share) = organiser
        && delta != 0
    {
        let shares = shares(scope, order.id).await?;
        let Some((rest, amounts)) = resplit(share, &shares, delta) else {
            return Ok(None);
        };
        let ids: Vec<Uuid> = shares.iter().map(|share| share.id).collect();
        let values = [scope.biz_id().into(), ids.into(), amounts.into()];
        scope.execute(RESIZE, &values).await?;
        organiser = Some(rest);
    }
    let values = [
        scope.biz_id().into(),
        order.id.into(),
        amounts.base.into(),
        amounts.features.into(),
        amounts.discount.into(),
        amounts.tax.into(),
        amounts.total().into(),
        organiser.into(),
    ];
    scope.execute(SET, &values).await?;
    Ok(Some(amounts))
}

async fn shares(scope: &Scope, order_id: Uuid) -> Result<Vec<Share>, Error> {
    let rows = scope
        .query(SHARES, &[scope.biz_id().into(), order_id.into()])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Share {
                id: row.try_get(0)?,
                amount: row.try_get(1)?,
                paid: row.try_get(2)?,
            })
        })
        .collect()
}

/// An entry of the journal of requests.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// A value of `booking.request_kind`.
    pub kind: &'static str,
    /// A value of `booking.cancellation_party`.
    pub requested_by: &'static str,
    /// What was changed, as it was, by column.
    pub before: serde_json::Value,
    /// What was changed, as it became, by column.
    pub after: serde_json::Value,
    /// How much more the order costs since.
    pub price_delta: i64,
    /// What was charged for it.
    pub fee: i64,
    /// Why, in words.
    pub reason: Option<&'a str>,
}

const LOG: &str = "insert into booking.booking_requests_log (biz_id, id, order_id, kind, requested_by, before, after, \
      price_delta_minor, fee_minor, currency, reason) \
    select $1, w.id, w.order_id, w.kind, w.requested_by, w.before, w.after, w.price_delta, w.fee, o.currency, w.reason \
    from json_to_recordset($2::json) as w (id uuid, order_id uuid, kind text, requested_by text, before jsonb, \
      after jsonb, price_delta bigint, fee bigint, reason text) \
    join booking.booking_orders o on o.biz_id = $1 and o.id = w.order_id";

/// Notes what was asked of orders, and what they became.
pub async fn log(scope: &Scope, requests: &[(Uuid, Request<'_>)]) -> Result<(), Error> {
    let rows: Vec<serde_json::Value> = requests
        .iter()
        .map(|(order_id, request)| {
            json!({
                "id": new_id(), "order_id": order_id, "kind": request.kind,
                "requested_by": request.requested_by, "before": request.before, "after": request.after,
                "price_delta": request.price_delta, "fee": request.fee,
                "reason": request.reason.map(str::trim).filter(|reason| !reason.is_empty()),
            })
        })
        .collect();
    let rows = serde_json::Value::from(rows).to_string();
    scope
        .execute(LOG, &[scope.biz_id().into(), rows.into()])
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn share(amount: i64, paid: i64) -> Share {
        Share {
            id: Uuid::nil(),
            amount,
            paid,
        }
    }

    #[test]
    fn what_is_more_is_the_organisers_and_what_is_less_comes_off_the_organiser_first() {
        let shares = [share(100, 0), share(100, 100)];
        assert_eq!(resplit(50, &shares, 30), Some((80, vec![100, 100])));
        assert_eq!(resplit(50, &shares, -30), Some((20, vec![100, 100])));
        assert_eq!(resplit(50, &shares, -80), Some((0, vec![70, 100])));
        assert_eq!(resplit(50, &shares, -151), None);
    }

    proptest! {
        #[test]
        fn inv12_shares_sum_to_the_total_after_any_change(
            organiser in 0_i64..1_000, amounts in prop::collection::vec((0_i64..1_000, 0_i64..1_000), 0..12), delta in -5_000_i64..5_000,
        ) {
            let shares: Vec<Share> = amounts.iter().map(|(a, b)| share(a + b, *b)).collect();
            let total = organiser + shares.iter().map(|share| share.amount).sum::<i64>();
            if let Some((rest, amounts)) = resplit(organiser, &shares, delta) {
                prop_assert_eq!(rest + amounts.iter().sum::<i64>(), total + delta);
                prop_assert!(rest >= 0);
                for (amount, share) in amounts.iter().zip(&shares) {
                    prop_assert!(*amount >= share.paid && *amount <= share.amount);
                }
            } else {
                let open = organiser + shares.iter().map(|share| share.amount - share.paid).sum::<i64>();
                prop_assert!(open + delta < 0);
            }
        }
    }
}
