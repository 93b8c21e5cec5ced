//! Writing a message that is to go out. It goes out after the transaction that wrote it, and only if
//! that is committed.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};

/// A message to a customer.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Who gets it.
    pub customer_id: Uuid,
    /// By which way: a value of `comms.message_channel`.
    pub channel: &'a str,
    /// What it is about. Of an invoice, a receipt or a statement the document goes with it, by mail.
    pub subject: (&'static str, Uuid),
    /// What it is about, in a line.
    pub title: String,
    /// The location that it concerns.
    pub location_id: Option<Uuid>,
    /// What it says.
    pub text: String,
}

// One conversation about a thing for each way and customer.
const WRITE: &str = "with asked as materialized ( \
      select x.*, (select t.id from comms.message_threads t \
        where t.biz_id = $1 and t.subject_type = x.subject_type and t.subject_id = x.subject_id and t.channel = x.channel \
          and t.customer_id = x.customer_id and t.status <> 'closed' order by t.id limit 1) as found_id \
      from jsonb_to_recordset($2::jsonb) as x (message_id uuid, thread_id uuid, customer_id uuid, channel text, \
        subject_type text, subject_id uuid, title text, location_id uuid, body text)), \
    opened as ( \
      insert into comms.message_threads (biz_id, id, customer_id, channel, location_id, title, subject_type, subject_id, last_message_at) \
      select $1, a.thread_id, a.customer_id, a.channel, a.location_id, a.title, a.subject_type, a.subject_id, $4 \
      from asked a where a.found_id is null returning id) \
    insert into comms.messages (biz_id, id, thread_id, direction, author_id, body, status, occurred_at) \
    select $1, a.message_id, coalesce(a.found_id, a.thread_id), 'outbound', $3, a.body, 'queued', $4 \
    from asked a where a.found_id is not null or a.thread_id in (select o.id from opened o)";

/// Puts a message into the queue of its channel: its id. The caller holds a lock on what it is about,
/// so that two who write at once find one conversation.
pub async fn write(scope: &Scope, message: NewMessage<'_>) -> Result<Uuid, Error> {
    let ids = write_all(scope, &[message]).await?;
    let id = ids.into_iter().next();
    id.ok_or_else(|| Error::Internal("a message without an id".to_owned()))
}

/// The same for many, each about another thing: their ids, in the same order.
pub async fn write_all(scope: &Scope, messages: &[NewMessage<'_>]) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Uuid> = messages.iter().map(|_| new_id()).collect();
    let rows: Vec<serde_json::Value> = messages
        .iter()
        .zip(&ids)
        .map(|(message, id)| {
            json!({
                "message_id": id, "thread_id": new_id(), "customer_id": message.customer_id, "channel": message.channel,
                "subject_type": message.subject.0, "subject_id": message.subject.1, "title": message.title,
                "location_id": message.location_id, "body": message.text,
            })
        })
        .collect();
    let values: [Value; 4] = [
        scope.biz_id().into(),
        serde_json::Value::Array(rows).into(),
        scope.user_id().into(),
        scope.now().into(),
    ];
    scope.execute(WRITE, &values).await?;
    Ok(ids)
}
