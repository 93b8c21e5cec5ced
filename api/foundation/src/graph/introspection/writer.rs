//! What a schema holds, written as JSON straight from its registry: async-graphql resolves each of
//! its hundred thousands of fields by itself, which takes ten times as long.

use async_graphql::Value;
use async_graphql::parser::types::{OperationDefinition, SelectionSet};
use async_graphql::registry::{
    Deprecation, MetaDirective, MetaEnumValue, MetaField, MetaInputValue, MetaType, MetaTypeName,
    Registry,
};

use crate::graph::failure::Failure;
use crate::graph::input::{arguments, boolean, text};
use crate::graph::plan::json_key;
use crate::graph::selection::{Asked, collect};
use crate::graph::write::string;

/// What `__Schema.description` says.
const DESCRIPTION: &str = "The back office of businesses that sell time, places, things and people's work. \
    Everything belongs to the tenant of the caller's token.";

/// A field that a document asks for, with what it asks of it.
struct Part {
    key: String,
    name: String,
    argument: Option<String>,
    with_deprecated: bool,
    parts: Vec<Part>,
}

/// The introspection type that a field of another one has.
fn type_of(parent: &str, field: &str) -> &'static str {
    match (parent, field) {
        ("Query", "__schema") => "__Schema",
        ("__Schema", "directives") => "__Directive",
        ("__Type", "fields") => "__Field",
        ("__Type", "enumValues") => "__EnumValue",
        (_, "args" | "inputFields") => "__InputValue",
        (
            _,
            "__type" | "types" | "queryType" | "mutationType" | "subscriptionType" | "interfaces"
            | "possibleTypes" | "ofType" | "type",
        ) => "__Type",
        _ => "",
    }
}

fn parts(sets: &[&SelectionSet], parent: &str, asked: Asked<'_>) -> Result<Vec<Part>, Failure> {
    collect(sets, parent, &[], asked)?
        .into_iter()
        .map(|selected| {
            let given = arguments(selected.field, asked);
            let with_deprecated = match given.get("includeDeprecated") {
                None | Some(Value::Null) => false,
                Some(value) => boolean(value, "includeDeprecated")?,
            };
            let argument = given.get("name").map(|name| text(name, "name"));
            let name = selected.name();
            Ok(Part {
                key: json_key(selected.key),
                name: name.to_owned(),
                argument: argument.transpose()?.map(str::to_owned),
                with_deprecated,
                parts: parts(&selected.sets, type_of(parent, name), asked)?,
            })
        })
        .collect()
}

/// The keys and values of the data that an operation asks of nothing but the schema.
pub fn write(
    registry: &Registry,
    operation: &OperationDefinition,
    asked: Asked<'_>,
) -> Result<Vec<(String, String)>, Failure> {
    let writer = Writer { registry };
    let fields = collect(&[&operation.selection_set.node], "Query", &[], asked)?;
    let asked_for = parts(&[&operation.selection_set.node], "Query", asked)?;
    let written = fields.iter().zip(&asked_for).map(|(field, part)| {
        let mut out = String::new();
        match part.name.as_str() {
            "__schema" => writer.schema(&mut out, &part.parts),
            "__type" => {
                let name = part.argument.as_deref().unwrap_or_default();
                match registry.types.get(name) {
                    Some(known) => writer.named(&mut out, known, &part.parts),
                    None => out.push_str("null"),
                }
            }
            _ => string(&mut out, "Query"),
        }
        (field.key.to_owned(), out)
    });
    Ok(written.collect())
}

struct Writer<'r> {
    registry: &'r Registry,
}

fn optional(out: &mut String, value: Option<&str>) {
    match value {
        Some(value) => string(out, value),
        None => out.push_str("null"),
    }
}

fn truth(out: &mut String, value: bool) {
    out.push_str(if value { "true" } else { "false" });
}

fn object(out: &mut String, parts: &[Part], mut write: impl FnMut(&mut String, &Part)) {
    out.push('{');
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&part.key);
        write(out, part);
    }
    out.push('}');
}

fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

impl<'r> Writer<'r> {
    fn schema(&self, out: &mut String, parts: &[Part]) {
        let root = |out: &mut String, name: Option<&str>, part: &Part| match name
            .and_then(|name| self.registry.types.get(name))
        {
            Some(root) => self.named(out, root, &part.parts),
            None => out.push_str("null"),
        };
        object(out, parts, |out, part| match part.name.as_str() {
            "description" => string(out, DESCRIPTION),
            "types" => list(out, self.registry.types.values(), |out, known| {
                self.named(out, known, &part.parts);
            }),
            "queryType" => root(out, Some(&self.registry.query_type), part),
            "mutationType" => root(out, self.registry.mutation_type.as_deref(), part),
            "subscriptionType" => root(out, self.registry.subscription_type.as_deref(), part),
            "directives" => list(out, self.registry.directives.values(), |out, directive| {
                self.directive(out, directive, &part.parts);
            }),
            _ => string(out, "__Schema"),
        });
    }

    /// A type as a field refers to it.
    fn referred(&self, out: &mut String, reference: &str, parts: &[Part]) {
        let (kind, inner) = match MetaTypeName::create(reference) {
            MetaTypeName::Named(name) => {
                return match self.registry.types.get(name) {
                    Some(known) => self.named(out, known, parts),
                    None => out.push_str("null"),
                };
            }
            MetaTypeName::List(inner) => ("LIST", inner),
            MetaTypeName::NonNull(inner) => ("NON_NULL", inner),
        };
        object(out, parts, |out, part| match part.name.as_str() {
            "kind" => string(out, kind),
            "ofType" => self.referred(out, inner, &part.parts),
            "__typename" => string(out, "__Type"),
            _ => out.push_str("null"),
        });
    }

    fn named(&self, out: &mut String, known: &'r MetaType, parts: &[Part]) {
        object(out, parts, |out, part| match part.name.as_str() {
            "kind" => string(out, kind(known)),
            "name" => string(out, known.name()),
            "description" => optional(out, description(known)),
            "fields" => self.fields(out, known, part),
            "interfaces" => self.interfaces(out, known, part),
            "possibleTypes" => match known {
                MetaType::Interface { possible_types, .. }
                | MetaType::Union { possible_types, .. } => {
                    self.named_all(out, possible_types.iter(), part);
                }
                _ => out.push_str("null"),
            },
            "enumValues" => match known {
                MetaType::Enum { enum_values, .. } => {
                    let shown = enum_values
                        .values()
                        .filter(|value| is_shown(&value.deprecation, part));
                    list(out, shown, |out, value| {
                        enum_value(out, value, &part.parts);
                    });
                }
                _ => out.push_str("null"),
            },
            "inputFields" => match known {
                MetaType::InputObject { input_fields, .. } => {
                    self.inputs(out, input_fields.values(), part);
                }
                _ => out.push_str("null"),
            },
            "specifiedByURL" => match known {
                MetaType::Scalar {
                    specified_by_url, ..
                } => optional(out, specified_by_url.as_deref()),
                _ => out.push_str("null"),
            },
            "isOneOf" => match known {
                MetaType::InputObject { oneof, .. } => truth(out, *oneof),
                _ => out.push_str("null"),
            },
            "__typename" => string(out, "__Type"),
            _ => out.push_str("null"),
        });
    }

    fn named_all<'n>(
        &self,
        out: &mut String,
        names: impl Iterator<Item = &'n String>,
        part: &Part,
    ) {
        let known = names.filter_map(|name| self.registry.types.get(name));
        list(out, known, |out, known| {
            self.named(out, known, &part.parts);
        });
    }

    fn fields(&self, out: &mut String, known: &'r MetaType, part: &Part) {
        let (MetaType::Object { fields, .. } | MetaType::Interface { fields, .. }) = known else {
            return out.push_str("null");
        };
        let shown = fields
            .values()
            .filter(|field| is_shown(&field.deprecation, part) && !field.name.starts_with("__"));
        list(out, shown, |out, field| {
            self.field(out, field, &part.parts);
        });
    }

    fn interfaces(&self, out: &mut String, known: &'r MetaType, part: &Part) {
        match known {
            MetaType::Object { name, .. } => {
                let implemented = self.registry.implements.get(name);
                self.named_all(out, implemented.into_iter().flatten(), part);
            }
            MetaType::Interface { .. } => out.push_str("[]"),
            _ => out.push_str("null"),
        }
    }

    fn field(&self, out: &mut String, field: &'r MetaField, parts: &[Part]) {
        object(out, parts, |out, part| match part.name.as_str() {
            "name" => string(out, &field.name),
            "description" => optional(out, field.description.as_deref()),
            "args" => self.inputs(out, field.args.values(), part),
            "type" => self.referred(out, &field.ty, &part.parts),
            "isDeprecated" => truth(out, field.deprecation.is_deprecated()),
            "deprecationReason" => optional(out, field.deprecation.reason()),
            _ => string(out, "__Field"),
        });
    }

    fn inputs(
        &self,
        out: &mut String,
        inputs: impl Iterator<Item = &'r MetaInputValue>,
        part: &Part,
    ) {
        let shown = inputs.filter(|input| is_shown(&input.deprecation, part));
        list(out, shown, |out, input| {
            self.input(out, input, &part.parts);
        });
    }

    fn input(&self, out: &mut String, input: &'r MetaInputValue, parts: &[Part]) {
        object(out, parts, |out, part| match part.name.as_str() {
            "name" => string(out, &input.name),
            "description" => optional(out, input.description.as_deref()),
            "type" => self.referred(out, &input.ty, &part.parts),
            "defaultValue" => optional(out, input.default_value.as_deref()),
            "isDeprecated" => truth(out, input.deprecation.is_deprecated()),
            "deprecationReason" => optional(out, input.deprecation.reason()),
            _ => string(out, "__InputValue"),
        });
    }

    fn directive(&self, out: &mut String, directive: &'r MetaDirective, parts: &[Part]) {
        object(out, parts, |out, part| match part.name.as_str() {
            "name" => string(out, &directive.name),
            "description" => optional(out, directive.description.as_deref()),
            "locations" => list(out, &directive.locations, |out, location| {
                string(out, &format!("{location:?}"));
            }),
            "args" => self.inputs(out, directive.args.values(), part),
            "isRepeatable" => truth(out, directive.is_repeatable),
            _ => string(out, "__Directive"),
        });
    }
}

fn is_shown(deprecation: &Deprecation, part: &Part) -> bool {
    part.with_deprecated || !deprecation.is_deprecated()
}

fn enum_value(out: &mut String, value: &MetaEnumValue, parts: &[Part]) {
    object(out, parts, |out, part| match part.name.as_str() {
        "name" => string(out, &value.name),
        "description" => optional(out, value.description.as_deref()),
        "isDeprecated" => truth(out, value.deprecation.is_deprecated()),
        "deprecationReason" => optional(out, value.deprecation.reason()),
        _ => string(out, "__EnumValue"),
    });
}

fn kind(known: &MetaType) -> &'static str {
    match known {
        MetaType::Scalar { .. } => "SCALAR",
        MetaType::Object { .. } => "OBJECT",
        MetaType::Interface { .. } => "INTERFACE",
        MetaType::Union { .. } => "UNION",
        MetaType::Enum { .. } => "ENUM",
        MetaType::InputObject { .. } => "INPUT_OBJECT",
    }
}

fn description(known: &MetaType) -> Option<&str> {
    match known {
        MetaType::Scalar { description, .. }
        | MetaType::Object { description, .. }
        | MetaType::Interface { description, .. }
        | MetaType::Union { description, .. }
        | MetaType::Enum { description, .. }
        | MetaType::InputObject { description, .. } => description.as_deref(),
    }
}
