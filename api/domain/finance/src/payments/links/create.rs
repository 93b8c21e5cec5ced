//! `paymentLinkCreate`.

use async_graphql::InputObject;
use entities::core::location;
use entities::crm::customer;
use sea_orm::Value;

use super::super::source::{PaymentSourceInput, find};
use super::{LinkProblem as Problem, PERMISSION};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::Secret;

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
