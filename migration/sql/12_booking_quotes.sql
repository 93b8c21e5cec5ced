-- Booking: quotes. What a booking would cost, promised until an instant. A quote is written while it is a draft; once it
-- was sent it stays as it is, and another takes its place. Accepted in time, it becomes an order.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain booking.quote_status as text constraint quote_status_check check (value in (
  'draft', 'sent', 'accepted', 'rejected', 'expired', 'withdrawn', 'converted'));
comment on domain booking.quote_status is 'Where a quote stands.
draft: Being written.
sent: With the customer, who may accept it until it is no longer valid.
accepted: The customer wants it.
rejected: The customer does not want it.
expired: The customer did not answer in time.
withdrawn: It was taken back, such as when another took its place.
converted: It became an order.';
comment on constraint quote_status_check on domain booking.quote_status is 'Unknown status of a quote.';

-- quotes --------------------------------------------------------------------------------------------------------------

create table booking.quotes (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  customer_id uuid,
  group_account_id uuid,
  location_id uuid not null,
  kind booking.order_kind not null,
  channel booking.channel not null default 'desk',
  status booking.quote_status not null default 'draft',
  replaces_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  party_size integer not null default 1,
  currency char(3) not null,
  subtotal_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  total_minor bigint not null default 0,
  valid_until timestamptz not null,
  sent_at timestamptz,
  accepted_at timestamptz,
  converted_order_id uuid,
  terms text,
  note text,
  constraint quotes_pkey primary key (biz_id, id),
  constraint quotes_number_key unique (biz_id, number),
  constraint quotes_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint quotes_group_account_id_fkey foreign key (biz_id, group_account_id)
    references identity.group_accounts (biz_id, id),
  constraint quotes_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint quotes_replaces_id_fkey foreign key (biz_id, replaces_id)
    references booking.quotes (biz_id, id),
  constraint quotes_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint quotes_converted_order_id_fkey foreign key (biz_id, converted_order_id)
    references booking.booking_orders (biz_id, id),
  constraint quotes_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint quotes_terms_check check (btrim(terms) <> '' and length(terms) <= 10000),
  constraint quotes_note_check check (btrim(note) <> '' and length(note) <= 10000),
  constraint quotes_times_check check (num_nonnulls(starts_at, ends_at) in (0, 2) and ends_at > starts_at),
  constraint quotes_party_size_check check (party_size >= 1),
  constraint quotes_amounts_check check (subtotal_minor >= 0 and discount_minor >= 0 and tax_minor >= 0),
  constraint quotes_discount_check check (discount_minor <= subtotal_minor),
  constraint quotes_total_check check (total_minor = subtotal_minor - discount_minor + tax_minor),
  constraint quotes_replaces_check check (replaces_id <> id),
  constraint quotes_sent_check check (status not in ('sent', 'accepted', 'rejected', 'expired', 'converted') or sent_at is not null),
  constraint quotes_accepted_check check (status not in ('accepted', 'converted') or accepted_at is not null),
  constraint quotes_in_time_check check (accepted_at < valid_until),
  constraint quotes_converted_check check ((status = 'converted') = (converted_order_id is not null))
);
comment on table booking.quotes is 'What a booking would cost, offered to a customer until an instant.';
comment on column booking.quotes.number is 'Number that staff and customers use, such as QU-000123.';
comment on column booking.quotes.customer_id is 'Who asked for it; none while it is not known.';
comment on column booking.quotes.group_account_id is 'The family or company it is for, if it is for one.';
comment on column booking.quotes.location_id is 'The location where it would take place.';
comment on column booking.quotes.kind is 'What kind of booking it would become.';
comment on column booking.quotes.channel is 'The way it was asked for.';
comment on column booking.quotes.status is 'Where it stands.';
comment on column booking.quotes.replaces_id is 'The quote whose place it takes, as the customer wanted it otherwise.';
comment on column booking.quotes.starts_at is 'When it would begin, as far as it is known.';
comment on column booking.quotes.ends_at is 'When it would end, that instant not included.';
comment on column booking.quotes.party_size is 'How many people would come.';
comment on column booking.quotes.currency is 'Currency of all its amounts.';
comment on column booking.quotes.subtotal_minor is 'Sum of its lines, in minor units.';
comment on column booking.quotes.discount_minor is 'What is taken off the quote as a whole, in minor units.';
comment on column booking.quotes.tax_minor is 'Tax on top of it, in minor units.';
comment on column booking.quotes.total_minor is 'What it would cost, in minor units: subtotal - discount + tax.';
comment on column booking.quotes.valid_until is 'From this instant on it cannot be accepted.';
comment on column booking.quotes.sent_at is 'When it was sent to the customer.';
comment on column booking.quotes.accepted_at is 'When the customer accepted it.';
comment on column booking.quotes.converted_order_id is 'The order it became.';
comment on column booking.quotes.terms is 'Terms that the customer reads with it.';
comment on column booking.quotes.note is 'What staff should know about it.';
comment on constraint quotes_number_check on booking.quotes is 'A number is required, of 60 characters at most.';
comment on constraint quotes_terms_check on booking.quotes is 'Terms is not blank, and of 10,000 characters at most.';
comment on constraint quotes_note_check on booking.quotes is 'A note is not blank, and of 10,000 characters at most.';
comment on constraint quotes_number_key on booking.quotes is 'Another quote has this number.';
comment on constraint quotes_times_check on booking.quotes is 'A quote has both a start and an end or neither, and the end must be after the start.';
comment on constraint quotes_party_size_check on booking.quotes is 'At least one person must come.';
comment on constraint quotes_amounts_check on booking.quotes is 'The amounts of a quote cannot be negative.';
comment on constraint quotes_discount_check on booking.quotes is 'No more can be taken off than there is.';
comment on constraint quotes_total_check on booking.quotes is 'The total must be subtotal - discount + tax.';
comment on constraint quotes_replaces_check on booking.quotes is 'A quote does not take its own place.';
comment on constraint quotes_sent_check on booking.quotes is 'What was sent says when.';
comment on constraint quotes_accepted_check on booking.quotes is 'What was accepted says when.';
comment on constraint quotes_in_time_check on booking.quotes is 'A quote that is no longer valid cannot be accepted.';
comment on constraint quotes_converted_check on booking.quotes is 'A converted quote names its order, and no other does.';

call core.install_table('booking.quotes', 'T', 'bkqt', registrable => true);
create unique index quotes_converted_order_id_key on booking.quotes (biz_id, converted_order_id)
  where converted_order_id is not null;
comment on index booking.quotes_converted_order_id_key is 'This order already came from another quote.';
create unique index quotes_replaces_id_key on booking.quotes (biz_id, replaces_id)
  where replaces_id is not null and status <> 'withdrawn';
comment on index booking.quotes_replaces_id_key is 'Another quote already took its place.';
create index quotes_customer_id_created_at_idx on booking.quotes (biz_id, customer_id, created_at, id);
create index quotes_location_id_status_valid_until_idx on booking.quotes (biz_id, location_id, status, valid_until, id);
create index quotes_valid_until_idx on booking.quotes (biz_id, valid_until, id) where status = 'sent';

create trigger quotes_sent_immutable_check
  before update on booking.quotes
  for each row when (old.status <> 'draft'
    and (old.customer_id, old.kind, old.location_id, old.currency, old.subtotal_minor, old.discount_minor,
      old.tax_minor, old.starts_at, old.ends_at, old.party_size)
      is distinct from (new.customer_id, new.kind, new.location_id, new.currency, new.subtotal_minor, new.discount_minor,
      new.tax_minor, new.starts_at, new.ends_at, new.party_size))
  execute function availability.refuse_update('quotes_sent_immutable_check', 'A quote that was sent is not changed; write another that takes its place.');
comment on trigger quotes_sent_immutable_check on booking.quotes is 'A quote that was sent is not changed; write another that takes its place.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('quote', 'draft', 'sent', false),
  ('quote', 'draft', 'withdrawn', false),
  ('quote', 'sent', 'accepted', false),
  ('quote', 'sent', 'rejected', false),
  ('quote', 'sent', 'expired', false),
  ('quote', 'sent', 'withdrawn', true),
  ('quote', 'accepted', 'converted', false),
  ('quote', 'accepted', 'withdrawn', true);
call core.install_state_machine('booking.quotes', 'status', 'quote');

-- quote_lines ---------------------------------------------------------------------------------------------------------

create table booking.quote_lines (
  biz_id uuid not null,
  id uuid not null,
  quote_id uuid not null,
  line_no integer not null,
  sellable_id uuid not null,
  offer_version_id uuid,
  name text not null,
  quantity numeric(18,6) not null default 1,
  unit pricing.price_unit not null default 'each',
  unit_price numeric(20,6) not null default 0,
  discount_minor bigint not null default 0,
  total_minor bigint not null,
  currency char(3) not null,
  tax_rate numeric(9,6),
  tax_minor bigint not null default 0,
  price_details jsonb,
  starts_at timestamptz,
  ends_at timestamptz,
  voided_at timestamptz,
  constraint quote_lines_pkey primary key (biz_id, id),
  constraint quote_lines_quote_id_line_no_key unique (biz_id, quote_id, line_no),
  constraint quote_lines_quote_id_fkey foreign key (biz_id, quote_id)
    references booking.quotes (biz_id, id),
  constraint quote_lines_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint quote_lines_offer_version_id_fkey foreign key (biz_id, offer_version_id)
    references catalog.offer_versions (biz_id, id),
  constraint quote_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint quote_lines_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint quote_lines_price_details_check check (jsonb_typeof(price_details) = 'object'),
  constraint quote_lines_line_no_check check (line_no >= 1),
  constraint quote_lines_quantity_check check (quantity > 0),
  constraint quote_lines_amounts_check check (unit_price >= 0 and discount_minor >= 0 and total_minor >= 0 and tax_minor >= 0),
  constraint quote_lines_tax_rate_check check (tax_rate between 0 and 10),
  constraint quote_lines_times_check check (num_nonnulls(starts_at, ends_at) in (0, 2) and ends_at > starts_at)
);
comment on table booking.quote_lines is 'One thing of a quote, with name and price as they are promised. The lines of a quote that are not voided sum up to its subtotal.';
comment on column booking.quote_lines.quote_id is 'The quote it is a line of.';
comment on column booking.quote_lines.line_no is 'Its place in the quote, from 1; kept when others are voided.';
comment on column booking.quote_lines.sellable_id is 'What is offered.';
comment on column booking.quote_lines.offer_version_id is 'The version of the offer, where it is an offer.';
comment on column booking.quote_lines.name is 'Name of what is offered, as it was then.';
comment on column booking.quote_lines.quantity is 'How many units.';
comment on column booking.quote_lines.unit is 'What one price is for.';
comment on column booking.quote_lines.unit_price is 'Price of one unit in major units, such as 89.50.';
comment on column booking.quote_lines.discount_minor is 'What is taken off this line, in minor units, already left out of its total.';
comment on column booking.quote_lines.total_minor is 'What the line would cost without tax on top of it, in minor units: unit_price x quantity - discount, rounded once.';
comment on column booking.quote_lines.currency is 'Currency of its amounts, that of the quote.';
comment on column booking.quote_lines.tax_rate is 'Tax rate, as a fraction: 0.06 is 6 %.';
comment on column booking.quote_lines.tax_minor is 'Tax on top of this line, in minor units, where tax is reckoned by line.';
comment on column booking.quote_lines.price_details is 'How the price came about.';
comment on column booking.quote_lines.starts_at is 'When the service of this line would begin, where it has a time of its own.';
comment on column booking.quote_lines.ends_at is 'When it would end, that instant not included.';
comment on column booking.quote_lines.voided_at is 'When the line was taken off the quote; it counts nowhere since.';
comment on constraint quote_lines_name_check on booking.quote_lines is 'A name is required, of 200 characters at most.';
comment on constraint quote_lines_price_details_check on booking.quote_lines is 'Price details are a JSON object.';
comment on constraint quote_lines_quote_id_line_no_key on booking.quote_lines is 'The quote already has a line of this number.';
comment on constraint quote_lines_line_no_check on booking.quote_lines is 'Line numbers begin at 1.';
comment on constraint quote_lines_quantity_check on booking.quote_lines is 'The quantity must be more than 0.';
comment on constraint quote_lines_amounts_check on booking.quote_lines is 'The amounts of a line cannot be negative.';
comment on constraint quote_lines_tax_rate_check on booking.quote_lines is 'The tax rate is a fraction between 0 and 10.';
comment on constraint quote_lines_times_check on booking.quote_lines is 'A line has both a start and an end or neither, and the end must be after the start.';

call core.install_table('booking.quote_lines', 'T', 'bkql');

create trigger quote_lines_quote_immutable_check
  before update on booking.quote_lines
  for each row when (old.quote_id is distinct from new.quote_id)
  execute function availability.refuse_update('quote_lines_quote_immutable_check', 'A line stays with its quote.');
comment on trigger quote_lines_quote_immutable_check on booking.quote_lines is 'A line stays with its quote.';

-- Lines of a draft ----------------------------------------------------------------------------------------------------
-- The quote is locked by whoever writes a line, so that none is added to one that is being sent.

create function booking.guard_quote_line() returns trigger
language plpgsql as $$
declare
  quote_status text;
  quote_currency text;
begin
  select q.status, q.currency
  into quote_status, quote_currency
  from booking.quotes q
  where q.biz_id = new.biz_id
    and q.id = new.quote_id
  for no key update;

  if quote_status <> 'draft' then
    raise exception using
      errcode = '23514',
      message = 'Only a draft of a quote gets other lines; write another quote that takes its place.',
      schema = 'booking',
      table = 'quote_lines',
      column = 'quote_id',
      constraint = 'quote_lines_draft_check';
  elsif quote_currency <> new.currency then
    raise exception using
      errcode = '23514',
      message = 'A line has the currency of its quote.',
      schema = 'booking',
      table = 'quote_lines',
      column = 'currency',
      constraint = 'quote_lines_currency_check';
  end if;
  return new;
end
$$;
comment on function booking.guard_quote_line() is 'Trigger: a line is written while its quote is a draft, in the currency of the quote.';

create function booking.check_quote_subtotal() returns trigger
language plpgsql as $$
declare
  document_id uuid;
begin
  if tg_table_name = 'quotes' then
    document_id := new.id;
  else
    document_id := new.quote_id;
  end if;
  if exists (
    select
    from booking.quotes q
    where q.biz_id = new.biz_id
      and q.id = document_id
      and q.subtotal_minor <> (
        select coalesce(sum(l.total_minor), 0)
        from booking.quote_lines l
        where l.biz_id = q.biz_id
          and l.quote_id = q.id
          and l.voided_at is null
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The lines of a quote must sum up to its subtotal.',
      schema = 'booking',
      table = 'quotes',
      column = 'subtotal_minor',
      constraint = 'quotes_subtotal_sum_check';
  end if;
  return null;
end
$$;
comment on function booking.check_quote_subtotal() is 'Trigger: the lines of a quote that are not voided sum up to its subtotal.';

create trigger quote_lines_draft_check
  before insert or update on booking.quote_lines
  for each row execute function booking.guard_quote_line();
comment on trigger quote_lines_draft_check on booking.quote_lines is 'Only a draft of a quote gets other lines; write another quote that takes its place.';

create constraint trigger quotes_subtotal_sum_check
  after insert or update of subtotal_minor on booking.quotes
  deferrable initially deferred
  for each row execute function booking.check_quote_subtotal();
comment on constraint quotes_subtotal_sum_check on booking.quotes is 'The lines of a quote must sum up to its subtotal.';

create constraint trigger quote_lines_subtotal_sum_check
  after insert or update of total_minor, voided_at on booking.quote_lines
  deferrable initially deferred
  for each row execute function booking.check_quote_subtotal();
comment on constraint quote_lines_subtotal_sum_check on booking.quote_lines is 'The lines of a quote must sum up to its subtotal.';
