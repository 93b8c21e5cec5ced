//! What happens to hours by the clock: clock-outs that are missing are flagged, and overtime that
//! people are heading for is forecast.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{monday_of, overtime};
use super::store::{days, policies};
use crate::database::{Database, Error, Scope, new_id};
use crate::worker::Job;
use crate::worker::jobs::lock;

/// How often clock-outs are missed.
const LOOK: Duration = Duration::from_mins(5);
/// How often overtime is forecast.
const FORECAST: Duration = Duration::from_hours(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("flag_missing_clock_outs", LOOK, |shared| async move {
            of_tenants(&shared.database, "flag_missing_clock_outs", Work::Flag).await
        }),
        Job::new("forecast_overtime", FORECAST, |shared| async move {
            of_tenants(&shared.database, "forecast_overtime", Work::Forecast).await
        }),
    ]
}

#[derive(Clone, Copy)]
enum Work {
    Flag,
    Forecast,
}

async fn of_tenants(database: &Database, name: &str, work: Work) -> Result<u64, Error> {
    let Some(lock) = lock(database, name).await? else {
        return Ok(0);
    };
    let sql = "select b.id from core.bizes b where exists (select from workforce.staff s where s.biz_id = b.id)";
    let mut done = 0;
    for row in lock.query(sql, &[]).await? {
        let biz_id: Uuid = row.try_get(0)?;
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        let count = match work {
            Work::Flag => flag(&scope).await,
            Work::Forecast => forecast(&scope).await,
        };
        match count {
            Ok(count) => {
                scope.commit().await?;
                done += count;
            }
            Err(error) => {
                tracing::error!(%biz_id, %error, name, "hours of a tenant were not seen to");
            }
        }
    }
    lock.rollback().await?;
    Ok(done)
}

// Four hours after a shift should have ended, or sixteen hours of work without one.
const FLAG: &str = "update workforce.work_time_segments w set is_flagged = true \
    where w.biz_id = $1 and w.ends_at is null and w.superseded_at is null and not w.is_flagged \
      and $2 > coalesce((select greatest(s.planned_ends_at, w.starts_at) + interval '4 hours' from workforce.staff_shifts s \
          where s.biz_id = w.biz_id and s.id = w.shift_id), w.starts_at + interval '16 hours')";

async fn flag(scope: &Scope) -> Result<u64, Error> {
    scope
        .execute(FLAG, &[scope.biz_id().into(), scope.now().into()])
        .await
}

const PLANNED: &str = "select s.staff_id, p.home_location_id, s.business_date, s.planned_ends_at, \
      greatest(0, floor(extract(epoch from s.planned_ends_at - s.planned_starts_at) / 60)::bigint - s.break_minutes), \
      s.status in ('published', 'confirmed', 'in_progress') \
    from workforce.staff_shifts s join workforce.staff p on p.biz_id = s.biz_id and p.id = s.staff_id \
    where s.biz_id = $1 and s.business_date >= $2 and s.business_date < $3 and s.status not in ('draft', 'cancelled', 'no_show') \
    limit 100000";

const WRITE: &str = "insert into workforce.overtime_forecasts \
      (biz_id, id, staff_id, week_starts_on, overtime_policy_id, planned_minutes, worked_minutes, projected_overtime_minutes, computed_at) \
    select $1, core.uuid_v7(), f.staff_id, f.week, f.policy_id, f.planned, f.worked, f.beyond, $8 \
    from unnest($2::uuid[], $3::date[], $4::uuid[], $5::integer[], $6::integer[], $7::integer[]) \
      as f (staff_id, week, policy_id, planned, worked, beyond) \
    on conflict (biz_id, staff_id, week_starts_on) do update \
    set overtime_policy_id = excluded.overtime_policy_id, planned_minutes = excluded.planned_minutes, \
      worked_minutes = excluded.worked_minutes, projected_overtime_minutes = excluded.projected_overtime_minutes, \
      computed_at = excluded.computed_at";

#[derive(Default)]
struct Week {
    location: Option<Uuid>,
    planned: i64,
    days: BTreeMap<NaiveDate, i64>,
}

/// Forecasts the overtime of this week and the next: hours so far, and the roster that is ahead.
async fn forecast(scope: &Scope) -> Result<u64, Error> {
    let monday = monday_of(scope.now().date_naive());
    let end = monday.checked_add_days(Days::new(14)).unwrap_or(monday);
    let values: [Value; 3] = [scope.biz_id().into(), monday.into(), end.into()];
    let rows = scope.query(PLANNED, &values).await?;
    let mut people: Vec<Uuid> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    people.sort_unstable();
    people.dedup();
    let worked = days(scope, people, monday, end).await?;
    let policies = policies(scope, monday, end).await?;
    let mut weeks: BTreeMap<(Uuid, NaiveDate), Week> = BTreeMap::new();
    for row in &rows {
        let (staff_id, day): (Uuid, NaiveDate) = (row.try_get(0)?, row.try_get(2)?);
        let week = weeks.entry((staff_id, monday_of(day))).or_default();
        let (planned, ends_at): (i64, DateTime<Utc>) = (row.try_get(4)?, row.try_get(3)?);
        week.location = row.try_get(1)?;
        week.planned += planned;
        if row.try_get::<_, bool>(5)? && ends_at > scope.now() {
            let on = week.days.entry(day).or_default();
            *on = (*on).max(planned);
        }
    }
    let mut columns = Columns::default();
    for ((staff_id, monday), mut week) in weeks {
        let mut so_far = 0;
        for ((who, day), minutes) in &worked {
            if *who == staff_id && monday_of(*day) == monday {
                so_far += minutes.paid();
                let on = week.days.entry(*day).or_default();
                *on = (*on).max(minutes.paid());
            }
        }
        let found = overtime(&policies, week.location, &week.days);
        let beyond: i64 = found.iter().map(|one| one.minutes).sum();
        let last = found.last().map(|one| one.policy_id);
        columns.add(staff_id, monday, last, [week.planned, so_far, beyond]);
    }
    let count = u64::try_from(columns.people.len()).unwrap_or_default();
    columns.write(scope).await?;
    Ok(count)
}

#[derive(Default)]
struct Columns {
    people: Vec<Uuid>,
    weeks: Vec<Value>,
    policies: Vec<Value>,
    minutes: [Vec<i32>; 3],
}

impl Columns {
    fn add(&mut self, person: Uuid, week: NaiveDate, policy: Option<Uuid>, minutes: [i64; 3]) {
        self.people.push(person);
        self.weeks.push(week.into());
        self.policies.push(policy.into());
        for (column, minutes) in self.minutes.iter_mut().zip(minutes) {
            column.push(i32::try_from(minutes).unwrap_or(i32::MAX));
        }
    }

    async fn write(self, scope: &Scope) -> Result<(), Error> {
        use sea_orm::sea_query::ArrayType;
        if self.people.is_empty() {
            return Ok(());
        }
        let [planned, worked, beyond] = self.minutes;
        let values: [Value; 8] = [
            scope.biz_id().into(),
            self.people.into(),
            Value::Array(ArrayType::ChronoDate, Some(Box::new(self.weeks))),
            Value::Array(ArrayType::Uuid, Some(Box::new(self.policies))),
            planned.into(),
            worked.into(),
            beyond.into(),
            scope.now().into(),
        ];
        scope.execute(WRITE, &values).await.map(drop)
    }
}
