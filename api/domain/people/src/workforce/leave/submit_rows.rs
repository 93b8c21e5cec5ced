//! The rows of a request that is sent, or kept as a draft.

use serde_json::json;
use uuid::Uuid;

use super::locked::{Day, Locked, move_days};
use super::person::Person;
use super::plan::{Plan, PlannedDay};
use super::rules::request::Wish;
use super::submit::LeaveRequestSubmitInput;
use foundation::database::{Numbered, new_id};
use foundation::graph::verb::{Act, Fault};

/// Numbers of requests.
const NUMBERED: Numbered = Numbered {
    document: "leave_request",
    prefix: "LR",
};

/// What is written.
pub(super) struct Sent<'a> {
    /// As it was given.
    pub input: &'a LeaveRequestSubmitInput,
    /// Its days as they were given.
    pub wish: &'a Wish,
    /// What they come to.
    pub plan: &'a Plan,
    /// How many are asked.
    pub levels: usize,
}

const INSERT: &str = "insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, \
      start_portion, end_portion, total_minutes, status, reason, document_id, stand_in_id, approval_levels, submitted_at) \
    values ($1, $2, $14, $15, $16, $3, $4, $5, $6, $7, $8::text, $9, $10, $11, $12, $13)";

const UPDATE: &str = "update workforce.leave_requests r set starts_on = $3, ends_on = $4, start_portion = $5, end_portion = $6, \
      total_minutes = $7, status = $8::text, reason = coalesce($9, r.reason), document_id = coalesce($10, r.document_id), \
      stand_in_id = coalesce($11, r.stand_in_id), approval_levels = $12, submitted_at = $13 \
    where r.biz_id = $1 and r.id = $2";

const DAYS: &str = "insert into workforce.leave_request_days as d (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, \
      from_minute, to_minute, scheduled_minutes, minutes, holiday_id, period_id, status) \
    select $1, n.id, $2, $3, $4, n.leave_on, n.portion, n.from_minute, n.to_minute, n.scheduled, n.minutes, n.holiday_id, \
      n.period_id, $6 \
    from jsonb_to_recordset($5::jsonb) as n (id uuid, leave_on date, portion text, from_minute smallint, to_minute smallint, \
      scheduled integer, minutes integer, holiday_id uuid, period_id uuid) \
    on conflict (biz_id, leave_request_id, leave_on) do update set portion = excluded.portion, \
      from_minute = excluded.from_minute, to_minute = excluded.to_minute, scheduled_minutes = excluded.scheduled_minutes, \
      minutes = excluded.minutes, holiday_id = excluded.holiday_id, period_id = excluded.period_id, status = excluded.status";

impl Sent<'_> {
    /// Writes the request and its days; says its id and number.
    pub async fn put<P>(
        &self,
        act: &Act<'_>,
        person: &Person,
        draft: Option<&Locked>,
    ) -> Result<(Uuid, String), Fault<P>> {
        let (scope, input) = (act.scope, self.input);
        let id = draft.map_or_else(new_id, |draft| draft.id);
        let mut values = self.values(act, id);
        #[expect(clippy::single_match_else, reason = "each way is as long as the other")]
        let number = match draft {
            Some(draft) => {
                scope.execute(UPDATE, &values).await?;
                let is_gone = |day: &&Day| !self.plan.days.iter().any(|new| new.day.on == day.on);
                let gone = draft.days.iter().filter(is_gone).map(|day| day.id);
                move_days(scope, gone.collect(), "released").await?;
                draft.number.clone()
            }
            None => {
                let database = &act.session.shared.database;
                let number = database.number(scope, NUMBERED).await?;
                values.extend([
                    number.as_str().into(),
                    person.id.into(),
                    input.leave_type_id.uuid().into(),
                ]);
                scope.execute(INSERT, &values).await?;
                number
            }
        };
        let days: Vec<_> = self.plan.days.iter().map(row).collect();
        let values = [
            scope.biz_id().into(),
            id.into(),
            person.id.into(),
            input.leave_type_id.uuid().into(),
            serde_json::Value::from(days).into(),
            if input.as_draft {
                "planned"
            } else {
                "reserved"
            }
            .into(),
        ];
        scope.execute(DAYS, &values).await?;
        Ok((id, number))
    }

    /// What both statements take.
    fn values(&self, act: &Act<'_>, id: Uuid) -> Vec<sea_orm::Value> {
        let (scope, input) = (act.scope, self.input);
        let status = if input.as_draft { "draft" } else { "submitted" };
        vec![
            scope.biz_id().into(),
            id.into(),
            self.wish.days.0.into(),
            self.wish.days.1.into(),
            self.wish.first.code().into(),
            self.wish.last.code().into(),
            self.plan.minutes.into(),
            status.into(),
            input.reason.clone().into(),
            input.document_id.map(|id| id.uuid()).into(),
            input.stand_in_id.map(|id| id.uuid()).into(),
            i16::try_from(self.levels).unwrap_or(9).into(),
            (!input.as_draft).then(|| scope.now()).into(),
        ]
    }
}

fn row(planned: &PlannedDay) -> serde_json::Value {
    let day = planned.day;
    let (from, to) = day.portion.bounds();
    json!({
        "id": new_id(), "leave_on": day.on, "portion": day.portion.code(), "from_minute": from, "to_minute": to,
        "scheduled": day.cost.scheduled, "minutes": day.cost.minutes, "holiday_id": planned.holiday_id,
        "period_id": planned.period_id,
    })
}
