//! Somebody who works here, as leave sees them: from when to when, by which schedule and holidays.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::rules::accrual::Employment;
use super::rules::schedule::{Counts, Holiday, Schedule, WorkDay};
use super::rules::years::Days;
use foundation::database::{Error, Scope};
use foundation::graph::failure::{Code, Failure};
use foundation::identity::Principal;
use foundation::identity::roles::SELF_SERVICE;
use scheduling::availability::rules::local_day;

/// May ask, cancel and recall for others, and correct balances.
pub const MANAGE: &str = "workforce.manage_leave";
/// May decide where nobody who was asked does.
pub const DECIDE: &str = "workforce.decide_leave";

/// Somebody who works here, or did.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: Uuid,
    /// Name on documents.
    pub name: String,
    /// Their sign-in to the tenant.
    pub member_id: Option<Uuid>,
    /// By which they can be booked.
    pub resource_id: Option<Uuid>,
    /// The group whose policies apply.
    pub group: String,
    /// From when to when.
    pub who: Employment,
    /// The department.
    pub department_id: Option<Uuid>,
    /// Where they usually work.
    pub location_id: Option<Uuid>,
    /// The zone of their schedule, or else of where they work.
    pub zone: Tz,
    /// What they work; none of casual staff.
    pub schedule: Option<Schedule>,
    /// Whose holidays are free.
    pub calendar_id: Option<Uuid>,
}

/// What somebody can be away for.
#[derive(Clone, Debug)]
pub struct LeaveKind {
    /// The type.
    pub id: Uuid,
    /// Whether balances are kept.
    pub is_tracked: bool,
    /// Whether a document is needed.
    pub requires_document: bool,
    /// What costs leave.
    pub counts: Counts,
}

macro_rules! read_person {
    () => {
        "select s.id, s.full_name, s.member_id, s.resource_id, s.staff_group, s.hired_on, s.terminated_on, s.department_id, \
      s.home_location_id, s.weekly_minutes, w.cycle_weeks, w.cycle_starts_on, w.holiday_calendar_id, \
      coalesce(w.timezone, l.timezone, b.default_timezone), \
      (select jsonb_agg(jsonb_build_array(d.week_no, d.weekday, \
          (extract(hour from d.starts_at_local) * 60 + extract(minute from d.starts_at_local))::integer, \
          d.work_minutes, d.break_minutes)) \
        from workforce.work_schedule_days d \
        where d.biz_id = w.biz_id and d.work_schedule_id = w.id and d.deleted_at is null) \
    from workforce.staff s \
    join core.bizes b on b.id = s.biz_id \
    left join core.locations l on l.biz_id = s.biz_id and l.id = s.home_location_id \
    left join workforce.work_schedules w on w.biz_id = s.biz_id and w.id = s.work_schedule_id and w.deleted_at is null \
    where s.biz_id = $1 and s.deleted_at is null and "
    };
}

const READ: &str = concat!(read_person!(), "s.id = $2");
const LOCK: &str = concat!(read_person!(), "s.id = $2 for no key update of s");
const OF_MEMBER: &str = "select s.id from workforce.staff s where s.biz_id = $1 and s.member_id = $2 and s.deleted_at is null";

impl Person {
    /// Whether this is the row of whoever acts.
    pub fn is(&self, principal: &Principal) -> bool {
        self.member_id.is_some() && self.member_id == principal.member_id()
    }

    /// The day on the calendar at their place.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        local_day(self.zone, now)
    }

    /// Whether whoever acts holds a permission where this person works.
    pub fn is_within(&self, principal: &Principal, permission: &str) -> bool {
        match self.location_id {
            Some(location) => principal.may_at(permission, location),
            None => principal.may(permission),
        }
    }

    /// Lets in whoever acts for themselves, or manages leave where this person works; for anybody
    /// else there is no such person. Says whether they act for themselves alone.
    pub fn admit(&self, principal: &Principal) -> Result<bool, Failure> {
        if self.is_within(principal, MANAGE) {
            return Ok(self.is(principal));
        }
        if self.is(principal) && principal.may(SELF_SERVICE) {
            return Ok(true);
        }
        Err(nobody())
    }

    /// Lets in whoever holds a permission where this person works.
    pub fn permit(&self, principal: &Principal, permission: &str) -> Result<(), Failure> {
        if self.is_within(principal, permission) {
            return Ok(());
        }
        Err(nobody())
    }
}

fn nobody() -> Failure {
    Failure::new(Code::NotFound, "There is no such staff member.")
}

/// Somebody, and whether they are locked: all that changes somebody's leave takes turns.
pub async fn person(scope: &Scope, id: Uuid, is_locked: bool) -> Result<Person, Failure> {
    found(scope, id, is_locked).await?.ok_or_else(nobody)
}

/// The same, where they may be gone.
pub async fn found(scope: &Scope, id: Uuid, is_locked: bool) -> Result<Option<Person>, Error> {
    let sql = if is_locked { LOCK } else { READ };
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), id.into()])
        .await?;
    row.as_ref().map(of).transpose()
}

/// Whom a verb is about: whoever is named, or else whoever acts.
pub async fn whom(
    scope: &Scope,
    principal: &Principal,
    named: Option<Uuid>,
) -> Result<Uuid, Failure> {
    if let Some(id) = named {
        return Ok(id);
    }
    let none =
        || Failure::input("staffId must be given: whoever is signed in is no member of staff.");
    let member = principal.member_id().ok_or_else(none)?;
    let row = scope
        .query_opt(OF_MEMBER, &[scope.biz_id().into(), member.into()])
        .await?;
    Ok(row.ok_or_else(none)?.try_get(0).map_err(Error::from)?)
}

fn of(row: &tokio_postgres::Row) -> Result<Person, Error> {
    let zone: String = row.try_get(13)?;
    let weekly: Option<i32> = row.try_get(9)?;
    let cycle: Option<i16> = row.try_get(10)?;
    let schedule = match cycle {
        Some(weeks) => Some(Schedule {
            cycle_weeks: weeks.into(),
            cycle_starts_on: row.try_get(11)?,
            days: working_days(row.try_get(14)?)?,
        }),
        None => weekly.map(Schedule::of_contract),
    };
    Ok(Person {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        member_id: row.try_get(2)?,
        resource_id: row.try_get(3)?,
        group: row.try_get(4)?,
        who: Employment {
            hired_on: row.try_get(5)?,
            left_on: row.try_get(6)?,
        },
        department_id: row.try_get(7)?,
        location_id: row.try_get(8)?,
        zone: zone
            .parse()
            .map_err(|_| Error::Internal(format!("the time zone {zone} is not known")))?,
        schedule,
        calendar_id: row.try_get(12)?,
    })
}

fn working_days(days: Option<serde_json::Value>) -> Result<BTreeMap<(i64, u32), WorkDay>, Error> {
    type Read = Vec<(i64, u32, Option<i32>, i32, i32)>;
    let days: Read = serde_json::from_value(days.unwrap_or_else(|| serde_json::json!([])))
        .map_err(|error| Error::Internal(format!("a schedule cannot be read: {error}")))?;
    let day =
        |(week, weekday, begins, work, rest)| ((week, weekday), WorkDay { begins, work, rest });
    Ok(days.into_iter().map(day).collect())
}

/// The holidays of somebody's calendar on some days, and the row of each.
pub async fn holidays(
    scope: &Scope,
    person: &Person,
    days: Days,
) -> Result<BTreeMap<NaiveDate, (Holiday, Uuid)>, Error> {
    let mut found: BTreeMap<NaiveDate, (Holiday, Uuid)> = BTreeMap::new();
    let Some(calendar) = person.calendar_id else {
        return Ok(found);
    };
    let sql = "select h.holiday_on, h.kind::text, h.id from availability.holidays h \
        where h.biz_id = $1 and h.calendar_id = $2 and h.holiday_on >= $3 and h.holiday_on < $4 \
          and h.deleted_at is null order by h.holiday_on, h.id";
    let values = [
        scope.biz_id().into(),
        calendar.into(),
        days.0.into(),
        days.1.into(),
    ];
    for row in scope.query(sql, &values).await? {
        let (on, kind, id): (NaiveDate, String, Uuid) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let holiday = found.entry(on).or_insert((Holiday::default(), id));
        holiday.0 = holiday.0.and(&kind);
    }
    Ok(found)
}

/// A type of leave that is in use.
pub async fn leave_kind(scope: &Scope, id: Uuid) -> Result<LeaveKind, Failure> {
    let sql = "select t.id, t.is_tracked, t.requires_document, t.counts_holidays, t.counts_weekends \
        from workforce.leave_types t where t.biz_id = $1 and t.id = $2";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such type of leave."))?;
    let read = || -> Result<LeaveKind, Error> {
        Ok(LeaveKind {
            id: row.try_get(0)?,
            is_tracked: row.try_get(1)?,
            requires_document: row.try_get(2)?,
            counts: Counts {
                holidays: row.try_get(3)?,
                weekends: row.try_get(4)?,
            },
        })
    };
    Ok(read()?)
}
