//! `depositApply`, `depositForfeit`, `depositRefund`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::billing::{deposit, invoice};
use uuid::Uuid;

use super::{Deposit, PERMISSION, release};
use crate::billing::books::{self, About};
use crate::billing::folios::{NewLine, Payment, pay_folio, post};
use crate::billing::settling::{From, allocate};
use crate::billing::store::{Invoice, business_date};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Uses a deposit for what it was paid for: on its folio, or for an invoice. What is more than the
/// invoice stays the customer's credit.
#[derive(InputObject)]
pub struct DepositApplyInput {
    /// The deposit.
    pub id: Id<deposit::Entity>,
    /// The invoice that it pays; its folio if not given.
    pub invoice_id: Option<Id<invoice::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Keeps a deposit that the customer has lost, such as by not coming: its folio is charged with it.
#[derive(InputObject)]
pub struct DepositForfeitInput {
    /// The deposit.
    pub id: Id<deposit::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Gives a deposit back: its money is the customer's credit again, to be refunded by the way it came.
#[derive(InputObject)]
pub struct DepositRefundInput {
    /// The deposit.
    pub id: Id<deposit::Entity>,
    /// Why.
    pub reason: String,
    /// Whether it is given back although it was agreed that it is not.
    pub in_spite_of_terms: Option<bool>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

macro_rules! problem {
    ($(#[$doc:meta])* $name:ident = $graph:literal) => {
        $(#[$doc])*
        #[derive(Enum, Copy, Clone, PartialEq, Eq)]
        #[graphql(name = $graph)]
        pub enum $name {
            /// The business holds nothing of it, or not all of it was paid.
            WrongStatus,
            /// The invoice was not issued, is of another currency, or nothing is open of it.
            WrongInvoice,
            /// The folio that holds it is closed.
            FolioClosed,
            /// It was agreed that it is not given back.
            NotRefundable,
            /// A reason must be given.
            ReasonRequired,
            /// The books are closed for this day.
            PeriodClosed,
        }
    };
}

problem! {
    /// Why a deposit cannot be used.
    DepositApplyProblem = "DepositApplyErrorCode"
}
problem! {
    /// Why a deposit cannot be kept.
    DepositForfeitProblem = "DepositForfeitErrorCode"
}
problem! {
    /// Why a deposit cannot be given back.
    DepositRefundProblem = "DepositRefundErrorCode"
}

/// The verb that uses.
pub struct DepositApply;
/// The verb that keeps.
pub struct DepositForfeit;
/// The verb that gives back.
pub struct DepositRefund;

const PAYLOAD: &[Part] = &[Part::Row(
    "deposit",
    "Deposit",
    "The deposit as it now stands.",
)];

const END: &str = "update billing.deposits set status = $3, applied_minor = applied_minor + $4, \
      forfeited_minor = forfeited_minor + $5, refunded_minor = refunded_minor + $6 \
    where biz_id = $1 and id = $2";

/// What becomes of what is held.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    applied: i64,
    forfeited: i64,
    refunded: i64,
}

async fn end(scope: &Scope, id: Uuid, status: &str, fate: Fate) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        id.into(),
        status.into(),
        fate.applied.into(),
        fate.forfeited.into(),
        fate.refunded.into(),
    ];
    scope.execute(END, &values).await.map(drop)
}

fn about<'a>(deposit: &'a Deposit, day: NaiveDate, text: &'a str) -> About<'a> {
    About {
        kind: "deposit",
        source: ("Deposit", deposit.id),
        location_id: Some(deposit.location_id),
        day,
        currency: &deposit.currency,
        text,
    }
}

/// Sets what was released against the deposit's folio, as used.
async fn use_on_folio(
    scope: &Scope,
    (deposit, folio_id): (&Deposit, Uuid),
    released: &[(From, i64)],
    day: NaiveDate,
) -> Result<(), Error> {
    for (from, amount_minor) in released {
        let From::Receipt(receipt_id) = *from else {
            continue;
        };
        let payment = Payment {
            receipt_id,
            folio_id,
            amount_minor: *amount_minor,
            currency: &deposit.currency,
            day,
            deposit_id: Some(deposit.id),
            uses_deposit: true,
        };
        pay_folio(scope, payment).await?;
    }
    Ok(())
}

/// Sets what was released against an invoice, as far as it is open: how much that was.
async fn use_on_invoice(
    scope: &Scope,
    (deposit, invoice): (&Deposit, &Invoice),
    released: &[(From, i64)],
    day: NaiveDate,
) -> Result<i64, Error> {
    let mut open = invoice.open_minor;
    for (from, amount) in released {
        let part = open.min(*amount);
        if part > 0 {
            let money = (deposit.currency.as_str(), day);
            allocate(scope, *from, money, &[(invoice.id, part)], Some(deposit.id)).await?;
            open -= part;
        }
    }
    Ok(invoice.open_minor - open)
}

impl Verb for DepositApply {
    type Input = DepositApplyInput;
    type Problem = DepositApplyProblem;

    const NAME: &'static str = "depositApply";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.deposit_applied");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, DepositApplyProblem)] = &[
        (
            "folio_line_items_folio_open_check",
            DepositApplyProblem::FolioClosed,
        ),
        (
            "payment_allocations_invoice_check",
            DepositApplyProblem::WrongInvoice,
        ),
        (
            "folio_line_items_period_open_check",
            DepositApplyProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let deposit = Deposit::lock(act, input.id.uuid(), input.expected_version).await?;
        let folio_id = deposit.folio_id.filter(|_| deposit.status == "paid");
        let Some(folio_id) = folio_id.filter(|_| deposit.held_minor > 0) else {
            let message = "Only a deposit that was paid in full is used.";
            return Err(Fault::problem(DepositApplyProblem::WrongStatus, message));
        };
        let day = business_date(act.scope, deposit.location_id).await?;
        let invoice = match input.invoice_id {
            Some(id) => Some(Invoice::lock(act, PERMISSION, id.uuid(), None).await?),
            None => None,
        };
        let released = release(act.scope, &deposit, day, "It is used").await?;
        let held = deposit.held_minor;
        let about = about(&deposit, day, "Deposit used");
        let Some(invoice) = invoice else {
            use_on_folio(act.scope, (&deposit, folio_id), &released, day).await?;
            let fate = Fate {
                applied: held,
                ..Fate::default()
            };
            end(act.scope, deposit.id, "applied", fate).await?;
            return Ok(Outcome::row("deposit", deposit.id));
        };
        if invoice.open_minor == 0 || invoice.currency != deposit.currency {
            let message = "Nothing is open of this invoice, or it is in another currency.";
            return Err(Fault::at(
                DepositApplyProblem::WrongInvoice,
                "invoiceId",
                message,
            ));
        }
        let used = use_on_invoice(act.scope, (&deposit, &invoice), &released, day).await?;
        let fate = Fate {
            applied: used,
            refunded: held - used,
            ..Fate::default()
        };
        end(act.scope, deposit.id, "applied", fate).await?;
        books::set_against_folio(act.scope, about, -held).await?;
        books::set_against(act.scope, about, &[(invoice.id, used)]).await?;
        Ok(Outcome::row("deposit", deposit.id).detail("invoice_id", invoice.id.to_string()))
    }
}

impl Verb for DepositForfeit {
    type Input = DepositForfeitInput;
    type Problem = DepositForfeitProblem;

    const NAME: &'static str = "depositForfeit";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.deposit_forfeited");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, DepositForfeitProblem)] = &[
        (
            "folio_line_items_folio_open_check",
            DepositForfeitProblem::FolioClosed,
        ),
        (
            "folio_line_items_period_open_check",
            DepositForfeitProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(DepositForfeitProblem::ReasonRequired, &input.reason)?;
        let deposit = Deposit::lock(act, input.id.uuid(), input.expected_version).await?;
        let is_held = matches!(deposit.status.as_str(), "paid" | "partially_paid");
        let Some(folio_id) = deposit
            .folio_id
            .filter(|_| is_held && deposit.held_minor > 0)
        else {
            let message = "The business holds nothing of this deposit.";
            return Err(Fault::problem(DepositForfeitProblem::WrongStatus, message));
        };
        let day = business_date(act.scope, deposit.location_id).await?;
        let held = deposit.held_minor;
        let charge = NewLine {
            category: Some("cancellation".to_owned()),
            reason: Some(reason.to_owned()),
            ..NewLine::of(
                folio_id,
                "charge",
                (held, &deposit.currency),
                day,
                "Deposit kept",
            )
        };
        post(act.scope, std::slice::from_ref(&charge)).await?;
        let released = release(act.scope, &deposit, day, reason).await?;
        use_on_folio(act.scope, (&deposit, folio_id), &released, day).await?;
        act.scope.set_reason(reason).await?;
        let fate = Fate {
            forfeited: held,
            ..Fate::default()
        };
        end(act.scope, deposit.id, "forfeited", fate).await?;
        let about = about(&deposit, day, "Deposit kept");
        books::charged(act.scope, about, held, 0).await?;
        Ok(Outcome::row("deposit", deposit.id).detail("amount_minor", held))
    }
}

impl Verb for DepositRefund {
    type Input = DepositRefundInput;
    type Problem = DepositRefundProblem;

    const NAME: &'static str = "depositRefund";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.deposit_refunded");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, DepositRefundProblem)] = &[
        (
            "folio_line_items_folio_open_check",
            DepositRefundProblem::FolioClosed,
        ),
        (
            "folio_line_items_period_open_check",
            DepositRefundProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(DepositRefundProblem::ReasonRequired, &input.reason)?;
        let deposit = Deposit::lock(act, input.id.uuid(), input.expected_version).await?;
        let is_held = matches!(deposit.status.as_str(), "paid" | "partially_paid");
        if !is_held || deposit.held_minor == 0 {
            let message = "The business holds nothing of this deposit.";
            return Err(Fault::problem(DepositRefundProblem::WrongStatus, message));
        }
        if !deposit.is_refundable && !input.in_spite_of_terms.unwrap_or(false) {
            let message =
                "It was agreed that this deposit is not given back; say so if it is all the same.";
            return Err(Fault::problem(DepositRefundProblem::NotRefundable, message));
        }
        let day = business_date(act.scope, deposit.location_id).await?;
        release(act.scope, &deposit, day, reason).await?;
        let fate = Fate {
            refunded: deposit.held_minor,
            ..Fate::default()
        };
        end(act.scope, deposit.id, "refunded", fate).await?;
        let about = about(&deposit, day, "Deposit given back");
        books::set_against_folio(act.scope, about, -deposit.held_minor).await?;
        Ok(Outcome::row("deposit", deposit.id).detail("amount_minor", deposit.held_minor))
    }
}
