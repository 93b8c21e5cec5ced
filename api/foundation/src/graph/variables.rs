//! Checks variables against the types that a document declares for them, so that a document needs
//! to be validated once however often it comes with other variables.

use async_graphql::parser::types::{OperationDefinition, Type};
use async_graphql::registry::{MetaType, MetaTypeName, Registry};
use async_graphql::{Value, Variables};

use super::failure::Failure;

/// Refuses the first variable that is not of its declared type, or is missing.
pub fn check(
    registry: &Registry,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Failure> {
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        let ty = &definition.node.var_type.node;
        match variables.get(name) {
            Some(value) => check_type(registry, ty, value, &format!("${name}"))?,
            None if !ty.nullable && definition.node.default_value.is_none() => {
                return Err(Failure::input(format!(
                    "The variable ${name} of type {ty} must be given."
                )));
            }
            None => {}
        }
    }
    Ok(())
}

fn check_type(registry: &Registry, ty: &Type, value: &Value, path: &str) -> Result<(), Failure> {
    check_named(registry, &ty.to_string(), value, path)
}

fn check_named(registry: &Registry, ty: &str, value: &Value, path: &str) -> Result<(), Failure> {
    let wrong = || Failure::input(format!("{path} must be of type {ty}."));
    match MetaTypeName::create(ty) {
        MetaTypeName::NonNull(_) if matches!(value, Value::Null) => Err(wrong()),
        MetaTypeName::NonNull(inner) => check_named(registry, inner, value, path),
        _ if matches!(value, Value::Null) => Ok(()),
        MetaTypeName::List(inner) => match value {
            Value::List(items) => items.iter().enumerate().try_for_each(|(index, item)| {
                check_named(registry, inner, item, &format!("{path}[{index}]"))
            }),
            single => check_named(registry, inner, single, path),
        },
        MetaTypeName::Named(name) => match registry.types.get(name) {
            Some(MetaType::Scalar { .. }) => {
                if is_scalar(name, value) {
                    Ok(())
                } else {
                    Err(wrong())
                }
            }
            Some(MetaType::Enum { enum_values, .. }) => match value {
                Value::String(text) if enum_values.contains_key(text.as_str()) => Ok(()),
                Value::Enum(text) if enum_values.contains_key(text.as_str()) => Ok(()),
                _ => Err(wrong()),
            },
            Some(MetaType::InputObject { input_fields, .. }) => {
                let Value::Object(fields) = value else {
                    return Err(wrong());
                };
                if let Some(name) = fields
                    .keys()
                    .find(|name| !input_fields.contains_key(name.as_str()))
                {
                    return Err(Failure::input(format!(
                        "{path} of type {ty} has no field {name}."
                    )));
                }
                for (name, field) in input_fields {
                    let path = format!("{path}.{name}");
                    match fields.get(name.as_str()) {
                        Some(value) => check_named(registry, &field.ty, value, &path)?,
                        None if field.ty.ends_with('!') && field.default_value.is_none() => {
                            return Err(Failure::input(format!(
                                "{path} of type {} must be given.",
                                field.ty
                            )));
                        }
                        None => {}
                    }
                }
                Ok(())
            }
            _ => Err(Failure::input(format!("{path} cannot be of type {ty}."))),
        },
    }
}

fn is_scalar(name: &str, value: &Value) -> bool {
    match name {
        "Int" => {
            matches!(value, Value::Number(number) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()))
        }
        "Float" => matches!(value, Value::Number(_)),
        "Boolean" => matches!(value, Value::Boolean(_)),
        "String" | "Date" | "DateTime" | "Time" | "Duration" | "CurrencyCode" => {
            matches!(value, Value::String(_))
        }
        "ID" | "Long" | "Decimal" => matches!(value, Value::String(_) | Value::Number(_)),
        // Any value is JSON.
        _ => true,
    }
}
