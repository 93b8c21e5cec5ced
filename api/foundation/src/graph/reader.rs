//! Running plans breadth first, and writing what they found as JSON.

use std::collections::HashMap;

use entities::metadata::Kind;
use futures_util::future::{BoxFuture, try_join_all};
use sea_orm::Value as Sql;
use sea_orm::sea_query::ArrayType;
use tokio_postgres::Row;
use uuid::Uuid;

use super::failure::Failure;
use super::listing::{EdgePart, Listing, PageInfoPart, Part};
use super::model::model;
use super::names::pascal;
use super::order::encode_cursor;
use super::plan::{Child, MoneyPart, Out, Plan, Shape, follow};
use super::write::{Writer, amount, string};
use crate::database::Scope;
use crate::database::value::Raw;
use crate::identity::{Principal, Sealer};
use crate::money::exponent;

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
    plan: &'p Plan,
    rows: Vec<Row>,
    children: Vec<Group<'p>>,
}

/// The rows of a list below many rows.
struct Group<'p> {
    /// By the row above, in ascending order.
    by_parent: Vec<(Uuid, Stretch)>,
    counts: HashMap<Uuid, i64>,
    loaded: Loaded<'p>,
}

/// Which of a group's rows belong to one parent.
#[derive(Clone, Copy, Default)]
struct Stretch {
    start: usize,
    len: usize,
    more: bool,
}

fn raw(row: &Row, index: usize) -> Result<Option<&[u8]>, Failure> {
    let value: Option<Raw<'_>> = row.try_get(index).map_err(Failure::internal)?;
    Ok(value.map(|raw| raw.0))
}

fn uuid(row: &Row, index: usize) -> Result<Option<Uuid>, Failure> {
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

    fn connection(
        self,
        out: &mut String,
        listing: &Listing,
        loaded: &Loaded<'_>,
        stretch: Stretch,
        count: i64,
    ) -> Result<(), Failure> {
        let backward = listing.page.backward;
        let place = |index: usize| {
            if backward {
                stretch.start + stretch.len - 1 - index
            } else {
                stretch.start + index
            }
        };
        object(out, &listing.parts, |out, part| match part {
            Part::Constant(text) => {
                out.push_str(text);
                Ok(())
            }
            Part::TotalCount => {
                out.push_str(&count.to_string());
                Ok(())
            }
            Part::Nodes(shape) => list(out, stretch.len, |out, index| {
                self.row(out, shape, loaded, place(index))
            }),
            Part::Edges(parts) => list(out, stretch.len, |out, index| {
                object(out, parts, |out, part| match part {
                    EdgePart::Node(shape) => self.row(out, shape, loaded, place(index)),
                    EdgePart::Cursor => cursor(out, listing, &loaded.rows[place(index)]),
                    EdgePart::Constant(text) => {
                        out.push_str(text);
                        Ok(())
                    }
                })
            }),
            Part::PageInfo(parts) => object(out, parts, |out, part| {
                page_info(out, *part, listing, loaded, stretch, place)
            }),
        })
    }

    fn row(
        self,
        out: &mut String,
        shape: &Shape,
        loaded: &Loaded<'_>,
        index: usize,
    ) -> Result<(), Failure> {
        let row = &loaded.rows[index];
        object(out, &shape.0, |out, value| {
            self.value(out, value, loaded, index, row)
        })
    }

    fn value(
        self,
        out: &mut String,
        value: &Out,
        loaded: &Loaded<'_>,
        index: usize,
        row: &Row,
    ) -> Result<(), Failure> {
        match value {
            Out::Constant(text) => out.push_str(text),
            Out::Column(column, writer) => return scalar(out, row, *column, writer),
            Out::Money {
                minor,
                currency,
                parts,
            } => return money(out, row, *minor, *currency, parts),
            Out::Sealed(column) => match raw(row, *column)? {
                Some(sealed) => string(out, &self.sealer.open(self.principal.biz_id(), sealed)?),
                None => out.push_str("null"),
            },
            Out::Subject { id, kind } => {
                let kind: Option<&str> = row.try_get(*kind).map_err(Failure::internal)?;
                let prefix = kind
                    .and_then(|kind| {
                        model()
                            .by_name(kind)
                            .or_else(|| model().by_name(&pascal(kind)))
                    })
                    .map(|entity| model().entity(entity).table.id_prefix);
                let writer = prefix.map_or(Writer::Plain(Kind::Uuid), Writer::type_id);
                return scalar(out, row, *id, &writer);
            }
            Out::Transitions(column, machine) => {
                let status: &str = row.try_get(*column).map_err(Failure::internal)?;
                let moves = self
                    .transitions
                    .get(*machine)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let moves: Vec<(&str, &str)> = moves
                    .iter()
                    .map(|(a, b)| (a.as_str(), b.as_str()))
                    .collect();
                let next = follow(&moves, status);
                return list(out, next.len(), |out, index| {
                    string(out, &next[index]);
                    Ok(())
                });
            }
            Out::Nested(present, shape) => {
                if raw(row, *present)?.is_none() {
                    out.push_str("null");
                } else {
                    return self.row(out, shape, loaded, index);
                }
            }
            Out::Children(child) => return self.children(out, *child, loaded, row),
        }
        Ok(())
    }

    /// The list below a row. The plan's children and the loaded groups stand in the same order.
    fn children(
        self,
        out: &mut String,
        child: usize,
        loaded: &Loaded<'_>,
        row: &Row,
    ) -> Result<(), Failure> {
        let group = &loaded.children[child];
        let Child { key, listing } = &loaded.plan.children[child];
        let parent = uuid(row, *key)?.unwrap_or_default();
        let place = group.by_parent.binary_search_by_key(&parent, |(id, _)| *id);
        let stretch = place.map_or_else(|_| Stretch::default(), |place| group.by_parent[place].1);
        let count = group.counts.get(&parent).copied().unwrap_or(0);
        self.connection(out, listing, &group.loaded, stretch, count)
    }
}

fn money(
    out: &mut String,
    row: &Row,
    minor: usize,
    currency: usize,
    parts: &[(String, MoneyPart)],
) -> Result<(), Failure> {
    // An amount that has no currency yet is none, whatever its number.
    let number: Option<i64> = row.try_get(minor).map_err(Failure::internal)?;
    let code: Option<&str> = row.try_get(currency).map_err(Failure::internal)?;
    let Some((number, code)) = number.zip(code) else {
        out.push_str("null");
        return Ok(());
    };
    object(out, parts, |out, part| {
        match part {
            MoneyPart::Amount => amount(out, number, exponent(code)),
            MoneyPart::Currency => string(out, code),
            MoneyPart::Minor => super::write::long(out, number),
            MoneyPart::TypeName => out.push_str("\"Money\""),
        }
        Ok(())
    })
}

/// Appends a JSON object of keyed parts.
pub fn object<T>(
    out: &mut String,
    parts: &[(String, T)],
    mut write: impl FnMut(&mut String, &T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    out.push('{');
    for (index, (key, part)) in parts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(key);
        write(out, part)?;
    }
    out.push('}');
    Ok(())
}

/// Appends a JSON list of `len` items.
pub fn list(
    out: &mut String,
    len: usize,
    mut write: impl FnMut(&mut String, usize) -> Result<(), Failure>,
) -> Result<(), Failure> {
    out.push('[');
    for index in 0..len {
        if index > 0 {
            out.push(',');
        }
        write(out, index)?;
    }
    out.push(']');
    Ok(())
}

/// Appends a column's value, or `null`.
pub fn scalar(out: &mut String, row: &Row, column: usize, writer: &Writer) -> Result<(), Failure> {
    if let Some(bytes) = raw(row, column)? {
        return writer.write(out, bytes);
    }
    out.push_str("null");
    Ok(())
}

fn cursor(out: &mut String, listing: &Listing, row: &Row) -> Result<(), Failure> {
    let mut values = String::new();
    for (index, (column, writer)) in listing.cursor.iter().flatten().enumerate() {
        if index > 0 {
            values.push(',');
        }
        scalar(&mut values, row, *column, writer)?;
    }
    string(out, &encode_cursor(&listing.terms, &values));
    Ok(())
}

fn page_info(
    out: &mut String,
    part: PageInfoPart,
    listing: &Listing,
    loaded: &Loaded<'_>,
    stretch: Stretch,
    place: impl Fn(usize) -> usize,
) -> Result<(), Failure> {
    let page = &listing.page;
    let (next, previous) = if page.backward {
        (page.is_before || page.offset > 0, stretch.more)
    } else {
        (stretch.more, page.is_after)
    };
    match part {
        PageInfoPart::HasNext => out.push_str(if next { "true" } else { "false" }),
        PageInfoPart::HasPrevious => out.push_str(if previous { "true" } else { "false" }),
        PageInfoPart::TypeName => out.push_str("\"PageInfo\""),
        PageInfoPart::Start | PageInfoPart::End if stretch.len == 0 => out.push_str("null"),
        PageInfoPart::Start => return cursor(out, listing, &loaded.rows[place(0)]),
        PageInfoPart::End => return cursor(out, listing, &loaded.rows[place(stretch.len - 1)]),
    }
    Ok(())
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
