//! The product as it is served, and how to sign in to it.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use axum::Router;
use bizing::app::{App, Keys, Outside};
use bizing::config::SigningKey;
use bizing::database::Database;
use bizing::graph::type_id;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::load::{Connection, post};

/// Signs the tokens of all servers under test.
const SECRET: &[u8] = b"a secret that guards nothing but a benchmark";
/// Opens all tenants.
const PASSWORD: &str = "forty two horses on one stack";

/// The product's paths.
pub async fn router(database: Database) -> anyhow::Result<Router> {
    let keys = Keys {
        signing: SigningKey::Secret(SECRET.to_vec()),
        data: SECRET.to_vec(),
    };
    Ok(App::new(database, keys, &Outside::default(), false)
        .await?
        .router())
}

/// A tenant that is signed in to, with all permissions.
#[derive(Clone, Debug)]
pub struct Access {
    pub biz: Uuid,
    pub token: String,
}

const SIGN_IN: &str = "mutation($input: SignInInput!) { answer: signIn(input: $input) \
    { accessToken biz { id } userErrors { message } } }";
const SIGN_UP: &str = "mutation($input: SignUpInput!) { answer: signUp(input: $input) \
    { accessToken biz { id } userErrors { message } } }";

impl Access {
    /// Signs in to the tenant of this number, if it exists.
    pub async fn sign_in(address: SocketAddr, number: usize) -> anyhow::Result<Option<Self>> {
        let input = json!({"email": format!("owner{number}@bench.example"), "password": PASSWORD});
        Self::from(&ask(address, SIGN_IN, input).await?)
    }

    /// Signs in to the tenant of this number, or makes it.
    pub async fn obtain(address: SocketAddr, number: usize) -> anyhow::Result<Self> {
        if let Some(access) = Self::sign_in(address, number).await? {
            return Ok(access);
        }
        let input = json!({
            "email": format!("owner{number}@bench.example"),
            "password": PASSWORD,
            "fullName": format!("Owner {number}"),
            "bizName": format!("Bench {number}"),
            "bizSlug": format!("bench-{number}"),
            "timeZone": "Europe/Lisbon",
            "currency": "EUR",
        });
        let answer = ask(address, SIGN_UP, input).await?;
        let access = Self::from(&answer)?;
        access.with_context(|| format!("tenant {number} cannot be made: {answer}"))
    }

    fn from(answer: &Value) -> anyhow::Result<Option<Self>> {
        let (Some(token), Some(biz)) =
            (answer["accessToken"].as_str(), answer["biz"]["id"].as_str())
        else {
            return Ok(None);
        };
        let (_, biz) = type_id::parse(biz).context("a tenant without an id")?;
        Ok(Some(Self {
            biz,
            token: token.to_owned(),
        }))
    }
}

async fn ask(address: SocketAddr, query: &str, input: Value) -> anyhow::Result<Value> {
    let request = post(
        None,
        &json!({"query": query, "variables": {"input": input}}),
    );
    let body = Connection::open(address).await?.ask(&request).await?;
    let mut body: Value = serde_json::from_slice(&body)?;
    if let Some(errors) = body.get("errors") {
        bail!("{errors}");
    }
    Ok(body["data"]["answer"].take())
}
