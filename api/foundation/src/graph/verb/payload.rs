//! Payloads: their types, built from declarations, and their JSON.

use std::collections::HashMap;

use async_graphql::parser::types::SelectionSet;
use async_graphql::registry::{MetaField, MetaType, Registry};
use uuid::Uuid;

use super::fault::{COMMON, UserError};
use super::perform::Done;
use super::{Declaration, Part, Permission};
use crate::database::Scope;
use crate::graph::failure::Failure;
use crate::graph::model::{EntityId, model};
use crate::graph::names::capitalised;
use crate::graph::output::{list, object};
use crate::graph::plan::{Planner, json_key};
use crate::graph::query::{row, rows};
use crate::graph::reader::Reader;
use crate::graph::schema::build::{self, enumeration, field, field_with, input, interface};
use crate::graph::selection::{Asked, Selected, collect};
use crate::graph::session::Session;
use crate::graph::write::string;
use crate::identity::Principal;

/// Registers the input, payload and error types of a verb, and gives its field.
pub fn register(registry: &mut Registry, declaration: &Declaration) -> MetaField {
    let stem = capitalised(&declaration.name);
    let (input_type, codes) = (declaration.register)(registry);
    let mut description = declaration.description.clone();
    if let Some(MetaType::InputObject {
        description: own,
        input_fields,
        ..
    }) = registry.types.get_mut(&input_type)
    {
        let of_all = [
            input("idempotencyKey", "String", "Done once for each key."),
            input("dryRun", "Boolean", "Keeps nothing."),
        ];
        input_fields.extend(of_all.map(|field| (field.name.clone(), field)));
        if description.is_none() {
            description.clone_from(own);
            *own = Some(format!("What {} takes.", declaration.name));
        }
    }
    errors(registry, declaration, &stem, codes);
    payload(registry, declaration, &stem);
    let needs = match declaration.permission {
        Permission::Anyone => "Open to anyone.".to_owned(),
        Permission::SignedIn => "Requires signing in.".to_owned(),
        Permission::Holds(code) => format!("Requires {code}."),
    };
    let description = format!("{} {needs}", description.unwrap_or_default());
    field_with(
        &declaration.name,
        &format!("{}!", payload_type(declaration)),
        description.trim(),
        vec![input("input", &format!("{input_type}!"), "What to do.")],
    )
}

/// The type of a verb's answer.
pub fn payload_type(declaration: &Declaration) -> String {
    match &declaration.payload_stem {
        Some(stem) => format!("{stem}Payload"),
        None => format!("{}Payload", capitalised(&declaration.name)),
    }
}

/// The type of a verb's user errors.
fn error_type(declaration: &Declaration, stem: &str) -> String {
    format!("{}UserError", declaration.error_stem.unwrap_or(stem))
}

fn errors(
    registry: &mut Registry,
    declaration: &Declaration,
    stem: &str,
    codes: Vec<(String, String)>,
) {
    let name = error_type(declaration, stem);
    if registry.types.contains_key(&name) {
        return;
    }
    let enum_name = format!("{}ErrorCode", declaration.error_stem.unwrap_or(stem));
    let common = COMMON
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let all = codes.into_iter().chain(common);
    let who = declaration
        .error_stem
        .map_or(declaration.name.as_str(), |_| "a plain write");
    enumeration(
        registry,
        &enum_name,
        &format!("Which rule {who} broke."),
        all,
    );
    let code = field("code", &format!("{enum_name}!"), "Which rule.");
    let fields = std::iter::once(code).chain(error_fields()).collect();
    build::object(registry, &name, "A rule that it broke.", fields);
    registry.add_implements(&name, "UserError");
}

/// Registers the interface of all user errors. No field has it as its type, so this comes after
/// types without use have been removed.
pub fn register_interface(registry: &mut Registry, declarations: &[Declaration]) {
    let name = |declaration: &Declaration| error_type(declaration, &capitalised(&declaration.name));
    let description = "A rule that a request broke, told as data; nothing was changed.";
    let types = declarations.iter().map(name).collect();
    interface(registry, "UserError", description, error_fields(), types);
}

fn error_fields() -> Vec<MetaField> {
    vec![
        field("message", "String!", "A sentence for people."),
        field("field", "[String!]", "The path of the input."),
        field("retryable", "Boolean!", "Whether to try again."),
    ]
}

fn payload(registry: &mut Registry, declaration: &Declaration, stem: &str) {
    let name = payload_type(declaration);
    if registry.types.contains_key(&name) {
        return;
    }
    let mut fields: Vec<MetaField> = declaration
        .payload
        .iter()
        .map(|part| match part {
            Part::Row(name, ty, description)
            | Part::Value(name, ty, description)
            | Part::Secret(name, ty, description) => field(name, ty, description),
            Part::Rows(name, ty, description) => field(name, &format!("[{ty}!]"), description),
        })
        .collect();
    let mut shapes = Shapes::new();
    for part in &declaration.payload {
        if let Part::Value(_, ty, _) | Part::Secret(_, ty, _) = part {
            shape(registry, named(ty), &mut shapes);
        }
    }
    // The same types, whoever the schema is built for.
    let _ = declaration.shapes.set(shapes);
    let errors = format!("[{}!]!", error_type(declaration, stem));
    fields.extend([
        field("userErrors", &errors, "The rules it broke."),
        field("eventCursor", "String", "Where its event is."),
        field("replayed", "Boolean!", "An earlier answer."),
    ]);
    let who = match &declaration.payload_stem {
        Some(stem) => format!("any plain write of {stem}"),
        None => declaration.name.clone(),
    };
    build::object(registry, &name, &format!("What {who} answers."), fields);
}

/// By the name of an object type, the named types of its fields.
pub type Shapes = HashMap<String, HashMap<String, String>>;

/// The type that a type reference names: `[X!]!` names X.
fn named(ty: &str) -> &str {
    ty.trim_matches(['[', ']', '!'])
}

/// Adds the shapes of an object type, and of those below it.
pub fn shape(registry: &Registry, ty: &str, shapes: &mut Shapes) {
    let Some(MetaType::Object { fields, .. }) = registry.types.get(ty) else {
        return;
    };
    if shapes.contains_key(ty) {
        return;
    }
    let of = |field: &MetaField| (field.name.clone(), named(&field.ty).to_owned());
    shapes.insert(ty.to_owned(), fields.values().map(of).collect());
    for field in fields.values() {
        shape(registry, named(&field.ty), shapes);
    }
}

/// What a document asks of a verb's payload.
pub struct Payload<'a> {
    /// The verb.
    pub declaration: &'a Declaration,
    /// What the document selects of it.
    pub sets: Vec<&'a SelectionSet>,
    /// The document.
    pub asked: Asked<'a>,
}

impl<'a> Payload<'a> {
    fn selected(&self) -> Result<Vec<Selected<'a>>, Failure> {
        let name = payload_type(self.declaration);
        collect(&self.sets, &name, &[], self.asked)
    }

    /// The JSON of an outcome, read within the verb's own transaction.
    pub async fn write(
        &self,
        session: &Session,
        scope: &Scope,
        done: &Done,
    ) -> Result<String, Failure> {
        match session.principal() {
            Ok(principal) => self.write_as(session, principal, scope, done).await,
            Err(_) => self.assemble(None, done).await,
        }
    }

    /// The JSON of an outcome, as this principal sees it.
    pub async fn write_as(
        &self,
        session: &Session,
        principal: &Principal,
        scope: &Scope,
        done: &Done,
    ) -> Result<String, Failure> {
        let shared = &session.shared;
        let reader = Reader {
            scope,
            principal,
            sealer: &shared.sealer,
            transitions: &shared.transitions,
            is_alone: false,
        };
        self.assemble(Some(reader), done).await
    }

    async fn assemble(&self, reader: Option<Reader<'_>>, done: &Done) -> Result<String, Failure> {
        let Done {
            outcome,
            cursor,
            replayed,
        } = done;
        let mut parts = Vec::new();
        for selected in self.selected()? {
            let json = match selected.name() {
                "userErrors" => "[]".to_owned(),
                "eventCursor" => text(cursor.as_deref()),
                "replayed" => replayed.to_string(),
                "__typename" => text(Some(&payload_type(self.declaration))),
                name => match outcome.rows.iter().find(|(field, _)| *field == name) {
                    _ if self.are_rows(name) => {
                        let ids = outcome.rows.iter().filter(|(field, _)| *field == name);
                        let ids: Vec<Uuid> = ids.map(|(_, id)| *id).collect();
                        self.rows(reader, &selected, name, &ids).await?
                    }
                    Some((_, id)) => self.row(reader, &selected, name, *id).await?,
                    None => self.value(&selected, name, &outcome.values)?,
                },
            };
            parts.push((json_key(selected.key), json));
        }
        join(&parts)
    }

    fn part(&self, name: &str) -> Option<&Part> {
        let parts = &self.declaration.payload;
        parts.iter().find(|part| part.field() == name)
    }

    fn are_rows(&self, name: &str) -> bool {
        matches!(self.part(name), Some(Part::Rows(..)))
    }

    /// The named type of a value.
    fn type_of(&self, name: &str) -> &str {
        match self.part(name) {
            Some(Part::Value(_, ty, _) | Part::Secret(_, ty, _)) => named(ty),
            _ => "",
        }
    }

    fn entity(&self, name: &str) -> Option<EntityId> {
        match self.part(name) {
            Some(Part::Row(_, entity, _) | Part::Rows(_, entity, _)) => model().by_name(entity),
            _ => None,
        }
    }

    async fn row(
        &self,
        reader: Option<Reader<'_>>,
        selected: &Selected<'a>,
        name: &str,
        id: Uuid,
    ) -> Result<String, Failure> {
        let (Some(entity), Some(reader)) = (self.entity(name), reader) else {
            return Ok("null".to_owned());
        };
        let mut planner = self.planner(reader);
        row(reader, &mut planner, entity, id, selected).await
    }

    async fn rows(
        &self,
        reader: Option<Reader<'_>>,
        selected: &Selected<'a>,
        name: &str,
        ids: &[Uuid],
    ) -> Result<String, Failure> {
        let (Some(entity), Some(reader)) = (self.entity(name), reader) else {
            return Ok("null".to_owned());
        };
        let mut planner = self.planner(reader);
        let found = rows(reader, &mut planner, entity, ids, selected).await?;
        let known: Vec<&str> = ids
            .iter()
            .filter_map(|id| found.get(id).map(String::as_str))
            .collect();
        Ok(format!("[{}]", known.join(",")))
    }

    fn planner<'b>(&self, reader: Reader<'b>) -> Planner<'b>
    where
        'a: 'b,
    {
        Planner {
            asked: self.asked,
            principal: reader.principal,
            sealer: reader.sealer,
            cost: 0,
            is_answer: matches!(self.declaration.permission, Permission::Holds(_)),
        }
    }

    /// The JSON of a payload whose request broke a rule.
    pub fn refused(&self, error: &UserError) -> Result<String, Failure> {
        let mut parts = Vec::new();
        for selected in self.selected()? {
            let json = match selected.name() {
                "userErrors" => self.errors(&selected, error)?,
                "replayed" => "false".to_owned(),
                "__typename" => text(Some(&payload_type(self.declaration))),
                name => self.value(&selected, name, &error.values)?,
            };
            parts.push((json_key(selected.key), json));
        }
        join(&parts)
    }

    /// A value of the payload, if there is one.
    fn value(
        &self,
        selected: &Selected<'a>,
        name: &str,
        values: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<String, Failure> {
        let Some(value) = values.get(name) else {
            return Ok("null".to_owned());
        };
        let none = Shapes::new();
        let shapes = self.declaration.shapes.get().unwrap_or(&none);
        let ty = self.type_of(name);
        value_text(value, &selected.sets, ty, shapes, self.asked)
    }

    fn errors(&self, selected: &Selected<'a>, error: &UserError) -> Result<String, Failure> {
        let name = error_type(self.declaration, &capitalised(&self.declaration.name));
        let mut parts = Vec::new();
        for field in collect(&selected.sets, &name, &["UserError"], self.asked)? {
            let mut out = String::new();
            match field.name() {
                "code" => string(&mut out, &error.code),
                "message" => string(&mut out, &error.message),
                "retryable" => out.push_str(if error.retryable { "true" } else { "false" }),
                "field" if error.field.is_empty() => out.push_str("null"),
                "field" => list(&mut out, error.field.len(), |out, index| {
                    string(out, &error.field[index]);
                    Ok(())
                })?,
                _ => string(&mut out, &name),
            }
            parts.push((json_key(field.key), out));
        }
        Ok(format!("[{}]", join(&parts)?))
    }
}

/// The JSON of a value, of whose objects only what is asked for is told.
pub fn value_text<'a>(
    value: &serde_json::Value,
    sets: &[&'a SelectionSet],
    ty: &str,
    shapes: &Shapes,
    asked: Asked<'a>,
) -> Result<String, Failure> {
    match (value, shapes.get(ty)) {
        (serde_json::Value::Array(items), Some(_)) => {
            let items = items
                .iter()
                .map(|item| value_text(item, sets, ty, shapes, asked));
            Ok(format!(
                "[{}]",
                items.collect::<Result<Vec<_>, _>>()?.join(",")
            ))
        }
        (serde_json::Value::Object(fields), Some(shape)) => {
            let mut parts = Vec::new();
            for field in collect(sets, ty, &[], asked)? {
                let name = field.name();
                let json = match (fields.get(name), shape.get(name)) {
                    _ if name == "__typename" => text(Some(ty)),
                    (Some(value), Some(ty)) => value_text(value, &field.sets, ty, shapes, asked)?,
                    _ => "null".to_owned(),
                };
                parts.push((json_key(field.key), json));
            }
            join(&parts)
        }
        _ => Ok(value.to_string()),
    }
}

fn text(text: Option<&str>) -> String {
    let Some(text) = text else {
        return "null".to_owned();
    };
    let mut out = String::new();
    string(&mut out, text);
    out
}

fn join(parts: &[(String, String)]) -> Result<String, Failure> {
    let mut out = String::new();
    object(&mut out, parts, |out, json| {
        out.push_str(json);
        Ok(())
    })?;
    Ok(out)
}
