-- The rules of tills, sales, the restaurant floor and the kitchen.

-- given: a till with an open session, another without, tables, a station, and a sale that was paid
insert into pos.cash_registers (biz_id, id, location_id, code, name, currency, offline_prefix, allowed_tenders) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'BAR1', 'Bar', 'EUR', 'BA', '{cash,card}'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000002', '00000000-0000-7000-8000-000000000011', 'BAR2', 'Bar', 'EUR', null, '{card}'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000003', '00000000-0000-7000-8000-000000000011', 'BAR3', 'Bar', 'EUR', null, '{cash}');
insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_by_id, currency, opening_float_minor) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000004', '00000000-0000-7020-8000-000000000001', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-00000000000a', 'EUR', 10000),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000005', '00000000-0000-7020-8000-000000000002', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-00000000000a', 'EUR', 0);
insert into pos.floor_plans (biz_id, id, location_id, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000006', '00000000-0000-7000-8000-000000000011', 'Terrace');
insert into pos.dining_tables (biz_id, id, floor_plan_id, resource_id, label, seats) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000007', '00000000-0000-7020-8000-000000000006', '00000000-0000-7000-8000-000000000056', 'T1', 4),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000008', '00000000-0000-7020-8000-000000000006', null, 'T2', 4),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000009', '00000000-0000-7020-8000-000000000006', null, 'T3', 4);
insert into pos.kitchen_stations (biz_id, id, location_id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000000a', '00000000-0000-7000-8000-000000000011', 'GRILL', 'Grill');
insert into pos.sales (biz_id, id, number, location_id, register_id, session_id, business_date, currency, subtotal_minor, tax_minor, total_minor, tip_minor, idempotency_key)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000011', 'S-1', '00000000-0000-7000-8000-000000000011', '00000000-0000-7020-8000-000000000001', '00000000-0000-7020-8000-000000000004', '2027-03-01', 'EUR', 1000, 60, 1160, 100, 'first');
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, tax_rate, gross_minor, tax_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000012', '00000000-0000-7020-8000-000000000011', 1, '00000000-0000-7000-8000-000000000064', 'Burger', 2, 5, 0.06, 1000, 60, 1000, 'EUR');
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tip_minor, tendered_minor, change_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000013', '00000000-0000-7020-8000-000000000011', 1, 'cash', 1000, 0, 2000, 1000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000014', '00000000-0000-7020-8000-000000000011', 2, 'card', 160, 100, null, null, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000011';

-- given: an open sale with a line that was reduced, and a return being put together
insert into pos.sales (biz_id, id, number, location_id, register_id, session_id, business_date, currency, subtotal_minor, discount_minor, tax_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000021', 'S-2', '00000000-0000-7000-8000-000000000011', '00000000-0000-7020-8000-000000000001', '00000000-0000-7020-8000-000000000004', '2027-03-01', 'EUR', 1000, 100, 54, 954);
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, tax_rate, gross_minor, discount_minor, tax_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000022', '00000000-0000-7020-8000-000000000021', 1, '00000000-0000-7000-8000-000000000064', 'Burger', 2, 5, 0.06, 1000, 100, 54, 900, 'EUR');
insert into pos.sale_item_modifiers (biz_id, id, sale_item_id, name, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000023', '00000000-0000-7020-8000-000000000022', 'No onions', 'EUR');
insert into pos.sale_discounts (biz_id, id, sale_id, sale_item_id, name, amount_minor, currency, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000024', '00000000-0000-7020-8000-000000000021', '00000000-0000-7020-8000-000000000022', 'Friend', 100, 'EUR', 'Regular guest');
insert into pos.sales (biz_id, id, number, kind, original_sale_id, location_id, register_id, session_id, business_date, currency, subtotal_minor, tax_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000031', 'S-3', 'return', '00000000-0000-7020-8000-000000000011', '00000000-0000-7000-8000-000000000011', '00000000-0000-7020-8000-000000000001', '00000000-0000-7020-8000-000000000004', '2027-03-01', 'EUR', -500, -30, -530);
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, tax_rate, gross_minor, tax_minor, total_minor, currency, original_item_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000032', '00000000-0000-7020-8000-000000000031', 1, '00000000-0000-7000-8000-000000000064', 'Burger', -1, 5, 0.06, -500, -30, -500, 'EUR', '00000000-0000-7020-8000-000000000012');

-- allowed: a sale is parked, taken up, paid with change, and gets a receipt and a copy
update pos.sales set status = 'parked' where id = '00000000-0000-7020-8000-000000000021';
update pos.sales set status = 'open' where id = '00000000-0000-7020-8000-000000000021';
update pos.sales set rounding_minor = 1, total_minor = 955 where id = '00000000-0000-7020-8000-000000000021';
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tendered_minor, change_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'cash', 955, 1000, 45, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000021';
insert into pos.receipts (biz_id, id, sale_id, number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000026', '00000000-0000-7020-8000-000000000021', 'R-1', 'print');
insert into pos.receipts (biz_id, id, sale_id, number, channel, reprint_of_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000027', '00000000-0000-7020-8000-000000000021', 'R-1', 'print', '00000000-0000-7020-8000-000000000026');

-- refused sales_tenders_sum_check: a sale is completed with tenders for all of it
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'card', 953, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_tenders_allowed_check: a till takes what it is allowed to
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'voucher', 954, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_rounding_check: only cash is rounded
update pos.sales set rounding_minor = 1, total_minor = 955 where id = '00000000-0000-7020-8000-000000000021';
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'card', 955, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_cash_session_check: cash belongs to a session
insert into pos.sales (biz_id, id, number, location_id, business_date, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000041', 'S-4', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 500, 500);
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, gross_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000042', '00000000-0000-7020-8000-000000000041', 1, '00000000-0000-7000-8000-000000000064', 'Burger', 1, 5, 500, 500, 'EUR');
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tendered_minor, change_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000043', '00000000-0000-7020-8000-000000000041', 1, 'cash', 500, 500, 0, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000041';

-- refused sales_empty_check: an empty sale is not completed
insert into pos.sales (biz_id, id, number, location_id, business_date, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000041', 'S-4', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000041';

-- refused sales_items_sum_check: the lines of a sale sum up to it
update pos.sales set subtotal_minor = 1100, total_minor = 1054 where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_items_sum_check: a line that was voided counts nowhere
update pos.sale_items set voided_at = now(), void_reason = 'wrong dish' where id = '00000000-0000-7020-8000-000000000022';
update pos.sales set note = 'table 4' where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_discounts_sum_check: what lines are reduced by has its discounts
update pos.sale_discounts set removed_at = now() where id = '00000000-0000-7020-8000-000000000024';
update pos.sales set note = 'table 4' where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_items_currency_check: a line has the currency of its sale
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, gross_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000028', '00000000-0000-7020-8000-000000000021', 2, '00000000-0000-7000-8000-000000000064', 'Burger', 1, 0, 0, 0, 'USD');
update pos.sales set note = 'table 4' where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_items_direction_check: a sale takes nothing back
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, gross_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000028', '00000000-0000-7020-8000-000000000021', 2, '00000000-0000-7000-8000-000000000064', 'Burger', -1, 0, 0, 0, 'EUR');
update pos.sales set note = 'table 4' where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_total_check: the total is what its parts make
update pos.sales set total_minor = 1 where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_amounts_check: a return gives back
update pos.sales set tip_minor = 1, total_minor = -529 where id = '00000000-0000-7020-8000-000000000031';

-- refused sales_begins_open_check: a sale begins open
insert into pos.sales (biz_id, id, number, location_id, business_date, currency, status, completed_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000041', 'S-4', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 'completed', now());

-- refused sales_basis_immutable_check: the business date of a sale is never changed
update pos.sales set business_date = '2027-03-02' where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_closed_immutable_check: a completed sale is not changed
update pos.sales set note = 'oops' where id = '00000000-0000-7020-8000-000000000011';

-- refused sales_status_transition_check: a completed sale is not opened again
update pos.sales set status = 'open', completed_at = null where id = '00000000-0000-7020-8000-000000000011';

-- refused sales_status_reason_check: a sale is voided for a reason
update pos.sales set status = 'voided', voided_at = now(), void_reason = 'left' where id = '00000000-0000-7020-8000-000000000021';

-- allowed: a sale is voided before it was paid
select set_config('app.reason', 'left', true);
update pos.sales set status = 'voided', voided_at = now(), void_reason = 'left' where id = '00000000-0000-7020-8000-000000000021';

-- refused sales_session_id_fkey: the session is one of the till
update pos.sales set session_id = '00000000-0000-7020-8000-000000000005' where id = '00000000-0000-7020-8000-000000000021';

-- refused sale_items_open_check: the lines of a completed sale are not changed
update pos.sale_items set note = 'oops' where id = '00000000-0000-7020-8000-000000000012';

-- refused sale_items_open_check: a completed sale gets no lines
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, gross_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000028', '00000000-0000-7020-8000-000000000011', 2, '00000000-0000-7000-8000-000000000064', 'Burger', 1, 0, 0, 0, 'EUR');

-- refused sale_items_sale_id_immutable_check: a line stays with its sale
update pos.sale_items set sale_id = '00000000-0000-7020-8000-000000000031' where id = '00000000-0000-7020-8000-000000000022';

-- refused sale_items_amounts_check: no more is taken off a line than it costs
update pos.sale_items set discount_minor = 1001, total_minor = -1 where id = '00000000-0000-7020-8000-000000000022';

-- refused sale_items_returned_follows_check: what was taken back is not written by hand
update pos.sale_items set returned_qty = 1 where id = '00000000-0000-7020-8000-000000000012';

-- refused sale_item_modifiers_open_check: the modifiers of a completed sale are not changed
insert into pos.sale_item_modifiers (biz_id, id, sale_item_id, name, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000029', '00000000-0000-7020-8000-000000000012', 'No onions', 'EUR');

-- refused sale_item_modifiers_item_immutable_check: a modifier stays with its line
update pos.sale_item_modifiers set sale_item_id = '00000000-0000-7020-8000-000000000032' where id = '00000000-0000-7020-8000-000000000023';

-- refused sale_discounts_open_check: a completed sale gets no discounts
insert into pos.sale_discounts (biz_id, id, sale_id, name, amount_minor, currency, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000029', '00000000-0000-7020-8000-000000000011', 'Late', 100, 'EUR', 'late');

-- refused sale_discounts_sale_item_id_fkey: a discount is for a line of its sale
insert into pos.sale_discounts (biz_id, id, sale_id, sale_item_id, name, amount_minor, currency, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000029', '00000000-0000-7020-8000-000000000021', '00000000-0000-7020-8000-000000000012', 'Late', 100, 'EUR', 'late');

-- refused sale_discounts_reason_required_check: a discount by hand has a reason
insert into pos.sale_discounts (biz_id, id, sale_id, name, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000029', '00000000-0000-7020-8000-000000000021', 'Late', 100, 'EUR');

-- refused sale_tenders_open_check: the tenders of a completed sale are not changed
update pos.sale_tenders set voided_at = now() where id = '00000000-0000-7020-8000-000000000013';

-- refused sale_tenders_change_check: change is what was handed over less the amount
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tendered_minor, change_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'cash', 954, 1000, 45, 'EUR');

-- refused sale_tenders_change_check: a card gets no change
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tendered_minor, change_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'card', 954, 1000, 46, 'EUR');

-- refused sale_tenders_folio_check: a charge to a room names the folio
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'room_charge', 954, 'EUR');

-- race sales_idempotency_key_key: the same sale is written once
insert into pos.sales (biz_id, id, number, location_id, business_date, currency, idempotency_key)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f10:n', 'S-R:n', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 'again');

-- refused receipts_completed_check: a receipt is given when the sale is paid
insert into pos.receipts (biz_id, id, sale_id, number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000026', '00000000-0000-7020-8000-000000000021', 'R-1', 'print');

-- race receipts_original_key: a sale has one receipt, and copies of it
insert into pos.receipts (biz_id, id, sale_id, number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f11:n', '00000000-0000-7020-8000-000000000011', 'R-R:n', 'print');

-- allowed: what is taken back is counted on what was sold
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency, original_tender_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000033', '00000000-0000-7020-8000-000000000031', 1, 'cash', -530, 'EUR', '00000000-0000-7020-8000-000000000013');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000031';
do $$ begin
  assert (select i.returned_qty from pos.sale_items i where i.id = '00000000-0000-7020-8000-000000000012') = 1;
end $$;

-- refused sale_items_returned_qty_check: no more is taken back than was sold
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, tax_rate, gross_minor, total_minor, currency, original_item_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000034', '00000000-0000-7020-8000-000000000031', 2, '00000000-0000-7000-8000-000000000064', 'Burger', -2, 0, 0.06, 0, 0, 'EUR', '00000000-0000-7020-8000-000000000012');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000031';

-- refused sale_items_original_sold_check: what is taken back is taxed as it was sold
update pos.sale_items set tax_rate = 0.23 where id = '00000000-0000-7020-8000-000000000032';
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000031';

-- refused sale_items_original_sold_check: what was not paid is not taken back
update pos.sales set original_sale_id = null where id = '00000000-0000-7020-8000-000000000031';
update pos.sale_items set original_item_id = '00000000-0000-7020-8000-000000000022' where id = '00000000-0000-7020-8000-000000000032';
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000031';

-- refused sale_items_original_check: what is sold has no original
update pos.sale_items set original_item_id = '00000000-0000-7020-8000-000000000012' where id = '00000000-0000-7020-8000-000000000022';

-- race sale_items_returned_qty_check: two are sold, and are not taken back more than twice
insert into pos.sales (biz_id, id, number, kind, location_id, business_date, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f12:n', 'S-Q:n', 'return', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', -800, -800);
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, name, quantity, unit_price, tax_rate, gross_minor, total_minor, currency, original_item_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f13:n', '00000000-0000-7020-8000-00000000f12:n', 1, '00000000-0000-7000-8000-000000000064', 'Burger', -2, 4, 0.06, -800, -800, 'EUR', '00000000-0000-7020-8000-000000000012');
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f14:n', '00000000-0000-7020-8000-00000000f12:n', 1, 'card', -800, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-00000000f12:n';

-- allowed: a bill is split into parts that differ by a cent
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000021', 'equal', 955, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 319, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000053', '00000000-0000-7020-8000-000000000051', 2, 318, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000054', '00000000-0000-7020-8000-000000000051', 3, 318, 'EUR');

-- allowed: a bill is split by who had what
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000021', 'items', 954, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 477, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000053', '00000000-0000-7020-8000-000000000051', 2, 477, 'EUR');
insert into pos.bill_split_items (biz_id, id, part_id, sale_item_id, quantity, amount_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000055', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000022', 1, 477, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000056', '00000000-0000-7020-8000-000000000053', '00000000-0000-7020-8000-000000000022', 1, 477, 'EUR');

-- refused bill_splits_parts_sum_check: the parts of a bill sum up to it
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000021', 'amount', 954, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 953, 'EUR');

-- refused bill_splits_parts_sum_check: equal parts are equal
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000021', 'equal', 954, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 476, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000053', '00000000-0000-7020-8000-000000000051', 2, 478, 'EUR');

-- refused bill_splits_parts_sum_check: a part by items is the sum of its items
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000021', 'items', 954, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 954, 'EUR');

-- refused bill_splits_open_check: the bill of a completed sale is not split
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000011', 'equal', 1160, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 1160, 'EUR');

-- refused bill_split_parts_split_immutable_check: a part stays with its split
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency, voided_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000051', '00000000-0000-7020-8000-000000000021', 'amount', 954, 'EUR', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000057', '00000000-0000-7020-8000-000000000021', 'amount', 954, 'EUR', now());
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000052', '00000000-0000-7020-8000-000000000051', 1, 954, 'EUR');
update pos.bill_split_parts set split_id = '00000000-0000-7020-8000-000000000057' where id = '00000000-0000-7020-8000-000000000052';

-- race bill_splits_sale_id_key: a bill is split in one way
insert into pos.bill_splits (biz_id, id, sale_id, mode, total_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f15:n', '00000000-0000-7020-8000-000000000021', 'amount', 954, 'EUR');
insert into pos.bill_split_parts (biz_id, id, split_id, part_no, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f16:n', '00000000-0000-7020-8000-00000000f15:n', 1, 954, 'EUR');

-- allowed: a session is counted, closed with its next number, and reconciled; the till opens again
select set_config('app.reason', 'end of day', true);
update pos.sales set status = 'voided', voided_at = now(), void_reason = 'end of day' where id in ('00000000-0000-7020-8000-000000000021', '00000000-0000-7020-8000-000000000031');
insert into pos.cash_movements (biz_id, id, session_id, kind, amount_minor, currency, reason) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000061', '00000000-0000-7020-8000-000000000004', 'drop', 5000, 'EUR', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000062', '00000000-0000-7020-8000-000000000004', 'paid_out', 700, 'EUR', 'Ice'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000063', '00000000-0000-7020-8000-000000000004', 'no_sale', 0, 'EUR', 'Change for a guest');
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000004';
insert into pos.cash_counts (biz_id, id, session_id, currency, denomination_minor, quantity) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000064', '00000000-0000-7020-8000-000000000004', 'EUR', 5000, 1),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000065', '00000000-0000-7020-8000-000000000004', 'EUR', 100, 2);
update pos.cash_sessions set status = 'closed', closed_at = now(), closed_by_id = '00000000-0000-7000-8000-00000000000a', z_number = 100, expected_minor = 5300, counted_minor = 5200,
  difference_reason = 'unknown' where id = '00000000-0000-7020-8000-000000000004';
update pos.cash_sessions set status = 'reconciled', reconciled_at = now() where id = '00000000-0000-7020-8000-000000000004';
insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_by_id, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000066', '00000000-0000-7020-8000-000000000001', '00000000-0000-7000-8000-000000000011', '2027-03-02', '00000000-0000-7000-8000-00000000000a', 'EUR');
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000066';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 101, expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000066';
do $$ begin
  assert (select s.difference_minor from pos.cash_sessions s where s.id = '00000000-0000-7020-8000-000000000004') = -100;
end $$;

-- refused cash_sessions_open_sales_check: a session is not closed while a sale is open
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000004';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 1, expected_minor = 11000, counted_minor = 11000 where id = '00000000-0000-7020-8000-000000000004';

-- refused cash_sessions_expected_sum_check: what is expected is what came and went
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 1, expected_minor = 1, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000005';

-- refused cash_sessions_counted_sum_check: what was counted is the sum of notes and coins
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
insert into pos.cash_counts (biz_id, id, session_id, currency, denomination_minor, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000064', '00000000-0000-7020-8000-000000000005', 'EUR', 100, 2);
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 1, expected_minor = 0, counted_minor = 100 where id = '00000000-0000-7020-8000-000000000005';

-- refused cash_sessions_z_number_gapless_check: closing reports have no gaps
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 7, expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000005';
insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_by_id, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000066', '00000000-0000-7020-8000-000000000002', '00000000-0000-7000-8000-000000000011', '2027-03-02', '00000000-0000-7000-8000-00000000000a', 'EUR');
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000066';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 9, expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000066';

-- refused cash_sessions_closed_check: a closed session has its number
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
update pos.cash_sessions set status = 'closed', closed_at = now(), expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000005';

-- refused cash_sessions_closed_immutable_check: what a session was closed with stays
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 1, expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000005';
update pos.cash_sessions set counted_minor = 1 where id = '00000000-0000-7020-8000-000000000005';

-- refused cash_sessions_basis_immutable_check: the business date of a session is never changed
update pos.cash_sessions set business_date = '2027-03-02' where id = '00000000-0000-7020-8000-000000000005';

-- refused cash_sessions_status_transition_check: a drawer is counted before it is closed
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 1, expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000005';

-- refused sales_session_open_check: nothing is rung while the drawer is counted
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
insert into pos.sales (biz_id, id, number, location_id, register_id, session_id, business_date, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000041', 'S-4', '00000000-0000-7000-8000-000000000011', '00000000-0000-7020-8000-000000000002', '00000000-0000-7020-8000-000000000005', '2027-03-01', 'EUR');

-- refused sales_session_open_check: nothing is completed while the drawer is counted
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000004';
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000025', '00000000-0000-7020-8000-000000000021', 1, 'card', 954, 'EUR');
update pos.sales set status = 'completed', completed_at = now() where id = '00000000-0000-7020-8000-000000000021';

-- race cash_sessions_open_key: inv25 a till is opened once
insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_by_id, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f17:n', '00000000-0000-7020-8000-000000000003', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-00000000000a', 'EUR');

-- refused cash_movements_open_check: no cash moves in a closed session
update pos.cash_sessions set status = 'counting' where id = '00000000-0000-7020-8000-000000000005';
update pos.cash_sessions set status = 'closed', closed_at = now(), z_number = 1, expected_minor = 0, counted_minor = 0 where id = '00000000-0000-7020-8000-000000000005';
insert into pos.cash_movements (biz_id, id, session_id, kind, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000061', '00000000-0000-7020-8000-000000000005', 'drop', 100, 'EUR');

-- refused cash_movements_amount_check: opening the drawer moves nothing
insert into pos.cash_movements (biz_id, id, session_id, kind, amount_minor, currency, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000061', '00000000-0000-7020-8000-000000000005', 'no_sale', 100, 'EUR', 'Change');

-- refused cash_movements_reason_required_check: opening the drawer has a reason
insert into pos.cash_movements (biz_id, id, session_id, kind, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000061', '00000000-0000-7020-8000-000000000005', 'no_sale', 'EUR');

-- refused cash_counts_open_check: a drawer is counted while its session is
insert into pos.cash_counts (biz_id, id, session_id, currency, denomination_minor, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000064', '00000000-0000-7020-8000-000000000005', 'EUR', 100, 2);

-- refused cash_registers_allowed_tenders_check: a till takes known tenders
update pos.cash_registers set allowed_tenders = '{shells}' where id = '00000000-0000-7020-8000-000000000001';

-- refused cash_registers_offline_prefix_key: an offline prefix belongs to one till
update pos.cash_registers set offline_prefix = 'BA' where id = '00000000-0000-7020-8000-000000000002';

-- given: a party at two tables
insert into pos.table_seatings (biz_id, id, location_id, business_date, party_size, seated_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000071', '00000000-0000-7000-8000-000000000011', '2027-03-01', 6, '2027-03-01 19:00Z');
insert into pos.seating_tables (biz_id, id, seating_id, dining_table_id, starts_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000072', '00000000-0000-7020-8000-000000000071', '00000000-0000-7020-8000-000000000007', '2027-03-01 19:00Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000073', '00000000-0000-7020-8000-000000000071', '00000000-0000-7020-8000-000000000008', '2027-03-01 19:00Z');

-- allowed: a party gives a table back, orders, pays, leaves, and others sit down
update pos.seating_tables set ends_at = '2027-03-01 20:00Z' where id = '00000000-0000-7020-8000-000000000073';
update pos.table_seatings set status = 'ordered' where id = '00000000-0000-7020-8000-000000000071';
update pos.table_seatings set status = 'billed' where id = '00000000-0000-7020-8000-000000000071';
update pos.table_seatings set status = 'paid' where id = '00000000-0000-7020-8000-000000000071';
update pos.table_seatings set status = 'cleaning', left_at = '2027-03-01 21:00Z' where id = '00000000-0000-7020-8000-000000000071';
update pos.table_seatings set status = 'free' where id = '00000000-0000-7020-8000-000000000071';
update pos.seating_tables set ends_at = '2027-03-01 21:05Z' where id = '00000000-0000-7020-8000-000000000072';
insert into pos.table_seatings (biz_id, id, location_id, business_date, party_size) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000074', '00000000-0000-7000-8000-000000000011', '2027-03-01', 2);
insert into pos.seating_tables (biz_id, id, seating_id, dining_table_id, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000075', '00000000-0000-7020-8000-000000000074', '00000000-0000-7020-8000-000000000007', '2027-03-01 21:05Z');

-- refused seating_tables_no_overlap_excl: a table has one party
insert into pos.table_seatings (biz_id, id, location_id, business_date, party_size) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000074', '00000000-0000-7000-8000-000000000011', '2027-03-01', 2);
insert into pos.seating_tables (biz_id, id, seating_id, dining_table_id, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000075', '00000000-0000-7020-8000-000000000074', '00000000-0000-7020-8000-000000000007', '2027-03-01 20:00Z');

-- refused table_seatings_tables_check: a party has a table
update pos.seating_tables set ends_at = '2027-03-01 20:00Z' where seating_id = '00000000-0000-7020-8000-000000000071';

-- refused table_seatings_tables_check: a party without a table does not sit down
insert into pos.table_seatings (biz_id, id, location_id, business_date, party_size) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000074', '00000000-0000-7000-8000-000000000011', '2027-03-01', 2);

-- refused table_seatings_status_transition_check: a party that has left does not order
select set_config('app.reason', 'walked out', true);
update pos.table_seatings set status = 'cleaning', left_at = '2027-03-01 21:00Z' where id = '00000000-0000-7020-8000-000000000071';
update pos.table_seatings set status = 'ordered', left_at = null where id = '00000000-0000-7020-8000-000000000071';

-- refused table_seatings_status_reason_check: leaving without ordering has a reason
update pos.table_seatings set status = 'cleaning', left_at = '2027-03-01 21:00Z' where id = '00000000-0000-7020-8000-000000000071';

-- refused seating_tables_seating_immutable_check: a party that moves takes another table
update pos.seating_tables set dining_table_id = '00000000-0000-7020-8000-000000000009' where id = '00000000-0000-7020-8000-000000000072';

-- race seating_tables_no_overlap_excl: a table is given to one party
insert into pos.table_seatings (biz_id, id, location_id, business_date, party_size) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f18:n', '00000000-0000-7000-8000-000000000011', '2027-03-01', 2);
insert into pos.seating_tables (biz_id, id, seating_id, dining_table_id, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f19:n', '00000000-0000-7020-8000-00000000f18:n', '00000000-0000-7020-8000-000000000009', '2027-03-01 19:00Z');

-- refused dining_tables_label_key: a plan has a label once
insert into pos.dining_tables (biz_id, id, floor_plan_id, label, seats) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000000b', '00000000-0000-7020-8000-000000000006', 'T1', 2);

-- refused dining_tables_seats_check: the smallest party fits
update pos.dining_tables set min_party = 5 where id = '00000000-0000-7020-8000-000000000007';

-- given: a menu with an item
insert into catalog.products (biz_id, id, code, kind, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000081', 'po-burger', 'menu_item', 'Burger');
insert into catalog.product_variants (biz_id, id, product_id, sku, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000082', '00000000-0000-7020-8000-000000000081', 'PO-BURGER', 'Burger');
insert into catalog.product_categories (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000083', 'po-mains', 'Mains');
insert into pos.menus (biz_id, id, location_id, name, currency, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000084', '00000000-0000-7000-8000-000000000011', 'Lunch', 'EUR', 'dine_in');
insert into pos.kitchen_station_categories (biz_id, station_id, category_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000000a', '00000000-0000-7020-8000-000000000083');

-- allowed: a dish is on a menu, and sold out until tomorrow
insert into pos.menu_items (biz_id, id, menu_id, variant_id, section, allergens) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000085', '00000000-0000-7020-8000-000000000084', '00000000-0000-7020-8000-000000000082', 'Mains', '{gluten,milk}');
update pos.menu_items set sold_out_until = '2027-03-02 11:00Z' where id = '00000000-0000-7020-8000-000000000085';

-- race menu_items_variant_id_key: a menu has a dish once
insert into pos.menu_items (biz_id, id, menu_id, variant_id, section) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-00000000f20:n', '00000000-0000-7020-8000-000000000084', '00000000-0000-7020-8000-000000000082', 'Mains');

-- refused menu_items_codes_check: an allergen is not blank
insert into pos.menu_items (biz_id, id, menu_id, variant_id, section, allergens) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000085', '00000000-0000-7020-8000-000000000084', '00000000-0000-7020-8000-000000000082', 'Mains', '{gluten,""}');

-- given: a kitchen ticket
insert into pos.kitchen_tickets (biz_id, id, sale_id, station_id, seq, target_seconds) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000091', '00000000-0000-7020-8000-000000000021', '00000000-0000-7020-8000-00000000000a', 1, 600);
insert into pos.kitchen_ticket_items (biz_id, id, sale_id, ticket_id, sale_item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000092', '00000000-0000-7020-8000-000000000021', '00000000-0000-7020-8000-000000000091', '00000000-0000-7020-8000-000000000022', 2);

-- allowed: a ticket is fired, made, recalled, made again and served
update pos.kitchen_tickets set status = 'fired', fired_at = '2027-03-01 19:00Z' where id = '00000000-0000-7020-8000-000000000091';
update pos.kitchen_ticket_items set status = 'fired', fired_at = '2027-03-01 19:00Z' where id = '00000000-0000-7020-8000-000000000092';
update pos.kitchen_tickets set status = 'preparing', started_at = '2027-03-01 19:01Z' where id = '00000000-0000-7020-8000-000000000091';
update pos.kitchen_tickets set status = 'ready', ready_at = '2027-03-01 19:08Z' where id = '00000000-0000-7020-8000-000000000091';
select set_config('app.reason', 'too rare', true);
update pos.kitchen_tickets set status = 'recalled', recalls = 1 where id = '00000000-0000-7020-8000-000000000091';
update pos.kitchen_tickets set status = 'preparing' where id = '00000000-0000-7020-8000-000000000091';
update pos.kitchen_tickets set status = 'ready', ready_at = '2027-03-01 19:12Z' where id = '00000000-0000-7020-8000-000000000091';
update pos.kitchen_tickets set status = 'served', served_at = '2027-03-01 19:13Z' where id = '00000000-0000-7020-8000-000000000091';

-- refused kitchen_tickets_status_transition_check: what was not fired is not prepared
update pos.kitchen_tickets set status = 'preparing', fired_at = now() where id = '00000000-0000-7020-8000-000000000091';

-- refused kitchen_tickets_status_reason_check: what was fired is cancelled for a reason
update pos.kitchen_tickets set status = 'fired', fired_at = now() where id = '00000000-0000-7020-8000-000000000091';
update pos.kitchen_tickets set status = 'cancelled' where id = '00000000-0000-7020-8000-000000000091';

-- refused kitchen_tickets_fired_check: a ticket that was fired says when
update pos.kitchen_tickets set status = 'fired' where id = '00000000-0000-7020-8000-000000000091';

-- allowed: a dish is voided before it was fired, without a reason
update pos.kitchen_ticket_items set status = 'voided', voided_at = now() where id = '00000000-0000-7020-8000-000000000092';

-- refused kitchen_ticket_items_status_reason_check: a dish that was fired is voided for a reason
update pos.kitchen_ticket_items set status = 'fired', fired_at = now() where id = '00000000-0000-7020-8000-000000000092';
update pos.kitchen_ticket_items set status = 'voided', voided_at = now(), void_reason = 'changed their mind' where id = '00000000-0000-7020-8000-000000000092';

-- refused kitchen_ticket_items_fired_void_check: the reason is kept with the dish
update pos.kitchen_ticket_items set status = 'fired', fired_at = now() where id = '00000000-0000-7020-8000-000000000092';
select set_config('app.reason', 'changed their mind', true);
update pos.kitchen_ticket_items set status = 'voided', voided_at = now() where id = '00000000-0000-7020-8000-000000000092';

-- refused kitchen_ticket_items_status_transition_check: what was voided is not fired
update pos.kitchen_ticket_items set status = 'voided', voided_at = now() where id = '00000000-0000-7020-8000-000000000092';
update pos.kitchen_ticket_items set status = 'fired', fired_at = now(), voided_at = null where id = '00000000-0000-7020-8000-000000000092';

-- refused kitchen_ticket_items_sale_item_id_fkey: a ticket has lines of its own sale
insert into pos.kitchen_ticket_items (biz_id, id, sale_id, ticket_id, sale_item_id, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7020-8000-000000000093', '00000000-0000-7020-8000-000000000021', '00000000-0000-7020-8000-000000000091', '00000000-0000-7020-8000-000000000012', 1);
