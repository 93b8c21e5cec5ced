-- Marketplace, continued: bringing customers. A customer who brings another gets a reward. All of it lies within one tenant.

create domain marketplace.referral_program_status as text constraint referral_program_status_check check (value in (
  'draft', 'active', 'paused', 'ended'));
comment on domain marketplace.referral_program_status is 'Where a referral programme stands.
draft: Being set up.
active: Rewards are given.
paused: No rewards for the time being.
ended: Over.';
comment on constraint referral_program_status_check on domain marketplace.referral_program_status is 'Unknown referral programme status.';

create domain marketplace.referral_reward_kind as text constraint referral_reward_kind_check check (value in (
  'none', 'amount', 'points', 'percent'));
comment on domain marketplace.referral_reward_kind is 'What a reward is.
none: Nothing.
amount: Money in a wallet.
points: Points of the loyalty programme.
percent: A discount on the next purchase.';
comment on constraint referral_reward_kind_check on domain marketplace.referral_reward_kind is 'Unknown reward kind.';

create domain marketplace.referral_event_kind as text constraint referral_event_kind_check check (value in (
  'click', 'signup', 'purchase'));
comment on domain marketplace.referral_event_kind is 'What happened on the way from a recommendation to a customer.
click: Somebody followed the link.
signup: Somebody became a customer.
purchase: The new customer bought something.';
comment on constraint referral_event_kind_check on domain marketplace.referral_event_kind is 'Unknown referral event kind.';

create domain marketplace.referral_beneficiary as text constraint referral_beneficiary_check check (value in (
  'referrer', 'referee'));
comment on domain marketplace.referral_beneficiary is 'Who gets a reward.
referrer: The one who recommended.
referee: The one who came.';
comment on constraint referral_beneficiary_check on domain marketplace.referral_beneficiary is 'Unknown beneficiary.';

create domain marketplace.reward_decision_status as text constraint reward_decision_status_check check (value in (
  'pending', 'granted', 'denied', 'reversed'));
comment on domain marketplace.reward_decision_status is 'Where the decision on a reward stands.
pending: Waits to be decided, by a rule or a person.
granted: The reward was given.
denied: There is no reward.
reversed: The reward was taken back, as the purchase was undone or was a fraud.';
comment on constraint reward_decision_status_check on domain marketplace.reward_decision_status is 'Unknown reward decision status.';

-- referral_programs ---------------------------------------------------------------------------------------------------

create table marketplace.referral_programs (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  terms text not null default '',
  qualifying_event marketplace.referral_event_kind not null default 'purchase',
  min_purchase_minor bigint,
  referrer_reward_kind marketplace.referral_reward_kind not null default 'amount',
  referrer_reward numeric(18,6),
  referee_reward_kind marketplace.referral_reward_kind not null default 'none',
  referee_reward numeric(18,6),
  currency char(3) not null,
  window_days integer not null default 30,
  max_rewards_per_referrer integer,
  max_rewards integer,
  is_approval_required boolean not null default false,
  status marketplace.referral_program_status not null default 'draft',
  starts_on date not null,
  ends_on date,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint referral_programs_pkey primary key (biz_id, id),
  constraint referral_programs_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint referral_programs_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint referral_programs_terms_check check (length(terms) <= 10000),
  constraint referral_programs_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint referral_programs_qualifying_event_check check (qualifying_event <> 'click'),
  constraint referral_programs_min_purchase_check check (
    min_purchase_minor >= 0 and (min_purchase_minor is null or qualifying_event = 'purchase')),
  constraint referral_programs_referrer_reward_check check ((referrer_reward_kind = 'none') = (referrer_reward is null)
    and referrer_reward > 0 and (referrer_reward_kind <> 'percent' or referrer_reward <= 100)),
  constraint referral_programs_referee_reward_check check ((referee_reward_kind = 'none') = (referee_reward is null)
    and referee_reward > 0 and (referee_reward_kind <> 'percent' or referee_reward <= 100)),
  constraint referral_programs_window_days_check check (window_days between 1 and 366),
  constraint referral_programs_caps_check check (max_rewards_per_referrer >= 1 and max_rewards >= 1),
  constraint referral_programs_dates_check check (ends_on > starts_on)
);
comment on table marketplace.referral_programs is 'Rules by which customers are rewarded for bringing others.';
comment on column marketplace.referral_programs.code is 'Short name used in links and integrations.';
comment on column marketplace.referral_programs.name is 'Name shown to customers.';
comment on column marketplace.referral_programs.terms is 'The conditions, as shown to customers.';
comment on column marketplace.referral_programs.qualifying_event is 'What a new customer must have done for a reward to be due.';
comment on column marketplace.referral_programs.min_purchase_minor is 'What the purchase must be worth at least, in minor units.';
comment on column marketplace.referral_programs.referrer_reward_kind is 'What the recommending customer gets.';
comment on column marketplace.referral_programs.referrer_reward is 'How much of it: an amount in major units, points, or percent.';
comment on column marketplace.referral_programs.referee_reward_kind is 'What the new customer gets.';
comment on column marketplace.referral_programs.referee_reward is 'How much of it: an amount in major units, points, or percent.';
comment on column marketplace.referral_programs.currency is 'Currency of its amounts.';
comment on column marketplace.referral_programs.window_days is 'How many days may lie between the first click and the qualifying event.';
comment on column marketplace.referral_programs.max_rewards_per_referrer is 'How many rewards one customer can get for recommending; empty where there is no limit.';
comment on column marketplace.referral_programs.max_rewards is 'How many rewards are given in all, to both sides; empty where there is no limit.';
comment on column marketplace.referral_programs.is_approval_required is 'Whether a person decides on each reward.';
comment on column marketplace.referral_programs.status is 'Where it stands.';
comment on column marketplace.referral_programs.starts_on is 'First day.';
comment on column marketplace.referral_programs.ends_on is 'First day after the last; empty where it has no end.';
comment on constraint referral_programs_code_check on marketplace.referral_programs is 'The code must not be blank, and has at most 60 characters.';
comment on constraint referral_programs_name_check on marketplace.referral_programs is 'The name must not be blank, and has at most 200 characters.';
comment on constraint referral_programs_terms_check on marketplace.referral_programs is 'The terms has at most 10,000 characters.';
comment on constraint referral_programs_qualifying_event_check on marketplace.referral_programs is 'A click alone earns no reward.';
comment on constraint referral_programs_min_purchase_check on marketplace.referral_programs is 'Only a purchase has a least worth, and it is not negative.';
comment on constraint referral_programs_referrer_reward_check on marketplace.referral_programs is 'A reward says how much, more than 0 and of a percentage 100 at most.';
comment on constraint referral_programs_referee_reward_check on marketplace.referral_programs is 'A reward says how much, more than 0 and of a percentage 100 at most.';
comment on constraint referral_programs_window_days_check on marketplace.referral_programs is 'The window has between 1 and 366 days.';
comment on constraint referral_programs_caps_check on marketplace.referral_programs is 'A limit is 1 at least.';
comment on constraint referral_programs_dates_check on marketplace.referral_programs is 'The end must be after the first day.';
create unique index referral_programs_code_key on marketplace.referral_programs (biz_id, code)
  where deleted_at is null;
comment on index marketplace.referral_programs_code_key is 'Another referral programme has this code.';

call core.install_table('marketplace.referral_programs', 'M', 'mkrp', registrable => true);
call core.configure_graph('marketplace.referral_programs', plain_moves => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('referral_program', 'draft', 'active', false),
  ('referral_program', 'active', 'paused', false),
  ('referral_program', 'paused', 'active', false),
  ('referral_program', 'active', 'ended', false),
  ('referral_program', 'paused', 'ended', false);
call core.install_state_machine('marketplace.referral_programs', 'status', 'referral_program');

-- referral_codes ------------------------------------------------------------------------------------------------------

create table marketplace.referral_codes (
  biz_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  customer_id uuid not null,
  code text not null,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint referral_codes_pkey primary key (biz_id, id),
  constraint referral_codes_program_id_fkey foreign key (biz_id, program_id)
    references marketplace.referral_programs (biz_id, id),
  constraint referral_codes_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint referral_codes_code_check check (btrim(code) <> '' and length(code) <= 40),
  constraint referral_codes_program_id_customer_id_key unique (biz_id, program_id, customer_id),
  constraint referral_codes_program_id_customer_id_id_key unique (biz_id, program_id, customer_id, id),
  constraint referral_codes_shape_check check (code ~ '^[A-Za-z0-9-]{4,40}$')
);
comment on table marketplace.referral_codes is 'The code by which one customer recommends the business in one programme.';
comment on column marketplace.referral_codes.program_id is 'The programme.';
comment on column marketplace.referral_codes.customer_id is 'The customer who recommends.';
comment on column marketplace.referral_codes.code is 'What the new customer enters or what the link carries.';
comment on column marketplace.referral_codes.disabled_at is 'When it was taken out of use, for example after misuse.';
comment on constraint referral_codes_code_check on marketplace.referral_codes is 'The code must not be blank, and has at most 40 characters.';
comment on constraint referral_codes_program_id_customer_id_key on marketplace.referral_codes is 'The customer has a code in this programme.';
comment on constraint referral_codes_shape_check on marketplace.referral_codes is 'A code has 4 to 40 letters, digits or hyphens.';
create unique index referral_codes_code_key on marketplace.referral_codes (biz_id, upper(code))
  where deleted_at is null;
comment on index marketplace.referral_codes_code_key is 'Another customer has this code.';

call core.install_table('marketplace.referral_codes', 'M', 'mkrc', registrable => true);

-- referral_events -----------------------------------------------------------------------------------------------------

create table marketplace.referral_events (
  biz_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  code_id uuid not null,
  referrer_customer_id uuid not null,
  referee_customer_id uuid,
  kind marketplace.referral_event_kind not null,
  is_qualifying boolean not null default false,
  source_type text,
  source_id uuid,
  visitor_ref text,
  occurred_at timestamptz not null default now(),
  constraint referral_events_pkey primary key (biz_id, id),
  constraint referral_events_program_id_fkey foreign key (biz_id, program_id)
    references marketplace.referral_programs (biz_id, id),
  constraint referral_events_referee_customer_id_fkey foreign key (biz_id, referee_customer_id)
    references crm.customers (biz_id, id),
  constraint referral_events_visitor_ref_check check (btrim(visitor_ref) <> '' and length(visitor_ref) <= 200),
  constraint referral_events_code_id_fkey foreign key (biz_id, program_id, referrer_customer_id, code_id)
    references marketplace.referral_codes (biz_id, program_id, customer_id, id),
  constraint referral_events_program_id_id_key unique (biz_id, program_id, id),
  constraint referral_events_referee_check check (referee_customer_id <> referrer_customer_id),
  constraint referral_events_known_check check (kind = 'click' or referee_customer_id is not null),
  constraint referral_events_qualifying_check check (not is_qualifying or kind <> 'click'),
  constraint referral_events_source_check check (num_nonnulls(source_type, source_id) <> 1)
);
comment on table marketplace.referral_events is 'One step on the way from a recommendation to a customer.';
comment on column marketplace.referral_events.program_id is 'The programme.';
comment on column marketplace.referral_events.code_id is 'The code that was used.';
comment on column marketplace.referral_events.referrer_customer_id is 'The customer whose code it is.';
comment on column marketplace.referral_events.referee_customer_id is 'The new customer; not known of a click.';
comment on column marketplace.referral_events.kind is 'What happened.';
comment on column marketplace.referral_events.is_qualifying is 'Whether it is the event that earns the rewards. There is one of a new customer.';
comment on column marketplace.referral_events.source_type is 'What it happened with: an entity name, for example BookingOrder.';
comment on column marketplace.referral_events.source_id is 'Which one: its id. No foreign key, as for every journal.';
comment on column marketplace.referral_events.visitor_ref is 'Who clicked, as the site tells visitors apart; no personal data.';
comment on column marketplace.referral_events.occurred_at is 'When it happened.';
comment on constraint referral_events_visitor_ref_check on marketplace.referral_events is 'The visitor ref must not be blank, and has at most 200 characters.';
comment on constraint referral_events_code_id_fkey on marketplace.referral_events is 'Must be the code of this customer in this programme.';
comment on constraint referral_events_referee_check on marketplace.referral_events is 'Nobody brings themselves.';
comment on constraint referral_events_known_check on marketplace.referral_events is 'Who signed up or bought is known.';
comment on constraint referral_events_qualifying_check on marketplace.referral_events is 'A click alone earns no reward.';
comment on constraint referral_events_source_check on marketplace.referral_events is 'What it happened with has both a type and an id.';
create unique index referral_events_referee_customer_id_key on marketplace.referral_events (biz_id, program_id,
  referee_customer_id)
  where is_qualifying;
comment on index marketplace.referral_events_referee_customer_id_key is 'The new customer has earned the rewards of this programme already.';
-- Conversion of a programme.
create index referral_events_program_id_occurred_at_idx on marketplace.referral_events (biz_id, program_id, kind, occurred_at);

call core.install_table('marketplace.referral_events', 'J', 'mkre', registrable => true);

-- reward_decisions ----------------------------------------------------------------------------------------------------

create table marketplace.reward_decisions (
  biz_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  referral_event_id uuid not null,
  beneficiary marketplace.referral_beneficiary not null,
  customer_id uuid not null,
  reward_grant_id uuid,
  fraud_flags text[] not null default '{}',
  fraud_score integer,
  status marketplace.reward_decision_status not null default 'pending',
  decided_at timestamptz,
  decided_by_id uuid,
  decision_note text,
  created_at timestamptz not null default now(),
  constraint reward_decisions_pkey primary key (biz_id, id),
  constraint reward_decisions_program_id_fkey foreign key (biz_id, program_id)
    references marketplace.referral_programs (biz_id, id),
  constraint reward_decisions_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint reward_decisions_reward_grant_id_fkey foreign key (biz_id, reward_grant_id)
    references entitlements.reward_grants (biz_id, id),
  constraint reward_decisions_decided_by_id_fkey foreign key (decided_by_id)
    references identity.users (id),
  constraint reward_decisions_decision_note_check check (length(decision_note) <= 2000),
  constraint reward_decisions_referral_event_id_fkey foreign key (biz_id, program_id, referral_event_id)
    references marketplace.referral_events (biz_id, program_id, id),
  constraint reward_decisions_referral_event_id_beneficiary_key unique (biz_id, referral_event_id, beneficiary),
  constraint reward_decisions_fraud_score_check check (fraud_score between 0 and 100),
  constraint reward_decisions_fraud_flags_check check (cardinality(fraud_flags) <= 20),
  constraint reward_decisions_decided_check check ((status = 'pending') = (decided_at is null)),
  constraint reward_decisions_granted_check check (reward_grant_id is null or status in ('granted', 'reversed'))
);
comment on table marketplace.reward_decisions is 'Whether somebody gets a reward for a recommendation, who or what decided it, and why.';
comment on column marketplace.reward_decisions.program_id is 'The programme.';
comment on column marketplace.reward_decisions.referral_event_id is 'The event that earns it.';
comment on column marketplace.reward_decisions.beneficiary is 'Which of the two it is for.';
comment on column marketplace.reward_decisions.customer_id is 'The customer who gets it.';
comment on column marketplace.reward_decisions.reward_grant_id is 'What was given; empty until it is, and for a discount.';
comment on column marketplace.reward_decisions.fraud_flags is 'What made the rules suspicious, for example same_device or same_card.';
comment on column marketplace.reward_decisions.fraud_score is 'How suspicious it is, from 0 to 100.';
comment on column marketplace.reward_decisions.status is 'Where the decision stands.';
comment on column marketplace.reward_decisions.decided_at is 'When it was decided.';
comment on column marketplace.reward_decisions.decided_by_id is 'Who decided it; empty where the rules did.';
comment on column marketplace.reward_decisions.decision_note is 'Why it was decided so.';
comment on constraint reward_decisions_decision_note_check on marketplace.reward_decisions is 'The decision note has at most 2,000 characters.';
comment on constraint reward_decisions_referral_event_id_fkey on marketplace.reward_decisions is 'Must be an event of this programme.';
comment on constraint reward_decisions_referral_event_id_beneficiary_key on marketplace.reward_decisions is 'It was decided on this reward already.';
comment on constraint reward_decisions_fraud_score_check on marketplace.reward_decisions is 'The score is between 0 and 100.';
comment on constraint reward_decisions_fraud_flags_check on marketplace.reward_decisions is 'There are at most 20 flags.';
comment on constraint reward_decisions_decided_check on marketplace.reward_decisions is 'A decision says when it was made.';
comment on constraint reward_decisions_granted_check on marketplace.reward_decisions is 'Only a reward that was granted is given.';
create unique index reward_decisions_reward_grant_id_key on marketplace.reward_decisions (biz_id, reward_grant_id)
  where reward_grant_id is not null;
comment on index marketplace.reward_decisions_reward_grant_id_key is 'This reward was given already.';
-- What waits to be decided.
create index reward_decisions_pending_idx on marketplace.reward_decisions (biz_id, created_at, id)
  where status = 'pending';
-- Rewards given, for the limits.
create index reward_decisions_granted_idx on marketplace.reward_decisions (biz_id, program_id, customer_id)
  where status = 'granted';

call core.install_table('marketplace.reward_decisions', 'T', 'mkrd', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('reward_decision', 'pending', 'granted', false),
  ('reward_decision', 'pending', 'denied', true),
  ('reward_decision', 'granted', 'reversed', true);
call core.install_state_machine('marketplace.reward_decisions', 'status', 'reward_decision');

create function marketplace.check_reward_caps() returns trigger
language plpgsql as $$
declare
  program marketplace.referral_programs;
begin
  -- Decisions on one programme wait for one another: each counts those before it.
  select p.*
  into program
  from marketplace.referral_programs p
  where p.biz_id = new.biz_id
    and p.id = new.program_id
  for no key update;

  if program.max_rewards < (
    select count(*)
    from marketplace.reward_decisions d
    where d.biz_id = new.biz_id
      and d.program_id = new.program_id
      and d.status = 'granted'
  ) then
    raise exception using
      errcode = '23514',
      message = 'All rewards of this programme have been given.',
      schema = 'marketplace',
      table = 'reward_decisions',
      column = 'status',
      constraint = 'reward_decisions_program_cap_check';
  end if;
  if new.beneficiary = 'referrer' and program.max_rewards_per_referrer < (
    select count(*)
    from marketplace.reward_decisions d
    where d.biz_id = new.biz_id
      and d.program_id = new.program_id
      and d.customer_id = new.customer_id
      and d.beneficiary = 'referrer'
      and d.status = 'granted'
  ) then
    raise exception using
      errcode = '23514',
      message = 'This customer has been given all rewards that one can get for recommending.',
      schema = 'marketplace',
      table = 'reward_decisions',
      column = 'status',
      constraint = 'reward_decisions_referrer_cap_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_reward_caps() is 'Trigger: the limits of the programme hold, with this reward counted in.';
create trigger reward_decisions_caps
  after insert or update of status on marketplace.reward_decisions
  for each row when (new.status = 'granted')
  execute function marketplace.check_reward_caps();
