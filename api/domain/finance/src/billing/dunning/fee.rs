//! The fee of a reminder: an invoice of its own to who owes the one that is reminded of, issued in the same
//! transaction. It is charged whether or not the account may buy, and is not dunned itself.

use uuid::Uuid;

use super::{DunningRunProblem as Problem, PERMISSION, Reminder};
use crate::billing::draft::{self, Head, Line, Remarks};
use crate::billing::invoice_finalize::finalize;
use crate::billing::issue::NotIssued;
use crate::billing::store::Invoice;
use foundation::graph::failure::Failure;
use foundation::graph::verb::item::item;
use foundation::graph::verb::{Act, Fault};

/// What became of the fee of a reminder.
pub(super) enum Fee {
    /// There is none.
    None,
    /// It is charged by this invoice.
    Charged {
        /// The invoice.
        invoice_id: Uuid,
        /// Its number.
        number: String,
    },
    /// It could not be, for this reason: it is reminded without it.
    Refused(String),
}

/// Charges the fee of a reminder, where its step has one.
pub(super) async fn charge(
    act: &Act<'_>,
    run: Uuid,
    reminder: &Reminder,
) -> Result<Fee, Fault<Problem>> {
    if reminder.fee_minor == 0 {
        return Ok(Fee::None);
    }
    let charged = item(act, issue(act, run, reminder)).await?;
    Ok(match charged {
        Ok((invoice_id, number)) => Fee::Charged { invoice_id, number },
        Err(refused) => Fee::Refused(refused.message),
    })
}

async fn issue(
    act: &Act<'_>,
    run: Uuid,
    reminder: &Reminder,
) -> Result<(Uuid, String), Fault<Problem>> {
    let head = Head {
        kind: "invoice",
        location_id: reminder.location_id,
        currency: reminder.currency.clone(),
        customer_id: reminder.customer_id,
        billing_account_id: reminder.billing_account_id,
        booking_order_id: None,
        folio_id: None,
        source: Some(("DunningRun", run)),
        service: None,
    };
    let text = format!("{}, invoice {}", reminder.name, reminder.number);
    let line = Line::plain(text, reminder.fee_minor, None);
    let id = draft::write(act.scope, &head, &Remarks::default(), &[line]).await?;
    let invoice = Invoice::lock(act, PERMISSION, id, None).await?;
    let database = &act.session.shared.database;
    // The authority, where the series has one, is told by its job.
    match finalize(act.scope, database, &invoice, None).await {
        Ok(issued) => Ok((id, issued.number)),
        Err(NotIssued::Refused(refusal)) => Err(Failure::input(refusal.message()).into()),
        Err(NotIssued::Failed(error)) => Err(error.into()),
    }
}
