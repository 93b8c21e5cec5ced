-- Education: courses that guests and neighbours take in the hotels, and certificates of staff. Refers to 08_workforce.
-- Others may use: program/<wine cooking yoga portuguese>, cohort/<key> (wine-1 completed, wine-2 running, wine-3 full, cooking-2 open, ...)

insert into education.programs (biz_id, id, code, title, description, requirements, duration_minutes, credits, min_attendance_bps, min_score, requires_all_assessments, is_active)
select pg_temp.biz(), pg_temp.id('program/' || v.code), v.code, v.title, v.description, v.requirements, v.minutes, v.credits, v.attendance, v.score, v.every, v.active
from (values
  ('wine', 'Portuguese wine in four evenings', 'From Vinho Verde to Port, with a tasting of six wines each evening.', 'Of age.', 480, 2, 7500, 50, true, true),
  ('cooking', 'Cooking with Chef Nuno', 'Cataplana, bacalhau and pastéis de nata in the hotel kitchen.', 'No allergy to shellfish.', 540, null, 6600, 0, false, true),
  ('yoga', 'Yoga by the sea, six mornings', 'On the terrace of the spa, indoors when it rains.', '', 360, null, 5000, 0, false, true),
  ('portuguese', 'Portuguese for newcomers, level A1', 'For expatriates and seasonal staff.', '', 1440, 4, 8000, 60, true, true),
  ('tiles', 'Painting azulejos', 'A weekend with a tile painter from Sintra.', '', 480, null, 0, 0, false, false)
) v (code, title, description, requirements, minutes, credits, attendance, score, every, active);

-- Cohorts, in the statuses in which enrolments and sessions find them
create temporary table education_cohorts on commit drop as
select v.*, pg_temp.id('cohort/' || v.key) as id
from (values
  (1, 'wine-1', 'wine', 'WN-1', 'Wine, first group', 'LIS', 'andre', -50, 7, 4, time '19:00', 120, 8, 8, 0, 0, 'completed'),
  (2, 'wine-2', 'wine', 'WN-2', 'Wine, second group', 'LIS', 'andre', -10, 7, 4, '19:00', 120, 10, 9, 4, 0, 'running'),
  (3, 'wine-3', 'wine', 'WN-3', 'Wine, winter group', 'LIS', 'andre', 25, 7, 4, '19:00', 120, 8, 8, 4, 3, 'full'),
  (4, 'cooking-1', 'cooking', 'CK-1', 'Cooking, autumn', 'LIS', 'nuno', -45, 6, 3, '10:00', 180, 8, 7, 0, 0, 'completed'),
  (5, 'cooking-2', 'cooking', 'CK-2', 'Cooking before the holidays', 'LIS', 'nuno', 9, 7, 3, '10:00', 180, 12, 5, 5, 0, 'open'),
  (6, 'yoga-1', 'yoga', 'YG-1', 'Yoga, weekday mornings', 'SPA', 'filipa', -6, 3, 6, '08:00', 60, 12, 10, 4, 0, 'running'),
  (7, 'yoga-2', 'yoga', 'YG-2', 'Yoga, next season', 'SPA', 'teresa', 60, 3, 6, '08:00', 60, 12, 0, 4, 0, 'draft'),
  (8, 'portuguese-1', 'portuguese', 'PT-1', 'Portuguese, evenings', 'CAS', 'marta', -5, 4, 6, '18:00', 90, 10, 6, 3, 0, 'running'),
  (9, 'portuguese-2', 'portuguese', 'PT-2', 'Portuguese, lunch breaks', 'CAS', 'marta', 14, 4, 6, '12:30', 90, 10, 0, 3, 0, 'cancelled')
) v (n, key, program, code, name, at, lead, first, step, sessions, starts, minutes, capacity, enrolled, waitlist, waitlisted, status);
insert into education.program_cohorts (biz_id, id, program_id, code, name, location_id, starts_on, ends_on, enrollment_ends_at, capacity, enrolled_count, waitlist_limit, waitlisted_count, status, lead_id)
select pg_temp.biz(), c.id, pg_temp.id('program/' || c.program), c.code, c.name, pg_temp.location(c.at), pg_temp.day(c.first), pg_temp.day(c.first + c.step * (c.sessions - 1) + 1), pg_temp.at(c.first - 1, '18:00'),
  c.capacity, c.enrolled, c.waitlist, c.waitlisted, case when c.status in ('draft', 'open', 'full') then c.status else 'open' end, pg_temp.id('staff/' || c.lead)
from education_cohorts c;
update education.program_cohorts p set status = case c.status when 'cancelled' then 'cancelled' else 'running' end
from education_cohorts c where p.biz_id = pg_temp.biz() and p.id = c.id and c.status in ('cancelled', 'running', 'completed');

-- Sessions; one was called off, one put off to the next day
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, topic, starts_at, ends_at, instructor_id, join_url, status, note)
select pg_temp.biz(), pg_temp.id('session/' || c.key || '/' || seq), c.id, seq,
  case c.program when 'wine' then (array['Vinho Verde and the north', 'Douro and Dão', 'Alentejo and Lisbon', 'Port and Madeira'])[seq] when 'cooking' then (array['Cataplana', 'Bacalhau', 'Pastéis de nata'])[seq]
    when 'yoga' then 'Morning flow ' || seq else 'Unit ' || seq end,
  s.starts_at, s.starts_at + make_interval(mins => c.minutes), pg_temp.id('staff/' || c.lead), case c.program when 'portuguese' then 'https://meet.harbour.example/pt-a1-' || c.n end,
  case when c.status = 'cancelled' or c.key = 'yoga-1' and seq = 2 then 'cancelled' when c.key = 'portuguese-1' and seq = 2 then 'rescheduled' when s.starts_at + make_interval(mins => c.minutes) < now() then 'held' else 'scheduled' end,
  case when c.key = 'yoga-1' and seq = 2 then 'Storm warning.' else '' end
from education_cohorts c
cross join lateral generate_series(1, c.sessions) seq
cross join lateral (select pg_temp.at(c.first + c.step * (seq - 1), c.starts) as starts_at) s;
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, topic, starts_at, ends_at, instructor_id, join_url, status, reschedules_id, note)
select s.biz_id, pg_temp.id('session/portuguese-1/2b'), s.cohort_id, s.seq, s.topic, s.starts_at + interval '1 day', s.ends_at + interval '1 day', s.instructor_id, s.join_url,
  case when s.ends_at + interval '1 day' < now() then 'held' else 'scheduled' end, s.id, 'Moved: the teacher was ill.'
from education.program_cohort_sessions s where s.biz_id = pg_temp.biz() and s.id = pg_temp.id('session/portuguese-1/2');

-- Enrolments: places taken, who waits, who left
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, status, waitlisted_at, enrolled_at, ended_at, note)
select pg_temp.biz(), pg_temp.id('enrollment/' || c.key || '/' || i), c.id, k.id, x.status, case when x.status in ('waitlisted', 'expired') then pg_temp.at(c.first - 40 + i, '11:00') end,
  case when x.status not in ('waitlisted', 'expired') then pg_temp.at(least(c.first - 30 + i, -1), '16:20') end, case when x.status not in ('waitlisted', 'enrolled') then pg_temp.at(least(c.first + 8, -1), '10:00') end, x.note
from education_cohorts c
cross join lateral generate_series(1, c.enrolled + c.waitlisted + case when c.key in ('wine-2', 'wine-3', 'yoga-1', 'cooking-1') then 1 else 0 end) i
cross join lateral (
  select case when i <= c.enrolled then 'enrolled' when i <= c.enrolled + c.waitlisted then 'waitlisted' when c.key = 'wine-2' then 'expelled' when c.key = 'wine-3' then 'expired' else 'withdrawn' end as status,
    case when i > c.enrolled + c.waitlisted then case c.key when 'wine-2' then 'Disturbed two tastings.' when 'wine-3' then 'Did not answer for a week.' else 'Had to travel home.' end else '' end as note
) x
join (select id, row_number() over (order by number) as n from crm.customers where biz_id = pg_temp.biz()) k on k.n = case when c.key = 'cooking-2' and i = 1 then 41 else (c.n * 11 + i * 7) % 60 + 1 end;
update education.cohort_enrollments e
set transferred_from_id = pg_temp.id('enrollment/cooking-1/8'), note = 'Transferred from the autumn group.'
where e.biz_id = pg_temp.biz() and e.id = pg_temp.id('enrollment/cooking-2/1');
insert into education.session_attendance_records (biz_id, id, cohort_id, session_id, enrollment_id, status, minutes, marked_by_id, marked_at, note)
select s.biz_id, pg_temp.id('attendance/' || s.id || '/' || e.id), s.cohort_id, s.id, e.id, x.status,
  case x.status when 'present' then extract(epoch from s.ends_at - s.starts_at)::integer / 60 when 'late' then extract(epoch from s.ends_at - s.starts_at)::integer / 60 - 20 else 0 end,
  pg_temp.person('desk'), s.ends_at, case x.status when 'excused' then 'Wrote a message before.' end
from education.program_cohort_sessions s
join education.cohort_enrollments e on e.biz_id = s.biz_id and e.cohort_id = s.cohort_id and e.status = 'enrolled'
cross join lateral (select case (ascii(e.id::text) + ascii(substr(e.id::text, 3)) * 3 + s.seq * 5) % 11 when 0 then 'absent' when 1 then 'late' when 2 then 'excused' else 'present' end as status) x
where s.biz_id = pg_temp.biz() and s.status = 'held';

-- Assessments, results, and the end of those that are over
insert into education.assessments (biz_id, id, cohort_id, name, description, weight, max_score, due_at, voided_at)
select pg_temp.biz(), pg_temp.id('assessment/' || c.key || '/' || v.no), c.id, v.name, v.description, v.weight, v.most, pg_temp.at(c.first + c.step * v.session - 1, '23:00'), case when v.no = 3 then pg_temp.at(c.first + 3, '12:00') end
from (values ('wine', 1, 'Blind tasting', 'Name region and grape of five wines.', 60, 20, 4), ('wine', 2, 'Pairing a menu', 'Wines for four courses.', 40, 10, 3), ('wine', 3, 'Quiz of the first evening', '', 10, 10, 1),
  ('portuguese', 1, 'Conversation', 'Ten minutes with the teacher.', 50, 100, 6), ('portuguese', 2, 'Dictation', '', 25, 50, 2)) v (program, no, name, description, weight, most, session)
join education_cohorts c on c.program = v.program and c.status in ('running', 'completed');
insert into education.assessment_results (biz_id, id, cohort_id, assessment_id, enrollment_id, max_score, score, graded_by_id, graded_at, feedback)
select a.biz_id, pg_temp.id('result/' || a.id || '/' || e.id), a.cohort_id, a.id, e.id, a.max_score,
  round(a.max_score * case when e.id = pg_temp.id('enrollment/wine-1/5') then 35 else 55 + (ascii(e.id::text) * 7 + ascii(substr(e.id::text, 5)) + a.weight) % 44 end / 100, 1), pg_temp.person('desk'), least(a.due_at + interval '1 day', now()),
  case when e.id = pg_temp.id('enrollment/wine-1/5') then 'Took the Dão for a Bordeaux.' when a.name = 'Blind tasting' then 'A fine nose.' else '' end
from education.assessments a
join education.cohort_enrollments e on e.biz_id = a.biz_id and e.cohort_id = a.cohort_id and e.status = 'enrolled'
where a.biz_id = pg_temp.biz() and a.voided_at is null and a.due_at < now();
update education.cohort_enrollments e
set status = case when x.score < 50 then 'failed' else 'completed' end, ended_at = pg_temp.at(c.first + c.step * (c.sessions - 1) + 1, '12:00'), final_score = x.score, attendance_bps = x.attendance,
  grade = case when x.score is null then null when x.score < 50 then 'Not passed' when x.score >= 80 then 'With distinction' else 'Passed' end
from education_cohorts c
cross join lateral (
  select e.id, (select round(sum(r.score / r.max_score * a.weight), 2) from education.assessment_results r join education.assessments a on a.biz_id = r.biz_id and a.id = r.assessment_id where r.biz_id = e.biz_id and r.enrollment_id = e.id) as score,
    (select 10000 * count(*) filter (where t.status in ('present', 'late')) / count(*) from education.session_attendance_records t where t.biz_id = e.biz_id and t.enrollment_id = e.id) as attendance
  from education.cohort_enrollments e where e.biz_id = pg_temp.biz() and e.cohort_id = c.id
) x
where c.status = 'completed' and e.biz_id = pg_temp.biz() and e.id = x.id and e.status = 'enrolled';
update education.program_cohorts p set status = 'completed'
from education_cohorts c where p.biz_id = pg_temp.biz() and p.id = c.id and c.status = 'completed';

-- Certificates of guests and of staff
insert into education.certification_templates (biz_id, id, code, title, program_id, training_module_id, validity_months, layout)
select pg_temp.biz(), pg_temp.id('certification-template/' || v.code), v.code, v.title, case when v.program <> '' then pg_temp.id('program/' || v.program) end, case when v.module <> '' then pg_temp.id('training-module/' || v.module) end, v.months,
  jsonb_build_object('page', 'A4 landscape', 'border', v.border, 'signature', 'Helena Duarte')
from (values ('wine', 'Friend of Portuguese Wine', 'wine', '', null::integer, 'vine'), ('cooking', 'Cook of the Harbour Kitchen', 'cooking', '', null, 'tiles'), ('first-aid', 'First aid and defibrillator', '', 'first-aid', 36, 'plain'),
  ('haccp', 'Food hygiene and HACCP', '', 'haccp', 24, 'plain'), ('concierge', 'Concierge of the house', '', '', 12, 'plain')) v (code, title, program, module, months, border);
insert into education.certification_awards (biz_id, id, template_id, enrollment_id, holder_name, serial, verify_token, awarded_on, status)
select e.biz_id, pg_temp.id('award/' || e.id), pg_temp.id('certification-template/' || c.program), e.id, k.full_name, 'HG-' || upper(left(c.program, 2)) || '-' || lpad((100 * c.n + row_number() over (partition by c.id order by k.number))::text, 4, '0'),
  md5(e.id::text || 'award'), pg_temp.day(c.first + c.step * (c.sessions - 1) + 2), 'issued'
from education.cohort_enrollments e
join education_cohorts c on c.id = e.cohort_id
join crm.customers k on k.biz_id = e.biz_id and k.id = e.customer_id
where e.biz_id = pg_temp.biz() and e.status = 'completed';
insert into education.certification_awards (biz_id, id, template_id, staff_id, holder_name, serial, verify_token, awarded_on, expires_on, status, renews_id)
select pg_temp.biz(), pg_temp.id('award/staff/' || v.n), pg_temp.id('certification-template/' || v.template), s.id, s.full_name, 'HG-ST-' || lpad(v.n::text, 4, '0'), md5(s.id::text || v.n), pg_temp.day(v.a), pg_temp.day(v.e),
  case when v.n = 3 then 'expired' else 'issued' end, case when v.renews > 0 then pg_temp.id('award/staff/' || v.renews) end
from (values (1, 'first-aid', 'filipa', -1060, 35, 0), (2, 'first-aid', 'teresa', -700, 395, 0), (3, 'haccp', 'miguel', -760, -30, 0), (4, 'haccp', 'nuno', -780, -49, 0), (5, 'haccp', 'nuno', -52, 678, 4), (6, 'haccp', 'sofia', -300, 430, 0),
  (7, 'haccp', 'pedro', -690, 41, 0), (8, 'concierge', 'ines', -320, 45, 0), (9, 'concierge', 'duarte', -90, 275, 0)) v (n, template, who, a, e, renews)
join workforce.staff s on s.biz_id = pg_temp.biz() and s.id = pg_temp.id('staff/' || v.who)
order by v.n;
insert into education.certification_awards (biz_id, id, template_id, customer_id, holder_name, serial, verify_token, awarded_on, expires_on)
select pg_temp.biz(), pg_temp.id('award/guest/1'), pg_temp.id('certification-template/concierge'), k.id, k.full_name, 'HG-GU-0001', md5(k.id::text), pg_temp.day(-25), pg_temp.day(340)
from crm.customers k where k.biz_id = pg_temp.biz() and k.id = pg_temp.customer(9);
update education.certification_awards a set status = 'revoked', revoked_at = pg_temp.at(-9, '15:00')
where a.biz_id = pg_temp.biz() and a.id in (pg_temp.id('award/staff/9'), pg_temp.id('award/' || pg_temp.id('enrollment/cooking-1/3')));
