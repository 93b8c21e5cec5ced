//! The moves of the machine: `fulfillmentUnitReady`, `Start`, `Pause`, `Resume`, `Complete`,
//! `Verify`, `Cancel`, `Fail` and `Retry`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::booking::fulfillment_unit;
use uuid::Uuid;

use super::locked::lock;
use super::rules::Step;
use super::store::{end_assignments, free_successors, give_out, make_ready};
use super::{PLAN, WORK};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The constraint under which work refuses that waits for other work.
const UNMET: &str = "fulfillment_units_dependencies_met_check";

const PAYLOAD: &[Part] = &[
    Part::Row(
        "fulfillmentUnit",
        "FulfillmentUnit",
        "The work as it now is.",
    ),
    Part::Rows(
        "madeReady",
        "FulfillmentUnit",
        "Work that waited for it alone, and is ready now.",
    ),
];

/// What a step is asked with.
struct Asked {
    step: Step,
    permission: &'static str,
    id: Uuid,
    expected_version: Option<i32>,
    reason: Option<String>,
}

async fn take<P: Copy>(
    act: &Act<'_>,
    asked: Asked,
    wrong: P,
    reasonless: Option<P>,
) -> Result<Outcome, Fault<P>> {
    let reason = asked
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    if let (Some(problem), None) = (reasonless, reason) {
        return Err(Fault::at(problem, "reason", "A reason is required."));
    }
    let unit = lock(act, asked.permission, asked.id, asked.expected_version).await?;
    if let Some(message) = asked.step.refusal(&unit.status) {
        return Err(Fault::at(wrong, "id", message));
    }
    if let Some(reason) = reason {
        act.scope.set_reason(reason).await?;
    }
    let ready = apply(act, asked.step, unit.id).await?;
    let outcome = Outcome::row("fulfillmentUnit", unit.id)
        .detail("location_id", unit.location_id.to_string())
        .detail("order_id", unit.order_id.to_string());
    Ok(ready
        .into_iter()
        .fold(outcome, |outcome, id| outcome.and_row("madeReady", id)))
}

const MOVE: &str = "update booking.fulfillment_units u set status = $3::text, \
      actual_starts_at = case $3::text when 'in_progress' then coalesce(u.actual_starts_at, $4) \
        when 'planned' then null else u.actual_starts_at end, \
      actual_ends_at = case when $3::text = 'completed' then greatest($4, u.actual_starts_at) \
        when $3::text in ('failed', 'cancelled') and u.actual_starts_at is not null then greatest($4, u.actual_starts_at) \
        when $3::text = 'planned' then null else u.actual_ends_at end \
    where u.biz_id = $1 and u.id = $2";

/// Moves the work, and what follows from it; gives what is ready now.
async fn apply<P>(act: &Act<'_>, step: Step, id: Uuid) -> Result<Vec<Uuid>, Fault<P>> {
    let now: DateTime<Utc> = act.scope.now();
    let values = [
        act.scope.biz_id().into(),
        id.into(),
        step.to().into(),
        now.into(),
    ];
    act.scope.execute(MOVE, &values).await?;
    Ok(match step {
        Step::Ready => {
            give_out(act.scope, &[id]).await?;
            Vec::new()
        }
        Step::Retry => {
            let ready = make_ready(act.scope, vec![id]).await?;
            give_out(act.scope, &ready).await?;
            Vec::new()
        }
        Step::Start => free_successors(act.scope, id).await?,
        Step::Complete | Step::Cancel => {
            end_assignments(act.scope, id, step.to()).await?;
            free_successors(act.scope, id).await?
        }
        Step::Fail => {
            end_assignments(act.scope, id, step.to()).await?;
            Vec::new()
        }
        Step::Pause | Step::Resume | Step::Verify => Vec::new(),
    })
}

macro_rules! steps {
    ($($(#[$doc:meta])* $verb:ident, $input:ident, $problem:ident, $code:literal, $name:literal, $event:literal, $step:expr, $permission:expr;)*) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $input {
            /// The piece of work.
            pub id: Id<fulfillment_unit::Entity>,
            /// The version that was read; another one by now is a conflict.
            pub expected_version: Option<i32>,
            /// What the history says of it, in words.
            pub note: Option<String>,
        }

        /// Why it cannot be done.
        #[derive(Enum, Copy, Clone, PartialEq, Eq)]
        #[graphql(name = $code)]
        pub enum $problem {
            /// The work is in a status from which it cannot be moved so.
            WrongStatus,
            /// What this work waits for is not done yet.
            DependenciesUnmet,
        }

        /// The verb.
        pub struct $verb;

        impl Verb for $verb {
            type Input = $input;
            type Problem = $problem;

            const NAME: &'static str = $name;
            const PERMISSION: Permission = Permission::Holds($permission);
            const EVENT: Option<&'static str> = Some($event);
            const PAYLOAD: &'static [Part] = PAYLOAD;
            const CONSTRAINTS: &'static [(&'static str, $problem)] = &[(UNMET, $problem::DependenciesUnmet)];

            async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
                let asked = Asked {
                    step: $step,
                    permission: $permission,
                    id: input.id.uuid(),
                    expected_version: input.expected_version,
                    reason: input.note,
                };
                take(act, asked, $problem::WrongStatus, None).await
            }
        }
    )*};
}

steps! {
    /// Says that work can begin: what it waits for is done. It happens by itself where that is seen
    /// to here.
    FulfillmentUnitReady, FulfillmentUnitReadyInput, FulfillmentUnitReadyProblem, "FulfillmentUnitReadyErrorCode",
        "fulfillmentUnitReady", "fulfillment.ready", Step::Ready, PLAN;
    /// Begins work that somebody has accepted.
    FulfillmentUnitStart, FulfillmentUnitStartInput, FulfillmentUnitStartProblem, "FulfillmentUnitStartErrorCode",
        "fulfillmentUnitStart", "fulfillment.started", Step::Start, WORK;
    /// Interrupts work.
    FulfillmentUnitPause, FulfillmentUnitPauseInput, FulfillmentUnitPauseProblem, "FulfillmentUnitPauseErrorCode",
        "fulfillmentUnitPause", "fulfillment.paused", Step::Pause, WORK;
    /// Goes on with work that was interrupted.
    FulfillmentUnitResume, FulfillmentUnitResumeInput, FulfillmentUnitResumeProblem, "FulfillmentUnitResumeErrorCode",
        "fulfillmentUnitResume", "fulfillment.resumed", Step::Resume, WORK;
    /// Says that work is done; whoever did it is free, and work that waited for it alone is ready.
    FulfillmentUnitComplete, FulfillmentUnitCompleteInput, FulfillmentUnitCompleteProblem, "FulfillmentUnitCompleteErrorCode",
        "fulfillmentUnitComplete", "fulfillment.completed", Step::Complete, WORK;
    /// Finds work that was done good.
    FulfillmentUnitVerify, FulfillmentUnitVerifyInput, FulfillmentUnitVerifyProblem, "FulfillmentUnitVerifyErrorCode",
        "fulfillmentUnitVerify", "fulfillment.verified", Step::Verify, PLAN;
    /// Plans work anew that could not be done.
    FulfillmentUnitRetry, FulfillmentUnitRetryInput, FulfillmentUnitRetryProblem, "FulfillmentUnitRetryErrorCode",
        "fulfillmentUnitRetry", "fulfillment.retried", Step::Retry, PLAN;
}

macro_rules! ends {
    ($($(#[$doc:meta])* $verb:ident, $input:ident, $problem:ident, $code:literal, $name:literal, $event:literal, $step:expr, $permission:expr;)*) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $input {
            /// The piece of work.
            pub id: Id<fulfillment_unit::Entity>,
            /// The version that was read; another one by now is a conflict.
            pub expected_version: Option<i32>,
            /// Why, in words.
            pub reason: String,
        }

        /// Why it cannot be done.
        #[derive(Enum, Copy, Clone, PartialEq, Eq)]
        #[graphql(name = $code)]
        pub enum $problem {
            /// The work is in a status from which it cannot be moved so.
            WrongStatus,
            /// A reason must be given.
            ReasonRequired,
        }

        /// The verb.
        pub struct $verb;

        impl Verb for $verb {
            type Input = $input;
            type Problem = $problem;

            const NAME: &'static str = $name;
            const PERMISSION: Permission = Permission::Holds($permission);
            const EVENT: Option<&'static str> = Some($event);
            const PAYLOAD: &'static [Part] = PAYLOAD;

            async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
                let asked = Asked {
                    step: $step,
                    permission: $permission,
                    id: input.id.uuid(),
                    expected_version: input.expected_version,
                    reason: Some(input.reason),
                };
                take(act, asked, $problem::WrongStatus, Some($problem::ReasonRequired)).await
            }
        }
    )*};
}

ends! {
    /// Calls work off; whoever was to do it is free, and what waited for it waits no more.
    FulfillmentUnitCancel, FulfillmentUnitCancelInput, FulfillmentUnitCancelProblem, "FulfillmentUnitCancelErrorCode",
        "fulfillmentUnitCancel", "fulfillment.cancelled", Step::Cancel, PLAN;
    /// Says that work could not be done. It can be planned anew; what waits for it waits on.
    FulfillmentUnitFail, FulfillmentUnitFailInput, FulfillmentUnitFailProblem, "FulfillmentUnitFailErrorCode",
        "fulfillmentUnitFail", "fulfillment.failed", Step::Fail, WORK;
}
