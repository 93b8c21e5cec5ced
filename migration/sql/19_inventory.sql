-- Inventory: what is kept, where, and how much of it. Every change of stock is a movement, and levels, lots and the
-- remaining quantity of batches follow their movements by trigger, so that they cannot drift from them.

create schema inventory;
comment on schema inventory is 'Stock: items, places, levels, lots, serials, movements, counts, recipes and what stock is worth.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain inventory.stock_tracking as text constraint stock_tracking_check check (value in (
  'none', 'lot', 'serial'));
comment on domain inventory.stock_tracking is 'How closely units of an item are told apart.
none: Units are alike; only their number counts.
lot: Units belong to lots, and every movement names the lot.
serial: Each unit has a serial number, and every movement is of one unit.';
comment on constraint stock_tracking_check on domain inventory.stock_tracking is 'Unknown tracking.';

create domain inventory.valuation_method as text constraint valuation_method_check check (value in (
  'fifo', 'average'));
comment on domain inventory.valuation_method is 'By which cost stock that leaves is valued.
fifo: At the cost of the oldest stock there is.
average: At the average cost of all stock there is.';
comment on constraint valuation_method_check on domain inventory.valuation_method is 'Unknown valuation method.';

create domain inventory.stock_location_kind as text constraint stock_location_kind_check check (value in (
  'storage', 'shelf', 'kitchen', 'transit', 'quarantine', 'scrap'));
comment on domain inventory.stock_location_kind is 'What a place for stock is for.
storage: Stock is kept there.
shelf: Stock is sold from there.
kitchen: Stock is used up there.
transit: Stock on its way between two places.
quarantine: Stock that must not be used until it was looked at.
scrap: Stock that waits to be thrown away.';
comment on constraint stock_location_kind_check on domain inventory.stock_location_kind is 'Unknown kind of stock location.';

create domain inventory.stock_movement_kind as text constraint stock_movement_kind_check check (value in (
  'receipt', 'sale', 'return', 'transfer', 'adjust', 'waste', 'produce', 'consume', 'count'));
comment on domain inventory.stock_movement_kind is 'Why stock moved.
receipt: It came from a supplier.
sale: It was sold.
return: A customer brought it back, or it went back to the supplier.
transfer: It went from one place to another.
adjust: Staff corrected the level, with a reason.
waste: It was thrown away.
produce: It was made from other items.
consume: It was used up to make something.
count: A count found more or less than expected.';
comment on constraint stock_movement_kind_check on domain inventory.stock_movement_kind is 'Unknown kind of movement.';

create domain inventory.serial_status as text constraint serial_status_check check (value in (
  'in_stock', 'reserved', 'sold', 'returned', 'scrapped'));
comment on domain inventory.serial_status is 'Where a unit with a serial number stands.
in_stock: It is here and can be sold.
reserved: It is here and promised to somebody.
sold: A customer has it.
returned: It came back, and was not looked at yet.
scrapped: It is gone for good.';
comment on constraint serial_status_check on domain inventory.serial_status is 'Unknown status of a serial number.';

-- inventory_items is what a variant of the catalog is as a thing on a shelf.

-- inventory_items ----------------------------------------------------------------------------------------------------

create table inventory.inventory_items (
  biz_id uuid not null,
  id uuid not null,
  variant_id uuid not null,
  base_uom_id uuid not null,
  tracking inventory.stock_tracking not null default 'none',
  valuation inventory.valuation_method not null default 'fifo',
  shelf_life_days integer,
  expiry_alert_days integer,
  is_ingredient boolean not null default false,
  allows_backorder boolean not null default false,
  standard_cost numeric(20,6),
  currency char(3),
  constraint inventory_items_pkey primary key (biz_id, id),
  constraint inventory_items_allows_backorder_key unique (biz_id, allows_backorder, id),
  constraint inventory_items_variant_id_fkey foreign key (biz_id, variant_id)
    references catalog.product_variants (biz_id, id),
  constraint inventory_items_base_uom_id_fkey foreign key (biz_id, base_uom_id)
    references catalog.units_of_measure (biz_id, id),
  constraint inventory_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint inventory_items_shelf_life_check check (shelf_life_days > 0 and expiry_alert_days >= 0),
  constraint inventory_items_standard_cost_check check (standard_cost is null or (standard_cost >= 0 and currency is not null))
);
comment on table inventory.inventory_items is 'A variant of a product as something that is kept in stock: in which unit it is counted, how closely, and at which cost it leaves.';
comment on column inventory.inventory_items.variant_id is 'The variant that is kept.';
comment on column inventory.inventory_items.base_uom_id is 'The unit in which all its quantities are counted, such as kilogram.';
comment on column inventory.inventory_items.tracking is 'How closely units are told apart. Not changed any more once stock has moved.';
comment on column inventory.inventory_items.valuation is 'By which cost stock that leaves is valued.';
comment on column inventory.inventory_items.shelf_life_days is 'How many days a new batch keeps, where its package says nothing; none where it does not spoil.';
comment on column inventory.inventory_items.expiry_alert_days is 'How many days before it expires a batch raises an alert; none where nobody wants to know.';
comment on column inventory.inventory_items.is_ingredient is 'Whether it is used up by recipes rather than sold.';
comment on column inventory.inventory_items.allows_backorder is 'Whether more may be reserved than is there.';
comment on column inventory.inventory_items.standard_cost is 'Cost of one unit in major units, as planned; used where no purchase tells the cost.';
comment on column inventory.inventory_items.currency is 'Currency of the standard cost.';
comment on constraint inventory_items_shelf_life_check on inventory.inventory_items is 'A shelf life is at least a day, and an alert is not due after the expiry.';
comment on constraint inventory_items_standard_cost_check on inventory.inventory_items is 'A standard cost is not negative, and has a currency.';
comment on constraint inventory_items_allows_backorder_key on inventory.inventory_items is 'An item allows backorders or does not.';

call core.install_table('inventory.inventory_items', 'M', 'ivit', registrable => true);
call core.configure_graph('inventory.inventory_items', aggregates => true);
create unique index inventory_items_variant_id_key on inventory.inventory_items (biz_id, variant_id)
  where deleted_at is null;
comment on index inventory.inventory_items_variant_id_key is 'This variant is kept in stock already.';

-- stock_locations

-- stock_locations ----------------------------------------------------------------------------------------------------

create table inventory.stock_locations (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  parent_id uuid,
  code text not null,
  name text not null,
  kind inventory.stock_location_kind not null default 'storage',
  allows_negative boolean not null default false,
  constraint stock_locations_pkey primary key (biz_id, id),
  constraint stock_locations_location_id_id_key unique (biz_id, location_id, id),
  constraint stock_locations_allows_negative_key unique (biz_id, allows_negative, id),
  constraint stock_locations_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint stock_locations_parent_id_fkey foreign key (biz_id, location_id, parent_id)
    references inventory.stock_locations (biz_id, location_id, id),
  constraint stock_locations_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint stock_locations_name_check check (btrim(name) <> '' and length(name) <= 200)
);
comment on table inventory.stock_locations is 'A place inside a location where stock lies, such as a store room, a shelf, the kitchen, or a van on its way.';
comment on column inventory.stock_locations.location_id is 'The location it is in.';
comment on column inventory.stock_locations.parent_id is 'The larger place it is part of, in the same location.';
comment on column inventory.stock_locations.code is 'Short name on labels, such as A-03-2, unique in the location.';
comment on column inventory.stock_locations.name is 'Name that staff read.';
comment on column inventory.stock_locations.kind is 'What it is for.';
comment on column inventory.stock_locations.allows_negative is 'Whether more may leave than the books show, as in a kitchen that is counted once a week.';
comment on constraint stock_locations_code_check on inventory.stock_locations is 'A code is required, of 60 characters at most.';
comment on constraint stock_locations_name_check on inventory.stock_locations is 'A name is required, of 200 characters at most.';
comment on constraint stock_locations_parent_id_fkey on inventory.stock_locations is 'The larger place must be a stock location of the same location.';
comment on constraint stock_locations_location_id_id_key on inventory.stock_locations is 'A stock location is in one location.';
comment on constraint stock_locations_allows_negative_key on inventory.stock_locations is 'A stock location allows negative stock or does not.';

call core.install_table('inventory.stock_locations', 'M', 'ivsl', registrable => true);
create unique index stock_locations_code_key on inventory.stock_locations (biz_id, location_id, code)
  where deleted_at is null;
comment on index inventory.stock_locations_code_key is 'Another stock location here has this code.';

call core.install_acyclic('inventory.stock_locations', 'parent_id');

-- stock_levels: the two rules that can be waived are waived by the item and by the place. Their columns here are copies
-- that the foreign keys keep true, so that plain checks can guard the counters.

-- stock_levels -------------------------------------------------------------------------------------------------------

create table inventory.stock_levels (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  stock_location_id uuid not null,
  allows_negative boolean not null,
  allows_backorder boolean not null,
  on_hand numeric(18,6) not null default 0,
  reserved numeric(18,6) not null default 0,
  available numeric(18,6) generated always as (on_hand - reserved) stored,
  incoming numeric(18,6) not null default 0,
  reorder_point numeric(18,6),
  reorder_qty numeric(18,6),
  max_level numeric(18,6),
  bin text,
  last_counted_at timestamptz,
  constraint stock_levels_pkey primary key (biz_id, id),
  constraint stock_levels_item_id_stock_location_id_key unique (biz_id, item_id, stock_location_id),
  constraint stock_levels_item_id_fkey foreign key (biz_id, allows_backorder, item_id)
    references inventory.inventory_items (biz_id, allows_backorder, id) on update cascade,
  constraint stock_levels_stock_location_id_fkey foreign key (biz_id, allows_negative, stock_location_id)
    references inventory.stock_locations (biz_id, allows_negative, id) on update cascade,
  constraint stock_levels_bin_check check (btrim(bin) <> '' and length(bin) <= 60),
  constraint stock_levels_on_hand_check check (on_hand >= 0 or allows_negative),
  constraint stock_levels_reserved_check check (reserved >= 0 and (reserved <= greatest(on_hand, 0) or allows_backorder)),
  constraint stock_levels_incoming_check check (incoming >= 0),
  constraint stock_levels_reorder_check check (reorder_point >= 0 and reorder_qty > 0 and max_level >= coalesce(reorder_point, 0))
);
comment on table inventory.stock_levels is 'How much of an item is at a place. The quantities follow movements and reservations; only the reorder rule is set by people.';
comment on column inventory.stock_levels.item_id is 'The item.';
comment on column inventory.stock_levels.stock_location_id is 'The place.';
comment on column inventory.stock_levels.allows_negative is 'Whether the place lets stock go below zero; follows the place.';
comment on column inventory.stock_levels.allows_backorder is 'Whether more of the item may be reserved than is there; follows the item.';
comment on column inventory.stock_levels.on_hand is 'What is there, in the unit of the item: what came less what left.';
comment on column inventory.stock_levels.reserved is 'What is promised: the sum of active reservations.';
comment on column inventory.stock_levels.available is 'What can still be promised or sold: on_hand - reserved.';
comment on column inventory.stock_levels.incoming is 'What was ordered or is on its way here, and has not come.';
comment on column inventory.stock_levels.reorder_point is 'At or below this quantity it should be ordered; none where it is not ordered by level.';
comment on column inventory.stock_levels.reorder_qty is 'How much is ordered at a time.';
comment on column inventory.stock_levels.max_level is 'Above this quantity there is too much of it.';
comment on column inventory.stock_levels.bin is 'Where at the place it lies, such as the number of a drawer.';
comment on column inventory.stock_levels.last_counted_at is 'When it was last counted.';
comment on constraint stock_levels_bin_check on inventory.stock_levels is 'A bin is not blank, and of 60 characters at most.';
comment on constraint stock_levels_item_id_stock_location_id_key on inventory.stock_levels is 'This item already has a level at this place.';
comment on constraint stock_levels_item_id_fkey on inventory.stock_levels is 'Must be an existing inventory item of this tenant.';
comment on constraint stock_levels_stock_location_id_fkey on inventory.stock_levels is 'Must be an existing stock location of this tenant.';
comment on constraint stock_levels_on_hand_check on inventory.stock_levels is 'There is not enough of it here.';
comment on constraint stock_levels_reserved_check on inventory.stock_levels is 'More cannot be promised than is here, and what is promised cannot leave.';
comment on constraint stock_levels_incoming_check on inventory.stock_levels is 'What is on its way cannot be negative.';
comment on constraint stock_levels_reorder_check on inventory.stock_levels is 'A reorder point is not negative, a quantity to order is more than zero, and the maximum is not below the reorder point.';

create index stock_levels_stock_location_id_idx on inventory.stock_levels (biz_id, stock_location_id, allows_negative);
create index stock_levels_item_id_idx on inventory.stock_levels (biz_id, item_id, allows_backorder);

call core.install_table('inventory.stock_levels', 'T', 'ivlv');

-- stock_batches

-- stock_batches ------------------------------------------------------------------------------------------------------

create table inventory.stock_batches (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  lot_no text,
  received_on date not null,
  manufactured_on date,
  expires_on date,
  unit_cost numeric(20,6) not null,
  currency char(3) not null,
  received_qty numeric(18,6) not null,
  remaining_qty numeric(18,6) not null default 0,
  supplier_type text,
  supplier_id uuid,
  supplier_ref text,
  recalled_at timestamptz,
  recall_reason text,
  constraint stock_batches_pkey primary key (biz_id, id),
  constraint stock_batches_item_id_id_key unique (biz_id, item_id, id),
  constraint stock_batches_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint stock_batches_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint stock_batches_supplier_fkey foreign key (biz_id, supplier_type, supplier_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint stock_batches_lot_no_check check (btrim(lot_no) <> '' and length(lot_no) <= 100),
  constraint stock_batches_supplier_ref_check check (btrim(supplier_ref) <> '' and length(supplier_ref) <= 200),
  constraint stock_batches_recall_reason_check check (btrim(recall_reason) <> '' and length(recall_reason) <= 2000),
  constraint stock_batches_supplier_check check (num_nonnulls(supplier_type, supplier_id) in (0, 2)),
  constraint stock_batches_unit_cost_check check (unit_cost >= 0),
  constraint stock_batches_received_qty_check check (received_qty > 0),
  constraint stock_batches_remaining_qty_check check (remaining_qty between 0 and received_qty),
  constraint stock_batches_expires_on_check check (expires_on > manufactured_on),
  constraint stock_batches_recalled_check check ((recalled_at is null) = (recall_reason is null))
);
comment on table inventory.stock_batches is 'What came of an item at one time and at one cost: a lot to be found again, and a layer of cost.';
comment on column inventory.stock_batches.item_id is 'The item.';
comment on column inventory.stock_batches.lot_no is 'Number of the lot as printed on the package; none where lots are not told apart.';
comment on column inventory.stock_batches.received_on is 'When it came or was made; the oldest leaves first.';
comment on column inventory.stock_batches.manufactured_on is 'When it was made, as printed.';
comment on column inventory.stock_batches.expires_on is 'First day on which it must not be used or sold any more; what expires first leaves first.';
comment on column inventory.stock_batches.unit_cost is 'Cost of one unit in major units, with freight and duty.';
comment on column inventory.stock_batches.currency is 'Currency of the cost.';
comment on column inventory.stock_batches.received_qty is 'How much of it came.';
comment on column inventory.stock_batches.remaining_qty is 'How much of it is left in all places; follows the movements, also the first.';
comment on column inventory.stock_batches.supplier_type is 'Entity type of whom it came from.';
comment on column inventory.stock_batches.supplier_id is 'Whom it came from.';
comment on column inventory.stock_batches.supplier_ref is 'Its number at the supplier, such as that of the delivery note.';
comment on column inventory.stock_batches.recalled_at is 'When it was recalled: since then none of it is sold.';
comment on column inventory.stock_batches.recall_reason is 'Why it was recalled.';
comment on constraint stock_batches_lot_no_check on inventory.stock_batches is 'A lot no is not blank, and of 100 characters at most.';
comment on constraint stock_batches_supplier_ref_check on inventory.stock_batches is 'A supplier ref is not blank, and of 200 characters at most.';
comment on constraint stock_batches_recall_reason_check on inventory.stock_batches is 'A recall reason is not blank, and of 2,000 characters at most.';
comment on constraint stock_batches_item_id_id_key on inventory.stock_batches is 'A batch is of one item.';
comment on constraint stock_batches_supplier_fkey on inventory.stock_batches is 'The supplier must exist in this tenant.';
comment on constraint stock_batches_supplier_check on inventory.stock_batches is 'A supplier is named by its type and its id.';
comment on constraint stock_batches_unit_cost_check on inventory.stock_batches is 'A cost cannot be negative.';
comment on constraint stock_batches_received_qty_check on inventory.stock_batches is 'More than nothing must have come.';
comment on constraint stock_batches_remaining_qty_check on inventory.stock_batches is 'Of a batch, no more can leave or come back than there was.';
comment on constraint stock_batches_expires_on_check on inventory.stock_batches is 'It cannot expire before it was made.';
comment on constraint stock_batches_recalled_check on inventory.stock_batches is 'A recall has a reason.';

create index stock_batches_item_id_fefo_idx on inventory.stock_batches (biz_id, item_id, expires_on, received_on, id) where remaining_qty > 0;
create index stock_batches_expires_on_idx on inventory.stock_batches (biz_id, expires_on, id) where remaining_qty > 0 and expires_on is not null;
create index stock_batches_item_id_lot_no_idx on inventory.stock_batches (biz_id, item_id, lot_no);

call core.install_table('inventory.stock_batches', 'T', 'ivbt', registrable => true);

-- stock_batch_locations

-- stock_batch_locations ----------------------------------------------------------------------------------------------

create table inventory.stock_batch_locations (
  biz_id uuid not null,
  id uuid not null,
  batch_id uuid not null,
  stock_location_id uuid not null,
  quantity numeric(18,6) not null default 0,
  constraint stock_batch_locations_pkey primary key (biz_id, id),
  constraint stock_batch_locations_batch_id_stock_location_id_key unique (biz_id, batch_id, stock_location_id),
  constraint stock_batch_locations_batch_id_fkey foreign key (biz_id, batch_id)
    references inventory.stock_batches (biz_id, id),
  constraint stock_batch_locations_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_batch_locations_quantity_check check (quantity >= 0)
);
comment on table inventory.stock_batch_locations is 'How much of a batch lies at a place, for items whose lots are told apart. Follows the movements.';
comment on column inventory.stock_batch_locations.batch_id is 'The batch.';
comment on column inventory.stock_batch_locations.stock_location_id is 'The place.';
comment on column inventory.stock_batch_locations.quantity is 'How much of it lies there.';
comment on constraint stock_batch_locations_batch_id_stock_location_id_key on inventory.stock_batch_locations is 'This batch is listed at this place already.';
comment on constraint stock_batch_locations_quantity_check on inventory.stock_batch_locations is 'There is not enough of this lot here.';

call core.install_table('inventory.stock_batch_locations', 'T', 'ivbl');

-- serial_numbers

-- serial_numbers -----------------------------------------------------------------------------------------------------

create table inventory.serial_numbers (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  serial text not null,
  status inventory.serial_status not null default 'in_stock',
  stock_location_id uuid,
  batch_id uuid,
  customer_id uuid,
  warranty_ends_on date,
  constraint serial_numbers_pkey primary key (biz_id, id),
  constraint serial_numbers_item_id_serial_key unique (biz_id, item_id, serial),
  constraint serial_numbers_item_id_id_key unique (biz_id, item_id, id),
  constraint serial_numbers_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint serial_numbers_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint serial_numbers_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint serial_numbers_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint serial_numbers_serial_check check (btrim(serial) <> '' and length(serial) <= 100),
  constraint serial_numbers_location_check check ((status in ('in_stock', 'reserved', 'returned')) = (stock_location_id is not null))
);
comment on table inventory.serial_numbers is 'One unit that is told apart by its serial number, with where it is and who has it.';
comment on column inventory.serial_numbers.item_id is 'The item it is a unit of.';
comment on column inventory.serial_numbers.serial is 'The serial number.';
comment on column inventory.serial_numbers.status is 'Where it stands.';
comment on column inventory.serial_numbers.stock_location_id is 'Where it lies while it is here.';
comment on column inventory.serial_numbers.batch_id is 'The batch it came with.';
comment on column inventory.serial_numbers.customer_id is 'Who bought it, where known.';
comment on column inventory.serial_numbers.warranty_ends_on is 'First day on which its warranty no longer holds.';
comment on constraint serial_numbers_serial_check on inventory.serial_numbers is 'A serial is required, of 100 characters at most.';
comment on constraint serial_numbers_item_id_serial_key on inventory.serial_numbers is 'This item already has a unit with this serial number.';
comment on constraint serial_numbers_item_id_id_key on inventory.serial_numbers is 'A serial number is of one item.';
comment on constraint serial_numbers_batch_id_fkey on inventory.serial_numbers is 'The batch must be one of the same item.';
comment on constraint serial_numbers_location_check on inventory.serial_numbers is 'What is here lies somewhere, and what is gone lies nowhere.';

call core.install_table('inventory.serial_numbers', 'T', 'ivsn', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('serial_number', 'in_stock', 'reserved', false),
  ('serial_number', 'reserved', 'in_stock', false),
  ('serial_number', 'in_stock', 'sold', false),
  ('serial_number', 'reserved', 'sold', false),
  ('serial_number', 'sold', 'returned', false),
  ('serial_number', 'returned', 'in_stock', false),
  ('serial_number', 'in_stock', 'scrapped', true),
  ('serial_number', 'reserved', 'scrapped', true),
  ('serial_number', 'returned', 'scrapped', true);
call core.install_state_machine('inventory.serial_numbers', 'status', 'serial_number');

-- stock_movements

-- stock_movements ----------------------------------------------------------------------------------------------------

create table inventory.stock_movements (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  item_id uuid not null,
  kind inventory.stock_movement_kind not null,
  from_stock_location_id uuid,
  to_stock_location_id uuid,
  quantity numeric(18,6) not null,
  batch_id uuid,
  serial_id uuid,
  unit_cost numeric(20,6),
  currency char(3),
  source_type text,
  source_id uuid,
  reason text,
  business_date date not null,
  occurred_at timestamptz not null default now(),
  idempotency_key text,
  reverses_id uuid,
  constraint stock_movements_pkey primary key (biz_id, id),
  constraint stock_movements_idempotency_key_key unique (biz_id, idempotency_key),
  constraint stock_movements_reverses_id_key unique (biz_id, reverses_id),
  constraint stock_movements_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint stock_movements_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint stock_movements_from_stock_location_id_fkey foreign key (biz_id, from_stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_movements_to_stock_location_id_fkey foreign key (biz_id, to_stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint stock_movements_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint stock_movements_reverses_id_fkey foreign key (biz_id, reverses_id)
    references inventory.stock_movements (biz_id, id),
  constraint stock_movements_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint stock_movements_serial_id_fkey foreign key (biz_id, item_id, serial_id)
    references inventory.serial_numbers (biz_id, item_id, id),
  constraint stock_movements_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint stock_movements_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 255),
  constraint stock_movements_quantity_check check (quantity > 0),
  constraint stock_movements_places_check check (from_stock_location_id <> to_stock_location_id),
  constraint stock_movements_direction_check check (case
    when kind = 'transfer' then num_nonnulls(from_stock_location_id, to_stock_location_id) = 2
    when kind in ('adjust', 'count', 'return') then num_nonnulls(from_stock_location_id, to_stock_location_id) = 1
    when (kind in ('receipt', 'produce')) = (reverses_id is null) then from_stock_location_id is null and to_stock_location_id is not null
    else from_stock_location_id is not null and to_stock_location_id is null end),
  constraint stock_movements_unit_cost_check check (unit_cost is null or (unit_cost >= 0 and currency is not null)),
  constraint stock_movements_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint stock_movements_adjust_reason_check check (kind <> 'adjust' or reason is not null)
);
comment on table inventory.stock_movements is 'One movement of stock: into a place, out of a place, or from one to another. Never changed: a mistake is reversed by a movement the other way. Writing one moves the levels, the lots and what remains of the batch.';
comment on column inventory.stock_movements.location_id is 'The location whose business day it counts for; of a transfer, the one that sends.';
comment on column inventory.stock_movements.item_id is 'The item.';
comment on column inventory.stock_movements.kind is 'Why it moved; a reversal has the kind of what it reverses.';
comment on column inventory.stock_movements.from_stock_location_id is 'The place it left; none where it came from outside.';
comment on column inventory.stock_movements.to_stock_location_id is 'The place it came to; none where it left for good.';
comment on column inventory.stock_movements.quantity is 'How much moved, in the unit of the item.';
comment on column inventory.stock_movements.batch_id is 'The batch it was of; required where lots are told apart.';
comment on column inventory.stock_movements.serial_id is 'The unit it was; required where units have serial numbers.';
comment on column inventory.stock_movements.unit_cost is 'Cost of one unit in major units, at which it was valued.';
comment on column inventory.stock_movements.currency is 'Currency of the cost.';
comment on column inventory.stock_movements.source_type is 'Entity type of the document that caused it, such as Sale or GoodsReceipt.';
comment on column inventory.stock_movements.source_id is 'The document that caused it.';
comment on column inventory.stock_movements.reason is 'Why, in words; an adjustment always says so.';
comment on column inventory.stock_movements.business_date is 'Business day of the location on which it moved.';
comment on column inventory.stock_movements.occurred_at is 'When it moved; of a movement recorded offline, as the device says.';
comment on column inventory.stock_movements.idempotency_key is 'Key of whoever wrote it, so that the same movement is not written twice.';
comment on column inventory.stock_movements.reverses_id is 'The movement that this one undoes.';
comment on constraint stock_movements_reason_check on inventory.stock_movements is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint stock_movements_idempotency_key_check on inventory.stock_movements is 'An idempotency key is not blank, and of 255 characters at most.';
comment on constraint stock_movements_idempotency_key_key on inventory.stock_movements is 'This movement was written already.';
comment on constraint stock_movements_reverses_id_key on inventory.stock_movements is 'This movement was reversed already.';
comment on constraint stock_movements_batch_id_fkey on inventory.stock_movements is 'The batch must be one of the same item.';
comment on constraint stock_movements_serial_id_fkey on inventory.stock_movements is 'The serial number must be one of the same item.';
comment on constraint stock_movements_quantity_check on inventory.stock_movements is 'A movement is of more than nothing; its direction is in its places.';
comment on constraint stock_movements_places_check on inventory.stock_movements is 'A movement ends in another place than it began.';
comment on constraint stock_movements_direction_check on inventory.stock_movements is 'A transfer goes from one place to another, a receipt into one, a sale out of one; a reversal goes the other way.';
comment on constraint stock_movements_unit_cost_check on inventory.stock_movements is 'A cost is not negative, and has a currency.';
comment on constraint stock_movements_source_check on inventory.stock_movements is 'A source is named by its type and its id.';
comment on constraint stock_movements_adjust_reason_check on inventory.stock_movements is 'An adjustment has a reason.';

create index stock_movements_item_id_occurred_at_idx on inventory.stock_movements (biz_id, item_id, occurred_at, id);
create index stock_movements_from_stock_location_id_idx on inventory.stock_movements (biz_id, from_stock_location_id, item_id);
create index stock_movements_to_stock_location_id_idx on inventory.stock_movements (biz_id, to_stock_location_id, item_id);
create index stock_movements_location_id_business_date_idx on inventory.stock_movements (biz_id, location_id, business_date, kind);
create index stock_movements_source_idx on inventory.stock_movements (biz_id, source_type, source_id);

call core.install_table('inventory.stock_movements', 'J', 'ivmv');

-- cost_layers

-- cost_layers --------------------------------------------------------------------------------------------------------

create table inventory.cost_layers (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  movement_id uuid not null,
  batch_id uuid not null,
  quantity numeric(18,6) not null,
  unit_cost numeric(20,6) not null,
  cost_minor bigint not null,
  currency char(3) not null,
  constraint cost_layers_pkey primary key (biz_id, id),
  constraint cost_layers_movement_id_batch_id_key unique (biz_id, movement_id, batch_id),
  constraint cost_layers_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint cost_layers_movement_id_fkey foreign key (biz_id, movement_id)
    references inventory.stock_movements (biz_id, id),
  constraint cost_layers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cost_layers_batch_id_fkey foreign key (biz_id, item_id, batch_id)
    references inventory.stock_batches (biz_id, item_id, id),
  constraint cost_layers_quantity_check check (quantity > 0),
  constraint cost_layers_cost_check check (unit_cost >= 0 and cost_minor >= 0)
);
comment on table inventory.cost_layers is 'What a movement took out of a batch, or gave back to it, and at which cost: how the cost of what left came about. The layers of a movement sum up to its quantity.';
comment on column inventory.cost_layers.item_id is 'The item.';
comment on column inventory.cost_layers.movement_id is 'The movement that took it or gave it back.';
comment on column inventory.cost_layers.batch_id is 'The batch it was taken from.';
comment on column inventory.cost_layers.quantity is 'How much of the movement came from this batch.';
comment on column inventory.cost_layers.unit_cost is 'Cost of one unit in major units, that of the batch.';
comment on column inventory.cost_layers.cost_minor is 'What it cost, in minor units: quantity x unit_cost, rounded so that the layers sum up to the cost of the movement.';
comment on column inventory.cost_layers.currency is 'Currency of the cost.';
comment on constraint cost_layers_movement_id_batch_id_key on inventory.cost_layers is 'This movement already took from this batch.';
comment on constraint cost_layers_batch_id_fkey on inventory.cost_layers is 'The batch must be one of the same item.';
comment on constraint cost_layers_quantity_check on inventory.cost_layers is 'A layer is of more than nothing.';
comment on constraint cost_layers_cost_check on inventory.cost_layers is 'A cost cannot be negative.';

call core.install_table('inventory.cost_layers', 'J', 'ivly');

-- valuation_snapshots

-- valuation_snapshots ------------------------------------------------------------------------------------------------

create table inventory.valuation_snapshots (
  biz_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  stock_location_id uuid not null,
  as_of date not null,
  quantity numeric(18,6) not null,
  value_minor bigint not null,
  currency char(3) not null,
  constraint valuation_snapshots_pkey primary key (biz_id, id),
  constraint valuation_snapshots_as_of_key unique (biz_id, item_id, stock_location_id, as_of),
  constraint valuation_snapshots_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint valuation_snapshots_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint valuation_snapshots_currency_fkey foreign key (currency)
    references core.currencies (code)
);
comment on table inventory.valuation_snapshots is 'What the stock of an item at a place was worth at the end of a day.';
comment on column inventory.valuation_snapshots.item_id is 'The item.';
comment on column inventory.valuation_snapshots.stock_location_id is 'The place.';
comment on column inventory.valuation_snapshots.as_of is 'Business day at whose end it was so.';
comment on column inventory.valuation_snapshots.quantity is 'How much there was.';
comment on column inventory.valuation_snapshots.value_minor is 'What it was worth at cost, in minor units; below zero where stock was.';
comment on column inventory.valuation_snapshots.currency is 'Currency of the value.';
comment on constraint valuation_snapshots_as_of_key on inventory.valuation_snapshots is 'This day was valued already.';

create index valuation_snapshots_as_of_idx on inventory.valuation_snapshots (biz_id, as_of, item_id);

call core.install_table('inventory.valuation_snapshots', 'J', 'ivvs');

-- Documents and their lines -------------------------------------------------------------------------------------------
-- Lines are written only while their document lets them, in this module and in those after it. Arguments: the table of
-- the documents, the column that leads there, the statuses that let lines in (comma-separated), the name of the
-- constraint, and the sentence a caller reads. The document is locked, so that it cannot move on meanwhile.

create function inventory.check_document_open() returns trigger
language plpgsql as $$
declare
  is_closed boolean;
begin
  if tg_level = 'STATEMENT' then
    execute format(
      'select bool_or(not d.status = any ($1))
       from (
         select p.status
         from %s p
         where (p.biz_id, p.id) in (select i.biz_id, i.%I from inserted i)
         order by p.id
         for no key update
       ) d',
      tg_argv[0], tg_argv[1])
    into is_closed
    using string_to_array(tg_argv[2], ',');
  else
    if to_jsonb(old) ->> tg_argv[1] is distinct from to_jsonb(new) ->> tg_argv[1] then
      raise exception using
        errcode = '23514',
        message = 'A line stays with its document.',
        schema = tg_table_schema,
        table = tg_table_name,
        column = tg_argv[1],
        constraint = core.object_name(tg_table_name, tg_argv[1], 'immutable', 'check');
    end if;
    execute format(
      'select not p.status = any ($1) from %s p where p.biz_id = $2 and p.id = $3 for no key update', tg_argv[0])
    into is_closed
    using string_to_array(tg_argv[2], ','), new.biz_id, (to_jsonb(new) ->> tg_argv[1])::uuid;
  end if;
  if is_closed then
    raise exception using
      errcode = '23514',
      message = tg_argv[4],
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_argv[3];
  end if;
  return case when tg_level = 'ROW' then new end;
end
$$;
comment on function inventory.check_document_open() is 'Trigger on lines: they are written only while the status of their document lets them, and stay with it.';

-- Items ---------------------------------------------------------------------------------------------------------------

create function inventory.keep_item_basis() returns trigger
language plpgsql as $$
begin
  -- A movement being written holds a key lock on the item: waits for it, and lets none begin.
  perform from inventory.inventory_items t where t.biz_id = new.biz_id and t.id = new.id for update;
  if exists (select from inventory.stock_movements m where m.biz_id = new.biz_id and m.item_id = new.id) then
    raise exception using
      errcode = '23514',
      message = 'What an item is, its unit and its tracking are not changed once stock has moved; make another item.',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = 'inventory_items_basis_immutable_check';
  end if;
  return new;
end
$$;
comment on function inventory.keep_item_basis() is 'Trigger: variant, unit and tracking of an item stay once stock of it has moved.';

create trigger inventory_items_basis_immutable
  before update on inventory.inventory_items
  for each row when (
    (old.variant_id, old.base_uom_id, old.tracking) is distinct from (new.variant_id, new.base_uom_id, new.tracking))
  execute function inventory.keep_item_basis();

-- Levels follow -------------------------------------------------------------------------------------------------------

create function inventory.change_levels(
  biz_ids uuid[], item_ids uuid[], stock_location_ids uuid[], on_hand_changes numeric[], reserved_changes numeric[]
)
  returns void
  language plpgsql
as $$
begin
  insert into inventory.stock_levels (biz_id, id, item_id, stock_location_id, allows_negative, allows_backorder)
  select t.biz_id, core.uuid_v7(), t.id, p.id, p.allows_negative, t.allows_backorder
  from (
    select distinct c.biz_id, c.item_id, c.stock_location_id
    from unnest(biz_ids, item_ids, stock_location_ids) as c (biz_id, item_id, stock_location_id)
  ) c
  join inventory.inventory_items t on t.biz_id = c.biz_id and t.id = c.item_id
  join inventory.stock_locations p on p.biz_id = c.biz_id and p.id = c.stock_location_id
  where not exists (
    select
    from inventory.stock_levels l
    where l.biz_id = c.biz_id
      and l.item_id = c.item_id
      and l.stock_location_id = c.stock_location_id
  )
  order by t.id, p.id
  on conflict (biz_id, item_id, stock_location_id) do nothing;

  with change as (
    select c.biz_id, c.item_id, c.stock_location_id, sum(c.on_hand) as on_hand, sum(c.reserved) as reserved
    from unnest(biz_ids, item_ids, stock_location_ids, on_hand_changes, reserved_changes)
      as c (biz_id, item_id, stock_location_id, on_hand, reserved)
    group by c.biz_id, c.item_id, c.stock_location_id
  ),
  locked as (
    select l.biz_id, l.id, c.on_hand, c.reserved
    from change c
    join inventory.stock_levels l
      on l.biz_id = c.biz_id and l.item_id = c.item_id and l.stock_location_id = c.stock_location_id
    order by l.item_id, l.stock_location_id
    for no key update of l
  )
  update inventory.stock_levels l
  set on_hand = l.on_hand + k.on_hand, reserved = l.reserved + k.reserved
  from locked k
  where l.biz_id = k.biz_id
    and l.id = k.id;
end
$$;
comment on function inventory.change_levels(uuid[], uuid[], uuid[], numeric[], numeric[]) is
  'Adds to levels, making those that are missing, in ascending order of item and place. Called by the triggers of movements and reservations and by nothing else.';

create function inventory.apply_movements() returns trigger
language plpgsql as $$
declare
  broken text;
begin
  select r.rule
  into broken
  from (
    select case
      when t.tracking = 'lot' and i.batch_id is null then 'lot'
      when t.tracking = 'serial' and (i.serial_id is null or i.quantity <> 1) then 'serial'
      when i.reverses_id is not null and (
        w.reverses_id is not null
        or (w.item_id, w.kind, w.quantity, w.batch_id, w.serial_id, w.from_stock_location_id, w.to_stock_location_id)
          is distinct from
          (i.item_id, i.kind, i.quantity, i.batch_id, i.serial_id, i.to_stock_location_id, i.from_stock_location_id)
      ) then 'reversal'
    end as rule
    from inserted i
    join inventory.inventory_items t on t.biz_id = i.biz_id and t.id = i.item_id
    left join inventory.stock_movements w on w.biz_id = i.biz_id and w.id = i.reverses_id
  ) r
  where r.rule is not null
  limit 1;
  if broken is not null then
    raise exception using
      errcode = '23514',
      message = case broken
        when 'lot' then 'A movement of an item whose lots are told apart names the lot.'
        when 'serial' then 'A movement of an item with serial numbers is of one unit, and names it.'
        else 'A reversal moves the same quantity of the same item the other way, and is not itself reversed.'
      end,
      schema = 'inventory',
      table = 'stock_movements',
      constraint = format('stock_movements_%s_check', broken);
  end if;

  perform inventory.change_levels(
    array_agg(c.biz_id), array_agg(c.item_id), array_agg(c.stock_location_id), array_agg(c.quantity), array_agg(0::numeric))
  from (
    select i.biz_id, i.item_id, i.to_stock_location_id, i.quantity
    from inserted i
    where i.to_stock_location_id is not null
    union all
    select i.biz_id, i.item_id, i.from_stock_location_id, -i.quantity
    from inserted i
    where i.from_stock_location_id is not null
  ) as c (biz_id, item_id, stock_location_id, quantity);

  if not exists (select from inserted i where i.batch_id is not null) then
    return null;
  end if;

  -- What remains of a batch, over all places. Comes first: it locks the batches, in order.
  with change as (
    select i.biz_id, i.batch_id,
      sum(case when i.from_stock_location_id is null then i.quantity when i.to_stock_location_id is null then -i.quantity else 0 end) as quantity
    from inserted i
    where i.batch_id is not null
    group by i.biz_id, i.batch_id
  ),
  locked as (
    select b.biz_id, b.id, c.quantity
    from change c
    join inventory.stock_batches b on b.biz_id = c.biz_id and b.id = c.batch_id
    order by b.id
    for no key update of b
  )
  update inventory.stock_batches b
  set remaining_qty = b.remaining_qty + k.quantity
  from locked k
  where b.biz_id = k.biz_id
    and b.id = k.id
    and k.quantity <> 0;

  if exists (
    select
    from inserted i
    join inventory.stock_batches b on b.biz_id = i.biz_id and b.id = i.batch_id
    where i.kind = 'sale'
      and i.reverses_id is null
      and b.recalled_at is not null
  ) then
    raise exception using
      errcode = '23514',
      message = 'This lot was recalled and is not sold.',
      schema = 'inventory',
      table = 'stock_movements',
      column = 'batch_id',
      constraint = 'stock_movements_recalled_check';
  end if;

  -- Where a batch lies is kept for items whose units are told apart; of others nobody knows.
  insert into inventory.stock_batch_locations (biz_id, id, batch_id, stock_location_id)
  select i.biz_id, core.uuid_v7(), i.batch_id, i.to_stock_location_id
  from (select distinct biz_id, item_id, batch_id, to_stock_location_id from inserted) i
  join inventory.inventory_items t on t.biz_id = i.biz_id and t.id = i.item_id and t.tracking <> 'none'
  where i.batch_id is not null
    and i.to_stock_location_id is not null
  order by i.batch_id, i.to_stock_location_id
  on conflict (biz_id, batch_id, stock_location_id) do nothing;

  if exists (
    select
    from inserted i
    join inventory.inventory_items t on t.biz_id = i.biz_id and t.id = i.item_id and t.tracking <> 'none'
    where i.batch_id is not null
      and i.from_stock_location_id is not null
      and not exists (
        select
        from inventory.stock_batch_locations l
        where l.biz_id = i.biz_id
          and l.batch_id = i.batch_id
          and l.stock_location_id = i.from_stock_location_id
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'There is not enough of this lot here.',
      schema = 'inventory',
      table = 'stock_batch_locations',
      column = 'quantity',
      constraint = 'stock_batch_locations_quantity_check';
  end if;

  with change as (
    select c.biz_id, c.batch_id, c.stock_location_id, sum(c.quantity) as quantity
    from (
      select i.biz_id, i.batch_id, i.to_stock_location_id, i.quantity
      from inserted i
      union all
      select i.biz_id, i.batch_id, i.from_stock_location_id, -i.quantity
      from inserted i
    ) as c (biz_id, batch_id, stock_location_id, quantity)
    where c.batch_id is not null
      and c.stock_location_id is not null
    group by c.biz_id, c.batch_id, c.stock_location_id
  ),
  locked as (
    select l.biz_id, l.id, c.quantity
    from change c
    join inventory.stock_batch_locations l
      on l.biz_id = c.biz_id and l.batch_id = c.batch_id and l.stock_location_id = c.stock_location_id
    order by l.batch_id, l.stock_location_id
    for no key update of l
  )
  update inventory.stock_batch_locations l
  set quantity = l.quantity + k.quantity
  from locked k
  where l.biz_id = k.biz_id
    and l.id = k.id;
  return null;
end
$$;
comment on function inventory.apply_movements() is 'Trigger: movements name what their item asks for, and move levels, batches and lots, each in ascending order.';

create trigger stock_movements_apply
  after insert on inventory.stock_movements referencing new table as inserted
  for each statement execute function inventory.apply_movements();

-- What follows is not written by hand: only a change that makes it equal to what it follows is let through, by which a
-- restored database is repaired.

create function inventory.check_level_change() returns trigger
language plpgsql as $$
begin
  if new.on_hand <> (
    select coalesce(sum(case when m.to_stock_location_id = new.stock_location_id then m.quantity else -m.quantity end), 0)
    from inventory.stock_movements m
    where m.biz_id = new.biz_id
      and m.item_id = new.item_id
      and new.stock_location_id in (m.from_stock_location_id, m.to_stock_location_id)
  )
  or new.reserved <> (
    select coalesce(sum(r.quantity), 0)
    from inventory.stock_reservations r
    where r.biz_id = new.biz_id
      and r.item_id = new.item_id
      and r.stock_location_id = new.stock_location_id
      and r.status = 'active'
  ) then
    raise exception using
      errcode = '23514',
      message = 'Stock is changed by movements and reservations: on hand and reserved are their sums.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'on_hand',
      constraint = 'stock_levels_sums_check';
  end if;
  return new;
end
$$;
comment on function inventory.check_level_change() is 'Trigger: a level that is written by hand equals the sum of its movements and of its active reservations.';

create trigger stock_levels_new_sums
  before insert on inventory.stock_levels
  for each row when (new.on_hand <> 0 or new.reserved <> 0)
  execute function inventory.check_level_change();
create trigger stock_levels_sums
  before update on inventory.stock_levels
  for each row when ((old.on_hand, old.reserved) is distinct from (new.on_hand, new.reserved) and pg_trigger_depth() = 0)
  execute function inventory.check_level_change();
create trigger stock_levels_place_immutable
  before update on inventory.stock_levels
  for each row when ((old.item_id, old.stock_location_id) is distinct from (new.item_id, new.stock_location_id))
  execute function availability.refuse_update(
    'stock_levels_place_immutable_check',
    'A level stays with its item and its place.');

create trigger stock_batches_new_remaining
  before insert on inventory.stock_batches
  for each row when (new.remaining_qty <> 0)
  execute function availability.refuse_update(
    'stock_batches_remaining_follows_check',
    'What remains of a batch follows its movements, also the first.');
create trigger stock_batches_remaining
  before update on inventory.stock_batches
  for each row when (old.remaining_qty <> new.remaining_qty and pg_trigger_depth() = 0)
  execute function availability.refuse_update(
    'stock_batches_remaining_follows_check',
    'What remains of a batch follows its movements, also the first.');
create trigger stock_batches_item_immutable
  before update on inventory.stock_batches
  for each row when ((old.item_id, old.currency) is distinct from (new.item_id, new.currency))
  execute function availability.refuse_update(
    'stock_batches_item_immutable_check',
    'A batch keeps its item and its currency.');
create trigger stock_batch_locations_new_quantity
  before insert on inventory.stock_batch_locations
  for each row when (new.quantity <> 0)
  execute function availability.refuse_update(
    'stock_batch_locations_quantity_follows_check',
    'Where a lot lies follows its movements.');
create trigger stock_batch_locations_quantity
  before update on inventory.stock_batch_locations
  for each row when (
    (old.batch_id, old.stock_location_id, old.quantity) is distinct from (new.batch_id, new.stock_location_id, new.quantity)
    and pg_trigger_depth() = 0)
  execute function availability.refuse_update(
    'stock_batch_locations_quantity_follows_check',
    'Where a lot lies follows its movements.');
create trigger serial_numbers_serial_immutable
  before update on inventory.serial_numbers
  for each row when ((old.item_id, old.serial) is distinct from (new.item_id, new.serial))
  execute function availability.refuse_update('serial_numbers_serial_immutable_check', 'A serial number is not changed.');

-- Layers --------------------------------------------------------------------------------------------------------------

create function inventory.apply_cost_layers() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from inserted i
    join inventory.stock_movements m on m.biz_id = i.biz_id and m.id = i.movement_id
    join inventory.stock_batches b on b.biz_id = i.biz_id and b.id = i.batch_id
    where m.item_id <> i.item_id
      or num_nonnulls(m.from_stock_location_id, m.to_stock_location_id) <> 1
      or (m.batch_id is not null and m.batch_id <> i.batch_id)
      or b.currency <> i.currency
  ) then
    raise exception using
      errcode = '23514',
      message = 'A cost layer is of the item, batch and currency of a movement that comes in or goes out.',
      schema = 'inventory',
      table = 'cost_layers',
      constraint = 'cost_layers_movement_check';
  end if;

  -- A movement that names its batch has moved it already.
  with change as (
    select i.biz_id, i.batch_id, sum(case when m.to_stock_location_id is null then -i.quantity else i.quantity end) as quantity
    from inserted i
    join inventory.stock_movements m on m.biz_id = i.biz_id and m.id = i.movement_id
    where m.batch_id is null
    group by i.biz_id, i.batch_id
  ),
  locked as (
    select b.biz_id, b.id, c.quantity
    from change c
    join inventory.stock_batches b on b.biz_id = c.biz_id and b.id = c.batch_id
    order by b.id
    for no key update of b
  )
  update inventory.stock_batches b
  set remaining_qty = b.remaining_qty + k.quantity
  from locked k
  where b.biz_id = k.biz_id
    and b.id = k.id;
  return null;
end
$$;
comment on function inventory.apply_cost_layers() is 'Trigger: layers fit their movement, and take from the batches what the movement itself did not.';

create trigger cost_layers_apply
  after insert on inventory.cost_layers referencing new table as inserted
  for each statement execute function inventory.apply_cost_layers();

create function inventory.check_cost_layers() returns trigger
language plpgsql as $$
begin
  -- Two writers who each see only their own layers would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(format('inventory.cost_layers %s', new.movement_id), 0));
  if exists (
    select
    from inventory.stock_movements m
    where m.biz_id = new.biz_id
      and m.id = new.movement_id
      and m.quantity <> (
        select sum(l.quantity)
        from inventory.cost_layers l
        where l.biz_id = m.biz_id
          and l.movement_id = m.id
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The cost layers of a movement must sum up to its quantity.',
      schema = 'inventory',
      table = 'cost_layers',
      column = 'quantity',
      constraint = 'cost_layers_sum_check';
  end if;
  return null;
end
$$;
comment on function inventory.check_cost_layers() is 'Trigger: the layers of a movement sum up to its quantity.';

create constraint trigger cost_layers_sum_check
  after insert on inventory.cost_layers
  deferrable initially deferred
  for each row execute function inventory.check_cost_layers();
comment on constraint cost_layers_sum_check on inventory.cost_layers is 'The cost layers of a movement must sum up to its quantity.';
