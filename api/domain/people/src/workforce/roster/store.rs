//! Shifts that are locked to be changed, made, and looked at for what people should know of them.

use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entities::workforce::{staff, staff_shift};
use sea_orm::Value;
use serde::Serialize;
use uuid::Uuid;

use super::rules::{Planned, REST_MINUTES, short_rests};
use foundation::database::{self, Scope};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault};

/// A shift that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Its id.
    pub id: Uuid,
    /// Who works.
    pub staff_id: Uuid,
    /// Where.
    pub location_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Its version.
    pub version: i32,
    /// As what they work.
    pub role: String,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
    /// Planned end.
    pub ends_at: DateTime<Utc>,
    /// Minutes of unpaid breaks.
    pub break_minutes: i32,
    /// What the person should know.
    pub note: String,
}

impl Shift {
    /// Whether the roster shows it, and work has not begun.
    pub fn is_ahead(&self) -> bool {
        matches!(self.status.as_str(), "published" | "confirmed")
    }
}

const LOCK: &str = "select id, staff_id, location_id, status::text, version, role, planned_starts_at, planned_ends_at, \
      break_minutes, note \
    from workforce.staff_shifts where biz_id = $1 and id = any ($2::uuid[]) order by id for no key update";

/// Locks shifts, in the order of their ids; those that there are not are left out.
pub async fn lock_shifts(scope: &Scope, ids: Vec<Uuid>) -> Result<Vec<Shift>, database::Error> {
    let values = [scope.biz_id().into(), ids.into()];
    let rows = scope.query(LOCK, &values).await?;
    let shift = |row: &tokio_postgres::Row| {
        Ok(Shift {
            id: row.try_get(0)?,
            staff_id: row.try_get(1)?,
            location_id: row.try_get(2)?,
            status: row.try_get(3)?,
            version: row.try_get(4)?,
            role: row.try_get(5)?,
            starts_at: row.try_get(6)?,
            ends_at: row.try_get(7)?,
            break_minutes: row.try_get(8)?,
            note: row.try_get(9)?,
        })
    };
    rows.iter().map(shift).collect()
}

/// Locks a shift, whoever it belongs to.
pub async fn lock_shift(
    scope: &Scope,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Shift, Failure> {
    let shift = lock_shifts(scope, vec![id]).await?.pop();
    let shift = shift.ok_or_else(|| Failure::new(Code::NotFound, "There is no such shift."))?;
    Failure::unless_current("shift", shift.version, expected_version)?;
    Ok(shift)
}

/// The zone of a location that the permission reaches.
pub async fn zone_at<P>(
    act: &Act<'_>,
    permission: &str,
    location_id: Uuid,
) -> Result<Tz, Fault<P>> {
    act.permit_at(permission, location_id, "location")?;
    let sql =
        "select timezone from core.locations where biz_id = $1 and id = $2 and deleted_at is null";
    let values = [act.scope.biz_id().into(), location_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("location"))?;
    Ok(row.try_get::<_, &str>(0)?.parse().unwrap_or(Tz::UTC))
}

/// A shift to be made.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Who works.
    pub staff_id: Uuid,
    /// Where.
    pub location_id: Uuid,
    /// As what.
    pub role: String,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
    /// Planned end.
    pub ends_at: DateTime<Utc>,
    /// Minutes of unpaid breaks.
    pub break_minutes: i32,
    /// What the person should know.
    pub note: String,
}

const INSERT: &str = "insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, role, \
      planned_starts_at, planned_ends_at, break_minutes, note, status, published_at, swap_of_id) \
    values ($1, $2, $3, $4, core.business_date($1, $4, $6), $5, $6, $7, $8, $9, $10, $11, $12)";

/// Makes a draft of a shift.
pub async fn insert_draft(scope: &Scope, id: Uuid, draft: &Draft) -> Result<(), database::Error> {
    insert(scope, id, draft, "draft", None, None).await
}

/// Makes a shift that somebody has said yes to; `swap_of` is the one that it replaces, if any.
pub async fn insert_confirmed(
    scope: &Scope,
    id: Uuid,
    draft: &Draft,
    swap_of: Option<Uuid>,
) -> Result<(), database::Error> {
    insert(scope, id, draft, "confirmed", Some(scope.now()), swap_of).await
}

async fn insert(
    scope: &Scope,
    id: Uuid,
    draft: &Draft,
    status: &str,
    published_at: Option<DateTime<Utc>>,
    swap_of: Option<Uuid>,
) -> Result<(), database::Error> {
    let values: [Value; 12] = [
        scope.biz_id().into(),
        id.into(),
        draft.staff_id.into(),
        draft.location_id.into(),
        draft.role.as_str().into(),
        draft.starts_at.into(),
        draft.ends_at.into(),
        draft.break_minutes.into(),
        draft.note.as_str().into(),
        status.into(),
        published_at.into(),
        swap_of.into(),
    ];
    scope.execute(INSERT, &values).await.map(drop)
}

/// Calls shifts off, for a reason.
pub async fn call_off(scope: &Scope, ids: Vec<Uuid>, reason: &str) -> Result<(), database::Error> {
    scope.set_reason(reason).await?;
    let sql = "update workforce.staff_shifts set status = 'cancelled' where biz_id = $1 and id = any ($2::uuid[])";
    let values = [scope.biz_id().into(), ids.into()];
    scope.execute(sql, &values).await.map(drop)
}

/// What is against a shift, and does not forbid it.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RosterWarningKind {
    /// There is less rest between two shifts than there should be.
    ShortRest,
    /// The person is on leave that day, or has asked for it.
    OnLeave,
}

/// Something that whoever plans should know of a shift. It does not forbid it.
#[derive(Clone, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RosterWarning {
    /// What it is.
    pub kind: RosterWarningKind,
    /// Whose shift.
    pub staff_id: Id<staff::Entity>,
    /// The shift; of too short a rest, the one after it.
    pub shift_id: Id<staff_shift::Entity>,
    /// Of too short a rest, the shift before it.
    pub other_shift_id: Option<Id<staff_shift::Entity>>,
    /// Of too short a rest, how many minutes it has.
    pub rest_minutes: Option<i64>,
    /// The day, of leave.
    pub on: Option<foundation::graph::scalars::Day>,
    /// A sentence for people.
    pub message: String,
}

// A neighbour counts as far as any rest reaches.
const NEIGHBOURS: &str = "with mine as ( \
      select s.staff_id, s.planned_starts_at as a, s.planned_ends_at as e from workforce.staff_shifts s \
      where s.biz_id = $1 and s.id = any ($2::uuid[])) \
    select distinct o.id, o.staff_id, o.planned_starts_at, o.planned_ends_at from mine m \
    join workforce.staff_shifts o on o.biz_id = $1 and o.staff_id = m.staff_id and o.status not in ('cancelled', 'no_show') \
      and o.planned_starts_at < m.e + make_interval(mins => $3) and o.planned_ends_at > m.a - make_interval(mins => $3)";

const LEAVE: &str = "select s.staff_id, s.id, d.leave_on, d.status = 'charged' from workforce.staff_shifts s \
    join workforce.leave_request_days d on d.biz_id = s.biz_id and d.staff_id = s.staff_id and d.leave_on = s.business_date \
      and d.status in ('reserved', 'charged') \
    where s.biz_id = $1 and s.id = any ($2::uuid[]) and s.status <> 'cancelled' order by d.leave_on, s.id limit 500";

const REST: &str = "select (s.value #>> '{}')::integer from core.settings s \
    where s.biz_id = $1 and s.scope_type = 'Biz' and s.key = 'workforce.min_rest_minutes' \
      and s.deleted_at is null and s.value #>> '{}' ~ '^[0-9]{1,5}$'";

/// How many minutes people of the tenant rest between two shifts.
pub async fn rest_minutes(scope: &Scope) -> Result<i64, database::Error> {
    let row = scope.query_opt(REST, &[scope.biz_id().into()]).await?;
    let set: Option<i32> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(set.map_or(REST_MINUTES, i64::from))
}

/// What should be known of these shifts: short rests around them, and leave on their days.
pub async fn warnings(scope: &Scope, ids: &[Uuid]) -> Result<Vec<RosterWarning>, database::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rest = rest_minutes(scope).await?;
    let of_ids: [Value; 2] = [scope.biz_id().into(), ids.to_vec().into()];
    let mut with_rest = of_ids.to_vec();
    with_rest.push(i32::try_from(rest).unwrap_or(i32::MAX).into());
    let (neighbours, leave) = futures_util::try_join!(
        scope.query(NEIGHBOURS, &with_rest),
        scope.query(LEAVE, &of_ids),
    )?;
    let planned = |row: &tokio_postgres::Row| {
        Ok(Planned {
            id: row.try_get(0)?,
            staff_id: row.try_get(1)?,
            starts_at: row.try_get(2)?,
            ends_at: row.try_get(3)?,
        })
    };
    let shifts = neighbours.iter().map(planned);
    let shifts = shifts.collect::<Result<Vec<_>, database::Error>>()?;
    let asked: std::collections::HashSet<Uuid> = ids.iter().copied().collect();
    let rests = short_rests(shifts, rest, |id| asked.contains(&id));
    let mut warnings: Vec<RosterWarning> = rests
        .into_iter()
        .take(500)
        .map(|short| RosterWarning {
            kind: RosterWarningKind::ShortRest,
            staff_id: Id::new(short.staff_id),
            shift_id: Id::new(short.after),
            other_shift_id: Some(Id::new(short.before)),
            rest_minutes: Some(short.minutes),
            on: None,
            message: format!(
                "Between the two shifts are {} minutes of rest; there should be {rest}.",
                short.minutes
            ),
        })
        .collect();
    for row in &leave {
        let (on, is_approved): (NaiveDate, bool) = (row.try_get(2)?, row.try_get(3)?);
        let told = if is_approved {
            "is on leave"
        } else {
            "has asked for leave"
        };
        warnings.push(RosterWarning {
            kind: RosterWarningKind::OnLeave,
            staff_id: Id::new(row.try_get(0)?),
            shift_id: Id::new(row.try_get(1)?),
            other_shift_id: None,
            rest_minutes: None,
            on: Some(foundation::graph::scalars::Day(on)),
            message: format!("The person {told} on {on}."),
        });
    }
    Ok(warnings)
}

/// The warnings as a payload has them.
pub async fn told(scope: &Scope, ids: &[Uuid]) -> Result<serde_json::Value, Failure> {
    let warnings = warnings(scope, ids).await?;
    serde_json::to_value(warnings).map_err(Failure::internal)
}
