//! What the verbs of queues share: rows locked, events written, who stands where.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{Estimate, Fairness, Observed, estimate};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// A queue, as locked for a change.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// Where it is.
    pub location_id: Uuid,
    /// Its status.
    pub status: String,
    /// What its tickets begin with.
    pub prefix: String,
    /// How it orders who waits.
    pub fairness: Fairness,
    /// What a band is worth.
    pub aging_minutes: i32,
    /// How long serving one takes, as its settings say.
    pub usual_minutes: i32,
    /// Where somebody returns to who did not come.
    pub no_show_position: String,
    /// Behind how many, where behind some.
    pub no_show_after: i32,
    /// How often somebody may fail to come.
    pub max_no_shows: i32,
    /// What becomes of who still waits when it closes.
    pub leftover_rule: String,
}

const LINE: &str = "select id, location_id, status, ticket_prefix, fairness, aging_minutes, \
    avg_service_minutes, no_show_position, no_show_after, max_no_shows, leftover_rule \
    from queue.queues where biz_id = $1 and id = $2 and deleted_at is null for no key update";

/// Locks a queue. Queues are locked before entries.
pub async fn lock_line(scope: &Scope, id: Uuid) -> Result<Option<Line>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(LINE, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Line {
        id: row.try_get(0)?,
        location_id: row.try_get(1)?,
        status: row.try_get(2)?,
        prefix: row.try_get(3)?,
        fairness: Fairness::of(row.try_get(4)?),
        aging_minutes: row.try_get(5)?,
        usual_minutes: row.try_get(6)?,
        no_show_position: row.try_get(7)?,
        no_show_after: row.try_get(8)?,
        max_no_shows: row.try_get(9)?,
        leftover_rule: row.try_get(10)?,
    }))
}

/// Locks a queue that the caller may act on.
pub async fn line<P>(act: &Act<'_>, permission: &str, id: Uuid) -> Result<Line, Fault<P>> {
    let line = lock_line(act.scope, id).await?;
    let line = line.ok_or_else(|| Fault::not_found("queue"))?;
    act.permit_at(permission, line.location_id, "queue")?;
    Ok(line)
}

/// Somebody in a queue, as locked for a change.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry's id.
    pub id: Uuid,
    /// The queue.
    pub queue_id: Uuid,
    /// Where the queue is.
    pub location_id: Uuid,
    /// Where they stand.
    pub status: String,
    /// Their desk.
    pub service_point_id: Option<Uuid>,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// How urgent it is.
    pub band: i16,
    /// How often they did not come.
    pub no_shows: i32,
}

const ENTRY: &str = "select e.id, e.queue_id, q.location_id, e.status, e.service_point_id, e.joined_at, \
    e.priority_band, e.no_show_count \
    from queue.queue_entries e join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id \
    where e.biz_id = $1 and e.id = $2 for no key update of e";

/// Locks an entry that the caller may act on.
pub async fn entry<P>(act: &Act<'_>, permission: &str, id: Uuid) -> Result<Entry, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(ENTRY, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("queue entry"))?;
    let entry = Entry {
        id: row.try_get(0)?,
        queue_id: row.try_get(1)?,
        location_id: row.try_get(2)?,
        status: row.try_get(3)?,
        service_point_id: row.try_get(4)?,
        joined_at: row.try_get(5)?,
        band: row.try_get(6)?,
        no_shows: row.try_get(7)?,
    };
    act.permit_at(permission, entry.location_id, "queue entry")?;
    Ok(entry)
}

impl Entry {
    /// Refuses unless they stand somewhere from where this is possible.
    pub fn must_be<P>(&self, from: &[&str], problem: P) -> Result<(), Fault<P>> {
        if from.contains(&self.status.as_str()) {
            return Ok(());
        }
        let text = format!(
            "This takes somebody who is {}; they are {}.",
            from.join(" or ").replace('_', " "),
            self.status.replace('_', " ")
        );
        Err(Fault::at(problem, "id", text))
    }
}

/// A desk, as locked for a change.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Its id.
    pub id: Uuid,
    /// Where it is.
    pub location_id: Uuid,
    /// Its status.
    pub status: String,
    /// The clerk who is there.
    pub member_id: Option<Uuid>,
}

/// Locks a desk that the caller may act on.
pub async fn desk<P>(act: &Act<'_>, permission: &str, id: Uuid) -> Result<Desk, Fault<P>> {
    let sql = "select id, location_id, status, current_member_id from queue.service_points \
               where biz_id = $1 and id = $2 and deleted_at is null for no key update";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("desk"))?;
    let desk = Desk {
        id: row.try_get(0)?,
        location_id: row.try_get(1)?,
        status: row.try_get(2)?,
        member_id: row.try_get(3)?,
    };
    act.permit_at(permission, desk.location_id, "desk")?;
    Ok(desk)
}

/// Something that happened to an entry.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// Whom it happened to.
    pub entry_id: Uuid,
    /// What, a value of `queue.queue_event_kind`.
    pub kind: &'static str,
    /// The queue.
    pub queue_id: Uuid,
    /// The queue they went to.
    pub to_queue_id: Option<Uuid>,
    /// The desk.
    pub service_point_id: Option<Uuid>,
    /// More about it.
    pub details: Option<serde_json::Value>,
}

impl Entry {
    /// Something that happens to this entry.
    pub fn event(&self, kind: &'static str) -> Happened {
        Happened {
            entry_id: self.id,
            kind,
            queue_id: self.queue_id,
            service_point_id: self.service_point_id,
            ..Happened::default()
        }
    }
}

const NOTE: &str = "insert into queue.queue_events \
    (biz_id, id, entry_id, kind, queue_id, to_queue_id, service_point_id, actor_id, occurred_at, details) \
    values ($1, $2, $3, $4::text, $5, $6, $7, $8, $9, $10)";

/// Writes what happened.
pub async fn note(scope: &Scope, happened: Happened) -> Result<(), Error> {
    let values: [Value; 10] = [
        scope.biz_id().into(),
        new_id().into(),
        happened.entry_id.into(),
        happened.kind.into(),
        happened.queue_id.into(),
        happened.to_queue_id.into(),
        happened.service_point_id.into(),
        scope.user_id().into(),
        scope.now().into(),
        Value::Json(happened.details.map(Box::new)),
    ];
    scope.execute(NOTE, &values).await.map(drop)
}

/// What the order of a queue's waiting goes by, from its head, without one of them.
pub async fn times(scope: &Scope, queue: Uuid, without: Uuid) -> Result<Vec<DateTime<Utc>>, Error> {
    let sql = "select effective_priority_at from queue.queue_entries \
               where biz_id = $1 and queue_id = $2 and status = 'waiting' and id <> $3 \
               order by effective_priority_at, joined_at, id";
    let values = [scope.biz_id().into(), queue.into(), without.into()];
    let rows = scope.query(sql, &values).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

const STANDING: &str = "select \
      (select count(*) from queue.queue_entries o \
        where o.biz_id = e.biz_id and o.queue_id = e.queue_id and o.status = 'waiting' \
          and (o.effective_priority_at, o.joined_at, o.id) <= (e.effective_priority_at, e.joined_at, e.id)), \
      (select count(*) from queue.queue_entries o \
        where o.biz_id = e.biz_id and o.queue_id = e.queue_id and o.status in ('called', 'serving')), \
      (select count(*) from queue.service_point_queues l \
        join queue.service_points p on p.biz_id = l.biz_id and p.id = l.service_point_id \
        where l.biz_id = e.biz_id and l.queue_id = e.queue_id and p.status = 'staffed' and p.deleted_at is null), \
      seen.count, seen.mean, seen.deviation, q.avg_service_minutes, e.queue_id, e.status \
    from queue.queue_entries e \
    join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id \
    cross join lateral ( \
      select count(*), coalesce(avg(l.served_seconds), 0)::float8 as mean, \
        coalesce(stddev_samp(l.served_seconds), 0)::float8 as deviation \
      from (select s.served_seconds from queue.service_time_observations s \
        where s.biz_id = e.biz_id and s.queue_id = e.queue_id order by s.business_date desc, s.id desc limit 200) l) seen \
    where e.biz_id = $1 and e.id = $2";

/// Where somebody stands, and how long they wait from now.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The queue.
    pub queue_id: Uuid,
    /// Their place among those who wait, from 1; 0 where they do not wait.
    pub position: i32,
    /// How long they wait.
    pub wait: Estimate,
}

/// Where somebody stands in their queue, and how long they wait by what was observed there.
pub async fn standing(scope: &Scope, entry: Uuid) -> Result<Option<Standing>, Error> {
    let values = [scope.biz_id().into(), entry.into()];
    let Some(row) = scope.query_opt(STANDING, &values).await? else {
        return Ok(None);
    };
    let (place, busy, desks): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let observed = Observed {
        count: row.try_get(3)?,
        mean: row.try_get(4)?,
        deviation: row.try_get(5)?,
    };
    let status: String = row.try_get(8)?;
    let waits = status == "waiting";
    // Who is served now counts where all desks are busy.
    let ahead = (place - 1) + busy.min(desks.max(1));
    let wait = if waits {
        estimate(ahead, desks, observed, row.try_get(6)?)
    } else {
        Estimate::default()
    };
    Ok(Some(Standing {
        queue_id: row.try_get(7)?,
        position: if waits {
            i32::try_from(place).unwrap_or(i32::MAX)
        } else {
            0
        },
        wait,
    }))
}

/// What reckons predictions, as they name it.
const MODEL: &str = "normal-sum-1";

/// Keeps what somebody was told, to be held against how long they wait.
pub async fn predict(scope: &Scope, entry: Uuid, standing: &Standing) -> Result<(), Error> {
    let sql = "insert into queue.wait_time_predictions \
        (biz_id, id, entry_id, queue_id, position, p50_seconds, p90_seconds, model_version) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values: [Value; 8] = [
        scope.biz_id().into(),
        new_id().into(),
        entry.into(),
        standing.queue_id.into(),
        standing.position.max(1).into(),
        standing.wait.p50.into(),
        standing.wait.p90.into(),
        MODEL.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// The ids and the rest of a token of ours: `biz_... . rest`.
pub fn parts(token: &str) -> Result<(Uuid, &str), Failure> {
    let parts = token.split_once('.').and_then(|(biz, rest)| {
        let (prefix, biz) = foundation::graph::type_id::parse(biz)?;
        (prefix == "biz").then_some((biz, rest))
    });
    parts.ok_or_else(|| Failure::input("This is no token of ours."))
}

/// The queue of an entry, so that it can be locked first.
pub async fn queue_of<P>(act: &Act<'_>, entry: Uuid) -> Result<Uuid, Fault<P>> {
    let sql = "select queue_id from queue.queue_entries where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), entry.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("queue entry"))?;
    Ok(row.try_get(0)?)
}

/// Ends the pause of a queue, if it is paused.
pub async fn end_pause(scope: &Scope, queue: Uuid) -> Result<(), Error> {
    let sql = "update queue.queue_pauses set ends_at = greatest($3::timestamptz, starts_at + interval '1 second') \
               where biz_id = $1 and queue_id = $2 and ends_at is null";
    let values = [scope.biz_id().into(), queue.into(), scope.now().into()];
    scope.execute(sql, &values).await.map(drop)
}

/// Does with those who still wait what the queue's rule says. The queue is locked.
pub async fn leftovers(scope: &Scope, line: &Line) -> Result<u64, Error> {
    if line.leftover_rule == "carried" {
        return Ok(0);
    }
    let values = [scope.biz_id().into(), line.id.into()];
    let sql = "update queue.queue_entries set status = 'waiting', parked_until = null \
               where biz_id = $1 and queue_id = $2 and status = 'parked'";
    scope.execute(sql, &values).await?;
    let sql = "with gone as ( \
          update queue.queue_entries set status = 'no_show', no_show_count = no_show_count + 1, \
            left_reason = 'The queue closed' \
          where biz_id = $1 and queue_id = $2 and status = 'waiting' returning id) \
        insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id, occurred_at) \
        select $1, core.uuid_v7(), g.id, 'no_show', $2, $3 from gone g";
    let values = [scope.biz_id().into(), line.id.into(), scope.now().into()];
    scope.execute(sql, &values).await
}

/// Ids as one value.
pub fn keys(ids: &[Uuid]) -> Value {
    let ids = ids.iter().map(|id| Value::from(*id)).collect();
    Value::Array(sea_orm::sea_query::ArrayType::Uuid, Some(Box::new(ids)))
}
