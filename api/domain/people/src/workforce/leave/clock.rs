//! What time does to somebody's leave: periods begin, leave comes in, what was carried over expires,
//! periods end. Asked any number of times, it is done once; what was missed is caught up in order.

use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::book::{Account, Book};
use super::leaving::{self, go_on, left_in, take_back};
use super::ledger::{move_period, write};
use super::rules::accrual::{Accrual, Due, due_by_hours};
use super::rules::years::months_later;
use foundation::database::{Error, Scope};
use scheduling::availability::rules::day_start;

/// How many periods are caught up at most.
const MOST: usize = 60;

/// What time did.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Periods that began.
    pub opened: Vec<Uuid>,
    /// Periods that ended, or ended anew.
    pub closed: Vec<Uuid>,
    /// How many entries were written.
    pub entries: usize,
}

impl Moved {
    /// How many things were done.
    pub fn count(&self) -> usize {
        self.opened.len() + self.closed.len() + self.entries
    }
}

/// Brings a book up to an instant, and writes it. Whoever calls has locked the person.
pub async fn advance(scope: &Scope, book: &mut Book, now: DateTime<Utc>) -> Result<Moved, Error> {
    let mut moved = Moved::default();
    if !book.kind.is_tracked {
        return Ok(moved);
    }
    let today = book.person.today(now);
    if book.person.who.includes(today) && book.accounts.is_empty() {
        begin(book, today, &mut moved);
    }
    for _ in 0..MOST {
        let closed = pass(scope, book, today, &mut moved).await?;
        let is_missing = book.at(today).is_none();
        if closed.is_none() && is_missing && book.person.who.includes(today) {
            begin(book, today, &mut moved);
        }
        moved.entries += book.postings.len();
        for id in &moved.opened {
            move_opened(scope, book, *id).await?;
        }
        write(scope, book).await?;
        let Some(id) = closed else {
            return Ok(moved);
        };
        move_period(scope, id, "closed", Some(now)).await?;
        moved.closed.push(id);
        // The next period has new carry-over, by which its days are early or late.
        *book = Book::read(scope, book.person.clone(), book.kind.clone()).await?;
    }
    Ok(moved)
}

async fn move_opened(scope: &Scope, book: &Book, id: Uuid) -> Result<(), Error> {
    let is_new = |account: &&Account| account.id == id && account.is_new;
    if book.accounts.iter().any(|account| is_new(&account)) {
        return Ok(());
    }
    let sql = "update workforce.leave_periods p set status = 'open' where p.biz_id = $1 and p.id = $2 and p.status = 'planned'";
    let values = [scope.biz_id().into(), id.into()];
    scope.execute(sql, &values).await.map(drop)
}

fn begin(book: &mut Book, today: NaiveDate, moved: &mut Moved) {
    let Some(index) = book.open_at(today, today) else {
        return;
    };
    moved
        .opened
        .extend(book.accounts.get(index).map(|account| account.id));
}

/// Goes over the periods that have begun, in order, up to the first that ends.
async fn pass(
    scope: &Scope,
    book: &mut Book,
    today: NaiveDate,
    moved: &mut Moved,
) -> Result<Option<Uuid>, Error> {
    let mut index = 0;
    while let Some(begins) = book.accounts.get(index).map(|account| account.days.0) {
        if begins > today {
            break;
        }
        moved.opened.extend(go_on(scope, book, index, today).await?);
        let Some(account) = book.accounts.get_mut(index) else {
            break;
        };
        if account.status == "planned" {
            account.status = "open";
            moved.opened.push(account.id);
        }
        if account.status == "open" {
            come_in(scope, book, index, today).await?;
        }
        expire_carried(book, index, today);
        if is_over(book, index, today) {
            return Ok(close(book, index, today));
        }
        if book
            .accounts
            .get(index)
            .is_some_and(|account| account.status == "closed")
            && let Some(id) = close_again(book, index, today)
        {
            return Ok(Some(id));
        }
        index += 1;
    }
    Ok(None)
}

/// Lets in all that is due in a period.
pub async fn come_in(
    scope: &Scope,
    book: &mut Book,
    index: usize,
    today: NaiveDate,
) -> Result<(), Error> {
    book.accrue(index, today);
    by_hours(scope, book, index, today).await?;
    take_back(book, index, false);
    Ok(())
}

const WORKED: &str = "select (extract(epoch from coalesce(sum(g.ends_at - g.starts_at), '0')) / 60)::bigint \
    from unnest($3::timestamptz[]) with ordinality as e (until, n) \
    left join workforce.work_time_segments g on g.biz_id = $1 and g.staff_id = $2 and g.superseded_at is null \
      and g.ends_at is not null and g.kind in ('work', 'travel', 'training') \
      and g.starts_at >= $4 and g.starts_at < e.until \
    group by e.n order by e.n";

/// Lets in what hours worked give, for each month that is over: all that was worked in the period by
/// then, less what came in. Hours that are put right later count with the next month.
async fn by_hours(
    scope: &Scope,
    book: &mut Book,
    index: usize,
    today: NaiveDate,
) -> Result<(), Error> {
    let Some(terms) = book
        .terms(index)
        .filter(|terms| terms.accrual == Accrual::PerHour)
    else {
        return Ok(());
    };
    let Some(account) = book.accounts.get(index) else {
        return Ok(());
    };
    let last = account.accrued.iter().map(|due| due.on).max();
    // The last month of whoever leaves is over when they do.
    let left = book.person.who.left_on.unwrap_or(account.days.1);
    let days = (account.days.0, left.min(account.days.1));
    if days.1 <= days.0 {
        return Ok(());
    }
    let ends: Vec<NaiveDate> = terms
        .anchor
        .months(days)
        .into_iter()
        .map(|(_, days)| days.1)
        .filter(|end| *end <= today && last.is_none_or(|last| *end > last))
        .collect();
    if ends.is_empty() {
        return Ok(());
    }
    let zone = book.person.zone;
    let instants: Vec<_> = ends.iter().map(|end| day_start(zone, *end)).collect();
    let values = [
        scope.biz_id().into(),
        book.person.id.into(),
        instants.into(),
        day_start(zone, account.days.0).into(),
    ];
    let rows = scope.query(WORKED, &values).await?;
    for (row, end) in rows.iter().zip(ends) {
        let Some(account) = book.accounts.get(index) else {
            continue;
        };
        let more = due_by_hours(&terms, row.try_get(0)?) - account.figures.accrued;
        let on = end.pred_opt().unwrap_or(end);
        if more > 0 && !account.accrued.iter().any(|due| due.on == on) {
            let due = Due { on, minutes: more };
            book.let_in(index, due, terms.max_balance, None);
        }
    }
    Ok(())
}

/// Lets expire what was carried over and not used in time.
pub fn expire_carried(book: &mut Book, index: usize, today: NaiveDate) {
    let Some(account) = book.accounts.get(index) else {
        return;
    };
    let Some(on) = account.figures.carry_expires_on.filter(|on| *on <= today) else {
        return;
    };
    let lost = account.figures.carry_lost();
    book.post(index, "carry_expiry", -lost, on, None);
}

fn is_over(book: &Book, index: usize, today: NaiveDate) -> bool {
    let left = book.person.who.left_on.filter(|left| *left <= today);
    book.accounts.get(index).is_some_and(|account| {
        account.status == "open"
            && account.closed_at.is_none()
            && (account.days.1 <= today || left.is_some())
    })
}

/// Ends a period: carries over, and lets expire. Of whoever has left, what is unused stays to be paid
/// out, and a debt is deducted from the last pay; where no policy gives a next period, both stay.
pub fn close(book: &mut Book, index: usize, today: NaiveDate) -> Option<Uuid> {
    let is_open = book.accounts.get(index)?.status == "open";
    if is_open && left_in(book, index, today).is_some() {
        take_back(book, index, true);
    }
    settle(book, index, today);
    let account = book.accounts.get_mut(index)?;
    account.status = "closed";
    Some(account.id)
}

/// Ends a closed period anew where late decisions have freed something.
fn close_again(book: &mut Book, index: usize, today: NaiveDate) -> Option<Uuid> {
    let before = book.postings.len();
    settle(book, index, today);
    let account = book.accounts.get(index)?;
    (book.postings.len() > before).then_some(account.id)
}

fn settle(book: &mut Book, index: usize, today: NaiveDate) {
    if let Some(left) = left_in(book, index, today) {
        return leaving::settle(book, index, left);
    }
    let (Some(terms), Some(account)) = (book.terms(index), book.accounts.get(index)) else {
        return;
    };
    let (end, figures) = (account.days.1, account.figures);
    let last = end.checked_sub_days(Days::new(1)).unwrap_or(end);
    if figures.balance() < 0 && terms.encashes_debts {
        let owed = figures.close(&terms, 0).encash;
        book.post(
            index,
            "encashment",
            -owed,
            last,
            Some("A debt is deducted from the pay"),
        );
        return;
    }
    if figures.free() <= 0 && figures.balance() >= 0 {
        // Without a rest or a debt the next period needs nothing of this one.
        return;
    }
    let Some(next) = book.open_at(end, today) else {
        return;
    };
    let room = |account: &Account| account.figures.room();
    let closing = figures.close(&terms, book.accounts.get(next).map_or(0, room));
    let paid_back = Some("What was deducted for a debt is paid back");
    book.post(index, "encashment", -closing.encash, last, paid_back);
    book.post(index, "carry_out", -closing.carry, last, None);
    book.post(next, "carry_in", closing.carry, end, None);
    book.post(index, "expiry", -closing.expire, last, None);
    let months = terms.carry_months.filter(|_| closing.carry > 0);
    if let (Some(months), Some(next)) = (months, book.accounts.get_mut(next))
        && next.figures.carry_expires_on.is_none()
    {
        let expires = months_later(next.days.0, months);
        next.figures.carry_expires_on = Some(expires);
        book.carry_dates.push((next.id, expires));
    }
}
