-- POS, third part: what the kitchen has to do.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain pos.kitchen_ticket_status as text constraint kitchen_ticket_status_check check (value in (
  'queued', 'fired', 'preparing', 'ready', 'recalled', 'served', 'cancelled'));
comment on domain pos.kitchen_ticket_status is 'Where a kitchen ticket stands.
queued: It waits for its course.
fired: The station shall prepare it.
preparing: The station prepares it.
ready: It can be served.
recalled: It was ready, and something is wrong.
served: The guests have it.
cancelled: It is no longer wanted.';
comment on constraint kitchen_ticket_status_check on domain pos.kitchen_ticket_status is 'Unknown status of a kitchen ticket.';

create domain pos.kitchen_item_status as text constraint kitchen_item_status_check check (value in (
  'queued', 'fired', 'preparing', 'ready', 'served', 'voided'));
comment on domain pos.kitchen_item_status is 'Where one dish of a kitchen ticket stands.
queued: It waits for its course.
fired: The station shall prepare it.
preparing: The station prepares it.
ready: It can be served.
served: The guests have it.
voided: It is no longer wanted.';
comment on constraint kitchen_item_status_check on domain pos.kitchen_item_status is 'Unknown status of a kitchen item.';

-- kitchen_tickets

-- kitchen_tickets ----------------------------------------------------------------------------------------------------

create table pos.kitchen_tickets (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  station_id uuid not null,
  seq integer not null,
  course integer not null default 1,
  status pos.kitchen_ticket_status not null default 'queued',
  is_rush boolean not null default false,
  target_seconds integer not null,
  fired_at timestamptz,
  started_at timestamptz,
  ready_at timestamptz,
  served_at timestamptz,
  recalls integer not null default 0,
  note text,
  constraint kitchen_tickets_pkey primary key (biz_id, id),
  constraint kitchen_tickets_sale_id_seq_key unique (biz_id, sale_id, seq),
  constraint kitchen_tickets_sale_id_id_key unique (biz_id, sale_id, id),
  constraint kitchen_tickets_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint kitchen_tickets_station_id_fkey foreign key (biz_id, station_id)
    references pos.kitchen_stations (biz_id, id),
  constraint kitchen_tickets_note_check check (length(note) <= 2000),
  constraint kitchen_tickets_seq_check check (seq >= 1 and course >= 1),
  constraint kitchen_tickets_target_check check (target_seconds > 0),
  constraint kitchen_tickets_recalls_check check (recalls >= 0),
  constraint kitchen_tickets_fired_check check (status in ('queued', 'cancelled') or fired_at is not null),
  constraint kitchen_tickets_ready_check check ((status not in ('ready', 'recalled', 'served') or ready_at is not null) and (status <> 'served' or served_at is not null)),
  constraint kitchen_tickets_times_check check (started_at >= fired_at and ready_at >= fired_at and served_at >= ready_at)
);
comment on table pos.kitchen_tickets is 'What one station prepares of a sale for one course.';
comment on column pos.kitchen_tickets.sale_id is 'The sale.';
comment on column pos.kitchen_tickets.station_id is 'The station.';
comment on column pos.kitchen_tickets.seq is 'Its place among the tickets of the sale, from 1.';
comment on column pos.kitchen_tickets.course is 'The course it belongs to.';
comment on column pos.kitchen_tickets.status is 'Where it stands.';
comment on column pos.kitchen_tickets.is_rush is 'Whether it goes before the others.';
comment on column pos.kitchen_tickets.target_seconds is 'How long it should take from being fired to being ready, as the station said then.';
comment on column pos.kitchen_tickets.fired_at is 'When it was first fired.';
comment on column pos.kitchen_tickets.started_at is 'When it was begun.';
comment on column pos.kitchen_tickets.ready_at is 'When it was last ready.';
comment on column pos.kitchen_tickets.served_at is 'When the guests had it.';
comment on column pos.kitchen_tickets.recalls is 'How often it came back.';
comment on column pos.kitchen_tickets.note is 'What the station should know.';
comment on constraint kitchen_tickets_note_check on pos.kitchen_tickets is 'The note has 2,000 characters at most.';
comment on constraint kitchen_tickets_sale_id_seq_key on pos.kitchen_tickets is 'The sale already has a ticket of this number.';
comment on constraint kitchen_tickets_sale_id_id_key on pos.kitchen_tickets is 'A ticket is one of one sale.';
comment on constraint kitchen_tickets_seq_check on pos.kitchen_tickets is 'Tickets and courses are numbered from 1.';
comment on constraint kitchen_tickets_target_check on pos.kitchen_tickets is 'A ticket takes some time.';
comment on constraint kitchen_tickets_recalls_check on pos.kitchen_tickets is 'Recalls cannot be negative.';
comment on constraint kitchen_tickets_fired_check on pos.kitchen_tickets is 'A ticket that was fired says when.';
comment on constraint kitchen_tickets_ready_check on pos.kitchen_tickets is 'A ticket that was ready or served says when.';
comment on constraint kitchen_tickets_times_check on pos.kitchen_tickets is 'A ticket is begun and ready after it was fired, and served after it was ready.';

create index kitchen_tickets_display_idx on pos.kitchen_tickets (biz_id, station_id, status, is_rush, fired_at, id) where status not in ('served', 'cancelled');
create index kitchen_tickets_station_id_fired_at_idx on pos.kitchen_tickets (biz_id, station_id, fired_at);

call core.install_table('pos.kitchen_tickets', 'T', 'pokt', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('kitchen_ticket', 'queued', 'fired', false),
  ('kitchen_ticket', 'queued', 'cancelled', false),
  ('kitchen_ticket', 'fired', 'preparing', false),
  ('kitchen_ticket', 'fired', 'cancelled', true),
  ('kitchen_ticket', 'preparing', 'ready', false),
  ('kitchen_ticket', 'preparing', 'cancelled', true),
  ('kitchen_ticket', 'ready', 'served', false),
  ('kitchen_ticket', 'ready', 'recalled', true),
  ('kitchen_ticket', 'ready', 'cancelled', true),
  ('kitchen_ticket', 'recalled', 'preparing', false),
  ('kitchen_ticket', 'recalled', 'cancelled', true);
call core.install_state_machine('pos.kitchen_tickets', 'status', 'kitchen_ticket');

-- kitchen_ticket_items -----------------------------------------------------------------------------------------------

create table pos.kitchen_ticket_items (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  ticket_id uuid not null,
  sale_item_id uuid not null,
  quantity numeric(18,6) not null,
  status pos.kitchen_item_status not null default 'queued',
  fired_at timestamptz,
  ready_at timestamptz,
  voided_at timestamptz,
  void_reason text,
  voided_by_id uuid,
  cancel_slip_printed_at timestamptz,
  constraint kitchen_ticket_items_pkey primary key (biz_id, id),
  constraint kitchen_ticket_items_ticket_id_sale_item_id_key unique (biz_id, ticket_id, sale_item_id),
  constraint kitchen_ticket_items_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint kitchen_ticket_items_voided_by_id_fkey foreign key (voided_by_id)
    references identity.users (id),
  constraint kitchen_ticket_items_ticket_id_fkey foreign key (biz_id, sale_id, ticket_id)
    references pos.kitchen_tickets (biz_id, sale_id, id),
  constraint kitchen_ticket_items_sale_item_id_fkey foreign key (biz_id, sale_id, sale_item_id)
    references pos.sale_items (biz_id, sale_id, id),
  constraint kitchen_ticket_items_void_reason_check check (btrim(void_reason) <> '' and length(void_reason) <= 2000),
  constraint kitchen_ticket_items_quantity_check check (quantity > 0),
  constraint kitchen_ticket_items_fired_check check (status in ('queued', 'voided') or fired_at is not null),
  constraint kitchen_ticket_items_voided_check check ((status = 'voided') = (voided_at is not null) and (voided_at is not null or num_nonnulls(void_reason, voided_by_id, cancel_slip_printed_at) = 0)),
  constraint kitchen_ticket_items_fired_void_check check (voided_at is null or fired_at is null or void_reason is not null)
);
comment on table pos.kitchen_ticket_items is 'One line of a sale on a kitchen ticket. What is voided after it was fired needs a reason and prints a slip, so that nobody goes on cooking it.';
comment on column pos.kitchen_ticket_items.sale_id is 'The sale of both.';
comment on column pos.kitchen_ticket_items.ticket_id is 'The ticket.';
comment on column pos.kitchen_ticket_items.sale_item_id is 'The line of the sale.';
comment on column pos.kitchen_ticket_items.quantity is 'How many are prepared.';
comment on column pos.kitchen_ticket_items.status is 'Where it stands.';
comment on column pos.kitchen_ticket_items.fired_at is 'When it was fired.';
comment on column pos.kitchen_ticket_items.ready_at is 'When it was ready.';
comment on column pos.kitchen_ticket_items.voided_at is 'When it was voided.';
comment on column pos.kitchen_ticket_items.void_reason is 'Why it was voided.';
comment on column pos.kitchen_ticket_items.voided_by_id is 'Who voided it, or approved that.';
comment on column pos.kitchen_ticket_items.cancel_slip_printed_at is 'When the slip was printed that tells the station to stop.';
comment on constraint kitchen_ticket_items_void_reason_check on pos.kitchen_ticket_items is 'A void reason is not blank, and of 2,000 characters at most.';
comment on constraint kitchen_ticket_items_ticket_id_sale_item_id_key on pos.kitchen_ticket_items is 'The ticket already has this line.';
comment on constraint kitchen_ticket_items_ticket_id_fkey on pos.kitchen_ticket_items is 'The ticket must be one of the same sale.';
comment on constraint kitchen_ticket_items_sale_item_id_fkey on pos.kitchen_ticket_items is 'The line must be one of the same sale.';
comment on constraint kitchen_ticket_items_quantity_check on pos.kitchen_ticket_items is 'More than nothing is prepared.';
comment on constraint kitchen_ticket_items_fired_check on pos.kitchen_ticket_items is 'What was fired says when.';
comment on constraint kitchen_ticket_items_voided_check on pos.kitchen_ticket_items is 'What was voided says when, and nothing else does.';
comment on constraint kitchen_ticket_items_fired_void_check on pos.kitchen_ticket_items is 'What was fired is voided for a reason.';

create index kitchen_ticket_items_cancel_slips_idx on pos.kitchen_ticket_items (biz_id, voided_at) where status = 'voided' and fired_at is not null and cancel_slip_printed_at is null;

call core.install_table('pos.kitchen_ticket_items', 'T', 'poki');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('kitchen_ticket_item', 'queued', 'fired', false),
  ('kitchen_ticket_item', 'queued', 'voided', false),
  ('kitchen_ticket_item', 'fired', 'preparing', false),
  ('kitchen_ticket_item', 'fired', 'ready', false),
  ('kitchen_ticket_item', 'fired', 'voided', true),
  ('kitchen_ticket_item', 'preparing', 'ready', false),
  ('kitchen_ticket_item', 'preparing', 'voided', true),
  ('kitchen_ticket_item', 'ready', 'served', false),
  ('kitchen_ticket_item', 'ready', 'preparing', false),
  ('kitchen_ticket_item', 'ready', 'voided', true);
call core.install_state_machine('pos.kitchen_ticket_items', 'status', 'kitchen_ticket_item');
