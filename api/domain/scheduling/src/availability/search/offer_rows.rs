//! The rows of an offer: its version on sale, its components, and all resources that its selectors
//! choose among. Three statements, sent at once, and one more
//! where kinds of seats are wanted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::try_join;
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::calendar::week::DayRange;
use super::offer::{Basis, Candidate, Component, Ground, Offer, Selector, Service, Strategy};
use super::seats;
use super::wanted::{Refusal, Wanted};
use foundation::database::Scope;

const VERSION: &str = "select v.id, v.capacity_basis, \
      exists (select from core.locations l where l.biz_id = $1 and l.id = $4 and l.deleted_at is null) \
    from catalog.offers o \
    left join catalog.offer_versions v on v.biz_id = o.biz_id and v.offer_id = o.id \
      and v.status = 'published' and v.effective_period @> $3::timestamptz \
    where o.biz_id = $1 and o.id = $2 and o.deleted_at is null";

const COMPONENTS: &str = "select c.id, c.role, c.quantity, c.is_optional, c.sequence, c.offset_minutes, c.duration_minutes, \
      c.buffer_before_minutes, c.buffer_after_minutes, s.id, nullif(s.default_duration_minutes, 0), \
      s.buffer_before_minutes, s.buffer_after_minutes, s.min_notice_minutes, s.max_advance_days \
    from catalog.offer_versions v \
    join catalog.offer_components c on c.biz_id = v.biz_id and c.offer_version_id = v.id and c.removed_at is null \
    left join catalog.services s on s.biz_id = c.biz_id and s.id = c.service_id \
    where v.biz_id = $1 and v.offer_id = $2 and v.status = 'published' and v.effective_period @> $3::timestamptz \
    order by c.sequence, c.offset_minutes, c.id";

/// Selectors stay without a row of a resource where none will do.
const CANDIDATES: &str = "with recursive wanted as ( \
      select s.*, c.service_id \
      from catalog.offer_versions v \
      join catalog.offer_component_selectors s on s.biz_id = v.biz_id and s.offer_version_id = v.id and s.removed_at is null \
      join catalog.offer_components c on c.biz_id = s.biz_id and c.id = s.component_id and c.removed_at is null \
      where v.biz_id = $1 and v.offer_id = $2 and v.status = 'published' and v.effective_period @> $3::timestamptz), \
    headings as ( \
      select w.id as selector_id, w.category_id from wanted w where w.selector = 'category' \
      union \
      select h.selector_id, c.id from headings h \
      join resources.categories c on c.biz_id = $1 and c.parent_id = h.category_id and c.deleted_at is null), \
    chosen as ( \
      select w.id as selector_id, w.resource_id, 1 as weight, 0 as priority, \
        null::uuid as ground_id, null::date as starts_on, null::date as ends_on \
      from wanted w where w.selector = 'resource' \
      union all \
      select w.id, r.id, 1, 0, null, null, null from wanted w \
      join resources.resources r on r.biz_id = $1 and r.type_id = w.resource_type_id where w.selector = 'type' \
      union all \
      select h.selector_id, r.id, 1, 0, null, null, null from headings h \
      join resources.resources r on r.biz_id = $1 and r.category_id = h.category_id \
      union all \
      select w.id, m.resource_id, m.weight, m.priority, m.id, m.starts_on, m.ends_on from wanted w \
      join resources.resource_group_members m on m.biz_id = $1 and m.group_id = w.resource_group_id and m.deleted_at is null \
      where w.selector = 'group' \
      union all \
      select w.id, t.subject_id, 1, 0, null, null, null from wanted w \
      join core.tag_assignments t on t.biz_id = $1 and t.tag_template_id = w.tag_template_id and t.subject_type = 'Resource' \
      where w.selector = 'tag' \
      union all \
      select w.id, a.resource_id, 1, 0, a.id, a.starts_on, a.ends_on from wanted w \
      join resources.capability_assignments a on a.biz_id = $1 and a.template_id = w.capability_template_id \
        and a.deleted_at is null and a.level >= coalesce(w.min_level, 1) \
      where w.selector = 'capability') \
    select w.id, w.component_id, w.selector, w.strategy, w.min_quantity, \
      r.id, r.location_id, coalesce(r.timezone, l.timezone), r.capacity, r.exclusive, r.lifecycle_status = 'active', r.sort_key, \
      c.weight, c.priority, c.ground_id, c.starts_on, c.ends_on, \
      k.duration_override_minutes, k.buffer_before_override_minutes, k.buffer_after_override_minutes, \
      coalesce(k.is_bookable_online, true) \
    from wanted w \
    left join chosen c on c.selector_id = w.id \
    left join resources.resources r on r.biz_id = $1 and r.id = c.resource_id and r.deleted_at is null \
    left join core.locations l on l.biz_id = $1 and l.id = r.location_id \
    left join resources.service_capabilities k on k.biz_id = $1 and k.resource_id = r.id and k.service_id = w.service_id \
      and k.deleted_at is null \
    order by w.sort_order, w.id, r.sort_key, r.id, c.starts_on limit 2001";

/// How many resources the selectors of an offer may name together.
const MOST_CANDIDATES: usize = 2_000;

/// The version of the offer that is on sale.
pub(super) async fn load(
    scope: &Scope,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Offer, Refusal> {
    let asked: [Value; 3] = [scope.biz_id().into(), wanted.offer_id.into(), now.into()];
    let mut of_version = asked.to_vec();
    of_version.push(wanted.location_id.into());
    let (version, components, candidates, needs) = try_join!(
        scope.query(VERSION, &of_version),
        scope.query(COMPONENTS, &asked),
        scope.query(CANDIDATES, &asked),
        seats::load(scope, wanted, now),
    )?;
    let version = version.first().ok_or(Refusal::NotFound("offer"))?;
    let Some(version_id) = version.try_get::<_, Option<Uuid>>(0)? else {
        return Err(Refusal::wrong(
            "offerId",
            "No version of this offer is published and on sale now.",
        ));
    };
    is_here(wanted, version.try_get(2)?)?;
    if candidates.len() > MOST_CANDIDATES {
        let message = format!(
            "The components of this offer choose among more than {MOST_CANDIDATES} resources."
        );
        return Err(Refusal::wrong("offerId", message));
    }
    let mut of_component: HashMap<Uuid, Vec<Selector>> = HashMap::new();
    for row in &candidates {
        read_candidate(row, wanted, &mut of_component)?;
    }
    let basis = Basis::of(version.try_get(1)?);
    let party = (wanted.seats.as_slice(), wanted.party_size);
    let mut of_offer = Vec::with_capacity(components.len());
    for row in &components {
        let component = read_component(row)?;
        let selectors = of_component.remove(&component.id).unwrap_or_default();
        let component = Component {
            selectors,
            ..component
        };
        of_offer.extend(needs.applied(component, basis, party));
    }
    Ok(Offer {
        version_id,
        basis,
        components: of_offer,
    })
}

/// Refuses a location that does not exist for the caller.
fn is_here(wanted: &Wanted, exists: bool) -> Result<(), Refusal> {
    let is_outside = |location: &Uuid| {
        let reach = wanted.reach.as_ref();
        reach.is_some_and(|reach| !reach.contains(location))
    };
    let asked = wanted.location_id.as_ref();
    if asked.is_some_and(|id| !exists || is_outside(id)) {
        return Err(Refusal::NotFound("location"));
    }
    Ok(())
}

fn read_component(row: &Row) -> Result<Component, Refusal> {
    let service = match row.try_get::<_, Option<Uuid>>(9)? {
        None => None,
        Some(id) => Some(Service {
            id,
            duration_minutes: row.try_get(10)?,
            buffer_before_minutes: row.try_get(11)?,
            buffer_after_minutes: row.try_get(12)?,
            min_notice_minutes: row.try_get(13)?,
            max_advance_days: row.try_get(14)?,
        }),
    };
    Ok(Component {
        id: row.try_get(0)?,
        role: row.try_get(1)?,
        quantity: row.try_get(2)?,
        in_all: None,
        is_optional: row.try_get(3)?,
        sequence: row.try_get(4)?,
        offset_minutes: row.try_get(5)?,
        duration_minutes: row.try_get(6)?,
        buffer_before_minutes: row.try_get(7)?,
        buffer_after_minutes: row.try_get(8)?,
        service,
        selectors: Vec::new(),
    })
}

/// Enters a row: rows of one selector, and of one resource in it, follow each other.
fn read_candidate(
    row: &Row,
    wanted: &Wanted,
    of_component: &mut HashMap<Uuid, Vec<Selector>>,
) -> Result<(), Refusal> {
    let (id, component): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let selectors = of_component.entry(component).or_default();
    if selectors.last().is_none_or(|last| last.id != id) {
        selectors.push(Selector {
            id,
            strategy: Strategy::of(row.try_get(3)?),
            min_quantity: row.try_get(4)?,
            candidates: Vec::new(),
        });
    }
    let (Some(resource_id), Some(location_id)) = (row.try_get(5)?, row.try_get(6)?) else {
        return Ok(());
    };
    let is_asked = wanted.location_id.is_none_or(|asked| asked == location_id)
        && (wanted.resource_ids.is_empty() || wanted.resource_ids.contains(&resource_id))
        && wanted
            .reach
            .as_ref()
            .is_none_or(|reach| reach.contains(&location_id));
    let Some(selector) = selectors.last_mut().filter(|_| is_asked) else {
        return Ok(());
    };
    let ground = match row.try_get::<_, Option<Uuid>>(14)? {
        None => None,
        Some(ground) => Some(Ground {
            is_capability: row.try_get::<_, &str>(2)? == "capability",
            id: ground,
            days: DayRange {
                starts_on: row.try_get(15)?,
                ends_on: row.try_get(16)?,
            },
        }),
    };
    if let Some(known) = selector
        .candidates
        .last_mut()
        .filter(|known| known.resource_id == resource_id)
    {
        known.grounds.extend(ground);
        return Ok(());
    }
    selector
        .candidates
        .push(candidate(row, (resource_id, location_id), ground)?);
    Ok(())
}

fn candidate(
    row: &Row,
    (resource_id, location_id): (Uuid, Uuid),
    ground: Option<Ground>,
) -> Result<Candidate, Refusal> {
    let zone = row.try_get::<_, Option<&str>>(7)?;
    Ok(Candidate {
        resource_id,
        location_id,
        zone: zone.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC),
        capacity: row.try_get(8)?,
        is_exclusive: row.try_get(9)?,
        is_active: row.try_get(10)?,
        weight: row.try_get(12)?,
        priority: row.try_get(13)?,
        grounds: ground.into_iter().collect(),
        duration_minutes: row.try_get(17)?,
        buffer_before_minutes: row.try_get(18)?,
        buffer_after_minutes: row.try_get(19)?,
        is_bookable_online: row.try_get(20)?,
    })
}
