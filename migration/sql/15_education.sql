-- Education: programmes, the cohorts that go through them, their sessions, results and certificates.

create schema education;
comment on schema education is 'Programmes and cohorts: sessions, attendance, assessments and certificates.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain education.cohort_status as text constraint cohort_status_check check (value in (
  'draft', 'open', 'full', 'running', 'completed', 'cancelled'));
comment on domain education.cohort_status is 'Where a cohort stands.
draft: Being planned.
open: Customers can enrol.
full: All places are taken; customers can join the waiting list.
running: Has begun.
completed: Over, and results are in.
cancelled: Does not take place.';
comment on constraint cohort_status_check on domain education.cohort_status is 'Unknown cohort status.';

create domain education.cohort_session_status as text constraint cohort_session_status_check check (value in (
  'scheduled', 'held', 'cancelled', 'rescheduled'));
comment on domain education.cohort_session_status is 'Where a session stands.
scheduled: Yet to take place.
held: Took place.
cancelled: Does not take place.
rescheduled: Takes place at another time, as another session.';
comment on constraint cohort_session_status_check on domain education.cohort_session_status is 'Unknown cohort session status.';

create domain education.cohort_enrollment_status as text constraint cohort_enrollment_status_check check (value in (
  'waitlisted', 'enrolled', 'completed', 'failed', 'withdrawn', 'expelled', 'expired'));
comment on domain education.cohort_enrollment_status is 'Where somebody stands with a cohort.
waitlisted: Waits for a place.
enrolled: Has a place.
completed: Met what the programme asks.
failed: Did not.
withdrawn: Left of their own will.
expelled: Had to leave.
expired: Waited, and got no place.';
comment on constraint cohort_enrollment_status_check on domain education.cohort_enrollment_status is 'Unknown cohort enrollment status.';

create domain education.attendance_status as text constraint attendance_status_check check (value in (
  'present', 'late', 'absent', 'excused'));
comment on domain education.attendance_status is 'Whether somebody was there.
present: From the beginning.
late: From later on.
absent: No, and without excuse.
excused: No, with an excuse.';
comment on constraint attendance_status_check on domain education.attendance_status is 'Unknown attendance status.';

create domain education.award_status as text constraint award_status_check check (value in (
  'issued', 'expired', 'revoked', 'renewed'));
comment on domain education.award_status is 'Where a certificate stands.
issued: It holds.
expired: It no longer holds.
revoked: It was taken back.
renewed: Another took its place.';
comment on constraint award_status_check on domain education.award_status is 'Unknown award status.';

-- programs ------------------------------------------------------------------------------------------------------------

create table education.programs (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  title text not null,
  description text not null default '',
  sellable_id uuid,
  requirements text not null default '',
  duration_minutes integer,
  credits numeric(9,2),
  min_attendance_bps integer not null default 0,
  min_score numeric(5,2) not null default 0,
  requires_all_assessments boolean not null default false,
  is_active boolean not null default true,
  constraint programs_pkey primary key (biz_id, id),
  constraint programs_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint programs_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint programs_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint programs_description_check check (length(description) <= 10000),
  constraint programs_requirements_check check (length(requirements) <= 10000),
  constraint programs_duration_minutes_check check (duration_minutes > 0),
  constraint programs_credits_check check (credits >= 0),
  constraint programs_min_attendance_check check (min_attendance_bps between 0 and 10000),
  constraint programs_min_score_check check (min_score between 0 and 100)
);
comment on table education.programs is 'Something that is taught over several sessions, such as a language course, and what it takes to complete it.';
comment on column education.programs.code is 'Short name, unique among the programmes in use.';
comment on column education.programs.title is 'Title shown to customers.';
comment on column education.programs.description is 'What customers read about it.';
comment on column education.programs.sellable_id is 'What is bought to take part, if it is sold.';
comment on column education.programs.requirements is 'What somebody must bring or know.';
comment on column education.programs.duration_minutes is 'How long it takes in all.';
comment on column education.programs.credits is 'How many credits it gives where such are counted.';
comment on column education.programs.min_attendance_bps is 'What part of the sessions must be attended to complete it, in hundredths of a percent: 8000 is 80 %.';
comment on column education.programs.min_score is 'The least weighted score, of 100, to complete it.';
comment on column education.programs.requires_all_assessments is 'Whether every assessment must have a result to complete it.';
comment on column education.programs.is_active is 'Whether new cohorts are planned.';
comment on constraint programs_code_check on education.programs is 'A code is required, of 60 characters at most.';
comment on constraint programs_title_check on education.programs is 'A title is required, of 200 characters at most.';
comment on constraint programs_description_check on education.programs is 'The description has 10,000 characters at most.';
comment on constraint programs_requirements_check on education.programs is 'The requirements has 10,000 characters at most.';
comment on constraint programs_duration_minutes_check on education.programs is 'The duration must be more than 0.';
comment on constraint programs_credits_check on education.programs is 'Credits are not negative.';
comment on constraint programs_min_attendance_check on education.programs is 'The attendance asked for is between 0 and 100 %.';
comment on constraint programs_min_score_check on education.programs is 'The score asked for is between 0 and 100.';

call core.install_table('education.programs', 'M', 'edpr', registrable => true);
call core.configure_graph('education.programs', aggregates => true);
create unique index programs_code_key on education.programs (biz_id, code) where deleted_at is null;
comment on index education.programs_code_key is 'Another programme has this code.';

-- program_cohorts -----------------------------------------------------------------------------------------------------

create table education.program_cohorts (
  biz_id uuid not null,
  id uuid not null,
  program_id uuid not null,
  code text not null,
  name text not null default '',
  location_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  enrollment_ends_at timestamptz,
  capacity integer not null,
  enrolled_count integer not null default 0,
  waitlist_limit integer not null default 0,
  waitlisted_count integer not null default 0,
  status education.cohort_status not null default 'draft',
  lead_id uuid,
  constraint program_cohorts_pkey primary key (biz_id, id),
  constraint program_cohorts_code_key unique (biz_id, program_id, code),
  constraint program_cohorts_program_id_fkey foreign key (biz_id, program_id)
    references education.programs (biz_id, id),
  constraint program_cohorts_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint program_cohorts_lead_id_fkey foreign key (biz_id, lead_id)
    references workforce.staff (biz_id, id),
  constraint program_cohorts_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint program_cohorts_name_check check (length(name) <= 200),
  constraint program_cohorts_dates_check check (ends_on > starts_on),
  constraint program_cohorts_capacity_check check (capacity >= 0 and waitlist_limit >= 0),
  constraint program_cohorts_enrolled_check check (enrolled_count between 0 and capacity),
  constraint program_cohorts_waitlisted_check check (waitlisted_count between 0 and waitlist_limit),
  constraint program_cohorts_full_check check (status <> 'full' or enrolled_count = capacity)
);
comment on table education.program_cohorts is 'A group of people who go through a programme together. Its counters are its enrolments; only verbs change them.';
comment on column education.program_cohorts.program_id is 'The programme.';
comment on column education.program_cohorts.code is 'Short name, such as spring-2027.';
comment on column education.program_cohorts.name is 'Name shown to customers, where it differs from the programme''s title.';
comment on column education.program_cohorts.location_id is 'Where it takes place, or is run from.';
comment on column education.program_cohorts.starts_on is 'First day.';
comment on column education.program_cohorts.ends_on is 'First day after it.';
comment on column education.program_cohorts.enrollment_ends_at is 'Until when customers can enrol; none means until it begins.';
comment on column education.program_cohorts.capacity is 'How many places there are.';
comment on column education.program_cohorts.enrolled_count is 'How many places are taken.';
comment on column education.program_cohorts.waitlist_limit is 'How many may wait for a place.';
comment on column education.program_cohorts.waitlisted_count is 'How many wait.';
comment on column education.program_cohorts.status is 'Where it stands.';
comment on column education.program_cohorts.lead_id is 'Who is responsible for it.';
comment on constraint program_cohorts_code_check on education.program_cohorts is 'A code is required, of 60 characters at most.';
comment on constraint program_cohorts_name_check on education.program_cohorts is 'The name has 200 characters at most.';
comment on constraint program_cohorts_code_key on education.program_cohorts is 'The programme already has a cohort with this code.';
comment on constraint program_cohorts_dates_check on education.program_cohorts is 'The end must be after the start.';
comment on constraint program_cohorts_capacity_check on education.program_cohorts is 'Capacity and waiting list cannot be negative.';
comment on constraint program_cohorts_enrolled_check on education.program_cohorts is 'There is no place left.';
comment on constraint program_cohorts_waitlisted_check on education.program_cohorts is 'The waiting list is full.';
comment on constraint program_cohorts_full_check on education.program_cohorts is 'A cohort is full when all of its places are taken.';

-- How full the coming cohorts are.
create index program_cohorts_status_starts_on_idx on education.program_cohorts (biz_id, status, starts_on, id);
create index program_cohorts_location_id_starts_on_idx
  on education.program_cohorts (biz_id, location_id, starts_on, id);

call core.install_table('education.program_cohorts', 'T', 'edco', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('cohort', 'draft', 'open', false),
  ('cohort', 'open', 'full', false),
  ('cohort', 'full', 'open', false),
  ('cohort', 'open', 'running', false),
  ('cohort', 'full', 'running', false),
  ('cohort', 'running', 'completed', false),
  ('cohort', 'draft', 'cancelled', true),
  ('cohort', 'open', 'cancelled', true),
  ('cohort', 'full', 'cancelled', true);
call core.install_state_machine('education.program_cohorts', 'status', 'cohort');

-- program_cohort_sessions ---------------------------------------------------------------------------------------------

create table education.program_cohort_sessions (
  biz_id uuid not null,
  id uuid not null,
  cohort_id uuid not null,
  seq smallint not null,
  topic text not null default '',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  instructor_id uuid,
  resource_id uuid,
  allocation_id uuid,
  join_url text,
  status education.cohort_session_status not null default 'scheduled',
  reschedules_id uuid,
  note text not null default '',
  constraint program_cohort_sessions_pkey primary key (biz_id, id),
  constraint program_cohort_sessions_cohort_id_id_key unique (biz_id, cohort_id, id),
  constraint program_cohort_sessions_cohort_id_fkey foreign key (biz_id, cohort_id)
    references education.program_cohorts (biz_id, id),
  constraint program_cohort_sessions_instructor_id_fkey foreign key (biz_id, instructor_id)
    references workforce.staff (biz_id, id),
  constraint program_cohort_sessions_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint program_cohort_sessions_allocation_id_fkey foreign key (biz_id, allocation_id)
    references availability.allocations (biz_id, id),
  constraint program_cohort_sessions_reschedules_id_fkey foreign key (biz_id, reschedules_id)
    references education.program_cohort_sessions (biz_id, id),
  constraint program_cohort_sessions_topic_check check (length(topic) <= 200),
  constraint program_cohort_sessions_join_url_check check (btrim(join_url) <> '' and length(join_url) <= 2000),
  constraint program_cohort_sessions_note_check check (length(note) <= 10000),
  constraint program_cohort_sessions_seq_check check (seq >= 1),
  constraint program_cohort_sessions_times_check check (
    ends_at > starts_at and ends_at - starts_at <= interval '24 hours'),
  constraint program_cohort_sessions_allocation_check check (allocation_id is null or resource_id is not null),
  constraint program_cohort_sessions_reschedules_check check (reschedules_id <> id),
  constraint program_cohort_sessions_instructor_no_overlap_excl exclude using gist (
    biz_id with =, instructor_id with =, period with &&) where (instructor_id is not null and status in ('scheduled', 'held')),
  constraint program_cohort_sessions_resource_no_overlap_excl exclude using gist (
    biz_id with =, resource_id with =, period with &&) where (resource_id is not null and status in ('scheduled', 'held'))
);
comment on table education.program_cohort_sessions is 'One meeting of a cohort.';
comment on column education.program_cohort_sessions.cohort_id is 'The cohort.';
comment on column education.program_cohort_sessions.seq is 'Its place in the order of sessions, from 1.';
comment on column education.program_cohort_sessions.topic is 'What it is about.';
comment on column education.program_cohort_sessions.starts_at is 'When it begins.';
comment on column education.program_cohort_sessions.ends_at is 'When it ends, that instant not included.';
comment on column education.program_cohort_sessions.period is 'From starts_at to ends_at, as a range.';
comment on column education.program_cohort_sessions.instructor_id is 'Who teaches.';
comment on column education.program_cohort_sessions.resource_id is 'The room.';
comment on column education.program_cohort_sessions.allocation_id is 'By which the room is taken.';
comment on column education.program_cohort_sessions.join_url is 'Where to join from afar.';
comment on column education.program_cohort_sessions.status is 'Where it stands.';
comment on column education.program_cohort_sessions.reschedules_id is 'The session that this one replaces.';
comment on column education.program_cohort_sessions.note is 'What instructors should know.';
comment on constraint program_cohort_sessions_topic_check on education.program_cohort_sessions is 'The topic has 200 characters at most.';
comment on constraint program_cohort_sessions_join_url_check on education.program_cohort_sessions is 'A join url is not blank, and of 2,000 characters at most.';
comment on constraint program_cohort_sessions_note_check on education.program_cohort_sessions is 'The note has 10,000 characters at most.';
comment on constraint program_cohort_sessions_cohort_id_id_key on education.program_cohort_sessions is 'A session is one cohort''s.';
comment on constraint program_cohort_sessions_seq_check on education.program_cohort_sessions is 'Sessions are numbered from 1.';
comment on constraint program_cohort_sessions_times_check on education.program_cohort_sessions is 'The end must be after the start, by 24 hours at most.';
comment on constraint program_cohort_sessions_allocation_check on education.program_cohort_sessions is 'What is taken is a room.';
comment on constraint program_cohort_sessions_reschedules_check on education.program_cohort_sessions is 'A session does not replace itself.';
comment on constraint program_cohort_sessions_instructor_no_overlap_excl on education.program_cohort_sessions is 'The instructor already teaches at that time.';
comment on constraint program_cohort_sessions_resource_no_overlap_excl on education.program_cohort_sessions is 'The room already has a session at that time.';

create unique index program_cohort_sessions_seq_key on education.program_cohort_sessions (biz_id, cohort_id, seq)
  where status in ('scheduled', 'held');
comment on index education.program_cohort_sessions_seq_key is 'The cohort already has a session of this number.';
create unique index program_cohort_sessions_reschedules_id_key
  on education.program_cohort_sessions (biz_id, reschedules_id) where reschedules_id is not null;
comment on index education.program_cohort_sessions_reschedules_id_key is 'This session already takes place at another time.';
create unique index program_cohort_sessions_allocation_id_key
  on education.program_cohort_sessions (biz_id, allocation_id) where allocation_id is not null;
comment on index education.program_cohort_sessions_allocation_id_key is 'This allocation is already that of another session.';
-- Sessions of a day; of an instructor.
create index program_cohort_sessions_starts_at_idx on education.program_cohort_sessions (biz_id, starts_at, id);
create index program_cohort_sessions_cohort_id_starts_at_idx
  on education.program_cohort_sessions (biz_id, cohort_id, starts_at, id);
create index program_cohort_sessions_instructor_id_starts_at_idx
  on education.program_cohort_sessions (biz_id, instructor_id, starts_at, id);

call core.install_table('education.program_cohort_sessions', 'T', 'edse', registrable => true);

create trigger program_cohort_sessions_held_immutable
  before update on education.program_cohort_sessions
  for each row when (
    old.status <> 'scheduled' and (old.cohort_id, old.seq, old.starts_at, old.ends_at,
    old.reschedules_id) is distinct from (new.cohort_id, new.seq, new.starts_at, new.ends_at,
    new.reschedules_id))
  execute function availability.refuse_update(
    'program_cohort_sessions_held_immutable_check',
    'A session that was held, cancelled or rescheduled keeps its time.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('session', 'scheduled', 'held', false),
  ('session', 'scheduled', 'cancelled', true),
  ('session', 'scheduled', 'rescheduled', false);
call core.install_state_machine('education.program_cohort_sessions', 'status', 'session');

-- cohort_enrollments --------------------------------------------------------------------------------------------------

create table education.cohort_enrollments (
  biz_id uuid not null,
  id uuid not null,
  cohort_id uuid not null,
  customer_id uuid not null,
  booking_order_id uuid,
  status education.cohort_enrollment_status not null default 'enrolled',
  waitlisted_at timestamptz,
  enrolled_at timestamptz,
  ended_at timestamptz,
  final_score numeric(5,2),
  attendance_bps integer,
  grade text,
  transferred_from_id uuid,
  note text not null default '',
  constraint cohort_enrollments_pkey primary key (biz_id, id),
  constraint cohort_enrollments_cohort_id_id_key unique (biz_id, cohort_id, id),
  constraint cohort_enrollments_cohort_id_fkey foreign key (biz_id, cohort_id)
    references education.program_cohorts (biz_id, id),
  constraint cohort_enrollments_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint cohort_enrollments_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint cohort_enrollments_transferred_from_id_fkey foreign key (biz_id, transferred_from_id)
    references education.cohort_enrollments (biz_id, id),
  constraint cohort_enrollments_grade_check check (btrim(grade) <> '' and length(grade) <= 60),
  constraint cohort_enrollments_note_check check (length(note) <= 10000),
  constraint cohort_enrollments_waitlisted_check check (
    waitlisted_at is not null or status not in ('waitlisted', 'expired')),
  constraint cohort_enrollments_enrolled_check check (
    case
      when status in ('waitlisted', 'expired') then enrolled_at is null
      when status = 'withdrawn' then true
      else enrolled_at is not null end),
  constraint cohort_enrollments_ended_check check ((status in ('waitlisted', 'enrolled')) = (ended_at is null)),
  constraint cohort_enrollments_final_score_check check (final_score between 0 and 100),
  constraint cohort_enrollments_attendance_check check (attendance_bps between 0 and 10000),
  constraint cohort_enrollments_transferred_from_check check (transferred_from_id <> id)
);
comment on table education.cohort_enrollments is 'That a customer takes part in a cohort, or waits for a place in it.';
comment on column education.cohort_enrollments.cohort_id is 'The cohort.';
comment on column education.cohort_enrollments.customer_id is 'Who.';
comment on column education.cohort_enrollments.booking_order_id is 'The order by which the place was bought, if it was.';
comment on column education.cohort_enrollments.status is 'Where they stand.';
comment on column education.cohort_enrollments.waitlisted_at is 'Since when they wait, or waited; the list is worked off in this order.';
comment on column education.cohort_enrollments.enrolled_at is 'When they got the place.';
comment on column education.cohort_enrollments.ended_at is 'When they completed it or left.';
comment on column education.cohort_enrollments.final_score is 'Weighted score of the assessments, of 100.';
comment on column education.cohort_enrollments.attendance_bps is 'What part of the sessions they attended, in hundredths of a percent.';
comment on column education.cohort_enrollments.grade is 'Grade as this school writes it.';
comment on column education.cohort_enrollments.transferred_from_id is 'The enrolment in another cohort that this one continues.';
comment on column education.cohort_enrollments.note is 'What staff should know.';
comment on constraint cohort_enrollments_grade_check on education.cohort_enrollments is 'A grade is not blank, and of 60 characters at most.';
comment on constraint cohort_enrollments_note_check on education.cohort_enrollments is 'The note has 10,000 characters at most.';
comment on constraint cohort_enrollments_cohort_id_id_key on education.cohort_enrollments is 'An enrolment is for one cohort.';
comment on constraint cohort_enrollments_waitlisted_check on education.cohort_enrollments is 'Who waits says since when.';
comment on constraint cohort_enrollments_enrolled_check on education.cohort_enrollments is 'Who has a place says since when, and who waits has none.';
comment on constraint cohort_enrollments_ended_check on education.cohort_enrollments is 'An enrolment that is over says since when, and no other does.';
comment on constraint cohort_enrollments_final_score_check on education.cohort_enrollments is 'A final score is between 0 and 100.';
comment on constraint cohort_enrollments_attendance_check on education.cohort_enrollments is 'Attendance is between 0 and 100 %.';
comment on constraint cohort_enrollments_transferred_from_check on education.cohort_enrollments is 'An enrolment does not continue itself.';

create unique index cohort_enrollments_active_key on education.cohort_enrollments (biz_id, cohort_id, customer_id)
  where status in ('waitlisted', 'enrolled', 'completed');
comment on index education.cohort_enrollments_active_key is 'This customer is already enrolled in the cohort, or waits for it.';
create unique index cohort_enrollments_transferred_from_id_key
  on education.cohort_enrollments (biz_id, transferred_from_id) where transferred_from_id is not null;
comment on index education.cohort_enrollments_transferred_from_id_key is 'This enrolment is already continued in another cohort.';
-- The class list; the waiting list.
create index cohort_enrollments_cohort_id_status_idx on education.cohort_enrollments (biz_id, cohort_id, status, id);
create index cohort_enrollments_waitlist_idx on education.cohort_enrollments (biz_id, cohort_id, waitlisted_at, id)
  where status = 'waitlisted';

call core.install_table('education.cohort_enrollments', 'T', 'eden', registrable => true);

create trigger cohort_enrollments_cohort_immutable
  before update on education.cohort_enrollments
  for each row when ((old.cohort_id, old.customer_id) is distinct from (new.cohort_id, new.customer_id))
  execute function availability.refuse_update(
    'cohort_enrollments_cohort_immutable_check',
    'An enrolment keeps its customer and cohort; transfer it to another.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('enrollment', 'waitlisted', 'enrolled', false),
  ('enrollment', 'waitlisted', 'expired', false),
  ('enrollment', 'waitlisted', 'withdrawn', false),
  ('enrollment', 'enrolled', 'completed', false),
  ('enrollment', 'enrolled', 'failed', false),
  ('enrollment', 'enrolled', 'withdrawn', false),
  ('enrollment', 'enrolled', 'expelled', true);
call core.install_state_machine('education.cohort_enrollments', 'status', 'enrollment');

-- The cohort is locked before its enrolments are counted: of two that see only their own, the second waits, and sees both.
create function education.check_cohort_counts() returns trigger
language plpgsql as $$
declare
  wanted uuid;
  agrees boolean;
begin
  if tg_table_name = 'program_cohorts' then
    wanted := new.id;
  else
    wanted := new.cohort_id;
  end if;

  perform
  from education.program_cohorts c
  where c.biz_id = new.biz_id
    and c.id = wanted
  for no key update;

  select c.enrolled_count = e.enrolled and c.waitlisted_count = e.waitlisted
  into agrees
  from education.program_cohorts c
  cross join lateral (
    select
      count(*) filter (where e.status in ('enrolled', 'completed', 'failed')) as enrolled,
      count(*) filter (where e.status = 'waitlisted') as waitlisted
    from education.cohort_enrollments e
    where e.biz_id = c.biz_id
      and e.cohort_id = c.id
  ) e
  where c.biz_id = new.biz_id
    and c.id = wanted;

  if not agrees then
    raise exception using
      errcode = '23514',
      message = 'The counters of a cohort must be those of its enrolments.',
      schema = 'education',
      table = 'program_cohorts',
      column = 'enrolled_count',
      constraint = 'program_cohorts_counts_check';
  end if;
  return null;
end
$$;
comment on function education.check_cohort_counts() is 'Trigger on cohorts and enrolments: the counters are the number of those who have, or had until the end, a place, and of those who wait.';
create constraint trigger program_cohorts_counts_check
  after insert or update of enrolled_count, waitlisted_count on education.program_cohorts
  deferrable initially deferred
  for each row execute function education.check_cohort_counts();
comment on constraint program_cohorts_counts_check on education.program_cohorts is 'The counters of a cohort must be those of its enrolments.';
create constraint trigger cohort_enrollments_counts_check
  after insert or update of status on education.cohort_enrollments
  deferrable initially deferred
  for each row execute function education.check_cohort_counts();
comment on constraint cohort_enrollments_counts_check on education.cohort_enrollments is 'The counters of a cohort must be those of its enrolments.';

-- session_attendance_records ------------------------------------------------------------------------------------------

create table education.session_attendance_records (
  biz_id uuid not null,
  id uuid not null,
  cohort_id uuid not null,
  session_id uuid not null,
  enrollment_id uuid not null,
  status education.attendance_status not null,
  minutes integer not null default 0,
  marked_by_id uuid,
  marked_at timestamptz not null default now(),
  note text,
  constraint session_attendance_records_pkey primary key (biz_id, id),
  constraint session_attendance_records_session_id_enrollment_id_key unique (biz_id, session_id, enrollment_id),
  constraint session_attendance_records_cohort_id_fkey foreign key (biz_id, cohort_id)
    references education.program_cohorts (biz_id, id),
  constraint session_attendance_records_marked_by_id_fkey foreign key (marked_by_id)
    references identity.users (id),
  constraint session_attendance_records_session_id_fkey foreign key (biz_id, cohort_id, session_id)
    references education.program_cohort_sessions (biz_id, cohort_id, id),
  constraint session_attendance_records_enrollment_id_fkey foreign key (biz_id, cohort_id, enrollment_id)
    references education.cohort_enrollments (biz_id, cohort_id, id),
  constraint session_attendance_records_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint session_attendance_records_minutes_check check (
    minutes >= 0 and (minutes = 0 or status in ('present', 'late')))
);
comment on table education.session_attendance_records is 'Whether somebody was at a session.';
comment on column education.session_attendance_records.cohort_id is 'The cohort of both.';
comment on column education.session_attendance_records.session_id is 'The session.';
comment on column education.session_attendance_records.enrollment_id is 'Who.';
comment on column education.session_attendance_records.status is 'Whether they were there.';
comment on column education.session_attendance_records.minutes is 'For how many minutes.';
comment on column education.session_attendance_records.marked_by_id is 'Who says so; none where a device did.';
comment on column education.session_attendance_records.marked_at is 'When it was marked.';
comment on column education.session_attendance_records.note is 'The excuse, or what else matters.';
comment on constraint session_attendance_records_note_check on education.session_attendance_records is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint session_attendance_records_session_id_enrollment_id_key on education.session_attendance_records is 'The attendance of this person is already marked.';
comment on constraint session_attendance_records_session_id_fkey on education.session_attendance_records is 'The session must be one of the cohort.';
comment on constraint session_attendance_records_enrollment_id_fkey on education.session_attendance_records is 'The enrolment must be one in the cohort of the session.';
comment on constraint session_attendance_records_minutes_check on education.session_attendance_records is 'Only who was there has minutes, which are not negative.';

create index session_attendance_records_enrollment_id_status_idx
  on education.session_attendance_records (biz_id, enrollment_id, status);

call core.install_table('education.session_attendance_records', 'T', 'edat');

-- assessments ---------------------------------------------------------------------------------------------------------

create table education.assessments (
  biz_id uuid not null,
  id uuid not null,
  cohort_id uuid not null,
  name text not null,
  description text not null default '',
  weight numeric(5,2) not null,
  max_score numeric(9,2) not null,
  due_at timestamptz,
  voided_at timestamptz,
  constraint assessments_pkey primary key (biz_id, id),
  constraint assessments_cohort_id_max_score_id_key unique (biz_id, cohort_id, max_score, id),
  constraint assessments_cohort_id_fkey foreign key (biz_id, cohort_id)
    references education.program_cohorts (biz_id, id),
  constraint assessments_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint assessments_description_check check (length(description) <= 10000),
  constraint assessments_weight_check check (weight >= 0 and weight <= 100),
  constraint assessments_max_score_check check (max_score > 0)
);
comment on table education.assessments is 'Something by which a cohort is graded, such as an exam.';
comment on column education.assessments.cohort_id is 'The cohort.';
comment on column education.assessments.name is 'What it is called.';
comment on column education.assessments.description is 'What is asked.';
comment on column education.assessments.weight is 'How much it counts, in percent of the whole.';
comment on column education.assessments.max_score is 'The most points that can be reached.';
comment on column education.assessments.due_at is 'When it is held, or due.';
comment on column education.assessments.voided_at is 'When it was taken out; it counts no more.';
comment on constraint assessments_name_check on education.assessments is 'A name is required, of 200 characters at most.';
comment on constraint assessments_description_check on education.assessments is 'The description has 10,000 characters at most.';
comment on constraint assessments_cohort_id_max_score_id_key on education.assessments is 'An assessment is one cohort''s.';
comment on constraint assessments_weight_check on education.assessments is 'A weight is between 0 and 100 %.';
comment on constraint assessments_max_score_check on education.assessments is 'It must be possible to reach some points.';

create unique index assessments_name_key on education.assessments (biz_id, cohort_id, name) where voided_at is null;
comment on index education.assessments_name_key is 'The cohort already has an assessment of this name.';

call core.install_table('education.assessments', 'T', 'edas', registrable => true);

create function education.check_weights() returns trigger
language plpgsql as $$
begin
  perform
  from education.program_cohorts c
  where c.biz_id = new.biz_id
    and c.id = new.cohort_id
  for no key update;

  if (
    select sum(a.weight)
    from education.assessments a
    where a.biz_id = new.biz_id
      and a.cohort_id = new.cohort_id
      and a.voided_at is null
  ) > 100 then
    raise exception using
      errcode = '23514',
      message = 'The assessments of a cohort cannot count more than 100 % together.',
      schema = 'education',
      table = 'assessments',
      column = 'weight',
      constraint = 'assessments_weights_sum_check';
  end if;
  return null;
end
$$;
comment on function education.check_weights() is 'Trigger: the weights of the assessments of a cohort are 100 % at most.';
create constraint trigger assessments_weights_sum_check
  after insert or update of weight, voided_at, cohort_id on education.assessments
  deferrable initially deferred
  for each row execute function education.check_weights();
comment on constraint assessments_weights_sum_check on education.assessments is 'The assessments of a cohort cannot count more than 100 % together.';

-- assessment_results --------------------------------------------------------------------------------------------------

create table education.assessment_results (
  biz_id uuid not null,
  id uuid not null,
  cohort_id uuid not null,
  assessment_id uuid not null,
  enrollment_id uuid not null,
  max_score numeric(9,2) not null,
  score numeric(9,2) not null,
  graded_by_id uuid,
  graded_at timestamptz not null default now(),
  feedback text not null default '',
  constraint assessment_results_pkey primary key (biz_id, id),
  constraint assessment_results_assessment_id_enrollment_id_key unique (biz_id, assessment_id, enrollment_id),
  constraint assessment_results_cohort_id_fkey foreign key (biz_id, cohort_id)
    references education.program_cohorts (biz_id, id),
  constraint assessment_results_graded_by_id_fkey foreign key (graded_by_id)
    references identity.users (id),
  constraint assessment_results_assessment_id_fkey foreign key (biz_id, cohort_id, max_score, assessment_id)
    references education.assessments (biz_id, cohort_id, max_score, id) on update cascade,
  constraint assessment_results_enrollment_id_fkey foreign key (biz_id, cohort_id, enrollment_id)
    references education.cohort_enrollments (biz_id, cohort_id, id),
  constraint assessment_results_feedback_check check (length(feedback) <= 10000),
  constraint assessment_results_score_check check (score between 0 and max_score)
);
comment on table education.assessment_results is 'What somebody reached in an assessment.';
comment on column education.assessment_results.cohort_id is 'The cohort of both.';
comment on column education.assessment_results.assessment_id is 'The assessment.';
comment on column education.assessment_results.enrollment_id is 'Who.';
comment on column education.assessment_results.max_score is 'The most points that could be reached; follows the assessment.';
comment on column education.assessment_results.score is 'The points reached.';
comment on column education.assessment_results.graded_by_id is 'Who graded it.';
comment on column education.assessment_results.graded_at is 'When it was graded.';
comment on column education.assessment_results.feedback is 'What the person should know.';
comment on constraint assessment_results_feedback_check on education.assessment_results is 'The feedback has 10,000 characters at most.';
comment on constraint assessment_results_assessment_id_enrollment_id_key on education.assessment_results is 'This person already has a result in the assessment.';
comment on constraint assessment_results_assessment_id_fkey on education.assessment_results is 'The assessment must be one of the cohort, with this highest score.';
comment on constraint assessment_results_enrollment_id_fkey on education.assessment_results is 'The enrolment must be one in the cohort of the assessment.';
comment on constraint assessment_results_score_check on education.assessment_results is 'A score is between 0 and the most that can be reached.';

call core.install_table('education.assessment_results', 'T', 'edrs');

-- certification_templates ---------------------------------------------------------------------------------------------

create table education.certification_templates (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  title text not null,
  program_id uuid,
  training_module_id uuid,
  validity_months smallint,
  layout jsonb not null default '{}',
  constraint certification_templates_pkey primary key (biz_id, id),
  constraint certification_templates_program_id_fkey foreign key (biz_id, program_id)
    references education.programs (biz_id, id),
  constraint certification_templates_training_module_id_fkey foreign key (biz_id, training_module_id)
    references workforce.training_modules (biz_id, id),
  constraint certification_templates_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint certification_templates_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint certification_templates_validity_months_check check (validity_months >= 1),
  constraint certification_templates_layout_check check (jsonb_typeof(layout) = 'object'),
  constraint certification_templates_basis_check check (num_nonnulls(program_id, training_module_id) <= 1)
);
comment on table education.certification_templates is 'What a certificate says, and for how long it holds.';
comment on column education.certification_templates.code is 'Short name, unique among the templates in use.';
comment on column education.certification_templates.title is 'Title on the certificate.';
comment on column education.certification_templates.program_id is 'The programme whose completion it certifies, if any.';
comment on column education.certification_templates.training_module_id is 'The staff training that it certifies, if any.';
comment on column education.certification_templates.validity_months is 'For how many months a certificate holds; none means for good.';
comment on column education.certification_templates.layout is 'How it is printed.';
comment on constraint certification_templates_code_check on education.certification_templates is 'A code is required, of 60 characters at most.';
comment on constraint certification_templates_title_check on education.certification_templates is 'A title is required, of 200 characters at most.';
comment on constraint certification_templates_validity_months_check on education.certification_templates is 'A certificate holds for at least one month.';
comment on constraint certification_templates_layout_check on education.certification_templates is 'A layout is a JSON object.';
comment on constraint certification_templates_basis_check on education.certification_templates is 'A certificate is for a programme or for a training, not for both.';

call core.install_table('education.certification_templates', 'M', 'edct', registrable => true);
create unique index certification_templates_code_key on education.certification_templates (biz_id, code)
  where deleted_at is null;
comment on index education.certification_templates_code_key is 'Another template has this code.';

-- certification_awards ------------------------------------------------------------------------------------------------

create table education.certification_awards (
  biz_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  enrollment_id uuid,
  customer_id uuid,
  staff_id uuid,
  holder_name text not null,
  serial text not null,
  verify_token text not null,
  awarded_on date not null,
  expires_on date,
  status education.award_status not null default 'issued',
  revoked_at timestamptz,
  renews_id uuid,
  media_id uuid,
  constraint certification_awards_pkey primary key (biz_id, id),
  constraint certification_awards_serial_key unique (biz_id, serial),
  constraint certification_awards_verify_token_key unique (biz_id, verify_token),
  constraint certification_awards_template_id_fkey foreign key (biz_id, template_id)
    references education.certification_templates (biz_id, id),
  constraint certification_awards_enrollment_id_fkey foreign key (biz_id, enrollment_id)
    references education.cohort_enrollments (biz_id, id),
  constraint certification_awards_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint certification_awards_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint certification_awards_renews_id_fkey foreign key (biz_id, renews_id)
    references education.certification_awards (biz_id, id),
  constraint certification_awards_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint certification_awards_holder_name_check check (btrim(holder_name) <> '' and length(holder_name) <= 200),
  constraint certification_awards_serial_check check (btrim(serial) <> '' and length(serial) <= 60),
  constraint certification_awards_holder_check check (num_nonnulls(enrollment_id, customer_id, staff_id) = 1),
  constraint certification_awards_verify_token_check check (verify_token ~ '^[A-Za-z0-9_-]{20,100}$'),
  constraint certification_awards_expires_on_check check (expires_on > awarded_on),
  constraint certification_awards_expired_check check (status <> 'expired' or expires_on is not null),
  constraint certification_awards_revoked_check check ((status = 'revoked') = (revoked_at is not null)),
  constraint certification_awards_renews_check check (renews_id <> id)
);
comment on table education.certification_awards is 'A certificate that somebody was given: for taking part in a cohort, as a customer, or as staff.';
comment on column education.certification_awards.template_id is 'What it says.';
comment on column education.certification_awards.enrollment_id is 'The enrolment for which it was given, if it was for one.';
comment on column education.certification_awards.customer_id is 'The customer who was given it otherwise.';
comment on column education.certification_awards.staff_id is 'The person of the staff who was given it.';
comment on column education.certification_awards.holder_name is 'Name printed on it, as it was then.';
comment on column education.certification_awards.serial is 'Number printed on it.';
comment on column education.certification_awards.verify_token is 'What is printed on it, or in its QR code, for others to verify it: at least 20 letters and digits, made by chance.';
comment on column education.certification_awards.awarded_on is 'The day it was given.';
comment on column education.certification_awards.expires_on is 'First day on which it no longer holds; none means it holds for good.';
comment on column education.certification_awards.status is 'Where it stands.';
comment on column education.certification_awards.revoked_at is 'When it was taken back.';
comment on column education.certification_awards.renews_id is 'The certificate whose place it took.';
comment on column education.certification_awards.media_id is 'The printed certificate.';
comment on constraint certification_awards_holder_name_check on education.certification_awards is 'A holder name is required, of 200 characters at most.';
comment on constraint certification_awards_serial_check on education.certification_awards is 'A serial is required, of 60 characters at most.';
comment on constraint certification_awards_serial_key on education.certification_awards is 'Another certificate has this number.';
comment on constraint certification_awards_verify_token_key on education.certification_awards is 'Another certificate has this token.';
comment on constraint certification_awards_holder_check on education.certification_awards is 'A certificate is for one enrolment, one customer, or one person of the staff.';
comment on constraint certification_awards_verify_token_check on education.certification_awards is 'A token has 20 to 100 letters, digits, hyphens and underscores.';
comment on constraint certification_awards_expires_on_check on education.certification_awards is 'A certificate holds for at least a day.';
comment on constraint certification_awards_expired_check on education.certification_awards is 'Only what expires has expired.';
comment on constraint certification_awards_revoked_check on education.certification_awards is 'A revoked certificate says when, and no other does.';
comment on constraint certification_awards_renews_check on education.certification_awards is 'A certificate does not renew itself.';

create unique index certification_awards_enrollment_id_key
  on education.certification_awards (biz_id, template_id, enrollment_id) where status = 'issued' and enrollment_id is not null;
comment on index education.certification_awards_enrollment_id_key is 'This enrolment already has this certificate.';
create unique index certification_awards_customer_id_key
  on education.certification_awards (biz_id, template_id, customer_id) where status = 'issued' and customer_id is not null;
comment on index education.certification_awards_customer_id_key is 'This customer already has this certificate.';
create unique index certification_awards_staff_id_key
  on education.certification_awards (biz_id, template_id, staff_id) where status = 'issued' and staff_id is not null;
comment on index education.certification_awards_staff_id_key is 'This person already has this certificate.';
create unique index certification_awards_renews_id_key on education.certification_awards (biz_id, renews_id)
  where renews_id is not null;
comment on index education.certification_awards_renews_id_key is 'This certificate is already renewed.';
-- What is about to expire.
create index certification_awards_expires_on_idx on education.certification_awards (biz_id, expires_on, id)
  where status = 'issued';

call core.install_table('education.certification_awards', 'T', 'edaw', registrable => true);

create trigger certification_awards_printed_immutable
  before update on education.certification_awards
  for each row when (
    (old.template_id, old.enrollment_id, old.customer_id, old.staff_id, old.holder_name, old.serial,
    old.verify_token, old.awarded_on, old.expires_on, old.renews_id) is distinct from (new.template_id,
    new.enrollment_id, new.customer_id, new.staff_id, new.holder_name, new.serial, new.verify_token,
    new.awarded_on, new.expires_on, new.renews_id))
  execute function availability.refuse_update(
    'certification_awards_printed_immutable_check',
    'A certificate is not changed: revoke it, or renew it by another.');

-- A renewal takes the place of what it renews in the same statement, so that a holder never has two that hold.
create function education.renew_award() returns trigger
language plpgsql as $$
begin
  update education.certification_awards a
  set status = 'renewed'
  where a.biz_id = new.biz_id
    and a.id = new.renews_id
    and a.status <> 'renewed';
  return new;
end
$$;
comment on function education.renew_award() is 'Trigger: a certificate that renews another takes its place.';
create trigger certification_awards_renew
  before insert on education.certification_awards
  for each row when (new.renews_id is not null) execute function education.renew_award();

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('award', 'issued', 'expired', false),
  ('award', 'issued', 'revoked', true),
  ('award', 'issued', 'renewed', false),
  ('award', 'expired', 'renewed', false);
call core.install_state_machine('education.certification_awards', 'status', 'award');
