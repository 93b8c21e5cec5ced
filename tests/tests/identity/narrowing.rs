//! Members who work at some locations see and change what belongs to those, or to none.

use bizing::graph::model::model;
use chrono::{TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Plan, id_of};
use tests::orders::{Order, add_participant, insert};
use tests::{Actor, Hotel, World};

/// A tenant with two hotels, an order in each, and staff of the first alone.
struct Chain {
    world: World,
    here: Hotel,
    there: Hotel,
    order_here: String,
    order_there: String,
}

impl Chain {
    async fn open() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let here = world.hotel().await?;
        let there = world.hotel_of(&here.owner, &Plan::default()).await?;
        let customer =
            tests::hotel::made(&here.owner, "customer", json!({"fullName": "Ana"})).await?;
        let biz = here.owner.biz_id;
        let sql = world.database.platform(biz).await?;
        let mut ids = Vec::new();
        for hotel in [&here, &there] {
            let start = Utc.with_ymd_and_hms(2031, 5, 1, 12, 0, 0).unwrap();
            let mut order = Order::at(uuid(&json!(hotel.location))?, start);
            order.customer_id = Some(uuid(&json!(customer))?);
            insert(&sql, biz, &[order.clone()]).await?;
            add_participant(&sql, biz, order.id, "Ana", "guest").await?;
            ids.push(id_of("bkg", order.id));
        }
        let order_there = ids.pop().unwrap_or_default();
        let order_here = ids.pop().unwrap_or_default();
        Ok(Self {
            world,
            here,
            there,
            order_here,
            order_there,
        })
    }

    async fn staff(&self, role: &str) -> anyhow::Result<Actor> {
        self.world
            .staff(&self.here.owner, role, &[&self.here.location])
            .await
    }
}

#[tokio::test]
async fn lists_ids_and_aggregates_are_narrowed() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let desk = chain.staff("front_desk").await?;
    let (here, there) = (&chain.order_here, &chain.order_there);
    let data = desk
        .read(&format!(
            "{{ viewer {{ locations {{ id }} }}
                bookingOrders {{ totalCount nodes {{ id }} }}
                one: bookingOrder(id: \"{here}\") {{ id }}
                other: bookingOrder(id: \"{there}\") {{ id }}
                node(id: \"{there}\") {{ id }}
                nodes(ids: [\"{here}\", \"{there}\"]) {{ id }}
                named: bookingOrders(filter: {{id: {{eq: \"{there}\"}}}}) {{ totalCount }}
                bookingOrderAggregate(groupBy: [{{field: LOCATION_ID}}]) {{ count locationId location {{ id }} }}
                bookingParticipants {{ totalCount }}
                locations {{ nodes {{ id }} }}
                unitTypes {{ nodes {{ id }} }}
                capacityPools {{ totalCount }} }}"
        ))
        .await?;
    let location = &chain.here.location;
    assert_eq!(data["viewer"]["locations"], json!([{"id": location}]));
    assert_eq!(
        data["bookingOrders"],
        json!({"totalCount": 1, "nodes": [{"id": here}]})
    );
    assert_eq!(
        (&data["one"]["id"], &data["other"], &data["node"]),
        (&json!(here), &Value::Null, &Value::Null)
    );
    assert_eq!(data["nodes"], json!([{"id": here}, null]));
    assert_eq!(data["named"]["totalCount"], 0);
    assert_eq!(
        data["bookingOrderAggregate"],
        json!([{"count": 1, "locationId": location, "location": {"id": location}}])
    );
    assert_eq!(data["bookingParticipants"]["totalCount"], 1);
    assert_eq!(data["locations"]["nodes"], json!([{"id": location}]));
    assert_eq!(
        data["unitTypes"]["nodes"],
        json!([{"id": chain.here.unit_type}])
    );
    assert_eq!(data["capacityPools"]["totalCount"], 1);
    Ok(())
}

/// What belongs to the tenant as a whole leads to nothing of the other location.
#[tokio::test]
async fn relations_and_filters_are_narrowed() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let desk = chain.staff("front_desk").await?;
    let there = &chain.order_there;
    let data = desk
        .read(&format!(
            "{{ customers {{ nodes {{ bookingOrders {{ totalCount nodes {{ id }} }} }} }}
                some: customers(filter: {{bookingOrders: {{some: {{id: {{eq: \"{there}\"}}}}}}}}) {{ totalCount }}
                none: customers(filter: {{bookingOrders: {{none: {{id: {{eq: \"{there}\"}}}}}}}}) {{ totalCount }}
                place: bookingOrders(filter: {{location: {{id: {{eq: \"{}\"}}}}}}) {{ totalCount }}
                roles {{ nodes {{ memberRoles {{ totalCount }} }} }} }}",
            chain.there.location
        ))
        .await?;
    assert_eq!(
        data["customers"]["nodes"][0]["bookingOrders"],
        json!({"totalCount": 1, "nodes": [{"id": chain.order_here}]})
    );
    assert_eq!(
        (&data["some"]["totalCount"], &data["none"]["totalCount"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(data["place"]["totalCount"], 0);
    Ok(())
}

/// Every entity that has a way to a location shows only what is reached by it.
#[tokio::test]
async fn every_entity_with_a_location_is_narrowed() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let analyst = chain.staff("analyst").await?;
    let owner = &chain.here.owner;
    let mut narrowed = 0;
    for entity in model()
        .entities
        .iter()
        .filter(|entity| !entity.locations.is_empty())
    {
        let query = format!(
            "{{ all: {}(first: 200) {{ totalCount nodes {{ __typename }} }} }}",
            entity.many
        );
        let (few, all) = (analyst.read(&query).await?, owner.read(&query).await?);
        let count = |data: &Value| data["all"]["totalCount"].as_i64().unwrap_or_default();
        assert!(count(&few) <= count(&all), "{}", entity.many);
        let column = entity
            .locations
            .first()
            .filter(|path| path.through.is_empty() && !path.nullable);
        if let Some(path) = column {
            let sql = chain.world.database.owner().await?;
            let text = format!(
                "select count(*) from {} where biz_id = $1 and {} = $2",
                entity.source, path.column
            );
            let archived = if entity.table.column("deleted_at").is_some() {
                " and deleted_at is null"
            } else {
                ""
            };
            let here = uuid(&json!(chain.here.location))?;
            let expected: i64 = sql
                .query_one(&(text + archived), &[&owner.biz_id, &here])
                .await?
                .try_get(0)?;
            assert_eq!(count(&few), expected, "{}", entity.many);
        }
        narrowed += i32::from(count(&few) < count(&all));
    }
    assert!(narrowed >= 5, "only {narrowed} entities show fewer rows");
    Ok(())
}

#[tokio::test]
async fn verbs_find_nothing_elsewhere() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let desk = chain.staff("front_desk").await?;
    let nowhere = id_of("bkg", bizing::database::new_id());
    for (verb, more) in [
        ("bookingConfirm", json!({})),
        ("bookingCancel", json!({"reason": "x"})),
        ("bookingCheckIn", json!({})),
        ("bookingCheckOut", json!({})),
        ("bookingMarkNoShow", json!({})),
    ] {
        let mut answers = Vec::new();
        for id in [&chain.order_there, &nowhere] {
            let mut input = more.clone();
            input["id"] = json!(id);
            let answer = desk
                .verb(verb, input, "bookingOrder { id }")
                .await?
                .must_fail("NOT_FOUND")?;
            answers.push((answer.status, answer.message().to_owned()));
        }
        assert_eq!(answers[0], answers[1], "{verb}");
    }
    let input = json!({
        "locationId": chain.there.location, "unitTypeId": chain.there.unit_type, "checkInOn": "2031-06-01", "checkOutOn": "2031-06-02",
        "nightlyRate": {"amount": "100", "currency": "EUR"},
    });
    desk.verb("bookingCreate", input, "bookingOrder { id }")
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn plain_writes_reach_no_further_neither_before_nor_after() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let manager = chain.staff("manager").await?;
    let (here, there) = (&chain.here, &chain.there);
    manager
        .act(
            "locationUpdate",
            json!({"id": here.location, "version": 1, "name": "Ours"}),
            "location { id }",
        )
        .await?;
    let own = json!({"code": "OWN", "name": "Own", "locationId": here.location});
    let own = tests::hotel::made(&manager, "unitType", own).await?;
    for (verb, input, what) in [
        (
            "locationUpdate",
            json!({"id": there.location, "version": 1, "name": "Theirs"}),
            "location { id }",
        ),
        (
            "locationArchive",
            json!({"id": there.location}),
            "location { id }",
        ),
        (
            "locationCreate",
            json!({"code": "NEW", "name": "New", "kind": "BRANCH", "timezone": "UTC", "currency": "EUR"}),
            "location { id }",
        ),
        (
            "unitTypeCreate",
            json!({"code": "X", "name": "X", "locationId": there.location}),
            "unitType { id }",
        ),
        (
            "unitTypeUpdate",
            json!({"id": there.unit_type, "version": 1, "name": "Theirs"}),
            "unitType { id }",
        ),
        // A row of one's own is not carried off to where one does not reach.
        (
            "unitTypeUpdate",
            json!({"id": own, "version": 1, "locationId": there.location}),
            "unitType { id }",
        ),
    ] {
        let answer = manager.verb(verb, input.clone(), what).await?;
        assert_eq!(
            answer.code(),
            Some("NOT_FOUND"),
            "{verb} {input}: {}",
            answer.body
        );
    }
    let data = here
        .owner
        .read(&format!(
            "{{ a: location(id: \"{}\") {{ name }} b: unitType(id: \"{}\") {{ locationId }} }}",
            there.location, own
        ))
        .await?;
    assert_ne!(data["a"]["name"], "Theirs");
    assert_eq!(data["b"]["locationId"], here.location);
    Ok(())
}

#[tokio::test]
async fn a_role_at_one_location_counts_there_alone() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let owner = &chain.here.owner;
    let someone = chain.world.staff(owner, "customer", &[]).await?;
    someone
        .ask("{ bookingOrders { totalCount } }")
        .await?
        .must_fail("FORBIDDEN")?;
    let member = someone.read("{ viewer { permissions } }").await?;
    assert_eq!(member["viewer"]["permissions"], json!([]));
    let found = owner.read(&format!("{{ members(filter: {{user: {{emailNormalized: {{eq: \"{}\"}}}}}}) {{ nodes {{ id }} }} }}", someone.email)).await?;
    let input = json!({"memberId": found["members"]["nodes"][0]["id"], "roles": [{"roleCode": "front_desk", "locationId": chain.there.location}]});
    owner.act("memberRolesSet", input, "member { id }").await?;
    let data = someone.read("{ bookingOrders { nodes { id } } }").await?;
    assert_eq!(
        data["bookingOrders"]["nodes"],
        json!([{"id": chain.order_there}])
    );
    Ok(())
}

#[tokio::test]
async fn a_narrowed_manager_invites_only_to_where_they_reach() -> anyhow::Result<()> {
    let chain = Chain::open().await?;
    let manager = chain.staff("manager").await?;
    let invite = |locations: Value| json!({"email": "nina@example.com", "roleCode": "front_desk", "locationIds": locations});
    for locations in [
        json!([]),
        json!([chain.there.location]),
        json!([chain.here.location, chain.there.location]),
    ] {
        let answer = manager
            .verb(
                "memberInvite",
                invite(locations.clone()),
                "invitation { id }",
            )
            .await?;
        assert_eq!(
            answer.user_code(),
            Some("BEYOND_OWN_PERMISSIONS"),
            "{locations}: {}",
            answer.body
        );
    }
    manager
        .act(
            "memberInvite",
            invite(json!([chain.here.location])),
            "invitation { id }",
        )
        .await?;
    Ok(())
}
