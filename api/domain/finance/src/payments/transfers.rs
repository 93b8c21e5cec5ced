//! `paymentTransferCreate` and `paymentTransferReverse`: money between two accounts at processors.

use async_graphql::{Enum, InputObject};
use entities::payments::{payment_intent, payment_transfer, processor_account};
use sea_orm::Value;
use uuid::Uuid;

use super::accounts;
use super::store::TRANSFER_NUMBERS;
use crate::ledger::store::{Entry, Line, business_date, post};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: Permission = Permission::Holds("payments.payout");

/// Moves money from one account to another, such as a partner's share of a payment, or cash to the
/// bank.
#[derive(InputObject)]
pub struct PaymentTransferCreateInput {
    /// The account it leaves.
    pub from_account_id: Id<processor_account::Entity>,
    /// The account it goes to.
    pub to_account_id: Id<processor_account::Entity>,
    /// How much.
    pub amount: MoneyInput,
    /// The payment it is a part of.
    pub payment_intent_id: Option<Id<payment_intent::Entity>>,
}

/// Moves a transfer back, all of it or a part.
#[derive(InputObject)]
pub struct PaymentTransferReverseInput {
    /// The transfer.
    pub id: Id<payment_transfer::Entity>,
    /// How much goes back; all that has not if not given.
    pub amount: Option<MoneyInput>,
}

/// Why money is not moved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentTransferErrorCode")]
pub enum TransferProblem {
    /// Both accounts are the same.
    SameAccount,
    /// The amount is none, of another currency, or more than has not gone back.
    WrongAmount,
    /// The account does not have that much.
    Insufficient,
    /// Today belongs to a period that is locked.
    PeriodLocked,
}

use TransferProblem as Problem;

const PAYLOAD: &[Part] = &[Part::Row(
    "paymentTransfer",
    "PaymentTransfer",
    "The transfer as it now is.",
)];
const CONSTRAINTS: &[(&str, Problem)] = &[
    ("transfers_accounts_check", Problem::SameAccount),
    ("transfers_amount_check", Problem::WrongAmount),
    ("transfers_reversed_check", Problem::WrongAmount),
    ("accounts_balance_check", Problem::Insufficient),
    ("journal_entries_period_open_check", Problem::PeriodLocked),
];

struct Move<'a> {
    id: Uuid,
    number: &'a str,
    from: Uuid,
    to: Uuid,
    amount: i64,
    currency: &'a str,
}

async fn entered(act: &Act<'_>, moved: &Move<'_>, what: &str) -> Result<(), Fault<Problem>> {
    let scope = act.scope;
    let gone = || Fault::not_found("processor account");
    let (from, _) = accounts::find(scope, moved.from).await?.ok_or_else(gone)?;
    let (to, _) = accounts::find(scope, moved.to).await?.ok_or_else(gone)?;
    let entry = Entry {
        id: new_id(),
        kind: "payout",
        source: Some(("PaymentTransfer", moved.id)),
        location_id: None,
        business_date: business_date(scope, None, scope.now()).await?,
        occurred_at: scope.now(),
        description: format!("Transfer {} {what}", moved.number),
        idempotency_key: None,
        lines: vec![
            Line::debit(to.books(moved.currency), moved.amount, moved.currency),
            Line::credit(from.books(moved.currency), moved.amount, moved.currency),
        ],
    };
    post(scope, &entry).await?;
    Ok(())
}

const INSERT: &str = "insert into payments.transfers (biz_id, id, number, from_account_id, to_account_id, intent_id, amount_minor, currency) \
    values ($1, $2, $3, $4, $5, $6, $7, $8::text)";

/// The verb that moves.
pub struct PaymentTransferCreate;

impl Verb for PaymentTransferCreate {
    type Input = PaymentTransferCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentTransferCreate";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payments.transferred");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, new_id());
        let number = act
            .session
            .shared
            .database
            .number(scope, TRANSFER_NUMBERS)
            .await?;
        let moved = Move {
            id,
            number: &number,
            from: input.from_account_id.uuid(),
            to: input.to_account_id.uuid(),
            amount: input.amount.minor,
            currency: &input.amount.currency,
        };
        let values: [Value; 8] = [
            scope.biz_id().into(),
            id.into(),
            number.as_str().into(),
            moved.from.into(),
            moved.to.into(),
            input.payment_intent_id.map(|id| id.uuid()).into(),
            moved.amount.into(),
            moved.currency.into(),
        ];
        scope.execute(INSERT, &values).await?;
        entered(act, &moved, "").await?;
        let sql =
            "update payments.transfers set status = 'succeeded' where biz_id = $1 and id = $2";
        scope.execute(sql, &values[..2]).await?;
        Ok(Outcome::row("paymentTransfer", id).detail("amount_minor", moved.amount))
    }
}

const LOCK: &str = "select t.number, t.from_account_id, t.to_account_id, t.amount_minor - t.reversed_minor, t.currency::text \
    from payments.transfers t where t.biz_id = $1 and t.id = $2 for no key update";
const BACK: &str = "update payments.transfers set reversed_minor = reversed_minor + $3, \
      status = case when reversed_minor + $3 = amount_minor then 'reversed' else status end \
    where biz_id = $1 and id = $2";

/// The verb that moves back.
pub struct PaymentTransferReverse;

impl Verb for PaymentTransferReverse {
    type Input = PaymentTransferReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentTransferReverse";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payments.transfer_reversed");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let row = scope
            .query_opt(LOCK, &[scope.biz_id().into(), id.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("transfer"))?;
        let (number, currency): (String, String) = (row.try_get(0)?, row.try_get(4)?);
        let left: i64 = row.try_get(3)?;
        let amount = input.amount.as_ref().map_or(left, |money| money.minor);
        let is_same = input
            .amount
            .as_ref()
            .is_none_or(|money| money.currency == currency);
        if !is_same || !(1..=left).contains(&amount) {
            let message = format!("Between 1 and {left} minor units of {currency} can go back.");
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let moved = Move {
            id,
            number: &number,
            from: row.try_get(2)?,
            to: row.try_get(1)?,
            amount,
            currency: &currency,
        };
        scope
            .execute(BACK, &[scope.biz_id().into(), id.into(), amount.into()])
            .await?;
        entered(act, &moved, "went back").await?;
        Ok(Outcome::row("paymentTransfer", id).detail("amount_minor", amount))
    }
}
