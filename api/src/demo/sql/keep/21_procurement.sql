-- Suppliers of pallets, film and supplies; orders, deliveries and their invoices.
-- Others may use: supplier/palet, plastik, kotak, gas; purchase_order/<1..6>; supplier_invoice/<1..2>.

insert into procurement.suppliers (biz_id, id, number, name, legal_name, tax_id, status, currency, payment_terms_days, lead_time_days, rating, contact_name, email, phone, address, country_code)
select pg_temp.biz(), pg_temp.id('supplier/' || v.code), 'SUP-' || lpad(v.n::text, 6, '0'), v.name, v.name, 'C' || (20880401120 + v.n * 7717), 'prospective', 'MYR', 30, v.lead, v.rating, v.contact, 'sales@' || v.code || '.example', '+60 3 5550 1' || (100 + v.n * 31), v.address, 'MY'
from (values (1, 'palet', 'Palet Jaya Sdn Bhd', 3, 4.4, 'Ahmad Faizal', 'Lot 12, Jalan Kapar, 41400 Klang'), (2, 'plastik', 'Selangor Film & Strap Sdn Bhd', 5, 4.0, 'Lim Siew Ling', 'Jalan Keluli 7, 40000 Shah Alam'),
  (3, 'kotak', 'Kotak Maju Sdn Bhd', 4, 3.2, 'Ravi Chandran', 'Taman Perindustrian Puchong, 47100 Puchong'), (4, 'gas', 'Gas Utama Enterprise', 1, 4.6, 'Noraini Hassan', 'Jalan Pelabuhan, 42000 Port Klang'), (5, 'sejuk', 'Sejuk Logistik Supplies', 9, null, 'Tan Boon Hock', 'Jalan Bukit Raja, 41050 Klang')
) v (n, code, name, lead, rating, contact, address);
update procurement.suppliers set status = 'approved' where biz_id = pg_temp.biz() and number < 'SUP-000005';
update procurement.suppliers set status = 'suspended' where biz_id = pg_temp.biz() and number = 'SUP-000003';
insert into procurement.supplier_certifications (biz_id, id, supplier_id, kind, name, number, issuer, issued_on, expires_on, is_mandatory, status)
select pg_temp.biz(), pg_temp.id('certification/' || v.n), pg_temp.id('supplier/' || v.code), v.kind, v.name, v.number, v.issuer, pg_temp.day(v.issued), pg_temp.day(v.expires), v.must, 'pending'
from (values (1, 'palet', 'licence', 'ISPM 15 heat treatment', 'MY-HT-311', 'Plant quarantine office', -210, 155, true), (2, 'gas', 'licence', 'LPG distribution', 'LPG-8820', 'Energy commission', -500, 230, true), (3, 'plastik', 'quality', 'ISO 9001', 'Q-55201', 'Sirius Certification', -720, -20, false), (4, 'sejuk', 'food_safety', 'HACCP', null, 'Sirius Certification', -5, 360, true)
) v (n, code, kind, name, number, issuer, issued, expires, must);
update procurement.supplier_certifications set status = 'valid', verified_by_id = pg_temp.person('owner') where biz_id = pg_temp.biz() and supplier_id <> pg_temp.id('supplier/sejuk');
update procurement.supplier_certifications set status = 'expired' where biz_id = pg_temp.biz() and expires_on < pg_temp.day();
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, supplier_sku, pack_name, pack_qty, price, currency, is_preferred, starts_on)
select pg_temp.biz(), pg_temp.id('supplier_item/' || v.sku), pg_temp.id('supplier/' || v.supplier), t.id, upper(left(v.supplier, 3)) || '-' || (100 + length(v.sku)), v.pack, v.size, t.standard_cost * v.size, 'MYR', true, pg_temp.day(-120)
from (values ('palet', 'pallet-wood', 'stack of 20', 20), ('palet', 'pallet-plastic', 'stack of 10', 10), ('plastik', 'film', 'case of 6', 6), ('plastik', 'strap', 'coil', 1), ('kotak', 'carton-s', 'bundle of 25', 25), ('kotak', 'carton-m', 'bundle of 25', 25), ('kotak', 'carton-l', 'bundle of 20', 20), ('gas', 'lpg', 'cylinder', 1), ('sejuk', 'gel-pack', 'box of 12', 12)
) v (supplier, sku, pack, size)
join inventory.inventory_items t on t.biz_id = pg_temp.biz() and t.id = pg_temp.id('inventory_item/' || v.sku);
create temp table lines_plan on commit drop as
select o.*, l.line, i.id as supplier_item_id, i.item_id, upper(l.sku) as sku, l.packs * i.pack_qty as quantity, i.price / i.pack_qty as unit_price, round(l.packs * i.price * 100)::bigint as total, round(l.packs * i.price * 8)::bigint as tax,
  pg_temp.id('purchase_order/' || o.n) as po_id, pg_temp.id(format('po_line/%s/%s', o.n, l.line)) as line_id, pg_temp.id('supplier/' || o.supplier) as supplier_id, pg_temp.id('stock_location/pkl/store') as place_id
from (values (1, 'palet', 'closed', -12, -9), (2, 'plastik', 'partially_received', -9, -3), (3, 'gas', 'sent', -1, 0), (4, 'palet', 'approved', null, 5), (5, 'plastik', 'pending_approval', null, 8), (6, 'kotak', 'draft', null, 12)) o (n, supplier, ends, ordered, expected)
join (values (1, 1, 'pallet-wood', 3), (1, 2, 'pallet-plastic', 1), (2, 1, 'film', 8), (2, 2, 'strap', 4), (3, 1, 'lpg', 10), (4, 1, 'pallet-wood', 4), (5, 1, 'film', 12), (6, 1, 'carton-m', 6), (6, 2, 'carton-l', 4)) l (n, line, sku, packs) using (n)
join procurement.supplier_items i on i.biz_id = pg_temp.biz() and i.id = pg_temp.id('supplier_item/' || l.sku);
insert into procurement.purchase_orders (biz_id, id, number, supplier_id, location_id, stock_location_id, requested_by_id, currency, subtotal_minor, tax_minor, total_minor, expected_on, payment_terms_days)
select pg_temp.biz(), l.po_id, 'PO-' || lpad(l.n::text, 6, '0'), l.supplier_id, pg_temp.location('PKL'), l.place_id, pg_temp.person('desk'), 'MYR', sum(l.total), sum(l.tax), sum(l.total + l.tax), pg_temp.day(l.expected), 30 from lines_plan l group by l.n, l.po_id, l.supplier_id, l.place_id, l.expected;
insert into procurement.po_line_items (biz_id, id, po_id, line_no, item_id, supplier_item_id, description, quantity, unit_price, tax_rate, tax_minor, total_minor, currency, over_tolerance_bps)
select pg_temp.biz(), l.line_id, l.po_id, l.line, l.item_id, l.supplier_item_id, v.name, l.quantity, l.unit_price, 0.08, l.tax, l.total, 'MYR', 200
from lines_plan l join inventory.inventory_items t on t.biz_id = pg_temp.biz() and t.id = l.item_id join catalog.product_variants v on v.biz_id = t.biz_id and v.id = t.variant_id;
update procurement.purchase_orders p set status = 'pending_approval' where p.biz_id = pg_temp.biz() and p.number < 'PO-000006';
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, limit_minor, currency)
select p.biz_id, pg_temp.id('po_approval/' || p.number), p.id, 1, 1, 'approved', pg_temp.person('owner'), p.total_minor, 2000000, 'MYR' from procurement.purchase_orders p where p.biz_id = pg_temp.biz() and p.number < 'PO-000005';
update procurement.purchase_orders p set status = 'approved', approved_revision = 1 where p.biz_id = pg_temp.biz() and p.number < 'PO-000005';
update procurement.purchase_orders p set status = 'sent', ordered_on = pg_temp.day(l.ordered), sent_at = pg_temp.at(l.ordered, '11:00') from lines_plan l where p.biz_id = pg_temp.biz() and p.id = l.po_id and l.line = 1 and l.ordered is not null;

create temp table came on commit drop as
select l.*, g.at, g.part, l.quantity * g.part as amount, pg_temp.id('goods_receipt/' || l.n) as receipt_id, pg_temp.id(format('goods_receipt_line/%s/%s', l.n, l.line)) as receipt_line_id, pg_temp.id(format('stock_batch/receipt/%s/%s', l.n, l.line)) as batch_id, pg_temp.id(format('movement/receipt/%s/%s', l.n, l.line)) as movement_id
from lines_plan l join (values (1, pg_temp.at(-9, '10:10'), 1.0), (2, pg_temp.at(-3, '14:30'), 0.5), (3, now() - interval '15 minutes', 1.0)) g (n, at, part) using (n);
insert into inventory.stock_batches (biz_id, id, item_id, received_on, unit_cost, currency, received_qty, supplier_type, supplier_id, supplier_ref)
select pg_temp.biz(), c.batch_id, c.item_id, c.at::date, c.unit_price, 'MYR', c.amount, 'Supplier', c.supplier_id, 'DO ' || (7700 + c.n) from came c where c.n < 3;
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, to_stock_location_id, quantity, batch_id, unit_cost, currency, source_type, source_id, business_date, occurred_at, created_at)
select pg_temp.biz(), c.movement_id, pg_temp.location('PKL'), c.item_id, 'receipt', c.place_id, c.amount, c.batch_id, c.unit_price, 'MYR', 'GoodsReceipt', c.receipt_id, (c.at at time zone 'Asia/Kuala_Lumpur')::date, c.at, c.at from came c where c.n < 3;
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
select pg_temp.biz(), pg_temp.id('cost_layer/' || c.movement_id), c.item_id, c.movement_id, c.batch_id, c.amount, c.unit_price, round(c.amount * c.unit_price * 100), 'MYR' from came c where c.n < 3;
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, po_id, location_id, stock_location_id, business_date, received_at, received_by_id, delivery_note)
select pg_temp.biz(), c.receipt_id, 'GR-' || lpad(c.n::text, 6, '0'), c.supplier_id, c.po_id, pg_temp.location('PKL'), c.place_id, (c.at at time zone 'Asia/Kuala_Lumpur')::date, c.at, pg_temp.person('desk'), 'DO ' || (7700 + c.n) from came c where c.line = 1;
insert into procurement.goods_receipt_line_items (biz_id, id, receipt_id, line_no, po_line_id, item_id, quantity, accepted_qty, unit_cost, currency, batch_id, movement_id)
select pg_temp.biz(), c.receipt_line_id, c.receipt_id, c.line, c.line_id, c.item_id, c.amount, c.amount, c.unit_price, 'MYR', case when c.n < 3 then c.batch_id end, case when c.n < 3 then c.movement_id end from came c;
update procurement.goods_receipts set status = 'inspecting' where biz_id = pg_temp.biz() and number < 'GR-000003';
update procurement.goods_receipts set status = 'posted', posted_at = received_at + interval '15 minutes' where biz_id = pg_temp.biz() and status = 'inspecting';
update procurement.purchase_orders set status = case number when 'PO-000001' then 'received' else 'partially_received' end where biz_id = pg_temp.biz() and number < 'PO-000003';
update procurement.purchase_orders set status = 'closed' where biz_id = pg_temp.biz() and number = 'PO-000001';
update inventory.stock_levels v set incoming = l.quantity * case l.n when 2 then 0.5 else 1 end from lines_plan l where v.biz_id = pg_temp.biz() and v.item_id = l.item_id and v.stock_location_id = l.place_id and l.n in (2, 3);
insert into procurement.supplier_invoices (biz_id, id, supplier_id, invoice_no, po_id, location_id, invoiced_on, received_on, due_on, currency, subtotal_minor, tax_minor, total_minor)
select pg_temp.biz(), pg_temp.id('supplier_invoice/' || c.n), c.supplier_id, 'INV-' || (90110 + c.n * 73), c.po_id, pg_temp.location('PKL'), c.at::date, c.at::date, c.at::date + 30, 'MYR', sum(round(c.amount * c.unit_price * 100)), sum(round(c.amount * c.unit_price * 8)),
  sum(round(c.amount * c.unit_price * 100) + round(c.amount * c.unit_price * 8)) from came c where c.n < 3 group by c.n, c.supplier_id, c.po_id, c.at;
insert into procurement.supplier_invoice_lines (biz_id, id, invoice_id, line_no, po_line_id, receipt_line_id, description, quantity, unit_price, amount_minor, tax_minor, currency)
select pg_temp.biz(), pg_temp.id(format('supplier_invoice_line/%s/%s', c.n, c.line)), pg_temp.id('supplier_invoice/' || c.n), c.line, c.line_id, c.receipt_line_id, c.sku, c.amount, c.unit_price, round(c.amount * c.unit_price * 100), round(c.amount * c.unit_price * 8), 'MYR' from came c where c.n < 3;
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where biz_id = pg_temp.biz() and id = pg_temp.id('supplier_invoice/1');
update procurement.supplier_invoices set status = 'approved' where biz_id = pg_temp.biz() and id = pg_temp.id('supplier_invoice/1');
