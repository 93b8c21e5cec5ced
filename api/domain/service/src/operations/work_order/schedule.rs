//! `workOrderSchedule`.

use async_graphql::{Enum, InputObject};
use chrono::TimeDelta;
use entities::identity::member;
use entities::resources::maintenance_work_order;
use sea_orm::Value;

use crate::operations::MAINTAIN;
use crate::operations::locked::{WORK, lock};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::capacity::blocked::{Wanted, block_resource, lift};
use scheduling::availability::store::{SOLD_OUT, TAKEN};

/// Plans when the work is done, or plans it anew. A resource that cannot be used meanwhile is taken
/// out of what can be booked for that time; what is booked is never overrun.
#[derive(InputObject)]
pub struct WorkOrderScheduleInput {
    /// The work order.
    pub id: Id<maintenance_work_order::Entity>,
    /// When the work begins.
    pub starts_at: Instant,
    /// When it ends, that instant not included; as long as its policy says if not given, or an
    /// hour.
    pub ends_at: Option<Instant>,
    /// Who does it.
    pub assignee_id: Option<Id<member::Entity>>,
    /// Whether it leaves out what is booked, instead of being refused.
    pub around_bookings: Option<bool>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not scheduled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WorkOrderScheduleErrorCode")]
pub enum WorkOrderScheduleProblem {
    /// The work order is in a status in which that is not done.
    WrongStatus,
    /// The end is after the start, by 400 days at most.
    InvalidTimes,
    /// Something is booked or held then; the message says how much and when.
    SlotTaken,
    /// All of the type are sold on some night, so that none is left to be blocked.
    SoldOut,
}

use WorkOrderScheduleProblem as Problem;

/// The verb.
pub struct WorkOrderSchedule;

impl Verb for WorkOrderSchedule {
    type Input = WorkOrderScheduleInput;
    type Problem = Problem;

    const NAME: &'static str = "workOrderSchedule";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("work_order.scheduled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "maintenanceWorkOrder",
            "MaintenanceWorkOrder",
            "The work order as it now is.",
        ),
        Part::Row(
            "availabilityBlock",
            "AvailabilityBlock",
            "What keeps the resource free for it; none where it can be used meanwhile.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[(TAKEN, Problem::SlotTaken), (SOLD_OUT, Problem::SoldOut)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, MAINTAIN, WORK, input.id.uuid(), input.expected_version).await?;
        row.allow(&["requested", "triaged", "scheduled"], Problem::WrongStatus)?;
        let values = [act.scope.biz_id().into(), row.id.into()];
        let found = act.scope.query_opt(WORK_OF, &values).await?;
        let found = found.ok_or_else(|| Fault::not_found("work order"))?;
        let minutes: i32 = found.try_get(2)?;
        let starts_at = input.starts_at.0;
        let ends_at = input
            .ends_at
            .map_or(starts_at + TimeDelta::minutes(minutes.into()), |at| at.0);
        if ends_at <= starts_at || (ends_at - starts_at).num_days() > 400 {
            let text = "The end is after the start, by 400 days at most.";
            return Err(Fault::at(Problem::InvalidTimes, "endsAt", text));
        }
        lift(act.scope, ("MaintenanceWorkOrder", row.id)).await?;
        if row.status == "requested" {
            let sql = "update resources.maintenance_work_orders set status = 'triaged' where biz_id = $1 and id = $2";
            act.scope.execute(sql, &values).await?;
        }
        let set: [Value; 5] = [
            act.scope.biz_id().into(),
            row.id.into(),
            starts_at.into(),
            ends_at.into(),
            input.assignee_id.map(|id| id.uuid()).into(),
        ];
        act.scope.execute(SCHEDULE, &set).await?;
        let mut outcome = Outcome::row("maintenanceWorkOrder", row.id);
        if found.try_get(1)? {
            let wanted = Wanted {
                resource_id: found.try_get(0)?,
                time: (starts_at, ends_at),
                reason: "maintenance",
                note: found.try_get(3)?,
                source: ("MaintenanceWorkOrder", row.id),
                around_bookings: input.around_bookings.unwrap_or(false),
            };
            let block = block_resource(act.scope, &wanted).await?;
            let block = block.map_err(|taken| {
                let text = format!(
                    "{} claims are in the way, the first at {}: move them, or work around them.",
                    taken.count, taken.first
                );
                Fault::at(Problem::SlotTaken, "startsAt", text)
            })?;
            outcome = outcome.and_row("availabilityBlock", block);
        }
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const WORK_OF: &str = "select w.resource_id, w.blocks_resource, coalesce(nullif(p.block_minutes, 0), 60), w.number || ' ' || w.title \
    from resources.maintenance_work_orders w \
    left join resources.maintenance_policies p on p.biz_id = w.biz_id and p.id = w.policy_id \
    where w.biz_id = $1 and w.id = $2";
const SCHEDULE: &str = "update resources.maintenance_work_orders set status = 'scheduled', starts_at = $3, ends_at = $4, \
      assignee_id = coalesce($5, assignee_id) \
    where biz_id = $1 and id = $2";
