//! `trackingLinkShare`.

use async_graphql::{Enum, InputObject};
use chrono::Duration;
use entities::dispatch::dispatch_task;
use sea_orm::Value;

use super::token;
use crate::dispatch::PLAN;
use crate::dispatch::store::lock_task;
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::{Secret, digest};

/// The longest life of a link, in minutes.
const LONGEST: i32 = 7 * 24 * 60;

/// Makes a link by which a customer sees where the driver is, while the driver is on the way to them.
#[derive(InputObject)]
pub struct TrackingLinkShareInput {
    /// The task.
    pub task_id: Id<dispatch_task::Entity>,
    /// How many minutes it shows something, a week at most; a day if not given.
    pub valid_minutes: Option<i32>,
}

/// Why no link was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TrackingLinkShareErrorCode")]
pub enum TrackingLinkShareProblem {
    /// The task has ended: there is nothing to see any more.
    TaskEnded,
    /// A link lives for a minute at least and a week at most.
    InvalidLifetime,
}

/// The verb.
pub struct TrackingLinkShare;

impl Verb for TrackingLinkShare {
    type Input = TrackingLinkShareInput;
    type Problem = TrackingLinkShareProblem;

    const NAME: &'static str = "trackingLinkShare";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.tracking_shared");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("trackingLink", "TrackingLink", "The new link."),
        Part::Secret(
            "token",
            "String",
            "What the link carries, for `taskTracking`; shown once.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, new_id());
        let minutes = input.valid_minutes.unwrap_or(24 * 60);
        if !(1..=LONGEST).contains(&minutes) {
            return Err(Fault::at(
                TrackingLinkShareProblem::InvalidLifetime,
                "validMinutes",
                format!("A link lives for 1 to {LONGEST} minutes."),
            ));
        }
        let task = lock_task(act, PLAN, input.task_id.uuid(), None).await?;
        if matches!(task.status.as_str(), "completed" | "failed" | "cancelled") {
            let text = format!(
                "The task is {}: there is nothing to see any more.",
                task.status
            );
            return Err(Fault::at(
                TrackingLinkShareProblem::TaskEnded,
                "taskId",
                text,
            ));
        }
        let token = token(scope.biz_id(), &Secret::random()?.text);
        let sql = "insert into dispatch.tracking_links (biz_id, id, task_id, token_hash, expires_at) \
            values ($1, $2, $3, $4, $5)";
        let values: [Value; 5] = [
            scope.biz_id().into(),
            id.into(),
            task.id.into(),
            digest(&token).into(),
            (scope.now() + Duration::minutes(minutes.into())).into(),
        ];
        scope.execute(sql, &values).await?;
        Ok(Outcome::row("trackingLink", id).and_value("token", token))
    }
}
