//! What verbs tell and note of what they did, for many bookings at once: an event and an audit
//! entry each, under the topics of the verbs.

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::{Error, Scope, new_id};

/// Something that happened to a booking.
#[derive(Debug, Serialize)]
struct Entry {
    event_id: Uuid,
    audit_id: Uuid,
    order_id: Uuid,
    topic: &'static str,
    details: Value,
}

/// What happened in a transaction, in order.
#[derive(Debug, Default)]
pub struct Journal(Vec<Entry>);

const WRITE: &str = "with given as ( \
      select w.* from json_to_recordset($2::json) as w \
        (event_id uuid, audit_id uuid, order_id uuid, topic text, details jsonb)), \
    entries as ( \
      insert into audit.audit_events (biz_id, id, actor_type, actor_id, action, subject_type, subject_id, after) \
      select $1, w.audit_id, case when $3::uuid is null then 'system' else 'user' end, $3, w.topic, \
        'BookingOrder', w.order_id, w.details \
      from given w) \
    insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
    select $1, w.event_id, w.topic, 'BookingOrder', w.order_id, w.details from given w";

impl Journal {
    /// Notes that something happened to a booking of this location; `details` is an object with
    /// what else there is to tell.
    pub fn note(&mut self, topic: &'static str, order_id: Uuid, location_id: Uuid, details: &Value) {
        let mut all = json!({ "location_id": location_id });
        if let (Some(all), Some(more)) = (all.as_object_mut(), details.as_object()) {
            all.extend(more.clone());
        }
        self.0.push(Entry {
            event_id: new_id(),
            audit_id: new_id(),
            order_id,
            topic,
            details: all,
        });
    }

    /// Writes all of it, in one statement.
    pub async fn write(&self, scope: &Scope) -> Result<(), Error> {
        let text = serde_json::to_string(&self.0).map_err(|error| Error::Internal(error.to_string()))?;
        let values = [scope.biz_id().into(), text.into(), scope.user_id().into()];
        scope.execute(WRITE, &values).await.map(drop)
    }
}
