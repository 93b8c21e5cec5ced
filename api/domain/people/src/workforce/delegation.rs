//! Who decides for somebody who approves: leave, and hours.

use chrono::NaiveDate;
use uuid::Uuid;

use foundation::database::{Error, Scope};

// Those to whom an approver has handed over, and to whom those have; and the manager of an approver
// who is on leave today.
const STAND_INS: &str = "with recursive standing as ( \
      select $2::uuid as id \
      union \
      select d.delegate_id from standing s \
      join workforce.leave_delegations d on d.biz_id = $1 and d.delegator_id = s.id and d.deleted_at is null \
        and d.starts_on <= $3 and $3 < d.ends_on) \
    select id from standing \
    union \
    select m.member_id from workforce.staff s \
    join workforce.staff m on m.biz_id = s.biz_id and m.id = s.manager_id \
    where s.biz_id = $1 and s.member_id = $2 and exists (select from workforce.leave_request_days d \
      where d.biz_id = $1 and d.staff_id = s.id and d.leave_on = $3 and d.status = 'charged')";

/// Who may decide for an approver today: the approver, those to whom they handed over, and their own
/// manager while they are on leave.
pub async fn deciders(scope: &Scope, approver: Uuid, today: NaiveDate) -> Result<Vec<Uuid>, Error> {
    members(scope, STAND_INS, approver, today).await
}

const STOOD_IN_FOR: &str = "with recursive standing as ( \
      select $2::uuid as id \
      union \
      select d.delegator_id from standing s \
      join workforce.leave_delegations d on d.biz_id = $1 and d.delegate_id = s.id and d.deleted_at is null \
        and d.starts_on <= $3 and $3 < d.ends_on) \
    select id from standing \
    union \
    select s.member_id from workforce.staff me \
    join workforce.staff s on s.biz_id = me.biz_id and s.manager_id = me.id and s.member_id is not null \
    where me.biz_id = $1 and me.member_id = $2 and exists (select from workforce.leave_request_days d \
      where d.biz_id = $1 and d.staff_id = s.id and d.leave_on = $3 and d.status = 'charged')";

/// For which approvers somebody may decide today: the other way round.
pub async fn decided_for(
    scope: &Scope,
    member: Uuid,
    today: NaiveDate,
) -> Result<Vec<Uuid>, Error> {
    members(scope, STOOD_IN_FOR, member, today).await
}

async fn members(scope: &Scope, sql: &str, of: Uuid, today: NaiveDate) -> Result<Vec<Uuid>, Error> {
    let values = [scope.biz_id().into(), of.into(), today.into()];
    let rows = scope.query(sql, &values).await?;
    let ids = rows.iter().map(|row| row.try_get::<_, Option<Uuid>>(0));
    let ids: Result<Vec<_>, _> = ids.collect();
    Ok(ids?.into_iter().flatten().collect())
}
