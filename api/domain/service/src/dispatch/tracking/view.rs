//! `taskTracking`: what a customer sees.

use async_graphql::{InputObject, SimpleObject};

use super::{tenant_of, tracked};
use crate::dispatch::choices::TaskStatus;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Instant, Number};
use foundation::graph::verb::Permission;
use foundation::identity::token::digest;

/// Where the driver is, for who holds the token of a link. Only while the driver is on the way to
/// them; null where the link is unknown, void or has expired.
#[derive(InputObject)]
pub struct TaskTrackingInput {
    /// What the link carries.
    pub token: String,
}

/// What a customer sees of a task.
#[derive(SimpleObject)]
pub struct TaskTrackingAnswer {
    /// Where the task stands.
    pub status: Choice<TaskStatus>,
    /// From when on they can expect the driver.
    pub starts_at: Instant,
    /// Until when they can expect the driver.
    pub ends_at: Instant,
    /// When the driver will be there, by the latest reckoning.
    pub eta_at: Option<Instant>,
    /// Latitude of the vehicle, in degrees; only while it is on the way to them.
    pub lat: Option<Number>,
    /// Longitude of the vehicle, in degrees; only while it is on the way to them.
    pub lng: Option<Number>,
    /// When the vehicle was there.
    pub position_at: Option<Instant>,
}

/// The question.
pub struct TaskTracking;

const VIEW: &str = concat!(tracked!(), "l.token_hash = $2");

impl Question for TaskTracking {
    type Input = TaskTrackingInput;
    type Answer = Option<TaskTrackingAnswer>;

    const NAME: &'static str = "taskTracking";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let Some(biz_id) = tenant_of(&input.token) else {
            return Ok(None);
        };
        let values = [
            biz_id.into(),
            digest(&input.token).into(),
            look.scope.now().into(),
        ];
        let Some(row) = look.scope.query_opt(VIEW, &values).await? else {
            return Ok(None);
        };
        let read = || -> Result<Self::Answer, foundation::database::Error> {
            let status: String = row.try_get(1)?;
            let Some(status) = Choice::of(&status) else {
                return Ok(None);
            };
            Ok(Some(TaskTrackingAnswer {
                status,
                starts_at: Instant(row.try_get(2)?),
                ends_at: Instant(row.try_get(3)?),
                eta_at: row.try_get::<_, Option<_>>(4)?.map(Instant),
                lat: row.try_get::<_, Option<_>>(5)?.map(Number),
                lng: row.try_get::<_, Option<_>>(6)?.map(Number),
                position_at: row.try_get::<_, Option<_>>(7)?.map(Instant),
            }))
        };
        Ok(read()?)
    }
}
