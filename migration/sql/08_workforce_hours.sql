-- Hours: what people are planned to work, when they really did, and what of it goes to payroll.

create domain workforce.staff_shift_status as text constraint staff_shift_status_check check (value in (
  'draft', 'published', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show'));
comment on domain workforce.staff_shift_status is 'Where a shift stands.
draft: Planned, and not shown to the person yet.
published: Shown on the roster.
confirmed: The person said yes.
in_progress: The person is at work.
completed: Worked.
cancelled: Called off.
no_show: The person did not come.';
comment on constraint staff_shift_status_check on domain workforce.staff_shift_status is 'Unknown staff shift status.';

create domain workforce.shift_swap_status as text constraint shift_swap_status_check check (value in (
  'requested', 'accepted', 'declined', 'approved', 'rejected', 'withdrawn', 'expired'));
comment on domain workforce.shift_swap_status is 'Where a swap stands.
requested: The colleague was asked.
accepted: The colleague agreed, and a manager has to.
declined: The colleague said no.
approved: A manager agreed, and the shifts changed hands.
rejected: A manager said no.
withdrawn: Whoever asked needs it no longer.
expired: The shift began before anybody decided.';
comment on constraint shift_swap_status_check on domain workforce.shift_swap_status is 'Unknown shift swap status.';

create domain workforce.open_shift_status as text constraint open_shift_status_check check (value in (
  'open', 'filled', 'cancelled', 'expired'));
comment on domain workforce.open_shift_status is 'Where an open shift stands.
open: Looking for somebody.
filled: Somebody has it.
cancelled: Not needed any more.
expired: Nobody took it in time.';
comment on constraint open_shift_status_check on domain workforce.open_shift_status is 'Unknown open shift status.';

create domain workforce.time_segment_kind as text constraint time_segment_kind_check check (value in (
  'work', 'break', 'travel', 'training'));
comment on domain workforce.time_segment_kind is 'What somebody did for a time.
work: Worked.
break: Had a break.
travel: Was on the way on duty.
training: Was trained.';
comment on constraint time_segment_kind_check on domain workforce.time_segment_kind is 'Unknown time segment kind.';

create domain workforce.time_source as text constraint time_source_check check (value in (
  'clock', 'manual', 'device'));
comment on domain workforce.time_source is 'Who says that the time is true.
clock: The person clocked in or out in an app.
manual: It was entered by hand.
device: A terminal on site recorded it.';
comment on constraint time_source_check on domain workforce.time_source is 'Unknown time source.';

create domain workforce.timesheet_status as text constraint timesheet_status_check check (value in (
  'open', 'submitted', 'approved', 'rejected', 'exported'));
comment on domain workforce.timesheet_status is 'Where a timesheet stands.
open: Hours still come in.
submitted: The person says that it is complete.
approved: A manager agreed; nothing in it changes any more.
rejected: A manager disagreed.
exported: Handed to payroll.';
comment on constraint timesheet_status_check on domain workforce.timesheet_status is 'Unknown timesheet status.';

-- staff_shifts --------------------------------------------------------------------------------------------------------

create table workforce.staff_shifts (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  location_id uuid not null,
  business_date date not null,
  role text not null default '',
  planned_starts_at timestamptz not null,
  planned_ends_at timestamptz not null,
  planned_period tstzrange generated always as (tstzrange(planned_starts_at, planned_ends_at, '[)')) stored,
  actual_starts_at timestamptz,
  actual_ends_at timestamptz,
  break_minutes integer not null default 0,
  overtime_minutes integer generated always as (case when actual_ends_at is null then 0 else
    greatest(0, floor(extract(epoch from (actual_ends_at - actual_starts_at) - (planned_ends_at - planned_starts_at)) / 60)::integer
    - break_minutes) end) stored,
  status workforce.staff_shift_status not null default 'draft',
  published_at timestamptz,
  swap_of_id uuid,
  note text not null default '',
  constraint staff_shifts_pkey primary key (biz_id, id),
  constraint staff_shifts_staff_id_id_key unique (biz_id, staff_id, id),
  constraint staff_shifts_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint staff_shifts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint staff_shifts_swap_of_id_fkey foreign key (biz_id, swap_of_id)
    references workforce.staff_shifts (biz_id, id),
  constraint staff_shifts_role_check check (length(role) <= 60),
  constraint staff_shifts_note_check check (length(note) <= 2000),
  constraint staff_shifts_planned_times_check check (
    planned_ends_at > planned_starts_at and planned_ends_at - planned_starts_at <= interval '72 hours'),
  constraint staff_shifts_actual_times_check check (actual_ends_at >= actual_starts_at),
  constraint staff_shifts_actual_check check (
    case status
      when 'in_progress' then actual_starts_at is not null and actual_ends_at is null
      when 'completed' then actual_starts_at is not null and actual_ends_at is not null
      else num_nonnulls(actual_starts_at, actual_ends_at) = 0 end),
  constraint staff_shifts_break_minutes_check check (break_minutes between 0 and 4320),
  constraint staff_shifts_published_check check (
    case status
      when 'draft' then published_at is null
      when 'cancelled' then true
      else published_at is not null end),
  constraint staff_shifts_swap_of_check check (swap_of_id <> id),
  constraint staff_shifts_no_overlap_excl exclude using gist (
    biz_id with =, staff_id with =, planned_period with &&) where (status <> 'cancelled')
);
comment on table workforce.staff_shifts is 'A time that somebody is planned to work, and when they really did.';
comment on column workforce.staff_shifts.staff_id is 'Who works. Once the shift is published, another person takes it by a swap or as a stand-in, which makes a shift of their own.';
comment on column workforce.staff_shifts.location_id is 'Where they work.';
comment on column workforce.staff_shifts.business_date is 'The business day it counts for, by its planned start; written once work begins.';
comment on column workforce.staff_shifts.role is 'As what they work, such as bar.';
comment on column workforce.staff_shifts.planned_starts_at is 'Planned start.';
comment on column workforce.staff_shifts.planned_ends_at is 'Planned end, that instant not included.';
comment on column workforce.staff_shifts.planned_period is 'From planned_starts_at to planned_ends_at, as a range.';
comment on column workforce.staff_shifts.actual_starts_at is 'When work really began.';
comment on column workforce.staff_shifts.actual_ends_at is 'When work really ended.';
comment on column workforce.staff_shifts.break_minutes is 'Minutes of unpaid breaks taken between the actual start and end.';
comment on column workforce.staff_shifts.overtime_minutes is 'Minutes worked beyond the plan: actual less planned time less breaks, never below 0.';
comment on column workforce.staff_shifts.status is 'Where it stands.';
comment on column workforce.staff_shifts.published_at is 'When it was shown on the roster.';
comment on column workforce.staff_shifts.swap_of_id is 'The shift of a colleague that this one replaces, after a swap or as a stand-in.';
comment on column workforce.staff_shifts.note is 'What the person should know.';
comment on constraint staff_shifts_role_check on workforce.staff_shifts is 'The role has 60 characters at most.';
comment on constraint staff_shifts_note_check on workforce.staff_shifts is 'The note has 2,000 characters at most.';
comment on constraint staff_shifts_staff_id_id_key on workforce.staff_shifts is 'A shift is one person''s.';
comment on constraint staff_shifts_planned_times_check on workforce.staff_shifts is 'The planned end must be after the start, by 72 hours at most.';
comment on constraint staff_shifts_actual_times_check on workforce.staff_shifts is 'The end cannot be before the start.';
comment on constraint staff_shifts_actual_check on workforce.staff_shifts is 'A shift in progress has an actual start, a completed one also an end, and no other has either.';
comment on constraint staff_shifts_break_minutes_check on workforce.staff_shifts is 'Breaks have between 0 and 4,320 minutes.';
comment on constraint staff_shifts_published_check on workforce.staff_shifts is 'A shift says when it was published, and a draft was not.';
comment on constraint staff_shifts_swap_of_check on workforce.staff_shifts is 'A shift does not replace itself.';
comment on constraint staff_shifts_no_overlap_excl on workforce.staff_shifts is 'The person already has a shift at that time.';

-- The roster of a location, and of a person.
create index staff_shifts_location_id_planned_starts_at_idx
  on workforce.staff_shifts (biz_id, location_id, planned_starts_at, id);
create index staff_shifts_staff_id_planned_starts_at_idx
  on workforce.staff_shifts (biz_id, staff_id, planned_starts_at, id);
create index staff_shifts_business_date_idx on workforce.staff_shifts (biz_id, business_date, id);
create unique index staff_shifts_swap_of_id_key on workforce.staff_shifts (biz_id, swap_of_id)
  where swap_of_id is not null and status <> 'cancelled';
comment on index workforce.staff_shifts_swap_of_id_key is 'This shift is already replaced by another.';

call core.install_table('workforce.staff_shifts', 'T', 'wfsh', registrable => true);

create trigger staff_shifts_staff_immutable
  before update on workforce.staff_shifts
  for each row when (old.status <> 'draft' and old.staff_id <> new.staff_id)
  execute function availability.refuse_update(
    'staff_shifts_staff_immutable_check',
    'A published shift keeps its person; it is swapped, or somebody stands in.');
create trigger staff_shifts_worked_immutable
  before update on workforce.staff_shifts
  for each row when (
    old.status in ('in_progress', 'completed', 'cancelled', 'no_show') and (old.location_id, old.business_date,
    old.planned_starts_at, old.planned_ends_at, old.swap_of_id) is distinct from (new.location_id,
    new.business_date, new.planned_starts_at, new.planned_ends_at, new.swap_of_id))
  execute function availability.refuse_update(
    'staff_shifts_worked_immutable_check',
    'The plan of a shift is not changed once work began or the shift is over.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('staff_shift', 'draft', 'published', false),
  ('staff_shift', 'draft', 'cancelled', false),
  ('staff_shift', 'published', 'confirmed', false),
  ('staff_shift', 'published', 'in_progress', false),
  ('staff_shift', 'published', 'cancelled', true),
  ('staff_shift', 'published', 'no_show', false),
  ('staff_shift', 'confirmed', 'in_progress', false),
  ('staff_shift', 'confirmed', 'cancelled', true),
  ('staff_shift', 'confirmed', 'no_show', false),
  ('staff_shift', 'in_progress', 'completed', false);
call core.install_state_machine('workforce.staff_shifts', 'status', 'staff_shift');

-- shift_swaps ---------------------------------------------------------------------------------------------------------

create table workforce.shift_swaps (
  biz_id uuid not null,
  id uuid not null,
  from_shift_id uuid not null,
  from_staff_id uuid not null,
  to_staff_id uuid not null,
  to_shift_id uuid,
  status workforce.shift_swap_status not null default 'requested',
  reason text not null default '',
  responded_at timestamptz,
  decided_by_id uuid,
  decided_at timestamptz,
  constraint shift_swaps_pkey primary key (biz_id, id),
  constraint shift_swaps_to_staff_id_fkey foreign key (biz_id, to_staff_id)
    references workforce.staff (biz_id, id),
  constraint shift_swaps_decided_by_id_fkey foreign key (decided_by_id)
    references identity.users (id),
  constraint shift_swaps_from_shift_id_fkey foreign key (biz_id, from_staff_id, from_shift_id)
    references workforce.staff_shifts (biz_id, staff_id, id),
  constraint shift_swaps_to_shift_id_fkey foreign key (biz_id, to_staff_id, to_shift_id)
    references workforce.staff_shifts (biz_id, staff_id, id),
  constraint shift_swaps_reason_check check (length(reason) <= 2000),
  constraint shift_swaps_people_check check (from_staff_id <> to_staff_id),
  constraint shift_swaps_responded_check check (
    responded_at is not null or status not in ('accepted', 'declined', 'approved', 'rejected')),
  constraint shift_swaps_decided_check check (
    (status in ('approved', 'rejected')) = (decided_at is not null)
    and (decided_at is null) = (decided_by_id is null))
);
comment on table workforce.shift_swaps is 'That somebody asks a colleague to take their shift, or to exchange shifts. Approving it makes new shifts, and cancels the old ones.';
comment on column workforce.shift_swaps.from_shift_id is 'The shift to be given away.';
comment on column workforce.shift_swaps.from_staff_id is 'Whose shift it is.';
comment on column workforce.shift_swaps.to_staff_id is 'The colleague who is asked.';
comment on column workforce.shift_swaps.to_shift_id is 'The shift of the colleague that is taken in return, if any.';
comment on column workforce.shift_swaps.status is 'Where it stands.';
comment on column workforce.shift_swaps.reason is 'Why, in words.';
comment on column workforce.shift_swaps.responded_at is 'When the colleague answered.';
comment on column workforce.shift_swaps.decided_by_id is 'The manager who decided.';
comment on column workforce.shift_swaps.decided_at is 'When the manager decided.';
comment on constraint shift_swaps_reason_check on workforce.shift_swaps is 'The reason has 2,000 characters at most.';
comment on constraint shift_swaps_from_shift_id_fkey on workforce.shift_swaps is 'The shift given away must be one of the person who gives it.';
comment on constraint shift_swaps_to_shift_id_fkey on workforce.shift_swaps is 'The shift taken in return must be one of the colleague.';
comment on constraint shift_swaps_people_check on workforce.shift_swaps is 'A shift swap needs two different people.';
comment on constraint shift_swaps_responded_check on workforce.shift_swaps is 'An answered swap says when the colleague answered.';
comment on constraint shift_swaps_decided_check on workforce.shift_swaps is 'A decided swap says who decided and when, and no other does.';

create unique index shift_swaps_open_key on workforce.shift_swaps (biz_id, from_shift_id)
  where status in ('requested', 'accepted');
comment on index workforce.shift_swaps_open_key is 'A swap of this shift is already open.';

call core.install_table('workforce.shift_swaps', 'T', 'wfss', registrable => true);
create index shift_swaps_status_idx on workforce.shift_swaps (biz_id, status, created_at, id)
  where status in ('requested', 'accepted');

create constraint trigger shift_swaps_four_eyes_check
  after insert or update of decided_by_id on workforce.shift_swaps
  not deferrable
  for each row when (new.decided_by_id is not null) execute function workforce.refuse_own_decision('from_staff_id', 'decided_by_id');
comment on constraint shift_swaps_four_eyes_check on workforce.shift_swaps is 'Nobody decides on their own request or hours.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('shift_swap', 'requested', 'accepted', false),
  ('shift_swap', 'requested', 'declined', false),
  ('shift_swap', 'requested', 'withdrawn', false),
  ('shift_swap', 'requested', 'expired', false),
  ('shift_swap', 'accepted', 'approved', false),
  ('shift_swap', 'accepted', 'rejected', true),
  ('shift_swap', 'accepted', 'withdrawn', false),
  ('shift_swap', 'accepted', 'expired', false);
call core.install_state_machine('workforce.shift_swaps', 'status', 'shift_swap');

-- open_shifts ---------------------------------------------------------------------------------------------------------

create table workforce.open_shifts (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  department_id uuid,
  business_date date not null,
  role text not null default '',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  break_minutes integer not null default 0,
  status workforce.open_shift_status not null default 'open',
  filled_shift_id uuid,
  filled_by_id uuid,
  note text not null default '',
  constraint open_shifts_pkey primary key (biz_id, id),
  constraint open_shifts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint open_shifts_department_id_fkey foreign key (biz_id, department_id)
    references workforce.departments (biz_id, id),
  constraint open_shifts_filled_by_id_fkey foreign key (biz_id, filled_by_id)
    references workforce.staff (biz_id, id),
  constraint open_shifts_filled_shift_id_fkey foreign key (biz_id, filled_by_id, filled_shift_id)
    references workforce.staff_shifts (biz_id, staff_id, id),
  constraint open_shifts_role_check check (length(role) <= 60),
  constraint open_shifts_note_check check (length(note) <= 2000),
  constraint open_shifts_times_check check (ends_at > starts_at and ends_at - starts_at <= interval '72 hours'),
  constraint open_shifts_break_minutes_check check (break_minutes between 0 and 4320),
  constraint open_shifts_filled_check check (
    num_nonnulls(filled_shift_id, filled_by_id) = case when status = 'filled' then 2 else 0 end)
);
comment on table workforce.open_shifts is 'A time for which somebody is still wanted. Whoever takes it gets a shift.';
comment on column workforce.open_shifts.location_id is 'Where the work is.';
comment on column workforce.open_shifts.department_id is 'The department that offers it.';
comment on column workforce.open_shifts.business_date is 'The business day it counts for.';
comment on column workforce.open_shifts.role is 'As what, such as bar.';
comment on column workforce.open_shifts.starts_at is 'When it begins.';
comment on column workforce.open_shifts.ends_at is 'When it ends, that instant not included.';
comment on column workforce.open_shifts.break_minutes is 'Minutes of unpaid breaks.';
comment on column workforce.open_shifts.status is 'Where it stands.';
comment on column workforce.open_shifts.filled_shift_id is 'The shift that was made of it.';
comment on column workforce.open_shifts.filled_by_id is 'Who took it.';
comment on column workforce.open_shifts.note is 'What those should know who may take it.';
comment on constraint open_shifts_role_check on workforce.open_shifts is 'The role has 60 characters at most.';
comment on constraint open_shifts_note_check on workforce.open_shifts is 'The note has 2,000 characters at most.';
comment on constraint open_shifts_filled_shift_id_fkey on workforce.open_shifts is 'The shift must be one of whoever took it.';
comment on constraint open_shifts_times_check on workforce.open_shifts is 'The end must be after the start, by 72 hours at most.';
comment on constraint open_shifts_break_minutes_check on workforce.open_shifts is 'Breaks have between 0 and 4,320 minutes.';
comment on constraint open_shifts_filled_check on workforce.open_shifts is 'A filled open shift says by whom and by which shift, and no other does.';

create unique index open_shifts_filled_shift_id_key on workforce.open_shifts (biz_id, filled_shift_id)
  where filled_shift_id is not null;
comment on index workforce.open_shifts_filled_shift_id_key is 'This shift already fills another open shift.';
-- What can still be taken.
create index open_shifts_starts_at_idx on workforce.open_shifts (biz_id, starts_at, id) where status = 'open';
create index open_shifts_location_id_starts_at_idx on workforce.open_shifts (biz_id, location_id, starts_at, id);

call core.install_table('workforce.open_shifts', 'T', 'wfos', registrable => true);

create trigger open_shifts_taken
  before update on workforce.open_shifts
  for each row when (old.status = 'filled' and new.status = 'filled' and old.filled_by_id <> new.filled_by_id)
  execute function availability.refuse_update('open_shifts_taken_check', 'Somebody else already has this shift.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('open_shift', 'open', 'filled', false),
  ('open_shift', 'open', 'cancelled', false),
  ('open_shift', 'open', 'expired', false),
  ('open_shift', 'filled', 'open', true);
call core.install_state_machine('workforce.open_shifts', 'status', 'open_shift');

-- open_shift_skills ---------------------------------------------------------------------------------------------------

create table workforce.open_shift_skills (
  biz_id uuid not null,
  open_shift_id uuid not null,
  capability_template_id uuid not null,
  constraint open_shift_skills_pkey primary key (biz_id, open_shift_id, capability_template_id),
  constraint open_shift_skills_open_shift_id_fkey foreign key (biz_id, open_shift_id)
    references workforce.open_shifts (biz_id, id),
  constraint open_shift_skills_capability_template_id_fkey foreign key (biz_id, capability_template_id)
    references resources.capability_templates (biz_id, id)
);
comment on table workforce.open_shift_skills is 'That whoever takes an open shift must have a skill or licence.';
comment on column workforce.open_shift_skills.open_shift_id is 'The open shift.';
comment on column workforce.open_shift_skills.capability_template_id is 'The skill or licence.';

call core.install_table('workforce.open_shift_skills', 'L', null);

-- timesheets ----------------------------------------------------------------------------------------------------------

create table workforce.timesheets (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  worked_minutes integer not null default 0,
  travel_minutes integer not null default 0,
  training_minutes integer not null default 0,
  break_minutes integer not null default 0,
  leave_minutes integer not null default 0,
  overtime_minutes integer not null default 0,
  adjustment_minutes integer not null default 0,
  adjustment_reason text,
  status workforce.timesheet_status not null default 'open',
  submitted_at timestamptz,
  approved_by_id uuid,
  approved_at timestamptz,
  exported_at timestamptz,
  export_ref text,
  constraint timesheets_pkey primary key (biz_id, id),
  constraint timesheets_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint timesheets_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint timesheets_adjustment_reason_check check (
    btrim(adjustment_reason) <> '' and length(adjustment_reason) <= 2000),
  constraint timesheets_export_ref_check check (btrim(export_ref) <> '' and length(export_ref) <= 200),
  constraint timesheets_dates_check check (ends_on > starts_on and ends_on - starts_on <= 62),
  constraint timesheets_minutes_check check (
    worked_minutes >= 0 and travel_minutes >= 0 and training_minutes >= 0 and break_minutes >= 0
    and leave_minutes >= 0 and overtime_minutes between 0 and worked_minutes + travel_minutes + training_minutes),
  constraint timesheets_adjustment_check check (adjustment_minutes = 0 or adjustment_reason is not null),
  constraint timesheets_submitted_check check (status in ('open', 'rejected') or submitted_at is not null),
  constraint timesheets_approved_check check (
    (status in ('approved', 'exported')) = (approved_at is not null)
    and (approved_at is null) = (approved_by_id is null)),
  constraint timesheets_exported_check check ((status = 'exported') = (exported_at is not null)),
  constraint timesheets_no_overlap_excl exclude using gist (
    biz_id with =, staff_id with =, period with &&)
);
comment on table workforce.timesheets is 'The hours of a person over some days, signed by them and by a manager, and handed to payroll.';
comment on column workforce.timesheets.staff_id is 'Whose hours.';
comment on column workforce.timesheets.starts_on is 'First business day.';
comment on column workforce.timesheets.ends_on is 'First business day that is no longer in it.';
comment on column workforce.timesheets.period is 'From starts_on to ends_on, as a range.';
comment on column workforce.timesheets.worked_minutes is 'Minutes of work, travel and training not included.';
comment on column workforce.timesheets.travel_minutes is 'Minutes on the way on duty.';
comment on column workforce.timesheets.training_minutes is 'Minutes of training.';
comment on column workforce.timesheets.break_minutes is 'Minutes of breaks, which are not paid.';
comment on column workforce.timesheets.leave_minutes is 'Minutes of paid leave.';
comment on column workforce.timesheets.overtime_minutes is 'Those of the minutes that are paid as overtime.';
comment on column workforce.timesheets.adjustment_minutes is 'Minutes added, or taken off if negative, such as for an error in one already exported.';
comment on column workforce.timesheets.adjustment_reason is 'Why minutes were added or taken off.';
comment on column workforce.timesheets.status is 'Where it stands.';
comment on column workforce.timesheets.submitted_at is 'When it was last submitted.';
comment on column workforce.timesheets.approved_by_id is 'Who approved it.';
comment on column workforce.timesheets.approved_at is 'When it was approved.';
comment on column workforce.timesheets.exported_at is 'When it was handed to payroll.';
comment on column workforce.timesheets.export_ref is 'The payroll run it went into.';
comment on constraint timesheets_adjustment_reason_check on workforce.timesheets is 'An adjustment reason is not blank, and of 2,000 characters at most.';
comment on constraint timesheets_export_ref_check on workforce.timesheets is 'An export ref is not blank, and of 200 characters at most.';
comment on constraint timesheets_dates_check on workforce.timesheets is 'The end must be after the start, by 62 days at most.';
comment on constraint timesheets_minutes_check on workforce.timesheets is 'No minutes are negative, and overtime is a part of the time worked.';
comment on constraint timesheets_adjustment_check on workforce.timesheets is 'Minutes are added or taken off with a reason.';
comment on constraint timesheets_submitted_check on workforce.timesheets is 'A submitted timesheet says when.';
comment on constraint timesheets_approved_check on workforce.timesheets is 'An approved timesheet says by whom and when, and no other does.';
comment on constraint timesheets_exported_check on workforce.timesheets is 'An exported timesheet says when, and no other does.';
comment on constraint timesheets_no_overlap_excl on workforce.timesheets is 'The person already has a timesheet for some of these days.';

-- Timesheets of a pay period, by status.
create index timesheets_status_idx on workforce.timesheets (biz_id, status, starts_on, id);
create index timesheets_staff_id_starts_on_idx on workforce.timesheets (biz_id, staff_id, starts_on);

call core.install_table('workforce.timesheets', 'T', 'wfts', registrable => true);

create trigger timesheets_approved_immutable
  before update on workforce.timesheets
  for each row when (
    old.status in ('approved', 'exported') and new.status in ('approved', 'exported') and (old.staff_id,
    old.starts_on, old.ends_on, old.worked_minutes, old.travel_minutes, old.training_minutes, old.break_minutes,
    old.leave_minutes, old.overtime_minutes, old.adjustment_minutes, old.adjustment_reason, old.submitted_at,
    old.approved_by_id, old.approved_at) is distinct from (new.staff_id, new.starts_on, new.ends_on,
    new.worked_minutes, new.travel_minutes, new.training_minutes, new.break_minutes, new.leave_minutes,
    new.overtime_minutes, new.adjustment_minutes, new.adjustment_reason, new.submitted_at, new.approved_by_id,
    new.approved_at))
  execute function availability.refuse_update(
    'timesheets_approved_immutable_check',
    'An approved timesheet is not changed any more.');
create trigger timesheets_staff_immutable
  before update on workforce.timesheets
  for each row when (old.staff_id <> new.staff_id)
  execute function availability.refuse_update('timesheets_staff_immutable_check', 'A timesheet stays with its person.');

create constraint trigger timesheets_four_eyes_check
  after insert or update of approved_by_id on workforce.timesheets
  not deferrable
  for each row when (new.approved_by_id is not null) execute function workforce.refuse_own_decision('staff_id', 'approved_by_id');
comment on constraint timesheets_four_eyes_check on workforce.timesheets is 'Nobody decides on their own request or hours.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('timesheet', 'open', 'submitted', false),
  ('timesheet', 'submitted', 'approved', false),
  ('timesheet', 'submitted', 'rejected', true),
  ('timesheet', 'submitted', 'open', false),
  ('timesheet', 'rejected', 'open', false),
  ('timesheet', 'approved', 'exported', false),
  ('timesheet', 'approved', 'rejected', true);
call core.install_state_machine('workforce.timesheets', 'status', 'timesheet');

-- work_time_segments --------------------------------------------------------------------------------------------------

create table workforce.work_time_segments (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  shift_id uuid,
  location_id uuid,
  business_date date not null,
  kind workforce.time_segment_kind not null default 'work',
  starts_at timestamptz not null,
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  source workforce.time_source not null default 'clock',
  client_recorded_at timestamptz,
  lat numeric(9,6),
  lng numeric(9,6),
  is_flagged boolean not null default false,
  approved_by_id uuid,
  approved_at timestamptz,
  corrects_id uuid,
  correction_reason text,
  superseded_at timestamptz,
  constraint work_time_segments_pkey primary key (biz_id, id),
  constraint work_time_segments_staff_id_id_key unique (biz_id, staff_id, id),
  constraint work_time_segments_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint work_time_segments_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint work_time_segments_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint work_time_segments_shift_id_fkey foreign key (biz_id, staff_id, shift_id)
    references workforce.staff_shifts (biz_id, staff_id, id),
  constraint work_time_segments_corrects_id_fkey foreign key (biz_id, staff_id, corrects_id)
    references workforce.work_time_segments (biz_id, staff_id, id),
  constraint work_time_segments_correction_reason_check check (
    btrim(correction_reason) <> '' and length(correction_reason) <= 2000),
  constraint work_time_segments_times_check check (ends_at > starts_at and ends_at - starts_at <= interval '36 hours'),
  constraint work_time_segments_point_check check (
    num_nonnulls(lat, lng) in (0, 2) and lat between -90 and 90 and lng between -180 and 180),
  constraint work_time_segments_approved_check check (
    (approved_at is null) = (approved_by_id is null) and (approved_at is null or ends_at is not null)),
  constraint work_time_segments_correction_check check (
    (corrects_id is null) = (correction_reason is null) and corrects_id <> id)
);
comment on table workforce.work_time_segments is 'A time that somebody worked, had a break, travelled or was trained without interruption. What was approved is corrected by another row.';
comment on column workforce.work_time_segments.staff_id is 'Whose time.';
comment on column workforce.work_time_segments.shift_id is 'The shift it belongs to, one of that person, if any.';
comment on column workforce.work_time_segments.location_id is 'Where.';
comment on column workforce.work_time_segments.business_date is 'The business day it counts for, by its start; never changed.';
comment on column workforce.work_time_segments.kind is 'What they did.';
comment on column workforce.work_time_segments.starts_at is 'When it began, by the server''s clock unless entered by hand.';
comment on column workforce.work_time_segments.ends_at is 'When it ended, that instant not included; empty while it goes on.';
comment on column workforce.work_time_segments.period is 'From starts_at to ends_at, as a range.';
comment on column workforce.work_time_segments.source is 'Who says so.';
comment on column workforce.work_time_segments.client_recorded_at is 'What the clock of the person''s device said; shown, and not relied on.';
comment on column workforce.work_time_segments.lat is 'Latitude where they clocked in, in degrees.';
comment on column workforce.work_time_segments.lng is 'Longitude where they clocked in, in degrees.';
comment on column workforce.work_time_segments.is_flagged is 'Whether it should be looked at, such as for a clock-out that is missing.';
comment on column workforce.work_time_segments.approved_by_id is 'Who approved it.';
comment on column workforce.work_time_segments.approved_at is 'When it was approved.';
comment on column workforce.work_time_segments.corrects_id is 'The row that this one corrects.';
comment on column workforce.work_time_segments.correction_reason is 'Why it had to be corrected.';
comment on column workforce.work_time_segments.superseded_at is 'When a correction took its place; it counts no more.';
comment on constraint work_time_segments_correction_reason_check on workforce.work_time_segments is 'A correction reason is not blank, and of 2,000 characters at most.';
comment on constraint work_time_segments_staff_id_id_key on workforce.work_time_segments is 'A time is one person''s.';
comment on constraint work_time_segments_shift_id_fkey on workforce.work_time_segments is 'The shift must be one of the same person.';
comment on constraint work_time_segments_corrects_id_fkey on workforce.work_time_segments is 'What is corrected must be a time of the same person.';
comment on constraint work_time_segments_times_check on workforce.work_time_segments is 'The end must be after the start, by 36 hours at most.';
comment on constraint work_time_segments_point_check on workforce.work_time_segments is 'A point has a latitude between -90 and 90 and a longitude between -180 and 180.';
comment on constraint work_time_segments_approved_check on workforce.work_time_segments is 'An approved time says who approved it and when, and has ended.';
comment on constraint work_time_segments_correction_check on workforce.work_time_segments is 'A correction says what it corrects and why.';

create unique index work_time_segments_open_key on workforce.work_time_segments (biz_id, staff_id)
  where ends_at is null and superseded_at is null;
comment on index workforce.work_time_segments_open_key is 'The person is already clocked in.';
create unique index work_time_segments_corrects_id_key on workforce.work_time_segments (biz_id, corrects_id)
  where corrects_id is not null;
comment on index workforce.work_time_segments_corrects_id_key is 'This time is already corrected by another row.';
-- Who is clocked in now; the hours of a person.
create index work_time_segments_clocked_in_idx on workforce.work_time_segments (biz_id, location_id, starts_at, id)
  where ends_at is null and superseded_at is null;
create index work_time_segments_staff_id_starts_at_idx
  on workforce.work_time_segments (biz_id, staff_id, starts_at, id);

call core.install_table('workforce.work_time_segments', 'T', 'wfsg');
alter table workforce.work_time_segments add constraint work_time_segments_no_overlap_excl
  exclude using gist (biz_id with =, staff_id with =, period with &&) where (superseded_at is null);
comment on constraint work_time_segments_no_overlap_excl on workforce.work_time_segments is 'The person already has another time recorded then.';

create trigger work_time_segments_staff_immutable
  before update on workforce.work_time_segments
  for each row when (old.staff_id <> new.staff_id)
  execute function availability.refuse_update(
    'work_time_segments_staff_immutable_check',
    'A recorded time stays with its person.');
create trigger work_time_segments_business_date_immutable
  before update on workforce.work_time_segments
  for each row when (old.business_date <> new.business_date)
  execute function availability.refuse_update(
    'work_time_segments_business_date_immutable_check',
    'The business date is never changed.');
create trigger work_time_segments_approved_immutable
  before update on workforce.work_time_segments
  for each row when (
    old.approved_at is not null and (old.shift_id, old.location_id, old.kind, old.starts_at, old.ends_at,
    old.source, old.approved_by_id, old.approved_at, old.corrects_id) is distinct from (new.shift_id,
    new.location_id, new.kind, new.starts_at, new.ends_at, new.source, new.approved_by_id, new.approved_at,
    new.corrects_id))
  execute function availability.refuse_update(
    'work_time_segments_approved_immutable_check',
    'An approved time is not changed; correct it by another row, with a reason.');
create trigger work_time_segments_superseded_immutable
  before update on workforce.work_time_segments
  for each row when (old.superseded_at is not null)
  execute function availability.refuse_update(
    'work_time_segments_superseded_immutable_check',
    'A corrected time is not changed any more.');

create constraint trigger work_time_segments_four_eyes_check
  after insert or update of approved_by_id on workforce.work_time_segments
  not deferrable
  for each row when (new.approved_by_id is not null) execute function workforce.refuse_own_decision('staff_id', 'approved_by_id');
comment on constraint work_time_segments_four_eyes_check on workforce.work_time_segments is 'Nobody decides on their own request or hours.';

-- A timesheet is locked when it is approved: the shared lock makes one of the two wait, and see what the other did.
create function workforce.refuse_locked_time() returns trigger
language plpgsql as $$
begin
  perform
  from workforce.timesheets t
  where t.biz_id = new.biz_id
    and t.staff_id = new.staff_id
    and t.starts_on <= new.business_date
    and t.ends_on > new.business_date
  for share;

  if exists (
    select
    from workforce.timesheets t
    where t.biz_id = new.biz_id
      and t.staff_id = new.staff_id
      and t.starts_on <= new.business_date
      and t.ends_on > new.business_date
      and t.status in ('approved', 'exported')
  ) then
    raise exception using
      errcode = '23514',
      message = 'The timesheet of that day is approved; reopen it first.',
      schema = 'workforce',
      table = 'work_time_segments',
      column = 'business_date',
      constraint = 'work_time_segments_timesheet_locked_check';
  end if;
  return new;
end
$$;
comment on function workforce.refuse_locked_time() is 'Trigger: no time is recorded or changed on a day whose timesheet is approved.';
create trigger work_time_segments_timesheet_locked
  before insert or update of kind, starts_at, ends_at, superseded_at, shift_id on workforce.work_time_segments
  for each row execute function workforce.refuse_locked_time();

-- What was corrected gives up its place in the same statement that corrects it: both count never, and neither never.
create function workforce.supersede_time() returns trigger
language plpgsql as $$
begin
  update workforce.work_time_segments s
  set superseded_at = now()
  where s.biz_id = new.biz_id
    and s.id = new.corrects_id
    and s.superseded_at is null;
  return new;
end
$$;
comment on function workforce.supersede_time() is 'Trigger: a correction takes the place of what it corrects.';
create trigger work_time_segments_supersede
  before insert on workforce.work_time_segments
  for each row when (new.corrects_id is not null) execute function workforce.supersede_time();

-- overtime_policies ---------------------------------------------------------------------------------------------------

create table workforce.overtime_policies (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  location_id uuid,
  tier smallint not null default 1,
  daily_threshold_minutes integer,
  weekly_threshold_minutes integer,
  multiplier numeric(9,4) not null,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint overtime_policies_pkey primary key (biz_id, id),
  constraint overtime_policies_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint overtime_policies_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint overtime_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint overtime_policies_tier_check check (tier between 1 and 9),
  constraint overtime_policies_thresholds_check check (
    num_nonnulls(daily_threshold_minutes, weekly_threshold_minutes) > 0
    and daily_threshold_minutes between 0 and 1440 and weekly_threshold_minutes between 0 and 10080),
  constraint overtime_policies_multiplier_check check (multiplier between 1 and 10),
  constraint overtime_policies_dates_check check (ends_on > starts_on)
);
comment on table workforce.overtime_policies is 'From how many hours on time is overtime, and what it is worth, at one location or everywhere.';
comment on column workforce.overtime_policies.code is 'Short name used in reports.';
comment on column workforce.overtime_policies.name is 'Name shown to staff.';
comment on column workforce.overtime_policies.location_id is 'The location it is for; empty for those that have none of their own.';
comment on column workforce.overtime_policies.tier is '1 for the first hours of overtime, 2 for those beyond at a higher rate, and so on.';
comment on column workforce.overtime_policies.daily_threshold_minutes is 'Minutes of a day beyond which time is overtime.';
comment on column workforce.overtime_policies.weekly_threshold_minutes is 'Minutes of a week beyond which time is overtime.';
comment on column workforce.overtime_policies.multiplier is 'What an hour of it is worth of a usual hour: 1.5 for half as much again.';
comment on column workforce.overtime_policies.starts_on is 'First day on which it holds.';
comment on column workforce.overtime_policies.ends_on is 'First day on which it no longer holds; none means until further notice.';
comment on column workforce.overtime_policies.period is 'From starts_on to ends_on, as a range.';
comment on constraint overtime_policies_code_check on workforce.overtime_policies is 'A code is required, of 60 characters at most.';
comment on constraint overtime_policies_name_check on workforce.overtime_policies is 'A name is required, of 200 characters at most.';
comment on constraint overtime_policies_tier_check on workforce.overtime_policies is 'A tier is between 1 and 9.';
comment on constraint overtime_policies_thresholds_check on workforce.overtime_policies is 'A policy has a threshold for the day, the week or both, within their lengths.';
comment on constraint overtime_policies_multiplier_check on workforce.overtime_policies is 'An hour of overtime is worth between 1 and 10 usual hours.';
comment on constraint overtime_policies_dates_check on workforce.overtime_policies is 'The end must be after the start.';

call core.install_table('workforce.overtime_policies', 'M', 'wfop', registrable => true);
alter table workforce.overtime_policies add constraint overtime_policies_no_overlap_excl
  exclude using gist (
    biz_id with =, coalesce(location_id, '00000000-0000-0000-0000-000000000000') with =, tier with =, period with &&)
    where (deleted_at is null);
comment on constraint overtime_policies_no_overlap_excl on workforce.overtime_policies is 'Another policy already holds there for this tier at that time.';

-- overtime_forecasts --------------------------------------------------------------------------------------------------

create table workforce.overtime_forecasts (
  biz_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  week_starts_on date not null,
  overtime_policy_id uuid,
  planned_minutes integer not null,
  worked_minutes integer not null default 0,
  projected_overtime_minutes integer not null,
  computed_at timestamptz not null default now(),
  constraint overtime_forecasts_pkey primary key (biz_id, id),
  constraint overtime_forecasts_staff_id_week_starts_on_key unique (biz_id, staff_id, week_starts_on),
  constraint overtime_forecasts_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint overtime_forecasts_overtime_policy_id_fkey foreign key (biz_id, overtime_policy_id)
    references workforce.overtime_policies (biz_id, id),
  constraint overtime_forecasts_minutes_check check (
    planned_minutes >= 0 and worked_minutes >= 0 and projected_overtime_minutes >= 0)
);
comment on table workforce.overtime_forecasts is 'How much overtime a person is heading for in a week, as reckoned from the roster and the hours so far.';
comment on column workforce.overtime_forecasts.staff_id is 'Who.';
comment on column workforce.overtime_forecasts.week_starts_on is 'First day of the week.';
comment on column workforce.overtime_forecasts.overtime_policy_id is 'The policy it was reckoned by.';
comment on column workforce.overtime_forecasts.planned_minutes is 'Minutes on the roster of the whole week.';
comment on column workforce.overtime_forecasts.worked_minutes is 'Minutes worked so far.';
comment on column workforce.overtime_forecasts.projected_overtime_minutes is 'Minutes of overtime if the rest of the roster is worked.';
comment on column workforce.overtime_forecasts.computed_at is 'When it was reckoned.';
comment on constraint overtime_forecasts_staff_id_week_starts_on_key on workforce.overtime_forecasts is 'There is already a forecast of this week.';
comment on constraint overtime_forecasts_minutes_check on workforce.overtime_forecasts is 'No minutes are negative.';

-- Who is heading for most, in a week.
create index overtime_forecasts_week_starts_on_idx
  on workforce.overtime_forecasts (biz_id, week_starts_on, projected_overtime_minutes, id);

call core.install_table('workforce.overtime_forecasts', 'T', 'wfof');
