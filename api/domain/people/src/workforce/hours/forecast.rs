//! The overtime that people are heading for: hours so far, and the roster that is ahead.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{Overtime, monday_of, overtime};
use super::store::{contracts, days, policies};
use foundation::database::{Error, Scope};

/// A week of somebody who is on the roster.
#[derive(Clone, Debug, Default)]
pub struct Week {
    /// Minutes on the roster.
    pub planned: i64,
    /// Minutes worked so far.
    pub worked: i64,
    /// The overtime, if the rest of the roster is worked.
    pub beyond: Vec<Overtime>,
    days: BTreeMap<NaiveDate, i64>,
}

// Of each shift what is planned, and what of it is still ahead: all that was not worked of it yet, if
// it has not ended.
const PLANNED: &str = "select s.staff_id, s.business_date, p.minutes, \
      case when s.status in ('published', 'confirmed', 'in_progress') and s.planned_ends_at > $4 then greatest(0, p.minutes - coalesce(( \
        select floor(sum(extract(epoch from w.ends_at - w.starts_at)) / 60)::bigint from workforce.work_time_segments w \
        where w.biz_id = s.biz_id and w.shift_id = s.id and w.superseded_at is null and w.ends_at is not null and w.kind <> 'break'), 0)) \
        else 0 end \
    from workforce.staff_shifts s \
    cross join lateral (select greatest(0, floor(extract(epoch from s.planned_ends_at - s.planned_starts_at) / 60)::bigint \
      - s.break_minutes) as minutes) p \
    where s.biz_id = $1 and s.business_date >= $2 and s.business_date < $3 and s.status not in ('draft', 'cancelled', 'no_show') \
      and ($5::uuid[] is null or s.staff_id = any ($5::uuid[])) \
    limit 100000";

/// The weeks of people who are on the roster, by who and the week's Monday: all of them, or these.
/// The days must be Mondays.
pub async fn weeks(
    scope: &Scope,
    (from, until): (NaiveDate, NaiveDate),
    of: Option<Vec<Uuid>>,
) -> Result<BTreeMap<(Uuid, NaiveDate), Week>, Error> {
    let values: [Value; 5] = [
        scope.biz_id().into(),
        from.into(),
        until.into(),
        scope.now().into(),
        of.into(),
    ];
    let mut weeks: BTreeMap<(Uuid, NaiveDate), Week> = BTreeMap::new();
    for row in scope.query(PLANNED, &values).await? {
        let (who, day): (Uuid, NaiveDate) = (row.try_get(0)?, row.try_get(1)?);
        let week = weeks.entry((who, monday_of(day))).or_default();
        week.planned += row.try_get::<_, i64>(2)?;
        *week.days.entry(day).or_default() += row.try_get::<_, i64>(3)?;
    }
    let mut people: Vec<Uuid> = weeks.keys().map(|(who, _)| *who).collect();
    people.dedup();
    let worked = days(scope, people.clone(), from, until).await?;
    for ((who, day), minutes) in worked {
        if let Some(week) = weeks.get_mut(&(who, monday_of(day))) {
            week.worked += minutes.paid();
            *week.days.entry(day).or_default() += minutes.paid();
        }
    }
    let policies = policies(scope, from, until).await?;
    let contracts = contracts(scope, people).await?;
    for ((who, _), week) in &mut weeks {
        let contract = contracts.get(who).copied().unwrap_or_default();
        week.beyond = overtime(&policies, contract, &week.days);
    }
    Ok(weeks)
}
