-- Pricing: what things cost when. Books of price rules, rate plans with their calendar, strategies that move prices, prices of
-- features and storage, and exchange rates. Each line sold keeps its price as it was: rows here say what the next one costs.

-- Kinds ---------------------------------------------------------------------------------------------------------------

create domain pricing.rate_derivation as text constraint rate_derivation_check check (value in (
  'percent', 'amount'));
comment on domain pricing.rate_derivation is 'How the price of a rate plan follows from that of another.
percent: So many percent more or less.
amount: So much more or less for each night.';
comment on constraint rate_derivation_check on domain pricing.rate_derivation is 'Unknown derivation of a rate.';

create domain pricing.rate_strategy_kind as text constraint rate_strategy_kind_check check (value in (
  'seasonal', 'occupancy', 'lead_time', 'weekday', 'competitor'));
comment on domain pricing.rate_strategy_kind is 'What a strategy moves prices by.
seasonal: The season.
occupancy: How full the house is.
lead_time: How long ahead is booked.
weekday: The day of the week.
competitor: What competitors ask.';
comment on constraint rate_strategy_kind_check on domain pricing.rate_strategy_kind is 'Unknown kind of rate strategy.';

create domain pricing.feature_calculation as text constraint feature_calculation_check check (value in (
  'flat', 'unit_per_day', 'percent_of_base'));
comment on domain pricing.feature_calculation is 'How the price of a feature is reckoned.
flat: Once for a booking.
unit_per_day: For each unit, such as a pallet, and each day.
percent_of_base: A part of the base price.';
comment on constraint feature_calculation_check on domain pricing.feature_calculation is 'Unknown calculation of a feature price.';

-- A price that was used is not rewritten ------------------------------------------------------------------------------
-- first_used_at is set by the verb that first sells at a price. From then on only its end moves, and another price follows.
create function pricing.refuse_used_change() returns trigger
language plpgsql as $$
declare
  movable constant text[] := '{ends_on,ends_at,period,deleted_at,updated_at,updated_by,version}';
begin
  if to_jsonb(new) - movable is distinct from to_jsonb(old) - movable then
    raise exception using
      errcode = '23514',
      message = 'What has been used is not changed: let it end, and enter another.',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_argv[0];
  end if;
  return new;
end
$$;
comment on function pricing.refuse_used_change() is 'Trigger: a price or tax rate that has been used keeps everything but its end. Argument: the constraint''s name.';

-- price_books ---------------------------------------------------------------------------------------------------------

create table pricing.price_books (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  currency char(3) not null,
  is_tax_inclusive boolean not null default true,
  location_id uuid,
  channel text,
  segment_id uuid,
  priority integer not null default 0,
  is_active boolean not null default true,
  starts_at timestamptz,
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  constraint price_books_pkey primary key (biz_id, id),
  constraint price_books_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint price_books_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint price_books_segment_id_fkey foreign key (biz_id, segment_id)
    references crm.segments (biz_id, id),
  constraint price_books_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint price_books_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint price_books_channel_check check (btrim(channel) <> '' and length(channel) <= 60),
  constraint price_books_times_check check (ends_at > starts_at)
);
comment on table pricing.price_books is 'Prices that hold together: for a place, a channel, a group of customers, a time. Of the books that fit, the one of the highest priority that has a price counts.';
comment on column pricing.price_books.code is 'Short name used in imports and integrations, unique among the books in use.';
comment on column pricing.price_books.name is 'Name shown to staff.';
comment on column pricing.price_books.currency is 'Currency of its prices. Never changed.';
comment on column pricing.price_books.is_tax_inclusive is 'Whether its prices include tax.';
comment on column pricing.price_books.location_id is 'The location it holds for; none means all.';
comment on column pricing.price_books.channel is 'The way of selling it holds for, as orders name it, such as web; none means all.';
comment on column pricing.price_books.segment_id is 'The customers it holds for; none means all.';
comment on column pricing.price_books.priority is 'Which book counts where several fit: the highest.';
comment on column pricing.price_books.is_active is 'Whether it is used.';
comment on column pricing.price_books.starts_at is 'From when on it holds; none means always so far.';
comment on column pricing.price_books.ends_at is 'Until when, that instant not included; none means for good.';
comment on column pricing.price_books.period is 'From starts_at to ends_at, as a range.';
comment on constraint price_books_code_check on pricing.price_books is 'A code is required, of 60 characters at most.';
comment on constraint price_books_name_check on pricing.price_books is 'A name is required, of 200 characters at most.';
comment on constraint price_books_channel_check on pricing.price_books is 'A channel is not blank, and of 60 characters at most.';
comment on constraint price_books_times_check on pricing.price_books is 'The end must be after the start.';

call core.install_table('pricing.price_books', 'M', 'pcpb', registrable => true);
create unique index price_books_code_key on pricing.price_books (biz_id, code) where deleted_at is null;
comment on index pricing.price_books_code_key is 'Another price book has this code.';
create trigger price_books_currency_immutable
  before update on pricing.price_books
  for each row when (old.currency <> new.currency)
  execute function resources.refuse_update('price_books_currency_immutable_check', 'A price book keeps its currency; make another book.');

-- price_rules ---------------------------------------------------------------------------------------------------------

create table pricing.price_rules (
  biz_id uuid not null,
  id uuid not null,
  price_book_id uuid not null,
  sellable_id uuid not null,
  seat_type_id uuid,
  resource_id uuid,
  name text not null,
  unit pricing.price_unit not null default 'each',
  unit_price numeric(20,6) not null,
  min_quantity numeric(18,6) not null default 1,
  weekday_mask integer not null default 127,
  local_start_time time,
  local_end_time time,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  priority integer not null default 0,
  first_used_at timestamptz,
  constraint price_rules_pkey primary key (biz_id, id),
  constraint price_rules_price_book_id_fkey foreign key (biz_id, price_book_id)
    references pricing.price_books (biz_id, id),
  constraint price_rules_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint price_rules_seat_type_id_fkey foreign key (biz_id, seat_type_id)
    references catalog.offer_seat_types (biz_id, id),
  constraint price_rules_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint price_rules_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint price_rules_unit_price_check check (unit_price >= 0),
  constraint price_rules_min_quantity_check check (min_quantity > 0),
  constraint price_rules_weekday_mask_check check (weekday_mask between 1 and 127),
  constraint price_rules_local_times_check check (num_nonnulls(local_start_time, local_end_time) in (0, 2) and local_start_time <> local_end_time),
  constraint price_rules_dates_check check (ends_on > starts_on)
);
comment on table pricing.price_rules is 'What one sellable costs, within a book: of which unit, from which quantity on, on which days and at which hours.';
comment on column pricing.price_rules.price_book_id is 'The book it stands in, which says the currency.';
comment on column pricing.price_rules.sellable_id is 'What costs it.';
comment on column pricing.price_rules.seat_type_id is 'The seat type it holds for, of that offer; none means all.';
comment on column pricing.price_rules.resource_id is 'The resource it holds for, such as a senior stylist; none means all.';
comment on column pricing.price_rules.name is 'Name shown on lines and in explanations, such as summer weekend.';
comment on column pricing.price_rules.unit is 'What one price is for.';
comment on column pricing.price_rules.unit_price is 'Price of one unit, in major units of the currency of the book, such as 89.50.';
comment on column pricing.price_rules.min_quantity is 'From how many units on it holds, for a price that falls with the quantity.';
comment on column pricing.price_rules.weekday_mask is 'Days of the week it holds on, as a sum: Monday 1, Tuesday 2, Wednesday 4, Thursday 8, Friday 16, Saturday 32, Sunday 64.';
comment on column pricing.price_rules.local_start_time is 'Local time of day from which it holds; none means all day.';
comment on column pricing.price_rules.local_end_time is 'Local time of day until which it holds; before the start, it is of the next day.';
comment on column pricing.price_rules.starts_on is 'First day it holds on; none means always so far.';
comment on column pricing.price_rules.ends_on is 'First day it no longer holds on; none means for good.';
comment on column pricing.price_rules.period is 'From starts_on to ends_on, as a range.';
comment on column pricing.price_rules.priority is 'Which rule counts where several fit: the highest, then the one for the fewest days and hours.';
comment on column pricing.price_rules.first_used_at is 'When something was first sold at it; from then on only its end is changed.';
comment on constraint price_rules_name_check on pricing.price_rules is 'A name is required, of 200 characters at most.';
comment on constraint price_rules_unit_price_check on pricing.price_rules is 'A price cannot be negative.';
comment on constraint price_rules_min_quantity_check on pricing.price_rules is 'The quantity must be above zero.';
comment on constraint price_rules_weekday_mask_check on pricing.price_rules is 'A price holds on one day of the week at least.';
comment on constraint price_rules_local_times_check on pricing.price_rules is 'Hours have a beginning and another end.';
comment on constraint price_rules_dates_check on pricing.price_rules is 'The end must be after the start.';

create index price_rules_sellable_id_price_book_id_idx on pricing.price_rules (biz_id, sellable_id, price_book_id);

call core.install_table('pricing.price_rules', 'M', 'pcru');
alter table pricing.price_rules add constraint price_rules_no_overlap_excl
  exclude using gist (
    biz_id with =,
    price_book_id with =,
    sellable_id with =,
    coalesce(seat_type_id, '00000000-0000-0000-0000-000000000000') with =,
    coalesce(resource_id, '00000000-0000-0000-0000-000000000000') with =,
    unit with =,
    min_quantity with =,
    weekday_mask with =,
    coalesce(local_start_time, '00:00') with =,
    coalesce(local_end_time, '24:00') with =,
    priority with =,
    period with &&
  ) where (deleted_at is null);
comment on constraint price_rules_no_overlap_excl on pricing.price_rules is 'There already is a price for this on one of these days.';
create trigger price_rules_used_immutable
  before update on pricing.price_rules
  for each row when (old.first_used_at is not null)
  execute function pricing.refuse_used_change('price_rules_used_immutable_check');

create function pricing.check_rule_seat_type() returns trigger
language plpgsql as $$
begin
  -- Neither ever changes: a sellable stands for the same version, and a seat type stays with its own.
  perform
  from catalog.sellables s
  join catalog.offer_seat_types t on t.biz_id = s.biz_id and t.offer_version_id = s.ref_id
  where s.biz_id = new.biz_id
    and s.id = new.sellable_id
    and s.kind = 'offer_version'
    and t.id = new.seat_type_id;

  if not found then
    raise exception using
      errcode = '23514',
      message = 'The seat type must be one of the offer version that is priced.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'seat_type_id',
      constraint = 'price_rules_seat_type_check';
  end if;
  return null;
end
$$;
comment on function pricing.check_rule_seat_type() is 'Trigger: a price for a seat type is a price of the offer version that has it.';

create constraint trigger price_rules_seat_type_check
  after insert or update of sellable_id, seat_type_id on pricing.price_rules
  not deferrable
  for each row when (new.seat_type_id is not null)
  execute function pricing.check_rule_seat_type();
comment on constraint price_rules_seat_type_check on pricing.price_rules is 'The seat type must be one of the offer version that is priced.';

-- rate_plans ----------------------------------------------------------------------------------------------------------

create table pricing.rate_plans (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  offer_id uuid,
  price_book_id uuid,
  currency char(3) not null,
  meal_plan pricing.meal_plan not null default 'room_only',
  derived_from_id uuid,
  derivation pricing.rate_derivation,
  derivation_bps integer,
  derivation_minor bigint,
  cancellation_policy_id uuid,
  min_stay_nights integer,
  max_stay_nights integer,
  is_closed_to_arrival boolean not null default false,
  is_closed_to_departure boolean not null default false,
  min_advance_days integer,
  max_advance_days integer,
  segment_id uuid,
  is_public boolean not null default true,
  is_active boolean not null default true,
  sort_order integer not null default 0,
  constraint rate_plans_pkey primary key (biz_id, id),
  constraint rate_plans_id_currency_key unique (biz_id, id, currency),
  constraint rate_plans_offer_id_fkey foreign key (biz_id, offer_id)
    references catalog.offers (biz_id, id),
  constraint rate_plans_price_book_id_fkey foreign key (biz_id, price_book_id)
    references pricing.price_books (biz_id, id),
  constraint rate_plans_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint rate_plans_cancellation_policy_id_fkey foreign key (biz_id, cancellation_policy_id)
    references pricing.cancellation_policies (biz_id, id),
  constraint rate_plans_segment_id_fkey foreign key (biz_id, segment_id)
    references crm.segments (biz_id, id),
  constraint rate_plans_derived_from_id_fkey foreign key (biz_id, derived_from_id, currency)
    references pricing.rate_plans (biz_id, id, currency),
  constraint rate_plans_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint rate_plans_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint rate_plans_description_check check (length(description) <= 10000),
  constraint rate_plans_derivation_check check (case
    when derived_from_id is null then num_nonnulls(derivation, derivation_bps, derivation_minor) = 0
    when derivation = 'percent' then derivation_bps is not null and derivation_bps >= -10000 and derivation_minor is null
    when derivation = 'amount' then derivation_minor is not null and derivation_bps is null
    else false end),
  constraint rate_plans_stay_check check (min_stay_nights >= 1 and max_stay_nights >= 1 and max_stay_nights >= min_stay_nights),
  constraint rate_plans_advance_check check (min_advance_days >= 0 and max_advance_days >= 0 and max_advance_days >= min_advance_days)
);
comment on table pricing.rate_plans is 'Terms under which nights are sold: with breakfast or without, refundable or not, for members. Its prices stand in its calendar, or follow from another plan.';
comment on column pricing.rate_plans.code is 'Short name used in imports and channels, unique among the plans in use.';
comment on column pricing.rate_plans.name is 'Name shown to guests.';
comment on column pricing.rate_plans.description is 'What guests read about it.';
comment on column pricing.rate_plans.offer_id is 'The offer it is sold under, if any.';
comment on column pricing.rate_plans.price_book_id is 'The book whose night prices hold where its calendar has none.';
comment on column pricing.rate_plans.currency is 'Currency of its prices, also of the plan it is derived from. Never changed.';
comment on column pricing.rate_plans.meal_plan is 'Which meals it includes.';
comment on column pricing.rate_plans.derived_from_id is 'The plan its prices follow from.';
comment on column pricing.rate_plans.derivation is 'How they follow.';
comment on column pricing.rate_plans.derivation_bps is 'How much more, or below zero less, in hundredths of a percent (-1000 = 10 % less).';
comment on column pricing.rate_plans.derivation_minor is 'How much more, or below zero less, for a night, in minor units.';
comment on column pricing.rate_plans.cancellation_policy_id is 'The cancellation policy that its bookings are made under.';
comment on column pricing.rate_plans.min_stay_nights is 'How many nights a stay has at least.';
comment on column pricing.rate_plans.max_stay_nights is 'How many nights a stay has at most.';
comment on column pricing.rate_plans.is_closed_to_arrival is 'Whether no stay of it may begin, unless the calendar says otherwise.';
comment on column pricing.rate_plans.is_closed_to_departure is 'Whether no stay of it may end, unless the calendar says otherwise.';
comment on column pricing.rate_plans.min_advance_days is 'How many days ahead it must be booked at the least.';
comment on column pricing.rate_plans.max_advance_days is 'How many days ahead it can be booked at the most.';
comment on column pricing.rate_plans.segment_id is 'The customers who may book it; none means everybody.';
comment on column pricing.rate_plans.is_public is 'Whether everybody gets to see it.';
comment on column pricing.rate_plans.is_active is 'Whether it is sold.';
comment on column pricing.rate_plans.sort_order is 'Place among the plans, the lowest first.';
comment on constraint rate_plans_code_check on pricing.rate_plans is 'A code is required, of 60 characters at most.';
comment on constraint rate_plans_name_check on pricing.rate_plans is 'A name is required, of 200 characters at most.';
comment on constraint rate_plans_description_check on pricing.rate_plans is 'The description has 10,000 characters at most.';
comment on constraint rate_plans_id_currency_key on pricing.rate_plans is 'A rate plan has one currency.';
comment on constraint rate_plans_derived_from_id_fkey on pricing.rate_plans is 'The plan its prices follow from must be an existing rate plan of the same currency.';
comment on constraint rate_plans_derivation_check on pricing.rate_plans is 'A plan that follows from another says by which part or amount, as its derivation says; no other does.';
comment on constraint rate_plans_stay_check on pricing.rate_plans is 'A stay has at least 1 night, and the most nights are not fewer than the least.';
comment on constraint rate_plans_advance_check on pricing.rate_plans is 'Days ahead are not negative, and the most are not fewer than the least.';

call core.install_table('pricing.rate_plans', 'M', 'pcrp', registrable => true);
call core.install_acyclic('pricing.rate_plans', 'derived_from_id');
create unique index rate_plans_code_key on pricing.rate_plans (biz_id, code) where deleted_at is null;
comment on index pricing.rate_plans_code_key is 'Another rate plan has this code.';
create trigger rate_plans_currency_immutable
  before update on pricing.rate_plans
  for each row when (old.currency <> new.currency)
  execute function resources.refuse_update('rate_plans_currency_immutable_check', 'A rate plan keeps its currency; make another plan.');

-- rate_plan_unit_types ------------------------------------------------------------------------------------------------

create table pricing.rate_plan_unit_types (
  biz_id uuid not null,
  id uuid not null,
  rate_plan_id uuid not null,
  unit_type_id uuid not null,
  extra_adult_minor bigint not null default 0,
  extra_child_minor bigint not null default 0,
  single_use_discount_minor bigint not null default 0,
  currency char(3) not null,
  constraint rate_plan_unit_types_pkey primary key (biz_id, id),
  constraint rate_plan_unit_types_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint rate_plan_unit_types_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint rate_plan_unit_types_rate_plan_id_fkey foreign key (biz_id, rate_plan_id, currency)
    references pricing.rate_plans (biz_id, id, currency),
  constraint rate_plan_unit_types_amounts_check check (extra_adult_minor >= 0 and extra_child_minor >= 0 and single_use_discount_minor >= 0)
);
comment on table pricing.rate_plan_unit_types is 'That a unit type is sold under a rate plan, and what more guests than its price includes cost. A plan without any is sold for all unit types.';
comment on column pricing.rate_plan_unit_types.rate_plan_id is 'The rate plan.';
comment on column pricing.rate_plan_unit_types.unit_type_id is 'The unit type.';
comment on column pricing.rate_plan_unit_types.extra_adult_minor is 'What an adult beyond those the price includes costs a night, in minor units.';
comment on column pricing.rate_plan_unit_types.extra_child_minor is 'What a child beyond those the price includes costs a night, in minor units.';
comment on column pricing.rate_plan_unit_types.single_use_discount_minor is 'What is taken off a night where one guest stays alone, in minor units.';
comment on column pricing.rate_plan_unit_types.currency is 'Currency of these amounts, that of the plan.';
comment on constraint rate_plan_unit_types_rate_plan_id_fkey on pricing.rate_plan_unit_types is 'Must be an existing rate plan of the same currency.';
comment on constraint rate_plan_unit_types_amounts_check on pricing.rate_plan_unit_types is 'These amounts cannot be negative.';

call core.install_table('pricing.rate_plan_unit_types', 'M', 'pcrt');
create unique index rate_plan_unit_types_unit_type_key on pricing.rate_plan_unit_types (biz_id, rate_plan_id, unit_type_id) where deleted_at is null;
comment on index pricing.rate_plan_unit_types_unit_type_key is 'This unit type is sold under this plan already.';

-- rate_overrides ------------------------------------------------------------------------------------------------------

create table pricing.rate_overrides (
  biz_id uuid not null,
  id uuid not null,
  rate_plan_id uuid not null,
  unit_type_id uuid not null,
  stay_date date not null,
  price_minor bigint,
  currency char(3) not null,
  min_stay_nights integer,
  max_stay_nights integer,
  is_stop_sell boolean not null default false,
  is_closed_to_arrival boolean,
  is_closed_to_departure boolean,
  constraint rate_overrides_pkey primary key (biz_id, id),
  constraint rate_overrides_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint rate_overrides_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint rate_overrides_rate_plan_id_fkey foreign key (biz_id, rate_plan_id, currency)
    references pricing.rate_plans (biz_id, id, currency),
  constraint rate_overrides_price_check check (price_minor >= 0),
  constraint rate_overrides_stay_check check (min_stay_nights >= 1 and max_stay_nights >= 1 and max_stay_nights >= min_stay_nights)
);
comment on table pricing.rate_overrides is 'One night of the rate calendar: what a unit type costs under a rate plan, and what is not sold. Bookings keep the price they were made at.';
comment on column pricing.rate_overrides.rate_plan_id is 'The rate plan.';
comment on column pricing.rate_overrides.unit_type_id is 'The unit type.';
comment on column pricing.rate_overrides.stay_date is 'Local day on whose evening the night begins.';
comment on column pricing.rate_overrides.price_minor is 'Price of the night for the guests that the unit type includes, in minor units; none where only restrictions are set.';
comment on column pricing.rate_overrides.currency is 'Currency of the price, that of the plan.';
comment on column pricing.rate_overrides.min_stay_nights is 'How many nights a stay that begins on this day has at least.';
comment on column pricing.rate_overrides.max_stay_nights is 'How many nights a stay that begins on this day has at most.';
comment on column pricing.rate_overrides.is_stop_sell is 'Whether nothing is sold of this night.';
comment on column pricing.rate_overrides.is_closed_to_arrival is 'Whether no stay may begin on this day; empty where the plan decides.';
comment on column pricing.rate_overrides.is_closed_to_departure is 'Whether no stay may end on this day; empty where the plan decides.';
comment on constraint rate_overrides_rate_plan_id_fkey on pricing.rate_overrides is 'Must be an existing rate plan of the same currency.';
comment on constraint rate_overrides_price_check on pricing.rate_overrides is 'A price cannot be negative.';
comment on constraint rate_overrides_stay_check on pricing.rate_overrides is 'A stay has at least 1 night, and the most nights are not fewer than the least.';

create index rate_overrides_unit_type_id_stay_date_idx on pricing.rate_overrides (biz_id, unit_type_id, stay_date);

call core.install_table('pricing.rate_overrides', 'M', 'pcro');
create unique index rate_overrides_stay_date_key on pricing.rate_overrides (biz_id, rate_plan_id, unit_type_id, stay_date) where deleted_at is null;
comment on index pricing.rate_overrides_stay_date_key is 'The calendar already has this night.';

-- rate_strategies -----------------------------------------------------------------------------------------------------

create table pricing.rate_strategies (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  rate_plan_id uuid,
  unit_type_id uuid,
  name text not null,
  kind pricing.rate_strategy_kind not null,
  parameters jsonb not null default '{}',
  floor_minor bigint,
  ceiling_minor bigint,
  currency char(3),
  priority integer not null,
  is_active boolean not null default true,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint rate_strategies_pkey primary key (biz_id, id),
  constraint rate_strategies_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint rate_strategies_rate_plan_id_fkey foreign key (biz_id, rate_plan_id)
    references pricing.rate_plans (biz_id, id),
  constraint rate_strategies_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint rate_strategies_unit_type_id_fkey foreign key (biz_id, location_id, unit_type_id)
    references resources.unit_types (biz_id, location_id, id),
  constraint rate_strategies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint rate_strategies_parameters_check check (jsonb_typeof(parameters) = 'object'),
  constraint rate_strategies_bounds_check check (floor_minor >= 0 and ceiling_minor >= 0 and ceiling_minor >= floor_minor),
  constraint rate_strategies_currency_check check (currency is not null or num_nonnulls(floor_minor, ceiling_minor) = 0),
  constraint rate_strategies_dates_check check (ends_on > starts_on)
);
comment on table pricing.rate_strategies is 'A rule that moves the prices of a location, within a floor and a ceiling. Strategies are applied one after the other, by priority.';
comment on column pricing.rate_strategies.location_id is 'The location whose prices it moves.';
comment on column pricing.rate_strategies.rate_plan_id is 'The rate plan it moves; none means all.';
comment on column pricing.rate_strategies.unit_type_id is 'The unit type it moves, of the same location; none means all.';
comment on column pricing.rate_strategies.name is 'Name shown in explanations.';
comment on column pricing.rate_strategies.kind is 'What it moves prices by.';
comment on column pricing.rate_strategies.parameters is 'Steps of its kind, such as {"steps": [{"occupancy_bps": 8000, "change_bps": 1500}]}.';
comment on column pricing.rate_strategies.floor_minor is 'The least that a night may cost after it, in minor units.';
comment on column pricing.rate_strategies.ceiling_minor is 'The most that a night may cost after it, in minor units.';
comment on column pricing.rate_strategies.currency is 'Currency of floor and ceiling.';
comment on column pricing.rate_strategies.priority is 'Its place in the order of application, the lowest first.';
comment on column pricing.rate_strategies.is_active is 'Whether it is applied.';
comment on column pricing.rate_strategies.starts_on is 'First night it is applied to; none means always so far.';
comment on column pricing.rate_strategies.ends_on is 'First night it is no longer applied to; none means for good.';
comment on column pricing.rate_strategies.period is 'From starts_on to ends_on, as a range.';
comment on constraint rate_strategies_name_check on pricing.rate_strategies is 'A name is required, of 200 characters at most.';
comment on constraint rate_strategies_parameters_check on pricing.rate_strategies is 'The parameters must be a JSON object.';
comment on constraint rate_strategies_unit_type_id_fkey on pricing.rate_strategies is 'Must be an existing unit type of the same location.';
comment on constraint rate_strategies_bounds_check on pricing.rate_strategies is 'The floor is not negative, and the ceiling not below it.';
comment on constraint rate_strategies_currency_check on pricing.rate_strategies is 'An amount needs its currency.';
comment on constraint rate_strategies_dates_check on pricing.rate_strategies is 'The end must be after the start.';

call core.install_table('pricing.rate_strategies', 'M', 'pcst');
alter table pricing.rate_strategies add constraint rate_strategies_priority_excl
  exclude using gist (biz_id with =, location_id with =, priority with =, period with &&) where (deleted_at is null);
comment on constraint rate_strategies_priority_excl on pricing.rate_strategies is 'Another strategy of this location has this place in the order at that time.';

-- feature_prices ------------------------------------------------------------------------------------------------------

create table pricing.feature_prices (
  biz_id uuid not null,
  id uuid not null,
  feature_id uuid not null,
  location_id uuid,
  name text not null,
  calculation pricing.feature_calculation not null,
  value numeric(20,6) not null,
  currency char(3),
  is_promotional boolean not null default false,
  starts_at timestamptz,
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  first_used_at timestamptz,
  constraint feature_prices_pkey primary key (biz_id, id),
  constraint feature_prices_feature_id_fkey foreign key (biz_id, feature_id)
    references core.features (biz_id, id),
  constraint feature_prices_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint feature_prices_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint feature_prices_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint feature_prices_value_check check (value >= 0),
  constraint feature_prices_currency_check check ((calculation = 'percent_of_base') = (currency is null)),
  constraint feature_prices_times_check check (ends_at > starts_at)
);
comment on table pricing.feature_prices is 'What a feature costs that customers can add, such as climate control or a charging point, over a time.';
comment on column pricing.feature_prices.feature_id is 'The feature.';
comment on column pricing.feature_prices.location_id is 'The location it holds for; none means all that have no price of their own.';
comment on column pricing.feature_prices.name is 'Name shown on lines and in explanations.';
comment on column pricing.feature_prices.calculation is 'How it is reckoned.';
comment on column pricing.feature_prices.value is 'Price in major units of the currency, or percent of the base price, such as 12.5.';
comment on column pricing.feature_prices.currency is 'Currency of the price; none of a percentage.';
comment on column pricing.feature_prices.is_promotional is 'Whether it is a special offer, which goes before the usual price.';
comment on column pricing.feature_prices.starts_at is 'From when on it holds; none means always so far.';
comment on column pricing.feature_prices.ends_at is 'Until when, that instant not included; none means for good.';
comment on column pricing.feature_prices.period is 'From starts_at to ends_at, as a range.';
comment on column pricing.feature_prices.first_used_at is 'When something was first sold at it; from then on only its end is changed.';
comment on constraint feature_prices_name_check on pricing.feature_prices is 'A name is required, of 200 characters at most.';
comment on constraint feature_prices_value_check on pricing.feature_prices is 'A price cannot be negative.';
comment on constraint feature_prices_currency_check on pricing.feature_prices is 'A price has a currency, and a percentage has none.';
comment on constraint feature_prices_times_check on pricing.feature_prices is 'The end must be after the start.';

call core.install_table('pricing.feature_prices', 'M', 'pcfp');
alter table pricing.feature_prices add constraint feature_prices_no_overlap_excl
  exclude using gist (
    biz_id with =,
    feature_id with =,
    coalesce(location_id, '00000000-0000-0000-0000-000000000000') with =,
    (case when is_promotional then 1 else 0 end) with =,
    period with &&
  ) where (deleted_at is null);
comment on constraint feature_prices_no_overlap_excl on pricing.feature_prices is 'The feature already has a price of this sort at that time.';
create trigger feature_prices_used_immutable
  before update on pricing.feature_prices
  for each row when (old.first_used_at is not null)
  execute function pricing.refuse_used_change('feature_prices_used_immutable_check');

-- storage_base_rates --------------------------------------------------------------------------------------------------

create table pricing.storage_base_rates (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  location_id uuid,
  rate_per_unit numeric(20,6) not null,
  currency char(3) not null,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  first_used_at timestamptz,
  constraint storage_base_rates_pkey primary key (biz_id, id),
  constraint storage_base_rates_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint storage_base_rates_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint storage_base_rates_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint storage_base_rates_rate_check check (rate_per_unit >= 0),
  constraint storage_base_rates_dates_check check (ends_on > starts_on)
);
comment on table pricing.storage_base_rates is 'What storing one unit, such as a pallet, costs a day, over a time.';
comment on column pricing.storage_base_rates.name is 'Name that pricing periods of bookings keep, such as standard 2027.';
comment on column pricing.storage_base_rates.location_id is 'The location it holds for; none means all that have no rate of their own.';
comment on column pricing.storage_base_rates.rate_per_unit is 'Price of one unit for one day, in major units, such as 0.35.';
comment on column pricing.storage_base_rates.currency is 'Currency of the rate.';
comment on column pricing.storage_base_rates.starts_on is 'First day it holds on; none means always so far.';
comment on column pricing.storage_base_rates.ends_on is 'First day it no longer holds on; none means for good.';
comment on column pricing.storage_base_rates.period is 'From starts_on to ends_on, as a range.';
comment on column pricing.storage_base_rates.first_used_at is 'When something was first sold at it; from then on only its end is changed.';
comment on constraint storage_base_rates_name_check on pricing.storage_base_rates is 'A name is required, of 200 characters at most.';
comment on constraint storage_base_rates_rate_check on pricing.storage_base_rates is 'A rate cannot be negative.';
comment on constraint storage_base_rates_dates_check on pricing.storage_base_rates is 'The end must be after the start.';

call core.install_table('pricing.storage_base_rates', 'M', 'pcsr');
alter table pricing.storage_base_rates add constraint storage_base_rates_no_overlap_excl
  exclude using gist (
    biz_id with =,
    coalesce(location_id, '00000000-0000-0000-0000-000000000000') with =,
    currency with =,
    period with &&
  ) where (deleted_at is null);
comment on constraint storage_base_rates_no_overlap_excl on pricing.storage_base_rates is 'The location already has a rate of this currency at that time.';
create trigger storage_base_rates_used_immutable
  before update on pricing.storage_base_rates
  for each row when (old.first_used_at is not null)
  execute function pricing.refuse_used_change('storage_base_rates_used_immutable_check');

-- fx_rate_snapshots ---------------------------------------------------------------------------------------------------

create table pricing.fx_rate_snapshots (
  id uuid not null,
  base_currency char(3) not null,
  quote_currency char(3) not null,
  rate numeric(20,10) not null,
  source text not null,
  as_of timestamptz not null,
  constraint fx_rate_snapshots_pkey primary key (id),
  constraint fx_rate_snapshots_source_key unique (base_currency, quote_currency, source, as_of),
  constraint fx_rate_snapshots_base_currency_fkey foreign key (base_currency)
    references core.currencies (code),
  constraint fx_rate_snapshots_quote_currency_fkey foreign key (quote_currency)
    references core.currencies (code),
  constraint fx_rate_snapshots_source_check check (btrim(source) <> '' and length(source) <= 60),
  constraint fx_rate_snapshots_rate_check check (rate > 0),
  constraint fx_rate_snapshots_pair_check check (base_currency <> quote_currency)
);
comment on table pricing.fx_rate_snapshots is 'What one currency was worth in another, as a source said at an instant. Documents point at the one they were reckoned with.';
comment on column pricing.fx_rate_snapshots.base_currency is 'The currency of which one is worth so much.';
comment on column pricing.fx_rate_snapshots.quote_currency is 'The currency in which the worth is said.';
comment on column pricing.fx_rate_snapshots.rate is 'How much of the quote currency one of the base currency is worth.';
comment on column pricing.fx_rate_snapshots.source is 'Who said so, such as ecb.';
comment on column pricing.fx_rate_snapshots.as_of is 'For which instant.';
comment on constraint fx_rate_snapshots_source_check on pricing.fx_rate_snapshots is 'A source is required, of 60 characters at most.';
comment on constraint fx_rate_snapshots_source_key on pricing.fx_rate_snapshots is 'This source already said the rate of this instant.';
comment on constraint fx_rate_snapshots_rate_check on pricing.fx_rate_snapshots is 'A rate must be above zero.';
comment on constraint fx_rate_snapshots_pair_check on pricing.fx_rate_snapshots is 'A rate is between two currencies.';

create index fx_rate_snapshots_as_of_idx on pricing.fx_rate_snapshots (base_currency, quote_currency, as_of);

call core.install_table('pricing.fx_rate_snapshots', 'G', 'pcfx');
create trigger fx_rate_snapshots_immutable
  before update on pricing.fx_rate_snapshots
  for each row when ((old.base_currency, old.quote_currency, old.rate, old.source, old.as_of)
    is distinct from (new.base_currency, new.quote_currency, new.rate, new.source, new.as_of))
  execute function resources.refuse_update('fx_rate_snapshots_immutable_check', 'A rate that was loaded is not changed, as documents were reckoned with it.');

-- price_quotes_trace --------------------------------------------------------------------------------------------------

create table pricing.price_quotes_trace (
  biz_id uuid not null,
  id uuid not null,
  source_type text,
  source_id uuid,
  customer_id uuid,
  steps jsonb not null default '[]',
  total_minor bigint not null,
  currency char(3) not null,
  engine_version text not null,
  expires_at timestamptz,
  constraint price_quotes_trace_pkey primary key (biz_id, id),
  constraint price_quotes_trace_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint price_quotes_trace_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint price_quotes_trace_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint price_quotes_trace_steps_check check (jsonb_typeof(steps) = 'array'),
  constraint price_quotes_trace_engine_version_check check (btrim(engine_version) <> '' and length(engine_version) <= 60),
  constraint price_quotes_trace_source_check check (num_nonnulls(source_type, source_id) in (0, 2))
);
comment on table pricing.price_quotes_trace is 'How a price came about: each rule that was applied, with the price before and after it. Written with every quote that somebody may ask about.';
comment on column pricing.price_quotes_trace.source_type is 'Entity type of what was priced, such as Quote or BookingOrder; none of a price that was only looked at.';
comment on column pricing.price_quotes_trace.source_id is 'What was priced.';
comment on column pricing.price_quotes_trace.customer_id is 'For whom it was priced, where known.';
comment on column pricing.price_quotes_trace.steps is 'What was applied, in order, such as [{"rule": "summer weekend", "before_minor": 9000, "after_minor": 11000}].';
comment on column pricing.price_quotes_trace.total_minor is 'The price it came to, in minor units.';
comment on column pricing.price_quotes_trace.currency is 'Currency of the price.';
comment on column pricing.price_quotes_trace.engine_version is 'Version of the program that reckoned it.';
comment on column pricing.price_quotes_trace.expires_at is 'Until when the price is kept.';
comment on constraint price_quotes_trace_steps_check on pricing.price_quotes_trace is 'The steps must be a JSON list.';
comment on constraint price_quotes_trace_engine_version_check on pricing.price_quotes_trace is 'An engine version is required, of 60 characters at most.';
comment on constraint price_quotes_trace_source_fkey on pricing.price_quotes_trace is 'What was priced must exist in this tenant.';
comment on constraint price_quotes_trace_source_check on pricing.price_quotes_trace is 'What was priced is named by its type and its id.';

call core.install_table('pricing.price_quotes_trace', 'J', 'pcqt', 'PriceQuoteTrace');
