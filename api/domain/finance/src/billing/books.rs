//! What billing posts to the ledger. Money of customers that is set against nothing yet stands in
//! their deposits; what is set against an invoice or a folio moves from there.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ledger::chart;
use crate::ledger::store::{Account, Entry, Line, post};
use foundation::database::{Error, Scope, new_id};

/// What an entry is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// A value of `ledger.entry_kind`.
    pub kind: &'static str,
    /// The row it is for: entity and id.
    pub source: (&'static str, Uuid),
    /// The location.
    pub location_id: Option<Uuid>,
    /// The day of business.
    pub day: NaiveDate,
    /// The currency of all of it.
    pub currency: &'a str,
    /// What people read.
    pub text: &'a str,
}

async fn write(scope: &Scope, about: About<'_>, lines: Vec<Line<'_>>) -> Result<(), Error> {
    if lines.iter().all(|line| line.amount_minor == 0) {
        return Ok(());
    }
    let entry = Entry {
        id: new_id(),
        kind: about.kind,
        source: Some(about.source),
        location_id: about.location_id,
        business_date: about.day,
        occurred_at: scope.now(),
        description: about.text.to_owned(),
        idempotency_key: None,
        lines,
    };
    post(scope, &entry).await.map(drop)
}

/// The account in the books of what a customer owes: that of the billing account, where it has one.
async fn receivable(scope: &Scope, billing_account_id: Option<Uuid>) -> Result<Account, Error> {
    let general = Account::Chart(&chart::RECEIVABLES);
    let Some(id) = billing_account_id else {
        return Ok(general);
    };
    let sql = "select a.ledger_account_id from billing.billing_accounts a where a.biz_id = $1 and a.id = $2";
    let values = [scope.biz_id().into(), id.into()];
    let row = scope.query_opt(sql, &values).await?;
    let own: Option<Uuid> = row.map(|row| row.try_get(0)).transpose()?.flatten();
    Ok(own.map_or(general, Account::Id))
}

/// An invoice that was issued: what is owed, and for what. What comes from folios was earned when
/// it was posted there.
#[derive(Clone, Copy, Debug)]
pub struct Billed {
    /// The account that owes it.
    pub billing_account_id: Option<Uuid>,
    /// What is owed.
    pub total_minor: i64,
    /// How much of it comes from folios.
    pub folio_minor: i64,
    /// The tax of what does not.
    pub tax_minor: i64,
    /// Whether it asks for a deposit.
    pub is_deposit: bool,
}

/// Posts an invoice that was issued.
pub async fn billed(scope: &Scope, about: About<'_>, of: Billed) -> Result<(), Error> {
    let currency = about.currency;
    let own = of.total_minor - of.folio_minor;
    let debtor = receivable(scope, of.billing_account_id).await?;
    let mut lines = vec![
        Line::debit(debtor, of.total_minor, currency),
        Line::credit(
            Account::Chart(&chart::GUEST_LEDGER),
            of.folio_minor,
            currency,
        ),
    ];
    if of.is_deposit {
        lines.push(Line::credit(
            Account::Chart(&chart::DEPOSITS),
            own,
            currency,
        ));
    } else {
        let tax = of.tax_minor;
        lines.push(Line::credit(
            Account::Chart(&chart::REVENUE),
            own - tax,
            currency,
        ));
        lines.push(Line::credit(Account::Chart(&chart::TAXES), tax, currency));
    }
    write(scope, about, lines).await
}

/// Posts the voiding of an invoice: what its issue posted, the other way round.
pub async fn voided(scope: &Scope, invoice_id: Uuid, day: NaiveDate) -> Result<(), Error> {
    let sql = "select e.id from ledger.journal_entries e \
               where e.biz_id = $1 and e.source_type = 'Invoice' and e.source_id = $2 and e.kind <> 'reversal' \
                 and not exists (select from ledger.journal_entries r where r.biz_id = $1 and r.reverses_id = e.id) \
               order by e.id";
    let values = [scope.biz_id().into(), invoice_id.into()];
    for row in scope.query(sql, &values).await? {
        let entry: Uuid = row.try_get(0)?;
        crate::ledger::store::reverse(scope, entry, day, "Invoice voided").await?;
    }
    Ok(())
}

/// Where money that came in otherwise than through a processor lies.
fn till(method: &str) -> Account {
    match method {
        "cash" => Account::Chart(&chart::CASH),
        _ => Account::Chart(&chart::BANK),
    }
}

/// Posts money that was received, or (below zero) that did not stay. What a processor brought was
/// posted with its capture.
pub async fn received(
    scope: &Scope,
    about: About<'_>,
    method: &str,
    amount_minor: i64,
) -> Result<(), Error> {
    let (amount, currency) = (amount_minor.abs(), about.currency);
    let (money, theirs) = (till(method), Account::Chart(&chart::DEPOSITS));
    let lines = if amount_minor > 0 {
        vec![
            Line::debit(money, amount, currency),
            Line::credit(theirs, amount, currency),
        ]
    } else {
        vec![
            Line::debit(theirs, amount, currency),
            Line::credit(money, amount, currency),
        ]
    };
    write(scope, about, lines).await
}

/// Posts what was set against invoices, or (below zero) taken off them again.
pub async fn set_against(
    scope: &Scope,
    about: About<'_>,
    parts: &[(Uuid, i64)],
) -> Result<(), Error> {
    let rows: Vec<Value> = parts
        .iter()
        .map(|(id, minor)| json!({ "id": id, "minor": minor }))
        .collect();
    let sql = "select a.ledger_account_id, sum(x.minor)::bigint \
               from jsonb_to_recordset($2) as x (id uuid, minor bigint) \
               join billing.invoices i on i.biz_id = $1 and i.id = x.id \
               left join billing.billing_accounts a on a.biz_id = $1 and a.id = i.billing_account_id \
               group by a.ledger_account_id order by a.ledger_account_id";
    let values = [scope.biz_id().into(), Value::Array(rows).into()];
    let mut lines = Vec::new();
    for row in scope.query(sql, &values).await? {
        let own: Option<Uuid> = row.try_get(0)?;
        let debtor = own.map_or(Account::Chart(&chart::RECEIVABLES), Account::Id);
        lines.extend(settled(debtor, row.try_get(1)?, about.currency));
    }
    write(scope, about, lines).await
}

/// Posts what was set against folios, or (below zero) taken off them again.
pub async fn set_against_folio(
    scope: &Scope,
    about: About<'_>,
    amount_minor: i64,
) -> Result<(), Error> {
    let guests = Account::Chart(&chart::GUEST_LEDGER);
    let lines = settled(guests, amount_minor, about.currency);
    write(scope, about, lines.into()).await
}

fn settled(debtor: Account, amount_minor: i64, currency: &str) -> [Line<'_>; 2] {
    let theirs = Account::Chart(&chart::DEPOSITS);
    let amount = amount_minor.abs();
    if amount_minor > 0 {
        [
            Line::debit(theirs, amount, currency),
            Line::credit(debtor, amount, currency),
        ]
    } else {
        [
            Line::debit(debtor, amount, currency),
            Line::credit(theirs, amount, currency),
        ]
    }
}

/// Posts a credit note that was issued: it is the customer's until it is set against something.
pub async fn credited(
    scope: &Scope,
    about: About<'_>,
    total_minor: i64,
    tax_minor: i64,
) -> Result<(), Error> {
    let currency = about.currency;
    let lines = vec![
        Line::debit(
            Account::Chart(&chart::ALLOWANCES),
            total_minor - tax_minor,
            currency,
        ),
        Line::debit(Account::Chart(&chart::TAXES), tax_minor, currency),
        Line::credit(Account::Chart(&chart::DEPOSITS), total_minor, currency),
    ];
    write(scope, about, lines).await
}

/// Posts what was given up of an invoice, or (below zero) came in after all.
pub async fn given_up(
    scope: &Scope,
    about: About<'_>,
    billing_account_id: Option<Uuid>,
    amount_minor: i64,
) -> Result<(), Error> {
    let (amount, currency) = (amount_minor.abs(), about.currency);
    let debtor = receivable(scope, billing_account_id).await?;
    let loss = Account::Chart(&chart::BAD_DEBTS);
    let lines = if amount_minor > 0 {
        vec![
            Line::debit(loss, amount, currency),
            Line::credit(debtor, amount, currency),
        ]
    } else {
        vec![
            Line::debit(debtor, amount, currency),
            Line::credit(loss, amount, currency),
        ]
    };
    write(scope, about, lines).await
}

/// Posts a charge on a folio, or (below zero) what was taken back of one.
pub async fn charged(
    scope: &Scope,
    about: About<'_>,
    amount_minor: i64,
    tax_minor: i64,
) -> Result<(), Error> {
    let currency = about.currency;
    let guests = Account::Chart(&chart::GUEST_LEDGER);
    let taxes = Account::Chart(&chart::TAXES);
    let (amount, tax) = (amount_minor.abs(), tax_minor.abs());
    let lines = if amount_minor > 0 {
        vec![
            Line::debit(guests, amount, currency),
            Line::credit(Account::Chart(&chart::REVENUE), amount - tax, currency),
            Line::credit(taxes, tax, currency),
        ]
    } else {
        vec![
            Line::debit(Account::Chart(&chart::ALLOWANCES), amount - tax, currency),
            Line::debit(taxes, tax, currency),
            Line::credit(guests, amount, currency),
        ]
    };
    write(scope, about, lines).await
}

/// Posts what went back to a customer although what it had paid for is done with.
pub async fn allowed(scope: &Scope, about: About<'_>, amount_minor: i64) -> Result<(), Error> {
    let lines = vec![
        Line::debit(
            Account::Chart(&chart::ALLOWANCES),
            amount_minor,
            about.currency,
        ),
        Line::credit(
            Account::Chart(&chart::DEPOSITS),
            amount_minor,
            about.currency,
        ),
    ];
    write(scope, about, lines).await
}
