//! Plans of who drives where in which order: reckoned, looked at, then applied or thrown away.

pub mod apply;
mod day;
pub mod discard;
pub mod propose;
pub mod tour;

use uuid::Uuid;

use super::PLAN;
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

const LOCK: &str = "select status::text, version, location_id from dispatch.route_plans \
    where biz_id = $1 and id = $2 for no key update";

/// Locks a plan that the caller's permission reaches; gives its status and location.
async fn lock<P>(
    act: &Act<'_>,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<(String, Uuid), Fault<P>> {
    let row = act
        .scope
        .query_opt(LOCK, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found("route plan"))?;
    let location_id = row.try_get(2)?;
    act.permit_at(PLAN, location_id, "route plan")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("route plan", version, expected_version)?;
    Ok((row.try_get(0)?, location_id))
}
