//! A request that is locked to be moved, and its days.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::book::{Book, Posting};
use super::ledger::{Happened, emit, note};
use super::person::{Person, leave_kind, person};
use super::rules::schedule::Portion;
use foundation::database::{Error, Scope};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::verb::Fault;

/// A day of a request as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// The row.
    pub id: Uuid,
    /// The day.
    pub on: NaiveDate,
    /// Which part of it.
    pub portion: Portion,
    /// What it costs.
    pub minutes: i32,
    /// What its date has.
    pub scheduled: i32,
    /// The period it is charged to.
    pub period_id: Option<Uuid>,
    /// Whether it still counts: it was not given back.
    pub is_kept: bool,
}

/// A request that is locked, together with the person, until the transaction ends.
#[derive(Clone, Debug)]
pub struct Locked {
    /// The request.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub status: String,
    /// First day of leave.
    pub starts_on: NaiveDate,
    /// First day back.
    pub ends_on: NaiveDate,
    /// Its minutes.
    pub minutes: i32,
    /// The type of leave.
    pub leave_type_id: Uuid,
    /// Whose it is.
    pub person: Person,
    /// Its days.
    pub days: Vec<Day>,
}

const OWNER: &str =
    "select r.staff_id from workforce.leave_requests r where r.biz_id = $1 and r.id = $2";
const LOCK: &str = "select r.number, r.status::text, r.starts_on, r.ends_on, r.total_minutes, r.leave_type_id, r.version \
    from workforce.leave_requests r where r.biz_id = $1 and r.id = $2 for no key update";
const DAYS: &str = "select d.id, d.leave_on, d.portion::text, d.from_minute, d.to_minute, d.minutes, d.scheduled_minutes, \
      d.period_id, d.status <> 'released' \
    from workforce.leave_request_days d where d.biz_id = $1 and d.leave_request_id = $2 order by d.leave_on";

/// Locks the person, then the request: in this order everywhere. `admit` says whether whoever acts
/// may see it; elsewhere there is no such request.
pub async fn lock(
    scope: &Scope,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Locked, Failure> {
    let key = [scope.biz_id().into(), id.into()];
    let owner = scope.query_opt(OWNER, &key).await?.ok_or_else(none)?;
    let staff_id: Uuid = owner.try_get(0).map_err(Error::from)?;
    let person = person(scope, staff_id, true).await.map_err(|_| none())?;
    let row = scope.query_opt(LOCK, &key).await?.ok_or_else(none)?;
    let days = scope.query(DAYS, &key).await?;
    let (locked, version) = read(id, &row, &days, person)?;
    Failure::unless_current("request", version, expected_version)?;
    Ok(locked)
}

/// That there is no such request, for whoever asks.
pub fn none() -> Failure {
    Failure::new(Code::NotFound, "There is no such leave request.")
}

fn read(
    id: Uuid,
    row: &tokio_postgres::Row,
    days: &[tokio_postgres::Row],
    person: Person,
) -> Result<(Locked, i32), Error> {
    let day = |row: &tokio_postgres::Row| -> Result<Day, Error> {
        let portion: String = row.try_get(2)?;
        Ok(Day {
            id: row.try_get(0)?,
            on: row.try_get(1)?,
            portion: Portion::of(&portion, row.try_get(3)?, row.try_get(4)?),
            minutes: row.try_get(5)?,
            scheduled: row.try_get(6)?,
            period_id: row.try_get(7)?,
            is_kept: row.try_get(8)?,
        })
    };
    let locked = Locked {
        id,
        number: row.try_get(0)?,
        status: row.try_get(1)?,
        starts_on: row.try_get(2)?,
        ends_on: row.try_get(3)?,
        minutes: row.try_get(4)?,
        leave_type_id: row.try_get(5)?,
        person,
        days: days.iter().map(day).collect::<Result<_, _>>()?,
    };
    Ok((locked, row.try_get(6)?))
}

impl Locked {
    /// The book that it is charged to.
    pub async fn book(&self, scope: &Scope) -> Result<Book, Failure> {
        let kind = leave_kind(scope, self.leave_type_id).await?;
        Ok(Book::read(scope, self.person.clone(), kind).await?)
    }

    /// The days that still count.
    pub fn kept(&self) -> impl Iterator<Item = &Day> {
        self.days.iter().filter(|day| day.is_kept)
    }

    /// Refuses what its status does not allow.
    pub fn allow<P>(&self, from: &[&str], code: P, what: &str) -> Result<(), Fault<P>> {
        if from.contains(&self.status.as_str()) {
            return Ok(());
        }
        let message = format!(
            "A request that is {} cannot be {what}.",
            self.status.replace('_', " ")
        );
        Err(Fault::at(code, "id", message))
    }

    /// Moves it to another status, and its days with it.
    pub async fn to(
        &self,
        scope: &Scope,
        status: &str,
        days: Option<&str>,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        if let Some(reason) = reason {
            scope.set_reason(reason).await?;
        }
        let sql = "update workforce.leave_requests r set status = $3::text, \
              decided_at = case when $3::text in ('approved', 'rejected') then coalesce(r.decided_at, $4) else r.decided_at end \
            where r.biz_id = $1 and r.id = $2";
        let values = [
            scope.biz_id().into(),
            self.id.into(),
            status.into(),
            scope.now().into(),
        ];
        scope.execute(sql, &values).await?;
        if let Some(days) = days {
            let all: Vec<Uuid> = self.kept().map(|day| day.id).collect();
            move_days(scope, all, days).await?;
        }
        Ok(())
    }

    /// Notes what happened, and what its minutes are now.
    pub async fn note(
        &self,
        scope: &Scope,
        kind: &str,
        minutes: i32,
        why: Option<&str>,
        details: serde_json::Value,
    ) -> Result<(), Error> {
        let happened = Happened {
            request_id: self.id,
            kind,
            minutes: (Some(self.minutes), minutes),
            note: why,
            details,
        };
        note(scope, happened).await
    }

    /// Tells other programs what happened to it by the clock.
    pub async fn emit(&self, scope: &Scope, topic: &str) -> Result<(), Error> {
        let payload = json!({ "staff_id": self.person.id, "number": self.number });
        emit(scope, topic, ("LeaveRequest", self.id), payload).await
    }

    /// Puts what days were charged back into the book, or charges them.
    #[expect(clippy::unused_self, reason = "it belongs to what it is asked of")]
    pub fn charge<'a>(
        &self,
        book: &mut Book,
        days: impl IntoIterator<Item = &'a Day>,
        is_back: bool,
    ) {
        for day in days {
            let (Some(period_id), true) = (day.period_id, day.minutes > 0) else {
                continue;
            };
            book.postings.push(Posting {
                period_id,
                kind: if is_back { "taken_reversal" } else { "taken" },
                minutes: if is_back { day.minutes } else { -day.minutes },
                day_id: Some(day.id),
                on: day.on,
                note: None,
            });
        }
    }
}

/// Moves days to another status.
pub async fn move_days(scope: &Scope, ids: Vec<Uuid>, status: &str) -> Result<(), Error> {
    let sql = "update workforce.leave_request_days d set status = $3 where d.biz_id = $1 and d.id = any ($2::uuid[])";
    let values = [scope.biz_id().into(), ids.into(), status.into()];
    scope.execute(sql, &values).await.map(drop)
}
