-- Queues: people who wait to be served. A ticket is a place in the order of a day; its entry moves from waiting to served.
--
-- Who is next: the waiting entry with the earliest effective_priority_at. Waiting raises everybody at the same pace, so that
-- a band counts as a head start of so many minutes: effective_priority_at = joined_at - priority_band x aging_minutes. It
-- does not change while one waits, an index serves it, and nobody is overtaken by who comes later than the greatest
-- head start. A clerk takes the next by FOR UPDATE SKIP LOCKED, and so two never take the same (E-70, E-71).

create schema queue;
comment on schema queue is 'Walk-in queues: tickets, who waits and is served, desks, displays, and what waiting takes.';

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain queue.queue_status as text constraint queue_status_check check (value in (
  'open', 'paused', 'closing', 'closed'));
comment on domain queue.queue_status is 'Whether a queue takes people.
open: It does.
paused: Nobody is called for now; people may still join.
closing: Who waits is still served; nobody may join.
closed: Nobody is served and nobody may join.';
comment on constraint queue_status_check on domain queue.queue_status is 'Unknown status of a queue.';

create domain queue.queue_fairness as text constraint queue_fairness_check check (value in (
  'fifo', 'priority_aged', 'appointment_first'));
comment on domain queue.queue_fairness is 'In which order people are called.
fifo: As they came.
priority_aged: By priority, which grows with waiting.
appointment_first: Who has an appointment before who has none, in a fixed ratio.';
comment on constraint queue_fairness_check on domain queue.queue_fairness is 'Unknown order of a queue.';

create domain queue.no_show_position as text constraint no_show_position_check check (value in (
  'front', 'after_some', 'back'));
comment on domain queue.no_show_position is 'Where somebody returns to who did not come when called.
front: To the front: called next.
after_some: Behind the next few.
back: To the back, as if just come.';
comment on constraint no_show_position_check on domain queue.no_show_position is 'Unknown position.';

create domain queue.leftover_rule as text constraint leftover_rule_check check (value in (
  'no_show', 'carried'));
comment on domain queue.leftover_rule is 'What becomes of who still waits when a queue closes.
no_show: They count as not come.
carried: They keep their place for the next day.';
comment on constraint leftover_rule_check on domain queue.leftover_rule is 'Unknown rule.';

create domain queue.service_point_status as text constraint service_point_status_check check (value in (
  'closed', 'staffed', 'on_break'));
comment on domain queue.service_point_status is 'Whether somebody is at a desk.
closed: Nobody is.
staffed: A clerk is.
on_break: The clerk is away for a moment.';
comment on constraint service_point_status_check on domain queue.service_point_status is 'Unknown status of a desk.';

create domain queue.queue_ticket_channel as text constraint queue_ticket_channel_check check (value in (
  'kiosk', 'web', 'staff', 'qr', 'app'));
comment on domain queue.queue_ticket_channel is 'How a ticket was drawn.
kiosk: At a terminal on site.
web: On the business''s site.
staff: Staff drew it.
qr: By scanning a code on site.
app: In the business''s app.';
comment on constraint queue_ticket_channel_check on domain queue.queue_ticket_channel is 'Unknown channel of a ticket.';

create domain queue.queue_entry_status as text constraint queue_entry_status_check check (value in (
  'waiting', 'called', 'serving', 'served', 'no_show', 'removed', 'parked', 'cancelled', 'left', 'transferred',
  'reopened'));
comment on domain queue.queue_entry_status is 'Where somebody in a queue stands.
waiting: In line.
called: Called to a desk.
serving: Being served.
served: Done.
no_show: Called, and did not come.
removed: Called in vain too often, and taken off.
parked: Set aside for a while, for instance to fill in a form.
cancelled: Taken off by staff.
left: Gone of their own will.
transferred: On the way to another queue.
reopened: Done, and back within five minutes as something was missing.';
comment on constraint queue_entry_status_check on domain queue.queue_entry_status is 'Unknown status of a queue entry.';

create domain queue.queue_event_kind as text constraint queue_event_kind_check check (value in (
  'joined', 'called', 'recalled', 'put_back', 'serving', 'served', 'no_show', 'returned', 'transferred',
  'parked', 'unparked', 'left', 'cancelled', 'removed', 'reordered', 'reopened'));
comment on domain queue.queue_event_kind is 'What happened to somebody in a queue.
joined: Took a place.
called: Was called to a desk.
recalled: Was called once more.
put_back: Was called, and put back to the same place.
serving: Service began.
served: Service ended.
no_show: Did not come.
returned: Came back after not having come.
transferred: Went to another queue.
parked: Was set aside.
unparked: Is in line again.
left: Went away.
cancelled: Was taken off.
removed: Was taken off after having been called in vain.
reordered: Was moved within the queue.
reopened: Came back right after having been served.';
comment on constraint queue_event_kind_check on domain queue.queue_event_kind is 'Unknown kind of queue event.';

create function queue.refuse(table_name text, column_name text, constraint_name text, message text) returns void
language plpgsql as $$
begin
  raise exception using
    errcode = '23514',
    message = refuse.message,
    schema = 'queue',
    table = refuse.table_name,
    column = refuse.column_name,
    constraint = refuse.constraint_name;
end
$$;
comment on function queue.refuse(text, text, text, text) is 'Raises the violation of a rule of this module that triggers look after.';

-- queues -------------------------------------------------------------------------------------------------------------

create table queue.queues (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  code text not null,
  name text not null,
  ticket_prefix text not null default 'A',
  calendar_id uuid,
  status queue.queue_status not null default 'closed',
  fairness queue.queue_fairness not null default 'fifo',
  aging_minutes integer not null default 10,
  appointments_per_walk_in integer not null default 2,
  max_length integer,
  avg_service_minutes integer not null default 10,
  sla_minutes integer,
  call_timeout_seconds integer not null default 120,
  no_show_position queue.no_show_position not null default 'after_some',
  no_show_after integer not null default 3,
  max_no_shows integer not null default 2,
  leftover_rule queue.leftover_rule not null default 'no_show',
  constraint queues_pkey primary key (biz_id, id),
  constraint queues_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint queues_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint queues_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint queues_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint queues_ticket_prefix_check check (btrim(ticket_prefix) <> '' and length(ticket_prefix) <= 4),
  constraint queues_counts_check check (
    aging_minutes >= 1 and appointments_per_walk_in >= 1 and avg_service_minutes >= 1
    and call_timeout_seconds >= 1 and no_show_after >= 0 and max_no_shows >= 0),
  constraint queues_max_length_check check (max_length >= 1),
  constraint queues_sla_check check (sla_minutes >= 1)
);
comment on table queue.queues is 'A line of people at a location who wait for the same.';
comment on column queue.queues.location_id is 'The location.';
comment on column queue.queues.code is 'Short name used by staff and imports.';
comment on column queue.queues.name is 'Name shown to customers.';
comment on column queue.queues.ticket_prefix is 'What numbers on tickets begin with: A gives A001.';
comment on column queue.queues.calendar_id is 'When people may join; none means whenever it is open.';
comment on column queue.queues.status is 'Whether it takes people.';
comment on column queue.queues.fairness is 'In which order people are called.';
comment on column queue.queues.aging_minutes is 'How many minutes of waiting are worth one band of priority.';
comment on column queue.queues.appointments_per_walk_in is 'How many with an appointment are called for each without one, where appointments go first.';
comment on column queue.queues.max_length is 'How many may wait at once; none means without limit.';
comment on column queue.queues.avg_service_minutes is 'How many minutes serving one takes, until enough was observed.';
comment on column queue.queues.sla_minutes is 'Within how many minutes people should be served.';
comment on column queue.queues.call_timeout_seconds is 'How long somebody who was called has to come.';
comment on column queue.queues.no_show_position is 'Where somebody returns to who did not come when called.';
comment on column queue.queues.no_show_after is 'Behind how many of those who wait, where they return behind some.';
comment on column queue.queues.max_no_shows is 'How often somebody may fail to come before being taken off.';
comment on column queue.queues.leftover_rule is 'What becomes of who still waits when it closes.';
comment on constraint queues_code_check on queue.queues is 'A code is required, of 60 characters at most.';
comment on constraint queues_name_check on queue.queues is 'A name is required, of 200 characters at most.';
comment on constraint queues_ticket_prefix_check on queue.queues is 'A ticket prefix is required, of 4 characters at most.';
comment on constraint queues_counts_check on queue.queues is 'Times and ratios are at least 1, and no count is negative.';
comment on constraint queues_max_length_check on queue.queues is 'A limit is at least 1.';
comment on constraint queues_sla_check on queue.queues is 'The promise is at least a minute.';

call core.install_table('queue.queues', 'M', 'ququ', registrable => true);
create unique index queues_location_id_code_key on queue.queues (biz_id, location_id, code)
  where deleted_at is null;
comment on index queue.queues_location_id_code_key is 'The location has another queue with this code.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('queue', 'open', 'paused', false),
  ('queue', 'paused', 'open', false),
  ('queue', 'open', 'closing', false),
  ('queue', 'paused', 'closing', false),
  ('queue', 'closing', 'closed', false),
  ('queue', 'closing', 'open', false),
  ('queue', 'closed', 'open', false);
call core.install_state_machine('queue.queues', 'status', 'queue');

-- queue_services -----------------------------------------------------------------------------------------------------

create table queue.queue_services (
  biz_id uuid not null,
  queue_id uuid not null,
  service_id uuid not null,
  constraint queue_services_pkey primary key (biz_id, queue_id, service_id),
  constraint queue_services_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint queue_services_service_id_fkey foreign key (biz_id, service_id)
    references catalog.services (biz_id, id)
);
comment on table queue.queue_services is 'That people of a queue can get a service there.';
comment on column queue.queue_services.queue_id is 'The queue.';
comment on column queue.queue_services.service_id is 'A service one can get.';

call core.install_table('queue.queue_services', 'L', null);

-- service_points -----------------------------------------------------------------------------------------------------

create table queue.service_points (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  name text not null,
  status queue.service_point_status not null default 'closed',
  current_member_id uuid,
  constraint service_points_pkey primary key (biz_id, id),
  constraint service_points_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint service_points_current_member_id_fkey foreign key (biz_id, current_member_id)
    references identity.members (biz_id, id),
  constraint service_points_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint service_points_staffed_check check ((status = 'closed') = (current_member_id is null))
);
comment on table queue.service_points is 'A desk, counter or room where people of one or more queues are served.';
comment on column queue.service_points.location_id is 'The location.';
comment on column queue.service_points.name is 'What it is called when people are sent there, such as Desk 4.';
comment on column queue.service_points.status is 'Whether somebody is there.';
comment on column queue.service_points.current_member_id is 'The clerk who is there now; never two.';
comment on constraint service_points_name_check on queue.service_points is 'A name is required, of 200 characters at most.';
comment on constraint service_points_staffed_check on queue.service_points is 'A desk is closed exactly while no clerk is there.';

call core.install_table('queue.service_points', 'M', 'qusp', registrable => true);
create unique index service_points_location_id_name_key on queue.service_points (biz_id, location_id, name)
  where deleted_at is null;
comment on index queue.service_points_location_id_name_key is 'The location has another desk of this name.';
create unique index service_points_current_member_id_key on queue.service_points (biz_id, current_member_id)
  where current_member_id is not null and deleted_at is null;
comment on index queue.service_points_current_member_id_key is 'This clerk is at another desk.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('service_point', 'closed', 'staffed', false),
  ('service_point', 'staffed', 'on_break', false),
  ('service_point', 'on_break', 'staffed', false),
  ('service_point', 'staffed', 'closed', false),
  ('service_point', 'on_break', 'closed', false);
call core.install_state_machine('queue.service_points', 'status', 'service_point');

-- service_point_queues -----------------------------------------------------------------------------------------------

create table queue.service_point_queues (
  biz_id uuid not null,
  service_point_id uuid not null,
  queue_id uuid not null,
  constraint service_point_queues_pkey primary key (biz_id, service_point_id, queue_id),
  constraint service_point_queues_service_point_id_fkey foreign key (biz_id, service_point_id)
    references queue.service_points (biz_id, id),
  constraint service_point_queues_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id)
);
comment on table queue.service_point_queues is 'That a desk serves a queue.';
comment on column queue.service_point_queues.service_point_id is 'The desk.';
comment on column queue.service_point_queues.queue_id is 'A queue whose people are served there.';

call core.install_table('queue.service_point_queues', 'L', null);

-- queue_tickets ------------------------------------------------------------------------------------------------------

create table queue.queue_tickets (
  biz_id uuid not null,
  id uuid not null,
  queue_id uuid not null,
  business_date date not null,
  seq integer not null,
  display_number text not null,
  channel queue.queue_ticket_channel not null,
  token_hash bytea,
  printed_at timestamptz,
  constraint queue_tickets_pkey primary key (biz_id, id),
  constraint queue_tickets_queue_id_business_date_seq_key unique (biz_id, queue_id, business_date, seq),
  constraint queue_tickets_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint queue_tickets_display_number_check check (btrim(display_number) <> '' and length(display_number) <= 20),
  constraint queue_tickets_seq_check check (seq >= 1),
  constraint queue_tickets_token_check check (octet_length(token_hash) = 32)
);
comment on table queue.queue_tickets is 'A number in the order of a queue on a day. Numbers begin at 1 every business day and leave no gap.';
comment on column queue.queue_tickets.queue_id is 'The queue for which it was drawn.';
comment on column queue.queue_tickets.business_date is 'Business day of the location on which it was drawn. Never changed.';
comment on column queue.queue_tickets.seq is 'Its place in the order of the day, from 1; given none, the next is taken. Never changed.';
comment on column queue.queue_tickets.display_number is 'What is called and shown, such as A017.';
comment on column queue.queue_tickets.channel is 'How it was drawn.';
comment on column queue.queue_tickets.token_hash is 'Hash of the token by which its holder sees their place.';
comment on column queue.queue_tickets.printed_at is 'When it was printed.';
comment on constraint queue_tickets_display_number_check on queue.queue_tickets is 'A display number is required, of 20 characters at most.';
comment on constraint queue_tickets_queue_id_business_date_seq_key on queue.queue_tickets is 'The queue already has a ticket of this number on this day.';
comment on constraint queue_tickets_seq_check on queue.queue_tickets is 'Numbers begin at 1.';
comment on constraint queue_tickets_token_check on queue.queue_tickets is 'A token is kept as a hash of 32 bytes.';

create unique index queue_tickets_token_hash_key on queue.queue_tickets (biz_id, token_hash)
  where token_hash is not null;
comment on index queue.queue_tickets_token_hash_key is 'Another ticket has this token.';
create trigger queue_tickets_number_immutable
  before update of queue_id, business_date, seq on queue.queue_tickets
  for each row when (
    old.queue_id is distinct from new.queue_id
    or old.business_date is distinct from new.business_date
    or old.seq is distinct from new.seq)
  execute function availability.refuse_update('queue_tickets_number_immutable_check', 'A ticket keeps its queue, day and number.');

call core.install_table('queue.queue_tickets', 'T', 'qutk', registrable => true);

-- queue_entries ------------------------------------------------------------------------------------------------------

create table queue.queue_entries (
  biz_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  queue_id uuid not null,
  customer_id uuid,
  name_enc bytea,
  phone_enc bytea,
  phone_bidx bytea,
  service_id uuid,
  party_size integer not null default 1,
  priority_band smallint not null default 0,
  joined_at timestamptz not null default now(),
  effective_priority_at timestamptz not null default now(),
  appointment_order_id uuid,
  status queue.queue_entry_status not null default 'waiting',
  called_at timestamptz,
  called_by_id uuid,
  service_point_id uuid,
  serving_started_at timestamptz,
  served_at timestamptz,
  no_show_count integer not null default 0,
  left_reason text,
  parked_until timestamptz,
  locale core.locale,
  constraint queue_entries_pkey primary key (biz_id, id),
  constraint queue_entries_ticket_id_key unique (biz_id, ticket_id),
  constraint queue_entries_ticket_id_fkey foreign key (biz_id, ticket_id)
    references queue.queue_tickets (biz_id, id),
  constraint queue_entries_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint queue_entries_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint queue_entries_service_id_fkey foreign key (biz_id, service_id)
    references catalog.services (biz_id, id),
  constraint queue_entries_appointment_order_id_fkey foreign key (biz_id, appointment_order_id)
    references booking.booking_orders (biz_id, id),
  constraint queue_entries_called_by_id_fkey foreign key (biz_id, called_by_id)
    references identity.members (biz_id, id),
  constraint queue_entries_service_point_id_fkey foreign key (biz_id, service_point_id)
    references queue.service_points (biz_id, id),
  constraint queue_entries_left_reason_check check (length(left_reason) <= 2000),
  constraint queue_entries_party_size_check check (party_size >= 1),
  constraint queue_entries_priority_band_check check (priority_band between 0 and 9),
  constraint queue_entries_phone_check check (num_nonnulls(phone_enc, phone_bidx) <> 1),
  constraint queue_entries_called_check check (
    status not in ('called', 'serving') or num_nonnulls(called_at, service_point_id) = 2),
  constraint queue_entries_serving_check check (
    (status not in ('serving', 'served', 'reopened') or serving_started_at is not null)
    and (status not in ('served', 'reopened') or served_at is not null) and served_at >= serving_started_at),
  constraint queue_entries_no_show_count_check check (
    no_show_count >= 0 and (status not in ('no_show', 'removed') or no_show_count >= 1)),
  constraint queue_entries_parked_check check (parked_until is null or status = 'parked')
);
comment on table queue.queue_entries is 'Somebody who is in a queue, from joining to being served or leaving.';
comment on column queue.queue_entries.ticket_id is 'The ticket.';
comment on column queue.queue_entries.queue_id is 'The queue where they are now; after a transfer another than that of the ticket.';
comment on column queue.queue_entries.customer_id is 'The customer, if known as one.';
comment on column queue.queue_entries.name_enc is 'Name to be called by.';
comment on column queue.queue_entries.phone_enc is 'Telephone number to be told at.';
comment on column queue.queue_entries.phone_bidx is 'Blind index of that number.';
comment on column queue.queue_entries.service_id is 'What they come for.';
comment on column queue.queue_entries.party_size is 'How many people come together.';
comment on column queue.queue_entries.priority_band is 'How urgent it is: each band is worth aging_minutes of waiting; 0 is usual.';
comment on column queue.queue_entries.joined_at is 'When they joined; kept over transfers that keep the place.';
comment on column queue.queue_entries.effective_priority_at is 'What the order goes by: joined_at less the head start of the band; later than that after coming back.';
comment on column queue.queue_entries.appointment_order_id is 'The order whose appointment they have.';
comment on column queue.queue_entries.status is 'Where they stand.';
comment on column queue.queue_entries.called_at is 'When they were last called.';
comment on column queue.queue_entries.called_by_id is 'The clerk who called them.';
comment on column queue.queue_entries.service_point_id is 'The desk to which they were called.';
comment on column queue.queue_entries.serving_started_at is 'When service began.';
comment on column queue.queue_entries.served_at is 'When service ended.';
comment on column queue.queue_entries.no_show_count is 'How often they did not come when called.';
comment on column queue.queue_entries.left_reason is 'Why they left or were taken off.';
comment on column queue.queue_entries.parked_until is 'Until when they are set aside.';
comment on column queue.queue_entries.locale is 'Language in which they are called and told.';
comment on constraint queue_entries_left_reason_check on queue.queue_entries is 'A left reason has 2,000 characters at most.';
comment on constraint queue_entries_ticket_id_key on queue.queue_entries is 'This ticket is in the queue already.';
comment on constraint queue_entries_party_size_check on queue.queue_entries is 'At least one person must come.';
comment on constraint queue_entries_priority_band_check on queue.queue_entries is 'A band is between 0 and 9.';
comment on constraint queue_entries_phone_check on queue.queue_entries is 'A telephone number is kept with its blind index.';
comment on constraint queue_entries_called_check on queue.queue_entries is 'Who is called or served has a desk.';
comment on constraint queue_entries_serving_check on queue.queue_entries is 'Service has a beginning and then an end.';
comment on constraint queue_entries_no_show_count_check on queue.queue_entries is 'Who did not come is counted at least once.';
comment on constraint queue_entries_parked_check on queue.queue_entries is 'Only who is set aside has a time until when.';

-- Who is next; the board of a queue.
create index queue_entries_next_idx on queue.queue_entries (biz_id, queue_id, effective_priority_at, joined_at, id)
  where status = 'waiting';
create index queue_entries_open_idx on queue.queue_entries (biz_id, queue_id, status, joined_at, id)
  where status in ('waiting', 'called', 'serving', 'parked', 'no_show', 'transferred', 'reopened');
create index queue_entries_queue_id_joined_at_idx on queue.queue_entries (biz_id, queue_id, joined_at, id);
create unique index queue_entries_queue_id_customer_id_key on queue.queue_entries (biz_id, queue_id, customer_id)
  where customer_id is not null and status in ('waiting', 'called', 'serving', 'parked', 'transferred', 'reopened');
comment on index queue.queue_entries_queue_id_customer_id_key is 'This customer is in the queue already.';
create unique index queue_entries_service_point_serving_key on queue.queue_entries (biz_id, service_point_id)
  where status = 'serving';
comment on index queue.queue_entries_service_point_serving_key is 'Somebody is being served at this desk.';
create unique index queue_entries_service_point_called_key on queue.queue_entries (biz_id, service_point_id)
  where status = 'called';
comment on index queue.queue_entries_service_point_called_key is 'Somebody was just called to this desk.';
create trigger queue_entries_ticket_immutable
  before update of ticket_id on queue.queue_entries
  for each row when (
    old.ticket_id is distinct from new.ticket_id)
  execute function availability.refuse_update('queue_entries_ticket_immutable_check', 'An entry stays with its ticket.');

call core.install_table('queue.queue_entries', 'T', 'quen', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('queue_entry', 'waiting', 'called', false),
  ('queue_entry', 'waiting', 'parked', false),
  ('queue_entry', 'waiting', 'cancelled', true),
  ('queue_entry', 'waiting', 'left', false),
  ('queue_entry', 'waiting', 'transferred', false),
  ('queue_entry', 'waiting', 'no_show', false),
  ('queue_entry', 'called', 'serving', false),
  ('queue_entry', 'called', 'no_show', false),
  ('queue_entry', 'called', 'waiting', false),
  ('queue_entry', 'called', 'cancelled', true),
  ('queue_entry', 'called', 'left', false),
  ('queue_entry', 'called', 'transferred', false),
  ('queue_entry', 'serving', 'served', false),
  ('queue_entry', 'serving', 'transferred', false),
  ('queue_entry', 'transferred', 'waiting', false),
  ('queue_entry', 'parked', 'waiting', false),
  ('queue_entry', 'parked', 'cancelled', true),
  ('queue_entry', 'parked', 'left', false),
  ('queue_entry', 'no_show', 'waiting', false),
  ('queue_entry', 'no_show', 'removed', false),
  ('queue_entry', 'served', 'reopened', false),
  ('queue_entry', 'reopened', 'serving', false),
  ('queue_entry', 'reopened', 'served', false);
call core.install_state_machine('queue.queue_entries', 'status', 'queue_entry');

-- queue_events -------------------------------------------------------------------------------------------------------

create table queue.queue_events (
  biz_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  kind queue.queue_event_kind not null,
  queue_id uuid not null,
  to_queue_id uuid,
  service_point_id uuid,
  actor_id uuid,
  occurred_at timestamptz not null default now(),
  details jsonb,
  constraint queue_events_pkey primary key (biz_id, id),
  constraint queue_events_entry_id_fkey foreign key (biz_id, entry_id)
    references queue.queue_entries (biz_id, id),
  constraint queue_events_service_point_id_fkey foreign key (biz_id, service_point_id)
    references queue.service_points (biz_id, id),
  constraint queue_events_actor_id_fkey foreign key (actor_id)
    references identity.users (id),
  constraint queue_events_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint queue_events_to_queue_id_fkey foreign key (biz_id, to_queue_id)
    references queue.queues (biz_id, id),
  constraint queue_events_details_check check (jsonb_typeof(details) = 'object'),
  constraint queue_events_to_queue_check check (
    (kind = 'transferred') = (to_queue_id is not null) and to_queue_id <> queue_id)
);
comment on table queue.queue_events is 'What happened to somebody in a queue, in order: what displays announce and reports count.';
comment on column queue.queue_events.entry_id is 'Whom it happened to.';
comment on column queue.queue_events.kind is 'What happened.';
comment on column queue.queue_events.queue_id is 'The queue in which it happened.';
comment on column queue.queue_events.to_queue_id is 'The queue to which they went, of a transfer.';
comment on column queue.queue_events.service_point_id is 'The desk.';
comment on column queue.queue_events.actor_id is 'The user who did it; none where the customer or the system did.';
comment on column queue.queue_events.occurred_at is 'When it happened.';
comment on column queue.queue_events.details is 'More about it, such as the place before and after a move.';
comment on constraint queue_events_details_check on queue.queue_events is 'Details must be a JSON object.';
comment on constraint queue_events_to_queue_id_fkey on queue.queue_events is 'The queue to which they went must be an existing queue of this tenant.';
comment on constraint queue_events_to_queue_check on queue.queue_events is 'A transfer goes to another queue, and nothing else goes anywhere.';

create index queue_events_queue_id_occurred_at_idx on queue.queue_events (biz_id, queue_id, occurred_at, id);
create index queue_events_entry_id_idx on queue.queue_events (biz_id, entry_id, occurred_at, id);

call core.install_table('queue.queue_events', 'J', 'quev');

-- queue_transfers ----------------------------------------------------------------------------------------------------

create table queue.queue_transfers (
  biz_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  from_queue_id uuid not null,
  to_queue_id uuid not null,
  keep_joined_at boolean not null default true,
  reason text,
  constraint queue_transfers_pkey primary key (biz_id, id),
  constraint queue_transfers_entry_id_fkey foreign key (biz_id, entry_id)
    references queue.queue_entries (biz_id, id),
  constraint queue_transfers_from_queue_id_fkey foreign key (biz_id, from_queue_id)
    references queue.queues (biz_id, id),
  constraint queue_transfers_to_queue_id_fkey foreign key (biz_id, to_queue_id)
    references queue.queues (biz_id, id),
  constraint queue_transfers_reason_check check (length(reason) <= 2000),
  constraint queue_transfers_self_check check (from_queue_id <> to_queue_id)
);
comment on table queue.queue_transfers is 'That somebody went from one queue to another.';
comment on column queue.queue_transfers.entry_id is 'Who went.';
comment on column queue.queue_transfers.from_queue_id is 'The queue they left.';
comment on column queue.queue_transfers.to_queue_id is 'The queue they went to.';
comment on column queue.queue_transfers.keep_joined_at is 'Whether the time they had waited counts there.';
comment on column queue.queue_transfers.reason is 'Why.';
comment on constraint queue_transfers_reason_check on queue.queue_transfers is 'A reason has 2,000 characters at most.';
comment on constraint queue_transfers_from_queue_id_fkey on queue.queue_transfers is 'The queue they left must be an existing queue of this tenant.';
comment on constraint queue_transfers_to_queue_id_fkey on queue.queue_transfers is 'The queue they went to must be an existing queue of this tenant.';
comment on constraint queue_transfers_self_check on queue.queue_transfers is 'A transfer needs two different queues.';

call core.install_table('queue.queue_transfers', 'J', 'qutr');

-- service_time_observations ------------------------------------------------------------------------------------------

create table queue.service_time_observations (
  biz_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  queue_id uuid not null,
  service_id uuid,
  member_id uuid,
  waited_seconds integer not null,
  served_seconds integer not null,
  business_date date not null,
  local_hour smallint not null,
  constraint service_time_observations_pkey primary key (biz_id, id),
  constraint service_time_observations_entry_id_fkey foreign key (biz_id, entry_id)
    references queue.queue_entries (biz_id, id),
  constraint service_time_observations_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint service_time_observations_service_id_fkey foreign key (biz_id, service_id)
    references catalog.services (biz_id, id),
  constraint service_time_observations_member_id_fkey foreign key (biz_id, member_id)
    references identity.members (biz_id, id),
  constraint service_time_observations_waited_check check (waited_seconds >= 0),
  constraint service_time_observations_served_check check (served_seconds >= 0),
  constraint service_time_observations_local_hour_check check (local_hour between 0 and 23)
);
comment on table queue.service_time_observations is 'How long somebody waited and was served: what predictions are learnt from.';
comment on column queue.service_time_observations.entry_id is 'Whose waiting and service.';
comment on column queue.service_time_observations.queue_id is 'The queue.';
comment on column queue.service_time_observations.service_id is 'What they came for.';
comment on column queue.service_time_observations.member_id is 'The clerk who served.';
comment on column queue.service_time_observations.waited_seconds is 'How long they waited, from joining to being called.';
comment on column queue.service_time_observations.served_seconds is 'How long they were served.';
comment on column queue.service_time_observations.business_date is 'Business day of the location.';
comment on column queue.service_time_observations.local_hour is 'Hour of the day in the location''s time, 0 to 23, in which they joined.';
comment on constraint service_time_observations_waited_check on queue.service_time_observations is 'Nobody waits for less than nothing.';
comment on constraint service_time_observations_served_check on queue.service_time_observations is 'No service takes less than nothing.';
comment on constraint service_time_observations_local_hour_check on queue.service_time_observations is 'An hour is between 0 and 23.';

create index service_time_observations_queue_id_business_date_idx on queue.service_time_observations (biz_id, queue_id, business_date, local_hour);

call core.install_table('queue.service_time_observations', 'J', 'quso');

-- wait_time_predictions ----------------------------------------------------------------------------------------------

create table queue.wait_time_predictions (
  biz_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  queue_id uuid not null,
  predicted_at timestamptz not null default now(),
  position integer not null,
  p50_seconds integer not null,
  p90_seconds integer not null,
  model_version text not null,
  constraint wait_time_predictions_pkey primary key (biz_id, predicted_at, id),
  constraint wait_time_predictions_entry_id_fkey foreign key (biz_id, entry_id)
    references queue.queue_entries (biz_id, id),
  constraint wait_time_predictions_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint wait_time_predictions_model_version_check check (
    btrim(model_version) <> '' and length(model_version) <= 60),
  constraint wait_time_predictions_position_check check (position >= 1),
  constraint wait_time_predictions_seconds_check check (p50_seconds >= 0 and p90_seconds >= p50_seconds)
) partition by range (predicted_at);
comment on table queue.wait_time_predictions is 'How long somebody was told they would wait, to be held against how long they did.';
comment on column queue.wait_time_predictions.entry_id is 'Who waits.';
comment on column queue.wait_time_predictions.queue_id is 'The queue.';
comment on column queue.wait_time_predictions.predicted_at is 'When it was reckoned.';
comment on column queue.wait_time_predictions.position is 'How many are called no later, themselves included.';
comment on column queue.wait_time_predictions.p50_seconds is 'How long it takes in half of the cases at most.';
comment on column queue.wait_time_predictions.p90_seconds is 'How long it takes in nine of ten cases at most.';
comment on column queue.wait_time_predictions.model_version is 'What reckoned it.';
comment on constraint wait_time_predictions_model_version_check on queue.wait_time_predictions is 'A model version is required, of 60 characters at most.';
comment on constraint wait_time_predictions_position_check on queue.wait_time_predictions is 'A place in line is at least 1.';
comment on constraint wait_time_predictions_seconds_check on queue.wait_time_predictions is 'The longer wait is not shorter than the usual one.';

create index wait_time_predictions_entry_id_idx on queue.wait_time_predictions (biz_id, entry_id, predicted_at);
create index wait_time_predictions_queue_id_predicted_at_idx on queue.wait_time_predictions (biz_id, queue_id, predicted_at);

call core.install_table('queue.wait_time_predictions', 'P', 'quwp');

-- displays -----------------------------------------------------------------------------------------------------------

create table queue.displays (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  name text not null,
  layout jsonb not null default '{}',
  shows_names boolean not null default false,
  pairing_code_hash bytea,
  paired_at timestamptz,
  last_seen_at timestamptz,
  constraint displays_pkey primary key (biz_id, id),
  constraint displays_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint displays_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint displays_layout_check check (jsonb_typeof(layout) = 'object'),
  constraint displays_pairing_code_check check (octet_length(pairing_code_hash) = 32)
);
comment on table queue.displays is 'A screen that shows who is called to which desk.';
comment on column queue.displays.location_id is 'The location.';
comment on column queue.displays.name is 'Name used by staff.';
comment on column queue.displays.layout is 'How it looks, such as columns, colours and sounds.';
comment on column queue.displays.shows_names is 'Whether it shows names; otherwise numbers alone.';
comment on column queue.displays.pairing_code_hash is 'Hash of the code by which a screen is paired; none once it is.';
comment on column queue.displays.paired_at is 'When a screen was paired.';
comment on column queue.displays.last_seen_at is 'When the screen last asked.';
comment on constraint displays_name_check on queue.displays is 'A name is required, of 200 characters at most.';
comment on constraint displays_layout_check on queue.displays is 'Layout must be a JSON object.';
comment on constraint displays_pairing_code_check on queue.displays is 'A pairing code is kept as a hash of 32 bytes.';

create unique index displays_pairing_code_hash_key on queue.displays (biz_id, pairing_code_hash)
  where pairing_code_hash is not null;
comment on index queue.displays_pairing_code_hash_key is 'Another display has this pairing code.';

call core.install_table('queue.displays', 'M', 'qudi', entity_name => 'QueueDisplay', registrable => true);
create unique index displays_location_id_name_key on queue.displays (biz_id, location_id, name)
  where deleted_at is null;
comment on index queue.displays_location_id_name_key is 'The location has another display of this name.';

-- display_queues -----------------------------------------------------------------------------------------------------

create table queue.display_queues (
  biz_id uuid not null,
  display_id uuid not null,
  queue_id uuid not null,
  constraint display_queues_pkey primary key (biz_id, display_id, queue_id),
  constraint display_queues_display_id_fkey foreign key (biz_id, display_id)
    references queue.displays (biz_id, id),
  constraint display_queues_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id)
);
comment on table queue.display_queues is 'That a display shows a queue.';
comment on column queue.display_queues.display_id is 'The display.';
comment on column queue.display_queues.queue_id is 'A queue it shows.';

call core.install_table('queue.display_queues', 'L', null, entity_name => 'QueueDisplayQueue');

-- queue_pauses -------------------------------------------------------------------------------------------------------

create table queue.queue_pauses (
  biz_id uuid not null,
  id uuid not null,
  queue_id uuid not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  reason text not null,
  constraint queue_pauses_pkey primary key (biz_id, id),
  constraint queue_pauses_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint queue_pauses_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint queue_pauses_times_check check (ends_at > starts_at)
);
comment on table queue.queue_pauses is 'A time in which nobody of a queue is called.';
comment on column queue.queue_pauses.queue_id is 'The queue.';
comment on column queue.queue_pauses.starts_at is 'When it begins.';
comment on column queue.queue_pauses.ends_at is 'When it ends; none while it is not known.';
comment on column queue.queue_pauses.period is 'From starts_at to ends_at, as a range.';
comment on column queue.queue_pauses.reason is 'Why, as shown to who waits.';
comment on constraint queue_pauses_reason_check on queue.queue_pauses is 'A reason is required, of 2,000 characters at most.';
comment on constraint queue_pauses_times_check on queue.queue_pauses is 'The end must be after the start.';

call core.install_table('queue.queue_pauses', 'T', 'qupa');
alter table queue.queue_pauses add constraint queue_pauses_no_overlap_excl exclude using gist (
  biz_id with =, queue_id with =, period with &&);
comment on constraint queue_pauses_no_overlap_excl on queue.queue_pauses is 'The queue is already paused at that time.';

-- Rules that look at the queue ----------------------------------------------------------------------------------------

create function queue.number_ticket() returns trigger
language plpgsql as $$
declare
  expected integer;
begin
  -- One ticket after the other: the lock on the queue is held until the ticket is there for others to see, or is undone.
  perform
  from queue.queues q
  where q.biz_id = new.biz_id
    and q.id = new.queue_id
  for no key update;

  select coalesce(max(t.seq), 0) + 1
  into expected
  from queue.queue_tickets t
  where t.biz_id = new.biz_id
    and t.queue_id = new.queue_id
    and t.business_date = new.business_date;

  new.seq := coalesce(new.seq, expected);
  if new.seq <> expected then
    perform queue.refuse('queue_tickets', 'seq', 'queue_tickets_seq_gapless_check',
      'Numbers of a day follow one another without a gap.');
  end if;
  return new;
end
$$;
comment on function queue.number_ticket() is 'Trigger: gives a ticket the next number of its queue and day, or refuses another one.';
create trigger queue_tickets_seq_gapless
  before insert on queue.queue_tickets
  for each row execute function queue.number_ticket();

create function queue.check_joining() returns trigger
language plpgsql as $$
declare
  line queue.queues;
begin
  select q.*
  into line
  from queue.queues q
  where q.biz_id = new.biz_id
    and q.id = new.queue_id
  for no key update;

  if line.status in ('closing', 'closed') then
    perform queue.refuse('queue_entries', 'queue_id', 'queue_entries_queue_open_check',
      'Nobody can join this queue now.');
  end if;
  if line.max_length <= (
    select count(*)
    from queue.queue_entries e
    where e.biz_id = new.biz_id
      and e.queue_id = new.queue_id
      and e.status = 'waiting'
      and e.id <> new.id
  ) then
    perform queue.refuse('queue_entries', 'queue_id', 'queue_entries_queue_full_check', 'This queue is full.');
  end if;
  return null;
end
$$;
comment on function queue.check_joining() is 'Trigger: who joins finds the queue open and not full.';
create trigger queue_entries_joining
  after insert on queue.queue_entries
  for each row execute function queue.check_joining();

create function queue.check_return() returns trigger
language plpgsql as $$
begin
  if old.status = 'served' then
    if now() > old.served_at + interval '5 minutes' then
      perform queue.refuse('queue_entries', 'status', 'queue_entries_reopen_check',
        'Who was served can come back within five minutes.');
    end if;
  elsif new.no_show_count > (
    select q.max_no_shows
    from queue.queues q
    where q.biz_id = new.biz_id
      and q.id = new.queue_id
  ) then
    perform queue.refuse('queue_entries', 'status', 'queue_entries_max_no_shows_check',
      'Who did not come too often cannot return to the queue.');
  end if;
  return new;
end
$$;
comment on function queue.check_return() is 'Trigger: nobody returns more often than the queue allows, nor later than five minutes after having been served.';
create trigger queue_entries_return
  before update of status on queue.queue_entries
  for each row when (
    (old.status = 'no_show' and new.status = 'waiting')
    or (old.status = 'served' and new.status = 'reopened'))
  execute function queue.check_return();

create function queue.check_moved_entry() returns trigger
language plpgsql as $$
begin
  if old.status <> 'transferred' and new.status <> 'transferred' then
    perform queue.refuse('queue_entries', 'queue_id', 'queue_entries_transfer_check',
      'Only a transfer brings somebody to another queue.');
  end if;
  return new;
end
$$;
comment on function queue.check_moved_entry() is 'Trigger: an entry changes its queue only while it is transferred.';
create trigger queue_entries_transfer
  before update of queue_id on queue.queue_entries
  for each row when (old.queue_id <> new.queue_id)
  execute function queue.check_moved_entry();

-- What verbs call -----------------------------------------------------------------------------------------------------

create function queue.call_next(queue_ids uuid[], service_point_id uuid, member_id uuid)
  returns uuid
  language plpgsql
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  called uuid;
begin
  with next as (
    select e.id
    from queue.queue_entries e
    join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id
    where e.biz_id = tenant
      and e.queue_id = any (call_next.queue_ids)
      and e.status = 'waiting'
      and q.status in ('open', 'closing')
    order by e.effective_priority_at, e.joined_at, e.id
    limit 1
    for no key update of e skip locked
  ),
  moved as (
    update queue.queue_entries e
    set status = 'called', called_at = clock_timestamp(), called_by_id = call_next.member_id, service_point_id = call_next.service_point_id
    from next
    where e.biz_id = tenant
      and e.id = next.id
    returning e.id, e.queue_id, e.called_at
  ),
  told as (
    insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id, service_point_id, actor_id, occurred_at)
    select tenant, core.uuid_v7(), m.id, 'called', m.queue_id, call_next.service_point_id,
      nullif(current_setting('app.user_id', true), '')::uuid, m.called_at
    from moved m
  )
  select moved.id into called from moved;

  if called is null then
    perform queue.refuse('queue_entries', 'status', 'queue_entries_nobody_waiting_check', 'Nobody is waiting.');
  end if;
  return called;
end
$$;
comment on function queue.call_next(uuid[], uuid, uuid) is
  'Calls whoever is next in these queues to a desk, writes the event, and returns the entry. Two callers never get the same: each skips who is being called by another. Fails with queue_entries_nobody_waiting_check where nobody is left.';

select core.ensure_partitions(3);
