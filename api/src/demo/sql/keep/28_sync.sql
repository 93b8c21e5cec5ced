-- Others may use: sync_device/<mark>, mark one of scanner-1, scanner-2, scanner-3, truck-2207, gate, counter, tablet-new;
-- number_sequence/slip (numbers that scanners take in advance).

-- Devices.
insert into sync.devices (biz_id, id, device_key, name, kind, location_id, member_id, status, secret_hash, last_seq_acked, platform, app_version, last_seen_at, enrolled_at, reseed_requested_at, reseeded_at)
select
  pg_temp.biz(), pg_temp.id('sync_device/' || v.mark), 'dev-' || left(md5('keep ' || v.mark), 20), v.name, v.kind, pg_temp.location(v.location), pg_temp.member(v.member),
  case when v.days is null then 'pending' else 'active' end, case when v.days is not null then sha256('\xff'::bytea || uuid_send(pg_temp.id('sync_device/' || v.mark))) end, v.acked, v.platform, v.version,
  now() - v.minutes * interval '1 minute', now() - v.days * interval '1 day', case when v.mark = 'scanner-3' then now() - interval '30 minutes' end, case when v.acked > 0 then now() - interval '19 days' end
from (values
  ('scanner-1', 'Scanner 1, Port Klang', 'handheld', 'PKL', 'desk', 14, 'Android 15', '3.8.1', 1, 380), ('scanner-2', 'Scanner 2, Port Klang', 'handheld', 'PKL', null, 12, 'Android 15', '3.8.1', 3, 380),
  ('truck-2207', 'Phone in WXY 2207', 'driver_app', null, null, 10, 'Android 14', '3.8.0', 6, 150), ('gate', 'Kiosk at the gate', 'kiosk', 'PKL', null, 0, 'Linux', '3.8.1', 2, 90),
  ('scanner-3', 'Scanner, Shah Alam', 'handheld', 'SHA', null, 6, 'Android 13', '3.6.0', 70, 210), ('counter', 'Counter, cash sales', 'till', 'PKL', null, 5, 'Windows 11', '3.8.1', 15, 200),
  ('tablet-new', 'Tablet of the shift leader', 'tablet', 'SHA', null, 0, 'Android 15', '3.8.1', 20, null), ('scanner-0', 'Old scanner', 'handheld', 'SHA', null, 3, 'Android 10', '3.1.0', 9000, 900)
) v (mark, name, kind, location, member, acked, platform, version, minutes, days);
update sync.devices d
set status = case d.id when pg_temp.id('sync_device/scanner-0') then 'revoked' else 'suspended' end
where d.biz_id = pg_temp.biz() and d.id in (pg_temp.id('sync_device/scanner-0'), pg_temp.id('sync_device/scanner-3'));

-- What was done on them without the server: received first, then settled.
create temporary table demo_ops on commit drop as
select
  pg_temp.id('offline_op/' || d.mark || '/' || n) id, d.mark, n seq, case when d.is_money and n % 5 = 0 then 'saleRefund' else d.operation end operation, d.is_money,
  now() - (30 - n) * interval '5 hours' + length(d.mark) * interval '7 minutes' recorded_at,
  case
    when n > d.acked then case when n = d.acked + 1 then 'received' else 'deferred' end
    when d.mark in ('scanner-3', 'scanner-0') and n >= d.acked - 1 then 'quarantined'
    when d.mark = 'scanner-1' and n in (3, 8) then 'conflict' when d.mark = 'scanner-1' and n in (5, 6) then 'resolved' when d.mark = 'truck-2207' and n in (2, 4) then 'rejected'
    when d.mark = 'scanner-2' and n = 9 then 'duplicate' when d.mark = 'counter' and n = 4 then 'resolved' when d.mark = 'scanner-2' and n = 7 then 'conflict' else 'applied' end fate
from (values
  ('scanner-1', 'bookingUpdate', false, 14, 16), ('scanner-2', 'stockMove', false, 12, 12), ('truck-2207', 'tripStopArrive', false, 10, 10), ('scanner-3', 'stockMove', false, 6, 6), ('counter', 'saleClose', true, 5, 5),
  ('scanner-0', 'stockMove', false, 3, 3)
) d (mark, operation, is_money, acked, last)
cross join lateral generate_series(1, d.last) n;
insert into sync.offline_ops_journal (
  biz_id, id, device_id, device_seq, operation, payload, payload_digest, idempotency_key, base_version, is_money, user_id, location_id, client_recorded_at, received_at, business_date, status
)
select
  pg_temp.biz(), o.id, pg_temp.id('sync_device/' || o.mark), o.seq, o.operation, p.payload, sha256(convert_to(o.operation || p.payload::text, 'UTF8')),
  o.mark || '-' || case when o.fate = 'duplicate' then o.seq - 1 else o.seq end, case when not o.is_money then 1 end, o.is_money, pg_temp.person('desk'),
  pg_temp.location(case when o.mark in ('scanner-0', 'scanner-3') then 'SHA' else 'PKL' end), o.recorded_at, o.recorded_at + interval '22 minutes', (o.recorded_at at time zone 'Asia/Kuala_Lumpur')::date,
  case when o.fate = 'deferred' then 'deferred' else 'received' end
from demo_ops o
cross join lateral (
  select case
    when o.is_money then jsonb_build_object('total_minor', 450 + 130 * case when o.fate = 'duplicate' then o.seq - 1 else o.seq end, 'currency', 'MYR', 'tender', 'cash')
    when o.operation = 'stockMove' then jsonb_build_object('pallet', 'P-' || 48000 + case when o.fate = 'duplicate' then o.seq - 1 else o.seq end, 'from', 'Dock 2', 'to', 'PKL-AMB-03')
    when o.mark = 'truck-2207' then jsonb_build_object('stop', o.seq, 'pallets', 2 + o.seq % 4) else jsonb_build_object('note', 'Bay checked, photo ' || o.seq) end payload
) p;
update sync.offline_ops_journal j
set
  status = case when o.fate = 'resolved' then 'conflict' else o.fate end, settled_at = case when o.fate <> 'quarantined' then j.received_at + interval '2 seconds' end,
  duplicate_of_id = case when o.fate = 'duplicate' then pg_temp.id('offline_op/' || o.mark || '/' || o.seq - 1) end,
  result_type = case when o.fate = 'applied' and o.mark = 'scanner-1' then 'BookingOrder' end,
  result_id = case when o.fate = 'applied' and o.mark = 'scanner-1' then pg_temp.booking('confirmed', o.seq) end,
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
  pg_temp.biz(), pg_temp.id('offline_merge_conflict/' || o.mark || '/' || o.seq), o.id, case when o.mark = 'scanner-1' then 'version' when o.mark = 'counter' then 'business_date' else 'stock' end,
  case when o.mark = 'scanner-1' then 'BookingOrder' end, case when o.mark = 'scanner-1' then pg_temp.booking('confirmed', o.seq) end, case when o.mark = 'scanner-1' then 1 end,
  case when o.mark = 'scanner-1' then 2 end,
  case when o.mark = 'scanner-1' then jsonb_build_object('pallets', jsonb_build_object('base', 2, 'device', 3, 'server', 4))
    when o.mark = 'counter' then '{"business_date": {"device": "yesterday", "server": "closed"}}' else '{"quantity": {"base": 3, "device": 2, "server": 0}}' end,
  pg_temp.member('owner'), o.recorded_at + interval '23 minutes'
from demo_ops o
where o.fate in ('conflict', 'resolved');
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind, field_diffs, created_at)
select pg_temp.biz(), pg_temp.id('offline_merge_conflict/number'), o.id, 'number', '{"number": {"device": "PKL1-000077"}}', o.recorded_at + interval '24 minutes'
from demo_ops o
where o.mark = 'scanner-2' and o.seq = 7;
insert into sync.offline_resolution_events (biz_id, id, conflict_id, strategy, actor_id, result, note, occurred_at)
select
  pg_temp.biz(), pg_temp.id('offline_resolution_event/' || o.mark || '/' || o.seq), pg_temp.id('offline_merge_conflict/' || o.mark || '/' || o.seq),
  case when o.seq = 5 then 'merge' when o.seq = 6 then 'manual' else 'client' end, case when o.seq <> 5 then pg_temp.person('owner') end, case when o.mark = 'scanner-1' then '{"pallets": 4}' else '{}' end::jsonb,
  case o.seq when 6 then 'Counted again: there are four.' when 4 then 'Counted to the day that was open.' end, o.recorded_at + interval '90 minutes'
from demo_ops o
where o.fate = 'resolved';
update sync.offline_merge_conflicts c
set status = case when c.id = pg_temp.id('offline_merge_conflict/number') then 'dismissed' else 'resolved' end, decided_at = c.created_at + interval '67 minutes'
where c.biz_id = pg_temp.biz()
  and (c.id = pg_temp.id('offline_merge_conflict/number') or exists (select from sync.offline_resolution_events e where e.biz_id = c.biz_id and e.conflict_id = c.id));

-- Numbers given out in advance, and how far each device has come.
insert into core.number_sequences (biz_id, id, location_id, document_type, series, prefix, next_value)
values (pg_temp.biz(), pg_temp.id('number_sequence/slip'), pg_temp.location('PKL'), 'offline_slip', 'PKL1', 'S', 1001);
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to, allocated_at, returned_at)
select
  pg_temp.biz(), pg_temp.id('number_block/' || v.first), pg_temp.id('sync_device/' || v.mark), pg_temp.id('number_sequence/slip'), v.first, v.first + 199, v.used, now() - v.days * interval '1 day',
  now() - v.back * interval '1 day'
from (values ('scanner-1', 1, 200, 60, 20), ('scanner-2', 201, 371, 58, 12), ('scanner-0', 401, 400, 50, 40), ('scanner-1', 601, 688, 20, null), ('scanner-2', 801, 812, 12, null)) v (mark, first, used, days, back);
insert into sync.change_cursors (biz_id, id, device_id, scope, generation, last_transaction_id, last_outbox_seq, last_pulled_at)
select
  pg_temp.biz(), pg_temp.id('change_cursor/' || d.id || '/' || s.scope), d.id, s.scope, case when d.reseeded_at is not null then 2 else 1 end, e.transaction_id, e.seq - s.behind, d.last_seen_at
from sync.devices d
cross join (values ('catalog', 0), ('orders', 3), ('customers', 12)) s (scope, behind)
cross join (select o.transaction_id, o.seq from core.outbox_events o where o.biz_id = pg_temp.biz() order by o.transaction_id desc, o.seq desc limit 1) e
where d.biz_id = pg_temp.biz() and d.status <> 'pending' and not (d.kind = 'kiosk' and s.scope = 'customers');
drop table demo_ops;
