//! Whether there is a location that is asked about, for who asks.

use uuid::Uuid;

use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::Look;

/// Refuses a location that there is not, or that is out of the permission's reach, in the same words.
pub async fn reach(look: &Look<'_>, permission: &str, location_id: Uuid) -> Result<(), Failure> {
    look.permit_at(permission, location_id, "location")?;
    let sql = "select from core.locations l where l.biz_id = $1 and l.id = $2";
    let key = [look.scope.biz_id().into(), location_id.into()];
    match look.scope.query_opt(sql, &key).await? {
        Some(_) => Ok(()),
        None => Err(Failure::new(Code::NotFound, "There is no such location.")),
    }
}
