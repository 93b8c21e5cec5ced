//! `trainingCompliance`: who has passed what is required of them.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use entities::workforce::{department, training_module};
use sea_orm::Value;
use uuid::Uuid;

use crate::workforce::hours::REPORT;
use crate::workforce::today::today;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Number};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

/// Of how many people each module is required on a day, and how many have passed it so that it
/// holds on that day: by module, location and department.
#[derive(InputObject)]
pub struct TrainingComplianceInput {
    /// The day; today if not given.
    pub on: Option<Day>,
    /// Only people who usually work here.
    pub location_id: Option<Id<location::Entity>>,
    /// Only people of this department.
    pub department_id: Option<Id<department::Entity>>,
}

/// How a team stands with a module.
#[derive(SimpleObject)]
pub struct TrainingComplianceRow {
    /// The module.
    pub module_id: Id<training_module::Entity>,
    /// Its short name: any version of it counts.
    pub code: String,
    /// Where the people usually work.
    pub location_id: Option<Id<location::Entity>>,
    /// Their department.
    pub department_id: Option<Id<department::Entity>>,
    /// First day of the month of the day.
    pub month: Day,
    /// Of how many it is required.
    pub required: i32,
    /// Of how many it holds on that day.
    pub compliant: i32,
    /// How many of the others are late with it.
    pub overdue: i32,
    /// Of how many of the compliant it lapses within 30 days.
    pub lapsing: i32,
    /// The share that is compliant, from 0 to 1.
    pub rate: Number,
}

/// The question.
pub struct TrainingCompliance;

const COMPLIANCE: &str = "with wanted as ( \
      select distinct on (m.id, s.id) m.id as module_id, m.code, s.id as staff_id, s.home_location_id, s.department_id, \
        greatest(s.hired_on, q.created_at::date) + q.due_days::integer as due_on \
      from workforce.training_requirements q \
      join workforce.training_modules m on m.biz_id = q.biz_id and m.id = q.module_id and m.deleted_at is null \
      join workforce.staff s on s.biz_id = q.biz_id and s.deleted_at is null and s.hired_on <= $2 \
        and coalesce(s.terminated_on, 'infinity') > $2 \
        and (q.department_id is null or q.department_id = s.department_id) and (q.position is null or q.position = s.position) \
      where q.biz_id = $1 and q.deleted_at is null and ($3::uuid is null or s.home_location_id = $3) \
        and ($4::uuid[] is null or s.home_location_id = any ($4::uuid[])) \
        and ($5::uuid is null or s.department_id = $5) \
      order by m.id, s.id, due_on), \
    judged as ( \
      select w.*, p.lapses_on, p.held is not null as is_compliant from wanted w \
      left join lateral ( \
        select true as held, max(coalesce(e.expires_on, 'infinity')) as lapses_on from workforce.training_enrollments e \
        join workforce.training_modules v on v.biz_id = e.biz_id and v.id = e.module_id and v.code = w.code \
        where e.biz_id = $1 and e.staff_id = w.staff_id and e.completed_at is not null and e.completed_at::date <= $2 \
          and (e.expires_on is null or e.expires_on > $2) having count(*) > 0) p on true) \
    select module_id, code, home_location_id, department_id, date_trunc('month', $2::date)::date, count(*)::integer, \
      (count(*) filter (where is_compliant))::integer, (count(*) filter (where not is_compliant and due_on < $2))::integer, \
      (count(*) filter (where is_compliant and lapses_on <= $2::date + 30))::integer, \
      round((count(*) filter (where is_compliant))::numeric / count(*), 4) \
    from judged group by module_id, code, home_location_id, department_id \
    order by code, module_id, home_location_id, department_id limit 5000";

impl Question for TrainingCompliance {
    type Input = TrainingComplianceInput;
    type Answer = Vec<TrainingComplianceRow>;

    const NAME: &'static str = "trainingCompliance";
    const PERMISSION: Permission = Permission::Holds(REPORT);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let places = match look.principal()?.reach(REPORT) {
            Reach::All => None,
            Reach::Locations(places) => Some(places.to_vec()),
        };
        let location = input.location_id.map(|id| id.uuid());
        let on = match input.on {
            Some(on) => on.0,
            None => today(look.scope, location).await?,
        };
        let values: [Value; 5] = [
            look.scope.biz_id().into(),
            on.into(),
            location.into(),
            places.into(),
            input.department_id.map(|id| id.uuid()).into(),
        ];
        let rows = look.scope.query(COMPLIANCE, &values).await?;
        let told = |row: &tokio_postgres::Row| -> Result<_, tokio_postgres::Error> {
            Ok(TrainingComplianceRow {
                module_id: Id::new(row.try_get(0)?),
                code: row.try_get(1)?,
                location_id: row.try_get::<_, Option<Uuid>>(2)?.map(Id::new),
                department_id: row.try_get::<_, Option<Uuid>>(3)?.map(Id::new),
                month: Day(row.try_get(4)?),
                required: row.try_get(5)?,
                compliant: row.try_get(6)?,
                overdue: row.try_get(7)?,
                lapsing: row.try_get(8)?,
                rate: Number(row.try_get(9)?),
            })
        };
        let told: Result<Vec<_>, _> = rows.iter().map(told).collect();
        told.map_err(Failure::internal)
    }
}
