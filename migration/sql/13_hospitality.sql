-- Hospitality: what a booking order is when it is a stay: for whom, on which terms, and night by night.

create schema hospitality;
comment on schema hospitality is 'Stays: what a reservation asks for, and its nights with their rates.';

-- Kinds ---------------------------------------------------------------------------------------------------------------

create domain hospitality.guarantee as text constraint guarantee_check check (value in (
  'none', 'card', 'deposit'));
comment on domain hospitality.guarantee is 'What makes sure that the guest comes.
none: Nothing.
card: A card that can be charged.
deposit: Money paid in advance.';
comment on constraint guarantee_check on domain hospitality.guarantee is 'Unknown guarantee.';

create domain hospitality.deposit_terms as text constraint deposit_terms_check check (value in (
  'no_deposit', 'refundable', 'non_refundable'));
comment on domain hospitality.deposit_terms is 'Whether money was asked in advance, and whether a guest who cancels gets it back.
no_deposit: None was asked.
refundable: It is given back.
non_refundable: It is kept.';
comment on constraint deposit_terms_check on domain hospitality.deposit_terms is 'Unknown deposit terms.';

create domain hospitality.guest_type as text constraint guest_type_check check (value in (
  'transient', 'transient_party', 'group', 'contract'));
comment on domain hospitality.guest_type is 'As what a guest comes.
transient: Alone or with family, on a booking of their own.
transient_party: On a booking of their own that belongs to others of the same party.
group: As a member of a group.
contract: Under a contract with a company or operator.';
comment on constraint guest_type_check on domain hospitality.guest_type is 'Unknown guest type.';

-- reservation_details -------------------------------------------------------------------------------------------------

create table hospitality.reservation_details (
  biz_id uuid not null,
  id uuid not null,
  booking_order_id uuid not null,
  unit_type_id uuid not null,
  assigned_unit_type_id uuid,
  rooms integer not null default 1,
  adults integer not null,
  children integer not null default 0,
  babies integer not null default 0,
  child_ages integer[] not null default '{}',
  meal_plan pricing.meal_plan,
  guarantee hospitality.guarantee not null default 'none',
  deposit_terms hospitality.deposit_terms not null default 'no_deposit',
  guest_type hospitality.guest_type not null default 'transient',
  is_repeat_guest boolean not null default false,
  source text,
  market_segment text,
  distribution_channel text,
  agent_ref text,
  company_ref text,
  arrival_expected_at timestamptz,
  required_parking_spaces integer not null default 0,
  special_requests text,
  special_requests_count integer not null default 0,
  changes_count integer not null default 0,
  waitlisted_days integer not null default 0,
  constraint reservation_details_pkey primary key (biz_id, id),
  constraint reservation_details_booking_order_id_key unique (biz_id, booking_order_id),
  constraint reservation_details_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint reservation_details_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint reservation_details_assigned_unit_type_id_fkey foreign key (biz_id, assigned_unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint reservation_details_rooms_check check (rooms >= 1),
  constraint reservation_details_guests_check check (adults >= 1 and children >= 0 and babies >= 0),
  constraint reservation_details_child_ages_check check (
    cardinality(child_ages) <= children + babies and 0 <= all (child_ages) and 17 >= all (child_ages)),
  constraint reservation_details_source_check check (btrim(source) <> '' and length(source) <= 200),
  constraint reservation_details_market_segment_check check (btrim(market_segment) <> '' and length(market_segment) <= 60),
  constraint reservation_details_distribution_channel_check check (
    btrim(distribution_channel) <> '' and length(distribution_channel) <= 60),
  constraint reservation_details_agent_ref_check check (btrim(agent_ref) <> '' and length(agent_ref) <= 60),
  constraint reservation_details_company_ref_check check (btrim(company_ref) <> '' and length(company_ref) <= 60),
  constraint reservation_details_special_requests_check check (length(special_requests) <= 10000),
  constraint reservation_details_counts_check check (
    required_parking_spaces >= 0 and special_requests_count >= 0 and changes_count >= 0 and waitlisted_days >= 0)
);
comment on table hospitality.reservation_details is 'What a booking order is when it is a stay: the room type, the guests, the terms, and where the reservation came from. One row a stay.';
comment on column hospitality.reservation_details.booking_order_id is 'The order these details belong to, a stay.';
comment on column hospitality.reservation_details.unit_type_id is 'The room type that was reserved and is paid for.';
comment on column hospitality.reservation_details.assigned_unit_type_id is 'The room type the guest was given, once it is known; another than reserved after an upgrade.';
comment on column hospitality.reservation_details.rooms is 'How many rooms of the type.';
comment on column hospitality.reservation_details.adults is 'How many adults come, at least one.';
comment on column hospitality.reservation_details.children is 'How many children come who need a bed.';
comment on column hospitality.reservation_details.babies is 'How many babies come who sleep in a cot.';
comment on column hospitality.reservation_details.child_ages is 'Ages of the children and babies in years, as far as they are known.';
comment on column hospitality.reservation_details.meal_plan is 'Which meals are included; none where it is not known.';
comment on column hospitality.reservation_details.guarantee is 'What makes sure that the guest comes.';
comment on column hospitality.reservation_details.deposit_terms is 'Whether money was asked in advance, and whether it would be given back.';
comment on column hospitality.reservation_details.guest_type is 'As what the guest comes.';
comment on column hospitality.reservation_details.is_repeat_guest is 'Whether the guest had stayed here before when booking.';
comment on column hospitality.reservation_details.source is 'Where the reservation came from, in words, such as the name of a site or the file it was imported from.';
comment on column hospitality.reservation_details.market_segment is 'Market segment as this hotel counts it, such as groups or corporate.';
comment on column hospitality.reservation_details.distribution_channel is 'Distribution channel as this hotel counts it, such as direct or TA/TO.';
comment on column hospitality.reservation_details.agent_ref is 'Number of the travel agent at this hotel.';
comment on column hospitality.reservation_details.company_ref is 'Number of the company that pays, at this hotel.';
comment on column hospitality.reservation_details.arrival_expected_at is 'When the guest said to arrive.';
comment on column hospitality.reservation_details.required_parking_spaces is 'How many parking spaces the guest needs.';
comment on column hospitality.reservation_details.special_requests is 'What the guest wishes, in words.';
comment on column hospitality.reservation_details.special_requests_count is 'How many wishes these are, such as a high floor and twin beds: 2.';
comment on column hospitality.reservation_details.changes_count is 'How often the reservation was changed after it was made.';
comment on column hospitality.reservation_details.waitlisted_days is 'How many days it was on the waiting list before it was confirmed.';
comment on constraint reservation_details_booking_order_id_key on hospitality.reservation_details is 'This order already has reservation details.';
comment on constraint reservation_details_rooms_check on hospitality.reservation_details is 'There must be at least 1 room.';
comment on constraint reservation_details_guests_check on hospitality.reservation_details is 'At least one adult must come, and no number of guests is negative.';
comment on constraint reservation_details_child_ages_check on hospitality.reservation_details is 'There are no more ages than children and babies, each between 0 and 17.';
comment on constraint reservation_details_source_check on hospitality.reservation_details is 'A source is not blank, and of 200 characters at most.';
comment on constraint reservation_details_market_segment_check on hospitality.reservation_details is 'A market segment is not blank, and of 60 characters at most.';
comment on constraint reservation_details_distribution_channel_check on hospitality.reservation_details is 'A distribution channel is not blank, and of 60 characters at most.';
comment on constraint reservation_details_agent_ref_check on hospitality.reservation_details is 'An agent''s number is not blank, and of 60 characters at most.';
comment on constraint reservation_details_company_ref_check on hospitality.reservation_details is 'A company''s number is not blank, and of 60 characters at most.';
comment on constraint reservation_details_special_requests_check on hospitality.reservation_details is 'Special requests have 10,000 characters at most.';
comment on constraint reservation_details_counts_check on hospitality.reservation_details is 'No count is negative.';

-- How many sleep in a room is said by its type, and where the type is sold by its location: both lie in other tables.
create function hospitality.check_reservation() returns trigger
language plpgsql as $$
declare
  order_kind text;
  same_location boolean;
  fits boolean;
begin
  select o.kind, o.location_id = t.location_id, new.adults + new.children <= new.rooms * t.max_occupancy
  into order_kind, same_location, fits
  from booking.booking_orders o
  cross join resources.unit_types t
  where o.biz_id = new.biz_id
    and o.id = new.booking_order_id
    and t.biz_id = new.biz_id
    and t.id = new.unit_type_id;

  if order_kind <> 'stay' then
    raise exception using
      errcode = '23514',
      message = 'Only a stay has reservation details.',
      schema = 'hospitality',
      table = 'reservation_details',
      column = 'booking_order_id',
      constraint = 'reservation_details_stay_check';
  elsif not same_location then
    raise exception using
      errcode = '23514',
      message = 'The room type must belong to the location of the order.',
      schema = 'hospitality',
      table = 'reservation_details',
      column = 'unit_type_id',
      constraint = 'reservation_details_same_location_check';
  elsif not fits then
    raise exception using
      errcode = '23514',
      message = 'So many guests do not fit into these rooms.',
      schema = 'hospitality',
      table = 'reservation_details',
      column = 'adults',
      constraint = 'reservation_details_occupancy_check';
  end if;
  return null;
end
$$;
comment on function hospitality.check_reservation() is 'Trigger: the order is a stay, the room type is of its location, and the guests fit into the rooms.';

create constraint trigger reservation_details_occupancy_check
  after insert or update of booking_order_id, unit_type_id, rooms, adults, children on hospitality.reservation_details
  not deferrable
  for each row execute function hospitality.check_reservation();
comment on constraint reservation_details_occupancy_check on hospitality.reservation_details is 'So many guests do not fit into these rooms.';

create index reservation_details_market_segment_idx on hospitality.reservation_details (biz_id, market_segment);

call core.install_table('hospitality.reservation_details', 'T', 'rsd', entity_name => 'ReservationDetail');

-- reservation_nights --------------------------------------------------------------------------------------------------

create table hospitality.reservation_nights (
  biz_id uuid not null,
  id uuid not null,
  booking_order_id uuid not null,
  stay_date date not null,
  unit_type_id uuid not null,
  rate_minor bigint not null,
  currency char(3) not null,
  inclusions text[] not null default '{}',
  posted_at timestamptz,
  released_at timestamptz,
  constraint reservation_nights_pkey primary key (biz_id, id),
  constraint reservation_nights_booking_order_id_stay_date_key unique (biz_id, booking_order_id, stay_date),
  constraint reservation_nights_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint reservation_nights_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint reservation_nights_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint reservation_nights_rate_check check (rate_minor >= 0),
  constraint reservation_nights_released_check check (released_at is null or posted_at is null)
);
comment on table hospitality.reservation_nights is 'One night of a stay, with what it costs. The nights of a stay that were not released are exactly those from its arrival to its departure.';
comment on column hospitality.reservation_nights.booking_order_id is 'The stay it is a night of.';
comment on column hospitality.reservation_nights.stay_date is 'Local day on whose evening the night begins.';
comment on column hospitality.reservation_nights.unit_type_id is 'The room type of that night.';
comment on column hospitality.reservation_nights.rate_minor is 'What the night costs for all rooms and guests of the reservation, in minor units.';
comment on column hospitality.reservation_nights.currency is 'Currency of the rate, that of the order.';
comment on column hospitality.reservation_nights.inclusions is 'Codes of what the rate includes, such as breakfast.';
comment on column hospitality.reservation_nights.posted_at is 'When the night audit charged it, once; the night is not changed any more.';
comment on column hospitality.reservation_nights.released_at is 'When the night was given back, as the stay was shortened or moved. Extending the stay again empties it.';
comment on constraint reservation_nights_booking_order_id_stay_date_key on hospitality.reservation_nights is 'The stay already has this night.';
comment on constraint reservation_nights_rate_check on hospitality.reservation_nights is 'A rate cannot be negative.';
comment on constraint reservation_nights_released_check on hospitality.reservation_nights is 'A night that was charged is not given back.';

-- Nights of a type by date; all nights of a date, which the night audit goes through.
create index reservation_nights_unit_type_id_stay_date_idx on hospitality.reservation_nights (biz_id, unit_type_id, stay_date);
create index reservation_nights_stay_date_idx on hospitality.reservation_nights (biz_id, stay_date, id);

create trigger reservation_nights_order_immutable
  before update on hospitality.reservation_nights
  for each row when (old.booking_order_id <> new.booking_order_id)
  execute function availability.refuse_update('reservation_nights_order_immutable_check', 'A night stays with its order.');
create trigger reservation_nights_posted_immutable
  before update on hospitality.reservation_nights
  for each row when (
    old.posted_at is not null
    and (old.posted_at, old.stay_date, old.unit_type_id, old.rate_minor, old.currency)
      is distinct from (new.posted_at, new.stay_date, new.unit_type_id, new.rate_minor, new.currency))
  execute function availability.refuse_update('reservation_nights_posted_immutable_check', 'A night that was charged is not changed any more.');

call core.install_table('hospitality.reservation_nights', 'T', 'rsn');

-- Nights tile the stay ------------------------------------------------------------------------------------------------
-- Checked at commit, once for each order made or moved. A night that is added to a stay that is covered already is
-- either one it has (the unique key) or lies outside of it (refused by statement, at once): so inserting nights, of
-- which there are many, costs no sum of its own. Move the order's dates first, then its nights.

create function hospitality.check_nights() returns trigger
language plpgsql as $$
declare
  order_id uuid;
begin
  if tg_table_name = 'booking_orders' then
    order_id := new.id;
  else
    order_id := new.booking_order_id;
  end if;
  if exists (
    select
    from booking.booking_orders o
    cross join lateral (
      select count(*) as nights, min(n.stay_date) as first_night, max(n.stay_date) as last_night
      from hospitality.reservation_nights n
      where n.biz_id = o.biz_id
        and n.booking_order_id = o.id
        and n.released_at is null
    ) n
    where o.biz_id = new.biz_id
      and o.id = order_id
      and (
        n.nights <> o.check_out_on - o.check_in_on
        or n.first_night <> o.check_in_on
        or n.last_night <> o.check_out_on - 1
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The nights of a stay must be exactly those from its arrival to its departure.',
      schema = 'booking',
      table = 'booking_orders',
      column = 'check_out_on',
      constraint = 'booking_orders_nights_tile_check';
  end if;
  return null;
end
$$;
comment on function hospitality.check_nights() is 'Trigger on stays and changed nights: the nights that were not released are exactly those from arrival to departure.';

create function hospitality.check_new_nights() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from inserted i
    join booking.booking_orders o on o.biz_id = i.biz_id and o.id = i.booking_order_id
    where i.released_at is null
      and (o.kind <> 'stay' or i.stay_date < o.check_in_on or i.stay_date >= o.check_out_on or i.currency <> o.currency)
  ) then
    raise exception using
      errcode = '23514',
      message = 'A night lies between arrival and departure of its stay, in the currency of the order.',
      schema = 'hospitality',
      table = 'reservation_nights',
      column = 'stay_date',
      constraint = 'reservation_nights_within_stay_check';
  end if;
  return null;
end
$$;
comment on function hospitality.check_new_nights() is 'Trigger: new nights lie between arrival and departure of their stays.';

create constraint trigger booking_orders_nights_tile_check
  after insert or update of check_in_on, check_out_on on booking.booking_orders
  deferrable initially deferred
  for each row when (new.kind = 'stay') execute function hospitality.check_nights();
comment on constraint booking_orders_nights_tile_check on booking.booking_orders is 'The nights of a stay must be exactly those from its arrival to its departure.';

create constraint trigger reservation_nights_tile_check
  after update of stay_date, released_at on hospitality.reservation_nights
  deferrable initially deferred
  for each row execute function hospitality.check_nights();
comment on constraint reservation_nights_tile_check on hospitality.reservation_nights is 'The nights of a stay must be exactly those from its arrival to its departure.';

create trigger reservation_nights_within_stay
  after insert on hospitality.reservation_nights referencing new table as inserted
  for each statement execute function hospitality.check_new_nights();
