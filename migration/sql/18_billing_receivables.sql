-- Billing: what is received, what it is set against, and how what is open is collected: receipts, allocations, deposits,
-- payment schedules, write-offs, dunning and statements.
--
-- An allocation moves money from a receipt or credit note to an invoice, a folio, or back as a refund; it moves the
-- counters of both ends in the statement that writes it, under their row locks.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain billing.receipt_status as text constraint receipt_status_check check (value in (
  'recorded', 'reversed'));
comment on domain billing.receipt_status is 'Whether a receipt counts.
recorded: It does.
reversed: The money did not stay, such as a bounced transfer; it is set against nothing.';
comment on constraint receipt_status_check on domain billing.receipt_status is 'Unknown status of a receipt.';

create domain billing.deposit_status as text constraint deposit_status_check check (value in (
  'due', 'partially_paid', 'paid', 'applied', 'refunded', 'forfeited', 'waived'));
comment on domain billing.deposit_status is 'Where a deposit stands.
due: Nothing of it was paid.
partially_paid: A part of it was paid.
paid: It was paid.
applied: It was used up to pay what it was for.
refunded: It was given back, at least in part.
forfeited: The business kept it, at least in part.
waived: It need not be paid after all.';
comment on constraint deposit_status_check on domain billing.deposit_status is 'Unknown status of a deposit.';

create domain billing.schedule_status as text constraint schedule_status_check check (value in (
  'scheduled', 'paid', 'canceled'));
comment on domain billing.schedule_status is 'Where an instalment stands.
scheduled: It will be due.
paid: It was paid.
canceled: It was replaced or given up; it counts no more.';
comment on constraint schedule_status_check on domain billing.schedule_status is 'Unknown status of an instalment.';

create domain billing.write_off_status as text constraint write_off_status_check check (value in (
  'pending_approval', 'approved', 'rejected'));
comment on domain billing.write_off_status is 'Where a write-off stands.
pending_approval: It waits for somebody else''s approval.
approved: It counts.
rejected: It does not.';
comment on constraint write_off_status_check on domain billing.write_off_status is 'Unknown status of a write-off.';

create domain billing.write_off_reason as text constraint write_off_reason_check check (value in (
  'small_balance', 'uncollectible', 'insolvency', 'goodwill', 'dispute', 'other'));
comment on domain billing.write_off_reason is 'Why something is given up.
small_balance: It is not worth collecting.
uncollectible: The customer does not or cannot pay.
insolvency: The customer is insolvent.
goodwill: The business lets it go.
dispute: It was not worth the dispute.
other: Something else, see the note.';
comment on constraint write_off_reason_check on domain billing.write_off_reason is 'Unknown reason.';

create domain billing.dunning_run_status as text constraint dunning_run_status_check check (value in (
  'previewed', 'running', 'done', 'failed'));
comment on domain billing.dunning_run_status is 'Where a run of dunning stands.
previewed: It shows what it would do.
running: It is at it.
done: All its reminders have gone out.
failed: It stopped; it can be run on.';
comment on constraint dunning_run_status_check on domain billing.dunning_run_status is 'Unknown status of a run.';

create domain billing.dunning_outcome as text constraint dunning_outcome_check check (value in (
  'sent', 'skipped', 'failed'));
comment on domain billing.dunning_outcome is 'What came of a step of dunning.
sent: The customer was reminded.
skipped: Nothing was done, such as while the invoice is contested.
failed: The reminder could not be sent.';
comment on constraint dunning_outcome_check on domain billing.dunning_outcome is 'Unknown outcome.';

-- receipts -----------------------------------------------------------------------------------------------------------

create table billing.receipts (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  location_id uuid,
  customer_id uuid,
  billing_account_id uuid,
  payment_transaction_id uuid,
  amount_minor bigint not null,
  unapplied_minor bigint not null,
  currency char(3) not null,
  method payments.method_kind not null,
  reference text,
  received_at timestamptz not null default now(),
  business_date date not null,
  note text,
  status billing.receipt_status not null default 'recorded',
  reversed_at timestamptz,
  reversal_reason text,
  idempotency_key text,
  -- The tills have receipts too: what both tables would call by one name is told apart here.
  constraint receipts_billing_pkey primary key (biz_id, id),
  constraint receipts_billing_biz_id_fkey foreign key (biz_id)
    references core.bizes (id),
  constraint receipts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint receipts_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint receipts_billing_account_id_fkey foreign key (biz_id, billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint receipts_payment_transaction_id_fkey foreign key (biz_id, payment_transaction_id)
    references payments.payment_transactions (biz_id, id),
  constraint receipts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint receipts_number_key unique (biz_id, number),
  constraint receipts_payment_transaction_id_key unique (biz_id, payment_transaction_id),
  constraint receipts_idempotency_key_key unique (biz_id, idempotency_key),
  constraint receipts_billing_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint receipts_reference_check check (btrim(reference) <> '' and length(reference) <= 200),
  constraint receipts_note_check check (length(note) <= 2000),
  constraint receipts_reversal_reason_check check (length(reversal_reason) <= 2000),
  constraint receipts_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint receipts_amount_check check (amount_minor > 0),
  constraint receipts_unapplied_check check (unapplied_minor between 0 and amount_minor),
  constraint receipts_reversed_check check ((status = 'reversed') = (reversed_at is not null) and (status <> 'reversed' or unapplied_minor = amount_minor))
);
comment on table billing.receipts is 'Money that was received from a customer, by whatever way. What it pays is said by its allocations.';
comment on column billing.receipts.number is 'Number that people use, such as RC-000123.';
comment on column billing.receipts.location_id is 'The location that received it.';
comment on column billing.receipts.customer_id is 'Who paid.';
comment on column billing.receipts.billing_account_id is 'The account that paid, if it was one.';
comment on column billing.receipts.payment_transaction_id is 'The movement at the processor that brought it, if there is one.';
comment on column billing.receipts.amount_minor is 'How much was received.';
comment on column billing.receipts.unapplied_minor is 'How much of it is set against nothing yet: the customer''s credit.';
comment on column billing.receipts.currency is 'Currency of the amounts.';
comment on column billing.receipts.method is 'How it was paid.';
comment on column billing.receipts.reference is 'Reference on the bank statement, number of the cheque, or the like.';
comment on column billing.receipts.received_at is 'When it was received.';
comment on column billing.receipts.business_date is 'The day of business on which it counts.';
comment on column billing.receipts.note is 'What else is known.';
comment on column billing.receipts.status is 'Whether it counts.';
comment on column billing.receipts.reversed_at is 'When it was reversed.';
comment on column billing.receipts.reversal_reason is 'Why it was reversed.';
comment on column billing.receipts.idempotency_key is 'Key of the request that recorded it.';
comment on constraint receipts_billing_number_check on billing.receipts is 'The number is not blank, and has at most 60 characters.';
comment on constraint receipts_reference_check on billing.receipts is 'The reference is not blank, and has at most 200 characters.';
comment on constraint receipts_note_check on billing.receipts is 'The note has at most 2,000 characters.';
comment on constraint receipts_reversal_reason_check on billing.receipts is 'The reversal reason has at most 2,000 characters.';
comment on constraint receipts_idempotency_key_check on billing.receipts is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint receipts_number_key on billing.receipts is 'There is already a receipt with this number.';
comment on constraint receipts_payment_transaction_id_key on billing.receipts is 'This movement of money was received already.';
comment on constraint receipts_idempotency_key_key on billing.receipts is 'A receipt was recorded for this key already.';
comment on constraint receipts_amount_check on billing.receipts is 'A receipt is of more than zero.';
comment on constraint receipts_unapplied_check on billing.receipts is 'No more of a receipt is used than was received.';
comment on constraint receipts_reversed_check on billing.receipts is 'A receipt is reversed when nothing is set against it any more.';

create index receipts_unapplied_idx on billing.receipts (biz_id, customer_id, received_at, id)
  where unapplied_minor > 0 and status = 'recorded';
create index receipts_location_id_business_date_idx on billing.receipts (biz_id, location_id, business_date, id);
create index receipts_account_received_at_idx on billing.receipts (biz_id, billing_account_id, received_at, id);

create trigger receipts_unapplied_guard
  before update on billing.receipts
  for each row when (pg_trigger_depth() = 0 and (
    old.unapplied_minor is distinct from new.unapplied_minor))
  execute function availability.refuse_update('receipts_unapplied_guard_check', 'What is left of a receipt is moved by allocations alone.');
create trigger receipts_unapplied_whole
  before insert on billing.receipts
  for each row when (new.unapplied_minor <> new.amount_minor or new.status <> 'recorded')
  execute function availability.refuse_update('receipts_unapplied_whole_check', 'Of a new receipt nothing is used.');
create trigger receipts_terms_immutable
  before update on billing.receipts
  for each row when (
    old.number is distinct from new.number
    or old.location_id is distinct from new.location_id
    or old.customer_id is distinct from new.customer_id
    or old.billing_account_id is distinct from new.billing_account_id
    or old.payment_transaction_id is distinct from new.payment_transaction_id
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency
    or old.method is distinct from new.method
    or old.received_at is distinct from new.received_at
    or old.business_date is distinct from new.business_date)
  execute function availability.refuse_update('receipts_terms_immutable_check', 'A receipt is never changed: reverse it.');

call core.install_table('billing.receipts', 'T', 'blre', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('receipt', 'recorded', 'reversed', true);
call core.install_state_machine('billing.receipts', 'status', 'receipt');

create trigger receipts_period_open
  after insert on billing.receipts referencing new table as inserted
  for each statement execute function ledger.refuse_locked_period();

-- deposits -----------------------------------------------------------------------------------------------------------

create table billing.deposits (
  biz_id uuid not null,
  id uuid not null,
  booking_order_id uuid,
  source_type text,
  source_id uuid,
  customer_id uuid,
  folio_id uuid,
  required_minor bigint not null,
  paid_minor bigint not null default 0,
  applied_minor bigint not null default 0,
  forfeited_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  held_minor bigint generated always as (paid_minor - applied_minor - forfeited_minor - refunded_minor) stored,
  currency char(3) not null,
  due_on date,
  is_refundable boolean not null default true,
  ledger_account_id uuid,
  status billing.deposit_status not null default 'due',
  constraint deposits_pkey primary key (biz_id, id),
  constraint deposits_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint deposits_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint deposits_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint deposits_folio_id_fkey foreign key (biz_id, folio_id)
    references billing.folios (biz_id, id),
  constraint deposits_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint deposits_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint deposits_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint deposits_source_given_check check (num_nonnulls(booking_order_id, source_id) = 1),
  constraint deposits_required_check check (required_minor > 0),
  constraint deposits_used_check check (paid_minor >= 0 and applied_minor >= 0 and forfeited_minor >= 0 and refunded_minor >= 0 and applied_minor + forfeited_minor + refunded_minor <= paid_minor),
  constraint deposits_status_check check (case status when 'due' then paid_minor = 0 when 'partially_paid' then paid_minor > 0 and paid_minor < required_minor when 'paid' then paid_minor >= required_minor when 'waived' then paid_minor = 0 else applied_minor + forfeited_minor + refunded_minor = paid_minor and paid_minor > 0 end),
  constraint deposits_outcome_check check (case status when 'applied' then applied_minor > 0 when 'refunded' then refunded_minor > 0 when 'forfeited' then forfeited_minor > 0 else true end)
);
comment on table billing.deposits is 'Money that is to be paid before a booking, and what becomes of it.';
comment on column billing.deposits.booking_order_id is 'The booking it is for.';
comment on column billing.deposits.source_type is 'What kind of thing the source is, such as Contract.';
comment on column billing.deposits.source_id is 'What else it is for.';
comment on column billing.deposits.customer_id is 'Who pays it.';
comment on column billing.deposits.folio_id is 'The folio it is used on.';
comment on column billing.deposits.required_minor is 'How much is to be paid.';
comment on column billing.deposits.paid_minor is 'How much was paid.';
comment on column billing.deposits.applied_minor is 'How much of that paid what it was for.';
comment on column billing.deposits.forfeited_minor is 'How much of that the business kept.';
comment on column billing.deposits.refunded_minor is 'How much of that was given back.';
comment on column billing.deposits.held_minor is 'How much the business holds for the customer.';
comment on column billing.deposits.currency is 'Currency of the amounts.';
comment on column billing.deposits.due_on is 'When it is to be paid.';
comment on column billing.deposits.is_refundable is 'Whether it is given back when the booking is cancelled in time.';
comment on column billing.deposits.ledger_account_id is 'The account in the books that holds it.';
comment on column billing.deposits.status is 'Where it stands.';
comment on constraint deposits_source_fkey on billing.deposits is 'Must be an existing thing of this tenant.';
comment on constraint deposits_source_check on billing.deposits is 'The source has both a type and an id, or neither.';
comment on constraint deposits_source_given_check on billing.deposits is 'A deposit is for one booking or for one other thing.';
comment on constraint deposits_required_check on billing.deposits is 'A deposit is of more than zero.';
comment on constraint deposits_used_check on billing.deposits is 'No more of a deposit is used, kept and given back than was paid.';
comment on constraint deposits_status_check on billing.deposits is 'The status of a deposit fits what was paid, and a deposit ends when nothing of it is held any more.';
comment on constraint deposits_outcome_check on billing.deposits is 'A deposit ends as what became of it.';

create index deposits_due_on_idx on billing.deposits (biz_id, due_on, id)
  where status in ('due', 'partially_paid');

create trigger deposits_terms_immutable
  before update on billing.deposits
  for each row when (
    old.booking_order_id is distinct from new.booking_order_id
    or old.source_type is distinct from new.source_type
    or old.source_id is distinct from new.source_id
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('deposits_terms_immutable_check', 'A deposit stays with what it is for.');

call core.install_table('billing.deposits', 'T', 'bldt', 'Deposit', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('deposit', 'due', 'partially_paid', false),
  ('deposit', 'due', 'paid', false),
  ('deposit', 'due', 'waived', true),
  ('deposit', 'partially_paid', 'paid', false),
  ('deposit', 'partially_paid', 'refunded', false),
  ('deposit', 'partially_paid', 'forfeited', true),
  ('deposit', 'paid', 'applied', false),
  ('deposit', 'paid', 'refunded', false),
  ('deposit', 'paid', 'forfeited', true),
  ('deposit', 'paid', 'partially_paid', false),
  ('deposit', 'waived', 'due', false);
call core.install_state_machine('billing.deposits', 'status', 'deposit');

create trigger deposits_account_currency
  after insert or update of ledger_account_id on billing.deposits
  for each row execute function ledger.check_account_currency('ledger_account_id');

-- payment_allocations ------------------------------------------------------------------------------------------------

create table billing.payment_allocations (
  biz_id uuid not null,
  id uuid not null,
  receipt_id uuid,
  credit_note_id uuid,
  invoice_id uuid,
  folio_id uuid,
  folio_line_id uuid,
  refund_id uuid,
  deposit_id uuid,
  amount_minor bigint not null,
  currency char(3) not null,
  business_date date not null,
  reverses_id uuid,
  reason text,
  constraint payment_allocations_pkey primary key (biz_id, id),
  constraint payment_allocations_receipt_id_fkey foreign key (biz_id, receipt_id)
    references billing.receipts (biz_id, id),
  constraint payment_allocations_credit_note_id_fkey foreign key (biz_id, credit_note_id)
    references billing.credit_notes (biz_id, id),
  constraint payment_allocations_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint payment_allocations_folio_id_fkey foreign key (biz_id, folio_id)
    references billing.folios (biz_id, id),
  constraint payment_allocations_folio_line_id_fkey foreign key (biz_id, folio_line_id)
    references billing.folio_line_items (biz_id, id),
  constraint payment_allocations_refund_id_fkey foreign key (biz_id, refund_id)
    references payments.refunds (biz_id, id),
  constraint payment_allocations_deposit_id_fkey foreign key (biz_id, deposit_id)
    references billing.deposits (biz_id, id),
  constraint payment_allocations_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payment_allocations_reverses_id_fkey foreign key (biz_id, reverses_id)
    references billing.payment_allocations (biz_id, id),
  constraint payment_allocations_reverses_id_key unique (biz_id, reverses_id),
  constraint payment_allocations_folio_line_id_key unique (biz_id, folio_line_id),
  constraint payment_allocations_reason_check check (length(reason) <= 2000),
  constraint payment_allocations_source_check check (num_nonnulls(receipt_id, credit_note_id) = 1),
  constraint payment_allocations_target_check check (num_nonnulls(invoice_id, folio_id, refund_id) = 1),
  constraint payment_allocations_folio_line_check check ((folio_id is null) = (folio_line_id is null)),
  constraint payment_allocations_amount_check check (case when reverses_id is null then amount_minor > 0 else amount_minor < 0 end),
  constraint payment_allocations_credit_folio_check check (credit_note_id is null or folio_id is null)
);
comment on table billing.payment_allocations is 'Money of a receipt or a credit note that is set against an invoice or a folio, or given back. Taken back by one that reverses it.';
comment on column billing.payment_allocations.receipt_id is 'The receipt it comes from.';
comment on column billing.payment_allocations.credit_note_id is 'The credit note it comes from.';
comment on column billing.payment_allocations.invoice_id is 'The invoice that it pays.';
comment on column billing.payment_allocations.folio_id is 'The folio that it pays.';
comment on column billing.payment_allocations.folio_line_id is 'The line of payment on that folio.';
comment on column billing.payment_allocations.refund_id is 'The refund by which it is given back.';
comment on column billing.payment_allocations.deposit_id is 'The deposit that it was paid as.';
comment on column billing.payment_allocations.amount_minor is 'How much; less than zero takes an earlier allocation back.';
comment on column billing.payment_allocations.currency is 'Currency of the amount.';
comment on column billing.payment_allocations.business_date is 'The day of business on which it counts.';
comment on column billing.payment_allocations.reverses_id is 'The allocation that it takes back, as a whole.';
comment on column billing.payment_allocations.reason is 'Why it was taken back.';
comment on constraint payment_allocations_reason_check on billing.payment_allocations is 'The reason has at most 2,000 characters.';
comment on constraint payment_allocations_reverses_id_key on billing.payment_allocations is 'This allocation was taken back already.';
comment on constraint payment_allocations_folio_line_id_key on billing.payment_allocations is 'This line of the folio belongs to another allocation.';
comment on constraint payment_allocations_source_check on billing.payment_allocations is 'Money comes from one receipt or one credit note.';
comment on constraint payment_allocations_target_check on billing.payment_allocations is 'Money goes to one invoice, one folio, or one refund.';
comment on constraint payment_allocations_folio_line_check on billing.payment_allocations is 'What pays a folio is a line of it.';
comment on constraint payment_allocations_amount_check on billing.payment_allocations is 'An allocation is of more than zero; what takes one back, of less.';
comment on constraint payment_allocations_credit_folio_check on billing.payment_allocations is 'A credit note is set against invoices.';

call core.install_table('billing.payment_allocations', 'J', 'blpa');

create function billing.allocate() returns trigger
language plpgsql as $$
declare
  complaint record;
begin
  -- All ends, in one order.
  perform
  from billing.receipts r
  where (r.biz_id, r.id) in (select i.biz_id, i.receipt_id from inserted i)
  order by r.biz_id, r.id
  for no key update;
  perform
  from billing.credit_notes c
  where (c.biz_id, c.id) in (select i.biz_id, i.credit_note_id from inserted i)
  order by c.biz_id, c.id
  for no key update;
  perform
  from billing.invoices v
  where (v.biz_id, v.id) in (select i.biz_id, i.invoice_id from inserted i)
  order by v.biz_id, v.id
  for no key update;
  perform
  from payments.refunds f
  where (f.biz_id, f.id) in (select i.biz_id, i.refund_id from inserted i)
  order by f.biz_id, f.id
  for no key update;

  select w.* into complaint
  from (
    select 1, 'reverses_id', 'payment_allocations_reversal_mirror_check', 'What takes an allocation back has its ends and its amount.'
    from inserted i
    join billing.payment_allocations a on a.biz_id = i.biz_id and a.id = i.reverses_id
    where a.reverses_id is not null
      or a.amount_minor <> -i.amount_minor
      or (a.receipt_id, a.credit_note_id, a.invoice_id, a.folio_id, a.refund_id)
        is distinct from (i.receipt_id, i.credit_note_id, i.invoice_id, i.folio_id, i.refund_id)
    union all
    select 2, 'receipt_id', 'payment_allocations_receipt_check', 'Money comes from a receipt that counts, in its currency.'
    from inserted i
    join billing.receipts r on r.biz_id = i.biz_id and r.id = i.receipt_id
    where r.status <> 'recorded' or r.currency <> i.currency
    union all
    select 3, 'credit_note_id', 'payment_allocations_credit_note_check', 'Credit comes from a credit note that was issued, in its currency.'
    from inserted i
    join billing.credit_notes c on c.biz_id = i.biz_id and c.id = i.credit_note_id
    where c.status <> 'finalized' or c.currency <> i.currency
    union all
    select 4, 'invoice_id', 'payment_allocations_invoice_check', 'Money is set against an invoice that was issued, in its currency.'
    from inserted i
    join billing.invoices v on v.biz_id = i.biz_id and v.id = i.invoice_id
    where v.status in ('draft', 'discarded', 'voided') or v.kind = 'proforma' or v.currency <> i.currency
    union all
    select 5, 'folio_line_id', 'payment_allocations_folio_line_amount_check', 'What pays a folio is a payment of the same amount on it.'
    from inserted i
    join billing.folio_line_items l on l.biz_id = i.biz_id and l.id = i.folio_line_id
    where l.folio_id <> i.folio_id
      or l.currency <> i.currency
      or l.amount_minor <> -i.amount_minor
      or l.kind <> all (array['payment', 'deposit_used', 'refund']::text[])
    union all
    select 6, 'refund_id', 'payment_allocations_refund_sum_check', 'No more is given back by a refund than it is of, in its currency.'
    from inserted i
    join payments.refunds f on f.biz_id = i.biz_id and f.id = i.refund_id
    where f.currency <> i.currency
      or (i.amount_minor > 0 and f.status in ('failed', 'canceled'))
      or f.amount_minor < (
        select sum(a.amount_minor)
        from billing.payment_allocations a
        where a.biz_id = f.biz_id
          and a.refund_id = f.id
      )
  ) as w (place, field, name, sentence)
  order by w.place
  limit 1;
  if found then
    raise exception using
      errcode = '23514',
      message = complaint.sentence,
      schema = 'billing',
      table = 'payment_allocations',
      column = complaint.field,
      constraint = complaint.name;
  end if;

  update billing.receipts r
  set unapplied_minor = r.unapplied_minor - d.amount
  from (
    select i.biz_id, i.receipt_id, sum(i.amount_minor) as amount
    from inserted i
    where i.receipt_id is not null
    group by i.biz_id, i.receipt_id
  ) d
  where r.biz_id = d.biz_id
    and r.id = d.receipt_id;

  update billing.credit_notes c
  set applied_minor = c.applied_minor + d.applied,
    refunded_minor = c.refunded_minor + d.refunded
  from (
    select
      i.biz_id,
      i.credit_note_id,
      coalesce(sum(i.amount_minor) filter (where i.refund_id is null), 0) as applied,
      coalesce(sum(i.amount_minor) filter (where i.refund_id is not null), 0) as refunded
    from inserted i
    where i.credit_note_id is not null
    group by i.biz_id, i.credit_note_id
  ) d
  where c.biz_id = d.biz_id
    and c.id = d.credit_note_id;

  update billing.invoices v
  set paid_minor = v.paid_minor + d.paid,
    credited_minor = v.credited_minor + d.credited,
    status = billing.settled_status(v.status, v.total_minor, v.paid_minor + d.paid, v.credited_minor + d.credited, v.written_off_minor)
  from (
    select
      i.biz_id,
      i.invoice_id,
      coalesce(sum(i.amount_minor) filter (where i.receipt_id is not null), 0)::bigint as paid,
      coalesce(sum(i.amount_minor) filter (where i.credit_note_id is not null), 0)::bigint as credited
    from inserted i
    where i.invoice_id is not null
    group by i.biz_id, i.invoice_id
  ) d
  where v.biz_id = d.biz_id
    and v.id = d.invoice_id;
  return null;
end
$$;
comment on function billing.allocate() is 'Trigger: money comes from a receipt or credit note that has it, goes to what is open or back, and moves the counters of both ends.';

create function billing.settled_status(
  status billing.invoice_status, total_minor bigint, paid_minor bigint, credited_minor bigint, written_off_minor bigint
) returns billing.invoice_status
language sql immutable as $$
  select case
    when status in ('draft', 'discarded', 'voided') or total_minor = 0 then status
    when paid_minor + credited_minor + written_off_minor >= total_minor and written_off_minor > 0 then 'uncollectible'
    when paid_minor + credited_minor + written_off_minor >= total_minor then 'paid'
    when paid_minor > 0 then 'partially_paid'
    else 'finalized'
  end
$$;
comment on function billing.settled_status(billing.invoice_status, bigint, bigint, bigint, bigint) is 'The status of an issued invoice, as it follows from what was paid, credited and written off.';

create trigger payment_allocations_allocate
  after insert on billing.payment_allocations referencing new table as inserted
  for each statement execute function billing.allocate();

-- write_offs ---------------------------------------------------------------------------------------------------------

create table billing.write_offs (
  biz_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  amount_minor bigint not null,
  recovered_minor bigint not null default 0,
  currency char(3) not null,
  reason billing.write_off_reason not null,
  note text,
  business_date date not null,
  needs_approval boolean not null default true,
  requested_by_id uuid,
  approved_by_id uuid,
  status billing.write_off_status not null default 'pending_approval',
  constraint write_offs_pkey primary key (biz_id, id),
  constraint write_offs_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint write_offs_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint write_offs_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint write_offs_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint write_offs_note_check check (length(note) <= 2000),
  constraint write_offs_amount_check check (amount_minor > 0),
  constraint write_offs_recovered_check check (recovered_minor between 0 and amount_minor and (recovered_minor = 0 or status = 'approved')),
  constraint write_offs_two_person_check check (approved_by_id <> requested_by_id),
  constraint write_offs_approved_check check (status <> 'approved' or not needs_approval or num_nonnulls(requested_by_id, approved_by_id) = 2),
  constraint write_offs_reason_note_check check (reason <> 'other' or btrim(coalesce(note, '')) <> '')
);
comment on table billing.write_offs is 'An amount of an invoice that will not be paid. What comes in after all is recovered first, then allocated.';
comment on column billing.write_offs.invoice_id is 'The invoice.';
comment on column billing.write_offs.amount_minor is 'How much is given up.';
comment on column billing.write_offs.recovered_minor is 'How much of that came in after all.';
comment on column billing.write_offs.currency is 'Currency of the amounts, that of the invoice.';
comment on column billing.write_offs.reason is 'Why.';
comment on column billing.write_offs.note is 'Why, in words.';
comment on column billing.write_offs.business_date is 'The day of business on which it counts.';
comment on column billing.write_offs.needs_approval is 'Whether it is above what one person may write off.';
comment on column billing.write_offs.requested_by_id is 'Who asked for it.';
comment on column billing.write_offs.approved_by_id is 'Who approved it: somebody else.';
comment on column billing.write_offs.status is 'Where it stands.';
comment on constraint write_offs_note_check on billing.write_offs is 'The note has at most 2,000 characters.';
comment on constraint write_offs_amount_check on billing.write_offs is 'A write-off is of more than zero.';
comment on constraint write_offs_recovered_check on billing.write_offs is 'No more comes in of a write-off than was written off.';
comment on constraint write_offs_two_person_check on billing.write_offs is 'A write-off is approved by somebody else than who asked for it.';
comment on constraint write_offs_approved_check on billing.write_offs is 'A write-off above the limit needs two people.';
comment on constraint write_offs_reason_note_check on billing.write_offs is 'Another reason is given in words.';

create index write_offs_status_idx on billing.write_offs (biz_id, status, business_date, id);

create trigger write_offs_terms_immutable
  before update on billing.write_offs
  for each row when (
    old.invoice_id is distinct from new.invoice_id
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency
    or old.reason is distinct from new.reason
    or old.business_date is distinct from new.business_date
    or old.requested_by_id is distinct from new.requested_by_id
    or old.needs_approval is distinct from new.needs_approval)
  execute function availability.refuse_update('write_offs_terms_immutable_check', 'A write-off is never changed.');
create trigger write_offs_pending
  before insert on billing.write_offs
  for each row when (new.status = 'rejected' or new.recovered_minor <> 0)
  execute function availability.refuse_update('write_offs_pending_check', 'A write-off begins as asked for or approved, with nothing recovered.');

call core.install_table('billing.write_offs', 'T', 'blwo', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('write_off', 'pending_approval', 'approved', false),
  ('write_off', 'pending_approval', 'rejected', true);
call core.install_state_machine('billing.write_offs', 'status', 'write_off');

create trigger write_offs_recovered_forward
  before update on billing.write_offs
  for each row when (new.recovered_minor < old.recovered_minor)
  execute function availability.refuse_update('write_offs_recovered_forward_check', 'What came in after all stays in.');

create function billing.follow_write_off() returns trigger
language plpgsql as $$
declare
  was bigint := 0;
  becomes constant bigint := case new.status when 'approved' then new.amount_minor - new.recovered_minor else 0 end;
begin
  if tg_op = 'UPDATE' and old.status = 'approved' then
    was := old.amount_minor - old.recovered_minor;
  end if;
  if was = becomes then
    return null;
  end if;
  update billing.invoices v
  set written_off_minor = v.written_off_minor + becomes - was,
    status = billing.settled_status(v.status, v.total_minor, v.paid_minor, v.credited_minor, v.written_off_minor + becomes - was)
  where v.biz_id = new.biz_id
    and v.id = new.invoice_id
    and v.currency = new.currency
    and v.status not in ('draft', 'discarded', 'voided');
  if not found then
    raise exception using
      errcode = '23514',
      message = 'What is written off is of an invoice that was issued, in its currency.',
      schema = 'billing',
      table = 'write_offs',
      column = 'invoice_id',
      constraint = 'write_offs_invoice_check';
  end if;
  return null;
end
$$;
comment on function billing.follow_write_off() is 'Trigger: what was written off of an invoice follows its approved write-offs.';

create trigger write_offs_follow
  after insert or update of status, recovered_minor on billing.write_offs
  for each row execute function billing.follow_write_off();

-- payment_schedules --------------------------------------------------------------------------------------------------

create table billing.payment_schedules (
  biz_id uuid not null,
  id uuid not null,
  source_type text not null,
  source_id uuid not null,
  seq integer not null,
  due_on date not null,
  amount_minor bigint not null,
  paid_minor bigint not null default 0,
  plan_total_minor bigint not null,
  currency char(3) not null,
  payment_method_id uuid,
  payment_intent_id uuid,
  status billing.schedule_status not null default 'scheduled',
  paid_at timestamptz,
  constraint payment_schedules_pkey primary key (biz_id, id),
  constraint payment_schedules_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint payment_schedules_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payment_schedules_payment_method_id_fkey foreign key (biz_id, payment_method_id)
    references payments.payment_methods (biz_id, id),
  constraint payment_schedules_payment_intent_id_fkey foreign key (biz_id, payment_intent_id)
    references payments.payment_intents (biz_id, id),
  constraint payment_schedules_seq_check check (seq >= 1),
  constraint payment_schedules_amounts_check check (amount_minor > 0 and paid_minor between 0 and amount_minor),
  constraint payment_schedules_paid_check check ((status = 'paid') = (paid_minor = amount_minor) and (status = 'paid') = (paid_at is not null))
);
comment on table billing.payment_schedules is 'One instalment of what is paid in parts. The instalments of a plan that are not canceled sum up to it.';
comment on column billing.payment_schedules.source_type is 'What kind of thing the source is, such as BookingOrder.';
comment on column billing.payment_schedules.source_id is 'What is paid in parts, such as a booking or an invoice.';
comment on column billing.payment_schedules.seq is 'Its place in the plan, from 1.';
comment on column billing.payment_schedules.due_on is 'When it is due.';
comment on column billing.payment_schedules.amount_minor is 'How much is due.';
comment on column billing.payment_schedules.paid_minor is 'How much of that was paid.';
comment on column billing.payment_schedules.plan_total_minor is 'What the whole plan comes to; the same in all its instalments.';
comment on column billing.payment_schedules.currency is 'Currency of the amounts.';
comment on column billing.payment_schedules.payment_method_id is 'The way to pay it is collected by, if it is collected.';
comment on column billing.payment_schedules.payment_intent_id is 'The payment that paid it.';
comment on column billing.payment_schedules.status is 'Where it stands.';
comment on column billing.payment_schedules.paid_at is 'When it was paid.';
comment on constraint payment_schedules_source_fkey on billing.payment_schedules is 'Must be an existing thing of this tenant.';
comment on constraint payment_schedules_seq_check on billing.payment_schedules is 'Instalments are numbered from 1.';
comment on constraint payment_schedules_amounts_check on billing.payment_schedules is 'An instalment is more than zero, and no more of it is paid.';
comment on constraint payment_schedules_paid_check on billing.payment_schedules is 'An instalment is paid when all of it was paid, and says when.';

create unique index payment_schedules_seq_key on billing.payment_schedules (biz_id, source_type, source_id, seq)
  where status <> 'canceled';
comment on index billing.payment_schedules_seq_key is 'The plan already has an instalment of this number.';
create index payment_schedules_due_on_idx on billing.payment_schedules (biz_id, due_on, id)
  where status = 'scheduled';

create trigger payment_schedules_source_immutable
  before update on billing.payment_schedules
  for each row when (
    old.source_type is distinct from new.source_type
    or old.source_id is distinct from new.source_id
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('payment_schedules_source_immutable_check', 'An instalment stays with its plan.');

call core.install_table('billing.payment_schedules', 'T', 'blps', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_schedule', 'scheduled', 'paid', false),
  ('payment_schedule', 'scheduled', 'canceled', false),
  ('payment_schedule', 'paid', 'scheduled', false);
call core.install_state_machine('billing.payment_schedules', 'status', 'payment_schedule');

create function billing.check_payment_schedule() returns trigger
language plpgsql as $$
begin
  -- Two writers who each see only their own instalments would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(format('payment schedule %s %s', new.biz_id, new.source_id), 0));
  if exists (
    select
    from billing.payment_schedules s
    where s.biz_id = new.biz_id
      and s.source_type = new.source_type
      and s.source_id = new.source_id
      and s.status <> 'canceled'
    having sum(s.amount_minor) <> min(s.plan_total_minor)
      or min(s.plan_total_minor) <> max(s.plan_total_minor)
      or min(s.currency) <> max(s.currency)
  ) then
    raise exception using
      errcode = '23514',
      message = 'The instalments of a plan must sum up to it.',
      schema = 'billing',
      table = 'payment_schedules',
      column = 'amount_minor',
      constraint = 'payment_schedules_sum_check';
  end if;
  return null;
end
$$;
comment on function billing.check_payment_schedule() is 'Trigger: the instalments of a plan that are not canceled sum up to it.';

create constraint trigger payment_schedules_sum_check
  after insert or update of amount_minor, plan_total_minor, status on billing.payment_schedules
  deferrable initially deferred
  for each row execute function billing.check_payment_schedule();
comment on constraint payment_schedules_sum_check on billing.payment_schedules is 'The instalments of a plan must sum up to it.';

-- dunning_runs -------------------------------------------------------------------------------------------------------

create table billing.dunning_runs (
  biz_id uuid not null,
  id uuid not null,
  as_of date not null,
  location_id uuid,
  status billing.dunning_run_status not null default 'previewed',
  invoice_count integer not null default 0,
  action_count integer not null default 0,
  failed_count integer not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  constraint dunning_runs_pkey primary key (biz_id, id),
  constraint dunning_runs_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint dunning_runs_error_check check (length(error) <= 10000),
  constraint dunning_runs_counts_check check (invoice_count >= 0 and action_count >= 0 and failed_count between 0 and action_count),
  constraint dunning_runs_times_check check ((status = 'previewed') = (started_at is null) and (status = 'done') = (finished_at is not null) and finished_at >= started_at or (status = 'previewed') = (started_at is null) and status <> 'done' and finished_at is null)
);
comment on table billing.dunning_runs is 'One pass over all overdue invoices: first shown, then done.';
comment on column billing.dunning_runs.as_of is 'The day for which invoices are overdue.';
comment on column billing.dunning_runs.location_id is 'Only invoices of this location; none for all.';
comment on column billing.dunning_runs.status is 'Where it stands.';
comment on column billing.dunning_runs.invoice_count is 'How many invoices it looked at.';
comment on column billing.dunning_runs.action_count is 'How many steps it took, or would take.';
comment on column billing.dunning_runs.failed_count is 'How many of them failed.';
comment on column billing.dunning_runs.started_at is 'When it began.';
comment on column billing.dunning_runs.finished_at is 'When it ended.';
comment on column billing.dunning_runs.error is 'Why it stopped.';
comment on constraint dunning_runs_error_check on billing.dunning_runs is 'The error has at most 10,000 characters.';
comment on constraint dunning_runs_counts_check on billing.dunning_runs is 'Counts cannot be negative.';
comment on constraint dunning_runs_times_check on billing.dunning_runs is 'A run that began says when, and so does one that is done.';

create unique index dunning_runs_running_key on billing.dunning_runs (biz_id, status)
  where status = 'running';
comment on index billing.dunning_runs_running_key is 'A run of dunning is still going on.';
create index dunning_runs_as_of_idx on billing.dunning_runs (biz_id, as_of, id);

create trigger dunning_runs_scope_immutable
  before update on billing.dunning_runs
  for each row when (
    old.as_of is distinct from new.as_of
    or old.location_id is distinct from new.location_id)
  execute function availability.refuse_update('dunning_runs_scope_immutable_check', 'A run is for one day.');

call core.install_table('billing.dunning_runs', 'T', 'bldr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('dunning_run', 'previewed', 'running', false),
  ('dunning_run', 'running', 'done', false),
  ('dunning_run', 'running', 'failed', false),
  ('dunning_run', 'failed', 'running', false);
call core.install_state_machine('billing.dunning_runs', 'status', 'dunning_run');

-- dunning_actions ----------------------------------------------------------------------------------------------------

create table billing.dunning_actions (
  biz_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  invoice_id uuid not null,
  step_id uuid not null,
  outcome billing.dunning_outcome not null,
  detail text,
  open_minor bigint not null,
  fee_minor bigint not null default 0,
  currency char(3) not null,
  fee_invoice_id uuid,
  constraint dunning_actions_pkey primary key (biz_id, id),
  constraint dunning_actions_run_id_fkey foreign key (biz_id, run_id)
    references billing.dunning_runs (biz_id, id),
  constraint dunning_actions_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint dunning_actions_step_id_fkey foreign key (biz_id, step_id)
    references billing.dunning_policy_steps (biz_id, id),
  constraint dunning_actions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint dunning_actions_fee_invoice_id_fkey foreign key (biz_id, fee_invoice_id)
    references billing.invoices (biz_id, id),
  constraint dunning_actions_run_id_invoice_id_step_id_key unique (biz_id, run_id, invoice_id, step_id),
  constraint dunning_actions_detail_check check (length(detail) <= 2000),
  constraint dunning_actions_amounts_check check (open_minor >= 0 and fee_minor >= 0)
);
comment on table billing.dunning_actions is 'One step of dunning for one invoice.';
comment on column billing.dunning_actions.run_id is 'The run that took it.';
comment on column billing.dunning_actions.invoice_id is 'The invoice.';
comment on column billing.dunning_actions.step_id is 'The step of the policy.';
comment on column billing.dunning_actions.outcome is 'What came of it.';
comment on column billing.dunning_actions.detail is 'Why it was skipped or failed.';
comment on column billing.dunning_actions.open_minor is 'What was open then.';
comment on column billing.dunning_actions.fee_minor is 'The fee that was charged.';
comment on column billing.dunning_actions.currency is 'Currency of the amounts, that of the invoice.';
comment on column billing.dunning_actions.fee_invoice_id is 'The invoice that charges the fee.';
comment on constraint dunning_actions_detail_check on billing.dunning_actions is 'The detail has at most 2,000 characters.';
comment on constraint dunning_actions_amounts_check on billing.dunning_actions is 'Amounts cannot be negative.';
comment on constraint dunning_actions_run_id_invoice_id_step_id_key on billing.dunning_actions is 'The run took this step for the invoice already.';

create unique index dunning_actions_step_key on billing.dunning_actions (biz_id, invoice_id, step_id)
  where outcome = 'sent';
comment on index billing.dunning_actions_step_key is 'This step was taken for the invoice already.';

call core.install_table('billing.dunning_actions', 'J', 'blda');

-- statements ---------------------------------------------------------------------------------------------------------

create table billing.statements (
  biz_id uuid not null,
  id uuid not null,
  billing_account_id uuid not null,
  number text not null,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  opening_minor bigint not null,
  invoiced_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  received_minor bigint not null default 0,
  closing_minor bigint not null,
  currency char(3) not null,
  media_id uuid,
  sent_at timestamptz,
  constraint statements_pkey primary key (biz_id, id),
  constraint statements_billing_account_id_fkey foreign key (biz_id, billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint statements_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint statements_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint statements_number_key unique (biz_id, number),
  constraint statements_period_excl exclude using gist (
    biz_id with =, billing_account_id with =, period with &&),
  constraint statements_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint statements_dates_check check (ends_on > starts_on),
  constraint statements_closing_check check (closing_minor = opening_minor + invoiced_minor - credited_minor - received_minor)
);
comment on table billing.statements is 'What a billing account owed at the beginning and the end of a period, and what changed in between. Each begins where the one before it ended.';
comment on column billing.statements.billing_account_id is 'The account.';
comment on column billing.statements.number is 'Number that people use, such as ST-000123.';
comment on column billing.statements.starts_on is 'First day.';
comment on column billing.statements.ends_on is 'First day after the last.';
comment on column billing.statements.period is 'From starts_on to ends_on, as a range.';
comment on column billing.statements.opening_minor is 'What was owed at the beginning; less than zero is credit.';
comment on column billing.statements.invoiced_minor is 'What was invoiced.';
comment on column billing.statements.credited_minor is 'What was credited and written off.';
comment on column billing.statements.received_minor is 'What was received, less what was given back.';
comment on column billing.statements.closing_minor is 'What was owed at the end.';
comment on column billing.statements.currency is 'Currency of the amounts, that of the account.';
comment on column billing.statements.media_id is 'The printed statement.';
comment on column billing.statements.sent_at is 'When it was sent.';
comment on constraint statements_number_check on billing.statements is 'The number is not blank, and has at most 60 characters.';
comment on constraint statements_number_key on billing.statements is 'There is already a statement with this number.';
comment on constraint statements_dates_check on billing.statements is 'The end must be after the first day.';
comment on constraint statements_closing_check on billing.statements is 'What is owed at the end is what was owed before, plus what was invoiced, less what was credited and received.';
comment on constraint statements_period_excl on billing.statements is 'The account already has a statement for one of these days.';

create trigger statements_content_immutable
  before update on billing.statements
  for each row when (
    old.billing_account_id is distinct from new.billing_account_id
    or old.number is distinct from new.number
    or old.starts_on is distinct from new.starts_on
    or old.ends_on is distinct from new.ends_on
    or old.opening_minor is distinct from new.opening_minor
    or old.invoiced_minor is distinct from new.invoiced_minor
    or old.credited_minor is distinct from new.credited_minor
    or old.received_minor is distinct from new.received_minor
    or old.closing_minor is distinct from new.closing_minor
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('statements_content_immutable_check', 'A statement is never changed.');

call core.install_table('billing.statements', 'T', 'blst', 'BillingStatement', registrable => true);

create function billing.check_statement() returns trigger
language plpgsql as $$
begin
  -- Two statements of an account are made one after the other.
  perform
  from billing.billing_accounts a
  where a.biz_id = new.biz_id
    and a.id = new.billing_account_id
  for no key update;

  if exists (
    select
    from (
      select s.ends_on, s.closing_minor, s.currency
      from billing.statements s
      where s.biz_id = new.biz_id
        and s.billing_account_id = new.billing_account_id
        and s.id <> new.id
      order by s.ends_on desc
      limit 1
    ) before
    where before.ends_on <> new.starts_on
      or before.closing_minor <> new.opening_minor
      or before.currency <> new.currency
  ) then
    raise exception using
      errcode = '23514',
      message = 'A statement begins where the one before it ended: on that day, with that balance.',
      schema = 'billing',
      table = 'statements',
      column = 'opening_minor',
      constraint = 'statements_opening_check';
  end if;
  return null;
end
$$;
comment on function billing.check_statement() is 'Trigger: a statement continues the one before it.';

create trigger statements_opening
  after insert on billing.statements
  for each row execute function billing.check_statement();
