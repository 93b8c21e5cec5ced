-- Workforce of the warehouse: people, leave, roster, hours, stand-ins, training.
-- Others may use: staff/<key>: nurul (managing director, member owner), weiming (customer service, member desk), siti (accounts), rajesh (warehouse manager PKL), azlan, faizal, kumar,
--   hafiz, aisyah (forklift drivers and pickers PKL), lim (depot supervisor SHA), zul, devi (SHA), ramli (lorry driver), syafiq (casual);
--   department/<mgt office pkl sha transport>, training-module/<forklift chilled fire>, work-schedule/<office day late>

insert into workforce.departments (biz_id, id, code, name, parent_id, cost_center)
select pg_temp.biz(), pg_temp.id('department/' || v.key), v.code, v.name, case when v.parent <> '' then pg_temp.id('department/' || v.parent) end, v.cost
from (values ('mgt', 'MGT', 'Management', '', '100'), ('office', 'OFF', 'Office and accounts', 'mgt', '110'), ('pkl', 'PKL', 'Warehouse Port Klang', 'mgt', '210'), ('sha', 'SHA', 'Depot Shah Alam', 'mgt', '220'), ('transport', 'TRN', 'Transport', 'mgt', '300')) v (key, code, name, parent, cost);
insert into workforce.work_schedules (biz_id, id, name, timezone)
select pg_temp.biz(), pg_temp.id('work-schedule/' || v.key), v.name, 'Asia/Kuala_Lumpur' from (values ('office', 'Office, Monday to Friday'), ('day', 'Day shift, six days'), ('late', 'Late shift, six days')) v (key, name);
insert into workforce.work_schedule_days (biz_id, id, work_schedule_id, weekday, starts_at_local, work_minutes, break_minutes)
select pg_temp.biz(), pg_temp.id('work-schedule-day/' || v.key || d), pg_temp.id('work-schedule/' || v.key), d, v.starts, case d when 6 then 300 else v.minutes end, case d when 6 then 0 else 60 end
from (values ('office', 5, time '09:00', 480), ('day', 6, '07:00', 480), ('late', 6, '13:00', 480)) v (key, days, starts, minutes) cross join lateral generate_series(1, v.days) d;
insert into workforce.staff (biz_id, id, number, full_name, preferred_name, employment_type, staff_group, position, hired_on, department_id, home_location_id, work_schedule_id, weekly_minutes, payroll_ref, currency, member_id)
select pg_temp.biz(), pg_temp.id('staff/' || v.key), 'K' || lpad(v.n::text, 3, '0'), v.name, v.called, v.terms, '', v.position, pg_temp.day(-v.days), pg_temp.id('department/' || v.dept), pg_temp.location(v.at), case when v.schedule <> '' then pg_temp.id('work-schedule/' || v.schedule) end,
  case when v.schedule = 'office' then 2400 when v.schedule <> '' then 2700 end, 'EPF-' || (7700120 + v.n * 31), 'MYR', case v.key when 'nurul' then pg_temp.member('owner') when 'weiming' then pg_temp.member('desk') end
from (values
  (1, 'nurul', 'Nurul Huda Ismail', null, 'full_time', 'Managing director', 'mgt', 'PKL', 3300, 'office'), (2, 'weiming', 'Tan Wei Ming', 'Wei Ming', 'full_time', 'Customer service', 'office', 'PKL', 1450, 'office'), (3, 'siti', 'Siti Aminah Rosli', 'Siti', 'full_time', 'Accounts executive', 'office', 'PKL', 2010, 'office'),
  (4, 'rajesh', 'Rajesh Nair', null, 'full_time', 'Warehouse manager', 'pkl', 'PKL', 2640, 'day'), (5, 'azlan', 'Azlan Hashim', null, 'full_time', 'Forklift driver', 'pkl', 'PKL', 1330, 'day'), (6, 'faizal', 'Faizal Othman', null, 'full_time', 'Forklift driver', 'pkl', 'PKL', 880, 'late'),
  (7, 'kumar', 'Kumar Selvam', null, 'full_time', 'Picker', 'pkl', 'PKL', 640, 'day'), (8, 'hafiz', 'Hafiz Rahman', null, 'full_time', 'Picker, chilled hall', 'pkl', 'PKL', 420, 'late'), (9, 'aisyah', 'Nur Aisyah Kamal', 'Aisyah', 'full_time', 'Stock controller', 'pkl', 'PKL', 720, 'day'),
  (10, 'lim', 'Lim Chee Keong', null, 'full_time', 'Depot supervisor', 'sha', 'SHA', 1910, 'day'), (11, 'zul', 'Zulkifli Ahmad', 'Zul', 'full_time', 'Forklift driver', 'sha', 'SHA', 1005, 'day'), (12, 'devi', 'Devi Subramaniam', null, 'part_time', 'Picker', 'sha', 'SHA', 310, 'office'),
  (13, 'ramli', 'Ramli Yusof', null, 'full_time', 'Lorry driver', 'transport', 'PKL', 1570, 'day'), (14, 'syafiq', 'Syafiq Azmi', null, 'casual', 'General worker', 'pkl', 'PKL', 95, '')
) v (n, key, name, called, terms, position, dept, at, days, schedule);
update workforce.staff s set manager_id = pg_temp.id('staff/' || v.leads)
from (values ('office', 'nurul'), ('pkl', 'rajesh'), ('sha', 'lim'), ('transport', 'rajesh')) v (dept, leads)
where s.biz_id = pg_temp.biz() and s.department_id = pg_temp.id('department/' || v.dept) and s.id <> pg_temp.id('staff/' || v.leads);
update workforce.departments d set head_id = pg_temp.id('staff/' || v.head)
from (values ('mgt', 'nurul'), ('pkl', 'rajesh'), ('sha', 'lim')) v (dept, head) where d.biz_id = pg_temp.biz() and d.id = pg_temp.id('department/' || v.dept);

-- Annual leave, 14 days; this year and the next
insert into workforce.leave_types (biz_id, id, code, name, is_paid, is_tracked, requires_document, display_unit, color)
select pg_temp.biz(), pg_temp.id('leave-type/' || v.code), v.code, v.name, true, v.tracked, not v.tracked, 'day', v.color from (values ('annual', 'Annual leave', true, '#2e8b57'), ('medical', 'Medical leave', false, '#cd5c5c')) v (code, name, tracked, color);
insert into workforce.leave_policies (biz_id, id, code, name, leave_type_id, accrual, amount_minutes, carry_max_minutes, negative_limit_minutes, min_notice_days, probation_days, starts_on)
select pg_temp.biz(), pg_temp.id('leave-policy/' || v.code), v.code, v.name, pg_temp.id('leave-type/' || v.type), v.accrual, v.amount, v.carry, v.below, v.notice, 90, date_trunc('year', pg_temp.day())::date
from (values ('annual', 'Annual leave, 14 days', 'annual', 'upfront', 6720, 2400, 2400, 7), ('medical', 'Medical leave', 'medical', 'none', 0, 0, 0, 0)) v (code, name, type, accrual, amount, carry, below, notice);
insert into workforce.leave_policy_assignments (biz_id, id, staff_id, leave_type_id, policy_id, starts_on)
select s.biz_id, pg_temp.id('leave-assignment/' || s.number), s.id, pg_temp.id('leave-type/annual'), pg_temp.id('leave-policy/annual'), greatest(s.hired_on, date_trunc('year', pg_temp.day())::date) from workforce.staff s where s.biz_id = pg_temp.biz() and s.employment_type <> 'casual';
insert into workforce.leave_periods (biz_id, id, staff_id, leave_type_id, policy_id, starts_on, ends_on, status)
select s.biz_id, pg_temp.id('leave-period/' || s.number || '/' || n), s.id, pg_temp.id('leave-type/annual'), pg_temp.id('leave-policy/annual'), (date_trunc('year', pg_temp.day()) + make_interval(years => n))::date, (date_trunc('year', pg_temp.day()) + make_interval(years => n + 1))::date,
  case n when 0 then 'open' else 'planned' end
from workforce.staff s cross join generate_series(0, 1) n where s.biz_id = pg_temp.biz() and s.employment_type <> 'casual';
create temporary table workforce_leave on commit drop as
select v.*, pg_temp.id('leave-request/' || v.who) as id, pg_temp.id('staff/' || v.who) as staff_id, date_trunc('week', pg_temp.day())::date + v.first as starts_on
from (values (1, 'azlan', 7, 5, 'approved', 'Balik kampung to Kelantan'), (2, 'kumar', 14, 3, 'submitted', 'Prayers at Batu Caves'), (3, 'lim', 21, 4, 'submitted', null), (4, 'hafiz', 14, 2, 'rejected', 'Fishing'), (5, 'siti', 28, 5, 'approved', 'Umrah'), (6, 'devi', 35, 2, 'draft', null)) v (n, who, first, days, status, reason);
insert into workforce.leave_requests (biz_id, id, number, staff_id, leave_type_id, starts_on, ends_on, total_minutes, status, reason, submitted_at, created_at)
select pg_temp.biz(), l.id, 'LR-' || lpad(l.n::text, 6, '0'), l.staff_id, pg_temp.id('leave-type/annual'), l.starts_on, l.starts_on + l.days, 480 * l.days, case l.status when 'draft' then 'draft' else 'submitted' end, l.reason, case when l.status <> 'draft' then pg_temp.at(-6, '11:00') end, pg_temp.at(-6, '10:55') from workforce_leave l;
select core.next_numbers('leave_request', 'LR', 6);
insert into workforce.leave_request_days (biz_id, id, leave_request_id, staff_id, leave_type_id, leave_on, scheduled_minutes, minutes, period_id, status)
select pg_temp.biz(), pg_temp.id('leave-day/' || l.who || d), l.id, l.staff_id, pg_temp.id('leave-type/annual'), l.starts_on + d, 480, 480, p.id, case l.status when 'draft' then 'planned' when 'submitted' then 'reserved' when 'rejected' then 'released' else 'charged' end
from workforce_leave l cross join lateral generate_series(0, l.days - 1) d join workforce.leave_periods p on p.biz_id = pg_temp.biz() and p.staff_id = l.staff_id and p.period @> l.starts_on + d;
insert into workforce.leave_approvals (biz_id, id, leave_request_id, staff_id, step, approver_id, decision, decided_by_id, decided_at, due_at, note)
select pg_temp.biz(), pg_temp.id('leave-approval/' || l.who), l.id, l.staff_id, 1, pg_temp.member('owner'), case l.status when 'submitted' then 'pending' when 'rejected' then 'denied' else 'approved' end, case when l.status <> 'submitted' then pg_temp.person('owner') end,
  case when l.status <> 'submitted' then pg_temp.at(-4, '09:00') end, pg_temp.at(-1, '18:00'), case l.status when 'rejected' then 'Stock count that week.' end from workforce_leave l where l.status <> 'draft';
update workforce.leave_requests r set status = l.status, decided_at = pg_temp.at(-4, '09:00') from workforce_leave l where r.biz_id = pg_temp.biz() and r.id = l.id and l.status in ('approved', 'rejected');
insert into workforce.leave_events (biz_id, id, leave_request_id, kind, minutes_after, note, created_at)
select pg_temp.biz(), pg_temp.id('leave-event/' || l.who || e.kind), l.id, e.kind, 480 * l.days, case e.kind when 'rejected' then 'Stock count that week.' end, e.at
from workforce_leave l cross join lateral (values ('submitted', pg_temp.at(-6, '11:00')), (l.status, pg_temp.at(-4, '09:00'))) e (kind, at) where e.kind in ('submitted', 'approved', 'rejected') and l.status <> 'draft' and (e.kind <> 'submitted' or e.at < pg_temp.at(-5, '00:00'));
insert into workforce.leave_ledger_entries (biz_id, id, staff_id, leave_type_id, period_id, kind, minutes, request_day_id, effective_on, note)
select d.biz_id, pg_temp.id('leave-ledger/' || d.id), d.staff_id, d.leave_type_id, d.period_id, 'taken', -d.minutes, d.id, d.leave_on, null from workforce.leave_request_days d where d.biz_id = pg_temp.biz() and d.status = 'charged'
union all
select p.biz_id, pg_temp.id('leave-ledger/' || p.id), p.staff_id, p.leave_type_id, p.id, 'accrual', 6720, null, p.starts_on, null from workforce.leave_periods p where p.biz_id = pg_temp.biz() and p.status = 'open'
union all
select p.biz_id, pg_temp.id('leave-ledger/before/' || p.id), p.staff_id, p.leave_type_id, p.id, 'adjustment', -480 * ((extract(month from pg_temp.day())::integer + 1) / 2), null, date_trunc('month', pg_temp.day())::date, 'Taken before Bizing kept the books' from workforce.leave_periods p where p.biz_id = pg_temp.biz() and p.status = 'open';
insert into workforce.leave_balances (biz_id, id, staff_id, leave_type_id, period_id, accrued_minutes, taken_minutes, reserved_minutes, adjusted_minutes, negative_limit_minutes)
select p.biz_id, pg_temp.id('leave-balance/' || p.id), p.staff_id, p.leave_type_id, p.id, e.accrued, e.taken, d.reserved, e.adjusted, 2400
from workforce.leave_periods p
cross join lateral (select coalesce(sum(e.minutes) filter (where e.kind = 'accrual'), 0) as accrued, -coalesce(sum(e.minutes) filter (where e.kind = 'taken'), 0) as taken, coalesce(sum(e.minutes) filter (where e.kind = 'adjustment'), 0) as adjusted from workforce.leave_ledger_entries e where e.biz_id = p.biz_id and e.period_id = p.id) e
cross join lateral (select coalesce(sum(d.minutes), 0) as reserved from workforce.leave_request_days d where d.biz_id = p.biz_id and d.period_id = p.id and d.status = 'reserved') d
where p.biz_id = pg_temp.biz();

-- Roster of two weeks, Sundays free; hours of the last days
insert into workforce.staff_shifts (biz_id, id, staff_id, location_id, business_date, role, planned_starts_at, planned_ends_at, actual_starts_at, actual_ends_at, break_minutes, status, published_at)
select pg_temp.biz(), pg_temp.id('shift/' || r.who || '/' || r.d), pg_temp.id('staff/' || r.who), pg_temp.location(r.at), r.d, r.role, r.s, r.e, case when x.status in ('in_progress', 'completed') then r.s - make_interval(mins => r.no % 9) end,
  case when x.status = 'completed' then r.e + make_interval(mins => (r.no * 5) % 11 - 3 + case when r.no % 7 = 3 then 110 else 0 end) end, 60, x.status, case when x.status <> 'draft' then least(((r.d - 8) + time '17:00') at time zone 'Asia/Kuala_Lumpur', now() - interval '1 hour') end
from (
  select v.*, d::date as d, (d::date + v.starts) at time zone 'Asia/Kuala_Lumpur' as s, (d::date + v.starts) at time zone 'Asia/Kuala_Lumpur' + interval '9 hours' as e, (d::date - date '2024-01-01') * 3 + v.k * 5 as no
  from (values ('azlan', 'PKL', 'Forklift', time '07:00', 0), ('faizal', 'PKL', 'Forklift', '13:00', 1), ('kumar', 'PKL', 'Picking', '07:00', 2), ('hafiz', 'PKL', 'Chilled hall', '13:00', 3), ('lim', 'SHA', 'Supervision', '07:00', 4), ('zul', 'SHA', 'Forklift', '07:00', 5), ('ramli', 'PKL', 'Lorry', '06:00', 6)) v (who, at, role, starts, k)
  cross join generate_series(pg_temp.day(-7)::timestamp, pg_temp.day(7)::timestamp, interval '1 day') d where extract(isodow from d) < 7
) r
cross join lateral (select case when r.e <= now() then case r.no % 31 when 5 then 'no_show' when 11 then 'cancelled' else 'completed' end when r.s <= now() then 'in_progress' when r.d < pg_temp.day(3) then 'confirmed' when r.d < pg_temp.day(6) then 'published' else 'draft' end as status) x
where not exists (select from workforce.leave_request_days l where l.biz_id = pg_temp.biz() and l.staff_id = pg_temp.id('staff/' || r.who) and l.leave_on = r.d and l.status = 'charged');
insert into workforce.work_time_segments (biz_id, id, staff_id, shift_id, location_id, business_date, kind, starts_at, ends_at, source)
select s.biz_id, pg_temp.id('segment/' || s.id || '/' || p.n), s.staff_id, s.id, s.location_id, s.business_date, case p.n when 2 then 'break' else case s.role when 'Lorry' then 'travel' else 'work' end end, p.a, p.e, 'clock'
from workforce.staff_shifts s
cross join lateral (values (1, s.actual_starts_at, case s.status when 'completed' then s.planned_starts_at + interval '5 hours' end), (2, s.planned_starts_at + interval '5 hours', s.planned_starts_at + interval '6 hours'), (3, s.planned_starts_at + interval '6 hours', s.actual_ends_at)) p (n, a, e)
where s.biz_id = pg_temp.biz() and (s.status = 'completed' or s.status = 'in_progress' and p.n = 1);
insert into workforce.open_shifts (biz_id, id, location_id, department_id, business_date, role, starts_at, ends_at, break_minutes, status, note)
select pg_temp.biz(), pg_temp.id('open-shift/' || v.n), pg_temp.location(v.at), pg_temp.id('department/' || v.dept), pg_temp.day(v.d), v.role, pg_temp.at(v.d, '08:00'), pg_temp.at(v.d, '17:00'), 60, v.status, v.note
from (values (1, 'PKL', 'pkl', 3, 'Unloading', 'open', 'Two containers of Laut Seafood.'), (2, 'SHA', 'sha', 5, 'Stock count', 'open', ''), (3, 'PKL', 'pkl', -6, 'Unloading', 'expired', '')) v (n, at, dept, d, role, status, note);
insert into workforce.timesheets (biz_id, id, staff_id, starts_on, ends_on, worked_minutes, travel_minutes, break_minutes, overtime_minutes, status, submitted_at, approved_by_id, approved_at, exported_at, export_ref)
select h.biz_id, pg_temp.id('timesheet/' || h.staff_id || h.monday), h.staff_id, h.monday, h.monday + 7, h.worked, h.travelled, h.rest, greatest(0, h.worked - 2700), x.status, case when x.status <> 'open' then t.at end, case when x.status in ('approved', 'exported') then pg_temp.person('owner') end,
  case when x.status in ('approved', 'exported') then t.at + interval '5 minutes' end, case when x.status = 'exported' then t.at + interval '30 minutes' end, case when x.status = 'exported' then 'PAY-' || to_char(h.monday, 'IYYY"-W"IW') end
from (
  select k.biz_id, k.staff_id, k.monday, row_number() over (order by k.monday, k.staff_id)::integer as no,
    coalesce(sum(k.minutes) filter (where k.kind = 'work'), 0)::integer as worked, coalesce(sum(k.minutes) filter (where k.kind = 'travel'), 0)::integer as travelled,
    coalesce(sum(k.minutes) filter (where k.kind = 'break'), 0)::integer as rest
  from (
    select g.biz_id, g.staff_id, date_trunc('week', g.business_date::timestamp)::date as monday, g.kind, floor(sum(extract(epoch from g.ends_at - g.starts_at)) / 60) as minutes
    from workforce.work_time_segments g
    where g.biz_id = pg_temp.biz() and g.superseded_at is null and g.ends_at is not null
    group by g.biz_id, g.staff_id, g.business_date, g.kind
  ) k
  group by k.biz_id, k.staff_id, k.monday
) h
cross join lateral (select case when h.monday >= date_trunc('week', pg_temp.day()::timestamp)::date then 'open' else (array['submitted', 'approved', 'exported', 'rejected'])[1 + h.no % 4] end as status) x
cross join lateral (select least(((h.monday + 7) + time '09:00') at time zone 'Asia/Kuala_Lumpur', now() - interval '1 hour') as at) t;
insert into workforce.overtime_policies (biz_id, id, code, name, tier, daily_threshold_minutes, weekly_threshold_minutes, multiplier, starts_on)
values (pg_temp.biz(), pg_temp.id('overtime-policy/day'), 'day', 'Beyond eight hours', 1, 480, null, 1.5, pg_temp.day(-500)), (pg_temp.biz(), pg_temp.id('overtime-policy/week'), 'week', 'Beyond 45 hours', 2, null, 2700, 2, pg_temp.day(-500));

-- Stand-ins and training
insert into workforce.substitution_pools (biz_id, id, code, name, location_id, offer_minutes, simultaneous_offers) values (pg_temp.biz(), pg_temp.id('pool/forklift'), 'forklift', 'Forklift drivers', null, 60, 2);
insert into workforce.substitution_pool_members (biz_id, id, pool_id, staff_id, priority, starts_on)
select pg_temp.biz(), pg_temp.id('pool-member/' || v.who), pg_temp.id('pool/forklift'), pg_temp.id('staff/' || v.who), v.priority, pg_temp.day(-90) from (values ('faizal', 10), ('zul', 20), ('syafiq', 80)) v (who, priority);
insert into workforce.training_modules (biz_id, id, code, title, description, content_ref, duration_minutes, pass_score, max_attempts, validity_months)
select pg_temp.biz(), pg_temp.id('training-module/' || v.code), v.code, v.title, v.description, 'https://training.keep.example/' || v.code, v.minutes, v.pass, 3, v.months
from (values ('forklift', 'Counterbalance forklift', 'Theory and driving test, as the authority asks.', 960, 75, 36), ('chilled', 'Working in the chilled hall', 'Clothing, times, alarms.', 60, 60, 12), ('fire', 'Fire and evacuation', 'Assembly points of both sites.', 45, 60, 12)) v (code, title, description, minutes, pass, months);
insert into workforce.training_requirements (biz_id, id, module_id, position, due_days)
select pg_temp.biz(), pg_temp.id('training-requirement/' || v.n), pg_temp.id('training-module/' || v.module), v.position, v.days from (values (1, 'forklift', 'Forklift driver', 30), (2, 'fire', null, 14), (3, 'chilled', 'Picker, chilled hall', 7)) v (n, module, position, days);
insert into workforce.training_enrollments (biz_id, id, module_id, staff_id, due_on, status, attempts, score, started_at, completed_at, expires_on)
select pg_temp.biz(), pg_temp.id('training/' || v.module || '/' || v.who), pg_temp.id('training-module/' || v.module), pg_temp.id('staff/' || v.who), pg_temp.day(v.due), v.status, v.attempts, v.score, case when v.status <> 'assigned' then pg_temp.at(-v.ago, '09:00') end,
  case when v.status in ('passed', 'expired') then pg_temp.at(-v.ago, '16:00') end, case v.status when 'passed' then pg_temp.day(365) when 'expired' then pg_temp.day(-8) end
from (values ('forklift', 'azlan', -300, 'passed', 1, 92, 330), ('forklift', 'faizal', -500, 'passed', 2, 81, 520), ('forklift', 'zul', -200, 'passed', 1, 88, 230), ('forklift', 'syafiq', 20, 'in_progress', 1, 60, 9), ('chilled', 'hafiz', -30, 'passed', 1, 95, 60), ('chilled', 'kumar', 10, 'assigned', 0, null, 0), ('fire', 'ramli', -380, 'expired', 1, 80, 380),
  ('fire', 'devi', -20, 'failed', 3, 55, 25), ('fire', 'aisyah', -100, 'passed', 1, 100, 120), ('fire', 'siti', -90, 'passed', 1, 90, 110)) v (module, who, due, status, attempts, score, ago);
insert into workforce.training_attempts (biz_id, id, enrollment_id, attempt_no, score, passed, taken_at)
select e.biz_id, pg_temp.id('training-attempt/' || e.id || n), e.id, n, case when n = e.attempts then e.score else 50 end, n = e.attempts and e.completed_at is not null, e.started_at + make_interval(hours => 2 * n) from workforce.training_enrollments e cross join lateral generate_series(1, e.attempts) n where e.biz_id = pg_temp.biz();
