//! Whatever somebody sends: every verb and every question with inputs drawn by dice from what the demo has
//! and from what makes no sense. Nothing is a fault of ours, and afterwards everything still agrees.
//!
//! `RANDOM_ROUNDS=20 RANDOM_SEED=7` tries each so often, with other dice.

use std::collections::HashMap;

use bizing::graph::model::model;
use bizing::graph::type_id;
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Map, Value, json};
use tests::hotel::id_of;
use tests::schema::{Argument, Field, Schema, introspect};
use tests::{Answer, Client};
use tokio_postgres::Client as Sql;
use uuid::Uuid;

use super::demonstration;

/// Verbs that would end the session, the membership or the tenant of who tries them.
const LEFT_OUT: &[&str] = &[
    "bizSwitch",
    "bizUpdate",
    "memberRemove",
    "memberSuspend",
    "memberUpdate",
    "passwordChange",
    "sessionRevoke",
    "signIn",
    "signOut",
    "signUp",
    "tokenRefresh",
];
/// How often a verb is given other ids where it says that those are of another kind.
const CORRECTIONS: usize = 8;
/// How often, of a hundred, what need not be given is not, by how deep in the input it stands. Filters
/// have no end.
const LEFT_OPEN: [u32; 4] = [50, 60, 85, 100];
/// How many rows of a table are known.
const KNOWN: i64 = 12;

fn setting(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The ids of a tenant's rows by their prefix.
async fn ids(sql: &Sql, biz: Uuid) -> anyhow::Result<HashMap<&'static str, Vec<String>>> {
    let mut known: HashMap<&str, Vec<String>> = HashMap::new();
    for entity in &model().entities {
        let (table, prefix) = (entity.table, entity.table.id_prefix);
        if table.column("biz_id").is_none() || table.column("id").is_none() {
            continue;
        }
        let found = format!(
            "select t.id from {} t where t.biz_id = $1 order by t.id limit {KNOWN}",
            entity.source
        );
        for row in sql.query(&found, &[&biz]).await? {
            let id = id_of(prefix, row.try_get(0)?);
            known.entry(prefix).or_default().push(id);
        }
    }
    Ok(known)
}

/// What draws inputs.
struct Dice<'a> {
    schema: &'a Schema,
    known: &'a HashMap<&'static str, Vec<String>>,
    all: Vec<&'a String>,
    now: DateTime<Utc>,
    dice: StdRng,
}

impl Dice<'_> {
    fn one(&mut self, values: &[Value]) -> Value {
        values
            .choose(&mut self.dice)
            .cloned()
            .unwrap_or(Value::Null)
    }

    fn is(&mut self, percent: u32) -> bool {
        self.dice.random_range(0..100) < percent
    }

    fn id(&mut self) -> Value {
        if self.is(2) {
            return json!("nonsense");
        }
        json!(self.all.choose(&mut self.dice))
    }

    /// A value that could be meant.
    fn plausible(&mut self, scalar: &str, name: &str) -> Value {
        let hours = self.dice.random_range(-240..720);
        let instant = self.now + TimeDelta::hours(hours);
        match scalar {
            "ID" => self.id(),
            "Int" => self.one(&[json!(1), json!(2), json!(3), json!(30)]),
            "Float" => self.one(&[json!(1.0), json!(38.7)]),
            "Long" => self.one(&[json!(0), json!(100), json!(2500), json!(10_000)]),
            "Decimal" => self.one(&[json!("0"), json!("1"), json!("0.5"), json!("10")]),
            "Boolean" => json!(self.is(50)),
            "Date" => json!(instant.format("%F").to_string()),
            "DateTime" => json!(instant.format("%FT%H:00:00Z").to_string()),
            "Time" => self.one(&[json!("09:00:00"), json!("18:30:00")]),
            "Duration" => self.one(&[json!("PT1H"), json!("P1D")]),
            "CurrencyCode" => json!("EUR"),
            "JSON" => json!({}),
            _ if name.to_lowercase().contains("zone") => json!("Europe/Lisbon"),
            _ => json!(format!("Name {}", self.dice.random_range(0..100_000))),
        }
    }

    /// A value that nobody means, and somebody sends.
    fn strange(&mut self, scalar: &str) -> Value {
        match scalar {
            "Int" => self.one(&[json!(0), json!(-1), json!(i32::MAX), json!(i32::MIN)]),
            "Float" => self.one(&[json!(-1.0), json!(1e308)]),
            "Long" => self.one(&[json!(-5), json!("9223372036854775807")]),
            "Decimal" => self.one(&[
                json!("-1"),
                json!("1e40"),
                json!("NaN"),
                json!("0.00000001"),
            ]),
            "Date" => self.one(&[
                json!("9999-12-31"),
                json!("0001-01-01"),
                json!("2027-02-30"),
            ]),
            "DateTime" => self.one(&[
                json!("9999-12-31T23:59:59Z"),
                json!("0001-01-01T00:00:00Z"),
                json!("2027-03-28T01:30:00+01:00"),
            ]),
            "Time" => json!("24:00:00"),
            "Duration" => self.one(&[json!("-PT1H"), json!("P9999999999D")]),
            "CurrencyCode" => self.one(&[json!("JPY"), json!("XXX")]),
            "JSON" => self.one(&[json!([]), json!(1), json!({"a": {"b": [1]}})]),
            "String" => self.one(&[
                json!(""),
                json!("a\0b"),
                json!("\u{202e}\u{1f600}"),
                json!("z".repeat(20_000)),
            ]),
            _ => Value::Null,
        }
    }

    fn value(&mut self, argument: &Argument, depth: usize) -> anyhow::Result<Value> {
        let named = argument.ty.named();
        if argument.ty.is_list() {
            let mut items = Vec::new();
            for _ in 0..self.dice.random_range(0..4) {
                items.push(self.named(named, &argument.name, depth + 1)?);
            }
            return Ok(json!(items));
        }
        self.named(named, &argument.name, depth)
    }

    fn named(&mut self, named: &str, name: &str, depth: usize) -> anyhow::Result<Value> {
        let ty = self.schema.ty(named)?;
        match ty.kind.as_str() {
            "INPUT_OBJECT" => self.fields(&ty.input_fields, depth + 1),
            "ENUM" => {
                let values: Vec<Value> = ty.enum_values.iter().map(|v| json!(v.name)).collect();
                Ok(self.one(&values))
            }
            _ if self.is(4) => Ok(self.strange(named)),
            _ => Ok(self.plausible(named, name)),
        }
    }

    /// All that must be given, and some of the rest.
    fn fields(&mut self, fields: &[Argument], depth: usize) -> anyhow::Result<Value> {
        let mut object = Map::new();
        for field in fields {
            let value = match field.name.as_str() {
                "idempotencyKey" => json!(Uuid::from_u128(self.dice.random())),
                "dryRun" => continue,
                "version" if field.ty.is_required() || self.is(30) => json!(1),
                _ if !field.ty.is_required() && self.is(LEFT_OPEN[depth.min(3)]) => continue,
                _ => self.value(field, depth)?,
            };
            object.insert(field.name.clone(), value);
        }
        Ok(Value::Object(object))
    }

    /// Puts an id of the right kind where one of the wrong kind was complained of.
    fn corrected(&mut self, given: &mut Value, complaint: &str) -> bool {
        let mut marks = complaint.split('`').skip(1).step_by(2);
        let (Some(right), Some(wrong)) = (marks.next(), marks.next()) else {
            return false;
        };
        let candidates = right
            .strip_suffix('_')
            .and_then(|prefix| self.known.get(prefix));
        let Some(right) = candidates.and_then(|ids| ids.choose(&mut self.dice)) else {
            return false;
        };
        replace(given, wrong, right)
    }
}

fn replace(given: &mut Value, wrong: &str, right: &str) -> bool {
    match given {
        Value::String(text) if text.starts_with(wrong) && type_id::parse(text).is_some() => {
            right.clone_into(text);
            true
        }
        Value::Array(items) => items.iter_mut().any(|item| replace(item, wrong, right)),
        Value::Object(fields) => fields
            .values_mut()
            .any(|value| replace(value, wrong, right)),
        _ => false,
    }
}

/// All leaves of what a field gives, and of what hangs on it.
fn selection(schema: &Schema, named: &str, depth: u32) -> String {
    let Some(ty) = schema.types.get(named).filter(|_| !schema.is_leaf(named)) else {
        return String::new();
    };
    let mut parts = vec!["__typename".to_owned()];
    for field in &ty.fields {
        let below = field.ty.named();
        if field.args.iter().any(|argument| argument.ty.is_required())
            || (!schema.is_leaf(below) && (depth > 0 || below.ends_with("Connection")))
            || ty.kind != "OBJECT"
        {
            continue;
        }
        parts.push(format!(
            "{} {}",
            field.name,
            selection(schema, below, depth + 1)
        ));
    }
    format!("{{ {} }}", parts.join(" "))
}

/// Asks a root field; where an id is of the wrong kind, again with another.
async fn ask(
    caller: &Client,
    dice: &mut Dice<'_>,
    field: &Field,
    kind: &str,
) -> anyhow::Result<(Answer, Value)> {
    let mut given = dice.fields(&field.args, 0)?;
    let (mut declared, mut used) = (String::new(), String::new());
    for argument in &field.args {
        if given.get(&argument.name).is_some() {
            declared += &format!("${}: {} ", argument.name, argument.ty.text());
            used += &format!("{0}: ${0} ", argument.name);
        }
    }
    let around = |text: &str| match text {
        "" => String::new(),
        text => format!("({text})"),
    };
    let wanted = match kind {
        "mutation" => "{ userErrors { ... on UserError { message field } } }".to_owned(),
        _ => selection(dice.schema, field.ty.named(), 0),
    };
    let query = format!(
        "{kind}{} {{ {}{} {wanted} }}",
        around(&declared),
        field.name,
        around(&used)
    );
    let mut answer = caller.graphql(&query, given.clone()).await?;
    for _ in 0..CORRECTIONS {
        if answer.code() != Some("BAD_USER_INPUT") || !dice.corrected(&mut given, answer.message())
        {
            break;
        }
        answer = caller.graphql(&query, given.clone()).await?;
    }
    Ok((answer, given))
}

/// Whether an answer is the fault of who asked, or none.
fn is_told(answer: &Answer) -> bool {
    let codes = answer.errors().iter();
    let known = |code: &Value| !matches!(code.as_str(), None | Some("INTERNAL" | "TIMEOUT"));
    answer.status == 200 && codes.map(|error| &error["extensions"]["code"]).all(known)
}

#[tokio::test]
async fn whatever_is_sent_is_answered_in_words_and_leaves_everything_in_order() -> anyhow::Result<()>
{
    let (world, _, sql) = demonstration().await?;
    let input = json!({ "email": "owner@harbour.example", "password": bizing::demo::PASSWORD });
    let anonymous = world.anonymous();
    let token = anonymous.act("signIn", input, "accessToken").await?;
    let owner = anonymous.with_token(token["accessToken"].as_str().unwrap_or_default());
    let schema = introspect(&owner).await?;
    let biz = sql
        .query_one("select id from core.bizes where slug = 'harbour'", &[])
        .await?
        .try_get(0)?;
    let known = ids(&sql, biz).await?;
    let mut dice = Dice {
        schema: &schema,
        known: &known,
        all: known.values().flatten().collect(),
        now: world.opened.now(),
        dice: StdRng::seed_from_u64(setting("RANDOM_SEED", 20_261_122)),
    };
    // The order of a map is by chance; the dice are not.
    dice.all.sort_unstable();
    let (mut faults, mut done) = (Vec::new(), 0);
    for _ in 0..setting("RANDOM_ROUNDS", 1) {
        for (root, kind) in [("Mutation", "mutation"), ("Query", "query")] {
            for field in schema.root(root)? {
                if LEFT_OUT.contains(&field.name.as_str()) || field.args.is_empty() {
                    continue;
                }
                let (answer, given) = ask(&owner, &mut dice, field, kind).await?;
                if !is_told(&answer) {
                    faults.push(format!("{} {given}: {}", field.name, answer.body));
                }
                let is_done = answer.errors().is_empty() && answer.user_errors().is_empty();
                done += u32::from(is_done);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        done > 300,
        "only {done} were done: the dice are too strange"
    );
    assert_eq!(world.told_breaks().await?, Vec::<String>::new());
    Ok(())
}
