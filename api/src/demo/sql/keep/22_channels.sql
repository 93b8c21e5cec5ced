-- Others may use: channel_account/edi, channel_account/autocount, channel_account/storemesh.

-- Accounts.
insert into channels.channel_accounts (
  biz_id, id, name, kind, provider, external_account_id, status, is_test, credentials_ref, capabilities, commission_rate, currency, overbook_policy, settings, last_ok_at, last_error_at, last_error, connected_at, created_at
)
select
  pg_temp.biz(), pg_temp.id('channel_account/' || v.mark), v.name, v.kind, v.provider, v.external_id, v.status, v.mark = 'edi-test', 'vault:channels/' || v.mark, v.capabilities, v.commission, v.currency, 'hold_for_review', v.settings::jsonb,
  now() - v.minutes * interval '1 minute', case when v.error is not null then now() - interval '80 minutes' end, v.error, case when v.status = 'connected' then now() - interval '300 days' end, now() - interval '310 days'
from (values
  ('edi', 'EDI of Cahaya', 'connector', 'edi_as2', 'CAHAYA-01', 'connected', '{bookings.pull,inventory.push}'::text[], null, null, '{"messages": ["ORDERS", "DESADV"]}', 8, null),
  ('autocount', 'AutoCount', 'connector', 'autocount', 'keep-books', 'connected', '{customers.push}', null, 'MYR', '{}', 95, 'period is closed'), ('storemesh', 'StoreMesh', 'marketplace', 'storemesh', 'my-4471', 'connected', '{rates.push,inventory.push,bookings.pull}', 0.08, 'MYR', '{}', 35, null),
  ('outlook', 'Outlook calendars', 'calendar', 'microsoft_graph', 'keep.example', 'connected', '{}', null, null, '{}', 20, null), ('edi-test', 'EDI of Damai, test', 'connector', 'edi_as2', 'DAMAI-T', 'pending', '{bookings.pull}', null, null, '{}', null, null)
) v (mark, name, kind, provider, external_id, status, capabilities, commission, currency, settings, minutes, error);
update channels.channel_accounts a
set status = 'degraded'
where a.biz_id = pg_temp.biz() and a.id = pg_temp.id('channel_account/autocount');
insert into channels.channel_account_locations (biz_id, account_id, location_id)
values (pg_temp.biz(), pg_temp.id('channel_account/edi'), pg_temp.location('PKL')), (pg_temp.biz(), pg_temp.id('channel_account/storemesh'), pg_temp.location('PKL')), (pg_temp.biz(), pg_temp.id('channel_account/storemesh'), pg_temp.location('SHA'));

-- What corresponds to what, and at which price.
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id, external_name, last_synced_at)
select pg_temp.biz(), pg_temp.id('channel_entity_link/storemesh/' || o.code), pg_temp.id('channel_account/storemesh'), 'offer', 'Offer', o.id, 'SM-' || upper(o.code), o.name, now() - interval '35 minutes'
from catalog.offers o
where o.biz_id = pg_temp.biz()
union all
select pg_temp.biz(), pg_temp.id('channel_entity_link/storemesh/' || l), pg_temp.id('channel_account/storemesh'), 'location', 'Location', pg_temp.location(l), 'SM-' || l, null, now() - interval '35 minutes'
from unnest(array['PKL', 'SHA']) l
union all
select pg_temp.biz(), pg_temp.id('channel_entity_link/autocount/' || n), pg_temp.id('channel_account/autocount'), 'customer', 'Customer', pg_temp.customer(n), '300-C' || lpad(n::text, 3, '0'), null, now() - interval '95 minutes'
from generate_series(1, 24) n;
update channels.channel_entity_links l
set status = case when l.external_id = 'SM-SHA' then 'paused' else 'broken' end
where l.biz_id = pg_temp.biz() and l.external_id in ('SM-SHA', '300-C009');
insert into channels.channel_rate_rules (biz_id, id, link_id, markup_rate, rounding_minor, currency, max_units, release_days, is_closed, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('channel_rate_rule/' || l.external_id || '/' || v.part), l.id, 0.08, 10, 'MYR', 6, 1, v.part = 2, pg_temp.day(v.since), pg_temp.day(v.until)
from channels.channel_entity_links l
cross join (values (1, null::integer, 45), (2, 45, 52)) v (part, since, until)
where l.biz_id = pg_temp.biz() and l.entity = 'offer';

-- What goes over.
insert into channels.channel_sync_states (biz_id, id, account_id, stream, cursor, last_attempt_at, last_success_at, lag_seconds)
select pg_temp.biz(), pg_temp.id('channel_sync_state/' || v.mark || '/' || v.stream), pg_temp.id('channel_account/' || v.mark), v.stream, v.cursor, now() - v.minutes * interval '1 minute', now() - v.done * interval '1 minute', v.lag
from (values ('edi', 'bookings', 'isa:000004417', 8, 8, 0), ('edi', 'inventory', null, 8, 8, 0), ('storemesh', 'rates', null, 35, 35, 0), ('storemesh', 'bookings', 'b:2207', 35, 35, 0), ('autocount', 'customers', null, 80, 95, 4800)) v (mark, stream, cursor, minutes, done, lag);
create temporary table demo_jobs on commit drop as
select
  pg_temp.id('channel_sync_job/' || a.mark || '/' || n) id, a.mark, n, a.stream, a.direction, now() - n * interval '190 minutes' began, case when n % 9 = 0 then 'failed' when n % 5 = 0 then 'partially_succeeded' when n % 11 = 0 then 'cancelled' else 'succeeded' end status
from (values ('storemesh', 'inventory', 'push'), ('autocount', 'customers', 'push')) a (mark, stream, direction)
cross join generate_series(1, 12) n;
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, status, attempts, started_at, finished_at, items_total, items_ok, items_failed, error, created_at)
select
  pg_temp.biz(), j.id, pg_temp.id('channel_account/' || j.mark), j.stream, j.direction, j.status, case j.status when 'failed' then 8 else 1 end, case when j.status <> 'cancelled' then j.began end, j.began + interval '6 seconds', 3,
  case j.status when 'succeeded' then 3 when 'partially_succeeded' then 2 else 0 end, case j.status when 'failed' then 3 when 'partially_succeeded' then 1 else 0 end, case j.status when 'failed' then 'connection refused' end, j.began
from demo_jobs j;
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, status, attempts, next_attempt_at, lease_until, started_at, created_at)
values
  (pg_temp.biz(), pg_temp.id('channel_sync_job/queued'), pg_temp.id('channel_account/autocount'), 'customers', 'push', 'queued', 2, now() + interval '4 minutes', null, null, now() - interval '80 minutes'),
  (pg_temp.biz(), pg_temp.id('channel_sync_job/running'), pg_temp.id('channel_account/edi'), 'bookings', 'pull', 'running', 1, null, now() + interval '1 minute', now() - interval '5 seconds', now() - interval '10 seconds');
insert into channels.channel_sync_items (biz_id, id, job_id, item_no, subject_type, subject_id, external_id, request_digest, status, response_code, error_code, error, sent_at)
select
  pg_temp.biz(), pg_temp.id('channel_sync_item/' || j.id || '/' || i), j.id, i, k.subject_type, k.subject_id, k.external_id, sha256(convert_to(j.id::text || i, 'UTF8')), f.fate, case f.fate when 'ok' then 200 when 'failed' then 409 end,
  case f.fate when 'failed' then 'closed' end, case f.fate when 'failed' then 'The period is closed.' end, case when f.fate <> 'pending' then j.began + i * interval '1 second' end
from demo_jobs j
cross join generate_series(1, 3) i
join (
  select l.*, case when l.entity = 'offer' then 'storemesh' else 'autocount' end mark, row_number() over (partition by l.entity order by l.external_id) nth from channels.channel_entity_links l where l.biz_id = pg_temp.biz() and l.entity in ('offer', 'customer')
) k on k.mark = j.mark and k.nth = i
cross join lateral (select case when j.status = 'cancelled' then 'pending' when j.status = 'failed' or j.status = 'partially_succeeded' and i = 2 then 'failed' else 'ok' end fate) f;
insert into channels.channel_sync_log (biz_id, id, account_id, job_id, level, code, message, occurred_at)
select
  pg_temp.biz(), pg_temp.id('channel_sync_log/' || j.id), pg_temp.id('channel_account/' || j.mark), j.id, case j.status when 'failed' then 'error' when 'partially_succeeded' then 'warning' else 'info' end, 'job_' || j.status,
  case j.status when 'failed' then 'The other side refuses the connection.' when 'partially_succeeded' then 'One of three was refused: the period is closed.' when 'cancelled' then 'Called off: a newer transfer holds the same.' else 'All of it went over.' end, j.began + interval '6 seconds'
from demo_jobs j;

-- Bookings that came over them.
insert into channels.channel_bookings (
  biz_id, id, account_id, external_booking_id, external_version, external_modified_at, status, booking_order_id, customer_id, location_id, guest_name, check_in_on, check_out_on, units, total_minor, commission_minor, currency, collected_by, payload, received_at,
  imported_at, acknowledged_at, cancelled_at
)
select
  o.biz_id, pg_temp.id('channel_booking/' || o.nth), pg_temp.id('channel_account/storemesh'), 'SMB-' || 2200 + o.nth, 1, o.booked_at, case when o.status = 'cancelled' then 'cancelled' when o.nth = 1 then 'imported' else 'acknowledged' end, o.id, o.customer_id, o.location_id,
  o.full_name, (o.starts_at at time zone o.timezone)::date, (o.ends_at at time zone o.timezone)::date, o.party_size, o.total_minor, o.total_minor * 8 / 100, o.currency, 'business', jsonb_build_object('company', o.full_name, 'total', o.total_minor / 100.0), o.booked_at,
  o.booked_at + interval '50 seconds', case when o.nth > 1 then o.booked_at + interval '70 seconds' end, o.cancelled_at
from (
  select o.*, c.full_name, row_number() over (order by o.booked_at desc, o.number)::integer nth from booking.booking_orders o join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id
  where o.biz_id = pg_temp.biz() and o.channel = 'email' and o.kind = 'storage' order by o.booked_at desc, o.number limit 16
) o
union all
select
  pg_temp.biz(), pg_temp.id('channel_booking/open/' || v.place), pg_temp.id('channel_account/' || v.mark), v.external_id, 1, now() - v.minutes * interval '1 minute', v.status, null, null, pg_temp.location('PKL'), v.guest, pg_temp.day(v.arrival), pg_temp.day(v.arrival + 14), v.units,
  v.total, 0, 'MYR', 'business', jsonb_build_object('company', v.guest, 'pallets', v.units), now() - v.minutes * interval '1 minute', null, null, null
from (values (1, 'edi', 'ORD-90117', 'received', 'Cahaya Foods Sdn Bhd', 5, 12, 50400, 4), (2, 'storemesh', 'SMB-2231', 'mapped', 'Seri Alam Bakery', 8, 4, 16800, 9), (3, 'storemesh', 'SMB-2229', 'conflict', 'Tropika Paints', 3, 30, 126000, 260), (4, 'edi', 'ORD-90102', 'conflict', 'Cahaya Foods Sdn Bhd', 6, 2, 9000, 400)) v (place, mark, external_id, status, guest, arrival, units, total, minutes);
insert into channels.channel_conflicts (biz_id, id, channel_booking_id, kind, status, detail, expected_minor, actual_minor, currency, assigned_member_id, due_at, resolution, note, decided_at, decided_by_id, created_at)
select
  pg_temp.biz(), pg_temp.id('channel_conflict/' || v.place), pg_temp.id('channel_booking/' || v.booking), v.kind, v.status, v.detail::jsonb, v.expected, v.actual, case when v.expected is not null then 'MYR' end, pg_temp.member('desk'), case v.status when 'open' then now() + interval '1 day' end, v.resolution, v.note,
  case when v.status <> 'open' then now() - (v.hours - 3) * interval '1 hour' end, case when v.status <> 'open' then pg_temp.person('desk') end, now() - v.hours * interval '1 hour'
from (values (1, 'open/3', 'overbooking', 'open', '{"pallets": 30, "left": 18}', null, null, null, null, 4), (2, 'open/4', 'price_mismatch', 'open', '{}', 9600, 9000, null, null, 6), (3, '5', 'price_mismatch', 'resolved', '{}', 12600, 12000, 'price_corrected', 'Old price list at the customer.', 90), (4, '7', 'duplicate', 'dismissed', '{}', null, null, null, 'Two trucks, two orders.', 130)) v (place, booking, kind, status, detail, expected, actual, resolution, note, hours);
insert into channels.channel_webhook_events (biz_id, id, account_id, external_event_id, topic, occurred_at, received_at, payload, status, attempts, next_attempt_at, processed_at, error)
select
  pg_temp.biz(), pg_temp.id('channel_webhook_event/' || v.place), pg_temp.id('channel_account/' || v.mark), 'msg-' || 4400 + v.place, v.topic, now() - v.minutes * interval '1 minute', now() - v.minutes * interval '1 minute', jsonb_build_object('ref', v.ref), v.status, case v.status when 'received' then 0 when 'failed' then 8 else 1 end,
  case when v.status in ('received', 'parked') then now() + interval '2 minutes' end, case when v.status in ('applied', 'ignored') then now() - v.minutes * interval '1 minute' + interval '3 seconds' end, v.error
from (values
  (1, 'edi', 'ORDERS', 'ORD-90117', 'received', 4, null), (2, 'edi', 'ORDERS', 'ORD-90102', 'applied', 400, null), (3, 'edi', 'ORDCHG', 'ORD-90555', 'parked', 200, 'Its order has not come yet.'), (4, 'storemesh', 'booking.created', 'SMB-2231', 'applied', 9, null), (5, 'storemesh', 'booking.created', 'SMB-2229', 'applied', 260, null),
  (6, 'storemesh', 'ping', '', 'ignored', 30, null), (7, 'edi', 'ORDERS', 'ORD-90099', 'failed', 900, 'Segment LIN is missing.'), (8, 'edi', 'ORDERS', 'ORD-90098', 'applied', 1300, null)
) v (place, mark, topic, ref, status, minutes, error);

-- Calendars.
insert into channels.calendar_connections (biz_id, id, resource_id, user_id, account_id, provider, external_calendar_id, name, direction, status, token_sealed, export_token_hash, last_synced_at, failure_count, last_error)
select
  pg_temp.biz(), pg_temp.id('calendar_connection/' || v.mark), case when v.nth > 0 then pg_temp.resource('equipment', v.nth) end, case when v.nth = 0 then pg_temp.person(v.mark) end, case v.provider when 'microsoft' then pg_temp.id('channel_account/outlook') end, v.provider, v.external_id, v.name, v.direction, 'active',
  case v.provider when 'microsoft' then sha256(convert_to(v.mark, 'UTF8')) end, case v.direction when 'export' then sha256('\xff'::bytea || uuid_send(pg_temp.id('calendar_connection/' || v.mark))) end, now() - v.minutes * interval '1 minute', v.failures, v.error
from (values
  ('forklift-1', 1, 'microsoft', 'fl-01@keep.example', 'Forklift 1', 'both', 20, 0, null), ('forklift-2', 2, 'microsoft', 'fl-02@keep.example', 'Forklift 2', 'both', 2000, 6, 'mailbox not found'), ('forklift-3', 3, 'ical', 'export-fl-03', 'Forklift 3', 'export', 60, 0, null),
  ('owner', 0, 'microsoft', 'owner@keep.example', 'Nurul Huda', 'import', 20, 0, null), ('desk', 0, 'microsoft', 'desk@keep.example', 'Wei Ming', 'import', 9000, 0, null)
) v (mark, nth, provider, external_id, name, direction, minutes, failures, error);
update channels.calendar_connections c
set status = case c.id when pg_temp.id('calendar_connection/forklift-2') then 'failing' else 'paused' end
where c.biz_id = pg_temp.biz() and c.id in (pg_temp.id('calendar_connection/forklift-2'), pg_temp.id('calendar_connection/desk'));
insert into channels.calendar_connection_events (biz_id, id, connection_id, external_event_id, origin, starts_at, ends_at, subject_type, subject_id)
select pg_temp.biz(), pg_temp.id('calendar_connection_event/' || a.id), pg_temp.id('calendar_connection/forklift-1'), 'bz' || left(md5(a.source_id::text), 20), 'push', a.service_starts_at, a.service_ends_at, a.source_type, a.source_id
from availability.allocations a
where a.biz_id = pg_temp.biz() and a.source_type = 'BookingOrder' and a.status = 'firm' and a.resource_id = pg_temp.resource('equipment', 1)
union all
select pg_temp.biz(), pg_temp.id('calendar_connection_event/pull/' || n), pg_temp.id('calendar_connection/owner'), 'ext' || n, 'pull', pg_temp.at(n, '10:00'), pg_temp.at(n, '11:30'), null, null
from generate_series(1, 5) n;
drop table demo_jobs;
