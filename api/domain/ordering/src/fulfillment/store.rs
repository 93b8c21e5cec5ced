//! What follows when work moves: work that waited is ready, assignments end, claims are given back.

use uuid::Uuid;

use foundation::database::{Error, Scope};

const WAITING: &str = "select u.id from booking.fulfillment_dependencies d \
    join booking.fulfillment_units u on u.biz_id = d.biz_id and u.id = d.successor_id and u.status = 'planned' \
    where d.biz_id = $1 and d.predecessor_id = $2 \
    order by u.id for no key update of u";

const FREE: &str = "update booking.fulfillment_units u set status = 'ready' \
    where u.biz_id = $1 and u.id = any ($2::uuid[]) and u.status = 'planned' and not booking.is_work_unmet($1, u.id) \
    returning u.id";

/// Makes ready what waited for a piece of work alone, and says what that is. What waits is locked
/// before it is looked at: of two predecessors that end at once, the later sees the other.
pub(super) async fn free_successors(scope: &Scope, id: Uuid) -> Result<Vec<Uuid>, Error> {
    let rows = scope
        .query(WAITING, &[scope.biz_id().into(), id.into()])
        .await?;
    let ids = rows
        .iter()
        .map(|row| Ok(row.try_get(0)?))
        .collect::<Result<Vec<Uuid>, Error>>()?;
    let ready = make_ready(scope, ids).await?;
    give_out(scope, &ready).await?;
    Ok(ready)
}

/// Makes planned work ready that waits for nothing, and says what that is; it is locked.
pub(super) async fn make_ready(scope: &Scope, ids: Vec<Uuid>) -> Result<Vec<Uuid>, Error> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let rows = scope
        .query(FREE, &[scope.biz_id().into(), ids.into()])
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

const GIVE_OUT: &str = "update booking.fulfillment_units u set status = 'assigned' \
    where u.biz_id = $1 and u.id = any ($2::uuid[]) and u.status = 'ready' \
      and exists (select from booking.fulfillment_assignments a \
        where a.biz_id = $1 and a.unit_id = u.id and a.status = 'accepted')";

/// Ready work that somebody has accepted already is assigned.
pub(super) async fn give_out(scope: &Scope, ids: &[Uuid]) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let values = [scope.biz_id().into(), ids.to_vec().into()];
    scope.execute(GIVE_OUT, &values).await.map(drop)
}

const END: &str = "update booking.fulfillment_assignments a set status = case \
      when $3::text = 'completed' and a.status = 'accepted' then 'completed' else 'released' end \
    where a.biz_id = $1 and a.unit_id = $2 and a.status in ('proposed', 'accepted')";

/// Ends the assignments of a piece of work: as completed where it is, and as released otherwise.
/// What was claimed for it alone is given back, unless it was used.
pub(super) async fn end_assignments(scope: &Scope, id: Uuid, status: &str) -> Result<(), Error> {
    let values = [scope.biz_id().into(), id.into(), status.into()];
    scope.execute(END, &values).await?;
    if status == "completed" {
        return Ok(());
    }
    let sql = "select availability.release('withdrawn', 'FulfillmentUnit', $1)";
    scope.query(sql, &[id.into()]).await.map(drop)
}

const UNGIVEN: &str = "update booking.fulfillment_units u set status = 'ready' \
    where u.biz_id = $1 and u.id = $2 and u.status = 'assigned' \
      and not exists (select from booking.fulfillment_assignments a \
        where a.biz_id = $1 and a.unit_id = u.id and a.status = 'accepted')";

/// Assigned work that nobody does any more is ready to be given to somebody else.
pub(super) async fn take_back(scope: &Scope, id: Uuid) -> Result<(), Error> {
    let values = [scope.biz_id().into(), id.into()];
    scope.execute(UNGIVEN, &values).await.map(drop)
}
