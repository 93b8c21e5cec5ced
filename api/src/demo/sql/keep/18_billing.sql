-- What companies owe the pallet store: accounts with terms and limits, their purchase orders, an invoice for each month, receipts,
-- credit notes, reminders, statements; a tab of the gate office. Accounts are of the customers 1 to 16 of the base.
-- Others may use: account-of/1 .. account-of/16 (billing_accounts), po/1 .. (customer_purchase_orders), series/inv, series/cn (fiscal_series).
select core.take_numbers(v.kind, v.prefix, '', v.many) from (values ('billing_account', 'AR', 19), ('folio', 'F', 19), ('receipt', 'RC', 99), ('statement', 'ST', 99)) v (kind, prefix, many);
insert into billing.dunning_policies (biz_id, id, code, name, is_default, min_open_minor, currency)
values (pg_temp.biz(), pg_temp.id('dunning/trade'), 'trade', 'Trade customers', true, 2000, 'MYR'), (pg_temp.biz(), pg_temp.id('dunning/key'), 'key', 'Key accounts, by phone first', false, 10000, 'MYR');
insert into billing.dunning_policy_steps (biz_id, id, policy_id, name, days_overdue, channel, fee_minor, currency, blocks_account)
select pg_temp.biz(), pg_temp.id('dunning/' || v.policy || v.days), pg_temp.id('dunning/' || v.policy), v.name, v.days, v.channel, v.fee, 'MYR', v.blocks
from (values ('trade', -5, 'Due soon', 'email', 0, false), ('trade', 3, 'First reminder', 'email', 0, false), ('trade', 14, 'Second reminder', 'email', 2000, false), ('trade', 30, 'Final notice, goods held', 'letter', 5000, true), ('key', 7, 'Call the accounts desk', 'phone', 0, false), ('key', 30, 'Reminder in writing', 'letter', 0, false)) v (policy, days, name, channel, fee, blocks);
insert into ledger.accounts (biz_id, id, parent_id, code, name, type, normal_side, currency, owner_type, owner_id)
select c.biz_id, pg_temp.id('account/1200/' || c.n), pg_temp.id('account/1200'), '1200', c.full_name, 'asset', 'debit', 'MYR', 'BillingAccount', pg_temp.id('account-of/' || c.n)
from (select c.*, row_number() over (order by c.number) as n from crm.customers c where c.biz_id = pg_temp.biz()) c where c.n <= 16;
insert into billing.billing_accounts (biz_id, id, number, name, customer_id, parent_id, currency, credit_limit_minor, credit_override_minor, credit_override_until, payment_term, payment_days, dunning_policy_id, dunning_paused_until, tax_id, is_po_required, is_tax_exempt, ledger_account_id, created_at)
select c.biz_id, pg_temp.id('account-of/' || c.n), 'AR-' || lpad(c.n::text, 6, '0'), c.full_name, c.id, case when c.n = 12 then pg_temp.id('account-of/5') end, 'MYR', 2500000 + c.n * 100000, case when c.n = 7 then 1000000 else 0 end, case when c.n = 7 then pg_temp.at(20, '23:59') end,
  case when c.n % 5 = 0 then 'end_of_month' else 'net' end, case when c.n % 3 = 0 then 14 else 30 end, pg_temp.id('dunning/' || case when c.n % 6 = 1 then 'key' else 'trade' end), case when c.n = 10 then pg_temp.day(9) end, 'W10-1808-' || 32000000 + c.n * 1117, c.n % 3 = 1, c.n = 14, pg_temp.id('account/1200/' || c.n), pg_temp.at(-300 + c.n::integer * 9, '11:00')
from (select c.*, row_number() over (order by c.number) as n from crm.customers c where c.biz_id = pg_temp.biz()) c where c.n <= 16;
insert into billing.customer_purchase_orders (biz_id, id, billing_account_id, po_number, amount_minor, currency, starts_on, ends_on, contact, created_at)
select pg_temp.biz(), pg_temp.id('po/' || v.n), pg_temp.id('account-of/' || v.account), v.po, v.amount, 'MYR', pg_temp.day(v.from_day), pg_temp.day(v.to_day), v.contact, pg_temp.at(v.from_day, '09:00')
from (values (1, 1, '4500018831', 6000000, -140, 90, 'Puan Noraini, purchasing'), (2, 4, 'EP-2231', 4000000, -150, 60, 'Mr Lim, stores'), (3, 7, 'HO/PO/118', 5500000, -130, 50, 'Cik Aisyah'), (4, 10, 'KT-0907', 5000000, -140, 120, 'Mr Raj, finance'), (5, 13, 'NE-77120', 4500000, -120, 30, 'Ms Wong'), (6, 16, 'RC-2024-5', 4500000, -150, 45, 'Encik Hafiz'),
  (7, 2, 'CF-331', 900000, -260, -80, 'Puan Salmah'), (8, 3, 'DF-12', 350000, -200, 10, 'Mr Tan'), (9, 5, 'FT-4410', 1200000, -20, 200, 'Ms Devi'), (10, 6, 'GB-90', 250000, -60, 20, 'Encik Zul')) v (n, account, po, amount, from_day, to_day, contact);
update billing.customer_purchase_orders p set status = case p.po_number when 'CF-331' then 'expired' when 'DF-12' then 'closed' end where p.biz_id = pg_temp.biz() and p.po_number in ('CF-331', 'DF-12');

-- Monthly invoices: places, chilled places, handling; service tax of 8 percent
insert into billing.fiscal_series (biz_id, id, country, authority, document_type, code, prefix, padding, next_value)
select pg_temp.biz(), pg_temp.id('series/' || v.name), 'MY', 'none', v.type, v.code, v.prefix, 5, 1 from (values ('inv', 'invoice', 'INV', 'INV-'), ('cn', 'credit_note', 'CN', 'CN-')) v (name, type, code, prefix);
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today, date_trunc('month', pg_temp.day())::date as month), docs as materialized (
  select k.biz_id, overlay(md5('monthly' || a.id || m.back) placing '8' from 13 for 1)::uuid as id, 'ar' as kind, 'm' || m.back as name, right(a.number, 6)::integer as n, m.back, a.id as account_id, a.customer_id, a.name as buyer, a.tax_id, a.payment_days, a.payment_term,
    (k.month - make_interval(months => m.back))::date as starts_on, (k.month - make_interval(months => m.back - 1))::date as ends_on
  from k join billing.billing_accounts a on a.biz_id = k.biz_id cross join (values (4), (3), (2), (1)) m (back)
  where right(a.number, 6)::integer + m.back * 4 < 33 and (m.back < 4 or right(a.number, 6)::integer % 2 = 1)
  union all
  select k.biz_id, pg_temp.id('invoice/' || v.name), v.kind, v.name, v.n, 0, a.id, a.customer_id, a.name, a.tax_id, a.payment_days, 'net', k.today + v.day - 3, k.today + v.day
  from k cross join (values ('draft1', 'ar', 2, 0), ('draft2', 'ar', 9, 0), ('draft3', 'ar', 11, 0), ('wrong', 'ar', 6, -9), ('right', 'ar', 6, -8), ('thrown', 'ar', 3, -6), ('offer', 'proforma', 15, -4), ('gb90', 'ar', 6, -2)) v (name, kind, n, day)
  join billing.billing_accounts a on a.biz_id = k.biz_id and a.id = pg_temp.id('account-of/' || v.n)
), lines as materialized (
  select d.*, x.line_no, x.description, x.quantity, x.price, (x.quantity * x.price)::bigint as net, case when d.n = 14 then 0 else round(x.quantity * x.price * 0.08)::bigint end as tax
  from docs d
  cross join lateral (values
    (1, 'Pallet places, ambient, pallet days', (520 + d.n * 61 % 480 + d.back * 23 % 90)::bigint, 180, d.back > 0),
    (2, 'Pallet places, chilled, pallet days', (160 + d.n * 37 % 210)::bigint, 420, d.back > 0 and d.n in (1, 2, 6, 7, 11, 14, 16)),
    (3, 'Handling in and out, pallets', (40 + d.n * 13 % 55)::bigint, 650, d.back > 0),
    (1, 'Forklift with driver, half days', (2 + d.n % 4)::bigint, 26000, d.back = 0),
    (2, 'Wrapping and labels', (18 + d.n)::bigint, 900, d.back = 0 and d.n % 2 = 0)) x (line_no, description, quantity, price, is_so)
  where x.is_so
), invoices as (
  insert into billing.invoices (biz_id, id, kind, location_id, billing_account_id, customer_id, customer_po_id, replaces_id, currency, subtotal_minor, tax_minor, total_minor, due_on, service_starts_on, service_ends_on, buyer, seller, payment_terms, note, idempotency_key, created_at)
  select l.biz_id, l.id, l.kind, p.id, l.account_id, l.customer_id, o.id, case l.name when 'right' then pg_temp.id('invoice/wrong') end, 'MYR', sum(l.net), sum(l.tax), sum(l.net) + sum(l.tax),
    case l.payment_term when 'net' then l.ends_on + l.payment_days else (date_trunc('month', l.ends_on) + interval '1 month')::date - 1 + l.payment_days end, l.starts_on, l.ends_on, jsonb_build_object('name', l.buyer, 'tax_id', l.tax_id, 'country', 'MY'), jsonb_build_object('name', 'Keep Pallet Storage Sdn Bhd', 'tax_id', 'B16-2109-32000001', 'address', 'Pelabuhan Klang'),
    case l.payment_term when 'net' then l.payment_days || ' days net' else l.payment_days || ' days after the end of the month' end, case when l.n = 14 then 'Exempt by certificate' end, 'demo-' || l.id, l.ends_on + interval '1 hour'
  from lines l
  join core.locations p on p.biz_id = l.biz_id and p.code = case when l.n % 4 = 3 then 'SHA' else 'PKL' end
  left join billing.customer_purchase_orders o on o.biz_id = l.biz_id and ((l.back > 0 and l.n in (1, 4, 7, 10, 13, 16) and o.billing_account_id = l.account_id) or (l.name = 'gb90' and o.po_number = 'GB-90'))
  group by l.biz_id, l.id, l.kind, l.name, l.n, l.back, p.id, l.account_id, l.customer_id, o.id, l.payment_term, l.payment_days, l.ends_on, l.starts_on, l.buyer, l.tax_id
)
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, description, quantity, unit_price, subtotal_minor, tax_category, tax_rate, tax_exemption_reason, tax_minor, total_minor, currency, service_starts_on, service_ends_on, created_at)
select l.biz_id, overlay(md5(l.id || 'line' || l.line_no) placing '8' from 13 for 1)::uuid, l.id, l.line_no, l.description, l.quantity, l.price / 100.0, l.net, case when l.tax = 0 then 'Exempt' else 'Service tax' end, case when l.tax = 0 then 0 else 0.08 end, case when l.tax = 0 then 'Certificate CJ-5521' end, l.tax, l.net + l.tax, 'MYR', l.starts_on, l.ends_on, l.ends_on + interval '1 hour'
from lines l;
insert into billing.invoice_taxes (biz_id, id, invoice_id, name, rate, taxable_minor, tax_minor, currency)
select l.biz_id, overlay(md5(l.invoice_id || 'tax') placing '8' from 13 for 1)::uuid, l.invoice_id, l.tax_category, l.tax_rate, sum(l.subtotal_minor), sum(l.tax_minor), 'MYR' from billing.invoice_lines l where l.biz_id = pg_temp.biz() group by l.biz_id, l.invoice_id, l.tax_category, l.tax_rate;
with taken as materialized (
  select d.id, d.day, n.series_no, n.number
  from (select i.id, i.service_ends_on as day from billing.invoices i where i.biz_id = pg_temp.biz() and i.kind = 'ar' and i.id not in (pg_temp.id('invoice/draft1'), pg_temp.id('invoice/draft2'), pg_temp.id('invoice/draft3'), pg_temp.id('invoice/thrown')) order by 2, 1) d
  cross join lateral billing.take_number(pg_temp.id('series/inv'), d.day) n
)
update billing.invoices i set status = 'finalized', series_id = pg_temp.id('series/inv'), series_no = t.series_no, number = t.number, issued_on = t.day, issued_at = t.day + interval '2 hours', sent_at = t.day + interval '2 hours 10 minutes' from taken t where i.biz_id = pg_temp.biz() and i.id = t.id;
update billing.invoices i set status = 'finalized', number = 'PF-00001', issued_on = i.service_ends_on, issued_at = i.service_ends_on + interval '2 hours' where i.biz_id = pg_temp.biz() and i.kind = 'proforma';
update billing.invoices i set status = 'discarded' where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/thrown');
update billing.invoices i set status = 'voided', voided_at = i.issued_at + interval '20 hours', void_reason = 'Wrong number of half days' where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/wrong');
update billing.invoices i set disputed_at = pg_temp.at(-6, '11:30') where i.biz_id = pg_temp.biz() and i.billing_account_id = pg_temp.id('account-of/10') and i.service_ends_on = date_trunc('month', pg_temp.day())::date;
update billing.customer_purchase_orders p set status = 'consumed' where p.biz_id = pg_temp.biz() and p.po_number = 'GB-90';

-- Transfers of the companies: most pay in time, some in part, a few not at all
with x as materialized (
  select y.*, row_number() over (order by y.day, y.id) as n, overlay(md5(y.id || 'receipt') placing '8' from 13 for 1)::uuid as receipt_id
  from (
    select i.biz_id, i.id, i.billing_account_id, i.customer_id, i.number, greatest(i.issued_on, least(i.issued_on + 18 + a.n * 7 % 20, pg_temp.day(-1))) as day, case when a.n % 4 = 2 and m.back = 2 then i.total_minor * 6 / 10 else i.total_minor end as amount
    from billing.invoices i
    cross join lateral (select right(b.number, 6)::integer as n from billing.billing_accounts b where b.biz_id = i.biz_id and b.id = i.billing_account_id) a
    cross join lateral (select (extract(year from age(date_trunc('month', pg_temp.day()), i.service_starts_on)) * 12 + extract(month from age(date_trunc('month', pg_temp.day()), i.service_starts_on)))::integer as back) m
    where i.biz_id = pg_temp.biz() and i.series_no is not null and i.status = 'finalized' and m.back > 0
      and case when a.n in (3, 15) then m.back > 3 when a.n % 4 = 3 then m.back > 2 when a.n % 4 = 0 then true else m.back > 1 end
  ) y
), receipts as (
  insert into billing.receipts (biz_id, id, number, customer_id, billing_account_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, created_at)
  select x.biz_id, x.receipt_id, 'RC-' || lpad(x.n::text, 6, '0'), x.customer_id, x.billing_account_id, x.amount, x.amount, 'MYR', case when x.n % 5 = 0 then 'bank_debit' else 'bank_transfer' end, 'IBG ' || 60100 + x.n * 13, x.day + interval '4 hours', x.day, x.day + interval '4 hours' from x
)
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date, created_at)
select x.biz_id, overlay(md5(x.receipt_id || 'set') placing '8' from 13 for 1)::uuid, x.receipt_id, x.id, x.amount, 'MYR', x.day, x.day + interval '4 hours' from x;
insert into billing.receipts (biz_id, id, number, customer_id, billing_account_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, note, created_at)
select a.biz_id, pg_temp.id('receipt/' || v.n), 'RC-' || lpad((90 + v.n)::text, 6, '0'), a.customer_id, a.id, v.amount, v.amount, 'MYR', 'bank_transfer', v.ref, pg_temp.at(v.day, '10:30'), pg_temp.day(v.day), v.note, pg_temp.at(v.day, '10:30')
from (values (1, 4, 120000, 'IBG 61877', -2, 'Paid ahead for next month'), (2, 11, 88000, 'CHQ 004471', -10, 'Cheque'), (3, 13, 40000, 'IBG 61902', -1, 'No invoice named')) v (n, account, amount, ref, day, note)
join billing.billing_accounts a on a.biz_id = pg_temp.biz() and a.id = pg_temp.id('account-of/' || v.account);
update billing.receipts r set status = 'reversed', reversed_at = pg_temp.at(-7, '12:00'), reversal_reason = 'The cheque was returned' where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('receipt/2');

-- Credit notes
with c as materialized (
  select v.*, i.id as invoice_id, i.biz_id, i.buyer, i.seller, l.id as line_id, case when l.tax_minor > 0 then round(v.amount * 8 / 108.0)::bigint else 0 end as tax
  from (values (1, 1, 10800, 'Two pallets were stored in the wrong hall', -12), (2, 9, 21600, 'Handling charged twice', -9), (3, 13, 5400, 'Wrap was brought by the customer', -3), (4, 10, 32400, 'Contested pallet days, being counted', 0), (5, 5, 8100, 'Asked for by mistake', 0)) v (n, account, amount, reason, day)
  join billing.invoices i on i.biz_id = pg_temp.biz() and i.billing_account_id = pg_temp.id('account-of/' || v.account) and i.series_no is not null and i.service_ends_on = date_trunc('month', pg_temp.day())::date
  join billing.invoice_lines l on l.biz_id = i.biz_id and l.invoice_id = i.id and l.line_no = 1
), notes as (
  insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor, tax_minor, buyer, seller) select c.biz_id, pg_temp.id('credit/' || c.n), c.invoice_id, c.reason, 'MYR', c.amount, c.tax, c.buyer, c.seller from c
)
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, tax_minor, currency) select c.biz_id, pg_temp.id('credit-line/' || c.n), pg_temp.id('credit/' || c.n), c.line_id, c.amount, c.tax, 'MYR' from c;
with taken as materialized (
  select v.n, v.day, t.* from (values (1, -12), (2, -9), (3, -3)) v (n, day) join billing.credit_notes c on c.biz_id = pg_temp.biz() and c.id = pg_temp.id('credit/' || v.n) cross join lateral billing.take_number(pg_temp.id('series/cn'), pg_temp.day(v.day)) t
)
update billing.credit_notes c set status = 'finalized', series_id = pg_temp.id('series/cn'), series_no = t.series_no, number = t.number, issued_on = pg_temp.day(t.day), issued_at = pg_temp.at(t.day, '09:30') from taken t where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('credit/' || t.n);
update billing.credit_notes c set status = 'discarded' where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('credit/5');
insert into billing.payment_allocations (biz_id, id, credit_note_id, invoice_id, amount_minor, currency, business_date, reason)
select c.biz_id, overlay(md5(c.id || 'set') placing '8' from 13 for 1)::uuid, c.id, c.invoice_id, c.total_minor, 'MYR', c.issued_on, 'Set against the invoice it takes back' from billing.credit_notes c where c.biz_id = pg_temp.biz() and c.id in (pg_temp.id('credit/1'), pg_temp.id('credit/2'));

-- Given up, reminded
insert into billing.write_offs (biz_id, id, invoice_id, amount_minor, currency, reason, note, business_date, needs_approval, requested_by_id, approved_by_id, status, created_at)
select i.biz_id, pg_temp.id('write-off/' || v.n), i.id, case when v.amount = 0 then i.open_minor else v.amount end, 'MYR', v.reason, v.note, pg_temp.day(v.day), true, pg_temp.person('desk'), case when v.status = 'approved' then pg_temp.person('owner') end, v.status, pg_temp.at(v.day, '16:00')
from (values (1, 15, 0, 'insolvency', 'Winding-up order; claim filed with the receiver', -8, 'approved'), (2, 2, 4000, 'small_balance', 'Bank charges of the payer', -2, 'pending_approval'), (3, 3, 30000, 'dispute', 'They say six pallets were never there', -5, 'pending_approval')) v (n, account, amount, reason, note, day, status)
join lateral (select i.* from billing.invoices i where i.biz_id = pg_temp.biz() and i.billing_account_id = pg_temp.id('account-of/' || v.account) and i.open_minor > 0 order by i.due_on limit 1) i on true;
update billing.write_offs w set status = 'rejected' where w.biz_id = pg_temp.biz() and w.id = pg_temp.id('write-off/3');
with runs as materialized (
  select pg_temp.biz() as biz_id, pg_temp.id('dunning-run/' || v.n) as id, v.n, v.status, pg_temp.day(v.day) as day, pg_temp.at(v.day, '08:00') as at from (values (1, 'done', -27), (2, 'done', -13), (3, 'failed', -6), (4, 'done', -5), (5, 'previewed', 0)) v (n, status, day)
), actions as materialized (
  select r.*, i.id as invoice_id, s.id as step_id, i.total_minor - i.credited_minor - i.written_off_minor as open, s.fee_minor, row_number() over (partition by i.id, s.id order by r.day) as nth, row_number() over (partition by r.id order by i.due_on, i.id) as place
  from runs r
  join billing.invoices i on i.biz_id = r.biz_id and i.kind = 'ar' and i.status in ('finalized', 'partially_paid') and i.due_on < r.day and i.issued_on < r.day
  join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
  cross join lateral (select s.* from billing.dunning_policy_steps s where s.biz_id = i.biz_id and s.policy_id = a.dunning_policy_id and s.days_overdue <= r.day - i.due_on order by s.days_overdue desc limit 1) s
  where r.status = 'done'
), taken as materialized (
  select a.*, case when a.nth > 1 then 'skipped' when a.place = 4 and a.n = 4 then 'failed' else 'sent' end as outcome from actions a where a.nth < 3
), made as (
  insert into billing.dunning_runs (biz_id, id, as_of, status, invoice_count, action_count, failed_count, started_at, finished_at, error, created_at)
  select r.biz_id, r.id, r.day, r.status, case r.status when 'previewed' then 9 else coalesce(t.many, 0) end, coalesce(t.many, 0), coalesce(t.bad, 0), case when r.status <> 'previewed' then r.at end, case when r.status = 'done' then r.at + interval '1 minute' end, case when r.status = 'failed' then 'Stopped: the mail server refused the sender.' end, r.at
  from runs r left join (select t.id, count(*) as many, count(*) filter (where t.outcome = 'failed') as bad from taken t group by t.id) t on t.id = r.id
)
insert into billing.dunning_actions (biz_id, id, run_id, invoice_id, step_id, outcome, detail, open_minor, fee_minor, currency, created_at)
select t.biz_id, overlay(md5(t.id::text || t.invoice_id || t.step_id) placing '8' from 13 for 1)::uuid, t.id, t.invoice_id, t.step_id, t.outcome, case t.outcome when 'skipped' then 'This step was taken already.' when 'failed' then 'No such mailbox.' end, t.open, case when t.outcome = 'sent' then t.fee_minor else 0 end, 'MYR', t.at from taken t;

-- Statements of the last three months
create or replace function pg_temp.make_statements(months integer, first_no integer) returns void
language sql as $$
  with k as materialized (
    select pg_temp.biz() as biz_id, (date_trunc('month', pg_temp.day()) - make_interval(months => months))::date as starts_on, (date_trunc('month', pg_temp.day()) - make_interval(months => months - 1))::date as ends_on
  ), moves as (
    select i.billing_account_id, i.issued_on as day, i.total_minor as invoiced, 0::bigint as credited, 0::bigint as received from k join billing.invoices i on i.biz_id = k.biz_id and i.billing_account_id is not null and i.kind <> 'proforma' and i.status not in ('draft', 'discarded', 'voided')
    union all
    select i.billing_account_id, c.issued_on, 0, c.total_minor, 0 from k join billing.credit_notes c on c.biz_id = k.biz_id and c.status = 'finalized' join billing.invoices i on i.biz_id = k.biz_id and i.id = c.invoice_id and i.billing_account_id is not null
    union all
    select i.billing_account_id, w.business_date, 0, w.amount_minor, 0 from k join billing.write_offs w on w.biz_id = k.biz_id and w.status = 'approved' join billing.invoices i on i.biz_id = k.biz_id and i.id = w.invoice_id and i.billing_account_id is not null
    union all
    select r.billing_account_id, r.business_date, 0, 0, r.amount_minor from k join billing.receipts r on r.biz_id = k.biz_id and r.billing_account_id is not null and r.status = 'recorded'
  ), s as (
    select k.biz_id, a.id, a.number, a.currency, k.starts_on, k.ends_on, coalesce(sum(m.invoiced - m.credited - m.received) filter (where m.day < k.starts_on), 0)::bigint as opening,
      coalesce(sum(m.invoiced) filter (where m.day >= k.starts_on), 0)::bigint as invoiced, coalesce(sum(m.credited) filter (where m.day >= k.starts_on), 0)::bigint as credited, coalesce(sum(m.received) filter (where m.day >= k.starts_on), 0)::bigint as received
    from k
    join billing.billing_accounts a on a.biz_id = k.biz_id
    join moves m on m.billing_account_id = a.id and m.day < k.ends_on
    group by k.biz_id, a.id, a.number, a.currency, k.starts_on, k.ends_on
  )
  insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, invoiced_minor, credited_minor, received_minor, closing_minor, currency, sent_at, created_at)
  select s.biz_id, overlay(md5(s.id::text || s.starts_on) placing '8' from 13 for 1)::uuid, s.id, 'ST-' || lpad((first_no + row_number() over (order by s.number))::text, 6, '0'), s.starts_on, s.ends_on, s.opening, s.invoiced, s.credited, s.received, s.opening + s.invoiced - s.credited - s.received, s.currency,
    s.ends_on + interval '8 hours', s.ends_on + interval '7 hours'
  from s
$$;
select pg_temp.make_statements(3, 0);
select pg_temp.make_statements(2, 20);
select pg_temp.make_statements(1, 40);

-- Deposits of storage, an instalment plan, a tab at the gate
insert into billing.deposits (biz_id, id, booking_order_id, customer_id, required_minor, paid_minor, applied_minor, currency, due_on, ledger_account_id, status, created_at)
select i.biz_id, pg_temp.id('deposit/' || i.number), i.source_id, i.customer_id, i.amount_minor, i.captured_minor, case when o.status = 'completed' then i.captured_minor else 0 end, 'MYR', i.business_date + 7, pg_temp.id('account/2100'), case when i.captured_minor = 0 then 'due' when o.status = 'completed' then 'applied' else 'paid' end, i.created_at
from payments.payment_intents i join booking.booking_orders o on o.biz_id = i.biz_id and o.id = i.source_id
where i.biz_id = pg_temp.biz() and i.description like 'Deposit%' and i.status <> 'canceled';
with x as materialized (
  select d.biz_id, d.id as deposit_id, d.customer_id, d.booking_order_id, o.location_id, i.number, t.id as transaction_id, t.amount_minor as amount, t.occurred_at as at, t.business_date as day, d.status = 'applied' as is_used,
    pg_temp.id('deposit-folio/' || i.number) as folio_id, pg_temp.id('deposit-receipt/' || i.number) as receipt_id, pg_temp.id('deposit-line/' || i.number) as line_id, row_number() over (order by i.number) as n
  from billing.deposits d
  join booking.booking_orders o on o.biz_id = d.biz_id and o.id = d.booking_order_id
  join payments.payment_intents i on i.biz_id = d.biz_id and d.id = pg_temp.id('deposit/' || i.number)
  join payments.payment_transactions t on t.biz_id = i.biz_id and t.intent_id = i.id and t.kind = 'capture'
  where d.biz_id = pg_temp.biz() and d.status in ('partially_paid', 'paid', 'applied')
), folios as (
  insert into billing.folios (biz_id, id, number, kind, location_id, booking_order_id, owner_customer_id, currency, created_at)
  select x.biz_id, x.folio_id, 'F-' || lpad((500 + x.n)::text, 6, '0'), 'guest', x.location_id, x.booking_order_id, x.customer_id, 'MYR', x.at from x
), receipts as (
  insert into billing.receipts (biz_id, id, number, location_id, customer_id, payment_transaction_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, created_at)
  select x.biz_id, x.receipt_id, 'RC-' || lpad((500 + x.n)::text, 6, '0'), x.location_id, x.customer_id, x.transaction_id, x.amount, x.amount, 'MYR', 'card', x.number, x.at, x.day, x.at from x
), lines as (
  insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, occurred_at, quantity, amount_minor, currency, created_at)
  select x.biz_id, x.line_id, x.folio_id, case when x.is_used then 'deposit_used' else 'payment' end, case when x.is_used then 'Deposit used' else 'Deposit paid by card' end, 'payment', x.day, x.at, 1, -x.amount, 'MYR', x.at from x
  union all
  select x.biz_id, pg_temp.id('deposit-kept/' || x.number), x.folio_id, 'charge', 'Storage of the booking', 'storage', x.day, x.at, 1, x.amount, 'MYR', x.at from x where x.is_used
)
insert into billing.payment_allocations (biz_id, id, receipt_id, folio_id, folio_line_id, deposit_id, amount_minor, currency, business_date, created_at)
select x.biz_id, pg_temp.id('deposit-set/' || x.number), x.receipt_id, x.folio_id, x.line_id, x.deposit_id, x.amount, 'MYR', x.day, x.at from x;
update billing.deposits d set folio_id = a.folio_id from billing.payment_allocations a where d.biz_id = pg_temp.biz() and a.biz_id = d.biz_id and a.deposit_id = d.id and d.folio_id is null;
insert into billing.payment_schedules (biz_id, id, source_type, source_id, seq, due_on, amount_minor, paid_minor, plan_total_minor, currency, status, paid_at, created_at)
select i.biz_id, overlay(md5(i.id || 'instalment' || s.seq) placing '8' from 13 for 1)::uuid, 'Invoice', i.id, s.seq, pg_temp.day(s.day), s.amount, case when s.seq = 1 then s.amount else 0 end, i.total_minor, 'MYR', case when s.seq = 1 then 'paid' else 'scheduled' end, case when s.seq = 1 then pg_temp.at(s.day, '12:00') end, pg_temp.at(-15, '12:00')
from billing.invoices i cross join lateral (values (1, -6, i.total_minor * 6 / 10), (2, 10, i.total_minor * 2 / 10), (3, 24, i.total_minor - i.total_minor * 6 / 10 - i.total_minor * 2 / 10)) s (seq, day, amount)
where i.biz_id = pg_temp.biz() and i.status = 'partially_paid';
insert into billing.folios (biz_id, id, number, kind, location_id, owner_customer_id, billing_account_id, name, currency, created_at)
select a.biz_id, pg_temp.id('folio/' || v.n), 'F-00000' || v.n, v.kind, pg_temp.location(v.place), a.customer_id, a.id, v.name, 'MYR', pg_temp.at(-6, '09:00')
from (values (1, 'tab', 'PKL', 2, 'Gate office, drivers of the week'), (2, 'external', 'SHA', 9, 'Extra handling, timber'), (3, 'tab', 'PKL', 8, 'Overtime of last Saturday')) v (n, kind, place, account, name) join billing.billing_accounts a on a.biz_id = pg_temp.biz() and a.id = pg_temp.id('account-of/' || v.account);
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, occurred_at, quantity, unit_price, amount_minor, tax_minor, currency, tax_rate)
select pg_temp.biz(), pg_temp.id('folio-line/' || v.folio || v.n), pg_temp.id('folio/' || v.folio), 'charge', v.description, 'handling', pg_temp.day(v.n), pg_temp.at(v.n, '15:00'), v.quantity, v.amount / 100.0 / v.quantity, v.amount, round(v.amount * 8 / 108.0), 'MYR', 0.08
from (values (1, -5, 'Restacking, pallets', 6, 9720), (1, -3, 'Stretch wrap', 4, 4320), (1, -1, 'Weighing, trucks', 2, 5400), (2, -4, 'Side loading of long timber', 3, 48600), (2, -2, 'Dunnage', 10, 10800), (3, -5, 'Overtime of two drivers', 4, 43200)) v (folio, n, description, quantity, amount);

-- What became of the invoices; the books
insert into billing.invoice_events (biz_id, id, invoice_id, kind, occurred_at, detail, created_at)
select i.biz_id, overlay(md5(i.id || v.kind) placing '8' from 13 for 1)::uuid, i.id, v.kind, least(v.at, now()), v.detail, least(v.at, now())
from billing.invoices i
cross join lateral (values ('finalized', i.issued_at, null, true), ('sent', i.sent_at, 'By mail', i.sent_at is not null), ('paid', i.due_on - interval '4 days', null, i.status = 'paid'), ('voided', i.voided_at, i.void_reason, i.status = 'voided'), ('disputed', i.disputed_at, 'The customer counts fewer pallet days', i.disputed_at is not null),
  ('credited', now() - interval '9 days', null, i.credit_noted_minor > 0), ('written_off', now() - interval '8 days', null, i.written_off_minor > 0), ('reminded', i.due_on + interval '4 days', 'First reminder', i.open_minor > 0 and i.due_on < pg_temp.day(-5))) v (kind, at, detail, is_so)
where i.biz_id = pg_temp.biz() and i.number is not null and v.is_so;
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.id('account/1020') as bank, pg_temp.id('account/4010') as storage, pg_temp.id('account/2200') as tax_account, pg_temp.id('account/5020') as bad, pg_temp.id('account/4090') as given), e as materialized (
  select y.*, overlay(md5(y.source_id || 'books') placing '8' from 13 for 1)::uuid as id, row_number() over (order by y.day, y.source_id) as n
  from (
    select i.biz_id, 'sale' as kind, 'Invoice' as source_type, i.id as source_id, i.issued_on as day, 'Invoice ' || i.number as description, a.ledger_account_id as debit, k.storage as credit, i.total_minor as amount, i.tax_minor as tax, k.tax_account
    from k join billing.invoices i on i.biz_id = k.biz_id and i.series_no is not null and i.status <> 'voided' join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
    union all
    select r.biz_id, 'payment', 'Receipt', r.id, r.business_date, 'Receipt ' || r.number, k.bank, a.ledger_account_id, r.amount_minor, 0, k.tax_account from k join billing.receipts r on r.biz_id = k.biz_id and r.status = 'recorded' join billing.billing_accounts a on a.biz_id = r.biz_id and a.id = r.billing_account_id
    union all
    select w.biz_id, 'write_off', null, w.id, w.business_date, 'Written off of ' || i.number, k.bad, a.ledger_account_id, w.amount_minor, 0, k.tax_account from k join billing.write_offs w on w.biz_id = k.biz_id and w.status = 'approved' join billing.invoices i on i.biz_id = w.biz_id and i.id = w.invoice_id join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
    union all
    select c.biz_id, 'adjustment', 'CreditNote', c.id, c.issued_on, 'Credit note ' || c.number, k.given, a.ledger_account_id, c.total_minor, 0, k.tax_account from k join billing.credit_notes c on c.biz_id = k.biz_id and c.status = 'finalized' join billing.invoices i on i.biz_id = c.biz_id and i.id = c.invoice_id join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
  ) y
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, source_type, source_id, business_date, occurred_at, description, posting_count, created_at)
  select e.biz_id, e.id, 'JE-' || lpad((150 + e.n)::text, 6, '0'), e.kind, e.source_type, case when e.source_type is not null then e.source_id end, e.day, e.day + interval '3 hours', e.description, case when e.tax > 0 then 3 else 2 end, e.day + interval '3 hours' from e
)
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
select e.biz_id, overlay(md5(e.id || ':' || p.line_no) placing '8' from 13 for 1)::uuid, e.id, p.line_no, p.account_id, p.side, p.amount, 'MYR', e.day, e.day + interval '3 hours'
from e cross join lateral (values (1, e.debit, 'debit', e.amount), (2, e.credit, 'credit', e.amount - e.tax), (3, e.tax_account, 'credit', e.tax)) p (line_no, account_id, side, amount) where p.amount > 0;

-- Who does not pay may not store more; old periods take no more entries
update billing.billing_accounts a set status = 'on_hold' where a.biz_id = pg_temp.biz() and a.id in (pg_temp.id('account-of/3'), pg_temp.id('account-of/15'));
insert into billing.billing_accounts (biz_id, id, number, name, customer_id, currency, payment_days, status, created_at)
select pg_temp.biz(), pg_temp.id('account-of/17'), 'AR-000017', c.full_name, c.id, 'MYR', 14, 'closed', pg_temp.at(-500, '10:00') from crm.customers c where c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(17);
insert into ledger.period_locks (biz_id, id, kind, through_date, status, locked_by_id, locked_at, reopen_requested_by_id, reopened_by_id, reopened_at, reopen_reason)
select pg_temp.biz(), pg_temp.id('period/' || v.kind || v.back), v.kind, case v.kind when 'year' then (date_trunc('year', d.today) - interval '1 day')::date else (date_trunc('month', d.today) - make_interval(months => v.back) - interval '1 day')::date end, v.status,
  case when v.status <> 'open' then pg_temp.person('owner') end, case when v.status <> 'open' then date_trunc('month', d.today) - make_interval(months => v.back) + interval '5 days 8 hours' end,
  case when v.status = 'reopened' then pg_temp.person('desk') end, case when v.status = 'reopened' then pg_temp.person('owner') end, case when v.status = 'reopened' then date_trunc('month', d.today) - make_interval(months => v.back) + interval '9 days 3 hours' end, case when v.status = 'reopened' then 'An electricity bill came late' end
from (values ('month', 0, 'open'), ('month', 1, 'locked'), ('month', 3, 'reopened'), ('month', 2, 'locked'), ('year', 0, 'locked')) v (kind, back, status) cross join (select pg_temp.day()::timestamp as today) d;
