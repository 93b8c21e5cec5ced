//! How an invoice or credit note becomes a document: its number is taken in the transaction that
//! issues it, under the lock of its series, so that there are neither gaps nor doubles.

use chrono::NaiveDate;
use uuid::Uuid;

use super::rules::Term;
use super::store::{Account, Invoice, account, business_date, note_event};
use foundation::database::{Database, Error, Numbered, Scope, new_id};
use foundation::graph::verb::Fault;

/// Numbers of previews, which no law asks to be without gaps.
const PROFORMA_NUMBERS: Numbered = Numbered {
    document: "proforma",
    prefix: "PF",
};

/// Why a document cannot be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No series numbers such documents here.
    NoSeries,
    /// The series that was asked for does not number such documents, or is not in use.
    WrongSeries,
    /// The account may not buy now.
    AccountOnHold,
    /// The account wants its purchase order named.
    PurchaseOrderRequired,
}

impl Refusal {
    /// The sentence for the caller.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoSeries => {
                "No series numbers such documents at this location: open one with fiscalSeriesOpen, or give the location a country."
            }
            Self::WrongSeries => {
                "This series is not in use, or does not number such documents at this location."
            }
            Self::AccountOnHold => "The account is on hold or closed: it may not buy now.",
            Self::PurchaseOrderRequired => {
                "Invoices on this account must name a purchase order of the customer."
            }
        }
    }
}

/// Why a document was not issued.
#[derive(Debug)]
pub enum NotIssued {
    /// A rule.
    Refused(Refusal),
    /// The database.
    Failed(Error),
}

impl From<Error> for NotIssued {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<tokio_postgres::Error> for NotIssued {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl NotIssued {
    /// As a verb tells it, in its own codes.
    pub fn fault<P>(self, code: impl FnOnce(Refusal) -> P) -> Fault<P> {
        match self {
            Self::Refused(refusal) => Fault::problem(code(refusal), refusal.message()),
            Self::Failed(error) => error.into(),
        }
    }
}

/// A document that has been issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its number.
    pub number: String,
    /// Its date.
    pub day: NaiveDate,
    /// Its copy that the authority is to be told, where there is one.
    pub fiscal_document_id: Option<Uuid>,
}

/// A number of a series.
struct Taken {
    series_id: Uuid,
    series_no: i64,
    number: String,
    authority: String,
}

const SERIES: &str = "select s.id, s.authority::text from billing.fiscal_series s \
    where s.biz_id = $1 and s.document_type = $2 and s.is_active and s.deleted_at is null \
      and (s.location_id is null or s.location_id = $3) and ($4::uuid is null or s.id = $4) \
      and (s.valid_until is null or s.valid_until >= $5) and s.next_value <= s.range_to \
    order by s.location_id nulls last, s.code, s.id limit 1";

// What a tenant has that has said nothing of series: one for each type, of its own numbers.
const OPEN_SERIES: &str = "insert into billing.fiscal_series (biz_id, id, country, document_type, code, prefix, padding, next_value) \
    select $1, $2, l.country_code, $3, 'A', $5, 6, 1 \
    from core.locations l where l.biz_id = $1 and l.id = $4 and l.country_code is not null \
    on conflict do nothing";

fn own_prefix(document_type: &str) -> &'static str {
    match document_type {
        "credit_note" => "CN-",
        "deposit_invoice" => "DEP-",
        "simplified_invoice" => "SIN-",
        _ => "INV-",
    }
}

/// Takes the next number of a type of document, and holds its series until the transaction ends.
async fn take(
    scope: &Scope,
    document_type: &'static str,
    (location_id, wanted): (Uuid, Option<Uuid>),
    day: NaiveDate,
) -> Result<Taken, NotIssued> {
    let values = [
        scope.biz_id().into(),
        document_type.into(),
        location_id.into(),
        wanted.into(),
        day.into(),
    ];
    let mut series = scope.query_opt(SERIES, &values).await?;
    if series.is_none() && wanted.is_none() {
        let own = [
            scope.biz_id().into(),
            new_id().into(),
            document_type.into(),
            location_id.into(),
            own_prefix(document_type).into(),
        ];
        scope.execute(OPEN_SERIES, &own).await?;
        series = scope.query_opt(SERIES, &values).await?;
    }
    let missing = if wanted.is_some() {
        Refusal::WrongSeries
    } else {
        Refusal::NoSeries
    };
    let series = series.ok_or(NotIssued::Refused(missing))?;
    let (series_id, authority): (Uuid, String) = (series.try_get(0)?, series.try_get(1)?);
    let sql = "select series_no, number from billing.take_number($1, $2)";
    let taken = scope
        .query_opt(sql, &[series_id.into(), day.into()])
        .await?;
    let taken = taken.ok_or(NotIssued::Refused(missing))?;
    // A series that was retired meanwhile gives nothing, as a row of nulls.
    let series_no: Option<i64> = taken.try_get(0)?;
    Ok(Taken {
        series_id,
        series_no: series_no.ok_or(NotIssued::Refused(missing))?,
        number: taken.try_get(1)?,
        authority,
    })
}

const FINALIZE: &str = "update billing.invoices i \
    set status = 'finalized', number = $3, series_id = $4, series_no = $5, issued_on = $6, issued_at = $7, due_on = $8, \
      buyer = jsonb_strip_nulls(jsonb_build_object('name', coalesce(a.name, c.full_name), 'tax_id', a.tax_id)) || i.buyer, \
      seller = jsonb_strip_nulls(jsonb_build_object('name', b.legal_name, 'location', l.name, \
        'address', nullif(concat_ws(', ', l.address_line1, l.address_line2, nullif(concat_ws(' ', l.postal_code, l.city), '')), ''), \
        'country', l.country_code, 'tax_id', ( \
          select p.registration_no from pricing.tax_profiles p \
          where p.biz_id = $1 and p.deleted_at is null \
            and (p.location_id = l.id or p.location_id is null and p.country_code = l.country_code) \
          order by p.location_id nulls last, p.code limit 1))) \
    from core.bizes b, core.locations l, (select) one \
    left join billing.billing_accounts a on a.biz_id = $1 and a.id = $9 \
    left join crm.customers c on c.biz_id = $1 and c.id = $10 \
    where i.biz_id = $1 and i.id = $2 and b.id = $1 and l.biz_id = $1 and l.id = i.location_id";

/// Issues a draft that is locked: number, date, due day, who sells and who buys as they are now.
/// What the account owes and what is left of the purchase order follow by triggers, which refuse
/// what is more than they allow.
pub async fn issue(
    scope: &Scope,
    database: &Database,
    invoice: &Invoice,
    series_id: Option<Uuid>,
) -> Result<Issued, NotIssued> {
    let account = match invoice.billing_account_id {
        Some(id) => account(scope, id).await?,
        None => None,
    };
    if let Some(account) = &account {
        allow(account, invoice).map_err(NotIssued::Refused)?;
    }
    let day = business_date(scope, invoice.location_id).await?;
    let taken = match invoice.kind.as_str() {
        "proforma" => None,
        kind => {
            let document_type = if kind == "deposit" {
                "deposit_invoice"
            } else {
                "invoice"
            };
            Some(take(scope, document_type, (invoice.location_id, series_id), day).await?)
        }
    };
    let number = match &taken {
        Some(taken) => taken.number.clone(),
        None => database.number(scope, PROFORMA_NUMBERS).await?,
    };
    let values = [
        scope.biz_id().into(),
        invoice.id.into(),
        number.as_str().into(),
        taken.as_ref().map(|taken| taken.series_id).into(),
        taken.as_ref().map(|taken| taken.series_no).into(),
        day.into(),
        scope.now().into(),
        due_on(invoice, account.as_ref(), day).into(),
        invoice.billing_account_id.into(),
        invoice.customer_id.into(),
    ];
    scope.execute(FINALIZE, &values).await?;
    note_event(scope, invoice.id, "finalized", None).await?;
    let fiscal_document_id = match &taken {
        Some(taken) => tell(scope, &taken.authority, (Some(invoice.id), None)).await?,
        None => None,
    };
    Ok(Issued {
        number,
        day,
        fiscal_document_id,
    })
}

fn allow(account: &Account, invoice: &Invoice) -> Result<(), Refusal> {
    if invoice.kind == "proforma" || !invoice.is_sale {
        return Ok(());
    }
    if account.status != "active" {
        return Err(Refusal::AccountOnHold);
    }
    if account.needs_po && invoice.customer_po_id.is_none() {
        return Err(Refusal::PurchaseOrderRequired);
    }
    Ok(())
}

/// What was said on the draft, or what the account's terms say, but never before its date.
fn due_on(invoice: &Invoice, account: Option<&Account>, day: NaiveDate) -> NaiveDate {
    let by_terms = account.map_or_else(
        || Term::Net.due_on(day, 0),
        |account| account.term.due_on(day, account.days),
    );
    invoice.due_on.unwrap_or(by_terms).max(day)
}

/// Notes that an authority is to be told of a document: it is done after the transaction.
async fn tell(
    scope: &Scope,
    authority: &str,
    (invoice_id, credit_note_id): (Option<Uuid>, Option<Uuid>),
) -> Result<Option<Uuid>, Error> {
    if authority == "none" {
        return Ok(None);
    }
    let id = new_id();
    let sql = "insert into billing.fiscal_documents (biz_id, id, invoice_id, credit_note_id, authority, next_attempt_at) \
               values ($1, $2, $3, $4, $5, $6)";
    let values = [
        scope.biz_id().into(),
        id.into(),
        invoice_id.into(),
        credit_note_id.into(),
        authority.into(),
        scope.now().into(),
    ];
    scope.execute(sql, &values).await?;
    Ok(Some(id))
}

const FINALIZE_CREDIT: &str = "update billing.credit_notes c \
    set status = 'finalized', number = $3, series_id = $4, series_no = $5, issued_on = $6, issued_at = $7, \
      buyer = i.buyer, seller = i.seller \
    from billing.invoices i \
    where c.biz_id = $1 and c.id = $2 and i.biz_id = $1 and i.id = c.invoice_id";

/// Issues a draft credit note of an invoice that is locked.
pub async fn issue_credit(
    scope: &Scope,
    (credit_note_id, location_id): (Uuid, Uuid),
    series_id: Option<Uuid>,
) -> Result<Issued, NotIssued> {
    let day = business_date(scope, location_id).await?;
    let taken = take(scope, "credit_note", (location_id, series_id), day).await?;
    let values = [
        scope.biz_id().into(),
        credit_note_id.into(),
        taken.number.as_str().into(),
        taken.series_id.into(),
        taken.series_no.into(),
        day.into(),
        scope.now().into(),
    ];
    scope.execute(FINALIZE_CREDIT, &values).await?;
    let fiscal_document_id = tell(scope, &taken.authority, (None, Some(credit_note_id))).await?;
    Ok(Issued {
        number: taken.number,
        day,
        fiscal_document_id,
    })
}
