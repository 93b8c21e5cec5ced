-- The rules of suppliers, purchase orders, goods receipts, supplier invoices and returns.

-- given: items, an approved supplier, one that is not, and an order that was approved and sent
insert into catalog.units_of_measure (biz_id, id, code, name, dimension, factor_to_base) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000001', 'pr-pc', 'Piece', 'count', 1);
insert into catalog.products (biz_id, id, code, kind, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000002', 'pr-goods', 'good', 'Goods');
insert into catalog.product_variants (biz_id, id, product_id, sku, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000003', '00000000-0000-7021-8000-000000000002', 'PR-FLOUR', 'Flour'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000004', '00000000-0000-7021-8000-000000000002', 'PR-SUGAR', 'Sugar');
insert into inventory.inventory_items (biz_id, id, variant_id, base_uom_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000005', '00000000-0000-7021-8000-000000000003', '00000000-0000-7021-8000-000000000001'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000006', '00000000-0000-7021-8000-000000000004', '00000000-0000-7021-8000-000000000001');
insert into inventory.stock_locations (biz_id, id, location_id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000007', '00000000-0000-7000-8000-000000000011', 'pr-store', 'Store');
insert into procurement.suppliers (biz_id, id, number, name, currency, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000008', 'SU-1', 'Mill', 'EUR', 'approved'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000009', 'SU-2', 'Stranger', 'EUR', 'prospective');
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, price, currency, starts_on, ends_on, is_preferred)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000000a', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000005', 2, 'EUR', '2027-01-01', '2027-07-01', true);
insert into procurement.purchase_orders (biz_id, id, number, supplier_id, location_id, stock_location_id, currency, subtotal_minor, shipping_minor, tax_minor, total_minor, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000011', 'PO-1', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', 'EUR', 3000, 500, 180, 3680, '00000000-0000-7000-8000-00000000000a');
insert into procurement.po_line_items (biz_id, id, po_id, line_no, item_id, description, quantity, unit_price, tax_minor, total_minor, currency, over_tolerance_bps, price_tolerance_bps) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000012', '00000000-0000-7021-8000-000000000011', 1, '00000000-0000-7021-8000-000000000005', 'Flour', 10, 2, 120, 2000, 'EUR', 1000, 500),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000013', '00000000-0000-7021-8000-000000000011', 2, '00000000-0000-7021-8000-000000000006', 'Sugar', 10, 1, 60, 1000, 'EUR', 0, 0);
update procurement.purchase_orders set status = 'pending_approval' where id = '00000000-0000-7021-8000-000000000011';
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, limit_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000014', '00000000-0000-7021-8000-000000000011', 1, 1, 'approved', '00000000-0000-7000-8000-00000000000b', 3680, 5000, 'EUR');
update procurement.purchase_orders set status = 'approved', approved_revision = 1 where id = '00000000-0000-7021-8000-000000000011';
update procurement.purchase_orders set status = 'sent', sent_at = '2027-03-01 09:00Z', ordered_on = '2027-03-01' where id = '00000000-0000-7021-8000-000000000011';

-- given: a draft, one that waits for approval, one that is approved, and a receipt being inspected
insert into procurement.purchase_orders (biz_id, id, number, supplier_id, location_id, currency, subtotal_minor, total_minor, requested_by_id, required_approvals) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000021', 'PO-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', 'EUR', 1000, 1000, '00000000-0000-7000-8000-00000000000a', 1),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000022', 'PO-3', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', 'EUR', 1000, 1000, '00000000-0000-7000-8000-00000000000a', 1),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000023', 'PO-4', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', 'EUR', 1000, 1000, '00000000-0000-7000-8000-00000000000a', 0),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000024', 'PO-5', '00000000-0000-7021-8000-000000000009', '00000000-0000-7000-8000-000000000011', 'EUR', 1000, 1000, '00000000-0000-7000-8000-00000000000a', 0);
insert into procurement.po_line_items (biz_id, id, po_id, line_no, item_id, description, quantity, unit_price, total_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000025', '00000000-0000-7021-8000-000000000021', 1, '00000000-0000-7021-8000-000000000005', 'Flour', 5, 2, 1000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000026', '00000000-0000-7021-8000-000000000022', 1, '00000000-0000-7021-8000-000000000005', 'Flour', 5, 2, 1000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000027', '00000000-0000-7021-8000-000000000023', 1, '00000000-0000-7021-8000-000000000005', 'Flour', 5, 2, 1000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000028', '00000000-0000-7021-8000-000000000024', 1, '00000000-0000-7021-8000-000000000005', 'Flour', 5, 2, 1000, 'EUR');
update procurement.purchase_orders set status = 'pending_approval' where id in ('00000000-0000-7021-8000-000000000022', '00000000-0000-7021-8000-000000000023', '00000000-0000-7021-8000-000000000024');
update procurement.purchase_orders set status = 'approved', approved_revision = 1 where id in ('00000000-0000-7021-8000-000000000023', '00000000-0000-7021-8000-000000000024');
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, po_id, location_id, stock_location_id, business_date, delivery_note)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000031', 'GR-1', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000011', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', '2027-03-02', 'DN-1');
insert into procurement.goods_receipt_line_items (biz_id, id, receipt_id, line_no, po_line_id, item_id, quantity, accepted_qty, rejected_qty, rejection_reason) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000032', '00000000-0000-7021-8000-000000000031', 1, '00000000-0000-7021-8000-000000000012', '00000000-0000-7021-8000-000000000005', 8, 6, 2, 'damaged'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000033', '00000000-0000-7021-8000-000000000031', 2, '00000000-0000-7021-8000-000000000013', '00000000-0000-7021-8000-000000000006', 10, 10, 0, null);
update procurement.goods_receipts set status = 'inspecting' where id = '00000000-0000-7021-8000-000000000031';

-- allowed: goods come in two deliveries, a little more than ordered, and the order is settled
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.purchase_orders set status = 'partially_received' where id = '00000000-0000-7021-8000-000000000011';
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, po_id, location_id, stock_location_id, business_date, delivery_note, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000034', 'GR-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000011', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', '2027-03-03', 'DN-2', 'inspecting');
insert into procurement.goods_receipt_line_items (biz_id, id, receipt_id, line_no, po_line_id, quantity, accepted_qty) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000035', '00000000-0000-7021-8000-000000000034', 1, '00000000-0000-7021-8000-000000000012', 5, 5);
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000034';
update procurement.purchase_orders set status = 'received' where id = '00000000-0000-7021-8000-000000000011';
update procurement.purchase_orders set status = 'closed' where id = '00000000-0000-7021-8000-000000000011';
do $$ begin
  assert (select array_agg(l.received_qty order by l.line_no) from procurement.po_line_items l where l.po_id = '00000000-0000-7021-8000-000000000011') = array[11, 10]::numeric[];
end $$;

-- allowed: a posted receipt is reversed, and the order waits again
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.purchase_orders set status = 'partially_received' where id = '00000000-0000-7021-8000-000000000011';
select set_config('app.reason', 'wrong order', true);
update procurement.goods_receipts set status = 'reversed' where id = '00000000-0000-7021-8000-000000000031';
update procurement.purchase_orders set status = 'sent' where id = '00000000-0000-7021-8000-000000000011';

-- refused po_line_items_received_qty_check: no more is accepted than was ordered, with its tolerance
update procurement.goods_receipt_line_items set quantity = 12, accepted_qty = 12, rejected_qty = 0, rejection_reason = null where id = '00000000-0000-7021-8000-000000000032';
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';

-- refused purchase_orders_nothing_received_check: an order of which something has come is not merely sent
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';

-- refused purchase_orders_all_received_check: an order is received when all of it has come
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.purchase_orders set status = 'received' where id = '00000000-0000-7021-8000-000000000011';

-- refused purchase_orders_partly_received_check: an order is partially received when something has come
update procurement.purchase_orders set status = 'partially_received' where id = '00000000-0000-7021-8000-000000000011';

-- refused purchase_orders_nothing_received_check: an order of which something has come is not called off
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
select set_config('app.reason', 'too late', true);
update procurement.purchase_orders set status = 'cancelled' where id = '00000000-0000-7021-8000-000000000011';

-- refused goods_receipts_order_open_check: nothing comes of an order that was not sent
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, po_id, location_id, stock_location_id, business_date, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000034', 'GR-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000023', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', '2027-03-03', 'inspecting');
insert into procurement.goods_receipt_line_items (biz_id, id, receipt_id, line_no, po_line_id, quantity, accepted_qty) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000035', '00000000-0000-7021-8000-000000000034', 1, '00000000-0000-7021-8000-000000000027', 5, 5);
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000034';

-- refused goods_receipts_order_lines_check: a receipt is for the lines of its order
update procurement.goods_receipt_line_items set po_line_id = '00000000-0000-7021-8000-000000000027' where id = '00000000-0000-7021-8000-000000000032';
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';

-- refused goods_receipts_order_lines_check: a line of an order comes as its own item
update procurement.goods_receipt_line_items set item_id = '00000000-0000-7021-8000-000000000006' where id = '00000000-0000-7021-8000-000000000032';
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';

-- refused goods_receipts_supplier_check: a receipt is from the supplier of its order
update procurement.goods_receipts set supplier_id = '00000000-0000-7021-8000-000000000009' where id = '00000000-0000-7021-8000-000000000031';
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';

-- refused goods_receipts_empty_check: a receipt of nothing is not posted
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, location_id, stock_location_id, business_date, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000034', 'GR-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', '2027-03-03', 'inspecting');
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000034';

-- refused goods_receipts_begins_draft_check: a receipt begins as a draft
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, location_id, stock_location_id, business_date, status, posted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000034', 'GR-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', '2027-03-03', 'posted', now());

-- refused goods_receipts_posted_immutable_check: a posted receipt is not changed
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.goods_receipts set po_id = null where id = '00000000-0000-7021-8000-000000000031';

-- refused goods_receipts_status_transition_check: goods are looked at before they count
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, location_id, stock_location_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000034', 'GR-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', '00000000-0000-7021-8000-000000000007', '2027-03-03');
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000034';

-- refused goods_receipts_status_reason_check: a receipt is reversed for a reason
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.goods_receipts set status = 'reversed' where id = '00000000-0000-7021-8000-000000000031';

-- refused goods_receipt_line_items_accepted_check: what was taken and what was not is all that came
update procurement.goods_receipt_line_items set accepted_qty = 7 where id = '00000000-0000-7021-8000-000000000032';

-- refused goods_receipt_line_items_rejected_check: what was not taken has a reason
update procurement.goods_receipt_line_items set rejection_reason = null where id = '00000000-0000-7021-8000-000000000032';

-- refused goods_receipt_line_items_open_check: the lines of a posted receipt are not changed
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.goods_receipt_line_items set lot_no = 'L-9' where id = '00000000-0000-7021-8000-000000000032';

-- refused goods_receipt_line_items_open_check: a posted receipt gets no lines
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
insert into procurement.goods_receipt_line_items (biz_id, id, receipt_id, line_no, item_id, quantity, accepted_qty) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000035', '00000000-0000-7021-8000-000000000031', 3, '00000000-0000-7021-8000-000000000005', 5, 5);

-- refused goods_receipt_line_items_returned_follows_check: what went back is not written by hand
update procurement.goods_receipt_line_items set returned_qty = 1 where id = '00000000-0000-7021-8000-000000000032';

-- refused po_line_items_follows_check: what has come is not written by hand
update procurement.po_line_items set received_qty = 1 where id = '00000000-0000-7021-8000-000000000012';

-- refused po_line_items_open_check: the lines of an approved order are not changed
update procurement.po_line_items set quantity = 6 where id = '00000000-0000-7021-8000-000000000027';

-- refused po_line_items_open_check: an order that was sent gets no lines
insert into procurement.po_line_items (biz_id, id, po_id, line_no, description, quantity, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000029', '00000000-0000-7021-8000-000000000011', 3, 'Salt', 1, 0, 0, 'EUR');

-- refused po_line_items_po_id_immutable_check: a line stays with its order
update procurement.po_line_items set po_id = '00000000-0000-7021-8000-000000000021' where id = '00000000-0000-7021-8000-000000000027';

-- allowed: an order that was sent is changed by a new revision, and approved again
update procurement.purchase_orders set revision = 2, subtotal_minor = 3400, tax_minor = 204, total_minor = 4104, approval_round = 2 where id = '00000000-0000-7021-8000-000000000011';
update procurement.po_line_items set quantity = 12, total_minor = 2400, tax_minor = 144, revision = 2 where id = '00000000-0000-7021-8000-000000000012';
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000011', 2, 2, 'approved', '00000000-0000-7000-8000-00000000000b', 4104, 'EUR');
update procurement.purchase_orders set approved_revision = 2 where id = '00000000-0000-7021-8000-000000000011';

-- refused po_line_items_revision_check: a changed line carries the revision of its order
update procurement.purchase_orders set revision = 2 where id = '00000000-0000-7021-8000-000000000011';
update procurement.po_line_items set quantity = 12, total_minor = 2400 where id = '00000000-0000-7021-8000-000000000012';

-- refused purchase_orders_approvals_given_check: a new revision is approved too
update procurement.purchase_orders set revision = 2 where id = '00000000-0000-7021-8000-000000000011';
update procurement.purchase_orders set approved_revision = 2 where id = '00000000-0000-7021-8000-000000000011';

-- refused purchase_orders_approvals_given_check: the author does not approve
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000022', 1, 1, 'approved', '00000000-0000-7000-8000-00000000000a', 1000, 'EUR');
update procurement.purchase_orders set status = 'approved', approved_revision = 1 where id = '00000000-0000-7021-8000-000000000022';

-- refused purchase_orders_approvals_given_check: what somebody rejected is not approved in the same round
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, step, decision, approver_id, total_minor, currency, note) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000022', 1, 1, 1, 'approved', '00000000-0000-7000-8000-00000000000b', 1000, 'EUR', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000016', '00000000-0000-7021-8000-000000000022', 1, 1, 2, 'rejected', '00000000-0000-7000-8000-00000000000a', 1000, 'EUR', 'too much');
update procurement.purchase_orders set status = 'approved', approved_revision = 1 where id = '00000000-0000-7021-8000-000000000022';

-- refused po_approvals_limit_check: nobody approves beyond their limit
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, limit_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000022', 1, 1, 'approved', '00000000-0000-7000-8000-00000000000b', 1000, 999, 'EUR');

-- refused po_approvals_order_check: what is approved is the order as it is
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000022', 1, 1, 'approved', '00000000-0000-7000-8000-00000000000b', 900, 'EUR');

-- refused po_approvals_order_check: a draft is not approved
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000021', 1, 1, 'approved', '00000000-0000-7000-8000-00000000000b', 1000, 'EUR');

-- refused po_approvals_note_required_check: a rejection has a reason
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000015', '00000000-0000-7021-8000-000000000022', 1, 1, 'rejected', '00000000-0000-7000-8000-00000000000b', 1000, 'EUR');

-- race po_approvals_step_key: a step of approval is taken once
insert into procurement.po_approvals (biz_id, id, po_id, revision, round, decision, approver_id, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f10:n', '00000000-0000-7021-8000-000000000022', 1, 1, 'approved', '00000000-0000-7000-8000-00000000000b', 1000, 'EUR');

-- refused purchase_orders_amounts_frozen_check: what waits for approval is not changed
update procurement.purchase_orders set shipping_minor = 100, total_minor = 1100 where id = '00000000-0000-7021-8000-000000000022';

-- refused purchase_orders_lines_sum_check: the lines of an order sum up to it
update procurement.purchase_orders set subtotal_minor = 900, total_minor = 900 where id = '00000000-0000-7021-8000-000000000021';

-- refused purchase_orders_lines_currency_check: the lines of an order have its currency
update procurement.purchase_orders set currency = 'USD' where id = '00000000-0000-7021-8000-000000000021';

-- refused purchase_orders_empty_check: an order orders something
insert into procurement.purchase_orders (biz_id, id, number, supplier_id, location_id, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000002a', 'PO-6', '00000000-0000-7021-8000-000000000008', '00000000-0000-7000-8000-000000000011', 'EUR');
update procurement.purchase_orders set status = 'pending_approval' where id = '00000000-0000-7021-8000-00000000002a';

-- refused purchase_orders_total_check: the total is what its parts make
update procurement.purchase_orders set total_minor = 1 where id = '00000000-0000-7021-8000-000000000021';

-- refused purchase_orders_revision_forward_check: revisions do not go back
update procurement.purchase_orders set revision = 2 where id = '00000000-0000-7021-8000-000000000011';
update procurement.purchase_orders set revision = 1 where id = '00000000-0000-7021-8000-000000000011';

-- refused purchase_orders_supplier_immutable_check: an order that was sent keeps its supplier
update procurement.purchase_orders set supplier_id = '00000000-0000-7021-8000-000000000009', revision = 2 where id = '00000000-0000-7021-8000-000000000011';

-- refused purchase_orders_status_transition_check: a draft is not sent
update procurement.purchase_orders set status = 'sent', sent_at = now(), ordered_on = '2027-03-01', approved_revision = null where id = '00000000-0000-7021-8000-000000000021';

-- refused purchase_orders_status_reason_check: an order is called off for a reason
update procurement.purchase_orders set status = 'cancelled' where id = '00000000-0000-7021-8000-000000000021';

-- refused purchase_orders_supplier_approved_check: nothing is ordered from a supplier that is not approved
update procurement.purchase_orders set status = 'sent', sent_at = now(), ordered_on = '2027-03-01' where id = '00000000-0000-7021-8000-000000000024';

-- refused purchase_orders_revision_approved_check: a revision is approved before it is sent
update procurement.purchase_orders set revision = 2 where id = '00000000-0000-7021-8000-000000000023';
update procurement.purchase_orders set status = 'sent', sent_at = now(), ordered_on = '2027-03-01' where id = '00000000-0000-7021-8000-000000000023';

-- allowed: a mandatory certificate that is valid lets orders through
insert into procurement.supplier_certifications (biz_id, id, supplier_id, kind, name, issued_on, expires_on, is_mandatory)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000041', '00000000-0000-7021-8000-000000000008', 'food_safety', 'HACCP', '2026-03-01', '2027-03-02', true);
update procurement.supplier_certifications set status = 'valid' where id = '00000000-0000-7021-8000-000000000041';
update procurement.purchase_orders set status = 'sent', sent_at = now(), ordered_on = '2027-03-01' where id = '00000000-0000-7021-8000-000000000023';

-- refused purchase_orders_supplier_certified_check: an expired mandatory certificate blocks ordering
insert into procurement.supplier_certifications (biz_id, id, supplier_id, kind, name, issued_on, expires_on, is_mandatory, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000041', '00000000-0000-7021-8000-000000000008', 'food_safety', 'HACCP', '2026-03-01', '2027-03-01', true, 'valid');
update procurement.purchase_orders set status = 'sent', sent_at = now(), ordered_on = '2027-03-01' where id = '00000000-0000-7021-8000-000000000023';

-- refused purchase_orders_supplier_certified_check: a revoked mandatory certificate blocks ordering
select set_config('app.reason', 'inspection', true);
insert into procurement.supplier_certifications (biz_id, id, supplier_id, kind, name, issued_on, is_mandatory, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000041', '00000000-0000-7021-8000-000000000008', 'food_safety', 'HACCP', '2026-03-01', true, 'valid');
update procurement.supplier_certifications set status = 'revoked' where id = '00000000-0000-7021-8000-000000000041';
update procurement.purchase_orders set status = 'sent', sent_at = now(), ordered_on = '2027-03-01' where id = '00000000-0000-7021-8000-000000000023';

-- refused supplier_certifications_status_transition_check: a pending certificate does not expire
insert into procurement.supplier_certifications (biz_id, id, supplier_id, kind, name, issued_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000041', '00000000-0000-7021-8000-000000000008', 'organic', 'Bio', '2026-03-01');
update procurement.supplier_certifications set status = 'expired' where id = '00000000-0000-7021-8000-000000000041';

-- allowed: a supplier is approved, suspended and approved again
update procurement.suppliers set status = 'approved' where id = '00000000-0000-7021-8000-000000000009';
select set_config('app.reason', 'late again', true);
update procurement.suppliers set status = 'suspended' where id = '00000000-0000-7021-8000-000000000009';
update procurement.suppliers set status = 'approved' where id = '00000000-0000-7021-8000-000000000009';

-- refused suppliers_status_transition_check: a blocked supplier stays blocked
select set_config('app.reason', 'fraud', true);
update procurement.suppliers set status = 'blocked' where id = '00000000-0000-7021-8000-000000000009';
update procurement.suppliers set status = 'approved' where id = '00000000-0000-7021-8000-000000000009';

-- refused suppliers_status_reason_check: a supplier is suspended for a reason
update procurement.suppliers set status = 'suspended' where id = '00000000-0000-7021-8000-000000000008';

-- refused suppliers_rating_check: a rating lies between 0 and 5
update procurement.suppliers set rating = 5.5 where id = '00000000-0000-7021-8000-000000000008';

-- race suppliers_number_key: a number is given to one supplier
insert into procurement.suppliers (biz_id, id, number, name, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f11:n', 'SU-9', 'Nine', 'EUR');

-- allowed: a price follows the one before, with another supplier preferred
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, price, currency, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000000b', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000005', 2.1, 'EUR', '2027-07-01');
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, price, currency, starts_on, is_preferred) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000000c', '00000000-0000-7021-8000-000000000009', '00000000-0000-7021-8000-000000000005', 2, 'EUR', '2027-07-01', true);

-- refused supplier_items_preferred_no_overlap_excl: one supplier is preferred for an item
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, price, currency, starts_on, is_preferred) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000000c', '00000000-0000-7021-8000-000000000009', '00000000-0000-7021-8000-000000000005', 2, 'EUR', '2027-06-01', true);

-- race supplier_items_no_overlap_excl: a supplier has one price for an item on a day
insert into procurement.supplier_items (biz_id, id, supplier_id, item_id, price, currency, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f12:n', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000006', 1, 'EUR', '2027-01-01');

-- race goods_receipts_delivery_note_key: a delivery note is received once
insert into procurement.goods_receipts (biz_id, id, number, supplier_id, po_id, location_id, business_date, delivery_note)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f13:n', 'GR-R:n', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000023', '00000000-0000-7000-8000-000000000011', '2027-03-02', 'DN-7');

-- given: the first delivery is posted, and two invoices bill it
update procurement.goods_receipts set status = 'posted', posted_at = now() where id = '00000000-0000-7021-8000-000000000031';
update procurement.purchase_orders set status = 'partially_received' where id = '00000000-0000-7021-8000-000000000011';
insert into procurement.supplier_invoices (biz_id, id, supplier_id, invoice_no, po_id, invoiced_on, received_on, due_on, currency, subtotal_minor, tax_minor, total_minor) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000051', '00000000-0000-7021-8000-000000000008', 'F-1', '00000000-0000-7021-8000-000000000011', '2027-03-02', '2027-03-03', '2027-04-01', 'EUR', 1200, 72, 1272),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000052', '00000000-0000-7021-8000-000000000008', 'F-2', '00000000-0000-7021-8000-000000000011', '2027-03-02', '2027-03-03', '2027-04-01', 'EUR', 1200, 72, 1272);
insert into procurement.supplier_invoice_lines (biz_id, id, invoice_id, line_no, po_line_id, receipt_line_id, description, quantity, unit_price, amount_minor, tax_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000053', '00000000-0000-7021-8000-000000000051', 1, '00000000-0000-7021-8000-000000000012', '00000000-0000-7021-8000-000000000032', 'Flour', 6, 2, 1200, 72, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000054', '00000000-0000-7021-8000-000000000052', 1, '00000000-0000-7021-8000-000000000012', '00000000-0000-7021-8000-000000000032', 'Flour', 6, 2, 1200, 72, 'EUR');

-- allowed: an invoice matches what came, is approved, scheduled and paid
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'scheduled', scheduled_on = '2027-03-30' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'paid', paid_at = now() where id = '00000000-0000-7021-8000-000000000051';
do $$ begin
  assert (select l.invoiced_qty from procurement.po_line_items l where l.id = '00000000-0000-7021-8000-000000000012') = 6;
end $$;

-- allowed: an invoice within the tolerance of the price matches
update procurement.supplier_invoice_lines set unit_price = 2.1, amount_minor = 1260 where id = '00000000-0000-7021-8000-000000000053';
update procurement.supplier_invoices set status = 'matched', match_status = 'matched', subtotal_minor = 1260, total_minor = 1332 where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';

-- allowed: what does not match is approved by somebody who answers for it, disputed, and no longer counts
update procurement.supplier_invoices set status = 'mismatch', match_status = 'price_mismatch' where id = '00000000-0000-7021-8000-000000000051';
select set_config('app.reason', 'agreed by phone', true);
update procurement.supplier_invoices set status = 'approved', match_override_by_id = '00000000-0000-7000-8000-00000000000b', match_override_reason = 'agreed by phone' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'disputed', dispute_reason = 'not agreed' where id = '00000000-0000-7021-8000-000000000051';
do $$ begin
  assert (select l.invoiced_qty from procurement.po_line_items l where l.id = '00000000-0000-7021-8000-000000000012') = 0;
end $$;

-- refused supplier_invoices_three_way_check: goods are not paid twice
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id in ('00000000-0000-7021-8000-000000000051', '00000000-0000-7021-8000-000000000052');
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000052';

-- refused supplier_invoices_three_way_check: a price beyond the tolerance does not match
update procurement.supplier_invoice_lines set unit_price = 2.2, amount_minor = 1320 where id = '00000000-0000-7021-8000-000000000053';
update procurement.supplier_invoices set status = 'matched', match_status = 'matched', subtotal_minor = 1320, total_minor = 1392 where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoices_approved_check: what does not match is approved by somebody
select set_config('app.reason', 'agreed by phone', true);
update procurement.supplier_invoices set status = 'mismatch', match_status = 'price_mismatch' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoices_lines_sum_check: the lines of an invoice sum up to it
update procurement.supplier_invoices set subtotal_minor = 1300, total_minor = 1372 where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoices_approved_immutable_check: an approved invoice is not changed
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set tax_minor = 0, total_minor = 1200 where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoices_paid_immutable_check: when an invoice was paid is not changed
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'scheduled', scheduled_on = '2027-03-30' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set status = 'paid', paid_at = now() where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoices set paid_at = now() + interval '1 day' where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoices_begins_received_check: an invoice begins as received
insert into procurement.supplier_invoices (biz_id, id, supplier_id, invoice_no, invoiced_on, received_on, due_on, currency, subtotal_minor, total_minor, status, match_status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000055', '00000000-0000-7021-8000-000000000008', 'F-3', '2027-03-02', '2027-03-03', '2027-04-01', 'EUR', 0, 0, 'matched', 'matched');

-- refused supplier_invoices_status_transition_check: an invoice is compared before it is approved
update procurement.supplier_invoices set status = 'approved', match_status = 'matched' where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoices_status_reason_check: an invoice is disputed for a reason
update procurement.supplier_invoices set status = 'disputed', dispute_reason = 'wrong' where id = '00000000-0000-7021-8000-000000000051';

-- refused supplier_invoice_lines_open_check: the lines of an invoice that matches are not changed
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id = '00000000-0000-7021-8000-000000000051';
update procurement.supplier_invoice_lines set quantity = 5 where id = '00000000-0000-7021-8000-000000000053';

-- refused supplier_invoice_lines_open_check: an invoice that matches gets no lines
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id = '00000000-0000-7021-8000-000000000051';
insert into procurement.supplier_invoice_lines (biz_id, id, invoice_id, line_no, description, quantity, unit_price, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000055', '00000000-0000-7021-8000-000000000051', 2, 'Pallet', 1, 0, 0, 'EUR');

-- refused supplier_invoice_lines_receipt_line_id_fkey: the receipt is one for the same line of the order
update procurement.supplier_invoice_lines set receipt_line_id = '00000000-0000-7021-8000-000000000033' where id = '00000000-0000-7021-8000-000000000053';

-- race supplier_invoices_invoice_no_key: an invoice is entered once
insert into procurement.supplier_invoices (biz_id, id, supplier_id, invoice_no, invoiced_on, received_on, due_on, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f14:n', '00000000-0000-7021-8000-000000000008', 'F-9', '2027-03-02', '2027-03-03', '2027-04-01', 'EUR', 0, 0);

-- given: a return being put together
insert into procurement.supplier_returns (biz_id, id, number, supplier_id, receipt_id, reason, credit_expected_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000061', 'SR-1', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000031', 'quality', 400, 'EUR');
insert into procurement.supplier_return_lines (biz_id, id, return_id, line_no, receipt_line_id, quantity, credit_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000062', '00000000-0000-7021-8000-000000000061', 1, '00000000-0000-7021-8000-000000000032', 2, 400, 'EUR');

-- allowed: a return is shipped and credited
update procurement.supplier_returns set status = 'approved' where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_returns set status = 'credited', credited_at = now(), credit_received_minor = 400 where id = '00000000-0000-7021-8000-000000000061';
do $$ begin
  assert (select l.returned_qty from procurement.goods_receipt_line_items l where l.id = '00000000-0000-7021-8000-000000000032') = 2;
end $$;

-- refused goods_receipt_line_items_returned_qty_check: no more goes back than came
update procurement.supplier_return_lines set quantity = 9 where id = '00000000-0000-7021-8000-000000000062';
update procurement.supplier_returns set status = 'approved' where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-000000000061';

-- refused goods_receipts_returned_check: a receipt of which something went back is not reversed
update procurement.supplier_returns set status = 'approved' where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-000000000061';
select set_config('app.reason', 'oops', true);
update procurement.goods_receipts set status = 'reversed' where id = '00000000-0000-7021-8000-000000000031';

-- refused supplier_returns_receipt_check: what goes back came by a receipt that counts
select set_config('app.reason', 'oops', true);
update procurement.goods_receipts set status = 'reversed' where id = '00000000-0000-7021-8000-000000000031';
update procurement.supplier_returns set status = 'approved' where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-000000000061';

-- refused supplier_returns_lines_sum_check: the lines of a return sum up to its credit
update procurement.supplier_returns set credit_expected_minor = 300 where id = '00000000-0000-7021-8000-000000000061';

-- refused supplier_returns_begins_draft_check: a return begins as a draft
insert into procurement.supplier_returns (biz_id, id, number, supplier_id, receipt_id, reason, currency, status, shipped_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-000000000063', 'SR-2', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000031', 'quality', 'EUR', 'shipped', now());

-- refused supplier_returns_receipt_immutable_check: a return keeps its receipt
update procurement.supplier_returns set supplier_id = '00000000-0000-7021-8000-000000000009' where id = '00000000-0000-7021-8000-000000000061';

-- refused supplier_returns_status_transition_check: a draft is not shipped
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-000000000061';

-- refused supplier_returns_status_reason_check: a return is called off for a reason
update procurement.supplier_returns set status = 'cancelled' where id = '00000000-0000-7021-8000-000000000061';

-- refused supplier_return_lines_open_check: what has left is not changed
update procurement.supplier_returns set status = 'approved' where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-000000000061';
update procurement.supplier_return_lines set quantity = 1 where id = '00000000-0000-7021-8000-000000000062';

-- race goods_receipt_line_items_returned_qty_check: what came goes back once
insert into procurement.supplier_returns (biz_id, id, number, supplier_id, receipt_id, reason, credit_expected_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f21:n', 'SR-R:n', '00000000-0000-7021-8000-000000000008', '00000000-0000-7021-8000-000000000031', 'quality', 100, 'EUR', 'approved');
insert into procurement.supplier_return_lines (biz_id, id, return_id, line_no, receipt_line_id, quantity, credit_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f22:n', '00000000-0000-7021-8000-00000000f21:n', 1, '00000000-0000-7021-8000-000000000033', 10, 100, 'EUR');
update procurement.supplier_returns set status = 'shipped', shipped_at = now() where id = '00000000-0000-7021-8000-00000000f21:n';

-- race supplier_invoices_three_way_check: goods that came are billed once
insert into procurement.supplier_invoices (biz_id, id, supplier_id, invoice_no, invoiced_on, received_on, due_on, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f23:n', '00000000-0000-7021-8000-000000000008', 'F-R:n', '2027-03-02', '2027-03-03', '2027-04-01', 'EUR', 1000, 1000);
insert into procurement.supplier_invoice_lines (biz_id, id, invoice_id, line_no, po_line_id, description, quantity, unit_price, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7021-8000-00000000f24:n', '00000000-0000-7021-8000-00000000f23:n', 1, '00000000-0000-7021-8000-000000000013', 'Sugar', 10, 1, 1000, 'EUR');
update procurement.supplier_invoices set status = 'matched', match_status = 'matched' where id = '00000000-0000-7021-8000-00000000f23:n';
update procurement.supplier_invoices set status = 'approved' where id = '00000000-0000-7021-8000-00000000f23:n';
