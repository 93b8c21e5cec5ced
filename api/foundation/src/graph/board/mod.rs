//! Boards: lists that stay up to date. A board is a declaration, as a verb or a question is; what it
//! shows is read by the engine with the client's selection, and narrowed as every list is.
//!
//! | file | what |
//! | --- | --- |
//! | `filter` | an entity's filter as an argument |
//! | `layout` | what a client selects of a message |
//! | `rows` | a board of rows of an entity |
//! | `screen` | a board of values, also for those who are not signed in |
//! | `hub` | one board as some clients look at it: reads once, tells all |
//! | `open` | the hubs of this process, and how many boards one may look at |
//!
//! A hub knows what its clients know: each row's JSON. What it is told of by the feed it reads again,
//! and sends what has become different: so a row is never sent twice for one change, and whatever is
//! in doubt (a long absence, too many changes, time that passes) is settled by reading all rows anew
//! and comparing.

mod filter;
mod hub;
mod layout;
mod open;
mod rows;
mod screen;
mod source;

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::registry::{MetaField, MetaInputValue, MetaType, Registry};
use async_graphql::{InputType, OutputType, Value};
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use filter::Filter;
pub use open::{Limits, OpenBoards, subscribe};
pub use source::{Showing, Viewer};

use super::failure::Failure;
use super::model::model;
use super::names::capitalised;
use super::question::Look;
use super::schema::build::{self, field, field_with, input};
use super::verb::{Shapes, shape};
use rows::EntityRows;
use screen::Values;

/// A list of rows of an entity that stays up to date. The doc comment of its input is its
/// description in the graph, and the fields of its input are its arguments, besides `after`.
pub trait Board: Send + Sync + 'static {
    /// What it is asked with.
    type Input: InputType + Send + Sync;

    /// Its name in the graph.
    const NAME: &'static str;
    /// The entity whose rows it shows. Its table is watched (`core.watch_rows`).
    const ENTITY: &'static str;
    /// The columns by which a snapshot is ordered, before the id.
    const ORDER: &'static [&'static str];
    /// Other entities, whose changes may change which rows are shown, or what is shown of them. A
    /// change of any row of them lets the board look at all its rows, so these should be few. Their
    /// tables are watched as well.
    const TOUCHED_BY: &'static [&'static str] = &[];
    /// How often it looks at all its rows, where time alone changes which are shown.
    const EVERY: Option<Duration> = None;
    /// How long it rests after each message, where what changes all the time is told of less often:
    /// what came meanwhile is told together.
    const REST: Duration = Duration::ZERO;

    /// Which rows it shows: a filter as the entity's list takes it.
    fn filter(input: &Self::Input, now: DateTime<Utc>) -> Result<serde_json::Value, Failure>;

    /// Whether this caller may look at it at all: that what it is asked with exists, and is within
    /// reach. Its rows are narrowed in any case.
    fn admit(_: &Look<'_>, _: &Self::Input) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }
}

/// What a screen shows, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The tenant.
    pub biz_id: Uuid,
    /// The row that it is about.
    pub id: Uuid,
}

/// A list of values that stays up to date, open to those who are not signed in: it decides by what
/// it is asked with (a ticket's token) what it shows, and shows what is meant for everybody's eyes.
pub trait Screen: Send + Sync + 'static {
    /// What it is asked with.
    type Input: InputType + Send + Sync;
    /// What it shows; of each, `id` says which it is.
    type Row: OutputType + serde::Serialize + Send + Sync;

    /// Its name in the graph.
    const NAME: &'static str;
    /// The entity whose ids its rows have.
    const ENTITY: &'static str;
    /// The entities whose changes let it look again.
    const TOUCHED_BY: &'static [&'static str];
    /// How often it looks where nothing changed.
    const EVERY: Option<Duration> = None;
    /// How long it rests after each look.
    const REST: Duration = Duration::ZERO;

    /// What it is about. The scope is the platform's, without a tenant.
    fn find(
        look: &Look<'_>,
        input: &Self::Input,
    ) -> impl Future<Output = Result<Place, Failure>> + Send;

    /// What it shows now. The scope is the platform's, in the name of the tenant.
    fn show(
        look: &Look<'_>,
        place: Place,
    ) -> impl Future<Output = Result<Vec<(Uuid, Self::Row)>, Failure>> + Send;
}

type Register = Box<dyn Fn(&mut Registry) -> MetaField + Send + Sync>;
type Make = Box<dyn Fn(Arc<Viewer>, Value) -> Result<Arc<dyn Showing>, Failure> + Send + Sync>;

/// A board without its types.
pub struct BoardDeclaration {
    /// Its name in the graph.
    pub name: &'static str,
    /// The entity whose rows, or whose ids, it shows.
    pub entity: &'static str,
    /// The entities whose changes let it look again, its own included.
    pub watches: Vec<&'static str>,
    /// What one must hold to look at it; nothing where anyone may.
    pub permission: Option<&'static str>,
    register: Register,
    make: Make,
}

impl std::fmt::Debug for BoardDeclaration {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Board").field(&self.name).finish()
    }
}

impl BoardDeclaration {
    /// Registers the types of the board, and gives its field.
    pub fn register(&self, registry: &mut Registry) -> MetaField {
        (self.register)(registry)
    }

    /// The board as a viewer asks for it.
    pub fn make(&self, viewer: Arc<Viewer>, given: Value) -> Result<Arc<dyn Showing>, Failure> {
        (self.make)(viewer, given)
    }
}

fn parse<I: InputType>(given: Value) -> Result<I, Failure> {
    I::parse(Some(given)).map_err(|error| {
        let told = error
            .into_server_error(async_graphql::Pos::default())
            .message;
        Failure::input(format!("The arguments are not right: {told}"))
    })
}

/// The declaration of a board of rows.
pub fn board<B: Board>() -> BoardDeclaration {
    let permission = model()
        .by_name(B::ENTITY)
        .and_then(|id| model().entity(id).read_permission.as_deref());
    let mut watches = B::TOUCHED_BY.to_vec();
    watches.push(B::ENTITY);
    BoardDeclaration {
        name: B::NAME,
        entity: B::ENTITY,
        watches,
        permission,
        register: Box::new(move |registry| {
            let needs = permission.map_or_else(
                || "Requires signing in.".to_owned(),
                |permission| format!("Requires {permission}."),
            );
            register::<B::Input>(registry, B::NAME, B::ENTITY, &needs)
        }),
        make: Box::new(|viewer, given| {
            let input = parse::<B::Input>(given)?;
            Ok(Arc::new(EntityRows::<B>::new(viewer, input)?))
        }),
    }
}

/// The declaration of a board of values.
pub fn screen<S: Screen>() -> BoardDeclaration {
    let shapes: Arc<OnceLock<Shapes>> = Arc::default();
    let known = Arc::clone(&shapes);
    BoardDeclaration {
        name: S::NAME,
        entity: S::ENTITY,
        watches: S::TOUCHED_BY.to_vec(),
        permission: None,
        register: Box::new(move |registry| {
            <S::Row as OutputType>::create_type_info(registry);
            let ty = <S::Row as OutputType>::type_name();
            let mut found = Shapes::new();
            shape(registry, &ty, &mut found);
            // The same types, whoever the schema is built for.
            let _ = shapes.set(found);
            register::<S::Input>(registry, S::NAME, &ty, "Open to anyone.")
        }),
        make: Box::new(move |viewer, given| {
            let input = parse::<S::Input>(given)?;
            let shapes = Arc::clone(&known);
            Ok(Arc::new(Values::<S>::new(viewer, input, shapes)))
        }),
    }
}

fn update_type(name: &str) -> String {
    format!("{}Update", capitalised(name))
}

fn after() -> MetaInputValue {
    input(
        "after",
        "String",
        "The cursor of the last message read, or the eventCursor of a verb: what came since is sent \
         in place of a snapshot. After a long absence a snapshot is sent all the same.",
    )
}

fn register<I: InputType>(
    registry: &mut Registry,
    name: &str,
    row: &str,
    needs: &str,
) -> MetaField {
    let update = update_type(name);
    let fields = vec![
        field("cursor", "String!", "Up to where this brings the client."),
        field(
            "snapshot",
            &format!("[{row}!]"),
            "All that is shown: what the client knew before is void. Null in a message of changes.",
        ),
        field(
            "upserts",
            &format!("[{row}!]!"),
            "What has come, or has become different; empty beside a snapshot.",
        ),
        field("removed", "[ID!]!", "What is shown no longer."),
    ];
    let description = format!("A message of {name}: all that it shows, or what changed.");
    build::object(registry, &update, &description, fields);
    <I as InputType>::create_type_info(registry);
    let (mut args, mut description) = (Vec::new(), String::new());
    if let Some(MetaType::InputObject {
        input_fields,
        description: own,
        ..
    }) = registry.types.remove(I::type_name().as_ref())
    {
        args = input_fields.into_values().collect();
        description = own.unwrap_or_default();
    }
    args.push(after());
    let description = format!("{description} {needs}");
    field_with(name, &format!("{update}!"), description.trim(), args)
}
