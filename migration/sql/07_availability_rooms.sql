-- Availability: sessions in rooms, and blocked rooms of houses. A session is a time of its resource: once somebody has a
-- place in it, nobody books the resource, what contains it, or anything in it, and while one of those is booked no place is
-- had. A block of a room closes the house that contains it to whoever wants the whole, as a block of the house closes its rooms.

create function availability.is_taken_nearby(
  biz_id uuid,
  resource_id uuid,
  alone boolean,
  starts_at timestamptz,
  ends_at timestamptz,
  source_type text,
  source_id uuid
)
  returns boolean
  language plpgsql
  volatile
as $$
declare
  above uuid[];
  below uuid[];
begin
  select array_agg(a.id)
  into above
  from availability.resources_above(is_taken_nearby.biz_id, array[is_taken_nearby.resource_id]) a;
  if is_taken_nearby.alone then
    select array_agg(w.id)
    into below
    from availability.resources_within(is_taken_nearby.biz_id, array[is_taken_nearby.resource_id]) w;
  end if;
  return exists (
    select
    from availability.allocations a
    where a.biz_id = is_taken_nearby.biz_id
      and (a.resource_id = any (below) or (a.exclusive and a.resource_id = any (above)))
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
      and a.blocked_starts_at < is_taken_nearby.ends_at
      and a.blocked_ends_at > is_taken_nearby.starts_at
      and a.override_by_id is null
      and (a.source_type, a.source_id) <> (is_taken_nearby.source_type, is_taken_nearby.source_id)
  );
end
$$;
comment on function availability.is_taken_nearby(uuid, uuid, boolean, timestamptz, timestamptz, text, uuid) is
  'Whether what contains a resource is taken or blocked as a whole at a time by another than this source, or (for a claim on it alone) anything that it contains. Overrides count for nothing.';

create function availability.has_session_nearby(
  biz_id uuid,
  resource_id uuid,
  alone boolean,
  starts_at timestamptz,
  ends_at timestamptz,
  source_type text,
  source_id uuid
)
  returns boolean
  language sql
  volatile
as $$
  select exists (
    select
    from (
      select has_session_nearby.resource_id as id
      union all
      select a.id
      from availability.resources_above(has_session_nearby.biz_id, array[has_session_nearby.resource_id]) a
      join resources.resources r on r.biz_id = has_session_nearby.biz_id
        and r.id = a.id
        and r.exclusive
      union all
      select w.id
      from availability.resources_within(has_session_nearby.biz_id, array[has_session_nearby.resource_id]) w
      where has_session_nearby.alone
    ) near
    join availability.slots s on s.biz_id = has_session_nearby.biz_id
      and s.resource_id = near.id
      and s.held + s.occupied > 0
      and s.starts_at < has_session_nearby.ends_at
      and s.ends_at > has_session_nearby.starts_at
    join availability.allocations a on a.biz_id = has_session_nearby.biz_id
      and a.slot_id = s.id
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
      and (a.source_type, a.source_id) <> (has_session_nearby.source_type, has_session_nearby.source_id)
  )
$$;
comment on function availability.has_session_nearby(uuid, uuid, boolean, timestamptz, timestamptz, text, uuid) is
  'Whether somebody else than this source has a place in a session of a resource at a time, or in one of what contains it and is used by one at a time, or (for a claim on it alone) of what it contains.';

create function availability.refuse_taken() returns void
language plpgsql as $$
begin
  raise exception using
    errcode = '23P01',
    message = 'What contains this resource, or something that it contains, is already taken at that time.',
    schema = 'availability',
    table = 'allocations',
    constraint = 'allocations_resource_no_overlap_excl';
end
$$;
comment on function availability.refuse_taken() is
  'Fails as the constraint of the resource itself does: to whoever books, it is the same that is in the way.';

-- A claim that becomes shorter stands: what came around it in the meantime, such as a block of the house, is no reason.
create or replace function availability.guard_containment() returns trigger
language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.resource_id = old.resource_id
      and (new.exclusive = old.exclusive or old.exclusive)
      and new.blocked_starts_at >= old.blocked_starts_at
      and new.blocked_ends_at <= old.blocked_ends_at
    then
      return null;
    end if;
  end if;

  -- Most resources stand alone, and have no sessions: this is all that a claim on them costs.
  if not exists (
    select
    from resources.resources r
    where r.biz_id = new.biz_id
      and r.id = new.resource_id
      and r.parent_resource_id is not null
  ) and not exists (
    select
    from resources.resources r
    where r.biz_id = new.biz_id
      and r.parent_resource_id = new.resource_id
  ) and not exists (
    select
    from availability.slots s
    where s.biz_id = new.biz_id
      and s.resource_id = new.resource_id
      and s.starts_at < new.blocked_ends_at
      and s.ends_at > new.blocked_starts_at
  ) then
    return null;
  end if;

  perform availability.lock_resources(new.biz_id, array[new.resource_id]);
  if availability.is_taken_nearby(
      new.biz_id, new.resource_id, new.exclusive, new.blocked_starts_at, new.blocked_ends_at, new.source_type, new.source_id)
    or availability.has_session_nearby(
      new.biz_id, new.resource_id, new.exclusive, new.blocked_starts_at, new.blocked_ends_at, new.source_type, new.source_id)
  then
    perform availability.refuse_taken();
  end if;
  return null;
end
$$;
comment on function availability.guard_containment() is
  'Trigger: refuses a claim on a resource while what contains it, or what it contains, is taken or blocked, or somebody has a place in a session there. Overrides conflict with nothing.';

-- Once a statement: most places are nights of a pool, which have nothing to do with this, and come by the thousand.
create function availability.guard_session() returns trigger
language plpgsql as $$
declare
  place record;
begin
  for place in
    select w.biz_id, r.id, r.exclusive, w.blocked_starts_at, w.blocked_ends_at, w.source_type, w.source_id
    from written w
    join availability.slots s on s.biz_id = w.biz_id
      and s.id = w.slot_id
    join resources.resources r on r.biz_id = s.biz_id
      and r.id = s.resource_id
    where w.status in ('hold', 'firm')
      and w.override_by_id is null
      and w.source_type <> 'AvailabilityBlock'
    order by r.id
  loop
    perform availability.lock_resources(place.biz_id, array[place.id]);
    if exists (
      select
      from availability.allocations a
      where a.biz_id = place.biz_id
        and a.resource_id = place.id
        and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
        and a.blocked_starts_at < place.blocked_ends_at
        and a.blocked_ends_at > place.blocked_starts_at
        and a.override_by_id is null
        and (a.source_type, a.source_id) <> (place.source_type, place.source_id)
    ) or availability.is_taken_nearby(
      place.biz_id, place.id, place.exclusive, place.blocked_starts_at, place.blocked_ends_at, place.source_type, place.source_id)
    then
      perform availability.refuse_taken();
    end if;
  end loop;
  return null;
end
$$;
comment on function availability.guard_session() is
  'Trigger: refuses places in a session of a resource while that is taken or blocked, or what contains it, or anything in it.';

create trigger allocations_session
  after insert on availability.allocations
  referencing new table as written
  for each statement execute function availability.guard_session();
comment on trigger allocations_session on availability.allocations is 'A session and a booking of its resource exclude each other.';

create function availability.try_lock_resources(biz_id uuid, resource_ids uuid[])
  returns boolean
  language plpgsql
as $$
declare
  tenant constant text := try_lock_resources.biz_id::text;
  wanted record;
  is_ours boolean;
begin
  for wanted in
    select w.id, bool_or(w.alone) as alone
    from (
      select r.id, true as alone from unnest(try_lock_resources.resource_ids) as r (id)
      union all
      select a.id, false from availability.resources_above(try_lock_resources.biz_id, try_lock_resources.resource_ids) a
    ) w
    group by w.id
    order by w.id
  loop
    if wanted.alone then
      is_ours := pg_try_advisory_xact_lock(hashtextextended(tenant || wanted.id::text, 0));
    else
      is_ours := pg_try_advisory_xact_lock_shared(hashtextextended(tenant || wanted.id::text, 0));
    end if;
    if not is_ours then
      return false;
    end if;
  end loop;
  return true;
end
$$;
comment on function availability.try_lock_resources(uuid, uuid[]) is
  'Takes the locks of lock_resources without waiting for any, and says whether it has them all.';
