-- Billing: what customers owe. Here: accounts of companies and regular customers, and folios with their lines. Invoices and
-- credit notes stand in 18_billing_invoices.sql, what is received and how it is collected in 18_billing_receivables.sql.
--
-- Balances of folios and exposures of accounts are moved by triggers alone, with the row that changes them.
--
-- Lock order: period (advisory), receipts, credit notes, invoices, folios, refunds, accounts, each by id.

create schema billing;
comment on schema billing is 'Receivables: folios, billing accounts, invoices, credit notes, fiscal documents, receipts, deposits, dunning.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain billing.folio_kind as text constraint folio_kind_check check (value in (
  'guest', 'group_master', 'external', 'house', 'tab'));
comment on domain billing.folio_kind is 'Whose bill a folio is.
guest: A guest''s.
group_master: A group''s, for what the group pays.
external: A company''s or agency''s, beside that of the guest.
house: The house''s own, for what nobody pays.
tab: A tab that is open for the evening.';
comment on constraint folio_kind_check on domain billing.folio_kind is 'Unknown kind of folio.';

create domain billing.folio_status as text constraint folio_status_check check (value in (
  'open', 'closed', 'transferred_to_ar'));
comment on domain billing.folio_status is 'Where a folio stands.
open: It takes charges and payments.
closed: It is settled.
transferred_to_ar: What was open on it is owed by a billing account.';
comment on constraint folio_status_check on domain billing.folio_status is 'Unknown status of a folio.';

create domain billing.folio_line_kind as text constraint folio_line_kind_check check (value in (
  'charge', 'allowance', 'tax', 'payment', 'refund', 'transfer_in', 'transfer_out', 'rounding', 'deposit_used'));
comment on domain billing.folio_line_kind is 'What a line of a folio is. Charges, taxes and refunds add to the balance; allowances, payments and deposits take from it.
charge: Something was sold.
allowance: A charge, or a part of it, is taken back.
tax: A tax on its own, such as a city tax.
payment: Money was received.
refund: Money went back.
transfer_in: A line, or a part of one, came from another folio.
transfer_out: A line, or a part of one, went to another folio or a billing account.
rounding: What cash payment was rounded by.
deposit_used: A deposit was used to pay.';
comment on constraint folio_line_kind_check on domain billing.folio_line_kind is 'Unknown kind of line.';

create domain billing.account_status as text constraint account_status_check check (value in (
  'active', 'on_hold', 'closed'));
comment on domain billing.account_status is 'Whether a billing account may buy.
active: It may.
on_hold: Not for now, such as while it is overdue.
closed: No more.';
comment on constraint account_status_check on domain billing.account_status is 'Unknown status of a billing account.';

create domain billing.payment_term as text constraint payment_term_check check (value in (
  'net', 'end_of_month'));
comment on domain billing.payment_term is 'From when the days to pay are counted.
net: From the date of the invoice.
end_of_month: From the end of the month of the invoice.';
comment on constraint payment_term_check on domain billing.payment_term is 'Unknown payment term.';

create domain billing.dunning_channel as text constraint dunning_channel_check check (value in (
  'email', 'letter', 'sms', 'phone'));
comment on domain billing.dunning_channel is 'How an overdue customer is reminded.
email: By mail.
letter: By letter.
sms: By text message.
phone: By a call of staff.';
comment on constraint dunning_channel_check on domain billing.dunning_channel is 'Unknown channel.';

create domain billing.customer_po_status as text constraint customer_po_status_check check (value in (
  'open', 'consumed', 'expired', 'closed'));
comment on domain billing.customer_po_status is 'Whether an order of a customer can be used.
open: It can.
consumed: All of it was invoiced.
expired: Its time is over.
closed: The customer or we ended it.';
comment on constraint customer_po_status_check on domain billing.customer_po_status is 'Unknown status of a purchase order.';

-- dunning_policies ---------------------------------------------------------------------------------------------------

create table billing.dunning_policies (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  is_default boolean not null default false,
  min_open_minor bigint not null default 0,
  currency char(3) not null,
  constraint dunning_policies_pkey primary key (biz_id, id),
  constraint dunning_policies_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint dunning_policies_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint dunning_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint dunning_policies_min_open_check check (min_open_minor >= 0)
);
comment on table billing.dunning_policies is 'How overdue invoices are dunned, step by step.';
comment on column billing.dunning_policies.code is 'Short name.';
comment on column billing.dunning_policies.name is 'What staff choose it by, such as Companies, 30 days.';
comment on column billing.dunning_policies.is_default is 'Whether it is for accounts without one of their own.';
comment on column billing.dunning_policies.min_open_minor is 'Invoices of which less is open are not dunned.';
comment on column billing.dunning_policies.currency is 'Currency of the smallest open amount and of the fees.';
comment on constraint dunning_policies_code_check on billing.dunning_policies is 'The code is not blank, and has at most 60 characters.';
comment on constraint dunning_policies_name_check on billing.dunning_policies is 'The name is not blank, and has at most 200 characters.';
comment on constraint dunning_policies_min_open_check on billing.dunning_policies is 'The smallest amount cannot be negative.';

call core.install_table('billing.dunning_policies', 'M', 'bldp', registrable => true);
create unique index dunning_policies_code_key on billing.dunning_policies (biz_id, code)
  where deleted_at is null;
comment on index billing.dunning_policies_code_key is 'There is already a dunning policy with this code.';
create unique index dunning_policies_default_key on billing.dunning_policies (biz_id, is_default)
  where is_default and deleted_at is null;
comment on index billing.dunning_policies_default_key is 'There is already a default dunning policy.';

-- dunning_policy_steps -----------------------------------------------------------------------------------------------

create table billing.dunning_policy_steps (
  biz_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  name text not null,
  days_overdue integer not null,
  channel billing.dunning_channel not null default 'email',
  fee_minor bigint not null default 0,
  currency char(3) not null,
  blocks_account boolean not null default false,
  constraint dunning_policy_steps_pkey primary key (biz_id, id),
  constraint dunning_policy_steps_policy_id_fkey foreign key (biz_id, policy_id)
    references billing.dunning_policies (biz_id, id),
  constraint dunning_policy_steps_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint dunning_policy_steps_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint dunning_policy_steps_days_overdue_check check (days_overdue between -60 and 3650),
  constraint dunning_policy_steps_fee_check check (fee_minor >= 0)
);
comment on table billing.dunning_policy_steps is 'One step of dunning: so many days overdue, so reminded, at such a fee.';
comment on column billing.dunning_policy_steps.policy_id is 'The policy.';
comment on column billing.dunning_policy_steps.name is 'Name of the step, such as First reminder.';
comment on column billing.dunning_policy_steps.days_overdue is 'From how many days overdue on it is due; less than zero reminds before.';
comment on column billing.dunning_policy_steps.channel is 'How the customer is reminded.';
comment on column billing.dunning_policy_steps.fee_minor is 'Fee that is charged with it, in the currency of the policy.';
comment on column billing.dunning_policy_steps.currency is 'Currency of the fee.';
comment on column billing.dunning_policy_steps.blocks_account is 'Whether the account is put on hold.';
comment on constraint dunning_policy_steps_name_check on billing.dunning_policy_steps is 'The name is not blank, and has at most 200 characters.';
comment on constraint dunning_policy_steps_days_overdue_check on billing.dunning_policy_steps is 'A step comes from 60 days before to ten years after.';
comment on constraint dunning_policy_steps_fee_check on billing.dunning_policy_steps is 'A fee cannot be negative.';

call core.install_table('billing.dunning_policy_steps', 'M', 'blds');
create unique index dunning_policy_steps_days_overdue_key on billing.dunning_policy_steps (biz_id, policy_id, days_overdue)
  where deleted_at is null;
comment on index billing.dunning_policy_steps_days_overdue_key is 'The policy already has a step for this day.';

-- billing_accounts ---------------------------------------------------------------------------------------------------

create table billing.billing_accounts (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  name text not null,
  customer_id uuid,
  group_account_id uuid,
  parent_id uuid,
  currency char(3) not null,
  credit_limit_minor bigint,
  credit_override_minor bigint not null default 0,
  credit_override_until timestamptz,
  exposure_minor bigint not null default 0,
  payment_term billing.payment_term not null default 'net',
  payment_days integer not null default 0,
  dunning_policy_id uuid,
  dunning_paused_until date,
  tax_id text,
  invoice_email_enc bytea,
  is_po_required boolean not null default false,
  is_tax_exempt boolean not null default false,
  timezone text,
  ledger_account_id uuid,
  status billing.account_status not null default 'active',
  constraint billing_accounts_pkey primary key (biz_id, id),
  constraint billing_accounts_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint billing_accounts_group_account_id_fkey foreign key (biz_id, group_account_id)
    references identity.group_accounts (biz_id, id),
  constraint billing_accounts_parent_id_fkey foreign key (biz_id, parent_id)
    references billing.billing_accounts (biz_id, id),
  constraint billing_accounts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint billing_accounts_dunning_policy_id_fkey foreign key (biz_id, dunning_policy_id)
    references billing.dunning_policies (biz_id, id),
  constraint billing_accounts_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint billing_accounts_number_key unique (biz_id, number),
  constraint billing_accounts_ledger_account_id_key unique (biz_id, ledger_account_id),
  constraint billing_accounts_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint billing_accounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint billing_accounts_tax_id_check check (btrim(tax_id) <> '' and length(tax_id) <= 60),
  constraint billing_accounts_holder_check check (num_nonnulls(customer_id, group_account_id) = 1),
  constraint billing_accounts_credit_check check (credit_limit_minor >= 0 and credit_override_minor >= 0 or credit_limit_minor is null and credit_override_minor >= 0),
  constraint billing_accounts_override_check check (credit_override_minor = 0 or credit_override_until is not null),
  constraint billing_accounts_exposure_check check (exposure_minor >= 0),
  constraint billing_accounts_payment_days_check check (payment_days between 0 and 365),
  constraint billing_accounts_parent_check check (parent_id <> id),
  constraint billing_accounts_closed_check check (status <> 'closed' or exposure_minor = 0)
);
comment on table billing.billing_accounts is 'A customer that buys on account: what it may owe, when it pays, what it owes now.';
comment on column billing.billing_accounts.number is 'Number that people use, such as AR-00123.';
comment on column billing.billing_accounts.name is 'Name on its invoices.';
comment on column billing.billing_accounts.customer_id is 'The customer, a person or an organisation.';
comment on column billing.billing_accounts.group_account_id is 'The group account, where it is one.';
comment on column billing.billing_accounts.parent_id is 'The account that is above it, such as that of the holding company.';
comment on column billing.billing_accounts.currency is 'Currency of what it owes. Never changed.';
comment on column billing.billing_accounts.credit_limit_minor is 'How much it may owe; none if there is no limit.';
comment on column billing.billing_accounts.credit_override_minor is 'How much more it may owe for a while.';
comment on column billing.billing_accounts.credit_override_until is 'Until when it may.';
comment on column billing.billing_accounts.exposure_minor is 'How much it owes: what is open of its invoices.';
comment on column billing.billing_accounts.payment_term is 'From when its days to pay are counted.';
comment on column billing.billing_accounts.payment_days is 'How many days it has to pay; 0 is at once.';
comment on column billing.billing_accounts.dunning_policy_id is 'How it is dunned; none for the default policy.';
comment on column billing.billing_accounts.dunning_paused_until is 'It is not dunned before this day.';
comment on column billing.billing_accounts.tax_id is 'Its tax number, as on invoices.';
comment on column billing.billing_accounts.invoice_email_enc is 'Where its invoices are sent.';
comment on column billing.billing_accounts.is_po_required is 'Whether its invoices must name a purchase order.';
comment on column billing.billing_accounts.is_tax_exempt is 'Whether it pays no tax, by its certificate.';
comment on column billing.billing_accounts.timezone is 'Time zone that decides when its invoices are overdue; none for that of the business.';
comment on column billing.billing_accounts.ledger_account_id is 'Its receivables account in the books.';
comment on column billing.billing_accounts.status is 'Whether it may buy.';
comment on constraint billing_accounts_number_check on billing.billing_accounts is 'The number is not blank, and has at most 60 characters.';
comment on constraint billing_accounts_name_check on billing.billing_accounts is 'The name is not blank, and has at most 200 characters.';
comment on constraint billing_accounts_tax_id_check on billing.billing_accounts is 'The tax id is not blank, and has at most 60 characters.';
comment on constraint billing_accounts_number_key on billing.billing_accounts is 'There is already a billing account with this number.';
comment on constraint billing_accounts_ledger_account_id_key on billing.billing_accounts is 'Another billing account has this account in the books.';
comment on constraint billing_accounts_holder_check on billing.billing_accounts is 'A billing account is of one customer or of one group account.';
comment on constraint billing_accounts_credit_check on billing.billing_accounts is 'A limit cannot be negative.';
comment on constraint billing_accounts_override_check on billing.billing_accounts is 'Who may owe more for a while may until a time.';
comment on constraint billing_accounts_exposure_check on billing.billing_accounts is 'What is owed cannot be negative.';
comment on constraint billing_accounts_payment_days_check on billing.billing_accounts is 'There are 0 to 365 days to pay.';
comment on constraint billing_accounts_parent_check on billing.billing_accounts is 'An account is not above itself.';
comment on constraint billing_accounts_closed_check on billing.billing_accounts is 'An account that owes something is not closed.';

create index billing_accounts_name_idx on billing.billing_accounts (biz_id, name);

create trigger billing_accounts_currency_immutable
  before update on billing.billing_accounts
  for each row when (
    old.currency is distinct from new.currency
    or old.number is distinct from new.number)
  execute function availability.refuse_update('billing_accounts_currency_immutable_check', 'The number and currency of an account are never changed.');
create trigger billing_accounts_exposure_guard
  before update on billing.billing_accounts
  for each row when (pg_trigger_depth() = 0 and (
    old.exposure_minor is distinct from new.exposure_minor))
  execute function availability.refuse_update('billing_accounts_exposure_guard_check', 'What an account owes is moved by its invoices alone.');
create trigger billing_accounts_exposure_zero
  before insert on billing.billing_accounts
  for each row when (new.exposure_minor <> 0)
  execute function availability.refuse_update('billing_accounts_exposure_zero_check', 'A new account owes nothing.');

call core.install_table('billing.billing_accounts', 'M', 'blac', registrable => true);
create unique index billing_accounts_customer_id_key on billing.billing_accounts (biz_id, customer_id, currency)
  where customer_id is not null and status <> 'closed' and deleted_at is null;
comment on index billing.billing_accounts_customer_id_key is 'The customer already has a billing account in this currency.';
create unique index billing_accounts_group_account_id_key on billing.billing_accounts (biz_id, group_account_id, currency)
  where group_account_id is not null and status <> 'closed' and deleted_at is null;
comment on index billing.billing_accounts_group_account_id_key is 'The group already has a billing account in this currency.';
call core.configure_graph('billing.billing_accounts', plain_writes => false, aggregates => true);
call core.install_acyclic('billing.billing_accounts', 'parent_id');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('billing_account', 'active', 'on_hold', true),
  ('billing_account', 'active', 'closed', true),
  ('billing_account', 'on_hold', 'active', false),
  ('billing_account', 'on_hold', 'closed', true),
  ('billing_account', 'closed', 'active', true);
call core.install_state_machine('billing.billing_accounts', 'status', 'billing_account');

alter table billing.billing_accounts add constraint billing_accounts_timezone_fkey
  foreign key (timezone) references core.timezones (name);
comment on constraint billing_accounts_timezone_fkey on billing.billing_accounts is 'Must be an existing time zone.';
create trigger billing_accounts_account_currency
  after insert or update of ledger_account_id on billing.billing_accounts
  for each row execute function ledger.check_account_currency('ledger_account_id');

-- customer_purchase_orders -------------------------------------------------------------------------------------------

create table billing.customer_purchase_orders (
  biz_id uuid not null,
  id uuid not null,
  billing_account_id uuid not null,
  po_number text not null,
  amount_minor bigint not null,
  consumed_minor bigint not null default 0,
  currency char(3) not null,
  starts_on date,
  ends_on date,
  contact text,
  status billing.customer_po_status not null default 'open',
  constraint customer_purchase_orders_pkey primary key (biz_id, id),
  constraint customer_purchase_orders_billing_account_id_fkey foreign key (biz_id, billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint customer_purchase_orders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint customer_purchase_orders_billing_account_id_po_number_key unique (biz_id, billing_account_id, po_number),
  constraint customer_purchase_orders_po_number_check check (btrim(po_number) <> '' and length(po_number) <= 100),
  constraint customer_purchase_orders_contact_check check (length(contact) <= 1000),
  constraint customer_purchase_orders_amount_check check (amount_minor > 0),
  constraint customer_purchase_orders_consumed_check check (consumed_minor between 0 and amount_minor),
  constraint customer_purchase_orders_dates_check check (ends_on > starts_on)
);
comment on table billing.customer_purchase_orders is 'A purchase order of a customer, which our invoices refer to and use up.';
comment on column billing.customer_purchase_orders.billing_account_id is 'The customer''s account.';
comment on column billing.customer_purchase_orders.po_number is 'Its number at the customer.';
comment on column billing.customer_purchase_orders.amount_minor is 'How much may be invoiced on it.';
comment on column billing.customer_purchase_orders.consumed_minor is 'How much was invoiced on it.';
comment on column billing.customer_purchase_orders.currency is 'Currency of the amounts.';
comment on column billing.customer_purchase_orders.starts_on is 'First day on which it can be used.';
comment on column billing.customer_purchase_orders.ends_on is 'First day on which it can no longer be used.';
comment on column billing.customer_purchase_orders.contact is 'Who ordered, at the customer.';
comment on column billing.customer_purchase_orders.status is 'Whether it can be used.';
comment on constraint customer_purchase_orders_po_number_check on billing.customer_purchase_orders is 'The po number is not blank, and has at most 100 characters.';
comment on constraint customer_purchase_orders_contact_check on billing.customer_purchase_orders is 'The contact has at most 1,000 characters.';
comment on constraint customer_purchase_orders_billing_account_id_po_number_key on billing.customer_purchase_orders is 'This order of the customer is here already.';
comment on constraint customer_purchase_orders_amount_check on billing.customer_purchase_orders is 'An order is of more than zero.';
comment on constraint customer_purchase_orders_consumed_check on billing.customer_purchase_orders is 'No more is invoiced than was ordered.';
comment on constraint customer_purchase_orders_dates_check on billing.customer_purchase_orders is 'The end must be after the first day.';

create index customer_purchase_orders_ends_on_idx on billing.customer_purchase_orders (biz_id, ends_on)
  where status = 'open';

create trigger customer_purchase_orders_consumed_guard
  before update on billing.customer_purchase_orders
  for each row when (pg_trigger_depth() = 0 and (
    old.consumed_minor is distinct from new.consumed_minor))
  execute function availability.refuse_update('customer_purchase_orders_consumed_guard_check', 'What was invoiced is moved by invoices alone.');
create trigger customer_purchase_orders_consumed_zero
  before insert on billing.customer_purchase_orders
  for each row when (new.consumed_minor <> 0)
  execute function availability.refuse_update('customer_purchase_orders_consumed_zero_check', 'Of a new order nothing was invoiced.');

call core.install_table('billing.customer_purchase_orders', 'T', 'blpo', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('customer_po', 'open', 'consumed', false),
  ('customer_po', 'open', 'expired', false),
  ('customer_po', 'open', 'closed', true),
  ('customer_po', 'consumed', 'open', false),
  ('customer_po', 'consumed', 'closed', false),
  ('customer_po', 'expired', 'open', true);
call core.install_state_machine('billing.customer_purchase_orders', 'status', 'customer_po');

-- folios -------------------------------------------------------------------------------------------------------------

create table billing.folios (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind billing.folio_kind not null default 'guest',
  location_id uuid not null,
  booking_order_id uuid,
  stay_id uuid,
  owner_customer_id uuid,
  billing_account_id uuid,
  name text,
  currency char(3) not null,
  balance_minor bigint not null default 0,
  credit_limit_minor bigint,
  ledger_account_id uuid,
  status billing.folio_status not null default 'open',
  closed_at timestamptz,
  closed_on date,
  constraint folios_pkey primary key (biz_id, id),
  constraint folios_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint folios_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint folios_stay_id_fkey foreign key (biz_id, stay_id)
    references hospitality.stays (biz_id, id),
  constraint folios_owner_customer_id_fkey foreign key (biz_id, owner_customer_id)
    references crm.customers (biz_id, id),
  constraint folios_billing_account_id_fkey foreign key (biz_id, billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint folios_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint folios_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint folios_number_key unique (biz_id, number),
  constraint folios_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint folios_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint folios_closed_check check ((status = 'open') = (closed_at is null) and (closed_at is null) = (closed_on is null)),
  constraint folios_settled_check check (status = 'open' or balance_minor = 0),
  constraint folios_ar_check check (status <> 'transferred_to_ar' or billing_account_id is not null),
  constraint folios_credit_limit_check check (credit_limit_minor >= 0)
);
comment on table billing.folios is 'The running bill of a guest, group, company or table. Its balance is the sum of its lines.';
comment on column billing.folios.number is 'Number that people use, such as F-000123.';
comment on column billing.folios.kind is 'Whose bill it is.';
comment on column billing.folios.location_id is 'The location.';
comment on column billing.folios.booking_order_id is 'The booking it is for, if it is for one.';
comment on column billing.folios.stay_id is 'The stay it is for, if it is for one.';
comment on column billing.folios.owner_customer_id is 'Who pays it.';
comment on column billing.folios.billing_account_id is 'The account that takes over what is open at the end.';
comment on column billing.folios.name is 'What staff call it, such as Extras.';
comment on column billing.folios.currency is 'Currency of all its lines. Never changed.';
comment on column billing.folios.balance_minor is 'What is open: the sum of its lines. Less than zero is money of the guest.';
comment on column billing.folios.credit_limit_minor is 'How high the balance may go before staff ask for money; none if it does not matter.';
comment on column billing.folios.ledger_account_id is 'The account in the books that it is a part of, such as the guest ledger.';
comment on column billing.folios.status is 'Where it stands.';
comment on column billing.folios.closed_at is 'When it was closed or transferred.';
comment on column billing.folios.closed_on is 'The business date on which it was closed or transferred.';
comment on constraint folios_number_check on billing.folios is 'The number is not blank, and has at most 60 characters.';
comment on constraint folios_name_check on billing.folios is 'The name is not blank, and has at most 200 characters.';
comment on constraint folios_number_key on billing.folios is 'There is already a folio with this number.';
comment on constraint folios_closed_check on billing.folios is 'A folio that is not open, and no other, says when it was closed.';
comment on constraint folios_settled_check on billing.folios is 'A folio is closed at a balance of zero; what is open is paid or transferred first.';
comment on constraint folios_ar_check on billing.folios is 'A folio is transferred to a billing account.';
comment on constraint folios_credit_limit_check on billing.folios is 'A limit cannot be negative.';

create index folios_location_id_status_idx on billing.folios (biz_id, location_id, status, id);
create index folios_unpaid_idx on billing.folios (biz_id, location_id, balance_minor)
  where status = 'open' and balance_minor <> 0;

create trigger folios_terms_immutable
  before update on billing.folios
  for each row when (
    old.number is distinct from new.number
    or old.location_id is distinct from new.location_id
    or old.currency is distinct from new.currency)
  execute function availability.refuse_update('folios_terms_immutable_check', 'The number, location and currency of a folio are never changed.');
create trigger folios_balance_guard
  before update on billing.folios
  for each row when (pg_trigger_depth() = 0 and (
    old.balance_minor is distinct from new.balance_minor))
  execute function availability.refuse_update('folios_balance_guard_check', 'The balance of a folio is moved by its lines alone.');
create trigger folios_balance_zero
  before insert on billing.folios
  for each row when (new.balance_minor <> 0 or new.status <> 'open')
  execute function availability.refuse_update('folios_balance_zero_check', 'A new folio is open and empty.');

call core.install_table('billing.folios', 'T', 'blfo', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('folio', 'open', 'closed', false),
  ('folio', 'open', 'transferred_to_ar', false),
  ('folio', 'closed', 'open', true);
call core.install_state_machine('billing.folios', 'status', 'folio');

-- folio_line_items ---------------------------------------------------------------------------------------------------

create table billing.folio_line_items (
  biz_id uuid not null,
  id uuid not null,
  folio_id uuid not null,
  kind billing.folio_line_kind not null,
  sellable_id uuid,
  source_type text,
  source_id uuid,
  description text not null,
  category text,
  business_date date not null,
  occurred_at timestamptz not null default now(),
  quantity numeric(18,6) not null default 1,
  unit_price numeric(20,6),
  amount_minor bigint not null,
  tax_minor bigint not null default 0,
  currency char(3) not null,
  tax_rate_id uuid,
  tax_rate numeric(9,6),
  corrects_id uuid,
  routing_rule_id uuid,
  reason text,
  idempotency_key text,
  constraint folio_line_items_pkey primary key (biz_id, id),
  constraint folio_line_items_folio_id_fkey foreign key (biz_id, folio_id)
    references billing.folios (biz_id, id),
  constraint folio_line_items_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint folio_line_items_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint folio_line_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint folio_line_items_tax_rate_id_fkey foreign key (biz_id, tax_rate_id)
    references pricing.tax_rates (biz_id, id),
  constraint folio_line_items_corrects_id_fkey foreign key (biz_id, corrects_id)
    references billing.folio_line_items (biz_id, id),
  constraint folio_line_items_idempotency_key_key unique (biz_id, idempotency_key),
  constraint folio_line_items_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint folio_line_items_description_check check (btrim(description) <> '' and length(description) <= 200),
  constraint folio_line_items_category_check check (btrim(category) <> '' and length(category) <= 60),
  constraint folio_line_items_reason_check check (length(reason) <= 2000),
  constraint folio_line_items_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint folio_line_items_sign_check check (case when kind in ('charge', 'tax', 'refund') then amount_minor > 0 when kind in ('allowance', 'payment', 'deposit_used') then amount_minor < 0 else amount_minor <> 0 end),
  constraint folio_line_items_tax_check check (abs(tax_minor) <= abs(amount_minor) and (tax_minor = 0 or sign(tax_minor) = sign(amount_minor))),
  constraint folio_line_items_quantity_check check (quantity > 0),
  constraint folio_line_items_unit_price_check check (unit_price >= 0),
  constraint folio_line_items_tax_rate_check check (tax_rate between 0 and 10),
  constraint folio_line_items_allowance_check check (kind <> 'allowance' or (corrects_id is not null and btrim(coalesce(reason, '')) <> '')),
  constraint folio_line_items_corrects_check check (corrects_id <> id)
);
comment on table billing.folio_line_items is 'A line of a folio. Never changed: a mistake is taken back by an allowance on the day it is found.';
comment on column billing.folio_line_items.folio_id is 'The folio.';
comment on column billing.folio_line_items.kind is 'What it is.';
comment on column billing.folio_line_items.sellable_id is 'What was sold.';
comment on column billing.folio_line_items.source_type is 'What kind of thing the source is, such as FulfillmentUnit.';
comment on column billing.folio_line_items.source_id is 'What it was posted for, such as a night, a sale or a refund.';
comment on column billing.folio_line_items.description is 'What the guest reads, as it was then.';
comment on column billing.folio_line_items.category is 'Category of the charge, such as room, food, minibar: routing rules go by it.';
comment on column billing.folio_line_items.business_date is 'The day of business on which it counts.';
comment on column billing.folio_line_items.occurred_at is 'When it happened.';
comment on column billing.folio_line_items.quantity is 'How many.';
comment on column billing.folio_line_items.unit_price is 'Price of one in major units, where it is a charge.';
comment on column billing.folio_line_items.amount_minor is 'What it adds to the balance, with its tax; less than zero takes away.';
comment on column billing.folio_line_items.tax_minor is 'The tax in that amount.';
comment on column billing.folio_line_items.currency is 'Currency of the amounts, that of the folio.';
comment on column billing.folio_line_items.tax_rate_id is 'The rate of that tax.';
comment on column billing.folio_line_items.tax_rate is 'The rate as it was then, as a fraction.';
comment on column billing.folio_line_items.corrects_id is 'The line of the same folio that it takes back or moves away, in whole or in part.';
comment on column billing.folio_line_items.routing_rule_id is 'The rule by which it came to this folio.';
comment on column billing.folio_line_items.reason is 'Why a charge was taken back.';
comment on column billing.folio_line_items.idempotency_key is 'Key of the request that posted it, so that a repeated one posts nothing.';
comment on constraint folio_line_items_source_fkey on billing.folio_line_items is 'Must be an existing thing of this tenant.';
comment on constraint folio_line_items_source_check on billing.folio_line_items is 'The source has both a type and an id, or neither.';
comment on constraint folio_line_items_description_check on billing.folio_line_items is 'The description is not blank, and has at most 200 characters.';
comment on constraint folio_line_items_category_check on billing.folio_line_items is 'The category is not blank, and has at most 60 characters.';
comment on constraint folio_line_items_reason_check on billing.folio_line_items is 'The reason has at most 2,000 characters.';
comment on constraint folio_line_items_idempotency_key_check on billing.folio_line_items is 'The idempotency key is not blank, and has at most 200 characters.';
comment on constraint folio_line_items_idempotency_key_key on billing.folio_line_items is 'A line was posted for this key already.';
comment on constraint folio_line_items_sign_check on billing.folio_line_items is 'Charges, taxes and refunds add to the balance; allowances, payments and used deposits take from it; and no line is zero.';
comment on constraint folio_line_items_tax_check on billing.folio_line_items is 'The tax is a part of the amount.';
comment on constraint folio_line_items_quantity_check on billing.folio_line_items is 'The quantity must be more than 0.';
comment on constraint folio_line_items_unit_price_check on billing.folio_line_items is 'A price cannot be negative.';
comment on constraint folio_line_items_tax_rate_check on billing.folio_line_items is 'The tax rate is a fraction between 0 and 10.';
comment on constraint folio_line_items_allowance_check on billing.folio_line_items is 'An allowance says which line it takes back, and why.';
comment on constraint folio_line_items_corrects_check on billing.folio_line_items is 'A line does not correct itself.';

create index folio_line_items_folio_id_business_date_idx on billing.folio_line_items (biz_id, folio_id, business_date, id);
create index folio_line_items_business_date_kind_idx on billing.folio_line_items (biz_id, business_date, kind, id);

call core.install_table('billing.folio_line_items', 'J', 'blfl', 'FolioLineItem', registrable => true);

-- folio_routing_rules ------------------------------------------------------------------------------------------------

create table billing.folio_routing_rules (
  biz_id uuid not null,
  id uuid not null,
  from_folio_id uuid,
  from_customer_id uuid,
  from_billing_account_id uuid,
  categories text[] not null,
  to_folio_id uuid,
  to_billing_account_id uuid,
  priority integer not null default 0,
  limit_minor bigint,
  routed_minor bigint not null default 0,
  currency char(3) not null,
  starts_on date not null,
  ends_on date,
  constraint folio_routing_rules_pkey primary key (biz_id, id),
  constraint folio_routing_rules_from_folio_id_fkey foreign key (biz_id, from_folio_id)
    references billing.folios (biz_id, id),
  constraint folio_routing_rules_from_customer_id_fkey foreign key (biz_id, from_customer_id)
    references crm.customers (biz_id, id),
  constraint folio_routing_rules_from_billing_account_id_fkey foreign key (biz_id, from_billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint folio_routing_rules_to_folio_id_fkey foreign key (biz_id, to_folio_id)
    references billing.folios (biz_id, id),
  constraint folio_routing_rules_to_billing_account_id_fkey foreign key (biz_id, to_billing_account_id)
    references billing.billing_accounts (biz_id, id),
  constraint folio_routing_rules_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint folio_routing_rules_from_check check (num_nonnulls(from_folio_id, from_customer_id, from_billing_account_id) = 1),
  constraint folio_routing_rules_to_check check (num_nonnulls(to_folio_id, to_billing_account_id) = 1),
  constraint folio_routing_rules_self_check check (from_folio_id <> to_folio_id and from_billing_account_id <> to_billing_account_id),
  constraint folio_routing_rules_limit_check check (limit_minor >= 0 and routed_minor >= 0 and routed_minor <= limit_minor or limit_minor is null and routed_minor >= 0),
  constraint folio_routing_rules_dates_check check (ends_on > starts_on)
);
comment on table billing.folio_routing_rules is 'Which charges go to which folio or billing account instead of where they were made: the room to the company, extras to the guest.';
comment on column billing.folio_routing_rules.from_folio_id is 'Charges on this folio.';
comment on column billing.folio_routing_rules.from_customer_id is 'Charges of this customer.';
comment on column billing.folio_routing_rules.from_billing_account_id is 'Charges of the guests of this account.';
comment on column billing.folio_routing_rules.categories is 'Categories of charges that it takes, such as room; none for all.';
comment on column billing.folio_routing_rules.to_folio_id is 'The folio they go to.';
comment on column billing.folio_routing_rules.to_billing_account_id is 'The account they go to: to its folio of the stay.';
comment on column billing.folio_routing_rules.priority is 'Of several rules the one with the highest is taken.';
comment on column billing.folio_routing_rules.limit_minor is 'How much it takes at most; none if there is no limit.';
comment on column billing.folio_routing_rules.routed_minor is 'How much it took.';
comment on column billing.folio_routing_rules.currency is 'Currency of the amounts.';
comment on column billing.folio_routing_rules.starts_on is 'First business date on which it counts.';
comment on column billing.folio_routing_rules.ends_on is 'First business date on which it no longer counts.';
comment on constraint folio_routing_rules_from_check on billing.folio_routing_rules is 'A rule is for one folio, one customer or one account.';
comment on constraint folio_routing_rules_to_check on billing.folio_routing_rules is 'A rule leads to one folio or one account.';
comment on constraint folio_routing_rules_self_check on billing.folio_routing_rules is 'A rule does not lead back to where it begins.';
comment on constraint folio_routing_rules_limit_check on billing.folio_routing_rules is 'A rule takes no more than its limit.';
comment on constraint folio_routing_rules_dates_check on billing.folio_routing_rules is 'The end must be after the first day.';

call core.install_table('billing.folio_routing_rules', 'M', 'blrr', registrable => true);
call core.configure_graph('billing.folio_routing_rules', plain_writes => false);

alter table billing.folio_line_items add constraint folio_line_items_routing_rule_id_fkey
  foreign key (biz_id, routing_rule_id) references billing.folio_routing_rules (biz_id, id);
call core.index_foreign_keys('billing.folio_line_items');
call core.describe_table('billing.folio_line_items');

create function billing.check_routing() returns trigger
language plpgsql as $$
begin
  -- Two writers who each see only their own half of a circle would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(format('folio routing %s', new.biz_id), 0));
  if exists (
    with recursive onward (folio_id) as (
      select new.to_folio_id
      union
      select r.to_folio_id
      from onward o
      join billing.folio_routing_rules r on r.biz_id = new.biz_id and r.from_folio_id = o.folio_id
      where r.to_folio_id is not null
        and r.deleted_at is null
    )
    select
    from onward o
    where o.folio_id = new.from_folio_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'Folios cannot route charges in a circle.',
      schema = 'billing',
      table = 'folio_routing_rules',
      column = 'to_folio_id',
      constraint = 'folio_routing_rules_acyclic_check';
  end if;
  return null;
end
$$;
comment on function billing.check_routing() is 'Trigger: rules do not lead charges in a circle.';

create trigger folio_routing_rules_acyclic
  after insert or update on billing.folio_routing_rules
  for each row when (new.from_folio_id is not null and new.to_folio_id is not null and new.deleted_at is null)
  execute function billing.check_routing();

-- Posting to folios ---------------------------------------------------------------------------------------------------

create function billing.post_folio_lines() returns trigger
language plpgsql as $$
declare
  place record;
  complaint record;
begin
  for place in
    select distinct f.biz_id, f.location_id, i.business_date
    from inserted i
    join billing.folios f on f.biz_id = i.biz_id and f.id = i.folio_id
    order by f.biz_id, f.location_id, i.business_date
  loop
    perform ledger.hold_period(place.biz_id, place.location_id);
    if ledger.locked_through(place.biz_id, place.location_id, place.business_date) is not null then
      raise exception using
        errcode = '23514',
        message = format('The day %s is closed: post to the open day.', place.business_date),
        schema = 'billing',
        table = 'folio_line_items',
        column = 'business_date',
        constraint = 'folio_line_items_period_open_check';
    end if;
  end loop;

  perform
  from billing.folios f
  where (f.biz_id, f.id) in (select i.biz_id, i.folio_id from inserted i)
  order by f.biz_id, f.id
  for no key update;

  select w.* into complaint
  from (
    select 1, 'folio_id', 'folio_line_items_folio_open_check', 'A folio takes lines while it is open.'
    from inserted i
    join billing.folios f on f.biz_id = i.biz_id and f.id = i.folio_id
    where f.status <> 'open'
    union all
    select 2, 'currency', 'folio_line_items_currency_check', 'A line has the currency of its folio.'
    from inserted i
    join billing.folios f on f.biz_id = i.biz_id and f.id = i.folio_id
    where f.currency <> i.currency
    union all
    -- The folio is locked, and what corrects a line is in the folio of the line: so the sum is sound.
    select 3, 'corrects_id', 'folio_line_items_corrects_sum_check',
      'What takes a line back is in its folio, on the other side, and no more than the line.'
    from (select distinct i.biz_id, i.corrects_id from inserted i where i.corrects_id is not null) n
    join billing.folio_line_items l on l.biz_id = n.biz_id and l.id = n.corrects_id
    cross join lateral (
      select
        sum(c.amount_minor) as amount,
        sum(c.tax_minor) as tax,
        bool_and(c.folio_id = l.folio_id and sign(c.amount_minor) <> sign(l.amount_minor)) as is_fitting
      from billing.folio_line_items c
      where c.biz_id = l.biz_id
        and c.corrects_id = l.id
    ) c
    where not c.is_fitting
      or abs(c.amount) > abs(l.amount_minor)
      or abs(c.tax) > abs(l.tax_minor)
  ) as w (place, field, name, sentence)
  order by w.place
  limit 1;
  if found then
    raise exception using
      errcode = '23514',
      message = complaint.sentence,
      schema = 'billing',
      table = 'folio_line_items',
      column = complaint.field,
      constraint = complaint.name;
  end if;

  update billing.folios f
  set balance_minor = f.balance_minor + d.amount
  from (
    select i.biz_id, i.folio_id, sum(i.amount_minor) as amount
    from inserted i
    group by i.biz_id, i.folio_id
  ) d
  where f.biz_id = d.biz_id
    and f.id = d.folio_id;
  return null;
end
$$;
comment on function billing.post_folio_lines() is 'Trigger: lines go to open folios, on open days, in their currency; corrections stay within the line; and the balances follow.';

create trigger folio_line_items_post
  after insert on billing.folio_line_items referencing new table as inserted
  for each statement execute function billing.post_folio_lines();

create function billing.check_folio_reopening() returns trigger
language plpgsql as $$
begin
  perform ledger.hold_period(old.biz_id, old.location_id);
  if ledger.locked_through(old.biz_id, old.location_id, old.closed_on) is not null then
    raise exception using
      errcode = '23514',
      message = 'A folio is reopened only while the day on which it was closed is open.',
      schema = 'billing',
      table = 'folios',
      column = 'status',
      constraint = 'folios_reopen_check';
  end if;
  return new;
end
$$;
comment on function billing.check_folio_reopening() is 'Trigger: a folio is reopened on the day it was closed only.';

create trigger folios_reopen
  before update on billing.folios
  for each row when (old.status <> 'open' and new.status = 'open')
  execute function billing.check_folio_reopening();

-- folio_transfers ----------------------------------------------------------------------------------------------------

create table billing.folio_transfers (
  biz_id uuid not null,
  id uuid not null,
  from_line_id uuid not null,
  to_folio_id uuid not null,
  amount_minor bigint not null,
  currency char(3) not null,
  out_line_id uuid not null,
  in_line_id uuid not null,
  reason text,
  constraint folio_transfers_pkey primary key (biz_id, id),
  constraint folio_transfers_from_line_id_fkey foreign key (biz_id, from_line_id)
    references billing.folio_line_items (biz_id, id),
  constraint folio_transfers_to_folio_id_fkey foreign key (biz_id, to_folio_id)
    references billing.folios (biz_id, id),
  constraint folio_transfers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint folio_transfers_out_line_id_fkey foreign key (biz_id, out_line_id)
    references billing.folio_line_items (biz_id, id),
  constraint folio_transfers_in_line_id_fkey foreign key (biz_id, in_line_id)
    references billing.folio_line_items (biz_id, id),
  constraint folio_transfers_out_line_id_key unique (biz_id, out_line_id),
  constraint folio_transfers_in_line_id_key unique (biz_id, in_line_id),
  constraint folio_transfers_reason_check check (length(reason) <= 2000),
  constraint folio_transfers_amount_check check (amount_minor <> 0)
);
comment on table billing.folio_transfers is 'A line of a folio, or a part of it, goes to another folio: one line takes it out there, one brings it in here.';
comment on column billing.folio_transfers.from_line_id is 'The line that goes, in whole or in part.';
comment on column billing.folio_transfers.to_folio_id is 'The folio it goes to.';
comment on column billing.folio_transfers.amount_minor is 'How much of it goes; less than zero where the line is a payment.';
comment on column billing.folio_transfers.currency is 'Currency of the amount.';
comment on column billing.folio_transfers.out_line_id is 'The line that takes it out: it corrects the line that goes.';
comment on column billing.folio_transfers.in_line_id is 'The line that brings it in.';
comment on column billing.folio_transfers.reason is 'Why.';
comment on constraint folio_transfers_reason_check on billing.folio_transfers is 'The reason has at most 2,000 characters.';
comment on constraint folio_transfers_out_line_id_key on billing.folio_transfers is 'This line belongs to another transfer.';
comment on constraint folio_transfers_in_line_id_key on billing.folio_transfers is 'This line belongs to another transfer.';
comment on constraint folio_transfers_amount_check on billing.folio_transfers is 'A transfer is not zero.';

call core.install_table('billing.folio_transfers', 'J', 'blft', 'FolioTransfer');

create function billing.check_folio_transfer() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from billing.folio_line_items l
    join billing.folio_line_items gone on gone.biz_id = l.biz_id and gone.id = new.out_line_id
    join billing.folio_line_items come on come.biz_id = l.biz_id and come.id = new.in_line_id
    where l.biz_id = new.biz_id
      and l.id = new.from_line_id
      and gone.kind = 'transfer_out'
      and gone.folio_id = l.folio_id
      and gone.corrects_id = l.id
      and gone.amount_minor = -new.amount_minor
      and come.kind = 'transfer_in'
      and come.folio_id = new.to_folio_id
      and come.folio_id <> l.folio_id
      and come.amount_minor = new.amount_minor
      and come.tax_minor = -gone.tax_minor
      and come.currency = new.currency
      and gone.currency = new.currency
  ) then
    raise exception using
      errcode = '23514',
      message = 'What a transfer takes out of one folio it brings into another, to the last minor unit.',
      schema = 'billing',
      table = 'folio_transfers',
      column = 'amount_minor',
      constraint = 'folio_transfers_amounts_check';
  end if;
  return null;
end
$$;
comment on function billing.check_folio_transfer() is 'Trigger: both lines of a transfer have its amount, one in each folio.';

create trigger folio_transfers_amounts
  after insert on billing.folio_transfers
  for each row execute function billing.check_folio_transfer();

create function billing.check_transfer_line() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from billing.folio_transfers t
    where t.biz_id = new.biz_id
      and new.id = case new.kind when 'transfer_in' then t.in_line_id else t.out_line_id end
  ) and not (new.kind = 'transfer_out' and new.source_type is not distinct from 'Invoice') then
    raise exception using
      errcode = '23514',
      message = 'A line that was transferred belongs to a transfer, or goes to an invoice.',
      schema = 'billing',
      table = 'folio_line_items',
      column = 'kind',
      constraint = 'folio_line_items_transfer_check';
  end if;
  return null;
end
$$;
comment on function billing.check_transfer_line() is 'Trigger: no money appears on a folio, or leaves it, by a transfer that has no other end.';

create constraint trigger folio_line_items_transfer_check
  after insert on billing.folio_line_items
  deferrable initially deferred
  for each row when (new.kind in ('transfer_in', 'transfer_out'))
  execute function billing.check_transfer_line();
comment on constraint folio_line_items_transfer_check on billing.folio_line_items is 'A line that was transferred belongs to a transfer, or goes to an invoice.';
