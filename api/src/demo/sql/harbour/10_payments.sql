-- What guests pay: cards left with the processor, deposits online, terminals and cash at the desks, what went back, what was
-- disputed, settlements and payouts.
-- Others may use: processor/stripe, processor/terminal, processor/cash-lis, processor/cash-cas, processor/bank (processor_accounts),
-- terminal/lis-desk, terminal/lis-restaurant, terminal/cas-desk, terminal/spa (terminals), intent/1 .. (payment_intents).
-- Taken here: PAY-000001 to PAY-000199, RF-000001 to RF-000099, PO-000001 to PO-000049, TR-000001 to TR-000019.
select core.take_numbers(v.kind, v.prefix, '', v.many) from (values
  ('payment_intent', 'PAY', 199), ('refund', 'RF', 99), ('payout', 'PO', 49), ('payment_transfer', 'TR', 19)) v (kind, prefix, many);

-- Processors, terminals
insert into payments.processor_currencies (processor, currency, wire_exponent, increment_minor, min_minor, max_minor)
values ('stripe', 'EUR', 2, 1, 50, 99999999), ('terminal', 'EUR', 2, 1, 1, 500000), ('cash', 'EUR', 2, 5, 5, 300000),
  ('bank', 'EUR', 2, 1, 1, null), ('adyen', 'EUR', 2, 1, 1, null), ('stripe', 'GBP', 2, 1, 30, 99999999)
on conflict do nothing;
insert into payments.processor_accounts (biz_id, id, name, processor, external_account_id, location_id, country, mode, default_currency, credentials_ref, capabilities, statement_descriptor, ledger_account_id, status)
select pg_temp.biz(), pg_temp.id('processor/' || v.name), v.title, v.processor, v.external, pg_temp.location(v.place), 'PT', v.mode, 'EUR', v.credentials, v.capabilities::jsonb, v.descriptor,
  case when v.code is not null then pg_temp.id('account/' || v.code) end, v.status
from (values
  ('stripe', 'Online cards', 'stripe', 'acct_demo_harbour', null, 'live', 'vault/harbour/stripe', '{"refunds": true, "off_session": true}', 'HARBOUR HOTELS', '1030', 'active'),
  ('stripe-cas', 'Terrace partner, Cascais', 'stripe', 'acct_demo_terrace', 'CAS', 'live', 'vault/harbour/stripe', '{"refunds": false}', 'HARBOUR TERRACE', null, 'active'),
  ('terminal', 'Card terminals', 'terminal', 'merchant-70214', null, 'live', null, '{"refunds": true}', 'HARBOUR HOTELS', '1031', 'active'),
  ('cash-lis', 'Cash desk Lisbon', 'cash', 'desk-lis', 'LIS', 'live', null, '{}', null, '1010', 'active'),
  ('cash-cas', 'Cash desk Cascais', 'cash', 'desk-cas', 'CAS', 'live', null, '{}', null, '1011', 'active'),
  ('bank', 'Banco do Estuário', 'bank', 'current-0451', null, 'live', null, '{}', null, '1020', 'active'),
  ('adyen', 'Adyen, being verified', 'adyen', 'HarbourPT', null, 'live', 'vault/harbour/adyen', '{}', null, null, 'pending'),
  ('stripe-spa', 'Spa web shop', 'stripe', 'acct_demo_spa', 'SPA', 'live', 'vault/harbour/stripe-spa', '{"refunds": true}', 'HARBOUR SPA', null, 'restricted'),
  ('stripe-old', 'Online cards before the move', 'stripe', 'acct_demo_old', null, 'live', null, '{}', null, null, 'disabled'),
  ('stripe-test', 'Trying things out', 'stripe', 'acct_demo_harbour', null, 'test', 'vault/harbour/stripe-test', '{}', null, null, 'active')
) v (name, title, processor, external, place, mode, credentials, capabilities, descriptor, code, status);
insert into payments.terminals (biz_id, id, location_id, processor_account_id, serial, external_id, label, status, last_seen_at)
select pg_temp.biz(), pg_temp.id('terminal/' || v.name), pg_temp.location(v.place), pg_temp.id('processor/terminal'), v.serial, 'tm-' || v.name, v.label, v.status, v.seen
from (values
  ('lis-desk', 'LIS', 'TV-200-11804', 'Front desk', 'active', now() - interval '2 minutes'),
  ('lis-restaurant', 'LIS', 'TV-200-11805', 'Restaurant, handheld', 'active', now() - interval '9 minutes'),
  ('cas-desk', 'CAS', 'TV-200-12210', 'Front desk', 'active', now() - interval '4 minutes'),
  ('cas-bar', 'CAS', 'TV-200-12211', 'Beach bar, handheld', 'maintenance', now() - interval '3 days'),
  ('spa', 'SPA', 'TV-200-12480', 'Spa desk', 'active', now() - interval '1 minute'),
  ('lis-old', 'LIS', 'TV-100-00377', 'Front desk, old', 'retired', now() - interval '70 days')
) v (name, place, serial, label, status, seen);

-- Cards and other ways to pay that guests left
insert into payments.processor_customers (biz_id, id, processor_account_id, customer_id, external_id, created_at)
select pg_temp.biz(), pg_temp.id('processor-customer/' || c.n), pg_temp.id('processor/stripe'), c.id, 'cus_demo_' || lpad(c.n::text, 4, '0'), pg_temp.at(-40 + c.n::integer % 30, '14:00')
from (select c.id, row_number() over (order by c.number) as n from crm.customers c where c.biz_id = pg_temp.biz()) c
where c.n <= 42;
insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, label, brand, last4, exp_month, exp_year, country, fingerprint_hash, is_default, mandate_ref, mandate_accepted_at, status, created_at)
select p.biz_id, pg_temp.id('method/' || x.n), p.customer_id, x.kind, p.processor_account_id, 'pm_demo_' || lpad(x.n::text, 4, '0'),
  case when x.kind = 'bank_debit' then 'Debit from bank account' when x.n % 6 = 0 then 'Company card' end,
  case when x.kind = 'card' then (array['visa', 'mastercard', 'amex', 'visa', 'mastercard'])[1 + x.n % 5] end,
  lpad((x.n * 1373 % 10000)::text, 4, '0'), case when x.kind = 'card' then 1 + x.n % 12 end,
  case when x.kind = 'card' then extract(year from pg_temp.day())::integer + case when x.n % 10 = 9 then -1 else 1 + x.n % 4 end end,
  c.nationality, sha256(('card ' || x.n)::bytea), x.n % 10 not in (8, 9), case when x.kind = 'bank_debit' then 'MND-' || lpad(x.n::text, 5, '0') end,
  case when x.kind = 'bank_debit' then p.created_at end, case x.n % 10 when 9 then 'expired' when 8 then 'revoked' else 'active' end, p.created_at
from payments.processor_customers p
join crm.customers c on c.biz_id = p.biz_id and c.id = p.customer_id
cross join lateral (select right(p.external_id, 4)::integer as n, case when right(p.external_id, 4)::integer % 14 = 13 then 'bank_debit' else 'card' end as kind) x
where p.biz_id = pg_temp.biz();
insert into payments.setup_intents (biz_id, id, customer_id, processor_account_id, external_id, usage, payment_method_id, status, last_error, created_at)
select m.biz_id, pg_temp.id('setup/' || x.n), m.customer_id, m.processor_account_id, 'seti_demo_' || lpad(x.n::text, 4, '0'), case when x.n % 4 = 0 then 'on_session' else 'off_session' end,
  case when x.status in ('succeeded', 'processing') then m.id end, x.status, case when x.status = 'requires_payment_method' then 'The bank declined the card.' end, m.created_at
from payments.payment_methods m
cross join lateral (select right(m.external_id, 4)::integer as n) o
cross join lateral (select o.n, case when o.n > 20 then null else (array['succeeded', 'succeeded', 'succeeded', 'requires_action', 'succeeded', 'requires_payment_method', 'succeeded', 'canceled', 'processing', 'requires_confirmation'])[1 + o.n % 10] end as status) x
where m.biz_id = pg_temp.biz() and x.status is not null;

-- Payments: stays at check-out (a), spa (b), deposits of bookings to come (c), cards held for guests in house (d), cancelled stays (e)
with k as materialized (
  select b.id as biz_id, pg_temp.day() as today, b.default_timezone as zone from core.bizes b where b.id = pg_temp.biz()
), picked as (
  select x.*, row_number() over (partition by x.what order by x.number desc) as place
  from (
    select o.*, k.today, k.zone, case
      when o.kind = 'stay' and o.status = 'completed' and o.check_out_on between k.today - 26 and k.today - 1 then 'a'
      when o.kind = 'appointment' and o.status = 'completed' and o.business_date between k.today - 26 and k.today - 1 then 'b'
      when o.kind = 'stay' and o.status = 'confirmed' then 'c'
      when o.kind = 'stay' and o.status = 'in_progress' then 'd'
      when o.kind = 'stay' and o.status = 'cancelled' then 'e' end as what
    from k
    join booking.booking_orders o on o.biz_id = k.biz_id
  ) x
  where x.what is not null
), chosen as (
  select p.*, row_number() over (order by p.what, p.place) as n,
    case p.what when 'a' then p.check_out_on when 'b' then p.business_date when 'd' then p.check_in_on
      else p.today - 1 - ((p.place * 7) % 22)::integer end as day,
    case p.what
      when 'a' then 'succeeded' when 'b' then 'succeeded'
      when 'c' then (array['succeeded', 'succeeded', 'requires_action', 'succeeded', 'processing', 'succeeded', 'requires_payment_method', 'succeeded', 'succeeded', 'requires_confirmation', 'succeeded', 'succeeded'])[1 + p.place % 12]
      when 'd' then case when p.place % 3 = 0 then 'partially_captured' else 'requires_capture' end
      else case when p.place <= 5 then 'succeeded' else 'canceled' end end as state,
    case when p.what in ('c', 'e') then greatest((p.total_minor * 3 / 1000) * 100, 5000) else p.total_minor end as amount
  from picked p
  where p.place <= case p.what when 'a' then 30 when 'b' then 12 when 'c' then 22 when 'd' then 9 else 8 end
)
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor, capture_mode,
  authorized_minor, capturable_minor, captured_minor, status, authorization_expires_at, description, statement_descriptor, last_error, provider_version, provider_occurred_at, canceled_at, cancel_reason, created_at)
select c.biz_id, pg_temp.id('intent/' || c.n), 'PAY-' || lpad(c.n::text, 6, '0'), 'BookingOrder', c.id, c.customer_id, c.location_id, c.day, 'EUR', c.amount,
  case c.state when 'partially_captured' then 'manual_multiple' when 'requires_capture' then 'manual' when 'canceled' then 'manual' else 'automatic' end,
  case when c.state in ('succeeded', 'requires_capture', 'partially_captured', 'canceled') then c.amount else 0 end,
  case c.state when 'requires_capture' then c.amount when 'partially_captured' then c.amount - c.amount * 2 / 5 else 0 end,
  case c.state when 'succeeded' then c.amount when 'partially_captured' then c.amount * 2 / 5 else 0 end,
  c.state, case when c.what = 'd' then least(t.at, now()) + interval '7 days' end,
  case c.what when 'a' then 'Stay ' when 'b' then 'Spa visit ' when 'd' then 'Card held for stay ' else 'Deposit for ' end || c.number,
  case when c.what in ('c', 'e') then 'HARBOUR HOTELS' end,
  case c.state when 'requires_payment_method' then 'Your card was declined: not enough funds.' end, 3, least(t.at, now()),
  case when c.state = 'canceled' then least(t.at + interval '2 days', now()) end, case when c.state = 'canceled' then 'The booking was cancelled in time' end, least(t.at, now())
from chosen c
cross join lateral (select (c.day + case c.what when 'a' then time '09:10' when 'd' then time '15:20' else time '11:05' end + make_interval(mins => (c.n * 17 % 110)::integer)) at time zone c.zone as at) t;

insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, payment_method_id, terminal_id, payer_customer_id, amount_minor, tip_minor, currency, status, created_at)
select i.biz_id, overlay(md5(i.id || 'tender' || t.seq) placing '8' from 13 for 1)::uuid, i.id, t.seq, t.kind,
  case when x.is_online and t.kind = 'card' then m.id end, case when not x.is_online and t.kind = 'card' then d.id end, i.customer_id, t.amount,
  case when t.kind = 'card' and p.code = 'SPA' and x.n % 3 = 0 then 500 else 0 end, 'EUR',
  case i.status when 'succeeded' then 'succeeded' when 'requires_capture' then 'authorized' when 'partially_captured' then 'authorized'
    when 'canceled' then 'canceled' when 'requires_payment_method' then 'failed' when 'requires_confirmation' then 'pending' else 'processing' end, i.created_at
from payments.payment_intents i
join core.locations p on p.biz_id = i.biz_id and p.id = i.location_id
cross join lateral (select right(i.number, 6)::integer as n, i.description !~ '^(Stay|Spa)' as is_online) x
cross join lateral (
  select 1 as seq, case when not x.is_online and x.n % 7 = 3 then 'cash' else 'card' end as kind, case when i.description like 'Stay%' and x.n % 9 = 4 then i.amount_minor * 3 / 5 else i.amount_minor end as amount
  union all
  select 2, 'cash', i.amount_minor - i.amount_minor * 3 / 5 where i.description like 'Stay%' and x.n % 9 = 4
) t
left join payments.payment_methods m on m.biz_id = i.biz_id and m.customer_id = i.customer_id and m.status = 'active' and m.kind = 'card'
left join payments.terminals d on d.biz_id = i.biz_id and d.id = pg_temp.id('terminal/' || case p.code when 'SPA' then 'spa' else lower(p.code) || '-desk' end)
where i.biz_id = pg_temp.biz();

insert into payments.payment_attempts (biz_id, id, tender_id, attempt_no, processor_account_id, external_id, status, error_code, error_message, sca, risk_score, next_action, sent_at, finished_at, created_at)
select t.biz_id, overlay(md5(t.id || 'attempt' || a.no) placing '8' from 13 for 1)::uuid, t.id, a.no, r.id, 'ch_demo_' || right(i.number, 6) || a.no, a.status,
  case when a.status = 'failed' then 'card_declined' end, case when a.status = 'failed' then 'Not enough funds.' end,
  case when t.terminal_id is not null then 'not_required' when a.status = 'succeeded' then (array['frictionless', 'challenged', 'exempted'])[1 + x.n % 3] end,
  case when t.terminal_id is null then 4 + x.n * 13 % 40 end,
  case when a.status = 'requires_action' then '{"type": "redirect", "url": "https://bank.example/3ds"}'::jsonb end,
  i.created_at, case when a.status in ('succeeded', 'failed') then i.created_at + make_interval(secs => 4) end, i.created_at
from payments.payment_intent_tenders t
join payments.payment_intents i on i.biz_id = t.biz_id and i.id = t.intent_id
join payments.processor_accounts r on r.biz_id = t.biz_id and r.id = pg_temp.id('processor/' || case when t.terminal_id is null then 'stripe' else 'terminal' end)
cross join lateral (select right(i.number, 6)::integer as n) x
cross join lateral (
  select 1 as no, case when x.n % 11 = 5 and i.status = 'succeeded' then 'failed' when i.status in ('succeeded', 'requires_capture', 'partially_captured', 'canceled') then 'succeeded'
    when i.status = 'requires_payment_method' then 'failed' when i.status = 'requires_action' then 'requires_action' when i.status = 'requires_confirmation' then 'created' else 'processing' end as status
  union all
  select 2, 'succeeded' where x.n % 11 = 5 and i.status = 'succeeded'
) a
where t.biz_id = pg_temp.biz() and t.kind = 'card';

insert into payments.payment_attempts (biz_id, id, tender_id, attempt_no, processor_account_id, status, sent_at, finished_at, created_at)
select t.biz_id, overlay(md5(t.id || 'attempt1') placing '8' from 13 for 1)::uuid, t.id, 1, r.id, 'succeeded', t.created_at, t.created_at, t.created_at
from payments.payment_intent_tenders t
join payments.payment_intents i on i.biz_id = t.biz_id and i.id = t.intent_id
join core.locations l on l.biz_id = i.biz_id and l.id = i.location_id
join payments.processor_accounts r on r.biz_id = t.biz_id and r.id = pg_temp.id('processor/cash-' || case l.code when 'CAS' then 'cas' else 'lis' end)
where t.biz_id = pg_temp.biz() and t.kind = 'cash' and t.status = 'succeeded';

-- What went back
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.person('desk') as desk, pg_temp.person('owner') as boss), i as (
  select i.*, left(i.description, 4) as what, row_number() over (partition by left(i.description, 4), o.status order by i.number) as place, o.status as booking
  from k
  join payments.payment_intents i on i.biz_id = k.biz_id and i.status = 'succeeded'
  join booking.booking_orders o on o.biz_id = i.biz_id and o.id = i.source_id
), v (what, booking, place, amount, reason, note, method, status, external, days) as (values
  ('Depo', 'cancelled', 1, null, 'cancellation', 'Cancelled before the deadline', 'original', 'succeeded', 're_demo_0001', 1),
  ('Depo', 'cancelled', 2, null, 'cancellation', 'Cancelled before the deadline', 'original', 'succeeded', 're_demo_0002', 1),
  ('Depo', 'cancelled', 3, null, 'cancellation', 'Cancelled before the deadline', 'original', 'processing', 're_demo_0003', 1),
  ('Depo', 'cancelled', 4, null, 'cancellation', 'Cancelled late; goodwill of the house', 'original', 'pending_approval', null, 1),
  ('Stay', 'completed', 2, 4500, 'service_failure', 'Air conditioning did not work for two nights', 'original', 'succeeded', 're_demo_0005', 1),
  ('Stay', 'completed', 17, 1800, 'overpayment', 'Breakfast charged for a child', 'cash', 'succeeded', null, 0),
  ('Stay', 'completed', 7, 12000, 'service_failure', 'Moved to a smaller room', 'original', 'pending_approval', null, 1),
  ('Stay', 'completed', 9, 2600, 'other', 'Parking was promised as included', 'bank_transfer', 'requested', null, 1),
  ('Stay', 'completed', 11, 3900, 'duplicate', 'Bar bill was paid at the bar as well', 'original', 'failed', 're_demo_0009', 1),
  ('Stay', 'completed', 13, 3900, 'duplicate', 'Asked for by phone, then withdrawn', 'original', 'canceled', null, 0),
  ('Spa ', 'completed', 3, 2000, 'service_failure', 'Treatment began 25 minutes late', 'original', 'succeeded', 're_demo_0011', 0),
  ('Spa ', 'completed', 5, 1500, 'requested_by_customer', 'Oil was not wanted', 'wallet', 'succeeded', null, 0)
), r as (
  select v.*, k.*, i.id as intent_id, i.captured_minor, i.source_id, i.location_id, i.created_at + make_interval(days => v.days, hours => 1) as at, i.business_date + v.days as day, row_number() over (order by v.what, v.place) as n,
    coalesce(v.amount, i.captured_minor) as refunded
  from v
  join i on i.what = v.what and i.booking = v.booking and i.place = v.place
  cross join k
), refunds as (
  insert into payments.refunds (biz_id, id, number, intent_id, tender_id, amount_minor, currency, reason, note, method, status, requested_by_id, approved_by_id, processor_account_id, external_id, failure_reason, location_id, business_date, succeeded_at, created_at)
  select r.biz_id, pg_temp.id('refund/' || r.n), 'RF-' || lpad(r.n::text, 6, '0'), r.intent_id, t.id, r.refunded, 'EUR', r.reason, r.note, r.method, r.status, r.desk,
    case when r.status in ('succeeded', 'processing', 'failed') and r.refunded > 4000 then r.boss end,
    case when r.external is not null then pg_temp.id('processor/' || case when t.terminal_id is not null then 'terminal' else 'stripe' end) end, r.external,
    case when r.status = 'failed' then 'The card account was closed.' end, r.location_id, least(r.day, pg_temp.day()), case when r.status = 'succeeded' then least(r.at, now()) end, least(r.at, now())
  from r
  join payments.payment_intent_tenders t on t.biz_id = r.biz_id and t.intent_id = r.intent_id and t.seq = 1
)
insert into payments.refund_allocations (biz_id, id, refund_id, source_line_type, source_line_id, line_captured_minor, amount_minor, tax_minor, currency, created_at)
select r.biz_id, pg_temp.id('refund-part/' || r.n), pg_temp.id('refund/' || r.n), 'BookingOrderLine', l.id, r.captured_minor, r.refunded, round(r.refunded * 6 / 106.0), 'EUR', least(r.at, now())
from r
join booking.booking_order_lines l on l.biz_id = r.biz_id and l.order_id = r.source_id and l.line_no = 1;

-- What payers' banks took back, or asked about
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, network_reason_code, amount_minor, currency, reserved_minor, fee_minor, status, evidence_due_at, opened_at, closed_at, provider_version, created_at)
select i.biz_id, pg_temp.id('dispute/' || v.place), i.id, pg_temp.id('processor/stripe'), 'dp_demo_000' || v.place, v.reason, v.code, i.captured_minor, 'EUR', i.captured_minor, v.fee, v.status,
  o.at + interval '10 days', o.at, case when v.status in ('won', 'lost', 'accepted', 'warning_closed') then least(o.at + interval '5 days', now()) end, 2, o.at
from (values
  (1, 'fraudulent', '10.4', 1500, 'needs_response'), (2, 'product_not_received', '13.1', 1500, 'under_review'), (3, 'duplicate', '12.6.1', 1500, 'won'),
  (4, 'unrecognized', '4863', 1500, 'lost'), (5, 'general', null, 0, 'warning_needs_response'), (6, 'credit_not_processed', '13.7', 0, 'warning_closed'), (7, 'fraudulent', '10.4', 1500, 'accepted')
) v (place, reason, code, fee, status)
join (
  select i.*, row_number() over (order by i.number) as place
  from payments.payment_intents i
  join booking.booking_orders b on b.biz_id = i.biz_id and b.id = i.source_id and b.status = 'confirmed'
  where i.biz_id = pg_temp.biz() and i.status = 'succeeded' and i.business_date < pg_temp.day(-2)
) i on i.place = v.place
cross join lateral (select least(i.created_at + interval '2 days', now() - interval '1 hour') as at) o;
insert into payments.dispute_evidence (biz_id, id, dispute_id, kind, text, submitted_at, created_at)
select d.biz_id, pg_temp.id('evidence/' || v.n || v.kind), d.id, v.kind, v.text, case when d.status <> 'needs_response' then d.opened_at + interval '1 day' end, d.opened_at + interval '20 hours'
from (values
  (1, 'statement', 'The guest booked from the address of an earlier stay and wrote to us twice about a late arrival. Copy of the messages to follow.'),
  (2, 'policy', 'The rate is not refundable from 14 days before arrival; this was shown and ticked before the card was charged.'),
  (2, 'correspondence', 'On the day after booking the guest asked for a high floor and thanked us for the answer.'),
  (3, 'receipt', 'Two payments for two bookings of two rooms, each with its own number.'),
  (4, 'receipt', 'Booking and payment were made in the same session, with a passed 3-D Secure check.')
) v (n, kind, text)
join payments.disputes d on d.biz_id = pg_temp.biz() and d.id = pg_temp.id('dispute/' || v.n);
update payments.payment_intents i
set refund_reserved_minor = x.reserved, refunded_minor = x.refunded, dispute_reserved_minor = x.disputed
from (
  select s.intent_id, sum(s.reserved)::bigint as reserved, sum(s.refunded)::bigint as refunded, sum(s.disputed)::bigint as disputed
  from (
    select r.intent_id, r.amount_minor as reserved, case when r.status = 'succeeded' then r.amount_minor else 0 end as refunded, 0 as disputed
    from payments.refunds r where r.biz_id = pg_temp.biz() and r.status not in ('failed', 'canceled')
    union all
    select d.intent_id, 0, 0, d.reserved_minor from payments.disputes d where d.biz_id = pg_temp.biz() and d.status in ('needs_response', 'under_review', 'lost', 'accepted')
  ) s
  group by s.intent_id
) x
where i.biz_id = pg_temp.biz() and i.id = x.intent_id;

-- Movements, each with an entry in the books
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today),
w as materialized (select a.id, a.processor, a.ledger_account_id, a.name from k join payments.processor_accounts a on a.biz_id = k.biz_id and a.status = 'active' and a.mode = 'live'),
m as materialized (
  select i.biz_id, i.id as intent_id, t.id as tender_id, a.id as attempt_id, null::uuid as refund_id, null::uuid as dispute_id, w.id as way, w.ledger_account_id as account_id, v.kind,
    case v.kind when 'capture' then least(t.amount_minor, i.captured_minor) else t.amount_minor end as amount,
    case when a.id is not null then a.external_id || v.mark else 'till-' || right(i.number, 6) || t.seq end as external_id, i.created_at + v.later as at, i.business_date as day,
    case when i.description like 'Deposit%' then '2100' else '1100' end as code
  from k
  join payments.payment_intents i on i.biz_id = k.biz_id
  join payments.payment_intent_tenders t on t.biz_id = i.biz_id and t.intent_id = i.id
  join core.locations l on l.biz_id = i.biz_id and l.id = i.location_id
  left join payments.payment_attempts a on a.biz_id = t.biz_id and a.tender_id = t.id and a.status = 'succeeded'
  join w on w.id = coalesce(a.processor_account_id, pg_temp.id('processor/' || case l.code when 'CAS' then 'cash-cas' else 'cash-lis' end))
  cross join lateral (values
    ('authorization', interval '4 seconds', '', i.status in ('requires_capture', 'partially_captured', 'canceled')),
    ('capture', interval '5 seconds', '', i.status = 'succeeded' or i.status = 'partially_captured'),
    ('void', interval '1 hour', '-v', i.status = 'canceled')) v (kind, later, mark, is_meant)
  where v.is_meant
  union all
  select r.biz_id, r.intent_id, r.tender_id, null, r.id, null, w.id, w.ledger_account_id, 'refund', r.amount_minor, coalesce(r.external_id, r.number), r.succeeded_at, r.business_date,
    case when i.description like 'Deposit%' then '2100' else '1100' end
  from k
  join payments.refunds r on r.biz_id = k.biz_id and r.status = 'succeeded' and r.method <> 'wallet'
  join payments.payment_intents i on i.biz_id = r.biz_id and i.id = r.intent_id
  join w on w.id = coalesce(r.processor_account_id, pg_temp.id('processor/cash-lis'))
  union all
  select d.biz_id, d.intent_id, null, null, null, d.id, w.id, w.ledger_account_id, v.kind, d.reserved_minor, d.external_id || v.mark, v.at, v.at::date, '5030'
  from k
  join payments.disputes d on d.biz_id = k.biz_id and d.status in ('needs_response', 'under_review', 'won', 'lost', 'accepted')
  join w on w.id = d.processor_account_id
  cross join lateral (values ('chargeback', '', d.opened_at), ('chargeback_reversal', '-r', d.closed_at)) v (kind, mark, at)
  where v.kind = 'chargeback' or d.status = 'won'
), booked as materialized (
  select m.biz_id, m.account_id, m.code, m.day, m.kind, m.amount, m.at, w.name, m.tender_id, m.refund_id, m.dispute_id,
    overlay(md5('taken' || coalesce(m.tender_id, m.dispute_id) || m.kind || coalesce(m.refund_id::text, '')) placing '8' from 13 for 1)::uuid as id,
    row_number() over (order by m.at, m.kind, m.external_id) as n
  from m
  join w on w.id = m.way
  where m.kind not in ('authorization', 'void') and m.at <= now()
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, business_date, occurred_at, description, posting_count, created_at)
  select b.biz_id, b.id, 'JE-' || lpad((200 + b.n)::text, 6, '0'), case b.kind when 'refund' then 'refund' when 'capture' then case b.code when '2100' then 'deposit' else 'payment' end else 'adjustment' end,
    b.day, b.at, case b.kind when 'capture' then 'Taken: ' when 'refund' then 'Given back: ' when 'chargeback' then 'Taken back by banks: ' else 'Won back from banks: ' end || b.name, 2, b.at
  from booked b
), postings as (
  insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
  select b.biz_id, overlay(md5(b.id || ':' || p.line_no) placing '8' from 13 for 1)::uuid, b.id, p.line_no, p.account_id, p.side, b.amount, 'EUR', b.day, b.at
  from booked b
  join ledger.accounts a on a.biz_id = b.biz_id and a.code = b.code and a.owner_id is null
  cross join lateral (values
    (1, b.account_id, case when b.kind in ('capture', 'chargeback_reversal') then 'debit' else 'credit' end),
    (2, a.id, case when b.kind in ('capture', 'chargeback_reversal') then 'credit' else 'debit' end)) p (line_no, account_id, side)
)
insert into payments.payment_transactions (biz_id, id, intent_id, tender_id, attempt_id, refund_id, dispute_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date, journal_entry_id, created_at)
select m.biz_id, overlay(md5(coalesce(m.tender_id, m.dispute_id)::text || m.kind || coalesce(m.refund_id::text, '')) placing '8' from 13 for 1)::uuid, m.intent_id, m.tender_id, m.attempt_id, m.refund_id, m.dispute_id, m.way, m.kind, 'succeeded', m.amount, 'EUR',
  m.external_id, least(m.at, now()), m.day, b.id, least(m.at, now())
from m
left join booked b on b.kind = m.kind and b.tender_id is not distinct from m.tender_id
  and b.refund_id is not distinct from m.refund_id and b.dispute_id is not distinct from m.dispute_id;

-- Weekly settlements of the processors, fees, and payouts to the bank
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today), lines as materialized (
  select t.biz_id, t.id, t.processor_account_id as way, a.processor, 1 + (k.today - 1 - t.business_date) / 7 as week, t.external_id, t.occurred_at,
    case t.kind when 'capture' then 'payment' else t.kind end as kind,
    case when t.kind in ('capture', 'chargeback_reversal') then t.amount_minor else -t.amount_minor end as amount,
    case when t.kind <> 'capture' then 0 when a.processor = 'stripe' then round(t.amount_minor * 0.014)::bigint + 25 else round(t.amount_minor * 0.009)::bigint end as fee
  from k
  join payments.payment_transactions t on t.biz_id = k.biz_id and t.kind not in ('authorization', 'void') and t.business_date < k.today
  join payments.processor_accounts a on a.biz_id = t.biz_id and a.id = t.processor_account_id and a.processor in ('stripe', 'terminal')
), batches as (
  insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor, status, created_at)
  select l.biz_id, pg_temp.id('settlement/' || l.processor || l.week), l.way, l.processor || '-' || to_char(k.today - 7 * l.week, 'IYYY-"W"IW'), k.today - 7 * l.week, k.today - 7 * l.week + 7, 'EUR',
    sum(l.amount), sum(l.fee), sum(l.amount) - sum(l.fee), 'open', (k.today - 7 * l.week + 7)::timestamptz
  from k cross join lines l
  group by l.biz_id, l.processor, l.way, l.week, k.today
  returning id
), fresh as (
  insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
  select k.biz_id, pg_temp.id('settlement/stripe0'), pg_temp.id('processor/stripe'), 'stripe-current', k.today, k.today + 7, 'EUR', 0, 0, 0 from k
)
insert into payments.settlement_entries (biz_id, id, batch_id, transaction_id, kind, external_id, amount_minor, fee_minor, currency, occurred_at, created_at)
select l.biz_id, overlay(md5(l.id || 'settled') placing '8' from 13 for 1)::uuid, pg_temp.id('settlement/' || l.processor || l.week), l.id, l.kind, 'txn-' || l.external_id, l.amount, l.fee, 'EUR', l.occurred_at, l.occurred_at
from lines l;
update payments.settlement_batches b set status = 'closed' where b.biz_id = pg_temp.biz() and b.external_id <> 'stripe-current';
update payments.settlement_batches b
set status = case when b.ends_on = pg_temp.day(-7) and b.external_id like 'stripe%' then 'discrepancy' else 'reconciled' end,
  explanation = case when b.ends_on = pg_temp.day(-7) and b.external_id like 'stripe%' then 'One chargeback is in the file that we have under the day before. Asked the processor.' end
where b.biz_id = pg_temp.biz() and b.status = 'closed' and b.ends_on <= pg_temp.day(-7);

with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today, pg_temp.id('account/1020') as bank, pg_temp.id('account/5010') as costs), b as materialized (
  select b.*, a.ledger_account_id as clearing, a.processor, (k.today - b.starts_on) / 7 as week, k.bank, k.costs, row_number() over (order by b.ends_on, a.processor) as n, b.ends_on::timestamptz + interval '9 hours' as at,
    overlay(md5(b.id || 'fee') placing '8' from 13 for 1)::uuid as fee_entry, overlay(md5(b.id || 'payout') placing '8' from 13 for 1)::uuid as payout_entry
  from k
  join payments.settlement_batches b on b.biz_id = k.biz_id and b.status <> 'open' and b.net_minor > 0
  join payments.processor_accounts a on a.biz_id = b.biz_id and a.id = b.processor_account_id
), e as materialized (
  select b.biz_id, b.fee_entry as id, 'fee' as kind, b.ends_on, b.at, 500 + b.n * 2 as n, 'Fees of ' || b.external_id as description, b.costs as debit, b.clearing as credit, b.fee_minor as amount from b
  union all
  select b.biz_id, b.payout_entry, 'payout', b.ends_on, b.at, 501 + b.n * 2, 'Payout of ' || b.external_id, b.bank, b.clearing, b.net_minor from b where b.week > 1
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, source_type, source_id, business_date, occurred_at, description, posting_count, created_at)
  select e.biz_id, e.id, 'JE-' || lpad(e.n::text, 6, '0'), e.kind, null, null, e.ends_on, least(e.at, now()), e.description, 2, least(e.at, now()) from e
), postings as (
  insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
  select e.biz_id, overlay(md5(e.id || ':' || p.line_no) placing '8' from 13 for 1)::uuid, e.id, p.line_no, p.account_id, p.side, e.amount, 'EUR', e.ends_on, least(e.at, now())
  from e
  cross join lateral (values (1, e.debit, 'debit'), (2, e.credit, 'credit')) p (line_no, account_id, side)
), payouts as (
  insert into payments.payouts (biz_id, id, number, processor_account_id, settlement_batch_id, currency, amount_minor, status, arrives_on, bank_ref, external_id, ledger_account_id, failure_reason, created_at)
  select b.biz_id, pg_temp.id('payout/' || b.processor || b.week), 'PO-' || lpad(b.n::text, 6, '0'), b.processor_account_id, b.id, 'EUR', b.net_minor,
    case when b.week > 1 then 'paid' when b.processor = 'stripe' then 'pending' else 'in_transit' end, b.ends_on + 2, case when b.week > 1 then 'TRF ' || 41000 + b.n * 37 end, 'po_demo_' || b.processor || b.week, b.clearing, null, least(b.at, now())
  from b
), parts as (
  insert into payments.payout_ledger_entries (biz_id, id, payout_id, journal_entry_id, kind, amount_minor, currency, created_at)
  select b.biz_id, overlay(md5(b.id || 'part' || p.kind) placing '8' from 13 for 1)::uuid, pg_temp.id('payout/' || b.processor || b.week), p.entry, p.kind, p.amount, 'EUR', least(b.at, now())
  from b
  cross join lateral (values ('settlement', b.payout_entry, b.gross_minor), ('fee', b.fee_entry, -b.fee_minor)) p (kind, entry, amount)
  where b.week > 1
)
insert into payments.fees (biz_id, id, processor_account_id, settlement_batch_id, dispute_id, kind, amount_minor, currency, occurred_at, external_id, journal_entry_id, created_at)
select b.biz_id, overlay(md5(b.id || 'fees') placing '8' from 13 for 1)::uuid, b.processor_account_id, b.id, null::uuid, 'processing', b.fee_minor, 'EUR', least(b.at, now()), 'fee-' || b.external_id, b.fee_entry, least(b.at, now()) from b
union all
select d.biz_id, overlay(md5(d.id || 'fees') placing '8' from 13 for 1)::uuid, d.processor_account_id, null, d.id, 'dispute', d.fee_minor, 'EUR', d.opened_at, 'fee-' || d.external_id, null, d.opened_at
from k join payments.disputes d on d.biz_id = k.biz_id and d.fee_minor > 0;
insert into payments.payouts (biz_id, id, number, processor_account_id, beneficiary_type, beneficiary_id, currency, amount_minor, status, arrives_on, external_id, failure_reason, retry_of_id, created_at)
select pg_temp.biz(), pg_temp.id('payout/' || v.n), 'PO-' || lpad((30 + v.n)::text, 6, '0'), pg_temp.id('processor/stripe-cas'), 'Location', pg_temp.location('CAS'), 'EUR', v.amount, v.status, pg_temp.day(v.arrives), 'po_demo_terrace' || v.n, v.failure,
  case when v.n = 2 then pg_temp.id('payout/1') end, pg_temp.at(v.arrives - 2, '08:00')
from (values (1, 48200, 'failed', -9, 'The account number is not valid any more.'), (2, 48200, 'in_transit', 1, null), (3, 10000, 'canceled', -15, null), (4, 52750, 'pending', 3, null)) v (n, amount, status, arrives, failure);
insert into payments.transfers (biz_id, id, number, from_account_id, to_account_id, intent_id, amount_minor, reversed_minor, currency, status, external_id, created_at)
select pg_temp.biz(), pg_temp.id('transfer/' || v.n), 'TR-' || lpad(v.n::text, 6, '0'), pg_temp.id('processor/stripe'), pg_temp.id('processor/stripe-cas'), i.id, v.amount, v.reversed, 'EUR', v.status, 'tr_demo_000' || v.n, i.created_at
from (values (1, 9600, 0, 'succeeded'), (2, 12400, 2400, 'succeeded'), (3, 7200, 7200, 'reversed'), (4, 8800, 0, 'failed'), (5, 10100, 0, 'succeeded'), (6, 9300, 0, 'pending'), (7, 8450, 0, 'succeeded')) v (n, amount, reversed, status)
join (select i.*, row_number() over (order by i.business_date, i.number) as n from payments.payment_intents i where i.biz_id = pg_temp.biz() and i.status = 'succeeded' and i.location_id = pg_temp.location('CAS')) i on i.n = v.n;

-- Pages and links to pay, and what the processor told us
insert into payments.checkout_sessions (biz_id, id, source_type, source_id, intent_id, processor_account_id, external_id, url, amount_minor, currency, expires_at, status, created_at)
select i.biz_id, pg_temp.id('checkout/' || i.number), 'BookingOrder', i.source_id, case when i.status <> 'requires_payment_method' then i.id end, pg_temp.id('processor/stripe'), 'cs_demo_' || right(i.number, 6), 'https://pay.harbour.example/c/' || right(i.number, 6),
  i.amount_minor, 'EUR', case when i.status in ('requires_action', 'processing') then now() + interval '40 minutes' else i.created_at + interval '1 hour' end,
  case when i.status = 'succeeded' then 'complete' when i.status in ('requires_action', 'processing') then 'open' else 'expired' end, i.created_at - interval '6 minutes'
from payments.payment_intents i
where i.biz_id = pg_temp.biz() and i.description like 'Deposit%';
insert into payments.payment_links (biz_id, id, source_type, source_id, customer_id, location_id, description, amount_minor, currency, token_hash, expires_at, max_uses, uses, status, created_at)
select o.biz_id, pg_temp.id('link/' || v.n), 'BookingOrder', o.id, o.customer_id, o.location_id, 'Deposit for ' || o.number, greatest(o.total_minor / 4, 1000), 'EUR', sha256(('link ' || v.n)::bytea),
  pg_temp.at(v.expires, '23:00'), v.max_uses, v.uses, v.status, pg_temp.at(v.made, '10:15')
from (values (1, -12, -5, 1, 1, 'completed'), (2, -11, -4, 1, 0, 'expired'), (3, -9, 5, 1, 0, 'active'), (4, -7, 7, 3, 1, 'active'), (5, -6, -1, 1, 0, 'expired'), (6, -5, 2, 1, 0, 'canceled'), (7, -3, 4, 1, 1, 'completed'), (8, -1, 6, 1, 0, 'active'), (9, -1, 6, 2, 0, 'active')) v (n, made, expires, max_uses, uses, status)
join (select o.*, row_number() over (order by o.number) as n from booking.booking_orders o where o.biz_id = pg_temp.biz() and o.status = 'confirmed') o on o.n = 20 + v.n;
insert into payments.webhook_events (biz_id, id, processor_account_id, external_event_id, type, object_id, object_version, occurred_at, received_at, payload, status, attempts, next_attempt_at, error, processed_at, created_at)
select t.biz_id, overlay(md5(t.id || 'webhook') placing '8' from 13 for 1)::uuid, t.processor_account_id, 'evt_demo_' || lpad(x.n::text, 4, '0'), t.type, t.external_id, 1, t.occurred_at, t.occurred_at + interval '2 seconds',
  jsonb_build_object('id', 'evt_demo_' || lpad(x.n::text, 4, '0'), 'type', t.type, 'object', t.external_id, 'amount', t.amount_minor, 'currency', 'eur'), s.status,
  case s.status when 'received' then 0 when 'parked' then 4 when 'failed' then 8 else 1 end, case when s.status in ('received', 'parked') then now() + interval '5 minutes' end,
  case s.status when 'parked' then 'No payment with this id here yet.' when 'failed' then 'The refund is of a payment that was made elsewhere.' end,
  case when s.status in ('processed', 'ignored') then t.occurred_at + interval '3 seconds' end, t.occurred_at + interval '2 seconds'
from (
  select t.*, row_number() over (order by t.occurred_at desc, t.id) as n,
    case t.kind when 'capture' then 'payment_intent.succeeded' when 'authorization' then 'payment_intent.amount_capturable_updated' when 'void' then 'payment_intent.canceled' when 'refund' then 'charge.refunded' when 'chargeback' then 'charge.dispute.created' else 'charge.dispute.closed' end as type
  from payments.payment_transactions t
  where t.biz_id = pg_temp.biz() and t.processor_account_id = pg_temp.id('processor/stripe')
) t
cross join lateral (select t.n::integer as n) x
cross join lateral (select case when x.n = 1 then 'received' when x.n = 2 then 'processing' when x.n in (5, 19) then 'parked' when x.n in (9, 27) then 'failed' when x.n % 12 = 7 then 'ignored' else 'processed' end as status) s;
