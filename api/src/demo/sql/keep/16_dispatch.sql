-- Others may use: resource/truck-4, resource/driver-1 .. driver-3, vehicle/1 .. vehicle/4 (truck-1, truck-2, truck-4, truck-3), route/linehaul. Needs resource/truck-1 .. truck-3 of 04_resources.

-- pg_temp.id without a look at the tenant: the same ids, faster.
create or replace function pg_temp.key(name text) returns uuid
language sql stable as $$ select overlay(md5('keep:' || name) placing '8' from 13 for 1)::uuid $$;

-- Drivers are resources, and so is one vehicle more than there is
insert into resources.resource_types (biz_id, id, code, name, kind)
values (pg_temp.biz(), pg_temp.key('resource-type/driver'), 'driver', 'Driver', 'human');
insert into resources.resources (biz_id, id, number, type_id, location_id, name, lifecycle_status, sort_key)
select pg_temp.biz(), pg_temp.key('resource/' || v.resource), v.number, pg_temp.key('resource-type/' || v.type), pg_temp.location(v.location), v.name, 'active', v.number
from (values
  ('truck-4', 'TRK-04', 'truck', 'SHA', 'Flatbed 9 t, VFA 6612'),
  ('driver-1', 'TRK-D1', 'driver', 'PKL', 'Ahmad Firdaus'),
  ('driver-2', 'TRK-D2', 'driver', 'PKL', 'Ravi Chandran'),
  ('driver-3', 'TRK-D3', 'driver', 'SHA', 'Lim Wei Jian')
) v(resource, number, type, location, name);

insert into dispatch.fleet_vehicles (
  biz_id, id, resource_id, depot_location_id, default_driver_id, telematics_ref, duty_status, seats, payload_g, volume_cm3, last_lat, last_lng, last_position_at
)
select pg_temp.biz(), pg_temp.key('vehicle/' || v.n), pg_temp.key('resource/' || v.resource), pg_temp.location(v.location), case when v.driver is not null then pg_temp.key('resource/driver-' || v.driver) end,
  v.telematics, v.duty, v.seats, v.payload, v.volume, v.lat, v.lng, case when v.lat is not null then now() - v.ago * interval '1 minute' end
from (values
  (1, 'truck-1', 'PKL', 1, 'mytrack-3301', 'available', 3, 5200000::bigint, 34000000::bigint, 3.0051, 101.3922, 1),
  (2, 'truck-2', 'PKL', 2, 'mytrack-3302', 'on_task', 3, 3000000, 18000000, 3.0412, 101.4605, 1),
  (3, 'truck-4', 'SHA', 3, 'mytrack-3307', 'off_duty', 3, 9000000, 42000000, 3.0738, 101.5183, 2),
  (4, 'truck-3', 'SHA', null, null, 'out_of_service', 3, 3100000, 20000000, null, null, null::integer)
) v(n, resource, location, driver, telematics, duty, seats, payload, volume, lat, lng, ago);

-- A driver drives the vehicle of the same number: days that were, today, and days to come
insert into dispatch.driver_shifts (
  biz_id, id, driver_id, vehicle_id, location_id, starts_at, ends_at, status, started_at, finished_at, start_odometer_m, end_odometer_m
)
select pg_temp.biz(), pg_temp.key('driver_shift/' || d.n || '/' || s.day), pg_temp.key('resource/driver-' || d.n), pg_temp.key('vehicle/' || d.n), (select pg_temp.location('PKL')), s.starts_at, s.ends_at, s.status,
  case when s.status in ('active', 'completed') then s.starts_at + d.n * interval '2 minutes' end, case when s.status = 'completed' then s.ends_at + d.n * interval '5 minutes' end,
  case when s.status in ('active', 'completed') then 41200000 + d.n * 9000000 + (s.day + 10) * 160000 end, case when s.status = 'completed' then 41200000 + d.n * 9000000 + (s.day + 11) * 160000 - 9000 end
from generate_series(1, 3) d(n)
cross join generate_series(-6, 3) g(day)
cross join lateral (
  select g.day,
    case when g.day <> 0 then pg_temp.at(g.day, '07:00') when d.n = 3 then now() + interval '2 hours' else now() - interval '3 hours' end as starts_at,
    case when g.day <> 0 then pg_temp.at(g.day, '15:30') when d.n = 3 then now() + interval '6 hours' else now() + interval '5 hours' end as ends_at,
    case when g.day < 0 then 'completed' when g.day = 3 and d.n = 3 then 'cancelled' when g.day = 0 and d.n < 3 then 'active' else 'planned' end as status
) s
where not (g.day = -5 and d.n = 2);

insert into dispatch.geofences (biz_id, id, location_id, name, shape, lat, lng, radius_m, polygon, dwell_minutes, is_active)
select pg_temp.biz(), pg_temp.key('geofence/' || v.n), case when v.location is not null then pg_temp.location(v.location) end, v.name, case when v.polygon is null then 'circle' else 'polygon' end,
  v.lat, v.lng, v.radius, v.polygon::jsonb, v.dwell, v.n < 4
from (values
  (1, 'PKL', 'Yard Port Klang', 3.0051, 101.3922, 250, null, null::integer),
  (2, 'SHA', 'Yard Shah Alam', 3.0738, 101.5183, 200, null, 15),
  (3, null, 'Westports gate', null, null, null, '[[101.2990, 2.9760], [101.3080, 2.9760], [101.3080, 2.9690], [101.2990, 2.9690]]', 30)
) v(n, location, name, lat, lng, radius, polygon, dwell);

-- Where the vehicles went in the last hours, and yesterday
insert into dispatch.vehicle_positions (
  biz_id, id, vehicle_id, recorded_at, received_at, lat, lng, speed_mps, heading_degrees, accuracy_m, odometer_m
)
select pg_temp.biz(), pg_temp.key('vehicle_position/' || v.n || '/' || t.back || '/' || k), pg_temp.key('vehicle/' || v.n), r.recorded_at, r.recorded_at + interval '3 seconds',
  round((v.lat + (v.to_lat - v.lat) * abs((k % 40) - 20) / 20.0 + (k * 13 % 7) * 0.0004)::numeric, 6), round((v.lng + (v.to_lng - v.lng) * abs((k % 40) - 20) / 20.0)::numeric, 6),
  case when k % 9 = 0 then 0 else 8 + k * 5 % 15 end, (v.n * 70 + k * 11) % 360, 4 + k % 6, 41200000 + v.n * 9000000 + 10 * 160000 - t.back * 90 + (30 - k) * 1100
from (values
  (1, 3.0051, 101.3922, 2.9740, 101.3040),
  (2, 3.0051, 101.3922, 3.0738, 101.5183)
) v(n, lat, lng, to_lat, to_lng)
cross join (values (0), (1440)) t(back)
cross join generate_series(0, 29) k
cross join lateral (select now() - (t.back + v.n + k * 4) * interval '1 minute' as recorded_at) r;

-- Routes, trips, stops and seats
insert into dispatch.transport_routes (biz_id, id, code, name, mode, timezone, starts_on, is_active)
select pg_temp.biz(), pg_temp.key('route/' || v.code), v.code, v.name, v.mode, 'Asia/Kuala_Lumpur', pg_temp.day(-200), v.active
from (values
  ('linehaul', 'Port Klang to Shah Alam', 'van', true),
  ('westports', 'Westports round', 'van', true)
) v(code, name, mode, active);
insert into dispatch.transport_route_stops (biz_id, id, route_id, seq, name, location_id, lat, lng, arrival_offset_minutes, dwell_minutes, allows_pickup, allows_dropoff)
select pg_temp.biz(), pg_temp.key('route_stop/' || v.code || '/' || v.seq), pg_temp.key('route/' || v.code), v.seq, v.name, case when v.location is not null then pg_temp.location(v.location) end, v.lat, v.lng,
  v.minutes, v.dwell, v.seq < 3, v.seq > 1
from (values
  ('linehaul', 1, 'Keep Port Klang', 'PKL', 3.005100, 101.392200, 0, 0),
  ('linehaul', 2, 'Klang, Bukit Raja', null, 3.086500, 101.435200, 30, 20),
  ('linehaul', 3, 'Keep Shah Alam', 'SHA', 3.073800, 101.518300, 75, 0),
  ('westports', 1, 'Keep Port Klang', 'PKL', 3.005100, 101.392200, 0, 0),
  ('westports', 2, 'Westports gate', null, 2.974000, 101.304000, 35, 40),
  ('westports', 3, 'Keep Port Klang', 'PKL', 3.005100, 101.392200, 115, 0)
) v(code, seq, name, location, lat, lng, minutes, dwell);

create temporary table demo_trips on commit drop as
select pg_temp.key('trip/' || t.route || '/' || t.day) as id, t.*, row_number() over (order by t.day, t.route) as nth
from (
  select r.route, r.vehicle, r.capacity, r.minutes, g.day, pg_temp.at(g.day, r.departs::time) as departs_at,
    case when g.day = -3 and r.vehicle = 2 then 'cancelled' when g.day = 2 and r.vehicle = 1 then 'cancelled' when g.day < 0 then 'completed' else 'scheduled' end as status
  from (values ('westports', 1, 2, 120, '08:00'), ('linehaul', 2, 2, 80, '11:00')) r(route, vehicle, capacity, minutes, departs)
  cross join generate_series(-5, 4) g(day)
  where g.day <> 0
  union all
  select r.route, r.vehicle, r.capacity, r.minutes, 0, case r.vehicle when 1 then now() + interval '10 minutes' else now() - interval '25 minutes' end,
    case r.vehicle when 1 then 'boarding' else 'departed' end
  from (values ('westports', 1, 2, 120, '08:00'), ('linehaul', 2, 2, 80, '11:00')) r(route, vehicle, capacity, minutes, departs)
) t;
insert into dispatch.transport_trips (
  biz_id, id, number, route_id, location_id, service_date, departs_at, arrives_at, vehicle_id, driver_id, capacity, status, delay_minutes, departed_at, completed_at, cancel_reason
)
select pg_temp.biz(), t.id, 'TR-' || lpad(t.nth::text, 5, '0'), pg_temp.key('route/' || t.route), (select pg_temp.location('PKL')), pg_temp.day(t.day), t.departs_at, t.departs_at + t.minutes * interval '1 minute',
  case when t.day < 3 then pg_temp.key('vehicle/' || t.vehicle) end, case when t.day < 3 then pg_temp.key('resource/driver-' || t.vehicle) end, t.capacity, t.status,
  case when t.status in ('completed', 'departed') then abs(t.day * 5 + t.vehicle * 3) % 9 else 0 end, case when t.status in ('completed', 'departed') then t.departs_at + interval '2 minutes' end,
  case when t.status = 'completed' then t.departs_at + (t.minutes + 4) * interval '1 minute' end, case when t.status = 'cancelled' then 'Containers held at customs' end
from demo_trips t;
insert into dispatch.trip_stops (
  biz_id, id, trip_id, seq, route_stop_id, name, location_id, lat, lng, planned_arrival_at, planned_departure_at, actual_arrival_at, actual_departure_at, allows_pickup, allows_dropoff, status
)
select s.biz_id, pg_temp.key('trip_stop/' || t.route || '/' || t.day || '/' || s.seq), t.id, s.seq, s.id, s.name, s.location_id, s.lat, s.lng, p.arrival, p.departure,
  case when a.status in ('arrived', 'departed') then least(p.arrival + interval '2 minutes', now()) end, case when a.status = 'departed' then least(p.departure + interval '3 minutes', now()) end, s.allows_pickup, s.allows_dropoff, a.status
from demo_trips t
join dispatch.transport_route_stops s on s.biz_id = pg_temp.biz() and s.route_id = pg_temp.key('route/' || t.route)
cross join lateral (
  select t.departs_at + s.arrival_offset_minutes * interval '1 minute' as arrival, t.departs_at + (s.arrival_offset_minutes + s.dwell_minutes) * interval '1 minute' as departure
) p
cross join lateral (
  select case when t.status = 'completed' then case when s.seq = 3 then 'arrived' when s.seq = 2 and t.day = -2 then 'skipped' else 'departed' end
    when s.seq = 1 and t.status = 'departed' then 'departed' when s.seq = 1 and t.status = 'boarding' then 'arrived' else 'planned' end as status
) a;

create temporary table demo_passengers on commit drop as
select t.route, t.day, t.id as trip_id, k, case when k % 3 = 0 then 2 else 1 end as from_seq, case when k % 2 = 0 then 2 else 3 end + case when k % 6 = 0 then 1 else 0 end as to_seq,
  k % 2 + 1 as seats, t.departs_at, t.minutes,
  case t.status when 'completed' then (array['alighted', 'alighted', 'alighted', 'no_show', 'cancelled'])[k] when 'departed' then (array['boarded', 'alighted', 'reserved', 'no_show', 'boarded'])[k]
    when 'boarding' then (array['boarded', 'checked_in', 'reserved', 'checked_in', 'cancelled'])[k] when 'cancelled' then 'cancelled'
    else (array['reserved', 'reserved', 'cancelled', 'reserved', 'reserved'])[k] end as status, null::uuid as hold_id,
  numbered.id as order_id
from demo_trips t
cross join generate_series(1, 5) k
join (
  select o.id, o.status, row_number() over (partition by o.status order by o.number) as nth
  from booking.booking_orders o
  where o.biz_id = pg_temp.biz() and o.status in ('completed', 'confirmed')
) numbered on numbered.status = case when t.day < 0 then 'completed' else 'confirmed' end and numbered.nth = (t.nth * 5 + k) % 24 + 1
where k = 1 and t.day % 2 = 0;
update demo_passengers set to_seq = 3 where to_seq <= from_seq;
update demo_passengers p set status = 'held', hold_id = o.hold_id, order_id = o.id
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.id = pg_temp.booking('held', p.day) and o.hold_id is not null and p.day in (1, 3) and p.k = 5 and p.status = 'reserved';
insert into dispatch.trip_stop_inventory (biz_id, id, trip_id, from_seq, capacity, sold, held)
select pg_temp.biz(), pg_temp.key('trip_leg/' || t.route || '/' || t.day || '/' || s.seq), t.id, s.seq, t.capacity,
  coalesce(sum(p.seats) filter (where p.status not in ('held', 'cancelled')), 0), coalesce(sum(p.seats) filter (where p.status = 'held'), 0)
from demo_trips t
cross join generate_series(1, 2) s(seq)
left join demo_passengers p on p.trip_id = t.id and p.from_seq <= s.seq and p.to_seq > s.seq
group by t.route, t.day, t.id, s.seq, t.capacity;
insert into dispatch.trip_manifests (
  biz_id, id, trip_id, booking_order_id, booking_hold_id, from_seq, to_seq, seats, seat, status, ticket_hash, boarded_at, alighted_at
)
select pg_temp.biz(), pg_temp.key('passenger/' || p.route || '/' || p.day || '/' || p.k), p.trip_id, p.order_id, p.hold_id, p.from_seq, p.to_seq, p.seats, case when p.seats = 1 then p.k || 'A' end, p.status,
  sha256(('keep demo passenger ' || p.route || p.day || p.k)::bytea), case when p.status in ('boarded', 'alighted') then least(now(), p.departs_at) end,
  case when p.status = 'alighted' then least(now(), p.departs_at + p.minutes * interval '1 minute') end
from demo_passengers p;

-- Tasks: those of the days before, and those that are open now
create temporary table demo_road_tasks on commit drop as
select 'past/' || n as name, (array['pickup', 'dropoff', 'dropoff', 'service', 'return'])[n % 5 + 1] as kind, (n * 7) % 24 + 1 as customer, n % 3 + 1 as vehicle,
  pg_temp.at(-(n % 9) - 1, '08:00') + n * interval '11 minutes' as starts_at, case n % 8 when 5 then 'failed' when 7 then 'cancelled' else 'completed' end as status,
  case n when 5 then 'nobody_there' when 13 then 'wrong_address' when 21 then 'vehicle' end as failure, null::text as requires, null::text as attempt_of, n as seq, n % 4 as quantity,
  (array[null, 'signature', 'code', 'photo'])[n % 4 + 1] as proof, null::text as note
from generate_series(1, 24) n
union all
select v.name, v.kind, v.customer, v.vehicle, now() + v.minutes * interval '1 minute', v.status, v.failure, v.requires, v.attempt_of, v.seq, v.quantity, v.proof, v.note
from (values
  ('now/1', 'pickup', 2, 1, -80, 'completed', null, null, null, 1, 6, 'photo', 'Six pallets at the customs shed'),
  ('now/2', 'return', 2, 1, -40, 'arrived', null, 'now/1', null, 2, 6, null, null),
  ('now/3', 'dropoff', 5, 2, -20, 'en_route', null, null, null, 1, 4, 'signature', 'Chilled; call thirty minutes before'),
  ('now/4', 'dropoff', 8, 1, 30, 'accepted', null, null, null, 3, 2, 'signature', null),
  ('now/5', 'pickup', 11, 2, 60, 'assigned', null, null, null, 2, 3, 'photo', null),
  ('now/6', 'dropoff', 14, 2, 130, 'assigned', null, 'now/5', null, 3, 3, 'code', null),
  ('now/7', 'dropoff', 17, null, 180, 'unassigned', null, null, null, 4, 1, 'signature', null),
  ('now/8', 'pickup', 20, null, 220, 'unassigned', null, null, null, 6, 8, 'photo', 'Tail lift needed'),
  ('now/9', 'dropoff', 23, 1, -140, 'failed', 'nobody_there', null, null, 5, 2, 'signature', null),
  ('now/10', 'dropoff', 23, 1, 100, 'assigned', null, null, 'now/9', 6, 2, 'signature', 'Second attempt, storekeeper will be there'),
  ('now/11', 'pickup', 4, 2, -60, 'cancelled', null, null, null, 7, 1, null, 'Customer brings it on their own lorry')
) v(name, kind, customer, vehicle, minutes, status, failure, requires, attempt_of, seq, quantity, proof, note);

insert into core.media_assets (
  biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, scan_status, uploaded_at
)
select pg_temp.biz(), pg_temp.key('task_proof/' || t.name), 'DispatchTask', pg_temp.key('dispatch_task/' || t.name), 'photo', 'demo/keep/proof/' || replace(t.name, '/', '-') || '.jpg',
  t.proof || '-' || t.seq || '.jpg', 'image/jpeg', 180000 + t.seq * 3571, encode(sha256(('keep proof ' || t.name)::bytea), 'hex'), 'clean', t.starts_at + interval '35 minutes'
from demo_road_tasks t
where t.status = 'completed' and t.proof in ('signature', 'photo');

insert into dispatch.dispatch_tasks (
  biz_id, id, number, kind, location_id, customer_id, contact_phone_enc, lat, lng, starts_at, ends_at, service_minutes, quantity, weight_g, volume_cm3, requires_task_id, attempt_of_id,
  attempt_no, vehicle_id, driver_id, seq, priority, due_at, status, failure, outcome_note, started_at, arrived_at, finished_at, eta_at, required_proof, proof_kind, proof_media_id, proof_code_hash
)
select c.biz_id, pg_temp.key('dispatch_task/' || t.name), 'DT-' || lpad((row_number() over (order by t.starts_at, t.name))::text, 5, '0'), t.kind, (select pg_temp.location('PKL')), c.id, c.phone_enc,
  3.0400 + (t.customer * 37 % 40 - 20) * 0.0021, 101.4300 + (t.customer * 53 % 40 - 20) * 0.0027, t.starts_at, t.starts_at + interval '60 minutes', 5 + t.seq % 3 * 5, greatest(t.quantity, 1),
  greatest(t.quantity, 1) * 420000, greatest(t.quantity, 1) * 1500000, case when t.requires is not null then pg_temp.key('dispatch_task/' || t.requires) end,
  case when t.attempt_of is not null then pg_temp.key('dispatch_task/' || t.attempt_of) end, case when t.attempt_of is not null then 2 else 1 end,
  case when t.status <> 'unassigned' then pg_temp.key('vehicle/' || t.vehicle) end, case when t.status <> 'unassigned' then pg_temp.key('resource/driver-' || t.vehicle) end,
  case when t.status <> 'unassigned' then t.seq end, t.seq % 3, t.starts_at + interval '75 minutes', t.status, t.failure, coalesce(t.note, case t.failure when 'nobody_there' then 'Rang twice, waited ten minutes' when 'wrong_address' then 'No such number in the street' when 'vehicle' then 'Flat tyre on the way' end),
  case when t.status in ('en_route', 'arrived', 'completed', 'failed') then least(t.starts_at + interval '5 minutes', now()) end,
  case when t.status in ('arrived', 'completed') then least(t.starts_at + interval '24 minutes', now()) end,
  case when t.status in ('completed', 'failed', 'cancelled') then least(t.starts_at + interval '36 minutes', now()) end,
  case when t.status in ('accepted', 'en_route') then greatest(t.starts_at + interval '24 minutes', now() + interval '9 minutes') end, t.proof,
  case when t.status = 'completed' then t.proof end, case when t.status = 'completed' and t.proof in ('signature', 'photo') then pg_temp.key('task_proof/' || t.name) end,
  case when t.proof = 'code' then sha256(('keep task code ' || t.name)::bytea) end
from demo_road_tasks t
join (select c.biz_id, c.id, c.phone_enc, row_number() over (order by c.number) as nth from crm.customers c where c.biz_id = pg_temp.biz()) c on c.nth = t.customer
order by t.starts_at, t.name;

insert into dispatch.task_assignments (
  biz_id, id, task_id, driver_id, vehicle_id, driver_shift_id, assigned_by_id, accepted_at, declined_at, decline_reason, ended_at, created_at
)
select pg_temp.biz(), pg_temp.key('task_assignment/' || t.name), pg_temp.key('dispatch_task/' || t.name), pg_temp.key('resource/driver-' || t.vehicle), pg_temp.key('vehicle/' || t.vehicle),
  case when t.name like 'now/%' and t.vehicle < 3 then pg_temp.key('driver_shift/' || t.vehicle || '/0') end, (select pg_temp.person('desk')),
  case when t.status not in ('assigned', 'cancelled') then least(t.starts_at - interval '20 minutes', now() - interval '1 minute') end, null, null,
  case when t.status in ('completed', 'failed', 'cancelled') then least(t.starts_at + interval '36 minutes', now()) end, least(t.starts_at - interval '50 minutes', now() - interval '2 minutes')
from demo_road_tasks t
where t.status <> 'unassigned'
union all
select pg_temp.biz(), pg_temp.key('task_assignment/' || t.name || '/declined'), pg_temp.key('dispatch_task/' || t.name), pg_temp.key('resource/driver-3'), pg_temp.key('vehicle/3'), null, (select pg_temp.person('desk')),
  null, a.answered, 'Too heavy for the tail lift', a.answered, a.answered - interval '4 minutes'
from demo_road_tasks t
cross join lateral (select least(t.starts_at - interval '55 minutes', now() - interval '3 minutes') as answered) a
where t.vehicle <> 3 and t.seq % 5 = 2;

insert into dispatch.eta_events (biz_id, id, task_id, computed_at, eta_at, p90_at, source, distance_m)
select t.biz_id, pg_temp.key('eta_event/' || d.name || '/' || k), t.id, e.computed_at, e.eta_at, e.eta_at + interval '7 minutes', (array['router', 'traffic', 'device'])[k], (4 - k) * 2350 + d.seq * 90
from demo_road_tasks d
join dispatch.dispatch_tasks t on t.biz_id = pg_temp.biz() and t.id = pg_temp.key('dispatch_task/' || d.name)
cross join generate_series(1, 3) k
cross join lateral (
  select least(t.started_at + (k - 1) * interval '5 minutes', now()) as computed_at,
    greatest(coalesce(t.arrived_at, t.eta_at, t.finished_at) + (2 - k) * interval '3 minutes', t.started_at + (k - 1) * interval '5 minutes') as eta_at
) e
where t.started_at is not null;
insert into dispatch.eta_events (biz_id, id, trip_stop_id, computed_at, eta_at, p90_at, source, distance_m)
select s.biz_id, pg_temp.key('eta_event/stop/' || s.seq || '/' || k), s.id, now() - k * interval '6 minutes', greatest(s.planned_arrival_at, now()) + (4 - k) * interval '1 minute', greatest(s.planned_arrival_at, now()) + interval '9 minutes',
  case k when 3 then 'manual' else 'traffic' end, s.seq * 6200 + k * 1500
from demo_trips t
join dispatch.trip_stops s on s.biz_id = pg_temp.biz() and s.trip_id = t.id and s.status = 'planned'
cross join generate_series(1, 3) k
where t.status = 'departed';

insert into dispatch.route_plans (biz_id, id, location_id, service_date, solver, objective, parameters, status, result, solved_at, applied_at)
select pg_temp.biz(), pg_temp.key('route_plan/' || v.n), (select pg_temp.location('PKL')), pg_temp.day(v.day), 'vroom', v.objective, '{"speed_factor": 0.9, "working_hours": ["07:00", "15:30"], "max_tasks_per_vehicle": 14}', v.status, v.result::jsonb,
  case when v.result is not null then least(now(), pg_temp.at(v.day, '06:10')) end, case when v.status = 'applied' then pg_temp.at(v.day, '06:25') end
from (values
  (1, -1, 'time', 'applied', '{"cost": 15840, "distance_m": 61200, "unassigned": 0}'),
  (2, -2, 'distance', 'applied', '{"cost": 13210, "distance_m": 55870, "unassigned": 1}'),
  (3, -2, 'cost', 'discarded', '{"cost": 17900, "distance_m": 70310, "unassigned": 3}'),
  (4, 0, 'lateness', 'proposed', '{"cost": 9420, "distance_m": 38150, "unassigned": 1}'),
  (5, 1, 'time', 'solving', null),
  (6, 2, 'balance', 'draft', null)
) v(n, day, objective, status, result);
insert into dispatch.route_plan_tasks (biz_id, id, plan_id, task_id, task_version, vehicle_id, driver_id, seq, eta_at)
select pg_temp.biz(), pg_temp.key('route_plan_task/' || p.plan || '/' || t.name), pg_temp.key('route_plan/' || p.plan), pg_temp.key('dispatch_task/' || t.name), 1, case when p.is_solved then pg_temp.key('vehicle/' || t.vehicle) end,
  case when p.is_solved then pg_temp.key('resource/driver-' || t.vehicle) end, case when p.is_solved then row_number() over (partition by p.plan, t.vehicle order by t.starts_at, t.name) end,
  case when p.is_solved then t.starts_at + interval '24 minutes' end
from demo_road_tasks t
cross join (values (1, true), (2, true), (3, true), (4, true), (5, false), (6, false)) p(plan, is_solved)
where case p.plan when 1 then t.name like 'past/%' and t.starts_at >= pg_temp.at(-1, '00:00') when 4 then t.status in ('assigned', 'accepted') when 5 then t.status = 'unassigned' when 6 then t.status = 'unassigned' and t.seq % 2 = 0
  else t.name like 'past/%' and t.starts_at < pg_temp.at(-1, '00:00') and t.starts_at >= pg_temp.at(-2, '00:00') end;

insert into dispatch.tracking_links (biz_id, id, task_id, token_hash, expires_at, revoked_at, last_viewed_at)
select pg_temp.biz(), pg_temp.key('tracking_link/' || t.name), pg_temp.key('dispatch_task/' || t.name), sha256(('keep demo tracking ' || t.name)::bytea), t.starts_at + interval '4 hours',
  case when t.status = 'failed' then least(now(), t.starts_at + interval '40 minutes') end, case when t.status in ('en_route', 'arrived', 'completed') then least(now(), t.starts_at + interval '15 minutes') end
from demo_road_tasks t
where t.kind in ('pickup', 'dropoff') and t.status not in ('unassigned', 'cancelled', 'assigned');
