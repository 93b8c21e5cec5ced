//! Documents as PDF: what stands in the database is read, laid out on paper, and sent. The forms know
//! no database, and this knows no layout.

pub mod forms;
pub mod paper;
mod statement;

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use foundation::database::{Error, Scope};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::session::Shared;
use foundation::graph::type_id;
use foundation::identity::Principal;
use foundation::money::exponent;

pub use self::statement::statement;
use forms::{InvoiceForm, Party, ReceiptForm, Row, TaxRow};

/// Who may have documents.
pub const PERMISSION: &str = "billing.read";

/// A document as it is sent.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The file's name.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// The document of a kind and a TypeID, as far as the principal may read it.
pub async fn document(
    shared: &Arc<Shared>,
    principal: &Principal,
    (kind, id): (&str, &str),
) -> Result<Printed, Failure> {
    if !principal.may(PERMISSION) {
        return Err(Failure::forbidden(PERMISSION));
    }
    let uuid = |what: &str| {
        let known = type_id::parse(id).map(|(_, id)| id);
        known.ok_or_else(|| missing(what))
    };
    let scope = shared.database.read(principal).await?;
    match kind {
        "invoices" => invoice(&scope, principal, uuid("invoice")?).await,
        "statements" => statement(&scope, principal, uuid("statement")?).await,
        "receipts" => receipt(&scope, principal, uuid("receipt")?).await,
        _ => Err(missing("document")),
    }
}

fn missing(what: &str) -> Failure {
    Failure::new(Code::NotFound, format!("There is no such {what}."))
}

fn party(value: &Value) -> Party {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Party {
        name: text("name").unwrap_or_default(),
        address: text("address").or_else(|| text("location")),
        tax_id: text("tax_id"),
    }
}

fn printed(title: &str, bytes: Result<Vec<u8>, paper::PrintError>) -> Result<Printed, Failure> {
    let bytes = bytes.map_err(Failure::internal)?;
    let safe = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    };
    let name: String = title.chars().map(safe).collect();
    Ok(Printed {
        name: format!("{name}.pdf"),
        bytes,
    })
}

const INVOICE: &str = "select i.kind::text, i.number, i.issued_on, i.due_on, \
      case when i.seller = '{}' then jsonb_build_object('name', b.legal_name) else i.seller end, \
      case when i.number is null then jsonb_build_object('name', coalesce(a.name, c.full_name, '')) || i.buyer else i.buyer end, \
      i.currency::text, i.subtotal_minor - i.discount_minor, i.tax_minor, i.total_minor, \
      i.paid_minor + i.credited_minor + i.written_off_minor, i.open_minor, i.status = 'voided', i.payment_terms, i.note, \
      d.authority_ref, i.location_id \
    from billing.invoices i \
    join core.bizes b on b.id = i.biz_id \
    left join billing.billing_accounts a on a.biz_id = $1 and a.id = i.billing_account_id \
    left join crm.customers c on c.biz_id = $1 and c.id = i.customer_id \
    left join billing.fiscal_documents d on d.biz_id = $1 and d.invoice_id = i.id and d.status = 'accepted' \
    where i.biz_id = $1 and i.id = $2 and i.status <> 'discarded'";

const LINES: &str = "select l.description, l.quantity, l.unit_price, l.discount_minor, l.tax_rate, l.subtotal_minor - l.discount_minor \
    from billing.invoice_lines l where l.biz_id = $1 and l.invoice_id = $2 and l.voided_at is null order by l.line_no";

const TAXES: &str = "select t.name, t.rate, t.taxable_minor, t.tax_minor from billing.invoice_taxes t \
    where t.biz_id = $1 and t.invoice_id = $2 order by t.rate desc, t.name";

fn title(kind: &str) -> &'static str {
    match kind {
        "proforma" => "Proforma invoice",
        "deposit" => "Deposit invoice",
        _ => "Invoice",
    }
}

/// An invoice as a PDF, as far as the principal's permission reaches it.
pub async fn invoice(scope: &Scope, principal: &Principal, id: Uuid) -> Result<Printed, Failure> {
    let values = [scope.biz_id().into(), id.into()];
    let (head, lines, taxes) = futures_util::try_join!(
        scope.query(INVOICE, &values),
        scope.query(LINES, &values),
        scope.query(TAXES, &values),
    )?;
    let row = head.first().ok_or_else(|| missing("invoice"))?;
    let form = invoice_form(row, &lines, &taxes)?;
    let location_id: Uuid = row.try_get(16).map_err(Error::from)?;
    if !principal.may_at(PERMISSION, location_id) {
        return Err(missing("invoice"));
    }
    let number = form.number.clone().unwrap_or_else(|| "draft".to_owned());
    printed(&format!("{} {number}", form.title), form.print())
}

fn invoice_form(
    row: &tokio_postgres::Row,
    lines: &[tokio_postgres::Row],
    taxes: &[tokio_postgres::Row],
) -> Result<InvoiceForm, Error> {
    let currency: String = row.try_get(6)?;
    Ok(InvoiceForm {
        title: title(row.try_get(0)?).to_owned(),
        number: row.try_get(1)?,
        issued_on: row.try_get(2)?,
        due_on: row.try_get(3)?,
        seller: party(&row.try_get(4)?),
        buyer: party(&row.try_get(5)?),
        exponent: exponent(&currency),
        currency,
        rows: lines.iter().map(line).collect::<Result<_, _>>()?,
        taxes: taxes.iter().map(tax).collect::<Result<_, _>>()?,
        net_minor: row.try_get(7)?,
        tax_minor: row.try_get(8)?,
        total_minor: row.try_get(9)?,
        settled_minor: row.try_get(10)?,
        open_minor: row.try_get(11)?,
        is_voided: row.try_get(12)?,
        payment_terms: row.try_get(13)?,
        note: row.try_get(14)?,
        authority_ref: row.try_get(15)?,
    })
}

fn line(row: &tokio_postgres::Row) -> Result<Row, Error> {
    Ok(Row {
        description: row.try_get(0)?,
        quantity: row.try_get(1)?,
        unit_price: row.try_get(2)?,
        discount_minor: row.try_get(3)?,
        tax_rate: row.try_get(4)?,
        net_minor: row.try_get(5)?,
    })
}

fn tax(row: &tokio_postgres::Row) -> Result<TaxRow, Error> {
    Ok(TaxRow {
        name: row.try_get(0)?,
        rate: row.try_get(1)?,
        taxable_minor: row.try_get(2)?,
        tax_minor: row.try_get(3)?,
    })
}

const RECEIPT: &str = "select r.number, r.business_date, \
      jsonb_strip_nulls(jsonb_build_object('name', b.legal_name, 'location', l.name, 'address', nullif(concat_ws(', ', l.address_line1, \
        l.address_line2, nullif(concat_ws(' ', l.postal_code, l.city), '')), ''))), \
      coalesce(a.name, c.full_name, ''), r.method::text, r.reference, r.currency::text, r.amount_minor, r.unapplied_minor, \
      r.status = 'reversed', r.location_id \
    from billing.receipts r \
    join core.bizes b on b.id = r.biz_id \
    left join core.locations l on l.biz_id = $1 and l.id = r.location_id \
    left join billing.billing_accounts a on a.biz_id = $1 and a.id = r.billing_account_id \
    left join crm.customers c on c.biz_id = $1 and c.id = r.customer_id \
    where r.biz_id = $1 and r.id = $2";

const PARTS: &str = "select case when i.id is not null then 'Invoice ' || i.number when f.id is not null then 'Folio ' || f.number \
      else 'Refund ' || x.number end, sum(a.amount_minor)::bigint \
    from billing.payment_allocations a \
    left join billing.invoices i on i.biz_id = $1 and i.id = a.invoice_id \
    left join billing.folios f on f.biz_id = $1 and f.id = a.folio_id \
    left join payments.refunds x on x.biz_id = $1 and x.id = a.refund_id \
    where a.biz_id = $1 and a.receipt_id = $2 \
    group by 1 having sum(a.amount_minor) <> 0 order by 1";

/// A receipt as a PDF, as far as the principal's permission reaches it.
pub async fn receipt(scope: &Scope, principal: &Principal, id: Uuid) -> Result<Printed, Failure> {
    let values = [scope.biz_id().into(), id.into()];
    let (head, parts) =
        futures_util::try_join!(scope.query(RECEIPT, &values), scope.query(PARTS, &values),)?;
    let row = head.first().ok_or_else(|| missing("receipt"))?;
    let location_id: Option<Uuid> = row.try_get(10).map_err(Error::from)?;
    if location_id.is_some_and(|location| !principal.may_at(PERMISSION, location)) {
        return Err(missing("receipt"));
    }
    let form = receipt_form(row, &parts)?;
    printed(&format!("Receipt {}", form.number), form.print())
}

fn receipt_form(
    row: &tokio_postgres::Row,
    parts: &[tokio_postgres::Row],
) -> Result<ReceiptForm, Error> {
    let currency: String = row.try_get(6)?;
    let method: String = row.try_get(4)?;
    let received_on: NaiveDate = row.try_get(1)?;
    Ok(ReceiptForm {
        number: row.try_get(0)?,
        received_on,
        seller: party(&row.try_get(2)?),
        payer: row.try_get(3)?,
        method: method.replace('_', " "),
        reference: row.try_get(5)?,
        exponent: exponent(&currency),
        currency,
        amount_minor: row.try_get(7)?,
        parts: parts
            .iter()
            .map(|part| Ok((part.try_get(0)?, part.try_get(1)?)))
            .collect::<Result<_, Error>>()?,
        unapplied_minor: row.try_get(8)?,
        is_reversed: row.try_get(9)?,
    })
}
