//! What the transport needs of the graph, and what it tells the graph about a client.

use std::net::IpAddr;

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError};
use futures_util::stream::BoxStream;

use super::documents::Document;

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The request's id: in the response's `x-request-id`, in the log, in INTERNAL errors.
    pub request_id: String,
    /// The client's address; the one that a trusted proxy names, where there is one.
    pub ip: Option<IpAddr>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
}

/// The operation that a request asks for.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Its name in the document.
    pub name: Option<String>,
}

impl Operation {
    /// The operation of a document that has this name; its only one where no name is asked for.
    pub fn in_document(document: &ExecutableDocument, name: Option<&str>) -> Option<Self> {
        let mut operations = document.operations.iter();
        let (found, operation) = match name {
            Some(name) => operations.find(|(own, _)| own.is_some_and(|own| own == name))?,
            None => operations.next()?,
        };
        if name.is_none() && operations.next().is_some() {
            return None;
        }
        Some(Self {
            kind: operation.node.ty,
            name: found.map(ToString::to_string),
        })
    }
}

/// What the transport needs of the graph.
#[async_trait::async_trait]
pub trait Service: Send + Sync + 'static {
    /// Who asks: what an access token proves, or nobody.
    type Caller: Clone + Send + Sync + 'static;

    /// Who an `Authorization` header is. The error of a bad one has the code UNAUTHENTICATED;
    /// any other code says that it could not be found out.
    async fn authenticate(
        &self,
        authorization: Option<&str>,
        client: &Client,
    ) -> Result<Self::Caller, ServerError>;

    /// The operation that a request asks for; none where the document does not parse or leaves it
    /// open. A graph that keeps parsed documents looks there.
    fn operation(&self, query: &str, name: Option<&str>) -> Option<Operation>;

    /// Runs a query or a mutation.
    async fn execute(&self, request: Request, caller: Self::Caller, client: &Client) -> Response;

    /// Runs a subscription.
    fn execute_stream(
        &self,
        request: Request,
        caller: Self::Caller,
        client: &Client,
    ) -> BoxStream<'static, Response>;

    /// A document on paper: its kind, such as `invoices`, and its id. The error's code is `NOT_FOUND` where
    /// the caller may not read it.
    async fn document(
        &self,
        kind: &str,
        id: &str,
        caller: Self::Caller,
        client: &Client,
    ) -> Result<Document, ServerError>;

    /// Whether the caller's session still stands; asked every few seconds while a stream is open.
    async fn still_valid(&self, caller: &Self::Caller) -> bool;

    /// The schema's text.
    fn sdl(&self) -> &str;

    /// Whether requests can be answered; the error says what is missing.
    async fn ready(&self) -> Result<(), String>;
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn an_operation_is_found_where_there_is_no_doubt() {
        let find = |text, name| {
            let document = parse_query(text).unwrap();
            Operation::in_document(&document, name)
        };
        let only = find("mutation M { a }", None).unwrap();
        assert_eq!(only.kind, OperationType::Mutation);
        assert_eq!(only.name.as_deref(), Some("M"));
        assert!(find("{ a }", None).unwrap().name.is_none());
        assert!(find("query A { a } query B { a }", None).is_none());
        assert!(find("query A { a } query B { a }", Some("B")).is_some());
        assert!(find("query A { a }", Some("C")).is_none());
    }
}
