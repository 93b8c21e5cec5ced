//! The program put together: the domain's verbs and queries in the graph, behind the transports.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Request, Response, ServerError};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

pub use crate::config::Keys;
use crate::database::{self, Database, new_id};
use crate::domain::billing::print;
use crate::domain::payments::processors::Processors;
use crate::domain::payments::webhook_route;
use crate::domain::{AllQueries, AllVerbs};
use crate::graph::failure::{Failure, error};
use crate::graph::session::{Caller, Client, Shared};
use crate::graph::{self, Graph};
use crate::http::{self, HttpState, Operation, Options, Service};
use crate::identity::{Identity, Sealer};

/// The program, ready to answer.
#[derive(Clone)]
pub struct App(Arc<Graph<AllQueries, AllVerbs>>);

/// The whole graph as SDL.
pub fn sdl() -> String {
    graph::sdl::<AllQueries, AllVerbs>()
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
        open_introspection: bool,
    ) -> anyhow::Result<Self> {
        crate::reference::fill(&database).await?;
        let transitions = transitions(&database).await?;
        let sealer = Sealer::new(&keys.data);
        let identity = Identity::new(database.clone(), &keys.signing)?;
        let shared = Shared {
            database,
            sealer,
            identity,
            processors: Processors::new()?,
            transitions,
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

#[async_trait::async_trait]
impl Service for App {
    type Caller = Caller;

    async fn authenticate(
        &self,
        authorization: Option<&str>,
        client: &http::Client,
    ) -> Result<Caller, ServerError> {
        let caller = self
            .shared()
            .identity
            .authenticate(authorization, client.ip)
            .await
            .map_err(error)?;
        if let Caller::Principal(principal) = &caller {
            http::note_tenant(principal.biz_id());
        }
        Ok(caller)
    }

    fn operation(&self, query: &str, name: Option<&str>) -> Option<Operation> {
        let (kind, name) = self.0.operation(query, name)?;
        Some(Operation { kind, name })
    }

    async fn execute(&self, request: Request, caller: Caller, from: &http::Client) -> Response {
        self.0.execute(request, caller, client(from)).await
    }

    fn execute_stream(
        &self,
        request: Request,
        caller: Caller,
        from: &http::Client,
    ) -> BoxStream<'static, Response> {
        // There are no subscriptions yet: what streams in is answered once.
        let (app, client) = (self.clone(), client(from));
        stream::once(async move { app.0.execute(request, caller, client).await }).boxed()
    }

    async fn document(
        &self,
        kind: &str,
        id: &str,
        caller: Caller,
        _: &http::Client,
    ) -> Result<http::Document, ServerError> {
        let Caller::Principal(principal) = caller else {
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

    async fn still_valid(&self, caller: &Caller) -> bool {
        self.shared().identity.still_valid(caller).await
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
