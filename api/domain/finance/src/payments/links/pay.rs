//! `paymentLinkPay`.

use async_graphql::{InputObject, SimpleObject};
use sea_orm::Value;
use uuid::Uuid;

use super::super::create::{self, Written, begin};
use super::super::tenders::{self, MethodKind, PaymentProblem, PaymentTenderInput, Whole};
use super::{Link, LinkProblem as Problem, by_token, standing};
use foundation::database::{Error, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Choice;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Pays what a link asks for.
#[derive(InputObject)]
pub struct PaymentLinkPayInput {
    /// The secret of the link.
    pub token: String,
    /// What stands for the card at the processor.
    pub method_ref: Option<String>,
}

const LOCK: &str =
    "select 1 from payments.payment_links l where l.biz_id = $1 and l.id = $2 for no key update";
// What stands is counted with this payment, before it is tried: of two who pay at once one does. A
// payment that is declined, now or later, stands no longer.
const USE: &str = concat!(
    "update payments.payment_links l set uses = ",
    standing!(),
    " + 1 where l.biz_id = $1 and l.id = $2 and l.status = 'active' and coalesce(l.expires_at > $3, true) and ",
    standing!(),
    " < l.max_uses"
);
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
        scope.query_opt(LOCK, &used[..2]).await?;
        if scope.execute(USE, &used).await? == 0 {
            let message = "This link can no longer be paid.";
            return Err(Fault::at(Problem::NotPayable, "token", message));
        }
        let intent_id = new_id();
        let whole = Whole {
            intent_id,
            amount: link.amount,
            currency: link.currency.clone(),
            capture_mode: "automatic".to_owned(),
            location_id: link.location_id,
            customer_id: link.customer_id,
            first_seq: 1,
            may_prefer: false,
        };
        let number = create::write(
            act,
            &whole,
            &link.payment(&format!("link {} {intent_id}", link.id)),
        )
        .await?;
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
    next_action: Option<foundation::graph::scalars::Json>,
    /// Why it was declined.
    error: Option<String>,
}

impl Link {
    /// A payment of it, which carries the link in its key.
    fn payment<'a>(&'a self, key: &'a str) -> Written<'a> {
        Written {
            subject: Some((&self.source.0, self.source.1)),
            status: "requires_confirmation",
            description: self.description.as_deref(),
            statement_descriptor: None,
            key: Some(key),
        }
    }
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
// It is completed once all that it may be paid for is paid.
const SETTLED: &str = concat!(
    "update payments.payment_links l set uses = ",
    standing!(),
    ", status = case when l.max_uses = (select count(*) from payments.payment_intents i \
        where i.biz_id = l.biz_id and i.source_type = l.source_type and i.source_id = l.source_id \
          and i.idempotency_key like 'link ' || l.id || ' %' and i.status = 'succeeded') then 'completed' else l.status end \
    where l.biz_id = $1 and l.id = $2 and l.status = 'active'"
);

async fn settled(
    shared: &foundation::graph::session::Shared,
    biz_id: Uuid,
    intent_id: Uuid,
    link_id: Uuid,
) -> foundation::graph::verb::Followed {
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
    let link = [biz_id.into(), link_id.into()];
    scope.query_opt(LOCK, &link).await?;
    scope.execute(SETTLED, &link).await?;
    scope.commit().await?;
    let came = PaymentLinkPayment {
        status: status.to_uppercase(),
        next_action: next_action.map(foundation::graph::scalars::Json),
        error: error.filter(|_| status == "requires_payment_method"),
    };
    let mut values = serde_json::Map::new();
    values.insert(
        "status".to_owned(),
        serde_json::to_value(came).map_err(Failure::internal)?,
    );
    Ok(values)
}
