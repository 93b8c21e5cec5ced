//! Introspection: what there is, as far as the caller's permissions reach. Tools ask the same
//! document again and again, so answers are kept.

mod writer;

use std::sync::Arc;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Name, Request, Response, Value, Variables};
use quick_cache::sync::Cache;

use super::documents::{Document, OnlyValidate};
use super::failure::Failure;
use super::query::raw_json;
use super::schema::audience::Audience;
use super::selection::Asked;

/// How many answers are kept; each may have megabytes.
const KEPT: usize = 8;

/// The answers that were given before.
pub struct Introspection(Cache<String, Arc<Vec<(Name, String)>>>);

impl Default for Introspection {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

/// Whether a document asks of nothing but the schema, and no directive leaves anything out.
pub fn is_asked(document: &Document, operation: &OperationDefinition) -> bool {
    let set = &operation.selection_set.node;
    let mut names = Vec::new();
    document.add_root_names(set, &mut names, 0);
    operation.ty == OperationType::Query
        && !document.has_directives
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
        execute: impl AsyncFnOnce(Request) -> Result<Vec<(String, String)>, Response>,
    ) -> Response {
        let key = key(&request, audience);
        if let Some(known) = self.0.get(&key) {
            return response(&known);
        }
        let fields = match execute(request).await {
            Ok(fields) => fields,
            Err(refused) => return refused,
        };
        let named = fields
            .into_iter()
            .map(|(name, json)| (Name::new(name), json));
        let fields = Arc::new(named.collect::<Vec<_>>());
        self.0.insert(key, Arc::clone(&fields));
        response(&fields)
    }
}

/// The keys and values of an answer, as a schema has them.
pub fn told(
    schema: &OnlyValidate,
    document: &Document,
    operation_name: Option<&str>,
    variables: &Variables,
) -> Result<Vec<(String, String)>, Failure> {
    let schema = schema.0.get();
    let (Some(schema), Some(operation)) = (schema, document.operation(operation_name)) else {
        return Err(Failure::input("The document does not say which operation."));
    };
    let asked = Asked {
        fragments: &document.syntax.fragments,
        variables,
        definitions: &operation.variable_definitions,
    };
    writer::write(&schema.registry, operation, asked)
}

fn response(fields: &[(Name, String)]) -> Response {
    let data: IndexMap<Name, Value> = fields
        .iter()
        .map(|(name, json)| (name.clone(), raw_json(json.clone())))
        .collect();
    Response::new(Value::Object(data))
}
