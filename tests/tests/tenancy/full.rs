//! A tenant with a row of everything, made as far as possible by the API itself.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveTime};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Hotel, Plan, soon};
use tests::{Actor, World};

/// Makes rows, and remembers by which inputs.
struct Maker<'a> {
    owner: &'a Actor,
    mark: &'a str,
    inputs: BTreeMap<String, Value>,
}

impl Maker<'_> {
    /// The id of the row of an entity that a verb makes.
    async fn made(&mut self, verb: &str, entity: &str, input: Value) -> anyhow::Result<Value> {
        let payload = self
            .owner
            .act(verb, input.clone(), &format!("{entity} {{ id }}"))
            .await?;
        self.inputs.insert(verb.to_owned(), input);
        Ok(payload[entity]["id"].clone())
    }

    /// The same, by a plain write.
    async fn row(&mut self, entity: &str, input: Value) -> anyhow::Result<Value> {
        self.made(&format!("{entity}Create"), entity, input).await
    }

    /// Remembers an input that would make one more row of an entity.
    fn could(&mut self, entity: &str, input: Value) {
        self.inputs.insert(format!("{entity}Create"), input);
    }

    fn name(&self, what: &str) -> String {
        format!("{} {what}", self.mark)
    }
}

/// Fills a tenant; every text in it has the mark. Gives the inputs that made the rows, by verb.
pub(super) async fn fill(
    world: &World,
    owner: &Actor,
    mark: &str,
) -> anyhow::Result<BTreeMap<String, Value>> {
    let hotel = world.hotel_of(owner, &Plan::default()).await?;
    let mut maker = Maker {
        owner,
        mark,
        inputs: BTreeMap::new(),
    };
    let place = json!({
        "code": format!("{mark}1"), "name": maker.name("house"), "kind": "PROPERTY", "timezone": "Europe/Lisbon", "currency": "EUR",
    });
    maker.row("location", place).await?;
    masters(&mut maker, &hotel).await?;
    people(world, &mut maker).await?;
    let resource = resources(world, &mut maker, &hotel).await?;
    bookings(world, &mut maker, &hotel, &resource).await?;
    versions(world, &maker).await?;
    Ok(maker.inputs)
}

async fn masters(maker: &mut Maker<'_>, hotel: &Hotel) -> anyhow::Result<()> {
    let (location, mark) = (&hotel.location, maker.mark);
    let setting = json!({"scopeType": "Location", "scopeId": location, "key": format!("booking.{}", mark.to_lowercase()), "value": maker.name("x")});
    maker.row("setting", setting).await?;
    let service = json!({"code": mark, "name": maker.name("massage")});
    maker.row("service", service).await?;
    let offer = json!({"code": mark, "name": maker.name("offer"), "kind": "STAY"});
    maker.row("offer", offer).await?;
    let category = json!({"domain": "UNIT", "code": mark, "name": maker.name("category")});
    maker.row("category", category).await?;
    let unit_type = json!({"code": mark, "name": maker.name("suite"), "locationId": location});
    let unit_type = maker.row("unitType", unit_type).await?;
    let pool = json!({"code": mark, "name": maker.name("pool"), "locationId": location, "unitTypeId": unit_type, "capacity": 2});
    maker.row("capacityPool", pool).await?;
    let sellable = json!({"kind": "UNIT_TYPE", "refType": "UnitType", "refId": unit_type, "name": maker.name("night")});
    maker.row("sellable", sellable).await?;
    let spare =
        json!({"code": format!("{mark}2"), "name": maker.name("spare"), "locationId": location});
    let spare = maker.row("unitType", spare).await?;
    let pool = json!({"code": mark, "name": maker.name("pool"), "locationId": location, "unitTypeId": spare, "capacity": 2});
    maker.could("capacityPool", pool);
    let sellable = json!({"kind": "UNIT_TYPE", "refType": "UnitType", "refId": spare, "name": maker.name("night")});
    maker.could("sellable", sellable);
    let policy = json!({"code": mark, "name": maker.name("terms")});
    let policy = maker.row("cancellationPolicy", policy).await?;
    let tier =
        json!({"policyId": policy, "hoursBeforeStart": 48, "feeKind": "PERCENT", "feeBps": 5000});
    maker.row("cancellationPolicyTier", tier.clone()).await?;
    let mut another = tier;
    another["hoursBeforeStart"] = json!(72);
    maker.could("cancellationPolicyTier", another);
    let customer =
        json!({"fullName": maker.name("customer"), "email": format!("{mark}@example.com")});
    maker.row("customer", customer).await?;
    Ok(())
}

async fn people(world: &World, maker: &mut Maker<'_>) -> anyhow::Result<()> {
    let mark = maker.mark;
    let key = json!({"name": maker.name("key"), "scopes": ["core.read"]});
    maker.made("apiKeyCreate", "apiKey", key).await?;
    let location = maker
        .owner
        .read("{ locations(first: 1) { nodes { id } } }")
        .await?;
    let location = &location["locations"]["nodes"][0]["id"];
    let invitation = json!({"email": format!("{mark}@invited.example"), "roleCode": "front_desk", "locationIds": [location]});
    maker.made("memberInvite", "invitation", invitation).await?;
    let role = json!({"code": format!("{}_role", mark.to_lowercase()), "name": maker.name("role"), "permissions": ["core.read"]});
    maker.made("roleCreate", "role", role).await?;
    let place = location.as_str().unwrap_or_default();
    world.staff(maker.owner, "front_desk", &[place]).await?;
    Ok(())
}

/// A room that can be booked for itself.
async fn resources(world: &World, maker: &mut Maker<'_>, hotel: &Hotel) -> anyhow::Result<Value> {
    let kind = json!({"code": maker.mark, "name": maker.name("kind"), "kind": "ROOM"});
    let kind = maker.row("resourceType", kind).await?;
    let resource = json!({"typeId": kind, "locationId": hotel.location, "name": maker.name("room"), "number": format!("{}-1", maker.mark)});
    let resource = maker.row("resource", resource).await?;
    let detail = json!({"resourceId": resource, "unitTypeId": hotel.unit_type});
    maker.row("unitDetail", detail).await?;
    let member = json!({"poolId": hotel.pool, "resourceId": resource});
    maker.row("capacityPoolMember", member).await?;
    let spare = json!({"typeId": kind, "locationId": hotel.location, "name": maker.name("spare"), "number": format!("{}-2", maker.mark)});
    let spare = maker.row("resource", spare).await?;
    maker.could(
        "unitDetail",
        json!({"resourceId": spare, "unitTypeId": hotel.unit_type}),
    );
    maker.could(
        "capacityPoolMember",
        json!({"poolId": hotel.pool, "resourceId": spare}),
    );
    // No verb takes a resource into use yet.
    let sql = world.database.platform(maker.owner.biz_id).await?;
    sql.execute(
        "update resources.resources set lifecycle_status = 'active' where id = $1",
        &[&uuid(&resource)?],
    )
    .await?;
    Ok(resource)
}

async fn bookings(
    world: &World,
    maker: &mut Maker<'_>,
    hotel: &Hotel,
    resource: &Value,
) -> anyhow::Result<()> {
    let customer = maker
        .owner
        .read("{ customers(first: 1) { nodes { id } } }")
        .await?;
    let mut stay = hotel.stay(soon(0), 2);
    stay["customerId"] = customer["customers"]["nodes"][0]["id"].clone();
    stay["participants"] = json!([{"name": maker.name("guest"), "customerId": stay["customerId"]}]);
    stay["note"] = json!(maker.name("note"));
    maker
        .made("bookingCreate", "bookingOrder", stay.clone())
        .await?;
    for _ in 0..2 {
        hotel.confirmed(soon(2), 1).await?;
    }
    let cancelled = hotel.confirmed(soon(5), 1).await?;
    let cancel = json!({"id": cancelled["id"], "reason": maker.name("reason")});
    maker.made("bookingCancel", "bookingOrder", cancel).await?;
    let starts_at = soon(1).and_time(NaiveTime::MIN).and_utc() + Duration::hours(10);
    let usage = json!({
        "locationId": hotel.location, "resourceId": resource, "sellableId": hotel.sellable, "startsAt": starts_at,
        "endsAt": starts_at + Duration::hours(1), "price": {"amount": "30", "currency": "EUR"}, "confirm": true,
    });
    maker
        .owner
        .act("bookingCreate", usage, "bookingOrder { id }")
        .await?;
    let sql = world.database.platform(maker.owner.biz_id).await?;
    let slots = sql
        .query_one(
            "select count(*) from availability.slots where biz_id = $1",
            &[&maker.owner.biz_id],
        )
        .await?;
    anyhow::ensure!(slots.try_get::<_, i64>(0)? > 0, "no slots");
    Ok(())
}

/// What no verb makes yet: a version of an offer, and somebody's work at it.
async fn versions(world: &World, maker: &Maker<'_>) -> anyhow::Result<()> {
    let sql = world.database.platform(maker.owner.biz_id).await?;
    sql.execute(
        "insert into catalog.offer_versions (biz_id, id, offer_id, version_no, tax_category)
         select $1, core.uuid_v7(), o.id, 1, $2 from catalog.offers o where o.biz_id = $1",
        &[&maker.owner.biz_id, &maker.name("tax")],
    )
    .await?;
    Ok(())
}
