//! `trackingLinkRevoke`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::tracking_link;

use crate::dispatch::PLAN;
use crate::dispatch::store::lock_task;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Makes a link void: it shows nothing from now on.
#[derive(InputObject)]
pub struct TrackingLinkRevokeInput {
    /// The link.
    pub id: Id<tracking_link::Entity>,
}

/// Why a link cannot be made void.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TrackingLinkRevokeErrorCode")]
pub enum TrackingLinkRevokeProblem {
    /// It is void already.
    AlreadyRevoked,
}

/// The verb.
pub struct TrackingLinkRevoke;

impl Verb for TrackingLinkRevoke {
    type Input = TrackingLinkRevokeInput;
    type Problem = TrackingLinkRevokeProblem;

    const NAME: &'static str = "trackingLinkRevoke";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.tracking_revoked");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "trackingLink",
        "TrackingLink",
        "The link as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let sql = "select task_id from dispatch.tracking_links where biz_id = $1 and id = $2";
        let key = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(sql, &key).await?;
        let task_id = row.ok_or_else(|| Fault::not_found("link"))?.try_get(0)?;
        lock_task(act, PLAN, task_id, None).await?;
        let sql = "update dispatch.tracking_links set revoked_at = $3 \
            where biz_id = $1 and id = $2 and revoked_at is null";
        let [biz_id, link_id] = key;
        let changed = scope
            .execute(sql, &[biz_id, link_id, scope.now().into()])
            .await?;
        if changed == 0 {
            let text = "The link is void already.";
            return Err(Fault::at(
                TrackingLinkRevokeProblem::AlreadyRevoked,
                "id",
                text,
            ));
        }
        Ok(Outcome::row("trackingLink", id))
    }
}
