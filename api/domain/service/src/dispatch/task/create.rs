//! `dispatchTaskCreate`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_unit;
use entities::core::location;
use entities::crm::customer;
use entities::dispatch::dispatch_task;
use sea_orm::Value;
use uuid::Uuid;

use crate::dispatch::choices::{ProofKind, TaskKind};
use crate::dispatch::store::TASK_NUMBERS;
use crate::dispatch::{PLAN, promises};
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Id, Instant, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::{Secret, digest};

/// Makes a task on the road: by hand, or for a piece of work of a booking, whose window and customer
/// it takes where none are given.
#[derive(InputObject)]
pub struct DispatchTaskCreateInput {
    /// What is to be done.
    pub kind: Choice<TaskKind>,
    /// The depot that sees to it.
    pub location_id: Id<location::Entity>,
    /// The piece of work of a booking that it is for.
    pub fulfillment_unit_id: Option<Id<fulfillment_unit::Entity>>,
    /// The customer it is for.
    pub customer_id: Option<Id<customer::Entity>>,
    /// Where it is: the address.
    pub address: Option<String>,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// The telephone number of that person.
    pub contact_phone: Option<String>,
    /// Latitude of the place, in degrees.
    pub lat: Option<Number>,
    /// Longitude of the place, in degrees.
    pub lng: Option<Number>,
    /// From when on it can be done; that of the piece of work if not given.
    pub starts_at: Option<Instant>,
    /// Until when it is to be done; that of the piece of work if not given.
    pub ends_at: Option<Instant>,
    /// When it must be done at the latest; the end of its window if not given.
    pub due_at: Option<Instant>,
    /// How many minutes it takes there.
    pub service_minutes: Option<i32>,
    /// How much is fetched or brought, in pieces; 1 if not given.
    pub quantity: Option<Number>,
    /// How much that weighs, in grams.
    pub weight_g: Option<i64>,
    /// How much room that takes, in cubic centimetres.
    pub volume_cm3: Option<i64>,
    /// The task that must be completed before this one begins: the pickup of a dropoff.
    pub requires_task_id: Option<Id<dispatch_task::Entity>>,
    /// What is due at the same time is done in descending priority; 0 is usual.
    pub priority: Option<i32>,
    /// How it must be shown that it was done. For CODE, a code is made, which the recipient says.
    pub required_proof: Option<Choice<ProofKind>>,
}

/// Why no task was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskCreateErrorCode")]
pub enum DispatchTaskCreateProblem {
    /// Neither the input nor the piece of work says when it is to be done.
    WindowRequired,
    /// The end of the window is not after its start.
    InvalidWindow,
    /// The piece of work, customer or task before it does not exist.
    UnknownReference,
}

/// The verb.
pub struct DispatchTaskCreate;

const OF_UNIT: &str = "select u.planned_starts_at, u.planned_ends_at, u.due_at, o.customer_id \
    from booking.fulfillment_units u \
    join booking.booking_order_lines l on l.biz_id = u.biz_id and l.id = u.order_line_id \
    join booking.booking_orders o on o.biz_id = l.biz_id and o.id = l.order_id \
    where u.biz_id = $1 and u.id = $2 and u.location_id = $3";

const INSERT: &str = "insert into dispatch.dispatch_tasks (biz_id, id, number, kind, location_id, \
      fulfillment_unit_id, customer_id, address_enc, contact_name_enc, contact_phone_enc, lat, lng, \
      starts_at, ends_at, due_at, service_minutes, quantity, weight_g, volume_cm3, requires_task_id, \
      priority, required_proof, proof_code_hash) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
      $21, $22, $23)";

impl Verb for DispatchTaskCreate {
    type Input = DispatchTaskCreateInput;
    type Problem = DispatchTaskCreateProblem;

    const NAME: &'static str = "dispatchTaskCreate";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.task_created");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("dispatchTask", "DispatchTask", "The new task."),
        Part::Secret(
            "proofCode",
            "String",
            "The code that the recipient says to the driver, shown once; where a code is the proof.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, DispatchTaskCreateProblem)] = &[
        (
            "dispatch_tasks_times_check",
            DispatchTaskCreateProblem::InvalidWindow,
        ),
        (
            "dispatch_tasks_requires_task_id_fkey",
            DispatchTaskCreateProblem::UnknownReference,
        ),
        (
            "dispatch_tasks_customer_id_fkey",
            DispatchTaskCreateProblem::UnknownReference,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id, location_id) = (act.scope, new_id(), input.location_id.uuid());
        act.permit_at(PLAN, location_id, "location")?;
        let unit = unit_of(act, &input).await?;
        let (starts_at, ends_at) = window(&input, &unit)?;
        let database = &act.session.shared.database;
        let number = database.number(scope, TASK_NUMBERS).await?;
        let proof = input.required_proof.map(|proof| proof.0);
        let code = match proof {
            Some("code") => Some(spoken_code()?),
            _ => None,
        };
        let sealed = |text: Option<String>| {
            let sealer = &act.session.shared.sealer;
            text.map(|text| sealer.seal(scope.biz_id(), text.trim()))
                .transpose()
        };
        let priority = i16::try_from(input.priority.unwrap_or(0))
            .map_err(|_| Failure::input("priority must lie between -32768 and 32767."))?;
        let due_at = input.due_at.map(|at| at.0).or(unit.due_at);
        let customer_id = input.customer_id.map(|id| id.uuid());
        let values: [Value; 23] = [
            scope.biz_id().into(),
            id.into(),
            number.into(),
            input.kind.0.into(),
            location_id.into(),
            input.fulfillment_unit_id.map(|id| id.uuid()).into(),
            customer_id.or(unit.customer_id).into(),
            sealed(input.address)?.into(),
            sealed(input.contact_name)?.into(),
            sealed(input.contact_phone)?.into(),
            input.lat.map(|lat| lat.0).into(),
            input.lng.map(|lng| lng.0).into(),
            starts_at.into(),
            ends_at.into(),
            due_at.unwrap_or(ends_at).into(),
            input.service_minutes.unwrap_or(0).into(),
            input
                .quantity
                .map_or(rust_decimal::Decimal::ONE, |quantity| quantity.0)
                .into(),
            input.weight_g.into(),
            input.volume_cm3.into(),
            input.requires_task_id.map(|id| id.uuid()).into(),
            priority.into(),
            proof.into(),
            code.as_deref().map(digest).into(),
        ];
        scope.execute(INSERT, &values).await?;
        promises::start(scope, id, location_id).await?;
        let mut outcome = Outcome::row("dispatchTask", id);
        if let Some(code) = code {
            outcome = outcome.and_value("proofCode", code);
        }
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

/// What a piece of work says of the task that is made for it.
#[derive(Default)]
struct Unit {
    starts_at: Option<Moment>,
    ends_at: Option<Moment>,
    due_at: Option<Moment>,
    customer_id: Option<Uuid>,
}

type Moment = chrono::DateTime<chrono::Utc>;

/// From when until when it can be done: as was asked, or else as the piece of work is planned.
fn window(
    input: &DispatchTaskCreateInput,
    unit: &Unit,
) -> Result<(Moment, Moment), Fault<DispatchTaskCreateProblem>> {
    let starts_at = input.starts_at.as_ref().map(|at| at.0).or(unit.starts_at);
    let ends_at = input.ends_at.as_ref().map(|at| at.0).or(unit.ends_at);
    starts_at.zip(ends_at).ok_or_else(|| {
        let text = "Say from when until when it can be done.";
        Fault::at(DispatchTaskCreateProblem::WindowRequired, "startsAt", text)
    })
}

async fn unit_of(
    act: &Act<'_>,
    input: &DispatchTaskCreateInput,
) -> Result<Unit, Fault<DispatchTaskCreateProblem>> {
    let Some(unit) = input.fulfillment_unit_id else {
        return Ok(Unit::default());
    };
    let values = [
        act.scope.biz_id().into(),
        unit.uuid().into(),
        input.location_id.uuid().into(),
    ];
    let row = act.scope.query_opt(OF_UNIT, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("piece of work at this location"))?;
    Ok(Unit {
        starts_at: row.try_get(0)?,
        ends_at: row.try_get(1)?,
        due_at: row.try_get(2)?,
        customer_id: row.try_get(3)?,
    })
}

/// Six characters that are said and heard well.
fn spoken_code() -> Result<String, Failure> {
    let random = Secret::random()?;
    let alphabet = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";
    let letters = random.digest.iter().take(6);
    Ok(letters
        .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
        .collect())
}
