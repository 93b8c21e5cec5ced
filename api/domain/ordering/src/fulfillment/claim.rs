//! What an assignment takes: the resource, for the time that the work is planned.

use uuid::Uuid;

use super::locked::Locked;
use foundation::database::{Error, Scope, new_id};

// What the order has taken already of the resource at that time will do.
const OWN: &str = "select a.id from availability.allocations a \
    where a.biz_id = $1 and a.resource_id = $3 and a.status in ('hold', 'firm') \
      and ((a.source_type = 'BookingOrder' and a.source_id = $2) or (a.source_type = 'FulfillmentUnit' and a.source_id = $4)) \
      and a.service_starts_at <= $5 and a.service_ends_at >= $6 \
    order by a.id limit 1";

const TAKE: &str = "select availability.claim_window($1, null, 1, null, 'FulfillmentUnit', $2, 'firm', null, $3, $4, $3, $4)";

/// Takes a resource for the time of a piece of work, unless its order has taken it already; gives
/// the allocation. Work without a time takes nothing. The resource is locked.
pub(super) async fn claim(
    scope: &Scope,
    unit: &Locked,
    resource_id: Uuid,
) -> Result<Option<Uuid>, Error> {
    let Some((starts_at, ends_at)) = unit.planned else {
        return Ok(None);
    };
    let own = [
        scope.biz_id().into(),
        unit.order_id.into(),
        resource_id.into(),
        unit.id.into(),
        starts_at.into(),
        ends_at.into(),
    ];
    if let Some(row) = scope.query_opt(OWN, &own).await? {
        return Ok(Some(row.try_get(0)?));
    }
    let values = [
        resource_id.into(),
        unit.id.into(),
        starts_at.into(),
        ends_at.into(),
    ];
    let row = scope.query_opt(TAKE, &values).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// An assignment to be written.
pub(super) struct New<'a> {
    /// The resource.
    pub resource_id: Uuid,
    /// What it takes.
    pub allocation_id: Option<Uuid>,
    /// As what.
    pub role: &'a str,
    /// Its place among those of the role; the first that is free, if none.
    pub position: Option<i32>,
    /// Whether it is settled, or the resource has to answer first.
    pub is_accepted: bool,
}

const INSERT: &str = "insert into booking.fulfillment_assignments (biz_id, id, unit_id, resource_id, allocation_id, role, position, status, accepted_at) \
    values ($1, $2, $3, $4, $5, $6, coalesce($7, ( \
      select 1 + coalesce(max(a.position), 0) from booking.fulfillment_assignments a \
      where a.biz_id = $1 and a.unit_id = $3 and a.role = $6 and a.status in ('proposed', 'accepted', 'completed'))), \
      case when $8::timestamptz is null then 'proposed' else 'accepted' end, $8)";

/// Writes an assignment, and gives its id.
pub(super) async fn insert(scope: &Scope, unit_id: Uuid, new: &New<'_>) -> Result<Uuid, Error> {
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        unit_id.into(),
        new.resource_id.into(),
        new.allocation_id.into(),
        new.role.into(),
        new.position.into(),
        new.is_accepted.then_some(scope.now()).into(),
    ];
    scope.execute(INSERT, &values).await?;
    Ok(id)
}
