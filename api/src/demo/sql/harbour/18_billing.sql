-- What guests and companies owe: folios of the houses, invoices and credit notes in the series of Portugal, receipts, deposits,
-- collecting. Companies are customers of their own here: company/vela, company/douro, company/lusa, company/nordlicht, company/cine.
-- Others may use: account-of/vela .. (billing_accounts), series/ft-lis, series/ft-cas, series/nc (fiscal_series).
select core.take_numbers(v.kind, v.prefix, '', v.many) from (values
  ('billing_account', 'AR', 19), ('folio', 'F', 499), ('receipt', 'RC', 199), ('statement', 'ST', 49)) v (kind, prefix, many);

-- Companies, how they are dunned, what they may owe
insert into crm.customers (biz_id, id, number, kind, full_name, nationality, source)
select pg_temp.biz(), pg_temp.id('company/' || v.name), 'ORG-' || lpad(v.n::text, 6, '0'), 'organisation', v.title, v.country, 'company'
from (values (1, 'vela', 'Vela Viagens, Lda.', 'PT'), (2, 'douro', 'Douro Consultores, S.A.', 'PT'), (3, 'lusa', 'Lusa Regatas, Associação', 'PT'),
  (4, 'nordlicht', 'Nordlicht Reisen GmbH', 'DE'), (5, 'cine', 'Cine Atlântico, Lda.', 'PT')) v (n, name, title, country);
insert into billing.dunning_policies (biz_id, id, code, name, is_default, min_open_minor, currency)
values (pg_temp.biz(), pg_temp.id('dunning/standard'), 'standard', 'Companies', true, 500, 'EUR'),
  (pg_temp.biz(), pg_temp.id('dunning/partners'), 'partners', 'Travel partners, gently', false, 5000, 'EUR');
insert into billing.dunning_policy_steps (biz_id, id, policy_id, name, days_overdue, channel, fee_minor, currency, blocks_account)
select pg_temp.biz(), pg_temp.id('dunning/' || v.policy || v.days), pg_temp.id('dunning/' || v.policy), v.name, v.days, v.channel, v.fee, 'EUR', v.blocks
from (values ('standard', -3, 'Due soon', 'email', 0, false), ('standard', 5, 'Friendly reminder', 'email', 0, false), ('standard', 20, 'Second reminder', 'email', 500, false),
  ('standard', 45, 'Last letter', 'letter', 2500, true), ('partners', 10, 'Friendly reminder', 'email', 0, false), ('partners', 40, 'Call', 'phone', 0, false)) v (policy, days, name, channel, fee, blocks);
insert into ledger.accounts (biz_id, id, parent_id, code, name, type, normal_side, currency, owner_type, owner_id)
select pg_temp.biz(), pg_temp.id('account/1200/' || v.name), pg_temp.id('account/1200'), '1200', c.full_name, 'asset', 'debit', 'EUR', 'BillingAccount', pg_temp.id('account-of/' || v.name)
from (values ('vela'), ('douro'), ('lusa'), ('nordlicht'), ('cine')) v (name)
join crm.customers c on c.biz_id = pg_temp.biz() and c.id = pg_temp.id('company/' || v.name);
insert into billing.billing_accounts (biz_id, id, number, name, customer_id, currency, credit_limit_minor, credit_override_minor, credit_override_until, payment_term, payment_days, dunning_policy_id, dunning_paused_until, tax_id, is_po_required, ledger_account_id, created_at)
select pg_temp.biz(), pg_temp.id('account-of/' || v.name), 'AR-' || lpad(v.n::text, 6, '0'), v.title, pg_temp.id('company/' || v.name), 'EUR', v.credit, v.more, case when v.more > 0 then pg_temp.at(14, '23:59') end, v.term, v.days,
  pg_temp.id('dunning/' || v.policy), case when v.name = 'lusa' then pg_temp.day(6) end, v.tax_id, v.name = 'douro', pg_temp.id('account/1200/' || v.name), pg_temp.at(-200, '10:00')
from (values (1, 'vela', 'Vela Viagens, Lda.', 3000000, 0, 'net', 30, 'partners', '509000117'), (2, 'douro', 'Douro Consultores, S.A.', 2000000, 0, 'net', 30, 'standard', '509000222'),
  (3, 'lusa', 'Lusa Regatas, Associação', 1000000, 500000, 'net', 15, 'standard', '509000338'), (4, 'nordlicht', 'Nordlicht Reisen GmbH', 2500000, 0, 'end_of_month', 30, 'partners', 'DE000044412'),
  (5, 'cine', 'Cine Atlântico, Lda.', 800000, 0, 'net', 15, 'standard', '509000553')) v (n, name, title, credit, more, term, days, policy, tax_id);
insert into billing.customer_purchase_orders (biz_id, id, billing_account_id, po_number, amount_minor, currency, starts_on, ends_on, contact, status, created_at)
select pg_temp.biz(), pg_temp.id('po/' || v.n), pg_temp.id('account-of/' || v.name), v.po, v.amount, 'EUR', pg_temp.day(v.from_day), pg_temp.day(v.to_day), v.contact, v.status, pg_temp.at(v.from_day, '09:00')
from (values (1, 'douro', 'DC-2210', 500000, -120, 120, 'Compras, Sra. Teresa Antunes', 'open'), (2, 'douro', 'DC-2188', 200000, -200, -20, 'Compras, Sra. Teresa Antunes', 'expired'),
  (3, 'cine', 'CA/77', 400000, -60, 60, 'Produção, Sr. Hugo Paiva', 'open'), (4, 'lusa', 'REG-5', 150000, -150, 30, 'Secretaria', 'closed'), (5, 'nordlicht', 'NR-4471', 900000, -30, 150, 'Einkauf, Frau Lena Brandt', 'open')) v (n, name, po, amount, from_day, to_day, contact, status);

-- Folios: settled guests, guests in house, guests of companies, and those without a stay
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today), stays as (
  select o.*, case o.status when 'in_progress' then 'here' when 'completed' then case when i.id is not null then 'gone' else 'company' end end as what, right(i.number, 6)::integer as paid_by,
    row_number() over (partition by o.status, i.id is not null order by i.number, o.number desc) as place
  from k
  join booking.booking_orders o on o.biz_id = k.biz_id and o.kind = 'stay' and o.status in ('completed', 'in_progress') and o.check_out_on > k.today - 27
  left join payments.payment_intents i on i.biz_id = o.biz_id and i.source_type = 'BookingOrder' and i.source_id = o.id and i.status = 'succeeded' and i.description like 'Stay%'
)
insert into billing.folios (biz_id, id, number, kind, location_id, booking_order_id, owner_customer_id, billing_account_id, name, currency, credit_limit_minor, created_at)
select s.biz_id, pg_temp.id('folio/' || s.what || s.place), 'F-' || lpad((case s.what when 'gone' then 100 when 'here' then 200 else 300 end + s.place)::text, 6, '0'), 'guest', s.location_id, s.id, s.customer_id,
  case when s.what = 'company' then pg_temp.id('account-of/' || (array['nordlicht', 'vela', 'lusa', 'cine'])[s.place]) end, c.full_name, 'EUR', case when s.what = 'here' then 50000 end, s.check_in_on + interval '15 hours'
from stays s
join crm.customers c on c.biz_id = s.biz_id and c.id = s.customer_id
where s.place <= case s.what when 'gone' then 15 when 'here' then 9 else 4 end and (s.paid_by is null or s.paid_by % 9 <> 4);
insert into billing.folios (biz_id, id, number, kind, location_id, billing_account_id, owner_customer_id, name, currency, created_at)
select pg_temp.biz(), pg_temp.id('folio/' || v.name), v.number, v.kind, pg_temp.location(v.place), case when v.account is not null then pg_temp.id('account-of/' || v.account) end,
  case when v.account is not null then pg_temp.id('company/' || v.account) end, v.title, 'EUR', pg_temp.at(-4, '10:00')
from (values ('master', 'F-000401', 'group_master', 'LIS', 'lusa', 'Regatta week, paid by the club'), ('agency', 'F-000402', 'external', 'LIS', 'vela', 'Vela Viagens, rooms of the week'),
  ('house-lis', 'F-000403', 'house', 'LIS', null, 'House account Lisbon'), ('house-cas', 'F-000404', 'house', 'CAS', null, 'House account Cascais'), ('bar', 'F-000405', 'tab', 'CAS', null, 'Beach bar, table 6')) v (name, number, kind, place, account, title);
insert into billing.folio_routing_rules (biz_id, id, from_folio_id, from_customer_id, from_billing_account_id, categories, to_folio_id, to_billing_account_id, priority, limit_minor, routed_minor, currency, starts_on, ends_on)
values
  (pg_temp.biz(), pg_temp.id('route/1'), pg_temp.id('folio/here1'), null, null, '{food}', pg_temp.id('folio/master'), null, 10, 40000, 6400, 'EUR', pg_temp.day(-4), pg_temp.day(3)),
  (pg_temp.biz(), pg_temp.id('route/2'), null, null, pg_temp.id('account-of/vela'), '{room}', pg_temp.id('folio/agency'), null, 5, null, 0, 'EUR', pg_temp.day(-30), null),
  (pg_temp.biz(), pg_temp.id('route/3'), null, pg_temp.id('company/douro'), null, '{room,food}', null, pg_temp.id('account-of/douro'), 0, 250000, 0, 'EUR', pg_temp.day(-60), pg_temp.day(90));

-- Charges: nights, what was eaten and drunk, city tax; what was taken back or moved to the group
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today), f as materialized (
  select f.biz_id, f.id, right(f.number, 6)::integer as n, o.id as order_id, o.check_in_on, o.check_out_on, k.today
  from k
  join billing.folios f on f.biz_id = k.biz_id
  join booking.booking_orders o on o.biz_id = f.biz_id and o.id = f.booking_order_id
), c as (
  select f.*, 'night' || n.stay_date as what, 'charge' as kind, 'Room, night of ' || to_char(n.stay_date, 'FMDD Mon') as description, 'room' as category, n.stay_date as day, 1 as quantity, n.rate_minor as amount, 0.06 as rate, 'UTC' as z
  from f
  join hospitality.reservation_nights n on n.biz_id = f.biz_id and n.booking_order_id = f.order_id and n.stay_date < f.today and n.rate_minor > 0
  union all
  select f.*, 'extra' || x.n, 'charge', x.description, x.category, least(f.check_in_on + x.n % 2, f.today - 1), x.quantity, x.quantity * x.price, x.rate, 'UTC'
  from f
  join (values (0, 'Dinner, Restaurante Maré', 'food', 2, 3200, 0.13), (1, 'Breakfast', 'food', 2, 1600, 0.13), (2, 'Minibar', 'minibar', 1, 1450, 0.23), (3, 'Laundry', 'laundry', 1, 2200, 0.23), (4, 'Parking', 'parking', 2, 1800, 0.23)) x (n, description, category, quantity, price, rate)
    on (f.n = 201 and x.n = 0) or (f.n + x.n) % 5 in (0, 2)
  where f.check_in_on < f.today
  union all
  select f.*, 'city', 'tax', 'City tax', 'tax', f.check_in_on, least(f.check_out_on, f.today) - f.check_in_on, 400 * (least(f.check_out_on, f.today) - f.check_in_on), null, 'UTC'
  from f where f.check_in_on < f.today
)
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, occurred_at, quantity, unit_price, amount_minor, tax_minor, currency, tax_rate, created_at)
select c.biz_id, overlay(md5(c.id || c.what) placing '8' from 13 for 1)::uuid, c.id, c.kind, c.description, c.category, c.day, c.day + interval '22 hours', c.quantity, c.amount / 100.0 / c.quantity,
  c.amount, coalesce(round(c.amount * c.rate / (1 + c.rate)), 0), 'EUR', c.rate, c.day + interval '22 hours'
from c;
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, occurred_at, quantity, unit_price, amount_minor, tax_minor, currency, tax_rate)
select pg_temp.biz(), pg_temp.id('folio-line/' || v.name), pg_temp.id('folio/' || v.folio), 'charge', v.description, v.category, pg_temp.day(v.n), pg_temp.at(v.n, '21:30'), 1, v.amount / 100.0, v.amount, round(v.amount * v.rate / (1 + v.rate)), 'EUR', v.rate
from (values ('m1', 'master', 'Welcome drinks, 18 people', 'food', -3, 16200, 0.23), ('m2', 'master', 'Meeting room Tejo, evening', 'events', -2, 24000, 0.23), ('a1', 'agency', 'Rooming fee of the week', 'events', -2, 6500, 0.23),
  ('h1', 'house-lis', 'Tasting of the new menu', 'food', -2, 8800, 0.13), ('h2', 'house-cas', 'Lunch with the supplier of linen', 'food', -1, 5400, 0.13), ('b1', 'bar', 'Drinks and tapas', 'food', -1, 4350, 0.13)) v (name, folio, description, category, n, amount, rate);
insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, quantity, amount_minor, tax_minor, currency, tax_rate, corrects_id, reason)
select l.biz_id, overlay(md5(l.id || 'allowance') placing '8' from 13 for 1)::uuid, l.folio_id, 'allowance', 'Taken back: ' || l.description, l.category, pg_temp.day(-1), 1, -(l.amount_minor / 2), -(l.tax_minor / 2), 'EUR', l.tax_rate, l.id, (array['Not consumed, checked with housekeeping', 'Guest waited too long', 'Counted twice'])[1 + right(f.number, 1)::integer % 3]
from billing.folio_line_items l
join billing.folios f on f.biz_id = l.biz_id and f.id = l.folio_id and right(f.number, 1) in ('2', '5', '8')
where l.biz_id = pg_temp.biz() and l.category in ('minibar', 'parking');
with l as materialized (
  select l.*, overlay(md5(l.id || 'out') placing '8' from 13 for 1)::uuid as out_id, overlay(md5(l.id || 'in') placing '8' from 13 for 1)::uuid as in_id, pg_temp.id('folio/master') as master, pg_temp.id('route/1') as route, row_number() over (order by l.id) as n
  from billing.folio_line_items l
  where l.biz_id = pg_temp.biz() and l.folio_id = pg_temp.id('folio/here1') and l.category = 'food'
), lines as (
  insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, quantity, amount_minor, tax_minor, currency, tax_rate, corrects_id, routing_rule_id)
  select l.biz_id, x.id, x.folio_id, x.kind, l.description, l.category, pg_temp.day(-1), 1, x.sign * l.amount_minor, x.sign * l.tax_minor, 'EUR', l.tax_rate, x.corrects_id, x.rule
  from l
  cross join lateral (values (l.out_id, l.folio_id, 'transfer_out', -1, l.id, null::uuid), (l.in_id, l.master, 'transfer_in', 1, null, l.route)) x (id, folio_id, kind, sign, corrects_id, rule)
)
insert into billing.folio_transfers (biz_id, id, from_line_id, to_folio_id, amount_minor, currency, out_line_id, in_line_id, reason)
select l.biz_id, overlay(md5(l.id || 'transfer') placing '8' from 13 for 1)::uuid, l.id, l.master, l.amount_minor, 'EUR', l.out_id, l.in_id, 'Dinners of the crew are paid by the club' from l;

-- Stays of which the card payment was a deposit, used at check-out
insert into billing.deposits (biz_id, id, booking_order_id, customer_id, folio_id, required_minor, paid_minor, applied_minor, currency, due_on, ledger_account_id, status, created_at)
select f.biz_id, pg_temp.id('deposit/' || f.number), f.booking_order_id, f.owner_customer_id, f.id, x.paid, x.paid, x.paid, 'EUR', o.check_out_on - 20, pg_temp.id('account/2100'), 'applied', f.created_at - interval '30 days'
from billing.folios f
join booking.booking_orders o on o.biz_id = f.biz_id and o.id = f.booking_order_id
join (select i.source_id, sum(t.amount_minor) as paid from payments.payment_intents i join payments.payment_transactions t on t.biz_id = i.biz_id and t.intent_id = i.id and t.kind = 'capture'
  where i.biz_id = pg_temp.biz() and i.source_type = 'BookingOrder' and i.description !~ '^Deposit' group by i.source_id) x on x.source_id = f.booking_order_id
where f.biz_id = pg_temp.biz() and f.number <= 'F-000105';

-- Receipts: the card payment of a stay, then the rest in cash; what was taken on account of guests in house
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today), paid as materialized (
  select f.biz_id, f.id as folio_id, f.location_id, f.owner_customer_id as customer_id, f.booking_order_id, f.number, f.balance_minor, t.id as transaction_id, t.amount_minor as amount, t.occurred_at as at, t.business_date as day,
    overlay(md5(t.id || 'receipt') placing '8' from 13 for 1)::uuid as receipt_id, overlay(md5(t.id || 'paid') placing '8' from 13 for 1)::uuid as line_id, 'card' as method, 1 as part
  from k
  join billing.folios f on f.biz_id = k.biz_id and f.number < 'F-000300'
  join payments.payment_intents i on i.biz_id = f.biz_id and i.source_type = 'BookingOrder' and i.source_id = f.booking_order_id and i.description !~ '^Deposit'
  join payments.payment_transactions t on t.biz_id = i.biz_id and t.intent_id = i.id and t.kind = 'capture'
), rest as (
  select p.biz_id, p.folio_id, p.location_id, p.customer_id, p.booking_order_id, p.number, p.balance_minor, null::uuid, p.balance_minor - p.amount, p.at + interval '3 minutes', p.day,
    overlay(md5(p.folio_id || 'receipt') placing '8' from 13 for 1)::uuid, overlay(md5(p.folio_id || 'paid') placing '8' from 13 for 1)::uuid, 'cash', 2
  from paid p
  where p.number < 'F-000200' and p.balance_minor > p.amount
), x as materialized (
  select y.*, d.id as deposit_id, row_number() over (order by y.at, y.receipt_id) as n
  from (select * from paid union all select * from rest) y
  left join billing.deposits d on d.biz_id = y.biz_id and d.folio_id = y.folio_id and y.method = 'card'
), receipts as (
  insert into billing.receipts (biz_id, id, number, location_id, customer_id, payment_transaction_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, created_at)
  select x.biz_id, x.receipt_id, 'RC-' || lpad(x.n::text, 6, '0'), x.location_id, x.customer_id, x.transaction_id, x.amount, x.amount, 'EUR', x.method, x.number, least(x.at, now()), x.day, least(x.at, now()) from x
), lines as (
  insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, occurred_at, quantity, amount_minor, currency, created_at)
  select x.biz_id, x.line_id, x.folio_id, case when x.deposit_id is null then 'payment' else 'deposit_used' end, case when x.deposit_id is not null then 'Deposit used' when x.method = 'card' then 'Paid by card' else 'Paid in cash' end, 'payment', x.day, least(x.at, now()), 1, -x.amount, 'EUR', least(x.at, now()) from x
)
insert into billing.payment_allocations (biz_id, id, receipt_id, folio_id, folio_line_id, deposit_id, amount_minor, currency, business_date, created_at)
select x.biz_id, overlay(md5(x.receipt_id || 'set') placing '8' from 13 for 1)::uuid, x.receipt_id, x.folio_id, x.line_id, x.deposit_id, x.amount, 'EUR', x.day, least(x.at, now()) from x;
update billing.folios f
set status = 'closed', closed_at = o.check_out_on + interval '11 hours', closed_on = o.check_out_on
from booking.booking_orders o
where f.biz_id = pg_temp.biz() and f.number < 'F-000200' and f.balance_minor = 0 and o.biz_id = f.biz_id and o.id = f.booking_order_id;

-- Series of Portugal
insert into billing.fiscal_series (biz_id, id, location_id, country, authority, document_type, code, prefix, padding, next_value, authorization_ref, is_active)
select pg_temp.biz(), pg_temp.id('series/' || v.name), pg_temp.location(v.place), 'PT', 'at', v.type, v.code || extract(year from pg_temp.day()), v.mark || ' ' || v.code || extract(year from pg_temp.day()) || '/', 1, 1, v.ref, v.active
from (values ('ft-lis', 'LIS', 'invoice', 'L', 'FT', 'AAJFF7LIS1', true), ('ft-cas', 'CAS', 'invoice', 'C', 'FT', 'AAJFF7CAS1', true), ('fs-lis', 'LIS', 'simplified_invoice', 'S', 'FS', 'AAJFF7LIS2', true),
  ('fa', null, 'deposit_invoice', 'A', 'FA', 'AAJFF7ADV1', true), ('nc', null, 'credit_note', 'N', 'NC', 'AAJFF7CRN1', true), ('ft-old', 'LIS', 'invoice', 'O', 'FT', 'AAJFF6OLD1', false)) v (name, place, type, code, mark, ref, active);

-- Invoices: stays that were paid, stays of companies, events on account, deposits, and what never left the desk
with k as materialized (select pg_temp.biz() as biz_id, pg_temp.day() as today), docs as materialized (
  select k.biz_id, overlay(md5(o.id || 'invoice') placing '8' from 13 for 1)::uuid as id, 'invoice' as kind, case l.code when 'CAS' then 'ft-cas' else 'ft-lis' end as series, o.location_id, null::uuid as account_id, o.customer_id, o.id as order_id, null::uuid as folio_id, null::uuid as po_id,
    o.check_in_on as starts_on, o.check_out_on as ends_on, 0 as days, null as note, null as name
  from k
  join payments.payment_intents i on i.biz_id = k.biz_id and i.status = 'succeeded' and i.description like 'Stay%' and i.number between 'PAY-000016' and 'PAY-000030' and right(i.number, 6)::integer % 9 <> 4
  join booking.booking_orders o on o.biz_id = k.biz_id and o.id = i.source_id
  join core.locations l on l.biz_id = k.biz_id and l.id = o.location_id
  union all
  select k.biz_id, pg_temp.id('invoice/' || f.number), 'ar', case l.code when 'CAS' then 'ft-cas' else 'ft-lis' end, f.location_id, f.billing_account_id, f.owner_customer_id, f.booking_order_id, f.id, null,
    o.check_in_on, o.check_out_on, 30, null, null
  from k
  join billing.folios f on f.biz_id = k.biz_id and f.number between 'F-000300' and 'F-000399'
  join booking.booking_orders o on o.biz_id = k.biz_id and o.id = f.booking_order_id
  join core.locations l on l.biz_id = k.biz_id and l.id = f.location_id
  union all
  select k.biz_id, pg_temp.id('invoice/' || v.name), v.kind, v.series, pg_temp.location(case v.series when 'ft-cas' then 'CAS' else 'LIS' end), pg_temp.id('account-of/' || v.company), pg_temp.id('company/' || v.company), null, null,
    case when v.po is not null then pg_temp.id('po/' || v.po) end, k.today + v.n - 1, k.today + v.n, v.days, v.note, v.name
  from k
  cross join (values
    ('event1', 'ar', 'ft-lis', 'douro', -118, 30, 1, null), ('event2', 'ar', 'ft-lis', 'cine', -96, 15, null, null), ('event3', 'ar', 'ft-lis', 'vela', -82, 30, null, null),
    ('event4', 'ar', 'ft-cas', 'lusa', -64, 15, null, null), ('event5', 'ar', 'ft-lis', 'douro', -47, 30, 1, null), ('event6', 'ar', 'ft-lis', 'cine', -40, 15, 3, null),
    ('event7', 'ar', 'ft-cas', 'nordlicht', -36, 30, null, null), ('event8', 'ar', 'ft-lis', 'vela', -33, 30, null, null), ('event9', 'ar', 'ft-lis', 'cine', -22, 15, 3, 'The number of guests is contested'),
    ('event10', 'ar', 'ft-cas', 'lusa', -19, 15, null, 'Made out again with the right address'), ('event11', 'ar', 'ft-lis', 'douro', -9, 30, 1, null), ('event12', 'ar', 'ft-cas', 'nordlicht', -4, 30, 5, null),
    ('event13', 'ar', 'ft-lis', 'vela', -2, 30, null, null), ('wrong', 'ar', 'ft-cas', 'lusa', -20, 15, null, null), ('advance1', 'deposit', 'fa', 'nordlicht', -25, 7, null, null), ('advance2', 'deposit', 'fa', 'lusa', -3, 7, null, null),
    ('draft1', 'ar', 'ft-lis', 'douro', 0, 30, null, null), ('draft2', 'ar', 'ft-cas', 'vela', 0, 30, null, 'Waits for the final list of guests'), ('thrown', 'ar', 'ft-lis', 'cine', -6, 15, null, null), ('offer', 'proforma', 'none', 'nordlicht', -5, 30, null, 'For the option on twelve rooms in spring')
  ) v (name, kind, series, company, n, days, po, note)
), parts as materialized (
  select d.biz_id, d.id as invoice_id, row_number() over (partition by d.id order by l.line_no)::integer as line_no, 'BookingOrderLine' as source_type, l.id as source_id, l.name as description, l.quantity, l.total_minor as gross, 0.06 as rate, 'IVA reduced' as tax
  from docs d
  join booking.booking_order_lines l on l.biz_id = d.biz_id and l.order_id = d.order_id and l.voided_at is null and l.total_minor > 0
  where d.kind = 'invoice'
  union all
  select d.biz_id, d.id, row_number() over (partition by d.id order by l.business_date, l.id)::integer, 'FolioLineItem', l.id, l.description, l.quantity, l.amount_minor + coalesce(c.amount, 0), coalesce(l.tax_rate, 0),
    case l.tax_rate when 0.06 then 'IVA reduced' when 0.13 then 'IVA intermediate' when 0.23 then 'IVA standard' else 'Exempt' end
  from docs d
  join billing.folio_line_items l on l.biz_id = d.biz_id and l.folio_id = d.folio_id and l.kind in ('charge', 'tax')
  left join lateral (select sum(c.amount_minor)::bigint as amount from billing.folio_line_items c where c.biz_id = l.biz_id and c.corrects_id = l.id) c on true
  union all
  select d.biz_id, d.id, x.line_no, null, null, x.description, x.quantity, x.quantity * x.price + case when x.line_no = 1 then (k.today - d.starts_on) * 13 % 40 * 100 else 0 end, x.rate, x.tax
  from k
  cross join docs d
  cross join (values ('ar', 1, 'Meeting room Tejo, full day', 1, 74000, 0.23, 'IVA standard'), ('ar', 2, 'Coffee breaks and lunch', 24, 3400, 0.13, 'IVA intermediate'), ('deposit', 1, 'Advance payment, rooms of a group', 1, 180000, 0.06, 'IVA reduced'), ('proforma', 1, 'Twelve rooms, three nights', 36, 11800, 0.06, 'IVA reduced')) x (kind, line_no, description, quantity, price, rate, tax)
  where d.name is not null and d.kind = x.kind
), lines as materialized (
  select p.*, round(p.gross * p.rate / (1 + p.rate))::bigint as tax_minor from parts p where p.gross > 0
), sums as materialized (
  select l.invoice_id, sum(l.gross - l.tax_minor)::bigint as net, sum(l.tax_minor)::bigint as tax from lines l group by l.invoice_id
), invoices as (
  insert into billing.invoices (biz_id, id, kind, series_id, location_id, billing_account_id, customer_id, booking_order_id, folio_id, customer_po_id, replaces_id, currency, subtotal_minor, tax_minor, total_minor, due_on, service_starts_on, service_ends_on, buyer, seller, payment_terms, note, idempotency_key, created_at)
  select d.biz_id, d.id, d.kind, null, d.location_id, d.account_id, d.customer_id, d.order_id, d.folio_id, d.po_id, case d.name when 'event10' then pg_temp.id('invoice/wrong') end, 'EUR', s.net, s.tax, s.net + s.tax, d.ends_on + d.days, d.starts_on, greatest(d.ends_on, d.starts_on + 1),
    jsonb_build_object('name', c.full_name, 'country', c.nationality) || case when a.tax_id is not null then jsonb_build_object('tax_id', a.tax_id) else '{}' end, jsonb_build_object('name', 'Harbour Hotéis, Lda.', 'tax_id', '509000001', 'address', 'Rua da Cintura do Porto 12, Lisboa'),
    case d.days when 0 then 'Paid on departure' else d.days || ' days' end, d.note, 'demo-' || d.series || '-' || d.id, d.ends_on + interval '10 hours'
  from docs d
  join sums s on s.invoice_id = d.id
  join crm.customers c on c.biz_id = d.biz_id and c.id = d.customer_id
  left join billing.billing_accounts a on a.biz_id = d.biz_id and a.id = d.account_id
)
insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, source_type, source_id, description, quantity, unit_price, subtotal_minor, tax_category, tax_rate, tax_exemption_reason, tax_minor, total_minor, currency, created_at)
select l.biz_id, overlay(md5(l.invoice_id || 'line' || l.line_no) placing '8' from 13 for 1)::uuid, l.invoice_id, l.line_no, l.source_type, l.source_id, l.description, l.quantity, round((l.gross - l.tax_minor) / 100.0 / l.quantity, 6), l.gross - l.tax_minor,
  l.tax, l.rate, case when l.rate = 0 then 'M99, not subject' end, l.tax_minor, l.gross, 'EUR', now()
from lines l;
insert into billing.invoice_taxes (biz_id, id, invoice_id, name, rate, taxable_minor, tax_minor, currency)
select l.biz_id, overlay(md5(l.invoice_id || l.tax_category) placing '8' from 13 for 1)::uuid, l.invoice_id, l.tax_category, l.tax_rate, sum(l.subtotal_minor), sum(l.tax_minor), 'EUR'
from billing.invoice_lines l
where l.biz_id = pg_temp.biz()
group by l.biz_id, l.invoice_id, l.tax_category, l.tax_rate;
with due as materialized (
  select i.biz_id, i.id, s.id as series_id, i.service_ends_on as day
  from billing.invoices i
  join billing.fiscal_series s on s.biz_id = i.biz_id and s.id = pg_temp.id('series/' || case when i.kind = 'deposit' then 'fa' when i.location_id = pg_temp.location('CAS') then 'ft-cas' else 'ft-lis' end)
  where i.biz_id = pg_temp.biz() and i.kind <> 'proforma' and i.id not in (pg_temp.id('invoice/draft1'), pg_temp.id('invoice/draft2'), pg_temp.id('invoice/thrown'))
), taken as materialized (
  select d.id, d.series_id, d.day, n.series_no, n.number
  from (select d.* from due d order by d.day, d.id) d
  cross join lateral billing.take_number(d.series_id, d.day) n
)
update billing.invoices i
set status = 'finalized', series_id = t.series_id, series_no = t.series_no, number = t.number, issued_on = t.day, issued_at = t.day + interval '11 hours', sent_at = t.day + interval '11 hours 5 minutes'
from taken t
where i.biz_id = pg_temp.biz() and i.id = t.id;
update billing.invoices i set status = 'finalized', number = 'PF-000001', issued_on = i.service_ends_on, issued_at = i.service_ends_on + interval '11 hours' where i.biz_id = pg_temp.biz() and i.kind = 'proforma';
update billing.invoices i set status = 'discarded' where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/thrown');
update billing.invoices i set status = 'voided', voided_at = i.issued_at + interval '1 day', void_reason = 'Made out to the wrong address' where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/wrong');
update billing.invoices i set disputed_at = pg_temp.at(-12, '15:30') where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/event9');

-- What was open on the folios of company guests is owed by the companies
insert into billing.folio_line_items (biz_id, id, folio_id, kind, source_type, source_id, description, category, business_date, quantity, amount_minor, tax_minor, currency, tax_rate, corrects_id)
select l.biz_id, overlay(md5(l.id || 'invoiced') placing '8' from 13 for 1)::uuid, l.folio_id, 'transfer_out', 'Invoice', i.id, 'Invoiced: ' || l.description, l.category, i.issued_on, 1, -(l.amount_minor + coalesce(c.amount, 0)), -(l.tax_minor + coalesce(c.tax, 0)), 'EUR', l.tax_rate, l.id
from billing.invoices i
join billing.folio_line_items l on l.biz_id = i.biz_id and l.folio_id = i.folio_id and l.kind in ('charge', 'tax')
left join lateral (select sum(c.amount_minor)::bigint as amount, sum(c.tax_minor)::bigint as tax from billing.folio_line_items c where c.biz_id = l.biz_id and c.corrects_id = l.id) c on true
where i.biz_id = pg_temp.biz() and i.folio_id is not null;
update billing.folios f set status = 'transferred_to_ar', closed_at = i.issued_at, closed_on = i.issued_on
from billing.invoices i where i.biz_id = f.biz_id and i.folio_id = f.id and f.biz_id = pg_temp.biz();

-- What came in: cards at departure, transfers of companies
with x as materialized (
  select y.*, row_number() over (order by y.at, y.invoice_id) as n, overlay(md5(y.invoice_id || 'receipt') placing '8' from 13 for 1)::uuid as receipt_id
  from (
    select i.biz_id, i.id as invoice_id, i.location_id, i.customer_id, null::uuid as account_id, t.id as transaction_id, t.amount_minor as amount, case when m.kind = 'cash' then 'cash' else 'card' end as method, i.number as reference, t.occurred_at as at, t.business_date as day
    from billing.invoices i
    join payments.payment_intents p on p.biz_id = i.biz_id and p.source_type = 'BookingOrder' and p.source_id = i.booking_order_id and p.status = 'succeeded' and p.description like 'Stay%'
    join payments.payment_transactions t on t.biz_id = p.biz_id and t.intent_id = p.id and t.kind = 'capture'
    join payments.payment_intent_tenders m on m.biz_id = t.biz_id and m.id = t.tender_id
    where i.biz_id = pg_temp.biz() and i.kind = 'invoice'
    union all
    select i.biz_id, i.id, null, i.customer_id, i.billing_account_id, null, i.total_minor * v.percent / 100 - v.less, 'bank_transfer', 'TRF ' || v.ref, pg_temp.at(v.n, '10:20'), pg_temp.day(v.n)
    from (values ('event1', -90, 100, 0, 20117), ('event3', -49, 50, 0, 20348), ('event4', -47, 100, 300, 20390), ('event5', -12, 40, 0, 20611), ('event7', -6, 100, 0, 20702), ('event8', -3, 100, 0, 20731), ('advance1', -19, 100, 0, 20560)) v (name, n, percent, less, ref)
    join billing.invoices i on i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/' || v.name)
  ) y
), receipts as (
  insert into billing.receipts (biz_id, id, number, location_id, customer_id, billing_account_id, payment_transaction_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, created_at)
  select x.biz_id, x.receipt_id, 'RC-' || lpad((100 + x.n)::text, 6, '0'), x.location_id, x.customer_id, x.account_id, x.transaction_id, x.amount, x.amount, 'EUR', x.method, x.reference, x.at, x.day, x.at from x
)
insert into billing.payment_allocations (biz_id, id, receipt_id, invoice_id, amount_minor, currency, business_date, created_at)
select x.biz_id, overlay(md5(x.receipt_id || 'set') placing '8' from 13 for 1)::uuid, x.receipt_id, x.invoice_id, x.amount, 'EUR', x.day, x.at from x;
insert into billing.receipts (biz_id, id, number, customer_id, billing_account_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, note, created_at)
select pg_temp.biz(), pg_temp.id('receipt/' || v.n), 'RC-' || lpad((180 + v.n)::text, 6, '0'), pg_temp.id('company/' || v.company), pg_temp.id('account-of/' || v.company), v.amount, v.amount, 'EUR', 'bank_transfer', v.ref, pg_temp.at(v.day, '09:50'), pg_temp.day(v.day), v.note, pg_temp.at(v.day, '09:50')
from (values (1, 'vela', 60000, 'TRF 20744', -1, 'No invoice named; asked the agency'), (2, 'cine', 45000, 'CHQ 118', -8, 'Cheque'), (3, 'nordlicht', 25000, 'TRF 20719', -4, 'Paid too much')) v (n, company, amount, ref, day, note);
update billing.receipts r set status = 'reversed', reversed_at = pg_temp.at(-5, '12:00'), reversal_reason = 'The cheque came back unpaid' where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('receipt/2');

-- Credit notes: one set against its invoice, one paid back, one unused, one not issued yet, one thrown away
with c as materialized (
  select v.*, i.id as invoice_id, i.buyer, i.seller, l.id as line_id, l.tax_rate, round(v.amount * l.tax_rate / (1 + l.tax_rate))::bigint as tax, i.biz_id
  from (values (1, 'event3', 2, 10200, 'Three lunches were not taken', -44), (2, 'stay', 1, 1800, 'Breakfast charged for a child', -1), (3, 'event7', 2, 6800, 'Two guests did not come', -5), (4, 'event9', 2, 13600, 'Contested number of guests, to be agreed', 0), (5, 'event11', 1, 5000, 'Late start of the room', 0)) v (n, name, line_no, amount, reason, day)
  join billing.invoices i on i.biz_id = pg_temp.biz() and (i.id = pg_temp.id('invoice/' || v.name) or (v.name = 'stay' and i.kind = 'invoice' and i.booking_order_id = (select p.source_id from payments.payment_intents p where p.biz_id = pg_temp.biz() and p.number = 'PAY-000017')))
  join billing.invoice_lines l on l.biz_id = i.biz_id and l.invoice_id = i.id and l.line_no = v.line_no
), notes as (
  insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor, tax_minor, buyer, seller, created_at)
  select c.biz_id, pg_temp.id('credit/' || c.n), c.invoice_id, c.reason, 'EUR', c.amount, c.tax, c.buyer, c.seller, pg_temp.at(c.day, '08:30') from c
)
insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, amount_minor, tax_minor, currency)
select c.biz_id, pg_temp.id('credit-line/' || c.n), pg_temp.id('credit/' || c.n), c.line_id, c.amount, c.tax, 'EUR' from c;
with taken as materialized (
  select v.n, v.day, t.* from (values (1, -44), (3, -5), (2, -1)) v (n, day) cross join lateral billing.take_number(pg_temp.id('series/nc'), pg_temp.day(v.day)) t
)
update billing.credit_notes c
set status = 'finalized', series_id = pg_temp.id('series/nc'), series_no = t.series_no, number = t.number, issued_on = pg_temp.day(t.day), issued_at = pg_temp.at(t.day, '09:00')
from taken t where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('credit/' || t.n);
update billing.credit_notes c set status = 'discarded' where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('credit/5');
insert into billing.payment_allocations (biz_id, id, credit_note_id, invoice_id, refund_id, amount_minor, currency, business_date, reason)
select pg_temp.biz(), pg_temp.id('allocation/credit1'), pg_temp.id('credit/1'), pg_temp.id('invoice/event3'), null, 10200, 'EUR', pg_temp.day(-44), 'Set against the invoice it takes back'
union all
select r.biz_id, pg_temp.id('allocation/credit2'), pg_temp.id('credit/2'), null, r.id, 1800, 'EUR', pg_temp.day(-1), 'Paid back in cash'
from payments.refunds r join payments.payment_intents i on i.biz_id = r.biz_id and i.id = r.intent_id and i.number = 'PAY-000017' where r.biz_id = pg_temp.biz() and r.status = 'succeeded';

-- Given up, reminded
insert into billing.write_offs (biz_id, id, invoice_id, amount_minor, currency, reason, note, business_date, needs_approval, requested_by_id, approved_by_id, status, created_at)
select i.biz_id, pg_temp.id('write-off/' || v.n), i.id, coalesce(v.amount, i.open_minor), 'EUR', v.reason, v.note, pg_temp.day(v.day), v.big, pg_temp.person('desk'), case when v.big and v.status = 'approved' then pg_temp.person('owner') end, v.status, pg_temp.at(v.day, '16:00')
from (values (1, 'event2', null, 'uncollectible', 'The production was stopped; lawyer advises against court', -15, true, 'approved'), (2, 'event4', null, 'small_balance', 'Bank charges of the payer', -30, false, 'approved'),
  (3, 'event6', 9000, 'goodwill', 'Projector failed for an hour', -3, true, 'pending_approval'), (4, 'event5', 20000, 'dispute', 'They say the second room was not used', -10, true, 'pending_approval')) v (n, name, amount, reason, note, day, big, status)
join billing.invoices i on i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invoice/' || v.name);
update billing.write_offs w set status = 'rejected' where w.biz_id = pg_temp.biz() and w.id = pg_temp.id('write-off/4');
with runs as materialized (
  select pg_temp.biz() as biz_id, pg_temp.id('dunning-run/' || v.n) as id, v.n, v.status, pg_temp.day(v.day) as day, pg_temp.at(v.day, '07:00') as at
  from (values (1, 'done', -35), (2, 'failed', -14), (3, 'done', -7), (4, 'previewed', 0)) v (n, status, day)
), actions as materialized (
  select r.*, i.id as invoice_id, s.id as step_id, i.total_minor - i.written_off_minor - i.credited_minor as open, s.fee_minor, row_number() over (partition by i.id, s.id order by r.day) as nth, row_number() over (partition by r.id order by i.due_on, i.id) as place
  from runs r
  join billing.invoices i on i.biz_id = r.biz_id and i.kind = 'ar' and i.status in ('finalized', 'partially_paid', 'uncollectible') and i.issued_on < r.day and i.due_on < r.day
  join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
  cross join lateral (select s.* from billing.dunning_policy_steps s where s.biz_id = i.biz_id and s.policy_id = a.dunning_policy_id and s.days_overdue <= r.day - i.due_on order by s.days_overdue desc limit 1) s
  where r.status = 'done'
), made as (
  insert into billing.dunning_runs (biz_id, id, as_of, status, invoice_count, action_count, failed_count, started_at, finished_at, error, created_at)
  select r.biz_id, r.id, r.day, r.status, case r.status when 'previewed' then 5 else coalesce(a.many, 0) end, coalesce(a.many, 0), coalesce(a.bad, 0), case when r.status <> 'previewed' then r.at end, case when r.status = 'done' then r.at + interval '40 seconds' end, case when r.status = 'failed' then 'The mail server did not answer.' end, r.at
  from runs r
  left join (select a.id, count(*) as many, count(*) filter (where a.place = 3 and a.n = 3) as bad from actions a where a.nth = 1 or a.place <> 1 group by a.id) a on a.id = r.id
)
insert into billing.dunning_actions (biz_id, id, run_id, invoice_id, step_id, outcome, detail, open_minor, fee_minor, currency, created_at)
select a.biz_id, overlay(md5(a.id::text || a.invoice_id || a.step_id) placing '8' from 13 for 1)::uuid, a.id, a.invoice_id, a.step_id, case when a.place = 3 and a.n = 3 then 'failed' when a.nth > 1 then 'skipped' else 'sent' end,
  case when a.place = 3 and a.n = 3 then 'The mailbox is full.' when a.nth > 1 then 'This step was taken already.' end, a.open, a.fee_minor, 'EUR', a.at
from actions a
where a.nth = 1 or a.place <> 1;

-- Deposits of bookings, payments by instalments
insert into billing.deposits (biz_id, id, booking_order_id, customer_id, required_minor, paid_minor, applied_minor, refunded_minor, forfeited_minor, currency, due_on, is_refundable, ledger_account_id, status, created_at)
select i.biz_id, pg_temp.id('deposit/' || i.number), i.source_id, i.customer_id, x.required, x.paid, 0, case when x.status = 'refunded' then x.paid else 0 end, case when x.status = 'forfeited' then x.paid else 0 end, 'EUR', i.business_date + 3, right(i.number, 1) not in ('3', '7'), pg_temp.id('account/2100'), x.status, i.created_at
from payments.payment_intents i
join booking.booking_orders o on o.biz_id = i.biz_id and o.id = i.source_id
cross join lateral (select case when o.status = 'confirmed' and right(i.number, 1) in ('1', '6') then i.amount_minor * 2 else i.amount_minor end as required, i.captured_minor as paid,
  case when i.captured_minor = 0 then case when right(i.number, 1) in ('0', '9') then 'waived' else 'due' end when i.refunded_minor = i.captured_minor then 'refunded' when o.status = 'cancelled' and i.refund_reserved_minor = 0 then 'forfeited'
    when o.status = 'confirmed' and right(i.number, 1) in ('1', '6') then 'partially_paid' else 'paid' end as status) x
where i.biz_id = pg_temp.biz() and i.description like 'Deposit%' and i.status <> 'canceled';

-- What was paid of them lies on a folio of the booking; what was kept is used there.
with x as materialized (
  select d.biz_id, d.id as deposit_id, d.customer_id, d.booking_order_id, o.location_id, i.number, t.id as transaction_id, t.amount_minor as amount, t.occurred_at as at, t.business_date as day, d.status = 'forfeited' as is_used,
    pg_temp.id('deposit-folio/' || i.number) as folio_id, pg_temp.id('deposit-receipt/' || i.number) as receipt_id, pg_temp.id('deposit-line/' || i.number) as line_id, row_number() over (order by i.number) as n
  from billing.deposits d
  join booking.booking_orders o on o.biz_id = d.biz_id and o.id = d.booking_order_id
  join payments.payment_intents i on i.biz_id = d.biz_id and d.id = pg_temp.id('deposit/' || i.number)
  join payments.payment_transactions t on t.biz_id = i.biz_id and t.intent_id = i.id and t.kind = 'capture'
  where d.biz_id = pg_temp.biz() and d.status in ('partially_paid', 'paid', 'forfeited')
), folios as (
  insert into billing.folios (biz_id, id, number, kind, location_id, booking_order_id, owner_customer_id, currency, created_at)
  select x.biz_id, x.folio_id, 'F-' || lpad((500 + x.n)::text, 6, '0'), 'guest', x.location_id, x.booking_order_id, x.customer_id, 'EUR', x.at from x
), receipts as (
  insert into billing.receipts (biz_id, id, number, location_id, customer_id, payment_transaction_id, amount_minor, unapplied_minor, currency, method, reference, received_at, business_date, created_at)
  select x.biz_id, x.receipt_id, 'RC-' || lpad((500 + x.n)::text, 6, '0'), x.location_id, x.customer_id, x.transaction_id, x.amount, x.amount, 'EUR', 'card', x.number, x.at, x.day, x.at from x
), lines as (
  insert into billing.folio_line_items (biz_id, id, folio_id, kind, description, category, business_date, occurred_at, quantity, amount_minor, currency, created_at)
  select x.biz_id, x.line_id, x.folio_id, case when x.is_used then 'deposit_used' else 'payment' end, case when x.is_used then 'Deposit used' else 'Deposit paid by card' end, 'payment', x.day, x.at, 1, -x.amount, 'EUR', x.at from x
  union all
  select x.biz_id, pg_temp.id('deposit-kept/' || x.number), x.folio_id, 'charge', 'Deposit kept', 'cancellation', x.day, x.at, 1, x.amount, 'EUR', x.at from x where x.is_used
)
insert into billing.payment_allocations (biz_id, id, receipt_id, folio_id, folio_line_id, deposit_id, amount_minor, currency, business_date, created_at)
select x.biz_id, pg_temp.id('deposit-set/' || x.number), x.receipt_id, x.folio_id, x.line_id, x.deposit_id, x.amount, 'EUR', x.day, x.at from x;
update billing.deposits d set folio_id = a.folio_id from billing.payment_allocations a where d.biz_id = pg_temp.biz() and a.biz_id = d.biz_id and a.deposit_id = d.id and d.folio_id is null;
insert into billing.payment_schedules (biz_id, id, source_type, source_id, seq, due_on, amount_minor, paid_minor, plan_total_minor, currency, status, paid_at, created_at)
select o.biz_id, pg_temp.id('instalment/' || o.n || '/' || s.seq || s.status), 'BookingOrder', o.id, s.seq, pg_temp.day(s.day), s.amount, case when s.status = 'paid' then s.amount else 0 end, o.total_minor, 'EUR', s.status, case when s.status = 'paid' then pg_temp.at(s.day, '12:00') end, pg_temp.at(-20, '12:00')
from (select o.*, row_number() over (order by o.number desc) as n from booking.booking_orders o where o.biz_id = pg_temp.biz() and o.status = 'confirmed' and o.kind = 'stay') o
cross join lateral (values (1, -15, o.total_minor / 3, 'paid'), (2, 5 + o.n::integer, o.total_minor / 3, 'scheduled'), (3, 20 + o.n::integer, o.total_minor - 2 * (o.total_minor / 3), 'scheduled'), (2, 1, o.total_minor / 3, 'canceled')) s (seq, day, amount, status)
where o.n between 30 and 34 and (s.status <> 'canceled' or o.n = 30);

-- Statements of the last two months
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
select pg_temp.make_statements(2, 0);
select pg_temp.make_statements(1, 10);

-- What became of the invoices, and their copies at the tax authority
insert into billing.invoice_events (biz_id, id, invoice_id, kind, occurred_at, detail, created_at)
select i.biz_id, overlay(md5(i.id || v.kind) placing '8' from 13 for 1)::uuid, i.id, v.kind, least(v.at, now()), v.detail, least(v.at, now())
from billing.invoices i
cross join lateral (values
  ('finalized', i.issued_at, null, true), ('sent', i.sent_at, 'By mail', i.sent_at is not null), ('viewed', i.sent_at + interval '20 hours', null, i.kind = 'ar' and right(i.number, 1) in ('1', '3', '5', '6', '8')),
  ('paid', i.issued_at + interval '2 minutes', null, i.kind = 'invoice' and i.status = 'paid'), ('paid', i.due_on - interval '2 days', null, i.kind <> 'invoice' and i.status = 'paid'), ('voided', i.voided_at, i.void_reason, i.status = 'voided'), ('disputed', i.disputed_at, 'The number of guests is contested', i.disputed_at is not null),
  ('credited', i.issued_at + interval '4 days', null, i.credit_noted_minor > 0), ('written_off', i.due_on + interval '60 days', null, i.written_off_minor > 0), ('reminded', i.due_on + interval '6 days', 'Friendly reminder', i.kind = 'ar' and i.open_minor > 0 and i.due_on < pg_temp.day(-6))) v (kind, at, detail, is_so)
where i.biz_id = pg_temp.biz() and i.number is not null and v.is_so;
insert into billing.fiscal_documents (biz_id, id, invoice_id, credit_note_id, authority, authority_ref, status, attempts, next_attempt_at, sent_at, answered_at, response, error_code, error_message, is_contingency, cancel_reason, created_at)
select d.biz_id, overlay(md5(coalesce(d.invoice_id, d.credit_note_id) || 'at') placing '8' from 13 for 1)::uuid, d.invoice_id, d.credit_note_id, 'at', case when x.status in ('accepted', 'cancel_requested', 'cancelled') then 'ATCUD-' || upper(left(md5(d.number), 8)) || '-' || d.series_no end, x.status,
  case x.status when 'pending' then 0 when 'rejected' then 2 else 1 end, case when x.status in ('pending', 'sent', 'cancel_requested') then now() + interval '10 minutes' end, case when x.status <> 'pending' then d.at end, case when x.status not in ('pending', 'sent') then d.at + interval '9 seconds' end,
  case when x.status not in ('pending', 'sent') then jsonb_build_object('code', case x.status when 'rejected' then '-12' else '0' end, 'document', d.number) end, case x.status when 'rejected' then '-12' end, case x.status when 'rejected' then 'The tax number of the buyer is not valid.' end, x.status = 'accepted' and d.n = 6,
  case when x.status in ('cancel_requested', 'cancelled') then 'Made out to the wrong address' end, d.at
from (
  select y.*, row_number() over (order by y.at desc, y.number) as n
  from (
    select i.biz_id, i.id as invoice_id, null::uuid as credit_note_id, i.number, i.series_no, i.issued_at as at, i.status::text from billing.invoices i where i.biz_id = pg_temp.biz() and i.series_no is not null
    union all
    select c.biz_id, null, c.id, c.number, c.series_no, c.issued_at, c.status::text from billing.credit_notes c where c.biz_id = pg_temp.biz() and c.series_no is not null
  ) y
) d
cross join lateral (select case when d.status = 'voided' then 'cancelled' when d.n = 1 then 'pending' when d.n = 2 then 'sent' when d.n in (5, 11) then 'rejected' when d.n = 9 then 'cancel_requested' else 'accepted' end as status) x;

-- The books: what companies owe, paid, and will not pay
with k as materialized (select pg_temp.biz() as biz_id), e as materialized (
  select y.*, overlay(md5(y.source_id || y.kind || 'books') placing '8' from 13 for 1)::uuid as id, row_number() over (order by y.day, y.source_id) as n
  from (
    select i.biz_id, case when i.kind = 'deposit' then 'deposit' else 'sale' end as kind, 'Invoice' as source_type, i.id as source_id, i.location_id, i.issued_on as day, 'Invoice ' || i.number as description, a.ledger_account_id as debit, case when i.folio_id is not null then '1100' when i.kind = 'deposit' then '2100' else '4040' end as credit, i.total_minor as amount, case when i.folio_id is null and i.kind = 'ar' then i.tax_minor else 0 end as tax
    from k join billing.invoices i on i.biz_id = k.biz_id and i.kind <> 'proforma' and i.number is not null and i.status <> 'voided' join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
    union all
    select r.biz_id, 'payment', 'Receipt', r.id, null, r.business_date, 'Receipt ' || r.number, pg_temp.id('account/1020'), a.ledger_account_id::text, r.amount_minor, 0
    from k join billing.receipts r on r.biz_id = k.biz_id and r.status = 'recorded' join billing.billing_accounts a on a.biz_id = r.biz_id and a.id = r.billing_account_id
    union all
    select w.biz_id, 'write_off', 'WriteOff', w.id, null, w.business_date, 'Written off of ' || i.number, pg_temp.id('account/5020'), a.ledger_account_id::text, w.amount_minor, 0
    from k join billing.write_offs w on w.biz_id = k.biz_id and w.status = 'approved' join billing.invoices i on i.biz_id = w.biz_id and i.id = w.invoice_id join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
    union all
    select c.biz_id, 'adjustment', 'CreditNote', c.id, null, c.issued_on, 'Credit note ' || c.number, pg_temp.id('account/4090'), a.ledger_account_id::text, c.total_minor, 0
    from k join billing.credit_notes c on c.biz_id = k.biz_id and c.status = 'finalized' join billing.invoices i on i.biz_id = c.biz_id and i.id = c.invoice_id join billing.billing_accounts a on a.biz_id = i.biz_id and a.id = i.billing_account_id
  ) y
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, source_type, source_id, location_id, business_date, occurred_at, description, posting_count, created_at)
  select e.biz_id, e.id, 'JE-' || lpad((600 + e.n)::text, 6, '0'), e.kind, case when e.source_type = 'WriteOff' then null else e.source_type end, case when e.source_type = 'WriteOff' then null else e.source_id end, e.location_id, e.day, e.day + interval '12 hours', e.description, case when e.tax > 0 then 3 else 2 end, e.day + interval '12 hours' from e
)
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
select e.biz_id, overlay(md5(e.id || ':' || p.line_no) placing '8' from 13 for 1)::uuid, e.id, p.line_no, p.account_id, p.side, p.amount, 'EUR', e.day, e.day + interval '12 hours'
from e
cross join lateral (values
  (1, e.debit, 'debit', e.amount),
  (2, case when length(e.credit) = 4 then pg_temp.id('account/' || e.credit) else e.credit::uuid end, 'credit', e.amount - e.tax),
  (3, pg_temp.id('account/2200'), 'credit', e.tax)) p (line_no, account_id, side, amount)
where p.amount > 0;

-- An account that does not pay may not buy; one is closed. Old periods take no more entries.
update billing.billing_accounts a set status = 'on_hold' where a.biz_id = pg_temp.biz() and a.id = pg_temp.id('account-of/cine');
insert into billing.billing_accounts (biz_id, id, number, name, customer_id, currency, payment_days, tax_id, status, created_at)
values (pg_temp.biz(), pg_temp.id('account-of/old'), 'AR-000006', 'João Gonçalves, eventos', pg_temp.customer(1), 'EUR', 8, '209000660', 'closed', pg_temp.at(-400, '10:00'));
insert into ledger.period_locks (biz_id, id, location_id, kind, through_date, status, locked_by_id, locked_at)
select pg_temp.biz(), pg_temp.id('period/' || v.kind || v.back), null, v.kind, case v.kind when 'year' then (date_trunc('year', d.today) - interval '1 day')::date else (date_trunc('month', d.today) - make_interval(months => v.back) - interval '1 day')::date end, v.status,
  case when v.status = 'locked' then pg_temp.person('owner') end, case when v.status = 'locked' then (date_trunc('month', d.today) - make_interval(months => v.back) + interval '6 days 15 hours') end
from (values ('month', 1, 'locked'), ('month', 2, 'locked'), ('month', 3, 'locked'), ('month', 0, 'open'), ('year', 0, 'locked')) v (kind, back, status)
cross join (select pg_temp.day()::timestamp as today) d;
