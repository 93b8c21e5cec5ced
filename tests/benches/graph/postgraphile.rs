//! PostGraphile beside `bookingCreate`: the same rows, inserted by the mutations that it makes of
//! the tables.
//!
//! Its fields are a transaction each, so what is checked across rows when a transaction ends cannot
//! hold for them: it writes into a copy of the database without those checks. It runs as who owns
//! everything, so that no policy costs it anything, and asks for nothing back.

use std::path::Path;

use bizing::database::new_id;
use bytes::Bytes;
use serde_json::json;
use tokio::process::Command;
use tokio_postgres::{Client, Config};

use crate::data::Tenant;
use crate::load::post;
use crate::scenario::{chosen, day, days_from_now};
use crate::server::{POOL, Server};

/// What runs it, in a directory where it is installed.
const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/benches/graph/postgraphile.mjs"
);
/// The mutation; each field is an insert.
const INSERT: &str = include_str!("postgraphile.graphql");
/// What an answer without errors ends with.
pub const EXPECTED: &str = "\"last\":{\"clientMutationId\":null}";

/// Switches off what is checked across rows when a transaction ends.
pub async fn loosen(client: &Client) -> anyhow::Result<()> {
    let sql = "select format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname) \
        from pg_trigger t where t.tginitdeferred and not t.tgisinternal";
    for row in client.query(sql, &[]).await? {
        client.batch_execute(row.try_get(0)?).await?;
    }
    Ok(())
}

/// Starts it on a database, with as many connections as the others have.
pub async fn start(directory: &Path, database: &str) -> anyhow::Result<Server> {
    let config: Config = database.parse()?;
    let host = config.get_hosts().first().map(|host| match host {
        tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
        tokio_postgres::config::Host::Tcp(name) => name.clone(),
    });
    // Another node than the machine's may be installed beside it.
    let own = directory.join("node_modules/.bin/node");
    let mut command = Command::new(if own.exists() { own } else { "node".into() });
    command
        .arg(PROGRAM)
        .current_dir(directory)
        .env("NODE_ENV", "production")
        .env("PGHOST", host.unwrap_or_default())
        .env("PGUSER", config.get_user().unwrap_or_default())
        .env("PGDATABASE", config.get_dbname().unwrap_or_default())
        .env("POOL", POOL.to_string());
    Server::spawned(command).await
}

/// The insertion of a stay of two nights, as `bookingCreate` leaves it.
pub fn insertion(tenant: &Tenant) -> Bytes {
    let (customer, room) = chosen(tenant);
    let arrival = days_from_now(rand::random_range(30..700));
    let (biz, order, line, hold) = (tenant.access.biz, new_id(), new_id(), new_id());
    let [first, second, third] = [0, 1, 2].map(|nights| day(arrival + nights));
    let money = json!({"bizId": biz, "currency": "EUR"});
    let with = |mut row: serde_json::Value, more: serde_json::Value| {
        if let (Some(row), Some(more)) = (row.as_object_mut(), more.as_object()) {
            row.extend(more.clone());
        }
        row
    };
    let own = || json!({"bizId": biz, "rowId": new_id()});
    let person = |role: &str| {
        with(
            own(),
            json!({"orderId": order, "customerId": customer, "name": "Guest", "role": role}),
        )
    };
    let night = |on: &str| {
        let row = json!({"bookingOrderId": order, "stayDate": on, "unitTypeId": room.unit_type, "rateMinor": 10000});
        with(with(money.clone(), own()), row)
    };
    let taken = |from: &str, to: &str| {
        with(
            own(),
            json!({
                "sourceType": "BookingOrder", "sourceId": order, "bookingHoldId": hold, "poolId": room.pool,
                "serviceStartsAt": from, "serviceEndsAt": to, "blockedStartsAt": from, "blockedEndsAt": to,
                "status": "hold", "expiresAt": "2100-01-01T00:00:00Z",
            }),
        )
    };
    let told = |extra| {
        with(
            with(
                own(),
                json!({"subjectType": "BookingOrder", "subjectId": order}),
            ),
            extra,
        )
    };
    let variables = json!({
        "hold": {"bizId": biz, "rowId": hold, "customerId": customer,
            "heldUntil": "2100-01-01T00:00:00Z"},
        "order": {"bizId": biz, "rowId": order, "number": format!("PG-{}", order.simple()), "kind": "stay",
            "customerId": customer, "locationId": room.location, "status": "held", "startsAt": first, "endsAt": third,
            "timezone": "Europe/Lisbon", "checkInOn": first, "checkOutOn": third, "businessDate": first,
            "partySize": 2, "currency": "EUR", "baseMinor": 20000, "totalMinor": 20000, "holdId": hold},
        "line": {"bizId": biz, "rowId": line, "orderId": order, "lineNo": 1, "sellableId": room.sellable, "name": "Room",
            "quantity": 2, "unit": "night", "unitPrice": 100, "totalMinor": 20000, "currency": "EUR",
            "startsOn": first, "endsOn": third},
        "period": with(with(money.clone(), own()), json!({"orderLineId": line, "startsOn": first, "endsOn": third,
            "rate": 100, "units": 1, "subtotalMinor": 20000})),
        "payer": person("payer"),
        "guest": person("guest"),
        "detail": with(own(), json!({"bookingOrderId": order, "unitTypeId": room.unit_type, "adults": 2})),
        "night": night(&first),
        "nextNight": night(&second),
        "taken": taken(&first, &second),
        "nextTaken": taken(&second, &third),
        "event": told(json!({"topic": "booking.created", "payload": {}})),
        "entry": told(json!({"actorType": "system", "action": "booking.created", "after": {}})),
    });
    post(None, &json!({"query": INSERT, "variables": variables}))
}
