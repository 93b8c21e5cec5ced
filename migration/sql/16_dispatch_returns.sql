-- Seats that are given back: by whoever sold or kept them, or with the booking that they were sold with.

create function dispatch.give_back_seats(biz_id uuid, trip_id uuid, passenger_ids uuid[], hold_end text)
  returns void
  language sql
as $$
  with gone as (
    select m.id, m.from_seq, m.to_seq, m.seats, m.status, m.booking_hold_id
    from dispatch.trip_manifests m
    where m.biz_id = give_back_seats.biz_id
      and m.trip_id = give_back_seats.trip_id
      and m.id = any (give_back_seats.passenger_ids)
  ),
  -- Legs are locked in ascending order, as by everybody else.
  legs as (
    select
      i.id,
      coalesce(sum(g.seats) filter (where g.status = 'held'), 0) as held,
      coalesce(sum(g.seats) filter (where g.status <> 'held'), 0) as sold
    from (
      select l.*
      from dispatch.trip_stop_inventory l
      where l.biz_id = give_back_seats.biz_id
        and l.trip_id = give_back_seats.trip_id
      order by l.from_seq
      for no key update
    ) i
    join gone g on i.from_seq >= g.from_seq and i.from_seq < g.to_seq
    group by i.id
  ),
  counted as (
    update dispatch.trip_stop_inventory i
    set held = i.held - l.held, sold = i.sold - l.sold
    from legs l
    where i.biz_id = give_back_seats.biz_id
      and i.id = l.id
  ),
  ended as (
    update availability.booking_holds h
    set status = give_back_seats.hold_end
    from gone g
    where h.biz_id = give_back_seats.biz_id
      and h.id = g.booking_hold_id
      and h.status = 'held'
  )
  update dispatch.trip_manifests m
  set status = 'cancelled'
  from gone g
  where m.biz_id = give_back_seats.biz_id
    and m.id = g.id
$$;
comment on function dispatch.give_back_seats(uuid, uuid, uuid[], text) is
  'Gives back the seats of these passengers of a trip, which the caller has locked, and ends the holds that kept them: as expired, released or cancelled.';

create function dispatch.follow_order() returns trigger
language plpgsql as $$
declare
  -- Whoever has come to the stop keeps the seat where nobody has said why it should be taken.
  given_back constant text[] := case new.status
    when 'expired' then array['held', 'reserved']
    else array['held', 'reserved', 'checked_in']
  end;
  trip record;
begin
  for trip in
    select distinct m.trip_id
    from dispatch.trip_manifests m
    where m.biz_id = new.biz_id
      and m.booking_order_id = new.id
      and m.status = any (given_back)
    order by m.trip_id
  loop
    perform
    from dispatch.transport_trips t
    where t.biz_id = new.biz_id
      and t.id = trip.trip_id
    for no key update;
    -- Looked for again, as somebody may have got in until the trip was locked.
    perform dispatch.give_back_seats(new.biz_id, trip.trip_id, array(
      select m.id
      from dispatch.trip_manifests m
      where m.biz_id = new.biz_id
        and m.trip_id = trip.trip_id
        and m.booking_order_id = new.id
        and m.status = any (given_back)
    ), 'cancelled');
  end loop;
  return null;
end
$$;
comment on function dispatch.follow_order() is 'Trigger: the seats that were sold or kept with an order are given back with it, unless somebody travels on them.';

create trigger booking_orders_give_back_seats
  after update of status on booking.booking_orders
  for each row when (old.status <> new.status and new.status in ('cancelled', 'declined', 'expired'))
  execute function dispatch.follow_order();
