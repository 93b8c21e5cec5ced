-- Payments: what customers pay through processors, terminals and at the desk. Here: accounts at processors, ways to pay,
-- intents with their tenders and attempts. What follows (refunds, disputes, transactions, settlement) stands in
-- 10_payments_movements.sql.
--
-- Amounts of an intent are counters that verbs move by one guarded statement each; at commit they must equal the rows they
-- count (tenders, captures, refunds, disputes), so that neither a lost row nor a lost update goes unnoticed.
--
-- Lock order: intent before tenders, refunds and disputes.

create schema payments;
comment on schema payments is 'Money movement: processors, ways to pay, payments with their tenders, refunds, disputes, settlement and payouts.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain payments.processor as text constraint processor_check check (value in (
  'stripe', 'adyen', 'mercadopago', 'cash', 'bank', 'terminal'));
comment on domain payments.processor is 'Who moves the money.
stripe: Stripe, by its HTTP API.
adyen: Adyen, by its HTTP API.
mercadopago: Mercado Pago, by its HTTP API.
cash: Nobody: it is paid in cash.
bank: A bank, by transfer.
terminal: A card terminal that is not connected.';
comment on constraint processor_check on domain payments.processor is 'Unknown processor.';

create domain payments.processor_mode as text constraint processor_mode_check check (value in (
  'live', 'test'));
comment on domain payments.processor_mode is 'Whether real money moves.
live: Real money.
test: Play money.';
comment on constraint processor_mode_check on domain payments.processor_mode is 'Unknown mode.';

create domain payments.processor_account_status as text constraint processor_account_status_check check (value in (
  'pending', 'active', 'restricted', 'disabled'));
comment on domain payments.processor_account_status is 'Where an account at a processor stands.
pending: It is being opened or verified.
active: It takes payments.
restricted: The processor wants something before it takes more.
disabled: It takes no payments.';
comment on constraint processor_account_status_check on domain payments.processor_account_status is 'Unknown status of a processor account.';

create domain payments.method_kind as text constraint method_kind_check check (value in (
  'card', 'bank_debit', 'bank_transfer', 'wallet', 'cash', 'gift', 'account', 'voucher'));
comment on domain payments.method_kind is 'What somebody pays with.
card: A credit or debit card.
bank_debit: A debit from a bank account, by mandate.
bank_transfer: A transfer that the customer makes.
wallet: Money in a wallet at this business.
cash: Notes and coins.
gift: A gift card.
account: On account: it is invoiced.
voucher: A voucher of a third party.';
comment on constraint method_kind_check on domain payments.method_kind is 'Unknown kind of payment method.';

create domain payments.method_status as text constraint method_status_check check (value in (
  'active', 'expired', 'revoked'));
comment on domain payments.method_status is 'Whether a way to pay can be used.
active: It can.
expired: Its card is past its date.
revoked: The customer or the processor took it back.';
comment on constraint method_status_check on domain payments.method_status is 'Unknown status of a payment method.';

create domain payments.setup_usage as text constraint setup_usage_check check (value in (
  'on_session', 'off_session'));
comment on domain payments.setup_usage is 'What a way to pay is kept for.
on_session: Payments that the customer makes.
off_session: Payments that the business makes without the customer, such as no-show fees and renewals.';
comment on constraint setup_usage_check on domain payments.setup_usage is 'Unknown usage.';

create domain payments.setup_status as text constraint setup_status_check check (value in (
  'requires_payment_method', 'requires_confirmation', 'requires_action', 'processing', 'succeeded', 'canceled'));
comment on domain payments.setup_status is 'Where the set-up of a way to pay stands.
requires_payment_method: The customer has to enter one.
requires_confirmation: It has to be confirmed.
requires_action: The customer has to do something, such as 3-D Secure.
processing: The processor is at it.
succeeded: It can be used.
canceled: Given up.';
comment on constraint setup_status_check on domain payments.setup_status is 'Unknown status of a set-up.';

create domain payments.checkout_status as text constraint checkout_status_check check (value in (
  'open', 'complete', 'expired'));
comment on domain payments.checkout_status is 'Where a hosted checkout stands.
open: The customer can pay there.
complete: The customer paid.
expired: It was not paid in time.';
comment on constraint checkout_status_check on domain payments.checkout_status is 'Unknown status of a checkout.';

create domain payments.capture_mode as text constraint capture_mode_check check (value in (
  'automatic', 'manual', 'manual_multiple'));
comment on domain payments.capture_mode is 'When authorized money is taken.
automatic: At once.
manual: Later, in one go; what is not taken then is released.
manual_multiple: Later, in several goes, until the last is marked final.';
comment on constraint capture_mode_check on domain payments.capture_mode is 'Unknown capture mode.';

create domain payments.intent_status as text constraint intent_status_check check (value in (
  'requires_payment_method', 'requires_confirmation', 'requires_action', 'processing', 'requires_capture', 'partially_captured', 'succeeded', 'canceled'));
comment on domain payments.intent_status is 'Where a payment stands. Refunds and disputes never change it.
requires_payment_method: A way to pay is missing, or the last one was declined.
requires_confirmation: It has to be confirmed.
requires_action: The customer has to do something, such as 3-D Secure.
processing: The processor is at it.
requires_capture: Authorized; nothing is taken yet.
partially_captured: A part is taken, and more can be.
succeeded: Taken; nothing more will be.
canceled: Given up, or the authorization ran out, with nothing taken.';
comment on constraint intent_status_check on domain payments.intent_status is 'Unknown payment status.';

create domain payments.tender_status as text constraint tender_status_check check (value in (
  'pending', 'processing', 'authorized', 'succeeded', 'failed', 'canceled'));
comment on domain payments.tender_status is 'Where a part of a payment stands.
pending: Not tried yet, or to be tried again.
processing: Being tried.
authorized: Authorized; not taken yet.
succeeded: Taken.
failed: Declined; it can be tried again, or replaced by another.
canceled: Replaced by another part, or the payment was given up. Counts no more.';
comment on constraint tender_status_check on domain payments.tender_status is 'Unknown status of a tender.';

create domain payments.attempt_status as text constraint attempt_status_check check (value in (
  'created', 'processing', 'requires_action', 'succeeded', 'failed', 'abandoned'));
comment on domain payments.attempt_status is 'Where a try at a processor stands.
created: Noted here, not sent yet.
processing: Sent; no answer yet.
requires_action: The customer has to do something.
succeeded: Authorized or taken.
failed: Declined, or an error.
abandoned: Given up before it had an answer.';
comment on constraint attempt_status_check on domain payments.attempt_status is 'Unknown status of an attempt.';

create domain payments.sca_outcome as text constraint sca_outcome_check check (value in (
  'not_required', 'exempted', 'challenged', 'frictionless', 'failed'));
comment on domain payments.sca_outcome is 'What came of strong customer authentication.
not_required: The rules do not ask for it.
exempted: An exemption was claimed and granted.
challenged: The customer was asked and answered.
frictionless: The bank was content without asking the customer.
failed: The customer was asked and failed.';
comment on constraint sca_outcome_check on domain payments.sca_outcome is 'Unknown outcome of authentication.';

create domain payments.terminal_status as text constraint terminal_status_check check (value in (
  'active', 'maintenance', 'retired'));
comment on domain payments.terminal_status is 'Whether a terminal is in use.
active: In use.
maintenance: Out of use for now.
retired: Out of use for good.';
comment on constraint terminal_status_check on domain payments.terminal_status is 'Unknown status of a terminal.';

create domain payments.link_status as text constraint link_status_check check (value in (
  'active', 'completed', 'expired', 'canceled'));
comment on domain payments.link_status is 'Whether a payment link can be paid.
active: It can.
completed: It was paid as often as it may be.
expired: It was not paid in time.
canceled: It was withdrawn.';
comment on constraint link_status_check on domain payments.link_status is 'Unknown status of a payment link.';

-- processor_currencies -----------------------------------------------------------------------------------------------

create table payments.processor_currencies (
  processor payments.processor not null,
  currency char(3) not null,
  wire_exponent smallint not null,
  increment_minor bigint not null default 1,
  min_minor bigint not null default 1,
  max_minor bigint,
  constraint processor_currencies_pkey primary key (processor, currency),
  constraint processor_currencies_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint processor_currencies_wire_exponent_check check (wire_exponent between 0 and 4),
  constraint processor_currencies_limits_check check (increment_minor > 0 and min_minor > 0 and max_minor >= min_minor)
);
comment on table payments.processor_currencies is 'How a processor writes amounts of a currency, which is not always how we do: it may want ISK with two decimals, or three-decimal amounts in steps of 10.';
comment on column payments.processor_currencies.processor is 'The processor.';
comment on column payments.processor_currencies.currency is 'The currency.';
comment on column payments.processor_currencies.wire_exponent is 'Decimal places in the processor''s messages; our own are those of the currency.';
comment on column payments.processor_currencies.increment_minor is 'Smallest step of an amount, in our minor units.';
comment on column payments.processor_currencies.min_minor is 'Smallest amount it takes.';
comment on column payments.processor_currencies.max_minor is 'Largest amount it takes.';
comment on constraint processor_currencies_wire_exponent_check on payments.processor_currencies is 'An amount has 0 to 4 decimal places.';
comment on constraint processor_currencies_limits_check on payments.processor_currencies is 'The step and the smallest amount are more than zero, and the largest is not below the smallest.';

call core.install_table('payments.processor_currencies', 'G', null);

-- processor_accounts -------------------------------------------------------------------------------------------------

create table payments.processor_accounts (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  processor payments.processor not null,
  external_account_id text not null,
  location_id uuid,
  country char(2) not null,
  mode payments.processor_mode not null default 'live',
  default_currency char(3),
  credentials_ref text,
  capabilities jsonb not null default '{}',
  statement_descriptor text,
  ledger_account_id uuid,
  status payments.processor_account_status not null default 'pending',
  constraint processor_accounts_pkey primary key (biz_id, id),
  constraint processor_accounts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint processor_accounts_country_fkey foreign key (country)
    references core.countries (code),
  constraint processor_accounts_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint processor_accounts_processor_external_account_id_mode_key unique (biz_id, processor, external_account_id, mode),
  constraint processor_accounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint processor_accounts_external_account_id_check check (btrim(external_account_id) <> '' and length(external_account_id) <= 200),
  constraint processor_accounts_credentials_ref_check check (btrim(credentials_ref) <> '' and length(credentials_ref) <= 200),
  constraint processor_accounts_statement_descriptor_check check (btrim(statement_descriptor) <> '' and length(statement_descriptor) <= 40),
  constraint processor_accounts_capabilities_check check (jsonb_typeof(capabilities) = 'object')
);
comment on table payments.processor_accounts is 'An account of the business at a processor, or its cash desk or bank account. Its secrets are kept by the key service, never here.';
comment on column payments.processor_accounts.name is 'What staff call it.';
comment on column payments.processor_accounts.processor is 'The processor.';
comment on column payments.processor_accounts.external_account_id is 'Its id at the processor; of cash desks and bank accounts one of our own.';
comment on column payments.processor_accounts.location_id is 'The location it is for; none if it is for all.';
comment on column payments.processor_accounts.country is 'Country it is held in.';
comment on column payments.processor_accounts.mode is 'Whether real money moves.';
comment on column payments.processor_accounts.default_currency is 'Currency it settles in; none where it settles in several.';
comment on column payments.processor_accounts.credentials_ref is 'Name of its secrets in the key service; not the secrets.';
comment on column payments.processor_accounts.capabilities is 'What the processor lets it do, as it says, by name.';
comment on column payments.processor_accounts.statement_descriptor is 'What customers read on their card statements.';
comment on column payments.processor_accounts.ledger_account_id is 'The clearing account in the books that holds what the processor has of ours.';
comment on column payments.processor_accounts.status is 'Where it stands.';
comment on constraint processor_accounts_name_check on payments.processor_accounts is 'The name is not blank, and has at most 200 characters.';
comment on constraint processor_accounts_external_account_id_check on payments.processor_accounts is 'The external account id is not blank, and has at most 200 characters.';
comment on constraint processor_accounts_credentials_ref_check on payments.processor_accounts is 'The credentials ref is not blank, and has at most 200 characters.';
comment on constraint processor_accounts_statement_descriptor_check on payments.processor_accounts is 'The statement descriptor is not blank, and has at most 40 characters.';
comment on constraint processor_accounts_capabilities_check on payments.processor_accounts is 'Capabilities are an object of values by name.';
comment on constraint processor_accounts_processor_external_account_id_mode_key on payments.processor_accounts is 'This account of the processor is here already.';

call core.install_table('payments.processor_accounts', 'M', 'pypa', registrable => true);
call core.configure_graph('payments.processor_accounts', plain_writes => false);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('processor_account', 'pending', 'active', false),
  ('processor_account', 'pending', 'restricted', false),
  ('processor_account', 'pending', 'disabled', false),
  ('processor_account', 'active', 'restricted', false),
  ('processor_account', 'active', 'disabled', true),
  ('processor_account', 'restricted', 'active', false),
  ('processor_account', 'restricted', 'disabled', true),
  ('processor_account', 'disabled', 'active', false);
call core.install_state_machine('payments.processor_accounts', 'status', 'processor_account');

alter table payments.processor_accounts add constraint processor_accounts_default_currency_fkey
  foreign key (default_currency) references core.currencies (code);
comment on constraint processor_accounts_default_currency_fkey on payments.processor_accounts is 'Must be an existing currency.';

-- processor_customers ------------------------------------------------------------------------------------------------

create table payments.processor_customers (
  biz_id uuid not null,
  id uuid not null,
  processor_account_id uuid not null,
  customer_id uuid not null,
  external_id text not null,
  constraint processor_customers_pkey primary key (biz_id, id),
  constraint processor_customers_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint processor_customers_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint processor_customers_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200)
);
comment on table payments.processor_customers is 'A customer as a processor knows them.';
comment on column payments.processor_customers.processor_account_id is 'The account at the processor.';
comment on column payments.processor_customers.customer_id is 'The customer.';
comment on column payments.processor_customers.external_id is 'Their id at the processor.';
comment on constraint processor_customers_external_id_check on payments.processor_customers is 'The external id is not blank, and has at most 200 characters.';

call core.install_table('payments.processor_customers', 'M', 'pypc');
create unique index processor_customers_external_id_key on payments.processor_customers (biz_id, processor_account_id, external_id)
  where deleted_at is null;
comment on index payments.processor_customers_external_id_key is 'The processor''s customer is linked already.';
create unique index processor_customers_customer_id_key on payments.processor_customers (biz_id, processor_account_id, customer_id)
  where deleted_at is null;
comment on index payments.processor_customers_customer_id_key is 'The customer is known to this processor already.';
call core.configure_graph('payments.processor_customers', plain_writes => false);

-- payment_methods ----------------------------------------------------------------------------------------------------

create table payments.payment_methods (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind payments.method_kind not null,
  processor_account_id uuid,
  external_id text,
  label text,
  brand text,
  last4 text,
  exp_month smallint,
  exp_year smallint,
  country char(2),
  fingerprint_hash bytea,
  instrument_type text,
  instrument_id uuid,
  is_default boolean not null default false,
  mandate_ref text,
  mandate_accepted_at timestamptz,
  status payments.method_status not null default 'active',
  constraint payment_methods_pkey primary key (biz_id, id),
  constraint payment_methods_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint payment_methods_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint payment_methods_country_fkey foreign key (country)
    references core.countries (code),
  constraint payment_methods_instrument_fkey foreign key (biz_id, instrument_type, instrument_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint payment_methods_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint payment_methods_label_check check (btrim(label) <> '' and length(label) <= 100),
  constraint payment_methods_brand_check check (btrim(brand) <> '' and length(brand) <= 40),
  constraint payment_methods_instrument_check check (num_nonnulls(instrument_type, instrument_id) <> 1),
  constraint payment_methods_mandate_ref_check check (btrim(mandate_ref) <> '' and length(mandate_ref) <= 200),
  constraint payment_methods_external_check check (num_nonnulls(processor_account_id, external_id) <> 1),
  constraint payment_methods_processor_check check (kind not in ('card', 'bank_debit') or external_id is not null),
  constraint payment_methods_last4_check check (last4 ~ '^[0-9]{4}$'),
  constraint payment_methods_no_pan_check check (regexp_replace(coalesce(label, '') || coalesce(brand, ''), '[ -]', '', 'g') !~ '[0-9]{8}'),
  constraint payment_methods_exp_check check (num_nonnulls(exp_month, exp_year) <> 1 and exp_month between 1 and 12 and exp_year between 2000 and 2100),
  constraint payment_methods_default_check check (not is_default or status = 'active')
);
comment on table payments.payment_methods is 'A way to pay that a customer left with us or with a processor. A card number is never stored: the processor keeps it and gives an id.';
comment on column payments.payment_methods.customer_id is 'Whose it is.';
comment on column payments.payment_methods.kind is 'What it is.';
comment on column payments.payment_methods.processor_account_id is 'The account at the processor that keeps it; none for wallets, gift cards and the like.';
comment on column payments.payment_methods.external_id is 'Its id at the processor.';
comment on column payments.payment_methods.label is 'What the customer calls it; never a number.';
comment on column payments.payment_methods.brand is 'Brand of the card or bank, such as visa.';
comment on column payments.payment_methods.last4 is 'Last four digits, to tell one from another.';
comment on column payments.payment_methods.exp_month is 'Month after whose end the card is no longer good.';
comment on column payments.payment_methods.exp_year is 'Year of that month, in four digits.';
comment on column payments.payment_methods.country is 'Country of the bank.';
comment on column payments.payment_methods.fingerprint_hash is 'Hash by which the same card is known again.';
comment on column payments.payment_methods.instrument_type is 'What kind of thing the instrument is, such as Wallet.';
comment on column payments.payment_methods.instrument_id is 'The wallet, gift card or billing account it stands for.';
comment on column payments.payment_methods.is_default is 'Whether it is the one that is used if the customer does not choose.';
comment on column payments.payment_methods.mandate_ref is 'Reference of the mandate for debits and for payments without the customer.';
comment on column payments.payment_methods.mandate_accepted_at is 'When the customer gave that mandate.';
comment on column payments.payment_methods.status is 'Whether it can be used.';
comment on constraint payment_methods_external_id_check on payments.payment_methods is 'The external id is not blank, and has at most 200 characters.';
comment on constraint payment_methods_label_check on payments.payment_methods is 'The label is not blank, and has at most 100 characters.';
comment on constraint payment_methods_brand_check on payments.payment_methods is 'The brand is not blank, and has at most 40 characters.';
comment on constraint payment_methods_instrument_fkey on payments.payment_methods is 'Must be an existing thing of this tenant.';
comment on constraint payment_methods_instrument_check on payments.payment_methods is 'The instrument has both a type and an id, or neither.';
comment on constraint payment_methods_mandate_ref_check on payments.payment_methods is 'The mandate ref is not blank, and has at most 200 characters.';
comment on constraint payment_methods_external_check on payments.payment_methods is 'The id at a processor comes with the account at that processor.';
comment on constraint payment_methods_processor_check on payments.payment_methods is 'Cards and bank debits are kept by a processor.';
comment on constraint payment_methods_last4_check on payments.payment_methods is 'Only the last four digits are kept.';
comment on constraint payment_methods_no_pan_check on payments.payment_methods is 'A card or account number is never stored.';
comment on constraint payment_methods_exp_check on payments.payment_methods is 'The expiry is a month from 1 to 12 with a year.';
comment on constraint payment_methods_default_check on payments.payment_methods is 'Only a way to pay that can be used is the default.';

call core.install_table('payments.payment_methods', 'M', 'pypm', registrable => true);
create unique index payment_methods_default_key on payments.payment_methods (biz_id, customer_id)
  where is_default and deleted_at is null;
comment on index payments.payment_methods_default_key is 'The customer already has a default way to pay.';
create unique index payment_methods_external_id_key on payments.payment_methods (biz_id, processor_account_id, external_id)
  where deleted_at is null;
comment on index payments.payment_methods_external_id_key is 'This way to pay is here already.';
create unique index payment_methods_fingerprint_key on payments.payment_methods (biz_id, customer_id, fingerprint_hash)
  where status = 'active' and deleted_at is null;
comment on index payments.payment_methods_fingerprint_key is 'The customer already left this card.';
call core.configure_graph('payments.payment_methods', plain_writes => false);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_method', 'active', 'expired', false),
  ('payment_method', 'active', 'revoked', false),
  ('payment_method', 'expired', 'active', false),
  ('payment_method', 'expired', 'revoked', false);
call core.install_state_machine('payments.payment_methods', 'status', 'payment_method');

-- setup_intents ------------------------------------------------------------------------------------------------------

create table payments.setup_intents (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  processor_account_id uuid not null,
  external_id text,
  usage payments.setup_usage not null default 'off_session',
  payment_method_id uuid,
  status payments.setup_status not null default 'requires_payment_method',
  last_error text,
  constraint setup_intents_pkey primary key (biz_id, id),
  constraint setup_intents_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint setup_intents_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint setup_intents_payment_method_id_fkey foreign key (biz_id, payment_method_id)
    references payments.payment_methods (biz_id, id),
  constraint setup_intents_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint setup_intents_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint setup_intents_last_error_check check (length(last_error) <= 2000),
  constraint setup_intents_succeeded_check check (status <> 'succeeded' or payment_method_id is not null)
);
comment on table payments.setup_intents is 'The set-up of a way to pay for later.';
comment on column payments.setup_intents.customer_id is 'The customer.';
comment on column payments.setup_intents.processor_account_id is 'The account at the processor.';
comment on column payments.setup_intents.external_id is 'Its id at the processor; none until it was sent.';
comment on column payments.setup_intents.usage is 'What it is for.';
comment on column payments.setup_intents.payment_method_id is 'What came of it.';
comment on column payments.setup_intents.status is 'Where it stands.';
comment on column payments.setup_intents.last_error is 'What the processor said when it last failed.';
comment on constraint setup_intents_external_id_check on payments.setup_intents is 'The external id is not blank, and has at most 200 characters.';
comment on constraint setup_intents_last_error_check on payments.setup_intents is 'The last error has at most 2,000 characters.';
comment on constraint setup_intents_processor_account_id_external_id_key on payments.setup_intents is 'This set-up of the processor is here already.';
comment on constraint setup_intents_succeeded_check on payments.setup_intents is 'A set-up that succeeded left a way to pay.';

call core.install_table('payments.setup_intents', 'T', 'pysi', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('setup_intent', 'requires_payment_method', 'requires_confirmation', false),
  ('setup_intent', 'requires_payment_method', 'requires_action', false),
  ('setup_intent', 'requires_payment_method', 'processing', false),
  ('setup_intent', 'requires_payment_method', 'succeeded', false),
  ('setup_intent', 'requires_payment_method', 'canceled', false),
  ('setup_intent', 'requires_confirmation', 'requires_action', false),
  ('setup_intent', 'requires_confirmation', 'processing', false),
  ('setup_intent', 'requires_confirmation', 'succeeded', false),
  ('setup_intent', 'requires_confirmation', 'requires_payment_method', false),
  ('setup_intent', 'requires_confirmation', 'canceled', false),
  ('setup_intent', 'requires_action', 'processing', false),
  ('setup_intent', 'requires_action', 'succeeded', false),
  ('setup_intent', 'requires_action', 'requires_payment_method', false),
  ('setup_intent', 'requires_action', 'canceled', false),
  ('setup_intent', 'processing', 'requires_action', false),
  ('setup_intent', 'processing', 'succeeded', false),
  ('setup_intent', 'processing', 'requires_payment_method', false),
  ('setup_intent', 'processing', 'canceled', false);
call core.install_state_machine('payments.setup_intents', 'status', 'setup_intent');

-- terminals ----------------------------------------------------------------------------------------------------------

create table payments.terminals (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  processor_account_id uuid not null,
  serial text not null,
  external_id text,
  label text not null,
  status payments.terminal_status not null default 'active',
  last_seen_at timestamptz,
  constraint terminals_pkey primary key (biz_id, id),
  constraint terminals_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint terminals_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint terminals_serial_check check (btrim(serial) <> '' and length(serial) <= 100),
  constraint terminals_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint terminals_label_check check (btrim(label) <> '' and length(label) <= 100)
);
comment on table payments.terminals is 'A card terminal at a location.';
comment on column payments.terminals.location_id is 'Where it stands.';
comment on column payments.terminals.processor_account_id is 'The account it pays into.';
comment on column payments.terminals.serial is 'Serial number.';
comment on column payments.terminals.external_id is 'Its id at the processor.';
comment on column payments.terminals.label is 'What staff call it.';
comment on column payments.terminals.status is 'Whether it is in use.';
comment on column payments.terminals.last_seen_at is 'When it was last heard of; long ago means it is off.';
comment on constraint terminals_serial_check on payments.terminals is 'The serial is not blank, and has at most 100 characters.';
comment on constraint terminals_external_id_check on payments.terminals is 'The external id is not blank, and has at most 200 characters.';
comment on constraint terminals_label_check on payments.terminals is 'The label is not blank, and has at most 100 characters.';

create index terminals_location_id_status_idx on payments.terminals (biz_id, location_id, status, id);

call core.install_table('payments.terminals', 'M', 'pytm', 'PaymentTerminal', registrable => true);
create unique index terminals_serial_key on payments.terminals (biz_id, processor_account_id, serial)
  where deleted_at is null;
comment on index payments.terminals_serial_key is 'There is already a terminal with this serial number.';
call core.configure_graph('payments.terminals', plain_moves => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_terminal', 'active', 'maintenance', false),
  ('payment_terminal', 'active', 'retired', true),
  ('payment_terminal', 'maintenance', 'active', false),
  ('payment_terminal', 'maintenance', 'retired', true);
call core.install_state_machine('payments.terminals', 'status', 'payment_terminal');

-- payment_intents ----------------------------------------------------------------------------------------------------

create table payments.payment_intents (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  source_type text,
  source_id uuid,
  customer_id uuid,
  location_id uuid,
  business_date date not null,
  currency char(3) not null,
  amount_minor bigint not null,
  capture_mode payments.capture_mode not null default 'automatic',
  authorized_minor bigint not null default 0,
  capturable_minor bigint not null default 0,
  captured_minor bigint not null default 0,
  overcapture_allowed_minor bigint not null default 0,
  refund_reserved_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  dispute_reserved_minor bigint not null default 0,
  refundable_minor bigint generated always as (greatest(captured_minor - refund_reserved_minor - dispute_reserved_minor, 0)) stored,
  is_overexposed boolean generated always as (refund_reserved_minor + dispute_reserved_minor > captured_minor) stored,
  status payments.intent_status not null default 'requires_payment_method',
  authorization_expires_at timestamptz,
  description text,
  statement_descriptor text,
  idempotency_key text,
  last_error text,
  provider_version bigint not null default 0,
  provider_occurred_at timestamptz,
  canceled_at timestamptz,
  cancel_reason text,
  constraint payment_intents_pkey primary key (biz_id, id),
  constraint payment_intents_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint payment_intents_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint payment_intents_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint payment_intents_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payment_intents_number_key unique (biz_id, number),
  constraint payment_intents_idempotency_key_key unique (biz_id, idempotency_key),
  constraint payment_intents_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint payment_intents_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint payment_intents_description_check check (length(description) <= 1000),
  constraint payment_intents_statement_descriptor_check check (btrim(statement_descriptor) <> '' and length(statement_descriptor) <= 40),
  constraint payment_intents_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint payment_intents_last_error_check check (length(last_error) <= 2000),
  constraint payment_intents_cancel_reason_check check (length(cancel_reason) <= 2000),
  constraint payment_intents_amount_check check (amount_minor > 0),
  constraint payment_intents_captured_check check (captured_minor between 0 and authorized_minor + overcapture_allowed_minor),
  constraint payment_intents_capturable_check check (capturable_minor >= 0 and authorized_minor >= 0 and overcapture_allowed_minor >= 0 and (capturable_minor = 0 or capturable_minor + captured_minor <= authorized_minor + overcapture_allowed_minor)),
  constraint payment_intents_refunded_check check (0 <= refunded_minor and refunded_minor <= refund_reserved_minor and refund_reserved_minor <= captured_minor),
  constraint payment_intents_dispute_reserved_check check (dispute_reserved_minor >= 0),
  constraint payment_intents_canceled_check check (status <> 'canceled' or (captured_minor = 0 and capturable_minor = 0)),
  constraint payment_intents_succeeded_check check (status <> 'succeeded' or (captured_minor > 0 and capturable_minor = 0)),
  constraint payment_intents_requires_capture_check check (status <> 'requires_capture' or capturable_minor > 0),
  constraint payment_intents_partially_captured_check check (status <> 'partially_captured' or (capture_mode = 'manual_multiple' and captured_minor > 0))
);
comment on table payments.payment_intents is 'A payment: what is to be paid for what, and how far it has come. It may be split over several tenders.';
comment on column payments.payment_intents.number is 'Number that people use, such as PAY-000123.';
comment on column payments.payment_intents.source_type is 'What kind of thing the source is, such as BookingOrder.';
comment on column payments.payment_intents.source_id is 'What is paid for, such as a booking, invoice, folio or sale.';
comment on column payments.payment_intents.customer_id is 'Who pays, if known.';
comment on column payments.payment_intents.location_id is 'Where it is taken; none if it is for the business as a whole.';
comment on column payments.payment_intents.business_date is 'The day of business on which it was begun, by the location''s cut-off. Never changed.';
comment on column payments.payment_intents.currency is 'Currency of all its amounts. Never changed.';
comment on column payments.payment_intents.amount_minor is 'What is to be paid.';
comment on column payments.payment_intents.capture_mode is 'When authorized money is taken.';
comment on column payments.payment_intents.authorized_minor is 'How much was authorized.';
comment on column payments.payment_intents.capturable_minor is 'How much of that can still be taken.';
comment on column payments.payment_intents.captured_minor is 'How much was taken: the sum of its captures that succeeded.';
comment on column payments.payment_intents.overcapture_allowed_minor is 'How much more than authorized the processor lets us take, such as for tips.';
comment on column payments.payment_intents.refund_reserved_minor is 'How much refunds take that did not fail: those asked for, on their way, and done.';
comment on column payments.payment_intents.refunded_minor is 'How much was refunded: the sum of its refunds that succeeded.';
comment on column payments.payment_intents.dispute_reserved_minor is 'How much open and lost disputes take.';
comment on column payments.payment_intents.refundable_minor is 'How much can still be refunded.';
comment on column payments.payment_intents.is_overexposed is 'Whether refunds and disputes together take more than was taken, as when a chargeback comes after a full refund.';
comment on column payments.payment_intents.status is 'Where it stands.';
comment on column payments.payment_intents.authorization_expires_at is 'When the authorization runs out.';
comment on column payments.payment_intents.description is 'What the customer reads about it.';
comment on column payments.payment_intents.statement_descriptor is 'What the customer reads on the card statement.';
comment on column payments.payment_intents.idempotency_key is 'Key of the request that made it, so that a repeated one makes no second payment.';
comment on column payments.payment_intents.last_error is 'What the processor said when it last failed.';
comment on column payments.payment_intents.provider_version is 'Version of the payment at the processor that was applied last; older messages are ignored.';
comment on column payments.payment_intents.provider_occurred_at is 'When that version came about, by the processor''s clock.';
comment on column payments.payment_intents.canceled_at is 'When it was given up.';
comment on column payments.payment_intents.cancel_reason is 'Why it was given up.';
comment on constraint payment_intents_number_check on payments.payment_intents is 'The number is not blank, and has at most 60 characters.';
comment on constraint payment_intents_source_fkey on payments.payment_intents is 'Must be an existing thing of this tenant.';
comment on constraint payment_intents_source_check on payments.payment_intents is 'The source has both a type and an id, or neither.';
comment on constraint payment_intents_description_check on payments.payment_intents is 'The description has at most 1,000 characters.';
comment on constraint payment_intents_statement_descriptor_check on payments.payment_intents is 'The statement descriptor is not blank, and has at most 40 characters.';
comment on constraint payment_intents_idempotency_key_check on payments.payment_intents is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint payment_intents_last_error_check on payments.payment_intents is 'The last error has at most 2,000 characters.';
comment on constraint payment_intents_cancel_reason_check on payments.payment_intents is 'The cancel reason has at most 2,000 characters.';
comment on constraint payment_intents_number_key on payments.payment_intents is 'There is already a payment with this number.';
comment on constraint payment_intents_idempotency_key_key on payments.payment_intents is 'A payment was made for this key already.';
comment on constraint payment_intents_amount_check on payments.payment_intents is 'A payment is of more than zero.';
comment on constraint payment_intents_captured_check on payments.payment_intents is 'No more is taken than was authorized.';
comment on constraint payment_intents_capturable_check on payments.payment_intents is 'No more can be taken than was authorized and is not taken yet.';
comment on constraint payment_intents_refunded_check on payments.payment_intents is 'No more is refunded than was taken.';
comment on constraint payment_intents_dispute_reserved_check on payments.payment_intents is 'What disputes take cannot be negative.';
comment on constraint payment_intents_canceled_check on payments.payment_intents is 'A payment of which a part was taken cannot be canceled, and a canceled one leaves nothing to take.';
comment on constraint payment_intents_succeeded_check on payments.payment_intents is 'A payment succeeded when money was taken and nothing is left to take.';
comment on constraint payment_intents_requires_capture_check on payments.payment_intents is 'A payment that waits to be taken has something to take.';
comment on constraint payment_intents_partially_captured_check on payments.payment_intents is 'Only a payment that is taken in several goes can be partly taken.';

create index payment_intents_location_id_created_at_idx on payments.payment_intents (biz_id, location_id, id);
create index payment_intents_status_business_date_idx on payments.payment_intents (biz_id, status, business_date, id);
create index payment_intents_business_date_idx on payments.payment_intents (biz_id, business_date, id);
create index payment_intents_customer_id_created_idx on payments.payment_intents (biz_id, customer_id, id);
create index payment_intents_authorization_expires_at_idx on payments.payment_intents (biz_id, authorization_expires_at)
  where status in ('requires_capture', 'partially_captured');
create index payment_intents_overexposed_idx on payments.payment_intents (biz_id, id)
  where is_overexposed;

create trigger payment_intents_terms_immutable
  before update on payments.payment_intents
  for each row when (
    old.number is distinct from new.number
    or old.currency is distinct from new.currency
    or old.business_date is distinct from new.business_date
    or old.source_type is distinct from new.source_type
    or old.source_id is distinct from new.source_id)
  execute function availability.refuse_update('payment_intents_terms_immutable_check', 'The number, currency, business date and source of a payment are never changed.');

call core.install_table('payments.payment_intents', 'T', 'pyin', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_intent', 'requires_payment_method', 'requires_confirmation', false),
  ('payment_intent', 'requires_payment_method', 'requires_action', false),
  ('payment_intent', 'requires_payment_method', 'processing', false),
  ('payment_intent', 'requires_payment_method', 'succeeded', false),
  ('payment_intent', 'requires_payment_method', 'canceled', false),
  ('payment_intent', 'requires_confirmation', 'requires_action', false),
  ('payment_intent', 'requires_confirmation', 'processing', false),
  ('payment_intent', 'requires_confirmation', 'succeeded', false),
  ('payment_intent', 'requires_confirmation', 'requires_capture', false),
  ('payment_intent', 'requires_confirmation', 'requires_payment_method', false),
  ('payment_intent', 'requires_confirmation', 'canceled', false),
  ('payment_intent', 'requires_action', 'processing', false),
  ('payment_intent', 'requires_action', 'succeeded', false),
  ('payment_intent', 'requires_action', 'requires_capture', false),
  ('payment_intent', 'requires_action', 'requires_payment_method', false),
  ('payment_intent', 'requires_action', 'canceled', false),
  ('payment_intent', 'processing', 'requires_action', false),
  ('payment_intent', 'processing', 'succeeded', false),
  ('payment_intent', 'processing', 'requires_capture', false),
  ('payment_intent', 'processing', 'requires_payment_method', false),
  ('payment_intent', 'processing', 'canceled', false),
  ('payment_intent', 'requires_capture', 'partially_captured', false),
  ('payment_intent', 'requires_capture', 'succeeded', false),
  ('payment_intent', 'requires_capture', 'canceled', false),
  ('payment_intent', 'partially_captured', 'succeeded', false);
call core.install_state_machine('payments.payment_intents', 'status', 'payment_intent');

create trigger payment_intents_refundable
  before update on payments.payment_intents
  for each row when (
    new.refund_reserved_minor > old.refund_reserved_minor
    and new.captured_minor - new.refund_reserved_minor - new.dispute_reserved_minor < 0)
  execute function availability.refuse_update('payment_intents_refundable_check',
    'No more can be refunded than was taken, less what was refunded and what is disputed.');
create trigger payment_intents_provider_version_forward
  before update on payments.payment_intents
  for each row when (new.provider_version < old.provider_version)
  execute function availability.refuse_update('payment_intents_provider_version_forward_check',
    'A newer message of the processor was applied already.');
create trigger payment_intents_captured_forward
  before update on payments.payment_intents
  for each row when (new.captured_minor < old.captured_minor)
  execute function availability.refuse_update('payment_intents_captured_forward_check',
    'What was taken is given back by a refund.');

-- payment_intent_tenders ---------------------------------------------------------------------------------------------

create table payments.payment_intent_tenders (
  biz_id uuid not null,
  id uuid not null,
  intent_id uuid not null,
  seq integer not null,
  kind payments.method_kind not null,
  payment_method_id uuid,
  terminal_id uuid,
  payer_customer_id uuid,
  amount_minor bigint not null,
  tip_minor bigint not null default 0,
  currency char(3) not null,
  status payments.tender_status not null default 'pending',
  constraint payment_intent_tenders_pkey primary key (biz_id, id),
  constraint payment_intent_tenders_intent_id_fkey foreign key (biz_id, intent_id)
    references payments.payment_intents (biz_id, id),
  constraint payment_intent_tenders_payment_method_id_fkey foreign key (biz_id, payment_method_id)
    references payments.payment_methods (biz_id, id),
  constraint payment_intent_tenders_terminal_id_fkey foreign key (biz_id, terminal_id)
    references payments.terminals (biz_id, id),
  constraint payment_intent_tenders_payer_customer_id_fkey foreign key (biz_id, payer_customer_id)
    references crm.customers (biz_id, id),
  constraint payment_intent_tenders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payment_intent_tenders_intent_id_seq_key unique (biz_id, intent_id, seq),
  constraint payment_intent_tenders_seq_check check (seq >= 1),
  constraint payment_intent_tenders_amounts_check check (amount_minor > 0 and tip_minor >= 0)
);
comment on table payments.payment_intent_tenders is 'One part of a payment, paid in one way. Those that are not canceled sum up to the payment.';
comment on column payments.payment_intent_tenders.intent_id is 'The payment.';
comment on column payments.payment_intent_tenders.seq is 'Its place in the payment, from 1.';
comment on column payments.payment_intent_tenders.kind is 'What it is paid with.';
comment on column payments.payment_intent_tenders.payment_method_id is 'The way to pay that was kept, if one is used.';
comment on column payments.payment_intent_tenders.terminal_id is 'The terminal it is taken at.';
comment on column payments.payment_intent_tenders.payer_customer_id is 'Who pays this part, where several do.';
comment on column payments.payment_intent_tenders.amount_minor is 'What this part pays, without tip.';
comment on column payments.payment_intent_tenders.tip_minor is 'Tip on top of it.';
comment on column payments.payment_intent_tenders.currency is 'Currency of its amounts, that of the payment.';
comment on column payments.payment_intent_tenders.status is 'Where it stands.';
comment on constraint payment_intent_tenders_intent_id_seq_key on payments.payment_intent_tenders is 'The payment already has a part of this number.';
comment on constraint payment_intent_tenders_seq_check on payments.payment_intent_tenders is 'Parts are numbered from 1.';
comment on constraint payment_intent_tenders_amounts_check on payments.payment_intent_tenders is 'A part pays more than zero, and a tip is not negative.';

create trigger payment_intent_tenders_intent_immutable
  before update on payments.payment_intent_tenders
  for each row when (
    old.intent_id is distinct from new.intent_id
    or old.seq is distinct from new.seq
    or old.kind is distinct from new.kind
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('payment_intent_tenders_intent_immutable_check', 'A part stays with its payment; cancel it and add another.');

call core.install_table('payments.payment_intent_tenders', 'T', 'pyte');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_tender', 'pending', 'processing', false),
  ('payment_tender', 'pending', 'authorized', false),
  ('payment_tender', 'pending', 'succeeded', false),
  ('payment_tender', 'pending', 'failed', false),
  ('payment_tender', 'pending', 'canceled', false),
  ('payment_tender', 'processing', 'authorized', false),
  ('payment_tender', 'processing', 'succeeded', false),
  ('payment_tender', 'processing', 'failed', false),
  ('payment_tender', 'processing', 'pending', false),
  ('payment_tender', 'processing', 'canceled', false),
  ('payment_tender', 'authorized', 'succeeded', false),
  ('payment_tender', 'authorized', 'failed', false),
  ('payment_tender', 'authorized', 'canceled', false),
  ('payment_tender', 'failed', 'pending', false),
  ('payment_tender', 'failed', 'processing', false),
  ('payment_tender', 'failed', 'canceled', false);
call core.install_state_machine('payments.payment_intent_tenders', 'status', 'payment_tender');

-- payment_attempts ---------------------------------------------------------------------------------------------------

create table payments.payment_attempts (
  biz_id uuid not null,
  id uuid not null,
  tender_id uuid not null,
  attempt_no integer not null,
  processor_account_id uuid not null,
  external_id text,
  status payments.attempt_status not null default 'created',
  error_code text,
  error_message text,
  sca payments.sca_outcome,
  risk_score smallint,
  next_action jsonb,
  sent_at timestamptz,
  finished_at timestamptz,
  constraint payment_attempts_pkey primary key (biz_id, id),
  constraint payment_attempts_tender_id_fkey foreign key (biz_id, tender_id)
    references payments.payment_intent_tenders (biz_id, id),
  constraint payment_attempts_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint payment_attempts_tender_id_attempt_no_key unique (biz_id, tender_id, attempt_no),
  constraint payment_attempts_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint payment_attempts_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint payment_attempts_error_code_check check (btrim(error_code) <> '' and length(error_code) <= 100),
  constraint payment_attempts_error_message_check check (length(error_message) <= 2000),
  constraint payment_attempts_attempt_no_check check (attempt_no >= 1),
  constraint payment_attempts_risk_score_check check (risk_score between 0 and 100),
  constraint payment_attempts_next_action_check check (jsonb_typeof(next_action) = 'object'),
  constraint payment_attempts_finished_check check ((status in ('succeeded', 'failed', 'abandoned')) = (finished_at is not null))
);
comment on table payments.payment_attempts is 'One try to take one part of a payment at a processor. Written before the processor is called, so that a crash leaves a trace.';
comment on column payments.payment_attempts.tender_id is 'The part.';
comment on column payments.payment_attempts.attempt_no is 'Which try it is, from 1.';
comment on column payments.payment_attempts.processor_account_id is 'The account at the processor.';
comment on column payments.payment_attempts.external_id is 'Its id at the processor; none until it answered.';
comment on column payments.payment_attempts.status is 'Where it stands.';
comment on column payments.payment_attempts.error_code is 'The processor''s code of what went wrong.';
comment on column payments.payment_attempts.error_message is 'The processor''s words for it.';
comment on column payments.payment_attempts.sca is 'What came of strong customer authentication.';
comment on column payments.payment_attempts.risk_score is 'The processor''s estimate of fraud, from 0 to 100.';
comment on column payments.payment_attempts.next_action is 'What the customer has to do, as the processor says.';
comment on column payments.payment_attempts.sent_at is 'When it was sent.';
comment on column payments.payment_attempts.finished_at is 'When it had its answer.';
comment on constraint payment_attempts_external_id_check on payments.payment_attempts is 'The external id is not blank, and has at most 200 characters.';
comment on constraint payment_attempts_error_code_check on payments.payment_attempts is 'The error code is not blank, and has at most 100 characters.';
comment on constraint payment_attempts_error_message_check on payments.payment_attempts is 'The error message has at most 2,000 characters.';
comment on constraint payment_attempts_tender_id_attempt_no_key on payments.payment_attempts is 'The part already has a try of this number.';
comment on constraint payment_attempts_processor_account_id_external_id_key on payments.payment_attempts is 'This try of the processor is here already.';
comment on constraint payment_attempts_attempt_no_check on payments.payment_attempts is 'Tries are numbered from 1.';
comment on constraint payment_attempts_risk_score_check on payments.payment_attempts is 'A risk score lies between 0 and 100.';
comment on constraint payment_attempts_next_action_check on payments.payment_attempts is 'The next action is a JSON object.';
comment on constraint payment_attempts_finished_check on payments.payment_attempts is 'A try that ended, and no other, says when.';

create unique index payment_attempts_in_flight_key on payments.payment_attempts (biz_id, tender_id)
  where status in ('created', 'processing', 'requires_action');
comment on index payments.payment_attempts_in_flight_key is 'A try at this part is still running.';
create index payment_attempts_in_flight_idx on payments.payment_attempts (biz_id, sent_at)
  where status in ('created', 'processing', 'requires_action');

create trigger payment_attempts_tender_immutable
  before update on payments.payment_attempts
  for each row when (
    old.tender_id is distinct from new.tender_id
    or old.attempt_no is distinct from new.attempt_no
    or old.processor_account_id is distinct from new.processor_account_id)
  execute function availability.refuse_update('payment_attempts_tender_immutable_check', 'A try stays with its part and account.');

call core.install_table('payments.payment_attempts', 'T', 'pyat');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_attempt', 'created', 'processing', false),
  ('payment_attempt', 'created', 'requires_action', false),
  ('payment_attempt', 'created', 'succeeded', false),
  ('payment_attempt', 'created', 'failed', false),
  ('payment_attempt', 'created', 'abandoned', false),
  ('payment_attempt', 'processing', 'requires_action', false),
  ('payment_attempt', 'processing', 'succeeded', false),
  ('payment_attempt', 'processing', 'failed', false),
  ('payment_attempt', 'processing', 'abandoned', false),
  ('payment_attempt', 'requires_action', 'processing', false),
  ('payment_attempt', 'requires_action', 'succeeded', false),
  ('payment_attempt', 'requires_action', 'failed', false),
  ('payment_attempt', 'requires_action', 'abandoned', false);
call core.install_state_machine('payments.payment_attempts', 'status', 'payment_attempt');

-- checkout_sessions --------------------------------------------------------------------------------------------------

create table payments.checkout_sessions (
  biz_id uuid not null,
  id uuid not null,
  source_type text not null,
  source_id uuid not null,
  intent_id uuid,
  processor_account_id uuid not null,
  external_id text,
  url text,
  amount_minor bigint not null,
  currency char(3) not null,
  expires_at timestamptz not null,
  status payments.checkout_status not null default 'open',
  constraint checkout_sessions_pkey primary key (biz_id, id),
  constraint checkout_sessions_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint checkout_sessions_intent_id_fkey foreign key (biz_id, intent_id)
    references payments.payment_intents (biz_id, id),
  constraint checkout_sessions_processor_account_id_fkey foreign key (biz_id, processor_account_id)
    references payments.processor_accounts (biz_id, id),
  constraint checkout_sessions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint checkout_sessions_processor_account_id_external_id_key unique (biz_id, processor_account_id, external_id),
  constraint checkout_sessions_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint checkout_sessions_url_check check (url ~ '^https://' and length(url) <= 4000),
  constraint checkout_sessions_amount_check check (amount_minor > 0),
  constraint checkout_sessions_complete_check check (status <> 'complete' or intent_id is not null)
);
comment on table payments.checkout_sessions is 'A page of the processor on which a customer pays.';
comment on column payments.checkout_sessions.source_type is 'What kind of thing the source is, such as BookingOrder.';
comment on column payments.checkout_sessions.source_id is 'What is paid for there.';
comment on column payments.checkout_sessions.intent_id is 'The payment it leads to.';
comment on column payments.checkout_sessions.processor_account_id is 'The account at the processor.';
comment on column payments.checkout_sessions.external_id is 'Its id at the processor; none until it was made there.';
comment on column payments.checkout_sessions.url is 'Address of the page.';
comment on column payments.checkout_sessions.amount_minor is 'What is to be paid.';
comment on column payments.checkout_sessions.currency is 'Currency of the amount.';
comment on column payments.checkout_sessions.expires_at is 'When the page closes.';
comment on column payments.checkout_sessions.status is 'Where it stands.';
comment on constraint checkout_sessions_source_fkey on payments.checkout_sessions is 'Must be an existing thing of this tenant.';
comment on constraint checkout_sessions_external_id_check on payments.checkout_sessions is 'The external id is not blank, and has at most 200 characters.';
comment on constraint checkout_sessions_processor_account_id_external_id_key on payments.checkout_sessions is 'This checkout of the processor is here already.';
comment on constraint checkout_sessions_url_check on payments.checkout_sessions is 'An address begins with https://.';
comment on constraint checkout_sessions_amount_check on payments.checkout_sessions is 'A payment is of more than zero.';
comment on constraint checkout_sessions_complete_check on payments.checkout_sessions is 'A checkout that was paid has its payment.';

create index checkout_sessions_expires_at_idx on payments.checkout_sessions (biz_id, expires_at)
  where status = 'open';

call core.install_table('payments.checkout_sessions', 'T', 'pycs', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('checkout_session', 'open', 'complete', false),
  ('checkout_session', 'open', 'expired', false),
  ('checkout_session', 'expired', 'complete', false);
call core.install_state_machine('payments.checkout_sessions', 'status', 'checkout_session');

-- payment_links ------------------------------------------------------------------------------------------------------

create table payments.payment_links (
  biz_id uuid not null,
  id uuid not null,
  source_type text not null,
  source_id uuid not null,
  customer_id uuid,
  location_id uuid,
  description text,
  amount_minor bigint not null,
  currency char(3) not null,
  token_hash bytea not null,
  expires_at timestamptz,
  max_uses integer not null default 1,
  uses integer not null default 0,
  status payments.link_status not null default 'active',
  constraint payment_links_pkey primary key (biz_id, id),
  constraint payment_links_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint payment_links_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint payment_links_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint payment_links_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint payment_links_token_hash_key unique (biz_id, token_hash),
  constraint payment_links_description_check check (length(description) <= 1000),
  constraint payment_links_amount_check check (amount_minor > 0),
  constraint payment_links_uses_check check (max_uses >= 1 and uses between 0 and max_uses),
  constraint payment_links_completed_check check (status <> 'completed' or uses = max_uses)
);
comment on table payments.payment_links is 'A link by which somebody pays, such as in a message or a QR code.';
comment on column payments.payment_links.source_type is 'What kind of thing the source is, such as Invoice.';
comment on column payments.payment_links.source_id is 'What is paid for by it.';
comment on column payments.payment_links.customer_id is 'Who it was made for.';
comment on column payments.payment_links.location_id is 'The location that asks for the money.';
comment on column payments.payment_links.description is 'What the customer reads on the page.';
comment on column payments.payment_links.amount_minor is 'What is to be paid each time.';
comment on column payments.payment_links.currency is 'Currency of the amount.';
comment on column payments.payment_links.token_hash is 'Hash of the secret in the link; the secret is shown once.';
comment on column payments.payment_links.expires_at is 'When it can no longer be paid.';
comment on column payments.payment_links.max_uses is 'How often it can be paid.';
comment on column payments.payment_links.uses is 'How often it was paid.';
comment on column payments.payment_links.status is 'Whether it can be paid.';
comment on constraint payment_links_source_fkey on payments.payment_links is 'Must be an existing thing of this tenant.';
comment on constraint payment_links_description_check on payments.payment_links is 'The description has at most 1,000 characters.';
comment on constraint payment_links_token_hash_key on payments.payment_links is 'There is already such a link.';
comment on constraint payment_links_amount_check on payments.payment_links is 'A payment is of more than zero.';
comment on constraint payment_links_uses_check on payments.payment_links is 'A link is paid no more often than it may be.';
comment on constraint payment_links_completed_check on payments.payment_links is 'A link is completed when it was paid as often as it may be.';

create index payment_links_expires_at_idx on payments.payment_links (biz_id, expires_at)
  where status = 'active';

create trigger payment_links_terms_immutable
  before update on payments.payment_links
  for each row when (
    old.token_hash is distinct from new.token_hash
    or old.amount_minor is distinct from new.amount_minor
    or old.currency is distinct from new.currency
    or old.source_type is distinct from new.source_type
    or old.source_id is distinct from new.source_id)
  execute function availability.refuse_update('payment_links_terms_immutable_check', 'What a link asks for is never changed: cancel it and make another.');

call core.install_table('payments.payment_links', 'T', 'pyln', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_link', 'active', 'completed', false),
  ('payment_link', 'active', 'expired', false),
  ('payment_link', 'active', 'canceled', true);
call core.install_state_machine('payments.payment_links', 'status', 'payment_link');
