//! `bizing import`: files of other systems as real bookings, through the functions behind the verbs
//! of the API. What a source is lives in its folder; here is what all of them share.

mod hotel;
mod progress;
mod report;

use std::io::Write as _;
use std::path::Path;

use anyhow::{anyhow, bail};

use crate::database::{Database, new_id};
use crate::identity::Principal;
use crate::reference;

pub use report::Report;

/// Imports a file into a tenant, and prints how far it has come and what was done.
pub async fn run(
    database: &Database,
    source: &str,
    file: &Path,
    biz_slug: &str,
) -> anyhow::Result<()> {
    let report = import(database, source, file, biz_slug, true).await?;
    // A reader that has closed the pipe has what it wanted.
    let _ = writeln!(std::io::stdout(), "{report}");
    Ok(())
}

/// Imports a file into a tenant, and says what was done; its progress is shown, or is not.
pub async fn import(
    database: &Database,
    source: &str,
    file: &Path,
    biz_slug: &str,
    is_shown: bool,
) -> anyhow::Result<Report> {
    if source != "hotel" {
        bail!("{source} is not a source that can be imported: hotel is the only one");
    }
    if !file.is_file() {
        bail!("{} is not a file that can be read", file.display());
    }
    reference::fill(database).await?;
    let principal = principal(database, biz_slug).await?;
    hotel::import(database, &principal, file, is_shown).await
}

/// The program itself, in the name of a tenant that is named by its slug.
async fn principal(database: &Database, biz_slug: &str) -> anyhow::Result<Principal> {
    let scope = database.platform(new_id()).await?;
    let sql = "select b.id, b.status::text from core.bizes b where b.slug = $1";
    let row = scope.query_opt(sql, &[biz_slug.into()]).await?;
    let row = row.ok_or_else(|| {
        anyhow!("there is no tenant {biz_slug}: --biz names one by its slug, such as harbour")
    })?;
    let status: String = row.try_get(1)?;
    if !matches!(status.as_str(), "trial" | "active") {
        bail!("the tenant {biz_slug} is {status}: nothing can be booked there");
    }
    Ok(Principal::program(row.try_get(0)?, None, []))
}
