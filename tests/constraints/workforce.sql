-- Rules of workforce, proven one by one. Ana (user a) and Bruno (user b, led by Ana) can sign in; Carla cannot.

-- given: a department, a schedule of five days, and three people
insert into workforce.departments (biz_id, id, code, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000001', 'rooms', 'Rooms'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000002', 'kitchen', 'Kitchen');
insert into workforce.work_schedules (biz_id, id, name, timezone) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000003', 'Five days', 'Europe/Lisbon');
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, weekday, work_minutes, break_minutes)
select '00000000-0000-7000-8000-000000000001', ('00000000-0000-7008-8000-0000000000a' || d)::uuid, '00000000-0000-7008-8000-000000000003', d, 480, 30 from generate_series(1, 5) as d;
insert into workforce.staff (biz_id, id, number, full_name, hired_on, member_id, resource_id, department_id, manager_id, work_schedule_id, home_location_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000011', 'E-1', 'Ana', '2020-01-01', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000053', '00000000-0000-7008-8000-000000000001', null, '00000000-0000-7008-8000-000000000003', '00000000-0000-7000-8000-000000000011'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000012', 'E-2', 'Bruno', '2021-01-01', '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000054', '00000000-0000-7008-8000-000000000001', '00000000-0000-7008-8000-000000000011', '00000000-0000-7008-8000-000000000003', '00000000-0000-7000-8000-000000000011'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000013', 'E-3', 'Carla', '2022-01-01', null, null, '00000000-0000-7008-8000-000000000001', '00000000-0000-7008-8000-000000000011', '00000000-0000-7008-8000-000000000003', '00000000-0000-7000-8000-000000000011');

-- refused staff_number_key: two people in use have no personnel number in common
insert into workforce.staff (biz_id, id, number, full_name, hired_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000014', 'E-1', 'Dora', '2020-01-01');

-- allowed: the number of an archived person is free again
update workforce.staff set deleted_at = now() where id = '00000000-0000-7008-8000-000000000013';
insert into workforce.staff (biz_id, id, number, full_name, hired_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000014', 'E-3', 'Dora', '2020-01-01');

-- refused staff_member_id_key: a member is the sign-in of one person
insert into workforce.staff (biz_id, id, number, full_name, hired_on, member_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000014', 'E-4', 'Dora', '2020-01-01', '00000000-0000-7000-8000-000000000021');

-- refused staff_resource_id_key: a resource is one person
insert into workforce.staff (biz_id, id, number, full_name, hired_on, resource_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000014', 'E-4', 'Dora', '2020-01-01', '00000000-0000-7000-8000-000000000053');

-- refused staff_manager_id_acyclic_check: nobody is led by those whom they lead
update workforce.staff set manager_id = '00000000-0000-7008-8000-000000000012' where id = '00000000-0000-7008-8000-000000000011';

-- refused departments_parent_id_acyclic_check: a department does not contain itself through others
update workforce.departments set parent_id = '00000000-0000-7008-8000-000000000002' where id = '00000000-0000-7008-8000-000000000001';
update workforce.departments set parent_id = '00000000-0000-7008-8000-000000000001' where id = '00000000-0000-7008-8000-000000000002';

-- refused departments_code_key: departments in use have codes of their own
insert into workforce.departments (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000004', 'rooms', 'Other rooms');

-- refused staff_terminated_check: nobody leaves before the first day
update workforce.staff set terminated_on = '2019-01-01' where id = '00000000-0000-7008-8000-000000000011';

-- refused staff_hourly_rate_check: a pay needs a currency
update workforce.staff set hourly_rate_enc = '\x00' where id = '00000000-0000-7008-8000-000000000011';

-- refused work_schedule_days_week_no_check: a day lies within the cycle of its schedule
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, week_no, weekday, work_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000005', '00000000-0000-7008-8000-000000000003', 2, 1, 480);

-- allowed: a longer cycle takes its days along
update workforce.work_schedules set cycle_weeks = 2 where id = '00000000-0000-7008-8000-000000000003';
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, week_no, weekday, work_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000005', '00000000-0000-7008-8000-000000000003', 2, 1, 480);

-- refused work_schedule_days_week_no_check: a cycle is not made shorter than its days
update workforce.work_schedules set cycle_weeks = 2 where id = '00000000-0000-7008-8000-000000000003';
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, week_no, weekday, work_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000005', '00000000-0000-7008-8000-000000000003', 2, 1, 480);
update workforce.work_schedules set cycle_weeks = 1 where id = '00000000-0000-7008-8000-000000000003';

-- refused work_schedule_days_weekday_key: a schedule has each day once
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, weekday, work_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000005', '00000000-0000-7008-8000-000000000003', 1, 480);

-- given: a published shift of Bruno, a draft of Carla
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at, status, published_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000021', '00000000-0000-7008-8000-000000000012', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 16:00Z', 'published', '2027-02-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000022', '00000000-0000-7008-8000-000000000013', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 16:00Z', 'draft', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', '00000000-0000-7000-8000-000000000011', '2027-03-03', '2027-03-03 08:00Z', '2027-03-03 16:00Z', 'published', '2027-02-01');

-- allowed: a shift is published, confirmed, begun and completed, with an hour of overtime less the break
update workforce.staff_shifts set status = 'published', published_at = now() where id = '00000000-0000-7008-8000-000000000022';
update workforce.staff_shifts set status = 'confirmed' where id = '00000000-0000-7008-8000-000000000022';
update workforce.staff_shifts set status = 'in_progress', actual_starts_at = '2027-03-01 08:00Z' where id = '00000000-0000-7008-8000-000000000022';
update workforce.staff_shifts set status = 'completed', actual_ends_at = '2027-03-01 17:00Z', break_minutes = 15 where id = '00000000-0000-7008-8000-000000000022';
select 1 / (count(*) filter (where overtime_minutes = 45)) from workforce.staff_shifts where id = '00000000-0000-7008-8000-000000000022';

-- refused staff_shifts_no_overlap_excl: nobody is planned twice at a time
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000024', '00000000-0000-7008-8000-000000000012', '00000000-0000-7000-8000-000000000012', '2027-03-01', '2027-03-01 15:00Z', '2027-03-01 20:00Z');

-- allowed: a cancelled shift leaves its time free, and shifts may touch
select set_config('app.reason', 'why', true);
update workforce.staff_shifts set status = 'cancelled' where id = '00000000-0000-7008-8000-000000000021';
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000024', '00000000-0000-7008-8000-000000000012', '00000000-0000-7000-8000-000000000012', '2027-03-01', '2027-03-01 10:00Z', '2027-03-01 14:00Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000025', '00000000-0000-7008-8000-000000000012', '00000000-0000-7000-8000-000000000012', '2027-03-01', '2027-03-01 14:00Z', '2027-03-01 18:00Z');

-- race staff_shifts_no_overlap_excl: of planners who want the same person at the same time one succeeds
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f1:n', '00000000-0000-7008-8000-000000000011', '00000000-0000-7000-8000-000000000011', '2027-06-01', '2027-06-01 08:0:nZ', '2027-06-01 16:0:nZ');

-- refused staff_shifts_status_transition_check: a draft is not completed
update workforce.staff_shifts set status = 'completed' where id = '00000000-0000-7008-8000-000000000022';

-- refused staff_shifts_status_reason_check: a published shift is cancelled with a reason
update workforce.staff_shifts set status = 'cancelled' where id = '00000000-0000-7008-8000-000000000021';

-- refused staff_shifts_actual_check: a shift in progress says when it began
update workforce.staff_shifts set status = 'in_progress' where id = '00000000-0000-7008-8000-000000000021';

-- refused staff_shifts_planned_times_check: a shift ends after it begins
update workforce.staff_shifts set planned_ends_at = planned_starts_at where id = '00000000-0000-7008-8000-000000000022';

-- refused staff_shifts_staff_immutable_check: a published shift is not given to somebody else in silence
update workforce.staff_shifts set staff_id = '00000000-0000-7008-8000-000000000011' where id = '00000000-0000-7008-8000-000000000021';

-- refused staff_shifts_worked_immutable_check: the plan of a shift that began stays
update workforce.staff_shifts set status = 'in_progress', actual_starts_at = '2027-03-01 08:00Z' where id = '00000000-0000-7008-8000-000000000021';
update workforce.staff_shifts set planned_ends_at = '2027-03-01 15:00Z' where id = '00000000-0000-7008-8000-000000000021';

-- refused staff_shifts_swap_of_id_key: a shift is replaced by one other
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at, swap_of_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000024', '00000000-0000-7008-8000-000000000011', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 16:00Z', '00000000-0000-7008-8000-000000000021'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000025', '00000000-0000-7008-8000-000000000013', '00000000-0000-7000-8000-000000000011', '2027-03-02', '2027-03-02 08:00Z', '2027-03-02 16:00Z', '00000000-0000-7008-8000-000000000021');

-- given: Bruno asks Carla to exchange shifts
insert into workforce.shift_swaps (biz_id, id, from_shift_id, from_staff_id, to_staff_id, to_shift_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000031', '00000000-0000-7008-8000-000000000021', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000023');

-- allowed: Carla agrees, Ana approves
update workforce.shift_swaps set status = 'accepted', responded_at = now() where id = '00000000-0000-7008-8000-000000000031';
update workforce.shift_swaps set status = 'approved', decided_at = now(), decided_by_id = '00000000-0000-7000-8000-00000000000a' where id = '00000000-0000-7008-8000-000000000031';

-- refused shift_swaps_people_check: a shift swap needs two different people
insert into workforce.shift_swaps (biz_id, id, from_shift_id, from_staff_id, to_staff_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000032', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000013');

-- refused shift_swaps_from_shift_id_fkey: nobody gives away the shift of another
insert into workforce.shift_swaps (biz_id, id, from_shift_id, from_staff_id, to_staff_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000032', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000011');

-- refused shift_swaps_to_shift_id_fkey: the shift taken in return is the colleague's
insert into workforce.shift_swaps (biz_id, id, from_shift_id, from_staff_id, to_staff_id, to_shift_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000032', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000011', '00000000-0000-7008-8000-000000000021');

-- refused shift_swaps_open_key: a shift is offered once at a time
insert into workforce.shift_swaps (biz_id, id, from_shift_id, from_staff_id, to_staff_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000032', '00000000-0000-7008-8000-000000000021', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000011');

-- refused shift_swaps_four_eyes_check: Bruno does not approve his own swap
update workforce.shift_swaps set status = 'accepted', responded_at = now() where id = '00000000-0000-7008-8000-000000000031';
update workforce.shift_swaps set status = 'approved', decided_at = now(), decided_by_id = '00000000-0000-7000-8000-00000000000b' where id = '00000000-0000-7008-8000-000000000031';

-- refused shift_swaps_status_transition_check: a swap is not approved before the colleague agreed
update workforce.shift_swaps set status = 'approved', responded_at = now(), decided_at = now(), decided_by_id = '00000000-0000-7000-8000-00000000000a' where id = '00000000-0000-7008-8000-000000000031';

-- refused shift_swaps_status_reason_check: a manager refuses a swap with a reason
update workforce.shift_swaps set status = 'accepted', responded_at = now() where id = '00000000-0000-7008-8000-000000000031';
update workforce.shift_swaps set status = 'rejected', decided_at = now(), decided_by_id = '00000000-0000-7000-8000-00000000000a' where id = '00000000-0000-7008-8000-000000000031';

-- refused shift_swaps_decided_check: an approved swap says by whom
update workforce.shift_swaps set status = 'accepted', responded_at = now() where id = '00000000-0000-7008-8000-000000000031';
update workforce.shift_swaps set status = 'approved' where id = '00000000-0000-7008-8000-000000000031';

-- given: two shifts that somebody may take
insert into workforce.open_shifts (biz_id, id, location_id, business_date, starts_at, ends_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000035', '00000000-0000-7000-8000-000000000011', '2027-03-03', '2027-03-03 08:00Z', '2027-03-03 16:00Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000038', '00000000-0000-7000-8000-000000000011', '2027-03-03', '2027-03-03 08:00Z', '2027-03-03 16:00Z');

-- allowed: somebody takes it by a shift
update workforce.open_shifts set status = 'filled', filled_by_id = '00000000-0000-7008-8000-000000000013', filled_shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000035';

-- refused open_shifts_filled_check: a filled one says by whom
update workforce.open_shifts set status = 'filled' where id = '00000000-0000-7008-8000-000000000035';

-- refused open_shifts_filled_shift_id_fkey: the shift is one of whoever took it
update workforce.open_shifts set status = 'filled', filled_by_id = '00000000-0000-7008-8000-000000000012', filled_shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000035';

-- refused open_shifts_filled_shift_id_key: a shift fills one open shift
insert into workforce.open_shifts (biz_id, id, location_id, business_date, starts_at, ends_at, status, filled_by_id, filled_shift_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000036', '00000000-0000-7000-8000-000000000011', '2027-03-03', '2027-03-03 08:00Z', '2027-03-03 16:00Z', 'filled', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000023'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000037', '00000000-0000-7000-8000-000000000011', '2027-03-03', '2027-03-03 08:00Z', '2027-03-03 16:00Z', 'filled', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000023');

-- refused open_shifts_taken_check: what somebody has is not taken from them
update workforce.open_shifts set status = 'filled', filled_by_id = '00000000-0000-7008-8000-000000000013', filled_shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000035';
update workforce.open_shifts set filled_by_id = '00000000-0000-7008-8000-000000000012', filled_shift_id = '00000000-0000-7008-8000-000000000021' where id = '00000000-0000-7008-8000-000000000035';

-- race open_shifts_taken_check: of those who want an open shift at once one gets it
insert into workforce.staff (biz_id, id, number, full_name, hired_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000fd:n', 'T-:n', 'Taker :n', '2027-01-01');
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000fe:n', '00000000-0000-7008-8000-000000000fd:n', '00000000-0000-7000-8000-000000000011', '2027-03-03', '2027-03-03 08:00Z', '2027-03-03 16:00Z');
update workforce.open_shifts set status = 'filled', filled_by_id = '00000000-0000-7008-8000-000000000fd:n', filled_shift_id = '00000000-0000-7008-8000-000000000fe:n' where id = '00000000-0000-7008-8000-000000000038';

-- refused open_shifts_status_reason_check: a shift is given back with a reason
update workforce.open_shifts set status = 'filled', filled_by_id = '00000000-0000-7008-8000-000000000013', filled_shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000035';
update workforce.open_shifts set status = 'open', filled_by_id = null, filled_shift_id = null where id = '00000000-0000-7008-8000-000000000035';

-- refused open_shifts_status_transition_check: what was cancelled is not filled
update workforce.open_shifts set status = 'cancelled' where id = '00000000-0000-7008-8000-000000000035';
update workforce.open_shifts set status = 'filled', filled_by_id = '00000000-0000-7008-8000-000000000013', filled_shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000035';

-- given: hours of Bruno, one of them approved, and his timesheet of March
insert into workforce.work_time_segments (biz_id, id, staff_id, shift_id, location_id, business_date, starts_at, ends_at, approved_by_id, approved_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000041', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000021', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 12:00Z', '00000000-0000-7000-8000-00000000000a', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000042', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000021', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 12:30Z', '2027-03-01 16:30Z', null, null);
insert into workforce.timesheets (biz_id, id, staff_id, starts_on, ends_on, worked_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000045', '00000000-0000-7008-8000-000000000012', '2027-03-01', '2027-04-01', 480);

-- allowed: clocking in, having a break, clocking out
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000013', '2027-03-01', '2027-03-01 08:00Z');
update workforce.work_time_segments set ends_at = '2027-03-01 12:00Z' where id = '00000000-0000-7008-8000-000000000043';
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, kind, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000044', '00000000-0000-7008-8000-000000000013', '2027-03-01', 'break', '2027-03-01 12:00Z', '2027-03-01 12:30Z');

-- refused work_time_segments_no_overlap_excl: nobody works twice at a time
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000012', '2027-03-01', '2027-03-01 11:00Z', '2027-03-01 12:10Z');

-- refused work_time_segments_no_overlap_excl: whoever is clocked in has no later time
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000013', '2027-03-01', '2027-03-01 08:00Z');
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000044', '00000000-0000-7008-8000-000000000013', '2027-03-02', '2027-03-02 08:00Z', '2027-03-02 09:00Z');

-- refused work_time_segments_open_key: nobody is clocked in twice
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000013', '2027-03-01', '2027-03-01 08:00Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000044', '00000000-0000-7008-8000-000000000013', '2027-03-01', '2027-03-01 09:00Z');

-- race work_time_segments_open_key: of clocks pressed at once one counts
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f2:n', '00000000-0000-7008-8000-000000000011', '2027-06-01', '2027-06-01 08:00Z');

-- refused work_time_segments_approved_immutable_check: an approved time is not changed
update workforce.work_time_segments set ends_at = '2027-03-01 12:15Z' where id = '00000000-0000-7008-8000-000000000041';

-- allowed: an approved time is corrected by another, with a reason, which takes its place
insert into workforce.work_time_segments (biz_id, id, staff_id, shift_id, business_date, starts_at, ends_at, source, corrects_id, correction_reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000021', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 12:15Z', 'manual', '00000000-0000-7008-8000-000000000041', 'forgot to clock out');
select 1 / count(*) from workforce.work_time_segments where id = '00000000-0000-7008-8000-000000000041' and superseded_at is not null;

-- refused work_time_segments_correction_check: a correction says why
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at, corrects_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000012', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 12:15Z', '00000000-0000-7008-8000-000000000041');

-- refused work_time_segments_corrects_id_fkey: a correction is of the same person
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at, corrects_id, correction_reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000013', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 12:15Z', '00000000-0000-7008-8000-000000000041', 'mistaken');

-- refused work_time_segments_superseded_immutable_check: what was corrected stays as it was
update workforce.work_time_segments set superseded_at = now() where id = '00000000-0000-7008-8000-000000000042';
update workforce.work_time_segments set superseded_at = null where id = '00000000-0000-7008-8000-000000000042';

-- refused work_time_segments_corrects_id_key: a time is corrected once; a correction is corrected in turn
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at, corrects_id, correction_reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000012', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 11:00Z', '00000000-0000-7008-8000-000000000041', 'left early');
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at, corrects_id, correction_reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000044', '00000000-0000-7008-8000-000000000012', '2027-03-01', '2027-03-01 11:00Z', '2027-03-01 11:30Z', '00000000-0000-7008-8000-000000000041', 'left early');

-- refused work_time_segments_four_eyes_check: Bruno does not approve his own hours
update workforce.work_time_segments set approved_by_id = '00000000-0000-7000-8000-00000000000b', approved_at = now() where id = '00000000-0000-7008-8000-000000000042';

-- refused work_time_segments_staff_immutable_check: a recorded time stays with its person
update workforce.work_time_segments set staff_id = '00000000-0000-7008-8000-000000000013', shift_id = null where id = '00000000-0000-7008-8000-000000000042';

-- refused work_time_segments_business_date_immutable_check: the business date is never changed
update workforce.work_time_segments set business_date = '2027-03-02' where id = '00000000-0000-7008-8000-000000000042';

-- refused work_time_segments_shift_id_fkey: hours belong to a shift of the same person
update workforce.work_time_segments set shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000042';

-- refused work_time_segments_point_check: a point has both of its coordinates
update workforce.work_time_segments set lat = 38.7 where id = '00000000-0000-7008-8000-000000000042';

-- allowed: a timesheet is submitted, approved and exported
update workforce.timesheets set status = 'submitted', submitted_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000a', approved_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set status = 'exported', exported_at = now(), export_ref = 'run 3' where id = '00000000-0000-7008-8000-000000000045';

-- refused work_time_segments_timesheet_locked_check: nothing comes into a timesheet that is approved
update workforce.timesheets set status = 'submitted', submitted_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000a', approved_at = now() where id = '00000000-0000-7008-8000-000000000045';
insert into workforce.work_time_segments (biz_id, id, staff_id, business_date, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000043', '00000000-0000-7008-8000-000000000012', '2027-03-05', '2027-03-05 08:00Z', '2027-03-05 09:00Z');

-- refused timesheets_approved_immutable_check: an approved timesheet is locked
update workforce.timesheets set status = 'submitted', submitted_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000a', approved_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set worked_minutes = 481 where id = '00000000-0000-7008-8000-000000000045';

-- refused timesheets_four_eyes_check: Bruno does not approve his own timesheet
update workforce.timesheets set status = 'submitted', submitted_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000b', approved_at = now() where id = '00000000-0000-7008-8000-000000000045';

-- refused timesheets_no_overlap_excl: a day is in one timesheet of a person
insert into workforce.timesheets (biz_id, id, staff_id, starts_on, ends_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000046', '00000000-0000-7008-8000-000000000012', '2027-03-31', '2027-05-01');

-- refused timesheets_staff_immutable_check: a timesheet stays with its person
update workforce.timesheets set staff_id = '00000000-0000-7008-8000-000000000013' where id = '00000000-0000-7008-8000-000000000045';

-- refused timesheets_status_transition_check: an open timesheet is not approved
update workforce.timesheets set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000a', approved_at = now() where id = '00000000-0000-7008-8000-000000000045';

-- refused timesheets_status_reason_check: a timesheet is rejected with a reason
update workforce.timesheets set status = 'submitted', submitted_at = now() where id = '00000000-0000-7008-8000-000000000045';
update workforce.timesheets set status = 'rejected' where id = '00000000-0000-7008-8000-000000000045';

-- refused timesheets_minutes_check: overtime is a part of the time worked
update workforce.timesheets set overtime_minutes = 481 where id = '00000000-0000-7008-8000-000000000045';

-- refused timesheets_adjustment_check: minutes are added with a reason
update workforce.timesheets set adjustment_minutes = 30 where id = '00000000-0000-7008-8000-000000000045';

-- refused overtime_policies_no_overlap_excl: one policy holds everywhere for a tier at a time
insert into workforce.overtime_policies (biz_id, id, code, name, daily_threshold_minutes, multiplier, starts_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000048', 'a', 'A', 480, 1.5, '2027-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000049', 'b', 'B', 480, 1.5, '2027-06-01');

-- allowed: a second tier, and a location of its own
insert into workforce.overtime_policies (biz_id, id, code, name, location_id, tier, daily_threshold_minutes, multiplier, starts_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000048', 'a', 'A', null, 1, 480, 1.5, '2027-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000049', 'b', 'B', null, 2, 600, 2, '2027-01-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-00000000004a', 'c', 'C', '00000000-0000-7000-8000-000000000011', 1, 480, 2, '2027-01-01');

-- refused overtime_policies_thresholds_check: a policy has a threshold
insert into workforce.overtime_policies (biz_id, id, code, name, multiplier, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000048', 'a', 'A', 1.5, '2027-01-01');

-- allowed: the contract is the threshold
insert into workforce.overtime_policies (biz_id, id, code, name, is_by_contract, multiplier, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000048', 'a', 'A', true, 1.5, '2027-01-01');

-- refused overtime_forecasts_staff_id_week_starts_on_key: a week is forecast once
insert into workforce.overtime_forecasts (biz_id, id, staff_id, week_starts_on, planned_minutes, projected_overtime_minutes) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-00000000004b', '00000000-0000-7008-8000-000000000012', '2027-03-01', 2400, 0), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-00000000004c', '00000000-0000-7008-8000-000000000012', '2027-03-01', 2460, 60);

-- given: holidays with a policy, Bruno's periods of two years with balances, and jury duty of which none are kept
insert into workforce.leave_types (biz_id, id, code, name, is_tracked) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000051', 'holiday', 'Holiday', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000052', 'jury', 'Jury duty', false), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000053', 'unpaid', 'Unpaid', true);
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, amount_minutes, starts_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000054', 'holiday', 'Holiday', '00000000-0000-7008-8000-000000000051', 10560, '2020-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000055', 'unpaid', 'Unpaid', '00000000-0000-7008-8000-000000000053', 0, '2020-01-01');
insert into workforce.leave_policy_assignments (biz_id, id, staff_id, leave_type_id, policy_id, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000056', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000054', '2021-01-01');
insert into workforce.leave_periods (biz_id, id, staff_id, leave_type_id, policy_id, starts_on, ends_on, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000057', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000054', '2027-01-01', '2028-01-01', 'open'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000058', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000054', '2028-01-01', '2029-01-01', 'planned');
insert into workforce.leave_balances (biz_id, id, staff_id, leave_type_id, period_id, accrued_minutes) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000059', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 960), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-00000000005a', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000058', 960);
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-00000000005b', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'accrual', 960, '2027-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-00000000005c', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000058', 'accrual', 960, '2028-01-01');

-- refused leave_policies_no_overlap_excl: one policy for a group and type holds at a time
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', 'other', 'Other', '00000000-0000-7008-8000-000000000051', '2027-01-01');

-- allowed: another group has a policy of its own
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, staff_group, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', 'kitchen', 'Kitchen', '00000000-0000-7008-8000-000000000051', 'kitchen', '2027-01-01');

-- refused leave_policies_accrual_hours_check: leave by hours says by how many
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, staff_group, accrual, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', 'kitchen', 'Kitchen', '00000000-0000-7008-8000-000000000051', 'kitchen', 'per_hour', '2027-01-01');

-- refused leave_policy_assignments_no_overlap_excl: one policy of a type holds for a person at a time
insert into workforce.leave_policy_assignments (biz_id, id, staff_id, leave_type_id, policy_id, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000054', '2027-01-01');

-- refused leave_policy_assignments_policy_id_fkey: the policy is about the type of leave
insert into workforce.leave_policy_assignments (biz_id, id, staff_id, leave_type_id, policy_id, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000055', '2027-01-01');

-- refused leave_periods_no_overlap_excl: periods of a person and type do not overlap
insert into workforce.leave_periods (biz_id, id, staff_id, leave_type_id, policy_id, starts_on, ends_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000054', '2028-06-01', '2029-06-01');

-- refused leave_periods_owner_immutable_check: a period keeps its first day
update workforce.leave_periods set starts_on = '2027-02-01' where id = '00000000-0000-7008-8000-000000000057';

-- refused leave_periods_status_transition_check: a period is not closed before it was opened
update workforce.leave_periods set status = 'closed', closed_at = now() where id = '00000000-0000-7008-8000-000000000058';

-- refused leave_periods_status_reason_check: a closed period is opened again with a reason
update workforce.leave_periods set status = 'closed', closed_at = now() where id = '00000000-0000-7008-8000-000000000057';
update workforce.leave_periods set status = 'open' where id = '00000000-0000-7008-8000-000000000057';

-- refused leave_balances_period_id_key: a period has one balance
insert into workforce.leave_balances (biz_id, id, staff_id, leave_type_id, period_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057');

-- refused leave_balances_ledger_sum_check: a balance is not changed without the ledger
update workforce.leave_balances set accrued_minutes = 961 where id = '00000000-0000-7008-8000-000000000059';

-- refused leave_balances_ledger_sum_check: the ledger is not written without the balance
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on, note)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'adjustment', 60, '2027-02-01', 'long service');

-- allowed: a balance is adjusted in both
update workforce.leave_balances set adjusted_minutes = 60 where id = '00000000-0000-7008-8000-000000000059';
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on, note)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'adjustment', 60, '2027-02-01', 'long service');
select 1 / count(*) from workforce.leave_balances where id = '00000000-0000-7008-8000-000000000059' and balance_minutes = 1020;

-- refused leave_ledger_entries_accrual_key: an accrual that runs again comes in once
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'accrual', 960, '2027-01-01');

-- refused leave_ledger_entries_minutes_check: what expires goes out
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'expiry', 60, '2027-12-31');

-- refused leave_ledger_entries_minutes_check: what is given back comes in
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'taken_reversal', -60, '2027-12-31');

-- refused leave_ledger_entries_note_adjustment_check: an adjustment says why
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'adjustment', 60, '2027-12-31');

-- refused leave_ledger_entries_append_only_check: the ledger is never changed
set local role bizing_platform;
update workforce.leave_ledger_entries set minutes = 961 where id = '00000000-0000-7008-8000-00000000005b';

-- refused leave_balances_expired_check: leave that expires never becomes credit
update workforce.leave_balances set expired_minutes = -60 where id = '00000000-0000-7008-8000-000000000059';

-- refused leave_balances_carried_taken_check: no more of the carry-over is used than there is
update workforce.leave_balances set carried_taken_minutes = 60 where id = '00000000-0000-7008-8000-000000000059';

-- given: Bruno asks for the last day of the year and the first of the next
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes, status, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000071', 'L-1', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-12-31', '2028-01-02', 960, 'submitted', now());
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, scheduled_minutes, minutes, period_id, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000072', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-12-31', 480, 480, '00000000-0000-7008-8000-000000000057', 'reserved'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000073', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2028-01-01', 480, 480, '00000000-0000-7008-8000-000000000058', 'reserved');
update workforce.leave_balances set reserved_minutes = 480 where id in ('00000000-0000-7008-8000-000000000059', '00000000-0000-7008-8000-00000000005a');
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000074', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', 1, '00000000-0000-7000-8000-000000000021');

-- allowed: Ana approves; each day is taken from its own period
update workforce.leave_approvals set decision = 'approved', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now() where id = '00000000-0000-7008-8000-000000000074';
update workforce.leave_requests set status = 'approved', decided_at = now() where id = '00000000-0000-7008-8000-000000000071';
update workforce.leave_request_days set status = 'charged' where leave_request_id = '00000000-0000-7008-8000-000000000071';
update workforce.leave_balances set reserved_minutes = 0, taken_minutes = 480 where id in ('00000000-0000-7008-8000-000000000059', '00000000-0000-7008-8000-00000000005a');
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, request_day_id, effective_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'taken', -480, '00000000-0000-7008-8000-000000000072', '2027-12-31'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000062', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000058', 'taken', -480, '00000000-0000-7008-8000-000000000073', '2028-01-01');
insert into workforce.leave_events (biz_id, id, leave_request_id, kind, minutes_after) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000063', '00000000-0000-7008-8000-000000000071', 'approved', 960);

-- allowed: one of the days is recalled, and its minutes come back
select set_config('app.reason', 'why', true);
update workforce.leave_approvals set decision = 'approved', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now() where id = '00000000-0000-7008-8000-000000000074';
update workforce.leave_requests set status = 'approved', decided_at = now() where id = '00000000-0000-7008-8000-000000000071';
update workforce.leave_requests set status = 'partially_recalled', total_minutes = 480 where id = '00000000-0000-7008-8000-000000000071';
update workforce.leave_request_days set status = 'charged' where id = '00000000-0000-7008-8000-000000000072';
update workforce.leave_request_days set status = 'released' where id = '00000000-0000-7008-8000-000000000073';
update workforce.leave_balances set reserved_minutes = 0, taken_minutes = 480 where id = '00000000-0000-7008-8000-000000000059';
update workforce.leave_balances set reserved_minutes = 0 where id = '00000000-0000-7008-8000-00000000005a';
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, request_day_id, effective_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000061', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000057', 'taken', -480, '00000000-0000-7008-8000-000000000072', '2027-12-31');

-- refused leave_balances_ledger_sum_check: what is reserved is set aside in the balance
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes, status, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-2', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-05-03', '2027-05-04', 480, 'submitted', now());
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, scheduled_minutes, minutes, period_id, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-05-03', 480, 480, '00000000-0000-7008-8000-000000000057', 'reserved');

-- refused leave_balances_floor_check: pending requests count, so that no more is asked for than there is
update workforce.leave_balances set reserved_minutes = 961 where id = '00000000-0000-7008-8000-000000000059';

-- refused leave_requests_total_check: a request that costs nothing is refused
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes, status, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-2', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-05-01', '2027-05-02', 0, 'submitted', now());

-- refused leave_requests_days_sum_check: the days sum up to the total
update workforce.leave_requests set total_minutes = 961 where id = '00000000-0000-7008-8000-000000000071';

-- refused leave_request_days_request_check: the days of a submitted request are reserved
update workforce.leave_request_days set status = 'charged' where id = '00000000-0000-7008-8000-000000000072';

-- refused leave_requests_approvals_check: a request is not approved before its approvers agreed
update workforce.leave_requests set status = 'approved', decided_at = now() where id = '00000000-0000-7008-8000-000000000071';
update workforce.leave_request_days set status = 'charged' where leave_request_id = '00000000-0000-7008-8000-000000000071';

-- refused leave_request_days_period_check: a day is charged to the period it falls in
update workforce.leave_request_days set period_id = '00000000-0000-7008-8000-000000000057' where id = '00000000-0000-7008-8000-000000000073';

-- refused leave_request_days_period_check: a day of a type without balances is charged to none, and one with, to one
update workforce.leave_request_days set period_id = null where id = '00000000-0000-7008-8000-000000000073';

-- refused leave_requests_number_key: a request has a number of its own
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-1', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-05-03', '2027-05-04', 0);

-- refused leave_requests_status_transition_check: a submitted request is not taken
update workforce.leave_requests set status = 'taken', decided_at = now() where id = '00000000-0000-7008-8000-000000000071';

-- refused leave_requests_status_reason_check: a request is refused with a reason
update workforce.leave_requests set status = 'rejected', decided_at = now() where id = '00000000-0000-7008-8000-000000000071';

-- refused leave_requests_portions_check: only the last of several days ends at noon
update workforce.leave_requests set start_portion = 'am' where id = '00000000-0000-7008-8000-000000000071';

-- refused leave_requests_owner_immutable_check: a submitted request keeps its person
update workforce.leave_requests set staff_id = '00000000-0000-7008-8000-000000000013' where id = '00000000-0000-7008-8000-000000000071';

-- refused leave_request_days_no_overlap_excl: half a day and the whole of it exclude one another
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, start_portion, end_portion, total_minutes, status, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-2', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-12-31', '2028-01-01', 'am', 'am', 240, 'submitted', now());
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, scheduled_minutes, minutes, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-12-31', 'am', 480, 240, 'reserved');

-- allowed: the two halves of a day are leave of two types
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, start_portion, end_portion, total_minutes, status, submitted_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-2', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-05-03', '2027-05-04', 'am', 'am', 240, 'submitted', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000077', 'L-3', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-05-03', '2027-05-04', 'pm', 'pm', 240, 'submitted', now());
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, scheduled_minutes, minutes, period_id, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-05-03', 'am', 480, 240, null, 'reserved'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000078', '00000000-0000-7008-8000-000000000077', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-05-03', 'pm', 480, 240, '00000000-0000-7008-8000-000000000057', 'reserved');
update workforce.leave_balances set reserved_minutes = reserved_minutes + 240 where id = '00000000-0000-7008-8000-000000000059';

-- refused leave_request_days_minutes_check: half a day costs half of what the date has
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, scheduled_minutes, minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-12-30', 'am', 360, 240);

-- refused leave_request_days_hours_check: hours of leave say from when to when
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, scheduled_minutes, minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-12-30', 'hours', 480, 120);

-- refused leave_request_days_leave_request_id_leave_on_key: a request has each day once
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, scheduled_minutes, minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-12-31', 480, 480);

-- refused leave_request_days_request_immutable_check: a day stays with its date
update workforce.leave_request_days set leave_on = '2027-12-30' where id = '00000000-0000-7008-8000-000000000072';

-- refused leave_periods_days_check: a period does not end before the days that are charged to it
update workforce.leave_periods set ends_on = '2027-12-01' where id = '00000000-0000-7008-8000-000000000057';

-- refused leave_approvals_four_eyes_check: nobody is asked to approve their own leave
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', 2, '00000000-0000-7000-8000-000000000022');

-- refused leave_approvals_four_eyes_check: Bruno does not decide for Ana on his own leave
update workforce.leave_approvals set decision = 'approved', decided_by_id = '00000000-0000-7000-8000-00000000000b', decided_at = now() where id = '00000000-0000-7008-8000-000000000074';

-- refused leave_approvals_order_check: approvers decide in their order
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id, decision, decided_by_id, decided_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', 2, '00000000-0000-7000-8000-000000000021', 'approved', '00000000-0000-7000-8000-00000000000a', now());

-- refused leave_approvals_chain_ended_check: a denial ends the chain
update workforce.leave_approvals set decision = 'denied', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now(), note = 'high season' where id = '00000000-0000-7008-8000-000000000074';
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id, decision, decided_by_id, decided_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', 2, '00000000-0000-7000-8000-000000000021', 'approved', '00000000-0000-7000-8000-00000000000a', now());

-- refused leave_approvals_decided_immutable_check: a decision is not changed
update workforce.leave_approvals set decision = 'denied', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now(), note = 'high season' where id = '00000000-0000-7008-8000-000000000074';
update workforce.leave_approvals set decision = 'approved', note = null where id = '00000000-0000-7008-8000-000000000074';

-- refused leave_approvals_denied_check: a denial says why
update workforce.leave_approvals set decision = 'denied', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now() where id = '00000000-0000-7008-8000-000000000074';

-- refused leave_approvals_submitted_check: only what was submitted is decided
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-2', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-05-03', '2027-05-04', 0);
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id, decision, decided_by_id, decided_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000012', 1, '00000000-0000-7000-8000-000000000021', 'approved', '00000000-0000-7000-8000-00000000000a', now());

-- refused leave_approvals_leave_request_id_step_key: a chain has each step once
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000071', '00000000-0000-7008-8000-000000000012', 1, '00000000-0000-7000-8000-000000000021');

-- refused leave_types_code_key: types of leave in use have codes of their own
insert into workforce.leave_types (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'holiday', 'Another');

-- refused leave_policies_code_key: policies in use have codes of their own
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'holiday', 'Another', '00000000-0000-7008-8000-000000000052', '2027-01-01');

-- allowed: a draft is withdrawn, a submitted request gives back what it reserved
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', 'L-2', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000052', '2027-05-03', '2027-05-04', 0);
update workforce.leave_requests set status = 'withdrawn' where id in ('00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000071');
update workforce.leave_request_days set status = 'released' where leave_request_id = '00000000-0000-7008-8000-000000000071';
update workforce.leave_balances set reserved_minutes = 0 where id in ('00000000-0000-7008-8000-000000000059', '00000000-0000-7008-8000-00000000005a');

-- race leave_approvals_decided_immutable_check: of decisions on a step at once one counts
update workforce.leave_approvals set decision = 'approved', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now(), note = ':n' where id = '00000000-0000-7008-8000-000000000074';

-- race leave_balances_floor_check: of requests for the last day of leave one is taken
update workforce.leave_balances set reserved_minutes = reserved_minutes + 480 where id = '00000000-0000-7008-8000-000000000059';
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes, status, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f3:n', 'L-9:n', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-07-0:n', '2027-07-0:n'::date + 1, 480, 'submitted', now());
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, scheduled_minutes, minutes, period_id, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f4:n', '00000000-0000-7008-8000-000000000f3:n', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '2027-07-0:n', 480, 480, '00000000-0000-7008-8000-000000000057', 'reserved');

-- race leave_request_days_no_overlap_excl: of two requests for one day one is taken
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes, status, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f5:n', 'L-8:n', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000052', '2027-07-01', '2027-07-02', 480, 'submitted', now());
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, scheduled_minutes, minutes, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f6:n', '00000000-0000-7008-8000-000000000f5:n', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000052', '2027-07-01', 480, 480, 'reserved');

-- race leave_ledger_entries_accrual_key: of accruals that run at once one comes in
update workforce.leave_balances set accrued_minutes = accrued_minutes + 10 where id = '00000000-0000-7008-8000-00000000005a';
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f7:n', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000051', '00000000-0000-7008-8000-000000000058', 'accrual', 10, '2028-02-01');

-- refused leave_delegations_no_overlap_excl: one person at a time decides for another
insert into workforce.leave_delegations (biz_id, id, delegator_id, delegate_id, starts_on, ends_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000022', '2027-05-01', '2027-05-10'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000076', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000022', '2027-05-09', '2027-05-20');

-- refused leave_delegations_people_check: nobody decides for themselves
insert into workforce.leave_delegations (biz_id, id, delegator_id, delegate_id, starts_on, ends_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000021', '2027-05-01', '2027-05-10');

-- refused leave_events_append_only_check: what happened stays
insert into workforce.leave_events (biz_id, id, leave_request_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000075', '00000000-0000-7008-8000-000000000071', 'submitted');
set local role bizing_platform;
delete from workforce.leave_events where id = '00000000-0000-7008-8000-000000000075';

-- given: somebody is wanted for Bruno's shift, and Ana and Carla are asked
insert into workforce.substitution_pools (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000081', 'rooms', 'Rooms');
insert into workforce.substitution_pool_members (biz_id, id, pool_id, staff_id, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000082', '00000000-0000-7008-8000-000000000081', '00000000-0000-7008-8000-000000000013', '2027-01-01');
insert into workforce.substitution_requests (biz_id, id, shift_id, absent_staff_id, pool_id, reason, needed_by, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000021', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000081', 'sick', '2027-03-01 07:00Z', 'offering');
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, expires_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000084', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000011', now() + interval '1 hour'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000085', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000013', now() + interval '1 hour');

-- allowed: Carla stands in by a shift of her own, and Ana is not asked any more
select set_config('app.reason', 'why', true);
update workforce.substitution_offers set status = 'accepted', responded_at = now() where id = '00000000-0000-7008-8000-000000000085';
update workforce.substitution_offers set status = 'withdrawn' where id = '00000000-0000-7008-8000-000000000084';
update workforce.staff_shifts set status = 'cancelled' where id in ('00000000-0000-7008-8000-000000000021', '00000000-0000-7008-8000-000000000022');
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at, status, published_at, swap_of_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000024', '00000000-0000-7008-8000-000000000013', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 16:00Z', 'published', now(), '00000000-0000-7008-8000-000000000021');
update workforce.substitution_requests set status = 'filled', replacement_shift_id = '00000000-0000-7008-8000-000000000024' where id = '00000000-0000-7008-8000-000000000083';

-- refused substitution_requests_filled_check: an accepted offer fills the request
update workforce.substitution_offers set status = 'accepted', responded_at = now() where id = '00000000-0000-7008-8000-000000000085';

-- refused substitution_requests_filled_check: nothing is filled before somebody accepts
update workforce.substitution_requests set status = 'filled', replacement_shift_id = '00000000-0000-7008-8000-000000000023' where id = '00000000-0000-7008-8000-000000000083';

-- refused substitution_requests_replacement_check: a filled request says by which shift
update workforce.substitution_requests set status = 'filled' where id = '00000000-0000-7008-8000-000000000083';

-- refused substitution_offers_accepted_key: one person stands in
update workforce.substitution_offers set status = 'accepted', responded_at = now() where id in ('00000000-0000-7008-8000-000000000084', '00000000-0000-7008-8000-000000000085');

-- race substitution_offers_accepted_key: of those who accept at once one stands in
insert into workforce.staff (biz_id, id, number, full_name, hired_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000fb:n', 'R-:n', 'Racer :n', '2027-01-01');
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, planned_starts_at, planned_ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f8:n', '00000000-0000-7008-8000-000000000fb:n', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-03-01 08:00Z', '2027-03-01 16:00Z');
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, expires_at, status, responded_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000f9:n', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000fb:n', now() + interval '1 hour', 'accepted', now());
update workforce.substitution_requests set status = 'filled', replacement_shift_id = '00000000-0000-7008-8000-000000000f8:n' where id = '00000000-0000-7008-8000-000000000083';

-- refused substitution_offers_in_time_check: an expired offer is not accepted
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, offered_at, expires_at, status, responded_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000011', now() - interval '2 hours', now() - interval '1 hour', 'accepted', now());

-- refused substitution_offers_people_check: nobody stands in for themselves
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, expires_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000012', '00000000-0000-7008-8000-000000000012', now() + interval '1 hour');

-- refused substitution_offers_request_id_fkey: an offer names whose shift it is
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, expires_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000083', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000012', now() + interval '1 hour');

-- refused substitution_offers_live_key: nobody is asked twice at a time
insert into workforce.substitution_requests (biz_id, id, shift_id, absent_staff_id, reason, needed_by) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', 'sick', '2027-03-03 07:00Z');
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, expires_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000011', now() + interval '1 hour'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000088', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000011', now() + interval '1 hour');

-- refused substitution_requests_open_key: one stand-in is looked for at a time
insert into workforce.substitution_requests (biz_id, id, shift_id, absent_staff_id, reason, needed_by) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', 'sick', '2027-03-03 07:00Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', 'sick', '2027-03-03 07:00Z');

-- refused substitution_requests_shift_immutable_check: a search stays with its shift
update workforce.substitution_requests set shift_id = '00000000-0000-7008-8000-000000000023', absent_staff_id = '00000000-0000-7008-8000-000000000013' where id = '00000000-0000-7008-8000-000000000083';

-- refused substitution_requests_status_transition_check: what was cancelled is not offered
insert into workforce.substitution_requests (biz_id, id, shift_id, absent_staff_id, reason, needed_by, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', 'sick', '2027-03-03 07:00Z', 'cancelled');
update workforce.substitution_requests set status = 'offering' where id = '00000000-0000-7008-8000-000000000086';

-- refused substitution_offers_status_transition_check: what was declined is not accepted
insert into workforce.substitution_requests (biz_id, id, shift_id, absent_staff_id, reason, needed_by) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000023', '00000000-0000-7008-8000-000000000013', 'sick', '2027-03-03 07:00Z');
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, expires_at, status, responded_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000013', '00000000-0000-7008-8000-000000000011', now() + interval '1 hour', 'declined', now());
update workforce.substitution_offers set status = 'accepted' where id = '00000000-0000-7008-8000-000000000087';

-- refused substitution_pool_members_no_overlap_excl: somebody belongs to a pool once
insert into workforce.substitution_pool_members (biz_id, id, pool_id, staff_id, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000081', '00000000-0000-7008-8000-000000000013', '2027-06-01');

-- refused substitution_fairness_counters_no_overlap_excl: a day is counted once
insert into workforce.substitution_fairness_counters (biz_id, id, pool_id, staff_id, starts_on, ends_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000081', '00000000-0000-7008-8000-000000000013', '2027-01-01', '2027-04-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000081', '00000000-0000-7008-8000-000000000013', '2027-03-01', '2027-06-01');

-- refused substitution_fairness_counters_counts_check: nobody answers more often than they were asked
insert into workforce.substitution_fairness_counters (biz_id, id, pool_id, staff_id, starts_on, ends_on, offered, accepted) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', '00000000-0000-7008-8000-000000000081', '00000000-0000-7008-8000-000000000013', '2027-01-01', '2027-04-01', 1, 2);

-- allowed: staff are ranked, and what moved them is kept
insert into workforce.ranking_profiles (biz_id, id, code, name, subject, weights) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', 'standin', 'Stand-ins', 'staff', '{"accepted": 1}');
insert into workforce.ranking_scores (biz_id, id, profile_id, subject_type, subject_id, score, formula_version) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000086', 'Staff', '00000000-0000-7008-8000-000000000013', 1, 1);
insert into workforce.ranking_events (biz_id, id, profile_id, subject_type, subject_id, kind, delta) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000088', '00000000-0000-7008-8000-000000000086', 'Staff', '00000000-0000-7008-8000-000000000013', 'accepted', 1);

-- refused ranking_scores_subject_fkey: what is ranked exists
insert into workforce.ranking_profiles (biz_id, id, code, name, subject) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', 'standin', 'Stand-ins', 'staff');
insert into workforce.ranking_scores (biz_id, id, profile_id, subject_type, subject_id, score, formula_version) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000086', 'Staff', '00000000-0000-7008-8000-000000000099', 1, 1);

-- refused ranking_scores_subject_key: a subject has one score under a profile
insert into workforce.ranking_profiles (biz_id, id, code, name, subject) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', 'standin', 'Stand-ins', 'staff');
insert into workforce.ranking_scores (biz_id, id, profile_id, subject_type, subject_id, score, formula_version) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000087', '00000000-0000-7008-8000-000000000086', 'Staff', '00000000-0000-7008-8000-000000000013', 1, 1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000088', '00000000-0000-7008-8000-000000000086', 'Staff', '00000000-0000-7008-8000-000000000013', 2, 1);

-- refused ranking_events_append_only_check: what moved a score stays
insert into workforce.ranking_profiles (biz_id, id, code, name, subject) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000086', 'standin', 'Stand-ins', 'staff');
insert into workforce.ranking_events (biz_id, id, profile_id, subject_type, subject_id, kind, delta) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000088', '00000000-0000-7008-8000-000000000086', 'Staff', '00000000-0000-7008-8000-000000000013', 'accepted', 1);
set local role bizing_platform;
update workforce.ranking_events set delta = 2 where id = '00000000-0000-7008-8000-000000000088';

-- given: Bruno is to learn fire safety
insert into workforce.training_modules (biz_id, id, code, title, pass_score, validity_months) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000091', 'fire', 'Fire safety', 80, 12);
insert into workforce.training_requirements (biz_id, id, module_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000092', '00000000-0000-7008-8000-000000000091');
insert into workforce.training_enrollments (biz_id, id, module_id, staff_id, due_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000093', '00000000-0000-7008-8000-000000000091', '00000000-0000-7008-8000-000000000012', '2027-04-01');

-- allowed: he fails, tries again, passes, and it expires
update workforce.training_enrollments set status = 'in_progress', started_at = now() where id = '00000000-0000-7008-8000-000000000093';
insert into workforce.training_attempts (biz_id, id, enrollment_id, attempt_no, score, passed) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000094', '00000000-0000-7008-8000-000000000093', 1, 60, false);
update workforce.training_enrollments set status = 'failed', attempts = 1, score = 60 where id = '00000000-0000-7008-8000-000000000093';
update workforce.training_enrollments set status = 'in_progress' where id = '00000000-0000-7008-8000-000000000093';
update workforce.training_enrollments set status = 'passed', attempts = 2, score = 90, completed_at = now(), expires_on = '2028-03-01' where id = '00000000-0000-7008-8000-000000000093';
update workforce.training_enrollments set status = 'expired' where id = '00000000-0000-7008-8000-000000000093';

-- refused training_enrollments_open_key: one enrolment in a module is open
insert into workforce.training_enrollments (biz_id, id, module_id, staff_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000094', '00000000-0000-7008-8000-000000000091', '00000000-0000-7008-8000-000000000012');

-- race training_enrollments_open_key: of enrolments at once one is made
insert into workforce.training_enrollments (biz_id, id, module_id, staff_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000fa:n', '00000000-0000-7008-8000-000000000091', '00000000-0000-7008-8000-000000000013');

-- refused training_enrollments_completed_check: who passed has a score
update workforce.training_enrollments set status = 'in_progress', started_at = now() where id = '00000000-0000-7008-8000-000000000093';
update workforce.training_enrollments set status = 'passed', completed_at = now() where id = '00000000-0000-7008-8000-000000000093';

-- refused training_enrollments_status_transition_check: nobody passes without having begun
update workforce.training_enrollments set status = 'passed', score = 90, started_at = now(), completed_at = now() where id = '00000000-0000-7008-8000-000000000093';

-- refused training_enrollments_status_reason_check: an enrolment is cancelled with a reason
update workforce.training_enrollments set status = 'cancelled' where id = '00000000-0000-7008-8000-000000000093';

-- refused training_enrollments_module_immutable_check: an enrolment stays with its person
update workforce.training_enrollments set staff_id = '00000000-0000-7008-8000-000000000011' where id = '00000000-0000-7008-8000-000000000093';

-- refused training_requirements_module_id_key: a module is required of the same people once
insert into workforce.training_requirements (biz_id, id, module_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000094', '00000000-0000-7008-8000-000000000091');

-- refused training_modules_code_version_no_key: a version of a module exists once
insert into workforce.training_modules (biz_id, id, code, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000094', 'fire', 'Fire safety');

-- refused training_attempts_enrollment_id_attempt_no_key: attempts have numbers of their own
insert into workforce.training_attempts (biz_id, id, enrollment_id, attempt_no, score, passed) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000094', '00000000-0000-7008-8000-000000000093', 1, 60, false), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000095', '00000000-0000-7008-8000-000000000093', 1, 90, true);

-- refused training_attempts_append_only_check: an examination is never changed
insert into workforce.training_attempts (biz_id, id, enrollment_id, attempt_no, score, passed) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7008-8000-000000000094', '00000000-0000-7008-8000-000000000093', 1, 60, false);
set local role bizing_platform;
update workforce.training_attempts set score = 90 where id = '00000000-0000-7008-8000-000000000094';
