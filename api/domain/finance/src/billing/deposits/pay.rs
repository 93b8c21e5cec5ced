//! `depositPay`.

use async_graphql::{Enum, InputObject};
use entities::billing::deposit;

use super::{Deposit, PERMISSION};
use crate::billing::books::{self, About};
use crate::billing::choices::MethodKind;
use crate::billing::settling::{NewReceipt, Payer, record_receipt};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Records money that was paid as a deposit, at the desk or by bank: it lies on a folio of the booking
/// until it is used, kept or given back.
#[derive(InputObject)]
pub struct DepositPayInput {
    /// The deposit.
    pub id: Id<deposit::Entity>,
    /// How much; what is still to be paid if not given.
    pub amount: Option<MoneyInput>,
    /// How it was paid.
    pub method: Choice<MethodKind>,
    /// What the bank statement says.
    pub reference: Option<String>,
}

/// Why a deposit cannot be paid.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DepositPayErrorCode")]
pub enum DepositPayProblem {
    /// It was paid, let go, used or given back.
    WrongStatus,
    /// More than is still to be paid, in another currency, or not more than zero.
    WrongAmount,
    /// The folio that holds it is closed.
    FolioClosed,
    /// The books are closed for this day.
    PeriodClosed,
}

/// The verb.
pub struct DepositPay;

impl Verb for DepositPay {
    type Input = DepositPayInput;
    type Problem = DepositPayProblem;

    const NAME: &'static str = "depositPay";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.deposit_paid");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("deposit", "Deposit", "The deposit as it now stands."),
        Part::Row("receipt", "Receipt", "The receipt."),
    ];
    const CONSTRAINTS: &'static [(&'static str, DepositPayProblem)] = &[
        (
            "folio_line_items_folio_open_check",
            DepositPayProblem::FolioClosed,
        ),
        (
            "folio_line_items_period_open_check",
            DepositPayProblem::PeriodClosed,
        ),
        (
            "receipts_period_open_check",
            DepositPayProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let deposit = Deposit::lock(act, input.id.uuid(), None).await?;
        if !matches!(deposit.status.as_str(), "due" | "partially_paid") {
            let message = format!("The deposit is {}.", deposit.status.replace('_', " "));
            return Err(Fault::problem(DepositPayProblem::WrongStatus, message));
        }
        let due = deposit.due();
        let amount = match &input.amount {
            Some(amount) if amount.currency != deposit.currency => 0,
            Some(amount) => amount.minor,
            None => due,
        };
        if !(1..=due).contains(&amount) {
            let message = format!(
                "{due} minor units of {} are still to be paid.",
                deposit.currency
            );
            return Err(Fault::at(DepositPayProblem::WrongAmount, "amount", message));
        }
        let database = &act.session.shared.database;
        let new = NewReceipt {
            location_id: deposit.location_id,
            payer: Payer {
                customer_id: deposit.customer_id,
                billing_account_id: None,
            },
            payment_transaction_id: None,
            amount_minor: amount,
            currency: deposit.currency.clone(),
            method: input.method.0.to_owned(),
            reference: input.reference,
            received_at: None,
            note: None,
        };
        let (receipt_id, day) = record_receipt(act.scope, database, &new).await?;
        let held = (receipt_id, amount, day);
        deposit.hold(act.scope, Some(database), held).await?;
        let about = About {
            kind: "deposit",
            source: ("Deposit", deposit.id),
            location_id: Some(deposit.location_id),
            day,
            currency: &deposit.currency,
            text: "Deposit received",
        };
        books::received(act.scope, about, &new.method, amount).await?;
        books::set_against_folio(act.scope, about, amount).await?;
        Ok(Outcome::row("deposit", deposit.id)
            .and_row("receipt", receipt_id)
            .detail("amount_minor", amount))
    }
}
