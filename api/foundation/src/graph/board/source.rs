//! What a hub asks of a board.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::context::QueryEnv;
use async_trait::async_trait;
use uuid::Uuid;

use super::layout::Layout;
use crate::feed::{Inbox, Position};
use crate::graph::failure::Failure;
use crate::graph::selection::{Asked, Selected, collect};
use crate::graph::session::Session;

/// Somebody who looks at a board: who it is, and what the document selects.
pub struct Viewer {
    /// Who looks.
    pub session: Arc<Session>,
    /// The document.
    pub env: QueryEnv,
    /// The key of the board in it.
    pub key: String,
}

impl Viewer {
    /// What the document says outside of its selection sets.
    pub fn asked(&self) -> Asked<'_> {
        Asked::of(&self.env)
    }

    /// What the document selects of the board.
    pub fn selected(&self) -> Result<Selected<'_>, Failure> {
        let set = &self.env.operation.node.selection_set.node;
        let fields = collect(&[set], "Subscription", &[], self.asked())?;
        let found = fields.into_iter().find(|field| field.key == self.key);
        found.ok_or_else(|| Failure::internal("a board that the document does not have"))
    }
}

/// A row as two selections show it: that of `snapshot`, and that of `upserts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// In a snapshot.
    pub snapshot: Arc<str>,
    /// Among the upserts.
    pub upsert: Arc<str>,
}

/// What a board shows.
#[derive(Debug)]
pub struct Reading {
    /// All before this is in it.
    pub upto: Position,
    /// The rows, in their order.
    pub rows: Vec<(Uuid, Texts)>,
}

/// What a board shows, as some clients look at it.
#[async_trait]
pub trait Showing: Send + Sync + 'static {
    /// Finds out whether this may be looked at, and what it is.
    async fn admit(&self) -> Result<(), Failure>;

    /// Whose rows these are; known once admitted.
    fn biz_id(&self) -> Uuid;

    /// By what clients are known who see the same; known once admitted.
    fn identity(&self) -> Result<String, Failure>;

    /// Where the feed tells of changes.
    fn inbox(&self) -> Inbox;

    /// The prefix of the rows' ids.
    fn prefix(&self) -> &'static str;

    /// How often all is read, where nothing changed.
    fn every(&self) -> Option<Duration>;

    /// How long it rests after each look at what changed.
    fn rest(&self) -> Duration;

    /// What the document selects of a message.
    fn layout(&self) -> Result<Layout, Failure>;

    /// All rows, or those of these that are shown.
    async fn read(&self, only: Option<&[Uuid]>) -> Result<Reading, Failure>;

    /// Whether single rows can be read.
    fn reads_some(&self) -> bool;

    /// The rows that changed after a position; none where that cannot be told.
    async fn since(&self, after: Position) -> Result<Option<Vec<Uuid>>, Failure>;

    /// Of rows that are not shown, whether this caller may know of all of them.
    async fn may_know(&self, ids: &[Uuid]) -> Result<bool, Failure>;
}
