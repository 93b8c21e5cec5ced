-- Requests for leave: their days, who approves them, and the ledger that they move.
--
-- Three accounts agree at the end of every transaction: the balance of a period, its ledger, and the days charged to it.
-- Lock order of all verbs: the request, then balances by period.

create domain workforce.leave_ledger_kind as text constraint leave_ledger_kind_check check (value in (
  'accrual', 'carry_in', 'carry_out', 'carry_expiry', 'expiry', 'taken', 'taken_reversal', 'adjustment', 'encashment'));
comment on domain workforce.leave_ledger_kind is 'What changed a balance of leave.
accrual: Leave came in by the policy.
carry_in: Taken over from the period before.
carry_out: Taken over into the next period.
carry_expiry: What was taken over was not used in time.
expiry: What was left at the end and may not be taken over.
taken: A day of leave was approved.
taken_reversal: A day of leave was given back.
adjustment: Corrected by hand.
encashment: Paid out.';
comment on constraint leave_ledger_kind_check on domain workforce.leave_ledger_kind is 'Unknown leave ledger kind.';

create domain workforce.leave_request_status as text constraint leave_request_status_check check (value in (
  'draft', 'submitted', 'approved', 'rejected', 'withdrawn', 'cancel_requested', 'cancelled', 'partially_recalled',
  'taken'));
comment on domain workforce.leave_request_status is 'Where a request for leave stands.
draft: Being written; takes nothing yet.
submitted: Waits for a decision; its minutes are reserved.
approved: Agreed; its minutes are taken.
rejected: Refused.
withdrawn: Taken back before it was decided.
cancel_requested: Approved, and the person wants it cancelled.
cancelled: Approved once, and called off.
partially_recalled: Some of its days were given back, as the person had to work or fell ill.
taken: Its last day is past.';
comment on constraint leave_request_status_check on domain workforce.leave_request_status is 'Unknown leave request status.';

create domain workforce.leave_portion as text constraint leave_portion_check check (value in (
  'full', 'am', 'pm', 'hours'));
comment on domain workforce.leave_portion is 'Which part of a day is leave.
full: All of it.
am: The first half.
pm: The second half.
hours: From one time to another.';
comment on constraint leave_portion_check on domain workforce.leave_portion is 'Unknown leave portion.';

create domain workforce.leave_day_status as text constraint leave_day_status_check check (value in (
  'planned', 'reserved', 'charged', 'released'));
comment on domain workforce.leave_day_status is 'What a day of leave does to the balance.
planned: Nothing yet, as the request is a draft.
reserved: Its minutes are set aside.
charged: Its minutes are taken.
released: Nothing any more.';
comment on constraint leave_day_status_check on domain workforce.leave_day_status is 'Unknown leave day status.';

create domain workforce.leave_decision as text constraint leave_decision_check check (value in (
  'pending', 'approved', 'denied', 'skipped'));
comment on domain workforce.leave_decision is 'What an approver said.
pending: Nothing yet.
approved: Yes.
denied: No, which ends the chain.
skipped: Not asked, such as when a step before decided for both.';
comment on constraint leave_decision_check on domain workforce.leave_decision is 'Unknown leave decision.';

create domain workforce.leave_event_kind as text constraint leave_event_kind_check check (value in (
  'submitted', 'approved', 'rejected', 'withdrawn', 'cancelled', 'amended', 'recalculated', 'recalled'));
comment on domain workforce.leave_event_kind is 'What happened to a request for leave.
submitted: It was submitted.
approved: It was approved.
rejected: It was refused.
withdrawn: It was taken back.
cancelled: It was called off.
amended: Its dates or portions were changed.
recalculated: A holiday or the schedule changed, and its minutes with it.
recalled: Some of its days were given back.';
comment on constraint leave_event_kind_check on domain workforce.leave_event_kind is 'Unknown leave event kind.';

-- leave_requests ------------------------------------------------------------------------------------------------------

create table workforce.leave_requests (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  staff_id uuid not null,
  leave_type_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  start_portion workforce.leave_portion not null default 'full',
  end_portion workforce.leave_portion not null default 'full',
  total_minutes integer not null,
  status workforce.leave_request_status not null default 'draft',
  reason text,
  document_id uuid,
  stand_in_id uuid,
  approval_levels smallint not null default 1,
  submitted_at timestamptz,
  decided_at timestamptz,
  constraint leave_requests_pkey primary key (biz_id, id),
  constraint leave_requests_number_key unique (biz_id, number),
  constraint leave_requests_staff_id_leave_type_id_id_key unique (biz_id, staff_id, leave_type_id, id),
  constraint leave_requests_staff_id_id_key unique (biz_id, staff_id, id),
  constraint leave_requests_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_requests_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_requests_document_id_fkey foreign key (biz_id, document_id)
    references core.media_assets (biz_id, id),
  constraint leave_requests_stand_in_id_fkey foreign key (biz_id, stand_in_id)
    references workforce.staff (biz_id, id),
  constraint leave_requests_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint leave_requests_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint leave_requests_dates_check check (ends_on > starts_on and ends_on - starts_on <= 1100),
  constraint leave_requests_portions_check check (case when ends_on - starts_on = 1 then start_portion = end_portion
    else start_portion in ('full', 'pm') and end_portion in ('full', 'am') end),
  constraint leave_requests_total_check check (
    total_minutes >= 0 and (total_minutes > 0 or status in ('draft', 'withdrawn', 'cancelled', 'partially_recalled',
    'taken'))),
  constraint leave_requests_stand_in_check check (stand_in_id <> staff_id),
  constraint leave_requests_approval_levels_check check (approval_levels between 0 and 9),
  constraint leave_requests_submitted_check check (status in ('draft', 'withdrawn') or submitted_at is not null),
  constraint leave_requests_decided_check check (
    decided_at is not null or status in ('draft', 'submitted', 'withdrawn'))
);
comment on table workforce.leave_requests is 'That somebody asks to be away, from one day to another.';
comment on column workforce.leave_requests.number is 'Number shown to people.';
comment on column workforce.leave_requests.staff_id is 'Who.';
comment on column workforce.leave_requests.leave_type_id is 'The type of leave.';
comment on column workforce.leave_requests.starts_on is 'First day of leave.';
comment on column workforce.leave_requests.ends_on is 'First day back.';
comment on column workforce.leave_requests.start_portion is 'Which part of the first day is leave; of a single day, which part of it.';
comment on column workforce.leave_requests.end_portion is 'Which part of the last day is leave.';
comment on column workforce.leave_requests.total_minutes is 'Minutes of its days that were not given back; once it is refused, withdrawn or cancelled, what was asked for.';
comment on column workforce.leave_requests.status is 'Where it stands.';
comment on column workforce.leave_requests.reason is 'Why, in words, if the person wants to say.';
comment on column workforce.leave_requests.document_id is 'The document that proves it, such as a doctor''s note.';
comment on column workforce.leave_requests.stand_in_id is 'Who stands in meanwhile.';
comment on column workforce.leave_requests.approval_levels is 'How many approvers have to agree, as the policy said.';
comment on column workforce.leave_requests.submitted_at is 'When it was submitted.';
comment on column workforce.leave_requests.decided_at is 'When it was approved or refused.';
comment on constraint leave_requests_number_check on workforce.leave_requests is 'A number is required, of 60 characters at most.';
comment on constraint leave_requests_reason_check on workforce.leave_requests is 'A reason is not blank, and of 2,000 characters at most.';
comment on constraint leave_requests_number_key on workforce.leave_requests is 'Another request has this number.';
comment on constraint leave_requests_staff_id_leave_type_id_id_key on workforce.leave_requests is 'A request is one person''s, for one type of leave.';
comment on constraint leave_requests_staff_id_id_key on workforce.leave_requests is 'A request is one person''s.';
comment on constraint leave_requests_dates_check on workforce.leave_requests is 'The first day back must be after the first day, by three years at most.';
comment on constraint leave_requests_portions_check on workforce.leave_requests is 'Of several days, the first can begin at noon and the last end at noon; of a single day, both portions are the same.';
comment on constraint leave_requests_total_check on workforce.leave_requests is 'A request for leave must cost some minutes of work.';
comment on constraint leave_requests_stand_in_check on workforce.leave_requests is 'Nobody stands in for themselves.';
comment on constraint leave_requests_approval_levels_check on workforce.leave_requests is 'Between 0 and 9 approvers have to agree.';
comment on constraint leave_requests_submitted_check on workforce.leave_requests is 'A submitted request says when.';
comment on constraint leave_requests_decided_check on workforce.leave_requests is 'A decided request says when.';

-- A person's requests; what waits for a decision.
create index leave_requests_staff_id_starts_on_idx on workforce.leave_requests (biz_id, staff_id, starts_on, id);
create index leave_requests_status_starts_on_idx on workforce.leave_requests (biz_id, status, starts_on, id);

call core.install_table('workforce.leave_requests', 'T', 'wflr', registrable => true);

create trigger leave_requests_owner_immutable
  before update on workforce.leave_requests
  for each row when (
    (old.staff_id, old.leave_type_id) is distinct from (new.staff_id, new.leave_type_id)
    and old.status <> 'draft')
  execute function availability.refuse_update(
    'leave_requests_owner_immutable_check',
    'A submitted request keeps its person and type of leave.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('leave_request', 'draft', 'submitted', false),
  ('leave_request', 'draft', 'withdrawn', false),
  ('leave_request', 'submitted', 'approved', false),
  ('leave_request', 'submitted', 'rejected', true),
  ('leave_request', 'submitted', 'withdrawn', false),
  ('leave_request', 'approved', 'cancel_requested', false),
  ('leave_request', 'cancel_requested', 'cancelled', false),
  ('leave_request', 'cancel_requested', 'approved', true),
  ('leave_request', 'approved', 'cancelled', false),
  ('leave_request', 'approved', 'partially_recalled', true),
  ('leave_request', 'approved', 'taken', false),
  ('leave_request', 'partially_recalled', 'cancelled', false),
  ('leave_request', 'partially_recalled', 'taken', false),
  ('leave_request', 'taken', 'partially_recalled', true);
call core.install_state_machine('workforce.leave_requests', 'status', 'leave_request');

-- leave_request_days --------------------------------------------------------------------------------------------------

create table workforce.leave_request_days (
  biz_id uuid not null,
  id uuid not null,
  leave_request_id uuid not null,
  staff_id uuid not null,
  leave_type_id uuid not null,
  leave_on date not null,
  portion workforce.leave_portion not null default 'full',
  from_minute smallint,
  to_minute smallint,
  portion_minutes int4range generated always as (case portion when 'full' then int4range(0, 1440) when 'am' then int4range(0, 720)
    when 'pm' then int4range(720, 1440) else int4range(from_minute, to_minute) end) stored,
  scheduled_minutes integer not null,
  minutes integer not null,
  holiday_id uuid,
  period_id uuid,
  status workforce.leave_day_status not null default 'planned',
  constraint leave_request_days_pkey primary key (biz_id, id),
  constraint leave_request_days_leave_request_id_leave_on_key unique (biz_id, leave_request_id, leave_on),
  constraint leave_request_days_staff_id_id_key unique (biz_id, staff_id, id),
  constraint leave_request_days_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_request_days_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_request_days_holiday_id_fkey foreign key (biz_id, holiday_id)
    references availability.holidays (biz_id, id),
  constraint leave_request_days_leave_request_id_fkey foreign key (biz_id, staff_id, leave_type_id, leave_request_id)
    references workforce.leave_requests (biz_id, staff_id, leave_type_id, id) on update cascade,
  constraint leave_request_days_period_id_fkey foreign key (biz_id, staff_id, leave_type_id, period_id)
    references workforce.leave_periods (biz_id, staff_id, leave_type_id, id),
  constraint leave_request_days_hours_check check (
    case
      when portion = 'hours' then from_minute >= 0 and to_minute > from_minute and to_minute <= 1440
      and num_nonnulls(from_minute, to_minute) = 2
      else num_nonnulls(from_minute, to_minute) = 0 end),
  constraint leave_request_days_minutes_check check (
    minutes >= 0 and minutes <= case portion when 'full' then scheduled_minutes when 'hours' then to_minute
    - from_minute else (scheduled_minutes + 1) / 2 end),
  constraint leave_request_days_scheduled_minutes_check check (scheduled_minutes between 0 and 1440),
  constraint leave_request_days_no_overlap_excl exclude using gist (
    biz_id with =, staff_id with =, leave_on with =, portion_minutes with &&) where (status in ('reserved', 'charged'))
);
comment on table workforce.leave_request_days is 'One day of a request, with what it costs and the period it is charged to.';
comment on column workforce.leave_request_days.leave_request_id is 'The request.';
comment on column workforce.leave_request_days.staff_id is 'Who, as the request says.';
comment on column workforce.leave_request_days.leave_type_id is 'The type of leave, as the request says.';
comment on column workforce.leave_request_days.leave_on is 'The local day.';
comment on column workforce.leave_request_days.portion is 'Which part of it is leave.';
comment on column workforce.leave_request_days.from_minute is 'Where hours are taken: from which minute of the day.';
comment on column workforce.leave_request_days.to_minute is 'Where hours are taken: to which minute of the day, not included.';
comment on column workforce.leave_request_days.portion_minutes is 'The part of the day as minutes from midnight, as a range; halves divide at noon, whatever the schedule.';
comment on column workforce.leave_request_days.scheduled_minutes is 'Minutes that the schedule has on this date, holidays taken off as the type of leave says.';
comment on column workforce.leave_request_days.minutes is 'What it costs: half of the scheduled minutes for half a day, 0 for a day that is free anyway.';
comment on column workforce.leave_request_days.holiday_id is 'The holiday that it falls on, if any.';
comment on column workforce.leave_request_days.period_id is 'The period it is charged to: the one it falls in, not the one of the request''s first day. None where no balance is kept.';
comment on column workforce.leave_request_days.status is 'What it does to the balance.';
comment on constraint leave_request_days_leave_request_id_leave_on_key on workforce.leave_request_days is 'The request already has this day.';
comment on constraint leave_request_days_staff_id_id_key on workforce.leave_request_days is 'A day of leave is one person''s.';
comment on constraint leave_request_days_leave_request_id_fkey on workforce.leave_request_days is 'The request must be one of this person and type of leave.';
comment on constraint leave_request_days_period_id_fkey on workforce.leave_request_days is 'The period must be one of this person and type of leave.';
comment on constraint leave_request_days_hours_check on workforce.leave_request_days is 'Hours of leave begin and end on the same day, and no other portion has a beginning and an end.';
comment on constraint leave_request_days_minutes_check on workforce.leave_request_days is 'A day costs no more than its schedule, half a day no more than half of it.';
comment on constraint leave_request_days_scheduled_minutes_check on workforce.leave_request_days is 'A day has between 0 and 1,440 minutes.';
comment on constraint leave_request_days_no_overlap_excl on workforce.leave_request_days is 'The person already has leave on this part of the day.';

-- Who is out on a day; what is charged to a period.
create index leave_request_days_leave_on_idx on workforce.leave_request_days (biz_id, leave_on, staff_id)
  where status in ('reserved', 'charged');
create index leave_request_days_period_id_status_idx on workforce.leave_request_days (biz_id, period_id, status);

call core.install_table('workforce.leave_request_days', 'T', 'wfld');

create trigger leave_request_days_request_immutable
  before update on workforce.leave_request_days
  for each row when (old.leave_request_id <> new.leave_request_id or old.leave_on <> new.leave_on)
  execute function availability.refuse_update(
    'leave_request_days_request_immutable_check',
    'A day stays with its request.');

-- leave_ledger_entries ------------------------------------------------------------------------------------------------

create table workforce.leave_ledger_entries (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  leave_type_id uuid not null,
  period_id uuid not null,
  kind workforce.leave_ledger_kind not null,
  minutes integer not null,
  request_day_id uuid,
  effective_on date not null,
  note text,
  constraint leave_ledger_entries_pkey primary key (biz_id, id),
  constraint leave_ledger_entries_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_ledger_entries_leave_type_id_fkey foreign key (biz_id, leave_type_id)
    references workforce.leave_types (biz_id, id),
  constraint leave_ledger_entries_period_id_fkey foreign key (biz_id, staff_id, leave_type_id, period_id)
    references workforce.leave_periods (biz_id, staff_id, leave_type_id, id),
  constraint leave_ledger_entries_request_day_id_fkey foreign key (biz_id, staff_id, request_day_id)
    references workforce.leave_request_days (biz_id, staff_id, id),
  constraint leave_ledger_entries_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint leave_ledger_entries_minutes_check check (
    case
      when kind in ('carry_in', 'taken_reversal') then minutes > 0
      when kind in ('carry_out', 'carry_expiry', 'expiry', 'taken', 'encashment') then minutes < 0
      else minutes <> 0 end),
  constraint leave_ledger_entries_request_day_check check (
    (kind in ('taken', 'taken_reversal')) = (request_day_id is not null)),
  constraint leave_ledger_entries_note_adjustment_check check (kind <> 'adjustment' or note is not null)
);
comment on table workforce.leave_ledger_entries is 'A change of a balance of leave.';
comment on column workforce.leave_ledger_entries.staff_id is 'Whose leave.';
comment on column workforce.leave_ledger_entries.leave_type_id is 'The type of leave.';
comment on column workforce.leave_ledger_entries.period_id is 'The period.';
comment on column workforce.leave_ledger_entries.kind is 'What changed it.';
comment on column workforce.leave_ledger_entries.minutes is 'By how many minutes, negative where leave went out.';
comment on column workforce.leave_ledger_entries.request_day_id is 'The day of leave that was taken or given back.';
comment on column workforce.leave_ledger_entries.effective_on is 'The day for which it counts.';
comment on column workforce.leave_ledger_entries.note is 'Why, in words.';
comment on constraint leave_ledger_entries_note_check on workforce.leave_ledger_entries is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint leave_ledger_entries_period_id_fkey on workforce.leave_ledger_entries is 'The period must be one of this person and type of leave.';
comment on constraint leave_ledger_entries_request_day_id_fkey on workforce.leave_ledger_entries is 'The day must be one of this person.';
comment on constraint leave_ledger_entries_minutes_check on workforce.leave_ledger_entries is 'What comes in is positive, what goes out is negative, and nothing is 0.';
comment on constraint leave_ledger_entries_request_day_check on workforce.leave_ledger_entries is 'Leave that is taken or given back says which day, and nothing else does.';
comment on constraint leave_ledger_entries_note_adjustment_check on workforce.leave_ledger_entries is 'An adjustment says why.';

create unique index leave_ledger_entries_accrual_key
  on workforce.leave_ledger_entries (biz_id, period_id, effective_on) where kind = 'accrual';
comment on index workforce.leave_ledger_entries_accrual_key is 'Leave has already come in for this day.';
create index leave_ledger_entries_period_id_effective_on_idx
  on workforce.leave_ledger_entries (biz_id, period_id, effective_on, id);

call core.install_table('workforce.leave_ledger_entries', 'J', 'wfle');

-- leave_approvals -----------------------------------------------------------------------------------------------------

create table workforce.leave_approvals (
  biz_id uuid not null,
  id uuid not null,
  leave_request_id uuid not null,
  staff_id uuid not null,
  step smallint not null,
  approver_id uuid not null,
  decision workforce.leave_decision not null default 'pending',
  decided_by_id uuid,
  decided_at timestamptz,
  due_at timestamptz,
  note text,
  constraint leave_approvals_pkey primary key (biz_id, id),
  constraint leave_approvals_leave_request_id_step_key unique (biz_id, leave_request_id, step),
  constraint leave_approvals_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint leave_approvals_approver_id_fkey foreign key (biz_id, approver_id)
    references identity.members (biz_id, id),
  constraint leave_approvals_decided_by_id_fkey foreign key (decided_by_id)
    references identity.users (id),
  constraint leave_approvals_leave_request_id_fkey foreign key (biz_id, staff_id, leave_request_id)
    references workforce.leave_requests (biz_id, staff_id, id) on update cascade,
  constraint leave_approvals_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint leave_approvals_step_check check (step between 1 and 9),
  constraint leave_approvals_decided_check check (
    (decision in ('approved', 'denied')) = (decided_at is not null)
    and (decided_at is null) = (decided_by_id is null)),
  constraint leave_approvals_denied_check check (decision <> 'denied' or note is not null)
);
comment on table workforce.leave_approvals is 'A step of the chain of approvers of a request.';
comment on column workforce.leave_approvals.leave_request_id is 'The request.';
comment on column workforce.leave_approvals.staff_id is 'Whose request it is.';
comment on column workforce.leave_approvals.step is 'Its place in the chain, from 1.';
comment on column workforce.leave_approvals.approver_id is 'Who is asked.';
comment on column workforce.leave_approvals.decision is 'What they said.';
comment on column workforce.leave_approvals.decided_by_id is 'Who really decided: the approver, or who stands in for them.';
comment on column workforce.leave_approvals.decided_at is 'When.';
comment on column workforce.leave_approvals.due_at is 'By when a decision is wanted.';
comment on column workforce.leave_approvals.note is 'What they said, in words.';
comment on constraint leave_approvals_note_check on workforce.leave_approvals is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint leave_approvals_leave_request_id_step_key on workforce.leave_approvals is 'The chain already has this step.';
comment on constraint leave_approvals_leave_request_id_fkey on workforce.leave_approvals is 'The request must be one of this person.';
comment on constraint leave_approvals_step_check on workforce.leave_approvals is 'A chain has steps from 1 to 9.';
comment on constraint leave_approvals_decided_check on workforce.leave_approvals is 'A decision says who decided and when, and nothing else does.';
comment on constraint leave_approvals_denied_check on workforce.leave_approvals is 'A denial says why.';

create unique index leave_approvals_denied_key on workforce.leave_approvals (biz_id, leave_request_id)
  where decision = 'denied';
comment on index workforce.leave_approvals_denied_key is 'The request is already denied.';
-- The inbox of an approver.
create index leave_approvals_inbox_idx on workforce.leave_approvals (biz_id, approver_id, due_at, id)
  where decision = 'pending';

call core.install_table('workforce.leave_approvals', 'T', 'wfap');

create trigger leave_approvals_decided_immutable
  before update on workforce.leave_approvals
  for each row when (old.decision <> 'pending')
  execute function availability.refuse_update(
    'leave_approvals_decided_immutable_check',
    'A decision is not changed any more.');

create constraint trigger leave_approvals_four_eyes_check
  after insert or update of decided_by_id on workforce.leave_approvals
  not deferrable
  for each row when (new.decided_by_id is not null) execute function workforce.refuse_own_decision('staff_id', 'decided_by_id');
comment on constraint leave_approvals_four_eyes_check on workforce.leave_approvals is 'Nobody decides on their own request or hours.';

-- The request is locked first: two approvers of one chain decide one after the other.
create function workforce.check_leave_approval() returns trigger
language plpgsql as $$
declare
  request_status text;
begin
  select r.status
  into request_status
  from workforce.leave_requests r
  where r.biz_id = new.biz_id
    and r.id = new.leave_request_id
  for no key update;

  if exists (
    select
    from workforce.staff s
    where s.biz_id = new.biz_id
      and s.id = new.staff_id
      and s.member_id = new.approver_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'Nobody decides on their own request or hours.',
      schema = 'workforce',
      table = 'leave_approvals',
      column = 'approver_id',
      constraint = 'leave_approvals_four_eyes_check';
  end if;
  if new.decision not in ('approved', 'denied') then
    return new;
  end if;

  if request_status <> 'submitted' then
    raise exception using
      errcode = '23514',
      message = 'Only a submitted request is decided.',
      schema = 'workforce',
      table = 'leave_approvals',
      column = 'decision',
      constraint = 'leave_approvals_submitted_check';
  elsif exists (
    select
    from workforce.leave_approvals a
    where a.biz_id = new.biz_id
      and a.leave_request_id = new.leave_request_id
      and a.id <> new.id
      and a.decision = 'denied'
  ) then
    raise exception using
      errcode = '23514',
      message = 'The request is denied: nobody after decides.',
      schema = 'workforce',
      table = 'leave_approvals',
      column = 'decision',
      constraint = 'leave_approvals_chain_ended_check';
  elsif exists (
    select
    from workforce.leave_approvals a
    where a.biz_id = new.biz_id
      and a.leave_request_id = new.leave_request_id
      and a.step < new.step
      and a.decision = 'pending'
  ) then
    raise exception using
      errcode = '23514',
      message = 'Approvers decide in the order of the chain.',
      schema = 'workforce',
      table = 'leave_approvals',
      column = 'step',
      constraint = 'leave_approvals_order_check';
  end if;
  return new;
end
$$;
comment on function workforce.check_leave_approval() is 'Trigger: approvers decide in order, on submitted requests of others, until one denies.';
create trigger leave_approvals_chain
  before insert or update of decision, approver_id on workforce.leave_approvals
  for each row execute function workforce.check_leave_approval();

-- leave_events --------------------------------------------------------------------------------------------------------

create table workforce.leave_events (
  biz_id uuid not null,
  id uuid not null,
  leave_request_id uuid not null,
  kind workforce.leave_event_kind not null,
  minutes_before integer,
  minutes_after integer,
  note text,
  details jsonb not null default '{}',
  constraint leave_events_pkey primary key (biz_id, id),
  constraint leave_events_leave_request_id_fkey foreign key (biz_id, leave_request_id)
    references workforce.leave_requests (biz_id, id),
  constraint leave_events_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint leave_events_details_check check (jsonb_typeof(details) = 'object'),
  constraint leave_events_minutes_check check (minutes_before >= 0 and minutes_after >= 0)
);
comment on table workforce.leave_events is 'Something that happened to a request, as the person and the approvers see it.';
comment on column workforce.leave_events.leave_request_id is 'The request.';
comment on column workforce.leave_events.kind is 'What happened.';
comment on column workforce.leave_events.minutes_before is 'Total minutes of the request before.';
comment on column workforce.leave_events.minutes_after is 'Total minutes of the request after.';
comment on column workforce.leave_events.note is 'Why, in words.';
comment on column workforce.leave_events.details is 'The days concerned, as they were and as they are.';
comment on constraint leave_events_note_check on workforce.leave_events is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint leave_events_details_check on workforce.leave_events is 'Details are a JSON object.';
comment on constraint leave_events_minutes_check on workforce.leave_events is 'No minutes are negative.';

call core.install_table('workforce.leave_events', 'J', 'wfev');
create index leave_events_leave_request_id_created_at_idx
  on workforce.leave_events (biz_id, leave_request_id, created_at, id);

-- What must agree at the end of a transaction ---------------------------------------------------------------------------
-- The request, and the balance, are locked before they are compared: of two transactions that each see only their own
-- half, the second waits, and sees both.

create function workforce.check_leave_request() returns trigger
language plpgsql as $$
declare
  request_id uuid;
  request record;
begin
  if tg_table_name = 'leave_requests' then
    request_id := new.id;
  else
    request_id := new.leave_request_id;
  end if;

  select r.status, r.total_minutes, r.starts_on, r.ends_on, r.approval_levels, t.is_tracked
  into request
  from workforce.leave_requests r
  join workforce.leave_types t on t.biz_id = r.biz_id and t.id = r.leave_type_id
  where r.biz_id = new.biz_id
    and r.id = request_id
  for no key update of r;

  if exists (
    select
    from workforce.leave_request_days d
    where d.biz_id = new.biz_id
      and d.leave_request_id = request_id
      and d.status <> case
        when request.status = 'draft' then 'planned'
        when request.status = 'submitted' then 'reserved'
        when request.status in ('rejected', 'withdrawn', 'cancelled') then 'released'
        else 'charged' end
      and (d.status <> 'released' or request.status = 'draft')
  ) then
    raise exception using
      errcode = '23514',
      message = 'The days of a request are planned, reserved, charged or released as its status says.',
      schema = 'workforce',
      table = 'leave_request_days',
      column = 'status',
      constraint = 'leave_request_days_request_check';
  end if;

  if request.status not in ('rejected', 'withdrawn', 'cancelled') and request.total_minutes <> (
    select coalesce(sum(d.minutes), 0)
    from workforce.leave_request_days d
    where d.biz_id = new.biz_id
      and d.leave_request_id = request_id
      and d.status <> 'released'
  ) then
    raise exception using
      errcode = '23514',
      message = 'The days of a request must sum up to its total.',
      schema = 'workforce',
      table = 'leave_requests',
      column = 'total_minutes',
      constraint = 'leave_requests_days_sum_check';
  end if;

  if exists (
    select
    from workforce.leave_request_days d
    left join workforce.leave_periods p on p.biz_id = d.biz_id and p.id = d.period_id
    where d.biz_id = new.biz_id
      and d.leave_request_id = request_id
      and d.status <> 'released'
      and (
        d.leave_on < request.starts_on
        or d.leave_on >= request.ends_on
        or (d.period_id is not null) <> request.is_tracked
        or d.leave_on < p.starts_on
        or d.leave_on >= p.ends_on
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'A day lies within its request, and is charged to the period it falls in, if balances are kept.',
      schema = 'workforce',
      table = 'leave_request_days',
      column = 'leave_on',
      constraint = 'leave_request_days_period_check';
  end if;

  if request.status in ('approved', 'cancel_requested', 'partially_recalled', 'taken') and not (
    select count(*) filter (where a.decision in ('approved', 'skipped')) >= request.approval_levels
      and count(*) filter (where a.decision in ('pending', 'denied')) = 0
    from workforce.leave_approvals a
    where a.biz_id = new.biz_id
      and a.leave_request_id = request_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'A request is approved once all of its approvers agreed.',
      schema = 'workforce',
      table = 'leave_requests',
      column = 'status',
      constraint = 'leave_requests_approvals_check';
  end if;
  return null;
end
$$;
comment on function workforce.check_leave_request() is 'Trigger on requests and their days: days and request agree in status, minutes and dates, and what is approved was approved by all.';

create constraint trigger leave_requests_days_sum_check
  after insert or update of status, total_minutes, starts_on, ends_on on workforce.leave_requests
  deferrable initially deferred
  for each row execute function workforce.check_leave_request();
comment on constraint leave_requests_days_sum_check on workforce.leave_requests is 'The days of a request must sum up to its total.';
create constraint trigger leave_request_days_request_check
  after insert or update of status, minutes, period_id on workforce.leave_request_days
  deferrable initially deferred
  for each row execute function workforce.check_leave_request();
comment on constraint leave_request_days_request_check on workforce.leave_request_days is 'The days of a request are planned, reserved, charged or released as its status says.';

create function workforce.check_leave_balance() returns trigger
language plpgsql as $$
declare
  periods uuid[];
begin
  periods := array[new.period_id];
  if tg_op = 'UPDATE' then
    periods := periods || old.period_id;
  end if;

  perform
  from workforce.leave_balances b
  where b.biz_id = new.biz_id
    and b.period_id = any (periods)
  order by b.period_id
  for no key update;

  if exists (
    select
    from workforce.leave_periods p
    left join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id
    cross join lateral (
      select
        coalesce(sum(e.minutes) filter (where e.kind = 'accrual'), 0) as accrued,
        coalesce(sum(e.minutes) filter (where e.kind = 'carry_in'), 0) as carried_in,
        -coalesce(sum(e.minutes) filter (where e.kind = 'carry_out'), 0) as carried_out,
        -coalesce(sum(e.minutes) filter (where e.kind in ('carry_expiry', 'expiry')), 0) as expired,
        -coalesce(sum(e.minutes) filter (where e.kind in ('taken', 'taken_reversal')), 0) as taken,
        coalesce(sum(e.minutes) filter (where e.kind = 'adjustment'), 0) as adjusted,
        -coalesce(sum(e.minutes) filter (where e.kind = 'encashment'), 0) as encashed
      from workforce.leave_ledger_entries e
      where e.biz_id = p.biz_id
        and e.period_id = p.id
    ) e
    cross join lateral (
      select
        coalesce(sum(d.minutes) filter (where d.status = 'reserved'), 0) as reserved,
        coalesce(sum(d.minutes) filter (where d.status = 'charged'), 0) as charged
      from workforce.leave_request_days d
      where d.biz_id = p.biz_id
        and d.period_id = p.id
        and d.status in ('reserved', 'charged')
    ) d
    where p.biz_id = new.biz_id
      and p.id = any (periods)
      and (
        coalesce(b.accrued_minutes, 0), coalesce(b.carried_in_minutes, 0), coalesce(b.carried_out_minutes, 0),
        coalesce(b.expired_minutes, 0), coalesce(b.taken_minutes, 0), coalesce(b.adjusted_minutes, 0),
        coalesce(b.encashed_minutes, 0), coalesce(b.reserved_minutes, 0), coalesce(b.taken_minutes, 0)
      ) is distinct from (
        e.accrued, e.carried_in, e.carried_out, e.expired, e.taken, e.adjusted, e.encashed, d.reserved, d.charged
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The ledger and the days of leave must sum up to the balance.',
      schema = 'workforce',
      table = 'leave_balances',
      column = 'balance_minutes',
      constraint = 'leave_balances_ledger_sum_check';
  end if;
  return null;
end
$$;
comment on function workforce.check_leave_balance() is 'Trigger on balances, the ledger and days: the ledger sums up to the balance, and so do the days that are reserved or charged.';

create constraint trigger leave_balances_ledger_sum_check
  after insert or update on workforce.leave_balances
  deferrable initially deferred
  for each row execute function workforce.check_leave_balance();
comment on constraint leave_balances_ledger_sum_check on workforce.leave_balances is 'The ledger and the days of leave must sum up to the balance.';
create constraint trigger leave_ledger_entries_balance_sum_check
  after insert on workforce.leave_ledger_entries
  deferrable initially deferred
  for each row execute function workforce.check_leave_balance();
comment on constraint leave_ledger_entries_balance_sum_check on workforce.leave_ledger_entries is 'The ledger and the days of leave must sum up to the balance.';
create constraint trigger leave_request_days_sums_check
  after insert or update of status, minutes, period_id on workforce.leave_request_days
  deferrable initially deferred
  for each row execute function workforce.check_leave_balance();
comment on constraint leave_request_days_sums_check on workforce.leave_request_days is 'The ledger and the days of leave must sum up to the balance.';

-- The end of a period is part of a key: whoever moves it waits for those who are adding days to it, and they for it.
create function workforce.check_leave_period_days() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from workforce.leave_request_days d
    join workforce.leave_periods p on p.biz_id = d.biz_id and p.id = d.period_id
    where p.biz_id = new.biz_id
      and p.id = new.id
      and d.status in ('reserved', 'charged')
      and d.leave_on >= p.ends_on
  ) then
    raise exception using
      errcode = '23514',
      message = 'Days of leave are charged to this period beyond its end; move or release them first.',
      schema = 'workforce',
      table = 'leave_periods',
      column = 'ends_on',
      constraint = 'leave_periods_days_check';
  end if;
  return null;
end
$$;
comment on function workforce.check_leave_period_days() is 'Trigger: a period still contains the days that are charged to it.';
create constraint trigger leave_periods_days_check
  after update of ends_on on workforce.leave_periods
  deferrable initially deferred
  for each row execute function workforce.check_leave_period_days();
comment on constraint leave_periods_days_check on workforce.leave_periods is 'Days of leave are charged to this period beyond its end; move or release them first.';
