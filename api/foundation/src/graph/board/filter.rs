//! An entity's filter as an argument of a board.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use sea_orm::EntityName;

use crate::graph::failure::Failure;
use crate::graph::model::model;
use crate::graph::query::entity_id;

/// A filter of `E`, as its list takes it.
pub struct Filter<E>(Value, PhantomData<fn() -> E>);

impl<E> Filter<E> {
    /// The filter, to be combined with others.
    pub fn json(&self) -> Result<serde_json::Value, Failure> {
        self.0.clone().into_json().map_err(Failure::internal)
    }
}

impl<E: EntityName + Default + 'static> InputType for Filter<E> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        let entity = entity_id::<E>().map_or("Node", |id| model().entity(id).table.entity);
        Cow::Owned(format!("{entity}Filter"))
    }

    fn create_type_info(_: &mut Registry) -> String {
        // The engine registers it.
        <Self as InputType>::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(value @ Value::Object(_)) => Ok(Self(value, PhantomData)),
            _ => Err(InputValueError::custom("A filter must be an object.")),
        }
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
