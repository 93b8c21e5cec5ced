//! What a selection set asks of a type, with fragments opened and repeated fields merged.

use std::collections::HashMap;

use async_graphql::context::QueryEnvInner;
use async_graphql::parser::types::{
    Field, FragmentDefinition, Selection, SelectionSet, VariableDefinition,
};
use async_graphql::{Context, Name, Pos, Positioned, Variables};

use super::failure::Failure;

/// What a document says outside of its selection sets, and what its variables stand for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The document's fragments.
    pub fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The variables given.
    pub variables: &'a Variables,
    /// The variables declared.
    pub definitions: &'a [Positioned<VariableDefinition>],
}

impl<'a> Asked<'a> {
    /// What a request under execution asks.
    pub fn of(env: &'a QueryEnvInner) -> Self {
        Self {
            fragments: &env.fragments,
            variables: &env.variables,
            definitions: &env.operation.node.variable_definitions,
        }
    }
}

/// One field of a response.
#[derive(Debug)]
pub struct Selected<'a> {
    /// The name under which the value appears.
    pub key: &'a str,
    /// The field as first written; its arguments hold for all places that were merged.
    pub field: &'a Field,
    /// Where that is.
    pub pos: Pos,
    /// The selection sets of all places.
    pub sets: Vec<&'a SelectionSet>,
}

impl<'a> Selected<'a> {
    /// The field's name in the schema.
    pub fn name(&self) -> &'a str {
        self.field.name.node.as_str()
    }
}

/// The fields that these selection sets ask of the type `name`.
pub fn collect<'a>(
    sets: &[&'a SelectionSet],
    name: &str,
    interfaces: &[&str],
    asked: Asked<'a>,
) -> Result<Vec<Selected<'a>>, Failure> {
    let mut fields = Vec::new();
    for set in sets {
        add(&mut fields, set, name, interfaces, asked)?;
    }
    Ok(fields)
}

/// What the whole document asks of the root field being resolved: the field may stand in several
/// places, which async-graphql resolves one by one.
pub fn at_root<'a>(ctx: &Context<'a>, root: &str) -> Result<Selected<'a>, Failure> {
    let field: &'a Field = &ctx.item.node;
    let key = field.response_key().node.as_str();
    let set = &ctx.query_env.operation.node.selection_set.node;
    let all = collect(&[set], root, &[], Asked::of(ctx.query_env))?;
    let found = all.into_iter().find(|selected| selected.key == key);
    Ok(found.unwrap_or_else(|| Selected {
        key,
        field,
        pos: ctx.item.pos,
        sets: vec![&field.selection_set.node],
    }))
}

fn add<'a>(
    fields: &mut Vec<Selected<'a>>,
    set: &'a SelectionSet,
    name: &str,
    interfaces: &[&str],
    asked: Asked<'a>,
) -> Result<(), Failure> {
    let applies = |condition: &str| condition == name || interfaces.contains(&condition);
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => merge(fields, field),
            Selection::FragmentSpread(spread) => {
                let fragment = asked
                    .fragments
                    .get(&spread.node.fragment_name.node)
                    .ok_or_else(|| Failure::input("The document has no such fragment."))?;
                if applies(&fragment.node.type_condition.node.on.node) {
                    add(
                        fields,
                        &fragment.node.selection_set.node,
                        name,
                        interfaces,
                        asked,
                    )?;
                }
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                if condition.is_none_or(|condition| applies(&condition.node.on.node)) {
                    add(
                        fields,
                        &fragment.node.selection_set.node,
                        name,
                        interfaces,
                        asked,
                    )?;
                }
            }
        }
    }
    Ok(())
}

fn merge<'a>(fields: &mut Vec<Selected<'a>>, field: &'a Positioned<Field>) {
    let key = field.node.response_key().node.as_str();
    let set = &field.node.selection_set.node;
    match fields.iter_mut().find(|selected| selected.key == key) {
        Some(selected) => selected.sets.push(set),
        None => fields.push(Selected {
            key,
            field: &field.node,
            pos: field.pos,
            sets: vec![set],
        }),
    }
}
