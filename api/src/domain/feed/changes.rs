//! `changes`.

use std::collections::{HashMap, HashSet};

use async_graphql::{ID, InputObject, SimpleObject};
use uuid::Uuid;

use super::entity_type::EntityType;
use crate::database::new_id;
use crate::feed::read::{self, Wanted};
use crate::feed::{Change as Entry, Position, ROWS_CHANGED, wait_for};
use crate::graph::failure::Failure;
use crate::graph::model::model;
use crate::graph::query::visible;
use crate::graph::question::{Look, Question};
use crate::graph::scalars::Instant;
use crate::graph::type_id;
use crate::graph::verb::Permission;

/// How many changes one page has at most.
const MOST: i32 = 1_000;
/// How many changes a page has where nothing is said.
const USUAL: i32 = 100;

/// What happened, in order: each event of each verb, once. Ask again with `after: cursor`, and
/// nothing is passed over that commits late. It tells of rows that the caller may read, and of no
/// others; read the rows themselves by their ids.
#[derive(InputObject)]
pub struct ChangesInput {
    /// The cursor of the last answer, or the `eventCursor` of a verb; from the beginning of what is
    /// kept if not given. Waits up to five seconds until it is visible.
    pub after: Option<String>,
    /// Only changes of these kinds of rows.
    pub types: Option<Vec<EntityType>>,
    /// How many at most, up to 1,000; 100 if not given.
    pub first: Option<i32>,
    /// Also records of rows that changed without an event of their own, under the topic
    /// `core.rows_changed`: for programs that keep a copy. Tables that boards show have them.
    pub with_rows: Option<bool>,
}

/// A page of the feed.
#[derive(SimpleObject)]
#[graphql(name = "Changes")]
pub struct ChangesPage {
    /// The changes, in their order.
    pub nodes: Vec<Change>,
    /// What to ask for next with `after`.
    pub cursor: String,
    /// Whether more follow already.
    pub has_more: bool,
}

/// Something that happened.
#[derive(SimpleObject)]
pub struct Change {
    /// Where it stands in the feed.
    pub cursor: String,
    /// What happened, such as booking.confirmed.
    pub topic: String,
    /// What kind of row it happened to.
    #[graphql(name = "type")]
    pub kind: EntityType,
    /// The row it happened to; the first, if several.
    pub id: ID,
    /// The rows it happened to.
    pub ids: Vec<ID>,
    /// When its transaction began.
    pub occurred_at: Instant,
}

/// The question.
pub struct Changes;

impl Question for Changes {
    type Input = ChangesInput;
    type Answer = ChangesPage;

    const NAME: &'static str = "changes";
    const PERMISSION: Permission = Permission::SignedIn;

    async fn ask(look: &Look<'_>, input: ChangesInput) -> Result<ChangesPage, Failure> {
        let first = input.first.unwrap_or(USUAL);
        if !(1..=MOST).contains(&first) {
            return Err(Failure::input("first must be between 1 and 1,000."));
        }
        let limit = usize::try_from(first).unwrap_or(1);
        let database = &look.session.shared.database;
        let after = match &input.after {
            Some(after) => {
                let after: Position = after.parse()?;
                wait_for(database, after).await?;
                after
            }
            None => Position::default(),
        };
        let kinds = readable(look, input.types.as_deref())?;
        // A snapshot of its own, taken after the wait.
        let scope = database.platform_replica(new_id());
        let wanted = Wanted {
            biz_id: look.principal()?.biz_id(),
            after,
            entities: Some(&kinds),
            with_rows: input.with_rows.unwrap_or(false),
            past_horizon: false,
            limit,
        };
        let batch = read::of_tenant(&scope, &wanted).await?;
        scope.rollback().await?;
        let nodes = within_reach(look, batch.changes).await?;
        Ok(ChangesPage {
            nodes,
            cursor: batch.upto.to_string(),
            has_more: batch.more,
        })
    }
}

/// The kinds of rows that are asked for and that the caller may read.
fn readable(look: &Look<'_>, asked: Option<&[EntityType]>) -> Result<Vec<&'static str>, Failure> {
    let principal = look.principal()?;
    let may = |entity: &str| {
        let known = model().by_name(entity).map(|id| model().entity(id));
        known.is_some_and(|entity| {
            let permission = entity.read_permission.as_deref();
            entity.has_id() && permission.is_none_or(|permission| principal.may(permission))
        })
    };
    if let Some(asked) = asked {
        if let Some(kind) = asked.iter().find(|kind| !may(kind.0)) {
            let id = model().by_name(kind.0);
            let permission = id.and_then(|id| model().entity(id).read_permission.as_deref());
            return Err(Failure::forbidden(permission.unwrap_or("signing in")));
        }
        return Ok(asked.iter().map(|kind| kind.0).collect());
    }
    let all = model().entities.iter().map(|entity| entity.table.entity);
    Ok(all.filter(|entity| may(entity)).collect())
}

/// The changes of rows within the caller's reach.
async fn within_reach(look: &Look<'_>, entries: Vec<Entry>) -> Result<Vec<Change>, Failure> {
    let mut by_kind: HashMap<&str, Vec<Uuid>> = HashMap::new();
    for entry in &entries {
        let ids = by_kind.entry(&entry.entity).or_default();
        ids.extend(&entry.ids);
    }
    let mut reached: HashMap<String, HashSet<Uuid>> = HashMap::new();
    for (kind, ids) in by_kind {
        if let Some(seen) = visible(look.session, kind, &ids).await? {
            reached.insert(kind.to_owned(), seen);
        }
    }
    let told = entries.into_iter().filter_map(|entry| {
        let id = model().by_name(&entry.entity)?;
        let entity = model().entity(id);
        let seen = reached.get(&entry.entity);
        let ids = entry.ids.iter().filter(|id| {
            // Of rows that changed, those that are out of reach are left out one by one.
            seen.is_none_or(|seen| seen.contains(id))
        });
        let ids: Vec<ID> = ids
            .map(|id| ID(type_id::encode(entity.table.id_prefix, *id)))
            .collect();
        debug_assert!(entry.topic == ROWS_CHANGED || entry.ids.len() == 1);
        Some(Change {
            cursor: entry.position.to_string(),
            topic: entry.topic,
            kind: EntityType(entity.table.entity),
            id: ids.first()?.clone(),
            ids,
            occurred_at: Instant(entry.occurred_at),
        })
    });
    Ok(told.collect())
}
