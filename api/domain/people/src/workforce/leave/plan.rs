//! What a request would come to: the one function behind the preview and the verb that sends it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::book::Book;
use super::person::{Person, holidays};
use super::rules::account::Figures;
use super::rules::request::{LeaveDay, Obstacle, Wish, against, charge, days, missing};
use super::rules::schedule::Portion;
use super::rules::years::Days;
use foundation::database::{Error, Scope};

/// A day of a request, and where it is charged.
#[derive(Clone, Copy, Debug)]
pub struct PlannedDay {
    /// The day and what it costs.
    pub day: LeaveDay,
    /// The holiday that it falls on.
    pub holiday_id: Option<Uuid>,
    /// The period; none where no balance is kept.
    pub period_id: Option<Uuid>,
}

/// A period before and after.
#[derive(Clone, Copy, Debug)]
pub struct PlannedPeriod {
    /// The period.
    pub id: Uuid,
    /// Its days.
    pub days: Days,
    /// Whether it is yet to be begun.
    pub is_new: bool,
    /// What it holds now.
    pub before: Figures,
    /// What it would hold, the request being reserved.
    pub after: Figures,
}

/// What a request comes to.
#[derive(Debug)]
pub struct Plan {
    /// Its days.
    pub days: Vec<PlannedDay>,
    /// The periods it touches.
    pub periods: Vec<PlannedPeriod>,
    /// What keeps it from being sent, the first first.
    pub obstacles: Vec<Obstacle>,
    /// What it costs in all.
    pub minutes: i32,
    /// How many have to agree.
    pub levels: usize,
}

/// Plans a request. Periods that do not exist yet are begun in the book, which is for the caller to
/// write or to drop. `of_request` is a request whose own days do not stand in its way.
pub async fn plan(
    scope: &Scope,
    book: &mut Book,
    wish: &Wish,
    asked: Asked,
) -> Result<Plan, Error> {
    let (holidays, taken) = futures_util::try_join!(
        holidays(scope, &book.person, wish.days),
        others(scope, &book.person, wish.days, asked.of_request)
    )?;
    let kinds: BTreeMap<_, _> = holidays.iter().map(|(on, found)| (*on, found.0)).collect();
    let (schedule, who) = (book.person.schedule.clone(), book.person.who);
    let counts = book.kind.counts;
    let all = days(&wish.portions(), schedule.as_ref(), counts, &kinds, who);
    let minutes = all.iter().map(|day| day.cost.minutes).sum();
    let mut obstacles = Vec::new();
    if let Some(day) = all.iter().find(|day| !who.includes(day.on)) {
        obstacles.push(Obstacle::NotEmployed(day.on));
    }
    if minutes == 0 {
        obstacles.push(Obstacle::NothingToTake);
    }
    if book.kind.requires_document && !asked.has_document {
        obstacles.push(Obstacle::DocumentMissing);
    }
    let policy = book.policy_on(wish.days.0).cloned();
    if let Some(policy) = &policy {
        let for_oneself = asked.for_oneself;
        obstacles.extend(against(&policy.terms, wish, who, asked.today, for_oneself));
    }
    for day in &all {
        let (from, to) = day.portion.minutes();
        let is_taken = |(on, a, b): &(NaiveDate, i32, i32)| *on == day.on && *a < to && from < *b;
        if taken.iter().any(is_taken) {
            obstacles.push(Obstacle::AlreadyAway(day.on));
            break;
        }
    }
    let (planned, periods) = charged(book, &all, &holidays, asked.today, &mut obstacles);
    Ok(Plan {
        days: planned,
        periods,
        obstacles,
        minutes,
        levels: policy.map_or(1, |policy| policy.terms.levels),
    })
}

/// Who asks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The day at the person's place.
    pub today: NaiveDate,
    /// Whether the person asks, and not somebody who manages leave.
    pub for_oneself: bool,
    /// Whether there is a document.
    pub has_document: bool,
    /// The request whose days are planned anew.
    pub of_request: Option<Uuid>,
}

/// Charges each day to the period that it falls in.
fn charged(
    book: &mut Book,
    all: &[LeaveDay],
    holidays: &BTreeMap<NaiveDate, (super::rules::schedule::Holiday, Uuid)>,
    today: NaiveDate,
    obstacles: &mut Vec<Obstacle>,
) -> (Vec<PlannedDay>, Vec<PlannedPeriod>) {
    let mut by_period: BTreeMap<NaiveDate, (Uuid, Vec<LeaveDay>)> = BTreeMap::new();
    let mut planned = Vec::with_capacity(all.len());
    for day in all {
        let index = if book.kind.is_tracked {
            book.open_at(day.on, today)
        } else {
            None
        };
        let account = index.and_then(|index| book.accounts.get(index));
        if book.kind.is_tracked && account.is_none() {
            obstacles.push(Obstacle::NoPolicy(day.on));
            break;
        }
        if let Some(account) = account {
            let of = by_period
                .entry(account.days.0)
                .or_insert((account.id, Vec::new()));
            of.1.push(*day);
        }
        planned.push(PlannedDay {
            day: *day,
            holiday_id: holidays.get(&day.on).map(|(_, id)| *id),
            period_id: account.map(|account| account.id),
        });
    }
    let mut periods = Vec::new();
    for (id, days) in by_period.into_values() {
        let Some(account) = book.accounts.iter().find(|account| account.id == id) else {
            continue;
        };
        let before = account.figures;
        let (early, late) = charge(&days, &before);
        let short = missing(&before, early, late);
        if let Some(first) = days.first().filter(|_| short > 0) {
            obstacles.push(Obstacle::NotEnough(first.on, short));
        }
        periods.push(PlannedPeriod {
            id,
            days: account.days,
            is_new: account.is_new,
            before,
            after: before.with_days(0, early + late, early),
        });
    }
    (planned, periods)
}

/// The other days of leave that somebody has asked for or got, as minutes of days.
async fn others(
    scope: &Scope,
    person: &Person,
    days: Days,
    but: Option<Uuid>,
) -> Result<Vec<(NaiveDate, i32, i32)>, Error> {
    let sql = "select d.leave_on, d.portion::text, d.from_minute, d.to_minute from workforce.leave_request_days d \
        where d.biz_id = $1 and d.staff_id = $2 and d.leave_on >= $3 and d.leave_on < $4 \
          and d.status in ('reserved', 'charged') and d.leave_request_id is distinct from $5::uuid";
    let values = [
        scope.biz_id().into(),
        person.id.into(),
        days.0.into(),
        days.1.into(),
        but.into(),
    ];
    let mut found = Vec::new();
    for row in scope.query(sql, &values).await? {
        let code: String = row.try_get(1)?;
        let (from, to) = Portion::of(&code, row.try_get(2)?, row.try_get(3)?).minutes();
        found.push((row.try_get(0)?, from, to));
    }
    Ok(found)
}
