-- What companies pay by transfer and online: forklift bookings, deposits of storage; what went back; settlements and payouts.
-- Others may use: processor/online, processor/bank, processor/cash (processor_accounts), terminal/pkl (terminals), intent/1 .. (payment_intents).
-- Taken here: PAY-000001 to PAY-000099, RF-000001 to RF-000019, PO-000001 to PO-000019.
select core.take_numbers(v.kind, v.prefix, '', v.many) from (values ('payment_intent', 'PAY', 99), ('refund', 'RF', 19), ('payout', 'PO', 19)) v (kind, prefix, many);
insert into payments.processor_currencies (processor, currency, wire_exponent, increment_minor, min_minor, max_minor)
values ('stripe', 'MYR', 2, 1, 200, 99999999), ('bank', 'MYR', 2, 1, 1, null), ('cash', 'MYR', 2, 5, 5, 500000), ('terminal', 'MYR', 2, 1, 100, 1000000) on conflict do nothing;
insert into payments.processor_accounts (biz_id, id, name, processor, external_account_id, location_id, country, mode, default_currency, credentials_ref, capabilities, statement_descriptor, ledger_account_id, status)
select pg_temp.biz(), pg_temp.id('processor/' || v.name), v.title, v.processor, v.external, pg_temp.location(v.place), 'MY', 'live', 'MYR', v.credentials, v.capabilities::jsonb, v.descriptor, case when v.code is not null then pg_temp.id('account/' || v.code) end, v.status
from (values ('online', 'Cards and online banking', 'stripe', 'acct_demo_keep', null, 'vault/keep/stripe', '{"refunds": true, "fpx": true}', 'KEEP STORAGE', '1030', 'active'), ('bank', 'Bank Selat', 'bank', 'current-5512', null, null, '{}', null, '1020', 'active'), ('cash', 'Gate office', 'cash', 'gate-pkl', 'PKL', null, '{}', null, '1010', 'active'),
  ('terminal', 'Card terminal at the gate', 'terminal', 'merchant-3381', 'PKL', null, '{"refunds": true}', 'KEEP STORAGE', null, 'restricted'), ('sha', 'Shah Alam gate', 'terminal', 'merchant-3382', 'SHA', null, '{}', null, null, 'pending')) v (name, title, processor, external, place, credentials, capabilities, descriptor, code, status);
insert into payments.terminals (biz_id, id, location_id, processor_account_id, serial, label, status, last_seen_at)
select pg_temp.biz(), pg_temp.id('terminal/' || v.name), pg_temp.location(v.place), pg_temp.id('processor/terminal'), v.serial, v.label, v.status, v.seen
from (values ('pkl', 'PKL', 'TM-88-1107', 'Gate office', 'active', now() - interval '6 minutes'), ('sha', 'SHA', 'TM-88-1240', 'Depot counter', 'maintenance', now() - interval '2 days'), ('pkl-old', 'PKL', 'TM-70-0031', 'Old gate', 'retired', now() - interval '90 days')) v (name, place, serial, label, status, seen);
insert into payments.processor_customers (biz_id, id, processor_account_id, customer_id, external_id, created_at)
select pg_temp.biz(), pg_temp.id('processor-customer/' || c.n), pg_temp.id('processor/online'), c.id, 'cus_keep_' || lpad(c.n::text, 3, '0'), pg_temp.at(-60 + c.n::integer, '10:00')
from (select c.id, row_number() over (order by c.number) as n from crm.customers c where c.biz_id = pg_temp.biz()) c where c.n <= 20;
insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, label, brand, last4, exp_month, exp_year, country, is_default, mandate_ref, mandate_accepted_at, status, created_at)
select p.biz_id, pg_temp.id('method/' || x.n), p.customer_id, x.kind, p.processor_account_id, 'pm_keep_' || lpad(x.n::text, 3, '0'), case when x.kind = 'card' then 'Purchasing card' else 'Direct debit' end, case when x.kind = 'card' then (array['visa', 'mastercard'])[1 + x.n % 2] end, lpad((x.n * 2311 % 10000)::text, 4, '0'),
  case when x.kind = 'card' then 1 + x.n % 12 end, case when x.kind = 'card' then extract(year from pg_temp.day())::integer + 1 + x.n % 3 end, 'MY', x.status = 'active', case when x.kind = 'bank_debit' then 'DDA-' || 700 + x.n end, case when x.kind = 'bank_debit' then p.created_at end, x.status, p.created_at
from payments.processor_customers p
cross join lateral (select right(p.external_id, 3)::integer as n) o
cross join lateral (select o.n, case when o.n % 3 = 0 then 'card' else 'bank_debit' end as kind, case o.n % 9 when 4 then 'revoked' when 6 then 'expired' else 'active' end as status) x
where p.biz_id = pg_temp.biz();
insert into payments.setup_intents (biz_id, id, customer_id, processor_account_id, external_id, payment_method_id, status, created_at)
select m.biz_id, pg_temp.id('setup/' || right(m.external_id, 3)), m.customer_id, m.processor_account_id, 'seti_keep_' || right(m.external_id, 3), case when x.status = 'succeeded' then m.id end, x.status, m.created_at
from payments.payment_methods m
cross join lateral (select (array['succeeded', 'succeeded', 'requires_action', 'succeeded', 'canceled'])[1 + right(m.external_id, 3)::integer % 5] as status) x
where m.biz_id = pg_temp.biz() and right(m.external_id, 3) <= '010';

-- Payments: forklifts (done and booked), deposits of storage
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today), c as (
  select o.*, k.today, row_number() over (order by o.kind, o.number) as n, o.kind = 'rental' as is_lift
  from k join booking.booking_orders o on o.biz_id = k.biz_id and o.status in ('completed', 'confirmed', 'in_progress', 'cancelled') and (o.kind = 'rental' or right(o.number, 1) in ('1', '4', '6', '9'))
), x as (
  select c.*, case when c.is_lift then c.total_minor else greatest(c.total_minor / 2, 10000) end as amount, c.today - 1 - (c.n * 5 % 24)::integer as day,
    case when c.status = 'cancelled' then 'canceled' when c.status in ('completed', 'in_progress') then 'succeeded' else (array['succeeded', 'succeeded', 'processing', 'requires_capture', 'succeeded', 'requires_action', 'succeeded', 'requires_payment_method'])[1 + c.n % 8] end as state
  from c
)
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor, capture_mode, authorized_minor, capturable_minor, captured_minor, status, authorization_expires_at, description, last_error, canceled_at, cancel_reason, created_at)
select x.biz_id, pg_temp.id('intent/' || x.n), 'PAY-' || lpad(x.n::text, 6, '0'), 'BookingOrder', x.id, x.customer_id, x.location_id, x.day, 'MYR', x.amount, case when x.state = 'requires_capture' then 'manual' else 'automatic' end,
  case when x.state in ('succeeded', 'requires_capture') then x.amount else 0 end, case when x.state = 'requires_capture' then x.amount else 0 end, case when x.state = 'succeeded' then x.amount else 0 end, x.state, case when x.state = 'requires_capture' then now() + interval '5 days' end,
  case when x.is_lift then 'Forklift ' else 'Deposit for ' end || x.number, case when x.state = 'requires_payment_method' then 'The bank declined the debit.' end, case when x.state = 'canceled' then pg_temp.at(-1, '12:00') end, case when x.state = 'canceled' then 'The booking was cancelled' end, (x.day + interval '3 hours')
from x;
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, payment_method_id, terminal_id, payer_customer_id, amount_minor, currency, status, created_at)
select i.biz_id, overlay(md5(i.id || 'tender') placing '8' from 13 for 1)::uuid, i.id, 1, case when m.id is not null then m.kind else 'bank_transfer' end, m.id, null, i.customer_id, i.amount_minor, 'MYR',
  case i.status when 'succeeded' then 'succeeded' when 'requires_capture' then 'authorized' when 'canceled' then 'canceled' when 'requires_payment_method' then 'failed' else 'processing' end, i.created_at
from payments.payment_intents i
left join payments.payment_methods m on m.biz_id = i.biz_id and m.customer_id = i.customer_id and m.is_default
where i.biz_id = pg_temp.biz();
insert into payments.payment_attempts (biz_id, id, tender_id, attempt_no, processor_account_id, external_id, status, error_code, error_message, sca, sent_at, finished_at, created_at)
select t.biz_id, overlay(md5(t.id || 'attempt') placing '8' from 13 for 1)::uuid, t.id, 1, pg_temp.id('processor/online'), 'py_keep_' || right(i.number, 6), x.status, case when x.status = 'failed' then 'debit_not_authorized' end, case when x.status = 'failed' then 'The mandate was withdrawn at the bank.' end,
  case when x.status = 'succeeded' then 'not_required' end, i.created_at, case when x.status in ('succeeded', 'failed', 'abandoned') then i.created_at + interval '20 seconds' end, i.created_at
from payments.payment_intent_tenders t
join payments.payment_intents i on i.biz_id = t.biz_id and i.id = t.intent_id
cross join lateral (select case i.status when 'succeeded' then 'succeeded' when 'requires_capture' then 'succeeded' when 'canceled' then 'abandoned' when 'requires_payment_method' then 'failed' when 'requires_action' then 'requires_action' else 'processing' end as status) x
where t.biz_id = pg_temp.biz() and t.payment_method_id is not null;
insert into payments.payment_attempts (biz_id, id, tender_id, attempt_no, processor_account_id, status, sent_at, finished_at, created_at)
select t.biz_id, overlay(md5(t.id || 'attempt') placing '8' from 13 for 1)::uuid, t.id, 1, pg_temp.id('processor/bank'), 'succeeded', t.created_at, t.created_at, t.created_at
from payments.payment_intent_tenders t
where t.biz_id = pg_temp.biz() and t.payment_method_id is null and t.status = 'succeeded';

-- What went back; a debit that a bank took back
with r as materialized (
  select i.*, v.n, v.percent, v.reason, v.note, v.status as state, v.method, t.id as tender_id
  from (values (1, 50, 'service_failure', 'Forklift came two hours late', 'original', 'succeeded'), (2, 100, 'cancellation', 'The ship was delayed; booked again', 'original', 'processing'), (3, 30, 'overpayment', 'Half a day was charged as a whole one', 'bank_transfer', 'pending_approval'), (4, 100, 'duplicate', 'Paid by transfer as well', 'original', 'succeeded'), (5, 20, 'other', 'Driver waited at the wrong gate', 'original', 'requested'), (6, 40, 'service_failure', 'Battery was flat', 'original', 'failed')) v (n, percent, reason, note, method, status)
  join (select i.*, row_number() over (order by i.number) as place from payments.payment_intents i where i.biz_id = pg_temp.biz() and i.status = 'succeeded') i on i.place = v.n * 2
  join payments.payment_intent_tenders t on t.biz_id = i.biz_id and t.intent_id = i.id
), refunds as (
  insert into payments.refunds (biz_id, id, number, intent_id, tender_id, amount_minor, currency, reason, note, method, status, requested_by_id, approved_by_id, external_id, processor_account_id, failure_reason, location_id, business_date, succeeded_at, created_at)
  select r.biz_id, pg_temp.id('refund/' || r.n), 'RF-' || lpad(r.n::text, 6, '0'), r.id, r.tender_id, r.amount_minor * r.percent / 100, 'MYR', r.reason, r.note, r.method, r.state, pg_temp.person('desk'), case when r.percent = 100 then pg_temp.person('owner') end,
    case when r.state in ('succeeded', 'failed', 'processing') then 're_keep_' || r.n end, case when r.state in ('succeeded', 'failed', 'processing') then pg_temp.id('processor/online') end, case when r.state = 'failed' then 'The bank account was closed.' end, r.location_id, r.business_date, case when r.state = 'succeeded' then r.created_at + interval '5 hours' end, r.created_at + interval '4 hours'
  from r
)
insert into payments.refund_allocations (biz_id, id, refund_id, source_line_type, source_line_id, line_captured_minor, amount_minor, tax_minor, currency)
select r.biz_id, pg_temp.id('refund-part/' || r.n), pg_temp.id('refund/' || r.n), 'BookingOrderLine', l.id, r.captured_minor, r.amount_minor * r.percent / 100, 0, 'MYR'
from r join booking.booking_order_lines l on l.biz_id = r.biz_id and l.order_id = r.source_id and l.line_no = 1;
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, fee_minor, status, evidence_due_at, opened_at, closed_at)
select i.biz_id, pg_temp.id('dispute/' || v.n), i.id, pg_temp.id('processor/online'), 'dp_keep_' || v.n, v.reason, i.captured_minor, 'MYR', i.captured_minor, 1500, v.status, i.created_at + interval '12 days', i.created_at + interval '6 hours', case when v.status in ('won', 'lost') then least(i.created_at + interval '20 hours', now()) end
from (values (1, 'unrecognized', 'needs_response'), (2, 'duplicate', 'won'), (3, 'product_unacceptable', 'lost')) v (n, reason, status)
join (select i.*, row_number() over (order by i.number) as place from payments.payment_intents i where i.biz_id = pg_temp.biz() and i.status = 'succeeded') i on i.place = 1 + v.n * 4;
insert into payments.dispute_evidence (biz_id, id, dispute_id, kind, text, submitted_at, created_at)
select d.biz_id, pg_temp.id('evidence/' || d.external_id), d.id, 'service_proof', 'Gate log and the driver''s signature on the job sheet.', case when d.status <> 'needs_response' then d.opened_at + interval '10 hours' end, d.opened_at + interval '9 hours' from payments.disputes d where d.biz_id = pg_temp.biz();
update payments.payment_intents i
set refund_reserved_minor = x.reserved, refunded_minor = x.refunded, dispute_reserved_minor = x.disputed
from (
  select s.intent_id, sum(s.reserved)::bigint as reserved, sum(s.refunded)::bigint as refunded, sum(s.disputed)::bigint as disputed
  from (select r.intent_id, r.amount_minor as reserved, case when r.status = 'succeeded' then r.amount_minor else 0 end as refunded, 0 as disputed from payments.refunds r where r.biz_id = pg_temp.biz() and r.status not in ('failed', 'canceled')
    union all select d.intent_id, 0, 0, d.reserved_minor from payments.disputes d where d.biz_id = pg_temp.biz() and d.status in ('needs_response', 'lost')) s
  group by s.intent_id
) x
where i.biz_id = pg_temp.biz() and i.id = x.intent_id;

-- Movements
insert into payments.payment_transactions (biz_id, id, intent_id, tender_id, attempt_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date, created_at)
select i.biz_id, overlay(md5(t.id || v.kind) placing '8' from 13 for 1)::uuid, i.id, t.id, a.id, pg_temp.id('processor/' || case when a.id is null then 'bank' else 'online' end), v.kind, 'succeeded', t.amount_minor, 'MYR', coalesce(a.external_id, 'ref-' || right(i.number, 6)), i.created_at + interval '20 seconds', i.business_date, i.created_at + interval '20 seconds'
from payments.payment_intents i
join payments.payment_intent_tenders t on t.biz_id = i.biz_id and t.intent_id = i.id
left join payments.payment_attempts a on a.biz_id = t.biz_id and a.tender_id = t.id
cross join lateral (values ('capture', i.status = 'succeeded'), ('authorization', i.status = 'requires_capture')) v (kind, is_meant)
where i.biz_id = pg_temp.biz() and v.is_meant;
insert into payments.payment_transactions (biz_id, id, intent_id, tender_id, refund_id, dispute_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date, created_at)
select r.biz_id, overlay(md5(r.id || 'back') placing '8' from 13 for 1)::uuid, r.intent_id, r.tender_id, r.id, null, r.processor_account_id, 'refund', 'succeeded', r.amount_minor, 'MYR', r.external_id, r.succeeded_at, r.business_date, r.succeeded_at from payments.refunds r where r.biz_id = pg_temp.biz() and r.status = 'succeeded'
union all
select d.biz_id, overlay(md5(d.id || v.kind) placing '8' from 13 for 1)::uuid, d.intent_id, null, null, d.id, d.processor_account_id, v.kind, 'succeeded', d.amount_minor, 'MYR', d.external_id, v.at, v.at::date, v.at
from payments.disputes d cross join lateral (values ('chargeback', d.opened_at), ('chargeback_reversal', d.closed_at)) v (kind, at) where d.biz_id = pg_temp.biz() and (v.kind = 'chargeback' or d.status = 'won');

-- Weekly settlements, payouts, fees, with their entries
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today, pg_temp.id('processor/online') as way), l as materialized (
  select t.*, 1 + (k.today - 1 - t.business_date) / 7 as week, k.today, case when t.kind in ('capture', 'chargeback_reversal') then t.amount_minor else -t.amount_minor end as amount, case t.kind when 'capture' then 100 else 0 end as fee
  from k join payments.payment_transactions t on t.biz_id = k.biz_id and t.processor_account_id = k.way and t.kind <> 'authorization' and t.business_date < k.today
), batches as (
  insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor, created_at)
  select l.biz_id, pg_temp.id('settlement/' || l.week), l.processor_account_id, 'keep-' || to_char(l.today - 7 * l.week, 'YYMMDD'), l.today - 7 * l.week, l.today - 7 * l.week + 7, 'MYR', sum(l.amount), sum(l.fee), sum(l.amount) - sum(l.fee), (l.today - 7 * l.week + 7)::timestamptz
  from l group by l.biz_id, l.week, l.processor_account_id, l.today
)
insert into payments.settlement_entries (biz_id, id, batch_id, transaction_id, kind, external_id, amount_minor, fee_minor, currency, occurred_at, created_at)
select l.biz_id, overlay(md5(l.id || 'settled') placing '8' from 13 for 1)::uuid, pg_temp.id('settlement/' || l.week), l.id, case l.kind when 'capture' then 'payment' else l.kind end, 'txn-' || l.external_id, l.amount, l.fee, 'MYR', l.occurred_at, l.occurred_at from l;
update payments.settlement_batches b set status = 'closed' where b.biz_id = pg_temp.biz() and b.id <> pg_temp.id('settlement/1');
update payments.settlement_batches b set status = case when b.id = pg_temp.id('settlement/3') then 'discrepancy' else 'reconciled' end, explanation = case when b.id = pg_temp.id('settlement/3') then 'One debit less than in our books; the bank looks into it.' end where b.biz_id = pg_temp.biz() and b.status = 'closed' and b.id <> pg_temp.id('settlement/2');
with b as materialized (
  select b.*, row_number() over (order by b.ends_on) as n, b.ends_on::timestamptz + interval '2 hours' as at, overlay(md5(b.id || 'payout') placing '8' from 13 for 1)::uuid as entry, overlay(md5(b.id || 'paid') placing '8' from 13 for 1)::uuid as payout_id, a.ledger_account_id as clearing
  from payments.settlement_batches b join payments.processor_accounts a on a.biz_id = b.biz_id and a.id = b.processor_account_id where b.biz_id = pg_temp.biz() and b.net_minor > 0 and b.status <> 'open'
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, business_date, occurred_at, description, posting_count, created_at)
  select b.biz_id, b.entry, 'JE-' || lpad((100 + b.n)::text, 6, '0'), 'payout', b.ends_on, b.at, 'Payout of ' || b.external_id, 3, b.at from b
), postings as (
  insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
  select b.biz_id, overlay(md5(b.entry || ':' || p.line_no) placing '8' from 13 for 1)::uuid, b.entry, p.line_no, p.account_id, p.side, p.amount, 'MYR', b.ends_on, b.at
  from b cross join lateral (values (1, pg_temp.id('account/1020'), 'debit', b.net_minor), (2, pg_temp.id('account/5010'), 'debit', b.fee_minor), (3, b.clearing, 'credit', b.gross_minor)) p (line_no, account_id, side, amount)
), payouts as (
  insert into payments.payouts (biz_id, id, number, processor_account_id, settlement_batch_id, currency, amount_minor, status, arrives_on, bank_ref, external_id, ledger_account_id, created_at)
  select b.biz_id, b.payout_id, 'PO-' || lpad(b.n::text, 6, '0'), b.processor_account_id, b.id, 'MYR', b.net_minor, case when b.status = 'closed' then 'in_transit' else 'paid' end, b.ends_on + 2, case when b.status <> 'closed' then 'IBG ' || 8800 + b.n end, 'po_keep_' || b.n, b.clearing, b.at from b
), parts as (
  insert into payments.payout_ledger_entries (biz_id, id, payout_id, journal_entry_id, kind, amount_minor, currency, created_at)
  select b.biz_id, overlay(md5(b.payout_id || p.kind) placing '8' from 13 for 1)::uuid, b.payout_id, b.entry, p.kind, p.amount, 'MYR', b.at from b cross join lateral (values ('settlement', b.gross_minor), ('fee', -b.fee_minor)) p (kind, amount)
)
insert into payments.fees (biz_id, id, processor_account_id, settlement_batch_id, kind, amount_minor, currency, occurred_at, external_id, journal_entry_id, created_at)
select b.biz_id, overlay(md5(b.id || 'fees') placing '8' from 13 for 1)::uuid, b.processor_account_id, b.id, 'processing', b.fee_minor, 'MYR', b.at, 'fee-' || b.external_id, b.entry, b.at from b where b.fee_minor > 0;
insert into payments.payouts (biz_id, id, number, processor_account_id, currency, amount_minor, status, arrives_on, external_id, failure_reason, created_at)
values (pg_temp.biz(), pg_temp.id('payout/9'), 'PO-000010', pg_temp.id('processor/online'), 'MYR', 45000, 'failed', pg_temp.day(-18), 'po_keep_x1', 'The bank was closed for maintenance.', pg_temp.at(-20, '10:00')), (pg_temp.biz(), pg_temp.id('payout/10'), 'PO-000011', pg_temp.id('processor/online'), 'MYR', 26000, 'pending', pg_temp.day(2), 'po_keep_x2', null, pg_temp.at(-1, '10:00'));

-- Links to pay, pages to pay on, messages of the processor
insert into payments.payment_links (biz_id, id, source_type, source_id, customer_id, location_id, description, amount_minor, currency, token_hash, expires_at, uses, status, created_at)
select i.biz_id, pg_temp.id('link/' || i.number), 'BookingOrder', i.source_id, i.customer_id, i.location_id, i.description, i.amount_minor, 'MYR', sha256(('link ' || i.number)::bytea), i.created_at + interval '30 days', case when i.status = 'succeeded' then 1 else 0 end, case i.status when 'succeeded' then 'completed' when 'canceled' then 'canceled' else 'active' end, i.created_at - interval '2 hours'
from payments.payment_intents i where i.biz_id = pg_temp.biz() and i.description like 'Deposit%';
insert into payments.checkout_sessions (biz_id, id, source_type, source_id, intent_id, processor_account_id, external_id, url, amount_minor, currency, expires_at, status, created_at)
select i.biz_id, pg_temp.id('checkout/' || i.number), 'BookingOrder', i.source_id, case when i.status = 'succeeded' then i.id end, pg_temp.id('processor/online'), 'cs_keep_' || right(i.number, 6), 'https://pay.keep.example/c/' || right(i.number, 6), i.amount_minor, 'MYR', case when i.status in ('processing', 'requires_action') then now() + interval '1 hour' else i.created_at + interval '1 hour' end, case when i.status = 'succeeded' then 'complete' when i.status in ('processing', 'requires_action') then 'open' else 'expired' end, i.created_at
from payments.payment_intents i where i.biz_id = pg_temp.biz() and i.description like 'Forklift%';
insert into payments.webhook_events (biz_id, id, processor_account_id, external_event_id, type, object_id, object_version, occurred_at, received_at, payload, status, attempts, error, processed_at, created_at)
select t.biz_id, overlay(md5(t.id || 'webhook') placing '8' from 13 for 1)::uuid, t.processor_account_id, 'evt_keep_' || lpad(t.n::text, 3, '0'), t.type, t.external_id, 1, t.occurred_at, t.occurred_at + interval '3 seconds', jsonb_build_object('type', t.type, 'object', t.external_id, 'amount', t.amount_minor, 'currency', 'myr'), s.status, case s.status when 'received' then 0 when 'failed' then 8 else 1 end, case s.status when 'failed' then 'The debit is of another merchant.' end,
  case when s.status in ('processed', 'ignored') then t.occurred_at + interval '4 seconds' end, t.occurred_at + interval '3 seconds'
from (select t.*, row_number() over (order by t.occurred_at desc, t.id) as n, case t.kind when 'capture' then 'payment_intent.succeeded' when 'refund' then 'charge.refunded' when 'authorization' then 'payment_intent.amount_capturable_updated' else 'charge.dispute.' || t.kind end as type from payments.payment_transactions t where t.biz_id = pg_temp.biz() and t.processor_account_id = pg_temp.id('processor/online')) t
cross join lateral (select case when t.n = 1 then 'received' when t.n = 6 then 'failed' when t.n % 9 = 4 then 'ignored' else 'processed' end as status) s;
