//! The types of an entity's aggregate.

use async_graphql::registry::{MetaInputValue, Registry};
use entities::metadata::{Column, Kind, RowClass};

use super::build::{enumeration, field, input, input_object, object};
use super::entity::{brief, brief_of, column_type, enum_value, is_code, is_shown, value_type};
use super::measures::{extremes, groupable, measures};
use crate::graph::model::{Entity, Field, Model, words};
use crate::graph::names::{plural, snake};

/// Whether there is something to sum, or states to count.
pub fn has_aggregate(entity: &Entity) -> bool {
    let is_document = entity.table.machine.is_some() && entity.table.column("number").is_some();
    let is_master = entity.table.class == RowClass::Master;
    entity.table.aggregates && (!measures(entity).is_empty() || is_document || is_master)
}

/// The enum value that stands for a groupable field.
pub fn group_value(field: &str) -> String {
    enum_value(&snake(field))
}

/// The graph's type of a sum: wide enough for the rows of a tenant.
pub fn sum_type(column: &Column) -> &'static str {
    match column.kind {
        Kind::Decimal => "Decimal",
        _ => "Long",
    }
}

/// Registers the aggregate of an entity.
pub fn register(registry: &mut Registry, model: &Model, entity: &Entity) {
    if !has_aggregate(entity) {
        return;
    }
    row(registry, model, entity);
    measure_objects(registry, entity);
    arguments_of(registry, entity);
}

fn row(registry: &mut Registry, model: &Model, entity: &Entity) {
    let name = entity.table.entity;
    let mut fields = Vec::new();
    for (key, column) in groupable(entity) {
        fields.push(field(&key, column_type(column), brief_of(column)));
    }
    for (key, kind) in &entity.fields {
        if let Field::ToOne(relation) = kind
            && is_shown(model, kind)
            && !is_code(model, relation)
            && relation.on.iter().all(|(here, _)| {
                *here == "biz_id" || entity.table.column(here).is_some_and(|c| c.name != "id")
            })
            && groupable(entity)
                .iter()
                .any(|(_, column)| column.name == relation.key().0)
        {
            let target = model.entity(relation.target).table.entity;
            fields.push(field(key, target, brief(&relation.description)));
        }
    }
    fields.push(field("count", "Long!", "Its rows."));
    for (part, what) in measure_parts(entity) {
        fields.push(field(
            part,
            &format!("{name}{what}"),
            part_description(part),
        ));
    }
    object(
        registry,
        &format!("{name}Aggregate"),
        &format!("A group of {} and what they come to.", plural(&words(name))),
        fields,
    );
}

fn part_description(part: &str) -> &'static str {
    match part {
        "sum" => "The sums.",
        "avg" => "The means.",
        "min" => "The least values.",
        _ => "The greatest values.",
    }
}

/// The parts of an aggregate row that hold measures, with the suffix of their types.
pub fn measure_parts(entity: &Entity) -> Vec<(&'static str, &'static str)> {
    let mut parts = Vec::new();
    if !measures(entity).is_empty() {
        parts.extend([("sum", "Sum"), ("avg", "Average")]);
    }
    if !extremes(entity).is_empty() {
        parts.extend([("min", "Extremes"), ("max", "Extremes")]);
    }
    parts
}

fn measure_objects(registry: &mut Registry, entity: &Entity) {
    let name = entity.table.entity;
    let these = plural(&words(name));
    for (part, suffix) in measure_parts(entity) {
        if part == "max" {
            continue;
        }
        let columns = if matches!(part, "sum" | "avg") {
            measures(entity)
        } else {
            extremes(entity)
        };
        let fields = columns
            .iter()
            .map(|(key, column)| {
                let ty = match part {
                    "sum" => sum_type(column),
                    "avg" => "Decimal",
                    _ => value_type(column.kind),
                };
                field(key, ty, brief_of(column))
            })
            .collect();
        object(
            registry,
            &format!("{name}{suffix}"),
            &match part {
                "min" => format!("The least or the greatest values of a group of {these}."),
                part => format!("{} Over {these}.", part_description(part)),
            },
            fields,
        );
    }
}

fn arguments_of(registry: &mut Registry, entity: &Entity) {
    let name = entity.table.entity;
    let keys = groupable(entity);
    enumeration(
        registry,
        &format!("{name}GroupField"),
        &format!("A field by which {} can be grouped.", plural(&words(name))),
        keys.iter()
            .map(|(key, column)| (group_value(key), brief_of(column))),
    );
    input_object(
        registry,
        &format!("{name}GroupBy"),
        "A key of the groups.",
        vec![
            input(
                "field",
                &format!("{name}GroupField!"),
                "The field to group by.",
            ),
            input("bucket", "DateBucket", "The span to gather in."),
            input("timeZone", "String", "The IANA zone whose days count."),
        ],
    );
    let measured = |filter: bool| -> Vec<MetaInputValue> {
        measures(entity)
            .iter()
            .map(|(key, column)| {
                let ty = if filter {
                    format!("{}Filter", sum_type(column))
                } else {
                    "SortOrder".to_owned()
                };
                input(
                    key,
                    &ty,
                    if filter {
                        "On this sum."
                    } else {
                        "By this sum."
                    },
                )
            })
            .collect()
    };
    let mut having = vec![input("count", "LongFilter", "On the number of rows.")];
    let mut order: Vec<MetaInputValue> = keys
        .iter()
        // The order of ids tells nothing.
        .filter(|(_, column)| !matches!(column.kind, Kind::Uuid))
        .map(|(key, column)| input(key, "SortOrder", brief_of(column)))
        .collect();
    order.push(input("count", "SortOrder", "By the number of rows."));
    if !measures(entity).is_empty() {
        input_object(
            registry,
            &format!("{name}MeasureFilter"),
            "On sums; all given must hold.",
            measured(true),
        );
        input_object(
            registry,
            &format!("{name}MeasureOrder"),
            "A sum to order by; give one.",
            measured(false),
        );
        having.push(input(
            "sum",
            &format!("{name}MeasureFilter"),
            "On sums of the group.",
        ));
        order.push(input(
            "sum",
            &format!("{name}MeasureOrder"),
            "By a sum of the group.",
        ));
    }
    input_object(
        registry,
        &format!("{name}Having"),
        "Which groups; all given must hold.",
        having,
    );
    input_object(
        registry,
        &format!("{name}AggregateOrder"),
        "A key of their order; give one.",
        order,
    );
}

/// The arguments of the aggregate field of an entity.
pub fn arguments(entity: &Entity) -> Vec<MetaInputValue> {
    let name = entity.table.entity;
    vec![
        input("filter", &format!("{name}Filter"), "Which rows."),
        input("groupBy", &format!("[{name}GroupBy!]"), "Keys of groups."),
        input("having", &format!("{name}Having"), "Which groups."),
        input("orderBy", &format!("[{name}AggregateOrder!]"), "Keys."),
        input("first", "Int", "Groups at most."),
        input("fillGaps", "Boolean", "Empty buckets too."),
    ]
}
