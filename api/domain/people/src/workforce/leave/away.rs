//! Who is away cannot be booked: approved leave takes the person's resource at once, by a block for
//! each day of leave, which has the id of that day. What is booked already stays, and is listed.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::locked::Day;
use super::person::Person;
use super::rules::schedule::{DAY, Portion};
use foundation::database::{Error, Scope};
use scheduling::availability::rules::{Edge, day_start, instant_of};
use scheduling::availability::store::lock_resources;

/// The time that a part of a day takes, by the clocks at the person's place.
pub fn time(person: &Person, on: NaiveDate, portion: Portion) -> (DateTime<Utc>, DateTime<Utc>) {
    let (from, to) = portion.minutes();
    let at = |minute: i32, edge: Edge| {
        if minute >= DAY {
            return day_start(person.zone, on.succ_opt().unwrap_or(on));
        }
        let local = on.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute.into());
        instant_of(person.zone, local, edge)
    };
    (at(from, Edge::Start), at(to, Edge::End))
}

const BLOCKS: &str = "insert into availability.blocks (biz_id, id, resource_id, starts_at, ends_at, reason, note) \
    select $1, t.id, $2, t.starts_at, t.ends_at, 'private', $4 \
    from jsonb_to_recordset($3::jsonb) as t (id uuid, starts_at timestamptz, ends_at timestamptz) \
    on conflict do nothing";

// What is free of each time: the whole, less what is claimed already.
const TAKE: &str = "insert into availability.allocations (biz_id, id, source_type, source_id, resource_id, exclusive, \
      service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status) \
    select $1, core.uuid_v7(), 'AvailabilityBlock', t.id, $2, true, lower(g.gap), upper(g.gap), lower(g.gap), upper(g.gap), 'firm' \
    from jsonb_to_recordset($3::jsonb) as t (id uuid, starts_at timestamptz, ends_at timestamptz) \
    cross join lateral unnest(tstzmultirange(tstzrange(t.starts_at, t.ends_at)) - coalesce(( \
      select range_agg(a.blocked_period) from availability.allocations a \
      where a.biz_id = $1 and a.resource_id = $2 and a.status in ('hold', 'firm') \
        and a.blocked_starts_at < t.ends_at and a.blocked_ends_at > t.starts_at), '{}'::tstzmultirange)) as g (gap)";

/// Takes somebody out of what can be booked on days of leave.
pub async fn take(scope: &Scope, person: &Person, days: &[Day], note: &str) -> Result<(), Error> {
    let Some(resource) = person.resource_id.filter(|_| !days.is_empty()) else {
        return Ok(());
    };
    lock_resources(scope, &[resource]).await?;
    let times: Vec<_> = days
        .iter()
        .map(|day| (day.id, time(person, day.on, day.portion)))
        .filter(|(_, (from, to))| from < to)
        .map(|(id, (from, to))| json!({ "id": id, "starts_at": from, "ends_at": to }))
        .collect();
    let head = [
        scope.biz_id().into(),
        resource.into(),
        serde_json::Value::from(times).into(),
    ];
    let mut values = head.to_vec();
    values.push(note.into());
    scope.execute(BLOCKS, &values).await?;
    scope.execute(TAKE, &head).await.map(drop)
}

/// Lets somebody be booked again on days that were given back.
pub async fn give_back(scope: &Scope, days: Vec<Uuid>) -> Result<(), Error> {
    let release = "select availability.release('withdrawn', 'AvailabilityBlock', b.id) from availability.blocks b \
                   where b.biz_id = $1 and b.id = any ($2::uuid[]) and b.status = 'active' order by b.id";
    let values = [scope.biz_id().into(), days.into()];
    scope.query(release, &values).await?;
    let lift = "update availability.blocks b set status = 'lifted', lifted_at = $3 \
                where b.biz_id = $1 and b.id = any ($2::uuid[]) and b.status = 'active'";
    let mut values = values.to_vec();
    values.push(scope.now().into());
    scope.execute(lift, &values).await.map(drop)
}
