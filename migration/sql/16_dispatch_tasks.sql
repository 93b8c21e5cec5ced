-- Tasks on the road: what is fetched, brought or done where, by whom, in which order, and when it will be there.

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain dispatch.dispatch_task_kind as text constraint dispatch_task_kind_check check (value in (
  'pickup', 'dropoff', 'service', 'return'));
comment on domain dispatch.dispatch_task_kind is 'What is to be done at a place.
pickup: Fetch something or somebody.
dropoff: Bring something or somebody.
service: Do something there.
return: Bring something back to the depot.';
comment on constraint dispatch_task_kind_check on domain dispatch.dispatch_task_kind is 'Unknown kind of task.';

create domain dispatch.dispatch_task_status as text constraint dispatch_task_status_check check (value in (
  'unassigned', 'assigned', 'accepted', 'en_route', 'arrived', 'completed', 'failed', 'cancelled'));
comment on domain dispatch.dispatch_task_status is 'Where a task stands.
unassigned: Nobody is to do it yet.
assigned: Somebody was asked.
accepted: The driver does it.
en_route: The driver is on the way to it.
arrived: The driver is there.
completed: Done.
failed: It could not be done; a further attempt is a task of its own.
cancelled: No longer wanted.';
comment on constraint dispatch_task_status_check on domain dispatch.dispatch_task_status is 'Unknown status of a task.';

create domain dispatch.dispatch_task_failure as text constraint dispatch_task_failure_check check (value in (
  'nobody_there', 'refused', 'wrong_address', 'damaged', 'vehicle', 'time', 'other'));
comment on domain dispatch.dispatch_task_failure is 'Why a task could not be done.
nobody_there: Nobody was there.
refused: What was brought was refused.
wrong_address: The address was wrong or could not be reached.
damaged: The goods were damaged.
vehicle: The vehicle broke down.
time: There was no time left.
other: Anything else, as the note says.';
comment on constraint dispatch_task_failure_check on domain dispatch.dispatch_task_failure is 'Unknown reason of failure.';

create domain dispatch.task_proof_kind as text constraint task_proof_kind_check check (value in (
  'signature', 'photo', 'code'));
comment on domain dispatch.task_proof_kind is 'How it is shown that a task was done.
signature: The recipient signed.
photo: A photograph was taken.
code: The recipient said the code.';
comment on constraint task_proof_kind_check on domain dispatch.task_proof_kind is 'Unknown kind of proof.';

create domain dispatch.eta_source as text constraint eta_source_check check (value in (
  'router', 'traffic', 'device', 'manual'));
comment on domain dispatch.eta_source is 'What an arrival time was reckoned by.
router: A router, without traffic.
traffic: A router that knows the traffic.
device: The device of the driver.
manual: Staff.';
comment on constraint eta_source_check on domain dispatch.eta_source is 'Unknown source.';

create domain dispatch.route_plan_status as text constraint route_plan_status_check check (value in (
  'draft', 'solving', 'proposed', 'applied', 'discarded'));
comment on domain dispatch.route_plan_status is 'Where a route plan stands.
draft: Its tasks are being put together.
solving: The solver is at work.
proposed: There is a solution to look at.
applied: The tasks were assigned as it says.
discarded: It is not used.';
comment on constraint route_plan_status_check on domain dispatch.route_plan_status is 'Unknown status of a route plan.';

create domain dispatch.route_objective as text constraint route_objective_check check (value in (
  'time', 'distance', 'cost', 'lateness', 'balance'));
comment on domain dispatch.route_objective is 'What a route plan makes small.
time: The time on the road.
distance: The distance.
cost: The cost.
lateness: How late tasks are done.
balance: The difference between drivers.';
comment on constraint route_objective_check on domain dispatch.route_objective is 'Unknown objective.';

-- dispatch_tasks -----------------------------------------------------------------------------------------------------

create table dispatch.dispatch_tasks (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind dispatch.dispatch_task_kind not null,
  location_id uuid not null,
  fulfillment_unit_id uuid,
  customer_id uuid,
  address_enc bytea,
  contact_name_enc bytea,
  contact_phone_enc bytea,
  lat numeric(9,6),
  lng numeric(9,6),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  service_minutes integer not null default 0,
  quantity numeric(18,6) not null default 1,
  weight_g bigint,
  volume_cm3 bigint,
  requires_task_id uuid,
  attempt_of_id uuid,
  attempt_no integer not null default 1,
  vehicle_id uuid,
  driver_id uuid,
  seq integer,
  priority smallint not null default 0,
  due_at timestamptz not null,
  status dispatch.dispatch_task_status not null default 'unassigned',
  failure dispatch.dispatch_task_failure,
  outcome_note text,
  started_at timestamptz,
  arrived_at timestamptz,
  finished_at timestamptz,
  eta_at timestamptz,
  required_proof dispatch.task_proof_kind,
  proof_kind dispatch.task_proof_kind,
  proof_media_id uuid,
  proof_code_hash bytea,
  received_by_enc bytea,
  constraint dispatch_tasks_pkey primary key (biz_id, id),
  constraint dispatch_tasks_number_key unique (biz_id, number),
  constraint dispatch_tasks_attempt_of_id_key unique (biz_id, attempt_of_id),
  constraint dispatch_tasks_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint dispatch_tasks_fulfillment_unit_id_fkey foreign key (biz_id, fulfillment_unit_id)
    references booking.fulfillment_units (biz_id, id),
  constraint dispatch_tasks_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint dispatch_tasks_requires_task_id_fkey foreign key (biz_id, requires_task_id)
    references dispatch.dispatch_tasks (biz_id, id),
  constraint dispatch_tasks_attempt_of_id_fkey foreign key (biz_id, attempt_of_id)
    references dispatch.dispatch_tasks (biz_id, id),
  constraint dispatch_tasks_vehicle_id_fkey foreign key (biz_id, vehicle_id)
    references dispatch.fleet_vehicles (biz_id, id),
  constraint dispatch_tasks_driver_id_fkey foreign key (biz_id, driver_id)
    references resources.resources (biz_id, id),
  constraint dispatch_tasks_proof_media_id_fkey foreign key (biz_id, proof_media_id)
    references core.media_assets (biz_id, id),
  constraint dispatch_tasks_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint dispatch_tasks_outcome_note_check check (length(outcome_note) <= 2000),
  constraint dispatch_tasks_times_check check (ends_at > starts_at),
  constraint dispatch_tasks_position_check check (
    num_nonnulls(lat, lng) <> 1 and lat between -90 and 90 and lng between -180 and 180),
  constraint dispatch_tasks_load_check check (
    quantity > 0 and service_minutes >= 0 and weight_g >= 0 and volume_cm3 >= 0),
  constraint dispatch_tasks_requires_check check (requires_task_id <> id),
  constraint dispatch_tasks_attempt_check check (
    attempt_of_id <> id and attempt_no >= 1 and (attempt_no = 1) = (attempt_of_id is null)),
  constraint dispatch_tasks_seq_check check (seq >= 1),
  constraint dispatch_tasks_assignee_check check (
    case status when 'unassigned' then num_nonnulls(vehicle_id, driver_id) = 0 when 'cancelled' then true
    else num_nonnulls(vehicle_id, driver_id) >= 1 end),
  constraint dispatch_tasks_progress_check check (
    (status not in ('en_route', 'arrived', 'completed') or started_at is not null)
    and (status not in ('arrived', 'completed') or arrived_at is not null)
    and (status in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
  constraint dispatch_tasks_order_check check (arrived_at >= started_at and finished_at >= arrived_at),
  constraint dispatch_tasks_failure_check check (
    (status = 'failed') = (failure is not null) and (failure is distinct from 'other'
    or btrim(coalesce(outcome_note, '')) <> '')),
  constraint dispatch_tasks_proof_check check (
    (status <> 'completed' or required_proof is null or proof_kind is not distinct from required_proof)
    and (proof_kind is null or proof_kind = 'code' or proof_media_id is not null)),
  constraint dispatch_tasks_proof_code_check check (octet_length(proof_code_hash) = 32)
);
comment on table dispatch.dispatch_tasks is 'One thing to do at one place: to fetch, bring, or give a service.';
comment on column dispatch.dispatch_tasks.number is 'Number that staff and drivers use.';
comment on column dispatch.dispatch_tasks.kind is 'What is to be done.';
comment on column dispatch.dispatch_tasks.location_id is 'The depot that sees to it.';
comment on column dispatch.dispatch_tasks.fulfillment_unit_id is 'The piece of work of an order that it is for.';
comment on column dispatch.dispatch_tasks.customer_id is 'The customer it is for.';
comment on column dispatch.dispatch_tasks.address_enc is 'Where it is: the address.';
comment on column dispatch.dispatch_tasks.contact_name_enc is 'Whom to ask for.';
comment on column dispatch.dispatch_tasks.contact_phone_enc is 'Telephone number of that person.';
comment on column dispatch.dispatch_tasks.lat is 'Latitude of the place, in degrees.';
comment on column dispatch.dispatch_tasks.lng is 'Longitude of the place, in degrees.';
comment on column dispatch.dispatch_tasks.starts_at is 'From when on it can be done: the beginning of its window.';
comment on column dispatch.dispatch_tasks.ends_at is 'Until when it is to be done: the end of its window.';
comment on column dispatch.dispatch_tasks.service_minutes is 'How many minutes it takes there.';
comment on column dispatch.dispatch_tasks.quantity is 'How much is fetched or brought, in pieces.';
comment on column dispatch.dispatch_tasks.weight_g is 'How much that weighs, in grams.';
comment on column dispatch.dispatch_tasks.volume_cm3 is 'How much room that takes, in cubic centimetres.';
comment on column dispatch.dispatch_tasks.requires_task_id is 'The task that must be completed before this one begins: the pickup of a dropoff.';
comment on column dispatch.dispatch_tasks.attempt_of_id is 'The failed task that this one tries again.';
comment on column dispatch.dispatch_tasks.attempt_no is 'The how manieth attempt it is.';
comment on column dispatch.dispatch_tasks.vehicle_id is 'The vehicle that does it.';
comment on column dispatch.dispatch_tasks.driver_id is 'The resource of the driver who does it.';
comment on column dispatch.dispatch_tasks.seq is 'Its place in the tour of the driver.';
comment on column dispatch.dispatch_tasks.priority is 'What is due at the same time is done in descending priority; 0 is usual.';
comment on column dispatch.dispatch_tasks.due_at is 'When it must be done at the latest.';
comment on column dispatch.dispatch_tasks.status is 'Where it stands.';
comment on column dispatch.dispatch_tasks.failure is 'Why it could not be done.';
comment on column dispatch.dispatch_tasks.outcome_note is 'What the driver says about it.';
comment on column dispatch.dispatch_tasks.started_at is 'When the driver set out.';
comment on column dispatch.dispatch_tasks.arrived_at is 'When the driver was there.';
comment on column dispatch.dispatch_tasks.finished_at is 'When it was completed, failed or cancelled.';
comment on column dispatch.dispatch_tasks.eta_at is 'When the driver will be there, by the latest reckoning; never in the past while the task is open.';
comment on column dispatch.dispatch_tasks.required_proof is 'How it must be shown that it was done; none means not at all.';
comment on column dispatch.dispatch_tasks.proof_kind is 'How it was shown that it was done.';
comment on column dispatch.dispatch_tasks.proof_media_id is 'The signature or photograph.';
comment on column dispatch.dispatch_tasks.proof_code_hash is 'Hash of the code that the recipient is to say.';
comment on column dispatch.dispatch_tasks.received_by_enc is 'Name of who received it.';
comment on constraint dispatch_tasks_number_check on dispatch.dispatch_tasks is 'A number is required, of 60 characters at most.';
comment on constraint dispatch_tasks_outcome_note_check on dispatch.dispatch_tasks is 'An outcome note has 2,000 characters at most.';
comment on constraint dispatch_tasks_number_key on dispatch.dispatch_tasks is 'Another task has this number.';
comment on constraint dispatch_tasks_attempt_of_id_key on dispatch.dispatch_tasks is 'This task is tried again already.';
comment on constraint dispatch_tasks_times_check on dispatch.dispatch_tasks is 'The end must be after the start.';
comment on constraint dispatch_tasks_position_check on dispatch.dispatch_tasks is 'A position has a latitude and a longitude.';
comment on constraint dispatch_tasks_load_check on dispatch.dispatch_tasks is 'The quantity is more than nothing, and time, weight and room are not negative.';
comment on constraint dispatch_tasks_requires_check on dispatch.dispatch_tasks is 'A task does not wait for itself.';
comment on constraint dispatch_tasks_attempt_check on dispatch.dispatch_tasks is 'A further attempt names the one before.';
comment on constraint dispatch_tasks_seq_check on dispatch.dispatch_tasks is 'Places in a tour begin at 1.';
comment on constraint dispatch_tasks_assignee_check on dispatch.dispatch_tasks is 'A task that is given to nobody has neither driver nor vehicle, and one that is given to somebody has one.';
comment on constraint dispatch_tasks_progress_check on dispatch.dispatch_tasks is 'A task that went on has times that say so.';
comment on constraint dispatch_tasks_order_check on dispatch.dispatch_tasks is 'Nobody arrives before setting out, nor is done before arriving.';
comment on constraint dispatch_tasks_failure_check on dispatch.dispatch_tasks is 'A failed task says why, and no other does.';
comment on constraint dispatch_tasks_proof_check on dispatch.dispatch_tasks is 'A task is completed with the proof it asks for.';
comment on constraint dispatch_tasks_proof_code_check on dispatch.dispatch_tasks is 'A code is kept as a hash of 32 bytes.';

-- The dispatch board; the tour of a driver or vehicle; a depot's day.
create index dispatch_tasks_status_due_at_idx on dispatch.dispatch_tasks (biz_id, status, due_at, priority);
create index dispatch_tasks_location_id_starts_at_idx on dispatch.dispatch_tasks (biz_id, location_id, starts_at, id);
create index dispatch_tasks_driver_id_tour_idx on dispatch.dispatch_tasks (biz_id, driver_id, seq, id)
  where status in ('assigned', 'accepted', 'en_route', 'arrived');
create index dispatch_tasks_vehicle_id_tour_idx on dispatch.dispatch_tasks (biz_id, vehicle_id, seq, id)
  where status in ('assigned', 'accepted', 'en_route', 'arrived');
create index dispatch_tasks_location_id_open_idx on dispatch.dispatch_tasks (biz_id, location_id, status, due_at, id)
  where status in ('unassigned', 'assigned', 'accepted', 'en_route', 'arrived');

call core.install_table('dispatch.dispatch_tasks', 'T', 'dptk', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('dispatch_task', 'unassigned', 'assigned', false),
  ('dispatch_task', 'unassigned', 'cancelled', true),
  ('dispatch_task', 'assigned', 'accepted', false),
  ('dispatch_task', 'assigned', 'unassigned', false),
  ('dispatch_task', 'assigned', 'cancelled', true),
  ('dispatch_task', 'accepted', 'en_route', false),
  ('dispatch_task', 'accepted', 'unassigned', false),
  ('dispatch_task', 'accepted', 'cancelled', true),
  ('dispatch_task', 'en_route', 'arrived', false),
  ('dispatch_task', 'en_route', 'unassigned', true),
  ('dispatch_task', 'en_route', 'failed', false),
  ('dispatch_task', 'en_route', 'cancelled', true),
  ('dispatch_task', 'arrived', 'completed', false),
  ('dispatch_task', 'arrived', 'failed', false);
call core.install_state_machine('dispatch.dispatch_tasks', 'status', 'dispatch_task');
call core.install_acyclic('dispatch.dispatch_tasks', 'requires_task_id');

-- A completed task stays completed: nothing to lock.
create function dispatch.check_task_order() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from dispatch.dispatch_tasks p
    where p.biz_id = new.biz_id
      and p.id = new.requires_task_id
      and p.status <> 'completed'
  ) then
    perform dispatch.refuse('dispatch_tasks', 'status', 'dispatch_tasks_requires_completed_check',
      'A task does not begin before the task it waits for is completed.');
  end if;
  return new;
end
$$;
comment on function dispatch.check_task_order() is 'Trigger: a task begins only after the task it waits for is completed.';
create trigger dispatch_tasks_order
  before insert or update of status, requires_task_id on dispatch.dispatch_tasks
  for each row when (new.requires_task_id is not null and new.status in ('en_route', 'arrived', 'completed'))
  execute function dispatch.check_task_order();

create function dispatch.check_task_attempt() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from dispatch.dispatch_tasks p
    where p.biz_id = new.biz_id
      and p.id = new.attempt_of_id
      and p.status = 'failed'
      and p.attempt_no = new.attempt_no - 1
  ) then
    perform dispatch.refuse('dispatch_tasks', 'attempt_of_id', 'dispatch_tasks_attempt_failed_check',
      'Only a failed task is tried again, as its next attempt.');
  end if;
  return null;
end
$$;
comment on function dispatch.check_task_attempt() is 'Trigger: a further attempt follows a failed one, and counts on.';
create trigger dispatch_tasks_attempt
  after insert or update of attempt_of_id, attempt_no on dispatch.dispatch_tasks
  for each row when (new.attempt_of_id is not null)
  execute function dispatch.check_task_attempt();

-- task_assignments ---------------------------------------------------------------------------------------------------

create table dispatch.task_assignments (
  biz_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  driver_id uuid,
  vehicle_id uuid,
  driver_shift_id uuid,
  assigned_by_id uuid,
  accepted_at timestamptz,
  declined_at timestamptz,
  decline_reason text,
  ended_at timestamptz,
  constraint task_assignments_pkey primary key (biz_id, id),
  constraint task_assignments_task_id_fkey foreign key (biz_id, task_id)
    references dispatch.dispatch_tasks (biz_id, id),
  constraint task_assignments_driver_id_fkey foreign key (biz_id, driver_id)
    references resources.resources (biz_id, id),
  constraint task_assignments_vehicle_id_fkey foreign key (biz_id, vehicle_id)
    references dispatch.fleet_vehicles (biz_id, id),
  constraint task_assignments_driver_shift_id_fkey foreign key (biz_id, driver_shift_id)
    references dispatch.driver_shifts (biz_id, id),
  constraint task_assignments_assigned_by_id_fkey foreign key (assigned_by_id)
    references identity.users (id),
  constraint task_assignments_decline_reason_check check (length(decline_reason) <= 2000),
  constraint task_assignments_assignee_check check (num_nonnulls(driver_id, vehicle_id) >= 1),
  constraint task_assignments_answer_check check (
    num_nonnulls(accepted_at, declined_at) <= 1 and (declined_at is null or ended_at is not null)
    and (decline_reason is null or declined_at is not null)),
  constraint task_assignments_ended_check check (ended_at >= accepted_at and ended_at >= declined_at)
);
comment on table dispatch.task_assignments is 'That a task was given to a driver, and what became of it.';
comment on column dispatch.task_assignments.task_id is 'The task.';
comment on column dispatch.task_assignments.driver_id is 'The resource of the driver.';
comment on column dispatch.task_assignments.vehicle_id is 'The vehicle.';
comment on column dispatch.task_assignments.driver_shift_id is 'The shift in which it is done.';
comment on column dispatch.task_assignments.assigned_by_id is 'The user who gave it; none where a route plan did.';
comment on column dispatch.task_assignments.accepted_at is 'When the driver took it.';
comment on column dispatch.task_assignments.declined_at is 'When the driver declined it.';
comment on column dispatch.task_assignments.decline_reason is 'Why the driver declined it.';
comment on column dispatch.task_assignments.ended_at is 'When it was over: done, taken away or declined.';
comment on constraint task_assignments_decline_reason_check on dispatch.task_assignments is 'A decline reason has 2,000 characters at most.';
comment on constraint task_assignments_assignee_check on dispatch.task_assignments is 'A task is given to a driver, a vehicle or both.';
comment on constraint task_assignments_answer_check on dispatch.task_assignments is 'An assignment is either taken or declined, and is over once declined.';
comment on constraint task_assignments_ended_check on dispatch.task_assignments is 'An assignment is not over before it was answered.';

create unique index task_assignments_task_id_open_key on dispatch.task_assignments (biz_id, task_id)
  where ended_at is null;
comment on index dispatch.task_assignments_task_id_open_key is 'This task is given to somebody already.';
create index task_assignments_driver_id_open_idx on dispatch.task_assignments (biz_id, driver_id, id)
  where ended_at is null;
create trigger task_assignments_task_immutable
  before update of task_id, driver_id, vehicle_id on dispatch.task_assignments
  for each row when (
    old.task_id is distinct from new.task_id
    or old.driver_id is distinct from new.driver_id
    or old.vehicle_id is distinct from new.vehicle_id)
  execute function availability.refuse_update('task_assignments_task_immutable_check', 'An assignment stays what it is; end it and make another.');

call core.install_table('dispatch.task_assignments', 'T', 'dpta', registrable => true);

-- eta_events ---------------------------------------------------------------------------------------------------------

create table dispatch.eta_events (
  biz_id uuid not null,
  id uuid not null,
  task_id uuid,
  trip_stop_id uuid,
  computed_at timestamptz not null default now(),
  eta_at timestamptz not null,
  p90_at timestamptz,
  source dispatch.eta_source not null,
  distance_m integer,
  constraint eta_events_pkey primary key (biz_id, computed_at, id),
  constraint eta_events_task_id_fkey foreign key (biz_id, task_id)
    references dispatch.dispatch_tasks (biz_id, id),
  constraint eta_events_trip_stop_id_fkey foreign key (biz_id, trip_stop_id)
    references dispatch.trip_stops (biz_id, id),
  constraint eta_events_target_check check (num_nonnulls(task_id, trip_stop_id) = 1),
  constraint eta_events_eta_check check (eta_at >= computed_at and p90_at >= eta_at),
  constraint eta_events_distance_check check (distance_m >= 0)
) partition by range (computed_at);
comment on table dispatch.eta_events is 'When a driver or a trip was reckoned to be at a place. The latest by computed_at counts.';
comment on column dispatch.eta_events.task_id is 'The task, unless it is about a stop.';
comment on column dispatch.eta_events.trip_stop_id is 'The stop of a trip, unless it is about a task.';
comment on column dispatch.eta_events.computed_at is 'When it was reckoned.';
comment on column dispatch.eta_events.eta_at is 'When they will be there.';
comment on column dispatch.eta_events.p90_at is 'When they will be there in nine of ten cases at the latest.';
comment on column dispatch.eta_events.source is 'What it was reckoned by.';
comment on column dispatch.eta_events.distance_m is 'How far it is still, in metres.';
comment on constraint eta_events_target_check on dispatch.eta_events is 'An arrival is that at either a task or a stop.';
comment on constraint eta_events_eta_check on dispatch.eta_events is 'Nobody arrives in the past, nor later in most cases than in nine of ten.';
comment on constraint eta_events_distance_check on dispatch.eta_events is 'What is left of the way cannot be negative.';

create index eta_events_task_id_computed_at_idx on dispatch.eta_events (biz_id, task_id, computed_at);
create index eta_events_trip_stop_id_computed_at_idx on dispatch.eta_events (biz_id, trip_stop_id, computed_at);

call core.install_table('dispatch.eta_events', 'P', 'dpee');

-- route_plans --------------------------------------------------------------------------------------------------------

create table dispatch.route_plans (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  service_date date not null,
  solver text not null,
  objective dispatch.route_objective not null default 'time',
  parameters jsonb not null default '{}',
  status dispatch.route_plan_status not null default 'draft',
  result jsonb,
  solved_at timestamptz,
  applied_at timestamptz,
  constraint route_plans_pkey primary key (biz_id, id),
  constraint route_plans_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint route_plans_solver_check check (btrim(solver) <> '' and length(solver) <= 60),
  constraint route_plans_parameters_check check (jsonb_typeof(parameters) = 'object'),
  constraint route_plans_result_check check (jsonb_typeof(result) = 'object'),
  constraint route_plans_solved_check check (
    (status not in ('proposed', 'applied') or num_nonnulls(result, solved_at) = 2)
    and (status = 'applied') = (applied_at is not null))
);
comment on table dispatch.route_plans is 'A plan of who does which tasks of a day in which order, as reckoned by a solver.';
comment on column dispatch.route_plans.location_id is 'The depot.';
comment on column dispatch.route_plans.service_date is 'The day.';
comment on column dispatch.route_plans.solver is 'What reckons it, such as vroom.';
comment on column dispatch.route_plans.objective is 'What it makes small.';
comment on column dispatch.route_plans.parameters is 'What the solver was told, such as working hours and speed.';
comment on column dispatch.route_plans.status is 'Where it stands.';
comment on column dispatch.route_plans.result is 'What the solver said: cost, distance, and tasks it found no place for.';
comment on column dispatch.route_plans.solved_at is 'When there was a solution.';
comment on column dispatch.route_plans.applied_at is 'When the tasks were assigned as it says.';
comment on constraint route_plans_solver_check on dispatch.route_plans is 'A solver is required, of 60 characters at most.';
comment on constraint route_plans_parameters_check on dispatch.route_plans is 'Parameters must be a JSON object.';
comment on constraint route_plans_result_check on dispatch.route_plans is 'Result must be a JSON object.';
comment on constraint route_plans_solved_check on dispatch.route_plans is 'A plan that is proposed has a result, and one that is applied says when.';

create index route_plans_location_id_service_date_idx on dispatch.route_plans (biz_id, location_id, service_date, id);
create unique index route_plans_applying_key on dispatch.route_plans (biz_id, location_id, service_date)
  where status = 'solving';
comment on index dispatch.route_plans_applying_key is 'A plan for this day is being reckoned already.';

call core.install_table('dispatch.route_plans', 'T', 'dprp', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('route_plan', 'draft', 'solving', false),
  ('route_plan', 'solving', 'proposed', false),
  ('route_plan', 'solving', 'draft', false),
  ('route_plan', 'proposed', 'applied', false),
  ('route_plan', 'draft', 'discarded', false),
  ('route_plan', 'solving', 'discarded', false),
  ('route_plan', 'proposed', 'discarded', false);
call core.install_state_machine('dispatch.route_plans', 'status', 'route_plan');

-- route_plan_tasks ---------------------------------------------------------------------------------------------------

create table dispatch.route_plan_tasks (
  biz_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  task_id uuid not null,
  task_version integer not null,
  vehicle_id uuid,
  driver_id uuid,
  seq integer,
  eta_at timestamptz,
  constraint route_plan_tasks_pkey primary key (biz_id, id),
  constraint route_plan_tasks_plan_id_task_id_key unique (biz_id, plan_id, task_id),
  constraint route_plan_tasks_plan_id_vehicle_id_seq_key unique (biz_id, plan_id, vehicle_id, seq),
  constraint route_plan_tasks_plan_id_fkey foreign key (biz_id, plan_id)
    references dispatch.route_plans (biz_id, id),
  constraint route_plan_tasks_task_id_fkey foreign key (biz_id, task_id)
    references dispatch.dispatch_tasks (biz_id, id),
  constraint route_plan_tasks_vehicle_id_fkey foreign key (biz_id, vehicle_id)
    references dispatch.fleet_vehicles (biz_id, id),
  constraint route_plan_tasks_driver_id_fkey foreign key (biz_id, driver_id)
    references resources.resources (biz_id, id),
  constraint route_plan_tasks_place_check check (
    seq >= 1 and (seq is null) = (vehicle_id is null) and (vehicle_id is not null or (driver_id is null
    and eta_at is null)))
);
comment on table dispatch.route_plan_tasks is 'A task of a route plan: the version it was planned with, and who does it when.';
comment on column dispatch.route_plan_tasks.plan_id is 'The plan.';
comment on column dispatch.route_plan_tasks.task_id is 'The task.';
comment on column dispatch.route_plan_tasks.task_version is 'Version of the task that the plan is based on.';
comment on column dispatch.route_plan_tasks.vehicle_id is 'The vehicle that does it, as reckoned; none where no place was found.';
comment on column dispatch.route_plan_tasks.driver_id is 'The resource of the driver, as reckoned.';
comment on column dispatch.route_plan_tasks.seq is 'Its place in the tour, as reckoned.';
comment on column dispatch.route_plan_tasks.eta_at is 'When they will be there, as reckoned.';
comment on constraint route_plan_tasks_plan_id_task_id_key on dispatch.route_plan_tasks is 'The plan has this task already.';
comment on constraint route_plan_tasks_plan_id_vehicle_id_seq_key on dispatch.route_plan_tasks is 'The tour has another task at this place.';
comment on constraint route_plan_tasks_place_check on dispatch.route_plan_tasks is 'A task has a place in the tour of a vehicle, or none.';

call core.install_table('dispatch.route_plan_tasks', 'T', 'dprk');

create function dispatch.check_plan_is_fresh() returns trigger
language plpgsql as $$
begin
  -- In the order of ids, as the verb that then assigns them: they do not change between here and there.
  perform
  from dispatch.dispatch_tasks t
  join dispatch.route_plan_tasks p on p.biz_id = t.biz_id and p.task_id = t.id
  where p.biz_id = new.biz_id
    and p.plan_id = new.id
  order by t.id
  for no key update of t;

  if exists (
    select
    from dispatch.route_plan_tasks p
    join dispatch.dispatch_tasks t on t.biz_id = p.biz_id and t.id = p.task_id
    where p.biz_id = new.biz_id
      and p.plan_id = new.id
      and t.version <> p.task_version
  ) then
    perform dispatch.refuse('route_plans', 'status', 'route_plans_stale_check',
      'A task of the plan has changed since; reckon it anew.');
  end if;
  return new;
end
$$;
comment on function dispatch.check_plan_is_fresh() is 'Trigger: a plan is applied only while its tasks are as they were when it was reckoned. Apply the plan first, then assign its tasks.';
create trigger route_plans_fresh
  before update of status on dispatch.route_plans
  for each row when (old.status = 'proposed' and new.status = 'applied')
  execute function dispatch.check_plan_is_fresh();

-- tracking_links -----------------------------------------------------------------------------------------------------

create table dispatch.tracking_links (
  biz_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_viewed_at timestamptz,
  constraint tracking_links_pkey primary key (biz_id, id),
  constraint tracking_links_token_hash_key unique (biz_id, token_hash),
  constraint tracking_links_task_id_fkey foreign key (biz_id, task_id)
    references dispatch.dispatch_tasks (biz_id, id),
  constraint tracking_links_token_check check (octet_length(token_hash) = 32)
);
comment on table dispatch.tracking_links is 'A link by which a customer sees where the driver is, while the driver is on the way to them.';
comment on column dispatch.tracking_links.task_id is 'The task.';
comment on column dispatch.tracking_links.token_hash is 'Hash of the token in the link, which is shown once.';
comment on column dispatch.tracking_links.expires_at is 'From this instant on it shows nothing.';
comment on column dispatch.tracking_links.revoked_at is 'When it was made void.';
comment on column dispatch.tracking_links.last_viewed_at is 'When it was last opened.';
comment on constraint tracking_links_token_hash_key on dispatch.tracking_links is 'Another link has this token.';
comment on constraint tracking_links_token_check on dispatch.tracking_links is 'A token is kept as a hash of 32 bytes.';

create trigger tracking_links_link_immutable
  before update of task_id, token_hash on dispatch.tracking_links
  for each row when (
    old.task_id is distinct from new.task_id
    or old.token_hash is distinct from new.token_hash)
  execute function availability.refuse_update('tracking_links_link_immutable_check', 'A link stays with its task.');

call core.install_table('dispatch.tracking_links', 'T', 'dptl');

select core.ensure_partitions(3);
