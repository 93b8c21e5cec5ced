//! `fulfillmentProofAdd`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_unit;
use entities::core::media_asset;
use sha2::{Digest as _, Sha256};

use super::WORK;
use super::choices::ProofKind;
use super::locked::lock;
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Adds what proves that a piece of work was done: a signature, a photo, or the code that the
/// customer gave, of which a digest is kept.
#[derive(InputObject)]
pub struct FulfillmentProofAddInput {
    /// The piece of work.
    pub id: Id<fulfillment_unit::Entity>,
    /// What it is.
    pub kind: Choice<ProofKind>,
    /// The picture of the signature, or the photo.
    pub media_id: Option<Id<media_asset::Entity>>,
    /// The code that the customer gave.
    pub code: Option<String>,
    /// Who signed or took it over.
    pub signed_by: Option<String>,
    /// What is said about it.
    pub note: Option<String>,
}

/// Why it proves nothing.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentProofAddErrorCode")]
pub enum FulfillmentProofAddProblem {
    /// The work has not begun, or was called off.
    WrongStatus,
    /// A signature and a photo have a picture, a signature a name, and a code the code.
    Incomplete,
}

type Problem = FulfillmentProofAddProblem;

/// The verb.
pub struct FulfillmentProofAdd;

impl Verb for FulfillmentProofAdd {
    type Input = FulfillmentProofAddInput;
    type Problem = FulfillmentProofAddProblem;

    const NAME: &'static str = "fulfillmentProofAdd";
    const PERMISSION: Permission = Permission::Holds(WORK);
    const EVENT: Option<&'static str> = Some("fulfillment.proved");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("fulfillmentUnit", "FulfillmentUnit", "The work."),
        Part::Row("deliverableProof", "DeliverableProof", "The proof."),
    ];
    const CONSTRAINTS: &'static [(&'static str, FulfillmentProofAddProblem)] = &[
        ("deliverables_proof_evidence_check", Problem::Incomplete),
        (
            "deliverables_proof_signed_by_whom_check",
            Problem::Incomplete,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let unit = lock(act, WORK, input.id.uuid(), None).await?;
        if !matches!(
            unit.status.as_str(),
            "in_progress" | "paused" | "completed" | "verified"
        ) {
            let message = format!("The work is {}: there is nothing to prove.", unit.status);
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let id = new_id();
        let code = input
            .code
            .as_deref()
            .map(str::trim)
            .filter(|code| !code.is_empty());
        // With the work's id, so that the same code of two customers looks different.
        let hash = code.map(|code| Sha256::digest(format!("{} {code}", unit.id)).to_vec());
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            unit.id.into(),
            input.kind.0.into(),
            input.media_id.map(|id| id.uuid()).into(),
            hash.into(),
            input.signed_by.clone().into(),
            act.scope.now().into(),
            input.note.clone().into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("fulfillmentUnit", unit.id)
            .and_row("deliverableProof", id)
            .detail("location_id", unit.location_id.to_string()))
    }
}

const INSERT: &str = "insert into booking.deliverables_proof (biz_id, id, unit_id, kind, media_id, code_hash, signed_by, occurred_at, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
