//! For whose leave something is due by the clock.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use foundation::database::{Error, Scope};

/// Somebody's book of a type of leave, for which something may be due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Whose.
    pub staff_id: Uuid,
    /// Of what.
    pub leave_type_id: Uuid,
}

// A little too many: what is really due is for the rules to say. $2 is the day at the place where it
// is latest.
const DUE: &str = "select s.id, t.id from workforce.staff s \
    join workforce.leave_types t on t.biz_id = s.biz_id and t.is_tracked and t.deleted_at is null \
    where s.biz_id = $1 and s.deleted_at is null and ($3::uuid[] is null or s.id = any ($3)) \
      and ($4::uuid is null or (s.id, t.id) > ($4, $5::uuid)) \
      and ((s.hired_on <= $2 and (s.terminated_on is null or s.terminated_on > $2) \
        and not exists (select from workforce.leave_periods p \
          where p.biz_id = s.biz_id and p.staff_id = s.id and p.leave_type_id = t.id and p.period @> $2::date) \
        and exists (select from workforce.leave_policies l \
          left join workforce.leave_policy_assignments a on a.biz_id = l.biz_id and a.policy_id = l.id and a.staff_id = s.id \
            and a.deleted_at is null and a.period @> $2::date \
          where l.biz_id = s.biz_id and l.leave_type_id = t.id and l.deleted_at is null and l.period @> $2::date \
            and (a.id is not null or l.staff_group in ('', s.staff_group)))) \
      or exists (select from workforce.leave_periods p \
        join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id \
        join workforce.leave_policies l on l.biz_id = p.biz_id and l.id = p.policy_id \
        cross join lateral (select max(e.effective_on) filter (where e.kind = 'accrual') as accrued_on, \
            min(e.effective_on) filter (where e.kind = 'accrual') as first_on, \
            coalesce(bool_or(e.kind = 'accrual' and e.minutes < 0), false) as corrected, \
            coalesce(-sum(e.minutes) filter (where e.kind = 'carry_expiry'), 0) as carry_lost \
          from workforce.leave_ledger_entries e where e.biz_id = p.biz_id and e.period_id = p.id) e \
        where p.biz_id = s.biz_id and p.staff_id = s.id and p.leave_type_id = t.id and p.starts_on <= $2 \
          and (p.status = 'planned' \
            or p.status = 'open' and (p.closed_at is null and (p.ends_on <= $2 or s.terminated_on <= $2) \
              or l.accrual = 'upfront' and l.amount_minutes > 0 and e.accrued_on is null \
              or l.accrual in ('monthly', 'per_hour') and l.amount_minutes > 0 and coalesce(e.accrued_on, p.starts_on - 31) <= $2::date - 27 \
              or s.terminated_on < p.ends_on or e.corrected or e.first_on < s.hired_on) \
            or b.carry_expires_on <= $2 and b.carried_in_minutes - b.carried_taken_minutes > e.carry_lost \
            or p.status = 'closed' and l.encashes_debts and b.balance_minutes < 0 \
            or p.status = 'closed' and (s.terminated_on <= least(p.ends_on, $2) or p.ends_on <= s.hired_on) \
              and (b.balance_minutes < b.reserved_minutes or b.encashed_minutes < 0 and b.balance_minutes > b.reserved_minutes) \
            or p.status = 'closed' and p.closed_at < p.ends_on - interval '14 hours' and s.hired_on < p.ends_on \
              and s.hired_on <= $2 and (s.terminated_on is null or s.terminated_on > $2) \
            or p.status = 'closed' and (s.terminated_on is null or s.terminated_on > p.ends_on) and p.ends_on > s.hired_on \
              and (b.balance_minutes > b.reserved_minutes or b.balance_minutes < 0) and exists (select from workforce.leave_periods n where n.biz_id = p.biz_id and n.staff_id = p.staff_id \
                and n.leave_type_id = p.leave_type_id and n.starts_on >= p.ends_on)))) \
    order by s.id, t.id limit 500";

/// For whom of the tenant something may be due, of some people or all: the 500 after another.
pub async fn due(
    scope: &Scope,
    staff_ids: Option<Vec<Uuid>>,
    after: Option<Due>,
) -> Result<Vec<Due>, Error> {
    let latest: NaiveDate = (scope.now() + TimeDelta::hours(14)).date_naive();
    let values = [
        scope.biz_id().into(),
        latest.into(),
        staff_ids.into(),
        after.map(|due| due.staff_id).into(),
        after.map(|due| due.leave_type_id).into(),
    ];
    let rows = scope.query(DUE, &values).await?;
    let of = |row: &tokio_postgres::Row| -> Result<Due, Error> {
        Ok(Due {
            staff_id: row.try_get(0)?,
            leave_type_id: row.try_get(1)?,
        })
    };
    rows.iter().map(of).collect()
}
