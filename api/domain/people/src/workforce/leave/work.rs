//! What somebody was to do on days of leave, and who else of their team is away then.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::booking::fulfillment_assignment;
use entities::workforce::staff_shift;
use uuid::Uuid;

use super::away::time;
use super::person::Person;
use super::rules::schedule::Portion;
use super::rules::years::Days;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Day, Id, Instant};

/// The most that is listed.
const MOST: i64 = 500;

/// What kind of work falls into leave.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeaveWorkKind {
    /// A shift of the roster.
    Shift,
    /// The work of a booking that the person is assigned to.
    Assignment,
    /// A booking that takes the person's time without an assignment.
    Booking,
}

/// Work that falls into leave, and has to be given to somebody else or moved.
#[derive(SimpleObject, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaveWork {
    /// What it is.
    kind: LeaveWorkKind,
    /// The shift, of one.
    shift_id: Option<Id<staff_shift::Entity>>,
    /// The assignment, of one.
    assignment_id: Option<Id<fulfillment_assignment::Entity>>,
    /// When it begins.
    starts_at: Instant,
    /// When it ends.
    ends_at: Instant,
    /// What it is in words: the role, or the number of the booking.
    title: String,
}

const WORK: &str = "select * from ( \
      select 'shift', s.id, s.planned_starts_at as starts_at, s.planned_ends_at, coalesce(nullif(s.role, ''), 'Shift') \
      from workforce.staff_shifts s \
      where s.biz_id = $1 and s.staff_id = $2 and s.status in ('draft', 'published', 'confirmed') \
        and s.planned_starts_at < $5 and s.planned_ends_at > $4 \
      union all \
      select 'assignment', a.id, u.planned_starts_at, u.planned_ends_at, a.role \
      from booking.fulfillment_assignments a \
      join booking.fulfillment_units u on u.biz_id = a.biz_id and u.id = a.unit_id \
      where a.biz_id = $1 and a.resource_id = $3 and a.status in ('proposed', 'accepted') \
        and u.planned_starts_at < $5 and u.planned_ends_at > $4 \
      union all \
      select 'booking', l.id, l.service_starts_at, l.service_ends_at, coalesce(o.number, l.source_type) \
      from availability.allocations l \
      left join booking.booking_orders o on o.biz_id = l.biz_id and l.source_type = 'BookingOrder' and o.id = l.source_id \
      where l.biz_id = $1 and l.resource_id = $3 and l.status = 'firm' and l.source_type <> 'AvailabilityBlock' \
        and l.service_starts_at < $5 and l.service_ends_at > $4 \
        and not exists (select from booking.fulfillment_assignments a where a.biz_id = $1 and a.allocation_id = l.id \
          and a.status in ('proposed', 'accepted'))) w \
    order by w.starts_at limit $6";

/// What somebody was to do in parts of days, in order of time; 500 at most.
pub async fn work(
    scope: &Scope,
    person: &Person,
    portions: &[(NaiveDate, Portion)],
) -> Result<Vec<LeaveWork>, Error> {
    let times: Vec<_> = portions
        .iter()
        .map(|(on, portion)| time(person, *on, *portion))
        .collect();
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Ok(Vec::new());
    };
    let values = [
        scope.biz_id().into(),
        person.id.into(),
        person.resource_id.into(),
        first.0.into(),
        last.1.into(),
        MOST.into(),
    ];
    let mut found = Vec::new();
    for row in scope.query(WORK, &values).await? {
        let (kind, id): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>) =
            (row.try_get(2)?, row.try_get(3)?);
        if !times
            .iter()
            .any(|(from, to)| starts_at < *to && *from < ends_at)
        {
            continue;
        }
        found.push(LeaveWork {
            kind: match kind.as_str() {
                "shift" => LeaveWorkKind::Shift,
                "assignment" => LeaveWorkKind::Assignment,
                _ => LeaveWorkKind::Booking,
            },
            shift_id: (kind == "shift").then(|| Id::new(id)),
            assignment_id: (kind == "assignment").then(|| Id::new(id)),
            starts_at: Instant(starts_at),
            ends_at: Instant(ends_at),
            title: row.try_get(4)?,
        });
    }
    Ok(found)
}

/// How many of somebody's team are away on a day, besides them.
#[derive(SimpleObject, Clone)]
pub struct LeaveCoverage {
    /// The day.
    day: Day,
    /// How many are away, or have asked to be.
    away: i32,
    /// How many work there: the people of the same department and location, this person included.
    team: i32,
}

const TEAM: &str = "with team as ( \
      select s.id from workforce.staff s \
      where s.biz_id = $1 and s.deleted_at is null and s.hired_on < $6 and (s.terminated_on is null or s.terminated_on > $5) \
        and s.department_id is not distinct from $3::uuid and s.home_location_id is not distinct from $4::uuid) \
    select d.leave_on, count(distinct d.staff_id)::integer, (select count(*)::integer from team) \
    from workforce.leave_request_days d \
    where d.biz_id = $1 and d.leave_on >= $5 and d.leave_on < $6 and d.status in ('reserved', 'charged') \
      and d.staff_id <> $2 and d.staff_id in (select id from team) \
    group by d.leave_on order by d.leave_on";

/// The days on which others of somebody's team are away.
pub async fn coverage(
    scope: &Scope,
    person: &Person,
    days: Days,
) -> Result<Vec<LeaveCoverage>, Error> {
    let values = [
        scope.biz_id().into(),
        person.id.into(),
        person.department_id.into(),
        person.location_id.into(),
        days.0.into(),
        days.1.into(),
    ];
    let rows = scope.query(TEAM, &values).await?;
    let of = |row: &tokio_postgres::Row| -> Result<LeaveCoverage, Error> {
        Ok(LeaveCoverage {
            day: Day(row.try_get(0)?),
            away: row.try_get(1)?,
            team: row.try_get(2)?,
        })
    };
    rows.iter().map(of).collect()
}
