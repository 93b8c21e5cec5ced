-- Stock of the kitchens, bars and the spa: four weeks of deliveries, use, waste, transfers and counts.
-- Others may use: stock_location/lis/store, lis/kitchen, lis/bar, lis/quarantine, cas/store, cas/bar, spa/cabinet, spa/shelf;
--   inventory_item/<sku> with the skus of 05_catalog_products that are stocked.

-- Places
insert into inventory.stock_locations (biz_id, id, location_id, parent_id, code, name, kind, allows_negative)
select pg_temp.biz(), pg_temp.id('stock_location/' || v.place || '/' || v.code), pg_temp.location(upper(v.place)),
  case when v.parent is not null then pg_temp.id('stock_location/' || v.place || '/' || v.parent) end, v.code, v.name, v.kind, v.negative
from (values
  ('lis', 'store', 'Main store, basement', 'storage', null, false),
  ('lis', 'quarantine', 'Goods on hold', 'quarantine', 'store', false),
  ('lis', 'scrap', 'Scrap', 'scrap', 'store', false),
  ('lis', 'transit', 'Van between the houses', 'transit', null, false),
  ('lis', 'kitchen', 'Kitchen and cold room', 'kitchen', null, false),
  ('lis', 'bar', 'Bar Farol', 'shelf', null, false),
  ('cas', 'store', 'Cascais store', 'storage', null, false),
  ('cas', 'bar', 'Terrace bar', 'shelf', null, true),
  ('spa', 'cabinet', 'Treatment cabinet', 'storage', null, false),
  ('spa', 'shelf', 'Spa shop shelf', 'shelf', null, false)
) v (place, code, name, kind, parent, negative)
order by v.parent nulls first;

-- Items
insert into inventory.inventory_items (biz_id, id, variant_id, base_uom_id, tracking, valuation, shelf_life_days, expiry_alert_days,
  is_ingredient, allows_backorder, standard_cost, currency)
select pg_temp.biz(), pg_temp.id('inventory_item/' || x.sku), v.id, p.unit_of_measure_id,
  case when x.sku = 'massajador' then 'serial' when x.life is not null and x.life <> 0 then 'lot' else 'none' end,
  case when p.kind = 'ingredient' then 'average' else 'fifo' end, nullif(abs(x.life), 0), case when x.life > 90 then 30 when x.life > 0 then 2 end,
  p.kind = 'ingredient', x.sku like 'roupao%', v.unit_cost_minor / 100.0, 'EUR'
from (values
  ('bacalhau-demolhado', 7), ('polvo', 180), ('robalo-fresco', 6), ('tamboril', 7), ('ameijoa', 6), ('lombo-novilho', 14),
  ('ovos', null), ('leite', null), ('natas', null), ('batata', null), ('cebola', null), ('laranja', null), ('limao', null), ('arroz', null),
  ('azeite', null), ('farinha', null), ('acucar', null), ('cafe-grao', null), ('gin', null), ('porto-branco', null), ('tonica', null),
  ('cerveja-barril', null), ('pastel-bacalhau-cru', null), ('agua-50', null), ('agua-100', null), ('agua-gas', null),
  ('vinho-verde-gf', null), ('douro-tinto-gf', null), ('esfoliante', 365), ('oleo-100', 540), ('oleo-250', 540), ('vela', null),
  ('roupao-s', null), ('roupao-m', null), ('roupao-l', null), ('massajador', null)
) x (sku, life)
join catalog.product_variants v on v.biz_id = pg_temp.biz() and v.id = pg_temp.id('variant/' || x.sku)
join catalog.products p on p.biz_id = v.biz_id and p.id = v.product_id;

-- What comes where: how much at a time, on which of four days, and how much is used each time between two deliveries
create temp table stocked on commit drop as
select x.*, pg_temp.id('inventory_item/' || x.sku) as item_id, pg_temp.id('stock_location/' || x.place) as place_id,
  t.tracking, t.standard_cost, t.shelf_life_days
from (values
  ('bacalhau-demolhado', 'lis/kitchen', 12, 4, 3.6, 4, 12, 24), ('polvo', 'lis/kitchen', 20, 4, 5.5, 8, 20, 60),
  ('robalo-fresco', 'lis/kitchen', 9, 4, 2.8, 3, 9, 20), ('tamboril', 'lis/kitchen', 7, 4, 2.2, 2, 7, 16),
  ('ameijoa', 'lis/kitchen', 8, 4, 2.5, 3, 8, 18), ('lombo-novilho', 'lis/kitchen', 10, 4, 3.1, 4, 10, 24),
  ('ovos', 'lis/kitchen', 180, 4, 56, 90, 180, 480), ('leite', 'lis/kitchen', 40, 4, 12.5, 15, 40, 90),
  ('natas', 'lis/kitchen', 10, 4, 3.1, 4, 10, 24), ('batata', 'lis/kitchen', 50, 4, 15.5, 20, 50, 120),
  ('cebola', 'lis/kitchen', 15, 4, 4.5, 6, 15, 40), ('laranja', 'lis/kitchen', 60, 4, 18.5, 25, 60, 140),
  ('limao', 'lis/kitchen', 8, 4, 2.4, 3, 8, 20), ('arroz', 'lis/kitchen', 20, 4, 5.2, 8, 20, 50),
  ('azeite', 'lis/kitchen', 15, 4, 4.7, 6, 15, 36), ('farinha', 'lis/kitchen', 10, 4, 2.8, 4, 10, 25),
  ('acucar', 'lis/kitchen', 8, 4, 2.3, 3, 8, 20), ('pastel-bacalhau-cru', 'lis/kitchen', 80, 4, 24, 30, 80, 200),
  ('cafe-grao', 'lis/bar', 9, 4, 2.7, 4, 9, 24), ('gin', 'lis/bar', 4.2, 4, 1.1, 2, 4.2, 12),
  ('porto-branco', 'lis/bar', 4.5, 4, 1.2, 2, 4.5, 12), ('tonica', 'lis/bar', 96, 4, 27, 48, 96, 288),
  ('cerveja-barril', 'lis/bar', 60, 4, 17.5, 30, 60, 150), ('agua-50', 'lis/bar', 120, 2, 0, 60, 120, 300),
  ('agua-100', 'lis/bar', 48, 2, 0, 24, 48, 120), ('agua-gas', 'lis/bar', 96, 2, 0, 48, 96, 240),
  ('vinho-verde-gf', 'lis/bar', 24, 2, 0, 12, 24, 60), ('douro-tinto-gf', 'lis/bar', 24, 2, 0, 12, 24, 60),
  ('agua-50', 'lis/store', 240, 2, 0, 120, 240, 720), ('vinho-verde-gf', 'lis/store', 36, 2, 0, 24, 36, 120),
  ('douro-tinto-gf', 'lis/store', 36, 2, 0, 24, 36, 120), ('azeite', 'lis/store', 20, 2, 0, 10, 20, 60),
  ('cafe-grao', 'lis/store', 12, 2, 0, 8, 12, 36), ('tonica', 'lis/store', 144, 2, 0, 96, 144, 384),
  ('agua-50', 'cas/bar', 96, 2, 0, 48, 96, 240), ('agua-gas', 'cas/bar', 72, 2, 0, 36, 72, 180),
  ('cerveja-barril', 'cas/bar', 50, 4, 14.5, 20, 50, 120), ('vinho-verde-gf', 'cas/bar', 18, 2, 0, 9, 18, 48),
  ('cafe-grao', 'cas/bar', 4, 4, 1.2, 2, 4, 12), ('laranja', 'cas/store', 25, 4, 7.8, 10, 25, 60),
  ('esfoliante', 'spa/cabinet', 24, 2, 0, 12, 24, 72), ('oleo-100', 'spa/cabinet', 30, 2, 0, 15, 30, 90),
  ('oleo-250', 'spa/cabinet', 18, 2, 0, 8, 18, 48), ('vela', 'spa/cabinet', 24, 2, 0, 12, 24, 60),
  ('roupao-s', 'spa/shelf', 8, 1, 0, 3, 8, 16), ('roupao-m', 'spa/shelf', 12, 1, 0, 4, 12, 24), ('roupao-l', 'spa/shelf', 3, 1, 0, 4, 8, 20)
) x (sku, place, amount, times, used, low, reorder, most)
join inventory.inventory_items t on t.biz_id = pg_temp.biz() and t.id = pg_temp.id('inventory_item/' || x.sku);

create temp table lots on commit drop as
select s.*, k.k, pg_temp.id(format('stock_batch/%s/%s/%s', s.sku, s.place, k.k)) as batch_id,
  case when s.times = 4 then -26 + 7 * k.k else -26 + 13 * k.k end as day, round(s.standard_cost * (1 + (k.k - 1) * 0.015), 4) as cost
from stocked s
cross join lateral generate_series(0, s.times - 1) as k (k);
insert into lots (sku, place, amount, times, used, item_id, place_id, tracking, standard_cost, shelf_life_days, k, batch_id, day, cost)
select 'massajador', 'spa/cabinet', 8, 1, 0, t.id, pg_temp.id('stock_location/spa/cabinet'), 'serial', t.standard_cost, null, 0,
  pg_temp.id('stock_batch/massajador'), -26, t.standard_cost
from inventory.inventory_items t
where t.biz_id = pg_temp.biz() and t.id = pg_temp.id('inventory_item/massajador');

insert into inventory.stock_batches (biz_id, id, item_id, lot_no, received_on, manufactured_on, expires_on, unit_cost, currency, received_qty, supplier_ref)
select pg_temp.biz(), l.batch_id, l.item_id, case when l.tracking = 'lot' then format('L%s-%s', to_char(pg_temp.day(l.day - 1), 'YYMMDD'), upper(left(l.sku, 3))) end,
  pg_temp.day(l.day), case when l.tracking = 'lot' then pg_temp.day(l.day - 1) end, pg_temp.day(l.day + l.shelf_life_days),
  l.cost, 'EUR', l.amount, case when l.sku <> 'pastel-bacalhau-cru' then format('GT %s/%s', 4100 + l.day * 3 + length(l.sku), to_char(pg_temp.day(l.day), 'YYYY')) end
from lots l;

insert into inventory.serial_numbers (biz_id, id, item_id, serial, stock_location_id, batch_id)
select pg_temp.biz(), pg_temp.id('serial/' || n), pg_temp.id('inventory_item/massajador'), 'LM-26-' || (40310 + n * 7),
  pg_temp.id('stock_location/spa/' || case when n <= 5 then 'shelf' else 'cabinet' end), pg_temp.id('stock_batch/massajador')
from generate_series(1, 8) n;

-- Everything that moved
create temp table moves (name text, sku text, kind text, came_from text, went_to text, quantity numeric, batch_id uuid, serial_id uuid,
  at timestamptz, reason text, waste text, source_type text, source_id uuid) on commit drop;

insert into moves (name, sku, kind, went_to, quantity, batch_id, at, reason)
select format('in/%s/%s/%s', l.sku, l.place, l.k), l.sku,
  case when l.sku = 'pastel-bacalhau-cru' then 'produce' when l.k = 0 then 'adjust' else 'receipt' end, l.place, l.amount, l.batch_id,
  pg_temp.at(l.day, case when l.sku = 'pastel-bacalhau-cru' then time '10:30' else '07:40' end), case when l.k = 0 then 'Stock taken over at the start' end
from lots l
where l.tracking <> 'serial';
-- used on two days after each delivery; of fish the rest is thrown away when the next comes
insert into moves (name, sku, kind, came_from, quantity, batch_id, at)
select format('use/%s/%s/%s/%s', l.sku, l.place, l.k, j), l.sku, 'consume', l.place, l.used * 1.5, case when l.tracking = 'lot' then l.batch_id end,
  pg_temp.at(l.day + 2 * j, '23:10')
from lots l
cross join generate_series(1, 2) j
where l.used > 0 and l.day + 2 * j < 0;
insert into moves (name, sku, kind, came_from, quantity, batch_id, at, waste)
select format('waste/%s/%s', l.sku, l.k), l.sku, 'waste', l.place, l.amount - 3 * l.used, l.batch_id, pg_temp.at(l.day + 7, '07:10'),
  case when l.k = 1 then 'spoiled' else 'expired' end
from lots l
where l.tracking = 'lot' and l.used > 0 and l.shelf_life_days < 10 and l.day + 7 < 0;
insert into moves (name, sku, kind, came_from, went_to, quantity, at, reason, waste, source_type, source_id)
select v.name, v.sku, v.kind, v.came_from, v.went_to, v.quantity, pg_temp.at(v.day, v.time::time), v.reason, v.waste, v.source,
  pg_temp.id(v.source_name)
from (values
  ('w1', 'leite', 'waste', 'lis/kitchen', null, 1.5, -17, '15:20', 'Carton dropped', 'damaged', null, null),
  ('w2', 'batata', 'waste', 'lis/kitchen', null, 2.2, -15, '11:05', 'Sprouted', 'spoiled', null, null),
  ('w3', 'ovos', 'waste', 'lis/kitchen', null, 4, -11, '09:10', null, 'damaged', null, null),
  ('w4', 'natas', 'waste', 'lis/kitchen', null, 0.8, -10, '22:40', 'Sauce split', 'preparation', null, null),
  ('w5', 'pastel-bacalhau-cru', 'waste', 'lis/kitchen', null, 6, -8, '23:00', 'Left over after the buffet', 'overproduction', null, null),
  ('w6', 'laranja', 'waste', 'lis/kitchen', null, 3.1, -6, '10:00', null, 'spoiled', null, null),
  ('w7', 'gin', 'waste', 'lis/bar', null, 0.7, -5, '21:30', 'Bottle broke on the terrace', 'damaged', null, null),
  ('w8', 'vinho-verde-gf', 'waste', 'lis/bar', null, 1, -4, '19:45', 'Corked, taken back from table 7', 'returned', null, null),
  ('w9', 'agua-gas', 'waste', 'cas/bar', null, 2, -3, '18:00', 'Tasting for a wedding', 'sample', null, null),
  ('w10', 'cerveja-barril', 'waste', 'lis/bar', null, 1.4, -2, '12:30', 'Lines cleaned', 'other', null, null),
  ('w11', 'vela', 'waste', 'spa/cabinet', null, 1, -9, '16:00', 'Tester for the counter', 'sample', null, null),
  ('t1a', 'vinho-verde-gf', 'transfer', 'lis/store', 'lis/transit', 6, -18, '09:00', null, null, 'StockTransfer', 'stock_transfer/1'),
  ('t1b', 'douro-tinto-gf', 'transfer', 'lis/store', 'lis/transit', 6, -18, '09:00', null, null, 'StockTransfer', 'stock_transfer/1'),
  ('t1c', 'vinho-verde-gf', 'transfer', 'lis/transit', 'cas/store', 6, -18, '11:30', null, null, 'StockTransfer', 'stock_transfer/1'),
  ('t1d', 'douro-tinto-gf', 'transfer', 'lis/transit', 'cas/store', 5, -18, '11:30', null, null, 'StockTransfer', 'stock_transfer/1'),
  ('t1e', 'douro-tinto-gf', 'waste', 'lis/transit', null, 1, -18, '11:35', 'Broke in the van', 'damaged', 'StockTransfer', 'stock_transfer/1'),
  ('t2c', 'vela', 'transfer', 'spa/cabinet', 'spa/shelf', 16, -15, '10:00', null, null, 'StockTransfer', 'stock_transfer/2'),
  ('t3a', 'agua-50', 'transfer', 'lis/store', 'lis/transit', 48, -2, '09:15', null, null, 'StockTransfer', 'stock_transfer/3'),
  ('t3b', 'azeite', 'transfer', 'lis/store', 'lis/transit', 3, -2, '09:15', null, null, 'StockTransfer', 'stock_transfer/3'),
  ('t3c', 'agua-50', 'transfer', 'lis/transit', 'cas/store', 36, -2, '11:50', null, null, 'StockTransfer', 'stock_transfer/3'),
  ('t3d', 'azeite', 'transfer', 'lis/transit', 'cas/store', 3, -2, '11:50', null, null, 'StockTransfer', 'stock_transfer/3'),
  ('t4a', 'cafe-grao', 'transfer', 'lis/store', 'lis/transit', 4, -1, '16:40', null, null, 'StockTransfer', 'stock_transfer/4'),
  ('c1a', 'gin', 'count', 'lis/bar', null, 0.3, -7, '09:30', 'Poured by eye', null, 'StockCount', 'stock_count/1'),
  ('c1b', 'tonica', 'count', 'lis/bar', null, 3, -7, '09:30', 'Breakage not written down', null, 'StockCount', 'stock_count/1'),
  ('c1c', 'agua-gas', 'count', 'lis/bar', null, 2, -7, '09:30', null, null, 'StockCount', 'stock_count/1'),
  ('r4', 'vela', 'sale', 'spa/shelf', null, 2, -12, '18:30', null, null, 'BookingOrder', null),
  ('a1', 'roupao-m', 'adjust', 'spa/shelf', null, 1, -14, '17:00', 'Moved to treatment room Dune for good', null, null, null)
) v (name, sku, kind, came_from, went_to, quantity, day, time, reason, waste, source, source_name);
update moves set source_id = pg_temp.booking('completed', 5) where name = 'r4';
insert into moves (name, sku, kind, came_from, went_to, quantity, batch_id, at, source_type, source_id)
select 't2/' || v.sku, v.sku, 'transfer', 'spa/cabinet', 'spa/shelf', v.quantity, pg_temp.id(format('stock_batch/%s/spa/cabinet/0', v.sku)),
  pg_temp.at(-15, '10:00'), 'StockTransfer', pg_temp.id('stock_transfer/2')
from (values ('esfoliante', 14), ('oleo-100', 16), ('oleo-250', 9)) v (sku, quantity);
insert into moves (name, sku, kind, came_from, went_to, quantity, batch_id, serial_id, at, reason, waste)
select format('serial/%s/%s', v.n, v.step), 'massajador', v.kind, v.came_from, v.went_to, 1, pg_temp.id('stock_batch/massajador'),
  pg_temp.id('serial/' || v.n), pg_temp.at(v.day, v.time::time), v.reason, v.waste
from (
  select n, 0, 'adjust', null, 'spa/cabinet', -26, '07:40', 'Stock taken over at the start', null from generate_series(1, 8) n
  union all select n, 1, 'transfer', 'spa/cabinet', 'spa/shelf', -22, '09:00', null, null from generate_series(1, 5) n
  union all values
    (1, 2, 'sale', 'spa/shelf', null, -16, '17:20', null, null), (2, 2, 'sale', 'spa/shelf', null, -9, '12:45', null, null),
    (1, 3, 'return', null, 'spa/shelf', -6, '11:15', 'Does not charge', null),
    (4, 2, 'waste', 'spa/shelf', null, -3, '15:00', 'Dropped at the counter', 'damaged')
) v (n, step, kind, came_from, went_to, day, time, reason, waste);

create temp table places on commit drop as
select p.id, lower(l.code) || '/' || p.code as place
from inventory.stock_locations p
join core.locations l on l.biz_id = p.biz_id and l.id = p.location_id
where p.biz_id = pg_temp.biz();
analyze moves, places;
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, to_stock_location_id, quantity, batch_id,
  serial_id, unit_cost, currency, source_type, source_id, reason, business_date, occurred_at, created_at)
select pg_temp.biz(), pg_temp.id('movement/' || m.name), p.location_id, t.id, m.kind, f.id, w.id, m.quantity, m.batch_id, m.serial_id,
  t.standard_cost, 'EUR', m.source_type, m.source_id, m.reason, (m.at at time zone 'Europe/Lisbon' - interval '4 hours')::date, m.at, m.at
from moves m
join catalog.product_variants v on v.biz_id = pg_temp.biz() and v.sku = upper(m.sku)
join inventory.inventory_items t on t.biz_id = v.biz_id and t.variant_id = v.id
left join places f on f.place = m.came_from
left join places w on w.place = m.went_to
join inventory.stock_locations p on p.biz_id = t.biz_id and p.id = coalesce(f.id, w.id)
order by m.at, m.name;

-- Cost: what names its batch costs what that cost; of the rest the oldest goes first
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
with flow as (
  select m.*, sum(m.quantity) over (partition by m.item_id, m.batch_id is null order by m.occurred_at, m.id) as upto
  from inventory.stock_movements m
  where m.biz_id = pg_temp.biz() and num_nonnulls(m.from_stock_location_id, m.to_stock_location_id) = 1
),
supply as (
  select b.*, sum(b.received_qty) over (partition by b.item_id order by b.received_on, b.id) as upto
  from inventory.stock_batches b
  where b.biz_id = pg_temp.biz()
)
select f.biz_id, pg_temp.id('cost_layer/' || f.id || s.id), f.item_id, f.id, s.id, q.quantity, s.unit_cost, round(q.quantity * s.unit_cost * 100), 'EUR'
from flow f
join supply s on s.item_id = f.item_id and (s.id = f.batch_id or (f.batch_id is null and s.upto > f.upto - f.quantity and s.upto - s.received_qty < f.upto))
cross join lateral (
  select case when f.batch_id is not null then f.quantity else least(s.upto, f.upto) - greatest(s.upto - s.received_qty, f.upto - f.quantity) end
) q (quantity);

insert into inventory.waste_records (biz_id, id, item_id, stock_location_id, movement_id, quantity, reason, note, cost_minor, currency,
  business_date, recorded_by_id, created_at)
select s.biz_id, pg_temp.id('waste/' || m.name), s.item_id, s.from_stock_location_id, s.id, s.quantity, m.waste, m.reason,
  round(s.quantity * s.unit_cost * 100), 'EUR', s.business_date, pg_temp.person('desk'), m.at
from moves m
join inventory.stock_movements s on s.biz_id = pg_temp.biz() and s.id = pg_temp.id('movement/' || m.name)
where m.kind = 'waste';

update inventory.stock_levels l
set reorder_point = round(s.low * 0.6), reorder_qty = s.reorder, max_level = s.most, bin = format('%s-%s', chr(65 + length(s.sku) % 5), 1 + length(s.place || s.sku) % 12)
from stocked s
where l.biz_id = pg_temp.biz() and l.item_id = s.item_id and l.stock_location_id = s.place_id;

update inventory.serial_numbers s
set status = 'sold', stock_location_id = null, customer_id = pg_temp.customer(7 + v.n), warranty_ends_on = pg_temp.day(720)
from (values (1), (2)) v (n)
where s.biz_id = pg_temp.biz() and s.id = pg_temp.id('serial/' || v.n);
update inventory.serial_numbers s
set status = v.status, stock_location_id = case when v.status <> 'scrapped' then pg_temp.id('stock_location/spa/shelf') end
from (values (1, 'returned'), (3, 'reserved'), (4, 'scrapped')) v (n, status)
where s.biz_id = pg_temp.biz() and s.id = pg_temp.id('serial/' || v.n);

-- Transfers
insert into inventory.stock_transfers (biz_id, id, number, from_stock_location_id, to_stock_location_id, transit_stock_location_id, expected_on, carrier, note, created_at)
select pg_temp.biz(), pg_temp.id('stock_transfer/' || v.n), 'TR-' || lpad(v.n::text, 6, '0'), pg_temp.id('stock_location/' || v.f), pg_temp.id('stock_location/' || v.t),
  case when v.f like 'lis/store' and v.t like 'cas%' then pg_temp.id('stock_location/lis/transit') end, pg_temp.day(v.day),
  case when v.t like 'cas%' then 'House van' end, v.note, pg_temp.at(v.day - 1, '17:30')
from (values
  (1, 'lis/store', 'cas/store', -18, 'Wine for the wedding of Saturday'), (2, 'spa/cabinet', 'spa/shelf', -15, 'Fill the shop shelf'),
  (3, 'lis/store', 'cas/store', -2, 'Weekly round'), (4, 'lis/store', 'cas/store', -1, 'Coffee is running out in Cascais'),
  (5, 'lis/store', 'lis/bar', 1, 'For the weekend'), (6, 'lis/store', 'cas/store', 3, null), (7, 'lis/store', 'lis/kitchen', -9, 'Oil')
) v (n, f, t, day, note);
insert into inventory.stock_transfer_lines (biz_id, id, transfer_id, line_no, item_id, batch_id, quantity, discrepancy_reason)
select pg_temp.biz(), pg_temp.id(format('stock_transfer_line/%s/%s', v.n, v.line)), pg_temp.id('stock_transfer/' || v.n), v.line,
  pg_temp.id('inventory_item/' || v.sku), case when v.lot then pg_temp.id(format('stock_batch/%s/spa/cabinet/0', v.sku)) end, v.quantity, v.why
from (values
  (1, 1, 'vinho-verde-gf', 6, false, null), (1, 2, 'douro-tinto-gf', 6, false, 'One bottle broke in the van'),
  (2, 1, 'esfoliante', 14, true, null), (2, 2, 'oleo-100', 16, true, null), (2, 3, 'oleo-250', 9, true, null), (2, 4, 'vela', 16, false, null),
  (3, 1, 'agua-50', 48, false, null), (3, 2, 'azeite', 3, false, null), (4, 1, 'cafe-grao', 4, false, null),
  (5, 1, 'tonica', 48, false, null), (5, 2, 'agua-50', 60, false, null), (6, 1, 'douro-tinto-gf', 12, false, null), (7, 1, 'azeite', 5, false, null)
) v (n, line, sku, quantity, lot, why);
update inventory.stock_transfers set status = 'approved', approved_by_id = pg_temp.person('owner')
where biz_id = pg_temp.biz() and number between 'TR-000001' and 'TR-000005';
update inventory.stock_transfers set status = 'cancelled' where biz_id = pg_temp.biz() and number = 'TR-000007';
update inventory.stock_transfers t set status = 'in_transit', shipped_at = v.at
from (values (1, pg_temp.at(-18, '09:00')), (2, pg_temp.at(-15, '10:00')), (3, pg_temp.at(-2, '09:15')), (4, pg_temp.at(-1, '16:40'))) v (n, at)
where t.biz_id = pg_temp.biz() and t.id = pg_temp.id('stock_transfer/' || v.n);
update inventory.stock_transfer_lines l set received_qty = case when l.discrepancy_reason is not null then 5 when l.quantity = 48 then 36 else l.quantity end
from generate_series(1, 3) n
where l.biz_id = pg_temp.biz() and l.transfer_id = pg_temp.id('stock_transfer/' || n);
update inventory.stock_transfers set status = 'partially_received' where biz_id = pg_temp.biz() and number in ('TR-000001', 'TR-000003');
update inventory.stock_transfers set status = 'received', received_at = pg_temp.at(-15, '10:20') where biz_id = pg_temp.biz() and number = 'TR-000002';
update inventory.stock_transfers set status = 'closed', received_at = pg_temp.at(-18, '11:30') where biz_id = pg_temp.biz() and number = 'TR-000001';

-- Counts: what was expected is what had moved by then
insert into inventory.stock_counts (biz_id, id, number, stock_location_id, scope, category_id, is_blind, snapshot_at, business_date, note, created_at)
select pg_temp.biz(), pg_temp.id('stock_count/' || v.n), 'CT-' || lpad(v.n::text, 6, '0'), pg_temp.id('stock_location/' || v.place), v.scope,
  case when v.scope = 'category' then pg_temp.id('product_category/' || v.category) end, v.blind, v.at, v.at::date, v.note, coalesce(v.at, now() - interval '1 day')
from (values
  (1, 'lis/bar', 'full', null, true, pg_temp.at(-7, '09:00'), 'Monthly count of the bar'),
  (2, 'spa/shelf', 'full', null, true, pg_temp.at(-1, '09:00'), 'Before the Christmas order'),
  (3, 'lis/kitchen', 'category', 'dry-goods', false, now() - interval '50 minutes', 'Dry goods'),
  (4, 'cas/bar', 'full', null, true, null, 'Planned for the end of the month'),
  (5, 'lis/store', 'items', null, false, pg_temp.at(-13, '14:00'), 'Given up: a delivery came in between')
) v (n, place, scope, category, blind, at, note);
insert into inventory.stock_count_lines (biz_id, id, count_id, item_id, batch_id, expected_qty, counted_qty, counted_at, counted_by_id, recounts, reason, movement_id)
select c.biz_id, pg_temp.id(format('stock_count_line/%s/%s/%s', c.number, e.item_id, e.batch_id)), c.id, e.item_id, e.batch_id, e.quantity, q.counted,
  case when q.counted is not null then c.snapshot_at + interval '20 minutes' end, case when q.counted is not null then pg_temp.person('desk') end,
  case when q.counted <> e.quantity then 1 else 0 end, d.reason, d.id
from inventory.stock_counts c
cross join lateral (
  select m.item_id, case when t.tracking = 'lot' then m.batch_id end as batch_id, t.is_ingredient, v.product_id,
    sum(case when m.to_stock_location_id = c.stock_location_id then m.quantity else -m.quantity end) as quantity
  from inventory.stock_movements m
  join inventory.inventory_items t on t.biz_id = m.biz_id and t.id = m.item_id
  join catalog.product_variants v on v.biz_id = t.biz_id and v.id = t.variant_id
  where m.biz_id = c.biz_id and c.stock_location_id in (m.from_stock_location_id, m.to_stock_location_id) and m.occurred_at < c.snapshot_at
  group by 1, 2, 3, 4
  offset 0
) e
join catalog.products p on p.biz_id = c.biz_id and p.id = e.product_id and (c.category_id is null or p.category_id = c.category_id)
left join inventory.stock_movements d on d.biz_id = c.biz_id and d.source_id = c.id and d.item_id = e.item_id and d.kind = 'count'
cross join lateral (
  select case
    when c.number in ('CT-000001', 'CT-000002') then e.quantity - coalesce(d.quantity, 0) - case when c.number = 'CT-000002' and p.code = 'vela' then 1 else 0 end
    when c.number = 'CT-000003' and p.code in ('arroz', 'farinha') then e.quantity end
) q (counted)
where c.biz_id = pg_temp.biz();
update inventory.stock_counts set status = 'counting' where biz_id = pg_temp.biz() and snapshot_at is not null;
update inventory.stock_counts set status = 'review' where biz_id = pg_temp.biz() and number in ('CT-000001', 'CT-000002');
update inventory.stock_counts set status = 'cancelled' where biz_id = pg_temp.biz() and number = 'CT-000005';
update inventory.stock_counts set status = 'posted', posted_at = pg_temp.at(-7, '10:05'), posted_by_id = pg_temp.person('owner')
where biz_id = pg_temp.biz() and number = 'CT-000001';
update inventory.stock_levels set last_counted_at = pg_temp.at(-7, '09:30')
where biz_id = pg_temp.biz() and stock_location_id = pg_temp.id('stock_location/lis/bar');

-- Promises
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, serial_id, source_type, source_id, expires_at)
select pg_temp.biz(), pg_temp.id('reservation/' || v.n), pg_temp.id('inventory_item/' || v.sku), pg_temp.id('stock_location/' || v.place), v.quantity,
  case when v.sku = 'massajador' then pg_temp.id('serial/3') end, 'BookingOrder', pg_temp.booking(v.status, v.nth), v.until
from (values
  (1, 'vinho-verde-gf', 'lis/bar', 1, 'confirmed', 2, null), (2, 'vela', 'spa/shelf', 2, 'confirmed', 9, pg_temp.at(9, '12:00')),
  (3, 'massajador', 'spa/shelf', 1, 'confirmed', 14, pg_temp.at(2, '18:00')), (4, 'vela', 'spa/shelf', 2, 'completed', 5, null),
  (5, 'douro-tinto-gf', 'lis/bar', 2, 'cancelled', 3, null), (6, 'roupao-l', 'spa/shelf', 1, 'expired', 1, pg_temp.at(-4, '12:00')),
  (7, 'roupao-s', 'spa/shelf', 2, 'in_progress', 4, null), (8, 'oleo-250', 'spa/cabinet', 1, 'confirmed', 21, null)
) v (n, sku, place, quantity, status, nth, until);
update inventory.stock_reservations r set status = v.status
from (values (4, 'consumed'), (5, 'released'), (6, 'expired')) v (n, status)
where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('reservation/' || v.n);

-- Recipes
insert into inventory.recipes (biz_id, id, variant_id, version_no, name, yield_qty, preparation_minutes, instructions, effective_starts_on, effective_ends_on)
select pg_temp.biz(), pg_temp.id(format('recipe/%s/%s', v.sku, v.version)), pg_temp.id('variant/' || v.sku), v.version, v.name, v.yield, v.minutes, v.how,
  pg_temp.day(v.since), pg_temp.day(v.until)
from (values
  ('bacalhau-bras', 1, 'Bacalhau à Brás', 1, 18, 'Sweat the onions, add the cod, fold in potatoes and eggs off the heat.', -400, -40),
  ('bacalhau-bras', 2, 'Bacalhau à Brás', 1, 16, 'Sweat the onions slowly, add the cod, fold in potatoes and eggs off the heat. Olives and parsley at the pass.', -40, null),
  ('polvo-lagareiro', 1, 'Polvo à lagareiro', 1, 35, 'Roast at 220 degrees for 20 minutes, smash the potatoes, plenty of oil.', -300, null),
  ('robalo', 1, 'Robalo grelhado', 1, 15, 'Grill skin side first; lemon on the plate.', -300, null),
  ('bife', 1, 'Bife à portuguesa', 1, 14, 'Sear, rest for four minutes, sauce with garlic and white wine.', -300, null),
  ('ameijoas', 1, 'Amêijoas à Bulhão Pato', 1, 10, 'Open over high heat, coriander at the end.', -300, null),
  ('pasteis-bacalhau', 1, 'Pastéis de bacalhau', 1, 6, 'Fry at 180 degrees until golden.', -300, null),
  ('pastel-bacalhau-cru', 1, 'Massa de pastéis de bacalhau', 40, 70, 'Shape with two spoons, forty to a tray.', -300, null),
  ('espresso', 1, 'Café', 1, 1, '', -300, null), ('galao', 1, 'Galão', 1, 3, '', -300, null),
  ('sumo-laranja', 1, 'Sumo de laranja', 1, 3, 'Pressed to order.', -300, null), ('cerveja-20', 1, 'Imperial', 1, 1, '', -300, null),
  ('cerveja-40', 1, 'Caneca', 1, 1, '', -300, null), ('gin-atlantico', 1, 'Gin Atlântico', 1, 4, 'Large glass, much ice.', -300, null),
  ('porto-tonico', 1, 'Porto tónico', 1, 3, '', -300, null), ('vinho-verde-copo', 1, 'Vinho verde, copo', 1, 1, '', -300, null),
  ('douro-tinto-copo', 1, 'Douro tinto, copo', 1, 1, '', -300, null)
) v (sku, version, name, yield, minutes, how, since, until);
insert into inventory.recipe_components (biz_id, id, recipe_id, item_id, quantity, uom_id, waste_pct, is_optional, sort_order)
select pg_temp.biz(), pg_temp.id(format('recipe_component/%s/%s/%s', v.sku, v.version, v.part)), pg_temp.id(format('recipe/%s/%s', v.sku, v.version)),
  pg_temp.id('inventory_item/' || v.part), v.quantity, pg_temp.id('uom/' || v.uom), v.waste, v.optional,
  row_number() over (partition by v.sku, v.version)
from (values
  ('bacalhau-bras', 1, 'bacalhau-demolhado', 200, 'g', 5, false), ('bacalhau-bras', 1, 'batata', 180, 'g', 12, false), ('bacalhau-bras', 1, 'ovos', 2, 'pc', 0, false),
  ('bacalhau-bras', 2, 'bacalhau-demolhado', 180, 'g', 5, false), ('bacalhau-bras', 2, 'batata', 160, 'g', 12, false), ('bacalhau-bras', 2, 'ovos', 2, 'pc', 0, false),
  ('bacalhau-bras', 2, 'cebola', 90, 'g', 10, false), ('bacalhau-bras', 2, 'azeite', 30, 'ml', 0, false), ('polvo-lagareiro', 1, 'polvo', 320, 'g', 25, false),
  ('polvo-lagareiro', 1, 'batata', 220, 'g', 4, false), ('polvo-lagareiro', 1, 'azeite', 60, 'ml', 0, false), ('robalo', 1, 'robalo-fresco', 380, 'g', 18, false),
  ('robalo', 1, 'limao', 40, 'g', 0, true), ('robalo', 1, 'azeite', 15, 'ml', 0, false), ('bife', 1, 'lombo-novilho', 240, 'g', 6, false),
  ('bife', 1, 'ovos', 1, 'pc', 0, false), ('bife', 1, 'batata', 200, 'g', 12, false), ('ameijoas', 1, 'ameijoa', 350, 'g', 8, false),
  ('ameijoas', 1, 'azeite', 20, 'ml', 0, false), ('pasteis-bacalhau', 1, 'pastel-bacalhau-cru', 3, 'pc', 0, false),
  ('pastel-bacalhau-cru', 1, 'bacalhau-demolhado', 800, 'g', 5, false), ('pastel-bacalhau-cru', 1, 'batata', 900, 'g', 12, false), ('pastel-bacalhau-cru', 1, 'ovos', 8, 'pc', 0, false),
  ('espresso', 1, 'cafe-grao', 8, 'g', 3, false), ('galao', 1, 'cafe-grao', 8, 'g', 3, false), ('galao', 1, 'leite', 180, 'ml', 4, false),
  ('sumo-laranja', 1, 'laranja', 600, 'g', 50, false), ('cerveja-20', 1, 'cerveja-barril', 200, 'ml', 6, false), ('cerveja-40', 1, 'cerveja-barril', 400, 'ml', 6, false),
  ('gin-atlantico', 1, 'gin', 50, 'ml', 2, false), ('gin-atlantico', 1, 'tonica', 1, 'pc', 0, false), ('gin-atlantico', 1, 'limao', 15, 'g', 0, true),
  ('porto-tonico', 1, 'porto-branco', 60, 'ml', 2, false), ('porto-tonico', 1, 'tonica', 1, 'pc', 0, false),
  ('vinho-verde-copo', 1, 'vinho-verde-gf', 0.2, 'pc', 2, false), ('douro-tinto-copo', 1, 'douro-tinto-gf', 0.2, 'pc', 2, false)
) v (sku, version, part, quantity, uom, waste, optional);

-- Alerts
insert into inventory.stock_alerts (biz_id, id, item_id, stock_location_id, kind, threshold, observed, created_at)
select l.biz_id, pg_temp.id(format('alert/low/%s/%s', l.item_id, l.stock_location_id)), l.item_id, l.stock_location_id, case when l.on_hand > 0 then 'low' else 'out' end, l.reorder_point, l.on_hand,
  now() - interval '1 hour' * (5 + l.on_hand::integer % 30)
from inventory.stock_levels l
where l.biz_id = pg_temp.biz() and l.on_hand <= l.reorder_point;
insert into inventory.stock_alerts (biz_id, id, item_id, stock_location_id, kind, batch_id, threshold, observed, created_at)
select distinct on (b.item_id, p.stock_location_id) b.biz_id, pg_temp.id('alert/expiring/' || b.id), b.item_id, p.stock_location_id, 'expiring', b.id, 2, p.quantity, now() - interval '6 hours'
from inventory.stock_batches b
join inventory.stock_batch_locations p on p.biz_id = b.biz_id and p.batch_id = b.id and p.quantity > 0
where b.biz_id = pg_temp.biz() and b.expires_on <= pg_temp.day(2)
order by b.item_id, p.stock_location_id, b.expires_on;
insert into inventory.stock_alerts (biz_id, id, item_id, stock_location_id, kind, threshold, observed, created_at)
select pg_temp.biz(), pg_temp.id('alert/' || v.n), pg_temp.id('inventory_item/' || v.sku), pg_temp.id('stock_location/' || v.place), v.kind, v.threshold, v.observed, pg_temp.at(v.day, '07:00')
from (values
  (1, 'gin', 'lis/store', 'out', 0, 0, -13), (2, 'agua-gas', 'cas/bar', 'overstock', 140, 150, -11), (3, 'cerveja-barril', 'cas/bar', 'negative', 0, -1.5, -9),
  (4, 'natas', 'cas/store', 'low', 4, 2.5, -8), (5, 'vela', 'spa/cabinet', 'overstock', 30, 31, -2)
) v (n, sku, place, kind, threshold, observed, day);
update inventory.stock_alerts set status = 'acknowledged', acknowledged_by_id = pg_temp.person('desk')
where biz_id = pg_temp.biz() and id in (pg_temp.id('alert/5'), pg_temp.id('alert/1'), (select min(a.id::text)::uuid from inventory.stock_alerts a where a.biz_id = pg_temp.biz() and a.kind = 'expiring'));
update inventory.stock_alerts set status = 'resolved', resolved_at = created_at + interval '9 hours'
where biz_id = pg_temp.biz() and id in (select pg_temp.id('alert/' || n) from generate_series(1, 4) n);

-- What it was worth at the end of two weeks
insert into inventory.valuation_snapshots (biz_id, id, item_id, stock_location_id, as_of, quantity, value_minor, currency)
select l.biz_id, pg_temp.id(format('valuation/%s/%s/%s', l.item_id, l.stock_location_id, d.as_of - pg_temp.day())), l.item_id, l.stock_location_id, d.as_of, q.quantity, round(q.quantity * t.standard_cost * 100), 'EUR'
from inventory.stock_levels l
join inventory.inventory_items t on t.biz_id = l.biz_id and t.id = l.item_id
cross join (values (pg_temp.day(-20)), (pg_temp.day(-13))) d (as_of)
cross join lateral (
  select sum(case when m.to_stock_location_id = l.stock_location_id then m.quantity else -m.quantity end)
  from inventory.stock_movements m
  where m.biz_id = l.biz_id and m.item_id = l.item_id and l.stock_location_id in (m.from_stock_location_id, m.to_stock_location_id) and m.business_date <= d.as_of
) q (quantity)
where l.biz_id = pg_temp.biz() and q.quantity <> 0;
