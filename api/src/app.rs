//! The program put together: the domain's verbs and queries in the graph, behind the transports.

use std::collections::HashMap;
use std::sync::Arc;

use ::http::Extensions;
use async_graphql::{Request, Response, ServerError};
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;

pub use crate::config::{Keys, Outside};
use crate::database::{self, Database, new_id};
use crate::domain::billing::print;
use crate::domain::notifications::Post;
use crate::domain::payments::processors::Processors;
use crate::domain::payments::webhook_route;
use crate::domain::{AllBoards, AllQueries, AllVerbs};
use crate::feed::Feed;
use crate::graph::board::OpenBoards;
use crate::graph::failure::{Failure, error};
use crate::graph::session::{Caller, Client, Shared};
use crate::graph::{self, Graph};
use crate::http::{self, HttpState, Operation, Options, Service};
use crate::identity::{Identity, Sealer};

/// The program, ready to answer.
#[derive(Clone)]
pub struct App(Arc<Graph<AllQueries, AllVerbs, AllBoards>>);

/// The whole graph as SDL.
pub fn sdl() -> String {
    graph::sdl::<AllQueries, AllVerbs, AllBoards>()
}

/// The moves of state machines, by machine.
async fn transitions(
    database: &Database,
) -> Result<HashMap<String, Vec<(String, String)>>, database::Error> {
    let scope = database.platform(new_id()).await?;
    let sql = "select machine, from_status, to_status from core.state_transitions \
               order by machine, from_status, to_status";
    let mut machines: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for row in scope.query(sql, &[]).await? {
        let moves = machines.entry(row.try_get(0)?).or_default();
        moves.push((row.try_get(1)?, row.try_get(2)?));
    }
    Ok(machines)
}

impl App {
    /// The program over a migrated database. Where `open_introspection`, anyone may ask what the
    /// graph holds.
    pub async fn new(
        database: Database,
        keys: Keys,
        outside: &Outside,
        open_introspection: bool,
    ) -> anyhow::Result<Self> {
        crate::reference::fill(&database).await?;
        let transitions = transitions(&database).await?;
        let sealer = Sealer::new(&keys.data);
        let feed = Feed::new(database.clone());
        let identity = Identity::new(database.clone(), &keys.signing)?;
        let mut services = Extensions::new();
        services.insert(Arc::new(Processors::new(outside.stripe_url.as_deref())?));
        let server = outside
            .smtp_url
            .as_deref()
            .zip(outside.mail_from.as_deref());
        services.insert(Arc::new(Post::new(server)?));
        let shared = Shared {
            database,
            sealer,
            identity,
            services,
            transitions,
            feed,
            boards: OpenBoards::default(),
        };
        Ok(Self(Arc::new(Graph::new(shared, open_introspection))))
    }

    /// What the whole program shares.
    pub fn shared(&self) -> &Arc<Shared> {
        self.0.shared()
    }

    /// What answers over HTTP.
    pub fn http(&self) -> Arc<HttpState<Self>> {
        let database = self.shared().database.clone();
        let gauges = move || {
            let (open, free) = database.connections();
            #[expect(clippy::cast_precision_loss, reason = "a pool has few connections")]
            let (open, free) = (open as f64, free as f64);
            vec![
                ("bizing_database_connections", open),
                ("bizing_database_connections_free", free),
            ]
        };
        let options = Options {
            gauges: Some(Box::new(gauges)),
            beside: Some(webhook_route::router(Arc::clone(self.shared()))),
            ..Options::default()
        };
        Arc::new(HttpState::new(self.clone(), options))
    }

    /// All paths of the program.
    pub fn router(&self) -> axum::Router {
        http::router(self.http())
    }
}

/// What the graph knows of a client.
fn client(client: &http::Client) -> Client {
    Client {
        request_id: client.request_id.parse().unwrap_or_else(|_| new_id()),
        ip: client.ip.map(|ip| ip.to_string()),
        user_agent: client.user_agent.clone(),
        idempotency_key: client.idempotency_key.clone(),
    }
}

/// Who asks, and until when the token says so.
#[derive(Clone, Debug)]
pub struct Known {
    caller: Caller,
    until: Option<DateTime<Utc>>,
}

#[async_trait::async_trait]
impl Service for App {
    type Caller = Known;

    async fn authenticate(
        &self,
        authorization: Option<&str>,
        client: &http::Client,
    ) -> Result<Known, ServerError> {
        let identity = &self.shared().identity;
        let caller = identity
            .authenticate(authorization, client.ip)
            .await
            .map_err(error)?;
        if let Caller::Principal(principal) = &caller {
            http::note_tenant(principal.biz_id());
        }
        let until = identity.ends_at(authorization);
        Ok(Known { caller, until })
    }

    fn operation(&self, query: &str, name: Option<&str>) -> Option<Operation> {
        let (kind, name) = self.0.operation(query, name)?;
        Some(Operation { kind, name })
    }

    async fn execute(&self, request: Request, known: Known, from: &http::Client) -> Response {
        self.0.execute(request, known.caller, client(from)).await
    }

    fn execute_stream(
        &self,
        request: Request,
        known: Known,
        from: &http::Client,
    ) -> BoxStream<'static, Response> {
        self.0.execute_stream(request, known.caller, client(from))
    }

    async fn document(
        &self,
        kind: &str,
        id: &str,
        known: Known,
        _: &http::Client,
    ) -> Result<http::Document, ServerError> {
        let Caller::Principal(principal) = known.caller else {
            return Err(error(Failure::unauthenticated()));
        };
        let printed = print::document(self.shared(), &principal, (kind, id)).await;
        let printed = printed.map_err(error)?;
        Ok(http::Document {
            name: printed.name,
            media: "application/pdf",
            bytes: printed.bytes,
        })
    }

    async fn still_valid(&self, known: &Known) -> bool {
        let (shared, until) = (self.shared(), known.until);
        until.is_none_or(|until| shared.database.now() < until)
            && shared.identity.still_valid(&known.caller).await
    }

    fn sdl(&self) -> &str {
        self.0.sdl()
    }

    async fn ready(&self) -> Result<(), String> {
        self.shared()
            .database
            .ping()
            .await
            .map_err(|error| error.to_string())
    }
}
