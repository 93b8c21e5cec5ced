//! `paymentLinkCreate`, `paymentLinkCancel`, and what whoever has a link may do: `paymentLinkShow`
//! and `paymentLinkPay`.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use entities::core::location;
use entities::crm::customer;
use entities::payments::{domains, payment_link};
use sea_orm::Value;
use uuid::Uuid;

use super::create::begin;
use super::source::{PaymentSourceInput, find};
use super::store::PAYMENT_NUMBERS;
use super::tenders::{self, MethodKind, PaymentProblem, PaymentTenderInput, Whole};
use crate::choices;
use crate::database::{Error, Scope, new_id};
use crate::domain::ledger::store::business_date;
use crate::graph::failure::Failure;
use crate::graph::question::{Look, Question};
use crate::graph::scalars::{Choice, Id, Instant, Money, MoneyInput};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::token::{Secret, digest};

const PERMISSION: &str = "payments.take";

choices! {
    /// Whether a link can be paid.
    LinkStatus = domains::PAYMENTS_LINK_STATUS;
}

/// Makes a link by which somebody pays without signing in, for a message or a QR code. The link's
/// secret is shown once.
#[derive(InputObject)]
pub struct PaymentLinkCreateInput {
    /// What is paid for.
    pub source: PaymentSourceInput,
    /// How much is asked for each time.
    pub amount: MoneyInput,
    /// Who it is made for; whose the thing is if not given.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The location that asks for it; where the thing is if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// What the customer reads.
    pub description: Option<String>,
    /// When it can no longer be paid; never if not given.
    pub expires_at: Option<Instant>,
    /// How often it can be paid; once if not given.
    pub max_uses: Option<i32>,
}

/// Withdraws a link: it can no longer be paid.
#[derive(InputObject)]
pub struct PaymentLinkCancelInput {
    /// The link.
    pub id: Id<payment_link::Entity>,
    /// Why.
    pub reason: String,
}

/// Pays what a link asks for.
#[derive(InputObject)]
pub struct PaymentLinkPayInput {
    /// The secret of the link.
    pub token: String,
    /// What stands for the card at the processor.
    pub method_ref: Option<String>,
}

/// What a link asks for, for whoever has it. Null where there is no such link.
#[derive(InputObject)]
pub struct PaymentLinkShowInput {
    /// The secret of the link.
    pub token: String,
}

/// What a link asks for.
#[derive(SimpleObject)]
pub struct PaymentLinkShown {
    /// Who asks.
    biz_name: String,
    /// What for.
    description: Option<String>,
    /// How much.
    amount: Money,
    /// Whether it can be paid.
    status: Choice<LinkStatus>,
    /// Until when.
    expires_at: Option<Instant>,
}

/// Why a link is not made, or not paid.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentLinkErrorCode")]
pub enum LinkProblem {
    /// One thing is paid for by a link.
    OneSource,
    /// The amount is none, or of another currency than the thing.
    WrongAmount,
    /// It was paid as often as it may be, withdrawn, or its time is over.
    NotPayable,
    /// No processor takes cards there.
    NoProcessor,
    /// The payment cannot be made so; the message says why.
    NotAccepted,
    /// A reason must be given.
    ReasonRequired,
    /// It would have expired already.
    ExpiresInPast,
}

use LinkProblem as Problem;

const PAYLOAD: &[Part] = &[
    Part::Row(
        "paymentLink",
        "PaymentLink",
        "The link, without its secret.",
    ),
    Part::Secret(
        "token",
        "String",
        "The secret of the link, which is shown only now.",
    ),
];

const INSERT: &str = "insert into payments.payment_links (biz_id, id, source_type, source_id, customer_id, location_id, description, \
      amount_minor, currency, token_hash, expires_at, max_uses) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text, $10, $11, $12)";

/// The verb that makes.
pub struct PaymentLinkCreate;

impl Verb for PaymentLinkCreate {
    type Input = PaymentLinkCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentLinkCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.link_created");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let subjects = input.source.subjects();
        let [subject] = subjects.as_slice() else {
            let message = "Name the one thing that is paid for.";
            return Err(Fault::at(Problem::OneSource, "source", message));
        };
        let source = find(act.scope, *subject).await?;
        let source = source.ok_or_else(|| Fault::not_found("thing to pay for"))?;
        if input.amount.minor <= 0 || input.amount.currency != source.currency {
            let message = format!("More than zero of {} is asked for.", source.currency);
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let location_id = input.location_id.map(|id| id.uuid()).or(source.location_id);
        if let Some(location_id) = location_id {
            act.permit_at(PERMISSION, location_id, "location")?;
        }
        let expires_at = input.expires_at.map(|at| at.0);
        if expires_at.is_some_and(|at| at <= act.scope.now()) {
            let message = "It would have expired already.";
            return Err(Fault::at(Problem::ExpiresInPast, "expiresAt", message));
        }
        let (id, secret) = (new_id(), Secret::random()?);
        let values: [Value; 12] = [
            act.scope.biz_id().into(),
            id.into(),
            subject.0.into(),
            subject.1.into(),
            input
                .customer_id
                .map(|id| id.uuid())
                .or(source.customer_id)
                .into(),
            location_id.into(),
            input.description.into(),
            input.amount.minor.into(),
            input.amount.currency.as_str().into(),
            secret.digest.clone().into(),
            expires_at.into(),
            input.max_uses.unwrap_or(1).into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("paymentLink", id).and_value("token", secret.text))
    }
}

/// The verb that withdraws.
pub struct PaymentLinkCancel;

impl Verb for PaymentLinkCancel {
    type Input = PaymentLinkCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentLinkCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.link_canceled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "paymentLink",
        "PaymentLink",
        "The link as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("payment_links_status_transition_check", Problem::NotPayable)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        if input.reason.trim().is_empty() {
            let message = "Say why it is withdrawn.";
            return Err(Fault::at(Problem::ReasonRequired, "reason", message));
        }
        act.scope.set_reason(input.reason.trim()).await?;
        let sql =
            "update payments.payment_links set status = 'canceled' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        if act.scope.execute(sql, &values).await? == 0 {
            return Err(Fault::not_found("link"));
        }
        Ok(Outcome::row("paymentLink", input.id.uuid()))
    }
}

struct Link {
    biz_id: Uuid,
    biz_name: String,
    id: Uuid,
    source: (String, Uuid),
    customer_id: Option<Uuid>,
    location_id: Option<Uuid>,
    description: Option<String>,
    amount: i64,
    currency: String,
    status: String,
    expires_at: Option<DateTime<Utc>>,
}

const FIND: &str = "select l.biz_id, b.display_name, l.id, l.source_type, l.source_id, l.customer_id, l.location_id, l.description, \
      l.amount_minor, l.currency::text, l.status::text, l.expires_at \
    from core.bizes b join payments.payment_links l on l.biz_id = b.id and l.token_hash = $1";

async fn by_token(scope: &Scope, token: &str) -> Result<Option<Link>, Error> {
    let Some(row) = scope.query_opt(FIND, &[digest(token).into()]).await? else {
        return Ok(None);
    };
    let expires_at: Option<DateTime<Utc>> = row.try_get(11)?;
    let status: String = row.try_get(10)?;
    let is_over = status == "active" && expires_at.is_some_and(|at| at <= scope.now());
    Ok(Some(Link {
        biz_id: row.try_get(0)?,
        biz_name: row.try_get(1)?,
        id: row.try_get(2)?,
        source: (row.try_get(3)?, row.try_get(4)?),
        customer_id: row.try_get(5)?,
        location_id: row.try_get(6)?,
        description: row.try_get(7)?,
        amount: row.try_get(8)?,
        currency: row.try_get(9)?,
        status: if is_over {
            "expired".to_owned()
        } else {
            status
        },
        expires_at,
    }))
}

/// The question of whoever has the link.
pub struct PaymentLinkShow;

impl Question for PaymentLinkShow {
    type Input = PaymentLinkShowInput;
    type Answer = Option<PaymentLinkShown>;

    const NAME: &'static str = "paymentLinkShow";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let address = look.session.client.ip.as_deref();
        let attempt = look
            .session
            .shared
            .identity
            .attempts
            .admit(None, address)
            .await?;
        let Some(link) = by_token(look.scope, &input.token).await? else {
            return Ok(None);
        };
        attempt.turned_out_well();
        Ok(Some(PaymentLinkShown {
            biz_name: link.biz_name,
            description: link.description,
            amount: Money {
                minor: link.amount,
                currency: link.currency,
            },
            status: Choice::of(&link.status).unwrap_or_else(|| Choice::new("active")),
            expires_at: link.expires_at.map(Instant),
        }))
    }
}

// The use is counted before the payment is tried, so that two who pay at once do not both pay; a
// payment that is declined gives it back.
const USE: &str = "update payments.payment_links set uses = uses + 1, \
      status = case when uses + 1 = max_uses then 'completed' else status end \
    where biz_id = $1 and id = $2 and status = 'active' and uses < max_uses and coalesce(expires_at > $3, true)";
const PAYMENT: &str = "insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, \
      currency, amount_minor, status, description, idempotency_key) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text, $10, 'requires_confirmation', $11, $12)";

/// The verb that pays.
pub struct PaymentLinkPay;

impl Verb for PaymentLinkPay {
    type Input = PaymentLinkPayInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentLinkPay";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("payments.link_paid");
    const PAYLOAD: &'static [Part] = &[
        Part::Value("number", "String", "Number of the payment."),
        Part::Value("status", "PaymentLinkPayment", "What came of it."),
    ];

    fn types(registry: &mut async_graphql::registry::Registry) {
        <PaymentLinkPayment as async_graphql::OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let address = act.session.client.ip.as_deref();
        let attempt = act
            .session
            .shared
            .identity
            .attempts
            .admit(None, address)
            .await?;
        let link = by_token(act.scope, &input.token).await?;
        let link = link.ok_or_else(|| Fault::not_found("link"))?;
        attempt.turned_out_well();
        let scope = act.scope;
        scope.enter(link.biz_id, None).await?;
        let used: [Value; 3] = [link.biz_id.into(), link.id.into(), scope.now().into()];
        if scope.execute(USE, &used).await? == 0 {
            let message = "This link can no longer be paid.";
            return Err(Fault::at(Problem::NotPayable, "token", message));
        }
        let (intent_id, number) = payment(act, &link).await?;
        let whole = Whole {
            intent_id,
            amount: link.amount,
            currency: link.currency,
            capture_mode: "automatic".to_owned(),
            location_id: link.location_id,
            customer_id: link.customer_id,
            first_seq: 1,
        };
        let tries = tenders::write(act, &whole, &[card(input.method_ref)])
            .await
            .map_err(told)?;
        let outcome = Outcome {
            subject: Some(("PaymentLink", link.id)),
            ..Outcome::default()
        };
        let mut outcome = begin(act, intent_id, tries, outcome.and_value("number", number))
            .await
            .map_err(told)?;
        let biz_id = link.biz_id;
        let sent = outcome.follow_up.take();
        Ok(outcome.then(move |shared| async move {
            if let Some(sent) = sent {
                (sent.0)(std::sync::Arc::clone(&shared)).await?;
            }
            settled(&shared, biz_id, intent_id, link.id).await
        }))
    }
}

/// What came of paying a link.
#[derive(SimpleObject, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentLinkPayment {
    /// Where the payment stands.
    status: String,
    /// What the customer has to do, as the processor says.
    next_action: Option<crate::graph::scalars::Json>,
    /// Why it was declined.
    error: Option<String>,
}

async fn payment(act: &Act<'_>, link: &Link) -> Result<(Uuid, String), Fault<Problem>> {
    let (scope, id) = (act.scope, new_id());
    let number = act
        .session
        .shared
        .database
        .number(scope, PAYMENT_NUMBERS)
        .await?;
    let values: [Value; 12] = [
        link.biz_id.into(),
        id.into(),
        number.as_str().into(),
        link.source.0.as_str().into(),
        link.source.1.into(),
        link.customer_id.into(),
        link.location_id.into(),
        business_date(scope, link.location_id, scope.now())
            .await?
            .into(),
        link.currency.as_str().into(),
        link.amount.into(),
        link.description.clone().into(),
        format!("link {} {id}", link.id).into(),
    ];
    scope.execute(PAYMENT, &values).await?;
    Ok((id, number))
}

fn card(method_ref: Option<String>) -> PaymentTenderInput {
    PaymentTenderInput::of(Choice::<MethodKind>::new("card"), method_ref)
}

fn told(fault: Fault<PaymentProblem>) -> Fault<Problem> {
    match fault {
        Fault::Problem(problem) | Fault::Kept(problem) => {
            let code = match problem.code {
                PaymentProblem::NoProcessor => Problem::NoProcessor,
                _ => Problem::NotAccepted,
            };
            Fault::problem(code, problem.message)
        }
        Fault::Failure(failure) => Fault::Failure(failure),
        Fault::Database(error) => Fault::Database(error),
    }
}

const STANDING: &str = "select i.status::text, i.last_error, \
      (select a.next_action from payments.payment_attempts a join payments.payment_intent_tenders t on t.biz_id = a.biz_id and t.id = a.tender_id \
       where t.biz_id = i.biz_id and t.intent_id = i.id and a.status = 'requires_action' limit 1) \
    from payments.payment_intents i where i.biz_id = $1 and i.id = $2";
const UNUSED: &str = "update payments.payment_links set uses = uses - 1 where biz_id = $1 and id = $2 and status = 'active' and uses > 0";

async fn settled(
    shared: &crate::graph::session::Shared,
    biz_id: Uuid,
    intent_id: Uuid,
    link_id: Uuid,
) -> crate::graph::verb::Followed {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let row = scope
        .query_opt(STANDING, &[biz_id.into(), intent_id.into()])
        .await?;
    let row = row.ok_or_else(|| Failure::internal("a payment that is gone"))?;
    let read = || {
        Ok::<_, tokio_postgres::Error>((
            row.try_get::<_, String>(0)?,
            row.try_get::<_, Option<String>>(1)?,
            row.try_get::<_, Option<serde_json::Value>>(2)?,
        ))
    };
    let (status, error, next_action) = read().map_err(Error::from)?;
    if status == "requires_payment_method" {
        scope
            .execute(UNUSED, &[biz_id.into(), link_id.into()])
            .await?;
    }
    scope.commit().await?;
    let came = PaymentLinkPayment {
        status: status.to_uppercase(),
        next_action: next_action.map(crate::graph::scalars::Json),
        error: error.filter(|_| status == "requires_payment_method"),
    };
    let mut values = serde_json::Map::new();
    values.insert(
        "status".to_owned(),
        serde_json::to_value(came).map_err(Failure::internal)?,
    );
    Ok(values)
}
