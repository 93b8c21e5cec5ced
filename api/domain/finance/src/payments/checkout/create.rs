//! `checkoutSessionCreate`.

use async_graphql::InputObject;
use chrono::{DateTime, TimeDelta, Utc};
use entities::payments::processor_account;
use sea_orm::Value;
use uuid::Uuid;

use super::super::accounts::{self, Account};
use super::super::links::{LinkProblem as Problem, PERMISSION, asked_for, is_address};
use super::super::processors;
use super::super::source::PaymentSourceInput;
use super::PAGE;
use super::ask::{Wanted, open};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// How soon a page may close: processors take no earlier time, and some no later one.
const SOONEST: TimeDelta = TimeDelta::minutes(30);
const LATEST: TimeDelta = TimeDelta::hours(24);
const USUAL: TimeDelta = TimeDelta::hours(12);

/// Makes a page at the processor on which the customer pays; its address is the session's `url`. What
/// is paid there becomes a payment by itself.
#[derive(InputObject)]
pub struct CheckoutSessionCreateInput {
    /// What is paid for.
    pub source: PaymentSourceInput,
    /// How much is asked for.
    pub amount: MoneyInput,
    /// Where the customer goes once it is paid, such as `https://shop.example/thanks`.
    pub success_url: String,
    /// Where the customer goes who does not pay.
    pub cancel_url: String,
    /// What the customer reads on the page.
    pub description: Option<String>,
    /// The account at the processor; the one that takes cards there if not given.
    pub processor_account_id: Option<Id<processor_account::Entity>>,
    /// When the page closes, in 30 minutes to 24 hours; in 12 hours if not given.
    pub expires_at: Option<Instant>,
}

const INSERT: &str = "insert into payments.checkout_sessions (biz_id, id, source_type, source_id, processor_account_id, amount_minor, \
      currency, expires_at) \
    values ($1, $2, $3, $4, $5, $6, $7::text, $8)";

/// The verb that makes.
pub struct CheckoutSessionCreate;

impl Verb for CheckoutSessionCreate {
    type Input = CheckoutSessionCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "checkoutSessionCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.checkout_created");
    const PAYLOAD: &'static [Part] = &[
        PAGE,
        Part::Value(
            "refusal",
            "String",
            "Why the processor makes no such page; null where it does.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let source = asked_for(act, input.source, &input.amount, None).await?;
        check_address(&input.success_url, "successUrl")?;
        check_address(&input.cancel_url, "cancelUrl")?;
        let now = act.scope.now();
        let expires_at = expiry(now, input.expires_at.map(|at| at.0))?;
        let named = input.processor_account_id.map(|id| id.uuid());
        let account = account(act, named, source.location_id).await?;
        let MoneyInput { minor, currency } = input.amount;
        let wire = account.wire(act.scope, &currency).await?;
        if wire.write(minor).is_none() {
            let message = format!("{} does not take such an amount.", account.processor);
            return Err(Fault::at(Problem::NotAccepted, "amount", message));
        }
        let (biz_id, id) = (act.scope.biz_id(), new_id());
        let values: [Value; 8] = [
            biz_id.into(),
            id.into(),
            source.subject.0.into(),
            source.subject.1.into(),
            account.id.into(),
            minor.into(),
            currency.as_str().into(),
            expires_at.into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        let wanted = Wanted {
            description: input.description.unwrap_or_else(|| "Payment".to_owned()),
            success_url: input.success_url,
            cancel_url: input.cancel_url,
        };
        let outcome = Outcome::row("checkoutSession", id)
            .and_value("refusal", serde_json::Value::Null)
            .detail("amount_minor", minor)
            .detail("currency", currency);
        Ok(outcome.then(move |shared| open(shared, biz_id, id, wanted)))
    }
}

fn check_address(address: &str, field: &str) -> Result<(), Fault<Problem>> {
    if is_address(address) {
        return Ok(());
    }
    let message = "An address begins with https:// and has at most 1,000 characters.";
    Err(Fault::at(Problem::WrongPage, field, message))
}

fn expiry(
    now: DateTime<Utc>,
    wanted: Option<DateTime<Utc>>,
) -> Result<DateTime<Utc>, Fault<Problem>> {
    let at = wanted.unwrap_or(now + USUAL);
    if (now + SOONEST..=now + LATEST).contains(&at) {
        return Ok(at);
    }
    let message = "A page closes in 30 minutes to 24 hours.";
    Err(Fault::at(Problem::WrongExpiry, "expiresAt", message))
}

/// The account that has the page: the one that is named, or the one that takes cards there.
async fn account(
    act: &Act<'_>,
    named: Option<Uuid>,
    location_id: Option<Uuid>,
) -> Result<Account, Fault<Problem>> {
    let of = "processorAccountId";
    let chosen = accounts::choose(act.scope, named, location_id).await?;
    let (account, is_active) = chosen.ok_or_else(|| match named {
        Some(_) => Fault::not_found("processor account"),
        None => Fault::at(Problem::NoProcessor, of, accounts::NONE_FOR_CARDS),
    })?;
    if !is_active {
        let message = "This account takes no payments now.";
        return Err(Fault::at(Problem::NotAccepted, of, message));
    }
    if processors::of(&account.processor).is_some_and(processors::Processor::has_pages) {
        return Ok(account);
    }
    let message = format!(
        "{} has no page on which a customer could pay: name an account of another processor.",
        account.processor
    );
    Err(Fault::at(Problem::NoPage, of, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_closes_within_a_day() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let of = |minutes| expiry(now, Some(now + TimeDelta::minutes(minutes))).is_ok();
        assert_eq!([29, 30, 1_440, 1_441].map(of), [false, true, true, false]);
        assert!(expiry(now, None).is_ok_and(|at| at == now + USUAL));
    }
}
