//! `paymentMethodSetup`, `paymentMethodSetupCheck`, `paymentMethodMakeDefault` and
//! `paymentMethodDetach`: ways to pay that customers leave for later.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::crm::customer;
use entities::payments::{domains, payment_method, processor_account, setup_intent};
use sea_orm::Value;
use uuid::Uuid;

use super::methods::{Wish, follow_up, lock, make_default};
use super::{accounts, processors};
use foundation::choices;
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: Permission = Permission::Holds("payments.method");

choices! {
    /// What a way to pay is kept for.
    SetupUsage = domains::SETUP_USAGE;
}

/// Keeps a card for a customer at the processor, to be charged later: by name of a token, never its
/// number. Where the bank wants to see the customer first, `nextAction` says how, and
/// `paymentMethodSetupCheck` asks again.
#[derive(InputObject)]
pub struct PaymentMethodSetupInput {
    /// Whose it is.
    pub customer_id: Id<customer::Entity>,
    /// What stands for the card: a payment method of Stripe (`pm_...`), or a card of the sandbox.
    pub method_ref: String,
    /// The account at the processor; the one that takes cards at the location if not given.
    pub processor_account_id: Option<Id<processor_account::Entity>>,
    /// Where the customer is.
    pub location_id: Option<Id<location::Entity>>,
    /// What it is kept for; to be charged while the customer is not there if not given.
    pub usage: Option<Choice<SetupUsage>>,
    /// What the customer calls it; never a number.
    pub label: Option<String>,
    /// Whether it becomes the one that is used where the customer does not choose.
    pub make_default: Option<bool>,
}

/// Asks the processor how the set-up of a way to pay stands, once the customer has done what was asked.
#[derive(InputObject)]
pub struct PaymentMethodSetupCheckInput {
    /// The set-up.
    pub id: Id<setup_intent::Entity>,
    /// Whether what comes of it becomes the one that is used where the customer does not choose.
    pub make_default: Option<bool>,
}

/// Makes a way to pay the one that is used where its customer does not choose.
#[derive(InputObject)]
pub struct PaymentMethodMakeDefaultInput {
    /// The way to pay.
    pub id: Id<payment_method::Entity>,
}

/// Takes a way to pay away: it is charged no more, and the processor forgets it.
#[derive(InputObject)]
pub struct PaymentMethodDetachInput {
    /// The way to pay.
    pub id: Id<payment_method::Entity>,
}

/// Why a way to pay is not kept or changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentMethodErrorCode")]
pub enum PaymentMethodProblem {
    /// No processor takes cards here: make an account first.
    NoProcessor,
    /// The account at the processor takes no payments now.
    AccountDisabled,
    /// It must be a token of the processor, never the number of a card.
    WrongMethod,
    /// It has expired or was taken away, or the set-up is done.
    WrongStatus,
}

use PaymentMethodProblem as Problem;

const SETUP: &[Part] = &[
    Part::Row("setupIntent", "SetupIntent", "The set-up as it now is."),
    Part::Value(
        "nextAction",
        "JSON",
        "What the customer has to do first; null where nothing is left to do.",
    ),
];
const METHOD: &[Part] = &[Part::Row(
    "paymentMethod",
    "PaymentMethod",
    "The way to pay as it now is.",
)];

/// Whether a name may be the number of a card.
fn is_number(name: &str) -> bool {
    let digits: String = name
        .chars()
        .filter(|one| !matches!(one, ' ' | '-'))
        .collect();
    digits.len() >= 12 && digits.chars().all(|one| one.is_ascii_digit())
}

/// The verb that keeps.
pub struct PaymentMethodSetup;

const INSERT: &str = "insert into payments.setup_intents (biz_id, id, customer_id, processor_account_id, usage, status) \
    values ($1, $2, $3, $4, $5::text, 'requires_confirmation')";

impl Verb for PaymentMethodSetup {
    type Input = PaymentMethodSetupInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentMethodSetup";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payment_method.setup_begun");
    const PAYLOAD: &'static [Part] = SETUP;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let method_ref = input.method_ref.trim().to_owned();
        if method_ref.is_empty() || method_ref.len() > 200 || is_number(&method_ref) {
            let message =
                "A way to pay is named by a token of the processor, never by the number of a card.";
            return Err(Fault::at(Problem::WrongMethod, "methodRef", message));
        }
        let location_id = input.location_id.map(|id| id.uuid());
        let named = input.processor_account_id.map(|id| id.uuid());
        let chosen = accounts::choose(act.scope, named, location_id).await?;
        let of = "processorAccountId";
        let (account, is_active) = chosen.ok_or_else(|| match named {
            Some(_) => Fault::not_found("processor account"),
            None => Fault::at(Problem::NoProcessor, of, accounts::NONE_FOR_CARDS),
        })?;
        if !is_active {
            let message = "This account takes no payments now.";
            return Err(Fault::at(Problem::AccountDisabled, of, message));
        }
        let id = new_id();
        let values: [Value; 5] = [
            act.scope.biz_id().into(),
            id.into(),
            input.customer_id.uuid().into(),
            account.id.into(),
            input.usage.map_or("off_session", |usage| usage.0).into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        let wish = Wish {
            method_ref: Some(method_ref),
            label: input.label,
            is_default: input.make_default.unwrap_or_default(),
        };
        Ok(asked(act, id, wish))
    }
}

/// The outcome of a set-up whose processor is asked once this is committed.
fn asked(act: &Act<'_>, id: Uuid, wish: Wish) -> Outcome {
    let (biz_id, user_id) = (act.scope.biz_id(), act.scope.user_id());
    Outcome::row("setupIntent", id)
        .and_value("nextAction", serde_json::Value::Null)
        .then(move |shared| follow_up(shared, biz_id, user_id, id, wish))
}

/// The verb that asks again.
pub struct PaymentMethodSetupCheck;

impl Verb for PaymentMethodSetupCheck {
    type Input = PaymentMethodSetupCheckInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentMethodSetupCheck";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = None;
    const PAYLOAD: &'static [Part] = SETUP;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let setup = lock(act.scope, input.id.uuid()).await?;
        let setup = setup.ok_or_else(|| Fault::not_found("set-up"))?;
        if !setup.is_open() || setup.external_id.is_none() {
            let message = format!("The set-up is {}.", setup.status.replace('_', " "));
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let wish = Wish {
            method_ref: None,
            label: None,
            is_default: input.make_default.unwrap_or_default(),
        };
        Ok(asked(act, setup.id, wish))
    }
}

const LOCK: &str = "select m.customer_id, m.status::text, m.processor_account_id, m.external_id \
    from payments.payment_methods m where m.biz_id = $1 and m.id = $2 and m.deleted_at is null for no key update";

#[expect(
    clippy::struct_field_names,
    reason = "they are called as the columns are"
)]
struct Method {
    customer_id: Uuid,
    account_id: Option<Uuid>,
    external_id: Option<String>,
}

/// Locks a way to pay that is in one of these statuses.
async fn locked(act: &Act<'_>, id: Uuid, statuses: &[&str]) -> Result<Method, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("way to pay"))?;
    let status: &str = row.try_get(1)?;
    if !statuses.contains(&status) {
        let message = format!("The way to pay is {status}.");
        return Err(Fault::at(Problem::WrongStatus, "id", message));
    }
    Ok(Method {
        customer_id: row.try_get(0)?,
        account_id: row.try_get(2)?,
        external_id: row.try_get(3)?,
    })
}

/// The verb that prefers.
pub struct PaymentMethodMakeDefault;

impl Verb for PaymentMethodMakeDefault {
    type Input = PaymentMethodMakeDefaultInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentMethodMakeDefault";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payment_method.preferred");
    const PAYLOAD: &'static [Part] = METHOD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let method = locked(act, id, &["active"]).await?;
        make_default(act.scope, method.customer_id, id).await?;
        Ok(Outcome::row("paymentMethod", id))
    }
}

/// The verb that takes away.
pub struct PaymentMethodDetach;

impl Verb for PaymentMethodDetach {
    type Input = PaymentMethodDetachInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentMethodDetach";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("payment_method.detached");
    const PAYLOAD: &'static [Part] = METHOD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let method = locked(act, id, &["active", "expired"]).await?;
        let sql = "update payments.payment_methods set status = 'revoked', is_default = false \
                   where biz_id = $1 and id = $2";
        let biz_id = act.scope.biz_id();
        act.scope.execute(sql, &[biz_id.into(), id.into()]).await?;
        let outcome = Outcome::row("paymentMethod", id);
        let (Some(account_id), Some(external_id)) = (method.account_id, method.external_id) else {
            return Ok(outcome);
        };
        let found = accounts::find(act.scope, account_id).await?;
        let Some((account, _)) = found else {
            return Ok(outcome);
        };
        Ok(outcome.then(move |shared| async move {
            let asking = account.asking(&shared, biz_id)?;
            if let Some(processor) = processors::of(&account.processor) {
                // Whether it is forgotten there or not: it is not used here any more.
                if let Err(unknown) = processor.forget(&asking, &external_id).await {
                    tracing::warn!(method_id = %id, why = unknown.0, "a way to pay may still be kept");
                }
            }
            Ok::<_, Failure>(serde_json::Map::new())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_card_is_no_token() {
        assert!(is_number("4242 4242-4242 4242"));
        assert!(!is_number("pm_1234567890123456"));
        assert!(!is_number("1234"));
    }
}
