-- Dispatch: vehicles, shifts, trips with their seats leg by leg, tasks in their order, and plans.

-- given: a second van, and the fleet
insert into resources.resources (biz_id, id, number, type_id, location_id, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000001', 'V-2', '00000000-0000-7000-8000-000000000043', '00000000-0000-7000-8000-000000000011', 'Van 2');
insert into dispatch.fleet_vehicles (biz_id, id, resource_id, depot_location_id, default_driver_id, seats) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000002', '00000000-0000-7000-8000-000000000055', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000053', 8), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000003', '00000000-0000-7016-8000-000000000001', '00000000-0000-7000-8000-000000000011', null, 8);

-- given: a route of three stops
insert into dispatch.transport_routes (biz_id, id, code, name, mode, timezone) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000010', 'coast', 'Coast', 'shuttle', 'Europe/Lisbon');
insert into dispatch.transport_route_stops (biz_id, id, route_id, seq, name, arrival_offset_minutes, dwell_minutes) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000011', '00000000-0000-7016-8000-000000000010', 1, 'A', 0, 5), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000012', '00000000-0000-7016-8000-000000000010', 2, 'B', 30, 5), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000013', '00000000-0000-7016-8000-000000000010', 3, 'C', 60, 0);

-- given: a trip with one seat left on each leg
insert into dispatch.transport_trips (biz_id, id, number, route_id, location_id, service_date, departs_at, arrives_at, vehicle_id, driver_id, capacity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000020', 'TR-1', '00000000-0000-7016-8000-000000000010', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 10:00Z', '2027-03-01 11:00Z', '00000000-0000-7016-8000-000000000002', '00000000-0000-7000-8000-000000000053', 2);
insert into dispatch.trip_stops (biz_id, id, trip_id, seq, name, planned_arrival_at, planned_departure_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000021', '00000000-0000-7016-8000-000000000020', 1, 'A', '2027-03-01 10:00Z', '2027-03-01 10:05Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000022', '00000000-0000-7016-8000-000000000020', 2, 'B', '2027-03-01 10:30Z', '2027-03-01 10:35Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000023', '00000000-0000-7016-8000-000000000020', 3, 'C', '2027-03-01 11:00Z', '2027-03-01 11:00Z');
insert into dispatch.trip_stop_inventory (biz_id, id, trip_id, from_seq, capacity, sold) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000024', '00000000-0000-7016-8000-000000000020', 1, 2, 1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000025', '00000000-0000-7016-8000-000000000020', 2, 2, 1);
insert into dispatch.trip_manifests (biz_id, id, trip_id, booking_order_id, from_seq, to_seq, seat) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000026', '00000000-0000-7016-8000-000000000020', '00000000-0000-7000-8000-000000000071', 1, 3, '1A');

-- allowed: a seat on the first leg and the same seat on the second are two passengers
update dispatch.trip_stop_inventory set sold = sold + 1 where trip_id = '00000000-0000-7016-8000-000000000020';
insert into dispatch.trip_manifests (biz_id, id, trip_id, booking_order_id, from_seq, to_seq, seat) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', '00000000-0000-7000-8000-000000000072', 1, 2, '1B'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000028', '00000000-0000-7016-8000-000000000020', '00000000-0000-7000-8000-000000000072', 2, 3, '1B');

-- allowed: a passenger checks in, boards, gets out
update dispatch.trip_manifests set status = 'checked_in' where id = '00000000-0000-7016-8000-000000000026';
update dispatch.trip_manifests set status = 'boarded', boarded_at = now() where id = '00000000-0000-7016-8000-000000000026';
update dispatch.trip_manifests set status = 'alighted', alighted_at = now() where id = '00000000-0000-7016-8000-000000000026';

-- allowed: a seat is kept by a hold, given back, and so is one that was booked
insert into availability.booking_holds (biz_id, id, held_until) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000029', now() + interval '10 minutes');
update dispatch.trip_stop_inventory set held = held + 1 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 1;
insert into dispatch.trip_manifests (biz_id, id, trip_id, booking_hold_id, from_seq, to_seq, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', '00000000-0000-7016-8000-000000000029', 1, 2, 'held');
update dispatch.trip_stop_inventory set held = held - 1 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 1;
update dispatch.trip_manifests set status = 'cancelled' where id = '00000000-0000-7016-8000-000000000027';
update dispatch.trip_stop_inventory set sold = sold - 1 where trip_id = '00000000-0000-7016-8000-000000000020';
update dispatch.trip_manifests set status = 'cancelled' where id = '00000000-0000-7016-8000-000000000026';

-- refused trip_stop_inventory_capacity_check: no leg is sold beyond its seats (E-78)
update dispatch.trip_stop_inventory set sold = sold + 2 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 1;

-- refused trip_stop_inventory_passengers_sum_check: a passenger counts on every leg between
update dispatch.trip_stop_inventory set sold = sold + 1 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 1;
insert into dispatch.trip_manifests (biz_id, id, trip_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', 1, 3);

-- refused trip_stop_inventory_passengers_sum_check: a counter changes only with passengers
update dispatch.trip_stop_inventory set held = 1 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 1;

-- refused trip_stop_inventory_passengers_sum_check: who cancels gives the seat back
update dispatch.trip_manifests set status = 'cancelled' where id = '00000000-0000-7016-8000-000000000026';

-- refused trip_manifests_seat_no_overlap_excl: a seat is taken once on each leg
insert into dispatch.trip_manifests (biz_id, id, trip_id, from_seq, to_seq, seat) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', 2, 3, '1A');

-- race trip_stop_inventory_capacity_check: inv23 the last seat is sold once, on every leg of the way
update dispatch.trip_stop_inventory set sold = sold + 1 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 1;
update dispatch.trip_stop_inventory set sold = sold + 1 where trip_id = '00000000-0000-7016-8000-000000000020' and from_seq = 2;
insert into dispatch.trip_manifests (biz_id, id, trip_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-0000000000a:n', '00000000-0000-7016-8000-000000000020', 1, 3);

-- refused trip_manifests_stops_check: they get out after they got in
insert into dispatch.trip_manifests (biz_id, id, trip_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', 2, 2);

-- refused trip_manifests_to_seq_fkey: they get out at a stop of the trip
insert into dispatch.trip_manifests (biz_id, id, trip_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', 2, 4);

-- refused trip_manifests_legs_immutable_check: a passenger keeps the legs
update dispatch.trip_manifests set to_seq = 2 where id = '00000000-0000-7016-8000-000000000026';

-- refused trip_manifests_status_transition_check: nobody gets out who did not board
update dispatch.trip_manifests set status = 'alighted', boarded_at = now(), alighted_at = now() where id = '00000000-0000-7016-8000-000000000026';

-- refused trip_manifests_status_reason_check: taking off who is checked in needs a reason
update dispatch.trip_manifests set status = 'checked_in' where id = '00000000-0000-7016-8000-000000000026';
update dispatch.trip_manifests set status = 'cancelled' where id = '00000000-0000-7016-8000-000000000026';

-- refused trip_manifests_held_check: a seat on hold has a hold
insert into dispatch.trip_manifests (biz_id, id, trip_id, from_seq, to_seq, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000027', '00000000-0000-7016-8000-000000000020', 1, 2, 'held');

-- refused transport_route_stops_order_check: a later stop is reached later
update dispatch.transport_route_stops set arrival_offset_minutes = 34 where id = '00000000-0000-7016-8000-000000000013';

-- refused trip_stops_order_check: a later stop of a trip is reached later
update dispatch.trip_stops set planned_arrival_at = '2027-03-01 10:00Z', planned_departure_at = '2027-03-01 10:04Z' where id = '00000000-0000-7016-8000-000000000022';

-- refused transport_route_stops_route_id_seq_key: a place on a route is taken once
insert into dispatch.transport_route_stops (biz_id, id, route_id, seq, name, arrival_offset_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000014', '00000000-0000-7016-8000-000000000010', 3, 'D', 90);

-- refused transport_route_stops_route_immutable_check: a stop stays with its route
update dispatch.transport_route_stops set route_id = '00000000-0000-7016-8000-000000000020' where id = '00000000-0000-7016-8000-000000000013';

-- refused trip_stops_place_immutable_check: a stop keeps its place
update dispatch.trip_stops set seq = 9 where id = '00000000-0000-7016-8000-000000000023';

-- allowed: a trip boards, departs, runs late, and arrives
update dispatch.transport_trips set status = 'boarding' where id = '00000000-0000-7016-8000-000000000020';
update dispatch.transport_trips set status = 'departed', departed_at = now() where id = '00000000-0000-7016-8000-000000000020';
update dispatch.transport_trips set delay_minutes = 12 where id = '00000000-0000-7016-8000-000000000020';
update dispatch.trip_stops set status = 'arrived', actual_arrival_at = now() where id = '00000000-0000-7016-8000-000000000021';
update dispatch.trip_stops set status = 'departed', actual_departure_at = now() where id = '00000000-0000-7016-8000-000000000021';
update dispatch.trip_stops set status = 'skipped' where id = '00000000-0000-7016-8000-000000000022';
update dispatch.transport_trips set status = 'completed', completed_at = now() where id = '00000000-0000-7016-8000-000000000020';

-- refused transport_trips_status_transition_check: a trip that departed is not cancelled
select set_config('app.reason', 'storm', true);
update dispatch.transport_trips set status = 'boarding' where id = '00000000-0000-7016-8000-000000000020';
update dispatch.transport_trips set status = 'departed', departed_at = now() where id = '00000000-0000-7016-8000-000000000020';
update dispatch.transport_trips set status = 'cancelled' where id = '00000000-0000-7016-8000-000000000020';

-- refused transport_trips_status_reason_check: cancelling a trip needs a reason
update dispatch.transport_trips set status = 'cancelled' where id = '00000000-0000-7016-8000-000000000020';

-- refused trip_stops_status_transition_check: a vehicle does not leave where it was not
update dispatch.trip_stops set status = 'departed', actual_arrival_at = now(), actual_departure_at = now() where id = '00000000-0000-7016-8000-000000000021';

-- refused transport_trips_departed_check: a trip departs with a vehicle
update dispatch.transport_trips set status = 'boarding', vehicle_id = null where id = '00000000-0000-7016-8000-000000000020';
update dispatch.transport_trips set status = 'departed', departed_at = now() where id = '00000000-0000-7016-8000-000000000020';

-- refused transport_trips_service_date_immutable_check: the day of a trip is never changed
update dispatch.transport_trips set service_date = '2027-03-02' where id = '00000000-0000-7016-8000-000000000020';

-- refused transport_trips_vehicle_no_overlap_excl: a vehicle is on one trip at a time
insert into dispatch.transport_trips (biz_id, id, number, location_id, service_date, departs_at, arrives_at, vehicle_id, capacity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-00000000002f', 'TR-2', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 10:30Z', '2027-03-01 12:00Z', '00000000-0000-7016-8000-000000000002', 8);

-- refused transport_trips_driver_no_overlap_excl: a driver is on one trip at a time
insert into dispatch.transport_trips (biz_id, id, number, location_id, service_date, departs_at, arrives_at, vehicle_id, driver_id, capacity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-00000000002f', 'TR-2', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 10:30Z', '2027-03-01 12:00Z', '00000000-0000-7016-8000-000000000003', '00000000-0000-7000-8000-000000000053', 8);

-- race transport_trips_vehicle_no_overlap_excl: a vehicle is planned once
insert into dispatch.transport_trips (biz_id, id, number, location_id, service_date, departs_at, arrives_at, vehicle_id, capacity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-0000000000b:n', 'TX-:n', '00000000-0000-7000-8000-000000000011', '2027-03-05', '2027-03-05 10:30Z', '2027-03-05 12:00Z', '00000000-0000-7016-8000-000000000002', 8);

-- refused transport_trips_driver_kind_check: a van does not drive
update dispatch.transport_trips set driver_id = '00000000-0000-7000-8000-000000000055' where id = '00000000-0000-7016-8000-000000000020';

-- refused fleet_vehicles_resource_kind_check: a room is no vehicle
insert into dispatch.fleet_vehicles (biz_id, id, resource_id, depot_location_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000004', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011');

-- refused fleet_vehicles_driver_kind_check: a driver is a person
update dispatch.fleet_vehicles set default_driver_id = '00000000-0000-7000-8000-000000000051' where id = '00000000-0000-7016-8000-000000000003';

-- refused fleet_vehicles_resource_id_key: a vehicle is in the fleet once
insert into dispatch.fleet_vehicles (biz_id, id, resource_id, depot_location_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000004', '00000000-0000-7000-8000-000000000055', '00000000-0000-7000-8000-000000000011');

-- refused fleet_vehicles_resource_immutable_check: a vehicle stays the resource it is
update dispatch.fleet_vehicles set resource_id = '00000000-0000-7000-8000-000000000051' where id = '00000000-0000-7016-8000-000000000003';

-- allowed: positions come in, also late, and the newest is the last
insert into dispatch.vehicle_positions (biz_id, id, vehicle_id, recorded_at, lat, lng) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000030', '00000000-0000-7016-8000-000000000002', now(), 38.7, -9.1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000031', '00000000-0000-7016-8000-000000000002', now() - interval '1 hour', 38.6, -9.1);
update dispatch.fleet_vehicles set last_lat = 38.7, last_lng = -9.1, last_position_at = now() where id = '00000000-0000-7016-8000-000000000002';

-- refused fleet_vehicles_last_position_newer_check: an older position does not replace a newer one (E-76)
update dispatch.fleet_vehicles set last_lat = 38.7, last_lng = -9.1, last_position_at = now() where id = '00000000-0000-7016-8000-000000000002';
update dispatch.fleet_vehicles set last_position_at = now() - interval '1 minute' where id = '00000000-0000-7016-8000-000000000002';

-- allowed: a batch that is sent twice is kept once
insert into dispatch.vehicle_positions (biz_id, id, vehicle_id, recorded_at, lat, lng) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000030', '00000000-0000-7016-8000-000000000002', now(), 38.7, -9.1);
insert into dispatch.vehicle_positions (biz_id, id, vehicle_id, recorded_at, lat, lng) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000031', '00000000-0000-7016-8000-000000000002', now(), 38.7, -9.1)
on conflict (biz_id, vehicle_id, recorded_at) do nothing;
select 1 / (count(*) = 1)::integer from dispatch.vehicle_positions where vehicle_id = '00000000-0000-7016-8000-000000000002';

-- refused vehicle_positions_recorded_at_check: a position is not from the future
insert into dispatch.vehicle_positions (biz_id, id, vehicle_id, recorded_at, lat, lng) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000030', '00000000-0000-7016-8000-000000000002', now() + interval '1 hour', 38.7, -9.1);

-- refused vehicle_positions_lat_check: a position is on earth
insert into dispatch.vehicle_positions (biz_id, id, vehicle_id, recorded_at, lat, lng) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000030', '00000000-0000-7016-8000-000000000002', now(), 98.7, -9.1);

-- allowed: a driver takes a shift and ends it
insert into dispatch.driver_shifts (biz_id, id, driver_id, vehicle_id, location_id, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000032', '00000000-0000-7000-8000-000000000054', '00000000-0000-7016-8000-000000000003', '00000000-0000-7000-8000-000000000011', '2027-03-01 08:00Z', '2027-03-01 16:00Z');
update dispatch.driver_shifts set status = 'active', started_at = now(), start_odometer_m = 1000 where id = '00000000-0000-7016-8000-000000000032';
update dispatch.driver_shifts set status = 'completed', finished_at = now(), end_odometer_m = 90000 where id = '00000000-0000-7016-8000-000000000032';

-- refused driver_shifts_odometer_check: an odometer does not run backwards
insert into dispatch.driver_shifts (biz_id, id, driver_id, location_id, starts_at, ends_at, start_odometer_m, end_odometer_m)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000032', '00000000-0000-7000-8000-000000000054', '00000000-0000-7000-8000-000000000011', '2027-03-01 08:00Z', '2027-03-01 16:00Z', 1000, 999);

-- refused driver_shifts_vehicle_no_overlap_excl: a vehicle is driven by one at a time
insert into dispatch.driver_shifts (biz_id, id, driver_id, vehicle_id, location_id, starts_at, ends_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000032', '00000000-0000-7000-8000-000000000054', '00000000-0000-7016-8000-000000000003', '00000000-0000-7000-8000-000000000011', '2027-03-01 08:00Z', '2027-03-01 16:00Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000033', '00000000-0000-7000-8000-000000000053', '00000000-0000-7016-8000-000000000003', '00000000-0000-7000-8000-000000000011', '2027-03-01 15:00Z', '2027-03-01 20:00Z');

-- race driver_shifts_driver_no_overlap_excl: a driver has one shift at a time
insert into dispatch.driver_shifts (biz_id, id, driver_id, location_id, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-0000000000c:n', '00000000-0000-7000-8000-000000000054', '00000000-0000-7000-8000-000000000011', '2027-03-08 08:00Z', '2027-03-08 16:00Z');

-- refused driver_shifts_driver_kind_check: a room has no shift at the wheel
insert into dispatch.driver_shifts (biz_id, id, driver_id, location_id, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000032', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011', '2027-03-01 08:00Z', '2027-03-01 16:00Z');

-- refused driver_shifts_status_transition_check: a shift that did not begin does not end
update dispatch.driver_shifts set status = 'completed', started_at = now(), finished_at = now(), vehicle_id = '00000000-0000-7016-8000-000000000003' where driver_id = '00000000-0000-7000-8000-000000000054';

-- refused driver_shifts_status_reason_check: cancelling a shift needs a reason
update dispatch.driver_shifts set status = 'cancelled' where driver_id = '00000000-0000-7000-8000-000000000054';

-- given: a pickup, and the dropoff that waits for it
insert into dispatch.dispatch_tasks (biz_id, id, number, kind, location_id, fulfillment_unit_id, starts_at, ends_at, due_at, requires_task_id, required_proof) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000040', 'D-1', 'pickup', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000075', '2027-03-01 10:00Z', '2027-03-01 11:00Z', '2027-03-01 11:00Z', null, null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000041', 'D-2', 'dropoff', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000075', '2027-03-01 11:00Z', '2027-03-01 12:00Z', '2027-03-01 12:00Z', '00000000-0000-7016-8000-000000000040', 'code');

-- allowed: pickup, then dropoff, with its proof
update dispatch.dispatch_tasks set status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053', vehicle_id = '00000000-0000-7016-8000-000000000002' where id in ('00000000-0000-7016-8000-000000000040', '00000000-0000-7016-8000-000000000041');
insert into dispatch.task_assignments (biz_id, id, task_id, driver_id, vehicle_id, assigned_by_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000042', '00000000-0000-7016-8000-000000000040', '00000000-0000-7000-8000-000000000053', '00000000-0000-7016-8000-000000000002', '00000000-0000-7000-8000-00000000000a');
update dispatch.dispatch_tasks set status = 'accepted' where id in ('00000000-0000-7016-8000-000000000040', '00000000-0000-7016-8000-000000000041');
update dispatch.task_assignments set accepted_at = now() where id = '00000000-0000-7016-8000-000000000042';
update dispatch.dispatch_tasks set status = 'en_route', started_at = now() where id = '00000000-0000-7016-8000-000000000040';
insert into dispatch.eta_events (biz_id, id, task_id, eta_at, p90_at, source, distance_m) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000043', '00000000-0000-7016-8000-000000000040', now() + interval '5 minutes', now() + interval '9 minutes', 'traffic', 3000);
insert into dispatch.tracking_links (biz_id, id, task_id, token_hash, expires_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000044', '00000000-0000-7016-8000-000000000040', sha256('track'), now() + interval '1 day');
update dispatch.dispatch_tasks set status = 'arrived', arrived_at = now() where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'completed', finished_at = now() where id = '00000000-0000-7016-8000-000000000040';
update dispatch.task_assignments set ended_at = now() where id = '00000000-0000-7016-8000-000000000042';
update dispatch.dispatch_tasks set status = 'en_route', started_at = now() where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'arrived', arrived_at = now() where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'completed', finished_at = now(), proof_kind = 'code' where id = '00000000-0000-7016-8000-000000000041';

-- allowed: a task that failed is tried again as the next attempt
update dispatch.dispatch_tasks set status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'accepted' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'en_route', started_at = now() where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'arrived', arrived_at = now() where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'failed', failure = 'nobody_there', finished_at = now() where id = '00000000-0000-7016-8000-000000000040';
insert into dispatch.dispatch_tasks (biz_id, id, number, kind, location_id, starts_at, ends_at, due_at, attempt_of_id, attempt_no)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000045', 'D-3', 'pickup', '00000000-0000-7000-8000-000000000011', '2027-03-02 10:00Z', '2027-03-02 11:00Z', '2027-03-02 11:00Z', '00000000-0000-7016-8000-000000000040', 2);

-- refused dispatch_tasks_requires_completed_check: a dropoff does not begin before its pickup is done (E-77)
update dispatch.dispatch_tasks set status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053' where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'accepted' where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'en_route', started_at = now() where id = '00000000-0000-7016-8000-000000000041';

-- refused dispatch_tasks_requires_task_id_acyclic_check: two tasks do not wait for each other
update dispatch.dispatch_tasks set requires_task_id = '00000000-0000-7016-8000-000000000041' where id = '00000000-0000-7016-8000-000000000040';

-- refused dispatch_tasks_attempt_failed_check: only a failed task is tried again
insert into dispatch.dispatch_tasks (biz_id, id, number, kind, location_id, starts_at, ends_at, due_at, attempt_of_id, attempt_no)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000045', 'D-3', 'pickup', '00000000-0000-7000-8000-000000000011', '2027-03-02 10:00Z', '2027-03-02 11:00Z', '2027-03-02 11:00Z', '00000000-0000-7016-8000-000000000040', 2);

-- refused dispatch_tasks_status_transition_check: who is on the way has not arrived (E-75)
update dispatch.dispatch_tasks set status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'arrived', started_at = now(), arrived_at = now() where id = '00000000-0000-7016-8000-000000000040';

-- refused dispatch_tasks_status_reason_check: cancelling a task needs a reason
update dispatch.dispatch_tasks set status = 'cancelled', finished_at = now() where id = '00000000-0000-7016-8000-000000000040';

-- refused dispatch_tasks_assignee_check: a task that is assigned is so to somebody
update dispatch.dispatch_tasks set status = 'assigned' where id = '00000000-0000-7016-8000-000000000040';

-- refused dispatch_tasks_progress_check: who set out did so at a time
update dispatch.dispatch_tasks set status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'accepted' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'en_route' where id = '00000000-0000-7016-8000-000000000040';

-- refused dispatch_tasks_failure_check: a task that failed says why
update dispatch.dispatch_tasks set status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'accepted' where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'en_route', started_at = now() where id = '00000000-0000-7016-8000-000000000040';
update dispatch.dispatch_tasks set status = 'failed', finished_at = now() where id = '00000000-0000-7016-8000-000000000040';

-- refused dispatch_tasks_proof_check: a task is completed with the proof it asks for
update dispatch.dispatch_tasks set requires_task_id = null, status = 'assigned', driver_id = '00000000-0000-7000-8000-000000000053' where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'accepted' where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'en_route', started_at = now() where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'arrived', arrived_at = now() where id = '00000000-0000-7016-8000-000000000041';
update dispatch.dispatch_tasks set status = 'completed', finished_at = now() where id = '00000000-0000-7016-8000-000000000041';

-- race task_assignments_task_id_open_key: a task is given to one
insert into dispatch.task_assignments (biz_id, id, task_id, driver_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-0000000000d:n', '00000000-0000-7016-8000-000000000040', '00000000-0000-7000-8000-000000000053');

-- refused task_assignments_answer_check: who declines a task does not keep it
update dispatch.task_assignments set declined_at = now() where task_id = '00000000-0000-7016-8000-000000000040';

-- refused task_assignments_task_immutable_check: an assignment stays what it is
update dispatch.task_assignments set driver_id = '00000000-0000-7000-8000-000000000054' where task_id = '00000000-0000-7016-8000-000000000040';

-- refused eta_events_eta_check: nobody arrives in the past (E-76)
insert into dispatch.eta_events (biz_id, id, task_id, eta_at, source) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000043', '00000000-0000-7016-8000-000000000040', now() - interval '5 minutes', 'traffic');

-- refused eta_events_target_check: an arrival is that at one place
insert into dispatch.eta_events (biz_id, id, task_id, trip_stop_id, eta_at, source) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000043', '00000000-0000-7016-8000-000000000040', '00000000-0000-7016-8000-000000000021', now() + interval '5 minutes', 'traffic');

-- given: a plan
insert into dispatch.route_plans (biz_id, id, location_id, service_date, solver) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000050', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'vroom');
insert into dispatch.route_plan_tasks (biz_id, id, plan_id, task_id, task_version, vehicle_id, seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000051', '00000000-0000-7016-8000-000000000050', '00000000-0000-7016-8000-000000000040', 1, '00000000-0000-7016-8000-000000000002', 1);
update dispatch.route_plans set status = 'solving' where id = '00000000-0000-7016-8000-000000000050';
update dispatch.route_plans set status = 'proposed', result = '{"cost": 12}', solved_at = now() where id = '00000000-0000-7016-8000-000000000050';

-- allowed: a fresh plan is applied, then its tasks are assigned
update dispatch.route_plans set status = 'applied', applied_at = now() where id = '00000000-0000-7016-8000-000000000050';
update dispatch.dispatch_tasks set status = 'assigned', vehicle_id = '00000000-0000-7016-8000-000000000002', seq = 1 where id = '00000000-0000-7016-8000-000000000040';

-- refused route_plans_stale_check: a plan is not applied whose tasks have changed
update dispatch.dispatch_tasks set priority = 5 where id = '00000000-0000-7016-8000-000000000040';
update dispatch.route_plans set status = 'applied', applied_at = now() where id = '00000000-0000-7016-8000-000000000050';

-- refused route_plans_status_transition_check: a plan without a solution is not applied
update dispatch.route_plans set status = 'discarded' where id = '00000000-0000-7016-8000-000000000050';
update dispatch.route_plans set status = 'applied', applied_at = now() where id = '00000000-0000-7016-8000-000000000050';

-- refused route_plan_tasks_plan_id_vehicle_id_seq_key: a place in a tour is taken once
insert into dispatch.route_plan_tasks (biz_id, id, plan_id, task_id, task_version, vehicle_id, seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000052', '00000000-0000-7016-8000-000000000050', '00000000-0000-7016-8000-000000000041', 1, '00000000-0000-7016-8000-000000000002', 1);

-- refused route_plans_applying_key: a day is reckoned once at a time
insert into dispatch.route_plans (biz_id, id, location_id, service_date, solver, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000053', '00000000-0000-7000-8000-000000000011', '2027-03-09', 'vroom', 'solving'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000054', '00000000-0000-7000-8000-000000000011', '2027-03-09', 'vroom', 'solving');

-- refused tracking_links_token_hash_key: two links need two tokens
insert into dispatch.tracking_links (biz_id, id, task_id, token_hash, expires_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000044', '00000000-0000-7016-8000-000000000040', sha256('track'), now() + interval '1 day'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000046', '00000000-0000-7016-8000-000000000041', sha256('track'), now() + interval '1 day');

-- refused tracking_links_link_immutable_check: a link stays with its task
insert into dispatch.tracking_links (biz_id, id, task_id, token_hash, expires_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000044', '00000000-0000-7016-8000-000000000040', sha256('track'), now() + interval '1 day');
update dispatch.tracking_links set task_id = '00000000-0000-7016-8000-000000000041' where id = '00000000-0000-7016-8000-000000000044';

-- allowed: areas are a circle or a polygon
insert into dispatch.geofences (biz_id, id, name, lat, lng, radius_m) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000060', 'Yard', 38.7, -9.1, 200);
insert into dispatch.geofences (biz_id, id, name, shape, polygon) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000061', 'Port', 'polygon', '[[-9.1, 38.7], [-9.2, 38.7], [-9.2, 38.8]]');

-- refused geofences_shape_check: a circle has a radius
insert into dispatch.geofences (biz_id, id, name, lat, lng) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7016-8000-000000000060', 'Yard', 38.7, -9.1);
