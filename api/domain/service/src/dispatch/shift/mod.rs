//! Shifts at the wheel.

pub mod begin;
pub mod cancel;
pub mod finish;
pub mod plan;

use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

const LOCK: &str = "select status::text, version, location_id from dispatch.driver_shifts \
    where biz_id = $1 and id = $2 for no key update";

/// Locks a shift that the caller's permission reaches; gives its status and location.
async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<(String, Uuid), Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("shift"))?;
    let location_id = row.try_get(2)?;
    act.permit_at(permission, location_id, "shift")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("shift", version, expected_version)?;
    Ok((row.try_get(0)?, location_id))
}
