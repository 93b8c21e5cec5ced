//! `apiKeyRevoke`.

use async_graphql::{Enum, InputObject};
use entities::identity::api_key;

use super::MANAGE_API_KEYS;
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Revokes an API key: it opens nothing any more, and cannot be brought back.
#[derive(InputObject)]
pub struct ApiKeyRevokeInput {
    /// The key.
    pub api_key_id: Id<api_key::Entity>,
}

/// Why the key was not revoked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ApiKeyRevokeErrorCode")]
pub enum ApiKeyRevokeProblem {
    /// The key was revoked before.
    AlreadyRevoked,
}

/// The verb.
pub struct ApiKeyRevoke;

impl Verb for ApiKeyRevoke {
    type Input = ApiKeyRevokeInput;
    type Problem = ApiKeyRevokeProblem;

    const NAME: &'static str = "apiKeyRevoke";
    const PERMISSION: Permission = Permission::Holds(MANAGE_API_KEYS);
    const EVENT: Option<&'static str> = Some("identity.api_key_revoked");
    const PAYLOAD: &'static [Part] = &[Part::Row("apiKey", "ApiKey", "The key as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<ApiKeyRevokeProblem>> {
        let (biz, id) = (act.scope.biz_id(), input.api_key_id.uuid());
        let sql = "select status = 'revoked' from identity.api_keys \
                   where biz_id = $1 and id = $2 for update";
        let row = act.scope.query_opt(sql, &[biz.into(), id.into()]).await?;
        let row = row.ok_or_else(|| Fault::not_found("API key"))?;
        if row.try_get(0)? {
            let text = "This key was revoked before.";
            return Err(Fault::at(
                ApiKeyRevokeProblem::AlreadyRevoked,
                "apiKeyId",
                text,
            ));
        }
        let sql = "update identity.api_keys set status = 'revoked' where biz_id = $1 and id = $2";
        act.scope.execute(sql, &[biz.into(), id.into()]).await?;
        Ok(Outcome {
            forget: Some(Forget::Biz(biz)),
            ..Outcome::row("apiKey", id)
        })
    }
}
