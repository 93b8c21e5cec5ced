//! Queries whose root fields are all the engine's own, answered without async-graphql's executor,
//! which clones the document and asks around for every field: that costs as much as reading a row.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Name, Response, Value};
use futures_util::future::join_all;

use super::documents::Document;
use super::query::{is_root, raw_json, read};
use super::selection::{Asked, Selected, collect};
use super::session::Session;

/// The root fields of a query that can be answered here: all are the engine's, and no directive
/// leaves out any.
pub fn fields<'a>(
    document: &Document,
    operation: &'a OperationDefinition,
    asked: Asked<'a>,
) -> Option<Vec<Selected<'a>>> {
    if operation.ty != OperationType::Query || document.has_directives {
        return None;
    }
    let fields = collect(&[&operation.selection_set.node], "Query", &[], asked).ok()?;
    let all = fields.iter().all(|field| is_root(field.name()));
    (all && !fields.is_empty()).then_some(fields)
}

/// Answers them, at the same time and from one snapshot.
pub async fn answer(session: &Session, fields: &[Selected<'_>], asked: Asked<'_>) -> Response {
    let results = if let [alone] = fields {
        // Boxed, so that none of those who wait for it is as large, and copied, as the longest read.
        vec![Box::pin(read(session, asked, alone, true)).await]
    } else {
        let reads = fields
            .iter()
            .map(|field| read(session, asked, field, false));
        join_all(reads).await
    };
    let mut data = IndexMap::with_capacity(fields.len());
    let mut errors = Vec::new();
    for (field, result) in fields.iter().zip(results) {
        let value = match result {
            Ok(json) => raw_json(json),
            Err(failure) => {
                errors.push(failure.at(field.pos, field.key));
                Value::Null
            }
        };
        data.insert(Name::new(field.key), value);
    }
    let mut response = Response::new(Value::Object(data));
    response.errors = errors;
    response
}
