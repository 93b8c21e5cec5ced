//! Plain writes, and what happens around every verb: versions, idempotency, dry runs, events, audit.

mod archive;
mod constraints;
mod create;
mod dry_run;
mod idempotency;
mod link;
mod refusals;
mod sealed;
mod transition;
mod update;

use serde_json::{Value, json};
use tests::actor::unique;
use tests::{Actor, World};
use tokio_postgres::Client;

/// A tenant, and a look at its tables from behind.
struct Office {
    world: World,
    owner: Actor,
    sql: Client,
}

impl Office {
    async fn open() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        Ok(Self { world, owner, sql })
    }

    /// How many rows of the tenant a table has.
    async fn count(&self, table: &str) -> anyhow::Result<i64> {
        let sql = format!("select count(*) from {table} where biz_id = $1");
        let row = self.sql.query_one(&sql, &[&self.owner.biz_id]).await?;
        Ok(row.try_get(0)?)
    }

    /// How many rows all tables have that a write leaves a trace in.
    async fn traces(&self) -> anyhow::Result<Vec<i64>> {
        let mut counts = Vec::new();
        for table in [
            "core.locations",
            "crm.customers",
            "core.outbox_events",
            "audit.audit_events",
            "core.idempotency_keys",
            "core.subject_registry",
            "core.status_history",
        ] {
            counts.push(self.count(table).await?);
        }
        Ok(counts)
    }
}

/// What a location needs.
fn location() -> Value {
    json!({
        "code": format!("L{}", unique()), "name": "Riverside", "kind": "PROPERTY",
        "timezone": "Europe/Lisbon", "currency": "EUR",
    })
}

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}
