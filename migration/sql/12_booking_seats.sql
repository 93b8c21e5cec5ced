-- Booking: seats of a kind. A seat type may have fewer places than there are places at all (four seats for children in a
-- bus of twenty). Who takes part counts while the booking takes places: all bookings of one session together, and each
-- booking by itself where it takes no place of a session. The slots are locked before it is counted, by the claim or here,
-- so that of two who want the last seat one comes later and sees the other.

create function booking.guard_seats(biz_id uuid, order_ids uuid[])
  returns void
  language plpgsql
as $$
#variable_conflict use_column
declare
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

  select t.name
  into full_seat
  from (
    select p.seat_type_id, p.order_id as session, count(*) as seats
    from booking.booking_participants p
    where p.biz_id = guard_seats.biz_id
      and p.order_id = any (guard_seats.order_ids)
      and p.seat_type_id is not null
      and p.cancelled_at is null
    group by 1, 2
    union all
    select p.seat_type_id, o.slot_id, count(*)
    from (
      select distinct a.slot_id
      from availability.allocations a
      where a.biz_id = guard_seats.biz_id
        and a.source_type = 'BookingOrder'
        and a.source_id = any (guard_seats.order_ids)
        and a.status in ('hold', 'firm')
        and a.slot_id is not null
    ) o
    join availability.allocations a on a.biz_id = guard_seats.biz_id
      and a.slot_id = o.slot_id
      and a.source_type = 'BookingOrder'
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
    join booking.booking_participants p on p.biz_id = guard_seats.biz_id
      and p.order_id = a.source_id
      and p.seat_type_id is not null
      and p.cancelled_at is null
    group by 1, 2
  ) taken
  join catalog.offer_seat_types t on t.biz_id = guard_seats.biz_id
    and t.id = taken.seat_type_id
    and t.capacity < taken.seats
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
  'Fails with booking_participants_seats_check where these bookings have more seats of a kind than there are, in the session of which they take places or in themselves.';

create function booking.guard_seats_of_people() returns trigger
language plpgsql as $$
begin
  perform booking.guard_seats(p.biz_id, array_agg(distinct p.order_id))
  from written p
  where p.seat_type_id is not null
    and p.cancelled_at is null
  group by p.biz_id;
  return null;
end
$$;
comment on function booking.guard_seats_of_people() is 'Trigger: those who take part in bookings find seats of their kind.';

create trigger booking_participants_seats_of_new
  after insert on booking.booking_participants
  referencing new table as written
  for each statement execute function booking.guard_seats_of_people();
comment on trigger booking_participants_seats_of_new on booking.booking_participants is 'There are not so many seats of this kind.';

create trigger booking_participants_seats_of_changed
  after update on booking.booking_participants
  referencing new table as written
  for each statement execute function booking.guard_seats_of_people();
comment on trigger booking_participants_seats_of_changed on booking.booking_participants is 'There are not so many seats of this kind.';

create function booking.guard_seats_of_places() returns trigger
language plpgsql as $$
begin
  perform booking.guard_seats(a.biz_id, array_agg(distinct a.source_id))
  from written a
  where a.slot_id is not null
    and a.source_type = 'BookingOrder'
    and a.status in ('hold', 'firm')
  group by a.biz_id;
  return null;
end
$$;
comment on function booking.guard_seats_of_places() is 'Trigger: where bookings take places, those who take part find seats of their kind.';

create trigger allocations_seats
  after insert on availability.allocations
  referencing new table as written
  for each statement execute function booking.guard_seats_of_places();
comment on trigger allocations_seats on availability.allocations is 'There are not so many seats of a kind in this session.';

-- A hold that becomes a booking's: what it keeps has people from then on.
create function booking.guard_seats_of_handed() returns trigger
language plpgsql as $$
begin
  perform booking.guard_seats(new.biz_id, array[new.source_id]);
  return null;
end
$$;
comment on function booking.guard_seats_of_handed() is 'Trigger: where a booking takes over the places of a hold, those who take part find seats of their kind.';

create trigger allocations_seats_of_handed
  after update of source_id on availability.allocations
  for each row
  when (
    new.source_id is distinct from old.source_id and new.source_type = 'BookingOrder' and new.slot_id is not null
    and new.status in ('hold', 'firm')
  )
  execute function booking.guard_seats_of_handed();
comment on trigger allocations_seats_of_handed on availability.allocations is 'There are not so many seats of a kind in this session.';
