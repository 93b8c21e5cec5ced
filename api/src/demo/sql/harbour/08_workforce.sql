-- Workforce: departments, people, leave, roster, hours, stand-ins, training.
-- Others may use: staff/<key>, each a member of staff in use.
--   Management: helena (general manager, member owner), marta (HR), ricardo (accountant), amelia (revenue analyst, member analyst)
--   Front office: ines (manager), duarte (shift leader, member desk), ana (receptionist LIS), tomas (night auditor LIS), bruno (receptionist CAS), diana (casual)
--   Housekeeping: carla (head), fatima, olga, sandra, ivo (LIS), lucia, zulmira (CAS)
--   Kitchen and restaurant, LIS: nuno (head chef), pedro (sous-chef), beatriz (apprentice), andre (restaurant manager), sofia, catarina, gil (waiters), miguel (bartender)
--   Spa: teresa (manager), filipa, marco (therapists, resources SPA-P1 and SPA-P2). Maintenance: rui (LIS), joaquim (CAS). Drivers: paulo, vasco
--   departments: department/<mgt fo hk fb kitchen restaurant spa eng transfers admin>
--   training-module/<fire-2 haccp gdpr first-aid service>, leave-request/<key>, work-schedule/<key>

insert into availability.calendars (biz_id, id, code, name, kind, timezone, default_state)
values (pg_temp.biz(), pg_temp.id('calendar/staff-holidays'), 'staff-holidays', 'Public holidays for staff, Portugal', 'holiday', 'Europe/Lisbon', 'open');
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name, kind)
select pg_temp.biz(), pg_temp.id('staff-holiday/' || y || v.md), pg_temp.id('calendar/staff-holidays'), (y || v.md)::date, v.name, v.kind
from generate_series(extract(year from pg_temp.day())::integer, extract(year from pg_temp.day())::integer + 1) y
cross join (values
  ('-01-01', 'Ano Novo', 'full'), ('-04-25', 'Dia da Liberdade', 'full'), ('-05-01', 'Dia do Trabalhador', 'full'),
  ('-06-10', 'Dia de Portugal', 'full'), ('-06-13', 'Santo António', 'full'), ('-08-15', 'Assunção de Nossa Senhora', 'full'),
  ('-10-05', 'Implantação da República', 'full'), ('-11-01', 'Todos os Santos', 'full'), ('-12-01', 'Restauração da Independência', 'full'),
  ('-12-08', 'Imaculada Conceição', 'full'), ('-12-24', 'Véspera de Natal', 'half_pm'), ('-12-25', 'Natal', 'full')
) v (md, name, kind);

-- Departments, schedules, people
insert into workforce.departments (biz_id, id, code, name, parent_id, cost_center)
select pg_temp.biz(), pg_temp.id('department/' || v.key), v.code, v.name, case when v.parent <> '' then pg_temp.id('department/' || v.parent) end, v.cost_center
from (values
  ('mgt', 'MGT', 'Management', '', 'CC-100'), ('fo', 'FO', 'Front office', 'mgt', 'CC-210'), ('hk', 'HK', 'Housekeeping', 'mgt', 'CC-220'),
  ('fb', 'FB', 'Food and beverage', 'mgt', 'CC-300'), ('kitchen', 'FB-K', 'Kitchen', 'fb', 'CC-310'), ('restaurant', 'FB-R', 'Restaurant and bar', 'fb', 'CC-320'),
  ('spa', 'SPA', 'Spa', 'mgt', 'CC-400'), ('eng', 'ENG', 'Maintenance', 'mgt', 'CC-510'), ('transfers', 'TRA', 'Transfers', 'mgt', 'CC-520'),
  ('admin', 'ADM', 'Administration', 'mgt', 'CC-110')
) v (key, code, name, parent, cost_center);

insert into workforce.work_schedules (biz_id, id, name, timezone, cycle_weeks, holiday_calendar_id)
select pg_temp.biz(), pg_temp.id('work-schedule/' || v.key), v.name, 'Europe/Lisbon', v.weeks, case when v.office then pg_temp.id('calendar/staff-holidays') end
from (values
  ('office', 'Office, Monday to Friday', 1, true), ('early', 'Early shift, 5 days', 1, false), ('late', 'Late shift, 5 days', 1, false),
  ('night', 'Nights, 4 on', 1, false), ('rotating', 'Rotating early and late', 2, false), ('part', 'Part time, 20 hours', 1, false)
) v (key, name, weeks, office);
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, week_no, weekday, starts_at_local, work_minutes, break_minutes)
select pg_temp.biz(), pg_temp.id('work-schedule-day/' || v.key || v.week || '/' || d), pg_temp.id('work-schedule/' || v.key), v.week, d, v.starts, v.minutes, v.rest
from (values
  ('office', 1, 5, time '09:00', 480, 60), ('early', 1, 5, '07:00', 480, 30), ('late', 1, 5, '15:00', 480, 30), ('night', 1, 4, '23:00', 600, 30),
  ('rotating', 1, 5, '07:00', 480, 30), ('rotating', 2, 5, '15:00', 480, 30), ('part', 1, 5, '09:00', 240, 0)
) v (key, week, days, starts, minutes, rest)
cross join lateral generate_series(1, v.days) d;

insert into workforce.staff (biz_id, id, number, full_name, preferred_name, employment_type, staff_group, position, hired_on, probation_ends_on,
  department_id, home_location_id, work_schedule_id, weekly_minutes, payroll_ref, currency, member_id, resource_id)
select pg_temp.biz(), pg_temp.id('staff/' || v.key), 'E' || lpad((1000 + v.n)::text, 4, '0'), v.name, v.called, v.terms, v.grp, v.position,
  pg_temp.day(-v.days), pg_temp.day(-v.days) + 90, pg_temp.id('department/' || v.dept), pg_temp.location(v.at),
  case when v.schedule <> '' then pg_temp.id('work-schedule/' || v.schedule) end, v.hours * 60, 'PT-' || (40210 + v.n * 7), 'EUR',
  case v.key when 'helena' then pg_temp.member('owner') when 'duarte' then pg_temp.member('desk') when 'amelia' then pg_temp.member('analyst') end,
  case v.key when 'filipa' then pg_temp.resource('human', 1) when 'marco' then pg_temp.resource('human', 2) end
from (values
  (1, 'helena', 'Helena Duarte', null, 'full_time', '', 'General manager', 'mgt', 'LIS', 3950, 'office', 40),
  (2, 'marta', 'Marta Quintela', null, 'full_time', '', 'HR officer', 'admin', 'LIS', 2310, 'office', 40),
  (3, 'ricardo', 'Ricardo Valadares', null, 'full_time', '', 'Accountant', 'admin', 'LIS', 1840, 'office', 40),
  (4, 'amelia', 'Amélia Santos', null, 'full_time', '', 'Revenue analyst', 'admin', 'LIS', 760, 'office', 40),
  (5, 'ines', 'Inês Vasconcelos', null, 'full_time', '', 'Front office manager', 'fo', 'LIS', 2790, 'office', 40),
  (6, 'duarte', 'Duarte Pires', null, 'full_time', '', 'Shift leader', 'fo', 'LIS', 1490, 'late', 40),
  (7, 'ana', 'Ana Rita Moreira', 'Ana', 'full_time', '', 'Receptionist', 'fo', 'LIS', 905, 'early', 40),
  (8, 'tomas', 'Tomás Azevedo', null, 'full_time', '', 'Night auditor', 'fo', 'LIS', 1630, 'night', 40),
  (9, 'bruno', 'Bruno Cardoso', null, 'full_time', '', 'Receptionist', 'fo', 'CAS', 610, 'rotating', 40),
  (10, 'diana', 'Diana Espinho', null, 'casual', 'casual', 'Receptionist', 'fo', 'LIS', 240, '', null),
  (11, 'carla', 'Carla Simões', null, 'full_time', '', 'Head housekeeper', 'hk', 'LIS', 3120, 'early', 40),
  (12, 'fatima', 'Fátima Tavares', null, 'full_time', '', 'Room attendant', 'hk', 'LIS', 2480, 'early', 40),
  (13, 'olga', 'Olga Kovalenko', null, 'full_time', '', 'Room attendant', 'hk', 'LIS', 1120, 'early', 40),
  (14, 'sandra', 'Sandra Mendes', null, 'part_time', '', 'Room attendant', 'hk', 'LIS', 830, 'part', 20),
  (15, 'ivo', 'Ivo Fragoso', null, 'casual', 'casual', 'Room attendant', 'hk', 'LIS', 150, '', null),
  (16, 'lucia', 'Lúcia Barros', null, 'full_time', '', 'Room attendant', 'hk', 'CAS', 1985, 'early', 40),
  (17, 'zulmira', 'Zulmira Andrade', null, 'full_time', '', 'Room attendant', 'hk', 'CAS', 1350, 'early', 40),
  (18, 'nuno', 'Nuno Sampaio', 'Chef Nuno', 'full_time', 'kitchen', 'Head chef', 'kitchen', 'LIS', 2205, 'late', 40),
  (19, 'pedro', 'Pedro Vilar', null, 'full_time', 'kitchen', 'Sous-chef', 'kitchen', 'LIS', 1010, 'early', 40),
  (20, 'beatriz', 'Beatriz Lemos', 'Bia', 'apprentice', 'kitchen', 'Apprentice cook', 'kitchen', 'LIS', 75, 'early', 35),
  (21, 'andre', 'André Coutinho', null, 'full_time', '', 'Restaurant manager', 'restaurant', 'LIS', 1750, 'late', 40),
  (22, 'sofia', 'Sofia Rebelo', null, 'full_time', '', 'Waiter', 'restaurant', 'LIS', 690, 'late', 40),
  (23, 'catarina', 'Catarina Paiva', null, 'casual', 'casual', 'Waiter', 'restaurant', 'LIS', 320, '', null),
  (24, 'gil', 'Gil Peixoto', null, 'casual', 'casual', 'Waiter', 'restaurant', 'LIS', 180, '', null),
  (25, 'miguel', 'Miguel Antunes', null, 'full_time', '', 'Bartender', 'restaurant', 'LIS', 1275, 'late', 40),
  (26, 'teresa', 'Teresa Abrantes', null, 'full_time', '', 'Spa manager', 'spa', 'SPA', 1680, 'office', 40),
  (27, 'filipa', 'Filipa Nunes', null, 'full_time', '', 'Therapist', 'spa', 'SPA', 940, 'rotating', 40),
  (28, 'marco', 'Marco Leitão', null, 'contractor', '', 'Therapist', 'spa', 'SPA', 515, 'rotating', 40),
  (29, 'rui', 'Rui Bastos', null, 'full_time', '', 'Technician', 'eng', 'LIS', 2660, 'early', 40),
  (30, 'joaquim', 'Joaquim Freitas', null, 'part_time', '', 'Technician', 'eng', 'CAS', 1420, 'part', 20),
  (31, 'paulo', 'Paulo Serrano', null, 'full_time', '', 'Driver', 'transfers', 'LIS', 1190, 'early', 40),
  (32, 'vasco', 'Vasco Monteiro', null, 'full_time', '', 'Driver', 'transfers', 'LIS', 450, 'rotating', 40),
  (33, 'leonor', 'Leonor Pacheco', null, 'full_time', '', 'Receptionist', 'fo', 'CAS', 1090, 'rotating', 40)
) v (n, key, name, called, terms, grp, position, dept, at, days, schedule, hours);
update workforce.staff s
set manager_id = pg_temp.id('staff/' || v.leads),
  terminated_on = case when s.id = pg_temp.id('staff/leonor') then pg_temp.day(-40) end,
  termination_reason = case when s.id = pg_temp.id('staff/leonor') then 'Moved to Porto; left on good terms.' end
from (values ('mgt', 'helena'), ('admin', 'helena'), ('fo', 'ines'), ('hk', 'carla'), ('kitchen', 'nuno'), ('restaurant', 'andre'), ('spa', 'teresa'), ('eng', 'helena'), ('transfers', 'ines')) v (dept, leads)
where s.biz_id = pg_temp.biz() and s.department_id = pg_temp.id('department/' || v.dept) and s.id <> pg_temp.id('staff/helena') and s.id <> pg_temp.id('staff/' || v.leads);
update workforce.staff s
set manager_id = pg_temp.id('staff/helena')
where s.biz_id = pg_temp.biz() and s.id in (select pg_temp.id('staff/' || k) from unnest(array['ines', 'carla', 'nuno', 'andre', 'teresa']) k);
update workforce.departments d
set head_id = pg_temp.id('staff/' || v.head)
from (values ('mgt', 'helena'), ('fo', 'ines'), ('hk', 'carla'), ('fb', 'andre'), ('kitchen', 'nuno'), ('restaurant', 'andre'), ('spa', 'teresa'), ('eng', 'rui'), ('admin', 'marta')) v (dept, head)
where d.biz_id = pg_temp.biz() and d.id = pg_temp.id('department/' || v.dept);

-- Leave: types, policies, periods
insert into workforce.leave_types (biz_id, id, code, name, is_paid, is_tracked, requires_document, counts_holidays, counts_weekends, display_unit, color)
select pg_temp.biz(), pg_temp.id('leave-type/' || v.code), v.code, v.name, v.paid, v.tracked, v.document, v.weekends, v.weekends, v.unit, v.color
from (values
  ('holiday', 'Holiday', true, true, false, false, 'day', '#2e8b57'), ('lieu', 'Time off in lieu', true, true, false, false, 'hour', '#4682b4'),
  ('sick', 'Sick leave', true, false, true, false, 'day', '#cd5c5c'), ('parental', 'Parental leave', true, false, true, false, 'day', '#9370db'),
  ('unpaid', 'Unpaid leave', false, false, false, false, 'day', '#808080')
) v (code, name, paid, tracked, document, weekends, unit, color);
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, staff_group, accrual, amount_minutes, accrual_hours, carry_max_minutes,
  carry_expires_after_months, negative_limit_minutes, min_notice_days, allows_hours, probation_days, approval_levels, starts_on)
select pg_temp.biz(), pg_temp.id('leave-policy/' || v.code), v.code, v.name, pg_temp.id('leave-type/' || v.type), v.grp, v.accrual, v.amount, v.hours, v.carry,
  12, 2400, v.notice, v.by_hours, v.probation, v.levels, date_trunc('year', pg_temp.day())::date - 731
from (values
  ('holiday-all', 'Holiday, 22 days a year', 'holiday', '', 'upfront', 10560, null, 2400, 14, false, 90, 1),
  ('holiday-kitchen', 'Holiday of the kitchen, by the month', 'holiday', 'kitchen', 'monthly', 880, null, 2400, 21, false, 90, 1),
  ('holiday-casual', 'Holiday of casual staff, by hours worked', 'holiday', 'casual', 'per_hour', 60, 12, 0, 7, false, 0, 1),
  ('lieu-all', 'Time off in lieu of overtime', 'lieu', '', 'none', 0, null, 1200, 2, true, 0, 1),
  ('sick-all', 'Sick leave', 'sick', '', 'none', 0, null, 0, 0, false, 0, 1),
  ('parental-all', 'Parental leave', 'parental', '', 'none', 0, null, 0, 30, false, 0, 1)
) v (code, name, type, grp, accrual, amount, hours, carry, notice, by_hours, probation, levels);
insert into workforce.leave_policy_assignments (biz_id, id, staff_id, leave_type_id, policy_id, starts_on)
select s.biz_id, pg_temp.id('leave-assignment/' || s.number), s.id, p.leave_type_id, p.id, s.hired_on
from workforce.staff s
join workforce.leave_policies p on p.biz_id = s.biz_id and p.code = case s.staff_group when '' then 'holiday-all' else 'holiday-' || s.staff_group end
where s.biz_id = pg_temp.biz() and s.terminated_on is null;
-- This year's holiday of all on a contract, and time in lieu of therapists; three years where leave is asked for
insert into workforce.leave_periods (biz_id, id, staff_id, leave_type_id, policy_id, starts_on, ends_on, status, closed_at)
select s.biz_id, pg_temp.id('leave-period/' || s.number || '/' || p.code || '/' || n), s.id, p.leave_type_id, p.id,
  (date_trunc('year', pg_temp.day()) + make_interval(years => n))::date, (date_trunc('year', pg_temp.day()) + make_interval(years => n + 1))::date,
  case n when -1 then 'closed' when 0 then 'open' else 'planned' end,
  case n when -1 then (date_trunc('year', pg_temp.day()) + interval '2 hours') at time zone 'Europe/Lisbon' end
from workforce.staff s
join workforce.leave_policies p on p.biz_id = s.biz_id and (p.code = case s.staff_group when '' then 'holiday-all' else 'holiday-' || s.staff_group end
  or p.code = 'lieu-all' and s.position = 'Therapist')
cross join generate_series(-1, 1) n
where s.biz_id = pg_temp.biz() and s.terminated_on is null and s.employment_type <> 'casual' and (s.hired_on < pg_temp.day(-365) or n >= 0)
  and (n = 0 or s.id in (select pg_temp.id('staff/' || k) from unnest(array['ana', 'fatima', 'olga', 'pedro', 'miguel', 'lucia', 'rui', 'bruno', 'tomas', 'paulo', 'vasco', 'nuno', 'marco', 'filipa', 'ines']) k));
insert into workforce.leave_periods (biz_id, id, staff_id, leave_type_id, policy_id, starts_on, ends_on, status, closed_at)
select pg_temp.biz(), pg_temp.id('leave-period/leonor'), pg_temp.id('staff/leonor'), pg_temp.id('leave-type/holiday'), pg_temp.id('leave-policy/holiday-all'),
  date_trunc('year', pg_temp.day(-41))::date, pg_temp.day(-40), 'closed', pg_temp.at(-40, '10:00');

-- Requests: submitted, decided, then taken, cancelled or recalled
create temporary table workforce_leave on commit drop as
select v.*, pg_temp.id('leave-request/' || v.key) as id, pg_temp.id('staff/' || v.who) as staff_id, pg_temp.id('leave-type/' || v.type) as leave_type_id,
  date_trunc('week', pg_temp.day())::date + v.first as starts_on, date_trunc('week', pg_temp.day())::date + v.first + v.days as ends_on
from (values
  (1, 'ana', 'ana', 'holiday', -21, 5, 'full', 'taken', 1, 'Trip to the Azores', 'diana'),
  (2, 'fatima', 'fatima', 'holiday', -28, 5, 'full', 'taken', 1, null, 'sandra'),
  (3, 'olga', 'olga', 'holiday', 14, 5, 'full', 'approved', 1, 'Visiting my parents', 'sandra'),
  (4, 'pedro', 'pedro', 'holiday', 0, 7, 'full', 'approved', 1, null, null),
  (5, 'miguel', 'miguel', 'holiday', 21, 5, 'full', 'submitted', 1, 'My brother''s wedding', null),
  (6, 'lucia', 'lucia', 'holiday', 28, 3, 'full', 'submitted', 1, null, 'ivo'),
  (7, 'rui', 'rui', 'holiday', 14, 5, 'full', 'rejected', 1, 'Surf week in Ericeira', null),
  (8, 'bruno', 'bruno', 'holiday', 35, 5, 'full', 'draft', 1, null, null),
  (9, 'tomas', 'tomas', 'holiday', 7, 2, 'full', 'withdrawn', 1, 'Moving house', null),
  (10, 'paulo', 'paulo', 'holiday', 14, 3, 'full', 'cancel_requested', 1, null, 'vasco'),
  (11, 'vasco', 'vasco', 'holiday', 7, 2, 'full', 'cancelled', 1, 'Driving licence renewal', 'paulo'),
  (12, 'nuno', 'nuno', 'holiday', -7, 5, 'full', 'partially_recalled', 1, null, 'pedro'),
  (13, 'carla', 'carla', 'sick', -14, 3, 'full', 'taken', 1, 'Influenza', null),
  (14, 'zulmira', 'zulmira', 'parental', -14, 28, 'full', 'approved', 1, 'Birth of my daughter', 'lucia'),
  (15, 'marco', 'marco', 'holiday', 10, 1, 'pm', 'submitted', 1, 'School play', null),
  (16, 'filipa', 'filipa', 'lieu', 9, 1, 'hours', 'approved', 1, 'Dentist', null),
  (17, 'ines', 'ines', 'holiday', 21, 4, 'full', 'approved', 2, null, 'duarte'),
  (18, 'ana-2', 'ana', 'holiday', 42, 2, 'full', 'submitted', 2, 'Long weekend', null)
) v (n, key, who, type, first, days, portion, status, levels, reason, stand_in);
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, start_portion, end_portion, total_minutes, status, reason,
  stand_in_id, approval_levels, submitted_at, created_at)
select pg_temp.biz(), l.id, 'LR-' || lpad(l.n::text, 6, '0'), l.staff_id, l.leave_type_id, l.starts_on, l.ends_on, l.portion, l.portion,
  case l.portion when 'full' then 480 * (l.days - 2 * (l.days / 7)) - case l.status when 'partially_recalled' then 480 else 0 end when 'pm' then 240 else 120 end,
  case l.status when 'draft' then 'draft' else 'submitted' end, l.reason, case when l.stand_in is not null then pg_temp.id('staff/' || l.stand_in) end, l.levels,
  case when l.status <> 'draft' then least(l.starts_on - 25, pg_temp.day(-3))::timestamptz + interval '11 hours' end, least(l.starts_on - 25, pg_temp.day(-3))::timestamptz + interval '10 hours'
from workforce_leave l;
select core.next_numbers('leave_request', 'LR', 18);
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, portion, from_minute, to_minute, scheduled_minutes, minutes, period_id, status)
select pg_temp.biz(), pg_temp.id('leave-day/' || l.key || '/' || d), l.id, l.staff_id, l.leave_type_id, l.starts_on + d, l.portion,
  case l.portion when 'hours' then 960 end, case l.portion when 'hours' then 1080 end, s.minutes,
  case l.portion when 'full' then s.minutes when 'pm' then 240 else 120 end, p.id,
  case when l.status = 'draft' then 'planned' when l.status = 'submitted' then 'reserved' when l.status in ('rejected', 'withdrawn', 'cancelled') then 'released'
    when l.status = 'partially_recalled' and d = 4 then 'released' else 'charged' end
from workforce_leave l
cross join lateral generate_series(0, l.days - 1) d
cross join lateral (select case when extract(isodow from l.starts_on + d) < 6 then 480 else 0 end as minutes) s
left join workforce.leave_periods p on p.biz_id = pg_temp.biz() and p.staff_id = l.staff_id and p.leave_type_id = l.leave_type_id and p.period @> l.starts_on + d;
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, scan_status, uploaded_at)
select pg_temp.biz(), pg_temp.id('media/leave/' || v.key), 'LeaveRequest', pg_temp.id('leave-request/' || v.key), 'document', 'demo/leave/' || v.file, v.file, 'application/pdf', v.bytes,
  encode(sha256(convert_to(v.file, 'UTF8')), 'hex'), 'clean', pg_temp.at(-13, '12:20')
from (values ('carla', 'baixa-medica-simoes.pdf', 184320), ('zulmira', 'certidao-nascimento-andrade.pdf', 231044)) v (key, file, bytes);
update workforce.leave_requests r set document_id = pg_temp.id('media/leave/' || l.key)
from workforce_leave l where r.biz_id = pg_temp.biz() and r.id = l.id and l.key in ('carla', 'zulmira');
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id, decision, decided_by_id, decided_at, due_at, note)
select pg_temp.biz(), pg_temp.id('leave-approval/' || l.key || '/' || step), l.id, l.staff_id, step,
  case when step < l.levels then pg_temp.member('desk') else pg_temp.member('owner') end,
  case when l.status = 'submitted' and step = l.levels then 'pending' when l.status = 'withdrawn' then 'pending' when l.status = 'rejected' then 'denied' else 'approved' end,
  case when l.status = 'withdrawn' or l.status = 'submitted' and step = l.levels then null when step < l.levels then pg_temp.person('desk') else pg_temp.person('owner') end,
  case when l.status = 'withdrawn' or l.status = 'submitted' and step = l.levels then null else r.submitted_at + make_interval(hours => 4 + 20 * step) end,
  r.submitted_at + make_interval(days => 3 * step), case when l.status = 'rejected' then 'The boilers are inspected that week, and I need you here.' when l.key = 'zulmira' then 'Congratulations!' end
from workforce_leave l
join workforce.leave_requests r on r.biz_id = pg_temp.biz() and r.id = l.id
cross join lateral generate_series(1, l.levels) step
where l.status <> 'draft'
order by l.n, step;
update workforce.leave_requests r
set status = case when l.status in ('rejected', 'withdrawn') then l.status else 'approved' end, decided_at = case when l.status <> 'withdrawn' then r.submitted_at + make_interval(hours => 4 + 20 * l.levels) end
from workforce_leave l where r.biz_id = pg_temp.biz() and r.id = l.id and l.status not in ('draft', 'submitted');
update workforce.leave_requests r set status = l.status
from workforce_leave l where r.biz_id = pg_temp.biz() and r.id = l.id and l.status in ('cancel_requested', 'cancelled', 'partially_recalled', 'taken');
insert into workforce.leave_events (biz_id, id, leave_request_id, kind, minutes_before, minutes_after, note, created_at, created_by)
select pg_temp.biz(), pg_temp.id('leave-event/' || l.key || '/' || e.kind), l.id, e.kind, e.before, e.after, e.note, e.at, pg_temp.person('owner')
from workforce_leave l
join workforce.leave_requests r on r.biz_id = pg_temp.biz() and r.id = l.id
cross join lateral (values
  ('submitted', null::integer, r.total_minutes, null, r.submitted_at, true),
  ('approved', r.total_minutes, r.total_minutes, null, r.decided_at, l.status not in ('submitted', 'rejected', 'withdrawn')),
  ('rejected', r.total_minutes, 0, 'The boilers are inspected that week.', r.decided_at, l.status = 'rejected'),
  ('withdrawn', r.total_minutes, 0, 'The move is put off.', r.submitted_at + interval '5 hours', l.status = 'withdrawn'),
  ('cancelled', r.total_minutes, 0, 'The office gave another date.', r.decided_at + interval '2 days', l.status = 'cancelled'),
  ('recalled', r.total_minutes + 480, r.total_minutes, 'Friday given back: a banquet for 60 came in.', l.starts_on + interval '10 hours', l.status = 'partially_recalled')
) e (kind, before, after, note, at, holds)
where e.holds and l.status <> 'draft';
-- The ledger: what came in, what was taken before, what the days cost, what is carried over
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, request_day_id, effective_on, note)
select d.biz_id, pg_temp.id('leave-ledger/' || d.id), d.staff_id, d.leave_type_id, d.period_id, 'taken', -d.minutes, d.id, d.leave_on, null
from workforce.leave_request_days d
where d.biz_id = pg_temp.biz() and d.status = 'charged' and d.period_id is not null and d.minutes > 0;
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, request_day_id, effective_on, note)
select d.biz_id, pg_temp.id('leave-ledger/recalled/' || d.id || k), d.staff_id, d.leave_type_id, d.period_id, case k when 1 then 'taken' else 'taken_reversal' end,
  case k when 1 then -d.minutes else d.minutes end, d.id, d.leave_on, case k when 2 then 'Called back for a banquet' end
from workforce.leave_request_days d cross join generate_series(1, 2) k
where d.biz_id = pg_temp.biz() and d.leave_request_id = pg_temp.id('leave-request/nuno') and d.status = 'released';
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on, note)
select p.biz_id, pg_temp.id('leave-ledger/' || p.id || '/' || e.kind || e.on_day), p.staff_id, p.leave_type_id, p.id, e.kind, e.minutes, e.on_day, e.note
from workforce.leave_periods p
join workforce.leave_policies l on l.biz_id = p.biz_id and l.id = p.policy_id
join workforce.staff s on s.biz_id = p.biz_id and s.id = p.staff_id
cross join lateral (select substr(s.number, 2)::integer % 4 as n) k
cross join lateral (
  select 'accrual' as kind, 10560 as minutes, p.starts_on as on_day, null as note where l.code = 'holiday-all' and p.status <> 'planned' and s.terminated_on is null
  union all
  select 'accrual', 880, m::date, null from generate_series(p.starts_on::timestamp, least(p.ends_on - 1, pg_temp.day())::timestamp, interval '1 month') m where l.code = 'holiday-kitchen'
  union all
  select 'adjustment', -8640 - 480 * k.n, p.ends_on - 1, 'Taken before Bizing kept the books' where l.code like 'holiday%' and p.status = 'closed' and s.terminated_on is null
  union all
  select 'adjustment', -480 * extract(month from pg_temp.day())::integer, date_trunc('month', pg_temp.day())::date, 'Taken before Bizing kept the books'
  where l.code = 'holiday-all' and p.status = 'open' and extract(month from pg_temp.day()) > 1
  union all
  select 'adjustment', 180 + 60 * k.n, p.starts_on, 'Overtime of the Christmas weeks' where l.code = 'lieu-all' and p.status = 'open'
  union all
  select 'accrual', 8800, p.starts_on, null where s.terminated_on is not null
  union all
  select 'encashment', -2400, p.ends_on - 1, 'Paid out with the last salary' where s.terminated_on is not null
  union all
  select 'adjustment', -6400, p.ends_on - 1, 'Taken before Bizing kept the books' where s.terminated_on is not null
) e
where p.biz_id = pg_temp.biz();
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, effective_on, note)
select p.biz_id, pg_temp.id('leave-ledger/carry/' || x.id), p.staff_id, p.leave_type_id, x.id, x.kind, x.minutes, x.on_day, x.note
from (
  select p.*, (select sum(e.minutes) from workforce.leave_ledger_entries e where e.biz_id = p.biz_id and e.period_id = p.id) as rest
  from workforce.leave_periods p where p.biz_id = pg_temp.biz() and p.status = 'closed'
) p
join workforce.leave_periods n on n.biz_id = p.biz_id and n.staff_id = p.staff_id and n.leave_type_id = p.leave_type_id and n.starts_on = p.ends_on
cross join lateral (values
  (p.id, 'carry_out', -least(p.rest, 2400), p.ends_on - 1, null), (n.id, 'carry_in', least(p.rest, 2400), n.starts_on, 'Carried over from last year')
) x (id, kind, minutes, on_day, note)
where p.rest > 0;
insert into workforce.leave_balances (biz_id, id, staff_id, leave_type_id, period_id, accrued_minutes, carried_in_minutes, carried_taken_minutes, carry_expires_on,
  taken_minutes, reserved_minutes, carried_out_minutes, encashed_minutes, adjusted_minutes, negative_limit_minutes)
select p.biz_id, pg_temp.id('leave-balance/' || p.id), p.staff_id, p.leave_type_id, p.id, e.accrued, e.carried_in, least(e.carried_in, e.taken),
  case when e.carried_in > 0 then p.ends_on end, e.taken, d.reserved, e.carried_out, e.encashed, e.adjusted, 2400
from workforce.leave_periods p
cross join lateral (
  select coalesce(sum(e.minutes) filter (where e.kind = 'accrual'), 0) as accrued, coalesce(sum(e.minutes) filter (where e.kind = 'carry_in'), 0) as carried_in,
    -coalesce(sum(e.minutes) filter (where e.kind = 'carry_out'), 0) as carried_out, -coalesce(sum(e.minutes) filter (where e.kind in ('taken', 'taken_reversal')), 0) as taken,
    coalesce(sum(e.minutes) filter (where e.kind = 'adjustment'), 0) as adjusted, -coalesce(sum(e.minutes) filter (where e.kind = 'encashment'), 0) as encashed
  from workforce.leave_ledger_entries e where e.biz_id = p.biz_id and e.period_id = p.id
) e
cross join lateral (
  select coalesce(sum(d.minutes), 0) as reserved from workforce.leave_request_days d where d.biz_id = p.biz_id and d.period_id = p.id and d.status = 'reserved'
) d
where p.biz_id = pg_temp.biz();
insert into workforce.leave_delegations (biz_id, id, delegator_id, delegate_id, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('leave-delegation/' || n), pg_temp.member('owner'), pg_temp.member(who), pg_temp.day(a), pg_temp.day(b)
from (values (1, 'desk', -20, -12), (2, 'analyst', 12, 19)) v (n, who, a, b);

-- The roster of three weeks; a shift is worked as time goes by
with w as materialized (select date_trunc('week', pg_temp.day()::timestamp)::date as monday)
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, role, planned_starts_at, planned_ends_at, actual_starts_at, actual_ends_at,
  break_minutes, status, published_at, note)
select pg_temp.biz(), pg_temp.id('shift/' || r.who || '/' || r.d), pg_temp.id('staff/' || r.who), pg_temp.location(r.at), r.d, r.role, r.s, r.e,
  case when x.status in ('in_progress', 'completed') then r.s - make_interval(mins => r.no % 7) end,
  case when x.status = 'completed' then r.e + make_interval(mins => (r.no * 5) % 13 - 4 + case when r.no % 9 = 4 then 85 else 0 end) end,
  r.rest, x.status, case when x.status <> 'draft' then least((r.d - 9)::timestamptz + interval '17 hours', now() - interval '1 hour') end,
  case when x.status = 'cancelled' then 'Few guests; day given back by agreement.' when r.no % 23 = 5 then 'Keys of the luggage room are with the night audit.' else '' end
from (
  select v.*, w.monday, d::date as d, (d::date + v.starts) at time zone 'Europe/Lisbon' as s, (d::date + v.starts) at time zone 'Europe/Lisbon' + make_interval(mins => v.minutes) as e,
    (d::date - date '2024-01-01') * 3 + v.k * 5 as no
  from (values
    ('ana', 'LIS', 'Reception', time '07:00', 510, 30, 0), ('duarte', 'LIS', 'Reception', '15:00', 510, 30, 2), ('tomas', 'LIS', 'Night audit', '23:00', 480, 30, 4),
    ('bruno', 'CAS', 'Reception', '08:00', 510, 30, 1), ('fatima', 'LIS', 'Rooms', '08:00', 480, 30, 3), ('nuno', 'LIS', 'Kitchen', '12:00', 600, 60, 2), ('pedro', 'LIS', 'Kitchen', '07:00', 510, 30, 4),
    ('sofia', 'LIS', 'Restaurant', '17:00', 420, 30, 1), ('miguel', 'LIS', 'Bar', '18:00', 420, 30, 3), ('filipa', 'SPA', 'Treatments', '10:00', 540, 60, 0),
    ('marco', 'SPA', 'Treatments', '11:00', 540, 60, 3), ('rui', 'LIS', 'Maintenance', '08:00', 510, 30, 2), ('paulo', 'LIS', 'Transfers', '06:00', 510, 30, 5)
  ) v (who, at, role, starts, minutes, rest, k)
  cross join w
  cross join lateral generate_series(w.monday - interval '7 days', w.monday + interval '13 days', interval '1 day') d
  where ((d::date - date '2024-01-01') + v.k) % 7 < 5
) r
cross join lateral (
  select case
    when r.e <= now() then case r.no % 41 when 7 then 'no_show' when 23 then 'cancelled' else 'completed' end
    when r.s <= now() then 'in_progress'
    when r.d < r.monday + 7 then case r.no % 4 when 0 then 'published' else 'confirmed' end
    when r.d < r.monday + 11 then 'published'
    else 'draft' end as status
) x
where not exists (
  select from workforce.leave_request_days l
  where l.biz_id = pg_temp.biz() and l.staff_id = pg_temp.id('staff/' || r.who) and l.leave_on = r.d and l.status = 'charged' and l.portion = 'full'
);
-- Shifts of those who are called in: what they swap, and where they stand in
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, role, planned_starts_at, planned_ends_at, actual_starts_at, actual_ends_at,
  break_minutes, status, published_at, swap_of_id, note)
select pg_temp.biz(), pg_temp.id('shift/' || v.key), pg_temp.id('staff/' || v.who), pg_temp.location(v.at), pg_temp.day(v.d), v.role, pg_temp.at(v.d, v.starts),
  pg_temp.at(v.d, v.starts) + make_interval(hours => v.hours), case v.status when 'completed' then pg_temp.at(v.d, v.starts) end,
  case v.status when 'completed' then pg_temp.at(v.d, v.starts) + make_interval(hours => v.hours, mins => 10) end, 30, v.status, pg_temp.at(least(v.d, 0) - 8, '17:00'),
  case when v.swap_of <> '' then pg_temp.id('shift/' || v.swap_of) end, v.note
from (values
  ('sandra-1', 'sandra', 'LIS', 'Rooms', -3, time '09:00', 4, 'cancelled', '', 'Ill.'), ('ivo-1', 'ivo', 'LIS', 'Rooms', -3, '09:00', 4, 'completed', '', 'Stands in for Sandra.'),
  ('catarina-1', 'catarina', 'LIS', 'Restaurant', 2, '18:00', 5, 'published', '', ''), ('joaquim-1', 'joaquim', 'CAS', 'Maintenance', 1, '09:00', 4, 'confirmed', '', ''),
  ('beatriz-1', 'beatriz', 'LIS', 'Kitchen', -5, '08:00', 7, 'no_show', '', 'Missed the train from Setúbal.'), ('diana-1', 'diana', 'LIS', 'Reception', 4, '10:00', 6, 'confirmed', '', ''),
  ('diana-2', 'diana', 'LIS', 'Reception', 5, '10:00', 6, 'cancelled', '', 'Swapped.'), ('ines-2', 'ines', 'LIS', 'Reception', 5, '10:00', 6, 'confirmed', 'diana-2', 'Swapped with Diana.'),
  ('gil-1', 'gil', 'LIS', 'Restaurant', 3, '18:00', 5, 'published', '', ''), ('gil-2', 'gil', 'LIS', 'Restaurant', 5, '18:00', 5, 'published', '', ''),
  ('gil-3', 'gil', 'LIS', 'Restaurant', 6, '18:00', 5, 'published', '', ''), ('catarina-2', 'catarina', 'LIS', 'Restaurant', 7, '18:00', 5, 'published', '', ''),
  ('catarina-3', 'catarina', 'LIS', 'Restaurant', 8, '12:00', 6, 'published', '', ''), ('sandra-2', 'sandra', 'LIS', 'Rooms', 2, '09:00', 4, 'published', '', ''),
  ('ivo-2', 'ivo', 'LIS', 'Rooms', 3, '09:00', 6, 'confirmed', '', 'Taken from the open shifts.'), ('vasco-1', 'vasco', 'LIS', 'Transfers', 4, '14:00', 7, 'draft', '', 'Airport run of the wedding party.')
) v (key, who, at, role, d, starts, hours, status, swap_of, note)
where v.status <> 'draft';
insert into workforce.shift_swaps (biz_id, id, from_shift_id, from_staff_id, to_staff_id, to_shift_id, status, reason, responded_at, decided_by_id, decided_at)
select pg_temp.biz(), pg_temp.id('shift-swap/' || v.n), pg_temp.id('shift/' || v.shift), pg_temp.id('staff/' || v.who), pg_temp.id('staff/' || v.other), case when v.back <> '' then pg_temp.id('shift/' || v.back) end,
  v.status, v.reason, case when v.status in ('accepted', 'declined', 'approved', 'rejected') then pg_temp.at(-2, '12:10') end,
  case when v.status in ('approved', 'rejected') then pg_temp.person('owner') end, case when v.status in ('approved', 'rejected') then pg_temp.at(-1, '09:30') end
from (values
  (1, 'gil-1', 'gil', 'catarina', '', 'requested', 'Exam at the university in the morning after.'), (2, 'catarina-2', 'catarina', 'gil', 'gil-3', 'accepted', 'Concert at the Coliseu.'),
  (3, 'gil-2', 'gil', 'sofia', '', 'declined', 'Football.'), (4, 'diana-2', 'diana', 'ines', '', 'approved', 'Family dinner.'),
  (5, 'sandra-2', 'sandra', 'ivo', '', 'rejected', 'Appointment at the bank.'), (6, 'catarina-3', 'catarina', 'andre', '', 'withdrawn', ''), (7, 'diana-1', 'diana', 'bruno', '', 'expired', 'Driving lesson.')
) v (n, shift, who, other, back, status, reason);

insert into resources.capability_templates (biz_id, id, code, name, description, kind, requires_expiry)
select pg_temp.biz(), pg_temp.id('staff-skill/' || v.code), 'staff-' || v.code, v.name, v.description, v.kind, v.expires
from (values
  ('food-hygiene', 'Food hygiene card', 'Course of hygiene for those who touch food.', 'licence', true), ('english', 'English, fluent', 'Speaks with guests without help.', 'skill', false),
  ('lifeguard', 'Pool lifeguard', 'May watch the pool in Cascais.', 'licence', true)
) v (code, name, description, kind, expires);
insert into workforce.open_shifts (biz_id, id, location_id, department_id, business_date, role, starts_at, ends_at, break_minutes, status, filled_shift_id, filled_by_id, note)
select pg_temp.biz(), pg_temp.id('open-shift/' || v.n), pg_temp.location(v.at), pg_temp.id('department/' || v.dept), pg_temp.day(v.d), v.role, pg_temp.at(v.d, v.starts), pg_temp.at(v.d, v.starts) + make_interval(hours => v.hours), 30, v.status,
  case v.status when 'filled' then pg_temp.id('shift/ivo-2') end, case v.status when 'filled' then pg_temp.id('staff/ivo') end, v.note
from (values
  (1, 'LIS', 'restaurant', 4, 'Restaurant', time '18:00', 5, 'open', 'Company dinner, 40 covers.'), (2, 'CAS', 'hk', 5, 'Rooms', '09:00', 6, 'open', 'Twelve departures.'),
  (3, 'LIS', 'fo', 6, 'Reception', '15:00', 8, 'open', ''), (4, 'LIS', 'hk', 3, 'Rooms', '09:00', 6, 'filled', ''), (5, 'SPA', 'spa', -4, 'Treatments', '10:00', 6, 'expired', 'Hen party.'),
  (6, 'LIS', 'restaurant', 7, 'Bar', '20:00', 5, 'cancelled', 'The concert was called off.')
) v (n, at, dept, d, role, starts, hours, status, note);
insert into workforce.open_shift_skills (biz_id, open_shift_id, capability_template_id)
select pg_temp.biz(), pg_temp.id('open-shift/' || v.n), pg_temp.id('staff-skill/' || v.skill)
from (values (1, 'food-hygiene'), (3, 'english'), (6, 'english'), (6, 'food-hygiene')) v (n, skill);

-- Hours: work, break, work of each shift of the last days; a correction; timesheets
insert into workforce.work_time_segments (biz_id, id, staff_id, shift_id, location_id, business_date, kind, starts_at, ends_at, source, client_recorded_at, lat, lng, is_flagged, approved_by_id, approved_at)
select s.biz_id, pg_temp.id('segment/' || s.id || '/' || p.n), s.staff_id, s.id, s.location_id, s.business_date, case p.n when 2 then 'break' else 'work' end, p.a, p.e,
  case when s.overtime_minutes % 10 = 3 then 'manual' when s.role = 'Transfers' then 'device' else 'clock' end, case when s.role = 'Transfers' then p.a end,
  case when s.role = 'Transfers' then 38.7079 end, case when s.role = 'Transfers' then -9.1366 end, s.overtime_minutes > 60,
  case when s.business_date < date_trunc('week', pg_temp.day()::timestamp)::date and s.status = 'completed' and p.n < 3 then pg_temp.person('owner') end,
  case when s.business_date < date_trunc('week', pg_temp.day()::timestamp)::date and s.status = 'completed' and p.n < 3 then least(date_trunc('week', pg_temp.day()::timestamp) at time zone 'Europe/Lisbon' + interval '9 hours', now()) end
from workforce.staff_shifts s
cross join lateral (values
  (1, s.actual_starts_at, case s.status when 'completed' then s.planned_starts_at + interval '4 hours' end),
  (2, s.planned_starts_at + interval '4 hours', s.planned_starts_at + interval '4 hours' + make_interval(mins => s.break_minutes)),
  (3, s.planned_starts_at + interval '4 hours' + make_interval(mins => s.break_minutes), s.actual_ends_at)
) p (n, a, e)
where s.biz_id = pg_temp.biz() and s.business_date >= date_trunc('week', pg_temp.day()::timestamp)::date - 7
  and (s.status = 'in_progress' and p.n = 1 or s.status = 'completed' and s.actual_ends_at > s.planned_starts_at + interval '5 hours');
insert into workforce.work_time_segments (biz_id, id, staff_id, shift_id, location_id, business_date, kind, starts_at, ends_at, source, approved_by_id, approved_at, corrects_id, correction_reason)
select pg_temp.biz(), pg_temp.id('segment/ivo-' || v.n), pg_temp.id('staff/ivo'), pg_temp.id('shift/ivo-1'), pg_temp.location('LIS'), pg_temp.day(-3), v.kind, pg_temp.at(-3, v.a), pg_temp.at(-3, v.e), v.source,
  case v.n when 1 then pg_temp.person('owner') end, case v.n when 1 then pg_temp.at(-2, '09:00') end, case v.n when 2 then pg_temp.id('segment/ivo-1') end, case v.n when 2 then 'Forgot to clock out before the last room.' end
from (values (1, 'work', time '09:00', time '14:40', 'clock'), (2, 'work', '09:00', '13:10', 'manual'), (3, 'travel', '13:20', '13:50', 'manual')) v (n, kind, a, e, source)
order by v.n;
insert into workforce.work_time_segments (biz_id, id, staff_id, location_id, business_date, kind, starts_at, ends_at, source)
select pg_temp.biz(), pg_temp.id('segment/training/' || v.who), pg_temp.id('staff/' || v.who), pg_temp.location('LIS'), pg_temp.day(-6), 'training', pg_temp.at(-6, '05:00'), pg_temp.at(-6, '05:45'), 'manual'
from (values ('beatriz'), ('gil'), ('catarina')) v (who);
with w as materialized (select wk, date_trunc('week', pg_temp.day()::timestamp)::date + 7 * wk as monday from generate_series(-1, 0) wk)
insert into workforce.timesheets (biz_id, id, staff_id, starts_on, ends_on, worked_minutes, training_minutes, break_minutes, leave_minutes, overtime_minutes, adjustment_minutes, adjustment_reason, status,
  submitted_at, approved_by_id, approved_at, exported_at, export_ref)
select pg_temp.biz(), pg_temp.id('timesheet/' || h.staff_id || '/' || h.wk), h.staff_id, h.monday, h.monday + 7, h.worked, h.learnt, h.rest, h.leave, greatest(0, h.worked - 2400),
  case when x.status = 'exported' and h.no % 5 = 2 then 30 else 0 end, case when x.status = 'exported' and h.no % 5 = 2 then 'Clock at the staff entrance was down' end, x.status,
  case when x.status <> 'open' then t.at end, case when x.status in ('approved', 'exported') then pg_temp.person('owner') end,
  case when x.status in ('approved', 'exported') then t.at + interval '3 minutes' end, case when x.status = 'exported' then t.at + interval '20 minutes' end,
  case when x.status = 'exported' then 'SAL-' || to_char(h.monday, 'IYYY"-W"IW') end
from (
  select s.staff_id, w.wk, w.monday, row_number() over (partition by w.wk order by f.number)::integer as no,
    h.worked, h.learnt, h.rest,
    coalesce((select sum(l.minutes) from workforce.leave_request_days l where l.biz_id = pg_temp.biz() and l.staff_id = s.staff_id and l.leave_on >= w.monday and l.leave_on < w.monday + 7 and l.status = 'charged'), 0)::integer as leave
  from w
  join workforce.staff_shifts s on s.biz_id = pg_temp.biz() and s.business_date >= w.monday and s.business_date < w.monday + 7
  join workforce.staff f on f.biz_id = s.biz_id and f.id = s.staff_id and f.employment_type <> 'casual'
  cross join lateral (
    select coalesce(sum(k.minutes) filter (where k.kind = 'work'), 0)::integer as worked,
      coalesce(sum(k.minutes) filter (where k.kind = 'training'), 0)::integer as learnt,
      coalesce(sum(k.minutes) filter (where k.kind = 'break'), 0)::integer as rest
    from (
      select g.kind, floor(sum(extract(epoch from g.ends_at - g.starts_at)) / 60) as minutes
      from workforce.work_time_segments g
      where g.biz_id = pg_temp.biz() and g.staff_id = s.staff_id and g.business_date >= w.monday and g.business_date < w.monday + 7
        and g.superseded_at is null and g.ends_at is not null
      group by g.business_date, g.kind
    ) k
  ) h
  group by s.staff_id, f.number, w.wk, w.monday, h.worked, h.learnt, h.rest
) h
cross join lateral (select case h.wk when 0 then 'open' else (array['submitted', 'approved', 'exported', 'rejected', 'exported'])[1 + h.no % 5] end as status) x
cross join lateral (select least((h.monday + 7) + time '10:00', now() at time zone 'Europe/Lisbon' - interval '1 hour') at time zone 'Europe/Lisbon' as at) t;
insert into workforce.overtime_policies (biz_id, id, code, name, location_id, tier, daily_threshold_minutes, weekly_threshold_minutes, multiplier, starts_on)
select pg_temp.biz(), pg_temp.id('overtime-policy/' || v.code), v.code, v.name, case when v.at <> '' then pg_temp.location(v.at) end, v.tier, v.daily, v.weekly, v.factor, pg_temp.day(-700)
from (values ('day-1', 'First hour beyond the day', '', 1, 480, null::integer, 1.25), ('day-2', 'Further hours beyond the day', '', 2, 540, null, 1.375), ('week', 'Beyond the week', '', 3, null, 2400, 1.5), ('spa-day', 'Spa, beyond eight hours', 'SPA', 1, 480, null, 1.5)) v (code, name, at, tier, daily, weekly, factor);
insert into workforce.overtime_forecasts (biz_id, id, staff_id, week_starts_on, overtime_policy_id, planned_minutes, worked_minutes, projected_overtime_minutes)
select pg_temp.biz(), pg_temp.id('overtime-forecast/' || h.staff_id), h.staff_id, date_trunc('week', pg_temp.day()::timestamp)::date, pg_temp.id('overtime-policy/week'), h.planned, h.worked, greatest(0, h.worked + h.ahead - 2400) + h.over
from (
  select s.staff_id, sum(extract(epoch from s.planned_ends_at - s.planned_starts_at) / 60 - s.break_minutes)::integer as planned, sum(s.overtime_minutes)::integer as over,
    coalesce(sum(extract(epoch from s.actual_ends_at - s.actual_starts_at) / 60 - s.break_minutes), 0)::integer as worked,
    coalesce(sum(extract(epoch from s.planned_ends_at - s.planned_starts_at) / 60 - s.break_minutes) filter (where s.actual_ends_at is null), 0)::integer as ahead
  from workforce.staff_shifts s
  where s.biz_id = pg_temp.biz() and s.business_date >= date_trunc('week', pg_temp.day()::timestamp)::date and s.business_date < date_trunc('week', pg_temp.day()::timestamp)::date + 7 and s.status not in ('cancelled', 'no_show')
  group by s.staff_id
) h;

-- Stand-ins
insert into workforce.substitution_pools (biz_id, id, code, name, location_id, offer_minutes, simultaneous_offers)
select pg_temp.biz(), pg_temp.id('pool/' || v.code), v.code, v.name, case when v.at <> '' then pg_temp.location(v.at) end, v.minutes, v.at_once
from (values ('reception', 'Reception, both hotels', '', 60, 1), ('rooms', 'Rooms, Lisbon', 'LIS', 45, 2), ('restaurant', 'Restaurant and bar', 'LIS', 30, 2)) v (code, name, at, minutes, at_once);
insert into workforce.substitution_pool_skills (biz_id, pool_id, capability_template_id)
values (pg_temp.biz(), pg_temp.id('pool/reception'), pg_temp.id('staff-skill/english')), (pg_temp.biz(), pg_temp.id('pool/restaurant'), pg_temp.id('staff-skill/food-hygiene'));
insert into workforce.substitution_pool_members (biz_id, id, pool_id, staff_id, priority, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('pool-member/' || v.pool || '/' || v.who), pg_temp.id('pool/' || v.pool), pg_temp.id('staff/' || v.who), v.priority, pg_temp.day(-140), case when v.who = 'vasco' then pg_temp.day(30) end
from (values
  ('reception', 'diana', 10), ('reception', 'bruno', 50), ('reception', 'duarte', 80), ('rooms', 'ivo', 10), ('rooms', 'sandra', 20), ('rooms', 'olga', 60), ('rooms', 'zulmira', 60),
  ('restaurant', 'gil', 10), ('restaurant', 'catarina', 10), ('restaurant', 'sofia', 50), ('restaurant', 'vasco', 90), ('restaurant', 'miguel', 60)
) v (pool, who, priority);
insert into workforce.substitution_requests (biz_id, id, shift_id, absent_staff_id, pool_id, reason, note, needed_by, status, replacement_shift_id)
select pg_temp.biz(), pg_temp.id('substitution/' || v.n), pg_temp.id('shift/' || v.shift), pg_temp.id('staff/' || v.who), case when v.pool <> '' then pg_temp.id('pool/' || v.pool) end, v.reason, v.note,
  pg_temp.at(v.d, '08:00'), v.status, case v.status when 'filled' then pg_temp.id('shift/ivo-1') end
from (values
  (1, 'sandra-1', 'sandra', 'rooms', 'sick', 'Called in at seven, fever.', -3, 'filled'), (2, 'catarina-1', 'catarina', 'restaurant', 'leave', 'Wedding of a cousin.', 2, 'offering'),
  (3, 'joaquim-1', 'joaquim', '', 'emergency', 'Burst pipe at home.', 1, 'open'), (4, 'beatriz-1', 'beatriz', 'restaurant', 'no_show', null, -5, 'unfilled'), (5, 'diana-1', 'diana', 'reception', 'demand', 'A group of 30 is coming early.', 4, 'cancelled')
) v (n, shift, who, pool, reason, note, d, status);
insert into workforce.substitution_offers (biz_id, id, request_id, absent_staff_id, staff_id, rank, offered_at, expires_at, responded_at, status, note)
select pg_temp.biz(), pg_temp.id('substitution-offer/' || v.n || '/' || v.who), pg_temp.id('substitution/' || v.n), pg_temp.id('staff/' || v.absent), pg_temp.id('staff/' || v.who), v.rank,
  a.at, a.at + make_interval(mins => v.minutes), case when v.status in ('accepted', 'declined') then a.at + interval '9 minutes' end, v.status, v.note
from (values
  (1, 'sandra', 'olga', 1, -3, time '07:05', 45, 'declined', 'At my second job.'), (1, 'sandra', 'ivo', 2, -3, '07:05', 45, 'accepted', 'On my way.'),
  (2, 'catarina', 'sofia', 1, -1, '15:00', 30, 'expired', null), (2, 'catarina', 'gil', 2, -1, '15:30', 4320, 'sent', null), (2, 'catarina', 'miguel', 3, -1, '15:30', 4320, 'sent', null),
  (4, 'beatriz', 'gil', 1, -5, '08:20', 30, 'declined', 'Too short notice.'), (4, 'beatriz', 'catarina', 2, -5, '08:20', 30, 'expired', null), (5, 'diana', 'bruno', 1, -2, '11:00', 60, 'withdrawn', null)
) v (n, absent, who, rank, d, t, minutes, status, note)
cross join lateral (select pg_temp.at(v.d, v.t) as at) a;
insert into workforce.substitution_fairness_counters (biz_id, id, pool_id, staff_id, starts_on, ends_on, offered, accepted, declined, expired, last_offered_at)
select m.biz_id, pg_temp.id('fairness/' || m.id || '/' || q), m.pool_id, m.staff_id, x.starts_on, (x.starts_on + interval '3 months')::date,
  x.n + o.sent, x.n - x.n / 3 + o.accepted, x.n / 3 + o.declined, o.expired, coalesce(o.last, case when x.n > 0 then x.starts_on + interval '20 days 9 hours' end)
from workforce.substitution_pool_members m
cross join generate_series(-1, 0) q
cross join lateral (select (date_trunc('quarter', pg_temp.day()) + make_interval(months => 3 * q))::date as starts_on, 0 as n) x
cross join lateral (
  select count(*)::integer as sent, count(*) filter (where o.status = 'accepted')::integer as accepted, count(*) filter (where o.status = 'declined')::integer as declined,
    count(*) filter (where o.status = 'expired')::integer as expired, max(o.offered_at) as last
  from workforce.substitution_offers o
  join workforce.substitution_requests r on r.biz_id = o.biz_id and r.id = o.request_id and r.pool_id = m.pool_id
  where o.biz_id = m.biz_id and o.staff_id = m.staff_id and o.offered_at >= x.starts_on::timestamptz and o.offered_at < (x.starts_on + interval '3 months')::timestamptz
) o
where m.biz_id = pg_temp.biz();

-- Rankings
insert into workforce.ranking_profiles (biz_id, id, code, name, subject, weights, formula_version, is_active)
select pg_temp.biz(), pg_temp.id('ranking-profile/' || v.code), v.code, v.name, v.subject, v.weights::jsonb, v.formula, v.active
from (values
  ('stand-ins', 'Who is asked to stand in', 'staff', '{"accepted": 4, "declined": -2, "late": -3, "fairness": 5}', 2, true),
  ('upgrades', 'Rooms for upgrades', 'resource', '{"rating": 3, "idle_nights": 2, "noise": -2}', 1, true),
  ('spa-menu', 'Order of treatments in the app', 'offer', '{"booked": 2, "margin": 3, "rating": 2}', 1, true),
  ('therapists-old', 'Therapists by rating (until last year)', 'staff', '{"rating": 1}', 1, false)
) v (code, name, subject, weights, formula, active);
insert into workforce.ranking_scores (biz_id, id, profile_id, subject_type, subject_id, score, formula_version, explained, computed_at)
select pg_temp.biz(), pg_temp.id('ranking-score/' || x.profile || '/' || x.id), pg_temp.id('ranking-profile/' || x.profile), x.type, x.id, x.a + x.b - x.c, x.formula,
  case x.type when 'Staff' then jsonb_build_object('accepted', x.a, 'fairness', x.b, 'declined', -x.c) when 'Resource' then jsonb_build_object('rating', x.a, 'idle_nights', x.b, 'noise', -x.c)
    else jsonb_build_object('booked', x.a, 'margin', x.b, 'rating', -x.c) end, pg_temp.at(-1, '03:10')
from (
  select 'stand-ins' as profile, 'Staff' as type, s.id, 2 as formula, 4 * (n % 5) as a, 12 - n as b, 2 * (n % 3) as c
  from (select distinct m.staff_id as id from workforce.substitution_pool_members m where m.biz_id = pg_temp.biz()) d
  cross join lateral (select s.id, substr(s.number, 2)::integer % 11 as n from workforce.staff s where s.biz_id = pg_temp.biz() and s.id = d.id) s
  union all
  select 'upgrades', 'Resource', pg_temp.resource('unit', n), 1, 9 + n % 5, (n * 3) % 7, 2 * (n % 3) from generate_series(7, 18) n
  union all
  select 'spa-menu', 'Offer', o.id, 1, 10 + 4 * o.n, 15 - 2 * o.n, o.n from (select id, row_number() over (order by code)::integer as n from catalog.offers where biz_id = pg_temp.biz() and deleted_at is null) o where o.n <= 6
) x;
insert into workforce.ranking_events (biz_id, id, profile_id, subject_type, subject_id, kind, delta, note, created_at)
select pg_temp.biz(), pg_temp.id('ranking-event/' || v.n), pg_temp.id('ranking-profile/' || v.profile), v.type, case v.type when 'Staff' then pg_temp.id('staff/' || v.who) else pg_temp.resource('unit', v.who::integer) end, v.kind, v.delta, v.note, pg_temp.at(v.d, v.t)
from (values
  (1, 'stand-ins', 'Staff', 'ivo', 'accepted', 4, null, -3, time '07:14'), (2, 'stand-ins', 'Staff', 'olga', 'declined', -2, null, -3, '07:14'), (3, 'stand-ins', 'Staff', 'gil', 'declined', -2, null, -5, '08:29'),
  (4, 'stand-ins', 'Staff', 'catarina', 'late', -3, null, -9, '18:20'), (5, 'stand-ins', 'Staff', 'ivo', 'completed', 2, null, -3, '13:10'), (6, 'stand-ins', 'Staff', 'beatriz', 'no_show', -6, null, -5, '08:15'),
  (7, 'stand-ins', 'Staff', 'beatriz', 'adjusted', 3, 'The train was cancelled; not her fault.', -4, '10:00'), (8, 'upgrades', 'Resource', '7', 'rated', 3, null, -8, '12:00'), (9, 'upgrades', 'Resource', '13', 'requested', 1, null, -6, '16:40'),
  (10, 'upgrades', 'Resource', '11', 'rated', -2, null, -2, '11:30')
) v (n, profile, type, who, kind, delta, note, d, t);

-- Training
insert into workforce.training_modules (biz_id, id, code, version_no, title, description, content_ref, duration_minutes, pass_score, max_attempts, validity_months, is_active)
select pg_temp.biz(), pg_temp.id('training-module/' || v.key), v.code, v.version, v.title, v.description, 'https://academia.harbour.example/' || v.code, v.minutes, v.pass, v.tries, v.months, v.active
from (values
  ('fire-1', 'fire', 1, 'Fire safety', 'Old edition, before the new alarm panel.', 45, 70, 3, 12, false), ('fire-2', 'fire', 2, 'Fire safety', 'Alarm panel, escape routes, assembly points of both hotels.', 60, 75, 3, 12, true),
  ('haccp', 'haccp', 1, 'Food hygiene and HACCP', 'Temperatures, allergens, cleaning plans.', 180, 80, 2, 24, true), ('gdpr', 'gdpr', 1, 'Guests'' personal data', 'What may be asked, kept and shown, and to whom.', 40, 60, null, 24, true),
  ('first-aid', 'first-aid', 1, 'First aid and defibrillator', 'With the Red Cross, in the spa.', 480, 70, 2, 36, true), ('service', 'service', 1, 'The Harbour welcome', 'How we greet, help and say goodbye.', 90, 50, null, null, true)
) v (key, code, version, title, description, minutes, pass, tries, months, active);
insert into workforce.training_requirements (biz_id, id, module_id, department_id, position, due_days)
select pg_temp.biz(), pg_temp.id('training-requirement/' || v.n), pg_temp.id('training-module/' || v.module), case when v.dept <> '' then pg_temp.id('department/' || v.dept) end, v.position, v.days
from (values (1, 'fire-2', '', null, 14), (2, 'gdpr', 'fo', null, 30), (3, 'haccp', 'kitchen', null, 30), (4, 'haccp', 'restaurant', 'Waiter', 45), (5, 'first-aid', 'spa', 'Therapist', 60), (6, 'service', '', null, 30)) v (n, module, dept, position, days);
-- How far each has come: by the year of hiring, with a few stragglers
insert into workforce.training_enrollments (biz_id, id, module_id, staff_id, due_on, status, attempts, score, started_at, completed_at, expires_on)
select pg_temp.biz(), pg_temp.id('training/' || e.module || '/' || e.number), pg_temp.id('training-module/' || e.module), e.id, pg_temp.day(e.due), e.status, e.attempts,
  case when e.attempts > 0 then case e.status when 'in_progress' then 58 when 'failed' then 62 else 80 + e.n % 20 end end,
  case when e.status not in ('assigned', 'cancelled') then pg_temp.at(-e.ago, '14:00') end, case when e.status in ('passed', 'expired') then pg_temp.at(-e.ago, '15:30') end,
  case when e.status in ('passed', 'expired') and m.validity_months is not null then case e.status when 'passed' then pg_temp.day(-e.ago) + m.validity_months * 30 else pg_temp.day(-5 - e.n) end end
from (
  select s.*, x.due, x.ago, x.status, case x.status when 'assigned' then 0 when 'cancelled' then 0 when 'in_progress' then s.n % 2 when 'failed' then 2 else 1 + s.n % 2 end as attempts
  from (
    select s.id, s.number, s.terminated_on, q.module, (substr(s.number, 2)::integer * 7 + q.k * 3) % 13 as n
    from workforce.staff s
    join (values ('fire-2', '', 1), ('gdpr', 'fo', 2), ('haccp', 'kitchen', 3), ('haccp', 'restaurant', 3), ('first-aid', 'spa', 4), ('service', '', 5)) q (module, dept, k)
      on q.dept = '' or s.department_id = pg_temp.id('department/' || q.dept)
    where s.biz_id = pg_temp.biz()
  ) s
  cross join lateral (
    select 3 * s.n - 8 as due, 20 + s.n * 17 as ago,
      case when s.terminated_on is not null then 'cancelled' when s.n = 1 then 'assigned' when s.n = 4 then 'in_progress' when s.n = 7 then 'failed' when s.n = 10 and s.module <> 'service' then 'expired' else 'passed' end as status
  ) x
) e
join workforce.training_modules m on m.biz_id = pg_temp.biz() and m.id = pg_temp.id('training-module/' || e.module);
insert into workforce.training_attempts (biz_id, id, enrollment_id, attempt_no, score, passed, taken_at, answers, created_at)
select e.biz_id, pg_temp.id('training-attempt/' || e.id || '/' || n), e.id, n, case when n = e.attempts then e.score else least(e.score, 55) end, n = e.attempts and e.completed_at is not null,
  coalesce(e.completed_at - interval '20 minutes', e.started_at + interval '1 hour') - make_interval(days => e.attempts - n), jsonb_build_object('questions', 20, 'right', (case when n = e.attempts then e.score else least(e.score, 55) end / 5)::integer),
  coalesce(e.completed_at - interval '20 minutes', e.started_at + interval '1 hour') - make_interval(days => e.attempts - n)
from workforce.training_enrollments e cross join lateral generate_series(1, e.attempts) n
where e.biz_id = pg_temp.biz();
