//! Who is asked to decide, and who may decide instead.

use serde_json::json;
use uuid::Uuid;

use super::person::{DECIDE, Person};
use crate::workforce::delegation::deciders;
use foundation::database::{Error, Scope, new_id};
use foundation::identity::Principal;

// Managers upwards, then heads of departments upwards, then whoever may decide anything.
const CANDIDATES: &str = "with recursive up as ( \
      select s.manager_id as id, 1 as rank from workforce.staff s where s.biz_id = $1 and s.id = $2 \
      union all \
      select s.manager_id, up.rank + 1 from up \
      join workforce.staff s on s.biz_id = $1 and s.id = up.id where up.rank < 20), \
    over as ( \
      select d.parent_id, d.head_id as id, 100 as rank from workforce.departments d where d.biz_id = $1 and d.id = $3 \
      union all \
      select d.parent_id, d.head_id, over.rank + 1 from over \
      join workforce.departments d on d.biz_id = $1 and d.id = over.parent_id where over.rank < 120), \
    asked as ( \
      select s.member_id as id, p.rank from (select id, rank from up union all select id, rank from over) p \
      join workforce.staff s on s.biz_id = $1 and s.id = p.id and s.deleted_at is null \
        and (s.terminated_on is null or s.terminated_on > $4) \
      union all \
      select mr.member_id, 1000 from identity.member_roles mr \
      join identity.role_permissions rp on rp.biz_id = mr.biz_id and rp.role_id = mr.role_id and rp.permission_code = $5 \
      where mr.biz_id = $1 and (mr.location_id is null or mr.location_id = $6::uuid)) \
    select a.id, min(a.rank) from asked a \
    join identity.members m on m.biz_id = $1 and m.id = a.id and m.status = 'active' and m.deleted_at is null \
    where a.id is distinct from $7::uuid \
    group by a.id, m.created_at order by min(a.rank), m.created_at, a.id limit $8";

/// Who is asked, step by step: never the person themselves, nobody twice, nobody who has left.
pub async fn approvers(scope: &Scope, person: &Person, levels: usize) -> Result<Vec<Uuid>, Error> {
    let values = [
        scope.biz_id().into(),
        person.id.into(),
        person.department_id.into(),
        person.today(scope.now()).into(),
        DECIDE.into(),
        person.location_id.into(),
        person.member_id.into(),
        i64::try_from(levels).unwrap_or(9).into(),
    ];
    let rows = scope.query(CANDIDATES, &values).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Writes the chain; the first of it is asked now.
pub async fn ask(
    scope: &Scope,
    person: &Person,
    request_id: Uuid,
    approvers: &[Uuid],
) -> Result<(), Error> {
    let steps: Vec<_> = approvers
        .iter()
        .zip(1..)
        .map(|(approver, step)| json!({ "id": new_id(), "step": step, "approver_id": approver }))
        .collect();
    let sql = "insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id, due_at) \
        select $1, a.id, $2, $3, a.step, a.approver_id, case when a.step = 1 then $5::timestamptz end \
        from jsonb_to_recordset($4::jsonb) as a (id uuid, step smallint, approver_id uuid) order by a.step";
    let values = [
        scope.biz_id().into(),
        request_id.into(),
        person.id.into(),
        serde_json::Value::from(steps).into(),
        due(scope).into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// By when a step that is asked now is wanted.
pub fn due(scope: &Scope) -> chrono::DateTime<chrono::Utc> {
    scope.now() + chrono::TimeDelta::days(3)
}

/// The step that is asked now.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The row.
    pub id: Uuid,
    /// Who is asked.
    pub approver_id: Uuid,
}

/// The step that is asked now, of a request that waits.
pub async fn pending(scope: &Scope, request_id: Uuid) -> Result<Option<Step>, Error> {
    let sql = "select a.id, a.approver_id from workforce.leave_approvals a \
        where a.biz_id = $1 and a.leave_request_id = $2 and a.decision = 'pending' order by a.step limit 1";
    let values = [scope.biz_id().into(), request_id.into()];
    let row = scope.query_opt(sql, &values).await?;
    let of = |row: tokio_postgres::Row| -> Result<Step, Error> {
        Ok(Step {
            id: row.try_get(0)?,
            approver_id: row.try_get(1)?,
        })
    };
    row.map(of).transpose()
}

/// Whether whoever acts may decide for an approver: by the chain, or by the permission to decide.
pub async fn may_decide(
    scope: &Scope,
    principal: &Principal,
    person: &Person,
    approver: Option<Uuid>,
) -> Result<bool, Error> {
    if person.is_within(principal, DECIDE) {
        return Ok(true);
    }
    let (Some(approver), Some(member)) = (approver, principal.member_id()) else {
        return Ok(false);
    };
    let today = person.today(scope.now());
    Ok(deciders(scope, approver, today).await?.contains(&member))
}
