//! How far a write reaches.

use uuid::Uuid;

use super::{Act, Fault};
use crate::graph::condition::{Conditions, Statement};
use crate::graph::model::{EntityId, model, words};
use crate::identity::Reach;

/// A row that a write touches, and the permission that it takes.
#[derive(Clone, Copy, Debug)]
pub struct Reached<'a> {
    /// Its entity.
    pub entity: EntityId,
    /// Its id.
    pub row: Uuid,
    /// What the caller must hold where it is.
    pub permission: &'a str,
}

/// A row at a location that the caller's permission does not reach does not exist for it, neither
/// before nor after the write.
pub async fn within_reach(act: &Act<'_>, reached: Reached<'_>) -> Result<(), Fault<String>> {
    let principal = act.principal()?;
    let entity = model().entity(reached.entity);
    if principal.reach(reached.permission) == Reach::All {
        return Ok(());
    }
    let mut statement = Statement::default();
    let alias = statement.alias();
    let bound = statement.bind(reached.row);
    let sealer = &act.session.shared.sealer;
    let narrow = Conditions {
        principal,
        sealer,
        statement: &mut statement,
    }
    .narrowed_by(reached.entity, &alias, reached.permission);
    let Some(narrow) = narrow else { return Ok(()) };
    let sql = format!(
        "select 1 from {} {alias} where {alias}.{} = {bound} and {narrow}",
        entity.source, entity.key
    );
    match act.scope.query_opt(&sql, &statement.values).await? {
        Some(_) => Ok(()),
        None => Err(Fault::not_found(&words(entity.table.entity))),
    }
}
