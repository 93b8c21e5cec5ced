//! Puts together what is known over the time of a search: one more flight after the offer's.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use futures_util::try_join;
use uuid::Uuid;

use super::super::calendar::hours::{Hours, Rostered, recurrences};
use super::super::calendar::span::Span;
use super::super::calendar::week::Binding;
use super::calendar_rows::{self, Subject};
use super::offer::{Basis, Component, Offer, minutes};
use super::roster_rows;
use super::taken_rows;
use super::wanted::{MOST_DAYS, Refusal, Shopper, Starts, Wanted};
use super::world::{Busy, PlaceTime, PoolTime, ResourceTime, Taken, World};
use foundation::database::{Error, Scope};

/// By how much more than a day the time that is read reaches beyond what is asked for: an opening
/// that is shorter is then seen whole, and with it the beginning of its grid.
const MARGIN: TimeDelta = TimeDelta::hours(27);

/// The longest that a booking of the offer may take, one component after the other, with all that
/// is blocked around it.
fn reach(offer: &Offer, wanted: &Wanted) -> TimeDelta {
    let of_component = |component: &Component| {
        let own = component
            .selectors
            .iter()
            .flat_map(|selector| &selector.candidates);
        let lengths = own.map(Some).chain([None]).map(|candidate| {
            let (before, after) = component.buffers(candidate);
            component.duration(candidate).unwrap_or_default() + before + after
        });
        minutes(component.offset_minutes) + lengths.max().unwrap_or_default()
    };
    let components: TimeDelta = offer.components.iter().map(of_component).sum();
    let all = components + minutes(wanted.duration_minutes.unwrap_or(0));
    all.min(TimeDelta::days(MOST_DAYS))
}

/// The time that has to be known for all beginnings to be judged.
pub(super) fn range(offer: &Offer, wanted: &Wanted, starts: &Starts) -> Span {
    let (from, to) = starts.bounds();
    let margin = MARGIN + reach(offer, wanted);
    Span::new(from, to).widened(margin, margin)
}

/// What is known of all that the offer may take, over a time.
pub(super) async fn load(
    scope: &Scope,
    offer: &Offer,
    wanted: &Wanted,
    range: Span,
) -> Result<World, Refusal> {
    let resources: BTreeSet<Uuid> = offer
        .candidates()
        .map(|candidate| candidate.resource_id)
        .collect();
    let places: BTreeSet<Uuid> = offer
        .candidates()
        .map(|candidate| candidate.location_id)
        .chain(wanted.location_id)
        .collect();
    let services = offer
        .components
        .iter()
        .filter_map(|component| component.service.as_ref());
    let services: BTreeSet<Uuid> = services.map(|service| service.id).collect();
    let subjects: Vec<(&'static str, Uuid)> = [("Offer", wanted.offer_id)]
        .into_iter()
        .chain(services.iter().map(|id| ("Service", *id)))
        .chain(places.iter().map(|id| ("Location", *id)))
        .chain(resources.iter().map(|id| ("Resource", *id)))
        .collect();
    let resources: Vec<Uuid> = resources.into_iter().collect();
    let places: Vec<Uuid> = places.into_iter().collect();
    let with_pools = matches!(offer.basis, Basis::Pool | Basis::Slot);
    let (followed, rosters, located, taken) = try_join!(
        calendar_rows::load(scope, &subjects, &range),
        roster_rows::load(scope, &resources, &range),
        calendar_rows::places(scope, places.clone()),
        taken_rows::load(
            scope,
            &resources,
            &places,
            &range,
            &wanted.shopper,
            with_pools
        ),
    )?;
    Ok(together(
        range, &followed, &rosters, located, taken, &resources, &services,
    ))
}

fn together(
    range: Span,
    followed: &HashMap<Subject, Vec<Binding>>,
    rosters: &HashMap<Uuid, Vec<Rostered>>,
    located: HashMap<Uuid, calendar_rows::Place>,
    mut taken: taken_rows::TakenRows,
    resources: &[Uuid],
    services: &BTreeSet<Uuid>,
) -> World {
    let mut recurrences = recurrences(&range);
    let mut hours = |subject: Subject| {
        let bindings = followed.get(&subject).map_or(&[][..], Vec::as_slice);
        Hours::of(bindings, range, &mut recurrences)
    };
    let mut pools_of: HashMap<Uuid, Vec<_>> = HashMap::new();
    let mut pools = HashMap::new();
    for member in taken.members {
        pools_of
            .entry(member.resource_id)
            .or_default()
            .push((member.pool_id, member.days));
        pools.entry(member.pool_id).or_insert_with(|| PoolTime {
            location_id: member.location_id,
            by_slots: member.by_slots,
            capacity: member.capacity,
            hours: hours(Subject::Pool(member.pool_id)),
            taken: Taken::of(taken.of_pools.remove(&member.pool_id).unwrap_or_default()),
        });
    }
    let resource = |id: &Uuid| {
        let subjects = [Subject::Resource(*id), Subject::Person(*id)];
        let own = subjects
            .into_iter()
            .filter(|subject| followed.contains_key(subject));
        let time = ResourceTime {
            hours: by_roster(own.map(&mut hours).collect(), rosters.get(id), range),
            taken: Taken::of(taken.of_resources.remove(id).unwrap_or_default()),
            pools: pools_of.remove(id).unwrap_or_default(),
        };
        (*id, time)
    };
    let resources = resources.iter().map(resource).collect();
    let place = |(id, place): (Uuid, calendar_rows::Place)| {
        let blocks = taken.of_places.remove(&id).unwrap_or_default();
        (id, place.over(hours(Subject::Location(id)), blocks))
    };
    let places = located.into_iter().map(place).collect();
    World {
        range,
        services: services
            .iter()
            .map(|id| (*id, hours(Subject::Service(*id))))
            .collect(),
        offer_hours: hours(Subject::Offer),
        places,
        resources,
        pools,
        slots: taken.slots,
    }
}

/// A pool that is shared by time, and its place, over a time.
pub(super) async fn pool(
    scope: &Scope,
    (pool_id, location_id): (Uuid, Uuid),
    shopper: &Shopper,
    range: Span,
) -> Result<World, Error> {
    let subjects = [("CapacityPool", pool_id), ("Location", location_id)];
    let places = [location_id];
    let (followed, located, mut blocks, taken) = try_join!(
        calendar_rows::load(scope, &subjects, &range),
        calendar_rows::places(scope, places.to_vec()),
        taken_rows::of_places(scope, &places, &range),
        taken_rows::of_pool(scope, pool_id, &range, shopper),
    )?;
    let mut recurrences = recurrences(&range);
    let mut hours = |subject: Subject| {
        let bindings = followed.get(&subject).map_or(&[][..], Vec::as_slice);
        Hours::of(bindings, range, &mut recurrences)
    };
    let offer_hours = hours(Subject::Offer);
    let pool = taken.map(|(capacity, taken)| PoolTime {
        location_id,
        by_slots: false,
        capacity,
        hours: hours(Subject::Pool(pool_id)),
        taken: Taken::of(taken),
    });
    let place = |(id, place): (Uuid, calendar_rows::Place)| {
        let blocks = blocks.remove(&id).unwrap_or_default();
        (id, place.over(hours(Subject::Location(id)), blocks))
    };
    Ok(World {
        range,
        places: located.into_iter().map(place).collect(),
        offer_hours,
        services: HashMap::new(),
        resources: HashMap::new(),
        pools: pool.into_iter().map(|pool| (pool_id, pool)).collect(),
        slots: Vec::new(),
    })
}

/// Places alone, over a time.
pub(super) async fn places(
    scope: &Scope,
    ids: Vec<Uuid>,
    range: Span,
) -> Result<HashMap<Uuid, PlaceTime>, Refusal> {
    let subjects: Vec<(&'static str, Uuid)> = ids.iter().map(|id| ("Location", *id)).collect();
    let (followed, located, mut blocks) = try_join!(
        calendar_rows::load(scope, &subjects, &range),
        calendar_rows::places(scope, ids.clone()),
        taken_rows::of_places(scope, &ids, &range),
    )?;
    let mut recurrences = recurrences(&range);
    let place = |(id, place): (Uuid, calendar_rows::Place)| {
        let bindings = followed.get(&Subject::Location(id));
        let bindings = bindings.map_or(&[][..], Vec::as_slice);
        let hours = Hours::of(bindings, range, &mut recurrences);
        (
            id,
            place.over(hours, blocks.remove(&id).unwrap_or_default()),
        )
    };
    Ok(located.into_iter().map(place).collect())
}

impl calendar_rows::Place {
    /// What is known of it over a time.
    fn over(self, hours: Hours, blocks: Vec<Busy>) -> PlaceTime {
        PlaceTime {
            zone: self.zone,
            cutoff: self.cutoff,
            hours,
            blocks: Taken::of(blocks),
            booking_cutoff: self.booking_cutoff,
            is_active: self.is_active,
        }
    }
}

/// The hours of a resource whose person may work by a roster.
fn by_roster(mut hours: Vec<Hours>, said: Option<&Vec<Rostered>>, range: Span) -> Vec<Hours> {
    let Some(said) = said else {
        return hours;
    };
    if hours.is_empty() {
        hours.push(Hours::of(&[], range, &mut recurrences(&range)));
    }
    let rostered = hours.into_iter().map(|hours| hours.rostered(said, range));
    rostered.collect()
}
