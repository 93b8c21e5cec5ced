//! Which day it is, where nobody in particular is asked about.

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use foundation::database::{Error, Scope};
use scheduling::availability::rules::local_day;

/// The day by the clocks of a location, or else by those of the business.
pub async fn today(scope: &Scope, location_id: Option<Uuid>) -> Result<NaiveDate, Error> {
    let sql = "select coalesce(l.timezone, b.default_timezone) from core.bizes b \
        left join core.locations l on l.biz_id = b.id and l.id = $2 where b.id = $1";
    let values = [scope.biz_id().into(), location_id.into()];
    let row = scope.query_opt(sql, &values).await?;
    let zone: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    let zone = zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
    Ok(local_day(zone, scope.now()))
}
