//! `operationsReport`: how well promises are kept, and requests seen to.

use async_graphql::{InputObject, SimpleObject};
use chrono::TimeDelta;
use entities::core::location;
use rust_decimal::Decimal;
use sea_orm::Value;
use uuid::Uuid;

use crate::operations::READ;
use crate::places::reach;
use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Instant, Number};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

/// How well promises are kept, and requests seen to, of what was asked in a time; and which corrective
/// actions are overdue now. Promises that still run count neither as kept nor as broken.
#[derive(InputObject)]
pub struct OperationsReportInput {
    /// From when on it was asked.
    pub from: Instant,
    /// Until when it was asked, that instant not included; 400 days later at most.
    pub until: Instant,
    /// Only at this location; all within reach if not given.
    pub location_id: Option<Id<location::Entity>>,
}

/// How well one thing that was promised is kept.
#[derive(SimpleObject)]
pub struct OperationsPromise {
    /// What was promised, such as RESOLVE.
    pub metric: String,
    /// How many promises were kept.
    pub met: i32,
    /// How many were broken, made good or not.
    pub breached: i32,
    /// How many do not count.
    pub waived: i32,
    /// How many still run or are paused.
    pub running: i32,
    /// Kept of kept and broken, as a fraction; null where there is none of both.
    pub met_share: Option<Number>,
}

/// How well a location keeps its promises.
#[derive(SimpleObject)]
pub struct OperationsReport {
    /// By what was promised.
    pub promises: Vec<OperationsPromise>,
    /// How many requests were asked.
    pub requests: i32,
    /// Of those, how many were cancelled.
    pub cancelled: i32,
    /// How long it took on average until somebody had seen a request, in seconds.
    pub mean_seconds_to_acknowledge: Option<i32>,
    /// How long it took on average until a request was done, in seconds.
    pub mean_seconds_to_resolve: Option<i32>,
    /// Of the requests that were done at some time, the fraction that was opened again.
    pub reopened_share: Option<Number>,
    /// The average of the stars that requests were given.
    pub mean_rating: Option<Number>,
    /// How many corrective actions are not done although their day is over.
    pub overdue_actions: i32,
}

/// The question.
pub struct AskOperationsReport;

const PROMISES: &str = "select c.metric::text, count(*) filter (where c.outcome = 'met')::integer, \
      count(*) filter (where c.outcome = 'breached')::integer, count(*) filter (where c.outcome = 'waived')::integer, \
      count(*) filter (where c.outcome is null)::integer, \
      round(count(*) filter (where c.outcome = 'met') / nullif(count(*) filter (where c.outcome in ('met', 'breached')), 0)::numeric, 4) \
    from operations.sla_clocks c \
    where c.biz_id = $1 and c.started_at >= $2 and c.started_at < $3 and ($4::uuid[] is null or c.location_id = any ($4)) \
    group by c.metric order by c.metric";

const REQUESTS: &str = "select count(*)::integer, count(*) filter (where r.status = 'cancelled')::integer, \
      avg(extract(epoch from r.acknowledged_at - r.requested_at))::integer, \
      avg(extract(epoch from r.resolved_at - r.requested_at))::integer, \
      round(count(*) filter (where r.reopened_count > 0) \
        / nullif(count(*) filter (where r.reopened_count > 0 or r.resolved_at is not null), 0)::numeric, 4), \
      round(avg(r.rating), 2) \
    from operations.service_requests r \
    where r.biz_id = $1 and r.requested_at >= $2 and r.requested_at < $3 and ($4::uuid[] is null or r.location_id = any ($4))";

const OVERDUE: &str = "select count(*)::integer from operations.corrective_actions a \
    join operations.incident_reports i on i.biz_id = a.biz_id and i.id = a.incident_id \
    where a.biz_id = $1 and a.status in ('open', 'in_progress', 'rejected') \
      and a.due_on < core.business_date($1, i.location_id, $3) and ($2::uuid[] is null or i.location_id = any ($2))";

impl Question for AskOperationsReport {
    type Input = OperationsReportInput;
    type Answer = OperationsReport;

    const NAME: &'static str = "operationsReport";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (from, until) = (input.from.0, input.until.0);
        if until <= from || until - from > TimeDelta::days(400) {
            let text = "until must be after from, by 400 days at most.";
            return Err(Failure::input(text));
        }
        let places: Option<Vec<Uuid>> = match (input.location_id, look.principal()?.reach(READ)) {
            (Some(id), _) => {
                reach(look, READ, id.uuid()).await?;
                Some(vec![id.uuid()])
            }
            (None, Reach::All) => None,
            (None, Reach::Locations(ids)) => Some(ids.to_vec()),
        };
        let biz_id = look.scope.biz_id();
        let values: [Value; 4] = [
            biz_id.into(),
            from.into(),
            until.into(),
            places.clone().into(),
        ];
        let promises = look.scope.query(PROMISES, &values).await?;
        let requests = look.scope.query_opt(REQUESTS, &values).await?;
        let values: [Value; 3] = [biz_id.into(), places.into(), look.scope.now().into()];
        let overdue = look.scope.query_opt(OVERDUE, &values).await?;
        let read = || -> Result<Option<OperationsReport>, Error> {
            let (Some(row), Some(overdue)) = (&requests, &overdue) else {
                return Ok(None);
            };
            let number = |index: usize| -> Result<Option<Number>, Error> {
                Ok(row.try_get::<_, Option<Decimal>>(index)?.map(Number))
            };
            Ok(Some(OperationsReport {
                promises: promises.iter().map(promise).collect::<Result<_, _>>()?,
                requests: row.try_get(0)?,
                cancelled: row.try_get(1)?,
                mean_seconds_to_acknowledge: row.try_get(2)?,
                mean_seconds_to_resolve: row.try_get(3)?,
                reopened_share: number(4)?,
                mean_rating: number(5)?,
                overdue_actions: overdue.try_get(0)?,
            }))
        };
        read()?.ok_or_else(|| Failure::internal("a report without rows"))
    }
}

fn promise(row: &tokio_postgres::Row) -> Result<OperationsPromise, Error> {
    Ok(OperationsPromise {
        metric: row.try_get::<_, String>(0)?.to_uppercase(),
        met: row.try_get(1)?,
        breached: row.try_get(2)?,
        waived: row.try_get(3)?,
        running: row.try_get(4)?,
        met_share: row.try_get::<_, Option<Decimal>>(5)?.map(Number),
    })
}
