//! A piece of work that is locked to be moved.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// A piece of work that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub(super) struct Locked {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Where it is seen to.
    pub location_id: Uuid,
    /// When it is planned, if it is.
    pub planned: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The order that asks for it.
    pub order_id: Uuid,
}

impl Locked {
    /// Whether nothing more is done about it.
    pub fn is_over(&self) -> bool {
        matches!(
            self.status.as_str(),
            "completed" | "verified" | "cancelled" | "failed"
        )
    }
}

const LOCK: &str = "select u.status::text, u.location_id, u.planned_starts_at, u.planned_ends_at, l.order_id, u.version \
    from booking.fulfillment_units u \
    join booking.booking_order_lines l on l.biz_id = u.biz_id and l.id = u.order_line_id \
    where u.biz_id = $1 and u.id = $2 for no key update of u";

/// Locks a piece of work that the caller's permission reaches. A version that is not the present one
/// is a conflict.
pub(super) async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Locked, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("piece of work"))?;
    let location_id = row.try_get(1)?;
    act.permit_at(permission, location_id, "piece of work")?;
    let version: i32 = row.try_get(5)?;
    Failure::unless_current("work", version, expected_version)?;
    let (starts_at, ends_at): (Option<_>, Option<_>) = (row.try_get(2)?, row.try_get(3)?);
    Ok(Locked {
        id,
        status: row.try_get(0)?,
        location_id,
        planned: starts_at.zip(ends_at),
        order_id: row.try_get(4)?,
    })
}
