-- Loyalty programmes, rewards and promotion codes. Points are grants in a wallet of points.

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain entitlements.tier_period as text constraint tier_period_check check (value in (
  'calendar_year', 'rolling_12_months', 'lifetime'));
comment on domain entitlements.tier_period is 'Over which time points count towards a tier.
calendar_year: The calendar year.
rolling_12_months: The twelve months before.
lifetime: All time.';
comment on constraint tier_period_check on domain entitlements.tier_period is 'Unknown tier period.';

create domain entitlements.points_rounding as text constraint points_rounding_check check (value in (
  'down', 'nearest', 'up'));
comment on domain entitlements.points_rounding is 'How parts of a point are rounded.
down: To the whole point below.
nearest: To the nearest, halves to even.
up: To the whole point above.';
comment on constraint points_rounding_check on domain entitlements.points_rounding is 'Unknown rounding of points.';

create domain entitlements.loyalty_membership_status as text constraint loyalty_membership_status_check check (value in (
  'active', 'suspended', 'closed'));
comment on domain entitlements.loyalty_membership_status is 'Where a loyalty membership stands.
active: Points are earned and burnt.
suspended: Neither, for now.
closed: It ended, and its points lapsed.';
comment on constraint loyalty_membership_status_check on domain entitlements.loyalty_membership_status is 'Unknown status of a loyalty membership.';

create domain entitlements.reward_origin as text constraint reward_origin_check check (value in (
  'referral', 'promo', 'sla', 'loyalty'));
comment on domain entitlements.reward_origin is 'What a reward is for.
referral: Somebody new was brought.
promo: A promotion code.
sla: A promise of service was not kept.
loyalty: A step in a loyalty programme, such as a new tier or a birthday.';
comment on constraint reward_origin_check on domain entitlements.reward_origin is 'Unknown origin of a reward.';

create domain entitlements.reward_grant_status as text constraint reward_grant_status_check check (value in (
  'pending', 'granted', 'rejected', 'reversed'));
comment on domain entitlements.reward_grant_status is 'Where a reward stands.
pending: It is to be decided or waits for its condition, such as the first stay of who was brought.
granted: It was given.
rejected: It is not given.
reversed: It was taken back.';
comment on constraint reward_grant_status_check on domain entitlements.reward_grant_status is 'Unknown status of a reward.';

-- loyalty_programs ---------------------------------------------------------------------------------------------------

create table entitlements.loyalty_programs (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  points_name text not null default 'points',
  currency char(3) not null,
  earn_points integer not null,
  earn_per_minor bigint not null,
  earn_rounding entitlements.points_rounding not null default 'down',
  burn_points integer not null,
  burn_value_minor bigint not null,
  min_burn_points integer not null default 1,
  expires_after_months integer,
  tier_period entitlements.tier_period not null default 'calendar_year',
  earn_rules jsonb not null default '{}',
  is_active boolean not null default true,
  constraint loyalty_programs_pkey primary key (biz_id, id),
  constraint loyalty_programs_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint loyalty_programs_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint loyalty_programs_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint loyalty_programs_points_name_check check (btrim(points_name) <> '' and length(points_name) <= 200),
  constraint loyalty_programs_earn_rules_check check (jsonb_typeof(earn_rules) = 'object'),
  constraint loyalty_programs_earn_check check (earn_points >= 0 and earn_per_minor > 0),
  constraint loyalty_programs_burn_check check (burn_points > 0 and burn_value_minor > 0 and min_burn_points > 0),
  constraint loyalty_programs_expires_after_check check (expires_after_months > 0)
);
comment on table entitlements.loyalty_programs is 'A loyalty programme: how points are earned, what they are worth, and over which time tiers are reached.';
comment on column entitlements.loyalty_programs.code is 'Short name used by staff and imports.';
comment on column entitlements.loyalty_programs.name is 'Name shown to customers.';
comment on column entitlements.loyalty_programs.points_name is 'What its points are called, such as miles.';
comment on column entitlements.loyalty_programs.currency is 'Currency of the spending that earns points and of what they are worth.';
comment on column entitlements.loyalty_programs.earn_points is 'How many points are earned for each amount spent.';
comment on column entitlements.loyalty_programs.earn_per_minor is 'The amount that earns so many points, in minor units: 1 point for each 100.';
comment on column entitlements.loyalty_programs.earn_rounding is 'How parts of a point are rounded.';
comment on column entitlements.loyalty_programs.burn_points is 'How many points are worth the value below.';
comment on column entitlements.loyalty_programs.burn_value_minor is 'What so many points are worth, in minor units: 100 points are worth 100.';
comment on column entitlements.loyalty_programs.min_burn_points is 'How many points must be used at once at least.';
comment on column entitlements.loyalty_programs.expires_after_months is 'How many months after they were earned points lapse; none means never.';
comment on column entitlements.loyalty_programs.tier_period is 'Over which time points count towards a tier.';
comment on column entitlements.loyalty_programs.earn_rules is 'Further rules of earning as the programme knows them, such as welcome points and days that count double.';
comment on column entitlements.loyalty_programs.is_active is 'Whether points are earned.';
comment on constraint loyalty_programs_code_check on entitlements.loyalty_programs is 'A code is required, of 60 characters at most.';
comment on constraint loyalty_programs_name_check on entitlements.loyalty_programs is 'A name is required, of 200 characters at most.';
comment on constraint loyalty_programs_points_name_check on entitlements.loyalty_programs is 'A points name is required, of 200 characters at most.';
comment on constraint loyalty_programs_earn_rules_check on entitlements.loyalty_programs is 'Earn rules must be a JSON object.';
comment on constraint loyalty_programs_earn_check on entitlements.loyalty_programs is 'Points are earned for an amount that is more than nothing.';
comment on constraint loyalty_programs_burn_check on entitlements.loyalty_programs is 'Points are worth more than nothing.';
comment on constraint loyalty_programs_expires_after_check on entitlements.loyalty_programs is 'Points last at least a month.';

create trigger loyalty_programs_currency_immutable
  before update of currency on entitlements.loyalty_programs
  for each row when (
    old.currency is distinct from new.currency)
  execute function availability.refuse_update('loyalty_programs_currency_immutable_check', 'The currency of a programme is never changed.');

call core.install_table('entitlements.loyalty_programs', 'M', 'enlp', registrable => true);
create unique index loyalty_programs_code_key on entitlements.loyalty_programs (biz_id, code)
  where deleted_at is null;
comment on index entitlements.loyalty_programs_code_key is 'Another programme has this code.';

-- loyalty_tiers ------------------------------------------------------------------------------------------------------

create table entitlements.loyalty_tiers (
  biz_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  code text not null,
  name text not null,
  threshold bigint not null,
  earn_multiplier numeric(9,4) not null default 1,
  benefits text,
  discount_id uuid,
  constraint loyalty_tiers_pkey primary key (biz_id, id),
  constraint loyalty_tiers_program_id_id_key unique (biz_id, program_id, id),
  constraint loyalty_tiers_program_id_fkey foreign key (biz_id, program_id)
    references entitlements.loyalty_programs (biz_id, id),
  constraint loyalty_tiers_discount_id_fkey foreign key (biz_id, discount_id)
    references pricing.discounts (biz_id, id),
  constraint loyalty_tiers_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint loyalty_tiers_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint loyalty_tiers_benefits_check check (length(benefits) <= 10000),
  constraint loyalty_tiers_threshold_check check (threshold >= 0),
  constraint loyalty_tiers_earn_multiplier_check check (earn_multiplier between 0 and 100)
);
comment on table entitlements.loyalty_tiers is 'A tier of a programme. Tiers are ordered by the points they ask for.';
comment on column entitlements.loyalty_tiers.program_id is 'The programme.';
comment on column entitlements.loyalty_tiers.code is 'Short name used by staff and imports.';
comment on column entitlements.loyalty_tiers.name is 'Name shown to customers.';
comment on column entitlements.loyalty_tiers.threshold is 'How many points within the period of the programme lead to it; 0 is the tier that everybody has.';
comment on column entitlements.loyalty_tiers.earn_multiplier is 'By what earned points are multiplied: 1.5 is half as many again.';
comment on column entitlements.loyalty_tiers.benefits is 'What members of this tier get, in words.';
comment on column entitlements.loyalty_tiers.discount_id is 'The discount that members of this tier get.';
comment on constraint loyalty_tiers_code_check on entitlements.loyalty_tiers is 'A code is required, of 60 characters at most.';
comment on constraint loyalty_tiers_name_check on entitlements.loyalty_tiers is 'A name is required, of 200 characters at most.';
comment on constraint loyalty_tiers_benefits_check on entitlements.loyalty_tiers is 'A benefits has 10,000 characters at most.';
comment on constraint loyalty_tiers_program_id_id_key on entitlements.loyalty_tiers is 'There is already a tier with this id in the programme.';
comment on constraint loyalty_tiers_threshold_check on entitlements.loyalty_tiers is 'A threshold cannot be negative.';
comment on constraint loyalty_tiers_earn_multiplier_check on entitlements.loyalty_tiers is 'The multiplier is between 0 and 100.';

call core.install_table('entitlements.loyalty_tiers', 'M', 'enti');
create unique index loyalty_tiers_program_id_code_key on entitlements.loyalty_tiers (biz_id, program_id, code)
  where deleted_at is null;
comment on index entitlements.loyalty_tiers_program_id_code_key is 'The programme has another tier with this code.';
create unique index loyalty_tiers_program_id_threshold_key on entitlements.loyalty_tiers (biz_id, program_id, threshold)
  where deleted_at is null;
comment on index entitlements.loyalty_tiers_program_id_threshold_key is 'The programme has another tier from so many points on.';

-- loyalty_memberships ------------------------------------------------------------------------------------------------

create table entitlements.loyalty_memberships (
  biz_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  customer_id uuid not null,
  number text not null,
  tier_id uuid,
  tier_until date,
  tier_points bigint not null default 0,
  lifetime_points bigint not null default 0,
  wallet_id uuid not null,
  status entitlements.loyalty_membership_status not null default 'active',
  joined_on date not null default current_date,
  constraint loyalty_memberships_pkey primary key (biz_id, id),
  constraint loyalty_memberships_number_key unique (biz_id, number),
  constraint loyalty_memberships_program_id_customer_id_key unique (biz_id, program_id, customer_id),
  constraint loyalty_memberships_wallet_id_key unique (biz_id, wallet_id),
  constraint loyalty_memberships_program_id_fkey foreign key (biz_id, program_id)
    references entitlements.loyalty_programs (biz_id, id),
  constraint loyalty_memberships_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint loyalty_memberships_wallet_id_fkey foreign key (biz_id, wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint loyalty_memberships_tier_id_fkey foreign key (biz_id, program_id, tier_id)
    references entitlements.loyalty_tiers (biz_id, program_id, id),
  constraint loyalty_memberships_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint loyalty_memberships_points_check check (tier_points >= 0 and lifetime_points >= tier_points),
  constraint loyalty_memberships_tier_until_check check (tier_until is null or tier_id is not null)
);
comment on table entitlements.loyalty_memberships is 'That a customer takes part in a loyalty programme.';
comment on column entitlements.loyalty_memberships.program_id is 'The programme.';
comment on column entitlements.loyalty_memberships.customer_id is 'The customer.';
comment on column entitlements.loyalty_memberships.number is 'Number on the member''s card.';
comment on column entitlements.loyalty_memberships.tier_id is 'The tier the member has; none before the first.';
comment on column entitlements.loyalty_memberships.tier_until is 'First day on which the tier is judged anew; none means it stays.';
comment on column entitlements.loyalty_memberships.tier_points is 'Points that count towards the tier in the period that runs.';
comment on column entitlements.loyalty_memberships.lifetime_points is 'All points ever earned.';
comment on column entitlements.loyalty_memberships.wallet_id is 'The wallet that holds the points.';
comment on column entitlements.loyalty_memberships.status is 'Where it stands.';
comment on column entitlements.loyalty_memberships.joined_on is 'Since when the customer takes part.';
comment on constraint loyalty_memberships_number_check on entitlements.loyalty_memberships is 'A number is required, of 60 characters at most.';
comment on constraint loyalty_memberships_number_key on entitlements.loyalty_memberships is 'Another member has this number.';
comment on constraint loyalty_memberships_program_id_customer_id_key on entitlements.loyalty_memberships is 'The customer already takes part in this programme.';
comment on constraint loyalty_memberships_wallet_id_key on entitlements.loyalty_memberships is 'This wallet belongs to another loyalty membership.';
comment on constraint loyalty_memberships_tier_id_fkey on entitlements.loyalty_memberships is 'The tier must be one of the programme.';
comment on constraint loyalty_memberships_points_check on entitlements.loyalty_memberships is 'Points cannot be negative, and no more count for the tier than were ever earned.';
comment on constraint loyalty_memberships_tier_until_check on entitlements.loyalty_memberships is 'Only a tier lasts until a day.';

create index loyalty_memberships_tier_until_idx on entitlements.loyalty_memberships (biz_id, tier_until, id)
  where tier_until is not null;

call core.install_table('entitlements.loyalty_memberships', 'T', 'enlm', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('loyalty_membership', 'active', 'suspended', true),
  ('loyalty_membership', 'suspended', 'active', false),
  ('loyalty_membership', 'active', 'closed', true),
  ('loyalty_membership', 'suspended', 'closed', true);
call core.install_state_machine('entitlements.loyalty_memberships', 'status', 'loyalty_membership');

create function entitlements.check_loyalty_wallet() returns trigger
language plpgsql as $$
begin
  -- Owner and purpose of a wallet never change: nothing to lock.
  if not exists (
    select
    from entitlements.wallets w
    where w.biz_id = new.biz_id
      and w.id = new.wallet_id
      and w.purpose = 'loyalty'
      and w.customer_id = new.customer_id
  ) then
    perform entitlements.refuse('loyalty_memberships', 'wallet_id', 'loyalty_memberships_wallet_check',
      'The wallet must be one of points of the same customer.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_loyalty_wallet() is 'Trigger: points of a member are in a wallet of points of that customer.';
create trigger loyalty_memberships_wallet
  after insert or update of wallet_id, customer_id on entitlements.loyalty_memberships
  for each row execute function entitlements.check_loyalty_wallet();

-- promo_codes --------------------------------------------------------------------------------------------------------

create table entitlements.promo_codes (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  discount_id uuid,
  grant_unit entitlements.wallet_unit,
  grant_quantity bigint,
  currency char(3),
  grant_valid_days integer,
  terms_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  usage_limit integer,
  per_customer_limit integer default 1,
  used_count integer not null default 0,
  is_active boolean not null default true,
  constraint promo_codes_pkey primary key (biz_id, id),
  constraint promo_codes_discount_id_fkey foreign key (biz_id, discount_id)
    references pricing.discounts (biz_id, id),
  constraint promo_codes_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint promo_codes_terms_id_fkey foreign key (biz_id, terms_id)
    references entitlements.grant_terms (biz_id, id),
  constraint promo_codes_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint promo_codes_code_check check (code ~ '^[^\s]+$' and length(code) <= 60),
  constraint promo_codes_gives_check check (
    case
    when discount_id is not null then num_nonnulls(grant_unit, grant_quantity, currency, grant_valid_days, terms_id) = 0
    else num_nonnulls(grant_unit, grant_quantity) = 2 and grant_quantity > 0
    and (grant_unit = 'money') = (currency is not null) end),
  constraint promo_codes_grant_valid_days_check check (grant_valid_days > 0),
  constraint promo_codes_times_check check (ends_at > starts_at),
  constraint promo_codes_limits_check check (usage_limit > 0 and per_customer_limit > 0),
  constraint promo_codes_used_check check (used_count >= 0 and used_count <= coalesce(usage_limit, used_count))
);
comment on table entitlements.promo_codes is 'A code that customers enter to get a discount or credits, within its time and limits.';
comment on column entitlements.promo_codes.code is 'What customers enter; capitals and small letters are the same.';
comment on column entitlements.promo_codes.name is 'Name used by staff.';
comment on column entitlements.promo_codes.discount_id is 'The discount it gives, unless it gives credits.';
comment on column entitlements.promo_codes.grant_unit is 'What the credits it gives are counted in.';
comment on column entitlements.promo_codes.grant_quantity is 'How many units it gives; of money, in minor units.';
comment on column entitlements.promo_codes.currency is 'Currency of credits in money.';
comment on column entitlements.promo_codes.grant_valid_days is 'How many days the credits last; none means for good.';
comment on column entitlements.promo_codes.terms_id is 'When and where the credits may be used.';
comment on column entitlements.promo_codes.starts_at is 'From when on it can be used; none means at once.';
comment on column entitlements.promo_codes.ends_at is 'From this instant on it cannot be used; none means it never ends.';
comment on column entitlements.promo_codes.usage_limit is 'How often it can be used in all; none means without limit.';
comment on column entitlements.promo_codes.per_customer_limit is 'How often one customer can use it; none means without limit.';
comment on column entitlements.promo_codes.used_count is 'How often it was used and not taken back. Changed only with its uses.';
comment on column entitlements.promo_codes.is_active is 'Whether it can be used.';
comment on constraint promo_codes_name_check on entitlements.promo_codes is 'A name is required, of 200 characters at most.';
comment on constraint promo_codes_code_check on entitlements.promo_codes is 'A code has 60 characters at most, and no blanks.';
comment on constraint promo_codes_gives_check on entitlements.promo_codes is 'A code gives either a discount, or a quantity of credits, of money with its currency.';
comment on constraint promo_codes_grant_valid_days_check on entitlements.promo_codes is 'Credits last at least a day.';
comment on constraint promo_codes_times_check on entitlements.promo_codes is 'The end must be after the start.';
comment on constraint promo_codes_limits_check on entitlements.promo_codes is 'A limit is at least 1.';
comment on constraint promo_codes_used_check on entitlements.promo_codes is 'This code was used as often as it can be.';

call core.install_table('entitlements.promo_codes', 'M', 'enpc', registrable => true);
create unique index promo_codes_code_key on entitlements.promo_codes (biz_id, upper(code))
  where deleted_at is null;
comment on index entitlements.promo_codes_code_key is 'Another promotion code reads the same.';
call core.configure_graph('entitlements.promo_codes', aggregates => true);

-- promo_code_uses ----------------------------------------------------------------------------------------------------

create table entitlements.promo_code_uses (
  biz_id uuid not null,
  id uuid not null,
  promo_code_id uuid not null,
  customer_id uuid not null,
  used_at timestamptz not null default now(),
  reversed_at timestamptz,
  source_type text not null,
  source_id uuid not null,
  constraint promo_code_uses_pkey primary key (biz_id, id),
  constraint promo_code_uses_promo_code_id_fkey foreign key (biz_id, promo_code_id)
    references entitlements.promo_codes (biz_id, id),
  constraint promo_code_uses_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint promo_code_uses_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint promo_code_uses_reversed_check check (reversed_at >= used_at)
);
comment on table entitlements.promo_code_uses is 'That a customer used a promotion code.';
comment on column entitlements.promo_code_uses.promo_code_id is 'The code.';
comment on column entitlements.promo_code_uses.customer_id is 'The customer.';
comment on column entitlements.promo_code_uses.used_at is 'When it was used.';
comment on column entitlements.promo_code_uses.reversed_at is 'When the use was taken back, as the order was cancelled; it counts no more since.';
comment on column entitlements.promo_code_uses.source_type is 'Entity type of what it was used for, such as BookingOrder.';
comment on column entitlements.promo_code_uses.source_id is 'What it was used for, such as an order.';
comment on constraint promo_code_uses_source_fkey on entitlements.promo_code_uses is 'The source must exist in this tenant.';
comment on constraint promo_code_uses_reversed_check on entitlements.promo_code_uses is 'A use is taken back after it was made.';

create unique index promo_code_uses_source_key on entitlements.promo_code_uses (biz_id, promo_code_id, source_type, source_id)
  where reversed_at is null;
comment on index entitlements.promo_code_uses_source_key is 'This code was used here already.';
create index promo_code_uses_promo_code_id_customer_id_idx on entitlements.promo_code_uses (biz_id, promo_code_id, customer_id, used_at, id);
create trigger promo_code_uses_use_immutable
  before update of promo_code_id, customer_id, source_type, source_id on entitlements.promo_code_uses
  for each row when (
    old.promo_code_id is distinct from new.promo_code_id
    or old.customer_id is distinct from new.customer_id
    or old.source_type is distinct from new.source_type
    or old.source_id is distinct from new.source_id)
  execute function availability.refuse_update('promo_code_uses_use_immutable_check', 'A use of a code stays what it is.');

call core.install_table('entitlements.promo_code_uses', 'T', 'enpu', registrable => true);

-- The lock on the code puts uses in order: its counter is compared with its uses, and those of the customer with the limit.
create function entitlements.check_promo_code() returns trigger
language plpgsql as $$
declare
  code entitlements.promo_codes;
  counted bigint;
  of_customer bigint;
begin
  select c.*
  into code
  from entitlements.promo_codes c
  where c.biz_id = new.biz_id
    and c.id = case tg_table_name when 'promo_codes' then new.id else (to_jsonb(new) ->> 'promo_code_id')::uuid end
  for no key update;

  select count(*), count(*) filter (where u.customer_id = (to_jsonb(new) ->> 'customer_id')::uuid)
  into counted, of_customer
  from entitlements.promo_code_uses u
  where u.biz_id = code.biz_id
    and u.promo_code_id = code.id
    and u.reversed_at is null;

  if of_customer > code.per_customer_limit then
    perform entitlements.refuse('promo_code_uses', 'customer_id', 'promo_code_uses_per_customer_check',
      'This customer has used the code as often as one customer can.');
  elsif counted <> code.used_count then
    perform entitlements.refuse('promo_codes', 'used_count', 'promo_codes_uses_sum_check',
      'The counter of a code must equal its uses.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_promo_code() is 'Trigger: the counter of a code equals its uses, and no customer uses it more often than allowed.';
create constraint trigger promo_code_uses_limit_check
  after insert or update of reversed_at on entitlements.promo_code_uses
  deferrable initially deferred
  for each row execute function entitlements.check_promo_code();
comment on constraint promo_code_uses_limit_check on entitlements.promo_code_uses is 'This code was used as often as it can be.';
create constraint trigger promo_codes_uses_sum_check
  after insert or update of used_count on entitlements.promo_codes
  deferrable initially deferred
  for each row execute function entitlements.check_promo_code();
comment on constraint promo_codes_uses_sum_check on entitlements.promo_codes is 'The counter of a code must equal its uses.';

-- reward_grants ------------------------------------------------------------------------------------------------------

create table entitlements.reward_grants (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  origin entitlements.reward_origin not null,
  status entitlements.reward_grant_status not null default 'pending',
  unit entitlements.wallet_unit not null,
  quantity bigint not null,
  currency char(3),
  due_at timestamptz,
  wallet_grant_id uuid,
  gift_instrument_id uuid,
  note text,
  source_type text not null,
  source_id uuid not null,
  constraint reward_grants_pkey primary key (biz_id, id),
  constraint reward_grants_source_key unique (biz_id, source_type, source_id, origin, customer_id),
  constraint reward_grants_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint reward_grants_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint reward_grants_wallet_grant_id_fkey foreign key (biz_id, wallet_grant_id)
    references entitlements.grants (biz_id, id),
  constraint reward_grants_gift_instrument_id_fkey foreign key (biz_id, gift_instrument_id)
    references entitlements.gift_instruments (biz_id, id),
  constraint reward_grants_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint reward_grants_note_check check (length(note) <= 2000),
  constraint reward_grants_quantity_check check (quantity > 0),
  constraint reward_grants_currency_check check ((unit = 'money') = (currency is not null)),
  constraint reward_grants_granted_check check (
    num_nonnulls(wallet_grant_id, gift_instrument_id) = case when status in ('granted', 'reversed') then 1
    else 0 end)
);
comment on table entitlements.reward_grants is 'That a customer is to be rewarded for something: credits in a wallet or a gift card, once for what it is for.';
comment on column entitlements.reward_grants.customer_id is 'The customer.';
comment on column entitlements.reward_grants.origin is 'What it is for.';
comment on column entitlements.reward_grants.status is 'Where it stands.';
comment on column entitlements.reward_grants.unit is 'What the reward is counted in.';
comment on column entitlements.reward_grants.quantity is 'How much it is; of money, in minor units.';
comment on column entitlements.reward_grants.currency is 'Currency of a reward in money.';
comment on column entitlements.reward_grants.due_at is 'When it is given at the earliest, once its condition is met.';
comment on column entitlements.reward_grants.wallet_grant_id is 'The grant it became.';
comment on column entitlements.reward_grants.gift_instrument_id is 'The gift card it became.';
comment on column entitlements.reward_grants.note is 'What staff should know about it.';
comment on column entitlements.reward_grants.source_type is 'Entity type of what it is for, such as Referral.';
comment on column entitlements.reward_grants.source_id is 'What it is for, such as a referral.';
comment on constraint reward_grants_note_check on entitlements.reward_grants is 'A note has 2,000 characters at most.';
comment on constraint reward_grants_source_fkey on entitlements.reward_grants is 'The source must exist in this tenant.';
comment on constraint reward_grants_source_key on entitlements.reward_grants is 'The customer was rewarded for this already.';
comment on constraint reward_grants_quantity_check on entitlements.reward_grants is 'The quantity must be more than 0.';
comment on constraint reward_grants_currency_check on entitlements.reward_grants is 'A reward in money has a currency, and no other has.';
comment on constraint reward_grants_granted_check on entitlements.reward_grants is 'A reward that was given is either a grant or a gift card, and one that was not is neither.';

create unique index reward_grants_wallet_grant_id_key on entitlements.reward_grants (biz_id, wallet_grant_id)
  where wallet_grant_id is not null;
comment on index entitlements.reward_grants_wallet_grant_id_key is 'This grant belongs to another reward.';
create unique index reward_grants_gift_instrument_id_key on entitlements.reward_grants (biz_id, gift_instrument_id)
  where gift_instrument_id is not null;
comment on index entitlements.reward_grants_gift_instrument_id_key is 'This gift card belongs to another reward.';
create index reward_grants_status_idx on entitlements.reward_grants (biz_id, status, due_at, id);
create trigger reward_grants_reward_immutable
  before update of customer_id, origin, unit, quantity, currency, source_type, source_id on entitlements.reward_grants
  for each row when (
    old.customer_id is distinct from new.customer_id
    or old.origin is distinct from new.origin
    or old.unit is distinct from new.unit
    or old.quantity is distinct from new.quantity
    or old.currency is distinct from new.currency
    or old.source_type is distinct from new.source_type
    or old.source_id is distinct from new.source_id)
  execute function availability.refuse_update('reward_grants_reward_immutable_check', 'A reward stays what it is; reject it and make another.');

call core.install_table('entitlements.reward_grants', 'T', 'enrw', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('reward_grant', 'pending', 'granted', false),
  ('reward_grant', 'pending', 'rejected', true),
  ('reward_grant', 'granted', 'reversed', true);
call core.install_state_machine('entitlements.reward_grants', 'status', 'reward_grant');
