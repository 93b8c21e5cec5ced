//! What leaving does to somebody's book, and coming back. What came in for days after it is taken back, a
//! debt is deducted from the last pay, as no next period could begin with it, and the rest stays to be
//! paid out. Who comes back begins a new period; where the leaving did not come to be, the old one goes on.

use chrono::NaiveDate;
use uuid::Uuid;

use super::book::{Account, Book};
use super::person::Person;
use super::rules::accrual::{Accrual, Employment, due, put_right};
use foundation::database::{Error, Scope};

/// Takes back what came in for days on which somebody does not work here, and gives it back where they do
/// after all. Until they have left, no more than is still there: days to come may be given back first.
pub fn take_back(book: &mut Book, index: usize, has_left: bool) {
    let who = book.person.who;
    let (Some(terms), Some(account)) = (book.terms(index), book.accounts.get(index)) else {
        return;
    };
    let left = who.left_on.filter(|left| *left < account.days.1);
    let is_corrected = account.accrued.iter().any(|due| due.minutes < 0);
    let came_early = account.accrued.iter().any(|due| due.on < who.hired_on);
    let is_right = left.is_none() && !is_corrected && !came_early;
    if terms.accrual == Accrual::PerHour || account.days.1 <= who.hired_on || is_right {
        return;
    }
    let mut change = put_right(&terms, who, account.days, &account.accrued);
    if !has_left {
        change = change.max(-account.figures.room().max(0));
    }
    let stays = Employment {
        left_on: None,
        ..who
    };
    let dues = due(&terms, stays, account.days, NaiveDate::MAX);
    let is_used = |day: &NaiveDate| {
        let mut all = account.accrued.iter().chain(&dues);
        all.any(|due| due.on == *day)
    };
    let from = left.unwrap_or(account.days.0).max(account.days.0);
    let on = from.iter_days().find(|day| !is_used(day)).unwrap_or(from);
    let note = match left {
        Some(_) => "Leaves within the period",
        None if came_early => "Came later",
        None => "Stays after all",
    };
    book.post(index, "accrual", change, on, Some(note));
}

/// The day on which somebody left within a period, or just at its end, if they have. A period from before
/// they came, or came back, ended with an earlier leaving.
pub fn left_in(book: &Book, index: usize, today: NaiveDate) -> Option<NaiveDate> {
    let (who, end) = (book.person.who, book.accounts.get(index)?.days.1);
    if end <= who.hired_on {
        return Some(end);
    }
    who.left_on.filter(|left| *left <= today && *left <= end)
}

/// Deducts from the last pay what is owed, whatever the policy says of debts of those who stay; pays that
/// back if it is there after all.
pub fn settle(book: &mut Book, index: usize, left: NaiveDate) {
    let Some(account) = book.accounts.get(index) else {
        return;
    };
    let (pay, days) = (account.figures.last_pay(), account.days);
    let last = left.min(days.1).pred_opt().unwrap_or(left).max(days.0);
    let note = if pay < 0 {
        "A debt of whoever leaves is deducted from the last pay"
    } else {
        "What was deducted for a debt is paid back"
    };
    book.post(index, "encashment", -pay, last, Some(note));
}

/// Lets periods in which somebody left end before the day on which they came back, if that was not known
/// when they were closed. Answers with those, and where they end now.
pub fn cut(accounts: &mut [Account], person: &Person) -> Vec<(Uuid, NaiveDate)> {
    let hired_on = person.who.hired_on;
    let is_cut = |account: &Account| {
        let is_anew = |closed_on: NaiveDate| {
            closed_on < hired_on || account.accrued.iter().any(|due| due.on < hired_on)
        };
        ended_early(account, person).is_some_and(is_anew)
            && account.days.0 < hired_on
            && hired_on < account.days.1
    };
    let mut ends = Vec::new();
    for account in accounts.iter_mut().filter(|account| is_cut(account)) {
        account.days.1 = hired_on;
        ends.push((account.id, hired_on));
    }
    ends
}

/// On which day a period was closed before it was over, if it was: because of a leaving.
fn ended_early(account: &Account, person: &Person) -> Option<NaiveDate> {
    let closed_on = person.today(account.closed_at.filter(|_| account.status == "closed")?);
    (closed_on < account.days.1).then_some(closed_on)
}

const REOPEN: &str = "update workforce.leave_periods p set status = 'open', closed_at = null \
    where p.biz_id = $1 and p.id = $2 and p.status = 'closed'";

/// Lets a closed period go on where the leaving that ended it early did not come to be. Answers with it if
/// it does.
pub async fn go_on(
    scope: &Scope,
    book: &mut Book,
    index: usize,
    today: NaiveDate,
) -> Result<Option<Uuid>, Error> {
    let (person, Some(account)) = (&book.person, book.accounts.get_mut(index)) else {
        return Ok(None);
    };
    let works = |day: NaiveDate| person.who.includes(day);
    if !ended_early(account, person).is_some_and(|closed_on| works(today) && works(closed_on)) {
        return Ok(None);
    }
    account.status = "open";
    account.closed_at = None;
    let id = account.id;
    scope.set_reason("Stays after all").await?;
    let values = [scope.biz_id().into(), id.into()];
    scope.execute(REOPEN, &values).await?;
    Ok(Some(id))
}
