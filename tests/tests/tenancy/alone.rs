//! A statement that sets its own tenant shows what a transaction of that tenant shows.

use std::time::Duration;

use bizing::database::Error;
use bizing::graph::model::{Entity, model};
use bizing::identity::Principal;
use futures_util::future::try_join_all;
use tests::World;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::{Two, is_made_here};

const WHOSE: &str =
    "select l.biz_id from core.locations l where l.code is not null order by l.id limit 5";

/// The tenants of the locations that somebody sees in one statement.
async fn seen(world: &World, principal: &Principal) -> anyhow::Result<Vec<Uuid>> {
    let scope = world.opened.read(principal).await?;
    let rows = scope.query_only(WHOSE, &[]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn reader(biz_id: Uuid) -> Principal {
    Principal::program(biz_id, None, [])
}

/// One field is read by a statement of its own, two in a transaction.
#[tokio::test]
async fn inv29_what_is_read_alone_is_what_is_read_beside_others() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let mut with_rows = 0;
    let is_made_here = |entity: &&Entity| is_made_here(entity.table.id_prefix);
    for entity in model().entities.iter().filter(is_made_here) {
        let list = format!("list: {}(first: 20) {{ nodes {{ id }} }}", entity.many);
        let alone = two.us.read(&format!("{{ {list} }}")).await?;
        let beside = format!("{{ {list} other: locations(first: 1) {{ nodes {{ id }} }} }}");
        let beside = two.us.read(&beside).await?;
        assert_eq!(alone["list"], beside["list"], "{}", entity.many);
        let rows = alone["list"]["nodes"].as_array().map_or(0, Vec::len);
        with_rows += usize::from(rows > 0);
    }
    assert!(with_rows > 30, "only {with_rows} entities have rows");
    Ok(())
}

#[tokio::test]
async fn inv29_on_one_connection_each_statement_sees_its_own_tenant() -> anyhow::Result<()> {
    let world = World::with_pool(2).await?;
    let (one, two) = (world.owner().await?, world.owner().await?);
    let turns = (0..200).map(|turn| {
        let biz_id = if turn % 3 == 0 {
            one.biz_id
        } else {
            two.biz_id
        };
        let world = &world;
        async move {
            let seen = seen(world, &reader(biz_id)).await?;
            anyhow::ensure!(!seen.is_empty(), "nothing is seen");
            anyhow::ensure!(seen.iter().all(|seen| *seen == biz_id), "theirs is seen");
            Ok(())
        }
    });
    try_join_all(turns).await?;
    let nobody = seen(&world, &reader(Uuid::nil())).await?;
    assert!(nobody.is_empty(), "{nobody:?}");
    Ok(())
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_keeps_its_connection_until_it_ends() -> anyhow::Result<()>
{
    let world = World::with_pool(2).await?;
    let owner = world.owner().await?;
    let principal = reader(owner.biz_id);
    let slow = async {
        let scope = world.opened.read(&principal).await?;
        let sleep = "select l.biz_id, pg_sleep(0.6)::text from core.locations l limit 1";
        scope.query_only(sleep, &[]).await
    };
    let left = tokio::time::timeout(Duration::from_millis(150), slow).await;
    assert!(left.is_err(), "the statement ended at once");
    let all = try_join_all((0..8).map(|_| seen(&world, &principal))).await?;
    assert!(all.iter().all(|seen| seen.contains(&owner.biz_id)));
    Ok(())
}

#[tokio::test]
async fn a_scope_ends_with_its_only_statement() -> anyhow::Result<()> {
    let world = World::with_pool(2).await?;
    let owner = world.owner().await?;
    let principal = reader(owner.biz_id);
    for sql in [
        WHOSE,
        "select 1 / (l.version - l.version) from core.locations l",
    ] {
        let scope = world.opened.read(&principal).await?;
        let first = scope.query_only(sql, &[]).await;
        assert_eq!(first.is_ok(), sql == WHOSE, "{first:?}");
        let more = scope.query(WHOSE, &[]).await;
        assert!(matches!(more, Err(Error::Internal(_))), "{more:?}");
    }
    assert!(!seen(&world, &principal).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn inv29_a_connection_of_another_role_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.database.owner().await?;
    let refused = owner.query_one("select core.refuse_reader()", &[]).await;
    let code = refused.err().and_then(|error| error.code().cloned());
    assert_eq!(code, Some(SqlState::INSUFFICIENT_PRIVILEGE));
    Ok(())
}
