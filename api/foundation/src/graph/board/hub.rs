//! One board as some clients look at it: it is read once, and all are told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use super::layout::{Layout, Message};
use super::open::OpenBoards;
use super::source::{Showing, Texts};
use crate::feed::{Listening, News, Position};
use crate::graph::failure::{Code, Failure};

/// How many messages may wait for a client; they are shared by all that are sent them.
pub const WAITING: usize = 64;
/// How long a hub without clients stays, for those who come back.
const LINGER: Duration = Duration::from_secs(2);
/// How long it waits after a failure of the database.
const RECOVERY: Duration = Duration::from_millis(500);
/// How long it rests for each client it has told, so that many clients are told less often.
const REST: Duration = Duration::from_micros(100);
/// How long it rests at most.
const LONGEST_REST: Duration = Duration::from_millis(250);

/// What a client is sent.
pub type Sent = Result<Arc<str>, Failure>;

/// A client.
pub struct Client {
    /// From where on it wants changes; a snapshot if nowhere.
    pub after: Option<Position>,
    /// The way to it.
    pub sender: Sender<Sent>,
    /// Set where it did not read what was sent.
    pub is_slow: Arc<AtomicBool>,
}

/// A board as some clients look at it.
pub struct Hub {
    /// What it is known by.
    pub key: String,
    /// What it shows.
    pub showing: Arc<dyn Showing>,
    /// How its messages look.
    pub layout: Layout,
    /// Where it is told.
    pub listening: Listening,
    /// Those who come.
    pub joining: UnboundedReceiver<Client>,
    /// Where it is known.
    pub open: OpenBoards,
    /// The clients.
    pub clients: Vec<Client>,
    /// What the clients know.
    pub rows: HashMap<Uuid, Texts>,
    /// Up to where.
    pub cursor: Position,
}

/// What has become different.
#[derive(Default)]
struct Delta {
    upserts: Vec<Arc<str>>,
    removed: Vec<Uuid>,
}

enum Step {
    Joined(Client),
    News(News),
    All,
    Looked,
    Over,
}

impl Hub {
    /// Serves its clients until there are none.
    pub async fn run(mut self) {
        let every = self.showing.every();
        let mut turns = every.map(interval);
        if let Some(turns) = &mut turns {
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            let turn = async {
                match &mut turns {
                    Some(turns) => drop(turns.tick().await),
                    None => std::future::pending().await,
                }
            };
            let step = tokio::select! {
                client = self.joining.recv() => client.map_or(Step::Over, Step::Joined),
                news = self.listening.inbox.take() => Step::News(news),
                () = turn => Step::All,
                () = sleep(LINGER) => Step::Looked,
            };
            let done = match step {
                Step::Joined(client) => self.join(client).await,
                Step::News(news) => {
                    let done = self.follow(news).await;
                    let rest = self.showing.rest();
                    if !rest.is_zero() {
                        sleep(rest).await;
                    }
                    done
                }
                Step::All => self.look_at_all().await,
                Step::Looked => Ok(()),
                Step::Over => return,
            };
            if let Err(failure) = done {
                self.end(&failure);
                return;
            }
            self.clients.retain(|client| !client.sender.is_closed());
            if self.clients.is_empty() && self.open.close(&self.key, &mut self.joining) {
                return;
            }
        }
    }

    /// Tells everyone that it is over, and why.
    fn end(&mut self, failure: &Failure) {
        self.open.forget(&self.key);
        self.joining.close();
        while let Ok(client) = self.joining.try_recv() {
            self.clients.push(client);
        }
        for client in self.clients.drain(..) {
            let _ = client.sender.try_send(Err(failure.clone()));
        }
    }

    /// Reads until it is read, or cannot be.
    async fn patiently<T, F: Future<Output = Result<T, Failure>>>(
        read: impl Fn() -> F,
    ) -> Result<T, Failure> {
        let mut attempts = 0;
        loop {
            match read().await {
                Err(failure)
                    if matches!(failure.code, Code::Internal | Code::Timeout) && attempts < 60 =>
                {
                    attempts += 1;
                    sleep(RECOVERY).await;
                }
                done => return done,
            }
        }
    }

    /// Lets in those who wait at the door: all of them look at the same reading.
    async fn join(&mut self, first: Client) -> Result<(), Failure> {
        let mut coming = vec![first];
        while let Ok(client) = self.joining.try_recv() {
            coming.push(client);
        }
        let order = match self.look_again().await {
            Ok(order) => order,
            Err(failure) => {
                self.clients.extend(coming);
                return Err(failure);
            }
        };
        let rows: Vec<&str> = order
            .iter()
            .filter_map(|id| self.rows.get(id))
            .map(|texts| &*texts.snapshot)
            .collect();
        let message = Message {
            cursor: self.cursor,
            snapshot: Some(&rows),
            upserts: &[],
            removed: &[],
        };
        let snapshot: Arc<str> = self.layout.write(&message, self.showing.prefix()).into();
        for client in coming {
            let text = match client.after {
                None => Arc::clone(&snapshot),
                Some(after) => match self.missed(after).await? {
                    Some(text) => text,
                    None => Arc::clone(&snapshot),
                },
            };
            // There is room: nothing was sent yet.
            if client.sender.try_send(Ok(text)).is_ok() {
                self.clients.push(client);
            }
        }
        Ok(())
    }

    /// The message of what a client has missed; none where it needs a snapshot.
    async fn missed(&self, after: Position) -> Result<Option<Arc<str>>, Failure> {
        let showing = &self.showing;
        // Looked for after the rows were read: whatever the rows hold is among what is found.
        let Some(ids) = Self::patiently(|| showing.since(after)).await? else {
            return Ok(None);
        };
        let (mut upserts, mut removed) = (Vec::new(), Vec::new());
        for id in ids {
            match self.rows.get(&id) {
                Some(texts) => upserts.push(&*texts.upsert),
                None => removed.push(id),
            }
        }
        if !removed.is_empty() && !Self::patiently(|| showing.may_know(&removed)).await? {
            return Ok(None);
        }
        let message = Message {
            cursor: self.cursor.max(after),
            snapshot: None,
            upserts: &upserts,
            removed: &removed,
        };
        Ok(Some(self.layout.write(&message, showing.prefix()).into()))
    }

    /// Looks at the rows that the feed told of.
    async fn follow(&mut self, news: News) -> Result<(), Failure> {
        if news.all || !self.showing.reads_some() {
            return self.look_at_all().await;
        }
        let ids: Vec<Uuid> = news.ids.into_iter().collect();
        let showing = &self.showing;
        let reading = Self::patiently(|| showing.read(Some(&ids))).await?;
        let mut found: HashSet<Uuid> = HashSet::new();
        let mut delta = Delta::default();
        for (id, texts) in reading.rows {
            found.insert(id);
            self.take(id, texts, &mut delta);
        }
        for id in ids.iter().filter(|id| !found.contains(id)) {
            if self.rows.remove(id).is_some() {
                delta.removed.push(*id);
            }
        }
        self.cursor = self.cursor.max(news.upto);
        self.tell(&delta).await;
        Ok(())
    }

    fn take(&mut self, id: Uuid, texts: Texts, delta: &mut Delta) {
        if self.rows.get(&id) != Some(&texts) {
            delta.upserts.push(Arc::clone(&texts.upsert));
            self.rows.insert(id, texts);
        }
    }

    async fn look_at_all(&mut self) -> Result<(), Failure> {
        self.look_again().await?;
        Ok(())
    }

    /// Reads all rows and tells what has become different; the ids in their order.
    async fn look_again(&mut self) -> Result<Vec<Uuid>, Failure> {
        let showing = &self.showing;
        let reading = Self::patiently(|| showing.read(None)).await?;
        let mut delta = Delta::default();
        let order: Vec<Uuid> = reading.rows.iter().map(|(id, _)| *id).collect();
        let known: HashSet<Uuid> = order.iter().copied().collect();
        for (id, texts) in reading.rows {
            self.take(id, texts, &mut delta);
        }
        self.rows.retain(|id, _| {
            let stays = known.contains(id);
            if !stays {
                delta.removed.push(*id);
            }
            stays
        });
        self.cursor = self.cursor.max(reading.upto);
        self.tell(&delta).await;
        Ok(order)
    }

    /// Sends everyone what has become different. Who has too much unread is cut off; nobody waits
    /// for anybody.
    async fn tell(&mut self, delta: &Delta) {
        if (delta.upserts.is_empty() && delta.removed.is_empty()) || self.clients.is_empty() {
            return;
        }
        let upserts: Vec<&str> = delta.upserts.iter().map(|text| &**text).collect();
        let message = Message {
            cursor: self.cursor,
            snapshot: None,
            upserts: &upserts,
            removed: &delta.removed,
        };
        let text: Arc<str> = self.layout.write(&message, self.showing.prefix()).into();
        let started = Instant::now();
        self.clients.retain(
            |client| match client.sender.try_send(Ok(Arc::clone(&text))) {
                Ok(()) => true,
                Err(TrySendError::Full(_)) => {
                    client.is_slow.store(true, Ordering::Release);
                    false
                }
                Err(TrySendError::Closed(_)) => false,
            },
        );
        let clients = u32::try_from(self.clients.len()).unwrap_or(u32::MAX);
        let rest = REST.saturating_mul(clients).min(LONGEST_REST);
        if clients > 1 {
            sleep(rest.saturating_sub(started.elapsed())).await;
        }
    }
}
