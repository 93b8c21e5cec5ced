//! `paymentCashTake`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use uuid::Uuid;

use super::accounts;
use super::create::{PERMISSION, Written, begin, write};
use super::rules::in_coins;
use super::source::{self, PaymentSourceInput};
use super::tenders::{self, MethodKind, PaymentProblem, PaymentTenderInput, Whole};
use crate::ledger::chart;
use crate::ledger::store::{Account as Books, Entry, Line, business_date, post};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes cash: rounds what is due to the coins that there are, and tells the change. What rounding
/// gains or loses is a line of its own in the books; what is due does not change by it.
#[derive(InputObject)]
pub struct PaymentCashTakeInput {
    /// What is due.
    pub due: MoneyInput,
    /// What the customer hands over; just what is taken if not given.
    pub given: Option<MoneyInput>,
    /// What is paid for.
    pub source: Option<PaymentSourceInput>,
    /// Where it is taken; where the thing is if not given.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why no cash is taken.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentCashTakeErrorCode")]
pub enum CashProblem {
    /// What is due is nothing, or less than the smallest coin.
    WrongAmount,
    /// The customer gives less than what is taken, or another currency.
    NotEnough,
    /// At most one thing is paid for.
    TooManySources,
    /// The payment cannot be made so; the message says why.
    NotAccepted,
}

use CashProblem as Problem;

/// The verb.
pub struct PaymentCashTake;

impl Verb for PaymentCashTake {
    type Input = PaymentCashTakeInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentCashTake";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.cash_taken");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "paymentIntent",
            "PaymentIntent",
            "The payment, of what was due.",
        ),
        Part::Value(
            "roundingMinor",
            "Long",
            "What rounding adds to what is due, in minor units; less than zero takes away.",
        ),
        Part::Value(
            "changeMinor",
            "Long",
            "What the customer gets back, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let currency = input.due.currency.as_str();
        let taken = in_coins(input.due.minor, step(act.scope, currency).await?);
        if taken <= 0 {
            let message = "What is due is less than the smallest coin.";
            return Err(Fault::at(Problem::WrongAmount, "due", message));
        }
        let given = input.given.as_ref();
        if given.is_some_and(|given| given.currency != currency || given.minor < taken) {
            let message =
                format!("At least {taken} minor units of {currency} are to be handed over.");
            return Err(Fault::at(Problem::NotEnough, "given", message));
        }
        let (whole, subject) = whole(act, &input).await?;
        if let Some(location_id) = whole.location_id {
            act.permit_at(PERMISSION, location_id, "location")?;
        }
        let of = Written {
            subject,
            status: "requires_confirmation",
            description: None,
            statement_descriptor: None,
            key: None,
        };
        write(act, &whole, &of).await?;
        let tries = tenders::write(act, &whole, &[cash()]).await.map_err(told)?;
        let rounding = taken - input.due.minor;
        let change = given.map_or(0, |given| given.minor - taken);
        let outcome = Outcome::row("paymentIntent", whole.intent_id)
            .and_value("roundingMinor", rounding)
            .and_value("changeMinor", change);
        let outcome = begin(act, whole.intent_id, tries, outcome)
            .await
            .map_err(told)?;
        round(act.scope, &whole, rounding).await?;
        Ok(outcome)
    }
}

/// The smallest step that is paid in coins.
async fn step(scope: &Scope, currency: &str) -> Result<i64, Error> {
    let sql = "select c.cash_increment_minor from core.currencies c where c.code = $1::text";
    let row = scope.query_opt(sql, &[currency.into()]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(1))
}

type Subject = Option<(&'static str, Uuid)>;

async fn whole(
    act: &Act<'_>,
    input: &PaymentCashTakeInput,
) -> Result<(Whole, Subject), Fault<Problem>> {
    let subjects = input
        .source
        .map(|source| source.subjects())
        .unwrap_or_default();
    if subjects.len() > 1 {
        return Err(Fault::at(
            Problem::TooManySources,
            "source",
            "A payment is for one thing.",
        ));
    }
    let subject = subjects.first().copied();
    let source = match subject {
        Some(subject) => {
            let found = source::find(act.scope, subject).await?;
            Some(found.ok_or_else(|| Fault::not_found("thing to pay for"))?)
        }
        None => None,
    };
    if source
        .as_ref()
        .is_some_and(|source| source.currency != input.due.currency)
    {
        return Err(Fault::at(
            Problem::WrongAmount,
            "due",
            "It is paid in another currency.",
        ));
    }
    let whole = Whole {
        intent_id: new_id(),
        amount: input.due.minor,
        currency: input.due.currency.clone(),
        capture_mode: "automatic".to_owned(),
        location_id: input
            .location_id
            .map(|id| id.uuid())
            .or_else(|| source.as_ref().and_then(|source| source.location_id)),
        customer_id: source.and_then(|source| source.customer_id),
        first_seq: 1,
        may_prefer: false,
    };
    Ok((whole, subject))
}

fn cash() -> PaymentTenderInput {
    PaymentTenderInput::of(Choice::<MethodKind>::new("cash"), None)
}

fn told(fault: Fault<PaymentProblem>) -> Fault<Problem> {
    match fault {
        Fault::Problem(problem) | Fault::Kept(problem) => {
            Fault::problem(Problem::NotAccepted, problem.message)
        }
        Fault::Failure(failure) => Fault::Failure(failure),
        Fault::Database(error) => Fault::Database(error),
    }
}

/// What the customer paid too much or too little by rounding is not theirs, nor owed by them: all that
/// was due is paid, and the till has the difference.
async fn round(scope: &Scope, whole: &Whole, rounding: i64) -> Result<(), Error> {
    if rounding == 0 {
        return Ok(());
    }
    let currency = whole.currency.as_str();
    let till = accounts::own(scope, "cash", whole.location_id).await?;
    let (till, gains) = (till.books(currency), Books::Chart(&chart::ROUNDING));
    let (debit, credit) = if rounding > 0 {
        (till, gains)
    } else {
        (gains, till)
    };
    let entry = Entry {
        id: new_id(),
        kind: "adjustment",
        source: Some(("PaymentIntent", whole.intent_id)),
        location_id: whole.location_id,
        business_date: business_date(scope, whole.location_id, scope.now()).await?,
        occurred_at: scope.now(),
        description: "Rounded to coins".to_owned(),
        idempotency_key: Some(format!("rounding {}", whole.intent_id)),
        lines: vec![
            Line::debit(debit, rounding.abs(), currency),
            Line::credit(credit, rounding.abs(), currency),
        ],
    };
    post(scope, &entry).await.map(drop)
}
