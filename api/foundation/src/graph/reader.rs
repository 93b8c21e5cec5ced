//! Running plans breadth first, and writing what they found as JSON.

use std::collections::HashMap;

use futures_util::future::{BoxFuture, try_join_all};
use sea_orm::Value as Sql;
use sea_orm::sea_query::ArrayType;
use tokio_postgres::Row;
use uuid::Uuid;

use super::failure::Failure;
use super::listing::Listing;
use super::plan::{Child, Plan, Shape};
use crate::database::Scope;
use crate::database::value::Raw;
use crate::identity::{Principal, Sealer};

/// What reading needs.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The transaction.
    pub scope: &'a Scope,
    /// Who reads.
    pub principal: &'a Principal,
    /// Opens sealed values.
    pub sealer: &'a Sealer,
    /// The moves of state machines, by machine.
    pub transitions: &'a HashMap<String, Vec<(String, String)>>,
    /// Whether nothing else reads in this transaction, so that it may end with a last statement.
    pub is_alone: bool,
}

/// The rows of a plan and of all lists below them.
pub struct Loaded<'p> {
    pub(super) plan: &'p Plan,
    pub(super) rows: Vec<Row>,
    pub(super) children: Vec<Group<'p>>,
}

/// The rows of a list below many rows.
pub(super) struct Group<'p> {
    /// By the row above, in ascending order.
    pub(super) by_parent: Vec<(Uuid, Stretch)>,
    pub(super) counts: HashMap<Uuid, i64>,
    pub(super) loaded: Loaded<'p>,
}

/// Which of a group's rows belong to one parent.
#[derive(Clone, Copy, Default)]
pub(super) struct Stretch {
    pub(super) start: usize,
    pub(super) len: usize,
    pub(super) more: bool,
}

/// A column's bytes as PostgreSQL sent them.
pub(super) fn raw(row: &Row, index: usize) -> Result<Option<&[u8]>, Failure> {
    let value: Option<Raw<'_>> = row.try_get(index).map_err(Failure::internal)?;
    Ok(value.map(|raw| raw.0))
}

/// A column's id.
pub(super) fn uuid(row: &Row, index: usize) -> Result<Option<Uuid>, Failure> {
    raw(row, index)?
        .map(|bytes| Uuid::from_slice(bytes).map_err(Failure::internal))
        .transpose()
}

/// Ids as one array value.
pub fn keys(ids: &[Uuid]) -> Sql {
    let values = ids.iter().map(|id| Sql::from(*id)).collect();
    Sql::Array(ArrayType::Uuid, Some(Box::new(values)))
}

/// How many rows may be read for a level before each list is paged by itself.
fn cap(parents: usize, limit: i64) -> i64 {
    let parents = i64::try_from(parents).unwrap_or(i64::MAX);
    parents
        .saturating_mul(limit + 1)
        .min(parents.saturating_mul(20).max(1000))
}

impl<'a> Reader<'a> {
    /// Reads the rows of a statement and all that hangs on them.
    pub async fn load<'p>(
        self,
        plan: &'p Plan,
        sql: &str,
        values: &[Sql],
    ) -> Result<Loaded<'p>, Failure>
    where
        'a: 'p,
    {
        let rows = if self.is_alone && plan.children.is_empty() {
            self.scope.query_only(sql, values).await?
        } else {
            self.scope.query(sql, values).await?
        };
        if plan.children.is_empty() {
            let children = Vec::new();
            return Ok(Loaded {
                plan,
                rows,
                children,
            });
        }
        self.descend(plan, rows).await
    }

    fn descend<'p>(
        self,
        plan: &'p Plan,
        rows: Vec<Row>,
    ) -> BoxFuture<'p, Result<Loaded<'p>, Failure>>
    where
        'a: 'p,
    {
        Box::pin(async move {
            let groups = plan.children.iter().map(|child| self.group(child, &rows));
            let children = try_join_all(groups).await?;
            Ok(Loaded {
                plan,
                rows,
                children,
            })
        })
    }

    async fn group<'p>(self, child: &'p Child, rows: &[Row]) -> Result<Group<'p>, Failure>
    where
        'a: 'p,
    {
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            ids.extend(uuid(row, child.key)?);
        }
        ids.sort_unstable();
        ids.dedup();
        let listing = &child.listing;
        if ids.is_empty() {
            let loaded = self.descend(&listing.plan, Vec::new()).await?;
            return Ok(Group {
                by_parent: Vec::new(),
                counts: HashMap::new(),
                loaded,
            });
        }
        let (rows, counts) =
            futures_util::try_join!(self.rows_below(listing, &ids), self.counts(listing, &ids))?;
        let by_parent = stretches(listing, &rows)?;
        let loaded = self.descend(&listing.plan, rows).await?;
        Ok(Group {
            by_parent,
            counts,
            loaded,
        })
    }

    async fn rows_below(self, listing: &Listing, ids: &[Uuid]) -> Result<Vec<Row>, Failure> {
        if !listing.wants_rows() {
            return Ok(Vec::new());
        }
        if listing.is_plain() {
            let cap = cap(ids.len(), listing.page.limit);
            let (sql, values) = listing.together_sql(keys(ids), cap);
            let rows = self.scope.query(&sql, &values).await?;
            // Fewer than the cap: these are all there are, whatever their number for each parent.
            if i64::try_from(rows.len()).is_ok_and(|count| count < cap) {
                return Ok(rows);
            }
        }
        let (sql, values) = listing.lateral_sql(keys(ids));
        Ok(self.scope.query(&sql, &values).await?)
    }

    async fn counts(self, listing: &Listing, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>, Failure> {
        if !listing.wants_count() {
            return Ok(HashMap::new());
        }
        let (sql, values) = listing.counts_sql(keys(ids));
        let rows = self.scope.query(&sql, &values).await?;
        rows.iter()
            .map(|row| {
                let key = row.try_get(0).map_err(Failure::internal)?;
                Ok((key, row.try_get(1).map_err(Failure::internal)?))
            })
            .collect()
    }

    /// The JSON of a list at the top.
    pub async fn list(self, listing: &Listing) -> Result<String, Failure> {
        let is_alone = self.is_alone && !listing.wants_count();
        let rows = async {
            if !listing.wants_rows() {
                return self.descend(&listing.plan, Vec::new()).await;
            }
            let (sql, values) = listing.sql();
            let reader = Self { is_alone, ..self };
            reader.load(&listing.plan, &sql, &values).await
        };
        let count = async {
            if !listing.wants_count() {
                return Ok(0);
            }
            let (sql, values) = listing.count_sql();
            let row = self.scope.query_opt(&sql, &values).await?;
            let row = row.ok_or_else(|| Failure::internal("a count without a row"))?;
            row.try_get::<_, i64>(0).map_err(Failure::internal)
        };
        let (loaded, count) = futures_util::try_join!(rows, count)?;
        let mut stretch = Stretch {
            start: 0,
            len: loaded.rows.len(),
            more: false,
        };
        trim(listing, &mut stretch);
        let mut out = String::with_capacity(64 + stretch.len * 256);
        self.connection(&mut out, listing, &loaded, stretch, count)?;
        Ok(out)
    }

    /// The JSON of the row that a statement finds, or `null`.
    pub async fn one(
        self,
        plan: &Plan,
        shape: &Shape,
        sql: &str,
        values: &[Sql],
    ) -> Result<String, Failure> {
        let loaded = self.load(plan, sql, values).await?;
        if loaded.rows.is_empty() {
            return Ok("null".to_owned());
        }
        let mut out = String::with_capacity(512);
        self.row(&mut out, shape, &loaded, 0)?;
        Ok(out)
    }

    /// The JSON of each row that a statement finds, under the id in its first column.
    pub async fn many(
        self,
        plan: &Plan,
        shape: &Shape,
        sql: &str,
        values: &[Sql],
    ) -> Result<HashMap<Uuid, String>, Failure> {
        let rows = self.in_order(plan, shape, sql, values).await?;
        Ok(rows.into_iter().collect())
    }

    /// The same, in the statement's order.
    pub async fn in_order(
        self,
        plan: &Plan,
        shape: &Shape,
        sql: &str,
        values: &[Sql],
    ) -> Result<Vec<(Uuid, String)>, Failure> {
        let loaded = self.load(plan, sql, values).await?;
        let mut found = Vec::with_capacity(loaded.rows.len());
        for index in 0..loaded.rows.len() {
            let mut out = String::new();
            self.row(&mut out, shape, &loaded, index)?;
            if let Some(id) = uuid(&loaded.rows[index], 0)? {
                found.push((id, out));
            }
        }
        Ok(found)
    }
}

/// Cuts a stretch to the page: one row more was read, to know whether more follow.
fn trim(listing: &Listing, stretch: &mut Stretch) {
    let limit = usize::try_from(listing.page.limit).unwrap_or(0);
    if stretch.len > limit {
        stretch.len = limit;
        stretch.more = true;
    }
}

fn stretches(listing: &Listing, rows: &[Row]) -> Result<Vec<(Uuid, Stretch)>, Failure> {
    let mut by_parent: Vec<(Uuid, Stretch)> = Vec::new();
    let Some(column) = listing.parent else {
        return Ok(by_parent);
    };
    for (index, row) in rows.iter().enumerate() {
        let parent = uuid(row, column)?.unwrap_or_default();
        // The rows of one parent stand together.
        match by_parent.last_mut() {
            Some((last, stretch)) if *last == parent => stretch.len += 1,
            _ => {
                let stretch = Stretch {
                    start: index,
                    len: 1,
                    more: false,
                };
                by_parent.push((parent, stretch));
            }
        }
    }
    for (_, stretch) in &mut by_parent {
        trim(listing, stretch);
    }
    by_parent.sort_unstable_by_key(|(parent, _)| *parent);
    Ok(by_parent)
}
