-- The rules of inventory: movements and what follows them, promises, transfers, counts, recipes, waste and alerts.

-- given: a unit, variants, items of every tracking, places, and some stock
insert into catalog.units_of_measure (biz_id, id, code, name, dimension, factor_to_base) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000001', 'iv-pc', 'Piece', 'count', 1);
insert into catalog.products (biz_id, id, code, kind, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000002', 'iv-goods', 'good', 'Goods');
insert into catalog.product_variants (biz_id, id, product_id, sku, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000003', '00000000-0000-7019-8000-000000000002', 'IV-CUP', 'Cup'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000004', '00000000-0000-7019-8000-000000000002', 'IV-MILK', 'Milk'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000005', '00000000-0000-7019-8000-000000000002', 'IV-PHONE', 'Phone'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000006', '00000000-0000-7019-8000-000000000002', 'IV-MUG', 'Mug'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000007', '00000000-0000-7019-8000-000000000002', 'IV-NEW', 'New'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000008', '00000000-0000-7019-8000-000000000002', 'IV-LATTE', 'Latte'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000009', '00000000-0000-7019-8000-000000000002', 'IV-FRESH', 'Never moved');
insert into inventory.inventory_items (biz_id, id, variant_id, base_uom_id, tracking, allows_backorder) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000003', '00000000-0000-7019-8000-000000000001', 'none', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000012', '00000000-0000-7019-8000-000000000004', '00000000-0000-7019-8000-000000000001', 'lot', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000013', '00000000-0000-7019-8000-000000000005', '00000000-0000-7019-8000-000000000001', 'serial', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000014', '00000000-0000-7019-8000-000000000006', '00000000-0000-7019-8000-000000000001', 'none', true),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000015', '00000000-0000-7019-8000-000000000008', '00000000-0000-7019-8000-000000000001', 'none', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000016', '00000000-0000-7019-8000-000000000009', '00000000-0000-7019-8000-000000000001', 'none', false);
insert into inventory.stock_locations (biz_id, id, location_id, code, name, kind, allows_negative) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'store', 'Store', 'storage', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000022', '00000000-0000-7000-8000-000000000011', 'shelf', 'Shelf', 'shelf', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000023', '00000000-0000-7000-8000-000000000011', 'kitchen', 'Kitchen', 'kitchen', true),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000024', '00000000-0000-7000-8000-000000000012', 'store', 'Store', 'storage', false);
insert into inventory.stock_batches (biz_id, id, item_id, lot_no, received_on, expires_on, unit_cost, currency, received_qty) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000031', '00000000-0000-7019-8000-000000000012', 'L-1', '2027-03-01', '2027-03-10', 0.80, 'EUR', 10),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000032', '00000000-0000-7019-8000-000000000011', null, '2027-03-01', null, 1.20, 'EUR', 10),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000033', '00000000-0000-7019-8000-000000000012', 'L-2', '2027-03-02', '2027-03-12', 0.90, 'EUR', 5);
insert into inventory.serial_numbers (biz_id, id, item_id, serial, stock_location_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000041', '00000000-0000-7019-8000-000000000013', 'SN-1', '00000000-0000-7019-8000-000000000021');
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, batch_id, serial_id, business_date, idempotency_key) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000051', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'receipt', '00000000-0000-7019-8000-000000000021', 10, '00000000-0000-7019-8000-000000000032', null, '2027-03-01', 'first'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000052', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'receipt', '00000000-0000-7019-8000-000000000021', 10, '00000000-0000-7019-8000-000000000031', null, '2027-03-01', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000053', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000013', 'receipt', '00000000-0000-7019-8000-000000000021', 1, null, '00000000-0000-7019-8000-000000000041', '2027-03-01', null);

-- allowed: levels, lots and what remains follow the movements, of several items and places at once
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, to_stock_location_id, quantity, batch_id, business_date) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'transfer', '00000000-0000-7019-8000-000000000021', '00000000-0000-7019-8000-000000000022', 4, '00000000-0000-7019-8000-000000000031', '2027-03-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'sale', '00000000-0000-7019-8000-000000000022', null, 1, '00000000-0000-7019-8000-000000000031', '2027-03-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000063', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'consume', '00000000-0000-7019-8000-000000000023', null, 2, null, '2027-03-01');
do $$ begin
  assert (select array_agg(l.on_hand order by l.stock_location_id) from inventory.stock_levels l where l.item_id = '00000000-0000-7019-8000-000000000012') = array[6, 3]::numeric[];
  assert (select l.on_hand from inventory.stock_levels l where l.item_id = '00000000-0000-7019-8000-000000000011' and l.stock_location_id = '00000000-0000-7019-8000-000000000023') = -2;
  assert (select b.remaining_qty from inventory.stock_batches b where b.id = '00000000-0000-7019-8000-000000000031') = 9;
  assert (select array_agg(l.quantity order by l.stock_location_id) from inventory.stock_batch_locations l where l.batch_id = '00000000-0000-7019-8000-000000000031') = array[6, 3]::numeric[];
  assert not exists (select from inventory.stock_drift());
end $$;

-- allowed: a movement is undone by one the other way
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'receipt', '00000000-0000-7019-8000-000000000021', 10, '00000000-0000-7019-8000-000000000031', '2027-03-02', '00000000-0000-7019-8000-000000000052');
do $$ begin
  assert (select b.remaining_qty from inventory.stock_batches b where b.id = '00000000-0000-7019-8000-000000000031') = 0;
end $$;

-- refused stock_levels_on_hand_check: no more leaves than is there
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 11, '2027-03-01');

-- refused stock_movements_append_only_check: a movement is not changed
select set_config('role', 'bizing_platform', true);
update inventory.stock_movements set quantity = 9 where id = '00000000-0000-7019-8000-000000000051';

-- refused stock_movements_idempotency_key_key: the same movement is not written twice
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, business_date, idempotency_key)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'receipt', '00000000-0000-7019-8000-000000000021', 10, '2027-03-01', 'first');

-- refused stock_movements_quantity_check: a movement is of more than nothing
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'receipt', '00000000-0000-7019-8000-000000000021', -1, '2027-03-01');

-- refused stock_movements_direction_check: a sale leaves a place and comes to none
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 1, '2027-03-01');

-- refused stock_movements_adjust_reason_check: an adjustment has a reason
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'adjust', '00000000-0000-7019-8000-000000000021', 1, '2027-03-01');

-- refused stock_movements_lot_check: a movement names the lot where lots are told apart
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'sale', '00000000-0000-7019-8000-000000000021', 1, '2027-03-01');

-- refused stock_movements_serial_check: a movement of a thing with a serial number is of one unit
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, serial_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000013', 'receipt', '00000000-0000-7019-8000-000000000021', 2, '00000000-0000-7019-8000-000000000041', '2027-03-01');

-- refused stock_movements_batch_id_fkey: a movement takes a batch of its own item
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 1, '00000000-0000-7019-8000-000000000031', '2027-03-01');

-- refused stock_movements_reversal_check: a reversal is of the whole movement
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'receipt', '00000000-0000-7019-8000-000000000021', 9, '00000000-0000-7019-8000-000000000031', '2027-03-02', '00000000-0000-7019-8000-000000000052');

-- refused stock_movements_recalled_check: a recalled lot is not sold
update inventory.stock_batches set recalled_at = now(), recall_reason = 'glass' where id = '00000000-0000-7019-8000-000000000031';
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'sale', '00000000-0000-7019-8000-000000000021', 1, '00000000-0000-7019-8000-000000000031', '2027-03-01');

-- refused stock_batch_locations_quantity_check: no more of a lot leaves a place than lies there
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'receipt', '00000000-0000-7019-8000-000000000022', 5, '00000000-0000-7019-8000-000000000033', '2027-03-01');
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'sale', '00000000-0000-7019-8000-000000000022', 1, '00000000-0000-7019-8000-000000000031', '2027-03-01');

-- refused stock_batches_remaining_qty_check: no more of a batch comes than was received
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'receipt', '00000000-0000-7019-8000-000000000021', 1, '00000000-0000-7019-8000-000000000031', '2027-03-01');

-- refused stock_levels_sums_check: a level is not written by hand
update inventory.stock_levels set on_hand = 99 where item_id = '00000000-0000-7019-8000-000000000011';

-- refused stock_levels_sums_check: a level does not begin with stock
insert into inventory.stock_levels (biz_id, id, item_id, stock_location_id, allows_negative, allows_backorder, on_hand)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000024', false, false, 5);

-- refused stock_levels_place_immutable_check: a level stays where it is
update inventory.stock_levels set stock_location_id = '00000000-0000-7019-8000-000000000024' where item_id = '00000000-0000-7019-8000-000000000011';

-- refused stock_levels_reorder_check: the maximum is not below the reorder point
update inventory.stock_levels set reorder_point = 5, reorder_qty = 10, max_level = 4 where item_id = '00000000-0000-7019-8000-000000000011';

-- refused stock_batches_remaining_follows_check: what remains of a batch is not written by hand
update inventory.stock_batches set remaining_qty = 1 where id = '00000000-0000-7019-8000-000000000031';

-- refused stock_batches_remaining_follows_check: a batch begins with nothing
insert into inventory.stock_batches (biz_id, id, item_id, received_on, unit_cost, currency, received_qty, remaining_qty)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000011', '2027-03-01', 1, 'EUR', 5, 5);

-- refused stock_batches_item_immutable_check: a batch stays a batch of its item
update inventory.stock_batches set item_id = '00000000-0000-7019-8000-000000000014' where id = '00000000-0000-7019-8000-000000000032';

-- refused stock_batch_locations_quantity_follows_check: where a lot lies is not written by hand
update inventory.stock_batch_locations set quantity = 1 where batch_id = '00000000-0000-7019-8000-000000000031';

-- refused stock_batch_locations_quantity_follows_check: a lot is not put anywhere by hand
insert into inventory.stock_batch_locations (biz_id, id, batch_id, stock_location_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000031', '00000000-0000-7019-8000-000000000024', 1);

-- refused stock_levels_on_hand_check: a place below zero cannot be told to allow that no longer
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'consume', '00000000-0000-7019-8000-000000000023', 2, '2027-03-01');
update inventory.stock_locations set allows_negative = false where id = '00000000-0000-7019-8000-000000000023';

-- allowed: what an item is may change while it has not moved
update inventory.inventory_items set tracking = 'lot' where id = '00000000-0000-7019-8000-000000000016';

-- refused inventory_items_basis_immutable_check: what an item is does not change once it has moved
update inventory.inventory_items set tracking = 'lot' where id = '00000000-0000-7019-8000-000000000011';

-- race inventory_items_variant_id_key: a variant is kept in stock once
insert into inventory.inventory_items (biz_id, id, variant_id, base_uom_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f10:n', '00000000-0000-7019-8000-000000000007', '00000000-0000-7019-8000-000000000001');

-- refused stock_locations_parent_id_acyclic_check: a place is not inside itself
update inventory.stock_locations set parent_id = '00000000-0000-7019-8000-000000000022' where id = '00000000-0000-7019-8000-000000000021';
update inventory.stock_locations set parent_id = '00000000-0000-7019-8000-000000000021' where id = '00000000-0000-7019-8000-000000000022';

-- refused stock_locations_parent_id_fkey: a place is inside one of the same location
update inventory.stock_locations set parent_id = '00000000-0000-7019-8000-000000000024' where id = '00000000-0000-7019-8000-000000000021';

-- refused stock_locations_code_key: a location has a code once
insert into inventory.stock_locations (biz_id, id, location_id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', 'shelf', 'Other');

-- allowed: a unit is promised, sold, and comes back
update inventory.serial_numbers set status = 'reserved' where id = '00000000-0000-7019-8000-000000000041';
update inventory.serial_numbers set status = 'sold', stock_location_id = null, customer_id = '00000000-0000-7000-8000-000000000031' where id = '00000000-0000-7019-8000-000000000041';
update inventory.serial_numbers set status = 'returned', stock_location_id = '00000000-0000-7019-8000-000000000021' where id = '00000000-0000-7019-8000-000000000041';
update inventory.serial_numbers set status = 'in_stock' where id = '00000000-0000-7019-8000-000000000041';

-- refused serial_numbers_location_check: what was sold does not lie here
update inventory.serial_numbers set status = 'sold' where id = '00000000-0000-7019-8000-000000000041';

-- refused serial_numbers_status_transition_check: what was not sold does not come back
update inventory.serial_numbers set status = 'returned' where id = '00000000-0000-7019-8000-000000000041';

-- refused serial_numbers_status_reason_check: a unit is scrapped for a reason
update inventory.serial_numbers set status = 'scrapped', stock_location_id = null where id = '00000000-0000-7019-8000-000000000041';

-- refused serial_numbers_serial_immutable_check: a serial number is not changed
update inventory.serial_numbers set serial = 'SN-2' where id = '00000000-0000-7019-8000-000000000041';

-- refused serial_numbers_item_id_serial_key: a serial number exists once
insert into inventory.serial_numbers (biz_id, id, item_id, serial, stock_location_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000013', 'SN-1', '00000000-0000-7019-8000-000000000021');

-- allowed: the cost of what left comes from layers, which take from the batches
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 3, '2027-03-01');
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000032', 3, 1.20, 360, 'EUR');
do $$ begin
  assert (select b.remaining_qty from inventory.stock_batches b where b.id = '00000000-0000-7019-8000-000000000032') = 7;
end $$;

-- refused cost_layers_sum_check: the layers of a movement sum up to its quantity
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 3, '2027-03-01');
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000032', 2, 1.20, 240, 'EUR');

-- refused cost_layers_movement_check: a layer is of the item of its movement
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7019-8000-000000000012', '00000000-0000-7019-8000-000000000051', '00000000-0000-7019-8000-000000000031', 10, 0.8, 800, 'EUR');

-- allowed: stock is valued at the end of a day
insert into inventory.valuation_snapshots (biz_id, id, item_id, stock_location_id, as_of, quantity, value_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000021', '2027-03-01', 10, 1200, 'EUR');

-- race stock_levels_on_hand_check: inv26 the last of it leaves once
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f11:n', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 6, '2027-03-01');

-- given: four cups are left, and one of them is promised
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000071', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000021', 1, 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- allowed: a promise is kept: it is consumed, and the stock leaves
update inventory.stock_reservations set status = 'consumed' where id = '00000000-0000-7019-8000-000000000071';
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 4, '2027-03-01');

-- refused stock_levels_reserved_check: what is promised does not leave otherwise
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000011', 'sale', '00000000-0000-7019-8000-000000000021', 4, '2027-03-01');

-- refused stock_levels_reserved_check: a promise is not made greater than what is there
update inventory.stock_reservations set quantity = 5 where id = '00000000-0000-7019-8000-000000000071';

-- allowed: more than is there is promised of an item that may be ordered later
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000072', '00000000-0000-7019-8000-000000000014', '00000000-0000-7019-8000-000000000021', 7, 'BookingOrder', '00000000-0000-7000-8000-000000000071');
do $$ begin
  assert (select l.available from inventory.stock_levels l where l.item_id = '00000000-0000-7019-8000-000000000014') = -7;
  assert not exists (select from inventory.stock_drift());
end $$;

-- race stock_levels_reserved_check: inv26 what is there is promised once
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f12:n', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000021', 2, 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused stock_reservations_status_transition_check: what was released is not promised again
update inventory.stock_reservations set status = 'released' where id = '00000000-0000-7019-8000-000000000071';
update inventory.stock_reservations set status = 'active' where id = '00000000-0000-7019-8000-000000000071';

-- refused stock_reservations_place_immutable_check: a promise stays with its item
update inventory.stock_reservations set item_id = '00000000-0000-7019-8000-000000000014' where id = '00000000-0000-7019-8000-000000000071';

-- refused stock_reservations_source_fkey: stock is promised for something
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000072', '00000000-0000-7019-8000-000000000014', '00000000-0000-7019-8000-000000000021', 1, 'BookingOrder', '00000000-0000-7019-8000-000000000001');

-- race stock_reservations_serial_id_key: a unit is promised to one
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, serial_id, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f13:n', '00000000-0000-7019-8000-000000000013', '00000000-0000-7019-8000-000000000021', 1, '00000000-0000-7019-8000-000000000041', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- given: a transfer on its way, one being put together, and a count
insert into inventory.stock_transfers (biz_id, id, number, from_stock_location_id, to_stock_location_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000081', 'TR-1', '00000000-0000-7019-8000-000000000021', '00000000-0000-7019-8000-000000000024'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000082', 'TR-2', '00000000-0000-7019-8000-000000000021', '00000000-0000-7019-8000-000000000022');
insert into inventory.stock_transfer_lines (biz_id, id, transfer_id, line_no, item_id, quantity) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000083', '00000000-0000-7019-8000-000000000081', 1, '00000000-0000-7019-8000-000000000011', 2);
update inventory.stock_transfers set status = 'approved' where id = '00000000-0000-7019-8000-000000000081';
update inventory.stock_transfers set status = 'in_transit', shipped_at = '2027-03-01 10:00Z' where id = '00000000-0000-7019-8000-000000000081';
insert into inventory.stock_counts (biz_id, id, number, stock_location_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000091', 'CT-1', '00000000-0000-7019-8000-000000000021');
insert into inventory.stock_count_lines (biz_id, id, count_id, item_id, expected_qty) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000092', '00000000-0000-7019-8000-000000000091', '00000000-0000-7019-8000-000000000014', 0);

-- allowed: a transfer comes in parts, and the rest is explained
update inventory.stock_transfer_lines set received_qty = 1 where id = '00000000-0000-7019-8000-000000000083';
update inventory.stock_transfers set status = 'partially_received' where id = '00000000-0000-7019-8000-000000000081';
update inventory.stock_transfer_lines set discrepancy_reason = 'broken' where id = '00000000-0000-7019-8000-000000000083';
select set_config('app.reason', 'broken', true);
update inventory.stock_transfers set status = 'closed', received_at = '2027-03-02 10:00Z' where id = '00000000-0000-7019-8000-000000000081';

-- refused stock_transfers_lines_check: a transfer is received when all of it has come
update inventory.stock_transfer_lines set received_qty = 1 where id = '00000000-0000-7019-8000-000000000083';
update inventory.stock_transfers set status = 'received', received_at = '2027-03-02 10:00Z' where id = '00000000-0000-7019-8000-000000000081';

-- refused stock_transfers_lines_check: an empty transfer is not sent
update inventory.stock_transfers set status = 'approved' where id = '00000000-0000-7019-8000-000000000082';

-- refused stock_transfers_status_transition_check: a draft is not sent before it is approved
update inventory.stock_transfers set status = 'in_transit', shipped_at = now() where id = '00000000-0000-7019-8000-000000000082';

-- refused stock_transfers_status_reason_check: a transfer is called off for a reason
update inventory.stock_transfers set status = 'cancelled' where id = '00000000-0000-7019-8000-000000000082';

-- refused stock_transfers_shipped_check: a transfer that has left says when
update inventory.stock_transfers set shipped_at = null where id = '00000000-0000-7019-8000-000000000081';

-- refused stock_transfer_lines_open_check: what is on its way is not changed
update inventory.stock_transfer_lines set quantity = 3 where id = '00000000-0000-7019-8000-000000000083';

-- refused stock_transfer_lines_open_check: nothing is added to what is on its way
insert into inventory.stock_transfer_lines (biz_id, id, transfer_id, line_no, item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000084', '00000000-0000-7019-8000-000000000081', 2, '00000000-0000-7019-8000-000000000011', 1);

-- refused stock_transfer_lines_transfer_id_immutable_check: a line stays with its transfer
update inventory.stock_transfer_lines set transfer_id = '00000000-0000-7019-8000-000000000082' where id = '00000000-0000-7019-8000-000000000083';

-- refused stock_transfer_lines_received_open_check: nothing comes of a transfer that has not left
insert into inventory.stock_transfer_lines (biz_id, id, transfer_id, line_no, item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000084', '00000000-0000-7019-8000-000000000082', 1, '00000000-0000-7019-8000-000000000011', 1);
update inventory.stock_transfer_lines set received_qty = 1 where id = '00000000-0000-7019-8000-000000000084';

-- refused stock_transfer_lines_received_qty_check: no more comes than was sent
update inventory.stock_transfer_lines set received_qty = 3 where id = '00000000-0000-7019-8000-000000000083';

-- allowed: a count is counted, reviewed, counted again and posted with its differences
update inventory.stock_counts set status = 'counting', snapshot_at = now() where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_count_lines set counted_qty = 2, counted_at = now() where id = '00000000-0000-7019-8000-000000000092';
update inventory.stock_counts set status = 'review' where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_counts set status = 'counting' where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_counts set status = 'review' where id = '00000000-0000-7019-8000-000000000091';
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, source_type, source_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000014', 'count', '00000000-0000-7019-8000-000000000021', 2, 'StockCount', '00000000-0000-7019-8000-000000000091', '2027-03-01');
update inventory.stock_count_lines set movement_id = '00000000-0000-7019-8000-000000000061', reason = 'forgotten delivery' where id = '00000000-0000-7019-8000-000000000092';
update inventory.stock_counts set status = 'posted', posted_at = now(), business_date = '2027-03-01' where id = '00000000-0000-7019-8000-000000000091';

-- refused stock_counts_posted_lines_check: a count is posted when everything was counted
update inventory.stock_counts set status = 'counting', snapshot_at = now() where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_counts set status = 'review' where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_counts set status = 'posted', posted_at = now(), business_date = '2027-03-01' where id = '00000000-0000-7019-8000-000000000091';

-- refused stock_counts_posted_lines_check: each difference has its movement
update inventory.stock_counts set status = 'counting', snapshot_at = now() where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_count_lines set counted_qty = 2, counted_at = now() where id = '00000000-0000-7019-8000-000000000092';
update inventory.stock_counts set status = 'review' where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_counts set status = 'posted', posted_at = now(), business_date = '2027-03-01' where id = '00000000-0000-7019-8000-000000000091';

-- refused stock_counts_snapshot_check: a count has a snapshot
update inventory.stock_counts set status = 'counting' where id = '00000000-0000-7019-8000-000000000091';

-- refused stock_counts_status_transition_check: a count is not posted before it was reviewed
update inventory.stock_counts set status = 'posted', posted_at = now(), snapshot_at = now(), business_date = '2027-03-01' where id = '00000000-0000-7019-8000-000000000091';

-- refused stock_count_lines_open_check: a cancelled count is not changed
select set_config('app.reason', 'not now', true);
update inventory.stock_counts set status = 'cancelled' where id = '00000000-0000-7019-8000-000000000091';
update inventory.stock_count_lines set counted_qty = 2, counted_at = now() where id = '00000000-0000-7019-8000-000000000092';

-- refused stock_count_lines_open_check: nothing is added to a cancelled count
select set_config('app.reason', 'not now', true);
update inventory.stock_counts set status = 'cancelled' where id = '00000000-0000-7019-8000-000000000091';
insert into inventory.stock_count_lines (biz_id, id, count_id, item_id, expected_qty) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000093', '00000000-0000-7019-8000-000000000091', '00000000-0000-7019-8000-000000000011', 0);

-- refused stock_count_lines_item_key: a count has an item once
insert into inventory.stock_count_lines (biz_id, id, count_id, item_id, expected_qty) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000093', '00000000-0000-7019-8000-000000000091', '00000000-0000-7019-8000-000000000014', 0);

-- race stock_counts_full_key: a place is counted by one full count at a time
insert into inventory.stock_counts (biz_id, id, number, stock_location_id, status, snapshot_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f14:n', 'CT-R:n', '00000000-0000-7019-8000-000000000022', 'counting', now());

-- given: a latte of milk, over March
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, effective_starts_on, effective_ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a1', '00000000-0000-7019-8000-000000000008', 1, 'Latte', '2027-03-01', '2027-04-01');
insert into inventory.recipe_components (biz_id, id, recipe_id, item_id, quantity, waste_pct) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a2', '00000000-0000-7019-8000-0000000000a1', '00000000-0000-7019-8000-000000000012', 0.2, 5);

-- allowed: the next recipe follows, and may use what the one before made
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, effective_starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a3', '00000000-0000-7019-8000-000000000008', 2, 'Latte', '2027-04-01');
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, effective_starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a4', '00000000-0000-7019-8000-000000000004', 1, 'Milk from latte', '2027-04-01');
insert into inventory.recipe_components (biz_id, id, recipe_id, item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a5', '00000000-0000-7019-8000-0000000000a4', '00000000-0000-7019-8000-000000000015', 1);

-- refused recipe_components_item_id_acyclic_check: nothing is made of itself, also through others
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, effective_starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a4', '00000000-0000-7019-8000-000000000004', 1, 'Milk from latte', '2027-03-15');
insert into inventory.recipe_components (biz_id, id, recipe_id, item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a5', '00000000-0000-7019-8000-0000000000a4', '00000000-0000-7019-8000-000000000015', 1);

-- refused recipe_components_item_id_acyclic_check: moving a recipe in time closes no circle
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, effective_starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a4', '00000000-0000-7019-8000-000000000004', 1, 'Milk from latte', '2027-04-01');
insert into inventory.recipe_components (biz_id, id, recipe_id, item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-0000000000a5', '00000000-0000-7019-8000-0000000000a4', '00000000-0000-7019-8000-000000000015', 1);
update inventory.recipes set effective_starts_on = '2027-03-31' where id = '00000000-0000-7019-8000-0000000000a4';

-- race recipes_no_overlap_excl: a variant has one recipe on a day
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, effective_starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f15:n', '00000000-0000-7019-8000-000000000006', 1:n, 'Mug', '2027-03-01');

-- refused recipe_components_waste_pct_check: not everything is lost
update inventory.recipe_components set waste_pct = 100 where id = '00000000-0000-7019-8000-0000000000a2';

-- allowed: spilt milk is recorded with its movement
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'waste', '00000000-0000-7019-8000-000000000021', 1, '00000000-0000-7019-8000-000000000031', '2027-03-01');
insert into inventory.waste_records (biz_id, id, item_id, stock_location_id, movement_id, quantity, reason, cost_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7019-8000-000000000012', '00000000-0000-7019-8000-000000000021', '00000000-0000-7019-8000-000000000061', 1, 'damaged', 80, 'EUR', '2027-03-01');

-- refused waste_records_movement_check: a waste record says what its movement did
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000061', '00000000-0000-7000-8000-000000000011', '00000000-0000-7019-8000-000000000012', 'waste', '00000000-0000-7019-8000-000000000021', 1, '00000000-0000-7019-8000-000000000031', '2027-03-01');
insert into inventory.waste_records (biz_id, id, item_id, stock_location_id, movement_id, quantity, reason, cost_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-000000000062', '00000000-0000-7019-8000-000000000012', '00000000-0000-7019-8000-000000000021', '00000000-0000-7019-8000-000000000061', 2, 'damaged', 160, 'EUR', '2027-03-01');

-- race stock_alerts_kind_key: an alert is raised once
insert into inventory.stock_alerts (biz_id, id, item_id, stock_location_id, kind, threshold)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7019-8000-00000000f16:n', '00000000-0000-7019-8000-000000000011', '00000000-0000-7019-8000-000000000021', 'low', 5);

-- refused stock_alerts_status_transition_check: a resolved alert stays resolved
update inventory.stock_alerts set status = 'resolved', resolved_at = now() where item_id = '00000000-0000-7019-8000-000000000011';
update inventory.stock_alerts set status = 'open', resolved_at = null where item_id = '00000000-0000-7019-8000-000000000011';
