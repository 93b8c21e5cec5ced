//! `apiKeyCreate`.

use async_graphql::{Enum, InputObject};
use sea_orm::Value;
use sea_orm::prelude::DateTimeUtc;

use super::{MANAGE_API_KEYS, store};
use crate::database::{self, Scope, new_id};
use crate::graph::scalars::Instant;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::network::Network;
use crate::identity::permissions::is_reading;
use crate::identity::token::ApiKey;
use crate::identity::{Principal, Reach};

/// Makes an API key, by which a program such as a BI tool reads this tenant's data. The key is shown
/// once, and changes nothing, ever.
#[derive(InputObject)]
pub struct ApiKeyCreateInput {
    /// What it is for, such as Power BI.
    pub name: String,
    /// The codes of the permissions that it gives, such as `booking.read`; all that you may read
    /// yourself, if not given.
    pub scopes: Option<Vec<String>>,
    /// After this it opens nothing; not given, it does not expire.
    pub expires_at: Option<Instant>,
    /// The networks it may be used from, such as `203.0.113.0/24`; any, if not given.
    pub ip_allow: Option<Vec<String>>,
}

/// Why no key was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ApiKeyCreateErrorCode")]
pub enum ApiKeyCreateProblem {
    /// There is no such permission.
    UnknownPermission,
    /// A key reads: its permissions end in `.read`.
    NotReadOnly,
    /// The key would permit more than you may do yourself, everywhere.
    BeyondOwnPermissions,
    /// The key would have expired already.
    ExpiresInPast,
    /// This is no network, such as `203.0.113.0/24`.
    InvalidNetwork,
}

use ApiKeyCreateProblem as Problem;

/// The verb.
pub struct ApiKeyCreate;

impl Verb for ApiKeyCreate {
    type Input = ApiKeyCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "apiKeyCreate";
    const PERMISSION: Permission = Permission::Holds(MANAGE_API_KEYS);
    const EVENT: Option<&'static str> = Some("identity.api_key_created");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("apiKey", "ApiKey", "The key, without its secret."),
        Part::Secret(
            "secret",
            "String",
            "The key itself, to be sent as `Authorization: Bearer bzk_...`. It is shown only now.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let expires_at = input.expires_at.map(|instant| instant.0);
        if expires_at.is_some_and(|instant| instant <= act.scope.now()) {
            let text = "The key would have expired already.";
            return Err(Fault::at(Problem::ExpiresInPast, "expiresAt", text));
        }
        let networks = input.ip_allow.unwrap_or_default();
        if let Some(wrong) = networks.iter().find(|text| Network::parse(text).is_none()) {
            let text = format!("{wrong} is no network, such as 203.0.113.0/24.");
            return Err(Fault::at(Problem::InvalidNetwork, "ipAllow", text));
        }
        let permissions = match input.scopes {
            Some(wanted) => permitted(act, wanted).await?,
            None => readable(act.principal()?),
        };
        let (id, key) = (new_id(), ApiKey::random()?);
        let name = input.name.trim();
        write(
            act.scope,
            id,
            name,
            &key,
            &permissions,
            networks,
            expires_at,
        )
        .await?;
        let outcome = Outcome::row("apiKey", id).and_value("secret", key.secret.text);
        Ok(outcome.detail("permissions", permissions))
    }
}

/// All that the principal may read everywhere.
fn readable(principal: &Principal) -> Vec<String> {
    let held = principal.permissions().into_iter();
    held.filter(|code| is_reading(code) && principal.reach(code) == Reach::All)
        .map(str::to_owned)
        .collect()
}

/// The permissions asked for, where a key can have them and its maker may give them.
async fn permitted(act: &Act<'_>, mut wanted: Vec<String>) -> Result<Vec<String>, Fault<Problem>> {
    wanted.sort_unstable();
    wanted.dedup();
    let field = "scopes";
    let sql = "select c from unnest($1::text[]) as c \
               where not exists (select 1 from identity.permissions p where p.code = c) limit 1";
    if let Some(row) = act.scope.query_opt(sql, &[wanted.clone().into()]).await? {
        let code: String = row.try_get(0)?;
        let text = format!("There is no permission {code}.");
        return Err(Fault::at(Problem::UnknownPermission, field, text));
    }
    if let Some(code) = wanted.iter().find(|code| !is_reading(code)) {
        let text = format!("A key only reads: {code} is not for it.");
        return Err(Fault::at(Problem::NotReadOnly, field, text));
    }
    let given = store::everywhere(wanted.iter().cloned());
    store::within_own(act, &given, Problem::BeyondOwnPermissions)?;
    Ok(wanted)
}

async fn write(
    scope: &Scope,
    id: uuid::Uuid,
    name: &str,
    key: &ApiKey,
    permissions: &[String],
    networks: Vec<String>,
    expires_at: Option<DateTimeUtc>,
) -> Result<(), database::Error> {
    let sql = "insert into identity.api_keys \
        (biz_id, id, name, key_prefix, key_hash, scopes, ip_allow, expires_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values: [Value; 8] = [
        scope.biz_id().into(),
        id.into(),
        name.into(),
        key.prefix.as_str().into(),
        key.secret.digest.clone().into(),
        permissions.to_vec().into(),
        networks.into(),
        Value::ChronoDateTimeUtc(expires_at),
    ];
    scope.execute(sql, &values).await.map(drop)
}
