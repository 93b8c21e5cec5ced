//! A message as a mail: who it goes to, what it is called, which file goes with it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::carriers::Mail;
use super::rules::one_line;
use crate::billing::print;
use crate::payments::links;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::session::Shared;
use foundation::graph::type_id;
use foundation::identity::Principal;

/// A message that a worker took.
#[derive(Clone, Copy, Debug)]
pub struct Claimed {
    /// The tenant.
    pub biz_id: Uuid,
    /// The message.
    pub id: Uuid,
    /// How often it was tried, this time among them.
    pub attempts: i32,
}

/// Why a message does not become a mail.
pub enum Unwritten {
    /// It cannot: it is given up for this reason.
    Never(String),
    /// Something failed that may not fail again.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Unwritten {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What the statement below knows of a message.
struct Found {
    channel: String,
    text: String,
    written_at: DateTime<Utc>,
    title: Option<String>,
    subject: Option<(String, Uuid)>,
    to: Option<Vec<u8>>,
    index: Option<Vec<u8>>,
    to_name: String,
    from_name: String,
    reply_to: Option<String>,
}

const FIND: &str = "select t.channel::text, m.body, m.occurred_at, t.title, t.subject_type, t.subject_id, \
      coalesce(t.address_enc, c.email_enc), coalesce(t.address_bidx, c.email_bidx), \
      coalesce(c.full_name, t.contact_name, ''), b.display_name, l.email \
    from comms.messages m \
    join comms.message_threads t on t.biz_id = m.biz_id and t.id = m.thread_id \
    join core.bizes b on b.id = m.biz_id \
    left join crm.customers c on c.biz_id = m.biz_id and c.id = t.customer_id \
    left join core.locations l on l.biz_id = m.biz_id and l.id = t.location_id \
    where m.biz_id = $1 and m.id = $2 and m.status = 'queued'";

const SUPPRESSED: &str = "select s.reason::text from comms.suppressions s \
    where s.biz_id = $1 and s.channel = 'email' and s.address_bidx = $2 and s.deleted_at is null \
      and coalesce(s.category, 'transactional') = 'transactional' and coalesce(s.suppressed_until > $3, true) limit 1";

/// A message as a mail; none where it waits no longer.
pub async fn write(shared: &Arc<Shared>, claimed: Claimed) -> Result<Option<Mail>, Unwritten> {
    let scope = shared
        .database
        .platform_in(claimed.biz_id, None, new_id())
        .await?;
    let Some(found) = find(&scope, claimed).await? else {
        return Ok(None);
    };
    if found.channel != "email" {
        let message = format!(
            "Nothing carries messages by {} here.",
            found.channel.replace('_', " ")
        );
        return Err(Unwritten::Never(message));
    }
    let (Some(to), Some(index)) = (&found.to, &found.index) else {
        let message = "No mail address is known of who should get it.";
        return Err(Unwritten::Never(message.to_owned()));
    };
    let values = [
        claimed.biz_id.into(),
        index.clone().into(),
        scope.now().into(),
    ];
    if let Some(row) = scope.query_opt(SUPPRESSED, &values).await? {
        let reason: String = row.try_get(0).map_err(Error::from)?;
        return Err(Unwritten::Never(format!(
            "Nothing is sent to this address: {reason}."
        )));
    }
    let attachments = match &found.subject {
        Some((kind, id)) => document(&scope, kind, *id).await?,
        None => None,
    };
    scope.rollback().await?;
    let text = match &found.subject {
        Some((kind, id)) if kind == "PaymentLink" => {
            links::with_secret(&found.text, &shared.sealer, claimed.biz_id, *id)
        }
        _ => found.text,
    };
    Ok(Some(Mail {
        message_id: message_id(claimed.id),
        from_name: one_line(&found.from_name),
        to: shared.sealer.open(claimed.biz_id, to)?,
        to_name: one_line(&found.to_name),
        reply_to: found.reply_to,
        subject: one_line(found.title.as_deref().unwrap_or(&found.from_name)),
        text,
        attachments: attachments.into_iter().collect(),
        written_at: found.written_at,
    }))
}

/// What a message is called wherever it goes, each time it is tried.
pub fn message_id(id: Uuid) -> String {
    format!("<{}@bizing>", type_id::encode("cmms", id))
}

async fn find(scope: &Scope, claimed: Claimed) -> Result<Option<Found>, Error> {
    let values = [claimed.biz_id.into(), claimed.id.into()];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(None);
    };
    let (kind, id): (Option<String>, Option<Uuid>) = (row.try_get(4)?, row.try_get(5)?);
    Ok(Some(Found {
        channel: row.try_get(0)?,
        text: row.try_get(1)?,
        written_at: row.try_get(2)?,
        title: row.try_get(3)?,
        subject: kind.zip(id),
        to: row.try_get(6)?,
        index: row.try_get(7)?,
        to_name: row.try_get(8)?,
        from_name: row.try_get(9)?,
        reply_to: row.try_get(10)?,
    }))
}

/// The document of what a conversation is about, as a file.
async fn document(
    scope: &Scope,
    kind: &str,
    id: Uuid,
) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let reader = Principal::program(scope.biz_id(), None, [print::PERMISSION.to_owned()]);
    let printed = match kind {
        "Invoice" => print::invoice(scope, &reader, id).await?,
        "Receipt" => print::receipt(scope, &reader, id).await?,
        "BillingStatement" => print::statement(scope, &reader, id).await?,
        _ => return Ok(None),
    };
    Ok(Some((printed.name, printed.bytes)))
}
