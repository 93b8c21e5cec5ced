//! `leaveRecalculate`.

use async_graphql::{Enum, InputObject};
use entities::availability::calendar;
use entities::workforce::staff;
use uuid::Uuid;

use super::person::{MANAGE, person};
use super::recalculate::{Reckoned, recalculate};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Reckons leave to come anew, after holidays or schedules have changed. The clock does so by itself
/// within a minute; this does it at once.
#[derive(InputObject)]
pub struct LeaveRecalculateInput {
    /// Only of this person.
    pub staff_id: Option<Id<staff::Entity>>,
    /// Only of those whose holidays this calendar has.
    pub calendar_id: Option<Id<calendar::Entity>>,
}

/// Why nothing can be reckoned.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveRecalculateErrorCode")]
pub enum LeaveRecalculateProblem {
    /// More than 500 requests: ask by person or calendar.
    TooMany,
}

/// The verb.
pub struct LeaveRecalculate;

const COMING: &str = "select distinct r.staff_id, r.id from workforce.leave_requests r \
    join workforce.staff s on s.biz_id = r.biz_id and s.id = r.staff_id and s.deleted_at is null \
    left join workforce.work_schedules w on w.biz_id = s.biz_id and w.id = s.work_schedule_id \
    where r.biz_id = $1 and r.status in ('submitted', 'approved', 'cancel_requested', 'partially_recalled') \
      and (r.ends_on >= $2 or r.ends_on > s.terminated_on) and ($3::uuid is null or r.staff_id = $3) \
      and ($4::uuid is null or w.holiday_calendar_id = $4) \
    order by r.staff_id, r.id limit 501";

impl Verb for LeaveRecalculate {
    type Input = LeaveRecalculateInput;
    type Problem = LeaveRecalculateProblem;

    const NAME: &'static str = "leaveRecalculate";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave.recalculated");
    const PAYLOAD: &'static [Part] = &[
        Part::Rows(
            "leaveRequests",
            "LeaveRequest",
            "The requests that cost something else now.",
        ),
        Part::Value("checkedCount", "Int", "How many were looked at."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let values = [
            scope.biz_id().into(),
            (scope.now() - chrono::TimeDelta::hours(14))
                .date_naive()
                .into(),
            input.staff_id.map(|id| id.uuid()).into(),
            input.calendar_id.map(|id| id.uuid()).into(),
        ];
        let rows = scope.query(COMING, &values).await?;
        if rows.len() > 500 {
            let message = "More than 500 requests: ask by person or calendar.";
            return Err(Fault::problem(LeaveRecalculateProblem::TooMany, message));
        }
        let mut outcome = Outcome {
            subject: Some(("Biz", scope.biz_id())),
            ..Outcome::default()
        };
        let mut checked = 0;
        for row in rows {
            let (staff, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
            if !person(scope, staff, false)
                .await?
                .is_within(act.principal()?, MANAGE)
            {
                continue;
            }
            checked += 1;
            if recalculate(scope, id).await? != Reckoned::Same {
                outcome = outcome.and_row("leaveRequests", id);
            }
        }
        Ok(outcome.and_value("checkedCount", checked))
    }
}
