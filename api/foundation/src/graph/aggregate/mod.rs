//! Counts, sums and their like over groups of rows: one statement, whatever the groups.

mod statement;

use std::collections::HashMap;

use async_graphql::Value;
use entities::metadata::{Column, Kind};
use futures_util::future::try_join_all;
use sea_orm::Value as Sql;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use crate::graph::failure::Failure;
use crate::graph::input::{self, Object, arguments};
use crate::graph::listing::without_archived;
use crate::graph::model::{Entity, EntityId, Field, Relation, model};
use crate::graph::output::{list, object, scalar};
use crate::graph::plan::{Place, Plan, Planner, Shape, json_key};
use crate::graph::reader::Reader;
use crate::graph::schema::aggregate::{group_value, measure_parts, sum_type};
use crate::graph::schema::measures::{extremes, groupable, measures};
use crate::graph::selection::Selected;
use crate::graph::write::Writer;

const DEFAULT_GROUPS: i64 = 1000;
const MAX_GROUPS: i64 = 10_000;

/// A key of the groups.
struct Key {
    field: String,
    column: &'static Column,
    expression: String,
    bucket: Option<(&'static str, String)>,
}

/// An aggregate that is to be read.
pub struct Aggregation {
    sql: String,
    values: Vec<Sql>,
    parts: Vec<(String, Part)>,
    relations: Vec<Related>,
}

enum Part {
    Constant(String),
    Column(usize, Writer),
    Measures(Vec<(String, Part)>),
    Related(usize),
}

/// The rows that a grouped foreign key names.
struct Related {
    key: usize,
    plan: Plan,
    shape: Shape,
    sql: String,
}

/// Writes the statement of one aggregate.
struct Writing<'p, 'a> {
    planner: &'p mut Planner<'a>,
    id: EntityId,
    plan: Plan,
    keys: Vec<Key>,
    select: Vec<String>,
    relations: Vec<Related>,
    measured_money: bool,
}

impl Aggregation {
    /// Plans the aggregate of an entity.
    pub fn plan<'a>(
        planner: &mut Planner<'a>,
        id: EntityId,
        selected: &Selected<'a>,
    ) -> Result<Self, Failure> {
        let entity = model().entity(id);
        planner.permit(entity)?;
        let given = arguments(selected.field, planner.asked);
        let first = limit(&given)?;
        planner.charge(u64::try_from(first).unwrap_or(0))?;
        let mut plan = Plan::new(id);
        let alias = plan.alias.clone();
        let mut conditions = Vec::new();
        if let Some(filter) = given.get("filter") {
            conditions.extend(
                planner
                    .conditions(&mut plan.statement)
                    .filter(id, &alias, filter, 0)?,
            );
        }
        conditions.extend(without_archived(entity, &alias, given.get("filter")));
        conditions.extend(planner.conditions(&mut plan.statement).narrowed(id, &alias));
        let mut writing = Writing {
            planner,
            id,
            plan,
            keys: Vec::new(),
            select: Vec::new(),
            relations: Vec::new(),
            measured_money: false,
        };
        for item in given.get("groupBy").map(input::items).unwrap_or_default() {
            writing.key(item)?;
        }
        let parts = writing.parts(&selected.sets)?;
        let having = given
            .get("having")
            .map(|having| writing.having(having))
            .transpose()?
            .unwrap_or_default();
        let order = writing.order(&given)?;
        writing.refuse_mixed_currencies(&given)?;
        let gaps = matches!(given.get("fillGaps"), Some(Value::Boolean(true)));
        let sql = writing.sql(&conditions, &having, &order, first, gaps)?;
        Ok(Self {
            sql,
            values: writing.plan.statement.values,
            parts,
            relations: writing.relations,
        })
    }

    /// The JSON list of the groups.
    pub async fn read(&self, reader: Reader<'_>) -> Result<String, Failure> {
        let rows = reader.scope.query(&self.sql, &self.values).await?;
        let related = try_join_all(self.relations.iter().map(|related| async {
            let mut ids = Vec::new();
            for row in &rows {
                ids.extend(
                    row.try_get::<_, Option<Uuid>>(related.key)
                        .map_err(Failure::internal)?,
                );
            }
            ids.sort_unstable();
            ids.dedup();
            let ids = ids.into_iter().map(Sql::from).collect();
            let mut values = related.plan.statement.values.clone();
            if let Some(first) = values.first_mut() {
                *first = Sql::Array(ArrayType::Uuid, Some(Box::new(ids)));
            }
            reader
                .many(&related.plan, &related.shape, &related.sql, &values)
                .await
        }))
        .await?;
        let mut out = String::with_capacity(rows.len() * 64);
        list(&mut out, rows.len(), |out, index| {
            object(out, &self.parts, |out, part| {
                self.part(out, part, &rows[index], &related)
            })
        })?;
        Ok(out)
    }

    fn part(
        &self,
        out: &mut String,
        part: &Part,
        row: &tokio_postgres::Row,
        related: &[HashMap<Uuid, String>],
    ) -> Result<(), Failure> {
        match part {
            Part::Constant(text) => out.push_str(text),
            Part::Column(column, writer) => return scalar(out, row, *column, writer),
            Part::Measures(parts) => {
                return object(out, parts, |out, part| self.part(out, part, row, related));
            }
            Part::Related(index) => {
                let key = self.relations[*index].key;
                let id = row
                    .try_get::<_, Option<Uuid>>(key)
                    .map_err(Failure::internal)?;
                let found = id.and_then(|id| related[*index].get(&id));
                out.push_str(found.map_or("null", String::as_str));
            }
        }
        Ok(())
    }
}

fn limit(given: &Object) -> Result<i64, Failure> {
    let Some(value) = given
        .get("first")
        .filter(|value| !matches!(value, Value::Null))
    else {
        return Ok(DEFAULT_GROUPS);
    };
    let first = input::integer(value, "first")?;
    if !(0..=MAX_GROUPS).contains(&first) {
        return Err(Failure::input(format!(
            "first must be from 0 to {MAX_GROUPS}; it is {first}."
        )));
    }
    Ok(first)
}

fn unit(bucket: &str) -> Option<&'static str> {
    ["hour", "day", "week", "month", "quarter", "year"]
        .into_iter()
        .find(|unit| unit.to_uppercase() == bucket)
}

impl<'a> Writing<'_, 'a> {
    fn entity(&self) -> &'static Entity {
        model().entity(self.id)
    }

    fn key(&mut self, item: &Value) -> Result<(), Failure> {
        let fields = input::object(item, "groupBy")?;
        let name = fields
            .get("field")
            .ok_or_else(|| Failure::input("groupBy needs a field."))?;
        let name = input::text(name, "groupBy.field")?;
        let (field, column) = groupable(self.entity())
            .into_iter()
            .find(|(field, _)| group_value(field) == name)
            .ok_or_else(|| {
                Failure::input(format!(
                    "{} cannot be grouped by {name}.",
                    self.entity().many
                ))
            })?;
        let given = |name: &str| {
            fields
                .get(name)
                .filter(|value| !matches!(value, Value::Null))
        };
        let plain = format!("{}.{}", self.plan.alias, column.name);
        let bucket = match given("bucket") {
            None => None,
            Some(bucket) => {
                let bucket = input::text(bucket, "groupBy.bucket")?;
                Some(
                    unit(bucket)
                        .ok_or_else(|| Failure::input(format!("{bucket} is no DateBucket.")))?,
                )
            }
        };
        let zone = match given("timeZone") {
            None => "UTC".to_owned(),
            Some(zone) => time_zone(input::text(zone, "groupBy.timeZone")?)?,
        };
        let (expression, bucket) = match (bucket, column.kind) {
            (None, _) => (plain, None),
            (Some(unit), Kind::Timestamp) => {
                let zone = self.plan.statement.bind(zone);
                (
                    format!("date_trunc('{unit}', {plain}, {zone})"),
                    Some((unit, zone)),
                )
            }
            (Some(unit), Kind::Date) if unit != "hour" => (
                format!("date_trunc('{unit}', {plain}::timestamp)::date"),
                Some((unit, String::new())),
            ),
            _ => return Err(Failure::input(format!("{name} has no such buckets."))),
        };
        if self.keys.iter().any(|key| key.column.name == column.name) {
            return Err(Failure::input(format!("groupBy names {name} twice.")));
        }
        self.select.push(expression.clone());
        self.keys.push(Key {
            field,
            column,
            expression,
            bucket,
        });
        Ok(())
    }

    fn parts(
        &mut self,
        sets: &[&'a async_graphql::parser::types::SelectionSet],
    ) -> Result<Vec<(String, Part)>, Failure> {
        let name = format!("{}Aggregate", self.entity().table.entity);
        let mut parts = Vec::new();
        for field in self.planner.collect(sets, &name)? {
            let part = self.part(&name, &field)?;
            parts.push((json_key(field.key), part));
        }
        Ok(parts)
    }

    fn part(&mut self, type_name: &str, field: &Selected<'a>) -> Result<Part, Failure> {
        let name = field.name();
        if name == "__typename" {
            return Ok(Part::Constant(format!("\"{type_name}\"")));
        }
        if name == "count" {
            return Ok(Part::Column(
                self.column("count(*)".to_owned()),
                Writer::Plain(Kind::BigInteger),
            ));
        }
        if let Some((part, suffix)) = measure_parts(self.entity())
            .into_iter()
            .find(|(part, _)| *part == name)
        {
            return self.measures(part, suffix, field);
        }
        if let Some(index) = self.keys.iter().position(|key| key.field == name) {
            let key = &self.keys[index];
            let writer = match self.entity().fields.get(name) {
                Some(Field::Reference(_, target)) => {
                    Writer::type_id(model().entity(*target).table.id_prefix)
                }
                _ => Writer::Plain(key.column.kind),
            };
            return Ok(Part::Column(index, writer));
        }
        if let Some(Field::ToOne(relation)) = self.entity().fields.get(name)
            && let Some(index) = self
                .keys
                .iter()
                .position(|key| key.column.name == relation.key().0)
        {
            return self.related(index, relation, field);
        }
        Ok(Part::Constant("null".to_owned()))
    }

    fn column(&mut self, expression: String) -> usize {
        if let Some(index) = self.select.iter().position(|known| *known == expression) {
            return index;
        }
        self.select.push(expression);
        self.select.len() - 1
    }

    fn measures(
        &mut self,
        part: &str,
        suffix: &str,
        field: &Selected<'a>,
    ) -> Result<Part, Failure> {
        let type_name = format!("{}{suffix}", self.entity().table.entity);
        let columns = if matches!(part, "sum" | "avg") {
            measures(self.entity())
        } else {
            extremes(self.entity())
        };
        let mut parts = Vec::new();
        for inner in self.planner.collect(&field.sets, &type_name)? {
            let found = columns.iter().find(|(name, _)| name == inner.name());
            let out = match found {
                None => Part::Constant(format!("\"{type_name}\"")),
                Some((_, column)) => {
                    let (expression, kind) = self.measure(part, column);
                    Part::Column(self.column(expression), Writer::Plain(kind))
                }
            };
            parts.push((json_key(inner.key), out));
        }
        Ok(Part::Measures(parts))
    }

    fn measure(&mut self, part: &str, column: &'static Column) -> (String, Kind) {
        self.measured_money |= column.name.ends_with("_minor");
        let value = format!("{}.{}", self.plan.alias, column.name);
        match part {
            "sum" if sum_type(column) == "Long" => {
                (format!("sum({value})::bigint"), Kind::BigInteger)
            }
            "sum" => (format!("sum({value})"), Kind::Decimal),
            "avg" => (format!("round(avg({value}), 6)"), Kind::Decimal),
            part => (format!("{part}({value})"), column.kind),
        }
    }

    fn related(
        &mut self,
        key: usize,
        relation: &'static Relation,
        field: &Selected<'a>,
    ) -> Result<Part, Failure> {
        let target = model().entity(relation.target);
        self.planner.permit(target)?;
        let mut plan = Plan::new(relation.target);
        let alias = plan.alias.clone();
        let keys = plan.statement.bind(Sql::Array(ArrayType::Uuid, None));
        let column = relation.key().1;
        plan.expression(format!("{alias}.{column}"));
        let shape = self.planner.shape(
            &mut plan,
            relation.target,
            &alias,
            &field.sets,
            Place::top(1).below(1),
        )?;
        let mut conditions = vec![format!("{alias}.{column} = any({keys})")];
        conditions.extend(
            self.planner
                .conditions(&mut plan.statement)
                .narrowed(relation.target, &alias),
        );
        let sql = format!(
            "select {} {} where {}",
            plan.select_list(),
            plan.from(),
            conditions.join(" and ")
        );
        self.relations.push(Related {
            key,
            plan,
            shape,
            sql,
        });
        Ok(Part::Related(self.relations.len() - 1))
    }

    /// Amounts of different currencies are never added (domain.md 0.3, rule 3).
    fn refuse_mixed_currencies(&self, given: &Object) -> Result<(), Failure> {
        if !self.measured_money || self.entity().table.column("currency").is_none() {
            return Ok(());
        }
        let grouped = self.keys.iter().any(|key| key.column.name == "currency");
        let fixed = match given.get("filter") {
            Some(Value::Object(filter)) => match filter.get("currency") {
                Some(Value::Object(currency)) => {
                    matches!(currency.get("eq"), Some(Value::String(_)))
                }
                _ => false,
            },
            _ => false,
        };
        if grouped || fixed {
            return Ok(());
        }
        Err(Failure::input(
            "Amounts of different currencies cannot be added: group by CURRENCY, or filter {currency: {eq: \"EUR\"}}.",
        ))
    }
}

/// An IANA zone that the program knows.
pub fn time_zone(name: &str) -> Result<String, Failure> {
    name.parse::<chrono_tz::Tz>()
        .map(|zone| zone.name().to_owned())
        .map_err(|_| {
            Failure::input(format!(
                "{name:?} is no IANA time zone, such as Europe/Lisbon."
            ))
        })
}
