//! Verbs and questions of all contexts: every place that takes an id is given one of `harbour`, by the
//! owner of `keep`. What is answered is what is answered to an id that there never was.

use std::collections::HashMap;

use bizing::graph::model::model;
use bizing::graph::verb::{link, plain};
use serde_json::{Value, json};
use tests::hotel::id_of;
use tests::schema::{Field, Schema, introspect};
use tests::{Answer, Client};
use uuid::Uuid;

use super::everything::open;
use super::mutations::{Path, id_places, least, put};

/// Verbs of the first contexts, which `mutations` tries with rows of its own.
const TRIED_IN_MUTATIONS: &[&str] = &[
    "bookingCreate",
    "bookingConfirm",
    "bookingCancel",
    "bookingCheckIn",
    "bookingCheckOut",
    "bookingMarkNoShow",
];

/// Whether a verb is tried here: neither a plain write nor one of the first contexts.
pub(super) fn is_tried_there(verb: &str) -> bool {
    let identity = bizing::domain::identity::declarations();
    let all = bizing::domain::verbs().iter().any(|own| own.name == verb);
    let is_plain = plain::declarations()
        .iter()
        .chain(&link::declarations())
        .chain(&identity)
        .any(|own| own.name == verb);
    all && !is_plain && !TRIED_IN_MUTATIONS.contains(&verb)
}

/// A root field that takes ids, and how it is asked.
struct Asked<'a> {
    schema: &'a Schema,
    field: &'a Field,
    is_verb: bool,
}

impl Asked<'_> {
    /// The least that it takes.
    fn least(&self) -> anyhow::Result<Value> {
        if self.is_verb {
            let mut input = least(self.schema, self.input_type())?;
            if self
                .schema
                .ty(self.input_type())?
                .input_fields
                .iter()
                .any(|field| field.name == "id")
            {
                input["id"] = json!(unknown());
            }
            input["dryRun"] = json!(true);
            return Ok(input);
        }
        let mut given = json!({});
        for argument in self
            .field
            .args
            .iter()
            .filter(|argument| argument.ty.is_required())
        {
            given[&argument.name] = match argument.ty.named() {
                "ID" if argument.ty.is_list() => json!([unknown()]),
                "ID" => json!(unknown()),
                "Int" | "Long" => json!(1),
                "Boolean" => json!(false),
                "Date" => json!("2031-01-01"),
                "DateTime" if argument.name == "to" => json!("2031-01-02T00:00:00Z"),
                "DateTime" => json!("2031-01-01T00:00:00Z"),
                "Decimal" => json!("1"),
                "CurrencyCode" => json!("EUR"),
                inner if self.schema.ty(inner)?.kind == "INPUT_OBJECT" => {
                    let inner = least(self.schema, inner)?;
                    if argument.ty.is_list() {
                        json!([inner])
                    } else {
                        inner
                    }
                }
                inner if self.schema.ty(inner)?.kind == "ENUM" => {
                    json!(
                        self.schema
                            .ty(inner)?
                            .enum_values
                            .first()
                            .map(|choice| &choice.name)
                    )
                }
                _ => json!("x"),
            };
        }
        Ok(given)
    }

    fn input_type(&self) -> &str {
        self.field
            .args
            .first()
            .map(|argument| argument.ty.named())
            .unwrap_or_default()
    }

    /// The places that take ids.
    fn places(&self) -> anyhow::Result<Vec<Path>> {
        let mut places = Vec::new();
        if self.is_verb {
            id_places(self.schema, self.input_type(), &Vec::new(), &mut places)?;
            return Ok(places);
        }
        for argument in &self.field.args {
            let mut path = vec![argument.name.clone()];
            if argument.ty.is_list() {
                path.push("0".to_owned());
            }
            let ty = self.schema.ty(argument.ty.named())?;
            if ty.name == "ID" {
                places.push(path);
            } else if ty.kind == "INPUT_OBJECT" {
                id_places(self.schema, &ty.name, &path, &mut places)?;
            }
        }
        Ok(places)
    }

    fn put(&self, input: &mut Value, path: &[String], id: &str) -> anyhow::Result<()> {
        if self.is_verb {
            return put(self.schema, self.input_type(), input, path, &json!(id));
        }
        let (first, rest) = path
            .split_first()
            .map_or((String::new(), &path[0..0]), |(first, rest)| {
                (first.clone(), rest)
            });
        let argument = self
            .field
            .args
            .iter()
            .find(|argument| argument.name == first);
        let inner = argument
            .map(|argument| argument.ty.named())
            .unwrap_or_default()
            .to_owned();
        if input.get(&first).is_none_or(Value::is_null) && !rest.is_empty() && rest[0] != "0" {
            input[&first] = least(self.schema, &inner)?;
        }
        put(self.schema, &inner, &mut input[&first], rest, &json!(id))
    }

    async fn send(&self, client: &Client, input: &Value) -> anyhow::Result<Answer> {
        if self.is_verb {
            return client
                .verb(&self.field.name, input.clone(), "__typename")
                .await;
        }
        let (mut declared, mut given) = (Vec::new(), Vec::new());
        for argument in self
            .field
            .args
            .iter()
            .filter(|argument| input.get(&argument.name).is_some())
        {
            declared.push(format!("${}: {}", argument.name, argument.ty.text()));
            given.push(format!("{name}: ${name}", name = argument.name));
        }
        let selection = if self.schema.is_leaf(self.field.ty.named()) {
            ""
        } else {
            "{ __typename }"
        };
        let query = format!(
            "query({}) {{ found: {}({}) {selection} }}",
            declared.join(", "),
            self.field.name,
            given.join(", ")
        );
        client.graphql(&query, input.clone()).await
    }
}

/// An id of no entity, unlike any other.
fn unknown() -> String {
    id_of("zzz", bizing::database::new_id())
}

/// The prefix that a refusal asks for, and the id that it refuses.
fn expected(message: &str) -> Option<(String, String)> {
    let prefix = message.split("starts with `").nth(1)?.split("_`").next()?;
    let id = message
        .split_whitespace()
        .find(|word| word.starts_with("zzz_"))?;
    Some((
        prefix.to_owned(),
        id.trim_matches(['.', ',', '"']).to_owned(),
    ))
}

#[tokio::test]
async fn e86_no_verb_and_no_question_of_keep_takes_an_id_of_harbour() -> anyhow::Result<()> {
    let (world, keeper, theirs) = open().await?;
    let schema = introspect(&keeper).await?;
    let sql = world.database.owner().await?;
    let theirs: HashMap<&str, Uuid> = theirs
        .iter()
        .map(|row| (row.entity.table.id_prefix, row.id))
        .collect();
    let mut ours: HashMap<String, String> = HashMap::new();
    for entity in &model().entities {
        if !entity.is_tenant() || !entity.has_id() {
            continue;
        }
        let query = format!(
            "select t.{} from {} t join core.bizes b on b.id = t.biz_id where b.slug = 'keep' limit 1",
            entity.key, entity.source
        );
        if let Some(row) = sql.query_opt(&query, &[]).await? {
            let prefix = entity.table.id_prefix;
            ours.insert(prefix.to_owned(), id_of(prefix, row.try_get(0)?));
        }
    }
    let questions = bizing::domain::questions();
    let asked = schema
        .root("Mutation")?
        .iter()
        .filter(|field| is_tried_there(&field.name))
        .map(|field| (field, true));
    let asked = asked.chain(
        schema
            .root("Query")?
            .iter()
            .filter(|field| questions.iter().any(|asking| asking.name == field.name))
            .map(|field| (field, false)),
    );
    let (mut tried, mut wrong) = (0, Vec::new());
    for (field, is_verb) in asked {
        let asked = Asked {
            schema: &schema,
            field,
            is_verb,
        };
        for path in asked.places()? {
            let place = format!("{} {}", field.name, path.join("."));
            let mut input = asked.least()?;
            let target = unknown();
            asked.put(&mut input, &path, &target)?;
            // Each refusal of an id tells of which entity it must be.
            let mut kind = None;
            let mut text = input.to_string();
            for _ in 0..24 {
                let answer = asked.send(&keeper, &serde_json::from_str(&text)?).await?;
                let Some((prefix, id)) = expected(answer.message()) else {
                    break;
                };
                if id == target {
                    kind = Some(prefix.clone());
                    text = text.replace(&id, &id_of(&prefix, bizing::database::new_id()));
                    break;
                }
                let own = ours.get(&prefix).cloned();
                let own = own.unwrap_or_else(|| id_of(&prefix, bizing::database::new_id()));
                text = text.replace(&id, &own);
            }
            let Some((prefix, theirs)) =
                kind.and_then(|kind| Some((kind.clone(), *theirs.get(kind.as_str())?)))
            else {
                continue;
            };
            // What comes after the target may still be unknown.
            let mut answers = Vec::new();
            for id in [theirs, bizing::database::new_id()] {
                let id = id_of(&prefix, id);
                let mut input: Value = serde_json::from_str(&text)?;
                asked.put(&mut input, &path, &id)?;
                let mut text = input.to_string();
                let mut answer = asked.send(&keeper, &input).await?;
                while let Some((prefix, unknown)) = expected(answer.message()) {
                    let own = ours.get(&prefix).cloned();
                    let own = own.unwrap_or_else(|| id_of(&prefix, bizing::database::new_id()));
                    text = text.replace(&unknown, &own);
                    answer = asked.send(&keeper, &serde_json::from_str(&text)?).await?;
                }
                answers.push((answer.body.to_string().replace(&id, "ID"), answer));
            }
            tried += 1;
            let (said, answer) = &answers[0];
            if answer.code() == Some("INTERNAL") {
                wrong.push(format!("{place} breaks: {text}"));
            } else if without_request(said) != without_request(&answers[1].0) {
                wrong.push(format!(
                    "{place} tells theirs from none:\n  {said}\n  {}",
                    answers[1].0
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(tried > 100, "only {tried} places were tried");
    Ok(())
}

/// An answer without what differs from request to request.
fn without_request(body: &str) -> String {
    let mut value: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(errors) = value["errors"].as_array_mut() {
        for error in errors {
            error["extensions"]["requestId"] = Value::Null;
        }
    }
    value.to_string()
}
