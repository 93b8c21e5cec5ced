-- Booking: the terms of orders. Rules by which a location or an offer takes bookings, features that were added to an order,
-- what is stored, who of a party owes what, and the journal of what was asked and of who came.

-- What orders refer to since its tables are there ------------------------------------------------------------------------

alter table booking.booking_orders
  add column group_account_id uuid,
  add column series_id uuid,
  add column series_starts_at timestamptz,
  add column organiser_share_minor bigint,
  add constraint booking_orders_group_account_id_fkey foreign key (biz_id, group_account_id)
    references identity.group_accounts (biz_id, id),
  add constraint booking_orders_series_id_fkey foreign key (biz_id, series_id)
    references availability.recurrence_series (biz_id, id),
  add constraint booking_orders_series_check check (num_nonnulls(series_id, series_starts_at) in (0, 2)),
  add constraint booking_orders_organiser_share_check check (organiser_share_minor between 0 and total_minor);
comment on column booking.booking_orders.group_account_id is 'The family or company on whose account it was booked, if on one.';
comment on column booking.booking_orders.series_id is 'The series it is a booking of, if of one.';
comment on column booking.booking_orders.series_starts_at is 'The time of the series that it stands for: when it would begin by the rule, also after it was moved.';
comment on column booking.booking_orders.organiser_share_minor is 'What whoever booked it pays of the total, in minor units, where the order is split among its participants; none where it is not. Their obligations sum up to the rest.';
comment on constraint booking_orders_series_check on booking.booking_orders is 'A booking of a series says which time of it.';
comment on constraint booking_orders_organiser_share_check on booking.booking_orders is 'The share of the organiser must be between nothing and the total.';
call core.index_foreign_keys('booking.booking_orders');
call core.describe_table('booking.booking_orders');
create unique index booking_orders_series_starts_at_key on booking.booking_orders (biz_id, series_id, series_starts_at)
  where series_id is not null and status not in ('cancelled', 'declined', 'expired');
comment on index booking.booking_orders_series_starts_at_key is 'The series already has a booking for this time.';

alter table booking.booking_participants
  add column seat_type_id uuid,
  add constraint booking_participants_seat_type_id_fkey foreign key (biz_id, seat_type_id)
    references catalog.offer_seat_types (biz_id, id);
comment on column booking.booking_participants.seat_type_id is 'The kind of seat the participant has, where the offer has several.';
call core.index_foreign_keys('booking.booking_participants');
call core.describe_table('booking.booking_participants');

alter table booking.booking_pricing_periods
  add column price_rule_id uuid,
  add column storage_base_rate_id uuid,
  add constraint booking_pricing_periods_price_rule_id_fkey foreign key (biz_id, price_rule_id)
    references pricing.price_rules (biz_id, id),
  add constraint booking_pricing_periods_storage_base_rate_id_fkey foreign key (biz_id, storage_base_rate_id)
    references pricing.storage_base_rates (biz_id, id),
  add constraint booking_pricing_periods_source_check check (num_nonnulls(price_rule_id, storage_base_rate_id) <= 1);
comment on column booking.booking_pricing_periods.price_rule_id is 'The price rule that the rate was taken from, if from one.';
comment on column booking.booking_pricing_periods.storage_base_rate_id is 'The base rate for storage that the rate was taken from, if from one.';
comment on constraint booking_pricing_periods_source_check on booking.booking_pricing_periods is 'A rate comes from one source at most.';
call core.index_foreign_keys('booking.booking_pricing_periods');
call core.describe_table('booking.booking_pricing_periods');

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain booking.obligation_status as text constraint obligation_status_check check (value in (
  'pending', 'partially_paid', 'paid', 'overdue', 'waived', 'cancelled', 'transferred'));
comment on domain booking.obligation_status is 'Where what a participant owes stands.
pending: Nothing is paid yet.
partially_paid: A part is paid.
paid: All is paid.
overdue: Not all is paid, and it was due.
waived: The rest need not be paid.
cancelled: The participant dropped out, and no longer owes it.
transferred: Another obligation took its place.';
comment on constraint obligation_status_check on domain booking.obligation_status is 'Unknown status of an obligation.';

create domain booking.obligation_event_kind as text constraint obligation_event_kind_check check (value in (
  'created', 'reminded', 'paid', 'waived', 'transferred', 'refunded', 'overdue'));
comment on domain booking.obligation_event_kind is 'What happened to an obligation.
created: It came to be.
reminded: The participant was reminded.
paid: Money came in for it.
waived: What was left need not be paid.
transferred: Another obligation took its place.
refunded: Money was given back.
overdue: It was not paid in time.';
comment on constraint obligation_event_kind_check on domain booking.obligation_event_kind is 'Unknown kind of event.';

create domain booking.request_kind as text constraint request_kind_check check (value in (
  'reschedule', 'cancel', 'modify'));
comment on domain booking.request_kind is 'What was asked of an order.
reschedule: To move it to another time.
cancel: To cancel it.
modify: To change what was booked.';
comment on constraint request_kind_check on domain booking.request_kind is 'Unknown kind of request.';

create domain booking.request_outcome as text constraint request_outcome_check check (value in (
  'done', 'refused'));
comment on domain booking.request_outcome is 'What came of a request.
done: It was done as asked.
refused: It was refused, such as for being too late.';
comment on constraint request_outcome_check on domain booking.request_outcome is 'Unknown outcome of a request.';

create domain booking.check_in_method as text constraint check_in_method_check check (value in (
  'desk', 'kiosk', 'qr', 'geo'));
comment on domain booking.check_in_method is 'How somebody checked in.
desk: With staff.
kiosk: At a terminal on site.
qr: With a code on paper or phone.
geo: By being near, as the phone said.';
comment on constraint check_in_method_check on domain booking.check_in_method is 'Unknown way of checking in.';

-- booking_policies ----------------------------------------------------------------------------------------------------

-- The most telling row holds: of the location and the offer, of the offer, of the location, of the tenant.
create table booking.booking_policies (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  location_id uuid,
  offer_id uuid,
  auto_confirm boolean not null default true,
  approval_timeout_minutes integer,
  hold_minutes integer not null default 15,
  no_show_grace_minutes integer not null default 15,
  reschedule_limit integer,
  reschedule_cutoff_minutes integer not null default 0,
  max_active_per_customer integer,
  is_group_split_allowed boolean not null default false,
  constraint booking_policies_pkey primary key (biz_id, id),
  constraint booking_policies_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint booking_policies_offer_id_fkey foreign key (biz_id, offer_id)
    references catalog.offers (biz_id, id),
  constraint booking_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint booking_policies_timeouts_check check (approval_timeout_minutes > 0 and hold_minutes between 1 and 10080),
  constraint booking_policies_minutes_check check (no_show_grace_minutes >= 0 and reschedule_cutoff_minutes >= 0),
  constraint booking_policies_limits_check check (reschedule_limit >= 0 and max_active_per_customer >= 1)
);
comment on table booking.booking_policies is 'Rules by which bookings are taken, of an offer, a location, or all.';
comment on column booking.booking_policies.name is 'Name shown to staff.';
comment on column booking.booking_policies.location_id is 'The location it holds for; none means all.';
comment on column booking.booking_policies.offer_id is 'The offer it holds for; none means all.';
comment on column booking.booking_policies.auto_confirm is 'Whether a booking is confirmed at once, or waits for approval.';
comment on column booking.booking_policies.approval_timeout_minutes is 'After how many minutes a booking that nobody approved expires; none means when it would begin.';
comment on column booking.booking_policies.hold_minutes is 'For how many minutes places are kept while a customer books.';
comment on column booking.booking_policies.no_show_grace_minutes is 'How many minutes after its start a booking counts as missed, and for how many more it can be taken back.';
comment on column booking.booking_policies.reschedule_limit is 'How often a customer may move a booking; none means any number.';
comment on column booking.booking_policies.reschedule_cutoff_minutes is 'How many minutes before its start a customer may move it at the latest.';
comment on column booking.booking_policies.max_active_per_customer is 'How many bookings a customer may have ahead at the same time; none means any number.';
comment on column booking.booking_policies.is_group_split_allowed is 'Whether customers may split what a booking costs among those who take part.';
comment on constraint booking_policies_name_check on booking.booking_policies is 'A name is required, of 200 characters at most.';
comment on constraint booking_policies_timeouts_check on booking.booking_policies is 'Time to approve must be more than 0, and places are kept between 1 minute and 7 days.';
comment on constraint booking_policies_minutes_check on booking.booking_policies is 'Minutes cannot be negative.';
comment on constraint booking_policies_limits_check on booking.booking_policies is 'Limits cannot be negative, and at least 1 booking must be allowed.';

call core.install_table('booking.booking_policies', 'M', 'bkpo');
create unique index booking_policies_target_key on booking.booking_policies (biz_id, location_id, offer_id) nulls not distinct
  where deleted_at is null;
comment on index booking.booking_policies_target_key is 'There already is a policy for this location and offer.';

-- booking_features ----------------------------------------------------------------------------------------------------

-- As they come with nearly every pallet, their sum is looked up once for each row written, at commit. An order that is
-- taken over from elsewhere may name a sum without saying of what.
create table booking.booking_features (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  feature_id uuid not null,
  feature_price_id uuid,
  name text not null,
  calculation pricing.feature_calculation not null,
  value numeric(20,6) not null,
  units integer not null default 1,
  days integer not null default 1,
  amount_minor bigint not null,
  currency char(3) not null,
  tax_rate numeric(9,6),
  tax_minor bigint not null default 0,
  voided_at timestamptz,
  constraint booking_features_pkey primary key (biz_id, id),
  constraint booking_features_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint booking_features_feature_id_fkey foreign key (biz_id, feature_id)
    references core.features (biz_id, id),
  constraint booking_features_feature_price_id_fkey foreign key (biz_id, feature_price_id)
    references pricing.feature_prices (biz_id, id),
  constraint booking_features_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint booking_features_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint booking_features_amounts_check check (value >= 0 and amount_minor >= 0 and tax_minor >= 0),
  constraint booking_features_quantities_check check (units >= 1 and days >= 1),
  constraint booking_features_percent_check check (calculation <> 'percent_of_base' or value <= 100),
  constraint booking_features_tax_rate_check check (tax_rate between 0 and 10)
);
comment on table booking.booking_features is 'Something added to an order, such as insurance or forklift service, with its price as it was. Those that are not voided sum up to the features amount of the order.';
comment on column booking.booking_features.order_id is 'The order.';
comment on column booking.booking_features.feature_id is 'What was added.';
comment on column booking.booking_features.feature_price_id is 'The price it was taken at.';
comment on column booking.booking_features.name is 'Its name, as it was then.';
comment on column booking.booking_features.calculation is 'How its price was reckoned, as it was then.';
comment on column booking.booking_features.value is 'Its price as it was then: an amount in major units, or of a percentage, 5 for 5 %.';
comment on column booking.booking_features.units is 'For how many units, such as pallets.';
comment on column booking.booking_features.days is 'For how many days.';
comment on column booking.booking_features.amount_minor is 'What it costs without tax on top of it, in minor units.';
comment on column booking.booking_features.currency is 'Currency of its amounts, that of the order.';
comment on column booking.booking_features.tax_rate is 'Tax rate as sold, as a fraction: 0.06 is 6 %.';
comment on column booking.booking_features.tax_minor is 'Tax on top of it, in minor units, where tax is reckoned by line.';
comment on column booking.booking_features.voided_at is 'When it was taken off the order; it counts nowhere since.';
comment on constraint booking_features_name_check on booking.booking_features is 'A name is required, of 200 characters at most.';
comment on constraint booking_features_amounts_check on booking.booking_features is 'The amounts of a feature cannot be negative.';
comment on constraint booking_features_quantities_check on booking.booking_features is 'There must be at least 1 unit and 1 day.';
comment on constraint booking_features_percent_check on booking.booking_features is 'A percentage is 100 at most.';
comment on constraint booking_features_tax_rate_check on booking.booking_features is 'The tax rate is a fraction between 0 and 10.';

call core.install_table('booking.booking_features', 'T', 'bkft');
create unique index booking_features_order_id_feature_id_key on booking.booking_features (biz_id, order_id, feature_id)
  where voided_at is null;
comment on index booking.booking_features_order_id_feature_id_key is 'The order already has this feature.';

create trigger booking_features_order_immutable_check
  before update on booking.booking_features
  for each row when (old.order_id is distinct from new.order_id)
  execute function availability.refuse_update('booking_features_order_immutable_check', 'A feature stays with its order.');
comment on trigger booking_features_order_immutable_check on booking.booking_features is 'A feature stays with its order.';

create function booking.check_order_features() returns trigger
language plpgsql as $$
declare
  document_id uuid;
  sums_up boolean;
  same_currency boolean;
begin
  if tg_table_name = 'booking_orders' then
    document_id := new.id;
  else
    document_id := new.order_id;
  end if;
  select o.features_minor = coalesce(sum(f.amount_minor), 0), coalesce(bool_and(f.currency = o.currency), true)
  into sums_up, same_currency
  from booking.booking_orders o
  left join booking.booking_features f on f.biz_id = o.biz_id and f.order_id = o.id and f.voided_at is null
  where o.biz_id = new.biz_id
    and o.id = document_id
  group by o.features_minor;

  if not same_currency then
    raise exception using
      errcode = '23514',
      message = 'A feature has the currency of its order.',
      schema = 'booking',
      table = 'booking_features',
      column = 'currency',
      constraint = 'booking_features_currency_check';
  elsif not sums_up then
    raise exception using
      errcode = '23514',
      message = 'The features of an order must sum up to its features amount.',
      schema = 'booking',
      table = 'booking_orders',
      column = 'features_minor',
      constraint = 'booking_orders_features_sum_check';
  end if;
  return null;
end
$$;
comment on function booking.check_order_features() is 'Trigger: the features of an order have its currency and sum up to its features amount.';

create constraint trigger booking_features_sum_check
  after insert or update of amount_minor, currency, voided_at on booking.booking_features
  deferrable initially deferred
  for each row execute function booking.check_order_features();
comment on constraint booking_features_sum_check on booking.booking_features is 'The features of an order must sum up to its features amount.';
create constraint trigger booking_orders_features_sum_check
  after update of features_minor on booking.booking_orders
  deferrable initially deferred
  for each row when (old.features_minor <> new.features_minor)
  execute function booking.check_order_features();
comment on constraint booking_orders_features_sum_check on booking.booking_orders is 'The features of an order must sum up to its features amount.';

-- storage_details -----------------------------------------------------------------------------------------------------

create table booking.storage_details (
  biz_id uuid not null,
  id uuid not null,
  booking_order_id uuid not null,
  units integer not null,
  unit_length_mm integer,
  unit_width_mm integer,
  unit_height_mm integer,
  unit_weight_g bigint,
  goods text not null,
  is_stackable boolean not null default false,
  is_hazardous boolean not null default false,
  hazard_class text,
  min_temperature_c numeric(5,2),
  max_temperature_c numeric(5,2),
  goods_value_minor bigint,
  currency char(3),
  constraint storage_details_pkey primary key (biz_id, id),
  constraint storage_details_booking_order_id_key unique (biz_id, booking_order_id),
  constraint storage_details_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint storage_details_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint storage_details_goods_check check (btrim(goods) <> '' and length(goods) <= 2000),
  constraint storage_details_hazard_class_check check (btrim(hazard_class) <> '' and length(hazard_class) <= 60),
  constraint storage_details_units_check check (units >= 1),
  constraint storage_details_sizes_check check (unit_length_mm > 0 and unit_width_mm > 0 and unit_height_mm > 0 and unit_weight_g > 0),
  constraint storage_details_hazard_check check (hazard_class is null or is_hazardous),
  constraint storage_details_temperatures_check check (max_temperature_c >= min_temperature_c),
  constraint storage_details_goods_value_check check (goods_value_minor >= 0 and num_nonnulls(goods_value_minor, currency) in (0, 2))
);
comment on table booking.storage_details is 'What a booking order is when it is storage: how many units of which size and what is in them. One row an order.';
comment on column booking.storage_details.booking_order_id is 'The order these details belong to, of kind storage.';
comment on column booking.storage_details.units is 'How many units, such as pallets, are stored on each day.';
comment on column booking.storage_details.unit_length_mm is 'Length of the largest unit, in millimetres.';
comment on column booking.storage_details.unit_width_mm is 'Width of the widest unit, in millimetres; no wider than the location takes.';
comment on column booking.storage_details.unit_height_mm is 'Height of the highest unit with its load, in millimetres; no higher than the location takes.';
comment on column booking.storage_details.unit_weight_g is 'Weight of the heaviest unit, in grams.';
comment on column booking.storage_details.goods is 'What is stored, in words.';
comment on column booking.storage_details.is_stackable is 'Whether others may be put on top.';
comment on column booking.storage_details.is_hazardous is 'Whether the goods are dangerous, so that rules for them apply.';
comment on column booking.storage_details.hazard_class is 'Class of the danger, such as 3 for flammable liquids.';
comment on column booking.storage_details.min_temperature_c is 'Lowest temperature that the goods bear, in degrees Celsius.';
comment on column booking.storage_details.max_temperature_c is 'Highest temperature that the goods bear, in degrees Celsius.';
comment on column booking.storage_details.goods_value_minor is 'What the goods are worth, in minor units, for insurance.';
comment on column booking.storage_details.currency is 'Currency of that value.';
comment on constraint storage_details_goods_check on booking.storage_details is 'A description of the goods is required, of 2,000 characters at most.';
comment on constraint storage_details_hazard_class_check on booking.storage_details is 'A hazard class is not blank, and of 60 characters at most.';
comment on constraint storage_details_booking_order_id_key on booking.storage_details is 'This order already has storage details.';
comment on constraint storage_details_units_check on booking.storage_details is 'At least 1 unit must be stored.';
comment on constraint storage_details_sizes_check on booking.storage_details is 'Sizes and weight must be more than 0.';
comment on constraint storage_details_hazard_check on booking.storage_details is 'Only dangerous goods have a class.';
comment on constraint storage_details_temperatures_check on booking.storage_details is 'The highest temperature cannot be below the lowest.';
comment on constraint storage_details_goods_value_check on booking.storage_details is 'A value is not negative, and has a currency.';

call core.install_table('booking.storage_details', 'T', 'bksd');

-- How large a unit may be is said by the location: it lies in another table.
create function booking.check_storage() returns trigger
language plpgsql as $$
declare
  order_kind text;
  fits boolean;
begin
  select o.kind, coalesce(new.unit_height_mm <= l.max_unit_height_mm, true) and coalesce(new.unit_width_mm <= l.max_unit_width_mm, true)
  into order_kind, fits
  from booking.booking_orders o
  join core.locations l on l.biz_id = o.biz_id and l.id = o.location_id
  where o.biz_id = new.biz_id
    and o.id = new.booking_order_id;

  if order_kind <> 'storage' then
    raise exception using
      errcode = '23514',
      message = 'Only an order of storage has storage details.',
      schema = 'booking',
      table = 'storage_details',
      column = 'booking_order_id',
      constraint = 'storage_details_storage_check';
  elsif not fits then
    raise exception using
      errcode = '23514',
      message = 'Units of this size do not fit into this location.',
      schema = 'booking',
      table = 'storage_details',
      column = 'unit_height_mm',
      constraint = 'storage_details_fit_check';
  end if;
  return null;
end
$$;
comment on function booking.check_storage() is 'Trigger: the order is one of storage, and its units fit into the location.';

create constraint trigger storage_details_fit_check
  after insert or update of booking_order_id, unit_height_mm, unit_width_mm on booking.storage_details
  not deferrable
  for each row execute function booking.check_storage();
comment on constraint storage_details_fit_check on booking.storage_details is 'Units of this size do not fit into this location.';

-- participant_obligations ---------------------------------------------------------------------------------------------

-- An order is split once it says what its organiser pays: from then on the obligations that count and that share make up
-- its total. Each writer keeps the sum by what it changes itself, so that two at a time keep it too.
create table booking.participant_obligations (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  participant_id uuid not null,
  amount_minor bigint not null,
  paid_minor bigint not null default 0,
  currency char(3) not null,
  due_at timestamptz,
  status booking.obligation_status not null default 'pending',
  transferred_from_id uuid,
  reminded_at timestamptz,
  constraint participant_obligations_pkey primary key (biz_id, id),
  constraint participant_obligations_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint participant_obligations_participant_id_fkey foreign key (biz_id, participant_id)
    references booking.booking_participants (biz_id, id),
  constraint participant_obligations_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint participant_obligations_transferred_from_id_fkey foreign key (biz_id, transferred_from_id)
    references booking.participant_obligations (biz_id, id),
  constraint participant_obligations_amounts_check check (amount_minor >= 0),
  constraint participant_obligations_paid_check check (paid_minor between 0 and amount_minor),
  constraint participant_obligations_status_check check (
    case status
      when 'pending' then paid_minor = 0
      when 'partially_paid' then paid_minor > 0 and paid_minor < amount_minor
      when 'paid' then paid_minor = amount_minor
      when 'overdue' then paid_minor < amount_minor
      when 'transferred' then paid_minor = 0
      else true end),
  constraint participant_obligations_transferred_from_check check (transferred_from_id <> id)
);
comment on table booking.participant_obligations is 'What one participant owes of an order that is split among several.';
comment on column booking.participant_obligations.order_id is 'The order.';
comment on column booking.participant_obligations.participant_id is 'Who owes it, a participant of the order.';
comment on column booking.participant_obligations.amount_minor is 'What is owed, in minor units.';
comment on column booking.participant_obligations.paid_minor is 'What came in less what was given back, in minor units: the sum of its events.';
comment on column booking.participant_obligations.currency is 'Currency of its amounts, that of the order.';
comment on column booking.participant_obligations.due_at is 'Until when it is to be paid; none means when the order begins.';
comment on column booking.participant_obligations.status is 'Where it stands.';
comment on column booking.participant_obligations.transferred_from_id is 'The obligation whose place it took.';
comment on column booking.participant_obligations.reminded_at is 'When the participant was last reminded.';
comment on constraint participant_obligations_amounts_check on booking.participant_obligations is 'An amount cannot be negative.';
comment on constraint participant_obligations_paid_check on booking.participant_obligations is 'No more can be paid than is owed, and no less than nothing.';
comment on constraint participant_obligations_status_check on booking.participant_obligations is 'The status must say what was paid.';
comment on constraint participant_obligations_transferred_from_check on booking.participant_obligations is 'An obligation does not take its own place.';

call core.install_table('booking.participant_obligations', 'T', 'bkob', registrable => true);
create unique index participant_obligations_transferred_from_id_key on booking.participant_obligations (biz_id, transferred_from_id)
  where transferred_from_id is not null and status not in ('cancelled', 'transferred');
comment on index booking.participant_obligations_transferred_from_id_key is 'Another obligation already took its place.';
create unique index participant_obligations_participant_id_key on booking.participant_obligations (biz_id, participant_id)
  where status not in ('cancelled', 'transferred');
comment on index booking.participant_obligations_participant_id_key is 'This participant already owes a share.';
create index participant_obligations_status_due_at_idx on booking.participant_obligations (biz_id, status, due_at, id)
  where status in ('pending', 'partially_paid', 'overdue');

create trigger participant_obligations_party_immutable_check
  before update on booking.participant_obligations
  for each row when ((old.order_id, old.participant_id, old.currency)
      is distinct from (new.order_id, new.participant_id, new.currency))
  execute function availability.refuse_update('participant_obligations_party_immutable_check', 'An obligation stays with its order, its participant and its currency.');
comment on trigger participant_obligations_party_immutable_check on booking.participant_obligations is 'An obligation stays with its order, its participant and its currency.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('obligation', 'pending', 'partially_paid', false),
  ('obligation', 'pending', 'paid', false),
  ('obligation', 'pending', 'overdue', false),
  ('obligation', 'pending', 'waived', false),
  ('obligation', 'pending', 'cancelled', false),
  ('obligation', 'pending', 'transferred', false),
  ('obligation', 'partially_paid', 'pending', false),
  ('obligation', 'partially_paid', 'paid', false),
  ('obligation', 'partially_paid', 'overdue', false),
  ('obligation', 'partially_paid', 'waived', false),
  ('obligation', 'partially_paid', 'cancelled', false),
  ('obligation', 'paid', 'partially_paid', false),
  ('obligation', 'paid', 'pending', false),
  ('obligation', 'paid', 'cancelled', false),
  ('obligation', 'overdue', 'paid', false),
  ('obligation', 'overdue', 'waived', false),
  ('obligation', 'overdue', 'cancelled', false),
  ('obligation', 'overdue', 'transferred', false);
call core.install_state_machine('booking.participant_obligations', 'status', 'obligation');

-- participant_obligation_events ---------------------------------------------------------------------------------------

create table booking.participant_obligation_events (
  biz_id uuid not null,
  id uuid not null,
  obligation_id uuid not null,
  kind booking.obligation_event_kind not null,
  occurred_at timestamptz not null default now(),
  amount_minor bigint not null default 0,
  currency char(3) not null,
  source_type text,
  source_id uuid,
  note text,
  constraint participant_obligation_events_pkey primary key (biz_id, id),
  constraint participant_obligation_events_obligation_id_fkey foreign key (biz_id, obligation_id)
    references booking.participant_obligations (biz_id, id),
  constraint participant_obligation_events_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint participant_obligation_events_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint participant_obligation_events_amount_check check (case when kind in ('paid', 'refunded') then amount_minor > 0 else amount_minor >= 0 end),
  constraint participant_obligation_events_source_check check (num_nonnulls(source_type, source_id) in (0, 2))
);
comment on table booking.participant_obligation_events is 'Something that happened to an obligation: a reminder, a payment, a refund. Payments less refunds are what is paid of it.';
comment on column booking.participant_obligation_events.obligation_id is 'The obligation.';
comment on column booking.participant_obligation_events.kind is 'What happened.';
comment on column booking.participant_obligation_events.occurred_at is 'When it happened.';
comment on column booking.participant_obligation_events.amount_minor is 'The money that moved, in minor units; 0 where none did.';
comment on column booking.participant_obligation_events.currency is 'Currency of the amount, that of the obligation.';
comment on column booking.participant_obligation_events.source_type is 'Entity type of the payment or refund, such as Payment.';
comment on column booking.participant_obligation_events.source_id is 'The payment or refund. No foreign key, as it comes of a later module.';
comment on column booking.participant_obligation_events.note is 'What staff said about it.';
comment on constraint participant_obligation_events_note_check on booking.participant_obligation_events is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint participant_obligation_events_amount_check on booking.participant_obligation_events is 'Money that moved is more than 0.';
comment on constraint participant_obligation_events_source_check on booking.participant_obligation_events is 'A payment has both a type and an id.';

call core.install_table('booking.participant_obligation_events', 'J', 'bkoe');
create unique index participant_obligation_events_source_key on booking.participant_obligation_events (biz_id, obligation_id, kind, source_type, source_id)
  where source_id is not null;
comment on index booking.participant_obligation_events_source_key is 'This payment is counted already.';
create index participant_obligation_events_obligation_id_occurred_at_idx on booking.participant_obligation_events (biz_id, obligation_id, occurred_at);

-- Sums of a split order -----------------------------------------------------------------------------------------------

create function booking.check_order_split() returns trigger
language plpgsql as $$
declare
  document_id uuid;
  sums_up boolean;
  fits boolean;
begin
  if tg_table_name = 'booking_orders' then
    document_id := new.id;
  else
    document_id := new.order_id;
  end if;
  select
    o.organiser_share_minor is null
      or o.total_minor - o.organiser_share_minor = coalesce(sum(b.amount_minor) filter (where b.status not in ('cancelled', 'transferred')), 0),
    coalesce(bool_and(b.currency = o.currency and p.order_id = o.id), true)
  into sums_up, fits
  from booking.booking_orders o
  left join booking.participant_obligations b on b.biz_id = o.biz_id and b.order_id = o.id
  left join booking.booking_participants p on p.biz_id = b.biz_id and p.id = b.participant_id
  where o.biz_id = new.biz_id
    and o.id = document_id
  group by o.total_minor, o.organiser_share_minor;

  if not fits then
    raise exception using
      errcode = '23514',
      message = 'Only a participant of the order owes a share of it, in its currency.',
      schema = 'booking',
      table = 'participant_obligations',
      column = 'participant_id',
      constraint = 'participant_obligations_same_order_check';
  elsif not sums_up then
    raise exception using
      errcode = '23514',
      message = 'What participants owe and the share of the organiser must sum up to the total of the order.',
      schema = 'booking',
      table = 'participant_obligations',
      column = 'amount_minor',
      constraint = 'participant_obligations_sum_check';
  end if;
  return null;
end
$$;
comment on function booking.check_order_split() is 'Trigger: what participants owe and the share of the organiser sum up to the total of the order.';

create constraint trigger participant_obligations_sum_check
  after insert or update of amount_minor, status on booking.participant_obligations
  deferrable initially deferred
  for each row execute function booking.check_order_split();
comment on constraint participant_obligations_sum_check on booking.participant_obligations is 'What participants owe and the share of the organiser must sum up to the total of the order.';
create constraint trigger booking_orders_split_sum_check
  after insert or update of total_minor, organiser_share_minor on booking.booking_orders
  deferrable initially deferred
  for each row when (new.organiser_share_minor is not null) execute function booking.check_order_split();
comment on constraint booking_orders_split_sum_check on booking.booking_orders is 'What participants owe and the share of the organiser must sum up to the total of the order.';

create function booking.check_obligation_paid() returns trigger
language plpgsql as $$
declare
  document_id uuid;
begin
  if tg_table_name = 'participant_obligations' then
    document_id := new.id;
  else
    document_id := new.obligation_id;
  end if;
  if exists (
    select
    from booking.participant_obligations b
    cross join lateral (
      select
        coalesce(sum(case e.kind when 'paid' then e.amount_minor when 'refunded' then -e.amount_minor end), 0) as paid_minor,
        coalesce(bool_and(e.currency = b.currency), true) as same_currency
      from booking.participant_obligation_events e
      where e.biz_id = b.biz_id
        and e.obligation_id = b.id
    ) e
    where b.biz_id = new.biz_id
      and b.id = document_id
      and (b.paid_minor <> e.paid_minor or not e.same_currency)
  ) then
    raise exception using
      errcode = '23514',
      message = 'What is paid of an obligation must be its payments less its refunds, in its currency.',
      schema = 'booking',
      table = 'participant_obligations',
      column = 'paid_minor',
      constraint = 'participant_obligations_paid_sum_check';
  end if;
  return null;
end
$$;
comment on function booking.check_obligation_paid() is 'Trigger: what is paid of an obligation is its payments less its refunds.';

create constraint trigger participant_obligations_paid_sum_check
  after insert or update of paid_minor on booking.participant_obligations
  deferrable initially deferred
  for each row execute function booking.check_obligation_paid();
comment on constraint participant_obligations_paid_sum_check on booking.participant_obligations is 'What is paid of an obligation must be its payments less its refunds, in its currency.';
create constraint trigger participant_obligation_events_paid_sum_check
  after insert on booking.participant_obligation_events
  deferrable initially deferred
  for each row when (new.kind in ('paid', 'refunded')) execute function booking.check_obligation_paid();
comment on constraint participant_obligation_events_paid_sum_check on booking.participant_obligation_events is 'What is paid of an obligation must be its payments less its refunds, in its currency.';

-- booking_requests_log ------------------------------------------------------------------------------------------------

create table booking.booking_requests_log (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  kind booking.request_kind not null,
  requested_by booking.cancellation_party not null,
  outcome booking.request_outcome not null default 'done',
  before jsonb not null default '{}',
  after jsonb not null default '{}',
  price_delta_minor bigint not null default 0,
  fee_minor bigint not null default 0,
  currency char(3) not null,
  reason text,
  constraint booking_requests_log_pkey primary key (biz_id, id),
  constraint booking_requests_log_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint booking_requests_log_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint booking_requests_log_before_check check (jsonb_typeof(before) = 'object'),
  constraint booking_requests_log_after_check check (jsonb_typeof(after) = 'object'),
  constraint booking_requests_log_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint booking_requests_log_fee_check check (fee_minor >= 0)
);
comment on table booking.booking_requests_log is 'That somebody asked to move, change or cancel an order, and what it became.';
comment on column booking.booking_requests_log.order_id is 'The order.';
comment on column booking.booking_requests_log.kind is 'What was asked.';
comment on column booking.booking_requests_log.requested_by is 'Who asked.';
comment on column booking.booking_requests_log.outcome is 'What came of it.';
comment on column booking.booking_requests_log.before is 'What of the order was changed, as it was, by column.';
comment on column booking.booking_requests_log.after is 'What of the order was changed, as it became, by column; of a refusal, as it was wanted.';
comment on column booking.booking_requests_log.price_delta_minor is 'How much more (or less, if negative) the order costs since, in minor units.';
comment on column booking.booking_requests_log.fee_minor is 'What was charged for it, in minor units.';
comment on column booking.booking_requests_log.currency is 'Currency of its amounts, that of the order.';
comment on column booking.booking_requests_log.reason is 'Why, in words.';
comment on constraint booking_requests_log_before_check on booking.booking_requests_log is 'Values before are a JSON object.';
comment on constraint booking_requests_log_after_check on booking.booking_requests_log is 'Values after are a JSON object.';
comment on constraint booking_requests_log_reason_check on booking.booking_requests_log is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint booking_requests_log_fee_check on booking.booking_requests_log is 'A fee cannot be negative.';

call core.install_table('booking.booking_requests_log', 'J', 'bkrq', entity_name => 'BookingRequest');
create index booking_requests_log_order_id_created_at_idx on booking.booking_requests_log (biz_id, order_id, created_at);
create index booking_requests_log_kind_created_at_idx on booking.booking_requests_log (biz_id, kind, created_at);

-- check_ins -----------------------------------------------------------------------------------------------------------

create table booking.check_ins (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  participant_id uuid,
  location_id uuid not null,
  method booking.check_in_method not null,
  occurred_at timestamptz not null default now(),
  party_size integer,
  lat numeric(9,6),
  lng numeric(9,6),
  device_ref text,
  constraint check_ins_pkey primary key (biz_id, id),
  constraint check_ins_order_id_fkey foreign key (biz_id, order_id)
    references booking.booking_orders (biz_id, id),
  constraint check_ins_participant_id_fkey foreign key (biz_id, participant_id)
    references booking.booking_participants (biz_id, id),
  constraint check_ins_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint check_ins_device_ref_check check (btrim(device_ref) <> '' and length(device_ref) <= 200),
  constraint check_ins_place_check check (num_nonnulls(lat, lng) in (0, 2) and lat between -90 and 90 and lng between -180 and 180),
  constraint check_ins_geo_check check (method <> 'geo' or lat is not null),
  constraint check_ins_party_size_check check (party_size >= 1)
);
comment on table booking.check_ins is 'That somebody came for an order. Who leaves and comes again has several.';
comment on column booking.check_ins.order_id is 'The order.';
comment on column booking.check_ins.participant_id is 'Who came; none means the party.';
comment on column booking.check_ins.location_id is 'Where.';
comment on column booking.check_ins.method is 'How.';
comment on column booking.check_ins.occurred_at is 'When.';
comment on column booking.check_ins.party_size is 'How many came, where it was counted.';
comment on column booking.check_ins.lat is 'Latitude of the phone, of a check-in by being near.';
comment on column booking.check_ins.lng is 'Longitude of the phone.';
comment on column booking.check_ins.device_ref is 'The terminal or phone it was done on.';
comment on constraint check_ins_device_ref_check on booking.check_ins is 'A device is not blank, and of 200 characters at most.';
comment on constraint check_ins_place_check on booking.check_ins is 'A place has both a latitude and a longitude.';
comment on constraint check_ins_geo_check on booking.check_ins is 'Who checked in by being near was at a place.';
comment on constraint check_ins_party_size_check on booking.check_ins is 'At least one person came.';

call core.install_table('booking.check_ins', 'J', 'bkci');
create index check_ins_order_id_occurred_at_idx on booking.check_ins (biz_id, order_id, occurred_at);
create index check_ins_location_id_occurred_at_idx on booking.check_ins (biz_id, location_id, occurred_at);

-- The lists of a day are asked for by its business date.
create index booking_orders_business_date_idx on booking.booking_orders (biz_id, business_date, id);
