//! `receivablesAgeing`.

use async_graphql::{InputObject, SimpleObject};
use entities::billing::billing_account;
use entities::core::location;
use entities::crm::customer;

use super::{PERMISSION, bounded, places, read};
use foundation::graph::failure::Failure;
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{CurrencyCode, Day, Id, Long};
use foundation::graph::verb::Permission;

const MOST: usize = 1_000;

/// What is owed, by who owes it and how long it is overdue by the calendar of the account, or else of
/// the location. For a day that has passed: as it stood at its end.
#[derive(InputObject)]
pub struct ReceivablesAgeingInput {
    /// The day; today, wherever the invoice is, if not given.
    pub as_of: Option<Day>,
    /// Only invoices of this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// What one account or customer owes in one currency.
#[derive(SimpleObject)]
pub struct AgeingRow {
    /// The account, where it is owed on account.
    billing_account: Option<Node<billing_account::Entity>>,
    /// The customer.
    customer: Option<Node<customer::Entity>>,
    /// The currency.
    currency: CurrencyCode,
    /// How many invoices are open.
    invoices: i32,
    /// What is not overdue, in minor units.
    current_minor: Long,
    /// What is overdue for up to 30 days.
    up_to_30_minor: Long,
    /// What is overdue for 31 to 60 days.
    up_to_60_minor: Long,
    /// What is overdue for 61 to 90 days.
    up_to_90_minor: Long,
    /// What is overdue for more than 90 days.
    beyond_90_minor: Long,
    /// All of it.
    open_minor: Long,
}

/// The question.
pub struct ReceivablesAgeing;

const OPEN: &str = "with open as ( \
      select i.billing_account_id, i.customer_id, i.currency::text as currency, d.day - i.due_on as days, \
        i.total_minor \
        - coalesce((select sum(a.amount_minor) from billing.payment_allocations a \
            where a.biz_id = $1 and a.invoice_id = i.id and a.business_date <= d.day), 0) \
        - coalesce((select sum(w.amount_minor - w.recovered_minor) from billing.write_offs w \
            where w.biz_id = $1 and w.invoice_id = i.id and w.status = 'approved' and w.business_date <= d.day), 0) as open \
      from billing.invoices i \
      join core.locations l on l.biz_id = $1 and l.id = i.location_id \
      left join billing.billing_accounts a on a.biz_id = $1 and a.id = i.billing_account_id \
      cross join lateral (select coalesce($2::date, ($3::timestamptz at time zone coalesce(a.timezone, l.timezone))::date) as day) d \
      where i.biz_id = $1 and i.status in ('finalized', 'partially_paid', 'paid', 'uncollectible') and i.kind <> 'proforma' \
        and i.issued_on <= d.day and (i.open_minor > 0 or $2::date is not null) \
        and ($4::uuid is null or i.location_id = $4) and ($5::uuid[] is null or i.location_id = any($5))) \
    select o.billing_account_id, o.customer_id, o.currency, count(*)::integer, \
      coalesce(sum(o.open) filter (where o.days <= 0), 0)::bigint, \
      coalesce(sum(o.open) filter (where o.days between 1 and 30), 0)::bigint, \
      coalesce(sum(o.open) filter (where o.days between 31 and 60), 0)::bigint, \
      coalesce(sum(o.open) filter (where o.days between 61 and 90), 0)::bigint, \
      coalesce(sum(o.open) filter (where o.days > 90), 0)::bigint, sum(o.open)::bigint \
    from open o where o.open > 0 \
    group by o.billing_account_id, o.customer_id, o.currency \
    order by o.currency, sum(o.open) desc, o.billing_account_id, o.customer_id limit 1001";

impl Question for ReceivablesAgeing {
    type Input = ReceivablesAgeingInput;
    type Answer = Vec<AgeingRow>;

    const NAME: &'static str = "receivablesAgeing";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.as_of.map(|day| day.0).into(),
            look.scope.now().into(),
            input.location_id.map(|id| id.uuid()).into(),
            places(look)?.into(),
        ];
        let rows = look.scope.query(OPEN, &values).await?;
        bounded(rows.len(), MOST)?;
        rows.iter().map(|row| read(ageing(row))).collect()
    }
}

fn ageing(row: &tokio_postgres::Row) -> Result<AgeingRow, tokio_postgres::Error> {
    let account: Option<uuid::Uuid> = row.try_get(0)?;
    let customer: Option<uuid::Uuid> = row.try_get(1)?;
    Ok(AgeingRow {
        billing_account: account.map(Node::new),
        customer: customer.map(Node::new),
        currency: CurrencyCode(row.try_get(2)?),
        invoices: row.try_get(3)?,
        current_minor: Long(row.try_get(4)?),
        up_to_30_minor: Long(row.try_get(5)?),
        up_to_60_minor: Long(row.try_get(6)?),
        up_to_90_minor: Long(row.try_get(7)?),
        beyond_90_minor: Long(row.try_get(8)?),
        open_minor: Long(row.try_get(9)?),
    })
}
