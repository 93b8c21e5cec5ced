//! Beginning searches: of a shift, or of all shifts that a leave touches.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::SUBSTITUTE;
use super::store::{lock_search, take_turn};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::verb::{Act, Fault};

/// A shift that needs somebody else, locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Left {
    /// The shift.
    pub id: Uuid,
    /// Whose it is.
    pub staff_id: Uuid,
    /// Where.
    pub location_id: Uuid,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Where it stands.
    pub status: String,
}

const SHIFTS: &str = "select s.id, s.staff_id, s.location_id, s.planned_starts_at, s.planned_ends_at, s.status::text \
    from workforce.staff_shifts s \
    where s.biz_id = $1 and (s.id = $2 or ($2::uuid is null and s.planned_ends_at > $4 and s.status in ('draft', 'published', 'confirmed') \
      and exists (select from workforce.leave_request_days d where d.biz_id = $1 and d.leave_request_id = $3 \
        and d.staff_id = s.staff_id and d.leave_on = s.business_date and d.status in ('reserved', 'charged')) \
      and not exists (select from workforce.substitution_requests r where r.biz_id = $1 and r.shift_id = s.id \
        and r.status in ('open', 'offering')))) \
    order by s.id limit 100 for no key update of s";

/// The shift, or those that a leave touches and for which nobody is looked for yet; 100 at most.
pub async fn left(
    scope: &Scope,
    shift_id: Option<Uuid>,
    leave_id: Option<Uuid>,
) -> Result<Vec<Left>, Error> {
    let values: [Value; 4] = [
        scope.biz_id().into(),
        shift_id.into(),
        leave_id.into(),
        scope.now().into(),
    ];
    let rows = scope.query(SHIFTS, &values).await?;
    let of = |row: &tokio_postgres::Row| -> Result<Left, Error> {
        Ok(Left {
            id: row.try_get(0)?,
            staff_id: row.try_get(1)?,
            location_id: row.try_get(2)?,
            starts_at: row.try_get(3)?,
            ends_at: row.try_get(4)?,
            status: row.try_get(5)?,
        })
    };
    rows.iter().map(of).collect()
}

/// How somebody else is looked for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The pool that is asked.
    pub pool_id: Option<Uuid>,
    /// Why: a value of `workforce.substitution_reason`.
    pub reason: &'static str,
    /// Why, in words.
    pub note: Option<String>,
    /// The leave for which it is.
    pub leave_id: Option<Uuid>,
    /// When somebody must be found, at the latest.
    pub needed_by: Option<DateTime<Utc>>,
}

impl Wish {
    /// When somebody must be found for a shift: where it has begun, whoever comes late is better than
    /// nobody.
    pub fn until(&self, shift: &Left, now: DateTime<Utc>) -> DateTime<Utc> {
        let usual = if shift.starts_at > now {
            shift.starts_at
        } else {
            shift.ends_at
        };
        self.needed_by.unwrap_or(usual)
    }
}

/// A search that was begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The search.
    pub id: Uuid,
    /// The offers that were sent at once.
    pub offers: Vec<Uuid>,
}

const INSERT: &str = "insert into workforce.substitution_requests \
      (biz_id, id, shift_id, absent_staff_id, pool_id, reason, note, leave_request_id, needed_by) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Begins to look for somebody who takes a shift, and asks the first of the pool.
pub async fn begin<P>(act: &Act<'_>, shift: &Left, wish: &Wish) -> Result<Begun, Fault<P>> {
    let scope = act.scope;
    act.permit_at(SUBSTITUTE, shift.location_id, "shift")?;
    let id = new_id();
    let values: [Value; 9] = [
        scope.biz_id().into(),
        id.into(),
        shift.id.into(),
        shift.staff_id.into(),
        wish.pool_id.into(),
        wish.reason.into(),
        wish.note.clone().into(),
        wish.leave_id.into(),
        wish.until(shift, scope.now()).into(),
    ];
    scope.execute(INSERT, &values).await?;
    let mut offers = Vec::new();
    if let Some(pool_id) = wish.pool_id {
        let search = lock_search(scope, id).await?;
        offers = take_turn(scope, &search, pool_id).await?.sent;
    }
    Ok(Begun { id, offers })
}
