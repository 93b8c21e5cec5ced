-- Others may use: stay/<order number> (rooms of reservations; with their room and status), room-assignment/<order number>,
-- group-block/1 .. group-block/5, housekeeping-task/<n>, lost-item/<n>. Uses staff/<carla, fatima, olga, sandra, lucia, zulmira> of 08_workforce and group_account/<choir, atlantico> of 02_identity.

-- Stays, and the rooms meant for them.
create temporary table demo_stay on commit drop as
select o.biz_id, o.id as order_id, o.number, o.location_id, o.status as order_status, o.check_in_on, o.check_out_on, o.starts_at, o.ends_at, least(o.checked_in_at, now()) as checked_in_at, o.checked_out_at, o.customer_id, o.party_size, a.resource_id,
  pg_temp.id('stay/' || o.number) as id, row_number() over (partition by o.status order by o.starts_at desc, o.number) as n
from booking.booking_orders o
left join lateral (
  select f.resource_id from booking.booking_order_lines l
  join booking.fulfillment_units u on u.biz_id = l.biz_id and u.order_line_id = l.id and u.kind = 'stay_night'
  join booking.fulfillment_assignments f on f.biz_id = u.biz_id and f.unit_id = u.id and f.status in ('accepted', 'completed')
  where l.biz_id = o.biz_id and l.order_id = o.id limit 1
) a on true
where o.biz_id = pg_temp.biz() and o.kind = 'stay' and o.status in ('completed', 'in_progress', 'confirmed', 'no_show', 'cancelled');
insert into hospitality.room_assignments (biz_id, id, booking_order_id, resource_id, starts_on, ends_on, status, reason, is_locked, note)
select d.biz_id, pg_temp.id('room-assignment/' || d.number), d.order_id, d.resource_id, d.check_in_on, d.check_out_on, case d.order_status when 'completed' then 'ended' else 'active' end,
  case when right(d.number, 1) = '3' then 'requested' when right(d.number, 2) in ('18', '46', '78') then 'upgrade' else 'planned' end, right(d.number, 1) = '3', case when right(d.number, 1) = '3' then 'The same room as last time.' end
from demo_stay d
where d.resource_id is not null and d.order_status in ('completed', 'in_progress', 'confirmed');
insert into hospitality.room_assignments (biz_id, id, booking_order_id, resource_id, starts_on, ends_on, status, reason)
select d.biz_id, pg_temp.id('room-assignment/' || d.number || '/released'), d.order_id, r.resource_id, d.check_in_on, d.check_out_on, 'released', 'planned'
from demo_stay d
join hospitality.reservation_details k on k.biz_id = d.biz_id and k.booking_order_id = d.order_id
join lateral (select u.resource_id from resources.unit_details u where u.biz_id = d.biz_id and u.unit_type_id = k.unit_type_id order by u.resource_id limit 1) r on true
where d.order_status in ('cancelled', 'no_show') and d.n <= 8;
insert into hospitality.stays (
  biz_id, id, booking_order_id, location_id, resource_id, primary_customer_id, status, checked_in_at, checked_out_at, checked_out_on, expected_checkout_at, keys_issued, is_do_not_disturb, registered_at, note)
select d.biz_id, d.id, d.order_id, d.location_id, d.resource_id, d.customer_id, s.status, case when s.status in ('in_house', 'checked_out') then d.checked_in_at end, case when s.status = 'checked_out' then d.checked_out_at end,
  case when s.status = 'checked_out' then d.check_out_on end, d.ends_at, case s.status when 'in_house' then least(d.party_size, 3) else 0 end, s.status = 'in_house' and d.n in (2, 6), case when s.status in ('in_house', 'checked_out') then d.checked_in_at + interval '4 minutes' end,
  case when s.status = 'in_house' and d.n = 3 then 'Birthday on the second day; cake is ordered.' when s.status = 'expected' and d.n % 9 = 0 then 'Arrives late, after 23:00.' end
from demo_stay d
cross join lateral (select case d.order_status when 'completed' then 'checked_out' when 'in_progress' then 'in_house' when 'confirmed' then 'expected' else d.order_status::text end as status) s
where (d.order_status <> 'confirmed' or d.check_in_on <= pg_temp.day(14)) and (d.order_status <> 'cancelled' or d.n <= 6);
insert into hospitality.stay_guests (biz_id, stay_id, customer_id, registered_at)
select distinct s.biz_id, s.id, g.customer_id, s.registered_at
from hospitality.stays s
cross join lateral (
  select s.primary_customer_id as customer_id
  union
  select p.customer_id from booking.booking_participants p where p.biz_id = s.biz_id and p.order_id = s.booking_order_id and p.role = 'guest' and p.cancelled_at is null
) g
where s.biz_id = pg_temp.biz() and g.customer_id is not null and s.status in ('in_house', 'checked_out', 'expected');

-- Business days: the last ten closed one after the other, today open in Lisbon; Cascais has to be looked at.
create or replace function pg_temp.demo_audit(day date, hotel uuid) returns void
language sql volatile as $$
  insert into hospitality.night_audits (biz_id, id, location_id, business_date) values (pg_temp.biz(), pg_temp.id('night-audit/' || hotel || '/' || day), hotel, day);
  update hospitality.night_audits a set status = 'running', started_at = (day + 1 + time '03:30') at time zone 'Europe/Lisbon', attempts = 1
  where a.biz_id = pg_temp.biz() and a.location_id = hotel and a.business_date = day;
  update hospitality.night_audits a
  set status = 'closed', closed_at = (day + 1 + time '03:52') at time zone 'Europe/Lisbon', totals = t.totals,
    exceptions = case when extract(day from day)::integer % 6 = 0 then '[{"kind": "late_departure", "text": "A guest left two hours late, charged."}]'::jsonb else '[]'::jsonb end
  from (
    select jsonb_build_object('rooms', count(*), 'guests', coalesce(sum(k.adults + k.children), 0), 'revenue_minor', coalesce(sum(n.rate_minor), 0), 'tax_minor', coalesce(sum(n.rate_minor - round(n.rate_minor / 1.06)), 0), 'currency', 'EUR') as totals
    from hospitality.reservation_nights n
    join booking.booking_orders o on o.biz_id = n.biz_id and o.id = n.booking_order_id and o.status in ('completed', 'in_progress')
    join hospitality.reservation_details k on k.biz_id = n.biz_id and k.booking_order_id = o.id
    where n.biz_id = pg_temp.biz() and n.stay_date = day and o.location_id = hotel and n.released_at is null
  ) t
  where a.biz_id = pg_temp.biz() and a.location_id = hotel and a.business_date = day
$$;
select pg_temp.demo_audit(core.business_date(pg_temp.biz(), l.id, now()) + n, l.id)
from core.locations l
cross join generate_series(-10, -1) n
where l.biz_id = pg_temp.biz() and (l.code = 'LIS' or (l.code = 'CAS' and n < -1))
order by l.code, n;
insert into hospitality.night_audits (biz_id, id, location_id, business_date)
select l.biz_id, pg_temp.id('night-audit/' || l.code), l.id, core.business_date(l.biz_id, l.id, now()) + case l.code when 'LIS' then 0 else -1 end
from core.locations l where l.biz_id = pg_temp.biz() and l.code in ('LIS', 'CAS');
update hospitality.night_audits a set status = 'running', started_at = (a.business_date + 1 + time '03:30') at time zone 'Europe/Lisbon', attempts = 1 where a.biz_id = pg_temp.biz() and a.id = pg_temp.id('night-audit/CAS');
update hospitality.night_audits a set status = 'failed', exceptions = '[{"kind": "missing_rate", "text": "A reservation of last night has no rate for one guest."}]' where a.biz_id = pg_temp.biz() and a.id = pg_temp.id('night-audit/CAS');

-- Nights that are not sold, and groups.
insert into hospitality.stop_sells (biz_id, id, location_id, unit_type_id, channel, starts_on, ends_on, is_arrival_only, reason)
select pg_temp.biz(), pg_temp.id('stop-sell/' || v.n), pg_temp.location(v.location), t.id, v.channel, pg_temp.day(v.since), pg_temp.day(v.until), v.arrivals, v.reason
from (values
  (1, 'CAS', 'SEA', null, 70, 75, false, 'New windows on the sea side.'), (2, 'LIS', 'STE', null, 70, 75, false, 'Kept for the owners.'), (3, 'LIS', null, 'ota', 38, 41, false, 'New Year is sold by us alone.'),
  (4, 'CAS', null, 'travel_agent', 38, 41, true, 'No arrivals on New Year through agents.'), (5, 'LIS', 'STD', 'ota', -8, -6, false, 'Water works on the first floor.')
) v (n, location, unit, channel, since, until, arrivals, reason)
left join resources.unit_types t on t.biz_id = pg_temp.biz() and t.location_id = pg_temp.location(v.location) and t.code = v.unit;
insert into hospitality.group_blocks (biz_id, id, number, name, code, customer_id, group_account_id, location_id, rate_plan_id, starts_on, ends_on, cutoff_on, status, decide_by, note)
select pg_temp.biz(), pg_temp.id('group-block/' || v.n), core.next_number('group_block', 'GB'), v.name, v.code, pg_temp.customer(v.customer), g.id, pg_temp.location(v.location), pg_temp.id('rate-plan/' || v.plan),
  pg_temp.day(v.since), pg_temp.day(v.until), pg_temp.day(v.cutoff), v.status, pg_temp.day(v.decide), v.note
from (values
  (1, 'Chamber choir of Viana', 'VIANA', 14, 'choir', 'CAS', 'BB', 44, 46, 30, 'definite', null::integer, 'Rehearsal in Sala Guincho on the first evening.'),
  (2, 'Insurance sales meeting', 'ATLANTICO', 12, 'atlantico', 'LIS', 'CORP', 58, 60, 40, 'tentative', 15, 'Waits for the budget.'),
  (3, 'Wedding Fonseca and Matos', 'FONSECA', 28, null, 'LIS', 'BAR', 85, 87, 55, 'definite', null, 'Dinner on the terrace.'),
  (4, 'Cycling club of Évora', 'PEDAL', 38, null, 'CAS', 'BAR', 9, 11, -5, 'released', null, 'Came with fewer people than they thought.'),
  (5, 'Dentists'' congress', null, 22, null, 'LIS', 'CORP', 30, 33, 10, 'cancelled', null, 'Congress moved to Porto.')
) v (n, name, code, customer, account, location, plan, since, until, cutoff, status, decide, note)
left join identity.group_accounts g on g.biz_id = pg_temp.biz() and g.id = pg_temp.id('group_account/' || v.account)
order by v.n;
insert into hospitality.group_block_allotments (biz_id, id, block_id, unit_type_id, stay_date, allotted, picked_up, released, rate_minor, currency)
select b.biz_id, pg_temp.id('allotment/' || v.n || '/' || v.unit || '/' || s.day::date), b.id, t.id, s.day::date, v.allotted, v.picked_up, case when b.status in ('released', 'cancelled') then v.allotted - v.picked_up else 0 end, v.rate, 'EUR'
from (values (1, 'STD', 4, 3, 10400::bigint), (1, 'SEA', 1, 0, 14900), (2, 'STD', 3, 0, 10100), (2, 'SUP', 2, 0, 13500), (3, 'SUP', 3, 1, 15900), (3, 'STE', 1, 1, 24500), (4, 'STD', 3, 1, 9900), (5, 'STD', 4, 0, 10100)) v (n, unit, allotted, picked_up, rate)
join hospitality.group_blocks b on b.biz_id = pg_temp.biz() and b.id = pg_temp.id('group-block/' || v.n)
join resources.unit_types t on t.biz_id = b.biz_id and t.location_id = b.location_id and t.code = v.unit
cross join lateral generate_series(b.starts_on, b.ends_on - 1, interval '1 day') s (day);

-- Housekeeping.
insert into hospitality.housekeeping_checklists (biz_id, id, name, kind, unit_type_id, items, est_minutes)
select pg_temp.biz(), pg_temp.id('housekeeping-checklist/' || v.code), v.name, v.kind, case when v.unit is not null then (select t.id from resources.unit_types t where t.biz_id = pg_temp.biz() and t.location_id = pg_temp.location('LIS') and t.code = v.unit) end, v.items::text[], v.minutes
from (values
  ('departure', 'After departure', 'departure', null, '{Windows open,Beds stripped,Bathroom,Floor,Minibar counted,Beds made,Amenities,Lights and television}', 40),
  ('departure-suite', 'After departure, suite', 'departure', 'STE', '{Windows open,Beds stripped,Both bathrooms,Living room,Terrace,Minibar counted,Beds made,Flowers}', 70),
  ('stayover', 'Stayover', 'stayover', null, '{Beds made,Bathroom,Towels,Bins,Minibar counted}', 22),
  ('turndown', 'Turndown', 'turndown', null, '{Curtains,Slippers,Water and chocolate}', 8),
  ('deep', 'Deep cleaning', 'deep', null, '{Mattress turned,Curtains washed,Behind furniture,Grout,Air conditioning filter}', 120),
  ('inspection', 'Inspection', 'inspection', null, '{Smell,Bathroom,Bed,Minibar,Lights}', 10)
) v (code, name, kind, unit, items, minutes);
create temporary table demo_task on commit drop as
select t.*, row_number() over (order by t.business_date, t.location_id, t.resource_id, t.kind) as n, row_number() over (partition by t.business_date order by t.kind, t.resource_id) as k
from (
  select d.biz_id, d.location_id, d.resource_id, d.check_out_on as business_date, 'departure' as kind, d.id as stay_id
  from demo_stay d where d.resource_id is not null and d.order_status = 'completed' and d.check_out_on between pg_temp.day(-4) and pg_temp.day(0)
  union all
  select d.biz_id, d.location_id, d.resource_id, x.day::date, 'stayover', d.id
  from demo_stay d
  cross join lateral generate_series(greatest(d.check_in_on + 1, pg_temp.day(-4)), least(d.check_out_on - 1, pg_temp.day(0)), interval '1 day') x (day)
  where d.resource_id is not null and d.order_status in ('completed', 'in_progress')
  union all
  select r.biz_id, r.location_id, r.id, pg_temp.day(v.day), v.kind, null
  from (values ('LIS-401', 0, 'turndown'), ('LIS-402', 0, 'turndown'), ('LIS-301', 0, 'inspection'), ('LIS-101', -1, 'deep'), ('CAS-24', 0, 'deep'), ('LIS-106', 0, 'inspection'), ('CAS-11', -2, 'inspection'), ('LIS-105', 0, 'deep')) v (number, day, kind)
  join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number
) t;
with f as materialized (select core.next_numbers('housekeeping_task', 'HK', (select count(*) from demo_task)) as first)
insert into hospitality.housekeeping_tasks (
  biz_id, id, number, location_id, resource_id, business_date, kind, stay_id, checklist_id, items, items_done, assignee_id, priority, due_at, est_minutes, status, started_at, finished_at, minutes, inspected_by_id, skip_reason, note)
select d.biz_id, pg_temp.id('housekeeping-task/' || d.n), core.format_number('HK', '', f.first + d.n - 1, 6), d.location_id, d.resource_id, d.business_date, d.kind, d.stay_id, c.id, c.items,
  case when s.status in ('done', 'inspected', 'rejected') then (select array_agg(i) from generate_series(1, cardinality(c.items)) i) when s.status in ('in_progress', 'paused') then '{1,2}' else '{}' end,
  case when s.status <> 'pending' then pg_temp.id('staff/' || case l.code when 'LIS' then (array['fatima', 'olga', 'sandra'])[1 + d.n % 3] else (array['lucia', 'zulmira'])[1 + d.n % 2] end) end,
  case d.kind when 'departure' then 2 when 'inspection' then 1 else 0 end, (d.business_date + time '15:00') at time zone 'Europe/Lisbon', c.est_minutes, s.status, w.started_at, w.finished_at,
  case when w.finished_at is not null then round(extract(epoch from w.finished_at - w.started_at) / 60)::integer end, case when s.status = 'inspected' then pg_temp.person('desk') end,
  case when s.status = 'skipped' then (array['do_not_disturb', 'refused', 'not_needed', 'no_time'])[1 + d.n % 4] end, case when s.status = 'rejected' then 'Hair in the shower.' when s.status = 'paused' then 'Waits for linen.' end
from demo_task d
cross join f
join core.locations l on l.biz_id = d.biz_id and l.id = d.location_id
join hospitality.housekeeping_checklists c on c.biz_id = d.biz_id and c.kind = d.kind and c.unit_type_id is null
cross join lateral (select case
  when d.business_date < pg_temp.day(0) then case when d.n % 7 = 0 and d.kind <> 'departure' then 'skipped' when d.n % 5 = 0 and d.kind <> 'departure' then 'done' else 'inspected' end
  else (array['in_progress', 'assigned', 'done', 'pending', 'paused', 'rejected', 'inspected', 'assigned', 'pending', 'skipped'])[1 + (d.k::integer - 1) % 10] end as status) s
cross join lateral (select b.begun as started_at, case when s.status in ('done', 'inspected', 'rejected') then b.begun + make_interval(mins => c.est_minutes - 6 + d.n::integer % 11) end as finished_at
  from (select case when s.status in ('in_progress', 'paused', 'done', 'inspected', 'rejected') then least((d.business_date + time '10:00' + make_interval(mins => d.n::integer * 7 % 180)) at time zone 'Europe/Lisbon', now() - interval '2 hours 15 minutes') end as begun) b) w;

-- Lost and found.
insert into hospitality.lost_and_found (biz_id, id, number, location_id, resource_id, found_at, found_by_id, description, storage_place, stay_id, customer_id, status, keep_until, returned_at, disposed_at, shipping_ref, note)
select pg_temp.biz(), pg_temp.id('lost-item/' || v.n), core.next_number('lost_item', 'LF'), r.location_id, r.id, pg_temp.at(v.day, '11:40'), pg_temp.id('staff/' || v.staff), v.what, v.place, s.id, case when v.status in ('matched', 'returned') then coalesce(s.primary_customer_id, pg_temp.customer(10 + v.n)) end, v.status,
  pg_temp.day(v.day + 90), case when v.status = 'returned' then pg_temp.at(v.day + 2, '17:00') end, case when v.status = 'disposed' then pg_temp.at(-1, '09:00') end, v.shipping, v.note
from (values
  (1, 'LIS-201', -3, 'fatima', 'Silver earring with a green stone', 'Safe at reception', 'found', null, null), (2, 'LIS-104', -5, 'olga', 'Phone charger, white', 'Box 2', 'found', null, null),
  (3, 'CAS-21', -8, 'lucia', 'Child''s plush rabbit', 'Shelf in the office', 'returned', 'CTT RR482910337PT', 'Sent to Hamburg.'), (4, 'LIS-302', -2, 'sandra', 'Reading glasses in a brown case', 'Box 2', 'matched', null, 'Guest calls back on Monday.'),
  (5, 'CAS-13', -12, 'zulmira', 'Blue wool scarf', 'Box 1', 'returned', null, 'Collected in person.'), (6, 'LIS-401', -95, 'olga', 'Umbrella, black', 'Stand at the door', 'disposed', null, 'Kept for three months.'),
  (7, 'SPA-T1', -1, 'carla', 'Swimsuit, size M', 'Spa desk', 'found', null, null), (8, 'LIS-202', -6, 'fatima', 'Paperback, in Spanish', 'Library in the lobby', 'matched', null, null)
) v (n, number, day, staff, what, place, status, shipping, note)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number
left join lateral (select x.id, x.primary_customer_id from hospitality.stays x where x.biz_id = r.biz_id and x.resource_id = r.id and x.status = 'checked_out' and x.checked_out_on <= pg_temp.day(v.day) order by x.checked_out_at desc limit 1) s on true
order by v.n;
