//! The hotel booking demand data set, and files of its form: two hotels in Portugal, a line a
//! booking.

mod cells;
mod file;
mod ground;
mod load;
mod row;
mod stay;
mod survey;

use std::collections::HashSet;
use std::path::Path;

use anyhow::Context as _;
use futures_util::future::try_join_all;

use self::load::Loader;
use crate::database::{Database, Error, Scope, new_id};
use crate::identity::Principal;
use crate::import::progress::Progress;
use crate::import::report::Report;

/// Books what the file says and is not booked yet; its progress is shown, or is not.
pub async fn import(
    database: &Database,
    principal: &Principal,
    path: &Path,
    is_shown: bool,
) -> anyhow::Result<Report> {
    let request_id = new_id();
    let scope = database.write(principal, request_id).await?;
    let known = known(&scope).await?;
    let file = || path.display().to_string();
    let survey = survey::survey(path, &known).with_context(file)?;
    let houses = ground::prepare(&scope, &survey).await?;
    scope.commit().await?;
    let progress = Progress::new(survey.lines, is_shown);
    let refused = u64::try_from(survey.refused.len()).unwrap_or_default();
    progress.advance(refused + survey.known);
    let loader = Loader {
        database,
        principal,
        request_id,
        path,
        known: &known,
        progress: &progress,
    };
    let lanes = houses
        .into_iter()
        .map(|(hotel, house)| loader.load(hotel, house));
    let written = try_join_all(lanes).await.with_context(file);
    progress.finish();
    Ok(Report {
        imported: written?.into_iter().sum(),
        known: survey.known,
        refused: survey
            .refused
            .into_iter()
            .map(|(line, refusal)| (line, refusal.heading(), refusal.to_string()))
            .collect(),
        elapsed: progress.elapsed(),
    })
}

const KNOWN: &str = "select o.channel_ref from booking.booking_orders o \
    where o.biz_id = $1 and o.channel = 'import' and o.channel_ref is not null";

/// The references of all lines that are bookings already.
async fn known(scope: &Scope) -> Result<HashSet<String>, Error> {
    let rows = scope.query(KNOWN, &[scope.biz_id().into()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
