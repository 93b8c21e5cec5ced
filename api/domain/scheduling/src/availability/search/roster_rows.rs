//! What rosters say of the people that resources are: on a local day on which a person has a shift
//! that was published, whatever became of it, they are there in the shifts that stand, and at no
//! other time. Other days are left to calendars.

use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use sea_orm::Value;
use uuid::Uuid;

use super::super::calendar::hours::Rostered;
use super::super::calendar::span::Span;
use super::super::rules::{day_start, local_day};
use foundation::database::{Error, Scope};

// Two days more: a day whose shift lies outside of the time is closed within it all the same.
const PUBLISHED: &str = "select p.resource_id, s.id, s.planned_starts_at, s.planned_ends_at, \
      s.status in ('published', 'confirmed', 'in_progress', 'completed'), l.timezone \
    from workforce.staff p \
    join workforce.staff_shifts s on s.biz_id = p.biz_id and s.staff_id = p.id and s.published_at is not null \
      and s.planned_starts_at < $4::timestamptz + interval '2 days' and s.planned_ends_at > $3::timestamptz - interval '2 days' \
    join core.locations l on l.biz_id = s.biz_id and l.id = s.location_id \
    where p.biz_id = $1 and p.resource_id = any ($2::uuid[]) and p.deleted_at is null";

/// By the resources that people are, what rosters say of them around a time.
pub(super) async fn load(
    scope: &Scope,
    resources: &[Uuid],
    range: &Span,
) -> Result<HashMap<Uuid, Vec<Rostered>>, Error> {
    let values: [Value; 4] = [
        scope.biz_id().into(),
        resources.to_vec().into(),
        range.start.into(),
        range.end.into(),
    ];
    let rows = scope.query(PUBLISHED, &values).await?;
    let mut said: HashMap<Uuid, Vec<Rostered>> = HashMap::new();
    for row in &rows {
        let (from, to): (DateTime<Utc>, DateTime<Utc>) = (row.try_get(2)?, row.try_get(3)?);
        let zone = row.try_get::<_, &str>(5)?.parse().unwrap_or(Tz::UTC);
        let day = local_day(zone, from);
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        let (shift_id, stands) = (row.try_get(1)?, row.try_get(4)?);
        said.entry(row.try_get(0)?).or_default().push(Rostered {
            shift_id,
            day: Span::new(day_start(zone, day), day_start(zone, next)),
            shift: Some(Span::new(from, to)).filter(|_| stands),
        });
    }
    Ok(said)
}
