//! The graph as introspection tells it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;

/// All types by their names, and the names of the roots.
#[derive(Debug)]
pub struct Schema {
    /// The types.
    pub types: BTreeMap<String, Type>,
    /// The names of the root types that exist.
    pub roots: Vec<String>,
}

/// A type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Type {
    /// `OBJECT`, `INPUT_OBJECT`, `ENUM`, ...
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// Where a scalar is specified.
    #[serde(rename = "specifiedByURL")]
    pub specified_by: Option<String>,
    /// Fields of objects and interfaces.
    #[serde(default, deserialize_with = "nullable")]
    pub fields: Vec<Field>,
    /// Fields of input objects.
    #[serde(default, deserialize_with = "nullable")]
    pub input_fields: Vec<Argument>,
    /// Interfaces of an object.
    #[serde(default, deserialize_with = "nullable")]
    pub interfaces: Vec<Reference>,
    /// Values of an enum.
    #[serde(default, deserialize_with = "nullable")]
    pub enum_values: Vec<Choice>,
    /// What an interface or union may be.
    #[serde(default, deserialize_with = "nullable")]
    pub possible_types: Vec<Reference>,
}

/// A field of an object.
#[derive(Debug, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// What it takes.
    pub args: Vec<Argument>,
    /// What it gives.
    #[serde(rename = "type")]
    pub ty: Reference,
}

/// An argument, or a field of an input object.
#[derive(Debug, Deserialize)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// What it must be.
    #[serde(rename = "type")]
    pub ty: Reference,
}

/// A value of an enum.
#[derive(Debug, Deserialize)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
}

/// A type where it is used, with its lists and exclamation marks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<Reference>>,
}

impl Reference {
    /// The name of the type under lists and exclamation marks.
    pub fn named(&self) -> &str {
        match &self.of_type {
            Some(inner) => inner.named(),
            None => self.name.as_deref().unwrap_or_default(),
        }
    }

    /// Whether it must be given, or is always there.
    pub fn is_required(&self) -> bool {
        self.kind == "NON_NULL"
    }

    /// As it is written: `[ID!]!`.
    pub fn text(&self) -> String {
        let inner = self.of_type.as_ref().map(|inner| inner.text());
        match (self.kind.as_str(), inner) {
            ("NON_NULL", Some(inner)) => format!("{inner}!"),
            ("LIST", Some(inner)) => format!("[{inner}]"),
            _ => self.name.clone().unwrap_or_default(),
        }
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        match self.kind.as_str() {
            "LIST" => true,
            "NON_NULL" => self.of_type.as_ref().is_some_and(|inner| inner.is_list()),
            _ => false,
        }
    }
}

fn nullable<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

const REFERENCE: &str =
    "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// Asks a server for its whole graph.
pub async fn introspect(client: &Client) -> anyhow::Result<Schema> {
    let query = format!(
        "{{ __schema {{ queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }} types {{
           kind name description specifiedByURL
           fields(includeDeprecated: true) {{ name description args {{ name description type {{ {REFERENCE} }} }} type {{ {REFERENCE} }} }}
           inputFields {{ name description type {{ {REFERENCE} }} }}
           interfaces {{ kind name }}
           enumValues(includeDeprecated: true) {{ name description }}
           possibleTypes {{ kind name }}
         }} }} }}"
    );
    let mut data = client.read(&query).await?;
    let schema = data["__schema"].take();
    let roots = ["queryType", "mutationType", "subscriptionType"];
    let roots = roots
        .iter()
        .filter_map(|root| schema[root]["name"].as_str())
        .map(str::to_owned)
        .collect();
    let types: Vec<Type> = match &schema["types"] {
        Value::Array(types) => types
            .iter()
            .map(|ty| Type::deserialize(ty).with_context(|| ty.to_string()))
            .collect::<Result<_, _>>()?,
        other => anyhow::bail!("types are {other}"),
    };
    Ok(Schema {
        types: types.into_iter().map(|ty| (ty.name.clone(), ty)).collect(),
        roots,
    })
}

impl Schema {
    /// The type of this name.
    pub fn ty(&self, name: &str) -> anyhow::Result<&Type> {
        self.types
            .get(name)
            .with_context(|| format!("no type {name}"))
    }

    /// The fields of a root: `Query`, `Mutation`.
    pub fn root(&self, name: &str) -> anyhow::Result<&[Field]> {
        Ok(&self.ty(name)?.fields)
    }

    /// Whether values of a type have no fields.
    pub fn is_leaf(&self, name: &str) -> bool {
        self.types
            .get(name)
            .is_some_and(|ty| matches!(ty.kind.as_str(), "SCALAR" | "ENUM"))
    }

    /// The types that a document can reach from the roots.
    pub fn reachable(&self) -> BTreeSet<&str> {
        let mut open: Vec<&str> = self.roots.iter().map(String::as_str).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some(ty) = self.types.get(name) else {
                continue;
            };
            if !found.insert(name) {
                continue;
            }
            for field in &ty.fields {
                open.push(field.ty.named());
                open.extend(field.args.iter().map(|argument| argument.ty.named()));
            }
            open.extend(ty.input_fields.iter().map(|field| field.ty.named()));
            let others = ty.interfaces.iter().chain(&ty.possible_types);
            open.extend(others.map(Reference::named));
        }
        found
    }
}
