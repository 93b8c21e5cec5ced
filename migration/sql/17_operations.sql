-- Operations: service levels. A policy promises a time, a clock runs for each promise, and a breach says what it cost.
-- A clock that runs has no outcome: not yet is not too late. Its target moves on with every pause.

create schema operations;
comment on schema operations is 'Running the place: requests of guests, repairs, incidents, checklists, and the service levels that were promised.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain operations.service_priority as text constraint service_priority_check check (value in (
  'low', 'normal', 'high', 'urgent'));
comment on domain operations.service_priority is 'How urgent something is.
low: When there is time.
normal: In its turn.
high: Before others.
urgent: At once.';
comment on constraint service_priority_check on domain operations.service_priority is 'Unknown priority.';

create domain operations.sla_metric as text constraint sla_metric_check check (value in (
  'acknowledge', 'respond', 'resolve', 'start', 'deliver'));
comment on domain operations.sla_metric is 'What a service level measures.
acknowledge: Until somebody has seen it.
respond: Until the first answer.
resolve: Until it is resolved.
start: Until it begins.
deliver: Until it is delivered.';
comment on constraint sla_metric_check on domain operations.sla_metric is 'Unknown metric.';

create domain operations.sla_clock_status as text constraint sla_clock_status_check check (value in (
  'running', 'paused', 'met', 'breached', 'compensated', 'waived'));
comment on domain operations.sla_clock_status is 'Where a clock stands.
running: Time is passing.
paused: Time stands still, such as while the customer has to answer.
met: It was stopped in time.
breached: It went past its target.
compensated: It went past its target, and that was made good.
waived: It does not count.';
comment on constraint sla_clock_status_check on domain operations.sla_clock_status is 'Unknown status of a clock.';

create domain operations.sla_outcome as text constraint sla_outcome_check check (value in (
  'met', 'breached', 'waived'));
comment on domain operations.sla_outcome is 'How a promise ended.
met: It was kept.
breached: It was broken.
waived: It does not count.';
comment on constraint sla_outcome_check on domain operations.sla_outcome is 'Unknown outcome.';

create domain operations.sla_compensation_kind as text constraint sla_compensation_kind_check check (value in (
  'credit', 'refund', 'points', 'none'));
comment on domain operations.sla_compensation_kind is 'How a broken promise is made good.
credit: Credit in the customer''s wallet.
refund: Money back.
points: Loyalty points.
none: Not at all, such as with an apology.';
comment on constraint sla_compensation_kind_check on domain operations.sla_compensation_kind is 'Unknown kind of compensation.';

-- sla_policies --------------------------------------------------------------------------------------------------------

-- Of the default policies one holds at a time for each kind of thing, metric and priority: two could not both be promised.
create table operations.sla_policies (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  applies_to text not null,
  metric operations.sla_metric not null,
  priority operations.service_priority,
  location_id uuid,
  is_default boolean not null default true,
  target_minutes integer not null,
  warn_minutes integer,
  calendar_id uuid,
  pause_statuses text[] not null default '{}',
  escalate_to text,
  compensation_kind operations.sla_compensation_kind not null default 'none',
  compensation_minor bigint,
  compensation_cap_minor bigint,
  currency char(3),
  starts_on date,
  ends_on date,
  period daterange generated always as (case when ends_on <= starts_on then null else daterange(starts_on, ends_on, '[)') end) stored,
  constraint sla_policies_pkey primary key (biz_id, id),
  constraint sla_policies_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint sla_policies_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint sla_policies_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sla_policies_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint sla_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint sla_policies_escalate_to_check check (btrim(escalate_to) <> '' and length(escalate_to) <= 60),
  constraint sla_policies_applies_to_check check (applies_to ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint sla_policies_minutes_check check (target_minutes > 0 and warn_minutes > 0 and warn_minutes < target_minutes),
  constraint sla_policies_compensation_check check (
    compensation_minor >= 0 and compensation_cap_minor >= 0 and
    coalesce(compensation_minor <= compensation_cap_minor, compensation_minor is null) and
    (compensation_cap_minor is null or currency is not null)),
  constraint sla_policies_dates_check check (ends_on > starts_on)
);
comment on table operations.sla_policies is 'A promise of how fast something is done, by the minutes of a calendar.';
comment on column operations.sla_policies.code is 'Short name used in imports and integrations, unique among the policies in use.';
comment on column operations.sla_policies.name is 'Name shown to staff.';
comment on column operations.sla_policies.applies_to is 'Entity type of what it is promised for, such as ServiceRequest.';
comment on column operations.sla_policies.metric is 'What is measured.';
comment on column operations.sla_policies.priority is 'Of which priority; none means all that have no policy of their own.';
comment on column operations.sla_policies.location_id is 'The location it holds for; none means all that have no policy of their own.';
comment on column operations.sla_policies.is_default is 'Whether it holds for all such things, or only where it is named, as by a category of requests.';
comment on column operations.sla_policies.target_minutes is 'Within how many minutes it is to be done.';
comment on column operations.sla_policies.warn_minutes is 'How many minutes before the target those in charge are warned; none means not at all.';
comment on column operations.sla_policies.calendar_id is 'The calendar whose open minutes count; none means all minutes.';
comment on column operations.sla_policies.pause_statuses is 'Statuses in which time stands still, such as waiting_customer.';
comment on column operations.sla_policies.escalate_to is 'The team that is told of a breach.';
comment on column operations.sla_policies.compensation_kind is 'How a breach is made good.';
comment on column operations.sla_policies.compensation_minor is 'What is usually given for a breach, in minor units.';
comment on column operations.sla_policies.compensation_cap_minor is 'What is given for one breach at most, in minor units; none means nothing is given in money.';
comment on column operations.sla_policies.currency is 'Currency of these amounts.';
comment on column operations.sla_policies.starts_on is 'First day; none means always so far.';
comment on column operations.sla_policies.ends_on is 'First day on which it no longer holds; none means for good.';
comment on column operations.sla_policies.period is 'From starts_on to ends_on, as a range.';
comment on constraint sla_policies_code_check on operations.sla_policies is 'A code is required, of 60 characters at most.';
comment on constraint sla_policies_name_check on operations.sla_policies is 'A name is required, of 200 characters at most.';
comment on constraint sla_policies_escalate_to_check on operations.sla_policies is 'A team is not blank, and of 60 characters at most.';
comment on constraint sla_policies_applies_to_check on operations.sla_policies is 'What it applies to is the name of an entity, such as ServiceRequest.';
comment on constraint sla_policies_minutes_check on operations.sla_policies is 'The target is more than 0 minutes, and the warning comes before it.';
comment on constraint sla_policies_compensation_check on operations.sla_policies is 'What is usually given is not negative, not more than the most, and has a currency.';
comment on constraint sla_policies_dates_check on operations.sla_policies is 'The end must be after the start.';

call core.install_table('operations.sla_policies', 'M', 'opsp', registrable => true);
alter table operations.sla_policies add constraint sla_policies_no_overlap_excl
  exclude using gist (biz_id with =, applies_to with =, metric with =, (coalesce(priority::text, '')) with =, (coalesce(location_id, '00000000-0000-0000-0000-000000000000')) with =, period with &&)
  where (deleted_at is null and is_default);
comment on constraint sla_policies_no_overlap_excl on operations.sla_policies is 'Another policy promises this already on one of these days.';
create unique index sla_policies_code_key on operations.sla_policies (biz_id, code) where deleted_at is null;
comment on index operations.sla_policies_code_key is 'Another policy has this code.';

-- sla_clocks ----------------------------------------------------------------------------------------------------------

create table operations.sla_clocks (
  biz_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  metric operations.sla_metric not null,
  location_id uuid,
  status operations.sla_clock_status not null default 'running',
  outcome operations.sla_outcome generated always as (case status when 'met' then 'met' when 'breached' then 'breached' when 'compensated' then 'breached' when 'waived' then 'waived' end) stored,
  started_at timestamptz not null default now(),
  target_at timestamptz not null,
  paused_at timestamptz,
  stopped_at timestamptz,
  breached_at timestamptz,
  constraint sla_clocks_pkey primary key (biz_id, id),
  constraint sla_clocks_subject_metric_key unique (biz_id, subject_type, subject_id, metric),
  constraint sla_clocks_policy_id_fkey foreign key (biz_id, policy_id)
    references operations.sla_policies (biz_id, id),
  constraint sla_clocks_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint sla_clocks_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint sla_clocks_times_check check (target_at > started_at and stopped_at >= started_at),
  constraint sla_clocks_paused_check check ((status = 'paused') = (paused_at is not null)),
  constraint sla_clocks_met_check check (status <> 'met' or (stopped_at is not null and stopped_at <= target_at and breached_at is null)),
  constraint sla_clocks_breached_check check ((status not in ('breached', 'compensated') or breached_at is not null) and breached_at >= target_at),
  constraint sla_clocks_running_check check (status not in ('running', 'paused') or stopped_at is null)
);
comment on table operations.sla_clocks is 'One promise that runs: how long something has until it is done.';
comment on column operations.sla_clocks.policy_id is 'The policy that promises it.';
comment on column operations.sla_clocks.subject_type is 'Entity type of what was promised something, such as ServiceRequest.';
comment on column operations.sla_clocks.subject_id is 'What was promised something.';
comment on column operations.sla_clocks.metric is 'What is measured, as the policy said.';
comment on column operations.sla_clocks.location_id is 'The location that sees to it.';
comment on column operations.sla_clocks.status is 'Where it stands.';
comment on column operations.sla_clocks.outcome is 'How it ended; none while it runs or is paused.';
comment on column operations.sla_clocks.started_at is 'When it began to run.';
comment on column operations.sla_clocks.target_at is 'When time is up. Every pause moves it on by as long as the pause took, in minutes that count.';
comment on column operations.sla_clocks.paused_at is 'Since when it is paused.';
comment on column operations.sla_clocks.stopped_at is 'When what was promised was done; a breached clock runs until then.';
comment on column operations.sla_clocks.breached_at is 'When it went past its target.';
comment on constraint sla_clocks_subject_fkey on operations.sla_clocks is 'What was promised something must exist in this tenant.';
comment on constraint sla_clocks_subject_metric_key on operations.sla_clocks is 'This already has a clock for this metric.';
comment on constraint sla_clocks_times_check on operations.sla_clocks is 'The target is after the start, and the stop not before it.';
comment on constraint sla_clocks_paused_check on operations.sla_clocks is 'A paused clock says since when, and no other does.';
comment on constraint sla_clocks_met_check on operations.sla_clocks is 'A promise is kept when it was stopped in time.';
comment on constraint sla_clocks_breached_check on operations.sla_clocks is 'A breach says when, and is not before the target.';
comment on constraint sla_clocks_running_check on operations.sla_clocks is 'A clock that runs was not stopped.';

call core.install_table('operations.sla_clocks', 'T', 'opsc', registrable => true);
create index sla_clocks_location_id_target_at_idx on operations.sla_clocks (biz_id, location_id, target_at, id)
  where status in ('running', 'paused');
create index sla_clocks_target_at_idx on operations.sla_clocks (biz_id, target_at, id) where status = 'running';
create index sla_clocks_metric_started_at_idx on operations.sla_clocks (biz_id, metric, started_at, outcome);

create trigger sla_clocks_subject_immutable_check
  before update on operations.sla_clocks
  for each row when ((old.subject_type, old.subject_id, old.metric, old.started_at)
      is distinct from (new.subject_type, new.subject_id, new.metric, new.started_at))
  execute function availability.refuse_update('sla_clocks_subject_immutable_check', 'A clock stays with what it measures.');
comment on trigger sla_clocks_subject_immutable_check on operations.sla_clocks is 'A clock stays with what it measures.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('sla_clock', 'running', 'paused', false),
  ('sla_clock', 'paused', 'running', false),
  ('sla_clock', 'running', 'met', false),
  ('sla_clock', 'running', 'breached', false),
  ('sla_clock', 'paused', 'met', false),
  ('sla_clock', 'running', 'waived', true),
  ('sla_clock', 'paused', 'waived', true),
  ('sla_clock', 'breached', 'compensated', false),
  ('sla_clock', 'breached', 'waived', true);
call core.install_state_machine('operations.sla_clocks', 'status', 'sla_clock');

-- sla_clock_pauses ----------------------------------------------------------------------------------------------------

create table operations.sla_clock_pauses (
  biz_id uuid not null,
  id uuid not null,
  clock_id uuid not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  period tstzrange generated always as (case when ends_at <= starts_at then null else tstzrange(starts_at, ends_at, '[)') end) stored,
  reason text,
  constraint sla_clock_pauses_pkey primary key (biz_id, id),
  constraint sla_clock_pauses_clock_id_fkey foreign key (biz_id, clock_id)
    references operations.sla_clocks (biz_id, id),
  constraint sla_clock_pauses_reason_check check (btrim(reason) <> '' and length(reason) <= 200),
  constraint sla_clock_pauses_times_check check (ends_at > starts_at),
  constraint sla_clock_pauses_no_overlap_excl exclude using gist (
    biz_id with =, clock_id with =, period with &&)
);
comment on table operations.sla_clock_pauses is 'A time in which a clock stood still.';
comment on column operations.sla_clock_pauses.clock_id is 'The clock.';
comment on column operations.sla_clock_pauses.starts_at is 'When it was paused.';
comment on column operations.sla_clock_pauses.ends_at is 'When it went on; none while it is paused.';
comment on column operations.sla_clock_pauses.period is 'From starts_at to ends_at, as a range.';
comment on column operations.sla_clock_pauses.reason is 'Why, such as the status that pauses it.';
comment on constraint sla_clock_pauses_reason_check on operations.sla_clock_pauses is 'A reason is not blank, and of 200 characters at most.';
comment on constraint sla_clock_pauses_times_check on operations.sla_clock_pauses is 'The end must be after the start.';
comment on constraint sla_clock_pauses_no_overlap_excl on operations.sla_clock_pauses is 'The clock already stood still at that time.';

call core.install_table('operations.sla_clock_pauses', 'T', 'opcp');

create trigger sla_clock_pauses_pause_immutable_check
  before update on operations.sla_clock_pauses
  for each row when ((old.clock_id, old.starts_at)
      is distinct from (new.clock_id, new.starts_at))
  execute function availability.refuse_update('sla_clock_pauses_pause_immutable_check', 'A pause stays with its clock and its start.');
comment on trigger sla_clock_pauses_pause_immutable_check on operations.sla_clock_pauses is 'A pause stays with its clock and its start.';

call core.configure_graph('operations.sla_clock_pauses', aggregates => false);

-- sla_breach_events ---------------------------------------------------------------------------------------------------

create table operations.sla_breach_events (
  biz_id uuid not null,
  id uuid not null,
  clock_id uuid not null,
  breached_at timestamptz not null,
  minutes_over integer not null default 0,
  escalated_to_id uuid,
  constraint sla_breach_events_pkey primary key (biz_id, id),
  constraint sla_breach_events_clock_id_key unique (biz_id, clock_id),
  constraint sla_breach_events_clock_id_fkey foreign key (biz_id, clock_id)
    references operations.sla_clocks (biz_id, id),
  constraint sla_breach_events_escalated_to_id_fkey foreign key (biz_id, escalated_to_id)
    references identity.members (biz_id, id),
  constraint sla_breach_events_minutes_over_check check (minutes_over >= 0)
);
comment on table operations.sla_breach_events is 'That a clock went past its target, and who was told.';
comment on column operations.sla_breach_events.clock_id is 'The clock.';
comment on column operations.sla_breach_events.breached_at is 'When time was up.';
comment on column operations.sla_breach_events.minutes_over is 'How many minutes it was over when this was written.';
comment on column operations.sla_breach_events.escalated_to_id is 'Who was told.';
comment on constraint sla_breach_events_clock_id_key on operations.sla_breach_events is 'The breach of this clock is here already.';
comment on constraint sla_breach_events_minutes_over_check on operations.sla_breach_events is 'Minutes over cannot be negative.';

call core.install_table('operations.sla_breach_events', 'J', 'opsb', registrable => true);
create index sla_breach_events_breached_at_idx on operations.sla_breach_events (biz_id, breached_at, id);

-- sla_compensation_events ---------------------------------------------------------------------------------------------

-- The clock of the breach is locked by whoever writes one: so two of them at a time still keep to the most that is allowed.
create table operations.sla_compensation_events (
  biz_id uuid not null,
  id uuid not null,
  breach_id uuid not null,
  kind operations.sla_compensation_kind not null,
  amount_minor bigint not null default 0,
  currency char(3),
  points integer not null default 0,
  given_type text,
  given_id uuid,
  reverses_id uuid,
  approved_by_id uuid,
  note text,
  constraint sla_compensation_events_pkey primary key (biz_id, id),
  constraint sla_compensation_events_breach_id_fkey foreign key (biz_id, breach_id)
    references operations.sla_breach_events (biz_id, id),
  constraint sla_compensation_events_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint sla_compensation_events_reverses_id_fkey foreign key (biz_id, reverses_id)
    references operations.sla_compensation_events (biz_id, id),
  constraint sla_compensation_events_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint sla_compensation_events_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint sla_compensation_events_amount_check check (
    (reverses_id is null and amount_minor >= 0 and points >= 0) or (reverses_id is not null and amount_minor <= 0 and points <= 0)),
  constraint sla_compensation_events_currency_check check (amount_minor = 0 or currency is not null),
  constraint sla_compensation_events_kind_check check (
    case kind when 'none' then amount_minor = 0 and points = 0 when 'points' then amount_minor = 0 else points = 0 end),
  constraint sla_compensation_events_given_check check (num_nonnulls(given_type, given_id) in (0, 2))
);
comment on table operations.sla_compensation_events is 'What was given for a broken promise. What was given by mistake is taken back by another with the same amount below zero.';
comment on column operations.sla_compensation_events.breach_id is 'The breach it makes good.';
comment on column operations.sla_compensation_events.kind is 'How.';
comment on column operations.sla_compensation_events.amount_minor is 'What it is worth, in minor units; below zero where it takes another back.';
comment on column operations.sla_compensation_events.currency is 'Currency of the amount, that of the policy.';
comment on column operations.sla_compensation_events.points is 'How many loyalty points, where it is points.';
comment on column operations.sla_compensation_events.given_type is 'Entity type of what was given, such as WalletEntry or Refund.';
comment on column operations.sla_compensation_events.given_id is 'What was given. No foreign key, as it comes of other modules.';
comment on column operations.sla_compensation_events.reverses_id is 'What it takes back.';
comment on column operations.sla_compensation_events.approved_by_id is 'Who allowed it.';
comment on column operations.sla_compensation_events.note is 'What was said about it.';
comment on constraint sla_compensation_events_note_check on operations.sla_compensation_events is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint sla_compensation_events_amount_check on operations.sla_compensation_events is 'What is given is not below zero, and what takes it back is not above.';
comment on constraint sla_compensation_events_currency_check on operations.sla_compensation_events is 'An amount has a currency.';
comment on constraint sla_compensation_events_kind_check on operations.sla_compensation_events is 'Points are given as points, money as money, and nothing as nothing.';
comment on constraint sla_compensation_events_given_check on operations.sla_compensation_events is 'What was given has both a type and an id.';

call core.install_table('operations.sla_compensation_events', 'J', 'opco', registrable => true);
create unique index sla_compensation_events_reverses_id_key on operations.sla_compensation_events (biz_id, reverses_id)
  where reverses_id is not null;
comment on index operations.sla_compensation_events_reverses_id_key is 'This was taken back already.';

create function operations.check_compensation() returns trigger
language plpgsql as $$
declare
  cap_minor bigint;
  cap_currency text;
  given_minor bigint;
  takes_back boolean;
begin
  select p.compensation_cap_minor, p.currency
  into cap_minor, cap_currency
  from operations.sla_breach_events b
  join operations.sla_clocks c on c.biz_id = b.biz_id and c.id = b.clock_id
  join operations.sla_policies p on p.biz_id = c.biz_id and p.id = c.policy_id
  where b.biz_id = new.biz_id
    and b.id = new.breach_id
  for no key update of c;

  select coalesce(sum(e.amount_minor), 0),
    new.reverses_id is null or coalesce(bool_or(e.id = new.reverses_id and e.amount_minor = -new.amount_minor and e.points = -new.points and e.kind = new.kind), false)
  into given_minor, takes_back
  from operations.sla_compensation_events e
  where e.biz_id = new.biz_id
    and e.breach_id = new.breach_id;

  if not takes_back then
    raise exception using
      errcode = '23514',
      message = 'What takes back a compensation has its kind and its amount below zero.',
      schema = 'operations',
      table = 'sla_compensation_events',
      column = 'reverses_id',
      constraint = 'sla_compensation_events_reverses_check';
  elsif new.amount_minor > 0 and (given_minor > coalesce(cap_minor, 0) or new.currency <> cap_currency) then
    raise exception using
      errcode = '23514',
      message = 'No more is given for a breach than its policy allows, in the currency of the policy.',
      schema = 'operations',
      table = 'sla_compensation_events',
      column = 'amount_minor',
      constraint = 'sla_compensation_events_cap_check';
  end if;
  return null;
end
$$;
comment on function operations.check_compensation() is 'Trigger: what was given for a breach does not exceed what its policy allows.';

create constraint trigger sla_compensation_events_cap_check
  after insert on operations.sla_compensation_events
  not deferrable
  for each row execute function operations.check_compensation();
comment on constraint sla_compensation_events_cap_check on operations.sla_compensation_events is 'No more is given for a breach than its policy allows, in the currency of the policy.';
