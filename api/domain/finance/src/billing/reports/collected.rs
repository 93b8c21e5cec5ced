//! `collectedAgainstBilled`.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;

use super::{PERMISSION, bounded, places, read};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{CurrencyCode, Day, Id, Long};
use foundation::graph::verb::Permission;

const MOST: usize = 1_000;

/// What was billed, credited, collected and given up in each month, by currency and day of business.
#[derive(InputObject)]
pub struct CollectedAgainstBilledInput {
    /// The first day.
    pub starts_on: Day,
    /// The first day that is no longer in it.
    pub ends_on: Day,
    /// Only this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// One month in one currency.
#[derive(SimpleObject)]
pub struct CollectedRow {
    /// The first day of the month.
    month: Day,
    /// The currency.
    currency: CurrencyCode,
    /// What was invoiced, in minor units, voided invoices left out.
    billed_minor: Long,
    /// What credit notes took back.
    credited_minor: Long,
    /// What was received, reversed receipts left out.
    collected_minor: Long,
    /// What was given up.
    written_off_minor: Long,
}

/// The question.
pub struct CollectedAgainstBilled;

const SUMS: &str = "select date_trunc('month', m.day)::date, m.currency, sum(m.billed)::bigint, sum(m.credited)::bigint, \
      sum(m.collected)::bigint, sum(m.given_up)::bigint \
    from ( \
      select i.issued_on as day, i.currency::text, i.location_id, i.total_minor as billed, 0 as credited, 0 as collected, 0 as given_up \
      from billing.invoices i where i.biz_id = $1 and i.kind <> 'proforma' \
        and i.status in ('finalized', 'partially_paid', 'paid', 'uncollectible') and i.issued_on >= $2 and i.issued_on < $3 \
      union all \
      select c.issued_on, c.currency::text, i.location_id, 0, c.total_minor, 0, 0 from billing.credit_notes c \
      join billing.invoices i on i.biz_id = $1 and i.id = c.invoice_id \
      where c.biz_id = $1 and c.status = 'finalized' and c.issued_on >= $2 and c.issued_on < $3 \
      union all \
      select r.business_date, r.currency::text, r.location_id, 0, 0, r.amount_minor, 0 from billing.receipts r \
      where r.biz_id = $1 and r.status = 'recorded' and r.business_date >= $2 and r.business_date < $3 \
      union all \
      select w.business_date, w.currency::text, i.location_id, 0, 0, 0, w.amount_minor - w.recovered_minor from billing.write_offs w \
      join billing.invoices i on i.biz_id = $1 and i.id = w.invoice_id \
      where w.biz_id = $1 and w.status = 'approved' and w.business_date >= $2 and w.business_date < $3) m \
    where ($4::uuid is null or m.location_id = $4) and ($5::uuid[] is null or m.location_id = any($5)) \
    group by 1, 2 order by 1, 2 limit 1001";

impl Question for CollectedAgainstBilled {
    type Input = CollectedAgainstBilledInput;
    type Answer = Vec<CollectedRow>;

    const NAME: &'static str = "collectedAgainstBilled";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.starts_on.0.into(),
            input.ends_on.0.into(),
            input.location_id.map(|id| id.uuid()).into(),
            places(look)?.into(),
        ];
        let rows = look.scope.query(SUMS, &values).await?;
        bounded(rows.len(), MOST)?;
        rows.iter().map(|row| read(collected(row))).collect()
    }
}

fn collected(row: &tokio_postgres::Row) -> Result<CollectedRow, tokio_postgres::Error> {
    Ok(CollectedRow {
        month: Day(row.try_get(0)?),
        currency: CurrencyCode(row.try_get(1)?),
        billed_minor: Long(row.try_get(2)?),
        credited_minor: Long(row.try_get(3)?),
        collected_minor: Long(row.try_get(4)?),
        written_off_minor: Long(row.try_get(5)?),
    })
}
