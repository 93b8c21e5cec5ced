//! `rosterFillReport`: how much of what was planned had somebody.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use entities::workforce::department;
use sea_orm::Value;
use uuid::Uuid;

use crate::workforce::hours::REPORT;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Long, Number};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

/// How much of what was planned had somebody, over up to 366 business days: by location, department
/// and month. Wanted are published shifts that were not called off, and open shifts that nobody took.
#[derive(InputObject)]
pub struct RosterFillReportInput {
    /// The first business day.
    pub from: Day,
    /// The first business day that is no longer in it.
    pub until: Day,
    /// Only this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Only this department.
    pub department_id: Option<Id<department::Entity>>,
}

/// How the roster of a team was filled in a month.
#[derive(SimpleObject)]
pub struct RosterFillReportRow {
    /// Where the work was.
    pub location_id: Id<location::Entity>,
    /// The department of whoever worked, or that was looking for somebody.
    pub department_id: Option<Id<department::Entity>>,
    /// First day of the month.
    pub month: Day,
    /// How many shifts were wanted.
    pub wanted: i32,
    /// How many of them had somebody who came, or is to come.
    pub filled: i32,
    /// How many people did not come.
    pub no_shows: i32,
    /// How many open shifts nobody took, or has taken yet.
    pub unfilled: i32,
    /// Minutes that were wanted, breaks not included.
    pub wanted_minutes: Long,
    /// Minutes of them that had somebody.
    pub filled_minutes: Long,
    /// The share of minutes that had somebody, from 0 to 1.
    pub rate: Number,
}

/// The question.
pub struct RosterFillReport;

const FILL: &str = "with wanted as ( \
      select s.location_id, p.department_id, date_trunc('month', s.business_date)::date as month, \
        greatest(0, floor(extract(epoch from s.planned_ends_at - s.planned_starts_at) / 60)::bigint - s.break_minutes) as minutes, \
        s.status <> 'no_show' as is_filled, s.status = 'no_show' as is_missed \
      from workforce.staff_shifts s join workforce.staff p on p.biz_id = s.biz_id and p.id = s.staff_id \
      where s.biz_id = $1 and s.business_date >= $2 and s.business_date < $3 and s.status not in ('draft', 'cancelled') \
        and ($4::uuid is null or s.location_id = $4) and ($5::uuid[] is null or s.location_id = any ($5::uuid[])) \
        and ($6::uuid is null or p.department_id = $6) \
      union all \
      select o.location_id, o.department_id, date_trunc('month', o.business_date)::date, \
        greatest(0, floor(extract(epoch from o.ends_at - o.starts_at) / 60)::bigint - o.break_minutes), false, false \
      from workforce.open_shifts o \
      where o.biz_id = $1 and o.business_date >= $2 and o.business_date < $3 and o.status in ('open', 'expired') \
        and ($4::uuid is null or o.location_id = $4) and ($5::uuid[] is null or o.location_id = any ($5::uuid[])) \
        and ($6::uuid is null or o.department_id = $6)) \
    select location_id, department_id, month, count(*)::integer, (count(*) filter (where is_filled))::integer, \
      (count(*) filter (where is_missed))::integer, (count(*) filter (where not is_filled and not is_missed))::integer, \
      sum(minutes)::bigint, coalesce(sum(minutes) filter (where is_filled), 0)::bigint, \
      round(coalesce(sum(minutes) filter (where is_filled), 0)::numeric / greatest(sum(minutes), 1), 4) \
    from wanted group by location_id, department_id, month order by month, location_id, department_id limit 5000";

impl Question for RosterFillReport {
    type Input = RosterFillReportInput;
    type Answer = Vec<RosterFillReportRow>;

    const NAME: &'static str = "rosterFillReport";
    const PERMISSION: Permission = Permission::Holds(REPORT);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        if !(1..=366).contains(&(input.until.0 - input.from.0).num_days()) {
            return Err(Failure::input("A report covers 1 to 366 days."));
        }
        let places = match look.principal()?.reach(REPORT) {
            Reach::All => None,
            Reach::Locations(places) => Some(places.to_vec()),
        };
        let values: [Value; 6] = [
            look.scope.biz_id().into(),
            input.from.0.into(),
            input.until.0.into(),
            input.location_id.map(|id| id.uuid()).into(),
            places.into(),
            input.department_id.map(|id| id.uuid()).into(),
        ];
        let rows = look.scope.query(FILL, &values).await?;
        let told = |row: &tokio_postgres::Row| -> Result<_, tokio_postgres::Error> {
            Ok(RosterFillReportRow {
                location_id: Id::new(row.try_get(0)?),
                department_id: row.try_get::<_, Option<Uuid>>(1)?.map(Id::new),
                month: Day(row.try_get(2)?),
                wanted: row.try_get(3)?,
                filled: row.try_get(4)?,
                no_shows: row.try_get(5)?,
                unfilled: row.try_get(6)?,
                wanted_minutes: Long(row.try_get(7)?),
                filled_minutes: Long(row.try_get(8)?),
                rate: Number(row.try_get(9)?),
            })
        };
        let told: Result<Vec<_>, _> = rows.iter().map(told).collect();
        told.map_err(Failure::internal)
    }
}
