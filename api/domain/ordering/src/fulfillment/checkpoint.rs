//! `fulfillmentCheckpointRecord`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_unit;
use entities::core::media_asset;
use entities::resources::resource;

use super::WORK;
use super::locked::lock;
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes something that was seen or done on the way of a piece of work, such as arrived or key handed
/// over.
#[derive(InputObject)]
pub struct FulfillmentCheckpointRecordInput {
    /// The piece of work.
    pub id: Id<fulfillment_unit::Entity>,
    /// What it was, such as arrived.
    pub code: String,
    /// When it was, as a device says that was without a connection; the server notes its own time.
    pub client_recorded_at: Option<Instant>,
    /// The person or vehicle that reports it.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Latitude of the place.
    pub lat: Option<Number>,
    /// Longitude of the place.
    pub lng: Option<Number>,
    /// A photo or document of it.
    pub media_id: Option<Id<media_asset::Entity>>,
    /// What is said about it.
    pub note: Option<String>,
}

/// Why nothing can be noted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentCheckpointRecordErrorCode")]
pub enum FulfillmentCheckpointRecordProblem {
    /// The work was called off.
    WrongStatus,
}

/// The verb.
pub struct FulfillmentCheckpointRecord;

impl Verb for FulfillmentCheckpointRecord {
    type Input = FulfillmentCheckpointRecordInput;
    type Problem = FulfillmentCheckpointRecordProblem;

    const NAME: &'static str = "fulfillmentCheckpointRecord";
    const PERMISSION: Permission = Permission::Holds(WORK);
    const EVENT: Option<&'static str> = Some("fulfillment.checkpoint");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("fulfillmentUnit", "FulfillmentUnit", "The work."),
        Part::Row(
            "fulfillmentCheckpoint",
            "FulfillmentCheckpoint",
            "What was noted.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let unit = lock(act, WORK, input.id.uuid(), None).await?;
        if unit.status == "cancelled" {
            let message = "The work was called off.";
            return Err(Fault::at(
                FulfillmentCheckpointRecordProblem::WrongStatus,
                "id",
                message,
            ));
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            unit.id.into(),
            input.code.trim().into(),
            act.scope.now().into(),
            input.client_recorded_at.map(|instant| instant.0).into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.lat.map(|number| number.0).into(),
            input.lng.map(|number| number.0).into(),
            input.media_id.map(|id| id.uuid()).into(),
            input.note.clone().into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("fulfillmentUnit", unit.id)
            .and_row("fulfillmentCheckpoint", id)
            .detail("location_id", unit.location_id.to_string())
            .detail("code", input.code.trim()))
    }
}

const INSERT: &str = "insert into booking.fulfillment_checkpoints (biz_id, id, unit_id, code, occurred_at, client_recorded_at, \
      resource_id, lat, lng, media_id, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
