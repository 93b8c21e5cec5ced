//! Joining a queue: what all ways of joining come to.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::rules::effective_priority;
use super::store::{Happened, Line, Standing, note, predict, standing};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::type_id;
use foundation::graph::verb::{Outcome, Part};
use foundation::identity::{Sealer, token::Secret};

/// What whoever lets somebody join is answered.
pub const JOINED: &[Part] = &[
    Part::Row("queueEntry", "QueueEntry", "Where they stand."),
    Part::Row("queueTicket", "QueueTicket", "The ticket."),
    Part::Value(
        "position",
        "Int",
        "Their place among those who wait, from 1.",
    ),
    Part::Value(
        "p50Seconds",
        "Int",
        "How long they wait in half of the cases at most.",
    ),
    Part::Value(
        "p90Seconds",
        "Int",
        "How long they wait in nine of ten cases at most.",
    ),
    Part::Secret(
        "ticketToken",
        "String",
        "By what the holder of the ticket sees the place: `myPosition`.",
    ),
];

/// Who joins, and what for.
#[derive(Clone, Debug, Default)]
pub struct Joining {
    /// The customer, if known.
    pub customer_id: Option<Uuid>,
    /// The name to be called by.
    pub name: Option<String>,
    /// The number to be told at.
    pub phone: Option<String>,
    /// What they come for.
    pub service_id: Option<Uuid>,
    /// How many come.
    pub party_size: Option<i32>,
    /// How urgent it is.
    pub band: i16,
    /// The order whose appointment they have.
    pub appointment_id: Option<Uuid>,
    /// How the ticket is drawn.
    pub channel: String,
    /// The language in which they are told.
    pub locale: Option<String>,
}

/// Who has joined.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The entry.
    pub entry_id: Uuid,
    /// The ticket.
    pub ticket_id: Uuid,
    /// The number that is called.
    pub number: String,
    /// By what they see their place.
    pub token: String,
    /// Where they stand.
    pub standing: Option<Standing>,
}

const TICKET: &str = "insert into queue.queue_tickets \
      (biz_id, id, queue_id, business_date, seq, display_number, channel, token_hash) \
    select $1, $2, $3, d.day, n.seq, $5 || lpad(n.seq::text, greatest(3, length(n.seq::text)), '0'), $6::text, $7 \
    from (select core.business_date($1, $4, $8) as day) d \
    cross join lateral (select coalesce(max(t.seq), 0) + 1 as seq from queue.queue_tickets t \
      where t.biz_id = $1 and t.queue_id = $3 and t.business_date = d.day) n \
    returning display_number";

const ENTRY: &str = "insert into queue.queue_entries \
    (biz_id, id, ticket_id, queue_id, customer_id, name_enc, phone_enc, phone_bidx, service_id, party_size, \
     priority_band, joined_at, effective_priority_at, appointment_order_id, locale) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 1), $11, $12, $13, $14, $15::text)";

/// Draws a ticket of a channel, for whoever knows its secret: its number.
async fn draw(
    scope: &Scope,
    line: &Line,
    (ticket_id, channel, digest): (Uuid, &str, Vec<u8>),
) -> Result<String, JoinFault> {
    let values: [Value; 8] = [
        scope.biz_id().into(),
        ticket_id.into(),
        line.id.into(),
        line.location_id.into(),
        line.prefix.as_str().into(),
        channel.into(),
        digest.into(),
        scope.now().into(),
    ];
    let row = scope.query_opt(TICKET, &values).await?;
    let row = row.ok_or_else(|| Failure::internal("a ticket without a number"))?;
    Ok(row.try_get(0).map_err(Error::from)?)
}

/// What is known of who joins, sealed.
struct Who {
    name: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
    /// By what the phone is found.
    mark: Option<Vec<u8>>,
}

impl Who {
    fn sealed(sealer: &Sealer, biz_id: Uuid, joining: &Joining) -> Result<Self, Failure> {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let name = joining.name.as_deref().map(str::trim).map(str::to_owned);
        let phone = joining.phone.as_deref().map(str::trim);
        let phone = phone.map(|phone| phone.replace([' ', '-', '(', ')'], ""));
        let (name, phone) = (name.and_then(said), phone.and_then(said));
        let seal = |text: &str| sealer.seal(biz_id, text);
        Ok(Self {
            name: name.as_deref().map(seal).transpose()?,
            mark: phone
                .as_deref()
                .map(|phone| sealer.blind_index(biz_id, phone)),
            phone: phone.as_deref().map(seal).transpose()?,
        })
    }
}

/// Draws a ticket and takes a place. The queue is locked, so that numbers follow one another.
pub async fn join(
    scope: &Scope,
    sealer: &Sealer,
    line: &Line,
    joining: Joining,
) -> Result<Joined, JoinFault> {
    let (biz_id, now): (Uuid, DateTime<Utc>) = (scope.biz_id(), scope.now());
    let (entry_id, ticket_id) = (new_id(), new_id());
    let secret = Secret::random()?;
    let drawn = (ticket_id, joining.channel.as_str(), secret.digest);
    let number = draw(scope, line, drawn).await?;
    let who = Who::sealed(sealer, biz_id, &joining)?;
    let priority = effective_priority(line.fairness, now, joining.band, line.aging_minutes);
    let values: [Value; 15] = [
        biz_id.into(),
        entry_id.into(),
        ticket_id.into(),
        line.id.into(),
        joining.customer_id.into(),
        who.name.into(),
        who.phone.into(),
        who.mark.into(),
        joining.service_id.into(),
        joining.party_size.into(),
        joining.band.into(),
        now.into(),
        priority.into(),
        joining.appointment_id.into(),
        joining.locale.into(),
    ];
    scope.execute(ENTRY, &values).await?;
    note(
        scope,
        Happened {
            entry_id,
            kind: "joined",
            queue_id: line.id,
            ..Happened::default()
        },
    )
    .await?;
    let standing = standing(scope, entry_id).await?;
    if let Some(standing) = &standing {
        predict(scope, entry_id, standing).await?;
    }
    let biz = type_id::encode("biz", biz_id);
    Ok(Joined {
        entry_id,
        ticket_id,
        number,
        token: format!("{biz}.{}", secret.text),
        standing,
    })
}

/// Why nobody joined.
#[derive(Debug)]
pub enum JoinFault {
    /// Not answerable.
    Failure(Failure),
    /// What the database refused.
    Database(Error),
}

impl From<Failure> for JoinFault {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Error> for JoinFault {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl<P> From<JoinFault> for foundation::graph::verb::Fault<P> {
    fn from(fault: JoinFault) -> Self {
        match fault {
            JoinFault::Failure(failure) => Self::Failure(failure),
            JoinFault::Database(error) => Self::Database(error),
        }
    }
}

impl Joined {
    /// What a verb of joining answers.
    pub fn outcome(self, queue: Uuid) -> Outcome {
        let outcome = Outcome::row("queueEntry", self.entry_id)
            .and_row("queueTicket", self.ticket_id)
            .and_value("ticketToken", self.token)
            .detail("queue_id", queue.to_string());
        match self.standing {
            Some(Standing { position, wait, .. }) => outcome
                .and_value("position", position)
                .and_value("p50Seconds", wait.p50)
                .and_value("p90Seconds", wait.p90),
            None => outcome,
        }
    }
}
