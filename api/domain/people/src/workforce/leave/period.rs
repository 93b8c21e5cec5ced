//! A period of somebody's leave, by its id.

use uuid::Uuid;

use super::book::Book;
use super::person::{MANAGE, leave_kind, person};
use foundation::database::Error;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::verb::Act;

/// That there is no such period, for whoever asks.
pub fn no_period() -> Failure {
    Failure::new(Code::NotFound, "There is no such leave period.")
}

/// The book of a period, locked, and which of its periods it is.
pub async fn of_period(act: &Act<'_>, id: Uuid) -> Result<(Book, usize), Failure> {
    let scope = act.scope;
    let sql = "select p.staff_id, p.leave_type_id from workforce.leave_periods p where p.biz_id = $1 and p.id = $2";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), id.into()])
        .await?
        .ok_or_else(no_period)?;
    let (staff, kind): (Uuid, Uuid) = (
        row.try_get(0).map_err(Error::from)?,
        row.try_get(1).map_err(Error::from)?,
    );
    let person = person(scope, staff, true).await.map_err(|_| no_period())?;
    person
        .permit(act.principal()?, MANAGE)
        .map_err(|_| no_period())?;
    let kind = leave_kind(scope, kind).await?;
    let book = Book::read(scope, person, kind).await?;
    let index = book.by_id().get(&id).copied().ok_or_else(no_period)?;
    Ok((book, index))
}
