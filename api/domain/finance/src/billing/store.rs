//! What several verbs read and lock: invoices, accounts, days of business. What is received and set
//! against what stands in [`super::settling`].

use chrono::NaiveDate;
use tokio_postgres::Row;
use uuid::Uuid;

use super::rules::Term;
use foundation::database::{Error, Numbered, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// Numbers of folios.
pub const FOLIO_NUMBERS: Numbered = Numbered {
    document: "folio",
    prefix: "F",
};

/// The day of business of a location at the scope's now.
pub async fn business_date(scope: &Scope, location_id: Uuid) -> Result<NaiveDate, Error> {
    let values = [
        scope.biz_id().into(),
        location_id.into(),
        scope.now().into(),
    ];
    let row = scope
        .query_opt("select core.business_date($1, $2, $3)", &values)
        .await?;
    let day: Option<NaiveDate> = row.map(|row| row.try_get(0)).transpose()?.flatten();
    day.ok_or_else(|| Error::Internal("a location without a business day".to_owned()))
}

/// Whether there is such a location, and the caller's permission reaches it.
pub async fn reach_location<P>(
    act: &Act<'_>,
    permission: &str,
    location_id: Uuid,
) -> Result<(), Fault<P>> {
    act.permit_at(permission, location_id, "location")?;
    let sql =
        "select 1 from core.locations l where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";
    let values = [act.scope.biz_id().into(), location_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    row.map(drop).ok_or_else(|| Fault::not_found("location"))
}

/// An invoice that is locked.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// Its id.
    pub id: Uuid,
    /// Its status.
    pub status: String,
    /// What it is.
    pub kind: String,
    /// The location that issues it.
    pub location_id: Uuid,
    /// The account that owes it.
    pub billing_account_id: Option<Uuid>,
    /// The customer who owes it.
    pub customer_id: Option<Uuid>,
    /// The purchase order it uses up.
    pub customer_po_id: Option<Uuid>,
    /// Its currency.
    pub currency: String,
    /// What it is of.
    pub total_minor: i64,
    /// What is open of it.
    pub open_minor: i64,
    /// When it is to be paid, where that was said.
    pub due_on: Option<NaiveDate>,
    /// The tax in its total.
    pub tax_minor: i64,
    /// Its number.
    pub number: Option<String>,
    /// The series of its number.
    pub series_id: Option<Uuid>,
    /// Whether anything was paid, credited or written off.
    pub is_touched: bool,
    /// Whether something is sold by it: not so the fee of a reminder.
    pub is_sale: bool,
}

const LOCK_INVOICE: &str = "select i.status::text, i.kind::text, i.location_id, i.billing_account_id, i.customer_id, \
      i.customer_po_id, i.currency::text, i.total_minor, i.open_minor, i.due_on, i.tax_minor, i.number, i.series_id, \
      i.paid_minor + i.credited_minor + i.written_off_minor + i.credit_noted_minor > 0, i.version, \
      i.source_type is distinct from 'DunningRun' \
    from billing.invoices i where i.biz_id = $1 and i.id = $2 for no key update";

impl Invoice {
    /// Locks an invoice that the caller's permission reaches.
    pub async fn lock<P>(
        act: &Act<'_>,
        permission: &str,
        id: Uuid,
        expected_version: Option<i32>,
    ) -> Result<Self, Fault<P>> {
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(LOCK_INVOICE, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("invoice"))?;
        let invoice = Self::of(id, &row)?;
        act.permit_at(permission, invoice.location_id, "invoice")?;
        Failure::unless_current("invoice", row.try_get(14)?, expected_version)?;
        Ok(invoice)
    }

    fn of(id: Uuid, row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id,
            status: row.try_get(0)?,
            kind: row.try_get(1)?,
            location_id: row.try_get(2)?,
            billing_account_id: row.try_get(3)?,
            customer_id: row.try_get(4)?,
            customer_po_id: row.try_get(5)?,
            currency: row.try_get(6)?,
            total_minor: row.try_get(7)?,
            open_minor: row.try_get(8)?,
            due_on: row.try_get(9)?,
            tax_minor: row.try_get(10)?,
            number: row.try_get(11)?,
            series_id: row.try_get(12)?,
            is_touched: row.try_get(13)?,
            is_sale: row.try_get(15)?,
        })
    }
}

/// Writes what happened to an invoice.
pub async fn note_event(
    scope: &Scope,
    invoice_id: Uuid,
    kind: &str,
    detail: Option<&str>,
) -> Result<(), Error> {
    let sql = "insert into billing.invoice_events (biz_id, id, invoice_id, kind, occurred_at, detail) \
               values ($1, $2, $3, $4, $5, $6)";
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        invoice_id.into(),
        kind.into(),
        scope.now().into(),
        detail.map(str::to_owned).into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// An account, as far as its invoices follow from it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its status.
    pub status: String,
    /// Its currency.
    pub currency: String,
    /// The customer behind it.
    pub customer_id: Option<Uuid>,
    /// From when its days to pay are counted.
    pub term: Term,
    /// How many days it has to pay.
    pub days: i32,
    /// Whether its invoices must name a purchase order.
    pub needs_po: bool,
}

/// Reads an account; none where there is no such account.
pub async fn account(scope: &Scope, id: Uuid) -> Result<Option<Account>, Error> {
    let sql = "select a.status::text, a.currency::text, a.customer_id, a.payment_term::text, a.payment_days, \
                 a.is_po_required \
               from billing.billing_accounts a where a.biz_id = $1 and a.id = $2 and a.deleted_at is null";
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(sql, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Account {
        status: row.try_get(0)?,
        currency: row.try_get(1)?,
        customer_id: row.try_get(2)?,
        term: Term::of(row.try_get(3)?),
        days: row.try_get(4)?,
        needs_po: row.try_get(5)?,
    }))
}

/// The local day of the business: by the zone it reckons in where no location says otherwise.
pub async fn tenant_day(scope: &Scope) -> Result<NaiveDate, Error> {
    let sql = "select b.default_timezone from core.bizes b where b.id = $1";
    let row = scope.query_opt(sql, &[scope.biz_id().into()]).await?;
    let zone: String = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    Ok(local_day(&zone, scope.now()))
}

/// The day in a time zone; in UTC where the zone is not known.
pub fn local_day(zone: &str, at: chrono::DateTime<chrono::Utc>) -> NaiveDate {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    at.with_timezone(&zone).date_naive()
}
