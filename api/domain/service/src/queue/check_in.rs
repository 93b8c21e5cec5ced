//! `queueCheckIn`.

use crate::queue::join::{JOINED, Joining, join};
use crate::queue::store::line;
use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::queue::queue;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use uuid::Uuid;

const PERMISSION: &str = "queue.join";

/// Lets a customer with an appointment join a queue: the ticket carries the booking, and a queue that
/// puts appointments first calls it so.
#[derive(InputObject)]
pub struct QueueCheckInInput {
    /// The queue.
    pub queue_id: Id<queue::Entity>,
    /// The booking.
    pub booking_id: Id<booking_order::Entity>,
    /// How urgent it is, from 0, which is usual, to 9.
    pub priority_band: Option<i32>,
}

/// Why nobody joined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueCheckInErrorCode")]
pub enum QueueCheckInProblem {
    /// Nobody can join this queue now.
    QueueClosed,
    /// The queue is full.
    QueueFull,
    /// The customer is in the queue already.
    AlreadyWaiting,
    /// A party has at least one person.
    PartySizeInvalid,
    /// A band is between 0 and 9.
    PriorityInvalid,
    /// The booking is not confirmed, or in progress.
    BookingNotOpen,
    /// The booking has joined a queue already.
    AlreadyCheckedIn,
}

/// The verb.
pub struct QueueCheckIn;

impl Verb for QueueCheckIn {
    type Input = QueueCheckInInput;
    type Problem = QueueCheckInProblem;

    const NAME: &'static str = "queueCheckIn";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.joined");
    const PAYLOAD: &'static [Part] = JOINED;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "queue_entries_queue_open_check",
            QueueCheckInProblem::QueueClosed,
        ),
        (
            "queue_entries_queue_full_check",
            QueueCheckInProblem::QueueFull,
        ),
        (
            "queue_entries_queue_id_customer_id_key",
            QueueCheckInProblem::AlreadyWaiting,
        ),
        (
            "queue_entries_party_size_check",
            QueueCheckInProblem::PartySizeInvalid,
        ),
        (
            "queue_entries_priority_band_check",
            QueueCheckInProblem::PriorityInvalid,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let line = line(act, PERMISSION, input.queue_id.uuid()).await?;
        let sql = "select o.customer_id, o.status, o.location_id, o.party_size, exists ( \
                     select 1 from queue.queue_entries e where e.biz_id = o.biz_id and e.appointment_order_id = o.id \
                       and e.status in ('waiting', 'called', 'serving', 'parked', 'transferred', 'reopened')) \
                   from booking.booking_orders o where o.biz_id = $1 and o.id = $2 for no key update of o";
        let values = [act.scope.biz_id().into(), input.booking_id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("booking"))?;
        let (status, location, is_in): (String, Uuid, bool) =
            (row.try_get(1)?, row.try_get(2)?, row.try_get(4)?);
        act.permit_at(PERMISSION, location, "booking")?;
        if !matches!(status.as_str(), "confirmed" | "in_progress") {
            let text = format!("The booking is {}.", status.replace('_', " "));
            return Err(Fault::at(
                QueueCheckInProblem::BookingNotOpen,
                "bookingId",
                text,
            ));
        }
        if is_in {
            let text = "The booking has joined a queue already.";
            return Err(Fault::at(
                QueueCheckInProblem::AlreadyCheckedIn,
                "bookingId",
                text,
            ));
        }
        let joining = Joining {
            customer_id: row.try_get(0)?,
            party_size: Some(row.try_get(3)?),
            band: i16::try_from(input.priority_band.unwrap_or(0)).unwrap_or(i16::MAX),
            appointment_id: Some(input.booking_id.uuid()),
            channel: "staff".to_owned(),
            ..Joining::default()
        };
        let joined = join(act.scope, &act.session.shared.sealer, &line, joining).await?;
        Ok(joined.outcome(line.id))
    }
}
