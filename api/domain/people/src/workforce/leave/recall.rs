//! `leaveRequestRecallDays`.

use async_graphql::{Enum, InputObject};
use entities::workforce::leave_request;
use serde_json::json;

use super::away;
use super::ledger::{tell, write};
use super::locked::{Locked, lock, move_days, none};
use super::person::MANAGE;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives days of approved leave back, as the person had to work or fell ill: their minutes return to
/// the period that they were charged to, and the person can be booked on them.
#[derive(InputObject)]
pub struct LeaveRequestRecallDaysInput {
    /// The request.
    pub id: Id<leave_request::Entity>,
    /// The days; 366 at most.
    pub days: Vec<Day>,
    /// Why.
    pub reason: String,
}

/// Why days cannot be given back.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "LeaveRequestRecallDaysErrorCode")]
pub enum LeaveRequestRecallDaysProblem {
    /// The leave is not approved.
    WrongStatus,
    /// A day is none of this leave, or was given back before.
    NotOnLeave,
    /// Some days must be named, and why.
    Incomplete,
}

type Problem = LeaveRequestRecallDaysProblem;

/// The verb.
pub struct LeaveRequestRecallDays;

impl Verb for LeaveRequestRecallDays {
    type Input = LeaveRequestRecallDaysInput;
    type Problem = LeaveRequestRecallDaysProblem;

    const NAME: &'static str = "leaveRequestRecallDays";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("leave_request.recalled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("leaveRequest", "LeaveRequest", "The request as it now is."),
        Part::Value("returnedMinutes", "Int", "What was given back."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let reason = input.reason.trim();
        if reason.is_empty() || input.days.is_empty() || input.days.len() > 366 {
            let message = "Name 1 to 366 days, and why.";
            return Err(Fault::at(Problem::Incomplete, "days", message));
        }
        let request = lock(scope, input.id.uuid(), None).await?;
        request
            .person
            .permit(act.principal()?, MANAGE)
            .map_err(|_| none())?;
        let from = ["approved", "partially_recalled", "taken"];
        request.allow(&from, Problem::WrongStatus, "recalled")?;
        let days = named(&request, &input.days)?;
        let returned: i32 = days.iter().map(|day| day.minutes).sum();
        let left = request.minutes - returned;
        let ids: Vec<_> = days.iter().map(|day| day.id).collect();
        let mut book = request.book(scope).await?;
        request.charge(&mut book, &days, true);
        if request.status != "partially_recalled" {
            request
                .to(scope, "partially_recalled", None, Some(reason))
                .await?;
        }
        move_days(scope, ids.clone(), "released").await?;
        super::recalculate::set_total(scope, request.id, left).await?;
        write(scope, &mut book).await?;
        away::give_back(scope, ids).await?;
        let list: Vec<_> = days
            .iter()
            .map(|day| json!({ "on": day.on, "before": day.minutes, "after": 0 }))
            .collect();
        request
            .note(
                scope,
                "recalled",
                left,
                Some(reason),
                json!({ "days": list }),
            )
            .await?;
        tell_whose(scope, &request, days.len(), reason).await?;
        Ok(Outcome::row("leaveRequest", request.id)
            .and_value("returnedMinutes", returned)
            .detail("staff_id", request.person.id.to_string())
            .detail("returned_minutes", returned))
    }
}

async fn tell_whose(
    scope: &Scope,
    request: &Locked,
    days: usize,
    reason: &str,
) -> Result<(), Error> {
    let number = &request.number;
    let body = format!("{days} days of request {number} were given back: {reason}");
    let body: String = body.chars().take(2000).collect();
    let title = "Days of your leave were given back";
    let member = request.person.member_id.as_slice();
    tell(scope, member, request.id, title, &body).await
}

/// The days that are named, of those that still count; each once, in order.
fn named(request: &Locked, wanted: &[Day]) -> Result<Vec<super::locked::Day>, Fault<Problem>> {
    let mut days = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let Some(day) = request.kept().find(|day| day.on == wanted.0) else {
            let message = format!(
                "{} is no day of this leave, or was given back before.",
                wanted.0
            );
            return Err(Fault::at(Problem::NotOnLeave, "days", message));
        };
        days.push(*day);
    }
    days.sort_by_key(|day| day.on);
    days.dedup_by_key(|day| day.on);
    Ok(days)
}
