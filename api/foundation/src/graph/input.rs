//! Arguments: GraphQL values as values of PostgreSQL.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field;
use async_graphql::{Name, Value};
use async_graphql_value::Value as AstValue;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entities::metadata::{Domain, Kind};
use rust_decimal::Decimal;
use sea_orm::Value as Sql;
use sea_orm::sea_query::ArrayType;

use super::failure::Failure;
use super::model::{EntityId, model};
use super::schema::entity::enum_value;
use super::selection::Asked;
use super::type_id;

/// The fields of an input object.
pub type Object = IndexMap<Name, Value>;

/// The arguments of a field, with variables and their defaults put in. What is not given is
/// absent, which differs from null.
pub fn arguments(field: &Field, asked: Asked<'_>) -> Object {
    let mut arguments = Object::new();
    for (name, value) in &field.arguments {
        if let Some(value) = constant(&value.node, asked) {
            arguments.insert(name.node.clone(), value);
        }
    }
    arguments
}

fn constant(value: &AstValue, asked: Asked<'_>) -> Option<Value> {
    Some(match value {
        AstValue::Variable(name) => return variable(name, asked),
        AstValue::Null => Value::Null,
        AstValue::Number(number) => Value::Number(number.clone()),
        AstValue::String(text) => Value::String(text.clone()),
        AstValue::Boolean(flag) => Value::Boolean(*flag),
        AstValue::Binary(bytes) => Value::Binary(bytes.clone()),
        AstValue::Enum(name) => Value::Enum(name.clone()),
        AstValue::List(items) => Value::List(
            items
                .iter()
                .map(|item| constant(item, asked).unwrap_or(Value::Null))
                .collect(),
        ),
        AstValue::Object(fields) => Value::Object(
            fields
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), constant(value, asked)?)))
                .collect(),
        ),
    })
}

fn variable(name: &Name, asked: Asked<'_>) -> Option<Value> {
    if let Some(value) = asked.variables.get(name) {
        return Some(value.clone());
    }
    let definition = asked
        .definitions
        .iter()
        .find(|definition| definition.node.name.node == *name)?;
    definition
        .node
        .default_value
        .as_ref()
        .map(|value| value.node.clone())
}

/// The items of a list argument; a single value stands for a list of one, as GraphQL has it.
pub fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        Value::Null => &[],
        single => std::slice::from_ref(single),
    }
}

/// The fields of an input object.
pub fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Object, Failure> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Failure::input(format!("{what} must be an object."))),
    }
}

/// A text, from a string or an enum value.
pub fn text<'a>(value: &'a Value, what: &str) -> Result<&'a str, Failure> {
    match value {
        Value::String(text) => Ok(text),
        Value::Enum(name) => Ok(name),
        _ => Err(Failure::input(format!("{what} must be text."))),
    }
}

/// A truth value.
pub fn boolean(value: &Value, what: &str) -> Result<bool, Failure> {
    match value {
        Value::Boolean(flag) => Ok(*flag),
        _ => Err(Failure::input(format!("{what} must be true or false."))),
    }
}

/// A whole number, from a number or (for `Long`) from its digits as text.
pub fn integer(value: &Value, what: &str) -> Result<i64, Failure> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| Failure::input(format!("{what} must be a whole number of 64 bits.")))
}

fn decimal(value: &Value, what: &str) -> Result<Decimal, Failure> {
    let parsed = match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    };
    parsed.ok_or_else(|| {
        Failure::input(format!(
            "{what} must be a decimal number as text, such as \"12.50\"."
        ))
    })
}

/// An instant from RFC 3339 text.
pub fn timestamp(value: &Value, what: &str) -> Result<DateTime<Utc>, Failure> {
    DateTime::parse_from_rfc3339(text(value, what)?)
        .map(|instant| instant.with_timezone(&Utc))
        .map_err(|_| {
            Failure::input(format!(
                "{what} must be an instant with an offset, such as 2026-03-29T01:30:00Z."
            ))
        })
}

/// The value of a domain that an enum value stands for.
pub fn domain_value(
    domain: &'static Domain,
    value: &Value,
    what: &str,
) -> Result<&'static str, Failure> {
    let name = text(value, what)?;
    domain
        .values
        .iter()
        .map(|(value, _)| *value)
        .find(|value| enum_value(value) == name)
        .ok_or_else(|| {
            let known: Vec<String> = domain
                .values
                .iter()
                .map(|(value, _)| enum_value(value))
                .collect();
            Failure::input(format!("{what} must be one of {}.", known.join(", ")))
        })
}

/// What an input value must be to be compared with, or written to, a column.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    /// The column's type.
    pub kind: Kind,
    /// The entity whose ids the column holds.
    pub refers_to: Option<EntityId>,
}

impl Operand {
    /// The value for PostgreSQL. Null becomes a null of the right type.
    pub fn value(&self, value: &Value, what: &str) -> Result<Sql, Failure> {
        if matches!(value, Value::Null) {
            return Ok(self.null());
        }
        Ok(match self.kind {
            Kind::Uuid => {
                let id = text(value, what)?;
                match self.refers_to.map(|target| model().entity(target)) {
                    Some(target) => {
                        type_id::decode(target.table.id_prefix, target.table.entity, id)?.into()
                    }
                    None => plain_id(id, what)?.into(),
                }
            }
            Kind::Enum(domain) => domain_value(domain, value, what)?.into(),
            Kind::SmallInteger => i16::try_from(integer(value, what)?)
                .map(i32::from)
                .map_err(|_| {
                    Failure::input(format!("{what} must be a number from -32768 to 32767."))
                })?
                .into(),
            Kind::Integer => i32::try_from(integer(value, what)?)
                .map_err(|_| Failure::input(format!("{what} must be a whole number of 32 bits.")))?
                .into(),
            Kind::BigInteger => integer(value, what)?.into(),
            Kind::Boolean => boolean(value, what)?.into(),
            Kind::Decimal => decimal(value, what)?.into(),
            Kind::Timestamp => timestamp(value, what)?.into(),
            Kind::Date => text(value, what)?
                .parse::<NaiveDate>()
                .map_err(|_| Failure::input(format!("{what} must be a day such as 2026-03-29.")))?
                .into(),
            Kind::Time => text(value, what)?
                .parse::<NaiveTime>()
                .map_err(|_| {
                    Failure::input(format!(
                        "{what} must be a wall-clock time such as 15:30:00."
                    ))
                })?
                .into(),
            Kind::Json => serde_json::to_value(value)
                .map_err(Failure::internal)?
                .into(),
            Kind::TextArray | Kind::UuidArray | Kind::IntegerArray | Kind::BigIntegerArray => {
                self.element().list(value, what)?
            }
            Kind::Text | Kind::Bytes | Kind::TransactionId => {
                let text = text(value, what)?;
                if text.contains('\0') {
                    return Err(Failure::input(format!(
                        "{what} must not contain a NUL character."
                    )));
                }
                text.into()
            }
        })
    }

    /// The values of a list, as one array.
    pub fn list(&self, value: &Value, what: &str) -> Result<Sql, Failure> {
        let values = items(value)
            .iter()
            .map(|item| match item {
                Value::Null => Err(Failure::input(format!("{what} must not contain null."))),
                item => self.value(item, what),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if values.len() > MAX_LIST {
            return Err(Failure::input(format!(
                "{what} has {} values; at most {MAX_LIST} are taken.",
                values.len()
            )));
        }
        Ok(Sql::Array(self.array_type(), Some(Box::new(values))))
    }

    /// The operand for the elements of a list column.
    #[must_use]
    pub fn element(&self) -> Self {
        let kind = match self.kind {
            Kind::TextArray => Kind::Text,
            Kind::UuidArray => Kind::Uuid,
            Kind::IntegerArray => Kind::Integer,
            Kind::BigIntegerArray => Kind::BigInteger,
            other => other,
        };
        Self {
            kind,
            refers_to: self.refers_to,
        }
    }

    fn array_type(&self) -> ArrayType {
        match self.kind {
            Kind::Uuid => ArrayType::Uuid,
            Kind::SmallInteger | Kind::Integer => ArrayType::Int,
            Kind::BigInteger => ArrayType::BigInt,
            Kind::Boolean => ArrayType::Bool,
            Kind::Decimal => ArrayType::Decimal,
            Kind::Timestamp => ArrayType::ChronoDateTimeUtc,
            Kind::Date => ArrayType::ChronoDate,
            Kind::Time => ArrayType::ChronoTime,
            _ => ArrayType::String,
        }
    }

    fn null(&self) -> Sql {
        match self.kind {
            Kind::Uuid => Sql::Uuid(None),
            Kind::SmallInteger | Kind::Integer => Sql::Int(None),
            Kind::BigInteger => Sql::BigInt(None),
            Kind::Boolean => Sql::Bool(None),
            Kind::Decimal => Sql::Decimal(None),
            Kind::Timestamp => Sql::ChronoDateTimeUtc(None),
            Kind::Date => Sql::ChronoDate(None),
            Kind::Time => Sql::ChronoTime(None),
            Kind::Json => Sql::Json(None),
            Kind::TextArray | Kind::UuidArray | Kind::IntegerArray | Kind::BigIntegerArray => {
                Sql::Array(self.element().array_type(), None)
            }
            _ => Sql::String(None),
        }
    }
}

/// How many values a list argument may have.
pub const MAX_LIST: usize = 1000;

fn plain_id(text: &str, what: &str) -> Result<uuid::Uuid, Failure> {
    // Where rows of many kinds are referred to, any TypeID will do.
    if let Some((_, id)) = type_id::parse(text) {
        return Ok(id);
    }
    text.parse()
        .map_err(|_| Failure::input(format!("{what} is no id: {text:?}.")))
}
