//! Days to come, reckoned anew when a holiday, a schedule, a type of leave or somebody's employment
//! has changed: balances and totals follow, and the person is told.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::away;
use super::book::{Book, Posting};
use super::ledger::{tell, write};
use super::locked::{Day, Locked, lock, move_days};
use super::person::holidays;
use super::rules::request::{LeaveDay, days};
use foundation::database::{Error, Scope};
use foundation::graph::failure::Failure;

/// What was done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reckoned {
    /// Nothing has become different.
    Same,
    /// Its days cost something else.
    Changed,
    /// Nothing of it is left: it has ended.
    Ended,
}

/// A day that costs something else.
struct Change {
    day: Day,
    scheduled: i32,
    minutes: i32,
    holiday_id: Option<Uuid>,
    is_released: bool,
}

/// Reckons a request anew from today on. What costs more than is left keeps what it cost: nothing goes
/// below the limit, and it is reckoned again with the next change.
pub async fn recalculate(scope: &Scope, id: Uuid) -> Result<Reckoned, Failure> {
    let request = lock(scope, id, None).await?;
    let is_live = matches!(
        request.status.as_str(),
        "submitted" | "approved" | "cancel_requested" | "partially_recalled"
    );
    if !is_live {
        return Ok(Reckoned::Same);
    }
    let mut book = request.book(scope).await?;
    let (changes, unpaid) = changes(scope, &request, &book).await?;
    touch(scope, &request).await?;
    if changes.is_empty() {
        return Ok(Reckoned::Same);
    }
    let total = request.minutes + changes.iter().map(delta).sum::<i32>();
    let is_charged = request.status != "submitted";
    let ends = total == 0 && request.status != "partially_recalled";
    if ends {
        end(scope, &request, &mut book, is_charged).await?;
    } else {
        change(scope, &request, &mut book, &changes, is_charged).await?;
        set_total(scope, id, total).await?;
        write(scope, &mut book).await?;
    }
    let after = if ends { 0 } else { total };
    let list: Vec<_> = changes
        .iter()
        .map(|change| json!({ "on": change.day.on, "before": change.day.minutes, "after": change.minutes }))
        .collect();
    let details = json!({ "days": list, "unpaid": unpaid });
    request
        .note(scope, "recalculated", after, None, details)
        .await?;
    let body = format!(
        "Request {} costs {after} minutes now instead of {}, as holidays or your schedule have changed.",
        request.number, request.minutes
    );
    let member = request.person.member_id.as_slice();
    tell(scope, member, id, "Your leave was reckoned anew", &body).await?;
    request.emit(scope, "leave_request.recalculated").await?;
    Ok(if ends {
        Reckoned::Ended
    } else {
        Reckoned::Changed
    })
}

fn delta(change: &Change) -> i32 {
    change.minutes - change.day.minutes
}

/// The days that cost something else, and those that would if there were enough left.
async fn changes(
    scope: &Scope,
    request: &Locked,
    book: &Book,
) -> Result<(Vec<Change>, Vec<chrono::NaiveDate>), Error> {
    let person = &request.person;
    let today = person.today(scope.now());
    let holidays = holidays(scope, person, (request.starts_on, request.ends_on)).await?;
    let kinds: BTreeMap<_, _> = holidays.iter().map(|(on, found)| (*on, found.0)).collect();
    // Days after a leaving that is noted late are given back too.
    let is_after = |on| person.who.left_on.is_some_and(|left| on >= left);
    let coming: Vec<&Day> = request
        .kept()
        .filter(|day| day.on >= today || is_after(day.on))
        .collect();
    let portions: Vec<_> = coming.iter().map(|day| (day.on, day.portion)).collect();
    let new = days(
        &portions,
        person.schedule.as_ref(),
        book.kind.counts,
        &kinds,
        person.who,
    );
    let mut found: Vec<Change> = coming
        .into_iter()
        .zip(&new)
        .map(|(day, new): (&Day, &LeaveDay)| Change {
            day: *day,
            scheduled: new.cost.scheduled,
            minutes: new.cost.minutes,
            holiday_id: holidays.get(&day.on).map(|(_, id)| *id),
            is_released: !person.who.includes(day.on),
        })
        .filter(|change| {
            change.is_released
                || (change.minutes, change.scheduled) != (change.day.minutes, change.day.scheduled)
        })
        .collect();
    let unpaid = keep_unpaid(&mut found, book);
    Ok((found, unpaid))
}

/// Leaves out what costs more than there is: the days of it. What becomes free pays first.
fn keep_unpaid(found: &mut Vec<Change>, book: &Book) -> Vec<chrono::NaiveDate> {
    found.sort_by_key(|change| (delta(change) > 0, change.day.on));
    let mut figures: BTreeMap<Uuid, super::rules::account::Figures> = book
        .accounts
        .iter()
        .map(|account| (account.id, account.figures))
        .collect();
    let mut unpaid = Vec::new();
    found.retain(|change| {
        let Some(figures) = change.day.period_id.and_then(|id| figures.get_mut(&id)) else {
            return true;
        };
        let more = delta(change);
        let early = if figures.is_early(change.day.on) {
            more
        } else {
            0
        };
        if more > 0 && !figures.fits(early, more - early) {
            unpaid.push(change.day.on);
            return false;
        }
        *figures = figures.with_days(0, more, early);
        true
    });
    unpaid
}

/// Notes that the days were looked at, so that the clock does not look again.
async fn touch(scope: &Scope, request: &Locked) -> Result<(), Error> {
    let sql = "update workforce.leave_request_days d set scheduled_minutes = d.scheduled_minutes \
               where d.biz_id = $1 and d.leave_request_id = $2 and d.status in ('reserved', 'charged')";
    let values = [scope.biz_id().into(), request.id.into()];
    scope.execute(sql, &values).await.map(drop)
}

async fn change(
    scope: &Scope,
    request: &Locked,
    book: &mut Book,
    changes: &[Change],
    is_charged: bool,
) -> Result<(), Error> {
    let rows: Vec<_> = changes
        .iter()
        .map(|change| {
            json!({ "id": change.day.id, "scheduled": change.scheduled, "minutes": change.minutes, "holiday_id": change.holiday_id })
        })
        .collect();
    let sql = "update workforce.leave_request_days d set scheduled_minutes = n.scheduled, minutes = n.minutes, holiday_id = n.holiday_id \
        from jsonb_to_recordset($2::jsonb) as n (id uuid, scheduled integer, minutes integer, holiday_id uuid) \
        where d.biz_id = $1 and d.id = n.id";
    let values = [scope.biz_id().into(), serde_json::Value::from(rows).into()];
    scope.execute(sql, &values).await?;
    for change in changes
        .iter()
        .filter(|change| is_charged && delta(change) != 0)
    {
        let Some(period_id) = change.day.period_id else {
            continue;
        };
        let more = delta(change);
        book.postings.push(Posting {
            period_id,
            kind: if more > 0 { "taken" } else { "taken_reversal" },
            minutes: -more,
            day_id: Some(change.day.id),
            on: change.day.on,
            note: Some("Reckoned anew".to_owned()),
        });
    }
    let released: Vec<Uuid> = changes
        .iter()
        .filter(|change| change.is_released)
        .map(|change| change.day.id)
        .collect();
    if !released.is_empty() {
        move_days(scope, released.clone(), "released").await?;
        away::give_back(scope, released).await?;
    }
    debug_assert!(!request.days.is_empty());
    Ok(())
}

/// Ends a request of which nothing is left: all its days are free anyway.
async fn end(
    scope: &Scope,
    request: &Locked,
    book: &mut Book,
    is_charged: bool,
) -> Result<(), Error> {
    const WHY: &str = "All of its days are free anyway";
    if is_charged {
        request.charge(book, request.kept(), true);
    }
    let status = if is_charged { "cancelled" } else { "withdrawn" };
    let sql = "update workforce.leave_approvals a set decision = 'skipped' \
               where a.biz_id = $1 and a.leave_request_id = $2 and a.decision = 'pending'";
    let values = [scope.biz_id().into(), request.id.into()];
    scope.execute(sql, &values).await?;
    request
        .to(scope, status, Some("released"), Some(WHY))
        .await?;
    write(scope, book).await?;
    away::give_back(scope, request.kept().map(|day| day.id).collect()).await
}

/// Sets what a request costs.
pub async fn set_total(scope: &Scope, id: Uuid, minutes: i32) -> Result<(), Error> {
    let sql = "update workforce.leave_requests r set total_minutes = $3 where r.biz_id = $1 and r.id = $2";
    let values = [scope.biz_id().into(), id.into(), minutes.into()];
    scope.execute(sql, &values).await.map(drop)
}
