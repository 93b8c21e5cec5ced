//! What callers rely on in every type of the graph, asked by introspection.

use std::collections::BTreeMap;

use anyhow::Context as _;
use entities::metadata::RowClass;
use serde_json::json;
use tests::World;
use tests::schema::{Argument, Field, Schema, Type, introspect};

async fn schema() -> anyhow::Result<Schema> {
    let world = World::with_open_introspection().await?;
    introspect(&world.anonymous()).await
}

fn own(schema: &Schema) -> impl Iterator<Item = &Type> {
    let built_in = ["Boolean", "Float", "ID", "Int", "String"];
    schema
        .types
        .values()
        .filter(move |ty| !ty.name.starts_with("__") && !built_in.contains(&ty.name.as_str()))
}

/// What has no description, or one that says no more than the name.
fn undescribed<'a>(
    place: &str,
    things: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> Vec<String> {
    let says_something = |name: &str, text: &str| {
        let letters = |text: &str| {
            text.to_lowercase()
                .replace(|c: char| !c.is_alphabetic(), "")
        };
        text.len() >= 3 && letters(text) != letters(name)
    };
    things
        .filter(|(name, text)| !text.is_some_and(|text| says_something(name, text)))
        .map(|(name, text)| format!("{place}{name}: {}", text.unwrap_or("no description")))
        .collect()
}

fn arguments(of: &[Argument]) -> impl Iterator<Item = (&str, Option<&str>)> {
    of.iter()
        .map(|argument| (argument.name.as_str(), argument.description.as_deref()))
}

#[tokio::test]
async fn everything_has_a_description() -> anyhow::Result<()> {
    let schema = schema().await?;
    let mut missing = Vec::new();
    for ty in own(&schema) {
        let name = &ty.name;
        missing.extend(undescribed(
            "",
            [(name.as_str(), ty.description.as_deref())].into_iter(),
        ));
        let fields = ty.fields.iter();
        let fields = fields.map(|field| (field.name.as_str(), field.description.as_deref()));
        missing.extend(undescribed(&format!("{name}."), fields));
        for field in &ty.fields {
            missing.extend(undescribed(
                &format!("{name}.{}(", field.name),
                arguments(&field.args),
            ));
        }
        missing.extend(undescribed(
            &format!("{name}."),
            arguments(&ty.input_fields),
        ));
        let values = ty.enum_values.iter();
        let values = values.map(|value| (value.name.as_str(), value.description.as_deref()));
        missing.extend(undescribed(&format!("{name}."), values));
    }
    assert!(
        missing.is_empty(),
        "{} of:\n{}",
        missing.len(),
        missing[..missing.len().min(40)].join("\n")
    );
    Ok(())
}

#[tokio::test]
async fn no_type_is_unused() -> anyhow::Result<()> {
    let schema = schema().await?;
    let used = schema.reachable();
    let unused: Vec<&str> = own(&schema)
        .map(|ty| ty.name.as_str())
        .filter(|name| !used.contains(name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
    Ok(())
}

#[tokio::test]
async fn every_verb_takes_one_input_and_answers_with_its_own_payload() -> anyhow::Result<()> {
    let schema = schema().await?;
    let mut wrong = Vec::new();
    for verb in schema.root("Mutation")? {
        if let Err(error) = check_verb(&schema, verb) {
            wrong.push(format!("{}: {error:#}", verb.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn check_verb(schema: &Schema, verb: &Field) -> anyhow::Result<()> {
    let mut stem = verb.name.clone();
    stem[..1].make_ascii_uppercase();
    let description = verb.description.as_deref().unwrap_or_default();
    let says = ["Requires ", "Open to anyone."]
        .iter()
        .any(|words| description.contains(words));
    anyhow::ensure!(
        says,
        "does not say which permission it needs: {description}"
    );
    let [input] = &verb.args[..] else {
        anyhow::bail!("takes {} arguments", verb.args.len());
    };
    anyhow::ensure!(
        input.name == "input" && input.ty.is_required(),
        "takes no input"
    );
    anyhow::ensure!(
        input.ty.named() == format!("{stem}Input"),
        "takes {}",
        input.ty.named()
    );
    let input = schema.ty(input.ty.named())?;
    for name in ["idempotencyKey", "dryRun"] {
        let known = input.input_fields.iter().any(|field| field.name == name);
        anyhow::ensure!(known, "takes no {name}");
    }
    anyhow::ensure!(
        [
            format!("{stem}Payload"),
            format!("{}Payload", plain_stem(&stem))
        ]
        .iter()
        .any(|name| name == verb.ty.named())
            && verb.ty.is_required(),
        "answers with {}",
        verb.ty.named()
    );
    let payload = schema.ty(verb.ty.named())?;
    let field = |name: &str| {
        let field = payload.fields.iter().find(|field| field.name == name);
        field.with_context(|| format!("its payload has no {name}"))
    };
    field("eventCursor")?;
    anyhow::ensure!(field("replayed")?.ty.is_required(), "replayed may be null");
    let error = schema.ty(field("userErrors")?.ty.named())?;
    let is_user_error = error
        .interfaces
        .iter()
        .any(|own| own.named() == "UserError");
    anyhow::ensure!(is_user_error, "{} is no UserError", error.name);
    let code = error.fields.iter().find(|field| field.name == "code");
    let code = code.context("its user errors have no code")?;
    anyhow::ensure!(
        schema.ty(code.ty.named())?.kind == "ENUM",
        "its code is no enum"
    );
    Ok(())
}

/// Without a part of its key, more pairs than one would be removed.
#[tokio::test]
async fn the_whole_key_of_a_pair_must_be_given_to_remove_it() -> anyhow::Result<()> {
    let schema = schema().await?;
    let of_all = ["idempotencyKey", "dryRun"];
    let links = entities::TABLES
        .iter()
        .filter(|table| table.class == RowClass::Link && table.plain_writes);
    let mut tried = 0;
    for table in links {
        let input = schema.ty(&format!("{}RemoveInput", table.entity))?;
        for field in input
            .input_fields
            .iter()
            .filter(|field| !of_all.contains(&field.name.as_str()))
        {
            assert!(field.ty.is_required(), "{}.{}", input.name, field.name);
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} fields");
    Ok(())
}

/// The entity of a plain write: all of an entity answer alike.
fn plain_stem(stem: &str) -> &str {
    let ends = [
        "Create",
        "Update",
        "Archive",
        "Restore",
        "Transition",
        "Add",
        "Remove",
    ];
    ends.iter()
        .find_map(|end| stem.strip_suffix(end))
        .unwrap_or(stem)
}

#[tokio::test]
async fn every_entity_is_a_node_with_a_list_a_single_and_an_aggregate() -> anyhow::Result<()> {
    let schema = schema().await?;
    let query = schema.root("Query")?;
    let mut wrong = Vec::new();
    for node in &schema.ty("Node")?.possible_types {
        let ty = schema.ty(node.named())?;
        let id = ty.fields.iter().find(|field| field.name == "id");
        if !id.is_some_and(|id| id.ty.is_required() && id.ty.named() == "ID") {
            wrong.push(format!("{} has no id", ty.name));
        }
        let mut needed = vec![ty.name.clone(), format!("{}Connection", ty.name)];
        let table = entities::TABLES
            .iter()
            .find(|table| table.entity == ty.name);
        // Documents, and whatever the migrations say is to be counted.
        if table.is_some_and(|table| {
            table.aggregates && table.machine.is_some() && table.column("number").is_some()
                || table.aggregates && table.class == RowClass::Master
        }) {
            needed.push(format!("{}Aggregate", ty.name));
        }
        for name in needed {
            if !query.iter().any(|field| field.ty.named() == name) {
                wrong.push(format!("no query gives {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Clients that speak SQL over GraphQL choke on connections that are never null.
#[tokio::test]
async fn connections_may_be_null_and_take_the_same_arguments_everywhere() -> anyhow::Result<()> {
    let schema = schema().await?;
    let all = [
        "first", "after", "last", "before", "offset", "filter", "orderBy",
    ];
    let mut wrong = Vec::new();
    for ty in own(&schema) {
        for field in &ty.fields {
            let gives = field.ty.named();
            if !gives.ends_with("Connection") {
                continue;
            }
            let takes: Vec<&str> = field.args.iter().map(|arg| arg.name.as_str()).collect();
            if field.ty.is_required() || takes != all {
                wrong.push(format!("{}.{}: {takes:?}", ty.name, field.name));
            }
            let connection = schema.ty(gives)?;
            for part in ["nodes", "edges", "pageInfo", "totalCount"] {
                if !connection.fields.iter().any(|field| field.name == part) {
                    wrong.push(format!("{gives} has no {part}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn custom_scalars_say_where_they_are_specified() -> anyhow::Result<()> {
    let schema = schema().await?;
    let scalars = own(&schema).filter(|ty| ty.kind == "SCALAR");
    let silent: Vec<&str> = scalars
        .filter(|ty| {
            !ty.specified_by
                .as_deref()
                .is_some_and(|url| url.starts_with("https://"))
        })
        .map(|ty| ty.name.as_str())
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
    for name in [
        "DateTime",
        "Date",
        "Time",
        "Decimal",
        "Long",
        "JSON",
        "CurrencyCode",
    ] {
        assert_eq!(schema.ty(name)?.kind, "SCALAR", "{name}");
    }
    Ok(())
}

/// An amount in minor units stands beside the same amount as money.
#[tokio::test]
async fn money_is_shown_flat_and_as_money() -> anyhow::Result<()> {
    let schema = schema().await?;
    let order = schema.ty("BookingOrder")?;
    let ty = |name: &str| {
        let field = order.fields.iter().find(|field| field.name == name);
        field.map(|field| field.ty.named())
    };
    assert_eq!(ty("total"), Some("Money"));
    assert_eq!(ty("totalMinor"), Some("Long"));
    assert_eq!(ty("currency"), Some("CurrencyCode"));
    Ok(())
}

#[tokio::test]
async fn what_is_sealed_or_secret_is_no_field() -> anyhow::Result<()> {
    let schema = schema().await?;
    let ends = ["Hash", "Enc", "Bidx", "Phc", "Sealed"];
    let mut shown = Vec::new();
    for ty in own(&schema) {
        let names = ty.fields.iter().map(|field| &field.name);
        for name in names.chain(ty.input_fields.iter().map(|field| &field.name)) {
            if name == "bizId" || ends.iter().any(|end| name.ends_with(end)) {
                shown.push(format!("{}.{name}", ty.name));
            }
        }
    }
    assert!(shown.is_empty(), "{shown:?}");
    Ok(())
}

#[tokio::test]
async fn introspection_is_closed_to_the_anonymous_unless_it_is_opened() -> anyhow::Result<()> {
    let world = World::new().await?;
    let question = "{ __schema { queryType { name } } }";
    let closed = world.anonymous().ask(question).await?;
    assert_ne!(
        closed.data("/__schema/queryType/name"),
        "Query",
        "{}",
        closed.body
    );
    let open = world.owner().await?.ask(question).await?;
    assert_eq!(
        open.data("/__schema/queryType/name"),
        "Query",
        "{}",
        open.body
    );
    Ok(())
}

/// A document with a directive is answered by async-graphql, one without by the graph itself.
#[tokio::test]
async fn introspection_says_what_async_graphqls_own_says() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let reference = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
    let input = format!(
        "name description type {{ {reference} }} defaultValue isDeprecated deprecationReason __typename"
    );
    let document = |directive: &str| {
        format!(
            "query($shown: Boolean!) {{ __schema {directive} {{ \
               queryType {{ name }} mutationType {{ kind name }} subscriptionType {{ name }} \
               directives {{ name description locations isRepeatable args {{ {input} }} }} \
               types {{ ...Known }} }} known: __type(name: \"Location\") {{ __typename name isOneOf }} \
               none: __type(name: \"Nothing\") {{ name }} }} \
             fragment Known on __Type {{ kind name description specifiedByURL isOneOf \
               fields(includeDeprecated: $shown) {{ name description isDeprecated deprecationReason \
                 args {{ {input} }} type {{ {reference} }} }} \
               inputFields {{ {input} }} possibleTypes {{ kind name }} \
               enumValues(includeDeprecated: true) {{ name description isDeprecated }} }}"
        )
    };
    let variables = json!({"shown": true});
    let own = owner
        .graphql(&document(""), variables.clone())
        .await?
        .must()?;
    let theirs = owner
        .graphql(&document("@include(if: true)"), variables)
        .await?
        .must()?;
    assert!(own.text.len() > 1_000_000, "{}", own.text.len());
    for pointer in [
        "/known",
        "/none",
        "/__schema/queryType",
        "/__schema/mutationType",
    ] {
        assert_eq!(own.data(pointer), theirs.data(pointer), "{pointer}");
    }
    let all = |answer: &tests::Answer, list: &str| -> anyhow::Result<Vec<serde_json::Value>> {
        answer.get(&format!("/__schema/{list}"))
    };
    assert_eq!(all(&own, "directives")?, all(&theirs, "directives")?);
    // Without a directive the schema is the caller's; an owner's lacks nothing but what nobody has.
    let theirs: BTreeMap<String, serde_json::Value> = all(&theirs, "types")?
        .into_iter()
        .map(|ty| (ty["name"].as_str().unwrap_or_default().to_owned(), ty))
        .collect();
    let mut compared = 0;
    for ty in all(&own, "types")? {
        let name = ty["name"].as_str().unwrap_or_default();
        assert_eq!(Some(&ty), theirs.get(name), "{name}");
        compared += 1;
    }
    assert!(compared > 1_000, "{compared}");
    Ok(())
}
