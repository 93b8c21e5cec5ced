-- Others may use: channel_account/booking, channel_account/expedia (agencies that sell LIS and CAS), channel_account/google
-- (calendars); channel_booking/<n>, from 1 the newest of the orders that came over them.

-- Accounts.
insert into channels.channel_accounts (
  biz_id, id, name, kind, provider, external_account_id, status, is_test, credentials_ref, credentials_rotated_at, credentials_expires_at, capabilities,
  commission_rate, currency, overbook_policy, settings, last_ok_at, last_error_at, last_error, connected_at, created_at
)
select
  pg_temp.biz(), pg_temp.id('channel_account/' || v.mark), v.name, v.kind, v.provider, v.external_id, v.status, v.is_test, 'vault:channels/' || v.mark,
  now() - interval '40 days', now() + interval '50 days', v.capabilities, v.commission, v.currency, v.policy, v.settings::jsonb,
  now() - v.ok_minutes * interval '1 minute', now() - v.bad_hours * interval '1 hour', v.error, now() - v.days * interval '1 day', now() - (coalesce(v.days, 2) + 3) * interval '1 day'
from (values
  ('booking', 'Booking.com', 'ota', 'booking_com', '8841207', 'connected', false, '{rates.push,inventory.push,bookings.pull,content.push,reviews.pull}'::text[], 0.15, 'EUR',
    'import_and_alert', '{"pricing": "per_day", "children": true}', 4, 61, 'HTTP 502 from the gateway', 900),
  ('expedia', 'Expedia', 'ota', 'expedia', 'H-55120', 'connected', false, '{rates.push,inventory.push,bookings.pull}', 0.18, 'EUR', 'hold_for_review',
    '{"model": "hotel_collect"}', 47, 1, 'rate 4402: minimum stay is required', 640),
  ('google-hotels', 'Google hotel search', 'metasearch', 'google_hotels', 'harbour-hotels', 'connected', false, '{rates.push,inventory.push}', 0.1, 'EUR', 'import_and_alert', '{}', 6000, 90, 'budget is used up', 300),
  ('hotelbeds', 'Hotelbeds', 'wholesaler', 'hotelbeds', 'PT-2231', 'connected', false, '{rates.push,bookings.pull}', 0.22, 'EUR', 'hold_for_review', '{}', 260000, 250000, null, 800),
  ('airbnb', 'Airbnb', 'ota', 'airbnb', 'harbour-cascais', 'pending', false, '{rates.push,bookings.pull,messages.pull}', 0.155, 'EUR', 'hold_for_review', '{}', null, null, null, null),
  ('google', 'Google Workspace', 'calendar', 'google_calendar', 'harbour.example', 'connected', false, '{}', null, null, 'import_and_alert', '{}', 9, null, null, 500),
  ('sandbox', 'Booking.com, test', 'ota', 'booking_com', '9990001', 'pending', true, '{bookings.pull}', null, null, 'import_and_alert', '{}', null, null, null, null)
) v (mark, name, kind, provider, external_id, status, is_test, capabilities, commission, currency, policy, settings, ok_minutes, bad_hours, error, days);
update channels.channel_accounts a
set status = v.status
from (values ('expedia', 'degraded'), ('google-hotels', 'suspended'), ('hotelbeds', 'disconnected')) v (mark, status)
where a.biz_id = pg_temp.biz() and a.id = pg_temp.id('channel_account/' || v.mark);
insert into channels.channel_account_locations (biz_id, account_id, location_id)
select pg_temp.biz(), pg_temp.id('channel_account/' || a), pg_temp.location(l)
from (values ('booking', 'LIS'), ('booking', 'CAS'), ('expedia', 'LIS'), ('expedia', 'CAS'), ('google-hotels', 'LIS'), ('hotelbeds', 'LIS'), ('airbnb', 'CAS')) v (a, l);

-- What corresponds to what, and at which price.
create temporary table demo_links on commit drop as
select
  pg_temp.id('channel_entity_link/' || a.mark || '/' || u.location || '/' || u.code) id, a.mark, a.place, 'unit_type' entity, 'UnitType' subject_type, u.id subject_id,
  a.place * 100000 + u.nth * 137 external_id, u.name external_name, u.nth::integer nth
from (values (8, 'booking'), (5, 'expedia')) a (place, mark)
cross join (
  select u.id, u.code, u.name, l.code location, row_number() over (order by l.code desc, u.sort_key) nth
  from resources.unit_types u join core.locations l on l.biz_id = u.biz_id and l.id = u.location_id
  where u.biz_id = pg_temp.biz() and l.code in ('LIS', 'CAS')
) u;
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id, external_name, settings, last_synced_at)
select pg_temp.biz(), k.id, pg_temp.id('channel_account/' || k.mark), k.entity, k.subject_type, k.subject_id, k.external_id::text, k.external_name, '{"occupancy_pricing": true}'::jsonb,
  now() - k.nth * interval '7 minutes'
from demo_links k
union all
select pg_temp.biz(), pg_temp.id('channel_entity_link/' || v.mark || '/' || v.location), pg_temp.id('channel_account/' || v.mark), 'location', 'Location', pg_temp.location(v.location),
  v.external_id, v.name, '{}', now() - interval '2 hours'
from (values ('booking', 'LIS', '8841207', 'Harbour Lisbon'), ('booking', 'CAS', '8841311', 'Harbour Cascais'), ('expedia', 'LIS', 'H-55120', 'Harbour Lisbon Hotel'),
  ('expedia', 'CAS', 'H-55121', 'Harbour Cascais Hotel'), ('google-hotels', 'LIS', 'lis', 'Harbour Lisbon'), ('hotelbeds', 'LIS', '2231-1', 'HARBOUR LISBON')) v (mark, location, external_id, name);
update channels.channel_entity_links l
set status = case when l.external_id like '2231%' then 'broken' else 'paused' end
where l.biz_id = pg_temp.biz() and (l.external_id in ('2231-1', 'lis') or l.id = (select k.id from demo_links k where k.mark = 'expedia' and k.nth = 3));
insert into channels.channel_rate_rules (
  biz_id, id, link_id, markup_rate, markup_minor, rounding_minor, currency, min_stay_nights, min_stay_by_weekday, max_units, release_days, is_closed, starts_on, ends_on
)
select
  pg_temp.biz(), pg_temp.id('channel_rate_rule/' || k.id || '/' || v.part), k.id, case k.mark when 'booking' then 0.12 else 0.16 end, 0, 100, 'EUR', v.min_stay, v.by_weekday,
  case when k.nth = 3 then 1 else 4 end, v.release_days, v.is_closed, pg_temp.day(v.since), pg_temp.day(v.until)
from demo_links k
cross join (values
  (1, 1, null::integer[], 0, false, null::integer, 30), (2, 2, '{1,1,1,2,2,2,1}', 1, false, 30, 60), (3, 3, null, 2, true, 60, 63)
) v (part, min_stay, by_weekday, release_days, is_closed, since, until);

-- What goes over.
insert into channels.channel_sync_states (biz_id, id, account_id, stream, cursor, last_attempt_at, last_success_at, lag_seconds, dirty_ranges)
select
  pg_temp.biz(), pg_temp.id('channel_sync_state/' || v.mark || '/' || v.stream), pg_temp.id('channel_account/' || v.mark), v.stream, v.cursor, now() - v.tried * interval '1 minute',
  now() - v.done * interval '1 minute', v.lag, v.dirty::jsonb
from (values
  ('booking', 'rates', null, 4, 4, 0, '[]'), ('booking', 'inventory', null, 4, 4, 12, '[]'), ('booking', 'bookings', 'res:904417', 2, 2, 0, '[]'), ('booking', 'reviews', 'page:31', 55, 55, 0, '[]'),
  ('expedia', 'rates', null, 12, 75, 3800, '[]'), ('expedia', 'inventory', null, 47, 47, 40, '[]'), ('expedia', 'bookings', 'e:77120', 6, 6, 0, '[]'),
  ('google-hotels', 'rates', null, 6000, 6000, 360000, '[{"from": "all"}]'), ('hotelbeds', 'rates', null, 260000, 260000, null, '[]')
) v (mark, stream, cursor, tried, done, lag, dirty);
create temporary table demo_jobs on commit drop as
select
  pg_temp.id('channel_sync_job/' || a.mark || '/' || n) id, a.mark, n, (array['rates', 'inventory', 'bookings'])[1 + n % 3] stream, case n % 3 when 2 then 'pull' else 'push' end direction,
  now() - n * interval '97 minutes' - a.place * interval '9 minutes' began,
  case when n % 11 = 0 then 'failed' when n % 3 <> 2 and n % 5 = a.place then 'partially_succeeded' when n % 13 = 0 then 'cancelled' else 'succeeded' end status
from (values (0, 'booking'), (1, 'expedia')) a (place, mark)
cross join generate_series(1, 28) n;
insert into channels.channel_sync_jobs (
  biz_id, id, account_id, stream, direction, starts_on, ends_on, is_full, status, attempts, started_at, finished_at, items_total, items_ok, items_failed, error, created_at
)
select
  pg_temp.biz(), j.id, pg_temp.id('channel_account/' || j.mark), j.stream, j.direction, pg_temp.day(0), pg_temp.day(case when j.n % 7 = 0 then 365 else 30 end), j.n % 7 = 0, j.status,
  case j.status when 'failed' then 8 when 'cancelled' then 0 else 1 end, case when j.status <> 'cancelled' then j.began + interval '3 seconds' end,
  j.began + (4 + j.n % 9) * interval '1 second', case when j.direction = 'push' then 5 else j.n % 4 end,
  case when j.status in ('failed', 'cancelled') then 0 when j.direction = 'pull' then j.n % 4 when j.status = 'partially_succeeded' then 4 else 5 end,
  case when j.direction = 'pull' then 0 else case j.status when 'failed' then 5 when 'partially_succeeded' then 1 else 0 end end,
  case j.status when 'failed' then 'HTTP 502 from the gateway' when 'partially_succeeded' then 'One of five was refused.' end, j.began
from demo_jobs j;
insert into channels.channel_sync_jobs (
  biz_id, id, account_id, stream, direction, starts_on, ends_on, is_full, status, attempts, next_attempt_at, lease_until, started_at, items_total, items_ok, created_at
)
select
  pg_temp.biz(), pg_temp.id('channel_sync_job/' || v.mark || '/' || v.stream || '/' || v.status), pg_temp.id('channel_account/' || v.mark), v.stream, v.direction, pg_temp.day(0), pg_temp.day(30),
  false, v.status, case v.status when 'running' then 1 else v.attempts end, case v.status when 'queued' then now() + interval '90 seconds' end,
  case v.status when 'running' then now() + interval '2 minutes' end, case v.status when 'running' then now() - interval '8 seconds' end, v.total, v.ok, now() - interval '1 minute'
from (values
  ('booking', 'inventory', 'push', 'running', 0, 5, 2), ('booking', 'rates', 'push', 'queued', 0, 0, 0), ('expedia', 'rates', 'push', 'queued', 3, 0, 0), ('expedia', 'bookings', 'pull', 'running', 0, 0, 0)
) v (mark, stream, direction, status, attempts, total, ok);
insert into channels.channel_sync_items (biz_id, id, job_id, item_no, subject_type, subject_id, external_id, request_digest, status, response_code, error_code, error, sent_at)
select
  pg_temp.biz(), pg_temp.id('channel_sync_item/' || j.id || '/' || k.nth), j.id, k.nth, k.subject_type, k.subject_id, k.external_id::text, sha256(convert_to(j.id::text || k.nth, 'UTF8')),
  f.fate, case f.fate when 'ok' then 200 when 'failed' then case j.status when 'failed' then 502 else 422 end end,
  case f.fate when 'failed' then case j.status when 'failed' then 'bad_gateway' else 'min_stay_required' end end,
  case f.fate when 'failed' then case j.status when 'failed' then 'HTTP 502 from the gateway' else 'Minimum stay is required for these days.' end end,
  case when f.fate <> 'pending' then j.began + (3 + k.nth) * interval '1 second' end
from demo_jobs j
join demo_links k on k.mark = j.mark
cross join lateral (
  select case when j.status = 'cancelled' then 'pending' when j.status = 'failed' or (j.status = 'partially_succeeded' and k.nth = 3) then 'failed' else 'ok' end fate
) f
where j.direction = 'push' and j.n <= 14
union all
select
  pg_temp.biz(), pg_temp.id('channel_sync_item/running/' || k.nth), pg_temp.id('channel_sync_job/booking/inventory/running'), k.nth, k.subject_type, k.subject_id, k.external_id::text,
  case when k.nth < 4 then sha256(convert_to('running ' || k.nth, 'UTF8')) end, case when k.nth < 3 then 'ok' when k.nth = 3 then 'skipped' else 'pending' end, case when k.nth < 3 then 200 end,
  null, null, case when k.nth < 3 then now() - interval '4 seconds' end
from demo_links k
where k.mark = 'booking';
insert into channels.channel_sync_log (biz_id, id, account_id, job_id, level, code, message, payload_ref, occurred_at)
select
  pg_temp.biz(), pg_temp.id('channel_sync_log/' || j.id || '/' || v.part), pg_temp.id('channel_account/' || j.mark), j.id,
  case when v.part = 1 then 'debug' else case j.status when 'failed' then 'error' when 'partially_succeeded' then 'warning' else 'info' end end,
  case when v.part = 1 then 'job_started' else 'job_' || j.status end,
  case when v.part = 1 then 'Transfer of ' || j.stream || ' began.' when j.status = 'failed' then 'HTTP 502 from the gateway, given up after 8 tries.'
    when j.status = 'partially_succeeded' then 'One of five was refused: minimum stay is required for these days.' when j.status = 'cancelled' then 'Called off: a newer transfer holds the same days.'
    else 'All of it went over.' end,
  case when v.part = 2 and j.status = 'failed' then 'channels/' || j.id || '.json' end, j.began + v.part * interval '4 seconds'
from demo_jobs j
cross join (values (1), (2)) v (part)
union all
select pg_temp.biz(), pg_temp.id('channel_sync_log/' || v.place), pg_temp.id('channel_account/' || v.mark), null, v.level, v.code, v.message, null, now() - v.hours * interval '1 hour'
from (values
  (1, 'google-hotels', 'warning', 'budget_used_up', 'The budget of the month is used up, no clicks are sent.', 90), (2, 'expedia', 'info', 'credentials_renewed', 'The password of the interface was renewed.', 70),
  (3, 'booking', 'warning', 'booking_parked', 'A change came before its booking and waits for it.', 5), (4, 'expedia', 'error', 'overbooked', 'A booking for the suite came and there is none left.', 3)
) v (place, mark, level, code, message, hours);

-- Bookings that came over them.
create temporary table demo_orders on commit drop as
select
  o.*, c.full_name, c.email_enc, c.email_bidx, row_number() over (order by o.booked_at desc, o.number)::integer nth,
  case when row_number() over (order by o.booked_at desc, o.number) % 3 = 0 then 'expedia' else 'booking' end mark
from booking.booking_orders o
join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id
where o.biz_id = pg_temp.biz() and o.channel = 'ota' and o.kind = 'stay' and o.status <> 'held';
insert into channels.channel_bookings (
  biz_id, id, account_id, external_booking_id, external_version, external_modified_at, status, booking_order_id, customer_id, location_id, guest_name, guest_email_enc, guest_email_bidx,
  check_in_on, check_out_on, units, total_minor, commission_minor, currency, collected_by, virtual_card_ref, virtual_card_valid_from, payload, received_at, imported_at, acknowledged_at, cancelled_at
)
select
  pg_temp.biz(), pg_temp.id('channel_booking/' || o.nth), pg_temp.id('channel_account/' || o.mark), case o.mark when 'booking' then (4180000000 - o.nth * 7919)::text else 'EXP' || 77120 - o.nth end,
  case when o.status = 'cancelled' or o.nth = 4 then 2 else 1 end, coalesce(o.cancelled_at, o.booked_at),
  case when o.status = 'cancelled' then 'cancelled' when o.nth = 4 then 'modified' when o.nth <= 2 then 'imported' else 'acknowledged' end, o.id, o.customer_id, o.location_id, o.full_name,
  o.email_enc, o.email_bidx, o.check_in_on, o.check_out_on, 1, o.total_minor, o.total_minor * case o.mark when 'booking' then 15 else 18 end / 100, o.currency,
  case when o.nth % 4 = 0 then 'channel' else 'business' end, case when o.nth % 4 = 0 then 'card_' || left(md5('card ' || o.nth), 16) end,
  case when o.nth % 4 = 0 then o.check_in_on::timestamp at time zone o.timezone end,
  jsonb_build_object('guest', o.full_name, 'arrival', o.check_in_on, 'departure', o.check_out_on, 'total', round(o.total_minor / 100.0, 2), 'adults', o.party_size), o.booked_at,
  o.booked_at + interval '40 seconds', case when o.nth > 2 then o.booked_at + interval '55 seconds' end, o.cancelled_at
from demo_orders o;
insert into channels.channel_bookings (
  biz_id, id, account_id, external_booking_id, external_version, external_modified_at, status, location_id, guest_name, check_in_on, check_out_on, units, total_minor, commission_minor, currency,
  collected_by, is_overbooked, payload, received_at, cancelled_at
)
select
  pg_temp.biz(), pg_temp.id('channel_booking/open/' || v.place), pg_temp.id('channel_account/' || v.mark), v.external_id, 1, now() - v.minutes * interval '1 minute', v.status, pg_temp.location(v.location),
  v.guest, pg_temp.day(v.arrival), pg_temp.day(v.arrival + v.nights), 1, v.total, v.total * 15 / 100, case when v.total is not null then 'EUR' end, case when v.total is not null then 'business' end, false,
  case when v.total is not null then jsonb_build_object('guest', v.guest, 'arrival', pg_temp.day(v.arrival), 'nights', v.nights, 'total', v.total / 100) end, now() - v.minutes * interval '1 minute',
  case v.status when 'cancelled' then now() - v.minutes * interval '1 minute' end
from (values
  (1, 'booking', '4180100231', 'received', 'LIS', 'Greta Lindqvist', 12, 3, 47700, 2), (2, 'booking', '4180100187', 'received', null, 'Tomasz Wrona', 20, 2, 31800, 3),
  (3, 'expedia', 'EXP77188', 'mapped', 'CAS', 'Nora Fitzgerald', 9, 4, 58000, 6), (4, 'expedia', 'EXP77186', 'conflict', 'LIS', 'Oliver Stein', 2, 2, 49000, 180),
  (5, 'booking', '4180099874', 'conflict', 'CAS', 'Chiara Romano', 16, 5, 61000, 320), (6, 'booking', '4180099710', 'conflict', null, 'Paul Vermeer', 25, 1, 12900, 900),
  (7, 'expedia', 'EXP77130', 'conflict', 'LIS', 'Sven Aalto', 1, 1, 24500, 2900), (8, 'booking', '4180098001', 'cancelled', null, null, null, null, null, 4000)
) v (place, mark, external_id, status, location, guest, arrival, nights, total, minutes);
update channels.channel_bookings b
set status = 'rejected'
where b.biz_id = pg_temp.biz() and b.id = pg_temp.id('channel_booking/open/7');
insert into channels.channel_conflicts (
  biz_id, id, channel_booking_id, kind, status, detail, expected_minor, actual_minor, currency, assigned_member_id, due_at, resolution, note, decided_at, decided_by_id, created_at
)
select
  pg_temp.biz(), pg_temp.id('channel_conflict/' || v.place), pg_temp.id('channel_booking/' || v.booking), v.kind, v.status, v.detail::jsonb, v.expected, v.actual, case when v.expected is not null then 'EUR' end,
  pg_temp.member(v.member), case v.status when 'open' then now() + v.place * interval '5 hours' end, v.resolution, v.note,
  case when v.status <> 'open' then now() - (v.hours - 2) * interval '1 hour' end, case when v.status <> 'open' then pg_temp.person('desk') end, now() - v.hours * interval '1 hour'
from (values
  (1, 'open/4', 'overbooking', 'open', '{"unit_type": "STE", "left": 0}', null, null, 'owner', null, null, 3), (2, 'open/5', 'price_mismatch', 'open', '{"nights": 5}', 72500, 61000, 'desk', null, null, 5),
  (3, 'open/6', 'unmapped', 'open', '{"room": "STD-OLD"}', null, null, null, null, null, 15), (4, 'open/7', 'overbooking', 'resolved', '{"unit_type": "STE", "left": 0}', null, null, 'owner', 'rejected', 'No suite in either house; the guest was told by telephone.', 48),
  (5, '6', 'price_mismatch', 'resolved', '{"nights": 2}', 31800, 30600, 'desk', 'price_accepted', 'Our own campaign, ended a day late there.', 70), (6, '9', 'late_change', 'resolved', '{"departure": "one day earlier"}', null, null, 'desk', 'merged', null, 110),
  (7, '12', 'duplicate', 'dismissed', '{"of": "BK-000120"}', null, null, 'desk', null, 'Two rooms, booked one after the other.', 160), (8, '4', 'late_change', 'open', '{"guests": 3}', null, null, 'desk', null, null, 1),
  (9, '15', 'unmapped', 'resolved', '{"room": "SEA-N"}', null, null, null, 'mapped', 'New name of the sea view.', 300)
) v (place, booking, kind, status, detail, expected, actual, member, resolution, note, hours);
insert into channels.channel_webhook_events (
  biz_id, id, account_id, external_event_id, topic, occurred_at, received_at, payload, status, attempts, next_attempt_at, processed_at, error
)
select
  pg_temp.biz(), pg_temp.id('channel_webhook_event/' || o.nth), pg_temp.id('channel_account/' || o.mark), 'evt-' || o.nth || '-' || o.number, case when o.status = 'cancelled' then 'reservation.cancelled' else 'reservation.created' end,
  o.booked_at, o.booked_at + interval '1 second', jsonb_build_object('reservation', o.number, 'arrival', o.check_in_on), 'applied', 1, null, o.booked_at + interval '38 seconds', null
from demo_orders o
where o.nth <= 40
union all
select
  pg_temp.biz(), pg_temp.id('channel_webhook_event/' || v.mark || '/' || v.place), pg_temp.id('channel_account/' || v.mark), 'evt-x' || v.place, v.topic, now() - v.minutes * interval '1 minute', now() - v.minutes * interval '1 minute', v.payload::jsonb,
  v.status, v.attempts, case when v.status in ('received', 'parked') then now() + interval '3 minutes' end, case when v.status = 'ignored' then now() - v.minutes * interval '1 minute' + interval '2 seconds' end, v.error
from (values
  (1, 'booking', 'reservation.created', '{"reservation": "4180100231"}', 'received', 0, 2, null), (2, 'booking', 'reservation.created', '{"reservation": "4180100187"}', 'received', 0, 3, null),
  (3, 'booking', 'reservation.modified', '{"reservation": "4180100555"}', 'parked', 2, 300, 'Its booking has not come yet.'), (4, 'expedia', 'reservation.created', '{"reservation": "EXP77186"}', 'failed', 8, 180, 'There is no suite left.'),
  (5, 'booking', 'review.published', '{"score": 9.1}', 'ignored', 1, 55, null), (6, 'expedia', 'ping', '{}', 'ignored', 1, 400, null), (7, 'expedia', 'reservation.modified', '{"reservation": "EXP77001"}', 'failed', 8, 2600, 'The message has no departure.')
) v (place, mark, topic, payload, status, attempts, minutes, error);

-- Calendars.
insert into channels.calendar_connections (
  biz_id, id, resource_id, user_id, account_id, provider, external_calendar_id, name, direction, is_busy_only, status, token_sealed, feed_url_sealed, export_token_hash, sync_token, watch_ref,
  watch_expires_at, last_synced_at, failure_count, last_error
)
select
  pg_temp.biz(), pg_temp.id('calendar_connection/' || v.mark), case when v.kind is not null then pg_temp.resource(v.kind, v.nth) end, case when v.kind is null then pg_temp.person(v.person) end,
  case v.provider when 'google' then pg_temp.id('channel_account/google') end, v.provider, v.external_id, v.name, v.direction, true, 'active',
  case when v.provider <> 'ical' then sha256(convert_to('token ' || v.mark, 'UTF8')) end, case when v.provider = 'ical' and v.direction = 'import' then sha256(convert_to('feed ' || v.mark, 'UTF8')) end,
  case when v.direction = 'export' then sha256('\xff'::bytea || uuid_send(pg_temp.id('calendar_connection/' || v.mark))) end, case v.provider when 'google' then 'CPDAlvWDx70CEPDAlvWDx70CGAU=' end,
  case v.provider when 'google' then 'watch-' || v.mark end, case v.provider when 'google' then now() + interval '5 days' end, now() - v.minutes * interval '1 minute', v.failures, v.error
from (values
  ('filipa', 'human', 1, null, 'google', 'filipa@harbour.example', 'Filipa, treatments', 'both', 6, 0, null), ('marco', 'human', 2, null, 'microsoft', 'marco@harbour.example', 'Marco', 'both', 2900, 14, 'invalid_grant: the consent was taken back'),
  ('dune', 'room', 1, null, 'ical', 'export-dune', 'Treatment room Dune', 'export', 30, 0, null), ('cas-24', 'unit', 24, null, 'ical', '5f0a1c', 'Room 24, let by the owners in August', 'import', 44, 0, null),
  ('helena', null, null, 'owner', 'google', 'owner@harbour.example', 'Helena Duarte', 'both', 12, 0, null), ('duarte', null, null, 'desk', 'apple', 'desk@harbour.example', 'Duarte', 'import', 20000, 0, null),
  ('amelia', null, null, 'analyst', 'microsoft', 'analyst@harbour.example', 'Amélia', 'import', 90000, 0, null)
) v (mark, kind, nth, person, provider, external_id, name, direction, minutes, failures, error);
update channels.calendar_connections c
set status = v.status
from (values ('marco', 'failing'), ('duarte', 'paused'), ('amelia', 'revoked')) v (mark, status)
where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('calendar_connection/' || v.mark);
insert into channels.calendar_connection_events (biz_id, id, connection_id, external_event_id, external_version, origin, starts_at, ends_at, is_busy, subject_type, subject_id, deleted_there_at)
select
  pg_temp.biz(), pg_temp.id('calendar_connection_event/' || a.id), pg_temp.id('calendar_connection/' || case a.resource_id when pg_temp.resource('human', 1) then 'filipa' else 'marco' end), 'bz' || left(md5(a.source_id::text), 20), '"1"', 'push',
  a.service_starts_at, a.service_ends_at, true, a.source_type, a.source_id, null
from availability.allocations a
where a.biz_id = pg_temp.biz() and a.source_type = 'BookingOrder' and a.status = 'firm' and a.service_starts_at > now() - interval '3 days'
  and a.resource_id in (pg_temp.resource('human', 1), pg_temp.resource('human', 2))
union all
select
  pg_temp.biz(), pg_temp.id('calendar_connection_event/pull/' || v.place), pg_temp.id('calendar_connection/' || v.mark), 'ext' || v.place, '"' || v.place || '"', 'pull', pg_temp.at(v.day, v.since), pg_temp.at(v.day, v.until), v.is_busy, null, null,
  case when v.place = 5 then now() - interval '1 day' end
from (values
  (1, 'filipa', 3, time '13:00', time '14:00', true), (2, 'filipa', 6, '09:00', '10:30', true), (3, 'marco', 2, '17:00', '18:00', true), (4, 'helena', 1, '10:00', '12:00', true), (5, 'helena', 2, '15:00', '16:00', true),
  (6, 'helena', 4, '09:30', '10:00', false), (7, 'cas-24', 40, '16:00', '23:00', true), (8, 'duarte', 5, '08:00', '09:00', true)
) v (place, mark, day, since, until, is_busy);
drop table demo_links, demo_jobs, demo_orders;
