-- Availability: a resource that contains others is taken with all of them. A house that is booked as a whole has its rooms
-- with it, and while a room of it is booked the house is not to be had. What several share (a hall of desks) is not taken
-- as a whole by one of its users, so only claims for oneself alone reach down.
--
-- Who takes a resource holds the locks of all that contain it, shared, and its own, alone: rooms of a house do not wait for
-- each other, and who takes the house waits for all of them. `availability.lock_resources` takes these locks in the one
-- order of ids; the trigger takes them again, which costs nothing then, so that no other way in goes past them.

create function availability.resources_above(biz_id uuid, resource_ids uuid[])
  returns table (of uuid, id uuid)
  language sql
  stable
  rows 4
as $$
  with recursive above as (
    select r.id as of, r.parent_resource_id as id
    from resources.resources r
    where r.biz_id = resources_above.biz_id
      and r.id = any (resources_above.resource_ids)
      and r.parent_resource_id is not null
    union all
    select a.of, r.parent_resource_id
    from above a
    join resources.resources r on r.biz_id = resources_above.biz_id
      and r.id = a.id
      and r.parent_resource_id is not null
  )
  select a.of, a.id from above a
$$;
comment on function availability.resources_above(uuid, uuid[]) is 'What contains these resources, and what contains that: each with the resource it contains.';

create function availability.resources_within(biz_id uuid, resource_ids uuid[])
  returns table (of uuid, id uuid)
  language sql
  stable
  rows 16
as $$
  with recursive below as (
    select r.parent_resource_id as of, r.id
    from resources.resources r
    where r.biz_id = resources_within.biz_id
      and r.parent_resource_id = any (resources_within.resource_ids)
    union all
    select b.of, r.id
    from below b
    join resources.resources r on r.biz_id = resources_within.biz_id
      and r.parent_resource_id = b.id
  )
  select b.of, b.id from below b
$$;
comment on function availability.resources_within(uuid, uuid[]) is 'What these resources contain, and what that contains: each with the resource that contains it.';

create function availability.lock_resources(biz_id uuid, resource_ids uuid[])
  returns void
  language plpgsql
as $$
declare
  tenant constant text := lock_resources.biz_id::text;
  wanted record;
begin
  for wanted in
    select w.id, bool_or(w.alone) as alone
    from (
      select r.id, true as alone from unnest(lock_resources.resource_ids) as r (id)
      union all
      select a.id, false from availability.resources_above(lock_resources.biz_id, lock_resources.resource_ids) a
    ) w
    group by w.id
    order by w.id
  loop
    if wanted.alone then
      perform pg_advisory_xact_lock(hashtextextended(tenant || wanted.id::text, 0));
    else
      perform pg_advisory_xact_lock_shared(hashtextextended(tenant || wanted.id::text, 0));
    end if;
  end loop;
end
$$;
comment on function availability.lock_resources(uuid, uuid[]) is
  'Lets one at a time take these resources and pools, until the transaction ends: their own locks alone, and shared those of all that contains them.';

-- By the same name as the constraint of the resource itself: to whoever books, it is the same that is in the way.
create function availability.guard_containment() returns trigger
language plpgsql as $$
declare
  above uuid[];
  below uuid[];
begin
  select array_agg(a.id) into above from availability.resources_above(new.biz_id, array[new.resource_id]) a;
  if new.exclusive then
    select array_agg(w.id) into below from availability.resources_within(new.biz_id, array[new.resource_id]) w;
  end if;
  if above is null and below is null then
    return null;
  end if;

  perform availability.lock_resources(new.biz_id, array[new.resource_id]);
  if exists (
    select
    from availability.allocations a
    where a.biz_id = new.biz_id
      and (a.resource_id = any (below) or (a.exclusive and a.resource_id = any (above)))
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
      and a.blocked_starts_at < new.blocked_ends_at
      and a.blocked_ends_at > new.blocked_starts_at
      and a.override_by_id is null
      and a.source_type <> 'AvailabilityBlock'
      and (a.source_type, a.source_id) <> (new.source_type, new.source_id)
  ) then
    raise exception using
      errcode = '23P01',
      message = 'What contains this resource, or something that it contains, is already taken at that time.',
      schema = 'availability',
      table = 'allocations',
      constraint = 'allocations_resource_no_overlap_excl';
  end if;
  return null;
end
$$;
comment on function availability.guard_containment() is
  'Trigger: refuses a claim on a resource while what contains it, or what it contains, is taken by another. Overrides conflict with nothing, and blocks close what they contain by themselves.';

create trigger allocations_containment
  after insert or update of resource_id, exclusive, blocked_starts_at, blocked_ends_at on availability.allocations
  for each row
  when (
    new.resource_id is not null and new.status in ('hold', 'firm') and new.override_by_id is null
    and new.source_type <> 'AvailabilityBlock'
  )
  execute function availability.guard_containment();
comment on trigger allocations_containment on availability.allocations is 'A resource is taken with all that it contains.';
