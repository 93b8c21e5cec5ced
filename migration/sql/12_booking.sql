-- Booking: orders from the first wish to the last service, their lines and prices as sold, who takes part, and what has
-- to be done for them. What an order takes of resources and slots stands in availability; its money in ledger and billing.

create schema booking;
comment on schema booking is 'Orders: what customers booked, at which price, who takes part, and what has to be done for it.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain booking.order_kind as text constraint order_kind_check check (value in (
  'appointment', 'stay', 'storage', 'rental', 'class', 'trip', 'order'));
comment on domain booking.order_kind is 'What kind of booking an order is.
appointment: A service at a time.
stay: Nights in a unit.
storage: Space for goods over days.
rental: The use of a thing for a while.
class: A place in a session with others.
trip: A place on a trip.
order: Anything else.';
comment on constraint order_kind_check on domain booking.order_kind is 'Unknown kind of order.';

create domain booking.order_status as text constraint order_status_check check (value in (
  'draft', 'held', 'pending_approval', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show', 'declined', 'expired'));
comment on domain booking.order_status is 'Where an order stands.
draft: Being put together; takes nothing yet.
held: Keeps its places for a short while.
pending_approval: Keeps its places until staff approve or decline it.
confirmed: Agreed; its places are taken for good.
in_progress: The customer is here, or the service has begun.
completed: Done.
cancelled: Called off.
no_show: The customer did not come.
declined: Staff did not approve it.
expired: It was not confirmed or approved in time.';
comment on constraint order_status_check on domain booking.order_status is 'Unknown order status.';

create domain booking.channel as text constraint channel_check check (value in (
  'desk', 'phone', 'email', 'web', 'app', 'kiosk', 'ota', 'travel_agent', 'gds', 'corporate', 'marketplace', 'api', 'import'));
comment on domain booking.channel is 'The way an order came in.
desk: Made by staff with the customer present.
phone: By telephone.
email: By mail or letter.
web: On the business''s own site.
app: In the business''s own app.
kiosk: At a terminal on site.
ota: Through an online travel agency.
travel_agent: Through a travel agent or tour operator.
gds: Through a global distribution system.
corporate: Through a company''s contract.
marketplace: Through a marketplace.
api: Through another program of the business.
import: Taken over from another system.';
comment on constraint channel_check on domain booking.channel is 'Unknown channel.';

create domain booking.participant_role as text constraint participant_role_check check (value in (
  'payer', 'guest', 'child', 'attendee'));
comment on domain booking.participant_role is 'What somebody is to an order.
payer: Pays for it, or for a part of it.
guest: Comes.
child: Comes as a child.
attendee: Takes part in a class or session.';
comment on constraint participant_role_check on domain booking.participant_role is 'Unknown role.';

create domain booking.cancellation_party as text constraint cancellation_party_check check (value in (
  'customer', 'staff', 'channel', 'system'));
comment on domain booking.cancellation_party is 'Who asked for a cancellation.
customer: The customer.
staff: The business.
channel: The channel it was booked through.
system: The program, by a rule.';
comment on constraint cancellation_party_check on domain booking.cancellation_party is 'Unknown party.';

create domain booking.cancellation_status as text constraint cancellation_status_check check (value in (
  'applied', 'void'));
comment on domain booking.cancellation_status is 'Whether a cancellation counts.
applied: It does.
void: It was made by mistake, and does not.';
comment on constraint cancellation_status_check on domain booking.cancellation_status is 'Unknown status of a cancellation.';

create domain booking.fulfillment_kind as text constraint fulfillment_kind_check check (value in (
  'service', 'delivery', 'stay_night', 'session', 'pickup'));
comment on domain booking.fulfillment_kind is 'What has to be done.
service: Give a service.
delivery: Bring something.
stay_night: Put up a guest for a night.
session: Hold a session.
pickup: Fetch something or hand it out.';
comment on constraint fulfillment_kind_check on domain booking.fulfillment_kind is 'Unknown kind of fulfillment.';

create domain booking.fulfillment_status as text constraint fulfillment_status_check check (value in (
  'planned', 'ready', 'assigned', 'in_progress', 'paused', 'completed', 'verified', 'cancelled', 'failed'));
comment on domain booking.fulfillment_status is 'Where a piece of work stands.
planned: It will be due.
ready: What it depends on is done.
assigned: Somebody or something is to do it.
in_progress: It is being done.
paused: It was interrupted.
completed: Done.
verified: Done, and found good.
cancelled: No longer wanted.
failed: It could not be done.';
comment on constraint fulfillment_status_check on domain booking.fulfillment_status is 'Unknown fulfillment status.';

create domain booking.assignment_status as text constraint assignment_status_check check (value in (
  'proposed', 'accepted', 'declined', 'released', 'completed'));
comment on domain booking.assignment_status is 'Where an assignment stands.
proposed: The resource was asked.
accepted: The resource does it.
declined: The resource does not do it.
released: The resource was relieved of it.
completed: The resource has done it.';
comment on constraint assignment_status_check on domain booking.assignment_status is 'Unknown status of an assignment.';

-- booking_orders ------------------------------------------------------------------------------------------------------

create table booking.booking_orders (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind booking.order_kind not null,
  customer_id uuid,
  location_id uuid not null,
  channel booking.channel not null default 'desk',
  channel_ref text,
  status booking.order_status not null default 'draft',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  timezone text not null,
  check_in_on date,
  check_out_on date,
  business_date date not null,
  booked_at timestamptz not null default now(),
  party_size integer not null default 1,
  currency char(3) not null,
  base_minor bigint not null default 0,
  features_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  total_minor bigint not null default 0,
  deposit_due_minor bigint not null default 0,
  hold_id uuid,
  rebooked_from_id uuid,
  cancellation_policy_id uuid,
  cancellation_policy jsonb,
  confirmed_at timestamptz,
  checked_in_at timestamptz,
  checked_out_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text,
  note text,
  constraint booking_orders_pkey primary key (biz_id, id),
  constraint booking_orders_number_key unique (biz_id, number),
  constraint booking_orders_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint booking_orders_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint booking_orders_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint booking_orders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint booking_orders_hold_id_fkey foreign key (biz_id, hold_id)
    references availability.booking_holds (biz_id, id),
  constraint booking_orders_hold_id_key unique (biz_id, hold_id),
  constraint booking_orders_rebooked_from_id_fkey foreign key (biz_id, rebooked_from_id)
    references booking.booking_orders (biz_id, id),
  constraint booking_orders_cancellation_policy_id_fkey foreign key (biz_id, cancellation_policy_id)
    references pricing.cancellation_policies (biz_id, id),
  constraint booking_orders_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint booking_orders_channel_ref_check check (btrim(channel_ref) <> '' and length(channel_ref) <= 200),
  constraint booking_orders_times_check check (ends_at > starts_at),
  constraint booking_orders_stay_dates_check check (
    num_nonnulls(check_in_on, check_out_on) in (0, 2) and check_out_on >= check_in_on),
  constraint booking_orders_stay_kind_check check ((kind = 'stay') = (check_in_on is not null)),
  constraint booking_orders_party_size_check check (party_size >= 1),
  constraint booking_orders_amounts_check check (
    base_minor >= 0 and features_minor >= 0 and discount_minor >= 0 and tax_minor >= 0),
  constraint booking_orders_discount_check check (discount_minor <= base_minor + features_minor),
  constraint booking_orders_total_check check (total_minor = base_minor + features_minor - discount_minor + tax_minor),
  constraint booking_orders_deposit_due_check check (deposit_due_minor between 0 and total_minor),
  constraint booking_orders_held_check check (status <> 'held' or hold_id is not null),
  constraint booking_orders_rebooked_from_check check (rebooked_from_id <> id),
  constraint booking_orders_cancelled_check check (
    (status = 'cancelled') = (cancelled_at is not null) and (cancel_reason is null or cancelled_at is not null)),
  constraint booking_orders_checked_out_check check (checked_out_at is null or checked_out_at >= checked_in_at),
  constraint booking_orders_cancellation_policy_check check (jsonb_typeof(cancellation_policy) = 'object'),
  constraint booking_orders_cancel_reason_check check (length(cancel_reason) <= 2000),
  constraint booking_orders_note_check check (length(note) <= 10000)
);
comment on table booking.booking_orders is 'What a customer booked, of whatever kind, with its price as agreed and where it stands.';
comment on column booking.booking_orders.number is 'Number that staff and customers use, such as BK-000123.';
comment on column booking.booking_orders.kind is 'What kind of booking it is. Never changed.';
comment on column booking.booking_orders.customer_id is 'Who booked it; none while it is not known.';
comment on column booking.booking_orders.location_id is 'The location where it takes place.';
comment on column booking.booking_orders.channel is 'The way it came in.';
comment on column booking.booking_orders.channel_ref is 'Its number at the channel, unique there, so that a repeated message makes no second order.';
comment on column booking.booking_orders.status is 'Where it stands.';
comment on column booking.booking_orders.starts_at is 'When it begins; of a stay, the check-in time.';
comment on column booking.booking_orders.ends_at is 'When it ends, that instant not included; of a stay, the check-out time.';
comment on column booking.booking_orders.timezone is 'IANA time zone of the location when it was booked.';
comment on column booking.booking_orders.check_in_on is 'Local day of arrival of a stay.';
comment on column booking.booking_orders.check_out_on is 'Local day of departure of a stay, the first day after its last night; the day of arrival for day use.';
comment on column booking.booking_orders.business_date is 'Business day of the location on which it was booked. Never changed.';
comment on column booking.booking_orders.booked_at is 'When the customer booked; of an imported order, as the old system says.';
comment on column booking.booking_orders.party_size is 'How many people come.';
comment on column booking.booking_orders.currency is 'Currency of all its amounts. Never changed.';
comment on column booking.booking_orders.base_minor is 'Sum of its lines, in minor units.';
comment on column booking.booking_orders.features_minor is 'Sum of what was added to it, in minor units.';
comment on column booking.booking_orders.discount_minor is 'What was taken off the order as a whole, in minor units.';
comment on column booking.booking_orders.tax_minor is 'Tax on top of it, in minor units.';
comment on column booking.booking_orders.total_minor is 'What it costs, in minor units: base + features - discount + tax.';
comment on column booking.booking_orders.deposit_due_minor is 'What must be paid in advance, in minor units.';
comment on column booking.booking_orders.hold_id is 'The hold that kept its places before it was confirmed.';
comment on column booking.booking_orders.rebooked_from_id is 'The order it was booked again from.';
comment on column booking.booking_orders.cancellation_policy_id is 'The cancellation policy it was booked under.';
comment on column booking.booking_orders.cancellation_policy is 'That policy with its tiers, as it was when booked.';
comment on column booking.booking_orders.confirmed_at is 'When it was first confirmed.';
comment on column booking.booking_orders.checked_in_at is 'When the customer came or the service began.';
comment on column booking.booking_orders.checked_out_at is 'When the customer left or the service ended.';
comment on column booking.booking_orders.cancelled_at is 'When it was cancelled.';
comment on column booking.booking_orders.cancel_reason is 'Why it was cancelled.';
comment on column booking.booking_orders.note is 'What staff should know about it.';
comment on constraint booking_orders_number_key on booking.booking_orders is 'Another order has this number.';
comment on constraint booking_orders_hold_id_key on booking.booking_orders is 'This hold already belongs to an order.';
comment on constraint booking_orders_number_check on booking.booking_orders is 'A number is required, of 60 characters at most.';
comment on constraint booking_orders_channel_ref_check on booking.booking_orders is 'The channel''s number is not blank, and of 200 characters at most.';
comment on constraint booking_orders_times_check on booking.booking_orders is 'The end must be after the start.';
comment on constraint booking_orders_stay_dates_check on booking.booking_orders is 'A stay has a day of arrival and a day of departure, which cannot be before it.';
comment on constraint booking_orders_stay_kind_check on booking.booking_orders is 'A stay has days of arrival and departure, and nothing else has.';
comment on constraint booking_orders_party_size_check on booking.booking_orders is 'At least one person must come.';
comment on constraint booking_orders_amounts_check on booking.booking_orders is 'The amounts of an order cannot be negative.';
comment on constraint booking_orders_discount_check on booking.booking_orders is 'No more can be taken off than there is.';
comment on constraint booking_orders_total_check on booking.booking_orders is 'The total must be base + features - discount + tax.';
comment on constraint booking_orders_deposit_due_check on booking.booking_orders is 'The deposit must be between nothing and the total.';
comment on constraint booking_orders_held_check on booking.booking_orders is 'A held order has a hold.';
comment on constraint booking_orders_rebooked_from_check on booking.booking_orders is 'An order is not booked again from itself.';
comment on constraint booking_orders_cancelled_check on booking.booking_orders is 'A cancelled order says when, and no other does.';
comment on constraint booking_orders_checked_out_check on booking.booking_orders is 'Nobody checks out before having checked in.';
comment on constraint booking_orders_cancellation_policy_check on booking.booking_orders is 'The cancellation policy as booked is a JSON object.';
comment on constraint booking_orders_cancel_reason_check on booking.booking_orders is 'The reason has 2,000 characters at most.';
comment on constraint booking_orders_note_check on booking.booking_orders is 'The note has 10,000 characters at most.';

create unique index booking_orders_channel_ref_key on booking.booking_orders (biz_id, channel, channel_ref) where channel_ref is not null;
comment on index booking.booking_orders_channel_ref_key is 'This booking of the channel is here already.';
-- Lists and boards: of a location, of a state, of a customer, of all, by start, booking, or entry.
create index booking_orders_location_id_starts_at_idx on booking.booking_orders (biz_id, location_id, starts_at, id);
create index booking_orders_status_starts_at_idx on booking.booking_orders (biz_id, status, starts_at, id);
create index booking_orders_customer_id_starts_at_idx on booking.booking_orders (biz_id, customer_id, starts_at, id);
create index booking_orders_starts_at_idx on booking.booking_orders (biz_id, starts_at, id);
create index booking_orders_booked_at_idx on booking.booking_orders (biz_id, booked_at, id);
create index booking_orders_check_out_on_idx on booking.booking_orders (biz_id, location_id, check_out_on, id) where kind = 'stay';

create trigger booking_orders_business_date_immutable
  before update on booking.booking_orders
  for each row when (old.business_date is distinct from new.business_date)
  execute function availability.refuse_update('booking_orders_business_date_immutable_check', 'The business date is never changed.');
create trigger booking_orders_currency_immutable
  before update on booking.booking_orders
  for each row when (old.currency is distinct from new.currency)
  execute function availability.refuse_update('booking_orders_currency_immutable_check', 'The currency of an order is never changed.');
create trigger booking_orders_kind_immutable
  before update on booking.booking_orders
  for each row when (old.kind is distinct from new.kind)
  execute function availability.refuse_update('booking_orders_kind_immutable_check', 'The kind of an order is never changed.');

call core.install_table('booking.booking_orders', 'T', 'bkg', registrable => true);
create index booking_orders_created_at_idx on booking.booking_orders (biz_id, created_at, id);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('booking_order', 'draft', 'held', false),
  ('booking_order', 'draft', 'pending_approval', false),
  ('booking_order', 'draft', 'confirmed', false),
  ('booking_order', 'draft', 'cancelled', true),
  ('booking_order', 'held', 'pending_approval', false),
  ('booking_order', 'held', 'confirmed', false),
  ('booking_order', 'held', 'expired', false),
  ('booking_order', 'held', 'cancelled', true),
  ('booking_order', 'pending_approval', 'confirmed', false),
  ('booking_order', 'pending_approval', 'declined', true),
  ('booking_order', 'pending_approval', 'expired', false),
  ('booking_order', 'pending_approval', 'cancelled', true),
  ('booking_order', 'confirmed', 'in_progress', false),
  ('booking_order', 'confirmed', 'cancelled', true),
  ('booking_order', 'confirmed', 'no_show', false),
  ('booking_order', 'in_progress', 'completed', false),
  ('booking_order', 'no_show', 'confirmed', true);
call core.install_state_machine('booking.booking_orders', 'status', 'booking_order');

-- booking_order_lines -------------------------------------------------------------------------------------------------

create table booking.booking_order_lines (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
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
  tax_category text,
  tax_rate numeric(9,6),
  tax_minor bigint not null default 0,
  price_details jsonb,
  starts_at timestamptz,
  ends_at timestamptz,
  starts_on date,
  ends_on date,
  voided_at timestamptz,
  constraint booking_order_lines_pkey primary key (biz_id, id),
  constraint booking_order_lines_order_id_line_no_key unique (biz_id, order_id, line_no),
  constraint booking_order_lines_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint booking_order_lines_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint booking_order_lines_offer_version_id_fkey foreign key (biz_id, offer_version_id)
    references catalog.offer_versions (biz_id, id),
  constraint booking_order_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint booking_order_lines_line_no_check check (line_no >= 1),
  constraint booking_order_lines_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint booking_order_lines_quantity_check check (quantity > 0),
  constraint booking_order_lines_amounts_check check (
    unit_price >= 0 and discount_minor >= 0 and total_minor >= 0 and tax_minor >= 0),
  constraint booking_order_lines_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint booking_order_lines_tax_rate_check check (tax_rate between 0 and 10),
  constraint booking_order_lines_price_details_check check (jsonb_typeof(price_details) = 'object'),
  constraint booking_order_lines_times_check check (
    num_nonnulls(starts_at, ends_at) in (0, 2) and ends_at > starts_at),
  constraint booking_order_lines_dates_check check (
    num_nonnulls(starts_on, ends_on) in (0, 2) and ends_on > starts_on)
);
comment on table booking.booking_order_lines is 'One thing of an order, with name, price and tax as they were when it was sold. The lines of an order that are not voided sum up to its base.';
comment on column booking.booking_order_lines.order_id is 'The order it is a line of.';
comment on column booking.booking_order_lines.line_no is 'Its place in the order, from 1; kept when others are voided.';
comment on column booking.booking_order_lines.sellable_id is 'What was sold.';
comment on column booking.booking_order_lines.offer_version_id is 'The version of the offer that was sold, where it was an offer.';
comment on column booking.booking_order_lines.name is 'Name of what was sold, as it was then.';
comment on column booking.booking_order_lines.quantity is 'How many units were sold: for 2 rooms over 3 nights, 6 nights.';
comment on column booking.booking_order_lines.unit is 'What one price is for.';
comment on column booking.booking_order_lines.unit_price is 'Price of one unit in major units, such as 89.50; of a line with pricing periods their average.';
comment on column booking.booking_order_lines.discount_minor is 'What was taken off this line, in minor units, already left out of its total.';
comment on column booking.booking_order_lines.total_minor is 'What the line costs without tax on top of it, in minor units: unit_price x quantity - discount, rounded once.';
comment on column booking.booking_order_lines.currency is 'Currency of its amounts, that of the order.';
comment on column booking.booking_order_lines.tax_category is 'Tax category as sold.';
comment on column booking.booking_order_lines.tax_rate is 'Tax rate as sold, as a fraction: 0.06 is 6 %.';
comment on column booking.booking_order_lines.tax_minor is 'Tax on top of this line, in minor units, where tax is reckoned by line.';
comment on column booking.booking_order_lines.price_details is 'How the price came about, as it was then.';
comment on column booking.booking_order_lines.starts_at is 'When the service of this line begins, where it has a time of its own.';
comment on column booking.booking_order_lines.ends_at is 'When the service of this line ends, that instant not included.';
comment on column booking.booking_order_lines.starts_on is 'First night or day of a line that is sold by nights or days. Such a line has pricing periods over all of them.';
comment on column booking.booking_order_lines.ends_on is 'First day after the last night or day of the line.';
comment on column booking.booking_order_lines.voided_at is 'When the line was taken off the order; it counts nowhere since.';
comment on constraint booking_order_lines_order_id_line_no_key on booking.booking_order_lines is 'The order already has a line of this number.';
comment on constraint booking_order_lines_line_no_check on booking.booking_order_lines is 'Line numbers begin at 1.';
comment on constraint booking_order_lines_name_check on booking.booking_order_lines is 'A name is required, of 200 characters at most.';
comment on constraint booking_order_lines_quantity_check on booking.booking_order_lines is 'The quantity must be more than 0.';
comment on constraint booking_order_lines_amounts_check on booking.booking_order_lines is 'The amounts of a line cannot be negative.';
comment on constraint booking_order_lines_tax_category_check on booking.booking_order_lines is 'A tax category is not blank, and of 60 characters at most.';
comment on constraint booking_order_lines_tax_rate_check on booking.booking_order_lines is 'The tax rate is a fraction between 0 and 10.';
comment on constraint booking_order_lines_price_details_check on booking.booking_order_lines is 'Price details are a JSON object.';
comment on constraint booking_order_lines_times_check on booking.booking_order_lines is 'A line has both a start and an end or neither, and the end must be after the start.';
comment on constraint booking_order_lines_dates_check on booking.booking_order_lines is 'A line has both a first day and an end or neither, and the end must be after the first day.';

call core.install_table('booking.booking_order_lines', 'T', 'bln', registrable => true);

-- booking_pricing_periods ---------------------------------------------------------------------------------------------

create table booking.booking_pricing_periods (
  biz_id uuid not null,
  id uuid not null,
  order_line_id uuid not null,
  rate_name text,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  days integer generated always as (ends_on - starts_on) stored,
  rate numeric(20,6) not null,
  units integer not null default 1,
  subtotal_minor bigint not null,
  currency char(3) not null,
  voided_at timestamptz,
  constraint booking_pricing_periods_pkey primary key (biz_id, id),
  constraint booking_pricing_periods_order_line_id_fkey foreign key (biz_id, order_line_id)
    references booking.booking_order_lines (biz_id, id),
  constraint booking_pricing_periods_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint booking_pricing_periods_rate_name_check check (btrim(rate_name) <> '' and length(rate_name) <= 200),
  constraint booking_pricing_periods_dates_check check (ends_on > starts_on),
  constraint booking_pricing_periods_units_check check (units >= 1),
  constraint booking_pricing_periods_amounts_check check (rate >= 0 and subtotal_minor >= 0),
  constraint booking_pricing_periods_no_overlap_excl exclude using gist (
    biz_id with =, order_line_id with =, period with &&) where (voided_at is null)
);
comment on table booking.booking_pricing_periods is 'Days of an order line that cost the same. The periods of a line cover its days without gap or overlap, and sum up to its total.';
comment on column booking.booking_pricing_periods.order_line_id is 'The line whose days these are.';
comment on column booking.booking_pricing_periods.rate_name is 'Name of the rate that applied, as it was then.';
comment on column booking.booking_pricing_periods.starts_on is 'First night or day.';
comment on column booking.booking_pricing_periods.ends_on is 'First day after the last.';
comment on column booking.booking_pricing_periods.period is 'From starts_on to ends_on, as a range.';
comment on column booking.booking_pricing_periods.days is 'How many nights or days these are.';
comment on column booking.booking_pricing_periods.rate is 'Price of one unit for one night or day, in major units, such as 89.50.';
comment on column booking.booking_pricing_periods.units is 'How many units, such as rooms or pallets.';
comment on column booking.booking_pricing_periods.subtotal_minor is 'What these days cost, in minor units: rate x units x days, less their part of a discount, rounded so that the periods sum up to the line.';
comment on column booking.booking_pricing_periods.currency is 'Currency of its amounts, that of the line.';
comment on column booking.booking_pricing_periods.voided_at is 'When it was replaced by other periods; it counts nowhere since.';
comment on constraint booking_pricing_periods_rate_name_check on booking.booking_pricing_periods is 'The name of a rate is not blank, and of 200 characters at most.';
comment on constraint booking_pricing_periods_dates_check on booking.booking_pricing_periods is 'The end must be after the first day.';
comment on constraint booking_pricing_periods_units_check on booking.booking_pricing_periods is 'There must be at least 1 unit.';
comment on constraint booking_pricing_periods_amounts_check on booking.booking_pricing_periods is 'The amounts of a period cannot be negative.';
comment on constraint booking_pricing_periods_no_overlap_excl on booking.booking_pricing_periods is 'The line already has a price for one of these days.';

call core.install_table('booking.booking_pricing_periods', 'T', 'bpp');

-- Sums of orders and lines --------------------------------------------------------------------------------------------
-- Checked at commit, once for each order and each line written: an import writes hundreds of orders a second. A period
-- that is added to a line whose days are covered already either overlaps (excluded) or lies outside of them (refused by
-- statement, at once), so that inserting periods costs no sum of its own; changing one does.

create function booking.check_order_base() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from booking.booking_orders o
    where o.biz_id = new.biz_id
      and o.id = new.id
      and o.base_minor <> (
        select coalesce(sum(l.total_minor), 0)
        from booking.booking_order_lines l
        where l.biz_id = new.biz_id
          and l.order_id = new.id
          and l.voided_at is null
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The lines of an order must sum up to its base.',
      schema = 'booking',
      table = 'booking_orders',
      column = 'base_minor',
      constraint = 'booking_orders_base_sum_check';
  end if;
  return null;
end
$$;
comment on function booking.check_order_base() is 'Trigger: the lines of an order that are not voided sum up to its base.';

create function booking.check_order_line() returns trigger
language plpgsql as $$
declare
  line_id uuid;
  sums_up boolean;
  same_currency boolean;
  tiles boolean;
begin
  if tg_table_name = 'booking_order_lines' then
    line_id := new.id;
  else
    line_id := new.order_line_id;
  end if;

  select
    o.base_minor = (
      select coalesce(sum(s.total_minor), 0)
      from booking.booking_order_lines s
      where s.biz_id = l.biz_id
        and s.order_id = l.order_id
        and s.voided_at is null
    ),
    o.currency = l.currency,
    l.voided_at is not null or p.is_covered
  into sums_up, same_currency, tiles
  from booking.booking_order_lines l
  join booking.booking_orders o on o.biz_id = l.biz_id and o.id = l.order_id
  cross join lateral (
    select
      coalesce(sum(p.days), 0) = coalesce(l.ends_on - l.starts_on, 0)
      and (l.starts_on is null or sum(p.subtotal_minor) = l.total_minor)
      and coalesce(bool_and(p.starts_on >= l.starts_on and p.ends_on <= l.ends_on and p.currency = l.currency), true) as is_covered
    from booking.booking_pricing_periods p
    where p.biz_id = l.biz_id
      and p.order_line_id = l.id
      and p.voided_at is null
  ) p
  where l.biz_id = new.biz_id
    and l.id = line_id;

  if not sums_up then
    raise exception using
      errcode = '23514',
      message = 'The lines of an order must sum up to its base.',
      schema = 'booking',
      table = 'booking_orders',
      column = 'base_minor',
      constraint = 'booking_orders_base_sum_check';
  elsif not same_currency then
    raise exception using
      errcode = '23514',
      message = 'A line has the currency of its order.',
      schema = 'booking',
      table = 'booking_order_lines',
      column = 'currency',
      constraint = 'booking_order_lines_currency_check';
  elsif not tiles then
    raise exception using
      errcode = '23514',
      message = 'The pricing periods of a line must cover its days without a gap, and sum up to its total.',
      schema = 'booking',
      table = 'booking_order_lines',
      column = 'total_minor',
      constraint = 'booking_order_lines_periods_tile_check';
  end if;
  return null;
end
$$;
comment on function booking.check_order_line() is 'Trigger on lines and pricing periods: the line has the currency of its order, its periods cover its days and sum up to its total, and the order''s lines to its base.';

create function booking.check_new_periods() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from inserted i
    join booking.booking_order_lines l on l.biz_id = i.biz_id and l.id = i.order_line_id
    where i.voided_at is null
      and (l.starts_on is null or i.starts_on < l.starts_on or i.ends_on > l.ends_on or i.currency <> l.currency)
  ) then
    raise exception using
      errcode = '23514',
      message = 'A pricing period lies within the days of its line, in the currency of the line.',
      schema = 'booking',
      table = 'booking_pricing_periods',
      constraint = 'booking_pricing_periods_within_line_check';
  end if;
  return null;
end
$$;
comment on function booking.check_new_periods() is 'Trigger: new pricing periods lie within the days of their lines.';

create constraint trigger booking_orders_base_sum_check
  after insert or update of base_minor on booking.booking_orders
  deferrable initially deferred
  for each row execute function booking.check_order_base();
comment on constraint booking_orders_base_sum_check on booking.booking_orders is 'The lines of an order must sum up to its base.';

create constraint trigger booking_order_lines_periods_tile_check
  after insert or update of total_minor, currency, starts_on, ends_on, voided_at on booking.booking_order_lines
  deferrable initially deferred
  for each row execute function booking.check_order_line();
comment on constraint booking_order_lines_periods_tile_check on booking.booking_order_lines is 'The pricing periods of a line must cover its days without a gap, and sum up to its total.';

create constraint trigger booking_pricing_periods_tile_check
  after update on booking.booking_pricing_periods
  deferrable initially deferred
  for each row execute function booking.check_order_line();
comment on constraint booking_pricing_periods_tile_check on booking.booking_pricing_periods is 'The pricing periods of a line must cover its days without a gap, and sum up to its total.';

create trigger booking_pricing_periods_within_line
  after insert on booking.booking_pricing_periods referencing new table as inserted
  for each statement execute function booking.check_new_periods();

create trigger booking_order_lines_order_immutable
  before update on booking.booking_order_lines
  for each row when (old.order_id <> new.order_id)
  execute function availability.refuse_update('booking_order_lines_order_immutable_check', 'A line stays with its order.');
create trigger booking_pricing_periods_line_immutable
  before update on booking.booking_pricing_periods
  for each row when (old.order_line_id <> new.order_line_id)
  execute function availability.refuse_update('booking_pricing_periods_line_immutable_check', 'A pricing period stays with its line.');

-- Orders whose hold expires -------------------------------------------------------------------------------------------
-- Availability knows nothing of orders: it ends the hold, and here the order follows, with its event.

create function booking.expire_orders(order_ids uuid[] default null)
  returns setof uuid
  language sql
as $$
  with due as (
    select o.id
    from booking.booking_orders o
    join availability.booking_holds h on h.biz_id = o.biz_id and h.id = o.hold_id
    where o.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      and o.id = any (coalesce(expire_orders.order_ids, array(
        select w.id
        from booking.booking_orders w
        where w.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
          and w.status in ('held', 'pending_approval')
      )))
      and o.status in ('held', 'pending_approval')
      and h.status = 'expired'
    order by o.id
    -- An order that somebody else has locked is theirs: they find its hold expired, or the next sweep does.
    for no key update of o skip locked
  ),
  expired as (
    update booking.booking_orders o
    set status = 'expired'
    from due
    where o.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      and o.id = due.id
    returning o.biz_id, o.id, o.location_id
  ),
  told as (
    insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload)
    select e.biz_id, core.uuid_v7(), 'booking.expired', 'BookingOrder', e.id, jsonb_build_object('location_id', e.location_id)
    from expired e
  )
  select expired.id from expired
$$;
comment on function booking.expire_orders(uuid[]) is
  'Expires the held or pending orders whose hold has expired, of these or of all, each with its event booking.expired, and returns their ids. Called whenever a hold expires, and by the sweep.';

create function booking.follow_expired_hold() returns trigger
language plpgsql as $$
declare
  order_ids uuid[];
begin
  select array_agg(o.id)
  into order_ids
  from booking.booking_orders o
  where o.biz_id = new.biz_id
    and o.hold_id = new.id
    and o.status in ('held', 'pending_approval');
  if order_ids is not null then
    perform booking.expire_orders(order_ids);
  end if;
  return null;
end
$$;
comment on function booking.follow_expired_hold() is 'Trigger: the order of a hold expires with it.';

create trigger booking_holds_expire_order
  after update of status on availability.booking_holds
  for each row when (old.status = 'held' and new.status = 'expired')
  execute function booking.follow_expired_hold();

-- booking_participants ------------------------------------------------------------------------------------------------

create table booking.booking_participants (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  name text not null,
  role booking.participant_role not null,
  checked_in_at timestamptz,
  cancelled_at timestamptz,
  constraint booking_participants_pkey primary key (biz_id, id),
  constraint booking_participants_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint booking_participants_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint booking_participants_name_check check (btrim(name) <> '' and length(name) <= 200)
);
comment on table booking.booking_participants is 'Somebody who takes part in an order, or pays for it. Who does both has two rows.';
comment on column booking.booking_participants.order_id is 'The order.';
comment on column booking.booking_participants.customer_id is 'The customer it is, if known as one.';
comment on column booking.booking_participants.name is 'Name of the participant.';
comment on column booking.booking_participants.role is 'What the participant is to the order.';
comment on column booking.booking_participants.checked_in_at is 'When the participant came.';
comment on column booking.booking_participants.cancelled_at is 'When the participant dropped out of the order.';
comment on constraint booking_participants_name_check on booking.booking_participants is 'A name is required, of 200 characters at most.';

create unique index booking_participants_customer_id_role_key on booking.booking_participants (biz_id, order_id, customer_id, role)
  where customer_id is not null and cancelled_at is null;
comment on index booking.booking_participants_customer_id_role_key is 'This customer already has this role in the order.';

call core.install_table('booking.booking_participants', 'T', 'bpt', registrable => true);

-- cancellations -------------------------------------------------------------------------------------------------------

create table booking.cancellations (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  order_line_id uuid,
  status booking.cancellation_status not null default 'applied',
  requested_by booking.cancellation_party not null,
  reason text not null,
  policy_tier_id uuid,
  policy_tier jsonb,
  fee_minor bigint not null default 0,
  refund_due_minor bigint not null default 0,
  currency char(3) not null,
  waived_by_id uuid,
  waived_reason text,
  constraint cancellations_pkey primary key (biz_id, id),
  constraint cancellations_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint cancellations_order_line_id_fkey foreign key (biz_id, order_line_id)
    references booking.booking_order_lines (biz_id, id),
  constraint cancellations_policy_tier_id_fkey foreign key (biz_id, policy_tier_id)
    references pricing.cancellation_policy_tiers (biz_id, id),
  constraint cancellations_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cancellations_waived_by_id_fkey foreign key (waived_by_id)
    references identity.users (id),
  constraint cancellations_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint cancellations_policy_tier_check check (jsonb_typeof(policy_tier) = 'object'),
  constraint cancellations_amounts_check check (fee_minor >= 0 and refund_due_minor >= 0),
  constraint cancellations_waived_check check (
    num_nonnulls(waived_by_id, waived_reason) in (0, 2)
    and (waived_by_id is null or fee_minor = 0)
    and btrim(waived_reason) <> '' and length(waived_reason) <= 2000)
);
comment on table booking.cancellations is 'That an order, or one line of it, was cancelled, and what that costs the customer.';
comment on column booking.cancellations.order_id is 'The order that was cancelled, in whole or in part.';
comment on column booking.cancellations.order_line_id is 'The line that was cancelled; none means the whole order.';
comment on column booking.cancellations.status is 'Whether it counts.';
comment on column booking.cancellations.requested_by is 'Who asked for it.';
comment on column booking.cancellations.reason is 'Why, in words.';
comment on column booking.cancellations.policy_tier_id is 'The tier of the cancellation policy that applied; none where it was free.';
comment on column booking.cancellations.policy_tier is 'That tier, as it was when booked.';
comment on column booking.cancellations.fee_minor is 'What the customer owes for it, in minor units; 0 where the fee was waived.';
comment on column booking.cancellations.refund_due_minor is 'What the customer gets back of what was paid, in minor units.';
comment on column booking.cancellations.currency is 'Currency of its amounts, that of the order.';
comment on column booking.cancellations.waived_by_id is 'The user who waived the fee.';
comment on column booking.cancellations.waived_reason is 'Why the fee was waived.';
comment on constraint cancellations_waived_by_id_fkey on booking.cancellations is 'Whoever waives a fee must be an existing user.';
comment on constraint cancellations_reason_check on booking.cancellations is 'A reason is required, of 2,000 characters at most.';
comment on constraint cancellations_policy_tier_check on booking.cancellations is 'The tier as booked is a JSON object.';
comment on constraint cancellations_amounts_check on booking.cancellations is 'Fee and refund cannot be negative.';
comment on constraint cancellations_waived_check on booking.cancellations is 'A waived fee names who waived it and why, and is 0.';

create unique index cancellations_order_id_key on booking.cancellations (biz_id, order_id)
  where status = 'applied' and order_line_id is null;
comment on index booking.cancellations_order_id_key is 'This order is cancelled already.';
create unique index cancellations_order_line_id_key on booking.cancellations (biz_id, order_line_id)
  where status = 'applied' and order_line_id is not null;
comment on index booking.cancellations_order_line_id_key is 'This line is cancelled already.';

call core.install_table('booking.cancellations', 'T', 'bcn', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('cancellation', 'applied', 'void', true);
call core.install_state_machine('booking.cancellations', 'status', 'cancellation');

-- fulfillment_units ---------------------------------------------------------------------------------------------------

create table booking.fulfillment_units (
  biz_id uuid not null,
  id uuid not null,
  order_line_id uuid not null,
  location_id uuid not null,
  kind booking.fulfillment_kind not null,
  sequence integer not null default 1,
  status booking.fulfillment_status not null default 'planned',
  planned_starts_at timestamptz,
  planned_ends_at timestamptz,
  actual_starts_at timestamptz,
  actual_ends_at timestamptz,
  due_at timestamptz,
  priority smallint not null default 0,
  constraint fulfillment_units_pkey primary key (biz_id, id),
  constraint fulfillment_units_order_line_id_sequence_key unique (biz_id, order_line_id, sequence),
  constraint fulfillment_units_order_line_id_fkey foreign key (biz_id, order_line_id)
    references booking.booking_order_lines (biz_id, id),
  constraint fulfillment_units_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fulfillment_units_sequence_check check (sequence >= 1),
  constraint fulfillment_units_planned_times_check check (
    num_nonnulls(planned_starts_at, planned_ends_at) in (0, 2) and planned_ends_at > planned_starts_at),
  constraint fulfillment_units_actual_times_check check (
    actual_ends_at is null or (actual_starts_at is not null and actual_ends_at >= actual_starts_at))
);
comment on table booking.fulfillment_units is 'One piece of work that an order line asks for: a treatment to give, a delivery to make, a session to hold.';
comment on column booking.fulfillment_units.order_line_id is 'The line that asks for it.';
comment on column booking.fulfillment_units.location_id is 'The location that sees to it.';
comment on column booking.fulfillment_units.kind is 'What has to be done.';
comment on column booking.fulfillment_units.sequence is 'Its place among the pieces of work of the line, from 1.';
comment on column booking.fulfillment_units.status is 'Where it stands.';
comment on column booking.fulfillment_units.planned_starts_at is 'When it is planned to begin.';
comment on column booking.fulfillment_units.planned_ends_at is 'When it is planned to end.';
comment on column booking.fulfillment_units.actual_starts_at is 'When it began.';
comment on column booking.fulfillment_units.actual_ends_at is 'When it ended.';
comment on column booking.fulfillment_units.due_at is 'When it must be done at the latest.';
comment on column booking.fulfillment_units.priority is 'What is due at the same time is done in descending priority; 0 is usual.';
comment on constraint fulfillment_units_order_line_id_sequence_key on booking.fulfillment_units is 'The line already has a piece of work at this place.';
comment on constraint fulfillment_units_sequence_check on booking.fulfillment_units is 'The sequence begins at 1.';
comment on constraint fulfillment_units_planned_times_check on booking.fulfillment_units is 'A plan has both a start and an end, and the end must be after the start.';
comment on constraint fulfillment_units_actual_times_check on booking.fulfillment_units is 'The end cannot be before the start.';

create index fulfillment_units_status_due_at_idx on booking.fulfillment_units (biz_id, status, due_at, priority);
create index fulfillment_units_location_id_planned_idx on booking.fulfillment_units (biz_id, location_id, planned_starts_at, id);

call core.install_table('booking.fulfillment_units', 'T', 'ful', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('fulfillment_unit', 'planned', 'ready', false),
  ('fulfillment_unit', 'ready', 'assigned', false),
  ('fulfillment_unit', 'assigned', 'in_progress', false),
  ('fulfillment_unit', 'in_progress', 'paused', false),
  ('fulfillment_unit', 'paused', 'in_progress', false),
  ('fulfillment_unit', 'paused', 'completed', false),
  ('fulfillment_unit', 'in_progress', 'completed', false),
  ('fulfillment_unit', 'completed', 'verified', false),
  ('fulfillment_unit', 'planned', 'cancelled', true),
  ('fulfillment_unit', 'ready', 'cancelled', true),
  ('fulfillment_unit', 'assigned', 'cancelled', true),
  ('fulfillment_unit', 'in_progress', 'cancelled', true),
  ('fulfillment_unit', 'paused', 'cancelled', true),
  ('fulfillment_unit', 'planned', 'failed', true),
  ('fulfillment_unit', 'ready', 'failed', true),
  ('fulfillment_unit', 'assigned', 'failed', true),
  ('fulfillment_unit', 'in_progress', 'failed', true),
  ('fulfillment_unit', 'paused', 'failed', true),
  ('fulfillment_unit', 'failed', 'planned', false);
call core.install_state_machine('booking.fulfillment_units', 'status', 'fulfillment_unit');

-- fulfillment_assignments ---------------------------------------------------------------------------------------------

create table booking.fulfillment_assignments (
  biz_id uuid not null,
  id uuid not null,
  unit_id uuid not null,
  resource_id uuid not null,
  allocation_id uuid,
  role text not null,
  position integer not null default 1,
  status booking.assignment_status not null default 'proposed',
  accepted_at timestamptz,
  constraint fulfillment_assignments_pkey primary key (biz_id, id),
  constraint fulfillment_assignments_unit_id_fkey foreign key (biz_id, unit_id)
    references booking.fulfillment_units (biz_id, id),
  constraint fulfillment_assignments_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint fulfillment_assignments_allocation_id_fkey foreign key (biz_id, allocation_id)
    references availability.allocations (biz_id, id),
  constraint fulfillment_assignments_role_check check (btrim(role) <> '' and length(role) <= 60),
  constraint fulfillment_assignments_position_check check (position >= 1),
  constraint fulfillment_assignments_accepted_check check (status not in ('accepted', 'completed') or accepted_at is not null)
);
comment on table booking.fulfillment_assignments is 'That a resource is to do a piece of work, or to be used for it, in a role.';
comment on column booking.fulfillment_assignments.unit_id is 'The piece of work.';
comment on column booking.fulfillment_assignments.resource_id is 'The person or thing.';
comment on column booking.fulfillment_assignments.allocation_id is 'The allocation by which the resource is taken for it.';
comment on column booking.fulfillment_assignments.role is 'What the resource does in it, such as therapist or room.';
comment on column booking.fulfillment_assignments.position is 'Counts the places of a role that needs several resources, from 1.';
comment on column booking.fulfillment_assignments.status is 'Where the assignment stands.';
comment on column booking.fulfillment_assignments.accepted_at is 'When it was accepted.';
comment on constraint fulfillment_assignments_role_check on booking.fulfillment_assignments is 'A role is required, of 60 characters at most.';
comment on constraint fulfillment_assignments_position_check on booking.fulfillment_assignments is 'Positions begin at 1.';
comment on constraint fulfillment_assignments_accepted_check on booking.fulfillment_assignments is 'What was accepted says when.';

create unique index fulfillment_assignments_unit_id_role_key on booking.fulfillment_assignments (biz_id, unit_id, role, position)
  where status in ('proposed', 'accepted', 'completed');
comment on index booking.fulfillment_assignments_unit_id_role_key is 'This role is assigned already.';

call core.install_table('booking.fulfillment_assignments', 'T', 'fas');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('fulfillment_assignment', 'proposed', 'accepted', false),
  ('fulfillment_assignment', 'proposed', 'declined', false),
  ('fulfillment_assignment', 'proposed', 'released', false),
  ('fulfillment_assignment', 'accepted', 'released', false),
  ('fulfillment_assignment', 'accepted', 'completed', false);
call core.install_state_machine('booking.fulfillment_assignments', 'status', 'fulfillment_assignment');
