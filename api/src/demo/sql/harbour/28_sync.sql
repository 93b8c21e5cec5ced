-- Others may use: sync_device/<mark>, mark one of till-lis, till-bar, tablet-eva, kitchen, handheld, van-1, kiosk, old-till;
-- number_sequence/till (numbers that tills take in advance).

-- Devices.
insert into sync.devices (biz_id, id, device_key, name, kind, location_id, member_id, status, secret_hash, last_seq_acked, platform, app_version, last_seen_at, enrolled_at, reseed_requested_at, reseeded_at)
select
  pg_temp.biz(), pg_temp.id('sync_device/' || v.mark), 'dev-' || left(md5('harbour ' || v.mark), 20), v.name, v.kind, pg_temp.location(v.location), pg_temp.member(v.member),
  case when v.days is null then 'pending' else 'active' end, case when v.days is not null then sha256('\xff'::bytea || uuid_send(pg_temp.id('sync_device/' || v.mark))) end, v.acked, v.platform, v.version,
  now() - v.minutes * interval '1 minute', now() - v.days * interval '1 day', case when v.mark = 'handheld' then now() - interval '30 minutes' end, case when v.acked > 0 then now() - interval '19 days' end
from (values
  ('till-lis', 'Till, desk Lisbon', 'till', 'LIS', null, 14, 'Windows 11', '3.8.1', 1, 400), ('till-bar', 'Till, bar', 'till', 'LIS', null, 12, 'Android 15', '3.8.1', 4, 390),
  ('tablet-eva', 'Tablet 3, restaurant', 'tablet', 'LIS', 'desk', 10, 'iPadOS 19', '3.8.0', 2, 120), ('kitchen', 'Kitchen screen', 'kitchen_display', 'LIS', null, 0, 'Android 14', '3.7.4', 1, 300),
  ('handheld', 'Scanner of the stores', 'handheld', 'LIS', null, 6, 'Android 13', '3.6.0', 55, 210), ('van-1', 'Phone in van 1', 'driver_app', null, null, 5, 'Android 15', '3.8.1', 15, 90),
  ('kiosk', 'Check-in kiosk', 'kiosk', 'CAS', null, 0, 'Linux', '3.8.1', 20, null), ('old-till', 'Old till, Cascais', 'till', 'CAS', null, 3, 'Windows 10', '3.2.0', 9000, 900)
) v (mark, name, kind, location, member, acked, platform, version, minutes, days);
update sync.devices d
set status = case d.id when pg_temp.id('sync_device/old-till') then 'revoked' else 'suspended' end
where d.biz_id = pg_temp.biz() and d.id in (pg_temp.id('sync_device/old-till'), pg_temp.id('sync_device/handheld'));

-- What was done on them without the server: received first, then settled.
create temporary table demo_ops on commit drop as
select
  pg_temp.id('offline_op/' || d.mark || '/' || n) id, d.mark, n seq, case when d.is_money and n % 5 = 0 then 'saleRefund' else d.operation end operation, d.is_money,
  now() - (30 - n) * interval '5 hours' + length(d.mark) * interval '7 minutes' recorded_at,
  case
    when n > d.acked then case when n = d.acked + 1 then 'received' else 'deferred' end
    when d.mark in ('handheld', 'old-till') and n >= d.acked - 1 then 'quarantined'
    when d.mark = 'tablet-eva' and n in (3, 8) then 'conflict' when d.mark = 'tablet-eva' and n in (5, 6) then 'resolved' when d.mark = 'van-1' and n in (2, 4) then 'rejected'
    when d.mark = 'till-lis' and n = 9 then 'duplicate' when d.mark = 'till-lis' and n = 12 then 'resolved' when d.mark = 'till-bar' and n = 7 then 'conflict' else 'applied' end fate
from (values
  ('till-lis', 'saleClose', true, 14, 15), ('till-bar', 'saleClose', true, 12, 12), ('tablet-eva', 'bookingUpdate', false, 10, 13), ('handheld', 'stockMove', false, 6, 6), ('van-1', 'tripStopArrive', false, 5, 5),
  ('old-till', 'saleClose', true, 3, 3)
) d (mark, operation, is_money, acked, last)
cross join lateral generate_series(1, d.last) n;
insert into sync.offline_ops_journal (
  biz_id, id, device_id, device_seq, operation, payload, payload_digest, idempotency_key, base_version, is_money, user_id, location_id, client_recorded_at, received_at, business_date, status
)
select
  pg_temp.biz(), o.id, pg_temp.id('sync_device/' || o.mark), o.seq, o.operation, p.payload, sha256(convert_to(o.operation || p.payload::text, 'UTF8')),
  o.mark || '-' || case when o.fate = 'duplicate' then o.seq - 1 else o.seq end, case when not o.is_money then 1 end, o.is_money, pg_temp.person('desk'),
  pg_temp.location(case when o.mark = 'old-till' then 'CAS' else 'LIS' end), o.recorded_at, o.recorded_at + interval '22 minutes', (o.recorded_at at time zone 'Europe/Lisbon')::date,
  case when o.fate = 'deferred' then 'deferred' else 'received' end
from demo_ops o
cross join lateral (
  select case
    when o.is_money then jsonb_build_object('total_minor', 450 + 130 * case when o.fate = 'duplicate' then o.seq - 1 else o.seq end, 'currency', 'EUR', 'tender', 'cash')
    when o.mark = 'handheld' then jsonb_build_object('item', 'Towels', 'quantity', 4 + o.seq, 'from', 'Laundry', 'to', 'Floor 2')
    when o.mark = 'van-1' then jsonb_build_object('stop', o.seq, 'passengers', 2) else jsonb_build_object('partySize', 2 + o.seq % 3, 'note', 'Table ' || o.seq) end payload
) p;
update sync.offline_ops_journal j
set
  status = case when o.fate = 'resolved' then 'conflict' else o.fate end, settled_at = case when o.fate <> 'quarantined' then j.received_at + interval '2 seconds' end,
  duplicate_of_id = case when o.fate = 'duplicate' then pg_temp.id('offline_op/' || o.mark || '/' || o.seq - 1) end,
  result_type = case when o.fate = 'applied' and o.mark = 'tablet-eva' then 'BookingOrder' end,
  result_id = case when o.fate = 'applied' and o.mark = 'tablet-eva' then pg_temp.booking('confirmed', o.seq) end,
  error_code = case o.fate when 'rejected' then 'TRIP_NOT_ASSIGNED' when 'conflict' then 'VERSION_CONFLICT' when 'resolved' then 'VERSION_CONFLICT' when 'quarantined' then 'DEVICE_SHUT_OUT' end,
  error = case o.fate when 'rejected' then 'The trip was given to another driver.' when 'conflict' then 'Somebody else changed the same row.' when 'resolved' then 'Somebody else changed the same row.'
    when 'quarantined' then 'The device had been shut out when this came.' end
from demo_ops o
where j.biz_id = pg_temp.biz() and j.id = o.id and o.fate not in ('received', 'deferred');
update sync.offline_ops_journal j
set status = 'resolved'
from demo_ops o
where j.biz_id = pg_temp.biz() and j.id = o.id and o.fate = 'resolved';

-- What was at odds, and how it was decided.
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind, subject_type, subject_id, base_version, server_version, field_diffs, assigned_member_id, created_at)
select
  pg_temp.biz(), pg_temp.id('offline_merge_conflict/' || o.mark || '/' || o.seq), o.id, case when o.mark = 'tablet-eva' then 'version' when o.mark = 'till-lis' then 'business_date' else 'stock' end,
  case when o.mark = 'tablet-eva' then 'BookingOrder' end, case when o.mark = 'tablet-eva' then pg_temp.booking('confirmed', o.seq) end, case when o.mark = 'tablet-eva' then 1 end,
  case when o.mark = 'tablet-eva' then 2 end,
  case when o.mark = 'tablet-eva' then jsonb_build_object('party_size', jsonb_build_object('base', 2, 'device', 3, 'server', 4))
    when o.mark = 'till-lis' then '{"business_date": {"device": "yesterday", "server": "closed"}}' else '{"quantity": {"base": 3, "device": 2, "server": 0}}' end,
  pg_temp.member('owner'), o.recorded_at + interval '23 minutes'
from demo_ops o
where o.fate in ('conflict', 'resolved');
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind, field_diffs, created_at)
select pg_temp.biz(), pg_temp.id('offline_merge_conflict/number'), o.id, 'number', '{"number": {"device": "LIS1-000077"}}', o.recorded_at + interval '24 minutes'
from demo_ops o
where o.mark = 'till-bar' and o.seq = 7;
insert into sync.offline_resolution_events (biz_id, id, conflict_id, strategy, actor_id, result, note, occurred_at)
select
  pg_temp.biz(), pg_temp.id('offline_resolution_event/' || o.mark || '/' || o.seq), pg_temp.id('offline_merge_conflict/' || o.mark || '/' || o.seq),
  case when o.seq = 5 then 'merge' when o.seq = 6 then 'manual' else 'client' end, case when o.seq <> 5 then pg_temp.person('owner') end, case when o.mark = 'tablet-eva' then '{"party_size": 4}' else '{}' end::jsonb,
  case o.seq when 6 then 'Asked the guests: they are four.' when 12 then 'Counted to the day that was open.' end, o.recorded_at + interval '90 minutes'
from demo_ops o
where o.fate = 'resolved';
update sync.offline_merge_conflicts c
set status = case when c.id = pg_temp.id('offline_merge_conflict/number') then 'dismissed' else 'resolved' end, decided_at = c.created_at + interval '67 minutes'
where c.biz_id = pg_temp.biz()
  and (c.id = pg_temp.id('offline_merge_conflict/number') or exists (select from sync.offline_resolution_events e where e.biz_id = c.biz_id and e.conflict_id = c.id));

-- Numbers given out in advance, and how far each device has come.
insert into core.number_sequences (biz_id, id, location_id, document_type, series, prefix, next_value)
values (pg_temp.biz(), pg_temp.id('number_sequence/till'), pg_temp.location('LIS'), 'offline_ticket', 'LIS1', 'T', 1001);
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to, allocated_at, returned_at)
select
  pg_temp.biz(), pg_temp.id('number_block/' || v.first), pg_temp.id('sync_device/' || v.mark), pg_temp.id('number_sequence/till'), v.first, v.first + 199, v.used, now() - v.days * interval '1 day',
  now() - v.back * interval '1 day'
from (values ('till-lis', 1, 200, 60, 20), ('till-bar', 201, 371, 58, 12), ('old-till', 401, 400, 50, 40), ('till-lis', 601, 688, 20, null), ('till-bar', 801, 812, 12, null)) v (mark, first, used, days, back);
insert into sync.change_cursors (biz_id, id, device_id, scope, generation, last_transaction_id, last_outbox_seq, last_pulled_at)
select
  pg_temp.biz(), pg_temp.id('change_cursor/' || d.id || '/' || s.scope), d.id, s.scope, case when d.reseeded_at is not null then 2 else 1 end, e.transaction_id, e.seq - s.behind, d.last_seen_at
from sync.devices d
cross join (values ('catalog', 0), ('orders', 3), ('customers', 12)) s (scope, behind)
cross join (select o.transaction_id, o.seq from core.outbox_events o where o.biz_id = pg_temp.biz() order by o.transaction_id desc, o.seq desc limit 1) e
where d.biz_id = pg_temp.biz() and d.status <> 'pending' and not (d.kind = 'kitchen_display' and s.scope = 'customers');
drop table demo_ops;
