//! Which resources would do for the components of a version, by its selectors.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use foundation::database::{Error, Scope};

/// A resource that a selector of a component chooses among.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The component.
    pub component_id: Uuid,
    /// By what it was chosen, a value of `catalog.component_selector`.
    pub selector: String,
    /// The resource.
    pub resource_id: Uuid,
    /// Whether it is in use.
    pub is_active: bool,
    /// Whether it belongs to it at that time: as a member, or with a capability that has not expired
    /// and is of the level.
    pub is_valid: bool,
}

const CANDIDATES: &str = "with recursive wanted as ( \
      select s.* from catalog.offer_component_selectors s \
      join catalog.offer_components c on c.biz_id = s.biz_id and c.id = s.component_id and c.removed_at is null \
      where s.biz_id = $1 and s.offer_version_id = $2 and s.removed_at is null), \
    headings as ( \
      select w.id as selector_id, w.category_id from wanted w where w.selector = 'category' \
      union \
      select h.selector_id, c.id from headings h \
      join resources.categories c on c.biz_id = $1 and c.parent_id = h.category_id and c.deleted_at is null), \
    chosen as ( \
      select w.id as selector_id, w.resource_id, true as is_valid from wanted w where w.selector = 'resource' \
      union all \
      select w.id, r.id, true from wanted w join resources.resources r on r.biz_id = $1 and r.type_id = w.resource_type_id \
      where w.selector = 'type' \
      union all \
      select h.selector_id, r.id, true from headings h join resources.resources r on r.biz_id = $1 and r.category_id = h.category_id \
      union all \
      select w.id, m.resource_id, coalesce(m.period @> ($3::timestamptz at time zone 'UTC')::date, true) from wanted w \
      join resources.resource_group_members m on m.biz_id = $1 and m.group_id = w.resource_group_id and m.deleted_at is null \
      where w.selector = 'group' \
      union all \
      select w.id, t.subject_id, true from wanted w \
      join core.tag_assignments t on t.biz_id = $1 and t.tag_template_id = w.tag_template_id and t.subject_type = 'Resource' \
      where w.selector = 'tag' \
      union all \
      select w.id, a.resource_id, \
        a.level >= coalesce(w.min_level, 1) and coalesce(a.period @> ($3::timestamptz at time zone 'UTC')::date, true) from wanted w \
      join resources.capability_assignments a on a.biz_id = $1 and a.template_id = w.capability_template_id and a.deleted_at is null \
      where w.selector = 'capability') \
    select w.component_id, min(w.selector), r.id, r.lifecycle_status = 'active', bool_or(c.is_valid) \
    from wanted w join chosen c on c.selector_id = w.id \
    join resources.resources r on r.biz_id = $1 and r.id = c.resource_id and r.deleted_at is null \
      and ($4::uuid is null or r.location_id = $4) and ($5::uuid[] is null or r.location_id = any ($5::uuid[])) \
    group by w.component_id, r.id, r.lifecycle_status, r.sort_key order by w.component_id, r.sort_key, r.id limit 2000";

/// The candidates of all components of a version at an instant: at one location, or within reach, if
/// these are given.
pub(super) async fn candidates(
    scope: &Scope,
    version_id: Uuid,
    at: DateTime<Utc>,
    location_id: Option<Uuid>,
    reach: Option<Vec<Uuid>>,
) -> Result<Vec<Candidate>, Error> {
    let values = [
        scope.biz_id().into(),
        version_id.into(),
        at.into(),
        location_id.into(),
        reach.into(),
    ];
    let rows = scope.query(CANDIDATES, &values).await?;
    let candidate = |row: &tokio_postgres::Row| {
        Ok(Candidate {
            component_id: row.try_get(0)?,
            selector: row.try_get(1)?,
            resource_id: row.try_get(2)?,
            is_active: row.try_get(3)?,
            is_valid: row.try_get(4)?,
        })
    };
    rows.iter().map(candidate).collect()
}

/// A component of a version.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// Its id.
    pub id: Uuid,
    /// What it is to the offer.
    pub role: String,
    /// How many are needed.
    pub quantity: i32,
    /// Whether the customer may do without.
    pub is_optional: bool,
    /// Whether anything chooses resources for it.
    pub has_selectors: bool,
}

const COMPONENTS: &str = "select c.id, c.role, c.quantity, c.is_optional, exists ( \
        select from catalog.offer_component_selectors s where s.biz_id = $1 and s.component_id = c.id and s.removed_at is null) \
    from catalog.offer_components c where c.biz_id = $1 and c.offer_version_id = $2 and c.removed_at is null \
    order by c.sequence, c.role";

/// The components of a version, in their course.
pub(super) async fn components(scope: &Scope, version_id: Uuid) -> Result<Vec<Component>, Error> {
    let values = [scope.biz_id().into(), version_id.into()];
    let rows = scope.query(COMPONENTS, &values).await?;
    let component = |row: &tokio_postgres::Row| {
        Ok(Component {
            id: row.try_get(0)?,
            role: row.try_get(1)?,
            quantity: row.try_get(2)?,
            is_optional: row.try_get(3)?,
            has_selectors: row.try_get(4)?,
        })
    };
    rows.iter().map(component).collect()
}
