-- Ledger: double entry. Accounts, entries and their postings, amounts set aside, locked periods, reconciliation. Whatever
-- holds money elsewhere (wallets, gift cards, folios, receivables, clearing accounts) is an account here.
--
-- Counters of accounts are moved by triggers alone, in the statement that writes a posting or a pending transfer and under
-- row locks taken in id order; so they always equal the postings. Post all lines of an entry by one statement.
--
-- Lock order: period (advisory) before accounts by id.

create schema ledger;
comment on schema ledger is 'Double entry: accounts, entries and postings, amounts set aside, locked periods, reconciliation.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain ledger.account_type as text constraint account_type_check check (value in (
  'asset', 'liability', 'equity', 'revenue', 'expense'));
comment on domain ledger.account_type is 'What an account stands for in the books.
asset: What the business has, such as cash, bank, receivables.
liability: What it owes, such as deposits, wallets, gift cards, taxes collected.
equity: What belongs to its owners.
revenue: What it earned.
expense: What it spent.';
comment on constraint account_type_check on domain ledger.account_type is 'Unknown type of account.';

create domain ledger.entry_side as text constraint entry_side_check check (value in (
  'debit', 'credit'));
comment on domain ledger.entry_side is 'The side of an account.
debit: The left side: more of an asset or expense, less of a liability, equity or revenue.
credit: The right side: more of a liability, equity or revenue, less of an asset or expense.';
comment on constraint entry_side_check on domain ledger.entry_side is 'A side is debit or credit.';

create domain ledger.entry_kind as text constraint entry_kind_check check (value in (
  'opening', 'sale', 'payment', 'refund', 'payout', 'fee', 'deposit', 'entitlement', 'tax', 'write_off', 'adjustment', 'reversal'));
comment on domain ledger.entry_kind is 'What an entry records.
opening: A balance taken over from other books.
sale: Something was sold or a charge was posted.
payment: Money came in.
refund: Money went back to a customer.
payout: Money moved between accounts of the business and its processors, banks and partners.
fee: A processor or bank took its fee.
deposit: A deposit or prepayment was taken, applied or forfeited.
entitlement: Value of a wallet, gift card, membership or loyalty account was issued, used or expired.
tax: Tax was accrued or paid.
write_off: What will not be paid was given up, or came in after all.
adjustment: A correction or accrual by hand.
reversal: Another entry is undone.';
comment on constraint entry_kind_check on domain ledger.entry_kind is 'Unknown kind of entry.';

create domain ledger.pending_status as text constraint pending_status_check check (value in (
  'pending', 'posted', 'voided', 'expired'));
comment on domain ledger.pending_status is 'Where an amount that was set aside stands.
pending: It is set aside: neither account can use it twice.
posted: It was posted, all or in part; the rest was given back.
voided: It was given back.
expired: It was given back because its time was over.';
comment on constraint pending_status_check on domain ledger.pending_status is 'Unknown status of a pending transfer.';

create domain ledger.period_kind as text constraint period_kind_check check (value in (
  'night', 'month', 'year'));
comment on domain ledger.period_kind is 'What a locked period closes.
night: A day of business, by the night audit or the end-of-day close.
month: A month, by accounting.
year: A year, by accounting.';
comment on constraint period_kind_check on domain ledger.period_kind is 'Unknown kind of period.';

create domain ledger.period_status as text constraint period_status_check check (value in (
  'open', 'locked', 'reopened'));
comment on domain ledger.period_status is 'Whether a period takes entries.
open: It does.
locked: It does not: corrections are dated after it.
reopened: It does again, for a correction, until it is locked once more.';
comment on constraint period_status_check on domain ledger.period_status is 'Unknown status of a period.';

create domain ledger.reconciliation_status as text constraint reconciliation_status_check check (value in (
  'open', 'matched', 'differences', 'explained', 'closed'));
comment on domain ledger.reconciliation_status is 'Where the comparison of an account with a statement stands.
open: Items are being matched.
matched: Both agree.
differences: They do not agree.
explained: Every difference has its explanation.
closed: Done.';
comment on constraint reconciliation_status_check on domain ledger.reconciliation_status is 'Unknown status of a reconciliation.';

-- accounts -----------------------------------------------------------------------------------------------------------

create table ledger.accounts (
  biz_id uuid not null,
  id uuid not null,
  parent_id uuid,
  code text not null,
  name text not null,
  type ledger.account_type not null,
  normal_side ledger.entry_side not null,
  currency char(3) not null,
  owner_type text,
  owner_id uuid,
  is_negative_allowed boolean not null default true,
  debits_posted_minor bigint not null default 0,
  credits_posted_minor bigint not null default 0,
  debits_pending_minor bigint not null default 0,
  credits_pending_minor bigint not null default 0,
  balance_minor bigint generated always as (case normal_side when 'debit' then debits_posted_minor - credits_posted_minor else credits_posted_minor - debits_posted_minor end) stored,
  available_minor bigint generated always as (case normal_side when 'debit' then debits_posted_minor - credits_posted_minor - credits_pending_minor else credits_posted_minor - debits_posted_minor - debits_pending_minor end) stored,
  closed_at timestamptz,
  constraint accounts_pkey primary key (biz_id, id),
  constraint accounts_parent_id_fkey foreign key (biz_id, parent_id)
    references ledger.accounts (biz_id, id),
  constraint accounts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint accounts_owner_fkey foreign key (biz_id, owner_type, owner_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint accounts_code_owner_key unique nulls not distinct (biz_id, code, currency, owner_type, owner_id),
  constraint accounts_code_check check (btrim(code) <> '' and length(code) <= 40),
  constraint accounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint accounts_owner_check check (num_nonnulls(owner_type, owner_id) <> 1),
  constraint accounts_parent_check check (parent_id <> id),
  constraint accounts_counters_check check (debits_posted_minor >= 0 and credits_posted_minor >= 0 and debits_pending_minor >= 0 and credits_pending_minor >= 0),
  constraint accounts_balance_check check (is_negative_allowed or case normal_side when 'debit' then debits_posted_minor - credits_posted_minor - credits_pending_minor else credits_posted_minor - debits_posted_minor - debits_pending_minor end >= 0),
  constraint accounts_closed_check check (closed_at is null or (debits_posted_minor = credits_posted_minor and debits_pending_minor = 0 and credits_pending_minor = 0))
);
comment on table ledger.accounts is 'An account of the double entry books, in one currency. Its counters are moved by postings and pending transfers alone.';
comment on column ledger.accounts.parent_id is 'The account it is summed under in reports.';
comment on column ledger.accounts.code is 'Code in the chart of accounts, such as 1200; several accounts of different owners may share it.';
comment on column ledger.accounts.name is 'Name of the account.';
comment on column ledger.accounts.type is 'What it stands for.';
comment on column ledger.accounts.normal_side is 'The side on which it grows. Of a contra account (discounts given) it is the other one than its type suggests.';
comment on column ledger.accounts.currency is 'Currency of all its postings. Never changed.';
comment on column ledger.accounts.owner_type is 'What kind of thing the owner is, such as Wallet.';
comment on column ledger.accounts.owner_id is 'Whose account it is, such as a wallet, gift card, billing account or processor account; none for the business''s own.';
comment on column ledger.accounts.is_negative_allowed is 'Whether its balance may fall below zero. Not for wallets, gift cards and cash.';
comment on column ledger.accounts.debits_posted_minor is 'Sum of its debit postings.';
comment on column ledger.accounts.credits_posted_minor is 'Sum of its credit postings.';
comment on column ledger.accounts.debits_pending_minor is 'Sum of pending transfers that debit it.';
comment on column ledger.accounts.credits_pending_minor is 'Sum of pending transfers that credit it.';
comment on column ledger.accounts.balance_minor is 'Its balance, positive on its normal side.';
comment on column ledger.accounts.available_minor is 'What can be taken from it: its balance without what is set aside.';
comment on column ledger.accounts.closed_at is 'When it was closed; it takes no postings since.';
comment on constraint accounts_code_check on ledger.accounts is 'The code is not blank, and has at most 40 characters.';
comment on constraint accounts_name_check on ledger.accounts is 'The name is not blank, and has at most 200 characters.';
comment on constraint accounts_owner_fkey on ledger.accounts is 'Must be an existing thing of this tenant.';
comment on constraint accounts_owner_check on ledger.accounts is 'The owner has both a type and an id, or neither.';
comment on constraint accounts_code_owner_key on ledger.accounts is 'There is already an account with this code, currency and owner.';
comment on constraint accounts_parent_check on ledger.accounts is 'An account is not summed under itself.';
comment on constraint accounts_counters_check on ledger.accounts is 'The sums of an account cannot be negative.';
comment on constraint accounts_balance_check on ledger.accounts is 'The account does not have this much to take.';
comment on constraint accounts_closed_check on ledger.accounts is 'An account is closed only at a balance of zero and with nothing set aside.';

create index accounts_owner_idx on ledger.accounts (biz_id, owner_type, owner_id, code)
  where owner_id is not null;
create index accounts_type_code_idx on ledger.accounts (biz_id, type, code, id);

create trigger accounts_terms_immutable
  before update on ledger.accounts
  for each row when (
    old.currency is distinct from new.currency
    or old.normal_side is distinct from new.normal_side
    or old.type is distinct from new.type
    or old.owner_type is distinct from new.owner_type
    or old.owner_id is distinct from new.owner_id)
  execute function availability.refuse_update('accounts_terms_immutable_check', 'The type, side, currency and owner of an account are never changed; open another.');
create trigger accounts_balance_guard
  before update on ledger.accounts
  for each row when (pg_trigger_depth() = 0 and (
    old.debits_posted_minor is distinct from new.debits_posted_minor
    or old.credits_posted_minor is distinct from new.credits_posted_minor
    or old.debits_pending_minor is distinct from new.debits_pending_minor
    or old.credits_pending_minor is distinct from new.credits_pending_minor))
  execute function availability.refuse_update('accounts_balance_guard_check', 'The balance of an account is moved by postings and pending transfers alone.');
create trigger accounts_opening
  before insert on ledger.accounts
  for each row when (new.debits_posted_minor <> 0 or new.credits_posted_minor <> 0 or new.debits_pending_minor <> 0 or new.credits_pending_minor <> 0)
  execute function availability.refuse_update('accounts_opening_check', 'A new account has no balance: an opening balance is posted.');

call core.install_table('ledger.accounts', 'T', 'lgac', 'LedgerAccount', registrable => true);
call core.install_acyclic('ledger.accounts', 'parent_id');

-- period_locks -------------------------------------------------------------------------------------------------------

create table ledger.period_locks (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid,
  kind ledger.period_kind not null default 'month',
  through_date date not null,
  status ledger.period_status not null default 'open',
  locked_by_id uuid,
  locked_at timestamptz,
  reopen_requested_by_id uuid,
  reopened_by_id uuid,
  reopened_at timestamptz,
  reopen_reason text,
  constraint period_locks_pkey primary key (biz_id, id),
  constraint period_locks_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint period_locks_locked_by_id_fkey foreign key (locked_by_id)
    references identity.users (id),
  constraint period_locks_reopen_requested_by_id_fkey foreign key (reopen_requested_by_id)
    references identity.users (id),
  constraint period_locks_reopened_by_id_fkey foreign key (reopened_by_id)
    references identity.users (id),
  constraint period_locks_location_id_kind_through_date_key unique nulls not distinct (biz_id, location_id, kind, through_date),
  constraint period_locks_reopen_reason_check check (length(reopen_reason) <= 2000),
  constraint period_locks_locked_check check (status = 'open' or locked_at is not null),
  constraint period_locks_reopened_check check (status <> 'reopened' or num_nulls(reopen_requested_by_id, reopened_by_id, reopened_at) = 0),
  constraint period_locks_two_person_check check (reopened_by_id <> reopen_requested_by_id)
);
comment on table ledger.period_locks is 'A period up to and including a date, of one location or of all, that takes no entries while it is locked. The night audit and the end of day lock a location''s day; accounting locks months.';
comment on column ledger.period_locks.location_id is 'The location; none for all of the business.';
comment on column ledger.period_locks.kind is 'What it closes.';
comment on column ledger.period_locks.through_date is 'The last business date it covers; all earlier ones are covered as well.';
comment on column ledger.period_locks.status is 'Whether it takes entries.';
comment on column ledger.period_locks.locked_by_id is 'Who locked it last.';
comment on column ledger.period_locks.locked_at is 'When it was locked last.';
comment on column ledger.period_locks.reopen_requested_by_id is 'Who asked for it to be reopened.';
comment on column ledger.period_locks.reopened_by_id is 'Who agreed and reopened it: somebody else.';
comment on column ledger.period_locks.reopened_at is 'When it was reopened last.';
comment on column ledger.period_locks.reopen_reason is 'Why it was reopened last.';
comment on constraint period_locks_reopen_reason_check on ledger.period_locks is 'The reopen reason has at most 2,000 characters.';
comment on constraint period_locks_location_id_kind_through_date_key on ledger.period_locks is 'This period is there already: lock or reopen that one.';
comment on constraint period_locks_locked_check on ledger.period_locks is 'A locked period says since when.';
comment on constraint period_locks_reopened_check on ledger.period_locks is 'A reopened period says who asked for it, who reopened it, and when.';
comment on constraint period_locks_two_person_check on ledger.period_locks is 'A period is reopened by somebody else than who asked for it.';

create index period_locks_locked_idx on ledger.period_locks (biz_id, location_id, through_date)
  where status = 'locked';

create trigger period_locks_period_immutable
  before update on ledger.period_locks
  for each row when (
    old.location_id is distinct from new.location_id
    or old.kind is distinct from new.kind
    or old.through_date is distinct from new.through_date)
  execute function availability.refuse_update('period_locks_period_immutable_check', 'A period is never moved; lock another.');

call core.install_table('ledger.period_locks', 'T', 'lgpl', 'PeriodLock', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('period', 'open', 'locked', false),
  ('period', 'locked', 'reopened', true),
  ('period', 'reopened', 'locked', false);
call core.install_state_machine('ledger.period_locks', 'status', 'period');

-- Holding and locking periods: who posts takes the shared side, who locks the exclusive side, so that no entry slips into a
-- period while it is being locked. One lock for the business and one for each location.

create function ledger.hold_period(biz_id uuid, location_id uuid) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(format('ledger period %s', biz_id), 0));
  if location_id is not null then
    perform pg_advisory_xact_lock_shared(hashtextextended(format('ledger period %s %s', biz_id, location_id), 0));
  end if;
end
$$;
comment on function ledger.hold_period(uuid, uuid) is 'Keeps the periods of the business and of a location from being locked until the transaction ends. Before ledger.locked_through.';

create function ledger.locked_through(biz_id uuid, location_id uuid, business_date date) returns date
language sql stable as $$
  select max(p.through_date)
  from ledger.period_locks p
  where p.biz_id = locked_through.biz_id
    and p.status = 'locked'
    and p.through_date >= locked_through.business_date
    and (p.location_id is null or p.location_id = locked_through.location_id)
$$;
comment on function ledger.locked_through(uuid, uuid, date) is 'The last date of the locked period that covers a business date at a location, or of the business where no location is given; null where the date is open.';

create function ledger.refuse_locked_period() returns trigger
language plpgsql as $$
declare
  item record;
  through date;
begin
  for item in
    select distinct i.biz_id, i.location_id, i.business_date
    from inserted i
    order by i.biz_id, i.location_id, i.business_date
  loop
    perform ledger.hold_period(item.biz_id, item.location_id);
    through := ledger.locked_through(item.biz_id, item.location_id, item.business_date);
    if through is not null then
      raise exception using
        errcode = '23514',
        message = format('The books are locked through %s.', through),
        schema = tg_table_schema,
        table = tg_table_name,
        column = 'business_date',
        constraint = tg_table_name || '_period_open_check';
    end if;
  end loop;
  return null;
end
$$;
comment on function ledger.refuse_locked_period() is 'Trigger after insert, by statement: refuses rows whose business_date at their location_id lies in a locked period.';

create function ledger.lock_period() returns trigger
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', 'ledger period', new.biz_id, new.location_id), 0));
  return new;
end
$$;
comment on function ledger.lock_period() is 'Trigger: waits for the entries that are being posted into the period, and keeps others out until it is locked.';

create trigger period_locks_lock
  before insert or update of status on ledger.period_locks
  for each row when (new.status = 'locked')
  execute function ledger.lock_period();

-- journal_entries ----------------------------------------------------------------------------------------------------

create table ledger.journal_entries (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind ledger.entry_kind not null,
  source_type text,
  source_id uuid,
  location_id uuid,
  business_date date not null,
  occurred_at timestamptz not null default now(),
  description text,
  posting_count integer not null,
  reverses_id uuid,
  idempotency_key text,
  constraint journal_entries_pkey primary key (biz_id, id),
  constraint journal_entries_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint journal_entries_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint journal_entries_reverses_id_fkey foreign key (biz_id, reverses_id)
    references ledger.journal_entries (biz_id, id),
  constraint journal_entries_number_key unique (biz_id, number),
  constraint journal_entries_reverses_id_key unique (biz_id, reverses_id),
  constraint journal_entries_idempotency_key_key unique (biz_id, idempotency_key),
  constraint journal_entries_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint journal_entries_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint journal_entries_description_check check (length(description) <= 1000),
  constraint journal_entries_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint journal_entries_posting_count_check check (posting_count between 2 and 10000),
  constraint journal_entries_reverses_check check ((kind = 'reversal') = (reverses_id is not null) and reverses_id <> id)
);
comment on table ledger.journal_entries is 'An entry in the books: two postings or more that balance. Never changed: it is corrected by one that reverses it.';
comment on column ledger.journal_entries.number is 'Number that people use, such as JE-000123.';
comment on column ledger.journal_entries.kind is 'What it records.';
comment on column ledger.journal_entries.source_type is 'What kind of thing the source is, such as Refund.';
comment on column ledger.journal_entries.source_id is 'What it was posted for, such as a refund, invoice or payout.';
comment on column ledger.journal_entries.location_id is 'The location in whose books it counts; none for the business as a whole.';
comment on column ledger.journal_entries.business_date is 'The day of business it belongs to, by the location''s cut-off.';
comment on column ledger.journal_entries.occurred_at is 'When what it records happened.';
comment on column ledger.journal_entries.description is 'What it is for, in words.';
comment on column ledger.journal_entries.posting_count is 'How many postings it has. All are written with it; none can be added later.';
comment on column ledger.journal_entries.reverses_id is 'The entry it undoes, posting by posting.';
comment on column ledger.journal_entries.idempotency_key is 'Key of the request that posted it, so that a repeated one posts nothing.';
comment on constraint journal_entries_number_check on ledger.journal_entries is 'The number is not blank, and has at most 60 characters.';
comment on constraint journal_entries_source_fkey on ledger.journal_entries is 'Must be an existing thing of this tenant.';
comment on constraint journal_entries_source_check on ledger.journal_entries is 'The source has both a type and an id, or neither.';
comment on constraint journal_entries_description_check on ledger.journal_entries is 'The description has at most 1,000 characters.';
comment on constraint journal_entries_idempotency_key_check on ledger.journal_entries is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint journal_entries_number_key on ledger.journal_entries is 'There is already an entry with this number.';
comment on constraint journal_entries_reverses_id_key on ledger.journal_entries is 'This entry was reversed already.';
comment on constraint journal_entries_idempotency_key_key on ledger.journal_entries is 'An entry was posted for this key already.';
comment on constraint journal_entries_posting_count_check on ledger.journal_entries is 'An entry has at least two postings.';
comment on constraint journal_entries_reverses_check on ledger.journal_entries is 'A reversal names the entry that it reverses, and no other entry does.';

create index journal_entries_business_date_idx on ledger.journal_entries (biz_id, business_date, id);
create index journal_entries_location_id_business_date_idx on ledger.journal_entries (biz_id, location_id, business_date, id);
create index journal_entries_kind_business_date_idx on ledger.journal_entries (biz_id, kind, business_date, id);

call core.install_table('ledger.journal_entries', 'J', 'lgen', 'JournalEntry', registrable => true);

-- postings -----------------------------------------------------------------------------------------------------------

create table ledger.postings (
  biz_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  line_no integer not null,
  account_id uuid not null,
  side ledger.entry_side not null,
  amount_minor bigint not null,
  currency char(3) not null,
  business_date date not null,
  memo text,
  constraint postings_pkey primary key (biz_id, id),
  constraint postings_entry_id_fkey foreign key (biz_id, entry_id)
    references ledger.journal_entries (biz_id, id),
  constraint postings_account_id_fkey foreign key (biz_id, account_id)
    references ledger.accounts (biz_id, id),
  constraint postings_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint postings_entry_id_line_no_key unique (biz_id, entry_id, line_no),
  constraint postings_memo_check check (length(memo) <= 500),
  constraint postings_line_no_check check (line_no >= 1),
  constraint postings_amount_check check (amount_minor > 0)
);
comment on table ledger.postings is 'One line of an entry: an amount on one side of one account.';
comment on column ledger.postings.entry_id is 'The entry.';
comment on column ledger.postings.line_no is 'Its place in the entry, from 1.';
comment on column ledger.postings.account_id is 'The account.';
comment on column ledger.postings.side is 'The side of the account.';
comment on column ledger.postings.amount_minor is 'The amount, always more than zero.';
comment on column ledger.postings.currency is 'Currency of the amount, that of the account.';
comment on column ledger.postings.business_date is 'The business date of its entry: account statements and trial balances are read by it.';
comment on column ledger.postings.memo is 'What this line is for, where the entry does not say it.';
comment on constraint postings_memo_check on ledger.postings is 'The memo has at most 500 characters.';
comment on constraint postings_entry_id_line_no_key on ledger.postings is 'The entry already has a line of this number.';
comment on constraint postings_line_no_check on ledger.postings is 'Line numbers begin at 1.';
comment on constraint postings_amount_check on ledger.postings is 'An amount must be more than zero; the side says in which direction.';

create index postings_account_id_business_date_idx on ledger.postings (biz_id, account_id, business_date, id);

call core.install_table('ledger.postings', 'J', 'lgpo', 'Posting');

create function ledger.post() returns trigger
language plpgsql as $$
declare
  complaint record;
begin
  perform
  from ledger.accounts a
  where (a.biz_id, a.id) in (select i.biz_id, i.account_id from inserted i)
  order by a.biz_id, a.id
  for no key update;

  select w.* into complaint
  from (
    select 1, 'account_id', 'postings_account_open_check', 'A closed account takes no postings.'
    from inserted i
    join ledger.accounts a on a.biz_id = i.biz_id and a.id = i.account_id
    where a.closed_at is not null
    union all
    select 2, 'currency', 'postings_currency_check', 'A posting has the currency of its account.'
    from inserted i
    join ledger.accounts a on a.biz_id = i.biz_id and a.id = i.account_id
    where a.currency <> i.currency
    union all
    select 3, 'business_date', 'postings_business_date_check', 'A posting has the business date of its entry.'
    from inserted i
    join ledger.journal_entries e on e.biz_id = i.biz_id and e.id = i.entry_id
    where e.business_date <> i.business_date
    union all
    select 4, 'entry_id', 'postings_entry_complete_check', 'An entry gets no more postings than it was written with.'
    from (select distinct i.biz_id, i.entry_id from inserted i) n
    join ledger.journal_entries e on e.biz_id = n.biz_id and e.id = n.entry_id
    where e.posting_count < (
      select count(*)
      from ledger.postings p
      where p.biz_id = e.biz_id
        and p.entry_id = e.id
    )
  ) as w (place, field, name, sentence)
  order by w.place
  limit 1;
  if found then
    raise exception using
      errcode = '23514',
      message = complaint.sentence,
      schema = 'ledger',
      table = 'postings',
      column = complaint.field,
      constraint = complaint.name;
  end if;

  update ledger.accounts a
  set debits_posted_minor = a.debits_posted_minor + d.debits,
    credits_posted_minor = a.credits_posted_minor + d.credits
  from (
    select
      i.biz_id,
      i.account_id,
      coalesce(sum(i.amount_minor) filter (where i.side = 'debit'), 0) as debits,
      coalesce(sum(i.amount_minor) filter (where i.side = 'credit'), 0) as credits
    from inserted i
    group by i.biz_id, i.account_id
  ) d
  where a.biz_id = d.biz_id
    and a.id = d.account_id;
  return null;
end
$$;
comment on function ledger.post() is 'Trigger: new postings fit their accounts and entries, and move the sums of the accounts, which are locked in id order.';

create trigger journal_entries_period_open
  after insert on ledger.journal_entries referencing new table as inserted
  for each statement execute function ledger.refuse_locked_period();
create trigger postings_post
  after insert on ledger.postings referencing new table as inserted
  for each statement execute function ledger.post();

create function ledger.check_entry() returns trigger
language plpgsql as $$
declare
  lines bigint;
  is_balanced boolean;
begin
  select coalesce(sum(c.lines), 0), coalesce(bool_and(c.difference = 0), false)
  into lines, is_balanced
  from (
    select count(*) as lines, sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end) as difference
    from ledger.postings p
    where p.biz_id = new.biz_id
      and p.entry_id = new.id
    group by p.currency
  ) c;

  if lines <> new.posting_count then
    raise exception using
      errcode = '23514',
      message = 'An entry is written with all of its postings.',
      schema = 'ledger',
      table = 'journal_entries',
      column = 'posting_count',
      constraint = 'journal_entries_posting_count_sum_check';
  elsif not is_balanced then
    raise exception using
      errcode = '23514',
      message = 'The debits and credits of an entry must be equal in each currency.',
      schema = 'ledger',
      table = 'journal_entries',
      constraint = 'journal_entries_balanced_check';
  elsif new.reverses_id is not null and exists (
    select
    from ledger.postings p
    where p.biz_id = new.biz_id
      and p.entry_id in (new.id, new.reverses_id)
    group by p.account_id, p.currency
    -- Of both entries together nothing is left: debits of the one are the credits of the other.
    having sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end) <> 0
      or count(*) filter (where p.entry_id = new.id) <> count(*) filter (where p.entry_id = new.reverses_id)
  ) then
    raise exception using
      errcode = '23514',
      message = 'A reversal has the postings of the entry it reverses, each on the other side.',
      schema = 'ledger',
      table = 'journal_entries',
      column = 'reverses_id',
      constraint = 'journal_entries_reversal_mirror_check';
  end if;
  return null;
end
$$;
comment on function ledger.check_entry() is 'Trigger: an entry has all its postings, balances in each currency, and as a reversal mirrors the entry it reverses.';

create constraint trigger journal_entries_balanced_check
  after insert on ledger.journal_entries
  deferrable initially deferred
  for each row execute function ledger.check_entry();
comment on constraint journal_entries_balanced_check on ledger.journal_entries is 'The debits and credits of an entry must be equal in each currency.';

-- pending_transfers --------------------------------------------------------------------------------------------------

create table ledger.pending_transfers (
  biz_id uuid not null,
  id uuid not null,
  debit_account_id uuid not null,
  credit_account_id uuid not null,
  amount_minor bigint not null,
  currency char(3) not null,
  source_type text,
  source_id uuid,
  description text,
  status ledger.pending_status not null default 'pending',
  expires_at timestamptz,
  posted_amount_minor bigint,
  journal_entry_id uuid,
  resolved_at timestamptz,
  idempotency_key text,
  constraint pending_transfers_pkey primary key (biz_id, id),
  constraint pending_transfers_debit_account_id_fkey foreign key (biz_id, debit_account_id)
    references ledger.accounts (biz_id, id),
  constraint pending_transfers_credit_account_id_fkey foreign key (biz_id, credit_account_id)
    references ledger.accounts (biz_id, id),
  constraint pending_transfers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint pending_transfers_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint pending_transfers_journal_entry_id_fkey foreign key (biz_id, journal_entry_id)
    references ledger.journal_entries (biz_id, id),
  constraint pending_transfers_journal_entry_id_key unique (biz_id, journal_entry_id),
  constraint pending_transfers_idempotency_key_key unique (biz_id, idempotency_key),
  constraint pending_transfers_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint pending_transfers_description_check check (length(description) <= 1000),
  constraint pending_transfers_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint pending_transfers_accounts_check check (debit_account_id <> credit_account_id),
  constraint pending_transfers_amount_check check (amount_minor > 0),
  constraint pending_transfers_posted_amount_check check (posted_amount_minor between 1 and amount_minor),
  constraint pending_transfers_posted_check check ((status = 'posted') = (posted_amount_minor is not null) and (status = 'posted') = (journal_entry_id is not null)),
  constraint pending_transfers_resolved_check check ((status = 'pending') = (resolved_at is null))
);
comment on table ledger.pending_transfers is 'An amount set aside between two accounts until it is known whether, and how much of it, is posted: a hold on a wallet, an authorization, a payout on its way. To post it, write the entry, resolve this row, then write the postings.';
comment on column ledger.pending_transfers.debit_account_id is 'The account it would debit.';
comment on column ledger.pending_transfers.credit_account_id is 'The account it would credit.';
comment on column ledger.pending_transfers.amount_minor is 'The amount that is set aside.';
comment on column ledger.pending_transfers.currency is 'Currency of both accounts.';
comment on column ledger.pending_transfers.source_type is 'What kind of thing the source is, such as PaymentIntent.';
comment on column ledger.pending_transfers.source_id is 'What it was set aside for.';
comment on column ledger.pending_transfers.description is 'What it is for, in words; becomes the description of the entry.';
comment on column ledger.pending_transfers.status is 'Where it stands.';
comment on column ledger.pending_transfers.expires_at is 'From when on it is given back if it was not resolved.';
comment on column ledger.pending_transfers.posted_amount_minor is 'How much of it was posted; the rest was given back.';
comment on column ledger.pending_transfers.journal_entry_id is 'The entry that posted it.';
comment on column ledger.pending_transfers.resolved_at is 'When it was posted, voided, or expired.';
comment on column ledger.pending_transfers.idempotency_key is 'Key of the request that set it aside, so that a repeated one sets nothing aside.';
comment on constraint pending_transfers_source_fkey on ledger.pending_transfers is 'Must be an existing thing of this tenant.';
comment on constraint pending_transfers_source_check on ledger.pending_transfers is 'The source has both a type and an id, or neither.';
comment on constraint pending_transfers_description_check on ledger.pending_transfers is 'The description has at most 1,000 characters.';
comment on constraint pending_transfers_idempotency_key_check on ledger.pending_transfers is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint pending_transfers_journal_entry_id_key on ledger.pending_transfers is 'This entry posted another pending transfer already.';
comment on constraint pending_transfers_idempotency_key_key on ledger.pending_transfers is 'An amount was set aside for this key already.';
comment on constraint pending_transfers_accounts_check on ledger.pending_transfers is 'A transfer goes between two accounts.';
comment on constraint pending_transfers_amount_check on ledger.pending_transfers is 'The amount must be more than zero.';
comment on constraint pending_transfers_posted_amount_check on ledger.pending_transfers is 'No more is posted than was set aside.';
comment on constraint pending_transfers_posted_check on ledger.pending_transfers is 'A posted transfer, and no other, has its entry and the amount that was posted.';
comment on constraint pending_transfers_resolved_check on ledger.pending_transfers is 'A transfer that is not pending says when it was resolved.';

create index pending_transfers_expires_at_idx on ledger.pending_transfers (biz_id, expires_at)
  where status = 'pending';

create trigger pending_transfers_terms_immutable
  before update on ledger.pending_transfers
  for each row when (
    old.debit_account_id is distinct from new.debit_account_id
    or old.credit_account_id is distinct from new.credit_account_id
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('pending_transfers_terms_immutable_check', 'What was set aside is never changed: void it and set aside anew.');
create trigger pending_transfers_status
  before insert on ledger.pending_transfers
  for each row when (new.status <> 'pending')
  execute function availability.refuse_update('pending_transfers_status_check', 'An amount is first set aside, then resolved.');

call core.install_table('ledger.pending_transfers', 'T', 'lgpt', 'PendingTransfer', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('pending_transfer', 'pending', 'posted', false),
  ('pending_transfer', 'pending', 'voided', false),
  ('pending_transfer', 'pending', 'expired', false);
call core.install_state_machine('ledger.pending_transfers', 'status', 'pending_transfer');

create function ledger.follow_pending() returns trigger
language plpgsql as $$
declare
  delta constant bigint := case new.status when 'pending' then new.amount_minor else -new.amount_minor end;
  fitting integer;
begin
  perform
  from ledger.accounts a
  where a.biz_id = new.biz_id
    and a.id in (new.debit_account_id, new.credit_account_id)
  order by a.id
  for no key update;

  if new.status = 'pending' then
    select count(*) into fitting
    from ledger.accounts a
    where a.biz_id = new.biz_id
      and a.id in (new.debit_account_id, new.credit_account_id)
      and a.currency = new.currency
      and a.closed_at is null;
    if fitting <> 2 then
      raise exception using
        errcode = '23514',
        message = 'An amount is set aside between two open accounts of its currency.',
        schema = 'ledger',
        table = 'pending_transfers',
        column = 'currency',
        constraint = 'pending_transfers_currency_check';
    end if;
  end if;

  update ledger.accounts a
  set debits_pending_minor = a.debits_pending_minor + case when a.id = new.debit_account_id then delta else 0 end,
    credits_pending_minor = a.credits_pending_minor + case when a.id = new.credit_account_id then delta else 0 end
  where a.biz_id = new.biz_id
    and a.id in (new.debit_account_id, new.credit_account_id);
  return null;
end
$$;
comment on function ledger.follow_pending() is 'Trigger: sets the amount aside on both accounts, and gives it back when the transfer is resolved.';

create trigger pending_transfers_set_aside
  after insert on ledger.pending_transfers
  for each row execute function ledger.follow_pending();
create trigger pending_transfers_give_back
  after update of status on ledger.pending_transfers
  for each row when (old.status = 'pending' and new.status <> 'pending')
  execute function ledger.follow_pending();

create function ledger.check_posted_transfer() returns trigger
language plpgsql as $$
begin
  if 2 <> (
    select count(*)
    from (
      select p.account_id, p.side, sum(p.amount_minor) as amount
      from ledger.postings p
      where p.biz_id = new.biz_id
        and p.entry_id = new.journal_entry_id
      group by p.account_id, p.side
    ) s
    where s.amount = new.posted_amount_minor
      and ((s.account_id = new.debit_account_id and s.side = 'debit') or (s.account_id = new.credit_account_id and s.side = 'credit'))
  ) then
    raise exception using
      errcode = '23514',
      message = 'The entry of a posted transfer moves the posted amount between its two accounts.',
      schema = 'ledger',
      table = 'pending_transfers',
      column = 'posted_amount_minor',
      constraint = 'pending_transfers_entry_sum_check';
  end if;
  return null;
end
$$;
comment on function ledger.check_posted_transfer() is 'Trigger: the entry that posted a transfer moves exactly the posted amount.';

create constraint trigger pending_transfers_entry_sum_check
  after insert or update on ledger.pending_transfers
  deferrable initially deferred
  for each row when (new.status = 'posted')
  execute function ledger.check_posted_transfer();
comment on constraint pending_transfers_entry_sum_check on ledger.pending_transfers is 'The entry of a posted transfer moves the posted amount between its two accounts.';

create function ledger.check_account_currency() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from ledger.accounts a
    where a.biz_id = new.biz_id
      and a.id = (to_jsonb(new) ->> tg_argv[0])::uuid
      and a.currency <> new.currency
  ) then
    raise exception using
      errcode = '23514',
      message = 'The account has another currency.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = tg_argv[0],
      constraint = tg_table_name || '_account_currency_check';
  end if;
  return null;
end
$$;
comment on function ledger.check_account_currency() is 'Trigger: the row has the currency of the account that the column of its argument names.';

-- reconciliations ----------------------------------------------------------------------------------------------------

create table ledger.reconciliations (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  statement_ref text not null,
  as_of date not null,
  expected_minor bigint not null,
  actual_minor bigint not null,
  difference_minor bigint generated always as (actual_minor - expected_minor) stored,
  currency char(3) not null,
  status ledger.reconciliation_status not null default 'open',
  differences jsonb not null default '[]',
  explanation text,
  closed_by_id uuid,
  closed_at timestamptz,
  constraint reconciliations_pkey primary key (biz_id, id),
  constraint reconciliations_account_id_fkey foreign key (biz_id, account_id)
    references ledger.accounts (biz_id, id),
  constraint reconciliations_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint reconciliations_closed_by_id_fkey foreign key (closed_by_id)
    references identity.users (id),
  constraint reconciliations_account_id_statement_ref_key unique (biz_id, account_id, statement_ref),
  constraint reconciliations_statement_ref_check check (btrim(statement_ref) <> '' and length(statement_ref) <= 200),
  constraint reconciliations_explanation_check check (length(explanation) <= 10000),
  constraint reconciliations_differences_check check (jsonb_typeof(differences) = 'array'),
  constraint reconciliations_matched_check check (status not in ('matched', 'differences') or (status = 'matched') = (actual_minor = expected_minor)),
  constraint reconciliations_explained_check check (status <> 'explained' or btrim(coalesce(explanation, '')) <> ''),
  constraint reconciliations_closed_check check ((status = 'closed') = (closed_at is not null))
);
comment on table ledger.reconciliations is 'The comparison of an account with what a bank, processor or count says of it.';
comment on column ledger.reconciliations.account_id is 'The account.';
comment on column ledger.reconciliations.statement_ref is 'What it was compared with: number of a bank statement, settlement or count.';
comment on column ledger.reconciliations.as_of is 'The last business date that is compared.';
comment on column ledger.reconciliations.expected_minor is 'Balance by the books.';
comment on column ledger.reconciliations.actual_minor is 'Balance by the statement.';
comment on column ledger.reconciliations.difference_minor is 'How much the statement has more than the books.';
comment on column ledger.reconciliations.currency is 'Currency of the account.';
comment on column ledger.reconciliations.status is 'Where it stands.';
comment on column ledger.reconciliations.differences is 'What does not agree, line by line, as the statement shows it.';
comment on column ledger.reconciliations.explanation is 'Why they do not agree, by a person.';
comment on column ledger.reconciliations.closed_by_id is 'Who closed it.';
comment on column ledger.reconciliations.closed_at is 'When it was closed.';
comment on constraint reconciliations_statement_ref_check on ledger.reconciliations is 'The statement ref is not blank, and has at most 200 characters.';
comment on constraint reconciliations_explanation_check on ledger.reconciliations is 'The explanation has at most 10,000 characters.';
comment on constraint reconciliations_account_id_statement_ref_key on ledger.reconciliations is 'The account was compared with this statement already.';
comment on constraint reconciliations_differences_check on ledger.reconciliations is 'Differences are a JSON array.';
comment on constraint reconciliations_matched_check on ledger.reconciliations is 'An account is matched when both balances are equal, and only then.';
comment on constraint reconciliations_explained_check on ledger.reconciliations is 'A difference is explained in words.';
comment on constraint reconciliations_closed_check on ledger.reconciliations is 'A closed reconciliation, and no other, says when it was closed.';

create index reconciliations_account_id_as_of_idx on ledger.reconciliations (biz_id, account_id, as_of, id);
create index reconciliations_open_idx on ledger.reconciliations (biz_id, as_of, id)
  where status <> 'closed';

call core.install_table('ledger.reconciliations', 'T', 'lgrc', 'LedgerReconciliation', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('reconciliation', 'open', 'matched', false),
  ('reconciliation', 'open', 'differences', false),
  ('reconciliation', 'matched', 'open', false),
  ('reconciliation', 'matched', 'closed', false),
  ('reconciliation', 'differences', 'explained', false),
  ('reconciliation', 'differences', 'open', false),
  ('reconciliation', 'explained', 'closed', false);
call core.install_state_machine('ledger.reconciliations', 'status', 'reconciliation');

create trigger reconciliations_account_currency
  after insert or update of account_id, currency on ledger.reconciliations
  for each row execute function ledger.check_account_currency('account_id');

-- reconciled_postings ------------------------------------------------------------------------------------------------

create table ledger.reconciled_postings (
  biz_id uuid not null,
  reconciliation_id uuid not null,
  posting_id uuid not null,
  statement_line text,
  constraint reconciled_postings_pkey primary key (biz_id, reconciliation_id, posting_id),
  constraint reconciled_postings_reconciliation_id_fkey foreign key (biz_id, reconciliation_id)
    references ledger.reconciliations (biz_id, id),
  constraint reconciled_postings_posting_id_fkey foreign key (biz_id, posting_id)
    references ledger.postings (biz_id, id),
  constraint reconciled_postings_posting_id_key unique (biz_id, posting_id),
  constraint reconciled_postings_statement_line_check check (btrim(statement_line) <> '' and length(statement_line) <= 200)
);
comment on table ledger.reconciled_postings is 'A posting that was found on a statement. A posting without one is not reconciled.';
comment on column ledger.reconciled_postings.reconciliation_id is 'The comparison in which it was found.';
comment on column ledger.reconciled_postings.posting_id is 'The posting.';
comment on column ledger.reconciled_postings.statement_line is 'The line of the statement it was found on.';
comment on constraint reconciled_postings_statement_line_check on ledger.reconciled_postings is 'The statement line is not blank, and has at most 200 characters.';
comment on constraint reconciled_postings_posting_id_key on ledger.reconciled_postings is 'This posting was reconciled already.';

call core.install_table('ledger.reconciled_postings', 'L', null, 'ReconciledPosting');

create function ledger.check_reconciled_posting() returns trigger
language plpgsql as $$
declare
  link record;
  is_account boolean;
  is_open boolean;
begin
  if tg_op = 'DELETE' then
    link := old;
  else
    link := new;
  end if;
  select r.status in ('open', 'differences'), r.account_id = (
    select p.account_id
    from ledger.postings p
    where p.biz_id = link.biz_id
      and p.id = link.posting_id
  )
  into is_open, is_account
  from ledger.reconciliations r
  where r.biz_id = link.biz_id
    and r.id = link.reconciliation_id
  for no key update;

  if not is_account then
    raise exception using
      errcode = '23514',
      message = 'A reconciliation takes postings of its own account.',
      schema = 'ledger',
      table = 'reconciled_postings',
      column = 'posting_id',
      constraint = 'reconciled_postings_account_check';
  elsif not is_open then
    raise exception using
      errcode = '23514',
      message = 'Postings are matched while the reconciliation is open.',
      schema = 'ledger',
      table = 'reconciled_postings',
      column = 'reconciliation_id',
      constraint = 'reconciled_postings_open_check';
  end if;
  return null;
end
$$;
comment on function ledger.check_reconciled_posting() is 'Trigger: only postings of the account are matched, and only while the reconciliation is open.';

create trigger reconciled_postings_open
  after insert or update or delete on ledger.reconciled_postings
  for each row execute function ledger.check_reconciled_posting();
