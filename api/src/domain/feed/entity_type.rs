//! The kinds of rows as an enum of the graph: `BOOKING_ORDER` for `BookingOrder`.

use std::borrow::Cow;

use async_graphql::context::ContextSelectionSet;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult, Value,
};

use crate::graph::model::{model, words};
use crate::graph::names::snake;
use crate::graph::schema::audience::reads;
use crate::graph::schema::build::enumeration;

/// A kind of row, by the name of its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityType(pub &'static str);

fn value(entity: &str) -> String {
    snake(entity).to_uppercase()
}

fn create(registry: &mut Registry) {
    if registry.types.contains_key("EntityType") {
        return;
    }
    let known = model()
        .entities
        .iter()
        .filter(|entity| entity.has_id() && reads(entity));
    let mut values: Vec<(String, String)> = known
        .map(|entity| {
            let name = entity.table.entity;
            (value(name), format!("A row of {}.", words(name)))
        })
        .collect();
    values.sort();
    enumeration(registry, "EntityType", "A kind of row.", values);
}

impl InputType for EntityType {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("EntityType")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        create(registry);
        <Self as InputType>::qualified_type_name()
    }

    fn parse(given: Option<Value>) -> InputValueResult<Self> {
        let given = match &given {
            Some(Value::Enum(name)) => name.as_str(),
            Some(Value::String(name)) => name.as_str(),
            _ => return Err(InputValueError::custom("A kind of row must be named.")),
        };
        let mut entities = model().entities.iter();
        let found = entities.find(|entity| value(entity.table.entity) == given);
        found.map_or_else(
            || {
                Err(InputValueError::custom(format!(
                    "There is no kind of row {given}."
                )))
            },
            |entity| Ok(Self(entity.table.entity)),
        )
    }

    fn to_value(&self) -> Value {
        Value::Enum(Name::new(value(self.0)))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl OutputType for EntityType {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("EntityType")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        create(registry);
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(self.to_value())
    }
}
