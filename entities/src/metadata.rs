//! The words in which generated entities describe their tables.
//!
//! This file is written by hand; everything else in this crate is generated from a migrated
//! database by `bizing entities`. A [`Table`] says what SeaORM's own metadata has no room for:
//! comments, domains with a meaning for each value, composite foreign keys, and the sentence a
//! caller reads when a constraint is violated.

/// What kind of rows a table holds; it decides standard columns, grants and who may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowClass {
    /// Reference data of the platform: no tenant, readable by all, written by the platform.
    Global,
    /// Data that staff maintain: versioned, archived instead of deleted.
    Master,
    /// Documents and transactions: written by verbs, end in a terminal status.
    Transaction,
    /// Append-only records.
    Journal,
    /// Append-only records in monthly partitions.
    PartitionedJournal,
    /// A link between two rows, its key being the pair.
    Link,
}

/// The type of a column, as far as reading, filtering and writing it differ.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A 128-bit identifier, UUIDv7 where the server made it.
    Uuid,
    /// Text of any length (also `char(n)` and `varchar`).
    Text,
    /// Text limited to the values of a domain.
    Enum(&'static Domain),
    /// A 16-bit integer.
    SmallInteger,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInteger,
    /// True or false.
    Boolean,
    /// An exact decimal number.
    Decimal,
    /// An instant.
    Timestamp,
    /// A calendar day.
    Date,
    /// A wall-clock time.
    Time,
    /// A JSON document.
    Json,
    /// Bytes; never shown in the graph.
    Bytes,
    /// A list of texts.
    TextArray,
    /// A list of 32-bit integers.
    IntegerArray,
    /// A list of 64-bit integers.
    BigIntegerArray,
    /// A list of identifiers.
    UuidArray,
    /// A PostgreSQL transaction id; never shown in the graph.
    TransactionId,
}

/// A closed list of texts: a PostgreSQL domain, a Rust enum and a GraphQL enum.
#[derive(Debug)]
pub struct Domain {
    /// The PostgreSQL schema that owns the domain.
    pub schema: &'static str,
    /// The PostgreSQL name, such as `booking_order_status`.
    pub name: &'static str,
    /// The name in Rust and in the graph, such as `BookingOrderStatus`.
    pub entity: &'static str,
    /// What the domain says, from its comment.
    pub description: &'static str,
    /// Each value with its meaning, in the order of the CHECK list.
    pub values: &'static [(&'static str, &'static str)],
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// The column's name in PostgreSQL.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether PostgreSQL fills it when an insert leaves it out.
    pub has_default: bool,
    /// Whether a plain write may set it: it is neither generated nor left to verbs.
    pub writable: bool,
    /// The column's comment.
    pub description: &'static str,
}

/// A foreign key, declared by the child.
#[derive(Debug)]
pub struct ForeignKey {
    /// The constraint's name.
    pub constraint: &'static str,
    /// The child's columns, the tenant first where there is one.
    pub columns: &'static [&'static str],
    /// The parent's schema.
    pub target_schema: &'static str,
    /// The parent's table.
    pub target_table: &'static str,
    /// The parent's columns, in the order of `columns`.
    pub target_columns: &'static [&'static str],
    /// The sentence a caller reads when no such parent exists.
    pub message: &'static str,
}

/// What a constraint checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A primary key, or a unique constraint or index over all rows.
    Unique,
    /// A unique index over some of the rows.
    PartialUnique,
    /// A CHECK, or a rule that a trigger enforces under that name.
    Check,
    /// An exclusion constraint.
    Exclusion,
}

/// A rule that the database enforces on a table.
#[derive(Debug)]
pub struct Constraint {
    /// The constraint's name, unique within the database.
    pub name: &'static str,
    /// What it checks.
    pub kind: ConstraintKind,
    /// The columns it speaks of.
    pub columns: &'static [&'static str],
    /// The sentence a caller reads when it is violated: the constraint's comment.
    pub message: &'static str,
}

/// A table, as generated beside its SeaORM entity.
#[derive(Debug)]
pub struct Table {
    /// The PostgreSQL schema: the bounded context.
    pub schema: &'static str,
    /// The table's name.
    pub name: &'static str,
    /// The entity's name in Rust and in the graph, such as `BookingOrder`.
    pub entity: &'static str,
    /// The prefix of its TypeIDs, such as `bkg`.
    pub id_prefix: &'static str,
    /// What kind of rows it holds.
    pub class: RowClass,
    /// The table's comment.
    pub description: &'static str,
    /// All columns, but generated ranges, which only constraints use.
    pub columns: &'static [Column],
    /// The columns of the primary key.
    pub primary_key: &'static [&'static str],
    /// Its foreign keys, but the one to the tenant.
    pub foreign_keys: &'static [ForeignKey],
    /// Its other constraints.
    pub constraints: &'static [Constraint],
    /// The state machine, and the column that it moves.
    pub machine: Option<(&'static str, &'static str)>,
    /// Whether staff maintain its rows by plain writes: create, update, archive, restore.
    pub plain_writes: bool,
    /// Whether staff move its rows to another status by a plain write.
    pub plain_moves: bool,
    /// Whether its rows are counted and summed in the graph.
    pub aggregates: bool,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether rows belong to a tenant.
    pub fn is_tenant(&self) -> bool {
        self.column("biz_id").is_some()
    }
}
