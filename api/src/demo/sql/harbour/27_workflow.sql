-- Workflow: what waits for a decision, what runs in steps, what is made in the background. Refers to 08_workforce and 17_operations.
-- Others may use: review-queue/<compensations bookings hr owner>, workflow-definition/<pre-arrival-1 pre-arrival-2 incident offboarding group-offer>, approval-policy/<code>

insert into workflow.review_queues (biz_id, id, code, name, description, claim_ttl_minutes, sla_policy_id, requires_four_eyes, next_queue_id, is_active)
select pg_temp.biz(), pg_temp.id('review-queue/' || v.code), v.code, v.name, v.description, v.minutes, case when v.sla <> '' then pg_temp.id('sla-policy/' || v.sla) end, v.four_eyes, case when v.next <> '' then pg_temp.id('review-queue/' || v.next) end, v.active
from (values
  ('owner', 'Owner''s desk', 'What others did not want to decide alone.', 1440, '', true, '', true), ('compensations', 'Compensations', 'What is given to guests for broken promises.', 60, 'sr-resolve', true, 'owner', true),
  ('bookings', 'Bookings to approve', 'Large parties, long stays, requests for the suite.', 30, 'sr-ack', false, 'owner', true), ('hr', 'Staff matters', 'Rejected timesheets and shift swaps.', 480, '', true, 'owner', true),
  ('old-refunds', 'Refunds (until the new till)', '', 60, '', false, '', false)
) v (code, name, description, minutes, sla, four_eyes, next, active);
insert into workflow.review_queue_roles (biz_id, queue_id, role_id)
select r.biz_id, pg_temp.id('review-queue/' || v.queue), r.id
from (values ('owner', 'owner'), ('compensations', 'manager'), ('compensations', 'owner'), ('bookings', 'front_desk'), ('bookings', 'manager'), ('hr', 'hr'), ('hr', 'owner')) v (queue, role)
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = v.role and r.deleted_at is null;

-- What waits, and what was decided
create temporary table workflow_items on commit drop as
select v.*, pg_temp.id('review-item/' || v.n) as id, case v.by when '' then null else pg_temp.person(v.by) end as actor,
  case v.type when 'BookingOrder' then (select o.id from booking.booking_orders o where o.biz_id = pg_temp.biz() and o.status in ('pending_approval', 'confirmed') order by o.status desc, o.number offset v.subject::integer - 1 limit 1) else pg_temp.id(v.subject) end as subject_id
from (values
  (1, 'bookings', 'BookingOrder', '1', 'Suite for eleven nights over New Year', 20, 'desk', 'pending', '', -1, time '16:30', null), (2, 'bookings', 'BookingOrder', '2', 'Party of eight, two rooms side by side', 50, '', 'claimed', 'desk', 0, '00:30', null),
  (3, 'bookings', 'BookingOrder', '3', 'Guest asks for late arrival at 3', 80, '', 'pending', '', -1, '21:10', null), (4, 'bookings', 'BookingOrder', '5', 'Wedding party, 14 nights in all', 30, 'desk', 'approved', 'owner', -6, '10:15', 'Deposit of half is in.'),
  (5, 'bookings', 'BookingOrder', '6', 'Dog of 40 kg', 100, 'desk', 'rejected', 'owner', -8, '12:00', 'No dogs of that size in the house.'), (6, 'compensations', 'ServiceRequest', 'service-request/2', 'Refund of 25 euros after a noisy night', 40, 'desk', 'approved', 'owner', -7, '09:40', 'Right so.'),
  (7, 'compensations', 'ServiceRequest', 'service-request/14', 'A dinner for two, room smelled of paint', 30, 'desk', 'escalated', '', -1, '11:20', null), (8, 'compensations', 'ServiceRequest', 'service-request/18', 'Half a night for no hot water', 40, 'desk', 'pending', '', 0, '00:20', null),
  (9, 'compensations', 'ServiceRequest', 'service-request/6', 'Second credit for cold coffee', 90, 'desk', 'rejected', 'owner', -5, '18:00', 'It was given already.'), (10, 'hr', 'ShiftSwap', 'shift-swap/2', 'Catarina and Gil exchange two evenings', 60, 'desk', 'pending', '', -1, '12:30', null),
  (11, 'hr', 'LeaveRequest', 'leave-request/paulo', 'Paulo wants his approved days back', 60, '', 'claimed', 'owner', 0, '00:10', null), (12, 'hr', 'IncidentReport', 'incident/3', 'Warning after the mail to a wrong address', 70, 'owner', 'withdrawn', '', -9, '17:00', null),
  (13, 'owner', 'IncidentReport', 'incident/4', 'Claim against the cold room''s maker', 10, 'desk', 'approved', 'owner', -3, '08:50', 'Lawyer informed.'), (14, 'old-refunds', 'ServiceRequest', 'service-request/5', 'Cleaning bill of a guest', 100, 'desk', 'approved', 'owner', -12, '14:00', 'Paid out of the till.')
) v (n, queue, type, subject, title, priority, asked_by, status, by, d, t, note);
insert into workflow.review_queue_items (biz_id, id, queue_id, subject_type, subject_id, title, priority, payload, requested_by_id, requires_four_eyes, due_at, status, claimed_by_id, claim_expires_at, created_at)
select pg_temp.biz(), i.id, pg_temp.id('review-queue/' || i.queue), i.type, i.subject_id, i.title, i.priority, jsonb_build_object('asked', i.title, 'nth', i.n), case when i.asked_by <> '' then pg_temp.person(i.asked_by) end, i.queue in ('compensations', 'hr', 'owner'),
  pg_temp.at(i.d + 2, i.t), case when i.status in ('approved', 'rejected', 'claimed') then 'claimed' else 'pending' end, case when i.status in ('approved', 'rejected', 'claimed') then i.actor end,
  case when i.status in ('approved', 'rejected', 'claimed') then greatest(pg_temp.at(i.d, i.t), now() - interval '5 minutes') + interval '40 minutes' end, least(pg_temp.at(i.d, i.t), now() - interval '10 minutes')
from workflow_items i where i.subject_id is not null;
update workflow.review_queue_items q
set status = i.status, claimed_by_id = null, claim_expires_at = null, decided_by_id = case when i.status in ('approved', 'rejected') then i.actor end, decided_at = case when i.status in ('approved', 'rejected') then pg_temp.at(i.d, i.t) + interval '25 minutes' end, decision_note = i.note
from workflow_items i where q.biz_id = pg_temp.biz() and q.id = i.id and i.status in ('approved', 'rejected', 'escalated', 'withdrawn');
insert into workflow.workflow_decisions (biz_id, id, review_item_id, queue_id, actor_id, decision, reason, decided_at, created_at)
select pg_temp.biz(), pg_temp.id('decision/' || q.id || '/' || x.decision), q.id, q.queue_id, x.actor, x.decision, x.reason, x.at, x.at
from workflow.review_queue_items q
join workflow_items i on i.id = q.id
cross join lateral (
  select 'claimed' as decision, i.actor, null as reason, q.created_at + interval '9 minutes' as at where i.status in ('claimed', 'approved', 'rejected')
  union all
  select i.status, coalesce(i.actor, case when i.status = 'withdrawn' then pg_temp.person('owner') else pg_temp.person('desk') end), case when i.status = 'escalated' then 'Above what the desk may give.' else i.note end, q.created_at + interval '25 minutes' where i.status in ('approved', 'rejected', 'escalated', 'withdrawn')
) x
where q.biz_id = pg_temp.biz();

-- Workflows; a version is retired only when its runs have begun
insert into workflow.workflow_definitions (biz_id, id, code, version_no, name, description, steps, triggers, deadline_minutes, status)
select pg_temp.biz(), pg_temp.id('workflow-definition/' || v.key), v.code, v.version, v.name, v.description, v.steps::jsonb, v.triggers::jsonb, v.minutes, v.status
from (values
  ('pre-arrival-1', 'pre-arrival', 1, 'Before arrival', 'Letter only.', '[{"code": "letter", "kind": "call", "does": "message.send"}]', '[{"topic": "booking.confirmed"}]', 2880, 'published'),
  ('incident', 'incident', 1, 'After an incident', 'Look at it, act, tell.', '[{"code": "look", "kind": "human", "queue": "owner"}, {"code": "grave", "kind": "branch", "on": "severity"}, {"code": "tell-insurer", "kind": "call", "does": "message.send"}]', '[{"topic": "incident.reported", "when": {"severity": ["serious", "critical"]}}]', 4320, 'published'),
  ('offboarding', 'offboarding', 1, 'When somebody leaves', 'Keys, accounts, last salary.', '[{"code": "keys", "kind": "human", "queue": "hr"}, {"code": "accounts", "kind": "call", "does": "member.suspend"}, {"code": "salary", "kind": "timer", "days": 5}]', '[{"topic": "staff.terminated"}]', 20160, 'published'),
  ('group-offer', 'group-offer', 1, 'Offer for a group', 'Being thought out.', '[]', '[]', null, 'draft')
) v (key, code, version, name, description, steps, triggers, minutes, status);
create temporary table workflow_runs on commit drop as
select v.*, pg_temp.id('workflow-run/' || v.n) as id, least(pg_temp.at(v.d, v.t), now() - make_interval(mins => 5 + v.n)) as began
from (values
  (1, 'pre-arrival-1', 'completed', -16, time '09:00', null), (2, 'pre-arrival-1', 'completed', -15, '11:30', null), (3, 'pre-arrival-1', 'compensated', -15, '12:00', null), (4, 'pre-arrival-2', 'completed', -6, '08:15', null), (5, 'pre-arrival-2', 'running', 0, '00:40', null),
  (6, 'pre-arrival-2', 'waiting', -1, '18:20', null), (7, 'pre-arrival-2', 'failed', -2, '10:00', 'The mail server did not take the letter: 550 no such mailbox.'), (8, 'pre-arrival-2', 'cancelled', -3, '14:45', null), (9, 'incident', 'waiting', -6, '13:40', null), (10, 'incident', 'completed', -18, '10:00', null),
  (11, 'incident', 'compensating', -12, '17:05', null), (12, 'offboarding', 'completed', -28, '09:00', null)
) v (n, definition, status, d, t, error);
create temporary table workflow_steps_made on commit drop as
select v.*, r.n, r.began, r.id as run_id, r.status as run, pg_temp.id('workflow-step/' || r.n || '/' || v.seq) as id,
  case when r.status in ('completed', 'cancelled') or v.seq = 1 and r.n <> 5 and r.n <> 9 and r.n <> 7 then case when r.status = 'compensated' or r.status = 'compensating' and v.seq = 1 then 'compensated' when r.status = 'cancelled' and v.seq > 1 then 'skipped' else 'succeeded' end
    when r.n = 5 and v.seq = 1 then 'running' when r.n = 7 and v.seq = 1 then 'failed' when r.n = 11 and v.seq = 2 then 'skipped' else 'pending' end as status
from workflow_runs r
join (values
  ('pre-arrival-1', 1, 'letter', 'call', 3), ('pre-arrival-2', 1, 'letter', 'call', 3), ('pre-arrival-2', 2, 'two-days', 'timer', 1), ('pre-arrival-2', 3, 'vip', 'branch', 1), ('pre-arrival-2', 4, 'fruit', 'human', 1),
  ('incident', 1, 'look', 'human', 1), ('incident', 2, 'grave', 'branch', 1), ('incident', 3, 'tell-insurer', 'call', 5), ('offboarding', 1, 'keys', 'human', 1), ('offboarding', 2, 'accounts', 'call', 3), ('offboarding', 3, 'salary', 'timer', 1)
) v (definition, seq, code, kind, tries) on v.definition = r.definition;
insert into workflow.workflow_instances (biz_id, id, definition_id, subject_type, subject_id, correlation_key, status, context, started_at, deadline_at, finished_at, error, created_at)
select pg_temp.biz(), r.id, pg_temp.id('workflow-definition/' || r.definition), x.type, x.id, r.definition || '-' || r.n, r.status, jsonb_build_object('run', r.n), r.began, r.began + interval '3 days', case when r.status in ('completed', 'cancelled', 'compensated') then r.began + interval '26 hours' end, r.error, r.began
from workflow_runs r
cross join lateral (select case when r.definition like 'pre%' then 'BookingOrder' when r.definition = 'incident' then 'IncidentReport' else 'Staff' end as type,
  case when r.definition like 'pre%' then pg_temp.booking('confirmed', r.n + 2) when r.definition = 'incident' then pg_temp.id('incident/' || case r.n when 9 then 4 when 10 then 6 else 3 end) else pg_temp.id('staff/leonor') end as id) x
where r.definition <> 'pre-arrival-2';
update workflow.workflow_definitions d set status = 'retired' where d.biz_id = pg_temp.biz() and d.id = pg_temp.id('workflow-definition/pre-arrival-1');
insert into workflow.workflow_definitions (biz_id, id, code, version_no, name, description, steps, triggers, deadline_minutes, status)
values (pg_temp.biz(), pg_temp.id('workflow-definition/pre-arrival-2'), 'pre-arrival', 2, 'Before arrival', 'A letter, and two days before arrival fruit for those who come again.',
  '[{"code": "letter", "kind": "call", "does": "message.send"}, {"code": "two-days", "kind": "timer", "before": "arrival"}, {"code": "vip", "kind": "branch", "on": "isRepeatGuest"}, {"code": "fruit", "kind": "human", "queue": "bookings"}]', '[{"topic": "booking.confirmed", "when": {"kind": "stay"}}]', 10080, 'published');
insert into workflow.workflow_instances (biz_id, id, definition_id, subject_type, subject_id, correlation_key, status, context, started_at, deadline_at, finished_at, error, created_at)
select pg_temp.biz(), r.id, pg_temp.id('workflow-definition/' || r.definition), 'BookingOrder', pg_temp.booking('confirmed', r.n + 2), r.definition || '-' || r.n, r.status, jsonb_build_object('run', r.n, 'language', case r.n % 2 when 0 then 'pt' else 'en' end), r.began, r.began + interval '7 days',
  case when r.status in ('completed', 'cancelled', 'compensated') then r.began + interval '26 hours' end, r.error, r.began
from workflow_runs r where r.definition = 'pre-arrival-2';
insert into workflow.workflow_steps (biz_id, id, instance_id, seq, code, kind, status, attempts, max_attempts, next_run_at, lease_owner, lease_expires_at, review_item_id, input, output, compensation, error, started_at, finished_at, created_at)
select pg_temp.biz(), s.id, s.run_id, s.seq, s.code, s.kind, s.status, case when s.status = 'pending' or s.status = 'skipped' then 0 when s.status = 'failed' then s.tries else 1 end, s.tries, s.began + make_interval(hours => 6 * (s.seq - 1)),
  case s.status when 'running' then 'worker-2' end, case s.status when 'running' then now() + interval '4 minutes' end, case when s.code = 'look' and s.n = 9 then pg_temp.id('review-item/13') end, jsonb_build_object('step', s.code), case when s.status in ('succeeded', 'compensated') then '{"ok": true}'::jsonb end,
  case s.code when 'letter' then '{"does": "message.sendCorrection"}'::jsonb when 'accounts' then '{"does": "member.resume"}' end, case s.status when 'failed' then '550 no such mailbox' end,
  case when s.status not in ('pending', 'skipped') then s.began + make_interval(hours => 6 * (s.seq - 1)) end, case when s.status in ('succeeded', 'skipped', 'compensated') then s.began + make_interval(hours => 6 * (s.seq - 1), mins => 2) end, s.began
from workflow_steps_made s;
insert into workflow.workflow_decisions (biz_id, id, step_id, actor_id, decision, reason, decided_at, created_at)
select pg_temp.biz(), pg_temp.id('decision/step/' || v.n), pg_temp.id('workflow-step/' || v.run || '/' || v.seq), pg_temp.person('owner'), v.decision, v.reason, pg_temp.at(v.d, '10:30'), pg_temp.at(v.d, '10:30')
from (values (1, 7, 1, 'retried', 'Address corrected.', -1), (2, 8, 3, 'skipped', 'Guest does not come.', -3), (3, 12, 1, 'approved', 'All keys are back.', -27)) v (n, run, seq, decision, reason, d);

-- From when on something needs approval
insert into workflow.approval_policies (biz_id, id, code, name, subject_kind, location_id, metric, threshold_minor, currency, threshold_bps, threshold_quantity, queue_id, requires_four_eyes, is_active)
select pg_temp.biz(), pg_temp.id('approval-policy/' || v.code), v.code, v.name, v.subject, case when v.at <> '' then pg_temp.location(v.at) end, v.metric, v.minor, case when v.minor is not null then 'EUR' end, v.bps, v.quantity, pg_temp.id('review-queue/' || v.queue), v.four_eyes, v.active
from (values
  ('refund-100', 'Refunds above 100 euros', 'Refund', '', 'amount', 10000::bigint, null::integer, null::numeric, 'compensations', true, true), ('discount-15', 'Discounts above 15 %', 'BookingOrder', '', 'discount', null, 1500, null, 'bookings', true, true),
  ('party-8', 'Eight guests or more in Cascais', 'BookingOrder', 'CAS', 'quantity', null, null, 7, 'bookings', false, true), ('purchase-500', 'Purchases above 500 euros', 'PurchaseOrder', '', 'amount', 50000, null, null, 'owner', true, true),
  ('write-off', 'Every write-off', 'WriteOff', '', 'always', null, null, null, 'owner', true, true), ('old-refund', 'Refunds above 50 euros', 'Refund', '', 'amount', 5000, null, null, 'old-refunds', false, false)
) v (code, name, subject, at, metric, minor, bps, quantity, queue, four_eyes, active);
insert into workflow.approval_policy_levels (biz_id, id, policy_id, level_no, role_id, min_approvals)
select r.biz_id, pg_temp.id('approval-level/' || v.policy || '/' || v.level), pg_temp.id('approval-policy/' || v.policy), v.level, r.id, 1
from (values ('refund-100', 1, 'manager'), ('refund-100', 2, 'owner'), ('discount-15', 1, 'manager'), ('party-8', 1, 'front_desk'), ('purchase-500', 1, 'finance'), ('purchase-500', 2, 'owner'), ('write-off', 1, 'owner'), ('old-refund', 1, 'manager')) v (policy, level, role)
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = v.role and r.deleted_at is null;

-- Made in the background
insert into workflow.async_deliverables (biz_id, id, kind, name, format, requested_by_id, params, status, progress_bps, rows_count, started_at, error, created_at)
select pg_temp.biz(), pg_temp.id('deliverable/' || v.n), v.kind, v.name, v.format, pg_temp.person(v.by), v.params::jsonb, case when v.status in ('ready', 'delivered', 'expired') then 'processing' else v.status end, v.progress, v.rows, case when v.status not in ('queued', 'cancelled') then x.at + interval '8 seconds' end, v.error, x.at
from (values
  (1, 'export', 'Bookings of last month', 'xlsx', 'analyst', '{"entity": "BookingOrder", "month": "last"}', 'ready', 10000, 187::bigint, 0, 90, null), (2, 'report', 'Occupancy, both hotels', 'pdf', 'owner', '{"report": "occupancy"}', 'delivered', 10000, 62, -2, 0, null),
  (3, 'export', 'Guests who agreed to letters', 'csv', 'analyst', '{"entity": "Customer", "consent": "marketing"}', 'expired', 10000, 41, -12, 0, null), (4, 'bulk_import', 'Prices of the coming season', 'csv', 'owner', '{"entity": "Rate"}', 'failed', 4200, 350, -3, 0, 'Line 148: the price is not a number: "149,–".'),
  (5, 'report', 'Hours of staff for the salary office', 'xlsx', 'owner', '{"report": "timesheets"}', 'processing', 6300, null, 0, 4, null), (6, 'document', 'Letter of confirmation in German', 'pdf', 'desk', '{"template": "confirmation", "language": "de"}', 'queued', 0, null, 0, 1, null),
  (7, 'archive', 'Photos of the damaged carpet', 'zip', 'desk', '{"serviceRequest": 5}', 'cancelled', 0, null, -6, 0, null), (8, 'export', 'Timesheets, last week', 'csv', 'owner', '{"entity": "Timesheet"}', 'delivered', 10000, 13, -1, 0, null)
) v (n, kind, name, format, by, params, status, progress, rows, d, ago, error)
cross join lateral (select case when v.d = 0 then now() - make_interval(mins => v.ago) else pg_temp.at(v.d, '10:40') end as at) x;
insert into workflow.bulk_operations (biz_id, id, kind, requested_by_id, params, total, ok_count, failed_count, status, started_at, finished_at, error, created_at)
select pg_temp.biz(), pg_temp.id('bulk/' || v.n), v.kind, pg_temp.person(v.by), v.params::jsonb, v.total, v.ok, v.bad, v.status, case when v.status not in ('queued', 'cancelled') then x.at + interval '3 seconds' end, case when v.status in ('completed', 'failed', 'cancelled') then x.at + interval '52 seconds' end, v.error, x.at
from (values
  (1, 'customer.tag', 'analyst', '{"tag": "autumn-letter"}', 41, 41, 0, 'completed', -12, 0, null), (2, 'rate.update', 'owner', '{"season": "winter", "bps": -500}', 120, 118, 2, 'completed', -5, 0, null), (3, 'message.send', 'desk', '{"template": "pre-arrival"}', 36, 12, 0, 'running', 0, 2, null),
  (4, 'booking.assignRoom', 'desk', '{"day": "tomorrow"}', 9, 0, 0, 'queued', 0, 1, null), (5, 'rate.update', 'owner', '{"season": "spring"}', 350, 147, 1, 'failed', -3, 0, 'Stopped at the first faulty price.'), (6, 'staffShift.publish', 'owner', '{"week": "next"}', 52, 0, 0, 'cancelled', -1, 0, null)
) v (n, kind, by, params, total, ok, bad, status, d, ago, error)
cross join lateral (select case when v.d = 0 then now() - make_interval(mins => v.ago) else pg_temp.at(v.d, '10:50') end as at) x;
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, scan_status, uploaded_at)
select pg_temp.biz(), pg_temp.id('media/' || v.key), v.type, pg_temp.id(v.key), 'document', 'demo/' || v.key || '/' || v.file, v.file, v.content, v.bytes, encode(sha256(convert_to(v.file, 'UTF8')), 'hex'), 'clean', now() - interval '30 minutes'
from (values ('deliverable/1', 'AsyncDeliverable', 'bookings-last-month.xlsx', 'application/vnd.ms-excel', 88120), ('deliverable/2', 'AsyncDeliverable', 'occupancy.pdf', 'application/pdf', 120430), ('deliverable/3', 'AsyncDeliverable', 'guests-letters.csv', 'text/csv', 6120),
  ('deliverable/8', 'AsyncDeliverable', 'timesheets.csv', 'text/csv', 2210), ('bulk/2', 'BulkOperation', 'rate-update-results.csv', 'text/csv', 9022)) v (key, type, file, content, bytes);
update workflow.async_deliverables d
set status = 'ready', media_id = pg_temp.id('media/deliverable/' || n), ready_at = d.created_at + interval '95 seconds', expires_at = d.created_at + interval '7 days'
from unnest(array[1, 2, 3, 8]) n where d.biz_id = pg_temp.biz() and d.id = pg_temp.id('deliverable/' || n);
update workflow.async_deliverables d set status = 'delivered', delivered_at = d.ready_at + interval '4 minutes' where d.biz_id = pg_temp.biz() and d.status = 'ready' and d.id <> pg_temp.id('deliverable/1');
update workflow.async_deliverables d set status = 'expired' where d.biz_id = pg_temp.biz() and d.id = pg_temp.id('deliverable/3');
update workflow.bulk_operations b set results_media_id = pg_temp.id('media/bulk/2') where b.biz_id = pg_temp.biz() and b.id = pg_temp.id('bulk/2');
-- Jobs by the clock: two weeks of nights, and the last hours
insert into workflow.job_runs (biz_id, id, name, scheduled_for, worker, started_at, finished_at, outcome, stats, error, created_at)
select pg_temp.biz(), pg_temp.id('job/' || j.name || '/' || j.at), j.name, j.at, 'worker-' || 1 + j.n % 3, j.at + interval '1 second', case when j.at < now() - interval '3 minutes' then j.at + make_interval(secs => 3 + j.n % 17) end,
  case when j.at < now() - interval '3 minutes' then x.outcome end, case when j.at < now() - interval '3 minutes' and x.outcome = 'succeeded' then jsonb_build_object('rows', (j.n * 13) % 60) end, case when j.at < now() - interval '3 minutes' and x.outcome = 'failed' then 'Deadlock found three times; given up.' end, j.at
from (
  select v.name, pg_temp.at(-d, v.t) as at, d + length(v.name) as n
  from (values ('leave.accrual', time '01:10'), ('sla.breaches', '02:00'), ('analytics.refresh', '03:15'), ('retention.purge', '04:30')) v (name, t) cross join generate_series(0, 12) d
  union all
  select 'waitlist.offers', date_trunc('hour', now()) - make_interval(hours => h), h from generate_series(0, 11) h
) j
cross join lateral (select case when j.name = 'sla.breaches' and j.n = 17 then 'failed' when j.name = 'retention.purge' and j.n % 7 = 4 then 'skipped' else 'succeeded' end as outcome) x
where j.at <= now();
