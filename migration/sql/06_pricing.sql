-- Pricing: what things cost and what not using them costs. So far: cancellation policies.

create schema pricing;
comment on schema pricing is 'What things cost: rates, discounts, taxes, cancellation fees.';

-- Kinds shared with booking and hospitality ---------------------------------------------------------------------------

create domain pricing.price_unit as text constraint price_unit_check check (value in (
  'each', 'hour', 'day', 'night', 'unit_day', 'km', 'person'));
comment on domain pricing.price_unit is 'What one price is for.
each: One piece.
hour: An hour.
day: A day.
night: A night.
unit_day: One unit, such as a pallet, for a day.
km: A kilometre.
person: A person.';
comment on constraint price_unit_check on domain pricing.price_unit is 'Unknown price unit.';

create domain pricing.meal_plan as text constraint meal_plan_check check (value in (
  'room_only', 'breakfast', 'half_board', 'full_board', 'all_inclusive'));
comment on domain pricing.meal_plan is 'Which meals a stay includes.
room_only: None.
breakfast: Bed and breakfast.
half_board: Breakfast and one more meal, usually dinner.
full_board: Breakfast, lunch and dinner.
all_inclusive: All meals and drinks.';
comment on constraint meal_plan_check on domain pricing.meal_plan is 'Unknown meal plan.';

create domain pricing.fee_kind as text constraint fee_kind_check check (value in (
  'none', 'amount', 'percent', 'first_unit'));
comment on domain pricing.fee_kind is 'How a cancellation or no-show fee is reckoned.
none: No fee.
amount: A fixed amount.
percent: A part of the total.
first_unit: The price of the first night, hour or other unit.';
comment on constraint fee_kind_check on domain pricing.fee_kind is 'Unknown kind of fee.';

-- cancellation_policies -----------------------------------------------------------------------------------------------

create table pricing.cancellation_policies (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  no_show_fee_kind pricing.fee_kind not null default 'none',
  no_show_fee_minor bigint,
  no_show_fee_bps integer,
  currency char(3),
  constraint cancellation_policies_pkey primary key (biz_id, id),
  constraint cancellation_policies_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cancellation_policies_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint cancellation_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint cancellation_policies_description_check check (length(description) <= 10000),
  constraint cancellation_policies_no_show_fee_check check (case no_show_fee_kind
    when 'amount' then no_show_fee_minor >= 0 and no_show_fee_minor is not null and currency is not null and no_show_fee_bps is null
    when 'percent' then no_show_fee_bps between 0 and 10000 and no_show_fee_bps is not null and no_show_fee_minor is null
    else no_show_fee_minor is null and no_show_fee_bps is null end)
);
comment on table pricing.cancellation_policies is 'What a customer owes who cancels, or does not come. The fees for cancelling stand in its tiers.';
comment on column pricing.cancellation_policies.code is 'Short name used in offers and imports, unique among the policies in use.';
comment on column pricing.cancellation_policies.name is 'Name shown to customers, such as free until the day before.';
comment on column pricing.cancellation_policies.description is 'What customers read about it before they book.';
comment on column pricing.cancellation_policies.no_show_fee_kind is 'How the fee of a customer who does not come is reckoned.';
comment on column pricing.cancellation_policies.no_show_fee_minor is 'The no-show fee in minor units, where it is a fixed amount.';
comment on column pricing.cancellation_policies.no_show_fee_bps is 'The no-show fee in hundredths of a percent of the total (10000 = all of it), where it is a part of it.';
comment on column pricing.cancellation_policies.currency is 'Currency of a fixed no-show fee.';
comment on constraint cancellation_policies_code_check on pricing.cancellation_policies is 'A code is required, of 60 characters at most.';
comment on constraint cancellation_policies_name_check on pricing.cancellation_policies is 'A name is required, of 200 characters at most.';
comment on constraint cancellation_policies_description_check on pricing.cancellation_policies is 'The description has 10,000 characters at most.';
comment on constraint cancellation_policies_no_show_fee_check on pricing.cancellation_policies is 'A no-show fee has either an amount with its currency, or a part between 0 and 100 %, as its kind says.';

call core.install_table('pricing.cancellation_policies', 'M', 'cpo', registrable => true);
create unique index cancellation_policies_code_key on pricing.cancellation_policies (biz_id, code) where deleted_at is null;
comment on index pricing.cancellation_policies_code_key is 'Another cancellation policy has this code.';

-- cancellation_policy_tiers -------------------------------------------------------------------------------------------

create table pricing.cancellation_policy_tiers (
  biz_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  hours_before_start integer not null,
  local_cutoff_time time,
  fee_kind pricing.fee_kind not null,
  fee_minor bigint,
  fee_bps integer,
  currency char(3),
  constraint cancellation_policy_tiers_pkey primary key (biz_id, id),
  constraint cancellation_policy_tiers_policy_id_fkey foreign key (biz_id, policy_id)
    references pricing.cancellation_policies (biz_id, id),
  constraint cancellation_policy_tiers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cancellation_policy_tiers_hours_check check (hours_before_start >= 0),
  constraint cancellation_policy_tiers_local_cutoff_check check (local_cutoff_time is null or hours_before_start % 24 = 0),
  constraint cancellation_policy_tiers_fee_check check (case fee_kind
    when 'amount' then fee_minor >= 0 and fee_minor is not null and currency is not null and fee_bps is null
    when 'percent' then fee_bps between 0 and 10000 and fee_bps is not null and fee_minor is null
    else fee_minor is null and fee_bps is null end)
);
comment on table pricing.cancellation_policy_tiers is 'One step of a cancellation policy: the fee of cancelling later than its cut-off. Of the tiers whose cut-off has passed, the one nearest to the start counts; before the first of them cancelling is free.';
comment on column pricing.cancellation_policy_tiers.policy_id is 'The policy it is a step of.';
comment on column pricing.cancellation_policy_tiers.hours_before_start is 'The cut-off: the fee is owed from this many hours before the start on.';
comment on column pricing.cancellation_policy_tiers.local_cutoff_time is 'Where given, the cut-off falls on this local time of the location, hours_before_start / 24 days before the day of the start.';
comment on column pricing.cancellation_policy_tiers.fee_kind is 'How the fee is reckoned.';
comment on column pricing.cancellation_policy_tiers.fee_minor is 'The fee in minor units, where it is a fixed amount.';
comment on column pricing.cancellation_policy_tiers.fee_bps is 'The fee in hundredths of a percent of the total (5000 = half of it), where it is a part of it.';
comment on column pricing.cancellation_policy_tiers.currency is 'Currency of a fixed fee.';
comment on constraint cancellation_policy_tiers_hours_check on pricing.cancellation_policy_tiers is 'The cut-off cannot be after the start.';
comment on constraint cancellation_policy_tiers_local_cutoff_check on pricing.cancellation_policy_tiers is 'A cut-off at a local time is a whole number of days (a multiple of 24 hours) before the start.';
comment on constraint cancellation_policy_tiers_fee_check on pricing.cancellation_policy_tiers is 'A fee has either an amount with its currency, or a part between 0 and 100 %, as its kind says.';

call core.install_table('pricing.cancellation_policy_tiers', 'M', 'cpt');
create unique index cancellation_policy_tiers_hours_key on pricing.cancellation_policy_tiers (biz_id, policy_id, hours_before_start)
  where deleted_at is null;
comment on index pricing.cancellation_policy_tiers_hours_key is 'This policy already has a tier with this cut-off.';
