//! The one reader of a process: it reads the outbox of all tenants while anybody listens, and tells
//! the boards of a tenant what changed there. A verb of this process wakes it as it commits; what
//! other processes commit is found at its next look.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::{Inbox, Position, read};
use crate::database::{Database, Error, new_id};

/// How often it looks where nothing wakes it.
const LOOK: Duration = Duration::from_millis(100);
/// How long it rests between two looks at least, so that what comes together is read together.
const REST: Duration = Duration::from_millis(4);
/// How soon it looks again for what it was woken for, while an older transaction still runs.
const AGAIN: Duration = Duration::from_millis(15);
/// For how long it does so.
const EAGER: Duration = Duration::from_secs(1);
/// How many entries are read at once.
const BATCH: usize = 1_000;
/// How long it waits after a failure.
const RECOVERY: Duration = Duration::from_millis(500);

/// The feed, as this process reads it.
#[derive(Clone, Debug)]
pub struct Feed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    woken: Notify,
    wakes: AtomicU64,
    boards: Mutex<Boards>,
    /// Held while the tail starts, so that whoever comes second finds it started.
    starting: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Boards {
    by_biz: HashMap<Uuid, Vec<Weak<Inbox>>>,
    is_running: bool,
}

/// That a board listens, until it is dropped.
#[derive(Debug)]
pub struct Listening {
    /// Where the board is told.
    pub inbox: Arc<Inbox>,
}

impl Feed {
    /// The feed of a database; nothing is read until somebody listens.
    pub fn new(database: Database) -> Self {
        Self(Arc::new(Inner {
            database,
            woken: Notify::new(),
            wakes: AtomicU64::new(0),
            boards: Mutex::default(),
            starting: tokio::sync::Mutex::default(),
        }))
    }

    /// Something was committed here.
    pub fn wake(&self) {
        self.0.wakes.fetch_add(1, Ordering::Relaxed);
        self.0.woken.notify_one();
    }

    /// Lets a board be told of what changes in a tenant. Whatever a snapshot does not show that is
    /// taken after this returns, the board will be told.
    pub async fn listen(&self, biz_id: Uuid, inbox: Inbox) -> Result<Listening, Error> {
        let _starting = self.0.starting.lock().await;
        let inbox = Arc::new(inbox);
        let is_running = {
            let mut boards = self.0.boards();
            let all = boards.by_biz.entry(biz_id).or_default();
            all.push(Arc::downgrade(&inbox));
            boards.is_running
        };
        if !is_running {
            let scope = self.0.database.platform_read(new_id());
            let start = read::horizon(&scope).await?;
            self.0.boards().is_running = true;
            tokio::spawn(Arc::clone(&self.0).run(start));
        }
        Ok(Listening { inbox })
    }
}

impl Inner {
    fn boards(&self) -> MutexGuard<'_, Boards> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(self: Arc<Self>, start: Position) {
        let mut position = start;
        let (mut seen, mut eager_until) = (0, Instant::now());
        while self.is_needed().await {
            let wakes = self.wakes.load(Ordering::Relaxed);
            if wakes != seen {
                (seen, eager_until) = (wakes, Instant::now() + EAGER);
            }
            let pause = match self.look(&mut position).await {
                // What it was woken for may be behind an older transaction.
                Ok(0) if Instant::now() < eager_until => AGAIN,
                Ok(_) => LOOK,
                Err(error) => {
                    tracing::warn!(%error, "the feed could not be read; it is tried again");
                    RECOVERY
                }
            };
            sleep(REST).await;
            // Whether woken or not: it looks again.
            let _ = timeout(pause, self.woken.notified()).await;
        }
    }

    /// Whether anybody listens; forgets who does not any more.
    async fn is_needed(&self) -> bool {
        let _starting = self.starting.lock().await;
        let mut boards = self.boards();
        boards.by_biz.retain(|_, all| {
            all.retain(|board| board.strong_count() > 0);
            !all.is_empty()
        });
        boards.is_running = !boards.by_biz.is_empty();
        boards.is_running
    }

    /// Reads up to the horizon, and tells the boards; how many changes there were.
    async fn look(&self, position: &mut Position) -> Result<usize, Error> {
        let mut found = 0;
        loop {
            let scope = self.database.platform_read(new_id());
            let batch = read::of_all(&scope, *position, BATCH).await?;
            found += batch.changes.len();
            *position = batch.upto;
            self.tell(&batch);
            if !batch.more {
                return Ok(found);
            }
        }
    }

    fn tell(&self, batch: &read::Batch) {
        let mut by_biz: HashMap<Uuid, Vec<_>> = HashMap::new();
        for change in &batch.changes {
            by_biz.entry(change.biz_id).or_default().push(change);
        }
        for (biz_id, changes) in by_biz {
            let inboxes: Vec<Arc<Inbox>> = {
                let boards = self.boards();
                let all = boards.by_biz.get(&biz_id).map_or(&[][..], Vec::as_slice);
                all.iter().filter_map(Weak::upgrade).collect()
            };
            for inbox in inboxes {
                inbox.tell(changes.iter().copied(), batch.upto);
            }
        }
    }
}
