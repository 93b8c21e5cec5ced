//! `receiptReverse`.

use async_graphql::{Enum, InputObject};
use entities::billing::receipt;
use uuid::Uuid;

use super::allocation_reverse::{post_undone, undo};
use super::books::{self, About};
use super::settling::{Receipt, standing};
use super::store::{business_date, tenant_day};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.receive";

/// Reverses a receipt whose money did not stay, such as a bounced transfer: whatever it paid is open
/// again. What a processor brought is refunded instead, or disputed by its holder.
#[derive(InputObject)]
pub struct ReceiptReverseInput {
    /// The receipt.
    pub id: Id<receipt::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a receipt cannot be reversed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ReceiptReverseErrorCode")]
pub enum ReceiptReverseProblem {
    /// It was reversed before.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// A part of it was refunded, or it was paid as a deposit.
    PartlyReturned,
    /// A processor brought it: refund the payment.
    OfProcessor,
    /// A folio that it paid is closed by now.
    FolioClosed,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = ReceiptReverseProblem;

/// The verb.
pub struct ReceiptReverse;

impl Verb for ReceiptReverse {
    type Input = ReceiptReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "receiptReverse";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.receipt_reversed");
    const PAYLOAD: &'static [Part] = &[Part::Row("receipt", "Receipt", "The receipt as reversed.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("receipts_reversed_check", Problem::PartlyReturned),
        ("folio_line_items_folio_open_check", Problem::FolioClosed),
        ("folio_line_items_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let id = input.id.uuid();
        let receipt = Receipt::lock(act, PERMISSION, id, input.expected_version).await?;
        if receipt.status != "recorded" {
            let message = "The receipt was reversed before.";
            return Err(Fault::problem(Problem::WrongStatus, message));
        }
        refuse_processor(act, id).await?;
        let day = match receipt.location_id {
            Some(location_id) => business_date(act.scope, location_id).await?,
            None => tenant_day(act.scope).await?,
        };
        let mut taken = 0;
        let allocations = standing(act.scope, None, Some(id)).await?;
        for allocation in &allocations {
            if allocation.deposit_id.is_some() {
                let message = "It was paid as a deposit: refund or forfeit the deposit first.";
                return Err(Fault::problem(Problem::PartlyReturned, message));
            }
            undo(act.scope, allocation, day, reason).await?;
            taken += allocation.amount_minor;
        }
        reverse(act, id, reason).await?;
        for allocation in &allocations {
            post_undone(act.scope, allocation, (receipt.location_id, day)).await?;
        }
        let about = About {
            kind: "payment",
            source: ("Receipt", id),
            location_id: receipt.location_id,
            day,
            currency: &receipt.currency,
            text: "Payment that did not stay",
        };
        let amount = receipt.unapplied_minor + taken;
        books::received(act.scope, about, &receipt.method, -amount).await?;
        Ok(Outcome::row("receipt", id).detail("reason", reason))
    }
}

async fn refuse_processor(act: &Act<'_>, id: Uuid) -> Result<(), Fault<Problem>> {
    let sql = "select r.payment_transaction_id is not null from billing.receipts r \
               where r.biz_id = $1 and r.id = $2";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    if row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false) {
        let message = "A processor brought this money: refund the payment.";
        return Err(Fault::problem(Problem::OfProcessor, message));
    }
    Ok(())
}

async fn reverse(act: &Act<'_>, id: Uuid, reason: &str) -> Result<(), Fault<Problem>> {
    act.scope.set_reason(reason).await?;
    let sql = "update billing.receipts set status = 'reversed', reversed_at = $3, reversal_reason = $4 \
               where biz_id = $1 and id = $2";
    let values = [
        act.scope.biz_id().into(),
        id.into(),
        act.scope.now().into(),
        reason.into(),
    ];
    act.scope.execute(sql, &values).await?;
    Ok(())
}
