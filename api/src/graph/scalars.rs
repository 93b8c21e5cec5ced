//! Scalars as verbs take them in their inputs, under the names that the schema registers.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use chrono::{DateTime, NaiveDate, Utc};
use entities::metadata::Kind;
use rust_decimal::Decimal;
use sea_orm::EntityName;
use uuid::Uuid;

use super::failure::Failure;
use super::input::{Operand, domain_value, text};
use super::model::model;
use super::query::entity_id;
use super::type_id;
use crate::money::minor_units;

fn wrong<T: InputType>(failure: Failure) -> InputValueError<T> {
    InputValueError::custom(failure.message)
}

macro_rules! scalar_input {
    ($type:ident($inner:ty), $name:literal, $description:literal, $kind:expr, $pattern:pat => $value:expr) => {
        #[doc = $description]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $type(pub $inner);

        impl InputType for $type {
            type RawValueType = Self;

            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn create_type_info(_: &mut Registry) -> String {
                Self::qualified_type_name()
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                let operand = Operand {
                    kind: $kind,
                    refers_to: None,
                };
                match operand
                    .value(&value.unwrap_or_default(), $name)
                    .map_err(wrong)?
                {
                    $pattern => Ok(Self($value)),
                    _ => Err(InputValueError::custom(concat!(
                        "A ",
                        $name,
                        " must be given."
                    ))),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.to_string())
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }
    };
}

scalar_input!(Day(NaiveDate), "Date", "A calendar day.", Kind::Date, sea_orm::Value::ChronoDate(Some(day)) => day);
scalar_input!(Instant(DateTime<Utc>), "DateTime", "An instant.", Kind::Timestamp, sea_orm::Value::ChronoDateTimeUtc(Some(instant)) => instant);
scalar_input!(Number(Decimal), "Decimal", "An exact decimal number.", Kind::Decimal, sea_orm::Value::Decimal(Some(number)) => number);

/// The id of a row of `E`: a TypeID in the graph, a UUID here.
pub struct Id<E>(Uuid, PhantomData<fn() -> E>);

impl<E> Id<E> {
    /// The UUID.
    pub fn uuid(&self) -> Uuid {
        self.0
    }
}

impl<E> Clone for Id<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Id<E> {}

impl<E: EntityName + Default + 'static> InputType for Id<E> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("ID")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <async_graphql::ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let entity = entity_id::<E>().ok_or_else(|| InputValueError::custom("No such entity."))?;
        let table = model().entity(entity).table;
        let id = text(&value, "An id").map_err(wrong)?;
        let id = type_id::decode(table.id_prefix, table.entity, id).map_err(wrong)?;
        Ok(Self(id, PhantomData))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// An amount of money in whole minor units; finer amounts are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyInput {
    /// The amount in minor units.
    pub minor: i64,
    /// The currency's code.
    pub currency: String,
}

impl InputType for MoneyInput {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("MoneyInput")
    }

    fn create_type_info(_: &mut Registry) -> String {
        Self::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Some(Value::Object(fields)) = value else {
            return Err(InputValueError::custom("Money must be {amount, currency}."));
        };
        let currency = match fields.get("currency") {
            Some(currency) => text(currency, "currency").map_err(wrong)?.to_owned(),
            None => return Err(InputValueError::custom("Money needs a currency.")),
        };
        let amount =
            Number::parse(fields.get("amount").cloned()).map_err(InputValueError::propagate)?;
        let minor = minor_units(amount.0, &currency)
            .map_err(|error| InputValueError::custom(error.to_string()))?;
        Ok(Self { minor, currency })
    }

    fn to_value(&self) -> Value {
        Value::String(format!("{} {}", self.minor, self.currency))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// Any JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub serde_json::Value);

impl InputType for Json {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("JSON")
    }

    fn create_type_info(_: &mut Registry) -> String {
        Self::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        Ok(Self(value.into_json().map_err(|error| {
            InputValueError::custom(error.to_string())
        })?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// A domain of the database whose values an input chooses from.
pub trait Choices: Send + Sync + 'static {
    /// The domain.
    const DOMAIN: &'static entities::metadata::Domain;
}

/// One value of a domain: a GraphQL enum in the graph, the database's text here.
pub struct Choice<D>(pub &'static str, PhantomData<fn() -> D>);

impl<D: Choices> InputType for Choice<D> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(D::DOMAIN.entity)
    }

    fn create_type_info(_: &mut Registry) -> String {
        Self::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let value = domain_value(D::DOMAIN, &value, D::DOMAIN.name).map_err(wrong)?;
        Ok(Self(value, PhantomData))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_owned())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
