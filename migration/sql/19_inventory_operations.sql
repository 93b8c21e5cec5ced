-- Inventory, second part: what people do with stock. Promises, transfers, counts, recipes, waste and alerts.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain inventory.stock_reservation_status as text constraint stock_reservation_status_check check (value in (
  'active', 'consumed', 'released', 'expired'));
comment on domain inventory.stock_reservation_status is 'Where a promise of stock stands.
active: It keeps its quantity.
consumed: What was promised has left, or is about to in the same transaction.
released: It was given back.
expired: It was not used in time.';
comment on constraint stock_reservation_status_check on domain inventory.stock_reservation_status is 'Unknown status of a reservation.';

create domain inventory.stock_transfer_status as text constraint stock_transfer_status_check check (value in (
  'draft', 'approved', 'in_transit', 'partially_received', 'received', 'closed', 'cancelled'));
comment on domain inventory.stock_transfer_status is 'Where a transfer stands.
draft: Being put together.
approved: It may be sent.
in_transit: It has left and has not come.
partially_received: A part of it has come.
received: All of it has come.
closed: It is settled; what never came is explained.
cancelled: It was called off before it left.';
comment on constraint stock_transfer_status_check on domain inventory.stock_transfer_status is 'Unknown status of a transfer.';

create domain inventory.stock_count_scope as text constraint stock_count_scope_check check (value in (
  'full', 'category', 'items'));
comment on domain inventory.stock_count_scope is 'What a count counts.
full: Everything at the place.
category: The items of one category of products.
items: Only the items listed.';
comment on constraint stock_count_scope_check on domain inventory.stock_count_scope is 'Unknown scope of a count.';

create domain inventory.stock_count_status as text constraint stock_count_status_check check (value in (
  'draft', 'counting', 'review', 'posted', 'cancelled'));
comment on domain inventory.stock_count_status is 'Where a count stands.
draft: Being prepared.
counting: People count.
review: Somebody looks at what differs.
posted: The differences were booked.
cancelled: It was given up, and changed nothing.';
comment on constraint stock_count_status_check on domain inventory.stock_count_status is 'Unknown status of a count.';

create domain inventory.waste_reason as text constraint waste_reason_check check (value in (
  'spoiled', 'expired', 'damaged', 'preparation', 'overproduction', 'returned', 'theft', 'sample', 'other'));
comment on domain inventory.waste_reason is 'Why something was thrown away.
spoiled: It went bad.
expired: Its day had passed.
damaged: It was broken or spilt.
preparation: It was lost while preparing, such as peel or a failed dish.
overproduction: More was made than sold.
returned: A guest sent it back.
theft: It is missing, and was probably stolen.
sample: It was tasted, shown or given away.
other: Something else, as the note says.';
comment on constraint waste_reason_check on domain inventory.waste_reason is 'Unknown reason for waste.';

create domain inventory.stock_alert_kind as text constraint stock_alert_kind_check check (value in (
  'low', 'out', 'expiring', 'negative', 'overstock'));
comment on domain inventory.stock_alert_kind is 'What an alert is about.
low: There is no more than the reorder point.
out: There is none left.
expiring: A batch expires soon.
negative: The books show less than nothing.
overstock: There is more than the maximum.';
comment on constraint stock_alert_kind_check on domain inventory.stock_alert_kind is 'Unknown kind of alert.';

create domain inventory.stock_alert_status as text constraint stock_alert_status_check check (value in (
  'open', 'acknowledged', 'resolved'));
comment on domain inventory.stock_alert_status is 'Whether somebody has seen to an alert.
open: Nobody has.
acknowledged: Somebody sees to it.
resolved: It is no longer so.';
comment on constraint stock_alert_status_check on domain inventory.stock_alert_status is 'Unknown status of an alert.';

-- stock_reservations

-- stock_reservations -------------------------------------------------------------------------------------------------

create table inventory.stock_reservations (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  stock_location_id uuid not null,
  quantity numeric(18,6) not null,
  batch_id uuid,
  serial_id uuid,
  source_type text not null,
  source_id uuid not null,
  status inventory.stock_reservation_status not null default 'active',
  expires_at timestamptz,
  constraint stock_reservations_pkey primary key (biz_id, id),
  constraint stock_reservations_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint stock_reservations_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_reservations_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint stock_reservations_serial_id_fkey foreign key (biz_id, item_id, serial_id)
    references inventory.serial_numbers (biz_id, item_id, id),
  constraint stock_reservations_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint stock_reservations_quantity_check check (quantity > 0)
);
comment on table inventory.stock_reservations is 'A promise that some of an item at a place is kept for a sale, an order or a job. While it is active it counts in what is reserved. It is consumed before the movement that takes the stock, in the same transaction.';
comment on column inventory.stock_reservations.item_id is 'The item.';
comment on column inventory.stock_reservations.stock_location_id is 'The place it is kept at.';
comment on column inventory.stock_reservations.quantity is 'How much is kept, in the unit of the item; lowered as parts of it leave.';
comment on column inventory.stock_reservations.batch_id is 'The batch it is kept from, where it must be that one.';
comment on column inventory.stock_reservations.serial_id is 'The unit that is kept, where it must be that one.';
comment on column inventory.stock_reservations.source_type is 'Entity type of what it is kept for, such as Sale or BookingOrder.';
comment on column inventory.stock_reservations.source_id is 'What it is kept for.';
comment on column inventory.stock_reservations.status is 'Where it stands.';
comment on column inventory.stock_reservations.expires_at is 'When it ends if it is not used; none where it is kept until it is released.';
comment on constraint stock_reservations_batch_id_fkey on inventory.stock_reservations is 'The batch must be one of the same item.';
comment on constraint stock_reservations_serial_id_fkey on inventory.stock_reservations is 'The serial number must be one of the same item.';
comment on constraint stock_reservations_source_fkey on inventory.stock_reservations is 'What stock is kept for must exist in this tenant.';
comment on constraint stock_reservations_quantity_check on inventory.stock_reservations is 'More than nothing is kept.';

create index stock_reservations_stock_location_id_idx on inventory.stock_reservations (biz_id, stock_location_id, item_id, status);
create index stock_reservations_expires_at_idx on inventory.stock_reservations (biz_id, expires_at, id) where status = 'active' and expires_at is not null;
create index stock_reservations_source_idx on inventory.stock_reservations (biz_id, source_type, source_id);

call core.install_table('inventory.stock_reservations', 'T', 'ivrs');
create unique index stock_reservations_serial_id_key on inventory.stock_reservations (biz_id, serial_id)
  where status = 'active' and serial_id is not null;
comment on index inventory.stock_reservations_serial_id_key is 'This unit is kept for somebody already.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('stock_reservation', 'active', 'consumed', false),
  ('stock_reservation', 'active', 'released', false),
  ('stock_reservation', 'active', 'expired', false);
call core.install_state_machine('inventory.stock_reservations', 'status', 'stock_reservation');

create trigger stock_reservations_place_immutable
  before update on inventory.stock_reservations
  for each row when (
    (old.item_id, old.stock_location_id, old.source_type, old.source_id)
      is distinct from (new.item_id, new.stock_location_id, new.source_type, new.source_id)
    or (old.status <> 'active' and old.quantity <> new.quantity))
  execute function availability.refuse_update(
    'stock_reservations_place_immutable_check',
    'A reservation keeps its item, place and purpose, and its quantity once it has ended.');

create function inventory.apply_new_reservations() returns trigger
language plpgsql as $$
begin
  perform inventory.change_levels(
    array_agg(i.biz_id), array_agg(i.item_id), array_agg(i.stock_location_id), array_agg(0::numeric), array_agg(i.quantity))
  from inserted i
  where i.status = 'active'
  having count(*) > 0;
  return null;
end
$$;
comment on function inventory.apply_new_reservations() is 'Trigger: what is reserved grows by new reservations.';

create function inventory.apply_changed_reservations() returns trigger
language plpgsql as $$
begin
  perform inventory.change_levels(
    array_agg(c.biz_id), array_agg(c.item_id), array_agg(c.stock_location_id), array_agg(0::numeric), array_agg(c.quantity))
  from (
    select n.biz_id, n.item_id, n.stock_location_id,
      case when n.status = 'active' then n.quantity else 0 end - case when o.status = 'active' then o.quantity else 0 end
    from became n
    join was o on o.biz_id = n.biz_id and o.id = n.id
  ) as c (biz_id, item_id, stock_location_id, quantity)
  where c.quantity <> 0
  having count(*) > 0;
  return null;
end
$$;
comment on function inventory.apply_changed_reservations() is 'Trigger: what is reserved follows reservations that end or change.';

create trigger stock_reservations_apply_new
  after insert on inventory.stock_reservations referencing new table as inserted
  for each statement execute function inventory.apply_new_reservations();
create trigger stock_reservations_apply_changed
  after update on inventory.stock_reservations referencing old table as was new table as became
  for each statement execute function inventory.apply_changed_reservations();

-- stock_transfers

-- stock_transfers ----------------------------------------------------------------------------------------------------

create table inventory.stock_transfers (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  from_stock_location_id uuid not null,
  to_stock_location_id uuid not null,
  transit_stock_location_id uuid,
  status inventory.stock_transfer_status not null default 'draft',
  expected_on date,
  approved_by_id uuid,
  shipped_at timestamptz,
  received_at timestamptz,
  carrier text,
  note text,
  constraint stock_transfers_pkey primary key (biz_id, id),
  constraint stock_transfers_number_key unique (biz_id, number),
  constraint stock_transfers_from_stock_location_id_fkey foreign key (biz_id, from_stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_transfers_to_stock_location_id_fkey foreign key (biz_id, to_stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_transfers_transit_stock_location_id_fkey foreign key (biz_id, transit_stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_transfers_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint stock_transfers_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint stock_transfers_carrier_check check (btrim(carrier) <> '' and length(carrier) <= 200),
  constraint stock_transfers_note_check check (length(note) <= 10000),
  constraint stock_transfers_places_check check (from_stock_location_id <> to_stock_location_id),
  constraint stock_transfers_transit_check check (transit_stock_location_id not in (from_stock_location_id, to_stock_location_id)),
  constraint stock_transfers_shipped_check check ((shipped_at is not null) = (status in ('in_transit', 'partially_received', 'received', 'closed'))),
  constraint stock_transfers_received_check check ((received_at is not null) = (status in ('received', 'closed')) and received_at >= shipped_at)
);
comment on table inventory.stock_transfers is 'Stock that one place sends to another, with what left and what came.';
comment on column inventory.stock_transfers.number is 'Number that staff use, such as TR-000123.';
comment on column inventory.stock_transfers.from_stock_location_id is 'The place that sends.';
comment on column inventory.stock_transfers.to_stock_location_id is 'The place that receives.';
comment on column inventory.stock_transfers.transit_stock_location_id is 'Where it counts as lying while it is on its way; none where it arrives at once.';
comment on column inventory.stock_transfers.status is 'Where it stands.';
comment on column inventory.stock_transfers.expected_on is 'When it is expected.';
comment on column inventory.stock_transfers.approved_by_id is 'Who said that it may be sent.';
comment on column inventory.stock_transfers.shipped_at is 'When it left.';
comment on column inventory.stock_transfers.received_at is 'When all of it had come, or the rest was given up.';
comment on column inventory.stock_transfers.carrier is 'Who brings it, such as a driver or a haulier.';
comment on column inventory.stock_transfers.note is 'What both sides should know.';
comment on constraint stock_transfers_number_check on inventory.stock_transfers is 'A number is required, of 60 characters at most.';
comment on constraint stock_transfers_carrier_check on inventory.stock_transfers is 'A carrier is not blank, and of 200 characters at most.';
comment on constraint stock_transfers_note_check on inventory.stock_transfers is 'The note has 10,000 characters at most.';
comment on constraint stock_transfers_number_key on inventory.stock_transfers is 'Another transfer has this number.';
comment on constraint stock_transfers_places_check on inventory.stock_transfers is 'A transfer goes to another place.';
comment on constraint stock_transfers_transit_check on inventory.stock_transfers is 'On its way it lies at neither end.';
comment on constraint stock_transfers_shipped_check on inventory.stock_transfers is 'A transfer that has left says when.';
comment on constraint stock_transfers_received_check on inventory.stock_transfers is 'A transfer that has come says when, and not before it left.';

create index stock_transfers_status_idx on inventory.stock_transfers (biz_id, status, expected_on, id);

call core.install_table('inventory.stock_transfers', 'T', 'ivtr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('stock_transfer', 'draft', 'approved', false),
  ('stock_transfer', 'draft', 'cancelled', true),
  ('stock_transfer', 'approved', 'cancelled', true),
  ('stock_transfer', 'approved', 'in_transit', false),
  ('stock_transfer', 'in_transit', 'partially_received', false),
  ('stock_transfer', 'in_transit', 'received', false),
  ('stock_transfer', 'partially_received', 'received', false),
  ('stock_transfer', 'partially_received', 'closed', true),
  ('stock_transfer', 'received', 'closed', false);
call core.install_state_machine('inventory.stock_transfers', 'status', 'stock_transfer');

-- stock_transfer_lines -----------------------------------------------------------------------------------------------

create table inventory.stock_transfer_lines (
  biz_id uuid not null,
  id uuid not null,
  transfer_id uuid not null,
  line_no integer not null,
  item_id uuid not null,
  batch_id uuid,
  serial_id uuid,
  quantity numeric(18,6) not null,
  received_qty numeric(18,6) not null default 0,
  discrepancy_reason text,
  constraint stock_transfer_lines_pkey primary key (biz_id, id),
  constraint stock_transfer_lines_transfer_id_line_no_key unique (biz_id, transfer_id, line_no),
  constraint stock_transfer_lines_transfer_id_fkey foreign key (biz_id, transfer_id)
    references inventory.stock_transfers (biz_id, id),
  constraint stock_transfer_lines_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint stock_transfer_lines_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint stock_transfer_lines_serial_id_fkey foreign key (biz_id, item_id, serial_id)
    references inventory.serial_numbers (biz_id, item_id, id),
  constraint stock_transfer_lines_discrepancy_reason_check check (btrim(discrepancy_reason) <> '' and length(discrepancy_reason) <= 2000),
  constraint stock_transfer_lines_line_no_check check (line_no >= 1),
  constraint stock_transfer_lines_quantity_check check (quantity > 0),
  constraint stock_transfer_lines_received_qty_check check (received_qty between 0 and quantity)
);
comment on table inventory.stock_transfer_lines is 'One item of a transfer: how much was sent, and how much of it came.';
comment on column inventory.stock_transfer_lines.transfer_id is 'The transfer.';
comment on column inventory.stock_transfer_lines.line_no is 'Its place in the transfer, from 1.';
comment on column inventory.stock_transfer_lines.item_id is 'The item.';
comment on column inventory.stock_transfer_lines.batch_id is 'The batch that is sent.';
comment on column inventory.stock_transfer_lines.serial_id is 'The unit that is sent.';
comment on column inventory.stock_transfer_lines.quantity is 'How much is sent; fixed once it has left.';
comment on column inventory.stock_transfer_lines.received_qty is 'How much of it has come.';
comment on column inventory.stock_transfer_lines.discrepancy_reason is 'Why less came than was sent.';
comment on constraint stock_transfer_lines_discrepancy_reason_check on inventory.stock_transfer_lines is 'A discrepancy reason is not blank, and of 2,000 characters at most.';
comment on constraint stock_transfer_lines_transfer_id_line_no_key on inventory.stock_transfer_lines is 'The transfer already has a line of this number.';
comment on constraint stock_transfer_lines_batch_id_fkey on inventory.stock_transfer_lines is 'The batch must be one of the same item.';
comment on constraint stock_transfer_lines_serial_id_fkey on inventory.stock_transfer_lines is 'The serial number must be one of the same item.';
comment on constraint stock_transfer_lines_line_no_check on inventory.stock_transfer_lines is 'Line numbers begin at 1.';
comment on constraint stock_transfer_lines_quantity_check on inventory.stock_transfer_lines is 'More than nothing is sent.';
comment on constraint stock_transfer_lines_received_qty_check on inventory.stock_transfer_lines is 'No more can come than was sent.';

call core.install_table('inventory.stock_transfer_lines', 'T', 'ivtl', entity_name => 'StockTransferLine');

create trigger stock_transfer_lines_new_open
  after insert on inventory.stock_transfer_lines referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'inventory.stock_transfers', 'transfer_id', 'draft,approved', 'stock_transfer_lines_open_check',
    'What a transfer sends is not changed once it has left.');
create trigger stock_transfer_lines_open
  before update on inventory.stock_transfer_lines
  for each row when (
    (old.transfer_id, old.line_no, old.item_id, old.batch_id, old.serial_id, old.quantity)
      is distinct from (new.transfer_id, new.line_no, new.item_id, new.batch_id, new.serial_id, new.quantity))
  execute function inventory.check_document_open(
    'inventory.stock_transfers', 'transfer_id', 'draft,approved', 'stock_transfer_lines_open_check',
    'What a transfer sends is not changed once it has left.');
create trigger stock_transfer_lines_received_open
  before update on inventory.stock_transfer_lines
  for each row when (old.received_qty <> new.received_qty)
  execute function inventory.check_document_open(
    'inventory.stock_transfers', 'transfer_id', 'in_transit,partially_received', 'stock_transfer_lines_received_open_check',
    'Nothing comes of a transfer that has not left, or is settled.');

create function inventory.check_transfer() returns trigger
language plpgsql as $$
declare
  lines bigint;
  short bigint;
  unexplained bigint;
begin
  select count(*), count(*) filter (where l.received_qty < l.quantity),
    count(*) filter (where l.received_qty < l.quantity and l.discrepancy_reason is null)
  into lines, short, unexplained
  from inventory.stock_transfer_lines l
  where l.biz_id = new.biz_id
    and l.transfer_id = new.id;

  if lines = 0 or (new.status = 'received' and short > 0) or (new.status = 'closed' and unexplained > 0) then
    raise exception using
      errcode = '23514',
      message = case
        when lines = 0 then 'A transfer sends something.'
        when new.status = 'received' then 'A transfer is received when all of it has come.'
        else 'What did not come of a transfer is explained before it is closed.'
      end,
      schema = 'inventory',
      table = 'stock_transfers',
      column = 'status',
      constraint = 'stock_transfers_lines_check';
  end if;
  return null;
end
$$;
comment on function inventory.check_transfer() is 'Trigger: a transfer has lines, all of it has come when it is received, and what did not is explained when it is closed.';

create constraint trigger stock_transfers_lines_check
  after update of status on inventory.stock_transfers
  deferrable initially deferred
  for each row when (new.status not in ('draft', 'cancelled')) execute function inventory.check_transfer();
comment on constraint stock_transfers_lines_check on inventory.stock_transfers is 'A transfer sends something, is received when all of it has come, and explains what did not before it is closed.';

-- stock_counts

-- stock_counts -------------------------------------------------------------------------------------------------------

create table inventory.stock_counts (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  stock_location_id uuid not null,
  scope inventory.stock_count_scope not null default 'full',
  category_id uuid,
  is_blind boolean not null default true,
  snapshot_at timestamptz,
  status inventory.stock_count_status not null default 'draft',
  business_date date,
  posted_at timestamptz,
  posted_by_id uuid,
  note text,
  constraint stock_counts_pkey primary key (biz_id, id),
  constraint stock_counts_number_key unique (biz_id, number),
  constraint stock_counts_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_counts_category_id_fkey foreign key (biz_id, category_id)
    references catalog.product_categories (biz_id, id),
  constraint stock_counts_posted_by_id_fkey foreign key (posted_by_id)
    references identity.users (id),
  constraint stock_counts_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint stock_counts_note_check check (length(note) <= 10000),
  constraint stock_counts_category_check check ((scope = 'category') = (category_id is not null)),
  constraint stock_counts_snapshot_check check (status in ('draft', 'cancelled') or snapshot_at is not null),
  constraint stock_counts_posted_check check ((status = 'posted') = (posted_at is not null) and (posted_at is null or business_date is not null))
);
comment on table inventory.stock_counts is 'A count of what lies at a place, from the snapshot it is compared with to the booking of what differs.';
comment on column inventory.stock_counts.number is 'Number that staff use, such as CT-000123.';
comment on column inventory.stock_counts.stock_location_id is 'The place that is counted.';
comment on column inventory.stock_counts.scope is 'What is counted.';
comment on column inventory.stock_counts.category_id is 'The category that is counted, where the scope is one.';
comment on column inventory.stock_counts.is_blind is 'Whether those who count do not see what is expected.';
comment on column inventory.stock_counts.snapshot_at is 'When the expected quantities were taken. What moves after that corrects them.';
comment on column inventory.stock_counts.status is 'Where it stands.';
comment on column inventory.stock_counts.business_date is 'Business day on which its differences were booked.';
comment on column inventory.stock_counts.posted_at is 'When its differences were booked.';
comment on column inventory.stock_counts.posted_by_id is 'Who booked them.';
comment on column inventory.stock_counts.note is 'What the reviewer should know.';
comment on constraint stock_counts_number_check on inventory.stock_counts is 'A number is required, of 60 characters at most.';
comment on constraint stock_counts_note_check on inventory.stock_counts is 'The note has 10,000 characters at most.';
comment on constraint stock_counts_number_key on inventory.stock_counts is 'Another count has this number.';
comment on constraint stock_counts_category_check on inventory.stock_counts is 'A count of a category names it.';
comment on constraint stock_counts_snapshot_check on inventory.stock_counts is 'A count is compared with a snapshot.';
comment on constraint stock_counts_posted_check on inventory.stock_counts is 'A posted count says when, and for which business day.';

create index stock_counts_status_idx on inventory.stock_counts (biz_id, status, snapshot_at, id);

call core.install_table('inventory.stock_counts', 'T', 'ivct', registrable => true);
create unique index stock_counts_full_key on inventory.stock_counts (biz_id, stock_location_id)
  where scope = 'full' and status in ('counting', 'review');
comment on index inventory.stock_counts_full_key is 'This place is being counted already.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('stock_count', 'draft', 'counting', false),
  ('stock_count', 'counting', 'review', false),
  ('stock_count', 'review', 'counting', false),
  ('stock_count', 'review', 'posted', false),
  ('stock_count', 'draft', 'cancelled', true),
  ('stock_count', 'counting', 'cancelled', true),
  ('stock_count', 'review', 'cancelled', true);
call core.install_state_machine('inventory.stock_counts', 'status', 'stock_count');

-- stock_count_lines --------------------------------------------------------------------------------------------------

create table inventory.stock_count_lines (
  biz_id uuid not null,
  id uuid not null,
  count_id uuid not null,
  item_id uuid not null,
  batch_id uuid,
  expected_qty numeric(18,6) not null,
  moved_qty numeric(18,6) not null default 0,
  counted_qty numeric(18,6),
  variance_qty numeric(18,6) generated always as (counted_qty - (expected_qty + moved_qty)) stored,
  counted_at timestamptz,
  counted_by_id uuid,
  recounts integer not null default 0,
  reason text,
  movement_id uuid,
  constraint stock_count_lines_pkey primary key (biz_id, id),
  constraint stock_count_lines_item_key unique nulls not distinct (biz_id, count_id, item_id, batch_id),
  constraint stock_count_lines_count_id_fkey foreign key (biz_id, count_id)
    references inventory.stock_counts (biz_id, id),
  constraint stock_count_lines_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint stock_count_lines_counted_by_id_fkey foreign key (counted_by_id)
    references identity.users (id),
  constraint stock_count_lines_movement_id_fkey foreign key (biz_id, movement_id)
    references inventory.stock_movements (biz_id, id),
  constraint stock_count_lines_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint stock_count_lines_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint stock_count_lines_counted_check check ((counted_qty is null) = (counted_at is null) and counted_qty >= 0),
  constraint stock_count_lines_recounts_check check (recounts >= 0)
);
comment on table inventory.stock_count_lines is 'What a count expects of an item, and what was found.';
comment on column inventory.stock_count_lines.count_id is 'The count.';
comment on column inventory.stock_count_lines.item_id is 'The item.';
comment on column inventory.stock_count_lines.batch_id is 'The batch, where lots are told apart.';
comment on column inventory.stock_count_lines.expected_qty is 'What the books showed at the snapshot.';
comment on column inventory.stock_count_lines.moved_qty is 'What came less what left between the snapshot and the counting of this line.';
comment on column inventory.stock_count_lines.counted_qty is 'What was found; none until it was counted.';
comment on column inventory.stock_count_lines.variance_qty is 'What was found beyond what should have been: counted - (expected + moved).';
comment on column inventory.stock_count_lines.counted_at is 'When it was counted.';
comment on column inventory.stock_count_lines.counted_by_id is 'Who counted it.';
comment on column inventory.stock_count_lines.recounts is 'How often it was counted again.';
comment on column inventory.stock_count_lines.reason is 'How the difference came about, as far as known.';
comment on column inventory.stock_count_lines.movement_id is 'The movement that booked the difference.';
comment on constraint stock_count_lines_reason_check on inventory.stock_count_lines is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint stock_count_lines_item_key on inventory.stock_count_lines is 'The count already has this item and batch.';
comment on constraint stock_count_lines_batch_id_fkey on inventory.stock_count_lines is 'The batch must be one of the same item.';
comment on constraint stock_count_lines_counted_check on inventory.stock_count_lines is 'What was counted says when, and is not negative.';
comment on constraint stock_count_lines_recounts_check on inventory.stock_count_lines is 'Recounts cannot be negative.';

call core.install_table('inventory.stock_count_lines', 'T', 'ivcl');

create trigger stock_count_lines_new_open
  after insert on inventory.stock_count_lines referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'inventory.stock_counts', 'count_id', 'draft,counting', 'stock_count_lines_open_check',
    'A count is changed while it is counted, and no longer once it is posted or cancelled.');
create trigger stock_count_lines_open
  before update on inventory.stock_count_lines
  for each row execute function inventory.check_document_open(
    'inventory.stock_counts', 'count_id', 'draft,counting,review', 'stock_count_lines_open_check',
    'A count is changed while it is counted, and no longer once it is posted or cancelled.');

create function inventory.check_count() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from inventory.stock_count_lines l
    left join inventory.stock_movements m on m.biz_id = l.biz_id and m.id = l.movement_id
    where l.biz_id = new.biz_id
      and l.count_id = new.id
      and (
        l.counted_qty is null
        or (l.variance_qty = 0) <> (m.id is null)
        or (m.kind, m.item_id, m.quantity, case when l.variance_qty > 0 then m.to_stock_location_id else m.from_stock_location_id end)
          <> ('count', l.item_id, abs(l.variance_qty), new.stock_location_id)
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'A count is posted when every line was counted, and each difference has its movement.',
      schema = 'inventory',
      table = 'stock_counts',
      column = 'status',
      constraint = 'stock_counts_posted_lines_check';
  end if;
  return null;
end
$$;
comment on function inventory.check_count() is 'Trigger: of a posted count every line was counted, and each difference was booked.';

create constraint trigger stock_counts_posted_lines_check
  after update of status on inventory.stock_counts
  deferrable initially deferred
  for each row when (new.status = 'posted') execute function inventory.check_count();
comment on constraint stock_counts_posted_lines_check on inventory.stock_counts is 'A count is posted when every line was counted, and each difference has its movement.';

-- recipes

-- recipes ------------------------------------------------------------------------------------------------------------

create table inventory.recipes (
  biz_id uuid not null,
  id uuid not null,
  variant_id uuid not null,
  version_no integer not null,
  name text not null,
  yield_qty numeric(18,6) not null default 1,
  yield_uom_id uuid,
  preparation_minutes integer,
  instructions text not null default '',
  effective_starts_on date not null,
  effective_ends_on date,
  effective_period daterange generated always as (daterange(effective_starts_on, effective_ends_on, '[)')) stored,
  constraint recipes_pkey primary key (biz_id, id),
  constraint recipes_variant_id_fkey foreign key (biz_id, variant_id)
    references catalog.product_variants (biz_id, id),
  constraint recipes_yield_uom_id_fkey foreign key (biz_id, yield_uom_id)
    references catalog.units_of_measure (biz_id, id),
  constraint recipes_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint recipes_instructions_check check (length(instructions) <= 10000),
  constraint recipes_version_no_check check (version_no >= 1),
  constraint recipes_yield_qty_check check (yield_qty > 0),
  constraint recipes_preparation_check check (preparation_minutes >= 0),
  constraint recipes_effective_check check (effective_ends_on > effective_starts_on)
);
comment on table inventory.recipes is 'What one variant is made of: the parts list of a dish, a drink or a kit, over a time.';
comment on column inventory.recipes.variant_id is 'What it makes.';
comment on column inventory.recipes.version_no is 'Counts the recipes of the variant, from 1.';
comment on column inventory.recipes.name is 'Name that the kitchen reads.';
comment on column inventory.recipes.yield_qty is 'How much of the variant it makes, in the unit of yield_uom_id.';
comment on column inventory.recipes.yield_uom_id is 'The unit of what it makes; none for pieces.';
comment on column inventory.recipes.preparation_minutes is 'How long it takes to make.';
comment on column inventory.recipes.instructions is 'How it is made.';
comment on column inventory.recipes.effective_starts_on is 'First day on which it is used.';
comment on column inventory.recipes.effective_ends_on is 'First day on which it is no longer used; none until it is replaced.';
comment on column inventory.recipes.effective_period is 'From effective_starts_on to effective_ends_on, as a range.';
comment on constraint recipes_name_check on inventory.recipes is 'A name is required, of 200 characters at most.';
comment on constraint recipes_instructions_check on inventory.recipes is 'The instructions has 10,000 characters at most.';
comment on constraint recipes_version_no_check on inventory.recipes is 'Version numbers begin at 1.';
comment on constraint recipes_yield_qty_check on inventory.recipes is 'A recipe makes something.';
comment on constraint recipes_preparation_check on inventory.recipes is 'The preparation cannot take less than no time.';
comment on constraint recipes_effective_check on inventory.recipes is 'The end must be after the first day.';

call core.install_table('inventory.recipes', 'M', 'ivrc', registrable => true);
create unique index recipes_version_no_key on inventory.recipes (biz_id, variant_id, version_no)
  where deleted_at is null;
comment on index inventory.recipes_version_no_key is 'This variant already has a recipe of this number.';

alter table inventory.recipes add constraint recipes_no_overlap_excl exclude using gist (
  biz_id with =, variant_id with =, effective_period with &&) where (deleted_at is null);
comment on constraint recipes_no_overlap_excl on inventory.recipes is 'Another recipe of this variant is used on one of these days.';

-- recipe_components --------------------------------------------------------------------------------------------------

create table inventory.recipe_components (
  biz_id uuid not null,
  id uuid not null,
  recipe_id uuid not null,
  item_id uuid not null,
  quantity numeric(18,6) not null,
  uom_id uuid,
  waste_pct numeric(9,6) not null default 0,
  is_optional boolean not null default false,
  sort_order integer not null default 0,
  constraint recipe_components_pkey primary key (biz_id, id),
  constraint recipe_components_recipe_id_fkey foreign key (biz_id, recipe_id)
    references inventory.recipes (biz_id, id),
  constraint recipe_components_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint recipe_components_uom_id_fkey foreign key (biz_id, uom_id)
    references catalog.units_of_measure (biz_id, id),
  constraint recipe_components_quantity_check check (quantity > 0),
  constraint recipe_components_waste_pct_check check (waste_pct >= 0 and waste_pct < 100)
);
comment on table inventory.recipe_components is 'How much of an item a recipe uses.';
comment on column inventory.recipe_components.recipe_id is 'The recipe.';
comment on column inventory.recipe_components.item_id is 'The item that is used; one that has a recipe itself is made first, or from its own parts.';
comment on column inventory.recipe_components.quantity is 'How much is used for one yield, without what is lost.';
comment on column inventory.recipe_components.uom_id is 'The unit of the quantity; none for the unit of the item.';
comment on column inventory.recipe_components.waste_pct is 'What is lost while preparing, in percent of what is taken: 20 means that 1 kg gives 0.8 kg.';
comment on column inventory.recipe_components.is_optional is 'Whether it can be left out, as by a guest''s wish.';
comment on column inventory.recipe_components.sort_order is 'Its place in the list, ascending.';
comment on constraint recipe_components_quantity_check on inventory.recipe_components is 'More than nothing is used.';
comment on constraint recipe_components_waste_pct_check on inventory.recipe_components is 'What is lost is less than everything.';

call core.install_table('inventory.recipe_components', 'M', 'ivrp');
create unique index recipe_components_item_id_key on inventory.recipe_components (biz_id, recipe_id, item_id)
  where deleted_at is null;
comment on index inventory.recipe_components_item_id_key is 'The recipe already uses this item.';

-- Nothing is made of itself, on any day. The chain goes from a variant to the items of its recipes, which are variants.
create function inventory.refuse_recipe_cycle() returns trigger
language plpgsql as $$
declare
  start_variant uuid;
  start_period daterange;
begin
  -- Two writers who each see only their own half of a circle would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(format('acyclic inventory.recipes %s', new.biz_id), 0));
  if tg_table_name = 'recipes' then
    start_variant := new.variant_id;
    start_period := new.effective_period;
  else
    select r.variant_id, r.effective_period
    into start_variant, start_period
    from inventory.recipes r
    where r.biz_id = new.biz_id
      and r.id = new.recipe_id;
  end if;

  if exists (
    with recursive parts (variant_id, period) as (
      select t.variant_id, r.effective_period * start_period
      from inventory.recipes r
      join inventory.recipe_components c on c.biz_id = r.biz_id and c.recipe_id = r.id and c.deleted_at is null
      join inventory.inventory_items t on t.biz_id = c.biz_id and t.id = c.item_id
      where r.biz_id = new.biz_id
        and r.variant_id = start_variant
        and r.effective_period && start_period
        and r.deleted_at is null
      union
      select t.variant_id, r.effective_period * p.period
      from parts p
      join inventory.recipes r
        on r.biz_id = new.biz_id and r.variant_id = p.variant_id and r.effective_period && p.period and r.deleted_at is null
      join inventory.recipe_components c on c.biz_id = r.biz_id and c.recipe_id = r.id and c.deleted_at is null
      join inventory.inventory_items t on t.biz_id = c.biz_id and t.id = c.item_id
      where p.variant_id <> start_variant
    )
    select
    from parts p
    where p.variant_id = start_variant
  ) then
    raise exception using
      errcode = '23514',
      message = 'A recipe cannot use what it makes, directly or through others.',
      schema = 'inventory',
      table = 'recipe_components',
      column = 'item_id',
      constraint = 'recipe_components_item_id_acyclic_check';
  end if;
  return null;
end
$$;
comment on function inventory.refuse_recipe_cycle() is 'Trigger: nothing is made of itself, through recipes that are used on the same day.';

create trigger recipe_components_acyclic
  after insert or update of recipe_id, item_id, deleted_at on inventory.recipe_components
  for each row when (new.deleted_at is null) execute function inventory.refuse_recipe_cycle();
create trigger recipes_acyclic
  after update of variant_id, effective_starts_on, effective_ends_on, deleted_at on inventory.recipes
  for each row when (new.deleted_at is null) execute function inventory.refuse_recipe_cycle();

-- waste_records

-- waste_records ------------------------------------------------------------------------------------------------------

create table inventory.waste_records (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  stock_location_id uuid not null,
  movement_id uuid not null,
  quantity numeric(18,6) not null,
  reason inventory.waste_reason not null,
  note text,
  cost_minor bigint not null,
  currency char(3) not null,
  business_date date not null,
  recorded_by_id uuid,
  constraint waste_records_pkey primary key (biz_id, id),
  constraint waste_records_movement_id_key unique (biz_id, movement_id),
  constraint waste_records_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint waste_records_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint waste_records_movement_id_fkey foreign key (biz_id, movement_id)
    references inventory.stock_movements (biz_id, id),
  constraint waste_records_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint waste_records_recorded_by_id_fkey foreign key (recorded_by_id)
    references identity.users (id),
  constraint waste_records_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint waste_records_quantity_check check (quantity > 0),
  constraint waste_records_cost_check check (cost_minor >= 0),
  constraint waste_records_other_note_check check (reason <> 'other' or note is not null)
);
comment on table inventory.waste_records is 'That something was thrown away, and why. Its movement took it out of stock.';
comment on column inventory.waste_records.item_id is 'The item.';
comment on column inventory.waste_records.stock_location_id is 'Where it was.';
comment on column inventory.waste_records.movement_id is 'The movement that took it out of stock.';
comment on column inventory.waste_records.quantity is 'How much, in the unit of the item.';
comment on column inventory.waste_records.reason is 'Why.';
comment on column inventory.waste_records.note is 'What happened.';
comment on column inventory.waste_records.cost_minor is 'What it had cost, in minor units.';
comment on column inventory.waste_records.currency is 'Currency of the cost.';
comment on column inventory.waste_records.business_date is 'Business day on which it was thrown away.';
comment on column inventory.waste_records.recorded_by_id is 'Who says so; whoever wrote the row where empty.';
comment on constraint waste_records_note_check on inventory.waste_records is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint waste_records_movement_id_key on inventory.waste_records is 'This movement has its waste record already.';
comment on constraint waste_records_quantity_check on inventory.waste_records is 'More than nothing was thrown away.';
comment on constraint waste_records_cost_check on inventory.waste_records is 'A cost cannot be negative.';
comment on constraint waste_records_other_note_check on inventory.waste_records is 'Another reason is told in the note.';

create index waste_records_stock_location_id_business_date_idx on inventory.waste_records (biz_id, stock_location_id, business_date, reason);

call core.install_table('inventory.waste_records', 'J', 'ivwr', registrable => true);

create function inventory.check_waste() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from inserted i
    join inventory.stock_movements m on m.biz_id = i.biz_id and m.id = i.movement_id
    where (m.kind, m.item_id, m.quantity, m.from_stock_location_id) is distinct from ('waste', i.item_id, i.quantity, i.stock_location_id)
  ) then
    raise exception using
      errcode = '23514',
      message = 'The movement of a waste record takes the same quantity of the same item from the same place as waste.',
      schema = 'inventory',
      table = 'waste_records',
      column = 'movement_id',
      constraint = 'waste_records_movement_check';
  end if;
  return null;
end
$$;
comment on function inventory.check_waste() is 'Trigger: a waste record says what its movement did.';

create trigger waste_records_movement
  after insert on inventory.waste_records referencing new table as inserted
  for each statement execute function inventory.check_waste();

-- stock_alerts

-- stock_alerts -------------------------------------------------------------------------------------------------------

create table inventory.stock_alerts (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  stock_location_id uuid not null,
  kind inventory.stock_alert_kind not null,
  batch_id uuid,
  threshold numeric(18,6),
  observed numeric(18,6),
  status inventory.stock_alert_status not null default 'open',
  acknowledged_by_id uuid,
  resolved_at timestamptz,
  constraint stock_alerts_pkey primary key (biz_id, id),
  constraint stock_alerts_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint stock_alerts_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_alerts_acknowledged_by_id_fkey foreign key (acknowledged_by_id)
    references identity.users (id),
  constraint stock_alerts_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint stock_alerts_batch_check check (batch_id is null or kind = 'expiring'),
  constraint stock_alerts_resolved_check check (resolved_at is null or status = 'resolved')
);
comment on table inventory.stock_alerts is 'That stock of an item at a place needs somebody: it is low, gone, about to expire, below zero, or too much.';
comment on column inventory.stock_alerts.item_id is 'The item.';
comment on column inventory.stock_alerts.stock_location_id is 'The place.';
comment on column inventory.stock_alerts.kind is 'What it is about.';
comment on column inventory.stock_alerts.batch_id is 'The batch that expires first, of an alert about expiry.';
comment on column inventory.stock_alerts.threshold is 'The quantity, or for expiry the number of days, that was reached.';
comment on column inventory.stock_alerts.observed is 'What it was when the alert was last looked at.';
comment on column inventory.stock_alerts.status is 'Whether somebody has seen to it.';
comment on column inventory.stock_alerts.acknowledged_by_id is 'Who sees to it.';
comment on column inventory.stock_alerts.resolved_at is 'When it was no longer so.';
comment on constraint stock_alerts_batch_id_fkey on inventory.stock_alerts is 'The batch must be one of the same item.';
comment on constraint stock_alerts_batch_check on inventory.stock_alerts is 'Only an alert about expiry names a batch.';
comment on constraint stock_alerts_resolved_check on inventory.stock_alerts is 'Only a resolved alert says when it was resolved.';

create index stock_alerts_board_idx on inventory.stock_alerts (biz_id, stock_location_id, status, kind);

call core.install_table('inventory.stock_alerts', 'T', 'ival', registrable => true);
call core.configure_graph('inventory.stock_alerts', plain_moves => true);
create unique index stock_alerts_kind_key on inventory.stock_alerts (biz_id, item_id, stock_location_id, kind)
  where status <> 'resolved';
comment on index inventory.stock_alerts_kind_key is 'There is such an alert already.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('stock_alert', 'open', 'acknowledged', false),
  ('stock_alert', 'open', 'resolved', false),
  ('stock_alert', 'acknowledged', 'resolved', false);
call core.install_state_machine('inventory.stock_alerts', 'status', 'stock_alert');

-- Drift ---------------------------------------------------------------------------------------------------------------

create function inventory.stock_drift()
  returns table (item_id uuid, stock_location_id uuid, on_hand numeric, moved numeric, reserved numeric, promised numeric)
  language sql
  stable
as $$
  with moves as (
    select c.item_id, c.stock_location_id, sum(c.quantity) as quantity
    from (
      select m.item_id, m.to_stock_location_id, m.quantity
      from inventory.stock_movements m
      where m.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      union all
      select m.item_id, m.from_stock_location_id, -m.quantity
      from inventory.stock_movements m
      where m.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
    ) as c (item_id, stock_location_id, quantity)
    where c.stock_location_id is not null
    group by c.item_id, c.stock_location_id
  ),
  promises as (
    select r.item_id, r.stock_location_id, sum(r.quantity) as quantity
    from inventory.stock_reservations r
    where r.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      and r.status = 'active'
    group by r.item_id, r.stock_location_id
  ),
  levels as (
    select l.item_id, l.stock_location_id, l.on_hand, l.reserved
    from inventory.stock_levels l
    where l.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
  )
  select item_id, stock_location_id, coalesce(l.on_hand, 0), coalesce(m.quantity, 0), coalesce(l.reserved, 0), coalesce(p.quantity, 0)
  from levels l
  full join moves m using (item_id, stock_location_id)
  full join promises p using (item_id, stock_location_id)
  where coalesce(l.on_hand, 0) <> coalesce(m.quantity, 0)
    or coalesce(l.reserved, 0) <> coalesce(p.quantity, 0)
$$;
comment on function inventory.stock_drift() is
  'Levels of the current tenant that differ from the sums of their movements and active reservations. Always empty, and asked by the nightly check.';
