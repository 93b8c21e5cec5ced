-- Workforce: who works here, and by which pattern. Hours, leave, stand-ins and training have files of their own.
-- Employment and access are two facts: a member may be no employee, and an employee no member.

create schema workforce;
comment on schema workforce is 'People who work here: their plans, shifts, hours, leave, stand-ins and training.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain workforce.employment_type as text constraint employment_type_check check (value in (
  'full_time', 'part_time', 'casual', 'apprentice', 'intern', 'contractor', 'agency', 'volunteer'));
comment on domain workforce.employment_type is 'On what terms somebody works here.
full_time: A full week by contract.
part_time: Part of a week by contract.
casual: Called in when needed.
apprentice: Learning a trade.
intern: For a while, to learn.
contractor: Sends invoices, and is on no payroll.
agency: Lent by an agency.
volunteer: Unpaid.';
comment on constraint employment_type_check on domain workforce.employment_type is 'Unknown employment type.';

-- departments ---------------------------------------------------------------------------------------------------------

create table workforce.departments (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  parent_id uuid,
  cost_center text,
  constraint departments_pkey primary key (biz_id, id),
  constraint departments_parent_id_fkey foreign key (biz_id, parent_id)
    references workforce.departments (biz_id, id),
  constraint departments_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint departments_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint departments_cost_center_check check (btrim(cost_center) <> '' and length(cost_center) <= 60)
);
comment on table workforce.departments is 'A part of the organisation that people belong to, such as housekeeping. Departments may contain others.';
comment on column workforce.departments.code is 'Short name used in imports and reports, unique among the departments in use.';
comment on column workforce.departments.name is 'Name shown to staff.';
comment on column workforce.departments.parent_id is 'The department that contains it.';
comment on column workforce.departments.cost_center is 'Where payroll books its cost.';
comment on constraint departments_code_check on workforce.departments is 'A code is required, of 60 characters at most.';
comment on constraint departments_name_check on workforce.departments is 'A name is required, of 200 characters at most.';
comment on constraint departments_cost_center_check on workforce.departments is 'A cost center is not blank, and of 60 characters at most.';

call core.install_table('workforce.departments', 'M', 'wfdp', registrable => true);
create unique index departments_code_key on workforce.departments (biz_id, code) where deleted_at is null;
comment on index workforce.departments_code_key is 'Another department has this code.';

call core.install_acyclic('workforce.departments', 'parent_id');

-- work_schedules ------------------------------------------------------------------------------------------------------

create table workforce.work_schedules (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  timezone text not null,
  cycle_weeks smallint not null default 1,
  cycle_starts_on date not null default '2024-01-01',
  holiday_calendar_id uuid,
  constraint work_schedules_pkey primary key (biz_id, id),
  constraint work_schedules_cycle_weeks_id_key unique (biz_id, cycle_weeks, id),
  constraint work_schedules_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint work_schedules_holiday_calendar_id_fkey foreign key (biz_id, holiday_calendar_id)
    references availability.calendars (biz_id, id),
  constraint work_schedules_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint work_schedules_cycle_weeks_check check (cycle_weeks between 1 and 12),
  constraint work_schedules_cycle_starts_on_check check (extract(isodow from cycle_starts_on) = 1)
);
comment on table workforce.work_schedules is 'A pattern of working days that repeats after some weeks: what somebody works when nothing else is planned. Leave is reckoned by it.';
comment on column workforce.work_schedules.name is 'Name shown to staff, such as early shift, 4 days.';
comment on column workforce.work_schedules.timezone is 'IANA time zone of its times.';
comment on column workforce.work_schedules.cycle_weeks is 'After how many weeks the pattern repeats.';
comment on column workforce.work_schedules.cycle_starts_on is 'A Monday on which a first week began; all cycles are counted from it, back and forth.';
comment on column workforce.work_schedules.holiday_calendar_id is 'The calendar whose holidays are free.';
comment on constraint work_schedules_name_check on workforce.work_schedules is 'A name is required, of 200 characters at most.';
comment on constraint work_schedules_cycle_weeks_id_key on workforce.work_schedules is 'A schedule has one length of cycle.';
comment on constraint work_schedules_cycle_weeks_check on workforce.work_schedules is 'A cycle has 1 to 12 weeks.';
comment on constraint work_schedules_cycle_starts_on_check on workforce.work_schedules is 'A cycle starts on a Monday.';

call core.install_table('workforce.work_schedules', 'M', 'wfsc', registrable => true);
create unique index work_schedules_name_key on workforce.work_schedules (biz_id, name) where deleted_at is null;
comment on index workforce.work_schedules_name_key is 'Another schedule has this name.';

-- work_schedule_days --------------------------------------------------------------------------------------------------

create table workforce.work_schedule_days (
  biz_id uuid not null,
  id uuid not null,
  work_schedule_id uuid not null,
  cycle_weeks smallint not null,
  week_no smallint not null default 1,
  weekday smallint not null,
  starts_at_local time,
  work_minutes integer not null,
  break_minutes integer not null default 0,
  constraint work_schedule_days_pkey primary key (biz_id, id),
  constraint work_schedule_days_work_schedule_id_fkey foreign key (biz_id, cycle_weeks, work_schedule_id)
    references workforce.work_schedules (biz_id, cycle_weeks, id) on update cascade,
  constraint work_schedule_days_week_no_check check (week_no between 1 and cycle_weeks),
  constraint work_schedule_days_weekday_check check (weekday between 1 and 7),
  constraint work_schedule_days_minutes_check check (
    work_minutes > 0 and break_minutes >= 0 and work_minutes + break_minutes <= 1440)
);
comment on table workforce.work_schedule_days is 'One working day of a schedule. A day of the cycle that has no row is free.';
comment on column workforce.work_schedule_days.work_schedule_id is 'The schedule it belongs to.';
comment on column workforce.work_schedule_days.cycle_weeks is 'Length of the schedule''s cycle; follows the schedule.';
comment on column workforce.work_schedule_days.week_no is 'The week of the cycle, from 1.';
comment on column workforce.work_schedule_days.weekday is 'The day of the week: 1 is Monday, 7 is Sunday.';
comment on column workforce.work_schedule_days.starts_at_local is 'When work begins, local time; none where hours are free.';
comment on column workforce.work_schedule_days.work_minutes is 'Minutes of work, breaks not included. A day of leave costs so many, half a day half of them.';
comment on column workforce.work_schedule_days.break_minutes is 'Minutes of unpaid breaks.';
comment on constraint work_schedule_days_work_schedule_id_fkey on workforce.work_schedule_days is 'Must be an existing schedule of this tenant, with this length of cycle.';
comment on constraint work_schedule_days_week_no_check on workforce.work_schedule_days is 'The week must lie within the cycle of the schedule.';
comment on constraint work_schedule_days_weekday_check on workforce.work_schedule_days is 'A weekday is between 1, Monday, and 7, Sunday.';
comment on constraint work_schedule_days_minutes_check on workforce.work_schedule_days is 'A day has some work, and no more than 24 hours with its breaks.';

call core.install_table('workforce.work_schedule_days', 'M', 'wfsd', entity_name => 'WorkScheduleDay');
create unique index work_schedule_days_weekday_key
  on workforce.work_schedule_days (biz_id, work_schedule_id, week_no, weekday) where deleted_at is null;
comment on index workforce.work_schedule_days_weekday_key is 'The schedule already has this day.';

-- A day is entered for a schedule as it is: its cycle need not be said.
create function workforce.take_cycle() returns trigger
language plpgsql as $$
begin
  select s.cycle_weeks
  into new.cycle_weeks
  from workforce.work_schedules s
  where s.biz_id = new.biz_id
    and s.id = new.work_schedule_id;
  return new;
end
$$;
comment on function workforce.take_cycle() is 'Trigger: a new day of a schedule takes over the length of its cycle.';
create trigger work_schedule_days_cycle
  before insert on workforce.work_schedule_days
  for each row execute function workforce.take_cycle();

-- staff ---------------------------------------------------------------------------------------------------------------

create table workforce.staff (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  member_id uuid,
  resource_id uuid,
  full_name text not null,
  preferred_name text,
  employment_type workforce.employment_type not null default 'full_time',
  staff_group text not null default '',
  position text not null default '',
  hired_on date not null,
  probation_ends_on date,
  terminated_on date,
  termination_reason text,
  department_id uuid,
  manager_id uuid,
  home_location_id uuid,
  work_schedule_id uuid,
  weekly_minutes integer,
  payroll_ref text,
  hourly_rate_enc bytea,
  currency char(3),
  emergency_contact_enc bytea,
  constraint staff_pkey primary key (biz_id, id),
  constraint staff_member_id_fkey foreign key (biz_id, member_id)
    references identity.members (biz_id, id),
  constraint staff_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint staff_department_id_fkey foreign key (biz_id, department_id)
    references workforce.departments (biz_id, id),
  constraint staff_manager_id_fkey foreign key (biz_id, manager_id)
    references workforce.staff (biz_id, id),
  constraint staff_home_location_id_fkey foreign key (biz_id, home_location_id)
    references core.locations (biz_id, id),
  constraint staff_work_schedule_id_fkey foreign key (biz_id, work_schedule_id)
    references workforce.work_schedules (biz_id, id),
  constraint staff_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint staff_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint staff_full_name_check check (btrim(full_name) <> '' and length(full_name) <= 200),
  constraint staff_preferred_name_check check (btrim(preferred_name) <> '' and length(preferred_name) <= 200),
  constraint staff_staff_group_check check (length(staff_group) <= 60),
  constraint staff_position_check check (length(position) <= 200),
  constraint staff_termination_reason_check check (
    btrim(termination_reason) <> '' and length(termination_reason) <= 2000),
  constraint staff_payroll_ref_check check (btrim(payroll_ref) <> '' and length(payroll_ref) <= 60),
  constraint staff_probation_check check (probation_ends_on >= hired_on),
  constraint staff_terminated_check check (terminated_on >= hired_on),
  constraint staff_termination_reason_date_check check (termination_reason is null or terminated_on is not null),
  constraint staff_weekly_minutes_check check (weekly_minutes between 1 and 10080),
  constraint staff_hourly_rate_check check (hourly_rate_enc is null or currency is not null)
);
comment on table workforce.staff is 'Somebody who works here, or did.';
comment on column workforce.staff.number is 'Personnel number, unique among the people in use.';
comment on column workforce.staff.member_id is 'Their sign-in to this tenant, if they have one.';
comment on column workforce.staff.resource_id is 'The resource by which they can be booked or assigned, if they can.';
comment on column workforce.staff.full_name is 'Name on documents.';
comment on column workforce.staff.preferred_name is 'Name on rosters and for customers, where it differs.';
comment on column workforce.staff.employment_type is 'On what terms they work here.';
comment on column workforce.staff.staff_group is 'The group whose leave policies apply, such as kitchen; empty for the policies of everyone.';
comment on column workforce.staff.position is 'What they are employed as, such as receptionist.';
comment on column workforce.staff.hired_on is 'First day of work.';
comment on column workforce.staff.probation_ends_on is 'First day after probation.';
comment on column workforce.staff.terminated_on is 'First day on which they no longer work here.';
comment on column workforce.staff.termination_reason is 'Why they left.';
comment on column workforce.staff.department_id is 'The department they belong to.';
comment on column workforce.staff.manager_id is 'Who leads them, approves their leave and signs their hours.';
comment on column workforce.staff.home_location_id is 'Where they usually work.';
comment on column workforce.staff.work_schedule_id is 'What they work when nothing else is planned.';
comment on column workforce.staff.weekly_minutes is 'Minutes a week by contract; hours beyond are overtime by contract.';
comment on column workforce.staff.payroll_ref is 'Their number in the payroll program.';
comment on column workforce.staff.hourly_rate_enc is 'Pay for an hour in the currency of the row, sealed.';
comment on column workforce.staff.currency is 'Currency of the pay.';
comment on column workforce.staff.emergency_contact_enc is 'Whom to call in an emergency, sealed.';
comment on constraint staff_number_check on workforce.staff is 'A number is required, of 60 characters at most.';
comment on constraint staff_full_name_check on workforce.staff is 'A full name is required, of 200 characters at most.';
comment on constraint staff_preferred_name_check on workforce.staff is 'A preferred name is not blank, and of 200 characters at most.';
comment on constraint staff_staff_group_check on workforce.staff is 'The staff group has 60 characters at most.';
comment on constraint staff_position_check on workforce.staff is 'The position has 200 characters at most.';
comment on constraint staff_termination_reason_check on workforce.staff is 'A termination reason is not blank, and of 2,000 characters at most.';
comment on constraint staff_payroll_ref_check on workforce.staff is 'A payroll ref is not blank, and of 60 characters at most.';
comment on constraint staff_probation_check on workforce.staff is 'Probation cannot end before the first day.';
comment on constraint staff_terminated_check on workforce.staff is 'Nobody leaves before the first day.';
comment on constraint staff_termination_reason_date_check on workforce.staff is 'A reason for leaving needs the day of leaving.';
comment on constraint staff_weekly_minutes_check on workforce.staff is 'A week has between 1 and 10,080 minutes.';
comment on constraint staff_hourly_rate_check on workforce.staff is 'A pay needs a currency.';

create index staff_full_name_idx on workforce.staff (biz_id, full_name, id);

call core.install_table('workforce.staff', 'M', 'wfst', registrable => true);
call core.configure_graph('workforce.staff', aggregates => true);
create unique index staff_number_key on workforce.staff (biz_id, number) where deleted_at is null;
comment on index workforce.staff_number_key is 'Somebody else has this personnel number.';
create unique index staff_member_id_key on workforce.staff (biz_id, member_id)
  where member_id is not null and deleted_at is null;
comment on index workforce.staff_member_id_key is 'This member already is somebody''s sign-in.';
create unique index staff_resource_id_key on workforce.staff (biz_id, resource_id)
  where resource_id is not null and deleted_at is null;
comment on index workforce.staff_resource_id_key is 'Somebody else already is this resource.';

call core.install_acyclic('workforce.staff', 'manager_id');

alter table workforce.departments
  add column head_id uuid,
  add constraint departments_head_id_fkey foreign key (biz_id, head_id) references workforce.staff (biz_id, id);
comment on column workforce.departments.head_id is 'Who leads the department.';
call core.index_foreign_keys('workforce.departments');
call core.describe_table('workforce.departments');

-- Nobody decides for themselves. Arguments: the column of the person concerned, the column of the user who decides.
create function workforce.refuse_own_decision() returns trigger
language plpgsql as $$
declare
  decided constant jsonb := to_jsonb(new);
begin
  if exists (
    select
    from workforce.staff s
    join identity.members m on m.biz_id = s.biz_id and m.id = s.member_id
    where s.biz_id = new.biz_id
      and s.id = (decided ->> tg_argv[0])::uuid
      and m.user_id = (decided ->> tg_argv[1])::uuid
  ) then
    raise exception using
      errcode = '23514',
      message = 'Nobody decides on their own request or hours.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = tg_argv[1],
      constraint = tg_table_name || '_four_eyes_check';
  end if;
  return null;
end
$$;
comment on function workforce.refuse_own_decision() is 'Trigger: whoever decides is somebody else than the person concerned.';
