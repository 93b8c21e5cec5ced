-- Booking: seats of a kind where bookings share something by time. Of a pool or a resource that several use at once, all
-- who are there together count, as do all of one session. A kind is the same in all versions of its offer: who booked
-- before the last one was published sits beside those who booked since.

create or replace function booking.guard_seats(biz_id uuid, order_ids uuid[])
  returns void
  language plpgsql
as $$
#variable_conflict use_column
declare
  shared uuid[];
  full_seat text;
begin
  if not exists (
    select
    from booking.booking_participants p
    join catalog.offer_seat_types t on t.biz_id = p.biz_id and t.id = p.seat_type_id and t.capacity is not null
    where p.biz_id = guard_seats.biz_id
      and p.order_id = any (guard_seats.order_ids)
      and p.cancelled_at is null
  ) then
    return;
  end if;

  -- What is shared by time is locked before the slots, as whoever claims it does.
  select array_agg(distinct coalesce(a.resource_id, a.pool_id))
  into shared
  from availability.allocations a
  where a.biz_id = guard_seats.biz_id
    and a.source_type = 'BookingOrder'
    and a.source_id = any (guard_seats.order_ids)
    and a.status in ('hold', 'firm')
    and a.slot_id is null
    and not a.exclusive;
  if shared is not null then
    perform availability.lock_resources(guard_seats.biz_id, shared);
  end if;

  perform
  from availability.slots s
  where s.biz_id = guard_seats.biz_id
    and s.id in (
      select a.slot_id
      from availability.allocations a
      where a.biz_id = guard_seats.biz_id
        and a.source_type = 'BookingOrder'
        and a.source_id = any (guard_seats.order_ids)
        and a.status in ('hold', 'firm')
    )
  order by s.pool_id, s.resource_id, s.starts_at, s.id
  for no key update;

  with kinds as (
    select distinct t.id as wanted_id, t.name, t.capacity, k.id
    from booking.booking_participants p
    join catalog.offer_seat_types t on t.biz_id = p.biz_id and t.id = p.seat_type_id and t.capacity is not null
    join catalog.offer_versions v on v.biz_id = t.biz_id and v.id = t.offer_version_id
    join catalog.offer_versions w on w.biz_id = v.biz_id and w.offer_id = v.offer_id
    join catalog.offer_seat_types k on k.biz_id = w.biz_id and k.offer_version_id = w.id and k.code = t.code
    where p.biz_id = guard_seats.biz_id
      and p.order_id = any (guard_seats.order_ids)
      and p.cancelled_at is null
  ),
  own as (
    select a.slot_id, coalesce(a.resource_id, a.pool_id) as place, a.exclusive, a.service_starts_at, a.service_ends_at
    from availability.allocations a
    where a.biz_id = guard_seats.biz_id
      and a.source_type = 'BookingOrder'
      and a.source_id = any (guard_seats.order_ids)
      and a.status in ('hold', 'firm')
  ),
  -- Who is there together: by booking, by session, and at each moment at which somebody joins.
  together as (
    select o.id::text as at, o.id as order_id
    from unnest(guard_seats.order_ids) as o (id)
    union
    select o.slot_id::text, a.source_id
    from own o
    join availability.allocations a on a.biz_id = guard_seats.biz_id
      and a.slot_id = o.slot_id
      and a.source_type = 'BookingOrder'
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
    union
    select m.place::text || m.moment::text, a.source_id
    from (
      select distinct o.place, greatest(o.service_starts_at, b.service_starts_at) as moment
      from own o
      join availability.allocations b on b.biz_id = guard_seats.biz_id
        and (b.resource_id = o.place or b.pool_id = o.place)
        and b.status in ('hold', 'firm')
        and b.service_starts_at < o.service_ends_at
        and b.service_ends_at > o.service_starts_at
      where o.slot_id is null
        and not o.exclusive
    ) m
    join availability.allocations a on a.biz_id = guard_seats.biz_id
      and (a.resource_id = m.place or a.pool_id = m.place)
      and a.source_type = 'BookingOrder'
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
      and a.service_starts_at <= m.moment
      and a.service_ends_at > m.moment
  )
  select k.name
  into full_seat
  from together t
  join booking.booking_participants p on p.biz_id = guard_seats.biz_id
    and p.order_id = t.order_id
    and p.seat_type_id is not null
    and p.cancelled_at is null
  join kinds k on k.id = p.seat_type_id
  group by t.at, k.wanted_id, k.name, k.capacity
  having count(*) > k.capacity
  limit 1;

  if full_seat is not null then
    raise exception using
      errcode = '23514',
      message = format('There are not so many seats of the kind %s.', full_seat),
      schema = 'booking',
      table = 'booking_participants',
      constraint = 'booking_participants_seats_check';
  end if;
end
$$;
comment on function booking.guard_seats(uuid, uuid[]) is
  'Fails with booking_participants_seats_check where these bookings have more seats of a kind than there are: in themselves, in the sessions of which they take places, or among all who share a pool or resource with them at one moment.';

create or replace function booking.guard_seats_of_places() returns trigger
language plpgsql as $$
begin
  perform booking.guard_seats(a.biz_id, array_agg(distinct a.source_id))
  from written a
  where not a.exclusive
    and a.source_type = 'BookingOrder'
    and a.status in ('hold', 'firm')
  group by a.biz_id;
  return null;
end
$$;
comment on function booking.guard_seats_of_places() is 'Trigger: where bookings take places, or shares, those who take part find seats of their kind.';

drop trigger allocations_seats_of_handed on availability.allocations;
create trigger allocations_seats_of_handed
  after update of source_id on availability.allocations
  for each row
  when (
    new.source_id is distinct from old.source_id and new.source_type = 'BookingOrder' and not new.exclusive
    and new.status in ('hold', 'firm')
  )
  execute function booking.guard_seats_of_handed();
comment on trigger allocations_seats_of_handed on availability.allocations is 'There are not so many seats of a kind in this session.';
