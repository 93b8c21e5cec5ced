//! The types of one entity: object, connection, filter and order.

use async_graphql::registry::{MetaField, MetaInputValue, Registry};
use entities::metadata::{Column, Domain, Kind};

use super::audience;
use super::build::{enumeration, field, field_with, input, input_object, object};
use super::measures::is_sorted_by;
use super::scalars::operators;
use crate::graph::model::{Entity, Field, Model, Relation, words};
use crate::graph::names::plural;

/// The graph's name of a column's type, as a value.
pub fn value_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Uuid => "ID",
        Kind::Text | Kind::Bytes | Kind::TransactionId => "String",
        Kind::Enum(domain) => domain.entity,
        Kind::SmallInteger | Kind::Integer => "Int",
        Kind::BigInteger => "Long",
        Kind::Boolean => "Boolean",
        Kind::Decimal => "Decimal",
        Kind::Timestamp => "DateTime",
        Kind::Date => "Date",
        Kind::Time => "Time",
        Kind::Json => "JSON",
        Kind::TextArray => "[String!]",
        Kind::UuidArray => "[ID!]",
        Kind::IntegerArray => "[Int!]",
        Kind::BigIntegerArray => "[Long!]",
    }
}

/// The graph's name of a column's type: currencies have a scalar of their own.
pub fn column_type(column: &Column) -> &'static str {
    match column.kind {
        Kind::Text if column.name == "currency" || column.name.ends_with("_currency") => {
            "CurrencyCode"
        }
        kind => value_type(kind),
    }
}

/// The graph's name of the filter on a column.
fn filter_type(kind: Kind) -> String {
    match kind {
        Kind::TextArray => "StringListFilter".to_owned(),
        Kind::UuidArray => "IDListFilter".to_owned(),
        Kind::IntegerArray => "IntListFilter".to_owned(),
        Kind::BigIntegerArray => "LongListFilter".to_owned(),
        other => format!("{}Filter", value_type(other)),
    }
}

/// The first clause of a description: enough where a column is not the subject, but a means to
/// find, group or order by it.
pub fn brief(description: &str) -> &str {
    let ends = [". ", "; ", ", ", ": ", " (", " that ", " which "];
    let end = ends.iter().filter_map(|end| description.find(end)).min();
    let clause = end.map_or(description, |end| &description[..end]);
    // Few words may say no more than the name.
    let is_enough = clause.split_whitespace().count() >= 2;
    let clause = if is_enough { clause } else { description };
    clause.trim_end_matches('.')
}

/// The first clause of a column's description, unless it says no more than the column's name.
pub fn brief_of(column: &Column) -> &str {
    let clause = brief(column.description);
    let letters = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        letters.collect::<String>().to_lowercase()
    };
    // A sealed column is shown under its name without the mark.
    if letters(clause) == letters(column.name.trim_end_matches("_enc")) {
        column.description
    } else {
        clause
    }
}

/// What a column is, where the field is its subject. Of those that every table has, in fewer words
/// than the database says it in.
fn description(column: &Column) -> &str {
    match column.name {
        "created_at" => "When written.",
        "updated_at" => "When last changed.",
        "version" => "Counts its changes.",
        "deleted_at" => "When it was archived.",
        "created_by" => "Who wrote it.",
        "updated_by" => "Who changed it last.",
        _ => column.description,
    }
}

/// The value of a domain as the graph spells it.
pub fn enum_value(value: &str) -> String {
    value.to_uppercase().replace('-', "_")
}

/// Registers a domain as an enum, with its filter.
pub fn register_domain(registry: &mut Registry, domain: &'static Domain) {
    let values = domain
        .values
        .iter()
        .map(|(value, description)| (enum_value(value), (*description).to_owned()));
    enumeration(registry, domain.entity, domain.description, values);
    operators(
        registry,
        &format!("{}Filter", domain.entity),
        domain.entity,
        false,
        false,
    );
}

/// Registers all types of an entity.
pub fn register(registry: &mut Registry, model: &Model, entity: &Entity) {
    let mut fields: Vec<MetaField> = Vec::new();
    for (name, kind) in entity
        .fields
        .iter()
        .filter(|(_, kind)| is_shown(model, kind))
    {
        fields.push(output_field(model, entity, name, kind));
    }
    if let Some(column) = entity
        .table
        .machine
        .and_then(|(_, column)| entity.table.column(column))
    {
        fields.push(field(
            "allowedTransitions",
            &format!("[{}!]!", value_type(column.kind)),
            "Statuses it may go to now.",
        ));
    }
    object(
        registry,
        entity.table.entity,
        entity.table.description,
        fields,
    );
    connection(registry, entity);
    filter(registry, model, entity);
    order(registry, model, entity);
}

/// Whether a field leads nowhere that the audience may not go.
pub fn is_shown(model: &Model, kind: &Field) -> bool {
    match kind {
        Field::ToOne(relation) | Field::ToMany(relation) => {
            audience::reads(model.entity(relation.target))
        }
        _ => true,
    }
}

fn output_field(model: &Model, entity: &Entity, name: &str, kind: &Field) -> MetaField {
    let bang = |nullable: bool| if nullable { "" } else { "!" };
    match kind {
        Field::Id => field(name, "ID!", "Its TypeID."),
        Field::Column(column) => {
            let ty = format!("{}{}", column_type(column), bang(column.nullable));
            field(name, &ty, description(column))
        }
        Field::Reference(column, _) | Field::Subject(column, _) => field(
            name,
            &format!("ID{}", bang(column.nullable)),
            &reference_description(model, entity, name, column),
        ),
        Field::Money(column) => field(
            name,
            &format!("Money{}", bang(column.nullable)),
            brief_of(column),
        ),
        Field::Sealed(column) => field(name, "String", column.description),
        Field::ToOne(relation) => {
            // Nullable even where a row must exist: another permission may be needed to see it.
            let target = model.entity(relation.target).table.entity;
            field(name, target, &relation.description)
        }
        Field::ToMany(relation) => {
            let target = model.entity(relation.target);
            let ty = format!("{}Connection", target.table.entity);
            field_with(name, &ty, &relation.description, list_arguments(target))
        }
    }
}

/// What an id is: where the row itself is beside it, that says the rest.
fn reference_description(model: &Model, entity: &Entity, name: &str, column: &Column) -> String {
    let role = name.strip_suffix("Id").unwrap_or(name);
    match entity.fields.get(role) {
        Some(kind @ Field::ToOne(_)) if role != name && is_shown(model, kind) => {
            format!("Id of `{role}`.")
        }
        _ => description(column).to_owned(),
    }
}

/// The arguments of every list of an entity.
pub fn list_arguments(entity: &Entity) -> Vec<MetaInputValue> {
    let name = entity.table.entity;
    vec![
        input("first", "Int", "Rows at most."),
        input("after", "String", "A cursor."),
        input("last", "Int", "From the end."),
        input("before", "String", "A cursor."),
        input("offset", "Int", "Rows to skip."),
        input("filter", &format!("{name}Filter"), "Which rows."),
        input("orderBy", &format!("[{name}Order!]"), "Keys."),
    ]
}

fn connection(registry: &mut Registry, entity: &Entity) {
    let name = entity.table.entity;
    let these = plural(&words(name));
    object(
        registry,
        &format!("{name}Connection"),
        &format!("A page of {these}."),
        vec![
            field("nodes", &format!("[{name}!]!"), "Its rows."),
            field("edges", &format!("[{name}Edge!]!"), "With cursors."),
            field("pageInfo", "PageInfo!", "Its place."),
            field("totalCount", "Int!", "Rows on all pages."),
        ],
    );
    object(
        registry,
        &format!("{name}Edge"),
        "A place in a list.",
        vec![
            field("node", &format!("{name}!"), "The row."),
            field("cursor", "String!", "Its position."),
        ],
    );
}

fn filter(registry: &mut Registry, model: &Model, entity: &Entity) {
    let name = entity.table.entity;
    let own = format!("{name}Filter");
    let mut fields = vec![
        input("and", &format!("[{own}!]"), "All hold."),
        input("or", &format!("[{own}!]"), "One holds."),
        input("not", &own, "Does not hold."),
    ];
    for (field, kind) in entity
        .fields
        .iter()
        .filter(|(_, kind)| is_shown(model, kind))
    {
        fields.extend(filter_field(model, entity, field, kind));
    }
    input_object(
        registry,
        &own,
        &format!("Which {}.", plural(&words(name))),
        fields,
    );
    input_object(
        registry,
        &format!("{name}ListFilter"),
        "On a list.",
        vec![
            input("some", &own, "One meets this."),
            input("every", &own, "All meet this."),
            input("none", &own, "None meets this."),
        ],
    );
}

fn filter_field(
    model: &Model,
    entity: &Entity,
    name: &str,
    kind: &Field,
) -> Option<MetaInputValue> {
    let target = |relation: &Relation| model.entity(relation.target).table.entity;
    Some(match kind {
        Field::Column(column) | Field::Reference(column, _)
            if matches!(
                column.name,
                "version" | "created_by" | "updated_by" | "request_id"
            ) =>
        {
            return None;
        }
        Field::Id => input(name, "IDFilter", "Which ids."),
        Field::Column(column) => input(name, &filter_type(column.kind), brief_of(column)),
        Field::Reference(column, _) | Field::Subject(column, _) => input(
            name,
            "IDFilter",
            brief(&reference_description(model, entity, name, column)),
        ),
        Field::Sealed(column) => {
            blind_index(entity, column)?;
            input(name, "SealedFilter", brief_of(column))
        }
        Field::ToOne(relation) if is_code(model, relation) => return None,
        Field::ToOne(relation) => input(
            name,
            &format!("{}Filter", target(relation)),
            brief(&relation.description),
        ),
        Field::ToMany(relation) => input(
            name,
            &format!("{}ListFilter", target(relation)),
            brief(&relation.description),
        ),
        Field::Money(_) => return None,
    })
}

/// Whether a relation leads to what a code stands for, a currency or a zone: the code beside it is
/// what rows are found and put in order by.
pub fn is_code(model: &Model, relation: &Relation) -> bool {
    !model.entity(relation.target).has_id()
}

/// Whether a relation leads to a row that people know by a name, a number or a time: others give
/// lists no order that anyone would read.
fn is_known_by_name(model: &Model, relation: &Relation) -> bool {
    let known = [
        "name",
        "full_name",
        "title",
        "number",
        "code",
        "email",
        "starts_at",
    ];
    let target = model.entity(relation.target);
    target.has_id() && known.iter().any(|name| target.table.column(name).is_some())
}

/// The column by which a sealed column's values are found, where it has one.
pub fn blind_index(entity: &Entity, column: &Column) -> Option<&'static Column> {
    entity.table.column(&column.name.replace("_enc", "_bidx"))
}

fn order(registry: &mut Registry, model: &Model, entity: &Entity) {
    let name = entity.table.entity;
    let mut fields = Vec::new();
    for (field, kind) in entity
        .fields
        .iter()
        .filter(|(_, kind)| is_shown(model, kind))
    {
        match kind {
            Field::Id => fields.push(input(field, "SortOrder", "By age.")),
            Field::Column(column) if is_sorted_by(column) => {
                fields.push(input(field, "SortOrder", brief_of(column)));
            }
            Field::ToOne(relation) if is_known_by_name(model, relation) => {
                let target = model.entity(relation.target).table.entity;
                fields.push(input(
                    field,
                    &format!("{target}Order"),
                    brief(&relation.description),
                ));
            }
            _ => {}
        }
    }
    input_object(
        registry,
        &format!("{name}Order"),
        &format!("A key to order {} by; give one.", plural(&words(name))),
        fields,
    );
}
