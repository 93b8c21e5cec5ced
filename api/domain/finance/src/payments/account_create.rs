//! `processorAccountCreate`, `processorAccountEnable` and `processorAccountDisable`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::ledger::ledger_account;
use entities::payments::{domains, processor_account};
use sea_orm::Value;

use super::processors::{self, Secrets};
use foundation::choices;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "payments.manage_accounts";

choices! {
    /// Who moves the money.
    ProcessorChoice = domains::PROCESSOR;
    /// Whether money is real.
    ModeChoice = domains::PROCESSOR_MODE;
}

/// Connects an account at a processor. Its secrets are sealed, and never shown again. Cash, bank and
/// house accounts are opened by themselves when they are first used.
#[derive(InputObject)]
pub struct ProcessorAccountCreateInput {
    /// What people call it.
    pub name: String,
    /// The processor. Stripe and the sandbox take cards; the others are what staff see to themselves.
    pub processor: Choice<ProcessorChoice>,
    /// Whether it is real money; it is if not given.
    pub mode: Option<Choice<ModeChoice>>,
    /// Its id at the processor, such as `acct_...`; its name if not given.
    pub external_account_id: Option<String>,
    /// The location that uses it; all if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// The country it is in, such as PT.
    pub country: Option<String>,
    /// The currency it is usually used in.
    pub default_currency: Option<String>,
    /// Key of the processor's API.
    pub api_key: Option<String>,
    /// What the processor signs its messages with.
    pub webhook_secret: Option<String>,
    /// What customers read on their statements.
    pub statement_descriptor: Option<String>,
    /// Its account in the books; one of its own is opened if not given.
    pub ledger_account_id: Option<Id<ledger_account::Entity>>,
}

/// An account at a processor.
#[derive(InputObject)]
pub struct ProcessorAccountEnableInput {
    /// The account.
    pub id: Id<processor_account::Entity>,
}

/// Stops an account from taking payments. What it has taken can still be refunded.
#[derive(InputObject)]
pub struct ProcessorAccountDisableInput {
    /// The account.
    pub id: Id<processor_account::Entity>,
    /// Why it is stopped.
    pub reason: String,
}

/// Why an account is not connected, started or stopped.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ProcessorAccountErrorCode")]
pub enum ProcessorAccountProblem {
    /// This program does not speak to that processor yet.
    NotSupported,
    /// The processor needs the key of its API.
    KeyRequired,
    /// The account is connected already.
    AlreadyConnected,
    /// It is in a status that does not allow this.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use ProcessorAccountProblem as Problem;

const PAYLOAD: &[Part] = &[Part::Row(
    "processorAccount",
    "ProcessorAccount",
    "The account, without its secrets.",
)];
const CONSTRAINTS: &[(&str, Problem)] = &[
    (
        "processor_accounts_processor_external_account_id_mode_key",
        Problem::AlreadyConnected,
    ),
    (
        "processor_accounts_status_transition_check",
        Problem::WrongStatus,
    ),
    (
        "processor_accounts_status_reason_check",
        Problem::ReasonRequired,
    ),
];

const INSERT: &str = "insert into payments.processor_accounts (biz_id, id, name, processor, external_account_id, location_id, country, \
      mode, default_currency, statement_descriptor, ledger_account_id, credentials_sealed, credentials_ref, status) \
    values ($1, $2, $3, $4::text, $5, $6, $7::text, $8::text, $9::text, $10, $11, $12::bytea, \
      case when $12::bytea is not null then 'sealed' end, 'active')";

/// The verb that connects.
pub struct ProcessorAccountCreate;

impl Verb for ProcessorAccountCreate {
    type Input = ProcessorAccountCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "processorAccountCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.account_created");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let processor = input.processor.0;
        if processors::of(processor).is_none() {
            let message = format!("This program does not speak to {processor} yet.");
            return Err(Fault::at(Problem::NotSupported, "processor", message));
        }
        if processor == "stripe" && input.api_key.is_none() {
            let message = "Stripe needs the secret key of its API.";
            return Err(Fault::at(Problem::KeyRequired, "apiKey", message));
        }
        let location_id = input.location_id.map(|id| id.uuid());
        if let Some(location_id) = location_id {
            act.permit_at(PERMISSION, location_id, "location")?;
        }
        let sealed = sealed(act, &input)?;
        let id = new_id();
        let usual = if processor == "sandbox" {
            "test"
        } else {
            "live"
        };
        let external = input
            .external_account_id
            .unwrap_or_else(|| input.name.clone());
        let values: [Value; 12] = [
            act.scope.biz_id().into(),
            id.into(),
            input.name.trim().into(),
            processor.into(),
            external.trim().into(),
            location_id.into(),
            input.country.into(),
            input.mode.map_or(usual, |mode| mode.0).into(),
            input.default_currency.into(),
            input.statement_descriptor.into(),
            input.ledger_account_id.map(|id| id.uuid()).into(),
            Value::Bytes(sealed),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("processorAccount", id).detail("processor", processor))
    }
}

fn sealed(
    act: &Act<'_>,
    input: &ProcessorAccountCreateInput,
) -> Result<Option<Vec<u8>>, Fault<Problem>> {
    if input.api_key.is_none() && input.webhook_secret.is_none() {
        return Ok(None);
    }
    let secrets = Secrets {
        api_key: input.api_key.clone(),
        webhook_secret: input.webhook_secret.clone(),
    };
    let text =
        serde_json::to_string(&secrets).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Some(
        act.session.shared.sealer.seal(act.scope.biz_id(), &text)?,
    ))
}

async fn move_to(act: &Act<'_>, id: uuid::Uuid, status: &str) -> Result<Outcome, Fault<Problem>> {
    let sql = "update payments.processor_accounts set status = $3::text \
               where biz_id = $1 and id = $2 and deleted_at is null";
    let values = [act.scope.biz_id().into(), id.into(), status.into()];
    if act.scope.execute(sql, &values).await? == 0 {
        return Err(Fault::not_found("processor account"));
    }
    Ok(Outcome::row("processorAccount", id))
}

/// The verb that starts.
pub struct ProcessorAccountEnable;

impl Verb for ProcessorAccountEnable {
    type Input = ProcessorAccountEnableInput;
    type Problem = Problem;

    const NAME: &'static str = "processorAccountEnable";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.account_enabled");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        move_to(act, input.id.uuid(), "active").await
    }
}

/// The verb that stops.
pub struct ProcessorAccountDisable;

impl Verb for ProcessorAccountDisable {
    type Input = ProcessorAccountDisableInput;
    type Problem = Problem;

    const NAME: &'static str = "processorAccountDisable";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.account_disabled");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(input.reason.trim()).await?;
        move_to(act, input.id.uuid(), "disabled").await
    }
}
