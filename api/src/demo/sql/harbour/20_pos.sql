-- The restaurant, the bars and the spa shop: five days of sales behind us, and the floor as it is now.
-- Others may use: cash_register/rest, bar, terrace, shop; sale/<n> (completed: 1 to 20, 101 to 115, 201 to 210, 301 to 308);
--   dining_table/sala/<1..14>, menu/jantar, kitchen_station/lis/COZ; staff/pos/rui, /ines, /tomas, /catarina (who serve).

-- Who serves
insert into workforce.staff (biz_id, id, number, full_name, preferred_name, position, staff_group, hired_on, home_location_id, weekly_minutes)
select pg_temp.biz(), pg_temp.id('staff/pos/' || v.code), v.number, v.name, v.short, v.position, 'Food and beverage', pg_temp.day(v.since), pg_temp.location(v.place), 2400
from (values
  ('rui', 'FB-01', 'Rui Teixeira', 'Rui', 'Head waiter', -1900, 'LIS'), ('ines', 'FB-02', 'Inês Carvalho', 'Inês', 'Waiter', -640, 'LIS'),
  ('tomas', 'FB-03', 'Tomás Brito', 'Tomás', 'Bartender', -410, 'LIS'), ('catarina', 'FB-04', 'Catarina Lopes', 'Catarina', 'Waiter', -220, 'CAS')
) v (code, number, name, short, position, since, place);

-- Tills, floor, menus and stations
insert into pos.cash_registers (biz_id, id, location_id, code, name, drawer_ref, printer_ref, allowed_tenders, offline_prefix, stock_location_id, float_minor, currency)
select pg_temp.biz(), pg_temp.id('cash_register/' || v.code), pg_temp.location(v.place), upper(v.code), v.name, 'drawer-' || v.code, 'printer-' || v.code,
  v.tenders::text[], 'H' || upper(left(v.code, 3)), pg_temp.id('stock_location/' || v.stock), v.float, 'EUR'
from (values
  ('rest', 'LIS', 'Restaurant Maré, till', 'lis/bar', 15000, '{cash,card,voucher,gift_card,room_charge}'),
  ('bar', 'LIS', 'Bar Farol, till', 'lis/bar', 10000, '{cash,card,gift_card,room_charge}'),
  ('terrace', 'CAS', 'Cascais terrace, till', 'cas/bar', 10000, '{cash,card,room_charge}'),
  ('shop', 'SPA', 'Spa reception, till', 'spa/shelf', 8000, '{cash,card,gift_card,loyalty,room_charge}')
) v (code, place, name, stock, float, tenders);

insert into pos.floor_plans (biz_id, id, location_id, name, layout, sort_order)
select pg_temp.biz(), pg_temp.id('floor_plan/' || v.code), pg_temp.location(v.place), v.name, v.layout::jsonb, v.sort
from (values
  ('sala', 'LIS', 'Sala Maré', '{"width":24,"height":16,"doors":[{"x":0,"y":7,"label":"Lobby"}]}', 1),
  ('esplanada', 'LIS', 'Esplanada', '{"width":18,"height":8,"outdoors":true}', 2),
  ('terraco', 'CAS', 'Terraço', '{"width":20,"height":10,"outdoors":true}', 1)
) v (code, place, name, layout, sort);
insert into pos.dining_tables (biz_id, id, floor_plan_id, label, seats, min_party, shape, x, y, width, height)
select pg_temp.biz(), pg_temp.id(format('dining_table/%s/%s', f.code, n)), pg_temp.id('floor_plan/' || f.code), f.prefix || n,
  case when f.code = 'sala' and n > 12 then 8 when n % 3 = 0 then 6 when n % 3 = 1 then 2 else 4 end, case when f.code = 'sala' and n > 12 then 4 else 1 end,
  case when f.code = 'sala' and n > 12 then 'rectangle' when n % 3 = 1 then 'round' when n % 5 = 0 then 'booth' else 'square' end,
  1 + (n - 1) % 5 * 4, 1 + (n - 1) / 5 * 4, case when n % 3 = 0 then 3 else 2 end, 2
from (values ('sala', '', 14), ('esplanada', 'E', 8), ('terraco', 'T', 8)) f (code, prefix, tables)
cross join lateral generate_series(1, f.tables) n;

insert into pos.menus (biz_id, id, location_id, name, channel, starts_on, ends_on, currency, is_active, sort_order)
select pg_temp.biz(), pg_temp.id('menu/' || v.code), pg_temp.location(v.place), v.name, v.channel, pg_temp.day(v.since), pg_temp.day(v.until), 'EUR', v.active, v.sort
from (values
  ('almoco', 'LIS', 'Almoço', 'dine_in', -200, null, true, 1), ('jantar', 'LIS', 'Jantar', 'dine_in', -200, null, true, 2),
  ('bar', 'LIS', 'Bar Farol', 'counter', -200, null, true, 3), ('quartos', 'LIS', 'Room service', 'room_service', -200, null, true, 4),
  ('verao', 'LIS', 'Verão', 'dine_in', -200, -40, false, 5), ('terraco', 'CAS', 'Terraço', 'dine_in', -120, null, true, 1)
) v (code, place, name, channel, since, until, active, sort);
insert into pos.menu_items (biz_id, id, menu_id, variant_id, section, description, price_override, allergens, dietary, course, is_available, sold_out_until, is_featured, sort_order)
select pg_temp.biz(), pg_temp.id(format('menu_item/%s/%s', m.code, v.id)), pg_temp.id('menu/' || m.code), v.id, c.name, nullif(p.description, ''),
  case when m.code = 'quartos' then round(r.unit_price * 1.1, 1) end,
  case when p.code ~ 'bacalhau|polvo|robalo|tamboril' then '{fish}' when p.code = 'ameijoas' then '{molluscs}' when p.code ~ 'nata|abade' then '{eggs,milk,gluten}' when p.code = 'queijo' then '{milk}' else '{}' end::text[],
  case when p.code in ('risotto', 'queijo', 'pastel-nata', 'abade-priscos', 'mousse') then '{vegetarian}' when p.code in ('fruta', 'sumo-laranja') then '{vegan}' else '{}' end::text[],
  case c.code when 'starters' then 1 when 'mains' then 2 when 'desserts' then 3 end,
  p.code <> 'arroz-tamboril' or m.code <> 'almoco', case when p.code = 'ameijoas' and m.code = 'jantar' then now() + interval '5 hours' end,
  p.code in ('bacalhau-bras', 'polvo-lagareiro', 'gin-atlantico'), row_number() over (partition by m.code order by c.sort_order, p.name, v.name)
from (values
  ('almoco', '{starters,mains,desserts,coffee,soft-drinks}'), ('jantar', '{starters,mains,desserts,wine}'), ('bar', '{cocktails,beer,wine,soft-drinks,coffee}'),
  ('quartos', '{mains,desserts,soft-drinks}'), ('verao', '{starters}'), ('terraco', '{starters,desserts,beer,soft-drinks}')
) m (code, categories)
join catalog.product_categories c on c.biz_id = pg_temp.biz() and c.code = any (m.categories::text[])
join catalog.products p on p.biz_id = c.biz_id and p.category_id = c.id and p.kind in ('menu_item', 'good')
  and (p.status = 'active' or (p.status = 'archived' and m.code = 'verao'))
join catalog.product_variants v on v.biz_id = p.biz_id and v.product_id = p.id
join catalog.sellables s on s.biz_id = v.biz_id and s.ref_id = v.id
join pricing.price_rules r on r.biz_id = s.biz_id and r.sellable_id = s.id and r.price_book_id = (select pg_temp.id('price_book/house'));

insert into pos.kitchen_stations (biz_id, id, location_id, code, name, printer_ref, target_seconds, is_expediter, sort_order)
select pg_temp.biz(), pg_temp.id(format('kitchen_station/%s/%s', lower(v.place), v.code)), pg_temp.location(v.place), v.code, v.name, 'kds-' || lower(v.code), v.target, v.pass, v.sort
from (values
  ('LIS', 'COZ', 'Cozinha quente', 1080, false, 1), ('LIS', 'FRIA', 'Fria e pastelaria', 600, false, 2), ('LIS', 'BAR', 'Bar', 240, false, 3),
  ('LIS', 'PASSE', 'Passe', 120, true, 4), ('CAS', 'BAR', 'Bar do terraço', 300, false, 1), ('CAS', 'COZ', 'Cozinha do terraço', 780, false, 2)
) v (place, code, name, target, pass, sort);
insert into pos.kitchen_station_categories (biz_id, station_id, category_id)
select s.biz_id, s.id, c.id
from pos.kitchen_stations s
join catalog.product_categories c on c.biz_id = s.biz_id and c.printer_station = case when s.code = 'COZ' and s.location_id = pg_temp.location('CAS') then 'FRIA' else s.code end
where s.biz_id = pg_temp.biz();

-- The tickets: past ones by till, day and hour, some of their own kind, and those that are open now
create temp table tickets on commit drop as
select t.*, case when t.day is null then now() - interval '1 minute' * t.minutes else pg_temp.at(t.day, t.time) end as at,
  pg_temp.id('sale/' || t.n) as sale_id, pg_temp.id('cash_register/' || t.reg) as register_id,
  pg_temp.id(format('cash_session/%s/%s', t.reg, coalesce(t.day::text, 'now'))) as session_id
from (
  select d * 4 + s + 20 as n, 'rest' as reg, d as day, (array['12:40', '13:25', '20:05', '20:50'])[s]::time as time, null::integer as minutes,
    'dine_in' as mode, 'sale' as kind, 'completed' as ending, 2 + (d * 28 + s * 7 + 140) % 5 as guests
  from generate_series(-5, -1) d cross join generate_series(1, 4) s
  union all
  select 115 + d * 3 + s, 'bar', d, (array['16:30', '18:45', '22:10'])[s]::time, null, 'counter', 'sale', 'completed', 1 + (d * 3 + s + 15) % 3
  from generate_series(-5, -1) d cross join generate_series(1, 3) s
  union all
  select 210 + d * 2 + s, 'terrace', d, (array['13:10', '17:20'])[s]::time, null, case s when 1 then 'dine_in' else 'takeaway' end, 'sale', 'completed', 2 + (d + s + 6) % 3
  from generate_series(-5, -1) d cross join generate_series(1, 2) s
  union all
  select 308 + d * 2 + s, 'shop', d, (array['11:20', '16:45'])[s]::time, null, 'counter', 'sale', 'completed', null
  from generate_series(-4, -1) d cross join generate_series(1, 2) s
  union all values
    (401, 'rest', -2, time '21:15', null, 'dine_in', 'sale', 'voided', 2), (402, 'bar', -1, time '19:05', null, 'counter', 'sale', 'voided', 1),
    (403, 'shop', -1, time '17:40', null, 'counter', 'return', 'completed', null), (404, 'shop', -1, time '18:05', null, 'counter', 'exchange', 'completed', null),
    (405, 'rest', -3, time '22:05', null, 'room_service', 'sale', 'completed', 1), (406, 'rest', -1, time '08:20', null, 'room_service', 'sale', 'completed', 2),
    (501, 'rest', null, null, 70, 'dine_in', 'sale', 'open', 4), (502, 'rest', null, null, 50, 'dine_in', 'sale', 'open', 2),
    (503, 'rest', null, null, 35, 'dine_in', 'sale', 'open', 5), (504, 'rest', null, null, 22, 'dine_in', 'sale', 'open', 3),
    (505, 'bar', null, null, 30, 'counter', 'sale', 'open', 2), (506, 'bar', null, null, 65, 'counter', 'sale', 'parked', 3),
    (507, 'rest', null, null, 72, 'dine_in', 'sale', 'completed', 2), (508, 'bar', null, null, 20, 'counter', 'sale', 'completed', 1),
    (509, 'rest', null, null, 45, 'online', 'sale', 'open', 1)
) t;

analyze tickets;
create temp table priced on commit drop as
select lower(v.sku) as sku, v.id as variant_id, v.product_id, s.id as sellable_id, s.name, s.tax_category, v.unit_cost_minor / 100.0 as unit_cost, r.unit_price
from pricing.price_rules r
join catalog.sellables s on s.biz_id = r.biz_id and s.id = r.sellable_id
join catalog.product_variants v on v.biz_id = s.biz_id and v.id = s.ref_id
where r.biz_id = pg_temp.biz() and r.price_book_id = (select pg_temp.id('price_book/house'));
analyze priced;
create temp table ticket_lines on commit drop as
select t.n, l.line, l.sku, l.quantity, l.course, pg_temp.id(format('sale_item/%s/%s', t.n, l.line)) as item_id, r.unit_price as list_price,
  r.unit_price + case when l.sku = 'bife' and t.n % 2 = 0 then 3.50 when l.sku = 'galao' then 0.40 else 0 end as unit_price,
  r.sellable_id, r.variant_id, r.name, r.unit_cost, r.tax_category,
  case r.tax_category when 'restaurant' then 0.13 when 'exempt' then 0 else 0.23 end as tax_rate, r.product_id, t.at, t.reg, t.day, t.guests, t.sale_id, null::uuid as original_item_id,
  case when t.reg in ('rest', 'terrace') and t.n % 9 = 0 then 0.10 else 0 end as off
from tickets t
cross join lateral (
  select x.line, x.sku, x.quantity, x.course
  from (values
    ('rest', 1, (array['caldo-verde', 'pasteis-bacalhau', 'ameijoas', 'queijo', 'salada-polvo'])[1 + t.n % 5], 1 + t.guests / 3, 1),
    ('rest', 2, (array['bacalhau-bras', 'polvo-lagareiro', 'robalo', 'bife', 'arroz-tamboril-1', 'risotto'])[1 + t.n % 6], (t.guests + 1) / 2, 2),
    ('rest', 3, (array['bacalhau-bras', 'polvo-lagareiro', 'robalo', 'bife', 'arroz-tamboril-1', 'risotto'])[1 + (t.n + 2) % 6], t.guests / 2, 2),
    ('rest', 4, (array['vinho-verde-gf', 'douro-tinto-gf', 'vinho-verde-copo', 'cerveja-20', 'sumo-laranja'])[1 + t.n % 5], 1 + (t.n % 5) / 2, 1),
    ('rest', 5, 'agua-50', t.guests / 2, 1),
    ('rest', 6, (array['pastel-nata', 'abade-priscos', 'mousse', 'fruta'])[1 + t.n % 4], case when t.n % 3 > 0 then (t.guests + 1) / 2 else 0 end, 3),
    ('rest', 7, case when t.n % 4 = 3 then 'galao' else 'espresso' end, case when t.n < 500 or t.n = 507 then t.guests else 0 end, 3),
    ('rest', 8, 'tabuleiro', case when t.mode = 'room_service' then 1 else 0 end, 1),
    ('bar', 1, (array['gin-atlantico', 'cerveja-40', 'porto-tonico', 'douro-tinto-copo', 'ginjinha', 'vinho-verde-copo'])[1 + t.n % 6], t.guests, 1),
    ('bar', 2, (array['pasteis-bacalhau', 'agua-gas', 'queijo'])[1 + t.n % 3], 1, 1),
    ('bar', 3, 'cerveja-20', t.n % 2, 1),
    ('terrace', 1, (array['salada-polvo', 'queijo', 'pasteis-bacalhau'])[1 + t.n % 3], 1, 1),
    ('terrace', 2, 'cerveja-20', t.guests, 1), ('terrace', 3, 'agua-gas', 1, 1), ('terrace', 4, 'pastel-nata', t.guests, 3)
  ) x (reg, line, sku, quantity, course)
  where x.reg = t.reg and x.quantity > 0
  union all
  select x.line, x.sku, x.quantity, null
  from (values
    (301, 1, 'esfoliante', 1), (301, 2, 'vela', 1), (302, 1, 'spa-dia', 2), (303, 1, 'oleo-100', 2), (303, 2, 'vela', 1), (304, 1, 'roupao-m', 1),
    (305, 1, 'caixa-spa', 1), (305, 2, 'cartao-oferta-50', 1), (306, 1, 'oleo-250', 1), (307, 1, 'spa-dia', 1), (307, 2, 'esfoliante', 1), (308, 1, 'cartao-oferta-100', 1),
    (403, 1, 'oleo-100', -1), (404, 1, 'vela', -1), (404, 2, 'esfoliante', 1)
  ) x (n, line, sku, quantity)
  where x.n = t.n
) l
join priced r on r.sku = l.sku;
update ticket_lines l set original_item_id = o.item_id from ticket_lines o where o.n = 303 and l.n in (403, 404) and l.quantity < 0 and o.sku = l.sku;

analyze ticket_lines;
create temp table ticket_amounts on commit drop as
select l.*, a.gross, a.discount, a.gross - a.discount as total, round((a.gross - a.discount) * l.tax_rate / (1 + l.tax_rate))::bigint as tax
from ticket_lines l
cross join lateral (select round(l.unit_price * l.quantity * 100)::bigint, round(round(l.unit_price * l.quantity * 100) * l.off)::bigint) a (gross, discount);
create temp table bills on commit drop as
select t.*, b.gross, b.discount, b.tax, b.due,
  case when t.ending = 'completed' and t.n % 4 = 1 and t.reg = 'rest' then round(b.due * 0.05 / 50) * 50 else 0 end::bigint as tip,
  case when t.ending <> 'completed' then null when t.n in (5, 10, 15, 17) then 'split' when t.n % 3 = 0 and t.reg <> 'shop' then 'cash' else 'card' end as pays
from tickets t
join (select n, sum(gross)::bigint, sum(discount)::bigint, sum(tax)::bigint, sum(total)::bigint from ticket_amounts group by n) b (n, gross, discount, tax, due) using (n);
update bills set tip = 0 where pays = 'split';

analyze ticket_amounts, bills;

-- Parties at tables
create temp table parties on commit drop as
select b.n, b.at, b.guests, b.day, 1 + (b.n * 3) % 14 as place, 'free' as status, b.at + interval '85 minutes' as gone
from bills b
where b.reg = 'rest' and b.mode = 'dine_in' and b.day is not null and b.ending = 'completed'
union all
select v.n, now() - interval '1 minute' * v.minutes, v.guests, null, v.place, v.status, case when v.status = 'cleaning' then now() - interval '4 minutes' end
from (values
  (501, 70, 4, 2, 'billed'), (502, 50, 2, 4, 'ordered'), (503, 35, 5, 13, 'ordered'), (504, 22, 3, 8, 'ordered'), (507, 72, 2, 1, 'paid'),
  (510, 9, 2, 7, 'seated'), (511, 4, 6, 9, 'seated'), (512, 74, 3, 11, 'cleaning')
) v (n, minutes, guests, place, status);
insert into pos.table_seatings (biz_id, id, location_id, business_date, party_size, party_name, customer_id, booking_order_id, server_id, status,
  seated_at, ordered_at, left_at, note, created_at)
select pg_temp.biz(), pg_temp.id('seating/' || p.n), pg_temp.location('LIS'), coalesce(pg_temp.day(p.day), core.business_date(pg_temp.biz(), pg_temp.location('LIS'), p.at)), p.guests,
  c.full_name, c.id, case when p.n = 502 then pg_temp.booking('in_progress', 2) end, pg_temp.id('staff/pos/' || case when p.n % 2 = 0 then 'rui' else 'ines' end), p.status,
  p.at, case when p.status <> 'seated' then p.at + interval '9 minutes' end, p.gone, case p.n when 503 then 'Birthday, cake at the end' when 504 then 'One gluten free' end, p.at
from parties p
left join crm.customers c on c.biz_id = pg_temp.biz() and p.n % 3 = 1 and c.id = pg_temp.customer(1 + p.n % 50);
insert into pos.seating_tables (biz_id, id, seating_id, dining_table_id, starts_at, ends_at, created_at)
select pg_temp.biz(), pg_temp.id(format('seating_table/%s/%s', p.n, t)), pg_temp.id('seating/' || p.n), pg_temp.id('dining_table/sala/' || t), p.at, case when p.status = 'free' then p.gone end, p.at
from parties p
cross join lateral unnest(case when p.n = 503 then array[p.place, 14] else array[p.place] end) t;

-- Sales, rung: their lines, modifiers, discounts, splits and tenders
insert into pos.sales (biz_id, id, number, status, kind, location_id, register_id, business_date, customer_id, server_id, original_sale_id, seating_id,
  deliver_to_resource_id, service_mode, guests, currency, is_tax_inclusive, subtotal_minor, discount_minor, tax_minor, tip_minor, total_minor, note, created_at)
select pg_temp.biz(), b.sale_id, 'SL-' || lpad((row_number() over (order by b.at, b.n))::text, 6, '0'), case when b.ending = 'parked' then 'parked' else 'open' end, b.kind,
  r.location_id, case when b.mode <> 'online' then r.id end, coalesce(pg_temp.day(b.day), core.business_date(r.biz_id, r.location_id, b.at)),
  case when b.n % 5 = 3 then pg_temp.customer(1 + b.n % 55) end,
  case b.reg when 'rest' then pg_temp.id('staff/pos/' || case when b.n % 2 = 0 then 'rui' else 'ines' end) when 'bar' then pg_temp.id('staff/pos/tomas') when 'terrace' then pg_temp.id('staff/pos/catarina') end,
  case when b.kind <> 'sale' then pg_temp.id('sale/303') end, s.id, case when b.mode = 'room_service' then pg_temp.resource('unit', 12) end,
  b.mode, b.guests, 'EUR', true, b.gross, b.discount, b.tax, b.tip, b.due + b.tip,
  case b.n when 506 then 'Waiting for friends' when 509 then 'To be fetched at half past' when 405 then 'No onions, please' end, b.at
from bills b
join pos.cash_registers r on r.biz_id = pg_temp.biz() and r.id = b.register_id
left join pos.table_seatings s on s.biz_id = r.biz_id and s.id = pg_temp.id('seating/' || b.n);
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, variant_id, name, sku, quantity, unit_price, unit_cost, tax_category, tax_rate, gross_minor,
  discount_minor, tax_minor, total_minor, currency, seat_no, course, note, original_item_id, return_reason, is_restocked, created_at)
select pg_temp.biz(), a.item_id, a.sale_id, a.line, a.sellable_id, a.variant_id, a.name, upper(a.sku), a.quantity, a.unit_price, a.unit_cost, a.tax_category, a.tax_rate,
  a.gross, a.discount, a.tax, a.total, 'EUR', case when a.n = 17 then 1 + a.line % 2 end, a.course, case when a.n = 503 and a.line = 2 then 'One without salt' end,
  a.original_item_id, case when a.quantity < 0 then 'Changed their mind' end, true, a.at
from ticket_amounts a;
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, variant_id, name, sku, quantity, unit_price, tax_category, tax_rate, gross_minor, tax_minor,
  total_minor, currency, course, voided_at, void_reason, voided_by_id, created_at)
select pg_temp.biz(), pg_temp.id(format('sale_item/%s/9', n)), pg_temp.id('sale/' || n), 9, pg_temp.id('sellable/mousse'), pg_temp.id('variant/mousse'), 'Mousse de chocolate', 'MOUSSE',
  1, 5.5, 'restaurant', 0.13, 550, 63, 550, 'EUR', 3, t.at + interval '15 minutes', 'Rung by mistake', pg_temp.person('desk'), t.at
from tickets t where t.n in (3, 502);
insert into pos.sale_item_modifiers (biz_id, id, sale_item_id, modifier_id, name, quantity, price_delta_minor, currency, created_at)
select pg_temp.biz(), pg_temp.id(format('sale_item_modifier/%s/%s', l.item_id, m.code)), l.item_id, pg_temp.id('modifier/' || m.code), m.name, 1, m.delta, 'EUR', l.at
from ticket_lines l
join (values ('bife', 0, 'medium', 'Médio', 0), ('bife', 1, 'rare', 'Mal passado', 0), ('bife', 0, 'potatoes', 'Batata frita', 350), ('galao', 1, 'oat-milk', 'Leite de aveia', 40),
  ('galao', 0, 'oat-milk', 'Leite de aveia', 40), ('robalo', 0, 'lemon', 'Limão', 0), ('gin-atlantico', 0, 'lemon', 'Limão', 0), ('bacalhau-bras', 1, 'no-salt', 'Sem sal', 0)) m (sku, half, code, name, delta)
  on m.sku = l.sku and m.half = l.n % 2;
insert into pos.sale_discounts (biz_id, id, sale_id, name, amount_minor, currency, reason, approved_by_id, created_at)
select pg_temp.biz(), pg_temp.id('sale_discount/' || b.n), b.sale_id, 'House guests, 10 %', b.discount, 'EUR', 'Stays in the house', case when b.discount > 1000 then pg_temp.person('owner') end, b.at
from bills b where b.discount > 0;
insert into pos.sale_discounts (biz_id, id, sale_id, name, amount_minor, currency, reason, removed_at, created_at)
select pg_temp.biz(), pg_temp.id('sale_discount/' || n), pg_temp.id('sale/' || n), 'Long wait', 500, 'EUR', 'Main course after 40 minutes', now() - interval '2 minutes', now() - interval '12 minutes'
from (values (501)) v (n);

insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency, created_at)
select pg_temp.biz(), pg_temp.id('bill_split/' || b.n), b.sale_id, case b.n when 5 then 'equal' when 10 then 'items' when 17 then 'seats' else 'amount' end, b.due, 'EUR', b.at + interval '70 minutes'
from bills b where b.pays = 'split' or b.n = 501;
create temp table split_lines on commit drop as
select a.n, 1 + a.line % 2 as part, a.item_id, a.quantity, a.total from ticket_amounts a where a.n in (10, 17);
create temp table split_parts on commit drop as
select b.n, p.part, case when b.n in (10, 17) then (select sum(l.total) from split_lines l where l.n = b.n and l.part = p.part)
  when b.n = 501 then case p.part when 1 then b.due / 3 else b.due - b.due / 3 end
  when b.n = 15 then case p.part when 1 then 4000 else b.due - 4000 end else b.due / p.parts + case when p.part <= b.due % p.parts then 1 else 0 end end::bigint as amount
from bills b
cross join lateral (select g, case when b.n = 5 then b.guests else 2 end from generate_series(1, case when b.n = 5 then b.guests else 2 end) g) p (part, parts)
where b.pays = 'split' or b.n = 501;
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, label, seat_no, amount_minor, currency)
select pg_temp.biz(), pg_temp.id(format('bill_split_part/%s/%s', p.n, p.part)), pg_temp.id('bill_split/' || p.n), p.part, 'Guest ' || p.part, case when p.n = 17 then p.part end, p.amount, 'EUR'
from split_parts p;
insert into pos.bill_split_items (biz_id, id, part_id, sale_item_id, quantity, amount_minor, currency)
select pg_temp.biz(), pg_temp.id('bill_split_item/' || l.item_id), pg_temp.id(format('bill_split_part/%s/%s', l.n, l.part)), l.item_id, l.quantity, l.total, 'EUR'
from split_lines l;
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tip_minor, tendered_minor, change_minor, currency, split_part_id, original_tender_id, reference, created_at)
select pg_temp.biz(), pg_temp.id(format('sale_tender/%s/%s', x.n, x.seq)), x.sale_id, x.seq, x.kind, x.amount, x.tip,
  case when x.kind = 'cash' then (x.amount + 499) / 500 * 500 end, case when x.kind = 'cash' then (x.amount + 499) / 500 * 500 - x.amount end, 'EUR', x.part_id,
  case when x.n = 403 then pg_temp.id('sale_tender/303/1') end, case when x.kind = 'card' then format('Terminal %s, card ending %s', 1 + x.n % 3, lpad((x.n * 3571 % 10000)::text, 4, '0')) end, x.at
from (
  select b.n, b.sale_id, 1 as seq, b.pays as kind, b.due + b.tip as amount, b.tip, null::uuid as part_id, b.at
  from bills b where b.pays in ('cash', 'card')
  union all
  select b.n, b.sale_id, p.part, case when p.part = 1 then 'cash' else 'card' end, p.amount, 0, pg_temp.id(format('bill_split_part/%s/%s', p.n, p.part)), b.at
  from split_parts p join bills b using (n) where b.pays = 'split'
) x;

-- Day by day: tills are opened, sales completed, drawers counted and closed
create temp table drawers on commit drop as
select r.code, r.id as register_id, r.location_id, r.float_minor, d as day, pg_temp.id(format('cash_session/%s/%s', lower(r.code), d)) as id,
  pg_temp.person(case when (d + length(r.code)) % 2 = 0 then 'desk' else 'owner' end) as by_id
from pos.cash_registers r
cross join generate_series(-5, -1) d
where r.biz_id = pg_temp.biz() and (r.code <> 'SHOP' or d > -5);

create or replace function pg_temp.ring_day(day_no integer) returns void
language sql as $$
  insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_at, opened_by_id, currency, opening_float_minor, created_at)
  select pg_temp.biz(), d.id, d.register_id, d.location_id, pg_temp.day(d.day), pg_temp.at(d.day, '07:30'), d.by_id, 'EUR', d.float_minor, pg_temp.at(d.day, '07:30')
  from drawers d where d.day = day_no;

  update pos.sales s
  set session_id = b.session_id, status = case when b.ending = 'voided' then 'voided' else 'completed' end,
    completed_at = case when b.ending = 'completed' then b.at + interval '1 minute' * case b.mode when 'dine_in' then 82 else 6 end end,
    voided_at = case when b.ending = 'voided' then b.at + interval '20 minutes' end,
    void_reason = case when b.ending = 'voided' then 'Guests left before the order went out' end
  from bills b
  where b.day = day_no and s.biz_id = pg_temp.biz() and s.id = b.sale_id;

  insert into pos.cash_movements (biz_id, id, session_id, kind, amount_minor, currency, reason, approved_by_id, occurred_at, created_at)
  select pg_temp.biz(), pg_temp.id(format('cash_movement/%s/%s', d.id, v.kind)), d.id, v.kind, v.amount, 'EUR', v.reason, case when v.kind = 'paid_out' then pg_temp.person('owner') end,
    pg_temp.at(d.day, v.time), pg_temp.at(d.day, v.time)
  from drawers d
  join (values
    ('REST', 'drop', 8000, null, time '16:00', 2), ('REST', 'paid_out', 1450, 'Parking and ice for the fish van', time '09:10', 3), ('REST', 'paid_in', 4000, 'Change from the bank', time '10:00', 4),
    ('BAR', 'no_sale', 0, 'Change for the vending machine', time '17:15', 2), ('BAR', 'float_adjust', 500, 'Float was short in the morning', time '08:00', 5),
    ('TERRACE', 'paid_out', 620, 'Lemons from the market', time '12:00', 3), ('SHOP', 'no_sale', 0, 'Opened to check the float', time '09:05', 2)
  ) v (code, kind, amount, reason, time, nth) on v.code = d.code and (d.day + 10) % v.nth = 0
  where d.day = day_no;

  update pos.cash_sessions s set status = 'counting' from drawers d where d.day = day_no and s.biz_id = pg_temp.biz() and s.id = d.id;

  update pos.cash_sessions s
  set expected_minor = s.opening_float_minor
    + coalesce((select sum(case when m.kind in ('paid_out', 'drop') then -m.amount_minor else m.amount_minor end) from pos.cash_movements m where m.biz_id = s.biz_id and m.session_id = s.id), 0)
    + coalesce((select sum(t.amount_minor) from pos.sales l join pos.sale_tenders t on t.biz_id = l.biz_id and t.sale_id = l.id
        where l.biz_id = s.biz_id and l.session_id = s.id and l.status = 'completed' and t.kind = 'cash'), 0)
  from drawers d where d.day = day_no and s.biz_id = pg_temp.biz() and s.id = d.id;
  update pos.cash_sessions s
  set counted_minor = s.expected_minor - case when d.code = 'REST' and d.day = -3 then 250 when d.code = 'BAR' and d.day = -4 then -100 else 0 end,
    difference_reason = case when d.code = 'REST' and d.day = -3 then 'Probably change given twice' when d.code = 'BAR' and d.day = -4 then 'A tip that was not rung' end
  from drawers d where d.day = day_no and s.biz_id = pg_temp.biz() and s.id = d.id;

  insert into pos.cash_counts (biz_id, id, session_id, currency, denomination_minor, quantity, created_at)
  select s.biz_id, pg_temp.id(format('cash_count/%s/%s', s.id, v.piece)), s.id, 'EUR', v.piece, (s.counted_minor % v.above) / v.piece, pg_temp.at(day_no, '23:30')
  from drawers d
  join pos.cash_sessions s on s.biz_id = pg_temp.biz() and s.id = d.id
  cross join (values (2000, 100000000), (1000, 2000), (500, 1000), (100, 500), (50, 100), (10, 50), (5, 10), (1, 5)) v (piece, above)
  where d.day = day_no and (s.counted_minor % v.above) / v.piece > 0;

  update pos.cash_sessions s
  set status = 'closed', z_number = 416 + d.day, closed_at = pg_temp.at(d.day, '23:40'), closed_by_id = d.by_id
  from drawers d where d.day = day_no and s.biz_id = pg_temp.biz() and s.id = d.id;
$$;
select pg_temp.ring_day(d) from generate_series(-5, -1) d;
update pos.cash_sessions set status = 'reconciled', reconciled_at = closed_at + interval '11 hours', reconciled_by_id = pg_temp.person('owner'),
  deposit_ref = 'Bag ' || (7700 + z_number)
where biz_id = pg_temp.biz() and status = 'closed' and business_date <= pg_temp.day(-3);

-- The tills of now
insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_at, opened_by_id, currency, opening_float_minor, created_at)
select r.biz_id, pg_temp.id(format('cash_session/%s/now', lower(r.code))), r.id, r.location_id, core.business_date(r.biz_id, r.location_id, now() - v.since), now() - v.since,
  pg_temp.person('desk'), 'EUR', r.float_minor, now() - v.since
from (values ('rest', interval '2 hours'), ('bar', interval '90 minutes'), ('shop', interval '3 hours')) v (code, since)
join pos.cash_registers r on r.biz_id = pg_temp.biz() and r.id = pg_temp.id('cash_register/' || v.code);
insert into pos.cash_movements (biz_id, id, session_id, kind, amount_minor, currency, reason, occurred_at)
values (pg_temp.biz(), pg_temp.id('cash_movement/now'), pg_temp.id('cash_session/rest/now'), 'paid_out', 860, 'EUR', 'Flowers for the tables', now() - interval '80 minutes');
update pos.cash_sessions set status = 'counting' where biz_id = pg_temp.biz() and id = pg_temp.id('cash_session/shop/now');
insert into pos.cash_counts (biz_id, id, session_id, currency, denomination_minor, quantity)
select pg_temp.biz(), pg_temp.id('cash_count/now/' || v.piece), pg_temp.id('cash_session/shop/now'), 'EUR', v.piece, v.quantity
from (values (2000, 2), (1000, 2), (500, 3)) v (piece, quantity);
update pos.sales s set session_id = b.session_id, status = case when b.ending = 'completed' then 'completed' else s.status end,
  completed_at = case when b.ending = 'completed' then now() - interval '5 minutes' end
from bills b
where b.day is null and b.mode <> 'online' and s.biz_id = pg_temp.biz() and s.id = b.sale_id;

insert into pos.receipts (biz_id, id, sale_id, number, channel, content, created_at)
select s.biz_id, pg_temp.id('receipt/' || s.number), s.id, replace(s.number, 'SL-', 'T-'), case when s.customer_id is not null then 'email' when s.guests = 3 then 'qr' else 'print' end,
  jsonb_build_object('total', s.total_minor, 'currency', s.currency, 'lines', (select count(*) from pos.sale_items i where i.biz_id = s.biz_id and i.sale_id = s.id)), s.completed_at
from pos.sales s where s.biz_id = pg_temp.biz() and s.status = 'completed';
insert into pos.receipts (biz_id, id, sale_id, number, channel, reprint_of_id, created_at)
select r.biz_id, pg_temp.id('receipt/again/' || r.number), r.sale_id, r.number, 'print', r.id, r.created_at + interval '12 minutes'
from pos.receipts r where r.biz_id = pg_temp.biz() and r.sale_id in (pg_temp.id('sale/4'), pg_temp.id('sale/304'), pg_temp.id('sale/18'));

-- What was sold leaves the shelf, the oldest first
create temp table sold on commit drop as
select pg_temp.id(format('movement/sale/%s/%s', l.item_id, t.id)) as id, l.sale_id, t.id as item_id, abs(x.quantity) as quantity, l.quantity < 0 as is_return, r.location_id, r.stock_location_id,
  t.standard_cost, s.business_date, coalesce(s.completed_at, l.at) as at,
  case when t.tracking = 'lot' then (select p.batch_id from inventory.stock_batch_locations p join inventory.stock_batches b on b.biz_id = p.biz_id and b.id = p.batch_id
    where p.biz_id = t.biz_id and p.stock_location_id = r.stock_location_id and b.item_id = t.id and p.quantity > 5 order by b.received_on, b.id limit 1) end as batch_id
from ticket_lines l
join pos.sales s on s.biz_id = pg_temp.biz() and s.id = l.sale_id and s.status = 'completed'
join pos.cash_registers r on r.biz_id = s.biz_id and r.id = s.register_id
cross join lateral (
  select l.variant_id, l.quantity::numeric
  union all
  select c.ref_id, u.quantity * l.quantity
  from catalog.bundles u join catalog.sellables c on c.biz_id = u.biz_id and c.id = u.child_sellable_id
  where u.biz_id = s.biz_id and u.parent_sellable_id = l.sellable_id
) x (variant_id, quantity)
join inventory.inventory_items t on t.biz_id = s.biz_id and t.variant_id = x.variant_id;
analyze sold;
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, to_stock_location_id, quantity, batch_id, unit_cost, currency,
  source_type, source_id, business_date, occurred_at, created_at)
select pg_temp.biz(), o.id, o.location_id, o.item_id, case when o.is_return then 'return' else 'sale' end, case when not o.is_return then o.stock_location_id end,
  case when o.is_return then o.stock_location_id end, o.quantity, o.batch_id, o.standard_cost, 'EUR', 'Sale', o.sale_id, o.business_date, o.at, o.at
from sold o order by o.at;
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
with outs as (
  select o.*, sum(o.quantity) over (partition by o.item_id order by o.at, o.id) as upto from sold o where o.batch_id is null and not o.is_return
),
supply as (
  select b.*, sum(b.remaining_qty) over (partition by b.item_id order by b.received_on, b.id) as upto from inventory.stock_batches b where b.biz_id = pg_temp.biz() and b.remaining_qty > 0
)
select s.biz_id, pg_temp.id('cost_layer/' || x.id || s.id), x.item_id, x.id, s.id, x.quantity, s.unit_cost, round(x.quantity * s.unit_cost * 100), 'EUR'
from (
  select o.id, o.item_id, s.id as batch_id, least(s.upto, o.upto) - greatest(s.upto - s.remaining_qty, o.upto - o.quantity) as quantity
  from outs o join supply s on s.item_id = o.item_id and s.upto > o.upto - o.quantity and s.upto - s.remaining_qty < o.upto
  union all
  select o.id, o.item_id, coalesce(o.batch_id, (select b.id from inventory.stock_batches b where b.biz_id = pg_temp.biz() and b.item_id = o.item_id and b.remaining_qty < b.received_qty order by b.received_on, b.id limit 1)), o.quantity
  from sold o where o.batch_id is not null or o.is_return
) x
join inventory.stock_batches s on s.biz_id = pg_temp.biz() and s.id = x.batch_id;

-- What the kitchen has to do
create temp table orders on commit drop as
select l.*, c.printer_station as station, dense_rank() over (partition by l.n order by l.course, c.printer_station) as seq,
  case when l.day is not null then 'served' when l.course = 1 and c.printer_station = 'BAR' then 'served'
    when l.n = 501 then case when l.course = 3 then 'ready' else 'served' end when l.n = 507 then 'served'
    when l.n = 502 then case l.course when 1 then 'served' when 2 then 'recalled' else 'queued' end
    when l.n = 503 then case l.course when 1 then 'ready' when 2 then 'preparing' else 'queued' end
    when l.n = 504 then case l.course when 1 then 'preparing' when 2 then 'fired' else 'cancelled' end else 'fired' end as status
from ticket_lines l
join catalog.products p on p.biz_id = pg_temp.biz() and p.id = l.product_id
join catalog.product_categories c on c.biz_id = p.biz_id and c.id = p.category_id
where l.reg in ('rest', 'bar') and (l.day >= -2 or (l.day is null and l.n <> 506)) and l.n not in (401, 402) and c.printer_station in ('COZ', 'FRIA', 'BAR');
insert into pos.kitchen_tickets (biz_id, id, sale_id, station_id, seq, course, status, is_rush, target_seconds, fired_at, started_at, ready_at, served_at, recalls, note, created_at)
select pg_temp.biz(), pg_temp.id(format('kitchen_ticket/%s/%s', o.n, o.seq)), o.sale_id, s.id, o.seq, o.course, o.status, o.n in (504, 11) and o.course = 2, s.target_seconds,
  case when o.status not in ('queued', 'cancelled') then f.at end, case when o.status not in ('queued', 'cancelled', 'fired') then f.at + interval '1 minute' end,
  case when o.status in ('ready', 'served', 'recalled') then f.at + f.took end, case when o.status = 'served' then f.at + f.took + interval '50 seconds' end,
  case when o.status = 'recalled' then 1 else 0 end, case when o.status = 'recalled' then 'Too cold, once more' when o.n = 504 and o.course = 1 then 'Gluten free' end, o.at
from (select distinct n, seq, sale_id, station, course, status, at, day from orders) o
join pos.kitchen_stations s on s.biz_id = pg_temp.biz() and s.id = pg_temp.id('kitchen_station/lis/' || o.station)
cross join lateral (
  select case when o.day is null then least(o.at + interval '3 minutes' * (3 * o.course - 2), now() - interval '2 minutes' * (5 - o.course)) else o.at + interval '9 minutes' + interval '20 minutes' * (o.course - 1) end,
    case when o.day is null then interval '90 seconds' else interval '1 second' * (s.target_seconds * (60 + (o.n * 37 + o.seq * 11) % 65) / 100) end
) f (at, took);
insert into pos.kitchen_ticket_items (biz_id, id, sale_id, ticket_id, sale_item_id, quantity, status, fired_at, ready_at, voided_at, void_reason, voided_by_id, created_at)
select t.biz_id, pg_temp.id('kitchen_ticket_item/' || o.item_id), t.sale_id, t.id, o.item_id, o.quantity,
  case t.status when 'recalled' then 'preparing' when 'cancelled' then 'voided' else t.status end, t.fired_at, t.ready_at,
  case when t.status = 'cancelled' then now() - interval '6 minutes' end, case when t.status = 'cancelled' then 'Guests want no dessert' end, case when t.status = 'cancelled' then pg_temp.person('desk') end, o.at
from orders o
join pos.kitchen_tickets t on t.biz_id = pg_temp.biz() and t.id = pg_temp.id(format('kitchen_ticket/%s/%s', o.n, o.seq));
