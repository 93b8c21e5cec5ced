//! What passengers of a trip are told by mail, once the change that it is about is committed.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::dispatch::store::Trip;
use finance::notifications::message::{self, NewMessage};
use foundation::database::{Error, Scope};
use ordering::booking::store::zone;

/// Somebody who waits for a trip, and can be reached.
pub(super) struct Awaiting {
    customer_id: Uuid,
    stop: String,
    leaves_at: DateTime<Utc>,
    zone: Tz,
    number: String,
    /// How many minutes the trip was late when this was read.
    pub(super) delay_minutes: i32,
}

// One of each customer, at the first stop at which they get in.
const AWAITING: &str = "select distinct on (c.id) c.id, s.name, s.planned_departure_at, coalesce(r.timezone, l.timezone), \
      t.number, t.delay_minutes \
    from dispatch.trip_manifests m \
    join dispatch.transport_trips t on t.biz_id = m.biz_id and t.id = m.trip_id \
    join dispatch.trip_stops s on s.biz_id = m.biz_id and s.trip_id = m.trip_id and s.seq = m.from_seq \
    join core.locations l on l.biz_id = t.biz_id and l.id = t.location_id \
    left join dispatch.transport_routes r on r.biz_id = t.biz_id and r.id = t.route_id \
    left join booking.booking_participants p on p.biz_id = m.biz_id and p.id = m.participant_id \
    left join booking.booking_orders o on o.biz_id = m.biz_id and o.id = m.booking_order_id \
    join crm.customers c on c.biz_id = m.biz_id and c.id = coalesce(p.customer_id, o.customer_id) \
      and c.email_enc is not null and c.deleted_at is null \
    where m.biz_id = $1 and m.trip_id = $2 and m.status in ('held', 'reserved', 'checked_in') \
    order by c.id, m.from_seq limit 1000";

/// Who waits for a locked trip, of those who can be reached.
pub(super) async fn awaiting(scope: &Scope, trip_id: Uuid) -> Result<Vec<Awaiting>, Error> {
    let key = [scope.biz_id().into(), trip_id.into()];
    let rows = scope.query(AWAITING, &key).await?;
    rows.iter()
        .map(|row| {
            Ok(Awaiting {
                customer_id: row.try_get(0)?,
                stop: row.try_get(1)?,
                leaves_at: row.try_get(2)?,
                zone: zone(row.try_get(3)?)?,
                number: row.try_get(4)?,
                delay_minutes: row.try_get(5)?,
            })
        })
        .collect()
}

/// Tells them that the trip is late by so much, or on time again; once for each delay.
pub(super) async fn tell_delay(
    scope: &Scope,
    trip: &Trip,
    awaiting: &[Awaiting],
    minutes: i32,
) -> Result<(), Error> {
    let news = awaiting.iter().filter(|who| who.delay_minutes != minutes);
    let messages: Vec<_> = news
        .map(|who| {
            let leaves = clock(who, minutes);
            let what = match minutes {
                0 => "is on time again".to_owned(),
                1 => "is 1 minute late".to_owned(),
                _ => format!("is {minutes} minutes late"),
            };
            let text = format!(
                "Trip {} {what}: it leaves {} on {leaves}.",
                who.number, who.stop
            );
            who.message(trip, text)
        })
        .collect();
    tell(scope, &messages).await
}

/// Tells them that the trip does not take place.
pub(super) async fn tell_cancelled(
    scope: &Scope,
    trip: &Trip,
    awaiting: &[Awaiting],
    reason: &str,
) -> Result<(), Error> {
    let messages: Vec<_> = awaiting
        .iter()
        .map(|who| {
            let text = format!(
                "Trip {} from {} on {} does not take place: {reason}",
                who.number,
                who.stop,
                clock(who, 0)
            );
            who.message(trip, text)
        })
        .collect();
    tell(scope, &messages).await
}

/// When they leave, by the clock of the route.
fn clock(who: &Awaiting, late_minutes: i32) -> String {
    let leaves_at = who.leaves_at + Duration::minutes(late_minutes.into());
    let local = leaves_at.with_timezone(&who.zone);
    local.format("%Y-%m-%d at %H:%M").to_string()
}

impl Awaiting {
    fn message(&self, trip: &Trip, text: String) -> NewMessage<'static> {
        NewMessage {
            customer_id: self.customer_id,
            channel: "email",
            subject: ("TransportTrip", trip.id),
            title: format!("Trip {}", self.number),
            location_id: Some(trip.location_id),
            text,
        }
    }
}

async fn tell(scope: &Scope, messages: &[NewMessage<'_>]) -> Result<(), Error> {
    if messages.is_empty() {
        return Ok(());
    }
    message::write_all(scope, messages).await.map(drop)
}
