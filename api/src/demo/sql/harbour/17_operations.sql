-- Operations: service levels, requests of guests, faults, incidents, checklists. Refers to 08_workforce, and to stays of 13_hospitality where there are any.
-- Others may use: sla-policy/<sr-ack sr-resolve sr-urgent towels room-service fault-start>, request-category/<code>, service-request/<1..24>,
--   maintenance-request/<1..11>, incident/<1..7>, checklist/<code>

insert into operations.sla_policies (biz_id, id, code, name, applies_to, metric, priority, is_default, target_minutes, warn_minutes, pause_statuses, escalate_to, compensation_kind, compensation_minor, compensation_cap_minor, currency, starts_on)
select pg_temp.biz(), pg_temp.id('sla-policy/' || v.code), v.code, v.name, v.subject, v.metric, v.priority, v.standard, v.target, v.warn, case v.metric when 'resolve' then array['waiting_customer'] else '{}' end, v.team,
  v.kind, v.usual, v.most, case when v.most is not null then 'EUR' end, pg_temp.day(-400)
from (values
  ('sr-ack', 'Every request is noticed', 'ServiceRequest', 'acknowledge', null, true, 15, 5, 'front office', 'none', null::bigint, null::bigint),
  ('sr-resolve', 'Requests are seen to', 'ServiceRequest', 'resolve', null, true, 180, 30, 'front office', 'credit', 1000, 3000),
  ('sr-urgent', 'Urgent requests', 'ServiceRequest', 'resolve', 'urgent', true, 45, 15, 'duty manager', 'refund', 2500, 8000),
  ('towels', 'Towels and pillows', 'ServiceRequest', 'resolve', null, false, 30, 10, 'housekeeping', 'points', null, null),
  ('room-service', 'Meals on the room', 'ServiceRequest', 'deliver', null, false, 45, 10, 'restaurant', 'credit', 500, 1500),
  ('fault-start', 'Faults are begun', 'MaintenanceRequest', 'start', null, true, 1440, 240, 'maintenance', 'none', null, null)
) v (code, name, subject, metric, priority, standard, target, warn, team, kind, usual, most);
insert into operations.request_categories (biz_id, id, code, name, team, default_priority, sla_policy_id, is_public, needs_resource, sort_key)
select pg_temp.biz(), pg_temp.id('request-category/' || v.code), v.code, v.name, v.team, v.priority, case when v.policy <> '' then pg_temp.id('sla-policy/' || v.policy) end, v.public, v.room, v.sort
from (values
  ('towels', 'Towels and pillows', 'housekeeping', 'normal', 'towels', true, true, '10'), ('cleaning', 'Cleaning', 'housekeeping', 'normal', '', true, true, '20'), ('fault', 'Something is broken', 'maintenance', 'high', '', true, true, '30'),
  ('noise', 'Noise', 'front office', 'urgent', 'sr-urgent', true, true, '40'), ('transfer', 'Taxi or transfer', 'front office', 'normal', '', true, false, '50'), ('late-checkout', 'Late check-out', 'front office', 'low', '', true, true, '60'),
  ('complaint', 'Complaint', 'duty manager', 'high', '', false, false, '70'), ('lost', 'Lost property', 'housekeeping', 'low', '', true, false, '80')
) v (code, name, team, priority, policy, public, room, sort);

-- Requests of guests in the house, and of those who were
create temporary table operations_requests on commit drop as
select v.*, pg_temp.id('service-request/' || v.n) as id, o.id as order_id, o.customer_id, o.location_id,
  y.id as stay_id, y.resource_id,
  now() - make_interval(mins => v.ago) as asked_at
from (values
  (1, 'towels', 'completed', 40, 'normal', 'app', 'Two more bath towels', 'closed', 'fatima', 14400, 4, 21, 0, 5, 'Thank you, that was quick.', 'Brought by Fátima.'),
  (2, 'noise', 'completed', 41, 'urgent', 'phone', 'Party in the next room', 'closed', 'tomas', 13120, 3, 84, 0, 3, 'It took a while.', 'Spoke with the guests next door, twice.'),
  (3, 'fault', 'completed', 42, 'high', 'desk', 'Shower drains slowly', 'closed', 'rui', 12010, 10, 95, 0, 5, null, 'Trap cleaned.'),
  (4, 'transfer', 'completed', 43, 'normal', 'web', 'Van to the airport for six', 'closed', 'paulo', 11000, 6, 60, 25, null, null, 'Booked with our van at 05:30.'),
  (5, 'cleaning', 'completed', 44, 'normal', 'in_room', 'Red wine on the carpet', 'closed', 'olga', 9800, 12, 75, 0, 4, null, 'Spot removed.'),
  (6, 'complaint', 'completed', 45, 'high', 'email', 'Breakfast coffee was cold', 'closed', 'andre', 9050, 32, 410, 0, 2, 'An apology would have been enough, earlier.', 'Machine was serviced; credit given.'),
  (7, 'towels', 'completed', 46, 'normal', 'in_room', 'A firmer pillow', 'closed', 'olga', 8100, 3, 17, 0, 5, null, 'Brought two to choose from.'),
  (8, 'lost', 'completed', 47, 'low', 'email', 'Left a blue scarf in the room', 'closed', 'carla', 7400, 9, 170, 0, 5, 'You are wonderful!', 'Found behind the bed, sent by post.'),
  (9, 'late-checkout', 'completed', 48, 'low', 'app', 'May we stay until two?', 'closed', 'duarte', 6300, 5, 40, 0, 5, null, 'Granted until 14:00.'),
  (10, 'fault', 'completed', 49, 'high', 'phone', 'Safe does not open', 'closed', 'rui', 5200, 18, 240, 0, 3, null, 'Battery changed, code reset.'),
  (11, 'noise', 'completed', 50, 'urgent', 'phone', 'Air conditioning hums', 'closed', 'rui', 4500, 2, 38, 0, 4, null, 'Fan tightened.'),
  (12, 'transfer', 'completed', 51, 'normal', 'messaging', 'Taxi to Sintra, two persons', 'closed', 'ana', 3900, 4, 12, 0, 5, null, 'Ordered for 10:00.'),
  (13, 'towels', 'completed', 52, 'normal', 'app', 'Pool towels', 'resolved', 'lucia', 2900, 7, 44, 0, 4, null, 'Brought.'),
  (14, 'complaint', 'in_progress', 4, 'high', 'desk', 'Room smells of paint', 'resolved', 'ines', 1500, 11, 300, 60, null, null, 'Moved to another room.'),
  (15, 'fault', 'in_progress', 3, 'high', 'in_room', 'Balcony door sticks', 'reopened', 'rui', 1300, 12, 0, 0, null, null, null),
  (16, 'cleaning', 'in_progress', 2, 'normal', 'app', 'Please clean before three', 'in_progress', 'fatima', 55, 6, 0, 0, null, null, null),
  (17, 'transfer', 'in_progress', 6, 'normal', 'messaging', 'Transfer to the airport on the last day', 'waiting_customer', 'duarte', 140, 9, 0, 0, null, null, null),
  (18, 'fault', 'in_progress', 7, 'high', 'phone', 'No hot water', 'in_progress', 'joaquim', 70, 5, 0, 0, null, null, null),
  (19, 'towels', 'in_progress', 8, 'normal', 'app', 'Baby bed and bottle warmer', 'acknowledged', 'lucia', 18, 5, 0, 0, null, null, null),
  (20, 'late-checkout', 'in_progress', 9, 'low', 'web', 'Check-out at one?', 'new', '', 9, 0, 0, 0, null, null, null),
  (21, 'noise', 'in_progress', 5, 'urgent', 'phone', 'Car alarm in the courtyard', 'new', '', 25, 0, 0, 0, null, null, null),
  (22, 'cleaning', 'in_progress', 1, 'normal', 'in_room', 'Minibar leaks', 'cancelled', '', 800, 0, 0, 0, null, null, null),
  (23, 'lost', 'completed', 53, 'low', 'web', 'Charger forgotten', 'waiting_customer', 'carla', 1700, 10, 0, 0, null, null, null),
  (24, 'towels', 'in_progress', 2, 'normal', 'in_room', 'Bathrobes for two', 'acknowledged', 'fatima', 41, 10, 0, 0, null, null, null)
) v (n, category, order_status, nth, priority, channel, summary, status, assignee, ago, ack, done, pause, rating, comment, resolution)
left join (select id, customer_id, location_id, status, row_number() over (partition by status order by number) as nth from booking.booking_orders where biz_id = pg_temp.biz()) o on o.status = v.order_status and o.nth = v.nth
left join hospitality.stays y on y.biz_id = pg_temp.biz() and y.booking_order_id = o.id and y.room_no = 1;
insert into operations.service_requests (biz_id, id, number, category_id, location_id, resource_id, customer_id, booking_order_id, stay_id, priority, channel, summary, status, assignee_id, escalation_level,
  requested_at, acknowledged_at, resolved_at, closed_at, resolution, rating, rating_comment, created_at)
select pg_temp.biz(), r.id, 'SR-' || lpad(r.n::text, 6, '0'), pg_temp.id('request-category/' || r.category), coalesce(r.location_id, pg_temp.location('LIS')), r.resource_id, r.customer_id, r.order_id, r.stay_id, r.priority, r.channel, r.summary,
  case r.status when 'reopened' then 'resolved' else r.status end, case when r.assignee <> '' then pg_temp.id('staff/' || r.assignee) end, case when r.n in (2, 6, 21) then 1 else 0 end, r.asked_at,
  case when r.ack > 0 then r.asked_at + make_interval(mins => r.ack) end, case when r.done > 0 then r.asked_at + make_interval(mins => r.done) when r.status = 'reopened' then r.asked_at + interval '70 minutes' end,
  case when r.status = 'closed' then r.asked_at + make_interval(mins => r.done + 600) end, r.resolution, r.rating, r.comment, r.asked_at
from operations_requests r;
select core.next_numbers('service_request', 'SR', 24);
select set_config('app.reason', 'The door sticks again.', true);
update operations.service_requests s set status = 'reopened', resolved_at = null, reopened_count = 1, description = 'Was planed yesterday; sticks again since the rain.' where s.biz_id = pg_temp.biz() and s.id = pg_temp.id('service-request/15');
select set_config('app.reason', 'Demo', true);

-- A clock for each promise; what stands still, what came too late, and what was given for it
create temporary table operations_clocks on commit drop as
select r.n, r.id as request_id, r.location_id, r.pause, r.asked_at, x.*, pg_temp.id('sla-clock/' || r.n || '/' || x.metric) as id, r.asked_at + make_interval(mins => x.minutes + case x.metric when 'resolve' then r.pause else 0 end) as target_at
from operations_requests r
cross join lateral (
  select 'acknowledge' as metric, 'sr-ack' as policy, 15 as minutes, case when r.ack > 0 then r.asked_at + make_interval(mins => r.ack) end as done_at, r.status = 'cancelled' as dropped, false as waits
  union all
  select 'resolve', case when r.category = 'towels' then 'towels' when r.priority = 'urgent' then 'sr-urgent' else 'sr-resolve' end, case when r.category = 'towels' then 30 when r.priority = 'urgent' then 45 else 180 end,
    case when r.done > 0 then r.asked_at + make_interval(mins => r.done) end, r.status = 'cancelled', r.status = 'waiting_customer'
) x;
insert into operations.sla_clocks (biz_id, id, policy_id, subject_type, subject_id, metric, location_id, status, started_at, target_at, paused_at, stopped_at, breached_at)
select pg_temp.biz(), c.id, pg_temp.id('sla-policy/' || c.policy), 'ServiceRequest', c.request_id, c.metric, coalesce(c.location_id, pg_temp.location('LIS')),
  case when c.dropped then 'waived' when c.waits then 'paused' when c.done_at <= c.target_at then 'met' when coalesce(c.done_at, now()) > c.target_at then 'breached' else 'running' end, c.asked_at, c.target_at,
  case when c.waits then c.asked_at + interval '25 minutes' end, case when c.dropped then c.asked_at + interval '6 minutes' when c.waits then null else c.done_at end,
  case when not c.dropped and not c.waits and coalesce(c.done_at, now()) > c.target_at then c.target_at end
from operations_clocks c;
insert into operations.sla_clock_pauses (biz_id, id, clock_id, starts_at, ends_at, reason)
select pg_temp.biz(), pg_temp.id('sla-pause/' || c.n), c.id, c.asked_at + interval '25 minutes', case when not c.waits then c.asked_at + make_interval(mins => 25 + c.pause) end, case when c.waits then 'Waits for the guest to name a time.' else 'The guest was out.' end
from operations_clocks c where c.metric = 'resolve' and (c.waits or c.pause > 0);
insert into operations.sla_breach_events (biz_id, id, clock_id, breached_at, minutes_over, escalated_to_id, created_at)
select k.biz_id, pg_temp.id('sla-breach/' || k.id), k.id, k.breached_at, floor(extract(epoch from coalesce(k.stopped_at, now()) - k.breached_at) / 60)::integer, case when k.metric = 'resolve' then pg_temp.member('owner') else pg_temp.member('desk') end, k.breached_at
from operations.sla_clocks k where k.biz_id = pg_temp.biz() and k.status = 'breached';
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, points, approved_by_id, note, created_at)
select pg_temp.biz(), pg_temp.id('sla-compensation/' || v.key), pg_temp.id('sla-breach/' || pg_temp.id('sla-clock/' || v.n || '/resolve')), v.kind, v.amount, case when v.amount > 0 then 'EUR' end, v.points, pg_temp.person('owner'), v.note, pg_temp.at(-2, '11:00')
from (values (2, '2', 'refund', 2500, 0, 'One night''s sleep, we are sorry.'), (6, '6', 'refund', 1000, 0, 'Off the bill.'), (6, '6b', 'refund', 1000, 0, 'Given twice by mistake.'), (10, '10', 'none', 0, 0, 'Guest did not want anything.'), (13, '13', 'points', 0, 200, null)) v (n, key, kind, amount, points, note)
where exists (select from operations.sla_breach_events b where b.biz_id = pg_temp.biz() and b.id = pg_temp.id('sla-breach/' || pg_temp.id('sla-clock/' || v.n || '/resolve')));
insert into operations.sla_compensation_events (biz_id, id, breach_id, kind, amount_minor, currency, reverses_id, approved_by_id, note, created_at)
select e.biz_id, pg_temp.id('sla-compensation/6b-back'), e.breach_id, e.kind, -e.amount_minor, e.currency, e.id, pg_temp.person('owner'), 'Takes back the second refund.', pg_temp.at(-2, '11:20')
from operations.sla_compensation_events e where e.biz_id = pg_temp.biz() and e.id = pg_temp.id('sla-compensation/6b');
update operations.sla_clocks k set status = 'compensated'
where k.biz_id = pg_temp.biz() and k.status = 'breached' and k.id in (pg_temp.id('sla-clock/2/resolve'), pg_temp.id('sla-clock/6/resolve'), pg_temp.id('sla-clock/13/resolve'));

-- Faults, some with a work order
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, request_type, request_id, kind, priority, status, title, description, starts_at, ends_at, blocks_resource, due_on, assignee_id, started_at, completed_at, labour_cost_minor, parts_cost_minor, currency, resolution)
select pg_temp.biz(), pg_temp.id('ops-work-order/' || v.n), core.next_number('maintenance_work_order', 'WO'), r.id, r.location_id, 'MaintenanceRequest', pg_temp.id('maintenance-request/' || v.n), 'corrective', v.priority, v.status, v.title, '', pg_temp.at(v.d, '10:00'), pg_temp.at(v.d, '12:00'), false, pg_temp.day(v.d + 1),
  pg_temp.member('desk'), case when v.status in ('in_progress', 'completed') then pg_temp.at(v.d, '10:05') end, case when v.status = 'completed' then pg_temp.at(v.d, '11:40') end, v.labour, v.parts, 'EUR', v.resolution
from (values (3, 'CAS-14', 'high', 'scheduled', 'Balance the boiler, mixer of room 14', 1, 0, 0, ''), (4, 'LIS-203', 'normal', 'in_progress', 'Plane and seal the balcony door', -1, 0, 0, ''), (5, 'LIS-301', 'normal', 'completed', 'Change the safe''s lock', -4, 3500, 4890, 'New lock, tested.'), (6, 'LIS-105', 'low', 'completed', 'Refix the curtain rail', -9, 1800, 0, 'Two new plugs.')) v (n, room, priority, status, title, d, labour, parts, resolution)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.room
order by v.n;
insert into operations.maintenance_requests (biz_id, id, number, location_id, resource_id, service_request_id, reporter_id, severity, description, blocks_resource, status, work_order_id, duplicate_of_id, reported_at, resolved_at, created_at)
select pg_temp.biz(), pg_temp.id('maintenance-request/' || v.n), 'MR-' || lpad(v.n::text, 6, '0'), pg_temp.location(left(v.room, 3)), r.id, case when v.request > 0 then pg_temp.id('service-request/' || v.request) end, case when v.n % 3 = 0 then pg_temp.member('owner') else pg_temp.member('desk') end,
  v.severity, v.text, v.blocks, v.status, case when v.n in (3, 4, 5, 6) then pg_temp.id('ops-work-order/' || v.n) end, case when v.copy_of > 0 then pg_temp.id('maintenance-request/' || v.copy_of) end, now() - make_interval(hours => v.hours), case when v.status in ('resolved', 'closed') then now() - make_interval(hours => v.hours - v.took) end, now() - make_interval(hours => v.hours)
from (values
  (1, 'LIS-402', 0, 'low', 'A slat of the wardrobe door is loose.', false, 'reported', 0, 3, 0), (2, 'LIS-201', 0, 'medium', 'The bathroom fan rattles.', false, 'triaged', 0, 27, 0), (3, 'CAS-14', 18, 'high', 'No hot water on the first floor.', true, 'work_ordered', 0, 2, 0),
  (4, 'LIS-203', 15, 'medium', 'The balcony door sticks.', false, 'work_ordered', 0, 30, 0), (5, 'LIS-301', 10, 'medium', 'The safe does not open.', false, 'resolved', 0, 110, 20), (6, 'LIS-105', 0, 'low', 'Curtain rail came down.', false, 'closed', 0, 240, 30),
  (7, 'CAS-15', 0, 'high', 'Water is cold in room 15.', false, 'duplicate', 3, 2, 0), (8, 'LIS-101', 0, 'low', 'The guest wants a larger television.', false, 'rejected', 0, 70, 0), (9, 'LIS-104', 3, 'medium', 'Shower drains slowly.', false, 'closed', 0, 200, 2),
  (10, 'SPA-T1', 0, 'critical', 'Smell of gas in the boiler room next to Dune.', true, 'closed', 0, 460, 5), (11, 'CAS-22', 0, 'medium', 'Window handle broken.', false, 'triaged', 0, 16, 0)
) v (n, room, request, severity, text, blocks, status, copy_of, hours, took)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.room;
select core.next_numbers('maintenance_request', 'MR', 11);

-- Incidents and what follows from them
insert into operations.incident_reports (biz_id, id, number, location_id, resource_id, occurred_at, kind, severity, title, narrative, reported_by_id, reported_at, investigator_id, root_cause, is_regulator_notifiable, notify_regulator_by, regulator_notified_at, regulator_ref, status)
select pg_temp.biz(), pg_temp.id('incident/' || v.n), 'IR-' || lpad(v.n::text, 6, '0'), pg_temp.location(v.at), case when v.n = 6 then pg_temp.resource('room', 1) end, pg_temp.at(v.d, v.t), v.kind, v.severity, v.title, v.narrative, pg_temp.member('desk'), case when v.status <> 'draft' then pg_temp.at(v.d, v.t) + interval '40 minutes' end,
  case when v.status not in ('draft', 'reported') then pg_temp.member('owner') end, v.cause, v.notify, case when v.notify then pg_temp.at(v.d, v.t) + interval '72 hours' end, case when v.notify and v.n = 3 then pg_temp.at(v.d + 1, '15:00') end, case when v.notify and v.n = 3 then 'CNPD-2291/DEMO' end, v.status
from (values
  (1, 'LIS', -1, time '21:40', 'near_miss', 'minor', 'Tray fell next to a guest', 'A tray with glasses slipped on the stairs to the terrace. Nobody was hurt.', null, false, 'draft'),
  (2, 'CAS', -2, '11:15', 'theft', 'moderate', 'Bicycle gone from the yard', 'An e-bike of the rental was cut from its lock during breakfast. Police were told.', null, false, 'reported'),
  (3, 'LIS', -12, '16:20', 'data_breach', 'serious', 'Guest list sent to a wrong address', 'The arrivals list of a day went to a supplier of the same first name. The supplier confirmed deletion.', 'The mail program proposed the address.', true, 'actions_pending'),
  (4, 'LIS', -6, '12:50', 'food_safety', 'moderate', 'Cold room at 9 degrees', 'The door was ajar over lunch. Fish and dairy were thrown away.', null, false, 'investigating'),
  (5, 'LIS', -25, '08:30', 'injury', 'moderate', 'Slipped on the wet lobby floor', 'A guest slipped after the floor was mopped and bruised the wrist. First aid was given.', 'No sign was set up.', false, 'actions_pending'),
  (6, 'SPA', -19, '09:05', 'fire', 'serious', 'Smell of gas in the boiler room', 'The spa was cleared for two hours. A seal leaked; the technician of the gas company changed it.', 'Seal past its age; not in the plan of maintenance.', false, 'actions_pending'),
  (7, 'CAS', -27, '23:10', 'security', 'minor', 'Stranger at the pool at night', 'Left when spoken to.', 'Gate code unchanged for two years.', false, 'investigating')
) v (n, at, d, t, kind, severity, title, narrative, cause, notify, status);
select core.next_numbers('incident_report', 'IR', 7);
insert into operations.corrective_actions (biz_id, id, incident_id, description, owner_id, due_on, status, done_at, verified_by_id, verified_at, note)
select pg_temp.biz(), pg_temp.id('corrective-action/' || v.n), pg_temp.id('incident/' || v.incident), v.text, pg_temp.member(v.owner), pg_temp.day(v.due), v.status, case when v.status in ('done', 'verified', 'rejected') then pg_temp.at(v.done, '15:00') end,
  case when v.status = 'verified' then pg_temp.member('analyst') end, case when v.status = 'verified' then pg_temp.at(v.done + 1, '10:00') end, v.note
from (values
  (1, 3, 'Turn off proposed addresses for lists of guests', 'desk', -3, 'done', -4, null), (2, 3, 'Train the front office in data protection again', 'owner', 12, 'in_progress', 0, null), (3, 3, 'Send lists as links that expire', 'desk', 20, 'open', 0, null),
  (4, 4, 'Alarm on the door of the cold room', 'owner', 5, 'open', 0, null), (5, 5, 'Yellow signs on every floor', 'desk', -18, 'verified', -20, 'Twelve signs bought.'), (6, 5, 'Mop the lobby only before six', 'desk', -15, 'verified', -17, null),
  (7, 6, 'Put all seals into the plan of maintenance', 'owner', -8, 'verified', -10, null), (8, 6, 'Gas detector in the spa', 'owner', -6, 'cancelled', 0, 'The gas company put one in.'), (9, 4, 'Self-closing hinge', 'desk', -1, 'rejected', -2, 'Does not close with the trolley in the way.')
) v (n, incident, text, owner, due, status, done, note);
update operations.incident_reports i set status = 'closed', closed_at = pg_temp.at(-5, '17:00') where i.biz_id = pg_temp.biz() and i.id in (pg_temp.id('incident/5'), pg_temp.id('incident/6'), pg_temp.id('incident/7'));
insert into operations.incident_amendments (biz_id, id, incident_id, body, reason, created_at)
select pg_temp.biz(), pg_temp.id('incident-amendment/' || v.n), pg_temp.id('incident/' || v.incident), v.body, v.reason, pg_temp.at(v.d, '11:00')
from (values (1, 5, 'The guest wrote that the wrist has healed, and asks for nothing.', 'Letter of the guest', -3), (2, 5, 'The insurer closed its file.', 'Answer of the insurer', -1)) v (n, incident, body, reason, d);
update operations.incident_reports i set status = 'amended' where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('incident/5');

-- Checklists, gone through day by day
insert into operations.checklists (biz_id, id, code, name, kind, items)
select pg_temp.biz(), pg_temp.id('checklist/' || v.code), v.code, v.name, v.kind, v.items::jsonb
from (values
  ('kitchen-open', 'Opening the kitchen', 'hygiene', '[{"key": "cold_room", "label": "Cold room, °C", "kind": "number", "required": true}, {"key": "hands", "label": "Hand wash basins are stocked", "kind": "yes_no", "required": true}, {"key": "note", "label": "Anything odd", "kind": "text"}]'),
  ('lobby-close', 'Closing the bar', 'closing', '[{"key": "till", "label": "Till counted and signed", "kind": "yes_no", "required": true}, {"key": "gas", "label": "Gas closed", "kind": "yes_no", "required": true}]'),
  ('fire-round', 'Fire round of the night', 'safety', '[{"key": "exits", "label": "Escape routes free", "kind": "yes_no", "required": true}, {"key": "panel", "label": "Alarm panel without faults", "kind": "yes_no", "required": true}, {"key": "photo", "label": "Photo of the panel", "kind": "photo"}]'),
  ('handover', 'Handover at the desk', 'handover', '[{"key": "cash", "label": "Cash float in euros", "kind": "number", "required": true}, {"key": "arrivals", "label": "Arrivals still to come", "kind": "number", "required": true}, {"key": "remarks", "label": "Remarks", "kind": "text"}]'),
  ('room-check', 'Inspection of a room', 'inspection', '[{"key": "bath", "label": "Bathroom spotless", "kind": "yes_no", "required": true}, {"key": "minibar", "label": "Minibar filled", "kind": "yes_no"}]')
) v (code, name, kind, items);
insert into operations.checklist_runs (biz_id, id, checklist_id, subject_type, subject_id, location_id, business_date, items, answers, assignee_id, due_at, status, completed_at, note)
select l.biz_id, pg_temp.id('checklist-run/' || l.code || '/' || -d), l.id, case when l.code = 'room-check' then 'Resource' end, case when l.code = 'room-check' then pg_temp.resource('unit', 11 + d) end, pg_temp.location('LIS'), pg_temp.day(-d), l.items,
  case x.status when 'open' then '{}'::jsonb when 'abandoned' then '{}' else x.answers end, pg_temp.id('staff/' || x.who), pg_temp.at(-d, x.due), x.status, case x.status when 'completed' then pg_temp.at(-d, x.due) - make_interval(mins => 10 + d * 3) end, case x.status when 'abandoned' then 'Alarm in the middle of it.' end
from operations.checklists l
cross join generate_series(0, 7) d
cross join lateral (
  select v.who, v.due, v.answers, case when d = 0 then 'open' when l.code = 'fire-round' and d = 5 then 'abandoned' else 'completed' end as status
  from (values ('kitchen-open', 'pedro', time '07:30', jsonb_build_object('cold_room', 2.5 + (d % 4) * 0.4, 'hands', true, 'note', case d when 6 then 'Door was ajar.' end)), ('lobby-close', 'miguel', '23:59', jsonb_build_object('till', true, 'gas', d <> 3)),
    ('fire-round', 'tomas', '23:30', jsonb_build_object('exits', true, 'panel', d <> 2)), ('handover', 'duarte', '15:15', jsonb_build_object('cash', 300, 'arrivals', 3 + d % 5, 'remarks', '')), ('room-check', 'carla', '13:00', jsonb_build_object('bath', true, 'minibar', d % 3 <> 0))) v (code, who, due, answers)
  where v.code = l.code
) x
where l.biz_id = pg_temp.biz();
