-- Rules of education, proven one by one.

-- given: a programme, two instructors, an open cohort of one place and one on the waiting list, and another of its programme
insert into workforce.staff (biz_id, id, number, full_name, hired_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000001', 'I-1', 'Ines', '2020-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000002', 'I-2', 'Joao', '2020-01-01');
insert into education.programs (biz_id, id, code, title, sellable_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000003', 'pt-1', 'Portuguese 1', '00000000-0000-7000-8000-000000000064');
insert into education.program_cohorts (biz_id, id, program_id, code, location_id, starts_on, ends_on, capacity, waitlist_limit, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000003', 'spring', '00000000-0000-7000-8000-000000000011', '2027-03-01', '2027-06-01', 1, 1, 'open'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000005', '00000000-0000-7015-8000-000000000003', 'summer', '00000000-0000-7000-8000-000000000011', '2027-06-01', '2027-09-01', 10, 0, 'open'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000006', '00000000-0000-7015-8000-000000000003', 'autumn', '00000000-0000-7000-8000-000000000011', '2027-09-01', '2027-12-01', 1, 0, 'draft');

-- allowed: a cohort opens, fills, runs and is completed
update education.program_cohorts set status = 'full', enrolled_count = 1 where id = '00000000-0000-7015-8000-000000000004';
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, booking_order_id, enrolled_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000011', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000071', now());
update education.program_cohorts set status = 'running' where id = '00000000-0000-7015-8000-000000000004';
update education.cohort_enrollments set status = 'completed', ended_at = now(), final_score = 88, grade = 'B' where id = '00000000-0000-7015-8000-000000000011';
update education.program_cohorts set status = 'completed' where id = '00000000-0000-7015-8000-000000000004';

-- refused programs_code_key: programmes in use have codes of their own
insert into education.programs (biz_id, id, code, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000007', 'pt-1', 'Another');

-- refused programs_min_attendance_check: the attendance asked for is 100 % at most
update education.programs set min_attendance_bps = 10001 where id = '00000000-0000-7015-8000-000000000003';

-- refused program_cohorts_code_key: cohorts of a programme have codes of their own
insert into education.program_cohorts (biz_id, id, program_id, code, location_id, starts_on, ends_on, capacity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000007', '00000000-0000-7015-8000-000000000003', 'spring', '00000000-0000-7000-8000-000000000011', '2028-03-01', '2028-06-01', 1);

-- refused program_cohorts_dates_check: a cohort ends after it starts
update education.program_cohorts set ends_on = starts_on where id = '00000000-0000-7015-8000-000000000004';

-- refused program_cohorts_enrolled_check: no more enrol than there are places
update education.program_cohorts set enrolled_count = enrolled_count + 2 where id = '00000000-0000-7015-8000-000000000004';

-- refused program_cohorts_enrolled_check: the capacity does not go below those enrolled
update education.program_cohorts set enrolled_count = 1 where id = '00000000-0000-7015-8000-000000000004';
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000011', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000031', now());
update education.program_cohorts set capacity = 0 where id = '00000000-0000-7015-8000-000000000004';

-- refused program_cohorts_waitlisted_check: no more wait than may
update education.program_cohorts set waitlisted_count = 2 where id = '00000000-0000-7015-8000-000000000004';

-- refused program_cohorts_full_check: a cohort with free places is not full
update education.program_cohorts set status = 'full' where id = '00000000-0000-7015-8000-000000000004';

-- refused program_cohorts_counts_check: an enrolment is counted
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000011', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000031', now());

-- refused program_cohorts_counts_check: what is counted is enrolled
update education.program_cohorts set enrolled_count = 1 where id = '00000000-0000-7015-8000-000000000004';

-- refused program_cohorts_counts_check: whoever leaves gives back the place
update education.program_cohorts set enrolled_count = 1 where id = '00000000-0000-7015-8000-000000000004';
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000011', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000031', now());
update education.cohort_enrollments set status = 'withdrawn', ended_at = now() where id = '00000000-0000-7015-8000-000000000011';

-- race program_cohorts_enrolled_check: of those who want the last place one gets it
insert into crm.customers (biz_id, id, number, full_name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000f1:n', 'E-:n', 'Racer :n');
update education.program_cohorts set enrolled_count = enrolled_count + 1 where id = '00000000-0000-7015-8000-000000000006';
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000f2:n', '00000000-0000-7015-8000-000000000006', '00000000-0000-7015-8000-000000000f1:n', now());

-- refused program_cohorts_status_transition_check: a draft does not run
update education.program_cohorts set status = 'running' where id = '00000000-0000-7015-8000-000000000006';

-- refused program_cohorts_status_reason_check: a cohort is cancelled with a reason
update education.program_cohorts set status = 'cancelled' where id = '00000000-0000-7015-8000-000000000006';

-- given: Clara has the place of spring, Dario waits for it
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, status, enrolled_at, waitlisted_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000011', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000031', 'enrolled', now(), null), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000012', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000032', 'waitlisted', null, now());
update education.program_cohorts set enrolled_count = 1, waitlisted_count = 1, status = 'full' where id = '00000000-0000-7015-8000-000000000004';

-- allowed: Clara withdraws, Dario gets her place
update education.cohort_enrollments set status = 'withdrawn', ended_at = now() where id = '00000000-0000-7015-8000-000000000011';
update education.cohort_enrollments set status = 'enrolled', enrolled_at = now() where id = '00000000-0000-7015-8000-000000000012';
update education.program_cohorts set enrolled_count = 1, waitlisted_count = 0 where id = '00000000-0000-7015-8000-000000000004';

-- allowed: Clara is transferred to summer
update education.cohort_enrollments set status = 'withdrawn', ended_at = now() where id = '00000000-0000-7015-8000-000000000011';
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at, transferred_from_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000013', '00000000-0000-7015-8000-000000000005', '00000000-0000-7000-8000-000000000031', now(), '00000000-0000-7015-8000-000000000011');
update education.program_cohorts set enrolled_count = 0, status = 'open' where id = '00000000-0000-7015-8000-000000000004';
update education.program_cohorts set enrolled_count = 1 where id = '00000000-0000-7015-8000-000000000005';

-- refused cohort_enrollments_active_key: nobody is enrolled twice in a cohort
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000013', '00000000-0000-7015-8000-000000000004', '00000000-0000-7000-8000-000000000031', now());

-- refused cohort_enrollments_transferred_from_id_key: an enrolment is continued once
insert into education.cohort_enrollments (biz_id, id, cohort_id, customer_id, enrolled_at, transferred_from_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000013', '00000000-0000-7015-8000-000000000005', '00000000-0000-7000-8000-000000000031', now(), '00000000-0000-7015-8000-000000000011'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000014', '00000000-0000-7015-8000-000000000005', '00000000-0000-7000-8000-000000000032', now(), '00000000-0000-7015-8000-000000000011');

-- refused cohort_enrollments_cohort_immutable_check: an enrolment stays in its cohort
update education.cohort_enrollments set cohort_id = '00000000-0000-7015-8000-000000000005' where id = '00000000-0000-7015-8000-000000000011';

-- refused cohort_enrollments_enrolled_check: who has a place says since when
update education.cohort_enrollments set status = 'enrolled' where id = '00000000-0000-7015-8000-000000000012';

-- refused cohort_enrollments_ended_check: who left says when
update education.cohort_enrollments set status = 'withdrawn' where id = '00000000-0000-7015-8000-000000000011';

-- refused cohort_enrollments_status_transition_check: who withdrew does not complete
update education.cohort_enrollments set status = 'withdrawn', ended_at = now() where id = '00000000-0000-7015-8000-000000000011';
update education.cohort_enrollments set status = 'completed' where id = '00000000-0000-7015-8000-000000000011';

-- refused cohort_enrollments_status_reason_check: nobody is expelled without a reason
update education.cohort_enrollments set status = 'expelled', ended_at = now() where id = '00000000-0000-7015-8000-000000000011';

-- given: a session of each cohort
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at, instructor_id, resource_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000021', '00000000-0000-7015-8000-000000000004', 1, '2027-03-01 18:00Z', '2027-03-01 20:00Z', '00000000-0000-7015-8000-000000000001', '00000000-0000-7000-8000-000000000051'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000022', '00000000-0000-7015-8000-000000000005', 1, '2027-06-01 18:00Z', '2027-06-01 20:00Z', '00000000-0000-7015-8000-000000000001', '00000000-0000-7000-8000-000000000051');

-- allowed: a session is held, and attendance is marked
update education.program_cohort_sessions set status = 'held' where id = '00000000-0000-7015-8000-000000000021';
insert into education.session_attendance_records (biz_id, id, cohort_id, session_id, enrollment_id, status, minutes, marked_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000021', '00000000-0000-7015-8000-000000000011', 'late', 100, '00000000-0000-7000-8000-00000000000a');

-- allowed: a session is moved, at the same place of the order
update education.program_cohort_sessions set status = 'rescheduled' where id = '00000000-0000-7015-8000-000000000021';
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at, instructor_id, resource_id, reschedules_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', 1, '2027-03-01 19:00Z', '2027-03-01 21:00Z', '00000000-0000-7015-8000-000000000001', '00000000-0000-7000-8000-000000000051', '00000000-0000-7015-8000-000000000021');

-- refused program_cohort_sessions_instructor_no_overlap_excl: nobody teaches twice at a time
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at, instructor_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000005', 2, '2027-03-01 19:00Z', '2027-03-01 21:00Z', '00000000-0000-7015-8000-000000000001');

-- refused program_cohort_sessions_resource_no_overlap_excl: a room has one session at a time
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at, instructor_id, resource_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000005', 2, '2027-03-01 19:00Z', '2027-03-01 21:00Z', '00000000-0000-7015-8000-000000000002', '00000000-0000-7000-8000-000000000051');

-- race program_cohort_sessions_resource_no_overlap_excl: of sessions that want a room at once one gets it
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at, resource_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000f3:n', '00000000-0000-7015-8000-000000000005', 1:n, '2027-07-01 19:0:nZ', '2027-07-01 21:0:nZ', '00000000-0000-7000-8000-000000000052');

-- refused program_cohort_sessions_seq_key: a cohort has each session once
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', 1, '2027-03-02 19:00Z', '2027-03-02 21:00Z');

-- refused program_cohort_sessions_reschedules_id_key: a session is moved to one time
update education.program_cohort_sessions set status = 'rescheduled' where id = '00000000-0000-7015-8000-000000000021';
insert into education.program_cohort_sessions (biz_id, id, cohort_id, seq, starts_at, ends_at, reschedules_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', 1, '2027-03-02 19:00Z', '2027-03-02 21:00Z', '00000000-0000-7015-8000-000000000021'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000024', '00000000-0000-7015-8000-000000000004', 2, '2027-03-03 19:00Z', '2027-03-03 21:00Z', '00000000-0000-7015-8000-000000000021');

-- refused program_cohort_sessions_held_immutable_check: a session that was held keeps its time
update education.program_cohort_sessions set status = 'held' where id = '00000000-0000-7015-8000-000000000021';
update education.program_cohort_sessions set starts_at = '2027-03-01 17:00Z' where id = '00000000-0000-7015-8000-000000000021';

-- refused program_cohort_sessions_status_transition_check: a session that was held is not cancelled
select set_config('app.reason', 'why', true);
update education.program_cohort_sessions set status = 'held' where id = '00000000-0000-7015-8000-000000000021';
update education.program_cohort_sessions set status = 'cancelled' where id = '00000000-0000-7015-8000-000000000021';

-- refused program_cohort_sessions_status_reason_check: a session is cancelled with a reason
update education.program_cohort_sessions set status = 'cancelled' where id = '00000000-0000-7015-8000-000000000021';

-- refused program_cohort_sessions_times_check: a session ends after it begins
update education.program_cohort_sessions set ends_at = starts_at where id = '00000000-0000-7015-8000-000000000021';

-- refused session_attendance_records_session_id_fkey: attendance is in the cohort of the enrolment
insert into education.session_attendance_records (biz_id, id, cohort_id, session_id, enrollment_id, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000022', '00000000-0000-7015-8000-000000000011', 'absent');

-- refused session_attendance_records_session_id_enrollment_id_key: attendance is marked once
insert into education.session_attendance_records (biz_id, id, cohort_id, session_id, enrollment_id, status) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000021', '00000000-0000-7015-8000-000000000011', 'absent'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000024', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000021', '00000000-0000-7015-8000-000000000011', 'present');

-- refused session_attendance_records_minutes_check: who was away has no minutes
insert into education.session_attendance_records (biz_id, id, cohort_id, session_id, enrollment_id, status, minutes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000023', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000021', '00000000-0000-7015-8000-000000000011', 'absent', 5);

-- given: an exam of 60 %
insert into education.assessments (biz_id, id, cohort_id, name, weight, max_score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000004', 'Exam', 60, 20);

-- allowed: the rest of the weight, and a result
insert into education.assessments (biz_id, id, cohort_id, name, weight, max_score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000032', '00000000-0000-7015-8000-000000000004', 'Essay', 40, 10);
insert into education.assessment_results (biz_id, id, cohort_id, assessment_id, enrollment_id, max_score, score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000033', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000011', 20, 20);
update education.assessments set max_score = 25 where id = '00000000-0000-7015-8000-000000000031';

-- refused assessments_weights_sum_check: assessments count 100 % at most
insert into education.assessments (biz_id, id, cohort_id, name, weight, max_score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000032', '00000000-0000-7015-8000-000000000004', 'Essay', 41, 10);

-- allowed: an assessment that was taken out counts no more
update education.assessments set voided_at = now() where id = '00000000-0000-7015-8000-000000000031';
insert into education.assessments (biz_id, id, cohort_id, name, weight, max_score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000032', '00000000-0000-7015-8000-000000000004', 'Exam', 100, 10);

-- race assessments_weights_sum_check: of assessments made at once those count that fit
insert into education.assessments (biz_id, id, cohort_id, name, weight, max_score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000f4:n', '00000000-0000-7015-8000-000000000005', 'Exam :n', 51, 10);

-- refused assessments_name_key: a cohort has an assessment of a name once
insert into education.assessments (biz_id, id, cohort_id, name, weight, max_score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000032', '00000000-0000-7015-8000-000000000004', 'Exam', 10, 10);

-- refused assessment_results_score_check: no more points are reached than there are
insert into education.assessment_results (biz_id, id, cohort_id, assessment_id, enrollment_id, max_score, score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000033', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000011', 20, 20.01);

-- refused assessment_results_assessment_id_fkey: the most points are those of the assessment
insert into education.assessment_results (biz_id, id, cohort_id, assessment_id, enrollment_id, max_score, score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000033', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000011', 30, 25);

-- refused assessment_results_score_check: the most points do not go below those reached
insert into education.assessment_results (biz_id, id, cohort_id, assessment_id, enrollment_id, max_score, score) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000033', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000011', 20, 20);
update education.assessments set max_score = 15 where id = '00000000-0000-7015-8000-000000000031';

-- refused assessment_results_assessment_id_enrollment_id_key: an assessment has one result of a person
insert into education.assessment_results (biz_id, id, cohort_id, assessment_id, enrollment_id, max_score, score) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000033', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000011', 20, 10), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000034', '00000000-0000-7015-8000-000000000004', '00000000-0000-7015-8000-000000000031', '00000000-0000-7015-8000-000000000011', 20, 20);

-- refused certification_templates_code_key: templates in use have codes of their own
insert into education.certification_templates (biz_id, id, code, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', 'a', 'A'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000044', 'a', 'B');

-- given: Clara's certificate
insert into education.certification_templates (biz_id, id, code, title, program_id, validity_months) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000041', 'pt-1', 'Portuguese 1', '00000000-0000-7015-8000-000000000003', 24);
insert into education.certification_awards (biz_id, id, template_id, enrollment_id, holder_name, serial, verify_token, awarded_on, expires_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000042', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000011', 'Clara', 'C-1', 'aaaaaaaaaaaaaaaaaaaa', '2027-06-01', '2029-06-01');

-- allowed: it is renewed by another, which takes its place
insert into education.certification_awards (biz_id, id, template_id, enrollment_id, holder_name, serial, verify_token, awarded_on, expires_on, renews_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000011', 'Clara', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2029-05-01', '2031-05-01', '00000000-0000-7015-8000-000000000042');
select 1 / count(*) from education.certification_awards where id = '00000000-0000-7015-8000-000000000042' and status = 'renewed';

-- allowed: it is revoked with a reason
select set_config('app.reason', 'why', true);
update education.certification_awards set status = 'revoked', revoked_at = now() where id = '00000000-0000-7015-8000-000000000042';

-- refused certification_awards_status_transition_check: what was revoked is not renewed
select set_config('app.reason', 'why', true);
update education.certification_awards set status = 'revoked', revoked_at = now() where id = '00000000-0000-7015-8000-000000000042';
insert into education.certification_awards (biz_id, id, template_id, enrollment_id, holder_name, serial, verify_token, awarded_on, renews_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000011', 'Clara', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2029-05-01', '00000000-0000-7015-8000-000000000042');

-- refused certification_awards_status_reason_check: a certificate is revoked with a reason
update education.certification_awards set status = 'revoked', revoked_at = now() where id = '00000000-0000-7015-8000-000000000042';

-- refused certification_awards_printed_immutable_check: what is printed is not changed
update education.certification_awards set holder_name = 'Claire' where id = '00000000-0000-7015-8000-000000000042';

-- refused certification_awards_serial_key: serial numbers are given once
insert into education.certification_awards (biz_id, id, template_id, customer_id, holder_name, serial, verify_token, awarded_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7000-8000-000000000032', 'Dario', 'C-1', 'bbbbbbbbbbbbbbbbbbbb', '2027-06-01');

-- race certification_awards_serial_key: a serial number that is given at once is given to one
insert into education.certification_awards (biz_id, id, template_id, staff_id, holder_name, serial, verify_token, awarded_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000f5:n', '00000000-0000-7015-8000-000000000041', case when :n = 1 then '00000000-0000-7015-8000-000000000001'::uuid else '00000000-0000-7015-8000-000000000002'::uuid end, 'Racer', 'C-7', 'cccccccccccccccccccc:n', '2027-06-01');

-- refused certification_awards_verify_token_key: a token leads to one certificate
insert into education.certification_awards (biz_id, id, template_id, customer_id, holder_name, serial, verify_token, awarded_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7000-8000-000000000032', 'Dario', 'C-2', 'aaaaaaaaaaaaaaaaaaaa', '2027-06-01');

-- refused certification_awards_enrollment_id_key: a certificate that holds is not given twice
insert into education.certification_awards (biz_id, id, template_id, enrollment_id, holder_name, serial, verify_token, awarded_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000011', 'Clara', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2027-06-01');

-- refused certification_awards_renews_id_key: a certificate is renewed by one other
insert into education.certification_awards (biz_id, id, template_id, enrollment_id, holder_name, serial, verify_token, awarded_on, renews_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000011', 'Clara', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2029-05-01', '00000000-0000-7015-8000-000000000042'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000044', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000012', 'Clara', 'C-3', 'dddddddddddddddddddd', '2029-05-01', '00000000-0000-7015-8000-000000000042');

-- refused certification_awards_customer_id_key: a customer has a certificate that holds once
insert into education.certification_awards (biz_id, id, template_id, customer_id, holder_name, serial, verify_token, awarded_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7000-8000-000000000032', 'Dario', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2027-06-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000044', '00000000-0000-7015-8000-000000000041', '00000000-0000-7000-8000-000000000032', 'Dario', 'C-3', 'dddddddddddddddddddd', '2027-06-01');

-- refused certification_awards_staff_id_key: a person of the staff has a certificate that holds once
insert into education.certification_awards (biz_id, id, template_id, staff_id, holder_name, serial, verify_token, awarded_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000001', 'Ines', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2027-06-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000044', '00000000-0000-7015-8000-000000000041', '00000000-0000-7015-8000-000000000001', 'Ines', 'C-3', 'dddddddddddddddddddd', '2027-06-01');

-- refused certification_awards_holder_check: a certificate has one holder
insert into education.certification_awards (biz_id, id, template_id, customer_id, staff_id, holder_name, serial, verify_token, awarded_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7000-8000-000000000032', '00000000-0000-7015-8000-000000000001', 'Dario', 'C-2', 'bbbbbbbbbbbbbbbbbbbb', '2027-06-01');

-- refused certification_awards_verify_token_check: a token cannot be guessed
insert into education.certification_awards (biz_id, id, template_id, customer_id, holder_name, serial, verify_token, awarded_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000043', '00000000-0000-7015-8000-000000000041', '00000000-0000-7000-8000-000000000032', 'Dario', 'C-2', '123', '2027-06-01');

-- refused certification_templates_basis_check: a certificate is for a programme or for a training
insert into workforce.training_modules (biz_id, id, code, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7015-8000-000000000044', 'first-aid', 'First aid');
update education.certification_templates set training_module_id = '00000000-0000-7015-8000-000000000044' where id = '00000000-0000-7015-8000-000000000041';
