//! The statements that read what is taken over a time: of these resources ($2), from $3 until $4, with whose
//! own does not count ($5 to $8) where claims are counted.

/// What does not count for a shopper: their own holds, and what their orders take. By the server's
/// clock an expired hold counts for nobody, as when it is claimed.
macro_rules! counts {
    () => {
        "(a.status = 'firm' or a.expires_at > clock_timestamp()) and not coalesce( \
          a.source_id = any ($7::uuid[]) \
          or a.booking_hold_id = any ($8::uuid[]) \
          or (a.status = 'hold' and exists ( \
            select from availability.booking_holds h \
            where h.biz_id = a.biz_id and h.id = a.booking_hold_id \
              and (h.customer_id = $5::uuid or h.session_ref = $6::text or h.source_id = any ($7::uuid[])))), false)"
    };
}

pub(super) const OF_RESOURCES: &str = concat!(
    "select a.id, a.resource_id, a.source_type, a.source_id, a.exclusive, a.units, a.status, \
      a.blocked_starts_at, a.blocked_ends_at \
    from availability.allocations a \
    where a.biz_id = $1 and a.resource_id = any ($2::uuid[]) and a.status in ('hold', 'firm') \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 and ",
    counts!()
);

pub(super) const OF_POOLS: &str = concat!(
    "select a.id, a.pool_id, a.source_type, a.source_id, false, a.units, a.status, a.blocked_starts_at, a.blocked_ends_at \
    from availability.allocations a \
    where a.biz_id = $1 and a.status in ('hold', 'firm') and a.pool_id in ( \
        select m.pool_id from availability.capacity_pool_members m \
        where m.biz_id = $1 and m.resource_id = any ($2::uuid[]) and m.deleted_at is null) \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 and ",
    counts!()
);

pub(super) const OF_POOL: &str = concat!(
    "select a.id, a.pool_id, a.source_type, a.source_id, false, a.units, a.status, a.blocked_starts_at, a.blocked_ends_at \
    from availability.allocations a \
    where a.biz_id = $1 and a.pool_id = any ($2::uuid[]) and a.status in ('hold', 'firm') \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 and ",
    counts!()
);

pub(super) const POOL: &str = "select p.capacity + p.overbook_limit from availability.capacity_pools p \
    where p.biz_id = $1 and p.id = any ($2::uuid[]) and p.deleted_at is null";

pub(super) const SLOTS: &str = concat!(
    "select s.id, s.pool_id, s.resource_id, s.location_id, s.starts_at, s.ends_at, s.capacity + s.overbook_limit, \
      s.capacity + s.overbook_limit - s.held - s.occupied + coalesce(back.units, 0), s.status = 'open' \
    from availability.slots s \
    left join lateral ( \
      select sum(a.units)::integer as units from availability.allocations a \
      where a.biz_id = s.biz_id and a.slot_id = s.id and a.status in ('hold', 'firm') and not (",
    counts!(),
    ")) back on s.held > 0 or cardinality($7::uuid[]) > 0 \
    where s.biz_id = $1 and s.starts_at < $4 and s.ends_at > $3 \
      and (s.resource_id = any ($2::uuid[]) or s.pool_id in ( \
        select m.pool_id from availability.capacity_pool_members m \
        where m.biz_id = $1 and m.resource_id = any ($2::uuid[]) and m.deleted_at is null)) \
    order by s.starts_at, s.id"
);

pub(super) const BLOCKS: &str = "select b.id, b.resource_id, b.location_id, b.starts_at, b.ends_at from availability.blocks b \
    where b.biz_id = $1 and b.status = 'active' and b.starts_at < $4 and b.ends_at > $3 \
      and (b.resource_id = any ($2::uuid[]) or b.location_id = any ($5::uuid[]))";

pub(super) const OUTSIDE: &str = "select e.id, e.resource_id, e.starts_at, e.ends_at from availability.external_busy e \
    where e.biz_id = $1 and e.resource_id = any ($2::uuid[]) and e.removed_at is null and e.transparency = 'opaque' \
      and e.starts_at < $4 and e.ends_at > $3";

pub(super) const WORK: &str = "select w.id, w.resource_id, w.starts_at, w.ends_at from resources.maintenance_work_orders w \
    where w.biz_id = $1 and w.resource_id = any ($2::uuid[]) and w.blocks_resource \
      and w.status not in ('completed', 'verified', 'cancelled') and w.starts_at < $4 and w.ends_at > $3";

/// What contains a resource, and what contains that, is blocked or serviced: with it all that it
/// contains. And what is for one at a time is not to be had as a whole while something in it is.
pub(super) const NEARBY: &str = "with near as materialized ( \
      select x.of, x.id, x.id as within from availability.resources_above($1, $2::uuid[]) x \
      union all \
      select x.of, x.id, null from availability.resources_within($1, $2::uuid[]) x \
      join resources.resources r on r.biz_id = $1 and r.id = x.of and r.exclusive) \
    select b.id, n.of, n.within, true, b.starts_at, b.ends_at from near n \
    join availability.blocks b on b.biz_id = $1 and b.resource_id = n.id and b.status = 'active' \
      and b.starts_at < $4 and b.ends_at > $3 \
    union all \
    select w.id, n.of, n.within, false, w.starts_at, w.ends_at from near n \
    join resources.maintenance_work_orders w on w.biz_id = $1 and w.resource_id = n.id and w.blocks_resource \
      and w.status not in ('completed', 'verified', 'cancelled') and w.starts_at < $4 and w.ends_at > $3";

/// Sessions in which somebody has a place: of the resource, of what contains it and is for one at a time,
/// and of what is in one that is for one at a time.
pub(super) const SESSIONS: &str = concat!(
    "select s.id, n.of, n.within, s.starts_at, s.ends_at \
    from ( \
      select r.id as of, r.id, null::uuid as within from unnest($2::uuid[]) as r (id) \
      union all \
      select x.of, x.id, x.id from availability.resources_above($1, $2::uuid[]) x \
      join resources.resources r on r.biz_id = $1 and r.id = x.id and r.exclusive \
      union all \
      select x.of, x.id, null from availability.resources_within($1, $2::uuid[]) x \
      join resources.resources r on r.biz_id = $1 and r.id = x.of and r.exclusive) n \
    join availability.slots s on s.biz_id = $1 and s.resource_id = n.id and s.starts_at < $4 and s.ends_at > $3 \
      and s.held + s.occupied > 0 \
    where exists (select from availability.allocations a \
      where a.biz_id = $1 and a.slot_id = s.id and a.status in ('hold', 'firm') and ",
    counts!(),
    ")"
);

/// A resource is taken with what contains it as a whole; and one that is for one at a time is not to be
/// had while anything is taken that it contains.
pub(super) const RELATED: &str = concat!(
    "select a.id, w.of, a.source_type, a.source_id, true, a.units, a.status, a.blocked_starts_at, a.blocked_ends_at, \
      case when w.is_above then w.id end \
    from ( \
      select x.of, x.id, true as is_above from availability.resources_above($1, $2::uuid[]) x \
      union all \
      select x.of, x.id, false from availability.resources_within($1, $2::uuid[]) x \
      join resources.resources r on r.biz_id = $1 and r.id = x.of and r.exclusive) w \
    join availability.allocations a on a.biz_id = $1 and a.resource_id = w.id and a.status in ('hold', 'firm') \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 \
      and a.source_type <> 'AvailabilityBlock' and (a.exclusive or not w.is_above) and ",
    counts!()
);

pub(super) const POOLS: &str = "select m.resource_id, m.starts_on, m.ends_on, p.id, p.location_id, p.mode = 'slot', p.capacity + p.overbook_limit \
    from availability.capacity_pool_members m \
    join availability.capacity_pools p on p.biz_id = m.biz_id and p.id = m.pool_id and p.deleted_at is null \
    where m.biz_id = $1 and m.resource_id = any ($2::uuid[]) and m.deleted_at is null order by p.id, m.resource_id";
