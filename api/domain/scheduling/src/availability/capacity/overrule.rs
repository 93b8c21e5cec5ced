//! `allocationOverride`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, TimeDelta, Utc};
use entities::booking::booking_order;
use entities::crm::customer;
use entities::resources::resource;
use uuid::Uuid;

use crate::availability::hold::store::{self as hold, HOLD_NUMBERS, NewHold, Shopper};
use crate::availability::store::lock_resources;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "availability.override";

/// Takes a resource for a booking although it is taken: deliberate double booking, by somebody who
/// may and says why. It opens an item in the queue of conflicts, so that it is seen to. Without a
/// booking yet, a hold is made from which one can be. Slots are overbooked by their limit instead.
#[derive(InputObject)]
pub struct AllocationOverrideInput {
    /// The resource.
    pub resource_id: Id<resource::Entity>,
    /// When it is used.
    pub starts_at: Instant,
    /// Until when, that instant not included; 400 days later at most.
    pub ends_at: Instant,
    /// How many minutes before the start the resource is taken already.
    #[graphql(default = 0)]
    pub buffer_before_minutes: i32,
    /// How many minutes after the end the resource is taken still.
    #[graphql(default = 0)]
    pub buffer_after_minutes: i32,
    /// The booking it is for.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// Where there is no booking yet: the customer it is held for.
    pub customer_id: Option<Id<customer::Entity>>,
    /// Where there is no booking yet: for how many minutes it is held, 1 to 1440.
    #[graphql(default = 15)]
    pub hold_minutes: i32,
    /// Why.
    pub reason: String,
}

/// Why a resource cannot be taken so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "AllocationOverrideErrorCode")]
pub enum AllocationOverrideProblem {
    /// A reason must be given.
    ReasonRequired,
    /// Only a person can take it upon themselves, no program.
    NobodyDecides,
    /// The times are no time.
    InvalidDates,
    /// It is for a booking or for a customer; one of them must be given.
    Incomplete,
    /// The booking has ended, and takes nothing any more.
    WrongStatus,
}

type Problem = AllocationOverrideProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct AllocationOverride;

impl Verb for AllocationOverride {
    type Input = AllocationOverrideInput;
    type Problem = AllocationOverrideProblem;

    const NAME: &'static str = "allocationOverride";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("allocation.overridden");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "allocation",
            "Allocation",
            "The claim, which conflicts with nothing.",
        ),
        Part::Row(
            "bookingHold",
            "BookingHold",
            "The hold, where there was no booking yet.",
        ),
        Part::Row(
            "reviewQueueItem",
            "ReviewQueueItem",
            "What waits in the queue of conflicts.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (service, blocked) = check(&input)?;
        let Some(user_id) = act.scope.user_id() else {
            let message = "Only a person can decide this.";
            return Err(Fault::problem(Problem::NobodyDecides, message));
        };
        let resource_id = input.resource_id.uuid();
        let (location_id, name) = find(act, resource_id).await?;
        let source = source(act, &input).await?;
        lock_resources(act.scope, &[resource_id]).await?;
        let mut outcome = Outcome::default();
        let (status, source_type, source_id, hold_id) = if let Some(order) = source {
            let status = if order.hold_id.is_some() {
                "hold"
            } else {
                "firm"
            };
            (status, "BookingOrder", order.id, order.hold_id)
        } else {
            let id = new_hold(act, &input).await?;
            outcome = outcome.and_row("bookingHold", id);
            ("hold", "BookingHold", id, Some(id))
        };
        let id = new_id();
        let over = Overrule {
            id,
            resource_id,
            service,
            blocked,
            status,
            source: (source_type, source_id),
            hold_id,
            user_id,
            reason: input.reason.trim(),
        };
        insert(act.scope, &over).await?;
        let item = open_conflict(act.scope, &over, &name).await?;
        Ok(Outcome {
            subject: Some(("Allocation", id)),
            ..outcome
        }
        .and_row("allocation", id)
        .and_row("reviewQueueItem", item)
        .detail("location_id", location_id.to_string())
        .detail("reason", over.reason.to_owned()))
    }
}

type Time = (DateTime<Utc>, DateTime<Utc>);

fn check(input: &AllocationOverrideInput) -> Checked<(Time, Time)> {
    Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
    let service = (input.starts_at.0, input.ends_at.0);
    if service.1 <= service.0 || (service.1 - service.0).num_days() > 400 {
        let message = "endsAt must be after startsAt, by 400 days at most.";
        return Err(Fault::at(Problem::InvalidDates, "endsAt", message));
    }
    let buffers = [input.buffer_before_minutes, input.buffer_after_minutes];
    if buffers.iter().any(|minutes| !(0..=1440).contains(minutes)) {
        let message = "A buffer has between 0 and 1440 minutes.";
        return Err(Fault::at(
            Problem::InvalidDates,
            "bufferBeforeMinutes",
            message,
        ));
    }
    if !(1..=1440).contains(&input.hold_minutes) {
        let message = "holdMinutes must be between 1 and 1440.";
        return Err(Fault::at(Problem::InvalidDates, "holdMinutes", message));
    }
    if input.booking_order_id.is_some() == input.customer_id.is_some() {
        let message = "Give bookingOrderId or customerId, one of them.";
        return Err(Fault::at(Problem::Incomplete, "bookingOrderId", message));
    }
    let blocked = (
        service.0 - TimeDelta::minutes(input.buffer_before_minutes.into()),
        service.1 + TimeDelta::minutes(input.buffer_after_minutes.into()),
    );
    Ok((service, blocked))
}

async fn find(act: &Act<'_>, resource_id: Uuid) -> Checked<(Uuid, String)> {
    let sql = "select r.location_id, r.name from resources.resources r \
               where r.biz_id = $1 and r.id = $2 and r.deleted_at is null";
    let values = [act.scope.biz_id().into(), resource_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("resource"))?;
    let location_id = row.try_get(0)?;
    act.permit_at(PERMISSION, location_id, "resource")?;
    Ok((location_id, row.try_get(1)?))
}

/// The booking that the claim is for.
struct Order {
    id: Uuid,
    hold_id: Option<Uuid>,
}

const ORDER: &str = "select o.status::text, o.location_id, case when h.status = 'held' then h.id end \
    from booking.booking_orders o \
    left join availability.booking_holds h on h.biz_id = o.biz_id and h.id = o.hold_id \
    where o.biz_id = $1 and o.id = $2 for no key update of o";

async fn source(act: &Act<'_>, input: &AllocationOverrideInput) -> Checked<Option<Order>> {
    let Some(id) = input.booking_order_id.map(|id| id.uuid()) else {
        return Ok(None);
    };
    let row = act
        .scope
        .query_opt(ORDER, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    act.permit_at(PERMISSION, row.try_get(1)?, "booking")?;
    let status: String = row.try_get(0)?;
    if !matches!(
        status.as_str(),
        "draft" | "held" | "pending_approval" | "confirmed" | "in_progress"
    ) {
        let message = format!(
            "The booking is {}, and takes nothing any more.",
            status.replace('_', " ")
        );
        return Err(Fault::at(Problem::WrongStatus, "bookingOrderId", message));
    }
    let hold_id = row.try_get(2)?;
    Ok(Some(Order { id, hold_id }))
}

async fn new_hold(act: &Act<'_>, input: &AllocationOverrideInput) -> Checked<Uuid> {
    let shopper = Shopper {
        customer_id: input.customer_id.map(|id| id.uuid()),
        session_ref: None,
    };
    let new = NewHold {
        id: new_id(),
        number: act
            .session
            .shared
            .database
            .number(act.scope, HOLD_NUMBERS)
            .await?,
        shopper: &shopper,
        units: 1,
        minutes: input.hold_minutes,
        reason: Some(input.reason.trim()),
    };
    hold::insert(act.scope, &new).await?;
    Ok(new.id)
}

/// A claim that is let in on purpose.
pub struct Overrule<'a> {
    /// The allocation's id.
    pub id: Uuid,
    /// The resource.
    pub resource_id: Uuid,
    /// When the service begins and ends.
    pub service: (DateTime<Utc>, DateTime<Utc>),
    /// The same with its buffers.
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
    /// `hold` with a hold, or `firm`.
    pub status: &'a str,
    /// What takes it: entity type and id.
    pub source: (&'a str, Uuid),
    /// The hold that keeps it, if it is not firm.
    pub hold_id: Option<Uuid>,
    /// Who decided it.
    pub user_id: Uuid,
    /// Why.
    pub reason: &'a str,
}

const INSERT: &str = "insert into availability.allocations (biz_id, id, source_type, source_id, booking_hold_id, resource_id, exclusive, \
      service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at, override_by_id, override_reason) \
    select $1, $2, $3, $4, $5, r.id, r.exclusive, $7, $8, $9, $10, $11::text, \
      case when $11::text = 'hold' then (select h.held_until from availability.booking_holds h where h.biz_id = $1 and h.id = $5) end, \
      $12, $13 \
    from resources.resources r where r.biz_id = $1 and r.id = $6";

/// Writes a claim that conflicts with nothing. For a booking that has to be taken in: an agreed
/// double booking, or one that a channel has sold. [`open_conflict`] goes with it.
pub async fn insert(scope: &Scope, over: &Overrule<'_>) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        over.id.into(),
        over.source.0.into(),
        over.source.1.into(),
        over.hold_id.into(),
        over.resource_id.into(),
        over.service.0.into(),
        over.service.1.into(),
        over.blocked.0.into(),
        over.blocked.1.into(),
        over.status.into(),
        over.user_id.into(),
        over.reason.into(),
    ];
    scope.execute(INSERT, &values).await.map(drop)
}

const QUEUE: &str = "insert into workflow.review_queues (biz_id, id, code, name, description) \
    values ($1, $2, 'conflicts', 'Conflicts', 'Bookings that were let in beyond what is free, to be seen to.') \
    on conflict (biz_id, code) where deleted_at is null do nothing";

const ITEM: &str = "with queue as ( \
      select q.id from workflow.review_queues q where q.biz_id = $1 and q.code = 'conflicts' and q.deleted_at is null), \
    known as ( \
      select i.id from workflow.review_queue_items i join queue on i.queue_id = queue.id \
      where i.biz_id = $1 and i.subject_type = $3 and i.subject_id = $4 and i.status in ('pending', 'claimed', 'escalated')), \
    made as ( \
      insert into workflow.review_queue_items (biz_id, id, queue_id, subject_type, subject_id, title, payload, requested_by_id) \
      select $1, $2, queue.id, $3, $4, left($5, 200), jsonb_build_object('reason', $6::text, 'allocation_id', $7::uuid, \
        'overlaps', coalesce((select jsonb_agg(jsonb_build_object('allocation_id', a.id, 'source_type', a.source_type, 'source_id', a.source_id)) \
          from availability.allocations a \
          where a.biz_id = $1 and a.resource_id = $8 and a.id <> $7 and a.status in ('hold', 'firm') \
            and a.blocked_starts_at < $10 and a.blocked_ends_at > $9), '[]')), $11 \
      from queue where not exists (select from known) returning id) \
    select id from made union all select id from known";

/// Opens an item in the queue of conflicts (which a tenant gets with its first), and gives its id;
/// where the booking has one that is open, that one.
pub async fn open_conflict(scope: &Scope, over: &Overrule<'_>, name: &str) -> Result<Uuid, Error> {
    scope
        .execute(QUEUE, &[scope.biz_id().into(), new_id().into()])
        .await?;
    let title = format!("{name} was taken twice on purpose: {}", over.reason);
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        over.source.0.into(),
        over.source.1.into(),
        title.into(),
        over.reason.into(),
        over.id.into(),
        over.resource_id.into(),
        over.blocked.0.into(),
        over.blocked.1.into(),
        over.user_id.into(),
    ];
    let row = scope.query_opt(ITEM, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("there is no queue of conflicts".to_owned()))?;
    Ok(row.try_get(0)?)
}
