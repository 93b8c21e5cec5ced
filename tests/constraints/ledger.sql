-- given: a cash account, a customer's wallet, revenue, an account in dollars, and 100.00 in the wallet
insert into ledger.accounts (biz_id, id, code, name, type, normal_side, currency, is_negative_allowed)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000001', '1000', 'Cash', 'asset', 'debit', 'EUR', true),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000002', '2100', 'Wallet of Clara', 'liability', 'credit', 'EUR', false),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000003', '4000', 'Revenue', 'revenue', 'credit', 'EUR', true),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000004', '1000', 'Cash', 'asset', 'debit', 'USD', true);
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000010', 'JE-1', 'deposit', '2027-03-01', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000010', 1, '00000000-0000-7009-8000-000000000001', 'debit', 10000, 'EUR', '2027-03-01'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000010', 2, '00000000-0000-7009-8000-000000000002', 'credit', 10000, 'EUR', '2027-03-01');
-- allowed: an entry moves the balances of its accounts
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000002', 'debit', 4000, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 4000, 'EUR', '2027-03-02');
do $$ begin
  if (select balance_minor from ledger.accounts where id = '00000000-0000-7009-8000-000000000002') <> 6000 then raise 'balance'; end if;
  if (select sum(debits_posted_minor - credits_posted_minor) from ledger.accounts where currency = 'EUR') <> 0 then raise 'trial balance'; end if;
end $$;
-- refused accounts_balance_check: a wallet gives no more than it holds
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000002', 'debit', 10001, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 10001, 'EUR', '2027-03-02');
-- refused accounts_balance_guard_check: nobody sets a balance by hand
update ledger.accounts set credits_posted_minor = 999999 where id = '00000000-0000-7009-8000-000000000002';
-- refused accounts_opening_check: an account does not begin with a balance
insert into ledger.accounts (biz_id, id, code, name, type, normal_side, currency, credits_posted_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000005', '2200', 'Gift', 'liability', 'credit', 'EUR', 500);
-- refused accounts_terms_immutable_check: the currency of an account stays
update ledger.accounts set currency = 'USD' where id = '00000000-0000-7009-8000-000000000003';
-- refused accounts_code_owner_key: one account by code, currency and owner
insert into ledger.accounts (biz_id, id, code, name, type, normal_side, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000005', '1000', 'Cash again', 'asset', 'debit', 'EUR');
-- refused accounts_closed_check: an account with money in it is not closed
update ledger.accounts set closed_at = now() where id = '00000000-0000-7009-8000-000000000002';
-- refused postings_account_open_check: a closed account takes no postings
update ledger.accounts set closed_at = now() where id = '00000000-0000-7009-8000-000000000003';
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000002', 'debit', 100, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 100, 'EUR', '2027-03-02');
-- refused journal_entries_balanced_check: debits equal credits
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 500, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 499, 'EUR', '2027-03-02');
-- refused journal_entries_balanced_check: debits equal credits in each currency
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000004', 'debit', 500, 'USD', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 500, 'EUR', '2027-03-02');
-- refused journal_entries_posting_count_sum_check: an entry is written with all its postings
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
-- refused postings_entry_complete_check: nothing is added to an entry later
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000010', 3, '00000000-0000-7009-8000-000000000001', 'debit', 500, 'EUR', '2027-03-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000010', 4, '00000000-0000-7009-8000-000000000003', 'credit', 500, 'EUR', '2027-03-01');
-- refused postings_currency_check: a posting has the currency of its account
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 500, 'USD', '2027-03-02');
-- refused postings_business_date_check: a posting has the date of its entry
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 500, 'EUR', '2027-03-01');
-- refused postings_amount_check: an amount is more than zero
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000010', 3, '00000000-0000-7009-8000-000000000001', 'debit', -500, 'EUR', '2027-03-01');
-- allowed: an entry is reversed
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'reversal', '2027-03-02', 2, '00000000-0000-7009-8000-000000000010');
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'credit', 10000, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000002', 'debit', 10000, 'EUR', '2027-03-02');
-- refused journal_entries_reversal_mirror_check: a reversal undoes the entry exactly
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'reversal', '2027-03-02', 2, '00000000-0000-7009-8000-000000000010');
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'credit', 9999, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000002', 'debit', 9999, 'EUR', '2027-03-02');
-- refused journal_entries_reverses_check: only a reversal reverses
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2, '00000000-0000-7009-8000-000000000010');
-- allowed: a period is locked, reopened by another person, and locked again
insert into ledger.period_locks (biz_id, id, through_date, status, locked_by_id, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000020', '2027-01-31', 'locked', '00000000-0000-7000-8000-00000000000a', now());
select set_config('app.reason', 'a late invoice', true);
update ledger.period_locks set status = 'reopened', reopen_requested_by_id = '00000000-0000-7000-8000-00000000000a', reopened_by_id = '00000000-0000-7000-8000-00000000000b', reopened_at = now() where id = '00000000-0000-7009-8000-000000000020';
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-01-31', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 100, 'EUR', '2027-01-31'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 100, 'EUR', '2027-01-31');
update ledger.period_locks set status = 'locked', locked_at = now() where id = '00000000-0000-7009-8000-000000000020';
-- refused period_locks_two_person_check: nobody reopens a period alone
insert into ledger.period_locks (biz_id, id, through_date, status, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000020', '2027-01-31', 'locked', now());
select set_config('app.reason', 'a late invoice', true);
update ledger.period_locks set status = 'reopened', reopen_requested_by_id = '00000000-0000-7000-8000-00000000000a', reopened_by_id = '00000000-0000-7000-8000-00000000000a', reopened_at = now() where id = '00000000-0000-7009-8000-000000000020';
-- refused period_locks_status_reason_check: a period is reopened for a reason
insert into ledger.period_locks (biz_id, id, through_date, status, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000020', '2027-01-31', 'locked', now());
update ledger.period_locks set status = 'reopened', reopen_requested_by_id = '00000000-0000-7000-8000-00000000000a', reopened_by_id = '00000000-0000-7000-8000-00000000000b', reopened_at = now() where id = '00000000-0000-7009-8000-000000000020';
-- refused period_locks_status_transition_check: a locked period is not simply open again
insert into ledger.period_locks (biz_id, id, through_date, status, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000020', '2027-01-31', 'locked', now());
update ledger.period_locks set status = 'open' where id = '00000000-0000-7009-8000-000000000020';
-- given: January is locked
insert into ledger.period_locks (biz_id, id, through_date, status, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000020', '2027-01-31', 'locked', now());
-- refused journal_entries_period_open_check: a locked period takes no entries
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-01-31', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 100, 'EUR', '2027-01-31'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 100, 'EUR', '2027-01-31');
-- allowed: the day after a locked period is open
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-02-01', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 100, 'EUR', '2027-02-01'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 100, 'EUR', '2027-02-01');
-- refused journal_entries_period_open_check: the night of one location is locked for that location
insert into ledger.period_locks (biz_id, id, location_id, kind, through_date, status, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'night', '2027-02-10', 'locked', now());
insert into ledger.journal_entries (biz_id, id, number, kind, location_id, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '00000000-0000-7000-8000-000000000011', '2027-02-10', 2);
-- allowed: the night of one location is open at the other
insert into ledger.period_locks (biz_id, id, location_id, kind, through_date, status, locked_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'night', '2027-02-10', 'locked', now());
insert into ledger.journal_entries (biz_id, id, number, kind, location_id, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '00000000-0000-7000-8000-000000000012', '2027-02-10', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000001', 'debit', 500, 'EUR', '2027-02-10'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 500, 'EUR', '2027-02-10');
-- allowed: an amount is set aside, posted in part, and the rest given back
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 10000, 'EUR');
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
update ledger.pending_transfers set status = 'posted', posted_amount_minor = 7000, journal_entry_id = '00000000-0000-7009-8000-000000000011', resolved_at = now() where id = '00000000-0000-7009-8000-000000000030';
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000002', 'debit', 7000, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 7000, 'EUR', '2027-03-02');
do $$ begin
  if (select available_minor from ledger.accounts where id = '00000000-0000-7009-8000-000000000002') <> 3000 then raise 'available'; end if;
end $$;
-- refused accounts_balance_check: what is set aside cannot be used twice
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000031', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
-- refused pending_transfers_posted_amount_check: no more is posted than was set aside
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
update ledger.pending_transfers set status = 'posted', posted_amount_minor = 6001, journal_entry_id = '00000000-0000-7009-8000-000000000010', resolved_at = now() where id = '00000000-0000-7009-8000-000000000030';
-- refused pending_transfers_entry_sum_check: the entry posts what the transfer says
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000011', 'JE-2', 'sale', '2027-03-02', 2);
update ledger.pending_transfers set status = 'posted', posted_amount_minor = 6000, journal_entry_id = '00000000-0000-7009-8000-000000000011', resolved_at = now() where id = '00000000-0000-7009-8000-000000000030';
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000012', '00000000-0000-7009-8000-000000000011', 1, '00000000-0000-7009-8000-000000000002', 'debit', 5000, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000013', '00000000-0000-7009-8000-000000000011', 2, '00000000-0000-7009-8000-000000000003', 'credit', 5000, 'EUR', '2027-03-02');
-- refused pending_transfers_status_transition_check: a transfer is resolved once
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
update ledger.pending_transfers set status = 'voided', resolved_at = now() where id = '00000000-0000-7009-8000-000000000030';
update ledger.pending_transfers set status = 'expired' where id = '00000000-0000-7009-8000-000000000030';
-- refused pending_transfers_terms_immutable_check: what was set aside is not changed
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
update ledger.pending_transfers set amount_minor = 1 where id = '00000000-0000-7009-8000-000000000030';
-- refused pending_transfers_status_check: an amount is set aside before it is resolved
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency, status, resolved_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 100, 'EUR', 'voided', now());
-- refused pending_transfers_currency_check: both accounts have the currency
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000030', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000004', 100, 'EUR');
-- allowed: an account is reconciled
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000040', '00000000-0000-7009-8000-000000000001', 'Bank 3/2027', '2027-03-31', 10000, 9900, 'EUR');
insert into ledger.reconciled_postings (biz_id, reconciliation_id, posting_id)
select biz_id, '00000000-0000-7009-8000-000000000040', id from ledger.postings where entry_id = '00000000-0000-7009-8000-000000000010' and account_id = '00000000-0000-7009-8000-000000000001';
update ledger.reconciliations set status = 'differences' where id = '00000000-0000-7009-8000-000000000040';
update ledger.reconciliations set status = 'explained', explanation = 'Bank fee' where id = '00000000-0000-7009-8000-000000000040';
update ledger.reconciliations set status = 'closed', closed_at = now() where id = '00000000-0000-7009-8000-000000000040';
-- refused reconciliations_matched_check: what differs is not matched
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000040', '00000000-0000-7009-8000-000000000001', 'Bank 3/2027', '2027-03-31', 10000, 9900, 'EUR');
update ledger.reconciliations set status = 'matched' where id = '00000000-0000-7009-8000-000000000040';
-- refused reconciliations_account_currency_check: a statement has the currency of the account
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000040', '00000000-0000-7009-8000-000000000001', 'Bank 3/2027', '2027-03-31', 10000, 9900, 'USD');
-- refused reconciled_postings_account_check: a reconciliation takes postings of its account
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000040', '00000000-0000-7009-8000-000000000003', 'Bank 3/2027', '2027-03-31', 10000, 9900, 'EUR');
insert into ledger.reconciled_postings (biz_id, reconciliation_id, posting_id)
select biz_id, '00000000-0000-7009-8000-000000000040', id from ledger.postings where entry_id = '00000000-0000-7009-8000-000000000010' and account_id = '00000000-0000-7009-8000-000000000001';
-- refused reconciled_postings_open_check: a closed reconciliation stays as it is
insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency, status, closed_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-000000000040', '00000000-0000-7009-8000-000000000001', 'Bank 3/2027', '2027-03-31', 10000, 10000, 'EUR', 'closed', now());
insert into ledger.reconciled_postings (biz_id, reconciliation_id, posting_id)
select biz_id, '00000000-0000-7009-8000-000000000040', id from ledger.postings where entry_id = '00000000-0000-7009-8000-000000000010' and account_id = '00000000-0000-7009-8000-000000000001';
-- race accounts_balance_check: inv11 of many who take 60.00 from a wallet of 100.00 one gets it
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-00000000008:n', 'JE-9:n', 'sale', '2027-03-02', 2);
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-00000000008:n', 1, '00000000-0000-7009-8000-000000000002', 'debit', 6000, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-00000000008:n', 2, '00000000-0000-7009-8000-000000000003', 'credit', 6000, 'EUR', '2027-03-02');
-- race journal_entries_reverses_id_key: an entry is reversed once
insert into ledger.journal_entries (biz_id, id, number, kind, business_date, posting_count, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-00000000009:n', 'JE-8:n', 'reversal', '2027-03-02', 2,
  (select id from ledger.journal_entries where number like 'JE-9%'));
insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date)
values
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-00000000009:n', 1, '00000000-0000-7009-8000-000000000003', 'debit', 6000, 'EUR', '2027-03-02'),
  ('00000000-0000-7000-8000-000000000001', core.uuid_v7(), '00000000-0000-7009-8000-00000000009:n', 2, '00000000-0000-7009-8000-000000000002', 'credit', 6000, 'EUR', '2027-03-02');
-- race accounts_balance_check: of many who set 60.00 aside from 100.00 one may
insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7009-8000-0000000000a:n', '00000000-0000-7009-8000-000000000002', '00000000-0000-7009-8000-000000000003', 6000, 'EUR');
