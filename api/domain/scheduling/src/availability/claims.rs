//! Claims of what a search picked: resources, shared pools and places of slots together, all or
//! nothing. For bookings and for holds that are made of an offer.

use serde_json::json;
use uuid::Uuid;

use super::hold::store::{self as hold, NOT_ENOUGH, Shopper, Target as Held, Window};
use super::search::{Pick, Target};
use super::store::{CLOSED, SOLD_OUT, TAKEN, lock_resources};
use foundation::database::{Error, Scope};

/// Does what may find something taken; what it wrote is undone then, so that the transaction goes on.
pub async fn attempt<T>(
    scope: &Scope,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<Result<T, Error>, Error> {
    scope.batch("savepoint attempt").await?;
    match Box::pin(work).await {
        Err(error @ Error::Violation(_)) => {
            scope
                .batch("rollback to savepoint attempt; release savepoint attempt")
                .await?;
            Ok(Err(error))
        }
        done => Ok(Ok(done?)),
    }
}

/// Whether an error says that something is taken, closed or sold out.
pub fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Violation(violation)
        if [SOLD_OUT, CLOSED, TAKEN, NOT_ENOUGH].contains(&violation.constraint.as_str()))
}

/// What claims are for.
#[derive(Clone, Copy, Debug)]
pub struct Claimant {
    /// Its entity type.
    pub entity: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The hold that keeps them until it is confirmed; none takes them for good.
    pub hold_id: Option<Uuid>,
}

/// Lets one at a time take what was picked, before anything of it is claimed; and gives back what
/// the same shopper holds of it (E-10). Says which holds gave way.
pub async fn lock_picks(
    scope: &Scope,
    picks: &[Pick],
    shopper: &Shopper,
) -> Result<Vec<Uuid>, Error> {
    let has_own = hold::has_own(scope, shopper).await?;
    if has_own {
        hold::lock_shopper(scope, shopper).await?;
    }
    let ids: Vec<Uuid> = picks.iter().filter_map(Pick::window_of).collect();
    lock_resources(scope, &ids).await?;
    let mut gave_way = Vec::new();
    if !has_own {
        return Ok(gave_way);
    }
    let slots = slots(picks);
    if !slots.is_empty() {
        gave_way.extend(hold::give_way(scope, shopper, &slots, None).await?);
    }
    for pick in picks {
        let target = match pick.target {
            Target::Resource(id) => Held::Resource(id),
            Target::Pool(id) => Held::Pool(id),
            Target::Slot(_) => continue,
        };
        let window = Window {
            service: (pick.service.start, pick.service.end),
            blocked: (pick.blocked.start, pick.blocked.end),
        };
        gave_way.extend(hold::give_way(scope, shopper, &[], Some((target, window))).await?);
    }
    Ok(gave_way)
}

fn slots(picks: &[Pick]) -> Vec<Uuid> {
    let slots = picks.iter().filter_map(|pick| match pick.target {
        Target::Slot(id) => Some(id),
        Target::Resource(_) | Target::Pool(_) => None,
    });
    slots.collect()
}

impl Pick {
    /// The resource or pool that is taken for a time.
    fn window_of(&self) -> Option<Uuid> {
        match self.target {
            Target::Resource(id) | Target::Pool(id) => Some(id),
            Target::Slot(_) => None,
        }
    }
}

const WINDOWS: &str = "select availability.claim_window(w.resource_id, w.pool_id, w.units, $2::uuid, $3, $4, \
      case when $2::uuid is null then 'firm' else 'hold' end, \
      (select h.held_until from availability.booking_holds h where h.biz_id = $1 and h.id = $2::uuid), \
      w.service_starts_at, w.service_ends_at, w.blocked_starts_at, w.blocked_ends_at) \
    from json_to_recordset($5::json) as w (resource_id uuid, pool_id uuid, units integer, \
      service_starts_at timestamptz, service_ends_at timestamptz, blocked_starts_at timestamptz, blocked_ends_at timestamptz)";

const PLACES: &str = "select availability.claim_places(w.slots, w.units, $2::uuid, $3, $4, \
      case when $2::uuid is null then 'firm' else 'hold' end, \
      (select h.held_until from availability.booking_holds h where h.biz_id = $1 and h.id = $2::uuid)) \
    from (select array_agg(s.id) as slots, s.units from unnest($5::uuid[], $6::integer[]) as s (id, units) \
      group by s.units order by s.units) w";

/// Takes what was picked; [`lock_picks`] comes first. Fails under the constraint of whatever was
/// taken meanwhile.
pub async fn claim_picks(scope: &Scope, of: Claimant, picks: &[Pick]) -> Result<(), Error> {
    let windows: Vec<serde_json::Value> = picks
        .iter()
        .filter(|pick| pick.window_of().is_some())
        .map(window)
        .collect();
    let owner = [
        scope.biz_id().into(),
        of.hold_id.into(),
        of.entity.into(),
        of.id.into(),
    ];
    if !windows.is_empty() {
        let windows = serde_json::Value::from(windows).to_string();
        let values: Vec<sea_orm::Value> = owner.iter().cloned().chain([windows.into()]).collect();
        scope.query(WINDOWS, &values).await?;
    }
    let ids = slots(picks);
    if !ids.is_empty() {
        let of_slots = picks.iter().filter(|pick| pick.window_of().is_none());
        let units: Vec<i32> = of_slots.map(|pick| pick.units).collect();
        let values: Vec<sea_orm::Value> = owner
            .into_iter()
            .chain([ids.into(), units.into()])
            .collect();
        scope.query(PLACES, &values).await?;
    }
    Ok(())
}

fn window(pick: &Pick) -> serde_json::Value {
    let (resource, pool) = match pick.target {
        Target::Resource(id) => (Some(id), None),
        Target::Pool(id) => (None, Some(id)),
        Target::Slot(_) => (None, None),
    };
    json!({
        "resource_id": resource, "pool_id": pool, "units": pick.units,
        "service_starts_at": pick.service.start, "service_ends_at": pick.service.end,
        "blocked_starts_at": pick.blocked.start, "blocked_ends_at": pick.blocked.end,
    })
}
