//! The type of a column in Rust and in the metadata.

use anyhow::bail;

use super::catalog::{Column, Table};
use super::domains::Domain;

/// How a column is typed.
pub struct Type {
    /// The type of the model's field, or none where `SeaORM` cannot read the column.
    pub rust: Option<String>,
    /// The `Kind` of the metadata, as Rust text.
    pub kind: String,
}

/// The type of a column, or none of a generated one that only constraints and indexes use.
pub fn of(table: &Table, column: &Column, domains: &[Domain]) -> anyhow::Result<Option<Type>> {
    let listed = column.domain.as_ref().and_then(|(schema, name)| {
        domains
            .iter()
            .find(|domain| domain.schema == *schema && domain.name == *name)
    });
    if let Some(domain) = listed {
        let module = if domain.schema == table.schema {
            "super::domains".to_owned()
        } else {
            format!("crate::{}::domains", domain.schema)
        };
        return Ok(Some(Type {
            rust: Some(format!("{module}::{}", domain.entity)),
            kind: format!("metadata::Kind::Enum(&{module}::{})", domain.constant()),
        }));
    }
    let (rust, kind) = match column.base_type.as_str() {
        "uuid" => (Some("Uuid"), "Uuid"),
        "text" | "varchar" | "bpchar" => (Some("String"), "Text"),
        "int2" => (Some("i16"), "SmallInteger"),
        "int4" => (Some("i32"), "Integer"),
        "int8" => (Some("i64"), "BigInteger"),
        "bool" => (Some("bool"), "Boolean"),
        "numeric" => (Some("Decimal"), "Decimal"),
        "timestamptz" => (Some("DateTimeUtc"), "Timestamp"),
        "date" => (Some("Date"), "Date"),
        "time" => (Some("Time"), "Time"),
        "jsonb" => (Some("Json"), "Json"),
        "bytea" => (Some("Vec<u8>"), "Bytes"),
        "_text" => (Some("Vec<String>"), "TextArray"),
        "_uuid" => (Some("Vec<Uuid>"), "UuidArray"),
        "_int4" => (Some("Vec<i32>"), "IntegerArray"),
        "_int8" => (Some("Vec<i64>"), "BigIntegerArray"),
        "xid8" => (None, "TransactionId"),
        _ if column.expression.is_some() => return Ok(None),
        other => bail!(
            "{}.{}.{} is of the type {other}, which entities do not know",
            table.schema,
            table.name,
            column.name
        ),
    };
    Ok(Some(Type {
        rust: rust.map(str::to_owned),
        kind: format!("metadata::Kind::{kind}"),
    }))
}
