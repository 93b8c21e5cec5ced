//! `invoiceWriteOff`, `writeOffApprove`, `writeOffReject`, `writeOffRecover`.

use async_graphql::{Enum, InputObject};
use entities::billing::{invoice, write_off};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::books::{self, About};
use super::choices::WriteOffReason;
use super::store::{Invoice, business_date, note_event};
use crate::database::{Error, Scope, new_id};
use crate::graph::failure::Failure;
use crate::graph::scalars::{Choice, Id, MoneyInput};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::money::{exponent, minor_units};

const PERMISSION: &str = "billing.write_off";
const APPROVAL: &str = "billing.approve_write_off";
/// Up to how many major units one person may give up alone, where no setting says otherwise.
const ALONE: i64 = 50;

/// Gives up what is open of an invoice, or a part of it. Above the limit of
/// `billing.write_off_limit` (in major units; 50 where it is not set) somebody else has to approve.
#[derive(InputObject)]
pub struct InvoiceWriteOffInput {
    /// The invoice.
    pub id: Id<invoice::Entity>,
    /// How much; all that is open if not given.
    pub amount: Option<MoneyInput>,
    /// Why.
    pub reason: Choice<WriteOffReason>,
    /// What else is to be known; needed where the reason is another one.
    pub note: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an invoice cannot be written off.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceWriteOffErrorCode")]
pub enum InvoiceWriteOffProblem {
    /// Nothing is open of it.
    NothingOpen,
    /// More than is open, in another currency, or not more than zero.
    WrongAmount,
    /// Another reason needs a note.
    NoteRequired,
    /// The books are closed for this day.
    PeriodClosed,
}

/// Approves a write-off that somebody else asked for: from now on it counts.
#[derive(InputObject)]
pub struct WriteOffApproveInput {
    /// The write-off.
    pub id: Id<write_off::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a write-off cannot be approved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WriteOffApproveErrorCode")]
pub enum WriteOffApproveProblem {
    /// It was decided before.
    WrongStatus,
    /// Who asks does not approve.
    SamePerson,
    /// Less than that is open by now.
    MoreThanOpen,
    /// The books are closed for this day.
    PeriodClosed,
}

/// Rejects a write-off: the invoice stays open.
#[derive(InputObject)]
pub struct WriteOffRejectInput {
    /// The write-off.
    pub id: Id<write_off::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a write-off cannot be rejected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WriteOffRejectErrorCode")]
pub enum WriteOffRejectProblem {
    /// It was decided before.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// Opens again what was written off, as the customer pays after all: the invoice can be paid.
#[derive(InputObject)]
pub struct WriteOffRecoverInput {
    /// The write-off.
    pub id: Id<write_off::Entity>,
    /// How much comes in after all; all of it if not given.
    pub amount: Option<MoneyInput>,
}

/// Why a write-off cannot be recovered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WriteOffRecoverErrorCode")]
pub enum WriteOffRecoverProblem {
    /// Only what was approved is recovered.
    WrongStatus,
    /// More than was written off, in another currency, or not more than zero.
    WrongAmount,
    /// The books are closed for this day.
    PeriodClosed,
}

/// The verb that asks.
pub struct InvoiceWriteOff;
/// The verb that approves.
pub struct WriteOffApprove;
/// The verb that rejects.
pub struct WriteOffReject;
/// The verb that recovers.
pub struct WriteOffRecover;

const PAYLOAD: &[Part] = &[
    Part::Row("writeOff", "WriteOff", "The write-off as it now stands."),
    Part::Row("invoice", "Invoice", "The invoice as it now stands."),
];

const INSERT: &str = "insert into billing.write_offs (biz_id, id, invoice_id, amount_minor, currency, reason, note, business_date, \
      needs_approval, requested_by_id, status) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// How much one person may give up alone.
async fn limit(scope: &Scope, currency: &str) -> Result<i64, Error> {
    let sql = "select s.value::text from core.settings s where s.biz_id = $1 and s.scope_type = 'Biz' \
                 and s.key = 'billing.write_off_limit' and s.deleted_at is null";
    let row = scope.query_opt(sql, &[scope.biz_id().into()]).await?;
    let set: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    let set = set.and_then(|text| text.trim_matches('"').parse::<Decimal>().ok());
    let major = set
        .unwrap_or(Decimal::from(ALONE))
        .trunc_with_scale(exponent(currency));
    Ok(minor_units(major, currency).unwrap_or(0))
}

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

impl Verb for InvoiceWriteOff {
    type Input = InvoiceWriteOffInput;
    type Problem = InvoiceWriteOffProblem;

    const NAME: &'static str = "invoiceWriteOff";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.write_off_requested");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, InvoiceWriteOffProblem)] = &[
        (
            "write_offs_reason_note_check",
            InvoiceWriteOffProblem::NoteRequired,
        ),
        (
            "journal_entries_period_open_check",
            InvoiceWriteOffProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let invoice = Invoice::lock(act, PERMISSION, id, input.expected_version).await?;
        if invoice.open_minor == 0 {
            let message = "Nothing is open of this invoice.";
            return Err(Fault::problem(InvoiceWriteOffProblem::NothingOpen, message));
        }
        let amount = match &input.amount {
            Some(amount) if amount.currency != invoice.currency => 0,
            Some(amount) => amount.minor,
            None => invoice.open_minor,
        };
        if !(1..=invoice.open_minor).contains(&amount) {
            let message = "No more is given up than is open, in the currency of the invoice.";
            return Err(Fault::at(
                InvoiceWriteOffProblem::WrongAmount,
                "amount",
                message,
            ));
        }
        let needs_approval = amount > limit(act.scope, &invoice.currency).await?;
        let status = if needs_approval {
            "pending_approval"
        } else {
            "approved"
        };
        let write_off = new_id();
        let day = business_date(act.scope, invoice.location_id).await?;
        let values = [
            act.scope.biz_id().into(),
            write_off.into(),
            id.into(),
            amount.into(),
            invoice.currency.as_str().into(),
            input.reason.0.into(),
            input.note.into(),
            day.into(),
            needs_approval.into(),
            act.scope.user_id().into(),
            status.into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        if !needs_approval {
            note_event(act.scope, id, "written_off", None).await?;
            post(act.scope, (write_off, &invoice), amount).await?;
        }
        Ok(Outcome::row("writeOff", write_off)
            .and_row("invoice", id)
            .detail("location_id", invoice.location_id.to_string())
            .detail("amount_minor", amount))
    }
}

/// A write-off that is locked, with its invoice locked before it.
struct Locked {
    invoice: Invoice,
    status: String,
    amount_minor: i64,
    recovered_minor: i64,
    requested_by: Option<Uuid>,
}

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

impl Verb for WriteOffApprove {
    type Input = WriteOffApproveInput;
    type Problem = WriteOffApproveProblem;

    const NAME: &'static str = "writeOffApprove";
    const PERMISSION: Permission = Permission::Holds(APPROVAL);
    const EVENT: Option<&'static str> = Some("billing.write_off_approved");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, WriteOffApproveProblem)] = &[
        (
            "invoices_settled_check",
            WriteOffApproveProblem::MoreThanOpen,
        ),
        (
            "write_offs_two_person_check",
            WriteOffApproveProblem::SamePerson,
        ),
        (
            "journal_entries_period_open_check",
            WriteOffApproveProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let locked = lock(act, APPROVAL, (id, input.expected_version)).await?;
        if locked.status != "pending_approval" {
            let message = format!("The write-off is {}.", locked.status);
            return Err(Fault::problem(WriteOffApproveProblem::WrongStatus, message));
        }
        if act.scope.user_id().is_none() || act.scope.user_id() == locked.requested_by {
            let message = "Who asks for a write-off does not approve it: somebody else has to.";
            return Err(Fault::problem(WriteOffApproveProblem::SamePerson, message));
        }
        let sql = "update billing.write_offs set status = 'approved', approved_by_id = $3 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            act.scope.user_id().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let invoice = &locked.invoice;
        note_event(act.scope, invoice.id, "written_off", None).await?;
        post(act.scope, (id, invoice), locked.amount_minor).await?;
        Ok(Outcome::row("writeOff", id)
            .and_row("invoice", invoice.id)
            .detail("amount_minor", locked.amount_minor))
    }
}

impl Verb for WriteOffReject {
    type Input = WriteOffRejectInput;
    type Problem = WriteOffRejectProblem;

    const NAME: &'static str = "writeOffReject";
    const PERMISSION: Permission = Permission::Holds(APPROVAL);
    const EVENT: Option<&'static str> = Some("billing.write_off_rejected");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = input.reason.trim();
        if reason.is_empty() {
            let message = "A reason is required.";
            return Err(Fault::at(
                WriteOffRejectProblem::ReasonRequired,
                "reason",
                message,
            ));
        }
        let id = input.id.uuid();
        let locked = lock(act, APPROVAL, (id, input.expected_version)).await?;
        if locked.status != "pending_approval" {
            let message = format!("The write-off is {}.", locked.status);
            return Err(Fault::problem(WriteOffRejectProblem::WrongStatus, message));
        }
        act.scope.set_reason(reason).await?;
        let sql = "update billing.write_offs set status = 'rejected' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("writeOff", id).and_row("invoice", locked.invoice.id))
    }
}

impl Verb for WriteOffRecover {
    type Input = WriteOffRecoverInput;
    type Problem = WriteOffRecoverProblem;

    const NAME: &'static str = "writeOffRecover";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.write_off_recovered");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, WriteOffRecoverProblem)] = &[
        (
            "write_offs_recovered_check",
            WriteOffRecoverProblem::WrongAmount,
        ),
        (
            "journal_entries_period_open_check",
            WriteOffRecoverProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let locked = lock(act, PERMISSION, (id, None)).await?;
        if locked.status != "approved" {
            let message = "Only what was approved is recovered.";
            return Err(Fault::problem(WriteOffRecoverProblem::WrongStatus, message));
        }
        let left = locked.amount_minor - locked.recovered_minor;
        let amount = match &input.amount {
            Some(amount) if amount.currency != locked.invoice.currency => 0,
            Some(amount) => amount.minor,
            None => left,
        };
        if !(1..=left).contains(&amount) {
            let message = "No more comes in after all than was given up.";
            return Err(Fault::at(
                WriteOffRecoverProblem::WrongAmount,
                "amount",
                message,
            ));
        }
        let sql = "update billing.write_offs set recovered_minor = recovered_minor + $3 \
                   where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), id.into(), amount.into()];
        act.scope.execute(sql, &values).await?;
        post(act.scope, (id, &locked.invoice), -amount).await?;
        Ok(Outcome::row("writeOff", id)
            .and_row("invoice", locked.invoice.id)
            .detail("amount_minor", amount))
    }
}
