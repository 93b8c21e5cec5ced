//! What one may ask of queues: the code to join by, and how a queue did.

use async_graphql::{InputObject, SimpleObject};
use entities::queue::queue;

use super::codes;
use foundation::database::Scope;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::Permission;

async fn reached(look: &Look<'_>, permission: &str, id: &Id<queue::Entity>) -> Result<(), Failure> {
    let sql = "select location_id from queue.queues where biz_id = $1 and id = $2";
    let row = scoped(look.scope, sql, id).await?;
    let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such queue."))?;
    look.permit_at(
        permission,
        row.try_get(0).map_err(Failure::internal)?,
        "queue",
    )
}

async fn scoped(
    scope: &Scope,
    sql: &str,
    id: &Id<queue::Entity>,
) -> Result<Option<tokio_postgres::Row>, Failure> {
    let values = [scope.biz_id().into(), id.uuid().into()];
    Ok(scope.query_opt(sql, &values).await?)
}

/// The code by which anyone joins a queue, to be printed as a QR code or put into a link:
/// `queueJoinOnline`.
#[derive(InputObject)]
pub struct QueueJoinCodeInput {
    /// The queue.
    pub queue_id: Id<queue::Entity>,
}

/// The question.
pub struct QueueJoinCode;

impl Question for QueueJoinCode {
    type Input = QueueJoinCodeInput;
    type Answer = String;

    const NAME: &'static str = "queueJoinCode";
    const PERMISSION: Permission = Permission::Holds("queue.manage");

    async fn ask(look: &Look<'_>, input: QueueJoinCodeInput) -> Result<String, Failure> {
        reached(look, "queue.manage", &input.queue_id).await?;
        let (sealer, biz_id) = (&look.session.shared.sealer, look.scope.biz_id());
        Ok(codes::join_code(sealer, biz_id, input.queue_id.uuid()))
    }
}

/// How a queue did over some days: waiting, service, who went away, and how well the waits were
/// told in advance.
#[derive(InputObject)]
pub struct QueueReportInput {
    /// The queue.
    pub queue_id: Id<queue::Entity>,
    /// The first business day.
    pub from: Day,
    /// The last business day; 366 days after the first at most.
    pub to: Day,
}

/// How a queue did.
#[derive(SimpleObject, Default)]
pub struct QueueReport {
    /// How many joined.
    pub joined: i64,
    /// How many were served.
    pub served: i64,
    /// How many went away before they were served.
    pub left: i64,
    /// How many did not come when called, in the end.
    pub no_show: i64,
    /// The mean wait in seconds.
    pub average_wait_seconds: Option<f64>,
    /// What nine of ten waited at most, in seconds.
    pub p90_wait_seconds: Option<f64>,
    /// The mean time of service in seconds.
    pub average_service_seconds: Option<f64>,
    /// The share that was called within what the queue promises; none where it promises nothing.
    pub within_promise: Option<f64>,
    /// By how many seconds the wait told on joining was off, in the mean.
    pub prediction_error_seconds: Option<f64>,
    /// The share that waited no longer than what nine of ten were said to; 0.9 is right.
    pub within_p90: Option<f64>,
}

const REPORT: &str = "with went as ( \
      select e.status from queue.queue_entries e join queue.queue_tickets t on t.biz_id = e.biz_id and t.id = e.ticket_id \
      where e.biz_id = $1 and t.queue_id = $2 and t.business_date between $3 and $4), \
    seen as ( \
      select s.*, p.p50_seconds, p.p90_seconds from queue.service_time_observations s \
      left join lateral (select p.p50_seconds, p.p90_seconds from queue.wait_time_predictions p \
        where p.biz_id = s.biz_id and p.entry_id = s.entry_id order by p.predicted_at limit 1) p on true \
      where s.biz_id = $1 and s.queue_id = $2 and s.business_date between $3 and $4) \
    select (select count(*) from went), (select count(*) from went where status in ('served', 'reopened')), \
      (select count(*) from went where status in ('left', 'cancelled')), \
      (select count(*) from went where status in ('no_show', 'removed')), \
      avg(waited_seconds)::float8, (percentile_cont(0.9) within group (order by waited_seconds))::float8, \
      avg(served_seconds)::float8, \
      (select avg((s.waited_seconds <= q.sla_minutes * 60)::integer)::float8 from seen s, queue.queues q \
        where q.biz_id = $1 and q.id = $2 and q.sla_minutes is not null), \
      avg(abs(waited_seconds - p50_seconds))::float8, avg((waited_seconds <= p90_seconds)::integer)::float8 \
    from seen";

/// The question.
pub struct QueueReportQuestion;

impl Question for QueueReportQuestion {
    type Input = QueueReportInput;
    type Answer = QueueReport;

    const NAME: &'static str = "queueReport";
    const PERMISSION: Permission = Permission::Holds("queue.read");

    async fn ask(look: &Look<'_>, input: QueueReportInput) -> Result<QueueReport, Failure> {
        let days = (input.to.0 - input.from.0).num_days();
        if !(0..=366).contains(&days) {
            return Err(Failure::input("A report covers 1 to 367 days."));
        }
        reached(look, "queue.read", &input.queue_id).await?;
        let values = [
            look.scope.biz_id().into(),
            input.queue_id.uuid().into(),
            input.from.0.into(),
            input.to.0.into(),
        ];
        let Some(row) = look.scope.query_opt(REPORT, &values).await? else {
            return Ok(QueueReport::default());
        };
        let read = || -> Result<QueueReport, tokio_postgres::Error> {
            Ok(QueueReport {
                joined: row.try_get(0)?,
                served: row.try_get(1)?,
                left: row.try_get(2)?,
                no_show: row.try_get(3)?,
                average_wait_seconds: row.try_get(4)?,
                p90_wait_seconds: row.try_get(5)?,
                average_service_seconds: row.try_get(6)?,
                within_promise: row.try_get(7)?,
                prediction_error_seconds: row.try_get(8)?,
                within_p90: row.try_get(9)?,
            })
        };
        read().map_err(Failure::internal)
    }
}
