-- Payments, what follows an intent: refunds, disputes and the journal of transactions; and at the end the checks that tie the
-- amounts of an intent to the rows they count.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain payments.transaction_kind as text constraint transaction_kind_check check (value in (
  'authorization', 'auth_adjust', 'capture', 'void', 'refund', 'chargeback', 'chargeback_reversal', 'fee'));
comment on domain payments.transaction_kind is 'What moved.
authorization: Money was reserved on the payer''s account.
auth_adjust: The reserved amount was changed, up or down.
capture: Money was taken.
void: What was reserved was released.
refund: Money went back.
chargeback: The payer''s bank took money back.
chargeback_reversal: The payer''s bank gave it back to us.
fee: The processor took a fee.';
comment on constraint transaction_kind_check on domain payments.transaction_kind is 'Unknown kind of transaction.';

create domain payments.transaction_outcome as text constraint transaction_outcome_check check (value in (
  'succeeded', 'failed'));
comment on domain payments.transaction_outcome is 'What came of it.
succeeded: It happened.
failed: It did not.';
comment on constraint transaction_outcome_check on domain payments.transaction_outcome is 'Unknown outcome.';

create domain payments.refund_status as text constraint refund_status_check check (value in (
  'requested', 'pending_approval', 'processing', 'succeeded', 'failed', 'canceled'));
comment on domain payments.refund_status is 'Where a refund stands.
requested: It was asked for; its amount is reserved.
pending_approval: It waits for somebody else''s approval.
processing: It was sent to the processor.
succeeded: The money went back. A bank may still return it.
failed: The money did not go back, or the bank returned it; its amount is free again.
canceled: It was given up before it was sent; its amount is free again.';
comment on constraint refund_status_check on domain payments.refund_status is 'Unknown refund status.';

create domain payments.refund_method as text constraint refund_method_check check (value in (
  'original', 'wallet', 'cash', 'bank_transfer'));
comment on domain payments.refund_method is 'How money goes back.
original: The way it came.
wallet: Into the customer''s wallet.
cash: In cash.
bank_transfer: By transfer to an account of the customer.';
comment on constraint refund_method_check on domain payments.refund_method is 'Unknown way to refund.';

create domain payments.refund_reason as text constraint refund_reason_check check (value in (
  'requested_by_customer', 'cancellation', 'service_failure', 'duplicate', 'fraudulent', 'overpayment', 'deposit_return', 'other'));
comment on domain payments.refund_reason is 'Why money goes back.
requested_by_customer: The customer asked for it.
cancellation: What was paid for was cancelled.
service_failure: It was not given, or not well.
duplicate: It was paid twice.
fraudulent: It was paid by fraud.
overpayment: Too much was paid.
deposit_return: A deposit was returned.
other: Something else, see the note.';
comment on constraint refund_reason_check on domain payments.refund_reason is 'Unknown reason.';

create domain payments.dispute_status as text constraint dispute_status_check check (value in (
  'warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response', 'under_review', 'won', 'lost', 'accepted'));
comment on domain payments.dispute_status is 'Where a dispute stands. Money is gone, and not refundable, while it needs a response, is under review, lost or accepted.
warning_needs_response: The bank asks; no money was taken.
warning_under_review: The bank has our answer; no money was taken.
warning_closed: The bank asked no further.
needs_response: Money was taken back, and we can answer.
under_review: The bank has our evidence.
won: The money came back to us.
lost: The money is gone.
accepted: We did not contest it; the money is gone.';
comment on constraint dispute_status_check on domain payments.dispute_status is 'Unknown status of a dispute.';

create domain payments.dispute_reason as text constraint dispute_reason_check check (value in (
  'fraudulent', 'duplicate', 'product_not_received', 'product_unacceptable', 'subscription_canceled', 'credit_not_processed', 'unrecognized', 'general'));
comment on domain payments.dispute_reason is 'What the payer claims.
fraudulent: They did not make the payment.
duplicate: They were charged twice.
product_not_received: They did not get what they paid for.
product_unacceptable: It was not as described.
subscription_canceled: They had cancelled.
credit_not_processed: They were promised a refund.
unrecognized: They do not know the payment.
general: Something else.';
comment on constraint dispute_reason_check on domain payments.dispute_reason is 'Unknown reason of a dispute.';

create domain payments.evidence_kind as text constraint evidence_kind_check check (value in (
  'receipt', 'service_proof', 'signature', 'correspondence', 'policy', 'statement', 'other'));
comment on domain payments.evidence_kind is 'What a piece of evidence shows.
receipt: That it was paid.
service_proof: That the service was given.
signature: The customer''s signature.
correspondence: What was written to and by the customer.
policy: The terms the customer agreed to.
statement: Our own words.
other: Something else.';
comment on constraint evidence_kind_check on domain payments.evidence_kind is 'Unknown kind of evidence.';

-- refunds ------------------------------------------------------------------------------------------------------------

create table payments.refunds (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  intent_id uuid not null,
  tender_id uuid,
  amount_minor bigint not null,
  currency char(3) not null,
  reason payments.refund_reason not null,
  note text,
  method payments.refund_method not null default 'original',
  status payments.refund_status not null default 'requested',
  requested_by_id uuid,
  approved_by_id uuid,
  processor_account_id uuid,
  external_id text,
  idempotency_key text,
  failure_reason text,
  location_id uuid,
  business_date date not null,
  succeeded_at timestamptz,
  constraint refunds_pkey primary key (biz_id, id),
  constraint refunds_intent_id_fkey foreign key (biz_id, intent_id)
    references payments.payment_intents (biz_id, id),
  constraint refunds_tender_id_fkey foreign key (biz_id, tender_id)
    references payments.payment_intent_tenders (biz_id, id),
  constraint refunds_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint refunds_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint refunds_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint refunds_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint refunds_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint refunds_number_key unique (biz_id, number),
  constraint refunds_idempotency_key_key unique (biz_id, idempotency_key),
  constraint refunds_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint refunds_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint refunds_note_check check (length(note) <= 2000),
  constraint refunds_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint refunds_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint refunds_failure_reason_check check (length(failure_reason) <= 2000),
  constraint refunds_amount_check check (amount_minor > 0),
  constraint refunds_two_person_check check (approved_by_id <> requested_by_id),
  constraint refunds_reason_note_check check (reason <> 'other' or btrim(coalesce(note, '')) <> '')
);
comment on table payments.refunds is 'Money that goes back to a customer. To make one, first reserve its amount on the payment by one guarded update, then write it; to end one as failed or canceled, move its status and give the amount back in one transaction.';
comment on column payments.refunds.number is 'Number that people use, such as RF-000123.';
comment on column payments.refunds.intent_id is 'The payment it goes back from.';
comment on column payments.refunds.tender_id is 'The part of the payment it goes back from, where it was split.';
comment on column payments.refunds.amount_minor is 'How much goes back.';
comment on column payments.refunds.currency is 'Currency of the amount, that of the payment.';
comment on column payments.refunds.reason is 'Why.';
comment on column payments.refunds.note is 'Why, in words.';
comment on column payments.refunds.method is 'How.';
comment on column payments.refunds.status is 'Where it stands.';
comment on column payments.refunds.requested_by_id is 'Who asked for it.';
comment on column payments.refunds.approved_by_id is 'Who approved it: somebody else.';
comment on column payments.refunds.processor_account_id is 'The account at the processor that sends it.';
comment on column payments.refunds.external_id is 'Its id at the processor.';
comment on column payments.refunds.idempotency_key is 'Key of the request that made it, so that a repeated one makes no second refund.';
comment on column payments.refunds.failure_reason is 'Why it failed, as the processor says.';
comment on column payments.refunds.location_id is 'The location that gives it back.';
comment on column payments.refunds.business_date is 'The day of business it belongs to.';
comment on column payments.refunds.succeeded_at is 'When the money went back.';
comment on constraint refunds_number_check on payments.refunds is 'The number is not blank, and has at most 60 characters.';
comment on constraint refunds_note_check on payments.refunds is 'The note has at most 2,000 characters.';
comment on constraint refunds_external_id_check on payments.refunds is 'The external id is not blank, and has at most 200 characters.';
comment on constraint refunds_idempotency_key_check on payments.refunds is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint refunds_failure_reason_check on payments.refunds is 'The failure reason has at most 2,000 characters.';
comment on constraint refunds_number_key on payments.refunds is 'There is already a refund with this number.';
comment on constraint refunds_idempotency_key_key on payments.refunds is 'A refund was made for this key already.';
comment on constraint refunds_processor_account_id_external_id_key on payments.refunds is 'This refund of the processor is here already.';
comment on constraint refunds_amount_check on payments.refunds is 'A refund is of more than zero.';
comment on constraint refunds_two_person_check on payments.refunds is 'A refund is approved by somebody else than who asked for it.';
comment on constraint refunds_reason_note_check on payments.refunds is 'Another reason is given in words.';

create index refunds_status_idx on payments.refunds (biz_id, status, id);
create index refunds_business_date_idx on payments.refunds (biz_id, location_id, business_date, id);

create trigger refunds_terms_immutable
  before update on payments.refunds
  for each row when (
    old.number is distinct from new.number
    or old.intent_id is distinct from new.intent_id
    or old.tender_id is distinct from new.tender_id
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency
    or old.method is distinct from new.method
    or old.business_date is distinct from new.business_date
    or old.requested_by_id is distinct from new.requested_by_id)
  execute function availability.refuse_update('refunds_terms_immutable_check', 'A refund is never changed: cancel it and make another.');

call core.install_table('payments.refunds', 'T', 'pyre', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('refund', 'requested', 'pending_approval', false),
  ('refund', 'requested', 'processing', false),
  ('refund', 'requested', 'canceled', false),
  ('refund', 'requested', 'failed', false),
  ('refund', 'requested', 'succeeded', false),
  ('refund', 'pending_approval', 'processing', false),
  ('refund', 'pending_approval', 'canceled', false),
  ('refund', 'pending_approval', 'failed', false),
  ('refund', 'processing', 'succeeded', false),
  ('refund', 'processing', 'failed', false),
  ('refund', 'processing', 'canceled', false),
  ('refund', 'succeeded', 'failed', false);
call core.install_state_machine('payments.refunds', 'status', 'refund');

-- refund_allocations -------------------------------------------------------------------------------------------------

create table payments.refund_allocations (
  biz_id uuid not null,
  id uuid not null,
  refund_id uuid not null,
  source_line_type text not null,
  source_line_id uuid not null,
  line_captured_minor bigint not null,
  amount_minor bigint not null,
  tax_minor bigint not null default 0,
  currency char(3) not null,
  constraint refund_allocations_pkey primary key (biz_id, id),
  constraint refund_allocations_refund_id_fkey foreign key (biz_id, refund_id)
    references payments.refunds (biz_id, id),
  constraint refund_allocations_source_line_fkey foreign key (biz_id, source_line_type, source_line_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint refund_allocations_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint refund_allocations_source_line_key unique (biz_id, refund_id, source_line_type, source_line_id),
  constraint refund_allocations_amounts_check check (amount_minor > 0 and tax_minor between 0 and amount_minor and amount_minor <= line_captured_minor)
);
comment on table payments.refund_allocations is 'How much of a refund is for which line of what was sold. Where a refund has any, they sum up to it.';
comment on column payments.refund_allocations.refund_id is 'The refund.';
comment on column payments.refund_allocations.source_line_type is 'What kind of thing the source line is, such as BookingOrderLine.';
comment on column payments.refund_allocations.source_line_id is 'The line that is refunded.';
comment on column payments.refund_allocations.line_captured_minor is 'How much of the payment was for this line: no more than this goes back for it.';
comment on column payments.refund_allocations.amount_minor is 'How much goes back for it, with tax.';
comment on column payments.refund_allocations.tax_minor is 'The tax in that amount.';
comment on column payments.refund_allocations.currency is 'Currency of the amounts, that of the refund.';
comment on constraint refund_allocations_source_line_fkey on payments.refund_allocations is 'Must be an existing thing of this tenant.';
comment on constraint refund_allocations_source_line_key on payments.refund_allocations is 'The refund already has a part for this line.';
comment on constraint refund_allocations_amounts_check on payments.refund_allocations is 'A part is more than zero, no more than was paid for the line, and its tax is within it.';

call core.install_table('payments.refund_allocations', 'T', 'pyra');

-- disputes -----------------------------------------------------------------------------------------------------------

create table payments.disputes (
  biz_id uuid not null,
  id uuid not null,
  intent_id uuid not null,
  processor_account_id uuid not null,
  external_id text not null,
  reason payments.dispute_reason not null,
  network_reason_code text,
  amount_minor bigint not null,
  currency char(3) not null,
  reserved_minor bigint not null,
  fee_minor bigint not null default 0,
  status payments.dispute_status not null,
  evidence_due_at timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz,
  provider_version bigint not null default 0,
  constraint disputes_pkey primary key (biz_id, id),
  constraint disputes_intent_id_fkey foreign key (biz_id, intent_id)
    references payments.payment_intents (biz_id, id),
  constraint disputes_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint disputes_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint disputes_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint disputes_network_reason_code_check check (btrim(network_reason_code) <> '' and length(network_reason_code) <= 40),
  constraint disputes_amounts_check check (amount_minor > 0 and reserved_minor > 0 and fee_minor >= 0),
  constraint disputes_closed_check check ((status in ('warning_closed', 'won', 'lost', 'accepted')) = (closed_at is not null))
);
comment on table payments.disputes is 'A payer''s bank takes a payment back, or asks about it. It is always recorded, even beyond what was taken.';
comment on column payments.disputes.intent_id is 'The payment.';
comment on column payments.disputes.processor_account_id is 'The account at the processor.';
comment on column payments.disputes.external_id is 'Its id at the processor.';
comment on column payments.disputes.reason is 'What the payer claims.';
comment on column payments.disputes.network_reason_code is 'The card network''s code for it.';
comment on column payments.disputes.amount_minor is 'How much is disputed.';
comment on column payments.disputes.currency is 'Currency of the disputed amount, which may be another than that of the payment.';
comment on column payments.disputes.reserved_minor is 'The disputed amount in the currency of the payment: while the dispute is open or lost, this much is not refundable.';
comment on column payments.disputes.fee_minor is 'What the processor charges for it, in the currency of the dispute.';
comment on column payments.disputes.status is 'Where it stands.';
comment on column payments.disputes.evidence_due_at is 'When evidence must have been sent.';
comment on column payments.disputes.opened_at is 'When it was opened, by the processor''s clock.';
comment on column payments.disputes.closed_at is 'When it ended.';
comment on column payments.disputes.provider_version is 'Version of the dispute at the processor that was applied last.';
comment on constraint disputes_external_id_check on payments.disputes is 'The external id is not blank, and has at most 200 characters.';
comment on constraint disputes_network_reason_code_check on payments.disputes is 'The network reason code is not blank, and has at most 40 characters.';
comment on constraint disputes_amounts_check on payments.disputes is 'A dispute is of more than zero.';
comment on constraint disputes_closed_check on payments.disputes is 'A dispute that ended, and no other, says when.';

create unique index disputes_open_key on payments.disputes (biz_id, processor_account_id, external_id)
  where status not in ('warning_closed', 'won', 'lost', 'accepted');
comment on index payments.disputes_open_key is 'This dispute is open already.';
create index disputes_evidence_due_at_idx on payments.disputes (biz_id, evidence_due_at)
  where status in ('warning_needs_response', 'needs_response');
create index disputes_status_idx on payments.disputes (biz_id, status, id);

create trigger disputes_terms_immutable
  before update on payments.disputes
  for each row when (
    old.intent_id is distinct from new.intent_id
    or old.processor_account_id is distinct from new.processor_account_id
    or old.external_id is distinct from new.external_id
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency
    or old.reserved_minor is distinct from new.reserved_minor)
  execute function availability.refuse_update('disputes_terms_immutable_check', 'What is disputed is never changed.');

call core.install_table('payments.disputes', 'T', 'pydi', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('dispute', 'warning_needs_response', 'warning_under_review', false),
  ('dispute', 'warning_needs_response', 'warning_closed', false),
  ('dispute', 'warning_needs_response', 'needs_response', false),
  ('dispute', 'warning_under_review', 'warning_closed', false),
  ('dispute', 'warning_under_review', 'needs_response', false),
  ('dispute', 'needs_response', 'under_review', false),
  ('dispute', 'needs_response', 'accepted', true),
  ('dispute', 'needs_response', 'won', false),
  ('dispute', 'needs_response', 'lost', false),
  ('dispute', 'under_review', 'won', false),
  ('dispute', 'under_review', 'lost', false);
call core.install_state_machine('payments.disputes', 'status', 'dispute');

-- dispute_evidence ---------------------------------------------------------------------------------------------------

create table payments.dispute_evidence (
  biz_id uuid not null,
  id uuid not null,
  dispute_id uuid not null,
  kind payments.evidence_kind not null,
  media_id uuid,
  text text,
  submitted_at timestamptz,
  constraint dispute_evidence_pkey primary key (biz_id, id),
  constraint dispute_evidence_dispute_id_fkey foreign key (biz_id, dispute_id)
    references payments.disputes (biz_id, id),
  constraint dispute_evidence_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint dispute_evidence_text_check check (length(text) <= 10000),
  constraint dispute_evidence_content_check check (num_nonnulls(media_id, text) >= 1)
);
comment on table payments.dispute_evidence is 'A piece of evidence against a dispute.';
comment on column payments.dispute_evidence.dispute_id is 'The dispute.';
comment on column payments.dispute_evidence.kind is 'What it shows.';
comment on column payments.dispute_evidence.media_id is 'The file, where it is one.';
comment on column payments.dispute_evidence.text is 'The text, where it is one.';
comment on column payments.dispute_evidence.submitted_at is 'When it was sent to the bank; it is never changed since.';
comment on constraint dispute_evidence_text_check on payments.dispute_evidence is 'The text has at most 10,000 characters.';
comment on constraint dispute_evidence_content_check on payments.dispute_evidence is 'Evidence is a file or a text.';

call core.install_table('payments.dispute_evidence', 'T', 'pyde', 'DisputeEvidence');

create trigger dispute_evidence_submitted_immutable
  before update on payments.dispute_evidence
  for each row when (old.submitted_at is not null)
  execute function availability.refuse_update('dispute_evidence_submitted_immutable_check', 'Evidence that was sent is never changed.');

-- payment_transactions -----------------------------------------------------------------------------------------------

create table payments.payment_transactions (
  biz_id uuid not null,
  id uuid not null,
  intent_id uuid not null,
  tender_id uuid,
  attempt_id uuid,
  refund_id uuid,
  dispute_id uuid,
  processor_account_id uuid not null,
  kind payments.transaction_kind not null,
  outcome payments.transaction_outcome not null,
  amount_minor bigint not null,
  currency char(3) not null,
  external_id text,
  occurred_at timestamptz not null,
  business_date date not null,
  journal_entry_id uuid,
  constraint payment_transactions_pkey primary key (biz_id, id),
  constraint payment_transactions_intent_id_fkey foreign key (biz_id, intent_id)
    references payments.payment_intents (biz_id, id),
  constraint payment_transactions_tender_id_fkey foreign key (biz_id, tender_id)
    references payments.payment_intent_tenders (biz_id, id),
  constraint payment_transactions_attempt_id_fkey foreign key (biz_id, attempt_id)
    references payments.payment_attempts (biz_id, id),
  constraint payment_transactions_refund_id_fkey foreign key (biz_id, refund_id)
    references payments.refunds (biz_id, id),
  constraint payment_transactions_dispute_id_fkey foreign key (biz_id, dispute_id)
    references payments.disputes (biz_id, id),
  constraint payment_transactions_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint payment_transactions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payment_transactions_journal_entry_id_fkey foreign key (biz_id, journal_entry_id)
    references ledger.journal_entries (biz_id, id),
  constraint payment_transactions_external_id_kind_key unique (biz_id, processor_account_id, external_id, kind),
  constraint payment_transactions_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint payment_transactions_amount_check check (amount_minor > 0 or (kind = 'auth_adjust' and amount_minor <> 0)),
  constraint payment_transactions_refund_check check (kind <> 'refund' or refund_id is not null),
  constraint payment_transactions_dispute_check check (kind not in ('chargeback', 'chargeback_reversal') or dispute_id is not null)
);
comment on table payments.payment_transactions is 'One movement of money at a processor or a cash desk, as it happened. What a payment comes to is derived from these.';
comment on column payments.payment_transactions.intent_id is 'The payment.';
comment on column payments.payment_transactions.tender_id is 'The part of the payment.';
comment on column payments.payment_transactions.attempt_id is 'The try that brought it about.';
comment on column payments.payment_transactions.refund_id is 'The refund, where it is one.';
comment on column payments.payment_transactions.dispute_id is 'The dispute, where it comes of one.';
comment on column payments.payment_transactions.processor_account_id is 'The account at the processor, or the cash desk.';
comment on column payments.payment_transactions.kind is 'What moved.';
comment on column payments.payment_transactions.outcome is 'What came of it.';
comment on column payments.payment_transactions.amount_minor is 'How much; the kind says in which direction. Less than zero only where a reservation was lowered.';
comment on column payments.payment_transactions.currency is 'Currency of the amount, that of the payment.';
comment on column payments.payment_transactions.external_id is 'Its id at the processor, other for each capture of a payment; none of cash.';
comment on column payments.payment_transactions.occurred_at is 'When it happened, by the processor''s clock.';
comment on column payments.payment_transactions.business_date is 'The day of business on which it counts.';
comment on column payments.payment_transactions.journal_entry_id is 'The entry in the books.';
comment on constraint payment_transactions_external_id_check on payments.payment_transactions is 'The external id is not blank, and has at most 200 characters.';
comment on constraint payment_transactions_external_id_kind_key on payments.payment_transactions is 'This movement of the processor is here already.';
comment on constraint payment_transactions_amount_check on payments.payment_transactions is 'A movement is of more than zero; only a change of a reservation may be less.';
comment on constraint payment_transactions_refund_check on payments.payment_transactions is 'The movement of a refund names it.';
comment on constraint payment_transactions_dispute_check on payments.payment_transactions is 'A chargeback names its dispute.';

create index payment_transactions_occurred_at_idx on payments.payment_transactions (biz_id, processor_account_id, occurred_at, id);
create index payment_transactions_business_date_idx on payments.payment_transactions (biz_id, business_date, id);

call core.install_table('payments.payment_transactions', 'J', 'pytx', 'PaymentTransaction');

-- Amounts of an intent equal the rows they count -----------------------------------------------------------------------
-- At commit. Whoever writes a refund, dispute, capture or tender also moves the intent, whose row lock makes them wait
-- for each other; who does not is refused here.

create function payments.check_intent() returns trigger
language plpgsql as $$
declare
  intent payments.payment_intents;
  complaint record;
begin
  select i.* into intent
  from payments.payment_intents i
  where i.biz_id = new.biz_id
    and i.id = coalesce((to_jsonb(new) ->> 'intent_id')::uuid, new.id);

  select w.* into complaint
  from (
    select 1, 'amount_minor', 'payment_intents_tenders_sum_check', 'The parts of a payment must sum up to it, in its currency.'
    from (
      select sum(t.amount_minor) as amount, bool_and(t.currency = intent.currency) as is_same
      from payments.payment_intent_tenders t
      where t.biz_id = intent.biz_id
        and t.intent_id = intent.id
        and t.status <> 'canceled'
    ) t
    where intent.status <> 'canceled'
      and not (t.amount is null and intent.status = 'requires_payment_method')
      and (t.amount is distinct from intent.amount_minor or not t.is_same)
    union all
    select 2, 'captured_minor', 'payment_intents_captures_sum_check', 'What was taken is the sum of the captures, in the currency of the payment.'
    from (
      select coalesce(sum(t.amount_minor), 0) as amount, coalesce(bool_and(t.currency = intent.currency), true) as is_same
      from payments.payment_transactions t
      where t.biz_id = intent.biz_id
        and t.intent_id = intent.id
        and t.kind = 'capture'
        and t.outcome = 'succeeded'
    ) t
    where t.amount <> intent.captured_minor or not t.is_same
    union all
    select 3, 'refund_reserved_minor', 'payment_intents_refunds_sum_check', 'What refunds take and have taken is the sum of the refunds, in the currency of the payment.'
    from (
      select
        coalesce(sum(r.amount_minor), 0) as reserved,
        coalesce(sum(r.amount_minor) filter (where r.status = 'succeeded'), 0) as done,
        coalesce(bool_and(r.currency = intent.currency), true) as is_same
      from payments.refunds r
      where r.biz_id = intent.biz_id
        and r.intent_id = intent.id
        and r.status not in ('failed', 'canceled')
    ) r
    where r.reserved <> intent.refund_reserved_minor or r.done <> intent.refunded_minor or not r.is_same
    union all
    select 4, 'dispute_reserved_minor', 'payment_intents_disputes_sum_check', 'What disputes take is the sum of those that are open or lost.'
    from (
      select coalesce(sum(d.reserved_minor), 0) as reserved
      from payments.disputes d
      where d.biz_id = intent.biz_id
        and d.intent_id = intent.id
        and d.status in ('needs_response', 'under_review', 'lost', 'accepted')
    ) d
    where d.reserved <> intent.dispute_reserved_minor
  ) as w (place, field, name, sentence)
  order by w.place
  limit 1;
  if found then
    raise exception using
      errcode = '23514',
      message = complaint.sentence,
      schema = 'payments',
      table = 'payment_intents',
      column = complaint.field,
      constraint = complaint.name;
  end if;
  return null;
end
$$;
comment on function payments.check_intent() is 'Trigger on intents and what they count: the parts sum up to the payment, and its counters equal captures, refunds and disputes.';

create constraint trigger payment_intents_sums_check
  after insert or update of amount_minor, captured_minor, refund_reserved_minor, refunded_minor, dispute_reserved_minor, status
  on payments.payment_intents
  deferrable initially deferred
  for each row execute function payments.check_intent();
comment on constraint payment_intents_sums_check on payments.payment_intents is 'The amounts of a payment must equal its parts, captures, refunds and disputes.';

create constraint trigger payment_intent_tenders_sums_check
  after insert or update of amount_minor, status on payments.payment_intent_tenders
  deferrable initially deferred
  for each row execute function payments.check_intent();
comment on constraint payment_intent_tenders_sums_check on payments.payment_intent_tenders is 'The parts of a payment must sum up to it.';

create constraint trigger payment_transactions_sums_check
  after insert on payments.payment_transactions
  deferrable initially deferred
  for each row when (new.kind = 'capture' and new.outcome = 'succeeded')
  execute function payments.check_intent();
comment on constraint payment_transactions_sums_check on payments.payment_transactions is 'A capture counts in the amount taken of its payment.';

create constraint trigger refunds_sums_check
  after insert or update of status on payments.refunds
  deferrable initially deferred
  for each row execute function payments.check_intent();
comment on constraint refunds_sums_check on payments.refunds is 'A refund counts in the refunded amounts of its payment.';

create constraint trigger disputes_sums_check
  after insert or update of status on payments.disputes
  deferrable initially deferred
  for each row execute function payments.check_intent();
comment on constraint disputes_sums_check on payments.disputes is 'An open or lost dispute counts in the disputed amount of its payment.';

-- Parts of refunds ------------------------------------------------------------------------------------------------------
-- Refunds of one payment wait for each other at its row, so the sums by line are sound as well.

create function payments.check_refund_allocations() returns trigger
language plpgsql as $$
declare
  refund payments.refunds;
begin
  select r.* into refund
  from payments.refunds r
  where r.biz_id = new.biz_id
    and r.id = coalesce((to_jsonb(new) ->> 'refund_id')::uuid, new.id);

  if exists (
    select
    from payments.refund_allocations a
    where a.biz_id = refund.biz_id
      and a.refund_id = refund.id
    having sum(a.amount_minor) <> refund.amount_minor
      or not bool_and(a.currency = refund.currency)
  ) then
    raise exception using
      errcode = '23514',
      message = 'The parts of a refund must sum up to it, in its currency.',
      schema = 'payments',
      table = 'refunds',
      column = 'amount_minor',
      constraint = 'refunds_allocations_sum_check';
  elsif refund.status not in ('failed', 'canceled') and exists (
    select
    from payments.refund_allocations own
    join payments.refund_allocations a on a.biz_id = own.biz_id
      and a.source_line_type = own.source_line_type
      and a.source_line_id = own.source_line_id
    join payments.refunds r on r.biz_id = a.biz_id and r.id = a.refund_id
    where own.biz_id = refund.biz_id
      and own.refund_id = refund.id
      and r.intent_id = refund.intent_id
      and r.status not in ('failed', 'canceled')
    group by own.id, own.line_captured_minor
    having sum(a.amount_minor) > own.line_captured_minor
  ) then
    raise exception using
      errcode = '23514',
      message = 'No more goes back for a line than was paid for it.',
      schema = 'payments',
      table = 'refund_allocations',
      column = 'amount_minor',
      constraint = 'refund_allocations_line_sum_check';
  end if;
  return null;
end
$$;
comment on function payments.check_refund_allocations() is 'Trigger: the parts of a refund sum up to it, and the refunds of a line stay within what was paid for it.';

create constraint trigger refunds_allocations_sum_check
  after insert on payments.refunds
  deferrable initially deferred
  for each row execute function payments.check_refund_allocations();
comment on constraint refunds_allocations_sum_check on payments.refunds is 'The parts of a refund must sum up to it, in its currency.';

create constraint trigger refund_allocations_sum_check
  after insert or update on payments.refund_allocations
  deferrable initially deferred
  for each row execute function payments.check_refund_allocations();
comment on constraint refund_allocations_sum_check on payments.refund_allocations is 'The parts of a refund must sum up to it, in its currency.';
