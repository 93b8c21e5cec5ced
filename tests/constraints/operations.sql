-- given: a policy with a clock that is breached, a category, requests, an incident and a checklist
insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, target_minutes, compensation_kind, compensation_cap_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000001', 'ack', 'Seen in five minutes', 'ServiceRequest', 'acknowledge', 5, 'credit', 1000, 'EUR');
insert into operations.request_categories (biz_id, id, code, name, team) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000002', 'towels', 'Extra towels', 'housekeeping');
insert into workforce.staff (biz_id, id, number, full_name, hired_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000003', 'S-17-1', 'Rui', '2026-01-01');
insert into operations.service_requests (biz_id, id, number, category_id, location_id, customer_id, summary, requested_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000011', 'SR-1', '00000000-0000-7017-8000-000000000002', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'Two towels', '2026-01-01 10:00Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000012', 'SR-2', '00000000-0000-7017-8000-000000000002', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'Three towels', '2026-01-01 11:00Z');
insert into operations.sla_clocks (biz_id, id, policy_id, subject_type, subject_id, metric, location_id, started_at, target_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000021', '00000000-0000-7017-8000-000000000001', 'ServiceRequest', '00000000-0000-7017-8000-000000000011', 'acknowledge', '00000000-0000-7000-8000-000000000011', '2026-01-01 10:00Z', '2026-01-01 10:05Z');
insert into operations.sla_clocks (biz_id, id, policy_id, subject_type, subject_id, metric, location_id, started_at, target_at, status, breached_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000022', '00000000-0000-7017-8000-000000000001', 'ServiceRequest', '00000000-0000-7017-8000-000000000012', 'acknowledge', '00000000-0000-7000-8000-000000000011', '2026-01-01 11:00Z', '2026-01-01 11:05Z', 'breached', '2026-01-01 11:05Z');
insert into operations.sla_breach_events (biz_id, id, clock_id, breached_at, escalated_to_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000023', '00000000-0000-7017-8000-000000000022', '2026-01-01 11:05Z', '00000000-0000-7000-8000-000000000021');
insert into operations.maintenance_requests (biz_id, id, number, location_id, resource_id, reporter_id, description, reported_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000031', 'MR-1', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000021', 'Tap drips', '2026-01-01 10:00Z');
insert into operations.incident_reports (biz_id, id, number, location_id, occurred_at, kind, severity, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000041', 'IR-1', '00000000-0000-7000-8000-000000000011', '2026-01-01 10:00Z', 'injury', 'moderate', 'Guest slipped');
update operations.incident_reports set status = 'reported', reported_at = '2026-01-01 11:00Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
update operations.incident_reports set status = 'investigating' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
insert into operations.corrective_actions (biz_id, id, incident_id, description, owner_id, due_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000042', '00000000-0000-7017-8000-000000000041', 'Put down a mat', '00000000-0000-7000-8000-000000000021', '2026-02-01');
update operations.incident_reports set status = 'actions_pending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
insert into operations.checklists (biz_id, id, code, name, kind, items)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000051', 'open', 'Opening', 'opening', '[{"key": "lights", "label": "Lights on", "kind": "yes_no", "required": true}]');
insert into operations.checklist_runs (biz_id, id, checklist_id, location_id, business_date, items)
select '00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-000000000052', c.id, '00000000-0000-7000-8000-000000000011', '2026-01-02', c.items from operations.checklists c where c.biz_id = '00000000-0000-7000-8000-000000000001' and c.id = '00000000-0000-7017-8000-000000000051';

-- allowed: a promise is kept after a pause
insert into operations.sla_clock_pauses (biz_id, id, clock_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000021', '2026-01-01 10:01Z', '2026-01-01 10:11Z');
update operations.sla_clocks set status = 'paused', paused_at = '2026-01-01 10:01Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';
update operations.sla_clocks set status = 'running', paused_at = null, target_at = '2026-01-01 10:15Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';
update operations.sla_clocks set status = 'met', stopped_at = '2026-01-01 10:12Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';

-- allowed: another priority, another place and other days have policies of their own
insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, priority, target_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'ack-urgent', 'Seen at once', 'ServiceRequest', 'acknowledge', 'urgent', 1);
insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, location_id, target_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a2', 'ack-hill', 'Seen in ten', 'ServiceRequest', 'acknowledge', '00000000-0000-7000-8000-000000000012', 10);
insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, is_default, target_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a3', 'ack-vip', 'Seen in two', 'ServiceRequest', 'acknowledge', false, 2);

-- refused sla_policies_no_overlap_excl: two default policies do not promise the same
insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, target_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'ack2', 'Seen in three', 'ServiceRequest', 'acknowledge', 3);

-- race sla_policies_no_overlap_excl: eight enter a promise, one does
insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, target_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000b:n', 'res-:n', 'Resolved', 'ServiceRequest', 'resolve', 60);

-- refused sla_policies_compensation_check: what is usually given is not more than the most
update operations.sla_policies set compensation_minor = 1001 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000001';

-- refused sla_clocks_subject_metric_key: a request has one clock for a metric
insert into operations.sla_clocks (biz_id, id, policy_id, subject_type, subject_id, metric, started_at, target_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000001', 'ServiceRequest', '00000000-0000-7017-8000-000000000011', 'acknowledge', '2026-01-01 10:00Z', '2026-01-01 10:05Z');

-- refused sla_clocks_met_check: what comes late is not in time
update operations.sla_clocks set status = 'met', stopped_at = '2026-01-01 10:06Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';

-- refused sla_clocks_breached_check: a breach is not before the target
update operations.sla_clocks set status = 'breached', breached_at = '2026-01-01 10:04Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';

-- refused sla_clocks_paused_check: a paused clock says since when
update operations.sla_clocks set status = 'paused' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';

-- refused sla_clocks_subject_immutable_check: a clock does not begin anew
update operations.sla_clocks set started_at = '2026-01-01 10:01Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000021';

-- refused sla_clocks_status_transition_check: a broken promise is not kept after all
update operations.sla_clocks set status = 'met', stopped_at = '2026-01-01 11:04Z', breached_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000022';

-- refused sla_clocks_status_reason_check: a breach is not waived without a reason
update operations.sla_clocks set status = 'waived' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000022';

-- refused sla_clock_pauses_no_overlap_excl: a clock stands still once at a time
insert into operations.sla_clock_pauses (biz_id, id, clock_id, starts_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000021', '2026-01-01 10:01Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a2', '00000000-0000-7017-8000-000000000021', '2026-01-01 10:02Z');

-- refused sla_clock_pauses_pause_immutable_check: a pause keeps its start
insert into operations.sla_clock_pauses (biz_id, id, clock_id, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000021', '2026-01-01 10:01Z');
update operations.sla_clock_pauses set starts_at = '2026-01-01 10:02Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-0000000000a1';

-- race sla_breach_events_clock_id_key: a breach is found once
insert into operations.sla_breach_events (biz_id, id, clock_id, breached_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000c:n', '00000000-0000-7017-8000-000000000021', '2026-01-01 10:05Z');

-- allowed: what was given by mistake is taken back, and given again
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000023', 'credit', 1000, 'EUR');
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a2', '00000000-0000-7017-8000-000000000023', 'credit', -1000, 'EUR', '00000000-0000-7017-8000-0000000000a1');
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a3', '00000000-0000-7017-8000-000000000023', 'refund', 900, 'EUR');

-- refused sla_compensation_events_cap_check: no more is given than the policy allows
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000023', 'credit', 600, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a2', '00000000-0000-7017-8000-000000000023', 'credit', 401, 'EUR');

-- refused sla_compensation_events_cap_check: nothing is given in another currency
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000023', 'credit', 600, 'JPY');

-- refused sla_compensation_events_reverses_check: what takes back has the same amount
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000023', 'credit', 600, 'EUR');
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a2', '00000000-0000-7017-8000-000000000023', 'credit', -500, 'EUR', '00000000-0000-7017-8000-0000000000a1');

-- refused sla_compensation_events_kind_check: points are no money
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000023', 'points', 600, 'EUR');

-- race sla_compensation_events_cap_check: eight give what only one may
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000d:n', '00000000-0000-7017-8000-000000000023', 'credit', 600, 'EUR');

-- refused sla_compensation_events_append_only_check: what was given is not changed
set local role bizing_platform;
update operations.sla_compensation_events set amount_minor = 0 where biz_id = '00000000-0000-7000-8000-000000000001';

-- allowed: a request is seen, done, not done after all, done, closed and rated
update operations.service_requests set status = 'acknowledged', acknowledged_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
update operations.service_requests set status = 'in_progress', assignee_id = '00000000-0000-7017-8000-000000000003' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
update operations.service_requests set status = 'waiting_customer' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
update operations.service_requests set status = 'resolved', resolved_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
select set_config('app.reason', 'only one came', true);
update operations.service_requests set status = 'reopened', resolved_at = null, reopened_count = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
update operations.service_requests set status = 'in_progress' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
update operations.service_requests set status = 'resolved', resolved_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';
update operations.service_requests set status = 'closed', closed_at = now(), rating = 4 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';

-- refused service_requests_number_key: a number is given once
insert into operations.service_requests (biz_id, id, number, category_id, location_id, summary)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'SR-1', '00000000-0000-7017-8000-000000000002', '00000000-0000-7000-8000-000000000011', 'Soap');

-- refused service_requests_acknowledged_check: what was seen says when
update operations.service_requests set status = 'acknowledged' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';

-- refused service_requests_rating_check: what is not done is not rated
update operations.service_requests set rating = 5 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';

-- refused service_requests_origin_immutable_check: a request keeps when it was asked
update operations.service_requests set requested_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';

-- refused service_requests_status_transition_check: a new request is not closed
update operations.service_requests set status = 'closed', acknowledged_at = now(), resolved_at = now(), closed_at = now()
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000011';

-- allowed: a fault is looked at, repaired by a work order, and closed
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'WO-17-1', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011', 'corrective', 'Tap');
update operations.maintenance_requests set status = 'triaged' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';
update operations.maintenance_requests set status = 'work_ordered', work_order_id = '00000000-0000-7017-8000-0000000000a1' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';
update operations.maintenance_requests set status = 'resolved', resolved_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';
update operations.maintenance_requests set status = 'closed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';

-- refused maintenance_requests_work_order_check: ordered work has its order
update operations.maintenance_requests set status = 'triaged' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';
update operations.maintenance_requests set status = 'work_ordered' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';

-- refused maintenance_requests_duplicate_check: a duplicate names the other
update operations.maintenance_requests set status = 'duplicate' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';

-- refused maintenance_requests_status_reason_check: a report is not turned down without a reason
update operations.maintenance_requests set status = 'rejected' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000031';

-- allowed: an incident is closed when its actions are verified, and then amended
update operations.corrective_actions set status = 'in_progress' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.corrective_actions set status = 'done', done_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.corrective_actions set status = 'verified', verified_by_id = '00000000-0000-7000-8000-000000000022', verified_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.incident_reports set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
insert into operations.incident_amendments (biz_id, id, incident_id, body, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000041', 'It was the left knee.', 'A letter of the doctor');
update operations.incident_reports set status = 'amended' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';

-- refused incident_reports_actions_verified_check: an incident is not closed before its actions are verified
update operations.incident_reports set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';

-- refused incident_reports_closed_immutable_check: a closed report is not changed
select set_config('app.reason', 'not needed', true);
update operations.corrective_actions set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.incident_reports set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
update operations.incident_reports set narrative = 'Nothing happened.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';

-- refused corrective_actions_open_incident_check: a closed report gets no more actions
select set_config('app.reason', 'not needed', true);
update operations.corrective_actions set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.incident_reports set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
insert into operations.corrective_actions (biz_id, id, incident_id, description, owner_id, due_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000041', 'Put up a sign', '00000000-0000-7000-8000-000000000021', '2026-02-01');

-- refused incident_amendments_closed_incident_check: an open report is not amended
insert into operations.incident_amendments (biz_id, id, incident_id, body, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', '00000000-0000-7017-8000-000000000041', 'It was the left knee.', 'A letter of the doctor');

-- refused incident_reports_notified_check: a report is closed after the authority was told
select set_config('app.reason', 'not needed', true);
update operations.corrective_actions set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.incident_reports set is_regulator_notifiable = true where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';
update operations.incident_reports set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000041';

-- refused incident_reports_status_transition_check: a draft is not closed
insert into operations.incident_reports (biz_id, id, number, location_id, occurred_at, kind, severity, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'IR-A1', '00000000-0000-7000-8000-000000000011', '2026-01-01 10:00Z', 'theft', 'minor', 'Umbrella gone');
update operations.incident_reports set status = 'closed', reported_at = now(), closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-0000000000a1';

-- refused corrective_actions_verifier_check: nobody verifies what is their own to do
update operations.corrective_actions set verified_by_id = '00000000-0000-7000-8000-000000000021' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';

-- refused corrective_actions_verified_check: what is verified says by whom
update operations.corrective_actions set status = 'in_progress' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.corrective_actions set status = 'done', done_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';
update operations.corrective_actions set status = 'verified' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';

-- refused corrective_actions_incident_immutable_check: an action stays with its incident
insert into operations.incident_reports (biz_id, id, number, location_id, occurred_at, kind, severity, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'IR-A1', '00000000-0000-7000-8000-000000000011', '2026-01-01 10:00Z', 'theft', 'minor', 'Umbrella gone');
update operations.corrective_actions set incident_id = '00000000-0000-7017-8000-0000000000a1' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';

-- refused corrective_actions_status_transition_check: an action is begun before it is done
update operations.corrective_actions set status = 'done', done_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000042';

-- allowed: a checklist is filled in
update operations.checklist_runs set answers = '{"lights": true}', status = 'completed', completed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000052';

-- refused checklist_runs_answered_check: what needs an answer has one
update operations.checklist_runs set answers = '{"lights": null}', status = 'completed', completed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000052';

-- refused checklist_runs_answers_immutable_check: what was filled in is not changed
update operations.checklist_runs set answers = '{"lights": true}', status = 'completed', completed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000052';
update operations.checklist_runs set answers = '{"lights": false}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000052';

-- refused checklist_runs_day_immutable_check: a run keeps its day
update operations.checklist_runs set business_date = '2026-01-03' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000052';

-- refused checklist_runs_status_reason_check: a run is not given up without a reason
update operations.checklist_runs set status = 'abandoned' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7017-8000-000000000052';

-- refused checklists_items_check: two items do not share a key
insert into operations.checklists (biz_id, id, code, name, kind, items)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'twice', 'Twice', 'other', '[{"key": "a", "label": "A", "kind": "text"}, {"key": "a", "label": "B", "kind": "text"}]');

-- refused checklists_items_check: a checklist is a list
insert into operations.checklists (biz_id, id, code, name, kind, items)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7017-8000-0000000000a1', 'none', 'None', 'other', '{}');
