//! The clock that makes the statements of a month once it is over where the account is, and mails them.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use entities::billing::billing_account;
use serde_json::json;
use uuid::Uuid;

use super::statement_make::{BillingStatementMake, PERMISSION};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::worker::Job;
use foundation::worker::tenants::use_once;

/// How often the clock looks for a new month.
const EVERY: Duration = Duration::from_mins(30);
/// How many statements are made in one run.
const AT_ONCE: i64 = 500;

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("make_statements", EVERY, make)]
}

// Accounts that have no statement of the last month yet, and of which there is something to state: something
// is open, or something happened since the last one.
const DUE: &str = "select a.biz_id, a.id, m.first_on, a.customer_id is not null \
    from billing.billing_accounts a \
    join core.bizes b on b.id = a.biz_id \
    cross join lateral (select date_trunc('month', $1::timestamptz at time zone coalesce(a.timezone, b.default_timezone))::date as first_on) m \
    cross join lateral (select max(s.ends_on) as ends_on from billing.statements s \
      where s.biz_id = a.biz_id and s.billing_account_id = a.id) s \
    where a.deleted_at is null and a.status <> 'closed' and coalesce(s.ends_on < m.first_on, true) \
      and (exists (select from billing.invoices i where i.biz_id = a.biz_id and i.billing_account_id = a.id \
          and i.kind <> 'proforma' and i.issued_on < m.first_on \
          and (i.open_minor > 0 or coalesce(i.issued_on >= s.ends_on, true))) \
        or exists (select from billing.receipts r where r.biz_id = a.biz_id and r.billing_account_id = a.id \
          and r.business_date < m.first_on and coalesce(r.business_date >= s.ends_on, true))) \
    order by a.biz_id, a.id limit $2";

/// Makes the statements that are due, each once, and mails those for which somebody is known. How many.
async fn make(shared: Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let values = [platform.now().into(), AT_ONCE.into()];
    let due = platform.query(DUE, &values).await?;
    platform.rollback().await?;
    let mut made = 0;
    for row in due {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (ends_on, sends): (NaiveDate, bool) = (row.try_get(2)?, row.try_get(3)?);
        let account: Id<billing_account::Entity> = Id::new(id);
        let input = json!({ "billingAccountId": account, "endsOn": ends_on, "sends": sends });
        let key = format!("statement/{id}/{ends_on}");
        let done = use_once::<BillingStatementMake>(&shared, biz_id, PERMISSION, input, &key).await;
        made += u64::from(done.is_some());
    }
    Ok(made)
}
