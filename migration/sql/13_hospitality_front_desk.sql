-- Hospitality: the front desk. Which guest has which room and when, who is in the house, and the night audit that closes
-- a day. A reservation of several rooms has a stay for each of them, told apart by room_no.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain hospitality.stay_status as text constraint stay_status_check check (value in (
  'expected', 'in_house', 'checked_out', 'no_show', 'cancelled'));
comment on domain hospitality.stay_status is 'Where a stay in one room stands.
expected: The guest will come.
in_house: The guest is here.
checked_out: The guest has left.
no_show: The guest did not come.
cancelled: The reservation was cancelled.';
comment on constraint stay_status_check on domain hospitality.stay_status is 'Unknown status of a stay.';

create domain hospitality.room_assignment_status as text constraint room_assignment_status_check check (value in (
  'active', 'ended', 'released'));
comment on domain hospitality.room_assignment_status is 'Where the assignment of a room stands.
active: The room is meant for the guest, or has the guest in it.
ended: The guest had it, and moved or left.
released: It was given back before the guest came.';
comment on constraint room_assignment_status_check on domain hospitality.room_assignment_status is 'Unknown status of a room assignment.';

create domain hospitality.room_assignment_reason as text constraint room_assignment_reason_check check (value in (
  'planned', 'requested', 'upgrade', 'complaint', 'maintenance', 'extension'));
comment on domain hospitality.room_assignment_reason is 'Why a guest has this room.
planned: It was chosen for the reservation.
requested: The guest asked for it.
upgrade: The guest was given a better one.
complaint: The guest did not like the one before.
maintenance: The one before could not be used.
extension: The guest stays longer, and the one before is taken.';
comment on constraint room_assignment_reason_check on domain hospitality.room_assignment_reason is 'Unknown reason of a room assignment.';

create domain hospitality.night_audit_status as text constraint night_audit_status_check check (value in (
  'open', 'running', 'closed', 'failed'));
comment on domain hospitality.night_audit_status is 'Where the closing of a business day stands.
open: The day is going on.
running: It is being closed.
closed: It is closed, and nothing is entered for it any more.
failed: Closing it went wrong, and has to be run again.';
comment on constraint night_audit_status_check on domain hospitality.night_audit_status is 'Unknown status of a night audit.';

-- stays ---------------------------------------------------------------------------------------------------------------

create table hospitality.stays (
  biz_id uuid not null,
  id uuid not null,
  booking_order_id uuid not null,
  room_no integer not null default 1,
  location_id uuid not null,
  resource_id uuid,
  primary_customer_id uuid,
  status hospitality.stay_status not null default 'expected',
  checked_in_at timestamptz,
  checked_out_at timestamptz,
  checked_out_on date,
  expected_checkout_at timestamptz,
  keys_issued integer not null default 0,
  is_do_not_disturb boolean not null default false,
  registered_at timestamptz,
  note text,
  constraint stays_pkey primary key (biz_id, id),
  constraint stays_room_no_key unique (biz_id, booking_order_id, room_no),
  constraint stays_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint stays_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint stays_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint stays_primary_customer_id_fkey foreign key (biz_id, primary_customer_id)
    references crm.customers (biz_id, id),
  constraint stays_note_check check (btrim(note) <> '' and length(note) <= 10000),
  constraint stays_room_no_check check (room_no >= 1),
  constraint stays_keys_issued_check check (keys_issued >= 0),
  constraint stays_in_house_check check (status <> 'in_house' or num_nonnulls(resource_id, primary_customer_id) = 2),
  constraint stays_times_check check (
    case status
      when 'in_house' then checked_in_at is not null and checked_out_at is null
      when 'checked_out' then checked_in_at is not null and checked_out_at is not null
      else checked_in_at is null and checked_out_at is null end),
  constraint stays_checked_out_check check (checked_out_at >= checked_in_at and num_nonnulls(checked_out_at, checked_out_on) in (0, 2))
);
comment on table hospitality.stays is 'One room of a reservation, from the day the guest is expected to the day the guest has left.';
comment on column hospitality.stays.booking_order_id is 'The reservation.';
comment on column hospitality.stays.room_no is 'Which of the rooms of the reservation it is, from 1.';
comment on column hospitality.stays.location_id is 'The hotel.';
comment on column hospitality.stays.resource_id is 'The room that the guest has, or had last; none while none is chosen.';
comment on column hospitality.stays.primary_customer_id is 'The guest who answers for the room; none while it is not known.';
comment on column hospitality.stays.status is 'Where it stands.';
comment on column hospitality.stays.checked_in_at is 'When the guest came.';
comment on column hospitality.stays.checked_out_at is 'When the guest left.';
comment on column hospitality.stays.checked_out_on is 'Business day on which the guest left; only on that day can it be taken back.';
comment on column hospitality.stays.expected_checkout_at is 'When the guest is expected to leave.';
comment on column hospitality.stays.keys_issued is 'How many keys the guest has.';
comment on column hospitality.stays.is_do_not_disturb is 'Whether nobody is to enter the room now.';
comment on column hospitality.stays.registered_at is 'When the registration forms that the country asks for were complete.';
comment on column hospitality.stays.note is 'What staff should know about it.';
comment on constraint stays_note_check on hospitality.stays is 'A note is not blank, and of 10,000 characters at most.';
comment on constraint stays_room_no_key on hospitality.stays is 'The reservation already has a stay in this room.';
comment on constraint stays_room_no_check on hospitality.stays is 'Rooms of a reservation are counted from 1.';
comment on constraint stays_keys_issued_check on hospitality.stays is 'Keys cannot be negative.';
comment on constraint stays_in_house_check on hospitality.stays is 'A guest who is here has a room and a name.';
comment on constraint stays_times_check on hospitality.stays is 'Who is here says since when, who has left says when, and nobody else has been here.';
comment on constraint stays_checked_out_check on hospitality.stays is 'Nobody leaves before having come, and a departure has its business day.';

call core.install_table('hospitality.stays', 'T', 'htst', registrable => true);
create unique index stays_resource_id_key on hospitality.stays (biz_id, resource_id) where status = 'in_house';
comment on index hospitality.stays_resource_id_key is 'Somebody else is in this room.';
create index stays_location_id_status_idx on hospitality.stays (biz_id, location_id, status, expected_checkout_at, id);

create trigger stays_order_immutable_check
  before update on hospitality.stays
  for each row when ((old.booking_order_id, old.room_no, old.location_id)
      is distinct from (new.booking_order_id, new.room_no, new.location_id))
  execute function availability.refuse_update('stays_order_immutable_check', 'A stay stays with its reservation and its hotel.');
comment on trigger stays_order_immutable_check on hospitality.stays is 'A stay stays with its reservation and its hotel.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('stay', 'expected', 'in_house', false),
  ('stay', 'expected', 'no_show', false),
  ('stay', 'expected', 'cancelled', true),
  ('stay', 'in_house', 'checked_out', false),
  ('stay', 'checked_out', 'in_house', true),
  ('stay', 'no_show', 'expected', true);
call core.install_state_machine('hospitality.stays', 'status', 'stay');

-- stay_guests ---------------------------------------------------------------------------------------------------------

create table hospitality.stay_guests (
  biz_id uuid not null,
  stay_id uuid not null,
  customer_id uuid not null,
  registered_at timestamptz,
  document_id uuid,
  constraint stay_guests_pkey primary key (biz_id, stay_id, customer_id),
  constraint stay_guests_stay_id_fkey foreign key (biz_id, stay_id)
    references hospitality.stays (biz_id, id),
  constraint stay_guests_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint stay_guests_document_id_fkey foreign key (biz_id, document_id)
    references crm.customer_documents (biz_id, id)
);
comment on table hospitality.stay_guests is 'That a guest sleeps in the room of a stay.';
comment on column hospitality.stay_guests.stay_id is 'The stay.';
comment on column hospitality.stay_guests.customer_id is 'The guest.';
comment on column hospitality.stay_guests.registered_at is 'When the guest filled in the registration form.';
comment on column hospitality.stay_guests.document_id is 'The passport or card that the guest showed.';

call core.install_table('hospitality.stay_guests', 'L', null);

-- room_assignments ----------------------------------------------------------------------------------------------------

-- Of a reservation sold by type, the slots of the pool say that there is room, and this says which. The allocation of the
-- room, by the hour, is what other kinds of booking run into.
create table hospitality.room_assignments (
  biz_id uuid not null,
  id uuid not null,
  booking_order_id uuid not null,
  room_no integer not null default 1,
  resource_id uuid not null,
  allocation_id uuid,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (case when ends_on < starts_on then null else daterange(starts_on, ends_on, '[)') end) stored,
  status hospitality.room_assignment_status not null default 'active',
  reason hospitality.room_assignment_reason not null default 'planned',
  is_locked boolean not null default false,
  note text,
  constraint room_assignments_pkey primary key (biz_id, id),
  constraint room_assignments_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint room_assignments_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint room_assignments_allocation_id_fkey foreign key (biz_id, allocation_id)
    references availability.allocations (biz_id, id),
  constraint room_assignments_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint room_assignments_room_no_check check (room_no >= 1),
  constraint room_assignments_dates_check check (ends_on >= starts_on),
  constraint room_assignments_room_no_overlap_excl exclude using gist (
    biz_id with =, resource_id with =, period with &&)
    where (status = 'active'),
  constraint room_assignments_stay_no_overlap_excl exclude using gist (
    biz_id with =, booking_order_id with =, room_no with =, period with &&)
    where (status <> 'released')
);
comment on table hospitality.room_assignments is 'That a room is meant for one room of a reservation over some nights.';
comment on column hospitality.room_assignments.booking_order_id is 'The reservation.';
comment on column hospitality.room_assignments.room_no is 'Which of the rooms of the reservation it is for, from 1.';
comment on column hospitality.room_assignments.resource_id is 'The room.';
comment on column hospitality.room_assignments.allocation_id is 'The allocation by which the room is taken.';
comment on column hospitality.room_assignments.starts_on is 'Its first night.';
comment on column hospitality.room_assignments.ends_on is 'First day after its last night; of day use, the day itself.';
comment on column hospitality.room_assignments.period is 'From starts_on to ends_on, as a range.';
comment on column hospitality.room_assignments.status is 'Where it stands.';
comment on column hospitality.room_assignments.reason is 'Why the guest has this room.';
comment on column hospitality.room_assignments.is_locked is 'Whether the guest was promised this room, so that it is not swapped for another.';
comment on column hospitality.room_assignments.note is 'Why, in words.';
comment on constraint room_assignments_note_check on hospitality.room_assignments is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint room_assignments_room_no_check on hospitality.room_assignments is 'Rooms of a reservation are counted from 1.';
comment on constraint room_assignments_dates_check on hospitality.room_assignments is 'The end cannot be before the start.';
comment on constraint room_assignments_room_no_overlap_excl on hospitality.room_assignments is 'This room is already given to somebody on one of these nights.';
comment on constraint room_assignments_stay_no_overlap_excl on hospitality.room_assignments is 'The guest already has a room on one of these nights.';

call core.install_table('hospitality.room_assignments', 'T', 'htra');
create index room_assignments_resource_id_starts_on_idx on hospitality.room_assignments (biz_id, resource_id, starts_on, ends_on)
  where status = 'active';

create trigger room_assignments_room_immutable_check
  before update on hospitality.room_assignments
  for each row when ((old.booking_order_id, old.room_no, old.resource_id)
      is distinct from (new.booking_order_id, new.room_no, new.resource_id))
  execute function availability.refuse_update('room_assignments_room_immutable_check', 'An assignment keeps its room and its reservation; end it and make another.');
comment on trigger room_assignments_room_immutable_check on hospitality.room_assignments is 'An assignment keeps its room and its reservation; end it and make another.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('room_assignment', 'active', 'ended', false),
  ('room_assignment', 'active', 'released', false);
call core.install_state_machine('hospitality.room_assignments', 'status', 'room_assignment');

-- night_audits --------------------------------------------------------------------------------------------------------

-- One day of a hotel is open at a time, and the next is opened by closing it: so the days of a hotel follow each other
-- without a gap, whoever runs the audit, and however often.
create table hospitality.night_audits (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  business_date date not null,
  status hospitality.night_audit_status not null default 'open',
  started_at timestamptz,
  closed_at timestamptz,
  attempts integer not null default 0,
  totals jsonb not null default '{}',
  exceptions jsonb not null default '[]',
  constraint night_audits_pkey primary key (biz_id, id),
  constraint night_audits_location_id_business_date_key unique (biz_id, location_id, business_date),
  constraint night_audits_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint night_audits_totals_check check (jsonb_typeof(totals) = 'object'),
  constraint night_audits_exceptions_check check (jsonb_typeof(exceptions) = 'array'),
  constraint night_audits_attempts_check check (attempts >= 0),
  constraint night_audits_started_check check (status not in ('running', 'closed', 'failed') or started_at is not null),
  constraint night_audits_closed_check check ((status = 'closed') = (closed_at is not null))
);
comment on table hospitality.night_audits is 'A business day of a hotel: open while it goes on, then closed for good.';
comment on column hospitality.night_audits.location_id is 'The hotel.';
comment on column hospitality.night_audits.business_date is 'The day. Never changed.';
comment on column hospitality.night_audits.status is 'Where its closing stands.';
comment on column hospitality.night_audits.started_at is 'When closing it was last begun.';
comment on column hospitality.night_audits.closed_at is 'When it was closed.';
comment on column hospitality.night_audits.attempts is 'How often closing it was begun.';
comment on column hospitality.night_audits.totals is 'What the day brought: rooms, guests, revenue, tax, by name; amounts in minor units with their currency.';
comment on column hospitality.night_audits.exceptions is 'What has to be looked at, such as guests without a rate.';
comment on constraint night_audits_totals_check on hospitality.night_audits is 'The totals are a JSON object.';
comment on constraint night_audits_exceptions_check on hospitality.night_audits is 'The exceptions are a JSON list.';
comment on constraint night_audits_location_id_business_date_key on hospitality.night_audits is 'This business day is here already.';
comment on constraint night_audits_attempts_check on hospitality.night_audits is 'A number of attempts cannot be negative.';
comment on constraint night_audits_started_check on hospitality.night_audits is 'What was begun says when.';
comment on constraint night_audits_closed_check on hospitality.night_audits is 'A closed day says when it was closed, and no other does.';

call core.install_table('hospitality.night_audits', 'T', 'htna');
create unique index night_audits_location_id_open_key on hospitality.night_audits (biz_id, location_id) where status <> 'closed';
comment on index hospitality.night_audits_location_id_open_key is 'Another business day of this hotel is not closed yet.';

create trigger night_audits_day_immutable_check
  before update on hospitality.night_audits
  for each row when ((old.location_id, old.business_date)
      is distinct from (new.location_id, new.business_date))
  execute function availability.refuse_update('night_audits_day_immutable_check', 'A night audit stays with its hotel and its day.');
comment on trigger night_audits_day_immutable_check on hospitality.night_audits is 'A night audit stays with its hotel and its day.';
create trigger night_audits_closed_immutable_check
  before update on hospitality.night_audits
  for each row when (old.status = 'closed'
    and (old.totals, old.exceptions, old.closed_at, old.started_at, old.attempts)
      is distinct from (new.totals, new.exceptions, new.closed_at, new.started_at, new.attempts))
  execute function availability.refuse_update('night_audits_closed_immutable_check', 'A day that was closed is not changed any more.');
comment on trigger night_audits_closed_immutable_check on hospitality.night_audits is 'A day that was closed is not changed any more.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('night_audit', 'open', 'running', false),
  ('night_audit', 'running', 'closed', false),
  ('night_audit', 'running', 'failed', false),
  ('night_audit', 'failed', 'running', false);
call core.install_state_machine('hospitality.night_audits', 'status', 'night_audit');

-- stop_sells ----------------------------------------------------------------------------------------------------------

-- The slots of a type are closed by verb where all channels stop; one channel alone stops here.
create table hospitality.stop_sells (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  unit_type_id uuid,
  channel booking.channel,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (case when ends_on <= starts_on then null else daterange(starts_on, ends_on, '[)') end) stored,
  is_arrival_only boolean not null default false,
  reason text,
  constraint stop_sells_pkey primary key (biz_id, id),
  constraint stop_sells_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint stop_sells_unit_type_id_fkey foreign key (biz_id, location_id, unit_type_id)
    references resources.unit_types (biz_id, location_id, id),
  constraint stop_sells_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint stop_sells_dates_check check (ends_on > starts_on)
);
comment on table hospitality.stop_sells is 'Nights on which a hotel sells no rooms, or none of a type, or none through a channel.';
comment on column hospitality.stop_sells.location_id is 'The hotel.';
comment on column hospitality.stop_sells.unit_type_id is 'The room type, of the same hotel; none means all.';
comment on column hospitality.stop_sells.channel is 'The channel; none means all.';
comment on column hospitality.stop_sells.starts_on is 'Its first night.';
comment on column hospitality.stop_sells.ends_on is 'First day after its last night.';
comment on column hospitality.stop_sells.period is 'From starts_on to ends_on, as a range.';
comment on column hospitality.stop_sells.is_arrival_only is 'Whether guests who arrived before may stay on.';
comment on column hospitality.stop_sells.reason is 'Why.';
comment on constraint stop_sells_reason_check on hospitality.stop_sells is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint stop_sells_unit_type_id_fkey on hospitality.stop_sells is 'The unit type must be an existing unit type of the same location.';
comment on constraint stop_sells_dates_check on hospitality.stop_sells is 'The end must be after the start.';

call core.install_table('hospitality.stop_sells', 'M', 'htss');
alter table hospitality.stop_sells add constraint stop_sells_no_overlap_excl
  exclude using gist (biz_id with =, location_id with =, (coalesce(unit_type_id, '00000000-0000-0000-0000-000000000000')) with =, (coalesce(channel::text, '')) with =, period with &&)
  where (deleted_at is null);
comment on constraint stop_sells_no_overlap_excl on hospitality.stop_sells is 'Sales are already stopped on one of these nights.';

-- Rooms cover the stay ------------------------------------------------------------------------------------------------
-- Once a guest is here, the rooms given to the guest cover all nights without a gap, whatever is moved, extended or
-- shortened. Assignments of a guest never overlap (excluded), so that their nights only need to be counted. Checked at
-- commit, one writer of a reservation after the other: who gives a room back sees the guest who has just come.

create function hospitality.check_room_cover() returns trigger
language plpgsql as $$
declare
  document_id uuid;
  uncovered boolean;
begin
  if tg_table_name = 'booking_orders' then
    document_id := new.id;
  else
    document_id := new.booking_order_id;
  end if;
  perform
  from booking.booking_orders o
  where o.biz_id = new.biz_id
    and o.id = document_id
  for no key update;

  select bool_or(
    o.kind <> 'stay'
    or a.nights <> o.check_out_on - o.check_in_on
    or a.first_night is distinct from o.check_in_on
    or a.last_day is distinct from o.check_out_on
    or not a.has_room)
  into uncovered
  from hospitality.stays s
  join booking.booking_orders o on o.biz_id = s.biz_id and o.id = s.booking_order_id
  cross join lateral (
    select
      coalesce(sum(r.ends_on - r.starts_on), 0) as nights,
      min(r.starts_on) as first_night,
      max(r.ends_on) as last_day,
      coalesce(bool_or(r.status = 'active' and r.resource_id = s.resource_id), false) as has_room
    from hospitality.room_assignments r
    where r.biz_id = s.biz_id
      and r.booking_order_id = s.booking_order_id
      and r.room_no = s.room_no
      and r.status <> 'released'
  ) a
  where s.biz_id = new.biz_id
    and s.booking_order_id = document_id
    and s.status = 'in_house';
  if uncovered then
    raise exception using
      errcode = '23514',
      message = 'The rooms given to a guest who is here must cover all nights of the stay without a gap.',
      schema = 'hospitality',
      table = 'room_assignments',
      column = 'ends_on',
      constraint = 'room_assignments_cover_check';
  end if;
  return null;
end
$$;
comment on function hospitality.check_room_cover() is 'Trigger: the rooms given to a guest who is in the house cover the stay without a gap, and the guest is in one of them.';

create constraint trigger stays_room_cover_check
  after insert or update of status, resource_id on hospitality.stays
  deferrable initially deferred
  for each row when (new.status = 'in_house') execute function hospitality.check_room_cover();
comment on constraint stays_room_cover_check on hospitality.stays is 'The rooms given to a guest who is here must cover all nights of the stay without a gap.';
create constraint trigger room_assignments_cover_check
  after insert or update of status, starts_on, ends_on on hospitality.room_assignments
  deferrable initially deferred
  for each row execute function hospitality.check_room_cover();
comment on constraint room_assignments_cover_check on hospitality.room_assignments is 'The rooms given to a guest who is here must cover all nights of the stay without a gap.';
create constraint trigger booking_orders_room_cover_check
  after update of check_in_on, check_out_on on booking.booking_orders
  deferrable initially deferred
  for each row when (new.kind = 'stay' and new.status = 'in_progress') execute function hospitality.check_room_cover();
comment on constraint booking_orders_room_cover_check on booking.booking_orders is 'The rooms given to a guest who is here must cover all nights of the stay without a gap.';

-- A departure is taken back on its own day ------------------------------------------------------------------------------

create function hospitality.guard_reinstatement() returns trigger
language plpgsql as $$
begin
  if old.checked_out_on is distinct from core.business_date(new.biz_id, new.location_id, now()) then
    raise exception using
      errcode = '23514',
      message = 'A departure can be taken back on the business day on which the guest left, not later.',
      schema = 'hospitality',
      table = 'stays',
      column = 'status',
      constraint = 'stays_reinstate_same_day_check';
  end if;
  return new;
end
$$;
comment on function hospitality.guard_reinstatement() is 'Trigger: a departure is taken back on its own business day.';

create trigger stays_reinstate_same_day_check
  before update of status on hospitality.stays
  for each row when (old.status = 'checked_out' and new.status = 'in_house')
  execute function hospitality.guard_reinstatement();
comment on trigger stays_reinstate_same_day_check on hospitality.stays is 'A departure can be taken back on the business day on which the guest left, not later.';

-- Business days close in order ------------------------------------------------------------------------------------------

create function hospitality.guard_next_day() returns trigger
language plpgsql as $$
declare
  last_date date;
  last_status text;
begin
  select a.business_date, a.status
  into last_date, last_status
  from hospitality.night_audits a
  where a.biz_id = new.biz_id
    and a.location_id = new.location_id
  order by a.business_date desc
  limit 1;

  if new.status <> 'open' or (last_date is not null and new.business_date <> last_date + 1) then
    raise exception using
      errcode = '23514',
      message = 'The business days of a hotel follow each other: the next is the day after the last, and begins open.',
      schema = 'hospitality',
      table = 'night_audits',
      column = 'business_date',
      constraint = 'night_audits_in_order_check';
  end if;
  return new;
end
$$;
comment on function hospitality.guard_next_day() is 'Trigger: a new business day is the one after the last. That the last is closed is said by a unique index, also to who comes at the same time.';

create trigger night_audits_in_order_check
  before insert on hospitality.night_audits
  for each row execute function hospitality.guard_next_day();
comment on trigger night_audits_in_order_check on hospitality.night_audits is 'The business days of a hotel follow each other: the next is the day after the last, and begins open.';
