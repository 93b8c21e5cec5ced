//! The clock work of memberships: what is over goes over into its next period, and what was paused
//! until today runs again. Each is done by its verb, under a key that names the membership and the day,
//! so that any number of workers does it once.

use std::sync::Arc;

use chrono::NaiveDate;
use entities::entitlements::membership;
use serde_json::json;
use tokio_postgres::Row;
use uuid::Uuid;

use super::charge::MembershipCharge;
use super::renew::MembershipRenew;
use super::resume::MembershipResume;
use crate::entitlements::MANAGE;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::graph::verb::Verb;
use foundation::worker::tenants::use_once;

/// How many memberships are gone through in one run.
const AT_ONCE: i64 = 500;

const DUE: &str = "select m.biz_id, m.id, m.current_period_ends_on from entitlements.memberships m \
    where m.status in ('trialing', 'active') \
      and m.current_period_ends_on <= ($1::timestamptz at time zone m.timezone)::date \
    order by m.biz_id, m.id limit $2";

/// Renews, or ends, memberships whose period is over by their own calendar. Says how many periods.
pub async fn renew(shared: Arc<Shared>) -> Result<u64, Error> {
    let mut renewed = 0;
    // What was missed for several periods is made up for period by period.
    for _ in 0..60 {
        let due = due(&shared, DUE).await?;
        let mut now = 0;
        for (biz_id, id, day) in due {
            let input = json!({ "id": type_id(id), "periodEndsOn": day });
            now += u64::from(
                act::<MembershipRenew>(&shared, biz_id, input, &format!("renew/{id}/{day}")).await,
            );
        }
        if now == 0 {
            break;
        }
        renewed += now;
    }
    Ok(renewed)
}

const PAUSED: &str = "select m.biz_id, m.id, m.paused_until from entitlements.memberships m \
    where m.status = 'paused' and m.paused_until <= ($1::timestamptz at time zone m.timezone)::date \
    order by m.biz_id, m.id limit $2";

/// Lets memberships run again whose pause is over, from the day on which it was. Says how many.
pub async fn resume(shared: Arc<Shared>) -> Result<u64, Error> {
    let mut resumed = 0;
    for (biz_id, id, day) in due(&shared, PAUSED).await? {
        let input = json!({ "id": type_id(id), "on": day });
        resumed += u64::from(
            act::<MembershipResume>(&shared, biz_id, input, &format!("resume/{id}/{day}")).await,
        );
    }
    Ok(resumed)
}

// Periods that began lately and are not paid: older ones are for staff to look at. What was declined is
// asked for again after one day, and after three, five and seven more.
const OWED: &str = "select distinct m.biz_id, m.id, e.period_starts_on, f.times from entitlements.memberships m \
      join entitlements.membership_events e on e.biz_id = m.biz_id and e.membership_id = m.id \
      join payments.payment_methods p on p.biz_id = m.biz_id and p.id = m.payment_method_id \
      left join payments.processor_accounts a on a.biz_id = p.biz_id and a.id = p.processor_account_id \
      cross join lateral (select count(*) as times, max(f.occurred_at) as last_at from entitlements.membership_events f \
        where f.biz_id = m.biz_id and f.membership_id = m.id and f.kind = 'payment_failed' and f.occurred_at >= e.occurred_at) f \
    where m.status in ('active', 'past_due') and p.status = 'active' and p.deleted_at is null \
      and (p.instrument_id is not null or a.status = 'active' and (a.processor = 'sandbox' or a.credentials_sealed is not null)) \
      and e.kind = 'renewed' and e.proration_minor > 0 \
      and e.occurred_at > $1::timestamptz - interval '30 days' \
      and (f.times = 0 or f.times <= 4 and f.last_at + (2 * f.times - 1) * interval '1 day' <= $1) \
      and not exists (select from payments.payment_intents i where i.biz_id = m.biz_id \
        and i.idempotency_key = 'membership/' || m.id || '/' || e.period_starts_on and i.status <> 'requires_payment_method') \
    order by m.biz_id, m.id, e.period_starts_on limit $2";

/// Charges periods that began to the ways to pay that members left, and asks again for what was
/// declined. Says how many.
pub async fn charge(shared: Arc<Shared>) -> Result<u64, Error> {
    let mut charged = 0;
    for row in rows(&shared, OWED).await? {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (day, times): (NaiveDate, i64) = (row.try_get(2)?, row.try_get(3)?);
        let input = json!({ "id": type_id(id), "periodStartsOn": day });
        let key = format!("charge/{id}/{day}/{times}");
        charged += u64::from(act::<MembershipCharge>(&shared, biz_id, input, &key).await);
    }
    Ok(charged)
}

fn type_id(id: Uuid) -> serde_json::Value {
    let id: Id<membership::Entity> = Id::new(id);
    serde_json::to_value(id).unwrap_or_default()
}

async fn rows(shared: &Shared, sql: &str) -> Result<Vec<Row>, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let values = [platform.now().into(), AT_ONCE.into()];
    let rows = platform.query(sql, &values).await?;
    platform.rollback().await?;
    Ok(rows)
}

async fn due(shared: &Shared, sql: &str) -> Result<Vec<(Uuid, Uuid, NaiveDate)>, Error> {
    let read = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    rows(shared, sql).await?.iter().map(read).collect()
}

/// Does it in the name of the program; whether it was done now.
async fn act<V: Verb>(
    shared: &Arc<Shared>,
    biz_id: Uuid,
    input: serde_json::Value,
    key: &str,
) -> bool {
    let done = use_once::<V>(shared, biz_id, MANAGE, input, key).await;
    done.is_some()
}
