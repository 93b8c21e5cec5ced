//! Who may do what: the roles of a new tenant, and what each field of the graph asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};
use tests::schema::{Argument, Schema, introspect};
use tests::{World, golden};

/// The permission that a description says is needed: by name, or that to read the module in front
/// of it; none where the field is open to all.
fn needed(description: Option<&str>) -> Option<String> {
    let description = description?;
    if let Some((_, rest)) = description.rsplit_once("Requires ") {
        let code = rest.trim_end().strip_suffix('.')?;
        return code.contains('.').then(|| code.to_owned());
    }
    let (module, rest) = description.strip_prefix('[')?.split_once(']')?;
    (!rest.contains("Open to ")).then(|| format!("{module}.read"))
}

#[tokio::test]
async fn roles_permit_what_the_golden_file_says() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let sql = world.database.platform(owner.biz_id).await?;
    let rows = sql
        .query(
            "select p.code, p.risk::text, coalesce(array_agg(r.code order by r.code) filter (where r.code is not null), '{}')
             from identity.permissions p
             left join identity.role_permissions g on g.biz_id = $1 and g.permission_code = p.code
             left join identity.roles r on r.biz_id = $1 and r.id = g.role_id
             group by 1, 2 order by 1",
            &[&owner.biz_id],
        )
        .await?;
    let mut text = "# permission (risk): the roles of a new tenant that have it\n".to_owned();
    for row in rows {
        let (code, risk, roles): (String, String, Vec<String>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        writeln!(text, "{code} ({risk}): {}", roles.join(" "))?;
    }
    golden::check("permissions.txt", &text)
}

#[tokio::test]
async fn fields_ask_for_what_the_golden_file_says() -> anyhow::Result<()> {
    let world = World::with_open_introspection().await?;
    let schema = introspect(&world.anonymous()).await?;
    let mut text = "# root field: the permission it asks for\n".to_owned();
    for root in ["Query", "Mutation"] {
        for field in schema.root(root)? {
            let description = field.description.as_deref();
            let open = if description.is_some_and(|text| text.contains("Open to anyone.")) {
                "anyone"
            } else {
                "signed in"
            };
            writeln!(
                text,
                "{root}.{}: {}",
                field.name,
                needed(description).unwrap_or_else(|| open.to_owned())
            )?;
        }
    }
    golden::check("fields.txt", &text)
}

/// A permission that a field asks for but nobody can be given would lock the field for ever.
#[tokio::test]
async fn every_permission_that_is_asked_for_exists_and_the_owner_has_it() -> anyhow::Result<()> {
    let world = World::with_open_introspection().await?;
    let owner = world.owner().await?;
    let schema = introspect(&world.anonymous()).await?;
    let data = owner
        .read("{ viewer { permissions } permissions(first: 1000) { nodes { code } } }")
        .await?;
    let held: BTreeSet<String> = serde_json::from_value(data["viewer"]["permissions"].clone())?;
    let known = data["permissions"]["nodes"]
        .as_array()
        .into_iter()
        .flatten();
    let known: BTreeSet<&str> = known.filter_map(|node| node["code"].as_str()).collect();
    for root in ["Query", "Mutation"] {
        for field in schema.root(root)? {
            if let Some(code) = needed(field.description.as_deref()) {
                assert!(
                    held.contains(&code) && known.contains(code.as_str()),
                    "{}: {code}",
                    field.name
                );
            }
        }
    }
    Ok(())
}

/// The least that an argument takes.
fn least(schema: &Schema, argument: &Argument) -> anyhow::Result<Value> {
    if argument.ty.is_list() {
        return Ok(json!([]));
    }
    let ty = schema.ty(argument.ty.named())?;
    Ok(match (ty.kind.as_str(), ty.name.as_str()) {
        ("ENUM", _) => json!(ty.enum_values.first().map(|value| value.name.clone())),
        ("INPUT_OBJECT", _) => {
            let required = ty
                .input_fields
                .iter()
                .filter(|field| field.ty.is_required());
            let fields = required.map(|field| Ok((field.name.clone(), least(schema, field)?)));
            Value::Object(fields.collect::<anyhow::Result<_>>()?)
        }
        (_, "Int" | "Long") => json!(1),
        (_, "Boolean") => json!(true),
        (_, "Date") => json!("2031-01-01"),
        (_, "DateTime") => json!("2031-01-01T00:00:00Z"),
        (_, "Time") => json!("10:00:00"),
        (_, "Decimal") => json!("1"),
        _ => json!("x"),
    })
}

/// A document that asks for a root field with the least that it takes.
fn document(
    schema: &Schema,
    root: &str,
    field: &tests::schema::Field,
) -> anyhow::Result<(String, Value)> {
    let mut variables = serde_json::Map::new();
    let (mut declared, mut passed) = (Vec::new(), Vec::new());
    for argument in field
        .args
        .iter()
        .filter(|argument| argument.ty.is_required())
    {
        let mut value = least(schema, argument)?;
        if root == "Query" && argument.name == "id" {
            // An id of the right kind, so that nothing is wrong with it but who asks.
            let entity = entities::TABLES
                .iter()
                .find(|table| table.entity == field.ty.named());
            let prefix = entity.map_or("loc", |table| table.id_prefix);
            value = json!(tests::hotel::id_of(prefix, bizing::database::new_id()));
        }
        variables.insert(argument.name.clone(), value);
        let name = argument.ty.named();
        let ty = if argument.ty.is_list() {
            format!("[{name}!]!")
        } else {
            format!("{name}!")
        };
        declared.push(format!("${}: {ty}", argument.name));
        passed.push(format!("{0}: ${0}", argument.name));
    }
    let wrap = |parts: Vec<String>| {
        if parts.is_empty() {
            String::new()
        } else {
            format!("({})", parts.join(", "))
        }
    };
    let selection = if schema.is_leaf(field.ty.named()) {
        ""
    } else {
        "{ __typename }"
    };
    let operation = if root == "Mutation" {
        "mutation"
    } else {
        "query"
    };
    let text = format!(
        "{operation}{} {{ field: {}{} {selection} }}",
        wrap(declared),
        field.name,
        wrap(passed)
    );
    Ok((text, Value::Object(variables)))
}

/// Generated for every root field: without signing in it is closed, without its permission it is
/// forbidden, whatever is asked of it.
#[tokio::test]
async fn every_field_is_closed_to_who_is_not_signed_in_and_to_who_lacks_its_permission()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let schema = introspect(&owner).await?;
    let powerless = world.staff(&owner, "customer", &[]).await?;
    let open = [
        "signUp",
        "signIn",
        "tokenRefresh",
        "invitationAccept",
        "viewer",
        // These show what the holder of a secret may see, and nothing without it.
        "taskTracking",
        "giftCardBalance",
        "paymentLinkShow",
        "paymentLinkPay",
        "serviceRequestKinds",
        "serviceRequestTracking",
        "serviceRequestCreateOnline",
        "serviceRequestCommentOnline",
        "serviceRequestReopenOnline",
        "serviceRequestCancelOnline",
        "serviceRequestRateOnline",
        "queueTicketPosition",
        "queueJoinOnline",
        "queueLeaveOnline",
        "queueDisplayPair",
    ];
    let mut wrong = BTreeMap::new();
    for root in ["Query", "Mutation"] {
        for field in schema
            .root(root)?
            .iter()
            .filter(|field| !open.contains(&field.name.as_str()))
        {
            let (query, variables) = document(&schema, root, field)?;
            let answer = world.anonymous().graphql(&query, variables.clone()).await?;
            if answer.code() != Some("UNAUTHENTICATED") {
                wrong.insert(format!("{} anonymously", field.name), answer.body);
            }
            let Some(code) = needed(field.description.as_deref()) else {
                continue;
            };
            let answer = powerless.graphql(&query, variables).await?;
            if answer.code() != Some("FORBIDDEN") || !answer.message().contains(&code) {
                wrong.insert(format!("{} without {code}", field.name), answer.body);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} fields:\n{}",
        wrong.len(),
        serde_json::to_string_pretty(&wrong)?
    );
    Ok(())
}

/// Relations lead nowhere that the root does not: neither in selections, nor in filters and orders.
#[tokio::test]
async fn a_relation_asks_for_the_permission_of_where_it_leads() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let input =
        json!({"code": "desk_only", "name": "Desk", "permissions": ["booking.read", "core.read"]});
    owner.act("roleCreate", input, "role { id }").await?;
    let desk = world.staff(&owner, "desk_only", &[]).await?;
    desk.read("{ bookingOrders { nodes { id customerId location { name } } } }")
        .await?;
    for query in [
        "{ bookingOrders { nodes { customer { fullName } } } }",
        "{ bookingOrders(filter: {customer: {fullName: {startsWith: \"A\"}}}) { totalCount } }",
        "{ bookingOrders(orderBy: [{customer: {fullName: ASC}}]) { totalCount } }",
        "{ bookingOrderAggregate(groupBy: [{field: CUSTOMER_ID}]) { customer { fullName } count } }",
        "{ locations { nodes { unitTypes { nodes { name } } } } }",
        "{ locations(filter: {unitTypes: {some: {name: {eq: \"x\"}}}}) { totalCount } }",
        "{ node(id: \"cus_01j9m9x6zme4t8q1w5e9r2t7ya\") { id } }",
    ] {
        let answer = desk.ask(query).await?;
        assert_eq!(answer.code(), Some("FORBIDDEN"), "{query}: {}", answer.body);
    }
    Ok(())
}

/// What a caller may not read or do is not in the schema that it is shown; a kept answer is for its
/// own permissions alone.
#[tokio::test]
async fn introspection_shows_what_the_permissions_reach() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let kitchen = world.staff(&owner, "kitchen", &[]).await?;
    let question = "{ __schema { queryType { fields { name } } mutationType { fields { name } } types { name } } \
                    account: __type(name: \"LedgerAccount\") { name } menu: __type(name: \"Menu\") { name } }";
    for _ in 0..2 {
        let all = owner.read(question).await?;
        let some = kitchen.read(question).await?;
        let has = |data: &Value, pointer: &str, name: &str| {
            let list = data.pointer(pointer).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item["name"] == name))
        };
        let fields = "/__schema/queryType/fields";
        let verbs = "/__schema/mutationType/fields";
        for (pointer, name) in [
            (fields, "ledgerAccounts"),
            (verbs, "bookingCreate"),
            ("/__schema/types", "LedgerAccount"),
        ] {
            assert!(has(&all, pointer, name), "{name}");
            assert!(!has(&some, pointer, name), "{name}");
        }
        assert!(has(&some, fields, "menus") && has(&some, verbs, "signOut"));
        assert_eq!(
            (&all["account"]["name"], &some["account"]),
            (&json!("LedgerAccount"), &Value::Null)
        );
        assert_eq!(some["menu"]["name"], "Menu");
    }
    Ok(())
}
