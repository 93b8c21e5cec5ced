//! `deferredRevenue`.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;

use super::{PERMISSION, bounded, places, read};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{CurrencyCode, Day, Id, Long};
use foundation::graph::verb::Permission;

const MOST: usize = 1_000;

/// What was billed for days that are still to come, and what is held as deposits: it is owed as
/// service, and not earned yet. A line that covers several days is earned day by day, in equal parts.
#[derive(InputObject)]
pub struct DeferredRevenueInput {
    /// The day at whose end it is told.
    pub as_of: Day,
    /// Only this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// What is deferred at a location in a currency.
#[derive(SimpleObject)]
pub struct DeferredRow {
    /// The location.
    location_id: Id<location::Entity>,
    /// The currency.
    currency: CurrencyCode,
    /// What was billed without tax and not credited, and is not earned yet, in minor units.
    billed_minor: Long,
    /// What is held as deposits.
    deposits_minor: Long,
    /// Both.
    deferred_minor: Long,
}

/// The question.
pub struct DeferredRevenue;

const SUMS: &str = "select m.location_id, m.currency, sum(m.billed)::bigint, sum(m.held)::bigint \
    from ( \
      select i.location_id, i.currency::text as currency, \
        round(((l.total_minor - l.tax_minor) - (l.credited_minor - l.credited_tax_minor)) \
          * greatest(0, s.ends_on - greatest(s.starts_on, $2::date + 1))::numeric / (s.ends_on - s.starts_on)) as billed, 0 as held \
      from billing.invoices i \
      join billing.invoice_lines l on l.biz_id = $1 and l.invoice_id = i.id and l.voided_at is null \
      cross join lateral (select coalesce(l.service_starts_on, i.service_starts_on) as starts_on, \
        coalesce(l.service_ends_on, i.service_ends_on) as ends_on) s \
      where i.biz_id = $1 and i.kind in ('invoice', 'ar') and i.status in ('finalized', 'partially_paid', 'paid', 'uncollectible') \
        and i.issued_on <= $2 and s.ends_on > $2::date + 1 \
      union all \
      select o.location_id, d.currency::text, 0, d.held_minor from billing.deposits d \
      join booking.booking_orders o on o.biz_id = $1 and o.id = d.booking_order_id \
      where d.biz_id = $1 and d.held_minor > 0) m \
    where ($3::uuid is null or m.location_id = $3) and ($4::uuid[] is null or m.location_id = any($4)) \
    group by 1, 2 having sum(m.billed) + sum(m.held) <> 0 order by 2, 1 limit 1001";

impl Question for DeferredRevenue {
    type Input = DeferredRevenueInput;
    type Answer = Vec<DeferredRow>;

    const NAME: &'static str = "deferredRevenue";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.as_of.0.into(),
            input.location_id.map(|id| id.uuid()).into(),
            places(look)?.into(),
        ];
        let rows = look.scope.query(SUMS, &values).await?;
        bounded(rows.len(), MOST)?;
        rows.iter().map(|row| read(deferred(row))).collect()
    }
}

fn deferred(row: &tokio_postgres::Row) -> Result<DeferredRow, tokio_postgres::Error> {
    let (billed, held): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
    Ok(DeferredRow {
        location_id: Id::new(row.try_get(0)?),
        currency: CurrencyCode(row.try_get(1)?),
        billed_minor: Long(billed),
        deposits_minor: Long(held),
        deferred_minor: Long(billed + held),
    })
}
