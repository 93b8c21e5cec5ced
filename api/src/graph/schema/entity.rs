//! The types of one entity: object, connection, filter and order.

use async_graphql::registry::{MetaField, MetaInputValue, Registry};
use entities::metadata::{Column, Domain, Kind};

use super::audience;
use super::build::{enumeration, field, field_with, input, input_object, object};
use super::scalars::operators;
use crate::graph::model::{Entity, Field, Model, Relation, words};
use crate::graph::names::{camel, plural};

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
        other => format!("{}Filter", value_type(other)),
    }
}

/// The first sentence of a description: enough where a column is not the subject, but a means to
/// find, group or order by it.
pub fn brief(description: &str) -> &str {
    description
        .split_once(". ")
        .map_or(description, |(first, _)| first)
        .trim_end_matches('.')
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
        fields.push(output_field(model, name, kind));
    }
    if let Some(column) = entity
        .table
        .machine
        .and_then(|(_, column)| entity.table.column(column))
    {
        fields.push(field(
            "allowedTransitions",
            &format!("[{}!]!", value_type(column.kind)),
            "The statuses that this row may go to from where it stands; verbs take it there.",
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

fn output_field(model: &Model, name: &str, kind: &Field) -> MetaField {
    let bang = |nullable: bool| if nullable { "" } else { "!" };
    match kind {
        Field::Id => field(
            name,
            "ID!",
            "The row's TypeID: a prefix that says what it is, then its UUIDv7.",
        ),
        Field::Column(column) => {
            let ty = format!("{}{}", column_type(column), bang(column.nullable));
            field(name, &ty, column.description)
        }
        Field::Reference(column, _) | Field::Subject(column, _) => field(
            name,
            &format!("ID{}", bang(column.nullable)),
            column.description,
        ),
        Field::Money(column) => field(
            name,
            &format!("Money{}", bang(column.nullable)),
            column.description,
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

/// The arguments of every list of an entity.
pub fn list_arguments(entity: &Entity) -> Vec<MetaInputValue> {
    let name = entity.table.entity;
    vec![
        input(
            "first",
            "Int",
            "Rows at most: 50 if not given, up to 200, or 1000 of columns only.",
        ),
        input("after", "String", "Only rows after this cursor."),
        input("last", "Int", "Rows at most, from the end."),
        input("before", "String", "Only rows before this cursor."),
        input(
            "offset",
            "Int",
            "Rows to leave out at the start; cursors are quicker.",
        ),
        input(
            "filter",
            &format!("{name}Filter"),
            "Which rows; archived ones only if it speaks of deletedAt.",
        ),
        input(
            "orderBy",
            &format!("[{name}Order!]"),
            "In which order; ties by id.",
        ),
    ]
}

fn connection(registry: &mut Registry, entity: &Entity) {
    let name = entity.table.entity;
    let these = plural(&words(name));
    object(
        registry,
        &format!("{name}Connection"),
        &format!("A page of a list of {these}."),
        vec![
            field(
                "nodes",
                &format!("[{name}!]!"),
                &format!("The {these} of this page."),
            ),
            field(
                "edges",
                &format!("[{name}Edge!]!"),
                "The same rows, each with its cursor.",
            ),
            field(
                "pageInfo",
                "PageInfo!",
                "Where this page stands in the list.",
            ),
            field(
                "totalCount",
                "Int!",
                "How many rows the list has on all pages; counted only when asked for.",
            ),
        ],
    );
    object(
        registry,
        &format!("{name}Edge"),
        &format!("One of a list of {these}, with its position."),
        vec![
            field(
                "node",
                &format!("{name}!"),
                &format!("The {} itself.", words(name)),
            ),
            field(
                "cursor",
                "String!",
                "Its position in the list, for `after` and `before`.",
            ),
        ],
    );
}

fn filter(registry: &mut Registry, model: &Model, entity: &Entity) {
    let name = entity.table.entity;
    let own = format!("{name}Filter");
    let mut fields = vec![
        input("and", &format!("[{own}!]"), "All of these must hold."),
        input(
            "or",
            &format!("[{own}!]"),
            "At least one of these must hold.",
        ),
        input("not", &own, "This must not hold."),
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
        &format!(
            "Which {} to read; all conditions given must hold.",
            plural(&words(name))
        ),
        fields,
    );
    input_object(
        registry,
        &format!("{name}ListFilter"),
        &format!("Conditions on the {} of a row.", plural(&words(name))),
        vec![
            input("some", &own, "At least one of them meets this."),
            input(
                "every",
                &own,
                "All of them meet this; so it is where there are none.",
            ),
            input("none", &own, "None of them meets this."),
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
        Field::Id => input(name, "IDFilter", "Which ids."),
        Field::Column(column) => input(
            name,
            &filter_type(column.kind),
            &format!("On: {}.", brief(column.description)),
        ),
        Field::Reference(column, _) | Field::Subject(column, _) => input(
            name,
            "IDFilter",
            &format!("On: {}.", brief(column.description)),
        ),
        Field::Sealed(column) => {
            blind_index(entity, column)?;
            input(
                name,
                "SealedFilter",
                &format!("On: {}.", brief(column.description)),
            )
        }
        Field::ToOne(relation) => input(
            name,
            &format!("{}Filter", target(relation)),
            &format!("On: {}.", brief(&relation.description)),
        ),
        Field::ToMany(relation) => input(
            name,
            &format!("{}ListFilter", target(relation)),
            &format!("On: {}.", brief(&relation.description)),
        ),
        Field::Money(_) => return None,
    })
}

/// The column by which a sealed column's values are found, where it has one.
pub fn blind_index(entity: &Entity, column: &Column) -> Option<&'static Column> {
    entity.table.column(&column.name.replace("_enc", "_bidx"))
}

/// Columns that say how a row was kept, and are no reason to order or group by.
const KEEPING: &[&str] = &[
    "version",
    "created_by",
    "updated_by",
    "updated_at",
    "deleted_at",
    "request_id",
];

/// Ends of the names of texts that are (nearly) as many as rows, so that groups of them would be.
const SINGULAR: &[&str] = &[
    "name",
    "number",
    "note",
    "notes",
    "description",
    "comment",
    "reason",
    "phone",
    "email",
    "url",
    "title",
    "body",
    "subject",
    "message",
    "text",
    "key",
    "token",
    "ref",
    "line1",
    "line2",
    "label",
    "instructions",
];

/// Whether groups by this column tell more than its rows: a kind, a code, a day, a reference, a
/// small number.
fn is_dimension(column: &Column) -> bool {
    if KEEPING.contains(&column.name) {
        return false;
    }
    match column.kind {
        Kind::Text => {
            let end = column.name.rsplit('_').next().unwrap_or_default();
            !SINGULAR.contains(&end)
        }
        Kind::BigInteger | Kind::Decimal | Kind::Time => false,
        kind => is_ordered(kind),
    }
}

/// Whether rows can be put in order by a column of this kind.
pub fn is_ordered(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Json
            | Kind::TextArray
            | Kind::UuidArray
            | Kind::IntegerArray
            | Kind::Bytes
            | Kind::TransactionId
    )
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
            Field::Id => fields.push(input(
                field,
                "SortOrder",
                "By id, which is by when rows were made.",
            )),
            Field::Column(column) | Field::Reference(column, _)
                if KEEPING.contains(&column.name) => {}
            Field::Column(column) if is_ordered(column.kind) => {
                fields.push(input(
                    field,
                    "SortOrder",
                    &format!("By: {}.", brief(column.description)),
                ));
            }
            Field::Reference(column, _) | Field::Subject(column, _) => {
                fields.push(input(
                    field,
                    "SortOrder",
                    &format!("By: {}.", brief(column.description)),
                ));
            }
            Field::ToOne(relation) => {
                let target = model.entity(relation.target).table.entity;
                fields.push(input(
                    field,
                    &format!("{target}Order"),
                    &format!("By a field of: {}.", brief(&relation.description)),
                ));
            }
            _ => {}
        }
    }
    input_object(
        registry,
        &format!("{name}Order"),
        &format!(
            "One key by which {} are put in order; give exactly one field.",
            plural(&words(name))
        ),
        fields,
    );
}

/// The columns by which rows of an entity can be grouped, under their field's name.
pub fn groupable(entity: &Entity) -> Vec<(String, &'static Column)> {
    let column = |kind: &Field| match kind {
        Field::Column(column) | Field::Reference(column, _) if is_dimension(column) => {
            Some(*column)
        }
        _ => None,
    };
    entity
        .fields
        .values()
        .filter_map(column)
        .map(|column| (camel(column.name), column))
        .collect()
}

/// The columns that can be summed, under their field's name.
pub fn measures(entity: &Entity) -> Vec<(String, &'static Column)> {
    let numeric = |kind: Kind| {
        matches!(
            kind,
            Kind::SmallInteger | Kind::Integer | Kind::BigInteger | Kind::Decimal
        )
    };
    entity
        .table
        .columns
        .iter()
        .filter(|column| numeric(column.kind) && column.name != "version")
        .map(|column| (camel(column.name), column))
        .collect()
}

/// The columns that have a least and a greatest value.
pub fn extremes(entity: &Entity) -> Vec<(String, &'static Column)> {
    let ranked = |kind: Kind| {
        matches!(
            kind,
            Kind::SmallInteger
                | Kind::Integer
                | Kind::BigInteger
                | Kind::Decimal
                | Kind::Timestamp
                | Kind::Date
        )
    };
    entity
        .table
        .columns
        .iter()
        .filter(|column| ranked(column.kind) && column.name != "version")
        .map(|column| (camel(column.name), column))
        .collect()
}
