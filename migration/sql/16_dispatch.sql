-- Dispatch: vehicles, scheduled routes with their trips and seats, and (in the next file) tasks on the road. A vehicle and a
-- driver are resources: what they are taken for stands in availability, where nothing can be taken twice.

create schema dispatch;
comment on schema dispatch is 'Fleet, routes, trips with their seats leg by leg, and tasks on the road.';

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain dispatch.vehicle_duty_status as text constraint vehicle_duty_status_check check (value in (
  'off_duty', 'available', 'on_task', 'out_of_service'));
comment on domain dispatch.vehicle_duty_status is 'What a vehicle does now.
off_duty: It stands in the depot.
available: It is on duty and free.
on_task: It is on the way for a task or a trip.
out_of_service: It cannot drive.';
comment on constraint vehicle_duty_status_check on domain dispatch.vehicle_duty_status is 'Unknown duty status.';

create domain dispatch.transport_route_mode as text constraint transport_route_mode_check check (value in (
  'bus', 'shuttle', 'van', 'car', 'train', 'ferry', 'other'));
comment on domain dispatch.transport_route_mode is 'What drives on a route.
bus: A bus or coach.
shuttle: A shuttle or minibus.
van: A van.
car: A car.
train: A train or tram.
ferry: A ferry or boat.
other: Anything else.';
comment on constraint transport_route_mode_check on domain dispatch.transport_route_mode is 'Unknown mode of transport.';

create domain dispatch.trip_status as text constraint trip_status_check check (value in (
  'scheduled', 'boarding', 'departed', 'completed', 'cancelled'));
comment on domain dispatch.trip_status is 'Where a trip stands; that it is late is said by its delay.
scheduled: It will take place.
boarding: Passengers get in.
departed: It is on its way.
completed: It has arrived at its last stop.
cancelled: It does not take place.';
comment on constraint trip_status_check on domain dispatch.trip_status is 'Unknown status of a trip.';

create domain dispatch.trip_stop_status as text constraint trip_stop_status_check check (value in (
  'planned', 'arrived', 'departed', 'skipped'));
comment on domain dispatch.trip_stop_status is 'Where a stop of a trip stands.
planned: The vehicle will come.
arrived: The vehicle is there.
departed: The vehicle has left.
skipped: The vehicle does not stop there.';
comment on constraint trip_stop_status_check on domain dispatch.trip_stop_status is 'Unknown status of a stop.';

create domain dispatch.trip_manifest_status as text constraint trip_manifest_status_check check (value in (
  'held', 'reserved', 'checked_in', 'boarded', 'alighted', 'no_show', 'cancelled'));
comment on domain dispatch.trip_manifest_status is 'Where a passenger of a trip stands.
held: The seat is kept for a short while, as the hold says.
reserved: The seat is taken.
checked_in: The passenger is at the stop.
boarded: The passenger is in the vehicle.
alighted: The passenger has got out.
no_show: The passenger did not come.
cancelled: The seat was given back.';
comment on constraint trip_manifest_status_check on domain dispatch.trip_manifest_status is 'Unknown status of a passenger.';

create domain dispatch.driver_shift_status as text constraint driver_shift_status_check check (value in (
  'planned', 'active', 'completed', 'cancelled'));
comment on domain dispatch.driver_shift_status is 'Where a shift at the wheel stands.
planned: It will begin.
active: The driver is on duty.
completed: It has ended.
cancelled: It does not take place.';
comment on constraint driver_shift_status_check on domain dispatch.driver_shift_status is 'Unknown status of a driver''s shift.';

create domain dispatch.geofence_shape as text constraint geofence_shape_check check (value in (
  'circle', 'polygon'));
comment on domain dispatch.geofence_shape is 'What form an area has.
circle: Everything within a radius of a point.
polygon: Everything within a line of points.';
comment on constraint geofence_shape_check on domain dispatch.geofence_shape is 'Unknown shape.';

create function dispatch.refuse(table_name text, column_name text, constraint_name text, message text) returns void
language plpgsql as $$
begin
  raise exception using
    errcode = '23514',
    message = refuse.message,
    schema = 'dispatch',
    table = refuse.table_name,
    column = refuse.column_name,
    constraint = refuse.constraint_name;
end
$$;
comment on function dispatch.refuse(text, text, text, text) is 'Raises the violation of a rule of this module that triggers look after.';

create function dispatch.check_resource_kind() returns trigger
language plpgsql as $$
declare
  resource_key constant uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
begin
  if not exists (
    select
    from resources.resources r
    join resources.resource_types t on t.biz_id = r.biz_id and t.id = r.type_id
    where r.biz_id = new.biz_id
      and r.id = resource_key
      and t.kind = tg_argv[1]
  ) then
    perform dispatch.refuse(tg_table_name, tg_argv[0], tg_argv[2], tg_argv[3]);
  end if;
  return null;
end
$$;
comment on function dispatch.check_resource_kind() is 'Trigger: a resource is of the kind it is used as. Arguments: column, kind, and the constraint''s name and sentence.';

-- fleet_vehicles -----------------------------------------------------------------------------------------------------

create table dispatch.fleet_vehicles (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  depot_location_id uuid not null,
  default_driver_id uuid,
  telematics_ref text,
  duty_status dispatch.vehicle_duty_status not null default 'off_duty',
  seats integer,
  payload_g bigint,
  volume_cm3 bigint,
  last_lat numeric(9,6),
  last_lng numeric(9,6),
  last_position_at timestamptz,
  constraint fleet_vehicles_pkey primary key (biz_id, id),
  constraint fleet_vehicles_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint fleet_vehicles_depot_location_id_fkey foreign key (biz_id, depot_location_id)
    references core.locations (biz_id, id),
  constraint fleet_vehicles_default_driver_id_fkey foreign key (biz_id, default_driver_id)
    references resources.resources (biz_id, id),
  constraint fleet_vehicles_telematics_ref_check check (btrim(telematics_ref) <> '' and length(telematics_ref) <= 200),
  constraint fleet_vehicles_limits_check check (seats >= 0 and payload_g >= 0 and volume_cm3 >= 0),
  constraint fleet_vehicles_last_position_check check (
    num_nonnulls(last_lat, last_lng, last_position_at) in (0, 3) and last_lat between -90 and 90
    and last_lng between -180 and 180)
);
comment on table dispatch.fleet_vehicles is 'A vehicle that carries people or goods: what dispatchers need beside the resource it is.';
comment on column dispatch.fleet_vehicles.resource_id is 'The resource it is, a vehicle.';
comment on column dispatch.fleet_vehicles.depot_location_id is 'The location where it stands at night.';
comment on column dispatch.fleet_vehicles.default_driver_id is 'The resource of whoever usually drives it.';
comment on column dispatch.fleet_vehicles.telematics_ref is 'Its number at the provider of its positions.';
comment on column dispatch.fleet_vehicles.duty_status is 'What it does now.';
comment on column dispatch.fleet_vehicles.seats is 'How many passengers it takes.';
comment on column dispatch.fleet_vehicles.payload_g is 'How much it may carry, in grams.';
comment on column dispatch.fleet_vehicles.volume_cm3 is 'How much room it has for goods, in cubic centimetres.';
comment on column dispatch.fleet_vehicles.last_lat is 'Latitude of its last position, in degrees.';
comment on column dispatch.fleet_vehicles.last_lng is 'Longitude of its last position, in degrees.';
comment on column dispatch.fleet_vehicles.last_position_at is 'When it was at its last position, by its own clock; an older one never replaces it.';
comment on constraint fleet_vehicles_telematics_ref_check on dispatch.fleet_vehicles is 'A telematics ref is not blank, and of 200 characters at most.';
comment on constraint fleet_vehicles_limits_check on dispatch.fleet_vehicles is 'Seats, payload and volume cannot be negative.';
comment on constraint fleet_vehicles_last_position_check on dispatch.fleet_vehicles is 'A position has a latitude, a longitude and a time.';

create index fleet_vehicles_depot_location_id_duty_status_idx on dispatch.fleet_vehicles (biz_id, depot_location_id, duty_status, id);
create trigger fleet_vehicles_resource_immutable
  before update of resource_id on dispatch.fleet_vehicles
  for each row when (
    old.resource_id is distinct from new.resource_id)
  execute function availability.refuse_update('fleet_vehicles_resource_immutable_check', 'A vehicle stays the resource it is.');

call core.install_table('dispatch.fleet_vehicles', 'M', 'dpfv', registrable => true);
create unique index fleet_vehicles_resource_id_key on dispatch.fleet_vehicles (biz_id, resource_id)
  where deleted_at is null;
comment on index dispatch.fleet_vehicles_resource_id_key is 'This resource is another vehicle of the fleet.';
create unique index fleet_vehicles_telematics_ref_key on dispatch.fleet_vehicles (biz_id, telematics_ref)
  where deleted_at is null and telematics_ref is not null;
comment on index dispatch.fleet_vehicles_telematics_ref_key is 'Another vehicle has this number at the provider.';
call core.configure_graph('dispatch.fleet_vehicles', aggregates => true);

create trigger fleet_vehicles_resource_kind
  after insert on dispatch.fleet_vehicles
  for each row execute function dispatch.check_resource_kind('resource_id', 'vehicle', 'fleet_vehicles_resource_kind_check', 'The resource must be a vehicle.');
create trigger fleet_vehicles_driver_kind
  after insert or update of default_driver_id on dispatch.fleet_vehicles
  for each row when (new.default_driver_id is not null)
  execute function dispatch.check_resource_kind('default_driver_id', 'human', 'fleet_vehicles_driver_kind_check', 'The driver must be a person.');
create trigger fleet_vehicles_last_position
  before update of last_position_at on dispatch.fleet_vehicles
  for each row when (new.last_position_at < old.last_position_at)
  execute function availability.refuse_update('fleet_vehicles_last_position_newer_check', 'An older position never replaces a newer one.');

-- driver_shifts ------------------------------------------------------------------------------------------------------

create table dispatch.driver_shifts (
  biz_id uuid not null,
  id uuid not null,
  driver_id uuid not null,
  vehicle_id uuid,
  location_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  status dispatch.driver_shift_status not null default 'planned',
  started_at timestamptz,
  finished_at timestamptz,
  start_odometer_m bigint,
  end_odometer_m bigint,
  constraint driver_shifts_pkey primary key (biz_id, id),
  constraint driver_shifts_driver_id_fkey foreign key (biz_id, driver_id)
    references resources.resources (biz_id, id),
  constraint driver_shifts_vehicle_id_fkey foreign key (biz_id, vehicle_id)
    references dispatch.fleet_vehicles (biz_id, id),
  constraint driver_shifts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint driver_shifts_times_check check (ends_at > starts_at),
  constraint driver_shifts_actual_check check (
    finished_at >= started_at and (status not in ('active', 'completed') or (started_at is not null
    and vehicle_id is not null)) and (status <> 'completed' or finished_at is not null)),
  constraint driver_shifts_odometer_check check (start_odometer_m >= 0 and end_odometer_m >= start_odometer_m)
);
comment on table dispatch.driver_shifts is 'The time in which somebody drives a vehicle.';
comment on column dispatch.driver_shifts.driver_id is 'The resource of the driver.';
comment on column dispatch.driver_shifts.vehicle_id is 'The vehicle; none until one is given out.';
comment on column dispatch.driver_shifts.location_id is 'The depot it begins at.';
comment on column dispatch.driver_shifts.starts_at is 'When it is planned to begin.';
comment on column dispatch.driver_shifts.ends_at is 'When it is planned to end.';
comment on column dispatch.driver_shifts.period is 'From starts_at to ends_at, as a range.';
comment on column dispatch.driver_shifts.status is 'Where it stands.';
comment on column dispatch.driver_shifts.started_at is 'When it began.';
comment on column dispatch.driver_shifts.finished_at is 'When it ended.';
comment on column dispatch.driver_shifts.start_odometer_m is 'What the odometer said at its beginning, in metres.';
comment on column dispatch.driver_shifts.end_odometer_m is 'What the odometer said at its end, in metres.';
comment on constraint driver_shifts_times_check on dispatch.driver_shifts is 'The end must be after the start.';
comment on constraint driver_shifts_actual_check on dispatch.driver_shifts is 'A shift that began has a beginning and a vehicle, and one that ended an end after it.';
comment on constraint driver_shifts_odometer_check on dispatch.driver_shifts is 'An odometer does not run backwards.';

create index driver_shifts_location_id_starts_at_idx on dispatch.driver_shifts (biz_id, location_id, starts_at, id);
create index driver_shifts_driver_id_starts_at_idx on dispatch.driver_shifts (biz_id, driver_id, starts_at, id);

call core.install_table('dispatch.driver_shifts', 'T', 'dpds', registrable => true);
alter table dispatch.driver_shifts add constraint driver_shifts_driver_no_overlap_excl exclude using gist (
  biz_id with =, driver_id with =, period with &&)
  where (status <> 'cancelled');
comment on constraint driver_shifts_driver_no_overlap_excl on dispatch.driver_shifts is 'The driver has another shift at that time.';
alter table dispatch.driver_shifts add constraint driver_shifts_vehicle_no_overlap_excl exclude using gist (
  biz_id with =, vehicle_id with =, period with &&)
  where (status <> 'cancelled' and vehicle_id is not null);
comment on constraint driver_shifts_vehicle_no_overlap_excl on dispatch.driver_shifts is 'The vehicle is driven by somebody else at that time.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('driver_shift', 'planned', 'active', false),
  ('driver_shift', 'active', 'completed', false),
  ('driver_shift', 'planned', 'cancelled', true);
call core.install_state_machine('dispatch.driver_shifts', 'status', 'driver_shift');

create trigger driver_shifts_driver_kind
  after insert or update of driver_id on dispatch.driver_shifts
  for each row execute function dispatch.check_resource_kind('driver_id', 'human', 'driver_shifts_driver_kind_check', 'The driver must be a person.');

-- vehicle_positions --------------------------------------------------------------------------------------------------

create table dispatch.vehicle_positions (
  biz_id uuid not null,
  id uuid not null,
  vehicle_id uuid not null,
  recorded_at timestamptz not null,
  received_at timestamptz not null default now(),
  lat numeric(9,6) not null,
  lng numeric(9,6) not null,
  speed_mps numeric(6,2),
  heading_degrees smallint,
  accuracy_m integer,
  odometer_m bigint,
  constraint vehicle_positions_pkey primary key (biz_id, recorded_at, id),
  constraint vehicle_positions_vehicle_id_recorded_at_key unique (biz_id, vehicle_id, recorded_at),
  constraint vehicle_positions_vehicle_id_fkey foreign key (biz_id, vehicle_id)
    references dispatch.fleet_vehicles (biz_id, id),
  constraint vehicle_positions_lat_check check (lat between -90 and 90),
  constraint vehicle_positions_lng_check check (lng between -180 and 180),
  constraint vehicle_positions_speed_check check (speed_mps >= 0),
  constraint vehicle_positions_heading_check check (heading_degrees between 0 and 359),
  constraint vehicle_positions_accuracy_check check (accuracy_m >= 0 and odometer_m >= 0),
  constraint vehicle_positions_recorded_at_check check (
    recorded_at between received_at - interval '14 days' and received_at + interval '10 minutes')
) partition by range (recorded_at);
comment on table dispatch.vehicle_positions is 'Where a vehicle was. Late positions are kept; they never replace a newer last position of the vehicle.';
comment on column dispatch.vehicle_positions.vehicle_id is 'The vehicle.';
comment on column dispatch.vehicle_positions.recorded_at is 'When it was there, by its own clock.';
comment on column dispatch.vehicle_positions.received_at is 'When the position came in.';
comment on column dispatch.vehicle_positions.lat is 'Latitude in degrees, north positive.';
comment on column dispatch.vehicle_positions.lng is 'Longitude in degrees, east positive.';
comment on column dispatch.vehicle_positions.speed_mps is 'How fast it was, in metres a second.';
comment on column dispatch.vehicle_positions.heading_degrees is 'Where it was heading: 0 north, 90 east.';
comment on column dispatch.vehicle_positions.accuracy_m is 'How far off the position may be, in metres.';
comment on column dispatch.vehicle_positions.odometer_m is 'What the odometer said, in metres.';
comment on constraint vehicle_positions_vehicle_id_recorded_at_key on dispatch.vehicle_positions is 'The vehicle already has a position for this instant.';
comment on constraint vehicle_positions_lat_check on dispatch.vehicle_positions is 'A latitude is between -90 and 90 degrees.';
comment on constraint vehicle_positions_lng_check on dispatch.vehicle_positions is 'A longitude is between -180 and 180 degrees.';
comment on constraint vehicle_positions_speed_check on dispatch.vehicle_positions is 'The speed cannot be negative.';
comment on constraint vehicle_positions_heading_check on dispatch.vehicle_positions is 'A heading is between 0 and 359 degrees.';
comment on constraint vehicle_positions_accuracy_check on dispatch.vehicle_positions is 'Accuracy and odometer cannot be negative.';
comment on constraint vehicle_positions_recorded_at_check on dispatch.vehicle_positions is 'A position is neither from the future nor older than two weeks.';

call core.install_table('dispatch.vehicle_positions', 'P', 'dpvp');

-- geofences ----------------------------------------------------------------------------------------------------------

create table dispatch.geofences (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid,
  name text not null,
  shape dispatch.geofence_shape not null default 'circle',
  lat numeric(9,6),
  lng numeric(9,6),
  radius_m integer,
  polygon jsonb,
  triggers_on_enter boolean not null default true,
  triggers_on_exit boolean not null default true,
  dwell_minutes integer,
  is_active boolean not null default true,
  constraint geofences_pkey primary key (biz_id, id),
  constraint geofences_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint geofences_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint geofences_shape_check check (
    case shape when 'circle' then num_nonnulls(lat, lng, radius_m) = 3 and polygon is null
    else polygon is not null and jsonb_typeof(polygon) = 'array' and jsonb_array_length(polygon) >= 3
    and num_nonnulls(lat, lng, radius_m) = 0 end),
  constraint geofences_position_check check (lat between -90 and 90 and lng between -180 and 180 and radius_m > 0),
  constraint geofences_dwell_check check (dwell_minutes > 0)
);
comment on table dispatch.geofences is 'An area that tells when vehicles come and go.';
comment on column dispatch.geofences.location_id is 'The location it surrounds or belongs to.';
comment on column dispatch.geofences.name is 'Name used by staff.';
comment on column dispatch.geofences.shape is 'What form it has.';
comment on column dispatch.geofences.lat is 'Latitude of the centre of a circle, in degrees.';
comment on column dispatch.geofences.lng is 'Longitude of the centre of a circle, in degrees.';
comment on column dispatch.geofences.radius_m is 'Radius of a circle, in metres.';
comment on column dispatch.geofences.polygon is 'The points of a polygon in order, each [longitude, latitude].';
comment on column dispatch.geofences.triggers_on_enter is 'Whether coming into it is told.';
comment on column dispatch.geofences.triggers_on_exit is 'Whether leaving it is told.';
comment on column dispatch.geofences.dwell_minutes is 'After how many minutes within it staying is told; none means it is not.';
comment on column dispatch.geofences.is_active is 'Whether it is watched.';
comment on constraint geofences_name_check on dispatch.geofences is 'A name is required, of 200 characters at most.';
comment on constraint geofences_shape_check on dispatch.geofences is 'A circle has a centre and a radius, a polygon at least three points.';
comment on constraint geofences_position_check on dispatch.geofences is 'The centre is a position on earth, and the radius more than nothing.';
comment on constraint geofences_dwell_check on dispatch.geofences is 'Staying takes at least a minute.';

call core.install_table('dispatch.geofences', 'M', 'dpgf', registrable => true);
create unique index geofences_name_key on dispatch.geofences (biz_id, name)
  where deleted_at is null;
comment on index dispatch.geofences_name_key is 'Another geofence has this name.';

-- transport_routes ---------------------------------------------------------------------------------------------------

create table dispatch.transport_routes (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  mode dispatch.transport_route_mode not null,
  timezone text not null,
  starts_on date,
  ends_on date,
  is_active boolean not null default true,
  constraint transport_routes_pkey primary key (biz_id, id),
  constraint transport_routes_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint transport_routes_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint transport_routes_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint transport_routes_dates_check check (ends_on > starts_on)
);
comment on table dispatch.transport_routes is 'A line with its stops, on which trips take place.';
comment on column dispatch.transport_routes.code is 'Short name used by staff and on timetables.';
comment on column dispatch.transport_routes.name is 'Name shown to customers.';
comment on column dispatch.transport_routes.mode is 'What drives on it.';
comment on column dispatch.transport_routes.timezone is 'IANA time zone of its timetable.';
comment on column dispatch.transport_routes.starts_on is 'First day of its validity; none means always so far.';
comment on column dispatch.transport_routes.ends_on is 'First day of no longer being valid; none means for good.';
comment on column dispatch.transport_routes.is_active is 'Whether trips are planned on it.';
comment on constraint transport_routes_code_check on dispatch.transport_routes is 'A code is required, of 60 characters at most.';
comment on constraint transport_routes_name_check on dispatch.transport_routes is 'A name is required, of 200 characters at most.';
comment on constraint transport_routes_dates_check on dispatch.transport_routes is 'The end must be after the start.';

call core.install_table('dispatch.transport_routes', 'M', 'dprt', registrable => true);
create unique index transport_routes_code_key on dispatch.transport_routes (biz_id, code)
  where deleted_at is null;
comment on index dispatch.transport_routes_code_key is 'Another route has this code.';

-- transport_route_stops ----------------------------------------------------------------------------------------------

create table dispatch.transport_route_stops (
  biz_id uuid not null,
  id uuid not null,
  route_id uuid not null,
  seq integer not null,
  name text not null,
  location_id uuid,
  lat numeric(9,6),
  lng numeric(9,6),
  arrival_offset_minutes integer not null,
  dwell_minutes integer not null default 0,
  allows_pickup boolean not null default true,
  allows_dropoff boolean not null default true,
  constraint transport_route_stops_pkey primary key (biz_id, id),
  constraint transport_route_stops_route_id_fkey foreign key (biz_id, route_id)
    references dispatch.transport_routes (biz_id, id),
  constraint transport_route_stops_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint transport_route_stops_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint transport_route_stops_seq_check check (seq >= 1),
  constraint transport_route_stops_position_check check (
    num_nonnulls(lat, lng) <> 1 and lat between -90 and 90 and lng between -180 and 180),
  constraint transport_route_stops_offsets_check check (arrival_offset_minutes >= 0 and dwell_minutes >= 0)
);
comment on table dispatch.transport_route_stops is 'A stop of a route, so many minutes after its beginning.';
comment on column dispatch.transport_route_stops.route_id is 'The route.';
comment on column dispatch.transport_route_stops.seq is 'Its place on the route; later stops have greater numbers.';
comment on column dispatch.transport_route_stops.name is 'Name shown to customers.';
comment on column dispatch.transport_route_stops.location_id is 'The location where it is, if it is one of the business.';
comment on column dispatch.transport_route_stops.lat is 'Latitude in degrees.';
comment on column dispatch.transport_route_stops.lng is 'Longitude in degrees.';
comment on column dispatch.transport_route_stops.arrival_offset_minutes is 'How many minutes after the start of the trip the vehicle arrives.';
comment on column dispatch.transport_route_stops.dwell_minutes is 'How many minutes it stops.';
comment on column dispatch.transport_route_stops.allows_pickup is 'Whether passengers or goods get in.';
comment on column dispatch.transport_route_stops.allows_dropoff is 'Whether passengers or goods get out.';
comment on constraint transport_route_stops_name_check on dispatch.transport_route_stops is 'A name is required, of 200 characters at most.';
comment on constraint transport_route_stops_seq_check on dispatch.transport_route_stops is 'Places begin at 1.';
comment on constraint transport_route_stops_position_check on dispatch.transport_route_stops is 'A position has a latitude and a longitude.';
comment on constraint transport_route_stops_offsets_check on dispatch.transport_route_stops is 'No number of minutes is negative.';

create trigger transport_route_stops_route_immutable
  before update of route_id on dispatch.transport_route_stops
  for each row when (
    old.route_id is distinct from new.route_id)
  execute function availability.refuse_update('transport_route_stops_route_immutable_check', 'A stop stays with its route.');

call core.install_table('dispatch.transport_route_stops', 'M', 'dprs');
create unique index transport_route_stops_route_id_seq_key on dispatch.transport_route_stops (biz_id, route_id, seq)
  where deleted_at is null;
comment on index dispatch.transport_route_stops_route_id_seq_key is 'The route has another stop at this place.';

-- transport_trips ----------------------------------------------------------------------------------------------------

create table dispatch.transport_trips (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  route_id uuid,
  location_id uuid not null,
  service_date date not null,
  departs_at timestamptz not null,
  arrives_at timestamptz not null,
  period tstzrange generated always as (tstzrange(departs_at, arrives_at, '[)')) stored,
  vehicle_id uuid,
  driver_id uuid,
  capacity integer not null,
  status dispatch.trip_status not null default 'scheduled',
  delay_minutes integer not null default 0,
  departed_at timestamptz,
  completed_at timestamptz,
  cancel_reason text,
  constraint transport_trips_pkey primary key (biz_id, id),
  constraint transport_trips_number_key unique (biz_id, number),
  constraint transport_trips_route_id_fkey foreign key (biz_id, route_id)
    references dispatch.transport_routes (biz_id, id),
  constraint transport_trips_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint transport_trips_vehicle_id_fkey foreign key (biz_id, vehicle_id)
    references dispatch.fleet_vehicles (biz_id, id),
  constraint transport_trips_driver_id_fkey foreign key (biz_id, driver_id)
    references resources.resources (biz_id, id),
  constraint transport_trips_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint transport_trips_cancel_reason_check check (length(cancel_reason) <= 2000),
  constraint transport_trips_times_check check (arrives_at > departs_at),
  constraint transport_trips_capacity_check check (capacity >= 0),
  constraint transport_trips_departed_check check (
    (status not in ('departed', 'completed') or num_nonnulls(vehicle_id, departed_at) = 2)
    and (status = 'completed') = (completed_at is not null))
);
comment on table dispatch.transport_trips is 'One run of a vehicle along a route, or without one.';
comment on column dispatch.transport_trips.number is 'Number that staff and customers use.';
comment on column dispatch.transport_trips.route_id is 'The route; none of a run of its own.';
comment on column dispatch.transport_trips.location_id is 'The location that runs it.';
comment on column dispatch.transport_trips.service_date is 'The business day it counts for. Never changed.';
comment on column dispatch.transport_trips.departs_at is 'When it is planned to leave its first stop.';
comment on column dispatch.transport_trips.arrives_at is 'When it is planned to arrive at its last stop.';
comment on column dispatch.transport_trips.period is 'From departs_at to arrives_at, as a range.';
comment on column dispatch.transport_trips.vehicle_id is 'The vehicle; none until one is assigned.';
comment on column dispatch.transport_trips.driver_id is 'The resource of the driver; none until one is assigned.';
comment on column dispatch.transport_trips.capacity is 'How many seats or places are sold on each leg, unless the leg says otherwise.';
comment on column dispatch.transport_trips.status is 'Where it stands.';
comment on column dispatch.transport_trips.delay_minutes is 'How late it runs; what was planned is not changed by it.';
comment on column dispatch.transport_trips.departed_at is 'When it left its first stop.';
comment on column dispatch.transport_trips.completed_at is 'When it arrived at its last stop.';
comment on column dispatch.transport_trips.cancel_reason is 'Why it does not take place.';
comment on constraint transport_trips_number_check on dispatch.transport_trips is 'A number is required, of 60 characters at most.';
comment on constraint transport_trips_cancel_reason_check on dispatch.transport_trips is 'A cancel reason has 2,000 characters at most.';
comment on constraint transport_trips_number_key on dispatch.transport_trips is 'Another trip has this number.';
comment on constraint transport_trips_times_check on dispatch.transport_trips is 'The arrival must be after the departure.';
comment on constraint transport_trips_capacity_check on dispatch.transport_trips is 'The capacity cannot be negative.';
comment on constraint transport_trips_departed_check on dispatch.transport_trips is 'A trip that departed has a vehicle and says when, and one that arrived says when.';

-- The board of a day; the day of a driver or vehicle.
create index transport_trips_location_id_service_date_idx on dispatch.transport_trips (biz_id, location_id, service_date, departs_at, id);
create index transport_trips_route_id_departs_at_idx on dispatch.transport_trips (biz_id, route_id, departs_at, id);
create index transport_trips_status_departs_at_idx on dispatch.transport_trips (biz_id, status, departs_at, id);
create trigger transport_trips_service_date_immutable
  before update of service_date on dispatch.transport_trips
  for each row when (
    old.service_date is distinct from new.service_date)
  execute function availability.refuse_update('transport_trips_service_date_immutable_check', 'The business date of a trip is never changed.');

call core.install_table('dispatch.transport_trips', 'T', 'dptp', registrable => true);
alter table dispatch.transport_trips add constraint transport_trips_vehicle_no_overlap_excl exclude using gist (
  biz_id with =, vehicle_id with =, period with &&)
  where (status <> 'cancelled' and vehicle_id is not null);
comment on constraint transport_trips_vehicle_no_overlap_excl on dispatch.transport_trips is 'The vehicle is on another trip at that time.';
alter table dispatch.transport_trips add constraint transport_trips_driver_no_overlap_excl exclude using gist (
  biz_id with =, driver_id with =, period with &&)
  where (status <> 'cancelled' and driver_id is not null);
comment on constraint transport_trips_driver_no_overlap_excl on dispatch.transport_trips is 'The driver is on another trip at that time.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('trip', 'scheduled', 'boarding', false),
  ('trip', 'boarding', 'departed', false),
  ('trip', 'departed', 'completed', false),
  ('trip', 'scheduled', 'cancelled', true),
  ('trip', 'boarding', 'cancelled', true),
  ('trip', 'boarding', 'scheduled', false);
call core.install_state_machine('dispatch.transport_trips', 'status', 'trip');

create trigger transport_trips_driver_kind
  after insert or update of driver_id on dispatch.transport_trips
  for each row when (new.driver_id is not null)
  execute function dispatch.check_resource_kind('driver_id', 'human', 'transport_trips_driver_kind_check', 'The driver must be a person.');

-- trip_stops ---------------------------------------------------------------------------------------------------------

create table dispatch.trip_stops (
  biz_id uuid not null,
  id uuid not null,
  trip_id uuid not null,
  seq integer not null,
  route_stop_id uuid,
  name text not null,
  location_id uuid,
  lat numeric(9,6),
  lng numeric(9,6),
  planned_arrival_at timestamptz not null,
  planned_departure_at timestamptz not null,
  actual_arrival_at timestamptz,
  actual_departure_at timestamptz,
  allows_pickup boolean not null default true,
  allows_dropoff boolean not null default true,
  status dispatch.trip_stop_status not null default 'planned',
  constraint trip_stops_pkey primary key (biz_id, id),
  constraint trip_stops_trip_id_seq_key unique (biz_id, trip_id, seq),
  constraint trip_stops_trip_id_fkey foreign key (biz_id, trip_id)
    references dispatch.transport_trips (biz_id, id),
  constraint trip_stops_route_stop_id_fkey foreign key (biz_id, route_stop_id)
    references dispatch.transport_route_stops (biz_id, id),
  constraint trip_stops_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint trip_stops_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint trip_stops_seq_check check (seq >= 1),
  constraint trip_stops_position_check check (
    num_nonnulls(lat, lng) <> 1 and lat between -90 and 90 and lng between -180 and 180),
  constraint trip_stops_planned_check check (planned_departure_at >= planned_arrival_at),
  constraint trip_stops_actual_check check (
    (status not in ('arrived', 'departed') or actual_arrival_at is not null)
    and (status = 'departed') = (actual_departure_at is not null) and actual_departure_at >= actual_arrival_at)
);
comment on table dispatch.trip_stops is 'A stop of a trip, as planned and as it was.';
comment on column dispatch.trip_stops.trip_id is 'The trip.';
comment on column dispatch.trip_stops.seq is 'Its place on the trip; later stops have greater numbers.';
comment on column dispatch.trip_stops.route_stop_id is 'The stop of the route it was made from.';
comment on column dispatch.trip_stops.name is 'Name as it was when the trip was planned.';
comment on column dispatch.trip_stops.location_id is 'The location where it is, if it is one of the business.';
comment on column dispatch.trip_stops.lat is 'Latitude in degrees.';
comment on column dispatch.trip_stops.lng is 'Longitude in degrees.';
comment on column dispatch.trip_stops.planned_arrival_at is 'When the vehicle is planned to arrive.';
comment on column dispatch.trip_stops.planned_departure_at is 'When the vehicle is planned to leave.';
comment on column dispatch.trip_stops.actual_arrival_at is 'When the vehicle arrived.';
comment on column dispatch.trip_stops.actual_departure_at is 'When the vehicle left.';
comment on column dispatch.trip_stops.allows_pickup is 'Whether passengers or goods get in.';
comment on column dispatch.trip_stops.allows_dropoff is 'Whether passengers or goods get out.';
comment on column dispatch.trip_stops.status is 'Where it stands.';
comment on constraint trip_stops_name_check on dispatch.trip_stops is 'A name is required, of 200 characters at most.';
comment on constraint trip_stops_trip_id_seq_key on dispatch.trip_stops is 'The trip has another stop at this place.';
comment on constraint trip_stops_seq_check on dispatch.trip_stops is 'Places begin at 1.';
comment on constraint trip_stops_position_check on dispatch.trip_stops is 'A position has a latitude and a longitude.';
comment on constraint trip_stops_planned_check on dispatch.trip_stops is 'A vehicle does not leave before it arrives.';
comment on constraint trip_stops_actual_check on dispatch.trip_stops is 'A vehicle that was there has times that say so.';

create trigger trip_stops_place_immutable
  before update of trip_id, seq on dispatch.trip_stops
  for each row when (
    old.trip_id is distinct from new.trip_id
    or old.seq is distinct from new.seq)
  execute function availability.refuse_update('trip_stops_place_immutable_check', 'A stop keeps its place on its trip.');

call core.install_table('dispatch.trip_stops', 'T', 'dpts', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('trip_stop', 'planned', 'arrived', false),
  ('trip_stop', 'arrived', 'departed', false),
  ('trip_stop', 'planned', 'skipped', false),
  ('trip_stop', 'skipped', 'planned', false);
call core.install_state_machine('dispatch.trip_stops', 'status', 'trip_stop');

-- Stops in order: what comes later on a route or trip is reached later. The lock on the route or trip puts writers in order.
create function dispatch.check_stop_order() returns trigger
language plpgsql as $$
declare
  out_of_order boolean;
begin
  if tg_table_name = 'transport_route_stops' then
    perform
    from dispatch.transport_routes r
    where r.biz_id = new.biz_id
      and r.id = (to_jsonb(new) ->> 'route_id')::uuid
    for no key update;
    select exists (
      select
      from (
        select s.arrival_offset_minutes,
          lag(s.arrival_offset_minutes + s.dwell_minutes) over (order by s.seq) as left_before
        from dispatch.transport_route_stops s
        where s.biz_id = new.biz_id
          and s.route_id = (to_jsonb(new) ->> 'route_id')::uuid
          and s.deleted_at is null
      ) s
      where s.arrival_offset_minutes <= s.left_before
    )
    into out_of_order;
    if out_of_order then
      perform dispatch.refuse('transport_route_stops', 'arrival_offset_minutes', 'transport_route_stops_order_check',
        'A later stop of a route is reached later.');
    end if;
  else
    perform
    from dispatch.transport_trips t
    where t.biz_id = new.biz_id
      and t.id = (to_jsonb(new) ->> 'trip_id')::uuid
    for no key update;
    select exists (
      select
      from (
        select s.planned_arrival_at, lag(s.planned_departure_at) over (order by s.seq) as left_before
        from dispatch.trip_stops s
        where s.biz_id = new.biz_id
          and s.trip_id = (to_jsonb(new) ->> 'trip_id')::uuid
      ) s
      where s.planned_arrival_at <= s.left_before
    )
    into out_of_order;
    if out_of_order then
      perform dispatch.refuse('trip_stops', 'planned_arrival_at', 'trip_stops_order_check',
        'A later stop of a trip is reached later.');
    end if;
  end if;
  return null;
end
$$;
comment on function dispatch.check_stop_order() is 'Trigger: stops of a route or trip are reached in their order.';
create constraint trigger transport_route_stops_order_check
  after insert or update of seq, arrival_offset_minutes, dwell_minutes, deleted_at on dispatch.transport_route_stops
  deferrable initially deferred
  for each row execute function dispatch.check_stop_order();
comment on constraint transport_route_stops_order_check on dispatch.transport_route_stops is 'A later stop of a route is reached later.';
create constraint trigger trip_stops_order_check
  after insert or update of planned_arrival_at, planned_departure_at on dispatch.trip_stops
  deferrable initially deferred
  for each row execute function dispatch.check_stop_order();
comment on constraint trip_stops_order_check on dispatch.trip_stops is 'A later stop of a trip is reached later.';

-- trip_stop_inventory ------------------------------------------------------------------------------------------------

create table dispatch.trip_stop_inventory (
  biz_id uuid not null,
  id uuid not null,
  trip_id uuid not null,
  from_seq integer not null,
  capacity integer not null,
  sold integer not null default 0,
  held integer not null default 0,
  constraint trip_stop_inventory_pkey primary key (biz_id, id),
  constraint trip_stop_inventory_trip_id_from_seq_key unique (biz_id, trip_id, from_seq),
  constraint trip_stop_inventory_from_seq_fkey foreign key (biz_id, trip_id, from_seq)
    references dispatch.trip_stops (biz_id, trip_id, seq),
  constraint trip_stop_inventory_trip_id_fkey foreign key (biz_id, trip_id)
    references dispatch.transport_trips (biz_id, id),
  constraint trip_stop_inventory_sold_check check (sold >= 0),
  constraint trip_stop_inventory_held_check check (held >= 0),
  constraint trip_stop_inventory_capacity_check check (sold + held <= capacity)
);
comment on table dispatch.trip_stop_inventory is 'The seats of one leg of a trip, from a stop to the next. A seat from the first stop to the third takes both legs.';
comment on column dispatch.trip_stop_inventory.trip_id is 'The trip.';
comment on column dispatch.trip_stop_inventory.from_seq is 'The stop at which the leg begins.';
comment on column dispatch.trip_stop_inventory.capacity is 'How many seats the leg has.';
comment on column dispatch.trip_stop_inventory.sold is 'Seats taken: the sum of its passengers that neither are on hold nor cancelled.';
comment on column dispatch.trip_stop_inventory.held is 'Seats on hold: the sum of its passengers on hold.';
comment on constraint trip_stop_inventory_trip_id_from_seq_key on dispatch.trip_stop_inventory is 'The trip already has this leg.';
comment on constraint trip_stop_inventory_from_seq_fkey on dispatch.trip_stop_inventory is 'A leg begins at a stop of its trip.';
comment on constraint trip_stop_inventory_sold_check on dispatch.trip_stop_inventory is 'No more can be given back than was sold.';
comment on constraint trip_stop_inventory_held_check on dispatch.trip_stop_inventory is 'No more can be given back than was held.';
comment on constraint trip_stop_inventory_capacity_check on dispatch.trip_stop_inventory is 'No seat is left on this leg.';

create trigger trip_stop_inventory_leg_immutable
  before update of trip_id, from_seq on dispatch.trip_stop_inventory
  for each row when (
    old.trip_id is distinct from new.trip_id
    or old.from_seq is distinct from new.from_seq)
  execute function availability.refuse_update('trip_stop_inventory_leg_immutable_check', 'A leg stays what it is.');

call core.install_table('dispatch.trip_stop_inventory', 'T', 'dpsi');

-- trip_manifests -----------------------------------------------------------------------------------------------------

create table dispatch.trip_manifests (
  biz_id uuid not null,
  id uuid not null,
  trip_id uuid not null,
  booking_order_id uuid,
  participant_id uuid,
  booking_hold_id uuid,
  passenger_name_enc bytea,
  from_seq integer not null,
  to_seq integer not null,
  legs int4range generated always as (int4range(from_seq, to_seq, '[)')) stored,
  seats integer not null default 1,
  seat text,
  status dispatch.trip_manifest_status not null default 'reserved',
  ticket_hash bytea,
  boarded_at timestamptz,
  alighted_at timestamptz,
  constraint trip_manifests_pkey primary key (biz_id, id),
  constraint trip_manifests_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint trip_manifests_participant_id_fkey foreign key (biz_id, participant_id)
    references booking.booking_participants (biz_id, id),
  constraint trip_manifests_booking_hold_id_fkey foreign key (biz_id, booking_hold_id)
    references availability.booking_holds (biz_id, id),
  constraint trip_manifests_trip_id_fkey foreign key (biz_id, trip_id)
    references dispatch.transport_trips (biz_id, id),
  constraint trip_manifests_from_seq_fkey foreign key (biz_id, trip_id, from_seq)
    references dispatch.trip_stops (biz_id, trip_id, seq),
  constraint trip_manifests_to_seq_fkey foreign key (biz_id, trip_id, to_seq)
    references dispatch.trip_stops (biz_id, trip_id, seq),
  constraint trip_manifests_seat_check check (btrim(seat) <> '' and length(seat) <= 20),
  constraint trip_manifests_stops_check check (to_seq > from_seq),
  constraint trip_manifests_seats_check check (seats >= 1 and (seat is null or seats = 1)),
  constraint trip_manifests_held_check check (status <> 'held' or booking_hold_id is not null),
  constraint trip_manifests_ticket_check check (octet_length(ticket_hash) = 32),
  constraint trip_manifests_boarded_check check (
    (status not in ('boarded', 'alighted') or boarded_at is not null)
    and (status = 'alighted') = (alighted_at is not null) and alighted_at >= boarded_at)
);
comment on table dispatch.trip_manifests is 'A passenger or a party on a trip, from one stop to another.';
comment on column dispatch.trip_manifests.trip_id is 'The trip.';
comment on column dispatch.trip_manifests.booking_order_id is 'The order with which it was booked.';
comment on column dispatch.trip_manifests.participant_id is 'The participant of the order who travels.';
comment on column dispatch.trip_manifests.booking_hold_id is 'The hold that keeps the seat before it is booked.';
comment on column dispatch.trip_manifests.passenger_name_enc is 'Name of the passenger, where it is none of the participants.';
comment on column dispatch.trip_manifests.from_seq is 'The stop at which they get in.';
comment on column dispatch.trip_manifests.to_seq is 'The stop at which they get out.';
comment on column dispatch.trip_manifests.legs is 'The legs it takes, as a range of the stops at which they begin.';
comment on column dispatch.trip_manifests.seats is 'How many seats it takes.';
comment on column dispatch.trip_manifests.seat is 'The seat, where it has a certain one.';
comment on column dispatch.trip_manifests.status is 'Where it stands.';
comment on column dispatch.trip_manifests.ticket_hash is 'Hash of the code on the ticket.';
comment on column dispatch.trip_manifests.boarded_at is 'When they got in.';
comment on column dispatch.trip_manifests.alighted_at is 'When they got out.';
comment on constraint trip_manifests_seat_check on dispatch.trip_manifests is 'A seat is not blank, and of 20 characters at most.';
comment on constraint trip_manifests_from_seq_fkey on dispatch.trip_manifests is 'They get in at a stop of the trip.';
comment on constraint trip_manifests_to_seq_fkey on dispatch.trip_manifests is 'They get out at a stop of the trip.';
comment on constraint trip_manifests_stops_check on dispatch.trip_manifests is 'They get out after they got in.';
comment on constraint trip_manifests_seats_check on dispatch.trip_manifests is 'At least one seat is taken, and a certain seat is one.';
comment on constraint trip_manifests_held_check on dispatch.trip_manifests is 'A seat on hold has a hold.';
comment on constraint trip_manifests_ticket_check on dispatch.trip_manifests is 'A ticket is kept as a hash of 32 bytes.';
comment on constraint trip_manifests_boarded_check on dispatch.trip_manifests is 'Who travelled has times that say so.';

-- What the driver sees at a stop.
create index trip_manifests_trip_id_from_seq_idx on dispatch.trip_manifests (biz_id, trip_id, from_seq, id);
create unique index trip_manifests_ticket_hash_key on dispatch.trip_manifests (biz_id, ticket_hash)
  where ticket_hash is not null;
comment on index dispatch.trip_manifests_ticket_hash_key is 'Another ticket has this code.';
create unique index trip_manifests_trip_id_participant_id_key on dispatch.trip_manifests (biz_id, trip_id, participant_id, from_seq)
  where participant_id is not null and status <> 'cancelled';
comment on index dispatch.trip_manifests_trip_id_participant_id_key is 'This participant is on the trip already.';
create trigger trip_manifests_legs_immutable
  before update of trip_id, from_seq, to_seq, seats on dispatch.trip_manifests
  for each row when (
    old.trip_id is distinct from new.trip_id
    or old.from_seq is distinct from new.from_seq
    or old.to_seq is distinct from new.to_seq
    or old.seats is distinct from new.seats)
  execute function availability.refuse_update('trip_manifests_legs_immutable_check', 'A passenger keeps trip, legs and seats; cancel and book anew.');

call core.install_table('dispatch.trip_manifests', 'T', 'dpmf', registrable => true);
alter table dispatch.trip_manifests add constraint trip_manifests_seat_no_overlap_excl exclude using gist (
  biz_id with =, trip_id with =, seat with =, legs with &&)
  where (seat is not null and status <> 'cancelled');
comment on constraint trip_manifests_seat_no_overlap_excl on dispatch.trip_manifests is 'This seat is taken on one of these legs.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('trip_manifest', 'held', 'reserved', false),
  ('trip_manifest', 'held', 'cancelled', false),
  ('trip_manifest', 'reserved', 'checked_in', false),
  ('trip_manifest', 'reserved', 'boarded', false),
  ('trip_manifest', 'reserved', 'no_show', false),
  ('trip_manifest', 'reserved', 'cancelled', false),
  ('trip_manifest', 'checked_in', 'boarded', false),
  ('trip_manifest', 'checked_in', 'no_show', false),
  ('trip_manifest', 'checked_in', 'cancelled', true),
  ('trip_manifest', 'boarded', 'alighted', false),
  ('trip_manifest', 'no_show', 'checked_in', false);
call core.install_state_machine('dispatch.trip_manifests', 'status', 'trip_manifest');

-- Seats leg by leg: the counters equal the passengers. A writer changes the counters of its legs in ascending order and so
-- holds their rows to the end: of two writers the second one's check sees what the first has written.
create function dispatch.check_trip_seats() returns trigger
language plpgsql as $$
declare
  written constant jsonb := to_jsonb(new);
  first_leg constant integer := written ->> 'from_seq';
  end_leg constant integer := coalesce((written ->> 'to_seq')::integer, first_leg + 1);
begin
  if exists (
    select
    from dispatch.trip_stops s
    left join dispatch.trip_stop_inventory i on i.biz_id = s.biz_id and i.trip_id = s.trip_id and i.from_seq = s.seq
    cross join lateral (
      select
        coalesce(sum(m.seats) filter (where m.status = 'held'), 0) as held,
        coalesce(sum(m.seats) filter (where m.status <> 'held'), 0) as sold
      from dispatch.trip_manifests m
      where m.biz_id = s.biz_id
        and m.trip_id = s.trip_id
        and m.from_seq <= s.seq
        and m.to_seq > s.seq
        and m.status <> 'cancelled'
    ) taken
    where s.biz_id = new.biz_id
      and s.trip_id = new.trip_id
      and s.seq >= first_leg
      and s.seq < end_leg
      and (coalesce(i.sold, 0) <> taken.sold or coalesce(i.held, 0) <> taken.held)
  ) then
    perform dispatch.refuse('trip_stop_inventory', 'sold', 'trip_stop_inventory_passengers_sum_check',
      'The passengers of a leg must add up to its seats sold and held.');
  end if;
  return null;
end
$$;
comment on function dispatch.check_trip_seats() is 'Trigger: seats sold and held on each leg equal the passengers that take it.';
create constraint trigger trip_stop_inventory_passengers_sum_check
  after insert or update of sold, held on dispatch.trip_stop_inventory
  deferrable initially deferred
  for each row execute function dispatch.check_trip_seats();
comment on constraint trip_stop_inventory_passengers_sum_check on dispatch.trip_stop_inventory is 'The passengers of a leg must add up to its seats sold and held.';
create constraint trigger trip_manifests_seats_sum_check
  after insert or update of status on dispatch.trip_manifests
  deferrable initially deferred
  for each row execute function dispatch.check_trip_seats();
comment on constraint trip_manifests_seats_sum_check on dispatch.trip_manifests is 'The passengers of a leg must add up to its seats sold and held.';

select core.ensure_partitions(3);
