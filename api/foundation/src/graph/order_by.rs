//! `orderBy`: from an argument to the keys of an order.

use async_graphql::Value;

use super::failure::Failure;
use super::input::{self, Object, Operand};
use super::model::{EntityId, Field, model};
use super::order::Term;
use super::plan::{Plan, Planner, key_kind};
use super::schema::measures::is_ordered;

/// How many keys an order may have.
const MAX_KEYS: usize = 8;

/// The keys of an order, made total by the id.
pub fn order_terms(
    planner: &mut Planner<'_>,
    plan: &mut Plan,
    id: EntityId,
    alias: &str,
    arguments: &Object,
) -> Result<Vec<Term>, Failure> {
    let entity = model().entity(id);
    let mut terms = Vec::new();
    for item in arguments
        .get("orderBy")
        .map(input::items)
        .unwrap_or_default()
    {
        terms.push(order_term(planner, plan, id, alias, item)?);
    }
    if terms.len() > MAX_KEYS {
        return Err(Failure::input(format!(
            "orderBy takes at most {MAX_KEYS} keys."
        )));
    }
    let descending = terms.last().is_some_and(|term| term.descending);
    for column in entity.tie_breakers() {
        let expression = format!("{alias}.{column}");
        if terms.iter().any(|term| term.expression == expression) {
            continue;
        }
        let kind = key_kind(entity, column);
        let refers_to = (column == "id").then_some(id);
        let mut term = Term::ascending(expression, Operand { kind, refers_to });
        term.descending = descending;
        terms.push(term);
    }
    Ok(terms)
}

fn order_term(
    planner: &mut Planner<'_>,
    plan: &mut Plan,
    id: EntityId,
    alias: &str,
    item: &Value,
) -> Result<Term, Failure> {
    let entity = model().entity(id);
    let fields = input::object(item, "An item of orderBy")?;
    let given: Vec<_> = fields
        .iter()
        .filter(|(_, value)| !matches!(value, Value::Null))
        .collect();
    let [(name, direction)] = given[..] else {
        return Err(Failure::input(
            "Each item of orderBy takes exactly one field: [{startsAt: DESC}, {id: ASC}].",
        ));
    };
    let term = |expression: String, kind, refers_to, nullable| Term {
        nullable,
        ..Term::ascending(expression, Operand { kind, refers_to })
    };
    let direction_of = |term: Term| term.directed(input::text(direction, "orderBy")?);
    match entity.fields.get(name.as_str()) {
        Some(Field::Id) => {
            let kind = key_kind(entity, entity.key);
            direction_of(term(
                format!("{alias}.{}", entity.key),
                kind,
                Some(id),
                false,
            ))
        }
        Some(Field::Column(column)) if is_ordered(column.kind) => direction_of(term(
            format!("{alias}.{}", column.name),
            column.kind,
            None,
            column.nullable,
        )),
        Some(Field::Reference(column, target)) => direction_of(term(
            format!("{alias}.{}", column.name),
            column.kind,
            Some(*target),
            column.nullable,
        )),
        Some(Field::Subject(column, _)) => direction_of(term(
            format!("{alias}.{}", column.name),
            column.kind,
            None,
            column.nullable,
        )),
        Some(Field::ToOne(relation)) => {
            planner.permit(model().entity(relation.target))?;
            let joined = planner.join(plan, relation, alias, name.as_str());
            let inner = order_term(planner, plan, relation.target, &joined, direction)?;
            // A row that is not there has no value either.
            Ok(Term {
                nullable: true,
                ..inner
            })
        }
        _ => Err(Failure::input(format!(
            "{} cannot be ordered by {name}.",
            entity.many
        ))),
    }
}
