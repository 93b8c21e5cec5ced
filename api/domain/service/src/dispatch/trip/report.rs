//! `dispatchPerformance`: how well tasks were done.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use rust_decimal::Decimal;

use crate::places::reach;
use foundation::database::Error;
use foundation::graph::Node;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Instant, Number};
use foundation::graph::verb::Permission;

const PERMISSION: &str = "dispatch.read";
/// The longest time that one answer is about, in days.
const LONGEST_DAYS: i64 = 366;

/// How well a depot's tasks were done that ended in a time: on time, at the first attempt, how many an
/// hour and how far for each, how wrong the announced arrivals were; and how full its trips were.
#[derive(InputObject)]
pub struct DispatchPerformanceInput {
    /// The depot.
    pub location_id: Id<location::Entity>,
    /// From when on.
    pub from: Instant,
    /// Until before when; 366 days later at most.
    pub to: Instant,
}

/// How well tasks were done.
#[derive(SimpleObject)]
pub struct DispatchPerformanceAnswer {
    /// The depot.
    pub location: Node<location::Entity>,
    /// How many tasks were completed.
    pub completed: i32,
    /// How many failed.
    pub failed: i32,
    /// What part of the completed ones was arrived at within its window; null where none was.
    pub on_time_share: Option<Number>,
    /// What part of first attempts failed; null where there was none.
    pub first_attempt_failed_share: Option<Number>,
    /// How many tasks were completed an hour of driver shifts; null where nobody drove.
    pub completed_per_driver_hour: Option<Number>,
    /// How many kilometres were driven for each completed task, by the odometers of shifts that ended;
    /// null where none did, or nothing was completed.
    pub kilometres_per_task: Option<Number>,
    /// What part of the seats was sold, over all legs of trips that departed; null where none did.
    pub load_factor: Option<Number>,
    /// How many minutes the arrival announced last before it was wrong, in the middle of all cases.
    pub eta_error_p50_minutes: Option<Number>,
    /// How many minutes it was wrong in nine of ten cases at most.
    pub eta_error_p90_minutes: Option<Number>,
}

/// The question.
pub struct DispatchPerformance;

const REPORT: &str = "with done as ( \
      select t.id, t.status::text as status, t.arrived_at, t.ends_at, t.attempt_no, \
        (select abs(extract(epoch from t.arrived_at - e.eta_at)) / 60 from dispatch.eta_events e \
         where e.biz_id = t.biz_id and e.task_id = t.id and e.computed_at < t.arrived_at \
         order by e.computed_at desc limit 1) as error \
      from dispatch.dispatch_tasks t \
      where t.biz_id = $1 and t.location_id = $2 and t.finished_at >= $3 and t.finished_at < $4 \
        and t.status in ('completed', 'failed')), \
    driven as ( \
      select sum(extract(epoch from least(coalesce(s.finished_at, $5), $4) - greatest(s.started_at, $3))) / 3600 as hours \
      from dispatch.driver_shifts s \
      where s.biz_id = $1 and s.location_id = $2 and s.started_at < $4 and coalesce(s.finished_at, $5) > $3 \
        and s.status in ('active', 'completed')), \
    way as ( \
      select sum(s.end_odometer_m - s.start_odometer_m)::numeric / 1000 as kilometres from dispatch.driver_shifts s \
      where s.biz_id = $1 and s.location_id = $2 and s.finished_at >= $3 and s.finished_at < $4), \
    filled as ( \
      select sum(i.sold)::numeric / nullif(sum(i.capacity), 0) as share from dispatch.transport_trips t \
      join dispatch.trip_stop_inventory i on i.biz_id = t.biz_id and i.trip_id = t.id \
      where t.biz_id = $1 and t.location_id = $2 and t.departed_at >= $3 and t.departed_at < $4) \
    select count(*) filter (where status = 'completed')::integer, count(*) filter (where status = 'failed')::integer, \
      round(avg((arrived_at <= ends_at)::integer) filter (where status = 'completed'), 4)::text::numeric, \
      round(avg((status = 'failed')::integer) filter (where attempt_no = 1), 4)::text::numeric, \
      round((count(*) filter (where status = 'completed'))::numeric / nullif((select hours from driven), 0)::numeric, 4), \
      round((percentile_cont(0.5) within group (order by error))::numeric, 2), \
      round((percentile_cont(0.9) within group (order by error))::numeric, 2), \
      round((select kilometres from way) / nullif(count(*) filter (where status = 'completed'), 0), 3), \
      round((select share from filled), 4) \
    from done";

impl Question for DispatchPerformance {
    type Input = DispatchPerformanceInput;
    type Answer = DispatchPerformanceAnswer;

    const NAME: &'static str = "dispatchPerformance";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (from, to, location_id) = (input.from.0, input.to.0, input.location_id.uuid());
        if to <= from || (to - from).num_days() > LONGEST_DAYS {
            let text = format!("to must be after from, by {LONGEST_DAYS} days at most.");
            return Err(Failure::input(text));
        }
        reach(look, PERMISSION, location_id).await?;
        let values = [
            look.scope.biz_id().into(),
            location_id.into(),
            from.into(),
            to.into(),
            look.scope.now().into(),
        ];
        let row = look.scope.query_opt(REPORT, &values).await?;
        let row = row.ok_or_else(|| Failure::internal("an aggregate without a row"))?;
        let read = || -> Result<DispatchPerformanceAnswer, tokio_postgres::Error> {
            let number = |index| {
                Ok::<_, tokio_postgres::Error>(
                    row.try_get::<_, Option<Decimal>>(index)?.map(Number),
                )
            };
            Ok(DispatchPerformanceAnswer {
                location: Node::new(location_id),
                completed: row.try_get(0)?,
                failed: row.try_get(1)?,
                on_time_share: number(2)?,
                first_attempt_failed_share: number(3)?,
                completed_per_driver_hour: number(4)?,
                eta_error_p50_minutes: number(5)?,
                eta_error_p90_minutes: number(6)?,
                kilometres_per_task: number(7)?,
                load_factor: number(8)?,
            })
        };
        read().map_err(|error| Error::from(error).into())
    }
}
