//! A balance that is put right or paid out.

use uuid::Uuid;

use super::book::Book;
use super::ledger::write;
use super::person::{MANAGE, leave_kind, person};
use foundation::graph::scalars::Day;
use foundation::graph::verb::{Act, Fault, Outcome};

/// The most that one correction moves: three years of minutes.
pub const MOST: i32 = 1_600_000;

/// The book of somebody whom the caller's permission reaches, locked, and the period of a day.
pub async fn open<P>(
    act: &Act<'_>,
    staff: Uuid,
    kind: Uuid,
    on: Option<Day>,
    code: P,
) -> Result<(Book, usize), Fault<P>> {
    let person = person(act.scope, staff, true).await?;
    person.permit(act.principal()?, MANAGE)?;
    let today = person.today(act.scope.now());
    let kind = leave_kind(act.scope, kind).await?;
    let is_tracked = kind.is_tracked;
    let mut book = Book::read(act.scope, person, kind).await?;
    let on = on.map_or(today, |on| on.0);
    let index = book.open_at(on, today).filter(|_| is_tracked);
    let index = index.ok_or_else(|| {
        let message = format!(
            "No policy gives this leave to the person on {on}, or no balances are kept of it."
        );
        Fault::at(code, "leaveTypeId", message)
    })?;
    Ok((book, index))
}

/// Writes the book, and answers with a period and what is left in it.
pub async fn done<P>(act: &Act<'_>, book: &mut Book, index: usize) -> Result<Outcome, Fault<P>> {
    write(act.scope, book).await?;
    let (id, balance) = book
        .accounts
        .get(index)
        .map(|account| (account.id, account.figures.balance()))
        .unwrap_or_default();
    Ok(Outcome::row("leavePeriod", id)
        .and_value("balanceMinutes", balance)
        .detail("staff_id", book.person.id.to_string())
        .detail("leave_type_id", book.kind.id.to_string()))
}
