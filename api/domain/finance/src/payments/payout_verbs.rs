//! `payoutCreate`, `payoutComplete`, `payoutFail` and `payoutRetry`.

use async_graphql::{Enum, InputObject};
use entities::crm::customer;
use entities::payments::{payout, processor_account, settlement_batch};
use sea_orm::Value;
use uuid::Uuid;

use super::payout_orders::send;
use super::payouts::{Payout, lock};
use super::store::PAYOUT_NUMBERS;
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: Permission = Permission::Holds("payments.payout");

/// Notes money that leaves a processor for the bank, or the business for somebody with a share in
/// what was sold; or tells the processor to pay it out. It is in transit until it arrives.
#[derive(InputObject)]
pub struct PayoutCreateInput {
    /// How much.
    pub amount: MoneyInput,
    /// The account at the processor that it leaves; the business's bank if not given.
    pub processor_account_id: Option<Id<processor_account::Entity>>,
    /// Who gets it; the business itself if not given.
    pub beneficiary_customer_id: Option<Id<customer::Entity>>,
    /// The settlement that it pays.
    pub settlement_batch_id: Option<Id<settlement_batch::Entity>>,
    /// The day it is to arrive.
    pub arrives_on: Option<Day>,
    /// Its id at the processor, by which messages of the processor find it.
    pub external_id: Option<String>,
    /// Whether the processor is told to pay it out; it is only noted if not given.
    pub order: Option<bool>,
}

/// Notes that a payout arrived.
#[derive(InputObject)]
pub struct PayoutCompleteInput {
    /// The payout.
    pub id: Id<payout::Entity>,
    /// Reference on the bank statement.
    pub bank_ref: Option<String>,
}

/// Notes that a payout did not arrive, or was returned: the money is where it was.
#[derive(InputObject)]
pub struct PayoutFailInput {
    /// The payout.
    pub id: Id<payout::Entity>,
    /// Why.
    pub reason: String,
}

/// Repeats a payout that failed. Once: what fails again is repeated in its turn.
#[derive(InputObject)]
pub struct PayoutRetryInput {
    /// The payout that failed.
    pub id: Id<payout::Entity>,
    /// The new one's id at the processor.
    pub external_id: Option<String>,
    /// Whether the processor is told to pay it out; it is only noted if not given.
    pub order: Option<bool>,
}

/// Why a payout is not made or moved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PayoutErrorCode")]
pub enum PayoutProblem {
    /// It leaves no processor and goes to nobody.
    NoParty,
    /// A payout is of more than zero.
    WrongAmount,
    /// It is in a status that does not allow this.
    WrongStatus,
    /// It was repeated already.
    AlreadyRetried,
    /// The processor's payout is here already.
    AlreadyHere,
    /// Only a payout of a processor to the business's own bank is ordered there, and one without an id there.
    NotOrdered,
}

use PayoutProblem as Problem;

const PAYLOAD: &[Part] = &[Part::Row("payout", "Payout", "The payout as it now is.")];
const CONSTRAINTS: &[(&str, Problem)] = &[
    ("payouts_parties_check", Problem::NoParty),
    ("payouts_amount_check", Problem::WrongAmount),
    ("payouts_retry_of_id_key", Problem::AlreadyRetried),
    (
        "payouts_processor_account_id_external_id_key",
        Problem::AlreadyHere,
    ),
];
const INSERT: &str = "insert into payments.payouts (biz_id, id, number, processor_account_id, beneficiary_type, beneficiary_id, \
      settlement_batch_id, currency, amount_minor, arrives_on, external_id, retry_of_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8::text, $9, $10, $11, $12)";

struct New {
    payout: Payout,
    arrives_on: Option<chrono::NaiveDate>,
    external_id: Option<String>,
    retry_of: Option<Uuid>,
    is_ordered: bool,
}

async fn order(act: &Act<'_>, new: New) -> Result<Outcome, Fault<Problem>> {
    let is_ours = new.payout.account_id.is_some() && new.payout.beneficiary.is_none();
    if new.is_ordered && (!is_ours || new.external_id.is_some()) {
        let message = "Only a payout of a processor to the bank of the business is ordered there.";
        return Err(Fault::at(Problem::NotOrdered, "order", message));
    }
    let number = act
        .session
        .shared
        .database
        .number(act.scope, PAYOUT_NUMBERS)
        .await?;
    let payout = Payout {
        number,
        ..new.payout
    };
    let beneficiary = payout.beneficiary.clone();
    let values: [Value; 12] = [
        act.scope.biz_id().into(),
        payout.id.into(),
        payout.number.as_str().into(),
        payout.account_id.into(),
        beneficiary.as_ref().map(|(kind, _)| kind.clone()).into(),
        beneficiary.map(|(_, id)| id).into(),
        payout.batch_id.into(),
        payout.currency.as_str().into(),
        payout.amount.into(),
        new.arrives_on.into(),
        new.external_id.into(),
        new.retry_of.into(),
    ];
    act.scope.execute(INSERT, &values).await?;
    if !new.is_ordered {
        let sql = "update payments.payouts set status = 'in_transit' where biz_id = $1 and id = $2";
        act.scope.execute(sql, &values[..2]).await?;
    }
    payout.leave(act.scope).await?;
    let outcome = Outcome::row("payout", payout.id)
        .detail("amount_minor", payout.amount)
        .detail("currency", payout.currency);
    if !new.is_ordered {
        return Ok(outcome);
    }
    // It is pending until the processor has taken the order.
    let (biz_id, id) = (act.scope.biz_id(), payout.id);
    Ok(outcome.then(move |shared| async move {
        if let Err(error) = send(&shared, biz_id, id).await {
            // It is not lost: the job asks again.
            tracing::error!(payout_id = %id, %error, "what came of a payout could not be recorded");
        }
        Ok(serde_json::Map::new())
    }))
}

/// The verb that orders.
pub struct PayoutCreate;

impl Verb for PayoutCreate {
    type Input = PayoutCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "payoutCreate";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payments.payout_ordered");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let beneficiary = input
            .beneficiary_customer_id
            .map(|id| ("Customer".to_owned(), id.uuid()));
        let payout = Payout {
            id: new_id(),
            number: String::new(),
            status: "pending".to_owned(),
            account_id: input.processor_account_id.map(|id| id.uuid()),
            beneficiary,
            amount: input.amount.minor,
            currency: input.amount.currency,
            batch_id: input.settlement_batch_id.map(|id| id.uuid()),
        };
        let new = New {
            payout,
            arrives_on: input.arrives_on.map(|day| day.0),
            external_id: input.external_id,
            retry_of: None,
            is_ordered: input.order.unwrap_or_default(),
        };
        order(act, new).await
    }
}

async fn go(
    act: &Act<'_>,
    id: Uuid,
    to: &'static str,
    bank_ref: Option<&str>,
    reason: Option<&str>,
) -> Result<Outcome, Fault<Problem>> {
    let payout = lock(act.scope, id).await?;
    let payout = payout.ok_or_else(|| Fault::not_found("payout"))?;
    if payout.go(act.scope, to, bank_ref, reason).await? {
        return Ok(Outcome::row("payout", id));
    }
    let message = format!("The payout is {}.", payout.status.replace('_', " "));
    Err(Fault::at(Problem::WrongStatus, "id", message))
}

/// The verb that notes arrival.
pub struct PayoutComplete;

impl Verb for PayoutComplete {
    type Input = PayoutCompleteInput;
    type Problem = Problem;

    const NAME: &'static str = "payoutComplete";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payments.payout_completed");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        go(
            act,
            input.id.uuid(),
            "paid",
            input.bank_ref.as_deref(),
            None,
        )
        .await
    }
}

/// The verb that notes failure.
pub struct PayoutFail;

impl Verb for PayoutFail {
    type Input = PayoutFailInput;
    type Problem = Problem;

    const NAME: &'static str = "payoutFail";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payments.payout_refused");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        go(act, input.id.uuid(), "failed", None, Some(&input.reason)).await
    }
}

/// The verb that repeats.
pub struct PayoutRetry;

impl Verb for PayoutRetry {
    type Input = PayoutRetryInput;
    type Problem = Problem;

    const NAME: &'static str = "payoutRetry";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payments.payout_retried");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let was = lock(act.scope, input.id.uuid()).await?;
        let was = was.ok_or_else(|| Fault::not_found("payout"))?;
        if was.status != "failed" {
            let message = format!("The payout is {}.", was.status.replace('_', " "));
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let retry_of = Some(was.id);
        let payout = Payout {
            id: new_id(),
            ..was
        };
        let new = New {
            payout,
            arrives_on: None,
            external_id: input.external_id,
            retry_of,
            is_ordered: input.order.unwrap_or_default(),
        };
        order(act, new).await
    }
}
