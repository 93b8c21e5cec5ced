//! Times and time sheets: locked, read, and kept in step with each other.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::rules::{Contract, Overtime, Policy, monday_of, overtime};
use foundation::database::{self, Scope};
use foundation::graph::failure::{Code, Failure};

/// Whole minutes of a person's day, by what they did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minutes {
    /// Work.
    pub worked: i64,
    /// On the way on duty.
    pub travel: i64,
    /// Being trained.
    pub training: i64,
    /// Breaks, which are not paid.
    pub breaks: i64,
}

impl Minutes {
    /// All but breaks.
    pub fn paid(&self) -> i64 {
        self.worked + self.travel + self.training
    }
}

// Minutes are elapsed ones, whatever clocks did in between: seconds of a day are summed up before
// they are rounded down.
const DAYS: &str = "select s.staff_id, s.business_date, s.kind::text, \
      floor(sum(extract(epoch from s.ends_at - s.starts_at)) / 60)::bigint \
    from workforce.work_time_segments s \
    where s.biz_id = $1 and s.staff_id = any ($2::uuid[]) and s.business_date >= $3 and s.business_date < $4 \
      and s.superseded_at is null and s.ends_at is not null \
    group by s.staff_id, s.business_date, s.kind";

/// What people worked on each business day from one on and before another.
pub async fn days(
    scope: &Scope,
    staff_ids: Vec<Uuid>,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<BTreeMap<(Uuid, NaiveDate), Minutes>, database::Error> {
    let values = [
        scope.biz_id().into(),
        staff_ids.into(),
        from.into(),
        until.into(),
    ];
    let mut days: BTreeMap<(Uuid, NaiveDate), Minutes> = BTreeMap::new();
    for row in scope.query(DAYS, &values).await? {
        let day = days.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
        let minutes = row.try_get(3)?;
        match row.try_get::<_, &str>(2)? {
            "travel" => day.travel = minutes,
            "training" => day.training = minutes,
            "break" => day.breaks = minutes,
            _ => day.worked = minutes,
        }
    }
    Ok(days)
}

const POLICIES: &str = "select id, location_id, tier, daily_threshold_minutes, weekly_threshold_minutes, multiplier, \
      starts_on, ends_on, is_by_contract \
    from workforce.overtime_policies \
    where biz_id = $1 and deleted_at is null and starts_on < $3 and coalesce(ends_on, 'infinity') > $2 limit 1000";

/// The policies that hold on some of these days.
pub async fn policies(
    scope: &Scope,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Policy>, database::Error> {
    let values = [scope.biz_id().into(), from.into(), until.into()];
    let rows = scope.query(POLICIES, &values).await?;
    let policy = |row: &Row| {
        Ok(Policy {
            id: row.try_get(0)?,
            location_id: row.try_get(1)?,
            tier: row.try_get(2)?,
            daily: row.try_get::<_, Option<i32>>(3)?.map(i64::from),
            weekly: row.try_get::<_, Option<i32>>(4)?.map(i64::from),
            multiplier: row.try_get::<_, Decimal>(5)?,
            starts_on: row.try_get(6)?,
            ends_on: row.try_get(7)?,
            is_by_contract: row.try_get(8)?,
        })
    };
    rows.iter().map(policy).collect()
}

// Whose contract names no minutes works those of an average week of their schedule.
const CONTRACTS: &str = "select s.id, s.home_location_id, coalesce(s.weekly_minutes, ( \
      select sum(d.work_minutes) / min(d.cycle_weeks) from workforce.work_schedule_days d \
      where d.biz_id = s.biz_id and d.work_schedule_id = s.work_schedule_id and d.deleted_at is null))::bigint \
    from workforce.staff s where s.biz_id = $1 and s.id = any ($2::uuid[])";

/// What bears on the overtime of people.
pub async fn contracts(
    scope: &Scope,
    staff_ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Contract>, database::Error> {
    let values = [scope.biz_id().into(), staff_ids.into()];
    let rows = scope.query(CONTRACTS, &values).await?;
    let contract = |row: &Row| {
        let (location, weekly) = (row.try_get(1)?, row.try_get(2)?);
        Ok((row.try_get(0)?, Contract { location, weekly }))
    };
    rows.iter().map(contract).collect()
}

/// The overtime of a person on each day of a time sheet; the days of its first week that lie before
/// it count towards that week.
pub async fn overtime_of(
    scope: &Scope,
    staff_id: Uuid,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<(BTreeMap<NaiveDate, Minutes>, Vec<Overtime>), database::Error> {
    let monday = monday_of(from);
    let all = days(scope, vec![staff_id], monday, until).await?;
    let policies = policies(scope, monday, until).await?;
    let contract = contracts(scope, vec![staff_id]).await?;
    let contract = contract.get(&staff_id).copied().unwrap_or_default();
    let paid = all.iter().map(|((_, day), minutes)| (*day, minutes.paid()));
    let mut found = overtime(&policies, contract, &paid.collect());
    found.retain(|one| one.day >= from);
    let of_sheet = all.into_iter().map(|((_, day), minutes)| (day, minutes));
    Ok((of_sheet.filter(|(day, _)| *day >= from).collect(), found))
}

/// A time sheet that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its id.
    pub id: Uuid,
    /// Whose hours.
    pub staff_id: Uuid,
    /// First business day.
    pub starts_on: NaiveDate,
    /// First business day that is no longer in it.
    pub ends_on: NaiveDate,
    /// Where it stands.
    pub status: String,
}

const LOCK_SHEET: &str = "select staff_id, starts_on, ends_on, status::text, version from workforce.timesheets \
    where biz_id = $1 and id = $2 for no key update";

/// Locks a time sheet.
pub async fn lock_sheet(
    scope: &Scope,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Sheet, Failure> {
    let row = scope
        .query_opt(LOCK_SHEET, &[scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such time sheet."))?;
    let read = || -> Result<(Sheet, i32), tokio_postgres::Error> {
        let sheet = Sheet {
            id,
            staff_id: row.try_get(0)?,
            starts_on: row.try_get(1)?,
            ends_on: row.try_get(2)?,
            status: row.try_get(3)?,
        };
        Ok((sheet, row.try_get(4)?))
    };
    let (sheet, version) = read().map_err(Failure::internal)?;
    Failure::unless_current("time sheet", version, expected_version)?;
    Ok(sheet)
}

const TOTALS: &str = "update workforce.timesheets t \
    set worked_minutes = $3, travel_minutes = $4, training_minutes = $5, break_minutes = $6, overtime_minutes = $7, \
      leave_minutes = coalesce((select sum(d.minutes) from workforce.leave_request_days d \
        join workforce.leave_types l on l.biz_id = d.biz_id and l.id = d.leave_type_id and l.is_paid \
        where d.biz_id = t.biz_id and d.staff_id = t.staff_id and d.status = 'charged' \
          and d.leave_on >= t.starts_on and d.leave_on < t.ends_on), 0) \
    where t.biz_id = $1 and t.id = $2";

/// Reckons the totals of a sheet anew, from the times, paid leave and policies of its days.
pub async fn reckon(scope: &Scope, sheet: &Sheet) -> Result<(), database::Error> {
    let (days, overtime) =
        overtime_of(scope, sheet.staff_id, sheet.starts_on, sheet.ends_on).await?;
    let sum = |of: fn(&Minutes) -> i64| days.values().map(of).sum::<i64>();
    let beyond: i64 = overtime.iter().map(|one| one.minutes).sum();
    let values: [Value; 7] = [
        scope.biz_id().into(),
        sheet.id.into(),
        sum(|day| day.worked).into(),
        sum(|day| day.travel).into(),
        sum(|day| day.training).into(),
        sum(|day| day.breaks).into(),
        beyond.into(),
    ];
    scope.execute(TOTALS, &values).await.map(drop)
}

// The days after a changed one belong to its week, and so may their overtime.
const SHEETS: &str = "select id, staff_id, starts_on, ends_on, status::text from workforce.timesheets \
    where biz_id = $1 and staff_id = $2 and ends_on > $3 and starts_on < $4 and status in ('open', 'submitted', 'rejected') \
    order by id for no key update";

/// Reckons anew the sheets that a changed day of a person bears on.
pub async fn reckon_around(
    scope: &Scope,
    staff_id: Uuid,
    day: NaiveDate,
) -> Result<(), database::Error> {
    let next_week = monday_of(day).checked_add_days(Days::new(7)).unwrap_or(day);
    let values = [
        scope.biz_id().into(),
        staff_id.into(),
        day.into(),
        next_week.into(),
    ];
    for row in scope.query(SHEETS, &values).await? {
        let sheet = Sheet {
            id: row.try_get(0)?,
            staff_id: row.try_get(1)?,
            starts_on: row.try_get(2)?,
            ends_on: row.try_get(3)?,
            status: row.try_get(4)?,
        };
        reckon(scope, &sheet).await?;
    }
    Ok(())
}

/// A recorded time that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub staff_id: Uuid,
    /// The shift it belongs to, if any.
    pub shift_id: Option<Uuid>,
    /// Where.
    pub location_id: Option<Uuid>,
    /// The business day it counts for.
    pub business_date: NaiveDate,
    /// What they did.
    pub kind: String,
    /// When it began.
    pub starts_at: DateTime<Utc>,
    /// When it ended; none while it goes on.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether a correction took its place.
    pub is_superseded: bool,
}

macro_rules! segments {
    ($rest:literal) => {
        concat!(
            "select id, staff_id, shift_id, location_id, business_date, kind::text, starts_at, ends_at, superseded_at is not null \
             from workforce.work_time_segments where biz_id = $1 and ",
            $rest,
            " for no key update"
        )
    };
}

fn segment(row: &Row) -> Result<Segment, database::Error> {
    Ok(Segment {
        id: row.try_get(0)?,
        staff_id: row.try_get(1)?,
        shift_id: row.try_get(2)?,
        location_id: row.try_get(3)?,
        business_date: row.try_get(4)?,
        kind: row.try_get(5)?,
        starts_at: row.try_get(6)?,
        ends_at: row.try_get(7)?,
        is_superseded: row.try_get(8)?,
    })
}

/// Locks what a person is doing now, by the clock.
pub async fn lock_open(scope: &Scope, staff_id: Uuid) -> Result<Option<Segment>, database::Error> {
    let sql = segments!("staff_id = $2 and ends_at is null and superseded_at is null");
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), staff_id.into()])
        .await?;
    row.as_ref().map(segment).transpose()
}

/// Locks a recorded time.
pub async fn lock_segment(scope: &Scope, id: Uuid) -> Result<Option<Segment>, database::Error> {
    let row = scope
        .query_opt(segments!("id = $2"), &[scope.biz_id().into(), id.into()])
        .await?;
    row.as_ref().map(segment).transpose()
}

/// Ends an open time.
pub async fn end(scope: &Scope, id: Uuid, at: DateTime<Utc>) -> Result<(), database::Error> {
    let sql = "update workforce.work_time_segments set ends_at = $3 where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), id.into(), at.into()];
    scope.execute(sql, &values).await.map(drop)
}

/// A time to be recorded.
#[derive(Clone, Debug)]
pub struct Record {
    /// Whose.
    pub staff_id: Uuid,
    /// The shift it belongs to, if any.
    pub shift_id: Option<Uuid>,
    /// Where.
    pub location_id: Option<Uuid>,
    /// The business day it counts for; that of the shift, or of its start, if not given.
    pub business_date: Option<NaiveDate>,
    /// That day where no location says it.
    pub local_day: NaiveDate,
    /// What they did.
    pub kind: String,
    /// When it began.
    pub starts_at: DateTime<Utc>,
    /// When it ended; none while it goes on.
    pub ends_at: Option<DateTime<Utc>>,
    /// Who says so.
    pub source: String,
    /// What the device's clock said.
    pub client_recorded_at: Option<DateTime<Utc>>,
    /// Where on earth: latitude and longitude.
    pub point: Option<(Decimal, Decimal)>,
    /// Whether it should be looked at.
    pub is_flagged: bool,
    /// What it corrects, and why.
    pub corrects: Option<(Uuid, String)>,
}

const INSERT: &str = "insert into workforce.work_time_segments (biz_id, id, staff_id, shift_id, location_id, business_date, kind, \
      starts_at, ends_at, source, client_recorded_at, lat, lng, is_flagged, corrects_id, correction_reason) \
    values ($1, $2, $3, $4, $5, coalesce($6, (select s.business_date from workforce.staff_shifts s where s.biz_id = $1 and s.id = $4), \
      core.business_date($1, $5, $9), $7), $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
    returning business_date";

/// Records a time, and gives the business day it counts for.
pub async fn insert(
    scope: &Scope,
    id: Uuid,
    record: &Record,
) -> Result<NaiveDate, database::Error> {
    let (lat, lng) = record.point.unzip();
    let (corrects_id, reason) = record.corrects.clone().unzip();
    let values: [Value; 17] = [
        scope.biz_id().into(),
        id.into(),
        record.staff_id.into(),
        record.shift_id.into(),
        record.location_id.into(),
        record.business_date.into(),
        record.local_day.into(),
        record.kind.as_str().into(),
        record.starts_at.into(),
        record.ends_at.into(),
        record.source.as_str().into(),
        record.client_recorded_at.into(),
        lat.into(),
        lng.into(),
        record.is_flagged.into(),
        corrects_id.into(),
        reason.into(),
    ];
    let row = scope.query_opt(INSERT, &values).await?;
    let row = row.ok_or_else(|| database::Error::Internal("a time was not written".to_owned()))?;
    Ok(row.try_get(0)?)
}

// The actual times and breaks of a shift are those of its times; it is over when nothing of it goes on.
const SETTLE: &str = "update workforce.staff_shifts s \
    set actual_starts_at = t.a, actual_ends_at = t.e, status = 'completed', break_minutes = t.rest \
    from (select min(w.starts_at) as a, max(w.ends_at) as e, \
        coalesce(floor(sum(extract(epoch from w.ends_at - w.starts_at)) filter (where w.kind = 'break') / 60), 0)::integer as rest, \
        bool_or(w.ends_at is null) as goes_on \
      from workforce.work_time_segments w where w.biz_id = $1 and w.shift_id = $2 and w.superseded_at is null) t \
    where s.biz_id = $1 and s.id = $2 and s.status in ('in_progress', 'completed') and not t.goes_on";

/// Ends a shift by the times that were recorded of it.
pub async fn settle_shift(scope: &Scope, shift_id: Uuid) -> Result<(), database::Error> {
    scope
        .execute(SETTLE, &[scope.biz_id().into(), shift_id.into()])
        .await
        .map(drop)
}
