//! The engine without a database, held against one that tries everything minute by minute.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::calendar::hours::{Hours, recurrences};
use super::super::calendar::span::Span;
use super::super::calendar::week::{Binding, Calendar, DayRange, Rule, RuleEffect, Times};
use super::blocker::{Blocker, Kind, Thing};
use super::fit::Target;
use super::judge::Judge;
use super::offer::{Basis, Candidate, Component, Offer, Selector, Strategy as Choosing};
use super::wanted::{Starts, Wanted};
use super::world::{Busy, PlaceTime, ResourceTime, Taken, World};

fn minute(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minute)
}

/// What is drawn: of each resource its hours of the day and what takes it; components by the
/// resources that will do, with offset, sequence, duration and buffers.
#[derive(Clone, Debug)]
struct Drawn {
    resources: Vec<DrawnResource>,
    components: Vec<DrawnComponent>,
}

type DrawnResource = (Option<(u32, u32)>, Vec<(i64, i64)>);
type DrawnComponent = (Vec<usize>, i32, i32, i32, i32, i32);

fn drawn() -> impl Strategy<Value = Drawn> {
    let hours = option::weighted(0.6, (0_u32..20, 4_u32..24))
        .prop_map(|hours| hours.filter(|(from, to)| from < to));
    let busy = vec((0_i64..140, 1_i64..12), 0..7);
    let chosen = proptest::sample::subsequence(vec![0_usize, 1, 2], 1..=3);
    let component = (chosen, 0_i32..3, 1_i32..3, 1_i32..9, 0_i32..3, 0_i32..3);
    (vec((hours, busy), 3), vec(component, 1..4)).prop_map(|(resources, components)| Drawn {
        resources,
        components,
    })
}

/// Ten minutes are one unit of what is drawn.
const UNIT: i64 = 10;

fn hours_of(calendar: u128, hours: Option<(u32, u32)>, range: Span) -> Vec<Hours> {
    let Some((from, to)) = hours else {
        return Vec::new();
    };
    let rule = Rule {
        id: foundation::database::new_id(),
        effect: RuleEffect::Open,
        priority: 0,
        recurrence: None,
        times: Some(Times {
            start: from * 3_600,
            end: to * 3_600,
            crosses_midnight: false,
        }),
        days: DayRange::default(),
        capacity_delta: 0,
        price_rule_id: None,
    };
    let calendar = Calendar {
        id: Uuid::from_u128(calendar),
        zone: Tz::UTC,
        is_open_by_default: false,
        rules: vec![rule],
        overlays: Vec::new(),
        holidays: Vec::new(),
    };
    let binding = Binding {
        calendar: Arc::new(calendar),
        priority: 0,
        starts_at: None,
        ends_at: None,
    };
    vec![Hours::of(&[binding], range, &mut recurrences(&range))]
}

/// A resource with its hours, and what takes it.
fn resource((hours, busy): &DrawnResource, id: Uuid, range: Span) -> ResourceTime {
    let busy = busy.iter().map(|(start, length)| Busy {
        span: Span::new(minute(start * UNIT), minute((start + length) * UNIT)),
        units: None,
        kind: Kind::Allocation,
        thing: Thing::Allocation(numbered(id, *start, *length)),
        within: None,
    });
    ResourceTime {
        hours: hours_of(id.as_u128(), *hours, range),
        taken: Taken::of(busy.collect()),
        pools: Vec::new(),
    }
}

fn candidate(resource_id: Uuid, location_id: Uuid) -> Candidate {
    Candidate {
        resource_id,
        location_id,
        zone: Tz::UTC,
        capacity: 1,
        is_exclusive: true,
        is_active: true,
        weight: 1,
        priority: 0,
        grounds: Vec::new(),
        duration_minutes: None,
        buffer_before_minutes: None,
        buffer_after_minutes: None,
        is_bookable_online: true,
    }
}

/// The components in the order in which they begin, each with its candidates among these resources.
fn components_of(drawn: &Drawn, ids: &[Uuid], place: Uuid) -> Vec<Component> {
    let component =
        |(chosen, offset, sequence, duration, before, after): &DrawnComponent| Component {
            id: foundation::database::new_id(),
            role: String::new(),
            quantity: 1,
            in_all: None,
            is_optional: false,
            sequence: *sequence,
            offset_minutes: offset * 10,
            duration_minutes: Some(duration * 10),
            buffer_before_minutes: before * 10,
            buffer_after_minutes: after * 10,
            service: None,
            selectors: vec![Selector {
                id: foundation::database::new_id(),
                strategy: Choosing::RoundRobin,
                min_quantity: 1,
                candidates: chosen
                    .iter()
                    .map(|index| candidate(ids[*index], place))
                    .collect(),
            }],
        };
    let mut components: Vec<Component> = drawn.components.iter().map(component).collect();
    components
        .sort_by_key(|component| (component.sequence, component.offset_minutes, component.id));
    components
}

fn built(drawn: &Drawn) -> (Offer, World, Vec<Uuid>, Uuid) {
    let range = Span::new(minute(-3 * 1_440), minute(4 * 1_440));
    let (place, ids): (Uuid, Vec<Uuid>) = (
        foundation::database::new_id(),
        (0..drawn.resources.len())
            .map(|index| Uuid::from_u128(u128::try_from(index).unwrap()))
            .collect(),
    );
    let components = components_of(drawn, &ids, place);
    let open = || Hours::of(&[], range, &mut recurrences(&range));
    let here = PlaceTime {
        zone: Tz::UTC,
        cutoff: NaiveTime::MIN,
        hours: open(),
        blocks: Taken::default(),
        booking_cutoff: None,
        is_active: true,
    };
    let world = World {
        range,
        offer_hours: open(),
        services: HashMap::new(),
        places: HashMap::from([(place, here)]),
        resources: drawn
            .resources
            .iter()
            .zip(&ids)
            .map(|(drawn, id)| (*id, resource(drawn, *id, range)))
            .collect(),
        pools: HashMap::new(),
        slots: Vec::new(),
    };
    (
        Offer {
            version_id: foundation::database::new_id(),
            basis: Basis::Resource,
            components,
        },
        world,
        ids,
        place,
    )
}

/// The first and last unit of each component, buffers included, of a booking at a unit.
fn course(offer: &Offer, at: i64) -> Vec<(i64, i64)> {
    let mut times: Vec<(i32, i64, i64)> = Vec::new();
    let mut blocked = Vec::new();
    for component in &offer.components {
        let units = |minutes: i32| i64::from(minutes) / UNIT;
        let before = times
            .iter()
            .filter(|(sequence, ..)| *sequence < component.sequence)
            .map(|(.., end)| *end)
            .max();
        let start = before
            .unwrap_or(at)
            .max(at + units(component.offset_minutes));
        let end = start + units(component.duration_minutes.unwrap());
        times.push((component.sequence, start, end));
        blocked.push((
            start - units(component.buffer_before_minutes),
            end + units(component.buffer_after_minutes),
        ));
    }
    blocked
}

fn is_free(drawn: &Drawn, resource: usize, (from, to): (i64, i64)) -> bool {
    let (hours, busy) = &drawn.resources[resource];
    (from..to).all(|unit| {
        let hour = unit.rem_euclid(144) / 6;
        hours.is_none_or(|(open, close)| (i64::from(open)..i64::from(close)).contains(&hour))
            && busy
                .iter()
                .all(|(start, length)| !(*start..start + length).contains(&unit))
    })
}

/// Whether somebody can be found for all components from one on, by trying everybody.
fn tried(
    drawn: &Drawn,
    offer: &Offer,
    ids: &[Uuid],
    blocked: &[(i64, i64)],
    placed: &mut Vec<(usize, (i64, i64))>,
) -> bool {
    let Some(component) = offer.components.get(placed.len()) else {
        return true;
    };
    let time = blocked[placed.len()];
    for candidate in &component.selectors[0].candidates {
        let resource = ids
            .iter()
            .position(|id| *id == candidate.resource_id)
            .unwrap();
        let twice = placed
            .iter()
            .any(|(other, (from, to))| *other == resource && time.0 < *to && *from < time.1);
        if !twice && is_free(drawn, resource, time) {
            placed.push((resource, time));
            if tried(drawn, offer, ids, blocked, placed) {
                return true;
            }
            placed.pop();
        }
    }
    false
}

/// The id of what takes a resource at a time.
fn numbered(resource: Uuid, start: i64, length: i64) -> Uuid {
    Uuid::from_u128(
        resource.as_u128() * 10_000_000 + u128::try_from(start * 1_000 + length).unwrap(),
    )
}

/// The same with the changes of a set made: allocations gone, closed calendars opened. Nothing, where
/// somebody more would be needed.
fn changed(drawn: &Drawn, set: &[Blocker]) -> Option<Drawn> {
    let mut drawn = drawn.clone();
    for blocker in set {
        let (resource, of) = match blocker.of {
            Some(Thing::Resource(id)) => (
                id,
                &mut drawn.resources[usize::try_from(id.as_u128()).unwrap()],
            ),

            _ => return None,
        };
        match blocker.thing {
            Thing::Allocation(id) => {
                of.1.retain(|(start, length)| numbered(resource, *start, *length) != id);
            }
            Thing::Calendar(_) => of.0 = None,
            _ => return None,
        }
    }
    Some(drawn)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// E-05: what is listed is what trying everything finds; what is picked is free; and what is not
    /// listed has a reason.
    #[test]
    fn e05_listed_is_what_can_be_done(drawn in drawn()) {
        let (offer, world, ids, place) = built(&drawn);
        let mut wanted = Wanted::of(foundation::database::new_id());
        wanted.by_staff = true;
        let judge = Judge { offer: &offer, world: &world, wanted: &wanted, now: minute(0) };
        for unit in 0..144 {
            let blocked = course(&offer, unit);
            let expected = tried(&drawn, &offer, &ids, &blocked, &mut Vec::new());
            let slot = judge.fits(minute(unit * UNIT), Some(place));
            prop_assert_eq!(slot.is_some(), expected, "at unit {}", unit);
            for pick in slot.iter().flat_map(|slot| &slot.picks) {
                let Target::Resource(id) = pick.target else { continue };
                let resource = ids.iter().position(|known| *known == id).unwrap();
                let units = |at: DateTime<Utc>| (at - minute(0)).num_minutes() / UNIT;
                prop_assert!(is_free(&drawn, resource, (units(pick.blocked.start), units(pick.blocked.end))));
                prop_assert!(pick.blocked.contains(&pick.service));
            }
            let refused = judge.explain(minute(unit * UNIT), Some(place));
            prop_assert_eq!(refused.is_none(), expected);
            for set in refused.iter().flat_map(|refused| &refused.change_sets) {
                prop_assert!(!set.is_empty());
                let Some(changed) = changed(&drawn, set) else { continue };
                prop_assert!(tried(&changed, &offer, &ids, &blocked, &mut Vec::new()), "at unit {} after {:?}", unit, set);
            }
        }
        // Of one who is open only for some hours, the grid begins with the opening.
        let starts = Starts::Every { from: minute(0), to: minute(1_440), step_minutes: UNIT, at_most: 500 };
        let listed: Vec<DateTime<Utc>> = judge.starts(&starts).unwrap().into_iter().map(|(at, _)| at).collect();
        for unit in 0..144 {
            if judge.fits(minute(unit * UNIT), Some(place)).is_some() {
                prop_assert!(listed.contains(&minute(unit * UNIT)), "unit {} is not looked at", unit);
            }
        }
    }
}
