//! Writing a message that is to go out. It goes out after the transaction that wrote it, and only if
//! that is committed.

use sea_orm::Value;
use uuid::Uuid;

use crate::database::{Error, Scope, new_id};

/// A message to a customer.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Who gets it.
    pub customer_id: Uuid,
    /// By which way: a value of `comms.message_channel`.
    pub channel: &'a str,
    /// What it is about. Of an invoice or a receipt the document goes with it, where it goes by mail.
    pub subject: (&'static str, Uuid),
    /// What it is about, in a line.
    pub title: String,
    /// The location that it concerns.
    pub location_id: Option<Uuid>,
    /// What it says.
    pub text: String,
}

// One conversation about a thing for each way.
const THREAD: &str = "select t.id from comms.message_threads t \
    where t.biz_id = $1 and t.subject_type = $2 and t.subject_id = $3 and t.channel = $4::text and t.customer_id = $5 \
      and t.status <> 'closed' order by t.id limit 1";
const OPEN_THREAD: &str = "insert into comms.message_threads (biz_id, id, subject_type, subject_id, channel, customer_id, \
      location_id, title, last_message_at) values ($1, $2, $3, $4, $5::text, $6, $7, $8, $9)";
const MESSAGE: &str = "insert into comms.messages (biz_id, id, thread_id, direction, author_id, body, status, occurred_at) \
    values ($1, $2, $3, 'outbound', $4, $5, 'queued', $6)";

/// Puts a message into the queue of its channel: its id. The caller holds a lock on what it is about,
/// so that two who write at once find one conversation.
pub async fn write(scope: &Scope, message: NewMessage<'_>) -> Result<Uuid, Error> {
    let thread_id = thread(scope, &message).await?;
    let id = new_id();
    let values: [Value; 6] = [
        scope.biz_id().into(),
        id.into(),
        thread_id.into(),
        scope.user_id().into(),
        message.text.into(),
        scope.now().into(),
    ];
    scope.execute(MESSAGE, &values).await?;
    Ok(id)
}

async fn thread(scope: &Scope, message: &NewMessage<'_>) -> Result<Uuid, Error> {
    let (kind, subject_id) = message.subject;
    let values: [Value; 5] = [
        scope.biz_id().into(),
        kind.into(),
        subject_id.into(),
        message.channel.into(),
        message.customer_id.into(),
    ];
    if let Some(row) = scope.query_opt(THREAD, &values).await? {
        return Ok(row.try_get(0)?);
    }
    let id = new_id();
    let values: [Value; 9] = [
        scope.biz_id().into(),
        id.into(),
        kind.into(),
        subject_id.into(),
        message.channel.into(),
        message.customer_id.into(),
        message.location_id.into(),
        message.title.as_str().into(),
        scope.now().into(),
    ];
    scope.execute(OPEN_THREAD, &values).await?;
    Ok(id)
}
