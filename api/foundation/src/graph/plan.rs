//! From a selection set to statements: which columns, joins and child lists a level needs.

use async_graphql::parser::types::SelectionSet;
use entities::metadata::{Column, Kind};

use super::condition::{Conditions, Statement, join_condition};
use super::failure::{Code, Failure};
use super::listing::Listing;
use super::model::{Entity, EntityId, Field, Relation, model};
use super::schema::entity::enum_value;
use super::selection::{Asked, Selected, collect};
use super::write::{Writer, string};
use crate::identity::{Principal, Sealer};

/// How deep relations may nest.
const MAX_DEPTH: usize = 12;
/// How many rows one request may ask for, counted as if every list were full.
pub const MAX_COST: u64 = 250_000;

/// What planning needs to know of the request, and what it adds up.
pub struct Planner<'a> {
    /// The document's fragments and variables.
    pub asked: Asked<'a>,
    /// Who asks.
    pub principal: &'a Principal,
    /// Opens sealed values.
    pub sealer: &'a Sealer,
    /// How many rows the request asks for so far.
    pub cost: u64,
    /// Whether the rows at the top are what the caller's act has led to: who may do a thing is shown
    /// what came of it. What lies beyond them is read as always.
    pub is_answer: bool,
}

/// One statement: the columns and joins of its rows, and the lists that hang on them.
#[derive(Debug)]
pub struct Plan {
    /// The entity of the rows.
    pub entity: EntityId,
    /// The alias of the entity's table.
    pub alias: String,
    /// The expressions selected.
    pub select: Vec<String>,
    /// The joins of to-one relations.
    pub joins: Vec<Join>,
    /// The lists below the rows.
    pub children: Vec<Child>,
    /// The statement's values.
    pub statement: Statement,
}

/// A joined to-one relation.
#[derive(Debug)]
pub struct Join {
    from: String,
    field: String,
    alias: String,
    sql: String,
}

/// A list below the rows of a plan.
#[derive(Debug)]
pub struct Child {
    /// The selected column whose value the list's rows name.
    pub key: usize,
    /// The list.
    pub listing: Listing,
}

/// What a row's JSON object consists of: `"key":` and a value each.
#[derive(Debug, Default)]
pub struct Shape(pub Vec<(String, Out)>);

/// A value within a row's JSON object.
#[derive(Debug)]
pub enum Out {
    /// Text known beforehand, already JSON.
    Constant(String),
    /// A selected column.
    Column(usize, Writer),
    /// An amount and its currency.
    Money {
        minor: usize,
        currency: usize,
        parts: Vec<(String, MoneyPart)>,
    },
    /// An id, and the column that names the entity of its row.
    Subject {
        /// The id's column.
        id: usize,
        /// The column that names the entity.
        kind: usize,
    },
    /// A sealed column.
    Sealed(usize),
    /// The statuses that follow the one in this column.
    Transitions(usize, &'static str),
    /// A to-one relation, whose row exists if this column is not null.
    Nested(usize, Shape),
    /// A to-many relation: the place in [`Plan::children`].
    Children(usize),
}

/// A field of `Money`.
#[derive(Clone, Copy, Debug)]
pub enum MoneyPart {
    /// In units of the currency.
    Amount,
    /// The currency's code.
    Currency,
    /// In minor units.
    Minor,
    /// The type's name.
    TypeName,
}

/// `name` as the key of a JSON object.
pub fn json_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 3);
    string(&mut key, name);
    key.push(':');
    key
}

impl Plan {
    /// A plan for rows of this entity that selects nothing yet.
    pub fn new(entity: EntityId) -> Self {
        let mut statement = Statement::default();
        let alias = statement.alias();
        Self {
            entity,
            alias,
            select: Vec::new(),
            joins: Vec::new(),
            children: Vec::new(),
            statement,
        }
    }

    /// The place of an expression in the select list.
    pub fn expression(&mut self, expression: String) -> usize {
        if let Some(index) = self.select.iter().position(|known| *known == expression) {
            return index;
        }
        self.select.push(expression);
        self.select.len() - 1
    }

    fn column(&mut self, alias: &str, column: &str) -> usize {
        self.expression(format!("{alias}.{column}"))
    }

    /// `from ... join ...`.
    pub fn from(&self) -> String {
        let mut sql = format!("from {} {}", model().entity(self.entity).source, self.alias);
        for join in &self.joins {
            sql.push_str(&join.sql);
        }
        sql
    }

    /// The select list; a statement must select something.
    pub fn select_list(&self) -> String {
        if self.select.is_empty() {
            "1".to_owned()
        } else {
            self.select.join(", ")
        }
    }
}

impl<'a> Planner<'a> {
    /// Whether the caller may read this entity at all.
    pub fn permit(&self, entity: &Entity) -> Result<(), Failure> {
        match &entity.read_permission {
            Some(permission) if !self.principal.may(permission) => {
                Err(Failure::forbidden(permission))
            }
            _ => Ok(()),
        }
    }

    /// Adds rows to the request's cost.
    pub fn charge(&mut self, rows: u64) -> Result<(), Failure> {
        self.cost = self.cost.saturating_add(rows);
        if self.cost > MAX_COST {
            return Err(Failure::new(
                Code::CostLimit,
                format!(
                    "This asks for more than {MAX_COST} rows in one request; ask for fewer with `first`, or for fewer lists at a time."
                ),
            ));
        }
        Ok(())
    }

    /// Conditions on rows of a plan.
    pub fn conditions<'b>(&'b self, statement: &'b mut Statement) -> Conditions<'b> {
        Conditions {
            principal: self.principal,
            sealer: self.sealer,
            statement,
        }
    }

    /// The fields that selection sets ask of an entity.
    pub fn collect(
        &self,
        sets: &[&'a SelectionSet],
        name: &str,
    ) -> Result<Vec<Selected<'a>>, Failure> {
        collect(sets, name, &["Node"], self.asked)
    }

    /// What the rows under `alias` become; `rows` says how many there may be.
    pub fn shape(
        &mut self,
        plan: &mut Plan,
        id: EntityId,
        alias: &str,
        sets: &[&'a SelectionSet],
        place: Place,
    ) -> Result<Shape, Failure> {
        if place.depth > MAX_DEPTH {
            return Err(Failure::new(
                Code::CostLimit,
                format!("Relations may nest at most {MAX_DEPTH} levels."),
            ));
        }
        let entity = model().entity(id);
        let mut shape = Shape::default();
        for selected in self.collect(sets, entity.table.entity)? {
            let out = self.field(plan, entity, alias, &selected, place)?;
            shape.0.push((json_key(selected.key), out));
        }
        Ok(shape)
    }

    fn field(
        &mut self,
        plan: &mut Plan,
        entity: &'static Entity,
        alias: &str,
        selected: &Selected<'a>,
        place: Place,
    ) -> Result<Out, Failure> {
        let name = selected.name();
        if name == "__typename" {
            return Ok(Out::Constant(format!("\"{}\"", entity.table.entity)));
        }
        if name == "allowedTransitions"
            && let Some((machine, column)) = entity.table.machine
        {
            return Ok(Out::Transitions(plan.column(alias, column), machine));
        }
        let field = entity.fields.get(name).ok_or_else(|| {
            Failure::input(format!("A {} has no field {name}.", entity.table.entity))
        })?;
        Ok(match field {
            Field::Id => Out::Column(
                plan.column(alias, entity.key),
                Writer::type_id(entity.table.id_prefix),
            ),
            Field::Column(column) => {
                Out::Column(plan.column(alias, column.name), Writer::Plain(column.kind))
            }
            Field::Reference(column, target) => {
                let prefix = model().entity(*target).table.id_prefix;
                Out::Column(plan.column(alias, column.name), Writer::type_id(prefix))
            }
            Field::Subject(column, kind) => Out::Subject {
                id: plan.column(alias, column.name),
                kind: plan.column(alias, kind.name),
            },
            Field::Money(column) => self.money(plan, alias, column, selected)?,
            Field::Sealed(column) => Out::Sealed(plan.column(alias, column.name)),
            Field::ToOne(relation) => {
                self.permit(model().entity(relation.target))?;
                self.charge(place.rows)?;
                let joined = self.join(plan, relation, alias, name);
                let key = model().entity(relation.target).key;
                let present = plan.column(&joined, key);
                Out::Nested(
                    present,
                    self.shape(
                        plan,
                        relation.target,
                        &joined,
                        &selected.sets,
                        place.below(1),
                    )?,
                )
            }
            Field::ToMany(relation) => {
                let (here, _) = relation.key();
                let key = plan.column(alias, here);
                let listing =
                    Listing::plan(self, relation.target, selected, Some(relation), place)?;
                plan.children.push(Child { key, listing });
                Out::Children(plan.children.len() - 1)
            }
        })
    }

    fn money(
        &mut self,
        plan: &mut Plan,
        alias: &str,
        column: &Column,
        selected: &Selected<'a>,
    ) -> Result<Out, Failure> {
        let minor = plan.column(alias, column.name);
        let currency = plan.column(alias, "currency");
        let mut parts = Vec::new();
        for part in self.collect(&selected.sets, "Money")? {
            let what = match part.name() {
                "amount" => MoneyPart::Amount,
                "currency" => MoneyPart::Currency,
                "minor" => MoneyPart::Minor,
                _ => MoneyPart::TypeName,
            };
            parts.push((json_key(part.key), what));
        }
        Ok(Out::Money {
            minor,
            currency,
            parts,
        })
    }

    /// The alias under which a to-one relation is joined; once, however often it is selected.
    pub fn join(
        &mut self,
        plan: &mut Plan,
        relation: &Relation,
        from: &str,
        field: &str,
    ) -> String {
        let known = plan
            .joins
            .iter()
            .find(|join| join.from == from && join.field == field);
        if let Some(join) = known {
            return join.alias.clone();
        }
        let alias = plan.statement.alias();
        let mut on = join_condition(relation, from, &alias);
        if let Some(narrow) = self
            .conditions(&mut plan.statement)
            .narrowed(relation.target, &alias)
        {
            on = format!("{on} and {narrow}");
        }
        let source = &model().entity(relation.target).source;
        plan.joins.push(Join {
            from: from.to_owned(),
            field: field.to_owned(),
            sql: format!(" left join {source} {alias} on {on}"),
            alias: alias.clone(),
        });
        alias
    }
}

/// Where in a request a level stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// How many levels are above.
    pub depth: usize,
    /// How many rows this level may have.
    pub rows: u64,
}

impl Place {
    /// The top of a request, where there are this many rows.
    pub fn top(rows: u64) -> Self {
        Self { depth: 0, rows }
    }

    /// The level below, with so many rows for each row here.
    pub fn below(self, rows: u64) -> Self {
        Self {
            depth: self.depth + 1,
            rows: self.rows.saturating_mul(rows.max(1)),
        }
    }
}

/// The statuses of a machine that follow each status, as GraphQL enum values.
pub fn follow(transitions: &[(&str, &str)], from: &str) -> Vec<String> {
    transitions
        .iter()
        .filter(|(start, _)| *start == from)
        .map(|(_, end)| enum_value(end))
        .collect()
}

/// The kind by which a key column is compared.
pub fn key_kind(entity: &Entity, column: &str) -> Kind {
    entity
        .table
        .column(column)
        .map_or(Kind::Uuid, |column| column.kind)
}
