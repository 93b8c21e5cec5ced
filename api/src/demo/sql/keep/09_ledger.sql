-- The books of the pallet store: chart of accounts, what it costs to run, amounts set aside, bank statements.
-- Others may use the accounts (ledger.accounts, MYR): account/1010 (petty cash) /1020 (bank) /1030 (online transfers) /1200 (receivables)
-- /1300 (consumables) /2000 (suppliers) /2100 (deposits) /2200 (service tax) /4010 (ambient) /4020 (chilled) /4030 (handling) /5010 (bank charges)
-- /5020 (bad debts) /5030 (electricity) /5040 (diesel) /5050 (wages). Numbers of entries JE-000001 to JE-000499 are taken here, in 10 and in 18.
select core.take_numbers('journal_entry', 'JE', '', 499);
insert into ledger.accounts (biz_id, id, parent_id, code, name, type, normal_side, currency, is_negative_allowed)
select pg_temp.biz(), pg_temp.id('account/' || v.code), case when v.parent is not null then pg_temp.id('account/' || v.parent) end, v.code, v.name, v.type, v.side, 'MYR', v.code <> '1010'
from (values
  ('1000', null, 'Current assets', 'asset', 'debit'), ('1010', '1000', 'Petty cash, Port Klang', 'asset', 'debit'), ('1020', '1000', 'Bank Selat, current account', 'asset', 'debit'), ('1030', '1000', 'Online transfers, in clearing', 'asset', 'debit'),
  ('1200', '1000', 'Trade receivables', 'asset', 'debit'), ('1300', '1000', 'Pallets and wrap', 'asset', 'debit'), ('2000', null, 'Suppliers', 'liability', 'credit'), ('2100', null, 'Deposits of customers', 'liability', 'credit'), ('2200', null, 'Service tax', 'liability', 'credit'),
  ('3000', null, 'Share capital and reserves', 'equity', 'credit'), ('4000', null, 'Revenue', 'revenue', 'credit'), ('4010', '4000', 'Storage, ambient', 'revenue', 'credit'), ('4020', '4000', 'Storage, chilled', 'revenue', 'credit'), ('4030', '4000', 'Handling and forklifts', 'revenue', 'credit'), ('4090', '4000', 'Credits given', 'revenue', 'debit'),
  ('5000', null, 'Expenses', 'expense', 'debit'), ('5010', '5000', 'Bank charges', 'expense', 'debit'), ('5020', '5000', 'Bad debts', 'expense', 'debit'), ('5030', '5000', 'Electricity', 'expense', 'debit'), ('5040', '5000', 'Diesel and gas', 'expense', 'debit'), ('5050', '5000', 'Wages', 'expense', 'debit')
) v (code, parent, name, type, side);

-- Entries: one debit, one credit each
with k as materialized (
  select b.id as biz_id, pg_temp.day() as today, b.default_timezone as zone from core.bizes b where b.id = pg_temp.biz()
), e (name, kind, place, n, description, debit, credit, amount, reverses) as (
  values
    ('opening/bank', 'opening', null, -28, 'Balance taken over: bank', '1020', '3000', 18640000, null), ('opening/cash', 'opening', null, -28, 'Balance taken over: petty cash', '1010', '3000', 80000, null), ('opening/stock', 'opening', null, -28, 'Balance taken over: pallets and wrap', '1300', '3000', 1245000, null),
    ('wages', 'payment', null, -21, 'Wages of the month', '5050', '1020', 3865000, null), ('power/pkl', 'payment', 'PKL', -16, 'Electricity, chilled hall and offices', '5030', '1020', 1178340, null), ('power/sha', 'payment', 'SHA', -15, 'Electricity', '5030', '1020', 214410, null),
    ('tax', 'tax', null, -12, 'Service tax of two months', '2200', '1020', 486200, null), ('rent-deposit', 'deposit', 'PKL', -18, 'Deposit of a new customer, six bays', '1020', '2100', 450000, null), ('pallets', 'adjustment', 'PKL', -9, 'Broken pallets written down', '5040', '1300', 18600, null),
    ('twice', 'payment', 'SHA', -8, 'Gas bottles, entered twice', '5040', '1020', 52800, null), ('undone', 'reversal', 'SHA', -6, 'Gas bottles were entered twice', '1020', '5040', 52800, 'twice'), ('charges', 'fee', null, -5, 'Bank charges', '5010', '1020', 4250, null),
    ('held/1', 'payout', null, -10, 'Float moved to the clearing account', '1030', '1020', 150000, null), ('held/2', 'deposit', 'PKL', -7, 'Deposit kept for damaged racking', '2100', '4030', 60000, null)
  union all
  select 'diesel/' || n, 'payment', case when n % 2 = 0 then 'PKL' else 'SHA' end, n, 'Diesel and gas for the forklifts', '5040', '1010', 4200 + (-n * 371) % 2900, null from generate_series(-26, -2, 4) n
  union all
  select 'refill/' || n, 'payout', null, n, 'Petty cash filled up', '1010', '1020', 30000, null from (values (-20), (-6)) v (n)
  union all
  select 'walk-in/' || n, 'sale', case when n % 2 = 0 then 'PKL' else 'SHA' end, n, 'Forklift by the hour, paid by transfer', '1030', '4030', 13000 + (-n * 1300) % 3 * 6500, null from generate_series(-27, -1, 2) n
), m as materialized (
  select e.*, k.biz_id, k.today + e.n as day, (k.today + e.n + time '10:00') at time zone k.zone as at, pg_temp.id('journal/' || e.name) as id, row_number() over (order by e.n, e.name) as no from k cross join e
), entries as (
  insert into ledger.journal_entries (biz_id, id, number, kind, location_id, business_date, occurred_at, description, posting_count, reverses_id, created_at)
  select m.biz_id, m.id, 'JE-' || lpad(m.no::text, 6, '0'), m.kind, p.id, m.day, m.at, m.description, 2, case when m.reverses is not null then pg_temp.id('journal/' || m.reverses) end, m.at
  from m left join core.locations p on p.biz_id = m.biz_id and p.code = m.place
)
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date, created_at)
select m.biz_id, overlay(md5(m.id || ':' || l.line_no) placing '8' from 13 for 1)::uuid, m.id, l.line_no, a.id, l.side, m.amount, 'MYR', m.day, m.at
from m
cross join lateral (values (1, m.debit, 'debit'), (2, m.credit, 'credit')) l (line_no, code, side)
join ledger.accounts a on a.biz_id = m.biz_id and a.code = l.code;

-- Amounts set aside
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency, description, expires_at, created_at)
select pg_temp.biz(), pg_temp.id('pending/' || v.n), pg_temp.id('account/' || v.debit), pg_temp.id('account/' || v.credit), v.amount, 'MYR', v.description, pg_temp.at(v.made + 21, '18:00'), pg_temp.at(v.made, '12:00')
from (values (1, '1030', '1020', 150000, 'Float for refunds', -11), (2, '2100', '4030', 90000, 'Racking of bay 3, damage being assessed', -14), (3, '2100', '4030', 40000, 'Torn curtain of the chilled hall', -13), (4, '1030', '2100', 120000, 'Deposit of a seasonal customer', -24), (5, '2100', '4030', 25000, 'Bent upright, bay 6', -2)) v (n, debit, credit, amount, description, made);
update ledger.pending_transfers t
set status = v.status, resolved_at = pg_temp.at(v.done, '12:00'), posted_amount_minor = v.posted, journal_entry_id = case when v.posted is not null then pg_temp.id('journal/held/' || v.n) end
from (values (1, 'posted', -10, 150000), (2, 'posted', -7, 60000), (3, 'voided', -9, null), (4, 'expired', -3, null)) v (n, status, done, posted)
where t.biz_id = pg_temp.biz() and t.id = pg_temp.id('pending/' || v.n);

-- Compared with statements and counts
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency, status, differences, explanation, created_at)
select pg_temp.biz(), pg_temp.id('reconciliation/' || v.n), a.id, v.ref, pg_temp.day(v.as_of), x.balance, x.balance + v.off, 'MYR', v.status, v.differences::jsonb, v.explanation, pg_temp.at(v.as_of + 1, '10:00')
from (values (1, '1020', 'Bank statement 10', -14, 0, 'open', '[]', null), (2, '1020', 'Bank statement 11', -2, 0, 'open', '[]', null), (3, '1010', 'Petty cash count', -1, -1000, 'differences', '[{"line": "Voucher 44 without receipt", "amount": -1000}]', null), (4, '1030', 'Transfers of last week', -4, 6500, 'explained', '[{"line": "Transfer without reference", "amount": 6500}]', 'Paid by the driver himself; the customer confirmed by phone.')) v (n, code, ref, as_of, off, status, differences, explanation)
join ledger.accounts a on a.biz_id = pg_temp.biz() and a.id = pg_temp.id('account/' || v.code)
cross join lateral (select coalesce(sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end), 0)::bigint as balance from ledger.postings p where p.biz_id = a.biz_id and p.account_id = a.id and p.business_date <= pg_temp.day(v.as_of)) x;
insert into ledger.reconciled_postings (biz_id, reconciliation_id, posting_id, statement_line, created_at)
select p.biz_id, r.id, p.id, 'Line ' || row_number() over (order by p.business_date, p.id), r.created_at
from ledger.reconciliations r
join ledger.postings p on p.biz_id = r.biz_id and p.account_id = r.account_id and p.business_date <= r.as_of
where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('reconciliation/1');
update ledger.reconciliations r set status = 'matched' where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('reconciliation/1');
update ledger.reconciliations r set status = 'closed', closed_by_id = pg_temp.person('owner'), closed_at = pg_temp.at(-12, '17:00') where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('reconciliation/1');
