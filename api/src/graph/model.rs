//! Every entity as the graph sees it: fields, relations in both directions, and who may read it.
//!
//! Built once, from the tables' metadata; nothing here knows a particular table.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::LazyLock;

use entities::metadata::{Column, ConstraintKind, Domain, ForeignKey, Kind, RowClass, Table};
use indexmap::IndexMap;

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

/// The way from a row to the location it belongs to.
#[derive(Clone, Debug)]
pub struct LocationPath {
    /// The foreign keys to follow.
    pub through: Vec<Relation>,
    /// The column of the last row that names the location.
    pub column: &'static str,
    /// Whether that column may be null, which stands for all locations.
    pub nullable: bool,
}

/// How many lists an entity may have before the lesser ones are left out.
const MOST_LISTS: usize = 24;

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

    /// The entity behind a table.
    pub fn by_table(&self, schema: &str, name: &str) -> Option<EntityId> {
        self.by_table
            .iter()
            .find(|(table, _)| **table == (schema, name))
            .map(|(_, id)| *id)
    }

    fn target(&self, key: &ForeignKey) -> Option<EntityId> {
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

    fn add_reverse_relations(&mut self, child: EntityId, table: &'static Table) {
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
                    "The {} whose {} is this row.",
                    words(&plural(table.entity)),
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
            let role = super::names::pascal(column.strip_suffix("_id").unwrap_or(column));
            let full = format!("{}{}", table.schema, super::names::pascal(table.name));
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
    fn thin_out(&mut self, id: EntityId) {
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
    fn add_link(&mut self, table: &'static Table) {
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

    /// Finds for each entity the shortest way to a location, along keys that are never null.
    /// A document without one belongs to the locations of whatever it points at.
    fn find_locations(&mut self) {
        for id in 0..self.entities.len() {
            let paths = match self.location_path(id) {
                Some(path) => vec![path],
                None if self.entities[id].table.class == RowClass::Transaction => {
                    self.possible_paths(id)
                }
                None => Vec::new(),
            };
            self.entities[id].locations = paths;
        }
    }

    fn possible_paths(&self, id: EntityId) -> Vec<LocationPath> {
        let path = |field: &Field| match field {
            Field::ToOne(relation) if relation.is_tenant() => {
                let mut path = self.location_path(relation.target)?;
                path.through.insert(0, relation.clone());
                Some(path)
            }
            _ => None,
        };
        self.entities[id].fields.values().filter_map(path).collect()
    }

    fn location_path(&self, start: EntityId) -> Option<LocationPath> {
        let mut seen = HashSet::from([start]);
        let mut open = VecDeque::from([(start, Vec::new())]);
        while let Some((id, through)) = open.pop_front() {
            let entity = &self.entities[id];
            if entity.table.entity == "Location" && (through.is_empty()) {
                return Some(LocationPath {
                    through,
                    column: "id",
                    nullable: false,
                });
            }
            if let Some(column) = entity.table.column("location_id") {
                let nullable = column.nullable;
                return Some(LocationPath {
                    through,
                    column: "location_id",
                    nullable,
                });
            }
            for field in entity.fields.values() {
                if let Field::ToOne(relation) = field
                    && relation.required
                    && relation.is_tenant()
                    && seen.insert(relation.target)
                {
                    let mut further = through.clone();
                    further.push(relation.clone());
                    open.push_back((relation.target, further));
                }
            }
        }
        None
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

fn forward(
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

/// The keys of a table that holds nothing but pairs of ids, in the order of its columns.
fn ends(table: &'static Table) -> Option<[&'static ForeignKey; 2]> {
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
    let singular = super::names::snake(&uncapitalised(parent.entity));
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
        format!("{short}By{}", super::names::pascal(role))
    }
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
