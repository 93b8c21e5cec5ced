-- Leave: what somebody may be away for, how much of it they have, and when they are. Everything is minutes: a day of
-- leave costs the minutes that its date was planned to have, so short days, part time and half holidays need no rule.

create domain workforce.leave_display_unit as text constraint leave_display_unit_check check (value in (
  'day', 'hour'));
comment on domain workforce.leave_display_unit is 'In what people read minutes of leave.
day: In days of the person''s schedule.
hour: In hours and minutes.';
comment on constraint leave_display_unit_check on domain workforce.leave_display_unit is 'Unknown leave display unit.';

create domain workforce.leave_accrual as text constraint leave_accrual_check check (value in (
  'none', 'upfront', 'monthly', 'per_hour'));
comment on domain workforce.leave_accrual is 'How leave comes in.
none: Not by itself, only by adjustments.
upfront: All of it as the period begins.
monthly: A part for every month.
per_hour: A part for so many hours worked.';
comment on constraint leave_accrual_check on domain workforce.leave_accrual is 'Unknown leave accrual.';

create domain workforce.leave_period_anchor as text constraint leave_period_anchor_check check (value in (
  'fixed_date', 'hire_date'));
comment on domain workforce.leave_period_anchor is 'When a new period of leave begins.
fixed_date: On the same day of the year for everyone, such as 1 January.
hire_date: On the anniversary of being hired.';
comment on constraint leave_period_anchor_check on domain workforce.leave_period_anchor is 'Unknown leave period anchor.';

create domain workforce.leave_period_status as text constraint leave_period_status_check check (value in (
  'planned', 'open', 'closed'));
comment on domain workforce.leave_period_status is 'Where a period stands.
planned: Yet to begin; days in it can be reserved already.
open: In use.
closed: Over: what was left is carried over or expired. Late decisions are still charged to it, and closing again corrects.';
comment on constraint leave_period_status_check on domain workforce.leave_period_status is 'Unknown leave period status.';

-- leave_types ---------------------------------------------------------------------------------------------------------

create table workforce.leave_types (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  is_paid boolean not null default true,
  is_tracked boolean not null default true,
  requires_document boolean not null default false,
  counts_holidays boolean not null default false,
  counts_weekends boolean not null default false,
  display_unit workforce.leave_display_unit not null default 'day',
  color text not null default '#808080',
  constraint leave_types_pkey primary key (biz_id, id),
  constraint leave_types_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint leave_types_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint leave_types_color_check check (color ~ '^#[0-9a-f]{6}$')
);
comment on table workforce.leave_types is 'What somebody can be away for, such as holiday or parental leave.';
comment on column workforce.leave_types.code is 'Short name used in imports and payroll.';
comment on column workforce.leave_types.name is 'Name shown to staff.';
comment on column workforce.leave_types.is_paid is 'Whether it is paid.';
comment on column workforce.leave_types.is_tracked is 'Whether balances are kept. Where not, such as for jury duty, days are charged to no period.';
comment on column workforce.leave_types.requires_document is 'Whether a request needs a document, such as a doctor''s note.';
comment on column workforce.leave_types.counts_holidays is 'Whether holidays within it cost leave.';
comment on column workforce.leave_types.counts_weekends is 'Whether days without work in the schedule cost leave.';
comment on column workforce.leave_types.display_unit is 'In what people read its minutes.';
comment on column workforce.leave_types.color is 'Colour on calendars, as #rrggbb.';
comment on constraint leave_types_code_check on workforce.leave_types is 'A code is required, of 60 characters at most.';
comment on constraint leave_types_name_check on workforce.leave_types is 'A name is required, of 200 characters at most.';
comment on constraint leave_types_color_check on workforce.leave_types is 'A colour is written #rrggbb, in lower case.';

call core.install_table('workforce.leave_types', 'M', 'wflt', registrable => true);
create unique index leave_types_code_key on workforce.leave_types (biz_id, code) where deleted_at is null;
comment on index workforce.leave_types_code_key is 'Another type of leave has this code.';

-- leave_policies ------------------------------------------------------------------------------------------------------

create table workforce.leave_policies (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  leave_type_id uuid not null,
  staff_group text not null default '',
  accrual workforce.leave_accrual not null default 'upfront',
  amount_minutes integer not null default 0,
  accrual_hours integer,
  max_balance_minutes integer,
  carry_max_minutes integer not null default 0,
  carry_expires_after_months smallint,
  negative_limit_minutes integer not null default 0,
  min_notice_days smallint not null default 0,
  allows_half_days boolean not null default true,
  allows_hours boolean not null default false,
  prorates_on_hire boolean not null default true,
  prorates_on_termination boolean not null default true,
  probation_days smallint not null default 0,
  period_anchor workforce.leave_period_anchor not null default 'fixed_date',
  anchor_month smallint not null default 1,
  anchor_day smallint not null default 1,
  approval_levels smallint not null default 1,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint leave_policies_pkey primary key (biz_id, id),
  constraint leave_policies_leave_type_id_id_key unique (biz_id, leave_type_id, id),
  constraint leave_policies_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_policies_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint leave_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint leave_policies_staff_group_check check (length(staff_group) <= 60),
  constraint leave_policies_amounts_check check (
    amount_minutes >= 0 and max_balance_minutes >= 0 and carry_max_minutes >= 0 and carry_expires_after_months >= 0
    and negative_limit_minutes >= 0),
  constraint leave_policies_accrual_hours_check check (
    (accrual = 'per_hour') = (accrual_hours is not null) and accrual_hours > 0),
  constraint leave_policies_days_check check (min_notice_days >= 0 and probation_days >= 0),
  constraint leave_policies_anchor_check check (anchor_month between 1 and 12 and anchor_day between 1 and 28),
  constraint leave_policies_approval_levels_check check (approval_levels between 0 and 9),
  constraint leave_policies_dates_check check (ends_on > starts_on)
);
comment on table workforce.leave_policies is 'How much leave of a type a group of staff gets, and by which rules it is taken and carried over.';
comment on column workforce.leave_policies.code is 'Short name used in imports.';
comment on column workforce.leave_policies.name is 'Name shown to staff.';
comment on column workforce.leave_policies.leave_type_id is 'The type of leave.';
comment on column workforce.leave_policies.staff_group is 'The group of staff it is for; empty for everyone without one of their own.';
comment on column workforce.leave_policies.accrual is 'How leave comes in.';
comment on column workforce.leave_policies.amount_minutes is 'Minutes that come in for a period, a month, or so many hours worked, as the accrual says.';
comment on column workforce.leave_policies.accrual_hours is 'After how many hours worked the amount comes in, where it comes in by hours.';
comment on column workforce.leave_policies.max_balance_minutes is 'Nothing comes in beyond this balance; none means no limit.';
comment on column workforce.leave_policies.carry_max_minutes is 'At most so many minutes are taken over into the next period.';
comment on column workforce.leave_policies.carry_expires_after_months is 'After how many months of the next period what was taken over expires; none means never.';
comment on column workforce.leave_policies.negative_limit_minutes is 'By how many minutes the balance may go below 0.';
comment on column workforce.leave_policies.min_notice_days is 'How many days before its first day a request must come.';
comment on column workforce.leave_policies.allows_half_days is 'Whether half days can be taken.';
comment on column workforce.leave_policies.allows_hours is 'Whether hours can be taken.';
comment on column workforce.leave_policies.prorates_on_hire is 'Whether who comes during a period gets only their part of it.';
comment on column workforce.leave_policies.prorates_on_termination is 'Whether who leaves during a period keeps only their part of it.';
comment on column workforce.leave_policies.probation_days is 'For how many days from being hired none can be taken.';
comment on column workforce.leave_policies.period_anchor is 'When a new period begins.';
comment on column workforce.leave_policies.anchor_month is 'The month in which a period begins, where it is fixed.';
comment on column workforce.leave_policies.anchor_day is 'The day of that month, up to the 28th.';
comment on column workforce.leave_policies.approval_levels is 'How many approvers have to agree; 0 approves at once.';
comment on column workforce.leave_policies.starts_on is 'First day on which it holds.';
comment on column workforce.leave_policies.ends_on is 'First day on which it no longer holds; none means until further notice.';
comment on column workforce.leave_policies.period is 'From starts_on to ends_on, as a range.';
comment on constraint leave_policies_code_check on workforce.leave_policies is 'A code is required, of 60 characters at most.';
comment on constraint leave_policies_name_check on workforce.leave_policies is 'A name is required, of 200 characters at most.';
comment on constraint leave_policies_staff_group_check on workforce.leave_policies is 'The staff group has 60 characters at most.';
comment on constraint leave_policies_leave_type_id_id_key on workforce.leave_policies is 'A policy is about one type of leave.';
comment on constraint leave_policies_amounts_check on workforce.leave_policies is 'No amount is negative.';
comment on constraint leave_policies_accrual_hours_check on workforce.leave_policies is 'Leave that comes in by hours says by how many, and no other does.';
comment on constraint leave_policies_days_check on workforce.leave_policies is 'No number of days is negative.';
comment on constraint leave_policies_anchor_check on workforce.leave_policies is 'A period begins on a day from 1 to 28 of a month from 1 to 12.';
comment on constraint leave_policies_approval_levels_check on workforce.leave_policies is 'Between 0 and 9 approvers have to agree.';
comment on constraint leave_policies_dates_check on workforce.leave_policies is 'The end must be after the start.';

call core.install_table('workforce.leave_policies', 'M', 'wflp', registrable => true);
create unique index leave_policies_code_key on workforce.leave_policies (biz_id, code) where deleted_at is null;
comment on index workforce.leave_policies_code_key is 'Another leave policy has this code.';
alter table workforce.leave_policies add constraint leave_policies_no_overlap_excl
  exclude using gist (
    biz_id with =, leave_type_id with =, staff_group with =, period with &&) where (deleted_at is null);
comment on constraint leave_policies_no_overlap_excl on workforce.leave_policies is 'Another policy for this group and type of leave already holds at that time.';

-- leave_policy_assignments --------------------------------------------------------------------------------------------

create table workforce.leave_policy_assignments (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  leave_type_id uuid not null,
  policy_id uuid not null,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint leave_policy_assignments_pkey primary key (biz_id, id),
  constraint leave_policy_assignments_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_policy_assignments_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_policy_assignments_policy_id_fkey foreign key (biz_id, leave_type_id, policy_id)
    references workforce.leave_policies (biz_id, leave_type_id, id),
  constraint leave_policy_assignments_dates_check check (ends_on > starts_on)
);
comment on table workforce.leave_policy_assignments is 'That a policy of leave holds for a person, for some time or until further notice.';
comment on column workforce.leave_policy_assignments.staff_id is 'Who.';
comment on column workforce.leave_policy_assignments.leave_type_id is 'The type of leave, that of the policy.';
comment on column workforce.leave_policy_assignments.policy_id is 'The policy.';
comment on column workforce.leave_policy_assignments.starts_on is 'First day on which it holds.';
comment on column workforce.leave_policy_assignments.ends_on is 'First day on which it no longer holds; none means until further notice.';
comment on column workforce.leave_policy_assignments.period is 'From starts_on to ends_on, as a range.';
comment on constraint leave_policy_assignments_policy_id_fkey on workforce.leave_policy_assignments is 'The policy must be one about this type of leave.';
comment on constraint leave_policy_assignments_dates_check on workforce.leave_policy_assignments is 'The end must be after the start.';

call core.install_table('workforce.leave_policy_assignments', 'M', 'wfla');
alter table workforce.leave_policy_assignments add constraint leave_policy_assignments_no_overlap_excl
  exclude using gist (
    biz_id with =, staff_id with =, leave_type_id with =, period with &&) where (deleted_at is null);
comment on constraint leave_policy_assignments_no_overlap_excl on workforce.leave_policy_assignments is 'The person already has a policy for this type of leave at that time.';

-- leave_periods -------------------------------------------------------------------------------------------------------

create table workforce.leave_periods (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  leave_type_id uuid not null,
  policy_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  status workforce.leave_period_status not null default 'planned',
  closed_at timestamptz,
  constraint leave_periods_pkey primary key (biz_id, id),
  constraint leave_periods_staff_id_leave_type_id_id_key unique (biz_id, staff_id, leave_type_id, id),
  constraint leave_periods_staff_id_leave_type_id_ends_on_key unique (biz_id, staff_id, leave_type_id, ends_on),
  constraint leave_periods_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_periods_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_periods_policy_id_fkey foreign key (biz_id, leave_type_id, policy_id)
    references workforce.leave_policies (biz_id, leave_type_id, id),
  constraint leave_periods_dates_check check (ends_on > starts_on and ends_on - starts_on <= 1100),
  constraint leave_periods_closed_check check (status <> 'closed' or closed_at is not null),
  constraint leave_periods_no_overlap_excl exclude using gist (
    biz_id with =, staff_id with =, leave_type_id with =, period with &&)
);
comment on table workforce.leave_periods is 'The time, mostly a year, over which leave of a type comes in for a person, and to which days in it are charged.';
comment on column workforce.leave_periods.staff_id is 'Who.';
comment on column workforce.leave_periods.leave_type_id is 'The type of leave.';
comment on column workforce.leave_periods.policy_id is 'The policy by which leave comes in.';
comment on column workforce.leave_periods.starts_on is 'First day; never changed.';
comment on column workforce.leave_periods.ends_on is 'First day of the next period; earlier if the person leaves.';
comment on column workforce.leave_periods.period is 'From starts_on to ends_on, as a range.';
comment on column workforce.leave_periods.status is 'Where it stands.';
comment on column workforce.leave_periods.closed_at is 'When it was last closed.';
comment on constraint leave_periods_staff_id_leave_type_id_id_key on workforce.leave_periods is 'A period is one person''s, for one type of leave.';
comment on constraint leave_periods_staff_id_leave_type_id_ends_on_key on workforce.leave_periods is 'Another period of this leave ends on that day.';
comment on constraint leave_periods_policy_id_fkey on workforce.leave_periods is 'The policy must be one about this type of leave.';
comment on constraint leave_periods_dates_check on workforce.leave_periods is 'The end must be after the start, by three years at most.';
comment on constraint leave_periods_closed_check on workforce.leave_periods is 'A closed period says when it was closed.';
comment on constraint leave_periods_no_overlap_excl on workforce.leave_periods is 'The person already has a period for this leave at that time.';

-- What is due to be opened or closed.
create index leave_periods_status_ends_on_idx on workforce.leave_periods (biz_id, status, ends_on, id);

call core.install_table('workforce.leave_periods', 'T', 'wfpd');

create trigger leave_periods_owner_immutable
  before update on workforce.leave_periods
  for each row when (
    (old.staff_id, old.leave_type_id, old.starts_on) is distinct from (new.staff_id, new.leave_type_id,
    new.starts_on))
  execute function availability.refuse_update(
    'leave_periods_owner_immutable_check',
    'A period keeps its person, type of leave and first day.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('leave_period', 'planned', 'open', false),
  ('leave_period', 'open', 'closed', false),
  ('leave_period', 'closed', 'open', true);
call core.install_state_machine('workforce.leave_periods', 'status', 'leave_period');

-- leave_balances ------------------------------------------------------------------------------------------------------

create table workforce.leave_balances (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  leave_type_id uuid not null,
  period_id uuid not null,
  accrued_minutes integer not null default 0,
  carried_in_minutes integer not null default 0,
  carried_taken_minutes integer not null default 0,
  carry_expires_on date,
  taken_minutes integer not null default 0,
  reserved_minutes integer not null default 0,
  expired_minutes integer not null default 0,
  carried_out_minutes integer not null default 0,
  encashed_minutes integer not null default 0,
  adjusted_minutes integer not null default 0,
  balance_minutes integer generated always as (accrued_minutes + carried_in_minutes - taken_minutes - expired_minutes
    - carried_out_minutes - encashed_minutes + adjusted_minutes) stored,
  negative_limit_minutes integer not null default 0,
  constraint leave_balances_pkey primary key (biz_id, id),
  constraint leave_balances_period_id_key unique (biz_id, period_id),
  constraint leave_balances_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_balances_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_balances_period_id_fkey foreign key (biz_id, staff_id, leave_type_id, period_id)
    references workforce.leave_periods (biz_id, staff_id, leave_type_id, id),
  constraint leave_balances_parts_check check (
    accrued_minutes >= 0 and carried_in_minutes >= 0 and taken_minutes >= 0 and reserved_minutes >= 0
    and carried_out_minutes >= 0 and encashed_minutes >= 0),
  constraint leave_balances_expired_check check (expired_minutes >= 0),
  constraint leave_balances_carried_taken_check check (
    carried_taken_minutes between 0 and least(carried_in_minutes, taken_minutes)),
  constraint leave_balances_negative_limit_check check (negative_limit_minutes >= 0),
  constraint leave_balances_floor_check check (
    accrued_minutes + carried_in_minutes - taken_minutes - expired_minutes - carried_out_minutes - encashed_minutes
    + adjusted_minutes - reserved_minutes >= -negative_limit_minutes)
);
comment on table workforce.leave_balances is 'How much leave of a type a person has in a period. Its numbers are the sums of the ledger and of the days; only verbs change them.';
comment on column workforce.leave_balances.staff_id is 'Who.';
comment on column workforce.leave_balances.leave_type_id is 'The type of leave.';
comment on column workforce.leave_balances.period_id is 'The period.';
comment on column workforce.leave_balances.accrued_minutes is 'Minutes that came in by the policy.';
comment on column workforce.leave_balances.carried_in_minutes is 'Minutes taken over from the period before.';
comment on column workforce.leave_balances.carried_taken_minutes is 'Those of the minutes taken that came from the period before; they are used first.';
comment on column workforce.leave_balances.carry_expires_on is 'First day on which what was taken over and not used is lost; none means never.';
comment on column workforce.leave_balances.taken_minutes is 'Minutes of approved days.';
comment on column workforce.leave_balances.reserved_minutes is 'Minutes of days that wait for a decision.';
comment on column workforce.leave_balances.expired_minutes is 'Minutes lost.';
comment on column workforce.leave_balances.carried_out_minutes is 'Minutes taken over into the next period.';
comment on column workforce.leave_balances.encashed_minutes is 'Minutes paid out.';
comment on column workforce.leave_balances.adjusted_minutes is 'Minutes added by hand, or taken off if negative.';
comment on column workforce.leave_balances.balance_minutes is 'What is left: all that came in less all that went out.';
comment on column workforce.leave_balances.negative_limit_minutes is 'By how many minutes it may go below 0, as the policy said.';
comment on constraint leave_balances_period_id_key on workforce.leave_balances is 'The period already has a balance.';
comment on constraint leave_balances_period_id_fkey on workforce.leave_balances is 'The period must be one of this person and type of leave.';
comment on constraint leave_balances_parts_check on workforce.leave_balances is 'No part of a balance is negative.';
comment on constraint leave_balances_expired_check on workforce.leave_balances is 'Leave that expires never adds to a balance.';
comment on constraint leave_balances_carried_taken_check on workforce.leave_balances is 'No more of what was taken over is used than there is, or than was taken.';
comment on constraint leave_balances_negative_limit_check on workforce.leave_balances is 'The limit below 0 is not negative itself.';
comment on constraint leave_balances_floor_check on workforce.leave_balances is 'There is not enough leave left.';

create index leave_balances_staff_id_leave_type_id_idx
  on workforce.leave_balances (biz_id, staff_id, leave_type_id, id);
-- What is about to expire.
create index leave_balances_carry_expires_on_idx on workforce.leave_balances (biz_id, carry_expires_on, id)
  where carry_expires_on is not null;

call core.install_table('workforce.leave_balances', 'T', 'wflb');

-- leave_delegations ---------------------------------------------------------------------------------------------------

create table workforce.leave_delegations (
  biz_id uuid not null,
  id uuid not null,
  delegator_id uuid not null,
  delegate_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint leave_delegations_pkey primary key (biz_id, id),
  constraint leave_delegations_delegator_id_fkey foreign key (biz_id, delegator_id)
    references identity.members (biz_id, id),
  constraint leave_delegations_delegate_id_fkey foreign key (biz_id, delegate_id)
    references identity.members (biz_id, id),
  constraint leave_delegations_people_check check (delegator_id <> delegate_id),
  constraint leave_delegations_dates_check check (ends_on > starts_on)
);
comment on table workforce.leave_delegations is 'That somebody decides for an approver who is away.';
comment on column workforce.leave_delegations.delegator_id is 'Who is away.';
comment on column workforce.leave_delegations.delegate_id is 'Who decides meanwhile.';
comment on column workforce.leave_delegations.starts_on is 'First day.';
comment on column workforce.leave_delegations.ends_on is 'First day on which the approver decides again.';
comment on column workforce.leave_delegations.period is 'From starts_on to ends_on, as a range.';
comment on constraint leave_delegations_people_check on workforce.leave_delegations is 'Nobody stands in for themselves.';
comment on constraint leave_delegations_dates_check on workforce.leave_delegations is 'The end must be after the start.';

call core.install_table('workforce.leave_delegations', 'M', 'wfdg');
alter table workforce.leave_delegations add constraint leave_delegations_no_overlap_excl
  exclude using gist (biz_id with =, delegator_id with =, period with &&) where (deleted_at is null);
comment on constraint leave_delegations_no_overlap_excl on workforce.leave_delegations is 'Somebody already decides for this approver at that time.';
