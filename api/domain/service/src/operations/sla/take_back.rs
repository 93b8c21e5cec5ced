//! Taking back what was given for a broken promise, as a whole and once: because it was a mistake, or
//! because the promise does not count. What cannot be taken back stays given, and says why.

use entities::entitlements::entitlement_grant;
use entities::payments::refund;
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::owed::owe;
use finance::entitlements::wallet::revoke::{GrantRevoke, GrantRevokeInput};
use finance::payments::refund_decide::{RefundCancel, RefundCancelInput};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Verb as _};

/// Why something stays given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaysGiven {
    /// Some of the credit or points was used, is held or has expired.
    Used,
    /// The money went back, and nobody can be made to owe it.
    MoneyIsGone,
    /// The money is on its way back, and nobody knows yet whether it will arrive.
    MoneyUnderWay,
}

/// What was given.
#[derive(Debug)]
pub struct Given {
    /// The compensation.
    pub id: Uuid,
    /// The breach that it makes good.
    pub breach_id: Uuid,
    /// How.
    pub kind: String,
    /// What it is worth, in minor units.
    pub minor: i64,
    /// The currency of that.
    pub currency: Option<String>,
    points: i32,
    row: Option<(String, Uuid)>,
}

/// What is read of a compensation `e`, for [`Given::of`].
macro_rules! given {
    () => {
        "e.id, e.breach_id, e.kind::text, e.amount_minor, e.currency::text, e.points, e.given_type, e.given_id"
    };
}
pub(super) use given;

impl Given {
    /// Reads one of [`given!`].
    pub fn of(row: &Row) -> Result<Self, Error> {
        let given_type: Option<String> = row.try_get(6)?;
        Ok(Self {
            id: row.try_get(0)?,
            breach_id: row.try_get(1)?,
            kind: row.try_get(2)?,
            minor: row.try_get(3)?,
            currency: row.try_get(4)?,
            points: row.try_get(5)?,
            row: given_type.zip(row.try_get(7)?),
        })
    }
}

const REVERSE: &str = "insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, points, \
      given_type, given_id, reverses_id, approved_by_id, note) \
    values ($1, $2, $3, $4::text, $5, $6, $7, $8, $9, $10, $11, $12)";

/// What was taken back.
#[derive(Clone, Copy, Debug)]
pub struct TakenBack {
    /// What says so, below zero.
    pub reversal: Uuid,
    /// By which the customer owes what went out as money.
    pub invoice: Option<Uuid>,
}

/// Takes it back, its clock being locked.
pub async fn take_back(
    act: &Act<'_>,
    given: &Given,
    reason: &str,
) -> Result<TakenBack, Fault<StaysGiven>> {
    let (scope, reversal) = (act.scope, new_id());
    let (given_type, given_id) = given.row.clone().unzip();
    let values: [Value; 12] = [
        scope.biz_id().into(),
        reversal.into(),
        given.breach_id.into(),
        given.kind.as_str().into(),
        (-given.minor).into(),
        given.currency.clone().into(),
        (-given.points).into(),
        given_type.into(),
        given_id.into(),
        given.id.into(),
        scope.user_id().into(),
        reason.into(),
    ];
    // First, as whoever takes it back as well is refused by it.
    scope.execute(REVERSE, &values).await?;
    let mut invoice = None;
    match &given.row {
        Some((entity, id)) if entity == "EntitlementGrant" => value(act, *id, reason).await?,
        Some((_, id)) => {
            let out = money(act, *id).await?;
            if out > 0 {
                invoice = Some(owe(act, given, (*id, out), reversal).await?);
            }
        }
        None => {}
    }
    Ok(TakenBack { reversal, invoice })
}

/// Takes the value out of the wallet again, if all of it is there.
async fn value(act: &Act<'_>, grant: Uuid, reason: &str) -> Result<(), Fault<StaysGiven>> {
    let sql = "select g.remaining = g.quantity from entitlements.grants g \
        join entitlements.wallets w on w.biz_id = g.biz_id and w.id = g.wallet_id \
        where g.biz_id = $1 and g.id = $2 for no key update of w";
    let values = [act.scope.biz_id().into(), grant.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("a grant vanished".to_owned()))?;
    if !row.try_get::<_, bool>(0)? {
        let text = "Some of it was used already, or has expired.";
        return Err(Fault::at(StaysGiven::Used, "id", text));
    }
    let grant: Id<entitlement_grant::Entity> = Id::new(grant);
    let revoke = GrantRevokeInput {
        id: grant,
        reason: reason.to_owned(),
        is_refunded: None,
    };
    let revoked = GrantRevoke::run(act, revoke).await;
    revoked
        .map(drop)
        .map_err(|fault| fault.map(|_| StaysGiven::Used))
}

// A refund over several parts of a payment is one for each part, written together.
const REFUNDS: &str = "select r.id, r.status::text, r.amount_minor from payments.refunds g \
    join payments.refunds r on r.biz_id = g.biz_id and r.intent_id = g.intent_id and r.reason = g.reason \
      and r.created_at = g.created_at \
    where g.biz_id = $1 and g.id = $2 order by r.id";

/// Gives up refunds that still wait; of those that failed nothing went out. Says how much did.
async fn money(act: &Act<'_>, first: Uuid) -> Result<i64, Fault<StaysGiven>> {
    let values = [act.scope.biz_id().into(), first.into()];
    let mut waiting: Vec<Id<refund::Entity>> = Vec::new();
    let mut out = 0;
    for row in act.scope.query(REFUNDS, &values).await? {
        match row.try_get::<_, &str>(1)? {
            "failed" | "canceled" => {}
            "pending_approval" => waiting.push(Id::new(row.try_get(0)?)),
            "succeeded" => out += row.try_get::<_, i64>(2)?,
            _ => {
                let text =
                    "The money is on its way back: try again once it is known whether it arrived.";
                return Err(Fault::at(StaysGiven::MoneyUnderWay, "id", text));
            }
        }
    }
    for id in waiting {
        let canceled = RefundCancel::run(act, RefundCancelInput { id }).await;
        canceled.map_err(|fault| fault.map(|_| StaysGiven::MoneyUnderWay))?;
    }
    Ok(out)
}

// Nothing is left of what was given once each was taken back by another.
const REOPEN: &str = "update operations.sla_clocks c set status = 'breached' \
    where c.biz_id = $1 and c.id = $2 and c.status = 'compensated' \
      and not exists (select from operations.sla_compensation_events e \
        where e.biz_id = $1 and e.breach_id = $3 and e.reverses_id is null \
          and not exists (select from operations.sla_compensation_events r where r.biz_id = $1 and r.reverses_id = e.id))";

/// Lets the clock be breached as before, once nothing is left of what was given.
pub async fn reopen(act: &Act<'_>, clock: Uuid, breach: Uuid, reason: &str) -> Result<(), Error> {
    act.scope.set_reason(reason).await?;
    let key = [act.scope.biz_id().into(), clock.into(), breach.into()];
    act.scope.execute(REOPEN, &key).await.map(drop)
}
