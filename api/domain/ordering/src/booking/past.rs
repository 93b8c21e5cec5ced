//! What became of many orders, as it is written down at once: by imports, which take over what was
//! over long ago, and by demonstrations. It goes the way of the verbs, with their events and audit
//! entries.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::finish::{self, At, Cancellation, Departure};
use super::record::NewOrder;
use foundation::database::{Error, Scope, new_id};
use scheduling::availability::store::release;

/// An event, and the audit entry beside it.
#[derive(Debug, Serialize)]
struct Entry {
    event_id: Uuid,
    audit_id: Uuid,
    order_id: Uuid,
    topic: &'static str,
    details: Value,
}

/// What became of orders that were recorded in this transaction.
#[derive(Debug, Default)]
pub struct Past {
    arrivals: Vec<At>,
    departures: Vec<Departure>,
    cancellations: Vec<Cancellation>,
    no_shows: Vec<(Uuid, Option<DateTime<Utc>>)>,
    entries: Vec<Entry>,
}

/// An order, and where it takes place.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    /// The order.
    pub order_id: Uuid,
    /// Its location.
    pub location_id: Uuid,
}

/// The reasons that status histories give.
#[derive(Clone, Copy, Debug)]
pub struct Reasons {
    /// Of what was cancelled.
    pub cancelled: &'static str,
    /// Of customers who did not come.
    pub no_show: &'static str,
}

impl From<&NewOrder> for Of {
    fn from(order: &NewOrder) -> Self {
        Self {
            order_id: order.id,
            location_id: order.place.location_id,
        }
    }
}

impl Past {
    /// It was booked.
    pub fn booked(&mut self, of: Of, at: DateTime<Utc>) {
        self.note("booking.created", of, &json!({ "at": at }));
    }

    /// The customer came, or the service began.
    pub fn came(&mut self, of: Of, at: DateTime<Utc>) {
        let order_id = of.order_id;
        self.arrivals.push(At { order_id, at });
        self.note("booking.checked_in", of, &json!({ "at": at }));
    }

    /// The customer left, or the service ended.
    pub fn left(&mut self, of: Of, at: DateTime<Utc>) {
        self.departures.push(Departure {
            order_id: of.order_id,
            at,
            shortened_to: None,
        });
        self.note("booking.checked_out", of, &json!({ "at": at }));
    }

    /// It was cancelled, before it was recorded here: it takes nothing that would be free now.
    pub fn cancelled(&mut self, of: Of, cancellation: Cancellation) {
        let (at, fee) = (cancellation.at, cancellation.fee_minor);
        self.cancellations.push(cancellation);
        self.note(
            "booking.cancelled",
            of,
            &json!({ "at": at, "fee_minor": fee }),
        );
    }

    /// The customer had not come by then; what was kept is free from an instant on.
    pub fn missed(&mut self, of: Of, at: DateTime<Utc>, free_from: DateTime<Utc>) {
        self.no_shows.push((of.order_id, Some(free_from)));
        self.note("booking.no_show", of, &json!({ "at": at, "fee_minor": 0 }));
    }

    /// Something else happened, of which there is more to tell in an object.
    pub fn note(&mut self, topic: &'static str, of: Of, more: &Value) {
        let mut details = json!({ "location_id": of.location_id });
        if let (Some(details), Some(more)) = (details.as_object_mut(), more.as_object()) {
            details.extend(more.clone());
        }
        self.entries.push(Entry {
            event_id: new_id(),
            audit_id: new_id(),
            order_id: of.order_id,
            topic,
            details,
        });
    }

    /// Writes all of it: a statement for each kind of thing that happened.
    pub async fn write(&self, scope: &Scope, reasons: Reasons) -> Result<(), Error> {
        if !self.arrivals.is_empty() {
            finish::check_in(scope, &self.arrivals).await?;
        }
        if !self.departures.is_empty() {
            finish::check_out(scope, &self.departures).await?;
        }
        if !self.cancellations.is_empty() {
            finish::cancel(scope, reasons.cancelled, &self.cancellations).await?;
        }
        if !self.no_shows.is_empty() {
            release(scope, "no_show", self.no_shows.iter().copied()).await?;
            let ids = self.no_shows.iter().map(|(id, _)| *id).collect();
            finish::mark_no_show(scope, reasons.no_show, ids).await?;
        }
        self.write_entries(scope).await
    }

    async fn write_entries(&self, scope: &Scope) -> Result<(), Error> {
        let entries = serde_json::to_string(&self.entries);
        let entries = entries.map_err(|error| Error::Internal(error.to_string()))?;
        let values = [
            scope.biz_id().into(),
            entries.into(),
            scope.user_id().into(),
        ];
        scope.execute(ENTRIES, &values).await.map(drop)
    }
}

const ENTRIES: &str = "with given as ( \
      select w.* from json_to_recordset($2::json) as w \
        (event_id uuid, audit_id uuid, order_id uuid, topic text, details jsonb)), \
    audited as ( \
      insert into audit.audit_events (biz_id, id, actor_type, actor_id, action, subject_type, subject_id, after) \
      select $1, w.audit_id, case when $3::uuid is null then 'system' else 'user' end, $3, w.topic, \
        'BookingOrder', w.order_id, w.details \
      from given w) \
    insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
    select $1, w.event_id, w.topic, 'BookingOrder', w.order_id, w.details from given w";
