//! Seats: who travels on a trip, from which stop to which. A seat takes every leg between.

pub mod cancel;
pub mod mark;
pub mod reserve;

use uuid::Uuid;

use foundation::database::{Error, Scope};

// Legs are locked in ascending order, as by everybody else.
const GIVE_BACK: &str = "with gone as ( \
      select m.id, m.from_seq, m.to_seq, m.seats, m.status from dispatch.trip_manifests m \
      where m.biz_id = $1 and m.trip_id = $2 and m.id = any($3)), \
    legs as ( \
      select i.id, coalesce(sum(g.seats) filter (where g.status = 'held'), 0) as held, \
        coalesce(sum(g.seats) filter (where g.status <> 'held'), 0) as sold \
      from (select l.* from dispatch.trip_stop_inventory l \
        where l.biz_id = $1 and l.trip_id = $2 order by l.from_seq for no key update) i \
      join gone g on i.from_seq >= g.from_seq and i.from_seq < g.to_seq group by i.id), \
    counted as ( \
      update dispatch.trip_stop_inventory i set held = i.held - l.held, sold = i.sold - l.sold \
      from legs l where i.biz_id = $1 and i.id = l.id) \
    update dispatch.trip_manifests m set status = 'cancelled' from gone g where m.biz_id = $1 and m.id = g.id";

/// Gives back the seats of passengers of a trip.
pub async fn give_back(scope: &Scope, trip_id: Uuid, passengers: &[Uuid]) -> Result<(), Error> {
    if passengers.is_empty() {
        return Ok(());
    }
    let values = [
        scope.biz_id().into(),
        trip_id.into(),
        passengers.to_vec().into(),
    ];
    scope.execute(GIVE_BACK, &values).await.map(drop)
}
