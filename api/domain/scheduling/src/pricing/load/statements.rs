//! The statements that load a tariff. `$1` is the tenant everywhere.

/// What the items name, resolved to sellables and unit types: `named`, with the compulsory add-ons of
/// the offers among them. `$2` and `$3` are kinds and ids, `$4` is the location.
macro_rules! named {
    () => {
        "with asked as (select distinct w.kind, w.id from unnest($2::text[], $3::uuid[]) w (kind, id)), \
         direct as ( \
           select a.kind, a.id, s.id as sellable_id, s.ref_type, s.ref_id from asked a cross join lateral ( \
             select s.id, s.ref_type, s.ref_id from catalog.sellables s \
             where a.kind = 'sellable' and s.biz_id = $1 and s.id = a.id and s.deleted_at is null \
             union all \
             select s.id, s.ref_type, s.ref_id from catalog.offers o \
             join catalog.sellables s on s.biz_id = $1 and s.ref_type = 'OfferVersion' and s.ref_id = o.current_version_id \
               and s.deleted_at is null \
             where a.kind = 'offer' and o.biz_id = $1 and o.id = a.id and o.deleted_at is null \
             union all \
             select s.id, 'UnitType', u.id from resources.unit_types u \
             left join catalog.sellables s on s.biz_id = $1 and s.ref_type = 'UnitType' and s.ref_id = u.id and s.deleted_at is null \
             where a.kind = 'unit_type' and u.biz_id = $1 and u.id = a.id and u.location_id = $4 and u.deleted_at is null) s), \
         add_ons as ( \
           select x.offer_version_id, x.sellable_id, x.min_quantity, x.max_quantity, x.is_per_person, s.name, s.ref_type, s.ref_id \
           from catalog.offer_add_ons x \
           join catalog.sellables s on s.biz_id = $1 and s.id = x.sellable_id \
           where x.biz_id = $1 and x.removed_at is null \
             and x.offer_version_id in (select d.ref_id from direct d where d.ref_type = 'OfferVersion')), \
         named as ( \
           select d.kind, d.id, d.sellable_id, d.ref_type, d.ref_id from direct d \
           union \
           select 'sellable', x.sellable_id, x.sellable_id, x.ref_type, x.ref_id from add_ons x where x.min_quantity > 0) "
    };
}

pub(super) const PLACE: &str = "select l.timezone, l.currency::text, l.business_day_cutoff, l.country_code::text, l.region_code, \
      $3::uuid is null or exists ( \
        select from crm.customers c where c.biz_id = $1 and c.id = $3 and c.deleted_at is null), \
      array(select m.segment_id from crm.segment_members m where m.biz_id = $1 and m.customer_id = $3), \
      p.id, p.price_display::text, p.rounding::text \
    from core.locations l \
    left join lateral ( \
      select p.id, p.price_display, p.rounding from pricing.tax_profiles p \
      where p.biz_id = $1 and p.deleted_at is null and (p.location_id = l.id or (p.location_id is null \
        and p.country_code = l.country_code and (p.region_code is null or p.region_code = l.region_code))) \
      order by p.location_id is null, p.region_code is null limit 1) p on true \
    where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";

pub(super) const GOODS: &str = concat!(
    named!(),
    "select n.kind, n.id, n.sellable_id, coalesce(s.name, u.name), \
       coalesce(s.active, true) and coalesce(u.sellable, true) and coalesce(v.status = 'published', true) \
         and coalesce(pv.is_active and pv.deleted_at is null, true), \
       coalesce(s.tax_category, v.tax_category, p.tax_category, pc.default_tax_category), \
       v.id, o.id, o.kind::text, u.id, u.base_occupancy, u.max_occupancy, c.ids \
     from named n \
     left join catalog.sellables s on s.biz_id = $1 and s.id = n.sellable_id \
     left join resources.unit_types u on n.ref_type = 'UnitType' and u.biz_id = $1 and u.id = n.ref_id \
       and u.location_id = $4 and u.deleted_at is null \
     left join catalog.offer_versions v on n.ref_type = 'OfferVersion' and v.biz_id = $1 and v.id = n.ref_id \
     left join catalog.offers o on o.biz_id = $1 and o.id = v.offer_id \
     left join catalog.product_variants pv on n.ref_type = 'ProductVariant' and pv.biz_id = $1 and pv.id = n.ref_id \
     left join catalog.products p on p.biz_id = $1 and p.id = pv.product_id \
     left join catalog.product_categories pc on pc.biz_id = $1 and pc.id = p.category_id \
     left join lateral ( \
       with recursive above as ( \
         select c.id, c.parent_id, 1 as depth from catalog.product_categories c where c.biz_id = $1 and c.id = p.category_id \
         union all \
         select c.id, c.parent_id, a.depth + 1 from above a \
         join catalog.product_categories c on c.biz_id = $1 and c.id = a.parent_id where a.depth < 20) \
       select array_agg(a.id) as ids from above a) c on true \
     where n.ref_type is distinct from 'UnitType' or u.id is not null"
);

pub(super) const BOOKS: &str = concat!(
    named!(),
    "select b.id, b.code, b.name, b.currency::text, b.is_tax_inclusive, b.location_id, b.channel, b.segment_id, \
       b.priority, b.starts_at, b.ends_at, r.id, r.name, r.sellable_id, r.seat_type_id, r.resource_id, r.unit::text, \
       r.unit_price, r.min_quantity, r.weekday_mask, r.local_start_time, r.local_end_time, r.starts_on, r.ends_on, r.priority \
     from pricing.price_books b \
     join pricing.price_rules r on r.biz_id = $1 and r.price_book_id = b.id and r.deleted_at is null \
       and r.sellable_id in (select n.sellable_id from named n) and r.period && daterange($5, $6) \
     where b.biz_id = $1 and b.is_active and b.deleted_at is null \
     order by b.id"
);

pub(super) const PLANS: &str = "with recursive chain as ( \
      select p.*, 1 as depth from pricing.rate_plans p \
      where p.biz_id = $1 and p.id = any ($2::uuid[]) and p.deleted_at is null \
      union all \
      select p.*, c.depth + 1 from chain c \
      join pricing.rate_plans p on p.biz_id = $1 and p.id = c.derived_from_id and p.deleted_at is null \
      where c.depth < 10) \
    select distinct on (c.id) c.id, c.name, c.price_book_id, c.currency::text, c.derived_from_id, c.derivation_bps, \
      c.derivation_minor, c.min_stay_nights, c.max_stay_nights, c.is_closed_to_arrival, c.is_closed_to_departure, \
      c.min_advance_days, c.max_advance_days, c.segment_id, c.is_active, \
      t.unit_type_ids, t.adults, t.children, t.singles \
    from chain c \
    left join lateral ( \
      select array_agg(t.unit_type_id order by t.id) as unit_type_ids, array_agg(t.extra_adult_minor order by t.id) as adults, \
        array_agg(t.extra_child_minor order by t.id) as children, array_agg(t.single_use_discount_minor order by t.id) as singles \
      from pricing.rate_plan_unit_types t \
      where t.biz_id = $1 and t.rate_plan_id = c.id and t.deleted_at is null) t on true \
    order by c.id";

pub(super) const CALENDAR: &str = "with recursive chain as ( \
      select p.id, p.derived_from_id, 1 as depth from pricing.rate_plans p \
      where p.biz_id = $1 and p.id = any ($2::uuid[]) and p.deleted_at is null \
      union all \
      select p.id, p.derived_from_id, c.depth + 1 from chain c \
      join pricing.rate_plans p on p.biz_id = $1 and p.id = c.derived_from_id and p.deleted_at is null \
      where c.depth < 10) \
    select o.rate_plan_id, o.unit_type_id, o.stay_date, o.price_minor, o.min_stay_nights, o.max_stay_nights, o.is_stop_sell, \
      o.is_closed_to_arrival, o.is_closed_to_departure \
    from pricing.rate_overrides o \
    where o.biz_id = $1 and o.rate_plan_id in (select c.id from chain c) \
      and o.unit_type_id in ( \
        select u.id from unnest($3::uuid[]) u (id) \
        union all \
        select s.ref_id from catalog.sellables s where s.biz_id = $1 and s.id = any ($3::uuid[]) and s.ref_type = 'UnitType') \
      and o.stay_date between $4 and $5 and o.deleted_at is null";

pub(super) const STRATEGIES: &str = "select s.id, s.name, s.kind::text, s.parameters, s.rate_plan_id, s.unit_type_id, s.floor_minor, s.ceiling_minor, \
      s.currency::text, s.starts_on, s.ends_on \
    from pricing.rate_strategies s \
    where s.biz_id = $1 and s.location_id = $2 and s.is_active and s.deleted_at is null and s.period && daterange($3, $4) \
    order by s.priority, s.id";

pub(super) const OCCUPANCY: &str = "select p.unit_type_id, s.business_date, \
      (sum(s.held + s.occupied) * 10000 / nullif(sum(s.capacity), 0))::integer \
    from availability.capacity_pools p \
    join availability.slots s on s.biz_id = $1 and s.pool_id = p.id and s.business_date between $3 and $4 \
    where p.biz_id = $1 and p.deleted_at is null and p.unit_type_id in ( \
      select u.id from unnest($2::uuid[]) u (id) \
      union all \
      select s.ref_id from catalog.sellables s where s.biz_id = $1 and s.id = any ($2::uuid[]) and s.ref_type = 'UnitType') \
    group by p.unit_type_id, s.business_date";

pub(super) const STORAGE: &str = "select r.id, r.name, r.location_id is not null, r.rate_per_unit, r.currency::text, r.starts_on, r.ends_on \
    from pricing.storage_base_rates r \
    where r.biz_id = $1 and (r.location_id = $2 or r.location_id is null) and r.deleted_at is null and r.period && daterange($3, $4)";

pub(super) const FEATURES: &str = "select f.id, f.feature_id, f.name, f.location_id is not null, f.calculation::text, f.value, f.currency::text, \
      f.is_promotional, f.starts_at, f.ends_at \
    from pricing.feature_prices f \
    where f.biz_id = $1 and f.feature_id = any ($2::uuid[]) and (f.location_id = $3 or f.location_id is null) and f.deleted_at is null";

/// A discount, with how often a customer (`$3`) uses it.
macro_rules! discount {
    () => {
        "select d.id, d.code, d.name, d.kind::text, d.value_bps, d.value_minor, d.buy_quantity, d.get_quantity, d.scope::text, \
      d.sellable_id, d.product_category_id, d.offer_id, d.segment_id, d.min_spend_minor, d.max_discount_minor, d.currency::text, \
      d.usage_limit, d.per_customer_limit, d.used_count, d.is_stackable, d.requires_approval, d.starts_at, d.ends_at, ( \
        select coalesce(sum(case when r.reverses_id is null then 1 else -1 end), 0)::bigint from pricing.discount_redemptions r \
        where r.biz_id = $1 and r.discount_id = d.id and r.customer_id = $3) \
        from pricing.discounts d "
    };
}

pub(super) const DISCOUNTS: &str = concat!(
    discount!(),
    "where d.biz_id = $1 and d.code = any ($2::text[]) and d.deleted_at is null"
);

pub(super) const DISCOUNTS_BY_ID: &str = concat!(
    discount!(),
    "where d.biz_id = $1 and d.id = any ($2::uuid[])"
);

pub(super) const ADD_ONS: &str = concat!(
    named!(),
    "select x.offer_version_id, x.sellable_id, x.name, x.min_quantity, x.max_quantity, x.is_per_person from add_ons x"
);

pub(super) const RATES: &str = "select r.id, r.profile_id, r.name, r.tax_category, r.treatment::text, r.rate, r.compound_order, r.is_compound, \
      r.country_code::text, r.region_code, r.starts_on, r.ends_on \
    from pricing.tax_rates r \
    where r.biz_id = $1 and r.deleted_at is null \
    order by r.compound_order, r.id";

pub(super) const EXEMPTIONS: &str = "select e.id, e.profile_id, e.tax_category, e.certificate_no, e.starts_on, e.ends_on \
    from pricing.tax_exemptions e \
    where e.biz_id = $1 and e.customer_id = $2 and e.deleted_at is null \
    order by e.tax_category nulls last, e.id";

// The last that was said of each pair that may be needed: by the platform, or by this tenant itself.
pub(super) const EXCHANGE: &str = "with wanted as (select coalesce($2, (select l.currency from core.locations l where l.biz_id = $1 and l.id = $3))::char(3) as code), \
    others as ( \
      select b.currency from pricing.price_books b where b.biz_id = $1 and b.deleted_at is null \
      union select r.currency from pricing.storage_base_rates r where r.biz_id = $1 and r.deleted_at is null \
      union select p.currency from pricing.rate_plans p where p.biz_id = $1 and p.deleted_at is null \
      union select f.currency from pricing.feature_prices f where f.biz_id = $1 and f.deleted_at is null and f.currency is not null), \
    pairs as ( \
      select o.currency as base, w.code as quote from others o cross join wanted w where o.currency <> w.code \
      union all \
      select w.code, o.currency from others o cross join wanted w where o.currency <> w.code) \
    select p.base::text, p.quote::text, x.id, x.rate, x.source, x.as_of from pairs p cross join lateral ( \
      select f.id, f.rate, f.source, f.as_of from pricing.fx_rate_snapshots f \
      where f.base_currency = p.base and f.quote_currency = p.quote and f.as_of <= $4 \
        and (position('#' in f.source) = 0 or f.source like '%#' || $5) \
      order by f.as_of desc, f.id desc limit 1) x";
