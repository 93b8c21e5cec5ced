//! The demo tenants: a hotel group and a pallet store that do not exist, with bookings around now.
//! Each is written in one transaction, so it is there whole or not at all.

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

/// Makes the demo tenants that are missing. One that is there stays as it is.
pub async fn fill(database: &Database, sealer: &Sealer) -> anyhow::Result<()> {
    let (harbour, keep, _) = missing(database).await?;
    if !harbour && !keep {
        return Ok(());
    }
    let begun = Instant::now();
    let digest = Passwords::default().digest(PASSWORD).await?;
    if harbour {
        let scope = database.platform(new_id()).await?;
        harbour::fill(&scope, sealer, &digest).await?;
        rest::fill(&scope, &rest::HARBOUR).await?;
        scope.commit().await?;
    }
    // The second trades with the first, so it comes after it.
    if keep {
        let scope = database.platform(new_id()).await?;
        keep::fill(&scope, sealer, &digest).await?;
        rest::fill(&scope, &rest::KEEP).await?;
        scope.commit().await?;
    }
    tracing::info!(
        milliseconds = begun.elapsed().as_millis(),
        "filled the demo tenants"
    );
    Ok(())
}
