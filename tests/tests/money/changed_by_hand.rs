//! `bizing verify`, check by check: of the demo's rows one is changed past all guards, and the check names it.

use std::collections::BTreeSet;

use bizing::demo;
use bizing::domain::{billing, entitlements, ledger, payments};
use bizing::identity::Sealer;
use tests::World;
use tokio_postgres::Client;
use uuid::Uuid;

use super::changes::{BILLING, Change, ENTITLEMENTS, LEDGER, PAYMENTS};

/// Of these the demo has no rows; `entitlements::verify` changes some.
const ELSEWHERE: [&str; 2] = ["wallet_books", "gift_liability"];

/// The demo's rows are as they are from the beginning: one of each gets a history.
const HISTORIES: &str = "update payments.payment_intents set status = 'canceled', canceled_at = now() \
      where (biz_id, id) = (select biz_id, id from payments.payment_intents where status = 'requires_payment_method' limit 1); \
    update entitlements.memberships set status = 'past_due', past_due_since = current_date \
      where (biz_id, id) = (select biz_id, id from entitlements.memberships where status = 'active' limit 1)";
/// Whoever goes past the program is held up by no trigger, and by no check of a row.
const PAST_ALL_GUARDS: &str = "do $$ declare guard record; begin \
      for guard in select k.conrelid::regclass as held, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid \
        join pg_namespace n on n.oid = c.relnamespace \
        where k.contype = 'c' and k.conislocal and n.nspname in ('ledger', 'payments', 'billing', 'entitlements', 'booking') \
          and not c.relispartition \
      loop execute format('alter table %s drop constraint %I', guard.held, guard.conname); end loop; end $$; \
    set session_replication_role = replica";

/// Changes one row, and says what the check then tells of that row's tenant, and what names the row.
async fn told(
    sql: &mut Client,
    check: &str,
    (_, table, which, set, name): &Change,
) -> anyhow::Result<(String, Vec<String>, Vec<String>)> {
    let change = format!(
        "update {table} x set {set} where (x.biz_id, x.id) = \
           (select y.biz_id, y.id from {table} y where {which} order by y.id limit 1) returning x.biz_id, ({name})::text"
    );
    let transaction = sql.transaction().await?;
    let row = transaction.query_opt(&change, &[]).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("the demo has no row for: {change}"))?;
    let (biz_id, name): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
    let spoilt = transaction.query(check, &[&biz_id]).await?;
    transaction.rollback().await?;
    let before = sql.query(check, &[&biz_id]).await?;
    let texts = |rows: Vec<tokio_postgres::Row>| {
        rows.iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<String>, _>>()
    };
    Ok((name, texts(before)?, texts(spoilt)?))
}

#[tokio::test]
async fn each_check_of_money_names_the_row_that_was_changed_by_hand() -> anyhow::Result<()> {
    let world = World::with_pool(4).await?;
    demo::fill(
        &world.opened,
        &Sealer::new(b"the tests seal personal data with this"),
    )
    .await?;
    let mut sql = world.database.owner().await?;
    sql.batch_execute(HISTORIES).await?;
    sql.batch_execute(PAST_ALL_GUARDS).await?;
    let mut missed = Vec::new();
    for (checks, changes) in [
        (ledger::verify::CHECKS, LEDGER),
        (payments::verify::CHECKS, PAYMENTS),
        (billing::verify::CHECKS, BILLING),
        (entitlements::verify::CHECKS, ENTITLEMENTS),
    ] {
        let names = checks.iter().map(|(name, _)| *name);
        let known: BTreeSet<&str> = names.filter(|name| !ELSEWHERE.contains(name)).collect();
        let tried: BTreeSet<&str> = changes.iter().map(|change| change.0).collect();
        assert_eq!(known, tried, "each check has a change that it finds");
        for change in changes {
            let check = checks.iter().find(|(name, _)| *name == change.0);
            let check = check.map_or("", |(_, check)| *check);
            match told(&mut sql, check, change).await {
                Ok((name, before, after)) => {
                    let is_named = after.iter().any(|line| line.contains(&name));
                    if !before.is_empty() || !is_named {
                        missed.push(format!("{}: {name}: {before:?} {after:?}", change.0));
                    }
                }
                Err(error) => missed.push(format!("{}: {error:#}", change.0)),
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    Ok(())
}
