//! Small constructors for async-graphql's registry entries.

use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{
    Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry,
};

/// An argument or an input field.
pub fn input(name: &str, ty: &str, description: &str) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        ty: ty.to_owned(),
        deprecation: Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

/// A field without arguments.
pub fn field(name: &str, ty: &str, description: &str) -> MetaField {
    field_with(name, ty, description, Vec::new())
}

/// A field with arguments.
pub fn field_with(name: &str, ty: &str, description: &str, args: Vec<MetaInputValue>) -> MetaField {
    MetaField {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        args: args
            .into_iter()
            .map(|arg| (arg.name.clone(), arg))
            .collect(),
        ty: ty.to_owned(),
        deprecation: Deprecation::NoDeprecated,
        cache_control: async_graphql::CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// Registers an object type.
pub fn object(registry: &mut Registry, name: &str, description: &str, fields: Vec<MetaField>) {
    let object = MetaType::Object {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        fields: fields
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect(),
        cache_control: async_graphql::CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: false,
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(name.to_owned(), object);
}

/// Registers an interface that the named types implement.
pub fn interface(
    registry: &mut Registry,
    name: &str,
    description: &str,
    fields: Vec<MetaField>,
    types: Vec<String>,
) {
    for ty in &types {
        registry.add_implements(ty, name);
    }
    let interface = MetaType::Interface {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        fields: fields
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect(),
        possible_types: types.into_iter().collect(),
        extends: false,
        keys: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(name.to_owned(), interface);
}

/// Registers an input object.
pub fn input_object(
    registry: &mut Registry,
    name: &str,
    description: &str,
    fields: Vec<MetaInputValue>,
) {
    let object = MetaType::InputObject {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        input_fields: fields
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        oneof: false,
        directive_invocations: Vec::new(),
    };
    registry.types.insert(name.to_owned(), object);
}

/// Registers an enum of (name, description).
pub fn enumeration<N: Into<String>, D: Into<String>>(
    registry: &mut Registry,
    name: &str,
    description: &str,
    values: impl IntoIterator<Item = (N, D)>,
) {
    let values: IndexMap<String, MetaEnumValue> = values
        .into_iter()
        .map(|(name, description)| {
            let name = name.into();
            let value = MetaEnumValue {
                name: name.clone(),
                description: Some(description.into()),
                deprecation: Deprecation::NoDeprecated,
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                directive_invocations: Vec::new(),
            };
            (name, value)
        })
        .collect();
    let ty = MetaType::Enum {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        enum_values: values,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(name.to_owned(), ty);
}

/// Registers a scalar whose format a document describes.
pub fn scalar(registry: &mut Registry, name: &str, description: &str, specified_by: &str) {
    let scalar = MetaType::Scalar {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        is_valid: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        specified_by_url: Some(specified_by.to_owned()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(name.to_owned(), scalar);
}
