//! `trainingAttemptRecord`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::workforce::training_enrollment;
use rust_decimal::Decimal;
use sea_orm::Value;
use uuid::Uuid;

use super::TRAIN;
use super::rules::expires_on;
use super::store::{Enrollment, lock};
use foundation::database::{Scope, new_id};
use foundation::graph::scalars::{Id, Json, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::Principal;

/// Records an examination. With a score that is enough the module is passed, until as many months
/// later as it holds, by the person's calendar; the capability of the same code, if there is one, is
/// then theirs for as long. Otherwise it is failed, and may be tried again. Nobody examines
/// themselves.
#[derive(InputObject)]
pub struct TrainingAttemptRecordInput {
    /// The enrolment.
    pub id: Id<training_enrollment::Entity>,
    /// What was reached, of 100.
    pub score: Number,
    /// What was answered, as the course reported it.
    pub answers: Option<Json>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an examination cannot be recorded.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TrainingAttemptRecordErrorCode")]
pub enum TrainingAttemptRecordProblem {
    /// The module was passed, or is not needed any more.
    WrongStatus,
    /// It was tried as often as it may be.
    NoAttemptsLeft,
    /// A score is between 0 and 100.
    InvalidScore,
    /// Nobody examines themselves.
    OwnResult,
}

/// The verb.
pub struct TrainingAttemptRecord;

const BEGIN: &str = "update workforce.training_enrollments set status = 'in_progress', started_at = coalesce(started_at, $3) \
    where biz_id = $1 and id = $2 and status in ('assigned', 'failed')";

const ATTEMPT: &str = "insert into workforce.training_attempts (biz_id, id, enrollment_id, attempt_no, score, passed, taken_at, answers) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

const RESULT: &str = "update workforce.training_enrollments \
    set attempts = $3, score = greatest(score, $4), status = case when $5 then 'passed' else 'failed' end, \
      completed_at = case when $5 then $6::timestamptz end, expires_on = $7 \
    where biz_id = $1 and id = $2";

// What is renewed early goes on from the day on which it was: of one capability, one time at a day.
// Where it was given for longer, or for good, nothing is to be done.
const END_EARLIER: &str = "update resources.capability_assignments a \
    set ends_on = case when a.starts_on is null or a.starts_on < $4 then $4 else a.ends_on end, \
      deleted_at = case when a.starts_on >= $4 then $6::timestamptz end \
    from resources.capability_templates t \
    where t.biz_id = $1 and t.code = $3 and t.deleted_at is null and a.biz_id = $1 and a.template_id = t.id and a.resource_id = $2 \
      and a.deleted_at is null and a.ends_on > $4 and ($5::date is null or a.ends_on < $5)";

const GRANT: &str = "insert into resources.capability_assignments (biz_id, id, resource_id, template_id, starts_on, ends_on, issued_by) \
    select $1, $6, $2, t.id, $4, $5, $7 from resources.capability_templates t \
    where t.biz_id = $1 and t.code = $3 and t.deleted_at is null and not t.requires_evidence \
      and (not t.requires_expiry or $5::date is not null) \
      and not exists (select from resources.capability_assignments a where a.biz_id = $1 and a.resource_id = $2 and a.template_id = t.id \
        and a.deleted_at is null and a.period && daterange($4, $5))";

/// Gives the person's resource the capability that the module teaches.
async fn grant(
    scope: &Scope,
    enrollment: &Enrollment,
    resource_id: Uuid,
    (from, until): (NaiveDate, Option<NaiveDate>),
) -> Result<(), foundation::database::Error> {
    let values: [Value; 6] = [
        scope.biz_id().into(),
        resource_id.into(),
        enrollment.code.as_str().into(),
        from.into(),
        until.into(),
        scope.now().into(),
    ];
    scope.execute(END_EARLIER, &values).await?;
    let values: [Value; 7] = [
        scope.biz_id().into(),
        resource_id.into(),
        enrollment.code.as_str().into(),
        from.into(),
        until.into(),
        new_id().into(),
        format!("Training: {}", enrollment.title).into(),
    ];
    scope.execute(GRANT, &values).await.map(drop)
}

impl Verb for TrainingAttemptRecord {
    type Input = TrainingAttemptRecordInput;
    type Problem = TrainingAttemptRecordProblem;

    const NAME: &'static str = "trainingAttemptRecord";
    const PERMISSION: Permission = Permission::Holds(TRAIN);
    const EVENT: Option<&'static str> = Some("workforce.training_examined");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "trainingEnrollment",
            "TrainingEnrollment",
            "The enrolment as it now is.",
        ),
        Part::Row("trainingAttempt", "TrainingAttempt", "The examination."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let enrollment = lock(act, input.id.uuid(), input.expected_version, false).await?;
        let score = input.score.0;
        judge(&enrollment, act.principal()?, score)?;
        let key = [
            scope.biz_id().into(),
            enrollment.id.into(),
            scope.now().into(),
        ];
        scope.execute(BEGIN, &key).await?;
        let (attempt_id, number) = (new_id(), enrollment.attempts + 1);
        let has_passed = score >= enrollment.pass_score;
        let values: [Value; 8] = [
            scope.biz_id().into(),
            attempt_id.into(),
            enrollment.id.into(),
            number.into(),
            score.into(),
            has_passed.into(),
            scope.now().into(),
            input.answers.map(|answers| answers.0).into(),
        ];
        scope.execute(ATTEMPT, &values).await?;
        let today = enrollment.who.day(scope.now());
        let until = expires_on(today, enrollment.validity_months).filter(|_| has_passed);
        let values: [Value; 7] = [
            scope.biz_id().into(),
            enrollment.id.into(),
            number.into(),
            score.into(),
            has_passed.into(),
            scope.now().into(),
            until.into(),
        ];
        scope.execute(RESULT, &values).await?;
        if let Some(resource_id) = enrollment.who.resource_id.filter(|_| has_passed) {
            grant(scope, &enrollment, resource_id, (today, until)).await?;
        }
        let outcome = Outcome::row("trainingEnrollment", enrollment.id)
            .and_row("trainingAttempt", attempt_id);
        Ok(outcome.detail("passed", has_passed))
    }
}

/// Whether somebody may say that this is the result of an examination now.
fn judge(
    enrollment: &Enrollment,
    examiner: &Principal,
    score: Decimal,
) -> Result<(), Fault<TrainingAttemptRecordProblem>> {
    type Problem = TrainingAttemptRecordProblem;
    let status = enrollment.status.as_str();
    let (code, field, text) = if enrollment.who.is(examiner) {
        (
            Problem::OwnResult,
            "id",
            "Nobody examines themselves.".to_owned(),
        )
    } else if !matches!(status, "assigned" | "in_progress" | "failed") {
        (
            Problem::WrongStatus,
            "id",
            format!("The enrolment is {status}."),
        )
    } else if enrollment.is_exhausted() {
        let text = "The module was tried as often as it may be.";
        (Problem::NoAttemptsLeft, "id", text.to_owned())
    } else if !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&score) {
        (
            Problem::InvalidScore,
            "score",
            "A score is between 0 and 100.".to_owned(),
        )
    } else {
        return Ok(());
    };
    Err(Fault::at(code, field, text))
}
