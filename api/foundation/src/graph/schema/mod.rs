//! The types of the graph, registered with async-graphql from the model.

pub mod aggregate;
pub mod audience;
pub mod build;
pub mod entity;
pub mod measures;
pub mod scalars;

use async_graphql::registry::{MetaField, Registry};

use self::build::{field_with, input, interface};
use super::model::{Entity, model, words};
use super::names::{camel, plural};

/// Registers all entities' types.
pub fn register(registry: &mut Registry) {
    scalars::register(registry);
    for domain in entities::DOMAINS {
        entity::register_domain(registry, domain);
    }
    let model = model();
    let mut nodes = Vec::new();
    for entity in &model.entities {
        entity::register(registry, model, entity);
        aggregate::register(registry, model, entity);
        if entity.has_id() && audience::reads(entity) {
            nodes.push(entity.table.entity.to_owned());
        }
    }
    let id = build::field("id", "ID!", "The row's TypeID.");
    interface(
        registry,
        "Node",
        "A row with an id of its own, whatever it is.",
        vec![id],
        nodes,
    );
}

/// The fields of the query root that read entities.
pub fn root_fields() -> Vec<MetaField> {
    let mut fields = vec![
        field_with(
            "node",
            "Node",
            "The row of this id, whatever it is.",
            vec![input("id", "ID!", "A TypeID.")],
        ),
        field_with(
            "nodes",
            "[Node]!",
            "The rows of these ids, in their order; null where there is none.",
            vec![input("ids", "[ID!]!", "At most 200 TypeIDs.")],
        ),
    ];
    for entity in model()
        .entities
        .iter()
        .filter(|entity| audience::reads(entity))
    {
        fields.extend(fields_of(entity));
    }
    fields
}

/// The argument by which one row of an entity is named.
pub fn single_argument(entity: &Entity) -> (String, &'static str) {
    if entity.has_id() {
        ("id".to_owned(), "ID!")
    } else {
        (camel(entity.key), "String!")
    }
}

/// Whether one row can be named by one argument.
pub fn has_single(entity: &Entity) -> bool {
    entity.has_id() || entity.tie_breakers().len() == 1
}

fn fields_of(entity: &Entity) -> Vec<MetaField> {
    let name = entity.table.entity;
    let module = entity.table.schema;
    // That a module's rows are read by those who may read the module is said once, of the root.
    let needs = match &entity.read_permission {
        Some(permission) if permission.strip_suffix(".read") == Some(module) => String::new(),
        Some(permission) => format!(" Requires {permission}."),
        None => " Open to all who are signed in.".to_owned(),
    };
    let mut fields = Vec::new();
    if has_single(entity) {
        let (argument, ty) = single_argument(entity);
        fields.push(field_with(
            &entity.single,
            name,
            &format!("[{module}] One {}.{needs}", words(name)),
            vec![input(&argument, ty, "Which one.")],
        ));
    }
    fields.push(field_with(
        &entity.many,
        &format!("{name}Connection"),
        &format!("[{module}] A page of {}.{needs}", plural(&words(name))),
        entity::list_arguments(entity),
    ));
    if aggregate::has_aggregate(entity) {
        fields.push(field_with(
            &format!("{}Aggregate", entity.single),
            &format!("[{name}Aggregate!]"),
            &format!("[{module}] Counts and sums of them, in groups.{needs}"),
            aggregate::arguments(entity),
        ));
    }
    fields
}
