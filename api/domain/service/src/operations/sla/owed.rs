//! Money that went back for a broken promise and is taken back is gone: whoever got it owes it again, by
//! an invoice that is issued in the transaction that takes it back.

use uuid::Uuid;

use super::take_back::{Given, StaysGiven};
use finance::billing::draft::{self, Head, Line, Remarks};
use finance::billing::invoice_finalize::finalize;
use finance::billing::issue::NotIssued;
use finance::billing::store::Invoice;
use foundation::graph::verb::{Act, Fault};

/// The permission to have somebody owe something.
const INVOICE: &str = "billing.invoice";

// Whose payment it went back of, or else who waited; at the place where they waited, or else where they paid.
const OWES: &str = "select coalesce(c.location_id, i.location_id), \
      coalesce(i.customer_id, s.customer_id, m.customer_id, o.customer_id), f.number \
    from payments.refunds f \
    join payments.payment_intents i on i.biz_id = f.biz_id and i.id = f.intent_id \
    join operations.sla_breach_events b on b.biz_id = f.biz_id and b.id = $3 \
    join operations.sla_clocks c on c.biz_id = b.biz_id and c.id = b.clock_id \
    left join operations.service_requests s on c.subject_type = 'ServiceRequest' and s.biz_id = c.biz_id and s.id = c.subject_id \
    left join operations.maintenance_requests m on c.subject_type = 'MaintenanceRequest' and m.biz_id = c.biz_id and m.id = c.subject_id \
    left join booking.booking_orders o on c.subject_type = 'BookingOrder' and o.biz_id = c.biz_id and o.id = c.subject_id \
    where f.biz_id = $1 and f.id = $2";

/// Lets the customer owe so much of a compensation that went out as a refund, for the reversal that takes
/// it back: the invoice.
pub(super) async fn owe(
    act: &Act<'_>,
    given: &Given,
    (refund, minor): (Uuid, i64),
    reversal: Uuid,
) -> Result<Uuid, Fault<StaysGiven>> {
    let key = [
        act.scope.biz_id().into(),
        refund.into(),
        given.breach_id.into(),
    ];
    let row = act.scope.query_opt(OWES, &key).await?;
    let row = row.ok_or_else(|| gone("The refund is not known any more."))?;
    let (location, customer): (Option<Uuid>, Option<Uuid>) = (row.try_get(0)?, row.try_get(1)?);
    let (Some(location_id), Some(customer), Some(currency)) = (location, customer, &given.currency)
    else {
        return Err(gone(
            "The money went back to somebody who is not known: nobody can owe it.",
        ));
    };
    act.permit_at(INVOICE, location_id, "location")?;
    let head = Head {
        kind: "invoice",
        location_id,
        currency: currency.clone(),
        customer_id: Some(customer),
        billing_account_id: None,
        booking_order_id: None,
        folio_id: None,
        source: Some(("SlaCompensationEvent", reversal)),
        service: None,
    };
    let text = format!(
        "Compensation taken back, refund {}",
        row.try_get::<_, &str>(2)?
    );
    let line = Line::plain(text, minor, None);
    let id = draft::write(act.scope, &head, &Remarks::default(), &[line]).await?;
    let invoice = Invoice::lock(act, INVOICE, id, None).await?;
    let database = &act.session.shared.database;
    // The authority, where the series has one, is told by its job.
    match finalize(act.scope, database, &invoice, None).await {
        Ok(_) => Ok(id),
        Err(NotIssued::Refused(refusal)) => Err(gone(refusal.message())),
        Err(NotIssued::Failed(error)) => Err(error.into()),
    }
}

fn gone(text: &str) -> Fault<StaysGiven> {
    Fault::at(StaysGiven::MoneyIsGone, "id", text)
}
