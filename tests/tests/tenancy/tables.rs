//! Beneath the graph: the role of the server sees, touches and refers to one tenant alone.

use tests::{TestDatabase, World};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::Two;

/// The tables whose rows have a tenant.
async fn tables(sql: &Client) -> anyhow::Result<Vec<String>> {
    let rows = sql
        .query(
            "select format('%I.%I', e.table_schema, e.table_name) from core.entity_types e where e.row_class <> 'G' order by 1",
            &[],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

#[tokio::test]
async fn inv29_the_servers_role_sees_and_touches_one_tenant_alone() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let owner = two.world.database.owner().await?;
    let app = two.world.database.app(two.us.biz_id).await?;
    let (us, them) = (two.us.biz_id, two.theirs.biz_id);
    let mut with_rows = 0;
    for table in tables(&owner).await? {
        let count = |biz: &str| format!("select count(*) from {table} where biz_id = '{biz}'");
        let (ours, theirs) = (count(&us.to_string()), count(&them.to_string()));
        let is_readable: bool = owner
            .query_one(
                "select has_table_privilege('bizing_app', $1, 'select')",
                &[&table],
            )
            .await?
            .try_get(0)?;
        if !is_readable {
            continue;
        }
        let seen: i64 = app.query_one(&theirs, &[]).await?.try_get(0)?;
        assert_eq!(seen, 0, "{table} shows theirs");
        let all: i64 = app
            .query_one(&format!("select count(*) from {table}"), &[])
            .await?
            .try_get(0)?;
        let own: i64 = owner.query_one(&ours, &[]).await?.try_get(0)?;
        assert_eq!(all, own, "{table}");
        with_rows += i32::from(owner.query_one(&theirs, &[]).await?.try_get::<_, i64>(0)? > 0);
        let may = |what: &str| {
            format!("select has_any_column_privilege('bizing_app', '{table}', '{what}')")
        };
        if owner.query_one(&may("update"), &[]).await?.try_get(0)? {
            let sql = format!("update {table} set biz_id = biz_id where biz_id = '{them}'");
            // Where not all columns may be written, that is refused too.
            assert_eq!(
                app.execute(&sql, &[]).await.unwrap_or_default(),
                0,
                "{table} lets theirs be written"
            );
            let carried = format!("update {table} set biz_id = '{them}' where biz_id = '{us}'");
            let moved = app.execute(&carried, &[]).await;
            assert!(
                moved.map_or(true, |count| count == 0),
                "{table} lets ours be given away"
            );
        }
        let delete = "select has_table_privilege('bizing_app', $1, 'delete')";
        if owner.query_one(delete, &[&table]).await?.try_get(0)? {
            let sql = format!("delete from {table} where biz_id = '{them}'");
            assert_eq!(
                app.execute(&sql, &[]).await?,
                0,
                "{table} lets theirs be deleted"
            );
        }
    }
    assert!(
        with_rows > 30,
        "only {with_rows} tables have rows of theirs"
    );
    Ok(())
}

#[tokio::test]
async fn inv29_without_a_tenant_there_are_no_rows() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let owner = two.world.database.owner().await?;
    let nobody = two.world.database.owner().await?;
    nobody.batch_execute("set role bizing_app").await?;
    // A setting that a transaction has left empty counts as none, too.
    for setting in ["reset app.biz_id", "set app.biz_id = ''"] {
        nobody.batch_execute(setting).await?;
        for table in tables(&owner).await? {
            let is_readable: bool = owner
                .query_one(
                    "select has_table_privilege('bizing_app', $1, 'select')",
                    &[&table],
                )
                .await?
                .try_get(0)?;
            if is_readable {
                let count: i64 = nobody
                    .query_one(&format!("select count(*) from {table}"), &[])
                    .await?
                    .try_get(0)?;
                assert_eq!(count, 0, "{table} after {setting}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn inv29_a_row_can_be_neither_made_for_nor_point_at_another_tenant() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let app = two.world.database.app(two.us.biz_id).await?;
    let place = &two.their_ids["loc"][0];
    let place = tests::actor::uuid(&serde_json::json!(place))?;
    let id = bizing::database::new_id();
    let for_them = "insert into resources.unit_types (biz_id, id, code, name, location_id) values ($1, $2, 'X', 'X', $3)";
    let error = app
        .execute(for_them, &[&two.theirs.biz_id, &id, &place])
        .await;
    let code = error.err().and_then(|error| error.code().cloned());
    assert_eq!(code, Some(SqlState::INSUFFICIENT_PRIVILEGE));
    let error = app.execute(for_them, &[&two.us.biz_id, &id, &place]).await;
    let code = error.err().and_then(|error| error.code().cloned());
    assert_eq!(code, Some(SqlState::FOREIGN_KEY_VIOLATION));
    Ok(())
}

/// What one tenant calls something, another may call the same.
#[tokio::test]
async fn inv29_no_unique_key_tells_what_others_have() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (one, two) = (world.owner().await?, world.owner().await?);
    for owner in [&one, &two] {
        for (entity, input) in [
            (
                "location",
                serde_json::json!({"code": "SAME", "name": "Same", "kind": "BRANCH", "timezone": "UTC", "currency": "EUR"}),
            ),
            (
                "customer",
                serde_json::json!({"fullName": "Same", "number": "SAME"}),
            ),
            (
                "service",
                serde_json::json!({"code": "SAME", "name": "Same"}),
            ),
            (
                "offer",
                serde_json::json!({"code": "SAME", "name": "Same", "kind": "STAY"}),
            ),
            (
                "category",
                serde_json::json!({"code": "SAME", "name": "Same", "domain": "UNIT"}),
            ),
            (
                "cancellationPolicy",
                serde_json::json!({"code": "SAME", "name": "Same"}),
            ),
            (
                "resourceType",
                serde_json::json!({"code": "SAME", "name": "Same", "kind": "ROOM"}),
            ),
        ] {
            tests::hotel::made(owner, entity, input).await?;
        }
        let key = serde_json::json!({"name": "same", "idempotencyKey": "same"});
        let made = owner.act("apiKeyCreate", key, "apiKey { id }").await?;
        assert_eq!(made["replayed"], false);
    }
    Ok(())
}

/// The program's own role may not read past the policies, however it asks.
#[tokio::test]
async fn inv29_the_servers_roles_cannot_turn_the_policies_off() -> anyhow::Result<()> {
    let database = TestDatabase::migrated(2).await?;
    let app = database.app(bizing::database::new_id()).await?;
    for sql in [
        "alter table crm.customers disable row level security",
        "drop policy tenant on crm.customers",
        "truncate crm.customers",
        "create table crm.mine (id int)",
        "select * from identity.user_identities",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
    ] {
        let error = app.batch_execute(sql).await;
        let code = error.err().and_then(|error| error.code().cloned());
        assert_eq!(code, Some(SqlState::INSUFFICIENT_PRIVILEGE), "{sql}");
    }
    // With row_security off a query fails rather than leaking.
    app.batch_execute("set row_security = off").await?;
    assert!(app.query("select * from crm.customers", &[]).await.is_err());
    Ok(())
}
