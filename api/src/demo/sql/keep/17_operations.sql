-- Operations of the warehouse: promises to customers, their requests, faults, incidents, checklists. Refers to 08_workforce.
-- Others may use: sla-policy/<ack respond resolve>, request-category/<code>, service-request/<1..10>, maintenance-request/<1..6>, incident/<1..4>, checklist/<forklift close-day>

insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, target_minutes, warn_minutes, pause_statuses, escalate_to, compensation_kind, compensation_minor, compensation_cap_minor, currency)
select pg_temp.biz(), pg_temp.id('sla-policy/' || v.code), v.code, v.name, 'ServiceRequest', v.metric, v.target, v.warn, case v.metric when 'resolve' then array['waiting_customer'] else '{}' end, 'warehouse manager', v.kind, v.usual, v.most, case when v.most is not null then 'MYR' end
from (values ('ack', 'Answer within the hour', 'acknowledge', 60, 15, 'none', null::bigint, null::bigint), ('respond', 'First proposal', 'respond', 240, 60, 'none', null, null), ('resolve', 'Settled within the working day', 'resolve', 600, 120, 'credit', 5000, 20000)) v (code, name, metric, target, warn, kind, usual, most);
insert into operations.request_categories (biz_id, id, code, name, team, default_priority, sla_policy_id, needs_resource, sort_key)
select pg_temp.biz(), pg_temp.id('request-category/' || v.code), v.code, v.name, v.team, v.priority, pg_temp.id('sla-policy/resolve'), v.bay, v.sort
from (values ('early-release', 'Early release of pallets', 'warehouse', 'high', false, '10'), ('stock-query', 'Question about stock', 'customer service', 'normal', false, '20'), ('damage', 'Damaged goods', 'warehouse', 'urgent', true, '30'), ('invoice-query', 'Question about an invoice', 'accounts', 'normal', false, '40'), ('temperature', 'Temperature record', 'warehouse', 'high', true, '50')) v (code, name, team, priority, bay, sort);
create temporary table operations_requests on commit drop as
select v.*, pg_temp.id('service-request/' || v.n) as id, o.id as order_id, o.customer_id, coalesce(o.location_id, pg_temp.location('PKL')) as location_id, now() - make_interval(mins => v.ago) as asked_at
from (values
  (1, 'early-release', 'completed', 3, 'high', 'email', 'Twelve pallets a week early', 'closed', 'rajesh', 14000, 30, 300, 5, 'Released on the same day.'), (2, 'stock-query', 'completed', 5, 'normal', 'phone', 'Count of lot 2231 differs by one', 'closed', 'aisyah', 11500, 45, 560, 4, 'One carton was on the wrong pallet.'),
  (3, 'damage', 'completed', 7, 'urgent', 'email', 'Shrink wrap torn on four pallets', 'closed', 'azlan', 8600, 20, 1400, 2, 'Wrapped again; credit given.'), (4, 'invoice-query', 'completed', 9, 'normal', 'web', 'Why two handling charges?', 'resolved', 'siti', 4300, 90, 700, null, 'One was for the second truck.'),
  (5, 'temperature', 'in_progress', 2, 'high', 'app', 'Record of the chilled hall for the audit', 'resolved', 'hafiz', 2900, 25, 200, 5, 'Sent as a table.'), (6, 'early-release', 'in_progress', 3, 'high', 'phone', 'Six pallets on Friday', 'in_progress', 'kumar', 190, 20, 0, null, null),
  (7, 'stock-query', 'in_progress', 5, 'normal', 'email', 'Expiry dates by lot', 'waiting_customer', 'aisyah', 700, 50, 0, null, null), (8, 'damage', 'in_progress', 1, 'urgent', 'phone', 'Water under bay 3', 'acknowledged', 'zul', 35, 8, 0, null, null),
  (9, 'invoice-query', 'in_progress', 4, 'normal', 'web', 'SST number missing', 'new', '', 80, 0, 0, null, null), (10, 'stock-query', 'in_progress', 6, 'low', 'web', 'Photo of the labels', 'cancelled', '', 3000, 0, 0, null, null)
) v (n, category, order_status, nth, priority, channel, summary, status, assignee, ago, ack, done, rating, resolution)
left join (select id, customer_id, location_id, status, row_number() over (partition by status order by number) as nth from booking.booking_orders where biz_id = pg_temp.biz()) o on o.status = v.order_status and o.nth = v.nth;
insert into operations.service_requests (biz_id, id, number, category_id, location_id, customer_id, booking_order_id, priority, channel, summary, status, assignee_id, requested_at, acknowledged_at, resolved_at, closed_at, resolution, rating, created_at)
select pg_temp.biz(), r.id, 'SR-' || lpad(r.n::text, 6, '0'), pg_temp.id('request-category/' || r.category), r.location_id, r.customer_id, r.order_id, r.priority, r.channel, r.summary, r.status, case when r.assignee <> '' then pg_temp.id('staff/' || r.assignee) end, r.asked_at,
  case when r.ack > 0 then r.asked_at + make_interval(mins => r.ack) end, case when r.done > 0 then r.asked_at + make_interval(mins => r.done) end, case when r.status = 'closed' then r.asked_at + make_interval(mins => r.done + 900) end, r.resolution, r.rating, r.asked_at
from operations_requests r;
select core.next_numbers('service_request', 'SR', 10);
insert into operations.sla_clocks (biz_id, id, policy_id, subject_type, subject_id, metric, location_id, status, started_at, target_at, paused_at, stopped_at, breached_at)
select pg_temp.biz(), pg_temp.id('sla-clock/' || r.n || '/' || x.metric), pg_temp.id('sla-policy/' || x.policy), 'ServiceRequest', r.id, x.metric, r.location_id,
  case when r.status = 'cancelled' then 'waived' when x.waits then 'paused' when coalesce(x.done_at, now()) > x.target_at then 'breached' when x.done_at is not null then 'met' else 'running' end, r.asked_at, x.target_at,
  case when x.waits and r.status <> 'cancelled' then r.asked_at + interval '2 hours' end, case when r.status = 'cancelled' then r.asked_at + interval '10 minutes' when not x.waits then x.done_at end,
  case when r.status <> 'cancelled' and not x.waits and coalesce(x.done_at, now()) > x.target_at then x.target_at end
from operations_requests r
cross join lateral (
  select 'acknowledge' as metric, 'ack' as policy, r.asked_at + interval '60 minutes' as target_at, case when r.ack > 0 then r.asked_at + make_interval(mins => r.ack) end as done_at, false as waits
  union all
  select 'resolve', 'resolve', r.asked_at + interval '600 minutes', case when r.done > 0 then r.asked_at + make_interval(mins => r.done) end, r.status = 'waiting_customer'
) x;
insert into operations.sla_clock_pauses (biz_id, id, clock_id, starts_at, reason)
select k.biz_id, pg_temp.id('sla-pause/' || k.id), k.id, k.paused_at, 'Customer looks for the delivery note.' from operations.sla_clocks k where k.biz_id = pg_temp.biz() and k.status = 'paused';
insert into operations.sla_breach_events (biz_id, id, clock_id, breached_at, minutes_over, escalated_to_id, created_at)
select k.biz_id, pg_temp.id('sla-breach/' || k.id), k.id, k.breached_at, floor(extract(epoch from coalesce(k.stopped_at, now()) - k.breached_at) / 60)::integer, pg_temp.member('owner'), k.breached_at from operations.sla_clocks k where k.biz_id = pg_temp.biz() and k.status = 'breached';
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, approved_by_id, note, created_at)
values (pg_temp.biz(), pg_temp.id('sla-compensation/3'), pg_temp.id('sla-breach/' || pg_temp.id('sla-clock/3/resolve')), 'refund', 12000, 'MYR', pg_temp.person('owner'), 'For the film and the wait.', pg_temp.at(-3, '10:00'));
update operations.sla_clocks k set status = 'compensated' where k.biz_id = pg_temp.biz() and k.id = pg_temp.id('sla-clock/3/resolve');

-- Faults
insert into operations.maintenance_requests (biz_id, id, number, location_id, resource_id, reporter_id, severity, description, blocks_resource, status, duplicate_of_id, reported_at, resolved_at, created_at)
select pg_temp.biz(), pg_temp.id('maintenance-request/' || v.n), 'MR-' || lpad(v.n::text, 6, '0'), r.location_id, r.id, pg_temp.member('desk'), v.severity, v.text, v.blocks, v.status, case when v.n = 4 then pg_temp.id('maintenance-request/3') end, now() - make_interval(hours => v.hours),
  case when v.status in ('resolved', 'closed') then now() - make_interval(hours => v.hours - 6) end, now() - make_interval(hours => v.hours)
from (values (1, 'FL-01', 'medium', 'Horn does not sound.', false, 'closed', 300), (2, 'FL-03', 'high', 'Brakes pull to the left.', true, 'resolved', 80), (3, 'SHA-AMB-03', 'high', 'Roof drips on the third bay.', true, 'triaged', 3), (4, 'SHA-AMB-02', 'low', 'Water runs over from bay 3.', false, 'duplicate', 2), (5, 'PKL-CHL-02', 'critical', 'Door of the chilled hall does not close by itself.', false, 'reported', 1),
  (6, 'PKL-AMB-05', 'low', 'Paint of the floor lines is worn.', false, 'rejected', 150)) v (n, number, severity, text, blocks, status, hours)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
select core.next_numbers('maintenance_request', 'MR', 6);

-- Incidents
insert into operations.incident_reports (biz_id, id, number, location_id, occurred_at, kind, severity, title, narrative, reported_by_id, reported_at, investigator_id, root_cause, status)
select pg_temp.biz(), pg_temp.id('incident/' || v.n), 'IR-' || lpad(v.n::text, 6, '0'), pg_temp.location(v.at), pg_temp.at(v.d, v.t), v.kind, v.severity, v.title, v.narrative, pg_temp.member('desk'), pg_temp.at(v.d, v.t) + interval '30 minutes', case when v.status <> 'reported' then pg_temp.member('owner') end, v.cause, v.status
from (values
  (1, 'PKL', -22, time '15:10', 'damage', 'moderate', 'Fork through a pallet of tiles', 'Four cartons of Fajar Tiles broke when lifted.', 'Load was off centre; the driver hurried.', 'actions_pending'), (2, 'SHA', -3, '10:40', 'near_miss', 'minor', 'Pedestrian in the forklift lane', 'A visiting driver walked behind a reversing forklift. Nobody was hurt.', null, 'investigating'),
  (3, 'PKL', -1, '02:20', 'food_safety', 'serious', 'Chilled hall at 11 degrees for 40 minutes', 'Power failed and the generator started late. Customers were told.', null, 'reported'), (4, 'PKL', -15, '18:30', 'security', 'minor', 'Gate left open over dinner', 'Nothing is missing by the count.', null, 'actions_pending')
) v (n, at, d, t, kind, severity, title, narrative, cause, status);
select core.next_numbers('incident_report', 'IR', 4);
insert into operations.corrective_actions (biz_id, id, incident_id, description, owner_id, due_on, status, done_at, verified_by_id, verified_at)
select pg_temp.biz(), pg_temp.id('corrective-action/' || v.n), pg_temp.id('incident/' || v.incident), v.text, pg_temp.member('desk'), pg_temp.day(v.due), v.status, case when v.status in ('done', 'verified') then pg_temp.at(-7, '12:00') end, case when v.status = 'verified' then pg_temp.member('owner') end, case when v.status = 'verified' then pg_temp.at(-6, '09:00') end
from (values (1, 1, 'Fork spread checked before each shift', -8, 'verified'), (2, 2, 'Paint a walkway and put up a mirror', 10, 'in_progress'), (3, 4, 'Gate closes by itself after two minutes', 6, 'done'), (4, 2, 'Escort for visiting drivers', 4, 'open')) v (n, incident, text, due, status);
update operations.incident_reports i set status = 'closed', closed_at = pg_temp.at(-5, '17:00') where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('incident/1');
update operations.incident_reports i set status = 'investigating' where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('incident/4');

-- Checklists
insert into operations.checklists (biz_id, id, code, name, kind, items)
select pg_temp.biz(), pg_temp.id('checklist/' || v.code), v.code, v.name, v.kind, v.items::jsonb
from (values ('forklift', 'Forklift before the shift', 'vehicle', '[{"key": "hours", "label": "Hour meter", "kind": "number", "required": true}, {"key": "brakes", "label": "Brakes hold", "kind": "yes_no", "required": true}, {"key": "horn", "label": "Horn and light", "kind": "yes_no", "required": true}]'),
  ('close-day', 'Closing the hall', 'closing', '[{"key": "doors", "label": "All dock doors locked", "kind": "yes_no", "required": true}, {"key": "chilled", "label": "Chilled hall, °C", "kind": "number", "required": true}]')) v (code, name, kind, items);
insert into operations.checklist_runs (biz_id, id, checklist_id, subject_type, subject_id, location_id, business_date, items, answers, assignee_id, due_at, status, completed_at)
select l.biz_id, pg_temp.id('checklist-run/' || l.code || d), l.id, case l.code when 'forklift' then 'Resource' end, case l.code when 'forklift' then pg_temp.resource('equipment', 1) end, pg_temp.location('PKL'), pg_temp.day(-d), l.items,
  case when d = 0 or l.code = 'close-day' and d = 4 then '{}'::jsonb when l.code = 'forklift' then jsonb_build_object('hours', 6051 - 7 * d, 'brakes', true, 'horn', d <> 6) else jsonb_build_object('doors', true, 'chilled', 3 + (d % 3) * 0.5) end, pg_temp.id('staff/' || case l.code when 'forklift' then 'azlan' else 'faizal' end),
  pg_temp.at(-d, case l.code when 'forklift' then time '07:15' else '22:30' end), x.status, case x.status when 'completed' then pg_temp.at(-d, case l.code when 'forklift' then time '07:04' else '22:12' end) end
from operations.checklists l cross join generate_series(0, 7) d
cross join lateral (select case when d = 0 then 'open' when l.code = 'close-day' and d = 4 then 'abandoned' else 'completed' end as status) x
where l.biz_id = pg_temp.biz();
