//! `invoiceWriteOff`.

use async_graphql::{Enum, InputObject};
use entities::billing::invoice;
use rust_decimal::Decimal;

use super::super::choices::WriteOffReason;
use super::super::store::{Invoice, business_date, note_event};
use super::{PAYLOAD, PERMISSION, post};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::{exponent, minor_units};

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

type Problem = InvoiceWriteOffProblem;

/// The verb.
pub struct InvoiceWriteOff;

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

impl Verb for InvoiceWriteOff {
    type Input = InvoiceWriteOffInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceWriteOff";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.write_off_requested");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, InvoiceWriteOffProblem)] = &[
        ("write_offs_reason_note_check", Problem::NoteRequired),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let invoice = Invoice::lock(act, PERMISSION, id, input.expected_version).await?;
        if invoice.open_minor == 0 {
            let message = "Nothing is open of this invoice.";
            return Err(Fault::problem(Problem::NothingOpen, message));
        }
        let amount = match &input.amount {
            Some(amount) if amount.currency != invoice.currency => 0,
            Some(amount) => amount.minor,
            None => invoice.open_minor,
        };
        if !(1..=invoice.open_minor).contains(&amount) {
            let message = "No more is given up than is open, in the currency of the invoice.";
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
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
