//! `slaClockWaive`.

use async_graphql::{Enum, InputObject};
use entities::operations::sla_clock;

use crate::operations::WAIVE;
use crate::operations::sla::clocks::end_pause;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A promise does not count, such as after a power cut: not as kept, and not as broken. What was
/// given for its breach stays given.
#[derive(InputObject)]
pub struct SlaClockWaiveInput {
    /// The clock.
    pub id: Id<sla_clock::Entity>,
    /// Why it does not count.
    pub reason: String,
}

/// Why it still counts.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SlaClockWaiveErrorCode")]
pub enum SlaClockWaiveProblem {
    /// It was kept or waived before, or what was given for it has made it good.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use SlaClockWaiveProblem as Problem;

/// The verb.
pub struct SlaClockWaive;

impl Verb for SlaClockWaive {
    type Input = SlaClockWaiveInput;
    type Problem = Problem;

    const NAME: &'static str = "slaClockWaive";
    const PERMISSION: Permission = Permission::Holds(WAIVE);
    const EVENT: Option<&'static str> = Some("sla.waived");
    const PAYLOAD: &'static [Part] =
        &[Part::Row("slaClock", "SlaClock", "The clock as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let values = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("clock"))?;
        if let Some(location) = row.try_get(1)? {
            act.permit_at(WAIVE, location, "clock")?;
        }
        let status: String = row.try_get(0)?;
        if !matches!(status.as_str(), "running" | "paused" | "breached") {
            let text = format!("The clock is {status}.");
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let reason = input.reason.trim();
        if reason.is_empty() {
            return Err(Fault::at(
                Problem::ReasonRequired,
                "reason",
                "A reason is required.",
            ));
        }
        scope.set_reason(reason).await?;
        end_pause(scope, id).await?;
        let sql = "update operations.sla_clocks set status = 'waived', paused_at = null, stopped_at = coalesce(stopped_at, $3) \
                   where biz_id = $1 and id = $2";
        let values = [scope.biz_id().into(), id.into(), scope.now().into()];
        scope.execute(sql, &values).await?;
        Ok(Outcome::row("slaClock", id).detail("reason", reason))
    }
}

const LOCK: &str = "select c.status::text, c.location_id from operations.sla_clocks c \
    where c.biz_id = $1 and c.id = $2 for no key update";
