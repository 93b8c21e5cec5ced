//! `paymentAllocationReverse`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::billing::payment_allocation;
use uuid::Uuid;

use super::books::{self, About};
use super::folios::{Folio, Payment, unpay_folio};
use super::settling::{Allocation, From, Receipt, standing, take_back};
use super::store::{Invoice, business_date};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.receive";

/// Takes an allocation back, as a whole: what was set against an invoice or a folio is the payer's
/// again, and can be set against something else.
#[derive(InputObject)]
pub struct PaymentAllocationReverseInput {
    /// The allocation.
    pub id: Id<payment_allocation::Entity>,
    /// Why.
    pub reason: String,
}

/// Why an allocation cannot be taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentAllocationReverseErrorCode")]
pub enum PaymentAllocationReverseProblem {
    /// It was taken back before, or takes another one back itself.
    AlreadyReversed,
    /// It was paid as a deposit: apply, refund or forfeit the deposit.
    IsDeposit,
    /// A reason must be given.
    ReasonRequired,
    /// The folio is closed by now.
    FolioClosed,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = PaymentAllocationReverseProblem;

/// The verb.
pub struct PaymentAllocationReverse;

impl Verb for PaymentAllocationReverse {
    type Input = PaymentAllocationReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentAllocationReverse";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.allocation_reversed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "paymentAllocation",
        "PaymentAllocation",
        "What takes it back.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "payment_allocations_reverses_id_key",
            Problem::AlreadyReversed,
        ),
        ("folio_line_items_folio_open_check", Problem::FolioClosed),
        ("folio_line_items_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let id = input.id.uuid();
        let from = source(act, id).await?;
        if let Some(receipt_id) = from {
            Receipt::lock(act, PERMISSION, receipt_id, None).await?;
        }
        let allocation = standing(act.scope, Some(id), None).await?.pop();
        let Some(allocation) = allocation else {
            let message = "This allocation was taken back before, or refunded.";
            return Err(Fault::problem(Problem::AlreadyReversed, message));
        };
        if allocation.deposit_id.is_some() {
            let message = "This was paid as a deposit: apply, refund or forfeit the deposit.";
            return Err(Fault::problem(Problem::IsDeposit, message));
        }
        let (location_id, day) = place(act, &allocation).await?;
        let made = undo(act.scope, &allocation, day, reason).await?;
        post_undone(act.scope, &allocation, (Some(location_id), day)).await?;
        Ok(Outcome::row("paymentAllocation", made)
            .detail("reverses_id", id.to_string())
            .detail("amount_minor", allocation.amount_minor))
    }
}

/// The receipt of an allocation.
async fn source(act: &Act<'_>, id: Uuid) -> Result<Option<Uuid>, Fault<Problem>> {
    let sql =
        "select a.receipt_id from billing.payment_allocations a where a.biz_id = $1 and a.id = $2";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("allocation"))?;
    Ok(row.try_get(0)?)
}

/// Where the allocation is, and the day of business there; what is out of reach does not exist.
async fn place(
    act: &Act<'_>,
    allocation: &Allocation,
) -> Result<(Uuid, NaiveDate), Fault<Problem>> {
    let location_id = match (allocation.invoice_id, allocation.folio_id) {
        (Some(id), _) => {
            let invoice = Invoice::lock::<Problem>(act, PERMISSION, id, None).await?;
            invoice.location_id
        }
        (None, Some(id)) => {
            let folio = Folio::lock::<Problem>(act, PERMISSION, id, None).await?;
            folio.location_id
        }
        (None, None) => return Err(Fault::not_found("allocation")),
    };
    Ok((location_id, business_date(act.scope, location_id).await?))
}

/// Takes an allocation back. [`post_undone`] posts it, once all rows are locked.
pub(super) async fn undo(
    scope: &Scope,
    allocation: &Allocation,
    day: NaiveDate,
    reason: &str,
) -> Result<Uuid, Error> {
    let (Some(folio_id), From::Receipt(receipt_id)) = (allocation.folio_id, allocation.from) else {
        return take_back(scope, allocation, day, reason).await;
    };
    let payment = Payment {
        receipt_id,
        folio_id,
        amount_minor: allocation.amount_minor,
        currency: &allocation.currency,
        day,
        deposit_id: allocation.deposit_id,
        uses_deposit: false,
    };
    unpay_folio(scope, allocation.id, payment, Some(reason)).await
}

/// Posts that an allocation was taken back.
pub(super) async fn post_undone(
    scope: &Scope,
    allocation: &Allocation,
    (location_id, day): (Option<Uuid>, NaiveDate),
) -> Result<(), Error> {
    let source = match allocation.from {
        From::Receipt(id) => ("Receipt", id),
        From::CreditNote(id) => ("CreditNote", id),
    };
    let about = About {
        kind: "payment",
        source,
        location_id,
        day,
        currency: &allocation.currency,
        text: "Payment taken off again",
    };
    match allocation.invoice_id {
        Some(invoice_id) => {
            let parts = [(invoice_id, -allocation.amount_minor)];
            books::set_against(scope, about, &parts).await
        }
        None => books::set_against_folio(scope, about, -allocation.amount_minor).await,
    }
}
