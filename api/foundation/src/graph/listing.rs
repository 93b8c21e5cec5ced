//! Lists: their arguments, and the statements that read them.

use async_graphql::Value;
use sea_orm::Value as Sql;

use super::failure::Failure;
use super::input::{self, Object, arguments};
use super::model::{Entity, EntityId, Field, Relation, model};
use super::order::{Term, after, decode_cursor};
use super::order_by::order_terms;
use super::page::Page;
use super::plan::{Place, Plan, Planner, Shape, json_key};
use super::selection::Selected;
use super::write::Writer;

/// A list that is to be read.
#[derive(Debug)]
pub struct Listing {
    /// What is read of each row.
    pub plan: Plan,
    /// The connection's fields.
    pub parts: Vec<(String, Part)>,
    /// Which stretch of the list.
    pub page: Page,
    /// The order asked for.
    pub terms: Vec<Term>,
    /// The columns of a cursor, where one is asked for.
    pub cursor: Option<Vec<(usize, Writer)>>,
    /// For lists below rows: the selected column that names the row above.
    pub parent: Option<usize>,
    /// The expression that names the row above.
    parent_expression: String,
    /// The table of pairs that leads to the row above, where one does.
    link: String,
    conditions: Vec<String>,
    /// How many of the statement's values the conditions take.
    condition_values: usize,
    keyset: Option<String>,
}

/// A field of a connection.
#[derive(Debug)]
pub enum Part {
    /// The rows.
    Nodes(Shape),
    /// The rows with their cursors.
    Edges(Vec<(String, EdgePart)>),
    /// Where the page stands.
    PageInfo(Vec<(String, PageInfoPart)>),
    /// How many rows there are.
    TotalCount,
    /// Text known beforehand, already JSON.
    Constant(String),
}

/// A field of an edge.
#[derive(Debug)]
pub enum EdgePart {
    /// The row.
    Node(Shape),
    /// Its cursor.
    Cursor,
    /// Text known beforehand, already JSON.
    Constant(String),
}

/// A field of `PageInfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageInfoPart {
    /// Whether more follow.
    HasNext,
    /// Whether some come before.
    HasPrevious,
    /// The first row's cursor.
    Start,
    /// The last row's cursor.
    End,
    /// The type's name.
    TypeName,
}

impl Listing {
    /// Plans a list; below rows, `relation` leads from them to it.
    pub fn plan<'a>(
        planner: &mut Planner<'a>,
        id: EntityId,
        selected: &Selected<'a>,
        relation: Option<&'static Relation>,
        place: Place,
    ) -> Result<Self, Failure> {
        let entity = model().entity(id);
        planner.permit(entity)?;
        let arguments = arguments(selected.field, planner.asked);
        let mut plan = Plan::new(id);
        let alias = plan.alias.clone();
        let mut conditions = Vec::new();
        let (parent, link) = parent_of(entity, &alias, relation);
        if relation.is_some() {
            // The keys of all rows above are the first value, put in when they are known.
            let keys = plan
                .statement
                .bind(Sql::Array(sea_orm::sea_query::ArrayType::Uuid, None));
            conditions.push(format!("{parent} = any({keys})"));
        }
        if let Some(filter) = arguments.get("filter") {
            let filter = planner
                .conditions(&mut plan.statement)
                .filter(id, &alias, filter, 0)?;
            conditions.extend(filter.map(|filter| format!("({filter})")));
        }
        conditions.extend(without_archived(entity, &alias, arguments.get("filter")));
        conditions.extend(planner.conditions(&mut plan.statement).narrowed(id, &alias));
        let flat = relation.is_none() && is_flat(planner, selected, id)?;
        let page = Page::of(&arguments, flat)?;
        let rows = u64::try_from(page.limit).unwrap_or(0);
        planner.charge(place.rows.saturating_mul(rows))?;
        let terms = order_terms(planner, &mut plan, id, &alias, &arguments)?;
        let mut listing = Self {
            plan,
            parts: Vec::new(),
            page,
            terms,
            cursor: None,
            parent: None,
            parent_expression: parent,
            link,
            conditions,
            condition_values: 0,
            keyset: None,
        };
        listing.parts(planner, id, selected, place.below(rows))?;
        listing.condition_values = listing.plan.statement.values.len();
        listing.keyset(&arguments)?;
        if relation.is_some() {
            let parent = listing.parent_expression.clone();
            listing.parent = Some(listing.plan.expression(parent));
        }
        Ok(listing)
    }

    fn parts<'a>(
        &mut self,
        planner: &mut Planner<'a>,
        id: EntityId,
        selected: &Selected<'a>,
        place: Place,
    ) -> Result<(), Failure> {
        let name = model().entity(id).table.entity;
        let alias = self.plan.alias.clone();
        for field in planner.collect(&selected.sets, &format!("{name}Connection"))? {
            let part = match field.name() {
                "nodes" => {
                    Part::Nodes(planner.shape(&mut self.plan, id, &alias, &field.sets, place)?)
                }
                "edges" => {
                    let mut parts = Vec::new();
                    for inner in planner.collect(&field.sets, &format!("{name}Edge"))? {
                        let part = match inner.name() {
                            "node" => EdgePart::Node(planner.shape(
                                &mut self.plan,
                                id,
                                &alias,
                                &inner.sets,
                                place,
                            )?),
                            "cursor" => {
                                self.needs_cursor();
                                EdgePart::Cursor
                            }
                            _ => EdgePart::Constant(format!("\"{name}Edge\"")),
                        };
                        parts.push((json_key(inner.key), part));
                    }
                    Part::Edges(parts)
                }
                "pageInfo" => Part::PageInfo(self.page_info(planner, &field)?),
                "totalCount" => Part::TotalCount,
                _ => Part::Constant(format!("\"{name}Connection\"")),
            };
            self.parts.push((json_key(field.key), part));
        }
        Ok(())
    }

    fn page_info<'a>(
        &mut self,
        planner: &Planner<'a>,
        field: &Selected<'a>,
    ) -> Result<Vec<(String, PageInfoPart)>, Failure> {
        let mut parts = Vec::new();
        for inner in planner.collect(&field.sets, "PageInfo")? {
            let part = match inner.name() {
                "hasNextPage" => PageInfoPart::HasNext,
                "hasPreviousPage" => PageInfoPart::HasPrevious,
                "startCursor" => PageInfoPart::Start,
                "endCursor" => PageInfoPart::End,
                _ => PageInfoPart::TypeName,
            };
            if matches!(part, PageInfoPart::Start | PageInfoPart::End) {
                self.needs_cursor();
            }
            parts.push((json_key(inner.key), part));
        }
        Ok(parts)
    }

    fn needs_cursor(&mut self) {
        if self.cursor.is_some() {
            return;
        }
        let mut columns = Vec::new();
        for term in &self.terms {
            let index = self.plan.expression(term.expression.clone());
            let writer = match term.operand.refers_to {
                Some(target) => Writer::type_id(model().entity(target).table.id_prefix),
                None => Writer::Plain(term.operand.kind),
            };
            columns.push((index, writer));
        }
        self.cursor = Some(columns);
    }

    fn keyset(&mut self, arguments: &Object) -> Result<(), Failure> {
        let mut all = Vec::new();
        for (name, reverse) in [("after", false), ("before", true)] {
            let Some(cursor) = arguments
                .get(name)
                .filter(|value| !matches!(value, Value::Null))
            else {
                continue;
            };
            let cursor = input::text(cursor, name)?;
            let values = decode_cursor(&self.terms, cursor, &mut self.plan.statement)?;
            let terms: Vec<Term> = if reverse {
                self.terms.iter().map(Term::reversed).collect()
            } else {
                self.terms.clone()
            };
            all.push(after(&terms, &values));
        }
        self.keyset = (!all.is_empty()).then(|| all.join(" and "));
        Ok(())
    }

    /// Whether rows are needed at all, or only their number.
    pub fn wants_rows(&self) -> bool {
        self.parts
            .iter()
            .any(|(_, part)| !matches!(part, Part::TotalCount | Part::Constant(_)))
    }

    /// Whether the rows are to be counted.
    pub fn wants_count(&self) -> bool {
        self.parts
            .iter()
            .any(|(_, part)| matches!(part, Part::TotalCount))
    }

    fn order_by(&self) -> String {
        let terms: Vec<String> = self
            .terms
            .iter()
            .map(|term| {
                if self.page.backward {
                    term.reversed().sql()
                } else {
                    term.sql()
                }
            })
            .collect();
        terms.join(", ")
    }

    fn all_conditions(&self, parent: Option<&str>) -> String {
        let own = self
            .conditions
            .iter()
            .enumerate()
            .map(|(index, condition)| match parent {
                Some(parent) if index == 0 => parent.to_owned(),
                _ => condition.clone(),
            });
        let all: Vec<String> = own.chain(self.keyset.clone()).collect();
        if all.is_empty() {
            String::new()
        } else {
            format!(" where {}", all.join(" and "))
        }
    }

    fn values(&self, keys: Option<Sql>) -> Vec<Sql> {
        let mut values = self.plan.statement.values.clone();
        if let (Some(keys), Some(first)) = (keys, values.first_mut()) {
            *first = keys;
        }
        values
    }

    /// The statement of a list at the top; one row more than the page, to know whether more follow.
    pub fn sql(&self) -> (String, Vec<Sql>) {
        let mut values = self.values(None);
        // The limit is no parameter: PostgreSQL would take it for a tenth of the rows, and so never
        // find that it can keep the plan.
        let mut sql = format!(
            "select {} {}{} order by {} limit {}",
            self.plan.select_list(),
            self.from(),
            self.all_conditions(None),
            self.order_by(),
            self.page.limit + 1
        );
        if self.page.offset > 0 {
            values.push(self.page.offset.into());
            sql = format!("{sql} offset ${}", values.len());
        }
        (sql, values)
    }

    /// The statement that counts a list at the top.
    pub fn count_sql(&self) -> (String, Vec<Sql>) {
        let conditions = if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" where {}", self.conditions.join(" and "))
        };
        let source = &model().entity(self.plan.entity).source;
        let sql = format!(
            "select count(*) from {source} {}{conditions}",
            self.plan.alias
        );
        (
            sql,
            self.plan.statement.values[..self.condition_values].to_vec(),
        )
    }

    /// Whether all rows of all lists of a level may be read at once: a page from the start.
    pub fn is_plain(&self) -> bool {
        self.keyset.is_none() && self.page.offset == 0 && !self.page.backward
    }

    /// The statement that reads the lists below many rows at once, up to `cap` rows in all.
    pub fn together_sql(&self, keys: Sql, cap: i64) -> (String, Vec<Sql>) {
        let mut values = self.values(Some(keys));
        values.push(cap.into());
        let parent = &self.parent_expression;
        let sql = format!(
            "select {} {}{} order by {parent}, {} limit ${}",
            self.plan.select_list(),
            self.from(),
            self.all_conditions(None),
            self.order_by(),
            values.len()
        );
        (sql, values)
    }

    /// The statement that reads a page of the list below each of many rows.
    pub fn lateral_sql(&self, keys: Sql) -> (String, Vec<Sql>) {
        let mut values = self.values(Some(keys));
        values.push((self.page.limit + 1).into());
        let limit = values.len();
        values.push(self.page.offset.into());
        let columns: Vec<String> = self
            .plan
            .select
            .iter()
            .enumerate()
            .map(|(i, column)| format!("{column} as c{i}"))
            .collect();
        let parent = format!("{} = parent.key", self.parent_expression);
        // A lateral page can only be joined by a nested loop, which keeps the order of each page.
        let sql = format!(
            "select page.* from unnest($1::uuid[]) parent(key) cross join lateral \
             (select {} {}{} order by {} limit ${limit} offset ${}) page",
            columns.join(", "),
            self.from(),
            self.all_conditions(Some(&parent)),
            self.order_by(),
            values.len()
        );
        (sql, values)
    }

    /// The statement that counts the lists below many rows.
    pub fn counts_sql(&self, keys: Sql) -> (String, Vec<Sql>) {
        let parent = &self.parent_expression;
        let source = &model().entity(self.plan.entity).source;
        let sql = format!(
            "select {parent}, count(*) from {source} {}{} where {} group by 1",
            self.plan.alias,
            self.link,
            self.conditions.join(" and ")
        );
        let mut values = self.values(Some(keys));
        values.truncate(self.condition_values);
        (sql, values)
    }

    fn from(&self) -> String {
        self.plan.from() + &self.link
    }
}

/// The expression that names the row above a row of `alias`, and what must be joined for it.
fn parent_of(entity: &Entity, alias: &str, relation: Option<&Relation>) -> (String, String) {
    let Some(relation) = relation else {
        return (format!("{alias}.id"), String::new());
    };
    match &relation.link {
        None => (format!("{alias}.{}", relation.key().1), String::new()),
        Some(link) => (
            format!("link.{}", link.here),
            format!(
                " join {} link on link.biz_id = {alias}.biz_id and link.{} = {alias}.{}",
                link.source, link.there, entity.key
            ),
        ),
    }
}

/// The condition that leaves archived rows out, unless the filter speaks of them.
pub fn without_archived(entity: &Entity, alias: &str, filter: Option<&Value>) -> Option<String> {
    entity.table.column("deleted_at")?;
    let spoken_of =
        matches!(filter, Some(Value::Object(filter)) if filter.contains_key("deletedAt"));
    (!spoken_of).then(|| format!("{alias}.deleted_at is null"))
}

/// Whether only columns of the rows are selected.
fn is_flat<'a>(
    planner: &Planner<'a>,
    selected: &Selected<'a>,
    id: EntityId,
) -> Result<bool, Failure> {
    let entity = model().entity(id);
    let name = entity.table.entity;
    let mut sets = Vec::new();
    for field in planner.collect(&selected.sets, &format!("{name}Connection"))? {
        match field.name() {
            "nodes" => sets.push(field.sets),
            "edges" => {
                let inner = planner.collect(&field.sets, &format!("{name}Edge"))?;
                sets.extend(
                    inner
                        .into_iter()
                        .filter(|part| part.name() == "node")
                        .map(|part| part.sets),
                );
            }
            _ => {}
        }
    }
    for set in sets {
        let related = planner.collect(&set, name)?.iter().any(|field| {
            matches!(
                entity.fields.get(field.name()),
                Some(Field::ToOne(_) | Field::ToMany(_))
            )
        });
        if related {
            return Ok(false);
        }
    }
    Ok(true)
}
