-- Availability: claims beyond nights of pools and single resources. Places of named slots, shares of what several use
-- at once, and holds that last longer or become somebody else's. The lock order is that of 07_availability.sql; whoever
-- takes shares has locked the resource or pool by its advisory lock, which comes before the slots.

create function availability.claim_places(
  slot_ids uuid[],
  units integer,
  hold_id uuid,
  source_type text,
  source_id uuid,
  status text,
  expires_at timestamptz
)
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  wanted constant integer := cardinality(claim_places.slot_ids);
  found_slots integer;
  room integer;
  any_held boolean;
  all_open boolean;
  full_dates text;
begin
  if claim_places.status not in ('hold', 'firm') then
    raise exception 'a claim is hold or firm, not %', claim_places.status;
  end if;

  select count(*), min(l.room), bool_or(l.held > 0), bool_and(l.status = 'open')
  into found_slots, room, any_held, all_open
  from (
    select s.capacity + s.overbook_limit - s.held - s.occupied as room, s.held, s.status
    from availability.slots s
    where s.biz_id = tenant
      and s.id = any (claim_places.slot_ids)
    order by s.pool_id, s.resource_id, s.starts_at, s.id
    for no key update
  ) l;

  if found_slots <> wanted then
    raise exception using
      errcode = '23514',
      message = 'There is no slot of this pool on some of these dates.',
      schema = 'availability',
      table = 'slots',
      constraint = 'slots_exist_check';
  end if;
  if not all_open then
    raise exception using
      errcode = '23514',
      message = 'Bookings are closed for this time.',
      detail = (
        select string_agg(s.business_date::text, ',' order by s.starts_at)
        from availability.slots s
        where s.biz_id = tenant
          and s.id = any (claim_places.slot_ids)
          and s.status <> 'open'
      ),
      schema = 'availability',
      table = 'slots',
      constraint = 'slots_open_check';
  end if;
  if room < claim_places.units and any_held then
    perform availability.release_expired(claim_places.slot_ids);
  end if;
  if room < claim_places.units then
    select string_agg(s.business_date::text, ',' order by s.starts_at)
    into full_dates
    from availability.slots s
    where s.biz_id = tenant
      and s.id = any (claim_places.slot_ids)
      and s.capacity + s.overbook_limit - s.held - s.occupied < claim_places.units;
    if full_dates is not null then
      raise exception using
        errcode = '23514',
        message = 'Nothing is left for this time.',
        detail = full_dates,
        schema = 'availability',
        table = 'slots',
        constraint = 'slots_capacity_check';
    end if;
  end if;

  with taken as (
    update availability.slots s
    set
      held = s.held + case claim_places.status when 'hold' then claim_places.units else 0 end,
      occupied = s.occupied + case claim_places.status when 'firm' then claim_places.units else 0 end
    where s.biz_id = tenant
      and s.id = any (claim_places.slot_ids)
    returning s.id, s.starts_at, s.ends_at
  )
  insert into availability.allocations (
    biz_id, id, source_type, source_id, booking_hold_id, slot_id, units,
    service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at
  )
  select
    tenant, core.uuid_v7(), claim_places.source_type, claim_places.source_id, claim_places.hold_id, t.id, claim_places.units,
    t.starts_at, t.ends_at, t.starts_at, t.ends_at, claim_places.status,
    case claim_places.status when 'hold' then claim_places.expires_at end
  from taken t;
  return wanted;
end
$$;
comment on function availability.claim_places(uuid[], integer, uuid, text, uuid, text, timestamptz) is
  'Takes so many places of each of these slots, all or nothing, and says how many slots that were. Fails as claim_slots does: slots_capacity_check, slots_open_check, slots_exist_check.';

create function availability.peak_use(
  resource_id uuid,
  pool_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  whole integer
)
  returns integer
  language sql
  volatile
as $$
  with busy as (
    select
      greatest(a.blocked_starts_at, peak_use.starts_at) as starts_at,
      a.blocked_ends_at as ends_at,
      case when a.exclusive then peak_use.whole else a.units end as units
    from availability.allocations a
    where a.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      and (a.resource_id = peak_use.resource_id or a.pool_id = peak_use.pool_id)
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
      and a.blocked_starts_at < peak_use.ends_at
      and a.blocked_ends_at > peak_use.starts_at
  )
  select coalesce(max(u.units), 0)::integer
  from (
    select sum(o.units) as units
    from busy b
    join busy o on o.starts_at <= b.starts_at and o.ends_at > b.starts_at
    group by b.starts_at
  ) u
$$;
comment on function availability.peak_use(uuid, uuid, timestamptz, timestamptz, integer) is
  'The most units of a resource or pool that are in use at one moment of a time. Expired holds count for nothing; an exclusive claim uses the whole.';

create function availability.claim_window(
  resource_id uuid,
  pool_id uuid,
  units integer,
  hold_id uuid,
  source_type text,
  source_id uuid,
  status text,
  expires_at timestamptz,
  service_starts_at timestamptz,
  service_ends_at timestamptz,
  blocked_starts_at timestamptz,
  blocked_ends_at timestamptz
)
  returns uuid
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  allocation_id constant uuid := core.uuid_v7();
  alone boolean := false;
  whole integer;
begin
  if claim_window.resource_id is not null then
    select r.exclusive, r.capacity
    into strict alone, whole
    from resources.resources r
    where r.biz_id = tenant
      and r.id = claim_window.resource_id;
  else
    select p.capacity + p.overbook_limit
    into strict whole
    from availability.capacity_pools p
    where p.biz_id = tenant
      and p.id = claim_window.pool_id;
  end if;

  -- Of what is used by one at a time, the exclusion constraint says whether it is free.
  if not alone and claim_window.units + availability.peak_use(
    claim_window.resource_id, claim_window.pool_id, claim_window.blocked_starts_at, claim_window.blocked_ends_at, whole) > whole
  then
    raise exception using
      errcode = '23514',
      message = 'Nothing is left for this time.',
      schema = 'availability',
      table = 'allocations',
      constraint = 'allocations_capacity_check';
  end if;

  insert into availability.allocations (
    biz_id, id, source_type, source_id, booking_hold_id, resource_id, pool_id, units, exclusive,
    service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at
  )
  values (
    tenant, allocation_id, claim_window.source_type, claim_window.source_id, claim_window.hold_id,
    claim_window.resource_id, claim_window.pool_id, claim_window.units, alone,
    claim_window.service_starts_at, claim_window.service_ends_at,
    claim_window.blocked_starts_at, claim_window.blocked_ends_at, claim_window.status,
    case claim_window.status when 'hold' then claim_window.expires_at end
  );
  return allocation_id;
end
$$;
comment on function availability.claim_window(uuid, uuid, integer, uuid, text, uuid, text, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) is
  'Takes units of a resource, or of a pool that is shared by time, for a time. The caller has its advisory lock. Fails with allocations_resource_no_overlap_excl where a resource for one at a time is taken, and with allocations_capacity_check where too few units are left.';

create function availability.extend_hold(hold_id uuid, minutes integer, counts boolean default true)
  returns timestamptz
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  instant constant timestamptz := clock_timestamp();
  lasts_until timestamptz;
  is_whole boolean;
begin
  update availability.booking_holds h
  set
    held_until = greatest(h.held_until, instant + make_interval(mins => extend_hold.minutes)),
    extended_count = h.extended_count + case when extend_hold.counts then 1 else 0 end
  where h.biz_id = tenant
    and h.id = extend_hold.hold_id
    and h.status = 'held'
    and h.held_until > clock_timestamp()
  returning h.held_until into lasts_until;

  with longer as (
    update availability.allocations a
    set expires_at = lasts_until
    where a.biz_id = tenant
      and a.booking_hold_id = extend_hold.hold_id
      and a.status = 'hold'
      and a.expires_at > clock_timestamp()
    returning a.id
  )
  select count(*) = (
    select count(*)
    from availability.allocations a
    where a.biz_id = tenant
      and a.booking_hold_id = extend_hold.hold_id
      and (a.status = 'hold' or a.released_reason = 'expired')
  )
  into is_whole
  from longer;

  if lasts_until is null or not is_whole then
    raise exception using
      errcode = '23514',
      message = 'The hold has expired or was given up; what it kept may be taken by others.',
      schema = 'availability',
      table = 'booking_holds',
      constraint = 'booking_holds_still_held_check';
  end if;
  return lasts_until;
end
$$;
comment on function availability.extend_hold(uuid, integer, boolean) is
  'Lets a hold last for so many minutes from now, if it lasts no longer already, and says until when that is. Fails with booking_holds_still_held_check where it is no longer held or has expired, and with booking_holds_extended_count_check at the second time that counts.';

create function availability.hand_over_hold(hold_id uuid, source_type text, source_id uuid)
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  moved integer;
begin
  update availability.booking_holds h
  set source_type = hand_over_hold.source_type, source_id = hand_over_hold.source_id
  where h.biz_id = tenant
    and h.id = hand_over_hold.hold_id
    and h.source_id is null
    and h.status = 'held'
    and h.held_until > clock_timestamp();
  if not found then
    raise exception using
      errcode = '23514',
      message = 'The hold has expired or was given up; what it kept may be taken by others.',
      schema = 'availability',
      table = 'booking_holds',
      constraint = 'booking_holds_still_held_check';
  end if;

  update availability.allocations a
  set source_type = hand_over_hold.source_type, source_id = hand_over_hold.source_id
  where a.biz_id = tenant
    and a.booking_hold_id = hand_over_hold.hold_id
    and a.status in ('hold', 'firm');
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function availability.hand_over_hold(uuid, text, uuid) is
  'Makes what a hold keeps, and the hold itself, those of a booking that was made from it, and says how many allocations that were. Fails with booking_holds_still_held_check where it is no longer held, has expired, or belongs to a booking already.';
