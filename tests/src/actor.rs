//! Typed callers: an owner, staff, another tenant, an API key.

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use bizing::graph::type_id;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::{Answer, Client};
use crate::world::World;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody who is signed in; calls the server as its [`Client`] does.
#[derive(Clone, Debug)]
pub struct Actor {
    client: Client,
    /// The tenant.
    pub biz_id: Uuid,
    /// The tenant's short name.
    pub slug: String,
    /// Who it is.
    pub user_id: Uuid,
    /// By which address they sign in.
    pub email: String,
    /// What the next access token is had for.
    pub refresh_token: String,
}

impl Deref for Actor {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// What of a payload tells who somebody has become.
pub const SESSION: &str = "accessToken refreshToken expiresAt user { id } biz { id slug }";

/// The UUID behind a TypeID.
pub fn uuid(id: &Value) -> anyhow::Result<Uuid> {
    let text = id.as_str().with_context(|| format!("{id} is no id"))?;
    let (_, id) = type_id::parse(text).with_context(|| format!("{text} is no id"))?;
    Ok(id)
}

/// A number that no other test of this program has.
pub fn unique() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

impl Actor {
    /// Who somebody is by the payload of a verb that signs in.
    pub fn of(anonymous: &Client, payload: &Value, email: &str) -> anyhow::Result<Self> {
        let text = |name: &str| {
            let text = payload[name].as_str().map(str::to_owned);
            text.with_context(|| format!("{name} of {payload}"))
        };
        Ok(Self {
            client: anonymous.with_token(text("accessToken")?),
            biz_id: uuid(&payload["biz"]["id"])?,
            slug: payload["biz"]["slug"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            user_id: uuid(&payload["user"]["id"])?,
            email: email.to_owned(),
            refresh_token: text("refreshToken")?,
        })
    }
}

/// What [`sign_up`](World::sign_up) sends, for a tenant of this name.
pub fn sign_up_input(slug: &str) -> Value {
    json!({
        "email": format!("owner@{slug}.example"),
        "password": PASSWORD,
        "fullName": "Olga Owner",
        "bizName": format!("House {slug}"),
        "bizSlug": slug,
        "timeZone": "Europe/Lisbon",
        "currency": "EUR",
    })
}

impl World {
    /// The owner of a new tenant.
    pub async fn owner(&self) -> anyhow::Result<Actor> {
        self.owner_of(&format!("house{}", unique())).await
    }

    /// The owner of a new tenant of this short name.
    pub async fn owner_of(&self, slug: &str) -> anyhow::Result<Actor> {
        let input = sign_up_input(slug);
        let payload = self
            .anonymous()
            .act("signUp", input.clone(), SESSION)
            .await?;
        let email = input["email"].as_str().unwrap_or_default();
        Actor::of(&self.anonymous(), &payload, email)
    }

    /// Signs in, whatever comes back.
    pub async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<Answer> {
        let input = json!({ "email": email, "password": password });
        self.anonymous().verb("signIn", input, SESSION).await
    }

    /// The same person with new tokens: those of before have ended when the clock was moved.
    pub async fn again(&self, actor: &Actor) -> anyhow::Result<Actor> {
        let input = json!({ "email": actor.email, "password": PASSWORD, "bizSlug": actor.slug });
        let anonymous = self.anonymous();
        let payload = anonymous.act("signIn", input, SESSION).await?;
        Actor::of(&anonymous, &payload, &actor.email)
    }

    /// The token by which somebody joins an owner's staff: with a role, at these locations or (if
    /// none) at all.
    pub async fn invite(
        &self,
        by: &Actor,
        email: &str,
        role: &str,
        locations: &[&str],
    ) -> anyhow::Result<String> {
        let input = json!({ "email": email, "roleCode": role, "locationIds": locations });
        let invited = by.act("memberInvite", input, "token").await?;
        let token = invited["token"].as_str();
        Ok(token.context("an invitation without a token")?.to_owned())
    }

    /// Somebody of an owner's staff: with a role, at these locations or (if none) at all.
    pub async fn staff(
        &self,
        owner: &Actor,
        role: &str,
        locations: &[&str],
    ) -> anyhow::Result<Actor> {
        let name = role.replace('_', ".");
        let email = format!("{name}{}@{}.example", unique(), owner.slug);
        let token = self.invite(owner, &email, role, locations).await?;
        let input =
            json!({ "token": token, "password": PASSWORD, "fullName": format!("Stefan {role}") });
        let anonymous = self.anonymous();
        let payload = anonymous.act("invitationAccept", input, SESSION).await?;
        Actor::of(&anonymous, &payload, &email)
    }

    /// A program of an owner, that may read what its key permits.
    pub async fn api_key(&self, owner: &Actor, scopes: &[&str]) -> anyhow::Result<Client> {
        let input = json!({ "name": format!("key {}", unique()), "scopes": scopes });
        let made = owner.act("apiKeyCreate", input, "secret").await?;
        let secret = made["secret"].as_str().context("a key without a secret")?;
        Ok(self.anonymous().with_token(secret))
    }
}

/// The id of a role of the tenant.
pub async fn role_id(owner: &Actor, code: &str) -> anyhow::Result<String> {
    let query = "query($code: String!) { roles(filter: {code: {eq: $code}}) { nodes { id } } }";
    let answer = owner
        .graphql(query, json!({ "code": code }))
        .await?
        .must()?;
    answer.get("/roles/nodes/0/id")
}
