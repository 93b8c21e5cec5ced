-- The books of the hotels: chart of accounts, daily sales from the nights that were slept, what was paid out of the bank,
-- amounts set aside, and what was compared with statements and counts.
-- Others may use the accounts (ledger.accounts, EUR): account/1010 (cash LIS) /1011 (cash CAS) /1020 (bank) /1030 (online cards)
-- /1031 (card terminals) /1100 (guest ledger) /1200 (city ledger) /1300 (stock) /2000 (suppliers) /2100 (advance deposits)
-- /2150 (gift cards and credit) /2200 (IVA) /2210 (city tax) /2300 (tips) /4010 (rooms) /4020 (food and drink) /4030 (spa)
-- /4040 (other) /4090 (allowances) /5010 (card fees) /5020 (bad debts) /5030 (chargebacks) /5040 (laundry) /5050 (energy)
-- /5060 (wages) /5070 (cost of food). Numbers of entries JE-000001 to JE-000999 are taken here, in 10 and in 18.
select core.take_numbers('journal_entry', 'JE', '', 999);

-- Chart of accounts
insert into ledger.accounts (biz_id, id, parent_id, code, name, type, normal_side, currency, is_negative_allowed, closed_at)
select pg_temp.biz(), pg_temp.id('account/' || v.code), case when v.parent is not null then pg_temp.id('account/' || v.parent) end,
  v.code, v.name, v.type, v.side, 'EUR', v.negative, case when v.code = '1021' then pg_temp.at(-40, '12:00') end
from (values
  ('1000', null, 'Current assets', 'asset', 'debit', true),
  ('1010', '1000', 'Cash at the desk, Lisbon', 'asset', 'debit', false),
  ('1011', '1000', 'Cash at the desk, Cascais', 'asset', 'debit', false),
  ('1020', '1000', 'Banco do Estuário, current account', 'asset', 'debit', true),
  ('1021', '1000', 'Caixa da Marginal, old account', 'asset', 'debit', true),
  ('1030', '1000', 'Online cards, in clearing', 'asset', 'debit', true),
  ('1031', '1000', 'Card terminals, in clearing', 'asset', 'debit', true),
  ('1100', '1000', 'Guest ledger', 'asset', 'debit', true),
  ('1200', '1000', 'City ledger', 'asset', 'debit', true),
  ('1300', '1000', 'Stock', 'asset', 'debit', true),
  ('2000', null, 'Suppliers', 'liability', 'credit', true),
  ('2100', null, 'Advance deposits', 'liability', 'credit', true),
  ('2150', null, 'Gift cards and credit', 'liability', 'credit', true),
  ('2200', null, 'IVA collected', 'liability', 'credit', true),
  ('2210', null, 'City tax collected', 'liability', 'credit', true),
  ('2300', null, 'Tips to hand out', 'liability', 'credit', true),
  ('3000', null, 'Capital and reserves', 'equity', 'credit', true),
  ('4000', null, 'Revenue', 'revenue', 'credit', true),
  ('4010', '4000', 'Rooms', 'revenue', 'credit', true),
  ('4020', '4000', 'Food and drink', 'revenue', 'credit', true),
  ('4030', '4000', 'Spa', 'revenue', 'credit', true),
  ('4040', '4000', 'Other revenue', 'revenue', 'credit', true),
  ('4090', '4000', 'Allowances', 'revenue', 'debit', true),
  ('5000', null, 'Expenses', 'expense', 'debit', true),
  ('5010', '5000', 'Card and bank fees', 'expense', 'debit', true),
  ('5020', '5000', 'Bad debts', 'expense', 'debit', true),
  ('5030', '5000', 'Chargebacks', 'expense', 'debit', true),
  ('5040', '5000', 'Laundry', 'expense', 'debit', true),
  ('5050', '5000', 'Energy and water', 'expense', 'debit', true),
  ('5060', '5000', 'Wages', 'expense', 'debit', true),
  ('5070', '5000', 'Cost of food and drink', 'expense', 'debit', true)
) v (code, parent, name, type, side, negative);

-- Entries with their postings: a name, its day and place, then its lines
with k as materialized (
  select b.id as biz_id, pg_temp.day() as today, b.default_timezone as zone from core.bizes b where b.id = pg_temp.biz()
), rooms as (
  select l.code as place, n.stay_date - k.today as n, sum(n.rate_minor)::bigint as gross, count(*) as nights
  from k
  join booking.booking_orders o on o.biz_id = k.biz_id and o.kind = 'stay' and o.status in ('completed', 'in_progress')
  join hospitality.reservation_nights n on n.biz_id = k.biz_id and n.booking_order_id = o.id
    and n.stay_date between k.today - 27 and k.today - 1 and n.released_at is null
  join core.locations l on l.biz_id = k.biz_id and l.id = o.location_id
  group by l.code, n.stay_date, k.today
), spa as (
  select o.business_date - k.today as n, sum(o.total_minor)::bigint as gross, count(*) as visits
  from k
  join booking.booking_orders o on o.biz_id = k.biz_id and o.kind = 'appointment' and o.status = 'completed'
    and o.business_date between k.today - 27 and k.today - 1
  group by o.business_date, k.today
), meals as (
  select s.n, p.place, 28000 + p.more + (s.n * s.n * 937 + p.more) % 21000 as gross
  from generate_series(-27, -1) s (n)
  cross join (values ('LIS', 13400), ('CAS', 2100)) p (place, more)
), e (name, kind, place, n, hour, description, reverses) as (
  select 'rooms/' || r.place || r.n, 'sale', r.place, r.n, time '23:40', 'Room charges of the night, ' || r.nights || ' rooms', null from rooms r
  union all
  select 'meals/' || m.place || m.n, 'sale', m.place, m.n, time '23:15', 'Restaurant and bar of the day', null from meals m
  union all
  select 'spa/' || s.n, 'sale', 'SPA', s.n, time '20:10', s.visits || ' treatments', null from spa s
  union all
  select 'banked/' || w.n, 'payout', 'LIS', w.n, time '10:30', 'Cash of the week taken to the bank', null from (values (-24), (-17), (-10), (-3)) w (n)
  union all
  select v.name, v.kind, v.place, v.n, v.hour, v.description, v.reverses
  from (values
    ('opening', 'opening', null, -28, time '08:00', 'Balances taken over from the old books', null),
    ('laundry/1', 'payment', 'LIS', -21, time '11:00', 'Lavandaria Branca, weekly linen', null),
    ('laundry/2', 'payment', 'LIS', -14, time '11:00', 'Lavandaria Branca, weekly linen', null),
    ('laundry/3', 'payment', 'LIS', -7, time '11:00', 'Lavandaria Branca, weekly linen', null),
    ('energy', 'payment', null, -12, time '09:20', 'Electricity and water of both houses', null),
    ('wages', 'payment', null, -19, time '16:00', 'Wages of the month', null),
    ('iva', 'tax', null, -11, time '10:00', 'IVA of the quarter paid to the tax office', null),
    ('gift', 'entitlement', 'SPA', -9, time '17:20', 'Three gift cards sold at the spa desk', null),
    ('gift-used', 'entitlement', 'SPA', -4, time '15:45', 'Gift card used for an Atlantic ritual', null),
    ('group-deposit', 'deposit', 'CAS', -16, time '12:10', 'Deposit for the autumn sailing group', null),
    ('minibar', 'adjustment', 'LIS', -6, time '13:00', 'Minibar stock found short, room 302', null),
    ('energy-twice', 'payment', null, -8, time '09:30', 'Electricity, entered a second time by mistake', null),
    ('energy-undone', 'reversal', null, -5, time '14:30', 'Electricity was entered twice', 'energy-twice'),
    ('small-debt', 'write_off', 'LIS', -5, time '18:00', 'Unpaid minibar of a departed guest', null),
    ('held/1', 'payment', 'LIS', -15, time '12:00', 'Damage deposit of room 401 kept in part', null),
    ('held/2', 'payout', null, -13, time '15:00', 'Refund float moved to the clearing account', null)
  ) v (name, kind, place, n, hour, description, reverses)
), l (name, line_no, code, side, amount) as (
  select 'rooms/' || r.place || r.n, x.line_no, x.code, x.side, x.amount
  from rooms r
  cross join lateral (values
    (1, '1100', 'debit', r.gross),
    (2, '4010', 'credit', r.gross - round(r.gross * 6 / 106.0)::bigint),
    (3, '2200', 'credit', round(r.gross * 6 / 106.0)::bigint)) x (line_no, code, side, amount)
  union all
  select 'meals/' || m.place || m.n, x.line_no, x.code, x.side, x.amount
  from meals m
  cross join lateral (values
    (1, '1031', 'debit', m.gross - m.gross / 4),
    (2, case m.place when 'LIS' then '1010' else '1011' end, 'debit', (m.gross / 4)::bigint),
    (3, '4020', 'credit', m.gross - round(m.gross * 13 / 113.0)::bigint),
    (4, '2200', 'credit', round(m.gross * 13 / 113.0)::bigint)) x (line_no, code, side, amount)
  union all
  select 'spa/' || s.n, x.line_no, x.code, x.side, x.amount
  from spa s
  cross join lateral (values
    (1, '1100', 'debit', s.gross),
    (2, '4030', 'credit', s.gross - round(s.gross * 23 / 123.0)::bigint),
    (3, '2200', 'credit', round(s.gross * 23 / 123.0)::bigint)) x (line_no, code, side, amount)
  union all
  select 'banked/' || w.n, x.line_no, x.code, x.side, x.amount
  from (values (-24, 31000), (-17, 84000), (-10, 86500), (-3, 79500)) w (n, amount)
  cross join lateral (values (1, '1020', 'debit', w.amount), (2, '1010', 'credit', w.amount)) x (line_no, code, side, amount)
  union all
  select v.*
  from (values
    ('opening', 1, '1020', 'debit', 8431250), ('opening', 2, '1010', 'debit', 50000), ('opening', 3, '1011', 'debit', 40000),
    ('opening', 4, '1300', 'debit', 1284000), ('opening', 5, '2200', 'credit', 1912400), ('opening', 6, '3000', 'credit', 7892850),
    ('laundry/1', 1, '5040', 'debit', 61440), ('laundry/1', 2, '1020', 'credit', 61440),
    ('laundry/2', 1, '5040', 'debit', 58310), ('laundry/2', 2, '1020', 'credit', 58310),
    ('laundry/3', 1, '5040', 'debit', 63980), ('laundry/3', 2, '1020', 'credit', 63980),
    ('energy', 1, '5050', 'debit', 214790), ('energy', 2, '1020', 'credit', 214790),
    ('wages', 1, '5060', 'debit', 3120400), ('wages', 2, '1020', 'credit', 3120400),
    ('iva', 1, '2200', 'debit', 1912400), ('iva', 2, '1020', 'credit', 1912400),
    ('gift', 1, '1031', 'debit', 27000), ('gift', 2, '2150', 'credit', 27000),
    ('gift-used', 1, '2150', 'debit', 13500), ('gift-used', 2, '1100', 'credit', 13500),
    ('group-deposit', 1, '1020', 'debit', 180000), ('group-deposit', 2, '2100', 'credit', 180000),
    ('minibar', 1, '5070', 'debit', 2860), ('minibar', 2, '1300', 'credit', 2860),
    ('energy-twice', 1, '5050', 'debit', 96420), ('energy-twice', 2, '1020', 'credit', 96420),
    ('energy-undone', 1, '5050', 'credit', 96420), ('energy-undone', 2, '1020', 'debit', 96420),
    ('small-debt', 1, '5020', 'debit', 1450), ('small-debt', 2, '1100', 'credit', 1450),
    ('held/1', 1, '1030', 'debit', 9000), ('held/1', 2, '4040', 'credit', 9000),
    ('held/2', 1, '1030', 'debit', 60000), ('held/2', 2, '1020', 'credit', 60000)
  ) v (name, line_no, code, side, amount)
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, location_id, business_date, occurred_at, description, posting_count, reverses_id, created_at)
  select k.biz_id, pg_temp.id('journal/' || e.name),
    'JE-' || lpad((row_number() over (order by e.n, e.hour, e.name))::text, 6, '0'),
    e.kind, p.id, k.today + e.n, (k.today + e.n + e.hour) at time zone k.zone, e.description,
    c.many, case when e.reverses is not null then pg_temp.id('journal/' || e.reverses) end,
    (k.today + e.n + e.hour) at time zone k.zone
  from k
  cross join e
  join (select l.name, count(*) as many from l group by l.name) c on c.name = e.name
  left join core.locations p on p.biz_id = k.biz_id and p.code = e.place
  returning id, business_date, occurred_at
), named as materialized (
  select e.name, pg_temp.id('journal/' || e.name) as id, k.biz_id, k.today + e.n as day, (k.today + e.n + e.hour) at time zone k.zone as occurred_at
  from k cross join e
)
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
select n.biz_id, overlay(md5(n.id || ':' || l.line_no) placing '8' from 13 for 1)::uuid, n.id, l.line_no, a.id, l.side, l.amount, 'EUR', n.day, n.occurred_at
from named n
join l on l.name = n.name
join ledger.accounts a on a.biz_id = n.biz_id and a.code = l.code and a.owner_id is null;

-- Amounts set aside
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency, description, expires_at, created_at)
select pg_temp.biz(), pg_temp.id('pending/' || v.n), pg_temp.id('account/' || v.debit), pg_temp.id('account/' || v.credit), v.amount, 'EUR',
  v.description, pg_temp.at(v.made + 30, '12:00'), pg_temp.at(v.made, '12:00')
from (values
  (1, '1030', '4040', 25000, 'Damage deposit of room 401', -18),
  (2, '1030', '1020', 60000, 'Refund float for the holidays', -14),
  (3, '1030', '4040', 25000, 'Damage deposit of room 402', -11),
  (4, '1030', '2100', 48000, 'Deposit of a wedding party, option until Friday', -33),
  (5, '1030', '4040', 25000, 'Damage deposit of room 301', -2),
  (6, '1020', '1010', 76000, 'Cash bag 118 on its way to the bank', -1),
  (7, '1030', '2100', 36000, 'Deposit of a yoga weekend, option until Monday', -3)
) v (n, debit, credit, amount, description, made);
update ledger.pending_transfers t
set status = v.status, resolved_at = pg_temp.at(v.done, '12:00'), posted_amount_minor = v.posted,
  journal_entry_id = case when v.posted is not null then pg_temp.id('journal/held/' || v.n) end
from (values (1, 'posted', -15, 9000), (2, 'posted', -13, 60000), (3, 'voided', -8, null), (4, 'expired', -3, null)) v (n, status, done, posted)
where t.biz_id = pg_temp.biz() and t.id = pg_temp.id('pending/' || v.n);

-- Compared with statements and counts
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency, status, differences, explanation, created_at)
select pg_temp.biz(), pg_temp.id('reconciliation/' || v.n), a.id, v.ref, pg_temp.day(v.as_of), x.balance, x.balance + v.off, 'EUR', v.status, v.differences::jsonb, v.explanation, pg_temp.at(v.as_of + 1, '10:00')
from (values
  (1, '1020', 'Statement 40', -14, 0, 'open', '[]', null),
  (2, '1020', 'Statement 41', -7, 0, 'open', '[]', null),
  (3, '1020', 'Statement 42', -1, -1250, 'open', '[]', null),
  (4, '1010', 'Cash count 211', -2, -500, 'differences', '[{"line": "Drawer 1", "expected": 21450, "found": 20950}]', null),
  (5, '1011', 'Cash count 97', -2, 0, 'matched', '[]', null),
  (6, '1031', 'Terminal totals, last week', -5, 2400, 'explained', '[{"line": "Batch 3307, tip added on the slip", "amount": 2400}]', 'A tip was added on the paper slip and typed in by the acquirer; posted with the next close.')
) v (n, code, ref, as_of, off, status, differences, explanation)
join ledger.accounts a on a.biz_id = pg_temp.biz() and a.id = pg_temp.id('account/' || v.code)
cross join lateral (
  select coalesce(sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end), 0)::bigint as balance
  from ledger.postings p
  where p.biz_id = a.biz_id and p.account_id = a.id and p.business_date <= pg_temp.day(v.as_of)
) x;
insert into ledger.reconciled_postings (biz_id, reconciliation_id, posting_id, statement_line, created_at)
select p.biz_id, r.id, p.id, right(r.statement_ref, 2) || '/' || lpad((row_number() over (partition by r.id order by p.business_date, p.id))::text, 3, '0'), r.created_at
from ledger.postings p
join lateral (
  select r.* from ledger.reconciliations r
  where r.biz_id = p.biz_id and r.account_id = p.account_id and r.as_of >= p.business_date and r.statement_ref like 'Statement%'
  order by r.as_of limit 1
) r on r.as_of < pg_temp.day(-1) or p.amount_minor > 60000
where p.biz_id = pg_temp.biz() and p.account_id = pg_temp.id('account/1020');
update ledger.reconciliations r set status = 'matched' where r.biz_id = pg_temp.biz() and r.statement_ref in ('Statement 40', 'Statement 41');
update ledger.reconciliations r set status = 'closed', closed_by_id = pg_temp.person('owner'), closed_at = pg_temp.at(-12, '17:00')
where r.biz_id = pg_temp.biz() and r.statement_ref = 'Statement 40';

-- Periods: the night that is open, one that was opened again; the months are locked in 18_billing.sql
insert into ledger.period_locks (biz_id, id, location_id, kind, through_date, status, locked_by_id, locked_at, reopen_requested_by_id, reopened_by_id, reopened_at, reopen_reason)
select pg_temp.biz(), pg_temp.id('period/' || v.place || v.n), pg_temp.location(v.place), 'night', pg_temp.day(v.n), v.status,
  case when v.status <> 'open' then pg_temp.person('desk') end, case when v.status <> 'open' then pg_temp.at(v.n + 1, '04:20') end,
  case when v.status <> 'open' then pg_temp.person('desk') end, case when v.status <> 'open' then pg_temp.person('owner') end,
  case when v.status <> 'open' then pg_temp.at(v.n + 1, '09:40') end, case when v.status <> 'open' then 'Minibar of room 204 was posted to room 104' end
from (values ('LIS', -1, 'open'), ('CAS', -1, 'open'), ('SPA', -1, 'open'), ('LIS', -3, 'reopened')) v (place, n, status);
