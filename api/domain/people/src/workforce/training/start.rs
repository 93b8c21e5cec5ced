//! `trainingStart` and `trainingCancel`.

use async_graphql::{Enum, InputObject};
use entities::workforce::training_enrollment;

use super::store::lock;
use super::{ENROLLMENT, TRAIN};
use crate::workforce::staff::SELF;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Begins to learn a module, or tries again after failing.
#[derive(InputObject)]
pub struct TrainingStartInput {
    /// The enrolment.
    pub id: Id<training_enrollment::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why somebody cannot begin.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TrainingStartErrorCode")]
pub enum TrainingStartProblem {
    /// They have begun, passed, or need it no longer.
    WrongStatus,
    /// They have tried as often as they may.
    NoAttemptsLeft,
}

/// The verb.
pub struct TrainingStart;

impl Verb for TrainingStart {
    type Input = TrainingStartInput;
    type Problem = TrainingStartProblem;

    const NAME: &'static str = "trainingStart";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.training_started");
    const PAYLOAD: &'static [Part] = ENROLLMENT;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let enrollment = lock(act, input.id.uuid(), input.expected_version, true).await?;
        if !matches!(enrollment.status.as_str(), "assigned" | "failed") {
            let text = format!("The enrolment is {}.", enrollment.status);
            return Err(Fault::at(TrainingStartProblem::WrongStatus, "id", text));
        }
        if enrollment.is_exhausted() {
            let text = "The module was tried as often as it may be.";
            return Err(Fault::at(TrainingStartProblem::NoAttemptsLeft, "id", text));
        }
        let sql = "update workforce.training_enrollments set status = 'in_progress', started_at = coalesce(started_at, $3) \
            where biz_id = $1 and id = $2";
        let values = [
            scope.biz_id().into(),
            enrollment.id.into(),
            scope.now().into(),
        ];
        scope.execute(sql, &values).await?;
        Ok(Outcome::row("trainingEnrollment", enrollment.id))
    }
}

/// Ends an enrolment that is not needed any more.
#[derive(InputObject)]
pub struct TrainingCancelInput {
    /// The enrolment.
    pub id: Id<training_enrollment::Entity>,
    /// Why.
    pub reason: String,
}

/// Why an enrolment cannot be ended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TrainingCancelErrorCode")]
pub enum TrainingCancelProblem {
    /// It was passed, or has ended.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct TrainingCancel;

impl Verb for TrainingCancel {
    type Input = TrainingCancelInput;
    type Problem = TrainingCancelProblem;

    const NAME: &'static str = "trainingCancel";
    const PERMISSION: Permission = Permission::Holds(TRAIN);
    const EVENT: Option<&'static str> = Some("workforce.training_cancelled");
    const PAYLOAD: &'static [Part] = ENROLLMENT;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let enrollment = lock(act, input.id.uuid(), None, false).await?;
        if !matches!(
            enrollment.status.as_str(),
            "assigned" | "in_progress" | "failed"
        ) {
            let text = format!("The enrolment is {}.", enrollment.status);
            return Err(Fault::at(TrainingCancelProblem::WrongStatus, "id", text));
        }
        let reason = Fault::unless_said(TrainingCancelProblem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update workforce.training_enrollments set status = 'cancelled' where biz_id = $1 and id = $2";
        let key = [act.scope.biz_id().into(), enrollment.id.into()];
        act.scope.execute(sql, &key).await?;
        Ok(Outcome::row("trainingEnrollment", enrollment.id))
    }
}
