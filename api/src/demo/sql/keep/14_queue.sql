-- Others may use: queue/gate, queue/counter, service_point/gate-1.

insert into queue.queues (
  biz_id, id, location_id, code, name, ticket_prefix, status, fairness, aging_minutes, max_length, avg_service_minutes, sla_minutes, no_show_position, leftover_rule
)
select pg_temp.biz(), pg_temp.id('queue/' || v.code), pg_temp.location(v.location), v.code, v.name, v.prefix, 'open', v.fairness, v.aging, v.most, v.average, v.sla, v.back, v.leftover
from (values
  ('gate', 'PKL', 'Lorries at the gate', 'G', 'appointment_first', 10, 40, 12, 30, 'after_some', 'carried'),
  ('counter', 'PKL', 'Release papers and customs', 'P', 'fifo', 10, 20, 9, 25, 'after_some', 'no_show'),
  ('gate-sha', 'SHA', 'Lorries at Shah Alam', 'H', 'fifo', 10, 12, 15, 45, 'back', 'carried')
) v(code, location, name, prefix, fairness, aging, most, average, sla, back, leftover);

insert into queue.queue_services (biz_id, queue_id, service_id)
select s.biz_id, pg_temp.id('queue/' || v.code), s.id
from (values ('gate', 'ambient'), ('gate', 'chilled'), ('gate-sha', 'ambient')) v(code, service)
join catalog.services s on s.biz_id = pg_temp.biz() and s.code = v.service;

insert into queue.service_points (biz_id, id, location_id, name, status, current_member_id)
select pg_temp.biz(), pg_temp.id('service_point/' || v.code), pg_temp.location(v.location), v.name, v.status, case when v.who is not null then pg_temp.member(v.who) end
from (values
  ('gate-1', 'PKL', 'Gate 1', 'staffed', 'desk'),
  ('counter-1', 'PKL', 'Counter 1', 'on_break', 'owner'),
  ('gate-sha', 'SHA', 'Gate Shah Alam', 'closed', null)
) v(code, location, name, status, who);
insert into queue.service_point_queues (biz_id, service_point_id, queue_id)
select pg_temp.biz(), pg_temp.id('service_point/' || v.point), pg_temp.id('queue/' || v.code)
from (values ('gate-1', 'gate'), ('counter-1', 'counter'), ('gate-sha', 'gate-sha')) v(point, code);

insert into queue.displays (biz_id, id, location_id, name, layout, shows_names, pairing_code_hash, paired_at, last_seen_at)
select pg_temp.biz(), pg_temp.id('queue_display/' || v.n), pg_temp.location(v.location), v.name, v.layout::jsonb, false, sha256(('keep demo display ' || v.n)::bytea),
  case when v.seen is not null then pg_temp.at(-40, '09:15') end, now() - v.seen * interval '1 second'
from (values
  (1, 'PKL', 'Lorry park', '{"columns": 3, "sound": "horn", "theme": "dark"}', 12),
  (2, 'SHA', 'Yard Shah Alam', '{"columns": 1}', 5200)
) v(n, location, name, layout, seen);
insert into queue.display_queues (biz_id, display_id, queue_id)
select pg_temp.biz(), pg_temp.id('queue_display/' || v.n), pg_temp.id('queue/' || v.code)
from (values (1, 'gate'), (1, 'counter'), (2, 'gate-sha')) v(n, code);

insert into queue.queue_pauses (biz_id, id, queue_id, starts_at, ends_at, reason)
select pg_temp.biz(), pg_temp.id('queue_pause/' || v.n), pg_temp.id('queue/' || v.code), coalesce(pg_temp.at(v.day, v.starts::time), now() - interval '12 minutes'),
  case when v.day is not null then pg_temp.at(v.day, v.ends::time) end, v.reason
from (values
  (1, 'gate', -1, '13:00', '13:45', 'Heavy rain, docks closed'),
  (2, 'counter', null::integer, null, null, 'Customs system is down')
) v(n, code, day, starts, ends, reason);

-- The days before, as they went; then today, as it stands now
create temporary table demo_queue on commit drop as
select q.code || '/' || d.day || '/' || n as name, q.code, d.day, n::integer as seq, c.joined_at, q.prefix, q.point, q.service,
  case when n = 3 and d.day % 2 = -1 then 'left' when n = 5 and d.day = -2 then 'removed' else 'served' end as status,
  c.joined_at + ((n * 37 + d.day * -53) % 11 + 2) * interval '1 minute' as called_at, q.average, ((n * 29 - d.day * 17) % 8 + q.average - 3) as minutes,
  (n * 5 - d.day * 7 + q.shift) % 24 + 1 as customer, case when n % 6 = 2 then 2 else 0 end as band, n % 3 + 1 as party, 'desk' as clerk
from (values ('gate', 'G', 'gate-1', 'ambient', '08:10', 11, 12, 3), ('counter', 'P', 'counter-1', null, '09:00', 15, 9, 11)) q(code, prefix, point, service, opens, gap, average, shift)
cross join (values (-1), (-2), (-3), (-5)) d(day)
cross join generate_series(1, 8) n
cross join lateral (select pg_temp.at(d.day, q.opens::time) + n * (q.gap + n % 4) * interval '1 minute' as joined_at) c
union all
select v.code || '/0/' || v.seq, v.code, 0, v.seq, now() - v.ago * interval '1 minute', v.prefix, v.point, v.service, v.status,
  case when v.called is not null then now() - v.called * interval '1 minute' end, 10, v.minutes, v.customer, v.band, v.party, v.clerk
from (values
  ('gate', 'G', 1, 42, 'served', 36, 14, 2, 0, 1, 'gate-1', 'ambient', 'desk'),
  ('gate', 'G', 2, 30, 'served', 21, 11, 6, 2, 1, 'gate-1', 'chilled', 'desk'),
  ('gate', 'G', 3, 25, 'no_show', 9, 0, 10, 0, 1, 'gate-1', 'ambient', 'desk'),
  ('gate', 'G', 4, 20, 'serving', 6, 0, 14, 0, 1, 'gate-1', 'chilled', 'desk'),
  ('gate', 'G', 5, 14, 'waiting', null, 0, 18, 0, 1, null, 'ambient', 'desk'),
  ('gate', 'G', 6, 8, 'waiting', null, 0, 22, 2, 1, null, 'ambient', 'desk'),
  ('gate', 'G', 7, 4, 'transferred', 1, 0, 3, 0, 1, null, 'ambient', 'desk'),
  ('counter', 'P', 1, 27, 'served', 24, 8, 7, 0, 1, 'counter-1', null, 'owner'),
  ('counter', 'P', 2, 18, 'waiting', null, 0, 11, 0, 2, null, null, 'owner'),
  ('counter', 'P', 3, 12, 'parked', 7, 0, 15, 0, 1, null, null, 'owner')
) v(code, prefix, seq, ago, status, called, minutes, customer, band, party, point, service, clerk);

create temporary table demo_clerks on commit drop as
select clerk, pg_temp.member(clerk) as member_id, pg_temp.person(clerk) as user_id
from (values ('desk'), ('owner'), ('analyst')) v(clerk);

insert into queue.queue_tickets (biz_id, id, queue_id, business_date, seq, display_number, channel, token_hash, printed_at)
select pg_temp.biz(), pg_temp.id('queue_ticket/' || e.name), pg_temp.id('queue/' || e.code), pg_temp.day(e.day), e.seq, e.prefix || lpad(e.seq::text, 3, '0'),
  (array['kiosk', 'staff', 'qr', 'web', 'app'])[e.seq % 5 + 1], case when e.seq % 5 in (2, 3, 4) then sha256(('keep demo ticket ' || e.name)::bytea) end,
  case when e.seq % 5 = 0 then e.joined_at end
from demo_queue e
order by e.code, e.day, e.seq;

insert into queue.queue_entries (
  biz_id, id, ticket_id, queue_id, customer_id, phone_enc, phone_bidx, service_id, party_size, priority_band, joined_at, effective_priority_at, appointment_order_id, status, called_at,
  called_by_id, service_point_id, serving_started_at, served_at, no_show_count, left_reason, parked_until, locale
)
select pg_temp.biz(), pg_temp.id('queue_entry/' || e.name), pg_temp.id('queue_ticket/' || e.name), pg_temp.id('queue/' || e.code),
  case when e.seq % 4 <> 1 then c.id end, case when e.seq % 4 = 1 then c.phone_enc end, case when e.seq % 4 = 1 then c.phone_bidx end, s.id, e.party, e.band, e.joined_at,
  e.joined_at - e.band * interval '10 minutes', case when e.band = 2 and e.day = 0 then pg_temp.booking('confirmed', e.seq) end, e.status,
  case when e.status not in ('left', 'waiting') then e.called_at end,
  case when e.status in ('called', 'serving', 'served', 'reopened', 'removed', 'no_show') then staff.member_id end,
  case when e.status in ('called', 'serving', 'served', 'reopened', 'removed', 'no_show') then pg_temp.id('service_point/' || e.point) end,
  case when e.status in ('serving', 'served', 'reopened') then least(now(), e.called_at + interval '50 seconds') end,
  case when e.status in ('served', 'reopened') then least(now(), e.called_at + e.minutes * interval '1 minute') end,
  case e.status when 'removed' then 3 when 'no_show' then 1 else 0 end, case e.status when 'left' then 'Could not wait any longer' when 'cancelled' then 'Was at the wrong place' end,
  case when e.status = 'parked' then now() + interval '15 minutes' end, (array['ms-MY', 'en-MY', 'zh-MY'])[e.customer % 3 + 1]
from demo_queue e
join (
  select c.*, row_number() over (order by c.number) as nth from crm.customers c where c.biz_id = pg_temp.biz()
) c on c.nth = e.customer
left join catalog.services s on s.biz_id = c.biz_id and s.code = e.service
join demo_clerks staff on staff.clerk = e.clerk
order by e.code, e.day, e.seq;

insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id, to_queue_id, service_point_id, actor_id, occurred_at, details)
select pg_temp.biz(), pg_temp.id('queue_event/' || e.name || '/' || v.step), pg_temp.id('queue_entry/' || e.name), v.kind, pg_temp.id('queue/' || e.code),
  case when v.kind = 'transferred' then pg_temp.id('queue/counter') end, case when v.at_desk then pg_temp.id('service_point/' || e.point) end,
  case when v.step > 1 and v.kind <> 'left' then staff.user_id end, least(now(), v.at), v.details::jsonb
from demo_queue e
join demo_clerks staff on staff.clerk = e.clerk
cross join lateral (values
  (1, 'joined', e.joined_at, false, null, true),
  (2, 'called', e.called_at, true, null, e.status in ('called', 'serving', 'served', 'reopened', 'removed', 'no_show')),
  (3, 'serving', e.called_at + interval '50 seconds', true, null, e.status in ('serving', 'served', 'reopened')),
  (4, 'served', e.called_at + e.minutes * interval '1 minute', true, null, e.status in ('served', 'reopened')),
  (5, 'left', e.called_at, false, null, e.status = 'left'),
  (6, 'recalled', e.called_at + interval '2 minutes', true, '{"times": 2}', e.status = 'removed'),
  (7, 'no_show', e.called_at + interval '4 minutes', true, null, e.status in ('removed', 'no_show')),
  (8, 'removed', e.called_at + interval '9 minutes', false, null, e.status = 'removed'),
  (9, 'parked', e.called_at, false, '{"for": "form"}', e.status = 'parked'),
  (10, 'cancelled', e.called_at, false, null, e.status = 'cancelled'),
  (11, 'transferred', e.called_at, false, null, e.status = 'transferred'),
  (12, 'reopened', now(), true, null, e.status = 'reopened'),
  (13, 'reordered', e.joined_at + interval '1 minute', false, '{"from": 4, "to": 2}', e.band > 0 and e.status = 'waiting')
) v(step, kind, at, at_desk, details, applies)
where v.applies;

insert into queue.queue_transfers (biz_id, id, entry_id, from_queue_id, to_queue_id, keep_joined_at, reason, created_at)
select pg_temp.biz(), pg_temp.id('queue_transfer/' || e.name), pg_temp.id('queue_entry/' || e.name), pg_temp.id('queue/' || e.code), pg_temp.id('queue/counter'), e.seq % 2 = 0,
  'Release papers are missing', e.called_at
from demo_queue e
where e.status = 'transferred';

insert into queue.service_time_observations (biz_id, id, entry_id, queue_id, service_id, member_id, waited_seconds, served_seconds, business_date, local_hour, created_at)
select e.biz_id, pg_temp.id('service_time_observation/' || d.name), e.id, e.queue_id, e.service_id, e.called_by_id, extract(epoch from e.called_at - e.joined_at),
  extract(epoch from e.served_at - e.serving_started_at), pg_temp.day(d.day), extract(hour from e.joined_at at time zone 'Asia/Kuala_Lumpur'), e.served_at
from demo_queue d
join queue.queue_entries e on e.biz_id = pg_temp.biz() and e.id = pg_temp.id('queue_entry/' || d.name)
where e.status in ('served', 'reopened');

insert into queue.wait_time_predictions (biz_id, id, entry_id, queue_id, predicted_at, position, p50_seconds, p90_seconds, model_version)
select pg_temp.biz(), pg_temp.id('wait_time_prediction/' || e.name), pg_temp.id('queue_entry/' || e.name), pg_temp.id('queue/' || e.code), e.joined_at, (e.seq * 3 - e.day) % 5 + 1,
  ((e.seq * 3 - e.day) % 5 + 1) * 190, ((e.seq * 3 - e.day) % 5 + 1) * 330 + 60, case when e.day < -3 then 'median-2' else 'median-3' end
from demo_queue e;

-- How the queues stand now
update queue.queues q set status = v.status
from (values ('counter', 'paused'), ('gate-sha', 'closing')) v(code, status)
where q.biz_id = pg_temp.biz() and q.id = pg_temp.id('queue/' || v.code);
