//! What rows are put in order by, grouped by, summed and compared by: judged by the names and kinds of columns.

use entities::metadata::{Column, Kind};

use crate::graph::model::{Entity, Field, is_hidden};
use crate::graph::names::camel;

/// Columns that say how a row was kept, and are no reason to order or group by.
const KEEPING: &[&str] = &[
    "version",
    "created_by",
    "updated_by",
    "updated_at",
    "deleted_at",
    "request_id",
];

/// Ends of the names of texts that are read, and put nothing in order.
const PROSE: &[&str] = &[
    "description",
    "comment",
    "reason",
    "body",
    "instructions",
    "message",
    "text",
    "url",
    "hash",
    "fingerprint",
];

/// Whether lists are put in order by this column: a truth, a document and prose have no order that
/// anyone would read.
pub fn is_sorted_by(column: &Column) -> bool {
    let end = column.name.rsplit('_').next().unwrap_or_default();
    let is_prose = matches!(column.kind, Kind::Text) && PROSE.contains(&end);
    is_ordered(column.kind)
        && !matches!(column.kind, Kind::Boolean)
        && !KEEPING.contains(&column.name)
        && !is_prose
}

/// Ends of the names of numbers that count places, not things.
const ORDINAL: &[&str] = &[
    "no",
    "sequence",
    "seq",
    "sort",
    "position",
    "order",
    "revision",
    "version",
    "priority",
    "rank",
    "day",
    "weekday",
    "month",
    "year",
    "hour",
    "attempt",
    "attempts",
    "step",
    "level",
    "weight",
    "index",
    "round",
    "course",
    "generation",
    "code",
    "lat",
    "lng",
];

/// Whether a number is there to be added up.
fn is_measure(column: &Column) -> bool {
    let end = column.name.rsplit('_').next().unwrap_or_default();
    matches!(
        column.kind,
        Kind::SmallInteger | Kind::Integer | Kind::BigInteger | Kind::Decimal
    ) && !ORDINAL.contains(&end)
}

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
        Kind::Uuid | Kind::Enum(_) | Kind::Boolean | Kind::Date | Kind::Timestamp => true,
        Kind::SmallInteger | Kind::Integer => !is_measure(column) || column.name.ends_with("_size"),
        _ => false,
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
            | Kind::BigIntegerArray
            | Kind::Bytes
            | Kind::TransactionId
    )
}

/// Whether a column says no more than when a row was written, of rows that have a time of business.
fn is_only_writing(entity: &Entity, column: &Column) -> bool {
    let is_time = |other: &Column| {
        matches!(other.kind, Kind::Timestamp | Kind::Date)
            && other.name != "created_at"
            && !other.nullable
            && !KEEPING.contains(&other.name)
    };
    column.name == "created_at" && entity.table.columns.iter().any(is_time)
}

/// The columns by which rows of an entity can be grouped, under their field's name.
pub fn groupable(entity: &Entity) -> Vec<(String, &'static Column)> {
    let column = |kind: &Field| match kind {
        Field::Column(column) | Field::Reference(column, _)
            if is_dimension(column) && !is_only_writing(entity, column) =>
        {
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
    let columns = entity.table.columns.iter();
    columns
        .filter(|column| is_measure(column) && !is_hidden(column))
        .map(|column| (camel(column.name), column))
        .collect()
}

/// The columns that have a least and a greatest value.
pub fn extremes(entity: &Entity) -> Vec<(String, &'static Column)> {
    let is_time = |column: &Column| {
        matches!(column.kind, Kind::Timestamp | Kind::Date)
            && !KEEPING.contains(&column.name)
            && !is_only_writing(entity, column)
    };
    let columns = entity.table.columns.iter();
    columns
        .filter(|column| (is_measure(column) || is_time(column)) && !is_hidden(column))
        .map(|column| (camel(column.name), column))
        .collect()
}
