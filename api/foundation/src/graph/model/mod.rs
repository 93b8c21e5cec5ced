//! Every entity as the graph sees it: fields, relations in both directions, and who may read it.
//!
//! Built once, from the tables' metadata; nothing here knows a particular table.

mod locations;
mod relations;

use std::collections::HashMap;
use std::sync::LazyLock;

use entities::metadata::{Column, Domain, ForeignKey, Kind, RowClass, Table};
use indexmap::IndexMap;

pub use self::locations::LocationPath;
pub use self::relations::naming;
use self::relations::{ends, forward};
use super::names::{camel, plural, uncapitalised};

/// An entity's place in [`Model::entities`].
pub type EntityId = usize;

/// All entities.
#[derive(Debug)]
pub struct Model {
    /// The entities, in the order of their modules.
    pub entities: Vec<Entity>,
    by_name: HashMap<&'static str, EntityId>,
    by_prefix: HashMap<&'static str, EntityId>,
    by_table: HashMap<(&'static str, &'static str), EntityId>,
    /// The permission to write a module's tables plainly, by module.
    write_permissions: HashMap<&'static str, String>,
}

/// A table as a type of the graph.
#[derive(Debug)]
pub struct Entity {
    /// The table behind it.
    pub table: &'static Table,
    /// `schema.table`, as SQL names it.
    pub source: String,
    /// The field that reads one: `bookingOrder`.
    pub single: String,
    /// The field that reads many: `bookingOrders`.
    pub many: String,
    /// The permission to read it: `booking.read`. None for reference data, which all may read.
    pub read_permission: Option<String>,
    /// The permission to maintain it with plain writes; none where only verbs write.
    pub write_permission: Option<String>,
    /// Its fields by their name.
    pub fields: IndexMap<String, Field>,
    /// The column that identifies a row within its tenant.
    pub key: &'static str,
    /// How a row's location is found, where it has one: by any of these ways.
    pub locations: Vec<LocationPath>,
}

/// What a field reads.
#[derive(Debug)]
pub enum Field {
    /// The row's TypeID.
    Id,
    /// A column as it stands.
    Column(&'static Column),
    /// A column that holds the id of another entity's row.
    Reference(&'static Column, EntityId),
    /// A column that holds the id of a row whose entity another column names.
    Subject(&'static Column, &'static Column),
    /// An amount in minor units together with the row's currency.
    Money(&'static Column),
    /// A value that is stored sealed and shown opened; the column ends in `_enc`.
    Sealed(&'static Column),
    /// The row that a foreign key points at, or (where `reverse`) the one that points here.
    ToOne(Relation),
    /// The rows that point here.
    ToMany(Relation),
}

/// A pair of matching columns, and what they lead to.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The entity at the other end.
    pub target: EntityId,
    /// Pairs of (column here, column there); where both sides are a tenant's, the first is the
    /// tenant.
    pub on: Vec<(&'static str, &'static str)>,
    /// What the relation says.
    pub description: String,
    /// Whether there is always a row at the other end.
    pub required: bool,
    /// The table of pairs between, where rows of both sides meet many of the other.
    pub link: Option<Link>,
}

/// A table that holds nothing but pairs of ids.
#[derive(Clone, Debug)]
pub struct Link {
    /// `schema.table`, as SQL names it.
    pub source: String,
    /// Its column that names the row here.
    pub here: &'static str,
    /// Its column that names the row at the other end.
    pub there: &'static str,
}

impl Relation {
    /// Whether both sides belong to the tenant.
    fn is_tenant(&self) -> bool {
        self.on.first().is_some_and(|(here, _)| *here == "biz_id")
    }

    /// The pair of columns that is not the tenant's.
    pub fn key(&self) -> (&'static str, &'static str) {
        self.on
            .iter()
            .rev()
            .find(|(here, _)| *here != "biz_id")
            .copied()
            .unwrap_or(("id", "id"))
    }
}

/// The model of this program's entities.
pub fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::of(entities::TABLES));
    &MODEL
}

/// Tables that only the program itself reads.
const INTERNAL: &[&str] = &[
    "core.idempotency_keys",
    "core.outbox_events",
    "core.number_sequences",
    "core.state_machines",
    "core.subject_registry",
    "identity.user_identities",
    "identity.verifications",
];

/// Columns that hold the id of a user without a foreign key: rows outlive what they name.
const ACTORS: &[&str] = &["created_by", "updated_by", "actor_id", "on_behalf_of_id"];

/// Whether a column is kept from the graph.
pub fn is_hidden(column: &Column) -> bool {
    matches!(column.kind, Kind::Bytes | Kind::TransactionId)
        || ["_hash", "_bidx", "_phc", "_enc"]
            .iter()
            .any(|end| column.name.ends_with(end))
        || column.name == "biz_id"
}

impl Model {
    fn of(tables: &[&'static Table]) -> Self {
        let shown = |table: &&'static Table| {
            let source = format!("{}.{}", table.schema, table.name);
            !INTERNAL.contains(&source.as_str())
        };
        let all = tables.iter().copied().filter(shown);
        let (links, tables): (Vec<_>, Vec<_>) = all.partition(|table| ends(table).is_some());
        let ids = |name: fn(&'static Table) -> &'static str| {
            tables
                .iter()
                .enumerate()
                .map(|(id, table)| (name(table), id))
                .collect()
        };
        let mut model = Self {
            by_name: ids(|table| table.entity),
            by_prefix: ids(|table| table.id_prefix),
            by_table: tables
                .iter()
                .enumerate()
                .map(|(id, t)| ((t.schema, t.name), id))
                .collect(),
            write_permissions: tables
                .iter()
                .map(|table| (table.schema, format!("{}.write", table.schema)))
                .collect(),
            entities: Vec::new(),
        };
        model.entities = tables.iter().map(|table| Entity::of(table)).collect();
        for (id, table) in tables.iter().enumerate() {
            model.add_columns(id, table);
        }
        for (id, table) in tables.iter().enumerate() {
            model.add_reverse_relations(id, table);
        }
        for table in links {
            model.add_link(table);
        }
        for id in 0..model.entities.len() {
            model.thin_out(id);
        }
        model.find_locations();
        model
    }

    /// The entity of this id.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id]
    }

    /// The entity of this name, such as `BookingOrder`.
    pub fn by_name(&self, name: &str) -> Option<EntityId> {
        self.by_name.get(name).copied()
    }

    /// The entity whose TypeIDs have this prefix.
    pub fn by_prefix(&self, prefix: &str) -> Option<EntityId> {
        self.by_prefix.get(prefix).copied()
    }

    /// The permission to write a module's tables plainly.
    pub fn write_permission_of(&self, schema: &str) -> &str {
        self.write_permissions
            .get(schema)
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// The entity that a foreign key leads to.
    pub fn target(&self, key: &ForeignKey) -> Option<EntityId> {
        self.by_table
            .get(&(key.target_schema, key.target_table))
            .copied()
    }

    fn add_columns(&mut self, id: EntityId, table: &'static Table) {
        let mut fields = IndexMap::new();
        if self.entities[id].has_id() {
            fields.insert("id".to_owned(), Field::Id);
        }
        for column in table.columns {
            if let Some(stem) = column.name.strip_suffix("_enc") {
                fields.insert(camel(stem), Field::Sealed(column));
            }
            if is_hidden(column) || column.name == "id" {
                continue;
            }
            if let Some(kind) = subject_type(table, column) {
                fields.insert(camel(column.name), Field::Subject(column, kind));
                continue;
            }
            if ACTORS.contains(&column.name)
                && let Some(user) = self.by_name("User")
            {
                fields.insert(camel(column.name), Field::Reference(column, user));
                continue;
            }
            let reference = self.reference(table, column);
            if let Some((key, target)) = reference {
                fields.insert(camel(column.name), Field::Reference(column, target));
                let role = column.name.strip_suffix("_id").unwrap_or(column.name);
                fields.insert(
                    camel(role),
                    Field::ToOne(forward(key, target, self.entities[target].key, column)),
                );
                continue;
            }
            if let Some(stem) = column.name.strip_suffix("_minor")
                && table.column("currency").is_some()
            {
                fields.insert(camel(stem), Field::Money(column));
            }
            fields.insert(camel(column.name), Field::Column(column));
            if let Some((key, target)) = self.natural_reference(table, column) {
                let role = format!("{}_details", column.name.trim_end_matches("_code"));
                fields.insert(
                    camel(&role),
                    Field::ToOne(forward(key, target, self.entities[target].key, column)),
                );
            }
        }
        self.entities[id].fields = fields;
    }

    /// The single foreign key by which this column refers to a row with an id.
    fn reference(
        &self,
        table: &'static Table,
        column: &Column,
    ) -> Option<(&'static ForeignKey, EntityId)> {
        if !column.name.ends_with("_id") {
            return None;
        }
        table.foreign_keys.iter().find_map(|key| {
            let target = self.target(key)?;
            let names_row = naming(key, self.entities[target].key) == Some(column.name);
            (names_row && self.entities[target].has_id()).then_some((key, target))
        })
    }

    /// The foreign key by which this column names a row of reference data by its code.
    fn natural_reference(
        &self,
        table: &'static Table,
        column: &Column,
    ) -> Option<(&'static ForeignKey, EntityId)> {
        table.foreign_keys.iter().find_map(|key| {
            let target = self.target(key)?;
            let single = key.columns == [column.name];
            (single && self.entities[target].table.class == RowClass::Global)
                .then_some((key, target))
        })
    }
}

/// The column that names the entity of the row that this column points at: `subject_type` beside
/// `subject_id`.
fn subject_type(table: &'static Table, column: &Column) -> Option<&'static Column> {
    let stem = column.name.strip_suffix("_id")?;
    let kind = table.column(&format!("{stem}_type"))?;
    matches!(
        (column.kind, kind.kind),
        (Kind::Uuid, Kind::Text | Kind::Enum(_))
    )
    .then_some(kind)
}

/// `BookingOrder` as `booking order`, for sentences.
pub fn words(name: &str) -> String {
    super::names::snake(&uncapitalised(name)).replace('_', " ")
}

impl Entity {
    fn of(table: &'static Table) -> Self {
        let single = uncapitalised(table.entity);
        let source = format!("{}.{}", table.schema, table.name);
        let read = (table.class != RowClass::Global).then(|| format!("{}.read", table.schema));
        let key = table
            .primary_key
            .iter()
            .rev()
            .find(|name| **name != "biz_id")
            .copied()
            .unwrap_or("id");
        Self {
            table,
            many: plural(&single),
            single,
            read_permission: read,
            write_permission: table
                .plain_writes
                .then(|| format!("{}.write", table.schema)),
            fields: IndexMap::new(),
            key: if table.column("id").is_some() {
                "id"
            } else {
                key
            },
            locations: Vec::new(),
            source,
        }
    }

    /// Whether rows have a TypeID: they have an `id`, or are keyed by one other row's.
    pub fn has_id(&self) -> bool {
        let own = self
            .table
            .primary_key
            .iter()
            .filter(|name| **name != "biz_id");
        let uuid = |name: &str| {
            self.table
                .column(name)
                .is_some_and(|column| matches!(column.kind, Kind::Uuid))
        };
        self.table.column("id").is_some()
            || (own.clone().count() == 1 && own.clone().all(|n| uuid(n)))
    }

    /// The column that the entity's state machine moves.
    pub fn status(&self) -> Option<&'static Column> {
        self.table
            .machine
            .and_then(|(_, column)| self.table.column(column))
    }

    /// Whether rows carry their tenant.
    pub fn is_tenant(&self) -> bool {
        self.table.is_tenant()
    }

    /// The columns that order rows totally: the primary key without the tenant.
    pub fn tie_breakers(&self) -> Vec<&'static str> {
        if self.table.column("id").is_some() {
            return vec!["id"];
        }
        self.table
            .primary_key
            .iter()
            .filter(|name| **name != "biz_id")
            .copied()
            .collect()
    }

    /// The domain of a column, where it has one.
    pub fn domain(column: &Column) -> Option<&'static Domain> {
        match column.kind {
            Kind::Enum(domain) => Some(domain),
            _ => None,
        }
    }
}
