//! Events of what happened outside of a verb: when a processor has answered, or sends a message.

use sea_orm::Value;
use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};

const TELL: &str = "with event as ( \
      insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
      values ($1, $2, $3, $4, $5, $6)) \
    insert into audit.audit_events (biz_id, id, actor_type, actor_id, action, subject_type, subject_id, after) \
    values ($1, $7, case when $8::uuid is null then 'system' else 'user' end, $8, $3, $4, $5, $6)";

/// Writes an event and its entry in the audit trail, in the transaction that made it true.
pub async fn tell(
    scope: &Scope,
    topic: &str,
    subject: (&str, Uuid),
    payload: serde_json::Value,
) -> Result<(), Error> {
    let values: [Value; 8] = [
        scope.biz_id().into(),
        new_id().into(),
        topic.into(),
        subject.0.into(),
        subject.1.into(),
        payload.into(),
        new_id().into(),
        scope.user_id().into(),
    ];
    scope.execute(TELL, &values).await.map(drop)
}
