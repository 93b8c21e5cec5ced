-- Suppliers of the houses, what is ordered from them, what came, what they billed and what went back.
-- Others may use: supplier/peixaria, horta, talho, bebidas, lacticinios, cosmetica (approved); purchase_order/<1..13>;
--   goods_receipt/<1..10>; supplier_invoice/<1..7>.

-- Suppliers
insert into procurement.suppliers (biz_id, id, number, name, legal_name, tax_id, status, currency, payment_terms_days, discount_terms_days, discount_terms_bps,
  lead_time_days, min_order_minor, rating, contact_name, email, phone, website, address, country_code, customer_ref, note)
select pg_temp.biz(), pg_temp.id('supplier/' || v.code), 'SUP-' || lpad(v.n::text, 6, '0'), v.name, v.legal, 'PT5' || (10400127 + v.n * 731093), 'prospective', 'EUR', v.terms,
  case when v.n in (4, 7) then 10 end, case when v.n in (4, 7) then 200 end, v.lead, v.least, v.rating, v.contact, 'encomendas@' || v.code || '.example',
  '+351 21 555 0' || (110 + v.n * 17), 'https://' || v.code || '.example', v.address, 'PT', 'HBR-' || (2200 + v.n), v.note
from (values
  (1, 'peixaria', 'Peixaria do Cais', 'Peixaria do Cais, Lda.', 15, 1, 8000, 4.7, 'Amílcar Rebelo', 'Doca 4, 2750-001 Cascais', 'Orders before 16:00 come the next morning.'),
  (2, 'horta', 'Horta do Oeste', 'Horta do Oeste Cooperativa, CRL', 30, 1, 5000, 4.3, 'Sónia Marques', 'Estrada da Várzea 18, 2560-002 Torres Vedras', null),
  (3, 'talho', 'Talho Ribatejano', 'Carnes do Ribatejo, S.A.', 30, 2, 10000, 4.1, 'Joaquim Vidal', 'Rua do Matadouro 3, 2000-003 Santarém', null),
  (4, 'bebidas', 'Farol Bebidas', 'Farol Distribuição de Bebidas, S.A.', 45, 3, 25000, 3.9, 'Carla Antunes', 'Parque Industrial, lote 22, 2685-004 Prior Velho', 'Takes back empty kegs.'),
  (5, 'lacticinios', 'Lacticínios da Serra', 'Lacticínios da Serra, Lda.', 30, 2, 6000, 4.5, 'Rosa Almeida', 'Largo da Igreja 1, 6270-005 Seia', null),
  (6, 'linho', 'Almofada & Linho', 'Almofada e Linho Têxteis, Lda.', 60, 21, 50000, 2.6, 'Henrique Faria', 'Rua das Fiações 40, 4800-006 Guimarães', 'Last two deliveries were weeks late.'),
  (7, 'cosmetica', 'Atlântico Cosmética', 'Atlântico Cosmética Natural, Lda.', 30, 7, 30000, 4.8, 'Beatriz Coelho', 'Rua do Sal 9, 3800-007 Aveiro', null),
  (8, 'grossista', 'Mercado Grossista Tejo', 'Grossista Tejo, Unipessoal', 0, 2, 0, 1.4, 'Nuno Sá', 'Pavilhão 7, 2660-008 Loures', 'Billed for goods that never came.'),
  (9, 'encosta', 'Vinhos da Encosta', 'Encosta Wines, Lda.', 30, 5, 40000, null, 'Marta Rocha', 'Quinta da Encosta, 5050-009 Régua', 'Tasting was good; certificates are awaited.')
) v (n, code, name, legal, terms, lead, least, rating, contact, address, note);
update procurement.suppliers set status = 'approved' where biz_id = pg_temp.biz() and number between 'SUP-000001' and 'SUP-000007';
update procurement.suppliers set status = 'suspended' where biz_id = pg_temp.biz() and number = 'SUP-000006';
update procurement.suppliers set status = 'blocked' where biz_id = pg_temp.biz() and number = 'SUP-000008';

insert into procurement.supplier_certifications (biz_id, id, supplier_id, kind, name, number, issuer, issued_on, expires_on, is_mandatory, status, verified_by_id)
select pg_temp.biz(), pg_temp.id(format('certification/%s/%s', v.code, v.n)), pg_temp.id('supplier/' || v.code), v.kind, v.name, v.number, v.issuer, pg_temp.day(v.issued), pg_temp.day(v.expires),
  v.must, case when v.status in ('expired', 'revoked') then 'valid' else v.status end, case when v.status <> 'pending' then pg_temp.person('owner') end
from (values
  (1, 'peixaria', 'food_safety', 'HACCP', 'HC-20811', 'Certifica Alimentar', -200, 165, true, 'valid'), (2, 'peixaria', 'licence', 'Fish handling licence', 'LOTA-4471', 'Port authority', -420, 12, false, 'valid'),
  (1, 'horta', 'organic', 'Organic farming', 'PT-BIO-0930', 'Controlo Bio', -90, 275, false, 'valid'), (1, 'talho', 'food_safety', 'HACCP', 'HC-19377', 'Certifica Alimentar', -300, 65, true, 'valid'),
  (2, 'talho', 'food_safety', 'HACCP, previous', 'HC-14402', 'Certifica Alimentar', -665, -300, false, 'expired'), (1, 'lacticinios', 'food_safety', 'ISO 22000', 'F22-1180', 'Norma Europa', -150, 945, true, 'valid'),
  (1, 'cosmetica', 'quality', 'ISO 22716, cosmetics', 'GMP-5521', 'Norma Europa', -60, 1035, false, 'valid'), (1, 'bebidas', 'insurance', 'Product liability', 'AP-99120-3', 'Seguradora Mondego', -340, 25, false, 'valid'),
  (1, 'grossista', 'tax', 'No debts to the tax office', 'AT-77120', 'Tax office', -250, 115, true, 'revoked'), (1, 'encosta', 'food_safety', 'HACCP', 'HC-21990', 'Certifica Alimentar', -20, 345, true, 'pending'),
  (2, 'encosta', 'environment', 'Sustainable viticulture', null, 'Videira Verde', -10, null, false, 'pending')
) v (n, code, kind, name, number, issuer, issued, expires, must, status);
update procurement.supplier_certifications set status = 'expired' where biz_id = pg_temp.biz() and expires_on < pg_temp.day();
update procurement.supplier_certifications set status = 'revoked' where biz_id = pg_temp.biz() and supplier_id = pg_temp.id('supplier/grossista');

-- What they offer; a price of before is kept with its end
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, supplier_sku, supplier_name, pack_name, pack_qty, price, currency, moq, order_multiple, is_preferred, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id(format('supplier_item/%s/%s/%s', v.supplier, v.sku, e.era)), pg_temp.id('supplier/' || v.supplier), t.id, upper(left(v.supplier, 2)) || '-' || (1000 + length(v.sku) * 37),
  v.name, v.pack, v.size, round(t.standard_cost * v.size * v.factor * case e.era when 0 then 0.96 else 1 end, 2), 'EUR', 1, 1, v.factor = 1,
  pg_temp.day(case e.era when 0 then -400 else -60 end), case e.era when 0 then pg_temp.day(-60) end
from (values
  ('peixaria', 'bacalhau-demolhado', 'Bacalhau demolhado, lombos', 'box', 6, 1), ('peixaria', 'robalo-fresco', 'Robalo de aquacultura', 'crate', 3, 1), ('peixaria', 'tamboril', 'Tamboril limpo', 'crate', 3.5, 1),
  ('peixaria', 'ameijoa', 'Amêijoa boa viva', 'net', 2, 1), ('peixaria', 'polvo', 'Polvo congelado 2/3', 'carton', 10, 1), ('horta', 'batata', 'Batata vermelha', 'sack', 25, 1), ('horta', 'cebola', 'Cebola', 'sack', 5, 1),
  ('horta', 'laranja', 'Laranja do Algarve', 'crate', 15, 1), ('horta', 'limao', 'Limão', 'crate', 4, 1), ('talho', 'lombo-novilho', 'Vazia de novilho', 'piece', 5, 1), ('bebidas', 'agua-50', 'Fonte da Serra 0,5 l', 'case of 24', 24, 1),
  ('bebidas', 'agua-gas', 'Fonte da Serra gás 0,25 l', 'case of 24', 24, 1), ('bebidas', 'tonica', 'Tónica 0,2 l', 'case of 24', 24, 1), ('bebidas', 'cerveja-barril', 'Farol barril 30 l', 'keg', 30, 1), ('bebidas', 'gin', 'London dry 0,7 l', 'case of 6', 4.2, 1),
  ('bebidas', 'vinho-verde-gf', 'Quinta do Farol', 'case of 6', 6, 1), ('bebidas', 'douro-tinto-gf', 'Casa da Ribeira', 'case of 6', 6, 1), ('encosta', 'douro-tinto-gf', 'Casa da Ribeira, ex cellar', 'case of 6', 6, 0.93),
  ('lacticinios', 'leite', 'Leite gordo do dia', 'crate', 10, 1), ('lacticinios', 'natas', 'Natas 35 %', 'crate', 5, 1), ('lacticinios', 'ovos', 'Ovos M', 'tray of 30', 30, 1), ('horta', 'ovos', 'Ovos caseiros', 'tray of 30', 30, 1.12),
  ('linho', 'roupao-m', 'Roupão favo M', 'pack of 4', 4, 1), ('linho', 'roupao-l', 'Roupão favo L', 'pack of 4', 4, 1), ('cosmetica', 'esfoliante', 'Sal marinho 200 g', 'box of 12', 12, 1),
  ('cosmetica', 'oleo-100', 'Flor de laranjeira 100 ml', 'box of 10', 10, 1), ('cosmetica', 'oleo-250', 'Flor de laranjeira 250 ml', 'box of 6', 6, 1), ('cosmetica', 'vela', 'Figo e sal', 'box of 8', 8, 1)
) v (supplier, sku, name, pack, size, factor)
join inventory.inventory_items t on t.biz_id = pg_temp.biz() and t.id = pg_temp.id('inventory_item/' || v.sku)
cross join lateral generate_series(case when v.supplier in ('peixaria', 'bebidas') then 0 else 1 end, 1) e (era);

-- Orders
create temp table orders_plan on commit drop as
select v.*, pg_temp.id('purchase_order/' || v.n) as po_id, pg_temp.id('supplier/' || v.supplier) as supplier_id, pg_temp.id('stock_location/' || v.place) as place_id
from (values
  (1, 'peixaria', 'lis/kitchen', 'closed', -13, -12), (2, 'bebidas', 'lis/bar', 'closed', -12, -10), (3, 'lacticinios', 'lis/kitchen', 'received', -6, -4), (4, 'bebidas', 'lis/store', 'partially_received', -6, -3),
  (5, 'horta', 'lis/kitchen', 'closed_short', -10, -9), (6, 'cosmetica', 'spa/cabinet', 'sent', -3, 4), (7, 'talho', 'lis/kitchen', 'sent', -2, 0), (8, 'horta', 'lis/kitchen', 'approved', null, 2),
  (9, 'bebidas', 'cas/bar', 'pending_approval', null, 5), (10, 'linho', 'spa/shelf', 'rejected', null, 20), (11, 'cosmetica', 'spa/cabinet', 'draft', null, 14), (12, 'bebidas', 'lis/bar', 'cancelled', null, -5), (13, 'peixaria', 'lis/kitchen', 'received', -3, -2)
) v (n, supplier, place, ends, ordered, expected);
create temp table po_lines_plan on commit drop as
select o.*, v.line, v.sku, v.packs, i.id as supplier_item_id, i.item_id, i.supplier_name, t.tracking, t.shelf_life_days, v.packs * i.pack_qty as quantity, round(i.price / i.pack_qty, 6) as unit_price,
  round(v.packs * i.price * 100)::bigint as total, round(v.packs * i.price * x.rate * 100)::bigint as tax, x.rate as tax_rate, pg_temp.id(format('po_line/%s/%s', v.n, v.line)) as line_id
from (values
  (1, 1, 'bacalhau-demolhado', 2), (1, 2, 'robalo-fresco', 2), (1, 3, 'ameijoa', 2), (2, 1, 'cerveja-barril', 2), (2, 2, 'tonica', 4), (2, 3, 'gin', 1), (3, 1, 'leite', 4), (3, 2, 'natas', 2), (3, 3, 'ovos', 6),
  (4, 1, 'agua-50', 10), (4, 2, 'vinho-verde-gf', 6), (4, 3, 'douro-tinto-gf', 6), (5, 1, 'batata', 2), (5, 2, 'laranja', 4), (5, 3, 'limao', 2), (6, 1, 'esfoliante', 2), (6, 2, 'oleo-100', 3), (6, 3, 'vela', 3),
  (7, 1, 'lombo-novilho', 3), (8, 1, 'batata', 2), (8, 2, 'cebola', 3), (9, 1, 'agua-gas', 6), (9, 2, 'cerveja-barril', 2), (10, 1, 'roupao-m', 5), (10, 2, 'roupao-l', 3), (11, 1, 'oleo-250', 2), (12, 1, 'tonica', 6),
  (13, 1, 'bacalhau-demolhado', 1), (13, 2, 'tamboril', 2), (13, 3, 'polvo', 1)
) v (n, line, sku, packs)
join orders_plan o on o.n = v.n
join procurement.supplier_items i on i.biz_id = pg_temp.biz() and i.id = pg_temp.id(format('supplier_item/%s/%s/1', o.supplier, v.sku))
join inventory.inventory_items t on t.biz_id = i.biz_id and t.id = i.item_id
cross join lateral (select case when o.supplier in ('bebidas', 'cosmetica', 'linho') then 0.23 else 0.06 end) x (rate);

insert into procurement.purchase_orders (biz_id, id, number, supplier_id, location_id, stock_location_id, requested_by_id, currency, subtotal_minor, shipping_minor, tax_minor, total_minor,
  expected_on, payment_terms_days, note, internal_note, created_at)
select pg_temp.biz(), o.po_id, 'PO-' || lpad(o.n::text, 6, '0'), o.supplier_id, p.location_id, p.id, pg_temp.person('desk'), 'EUR', s.total, s.shipping, s.tax, s.total + s.shipping + s.tax,
  pg_temp.day(o.expected), u.payment_terms_days, case o.n when 1 then 'Deliver to the yard, before eight.' when 6 then 'Please mark the boxes for the spa.' end,
  case o.n when 10 then 'Robes in L are nearly out.' when 9 then 'For the terrace, Christmas lunches.' end, coalesce(pg_temp.at(o.ordered - 1, '15:00'), now() - interval '1 day' - interval '1 hour' * o.n)
from orders_plan o
join inventory.stock_locations p on p.biz_id = pg_temp.biz() and p.id = o.place_id
join procurement.suppliers u on u.biz_id = p.biz_id and u.id = o.supplier_id
cross join lateral (select sum(l.total)::bigint, sum(l.tax)::bigint, case when o.supplier in ('cosmetica', 'linho') then 950 else 0 end from po_lines_plan l where l.n = o.n) s (total, tax, shipping);
insert into procurement.po_line_items (biz_id, id, po_id, line_no, item_id, supplier_item_id, description, quantity, unit_price, tax_rate, tax_minor, total_minor, currency, over_tolerance_bps, price_tolerance_bps)
select pg_temp.biz(), l.line_id, l.po_id, l.line, l.item_id, l.supplier_item_id, l.supplier_name, l.quantity, l.unit_price, l.tax_rate, l.tax, l.total, 'EUR', 500, 100
from po_lines_plan l;
update procurement.purchase_orders p set status = 'pending_approval' from orders_plan o where p.biz_id = pg_temp.biz() and p.id = o.po_id and o.ends not in ('draft', 'cancelled');
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, limit_minor, currency, note, created_at)
select p.biz_id, pg_temp.id('po_approval/' || o.n), p.id, 1, 1, case when o.ends = 'rejected' then 'rejected' else 'approved' end, pg_temp.person('owner'), p.total_minor, 500000, 'EUR',
  case when o.ends = 'rejected' then 'Not from them while they are late; ask for another offer' when o.n = 2 then 'Fine, but mind the cellar space' end, p.created_at + interval '3 hours'
from orders_plan o join procurement.purchase_orders p on p.biz_id = pg_temp.biz() and p.id = o.po_id
where o.ends not in ('draft', 'cancelled', 'pending_approval');
update procurement.purchase_orders p set status = case when o.ends in ('cancelled', 'rejected') then o.ends else 'approved' end,
  approved_revision = case when o.ends not in ('cancelled', 'rejected') then 1 end
from orders_plan o where p.biz_id = pg_temp.biz() and p.id = o.po_id and o.ends not in ('draft', 'pending_approval');
update procurement.purchase_orders p set status = 'sent', ordered_on = pg_temp.day(o.ordered), sent_at = pg_temp.at(o.ordered, '10:20'), supplier_ref = 'AC ' || (20140 + o.n * 13)
from orders_plan o where p.biz_id = pg_temp.biz() and p.id = o.po_id and o.ordered is not null;

-- Deliveries: how much of each line came and how much of that was refused; then batches and movements, and the receipts
create temp table receipts_plan on commit drop as
select g.n as g, g.ends as receipt_ends, g.at, l.*, q.came, q.refused, pg_temp.id('goods_receipt/' || g.n) as receipt_id, pg_temp.id(format('goods_receipt_line/%s/%s', g.n, l.line)) as receipt_line_id,
  g.ends in ('posted', 'reversed') and q.came > q.refused as is_stocked, pg_temp.id(format('stock_batch/receipt/%s/%s', g.n, l.line)) as batch_id, pg_temp.id(format('movement/receipt/%s/%s', g.n, l.line)) as movement_id
from (values
  (1, 1, 'posted', pg_temp.at(-12, '07:25'), 1.0), (2, 2, 'posted', pg_temp.at(-10, '09:40'), 1.0), (3, 3, 'posted', pg_temp.at(-4, '08:05'), 1.0), (4, 4, 'reversed', pg_temp.at(-3, '09:50'), 0.5),
  (5, 4, 'posted', pg_temp.at(-3, '10:30'), 0.5), (6, 5, 'posted', pg_temp.at(-9, '07:50'), 0.5), (7, 13, 'posted', pg_temp.at(-2, '07:20'), 1.0), (8, 7, 'inspecting', now() - interval '25 minutes', 1.0),
  (9, 6, 'draft', now() - interval '10 minutes', 0.5), (10, 6, 'cancelled', pg_temp.at(-1, '16:10'), 0.5)
) g (n, po, ends, at, part)
join po_lines_plan l on l.n = g.po
cross join lateral (select l.quantity * g.part, case when g.n = 5 and l.line = 2 then 2 when g.n = 6 and l.line = 2 then 4 when g.n = 8 then 1.2 else 0 end) q (came, refused);
insert into inventory.stock_batches (biz_id, id, item_id, lot_no, received_on, manufactured_on, expires_on, unit_cost, currency, received_qty, supplier_type, supplier_id, supplier_ref)
select pg_temp.biz(), r.batch_id, r.item_id, case when r.tracking = 'lot' then format('%s%s-%s', upper(left(r.supplier, 2)), to_char(r.at, 'YYMMDD'), r.line) end, r.at::date,
  case when r.tracking = 'lot' then r.at::date - 1 end, r.at::date + r.shelf_life_days, r.unit_price, 'EUR', r.came - r.refused, 'Supplier', r.supplier_id, 'GR ' || (88000 + r.g * 41)
from receipts_plan r where r.is_stocked;
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, to_stock_location_id, quantity, batch_id, unit_cost, currency, source_type, source_id, reason, business_date,
  occurred_at, reverses_id, created_at)
select p.biz_id, m.id, p.location_id, r.item_id, 'receipt', case when m.back then p.id end, case when not m.back then p.id end, r.came - r.refused, r.batch_id, r.unit_price, 'EUR', 'GoodsReceipt', r.receipt_id,
  case when m.back then 'Booked twice' end, r.at::date, m.at, case when m.back then r.movement_id end, m.at
from receipts_plan r
join inventory.stock_locations p on p.biz_id = pg_temp.biz() and p.id = r.place_id
cross join lateral (
  select r.movement_id, false, r.at
  union all
  select pg_temp.id(format('movement/receipt/back/%s/%s', r.g, r.line)), true, r.at + interval '30 minutes' where r.receipt_ends = 'reversed'
) m (id, back, at)
where r.is_stocked
order by m.at;

insert into procurement.goods_receipts (biz_id, id, number, supplier_id, po_id, location_id, stock_location_id, business_date, received_at, received_by_id, delivery_note, carrier, note, created_at)
select distinct on (r.g) pg_temp.biz(), r.receipt_id, 'GR-' || lpad(r.g::text, 6, '0'), r.supplier_id, r.po_id, p.location_id, p.id, (r.at at time zone 'Europe/Lisbon' - interval '4 hours')::date, r.at,
  pg_temp.person('desk'), 'GT ' || (88000 + r.g * 41), case when r.supplier in ('cosmetica', 'bebidas') then 'Transportes Rápido' end, case r.g when 5 then 'One case wet, bottles cracked' when 10 then 'Not ours, the driver took it back' end, r.at
from receipts_plan r
join inventory.stock_locations p on p.biz_id = pg_temp.biz() and p.id = r.place_id
order by r.g, r.line;
insert into procurement.goods_receipt_line_items (biz_id, id, receipt_id, line_no, po_line_id, item_id, quantity, accepted_qty, rejected_qty, rejection_reason, rejection_note, lot_no, expires_on,
  temperature_c, unit_cost, currency, batch_id, movement_id, created_at)
select pg_temp.biz(), r.receipt_line_id, r.receipt_id, r.line, r.line_id, r.item_id, r.came, r.came - r.refused, r.refused,
  case when r.refused > 0 then case r.g when 5 then 'damaged' when 8 then 'temperature' else 'quality' end end, case when r.refused > 0 then case r.g when 5 then 'Cracked bottles' when 8 then 'Nine degrees in the middle' else 'Soft and mouldy' end end,
  b.lot_no, b.expires_on, case when r.supplier in ('peixaria', 'talho', 'lacticinios') then 2.4 + r.line * 0.3 end, r.unit_price, 'EUR', b.id, case when r.is_stocked then r.movement_id end, r.at
from receipts_plan r left join inventory.stock_batches b on b.biz_id = pg_temp.biz() and b.id = r.batch_id;
update procurement.goods_receipts g set status = 'inspecting' from receipts_plan r where g.biz_id = pg_temp.biz() and g.id = r.receipt_id and r.line = 1 and r.receipt_ends in ('posted', 'reversed', 'inspecting');
update procurement.goods_receipts g set status = 'cancelled' where g.biz_id = pg_temp.biz() and g.id = pg_temp.id('goods_receipt/10');
update procurement.goods_receipts g set status = 'posted', posted_at = g.received_at + interval '20 minutes' from receipts_plan r where g.biz_id = pg_temp.biz() and g.id = r.receipt_id and r.line = 1 and r.receipt_ends in ('posted', 'reversed');
update procurement.goods_receipts g set status = 'reversed' where g.biz_id = pg_temp.biz() and g.id = pg_temp.id('goods_receipt/4');
update procurement.purchase_orders p set status = case when o.ends in ('closed', 'received') then 'received' else 'partially_received' end
from orders_plan o where p.biz_id = pg_temp.biz() and p.id = o.po_id and o.ends in ('closed', 'received', 'closed_short', 'partially_received');
update procurement.purchase_orders p set status = o.ends from orders_plan o where p.biz_id = pg_temp.biz() and p.id = o.po_id and o.ends in ('closed', 'closed_short');
update inventory.stock_levels v set incoming = l.quantity - case when l.n = 4 then (select sum(p.received_qty) from procurement.po_line_items p where p.biz_id = v.biz_id and p.id = l.line_id) else 0 end
from po_lines_plan l where v.biz_id = pg_temp.biz() and v.item_id = l.item_id and v.stock_location_id = l.place_id and l.ends in ('sent', 'partially_received');

-- Invoices of suppliers
create temp table invoices_plan on commit drop as
select v.*, pg_temp.id('supplier_invoice/' || v.i) as invoice_id
from (values (1, 1, 'paid', -11), (2, 2, 'scheduled', -9), (3, 3, 'approved', -3), (4, 4, 'mismatch', -2), (5, 5, 'matched', -8), (6, 13, 'received', -1)) v (i, po, ends, day);
create temp table invoice_lines_plan on commit drop as
select i.*, l.line, l.line_id, l.supplier_name, l.unit_price, q.quantity, round(q.quantity * l.unit_price * 100)::bigint as amount, round(q.quantity * l.unit_price * l.tax_rate * 100)::bigint as tax,
  l.supplier_id, l.po_id, l.place_id, r.receipt_line_id
from invoices_plan i
join po_lines_plan l on l.n = i.po
join procurement.po_line_items p on p.biz_id = pg_temp.biz() and p.id = l.line_id
cross join lateral (select case when i.ends = 'mismatch' then l.quantity else p.received_qty end) q (quantity)
left join receipts_plan r on r.line_id = l.line_id and r.receipt_ends = 'posted';
insert into procurement.supplier_invoices (biz_id, id, supplier_id, invoice_no, po_id, location_id, invoiced_on, received_on, due_on, currency, subtotal_minor, tax_minor, total_minor, created_at)
select pg_temp.biz(), l.invoice_id, l.supplier_id, format('FT %s/', to_char(pg_temp.day(l.day), 'YYYY')) || (3100 + l.i * 87), l.po_id, p.location_id, pg_temp.day(l.day), pg_temp.day(l.day), pg_temp.day(l.day + 30), 'EUR', sum(l.amount), sum(l.tax), sum(l.amount + l.tax), pg_temp.at(l.day, '11:00')
from invoice_lines_plan l join inventory.stock_locations p on p.biz_id = pg_temp.biz() and p.id = l.place_id
group by l.i, l.invoice_id, l.supplier_id, l.po_id, p.location_id, l.day
union all
select pg_temp.biz(), pg_temp.id('supplier_invoice/7'), pg_temp.id('supplier/grossista'), 'A 771', null, pg_temp.location('LIS'), pg_temp.day(-21), pg_temp.day(-19), pg_temp.day(-19), 'EUR', 48000, 2880, 50880, pg_temp.at(-19, '12:00');
insert into procurement.supplier_invoice_lines (biz_id, id, invoice_id, line_no, po_line_id, receipt_line_id, description, quantity, unit_price, amount_minor, tax_minor, currency)
select pg_temp.biz(), pg_temp.id(format('supplier_invoice_line/%s/%s', l.i, l.line)), l.invoice_id, l.line, l.line_id, l.receipt_line_id, l.supplier_name, l.quantity, l.unit_price, l.amount, l.tax, 'EUR' from invoice_lines_plan l
union all
select pg_temp.biz(), pg_temp.id('supplier_invoice_line/7/1'), pg_temp.id('supplier_invoice/7'), 1, null, null, 'Camarão 20/30, 40 kg', 40, 12, 48000, 2880, 'EUR';
update procurement.supplier_invoices v set status = case when i.ends = 'mismatch' then 'mismatch' else 'matched' end, match_status = case when i.ends = 'mismatch' then 'quantity_mismatch' else 'matched' end
from invoices_plan i where v.biz_id = pg_temp.biz() and v.id = i.invoice_id and i.ends <> 'received';
update procurement.supplier_invoices set status = 'disputed', match_status = 'no_order', dispute_reason = 'Nothing was ordered and nothing came' where biz_id = pg_temp.biz() and id = pg_temp.id('supplier_invoice/7');
update procurement.supplier_invoices v set status = 'approved' from invoices_plan i where v.biz_id = pg_temp.biz() and v.id = i.invoice_id and i.ends in ('approved', 'scheduled', 'paid');
update procurement.supplier_invoices v set status = 'scheduled', scheduled_on = case when i.ends = 'paid' then pg_temp.day(-1) else v.due_on end from invoices_plan i where v.biz_id = pg_temp.biz() and v.id = i.invoice_id and i.ends in ('scheduled', 'paid');
update procurement.supplier_invoices set status = 'paid', paid_at = pg_temp.at(-1, '10:00'), payment_ref = 'SEPA 5512' where biz_id = pg_temp.biz() and id = pg_temp.id('supplier_invoice/1');

-- What goes back
create temp table returns_plan on commit drop as
select v.*, r.receipt_id, r.receipt_line_id, r.supplier_id, r.item_id, r.batch_id, r.place_id, r.tracking, r.unit_price, round(v.quantity * r.unit_price * 100)::bigint as credit, pg_temp.id('supplier_return/' || v.n) as return_id
from (values
  (1, 1, 3, 0.5, 'credited', 'quality', 'Shells open', -11), (2, 2, 2, 12, 'shipped', 'damaged', 'Half a case broken', -2), (3, 6, 3, 1, 'written_off', 'quality', 'Went soft within a day', -7),
  (4, 5, 2, 1, 'approved', 'damaged', 'Leaking', -1), (5, 3, 3, 30, 'draft', 'expired', 'Sell-by date too close', -1), (6, 7, 2, 1, 'cancelled', 'excess', 'The kitchen can use it after all', -1)
) v (n, g, line, quantity, ends, reason, note, day)
join receipts_plan r on r.g = v.g and r.line = v.line;
insert into procurement.supplier_returns (biz_id, id, number, supplier_id, receipt_id, reason, note, supplier_ref, credit_expected_minor, currency, created_at)
select pg_temp.biz(), r.return_id, 'SR-' || lpad(r.n::text, 6, '0'), r.supplier_id, r.receipt_id, r.reason, r.note, 'RMA ' || (610 + r.n * 9), r.credit, 'EUR', pg_temp.at(r.day, '00:30') from returns_plan r;
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, unit_cost, currency, source_type, source_id, reason, business_date, occurred_at, created_at)
select p.biz_id, pg_temp.id('movement/supplier_return/' || r.n), p.location_id, r.item_id, 'return', p.id, r.quantity, r.batch_id, r.unit_price, 'EUR', 'SupplierReturn', r.return_id, r.note, pg_temp.day(r.day), pg_temp.at(r.day, '12:00'), pg_temp.at(r.day, '12:00')
from returns_plan r join inventory.stock_locations p on p.biz_id = pg_temp.biz() and p.id = r.place_id
where r.ends in ('credited', 'shipped', 'written_off');
insert into procurement.supplier_return_lines (biz_id, id, return_id, line_no, receipt_line_id, quantity, credit_minor, currency, movement_id)
select pg_temp.biz(), pg_temp.id('supplier_return_line/' || r.n), r.return_id, 1, r.receipt_line_id, r.quantity, r.credit, 'EUR', case when r.ends in ('credited', 'shipped', 'written_off') then pg_temp.id('movement/supplier_return/' || r.n) end from returns_plan r;
update procurement.supplier_returns s set status = case when r.ends = 'cancelled' then 'cancelled' else 'approved' end from returns_plan r where s.biz_id = pg_temp.biz() and s.id = r.return_id and r.ends <> 'draft';
update procurement.supplier_returns s set status = 'shipped', shipped_at = pg_temp.at(r.day, '12:00') from returns_plan r where s.biz_id = pg_temp.biz() and s.id = r.return_id and r.ends in ('credited', 'shipped', 'written_off');
update procurement.supplier_returns s set status = r.ends, credited_at = case when r.ends = 'credited' then pg_temp.at(-3, '15:00') end, credit_received_minor = case when r.ends = 'credited' then r.credit end,
  credit_note_no = case when r.ends = 'credited' then format('NC %s/118', to_char(pg_temp.day(-3), 'YYYY')) end
from returns_plan r where s.biz_id = pg_temp.biz() and s.id = r.return_id and r.ends in ('credited', 'written_off');

insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
select m.biz_id, pg_temp.id('cost_layer/' || m.id), m.item_id, m.id, m.batch_id, m.quantity, b.unit_cost, round(m.quantity * b.unit_cost * 100), 'EUR'
from inventory.stock_movements m join inventory.stock_batches b on b.biz_id = m.biz_id and b.id = m.batch_id
where m.biz_id = pg_temp.biz() and m.source_type in ('GoodsReceipt', 'SupplierReturn');
