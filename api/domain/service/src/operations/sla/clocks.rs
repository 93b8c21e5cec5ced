//! The clocks of a subject: they start with it, and follow it from status to status. Whoever calls
//! has locked the subject, so that its clocks are moved by one at a time.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Value;
use serde_json::json;
use tokio_postgres::Row;
use uuid::Uuid;

use super::hours::{counted_between, due_at};
use super::rules::{Move, State, moved};
use finance::payments::events::tell;
use foundation::database::{Error, Scope, new_id};

/// What was promised something.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its entity.
    pub entity: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The location that sees to it.
    pub location_id: Uuid,
    /// How urgent it is.
    pub priority: &'a str,
    /// The policy that holds for it instead of the default one of the same metric.
    pub policy_id: Option<Uuid>,
}

// Of each metric the policy that was named, or else the default one that says most: of the location
// and the priority, of the location, of the priority, of all.
const POLICIES: &str = "select distinct on (p.metric) p.id, p.metric::text, p.target_minutes, p.calendar_id \
    from operations.sla_policies p \
    join core.locations l on l.biz_id = p.biz_id and l.id = $4 \
    cross join lateral (select core.business_date($1, l.id, $6) as day) d \
    where p.biz_id = $1 and p.deleted_at is null and p.applies_to = $2 \
      and (p.starts_on is null or p.starts_on <= d.day) and (p.ends_on is null or d.day < p.ends_on) \
      and (p.id = $5::uuid or p.is_default \
        and (p.priority is null or p.priority = $3::text) and (p.location_id is null or p.location_id = $4)) \
    order by p.metric, (p.id = $5::uuid) is true desc, p.location_id is not null desc, p.priority is not null desc, p.id";

const START: &str = "insert into operations.sla_clocks \
      (biz_id, id, policy_id, subject_type, subject_id, metric, location_id, started_at, target_at) \
    select $1, c.id, c.policy_id, $2::text, $3, c.metric, $4, $5, c.target_at \
    from unnest($6::uuid[], $7::uuid[], $8::text[], $9::timestamptz[]) as c (id, policy_id, metric, target_at) \
    on conflict (biz_id, subject_type, subject_id, metric) do nothing";

/// Starts the clocks of what policies promise. A calendar that is not open for as long as it takes
/// promises nothing.
pub async fn start(scope: &Scope, subject: &Subject<'_>) -> Result<(), Error> {
    let values: [Value; 6] = [
        scope.biz_id().into(),
        subject.entity.into(),
        subject.priority.into(),
        subject.location_id.into(),
        subject.policy_id.into(),
        scope.now().into(),
    ];
    let (mut ids, mut policies, mut metrics, mut targets) = (vec![], vec![], vec![], vec![]);
    for row in scope.query(POLICIES, &values).await? {
        let length = TimeDelta::minutes(row.try_get::<_, i32>(2)?.into());
        let calendar: Option<Uuid> = row.try_get(3)?;
        let policy: Uuid = row.try_get(0)?;
        let Some(target) = due_at(scope, calendar, scope.now(), length).await? else {
            tracing::warn!(biz_id = %scope.biz_id(), %policy, "the calendar of a policy is hardly ever open");
            continue;
        };
        ids.push(new_id());
        policies.push(policy);
        metrics.push(row.try_get::<_, String>(1)?);
        targets.push(target);
    }
    if ids.is_empty() {
        return Ok(());
    }
    let values: [Value; 9] = [
        scope.biz_id().into(),
        subject.entity.into(),
        subject.id.into(),
        subject.location_id.into(),
        scope.now().into(),
        ids.into(),
        policies.into(),
        metrics.into(),
        targets.into(),
    ];
    scope.execute(START, &values).await.map(drop)
}

/// A clock that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its id.
    pub id: Uuid,
    /// What it measures.
    pub metric: String,
    /// Where it stands.
    pub status: String,
    /// When time is up.
    pub target_at: DateTime<Utc>,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// When what was promised was done.
    pub stopped_at: Option<DateTime<Utc>>,
    /// By which calendar it counts.
    pub calendar_id: Option<Uuid>,
    /// In which statuses time stands still.
    pub pause_statuses: Vec<String>,
    /// The team that is told of a breach.
    pub escalate_to: Option<String>,
    /// What it is of.
    pub subject: (String, Uuid),
}

impl Clock {
    /// Reads one of [`CLOCK`].
    pub fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(0)?,
            metric: row.try_get(1)?,
            status: row.try_get(2)?,
            target_at: row.try_get(3)?,
            paused_at: row.try_get(4)?,
            stopped_at: row.try_get(5)?,
            calendar_id: row.try_get(6)?,
            pause_statuses: row.try_get(7)?,
            escalate_to: row.try_get(8)?,
            subject: (row.try_get(9)?, row.try_get(10)?),
        })
    }

    fn state(&self) -> State {
        match (self.status.as_str(), self.paused_at, self.stopped_at) {
            ("running", ..) => State::Running,
            ("paused", Some(since), _) => State::Paused(since),
            ("breached" | "compensated", _, None) => State::Late,
            _ => State::Over,
        }
    }
}

/// What is read of a clock; a condition follows, and the lock.
pub const CLOCK: &str = "select c.id, c.metric::text, c.status::text, c.target_at, c.paused_at, c.stopped_at, \
      p.calendar_id, p.pause_statuses, p.escalate_to, c.subject_type, c.subject_id, c.location_id \
    from operations.sla_clocks c join operations.sla_policies p on p.biz_id = c.biz_id and p.id = c.policy_id ";

/// Lets the clocks of a locked subject follow it into a status, in which these metrics are done.
pub async fn follow(
    scope: &Scope,
    subject: (&str, Uuid),
    status: &str,
    done: &[&str],
) -> Result<(), Error> {
    let sql = format!(
        "{CLOCK} where c.biz_id = $1 and c.subject_type = $2 and c.subject_id = $3 order by c.id for no key update of c"
    );
    let values = [scope.biz_id().into(), subject.0.into(), subject.1.into()];
    for row in scope.query(&sql, &values).await? {
        let clock = Clock::of(&row)?;
        let is_done = done.contains(&clock.metric.as_str());
        let stands_still = clock.pause_statuses.iter().any(|name| name == status);
        let now = scope.now();
        let step = moved(clock.state(), clock.target_at, now, is_done, stands_still);
        take(scope, &clock, step, status).await?;
    }
    Ok(())
}

async fn take(scope: &Scope, clock: &Clock, step: Move, status: &str) -> Result<(), Error> {
    let now = scope.now();
    match step {
        Move::Stay => {}
        Move::Meet => set(scope, clock, "met", None, None, Some(now)).await?,
        Move::Stop => stop(scope, clock).await?,
        Move::Breach => breach(scope, clock).await?,
        Move::BreachAndStop => {
            breach(scope, clock).await?;
            stop(scope, clock).await?;
        }
        Move::Pause => {
            set(scope, clock, "paused", None, Some(now), None).await?;
            let sql = "insert into operations.sla_clock_pauses (biz_id, id, clock_id, starts_at, reason) \
                       values ($1, $2, $3, $4, $5)";
            let values = [
                scope.biz_id().into(),
                new_id().into(),
                clock.id.into(),
                now.into(),
                status.into(),
            ];
            scope.execute(sql, &values).await?;
        }
        Move::Resume => {
            let target = after_pause(scope, clock).await?;
            set(scope, clock, "running", Some(target), None, None).await?;
            end_pause(scope, clock.id).await?;
        }
        Move::MeetPaused => {
            let target = after_pause(scope, clock).await?;
            set(scope, clock, "met", Some(target), None, Some(now)).await?;
            end_pause(scope, clock.id).await?;
        }
    }
    Ok(())
}

/// When time is up for a clock that goes on now: what was left when it was paused is left still.
async fn after_pause(scope: &Scope, clock: &Clock) -> Result<DateTime<Utc>, Error> {
    let now = scope.now();
    let since = clock.paused_at.unwrap_or(now);
    let left = counted_between(scope, clock.calendar_id, since, clock.target_at).await?;
    let target = due_at(scope, clock.calendar_id, now, left).await?;
    // A calendar that is not open any more takes nothing away.
    Ok(target.unwrap_or(now + left.max(TimeDelta::minutes(1))))
}

// A warning that was given before time was added does not stand for the new target.
const SET: &str = "update operations.sla_clocks set status = $3::text, target_at = coalesce($4, target_at), paused_at = $5, \
      stopped_at = $6, warned_at = case when $4::timestamptz is null then warned_at end \
    where biz_id = $1 and id = $2";

async fn set(
    scope: &Scope,
    clock: &Clock,
    status: &str,
    target: Option<DateTime<Utc>>,
    paused: Option<DateTime<Utc>>,
    stopped: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let values: [Value; 6] = [
        scope.biz_id().into(),
        clock.id.into(),
        status.into(),
        target.into(),
        paused.into(),
        stopped.into(),
    ];
    scope.execute(SET, &values).await.map(drop)
}

async fn stop(scope: &Scope, clock: &Clock) -> Result<(), Error> {
    let sql = "update operations.sla_clocks set stopped_at = $3 where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), clock.id.into(), scope.now().into()];
    scope.execute(sql, &values).await.map(drop)
}

/// Ends the pause of a clock, if it has one. A pause without length was none.
pub async fn end_pause(scope: &Scope, clock: Uuid) -> Result<(), Error> {
    let sql = "update operations.sla_clock_pauses set ends_at = greatest($3, starts_at + interval '1 microsecond') \
        where biz_id = $1 and clock_id = $2 and ends_at is null";
    let values = [scope.biz_id().into(), clock.into(), scope.now().into()];
    scope.execute(sql, &values).await.map(drop)
}

const BREACH: &str = "with late as ( \
      update operations.sla_clocks set status = 'breached', breached_at = target_at \
      where biz_id = $1 and id = $2 and status = 'running' returning biz_id, id, target_at) \
    insert into operations.sla_breach_events (biz_id, id, clock_id, breached_at, minutes_over) \
    select l.biz_id, $3, l.id, l.target_at, floor(extract(epoch from $4 - l.target_at) / 60)::integer from late l";

/// Notes that a locked clock is past its target, and tells the team that its policy names.
pub async fn breach(scope: &Scope, clock: &Clock) -> Result<(), Error> {
    let (id, now) = (new_id(), scope.now());
    let values = [
        scope.biz_id().into(),
        clock.id.into(),
        id.into(),
        now.into(),
    ];
    if scope.execute(BREACH, &values).await? == 0 {
        return Ok(());
    }
    if clock.escalate_to.is_some() && clock.subject.0 == "ServiceRequest" {
        let sql = "update operations.service_requests set escalation_level = least(9, escalation_level + 1) \
                   where biz_id = $1 and id = $2";
        let values = [scope.biz_id().into(), clock.subject.1.into()];
        scope.execute(sql, &values).await?;
    }
    let told = json!({
        "breach_id": id, "metric": clock.metric, "team": clock.escalate_to,
        "subject_type": clock.subject.0, "subject_id": clock.subject.1, "target_at": clock.target_at,
    });
    tell(scope, "sla.breached", ("SlaClock", clock.id), told).await
}

const GIVE_UP: &str = "with up as ( \
      update operations.sla_clocks set status = 'waived', paused_at = null, stopped_at = $4 \
      where biz_id = $1 and subject_type = $2 and subject_id = $3 and status in ('running', 'paused') returning id) \
    update operations.sla_clock_pauses p set ends_at = greatest($4, p.starts_at + interval '1 microsecond') \
    from up where p.biz_id = $1 and p.clock_id = up.id and p.ends_at is null";

/// Ends what was promised to a subject that is not wanted any more. The reason of its end is theirs.
pub async fn give_up(scope: &Scope, subject: (&str, Uuid)) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        subject.0.into(),
        subject.1.into(),
        scope.now().into(),
    ];
    scope.execute(GIVE_UP, &values).await.map(drop)
}
