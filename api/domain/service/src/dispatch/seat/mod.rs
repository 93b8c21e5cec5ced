//! Seats: who travels on a trip, from which stop to which. A seat takes every leg between. One may be
//! kept for a while before it is sold; what has expired is free for others from that instant on.

pub mod cancel;
pub mod confirm;
pub mod jobs;
pub mod mark;
pub mod reserve;

use uuid::Uuid;

use foundation::database::{Error, Scope};

/// What a hold becomes when its seats are given back.
#[derive(Clone, Copy, Debug)]
pub enum HoldEnd {
    /// Its time is over.
    Expired,
    /// Somebody gave it up.
    Released,
    /// The trip does not take place.
    Cancelled,
}

impl HoldEnd {
    /// The status of a hold that ended so.
    fn status(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Released => "released",
            Self::Cancelled => "cancelled",
        }
    }
}

const GIVE_BACK: &str = "select dispatch.give_back_seats($1, $2, $3, $4)";

/// Gives back the seats of passengers of a locked trip, and ends the holds that kept them.
pub async fn give_back(
    scope: &Scope,
    trip_id: Uuid,
    passengers: &[Uuid],
    end: HoldEnd,
) -> Result<(), Error> {
    if passengers.is_empty() {
        return Ok(());
    }
    let values = [
        scope.biz_id().into(),
        trip_id.into(),
        passengers.to_vec().into(),
        end.status().into(),
    ];
    scope.query(GIVE_BACK, &values).await.map(drop)
}

// By the database's clock at this moment: who waited for the trip's lock past the expiry finds it expired.
const EXPIRED: &str = "select m.id from dispatch.trip_manifests m \
    join availability.booking_holds h on h.biz_id = m.biz_id and h.id = m.booking_hold_id \
    where m.biz_id = $1 and m.trip_id = $2 and m.status = 'held' and h.held_until <= clock_timestamp() order by m.id";

const TOLD: &str = "insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
    select m.biz_id, core.uuid_v7(), 'dispatch.seat_hold_expired', 'TripManifest', m.id, \
      jsonb_build_object('location_id', t.location_id, 'trip_id', t.id) \
    from dispatch.trip_manifests m join dispatch.transport_trips t on t.biz_id = m.biz_id and t.id = m.trip_id \
    where m.biz_id = $1 and m.id = any($2)";

/// Gives back the seats of a locked trip that expired holds keep, and says how many passengers that
/// were. Whoever takes a seat does this first, so that no worker has to have been there.
pub async fn give_back_expired(scope: &Scope, trip_id: Uuid) -> Result<usize, Error> {
    let key = [scope.biz_id().into(), trip_id.into()];
    let rows = scope.query(EXPIRED, &key).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let passengers = rows
        .iter()
        .map(|row| Ok(row.try_get(0)?))
        .collect::<Result<Vec<Uuid>, Error>>()?;
    give_back(scope, trip_id, &passengers, HoldEnd::Expired).await?;
    let [biz_id, _] = key;
    let told = [biz_id, passengers.clone().into()];
    scope.execute(TOLD, &told).await?;
    Ok(passengers.len())
}
