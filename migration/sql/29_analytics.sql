-- Analytics: what happened, added up by day, month or hour, for boards and reports. Facts follow from documents: workers write
-- them, tenants read them, and any of them can be thrown away and made again.

create schema analytics;
comment on schema analytics is 'Facts for reports, added up from documents, and what they mean. Tenants read them only.';

create domain analytics.fact_name as text constraint fact_name_check check (value in (
  'revenue_daily', 'revenue_monthly', 'margin_daily', 'utilization_daily', 'top_sellables', 'occupancy_daily', 'queue_hourly', 'dispatch_daily', 'workforce_daily', 'nps_monthly'));
comment on domain analytics.fact_name is 'A table of facts.
revenue_daily: Revenue by day.
revenue_monthly: Revenue by month.
margin_daily: Margin by day.
utilization_daily: How much resources were used, by day.
top_sellables: What sold best.
occupancy_daily: Rooms sold, by night.
queue_hourly: Queues, by hour.
dispatch_daily: Trips and deliveries, by day.
workforce_daily: Work and its cost, by day.
nps_monthly: Recommendation by customers, by month.';
comment on constraint fact_name_check on domain analytics.fact_name is 'Unknown fact.';

create domain analytics.fact_status as text constraint fact_status_check check (value in (
  'fresh', 'stale', 'refreshing', 'failed'));
comment on domain analytics.fact_status is 'Whether facts are as they should be.
fresh: All documents are counted in up to the given point.
stale: A document came late or was changed: days from stale_from_on on are wrong.
refreshing: Being made again.
failed: Could not be made again.';
comment on constraint fact_status_check on domain analytics.fact_status is 'Unknown status of facts.';

create domain analytics.top_period as text constraint top_period_check check (value in (
  'day', 'week', 'month'));
comment on domain analytics.top_period is 'The span over which is ranked.
day: A business day.
week: Monday to Sunday.
month: A calendar month.';
comment on constraint top_period_check on domain analytics.top_period is 'Unknown period.';

create domain analytics.top_metric as text constraint top_metric_check check (value in (
  'revenue', 'quantity', 'margin'));
comment on domain analytics.top_metric is 'What is ranked by.
revenue: Net revenue.
quantity: How many were sold.
margin: What is left of revenue after its cost.';
comment on constraint top_metric_check on domain analytics.top_metric is 'Unknown measure.';

create domain analytics.metric_unit as text constraint metric_unit_check check (value in (
  'money', 'count', 'ratio', 'minutes', 'seconds', 'metres', 'score'));
comment on domain analytics.metric_unit is 'What a measure is counted in.
money: Minor units of a currency.
count: A number of things.
ratio: A fraction, shown in percent.
minutes: A span in whole minutes.
seconds: A span in whole seconds.
metres: A distance in whole metres.
score: A score on a scale of its own.';
comment on constraint metric_unit_check on domain analytics.metric_unit is 'Unknown unit of a measure.';

create domain analytics.metric_grain as text constraint metric_grain_check check (value in (
  'hour', 'day', 'month'));
comment on domain analytics.metric_grain is 'The finest span for which a measure is known.
hour: Hours.
day: Business days.
month: Calendar months.';
comment on constraint metric_grain_check on domain analytics.metric_grain is 'Unknown grain.';

-- metric_definitions --------------------------------------------------------------------------------------------------

create table analytics.metric_definitions (
  code text not null,
  name text not null,
  description text not null,
  formula text not null,
  fact analytics.fact_name,
  grain analytics.metric_grain not null,
  unit analytics.metric_unit not null,
  is_additive boolean not null default true,
  is_higher_better boolean,
  owner text not null,
  constraint metric_definitions_pkey primary key (code),
  constraint metric_definitions_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint metric_definitions_description_check check (btrim(description) <> '' and length(description) <= 2000),
  constraint metric_definitions_formula_check check (btrim(formula) <> '' and length(formula) <= 2000),
  constraint metric_definitions_owner_check check (btrim(owner) <> '' and length(owner) <= 100),
  constraint metric_definitions_code_check check (code ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint metric_definitions_ratio_check check (unit not in ('ratio', 'score') or not is_additive)
);
comment on table analytics.metric_definitions is 'What a measure means, once for every name, so that two reports never mean two things by one word.';
comment on column analytics.metric_definitions.code is 'Short name by which it is asked for, for example revpar.';
comment on column analytics.metric_definitions.name is 'Name shown.';
comment on column analytics.metric_definitions.description is 'What it tells.';
comment on column analytics.metric_definitions.formula is 'How it is reckoned, of which facts.';
comment on column analytics.metric_definitions.fact is 'The facts it is reckoned of.';
comment on column analytics.metric_definitions.grain is 'The finest span for which it is known.';
comment on column analytics.metric_definitions.unit is 'What it is counted in.';
comment on column analytics.metric_definitions.is_additive is 'Whether its values may be added up over days and places; a ratio may not.';
comment on column analytics.metric_definitions.is_higher_better is 'Whether more is better; empty where neither is.';
comment on column analytics.metric_definitions.owner is 'Who answers for the definition.';
comment on constraint metric_definitions_name_check on analytics.metric_definitions is 'The name must not be blank, and has at most 200 characters.';
comment on constraint metric_definitions_description_check on analytics.metric_definitions is 'The description must not be blank, and has at most 2,000 characters.';
comment on constraint metric_definitions_formula_check on analytics.metric_definitions is 'The formula must not be blank, and has at most 2,000 characters.';
comment on constraint metric_definitions_owner_check on analytics.metric_definitions is 'The owner must not be blank, and has at most 100 characters.';
comment on constraint metric_definitions_code_check on analytics.metric_definitions is 'A code is written in lower case, such as revpar.';
comment on constraint metric_definitions_ratio_check on analytics.metric_definitions is 'Ratios and scores are not added up.';

call core.install_table('analytics.metric_definitions', 'G', null);

-- fact_revenue_daily --------------------------------------------------------------------------------------------------

create table analytics.fact_revenue_daily (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  business_date date not null,
  sellable_id uuid not null,
  channel booking.channel not null,
  currency char(3) not null,
  orders integer not null default 0,
  quantity numeric(18,6) not null default 0,
  gross_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  net_minor bigint not null default 0,
  refunds_minor bigint not null default 0,
  constraint fact_revenue_daily_pkey primary key (biz_id, id),
  constraint fact_revenue_daily_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_revenue_daily_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint fact_revenue_daily_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fact_revenue_daily_grain_key unique (biz_id, location_id, business_date, sellable_id, channel, currency),
  constraint fact_revenue_daily_net_check check (net_minor = gross_minor - discount_minor),
  constraint fact_revenue_daily_counts_check check (orders >= 0 and discount_minor >= 0 and refunds_minor >= 0)
);
comment on table analytics.fact_revenue_daily is 'What was sold at a location on a business day, of one sellable, over one channel, in one currency.';
comment on column analytics.fact_revenue_daily.location_id is 'The location.';
comment on column analytics.fact_revenue_daily.business_date is 'The business day of the location.';
comment on column analytics.fact_revenue_daily.sellable_id is 'What was sold.';
comment on column analytics.fact_revenue_daily.channel is 'The way it was sold.';
comment on column analytics.fact_revenue_daily.currency is 'Currency of the amounts; amounts of two currencies are never added.';
comment on column analytics.fact_revenue_daily.orders is 'In how many orders and sales.';
comment on column analytics.fact_revenue_daily.quantity is 'How many were sold, less what was taken back.';
comment on column analytics.fact_revenue_daily.gross_minor is 'What it was worth before discounts, without tax, in minor units.';
comment on column analytics.fact_revenue_daily.discount_minor is 'What was taken off, in minor units.';
comment on column analytics.fact_revenue_daily.tax_minor is 'Tax on top, in minor units.';
comment on column analytics.fact_revenue_daily.net_minor is 'What was earned: gross less discount, in minor units.';
comment on column analytics.fact_revenue_daily.refunds_minor is 'What was paid back on this day, whenever it was sold, in minor units.';
comment on constraint fact_revenue_daily_grain_key on analytics.fact_revenue_daily is 'There is a fact of this already.';
comment on constraint fact_revenue_daily_net_check on analytics.fact_revenue_daily is 'Net is gross less discount.';
comment on constraint fact_revenue_daily_counts_check on analytics.fact_revenue_daily is 'Orders, discounts and refunds cannot be negative.';
create index fact_revenue_daily_business_date_idx on analytics.fact_revenue_daily (biz_id, business_date, location_id);
create index fact_revenue_daily_sellable_id_idx on analytics.fact_revenue_daily (biz_id, sellable_id, business_date);

call core.install_table('analytics.fact_revenue_daily', 'T', 'anrd', platform_written => true);

-- fact_revenue_monthly ------------------------------------------------------------------------------------------------

create table analytics.fact_revenue_monthly (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  month_on date not null,
  sellable_id uuid not null,
  channel booking.channel not null,
  currency char(3) not null,
  orders integer not null default 0,
  quantity numeric(18,6) not null default 0,
  gross_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  tax_minor bigint not null default 0,
  net_minor bigint not null default 0,
  refunds_minor bigint not null default 0,
  constraint fact_revenue_monthly_pkey primary key (biz_id, id),
  constraint fact_revenue_monthly_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_revenue_monthly_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint fact_revenue_monthly_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fact_revenue_monthly_grain_key unique (biz_id, location_id, month_on, sellable_id, channel, currency),
  constraint fact_revenue_monthly_month_on_check check (extract(day from month_on) = 1),
  constraint fact_revenue_monthly_net_check check (net_minor = gross_minor - discount_minor),
  constraint fact_revenue_monthly_counts_check check (orders >= 0 and discount_minor >= 0 and refunds_minor >= 0)
);
comment on table analytics.fact_revenue_monthly is 'What was sold at a location in a month, of one sellable, over one channel, in one currency: the sum of its days.';
comment on column analytics.fact_revenue_monthly.location_id is 'The location.';
comment on column analytics.fact_revenue_monthly.month_on is 'First day of the month.';
comment on column analytics.fact_revenue_monthly.sellable_id is 'What was sold.';
comment on column analytics.fact_revenue_monthly.channel is 'The way it was sold.';
comment on column analytics.fact_revenue_monthly.currency is 'Currency of the amounts.';
comment on column analytics.fact_revenue_monthly.orders is 'In how many orders and sales.';
comment on column analytics.fact_revenue_monthly.quantity is 'How many were sold, less what was taken back.';
comment on column analytics.fact_revenue_monthly.gross_minor is 'What it was worth before discounts, without tax, in minor units.';
comment on column analytics.fact_revenue_monthly.discount_minor is 'What was taken off, in minor units.';
comment on column analytics.fact_revenue_monthly.tax_minor is 'Tax on top, in minor units.';
comment on column analytics.fact_revenue_monthly.net_minor is 'What was earned: gross less discount, in minor units.';
comment on column analytics.fact_revenue_monthly.refunds_minor is 'What was paid back in this month, in minor units.';
comment on constraint fact_revenue_monthly_grain_key on analytics.fact_revenue_monthly is 'There is a fact of this already.';
comment on constraint fact_revenue_monthly_month_on_check on analytics.fact_revenue_monthly is 'A month is named by its first day.';
comment on constraint fact_revenue_monthly_net_check on analytics.fact_revenue_monthly is 'Net is gross less discount.';
comment on constraint fact_revenue_monthly_counts_check on analytics.fact_revenue_monthly is 'Orders, discounts and refunds cannot be negative.';
create index fact_revenue_monthly_month_on_idx on analytics.fact_revenue_monthly (biz_id, month_on, location_id);

call core.install_table('analytics.fact_revenue_monthly', 'T', 'anrm', platform_written => true);

create function analytics.check_monthly_sums() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from written m
    left join lateral (
      select sum(d.orders) as orders, sum(d.quantity) as quantity, sum(d.gross_minor) as gross_minor,
        sum(d.discount_minor) as discount_minor, sum(d.tax_minor) as tax_minor, sum(d.refunds_minor) as refunds_minor
      from analytics.fact_revenue_daily d
      where d.biz_id = m.biz_id
        and d.location_id = m.location_id
        and d.business_date >= m.month_on
        and d.business_date < m.month_on + interval '1 month'
        and d.sellable_id = m.sellable_id
        and d.channel = m.channel
        and d.currency = m.currency
    ) as days on true
    where row(m.orders, m.quantity, m.gross_minor, m.discount_minor, m.tax_minor, m.refunds_minor)
      is distinct from row(days.orders, days.quantity, days.gross_minor, days.discount_minor, days.tax_minor,
        days.refunds_minor)
  ) then
    raise exception using
      errcode = '23514',
      message = 'A month is the sum of its days.',
      schema = 'analytics',
      table = 'fact_revenue_monthly',
      constraint = 'fact_revenue_monthly_sum_check';
  end if;
  return null;
end
$$;
comment on function analytics.check_monthly_sums() is 'Trigger: monthly revenue is the sum of daily revenue.';
create trigger fact_revenue_monthly_sum_inserted
  after insert on analytics.fact_revenue_monthly referencing new table as written
  for each statement execute function analytics.check_monthly_sums();
create trigger fact_revenue_monthly_sum_updated
  after update on analytics.fact_revenue_monthly referencing new table as written
  for each statement execute function analytics.check_monthly_sums();

-- fact_margin_daily ---------------------------------------------------------------------------------------------------

create table analytics.fact_margin_daily (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  business_date date not null,
  sellable_id uuid not null,
  currency char(3) not null,
  net_minor bigint not null default 0,
  cogs_minor bigint not null default 0,
  margin_minor bigint not null default 0,
  constraint fact_margin_daily_pkey primary key (biz_id, id),
  constraint fact_margin_daily_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_margin_daily_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint fact_margin_daily_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fact_margin_daily_grain_key unique (biz_id, location_id, business_date, sellable_id, currency),
  constraint fact_margin_daily_margin_check check (margin_minor = net_minor - cogs_minor)
);
comment on table analytics.fact_margin_daily is 'What was earned at a location on a business day with one sellable, less what it cost.';
comment on column analytics.fact_margin_daily.location_id is 'The location.';
comment on column analytics.fact_margin_daily.business_date is 'The business day of the location.';
comment on column analytics.fact_margin_daily.sellable_id is 'What was sold.';
comment on column analytics.fact_margin_daily.currency is 'Currency of the amounts.';
comment on column analytics.fact_margin_daily.net_minor is 'What was earned, in minor units.';
comment on column analytics.fact_margin_daily.cogs_minor is 'What the goods and labour in it cost, in minor units.';
comment on column analytics.fact_margin_daily.margin_minor is 'What is left: net less cost, in minor units.';
comment on constraint fact_margin_daily_grain_key on analytics.fact_margin_daily is 'There is a fact of this already.';
comment on constraint fact_margin_daily_margin_check on analytics.fact_margin_daily is 'The margin is net less cost.';
create index fact_margin_daily_business_date_idx on analytics.fact_margin_daily (biz_id, business_date, location_id);

call core.install_table('analytics.fact_margin_daily', 'T', 'anmd', platform_written => true);

-- fact_utilization_daily ----------------------------------------------------------------------------------------------

create table analytics.fact_utilization_daily (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  location_id uuid not null,
  business_date date not null,
  day_minutes integer not null default 1440,
  bookable_minutes integer not null default 0,
  firm_minutes integer not null default 0,
  blocked_minutes integer not null default 0,
  no_show_minutes integer not null default 0,
  constraint fact_utilization_daily_pkey primary key (biz_id, id),
  constraint fact_utilization_daily_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint fact_utilization_daily_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_utilization_daily_grain_key unique (biz_id, resource_id, business_date),
  constraint fact_utilization_daily_day_minutes_check check (day_minutes between 1380 and 1500),
  constraint fact_utilization_daily_minutes_check check (least(bookable_minutes, firm_minutes, blocked_minutes,
    no_show_minutes) >= 0 and bookable_minutes <= day_minutes and no_show_minutes <= firm_minutes),
  constraint fact_utilization_daily_day_check check (firm_minutes + blocked_minutes <= day_minutes)
);
comment on table analytics.fact_utilization_daily is 'How much of a resource''s time was taken on a business day.';
comment on column analytics.fact_utilization_daily.resource_id is 'The resource.';
comment on column analytics.fact_utilization_daily.location_id is 'Where it was.';
comment on column analytics.fact_utilization_daily.business_date is 'The business day of the location.';
comment on column analytics.fact_utilization_daily.day_minutes is 'How many minutes the day has there: 1,380 to 1,500, as clocks may be changed.';
comment on column analytics.fact_utilization_daily.bookable_minutes is 'For how many it could be booked.';
comment on column analytics.fact_utilization_daily.firm_minutes is 'For how many it was taken.';
comment on column analytics.fact_utilization_daily.blocked_minutes is 'For how many it was blocked, by maintenance and the like.';
comment on column analytics.fact_utilization_daily.no_show_minutes is 'For how many of those taken nobody came.';
comment on constraint fact_utilization_daily_grain_key on analytics.fact_utilization_daily is 'There is a fact of this already.';
comment on constraint fact_utilization_daily_day_minutes_check on analytics.fact_utilization_daily is 'A day has between 23 and 25 hours.';
comment on constraint fact_utilization_daily_minutes_check on analytics.fact_utilization_daily is 'Minutes are not negative, and no more than the day or the bookings have.';
comment on constraint fact_utilization_daily_day_check on analytics.fact_utilization_daily is 'Nothing is taken for longer than the day.';
create index fact_utilization_daily_business_date_idx on analytics.fact_utilization_daily (biz_id, business_date, location_id);

call core.install_table('analytics.fact_utilization_daily', 'T', 'anud', platform_written => true);

-- fact_top_sellables --------------------------------------------------------------------------------------------------

create table analytics.fact_top_sellables (
  biz_id uuid not null,
  id uuid not null,
  period_kind analytics.top_period not null,
  starts_on date not null,
  location_id uuid,
  metric analytics.top_metric not null,
  currency char(3),
  rank integer not null,
  sellable_id uuid not null,
  amount_minor bigint,
  quantity numeric(18,6),
  constraint fact_top_sellables_pkey primary key (biz_id, id),
  constraint fact_top_sellables_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_top_sellables_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fact_top_sellables_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint fact_top_sellables_place_key unique nulls not distinct (biz_id, period_kind, starts_on, location_id, metric,
    currency, rank),
  constraint fact_top_sellables_sellable_key unique nulls not distinct (biz_id, period_kind, starts_on, location_id, metric,
    currency, sellable_id),
  constraint fact_top_sellables_rank_check check (rank between 1 and 1000),
  constraint fact_top_sellables_starts_on_check check (case period_kind when 'week' then extract(isodow from starts_on) = 1
    when 'month' then extract(day from starts_on) = 1 else true end),
  constraint fact_top_sellables_measure_check check (case when metric = 'quantity' then num_nonnulls(currency,
    amount_minor) = 0 and quantity is not null else num_nonnulls(currency, amount_minor) = 2 and quantity is null end)
);
comment on table analytics.fact_top_sellables is 'The place of a sellable in a ranking of what sold best in a span.';
comment on column analytics.fact_top_sellables.period_kind is 'The span over which is ranked.';
comment on column analytics.fact_top_sellables.starts_on is 'Its first day.';
comment on column analytics.fact_top_sellables.location_id is 'The location; empty for all together.';
comment on column analytics.fact_top_sellables.metric is 'What is ranked by.';
comment on column analytics.fact_top_sellables.currency is 'Currency of the amount; empty where numbers are ranked.';
comment on column analytics.fact_top_sellables.rank is 'The place, from 1.';
comment on column analytics.fact_top_sellables.sellable_id is 'What was sold.';
comment on column analytics.fact_top_sellables.amount_minor is 'The amount it has by this measure, in minor units.';
comment on column analytics.fact_top_sellables.quantity is 'The number it has by this measure.';
comment on constraint fact_top_sellables_place_key on analytics.fact_top_sellables is 'This place is taken.';
comment on constraint fact_top_sellables_sellable_key on analytics.fact_top_sellables is 'This has a place in the ranking already.';
comment on constraint fact_top_sellables_rank_check on analytics.fact_top_sellables is 'Places go from 1 to 1,000.';
comment on constraint fact_top_sellables_starts_on_check on analytics.fact_top_sellables is 'A week begins on Monday, a month on its first day.';
comment on constraint fact_top_sellables_measure_check on analytics.fact_top_sellables is 'Numbers are ranked without a currency, amounts with one.';

call core.install_table('analytics.fact_top_sellables', 'T', 'ants', platform_written => true);

-- fact_occupancy_daily ------------------------------------------------------------------------------------------------

create table analytics.fact_occupancy_daily (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  stay_date date not null,
  unit_type_id uuid not null,
  rooms_available integer not null default 0,
  overbook_limit integer not null default 0,
  rooms_sold integer not null default 0,
  rooms_complimentary integer not null default 0,
  rooms_out_of_order integer not null default 0,
  arrivals integer not null default 0,
  departures integer not null default 0,
  currency char(3) not null,
  room_revenue_minor bigint not null default 0,
  constraint fact_occupancy_daily_pkey primary key (biz_id, id),
  constraint fact_occupancy_daily_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_occupancy_daily_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint fact_occupancy_daily_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fact_occupancy_daily_grain_key unique (biz_id, location_id, stay_date, unit_type_id, currency),
  constraint fact_occupancy_daily_counts_check check (least(rooms_available, overbook_limit, rooms_sold, rooms_complimentary,
    rooms_out_of_order, arrivals, departures) >= 0 and rooms_complimentary <= rooms_sold),
  constraint fact_occupancy_daily_sold_check check (rooms_sold <= rooms_available + overbook_limit)
);
comment on table analytics.fact_occupancy_daily is 'Rooms of a type at a location in one night.';
comment on column analytics.fact_occupancy_daily.location_id is 'The location.';
comment on column analytics.fact_occupancy_daily.stay_date is 'The night, by the day on which it begins.';
comment on column analytics.fact_occupancy_daily.unit_type_id is 'The type of room.';
comment on column analytics.fact_occupancy_daily.rooms_available is 'How many could be sold.';
comment on column analytics.fact_occupancy_daily.overbook_limit is 'How many more may be sold than there are.';
comment on column analytics.fact_occupancy_daily.rooms_sold is 'How many were sold.';
comment on column analytics.fact_occupancy_daily.rooms_complimentary is 'How many of those sold cost nothing.';
comment on column analytics.fact_occupancy_daily.rooms_out_of_order is 'How many could not be sold, as they are out of order.';
comment on column analytics.fact_occupancy_daily.arrivals is 'How many stays began.';
comment on column analytics.fact_occupancy_daily.departures is 'How many stays ended on this day.';
comment on column analytics.fact_occupancy_daily.currency is 'Currency of the amount.';
comment on column analytics.fact_occupancy_daily.room_revenue_minor is 'What the night earned with rooms, without tax, in minor units.';
comment on constraint fact_occupancy_daily_grain_key on analytics.fact_occupancy_daily is 'There is a fact of this already.';
comment on constraint fact_occupancy_daily_counts_check on analytics.fact_occupancy_daily is 'Numbers are not negative.';
comment on constraint fact_occupancy_daily_sold_check on analytics.fact_occupancy_daily is 'No more rooms are sold than there are and may be overbooked.';
create index fact_occupancy_daily_stay_date_idx on analytics.fact_occupancy_daily (biz_id, stay_date, location_id);

call core.install_table('analytics.fact_occupancy_daily', 'T', 'anod', platform_written => true);

-- fact_queue_hourly ---------------------------------------------------------------------------------------------------

create table analytics.fact_queue_hourly (
  biz_id uuid not null,
  id uuid not null,
  queue_id uuid not null,
  business_date date not null,
  hour integer not null,
  starts_at timestamptz not null,
  joined integer not null default 0,
  served integer not null default 0,
  abandoned integer not null default 0,
  wait_seconds bigint not null default 0,
  longest_wait_seconds integer not null default 0,
  service_seconds bigint not null default 0,
  waited_to_5_min integer not null default 0,
  waited_to_10_min integer not null default 0,
  waited_to_20_min integer not null default 0,
  waited_to_40_min integer not null default 0,
  waited_longer integer not null default 0,
  constraint fact_queue_hourly_pkey primary key (biz_id, id),
  constraint fact_queue_hourly_queue_id_fkey foreign key (biz_id, queue_id)
    references queue.queues (biz_id, id),
  constraint fact_queue_hourly_grain_key unique (biz_id, queue_id, starts_at),
  constraint fact_queue_hourly_hour_check check (hour between 0 and 23),
  constraint fact_queue_hourly_counts_check check (least(joined, served, abandoned, waited_to_5_min, waited_to_10_min,
    waited_to_20_min, waited_to_40_min, waited_longer) >= 0 and least(wait_seconds, service_seconds) >= 0),
  constraint fact_queue_hourly_waits_check check (
    waited_to_5_min + waited_to_10_min + waited_to_20_min + waited_to_40_min + waited_longer = served),
  constraint fact_queue_hourly_longest_wait_check check (longest_wait_seconds between 0 and wait_seconds)
);
comment on table analytics.fact_queue_hourly is 'What happened in a queue within one hour, and how long people waited who were served in it.';
comment on column analytics.fact_queue_hourly.queue_id is 'The queue.';
comment on column analytics.fact_queue_hourly.business_date is 'The business day of the location.';
comment on column analytics.fact_queue_hourly.hour is 'The hour by the clock on the wall, from 0 to 23.';
comment on column analytics.fact_queue_hourly.starts_at is 'When the hour began: when clocks are set back, two hours have the same number.';
comment on column analytics.fact_queue_hourly.joined is 'How many joined.';
comment on column analytics.fact_queue_hourly.served is 'How many were served.';
comment on column analytics.fact_queue_hourly.abandoned is 'How many left or did not come when called.';
comment on column analytics.fact_queue_hourly.wait_seconds is 'How long those served had waited, all together, in seconds.';
comment on column analytics.fact_queue_hourly.longest_wait_seconds is 'The longest of these waits, in seconds.';
comment on column analytics.fact_queue_hourly.service_seconds is 'How long serving them took, all together, in seconds.';
comment on column analytics.fact_queue_hourly.waited_to_5_min is 'How many of those served had waited less than 5 minutes.';
comment on column analytics.fact_queue_hourly.waited_to_10_min is 'How many had waited 5 to 10 minutes.';
comment on column analytics.fact_queue_hourly.waited_to_20_min is 'How many had waited 10 to 20 minutes.';
comment on column analytics.fact_queue_hourly.waited_to_40_min is 'How many had waited 20 to 40 minutes.';
comment on column analytics.fact_queue_hourly.waited_longer is 'How many had waited 40 minutes or more.';
comment on constraint fact_queue_hourly_grain_key on analytics.fact_queue_hourly is 'There is a fact of this already.';
comment on constraint fact_queue_hourly_hour_check on analytics.fact_queue_hourly is 'Hours go from 0 to 23.';
comment on constraint fact_queue_hourly_counts_check on analytics.fact_queue_hourly is 'Numbers are not negative.';
comment on constraint fact_queue_hourly_waits_check on analytics.fact_queue_hourly is 'The waits counted are those of all who were served.';
comment on constraint fact_queue_hourly_longest_wait_check on analytics.fact_queue_hourly is 'No wait is longer than all together.';
create index fact_queue_hourly_business_date_idx on analytics.fact_queue_hourly (biz_id, business_date, queue_id);

call core.install_table('analytics.fact_queue_hourly', 'T', 'anqh', platform_written => true);

-- fact_dispatch_daily -------------------------------------------------------------------------------------------------

create table analytics.fact_dispatch_daily (
  biz_id uuid not null,
  id uuid not null,
  depot_location_id uuid not null,
  business_date date not null,
  tasks integer not null default 0,
  completed integer not null default 0,
  on_time integer not null default 0,
  failed integer not null default 0,
  distance_m bigint not null default 0,
  drive_minutes integer not null default 0,
  eta_error_seconds bigint not null default 0,
  constraint fact_dispatch_daily_pkey primary key (biz_id, id),
  constraint fact_dispatch_daily_depot_location_id_fkey foreign key (biz_id, depot_location_id)
    references core.locations (biz_id, id),
  constraint fact_dispatch_daily_grain_key unique (biz_id, depot_location_id, business_date),
  constraint fact_dispatch_daily_counts_check check (
    least(tasks, completed, on_time, failed, drive_minutes) >= 0 and least(distance_m, eta_error_seconds) >= 0),
  constraint fact_dispatch_daily_tasks_check check (completed + failed <= tasks and on_time <= completed)
);
comment on table analytics.fact_dispatch_daily is 'Trips and deliveries from a depot on a business day.';
comment on column analytics.fact_dispatch_daily.depot_location_id is 'The depot.';
comment on column analytics.fact_dispatch_daily.business_date is 'The business day of the depot.';
comment on column analytics.fact_dispatch_daily.tasks is 'How many tasks were due.';
comment on column analytics.fact_dispatch_daily.completed is 'How many were done.';
comment on column analytics.fact_dispatch_daily.on_time is 'How many were done in time.';
comment on column analytics.fact_dispatch_daily.failed is 'How many could not be done.';
comment on column analytics.fact_dispatch_daily.distance_m is 'How far vehicles went, in metres.';
comment on column analytics.fact_dispatch_daily.drive_minutes is 'For how many minutes they were under way.';
comment on column analytics.fact_dispatch_daily.eta_error_seconds is 'By how much arrivals were off what was foretold, all together and either way, in seconds.';
comment on constraint fact_dispatch_daily_grain_key on analytics.fact_dispatch_daily is 'There is a fact of this already.';
comment on constraint fact_dispatch_daily_counts_check on analytics.fact_dispatch_daily is 'Numbers are not negative.';
comment on constraint fact_dispatch_daily_tasks_check on analytics.fact_dispatch_daily is 'No more is done than was due.';
create index fact_dispatch_daily_business_date_idx on analytics.fact_dispatch_daily (biz_id, business_date, depot_location_id);

call core.install_table('analytics.fact_dispatch_daily', 'T', 'andd', platform_written => true);

-- fact_workforce_daily ------------------------------------------------------------------------------------------------

create table analytics.fact_workforce_daily (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  business_date date not null,
  department_id uuid,
  planned_minutes integer not null default 0,
  worked_minutes integer not null default 0,
  overtime_minutes integer not null default 0,
  absent_minutes integer not null default 0,
  headcount integer not null default 0,
  currency char(3) not null,
  cost_minor bigint not null default 0,
  constraint fact_workforce_daily_pkey primary key (biz_id, id),
  constraint fact_workforce_daily_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_workforce_daily_department_id_fkey foreign key (biz_id, department_id)
    references workforce.departments (biz_id, id),
  constraint fact_workforce_daily_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint fact_workforce_daily_grain_key unique nulls not distinct (biz_id, location_id, business_date, department_id,
    currency),
  constraint fact_workforce_daily_minutes_check check (
    least(planned_minutes, worked_minutes, overtime_minutes, absent_minutes, headcount) >= 0 and cost_minor >= 0),
  constraint fact_workforce_daily_overtime_check check (
    overtime_minutes <= worked_minutes and absent_minutes <= planned_minutes)
);
comment on table analytics.fact_workforce_daily is 'Work planned and done at a location on a business day, and what it cost.';
comment on column analytics.fact_workforce_daily.location_id is 'The location.';
comment on column analytics.fact_workforce_daily.business_date is 'The business day of the location.';
comment on column analytics.fact_workforce_daily.department_id is 'The department; empty for those of none.';
comment on column analytics.fact_workforce_daily.planned_minutes is 'For how many minutes shifts were planned.';
comment on column analytics.fact_workforce_daily.worked_minutes is 'For how many minutes people worked.';
comment on column analytics.fact_workforce_daily.overtime_minutes is 'How many of these were overtime.';
comment on column analytics.fact_workforce_daily.absent_minutes is 'For how many planned minutes people were on leave, ill or missing.';
comment on column analytics.fact_workforce_daily.headcount is 'How many people worked.';
comment on column analytics.fact_workforce_daily.currency is 'Currency of the cost.';
comment on column analytics.fact_workforce_daily.cost_minor is 'What it cost, in minor units.';
comment on constraint fact_workforce_daily_grain_key on analytics.fact_workforce_daily is 'There is a fact of this already.';
comment on constraint fact_workforce_daily_minutes_check on analytics.fact_workforce_daily is 'Minutes and cost are not negative.';
comment on constraint fact_workforce_daily_overtime_check on analytics.fact_workforce_daily is 'Overtime is worked, and absence was planned for.';
create index fact_workforce_daily_business_date_idx on analytics.fact_workforce_daily (biz_id, business_date, location_id);

call core.install_table('analytics.fact_workforce_daily', 'T', 'anwd', platform_written => true);

-- fact_nps_monthly ----------------------------------------------------------------------------------------------------

create table analytics.fact_nps_monthly (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid,
  month_on date not null,
  promoters integer not null default 0,
  passives integer not null default 0,
  detractors integer not null default 0,
  score numeric(5,2) generated always as (round(100 * (promoters - detractors)::numeric / nullif(promoters + passives + detractors,
    0), 2)) stored,
  constraint fact_nps_monthly_pkey primary key (biz_id, id),
  constraint fact_nps_monthly_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint fact_nps_monthly_grain_key unique nulls not distinct (biz_id, location_id, month_on),
  constraint fact_nps_monthly_month_on_check check (extract(day from month_on) = 1),
  constraint fact_nps_monthly_counts_check check (least(promoters, passives, detractors) >= 0)
);
comment on table analytics.fact_nps_monthly is 'How many customers would recommend a location, of those who answered in a month.';
comment on column analytics.fact_nps_monthly.location_id is 'The location; empty for answers about none.';
comment on column analytics.fact_nps_monthly.month_on is 'First day of the month, where the location is.';
comment on column analytics.fact_nps_monthly.promoters is 'How many gave 9 or 10.';
comment on column analytics.fact_nps_monthly.passives is 'How many gave 7 or 8.';
comment on column analytics.fact_nps_monthly.detractors is 'How many gave 0 to 6.';
comment on column analytics.fact_nps_monthly.score is 'Promoters less detractors, in percent of all who answered: from -100 to 100.';
comment on constraint fact_nps_monthly_grain_key on analytics.fact_nps_monthly is 'There is a fact of this already.';
comment on constraint fact_nps_monthly_month_on_check on analytics.fact_nps_monthly is 'A month is named by its first day.';
comment on constraint fact_nps_monthly_counts_check on analytics.fact_nps_monthly is 'Numbers are not negative.';
create index fact_nps_monthly_month_on_idx on analytics.fact_nps_monthly (biz_id, month_on);

call core.install_table('analytics.fact_nps_monthly', 'T', 'annm', platform_written => true);

-- fact_refresh_watermarks ---------------------------------------------------------------------------------------------

create table analytics.fact_refresh_watermarks (
  biz_id uuid not null,
  id uuid not null,
  fact analytics.fact_name not null,
  status analytics.fact_status not null default 'stale',
  through_seq bigint not null default 0,
  through_date date,
  stale_from_on date,
  refreshing_since timestamptz,
  refreshed_at timestamptz,
  error text,
  attempts integer not null default 0,
  constraint fact_refresh_watermarks_pkey primary key (biz_id, id),
  constraint fact_refresh_watermarks_error_check check (length(error) <= 2000),
  constraint fact_refresh_watermarks_fact_key unique (biz_id, fact),
  constraint fact_refresh_watermarks_through_seq_check check (through_seq >= 0),
  constraint fact_refresh_watermarks_stale_check check ((status <> 'fresh' or (stale_from_on is null
    and refreshed_at is not null)) and (status in ('fresh', 'refreshing') or stale_from_on is not null
    or refreshed_at is null)),
  constraint fact_refresh_watermarks_refreshing_check check ((status = 'refreshing') = (refreshing_since is not null)),
  constraint fact_refresh_watermarks_failed_check check (status <> 'failed' or error is not null),
  constraint fact_refresh_watermarks_attempts_check check (attempts >= 0)
);
comment on table analytics.fact_refresh_watermarks is 'Up to where a table of facts counts in what happened, and from which day on it must be made again.';
comment on column analytics.fact_refresh_watermarks.fact is 'The facts.';
comment on column analytics.fact_refresh_watermarks.status is 'Whether they are as they should be.';
comment on column analytics.fact_refresh_watermarks.through_seq is 'The last event of core.outbox_events that was counted in, by seq.';
comment on column analytics.fact_refresh_watermarks.through_date is 'The last business day that is complete.';
comment on column analytics.fact_refresh_watermarks.stale_from_on is 'The earliest business day that a late or changed document has made wrong.';
comment on column analytics.fact_refresh_watermarks.refreshing_since is 'Since when they are being made again.';
comment on column analytics.fact_refresh_watermarks.refreshed_at is 'When they were last made.';
comment on column analytics.fact_refresh_watermarks.error is 'Why they could not be made.';
comment on column analytics.fact_refresh_watermarks.attempts is 'How often that failed in a row.';
comment on constraint fact_refresh_watermarks_error_check on analytics.fact_refresh_watermarks is 'The error has at most 2,000 characters.';
comment on constraint fact_refresh_watermarks_fact_key on analytics.fact_refresh_watermarks is 'There is a watermark of these facts already.';
comment on constraint fact_refresh_watermarks_through_seq_check on analytics.fact_refresh_watermarks is 'Events count from 1.';
comment on constraint fact_refresh_watermarks_stale_check on analytics.fact_refresh_watermarks is 'Fresh facts have no day to be made again; stale ones have, unless they were never made.';
comment on constraint fact_refresh_watermarks_refreshing_check on analytics.fact_refresh_watermarks is 'Facts that are being made say since when.';
comment on constraint fact_refresh_watermarks_failed_check on analytics.fact_refresh_watermarks is 'A failure says why.';
comment on constraint fact_refresh_watermarks_attempts_check on analytics.fact_refresh_watermarks is 'A count cannot be negative.';
-- What is to be made again.
create index fact_refresh_watermarks_status_idx on analytics.fact_refresh_watermarks (biz_id, status, refreshed_at)
  where status <> 'fresh';

call core.install_table('analytics.fact_refresh_watermarks', 'T', 'anrw', platform_written => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('fact_watermark', 'fresh', 'stale', false),
  ('fact_watermark', 'stale', 'refreshing', false),
  ('fact_watermark', 'fresh', 'refreshing', false),
  ('fact_watermark', 'refreshing', 'fresh', false),
  ('fact_watermark', 'refreshing', 'failed', false),
  ('fact_watermark', 'refreshing', 'stale', false),
  ('fact_watermark', 'failed', 'refreshing', false);
call core.install_state_machine('analytics.fact_refresh_watermarks', 'status', 'fact_watermark');

create trigger fact_refresh_watermarks_seq_forward
  before update on analytics.fact_refresh_watermarks
  for each row when (new.through_seq < old.through_seq and new.through_seq <> 0)
  execute function availability.refuse_update('fact_refresh_watermarks_seq_forward_check',
    'A watermark only moves forward, or back to 0 for making everything again.');
