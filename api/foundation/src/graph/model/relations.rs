//! How rows lead to each other: along foreign keys, back along them, and over tables of pairs.

use std::collections::HashSet;

use entities::metadata::{Column, ConstraintKind, ForeignKey, RowClass, Table};

use super::{EntityId, Field, Link, Model, Relation, words};
use crate::graph::names::{camel, capitalised, pascal, plural, snake, uncapitalised};

/// How many lists an entity may have before the lesser ones are left out.
const MOST_LISTS: usize = 24;

impl Model {
    pub(super) fn add_reverse_relations(&mut self, child: EntityId, table: &'static Table) {
        let mut seen = HashSet::new();
        for key in table.foreign_keys {
            let Some(parent) = self.target(key) else {
                continue;
            };
            if self.entities[parent].table.class == RowClass::Global {
                continue;
            }
            let target_key = self.entities[parent].key;
            let Some(column) = naming(key, target_key) else {
                continue;
            };
            // Two keys may lead to the same row, of which one says more.
            if !seen.insert((parent, column)) {
                continue;
            }
            let one = is_unique(table, column);
            let name = reverse_name(self.entities[parent].table, table, column, one);
            let description = if one {
                format!("The {} of this row, if it has one.", words(table.entity))
            } else {
                format!(
                    "{} with this {}.",
                    capitalised(&words(&plural(table.entity))),
                    words(&camel(column.strip_suffix("_id").unwrap_or(column)))
                )
            };
            let relation = Relation {
                target: child,
                on: pairs(key, (target_key, column)),
                description,
                required: false,
                link: None,
            };
            let field = if one {
                Field::ToOne(relation)
            } else {
                Field::ToMany(relation)
            };
            let fields = &mut self.entities[parent].fields;
            let role = pascal(column.strip_suffix("_id").unwrap_or(column));
            let full = format!("{}{}", table.schema, pascal(table.name));
            let names = [
                name.clone(),
                format!("{name}By{role}"),
                format!("{full}By{role}"),
            ];
            if let Some(free) = names.into_iter().find(|name| !fields.contains_key(name)) {
                fields.insert(free, field);
            }
        }
    }

    /// What very much points at, such as a location, lists what its own module has, master data, and
    /// documents that people know by a number; the rest is found from the root by a filter.
    pub(super) fn thin_out(&mut self, id: EntityId) {
        let lists = self.entities[id].fields.values();
        if lists
            .filter(|kind| matches!(kind, Field::ToMany(_)))
            .count()
            <= MOST_LISTS
        {
            return;
        }
        let schema = self.entities[id].table.schema;
        let mut fields = std::mem::take(&mut self.entities[id].fields);
        fields.retain(|_, kind| {
            let Field::ToMany(relation) = kind else {
                return true;
            };
            let table = self.entities[relation.target].table;
            table.schema == schema
                || relation.link.is_some()
                || table.class == RowClass::Master
                || table.column("number").is_some()
        });
        self.entities[id].fields = fields;
    }

    /// The lists at both ends of a table of pairs.
    pub(super) fn add_link(&mut self, table: &'static Table) {
        let Some([one, other]) = ends(table) else {
            return;
        };
        for (here, there) in [(one, other), (other, one)] {
            let (Some(parent), Some(target)) = (self.target(here), self.target(there)) else {
                continue;
            };
            let (Some(own), Some(far)) = (naming(here, "id"), naming(there, "id")) else {
                continue;
            };
            let role = far.strip_suffix("_id").unwrap_or(far);
            let relation = Relation {
                target,
                on: vec![
                    ("biz_id", "biz_id"),
                    (self.entities[parent].key, self.entities[target].key),
                ],
                description: format!(
                    "The {} that are paired with this row. {}",
                    plural(&words(&camel(role))),
                    table.description
                ),
                required: false,
                link: Some(Link {
                    source: format!("{}.{}", table.schema, table.name),
                    here: own,
                    there: far,
                }),
            };
            let fields = &mut self.entities[parent].fields;
            let mut name = plural(&camel(role));
            if fields.contains_key(&name) {
                name = camel(table.name);
            }
            fields.entry(name).or_insert(Field::ToMany(relation));
        }
    }
}

/// The column of a key that holds the other row's id. A key may also say that both rows have a
/// third in common, a currency or a location.
pub fn naming(key: &'static ForeignKey, target_key: &str) -> Option<&'static str> {
    let place = key
        .target_columns
        .iter()
        .position(|column| *column == target_key)?;
    key.columns.get(place).copied()
}

/// The columns that are equal in two rows of which one names the other: the tenant, where the key
/// has it, and the id.
fn pairs(
    key: &ForeignKey,
    named: (&'static str, &'static str),
) -> Vec<(&'static str, &'static str)> {
    let tenant = key
        .columns
        .contains(&"biz_id")
        .then_some(("biz_id", "biz_id"));
    tenant.into_iter().chain([named]).collect()
}

pub(super) fn forward(
    key: &'static ForeignKey,
    target: EntityId,
    target_key: &'static str,
    column: &Column,
) -> Relation {
    let own = naming(key, target_key).unwrap_or("id");
    Relation {
        target,
        on: pairs(key, (own, target_key)),
        description: column.description.to_owned(),
        required: !column.nullable,
        link: None,
    }
}

/// The keys of a table that holds nothing but pairs of ids, in the order of its columns.
pub(super) fn ends(table: &'static Table) -> Option<[&'static ForeignKey; 2]> {
    if table.class != RowClass::Link {
        return None;
    }
    let kept = ["biz_id", "created_at", "created_by"];
    let columns = table
        .columns
        .iter()
        .filter(|column| !kept.contains(&column.name));
    let key_of = |column: &Column| {
        table.foreign_keys.iter().find(|key| {
            key.columns == ["biz_id", column.name] && key.target_columns == ["biz_id", "id"]
        })
    };
    let keys: Option<Vec<_>> = columns.map(key_of).collect();
    <[_; 2]>::try_from(keys?).ok()
}

/// Whether at most one row of a tenant has each value of a column.
fn is_unique(table: &Table, column: &str) -> bool {
    let only = |columns: &[&str]| {
        columns
            .iter()
            .all(|name| *name == "biz_id" || *name == column)
    };
    table.constraints.iter().any(|constraint| {
        constraint.kind == ConstraintKind::Unique
            && !constraint.columns.is_empty()
            && only(constraint.columns)
    })
}

/// How a parent calls its children: without the parent's or the module's name in front, and with
/// the role behind where the key's role is not the parent itself.
fn reverse_name(parent: &Table, child: &Table, column: &str, one: bool) -> String {
    let singular = snake(&uncapitalised(parent.entity));
    let short = child
        .name
        .strip_prefix(&format!("{singular}_"))
        .or_else(|| {
            (parent.schema == child.schema)
                .then(|| child.name.strip_prefix(&format!("{}_", child.schema)))
                .flatten()
        })
        .unwrap_or(child.name);
    let short = if one {
        uncapitalised(child.entity)
    } else {
        camel(short)
    };
    let role = column.strip_suffix("_id").unwrap_or(column);
    if singular == role || singular.ends_with(&format!("_{role}")) {
        short
    } else {
        format!("{short}By{}", pascal(role))
    }
}
