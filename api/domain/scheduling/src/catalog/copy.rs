//! A version of an offer as a copy of another: its terms, what it consists of, and its prices.

use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};

const VERSION: &str = "insert into catalog.offer_versions (biz_id, id, offer_id, version_no, capacity_basis, \
      cancellation_policy_code, deposit_kind, deposit_minor, deposit_bps, currency, tax_category) \
    select $1, $2, $3, 1 + coalesce((select max(n.version_no) from catalog.offer_versions n where n.biz_id = $1 and n.offer_id = $3), 0), \
      v.capacity_basis, v.cancellation_policy_code, v.deposit_kind, v.deposit_minor, v.deposit_bps, v.currency, v.tax_category \
    from catalog.offer_versions v where v.biz_id = $1 and v.id = $4";

// New ids for all of them first, so that what points to another points to its copy.
const PARTS: &str = "with components as materialized ( \
      select c.*, core.uuid_v7() as copy_id from catalog.offer_components c \
      where c.biz_id = $1 and c.offer_version_id = $2 and c.removed_at is null), \
    seats as materialized ( \
      select t.*, core.uuid_v7() as copy_id from catalog.offer_seat_types t \
      where t.biz_id = $1 and t.offer_version_id = $2 and t.removed_at is null), \
    new_components as ( \
      insert into catalog.offer_components (biz_id, id, offer_version_id, role, service_id, quantity, is_optional, sequence, \
        offset_minutes, duration_minutes, buffer_before_minutes, buffer_after_minutes) \
      select $1, c.copy_id, $3, c.role, c.service_id, c.quantity, c.is_optional, c.sequence, c.offset_minutes, c.duration_minutes, \
        c.buffer_before_minutes, c.buffer_after_minutes from components c), \
    new_selectors as ( \
      insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_id, resource_type_id, \
        category_id, resource_group_id, tag_template_id, capability_template_id, min_level, min_quantity, max_quantity, strategy, sort_order) \
      select $1, core.uuid_v7(), $3, c.copy_id, s.selector, s.resource_id, s.resource_type_id, s.category_id, s.resource_group_id, \
        s.tag_template_id, s.capability_template_id, s.min_level, s.min_quantity, s.max_quantity, s.strategy, s.sort_order \
      from catalog.offer_component_selectors s join components c on c.id = s.component_id \
      where s.biz_id = $1 and s.offer_version_id = $2 and s.removed_at is null), \
    new_seats as ( \
      insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name, capacity, min_age, max_age, sort_order) \
      select $1, t.copy_id, $3, t.code, t.name, t.capacity, t.min_age, t.max_age, t.sort_order from seats t), \
    new_requirements as ( \
      insert into catalog.offer_seat_type_requirements (biz_id, id, offer_version_id, seat_type_id, component_id, quantity) \
      select $1, core.uuid_v7(), $3, t.copy_id, c.copy_id, r.quantity from catalog.offer_seat_type_requirements r \
      join seats t on t.id = r.seat_type_id join components c on c.id = r.component_id \
      where r.biz_id = $1 and r.offer_version_id = $2 and r.removed_at is null), \
    new_add_ons as ( \
      insert into catalog.offer_add_ons (biz_id, id, offer_version_id, sellable_id, min_quantity, max_quantity, default_quantity, \
        is_per_person, sort_order) \
      select $1, core.uuid_v7(), $3, a.sellable_id, a.min_quantity, a.max_quantity, a.default_quantity, a.is_per_person, a.sort_order \
      from catalog.offer_add_ons a where a.biz_id = $1 and a.offer_version_id = $2 and a.removed_at is null) \
    insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, seat_type_id, resource_id, name, unit, unit_price, \
      min_quantity, weekday_mask, local_start_time, local_end_time, starts_on, ends_on, priority) \
    select $1, core.uuid_v7(), p.price_book_id, $4, t.copy_id, p.resource_id, p.name, p.unit, p.unit_price, p.min_quantity, \
      p.weekday_mask, p.local_start_time, p.local_end_time, p.starts_on, p.ends_on, p.priority \
    from catalog.sellables s \
    join pricing.price_rules p on p.biz_id = $1 and p.sellable_id = s.id and p.deleted_at is null and coalesce(p.ends_on, 'infinity') > current_date \
    left join seats t on t.id = p.seat_type_id \
    where s.biz_id = $1 and s.ref_type = 'OfferVersion' and s.ref_id = $2 and s.deleted_at is null \
      and (p.seat_type_id is null or t.id is not null)";

/// Copies the terms of a version into a new draft of an offer.
pub(super) async fn copy_version(scope: &Scope, from: Uuid, offer_id: Uuid) -> Result<Uuid, Error> {
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        offer_id.into(),
        from.into(),
    ];
    scope.execute(VERSION, &values).await?;
    Ok(id)
}

/// Copies what a version consists of, and its prices, to another whose sellable is there.
pub(super) async fn copy_parts(
    scope: &Scope,
    from: Uuid,
    to: Uuid,
    sellable_id: Uuid,
) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        from.into(),
        to.into(),
        sellable_id.into(),
    ];
    scope.execute(PARTS, &values).await.map(drop)
}

const SELLABLE: &str = "insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category, active) \
    select $1, $2, 'offer_version', 'OfferVersion', v.id, o.name, v.tax_category, false \
    from catalog.offer_versions v join catalog.offers o on o.biz_id = v.biz_id and o.id = v.offer_id \
    where v.biz_id = $1 and v.id = $3";

/// What a version is sold as, once it is published; prices point to it.
pub(super) async fn make_sellable(scope: &Scope, version_id: Uuid) -> Result<Uuid, Error> {
    let id = new_id();
    let values = [scope.biz_id().into(), id.into(), version_id.into()];
    scope.execute(SELLABLE, &values).await?;
    Ok(id)
}
