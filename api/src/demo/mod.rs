//! The demo tenants: a hotel group and a pallet store that do not exist, with bookings around now.
//! Each is founded in one transaction and furnished in another, so it is there whole or not at all.

mod dice;
mod harbour;
mod keep;
mod people;
mod put;
mod rest;
mod shop;
mod tenant;
mod unsettled;

use std::time::Instant;

use crate::database::{Database, new_id};
use crate::identity::Sealer;
use crate::identity::password::Passwords;

/// The password of all demo users.
pub const PASSWORD: &str = "correct horse battery staple";

const MISSING: &str = "select \
      not exists (select from core.bizes b where b.slug = 'harbour'), \
      not exists (select from core.bizes b where b.slug = 'keep'), \
      exists (select from core.bizes b where b.slug not in ('harbour', 'keep'))";

/// Which of the two is missing, and whether there are other tenants.
async fn missing(database: &Database) -> anyhow::Result<(bool, bool, bool)> {
    let scope = database.platform(new_id()).await?;
    let row = scope.query_opt(MISSING, &[]).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("the tenants cannot be counted"))?;
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

/// Whether the demo tenants belong here and are not all here yet: there is no tenant of anyone's.
pub async fn is_wanted(database: &Database) -> anyhow::Result<bool> {
    let (harbour, keep, others) = missing(database).await?;
    Ok((harbour || keep) && !others)
}

/// Makes the demo tenants that are missing, and gives them all that they should have. What is there
/// stays as it is.
pub async fn fill(database: &Database, sealer: &Sealer) -> anyhow::Result<()> {
    found(database, sealer).await?;
    furnish(database).await
}

/// Makes the demo tenants that are missing: people who can sign in, rooms, bookings.
pub async fn found(database: &Database, sealer: &Sealer) -> anyhow::Result<()> {
    let (harbour, keep, _) = missing(database).await?;
    if !harbour && !keep {
        return Ok(());
    }
    let begun = Instant::now();
    let digest = Passwords::default().digest(PASSWORD).await?;
    let harbour = async {
        if harbour {
            let scope = database.platform(new_id()).await?;
            harbour::fill(&scope, sealer, &digest).await?;
            scope.commit().await?;
        }
        anyhow::Ok(())
    };
    let keep = async {
        if keep {
            let scope = database.platform(new_id()).await?;
            keep::fill(&scope, sealer, &digest).await?;
            scope.commit().await?;
        }
        anyhow::Ok(())
    };
    futures_util::try_join!(harbour, keep)?;
    tracing::info!(
        milliseconds = begun.elapsed().as_millis(),
        "made the demo tenants"
    );
    Ok(())
}

const BARE: &str = "select b.id from core.bizes b \
    where b.slug = $1 and not exists (select from workforce.staff s where s.biz_id = b.id)";

/// Gives the demo tenants what they have besides bookings, where they have nothing of it yet: some
/// seconds of work, which nobody needs to wait for.
pub async fn furnish(database: &Database) -> anyhow::Result<()> {
    let begun = Instant::now();
    // The second trades with the first, so it comes after it.
    for (slug, files) in [("harbour", &rest::HARBOUR), ("keep", &rest::KEEP)] {
        let scope = database.platform(new_id()).await?;
        let Some(bare) = scope.query_opt(BARE, &[slug.into()]).await? else {
            continue;
        };
        scope.enter(bare.try_get(0)?, None).await?;
        rest::fill(&scope, files).await?;
        scope.commit().await?;
        tracing::info!(
            biz = slug,
            milliseconds = begun.elapsed().as_millis(),
            "furnished a demo tenant"
        );
    }
    Ok(())
}
