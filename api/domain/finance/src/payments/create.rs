//! `paymentIntentCreate`.

use async_graphql::InputObject;
use entities::core::location;
use entities::crm::customer;
use entities::payments::domains;
use sea_orm::Value;
use uuid::Uuid;

use super::attempts::start;
use super::locked::lock;
use super::source::{self, PaymentSourceInput};
use super::store::PAYMENT_NUMBERS;
use super::tenders::{self, CONSTRAINTS, PaymentProblem as Problem, PaymentTenderInput, Whole};
use super::{draws, send};
use crate::ledger::store::business_date;
use foundation::choices;
use foundation::database::{Database, Error, Scope, new_id, number};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// What taking payments needs.
pub const PERMISSION: &str = "payments.take";

choices! {
    /// When authorized money is taken.
    CaptureMode = domains::CAPTURE_MODE;
}

/// Makes a payment, in one part or several (card, cash, gift card, wallet, on account), and takes
/// it: what needs no processor at once, the rest by asking the processor after the payment is
/// written down. A part that is declined can be tried again or replaced; the others stay paid.
#[derive(InputObject)]
pub struct PaymentIntentCreateInput {
    /// How much is to be paid, without tips.
    pub amount: MoneyInput,
    /// What is paid for; nothing in particular if not given.
    pub source: Option<PaymentSourceInput>,
    /// Who pays; whose the thing is if not given.
    pub customer_id: Option<Id<customer::Entity>>,
    /// Where it is taken; where the thing is if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// When authorized money is taken; at once if not given.
    pub capture_mode: Option<Choice<CaptureMode>>,
    /// The parts, at most 50; without any, the payment waits for them.
    pub tenders: Option<Vec<PaymentTenderInput>>,
    /// Whether it is only written down, to be confirmed by `paymentConfirm`; it is taken if not given.
    pub confirm_later: Option<bool>,
    /// What the customer reads about it.
    pub description: Option<String>,
    /// What the customer reads on the card statement.
    pub statement_descriptor: Option<String>,
}

/// What verbs on payments answer with.
pub const PAYLOAD: &[Part] = &[Part::Row(
    "paymentIntent",
    "PaymentIntent",
    "The payment as it now is.",
)];

/// The verb.
pub struct PaymentIntentCreate;

const INSERT: &str = "insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, \
      business_date, currency, amount_minor, capture_mode, status, description, statement_descriptor, idempotency_key) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text, $10, $11::text, $12::text, $13, $14, $15)";

impl Verb for PaymentIntentCreate {
    type Input = PaymentIntentCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentIntentCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.created");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        if input.amount.minor <= 0 {
            let message = "A payment is of more than zero.";
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let whole = whole(act, &input).await?;
        if let Some(location_id) = whole.location_id {
            act.permit_at(PERMISSION, location_id, "location")?;
        }
        let tenders = input.tenders.as_deref().unwrap_or_default();
        let subject = input
            .source
            .and_then(|source| source.subjects().first().copied());
        insert(act, &whole, &input, subject, !tenders.is_empty()).await?;
        let tries = tenders::write(act, &whole, tenders).await?;
        let outcome = Outcome::row("paymentIntent", whole.intent_id)
            .detail("amount_minor", whole.amount)
            .detail("currency", whole.currency.as_str());
        let outcome = match whole.location_id {
            Some(location_id) => outcome.detail("location_id", location_id.to_string()),
            None => outcome,
        };
        if tries.is_empty() || input.confirm_later.unwrap_or_default() {
            return Ok(outcome);
        }
        begin(act, whole.intent_id, tries, outcome).await
    }
}

/// Starts tries of a payment; what needs a processor follows once the outcome is committed.
pub async fn begin(
    act: &Act<'_>,
    intent_id: Uuid,
    tries: Vec<Uuid>,
    outcome: Outcome,
) -> Result<Outcome, Fault<Problem>> {
    draws::make(act, intent_id, &tries).await?;
    send_out(act, intent_id, tries, outcome).await
}

/// The same where nobody is there who could choose another way to pay: what a wallet or a gift card does
/// not give is declined, as a card would be.
pub async fn begin_unattended(
    act: &Act<'_>,
    intent_id: Uuid,
    tries: Vec<Uuid>,
    outcome: Outcome,
) -> Result<Outcome, Fault<Problem>> {
    if draws::make_or_decline(act, intent_id, &tries).await? {
        return send_out(act, intent_id, tries, outcome).await;
    }
    Ok(outcome)
}

async fn send_out(
    act: &Act<'_>,
    intent_id: Uuid,
    tries: Vec<Uuid>,
    outcome: Outcome,
) -> Result<Outcome, Fault<Problem>> {
    let intent = lock(act.scope, intent_id).await?;
    let mut intent = intent.ok_or_else(|| Fault::not_found("payment"))?;
    let remote = start(&act.session.shared, act.scope, &mut intent, tries).await?;
    if remote.is_empty() {
        return Ok(outcome);
    }
    let (biz_id, user_id) = (act.scope.biz_id(), act.scope.user_id());
    Ok(outcome.then(move |shared| send::follow_up(shared, biz_id, user_id, remote)))
}

async fn whole(act: &Act<'_>, input: &PaymentIntentCreateInput) -> Result<Whole, Fault<Problem>> {
    let subjects = input
        .source
        .map(|source| source.subjects())
        .unwrap_or_default();
    if subjects.len() > 1 {
        let message = "A payment is for one thing.";
        return Err(Fault::at(Problem::TooManySources, "source", message));
    }
    let source = match subjects.first() {
        Some(subject) => Some(
            source::find(act.scope, *subject)
                .await?
                .ok_or_else(|| Fault::not_found("thing to pay for"))?,
        ),
        None => None,
    };
    let currency = input.amount.currency.clone();
    if let Some(source) = source.as_ref().filter(|source| source.currency != currency) {
        let message = format!("It is paid in {}.", source.currency);
        return Err(Fault::at(Problem::WrongAmount, "amount", message));
    }
    let of = |id: Option<Uuid>, of: fn(&source::Source) -> Option<Uuid>| {
        id.or_else(|| source.as_ref().and_then(of))
    };
    Ok(Whole {
        intent_id: new_id(),
        amount: input.amount.minor,
        currency,
        capture_mode: input
            .capture_mode
            .as_ref()
            .map_or("automatic", |mode| mode.0)
            .to_owned(),
        location_id: of(input.location_id.map(|id| id.uuid()), |source| {
            source.location_id
        }),
        customer_id: of(input.customer_id.map(|id| id.uuid()), |source| {
            source.customer_id
        }),
        first_seq: 1,
        may_prefer: true,
    })
}

async fn insert(
    act: &Act<'_>,
    whole: &Whole,
    input: &PaymentIntentCreateInput,
    subject: Option<(&'static str, Uuid)>,
    has_parts: bool,
) -> Result<(), Error> {
    let status = if has_parts {
        "requires_confirmation"
    } else {
        "requires_payment_method"
    };
    write(
        act,
        whole,
        &Written {
            subject,
            status,
            description: input.description.as_deref(),
            statement_descriptor: input.statement_descriptor.as_deref(),
            key: None,
        },
    )
    .await
    .map(drop)
}

/// What a payment says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// What is paid for: entity and id.
    pub subject: Option<(&'a str, Uuid)>,
    /// Where it stands at first.
    pub status: &'static str,
    /// What the customer reads about it.
    pub description: Option<&'a str>,
    /// What the customer reads on the card statement.
    pub statement_descriptor: Option<&'a str>,
    /// The key under which there is one payment, whoever makes it.
    pub key: Option<&'a str>,
}

/// Writes a payment down, without its parts; gives its number.
pub async fn write(act: &Act<'_>, whole: &Whole, of: &Written<'_>) -> Result<String, Error> {
    write_in(act.scope, Some(&act.session.shared.database), whole, of).await
}

/// The same where no verb runs: without a database beside the transaction, its number is drawn within it.
pub async fn write_in(
    scope: &Scope,
    database: Option<&Database>,
    whole: &Whole,
    of: &Written<'_>,
) -> Result<String, Error> {
    let number = number(scope, database, PAYMENT_NUMBERS).await?;
    let values: [Value; 15] = [
        scope.biz_id().into(),
        whole.intent_id.into(),
        number.as_str().into(),
        of.subject.map(|(entity, _)| entity.to_owned()).into(),
        of.subject.map(|(_, id)| id).into(),
        whole.customer_id.into(),
        whole.location_id.into(),
        business_date(scope, whole.location_id, scope.now())
            .await?
            .into(),
        whole.currency.as_str().into(),
        whole.amount.into(),
        whole.capture_mode.as_str().into(),
        of.status.into(),
        of.description.map(str::to_owned).into(),
        of.statement_descriptor.map(str::to_owned).into(),
        of.key.map(str::to_owned).into(),
    ];
    scope.execute(INSERT, &values).await?;
    Ok(number)
}
