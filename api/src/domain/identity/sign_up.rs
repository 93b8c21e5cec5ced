//! `signUp`.

use async_graphql::{Enum, InputObject};
use sea_orm::Value;
use uuid::Uuid;

use super::provision::{NewBiz, provision};
use super::{sessions, store};
use crate::database::{self, Scope, new_id};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::password::weakness;

/// Makes an account and a business of its own, with its owner, its usual roles and a first
/// location, and signs in.
#[derive(InputObject)]
pub struct SignUpInput {
    /// Your mail address, by which you sign in.
    pub email: String,
    /// A password of 10 to 256 characters.
    pub password: String,
    /// Your name as you write it.
    pub full_name: String,
    /// The name of the business.
    pub biz_name: String,
    /// The short name of the business in addresses and at sign-in: letters, digits and hyphens.
    pub biz_slug: String,
    /// The time zone of its clocks, such as `Europe/Lisbon`.
    pub time_zone: String,
    /// The currency of its prices, such as `EUR`.
    pub currency: String,
}

/// Why nobody was signed up.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SignUpErrorCode")]
pub enum SignUpProblem {
    /// There is already an account with this mail address: sign in instead.
    EmailTaken,
    /// This is no mail address.
    InvalidEmail,
    /// The password is too short, too long, or too easy to guess.
    WeakPassword,
    /// Another business has this short name.
    SlugTaken,
    /// A short name has up to 63 lower-case letters, digits and hyphens, none of them at an end.
    InvalidSlug,
    /// There is no such time zone.
    UnknownTimeZone,
    /// There is no such currency, or it is no longer in use.
    UnknownCurrency,
}

use SignUpProblem as Problem;

/// The verb.
pub struct SignUp;

impl Verb for SignUp {
    type Input = SignUpInput;
    type Problem = Problem;

    const NAME: &'static str = "signUp";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("identity.signed_up");
    const PAYLOAD: &'static [Part] = sessions::SIGNED_IN;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("users_email_normalized_key", Problem::EmailTaken),
        ("users_email_normalized_check", Problem::InvalidEmail),
        ("bizes_slug_key", Problem::SlugTaken),
        ("bizes_slug_check", Problem::InvalidSlug),
        ("bizes_default_timezone_fkey", Problem::UnknownTimeZone),
        ("bizes_default_currency_fkey", Problem::UnknownCurrency),
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("emailNormalized", "email"),
        ("slug", "bizSlug"),
        ("legalName", "bizName"),
        ("displayName", "bizName"),
        ("defaultTimezone", "timeZone"),
        ("defaultCurrency", "currency"),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        identity.attempts.admit(None, address).await?;
        if let Some(why) = weakness(&input.password, &input.email) {
            return Err(Fault::at(Problem::WeakPassword, "password", why));
        }
        let digest = identity.passwords.digest(&input.password).await?;
        let (user_id, biz_id) = (new_id(), new_id());
        act.scope.enter(biz_id, Some(user_id)).await?;
        check_currency(act.scope, &input.currency).await?;
        store::add_user(act.scope, user_id, &input.email, &input.full_name, &digest).await?;
        let new = NewBiz {
            id: biz_id,
            slug: input.biz_slug.trim(),
            legal_name: input.biz_name.trim(),
            display_name: input.biz_name.trim(),
            vertical: "mixed",
            status: "trial",
            currency: &input.currency,
            time_zone: &input.time_zone,
            owner_id: user_id,
        };
        provision(act.scope, &new).await?;
        add_location(act.scope, &new).await?;
        let outcome = sessions::open(act, user_id, biz_id).await?;
        Ok(Outcome {
            subject: Some(("Biz", biz_id)),
            ..outcome
        })
    }
}

/// A currency that has been withdrawn is known, but not to a new business.
async fn check_currency(scope: &Scope, code: &str) -> Result<(), Fault<Problem>> {
    let sql = "select 1 from core.currencies where code = $1::text and is_active";
    if scope.query_opt(sql, &[code.into()]).await?.is_some() {
        return Ok(());
    }
    let text = format!("{code} is no currency in use, such as EUR.");
    Err(Fault::at(Problem::UnknownCurrency, "currency", text))
}

/// Most businesses have one place, and none can work without.
async fn add_location(scope: &Scope, biz: &NewBiz<'_>) -> Result<Uuid, database::Error> {
    let id = new_id();
    let sql = "insert into core.locations (biz_id, id, code, name, kind, timezone, currency) \
               values ($1, $2, 'MAIN', $3, 'branch', $4, $5)";
    let values: [Value; 5] = [
        biz.id.into(),
        id.into(),
        biz.display_name.into(),
        biz.time_zone.into(),
        biz.currency.into(),
    ];
    scope.execute(sql, &values).await?;
    Ok(id)
}
