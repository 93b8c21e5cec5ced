-- Stock of the counters and of the house, as opposed to the goods of customers.
-- Others may use: stock_location/pkl/store, pkl/counter, sha/store, sha/counter; inventory_item/<sku>.

insert into inventory.stock_locations (biz_id, id, location_id, code, name, kind)
select pg_temp.biz(), pg_temp.id(format('stock_location/%s/%s', v.place, v.code)), pg_temp.location(upper(v.place)), v.code, v.name, v.kind
from (values ('pkl', 'store', 'Consumables cage', 'storage'), ('pkl', 'counter', 'Counter, Port Klang', 'shelf'), ('pkl', 'transit', 'Shuttle to Shah Alam', 'transit'),
  ('sha', 'store', 'Back room', 'storage'), ('sha', 'counter', 'Counter, Shah Alam', 'shelf'), ('pkl', 'hold', 'On hold', 'quarantine')) v (place, code, name, kind);
insert into inventory.inventory_items (biz_id, id, variant_id, base_uom_id, tracking, valuation, shelf_life_days, expiry_alert_days, is_ingredient, standard_cost, currency)
select pg_temp.biz(), pg_temp.id('inventory_item/' || lower(v.sku)), v.id, p.unit_of_measure_id, case p.code when 'gel-pack' then 'lot' when 'logger' then 'serial' else 'none' end, 'fifo',
  case p.code when 'gel-pack' then 365 end, case p.code when 'gel-pack' then 30 end, p.kind = 'ingredient', v.unit_cost_minor / 100.0, 'MYR'
from catalog.product_variants v join catalog.products p on p.biz_id = v.biz_id and p.id = v.product_id
where v.biz_id = pg_temp.biz() and p.is_stocked;

create temp table lots on commit drop as
select x.*, k, pg_temp.id(format('stock_batch/%s/%s/%s', x.sku, x.place, k)) as batch_id, t.id as item_id, t.tracking, t.standard_cost, t.shelf_life_days, -25 + 11 * k as day
from (values
  ('pallet-wood', 'pkl/store', 120, 40, 80, 300), ('pallet-wood', 'sha/store', 40, 15, 40, 120), ('pallet-plastic', 'pkl/store', 30, 10, 20, 80), ('film', 'pkl/store', 72, 36, 72, 240), ('film', 'pkl/counter', 12, 6, 12, 40),
  ('film', 'sha/counter', 12, 6, 12, 40), ('strap', 'pkl/store', 6, 3, 6, 20), ('carton-s', 'pkl/counter', 150, 60, 150, 400), ('carton-m', 'pkl/counter', 150, 60, 150, 400), ('carton-l', 'pkl/counter', 100, 40, 100, 300),
  ('carton-m', 'sha/counter', 60, 30, 60, 200), ('gel-pack', 'pkl/counter', 60, 30, 60, 200), ('gel-pack', 'sha/counter', 24, 50, 60, 100), ('desiccant', 'pkl/store', 40, 20, 40, 120), ('lpg', 'pkl/store', 14, 6, 14, 40), ('gloves', 'pkl/store', 20, 12, 20, 60)
) x (sku, place, amount, low, reorder, most)
join inventory.inventory_items t on t.biz_id = pg_temp.biz() and t.id = pg_temp.id('inventory_item/' || x.sku)
cross join generate_series(0, 1) k;
insert into inventory.stock_batches (biz_id, id, item_id, lot_no, received_on, expires_on, unit_cost, currency, received_qty, supplier_ref)
select pg_temp.biz(), l.batch_id, l.item_id, case when l.tracking = 'lot' then 'GP' || to_char(pg_temp.day(l.day), 'YYMM') || l.k end, pg_temp.day(l.day), pg_temp.day(l.day) + l.shelf_life_days, round(l.standard_cost * (1 + l.k * 0.02), 4), 'MYR',
  l.amount, 'DO ' || (51000 + l.day * 7 + length(l.sku)) from lots l
union all
select pg_temp.biz(), pg_temp.id('stock_batch/logger'), t.id, null, pg_temp.day(-25), null, 112, 'MYR', 6, null from inventory.inventory_items t where t.biz_id = pg_temp.biz() and t.id = pg_temp.id('inventory_item/logger');
insert into inventory.serial_numbers (biz_id, id, item_id, serial, stock_location_id, batch_id)
select pg_temp.biz(), pg_temp.id('serial/' || n), pg_temp.id('inventory_item/logger'), 'TL-' || (220140 + n * 3), pg_temp.id('stock_location/pkl/counter'), pg_temp.id('stock_batch/logger') from generate_series(1, 6) n;

create temp table moves (name text, sku text, kind text, came_from text, went_to text, quantity numeric, batch_id uuid, serial_id uuid, at timestamptz, reason text, waste text, source_type text, source_id uuid) on commit drop;
insert into moves (name, sku, kind, went_to, quantity, batch_id, at, reason)
select format('in/%s/%s/%s', l.sku, l.place, l.k), l.sku, case l.k when 0 then 'adjust' else 'receipt' end, l.place, l.amount, l.batch_id, pg_temp.at(l.day, '09:00'), case l.k when 0 then 'Stock taken over at the start' end from lots l;
insert into moves (name, sku, kind, came_from, quantity, at)
select format('use/%s/%s/%s', v.sku, v.place, n), v.sku, 'consume', v.place, v.quantity, pg_temp.at(-25 + 3 * n, '17:30')
from (values ('film', 'pkl/store', 9), ('pallet-wood', 'pkl/store', 11), ('strap', 'pkl/store', 1), ('lpg', 'pkl/store', 3), ('gloves', 'pkl/store', 4)) v (sku, place, quantity) cross join generate_series(1, 7) n;
insert into moves (name, sku, kind, came_from, went_to, quantity, at, reason, waste, source_type, source_id)
select v.name, v.sku, v.kind, v.f, v.t, v.quantity, pg_temp.at(v.day, v.time::time), v.reason, v.waste, v.source, pg_temp.id(v.source_name)
from (values
  ('w1', 'pallet-wood', 'waste', 'pkl/store', null, 4, -16, '11:00', 'Broken boards', 'damaged', null, null), ('w2', 'carton-l', 'waste', 'pkl/counter', null, 12, -8, '14:20', 'Roof leak', 'damaged', null, null), ('w3', 'film', 'waste', 'pkl/counter', null, 1, -5, '16:00', 'Used to show the machine', 'sample', null, null),
  ('t1a', 'pallet-wood', 'transfer', 'pkl/store', 'sha/store', 20, -12, '10:00', null, null, 'StockTransfer', 'stock_transfer/1'), ('t2a', 'film', 'transfer', 'pkl/store', 'pkl/transit', 10, -1, '15:00', null, null, 'StockTransfer', 'stock_transfer/2'),
  ('c1a', 'carton-s', 'count', 'pkl/counter', null, 7, -6, '18:30', 'Given away at the counter', null, 'StockCount', 'stock_count/1')
) v (name, sku, kind, f, t, quantity, day, time, reason, waste, source, source_name);
insert into moves (name, sku, kind, went_to, quantity, batch_id, serial_id, at, reason)
select 'serial/' || n, 'logger', 'adjust', 'pkl/counter', 1, pg_temp.id('stock_batch/logger'), pg_temp.id('serial/' || n), pg_temp.at(-25, '09:00'), 'Stock taken over at the start' from generate_series(1, 6) n
union all select 'serial/sold/' || n, 'logger', 'sale', null, 1, pg_temp.id('stock_batch/logger'), pg_temp.id('serial/' || n), pg_temp.at(-10 + n, '11:30'), null from generate_series(1, 2) n;
update moves set came_from = 'pkl/counter', went_to = null where kind = 'sale';
create temp table places on commit drop as
select p.id, lower(l.code) || '/' || p.code as place
from inventory.stock_locations p
join core.locations l on l.biz_id = p.biz_id and l.id = p.location_id
where p.biz_id = pg_temp.biz();
analyze moves, places;
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, to_stock_location_id, quantity, batch_id, serial_id, unit_cost, currency, source_type, source_id, reason, business_date, occurred_at, created_at)
select pg_temp.biz(), pg_temp.id('movement/' || m.name), p.location_id, t.id, m.kind, f.id, w.id, m.quantity, m.batch_id, m.serial_id, t.standard_cost, 'MYR', m.source_type, m.source_id, m.reason, (m.at at time zone 'Asia/Kuala_Lumpur')::date, m.at, m.at
from moves m
join catalog.product_variants v on v.biz_id = pg_temp.biz() and v.sku = upper(m.sku)
join inventory.inventory_items t on t.biz_id = v.biz_id and t.variant_id = v.id
left join places f on f.place = m.came_from
left join places w on w.place = m.went_to
join inventory.stock_locations p on p.biz_id = t.biz_id and p.id = coalesce(f.id, w.id)
order by m.at, m.name;
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
with flow as (
  select m.*, sum(m.quantity) over (partition by m.item_id, m.batch_id is null order by m.occurred_at, m.id) as upto
  from inventory.stock_movements m where m.biz_id = pg_temp.biz() and num_nonnulls(m.from_stock_location_id, m.to_stock_location_id) = 1
),
supply as (
  select b.*, sum(b.received_qty) over (partition by b.item_id order by b.received_on, b.id) as upto from inventory.stock_batches b where b.biz_id = pg_temp.biz()
)
select f.biz_id, pg_temp.id('cost_layer/' || f.id || s.id), f.item_id, f.id, s.id, q.quantity, s.unit_cost, round(q.quantity * s.unit_cost * 100), 'MYR'
from flow f
join supply s on s.item_id = f.item_id and (s.id = f.batch_id or (f.batch_id is null and s.upto > f.upto - f.quantity and s.upto - s.received_qty < f.upto))
cross join lateral (select case when f.batch_id is not null then f.quantity else least(s.upto, f.upto) - greatest(s.upto - s.received_qty, f.upto - f.quantity) end) q (quantity);
insert into inventory.waste_records (biz_id, id, item_id, stock_location_id, movement_id, quantity, reason, note, cost_minor, currency, business_date, recorded_by_id, created_at)
select s.biz_id, pg_temp.id('waste/' || m.name), s.item_id, s.from_stock_location_id, s.id, s.quantity, m.waste, m.reason, round(s.quantity * s.unit_cost * 100), 'MYR', s.business_date, pg_temp.person('desk'), m.at
from moves m join inventory.stock_movements s on s.biz_id = pg_temp.biz() and s.id = pg_temp.id('movement/' || m.name) where m.kind = 'waste';
update inventory.stock_levels v set reorder_point = l.low, reorder_qty = l.reorder, max_level = l.most, bin = 'C-' || (1 + length(l.sku) % 9)
from lots l where l.k = 0 and v.biz_id = pg_temp.biz() and v.item_id = l.item_id and v.stock_location_id = pg_temp.id('stock_location/' || l.place);
update inventory.serial_numbers s set status = 'sold', stock_location_id = null, customer_id = pg_temp.customer(3 + n) from generate_series(1, 2) n where s.biz_id = pg_temp.biz() and s.id = pg_temp.id('serial/' || n);
update inventory.serial_numbers s set status = 'reserved' where s.biz_id = pg_temp.biz() and s.id = pg_temp.id('serial/3');

-- Documents
insert into inventory.stock_transfers (biz_id, id, number, from_stock_location_id, to_stock_location_id, transit_stock_location_id, expected_on, carrier, note)
select pg_temp.biz(), pg_temp.id('stock_transfer/' || v.n), 'TR-' || lpad(v.n::text, 6, '0'), pg_temp.id('stock_location/pkl/store'), pg_temp.id('stock_location/' || v.t), case when v.n = 2 then pg_temp.id('stock_location/pkl/transit') end, pg_temp.day(v.day), 'Shuttle WKL 4410', v.note
from (values (1, 'sha/store', -12, 'Monthly top-up'), (2, 'sha/counter', 0, null), (3, 'pkl/counter', 2, 'Film for the counter')) v (n, t, day, note);
insert into inventory.stock_transfer_lines (biz_id, id, transfer_id, line_no, item_id, quantity)
select pg_temp.biz(), pg_temp.id('stock_transfer_line/' || v.n), pg_temp.id('stock_transfer/' || v.n), 1, pg_temp.id('inventory_item/' || v.sku), v.quantity from (values (1, 'pallet-wood', 20), (2, 'film', 10), (3, 'film', 12)) v (n, sku, quantity);
update inventory.stock_transfers set status = 'approved', approved_by_id = pg_temp.person('owner') where biz_id = pg_temp.biz() and number in ('TR-000001', 'TR-000002');
update inventory.stock_transfers set status = 'in_transit', shipped_at = case number when 'TR-000001' then pg_temp.at(-12, '10:00') else pg_temp.at(-1, '15:00') end where biz_id = pg_temp.biz() and status = 'approved';
update inventory.stock_transfer_lines set received_qty = quantity where biz_id = pg_temp.biz() and transfer_id = pg_temp.id('stock_transfer/1');
update inventory.stock_transfers set status = 'received', received_at = pg_temp.at(-12, '14:00') where biz_id = pg_temp.biz() and number = 'TR-000001';
insert into inventory.stock_counts (biz_id, id, number, stock_location_id, scope, snapshot_at, business_date, note)
select pg_temp.biz(), pg_temp.id('stock_count/' || v.n), 'CT-' || lpad(v.n::text, 6, '0'), pg_temp.id('stock_location/' || v.place), 'full', v.at, v.at::date, v.note
from (values (1, 'pkl/counter', pg_temp.at(-6, '18:00'), 'Weekly'), (2, 'sha/counter', now() - interval '40 minutes', 'Weekly'), (3, 'pkl/store', null, 'Year end')) v (n, place, at, note);
insert into inventory.stock_count_lines (biz_id, id, count_id, item_id, batch_id, expected_qty, counted_qty, counted_at, counted_by_id, movement_id, reason)
select c.biz_id, pg_temp.id(format('stock_count_line/%s/%s/%s', c.number, e.item_id, e.batch_id)), c.id, e.item_id, e.batch_id, e.quantity, case when c.number = 'CT-000001' then e.quantity - coalesce(d.quantity, 0) end,
  case when c.number = 'CT-000001' then c.snapshot_at + interval '20 minutes' end, case when c.number = 'CT-000001' then pg_temp.person('desk') end, d.id, d.reason
from inventory.stock_counts c
cross join lateral (
  select m.item_id, case when t.tracking = 'lot' then m.batch_id end as batch_id, sum(case when m.to_stock_location_id = c.stock_location_id then m.quantity else -m.quantity end) as quantity
  from inventory.stock_movements m join inventory.inventory_items t on t.biz_id = m.biz_id and t.id = m.item_id
  where m.biz_id = c.biz_id and c.stock_location_id in (m.from_stock_location_id, m.to_stock_location_id) and m.occurred_at < c.snapshot_at group by 1, 2
) e
left join inventory.stock_movements d on d.biz_id = c.biz_id and d.source_id = c.id and d.item_id = e.item_id
where c.biz_id = pg_temp.biz();
update inventory.stock_counts set status = 'counting' where biz_id = pg_temp.biz() and snapshot_at is not null;
update inventory.stock_counts set status = 'review' where biz_id = pg_temp.biz() and number = 'CT-000001';
update inventory.stock_counts set status = 'posted', posted_at = pg_temp.at(-6, '18:45'), posted_by_id = pg_temp.person('owner') where biz_id = pg_temp.biz() and number = 'CT-000001';
insert into inventory.stock_reservations (biz_id, id, item_id, stock_location_id, quantity, serial_id, source_type, source_id, expires_at)
select pg_temp.biz(), pg_temp.id('reservation/' || v.n), pg_temp.id('inventory_item/' || v.sku), pg_temp.id('stock_location/' || v.place), v.quantity, case when v.sku = 'logger' then pg_temp.id('serial/3') end, 'BookingOrder', pg_temp.booking(v.status, v.nth), pg_temp.at(v.day, '12:00')
from (values (1, 'pallet-plastic', 'pkl/store', 10, 'confirmed', 2, 4), (2, 'logger', 'pkl/counter', 1, 'confirmed', 5, 3), (3, 'film', 'pkl/store', 6, 'in_progress', 1, null), (4, 'pallet-wood', 'sha/store', 8, 'cancelled', 1, -3), (5, 'film', 'pkl/counter', 2, 'confirmed', 8, -1)) v (n, sku, place, quantity, status, nth, day);
update inventory.stock_reservations r set status = v.status from (values (3, 'consumed'), (4, 'released'), (5, 'expired')) v (n, status) where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('reservation/' || v.n);
insert into inventory.stock_alerts (biz_id, id, item_id, stock_location_id, kind, threshold, observed)
select l.biz_id, pg_temp.id(format('alert/%s/%s', l.item_id, l.stock_location_id)), l.item_id, l.stock_location_id, 'low', l.reorder_point, l.on_hand from inventory.stock_levels l where l.biz_id = pg_temp.biz() and l.on_hand <= l.reorder_point
union all select pg_temp.biz(), pg_temp.id('alert/1'), pg_temp.id('inventory_item/lpg'), pg_temp.id('stock_location/pkl/store'), 'out', 0, 0
union all select pg_temp.biz(), pg_temp.id('alert/2'), pg_temp.id('inventory_item/carton-s'), pg_temp.id('stock_location/pkl/counter'), 'overstock', 280, 293;
update inventory.stock_alerts set status = 'resolved', resolved_at = now() - interval '2 days' where biz_id = pg_temp.biz() and id = pg_temp.id('alert/1');
update inventory.stock_alerts set status = 'acknowledged', acknowledged_by_id = pg_temp.person('desk') where biz_id = pg_temp.biz() and id = pg_temp.id('alert/2');
insert into inventory.valuation_snapshots (biz_id, id, item_id, stock_location_id, as_of, quantity, value_minor, currency)
select m.biz_id, pg_temp.id(format('valuation/%s/%s', m.item_id, p.id)), m.item_id, p.id, pg_temp.day(-13), sum(case when m.to_stock_location_id = p.id then m.quantity else -m.quantity end),
  round(sum(case when m.to_stock_location_id = p.id then m.quantity else -m.quantity end * m.unit_cost) * 100), 'MYR'
from inventory.stock_movements m join inventory.stock_locations p on p.biz_id = m.biz_id and p.id in (m.from_stock_location_id, m.to_stock_location_id)
where m.biz_id = pg_temp.biz() and m.business_date <= pg_temp.day(-13) group by 1, 2, 3, m.item_id, p.id;
