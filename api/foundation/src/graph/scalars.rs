//! Scalars as verbs take them in their inputs and questions answer them, under the names that the
//! schema registers.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::context::ContextSelectionSet;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::{self, ContainerType};
use async_graphql::{
    Context, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned,
    ServerResult, Value,
};
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use entities::metadata::Kind;
use rust_decimal::Decimal;
use sea_orm::EntityName;
use uuid::Uuid;

use super::failure::Failure;
use super::input::{Operand, domain_value, text};
use super::model::model;
use super::query::entity_id;
use super::schema::entity::enum_value;
use super::type_id;
use crate::money::{exponent, minor_units};

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
                <Self as InputType>::qualified_type_name()
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
scalar_input!(WallTime(NaiveTime), "Time", "What clocks on the wall show.", Kind::Time, sea_orm::Value::ChronoTime(Some(time)) => time);
scalar_input!(Number(Decimal), "Decimal", "An exact decimal number.", Kind::Decimal, sea_orm::Value::Decimal(Some(number)) => number);

/// The id of a row of `E`: a TypeID in the graph, a UUID here.
pub struct Id<E>(Uuid, PhantomData<fn() -> E>);

impl<E> Id<E> {
    /// The UUID.
    pub fn uuid(&self) -> Uuid {
        self.0
    }
}

impl<E: EntityName + Default> Id<E> {
    /// The TypeID.
    pub fn text(&self) -> String {
        let prefix = entity_id::<E>().map_or("", |entity| model().entity(entity).table.id_prefix);
        type_id::encode(prefix, self.0)
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
        let prefix = entity_id::<E>().map_or("", |entity| model().entity(entity).table.id_prefix);
        Value::String(type_id::encode(prefix, self.0))
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
        <Self as InputType>::qualified_type_name()
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
        let amount = amount_text(self.minor, &self.currency);
        let mut fields = async_graphql::indexmap::IndexMap::with_capacity(2);
        fields.insert(Name::new("amount"), Value::String(amount));
        fields.insert(Name::new("currency"), Value::String(self.currency.clone()));
        Value::Object(fields)
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
        <Self as InputType>::qualified_type_name()
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
        <Self as InputType>::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let value = domain_value(D::DOMAIN, &value, D::DOMAIN.name).map_err(wrong)?;
        Ok(Self(value, PhantomData))
    }

    fn to_value(&self) -> Value {
        Value::String(enum_value(self.0))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<D> Choice<D> {
    /// A value of the domain, by the database's text.
    pub fn new(value: &'static str) -> Self {
        Self(value, PhantomData)
    }
}

// By hand: a derived one would ask it of the domain, too.
impl<D> Clone for Choice<D> {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}

impl<D: Choices> Choice<D> {
    /// The value of the domain that a row holds; none if the domain does not know it.
    pub fn of(text: &str) -> Option<Self> {
        let known = D::DOMAIN.values.iter().map(|(value, _)| *value);
        known
            .into_iter()
            .find(|value| *value == text)
            .map(Self::new)
    }
}

/// Declares types that stand for domains of the database, so that inputs and answers can choose
/// from their values: `choices! { /// What it is. Channel = booking::domains::CHANNEL; }`.
#[macro_export]
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident = $domain:path;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl $crate::graph::scalars::Choices for $name {
            const DOMAIN: &'static entities::metadata::Domain = &$domain;
        }
    )*};
}

macro_rules! scalar_output {
    ([$($generics:tt)*] $type:ty, $name:expr, |$this:ident| $value:expr) => {
        impl<$($generics)*> OutputType for $type {
            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn create_type_info(_: &mut Registry) -> String {
                <Self as OutputType>::qualified_type_name()
            }

            async fn resolve(
                &self,
                _: &ContextSelectionSet<'_>,
                _: &Positioned<Field>,
            ) -> ServerResult<Value> {
                let $this = self;
                Ok($value)
            }
        }
    };
}

scalar_output!([] Day, "Date", |this| Value::String(this.0.to_string()));
scalar_output!([] Instant, "DateTime", |this| Value::String(
    this.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
));
scalar_output!([] Number, "Decimal", |this| Value::String(this.0.normalize().to_string()));
scalar_output!([] Json, "JSON", |this| Value::from_json(this.0.clone()).unwrap_or_default());
scalar_output!([] Long, "Long", |this| long_value(this.0));
scalar_output!([] CurrencyCode, "CurrencyCode", |this| Value::String(this.0.clone()));
scalar_output!([D: Choices] Choice<D>, D::DOMAIN.entity, |this| Value::Enum(Name::new(enum_value(this.0))));
scalar_output!([E: EntityName + Default + 'static] Id<E>, "ID", |this| InputType::to_value(this));

impl<E> Id<E> {
    /// The id of a row.
    pub fn new(id: Uuid) -> Self {
        Self(id, PhantomData)
    }
}

/// A 64-bit integer in an answer: a number as far as every client reads it exactly, text beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long(pub i64);

fn long_value(number: i64) -> Value {
    const EXACT: u64 = 1 << 53;
    if number.unsigned_abs() <= EXACT {
        Value::from(number)
    } else {
        Value::String(number.to_string())
    }
}

/// The ISO 4217 code of a currency, in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyCode(pub String);

fn amount_text(minor: i64, currency: &str) -> String {
    Decimal::from_i128_with_scale(i128::from(minor), exponent(currency)).to_string()
}

/// An amount of money, in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// The amount in minor units.
    pub minor: i64,
    /// The currency's code.
    pub currency: String,
}

impl OutputType for Money {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Money")
    }

    fn create_type_info(_: &mut Registry) -> String {
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolver_utils::resolve_container(ctx, self).await
    }
}

impl ContainerType for Money {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Ok(match ctx.item.node.name.node.as_str() {
            "amount" => Some(Value::String(amount_text(self.minor, &self.currency))),
            "currency" => Some(Value::String(self.currency.clone())),
            "minor" => Some(long_value(self.minor)),
            _ => None,
        })
    }
}

macro_rules! serialized {
    ([$($generics:tt)*] $type:ty) => {
        /// As it stands in a payload's value.
        impl<$($generics)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                json_value(self).serialize(serializer)
            }
        }
    };
}

/// The JSON of a scalar.
trait Scalar {
    fn json(&self) -> serde_json::Value;
}

fn json_value(scalar: &impl Scalar) -> serde_json::Value {
    scalar.json()
}

impl Scalar for Day {
    fn json(&self) -> serde_json::Value {
        self.0.to_string().into()
    }
}

impl Scalar for Instant {
    fn json(&self) -> serde_json::Value {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
    }
}

impl Scalar for Number {
    fn json(&self) -> serde_json::Value {
        self.0.normalize().to_string().into()
    }
}

impl Scalar for Long {
    fn json(&self) -> serde_json::Value {
        long_value(self.0).into_json().unwrap_or_default()
    }
}

impl Scalar for Json {
    fn json(&self) -> serde_json::Value {
        self.0.clone()
    }
}

impl Scalar for Money {
    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "amount": amount_text(self.minor, &self.currency),
            "currency": self.currency,
            "minor": Long(self.minor).json(),
        })
    }
}

impl Scalar for CurrencyCode {
    fn json(&self) -> serde_json::Value {
        self.0.as_str().into()
    }
}

impl<D: Choices> Scalar for Choice<D> {
    fn json(&self) -> serde_json::Value {
        enum_value(self.0).into()
    }
}

impl<E: EntityName + Default + 'static> Scalar for Id<E> {
    fn json(&self) -> serde_json::Value {
        InputType::to_value(self).into_json().unwrap_or_default()
    }
}

serialized!([] Day);
serialized!([] Instant);
serialized!([] Number);
serialized!([] Long);
serialized!([] Json);
serialized!([] Money);
serialized!([] CurrencyCode);
serialized!([D: Choices] Choice<D>);
serialized!([E: EntityName + Default + 'static] Id<E>);
