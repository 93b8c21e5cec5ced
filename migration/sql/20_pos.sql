-- POS: tills and their sessions, and the floor of a restaurant: plans, tables, who sits where, menus and kitchen stations.
-- What is sold stands in the next file.

create schema pos;
comment on schema pos is 'Tills, sales, and the restaurant floor and kitchen.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain pos.tender_kind as text constraint tender_kind_check check (value in (
  'cash', 'card', 'wallet', 'gift_card', 'voucher', 'loyalty', 'bank_transfer', 'account', 'room_charge', 'other'));
comment on domain pos.tender_kind is 'What somebody pays with.
cash: Notes and coins.
card: A card, at a terminal or by its number.
wallet: The customer''s prepaid balance here.
gift_card: A gift card.
voucher: A voucher, such as for a meal.
loyalty: Points.
bank_transfer: A transfer to the bank account.
account: On the customer''s account, to be invoiced.
room_charge: On the folio of a stay.
other: Something else, as the reference says.';
comment on constraint tender_kind_check on domain pos.tender_kind is 'Unknown kind of tender.';

create domain pos.cash_session_status as text constraint cash_session_status_check check (value in (
  'open', 'counting', 'closed', 'reconciled'));
comment on domain pos.cash_session_status is 'Where a session of a till stands.
open: Sales are rung.
counting: The drawer is counted; nothing is rung.
closed: The count is final, and the session has its Z number.
reconciled: Somebody has compared it with the bank and the books.';
comment on constraint cash_session_status_check on domain pos.cash_session_status is 'Unknown status of a cash session.';

create domain pos.cash_movement_kind as text constraint cash_movement_kind_check check (value in (
  'paid_in', 'paid_out', 'drop', 'float_adjust', 'no_sale'));
comment on domain pos.cash_movement_kind is 'Why cash moved, or the drawer opened, without a sale.
paid_in: Cash was put in, such as change from the bank.
paid_out: Cash was paid out, such as for a delivery.
drop: Cash was taken to the safe.
float_adjust: The float was corrected, up or down.
no_sale: The drawer was opened and nothing moved.';
comment on constraint cash_movement_kind_check on domain pos.cash_movement_kind is 'Unknown kind of cash movement.';

create domain pos.table_shape as text constraint table_shape_check check (value in (
  'round', 'square', 'rectangle', 'booth', 'bar'));
comment on domain pos.table_shape is 'How a table is drawn.
round: A circle.
square: A square.
rectangle: A rectangle.
booth: A booth with benches.
bar: A place at a bar or counter.';
comment on constraint table_shape_check on domain pos.table_shape is 'Unknown shape.';

create domain pos.table_seating_status as text constraint table_seating_status_check check (value in (
  'seated', 'ordered', 'billed', 'paid', 'cleaning', 'free'));
comment on domain pos.table_seating_status is 'Where a party at a table stands.
seated: They sit, and have not ordered.
ordered: They have ordered.
billed: They have the bill.
paid: They have paid.
cleaning: They have left, and the table is not ready.
free: The table is ready for others.';
comment on constraint table_seating_status_check on domain pos.table_seating_status is 'Unknown status of a seating.';

create domain pos.service_mode as text constraint service_mode_check check (value in (
  'counter', 'dine_in', 'takeaway', 'delivery', 'room_service', 'kiosk', 'online'));
comment on domain pos.service_mode is 'How what is sold gets to the customer.
counter: Over the counter.
dine_in: At a table.
takeaway: Fetched by the customer.
delivery: Brought to the customer''s place.
room_service: Brought to a room of the house.
kiosk: Ordered at a terminal on site.
online: Ordered in a shop on the web or in an app.';
comment on constraint service_mode_check on domain pos.service_mode is 'Unknown service mode.';

-- cash_registers

-- cash_registers -----------------------------------------------------------------------------------------------------

create table pos.cash_registers (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  code text not null,
  name text not null,
  drawer_ref text,
  printer_ref text,
  allowed_tenders text[] not null default '{cash,card}',
  offline_prefix text,
  stock_location_id uuid,
  float_minor bigint,
  currency char(3) not null,
  is_active boolean not null default true,
  constraint cash_registers_pkey primary key (biz_id, id),
  constraint cash_registers_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint cash_registers_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint cash_registers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cash_registers_code_check check (btrim(code) <> '' and length(code) <= 30),
  constraint cash_registers_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint cash_registers_drawer_ref_check check (btrim(drawer_ref) <> '' and length(drawer_ref) <= 200),
  constraint cash_registers_printer_ref_check check (btrim(printer_ref) <> '' and length(printer_ref) <= 200),
  constraint cash_registers_allowed_tenders_check check (cardinality(allowed_tenders) > 0 and allowed_tenders <@ array[
      'cash', 'card', 'wallet', 'gift_card', 'voucher', 'loyalty', 'bank_transfer', 'account', 'room_charge', 'other']),
  constraint cash_registers_offline_prefix_check check (offline_prefix ~ '^[A-Z0-9]{2,8}$'),
  constraint cash_registers_float_check check (float_minor >= 0)
);
comment on table pos.cash_registers is 'A till: where sales are rung and cash is kept.';
comment on column pos.cash_registers.location_id is 'The location where it stands.';
comment on column pos.cash_registers.code is 'Short name, such as BAR1, unique in the location.';
comment on column pos.cash_registers.name is 'Name that staff read.';
comment on column pos.cash_registers.drawer_ref is 'The cash drawer it opens, as the device program knows it; none for a till without cash.';
comment on column pos.cash_registers.printer_ref is 'The printer of its receipts, as the device program knows it.';
comment on column pos.cash_registers.allowed_tenders is 'What can be paid with here.';
comment on column pos.cash_registers.offline_prefix is 'Two to eight letters and digits that begin the numbers it gives while it is offline; no other till has them.';
comment on column pos.cash_registers.stock_location_id is 'Where what it sells is taken from, where nothing else says so.';
comment on column pos.cash_registers.float_minor is 'The cash with which a session should begin, in minor units.';
comment on column pos.cash_registers.currency is 'Currency of its drawer.';
comment on column pos.cash_registers.is_active is 'Whether sessions can be opened on it.';
comment on constraint cash_registers_code_check on pos.cash_registers is 'A code is required, of 30 characters at most.';
comment on constraint cash_registers_name_check on pos.cash_registers is 'A name is required, of 200 characters at most.';
comment on constraint cash_registers_drawer_ref_check on pos.cash_registers is 'A drawer ref is not blank, and of 200 characters at most.';
comment on constraint cash_registers_printer_ref_check on pos.cash_registers is 'A printer ref is not blank, and of 200 characters at most.';
comment on constraint cash_registers_allowed_tenders_check on pos.cash_registers is 'A till takes at least one known kind of tender.';
comment on constraint cash_registers_offline_prefix_check on pos.cash_registers is 'An offline prefix has two to eight capital letters and digits.';
comment on constraint cash_registers_float_check on pos.cash_registers is 'A float cannot be negative.';

call core.install_table('pos.cash_registers', 'M', 'porg', registrable => true);
create unique index cash_registers_code_key on pos.cash_registers (biz_id, location_id, code)
  where deleted_at is null;
comment on index pos.cash_registers_code_key is 'Another till here has this code.';
create unique index cash_registers_offline_prefix_key on pos.cash_registers (biz_id, offline_prefix)
  where offline_prefix is not null and deleted_at is null;
comment on index pos.cash_registers_offline_prefix_key is 'Another till has this offline prefix.';

-- cash_sessions

-- cash_sessions ------------------------------------------------------------------------------------------------------

create table pos.cash_sessions (
  biz_id uuid not null,
  id uuid not null,
  register_id uuid not null,
  location_id uuid not null,
  business_date date not null,
  status pos.cash_session_status not null default 'open',
  opened_at timestamptz not null default now(),
  opened_by_id uuid not null,
  currency char(3) not null,
  opening_float_minor bigint not null default 0,
  count_no integer not null default 1,
  expected_minor bigint,
  counted_minor bigint,
  difference_minor bigint generated always as (counted_minor - expected_minor) stored,
  difference_reason text,
  z_number bigint,
  closed_at timestamptz,
  closed_by_id uuid,
  reconciled_at timestamptz,
  reconciled_by_id uuid,
  deposit_ref text,
  constraint cash_sessions_pkey primary key (biz_id, id),
  constraint cash_sessions_z_number_key unique (biz_id, register_id, z_number),
  constraint cash_sessions_register_id_id_key unique (biz_id, register_id, id),
  constraint cash_sessions_register_id_fkey foreign key (biz_id, register_id)
    references pos.cash_registers (biz_id, id),
  constraint cash_sessions_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint cash_sessions_opened_by_id_fkey foreign key (opened_by_id)
    references identity.users (id),
  constraint cash_sessions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cash_sessions_closed_by_id_fkey foreign key (closed_by_id)
    references identity.users (id),
  constraint cash_sessions_reconciled_by_id_fkey foreign key (reconciled_by_id)
    references identity.users (id),
  constraint cash_sessions_difference_reason_check check (btrim(difference_reason) <> '' and length(difference_reason) <= 2000),
  constraint cash_sessions_deposit_ref_check check (btrim(deposit_ref) <> '' and length(deposit_ref) <= 200),
  constraint cash_sessions_amounts_check check (opening_float_minor >= 0 and counted_minor >= 0),
  constraint cash_sessions_count_no_check check (count_no >= 1),
  constraint cash_sessions_closed_check check ((status in ('closed', 'reconciled')) = (closed_at is not null)
    and (closed_at is null or num_nonnulls(expected_minor, counted_minor, z_number) = 3)
    and (closed_at is not null or z_number is null)),
  constraint cash_sessions_closed_at_check check (closed_at >= opened_at),
  constraint cash_sessions_z_number_check check (z_number >= 1),
  constraint cash_sessions_reconciled_check check ((status = 'reconciled') = (reconciled_at is not null))
);
comment on table pos.cash_sessions is 'The time from opening a till to closing it, with what should be in the drawer and what was.';
comment on column pos.cash_sessions.register_id is 'The till.';
comment on column pos.cash_sessions.location_id is 'The location of the till.';
comment on column pos.cash_sessions.business_date is 'Business day of the location on which it was opened. Never changed.';
comment on column pos.cash_sessions.status is 'Where it stands.';
comment on column pos.cash_sessions.opened_at is 'When it was opened.';
comment on column pos.cash_sessions.opened_by_id is 'Who opened it and answers for the drawer.';
comment on column pos.cash_sessions.currency is 'Currency of its amounts.';
comment on column pos.cash_sessions.opening_float_minor is 'What was in the drawer at the beginning, in minor units.';
comment on column pos.cash_sessions.count_no is 'Which count of the drawer is the final one, from 1; goes up when it is counted again.';
comment on column pos.cash_sessions.expected_minor is 'What should be in the drawer, in minor units: float + cash taken + movements.';
comment on column pos.cash_sessions.counted_minor is 'What was counted, in minor units.';
comment on column pos.cash_sessions.difference_minor is 'Over (above zero) or short (below), in minor units: counted - expected.';
comment on column pos.cash_sessions.difference_reason is 'How the difference came about, as far as known.';
comment on column pos.cash_sessions.z_number is 'Number of its closing report, without gaps for the till.';
comment on column pos.cash_sessions.closed_at is 'When it was closed.';
comment on column pos.cash_sessions.closed_by_id is 'Who closed it.';
comment on column pos.cash_sessions.reconciled_at is 'When it was reconciled.';
comment on column pos.cash_sessions.reconciled_by_id is 'Who reconciled it.';
comment on column pos.cash_sessions.deposit_ref is 'Number of the deposit at the bank.';
comment on constraint cash_sessions_difference_reason_check on pos.cash_sessions is 'A difference reason is not blank, and of 2,000 characters at most.';
comment on constraint cash_sessions_deposit_ref_check on pos.cash_sessions is 'A deposit ref is not blank, and of 200 characters at most.';
comment on constraint cash_sessions_z_number_key on pos.cash_sessions is 'This till already has a closing report of this number.';
comment on constraint cash_sessions_register_id_id_key on pos.cash_sessions is 'A session is one of one till.';
comment on constraint cash_sessions_amounts_check on pos.cash_sessions is 'A drawer cannot hold less than nothing.';
comment on constraint cash_sessions_count_no_check on pos.cash_sessions is 'Counts are numbered from 1.';
comment on constraint cash_sessions_closed_check on pos.cash_sessions is 'A closed session says when, what should have been there, what was, and its Z number; no other has one.';
comment on constraint cash_sessions_closed_at_check on pos.cash_sessions is 'A session is not closed before it was opened.';
comment on constraint cash_sessions_z_number_check on pos.cash_sessions is 'Closing reports are numbered from 1.';
comment on constraint cash_sessions_reconciled_check on pos.cash_sessions is 'A reconciled session says when.';

create index cash_sessions_location_id_business_date_idx on pos.cash_sessions (biz_id, location_id, business_date, status);

call core.install_table('pos.cash_sessions', 'T', 'posn', registrable => true);
create unique index cash_sessions_open_key on pos.cash_sessions (biz_id, register_id)
  where status in ('open', 'counting');
comment on index pos.cash_sessions_open_key is 'This till is open already.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('cash_session', 'open', 'counting', false),
  ('cash_session', 'counting', 'open', false),
  ('cash_session', 'counting', 'closed', false),
  ('cash_session', 'closed', 'reconciled', false);
call core.install_state_machine('pos.cash_sessions', 'status', 'cash_session');

create trigger cash_sessions_basis_immutable
  before update on pos.cash_sessions
  for each row when (
    (old.register_id, old.location_id, old.business_date, old.opened_at, old.currency)
      is distinct from (new.register_id, new.location_id, new.business_date, new.opened_at, new.currency))
  execute function availability.refuse_update(
    'cash_sessions_basis_immutable_check',
    'A session keeps its till, its business date, its currency, and when it was opened.');
create trigger cash_sessions_closed_immutable
  before update on pos.cash_sessions
  for each row when (
    old.closed_at is not null
    and (old.opening_float_minor, old.count_no, old.expected_minor, old.counted_minor, old.z_number, old.closed_at, old.closed_by_id)
      is distinct from (new.opening_float_minor, new.count_no, new.expected_minor, new.counted_minor, new.z_number, new.closed_at, new.closed_by_id))
  execute function availability.refuse_update(
    'cash_sessions_closed_immutable_check',
    'What a session was closed with is not changed any more.');

-- The Z numbers of a till follow each other without a gap. One session of a till is open at a time, so that closing
-- two at once cannot happen; the first report of a till may have any number, as it may come from another system.
create function pos.check_z_number() returns trigger
language plpgsql as $$
begin
  if new.z_number <> (
    select 1 + max(s.z_number)
    from pos.cash_sessions s
    where s.biz_id = new.biz_id
      and s.register_id = new.register_id
      and s.id <> new.id
  ) then
    raise exception using
      errcode = '23514',
      message = 'The closing reports of a till are numbered without gaps.',
      schema = 'pos',
      table = 'cash_sessions',
      column = 'z_number',
      constraint = 'cash_sessions_z_number_gapless_check';
  end if;
  return null;
end
$$;
comment on function pos.check_z_number() is 'Trigger: the Z number of a session is the next one of its till.';

create trigger cash_sessions_new_z_number
  after insert on pos.cash_sessions
  for each row when (new.z_number is not null)
  execute function pos.check_z_number();
create trigger cash_sessions_z_number
  after update on pos.cash_sessions
  for each row when (new.z_number is not null and old.z_number is distinct from new.z_number)
  execute function pos.check_z_number();

-- cash_movements

-- cash_movements -----------------------------------------------------------------------------------------------------

create table pos.cash_movements (
  biz_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  kind pos.cash_movement_kind not null,
  amount_minor bigint not null default 0,
  currency char(3) not null,
  reason text,
  approved_by_id uuid,
  occurred_at timestamptz not null default now(),
  constraint cash_movements_pkey primary key (biz_id, id),
  constraint cash_movements_session_id_fkey foreign key (biz_id, session_id)
    references pos.cash_sessions (biz_id, id),
  constraint cash_movements_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cash_movements_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint cash_movements_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint cash_movements_amount_check check (case kind when 'no_sale' then amount_minor = 0 when 'float_adjust' then amount_minor <> 0 else amount_minor > 0 end),
  constraint cash_movements_reason_required_check check (kind in ('paid_in', 'drop') or reason is not null)
);
comment on table pos.cash_movements is 'Cash that came into a drawer or left it without a sale, or that the drawer was opened.';
comment on column pos.cash_movements.session_id is 'The session in which it happened.';
comment on column pos.cash_movements.kind is 'Why.';
comment on column pos.cash_movements.amount_minor is 'How much, in minor units; its direction is in the kind, only a correction of the float may be below zero.';
comment on column pos.cash_movements.currency is 'Currency of the amount.';
comment on column pos.cash_movements.reason is 'What for; required unless cash is put in or taken to the safe.';
comment on column pos.cash_movements.approved_by_id is 'Who approved it, where somebody had to.';
comment on column pos.cash_movements.occurred_at is 'When it happened; recorded offline, as the till says.';
comment on constraint cash_movements_reason_check on pos.cash_movements is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint cash_movements_amount_check on pos.cash_movements is 'Cash moves by more than nothing; without a sale by nothing.';
comment on constraint cash_movements_reason_required_check on pos.cash_movements is 'Paying out, correcting the float, and opening the drawer need a reason.';

call core.install_table('pos.cash_movements', 'J', 'pomv');

create trigger cash_movements_open
  after insert on pos.cash_movements referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.cash_sessions', 'session_id', 'open,counting', 'cash_movements_open_check',
    'The session is closed: no cash moves in it any more.');

-- cash_counts

-- cash_counts --------------------------------------------------------------------------------------------------------

create table pos.cash_counts (
  biz_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  count_no integer not null default 1,
  currency char(3) not null,
  denomination_minor bigint not null,
  quantity integer not null,
  is_blind boolean not null default true,
  constraint cash_counts_pkey primary key (biz_id, id),
  constraint cash_counts_denomination_key unique (biz_id, session_id, count_no, currency, denomination_minor),
  constraint cash_counts_session_id_fkey foreign key (biz_id, session_id)
    references pos.cash_sessions (biz_id, id),
  constraint cash_counts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cash_counts_count_no_check check (count_no >= 1),
  constraint cash_counts_denomination_check check (denomination_minor > 0),
  constraint cash_counts_quantity_check check (quantity >= 0)
);
comment on table pos.cash_counts is 'How many of a note or coin were counted in a drawer. A recount has a number of its own, and the session says which is final.';
comment on column pos.cash_counts.session_id is 'The session whose drawer was counted.';
comment on column pos.cash_counts.count_no is 'Which count it belongs to, from 1.';
comment on column pos.cash_counts.currency is 'Currency of the note or coin.';
comment on column pos.cash_counts.denomination_minor is 'What one is worth, in minor units.';
comment on column pos.cash_counts.quantity is 'How many there were.';
comment on column pos.cash_counts.is_blind is 'Whether whoever counted did not see what was expected.';
comment on constraint cash_counts_denomination_key on pos.cash_counts is 'This count already has this note or coin.';
comment on constraint cash_counts_count_no_check on pos.cash_counts is 'Counts are numbered from 1.';
comment on constraint cash_counts_denomination_check on pos.cash_counts is 'A note or coin is worth more than nothing.';
comment on constraint cash_counts_quantity_check on pos.cash_counts is 'There cannot be less than none.';

call core.install_table('pos.cash_counts', 'J', 'pocc');

create trigger cash_counts_open
  after insert on pos.cash_counts referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.cash_sessions', 'session_id', 'counting', 'cash_counts_open_check',
    'A drawer is counted while its session is being counted.');

-- floor_plans

-- floor_plans --------------------------------------------------------------------------------------------------------

create table pos.floor_plans (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  name text not null,
  layout jsonb not null default '{}',
  sort_order integer not null default 0,
  is_active boolean not null default true,
  constraint floor_plans_pkey primary key (biz_id, id),
  constraint floor_plans_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint floor_plans_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint floor_plans_layout_check check (jsonb_typeof(layout) = 'object')
);
comment on table pos.floor_plans is 'The drawing of a room with tables, as staff see it.';
comment on column pos.floor_plans.location_id is 'The location.';
comment on column pos.floor_plans.name is 'Name, such as Terrace.';
comment on column pos.floor_plans.layout is 'What is drawn besides the tables: size, walls, doors, background.';
comment on column pos.floor_plans.sort_order is 'Its place among the plans of the location, ascending.';
comment on column pos.floor_plans.is_active is 'Whether it is in use, as a terrace is in summer.';
comment on constraint floor_plans_name_check on pos.floor_plans is 'A name is required, of 200 characters at most.';
comment on constraint floor_plans_layout_check on pos.floor_plans is 'The layout is a JSON object.';

call core.install_table('pos.floor_plans', 'M', 'pofp');
create unique index floor_plans_name_key on pos.floor_plans (biz_id, location_id, name)
  where deleted_at is null;
comment on index pos.floor_plans_name_key is 'Another plan of this location has this name.';

-- dining_tables

-- dining_tables ------------------------------------------------------------------------------------------------------

create table pos.dining_tables (
  biz_id uuid not null,
  id uuid not null,
  floor_plan_id uuid not null,
  resource_id uuid,
  label text not null,
  seats integer not null,
  min_party integer not null default 1,
  shape pos.table_shape not null default 'square',
  x integer not null default 0,
  y integer not null default 0,
  width integer not null default 1,
  height integer not null default 1,
  rotation_degrees integer not null default 0,
  is_active boolean not null default true,
  constraint dining_tables_pkey primary key (biz_id, id),
  constraint dining_tables_floor_plan_id_fkey foreign key (biz_id, floor_plan_id)
    references pos.floor_plans (biz_id, id),
  constraint dining_tables_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint dining_tables_label_check check (btrim(label) <> '' and length(label) <= 30),
  constraint dining_tables_seats_check check (seats >= 1 and min_party between 1 and seats),
  constraint dining_tables_size_check check (width > 0 and height > 0),
  constraint dining_tables_rotation_check check (rotation_degrees between 0 and 359)
);
comment on table pos.dining_tables is 'A table where guests sit, as drawn on a plan.';
comment on column pos.dining_tables.floor_plan_id is 'The plan it is drawn on.';
comment on column pos.dining_tables.resource_id is 'The resource by which it can be reserved; none for a table that is only walked up to.';
comment on column pos.dining_tables.label is 'What staff call it, such as T12.';
comment on column pos.dining_tables.seats is 'How many sit there.';
comment on column pos.dining_tables.min_party is 'The smallest party it is given to.';
comment on column pos.dining_tables.shape is 'How it is drawn.';
comment on column pos.dining_tables.x is 'Distance of its left edge from that of the plan, in the units of the plan.';
comment on column pos.dining_tables.y is 'Distance of its upper edge from that of the plan, in the units of the plan.';
comment on column pos.dining_tables.width is 'Its width, in the units of the plan.';
comment on column pos.dining_tables.height is 'Its height, in the units of the plan.';
comment on column pos.dining_tables.rotation_degrees is 'How far it is turned, clockwise.';
comment on column pos.dining_tables.is_active is 'Whether guests are seated there.';
comment on constraint dining_tables_label_check on pos.dining_tables is 'A label is required, of 30 characters at most.';
comment on constraint dining_tables_seats_check on pos.dining_tables is 'At least one sits at a table, and the smallest party fits.';
comment on constraint dining_tables_size_check on pos.dining_tables is 'A table has a size.';
comment on constraint dining_tables_rotation_check on pos.dining_tables is 'A table is turned by 0 to 359 degrees.';

call core.install_table('pos.dining_tables', 'M', 'podt', registrable => true);
create unique index dining_tables_label_key on pos.dining_tables (biz_id, floor_plan_id, label)
  where deleted_at is null;
comment on index pos.dining_tables_label_key is 'Another table of this plan has this label.';
create unique index dining_tables_resource_id_key on pos.dining_tables (biz_id, resource_id)
  where resource_id is not null and deleted_at is null;
comment on index pos.dining_tables_resource_id_key is 'Another table already is this resource.';

-- table_seatings

-- table_seatings -----------------------------------------------------------------------------------------------------

create table pos.table_seatings (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  business_date date not null,
  party_size integer not null,
  party_name text,
  customer_id uuid,
  booking_order_id uuid,
  server_id uuid,
  status pos.table_seating_status not null default 'seated',
  seated_at timestamptz not null default now(),
  ordered_at timestamptz,
  left_at timestamptz,
  note text,
  constraint table_seatings_pkey primary key (biz_id, id),
  constraint table_seatings_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint table_seatings_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint table_seatings_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint table_seatings_server_id_fkey foreign key (biz_id, server_id)
    references workforce.staff (biz_id, id),
  constraint table_seatings_party_name_check check (btrim(party_name) <> '' and length(party_name) <= 200),
  constraint table_seatings_note_check check (length(note) <= 2000),
  constraint table_seatings_party_size_check check (party_size >= 1),
  constraint table_seatings_left_check check ((left_at is not null) = (status in ('cleaning', 'free')) and left_at >= seated_at)
);
comment on table pos.table_seatings is 'A party at a table, or at several put together, from sitting down until the table is ready for others.';
comment on column pos.table_seatings.location_id is 'The location.';
comment on column pos.table_seatings.business_date is 'Business day of the location on which they sat down.';
comment on column pos.table_seatings.party_size is 'How many they are.';
comment on column pos.table_seatings.party_name is 'What to call them by, such as a name or a colour.';
comment on column pos.table_seatings.customer_id is 'The customer, where known.';
comment on column pos.table_seatings.booking_order_id is 'The reservation they came with; none for walk-ins.';
comment on column pos.table_seatings.server_id is 'Who waits on them.';
comment on column pos.table_seatings.status is 'Where they stand.';
comment on column pos.table_seatings.seated_at is 'When they sat down.';
comment on column pos.table_seatings.ordered_at is 'When they first ordered.';
comment on column pos.table_seatings.left_at is 'When they left.';
comment on column pos.table_seatings.note is 'What the staff should know, such as a birthday.';
comment on constraint table_seatings_party_name_check on pos.table_seatings is 'A party name is not blank, and of 200 characters at most.';
comment on constraint table_seatings_note_check on pos.table_seatings is 'The note has 2,000 characters at most.';
comment on constraint table_seatings_party_size_check on pos.table_seatings is 'At least one person sits down.';
comment on constraint table_seatings_left_check on pos.table_seatings is 'Who has left says when, and not before sitting down.';

create index table_seatings_floor_idx on pos.table_seatings (biz_id, location_id, seated_at, id) where status <> 'free';
create index table_seatings_location_id_business_date_idx on pos.table_seatings (biz_id, location_id, business_date, id);

call core.install_table('pos.table_seatings', 'T', 'pots', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('table_seating', 'seated', 'ordered', false),
  ('table_seating', 'seated', 'cleaning', true),
  ('table_seating', 'ordered', 'billed', false),
  ('table_seating', 'ordered', 'paid', false),
  ('table_seating', 'ordered', 'cleaning', true),
  ('table_seating', 'billed', 'ordered', false),
  ('table_seating', 'billed', 'paid', false),
  ('table_seating', 'billed', 'cleaning', true),
  ('table_seating', 'paid', 'ordered', false),
  ('table_seating', 'paid', 'cleaning', false),
  ('table_seating', 'paid', 'free', false),
  ('table_seating', 'cleaning', 'free', false);
call core.install_state_machine('pos.table_seatings', 'status', 'table_seating');

-- seating_tables: a range exclusion instead of "one active seating a table", so that the past cannot overlap either.

-- seating_tables -----------------------------------------------------------------------------------------------------

create table pos.seating_tables (
  biz_id uuid not null,
  id uuid not null,
  seating_id uuid not null,
  dining_table_id uuid not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  constraint seating_tables_pkey primary key (biz_id, id),
  constraint seating_tables_seating_id_fkey foreign key (biz_id, seating_id)
    references pos.table_seatings (biz_id, id),
  constraint seating_tables_dining_table_id_fkey foreign key (biz_id, dining_table_id)
    references pos.dining_tables (biz_id, id),
  constraint seating_tables_times_check check (ends_at >= starts_at),
  constraint seating_tables_no_overlap_excl exclude using gist (
    biz_id with =, dining_table_id with =, period with &&)
);
comment on table pos.seating_tables is 'That a party sits at a table, over a time: several at once for tables put together, one after the other where they move.';
comment on column pos.seating_tables.seating_id is 'The party.';
comment on column pos.seating_tables.dining_table_id is 'The table.';
comment on column pos.seating_tables.starts_at is 'When they took it.';
comment on column pos.seating_tables.ends_at is 'When it was given back, ready for others; none while they have it.';
comment on column pos.seating_tables.period is 'From starts_at to ends_at, as a range.';
comment on constraint seating_tables_times_check on pos.seating_tables is 'The end cannot be before the start.';
comment on constraint seating_tables_no_overlap_excl on pos.seating_tables is 'Somebody sits at this table already.';

call core.install_table('pos.seating_tables', 'T', 'post');
call core.configure_graph('pos.seating_tables', aggregates => false);

create trigger seating_tables_seating_immutable
  before update on pos.seating_tables
  for each row when ((old.seating_id, old.dining_table_id) is distinct from (new.seating_id, new.dining_table_id))
  execute function availability.refuse_update(
    'seating_tables_seating_immutable_check',
    'A party that moves gives its table back and takes another.');

create function pos.check_seating_tables() returns trigger
language plpgsql as $$
declare
  party pos.table_seatings;
  tables bigint;
begin
  -- Locked, as somebody else may give back another table of the party.
  select s.*
  into party
  from pos.table_seatings s
  where s.biz_id = new.biz_id
    and s.id = case when tg_table_name = 'table_seatings' then new.id else (to_jsonb(new) ->> 'seating_id')::uuid end
  for no key update;

  select count(*)
  into tables
  from pos.seating_tables t
  where t.biz_id = party.biz_id
    and t.seating_id = party.id
    and t.ends_at is null;

  if (party.status = 'free') <> (tables = 0) then
    raise exception using
      errcode = '23514',
      message = 'A party has at least one table until that is free, and none after.',
      schema = 'pos',
      table = 'table_seatings',
      column = 'status',
      constraint = 'table_seatings_tables_check';
  end if;
  return null;
end
$$;
comment on function pos.check_seating_tables() is 'Trigger: a party has a table until it is free, and none after.';

create constraint trigger table_seatings_tables_check
  after insert or update of status on pos.table_seatings
  deferrable initially deferred
  for each row execute function pos.check_seating_tables();
comment on constraint table_seatings_tables_check on pos.table_seatings is 'A party has at least one table until that is free, and none after.';
create constraint trigger seating_tables_seating_check
  after insert or update of ends_at on pos.seating_tables
  deferrable initially deferred
  for each row execute function pos.check_seating_tables();
comment on constraint seating_tables_seating_check on pos.seating_tables is 'A party has at least one table until that is free, and none after.';

-- menus

-- menus --------------------------------------------------------------------------------------------------------------

create table pos.menus (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  name text not null,
  channel pos.service_mode,
  calendar_id uuid,
  starts_on date,
  ends_on date,
  currency char(3) not null,
  is_active boolean not null default true,
  sort_order integer not null default 0,
  constraint menus_pkey primary key (biz_id, id),
  constraint menus_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint menus_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint menus_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint menus_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint menus_dates_check check (ends_on > starts_on)
);
comment on table pos.menus is 'What can be ordered at a location, in which way and when.';
comment on column pos.menus.location_id is 'The location.';
comment on column pos.menus.name is 'Name, such as Lunch.';
comment on column pos.menus.channel is 'How it is ordered; none where it is the same for all ways.';
comment on column pos.menus.calendar_id is 'The hours in which it is offered; none where it is whenever the location is open.';
comment on column pos.menus.starts_on is 'First day on which it is offered.';
comment on column pos.menus.ends_on is 'First day on which it is no longer offered.';
comment on column pos.menus.currency is 'Currency of its prices.';
comment on column pos.menus.is_active is 'Whether it is offered.';
comment on column pos.menus.sort_order is 'Its place among the menus of the location, ascending.';
comment on constraint menus_name_check on pos.menus is 'A name is required, of 200 characters at most.';
comment on constraint menus_dates_check on pos.menus is 'The end must be after the first day.';

call core.install_table('pos.menus', 'M', 'pome', entity_name => 'Menu', registrable => true);
create unique index menus_name_key on pos.menus (biz_id, location_id, name)
  where deleted_at is null;
comment on index pos.menus_name_key is 'Another menu of this location has this name.';

-- menu_items

-- menu_items ---------------------------------------------------------------------------------------------------------

create table pos.menu_items (
  biz_id uuid not null,
  id uuid not null,
  menu_id uuid not null,
  variant_id uuid not null,
  section text not null,
  name text,
  description text,
  price_override numeric(20,6),
  allergens text[] not null default '{}',
  dietary text[] not null default '{}',
  course integer,
  is_available boolean not null default true,
  sold_out_until timestamptz,
  is_featured boolean not null default false,
  sort_order integer not null default 0,
  constraint menu_items_pkey primary key (biz_id, id),
  constraint menu_items_menu_id_fkey foreign key (biz_id, menu_id)
    references pos.menus (biz_id, id),
  constraint menu_items_variant_id_fkey foreign key (biz_id, variant_id)
    references catalog.product_variants (biz_id, id),
  constraint menu_items_section_check check (btrim(section) <> '' and length(section) <= 100),
  constraint menu_items_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint menu_items_description_check check (length(description) <= 2000),
  constraint menu_items_price_override_check check (price_override >= 0),
  constraint menu_items_codes_check check (array_position(allergens || dietary, null) is null and array_position(allergens || dietary, '') is null),
  constraint menu_items_course_check check (course >= 1)
);
comment on table pos.menu_items is 'A variant of a product as it stands on a menu. The product and its price are those of the catalog where it says nothing else.';
comment on column pos.menu_items.menu_id is 'The menu.';
comment on column pos.menu_items.variant_id is 'What is offered.';
comment on column pos.menu_items.section is 'The heading it stands under, such as Starters.';
comment on column pos.menu_items.name is 'Name on this menu, where it differs from that of the product.';
comment on column pos.menu_items.description is 'What guests read about it here.';
comment on column pos.menu_items.price_override is 'Price of one on this menu in major units, where it differs from the price book.';
comment on column pos.menu_items.allergens is 'Codes of what it contains that people must avoid, such as gluten or nuts.';
comment on column pos.menu_items.dietary is 'Codes of whom it suits, such as vegan or halal.';
comment on column pos.menu_items.course is 'The course it is sent with, where the guest says nothing.';
comment on column pos.menu_items.is_available is 'Whether it can be ordered at all.';
comment on column pos.menu_items.sold_out_until is 'Until when it is sold out; none while there is some.';
comment on column pos.menu_items.is_featured is 'Whether it is shown before the others.';
comment on column pos.menu_items.sort_order is 'Its place in the section, ascending.';
comment on constraint menu_items_section_check on pos.menu_items is 'A section is required, of 100 characters at most.';
comment on constraint menu_items_name_check on pos.menu_items is 'A name is not blank, and of 200 characters at most.';
comment on constraint menu_items_description_check on pos.menu_items is 'The description has 2,000 characters at most.';
comment on constraint menu_items_price_override_check on pos.menu_items is 'A price cannot be negative.';
comment on constraint menu_items_codes_check on pos.menu_items is 'A code is not blank.';
comment on constraint menu_items_course_check on pos.menu_items is 'Courses are numbered from 1.';

call core.install_table('pos.menu_items', 'M', 'pomi', registrable => true);
create unique index menu_items_variant_id_key on pos.menu_items (biz_id, menu_id, variant_id)
  where deleted_at is null;
comment on index pos.menu_items_variant_id_key is 'The menu already has this variant.';

-- kitchen_stations

-- kitchen_stations ---------------------------------------------------------------------------------------------------

create table pos.kitchen_stations (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  code text not null,
  name text not null,
  printer_ref text,
  target_seconds integer not null default 600,
  is_expediter boolean not null default false,
  is_active boolean not null default true,
  sort_order integer not null default 0,
  constraint kitchen_stations_pkey primary key (biz_id, id),
  constraint kitchen_stations_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint kitchen_stations_code_check check (btrim(code) <> '' and length(code) <= 30),
  constraint kitchen_stations_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint kitchen_stations_printer_ref_check check (btrim(printer_ref) <> '' and length(printer_ref) <= 200),
  constraint kitchen_stations_target_check check (target_seconds > 0)
);
comment on table pos.kitchen_stations is 'A place in the kitchen or bar that prepares a part of what is ordered and sees its tickets.';
comment on column pos.kitchen_stations.location_id is 'The location.';
comment on column pos.kitchen_stations.code is 'Short name, such as GRILL, unique in the location.';
comment on column pos.kitchen_stations.name is 'Name that staff read.';
comment on column pos.kitchen_stations.printer_ref is 'The printer of its tickets, as the device program knows it; none for a screen alone.';
comment on column pos.kitchen_stations.target_seconds is 'How long a ticket should take from being fired to being ready.';
comment on column pos.kitchen_stations.is_expediter is 'Whether it prepares nothing, and puts together what the others made.';
comment on column pos.kitchen_stations.is_active is 'Whether tickets go there.';
comment on column pos.kitchen_stations.sort_order is 'Its place among the stations, ascending.';
comment on constraint kitchen_stations_code_check on pos.kitchen_stations is 'A code is required, of 30 characters at most.';
comment on constraint kitchen_stations_name_check on pos.kitchen_stations is 'A name is required, of 200 characters at most.';
comment on constraint kitchen_stations_printer_ref_check on pos.kitchen_stations is 'A printer ref is not blank, and of 200 characters at most.';
comment on constraint kitchen_stations_target_check on pos.kitchen_stations is 'A ticket takes some time.';

call core.install_table('pos.kitchen_stations', 'M', 'poks', registrable => true);
create unique index kitchen_stations_code_key on pos.kitchen_stations (biz_id, location_id, code)
  where deleted_at is null;
comment on index pos.kitchen_stations_code_key is 'Another station here has this code.';

-- kitchen_station_categories -----------------------------------------------------------------------------------------

create table pos.kitchen_station_categories (
  biz_id uuid not null,
  station_id uuid not null,
  category_id uuid not null,
  constraint kitchen_station_categories_pkey primary key (biz_id, station_id, category_id),
  constraint kitchen_station_categories_station_id_fkey foreign key (biz_id, station_id)
    references pos.kitchen_stations (biz_id, id),
  constraint kitchen_station_categories_category_id_fkey foreign key (biz_id, category_id)
    references catalog.product_categories (biz_id, id)
);
comment on table pos.kitchen_station_categories is 'That a station prepares the products of a category.';
comment on column pos.kitchen_station_categories.station_id is 'The station.';
comment on column pos.kitchen_station_categories.category_id is 'The category of products.';

call core.install_table('pos.kitchen_station_categories', 'L', null);
