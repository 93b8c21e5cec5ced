//! Plain writes: create, update, archive and restore for the data that staff maintain, from the
//! tables' metadata alone.

mod write;

use async_graphql::registry::{MetaInputValue, Registry};
use entities::metadata::{Column, Kind, RowClass};

use super::{Declaration, Part, Permission};
use crate::graph::input::Operand;
use crate::graph::model::{Entity, EntityId, Field, is_hidden, model, words};
use crate::graph::names::camel;
use crate::graph::schema::build::{input as argument, input_object};
use crate::graph::schema::entity::{brief_of, column_type};

/// What a plain write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    Create,
    Update,
    Archive,
    Restore,
    Transition,
}

const WRITES: [Write; 5] = [
    Write::Create,
    Write::Update,
    Write::Archive,
    Write::Restore,
    Write::Transition,
];

/// Columns that the database or the engine fills.
const KEPT: &[&str] = &[
    "id",
    "biz_id",
    "created_at",
    "updated_at",
    "created_by",
    "updated_by",
    "version",
    "deleted_at",
];

impl Write {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Archive => "Archive",
            Self::Restore => "Restore",
            Self::Transition => "Transition",
        }
    }

    fn past(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Update => "updated",
            Self::Archive => "archived",
            Self::Restore => "restored",
            Self::Transition => "moved",
        }
    }

    fn description(self, what: &str) -> String {
        match self {
            Self::Create => format!("Makes a new {what}."),
            Self::Update => format!("Changes a {what}; what is not given stays as it is."),
            Self::Archive => {
                format!("Archives a {what}: it stays readable by id, and leaves the lists.")
            }
            Self::Restore => format!("Brings an archived {what} back."),
            Self::Transition => {
                format!("Takes a {what} to another status, one of its allowedTransitions.")
            }
        }
    }
}

/// A column that a plain write may set, under the name of its field.
struct Writable {
    field: String,
    column: &'static Column,
    operand: Operand,
    sealed: bool,
}

/// The declarations of all plain writes.
pub fn declarations() -> Vec<Declaration> {
    let maintained = model().entities.iter().enumerate();
    maintained
        .filter(|(_, entity)| {
            entity.write_permission.is_some() && entity.table.class != RowClass::Link
        })
        .flat_map(|(id, entity)| {
            let writes = WRITES.into_iter();
            writes
                .filter(|write| match write {
                    Write::Create | Write::Update => true,
                    Write::Archive | Write::Restore => entity.table.column("deleted_at").is_some(),
                    Write::Transition => entity.table.plain_moves,
                })
                .map(move |write| declaration(id, write))
        })
        .collect()
}

fn declaration(id: EntityId, write: Write) -> Declaration {
    let entity = model().entity(id);
    let what = words(entity.table.entity);
    let name = format!("{}{}", entity.single, write.name());
    let topic = crate::graph::names::snake(&entity.single);
    Declaration {
        description: Some(write.description(&what)),
        error_stem: Some("Plain"),
        payload_stem: Some(entity.table.entity.to_owned()),
        permission: Permission::Holds(entity.write_permission.as_deref().unwrap_or_default()),
        event: Some(format!("{}.{topic}.{}", entity.table.schema, write.past())),
        payload: vec![Part::Row(
            &entity.single,
            entity.table.entity,
            "The row as it now is.",
        )],
        constraints: Vec::new(),
        fields: &[],
        shapes: std::sync::OnceLock::new(),
        register: Box::new(move |registry| (register(registry, id, write), Vec::new())),
        run: Box::new(move |act, input| Box::pin(write::run(act, id, write, input))),
        name,
    }
}

fn writable(entity: &Entity) -> Vec<Writable> {
    let machine = entity.table.machine.map(|(_, column)| column);
    let free = |column: &&Column| {
        column.writable && !KEPT.contains(&column.name) && Some(column.name) != machine
    };
    entity
        .table
        .columns
        .iter()
        .filter(free)
        .filter_map(|column| {
            let plain = |refers_to| Operand {
                kind: column.kind,
                refers_to,
            };
            if let Some(stem) = column.name.strip_suffix("_enc") {
                let operand = Operand {
                    kind: Kind::Text,
                    refers_to: None,
                };
                return Some(Writable {
                    field: camel(stem),
                    column,
                    operand,
                    sealed: true,
                });
            }
            if is_hidden(column) {
                return None;
            }
            let field = camel(column.name);
            let refers_to = match entity.fields.get(&field) {
                Some(Field::Reference(_, target)) => Some(*target),
                _ => None,
            };
            // Who a user is, is told across tenants: only verbs that know may link one.
            if refers_to.is_some_and(|target| !model().entity(target).is_tenant()) {
                return None;
            }
            Some(Writable {
                field,
                column,
                operand: plain(refers_to),
                sealed: false,
            })
        })
        .collect()
}

/// Whether the number of a new row is taken from its series where none is given.
fn is_numbered(column: &Column) -> bool {
    column.name == "number"
}

fn register(registry: &mut Registry, id: EntityId, write: Write) -> String {
    let entity = model().entity(id);
    let name = format!("{}{}Input", entity.table.entity, write.name());
    let mut fields: Vec<MetaInputValue> = Vec::new();
    if write != Write::Create {
        fields.push(argument("id", "ID!", "Which one."));
        let ty = if write == Write::Update {
            "Int!"
        } else {
            "Int"
        };
        fields.push(argument(
            "version",
            ty,
            "The version read, else a CONFLICT.",
        ));
    }
    if matches!(write, Write::Create | Write::Update) {
        for item in writable(entity) {
            let must = write == Write::Create
                && !item.column.nullable
                && !item.column.has_default
                && !is_numbered(item.column);
            let base = if item.sealed {
                "String"
            } else if item.operand.refers_to.is_some() {
                "ID"
            } else {
                column_type(item.column)
            };
            let ty = format!("{base}{}", if must { "!" } else { "" });
            let description = brief_of(item.column);
            fields.push(argument(&item.field, &ty, description));
        }
    }
    if let (Write::Transition, Some(column)) = (write, entity.status()) {
        let ty = format!("{}!", column_type(column));
        fields.push(argument("to", &ty, "The status to go to."));
        fields.push(argument("reason", "String", "Why; some moves require it."));
    }
    input_object(
        registry,
        &name,
        &format!("What {}{} takes.", entity.single, write.name()),
        fields,
    );
    name
}
