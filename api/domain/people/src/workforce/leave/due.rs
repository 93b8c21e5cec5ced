//! For whose leave something is due by the clock.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use foundation::database::{Error, Scope};

/// Somebody's book of a type of leave, for which something may be due.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_field_names,
    reason = "they are called as the columns are"
)]
pub struct Due {
    /// The tenant.
    pub biz_id: Uuid,
    /// Whose.
    pub staff_id: Uuid,
    /// Of what.
    pub leave_type_id: Uuid,
}

// A little too many: what is really due is for the rules to say. $1 is the day at the place where it
// is latest.
const DUE: &str = "select s.biz_id, s.id, t.id from workforce.staff s \
    join workforce.leave_types t on t.biz_id = s.biz_id and t.is_tracked and t.deleted_at is null \
    where s.deleted_at is null and ($2::uuid is null or s.biz_id = $2) and ($3::uuid[] is null or s.id = any ($3)) \
      and ($4::uuid is null or (s.biz_id, s.id, t.id) > ($4, $5::uuid, $6::uuid)) \
      and ((s.hired_on <= $1 and (s.terminated_on is null or s.terminated_on > $1) \
        and not exists (select from workforce.leave_periods p \
          where p.biz_id = s.biz_id and p.staff_id = s.id and p.leave_type_id = t.id and p.period @> $1::date) \
        and exists (select from workforce.leave_policies l \
          left join workforce.leave_policy_assignments a on a.biz_id = l.biz_id and a.policy_id = l.id and a.staff_id = s.id \
            and a.deleted_at is null and a.period @> $1::date \
          where l.biz_id = s.biz_id and l.leave_type_id = t.id and l.deleted_at is null and l.period @> $1::date \
            and (a.id is not null or l.staff_group in ('', s.staff_group)))) \
      or exists (select from workforce.leave_periods p \
        join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id \
        join workforce.leave_policies l on l.biz_id = p.biz_id and l.id = p.policy_id \
        cross join lateral (select max(e.effective_on) filter (where e.kind = 'accrual') as accrued_on, \
            coalesce(bool_or(e.kind = 'accrual' and e.minutes < 0), false) as corrected, \
            coalesce(-sum(e.minutes) filter (where e.kind = 'carry_expiry'), 0) as carry_lost \
          from workforce.leave_ledger_entries e where e.biz_id = p.biz_id and e.period_id = p.id) e \
        where p.biz_id = s.biz_id and p.staff_id = s.id and p.leave_type_id = t.id and p.starts_on <= $1 \
          and (p.status = 'planned' \
            or p.status = 'open' and (p.closed_at is null and (p.ends_on <= $1 or s.terminated_on <= $1) \
              or l.accrual = 'upfront' and l.amount_minutes > 0 and e.accrued_on is null \
              or l.accrual in ('monthly', 'per_hour') and l.amount_minutes > 0 and coalesce(e.accrued_on, p.starts_on - 31) <= $1::date - 27 \
              or (s.terminated_on < p.ends_on) <> e.corrected) \
            or b.carry_expires_on <= $1 and b.carried_in_minutes - b.carried_taken_minutes > e.carry_lost \
            or p.status = 'closed' and l.encashes_debts and b.balance_minutes < 0 \
            or p.status = 'closed' and s.terminated_on is null \
              and (b.balance_minutes > b.reserved_minutes or b.balance_minutes < 0) and exists (select from workforce.leave_periods n where n.biz_id = p.biz_id and n.staff_id = p.staff_id \
                and n.leave_type_id = p.leave_type_id and n.starts_on >= p.ends_on)))) \
    order by s.biz_id, s.id, t.id limit 500";

/// For whom something may be due: of one tenant or all, of some people or all; the 500 after another.
pub async fn due(
    scope: &Scope,
    biz_id: Option<Uuid>,
    staff_ids: Option<Vec<Uuid>>,
    after: Option<Due>,
) -> Result<Vec<Due>, Error> {
    let latest: NaiveDate = (scope.now() + TimeDelta::hours(14)).date_naive();
    let staff = match staff_ids {
        Some(ids) => ids.into(),
        None => sea_orm::Value::Array(sea_orm::sea_query::ArrayType::Uuid, None),
    };
    let values = [
        latest.into(),
        biz_id.into(),
        staff,
        after.map(|due| due.biz_id).into(),
        after.map(|due| due.staff_id).into(),
        after.map(|due| due.leave_type_id).into(),
    ];
    let rows = scope.query(DUE, &values).await?;
    let of = |row: &tokio_postgres::Row| -> Result<Due, Error> {
        Ok(Due {
            biz_id: row.try_get(0)?,
            staff_id: row.try_get(1)?,
            leave_type_id: row.try_get(2)?,
        })
    };
    rows.iter().map(of).collect()
}
