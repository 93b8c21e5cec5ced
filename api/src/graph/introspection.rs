//! Introspection: what there is, as far as the caller's permissions reach. Tools ask the same
//! document again and again, so answers are kept.

use std::sync::Arc;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Name, Request, Response, Value};
use quick_cache::sync::Cache;

use super::documents::Document;
use super::failure::{Failure, error};
use super::query::raw_json;
use super::schema::audience::Audience;

/// How many answers are kept; each may have megabytes.
const KEPT: usize = 8;

/// The answers that were given before.
pub struct Introspection(Cache<String, Arc<Vec<(Name, String)>>>);

impl Default for Introspection {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

/// Whether a document asks of nothing but the schema.
pub fn is_asked(document: &Document, operation: &OperationDefinition) -> bool {
    let set = &operation.selection_set.node;
    let mut names = Vec::new();
    document.add_root_names(set, &mut names, 0);
    operation.ty == OperationType::Query
        && names
            .iter()
            .any(|name| matches!(*name, "__schema" | "__type"))
        && names.iter().all(|name| name.starts_with("__"))
}

/// What the same document with the same variables is known by.
fn key(request: &Request, audience: Option<&Audience>) -> String {
    let permissions = audience.map_or_else(
        || "*".to_owned(),
        |audience| {
            let codes: Vec<&str> = audience.iter().map(String::as_str).collect();
            codes.join(" ")
        },
    );
    let name = request.operation_name.as_deref().unwrap_or_default();
    let variables = serde_json::to_string(&request.variables).unwrap_or_default();
    [&permissions, name, &variables, &request.query]
        .map(ToOwned::to_owned)
        .join("\n")
}

impl Introspection {
    /// The answer; found by `execute` where it is asked for the first time.
    pub async fn answer(
        &self,
        request: Request,
        audience: Option<&Audience>,
        execute: impl AsyncFnOnce(Request) -> Response,
    ) -> Response {
        let key = key(&request, audience);
        if let Some(known) = self.0.get(&key) {
            return response(&known);
        }
        let answer = execute(request).await;
        let Value::Object(data) = &answer.data else {
            return answer;
        };
        if !answer.errors.is_empty() {
            return answer;
        }
        let fields: Result<Vec<(Name, String)>, serde_json::Error> = data
            .iter()
            .map(|(name, value)| Ok((name.clone(), serde_json::to_string(value)?)))
            .collect();
        match fields {
            Ok(fields) => {
                let fields = Arc::new(fields);
                self.0.insert(key, Arc::clone(&fields));
                response(&fields)
            }
            Err(problem) => Response::from_errors(vec![error(Failure::internal(problem))]),
        }
    }
}

fn response(fields: &[(Name, String)]) -> Response {
    let data: IndexMap<Name, Value> = fields
        .iter()
        .map(|(name, json)| (name.clone(), raw_json(json.clone())))
        .collect();
    Response::new(Value::Object(data))
}
