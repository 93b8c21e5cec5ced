-- Availability: what is taken, of what, when. Every claim on a resource, a pool or a slot is a row of allocations,
-- whether it comes from a hold, a booking or a block, so that nothing can be taken past another (E-03). The counters of
-- a slot always equal its active allocations; the functions at the end of this file are the only ones that move them.
--
-- Lock order of all of them, which keeps them free of deadlocks: slots by (pool, resource, start), then holds, then
-- allocations by id. A verb locks its order before it calls them, and calls them pool by pool in ascending order.

create schema availability;
comment on schema availability is 'What is taken, of what, when: capacity pools, slots, holds and allocations.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain availability.pool_mode as text constraint pool_mode_check check (value in (
  'slot', 'concurrent'));
comment on domain availability.pool_mode is 'How a pool is shared out.
slot: In slots, each with its own counters, such as a night or a session.
concurrent: By what is in use at the same time.';
comment on constraint pool_mode_check on domain availability.pool_mode is 'Unknown pool mode.';

create domain availability.slot_status as text constraint slot_status_check check (value in (
  'open', 'closed', 'stop_sell'));
comment on domain availability.slot_status is 'Whether a slot can be booked.
open: It can, while there is room.
closed: It cannot, as nothing takes place.
stop_sell: It takes place, but nothing more of it is sold.';
comment on constraint slot_status_check on domain availability.slot_status is 'Unknown slot status.';

create domain availability.allocation_status as text constraint allocation_status_check check (value in (
  'hold', 'firm', 'released'));
comment on domain availability.allocation_status is 'How firmly an allocation takes its place.
hold: For a short while, until it is confirmed or expires.
firm: For good.
released: No more.';
comment on constraint allocation_status_check on domain availability.allocation_status is 'Unknown allocation status.';

create domain availability.release_reason as text constraint release_reason_check check (value in (
  'expired', 'cancelled', 'declined', 'no_show', 'early_departure', 'rescheduled', 'resource_changed', 'withdrawn'));
comment on domain availability.release_reason is 'Why an allocation gave up its place.
expired: It was a hold, and was not confirmed in time.
cancelled: The booking was cancelled.
declined: The booking was not approved.
no_show: The customer did not come.
early_departure: The customer left early, and the rest is free again.
rescheduled: The booking moved to another time.
resource_changed: The booking moved to another resource.
withdrawn: Whoever asked for it no longer needs it, such as a cart that was emptied or a block that was lifted.';
comment on constraint release_reason_check on domain availability.release_reason is 'Unknown release reason.';

create domain availability.hold_status as text constraint hold_status_check check (value in (
  'held', 'confirmed', 'expired', 'released', 'cancelled'));
comment on domain availability.hold_status is 'Where a hold stands.
held: It keeps its places until held_until.
confirmed: It became a booking.
expired: It was not confirmed in time.
released: It was given back.
cancelled: The booking it was for was cancelled.';
comment on constraint hold_status_check on domain availability.hold_status is 'Unknown hold status.';

-- What a file attaches where a column must not change. Arguments: the constraint's name, and the sentence a caller reads.
create function availability.refuse_update() returns trigger
language plpgsql as $$
begin
  raise exception using
    errcode = '23514',
    message = tg_argv[1],
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = tg_argv[0];
end
$$;
comment on function availability.refuse_update() is 'Trigger: refuses the update in the words of its second argument, under the constraint name of its first.';

-- capacity_pools ------------------------------------------------------------------------------------------------------

create table availability.capacity_pools (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  location_id uuid not null,
  unit_type_id uuid,
  mode availability.pool_mode not null default 'slot',
  capacity integer not null,
  overbook_limit integer not null default 0,
  unit text not null default 'unit',
  constraint capacity_pools_pkey primary key (biz_id, id),
  constraint capacity_pools_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint capacity_pools_unit_type_id_fkey foreign key (biz_id, location_id, unit_type_id)
    references resources.unit_types (biz_id, location_id, id),
  constraint capacity_pools_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint capacity_pools_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint capacity_pools_capacity_check check (capacity >= 0),
  constraint capacity_pools_overbook_limit_check check (overbook_limit >= 0),
  constraint capacity_pools_unit_check check (btrim(unit) <> '' and length(unit) <= 60)
);
comment on table availability.capacity_pools is 'So many units of the same kind at one location, any of which will do: the double rooms of a hotel, the pallet places of a hall.';
comment on column availability.capacity_pools.code is 'Short name used in imports and integrations, unique among the pools in use.';
comment on column availability.capacity_pools.name is 'Name shown to staff.';
comment on column availability.capacity_pools.location_id is 'The location of the units.';
comment on column availability.capacity_pools.unit_type_id is 'The unit type whose nights are sold from this pool, of the same location; none where it is no pool of rooms.';
comment on column availability.capacity_pools.mode is 'How the pool is shared out.';
comment on column availability.capacity_pools.capacity is 'How many units there are. New slots start with it; existing slots keep theirs.';
comment on column availability.capacity_pools.overbook_limit is 'How many units may be sold beyond capacity. New slots start with it.';
comment on column availability.capacity_pools.unit is 'What one unit is, such as room or pallet.';
comment on constraint capacity_pools_unit_type_id_fkey on availability.capacity_pools is 'The unit type must be an existing unit type of the same location.';
comment on constraint capacity_pools_code_check on availability.capacity_pools is 'A code is required, of 60 characters at most.';
comment on constraint capacity_pools_name_check on availability.capacity_pools is 'A name is required, of 200 characters at most.';
comment on constraint capacity_pools_capacity_check on availability.capacity_pools is 'The capacity cannot be negative.';
comment on constraint capacity_pools_overbook_limit_check on availability.capacity_pools is 'The overbooking limit cannot be negative.';
comment on constraint capacity_pools_unit_check on availability.capacity_pools is 'A unit is required, of 60 characters at most.';

call core.install_table('availability.capacity_pools', 'M', 'cpl', registrable => true);
create unique index capacity_pools_code_key on availability.capacity_pools (biz_id, code) where deleted_at is null;
comment on index availability.capacity_pools_code_key is 'Another pool has this code.';
create unique index capacity_pools_unit_type_id_key on availability.capacity_pools (biz_id, unit_type_id)
  where deleted_at is null and unit_type_id is not null;
comment on index availability.capacity_pools_unit_type_id_key is 'This unit type already has a pool.';

-- capacity_pool_members -----------------------------------------------------------------------------------------------

create table availability.capacity_pool_members (
  biz_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  resource_id uuid not null,
  weight integer not null default 1,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint capacity_pool_members_pkey primary key (biz_id, id),
  constraint capacity_pool_members_pool_id_fkey foreign key (biz_id, pool_id)
    references availability.capacity_pools (biz_id, id),
  constraint capacity_pool_members_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint capacity_pool_members_weight_check check (weight >= 1),
  constraint capacity_pool_members_dates_check check (ends_on > starts_on)
);
comment on table availability.capacity_pool_members is 'That a resource is one of the units of a pool, for some time or for good.';
comment on column availability.capacity_pool_members.pool_id is 'The pool.';
comment on column availability.capacity_pool_members.resource_id is 'The resource that belongs to it.';
comment on column availability.capacity_pool_members.weight is 'How many units of the pool it counts for.';
comment on column availability.capacity_pool_members.starts_on is 'First day of belonging to it; none means always so far.';
comment on column availability.capacity_pool_members.ends_on is 'First day of no longer belonging to it; none means for good.';
comment on column availability.capacity_pool_members.period is 'From starts_on to ends_on, as a range.';
comment on constraint capacity_pool_members_weight_check on availability.capacity_pool_members is 'The weight must be at least 1.';
comment on constraint capacity_pool_members_dates_check on availability.capacity_pool_members is 'The end must be after the start.';

call core.install_table('availability.capacity_pool_members', 'M', 'cpm');
alter table availability.capacity_pool_members add constraint capacity_pool_members_no_overlap_excl
  exclude using gist (biz_id with =, pool_id with =, resource_id with =, period with &&) where (deleted_at is null);
comment on constraint capacity_pool_members_no_overlap_excl on availability.capacity_pool_members is 'The resource already belongs to this pool at that time.';

-- slots ---------------------------------------------------------------------------------------------------------------

-- The counters move with every claim: room on the page keeps those updates off the indexes, none of which holds a counter.
create table availability.slots (
  biz_id uuid not null,
  id uuid not null,
  pool_id uuid,
  resource_id uuid,
  location_id uuid not null,
  business_date date not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null,
  overbook_limit integer not null default 0,
  held integer not null default 0,
  occupied integer not null default 0,
  status availability.slot_status not null default 'open',
  cancellation_policy_id uuid,
  prepayment_required boolean not null default false,
  deposit_kind catalog.deposit_kind not null default 'none',
  deposit_minor bigint,
  deposit_bps integer,
  currency char(3),
  constraint slots_pkey primary key (biz_id, id),
  constraint slots_pool_id_starts_at_ends_at_key unique (biz_id, pool_id, starts_at, ends_at),
  constraint slots_resource_id_starts_at_ends_at_key unique (biz_id, resource_id, starts_at, ends_at),
  constraint slots_pool_id_fkey foreign key (biz_id, pool_id)
    references availability.capacity_pools (biz_id, id),
  constraint slots_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint slots_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint slots_cancellation_policy_id_fkey foreign key (biz_id, cancellation_policy_id)
    references pricing.cancellation_policies (biz_id, id),
  constraint slots_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint slots_target_check check (num_nonnulls(pool_id, resource_id) = 1),
  constraint slots_times_check check (ends_at > starts_at),
  constraint slots_limits_check check (capacity >= 0 and overbook_limit >= 0),
  constraint slots_held_check check (held >= 0),
  constraint slots_occupied_check check (occupied >= 0),
  constraint slots_capacity_check check (held + occupied <= capacity + overbook_limit),
  constraint slots_deposit_check check (case deposit_kind
    when 'amount' then deposit_minor >= 0 and deposit_minor is not null and currency is not null and deposit_bps is null
    when 'percent' then deposit_bps between 0 and 10000 and deposit_bps is not null and deposit_minor is null
    else deposit_minor is null and deposit_bps is null end)
) with (fillfactor = 70);
comment on table availability.slots is 'A time of a pool or resource with so many places: a night of a room type, a session, a delivery window. A stay takes one slot a night.';
comment on column availability.slots.pool_id is 'The pool it is a time of, unless it is one of a resource.';
comment on column availability.slots.resource_id is 'The resource it is a time of, unless it is one of a pool.';
comment on column availability.slots.location_id is 'The location where it takes place.';
comment on column availability.slots.business_date is 'The business day it counts for; of a night, the day of arrival. Never changed.';
comment on column availability.slots.starts_at is 'When it begins.';
comment on column availability.slots.ends_at is 'When it ends, that instant not included.';
comment on column availability.slots.capacity is 'How many places there are.';
comment on column availability.slots.overbook_limit is 'How many places may be sold beyond capacity.';
comment on column availability.slots.held is 'Places taken by holds that were neither confirmed nor released: the sum of its allocations on hold.';
comment on column availability.slots.occupied is 'Places taken for good: the sum of its firm allocations.';
comment on column availability.slots.status is 'Whether it can be booked.';
comment on column availability.slots.cancellation_policy_id is 'Cancellation policy of bookings of this slot, where it differs from that of the offer.';
comment on column availability.slots.prepayment_required is 'Whether it must be paid before it is confirmed.';
comment on column availability.slots.deposit_kind is 'How the deposit of a booking of this slot is reckoned.';
comment on column availability.slots.deposit_minor is 'The deposit in minor units, where it is a fixed amount.';
comment on column availability.slots.deposit_bps is 'The deposit in hundredths of a percent of the total, where it is a part of it.';
comment on column availability.slots.currency is 'Currency of a fixed deposit.';
comment on constraint slots_pool_id_starts_at_ends_at_key on availability.slots is 'The pool already has a slot for this time.';
comment on constraint slots_resource_id_starts_at_ends_at_key on availability.slots is 'The resource already has a slot for this time.';
comment on constraint slots_target_check on availability.slots is 'A slot is a time of either a pool or a resource.';
comment on constraint slots_times_check on availability.slots is 'The end must be after the start.';
comment on constraint slots_limits_check on availability.slots is 'Capacity and overbooking limit cannot be negative.';
comment on constraint slots_held_check on availability.slots is 'No more can be given back than was held.';
comment on constraint slots_occupied_check on availability.slots is 'No more can be given back than was taken.';
comment on constraint slots_capacity_check on availability.slots is 'Nothing is left for this time.';
comment on constraint slots_deposit_check on availability.slots is 'A deposit has either an amount with its currency, or a part between 0 and 100 %, as its kind says.';

-- The nights of a stay; the day of a location.
create index slots_pool_id_business_date_idx on availability.slots (biz_id, pool_id, business_date);
create index slots_location_id_business_date_idx on availability.slots (biz_id, location_id, business_date, starts_at, id);

create trigger slots_business_date_immutable
  before update on availability.slots
  for each row when (old.business_date is distinct from new.business_date)
  execute function availability.refuse_update('slots_business_date_immutable_check', 'The business date is never changed.');
create trigger slots_time_immutable
  before update on availability.slots
  for each row when (
    old.pool_id is distinct from new.pool_id
    or old.resource_id is distinct from new.resource_id
    or old.starts_at is distinct from new.starts_at
    or old.ends_at is distinct from new.ends_at)
  execute function availability.refuse_update('slots_time_immutable_check', 'A slot keeps its time and what it is a time of; close it and make another.');

call core.install_table('availability.slots', 'T', 'slt');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('slot', 'open', 'closed', false),
  ('slot', 'closed', 'open', false),
  ('slot', 'closed', 'stop_sell', false),
  ('slot', 'stop_sell', 'closed', false),
  ('slot', 'open', 'stop_sell', false),
  ('slot', 'stop_sell', 'open', false);
call core.install_state_machine('availability.slots', 'status', 'slot');

-- booking_holds -------------------------------------------------------------------------------------------------------

create table availability.booking_holds (
  biz_id uuid not null,
  id uuid not null,
  number text,
  customer_id uuid,
  session_ref text,
  source_type text,
  source_id uuid,
  units integer not null default 1,
  status availability.hold_status not null default 'held',
  held_until timestamptz,
  extended_count integer not null default 0,
  reason text,
  idempotency_key text,
  constraint booking_holds_pkey primary key (biz_id, id),
  constraint booking_holds_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint booking_holds_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint booking_holds_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint booking_holds_session_ref_check check (btrim(session_ref) <> '' and length(session_ref) <= 200),
  constraint booking_holds_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint booking_holds_units_check check (units >= 1),
  constraint booking_holds_held_until_check check (status <> 'held' or held_until is not null),
  constraint booking_holds_extended_count_check check (extended_count between 0 and 1),
  constraint booking_holds_reason_check check (length(reason) <= 10000),
  constraint booking_holds_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200)
);
comment on table availability.booking_holds is 'A promise to keep places for a short while, until a booking is paid or approved. What it keeps stands in its allocations.';
comment on column availability.booking_holds.number is 'Number shown to people, where the hold has one.';
comment on column availability.booking_holds.customer_id is 'The customer it is for, once known.';
comment on column availability.booking_holds.session_ref is 'Cart or browser session of a customer who is not known yet.';
comment on column availability.booking_holds.source_type is 'Entity type of what it was made for, usually BookingOrder.';
comment on column availability.booking_holds.source_id is 'What it was made for, usually a booking order.';
comment on column availability.booking_holds.units is 'How many units it keeps at each time.';
comment on column availability.booking_holds.status is 'Where it stands.';
comment on column availability.booking_holds.held_until is 'From this instant on it keeps nothing and cannot be confirmed, whether or not somebody noticed.';
comment on column availability.booking_holds.extended_count is 'How often it was extended, once at most.';
comment on column availability.booking_holds.reason is 'Why it was made or given back, in words.';
comment on column availability.booking_holds.idempotency_key is 'Key of the request that made it, so that a repeated request makes no second one.';
comment on constraint booking_holds_source_fkey on availability.booking_holds is 'What a hold was made for must exist in this tenant.';
comment on constraint booking_holds_number_check on availability.booking_holds is 'A number is not blank, and of 60 characters at most.';
comment on constraint booking_holds_session_ref_check on availability.booking_holds is 'A session is not blank, and of 200 characters at most.';
comment on constraint booking_holds_source_check on availability.booking_holds is 'What a hold was made for has both a type and an id.';
comment on constraint booking_holds_units_check on availability.booking_holds is 'At least 1 unit must be held.';
comment on constraint booking_holds_held_until_check on availability.booking_holds is 'A hold says until when it holds.';
comment on constraint booking_holds_extended_count_check on availability.booking_holds is 'A hold can be extended once.';
comment on constraint booking_holds_reason_check on availability.booking_holds is 'The reason has 10,000 characters at most.';
comment on constraint booking_holds_idempotency_key_check on availability.booking_holds is 'A key is not blank, and of 200 characters at most.';

create unique index booking_holds_number_key on availability.booking_holds (biz_id, number) where number is not null;
comment on index availability.booking_holds_number_key is 'Another hold has this number.';
create unique index booking_holds_idempotency_key_key on availability.booking_holds (biz_id, idempotency_key) where idempotency_key is not null;
comment on index availability.booking_holds_idempotency_key_key is 'This request already made a hold.';
-- What is about to expire.
create index booking_holds_held_until_idx on availability.booking_holds (biz_id, held_until, id) where status = 'held';

call core.install_table('availability.booking_holds', 'T', 'hld', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('booking_hold', 'held', 'confirmed', false),
  ('booking_hold', 'held', 'expired', false),
  ('booking_hold', 'held', 'released', false),
  ('booking_hold', 'held', 'cancelled', false);
call core.install_state_machine('availability.booking_holds', 'status', 'booking_hold');

-- allocations ---------------------------------------------------------------------------------------------------------

create table availability.allocations (
  biz_id uuid not null,
  id uuid not null,
  source_type text not null,
  source_id uuid not null,
  booking_hold_id uuid,
  resource_id uuid,
  pool_id uuid,
  slot_id uuid,
  units integer not null default 1,
  exclusive boolean not null default false,
  service_starts_at timestamptz not null,
  service_ends_at timestamptz not null,
  blocked_starts_at timestamptz not null,
  blocked_ends_at timestamptz not null,
  blocked_period tstzrange generated always as (tstzrange(blocked_starts_at, blocked_ends_at, '[)')) stored,
  status availability.allocation_status not null,
  expires_at timestamptz,
  released_at timestamptz,
  released_reason availability.release_reason,
  override_by_id uuid,
  override_reason text,
  constraint allocations_pkey primary key (biz_id, id),
  constraint allocations_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint allocations_booking_hold_id_fkey foreign key (biz_id, booking_hold_id)
    references availability.booking_holds (biz_id, id),
  constraint allocations_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint allocations_pool_id_fkey foreign key (biz_id, pool_id)
    references availability.capacity_pools (biz_id, id),
  constraint allocations_slot_id_fkey foreign key (biz_id, slot_id)
    references availability.slots (biz_id, id),
  constraint allocations_override_by_id_fkey foreign key (override_by_id)
    references identity.users (id),
  constraint allocations_target_check check (num_nonnulls(resource_id, pool_id, slot_id) = 1),
  constraint allocations_units_check check (units >= 1),
  constraint allocations_exclusive_check check (not exclusive or resource_id is not null),
  constraint allocations_service_times_check check (service_ends_at > service_starts_at),
  constraint allocations_blocked_times_check check (
    blocked_starts_at <= service_starts_at and blocked_ends_at >= service_ends_at),
  constraint allocations_expires_at_check check ((status = 'hold') = (expires_at is not null)),
  constraint allocations_released_check check (
    (status = 'released') = (released_at is not null) and (released_at is null) = (released_reason is null)),
  constraint allocations_override_check check (
    (override_by_id is null) = (override_reason is null) and (override_reason is null or btrim(override_reason) <> '')
    and length(override_reason) <= 10000),
  constraint allocations_resource_no_overlap_excl exclude using gist (
    biz_id with =, resource_id with =, blocked_period with &&)
    where (exclusive and override_by_id is null and status in ('hold', 'firm') and resource_id is not null)
);
comment on table availability.allocations is 'One claim on one resource, pool or slot for a time: of a hold, a booking, a block. Whatever takes something is a row here.';
comment on column availability.allocations.source_type is 'Entity type of what took it, such as BookingOrder.';
comment on column availability.allocations.source_id is 'What took it, such as a booking order.';
comment on column availability.allocations.booking_hold_id is 'The hold it came from, if any.';
comment on column availability.allocations.resource_id is 'The resource it takes, unless it takes of a pool or slot.';
comment on column availability.allocations.pool_id is 'The pool it takes units of, unless it takes a resource or of a slot.';
comment on column availability.allocations.slot_id is 'The slot it takes places of, unless it takes a resource or of a pool.';
comment on column availability.allocations.units is 'How many units or places it takes.';
comment on column availability.allocations.exclusive is 'Whether it takes the resource for itself alone.';
comment on column availability.allocations.service_starts_at is 'When the service begins, as the customer sees it.';
comment on column availability.allocations.service_ends_at is 'When the service ends, that instant not included.';
comment on column availability.allocations.blocked_starts_at is 'When it begins to take its place: the start of the service less the buffer before it.';
comment on column availability.allocations.blocked_ends_at is 'When its place is free again: the end of the service and the buffer after it.';
comment on column availability.allocations.blocked_period is 'From blocked_starts_at to blocked_ends_at, as a range.';
comment on column availability.allocations.status is 'How firmly it takes its place.';
comment on column availability.allocations.expires_at is 'When a hold no longer counts; none once it is firm or released.';
comment on column availability.allocations.released_at is 'When it gave up its place.';
comment on column availability.allocations.released_reason is 'Why it gave up its place.';
comment on column availability.allocations.override_by_id is 'Who let it overlap others on purpose; such a row conflicts with nothing.';
comment on column availability.allocations.override_reason is 'Why it may overlap others.';
comment on constraint allocations_source_fkey on availability.allocations is 'What takes a place must exist in this tenant.';
comment on constraint allocations_override_by_id_fkey on availability.allocations is 'Whoever overrides must be an existing user.';
comment on constraint allocations_target_check on availability.allocations is 'An allocation takes one resource, of one pool, or of one slot.';
comment on constraint allocations_units_check on availability.allocations is 'At least 1 unit must be taken.';
comment on constraint allocations_exclusive_check on availability.allocations is 'Only a resource can be taken for oneself alone.';
comment on constraint allocations_service_times_check on availability.allocations is 'The end must be after the start.';
comment on constraint allocations_blocked_times_check on availability.allocations is 'The blocked time must contain the time of the service.';
comment on constraint allocations_expires_at_check on availability.allocations is 'A hold has an expiry, and nothing else has.';
comment on constraint allocations_released_check on availability.allocations is 'What is released says when and why, and nothing else does.';
comment on constraint allocations_override_check on availability.allocations is 'An override names who decided it and why.';
comment on constraint allocations_resource_no_overlap_excl on availability.allocations is 'This resource is already taken at that time.';

-- What is due to expire; what a resource has, in order of time.
create index allocations_expires_at_idx on availability.allocations (biz_id, expires_at) where status = 'hold';
create index allocations_resource_id_blocked_idx on availability.allocations (biz_id, resource_id, blocked_starts_at, blocked_ends_at)
  where resource_id is not null and status in ('hold', 'firm');

call core.install_table('availability.allocations', 'T', 'alc');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('allocation', 'hold', 'firm', false),
  ('allocation', 'hold', 'released', false),
  ('allocation', 'firm', 'released', false);
call core.install_state_machine('availability.allocations', 'status', 'allocation');

-- What verbs call -----------------------------------------------------------------------------------------------------
-- They run as their caller, under row level security, for the tenant of app.biz_id. Whether a hold has expired is
-- decided by the server's clock at that moment (clock_timestamp), not by the beginning of the transaction: a confirmation that waited
-- for a lock past the expiry is too late.

create function availability.release_expired(slot_ids uuid[] default null, resource_ids uuid[] default null)
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  everything constant boolean := release_expired.slot_ids is null and release_expired.resource_ids is null;
  instant constant timestamptz := clock_timestamp();
  locked uuid[];
  released integer;
begin
  select array_agg(l.id)
  into locked
  from (
    select s.id
    from availability.slots s
    where s.biz_id = tenant
      and s.id in (
        select a.slot_id
        from availability.allocations a
        where a.biz_id = tenant
          and a.status = 'hold'
          and a.expires_at <= instant
          and (everything or a.slot_id = any (release_expired.slot_ids))
      )
    order by s.pool_id, s.resource_id, s.starts_at, s.id
    for no key update
  ) l;

  -- Only of slots that are locked: what came to be due while this waited belongs to the next call.
  with due as (
    select a.id
    from availability.allocations a
    where a.biz_id = tenant
      and a.status = 'hold'
      and a.expires_at <= instant
      and (
        a.slot_id = any (locked)
        or (a.slot_id is null and (everything or a.resource_id = any (release_expired.resource_ids)))
      )
    order by a.id
    for no key update
  ),
  gone as (
    update availability.allocations a
    set status = 'released', expires_at = null, released_at = instant, released_reason = 'expired'
    from due
    where a.biz_id = tenant
      and a.id = due.id
    returning a.slot_id, a.units, a.booking_hold_id
  ),
  returned as (
    update availability.slots s
    set held = s.held - g.units
    from (select gone.slot_id, sum(gone.units)::integer as units from gone where gone.slot_id is not null group by gone.slot_id) g
    where s.biz_id = tenant
      and s.id = g.slot_id
  ),
  -- A hold that somebody else has locked is theirs: they find it expired, or the next sweep does.
  dead as (
    select h.id
    from availability.booking_holds h
    where h.biz_id = tenant
      and h.status = 'held'
      and h.held_until <= instant
      and (everything or h.id in (select gone.booking_hold_id from gone))
    order by h.id
    for no key update skip locked
  ),
  ended as (
    update availability.booking_holds h
    set status = 'expired'
    from dead
    where h.biz_id = tenant
      and h.id = dead.id
  )
  select count(*)::integer into released from gone;
  return released;
end
$$;
comment on function availability.release_expired(uuid[], uuid[]) is
  'Gives back what expired holds kept of these slots and resources, or of everything when none are named, and says how many allocations that were. The holds become expired.';

create function availability.ensure_slots(pool_id uuid, dates date[], starts timestamptz[], ends timestamptz[])
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  made integer;
begin
  insert into availability.slots (
    biz_id, id, pool_id, location_id, business_date, starts_at, ends_at, capacity, overbook_limit
  )
  select tenant, core.uuid_v7(), p.id, p.location_id, w.day, w.starts_at, w.ends_at, p.capacity, p.overbook_limit
  from availability.capacity_pools p
  cross join unnest(ensure_slots.dates, ensure_slots.starts, ensure_slots.ends) as w (day, starts_at, ends_at)
  where p.biz_id = tenant
    and p.id = ensure_slots.pool_id
  order by w.starts_at
  on conflict do nothing;
  get diagnostics made = row_count;
  return made;
end
$$;
comment on function availability.ensure_slots(uuid, date[], timestamptz[], timestamptz[]) is
  'Makes the slots of a pool that are missing among these (business date, start, end), with the capacity of the pool, and says how many that were. Local times are resolved by the caller.';

create function availability.claim_slots(
  pool_id uuid,
  dates date[],
  units integer,
  hold_id uuid,
  source_type text,
  source_id uuid,
  allocation_ids uuid[],
  status text,
  expires_at timestamptz,
  starts timestamptz[] default null,
  ends timestamptz[] default null
)
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  wanted constant integer := cardinality(claim_slots.dates);
  found_slots integer;
  room integer;
  any_held boolean;
  all_open boolean;
  ids uuid[];
  full_dates text;
begin
  if wanted <> cardinality(claim_slots.allocation_ids) then
    raise exception '% dates need as many allocation ids, not %', wanted, cardinality(claim_slots.allocation_ids);
  end if;
  if claim_slots.status not in ('hold', 'firm') then
    raise exception 'a claim is hold or firm, not %', claim_slots.status;
  end if;

  -- Locks all of them or, while one is missing, none: a slot is never made by somebody who keeps others waiting.
  for attempt in 1 .. 2 loop
    select count(*), min(l.room), bool_or(l.held > 0), bool_and(l.status = 'open'), array_agg(l.id)
    into found_slots, room, any_held, all_open, ids
    from (
      select s.id, s.capacity + s.overbook_limit - s.held - s.occupied as room, s.held, s.status
      from availability.slots s
      where s.biz_id = tenant
        and s.pool_id = claim_slots.pool_id
        and s.business_date = any (claim_slots.dates)
        and wanted = (
          select count(*)
          from availability.slots n
          where n.biz_id = tenant
            and n.pool_id = claim_slots.pool_id
            and n.business_date = any (claim_slots.dates)
        )
      order by s.starts_at, s.id
      for no key update
    ) l;
    exit when found_slots = wanted or claim_slots.starts is null;
    perform availability.ensure_slots(claim_slots.pool_id, claim_slots.dates, claim_slots.starts, claim_slots.ends);
  end loop;

  if found_slots <> wanted then
    raise exception using
      errcode = '23514',
      message = 'There is no slot of this pool on some of these dates.',
      schema = 'availability',
      table = 'slots',
      constraint = 'slots_exist_check';
  end if;
  if not all_open then
    raise exception using
      errcode = '23514',
      message = 'Bookings are closed for this time.',
      detail = (
        select string_agg(s.business_date::text, ',' order by s.starts_at)
        from availability.slots s
        where s.biz_id = tenant
          and s.id = any (ids)
          and s.status <> 'open'
      ),
      schema = 'availability',
      table = 'slots',
      constraint = 'slots_open_check';
  end if;
  if room < claim_slots.units and any_held then
    perform availability.release_expired(ids);
  end if;
  if room < claim_slots.units then
    select string_agg(s.business_date::text, ',' order by s.starts_at)
    into full_dates
    from availability.slots s
    where s.biz_id = tenant
      and s.id = any (ids)
      and s.capacity + s.overbook_limit - s.held - s.occupied < claim_slots.units;
    if full_dates is not null then
      raise exception using
        errcode = '23514',
        message = 'Nothing is left for this time.',
        detail = full_dates,
        schema = 'availability',
        table = 'slots',
        constraint = 'slots_capacity_check';
    end if;
  end if;

  with taken as (
    update availability.slots s
    set
      held = s.held + case claim_slots.status when 'hold' then claim_slots.units else 0 end,
      occupied = s.occupied + case claim_slots.status when 'firm' then claim_slots.units else 0 end
    from unnest(claim_slots.dates, claim_slots.allocation_ids) as w (day, allocation_id)
    where s.biz_id = tenant
      and s.pool_id = claim_slots.pool_id
      and s.business_date = w.day
    returning s.id, s.starts_at, s.ends_at, w.allocation_id
  )
  insert into availability.allocations (
    biz_id, id, source_type, source_id, booking_hold_id, slot_id, units,
    service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at
  )
  select
    tenant, t.allocation_id, claim_slots.source_type, claim_slots.source_id, claim_slots.hold_id, t.id, claim_slots.units,
    t.starts_at, t.ends_at, t.starts_at, t.ends_at, claim_slots.status,
    case claim_slots.status when 'hold' then claim_slots.expires_at end
  from taken t;
  return wanted;
end
$$;
comment on function availability.claim_slots(uuid, date[], integer, uuid, text, uuid, uuid[], text, timestamptz, timestamptz[], timestamptz[]) is
  'Takes so many places of the slot of each date of a pool, all or nothing, and says how many slots that were. Fails with slots_capacity_check where nothing is left (the detail lists the dates, by commas), slots_open_check where it is closed, slots_exist_check where a date has not exactly one slot; given starts and ends, missing slots are made.';

create function availability.confirm_hold(hold_id uuid)
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  confirmed integer;
  left_over boolean;
begin
  perform
  from availability.slots s
  where s.biz_id = tenant
    and s.id in (
      select a.slot_id
      from availability.allocations a
      where a.biz_id = tenant
        and a.booking_hold_id = confirm_hold.hold_id
        and a.status = 'hold'
    )
  order by s.pool_id, s.resource_id, s.starts_at, s.id
  for no key update;

  update availability.booking_holds h
  set status = 'confirmed'
  where h.biz_id = tenant
    and h.id = confirm_hold.hold_id
    and h.status = 'held'
    and h.held_until > clock_timestamp();

  if found then
    with due as (
      select a.id, a.expires_at > clock_timestamp() as is_alive
      from availability.allocations a
      where a.biz_id = tenant
        and a.booking_hold_id = confirm_hold.hold_id
        and a.status = 'hold'
      order by a.id
      for no key update
    ),
    firm as (
      update availability.allocations a
      set status = 'firm', expires_at = null
      from due
      where a.biz_id = tenant
        and a.id = due.id
        and due.is_alive
      returning a.slot_id, a.units
    ),
    moved as (
      update availability.slots s
      set held = s.held - f.units, occupied = s.occupied + f.units
      from (select firm.slot_id, sum(firm.units)::integer as units from firm where firm.slot_id is not null group by firm.slot_id) f
      where s.biz_id = tenant
        and s.id = f.slot_id
    )
    select (select count(*)::integer from firm), exists (select from due where not due.is_alive)
    into confirmed, left_over;
  end if;

  if confirmed is null or left_over then
    raise exception using
      errcode = '23514',
      message = 'The hold has expired or was given up; what it kept may be taken by others.',
      schema = 'availability',
      table = 'booking_holds',
      constraint = 'booking_holds_still_held_check';
  end if;
  return confirmed;
end
$$;
comment on function availability.confirm_hold(uuid) is
  'Makes firm what a hold keeps, and says how many allocations that were. Fails with booking_holds_still_held_check where it is no longer held or has expired, noticed or not.';

create function availability.release(
  reason text,
  source_type text default null,
  source_id uuid default null,
  hold_id uuid default null,
  from_instant timestamptz default null
)
  returns integer
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  instant constant timestamptz := clock_timestamp();
  locked uuid[];
  released integer;
begin
  if num_nonnulls(release.source_type, release.source_id) = 1 or num_nonnulls(release.source_id, release.hold_id) <> 1 then
    raise exception 'what is released is named either by its source or by its hold';
  end if;

  select array_agg(l.id)
  into locked
  from (
    select s.id
    from availability.slots s
    where s.biz_id = tenant
      and s.id in (
        select a.slot_id
        from availability.allocations a
        where a.biz_id = tenant
          and ((a.source_type = release.source_type and a.source_id = release.source_id) or a.booking_hold_id = release.hold_id)
          and a.status in ('hold', 'firm')
          and (release.from_instant is null or a.service_starts_at >= release.from_instant)
      )
    order by s.pool_id, s.resource_id, s.starts_at, s.id
    for no key update
  ) l;

  -- A hold is given back with all that it keeps; where only a part goes, it keeps the rest.
  if release.from_instant is null then
    update availability.booking_holds h
    set status = case release.reason when 'expired' then 'expired' when 'cancelled' then 'cancelled' else 'released' end
    where h.biz_id = tenant
      and h.status = 'held'
      and h.id in (
        select release.hold_id
        union all
        select a.booking_hold_id
        from availability.allocations a
        where a.biz_id = tenant
          and a.source_type = release.source_type
          and a.source_id = release.source_id
          and a.status = 'hold'
      );
  end if;

  with due as (
    select a.id, a.status, a.slot_id, a.units
    from availability.allocations a
    where a.biz_id = tenant
      and ((a.source_type = release.source_type and a.source_id = release.source_id) or a.booking_hold_id = release.hold_id)
      and a.status in ('hold', 'firm')
      and (release.from_instant is null or a.service_starts_at >= release.from_instant)
      and (a.slot_id is null or a.slot_id = any (locked))
    order by a.id
    for no key update
  ),
  gone as (
    update availability.allocations a
    set status = 'released', expires_at = null, released_at = instant, released_reason = release.reason
    from due
    where a.biz_id = tenant
      and a.id = due.id
    returning due.status, due.slot_id, due.units
  ),
  returned as (
    update availability.slots s
    set held = s.held - g.held, occupied = s.occupied - g.occupied
    from (
      select
        gone.slot_id,
        coalesce(sum(gone.units) filter (where gone.status = 'hold'), 0)::integer as held,
        coalesce(sum(gone.units) filter (where gone.status = 'firm'), 0)::integer as occupied
      from gone
      where gone.slot_id is not null
      group by gone.slot_id
    ) g
    where s.biz_id = tenant
      and s.id = g.slot_id
  )
  select count(*)::integer into released from gone;
  return released;
end
$$;
comment on function availability.release(text, text, uuid, uuid, timestamptz) is
  'Gives back what a source or a hold takes, from an instant on where one is given (early departure), and says how many allocations that were. The reason is one of availability.release_reason. Releasing twice releases nothing more.';

create function availability.capacity_drift()
  returns table (
    slot_id uuid,
    pool_id uuid,
    resource_id uuid,
    business_date date,
    held integer,
    occupied integer,
    allocated_hold bigint,
    allocated_firm bigint
  )
  language sql
  stable
as $$
  select
    s.id, s.pool_id, s.resource_id, s.business_date, s.held, s.occupied,
    coalesce(a.hold, 0), coalesce(a.firm, 0)
  from availability.slots s
  left join (
    select
      a.slot_id,
      sum(a.units) filter (where a.status = 'hold') as hold,
      sum(a.units) filter (where a.status = 'firm') as firm
    from availability.allocations a
    where a.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      and a.status in ('hold', 'firm')
      and a.slot_id is not null
    group by a.slot_id
  ) a on a.slot_id = s.id
  where s.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
    and (s.held <> coalesce(a.hold, 0) or s.occupied <> coalesce(a.firm, 0))
  order by s.business_date, s.id
$$;
comment on function availability.capacity_drift() is
  'The slots of the tenant whose counters differ from their active allocations. There should be none.';
