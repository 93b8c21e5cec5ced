-- POS, second part: sales with their lines, discounts and tenders, receipts and split bills.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain pos.sale_kind as text constraint sale_kind_check check (value in (
  'sale', 'return', 'exchange'));
comment on domain pos.sale_kind is 'What a sale does.
sale: Sells. Its quantities and amounts are above zero.
return: Takes back. Its quantities and amounts are below zero.
exchange: Takes back and sells at once. Either may be more.';
comment on constraint sale_kind_check on domain pos.sale_kind is 'Unknown kind of sale.';

create domain pos.sale_status as text constraint sale_status_check check (value in (
  'open', 'parked', 'completed', 'voided'));
comment on domain pos.sale_status is 'Where a sale stands.
open: Being rung.
parked: Set aside, to be taken up again.
completed: Paid, and never changed; what is wrong is returned.
voided: Given up before it was paid.';
comment on constraint sale_status_check on domain pos.sale_status is 'Unknown status of a sale.';

create domain pos.receipt_channel as text constraint receipt_channel_check check (value in (
  'print', 'email', 'sms', 'qr'));
comment on domain pos.receipt_channel is 'How a receipt reaches the customer.
print: On paper.
email: By mail.
sms: By a text message.
qr: By a code that the customer scans.';
comment on constraint receipt_channel_check on domain pos.receipt_channel is 'Unknown channel.';

create domain pos.bill_split_mode as text constraint bill_split_mode_check check (value in (
  'equal', 'items', 'seats', 'amount'));
comment on domain pos.bill_split_mode is 'How a bill is split.
equal: Into parts that differ by one minor unit at most.
items: By who had what.
seats: By seat.
amount: By amounts that the guests name.';
comment on constraint bill_split_mode_check on domain pos.bill_split_mode is 'Unknown mode.';

-- sales

-- sales --------------------------------------------------------------------------------------------------------------

create table pos.sales (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind pos.sale_kind not null default 'sale',
  status pos.sale_status not null default 'open',
  location_id uuid not null,
  register_id uuid,
  session_id uuid,
  business_date date not null,
  customer_id uuid,
  server_id uuid,
  original_sale_id uuid,
  seating_id uuid,
  booking_order_id uuid,
  deliver_to_resource_id uuid,
  service_mode pos.service_mode not null default 'counter',
  guests integer,
  currency char(3) not null,
  is_tax_inclusive boolean not null default false,
  subtotal_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  tip_minor bigint not null default 0,
  rounding_minor bigint not null default 0,
  total_minor bigint not null default 0,
  is_late boolean not null default false,
  client_id text,
  client_recorded_at timestamptz,
  idempotency_key text,
  completed_at timestamptz,
  voided_at timestamptz,
  void_reason text,
  note text,
  constraint sales_pkey primary key (biz_id, id),
  constraint sales_number_key unique (biz_id, number),
  constraint sales_client_id_key unique (biz_id, client_id),
  constraint sales_idempotency_key_key unique (biz_id, idempotency_key),
  constraint sales_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint sales_register_id_fkey foreign key (biz_id, register_id)
    references pos.cash_registers (biz_id, id),
  constraint sales_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint sales_server_id_fkey foreign key (biz_id, server_id)
    references workforce.staff (biz_id, id),
  constraint sales_original_sale_id_fkey foreign key (biz_id, original_sale_id)
    references pos.sales (biz_id, id),
  constraint sales_seating_id_fkey foreign key (biz_id, seating_id)
    references pos.table_seatings (biz_id, id),
  constraint sales_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint sales_deliver_to_resource_id_fkey foreign key (biz_id, deliver_to_resource_id)
    references resources.resources (biz_id, id),
  constraint sales_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sales_session_id_fkey foreign key (biz_id, register_id, session_id)
    references pos.cash_sessions (biz_id, register_id, id),
  constraint sales_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint sales_client_id_check check (btrim(client_id) <> '' and length(client_id) <= 100),
  constraint sales_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 255),
  constraint sales_void_reason_check check (btrim(void_reason) <> '' and length(void_reason) <= 2000),
  constraint sales_note_check check (length(note) <= 10000),
  constraint sales_session_check check (session_id is null or register_id is not null),
  constraint sales_original_check check (original_sale_id is null or (kind <> 'sale' and original_sale_id <> id)),
  constraint sales_guests_check check (guests >= 1),
  constraint sales_amounts_check check (case kind
      when 'sale' then least(subtotal_minor, discount_minor, tax_minor, tip_minor, total_minor) >= 0
      when 'return' then greatest(subtotal_minor, discount_minor, tax_minor, tip_minor, total_minor) <= 0
      else true end),
  constraint sales_total_check check (total_minor = subtotal_minor - discount_minor + case when is_tax_inclusive then 0 else tax_minor end + tip_minor + rounding_minor),
  constraint sales_completed_check check ((status = 'completed') = (completed_at is not null)),
  constraint sales_voided_check check ((status = 'voided') = (voided_at is not null) and (voided_at is null) = (void_reason is null))
);
comment on table pos.sales is 'Something sold, taken back or exchanged at a till, a table or online, with its price as agreed and where it stands.';
comment on column pos.sales.number is 'Number on the receipt, such as S-000123.';
comment on column pos.sales.kind is 'What it does. Never changed.';
comment on column pos.sales.status is 'Where it stands; a new one is open or parked.';
comment on column pos.sales.location_id is 'The location.';
comment on column pos.sales.register_id is 'The till it was rung at; none for orders from tables and the web.';
comment on column pos.sales.session_id is 'The session of the till that its money belongs to.';
comment on column pos.sales.business_date is 'Business day of the location on which it was begun. Never changed.';
comment on column pos.sales.customer_id is 'Who bought, where known.';
comment on column pos.sales.server_id is 'Who served or sold.';
comment on column pos.sales.original_sale_id is 'The sale that is returned or exchanged; none where the customer has no receipt.';
comment on column pos.sales.seating_id is 'The party at the table it is for.';
comment on column pos.sales.booking_order_id is 'The stay or booking it is for, as for room service.';
comment on column pos.sales.deliver_to_resource_id is 'The room it is brought to.';
comment on column pos.sales.service_mode is 'How it gets to the customer.';
comment on column pos.sales.guests is 'How many people it is for.';
comment on column pos.sales.currency is 'Currency of all its amounts. Never changed.';
comment on column pos.sales.is_tax_inclusive is 'Whether its prices contain the tax; otherwise tax is on top of them.';
comment on column pos.sales.subtotal_minor is 'Sum of its lines before discounts, in minor units.';
comment on column pos.sales.discount_minor is 'Sum of what was taken off its lines, in minor units.';
comment on column pos.sales.tax_minor is 'Sum of the tax of its lines, in minor units.';
comment on column pos.sales.tip_minor is 'What was given on top, in minor units.';
comment on column pos.sales.rounding_minor is 'By how much the total was rounded to what coins allow, in minor units, up or down.';
comment on column pos.sales.total_minor is 'What is paid, in minor units: subtotal - discount + tax on top + tip + rounding.';
comment on column pos.sales.is_late is 'Whether it was rung offline and came in after its session had ended, and so counts for a later one.';
comment on column pos.sales.client_id is 'Id that the device gave it while offline.';
comment on column pos.sales.client_recorded_at is 'When it was rung, as the device says.';
comment on column pos.sales.idempotency_key is 'Key of whoever wrote it, so that the same sale is not written twice.';
comment on column pos.sales.completed_at is 'When it was paid.';
comment on column pos.sales.voided_at is 'When it was given up.';
comment on column pos.sales.void_reason is 'Why it was given up.';
comment on column pos.sales.note is 'What staff should know about it.';
comment on constraint sales_number_check on pos.sales is 'A number is required, of 60 characters at most.';
comment on constraint sales_client_id_check on pos.sales is 'A client id is not blank, and of 100 characters at most.';
comment on constraint sales_idempotency_key_check on pos.sales is 'An idempotency key is not blank, and of 255 characters at most.';
comment on constraint sales_void_reason_check on pos.sales is 'A void reason is not blank, and of 2,000 characters at most.';
comment on constraint sales_note_check on pos.sales is 'The note has 10,000 characters at most.';
comment on constraint sales_number_key on pos.sales is 'Another sale has this number.';
comment on constraint sales_client_id_key on pos.sales is 'This sale of the device is here already.';
comment on constraint sales_idempotency_key_key on pos.sales is 'This sale was written already.';
comment on constraint sales_session_id_fkey on pos.sales is 'The session must be one of the same till.';
comment on constraint sales_session_check on pos.sales is 'A session is one of a till.';
comment on constraint sales_original_check on pos.sales is 'Only a return or an exchange has an original sale.';
comment on constraint sales_guests_check on pos.sales is 'It is for one person at least.';
comment on constraint sales_amounts_check on pos.sales is 'The amounts of a sale are not below zero, those of a return not above.';
comment on constraint sales_total_check on pos.sales is 'The total must be subtotal - discount + tax on top + tip + rounding.';
comment on constraint sales_completed_check on pos.sales is 'A completed sale says when, and no other does.';
comment on constraint sales_voided_check on pos.sales is 'A voided sale says when and why, and no other does.';

create index sales_open_idx on pos.sales (biz_id, register_id, status, id) where status in ('open', 'parked');
create index sales_location_id_business_date_idx on pos.sales (biz_id, location_id, business_date, status, completed_at);
create index sales_business_date_idx on pos.sales (biz_id, business_date, id);
create index sales_customer_id_business_date_idx on pos.sales (biz_id, customer_id, business_date);

call core.install_table('pos.sales', 'T', 'posl', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('sale', 'open', 'parked', false),
  ('sale', 'open', 'completed', false),
  ('sale', 'open', 'voided', true),
  ('sale', 'parked', 'open', false),
  ('sale', 'parked', 'completed', false),
  ('sale', 'parked', 'voided', true);
call core.install_state_machine('pos.sales', 'status', 'sale');

create index sales_created_at_idx on pos.sales (biz_id, created_at, id);

create trigger sales_begins_open
  before insert on pos.sales
  for each row when (new.status not in ('open', 'parked'))
  execute function availability.refuse_update(
    'sales_begins_open_check',
    'A sale begins open; it is completed when its lines and tenders are there.');
create trigger sales_basis_immutable
  before update on pos.sales
  for each row when (
    (old.kind, old.location_id, old.business_date, old.currency) is distinct from (new.kind, new.location_id, new.business_date, new.currency))
  execute function availability.refuse_update(
    'sales_basis_immutable_check',
    'A sale keeps its kind, location, business date and currency.');
create trigger sales_closed_immutable
  before update on pos.sales
  for each row when (old.status in ('completed', 'voided') and old.status = new.status)
  execute function availability.refuse_update(
    'sales_closed_immutable_check',
    'A completed or voided sale is not changed: what is wrong is returned.');

-- sale_items

-- sale_items ---------------------------------------------------------------------------------------------------------

create table pos.sale_items (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  line_no integer not null,
  sellable_id uuid not null,
  variant_id uuid,
  name text not null,
  sku text,
  quantity numeric(18,6) not null,
  unit_price numeric(20,6) not null,
  unit_cost numeric(20,6),
  tax_category text,
  tax_rate numeric(9,6),
  gross_minor bigint not null,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  total_minor bigint not null,
  currency char(3) not null,
  price_details jsonb,
  price_approved_by_id uuid,
  seat_no integer,
  course integer,
  note text,
  original_item_id uuid,
  return_reason text,
  is_restocked boolean not null default true,
  returned_qty numeric(18,6) not null default 0,
  voided_at timestamptz,
  void_reason text,
  voided_by_id uuid,
  constraint sale_items_pkey primary key (biz_id, id),
  constraint sale_items_sale_id_line_no_key unique (biz_id, sale_id, line_no),
  constraint sale_items_sale_id_id_key unique (biz_id, sale_id, id),
  constraint sale_items_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint sale_items_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint sale_items_variant_id_fkey foreign key (biz_id, variant_id)
    references catalog.product_variants (biz_id, id),
  constraint sale_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sale_items_price_approved_by_id_fkey foreign key (price_approved_by_id)
    references identity.users (id),
  constraint sale_items_original_item_id_fkey foreign key (biz_id, original_item_id)
    references pos.sale_items (biz_id, id),
  constraint sale_items_voided_by_id_fkey foreign key (voided_by_id)
    references identity.users (id),
  constraint sale_items_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint sale_items_sku_check check (btrim(sku) <> '' and length(sku) <= 100),
  constraint sale_items_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint sale_items_note_check check (length(note) <= 2000),
  constraint sale_items_return_reason_check check (btrim(return_reason) <> '' and length(return_reason) <= 200),
  constraint sale_items_void_reason_check check (btrim(void_reason) <> '' and length(void_reason) <= 2000),
  constraint sale_items_line_no_check check (line_no >= 1),
  constraint sale_items_quantity_check check (quantity <> 0),
  constraint sale_items_unit_check check (unit_price >= 0 and unit_cost >= 0),
  constraint sale_items_amounts_check check (case when quantity > 0
      then least(gross_minor, discount_minor, tax_minor) >= 0 and discount_minor <= gross_minor
      else greatest(gross_minor, discount_minor, tax_minor) <= 0 and discount_minor >= gross_minor end),
  constraint sale_items_total_check check (total_minor = gross_minor - discount_minor),
  constraint sale_items_tax_rate_check check (tax_rate between 0 and 10),
  constraint sale_items_price_details_check check (jsonb_typeof(price_details) = 'object'),
  constraint sale_items_places_check check (seat_no >= 1 and course >= 1),
  constraint sale_items_original_check check (original_item_id is null or (quantity < 0 and original_item_id <> id)),
  constraint sale_items_returned_qty_check check (returned_qty between 0 and greatest(quantity, 0)),
  constraint sale_items_voided_check check (num_nonnulls(voided_at, void_reason) in (0, 2))
);
comment on table pos.sale_items is 'One line of a sale, with name, price, tax and cost as they were then. Frozen when the sale is completed; only how much came back is counted up.';
comment on column pos.sale_items.sale_id is 'The sale.';
comment on column pos.sale_items.line_no is 'Its place in the sale, from 1; kept when others are voided.';
comment on column pos.sale_items.sellable_id is 'What was sold.';
comment on column pos.sale_items.variant_id is 'The variant, where it is a product.';
comment on column pos.sale_items.name is 'Name of what was sold, as it was then.';
comment on column pos.sale_items.sku is 'Article number, as it was then.';
comment on column pos.sale_items.quantity is 'How many or how much was sold; below zero for what is taken back.';
comment on column pos.sale_items.unit_price is 'Price of one in major units with its modifiers, as it was then.';
comment on column pos.sale_items.unit_cost is 'What one had cost in major units, as it was then.';
comment on column pos.sale_items.tax_category is 'Tax category, as it was then.';
comment on column pos.sale_items.tax_rate is 'Tax rate as a fraction, as it was then: 0.06 is 6 %.';
comment on column pos.sale_items.gross_minor is 'What the line costs before discounts, in minor units: unit_price x quantity, rounded once.';
comment on column pos.sale_items.discount_minor is 'What was taken off this line, its part of a discount on the whole sale included, in minor units.';
comment on column pos.sale_items.tax_minor is 'Tax of this line, in minor units, within the price or on top as the sale says.';
comment on column pos.sale_items.total_minor is 'What the line costs without tax on top, in minor units: gross - discount.';
comment on column pos.sale_items.currency is 'Currency of its amounts, that of the sale.';
comment on column pos.sale_items.price_details is 'How the price came about, as it was then.';
comment on column pos.sale_items.price_approved_by_id is 'Who approved a price other than that of the catalog.';
comment on column pos.sale_items.seat_no is 'The seat of the guest who has it.';
comment on column pos.sale_items.course is 'The course it is sent with.';
comment on column pos.sale_items.note is 'What the kitchen or the customer should know, such as no onions.';
comment on column pos.sale_items.original_item_id is 'The line that is taken back; none where the customer has no receipt.';
comment on column pos.sale_items.return_reason is 'Why it is taken back.';
comment on column pos.sale_items.is_restocked is 'Whether what is taken back can be sold again.';
comment on column pos.sale_items.returned_qty is 'How much of it was taken back; follows completed returns.';
comment on column pos.sale_items.voided_at is 'When the line was taken off the open sale; it counts nowhere since.';
comment on column pos.sale_items.void_reason is 'Why it was taken off.';
comment on column pos.sale_items.voided_by_id is 'Who took it off, or approved that.';
comment on constraint sale_items_name_check on pos.sale_items is 'A name is required, of 200 characters at most.';
comment on constraint sale_items_sku_check on pos.sale_items is 'A sku is not blank, and of 100 characters at most.';
comment on constraint sale_items_tax_category_check on pos.sale_items is 'A tax category is not blank, and of 60 characters at most.';
comment on constraint sale_items_note_check on pos.sale_items is 'The note has 2,000 characters at most.';
comment on constraint sale_items_return_reason_check on pos.sale_items is 'A return reason is not blank, and of 200 characters at most.';
comment on constraint sale_items_void_reason_check on pos.sale_items is 'A void reason is not blank, and of 2,000 characters at most.';
comment on constraint sale_items_sale_id_line_no_key on pos.sale_items is 'The sale already has a line of this number.';
comment on constraint sale_items_sale_id_id_key on pos.sale_items is 'A line is one of one sale.';
comment on constraint sale_items_line_no_check on pos.sale_items is 'Line numbers begin at 1.';
comment on constraint sale_items_quantity_check on pos.sale_items is 'A line is of more than nothing.';
comment on constraint sale_items_unit_check on pos.sale_items is 'Prices and costs cannot be negative; what is taken back has a negative quantity.';
comment on constraint sale_items_amounts_check on pos.sale_items is 'The amounts of a line have the sign of its quantity, and no more is taken off than there is.';
comment on constraint sale_items_total_check on pos.sale_items is 'The total of a line must be gross - discount.';
comment on constraint sale_items_tax_rate_check on pos.sale_items is 'The tax rate is a fraction between 0 and 10.';
comment on constraint sale_items_price_details_check on pos.sale_items is 'Price details are a JSON object.';
comment on constraint sale_items_places_check on pos.sale_items is 'Seats and courses are numbered from 1.';
comment on constraint sale_items_original_check on pos.sale_items is 'Only what is taken back has an original line.';
comment on constraint sale_items_returned_qty_check on pos.sale_items is 'No more can be taken back than was sold.';
comment on constraint sale_items_voided_check on pos.sale_items is 'A voided line says when and why.';

call core.install_table('pos.sale_items', 'T', 'posi', registrable => true);

-- sale_item_modifiers

-- sale_item_modifiers ------------------------------------------------------------------------------------------------

create table pos.sale_item_modifiers (
  biz_id uuid not null,
  id uuid not null,
  sale_item_id uuid not null,
  modifier_id uuid,
  name text not null,
  quantity integer not null default 1,
  price_delta_minor bigint not null default 0,
  currency char(3) not null,
  constraint sale_item_modifiers_pkey primary key (biz_id, id),
  constraint sale_item_modifiers_sale_item_id_fkey foreign key (biz_id, sale_item_id)
    references pos.sale_items (biz_id, id),
  constraint sale_item_modifiers_modifier_id_fkey foreign key (biz_id, modifier_id)
    references catalog.modifiers (biz_id, id),
  constraint sale_item_modifiers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sale_item_modifiers_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint sale_item_modifiers_quantity_check check (quantity >= 1)
);
comment on table pos.sale_item_modifiers is 'A choice made for a line, such as oat milk, with its price as it was then. It is contained in the price of the line.';
comment on column pos.sale_item_modifiers.sale_item_id is 'The line.';
comment on column pos.sale_item_modifiers.modifier_id is 'The modifier; none for a wish that is not in the catalog.';
comment on column pos.sale_item_modifiers.name is 'Name of the modifier, as it was then.';
comment on column pos.sale_item_modifiers.quantity is 'How many times it was chosen for one unit.';
comment on column pos.sale_item_modifiers.price_delta_minor is 'What one of it adds to the price of one unit, in minor units; below zero where it makes it cheaper.';
comment on column pos.sale_item_modifiers.currency is 'Currency of the amount, that of the sale.';
comment on constraint sale_item_modifiers_name_check on pos.sale_item_modifiers is 'A name is required, of 200 characters at most.';
comment on constraint sale_item_modifiers_quantity_check on pos.sale_item_modifiers is 'It was chosen at least once.';

call core.install_table('pos.sale_item_modifiers', 'T', 'pomd');

-- sale_discounts

-- sale_discounts -----------------------------------------------------------------------------------------------------

create table pos.sale_discounts (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  sale_item_id uuid,
  discount_id uuid,
  name text not null,
  amount_minor bigint not null,
  currency char(3) not null,
  reason text,
  approved_by_id uuid,
  removed_at timestamptz,
  constraint sale_discounts_pkey primary key (biz_id, id),
  constraint sale_discounts_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint sale_discounts_discount_id_fkey foreign key (biz_id, discount_id)
    references pricing.discounts (biz_id, id),
  constraint sale_discounts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sale_discounts_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint sale_discounts_sale_item_id_fkey foreign key (biz_id, sale_id, sale_item_id)
    references pos.sale_items (biz_id, sale_id, id),
  constraint sale_discounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint sale_discounts_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint sale_discounts_amount_check check (amount_minor <> 0),
  constraint sale_discounts_reason_required_check check (discount_id is not null or reason is not null)
);
comment on table pos.sale_discounts is 'Something taken off a sale or one line of it, and by whose leave. The discounts of a sale that were not removed sum up to what its lines are reduced by.';
comment on column pos.sale_discounts.sale_id is 'The sale.';
comment on column pos.sale_discounts.sale_item_id is 'The line it is for; none where it is for the whole sale, and spread over its lines.';
comment on column pos.sale_discounts.discount_id is 'The discount; none for one given by hand.';
comment on column pos.sale_discounts.name is 'Name on the receipt, as it was then.';
comment on column pos.sale_discounts.amount_minor is 'How much was taken off, in minor units; below zero where a return gives it back.';
comment on column pos.sale_discounts.currency is 'Currency of the amount, that of the sale.';
comment on column pos.sale_discounts.reason is 'Why it was given; required by hand.';
comment on column pos.sale_discounts.approved_by_id is 'Who approved it, where somebody had to.';
comment on column pos.sale_discounts.removed_at is 'When it was taken off the open sale again; it counts nowhere since.';
comment on constraint sale_discounts_name_check on pos.sale_discounts is 'A name is required, of 200 characters at most.';
comment on constraint sale_discounts_reason_check on pos.sale_discounts is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint sale_discounts_sale_item_id_fkey on pos.sale_discounts is 'The line must be one of the same sale.';
comment on constraint sale_discounts_amount_check on pos.sale_discounts is 'A discount is of more than nothing.';
comment on constraint sale_discounts_reason_required_check on pos.sale_discounts is 'A discount given by hand has a reason.';

call core.install_table('pos.sale_discounts', 'T', 'podc');

-- bill_splits

-- bill_splits --------------------------------------------------------------------------------------------------------

create table pos.bill_splits (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  mode pos.bill_split_mode not null,
  total_minor bigint not null,
  currency char(3) not null,
  voided_at timestamptz,
  constraint bill_splits_pkey primary key (biz_id, id),
  constraint bill_splits_sale_id_id_key unique (biz_id, sale_id, id),
  constraint bill_splits_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint bill_splits_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint bill_splits_total_check check (total_minor > 0)
);
comment on table pos.bill_splits is 'How the bill of a sale is split between those who pay it. Its parts sum up to its total.';
comment on column pos.bill_splits.sale_id is 'The sale.';
comment on column pos.bill_splits.mode is 'How it is split.';
comment on column pos.bill_splits.total_minor is 'What is split, in minor units.';
comment on column pos.bill_splits.currency is 'Currency of the amounts, that of the sale.';
comment on column pos.bill_splits.voided_at is 'When it was given up, as the guests changed their minds.';
comment on constraint bill_splits_sale_id_id_key on pos.bill_splits is 'A split is one of one sale.';
comment on constraint bill_splits_total_check on pos.bill_splits is 'There is something to split.';

call core.install_table('pos.bill_splits', 'T', 'pobs');
call core.configure_graph('pos.bill_splits', aggregates => false);
create unique index bill_splits_sale_id_key on pos.bill_splits (biz_id, sale_id)
  where voided_at is null;
comment on index pos.bill_splits_sale_id_key is 'The bill of this sale is split already.';

-- bill_split_parts ---------------------------------------------------------------------------------------------------

create table pos.bill_split_parts (
  biz_id uuid not null,
  id uuid not null,
  split_id uuid not null,
  part_no integer not null,
  label text,
  seat_no integer,
  amount_minor bigint not null,
  currency char(3) not null,
  constraint bill_split_parts_pkey primary key (biz_id, id),
  constraint bill_split_parts_split_id_part_no_key unique (biz_id, split_id, part_no),
  constraint bill_split_parts_split_id_fkey foreign key (biz_id, split_id)
    references pos.bill_splits (biz_id, id),
  constraint bill_split_parts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint bill_split_parts_label_check check (btrim(label) <> '' and length(label) <= 100),
  constraint bill_split_parts_part_no_check check (part_no >= 1),
  constraint bill_split_parts_amount_check check (amount_minor >= 0)
);
comment on table pos.bill_split_parts is 'What one of those who split a bill pays.';
comment on column pos.bill_split_parts.split_id is 'The split.';
comment on column pos.bill_split_parts.part_no is 'Its place in the split, from 1: the first parts bear what does not divide.';
comment on column pos.bill_split_parts.label is 'Who pays it.';
comment on column pos.bill_split_parts.seat_no is 'The seat whose lines it pays, of a split by seats.';
comment on column pos.bill_split_parts.amount_minor is 'What it pays, in minor units.';
comment on column pos.bill_split_parts.currency is 'Currency of the amount, that of the sale.';
comment on constraint bill_split_parts_label_check on pos.bill_split_parts is 'A label is not blank, and of 100 characters at most.';
comment on constraint bill_split_parts_split_id_part_no_key on pos.bill_split_parts is 'The split already has this part.';
comment on constraint bill_split_parts_part_no_check on pos.bill_split_parts is 'Parts are numbered from 1.';
comment on constraint bill_split_parts_amount_check on pos.bill_split_parts is 'A part cannot be negative.';

call core.install_table('pos.bill_split_parts', 'T', 'pobp');
call core.configure_graph('pos.bill_split_parts', aggregates => false);

-- bill_split_items ---------------------------------------------------------------------------------------------------

create table pos.bill_split_items (
  biz_id uuid not null,
  id uuid not null,
  part_id uuid not null,
  sale_item_id uuid not null,
  quantity numeric(18,6) not null,
  amount_minor bigint not null,
  currency char(3) not null,
  constraint bill_split_items_pkey primary key (biz_id, id),
  constraint bill_split_items_part_id_sale_item_id_key unique (biz_id, part_id, sale_item_id),
  constraint bill_split_items_part_id_fkey foreign key (biz_id, part_id)
    references pos.bill_split_parts (biz_id, id),
  constraint bill_split_items_sale_item_id_fkey foreign key (biz_id, sale_item_id)
    references pos.sale_items (biz_id, id),
  constraint bill_split_items_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint bill_split_items_quantity_check check (quantity > 0),
  constraint bill_split_items_amount_check check (amount_minor >= 0)
);
comment on table pos.bill_split_items is 'What of a line one of those who split a bill pays, of a split by items.';
comment on column pos.bill_split_items.part_id is 'The part.';
comment on column pos.bill_split_items.sale_item_id is 'The line.';
comment on column pos.bill_split_items.quantity is 'How much of the line it is for.';
comment on column pos.bill_split_items.amount_minor is 'What it pays of the line, in minor units.';
comment on column pos.bill_split_items.currency is 'Currency of the amount, that of the sale.';
comment on constraint bill_split_items_part_id_sale_item_id_key on pos.bill_split_items is 'The part already pays for this line.';
comment on constraint bill_split_items_quantity_check on pos.bill_split_items is 'It is for more than nothing.';
comment on constraint bill_split_items_amount_check on pos.bill_split_items is 'An amount cannot be negative.';

call core.install_table('pos.bill_split_items', 'T', 'pobi');
call core.configure_graph('pos.bill_split_items', aggregates => false);

create function pos.check_bill_split() returns trigger
language plpgsql as $$
declare
  split pos.bill_splits;
  parts record;
  split_id uuid;
begin
  if tg_table_name = 'bill_splits' then
    split_id := new.id;
  elsif tg_table_name = 'bill_split_parts' then
    split_id := new.split_id;
  else
    select p.split_id into split_id from pos.bill_split_parts p where p.biz_id = new.biz_id and p.id = new.part_id;
  end if;

  -- Locked, as somebody else may write another part.
  select s.*
  into split
  from pos.bill_splits s
  where s.biz_id = new.biz_id
    and s.id = split_id
  for no key update;

  select coalesce(sum(p.amount_minor), 0) as total, coalesce(max(p.amount_minor) - min(p.amount_minor), 0) as spread,
    coalesce(bool_and(p.currency = split.currency), true) as same_currency,
    coalesce(bool_and(p.amount_minor = (
      select coalesce(sum(i.amount_minor), 0)
      from pos.bill_split_items i
      where i.biz_id = p.biz_id
        and i.part_id = p.id
    )), true) as itemised
  into parts
  from pos.bill_split_parts p
  where p.biz_id = split.biz_id
    and p.split_id = split.id;

  if parts.total <> split.total_minor
    or not parts.same_currency
    or (split.mode = 'equal' and parts.spread > 1)
    or (split.mode = 'items' and not parts.itemised)
  then
    raise exception using
      errcode = '23514',
      message = 'The parts of a split must sum up to its total: equal ones differ by one minor unit at most, those by items sum up their items.',
      schema = 'pos',
      table = 'bill_splits',
      column = 'total_minor',
      constraint = 'bill_splits_parts_sum_check';
  end if;
  return null;
end
$$;
comment on function pos.check_bill_split() is 'Trigger: the parts of a split sum up to its total, as its mode says.';

create constraint trigger bill_splits_parts_sum_check
  after insert or update of mode, total_minor, currency on pos.bill_splits
  deferrable initially deferred
  for each row execute function pos.check_bill_split();
comment on constraint bill_splits_parts_sum_check on pos.bill_splits is 'The parts of a split must sum up to its total: equal ones differ by one minor unit at most, those by items sum up their items.';
create constraint trigger bill_split_parts_sum_check
  after insert or update on pos.bill_split_parts
  deferrable initially deferred
  for each row execute function pos.check_bill_split();
comment on constraint bill_split_parts_sum_check on pos.bill_split_parts is 'The parts of a split must sum up to its total.';
create constraint trigger bill_split_items_sum_check
  after insert or update on pos.bill_split_items
  deferrable initially deferred
  for each row execute function pos.check_bill_split();
comment on constraint bill_split_items_sum_check on pos.bill_split_items is 'The items of a part must sum up to it.';
create trigger bill_split_parts_split_immutable
  before update on pos.bill_split_parts
  for each row when (old.split_id <> new.split_id)
  execute function availability.refuse_update('bill_split_parts_split_immutable_check', 'A part stays with its split.');

-- sale_tenders

-- sale_tenders -------------------------------------------------------------------------------------------------------

create table pos.sale_tenders (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  seq integer not null,
  kind pos.tender_kind not null,
  amount_minor bigint not null,
  tip_minor bigint not null default 0,
  tendered_minor bigint,
  change_minor bigint,
  currency char(3) not null,
  payment_intent_id uuid,
  folio_id uuid,
  instrument_type text,
  instrument_id uuid,
  split_part_id uuid,
  original_tender_id uuid,
  reference text,
  voided_at timestamptz,
  constraint sale_tenders_pkey primary key (biz_id, id),
  constraint sale_tenders_sale_id_seq_key unique (biz_id, sale_id, seq),
  constraint sale_tenders_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint sale_tenders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sale_tenders_payment_intent_id_fkey foreign key (biz_id, payment_intent_id)
    references payments.payment_intents (biz_id, id),
  constraint sale_tenders_folio_id_fkey foreign key (biz_id, folio_id)
    references billing.folios (biz_id, id),
  constraint sale_tenders_split_part_id_fkey foreign key (biz_id, split_part_id)
    references pos.bill_split_parts (biz_id, id),
  constraint sale_tenders_original_tender_id_fkey foreign key (biz_id, original_tender_id)
    references pos.sale_tenders (biz_id, id),
  constraint sale_tenders_instrument_fkey foreign key (biz_id, instrument_type, instrument_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint sale_tenders_reference_check check (btrim(reference) <> '' and length(reference) <= 200),
  constraint sale_tenders_seq_check check (seq >= 1),
  constraint sale_tenders_amount_check check (amount_minor <> 0),
  constraint sale_tenders_tip_check check (case when amount_minor > 0 then tip_minor between 0 and amount_minor else tip_minor between amount_minor and 0 end),
  constraint sale_tenders_change_check check (case when kind = 'cash' and amount_minor > 0
      then change_minor is not null and change_minor >= 0 and tendered_minor is not null and change_minor = tendered_minor - amount_minor
      else num_nonnulls(tendered_minor, change_minor) = 0 end),
  constraint sale_tenders_folio_check check ((kind = 'room_charge') = (folio_id is not null)),
  constraint sale_tenders_instrument_check check (num_nonnulls(instrument_type, instrument_id) in (0, 2)),
  constraint sale_tenders_original_check check (original_tender_id is null or (amount_minor < 0 and original_tender_id <> id)),
  constraint sale_tenders_other_reference_check check (kind <> 'other' or reference is not null)
);
comment on table pos.sale_tenders is 'One payment of a sale, of one kind. The tenders of a completed sale that were not voided sum up to its total.';
comment on column pos.sale_tenders.sale_id is 'The sale.';
comment on column pos.sale_tenders.seq is 'Its place among the tenders of the sale, from 1.';
comment on column pos.sale_tenders.kind is 'What was paid with.';
comment on column pos.sale_tenders.amount_minor is 'What it pays of the sale, its tip included, in minor units; below zero where money is given back.';
comment on column pos.sale_tenders.tip_minor is 'How much of it is a tip, in minor units.';
comment on column pos.sale_tenders.tendered_minor is 'What was handed over in cash, in minor units.';
comment on column pos.sale_tenders.change_minor is 'What was given back of the cash handed over, in minor units: tendered - amount.';
comment on column pos.sale_tenders.currency is 'Currency of the amounts, that of the sale.';
comment on column pos.sale_tenders.payment_intent_id is 'The payment with the processor, where there is one.';
comment on column pos.sale_tenders.folio_id is 'The folio it was charged to, of a charge to a room.';
comment on column pos.sale_tenders.instrument_type is 'Entity type of what paid, such as Wallet or GiftInstance, where it is kept here.';
comment on column pos.sale_tenders.instrument_id is 'What paid, where it is kept here.';
comment on column pos.sale_tenders.split_part_id is 'The part of a split bill that it pays.';
comment on column pos.sale_tenders.original_tender_id is 'The tender whose money is given back.';
comment on column pos.sale_tenders.reference is 'Number of the slip, voucher or transfer.';
comment on column pos.sale_tenders.voided_at is 'When it was undone before the sale was completed; it counts nowhere since.';
comment on constraint sale_tenders_reference_check on pos.sale_tenders is 'A reference is not blank, and of 200 characters at most.';
comment on constraint sale_tenders_sale_id_seq_key on pos.sale_tenders is 'The sale already has a tender of this number.';
comment on constraint sale_tenders_instrument_fkey on pos.sale_tenders is 'What paid must exist in this tenant.';
comment on constraint sale_tenders_seq_check on pos.sale_tenders is 'Tenders are numbered from 1.';
comment on constraint sale_tenders_amount_check on pos.sale_tenders is 'A tender is of more than nothing.';
comment on constraint sale_tenders_tip_check on pos.sale_tenders is 'A tip is a part of its tender.';
comment on constraint sale_tenders_change_check on pos.sale_tenders is 'Change is what was handed over less the amount, and is given for cash only.';
comment on constraint sale_tenders_folio_check on pos.sale_tenders is 'A charge to a room names the folio, and nothing else does.';
comment on constraint sale_tenders_instrument_check on pos.sale_tenders is 'What paid is named by its type and its id.';
comment on constraint sale_tenders_original_check on pos.sale_tenders is 'Only money that is given back has an original tender.';
comment on constraint sale_tenders_other_reference_check on pos.sale_tenders is 'Another kind of tender is told in the reference.';

call core.install_table('pos.sale_tenders', 'T', 'potd');

-- receipts

-- receipts -----------------------------------------------------------------------------------------------------------

create table pos.receipts (
  biz_id uuid not null,
  id uuid not null,
  sale_id uuid not null,
  number text not null,
  channel pos.receipt_channel not null,
  fiscal_document_id uuid,
  reprint_of_id uuid,
  content jsonb,
  constraint receipts_pkey primary key (biz_id, id),
  constraint receipts_sale_id_id_key unique (biz_id, sale_id, id),
  constraint receipts_sale_id_fkey foreign key (biz_id, sale_id)
    references pos.sales (biz_id, id),
  constraint receipts_fiscal_document_id_fkey foreign key (biz_id, fiscal_document_id)
    references billing.fiscal_documents (biz_id, id),
  constraint receipts_reprint_of_id_fkey foreign key (biz_id, sale_id, reprint_of_id)
    references pos.receipts (biz_id, sale_id, id),
  constraint receipts_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint receipts_reprint_of_check check (reprint_of_id <> id),
  constraint receipts_content_check check (jsonb_typeof(content) = 'object')
);
comment on table pos.receipts is 'A receipt that was given for a completed sale. A copy says which receipt it is a copy of.';
comment on column pos.receipts.sale_id is 'The sale.';
comment on column pos.receipts.number is 'Number on it; a copy has that of its original.';
comment on column pos.receipts.channel is 'How it was given.';
comment on column pos.receipts.fiscal_document_id is 'The fiscal document it shows, where the law asks for one.';
comment on column pos.receipts.reprint_of_id is 'The receipt it is a copy of.';
comment on column pos.receipts.content is 'What stood on it, as it was then.';
comment on constraint receipts_number_check on pos.receipts is 'A number is required, of 60 characters at most.';
comment on constraint receipts_sale_id_id_key on pos.receipts is 'A receipt is one of one sale.';
comment on constraint receipts_reprint_of_id_fkey on pos.receipts is 'A copy is of a receipt of the same sale.';
comment on constraint receipts_reprint_of_check on pos.receipts is 'A receipt is no copy of itself.';
comment on constraint receipts_content_check on pos.receipts is 'The content is a JSON object.';

create index receipts_number_idx on pos.receipts (biz_id, number);

call core.install_table('pos.receipts', 'J', 'porc', entity_name => 'PosReceipt');
create unique index receipts_original_key on pos.receipts (biz_id, sale_id)
  where reprint_of_id is null;
comment on index pos.receipts_original_key is 'This sale has its receipt already: give a copy.';
create unique index receipts_original_number_key on pos.receipts (biz_id, number)
  where reprint_of_id is null;
comment on index pos.receipts_original_number_key is 'Another receipt has this number.';

-- Lines of an open sale -----------------------------------------------------------------------------------------------

create trigger sale_items_new_open
  after insert on pos.sale_items referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'sale_items_open_check',
    'A completed or voided sale gets no lines.');
create trigger sale_items_new_returned
  before insert on pos.sale_items
  for each row when (new.returned_qty <> 0)
  execute function availability.refuse_update(
    'sale_items_returned_follows_check',
    'What was taken back follows completed returns.');
create trigger sale_items_returned
  before update on pos.sale_items
  for each row when (old.returned_qty <> new.returned_qty and pg_trigger_depth() = 0)
  execute function availability.refuse_update(
    'sale_items_returned_follows_check',
    'What was taken back follows completed returns.');
create trigger sale_items_open
  before update on pos.sale_items
  for each row when (
    (old.sale_id, old.line_no, old.sellable_id, old.variant_id, old.name, old.sku, old.quantity, old.unit_price, old.unit_cost,
      old.tax_category, old.tax_rate, old.gross_minor, old.discount_minor, old.tax_minor, old.total_minor, old.currency,
      old.price_details, old.price_approved_by_id, old.seat_no, old.course, old.note, old.original_item_id,
      old.return_reason, old.is_restocked, old.voided_at, old.void_reason, old.voided_by_id)
    is distinct from
    (new.sale_id, new.line_no, new.sellable_id, new.variant_id, new.name, new.sku, new.quantity, new.unit_price, new.unit_cost,
      new.tax_category, new.tax_rate, new.gross_minor, new.discount_minor, new.tax_minor, new.total_minor, new.currency,
      new.price_details, new.price_approved_by_id, new.seat_no, new.course, new.note, new.original_item_id,
      new.return_reason, new.is_restocked, new.voided_at, new.void_reason, new.voided_by_id))
  execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'sale_items_open_check',
    'The lines of a completed or voided sale are not changed.');
create trigger sale_discounts_new_open
  after insert on pos.sale_discounts referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'sale_discounts_open_check',
    'The discounts of a completed or voided sale are not changed.');
create trigger sale_discounts_open
  before update on pos.sale_discounts
  for each row execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'sale_discounts_open_check',
    'The discounts of a completed or voided sale are not changed.');
create trigger sale_tenders_new_open
  after insert on pos.sale_tenders referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'sale_tenders_open_check',
    'The tenders of a completed or voided sale are not changed.');
create trigger sale_tenders_open
  before update on pos.sale_tenders
  for each row execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'sale_tenders_open_check',
    'The tenders of a completed or voided sale are not changed.');
create trigger bill_splits_new_open
  after insert on pos.bill_splits referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'bill_splits_open_check',
    'The bill of a completed or voided sale is not split any more.');
create trigger bill_splits_open
  before update on pos.bill_splits
  for each row execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'open,parked', 'bill_splits_open_check',
    'The bill of a completed or voided sale is not split any more.');
create trigger receipts_completed
  after insert on pos.receipts referencing new table as inserted
  for each statement execute function inventory.check_document_open(
    'pos.sales', 'sale_id', 'completed', 'receipts_completed_check',
    'A receipt is given for a completed sale.');

create function pos.check_modifiers_open() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from (
      select s.status
      from pos.sales s
      where (s.biz_id, s.id) in (
        select l.biz_id, l.sale_id
        from inserted i
        join pos.sale_items l on l.biz_id = i.biz_id and l.id = i.sale_item_id
      )
      order by s.id
      for no key update
    ) s
    where s.status not in ('open', 'parked')
  ) then
    raise exception using
      errcode = '23514',
      message = 'The modifiers of a completed or voided sale are not changed.',
      schema = 'pos',
      table = 'sale_item_modifiers',
      constraint = 'sale_item_modifiers_open_check';
  end if;
  return null;
end
$$;
comment on function pos.check_modifiers_open() is 'Trigger: modifiers are written only while their sale is open.';

create trigger sale_item_modifiers_new_open
  after insert on pos.sale_item_modifiers referencing new table as inserted
  for each statement execute function pos.check_modifiers_open();
create trigger sale_item_modifiers_open
  after update on pos.sale_item_modifiers referencing new table as inserted
  for each statement execute function pos.check_modifiers_open();
create trigger sale_item_modifiers_item_immutable
  before update on pos.sale_item_modifiers
  for each row when (old.sale_item_id <> new.sale_item_id)
  execute function availability.refuse_update('sale_item_modifiers_item_immutable_check', 'A modifier stays with its line.');

-- Sums of sales -------------------------------------------------------------------------------------------------------
-- Checked at commit, once for each change of the sale's own row: a line that is added to an open sale without telling
-- the sale is found at the latest when that is completed.

create function pos.check_sale() returns trigger
language plpgsql as $$
declare
  sale pos.sales;
  lines record;
  tenders record;
  broken text;
begin
  select s.*
  into sale
  from pos.sales s
  where s.biz_id = new.biz_id
    and s.id = new.id;

  select count(*) as number, coalesce(sum(l.gross_minor), 0) as gross, coalesce(sum(l.discount_minor), 0) as discount,
    coalesce(sum(l.tax_minor), 0) as tax, coalesce(bool_and(l.currency = sale.currency), true) as same_currency,
    coalesce(bool_and(case sale.kind when 'sale' then l.quantity > 0 when 'return' then l.quantity < 0 else true end), true) as directed
  into lines
  from pos.sale_items l
  where l.biz_id = sale.biz_id
    and l.sale_id = sale.id
    and l.voided_at is null;

  if (lines.gross, lines.discount, lines.tax) <> (sale.subtotal_minor, sale.discount_minor, sale.tax_minor) then
    broken := 'items_sum';
  elsif not lines.same_currency or exists (
    select
    from pos.sale_items l
    join pos.sale_item_modifiers m on m.biz_id = l.biz_id and m.sale_item_id = l.id
    where l.biz_id = sale.biz_id
      and l.sale_id = sale.id
      and m.currency <> sale.currency
  ) then
    broken := 'items_currency';
  elsif not lines.directed then
    broken := 'items_direction';
  elsif sale.discount_minor <> (
    select coalesce(sum(d.amount_minor) filter (where d.currency = sale.currency), 0)
    from pos.sale_discounts d
    where d.biz_id = sale.biz_id
      and d.sale_id = sale.id
      and d.removed_at is null
  ) then
    broken := 'discounts_sum';
  end if;

  if broken is null and sale.status = 'completed' then
    select coalesce(sum(t.amount_minor), 0) as amount, coalesce(sum(t.tip_minor), 0) as tip,
      coalesce(bool_and(t.currency = sale.currency), true) as same_currency,
      coalesce(bool_or(t.kind = 'cash'), false) as in_cash,
      coalesce(bool_and(r.id is null or t.kind = any (r.allowed_tenders)), true) as allowed
    into tenders
    from pos.sale_tenders t
    left join pos.cash_registers r on r.biz_id = t.biz_id and r.id = sale.register_id
    where t.biz_id = sale.biz_id
      and t.sale_id = sale.id
      and t.voided_at is null;

    broken := case
      when lines.number = 0 then 'empty'
      when tenders.amount <> sale.total_minor or tenders.tip <> sale.tip_minor or not tenders.same_currency then 'tenders_sum'
      when not tenders.allowed then 'tenders_allowed'
      when tenders.in_cash and sale.session_id is null then 'cash_session'
      when sale.rounding_minor <> 0 and not tenders.in_cash then 'rounding'
    end;
  end if;

  if broken is not null then
    raise exception using
      errcode = '23514',
      message = case broken
        when 'items_sum' then 'The lines of a sale must sum up to its subtotal, discount and tax.'
        when 'items_currency' then 'Lines and modifiers have the currency of their sale.'
        when 'items_direction' then 'A sale sells and a return takes back; only an exchange does both.'
        when 'discounts_sum' then 'The discounts of a sale must sum up to what its lines are reduced by.'
        when 'empty' then 'A sale without a line is not completed.'
        when 'tenders_sum' then 'A sale is completed when its tenders sum up to its total, and their tips to its tip.'
        when 'tenders_allowed' then 'This till does not take this kind of tender.'
        when 'cash_session' then 'Cash belongs to a session of a till.'
        else 'Only what is paid in cash is rounded.'
      end,
      schema = 'pos',
      table = 'sales',
      constraint = format('sales_%s_check', broken);
  end if;
  return null;
end
$$;
comment on function pos.check_sale() is 'Trigger: lines and discounts sum up to the sale, and tenders to the total of a completed one.';

create constraint trigger sales_sums_check
  after insert or update on pos.sales
  deferrable initially deferred
  for each row execute function pos.check_sale();
comment on constraint sales_sums_check on pos.sales is 'The lines and discounts of a sale must sum up to its amounts, and the tenders of a completed one to its total.';

-- Sessions and sales --------------------------------------------------------------------------------------------------
-- Shared locks: many sales of a session go on at once, but none while it is closed.

create function pos.check_sale_session() returns trigger
language plpgsql as $$
declare
  is_open boolean;
begin
  select s.status = 'open'
  into is_open
  from pos.cash_sessions s
  where s.biz_id = new.biz_id
    and s.id = new.session_id
  for share;

  if not is_open then
    raise exception using
      errcode = '23514',
      message = 'Sales are rung in an open session.',
      schema = 'pos',
      table = 'sales',
      column = 'session_id',
      constraint = 'sales_session_open_check';
  end if;
  return null;
end
$$;
comment on function pos.check_sale_session() is 'Trigger: a sale is begun, taken into a session, and completed while that is open.';

create trigger sales_new_session_open
  after insert on pos.sales
  for each row when (new.session_id is not null)
  execute function pos.check_sale_session();
create trigger sales_session_open
  after update on pos.sales
  for each row when (
    new.session_id is not null
    and (old.session_id is distinct from new.session_id or (old.status <> new.status and new.status = 'completed')))
  execute function pos.check_sale_session();

create function pos.check_session_close() returns trigger
language plpgsql as $$
declare
  broken text;
  session pos.cash_sessions;
begin
  select s.*
  into session
  from pos.cash_sessions s
  where s.biz_id = new.biz_id
    and s.id = new.id;

  if exists (
    select
    from pos.sales s
    where s.biz_id = session.biz_id
      and s.register_id = session.register_id
      and s.session_id = session.id
      and s.status in ('open', 'parked')
  ) then
    broken := 'open_sales';
  elsif session.expected_minor <> session.opening_float_minor + (
    select coalesce(sum(case when m.kind in ('paid_out', 'drop') then -m.amount_minor else m.amount_minor end), 0)
    from pos.cash_movements m
    where m.biz_id = session.biz_id
      and m.session_id = session.id
      and m.currency = session.currency
  ) + (
    select coalesce(sum(t.amount_minor), 0)
    from pos.sales s
    join pos.sale_tenders t on t.biz_id = s.biz_id and t.sale_id = s.id
    where s.biz_id = session.biz_id
      and s.register_id = session.register_id
      and s.session_id = session.id
      and s.status = 'completed'
      and t.kind = 'cash'
      and t.voided_at is null
      and t.currency = session.currency
  ) then
    broken := 'expected_sum';
  elsif session.counted_minor <> (
    select coalesce(sum(c.denomination_minor * c.quantity), session.counted_minor)
    from pos.cash_counts c
    where c.biz_id = session.biz_id
      and c.session_id = session.id
      and c.count_no = session.count_no
      and c.currency = session.currency
  ) then
    broken := 'counted_sum';
  end if;

  if broken is not null then
    raise exception using
      errcode = '23514',
      message = case broken
        when 'open_sales' then 'Open and parked sales are completed, voided or moved to another session before theirs is closed.'
        when 'expected_sum' then 'What is expected in a drawer is its float, the cash of its sales, and its movements.'
        else 'What was counted in a drawer is the sum of its notes and coins.'
      end,
      schema = 'pos',
      table = 'cash_sessions',
      constraint = format('cash_sessions_%s_check', broken);
  end if;
  return null;
end
$$;
comment on function pos.check_session_close() is 'Trigger: a session that is closed has no open sales, expects what came and went, and counted its notes and coins.';

create constraint trigger cash_sessions_sums_check
  after insert or update of status on pos.cash_sessions
  deferrable initially deferred
  for each row when (new.status = 'closed') execute function pos.check_session_close();
comment on constraint cash_sessions_sums_check on pos.cash_sessions is 'A session is closed with no open sales, with what came and went as expected, and with its notes and coins as counted.';

-- Returns -------------------------------------------------------------------------------------------------------------

create function pos.apply_return() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from pos.sale_items l
    join pos.sale_items o on o.biz_id = l.biz_id and o.id = l.original_item_id
    join pos.sales s on s.biz_id = o.biz_id and s.id = o.sale_id
    where l.biz_id = new.biz_id
      and l.sale_id = new.id
      and l.voided_at is null
      and (
        s.status <> 'completed'
        or o.voided_at is not null
        or o.sale_id is distinct from coalesce(new.original_sale_id, o.sale_id)
        or (o.sellable_id, o.tax_rate, o.currency) is distinct from (l.sellable_id, l.tax_rate, l.currency)
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'What is taken back was sold by a completed sale, and is taken back at the tax rate of that sale.',
      schema = 'pos',
      table = 'sale_items',
      column = 'original_item_id',
      constraint = 'sale_items_original_sold_check';
  end if;

  with due as (
    select l.biz_id, l.original_item_id, -sum(l.quantity) as quantity
    from pos.sale_items l
    where l.biz_id = new.biz_id
      and l.sale_id = new.id
      and l.original_item_id is not null
      and l.voided_at is null
    group by l.biz_id, l.original_item_id
  ),
  locked as (
    select o.biz_id, o.id, d.quantity
    from due d
    join pos.sale_items o on o.biz_id = d.biz_id and o.id = d.original_item_id
    order by o.id
    for no key update of o
  )
  update pos.sale_items o
  set returned_qty = o.returned_qty + k.quantity
  from locked k
  where o.biz_id = k.biz_id
    and o.id = k.id;
  return null;
end
$$;
comment on function pos.apply_return() is 'Trigger: a completed return or exchange counts up what was taken back of the original lines.';

create trigger sales_apply_return
  after update on pos.sales
  for each row when (old.status <> new.status and new.status = 'completed' and new.kind <> 'sale')
  execute function pos.apply_return();
