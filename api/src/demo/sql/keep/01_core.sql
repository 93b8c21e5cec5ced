-- Others may use: location/johor (code JHB, opens next year, inactive), location/yard (trailer yard of PKL, code YRD, under
-- maintenance); feature/<code>; tag/<domain>/<code>; status/<domain>/<code>.

-- Places that are not open yet, or not now.
insert into core.locations (
  biz_id, id, parent_location_id, code, name, kind, status, timezone, business_day_cutoff, currency, country_code, city, postal_code, address_line1, lat, lng,
  phone, email, max_unit_height_mm
)
select
  pg_temp.biz(), pg_temp.id('location/' || v.mark), pg_temp.location(v.parent), v.code, v.name, v.kind, 'active', 'Asia/Kuala_Lumpur', time '00:00', 'MYR', 'MY', v.city, v.postal_code,
  v.address, v.lat, v.lng, v.phone, v.mailbox, 2200
from (values
  ('yard', 'PKL', 'YRD', 'Trailer yard, Port Klang', 'venue_site', 'Pelabuhan Klang', '42000', 'Jalan Pelabuhan Utara, Lot 7', 3.000500, 101.392000, '+60 3-5550 1207', 'yard@keep.example'),
  ('johor', null, 'JHB', 'Keep Johor Bahru', 'warehouse', 'Johor Bahru', '81700', 'Jalan Pasir Gudang 18', 1.470100, 103.878000, '+60 7-5550 1218', 'johor@keep.example')
) v (mark, parent, code, name, kind, city, postal_code, address, lat, lng, phone, mailbox);
update core.locations l
set status = case l.code when 'YRD' then 'maintenance' else 'inactive' end
where l.biz_id = pg_temp.biz() and l.code in ('YRD', 'JHB');

-- Features.
insert into core.features (biz_id, id, code, name, description, scope, category, icon, is_filterable, sort_order)
select pg_temp.biz(), pg_temp.id('feature/' || v.code), v.code, v.name, v.description, v.scope, v.category, v.icon, v.is_filterable, 10 * v.place
from (values
  (1, 'dock-levellers', 'Dock levellers', 'For trailers from 1.0 to 1.4 m.', 'location', 'Docks', 'truck', true), (2, 'cold-chain', 'Cold chain', '2 to 8 degrees, logged every five minutes.', 'location', 'Climate', 'snowflake', true),
  (3, 'bonded', 'Bonded warehouse', 'Licence of the customs of Selangor.', 'location', 'Customs', 'stamp', true), (4, 'halal', 'Halal certified', null, 'location', 'Quality', 'badge-check', true),
  (5, 'cctv', 'Cameras day and night', null, 'location', 'Security', 'cctv', false), (6, 'sprinklers', 'Sprinklers', null, 'location', 'Security', 'flame', true),
  (7, 'chilled', 'Chilled', '2 to 8 degrees.', 'resource', 'Climate', 'snowflake', true), (8, 'ground-level', 'Ground level', 'No lift needed.', 'resource', 'Position', 'arrow-down', true),
  (9, 'heavy-duty', 'Heavy duty', 'Up to 1,500 kg a pallet.', 'resource', 'Load', 'weight', true), (10, 'near-dock', 'Near the dock', null, 'resource', 'Position', 'map-pin', true),
  (11, 'caged', 'Caged', 'Locked, for goods of value.', 'resource', 'Security', 'lock', true), (12, 'side-shift', 'Side shift', null, 'resource', 'Forklift', 'move-horizontal', false)
) v (place, code, name, description, scope, category, icon, is_filterable);
insert into core.location_features (biz_id, id, location_id, feature_id, is_active, note)
select pg_temp.biz(), pg_temp.id('location_feature/' || v.location || '/' || v.feature), pg_temp.location(v.location), pg_temp.id('feature/' || v.feature), v.is_active, v.note
from (values
  ('PKL', 'dock-levellers', true, 'Docks 1 to 6.'), ('PKL', 'cold-chain', true, null), ('PKL', 'bonded', true, 'Hall B only.'), ('PKL', 'halal', true, null), ('PKL', 'cctv', true, null),
  ('PKL', 'sprinklers', true, null), ('SHA', 'dock-levellers', true, 'Docks 1 and 2.'), ('SHA', 'cctv', true, null), ('SHA', 'sprinklers', false, 'Pump is being replaced.'), ('SHA', 'halal', true, null)
) v (location, feature, is_active, note);
insert into core.subject_location_bindings (biz_id, id, subject_type, subject_id, location_id, mode, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('binding/service/' || s.code), 'Service', s.id, pg_temp.location(case s.code when 'chilled' then 'PKL' else 'JHB' end), case s.code when 'chilled' then 'include' else 'exclude' end,
  case s.code when 'chilled' then null else pg_temp.day(-30) end, case s.code when 'forklift' then pg_temp.day(200) end
from catalog.services s
where s.biz_id = pg_temp.biz();

-- Tags.
insert into core.tag_templates (biz_id, id, domain, code, label, description, color, parent_id)
select pg_temp.biz(), pg_temp.id('tag/' || v.domain || '/' || v.code), v.domain, v.code, v.label, v.description, v.color, case when v.parent is not null then pg_temp.id('tag/' || v.domain || '/' || v.parent) end
from (values
  ('customer', 'food', 'Food', null, '#15803d', null), ('customer', 'seafood', 'Seafood', 'Keep away from dry goods.', '#0e7490', 'food'), ('customer', 'pharma', 'Pharmaceuticals', 'Cage and log of temperature.', '#7c3aed', null),
  ('customer', 'slow-payer', 'Slow payer', 'Ask finance before new bookings.', '#b91c1c', null), ('customer', 'key-account', 'Key account', null, '#b45309', null),
  ('booking', 'fragile', 'Fragile', 'No second level.', '#c026d3', null), ('booking', 'dangerous', 'Dangerous goods', 'Papers before arrival.', '#dc2626', null), ('booking', 'overweight', 'Overweight', null, '#a16207', null),
  ('asset', 'leased', 'Leased', null, '#475569', null), ('resource', 'audited', 'Audited', 'Passed the halal audit.', '#0f766e', null), ('location', 'main', 'Main site', null, '#1d4ed8', null)
) v (domain, code, label, description, color, parent);
insert into core.tag_assignments (biz_id, tag_template_id, subject_type, subject_id)
select pg_temp.biz(), pg_temp.id('tag/customer/' || v.tag), 'Customer', pg_temp.customer(v.nth)
from (values ('food', 1), ('food', 2), ('food', 6), ('food', 7), ('food', 23), ('food', 24), ('seafood', 11), ('pharma', 14), ('pharma', 21), ('slow-payer', 5), ('slow-payer', 18), ('key-account', 1), ('key-account', 13)) v (tag, nth)
union all
select pg_temp.biz(), pg_temp.id('tag/booking/' || v.tag), 'BookingOrder', pg_temp.booking('confirmed', v.nth)
from (values ('fragile', 2), ('fragile', 6), ('fragile', 11), ('dangerous', 4), ('overweight', 9), ('overweight', 13)) v (tag, nth)
union all
select pg_temp.biz(), pg_temp.id('tag/resource/audited'), 'Resource', r.id
from resources.resources r
where r.biz_id = pg_temp.biz() and r.number like 'PKL-CHL-%'
union all
select pg_temp.biz(), pg_temp.id('tag/asset/leased'), 'Resource', pg_temp.resource('equipment', 2)
union all
select pg_temp.biz(), pg_temp.id('tag/location/main'), 'Location', pg_temp.location('PKL');

-- Statuses of our own.
insert into core.status_definitions (biz_id, id, domain, code, label, description, category, color, is_default, sort_order)
select pg_temp.biz(), pg_temp.id('status/' || v.domain || '/' || v.code), v.domain, v.code, v.label, v.description, v.category, v.color, v.is_default, 10 * v.place
from (values
  (1, 'resource', 'usable', 'Usable', null, 'available', '#16a34a', true), (2, 'resource', 'half-height', 'Half height', 'Beam is bent: pallets up to 1.1 m.', 'limited', '#ca8a04', false),
  (3, 'resource', 'fumigation', 'Fumigation', null, 'unavailable', '#0891b2', false), (4, 'asset', 'working', 'Working', null, 'available', '#16a34a', true), (5, 'asset', 'charging', 'Charging', null, 'unavailable', '#2563eb', false),
  (6, 'asset', 'workshop', 'In the workshop', null, 'out_of_service', '#dc2626', false), (7, 'vehicle', 'on-road', 'On the road', null, 'available', '#16a34a', true), (8, 'vehicle', 'puspakom', 'At the inspection', null, 'unavailable', '#ca8a04', false),
  (9, 'vehicle', 'sold', 'Sold', null, 'retired', '#64748b', false), (10, 'customer', 'good', 'In good standing', null, 'available', '#16a34a', true), (11, 'customer', 'stop-credit', 'Credit stopped', null, 'limited', '#dc2626', false)
) v (place, domain, code, label, description, category, color, is_default);
insert into core.status_definition_tag_scopes (biz_id, domain, status_definition_id, tag_template_id)
select pg_temp.biz(), v.domain, pg_temp.id('status/' || v.domain || '/' || v.status), pg_temp.id('tag/' || v.domain || '/' || v.tag)
from (values ('customer', 'stop-credit', 'slow-payer'), ('asset', 'workshop', 'leased'), ('resource', 'fumigation', 'audited')) v (domain, status, tag);

-- Pictures and papers.
insert into core.media_assets (
  biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, width_px, height_px, alt_text, caption, sort_order, is_cover, is_public, scan_status, uploaded_at, created_at
)
select
  pg_temp.biz(), pg_temp.id('media/' || v.file_name), v.subject_type,
  case v.subject_type when 'Location' then pg_temp.location(v.code) when 'Customer' then pg_temp.customer(v.nth) when 'BookingOrder' then pg_temp.booking('confirmed', v.nth) else pg_temp.resource(v.code, v.nth) end, v.kind,
  'media/' || pg_temp.id('media/' || v.file_name) || '/' || v.file_name, v.file_name, v.content_type, v.kilobytes * 1024 + v.place,
  case when v.scan_status <> 'awaiting_upload' then encode(sha256(convert_to(v.file_name, 'UTF8')), 'hex') end, v.width, v.height, v.alt_text, null, v.place, v.is_cover, v.scan_status = 'clean' and v.kind <> 'document', v.scan_status,
  case when v.scan_status <> 'awaiting_upload' then now() - v.place * interval '43 hours' + interval '15 seconds' end, now() - v.place * interval '43 hours'
from (values
  (1, 'Location', 'PKL', 1, 'photo', 'port-klang-docks.jpg', 'image/jpeg', 2300, 3840, 2160, 'Six loading docks with blue doors', true, 'clean'), (2, 'Location', 'PKL', 1, 'floor_plan', 'port-klang-halls.pdf', 'application/pdf', 830, null, null, 'Plan of the ambient and chilled halls', false, 'clean'),
  (3, 'Location', 'SHA', 1, 'photo', 'shah-alam-depot.jpg', 'image/jpeg', 1900, 3840, 2160, 'A depot behind a row of palms', true, 'clean'), (4, 'Location', 'PKL', 1, 'certificate', 'halal-certificate.pdf', 'application/pdf', 240, null, null, 'Halal certificate of the warehouse', false, 'clean'),
  (5, 'Resource', 'storage_bay', 2, 'photo', 'bent-beam.jpg', 'image/jpeg', 1500, 3024, 4032, 'A bent beam of a rack', false, 'pending'), (6, 'Customer', null, 14, 'document', 'orkid-licence.pdf', 'application/pdf', 190, null, null, null, false, 'clean'),
  (7, 'BookingOrder', null, 4, 'document', 'safety-data-sheet.pdf', 'application/pdf', 410, null, null, null, false, 'clean'), (8, 'BookingOrder', null, 9, 'document', 'packing-list.xls', 'application/vnd.ms-excel', 55, null, null, null, false, 'infected'),
  (9, 'Resource', 'equipment', 1, 'video', 'forklift-noise.mp4', 'video/mp4', 20400, 1080, 1920, 'A forklift that squeaks when it turns', false, 'failed'), (10, 'Location', 'JHB', 1, 'photo', 'johor-site.jpg', 'image/jpeg', 1800, 4032, 3024, 'Steel frame of a new hall', false, 'awaiting_upload')
) v (place, subject_type, code, nth, kind, file_name, content_type, kilobytes, width, height, alt_text, is_cover, scan_status);

-- Notes, some of them written again.
insert into core.notes (biz_id, id, subject_type, subject_id, visibility, body, is_pinned, created_at, created_by)
select
  pg_temp.biz(), pg_temp.id('note/' || v.place), v.subject_type,
  case v.subject_type when 'Location' then pg_temp.location(v.code) when 'Customer' then pg_temp.customer(v.nth) when 'BookingOrder' then pg_temp.booking(v.code, v.nth) else pg_temp.resource(v.code, v.nth) end, v.visibility, v.body,
  v.is_pinned, now() - v.hours * interval '1 hour', pg_temp.person(v.author)
from (values
  (1, 'Customer', null, 5, 'private', 'Promised to pay the invoices of last month by Friday.', true, 60, 'owner'), (2, 'Customer', null, 11, 'private', 'Trucks come before six in the morning: gate 2, call the guard.', true, 300, 'desk'),
  (3, 'Customer', null, 14, 'ai', 'Needs the log of the temperature with every delivery, as CSV.', false, 410, 'desk'), (4, 'Customer', null, 1, 'private', 'Wants to move to the chilled hall in the new year.', false, 120, 'owner'),
  (5, 'BookingOrder', 'confirmed', 4, 'private', 'Class 3, packing group III. Papers are here, bay next to the sprinkler valve.', true, 48, 'desk'), (6, 'BookingOrder', 'confirmed', 6, 'public', 'We stack these on the ground level only.', false, 40, 'desk'),
  (7, 'BookingOrder', 'in_progress', 2, 'private', 'Two pallets came wet, photos sent to the customer.', false, 90, 'desk'), (8, 'BookingOrder', 'in_progress', 5, 'private', 'Will be fetched in three parts.', false, 30, 'desk'),
  (9, 'Location', 'PKL', 1, 'private', 'Weighbridge is calibrated on the first Monday of the quarter.', false, 600, 'owner'), (10, 'Location', 'SHA', 1, 'private', 'Pump of the sprinklers: parts come from Penang, about ten days.', true, 55, 'desk'),
  (11, 'Resource', 'equipment', 1, 'private', 'Squeaks when it turns, grease is ordered.', false, 44, 'desk'), (12, 'Resource', 'storage_bay', 2, 'system', 'Put on half height after the inspection.', false, 43, 'desk')
) v (place, subject_type, code, nth, visibility, body, is_pinned, hours, author);
update core.notes n
set body = n.body || v.more
from (values (1, ' Half of it came on Thursday.'), (8, ' First part left today.'), (10, ' Arrived.')) v (place, more)
where n.biz_id = pg_temp.biz() and n.id = pg_temp.id('note/' || v.place);
insert into core.note_access_overrides (biz_id, note_id, principal_type, principal_id, access)
select pg_temp.biz(), pg_temp.id('note/' || v.place), 'Role', r.id, v.access
from (values (1, 'warehouse', 'deny'), (1, 'finance', 'allow'), (9, 'technician', 'allow')) v (place, role, access)
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = v.role
union all
select pg_temp.biz(), pg_temp.id('note/4'), 'Member', pg_temp.member('desk'), 'allow';

-- Settings, and requests that may come again.
insert into core.settings (biz_id, id, scope_type, scope_id, key, value)
select
  pg_temp.biz(), pg_temp.id('setting/' || v.scope || '/' || v.key), v.scope_type, case v.scope_type when 'Biz' then pg_temp.biz() when 'Location' then pg_temp.location(v.scope) else pg_temp.member(v.scope) end, v.key, v.value::jsonb
from (values
  ('Biz', 'biz', 'billing.terms_days', '30'), ('Biz', 'biz', 'billing.sst_rate', '0.08'), ('Biz', 'biz', 'storage.free_days', '3'), ('Biz', 'biz', 'branding.color', '"#14532d"'),
  ('Location', 'PKL', 'dock.slot_minutes', '45'), ('Location', 'SHA', 'dock.slot_minutes', '60'), ('Location', 'PKL', 'chilled.alarm_celsius', '8'), ('Member', 'desk', 'screen.start', '"storage.arrivals"')
) v (scope_type, scope, key, value);
insert into core.idempotency_keys (biz_id, actor_id, key, operation, request_digest, state, response, completed_at, expires_at, created_at)
select
  pg_temp.biz(), pg_temp.person('desk'), pg_temp.id('idempotency/' || n)::text, (array['bookingConfirm', 'bookingCreate', 'bookingCheckIn'])[1 + n % 3], sha256(convert_to('request ' || n, 'UTF8')), case when n < 5 then 'completed' else 'in_progress' end,
  case when n < 5 then jsonb_build_object('bookingOrder', pg_temp.booking('confirmed', n)) end, case when n < 5 then now() - n * interval '2 hours' + interval '90 milliseconds' end, now() - n * interval '2 hours' + interval '24 hours', now() - n * interval '2 hours'
from generate_series(1, 5) n;
