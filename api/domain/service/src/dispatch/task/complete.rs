//! `dispatchTaskComplete`.

use async_graphql::{Enum, InputObject};
use entities::core::media_asset;
use entities::dispatch::dispatch_task;
use sea_orm::Value;

use crate::dispatch::choices::ProofKind;
use crate::dispatch::rules::Step;
use crate::dispatch::store::{end_assignment, lock_task};
use crate::dispatch::{DRIVE, promises};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::digest;

/// A task is done, with the proof that it asks for.
#[derive(InputObject)]
pub struct DispatchTaskCompleteInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// How it is shown that it was done.
    pub proof_kind: Option<Choice<ProofKind>>,
    /// The signature or photograph.
    pub proof_media_id: Option<Id<media_asset::Entity>>,
    /// The code that the recipient said.
    pub proof_code: Option<String>,
    /// The name of who received it.
    pub received_by: Option<String>,
    /// What the driver says about it.
    pub note: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be completed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskCompleteErrorCode")]
pub enum DispatchTaskCompleteProblem {
    /// The driver is not there: arriving comes first.
    WrongStatus,
    /// The proof that the task asks for was not given.
    ProofRequired,
    /// The code is not the one that the recipient was told.
    WrongCode,
    /// The task it waits for is not completed.
    PredecessorOpen,
}

/// The verb.
pub struct DispatchTaskComplete;

const COMPLETE: &str = "update dispatch.dispatch_tasks set status = 'completed', finished_at = $3, \
      proof_kind = $4, proof_media_id = $5, received_by_enc = $6, outcome_note = $7, eta_at = null \
    where biz_id = $1 and id = $2";

impl Verb for DispatchTaskComplete {
    type Input = DispatchTaskCompleteInput;
    type Problem = DispatchTaskCompleteProblem;

    const NAME: &'static str = "dispatchTaskComplete";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.task_completed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, DispatchTaskCompleteProblem)] = &[
        (
            "dispatch_tasks_proof_check",
            DispatchTaskCompleteProblem::ProofRequired,
        ),
        (
            "dispatch_tasks_requires_completed_check",
            DispatchTaskCompleteProblem::PredecessorOpen,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let task = lock_task(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Complete, DispatchTaskCompleteProblem::WrongStatus)?;
        let said = input.proof_code.as_deref().map(str::trim).map(digest);
        if task.required_proof.as_deref() == Some("code") && said != task.proof_code_hash {
            return Err(Fault::at(
                DispatchTaskCompleteProblem::WrongCode,
                "proofCode",
                "This is not the code that the recipient was told.",
            ));
        }
        let proof = match (&input.proof_kind, &said) {
            (Some(kind), _) => Some(kind.0),
            (None, Some(_)) => Some("code"),
            (None, None) => None,
        };
        let receiver = input.received_by.as_deref().map(str::trim);
        let sealer = &act.session.shared.sealer;
        let receiver = receiver.map(|name| sealer.seal(scope.biz_id(), name));
        let values: [Value; 7] = [
            scope.biz_id().into(),
            task.id.into(),
            scope.now().into(),
            proof.into(),
            input.proof_media_id.map(|id| id.uuid()).into(),
            receiver.transpose()?.into(),
            input.note.into(),
        ];
        scope.execute(COMPLETE, &values).await?;
        end_assignment(scope, task.id).await?;
        let done = ["acknowledge", "respond", "start", "resolve", "deliver"];
        promises::follow(scope, &task, "completed", &done).await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}
