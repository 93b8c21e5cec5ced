//! Resources that are booked without an offer, or whose booking is moved: judged by the same
//! functions as those that a search lists. What is known of them is loaded once, whatever the number
//! of times that are judged then; what counts as a resource's own is that of the offer by which it
//! is sold, where that names it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::blocker::{Blocker, Kind, Reason, Remedy, Thing};
use super::judge::{Depth, Judge, Times};
use super::offer::{Basis, Candidate, Component, Offer, Selector, Strategy};
use super::wanted::{MOST_DAYS, Refusal, Shopper, Wanted};
use super::world::{SlotTime, World};
use super::{load, offer_rows};
use foundation::database::{Error, Scope};

/// By how much more is known than what is judged: other times on the same day are looked for, and
/// buffers may be wider than was asked for.
const MARGIN: TimeDelta = TimeDelta::days(2);

/// When something begins and ends.
pub type Window = (DateTime<Utc>, DateTime<Utc>);

/// A resource for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The resource.
    pub resource_id: Uuid,
    /// When the service begins and ends.
    pub service: Window,
    /// When the resource is taken, buffers included.
    pub blocked: Window,
}

impl Use {
    /// The same use beginning at another instant.
    #[must_use]
    pub fn starting(&self, at: DateTime<Utc>) -> Self {
        let by = at - self.service.0;
        let later = |(start, end): Window| (start + by, end + by);
        Self {
            resource_id: self.resource_id,
            service: later(self.service),
            blocked: later(self.blocked),
        }
    }

    fn times(&self) -> Times {
        Times {
            service: Span::new(self.service.0, self.service.1),
            blocked: Span::new(self.blocked.0, self.blocked.1),
        }
    }
}

/// For whom, and as what, resources are used.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where.
    pub location_id: Uuid,
    /// What is sold; the rules of its offer count, where it stands for one.
    pub sellable_id: Option<Uuid>,
    /// How many come, of what several share.
    pub party_size: i32,
    /// Whose own holds and orders do not block.
    pub shopper: Shopper,
    /// Whether staff book, whom notice and advance do not bind.
    pub by_staff: bool,
}

/// What is known of resources, to judge times of them.
#[derive(Debug)]
pub struct Direct {
    now: DateTime<Utc>,
    wanted: Wanted,
    offer: Offer,
    /// Each resource as a candidate, and what it is to the offer.
    resources: HashMap<Uuid, (Component, Candidate)>,
    /// What is known over the times that are judged, a year at most each.
    worlds: Vec<World>,
}

impl Direct {
    /// Reads what has to be known to judge these uses, and others on the same days.
    pub async fn load(scope: &Scope, asked: Asked, uses: &[Use]) -> Result<Self, Error> {
        let mut ids: Vec<Uuid> = uses.iter().map(|usage| usage.resource_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let (candidates, offer_id) = candidates(scope, asked.sellable_id, &ids).await?;
        let wanted = Wanted {
            location_id: Some(asked.location_id),
            party_size: asked.party_size,
            resource_ids: ids,
            shopper: asked.shopper,
            by_staff: asked.by_staff,
            ..Wanted::of(offer_id.unwrap_or_default())
        };
        let mut offer = match offer_id {
            None => None,
            Some(_) => sold(offer_rows::load(scope, &wanted, scope.now()).await)?,
        }
        .unwrap_or_else(nothing);
        let mut resources = HashMap::new();
        for candidate in candidates {
            let id = candidate.resource_id;
            let known = named(&offer, id).unwrap_or_else(|| by_itself(candidate));
            resources.insert(id, known);
        }
        let of_itself = resources.values().filter(|(own, _)| own.id.is_nil());
        let more: Vec<Component> = of_itself.map(|(component, _)| component.clone()).collect();
        offer.components.extend(more);
        let mut worlds = Vec::new();
        for hull in hulls(uses) {
            let range = hull.widened(MARGIN, MARGIN);
            let world = load::load(scope, &offer, &wanted, range).await;
            worlds.push(world.map_err(unexpected)?);
        }
        Ok(Self {
            now: scope.now(),
            wanted,
            offer,
            resources,
            worlds,
        })
    }

    /// All that stands in the way of a use.
    pub fn against(&self, usage: &Use) -> Vec<Blocker> {
        self.found(usage, Depth::All)
    }

    /// Whether nothing stands in the way of a use.
    pub fn is_free(&self, usage: &Use) -> bool {
        self.found(usage, Depth::First).is_empty()
    }

    /// Why a use is refused; nothing where it is not.
    pub fn refusal(&self, usage: &Use) -> Option<Reason> {
        let found = self.found(usage, Depth::First);
        found.first().map(|blocker| blocker.kind.reason())
    }

    /// Whether a resource is used by one at a time; none where there is no such resource here.
    pub fn is_exclusive(&self, resource_id: Uuid) -> Option<bool> {
        let (_, candidate) = self.resources.get(&resource_id)?;
        let is_here = Some(candidate.location_id) == self.wanted.location_id;
        is_here.then_some(candidate.is_exclusive)
    }

    /// The zone of the place's clocks.
    pub fn zone(&self) -> chrono_tz::Tz {
        let id = self.wanted.location_id.unwrap_or_default();
        let place = self.worlds.iter().find_map(|world| world.places.get(&id));
        place.map_or(chrono_tz::Tz::UTC, |place| place.zone)
    }

    /// The use with the buffers of the offer by which it is sold, where those are wider.
    #[must_use]
    pub fn with_buffers(&self, usage: Use) -> Use {
        let known = self.resources.get(&usage.resource_id);
        let (before, after) = known.map_or_else(Default::default, |(component, candidate)| {
            component.buffers(Some(candidate))
        });
        let (start, end) = (usage.service.0 - before, usage.service.1 + after);
        Use {
            blocked: (usage.blocked.0.min(start), usage.blocked.1.max(end)),
            ..usage
        }
    }

    /// Why a session is refused, apart from its places: by the booking, the place, or the resource that
    /// it is a time of, none where that is nil.
    pub fn refusal_of_session(&self, session: &Use) -> Option<Reason> {
        let (times, location) = (session.times(), self.wanted.location_id);
        let world = self.world(&times)?;
        let judge = self.judge(world);
        let mut blockers = judge.of_booking(&times, location, Depth::First);
        let slot = SlotTime {
            id: Uuid::nil(),
            pool_id: None,
            resource_id: Some(session.resource_id),
            location_id: location.unwrap_or_default(),
            span: times.service,
            left: 1,
            capacity: 1,
            is_open: true,
        };
        blockers.extend(judge.of_slot(&slot, 1, Depth::First));
        blockers.first().map(|blocker| blocker.kind.reason())
    }

    /// Whether the resource itself is there and free, be the place open or not: for work that is done
    /// when nobody is received.
    pub fn is_at_hand(&self, usage: &Use) -> bool {
        let times = usage.times();
        let known = self.resources.get(&usage.resource_id);
        known
            .zip(self.world(&times))
            .is_some_and(|((_, candidate), world)| {
                let judge = self.judge(world);
                judge
                    .of_resource(candidate, &times, Depth::First)
                    .is_empty()
            })
    }

    /// What is known over a time; nothing where it was not loaded.
    fn world(&self, times: &Times) -> Option<&World> {
        let mut worlds = self.worlds.iter();
        worlds.find(|world| world.range.contains(&times.blocked))
    }

    fn judge<'a>(&'a self, world: &'a World) -> Judge<'a> {
        Judge {
            offer: &self.offer,
            world,
            wanted: &self.wanted,
            now: self.now,
        }
    }

    fn found(&self, usage: &Use, depth: Depth) -> Vec<Blocker> {
        let times = usage.times();
        let known = self.resources.get(&usage.resource_id);
        let (Some((component, candidate)), Some(world)) = (known, self.world(&times)) else {
            let gone = Thing::Resource(usage.resource_id);
            let remedy = Remedy::PutIntoUse;
            return vec![Blocker::new(Kind::OutOfUse, gone, times.service, remedy)];
        };
        let judge = self.judge(world);
        let mut blockers = judge.of_booking(&times, Some(candidate.location_id), depth);
        if depth == Depth::All || blockers.is_empty() {
            blockers.extend(judge.of_service(component, &times, depth));
        }
        if depth == Depth::All || blockers.is_empty() {
            blockers.extend(judge.of_resource(candidate, &times, depth));
        }
        blockers
    }
}

/// The times of uses, put together as far as they are within a year.
fn hulls(uses: &[Use]) -> Vec<Span> {
    let mut spans: Vec<Span> = uses.iter().map(|usage| usage.times().blocked).collect();
    spans.sort_unstable();
    let mut hulls: Vec<Span> = Vec::new();
    for span in spans {
        match hulls.last_mut() {
            Some(last) if (span.end - last.start).num_days() < MOST_DAYS => {
                last.end = last.end.max(span.end);
            }
            _ => hulls.push(span),
        }
    }
    hulls
}

/// The offer that is on sale; nothing where none is any more: what was booked of it can be moved
/// all the same.
fn sold(offer: Result<Offer, Refusal>) -> Result<Option<Offer>, Error> {
    match offer {
        Ok(offer) => Ok(Some(offer)),
        Err(Refusal::Database(error)) => Err(error),
        Err(Refusal::NotFound(_) | Refusal::Wrong { .. }) => Ok(None),
    }
}

fn unexpected(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Database(error) => error,
        Refusal::NotFound(_) | Refusal::Wrong { .. } => Error::Internal(refusal.to_string()),
    }
}

/// An offer of nothing.
pub(super) fn nothing() -> Offer {
    Offer {
        version_id: Uuid::nil(),
        basis: Basis::Resource,
        components: Vec::new(),
    }
}

/// A resource as the offer names it, and what for.
fn named(offer: &Offer, resource_id: Uuid) -> Option<(Component, Candidate)> {
    offer.components.iter().find_map(|component| {
        let selectors = component.selectors.iter();
        let mut all = selectors.flat_map(|selector| &selector.candidates);
        let candidate = all.find(|candidate| candidate.resource_id == resource_id)?;
        Some((component.clone(), candidate.clone()))
    })
}

/// A resource that no offer names.
fn by_itself(candidate: Candidate) -> (Component, Candidate) {
    let selector = Selector {
        id: Uuid::nil(),
        strategy: Strategy::Ranked,
        min_quantity: 1,
        candidates: vec![candidate.clone()],
    };
    let component = Component {
        id: Uuid::nil(),
        role: String::new(),
        quantity: 1,
        in_all: None,
        is_optional: false,
        sequence: 0,
        offset_minutes: 0,
        duration_minutes: None,
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
        service: None,
        selectors: vec![selector],
    };
    (component, candidate)
}

const RESOURCES: &str = "select r.id, r.location_id, coalesce(r.timezone, l.timezone), r.capacity, r.exclusive, \
      r.lifecycle_status = 'active' \
    from resources.resources r \
    join core.locations l on l.biz_id = $1 and l.id = r.location_id \
    where r.biz_id = $1 and r.id = any ($2::uuid[]) and r.deleted_at is null";
const SOLD: &str = "select v.offer_id from catalog.sellables s \
    join catalog.offer_versions v on v.biz_id = $1 and v.id = s.ref_id \
    where s.biz_id = $1 and s.id = $2 and s.ref_type = 'OfferVersion'";

/// Resources by themselves, and the offer by which they are sold.
async fn candidates(
    scope: &Scope,
    sellable_id: Option<Uuid>,
    ids: &[Uuid],
) -> Result<(Vec<Candidate>, Option<Uuid>), Error> {
    let of_resources = [scope.biz_id().into(), ids.to_vec().into()];
    let of_sellable = [scope.biz_id().into(), sellable_id.into()];
    let (rows, sold) = futures_util::try_join!(
        scope.query(RESOURCES, &of_resources),
        scope.query_opt(SOLD, &of_sellable)
    )?;
    let offer_id = sold.map(|row| row.try_get(0)).transpose()?;
    let candidates = rows.iter().map(candidate).collect::<Result<_, Error>>()?;
    Ok((candidates, offer_id))
}

fn candidate(row: &Row) -> Result<Candidate, Error> {
    Ok(Candidate {
        resource_id: row.try_get(0)?,
        location_id: row.try_get(1)?,
        zone: row
            .try_get::<_, &str>(2)?
            .parse()
            .unwrap_or(chrono_tz::Tz::UTC),
        capacity: row.try_get(3)?,
        is_exclusive: row.try_get(4)?,
        is_active: row.try_get(5)?,
        weight: 1,
        priority: 0,
        grounds: Vec::new(),
        duration_minutes: None,
        buffer_before_minutes: None,
        buffer_after_minutes: None,
        is_bookable_online: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_known_in_parts_of_a_year_at_most() {
        let start: DateTime<Utc> = "2026-05-01T10:00:00Z".parse().unwrap();
        let at = |days: i64| {
            let from = start + TimeDelta::days(days);
            let window = (from, from + TimeDelta::hours(1));
            Use {
                resource_id: Uuid::nil(),
                service: window,
                blocked: window,
            }
        };
        let hulls = hulls(&[at(700), at(0), at(365), at(366), at(367)]);
        let days: Vec<(i64, i64)> = hulls
            .iter()
            .map(|hull| {
                (
                    (hull.start - start).num_days(),
                    (hull.end - start).num_days(),
                )
            })
            .collect();
        assert_eq!(days, [(0, 365), (366, 700)]);
        assert_eq!(at(0).starting(at(3).service.0), at(3));
    }
}
