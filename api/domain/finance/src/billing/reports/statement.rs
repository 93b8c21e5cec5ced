//! `customerStatement`.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use entities::billing::billing_account;
use entities::crm::customer;

use super::{PERMISSION, bounded, places, read};
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{CurrencyCode, Day, Id, Long};
use foundation::graph::verb::Permission;

const MOST: usize = 5_000;

/// What an account or a customer owed at the beginning of a time, what was invoiced, credited, received
/// and given up in it, line by line, and what is owed at its end; a statement for each currency.
#[derive(InputObject)]
pub struct CustomerStatementInput {
    /// The account.
    pub billing_account_id: Option<Id<billing_account::Entity>>,
    /// The customer, where it is not on account.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The first day.
    pub starts_on: Day,
    /// The first day that is no longer in it.
    pub ends_on: Day,
}

/// A statement in one currency.
#[derive(SimpleObject)]
pub struct CustomerStatement {
    /// The currency.
    currency: CurrencyCode,
    /// What was owed at the beginning, in minor units; less than zero is credit.
    opening_minor: Long,
    /// What happened, by day.
    lines: Vec<StatementLine>,
    /// What is owed at the end.
    closing_minor: Long,
}

/// A line of a statement.
#[derive(SimpleObject)]
pub struct StatementLine {
    /// The day of business.
    day: Day,
    /// What it is: invoice, credit note, receipt, write-off or refund.
    kind: String,
    /// The number of the document.
    number: String,
    /// What it adds to what is owed; less than zero takes from it.
    amount_minor: Long,
    /// What is owed after it.
    balance_minor: Long,
}

/// The question.
pub struct CustomerStatementOf;

/// What moves what the account $2, or else the customer $3, owes: currency, day, kind, number, amount.
macro_rules! moves {
    () => {
        "select i.currency::text as currency, i.issued_on as day, 'invoice' as kind, i.number, i.total_minor as amount, i.id, i.location_id \
      from billing.invoices i where i.biz_id = $1 and i.kind <> 'proforma' \
        and i.status in ('finalized', 'partially_paid', 'paid', 'uncollectible') \
        and case when $2::uuid is not null then i.billing_account_id = $2 else i.customer_id = $3 and i.billing_account_id is null end \
      union all \
      select c.currency::text, c.issued_on, 'credit note', c.number, -c.total_minor, c.id, i.location_id \
      from billing.credit_notes c join billing.invoices i on i.biz_id = $1 and i.id = c.invoice_id \
      where c.biz_id = $1 and c.status = 'finalized' \
        and case when $2::uuid is not null then i.billing_account_id = $2 else i.customer_id = $3 and i.billing_account_id is null end \
      union all \
      select w.currency::text, w.business_date, 'write-off', i.number, w.recovered_minor - w.amount_minor, w.id, i.location_id \
      from billing.write_offs w join billing.invoices i on i.biz_id = $1 and i.id = w.invoice_id \
      where w.biz_id = $1 and w.status = 'approved' \
        and case when $2::uuid is not null then i.billing_account_id = $2 else i.customer_id = $3 and i.billing_account_id is null end \
      union all \
      select r.currency::text, r.business_date, 'receipt', r.number, -r.amount_minor, r.id, r.location_id \
      from billing.receipts r where r.biz_id = $1 and r.status = 'recorded' \
        and case when $2::uuid is not null then r.billing_account_id = $2 else r.customer_id = $3 and r.billing_account_id is null end \
      union all \
      select a.currency::text, a.business_date, 'refund', coalesce(r.number, c.number), a.amount_minor, a.id, coalesce(r.location_id, i.location_id) \
      from billing.payment_allocations a \
      left join billing.receipts r on r.biz_id = $1 and r.id = a.receipt_id \
      left join billing.credit_notes c on c.biz_id = $1 and c.id = a.credit_note_id \
      left join billing.invoices i on i.biz_id = $1 and i.id = c.invoice_id \
      where a.biz_id = $1 and a.refund_id is not null \
        and case when $2::uuid is not null then coalesce(r.billing_account_id, i.billing_account_id) = $2 \
          else coalesce(r.customer_id, i.customer_id) = $3 and r.billing_account_id is null and i.billing_account_id is null end"
    };
}
pub(in crate::billing) use moves;

const MOVES: &str = concat!(
    "select m.currency, m.day, m.kind, m.number, m.amount from (",
    moves!(),
    ") m where m.day < $4 and ($5::uuid[] is null or m.location_id = any($5)) \
    order by m.currency, m.day, m.kind <> 'invoice', m.number, m.id limit 5001"
);

impl Question for CustomerStatementOf {
    type Input = CustomerStatementInput;
    type Answer = Vec<CustomerStatement>;

    const NAME: &'static str = "customerStatement";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        if input.billing_account_id.is_some() == input.customer_id.is_some() {
            return Err(Failure::input("Name one account, or one customer."));
        }
        let values = [
            look.scope.biz_id().into(),
            input.billing_account_id.map(|id| id.uuid()).into(),
            input.customer_id.map(|id| id.uuid()).into(),
            input.ends_on.0.into(),
            places(look)?.into(),
        ];
        let rows = look.scope.query(MOVES, &values).await?;
        bounded(rows.len(), MOST)?;
        let mut statements: Vec<CustomerStatement> = Vec::new();
        for row in &rows {
            read(add(&mut statements, row, input.starts_on.0))?;
        }
        Ok(statements)
    }
}

fn add(
    statements: &mut Vec<CustomerStatement>,
    row: &tokio_postgres::Row,
    starts_on: NaiveDate,
) -> Result<(), tokio_postgres::Error> {
    let currency: String = row.try_get(0)?;
    if statements
        .last()
        .is_none_or(|last| last.currency.0 != currency)
    {
        statements.push(CustomerStatement {
            currency: CurrencyCode(currency),
            opening_minor: Long(0),
            lines: Vec::new(),
            closing_minor: Long(0),
        });
    }
    let Some(statement) = statements.last_mut() else {
        return Ok(());
    };
    let (day, amount): (NaiveDate, i64) = (row.try_get(1)?, row.try_get(4)?);
    statement.closing_minor.0 += amount;
    if day < starts_on {
        statement.opening_minor.0 += amount;
        return Ok(());
    }
    statement.lines.push(StatementLine {
        day: Day(day),
        kind: row.try_get(2)?,
        number: row.try_get(3)?,
        amount_minor: Long(amount),
        balance_minor: statement.closing_minor,
    });
    Ok(())
}
