//! `taxByJurisdiction`.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use rust_decimal::Decimal;

use super::{PERMISSION, bounded, places, read};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{CurrencyCode, Day, Id, Long, Number};
use foundation::graph::verb::Permission;

const MOST: usize = 2_000;

/// The tax of the invoices and credit notes of these days, by country, region and rate.
#[derive(InputObject)]
pub struct TaxByJurisdictionInput {
    /// The first day.
    pub starts_on: Day,
    /// The first day that is no longer in it.
    pub ends_on: Day,
    /// Only this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// One tax at one rate in one place and currency.
#[derive(SimpleObject)]
pub struct TaxRow {
    /// The country of the location, by its ISO 3166 code.
    country: Option<String>,
    /// The region within it.
    region: Option<String>,
    /// The name of the tax, as on the invoices.
    name: String,
    /// The rate as a fraction.
    rate: Number,
    /// The currency.
    currency: CurrencyCode,
    /// What invoices are reckoned on, in minor units.
    taxable_minor: Long,
    /// The tax of invoices.
    tax_minor: Long,
    /// What credit notes took back of what it is reckoned on.
    credited_taxable_minor: Long,
    /// The tax in what credit notes took back.
    credited_tax_minor: Long,
    /// The tax that is owed: of invoices less credit notes.
    owed_minor: Long,
}

/// The question.
pub struct TaxByJurisdiction;

const SUMS: &str = "select l.country_code::text, l.region_code, m.name, m.rate, m.currency, sum(m.taxable)::bigint, \
      sum(m.tax)::bigint, sum(m.taken_taxable)::bigint, sum(m.taken_tax)::bigint \
    from ( \
      select i.location_id, t.name, t.rate, t.currency::text as currency, t.taxable_minor as taxable, t.tax_minor as tax, \
        0 as taken_taxable, 0 as taken_tax \
      from billing.invoices i \
      join billing.invoice_taxes t on t.biz_id = $1 and t.invoice_id = i.id \
      where i.biz_id = $1 and i.kind <> 'proforma' and i.status in ('finalized', 'partially_paid', 'paid', 'uncollectible') \
        and i.issued_on >= $2 and i.issued_on < $3 \
      union all \
      select i.location_id, coalesce(t.name, 'Tax'), coalesce(t.rate, il.tax_rate), c.currency::text, 0, 0, \
        cl.amount_minor - cl.tax_minor, cl.tax_minor \
      from billing.credit_notes c \
      join billing.invoices i on i.biz_id = $1 and i.id = c.invoice_id \
      join billing.credit_note_lines cl on cl.biz_id = $1 and cl.credit_note_id = c.id and cl.voided_at is null \
      join billing.invoice_lines il on il.biz_id = $1 and il.id = cl.invoice_line_id and il.tax_rate is not null \
      left join lateral (select t.name, t.rate from billing.invoice_taxes t \
        where t.biz_id = $1 and t.invoice_id = i.id and t.rate = il.tax_rate order by t.name limit 1) t on true \
      where c.biz_id = $1 and c.status = 'finalized' and c.issued_on >= $2 and c.issued_on < $3) m \
    join core.locations l on l.biz_id = $1 and l.id = m.location_id \
    where ($4::uuid is null or m.location_id = $4) and ($5::uuid[] is null or m.location_id = any($5)) \
    group by 1, 2, 3, 4, 5 order by 1, 2, 5, 4, 3 limit 2001";

impl Question for TaxByJurisdiction {
    type Input = TaxByJurisdictionInput;
    type Answer = Vec<TaxRow>;

    const NAME: &'static str = "taxByJurisdiction";
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
        rows.iter().map(|row| read(tax(row))).collect()
    }
}

fn tax(row: &tokio_postgres::Row) -> Result<TaxRow, tokio_postgres::Error> {
    let rate: Decimal = row.try_get(3)?;
    let (tax, taken): (i64, i64) = (row.try_get(6)?, row.try_get(8)?);
    Ok(TaxRow {
        country: row.try_get(0)?,
        region: row.try_get(1)?,
        name: row.try_get(2)?,
        rate: Number(rate),
        currency: CurrencyCode(row.try_get(4)?),
        taxable_minor: Long(row.try_get(5)?),
        tax_minor: Long(tax),
        credited_taxable_minor: Long(row.try_get(7)?),
        credited_tax_minor: Long(taken),
        owed_minor: Long(tax - taken),
    })
}
