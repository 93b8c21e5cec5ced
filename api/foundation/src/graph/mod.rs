//! The graph engine: every entity as GraphQL, from metadata; every verb around its declaration.
//!
//! It knows no domain: `Q` are the queries written by hand, `V` the verbs.

mod aggregate;
mod batch;
pub mod board;
mod condition;
mod direct;
mod documents;
pub mod failure;
pub mod input;
mod introspection;
mod listing;
pub mod model;
mod mutation;
pub mod names;
mod operators;
mod order;
mod order_by;
mod output;
mod page;
mod plan;
pub mod query;
pub mod question;
mod reader;
pub mod scalars;
pub mod schema;
mod sdl;
mod selection;
pub mod session;
mod subscription;
pub mod type_id;
mod variables;
pub mod verb;
mod write;

use std::any::Any;
use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{IntrospectionMode, Request, Response, SDLExportOptions, Schema, Value};

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

use self::documents::{Document, Documents, OnlyValidate, OperationName, ValidateOnce};
use self::failure::{Code, Failure, error};
use self::introspection::Introspection;
use self::mutation::UserErrors;
pub use self::mutation::{Mutation, Verbs};
pub use self::query::{Node, Query, Questions};
use self::schema::audience::{Audience, within};
pub use self::selection::Asked;
use self::session::{Caller, Client, Session, Shared};
pub use self::subscription::{Boards, Subscription};
use self::variables::check;
use crate::feed::{Position, wait_for};

/// How many fields one request may have at its root.
const MOST_ROOT_FIELDS: usize = 50;
type Roots<Q, V, B> = Schema<Query<Q>, Mutation<V>, Subscription<B>>;

/// The schema, and what answers it.
pub struct Graph<Q: Questions, V: Verbs, B: Boards> {
    schema: Roots<Q, V, B>,
    shared: Arc<Shared>,
    documents: Documents,
    introspection: Introspection,
    sdl: OnceLock<String>,
    open_introspection: bool,
}

/// The schema without anything behind it.
fn schema<Q: Questions + Default, V: Verbs, B: Boards>() -> Roots<Q, V, B> {
    Schema::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    )
    .register_output_type::<UserErrors<V>>()
    .extension(ValidateOnce)
    .finish()
}

/// The same, made once in a program: it takes longer than all else at the start.
fn known_schema<Q: Questions + Default, V: Verbs, B: Boards>() -> Roots<Q, V, B> {
    static KNOWN: OnceLock<Box<dyn Any + Send + Sync>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| Box::new(schema::<Q, V, B>()));
    known
        .downcast_ref::<Roots<Q, V, B>>()
        .cloned()
        .unwrap_or_else(schema::<Q, V, B>)
}

/// The whole graph as SDL.
pub fn sdl<Q: Questions + Default, V: Verbs, B: Boards>() -> String {
    export(&schema::<Q, V, B>())
}

fn export<Q: Questions, V: Verbs, B: Boards>(schema: &Roots<Q, V, B>) -> String {
    let options = SDLExportOptions::new()
        .include_specified_by()
        .prefer_single_line_descriptions();
    sdl::compact(&schema.sdl_with_options(options))
}

impl<Q: Questions + Default, V: Verbs, B: Boards> Graph<Q, V, B> {
    /// The graph over a database. Where `open_introspection`, anyone may ask what there is.
    pub fn new(shared: Shared, open_introspection: bool) -> Self {
        Self {
            schema: known_schema::<Q, V, B>(),
            shared: Arc::new(shared),
            documents: Documents::default(),
            introspection: Introspection::default(),
            sdl: OnceLock::new(),
            open_introspection,
        }
    }

    /// The whole graph as SDL.
    pub fn sdl(&self) -> &str {
        self.sdl.get_or_init(|| export(&self.schema))
    }

    /// What the whole program shares.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// What kind of operation a request asks for, and its name.
    pub fn operation(
        &self,
        text: &str,
        name: Option<&str>,
    ) -> Option<(OperationType, Option<String>)> {
        let document = self.documents.parse(text).ok()?;
        let operation = document.operation(name)?;
        Some((operation.ty, document.name(name)))
    }

    /// Answers a request. How long that may take is the transport's to say.
    pub async fn execute(&self, request: Request, caller: Caller, client: Client) -> Response {
        let document = match self.documents.parse(&request.query) {
            Ok(document) => document,
            Err(error) => return Response::from_errors(vec![error]),
        };
        // What the name leaves open is for the executor to refuse.
        let name = request.operation_name.clone();
        let operation = document.operation(name.as_deref());
        if operation
            .is_some_and(|operation| document.response_keys(operation).len() > MOST_ROOT_FIELDS)
        {
            let text = format!("A request may have at most {MOST_ROOT_FIELDS} fields at its root.");
            return Response::from_errors(vec![error(Failure::new(Code::CostLimit, text))]);
        }
        let session = Session::new(Arc::clone(&self.shared), caller, client);
        let session = Arc::new(session);
        let after = request.extensions.get("after").cloned();
        let mut response = match self.caught_up(after).await {
            Ok(()) => self.answer(request, &document, operation, &session).await,
            Err(failure) => Response::from_errors(vec![error(failure)]),
        };
        response
            .extensions
            .insert("cost".to_owned(), Value::from(session.cost()));
        response
    }

    /// Waits until what a request reads shows the position that its `extensions.after` names.
    async fn caught_up(&self, after: Option<Value>) -> Result<(), Failure> {
        let Some(after) = after.filter(|after| *after != Value::Null) else {
            return Ok(());
        };
        let position: Position = input::text(&after, "extensions.after")?.parse()?;
        // Boxed, as few wait and all would be as large.
        Box::pin(wait_for(&self.shared.database, position)).await
    }

    /// Answers a subscription, again and again; another operation once.
    pub fn execute_stream(
        &self,
        request: Request,
        caller: Caller,
        client: Client,
    ) -> BoxStream<'static, Response> {
        let refuse = |refusal| stream::once(async { Response::from_errors(vec![refusal]) }).boxed();
        let document = match self.documents.parse(&request.query) {
            Ok(document) => document,
            Err(error) => return refuse(error),
        };
        let name = request.operation_name.as_deref();
        if let Some(operation) = document.operation(name)
            && document.response_keys(operation).len() != 1
        {
            return refuse(error(Failure::input("A subscription has one field.")));
        }
        let session = Session::new(Arc::clone(&self.shared), caller, client);
        let request = self.prepare(request, &document, &Arc::new(session));
        self.schema.execute_stream(request)
    }

    /// The executor's futures are long, and boxed, so that what goes without it does not pay.
    async fn answer(
        &self,
        request: Request,
        document: &Arc<Document>,
        operation: Option<&OperationDefinition>,
        session: &Arc<Session>,
    ) -> Response {
        if let (Some(operation), Some(schema)) = (operation, document.schema()) {
            let asked = Asked {
                fragments: &document.syntax.fragments,
                variables: &request.variables,
                definitions: &operation.variable_definitions,
            };
            if let Some(fields) = direct::fields(document, operation, asked) {
                return match check(&schema.registry, operation, &request.variables) {
                    Ok(()) => direct::answer(session, &fields, asked).await,
                    Err(failure) => Response::from_errors(vec![error(failure)]),
                };
            }
        }
        if let Some(operation) = operation
            && introspection::is_asked(document, operation)
        {
            return Box::pin(self.introspect(request, document, session)).await;
        }
        let request = self.prepare(request, document, session);
        let mut response = Box::pin(self.schema.execute(request)).await;
        if let Some(operation) = operation {
            arrange(&mut response, document, operation);
        }
        response
    }

    /// What there is, for this caller.
    async fn introspect(
        &self,
        request: Request,
        document: &Arc<Document>,
        session: &Arc<Session>,
    ) -> Response {
        let audience = match &session.caller {
            Caller::Principal(principal) => {
                let codes = principal.permissions().into_iter().map(str::to_owned);
                Some(Audience::new(codes.collect()))
            }
            Caller::Anonymous if self.open_introspection => None,
            Caller::Anonymous => {
                let request = self.prepare(request, document, session);
                return self.schema.execute(request).await;
            }
        };
        let whose = audience.clone();
        let execute = async |request: Request| {
            let (name, variables) = (request.operation_name.clone(), request.variables.clone());
            let schema = OnlyValidate::default();
            let request = self
                .prepare(request, document, session)
                .data(schema.clone());
            let (document, known) = (Arc::clone(document), self.schema.clone());
            let runtime = tokio::runtime::Handle::current();
            // To build a schema takes its time.
            let built = tokio::task::spawn_blocking(move || {
                let own = match audience {
                    Some(audience) => within(audience, self::schema::<Q, V, B>),
                    None => known,
                };
                let validated = runtime.block_on(own.execute(request));
                if !validated.errors.is_empty() {
                    return Err(validated);
                }
                introspection::told(&schema, &document, name.as_deref(), &variables)
                    .map_err(|failure| Response::from_errors(vec![error(failure)]))
            });
            built.await.unwrap_or_else(|problem| {
                Err(Response::from_errors(vec![error(Failure::internal(
                    problem,
                ))]))
            })
        };
        self.introspection
            .answer(request, whose.as_ref(), execute)
            .await
    }

    /// The request as the executor takes it.
    fn prepare(
        &self,
        mut request: Request,
        document: &Arc<Document>,
        session: &Arc<Session>,
    ) -> Request {
        if matches!(session.caller, Caller::Anonymous) && !self.open_introspection {
            request.introspection_mode = IntrospectionMode::Disabled;
        }
        request.set_parsed_query(document.syntax.clone());
        let name = OperationName(request.operation_name.clone());
        request
            .data(Arc::clone(document))
            .data(name)
            .data(Arc::clone(session))
    }
}

/// Puts the fields of the answer into the order of the document (they are found concurrently), and
/// makes the data null where a field that is never null has failed.
fn arrange(response: &mut Response, document: &Document, operation: &OperationDefinition) {
    let Value::Object(fields) = &mut response.data else {
        return;
    };
    if operation.ty == OperationType::Mutation && !response.errors.is_empty() {
        response.data = Value::Null;
        return;
    }
    if fields.len() < 2 {
        return;
    }
    let keys = document.response_keys(operation);
    let place = |key: &str| {
        keys.iter()
            .position(|known| *known == key)
            .unwrap_or(usize::MAX)
    };
    fields.sort_by(|a, _, b, _| place(a).cmp(&place(b)));
}
