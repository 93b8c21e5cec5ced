//! Writing a book: periods, entries, and balances as what entries and days sum up to.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

use super::book::Book;
use foundation::database::{Error, Scope, new_id};

/// The constraint under which a balance goes no further down.
pub const FLOOR: &str = "leave_balances_floor_check";

const PERIODS: &str = "insert into workforce.leave_periods (biz_id, id, staff_id, leave_type_id, policy_id, starts_on, ends_on) \
    select $1, p.id, $2, $3, p.policy_id, p.starts_on, p.ends_on \
    from jsonb_to_recordset($4::jsonb) as p (id uuid, policy_id uuid, starts_on date, ends_on date) order by p.starts_on";

const BALANCES: &str = "insert into workforce.leave_balances (biz_id, id, staff_id, leave_type_id, period_id, negative_limit_minutes) \
    select $1, p.balance_id, $2, $3, p.id, p.negative_limit \
    from jsonb_to_recordset($4::jsonb) as p (id uuid, balance_id uuid, negative_limit integer)";

const OPEN: &str = "update workforce.leave_periods p set status = 'open' \
    from jsonb_to_recordset($2::jsonb) as n (id uuid, is_open boolean) \
    where p.biz_id = $1 and p.id = n.id and n.is_open and p.status = 'planned'";

const ENTRIES: &str = "insert into workforce.leave_ledger_entries \
      (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, request_day_id, effective_on, note) \
    select $1, e.id, $2, $3, e.period_id, e.kind, e.minutes, e.day_id, e.effective_on, e.note \
    from jsonb_to_recordset($4::jsonb) \
      as e (id uuid, period_id uuid, kind text, minutes integer, day_id uuid, effective_on date, note text) \
    order by e.id";

// A balance is what its ledger and its days come to, and nothing else.
const PROJECT: &str = "update workforce.leave_balances b set \
      accrued_minutes = s.accrued, carried_in_minutes = s.carried_in, carried_out_minutes = s.carried_out, \
      expired_minutes = s.expired, taken_minutes = s.taken, adjusted_minutes = s.adjusted, \
      encashed_minutes = s.encashed, reserved_minutes = s.reserved, \
      carried_taken_minutes = greatest(0, least(s.carried_in, s.taken, s.early)) \
    from (select c.id, \
        coalesce(sum(e.minutes) filter (where e.kind = 'accrual'), 0)::integer as accrued, \
        coalesce(sum(e.minutes) filter (where e.kind = 'carry_in'), 0)::integer as carried_in, \
        -coalesce(sum(e.minutes) filter (where e.kind = 'carry_out'), 0)::integer as carried_out, \
        -coalesce(sum(e.minutes) filter (where e.kind in ('carry_expiry', 'expiry')), 0)::integer as expired, \
        -coalesce(sum(e.minutes) filter (where e.kind in ('taken', 'taken_reversal')), 0)::integer as taken, \
        coalesce(sum(e.minutes) filter (where e.kind = 'adjustment'), 0)::integer as adjusted, \
        -coalesce(sum(e.minutes) filter (where e.kind = 'encashment'), 0)::integer as encashed, \
        (select coalesce(sum(d.minutes), 0)::integer from workforce.leave_request_days d \
          where d.biz_id = $1 and d.period_id = c.period_id and d.status = 'reserved') as reserved, \
        (select coalesce(sum(d.minutes), 0)::integer from workforce.leave_request_days d \
          where d.biz_id = $1 and d.period_id = c.period_id and d.status = 'charged' \
            and d.leave_on < coalesce(c.carry_expires_on, 'infinity')) as early \
      from workforce.leave_balances c \
      left join workforce.leave_ledger_entries e on e.biz_id = $1 and e.period_id = c.period_id \
      where c.biz_id = $1 and c.period_id = any ($2::uuid[]) group by c.biz_id, c.id) s \
    where b.biz_id = $1 and b.id = s.id";

/// Writes what a book has come to: new periods, entries, and the balances of all its periods.
pub async fn write(scope: &Scope, book: &mut Book) -> Result<(), Error> {
    let (periods, entries) = book.drain();
    let head = [
        scope.biz_id().into(),
        book.person.id.into(),
        book.kind.id.into(),
    ];
    let with = |rows: Json| {
        let mut values = head.to_vec();
        values.push(rows.into());
        values
    };
    let is_some = |rows: &Json| rows.as_array().is_some_and(|rows| !rows.is_empty());
    for (period_id, ends_on) in book.ends.drain(..) {
        let sql =
            "update workforce.leave_periods p set ends_on = $3 where p.biz_id = $1 and p.id = $2";
        let values = [scope.biz_id().into(), period_id.into(), ends_on.into()];
        scope.execute(sql, &values).await?;
    }
    if is_some(&periods) {
        scope.execute(PERIODS, &with(periods.clone())).await?;
        scope.execute(BALANCES, &with(periods.clone())).await?;
        let values = [scope.biz_id().into(), periods.into()];
        scope.execute(OPEN, &values).await?;
    }
    for (period_id, expires_on) in book.carry_dates.drain(..) {
        let sql = "update workforce.leave_balances b set carry_expires_on = $3 where b.biz_id = $1 and b.period_id = $2";
        let values = [scope.biz_id().into(), period_id.into(), expires_on.into()];
        scope.execute(sql, &values).await?;
    }
    if is_some(&entries) {
        scope.execute(ENTRIES, &with(entries)).await?;
    }
    let ids: Vec<Uuid> = book.accounts.iter().map(|account| account.id).collect();
    project(scope, ids).await
}

/// Sets balances to what their ledgers and days sum up to.
pub async fn project(scope: &Scope, period_ids: Vec<Uuid>) -> Result<(), Error> {
    if period_ids.is_empty() {
        return Ok(());
    }
    let values = [scope.biz_id().into(), period_ids.into()];
    scope.execute(PROJECT, &values).await.map(drop)
}

/// Moves a period to another status.
pub async fn move_period(
    scope: &Scope,
    id: Uuid,
    to: &str,
    now: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let sql = "update workforce.leave_periods p set status = $3, closed_at = coalesce($4, p.closed_at) \
               where p.biz_id = $1 and p.id = $2 and p.status <> $3";
    let values = [scope.biz_id().into(), id.into(), to.into(), now.into()];
    scope.execute(sql, &values).await.map(drop)
}

/// What happened to a request, for whoever reads its history.
pub struct Happened<'a> {
    /// The request.
    pub request_id: Uuid,
    /// A value of `workforce.leave_event_kind`.
    pub kind: &'a str,
    /// Its minutes before and after.
    pub minutes: (Option<i32>, i32),
    /// Why.
    pub note: Option<&'a str>,
    /// The days concerned.
    pub details: Json,
}

/// Notes it.
pub async fn note(scope: &Scope, happened: Happened<'_>) -> Result<(), Error> {
    let sql = "insert into workforce.leave_events (biz_id, id, leave_request_id, kind, minutes_before, minutes_after, note, details) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        happened.request_id.into(),
        happened.kind.into(),
        happened.minutes.0.into(),
        happened.minutes.1.into(),
        happened.note.into(),
        happened.details.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// Tells members, in their own list of notifications, of a request.
pub async fn tell(
    scope: &Scope,
    members: &[Uuid],
    request_id: Uuid,
    title: &str,
    body: &str,
) -> Result<(), Error> {
    if members.is_empty() {
        return Ok(());
    }
    let sql = "insert into comms.in_app_notifications (biz_id, id, user_id, title, body, subject_type, subject_id) \
        select distinct on (m.user_id) $1, core.uuid_v7(), m.user_id, $4, $5, 'LeaveRequest', $3::uuid \
        from identity.members m where m.biz_id = $1 and m.id = any ($2::uuid[])";
    let values = [
        scope.biz_id().into(),
        members.to_vec().into(),
        request_id.into(),
        title.into(),
        body.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// Tells other programs what happened by the clock; verbs do so by themselves.
pub async fn emit(
    scope: &Scope,
    topic: &str,
    subject: (&str, Uuid),
    payload: Json,
) -> Result<(), Error> {
    let sql = "insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
               values ($1, $2, $3, $4, $5, $6)";
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        topic.into(),
        subject.0.into(),
        subject.1.into(),
        payload.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}
