//! One request: who asks, and the snapshot that all its fields read.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Extensions;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::batch::Batches;
use super::board::OpenBoards;
use super::failure::Failure;
use super::plan::Planner;
use super::reader::Reader;
use super::selection::Asked;
use crate::database::{Database, Error, Scope};
use crate::feed::Feed;
use crate::identity::{Identity, Principal, Sealer};

/// What the whole program shares.
pub struct Shared {
    /// The database.
    pub database: Database,
    /// Opens and seals personal data.
    pub sealer: Sealer,
    /// Signs people in, and knows what they may do.
    pub identity: Identity,
    /// What contexts bring that is one for the whole program, each in an `Arc`, by its type.
    pub services: Extensions,
    /// The moves of state machines, by machine.
    pub transitions: HashMap<String, Vec<(String, String)>>,
    /// What happened, for boards.
    pub feed: Feed,
    /// The boards that are open.
    pub boards: OpenBoards,
}

impl Shared {
    /// What a context has brought.
    pub fn service<T: Send + Sync + 'static>(&self) -> Result<&T, Error> {
        let none = || {
            let name = std::any::type_name::<T>();
            Error::Internal(format!("the program was made without {name}"))
        };
        let found = self.services.get::<Arc<T>>();
        found.map(Arc::as_ref).ok_or_else(none)
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody who said who they are.
    Anonymous,
    /// Someone who may act in a tenant.
    Principal(Arc<Principal>),
}

/// What is known of the sender of a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// Names the request in logs, histories and audit.
    pub request_id: Uuid,
    /// The sender's address.
    pub ip: Option<String>,
    /// What the sender calls its program.
    pub user_agent: Option<String>,
    /// The key of the `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
}

/// One request.
pub struct Session {
    /// What the whole program shares.
    pub shared: Arc<Shared>,
    /// Who asks.
    pub caller: Caller,
    /// What is known of the sender.
    pub client: Client,
    /// Rows that hand-written queries answer with, read together.
    pub(super) nodes: Batches,
    snapshot: OnceCell<Scope>,
    cost: AtomicU64,
}

impl Session {
    /// A request that has read nothing yet.
    pub fn new(shared: Arc<Shared>, caller: Caller, client: Client) -> Self {
        Self {
            shared,
            caller,
            client,
            nodes: Batches::default(),
            snapshot: OnceCell::new(),
            cost: AtomicU64::new(0),
        }
    }

    /// Who acts.
    pub fn principal(&self) -> Result<&Principal, Failure> {
        match &self.caller {
            Caller::Principal(principal) => Ok(principal),
            Caller::Anonymous => Err(Failure::unauthenticated()),
        }
    }

    /// The snapshot that all fields of this request read.
    pub async fn snapshot(&self) -> Result<&Scope, Failure> {
        let principal = self.principal()?;
        let open = async { Ok(self.shared.database.read(principal).await?) };
        self.snapshot.get_or_try_init(|| open).await
    }

    /// A reader of the snapshot.
    pub async fn reader(&self) -> Result<Reader<'_>, Failure> {
        self.reader_of(self.snapshot().await?)
    }

    /// A reader within another transaction of this request.
    pub fn reader_of<'a>(&'a self, scope: &'a Scope) -> Result<Reader<'a>, Failure> {
        Ok(Reader {
            scope,
            principal: self.principal()?,
            sealer: &self.shared.sealer,
            transitions: &self.shared.transitions,
            is_alone: false,
        })
    }

    /// A planner for fields of this request.
    pub fn planner<'a>(&'a self, asked: Asked<'a>) -> Result<Planner<'a>, Failure> {
        let principal = self.principal()?;
        let cost = self.cost.load(Ordering::Relaxed);
        Ok(Planner {
            asked,
            principal,
            sealer: &self.shared.sealer,
            cost,
            is_answer: false,
        })
    }

    /// Remembers what planning a field added.
    pub fn charged(&self, planner: &Planner<'_>) {
        self.cost.fetch_max(planner.cost, Ordering::Relaxed);
    }

    /// How many rows the request asked for.
    pub fn cost(&self) -> u64 {
        self.cost.load(Ordering::Relaxed)
    }

    /// How many statements the snapshot ran.
    pub fn statements(&self) -> u32 {
        self.snapshot.get().map_or(0, Scope::statements)
    }
}
