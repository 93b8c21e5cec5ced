-- Billing: invoices and credit notes with their lines, the fiscal series their numbers come from, and the authority's copies.
--
-- A document is written as a draft, with its lines, and finalized in one transaction that takes its number from a series.
-- From then on its content never changes. What is paid, credited and written off is moved by the rows that do so
-- (18_billing_receivables.sql), together with the status that follows from it.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain billing.fiscal_authority as text constraint fiscal_authority_check check (value in (
  'none', 'sat', 'dian', 'afip', 'at', 'sdi', 'verifactu'));
comment on domain billing.fiscal_authority is 'Who gives out, or is told of, fiscal numbers.
none: Nobody: the business numbers by itself.
sat: Servicio de Administracion Tributaria, Mexico.
dian: Direccion de Impuestos y Aduanas Nacionales, Colombia.
afip: Administracion Federal de Ingresos Publicos, Argentina.
at: Autoridade Tributaria e Aduaneira, Portugal.
sdi: Sistema di Interscambio, Italy.
verifactu: Agencia Tributaria, Spain.';
comment on constraint fiscal_authority_check on domain billing.fiscal_authority is 'Unknown authority.';

create domain billing.fiscal_document_type as text constraint fiscal_document_type_check check (value in (
  'invoice', 'simplified_invoice', 'deposit_invoice', 'credit_note', 'receipt'));
comment on domain billing.fiscal_document_type is 'What documents a series numbers.
invoice: Invoices.
simplified_invoice: Invoices without a named buyer.
deposit_invoice: Invoices for deposits.
credit_note: Credit notes.
receipt: Receipts.';
comment on constraint fiscal_document_type_check on domain billing.fiscal_document_type is 'Unknown type of document.';

create domain billing.fiscal_status as text constraint fiscal_status_check check (value in (
  'pending', 'sent', 'accepted', 'rejected', 'cancel_requested', 'cancelled'));
comment on domain billing.fiscal_status is 'Where the authority''s copy of a document stands.
pending: To be sent.
sent: Sent; no answer yet.
accepted: The authority took it.
rejected: The authority refused it; it will be corrected and sent again.
cancel_requested: The authority was asked to cancel it.
cancelled: The authority cancelled it.';
comment on constraint fiscal_status_check on domain billing.fiscal_status is 'Unknown fiscal status.';

create domain billing.invoice_kind as text constraint invoice_kind_check check (value in (
  'invoice', 'proforma', 'deposit', 'ar'));
comment on domain billing.invoice_kind is 'What an invoice is.
invoice: An invoice.
proforma: A preview that is not owed and has no fiscal number.
deposit: An invoice for a deposit.
ar: An invoice on a billing account.';
comment on constraint invoice_kind_check on domain billing.invoice_kind is 'Unknown kind of invoice.';

create domain billing.invoice_status as text constraint invoice_status_check check (value in (
  'draft', 'finalized', 'partially_paid', 'paid', 'uncollectible', 'voided', 'discarded'));
comment on domain billing.invoice_status is 'Where an invoice stands. From finalized on it follows from what was paid, credited and written off. Whether it is overdue is a question of the day.
draft: Being put together; has no number.
finalized: Issued; nothing was paid.
partially_paid: A part was paid.
paid: Nothing is open any more.
uncollectible: What was still open was written off.
voided: Issued by mistake; it counts nowhere, and keeps its number.
discarded: A draft that was thrown away.';
comment on constraint invoice_status_check on domain billing.invoice_status is 'Unknown status of an invoice.';

create domain billing.invoice_event_kind as text constraint invoice_event_kind_check check (value in (
  'finalized', 'sent', 'viewed', 'reminded', 'paid', 'voided', 'disputed', 'dispute_resolved', 'credited', 'written_off'));
comment on domain billing.invoice_event_kind is 'What happened to an invoice.
finalized: It was issued.
sent: It was sent to the customer.
viewed: The customer opened it.
reminded: The customer was reminded of it.
paid: A payment was allocated to it.
voided: It was voided.
disputed: The customer contests it.
dispute_resolved: The customer no longer contests it.
credited: It was credited, in whole or in part.
written_off: What was open was written off.';
comment on constraint invoice_event_kind_check on domain billing.invoice_event_kind is 'Unknown event of an invoice.';

create domain billing.credit_note_status as text constraint credit_note_status_check check (value in (
  'draft', 'finalized', 'discarded'));
comment on domain billing.credit_note_status is 'Where a credit note stands.
draft: Being put together; has no number.
finalized: Issued.
discarded: A draft that was thrown away.';
comment on constraint credit_note_status_check on domain billing.credit_note_status is 'Unknown status of a credit note.';

-- fiscal_series ------------------------------------------------------------------------------------------------------

create table billing.fiscal_series (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid,
  country char(2) not null,
  authority billing.fiscal_authority not null default 'none',
  document_type billing.fiscal_document_type not null,
  code text not null,
  prefix text not null default '',
  padding smallint not null default 1,
  range_from bigint not null default 1,
  range_to bigint not null default 999999999,
  next_value bigint not null,
  authorization_ref text,
  valid_until date,
  last_issued_on date,
  is_active boolean not null default true,
  constraint fiscal_series_pkey primary key (biz_id, id),
  constraint fiscal_series_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fiscal_series_country_fkey foreign key (country)
    references core.countries (code),
  constraint fiscal_series_code_check check (btrim(code) <> '' and length(code) <= 40),
  constraint fiscal_series_authorization_ref_check check (btrim(authorization_ref) <> '' and length(authorization_ref) <= 200),
  constraint fiscal_series_prefix_check check (prefix ~ '^[A-Za-z0-9 /.-]{0,30}$'),
  constraint fiscal_series_padding_check check (padding between 1 and 18),
  constraint fiscal_series_range_check check (range_from >= 1 and next_value between range_from and range_to + 1),
  constraint fiscal_series_valid_until_check check (last_issued_on <= valid_until)
);
comment on table billing.fiscal_series is 'A run of numbers for one type of document, without gaps. A number is taken in the transaction that issues the document, under the lock of this row.';
comment on column billing.fiscal_series.location_id is 'The location whose documents it numbers; none for all.';
comment on column billing.fiscal_series.country is 'Country whose law it follows.';
comment on column billing.fiscal_series.authority is 'Who is told of its documents.';
comment on column billing.fiscal_series.document_type is 'What it numbers.';
comment on column billing.fiscal_series.code is 'Short name, such as A or 2026.';
comment on column billing.fiscal_series.prefix is 'What a number begins with, such as FT A/.';
comment on column billing.fiscal_series.padding is 'To how many digits a number is filled up with zeros.';
comment on column billing.fiscal_series.range_from is 'First number.';
comment on column billing.fiscal_series.range_to is 'Last number that the authority allows.';
comment on column billing.fiscal_series.next_value is 'The number the next document gets.';
comment on column billing.fiscal_series.authorization_ref is 'The authority''s reference of the range.';
comment on column billing.fiscal_series.valid_until is 'Last day on which documents may be issued in it; none if there is no end.';
comment on column billing.fiscal_series.last_issued_on is 'Date of the document that was numbered last.';
comment on column billing.fiscal_series.is_active is 'Whether new documents may use it.';
comment on constraint fiscal_series_code_check on billing.fiscal_series is 'The code is not blank, and has at most 40 characters.';
comment on constraint fiscal_series_authorization_ref_check on billing.fiscal_series is 'The authorization ref is not blank, and has at most 200 characters.';
comment on constraint fiscal_series_prefix_check on billing.fiscal_series is 'A prefix has at most 30 letters, digits, blanks, slashes, dots and hyphens.';
comment on constraint fiscal_series_padding_check on billing.fiscal_series is 'A number is filled up to 1 to 18 digits.';
comment on constraint fiscal_series_range_check on billing.fiscal_series is 'The series is used up.';
comment on constraint fiscal_series_valid_until_check on billing.fiscal_series is 'The series is no longer valid on this day.';

call core.install_table('billing.fiscal_series', 'M', 'blfs', registrable => true);
create unique index fiscal_series_code_key on billing.fiscal_series (biz_id, document_type, location_id, code)
  nulls not distinct where deleted_at is null;
comment on index billing.fiscal_series_code_key is 'There is already a series with this code.';
call core.configure_graph('billing.fiscal_series', plain_writes => false);

create trigger fiscal_series_next_value_forward
  before update on billing.fiscal_series
  for each row when (new.next_value < old.next_value or new.next_value > old.next_value + 1)
  execute function availability.refuse_update('fiscal_series_next_value_forward_check', 'Numbers are taken one by one, and never given back.');
create trigger fiscal_series_used_immutable
  before update on billing.fiscal_series
  for each row when (old.next_value > old.range_from and (
    old.document_type <> new.document_type
    or old.authority <> new.authority
    or old.country <> new.country
    or old.prefix <> new.prefix
    or old.padding <> new.padding
    or old.range_from <> new.range_from
    or old.location_id is distinct from new.location_id))
  execute function availability.refuse_update('fiscal_series_used_immutable_check', 'A series with documents is never changed: begin another.');
create trigger fiscal_series_unused
  before insert on billing.fiscal_series
  for each row when (new.next_value <> new.range_from)
  execute function availability.refuse_update('fiscal_series_unused_check', 'A new series begins with its first number.');

create function billing.take_number(series_id uuid, issued_on date, out series_no bigint, out number text)
language sql as $$
  update billing.fiscal_series s
  set next_value = s.next_value + 1,
    last_issued_on = greatest(s.last_issued_on, take_number.issued_on)
  where s.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
    and s.id = take_number.series_id
    and s.is_active
    and s.deleted_at is null
  returning s.next_value - 1, s.prefix || lpad((s.next_value - 1)::text, greatest(s.padding, length((s.next_value - 1)::text)), '0')
$$;
comment on function billing.take_number(uuid, date) is 'Takes the next number of a series of the current tenant for a document of this date, and holds the series until the transaction ends. Nothing where the series is not in use.';

create function billing.refuse_final_change() returns trigger
language plpgsql as $$
begin
  if to_jsonb(new) - tg_argv[1:] - array['version', 'updated_at', 'updated_by']
    is distinct from to_jsonb(old) - tg_argv[1:] - array['version', 'updated_at', 'updated_by']
  then
    raise exception using
      errcode = '23514',
      message = tg_argv[0],
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_table_name || '_final_immutable_check';
  end if;
  return new;
end
$$;
comment on function billing.refuse_final_change() is 'Trigger: refuses, in the words of its first argument, any change but to the columns of the others.';

-- invoices -----------------------------------------------------------------------------------------------------------

create table billing.invoices (
  biz_id uuid not null,
  id uuid not null,
  number text,
  series_id uuid,
  series_no bigint,
  kind billing.invoice_kind not null default 'invoice',
  location_id uuid not null,
  billing_account_id uuid,
  customer_id uuid,
  booking_order_id uuid,
  folio_id uuid,
  source_type text,
  source_id uuid,
  customer_po_id uuid,
  replaces_id uuid,
  currency char(3) not null,
  subtotal_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  total_minor bigint not null default 0,
  paid_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  written_off_minor bigint not null default 0,
  credit_noted_minor bigint not null default 0,
  open_minor bigint generated always as (case when status in ('finalized', 'partially_paid') then total_minor - paid_minor - credited_minor - written_off_minor else 0 end) stored,
  issued_on date,
  issued_at timestamptz,
  due_on date,
  service_starts_on date,
  service_ends_on date,
  buyer jsonb not null default '{}',
  seller jsonb not null default '{}',
  payment_terms text,
  note text,
  status billing.invoice_status not null default 'draft',
  sent_at timestamptz,
  disputed_at timestamptz,
  voided_at timestamptz,
  void_reason text,
  idempotency_key text,
  constraint invoices_pkey primary key (biz_id, id),
  constraint invoices_series_id_fkey foreign key (biz_id, series_id)
    references billing.fiscal_series (biz_id, id),
  constraint invoices_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint invoices_billing_account_id_fkey foreign key (biz_id, billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint invoices_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint invoices_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint invoices_folio_id_fkey foreign key (biz_id, folio_id)
    references billing.folios (biz_id, id),
  constraint invoices_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint invoices_customer_po_id_fkey foreign key (biz_id, customer_po_id)
    references billing.customer_purchase_orders (biz_id, id),
  constraint invoices_replaces_id_fkey foreign key (biz_id, replaces_id)
    references billing.invoices (biz_id, id),
  constraint invoices_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint invoices_idempotency_key_key unique (biz_id, idempotency_key),
  constraint invoices_series_id_series_no_key unique (biz_id, series_id, series_no),
  constraint invoices_number_key unique (biz_id, number),
  constraint invoices_replaces_id_key unique (biz_id, replaces_id),
  constraint invoices_number_check check (btrim(number) <> '' and length(number) <= 100),
  constraint invoices_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint invoices_payment_terms_check check (length(payment_terms) <= 1000),
  constraint invoices_note_check check (length(note) <= 10000),
  constraint invoices_void_reason_check check (length(void_reason) <= 2000),
  constraint invoices_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint invoices_amounts_check check (subtotal_minor >= 0 and discount_minor between 0 and subtotal_minor and tax_minor >= 0),
  constraint invoices_total_check check (total_minor = subtotal_minor - discount_minor + tax_minor),
  constraint invoices_settled_check check (paid_minor >= 0 and credited_minor >= 0 and written_off_minor >= 0 and paid_minor + credited_minor + written_off_minor <= total_minor),
  constraint invoices_credit_noted_check check (credit_noted_minor between 0 and total_minor),
  constraint invoices_numbered_check check ((status in ('draft', 'discarded')) = (number is null) and (number is null) = (issued_at is null) and (issued_at is null) = (issued_on is null)),
  constraint invoices_series_check check (num_nonnulls(series_id, series_no) <> 1 and (number is null or (series_no is null) = (kind = 'proforma')) and (number is not null or series_no is null)),
  constraint invoices_due_on_check check (due_on >= issued_on),
  constraint invoices_service_check check (service_ends_on > service_starts_on),
  constraint invoices_debtor_check check (status in ('draft', 'discarded') or due_on is not null or kind = 'proforma'),
  constraint invoices_ar_check check (kind <> 'ar' or billing_account_id is not null),
  constraint invoices_voided_check check ((status = 'voided') = (voided_at is not null) and (status <> 'voided' or (paid_minor = 0 and credited_minor = 0 and written_off_minor = 0 and credit_noted_minor = 0))),
  constraint invoices_untouched_check check (status not in ('draft', 'discarded') or (paid_minor = 0 and credited_minor = 0 and written_off_minor = 0 and credit_noted_minor = 0)),
  constraint invoices_proforma_check check (kind <> 'proforma' or (paid_minor = 0 and credited_minor = 0 and written_off_minor = 0 and credit_noted_minor = 0)),
  constraint invoices_status_check check (status in ('draft', 'discarded', 'voided') or total_minor = 0 or status = case when paid_minor + credited_minor + written_off_minor >= total_minor and written_off_minor > 0 then 'uncollectible' when paid_minor + credited_minor + written_off_minor >= total_minor then 'paid' when paid_minor > 0 then 'partially_paid' else 'finalized' end),
  constraint invoices_replaces_check check (replaces_id <> id),
  constraint invoices_snapshots_check check (jsonb_typeof(buyer) = 'object' and jsonb_typeof(seller) = 'object')
);
comment on table billing.invoices is 'What a customer owes for what, as a document. A draft has no number; once finalized it is never changed, but credited.';
comment on column billing.invoices.number is 'Its number in the series; none while it is a draft.';
comment on column billing.invoices.series_id is 'The series its number comes from; none of proforma invoices.';
comment on column billing.invoices.series_no is 'Its number as a number.';
comment on column billing.invoices.kind is 'What it is.';
comment on column billing.invoices.location_id is 'The location that issues it.';
comment on column billing.invoices.billing_account_id is 'The account that owes it, if it is owed on account.';
comment on column billing.invoices.customer_id is 'The customer.';
comment on column billing.invoices.booking_order_id is 'The booking it is for, if it is for one.';
comment on column billing.invoices.folio_id is 'The folio it is for, if it is for one.';
comment on column billing.invoices.source_type is 'What kind of thing the source is, such as Sale.';
comment on column billing.invoices.source_id is 'What else it is for, such as a sale, membership or contract.';
comment on column billing.invoices.customer_po_id is 'The customer''s purchase order that it uses up.';
comment on column billing.invoices.replaces_id is 'The voided or credited invoice that it replaces.';
comment on column billing.invoices.currency is 'Currency of its amounts.';
comment on column billing.invoices.subtotal_minor is 'Sum of its lines before discount and tax.';
comment on column billing.invoices.discount_minor is 'Sum of their discounts.';
comment on column billing.invoices.tax_minor is 'Sum of their taxes.';
comment on column billing.invoices.total_minor is 'What is owed: subtotal less discount plus tax.';
comment on column billing.invoices.paid_minor is 'What payments were allocated to it.';
comment on column billing.invoices.credited_minor is 'What credit notes were set against it.';
comment on column billing.invoices.written_off_minor is 'What of it was given up and did not come in after all.';
comment on column billing.invoices.credit_noted_minor is 'Sum of its credit notes, whether set against it or paid back.';
comment on column billing.invoices.open_minor is 'What is still owed.';
comment on column billing.invoices.issued_on is 'Its date, the business date of the location on which it was finalized.';
comment on column billing.invoices.issued_at is 'When it was finalized.';
comment on column billing.invoices.due_on is 'When it is to be paid.';
comment on column billing.invoices.service_starts_on is 'First day of what it is for.';
comment on column billing.invoices.service_ends_on is 'First day after the last of what it is for.';
comment on column billing.invoices.buyer is 'Name, address and tax number of the buyer, as they were then.';
comment on column billing.invoices.seller is 'Name, address and tax number of the seller, as they were then.';
comment on column billing.invoices.payment_terms is 'What is said about payment.';
comment on column billing.invoices.note is 'What else is said on it.';
comment on column billing.invoices.status is 'Where it stands.';
comment on column billing.invoices.sent_at is 'When it was sent first.';
comment on column billing.invoices.disputed_at is 'Since when the customer contests it; it is not dunned meanwhile.';
comment on column billing.invoices.voided_at is 'When it was voided.';
comment on column billing.invoices.void_reason is 'Why it was voided.';
comment on column billing.invoices.idempotency_key is 'Key of the request that made it.';
comment on constraint invoices_number_check on billing.invoices is 'The number is not blank, and has at most 100 characters.';
comment on constraint invoices_source_fkey on billing.invoices is 'Must be an existing thing of this tenant.';
comment on constraint invoices_source_check on billing.invoices is 'The source has both a type and an id, or neither.';
comment on constraint invoices_payment_terms_check on billing.invoices is 'The payment terms has at most 1,000 characters.';
comment on constraint invoices_note_check on billing.invoices is 'The note has at most 10,000 characters.';
comment on constraint invoices_void_reason_check on billing.invoices is 'The void reason has at most 2,000 characters.';
comment on constraint invoices_idempotency_key_check on billing.invoices is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint invoices_idempotency_key_key on billing.invoices is 'An invoice was made for this key already.';
comment on constraint invoices_series_id_series_no_key on billing.invoices is 'This number of the series is taken.';
comment on constraint invoices_number_key on billing.invoices is 'There is already an invoice with this number.';
comment on constraint invoices_replaces_id_key on billing.invoices is 'This invoice was replaced already.';
comment on constraint invoices_amounts_check on billing.invoices is 'The amounts of an invoice cannot be negative, and a discount not more than the whole.';
comment on constraint invoices_total_check on billing.invoices is 'The total is the subtotal less discount plus tax.';
comment on constraint invoices_settled_check on billing.invoices is 'No more is paid, credited and written off than is owed.';
comment on constraint invoices_credit_noted_check on billing.invoices is 'No more is credited than was invoiced.';
comment on constraint invoices_numbered_check on billing.invoices is 'An invoice has a number and a date when it is issued, and not before.';
comment on constraint invoices_series_check on billing.invoices is 'The number of an invoice comes from a series; only a proforma invoice has none.';
comment on constraint invoices_due_on_check on billing.invoices is 'An invoice is not due before it is issued.';
comment on constraint invoices_service_check on billing.invoices is 'The end must be after the first day.';
comment on constraint invoices_debtor_check on billing.invoices is 'An invoice says when it is to be paid.';
comment on constraint invoices_ar_check on billing.invoices is 'An invoice on account names the account.';
comment on constraint invoices_voided_check on billing.invoices is 'Only an invoice of which nothing was paid or credited is voided.';
comment on constraint invoices_untouched_check on billing.invoices is 'A draft is not paid.';
comment on constraint invoices_proforma_check on billing.invoices is 'A proforma invoice is not owed.';
comment on constraint invoices_status_check on billing.invoices is 'The status of an invoice follows from what was paid, credited and written off.';
comment on constraint invoices_replaces_check on billing.invoices is 'An invoice does not replace itself.';
comment on constraint invoices_snapshots_check on billing.invoices is 'Buyer and seller are JSON objects.';

create index invoices_due_on_idx on billing.invoices (biz_id, due_on, id)
  where status in ('finalized', 'partially_paid');
create index invoices_account_due_on_idx on billing.invoices (biz_id, billing_account_id, due_on, id)
  where status in ('finalized', 'partially_paid');
create index invoices_location_id_issued_on_idx on billing.invoices (biz_id, location_id, issued_on, id);
create index invoices_status_issued_on_idx on billing.invoices (biz_id, status, issued_on, id);
create index invoices_customer_id_issued_on_idx on billing.invoices (biz_id, customer_id, issued_on, id);

create trigger invoices_settled_guard
  before update on billing.invoices
  for each row when (pg_trigger_depth() = 0 and (
    old.paid_minor is distinct from new.paid_minor
    or old.credited_minor is distinct from new.credited_minor
    or old.written_off_minor is distinct from new.written_off_minor
    or old.credit_noted_minor is distinct from new.credit_noted_minor))
  execute function availability.refuse_update('invoices_settled_guard_check', 'What was paid, credited and written off is moved by allocations, credit notes and write-offs alone.');

call core.install_table('billing.invoices', 'T', 'blin', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('invoice', 'draft', 'finalized', false),
  ('invoice', 'draft', 'discarded', false),
  ('invoice', 'finalized', 'partially_paid', false),
  ('invoice', 'finalized', 'paid', false),
  ('invoice', 'finalized', 'uncollectible', false),
  ('invoice', 'finalized', 'voided', true),
  ('invoice', 'partially_paid', 'paid', false),
  ('invoice', 'partially_paid', 'uncollectible', false),
  ('invoice', 'partially_paid', 'finalized', false),
  ('invoice', 'paid', 'partially_paid', false),
  ('invoice', 'paid', 'finalized', false),
  ('invoice', 'paid', 'uncollectible', false),
  ('invoice', 'uncollectible', 'finalized', false),
  ('invoice', 'uncollectible', 'partially_paid', false),
  ('invoice', 'uncollectible', 'paid', false);
call core.install_state_machine('billing.invoices', 'status', 'invoice');

create trigger invoices_final_immutable
  before update on billing.invoices
  for each row when (old.status <> 'draft')
  execute function billing.refuse_final_change('An invoice that was issued or discarded is never changed: credit it.',
    'status', 'paid_minor', 'credited_minor', 'written_off_minor', 'credit_noted_minor', 'open_minor', 'sent_at', 'disputed_at', 'voided_at', 'void_reason');
create trigger invoices_born_draft
  before insert on billing.invoices
  for each row when (new.status <> 'draft')
  execute function availability.refuse_update('invoices_born_draft_check', 'An invoice begins as a draft.');

-- invoice_lines ------------------------------------------------------------------------------------------------------

create table billing.invoice_lines (
  biz_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  line_no integer not null,
  sellable_id uuid,
  source_type text,
  source_id uuid,
  description text not null,
  quantity numeric(18,6) not null default 1,
  unit_price numeric(20,6) not null,
  subtotal_minor bigint not null,
  discount_minor bigint not null default 0,
  tax_category text,
  tax_rate numeric(9,6),
  tax_exemption_reason text,
  tax_minor bigint not null default 0,
  total_minor bigint not null,
  credited_minor bigint not null default 0,
  credited_tax_minor bigint not null default 0,
  currency char(3) not null,
  service_starts_on date,
  service_ends_on date,
  voided_at timestamptz,
  released_at timestamptz,
  constraint invoice_lines_pkey primary key (biz_id, id),
  constraint invoice_lines_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint invoice_lines_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint invoice_lines_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint invoice_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint invoice_lines_invoice_id_line_no_key unique (biz_id, invoice_id, line_no),
  constraint invoice_lines_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint invoice_lines_description_check check (btrim(description) <> '' and length(description) <= 500),
  constraint invoice_lines_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint invoice_lines_tax_exemption_reason_check check (btrim(tax_exemption_reason) <> '' and length(tax_exemption_reason) <= 200),
  constraint invoice_lines_line_no_check check (line_no >= 1),
  constraint invoice_lines_quantity_check check (quantity > 0),
  constraint invoice_lines_amounts_check check (unit_price >= 0 and subtotal_minor >= 0 and discount_minor between 0 and subtotal_minor and tax_minor >= 0),
  constraint invoice_lines_total_check check (total_minor = subtotal_minor - discount_minor + tax_minor),
  constraint invoice_lines_credited_check check (credited_minor between 0 and total_minor and credited_tax_minor between 0 and tax_minor and credited_tax_minor <= credited_minor),
  constraint invoice_lines_tax_rate_check check (tax_rate between 0 and 10),
  constraint invoice_lines_dates_check check (service_ends_on > service_starts_on)
);
comment on table billing.invoice_lines is 'A line of an invoice, as sold.';
comment on column billing.invoice_lines.invoice_id is 'The invoice.';
comment on column billing.invoice_lines.line_no is 'Its place in the invoice, from 1.';
comment on column billing.invoice_lines.sellable_id is 'What was sold.';
comment on column billing.invoice_lines.source_type is 'What kind of thing the source is, such as BookingOrderLine.';
comment on column billing.invoice_lines.source_id is 'The line of a booking, folio, sale or contract that it bills. That line is billed once.';
comment on column billing.invoice_lines.description is 'What the customer reads.';
comment on column billing.invoice_lines.quantity is 'How many.';
comment on column billing.invoice_lines.unit_price is 'Price of one in major units.';
comment on column billing.invoice_lines.subtotal_minor is 'Quantity times price, rounded once.';
comment on column billing.invoice_lines.discount_minor is 'What was taken off.';
comment on column billing.invoice_lines.tax_category is 'Tax category as sold.';
comment on column billing.invoice_lines.tax_rate is 'Tax rate as sold, as a fraction.';
comment on column billing.invoice_lines.tax_exemption_reason is 'Why there is no tax, as the law names it.';
comment on column billing.invoice_lines.tax_minor is 'Its tax, or its part of the tax that is reckoned on the whole.';
comment on column billing.invoice_lines.total_minor is 'What it costs: subtotal less discount plus tax.';
comment on column billing.invoice_lines.credited_minor is 'What credit notes took back of it, with tax.';
comment on column billing.invoice_lines.credited_tax_minor is 'The tax in that.';
comment on column billing.invoice_lines.currency is 'Currency of the amounts, that of the invoice.';
comment on column billing.invoice_lines.service_starts_on is 'First day of what it is for.';
comment on column billing.invoice_lines.service_ends_on is 'First day after the last.';
comment on column billing.invoice_lines.voided_at is 'When it was taken off the draft; it counts nowhere since.';
comment on column billing.invoice_lines.released_at is 'When what it bills could be billed again, as the invoice was voided or discarded or the line credited in full.';
comment on constraint invoice_lines_source_fkey on billing.invoice_lines is 'Must be an existing thing of this tenant.';
comment on constraint invoice_lines_source_check on billing.invoice_lines is 'The source has both a type and an id, or neither.';
comment on constraint invoice_lines_description_check on billing.invoice_lines is 'The description is not blank, and has at most 500 characters.';
comment on constraint invoice_lines_tax_category_check on billing.invoice_lines is 'The tax category is not blank, and has at most 60 characters.';
comment on constraint invoice_lines_tax_exemption_reason_check on billing.invoice_lines is 'The tax exemption reason is not blank, and has at most 200 characters.';
comment on constraint invoice_lines_invoice_id_line_no_key on billing.invoice_lines is 'The invoice already has a line of this number.';
comment on constraint invoice_lines_line_no_check on billing.invoice_lines is 'Line numbers begin at 1.';
comment on constraint invoice_lines_quantity_check on billing.invoice_lines is 'The quantity must be more than 0.';
comment on constraint invoice_lines_amounts_check on billing.invoice_lines is 'The amounts of a line cannot be negative, and a discount not more than the whole.';
comment on constraint invoice_lines_total_check on billing.invoice_lines is 'The total of a line is its subtotal less discount plus tax.';
comment on constraint invoice_lines_credited_check on billing.invoice_lines is 'No more of a line is credited than was invoiced.';
comment on constraint invoice_lines_tax_rate_check on billing.invoice_lines is 'The tax rate is a fraction between 0 and 10.';
comment on constraint invoice_lines_dates_check on billing.invoice_lines is 'The end must be after the first day.';

create unique index invoice_lines_source_key on billing.invoice_lines (biz_id, source_type, source_id)
  where source_id is not null and voided_at is null and released_at is null;
comment on index billing.invoice_lines_source_key is 'This was billed already.';

create trigger invoice_lines_credited_guard
  before update on billing.invoice_lines
  for each row when (pg_trigger_depth() = 0 and (
    old.credited_minor is distinct from new.credited_minor
    or old.credited_tax_minor is distinct from new.credited_tax_minor))
  execute function availability.refuse_update('invoice_lines_credited_guard_check', 'What was credited is moved by credit notes alone.');

call core.install_table('billing.invoice_lines', 'T', 'blil', registrable => true);

-- invoice_taxes ------------------------------------------------------------------------------------------------------

create table billing.invoice_taxes (
  biz_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  tax_rate_id uuid,
  name text not null,
  rate numeric(9,6) not null,
  taxable_minor bigint not null,
  tax_minor bigint not null,
  currency char(3) not null,
  constraint invoice_taxes_pkey primary key (biz_id, id),
  constraint invoice_taxes_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint invoice_taxes_tax_rate_id_fkey foreign key (biz_id, tax_rate_id)
    references pricing.tax_rates (biz_id, id),
  constraint invoice_taxes_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint invoice_taxes_invoice_id_name_rate_key unique nulls not distinct (biz_id, invoice_id, name, rate),
  constraint invoice_taxes_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint invoice_taxes_amounts_check check (taxable_minor >= 0 and tax_minor >= 0 and rate between 0 and 10)
);
comment on table billing.invoice_taxes is 'The tax of an invoice at one rate. The taxes of an invoice sum up to its tax.';
comment on column billing.invoice_taxes.invoice_id is 'The invoice.';
comment on column billing.invoice_taxes.tax_rate_id is 'The rate.';
comment on column billing.invoice_taxes.name is 'Name of the tax, as it was then.';
comment on column billing.invoice_taxes.rate is 'The rate as it was then, as a fraction.';
comment on column billing.invoice_taxes.taxable_minor is 'What it is reckoned on.';
comment on column billing.invoice_taxes.tax_minor is 'The tax.';
comment on column billing.invoice_taxes.currency is 'Currency of the amounts, that of the invoice.';
comment on constraint invoice_taxes_name_check on billing.invoice_taxes is 'The name is not blank, and has at most 200 characters.';
comment on constraint invoice_taxes_invoice_id_name_rate_key on billing.invoice_taxes is 'The invoice already has this tax.';
comment on constraint invoice_taxes_amounts_check on billing.invoice_taxes is 'Amounts and rate of a tax cannot be negative.';

call core.install_table('billing.invoice_taxes', 'T', 'blix');

-- invoice_events -----------------------------------------------------------------------------------------------------

create table billing.invoice_events (
  biz_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  kind billing.invoice_event_kind not null,
  occurred_at timestamptz not null default now(),
  detail text,
  source_type text,
  source_id uuid,
  constraint invoice_events_pkey primary key (biz_id, id),
  constraint invoice_events_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint invoice_events_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint invoice_events_detail_check check (length(detail) <= 2000),
  constraint invoice_events_source_check check (num_nonnulls(source_type, source_id) <> 1)
);
comment on table billing.invoice_events is 'Something that happened to an invoice, as staff and customer see it.';
comment on column billing.invoice_events.invoice_id is 'The invoice.';
comment on column billing.invoice_events.kind is 'What happened.';
comment on column billing.invoice_events.occurred_at is 'When.';
comment on column billing.invoice_events.detail is 'What else is known, such as the address it was sent to.';
comment on column billing.invoice_events.source_type is 'What kind of thing the source is, such as Receipt.';
comment on column billing.invoice_events.source_id is 'What brought it about, such as a receipt, credit note or dunning run.';
comment on constraint invoice_events_detail_check on billing.invoice_events is 'The detail has at most 2,000 characters.';
comment on constraint invoice_events_source_fkey on billing.invoice_events is 'Must be an existing thing of this tenant.';
comment on constraint invoice_events_source_check on billing.invoice_events is 'The source has both a type and an id, or neither.';

create index invoice_events_invoice_id_occurred_at_idx on billing.invoice_events (biz_id, invoice_id, occurred_at, id);

call core.install_table('billing.invoice_events', 'J', 'bliv');

-- credit_notes -------------------------------------------------------------------------------------------------------

create table billing.credit_notes (
  biz_id uuid not null,
  id uuid not null,
  number text,
  series_id uuid,
  series_no bigint,
  invoice_id uuid not null,
  reason text not null,
  currency char(3) not null,
  total_minor bigint not null,
  tax_minor bigint not null default 0,
  applied_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  unused_minor bigint generated always as (total_minor - applied_minor - refunded_minor) stored,
  issued_on date,
  issued_at timestamptz,
  buyer jsonb not null default '{}',
  seller jsonb not null default '{}',
  status billing.credit_note_status not null default 'draft',
  constraint credit_notes_pkey primary key (biz_id, id),
  constraint credit_notes_series_id_fkey foreign key (biz_id, series_id)
    references billing.fiscal_series (biz_id, id),
  constraint credit_notes_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint credit_notes_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint credit_notes_number_key unique (biz_id, number),
  constraint credit_notes_series_id_series_no_key unique (biz_id, series_id, series_no),
  constraint credit_notes_number_check check (btrim(number) <> '' and length(number) <= 100),
  constraint credit_notes_reason_check check (length(reason) <= 2000),
  constraint credit_notes_reason_given_check check (btrim(reason) <> ''),
  constraint credit_notes_amounts_check check (total_minor > 0 and tax_minor between 0 and total_minor),
  constraint credit_notes_used_check check (applied_minor >= 0 and refunded_minor >= 0 and applied_minor + refunded_minor <= total_minor),
  constraint credit_notes_numbered_check check ((status = 'finalized') = (number is not null) and num_nulls(number, series_id, series_no, issued_at, issued_on) in (0, 5)),
  constraint credit_notes_untouched_check check (status = 'finalized' or (applied_minor = 0 and refunded_minor = 0)),
  constraint credit_notes_snapshots_check check (jsonb_typeof(buyer) = 'object' and jsonb_typeof(seller) = 'object')
);
comment on table billing.credit_notes is 'A document that takes back an invoice, or a part of it. It is set against what is owed, or paid back.';
comment on column billing.credit_notes.number is 'Its number in the series; none while it is a draft.';
comment on column billing.credit_notes.series_id is 'The series its number comes from.';
comment on column billing.credit_notes.series_no is 'Its number as a number.';
comment on column billing.credit_notes.invoice_id is 'The invoice it takes back.';
comment on column billing.credit_notes.reason is 'Why.';
comment on column billing.credit_notes.currency is 'Currency of its amounts, that of the invoice.';
comment on column billing.credit_notes.total_minor is 'What is taken back, with tax.';
comment on column billing.credit_notes.tax_minor is 'The tax in that.';
comment on column billing.credit_notes.applied_minor is 'How much was set against invoices.';
comment on column billing.credit_notes.refunded_minor is 'How much was paid back.';
comment on column billing.credit_notes.unused_minor is 'How much is still the customer''s.';
comment on column billing.credit_notes.issued_on is 'Its date.';
comment on column billing.credit_notes.issued_at is 'When it was finalized.';
comment on column billing.credit_notes.buyer is 'The buyer, as on the invoice.';
comment on column billing.credit_notes.seller is 'The seller, as on the invoice.';
comment on column billing.credit_notes.status is 'Where it stands.';
comment on constraint credit_notes_number_check on billing.credit_notes is 'The number is not blank, and has at most 100 characters.';
comment on constraint credit_notes_reason_check on billing.credit_notes is 'The reason has at most 2,000 characters.';
comment on constraint credit_notes_number_key on billing.credit_notes is 'There is already a credit note with this number.';
comment on constraint credit_notes_series_id_series_no_key on billing.credit_notes is 'This number of the series is taken.';
comment on constraint credit_notes_reason_given_check on billing.credit_notes is 'A reason is required.';
comment on constraint credit_notes_amounts_check on billing.credit_notes is 'A credit note is of more than zero, and its tax is within it.';
comment on constraint credit_notes_used_check on billing.credit_notes is 'No more of a credit note is used than there is.';
comment on constraint credit_notes_numbered_check on billing.credit_notes is 'A credit note has a number and a date when it is issued, and not before.';
comment on constraint credit_notes_untouched_check on billing.credit_notes is 'A draft is not used.';
comment on constraint credit_notes_snapshots_check on billing.credit_notes is 'Buyer and seller are JSON objects.';

create index credit_notes_status_issued_on_idx on billing.credit_notes (biz_id, status, issued_on, id);

create trigger credit_notes_used_guard
  before update on billing.credit_notes
  for each row when (pg_trigger_depth() = 0 and (
    old.applied_minor is distinct from new.applied_minor
    or old.refunded_minor is distinct from new.refunded_minor))
  execute function availability.refuse_update('credit_notes_used_guard_check', 'What was used of a credit note is moved by allocations alone.');
create trigger credit_notes_draft
  before insert on billing.credit_notes
  for each row when (new.status <> 'draft')
  execute function availability.refuse_update('credit_notes_draft_check', 'A credit note begins as a draft.');

call core.install_table('billing.credit_notes', 'T', 'blcn', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('credit_note', 'draft', 'finalized', false),
  ('credit_note', 'draft', 'discarded', false);
call core.install_state_machine('billing.credit_notes', 'status', 'credit_note');

create trigger credit_notes_final_immutable
  before update on billing.credit_notes
  for each row when (old.status <> 'draft')
  execute function billing.refuse_final_change('A credit note that was issued or discarded is never changed.',
    'applied_minor', 'refunded_minor', 'unused_minor');

-- credit_note_lines --------------------------------------------------------------------------------------------------

create table billing.credit_note_lines (
  biz_id uuid not null,
  id uuid not null,
  credit_note_id uuid not null,
  invoice_line_id uuid not null,
  quantity numeric(18,6),
  amount_minor bigint not null,
  tax_minor bigint not null default 0,
  currency char(3) not null,
  voided_at timestamptz,
  constraint credit_note_lines_pkey primary key (biz_id, id),
  constraint credit_note_lines_credit_note_id_fkey foreign key (biz_id, credit_note_id)
    references billing.credit_notes (biz_id, id),
  constraint credit_note_lines_invoice_line_id_fkey foreign key (biz_id, invoice_line_id)
    references billing.invoice_lines (biz_id, id),
  constraint credit_note_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint credit_note_lines_quantity_check check (quantity > 0),
  constraint credit_note_lines_amounts_check check (amount_minor > 0 and tax_minor between 0 and amount_minor)
);
comment on table billing.credit_note_lines is 'What a credit note takes back of one line of the invoice.';
comment on column billing.credit_note_lines.credit_note_id is 'The credit note.';
comment on column billing.credit_note_lines.invoice_line_id is 'The line of the invoice.';
comment on column billing.credit_note_lines.quantity is 'How many are taken back, where it is by quantity.';
comment on column billing.credit_note_lines.amount_minor is 'How much is taken back, with tax.';
comment on column billing.credit_note_lines.tax_minor is 'The tax in that.';
comment on column billing.credit_note_lines.currency is 'Currency of the amounts, that of the credit note.';
comment on column billing.credit_note_lines.voided_at is 'When it was taken off the draft.';
comment on constraint credit_note_lines_quantity_check on billing.credit_note_lines is 'The quantity must be more than 0.';
comment on constraint credit_note_lines_amounts_check on billing.credit_note_lines is 'More than zero is taken back, and its tax is within it.';

create unique index credit_note_lines_line_key on billing.credit_note_lines (biz_id, credit_note_id, invoice_line_id)
  where voided_at is null;
comment on index billing.credit_note_lines_line_key is 'The credit note already takes back something of this line.';

call core.install_table('billing.credit_note_lines', 'T', 'blcl');

-- Lines change with their draft, and never after -----------------------------------------------------------------------

create function billing.check_draft() returns trigger
language plpgsql as $$
declare
  parent_id uuid;
  parent_status text;
begin
  -- Of rows that this module's own triggers move, content stays.
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - array['credited_minor', 'credited_tax_minor', 'released_at', 'version', 'updated_at', 'updated_by']
      = to_jsonb(old) - array['credited_minor', 'credited_tax_minor', 'released_at', 'version', 'updated_at', 'updated_by']
    then
      return new;
    end if;
  end if;
  if tg_table_name = 'credit_note_lines' then
    parent_id := new.credit_note_id;
    if tg_op = 'UPDATE' and old.credit_note_id <> new.credit_note_id then
      parent_id := null;
    end if;
    select c.status into parent_status
    from billing.credit_notes c
    where c.biz_id = new.biz_id
      and c.id = parent_id
    for no key update;
  else
    parent_id := new.invoice_id;
    if tg_op = 'UPDATE' and old.invoice_id <> new.invoice_id then
      parent_id := null;
    end if;
    select i.status into parent_status
    from billing.invoices i
    where i.biz_id = new.biz_id
      and i.id = parent_id
    for no key update;
  end if;

  -- Where there is no such document, the foreign key says so.
  if parent_status <> 'draft' or parent_id is null then
    raise exception using
      errcode = '23514',
      message = 'The lines of a document change while it is a draft, and stay with it.',
      schema = 'billing',
      table = tg_table_name,
      constraint = tg_table_name || '_draft_check';
  end if;
  return new;
end
$$;
comment on function billing.check_draft() is 'Trigger: lines and taxes are written and changed while their document is a draft, which waits for them.';

create trigger invoice_lines_draft
  before insert or update on billing.invoice_lines
  for each row execute function billing.check_draft();
create trigger invoice_taxes_draft
  before insert or update on billing.invoice_taxes
  for each row execute function billing.check_draft();
create trigger credit_note_lines_draft
  before insert or update on billing.credit_note_lines
  for each row execute function billing.check_draft();

-- Sums and numbers, at commit --------------------------------------------------------------------------------------------

create function billing.check_series_number(biz_id uuid, series_id uuid, series_no bigint, number text, types text[]) returns boolean
language sql stable as $$
  select exists (
    select
    from billing.fiscal_series s
    where s.biz_id = check_series_number.biz_id
      and s.id = check_series_number.series_id
      and s.document_type = any (types)
      and check_series_number.series_no between s.range_from and s.next_value - 1
      and check_series_number.number = s.prefix || lpad(check_series_number.series_no::text,
        greatest(s.padding, length(check_series_number.series_no::text)), '0')
  )
$$;
comment on function billing.check_series_number(uuid, uuid, bigint, text, text[]) is 'Whether a number was taken from this series, for a document of these types.';

create function billing.check_invoice() returns trigger
language plpgsql as $$
declare
  invoice billing.invoices;
  complaint record;
begin
  select i.* into invoice
  from billing.invoices i
  where i.biz_id = new.biz_id
    and i.id = new.id;
  if invoice.status = 'discarded' then
    return null;
  end if;

  select w.* into complaint
  from (
    select 1, 'total_minor', 'invoices_lines_sum_check', 'The lines of an invoice must sum up to it, in its currency.'
    from (
      select
        count(*) as lines,
        coalesce(sum(l.subtotal_minor), 0) as subtotal,
        coalesce(sum(l.discount_minor), 0) as discount,
        coalesce(sum(l.tax_minor), 0) as tax,
        coalesce(bool_and(l.currency = invoice.currency), true) as is_same
      from billing.invoice_lines l
      where l.biz_id = invoice.biz_id
        and l.invoice_id = invoice.id
        and l.voided_at is null
    ) l
    where (l.subtotal, l.discount, l.tax) <> (invoice.subtotal_minor, invoice.discount_minor, invoice.tax_minor)
      or not l.is_same
      or (l.lines = 0 and invoice.status <> 'draft')
    union all
    select 2, 'tax_minor', 'invoices_taxes_sum_check', 'The taxes of an invoice must sum up to its tax, in its currency.'
    from (
      select coalesce(sum(t.tax_minor), 0) as tax, coalesce(bool_and(t.currency = invoice.currency), true) as is_same
      from billing.invoice_taxes t
      where t.biz_id = invoice.biz_id
        and t.invoice_id = invoice.id
    ) t
    where invoice.status <> 'draft'
      and (t.tax <> invoice.tax_minor or not t.is_same)
    union all
    select 3, 'number', 'invoices_number_series_check', 'The number of an invoice is taken from its series.'
    where invoice.series_no is not null
      and not billing.check_series_number(invoice.biz_id, invoice.series_id, invoice.series_no, invoice.number,
        array['invoice', 'simplified_invoice', 'deposit_invoice'])
  ) as w (place, field, name, sentence)
  order by w.place
  limit 1;
  if found then
    raise exception using
      errcode = '23514',
      message = complaint.sentence,
      schema = 'billing',
      table = 'invoices',
      column = complaint.field,
      constraint = complaint.name;
  end if;
  return null;
end
$$;
comment on function billing.check_invoice() is 'Trigger: lines and taxes sum up to the invoice, and its number was taken from its series.';

create constraint trigger invoices_sums_check
  after insert on billing.invoices
  deferrable initially deferred
  for each row execute function billing.check_invoice();
comment on constraint invoices_sums_check on billing.invoices is 'The lines of an invoice must sum up to it, in its currency.';
create constraint trigger invoices_final_sums_check
  after update on billing.invoices
  deferrable initially deferred
  for each row when (old.status = 'draft')
  execute function billing.check_invoice();
comment on constraint invoices_final_sums_check on billing.invoices is 'The lines of an invoice must sum up to it, in its currency.';

create function billing.check_series() returns trigger
language plpgsql as $$
begin
  if new.next_value - old.next_value <> (
    select count(*)
    from (
      select i.series_no from billing.invoices i where i.biz_id = new.biz_id and i.series_id = new.id
      union all
      select c.series_no from billing.credit_notes c where c.biz_id = new.biz_id and c.series_id = new.id
    ) d
    where d.series_no >= old.next_value
      and d.series_no < new.next_value
  ) then
    raise exception using
      errcode = '23514',
      message = 'Each number that is taken from a series is that of a document: there are no gaps.',
      schema = 'billing',
      table = 'fiscal_series',
      column = 'next_value',
      constraint = 'fiscal_series_gapless_check';
  end if;
  return null;
end
$$;
comment on function billing.check_series() is 'Trigger: a number that was taken is on a document when the transaction ends.';

create constraint trigger fiscal_series_gapless_check
  after update of next_value on billing.fiscal_series
  deferrable initially deferred
  for each row when (new.next_value > old.next_value and new.document_type <> 'receipt')
  execute function billing.check_series();
comment on constraint fiscal_series_gapless_check on billing.fiscal_series is 'Each number that is taken from a series is that of a document: there are no gaps.';

-- What follows an invoice ------------------------------------------------------------------------------------------------

create function billing.follow_invoice() returns trigger
language plpgsql as $$
declare
  is_issued constant boolean := old.status = 'draft' and new.status = 'finalized';
  delta constant bigint := case when new.kind = 'proforma' then 0 else new.open_minor - old.open_minor end;
  account billing.billing_accounts;
begin
  if new.status in ('voided', 'discarded') and old.status <> new.status then
    update billing.invoice_lines l
    set released_at = now()
    where l.biz_id = new.biz_id
      and l.invoice_id = new.id
      and l.released_at is null;
  end if;

  if new.billing_account_id is not null and (delta <> 0 or is_issued) then
    update billing.billing_accounts a
    set exposure_minor = a.exposure_minor + delta
    where a.biz_id = new.biz_id
      and a.id = new.billing_account_id
    returning a.* into account;
    if account.currency <> new.currency then
      raise exception using
        errcode = '23514',
        message = 'An invoice on account has the currency of the account.',
        schema = 'billing',
        table = 'invoices',
        column = 'currency',
        constraint = 'invoices_account_currency_check';
    elsif is_issued and delta > 0 and account.exposure_minor > account.credit_limit_minor
      + (case when account.credit_override_until > now() then account.credit_override_minor else 0 end)
    then
      raise exception using
        errcode = '23514',
        message = 'The account would owe more than its credit limit.',
        schema = 'billing',
        table = 'billing_accounts',
        column = 'credit_limit_minor',
        constraint = 'billing_accounts_credit_limit_check';
    end if;
  end if;

  if new.customer_po_id is not null and new.kind <> 'proforma' and (is_issued or (new.status = 'voided' and old.status <> 'voided')) then
    update billing.customer_purchase_orders p
    set consumed_minor = p.consumed_minor + case when is_issued then new.total_minor else -new.total_minor end
    where p.biz_id = new.biz_id
      and p.id = new.customer_po_id
      and p.billing_account_id is not distinct from new.billing_account_id
      and p.currency = new.currency
      and (not is_issued or p.status = 'open');
    if not found then
      raise exception using
        errcode = '23514',
        message = 'An invoice uses up an open purchase order of its account, in its currency.',
        schema = 'billing',
        table = 'invoices',
        column = 'customer_po_id',
        constraint = 'invoices_customer_po_check';
    end if;
  end if;
  return null;
end
$$;
comment on function billing.follow_invoice() is 'Trigger: what an account owes, what a purchase order has left, and whether what was billed can be billed again, follow the invoice.';

create trigger invoices_follow
  after update on billing.invoices
  for each row when (old.status is distinct from new.status or old.open_minor is distinct from new.open_minor)
  execute function billing.follow_invoice();

create function billing.issue_credit_note() returns trigger
language plpgsql as $$
declare
  invoice billing.invoices;
  complaint record;
begin
  select i.* into invoice
  from billing.invoices i
  where i.biz_id = new.biz_id
    and i.id = new.invoice_id
  for no key update;

  select w.* into complaint
  from (
    select 1, 'invoice_id', 'credit_notes_invoice_check', 'A credit note takes back an invoice that was issued, in its currency.'
    where invoice.status in ('draft', 'discarded', 'voided')
      or invoice.kind = 'proforma'
      or invoice.currency <> new.currency
    union all
    select 2, 'total_minor', 'credit_notes_lines_sum_check', 'The lines of a credit note must sum up to it, and be lines of its invoice.'
    from (
      select
        coalesce(sum(c.amount_minor), 0) as amount,
        coalesce(sum(c.tax_minor), 0) as tax,
        bool_and(c.currency = new.currency and l.invoice_id = new.invoice_id) as is_fitting
      from billing.credit_note_lines c
      join billing.invoice_lines l on l.biz_id = c.biz_id and l.id = c.invoice_line_id
      where c.biz_id = new.biz_id
        and c.credit_note_id = new.id
        and c.voided_at is null
    ) c
    where c.amount <> new.total_minor
      or c.tax <> new.tax_minor
      or c.is_fitting is not true
    union all
    select 3, 'number', 'credit_notes_number_series_check', 'The number of a credit note is taken from a series of credit notes.'
    where not billing.check_series_number(new.biz_id, new.series_id, new.series_no, new.number, array['credit_note'])
  ) as w (place, field, name, sentence)
  order by w.place
  limit 1;
  if found then
    raise exception using
      errcode = '23514',
      message = complaint.sentence,
      schema = 'billing',
      table = 'credit_notes',
      column = complaint.field,
      constraint = complaint.name;
  end if;

  update billing.invoice_lines l
  set credited_minor = l.credited_minor + c.amount_minor,
    credited_tax_minor = l.credited_tax_minor + c.tax_minor
  from billing.credit_note_lines c
  where c.biz_id = new.biz_id
    and c.credit_note_id = new.id
    and c.voided_at is null
    and l.biz_id = c.biz_id
    and l.id = c.invoice_line_id;
  update billing.invoices i
  set credit_noted_minor = i.credit_noted_minor + new.total_minor
  where i.biz_id = new.biz_id
    and i.id = new.invoice_id;
  return null;
end
$$;
comment on function billing.issue_credit_note() is 'Trigger: a credit note that is finalized has lines of its invoice that sum up to it, and counts on them.';

create trigger credit_notes_issue
  after update of status on billing.credit_notes
  for each row when (old.status = 'draft' and new.status = 'finalized')
  execute function billing.issue_credit_note();

-- fiscal_documents ---------------------------------------------------------------------------------------------------

create table billing.fiscal_documents (
  biz_id uuid not null,
  id uuid not null,
  invoice_id uuid,
  credit_note_id uuid,
  authority billing.fiscal_authority not null,
  authority_ref text,
  xml_media_id uuid,
  status billing.fiscal_status not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  sent_at timestamptz,
  answered_at timestamptz,
  response jsonb,
  error_code text,
  error_message text,
  is_contingency boolean not null default false,
  cancel_reason text,
  constraint fiscal_documents_pkey primary key (biz_id, id),
  constraint fiscal_documents_invoice_id_fkey foreign key (biz_id, invoice_id)
    references billing.invoices (biz_id, id),
  constraint fiscal_documents_credit_note_id_fkey foreign key (biz_id, credit_note_id)
    references billing.credit_notes (biz_id, id),
  constraint fiscal_documents_xml_media_id_fkey foreign key (biz_id, xml_media_id)
    references core.media_assets (biz_id, id),
  constraint fiscal_documents_authority_ref_check check (btrim(authority_ref) <> '' and length(authority_ref) <= 200),
  constraint fiscal_documents_error_code_check check (btrim(error_code) <> '' and length(error_code) <= 100),
  constraint fiscal_documents_error_message_check check (length(error_message) <= 10000),
  constraint fiscal_documents_cancel_reason_check check (length(cancel_reason) <= 2000),
  constraint fiscal_documents_document_check check (num_nonnulls(invoice_id, credit_note_id) = 1),
  constraint fiscal_documents_authority_check check (authority <> 'none'),
  constraint fiscal_documents_accepted_check check (status not in ('accepted', 'cancel_requested', 'cancelled') or authority_ref is not null),
  constraint fiscal_documents_attempts_check check (attempts >= 0)
);
comment on table billing.fiscal_documents is 'The copy of an invoice or credit note at the tax authority.';
comment on column billing.fiscal_documents.invoice_id is 'The invoice.';
comment on column billing.fiscal_documents.credit_note_id is 'The credit note.';
comment on column billing.fiscal_documents.authority is 'The authority.';
comment on column billing.fiscal_documents.authority_ref is 'The authority''s number of it, such as a UUID, CUFE or CAE.';
comment on column billing.fiscal_documents.xml_media_id is 'The signed file.';
comment on column billing.fiscal_documents.status is 'Where it stands.';
comment on column billing.fiscal_documents.attempts is 'How often it was sent.';
comment on column billing.fiscal_documents.next_attempt_at is 'When it will be sent again.';
comment on column billing.fiscal_documents.sent_at is 'When it was sent last.';
comment on column billing.fiscal_documents.answered_at is 'When the authority answered last.';
comment on column billing.fiscal_documents.response is 'The authority''s answer, as it came.';
comment on column billing.fiscal_documents.error_code is 'The authority''s code of why it was rejected.';
comment on column billing.fiscal_documents.error_message is 'The authority''s words for it.';
comment on column billing.fiscal_documents.is_contingency is 'Whether it was issued while the authority could not be reached, to be sent later.';
comment on column billing.fiscal_documents.cancel_reason is 'Why the authority was asked to cancel it.';
comment on constraint fiscal_documents_authority_ref_check on billing.fiscal_documents is 'The authority ref is not blank, and has at most 200 characters.';
comment on constraint fiscal_documents_error_code_check on billing.fiscal_documents is 'The error code is not blank, and has at most 100 characters.';
comment on constraint fiscal_documents_error_message_check on billing.fiscal_documents is 'The error message has at most 10,000 characters.';
comment on constraint fiscal_documents_cancel_reason_check on billing.fiscal_documents is 'The cancel reason has at most 2,000 characters.';
comment on constraint fiscal_documents_document_check on billing.fiscal_documents is 'It is the copy of an invoice or of a credit note.';
comment on constraint fiscal_documents_authority_check on billing.fiscal_documents is 'A copy is for an authority.';
comment on constraint fiscal_documents_accepted_check on billing.fiscal_documents is 'What was accepted has the authority''s number.';
comment on constraint fiscal_documents_attempts_check on billing.fiscal_documents is 'Attempts cannot be negative.';

create unique index fiscal_documents_invoice_key on billing.fiscal_documents (biz_id, invoice_id)
  where status <> 'cancelled';
comment on index billing.fiscal_documents_invoice_key is 'The invoice already has a copy at the authority.';
create unique index fiscal_documents_credit_note_key on billing.fiscal_documents (biz_id, credit_note_id)
  where status <> 'cancelled';
comment on index billing.fiscal_documents_credit_note_key is 'The credit note already has a copy at the authority.';
create unique index fiscal_documents_authority_ref_key on billing.fiscal_documents (biz_id, authority, authority_ref);
comment on index billing.fiscal_documents_authority_ref_key is 'This copy is here already.';
create index fiscal_documents_open_idx on billing.fiscal_documents (biz_id, next_attempt_at)
  where status in ('pending', 'sent', 'cancel_requested');

create trigger fiscal_documents_document_immutable
  before update on billing.fiscal_documents
  for each row when (
    old.invoice_id is distinct from new.invoice_id
    or old.credit_note_id is distinct from new.credit_note_id
    or old.authority is distinct from new.authority)
  execute function availability.refuse_update('fiscal_documents_document_immutable_check', 'A copy stays with its document.');

call core.install_table('billing.fiscal_documents', 'T', 'blfd', registrable => true);
create index fiscal_documents_rejected_idx on billing.fiscal_documents (biz_id, updated_at)
  where status = 'rejected';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('fiscal_document', 'pending', 'sent', false),
  ('fiscal_document', 'sent', 'accepted', false),
  ('fiscal_document', 'sent', 'rejected', false),
  ('fiscal_document', 'sent', 'pending', false),
  ('fiscal_document', 'rejected', 'pending', false),
  ('fiscal_document', 'accepted', 'cancel_requested', true),
  ('fiscal_document', 'cancel_requested', 'cancelled', false),
  ('fiscal_document', 'cancel_requested', 'accepted', false);
call core.install_state_machine('billing.fiscal_documents', 'status', 'fiscal_document');
