-- Payments, between processors, banks and partners: settlement, payouts, transfers, fees; and the processors' messages.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain payments.batch_status as text constraint batch_status_check check (value in (
  'open', 'closed', 'reconciled', 'discrepancy'));
comment on domain payments.batch_status is 'Where a settlement stands.
open: It is being filled.
closed: It is complete as the processor reported it.
reconciled: It agrees with our books.
discrepancy: It does not agree with our books.';
comment on constraint batch_status_check on domain payments.batch_status is 'Unknown status of a settlement.';

create domain payments.settlement_kind as text constraint settlement_kind_check check (value in (
  'payment', 'refund', 'chargeback', 'chargeback_reversal', 'fee', 'reserve', 'adjustment'));
comment on domain payments.settlement_kind is 'What an entry of a settlement is for.
payment: A payment that was taken.
refund: A refund.
chargeback: Money that a bank took back.
chargeback_reversal: Money that a bank gave back.
fee: A fee on its own.
reserve: Money that the processor keeps back, or sets free.
adjustment: Something else that the processor booked.';
comment on constraint settlement_kind_check on domain payments.settlement_kind is 'Unknown kind of entry.';

create domain payments.payout_status as text constraint payout_status_check check (value in (
  'pending', 'in_transit', 'paid', 'failed', 'canceled'));
comment on domain payments.payout_status is 'Where a payout stands.
pending: It was ordered.
in_transit: It is on its way.
paid: It arrived. A bank may still return it.
failed: It did not arrive, or was returned.
canceled: It was called off before it was sent.';
comment on constraint payout_status_check on domain payments.payout_status is 'Unknown status of a payout.';

create domain payments.payout_entry_kind as text constraint payout_entry_kind_check check (value in (
  'settlement', 'share', 'fee', 'adjustment', 'reserve'));
comment on domain payments.payout_entry_kind is 'What part of a payout an entry is.
settlement: What was settled.
share: The beneficiary''s share of what was sold.
fee: A fee that was kept back.
adjustment: A correction.
reserve: Money kept back before, or now.';
comment on constraint payout_entry_kind_check on domain payments.payout_entry_kind is 'Unknown part of a payout.';

create domain payments.transfer_status as text constraint transfer_status_check check (value in (
  'pending', 'succeeded', 'failed', 'reversed'));
comment on domain payments.transfer_status is 'Where a transfer stands.
pending: It was ordered.
succeeded: The money moved.
failed: It did not.
reversed: All of it moved back.';
comment on constraint transfer_status_check on domain payments.transfer_status is 'Unknown status of a transfer.';

create domain payments.fee_kind as text constraint fee_kind_check check (value in (
  'processing', 'dispute', 'payout', 'currency_conversion', 'platform', 'terminal', 'other'));
comment on domain payments.fee_kind is 'What a fee is for.
processing: Taking a payment.
dispute: A dispute.
payout: A payout.
currency_conversion: Changing currencies.
platform: Using the platform.
terminal: A terminal.
other: Something else.';
comment on constraint fee_kind_check on domain payments.fee_kind is 'Unknown kind of fee.';

create domain payments.webhook_status as text constraint webhook_status_check check (value in (
  'received', 'processing', 'processed', 'ignored', 'parked', 'failed'));
comment on domain payments.webhook_status is 'Where a processor''s message stands.
received: It was stored.
processing: It is being applied.
processed: It was applied.
ignored: It was older than what we know, or of no interest.
parked: What it is about is not here yet; it will be tried again.
failed: It could not be applied; somebody must look.';
comment on constraint webhook_status_check on domain payments.webhook_status is 'Unknown status of a message.';

-- settlement_batches -------------------------------------------------------------------------------------------------

create table payments.settlement_batches (
  biz_id uuid not null,
  id uuid not null,
  processor_account_id uuid not null,
  external_id text not null,
  starts_on date not null,
  ends_on date not null,
  currency char(3) not null,
  gross_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  status payments.batch_status not null default 'open',
  explanation text,
  constraint settlement_batches_pkey primary key (biz_id, id),
  constraint settlement_batches_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint settlement_batches_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint settlement_batches_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint settlement_batches_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint settlement_batches_explanation_check check (length(explanation) <= 10000),
  constraint settlement_batches_dates_check check (ends_on > starts_on),
  constraint settlement_batches_net_check check (net_minor = gross_minor - fee_minor)
);
comment on table payments.settlement_batches is 'What a processor settled over some days, as it reported it.';
comment on column payments.settlement_batches.processor_account_id is 'The account at the processor.';
comment on column payments.settlement_batches.external_id is 'Its id at the processor.';
comment on column payments.settlement_batches.starts_on is 'First day.';
comment on column payments.settlement_batches.ends_on is 'First day after the last.';
comment on column payments.settlement_batches.currency is 'Currency of its amounts.';
comment on column payments.settlement_batches.gross_minor is 'What was settled, before fees.';
comment on column payments.settlement_batches.fee_minor is 'The fees.';
comment on column payments.settlement_batches.net_minor is 'What is left.';
comment on column payments.settlement_batches.status is 'Where it stands.';
comment on column payments.settlement_batches.explanation is 'Why it does not agree with our books.';
comment on constraint settlement_batches_external_id_check on payments.settlement_batches is 'The external id is not blank, and has at most 200 characters.';
comment on constraint settlement_batches_explanation_check on payments.settlement_batches is 'The explanation has at most 10,000 characters.';
comment on constraint settlement_batches_processor_account_id_external_id_key on payments.settlement_batches is 'This settlement is here already.';
comment on constraint settlement_batches_dates_check on payments.settlement_batches is 'The end must be after the first day.';
comment on constraint settlement_batches_net_check on payments.settlement_batches is 'What is left is what was settled less the fees.';

create index settlement_batches_status_idx on payments.settlement_batches (biz_id, status, ends_on, id);

call core.install_table('payments.settlement_batches', 'T', 'pysb', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('settlement_batch', 'open', 'closed', false),
  ('settlement_batch', 'closed', 'reconciled', false),
  ('settlement_batch', 'closed', 'discrepancy', false),
  ('settlement_batch', 'discrepancy', 'reconciled', true);
call core.install_state_machine('payments.settlement_batches', 'status', 'settlement_batch');

-- settlement_entries -------------------------------------------------------------------------------------------------

create table payments.settlement_entries (
  biz_id uuid not null,
  id uuid not null,
  batch_id uuid not null,
  transaction_id uuid,
  kind payments.settlement_kind not null,
  external_id text,
  amount_minor bigint not null,
  fee_minor bigint not null default 0,
  currency char(3) not null,
  occurred_at timestamptz,
  constraint settlement_entries_pkey primary key (biz_id, id),
  constraint settlement_entries_batch_id_fkey foreign key (biz_id, batch_id)
    references payments.settlement_batches (biz_id, id),
  constraint settlement_entries_transaction_id_fkey foreign key (biz_id, transaction_id)
    references payments.payment_transactions (biz_id, id),
  constraint settlement_entries_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint settlement_entries_transaction_id_kind_key unique (biz_id, transaction_id, kind),
  constraint settlement_entries_batch_id_external_id_kind_key unique (biz_id, batch_id, external_id, kind),
  constraint settlement_entries_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint settlement_entries_amount_check check (amount_minor <> 0 or fee_minor <> 0)
);
comment on table payments.settlement_entries is 'One line of a settlement. The lines of a settlement sum up to it.';
comment on column payments.settlement_entries.batch_id is 'The settlement.';
comment on column payments.settlement_entries.transaction_id is 'The movement it settles; none while it was not found, and of lines on their own.';
comment on column payments.settlement_entries.kind is 'What it is for.';
comment on column payments.settlement_entries.external_id is 'Its id at the processor.';
comment on column payments.settlement_entries.amount_minor is 'What it adds to the settlement before fees; less than zero takes away.';
comment on column payments.settlement_entries.fee_minor is 'Its fee; less than zero is a fee that was given back.';
comment on column payments.settlement_entries.currency is 'Currency of the amounts, that of the settlement.';
comment on column payments.settlement_entries.occurred_at is 'When it happened, by the processor''s clock.';
comment on constraint settlement_entries_external_id_check on payments.settlement_entries is 'The external id is not blank, and has at most 200 characters.';
comment on constraint settlement_entries_transaction_id_kind_key on payments.settlement_entries is 'This movement was settled already.';
comment on constraint settlement_entries_batch_id_external_id_kind_key on payments.settlement_entries is 'This line of the settlement is here already.';
comment on constraint settlement_entries_amount_check on payments.settlement_entries is 'A line has an amount or a fee.';

call core.install_table('payments.settlement_entries', 'J', 'pyse');

-- payouts ------------------------------------------------------------------------------------------------------------

create table payments.payouts (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  processor_account_id uuid,
  beneficiary_type text,
  beneficiary_id uuid,
  settlement_batch_id uuid,
  currency char(3) not null,
  amount_minor bigint not null,
  status payments.payout_status not null default 'pending',
  arrives_on date,
  bank_ref text,
  external_id text,
  ledger_account_id uuid,
  failure_reason text,
  idempotency_key text,
  retry_of_id uuid,
  constraint payouts_pkey primary key (biz_id, id),
  constraint payouts_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint payouts_beneficiary_fkey foreign key (biz_id, beneficiary_type, beneficiary_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint payouts_settlement_batch_id_fkey foreign key (biz_id, settlement_batch_id)
    references payments.settlement_batches (biz_id, id),
  constraint payouts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payouts_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint payouts_retry_of_id_fkey foreign key (biz_id, retry_of_id)
    references payments.payouts (biz_id, id),
  constraint payouts_number_key unique (biz_id, number),
  constraint payouts_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint payouts_idempotency_key_key unique (biz_id, idempotency_key),
  constraint payouts_retry_of_id_key unique (biz_id, retry_of_id),
  constraint payouts_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint payouts_beneficiary_check check (num_nonnulls(beneficiary_type, beneficiary_id) <> 1),
  constraint payouts_bank_ref_check check (btrim(bank_ref) <> '' and length(bank_ref) <= 200),
  constraint payouts_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint payouts_failure_reason_check check (length(failure_reason) <= 2000),
  constraint payouts_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint payouts_amount_check check (amount_minor > 0),
  constraint payouts_parties_check check (processor_account_id is not null or beneficiary_id is not null),
  constraint payouts_retry_of_check check (retry_of_id <> id)
);
comment on table payments.payouts is 'Money that leaves a processor for our bank, or us for somebody with a share in what was sold.';
comment on column payments.payouts.number is 'Number that people use, such as PO-000123.';
comment on column payments.payouts.processor_account_id is 'The account it leaves.';
comment on column payments.payouts.beneficiary_type is 'What kind of thing the beneficiary is, such as Customer.';
comment on column payments.payouts.beneficiary_id is 'Who gets it; none if it is the business itself.';
comment on column payments.payouts.settlement_batch_id is 'The settlement it pays, where it pays one.';
comment on column payments.payouts.currency is 'Currency of the amount.';
comment on column payments.payouts.amount_minor is 'How much.';
comment on column payments.payouts.status is 'Where it stands.';
comment on column payments.payouts.arrives_on is 'The day it is to arrive.';
comment on column payments.payouts.bank_ref is 'Reference on the bank statement.';
comment on column payments.payouts.external_id is 'Its id at the processor.';
comment on column payments.payouts.ledger_account_id is 'The account in the books it is taken from.';
comment on column payments.payouts.failure_reason is 'Why it failed.';
comment on column payments.payouts.idempotency_key is 'Key of the request that made it, so that a repeated one pays nothing.';
comment on column payments.payouts.retry_of_id is 'The failed payout that it repeats.';
comment on constraint payouts_number_check on payments.payouts is 'The number is not blank, and has at most 60 characters.';
comment on constraint payouts_beneficiary_fkey on payments.payouts is 'Must be an existing thing of this tenant.';
comment on constraint payouts_beneficiary_check on payments.payouts is 'The beneficiary has both a type and an id, or neither.';
comment on constraint payouts_bank_ref_check on payments.payouts is 'The bank ref is not blank, and has at most 200 characters.';
comment on constraint payouts_external_id_check on payments.payouts is 'The external id is not blank, and has at most 200 characters.';
comment on constraint payouts_failure_reason_check on payments.payouts is 'The failure reason has at most 2,000 characters.';
comment on constraint payouts_idempotency_key_check on payments.payouts is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint payouts_number_key on payments.payouts is 'There is already a payout with this number.';
comment on constraint payouts_processor_account_id_external_id_key on payments.payouts is 'This payout of the processor is here already.';
comment on constraint payouts_idempotency_key_key on payments.payouts is 'A payout was made for this key already.';
comment on constraint payouts_retry_of_id_key on payments.payouts is 'This payout was repeated already.';
comment on constraint payouts_amount_check on payments.payouts is 'A payout is of more than zero.';
comment on constraint payouts_parties_check on payments.payouts is 'A payout comes from a processor, or goes to a beneficiary.';
comment on constraint payouts_retry_of_check on payments.payouts is 'A payout does not repeat itself.';

create index payouts_status_idx on payments.payouts (biz_id, status, arrives_on, id);

create trigger payouts_terms_immutable
  before update on payments.payouts
  for each row when (
    old.number is distinct from new.number
    or old.processor_account_id is distinct from new.processor_account_id
    or old.beneficiary_type is distinct from new.beneficiary_type
    or old.beneficiary_id is distinct from new.beneficiary_id
    or old.currency is distinct from new.currency
    or old.amount_minor is distinct from new.amount_minor)
  execute function availability.refuse_update('payouts_terms_immutable_check', 'A payout is never changed: cancel it and make another.');

call core.install_table('payments.payouts', 'T', 'pypo', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payout', 'pending', 'in_transit', false),
  ('payout', 'pending', 'paid', false),
  ('payout', 'pending', 'failed', false),
  ('payout', 'pending', 'canceled', false),
  ('payout', 'in_transit', 'paid', false),
  ('payout', 'in_transit', 'failed', false),
  ('payout', 'in_transit', 'canceled', false),
  ('payout', 'paid', 'failed', false);
call core.install_state_machine('payments.payouts', 'status', 'payout');

create trigger payouts_account_currency
  after insert or update of ledger_account_id, currency on payments.payouts
  for each row execute function ledger.check_account_currency('ledger_account_id');

-- payout_ledger_entries ----------------------------------------------------------------------------------------------

create table payments.payout_ledger_entries (
  biz_id uuid not null,
  id uuid not null,
  payout_id uuid not null,
  journal_entry_id uuid not null,
  kind payments.payout_entry_kind not null,
  amount_minor bigint not null,
  currency char(3) not null,
  constraint payout_ledger_entries_pkey primary key (biz_id, id),
  constraint payout_ledger_entries_payout_id_fkey foreign key (biz_id, payout_id)
    references payments.payouts (biz_id, id),
  constraint payout_ledger_entries_journal_entry_id_fkey foreign key (biz_id, journal_entry_id)
    references ledger.journal_entries (biz_id, id),
  constraint payout_ledger_entries_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payout_ledger_entries_amount_check check (amount_minor <> 0)
);
comment on table payments.payout_ledger_entries is 'One part of a payout, with its entry in the books. The parts of a payout that was paid sum up to it.';
comment on column payments.payout_ledger_entries.payout_id is 'The payout.';
comment on column payments.payout_ledger_entries.journal_entry_id is 'The entry in the books.';
comment on column payments.payout_ledger_entries.kind is 'What part it is.';
comment on column payments.payout_ledger_entries.amount_minor is 'What it adds to the payout; less than zero takes away.';
comment on column payments.payout_ledger_entries.currency is 'Currency of the amount, that of the payout.';
comment on constraint payout_ledger_entries_amount_check on payments.payout_ledger_entries is 'A part is not zero.';

call core.install_table('payments.payout_ledger_entries', 'J', 'pyle', 'PayoutLedgerEntry');

-- transfers ----------------------------------------------------------------------------------------------------------

create table payments.transfers (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  from_account_id uuid not null,
  to_account_id uuid not null,
  intent_id uuid,
  amount_minor bigint not null,
  reversed_minor bigint not null default 0,
  currency char(3) not null,
  status payments.transfer_status not null default 'pending',
  external_id text,
  idempotency_key text,
  constraint transfers_pkey primary key (biz_id, id),
  constraint transfers_from_account_id_fkey foreign key (biz_id, from_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint transfers_to_account_id_fkey foreign key (biz_id, to_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint transfers_intent_id_fkey foreign key (biz_id, intent_id)
    references payments.payment_intents (biz_id, id),
  constraint transfers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint transfers_number_key unique (biz_id, number),
  constraint transfers_from_account_id_external_id_key unique (biz_id, from_account_id, external_id),
  constraint transfers_idempotency_key_key unique (biz_id, idempotency_key),
  constraint transfers_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint transfers_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint transfers_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint transfers_accounts_check check (from_account_id <> to_account_id),
  constraint transfers_amount_check check (amount_minor > 0),
  constraint transfers_reversed_check check (reversed_minor between 0 and amount_minor and (reversed_minor = 0 or status in ('succeeded', 'reversed')) and (status = 'reversed') = (reversed_minor = amount_minor))
);
comment on table payments.transfers is 'Money that moves between two accounts at a processor, such as a partner''s share of a payment.';
comment on column payments.transfers.number is 'Number that people use, such as TR-000123.';
comment on column payments.transfers.from_account_id is 'The account it leaves.';
comment on column payments.transfers.to_account_id is 'The account it goes to.';
comment on column payments.transfers.intent_id is 'The payment it is a share of.';
comment on column payments.transfers.amount_minor is 'How much.';
comment on column payments.transfers.reversed_minor is 'How much of it moved back.';
comment on column payments.transfers.currency is 'Currency of the amounts.';
comment on column payments.transfers.status is 'Where it stands.';
comment on column payments.transfers.external_id is 'Its id at the processor.';
comment on column payments.transfers.idempotency_key is 'Key of the request that made it.';
comment on constraint transfers_number_check on payments.transfers is 'The number is not blank, and has at most 60 characters.';
comment on constraint transfers_external_id_check on payments.transfers is 'The external id is not blank, and has at most 200 characters.';
comment on constraint transfers_idempotency_key_check on payments.transfers is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint transfers_number_key on payments.transfers is 'There is already a transfer with this number.';
comment on constraint transfers_from_account_id_external_id_key on payments.transfers is 'This transfer of the processor is here already.';
comment on constraint transfers_idempotency_key_key on payments.transfers is 'A transfer was made for this key already.';
comment on constraint transfers_accounts_check on payments.transfers is 'A transfer goes between two accounts.';
comment on constraint transfers_amount_check on payments.transfers is 'A transfer is of more than zero.';
comment on constraint transfers_reversed_check on payments.transfers is 'No more moves back than moved, and a transfer is reversed when all of it moved back.';

create index transfers_status_idx on payments.transfers (biz_id, status, id);

create trigger transfers_terms_immutable
  before update on payments.transfers
  for each row when (
    old.number is distinct from new.number
    or old.from_account_id is distinct from new.from_account_id
    or old.to_account_id is distinct from new.to_account_id
    or old.intent_id is distinct from new.intent_id
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('transfers_terms_immutable_check', 'A transfer is never changed.');

call core.install_table('payments.transfers', 'T', 'pytr', 'PaymentTransfer', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_transfer', 'pending', 'succeeded', false),
  ('payment_transfer', 'pending', 'failed', false),
  ('payment_transfer', 'succeeded', 'reversed', false);
call core.install_state_machine('payments.transfers', 'status', 'payment_transfer');

-- fees ---------------------------------------------------------------------------------------------------------------

create table payments.fees (
  biz_id uuid not null,
  id uuid not null,
  processor_account_id uuid not null,
  transaction_id uuid,
  dispute_id uuid,
  payout_id uuid,
  settlement_batch_id uuid,
  kind payments.fee_kind not null,
  amount_minor bigint not null,
  currency char(3) not null,
  occurred_at timestamptz not null default now(),
  external_id text,
  journal_entry_id uuid,
  constraint fees_pkey primary key (biz_id, id),
  constraint fees_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint fees_transaction_id_fkey foreign key (biz_id, transaction_id)
    references payments.payment_transactions (biz_id, id),
  constraint fees_dispute_id_fkey foreign key (biz_id, dispute_id)
    references payments.disputes (biz_id, id),
  constraint fees_payout_id_fkey foreign key (biz_id, payout_id)
    references payments.payouts (biz_id, id),
  constraint fees_settlement_batch_id_fkey foreign key (biz_id, settlement_batch_id)
    references payments.settlement_batches (biz_id, id),
  constraint fees_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fees_journal_entry_id_fkey foreign key (biz_id, journal_entry_id)
    references ledger.journal_entries (biz_id, id),
  constraint fees_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint fees_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint fees_amount_check check (amount_minor <> 0),
  constraint fees_source_check check (num_nonnulls(transaction_id, dispute_id, payout_id, settlement_batch_id) = 1)
);
comment on table payments.fees is 'A fee of a processor, bank or platform, with what it is for.';
comment on column payments.fees.processor_account_id is 'The account it was taken from.';
comment on column payments.fees.transaction_id is 'The movement it is for.';
comment on column payments.fees.dispute_id is 'The dispute it is for.';
comment on column payments.fees.payout_id is 'The payout it is for.';
comment on column payments.fees.settlement_batch_id is 'The settlement it came with, where it is for nothing else.';
comment on column payments.fees.kind is 'What it is for.';
comment on column payments.fees.amount_minor is 'How much; less than zero is a fee that was given back.';
comment on column payments.fees.currency is 'Currency of the amount.';
comment on column payments.fees.occurred_at is 'When it was taken.';
comment on column payments.fees.external_id is 'Its id at the processor.';
comment on column payments.fees.journal_entry_id is 'The entry in the books.';
comment on constraint fees_external_id_check on payments.fees is 'The external id is not blank, and has at most 200 characters.';
comment on constraint fees_processor_account_id_external_id_key on payments.fees is 'This fee is here already.';
comment on constraint fees_amount_check on payments.fees is 'A fee is not zero.';
comment on constraint fees_source_check on payments.fees is 'A fee is for one thing: a movement, a dispute, a payout or a settlement.';

create index fees_occurred_at_idx on payments.fees (biz_id, processor_account_id, occurred_at, id);

call core.install_table('payments.fees', 'J', 'pyfe', 'PaymentFee');

-- webhook_events -----------------------------------------------------------------------------------------------------

create table payments.webhook_events (
  biz_id uuid not null,
  id uuid not null,
  processor_account_id uuid not null,
  external_event_id text not null,
  type text not null,
  object_id text,
  object_version bigint,
  occurred_at timestamptz,
  received_at timestamptz not null default now(),
  payload jsonb not null,
  status payments.webhook_status not null default 'received',
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  error text,
  processed_at timestamptz,
  constraint webhook_events_pkey primary key (biz_id, id),
  constraint webhook_events_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint webhook_events_processor_account_id_external_event_id_key unique (biz_id, processor_account_id, external_event_id),
  constraint webhook_events_external_event_id_check check (btrim(external_event_id) <> '' and length(external_event_id) <= 200),
  constraint webhook_events_type_check check (btrim(type) <> '' and length(type) <= 200),
  constraint webhook_events_object_id_check check (btrim(object_id) <> '' and length(object_id) <= 200),
  constraint webhook_events_error_check check (length(error) <= 10000),
  constraint webhook_events_attempts_check check (attempts >= 0),
  constraint webhook_events_processed_check check (status not in ('processed', 'ignored') or processed_at is not null)
);
comment on table payments.webhook_events is 'A message of a processor, stored as it came and applied once.';
comment on column payments.webhook_events.processor_account_id is 'The account it came to.';
comment on column payments.webhook_events.external_event_id is 'Its id at the processor: a message that comes twice is stored once.';
comment on column payments.webhook_events.type is 'What it says happened, in the processor''s words.';
comment on column payments.webhook_events.object_id is 'Id at the processor of what it is about.';
comment on column payments.webhook_events.object_version is 'Version of that; what is older than what we know is ignored.';
comment on column payments.webhook_events.occurred_at is 'When it happened, by the processor''s clock.';
comment on column payments.webhook_events.received_at is 'When it came.';
comment on column payments.webhook_events.payload is 'The message as it came.';
comment on column payments.webhook_events.status is 'Where it stands.';
comment on column payments.webhook_events.attempts is 'How often it was tried.';
comment on column payments.webhook_events.next_attempt_at is 'When it will be tried again.';
comment on column payments.webhook_events.error is 'What went wrong last.';
comment on column payments.webhook_events.processed_at is 'When it was applied or ignored.';
comment on constraint webhook_events_external_event_id_check on payments.webhook_events is 'The external event id is not blank, and has at most 200 characters.';
comment on constraint webhook_events_type_check on payments.webhook_events is 'The type is not blank, and has at most 200 characters.';
comment on constraint webhook_events_object_id_check on payments.webhook_events is 'The object id is not blank, and has at most 200 characters.';
comment on constraint webhook_events_error_check on payments.webhook_events is 'The error has at most 10,000 characters.';
comment on constraint webhook_events_processor_account_id_external_event_id_key on payments.webhook_events is 'This message is here already.';
comment on constraint webhook_events_attempts_check on payments.webhook_events is 'Tries are not negative.';
comment on constraint webhook_events_processed_check on payments.webhook_events is 'A message that was applied or ignored says when.';

create index webhook_events_next_attempt_at_idx on payments.webhook_events (biz_id, next_attempt_at)
  where status in ('received', 'parked');
create index webhook_events_status_idx on payments.webhook_events (biz_id, status, received_at, id);
create index webhook_events_object_id_idx on payments.webhook_events (biz_id, processor_account_id, object_id, occurred_at);

create trigger webhook_events_message_immutable
  before update on payments.webhook_events
  for each row when (
    old.processor_account_id is distinct from new.processor_account_id
    or old.external_event_id is distinct from new.external_event_id
    or old.type is distinct from new.type
    or old.object_id is distinct from new.object_id
    or old.object_version is distinct from new.object_version
    or old.occurred_at is distinct from new.occurred_at
    or old.payload is distinct from new.payload
    or old.received_at is distinct from new.received_at)
  execute function availability.refuse_update('webhook_events_message_immutable_check', 'A message is kept as it came.');

call core.install_table('payments.webhook_events', 'T', 'pywh', 'WebhookEvent');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('webhook_event', 'received', 'processing', false),
  ('webhook_event', 'received', 'ignored', false),
  ('webhook_event', 'processing', 'processed', false),
  ('webhook_event', 'processing', 'ignored', false),
  ('webhook_event', 'processing', 'parked', false),
  ('webhook_event', 'processing', 'failed', false),
  ('webhook_event', 'parked', 'processing', false),
  ('webhook_event', 'parked', 'failed', false),
  ('webhook_event', 'parked', 'ignored', false),
  ('webhook_event', 'failed', 'processing', false),
  ('webhook_event', 'failed', 'ignored', true);
call core.install_state_machine('payments.webhook_events', 'status', 'webhook_event');

-- Lines of settlements and parts of payouts -------------------------------------------------------------------------------

create function payments.check_new_settlement_entries() returns trigger
language plpgsql as $$
begin
  -- Who closes the settlement waits for us, or we for them.
  perform
  from payments.settlement_batches b
  where (b.biz_id, b.id) in (select i.biz_id, i.batch_id from inserted i)
  order by b.biz_id, b.id
  for no key update;

  if exists (
    select
    from inserted i
    join payments.settlement_batches b on b.biz_id = i.biz_id and b.id = i.batch_id
    where b.status <> 'open'
  ) then
    raise exception using
      errcode = '23514',
      message = 'A settlement takes lines while it is open.',
      schema = 'payments',
      table = 'settlement_entries',
      column = 'batch_id',
      constraint = 'settlement_entries_batch_open_check';
  elsif exists (
    select
    from inserted i
    join payments.settlement_batches b on b.biz_id = i.biz_id and b.id = i.batch_id
    where b.currency <> i.currency
  ) then
    raise exception using
      errcode = '23514',
      message = 'A line has the currency of its settlement.',
      schema = 'payments',
      table = 'settlement_entries',
      column = 'currency',
      constraint = 'settlement_entries_currency_check';
  end if;
  return null;
end
$$;
comment on function payments.check_new_settlement_entries() is 'Trigger: lines are added to open settlements, in their currency.';

create trigger settlement_entries_batch_open
  after insert on payments.settlement_entries referencing new table as inserted
  for each statement execute function payments.check_new_settlement_entries();

create function payments.check_settlement() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from payments.settlement_entries e
    where e.biz_id = new.biz_id
      and e.batch_id = new.id
    having coalesce(sum(e.amount_minor), 0) <> new.gross_minor
      or coalesce(sum(e.fee_minor), 0) <> new.fee_minor
  ) then
    raise exception using
      errcode = '23514',
      message = 'The lines of a settlement must sum up to it.',
      schema = 'payments',
      table = 'settlement_batches',
      column = 'gross_minor',
      constraint = 'settlement_batches_entries_sum_check';
  end if;
  return null;
end
$$;
comment on function payments.check_settlement() is 'Trigger: the lines of a settlement that is no longer open sum up to it.';

create constraint trigger settlement_batches_entries_sum_check
  after insert or update on payments.settlement_batches
  deferrable initially deferred
  for each row when (new.status <> 'open')
  execute function payments.check_settlement();
comment on constraint settlement_batches_entries_sum_check on payments.settlement_batches is 'The lines of a settlement must sum up to it.';

create trigger settlement_batches_closed_immutable
  before update on payments.settlement_batches
  for each row when (old.status <> 'open' and (
    old.gross_minor <> new.gross_minor
    or old.fee_minor <> new.fee_minor
    or old.currency <> new.currency
    or old.processor_account_id <> new.processor_account_id))
  execute function availability.refuse_update('settlement_batches_closed_immutable_check', 'The amounts of a closed settlement are never changed.');

create function payments.check_new_payout_entries() returns trigger
language plpgsql as $$
begin
  perform
  from payments.payouts p
  where (p.biz_id, p.id) in (select i.biz_id, i.payout_id from inserted i)
  order by p.biz_id, p.id
  for no key update;

  if exists (
    select
    from inserted i
    join payments.payouts p on p.biz_id = i.biz_id and p.id = i.payout_id
    where p.currency <> i.currency
  ) then
    raise exception using
      errcode = '23514',
      message = 'A part has the currency of its payout.',
      schema = 'payments',
      table = 'payout_ledger_entries',
      column = 'currency',
      constraint = 'payout_ledger_entries_currency_check';
  end if;
  return null;
end
$$;
comment on function payments.check_new_payout_entries() is 'Trigger: parts have the currency of their payout, which waits for them.';

create trigger payout_ledger_entries_currency
  after insert on payments.payout_ledger_entries referencing new table as inserted
  for each statement execute function payments.check_new_payout_entries();

create function payments.check_payout() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from payments.payouts p
    where p.biz_id = new.biz_id
      and p.id = coalesce((to_jsonb(new) ->> 'payout_id')::uuid, new.id)
      and p.status = 'paid'
      and p.amount_minor <> (
        select coalesce(sum(e.amount_minor), 0)
        from payments.payout_ledger_entries e
        where e.biz_id = p.biz_id
          and e.payout_id = p.id
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The parts of a payout must sum up to it.',
      schema = 'payments',
      table = 'payouts',
      column = 'amount_minor',
      constraint = 'payouts_entries_sum_check';
  end if;
  return null;
end
$$;
comment on function payments.check_payout() is 'Trigger: the parts of a payout that was paid sum up to it.';

create constraint trigger payouts_entries_sum_check
  after insert or update of status on payments.payouts
  deferrable initially deferred
  for each row when (new.status = 'paid')
  execute function payments.check_payout();
comment on constraint payouts_entries_sum_check on payments.payouts is 'The parts of a payout must sum up to it.';

create constraint trigger payout_ledger_entries_sum_check
  after insert on payments.payout_ledger_entries
  deferrable initially deferred
  for each row execute function payments.check_payout();
comment on constraint payout_ledger_entries_sum_check on payments.payout_ledger_entries is 'The parts of a payout must sum up to it.';
