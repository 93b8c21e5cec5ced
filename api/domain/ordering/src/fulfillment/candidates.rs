//! Who would do for a piece of work, and is free.

use uuid::Uuid;

use super::locked::Locked;
use super::rules::Candidate;
use foundation::database::{Error, Scope};
use scheduling::availability::search::Shopper;
use scheduling::availability::search::direct::{self, Direct, Use};

/// Who is asked.
pub(super) struct Asked {
    /// The members of a group on the day of the work.
    pub group_id: Option<Uuid>,
    /// Resources by name.
    pub resource_ids: Vec<Uuid>,
}

const MEMBERS: &str = "select r.id, max(w.weight), min(w.priority) from ( \
      select m.resource_id as id, m.weight, m.priority from resources.resource_group_members m \
      where m.biz_id = $1 and m.group_id = $2 and m.deleted_at is null \
        and coalesce(m.starts_on, '-infinity') <= $4::timestamptz::date and coalesce(m.ends_on, 'infinity') > $4::timestamptz::date \
      union all \
      select n.id, 1, n.place::integer from unnest($3::uuid[]) with ordinality as n (id, place)) w \
    join resources.resources r on r.biz_id = $1 and r.id = w.id and r.lifecycle_status = 'active' and r.deleted_at is null \
    group by r.id order by r.id limit 501";

/// Those who are asked and in use, with weight and rank; in the order in which they are locked.
pub(super) async fn members(
    scope: &Scope,
    asked: &Asked,
    unit: &Locked,
) -> Result<Vec<(Uuid, i32, i32)>, Error> {
    let day = unit.planned.map_or(scope.now(), |time| time.0);
    let values = [
        scope.biz_id().into(),
        asked.group_id.into(),
        asked.resource_ids.clone().into(),
        day.into(),
    ];
    let rows = scope.query(MEMBERS, &values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
        .collect()
}

// Turns are counted over four weeks, and the load over the day before and after the work.
const FREE: &str = "select m.id, m.weight, m.priority, t.turns, t.last_turn_at, coalesce(b.minutes, 0)::bigint \
    from unnest($2::uuid[], $3::integer[], $4::integer[]) as m (id, weight, priority) \
    join resources.resources r on r.biz_id = $1 and r.id = m.id \
    cross join lateral ( \
      select count(*) as turns, max(a.created_at) as last_turn_at from booking.fulfillment_assignments a \
      where a.biz_id = $1 and a.resource_id = m.id and a.status in ('proposed', 'accepted', 'completed') \
        and a.created_at > clock_timestamp() - interval '28 days') t \
    cross join lateral ( \
      select sum(extract(epoch from a.service_ends_at - a.service_starts_at) / 60) as minutes from availability.allocations a \
      where a.biz_id = $1 and a.resource_id = m.id and a.status in ('hold', 'firm') \
        and a.blocked_starts_at < $6::timestamptz + interval '1 day' and a.blocked_ends_at > $5::timestamptz - interval '1 day') b \
    where not exists (select from booking.fulfillment_assignments a \
        where a.biz_id = $1 and a.unit_id = $7 and a.resource_id = m.id and a.status in ('proposed', 'accepted', 'completed')) \
      and ($5::timestamptz is null \
        or availability.peak_use(m.id, null, $5, $6, r.capacity) < r.capacity \
        or exists (select from availability.allocations a \
          where a.biz_id = $1 and a.resource_id = m.id and a.source_type = 'BookingOrder' and a.source_id = $8 \
            and a.status in ('hold', 'firm') and a.service_starts_at <= $5 and a.service_ends_at >= $6))";

/// Those of them who are free for the work and do not do it already. They are locked.
pub(super) async fn free(
    scope: &Scope,
    members: &[(Uuid, i32, i32)],
    unit: &Locked,
) -> Result<Vec<Candidate>, Error> {
    let values = [
        scope.biz_id().into(),
        members
            .iter()
            .map(|member| member.0)
            .collect::<Vec<_>>()
            .into(),
        members
            .iter()
            .map(|member| member.1)
            .collect::<Vec<_>>()
            .into(),
        members
            .iter()
            .map(|member| member.2)
            .collect::<Vec<_>>()
            .into(),
        unit.planned.map(|time| time.0).into(),
        unit.planned.map(|time| time.1).into(),
        unit.id.into(),
        unit.order_id.into(),
    ];
    let rows = scope.query(FREE, &values).await?;
    let candidate = |row: &tokio_postgres::Row| {
        Ok(Candidate {
            id: row.try_get(0)?,
            weight: row.try_get(1)?,
            priority: row.try_get(2)?,
            turns: row.try_get(3)?,
            last_turn_at: row.try_get(4)?,
            load_minutes: row.try_get(5)?,
        })
    };
    let free = rows
        .iter()
        .map(candidate)
        .collect::<Result<Vec<_>, Error>>()?;
    at_hand(scope, free, unit).await
}

/// Those who are there when the work is planned, by their hours, rosters and blocks.
async fn at_hand(
    scope: &Scope,
    mut free: Vec<Candidate>,
    unit: &Locked,
) -> Result<Vec<Candidate>, Error> {
    let Some(time) = unit.planned else {
        return Ok(free);
    };
    let usage = |candidate: &Candidate| Use {
        resource_id: candidate.id,
        service: time,
        blocked: time,
    };
    let uses: Vec<Use> = free.iter().map(usage).collect();
    let asked = direct::Asked {
        location_id: unit.location_id,
        sellable_id: None,
        party_size: 1,
        shopper: Shopper {
            order_ids: vec![unit.order_id],
            ..Shopper::default()
        },
        by_staff: true,
    };
    let direct = Box::pin(Direct::load(scope, asked, &uses)).await?;
    free.retain(|candidate| direct.is_at_hand(&usage(candidate)));
    Ok(free)
}
