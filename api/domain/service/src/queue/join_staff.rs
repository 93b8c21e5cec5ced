//! `queueJoin`.

use crate::queue::join::{JOINED, Joining, join};
use crate::queue::store::line;
use async_graphql::{Enum, InputObject};
use entities::catalog::service;
use entities::crm::customer;
use entities::queue::queue;
use foundation::choices;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

choices! {
    /// Ways to draw a ticket.
    TicketChannel = entities::queue::domains::QUEUE_TICKET_CHANNEL;
}

const PERMISSION: &str = "queue.join";

/// Takes a place in a queue for somebody, by staff or at a terminal on site, and draws the ticket: numbers
/// follow one another without a gap, from 1 each business day.
#[derive(InputObject)]
pub struct QueueJoinInput {
    /// The queue.
    pub queue_id: Id<queue::Entity>,
    /// The customer, if known.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The name to be called by; kept sealed.
    pub name: Option<String>,
    /// The telephone number to be told at; kept sealed.
    pub phone: Option<String>,
    /// What they come for.
    pub service_id: Option<Id<service::Entity>>,
    /// How many come together; 1 if not given.
    pub party_size: Option<i32>,
    /// How urgent it is, from 0, which is usual, to 9.
    pub priority_band: Option<i32>,
    /// How the ticket is drawn; by staff if not given.
    pub channel: Option<Choice<TicketChannel>>,
    /// The language in which they are called.
    pub locale: Option<String>,
}

/// Why nobody joined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueJoinErrorCode")]
pub enum QueueJoinProblem {
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
}

/// The verb.
pub struct QueueJoin;

impl Verb for QueueJoin {
    type Input = QueueJoinInput;
    type Problem = QueueJoinProblem;

    const NAME: &'static str = "queueJoin";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.joined");
    const PAYLOAD: &'static [Part] = JOINED;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "queue_entries_queue_open_check",
            QueueJoinProblem::QueueClosed,
        ),
        (
            "queue_entries_queue_full_check",
            QueueJoinProblem::QueueFull,
        ),
        (
            "queue_entries_queue_id_customer_id_key",
            QueueJoinProblem::AlreadyWaiting,
        ),
        (
            "queue_entries_party_size_check",
            QueueJoinProblem::PartySizeInvalid,
        ),
        (
            "queue_entries_priority_band_check",
            QueueJoinProblem::PriorityInvalid,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let line = line(act, PERMISSION, input.queue_id.uuid()).await?;
        let joining = Joining {
            customer_id: input.customer_id.map(|id| id.uuid()),
            name: input.name,
            phone: input.phone,
            service_id: input.service_id.map(|id| id.uuid()),
            party_size: input.party_size,
            band: i16::try_from(input.priority_band.unwrap_or(0)).unwrap_or(i16::MAX),
            appointment_id: None,
            channel: input
                .channel
                .map_or("staff", |channel| channel.0)
                .to_owned(),
            locale: input.locale,
        };
        let joined = join(act.scope, &act.session.shared.sealer, &line, joining).await?;
        Ok(joined.outcome(line.id))
    }
}
