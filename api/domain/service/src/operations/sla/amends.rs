//! What a broken promise is made good with: given in the transaction that notes it, so that it is
//! given once or not at all.

use uuid::Uuid;

use super::compensate::SlaBreachCompensateProblem as Problem;
use crate::operations::COMPENSATE;
use finance::entitlements::wallet::grants::{NewGrant, give as put};
use finance::entitlements::wallet::locked::lock_one;
use finance::entitlements::wallet::open::stored_value;
use finance::entitlements::work::{Work, place};
use finance::payments::locked;
use finance::payments::refund_send::launch;
use finance::payments::refunds::{NotReserved, Wanted, request};
use foundation::database::Error;
use foundation::graph::verb::{Act, Fault};

/// A breach whose clock is locked, and what is known of who waited.
#[derive(Clone, Debug)]
pub struct Case {
    /// The clock.
    pub clock_id: Uuid,
    /// Where it happened.
    pub location_id: Option<Uuid>,
    /// How its policy makes it good.
    pub usual_kind: String,
    /// What its policy usually gives.
    pub usual_minor: Option<i64>,
    /// The currency of that.
    pub currency: Option<String>,
    /// Who waited.
    pub customer_id: Option<Uuid>,
    /// What they had booked.
    pub order_id: Option<Uuid>,
}

const CASE: &str = "select c.id, c.status::text, c.location_id, p.compensation_kind::text, p.compensation_minor, p.currency::text, \
      coalesce(r.customer_id, m.customer_id, o.customer_id), coalesce(r.booking_order_id, o.id) \
    from operations.sla_breach_events b \
    join operations.sla_clocks c on c.biz_id = b.biz_id and c.id = b.clock_id \
    join operations.sla_policies p on p.biz_id = c.biz_id and p.id = c.policy_id \
    left join operations.service_requests r on c.subject_type = 'ServiceRequest' and r.biz_id = c.biz_id and r.id = c.subject_id \
    left join operations.maintenance_requests m on c.subject_type = 'MaintenanceRequest' and m.biz_id = c.biz_id and m.id = c.subject_id \
    left join booking.booking_orders o on c.subject_type = 'BookingOrder' and o.biz_id = c.biz_id and o.id = c.subject_id \
    where b.biz_id = $1 and b.id = $2 for no key update of c";

impl Case {
    /// Locks the clock of a breach that the caller may make good.
    pub async fn lock(act: &Act<'_>, breach: Uuid) -> Result<Self, Fault<Problem>> {
        let values = [act.scope.biz_id().into(), breach.into()];
        let row = act.scope.query_opt(CASE, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("breach"))?;
        let location_id: Option<Uuid> = row.try_get(2)?;
        if let Some(location) = location_id {
            act.permit_at(COMPENSATE, location, "breach")?;
        }
        if row.try_get::<_, &str>(1)? == "waived" {
            let text = "The promise was waived: there is nothing to make good.";
            return Err(Fault::at(Problem::NothingBroken, "breachId", text));
        }
        Ok(Self {
            clock_id: row.try_get(0)?,
            location_id,
            usual_kind: row.try_get(3)?,
            usual_minor: row.try_get(4)?,
            currency: row.try_get(5)?,
            customer_id: row.try_get(6)?,
            order_id: row.try_get(7)?,
        })
    }
}

/// How much is given.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// In minor units.
    pub minor: i64,
    /// Of which currency.
    pub currency: Option<String>,
    /// In points.
    pub points: i32,
}

/// What was given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The row that gives it: entity and id.
    pub row: Option<(String, Uuid)>,
    /// The refunds.
    pub refunds: Vec<Uuid>,
    /// Those of them that a processor has to be asked for.
    pub remote: Vec<Uuid>,
}

/// Gives it, for a compensation that is being written; money back of a payment, if one is named.
pub async fn give(
    act: &Act<'_>,
    case: &Case,
    kind: &str,
    asked: &Asked,
    (compensation, intent): (Uuid, Option<Uuid>),
) -> Result<Given, Fault<Problem>> {
    match (kind, &asked.currency) {
        ("credit", Some(currency)) => {
            let customer = customer(case)?;
            let wallet = stored_value(Work::of(act), customer, currency).await?;
            grant(act, case, wallet, asked.minor, compensation).await
        }
        ("points", _) => {
            let customer = customer(case)?;
            let values = [act.scope.biz_id().into(), customer.into()];
            let Some(row) = act.scope.query_opt(POINTS, &values).await? else {
                let text = "The customer has no wallet of points.";
                return Err(Fault::at(Problem::NoPointsWallet, "points", text));
            };
            grant(
                act,
                case,
                row.try_get(0)?,
                asked.points.into(),
                compensation,
            )
            .await
        }
        ("refund", Some(currency)) => refund(act, case, asked.minor, currency, intent).await,
        _ => Ok(Given::default()),
    }
}

fn customer(case: &Case) -> Result<Uuid, Fault<Problem>> {
    let text = "Nobody is known to whom it could be given.";
    let unknown = || Fault::at(Problem::NoCustomer, "breachId", text);
    case.customer_id.ok_or_else(unknown)
}

const POINTS: &str = "select w.id from entitlements.wallets w \
    where w.biz_id = $1 and w.customer_id = $2 and w.unit = 'points' and w.status = 'open' order by w.id limit 1";

async fn grant(
    act: &Act<'_>,
    case: &Case,
    wallet: Uuid,
    quantity: i64,
    compensation: Uuid,
) -> Result<Given, Fault<Problem>> {
    let work = Work::of(act);
    let missing = |what: &str| Error::Internal(format!("no {what} to give to"));
    let place = place(act.scope, case.location_id).await?;
    let place = place.ok_or_else(|| missing("place"))?;
    let wallet = lock_one(act.scope, wallet).await?;
    let mut wallet = wallet.ok_or_else(|| missing("wallet"))?;
    let grant = NewGrant {
        source: Some(("SlaCompensationEvent".to_owned(), compensation)),
        key: Some(format!("sla compensation {compensation}")),
        ..NewGrant::new("adjustment", quantity, act.scope.now())
    };
    let id = put(work, &place, &mut wallet, &grant).await?;
    Ok(Given {
        row: Some(("EntitlementGrant".to_owned(), id)),
        ..Given::default()
    })
}

// Of the payments of what was booked the one that was made last, if so much is left of it.
const PAYMENT: &str = "select i.id from payments.payment_intents i \
    where i.biz_id = $1 and i.source_type = 'BookingOrder' and i.source_id = $2 and i.currency = $3::text \
      and i.captured_minor - i.refund_reserved_minor - i.dispute_reserved_minor >= $4 \
    order by i.created_at desc, i.id desc limit 1";
const OF_ORDER: &str = "select from payments.payment_intents i where i.biz_id = $1 and i.id = $2 and i.currency = $3::text \
    and (i.source_type = 'BookingOrder' and i.source_id = $4 or i.customer_id = $5)";

async fn refund(
    act: &Act<'_>,
    case: &Case,
    amount: i64,
    currency: &str,
    named: Option<Uuid>,
) -> Result<Given, Fault<Problem>> {
    let scope = act.scope;
    let text = "There is no payment of which so much can go back.";
    let nothing = || Fault::at(Problem::NothingToRefund, "paymentIntentId", text);
    #[expect(clippy::single_match_else, reason = "each way is as long as the other")]
    let id: Uuid = match named {
        Some(id) => {
            let values = [
                scope.biz_id().into(),
                id.into(),
                currency.into(),
                case.order_id.into(),
                case.customer_id.into(),
            ];
            let found = scope.query_opt(OF_ORDER, &values).await?;
            found.map(|_| id).ok_or_else(nothing)?
        }
        None => {
            let values = [
                scope.biz_id().into(),
                case.order_id.into(),
                currency.into(),
                amount.into(),
            ];
            let found = scope.query_opt(PAYMENT, &values).await?;
            found.ok_or_else(nothing)?.try_get(0)?
        }
    };
    let intent = locked::lock(scope, id).await?.ok_or_else(nothing)?;
    let wanted = Wanted {
        amount,
        lines: Vec::new(),
        tender_id: None,
        reason: "service_failure",
        note: Some("A promise was broken"),
        method: "original",
        needs_approval: false,
    };
    let refunds = request(&act.session.shared.database, scope, &intent, &wanted).await;
    let refunds = refunds.map_err(|error| match error {
        NotReserved::Exceeds => nothing(),
        NotReserved::Database(error) => error.into(),
    })?;
    let remote = launch(scope, &refunds).await?;
    Ok(Given {
        row: refunds.first().map(|id| ("Refund".to_owned(), *id)),
        refunds,
        remote,
    })
}
