//! GraphQL over HTTP, and answers that say what was wrong with them.

use anyhow::{Context as _, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::actor::unique;
use crate::replay;

/// Calls a server, as whoever its token says.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status of the response.
    pub status: u16,
    /// Its body: `data`, `errors`, `extensions`.
    pub body: Value,
    /// Its body as it came, in the server's own order.
    pub text: String,
}

impl Client {
    /// A caller without a token.
    pub fn anonymous(http: reqwest::Client, url: impl Into<String>) -> Self {
        Self {
            http,
            url: url.into(),
            token: None,
        }
    }

    /// The same server, called with a token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..self.clone()
        }
    }

    /// The token, where there is one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Where the server is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A plain GET of another path of the server.
    pub async fn get(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let response = self.http.get(format!("{}{path}", self.url)).send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }

    /// A GET of a path of the server with the token: the status, and the first four bytes of what came.
    pub async fn get_bytes(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let (status, bytes) = self.get_file(path).await?;
        let start = bytes.iter().take(4).map(|byte| char::from(*byte)).collect();
        Ok((status, start))
    }

    /// A file at another path of the server.
    pub async fn get_file(&self, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let mut request = self.http.get(format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        Ok((status, response.bytes().await?.to_vec()))
    }

    /// A plain POST to another path of the server.
    pub async fn post_to(
        &self,
        path: &str,
        body: String,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<(u16, String)> {
        let mut request = self.http.post(format!("{}{path}", self.url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }

    /// Sends a document with its variables, whatever comes back.
    pub async fn graphql(&self, query: &str, variables: Value) -> anyhow::Result<Answer> {
        self.post(json!({ "query": query, "variables": variables }), &[])
            .await
    }

    /// Sends a body with headers besides the token's, whatever comes back.
    pub async fn post(&self, body: Value, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let mut request = self.http.post(format!("{}/graphql", self.url)).json(&body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        let body = serde_json::from_str(&text)
            .with_context(|| format!("status {status}, and no JSON: {text}"))?;
        Ok(Answer { status, body, text })
    }

    /// Sends a document without variables, whatever comes back.
    pub async fn ask(&self, query: &str) -> anyhow::Result<Answer> {
        self.graphql(query, json!({})).await
    }

    /// The data of a query that must succeed.
    pub async fn read(&self, query: &str) -> anyhow::Result<Value> {
        let answer = self.ask(query).await?.must()?;
        Ok(answer.body["data"].clone())
    }

    /// Uses a verb, whatever comes back. `selection` is what to select of its payload besides
    /// `userErrors`, `eventCursor` and `replayed`; the payload stands at `/data/verb`.
    pub async fn verb(&self, name: &str, input: Value, selection: &str) -> anyhow::Result<Answer> {
        let document = document(name, selection);
        if !replay::is_wanted(name, &input) {
            return self.graphql(&document, json!({ "input": input })).await;
        }
        let mut input = input;
        input["idempotencyKey"] = json!(format!("twice{}", unique()));
        let variables = json!({ "input": input });
        let first = self.graphql(&document, variables.clone()).await?;
        if first.errors().is_empty() && first.user_errors().is_empty() {
            let second = self.graphql(&document, variables).await?;
            replay::must_repeat(name, &first, &second)?;
        }
        Ok(first)
    }

    /// Uses a verb that must succeed, and gives its payload.
    pub async fn act(&self, name: &str, input: Value, selection: &str) -> anyhow::Result<Value> {
        let answer = self.verb(name, input, selection).await?.must()?;
        Ok(answer.body["data"]["verb"].clone())
    }
}

/// The document that uses a verb.
pub fn document(name: &str, selection: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let stem: String = first.into_iter().chain(letters).collect();
    format!(
        "mutation($input: {stem}Input!) {{ verb: {name}(input: $input) {{ {selection} \
         userErrors {{ code message field retryable }} eventCursor replayed }} }}"
    )
}

impl Answer {
    /// What stands at a JSON pointer below `data`; null where nothing does.
    pub fn data(&self, pointer: &str) -> &Value {
        static NULL: Value = Value::Null;
        self.body["data"].pointer(pointer).unwrap_or(&NULL)
    }

    /// What stands there, as a value of Rust.
    pub fn get<T: DeserializeOwned>(&self, pointer: &str) -> anyhow::Result<T> {
        serde_json::from_value(self.data(pointer).clone())
            .with_context(|| format!("{pointer} of {}", self.body))
    }

    /// The GraphQL errors.
    pub fn errors(&self) -> &[Value] {
        self.body["errors"].as_array().map_or(&[], Vec::as_slice)
    }

    /// `extensions.code` of the first GraphQL error.
    pub fn code(&self) -> Option<&str> {
        self.errors().first()?["extensions"]["code"].as_str()
    }

    /// The sentence of the first GraphQL error.
    pub fn message(&self) -> &str {
        let first = self.errors().first();
        first
            .and_then(|error| error["message"].as_str())
            .unwrap_or_default()
    }

    /// The user errors of all verbs of the document.
    pub fn user_errors(&self) -> Vec<&Value> {
        let payloads = self.body["data"]
            .as_object()
            .into_iter()
            .flat_map(|data| data.values());
        payloads
            .filter_map(|payload| payload["userErrors"].as_array())
            .flatten()
            .collect()
    }

    /// The code of the first user error.
    pub fn user_code(&self) -> Option<&str> {
        self.user_errors().first()?["code"].as_str()
    }

    /// The sentence of the first user error.
    pub fn user_message(&self) -> &str {
        let errors = self.user_errors();
        let first = errors.first().and_then(|error| error["message"].as_str());
        first.unwrap_or_default()
    }

    /// The payload of [`Client::verb`].
    pub fn payload(&self) -> &Value {
        self.data("/verb")
    }

    /// This answer, if nothing was wrong with it.
    pub fn must(self) -> anyhow::Result<Self> {
        ensure!(
            self.status == 200 && self.errors().is_empty() && self.user_errors().is_empty(),
            "status {}: {}",
            self.status,
            self.body
        );
        Ok(self)
    }

    /// Fails unless the first GraphQL error has this code.
    pub fn must_fail(self, code: &str) -> anyhow::Result<Self> {
        ensure!(
            self.code() == Some(code),
            "not {code}, but status {}: {}",
            self.status,
            self.body
        );
        Ok(self)
    }

    /// Fails unless the first user error has this code.
    pub fn must_refuse(self, code: &str) -> anyhow::Result<Self> {
        ensure!(
            self.user_code() == Some(code),
            "not refused as {code}, but status {}: {}",
            self.status,
            self.body
        );
        Ok(self)
    }
}
