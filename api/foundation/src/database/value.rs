//! Values on their way into and out of PostgreSQL's binary protocol.
//!
//! Parameters are `sea_orm::Value`s whatever the statement's origin, and are written by the type
//! that PostgreSQL inferred for the placeholder, so that a `bigint` column takes an `Int` and a
//! domain over text takes a `String`.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use bytes::BytesMut;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use sea_orm::sea_query::ArrayType;
use sea_orm::{ProxyRow, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
use uuid::Uuid;

type EncodeResult = Result<IsNull, Box<dyn StdError + Sync + Send>>;

/// A statement parameter.
#[derive(Debug)]
pub struct Param<'a>(pub &'a Value);

/// An array of texts as a parameter.
pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Value {
    let texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
    texts.into()
}

/// The type behind domains.
fn base(ty: &Type) -> &Type {
    match ty.kind() {
        Kind::Domain(inner) => base(inner),
        _ => ty,
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> EncodeResult {
        encode(self.0, base(ty), out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn encode(value: &Value, ty: &Type, out: &mut BytesMut) -> EncodeResult {
    match value {
        Value::Bool(v) => v.to_sql(ty, out),
        Value::TinyInt(v) => integer(v.map(i64::from), ty, out),
        Value::SmallInt(v) => integer(v.map(i64::from), ty, out),
        Value::Int(v) => integer(v.map(i64::from), ty, out),
        Value::BigInt(v) => integer(*v, ty, out),
        Value::TinyUnsigned(v) => integer(v.map(i64::from), ty, out),
        Value::SmallUnsigned(v) => integer(v.map(i64::from), ty, out),
        Value::Unsigned(v) => integer(v.map(i64::from), ty, out),
        Value::BigUnsigned(v) => integer(v.map(i64::try_from).transpose()?, ty, out),
        Value::String(v) => Ok(text(v.as_deref(), ty, out)),
        Value::Char(v) => Ok(text(v.map(String::from).as_deref(), ty, out)),
        Value::Bytes(v) => v.as_deref().to_sql(ty, out),
        Value::Json(v) => v.as_deref().to_sql(ty, out),
        Value::ChronoDate(v) => v.to_sql(ty, out),
        Value::ChronoTime(v) => v.to_sql(ty, out),
        Value::ChronoDateTimeUtc(v) => v.to_sql(ty, out),
        Value::ChronoDateTimeWithTimeZone(v) => v.to_sql(ty, out),
        Value::Uuid(v) => v.to_sql(ty, out),
        Value::Decimal(v) => v.to_sql(ty, out),
        Value::Array(_, None) => Ok(IsNull::Yes),
        Value::Array(_, Some(items)) => {
            let items: Vec<Param<'_>> = items.iter().map(Param).collect();
            items.to_sql(ty, out)
        }
        other => Err(format!("a {other:?} cannot be sent to PostgreSQL").into()),
    }
}

fn integer(value: Option<i64>, ty: &Type, out: &mut BytesMut) -> EncodeResult {
    let Some(value) = value else {
        return Ok(IsNull::Yes);
    };
    match *ty {
        Type::INT2 => i16::try_from(value)?.to_sql(ty, out),
        Type::INT4 => i32::try_from(value)?.to_sql(ty, out),
        Type::NUMERIC => Decimal::from(value).to_sql(ty, out),
        Type::XID8 => {
            out.extend_from_slice(&value.to_be_bytes());
            Ok(IsNull::No)
        }
        _ => value.to_sql(&Type::INT8, out),
    }
}

fn text(value: Option<&str>, ty: &Type, out: &mut BytesMut) -> IsNull {
    let Some(value) = value else {
        return IsNull::Yes;
    };
    if *ty == Type::JSONB {
        out.extend_from_slice(&[1]);
    }
    out.extend_from_slice(value.as_bytes());
    IsNull::No
}

/// The bytes of a column, undecoded.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a>(pub &'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A row in the form that SeaORM reads.
pub(super) fn proxy_row(row: &Row) -> Result<ProxyRow, tokio_postgres::Error> {
    let mut values = BTreeMap::new();
    for (index, column) in row.columns().iter().enumerate() {
        values.insert(column.name().to_owned(), value(row, index, column.type_())?);
    }
    Ok(ProxyRow::new(values))
}

fn value(row: &Row, index: usize, ty: &Type) -> Result<Value, tokio_postgres::Error> {
    Ok(match *base(ty) {
        Type::BOOL => Value::Bool(row.try_get(index)?),
        Type::INT2 => Value::SmallInt(row.try_get(index)?),
        Type::INT4 => Value::Int(row.try_get(index)?),
        Type::INT8 => Value::BigInt(row.try_get(index)?),
        Type::NUMERIC => Value::Decimal(row.try_get::<_, Option<Decimal>>(index)?),
        Type::UUID => Value::Uuid(row.try_get::<_, Option<Uuid>>(index)?),
        Type::TIMESTAMPTZ => {
            Value::ChronoDateTimeUtc(row.try_get::<_, Option<DateTime<Utc>>>(index)?)
        }
        Type::DATE => Value::ChronoDate(row.try_get::<_, Option<NaiveDate>>(index)?),
        Type::TIME => Value::ChronoTime(row.try_get::<_, Option<NaiveTime>>(index)?),
        Type::JSONB | Type::JSON => Value::Json(
            row.try_get::<_, Option<serde_json::Value>>(index)?
                .map(Box::new),
        ),
        Type::BYTEA => Value::Bytes(row.try_get(index)?),
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY => array(
            ArrayType::String,
            row.try_get::<_, Option<Vec<String>>>(index)?,
            |text| Value::String(Some(text)),
        ),
        Type::INT4_ARRAY => array(
            ArrayType::Int,
            row.try_get::<_, Option<Vec<i32>>>(index)?,
            |number| Value::Int(Some(number)),
        ),
        Type::UUID_ARRAY => array(
            ArrayType::Uuid,
            row.try_get::<_, Option<Vec<Uuid>>>(index)?,
            |id| Value::Uuid(Some(id)),
        ),
        _ => Value::String(
            row.try_get::<_, Option<Raw<'_>>>(index)?
                .map(|raw| String::from_utf8_lossy(raw.0).into_owned()),
        ),
    })
}

fn array<T>(ty: ArrayType, items: Option<Vec<T>>, wrap: fn(T) -> Value) -> Value {
    Value::Array(
        ty,
        items.map(|items| Box::new(items.into_iter().map(wrap).collect())),
    )
}
