-- Training: what staff must have learnt, who is learning it, and until when it holds.

create domain workforce.training_enrollment_status as text constraint training_enrollment_status_check check (value in (
  'assigned', 'in_progress', 'passed', 'failed', 'expired', 'cancelled'));
comment on domain workforce.training_enrollment_status is 'Where somebody stands with a module.
assigned: Yet to begin.
in_progress: Has begun.
passed: Passed, and it still holds.
failed: Did not pass; may try again.
expired: Passed once, and it no longer holds.
cancelled: Not needed any more.';
comment on constraint training_enrollment_status_check on domain workforce.training_enrollment_status is 'Unknown training enrollment status.';

-- training_modules ----------------------------------------------------------------------------------------------------

create table workforce.training_modules (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  version_no integer not null default 1,
  title text not null,
  description text not null default '',
  content_ref text,
  duration_minutes integer,
  pass_score numeric(5,2) not null default 0,
  max_attempts smallint,
  validity_months smallint,
  is_active boolean not null default true,
  constraint training_modules_pkey primary key (biz_id, id),
  constraint training_modules_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint training_modules_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint training_modules_description_check check (length(description) <= 10000),
  constraint training_modules_content_ref_check check (btrim(content_ref) <> '' and length(content_ref) <= 2000),
  constraint training_modules_version_no_check check (version_no >= 1),
  constraint training_modules_duration_minutes_check check (duration_minutes > 0),
  constraint training_modules_pass_score_check check (pass_score between 0 and 100),
  constraint training_modules_max_attempts_check check (max_attempts >= 1),
  constraint training_modules_validity_months_check check (validity_months >= 1)
);
comment on table workforce.training_modules is 'Something that staff learn and are examined in, such as fire safety. A new version of its content is a row of its own.';
comment on column workforce.training_modules.code is 'Short name, the same for all versions.';
comment on column workforce.training_modules.version_no is 'Version of the content, from 1.';
comment on column workforce.training_modules.title is 'Title shown to staff.';
comment on column workforce.training_modules.description is 'What it teaches.';
comment on column workforce.training_modules.content_ref is 'Where the content is, such as the address of a course.';
comment on column workforce.training_modules.duration_minutes is 'How long it takes.';
comment on column workforce.training_modules.pass_score is 'The least score, of 100, with which it is passed.';
comment on column workforce.training_modules.max_attempts is 'How often it can be tried; none means without limit.';
comment on column workforce.training_modules.validity_months is 'After how many months it must be passed again; none means never.';
comment on column workforce.training_modules.is_active is 'Whether people are still enrolled in this version.';
comment on constraint training_modules_code_check on workforce.training_modules is 'A code is required, of 60 characters at most.';
comment on constraint training_modules_title_check on workforce.training_modules is 'A title is required, of 200 characters at most.';
comment on constraint training_modules_description_check on workforce.training_modules is 'The description has 10,000 characters at most.';
comment on constraint training_modules_content_ref_check on workforce.training_modules is 'A content ref is not blank, and of 2,000 characters at most.';
comment on constraint training_modules_version_no_check on workforce.training_modules is 'Versions begin at 1.';
comment on constraint training_modules_duration_minutes_check on workforce.training_modules is 'The duration must be more than 0.';
comment on constraint training_modules_pass_score_check on workforce.training_modules is 'The score to pass is between 0 and 100.';
comment on constraint training_modules_max_attempts_check on workforce.training_modules is 'At least one attempt must be possible.';
comment on constraint training_modules_validity_months_check on workforce.training_modules is 'What is passed holds for at least one month.';

call core.install_table('workforce.training_modules', 'M', 'wftm', registrable => true);
create unique index training_modules_code_version_no_key on workforce.training_modules (biz_id, code, version_no)
  where deleted_at is null;
comment on index workforce.training_modules_code_version_no_key is 'This module already has this version.';

-- training_requirements -----------------------------------------------------------------------------------------------

create table workforce.training_requirements (
  biz_id uuid not null,
  id uuid not null,
  module_id uuid not null,
  department_id uuid,
  position text,
  due_days smallint not null default 30,
  constraint training_requirements_pkey primary key (biz_id, id),
  constraint training_requirements_module_id_fkey foreign key (biz_id, module_id)
    references workforce.training_modules (biz_id, id),
  constraint training_requirements_department_id_fkey foreign key (biz_id, department_id)
    references workforce.departments (biz_id, id),
  constraint training_requirements_position_check check (btrim(position) <> '' and length(position) <= 200),
  constraint training_requirements_due_days_check check (due_days >= 0)
);
comment on table workforce.training_requirements is 'Who must have passed a module: everyone, a department, or a position.';
comment on column workforce.training_requirements.module_id is 'The module.';
comment on column workforce.training_requirements.department_id is 'Only people of this department; empty for all.';
comment on column workforce.training_requirements.position is 'Only people in this position; empty for all.';
comment on column workforce.training_requirements.due_days is 'Within how many days of being hired, or of the requirement, it must be passed.';
comment on constraint training_requirements_position_check on workforce.training_requirements is 'A position is not blank, and of 200 characters at most.';
comment on constraint training_requirements_due_days_check on workforce.training_requirements is 'The number of days is not negative.';

call core.install_table('workforce.training_requirements', 'M', 'wftq');
create unique index training_requirements_module_id_key
  on workforce.training_requirements (biz_id, module_id, coalesce(department_id, '00000000-0000-0000-0000-000000000000'), coalesce(position, '')) where deleted_at is null;
comment on index workforce.training_requirements_module_id_key is 'The module is already required of these people.';

-- training_enrollments ------------------------------------------------------------------------------------------------

create table workforce.training_enrollments (
  biz_id uuid not null,
  id uuid not null,
  module_id uuid not null,
  staff_id uuid not null,
  due_on date,
  status workforce.training_enrollment_status not null default 'assigned',
  attempts integer not null default 0,
  score numeric(5,2),
  started_at timestamptz,
  completed_at timestamptz,
  expires_on date,
  constraint training_enrollments_pkey primary key (biz_id, id),
  constraint training_enrollments_module_id_fkey foreign key (biz_id, module_id)
    references workforce.training_modules (biz_id, id),
  constraint training_enrollments_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint training_enrollments_attempts_check check (attempts >= 0),
  constraint training_enrollments_score_check check (score between 0 and 100),
  constraint training_enrollments_started_check check (started_at is not null or status in ('assigned', 'cancelled')),
  constraint training_enrollments_completed_check check (
    (status in ('passed', 'expired')) = (completed_at is not null) and (completed_at is null or score is not null)),
  constraint training_enrollments_expires_on_check check (expires_on is null or completed_at is not null)
);
comment on table workforce.training_enrollments is 'That somebody is to learn a module, how far they are, and until when it holds.';
comment on column workforce.training_enrollments.module_id is 'The module.';
comment on column workforce.training_enrollments.staff_id is 'Who.';
comment on column workforce.training_enrollments.due_on is 'The day by which it must be passed.';
comment on column workforce.training_enrollments.status is 'Where they stand.';
comment on column workforce.training_enrollments.attempts is 'How often they have tried: the number of its attempts.';
comment on column workforce.training_enrollments.score is 'Best score so far, of 100.';
comment on column workforce.training_enrollments.started_at is 'When they began.';
comment on column workforce.training_enrollments.completed_at is 'When they passed.';
comment on column workforce.training_enrollments.expires_on is 'First day on which it no longer holds; none means it holds for good.';
comment on constraint training_enrollments_attempts_check on workforce.training_enrollments is 'The number of attempts is not negative.';
comment on constraint training_enrollments_score_check on workforce.training_enrollments is 'A score is between 0 and 100.';
comment on constraint training_enrollments_started_check on workforce.training_enrollments is 'Who has begun says when.';
comment on constraint training_enrollments_completed_check on workforce.training_enrollments is 'Who has passed says when and with which score, and nobody else does.';
comment on constraint training_enrollments_expires_on_check on workforce.training_enrollments is 'Only what was passed expires.';

create unique index training_enrollments_open_key on workforce.training_enrollments (biz_id, module_id, staff_id)
  where status in ('assigned', 'in_progress');
comment on index workforce.training_enrollments_open_key is 'This person is already enrolled in the module.';
-- What is due, and what is about to expire.
create index training_enrollments_due_on_idx on workforce.training_enrollments (biz_id, due_on, id)
  where status in ('assigned', 'in_progress', 'failed');
create index training_enrollments_expires_on_idx on workforce.training_enrollments (biz_id, expires_on, id)
  where status = 'passed';

call core.install_table('workforce.training_enrollments', 'T', 'wfte', registrable => true);

create trigger training_enrollments_module_immutable
  before update on workforce.training_enrollments
  for each row when ((old.module_id, old.staff_id) is distinct from (new.module_id, new.staff_id))
  execute function availability.refuse_update(
    'training_enrollments_module_immutable_check',
    'An enrolment stays with its person and module.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('training_enrollment', 'assigned', 'in_progress', false),
  ('training_enrollment', 'in_progress', 'passed', false),
  ('training_enrollment', 'in_progress', 'failed', false),
  ('training_enrollment', 'failed', 'in_progress', false),
  ('training_enrollment', 'passed', 'expired', false),
  ('training_enrollment', 'assigned', 'cancelled', true),
  ('training_enrollment', 'in_progress', 'cancelled', true),
  ('training_enrollment', 'failed', 'cancelled', true);
call core.install_state_machine('workforce.training_enrollments', 'status', 'training_enrollment');

-- training_attempts ---------------------------------------------------------------------------------------------------

create table workforce.training_attempts (
  biz_id uuid not null,
  id uuid not null,
  enrollment_id uuid not null,
  attempt_no integer not null,
  score numeric(5,2) not null,
  passed boolean not null,
  taken_at timestamptz not null default now(),
  answers jsonb,
  constraint training_attempts_pkey primary key (biz_id, id),
  constraint training_attempts_enrollment_id_attempt_no_key unique (biz_id, enrollment_id, attempt_no),
  constraint training_attempts_enrollment_id_fkey foreign key (biz_id, enrollment_id)
    references workforce.training_enrollments (biz_id, id),
  constraint training_attempts_attempt_no_check check (attempt_no >= 1),
  constraint training_attempts_score_check check (score between 0 and 100)
);
comment on table workforce.training_attempts is 'One examination of somebody in a module.';
comment on column workforce.training_attempts.enrollment_id is 'The enrolment.';
comment on column workforce.training_attempts.attempt_no is 'Its number, from 1.';
comment on column workforce.training_attempts.score is 'What was reached, of 100.';
comment on column workforce.training_attempts.passed is 'Whether that was enough.';
comment on column workforce.training_attempts.taken_at is 'When.';
comment on column workforce.training_attempts.answers is 'What was answered, as the course reported it.';
comment on constraint training_attempts_enrollment_id_attempt_no_key on workforce.training_attempts is 'There is already an attempt of this number.';
comment on constraint training_attempts_attempt_no_check on workforce.training_attempts is 'Attempts begin at 1.';
comment on constraint training_attempts_score_check on workforce.training_attempts is 'A score is between 0 and 100.';

call core.install_table('workforce.training_attempts', 'J', 'wfta');
