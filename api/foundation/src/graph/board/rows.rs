//! A board of rows of an entity, read by the engine.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Value;
use async_graphql::parser::types::SelectionSet;
use async_trait::async_trait;
use uuid::Uuid;

use super::layout::{Layout, sets};
use super::source::{Reading, Showing, Texts, Viewer};
use super::{Board, update_type};
use crate::database::{Scope, new_id};
use crate::feed::read::{self, Wanted};
use crate::feed::{Inbox, Position};
use crate::graph::failure::{Code, Failure};
use crate::graph::listing::without_archived;
use crate::graph::model::{EntityId, model};
use crate::graph::plan::{Place, Plan, Planner, Shape};
use crate::graph::query::visible;
use crate::graph::question::Look;
use crate::graph::reader::keys;
use crate::identity::Reach;

/// How many rows a board shows at most.
const MOST_ROWS: usize = 1_000;
/// How many changes a client may have missed and still be sent them alone.
const MOST_MISSED: usize = 2_000;

/// A board of rows as a viewer asks for it.
pub struct EntityRows<B: Board> {
    viewer: Arc<Viewer>,
    input: B::Input,
    entity: EntityId,
}

/// A statement that reads rows, and what becomes of them.
struct Planned {
    plan: Plan,
    shape: Shape,
    sql: String,
}

impl<B: Board> EntityRows<B> {
    /// The board for somebody, who may read the entity.
    pub fn new(viewer: Arc<Viewer>, input: B::Input) -> Result<Self, Failure> {
        let entity = model()
            .by_name(B::ENTITY)
            .ok_or_else(|| Failure::internal(format!("there is no entity {}", B::ENTITY)))?;
        viewer
            .session
            .planner(viewer.asked())?
            .permit(model().entity(entity))?;
        Ok(Self {
            viewer,
            input,
            entity,
        })
    }

    async fn scope(&self) -> Result<Scope, Failure> {
        let session = &self.viewer.session;
        let principal = session.principal()?;
        // Never of a replica: the feed may be ahead of it.
        Ok(session.shared.database.read_after_write(principal).await?)
    }

    fn filter(&self) -> Result<Value, Failure> {
        let now = self.viewer.session.shared.database.now();
        Value::from_json(B::filter(&self.input, now)?).map_err(Failure::internal)
    }

    fn plan<'a>(
        &'a self,
        planner: &mut Planner<'a>,
        sets: &[&'a SelectionSet],
        filter: &Value,
        only: Option<&[Uuid]>,
    ) -> Result<Planned, Failure> {
        let entity = model().entity(self.entity);
        let mut plan = Plan::new(self.entity);
        let alias = plan.alias.clone();
        plan.expression(format!("{alias}.{}", entity.key));
        let mut conditions = Vec::new();
        if let Some(only) = only {
            let bound = plan.statement.bind(keys(only));
            conditions.push(format!("{alias}.{} = any({bound})", entity.key));
        }
        let filtered =
            planner
                .conditions(&mut plan.statement)
                .filter(self.entity, &alias, filter, 0)?;
        conditions.extend(filtered.map(|filter| format!("({filter})")));
        conditions.extend(without_archived(entity, &alias, Some(filter)));
        let narrowed = planner
            .conditions(&mut plan.statement)
            .narrowed(self.entity, &alias);
        conditions.extend(narrowed);
        let rows = u64::try_from(only.map_or(MOST_ROWS, <[Uuid]>::len)).unwrap_or(u64::MAX);
        planner.charge(rows)?;
        let place = Place::top(rows).below(1);
        let shape = planner.shape(&mut plan, self.entity, &alias, sets, place)?;
        let mut sql = format!("select {} {}", plan.select_list(), plan.from());
        for (index, condition) in conditions.iter().enumerate() {
            let word = if index == 0 { "where" } else { "and" };
            let _ = write!(sql, " {word} {condition}");
        }
        sql += " order by ";
        for column in B::ORDER {
            let _ = write!(sql, "{alias}.{column}, ");
        }
        let _ = write!(sql, "{alias}.{} limit {}", entity.key, MOST_ROWS + 1);
        Ok(Planned { plan, shape, sql })
    }

    /// The statements of the two selections; one where they ask for the same.
    fn plans(&self, only: Option<&[Uuid]>) -> Result<(Planned, Option<Planned>), Failure> {
        let mut planner = self.viewer.session.planner(self.viewer.asked())?;
        let sets = sets(&self.viewer, &update_type(B::NAME))?;
        let filter = self.filter()?;
        let (snapshot, upserts) = match (&sets.snapshot[..], &sets.upserts[..]) {
            ([], upserts) => (upserts, None),
            (snapshot, []) => (snapshot, None),
            (snapshot, upserts) => (snapshot, Some(upserts)),
        };
        let first = self.plan(&mut planner, snapshot, &filter, only)?;
        let second = match upserts {
            Some(upserts) => Some(self.plan(&mut planner, upserts, &filter, only)?),
            None => None,
        };
        let said = |planned: &Planned| format!("{:?}{:?}", planned.plan, planned.shape);
        let second = second.filter(|second| said(second) != said(&first));
        Ok((first, second))
    }
}

#[async_trait]
impl<B: Board> Showing for EntityRows<B> {
    async fn admit(&self) -> Result<(), Failure> {
        // What is wrong with the selection is told before anything is opened.
        self.plans(None)?;
        let scope = self.scope().await?;
        let look = Look {
            scope: &scope,
            session: &self.viewer.session,
        };
        B::admit(&look, &self.input).await?;
        scope.rollback().await?;
        Ok(())
    }

    fn biz_id(&self) -> Uuid {
        let principal = self.viewer.session.principal();
        principal.map_or_else(|_| Uuid::nil(), crate::identity::Principal::biz_id)
    }

    fn identity(&self) -> Result<String, Failure> {
        let principal = self.viewer.session.principal()?;
        let mut reaches = String::new();
        for permission in principal.permissions() {
            let _ = match principal.reach(permission) {
                Reach::All => write!(reaches, "{permission} "),
                Reach::Locations(some) => write!(reaches, "{permission}{some:?} "),
            };
        }
        let (first, _) = self.plans(None)?;
        // Some tables of this schema show each user what is their own.
        if format!("{:?}", first.plan).contains("identity.") {
            let _ = write!(reaches, "{:?}", principal.user_id());
        }
        Ok(reaches)
    }

    fn inbox(&self) -> Inbox {
        Inbox::new(B::ENTITY, B::TOUCHED_BY)
    }

    fn prefix(&self) -> &'static str {
        model().entity(self.entity).table.id_prefix
    }

    fn every(&self) -> Option<Duration> {
        B::EVERY
    }

    fn rest(&self) -> Duration {
        B::REST
    }

    fn layout(&self) -> Result<Layout, Failure> {
        Layout::of(&self.viewer, update_type(B::NAME))
    }

    async fn read(&self, only: Option<&[Uuid]>) -> Result<Reading, Failure> {
        let (first, second) = self.plans(only)?;
        let scope = self.scope().await?;
        let upto = read::horizon(&scope).await?;
        let reader = self.viewer.session.reader_of(&scope)?;
        let Planned { plan, shape, sql } = &first;
        let rows = reader.in_order(plan, shape, sql, &plan.statement.values);
        let others = async {
            let Some(Planned { plan, shape, sql }) = &second else {
                return Ok(HashMap::new());
            };
            reader.many(plan, shape, sql, &plan.statement.values).await
        };
        let (rows, mut others) = futures_util::try_join!(rows, others)?;
        scope.rollback().await?;
        if rows.len() > MOST_ROWS {
            return Err(Failure::new(
                Code::CostLimit,
                format!(
                    "{} would show more than {MOST_ROWS} rows; ask for fewer.",
                    B::NAME
                ),
            ));
        }
        let rows = rows.into_iter().map(|(id, text)| {
            let snapshot: Arc<str> = text.into();
            let upsert = others
                .remove(&id)
                .map_or_else(|| Arc::clone(&snapshot), Arc::from);
            (id, Texts { snapshot, upsert })
        });
        Ok(Reading {
            upto,
            rows: rows.collect(),
        })
    }

    fn reads_some(&self) -> bool {
        true
    }

    async fn since(&self, after: Position) -> Result<Option<Vec<Uuid>>, Failure> {
        if B::EVERY.is_some() {
            return Ok(None);
        }
        let mut entities = B::TOUCHED_BY.to_vec();
        entities.push(B::ENTITY);
        let (database, biz_id) = (&self.viewer.session.shared.database, self.biz_id());
        let scope = database.platform_read(new_id());
        if !read::reaches_back(&scope, biz_id, after).await? {
            return Ok(None);
        }
        let wanted = Wanted {
            biz_id,
            after,
            entities: Some(&entities),
            with_rows: true,
            // The rows that were read show what is beyond the horizon as well.
            past_horizon: true,
            limit: MOST_MISSED,
        };
        let missed = read::of_tenant(&scope, &wanted).await?;
        scope.rollback().await?;
        let is_touched = missed
            .changes
            .iter()
            .any(|change| change.entity != B::ENTITY);
        if missed.more || is_touched {
            return Ok(None);
        }
        let ids = missed.changes.into_iter().flat_map(|change| change.ids);
        let mut ids: Vec<Uuid> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        Ok((ids.len() <= MOST_MISSED).then_some(ids))
    }

    async fn may_know(&self, ids: &[Uuid]) -> Result<bool, Failure> {
        let known = visible(&self.viewer.session, B::ENTITY, ids).await?;
        Ok(known.is_none_or(|known| ids.iter().all(|id| known.contains(id))))
    }
}
