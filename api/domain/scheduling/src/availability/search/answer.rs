//! Times, blockers and changes as the graph shows them.

use std::collections::BTreeSet;

use async_graphql::{ID, InputType, SimpleObject, Value};
use entities::availability::allocation;
use entities::availability::{
    availability_block, availability_rule, calendar, calendar_overlay, capacity_pool,
    external_busy_time, holiday, slot,
};
use entities::catalog::{offer, offer_component, offer_version, service};
use entities::core::location;
use entities::resources::{
    capability_assignment, maintenance_work_order, resource, resource_group_member,
};
use entities::workforce::staff_shift;
use sea_orm::EntityName;
use serde::Serialize;
use uuid::Uuid;

use super::Resolved;
use super::blocker::{Blocker, Kind, Remedy, Thing};
use super::explain::{Refused, RefusedComponent};
use super::fit::{Choices, Pick, Slot, Target};
use foundation::graph::query::Node;
use foundation::graph::scalars::{Day, Id, Instant};

/// When an offer can be had.
#[derive(SimpleObject)]
pub struct AvailabilityResult {
    /// The version of the offer that is on sale, whose components these times are of.
    offer_version_id: Id<offer_version::Entity>,
    /// The times, in order.
    slots: Vec<AvailabilitySlot>,
    /// Whether there are more: search on from the last of these.
    has_more: bool,
    /// All resources that some of these times name, each once.
    resources: Vec<Node<resource::Entity>>,
}

/// A time at which an offer can be had.
#[derive(SimpleObject)]
pub struct AvailabilitySlot {
    /// Where; none for an offer that needs no place.
    location_id: Option<Id<location::Entity>>,
    /// The business day that it counts for, by the cutoff of the place.
    business_date: Day,
    /// When the customer is to come.
    starts_at: Instant,
    /// When it ends, that instant not included.
    ends_at: Instant,
    /// How often it could be had at this time, or how many units or places are left; none where it
    /// takes nothing.
    units_left: Option<i32>,
    /// All that would do, by component.
    components: Vec<AvailabilityChoices>,
    /// What a booking would take now, by the way in which the offer chooses.
    picks: Vec<AvailabilityPick>,
}

/// All that would do for a component at a time.
#[derive(SimpleObject)]
pub struct AvailabilityChoices {
    /// The component.
    component_id: Id<offer_component::Entity>,
    /// What it is to the offer, such as therapist.
    role: String,
    /// The resources that are free, the one that would be taken first.
    resource_ids: Vec<Id<resource::Entity>>,
    /// The pools with enough units left.
    pool_ids: Vec<Id<capacity_pool::Entity>>,
    /// The slots with enough places left.
    slot_ids: Vec<Id<slot::Entity>>,
}

/// What a booking would take for a component.
#[derive(SimpleObject)]
pub struct AvailabilityPick {
    /// The component.
    component_id: Id<offer_component::Entity>,
    /// The resource, where it takes one.
    resource_id: Option<Id<resource::Entity>>,
    /// The pool, where it takes units of one.
    pool_id: Option<Id<capacity_pool::Entity>>,
    /// The slot, where it takes places of one.
    slot_id: Option<Id<slot::Entity>>,
    /// How many units or places.
    units: i32,
    /// When the service begins.
    service_starts_at: Instant,
    /// When the service ends.
    service_ends_at: Instant,
    /// When it begins to be taken: earlier by the buffer before.
    blocked_starts_at: Instant,
    /// When it is free again: later by the buffer after.
    blocked_ends_at: Instant,
}

/// Why times cannot be had.
#[derive(SimpleObject)]
pub struct AvailabilityExplanation {
    /// The times that cannot be had, in order; those that can are left out.
    refused: Vec<AvailabilityRefusal>,
    /// Whether there are more: explain on from the last of these.
    has_more: bool,
}

/// A time that cannot be had, and why.
#[derive(SimpleObject)]
pub struct AvailabilityRefusal {
    /// Where.
    location_id: Option<Id<location::Entity>>,
    /// When it would begin.
    starts_at: Instant,
    /// When it would end.
    ends_at: Instant,
    /// What stands in the way of everybody.
    blockers: Vec<AvailabilityBlocker>,
    /// What stands in the way of those who might do.
    components: Vec<AvailabilityRefusedComponent>,
    /// The smallest sets of changes that would open it: one set is enough, all of it is needed.
    change_sets: Vec<AvailabilityChangeSet>,
}

/// A component for which not enough would do.
#[derive(SimpleObject)]
pub struct AvailabilityRefusedComponent {
    /// The component.
    component_id: Id<offer_component::Entity>,
    /// What it is to the offer.
    role: String,
    /// How many must be free.
    needed: i32,
    /// How many are.
    free: i32,
    /// What keeps the others from doing.
    blockers: Vec<AvailabilityBlocker>,
}

/// Changes of which all are needed.
#[derive(SimpleObject)]
pub struct AvailabilityChangeSet {
    /// What would have to go, each with its remedy.
    changes: Vec<AvailabilityBlocker>,
}

/// One thing that stands in the way of a time.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityBlocker {
    /// Its sort.
    kind: Kind,
    /// Entity type of what it is due to.
    cause_type: &'static str,
    /// What it is due to.
    cause_id: ID,
    /// The resource, pool or slot that it keeps from doing; none where it stands in everybody's way.
    candidate_id: Option<ID>,
    /// The resource that contains the candidate, where it is that one which is blocked or serviced,
    /// such as the room of a bed.
    within_resource_id: Option<Id<resource::Entity>>,
    /// Since when it stands in the way.
    starts_at: Instant,
    /// Until when.
    ends_at: Instant,
    /// How many units are missing, where there are too few.
    short_by: Option<i32>,
    /// What would undo it.
    remedy: Remedy,
}

impl AvailabilityResult {
    pub(super) fn of(resolved: Resolved) -> Self {
        let mut resources = BTreeSet::new();
        for choices in resolved.slots.iter().flat_map(|slot| &slot.choices) {
            resources.extend(choices.free.iter().filter_map(|target| match target {
                Target::Resource(id) => Some(*id),
                Target::Pool(_) | Target::Slot(_) => None,
            }));
        }
        Self {
            offer_version_id: Id::new(resolved.offer_version_id),
            slots: resolved
                .slots
                .into_iter()
                .map(AvailabilitySlot::of)
                .collect(),
            has_more: resolved.has_more,
            resources: resources.into_iter().map(Node::new).collect(),
        }
    }
}

impl AvailabilitySlot {
    pub(super) fn of(slot: Slot) -> Self {
        Self {
            location_id: slot.location_id.map(Id::new),
            business_date: Day(slot.business_date),
            starts_at: Instant(slot.time.start),
            ends_at: Instant(slot.time.end),
            units_left: slot.units_left,
            components: slot.choices.into_iter().map(choices).collect(),
            picks: slot.picks.iter().map(pick).collect(),
        }
    }
}

fn choices(choices: Choices) -> AvailabilityChoices {
    let mut told = AvailabilityChoices {
        component_id: Id::new(choices.component_id),
        role: choices.role,
        resource_ids: Vec::new(),
        pool_ids: Vec::new(),
        slot_ids: Vec::new(),
    };
    for target in choices.free {
        match target {
            Target::Resource(id) => told.resource_ids.push(Id::new(id)),
            Target::Pool(id) => told.pool_ids.push(Id::new(id)),
            Target::Slot(id) => told.slot_ids.push(Id::new(id)),
        }
    }
    told
}

fn pick(pick: &Pick) -> AvailabilityPick {
    let (mut resource, mut pool, mut slot) = (None, None, None);
    match pick.target {
        Target::Resource(id) => resource = Some(Id::new(id)),
        Target::Pool(id) => pool = Some(Id::new(id)),
        Target::Slot(id) => slot = Some(Id::new(id)),
    }
    AvailabilityPick {
        component_id: Id::new(pick.component_id),
        resource_id: resource,
        pool_id: pool,
        slot_id: slot,
        units: pick.units,
        service_starts_at: Instant(pick.service.start),
        service_ends_at: Instant(pick.service.end),
        blocked_starts_at: Instant(pick.blocked.start),
        blocked_ends_at: Instant(pick.blocked.end),
    }
}

impl AvailabilityExplanation {
    pub(super) fn of(refused: Vec<Refused>, has_more: bool) -> Self {
        let refused = refused.iter().map(refusal).collect();
        Self { refused, has_more }
    }
}

fn refusal(refused: &Refused) -> AvailabilityRefusal {
    let sets = refused.change_sets.iter();
    AvailabilityRefusal {
        location_id: refused.location_id.map(Id::new),
        starts_at: Instant(refused.time.start),
        ends_at: Instant(refused.time.end),
        blockers: refused.blockers.iter().map(blocker).collect(),
        components: refused.components.iter().map(component).collect(),
        change_sets: sets
            .map(|set| AvailabilityChangeSet {
                changes: set.iter().map(blocker).collect(),
            })
            .collect(),
    }
}

fn component(refused: &RefusedComponent) -> AvailabilityRefusedComponent {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    AvailabilityRefusedComponent {
        component_id: Id::new(refused.component_id),
        role: refused.role.clone(),
        needed: count(refused.needed),
        free: count(refused.free),
        blockers: refused.blockers.iter().map(blocker).collect(),
    }
}

pub(super) fn blocker(blocker: &Blocker) -> AvailabilityBlocker {
    let (cause_type, cause_id) = named(blocker.thing);
    AvailabilityBlocker {
        kind: blocker.kind,
        cause_type,
        cause_id,
        candidate_id: blocker.of.map(|thing| named(thing).1),
        within_resource_id: blocker.within.map(Id::new),
        starts_at: Instant(blocker.span.start),
        ends_at: Instant(blocker.span.end),
        short_by: (blocker.short_by > 0).then_some(blocker.short_by),
        remedy: blocker.remedy,
    }
}

/// The entity type of a row, and its id in the graph.
fn named(thing: Thing) -> (&'static str, ID) {
    match thing {
        Thing::Rule(id) => ("AvailabilityRule", told::<availability_rule::Entity>(id)),
        Thing::Overlay(id) => ("CalendarOverlay", told::<calendar_overlay::Entity>(id)),
        Thing::Calendar(id) => ("Calendar", told::<calendar::Entity>(id)),
        Thing::Shift(id) => ("StaffShift", told::<staff_shift::Entity>(id)),
        Thing::Holiday(id) => ("Holiday", told::<holiday::Entity>(id)),
        Thing::Allocation(id) => ("Allocation", told::<allocation::Entity>(id)),
        Thing::Block(id) => ("AvailabilityBlock", told::<availability_block::Entity>(id)),
        Thing::ExternalBusy(id) => ("ExternalBusyTime", told::<external_busy_time::Entity>(id)),
        Thing::WorkOrder(id) => (
            "MaintenanceWorkOrder",
            told::<maintenance_work_order::Entity>(id),
        ),
        Thing::Service(id) => ("Service", told::<service::Entity>(id)),
        Thing::Resource(id) => ("Resource", told::<resource::Entity>(id)),
        Thing::Capability(id) => (
            "CapabilityAssignment",
            told::<capability_assignment::Entity>(id),
        ),
        Thing::Membership(id) => (
            "ResourceGroupMember",
            told::<resource_group_member::Entity>(id),
        ),
        Thing::Pool(id) => ("CapacityPool", told::<capacity_pool::Entity>(id)),
        Thing::Slot(id) => ("Slot", told::<slot::Entity>(id)),
        Thing::Component(id) => ("OfferComponent", told::<offer_component::Entity>(id)),
        Thing::Offer(id) => ("Offer", told::<offer::Entity>(id)),
        Thing::Location(id) => ("Location", told::<location::Entity>(id)),
    }
}

fn told<E: EntityName + Default + 'static>(id: Uuid) -> ID {
    match Id::<E>::new(id).to_value() {
        Value::String(text) => ID(text),
        _ => ID(String::new()),
    }
}
