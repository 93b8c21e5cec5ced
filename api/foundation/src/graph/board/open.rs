//! The boards that are open in this process: one hub for all who see the same, and a limit for each.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::parser::types::Field;
use async_graphql::{Name, Response, Value};
use async_graphql_value::Value as AstValue;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::BoardDeclaration;
use super::hub::{Client, Hub, Sent, WAITING};
use super::source::{Showing, Viewer};
use crate::feed::{Position, wait_for};
use crate::graph::failure::{Code, Failure, error};
use crate::graph::input::{Object, arguments, text};
use crate::graph::query::raw_json;
use crate::graph::session::{Caller, Session};

/// How many boards may be looked at through one process.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// By one user, or by one API key.
    pub per_user: usize,
    /// From one address by those who are not signed in.
    pub per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_user: 2_000,
            per_address: 200,
        }
    }
}

/// The boards that are open in this process.
#[derive(Clone, Default)]
pub struct OpenBoards(Arc<Inner>);

#[derive(Default)]
struct Inner {
    limits: Limits,
    hubs: Mutex<HashMap<String, UnboundedSender<Client>>>,
    viewers: Mutex<HashMap<String, usize>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// That somebody looks at a board, until it is dropped.
struct Seat {
    open: OpenBoards,
    who: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut viewers = locked(&self.open.0.viewers);
        if let Some(count) = viewers.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                viewers.remove(&self.who);
            }
        }
    }
}

impl OpenBoards {
    /// How many boards are open, each for all who see the same.
    pub fn hubs(&self) -> usize {
        locked(&self.0.hubs).len()
    }

    /// With limits of a program's own.
    pub fn with_limits(limits: Limits) -> Self {
        Self(Arc::new(Inner {
            limits,
            ..Inner::default()
        }))
    }

    fn seat(&self, session: &Session) -> Result<Seat, Failure> {
        let (who, most) = match &session.caller {
            Caller::Principal(principal) => {
                (principal.actor_id().to_string(), self.0.limits.per_user)
            }
            Caller::Anonymous => {
                let address = session.client.ip.clone().unwrap_or_default();
                (address, self.0.limits.per_address)
            }
        };
        let mut viewers = locked(&self.0.viewers);
        let count = viewers.entry(who.clone()).or_default();
        if *count >= most {
            let text = format!("You look at {most} boards already; close some of them first.");
            return Err(Failure::new(Code::RateLimited, text));
        }
        *count += 1;
        drop(viewers);
        Ok(Seat {
            open: self.clone(),
            who,
        })
    }

    /// Sends a client to the hub of its board, if there is one.
    fn find(&self, key: &str, client: Client) -> Result<(), Client> {
        let hubs = locked(&self.0.hubs);
        match hubs.get(key) {
            Some(hub) => hub.send(client).map_err(|refused| refused.0),
            None => Err(client),
        }
    }

    /// Sends a client to a hub: that of its board, or a new one, which this begins.
    async fn send(
        &self,
        key: &str,
        client: Client,
        showing: Arc<dyn Showing>,
        session: &Session,
    ) -> Result<(), Failure> {
        let Err(client) = self.find(key, client) else {
            return Ok(());
        };
        let layout = showing.layout()?;
        let feed = &session.shared.feed;
        let listening = feed.listen(showing.biz_id(), showing.inbox()).await?;
        let mut hubs = locked(&self.0.hubs);
        let client = match hubs.get(key) {
            None => client,
            Some(hub) => match hub.send(client) {
                Ok(()) => return Ok(()),
                Err(refused) => refused.0,
            },
        };
        let (sender, joining) = mpsc::unbounded_channel();
        // The receiver is right here.
        let _ = sender.send(client);
        hubs.insert(key.to_owned(), sender);
        drop(hubs);
        let hub = Hub {
            key: key.to_owned(),
            showing,
            layout,
            listening,
            joining,
            open: self.clone(),
            clients: Vec::new(),
            rows: HashMap::new(),
            cursor: Position::default(),
        };
        tokio::spawn(hub.run());
        Ok(())
    }

    /// Closes a hub unless somebody is at its door.
    pub(super) fn close(&self, key: &str, joining: &mut UnboundedReceiver<Client>) -> bool {
        let mut hubs = locked(&self.0.hubs);
        if !joining.is_empty() {
            return false;
        }
        hubs.remove(key);
        true
    }

    /// Closes a hub.
    pub(super) fn forget(&self, key: &str) {
        locked(&self.0.hubs).remove(key);
    }
}

/// The responses of a subscription.
pub fn subscribe(
    declaration: &'static BoardDeclaration,
    viewer: Viewer,
) -> BoxStream<'static, Response> {
    let key = viewer.key.clone();
    let opened = async move {
        match open(declaration, viewer).await {
            Ok(opened) => messages(opened, key),
            Err(failure) => stream::once(async { refused(failure) }).boxed(),
        }
    };
    stream::once(opened).flatten().boxed()
}

fn refused(failure: Failure) -> Response {
    Response::from_errors(vec![error(failure)])
}

struct Opened {
    receiver: mpsc::Receiver<Sent>,
    is_slow: Arc<AtomicBool>,
    _seat: Seat,
}

async fn open(declaration: &BoardDeclaration, viewer: Viewer) -> Result<Opened, Failure> {
    let session = Arc::clone(&viewer.session);
    let open = session.shared.boards.clone();
    let seat = open.seat(&session)?;
    let viewer = Arc::new(viewer);
    let selected = viewer.selected()?;
    let mut given = arguments(selected.field, viewer.asked());
    let after = match given.shift_remove("after") {
        None | Some(Value::Null) => None,
        Some(value) => Some(text(&value, "after")?.parse::<Position>()?),
    };
    if let Some(after) = after {
        wait_for(&session.shared.database, after).await?;
    }
    let said = said(&viewer, declaration.name, &given, selected.field);
    let showing = declaration.make(Arc::clone(&viewer), Value::Object(given))?;
    showing.admit().await?;
    let key = format!("{}\n{}\n{said}", showing.biz_id(), showing.identity()?);
    let key = format!("{:x?}", Sha256::digest(key).as_slice());
    let (sender, receiver) = mpsc::channel(WAITING);
    let is_slow = Arc::new(AtomicBool::new(false));
    let client = Client {
        after,
        sender,
        is_slow: Arc::clone(&is_slow),
    };
    open.send(&key, client, showing, &session).await?;
    Ok(Opened {
        receiver,
        is_slow,
        _seat: seat,
    })
}

/// What a document asks of a board, apart from where it wants to go on from.
fn said(viewer: &Viewer, name: &str, given: &Object, field: &Field) -> String {
    let after = field.get_argument("after").map(|value| &value.node);
    let variable: Option<&Name> = match after {
        Some(AstValue::Variable(name)) => Some(name),
        _ => None,
    };
    let mut said = format!("{name}\n{given:?}\n{:?}\n", field.selection_set.node);
    for (key, value) in &*viewer.env.variables {
        if Some(key) != variable {
            let _ = writeln!(said, "{key}={value:?}");
        }
    }
    let fragments: std::collections::BTreeMap<_, _> = viewer
        .env
        .fragments
        .iter()
        .map(|(name, fragment)| (name.as_str(), format!("{:?}", fragment.node)))
        .collect();
    let _ = write!(said, "{}\n{fragments:?}", viewer.key);
    said
}

fn messages(opened: Opened, key: String) -> BoxStream<'static, Response> {
    stream::unfold((Some(opened), key), |(opened, key)| async move {
        let mut opened = opened?;
        match opened.receiver.recv().await {
            Some(Ok(text)) => {
                let mut data = async_graphql::indexmap::IndexMap::with_capacity(1);
                data.insert(Name::new(&key), raw_json(text.as_ref().to_owned()));
                let response = Response::new(Value::Object(data));
                Some((response, (Some(opened), key)))
            }
            Some(Err(failure)) => Some((refused(failure), (None, key))),
            None if opened.is_slow.load(Ordering::Acquire) => {
                let text = "You read too slowly and were cut off; subscribe again with `after` and the last cursor.";
                Some((refused(Failure::new(Code::Timeout, text).with("reason", "SLOW_READER")), (None, key)))
            }
            None => {
                let text = "The board was closed; subscribe again with `after` and the last cursor.";
                Some((refused(Failure::new(Code::Timeout, text).with("reason", "CLOSED")), (None, key)))
            }
        }
    })
    .boxed()
}
