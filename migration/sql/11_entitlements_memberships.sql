-- Memberships: plans with what they give in every period, the memberships that run under them, their freezes, and the run
-- that carries unused credits over.

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain entitlements.membership_plan_status as text constraint membership_plan_status_check check (value in (
  'draft', 'active', 'retired'));
comment on domain entitlements.membership_plan_status is 'Whether a membership plan is sold.
draft: It is being put together.
active: It is sold.
retired: It is sold no more; memberships of it go on.';
comment on constraint membership_plan_status_check on domain entitlements.membership_plan_status is 'Unknown status of a membership plan.';

create domain entitlements.membership_interval as text constraint membership_interval_check check (value in (
  'day', 'week', 'month', 'year'));
comment on domain entitlements.membership_interval is 'The unit in which the period of a membership is counted.
day: Days.
week: Weeks.
month: Months of the calendar, from the anchor day.
year: Years.';
comment on constraint membership_interval_check on domain entitlements.membership_interval is 'Unknown interval.';

create domain entitlements.membership_proration as text constraint membership_proration_check check (value in (
  'none', 'daily', 'full_period'));
comment on domain entitlements.membership_proration is 'What a change of plan within a period costs.
none: Nothing; the new plan begins with the next period.
daily: The days that are left, as a part of the whole period.
full_period: The whole price of the new plan, at once.';
comment on constraint membership_proration_check on domain entitlements.membership_proration is 'Unknown way of proration.';

create domain entitlements.membership_benefit_kind as text constraint membership_benefit_kind_check check (value in (
  'credits', 'discount', 'access'));
comment on domain entitlements.membership_benefit_kind is 'What a plan gives in every period.
credits: So many units into the wallet of the membership.
discount: A discount on what is bought.
access: Access, to be checked when the member comes.';
comment on constraint membership_benefit_kind_check on domain entitlements.membership_benefit_kind is 'Unknown kind of benefit.';

create domain entitlements.benefit_rollover as text constraint benefit_rollover_check check (value in (
  'none', 'capped', 'unlimited'));
comment on domain entitlements.benefit_rollover is 'What becomes of credits that were not used in their period.
none: They expire.
capped: They are carried over up to a cap; the rest expires.
unlimited: All are carried over.';
comment on constraint benefit_rollover_check on domain entitlements.benefit_rollover is 'Unknown way of rolling over.';

create domain entitlements.membership_status as text constraint membership_status_check check (value in (
  'incomplete', 'trialing', 'active', 'past_due', 'paused', 'cancelled', 'expired'));
comment on domain entitlements.membership_status is 'Where a membership stands.
incomplete: Its first payment is not made yet; it gives nothing.
trialing: It is being tried.
active: It is running.
past_due: A payment is overdue; whether it still gives its benefits is the plan''s to say.
paused: It is frozen for a while.
cancelled: It was ended at once.
expired: It ran out at the end of a period.';
comment on constraint membership_status_check on domain entitlements.membership_status is 'Unknown status of a membership.';

create domain entitlements.membership_event_kind as text constraint membership_event_kind_check check (value in (
  'enrolled', 'trial_started', 'activated', 'renewed', 'payment_failed', 'recovered', 'plan_changed', 'paused',
  'resumed', 'cancel_scheduled', 'cancel_withdrawn', 'cancelled', 'expired', 'adjusted'));
comment on domain entitlements.membership_event_kind is 'What happened to a membership.
enrolled: It was made.
trial_started: Its trial began.
activated: It became active.
renewed: A new period began.
payment_failed: A payment was not made.
recovered: An overdue payment was made.
plan_changed: It went over to another plan.
paused: It was frozen.
resumed: It runs again.
cancel_scheduled: It will end with its period.
cancel_withdrawn: It will not end with its period after all.
cancelled: It was ended at once.
expired: It ran out.
adjusted: Staff changed it.';
comment on constraint membership_event_kind_check on domain entitlements.membership_event_kind is 'Unknown kind of membership event.';

create domain entitlements.rollover_run_status as text constraint rollover_run_status_check check (value in (
  'queued', 'running', 'completed', 'failed'));
comment on domain entitlements.rollover_run_status is 'Where a run stands.
queued: It is to begin.
running: It is at work.
completed: It is done.
failed: It stopped at an error, and can be taken up again.';
comment on constraint rollover_run_status_check on domain entitlements.rollover_run_status is 'Unknown status of a run.';

-- membership_plans ---------------------------------------------------------------------------------------------------

create table entitlements.membership_plans (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text,
  sellable_id uuid,
  status entitlements.membership_plan_status not null default 'draft',
  interval entitlements.membership_interval not null default 'month',
  interval_count integer not null default 1,
  trial_days integer not null default 0,
  min_periods integer not null default 0,
  notice_days integer not null default 0,
  freeze_days_per_year integer not null default 0,
  proration_mode entitlements.membership_proration not null default 'daily',
  grace_days integer not null default 0,
  max_holders integer not null default 1,
  constraint membership_plans_pkey primary key (biz_id, id),
  constraint membership_plans_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint membership_plans_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint membership_plans_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint membership_plans_description_check check (length(description) <= 10000),
  constraint membership_plans_counts_check check (interval_count >= 1 and max_holders >= 1),
  constraint membership_plans_days_check check (
    trial_days >= 0 and min_periods >= 0 and notice_days >= 0 and grace_days >= 0),
  constraint membership_plans_freeze_days_check check (freeze_days_per_year between 0 and 366),
  constraint membership_plans_sold_check check (status = 'draft' or sellable_id is not null)
);
comment on table entitlements.membership_plans is 'What a membership offers: its period, trial, freezes and benefits. Its price is that of its sellable.';
comment on column entitlements.membership_plans.code is 'Short name used by staff and imports.';
comment on column entitlements.membership_plans.name is 'Name shown to customers.';
comment on column entitlements.membership_plans.description is 'What a member gets, in words.';
comment on column entitlements.membership_plans.sellable_id is 'What is sold and priced when somebody enrols; none while the plan is a draft.';
comment on column entitlements.membership_plans.status is 'Whether it is sold.';
comment on column entitlements.membership_plans.interval is 'Unit in which a period is counted.';
comment on column entitlements.membership_plans.interval_count is 'How many of these units a period has.';
comment on column entitlements.membership_plans.trial_days is 'Days that can be tried for nothing.';
comment on column entitlements.membership_plans.min_periods is 'How many periods a member is bound for at least.';
comment on column entitlements.membership_plans.notice_days is 'How many days before the end of a period it must be cancelled.';
comment on column entitlements.membership_plans.freeze_days_per_year is 'How many days a year a membership can be paused.';
comment on column entitlements.membership_plans.proration_mode is 'What a change of plan within a period costs.';
comment on column entitlements.membership_plans.grace_days is 'How many days benefits go on while a payment is overdue.';
comment on column entitlements.membership_plans.max_holders is 'How many people may use one membership, such as the members of a family.';
comment on constraint membership_plans_code_check on entitlements.membership_plans is 'A code is required, of 60 characters at most.';
comment on constraint membership_plans_name_check on entitlements.membership_plans is 'A name is required, of 200 characters at most.';
comment on constraint membership_plans_description_check on entitlements.membership_plans is 'A description has 10,000 characters at most.';
comment on constraint membership_plans_counts_check on entitlements.membership_plans is 'A period has at least 1 unit, and a membership at least 1 holder.';
comment on constraint membership_plans_days_check on entitlements.membership_plans is 'No number of days or periods is negative.';
comment on constraint membership_plans_freeze_days_check on entitlements.membership_plans is 'Between 0 and 366 days a year can be frozen.';
comment on constraint membership_plans_sold_check on entitlements.membership_plans is 'A plan that is sold has a sellable.';

call core.install_table('entitlements.membership_plans', 'M', 'enmp', registrable => true);
create unique index membership_plans_code_key on entitlements.membership_plans (biz_id, code)
  where deleted_at is null;
comment on index entitlements.membership_plans_code_key is 'Another plan has this code.';
create unique index membership_plans_sellable_id_key on entitlements.membership_plans (biz_id, sellable_id)
  where deleted_at is null and sellable_id is not null;
comment on index entitlements.membership_plans_sellable_id_key is 'This sellable belongs to another plan.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('membership_plan', 'draft', 'active', false),
  ('membership_plan', 'active', 'retired', false),
  ('membership_plan', 'retired', 'active', false);
call core.install_state_machine('entitlements.membership_plans', 'status', 'membership_plan');
call core.configure_graph('entitlements.membership_plans', plain_moves => true, aggregates => true);

create constraint trigger membership_plans_sellable_check
  after insert or update of sellable_id on entitlements.membership_plans
  deferrable initially deferred
  for each row when (new.sellable_id is not null)
  execute function entitlements.check_sellable('MembershipPlan', 'membership_plans_sellable_check');
comment on constraint membership_plans_sellable_check on entitlements.membership_plans is 'The sellable of a plan must be one that sells this plan.';

-- membership_plan_benefits -------------------------------------------------------------------------------------------

create table entitlements.membership_plan_benefits (
  biz_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  kind entitlements.membership_benefit_kind not null,
  name text not null,
  unit entitlements.wallet_unit,
  currency char(3),
  quantity bigint,
  terms_id uuid,
  discount_id uuid,
  rollover_mode entitlements.benefit_rollover not null default 'none',
  rollover_cap bigint,
  rollover_periods integer,
  constraint membership_plan_benefits_pkey primary key (biz_id, id),
  constraint membership_plan_benefits_plan_id_fkey foreign key (biz_id, plan_id)
    references entitlements.membership_plans (biz_id, id),
  constraint membership_plan_benefits_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint membership_plan_benefits_terms_id_fkey foreign key (biz_id, terms_id)
    references entitlements.grant_terms (biz_id, id),
  constraint membership_plan_benefits_discount_id_fkey foreign key (biz_id, discount_id)
    references pricing.discounts (biz_id, id),
  constraint membership_plan_benefits_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint membership_plan_benefits_kind_check check (
    case kind when 'credits' then num_nonnulls(unit, quantity) = 2 and discount_id is null
    when 'discount' then discount_id is not null and num_nonnulls(unit, quantity) = 0
    else num_nonnulls(unit, quantity, discount_id) = 0 end),
  constraint membership_plan_benefits_currency_check check (
    (unit is not distinct from 'money') = (currency is not null)),
  constraint membership_plan_benefits_quantity_check check (quantity > 0),
  constraint membership_plan_benefits_rollover_check check (
    (rollover_mode = 'capped') = (rollover_cap is not null) and rollover_cap > 0 and (rollover_mode = 'none'
    or kind = 'credits')),
  constraint membership_plan_benefits_rollover_periods_check check (
    rollover_periods is null or (rollover_periods >= 1 and rollover_mode <> 'none'))
);
comment on table entitlements.membership_plan_benefits is 'One thing that a plan gives in every period.';
comment on column entitlements.membership_plan_benefits.plan_id is 'The plan.';
comment on column entitlements.membership_plan_benefits.kind is 'What it gives.';
comment on column entitlements.membership_plan_benefits.name is 'Name shown to members.';
comment on column entitlements.membership_plan_benefits.unit is 'What credits are counted in.';
comment on column entitlements.membership_plan_benefits.currency is 'Currency of credits in money.';
comment on column entitlements.membership_plan_benefits.quantity is 'How many units a period gives; of money, in minor units.';
comment on column entitlements.membership_plan_benefits.terms_id is 'When and where the credits or the access may be used; none means always and everywhere.';
comment on column entitlements.membership_plan_benefits.discount_id is 'The discount it gives.';
comment on column entitlements.membership_plan_benefits.rollover_mode is 'What becomes of credits that were not used.';
comment on column entitlements.membership_plan_benefits.rollover_cap is 'How many units are carried over at most.';
comment on column entitlements.membership_plan_benefits.rollover_periods is 'How many periods carried-over units last; none means as long as the membership.';
comment on constraint membership_plan_benefits_name_check on entitlements.membership_plan_benefits is 'A name is required, of 200 characters at most.';
comment on constraint membership_plan_benefits_kind_check on entitlements.membership_plan_benefits is 'Credits have a unit and a quantity, a discount its discount, and access neither.';
comment on constraint membership_plan_benefits_currency_check on entitlements.membership_plan_benefits is 'Credits in money have a currency, and nothing else has.';
comment on constraint membership_plan_benefits_quantity_check on entitlements.membership_plan_benefits is 'The quantity must be more than 0.';
comment on constraint membership_plan_benefits_rollover_check on entitlements.membership_plan_benefits is 'Only credits are carried over, and a cap belongs to those that are capped.';
comment on constraint membership_plan_benefits_rollover_periods_check on entitlements.membership_plan_benefits is 'Carried-over units last at least 1 period.';

call core.install_table('entitlements.membership_plan_benefits', 'M', 'enpb');

-- memberships --------------------------------------------------------------------------------------------------------

create table entitlements.memberships (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  plan_id uuid not null,
  customer_id uuid,
  group_account_id uuid,
  location_id uuid,
  status entitlements.membership_status not null default 'incomplete',
  started_on date not null,
  ended_on date,
  period daterange generated always as (daterange(started_on, ended_on, '[)')) stored,
  current_period_starts_on date not null,
  current_period_ends_on date not null,
  trial_ends_on date,
  timezone text not null,
  anchor_day smallint not null,
  cancel_at_period_end boolean not null default false,
  paused_until date,
  past_due_since date,
  price_minor bigint not null,
  currency char(3) not null,
  payment_method_id uuid,
  wallet_id uuid,
  cancelled_at timestamptz,
  cancel_reason text,
  constraint memberships_pkey primary key (biz_id, id),
  constraint memberships_number_key unique (biz_id, number),
  constraint memberships_plan_id_fkey foreign key (biz_id, plan_id)
    references entitlements.membership_plans (biz_id, id),
  constraint memberships_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint memberships_group_account_id_fkey foreign key (biz_id, group_account_id)
    references identity.group_accounts (biz_id, id),
  constraint memberships_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint memberships_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint memberships_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint memberships_payment_method_id_fkey foreign key (biz_id, payment_method_id)
    references payments.payment_methods (biz_id, id),
  constraint memberships_wallet_id_fkey foreign key (biz_id, wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint memberships_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint memberships_cancel_reason_check check (length(cancel_reason) <= 2000),
  constraint memberships_owner_check check (num_nonnulls(customer_id, group_account_id) = 1),
  constraint memberships_dates_check check (
    ended_on >= started_on and (ended_on is null) = (status not in ('cancelled', 'expired'))),
  constraint memberships_current_period_check check (
    current_period_ends_on > current_period_starts_on and current_period_starts_on >= started_on),
  constraint memberships_trial_check check (
    trial_ends_on > started_on and (status <> 'trialing' or trial_ends_on is not null)),
  constraint memberships_anchor_day_check check (anchor_day between 1 and 31),
  constraint memberships_paused_check check (paused_until is null or status = 'paused'),
  constraint memberships_past_due_check check ((status = 'past_due') = (past_due_since is not null)),
  constraint memberships_price_check check (price_minor >= 0)
);
comment on table entitlements.memberships is 'That a customer or group is a member under a plan, from period to period until it ends.';
comment on column entitlements.memberships.number is 'Number that staff and members use.';
comment on column entitlements.memberships.plan_id is 'The plan it runs under now.';
comment on column entitlements.memberships.customer_id is 'The member, unless it belongs to a group.';
comment on column entitlements.memberships.group_account_id is 'The group whose people are members, unless it belongs to one customer.';
comment on column entitlements.memberships.location_id is 'The home location of the member, where it counts in reports.';
comment on column entitlements.memberships.status is 'Where it stands.';
comment on column entitlements.memberships.started_on is 'First day, in the member''s time zone.';
comment on column entitlements.memberships.ended_on is 'First day of not being a member any more; none while it goes on.';
comment on column entitlements.memberships.period is 'From started_on to ended_on, as a range.';
comment on column entitlements.memberships.current_period_starts_on is 'First day of the period that runs.';
comment on column entitlements.memberships.current_period_ends_on is 'First day of the next period.';
comment on column entitlements.memberships.trial_ends_on is 'First day after the trial.';
comment on column entitlements.memberships.timezone is 'IANA time zone in which its days are counted.';
comment on column entitlements.memberships.anchor_day is 'Day of the month on which periods begin, 1 to 31; in a shorter month its last day.';
comment on column entitlements.memberships.cancel_at_period_end is 'Whether it ends with the period that runs.';
comment on column entitlements.memberships.paused_until is 'First day on which a paused membership runs again; none while it is not paused or open-ended.';
comment on column entitlements.memberships.past_due_since is 'Since which day a payment is overdue.';
comment on column entitlements.memberships.price_minor is 'What a period costs, in minor units, as agreed.';
comment on column entitlements.memberships.currency is 'Currency of the price. Never changed.';
comment on column entitlements.memberships.payment_method_id is 'What renewals are paid by; none where they are paid at the desk.';
comment on column entitlements.memberships.wallet_id is 'The wallet that gets its credits.';
comment on column entitlements.memberships.cancelled_at is 'When it was cancelled, at once or for the end of the period.';
comment on column entitlements.memberships.cancel_reason is 'Why it was cancelled.';
comment on constraint memberships_number_check on entitlements.memberships is 'A number is required, of 60 characters at most.';
comment on constraint memberships_cancel_reason_check on entitlements.memberships is 'A cancel reason has 2,000 characters at most.';
comment on constraint memberships_number_key on entitlements.memberships is 'Another membership has this number.';
comment on constraint memberships_owner_check on entitlements.memberships is 'A membership belongs to either a customer or a group.';
comment on constraint memberships_dates_check on entitlements.memberships is 'A membership that ended says on which day, not before it began, and no other does.';
comment on constraint memberships_current_period_check on entitlements.memberships is 'A period ends after it begins, and begins no earlier than the membership.';
comment on constraint memberships_trial_check on entitlements.memberships is 'A trial ends after the membership begins.';
comment on constraint memberships_anchor_day_check on entitlements.memberships is 'The anchor is a day of the month.';
comment on constraint memberships_paused_check on entitlements.memberships is 'Only a paused membership says until when it is paused.';
comment on constraint memberships_past_due_check on entitlements.memberships is 'An overdue membership says since when, and no other does.';
comment on constraint memberships_price_check on entitlements.memberships is 'The price cannot be negative.';

-- Who is about to leave; who is due to be renewed.
create index memberships_status_idx on entitlements.memberships (biz_id, status, current_period_ends_on, id);
create index memberships_past_due_since_idx on entitlements.memberships (biz_id, past_due_since, id)
  where status = 'past_due';
create index memberships_customer_id_started_on_idx on entitlements.memberships (biz_id, customer_id, started_on, id);
create trigger memberships_currency_immutable
  before update of currency on entitlements.memberships
  for each row when (
    old.currency is distinct from new.currency)
  execute function availability.refuse_update('memberships_currency_immutable_check', 'The currency of a membership is never changed.');
create trigger memberships_owner_immutable
  before update of customer_id, group_account_id on entitlements.memberships
  for each row when (
    old.customer_id is distinct from new.customer_id
    or old.group_account_id is distinct from new.group_account_id)
  execute function availability.refuse_update('memberships_owner_immutable_check', 'A membership stays with its holder.');

call core.install_table('entitlements.memberships', 'T', 'enme', registrable => true);
alter table entitlements.memberships add constraint memberships_no_overlap_excl exclude using gist (
  biz_id with =, plan_id with =, coalesce(customer_id, group_account_id) with =, period with &&)
  where (status in ('trialing', 'active', 'past_due', 'paused'));
comment on constraint memberships_no_overlap_excl on entitlements.memberships is 'There is already a membership of this plan at that time.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('membership', 'incomplete', 'trialing', false),
  ('membership', 'incomplete', 'active', false),
  ('membership', 'incomplete', 'expired', false),
  ('membership', 'incomplete', 'cancelled', true),
  ('membership', 'trialing', 'active', false),
  ('membership', 'trialing', 'past_due', false),
  ('membership', 'trialing', 'cancelled', true),
  ('membership', 'trialing', 'expired', false),
  ('membership', 'active', 'past_due', false),
  ('membership', 'active', 'paused', false),
  ('membership', 'active', 'cancelled', true),
  ('membership', 'active', 'expired', false),
  ('membership', 'past_due', 'active', false),
  ('membership', 'past_due', 'cancelled', true),
  ('membership', 'past_due', 'expired', false),
  ('membership', 'paused', 'active', false),
  ('membership', 'paused', 'cancelled', true);
call core.install_state_machine('entitlements.memberships', 'status', 'membership');

-- membership_pauses --------------------------------------------------------------------------------------------------

create table entitlements.membership_pauses (
  biz_id uuid not null,
  id uuid not null,
  membership_id uuid not null,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  reason text not null,
  is_exempt boolean not null default false,
  cancelled_at timestamptz,
  constraint membership_pauses_pkey primary key (biz_id, id),
  constraint membership_pauses_membership_id_fkey foreign key (biz_id, membership_id)
    references entitlements.memberships (biz_id, id),
  constraint membership_pauses_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint membership_pauses_dates_check check (ends_on > starts_on)
);
comment on table entitlements.membership_pauses is 'A time in which a membership is frozen: nothing is paid, nothing is given.';
comment on column entitlements.membership_pauses.membership_id is 'The membership.';
comment on column entitlements.membership_pauses.starts_on is 'First day of the freeze.';
comment on column entitlements.membership_pauses.ends_on is 'First day after it; none while it is open-ended.';
comment on column entitlements.membership_pauses.period is 'From starts_on to ends_on, as a range.';
comment on column entitlements.membership_pauses.reason is 'Why it was frozen.';
comment on column entitlements.membership_pauses.is_exempt is 'Whether its days do not count towards the plan''s days a year, as for an illness.';
comment on column entitlements.membership_pauses.cancelled_at is 'When it was withdrawn before it began.';
comment on constraint membership_pauses_reason_check on entitlements.membership_pauses is 'A reason is required, of 2,000 characters at most.';
comment on constraint membership_pauses_dates_check on entitlements.membership_pauses is 'The end must be after the start.';

call core.install_table('entitlements.membership_pauses', 'T', 'enmz', registrable => true);
alter table entitlements.membership_pauses add constraint membership_pauses_no_overlap_excl exclude using gist (
  biz_id with =, membership_id with =, period with &&)
  where (cancelled_at is null);
comment on constraint membership_pauses_no_overlap_excl on entitlements.membership_pauses is 'The membership is already frozen at that time.';

-- membership_events --------------------------------------------------------------------------------------------------

create table entitlements.membership_events (
  biz_id uuid not null,
  id uuid not null,
  membership_id uuid not null,
  kind entitlements.membership_event_kind not null,
  occurred_at timestamptz not null default now(),
  from_plan_id uuid,
  to_plan_id uuid,
  period_starts_on date,
  period_ends_on date,
  proration_minor bigint,
  currency char(3),
  note text,
  source_type text,
  source_id uuid,
  constraint membership_events_pkey primary key (biz_id, id),
  constraint membership_events_membership_id_fkey foreign key (biz_id, membership_id)
    references entitlements.memberships (biz_id, id),
  constraint membership_events_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint membership_events_from_plan_id_fkey foreign key (biz_id, from_plan_id)
    references entitlements.membership_plans (biz_id, id),
  constraint membership_events_to_plan_id_fkey foreign key (biz_id, to_plan_id)
    references entitlements.membership_plans (biz_id, id),
  constraint membership_events_note_check check (length(note) <= 2000),
  constraint membership_events_source_type_check check (source_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint membership_events_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint membership_events_plans_check check (
    num_nonnulls(from_plan_id, to_plan_id) = case kind when 'plan_changed' then 2 else 0 end
    and from_plan_id <> to_plan_id),
  constraint membership_events_proration_check check (num_nonnulls(proration_minor, currency) in (0, 2)),
  constraint membership_events_period_check check (
    num_nonnulls(period_starts_on, period_ends_on) in (0, 2) and period_ends_on > period_starts_on)
);
comment on table entitlements.membership_events is 'What happened to a membership, and what it cost.';
comment on column entitlements.membership_events.membership_id is 'The membership.';
comment on column entitlements.membership_events.kind is 'What happened.';
comment on column entitlements.membership_events.occurred_at is 'When it happened.';
comment on column entitlements.membership_events.from_plan_id is 'The plan before a change of plan.';
comment on column entitlements.membership_events.to_plan_id is 'The plan after a change of plan.';
comment on column entitlements.membership_events.period_starts_on is 'First day of the period concerned.';
comment on column entitlements.membership_events.period_ends_on is 'First day after that period.';
comment on column entitlements.membership_events.proration_minor is 'What the member owes for it, in minor units; negative where the member gets something back.';
comment on column entitlements.membership_events.currency is 'Currency of the amount.';
comment on column entitlements.membership_events.note is 'What staff should know about it.';
comment on column entitlements.membership_events.source_type is 'Entity type of what brought it about, such as Invoice.';
comment on column entitlements.membership_events.source_id is 'What brought it about, such as an invoice.';
comment on constraint membership_events_note_check on entitlements.membership_events is 'A note has 2,000 characters at most.';
comment on constraint membership_events_source_type_check on entitlements.membership_events is 'The type of the source is the name of an entity, such as BookingOrder.';
comment on constraint membership_events_source_check on entitlements.membership_events is 'The source has both a type and an id, or neither.';
comment on constraint membership_events_from_plan_id_fkey on entitlements.membership_events is 'The plan before must be an existing membership plan of this tenant.';
comment on constraint membership_events_to_plan_id_fkey on entitlements.membership_events is 'The plan after must be an existing membership plan of this tenant.';
comment on constraint membership_events_plans_check on entitlements.membership_events is 'A change of plan names two different plans, and nothing else names any.';
comment on constraint membership_events_proration_check on entitlements.membership_events is 'An amount has a currency.';
comment on constraint membership_events_period_check on entitlements.membership_events is 'A period ends after it begins.';

create index membership_events_membership_id_idx on entitlements.membership_events (biz_id, membership_id, occurred_at, id);

call core.install_table('entitlements.membership_events', 'J', 'enmv');

-- rollover_runs ------------------------------------------------------------------------------------------------------

create table entitlements.rollover_runs (
  biz_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  period_starts_on date not null,
  period_ends_on date not null,
  status entitlements.rollover_run_status not null default 'queued',
  started_at timestamptz,
  finished_at timestamptz,
  memberships_count integer not null default 0,
  rolled_quantity bigint not null default 0,
  expired_quantity bigint not null default 0,
  error text,
  constraint rollover_runs_pkey primary key (biz_id, id),
  constraint rollover_runs_plan_id_period_key unique (biz_id, plan_id, period_starts_on, period_ends_on),
  constraint rollover_runs_plan_id_fkey foreign key (biz_id, plan_id)
    references entitlements.membership_plans (biz_id, id),
  constraint rollover_runs_error_check check (length(error) <= 2000),
  constraint rollover_runs_period_check check (period_ends_on > period_starts_on),
  constraint rollover_runs_counts_check check (
    memberships_count >= 0 and rolled_quantity >= 0 and expired_quantity >= 0),
  constraint rollover_runs_finished_check check (
    (finished_at is null or finished_at >= started_at) and (status <> 'completed' or finished_at is not null)
    and (status = 'failed') = (error is not null))
);
comment on table entitlements.rollover_runs is 'The run that carries over or lets lapse what the memberships of a plan did not use in a period.';
comment on column entitlements.rollover_runs.plan_id is 'The plan.';
comment on column entitlements.rollover_runs.period_starts_on is 'First day of the period.';
comment on column entitlements.rollover_runs.period_ends_on is 'First day after it.';
comment on column entitlements.rollover_runs.status is 'Where it stands.';
comment on column entitlements.rollover_runs.started_at is 'When it began.';
comment on column entitlements.rollover_runs.finished_at is 'When it ended.';
comment on column entitlements.rollover_runs.memberships_count is 'How many memberships it went through.';
comment on column entitlements.rollover_runs.rolled_quantity is 'How many units were carried over.';
comment on column entitlements.rollover_runs.expired_quantity is 'How many units lapsed.';
comment on column entitlements.rollover_runs.error is 'What it failed at.';
comment on constraint rollover_runs_error_check on entitlements.rollover_runs is 'An error has 2,000 characters at most.';
comment on constraint rollover_runs_plan_id_period_key on entitlements.rollover_runs is 'There is already a run for this period of the plan.';
comment on constraint rollover_runs_period_check on entitlements.rollover_runs is 'The end must be after the start.';
comment on constraint rollover_runs_counts_check on entitlements.rollover_runs is 'No count is negative.';
comment on constraint rollover_runs_finished_check on entitlements.rollover_runs is 'A run that ended says when, and one that failed at what.';

call core.install_table('entitlements.rollover_runs', 'T', 'enrr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('rollover_run', 'queued', 'running', false),
  ('rollover_run', 'running', 'completed', false),
  ('rollover_run', 'running', 'failed', false),
  ('rollover_run', 'failed', 'queued', false);
call core.install_state_machine('entitlements.rollover_runs', 'status', 'rollover_run');

alter table entitlements.grants add column membership_id uuid;
alter table entitlements.grants add constraint grants_membership_id_fkey foreign key (biz_id, membership_id)
  references entitlements.memberships (biz_id, id);
comment on column entitlements.grants.membership_id is 'The membership whose period gave it.';
call core.index_foreign_keys('entitlements.grants');
call core.describe_table('entitlements.grants');
