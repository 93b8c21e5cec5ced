-- given: series of numbers, an account with a limit of 500.00, two folios with a charge of 100.00, an invoice of 100.00 and a receipt of 150.00
insert into billing.fiscal_series (biz_id, id, country, document_type, code, prefix, next_value, range_to)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000001', 'PT', 'invoice', 'A', 'FT A/', 1, 1000), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000002', 'PT', 'credit_note', 'A', 'NC A/', 1, 1000),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000005', 'PT', 'invoice', 'S', 'FS/', 1, 1);
insert into billing.billing_accounts (biz_id, id, number, name, customer_id, currency, credit_limit_minor, payment_days)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000003', 'AR-1', 'Clara Lda', '00000000-0000-7000-8000-000000000031', 'EUR', 50000, 30);
insert into billing.folios (biz_id, id, number, location_id, booking_order_id, owner_customer_id, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000010', 'F-1', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000011', 'F-2', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'EUR');
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000012', '00000000-0000-7018-8000-000000000010', 'charge', 'Line', '2027-03-01', 10000, 'EUR', null, null);
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000030', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 10000, 10000);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000031', '00000000-0000-7018-8000-000000000030', 1, 'Massage', 1, 10000, 10000, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000030';
insert into billing.receipts (biz_id, id, number, customer_id, amount_minor, unapplied_minor, currency, method, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000040', 'RC-1', '00000000-0000-7000-8000-000000000031', 15000, 15000, 'EUR', 'bank_transfer', '2027-03-02');
-- allowed: a folio is charged, corrected, paid, closed, and opened again the same day
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'allowance', 'Line', '2027-03-01', -1000, 'EUR', '00000000-0000-7018-8000-000000000012', 'It was cold');
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000010', 'payment', 'Line', '2027-03-01', -9000, 'EUR', null, null);
update billing.folios set status = 'closed', closed_at = now(), closed_on = '2027-03-01' where id = '00000000-0000-7018-8000-000000000010';
select set_config('app.reason', 'One more drink', true);
update billing.folios set status = 'open', closed_at = null, closed_on = null where id = '00000000-0000-7018-8000-000000000010';
-- refused folios_settled_check: a folio is closed at zero
update billing.folios set status = 'closed', closed_at = now(), closed_on = '2027-03-01' where id = '00000000-0000-7018-8000-000000000010';
-- refused folios_balance_guard_check: nobody sets a balance by hand
update billing.folios set balance_minor = 0 where id = '00000000-0000-7018-8000-000000000010';
-- refused folios_balance_zero_check: a folio begins empty
insert into billing.folios (biz_id, id, number, location_id, currency, balance_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000015', 'F-3', '00000000-0000-7000-8000-000000000011', 'EUR', 100);
-- refused folio_line_items_folio_open_check: a closed folio takes no lines
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000010', 'payment', 'Line', '2027-03-01', -10000, 'EUR', null, null);
update billing.folios set status = 'closed', closed_at = now(), closed_on = '2027-03-01' where id = '00000000-0000-7018-8000-000000000010';
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'charge', 'Line', '2027-03-01', 500, 'EUR', null, null);
-- refused folios_reopen_check: a folio is not opened again after its day was closed
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000010', 'payment', 'Line', '2027-03-01', -10000, 'EUR', null, null);
update billing.folios set status = 'closed', closed_at = now(), closed_on = '2027-03-01' where id = '00000000-0000-7018-8000-000000000010';
insert into ledger.period_locks (biz_id, id, location_id, kind, through_date, status, locked_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000020', '00000000-0000-7000-8000-000000000011', 'night', '2027-03-01', 'locked', now());
select set_config('app.reason', 'One more drink', true);
update billing.folios set status = 'open', closed_at = null, closed_on = null where id = '00000000-0000-7018-8000-000000000010';
-- refused folio_line_items_period_open_check: e39 a folio is not changed on a day that was closed
insert into ledger.period_locks (biz_id, id, location_id, kind, through_date, status, locked_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000020', '00000000-0000-7000-8000-000000000011', 'night', '2027-03-01', 'locked', now());
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'charge', 'Line', '2027-03-01', 500, 'EUR', null, null);
-- refused folio_line_items_corrects_sum_check: allowances stay within the charge
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'allowance', 'Line', '2027-03-01', -6000, 'EUR', '00000000-0000-7018-8000-000000000012', 'Cold');
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000010', 'allowance', 'Line', '2027-03-01', -6000, 'EUR', '00000000-0000-7018-8000-000000000012', 'Late');
-- refused folio_line_items_sign_check: a payment takes from the balance
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'payment', 'Line', '2027-03-01', 6000, 'EUR', null, null);
-- refused folio_line_items_allowance_check: an allowance says what it takes back
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'allowance', 'Line', '2027-03-01', -6000, 'EUR', null, null);
-- allowed: a part of a charge goes to another folio
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'transfer_out', 'Line', '2027-03-01', -3333, 'EUR', '00000000-0000-7018-8000-000000000012', null);
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000011', 'transfer_in', 'Line', '2027-03-01', 3333, 'EUR', null, null);
insert into billing.folio_transfers (biz_id, id, from_line_id, to_folio_id, amount_minor, currency, out_line_id, in_line_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000016', '00000000-0000-7018-8000-000000000012', '00000000-0000-7018-8000-000000000011', 3333, 'EUR', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000014');
-- refused folio_transfers_amounts_check: what goes out there comes in here
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000010', 'transfer_out', 'Line', '2027-03-01', -3333, 'EUR', '00000000-0000-7018-8000-000000000012', null);
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000011', 'transfer_in', 'Line', '2027-03-01', 3334, 'EUR', null, null);
insert into billing.folio_transfers (biz_id, id, from_line_id, to_folio_id, amount_minor, currency, out_line_id, in_line_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000016', '00000000-0000-7018-8000-000000000012', '00000000-0000-7018-8000-000000000011', 3333, 'EUR', '00000000-0000-7018-8000-000000000013', '00000000-0000-7018-8000-000000000014');
-- refused folio_line_items_transfer_check: nothing comes from nowhere
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000011', 'transfer_in', 'Line', '2027-03-01', -10000, 'EUR', null, null);
-- refused folio_routing_rules_acyclic_check: folios do not route in a circle
insert into billing.folio_routing_rules (biz_id, id, from_folio_id, to_folio_id, categories, currency, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000017', '00000000-0000-7018-8000-000000000010', '00000000-0000-7018-8000-000000000011', '{}', 'EUR', '2027-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000018', '00000000-0000-7018-8000-000000000011', '00000000-0000-7018-8000-000000000010', '{}', 'EUR', '2027-01-01');
-- allowed: an invoice is paid in two parts, and one bounces
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 4000, 'EUR', '2027-03-02');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000042', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 6000, 'EUR', '2027-03-02');
do $$ begin
  if (select status from billing.invoices where id = '00000000-0000-7018-8000-000000000030') <> 'paid' or (select exposure_minor from billing.billing_accounts where id = '00000000-0000-7018-8000-000000000003') <> 0
    or (select unapplied_minor from billing.receipts where id = '00000000-0000-7018-8000-000000000040') <> 5000 then raise 'not paid'; end if;
end $$;
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000043', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', -6000, 'EUR', '2027-03-03', '00000000-0000-7018-8000-000000000042');
do $$ begin
  if (select status from billing.invoices where id = '00000000-0000-7018-8000-000000000030') <> 'partially_paid' then raise 'not open again'; end if;
end $$;
-- refused payment_allocations_reversal_mirror_check: an allocation is taken back as a whole
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 4000, 'EUR', '2027-03-02');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000043', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', -3000, 'EUR', '2027-03-03', '00000000-0000-7018-8000-000000000041');
-- refused payment_allocations_reverses_id_key: an allocation is taken back once
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 4000, 'EUR', '2027-03-02');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000043', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', -4000, 'EUR', '2027-03-03', '00000000-0000-7018-8000-000000000041'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000044', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', -4000, 'EUR', '2027-03-03', '00000000-0000-7018-8000-000000000041');
-- refused invoices_settled_check: no more is paid than is owed
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 10001, 'EUR', '2027-03-02');
-- refused receipts_unapplied_check: no more is paid than was received
insert into billing.receipts (biz_id, id, number, customer_id, amount_minor, unapplied_minor, currency, method, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000045', 'RC-2', '00000000-0000-7000-8000-000000000031', 500, 500, 'EUR', 'bank_transfer', '2027-03-02');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000045', '00000000-0000-7018-8000-000000000030', 501, 'EUR', '2027-03-02');
-- refused receipts_unapplied_guard_check: nobody sets what is left by hand
update billing.receipts set unapplied_minor = 0 where id = '00000000-0000-7018-8000-000000000040';
-- refused receipts_reversed_check: a receipt that pays something is not reversed
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 4000, 'EUR', '2027-03-02');
select set_config('app.reason', 'Bounced', true);
update billing.receipts set status = 'reversed', reversed_at = now() where id = '00000000-0000-7018-8000-000000000040';
-- refused payment_allocations_receipt_check: a reversed receipt pays nothing
select set_config('app.reason', 'Bounced', true);
update billing.receipts set status = 'reversed', reversed_at = now() where id = '00000000-0000-7018-8000-000000000040';
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 4000, 'EUR', '2027-03-02');
-- refused receipts_period_open_check: a closed period takes no receipts
insert into ledger.period_locks (biz_id, id, through_date, status, locked_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000020', '2027-03-31', 'locked', now());
insert into billing.receipts (biz_id, id, number, customer_id, amount_minor, unapplied_minor, currency, method, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000045', 'RC-2', '00000000-0000-7000-8000-000000000031', 500, 500, 'EUR', 'bank_transfer', '2027-03-02');
-- refused payment_allocations_invoice_check: a draft is not paid
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 100, 100);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 100, 100, 'EUR');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000032', 100, 'EUR', '2027-03-02');
-- refused payment_allocations_folio_line_amount_check: a folio is paid by a line of the same amount
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000014', '00000000-0000-7018-8000-000000000010', 'payment', 'Line', '2027-03-01', -10000, 'EUR', null, null);
insert into billing.payment_allocations (biz_id, id, receipt_id, folio_id, folio_line_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000010', '00000000-0000-7018-8000-000000000014', 9999, 'EUR', '2027-03-02');
-- refused invoices_settled_guard_check: nobody marks an invoice as paid by hand
update billing.invoices set paid_minor = 10000, status = 'paid' where id = '00000000-0000-7018-8000-000000000030';
-- refused invoices_status_check: an invoice is not paid without money
update billing.invoices set status = 'paid' where id = '00000000-0000-7018-8000-000000000030';
-- refused invoices_final_immutable_check: an issued invoice is never changed
update billing.invoices set due_on = '2028-01-01' where id = '00000000-0000-7018-8000-000000000030';
-- refused invoice_lines_draft_check: an issued invoice keeps its lines
update billing.invoice_lines set description = 'Other' where id = '00000000-0000-7018-8000-000000000031';
-- refused invoice_lines_draft_check: an issued invoice gets no lines
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000030', 2, 'Massage', 1, 100, 100, 'EUR');
-- refused invoices_lines_sum_check: the lines sum up to the invoice
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 200, 200);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 199, 199, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000032';
-- refused invoices_taxes_sum_check: the taxes sum up to the tax
insert into billing.invoices (biz_id, id, location_id, customer_id, currency, subtotal_minor, tax_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'EUR', 100, 23, 123);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, tax_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 100, 23, 123, 'EUR');
insert into billing.invoice_taxes (biz_id, id, invoice_id, name, rate, taxable_minor, tax_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000034', '00000000-0000-7018-8000-000000000032', 'IVA', 0.23, 100, 22, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000032';
-- refused invoices_born_draft_check: an invoice begins as a draft
insert into billing.invoices (biz_id, id, location_id, currency, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', 'EUR', 'finalized');
-- refused fiscal_series_gapless_check: e40 a number that is taken is used
select billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-02');
-- refused invoices_number_series_check: a number is taken, not made up
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 200, 200);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 200, 200, 'EUR');
update billing.invoices set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = 500, number = 'FT A/500', issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31' where id = '00000000-0000-7018-8000-000000000032';
-- refused fiscal_series_next_value_forward_check: numbers do not go back
update billing.fiscal_series set next_value = 1 where id = '00000000-0000-7018-8000-000000000001';
-- refused fiscal_series_used_immutable_check: a series that is used keeps its prefix
update billing.fiscal_series set prefix = 'X' where id = '00000000-0000-7018-8000-000000000001';
-- refused fiscal_series_valid_until_check: a series that ran out gives no numbers
update billing.fiscal_series set valid_until = '2027-03-01' where id = '00000000-0000-7018-8000-000000000001';
select billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-02');
-- refused billing_accounts_credit_limit_check: an account owes no more than its limit
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 40001, 40001);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 40001, 40001, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000032';
-- allowed: a limit is extended for a while
update billing.billing_accounts set credit_override_minor = 1, credit_override_until = now() + interval '1 day' where id = '00000000-0000-7018-8000-000000000003';
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 40001, 40001);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 40001, 40001, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000032';
-- refused billing_accounts_exposure_guard_check: nobody sets what is owed by hand
update billing.billing_accounts set exposure_minor = 0 where id = '00000000-0000-7018-8000-000000000003';
-- allowed: an invoice by mistake is voided, and what it billed is billed again
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 200, 200);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 200, 200, 'EUR', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000032';
select set_config('app.reason', 'Wrong customer', true);
update billing.invoices set status = 'voided', voided_at = now() where id = '00000000-0000-7018-8000-000000000032';
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000034', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 200, 200);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000035', '00000000-0000-7018-8000-000000000034', 1, 'Massage', 1, 200, 200, 'EUR', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073');
-- refused invoice_lines_source_key: a line of a booking is billed once
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 400, 400);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 200, 200, 'EUR', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000035', '00000000-0000-7018-8000-000000000032', 2, 'Massage', 1, 200, 200, 'EUR', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073');
-- refused invoices_status_transition_check: a paid invoice is not voided
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 4000, 'EUR', '2027-03-02');
select set_config('app.reason', 'Mistake', true);
update billing.invoices set status = 'voided', voided_at = now() where id = '00000000-0000-7018-8000-000000000030';
-- allowed: a part is credited, and set against what is owed
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 3000);
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000051', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000031', 3000, 'EUR');
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-000000000050';
insert into billing.payment_allocations (biz_id, id, credit_note_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 3000, 'EUR', '2027-03-05');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000042', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 7000, 'EUR', '2027-03-02');
do $$ begin
  if (select status from billing.invoices where id = '00000000-0000-7018-8000-000000000030') <> 'paid' then raise 'not settled'; end if;
end $$;
-- refused invoice_lines_credited_check: credit notes stay within the line
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 6000);
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000051', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000031', 6000, 'EUR');
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-000000000050';
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000052', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 4001);
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000053', '00000000-0000-7018-8000-000000000052', '00000000-0000-7018-8000-000000000031', 4001, 'EUR');
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-000000000052';
-- refused credit_notes_used_check: a credit note is used once
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 3000);
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000051', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000031', 3000, 'EUR');
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-000000000050';
insert into billing.payment_allocations (biz_id, id, credit_note_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 3001, 'EUR', '2027-03-05');
-- refused credit_notes_lines_sum_check: the lines sum up to the credit note
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 100);
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-000000000050';
-- refused credit_notes_final_immutable_check: an issued credit note is never changed
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 3000);
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000051', '00000000-0000-7018-8000-000000000050', '00000000-0000-7018-8000-000000000031', 3000, 'EUR');
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-000000000050';
update billing.credit_notes set reason = 'Other' where id = '00000000-0000-7018-8000-000000000050';
-- allowed: what is not paid is written off by two, and comes in after all
insert into billing.write_offs (biz_id, id, invoice_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000060', '00000000-0000-7018-8000-000000000030', 10000, 'EUR', 'insolvency', '2027-06-01', '00000000-0000-7000-8000-00000000000a');
update billing.write_offs set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000b' where id = '00000000-0000-7018-8000-000000000060';
do $$ begin
  if (select status from billing.invoices where id = '00000000-0000-7018-8000-000000000030') <> 'uncollectible' then raise 'not written off'; end if;
end $$;
update billing.write_offs set recovered_minor = 2000 where id = '00000000-0000-7018-8000-000000000060';
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000041', '00000000-0000-7018-8000-000000000040', '00000000-0000-7018-8000-000000000030', 2000, 'EUR', '2027-03-02');
-- refused write_offs_approved_check: nobody writes off alone above the limit
insert into billing.write_offs (biz_id, id, invoice_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000060', '00000000-0000-7018-8000-000000000030', 10000, 'EUR', 'insolvency', '2027-06-01', '00000000-0000-7000-8000-00000000000a');
update billing.write_offs set status = 'approved' where id = '00000000-0000-7018-8000-000000000060';
-- refused invoices_settled_check: no more is written off than is owed
insert into billing.write_offs (biz_id, id, invoice_id, amount_minor, currency, reason, business_date, needs_approval, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000060', '00000000-0000-7018-8000-000000000030', 10001, 'EUR', 'insolvency', '2027-06-01', false, 'approved');
-- refused customer_purchase_orders_consumed_check: no more is invoiced than was ordered
insert into billing.customer_purchase_orders (biz_id, id, billing_account_id, po_number, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000061', '00000000-0000-7018-8000-000000000003', 'PO-7', 100, 'EUR');
insert into billing.invoices (biz_id, id, location_id, customer_id, billing_account_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000032', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', '00000000-0000-7018-8000-000000000003', 'EUR', 200, 200);
update billing.invoices set customer_po_id = '00000000-0000-7018-8000-000000000061' where id = '00000000-0000-7018-8000-000000000032';
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000033', '00000000-0000-7018-8000-000000000032', 1, 'Massage', 1, 200, 200, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000001', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000001', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-000000000032';
-- allowed: a deposit is paid, used in part, and the rest given back
insert into billing.deposits (biz_id, id, booking_order_id, required_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000062', '00000000-0000-7000-8000-000000000071', 5000, 'EUR');
update billing.deposits set paid_minor = 5000, status = 'paid' where id = '00000000-0000-7018-8000-000000000062';
update billing.deposits set applied_minor = 4000, refunded_minor = 1000, status = 'applied' where id = '00000000-0000-7018-8000-000000000062';
-- refused deposits_used_check: no more of a deposit is used than was paid
insert into billing.deposits (biz_id, id, booking_order_id, required_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000062', '00000000-0000-7000-8000-000000000071', 5000, 'EUR');
update billing.deposits set paid_minor = 5000, applied_minor = 4000, forfeited_minor = 1001, status = 'paid' where id = '00000000-0000-7018-8000-000000000062';
-- refused payment_schedules_sum_check: the instalments sum up to the plan
insert into billing.payment_schedules (biz_id, id, source_type, source_id, seq, due_on, amount_minor, plan_total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000063', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 1, '2027-03-01', 5000, 10000, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000064', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 2, '2027-04-01', 4999, 10000, 'EUR');
-- refused dunning_actions_step_key: a step is taken once for an invoice
insert into billing.dunning_policies (biz_id, id, code, name, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000065', 'std', 'Usual', 'EUR');
insert into billing.dunning_policy_steps (biz_id, id, policy_id, name, days_overdue, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000066', '00000000-0000-7018-8000-000000000065', 'First', 7, 'EUR');
insert into billing.dunning_runs (biz_id, id, as_of) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000067', '2027-05-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000068', '2027-05-02');
insert into billing.dunning_actions (biz_id, id, run_id, invoice_id, step_id, outcome, open_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000069', '00000000-0000-7018-8000-000000000067', '00000000-0000-7018-8000-000000000030', '00000000-0000-7018-8000-000000000066', 'sent', 10000, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000070', '00000000-0000-7018-8000-000000000068', '00000000-0000-7018-8000-000000000030', '00000000-0000-7018-8000-000000000066', 'sent', 10000, 'EUR');
-- allowed: a statement continues the one before
insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, invoiced_minor, closing_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000071', '00000000-0000-7018-8000-000000000003', 'ST-1', '2027-03-01', '2027-04-01', 0, 10000, 10000, 'EUR');
insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, received_minor, closing_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000072', '00000000-0000-7018-8000-000000000003', 'ST-2', '2027-04-01', '2027-05-01', 10000, 4000, 6000, 'EUR');
-- refused statements_opening_check: a statement begins with the balance of the one before
insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, invoiced_minor, closing_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000071', '00000000-0000-7018-8000-000000000003', 'ST-1', '2027-03-01', '2027-04-01', 0, 10000, 10000, 'EUR');
insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, closing_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000072', '00000000-0000-7018-8000-000000000003', 'ST-2', '2027-04-01', '2027-05-01', 9999, 9999, 'EUR');
-- refused statements_period_excl: a day is on one statement
insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, closing_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000071', '00000000-0000-7018-8000-000000000003', 'ST-1', '2027-03-01', '2027-04-01', 0, 0, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000072', '00000000-0000-7018-8000-000000000003', 'ST-2', '2027-03-31', '2027-05-01', 0, 0, 'EUR');
-- refused fiscal_documents_invoice_key: an invoice has one copy at the authority
insert into billing.fiscal_documents (biz_id, id, invoice_id, authority) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000073', '00000000-0000-7018-8000-000000000030', 'at'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000074', '00000000-0000-7018-8000-000000000030', 'at');
-- refused fiscal_documents_status_transition_check: what was accepted is not rejected
insert into billing.fiscal_documents (biz_id, id, invoice_id, authority, status, authority_ref) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-000000000073', '00000000-0000-7018-8000-000000000030', 'at', 'accepted', 'X');
update billing.fiscal_documents set status = 'rejected' where id = '00000000-0000-7018-8000-000000000073';
-- race folio_line_items_corrects_sum_check: of many allowances of 60.00 on a charge of 100.00 one is given
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, business_date, amount_minor, currency, corrects_id, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-00000000008:n', '00000000-0000-7018-8000-000000000010', 'allowance', 'Line', '2027-03-01', -6000, 'EUR', '00000000-0000-7018-8000-000000000012', 'Cold');
-- race invoice_lines_credited_check: inv16 of many credit notes of 60.00 on a line of 100.00 one is issued
insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-00000000009:n', '00000000-0000-7018-8000-000000000030', 'Not good', 'EUR', 6000);
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-0000000000a:n', '00000000-0000-7018-8000-00000000009:n', '00000000-0000-7018-8000-000000000031', 6000, 'EUR');
update billing.credit_notes c
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000002', series_no = n.series_no, number = n.number, issued_on = '2027-03-05', issued_at = now()
from billing.take_number('00000000-0000-7018-8000-000000000002', '2027-03-05') n
where c.id = '00000000-0000-7018-8000-00000000009:n';
-- race invoices_settled_check: inv16 of many payments of 60.00 on an invoice of 100.00 one is allocated
insert into billing.receipts (biz_id, id, number, customer_id, amount_minor, unapplied_minor, currency, method, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-0000000000b:n', 'RC-8:n', '00000000-0000-7000-8000-000000000031', 6000, 6000, 'EUR', 'bank_transfer', '2027-03-02');
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-0000000000c:n', '00000000-0000-7018-8000-0000000000b:n', '00000000-0000-7018-8000-000000000030', 6000, 'EUR', '2027-03-02');
-- race fiscal_series_range_check: inv15 of many who want the last number of a series one gets it
insert into billing.invoices (biz_id, id, location_id, customer_id, currency, subtotal_minor, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-0000000000d:n', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'EUR', 100, 100);
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, unit_price, subtotal_minor, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7018-8000-0000000000e:n', '00000000-0000-7018-8000-0000000000d:n', 1, 'Massage', 1, 100, 100, 'EUR');
update billing.invoices i
set status = 'finalized', series_id = '00000000-0000-7018-8000-000000000005', series_no = n.series_no, number = n.number, issued_on = '2027-03-01', issued_at = now(), due_on = '2027-03-31'
from billing.take_number('00000000-0000-7018-8000-000000000005', '2027-03-01') n
where i.id = '00000000-0000-7018-8000-0000000000d:n';
