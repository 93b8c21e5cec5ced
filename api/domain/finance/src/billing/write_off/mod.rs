//! Write-offs: what is open of an invoice is given up, above a limit by two people, and opened again
//! where the customer pays after all.

mod decide;
mod recover;
mod request;

use uuid::Uuid;

pub use self::decide::{WriteOffApprove, WriteOffReject};
pub use self::recover::WriteOffRecover;
pub use self::request::InvoiceWriteOff;
use super::books::{self, About};
use super::store::{Invoice, business_date};
use foundation::database::{Error, Scope};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault, Part};

const PERMISSION: &str = "billing.write_off";

const PAYLOAD: &[Part] = &[
    Part::Row("writeOff", "WriteOff", "The write-off as it now stands."),
    Part::Row("invoice", "Invoice", "The invoice as it now stands."),
];

/// Posts what is given up of an invoice; less than zero is opened again.
async fn post(
    scope: &Scope,
    (id, invoice): (Uuid, &Invoice),
    amount_minor: i64,
) -> Result<(), Error> {
    let day = business_date(scope, invoice.location_id).await?;
    let about = About {
        kind: "write_off",
        source: ("WriteOff", id),
        location_id: Some(invoice.location_id),
        day,
        currency: &invoice.currency,
        text: "Written off",
    };
    books::given_up(scope, about, invoice.billing_account_id, amount_minor).await
}

/// A write-off that is locked, with its invoice locked before it.
struct Locked {
    invoice: Invoice,
    status: String,
    amount_minor: i64,
    recovered_minor: i64,
    requested_by: Option<Uuid>,
}

/// Locks a write-off whose invoice the permission reaches.
async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    (id, expected): (Uuid, Option<i32>),
) -> Result<Locked, Fault<P>> {
    let sql = "select w.invoice_id from billing.write_offs w where w.biz_id = $1 and w.id = $2";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("write-off"))?;
    let invoice = Invoice::lock(act, permission, row.try_get(0)?, None).await?;
    let sql = "select w.status::text, w.amount_minor, w.recovered_minor, w.requested_by_id, w.version \
               from billing.write_offs w where w.biz_id = $1 and w.id = $2 for no key update";
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("write-off"))?;
    Failure::unless_current("write-off", row.try_get(4)?, expected)?;
    Ok(Locked {
        invoice,
        status: row.try_get(0)?,
        amount_minor: row.try_get(1)?,
        recovered_minor: row.try_get(2)?,
        requested_by: row.try_get(3)?,
    })
}
