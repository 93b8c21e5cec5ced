//! What happens to hours by the clock: clock-outs that are missing are flagged, and overtime that
//! people are heading for is forecast.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use sea_orm::Value;
use uuid::Uuid;

use super::forecast::weeks;
use super::rules::monday_of;
use crate::workforce::today::today;
use foundation::database::{Database, Error, Scope, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often clock-outs are missed.
const LOOK: Duration = Duration::from_mins(5);
/// How often overtime is forecast.
const FORECAST: Duration = Duration::from_hours(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("flag_missing_clock_outs", LOOK, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "flag_missing_clock_outs", WITH_STAFF, |biz_id| {
                flag(database, biz_id)
            })
            .await
        }),
        Job::new("forecast_overtime", FORECAST, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "forecast_overtime", WITH_STAFF, |biz_id| {
                forecast(database, biz_id)
            })
            .await
        }),
    ]
}

const WITH_STAFF: &str = "select b.id from core.bizes b where exists (select from workforce.staff s where s.biz_id = b.id)";

// Four hours after a shift should have ended, or sixteen hours of work without one.
const FLAG: &str = "update workforce.work_time_segments w set is_flagged = true \
    where w.biz_id = $1 and w.ends_at is null and w.superseded_at is null and not w.is_flagged \
      and $2 > coalesce((select greatest(s.planned_ends_at, w.starts_at) + interval '4 hours' from workforce.staff_shifts s \
          where s.biz_id = w.biz_id and s.id = w.shift_id), w.starts_at + interval '16 hours')";

async fn flag(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let flagged = scope.execute(FLAG, &values).await?;
    scope.commit().await?;
    Ok(flagged)
}

const WRITE: &str = "insert into workforce.overtime_forecasts \
      (biz_id, id, staff_id, week_starts_on, overtime_policy_id, planned_minutes, worked_minutes, projected_overtime_minutes, computed_at) \
    select $1, core.uuid_v7(), f.staff_id, f.week, f.policy_id, f.planned, f.worked, f.beyond, $8 \
    from unnest($2::uuid[], $3::date[], $4::uuid[], $5::integer[], $6::integer[], $7::integer[]) \
      as f (staff_id, week, policy_id, planned, worked, beyond) \
    on conflict (biz_id, staff_id, week_starts_on) do update \
    set overtime_policy_id = excluded.overtime_policy_id, planned_minutes = excluded.planned_minutes, \
      worked_minutes = excluded.worked_minutes, projected_overtime_minutes = excluded.projected_overtime_minutes, \
      computed_at = excluded.computed_at";

// Weeks of which nothing is on the roster any more.
const EMPTIED: &str = "update workforce.overtime_forecasts \
    set planned_minutes = 0, worked_minutes = 0, projected_overtime_minutes = 0, overtime_policy_id = null, computed_at = $4 \
    where biz_id = $1 and week_starts_on >= $2 and week_starts_on < $3 and computed_at < $4 and planned_minutes > 0";

/// Forecasts the overtime of this week and the next.
async fn forecast(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let monday = monday_of(today(&scope, None).await?);
    let end = monday.checked_add_days(Days::new(14)).unwrap_or(monday);
    let mut columns = Columns::default();
    for ((staff_id, monday), week) in weeks(&scope, (monday, end), None).await? {
        let beyond: i64 = week.beyond.iter().map(|one| one.minutes).sum();
        let last = week.beyond.last().map(|one| one.policy_id);
        columns.add(staff_id, monday, last, [week.planned, week.worked, beyond]);
    }
    let count = u64::try_from(columns.people.len()).unwrap_or_default();
    columns.write(&scope).await?;
    let values = [
        scope.biz_id().into(),
        monday.into(),
        end.into(),
        scope.now().into(),
    ];
    scope.execute(EMPTIED, &values).await?;
    scope.commit().await?;
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
