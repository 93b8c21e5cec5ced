-- Procurement: suppliers, what they offer, and orders to them. What comes, is billed and goes back stands in the next file.

create schema procurement;
comment on schema procurement is 'Suppliers, purchase orders, goods receipts, supplier invoices and returns to suppliers.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain procurement.supplier_status as text constraint supplier_status_check check (value in (
  'prospective', 'approved', 'suspended', 'blocked'));
comment on domain procurement.supplier_status is 'Whether a supplier may be ordered from.
prospective: Known, and not approved yet.
approved: May be ordered from.
suspended: Not for the time being.
blocked: Never again.';
comment on constraint supplier_status_check on domain procurement.supplier_status is 'Unknown status of a supplier.';

create domain procurement.certification_kind as text constraint certification_kind_check check (value in (
  'food_safety', 'quality', 'organic', 'environment', 'insurance', 'licence', 'tax', 'other'));
comment on domain procurement.certification_kind is 'What a certificate is about.
food_safety: Handling of food, such as HACCP or ISO 22000.
quality: Quality management, such as ISO 9001.
organic: Organic production.
environment: Care for the environment.
insurance: Liability insurance.
licence: A licence to trade or to carry.
tax: Standing with the tax office.
other: Something else, as its name says.';
comment on constraint certification_kind_check on domain procurement.certification_kind is 'Unknown kind of certificate.';

create domain procurement.certification_status as text constraint certification_status_check check (value in (
  'pending', 'valid', 'expired', 'revoked'));
comment on domain procurement.certification_status is 'Whether a certificate counts.
pending: It was handed in, and nobody has looked at it.
valid: It counts until it expires.
expired: Its time is over.
revoked: It does not count any more, or never did.';
comment on constraint certification_status_check on domain procurement.certification_status is 'Unknown status of a certificate.';

create domain procurement.purchase_order_status as text constraint purchase_order_status_check check (value in (
  'draft', 'pending_approval', 'rejected', 'approved', 'sent', 'partially_received', 'received', 'closed',
  'closed_short', 'cancelled'));
comment on domain procurement.purchase_order_status is 'Where a purchase order stands.
draft: Being put together.
pending_approval: Waiting for those who must approve it.
rejected: Somebody did not approve it; it goes back to its author.
approved: It may be sent.
sent: The supplier has it, and nothing has come.
partially_received: A part has come.
received: All of it has come.
closed: All has come, and it is settled.
closed_short: What has not come is not expected any more.
cancelled: It was called off before anything came.';
comment on constraint purchase_order_status_check on domain procurement.purchase_order_status is 'Unknown status of a purchase order.';

create domain procurement.approval_decision as text constraint approval_decision_check check (value in (
  'approved', 'rejected'));
comment on domain procurement.approval_decision is 'What somebody decided.
approved: Yes.
rejected: No.';
comment on constraint approval_decision_check on domain procurement.approval_decision is 'Unknown decision.';

-- suppliers

-- suppliers ----------------------------------------------------------------------------------------------------------

create table procurement.suppliers (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  name text not null,
  legal_name text,
  tax_id text,
  status procurement.supplier_status not null default 'prospective',
  currency char(3) not null,
  payment_terms_days integer not null default 30,
  discount_terms_days integer,
  discount_terms_bps integer,
  lead_time_days integer,
  min_order_minor bigint,
  rating numeric(3,2),
  contact_name text,
  email text,
  phone text,
  website text,
  address text,
  country_code char(2),
  customer_ref text,
  payable_account_id uuid,
  note text,
  constraint suppliers_pkey primary key (biz_id, id),
  constraint suppliers_number_key unique (biz_id, number),
  constraint suppliers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint suppliers_country_code_fkey foreign key (country_code)
    references core.countries (code),
  constraint suppliers_payable_account_id_fkey foreign key (biz_id, payable_account_id)
    references ledger.accounts (biz_id, id),
  constraint suppliers_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint suppliers_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint suppliers_legal_name_check check (btrim(legal_name) <> '' and length(legal_name) <= 200),
  constraint suppliers_tax_id_check check (btrim(tax_id) <> '' and length(tax_id) <= 60),
  constraint suppliers_contact_name_check check (btrim(contact_name) <> '' and length(contact_name) <= 200),
  constraint suppliers_phone_check check (btrim(phone) <> '' and length(phone) <= 40),
  constraint suppliers_website_check check (btrim(website) <> '' and length(website) <= 500),
  constraint suppliers_address_check check (length(address) <= 2000),
  constraint suppliers_customer_ref_check check (btrim(customer_ref) <> '' and length(customer_ref) <= 60),
  constraint suppliers_note_check check (length(note) <= 10000),
  constraint suppliers_email_check check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint suppliers_terms_check check (payment_terms_days >= 0 and lead_time_days >= 0 and min_order_minor >= 0),
  constraint suppliers_discount_terms_check check (num_nonnulls(discount_terms_days, discount_terms_bps) in (0, 2) and discount_terms_days >= 0 and discount_terms_bps between 1 and 10000),
  constraint suppliers_rating_check check (rating between 0 and 5)
);
comment on table procurement.suppliers is 'A business that goods and services are bought from.';
comment on column procurement.suppliers.number is 'Number that staff use, such as SU-0042.';
comment on column procurement.suppliers.name is 'Name that staff read.';
comment on column procurement.suppliers.legal_name is 'Name as registered, where it differs.';
comment on column procurement.suppliers.tax_id is 'Its tax number.';
comment on column procurement.suppliers.status is 'Whether it may be ordered from.';
comment on column procurement.suppliers.currency is 'Currency in which it sells.';
comment on column procurement.suppliers.payment_terms_days is 'How many days after its date an invoice is due.';
comment on column procurement.suppliers.discount_terms_days is 'Within how many days less is to be paid; none where it gives no discount.';
comment on column procurement.suppliers.discount_terms_bps is 'How much less that is, in hundredths of a percent (200 = 2 %).';
comment on column procurement.suppliers.lead_time_days is 'How many days it usually takes to deliver.';
comment on column procurement.suppliers.min_order_minor is 'What an order must come to at least, in minor units.';
comment on column procurement.suppliers.rating is 'How good it is, from 0 to 5, as its deliveries tell.';
comment on column procurement.suppliers.contact_name is 'Whom to talk to.';
comment on column procurement.suppliers.email is 'Mail address that orders go to.';
comment on column procurement.suppliers.phone is 'Telephone number.';
comment on column procurement.suppliers.website is 'Address on the web.';
comment on column procurement.suppliers.address is 'Postal address, as written there.';
comment on column procurement.suppliers.country_code is 'The country it is in.';
comment on column procurement.suppliers.customer_ref is 'Our customer number there.';
comment on column procurement.suppliers.payable_account_id is 'The account of the books that shows what we owe it.';
comment on column procurement.suppliers.note is 'What buyers should know.';
comment on constraint suppliers_number_check on procurement.suppliers is 'A number is required, of 60 characters at most.';
comment on constraint suppliers_name_check on procurement.suppliers is 'A name is required, of 200 characters at most.';
comment on constraint suppliers_legal_name_check on procurement.suppliers is 'A legal name is not blank, and of 200 characters at most.';
comment on constraint suppliers_tax_id_check on procurement.suppliers is 'A tax id is not blank, and of 60 characters at most.';
comment on constraint suppliers_contact_name_check on procurement.suppliers is 'A contact name is not blank, and of 200 characters at most.';
comment on constraint suppliers_phone_check on procurement.suppliers is 'A phone is not blank, and of 40 characters at most.';
comment on constraint suppliers_website_check on procurement.suppliers is 'A website is not blank, and of 500 characters at most.';
comment on constraint suppliers_address_check on procurement.suppliers is 'The address has 2,000 characters at most.';
comment on constraint suppliers_customer_ref_check on procurement.suppliers is 'A customer ref is not blank, and of 60 characters at most.';
comment on constraint suppliers_note_check on procurement.suppliers is 'The note has 10,000 characters at most.';
comment on constraint suppliers_number_key on procurement.suppliers is 'Another supplier has this number.';
comment on constraint suppliers_email_check on procurement.suppliers is 'This is not a mail address.';
comment on constraint suppliers_terms_check on procurement.suppliers is 'Terms cannot be negative.';
comment on constraint suppliers_discount_terms_check on procurement.suppliers is 'A discount for early payment has days and a part between 0 and 100 %.';
comment on constraint suppliers_rating_check on procurement.suppliers is 'A rating lies between 0 and 5.';

create index suppliers_status_idx on procurement.suppliers (biz_id, status, name);

call core.install_table('procurement.suppliers', 'M', 'prsp', registrable => true);
call core.configure_graph('procurement.suppliers', aggregates => true, plain_moves => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('supplier', 'prospective', 'approved', false),
  ('supplier', 'prospective', 'blocked', true),
  ('supplier', 'approved', 'suspended', true),
  ('supplier', 'suspended', 'approved', false),
  ('supplier', 'suspended', 'blocked', true);
call core.install_state_machine('procurement.suppliers', 'status', 'supplier');

-- supplier_certifications

-- supplier_certifications --------------------------------------------------------------------------------------------

create table procurement.supplier_certifications (
  biz_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  kind procurement.certification_kind not null,
  name text not null,
  number text,
  issuer text,
  issued_on date not null,
  expires_on date,
  is_mandatory boolean not null default false,
  media_id uuid,
  status procurement.certification_status not null default 'pending',
  verified_by_id uuid,
  constraint supplier_certifications_pkey primary key (biz_id, id),
  constraint supplier_certifications_supplier_id_fkey foreign key (biz_id, supplier_id)
    references procurement.suppliers (biz_id, id),
  constraint supplier_certifications_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint supplier_certifications_verified_by_id_fkey foreign key (verified_by_id)
    references identity.users (id),
  constraint supplier_certifications_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint supplier_certifications_number_check check (btrim(number) <> '' and length(number) <= 100),
  constraint supplier_certifications_issuer_check check (btrim(issuer) <> '' and length(issuer) <= 200),
  constraint supplier_certifications_dates_check check (expires_on > issued_on)
);
comment on table procurement.supplier_certifications is 'A certificate of a supplier. Where a kind of certificate is mandatory, nothing is ordered while none of that kind is valid.';
comment on column procurement.supplier_certifications.supplier_id is 'The supplier.';
comment on column procurement.supplier_certifications.kind is 'What it is about.';
comment on column procurement.supplier_certifications.name is 'Its name, such as ISO 22000.';
comment on column procurement.supplier_certifications.number is 'Its number, as issued.';
comment on column procurement.supplier_certifications.issuer is 'Who issued it.';
comment on column procurement.supplier_certifications.issued_on is 'First day on which it is valid.';
comment on column procurement.supplier_certifications.expires_on is 'First day on which it is no longer valid; none where it does not expire.';
comment on column procurement.supplier_certifications.is_mandatory is 'Whether nothing is ordered without a valid one of its kind.';
comment on column procurement.supplier_certifications.media_id is 'A copy of it.';
comment on column procurement.supplier_certifications.status is 'Whether it counts.';
comment on column procurement.supplier_certifications.verified_by_id is 'Who looked at it.';
comment on constraint supplier_certifications_name_check on procurement.supplier_certifications is 'A name is required, of 200 characters at most.';
comment on constraint supplier_certifications_number_check on procurement.supplier_certifications is 'A number is not blank, and of 100 characters at most.';
comment on constraint supplier_certifications_issuer_check on procurement.supplier_certifications is 'An issuer is not blank, and of 200 characters at most.';
comment on constraint supplier_certifications_dates_check on procurement.supplier_certifications is 'It cannot expire before it was issued.';

create index supplier_certifications_expires_on_idx on procurement.supplier_certifications (biz_id, expires_on, id) where status = 'valid';

call core.install_table('procurement.supplier_certifications', 'M', 'prce', registrable => true);
call core.configure_graph('procurement.supplier_certifications', plain_moves => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('supplier_certification', 'pending', 'valid', false),
  ('supplier_certification', 'pending', 'revoked', true),
  ('supplier_certification', 'valid', 'expired', false),
  ('supplier_certification', 'valid', 'revoked', true);
call core.install_state_machine('procurement.supplier_certifications', 'status', 'supplier_certification');

-- supplier_items

-- supplier_items -----------------------------------------------------------------------------------------------------

create table procurement.supplier_items (
  biz_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  item_id uuid not null,
  supplier_sku text,
  supplier_name text,
  pack_name text,
  pack_qty numeric(18,6) not null default 1,
  price numeric(20,6) not null,
  currency char(3) not null,
  moq numeric(18,6) not null default 1,
  order_multiple numeric(18,6) not null default 1,
  lead_time_days integer,
  is_preferred boolean not null default false,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint supplier_items_pkey primary key (biz_id, id),
  constraint supplier_items_supplier_id_fkey foreign key (biz_id, supplier_id)
    references procurement.suppliers (biz_id, id),
  constraint supplier_items_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint supplier_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint supplier_items_supplier_sku_check check (btrim(supplier_sku) <> '' and length(supplier_sku) <= 100),
  constraint supplier_items_supplier_name_check check (btrim(supplier_name) <> '' and length(supplier_name) <= 200),
  constraint supplier_items_pack_name_check check (btrim(pack_name) <> '' and length(pack_name) <= 60),
  constraint supplier_items_pack_check check (pack_qty > 0 and moq > 0 and order_multiple > 0),
  constraint supplier_items_price_check check (price >= 0),
  constraint supplier_items_lead_time_check check (lead_time_days >= 0),
  constraint supplier_items_dates_check check (ends_on > starts_on)
);
comment on table procurement.supplier_items is 'What a supplier charges for an item over a time, and how it can be ordered.';
comment on column procurement.supplier_items.supplier_id is 'The supplier.';
comment on column procurement.supplier_items.item_id is 'The item.';
comment on column procurement.supplier_items.supplier_sku is 'Its article number there.';
comment on column procurement.supplier_items.supplier_name is 'What it is called there.';
comment on column procurement.supplier_items.pack_name is 'What it comes in, such as case.';
comment on column procurement.supplier_items.pack_qty is 'How many units of the item are in one pack.';
comment on column procurement.supplier_items.price is 'Price of one pack in major units, without tax.';
comment on column procurement.supplier_items.currency is 'Currency of the price.';
comment on column procurement.supplier_items.moq is 'How many packs must be ordered at least.';
comment on column procurement.supplier_items.order_multiple is 'In multiples of how many packs it is ordered.';
comment on column procurement.supplier_items.lead_time_days is 'How many days it takes, where that differs from the supplier''s usual time.';
comment on column procurement.supplier_items.is_preferred is 'Whether the item is ordered here where nothing else is said.';
comment on column procurement.supplier_items.starts_on is 'First day on which the price holds.';
comment on column procurement.supplier_items.ends_on is 'First day on which it no longer holds; none until it is replaced.';
comment on column procurement.supplier_items.period is 'From starts_on to ends_on, as a range.';
comment on constraint supplier_items_supplier_sku_check on procurement.supplier_items is 'A supplier sku is not blank, and of 100 characters at most.';
comment on constraint supplier_items_supplier_name_check on procurement.supplier_items is 'A supplier name is not blank, and of 200 characters at most.';
comment on constraint supplier_items_pack_name_check on procurement.supplier_items is 'A pack name is not blank, and of 60 characters at most.';
comment on constraint supplier_items_pack_check on procurement.supplier_items is 'Packs and quantities to order are more than zero.';
comment on constraint supplier_items_price_check on procurement.supplier_items is 'A price cannot be negative.';
comment on constraint supplier_items_lead_time_check on procurement.supplier_items is 'A lead time cannot be negative.';
comment on constraint supplier_items_dates_check on procurement.supplier_items is 'The end must be after the first day.';

call core.install_table('procurement.supplier_items', 'M', 'prsi', registrable => true);

alter table procurement.supplier_items
  add constraint supplier_items_no_overlap_excl exclude using gist (
    biz_id with =, supplier_id with =, item_id with =, pack_qty with =, period with &&) where (deleted_at is null),
  add constraint supplier_items_preferred_no_overlap_excl exclude using gist (
    biz_id with =, item_id with =, period with &&) where (is_preferred and deleted_at is null);
comment on constraint supplier_items_no_overlap_excl on procurement.supplier_items is 'This supplier already has a price for this pack of the item on one of these days.';
comment on constraint supplier_items_preferred_no_overlap_excl on procurement.supplier_items is 'Another supplier is preferred for this item on one of these days.';

-- purchase_orders

-- purchase_orders ----------------------------------------------------------------------------------------------------

create table procurement.purchase_orders (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  supplier_id uuid not null,
  location_id uuid not null,
  stock_location_id uuid,
  status procurement.purchase_order_status not null default 'draft',
  revision integer not null default 1,
  approved_revision integer,
  required_approvals integer not null default 1,
  approval_round integer not null default 1,
  requested_by_id uuid,
  currency char(3) not null,
  subtotal_minor bigint not null default 0,
  shipping_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  total_minor bigint not null default 0,
  ordered_on date,
  expected_on date,
  sent_at timestamptz,
  supplier_ref text,
  payment_terms_days integer,
  note text,
  internal_note text,
  constraint purchase_orders_pkey primary key (biz_id, id),
  constraint purchase_orders_number_key unique (biz_id, number),
  constraint purchase_orders_supplier_id_fkey foreign key (biz_id, supplier_id)
    references procurement.suppliers (biz_id, id),
  constraint purchase_orders_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint purchase_orders_stock_location_id_fkey foreign key (biz_id, stock_location_id)
    references inventory.stock_locations (biz_id, id),
  constraint purchase_orders_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint purchase_orders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint purchase_orders_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint purchase_orders_supplier_ref_check check (btrim(supplier_ref) <> '' and length(supplier_ref) <= 100),
  constraint purchase_orders_note_check check (length(note) <= 10000),
  constraint purchase_orders_internal_note_check check (length(internal_note) <= 10000),
  constraint purchase_orders_amounts_check check (subtotal_minor >= 0 and shipping_minor >= 0 and tax_minor >= 0),
  constraint purchase_orders_total_check check (total_minor = subtotal_minor + shipping_minor + tax_minor),
  constraint purchase_orders_revision_check check (revision >= 1 and approved_revision between 1 and revision),
  constraint purchase_orders_approvals_check check (required_approvals >= 0 and approval_round >= 1),
  constraint purchase_orders_approved_check check (status in ('draft', 'pending_approval', 'rejected', 'cancelled') or approved_revision is not null),
  constraint purchase_orders_sent_check check (status not in ('sent', 'partially_received', 'received', 'closed', 'closed_short') or num_nonnulls(sent_at, ordered_on) = 2),
  constraint purchase_orders_payment_terms_check check (payment_terms_days >= 0)
);
comment on table procurement.purchase_orders is 'What is ordered from a supplier, from the draft to the last delivery. Once approved it is changed by a new revision, which is approved again.';
comment on column procurement.purchase_orders.number is 'Number that both sides use, such as PO-000123.';
comment on column procurement.purchase_orders.supplier_id is 'The supplier.';
comment on column procurement.purchase_orders.location_id is 'The location it is delivered to.';
comment on column procurement.purchase_orders.stock_location_id is 'Where it is put away.';
comment on column procurement.purchase_orders.status is 'Where it stands.';
comment on column procurement.purchase_orders.revision is 'Counts its versions, from 1; goes up when an approved order is changed.';
comment on column procurement.purchase_orders.approved_revision is 'The revision that was approved; while it is behind, the order is being changed.';
comment on column procurement.purchase_orders.required_approvals is 'How many people besides its author must approve it, as their limits demand.';
comment on column procurement.purchase_orders.approval_round is 'Counts how often approval was asked for, from 1.';
comment on column procurement.purchase_orders.requested_by_id is 'Who wants it.';
comment on column procurement.purchase_orders.currency is 'Currency of its amounts.';
comment on column procurement.purchase_orders.subtotal_minor is 'Sum of its lines without tax, in minor units.';
comment on column procurement.purchase_orders.shipping_minor is 'What delivery costs, in minor units.';
comment on column procurement.purchase_orders.tax_minor is 'Sum of the tax of its lines, in minor units.';
comment on column procurement.purchase_orders.total_minor is 'What it costs, in minor units: subtotal + shipping + tax.';
comment on column procurement.purchase_orders.ordered_on is 'Day on which it was sent.';
comment on column procurement.purchase_orders.expected_on is 'Day on which it is expected.';
comment on column procurement.purchase_orders.sent_at is 'When it was first sent.';
comment on column procurement.purchase_orders.supplier_ref is 'The supplier''s number for it.';
comment on column procurement.purchase_orders.payment_terms_days is 'How many days after its date an invoice is due, as agreed for it.';
comment on column procurement.purchase_orders.note is 'What the supplier should know.';
comment on column procurement.purchase_orders.internal_note is 'What only staff should know.';
comment on constraint purchase_orders_number_check on procurement.purchase_orders is 'A number is required, of 60 characters at most.';
comment on constraint purchase_orders_supplier_ref_check on procurement.purchase_orders is 'A supplier ref is not blank, and of 100 characters at most.';
comment on constraint purchase_orders_note_check on procurement.purchase_orders is 'The note has 10,000 characters at most.';
comment on constraint purchase_orders_internal_note_check on procurement.purchase_orders is 'The internal note has 10,000 characters at most.';
comment on constraint purchase_orders_number_key on procurement.purchase_orders is 'Another purchase order has this number.';
comment on constraint purchase_orders_amounts_check on procurement.purchase_orders is 'The amounts of an order cannot be negative.';
comment on constraint purchase_orders_total_check on procurement.purchase_orders is 'The total must be subtotal + shipping + tax.';
comment on constraint purchase_orders_revision_check on procurement.purchase_orders is 'Revisions are numbered from 1, and none is approved that is not there.';
comment on constraint purchase_orders_approvals_check on procurement.purchase_orders is 'Approvals cannot be fewer than none, and rounds are numbered from 1.';
comment on constraint purchase_orders_approved_check on procurement.purchase_orders is 'An approved order says which revision was approved.';
comment on constraint purchase_orders_sent_check on procurement.purchase_orders is 'An order that was sent says when.';
comment on constraint purchase_orders_payment_terms_check on procurement.purchase_orders is 'Terms cannot be negative.';

create index purchase_orders_status_expected_on_idx on procurement.purchase_orders (biz_id, status, expected_on, id);
create index purchase_orders_deliveries_idx on procurement.purchase_orders (biz_id, location_id, expected_on, id) where status in ('sent', 'partially_received');
create index purchase_orders_supplier_id_ordered_on_idx on procurement.purchase_orders (biz_id, supplier_id, ordered_on);

call core.install_table('procurement.purchase_orders', 'T', 'prpo', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('purchase_order', 'draft', 'pending_approval', false),
  ('purchase_order', 'draft', 'cancelled', true),
  ('purchase_order', 'pending_approval', 'approved', false),
  ('purchase_order', 'pending_approval', 'rejected', true),
  ('purchase_order', 'pending_approval', 'cancelled', true),
  ('purchase_order', 'rejected', 'draft', false),
  ('purchase_order', 'approved', 'sent', false),
  ('purchase_order', 'approved', 'cancelled', true),
  ('purchase_order', 'sent', 'partially_received', false),
  ('purchase_order', 'sent', 'received', false),
  ('purchase_order', 'sent', 'cancelled', true),
  ('purchase_order', 'partially_received', 'received', false),
  ('purchase_order', 'partially_received', 'closed_short', true),
  ('purchase_order', 'partially_received', 'sent', true),
  ('purchase_order', 'received', 'partially_received', true),
  ('purchase_order', 'received', 'closed', false);
call core.install_state_machine('procurement.purchase_orders', 'status', 'purchase_order');

create trigger purchase_orders_revision_forward
  before update on procurement.purchase_orders
  for each row when (new.revision < old.revision or new.approved_revision < old.approved_revision)
  execute function availability.refuse_update('purchase_orders_revision_forward_check', 'Revisions do not go back.');
create trigger purchase_orders_supplier_immutable
  before update on procurement.purchase_orders
  for each row when (
    old.sent_at is not null and (old.supplier_id, old.currency) is distinct from (new.supplier_id, new.currency))
  execute function availability.refuse_update(
    'purchase_orders_supplier_immutable_check',
    'An order that was sent keeps its supplier and currency.');

create trigger purchase_orders_amounts_frozen
  before update on procurement.purchase_orders
  for each row when (
    (old.supplier_id, old.currency, old.subtotal_minor, old.shipping_minor, old.tax_minor)
      is distinct from (new.supplier_id, new.currency, new.subtotal_minor, new.shipping_minor, new.tax_minor)
    and old.status <> 'draft'
    and not coalesce(old.status in ('approved', 'sent', 'partially_received') and new.revision > new.approved_revision, false))
  execute function availability.refuse_update(
    'purchase_orders_amounts_frozen_check',
    'What an order costs is changed in a draft, or in a new revision of an order that was approved.');

-- po_approvals

-- po_approvals -------------------------------------------------------------------------------------------------------

create table procurement.po_approvals (
  biz_id uuid not null,
  id uuid not null,
  po_id uuid not null,
  revision integer not null,
  round integer not null,
  step integer not null default 1,
  decision procurement.approval_decision not null,
  approver_id uuid not null,
  total_minor bigint not null,
  limit_minor bigint,
  currency char(3) not null,
  note text,
  constraint po_approvals_pkey primary key (biz_id, id),
  constraint po_approvals_step_key unique (biz_id, po_id, revision, round, step),
  constraint po_approvals_approver_id_key unique (biz_id, po_id, revision, round, approver_id),
  constraint po_approvals_po_id_fkey foreign key (biz_id, po_id)
    references procurement.purchase_orders (biz_id, id),
  constraint po_approvals_approver_id_fkey foreign key (approver_id)
    references identity.users (id),
  constraint po_approvals_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint po_approvals_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint po_approvals_numbers_check check (revision >= 1 and round >= 1 and step >= 1),
  constraint po_approvals_limit_check check (limit_minor >= 0 and (decision = 'rejected' or limit_minor is null or limit_minor >= total_minor)),
  constraint po_approvals_note_required_check check (decision = 'approved' or note is not null)
);
comment on table procurement.po_approvals is 'What somebody decided about a purchase order. A rejection ends the round; asking again begins the next.';
comment on column procurement.po_approvals.po_id is 'The purchase order.';
comment on column procurement.po_approvals.revision is 'The revision that was decided about.';
comment on column procurement.po_approvals.round is 'The round of approval, as the order counts them.';
comment on column procurement.po_approvals.step is 'Its place in the chain of approvals, from 1.';
comment on column procurement.po_approvals.decision is 'What was decided.';
comment on column procurement.po_approvals.approver_id is 'Who decided.';
comment on column procurement.po_approvals.total_minor is 'What the order came to when it was decided, in minor units.';
comment on column procurement.po_approvals.limit_minor is 'Up to which total this person may approve, in minor units, as it was then; none where there is no limit.';
comment on column procurement.po_approvals.currency is 'Currency of the amounts, that of the order.';
comment on column procurement.po_approvals.note is 'Why; required for a rejection.';
comment on constraint po_approvals_note_check on procurement.po_approvals is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint po_approvals_step_key on procurement.po_approvals is 'This step was decided already.';
comment on constraint po_approvals_approver_id_key on procurement.po_approvals is 'This person has decided already.';
comment on constraint po_approvals_numbers_check on procurement.po_approvals is 'Revisions, rounds and steps are numbered from 1.';
comment on constraint po_approvals_limit_check on procurement.po_approvals is 'The order comes to more than this person may approve.';
comment on constraint po_approvals_note_required_check on procurement.po_approvals is 'A rejection has a reason.';

call core.install_table('procurement.po_approvals', 'J', 'prap', entity_name => 'PurchaseOrderApproval');

create function procurement.check_po_approval() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from (
      select p.biz_id, p.id, p.status, p.revision, p.approved_revision, p.approval_round, p.total_minor, p.currency
      from procurement.purchase_orders p
      where (p.biz_id, p.id) in (select i.biz_id, i.po_id from inserted i)
      order by p.id
      for no key update
    ) p
    join inserted i on i.biz_id = p.biz_id and i.po_id = p.id
    where (i.revision, i.round, i.total_minor, i.currency) <> (p.revision, p.approval_round, p.total_minor, p.currency)
      or not (
        p.status = 'pending_approval'
        or (p.status in ('approved', 'sent', 'partially_received') and p.revision > p.approved_revision)
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'What is decided about is the order as it waits now: its revision, its round and its total.',
      schema = 'procurement',
      table = 'po_approvals',
      constraint = 'po_approvals_order_check';
  end if;
  return null;
end
$$;
comment on function procurement.check_po_approval() is 'Trigger: a decision is about the revision, round and total of an order that waits for it.';

create trigger po_approvals_order
  after insert on procurement.po_approvals referencing new table as inserted
  for each statement execute function procurement.check_po_approval();

-- po_line_items

-- po_line_items ------------------------------------------------------------------------------------------------------

create table procurement.po_line_items (
  biz_id uuid not null,
  id uuid not null,
  po_id uuid not null,
  line_no integer not null,
  item_id uuid,
  supplier_item_id uuid,
  description text not null,
  quantity numeric(18,6) not null,
  received_qty numeric(18,6) not null default 0,
  invoiced_qty numeric(18,6) not null default 0,
  unit_price numeric(20,6) not null,
  tax_rate numeric(9,6),
  tax_minor bigint not null default 0,
  total_minor bigint not null,
  currency char(3) not null,
  over_tolerance_bps integer not null default 0,
  price_tolerance_bps integer not null default 0,
  expected_on date,
  revision integer not null default 1,
  cancelled_at timestamptz,
  constraint po_line_items_pkey primary key (biz_id, id),
  constraint po_line_items_po_id_line_no_key unique (biz_id, po_id, line_no),
  constraint po_line_items_po_id_fkey foreign key (biz_id, po_id)
    references procurement.purchase_orders (biz_id, id),
  constraint po_line_items_item_id_fkey foreign key (biz_id, item_id)
    references inventory.inventory_items (biz_id, id),
  constraint po_line_items_supplier_item_id_fkey foreign key (biz_id, supplier_item_id)
    references procurement.supplier_items (biz_id, id),
  constraint po_line_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint po_line_items_description_check check (btrim(description) <> '' and length(description) <= 500),
  constraint po_line_items_line_no_check check (line_no >= 1),
  constraint po_line_items_quantity_check check (quantity > 0),
  constraint po_line_items_amounts_check check (unit_price >= 0 and tax_minor >= 0 and total_minor >= 0),
  constraint po_line_items_tax_rate_check check (tax_rate between 0 and 10),
  constraint po_line_items_tolerances_check check (over_tolerance_bps between 0 and 10000 and price_tolerance_bps between 0 and 10000),
  constraint po_line_items_received_qty_check check (received_qty >= 0 and received_qty <= quantity * (10000 + over_tolerance_bps) / 10000),
  constraint po_line_items_invoiced_qty_check check (invoiced_qty >= 0),
  constraint po_line_items_cancelled_check check (cancelled_at is null or received_qty = 0)
);
comment on table procurement.po_line_items is 'One thing of a purchase order, with how much of it has come and was billed. Both follow posted receipts and approved invoices.';
comment on column procurement.po_line_items.po_id is 'The purchase order.';
comment on column procurement.po_line_items.line_no is 'Its place in the order, from 1.';
comment on column procurement.po_line_items.item_id is 'The item; none for what is not kept in stock, such as a service.';
comment on column procurement.po_line_items.supplier_item_id is 'The price it was ordered at.';
comment on column procurement.po_line_items.description is 'What is ordered, as the supplier reads it.';
comment on column procurement.po_line_items.quantity is 'How much is ordered, in the unit of the item.';
comment on column procurement.po_line_items.received_qty is 'How much has come and was accepted; follows posted receipts.';
comment on column procurement.po_line_items.invoiced_qty is 'How much was billed; follows approved invoices.';
comment on column procurement.po_line_items.unit_price is 'Price of one unit in major units, without tax.';
comment on column procurement.po_line_items.tax_rate is 'Tax rate as a fraction: 0.06 is 6 %.';
comment on column procurement.po_line_items.tax_minor is 'Tax of the line, in minor units.';
comment on column procurement.po_line_items.total_minor is 'What the line costs without tax, in minor units: quantity x unit_price, rounded once.';
comment on column procurement.po_line_items.currency is 'Currency of its amounts, that of the order.';
comment on column procurement.po_line_items.over_tolerance_bps is 'How much more than ordered is accepted, in hundredths of a percent (500 = 5 %).';
comment on column procurement.po_line_items.price_tolerance_bps is 'By how much a billed price may differ, in hundredths of a percent.';
comment on column procurement.po_line_items.expected_on is 'Day on which this line is expected, where that differs from the order''s.';
comment on column procurement.po_line_items.revision is 'The revision of the order that last changed it.';
comment on column procurement.po_line_items.cancelled_at is 'When it was taken off the order; it counts nowhere since.';
comment on constraint po_line_items_description_check on procurement.po_line_items is 'A description is required, of 500 characters at most.';
comment on constraint po_line_items_po_id_line_no_key on procurement.po_line_items is 'The order already has a line of this number.';
comment on constraint po_line_items_line_no_check on procurement.po_line_items is 'Line numbers begin at 1.';
comment on constraint po_line_items_quantity_check on procurement.po_line_items is 'More than nothing is ordered.';
comment on constraint po_line_items_amounts_check on procurement.po_line_items is 'The amounts of a line cannot be negative.';
comment on constraint po_line_items_tax_rate_check on procurement.po_line_items is 'The tax rate is a fraction between 0 and 10.';
comment on constraint po_line_items_tolerances_check on procurement.po_line_items is 'Tolerances lie between 0 and 100 %.';
comment on constraint po_line_items_received_qty_check on procurement.po_line_items is 'No more is accepted than was ordered, with its tolerance.';
comment on constraint po_line_items_invoiced_qty_check on procurement.po_line_items is 'What was billed cannot be less than nothing.';
comment on constraint po_line_items_cancelled_check on procurement.po_line_items is 'What has come is not taken off an order.';

call core.install_table('procurement.po_line_items', 'T', 'prpl', entity_name => 'PurchaseOrderLineItem');

create trigger po_line_items_new_follows
  before insert on procurement.po_line_items
  for each row when (new.received_qty <> 0 or new.invoiced_qty <> 0)
  execute function availability.refuse_update(
    'po_line_items_follows_check',
    'What came and what was billed follow posted receipts and approved invoices.');
create trigger po_line_items_follows
  before update on procurement.po_line_items
  for each row when (
    (old.received_qty, old.invoiced_qty) is distinct from (new.received_qty, new.invoiced_qty) and pg_trigger_depth() = 0)
  execute function availability.refuse_update(
    'po_line_items_follows_check',
    'What came and what was billed follow posted receipts and approved invoices.');

-- An approved order is changed by raising its revision: until that is approved too, its lines may be written.
create function procurement.check_po_line() returns trigger
language plpgsql as $$
declare
  po procurement.purchase_orders;
begin
  if tg_op = 'UPDATE' and old.po_id <> new.po_id then
    raise exception using
      errcode = '23514',
      message = 'A line stays with its order.',
      schema = 'procurement',
      table = 'po_line_items',
      column = 'po_id',
      constraint = 'po_line_items_po_id_immutable_check';
  end if;

  select o.*
  into po
  from procurement.purchase_orders o
  where o.biz_id = new.biz_id
    and o.id = new.po_id
  for no key update;

  if found
    and not (po.status = 'draft' or (po.status in ('approved', 'sent', 'partially_received') and po.revision > po.approved_revision))
  then
    raise exception using
      errcode = '23514',
      message = 'The lines of an order are changed in a draft, or in a new revision of an order that was approved.',
      schema = 'procurement',
      table = 'po_line_items',
      constraint = 'po_line_items_open_check';
  elsif found and new.revision <> po.revision then
    raise exception using
      errcode = '23514',
      message = 'A changed line carries the revision of its order.',
      schema = 'procurement',
      table = 'po_line_items',
      column = 'revision',
      constraint = 'po_line_items_revision_check';
  end if;
  return new;
end
$$;
comment on function procurement.check_po_line() is 'Trigger: lines are written in drafts and in revisions that are not approved yet.';

create trigger po_line_items_new_open
  before insert on procurement.po_line_items
  for each row execute function procurement.check_po_line();
create trigger po_line_items_open
  before update on procurement.po_line_items
  for each row when (
    (old.po_id, old.line_no, old.item_id, old.description, old.quantity, old.unit_price, old.tax_rate, old.tax_minor, old.total_minor,
      old.currency, old.over_tolerance_bps, old.price_tolerance_bps, old.revision, old.cancelled_at)
    is distinct from
    (new.po_id, new.line_no, new.item_id, new.description, new.quantity, new.unit_price, new.tax_rate, new.tax_minor, new.total_minor,
      new.currency, new.over_tolerance_bps, new.price_tolerance_bps, new.revision, new.cancelled_at))
  execute function procurement.check_po_line();

-- Orders: sums, approval, sending, and what has come ------------------------------------------------------------------

create function procurement.check_order() returns trigger
language plpgsql as $$
declare
  po procurement.purchase_orders;
  lines record;
  broken text;
begin
  select o.*
  into po
  from procurement.purchase_orders o
  where o.biz_id = new.biz_id
    and o.id = case when tg_table_name = 'purchase_orders' then new.id else (to_jsonb(new) ->> 'po_id')::uuid end;

  select count(*) as number, coalesce(sum(l.total_minor), 0) as total, coalesce(sum(l.tax_minor), 0) as tax,
    coalesce(bool_and(l.currency = po.currency), true) as same_currency,
    coalesce(bool_and(l.received_qty >= l.quantity), true) as complete,
    coalesce(bool_or(l.received_qty > 0), false) as begun
  into lines
  from procurement.po_line_items l
  where l.biz_id = po.biz_id
    and l.po_id = po.id
    and l.cancelled_at is null;

  broken := case
    when lines.total <> po.subtotal_minor or lines.tax <> po.tax_minor then 'lines_sum'
    when not lines.same_currency then 'lines_currency'
    when po.status not in ('draft', 'cancelled') and lines.number = 0 then 'empty'
    when po.status in ('cancelled', 'sent') and lines.begun then 'nothing_received'
    when po.status in ('partially_received', 'closed_short') and not lines.begun then 'partly_received'
    when po.status in ('received', 'closed') and not lines.complete then 'all_received'
  end;

  if broken is not null then
    raise exception using
      errcode = '23514',
      message = case broken
        when 'lines_sum' then 'The lines of an order must sum up to its subtotal and tax.'
        when 'lines_currency' then 'Lines have the currency of their order.'
        when 'empty' then 'An order orders something.'
        when 'nothing_received' then 'An order of which something has come is not cancelled, nor merely sent.'
        when 'partly_received' then 'Of an order that is partially received something has come.'
        else 'An order is received when all of it has come.'
      end,
      schema = 'procurement',
      table = 'purchase_orders',
      constraint = format('purchase_orders_%s_check', broken);
  end if;
  return null;
end
$$;
comment on function procurement.check_order() is 'Trigger: the lines of an order sum up to it, and what has come of them fits its status.';

create constraint trigger purchase_orders_lines_check
  after insert or update on procurement.purchase_orders
  deferrable initially deferred
  for each row execute function procurement.check_order();
comment on constraint purchase_orders_lines_check on procurement.purchase_orders is 'The lines of an order must sum up to it, and what has come of them must fit its status.';
create constraint trigger po_line_items_order_check
  after update of received_qty on procurement.po_line_items
  deferrable initially deferred
  for each row when (old.received_qty <> new.received_qty) execute function procurement.check_order();
comment on constraint po_line_items_order_check on procurement.po_line_items is 'What has come of the lines of an order must fit its status.';

create function procurement.check_order_approved() returns trigger
language plpgsql as $$
declare
  approvals bigint;
begin
  select count(distinct a.approver_id)
  into approvals
  from procurement.po_approvals a
  where a.biz_id = new.biz_id
    and a.po_id = new.id
    and a.revision = new.approved_revision
    and a.round = new.approval_round
    and a.decision = 'approved'
    and a.approver_id is distinct from new.requested_by_id
    and a.total_minor = new.total_minor
    and a.currency = new.currency
    and not exists (
      select
      from procurement.po_approvals r
      where r.biz_id = a.biz_id
        and r.po_id = a.po_id
        and r.revision = a.revision
        and r.round = a.round
        and r.decision = 'rejected'
    );

  if approvals < new.required_approvals then
    raise exception using
      errcode = '23514',
      message = format('The order needs %s approvals by others than its author for what it comes to now, and has %s.', new.required_approvals, approvals),
      schema = 'procurement',
      table = 'purchase_orders',
      column = 'approved_revision',
      constraint = 'purchase_orders_approvals_given_check';
  end if;
  return null;
end
$$;
comment on function procurement.check_order_approved() is 'Trigger: a revision of an order is approved by as many others as it needs.';

create trigger purchase_orders_new_approvals_given
  after insert on procurement.purchase_orders
  for each row when (new.approved_revision is not null)
  execute function procurement.check_order_approved();
create trigger purchase_orders_approvals_given
  after update on procurement.purchase_orders
  for each row when (
    new.approved_revision is not null
    and (old.approved_revision is distinct from new.approved_revision
      or (old.status <> new.status and new.status = 'approved')))
  execute function procurement.check_order_approved();

create function procurement.check_order_sent() returns trigger
language plpgsql as $$
declare
  broken text;
begin
  if new.approved_revision <> new.revision then
    broken := 'revision_approved';
  elsif not exists (
    select
    from (
      select s.status
      from procurement.suppliers s
      where s.biz_id = new.biz_id
        and s.id = new.supplier_id
      for share
    ) s
    where s.status = 'approved'
  ) then
    broken := 'supplier_approved';
  else
    -- Locked, so that none is revoked meanwhile.
    perform
    from procurement.supplier_certifications c
    where c.biz_id = new.biz_id
      and c.supplier_id = new.supplier_id
      and c.status = 'valid'
      and c.deleted_at is null
    order by c.id
    for share;
    if exists (
      select
      from procurement.supplier_certifications m
      where m.biz_id = new.biz_id
        and m.supplier_id = new.supplier_id
        and m.is_mandatory
        and m.deleted_at is null
        and not exists (
          select
          from procurement.supplier_certifications c
          where c.biz_id = m.biz_id
            and c.supplier_id = m.supplier_id
            and c.kind = m.kind
            and c.status = 'valid'
            and c.deleted_at is null
            and c.issued_on <= new.ordered_on
            and (c.expires_on is null or c.expires_on > new.ordered_on)
        )
    ) then
      broken := 'supplier_certified';
    end if;
  end if;

  if broken is not null then
    raise exception using
      errcode = '23514',
      message = case broken
        when 'revision_approved' then 'An order is sent when its newest revision is approved.'
        when 'supplier_approved' then 'Nothing is ordered from a supplier that is not approved.'
        else 'Nothing is ordered from a supplier that lacks a mandatory certificate, or whose certificate has expired.'
      end,
      schema = 'procurement',
      table = 'purchase_orders',
      column = 'status',
      constraint = format('purchase_orders_%s_check', broken);
  end if;
  return null;
end
$$;
comment on function procurement.check_order_sent() is 'Trigger: an order is sent in its approved revision to an approved supplier with valid mandatory certificates.';

create trigger purchase_orders_new_sent
  after insert on procurement.purchase_orders
  for each row when (new.status = 'sent')
  execute function procurement.check_order_sent();
create trigger purchase_orders_sent
  after update on procurement.purchase_orders
  for each row when (old.status <> new.status and old.status = 'approved' and new.status = 'sent')
  execute function procurement.check_order_sent();
