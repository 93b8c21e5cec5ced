//! Filters as SQL conditions.

use async_graphql::Value;
use entities::metadata::Kind;
use sea_orm::Value as Sql;

use super::failure::Failure;
use super::input::{self, Object, Operand};
use super::model::{Entity, EntityId, Field, LocationPath, Relation, model};
use super::operators::unknown;
use super::schema::entity::blind_index;
use crate::identity::{Principal, Reach, Sealer};

/// A statement being written: its values, and how many tables it has named.
#[derive(Debug, Default)]
pub struct Statement {
    /// The values of `$1`, `$2`, ...
    pub values: Vec<Sql>,
    aliases: usize,
}

impl Statement {
    /// The placeholder of a value.
    pub fn bind(&mut self, value: impl Into<Sql>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A table alias not used yet.
    pub fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }
}

/// How deep filters may nest.
const MAX_DEPTH: usize = 8;

/// Writes filters of one request.
pub struct Conditions<'a> {
    /// Whose permissions relations in filters must respect.
    pub principal: &'a Principal,
    /// Finds sealed values.
    pub sealer: &'a Sealer,
    /// The statement that the conditions go into.
    pub statement: &'a mut Statement,
}

impl Conditions<'_> {
    /// The condition of a filter on the rows of `alias`; none where everything passes.
    pub fn filter(
        &mut self,
        id: EntityId,
        alias: &str,
        filter: &Value,
        depth: usize,
    ) -> Result<Option<String>, Failure> {
        if matches!(filter, Value::Null) {
            return Ok(None);
        }
        if depth > MAX_DEPTH {
            return Err(Failure::input(format!(
                "A filter may nest at most {MAX_DEPTH} levels."
            )));
        }
        let entity = model().entity(id);
        let mut all = Vec::new();
        for (name, value) in input::object(filter, "A filter")? {
            match name.as_str() {
                // A key that is given as null stands for no condition, as if it were absent.
                _ if matches!(value, Value::Null) => {}
                "and" => all.extend(self.combined(id, alias, value, depth, " and ")?),
                "or" => all.extend(self.combined(id, alias, value, depth, " or ")?),
                "not" => {
                    let inner = self.filter(id, alias, value, depth + 1)?;
                    all.push(format!(
                        "not coalesce(({}), false)",
                        inner.as_deref().unwrap_or("true")
                    ));
                }
                field => all.extend(self.field(entity, alias, field, value, depth)?),
            }
        }
        Ok((!all.is_empty()).then(|| all.join(" and ")))
    }

    fn combined(
        &mut self,
        id: EntityId,
        alias: &str,
        value: &Value,
        depth: usize,
        glue: &str,
    ) -> Result<Option<String>, Failure> {
        let parts = input::items(value);
        if parts.len() > input::MAX_LIST {
            return Err(Failure::input("A filter combines too many conditions."));
        }
        let mut conditions = Vec::new();
        for part in parts {
            let condition = self.filter(id, alias, part, depth + 1)?;
            conditions.push(format!("({})", condition.as_deref().unwrap_or("true")));
        }
        if conditions.is_empty() {
            // Nothing of nothing holds; all of nothing does.
            return Ok((glue == " or ").then(|| "false".to_owned()));
        }
        Ok(Some(format!("({})", conditions.join(glue))))
    }

    fn field(
        &mut self,
        entity: &Entity,
        alias: &str,
        name: &str,
        value: &Value,
        depth: usize,
    ) -> Result<Vec<String>, Failure> {
        let what = format!("filter.{name}");
        let Some(field) = entity.fields.get(name) else {
            return Err(Failure::input(format!(
                "A {} has no field {name} to filter by.",
                entity.table.entity
            )));
        };
        let conditions = input::object(value, &what)?;
        match field {
            Field::Id => {
                let operand = Operand {
                    kind: Kind::Uuid,
                    refers_to: model().by_name(entity.table.entity),
                };
                self.operators(
                    &format!("{alias}.{}", entity.key),
                    operand,
                    conditions,
                    &what,
                )
            }
            Field::Column(column) | Field::Subject(column, _) => {
                let operand = Operand {
                    kind: column.kind,
                    refers_to: None,
                };
                let column = format!("{alias}.{}", column.name);
                self.operators(&column, operand, conditions, &what)
            }
            Field::Reference(column, target) => {
                let operand = Operand {
                    kind: column.kind,
                    refers_to: Some(*target),
                };
                self.operators(
                    &format!("{alias}.{}", column.name),
                    operand,
                    conditions,
                    &what,
                )
            }
            Field::Sealed(column) => match blind_index(entity, column) {
                Some(index) => self.sealed(&format!("{alias}.{}", index.name), conditions, &what),
                None => Err(Failure::input(format!(
                    "{name} is sealed and cannot be found."
                ))),
            },
            Field::ToOne(relation) => Ok(vec![self.exists(relation, alias, value, depth)?]),
            Field::ToMany(relation) => self.quantified(relation, alias, conditions, depth),
            Field::Money(_) => Err(Failure::input(format!("Filter by {name}Minor."))),
        }
    }

    fn sealed(
        &mut self,
        index: &str,
        conditions: &Object,
        what: &str,
    ) -> Result<Vec<String>, Failure> {
        let mut all = Vec::new();
        for (operator, value) in conditions {
            match (operator.as_str(), value) {
                (_, Value::Null) => {}
                ("eq", value) => {
                    let text = input::text(value, what)?;
                    let mark = self.sealer.blind_index(self.principal.biz_id(), text);
                    all.push(format!("{index} = {}", self.statement.bind(mark)));
                }
                ("isNull", value) => {
                    let not = if input::boolean(value, what)? {
                        ""
                    } else {
                        "not "
                    };
                    all.push(format!("{index} is {not}null"));
                }
                (operator, _) => return Err(unknown(what, operator)),
            }
        }
        Ok(all)
    }

    /// The condition that the row at the other end of a to-one relation passes.
    fn exists(
        &mut self,
        relation: &Relation,
        alias: &str,
        filter: &Value,
        depth: usize,
    ) -> Result<String, Failure> {
        let (from, on, inner) = self.related(relation, alias, filter, depth)?;
        let rest = inner
            .map(|inner| format!(" and ({inner})"))
            .unwrap_or_default();
        Ok(format!("exists (select 1 from {from} where {on}{rest})"))
    }

    fn quantified(
        &mut self,
        relation: &Relation,
        alias: &str,
        conditions: &Object,
        depth: usize,
    ) -> Result<Vec<String>, Failure> {
        let mut all = Vec::new();
        for (quantifier, filter) in conditions {
            if matches!(filter, Value::Null) {
                continue;
            }
            let (from, on, inner) = self.related(relation, alias, filter, depth)?;
            let inner = inner.unwrap_or_else(|| "true".to_owned());
            all.push(match quantifier.as_str() {
                "some" => format!("exists (select 1 from {from} where {on} and ({inner}))"),
                "none" => format!("not exists (select 1 from {from} where {on} and ({inner}))"),
                "every" => format!("not exists (select 1 from {from} where {on} and not coalesce(({inner}), false))"),
                other => return Err(unknown("a list filter", other)),
            });
        }
        Ok(all)
    }

    /// The table, the join condition, and the filter's condition of a related entity.
    fn related(
        &mut self,
        relation: &Relation,
        alias: &str,
        filter: &Value,
        depth: usize,
    ) -> Result<(String, String, Option<String>), Failure> {
        let target = model().entity(relation.target);
        if let Some(permission) = &target.read_permission
            && !self.principal.may(permission)
        {
            return Err(Failure::forbidden(permission));
        }
        let inner = self.statement.alias();
        let mut from = format!("{} {inner}", target.source);
        let mut on = join_condition(relation, alias, &inner);
        if let Some(link) = &relation.link {
            let pair = self.statement.alias();
            let (here, there) = relation.key();
            from = format!(
                "{from} join {} {pair} on {pair}.biz_id = {inner}.biz_id and {pair}.{} = {inner}.{there}",
                link.source, link.there
            );
            on = format!(
                "{pair}.biz_id = {alias}.biz_id and {pair}.{} = {alias}.{here}",
                link.here
            );
        }
        if let Some(narrow) = self.narrowed(relation.target, &inner) {
            on = format!("{on} and {narrow}");
        }
        let condition = self.filter(relation.target, &inner, filter, depth + 1)?;
        Ok((from, on, condition))
    }

    /// The condition that narrows rows to the locations that the caller's membership reaches.
    pub fn narrowed(&mut self, id: EntityId, alias: &str) -> Option<String> {
        self.narrowed_by(id, alias, model().entity(id).read_permission.as_deref()?)
    }

    /// The condition that narrows rows to the locations that a permission reaches.
    pub fn narrowed_by(&mut self, id: EntityId, alias: &str, permission: &str) -> Option<String> {
        let entity = model().entity(id);
        let Reach::Locations(locations) = self.principal.reach(permission) else {
            return None;
        };
        if entity.locations.is_empty() {
            return None;
        }
        let values = locations.iter().map(|id| Sql::from(*id)).collect();
        let array = Sql::Array(sea_orm::sea_query::ArrayType::Uuid, Some(Box::new(values)));
        let bound = self.statement.bind(array);
        let ways: Vec<String> = entity
            .locations
            .iter()
            .map(|path| self.within(path, alias, &bound))
            .collect();
        Some(format!("({})", ways.join(" or ")))
    }

    /// The condition that a row's location, found this way, is one of those bound.
    fn within(&mut self, path: &LocationPath, alias: &str, bound: &str) -> String {
        let mut opening = String::new();
        let mut last = alias.to_owned();
        for relation in &path.through {
            let next = self.statement.alias();
            let source = &model().entity(relation.target).source;
            let on = join_condition(relation, &last, &next);
            opening += "exists (select 1 from ";
            opening += &[source, " ", &next, " where ", &on, " and "].concat();
            last = next;
        }
        let column = format!("{last}.{}", path.column);
        let within = if path.nullable {
            format!("({column} is null or {column} = any({bound}))")
        } else {
            format!("{column} = any({bound})")
        };
        format!("{opening}{within}{}", ")".repeat(path.through.len()))
    }
}

/// `there.x = here.y` for each pair of columns of a relation.
pub fn join_condition(relation: &Relation, here: &str, there: &str) -> String {
    let pairs = relation
        .on
        .iter()
        .map(|(own, other)| format!("{there}.{other} = {here}.{own}"));
    pairs.collect::<Vec<_>>().join(" and ")
}
