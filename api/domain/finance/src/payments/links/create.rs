//! `paymentLinkCreate`.

use async_graphql::InputObject;
use entities::core::location;
use entities::crm::customer;
use sea_orm::Value;
use uuid::Uuid;

use super::super::source::PaymentSourceInput;
use super::asked::{asked_for, is_address};
use super::{LinkProblem as Problem, PERMISSION, PLACE, secret};
use crate::billing::print::forms::amount;
use crate::notifications::message::{self, NewMessage};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::exponent;

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
    /// Mails it to the customer: the address of your page on which links are paid, in which `{token}`
    /// becomes the secret, such as `https://pay.example/{token}`. It is not mailed if not given.
    pub mailed_as: Option<String>,
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
        let location_id = input.location_id.map(|id| id.uuid());
        let source = asked_for(act, input.source, &input.amount, location_id).await?;
        let location_id = source.location_id;
        let expires_at = input.expires_at.map(|at| at.0);
        if expires_at.is_some_and(|at| at <= act.scope.now()) {
            let message = "It would have expired already.";
            return Err(Fault::at(Problem::ExpiresInPast, "expiresAt", message));
        }
        let page = page(input.mailed_as)?;
        let customer_id = input.customer_id.map(|id| id.uuid()).or(source.customer_id);
        let (currency, description) = (input.amount.currency, input.description);
        let id = new_id();
        let secret = secret(&act.session.shared.sealer, act.scope.biz_id(), id);
        let values: [Value; 12] = [
            act.scope.biz_id().into(),
            id.into(),
            source.subject.0.into(),
            source.subject.1.into(),
            customer_id.into(),
            location_id.into(),
            description.clone().into(),
            input.amount.minor.into(),
            currency.as_str().into(),
            secret.digest.clone().into(),
            expires_at.into(),
            input.max_uses.unwrap_or(1).into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        if let Some(page) = page {
            let letter = Letter {
                customer_id,
                location_id,
                description,
                asked: format!(
                    "{} {currency}",
                    amount(input.amount.minor, exponent(&currency))
                ),
                // The secret itself is put in when the mail is carried.
                address: page,
            };
            letter.send(act, id).await?;
        }
        Ok(Outcome::row("paymentLink", id).and_value("token", secret.text))
    }
}

/// The address of a page that takes the secret of a link.
fn page(mailed_as: Option<String>) -> Result<Option<String>, Fault<Problem>> {
    let Some(page) = mailed_as else {
        return Ok(None);
    };
    if is_address(&page) && page.contains(PLACE) {
        return Ok(Some(page));
    }
    let message = "An address begins with https:// and has {token} where the secret belongs.";
    Err(Fault::at(Problem::WrongPage, "mailedAs", message))
}

/// The mail that brings a link to the customer.
struct Letter {
    customer_id: Option<Uuid>,
    location_id: Option<Uuid>,
    description: Option<String>,
    asked: String,
    address: String,
}

impl Letter {
    async fn send(self, act: &Act<'_>, id: Uuid) -> Result<(), Fault<Problem>> {
        let customer_id = self.customer_id.ok_or_else(|| {
            let message = "Nobody is known who could get it: name the customer.";
            Fault::at(Problem::NoCustomer, "customerId", message)
        })?;
        let what = self
            .description
            .map_or_else(String::new, |what| format!("{what}: "));
        let mail = NewMessage {
            customer_id,
            channel: "email",
            subject: ("PaymentLink", id),
            title: format!("Payment of {}", self.asked),
            location_id: self.location_id,
            text: format!("{what}{} can be paid here: {}", self.asked, self.address),
        };
        message::write(act.scope, mail).await?;
        Ok(())
    }
}
