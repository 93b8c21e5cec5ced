//! Mutations: every field of an input that takes an id, given one of theirs.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::Answer;
use tests::hotel::id_of;
use tests::schema::{Argument, Schema};

use super::{Two, is_made_here};

/// A place in an input: names of fields, and `0` for the first item of a list.
pub(super) type Path = Vec<String>;

/// The places in an input type that take ids.
pub(super) fn id_places(
    schema: &Schema,
    input: &str,
    above: &Path,
    places: &mut Vec<Path>,
) -> anyhow::Result<()> {
    for field in &schema.ty(input)?.input_fields {
        let mut path = above.clone();
        path.push(field.name.clone());
        if field.ty.is_list() {
            path.push("0".to_owned());
        }
        let ty = schema.ty(field.ty.named())?;
        if ty.name == "ID" {
            places.push(path);
        } else if ty.kind == "INPUT_OBJECT" && above.len() < 4 {
            id_places(schema, &ty.name, &path, places)?;
        }
    }
    Ok(())
}

/// Puts a value at a place; what is missing on the way is made with the least that it takes.
pub(super) fn put(
    schema: &Schema,
    ty: &str,
    input: &mut Value,
    path: &[String],
    value: &Value,
) -> anyhow::Result<()> {
    let Some((first, rest)) = path.split_first() else {
        *input = value.clone();
        return Ok(());
    };
    if first == "0" {
        if !input.is_array() || input.as_array().is_some_and(Vec::is_empty) {
            *input = json!([least(schema, ty)?]);
        }
        return put(schema, ty, &mut input[0], rest, value);
    }
    let field = schema
        .ty(ty)?
        .input_fields
        .iter()
        .find(|field| field.name == *first);
    let inner = field.map(|field| field.ty.named()).unwrap_or_default();
    if input.get(first).is_none_or(Value::is_null) && rest.first().is_some_and(|next| next != "0") {
        input[first] = least(schema, inner)?;
    }
    put(schema, inner, &mut input[first], rest, value)
}

/// The least that an input type takes.
pub(super) fn least(schema: &Schema, ty: &str) -> anyhow::Result<Value> {
    let ty = schema.ty(ty)?;
    let required = |field: &&Argument| field.ty.is_required() && field.name != "id";
    let mut input = json!({});
    if ty.kind != "INPUT_OBJECT" {
        return Ok(Value::Null);
    }
    for field in ty.input_fields.iter().filter(required) {
        input[&field.name] = match field.ty.named() {
            "Int" | "Long" => json!(1),
            "Boolean" => json!(false),
            "Date" => json!("2031-01-01"),
            "Decimal" => json!("1"),
            "CurrencyCode" => json!("EUR"),
            "ID" => json!(id_of("zzz", bizing::database::new_id())),
            inner if schema.ty(inner)?.kind == "INPUT_OBJECT" => least(schema, inner)?,
            inner if schema.ty(inner)?.kind == "ENUM" => {
                json!(
                    schema
                        .ty(inner)?
                        .enum_values
                        .first()
                        .map(|choice| &choice.name)
                )
            }
            _ if field.ty.is_list() => json!([]),
            _ => json!("x"),
        };
    }
    Ok(input)
}

/// Inputs that would be done if only the ids were right: those by which our rows were made, and for
/// changes of a row its id and version.
async fn base(two: &Two, verb: &str, input_type: &str) -> anyhow::Result<Value> {
    let mut input = match two.our_inputs.get(verb) {
        Some(input) => input.clone(),
        None => least(&two.schema, input_type)?,
    };
    // An id of any entity is given together with what says of which.
    if let Some(entity) = verb.strip_suffix("Update")
        && let Some(made) = two.our_inputs.get(&format!("{entity}Create"))
    {
        for name in ["refType", "refId", "scopeType", "scopeId"] {
            if let Some(kind) = made.get(name) {
                input[name] = kind.clone();
            }
        }
    }
    // What must be unique is made so.
    for name in ["code", "number", "key", "email", "channelRef"] {
        if let Some(text) = input.get(name).and_then(Value::as_str) {
            input[name] = json!(format!("other{text}"));
        }
    }
    let fields = &two.schema.ty(input_type)?.input_fields;
    for field in fields
        .iter()
        .filter(|field| field.ty.named() == "ID" && field.ty.is_required())
    {
        if input[&field.name]
            .as_str()
            .is_some_and(|id| !id.starts_with("zzz_"))
        {
            continue;
        }
        let Some(prefix) = prefix_of(
            two,
            verb,
            input_type,
            std::slice::from_ref(&field.name),
            &input,
        )
        .await?
        else {
            continue;
        };
        let ours = ours(two, &prefix).await?;
        input[&field.name] = ours;
    }
    if fields
        .iter()
        .any(|field| field.name == "version" && field.ty.is_required())
    {
        let data = two
            .us
            .read(&format!(
                "{{ node(id: {}) {{ ... on Node {{ __typename }} }} }}",
                input["id"]
            ))
            .await?;
        let entity = data["node"]["__typename"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let query = format!(
            "{{ node(id: {}) {{ ... on {entity} {{ version }} }} }}",
            input["id"]
        );
        input["version"] = two.us.read(&query).await?["node"]["version"].clone();
    }
    input["dryRun"] = json!(true);
    Ok(input)
}

/// One of our ids of this prefix.
async fn ours(two: &Two, prefix: &str) -> anyhow::Result<Value> {
    let model = bizing::graph::model::model();
    let Some(entity) = model.by_prefix(prefix).map(|id| model.entity(id)) else {
        return Ok(Value::Null);
    };
    let data = two
        .us
        .read(&format!(
            "{{ all: {}(last: 1) {{ nodes {{ id }} }} }}",
            entity.many
        ))
        .await?;
    Ok(data["all"]["nodes"][0]["id"].clone())
}

/// Whether a verb is of rows that these tests make: a plain write of an entity of theirs, or any
/// other verb.
fn is_tried_here(verb: &str) -> bool {
    let ends = ["Create", "Update", "Archive", "Restore", "Transition"];
    let single = ends.iter().find_map(|end| verb.strip_suffix(end));
    let entities = &bizing::graph::model::model().entities;
    let entity = entities
        .iter()
        .find(|entity| Some(entity.single.as_str()) == single);
    let is_link = ["Add", "Remove"].iter().any(|end| verb.ends_with(end));
    // Other verbs are tried in `verbs`, over rows of every kind.
    let is_elsewhere = entity.is_none() && super::verbs::is_tried_there(verb);
    !is_link && !is_elsewhere && entity.is_none_or(|entity| is_made_here(entity.table.id_prefix))
}

async fn send(two: &Two, verb: &str, input: &Value) -> anyhow::Result<Answer> {
    two.us.verb(verb, input.clone(), "__typename").await
}

/// What an id at a place must begin with, as the refusal of a wrong one says.
async fn prefix_of(
    two: &Two,
    verb: &str,
    input_type: &str,
    path: &[String],
    input: &Value,
) -> anyhow::Result<Option<String>> {
    let at = |input: &Value| {
        input
            .pointer(&format!("/{}", path.join("/")))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let Some(known) = at(input).filter(|id| !id.starts_with("zzz_")) {
        return Ok(known.split('_').next().map(str::to_owned));
    }
    let mut input = input.clone();
    input["dryRun"] = json!(true);
    put(
        &two.schema,
        input_type,
        &mut input,
        path,
        &json!(id_of("zzz", bizing::database::new_id())),
    )?;
    let answer = send(two, verb, &input).await?;
    let said = answer
        .message()
        .split("starts with `")
        .nth(1)
        .and_then(|rest| rest.split("_`").next());
    Ok(said.filter(|prefix| *prefix != "zzz").map(str::to_owned))
}

/// What an answer says, the id that it may repeat left out.
fn said(answer: &Answer, id: &str) -> Value {
    let text = answer.body.to_string().replace(id, "ID");
    serde_json::from_str(&text).unwrap_or_default()
}

/// Verbs of which some ids cannot be tried like this, with the reason. This list may only shrink.
const NOT_TRIED: &[(&str, &str)] = &[];

#[tokio::test]
async fn e86_no_mutation_takes_an_id_of_theirs() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let (mut tried, mut wrong, mut unknown) = (0, Vec::new(), BTreeSet::new());
    for verb in two.schema.root("Mutation")? {
        let Some(input_type) = verb.args.first().map(|argument| argument.ty.named()) else {
            continue;
        };
        let mut places = Vec::new();
        id_places(&two.schema, input_type, &Vec::new(), &mut places)?;
        if places.is_empty() || !is_tried_here(&verb.name) {
            continue;
        }
        let base = base(&two, &verb.name, input_type).await?;
        for path in places {
            let place = format!("{} {}", verb.name, path.join("."));
            let prefix = prefix_of(&two, &verb.name, input_type, &path, &base).await?;
            let theirs = prefix
                .as_ref()
                .and_then(|prefix| two.their_ids.get(prefix)?.first());
            if prefix
                .as_deref()
                .is_some_and(|prefix| !is_made_here(prefix))
            {
                continue;
            }
            let (Some(prefix), Some(theirs)) = (&prefix, theirs) else {
                unknown.insert(place);
                continue;
            };
            let never = id_of(prefix, bizing::database::new_id());
            let mut answers = Vec::new();
            for id in [theirs, &never] {
                let mut input = base.clone();
                put(&two.schema, input_type, &mut input, &path, &json!(id))?;
                let answer = send(&two, &verb.name, &input).await?;
                answers.push((said(&answer, id), answer));
            }
            tried += 1;
            let (theirs_said, answer) = &answers[0];
            two.shows_nothing(&place, &theirs_said.to_string())?;
            if *theirs_said != answers[1].0 {
                wrong.push(format!(
                    "{place} tells theirs from none:\n  {theirs_said}\n  {}",
                    answers[1].0
                ));
            } else if answer.errors().is_empty() && answer.user_errors().is_empty() {
                wrong.push(format!("{place} takes theirs: {}", answer.body));
            } else if answer.code() == Some("INTERNAL") {
                wrong.push(format!("{place} breaks: {}", answer.body));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let expected: BTreeSet<String> = NOT_TRIED
        .iter()
        .map(|(place, _)| (*place).to_owned())
        .collect();
    assert_eq!(unknown, expected);
    assert!(tried > 80, "only {tried} places were tried");
    Ok(())
}

/// Otherwise the test above might see refusals that have nothing to do with the id.
#[tokio::test]
async fn with_our_own_ids_the_same_inputs_are_taken() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let mut refused = Vec::new();
    for verb in two.schema.root("Mutation")? {
        let Some(input_type) = verb.args.first().map(|argument| argument.ty.named()) else {
            continue;
        };
        let mut places = Vec::new();
        id_places(&two.schema, input_type, &Vec::new(), &mut places)?;
        if places.is_empty()
            || !is_tried_here(&verb.name)
            || CHANGED_BY_STATE.contains(&verb.name.as_str())
        {
            continue;
        }
        let base = base(&two, &verb.name, input_type).await?;
        let answer = send(&two, &verb.name, &base).await?;
        if !answer.errors().is_empty() || !answer.user_errors().is_empty() {
            refused.push(format!("{} {base}: {}", verb.name, answer.body));
        }
    }
    assert!(
        refused.is_empty(),
        "{}:\n{}",
        refused.len(),
        refused.join("\n")
    );
    Ok(())
}

/// Verbs whose row must be in a state that the sample is not in; they look the row up first.
const CHANGED_BY_STATE: &[&str] = &[
    "sellableUpdate",
    "locationTransition",
    "resourceTransition",
    "unitDetailTransition",
    "sessionRevoke",
    "memberReactivate",
    "memberRemove",
    "memberSuspend",
    "memberRolesSet",
    "invitationRevoke",
    "rolePermissionsSet",
    "rolePermissionLimitSet",
    "bookingConfirm",
    "bookingCancel",
    "bookingCheckIn",
    "bookingCheckOut",
    "bookingMarkNoShow",
];
