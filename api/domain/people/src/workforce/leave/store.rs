//! What other contexts ask of leave.

use chrono::NaiveDate;
use uuid::Uuid;

use super::rules::schedule::Portion;
use foundation::database::{Error, Scope};

/// Somebody is away on a part of a day.
#[derive(Clone, Copy, Debug)]
pub struct Away {
    /// Who.
    pub staff_id: Uuid,
    /// The local day.
    pub on: NaiveDate,
    /// Which part of it; [`Portion::minutes`] says from which minute to which.
    pub portion: Portion,
}

/// When these people are away on approved leave, from a day to another, that one not included.
pub async fn away(
    scope: &Scope,
    staff_ids: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Away>, Error> {
    let sql = "select d.staff_id, d.leave_on, d.portion::text, d.from_minute, d.to_minute from workforce.leave_request_days d \
        where d.biz_id = $1 and d.staff_id = any ($2::uuid[]) and d.leave_on >= $3 and d.leave_on < $4 and d.status = 'charged' \
        order by d.staff_id, d.leave_on, d.portion_minutes";
    let values = [
        scope.biz_id().into(),
        staff_ids.to_vec().into(),
        from.into(),
        to.into(),
    ];
    let mut found = Vec::new();
    for row in scope.query(sql, &values).await? {
        let portion: String = row.try_get(2)?;
        found.push(Away {
            staff_id: row.try_get(0)?,
            on: row.try_get(1)?,
            portion: Portion::of(&portion, row.try_get(3)?, row.try_get(4)?),
        });
    }
    Ok(found)
}
