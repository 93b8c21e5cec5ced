-- Others may use: location/roof (rooftop bar of LIS, code ROOF, under maintenance), location/sintra (code SIN, opens next
-- year, inactive); feature/<code>; tag/<domain>/<code>; status/<domain>/<code>.

-- Places that are not open yet, or not now.
insert into core.locations (
  biz_id, id, parent_location_id, code, name, kind, status, timezone, business_day_cutoff, currency, country_code, city,
  postal_code, address_line1, lat, lng, phone, email
)
select
  pg_temp.biz(), pg_temp.id('location/' || v.mark), pg_temp.location(v.parent), v.code, v.name, v.kind, 'active',
  'Europe/Lisbon', v.cutoff, 'EUR', 'PT', v.city, v.postal_code, v.address, v.lat, v.lng, v.phone, v.mailbox
from (values
  ('roof', 'LIS', 'ROOF', 'Terraço, rooftop bar', 'venue_site', time '05:00', 'Lisboa', '1200-109',
    'Rua da Cintura do Porto 12, 5.º', 38.705800, -9.160200, '+351 210 555 012', 'terraco@harbour.example'),
  ('sintra', null, 'SIN', 'Harbour Sintra', 'property', time '04:00', 'Sintra', '2710-531', 'Rua da Pena 21', 38.787600,
    -9.390600, '+351 219 555 021', 'sintra@harbour.example')
) v (mark, parent, code, name, kind, cutoff, city, postal_code, address, lat, lng, phone, mailbox);
update core.locations l
set status = case l.code when 'ROOF' then 'maintenance' else 'inactive' end
where l.biz_id = pg_temp.biz()
  and l.code in ('ROOF', 'SIN');

-- Features.
insert into core.features (biz_id, id, code, name, description, scope, category, icon, is_filterable, sort_order)
select
  pg_temp.biz(), pg_temp.id('feature/' || v.code), v.code, v.name, v.description, v.scope, v.category, v.icon,
  v.is_filterable, 10 * v.place
from (values
  (1, 'parking', 'Parking', 'Covered car park, 18 places, height 2.0 m.', 'location', 'Arrival', 'car', true),
  (2, 'ev-charging', 'Charging for electric cars', 'Four points of 22 kW, type 2.', 'location', 'Arrival', 'plug', true),
  (3, 'outdoor-pool', 'Outdoor pool', 'Heated from April to October.', 'location', 'Leisure', 'waves', true),
  (4, 'restaurant', 'Restaurant', null, 'location', 'Food and drink', 'utensils', true),
  (5, 'wifi', 'Free Wi-Fi', null, 'location', 'Comfort', 'wifi', false),
  (6, 'step-free', 'Step-free access', 'Ramp at the entrance, lift to all floors.', 'location', 'Accessibility',
    'accessibility', true),
  (7, 'pets', 'Pets welcome', 'Up to two small animals, 15 € a night each.', 'location', 'Comfort', 'paw', true),
  (8, 'meeting-room', 'Meeting room', 'Sala Tejo, 24 seats, screen and sound.', 'location', 'Business', 'presentation', true),
  (9, 'river-view', 'River view', null, 'resource', 'View', 'sunrise', true),
  (10, 'sea-view', 'Sea view', null, 'resource', 'View', 'anchor', true),
  (11, 'balcony', 'Balcony', null, 'resource', 'Room', 'door-open', true),
  (12, 'bathtub', 'Bathtub', null, 'resource', 'Bathroom', 'bath', true),
  (13, 'roll-in-shower', 'Roll-in shower', 'Seat and grab rails, no threshold.', 'resource', 'Accessibility', 'shower-head', true),
  (14, 'connecting-door', 'Connecting door', null, 'resource', 'Room', 'link', true),
  (15, 'minibar', 'Minibar', null, 'resource', 'Room', 'wine', false),
  (16, 'quiet-side', 'Quiet side', 'Faces the courtyard.', 'resource', 'Room', 'moon', true)
) v (place, code, name, description, scope, category, icon, is_filterable);
insert into core.location_features (biz_id, id, location_id, feature_id, is_active, note)
select
  pg_temp.biz(), pg_temp.id('location_feature/' || v.location || '/' || v.feature), pg_temp.location(v.location),
  pg_temp.id('feature/' || v.feature), v.is_active, v.note
from (values
  ('LIS', 'parking', true, '12 € a day, cannot be reserved.'), ('LIS', 'ev-charging', true, null),
  ('LIS', 'restaurant', true, 'Cais 12, dinner from 19:00, closed on Mondays.'), ('LIS', 'wifi', true, null),
  ('LIS', 'step-free', true, null), ('LIS', 'meeting-room', true, null), ('LIS', 'outdoor-pool', false, 'Closed while the terrace is being rebuilt.'),
  ('CAS', 'parking', true, 'Free for guests.'), ('CAS', 'outdoor-pool', true, null), ('CAS', 'restaurant', true, 'Breakfast and light lunch.'),
  ('CAS', 'wifi', true, null), ('CAS', 'pets', true, null), ('SPA', 'wifi', true, null),
  ('SPA', 'step-free', true, 'The plunge pool is reached by four steps.')
) v (location, feature, is_active, note);

-- Where a service counts, and who looks after which place.
insert into core.subject_location_bindings (biz_id, id, subject_type, subject_id, location_id, mode, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('binding/service/' || s.code), 'Service', s.id, pg_temp.location('SPA'), 'include', null::date, null::date
from catalog.services s
where s.biz_id = pg_temp.biz()
union all
select pg_temp.biz(), pg_temp.id('binding/' || v.mark), v.subject_type, v.subject_id, pg_temp.location(v.location), v.mode, v.starts_on, v.ends_on
from (values
  ('policy-cas', 'CancellationPolicy',
    (select p.id from pricing.cancellation_policies p where p.biz_id = pg_temp.biz() order by p.code limit 1), 'CAS', 'exclude',
    pg_temp.day(-60), null),
  ('massage-cas', 'Service', (select s.id from catalog.services s where s.biz_id = pg_temp.biz() and s.code = 'massage-60'),
    'CAS', 'include', pg_temp.day(14), pg_temp.day(104)),
  ('member-analyst', 'Member', pg_temp.member('analyst'), 'SPA', 'exclude', null, null)
) v (mark, subject_type, subject_id, location, mode, starts_on, ends_on);

-- Tags.
insert into core.tag_templates (biz_id, id, domain, code, label, description, color, parent_id)
select
  pg_temp.biz(), pg_temp.id('tag/' || v.domain || '/' || v.code), v.domain, v.code, v.label, v.description, v.color,
  case when v.parent is not null then pg_temp.id('tag/' || v.domain || '/' || v.parent) end
from (values
  ('customer', 'vip', 'VIP', 'Greeted by the manager on duty, room inspected before arrival.', '#b45309', null),
  ('customer', 'vip-owner', 'Friend of the house', null, '#92400e', 'vip'),
  ('customer', 'press', 'Press', 'Journalists and bloggers: no discounts without the owner.', '#7c3aed', null),
  ('customer', 'family', 'Family', null, '#0e7490', null),
  ('customer', 'long-stay', 'Long stay', null, '#0f766e', null),
  ('booking', 'honeymoon', 'Honeymoon', 'Sparkling wine and a card in the room.', '#be185d', null),
  ('booking', 'birthday', 'Birthday', null, '#c026d3', null),
  ('booking', 'early-arrival', 'Early arrival', 'Wants the room before 15:00.', '#2563eb', null),
  ('booking', 'group', 'Group', null, '#4d7c0f', null),
  ('unit', 'renovated', 'Renovated', 'New bathroom and floor.', '#15803d', null),
  ('unit', 'noisy', 'Noisy at night', 'Above the delivery entrance: sell last.', '#b91c1c', null),
  ('unit', 'corner', 'Corner room', null, '#475569', null),
  ('location', 'flagship', 'Flagship', null, '#1d4ed8', null),
  ('location', 'opening-soon', 'Opening soon', null, '#a16207', null),
  ('service', 'signature', 'Signature', 'Shown first on the menu of the spa.', '#9d174d', null)
) v (domain, code, label, description, color, parent);
insert into core.tag_assignments (biz_id, tag_template_id, subject_type, subject_id)
select pg_temp.biz(), pg_temp.id('tag/customer/' || v.tag), 'Customer', pg_temp.customer(v.nth)
from (values
  ('vip', 1), ('vip', 10), ('vip', 19), ('vip', 33), ('vip-owner', 10), ('press', 16), ('press', 48), ('family', 9),
  ('family', 11), ('family', 17), ('family', 26), ('family', 33), ('long-stay', 24), ('long-stay', 45)
) v (tag, nth)
union all
select pg_temp.biz(), pg_temp.id('tag/booking/' || v.tag), 'BookingOrder', pg_temp.booking('confirmed', v.nth)
from (values
  ('honeymoon', 3), ('honeymoon', 21), ('birthday', 5), ('birthday', 14), ('birthday', 30), ('early-arrival', 2),
  ('early-arrival', 7), ('early-arrival', 12), ('early-arrival', 18), ('group', 25), ('group', 26)
) v (tag, nth)
union all
select pg_temp.biz(), pg_temp.id('tag/unit/' || v.tag), 'Resource', r.id
from (values
  ('renovated', 'LIS-201'), ('renovated', 'LIS-202'), ('renovated', 'LIS-203'), ('noisy', 'LIS-101'), ('noisy', 'LIS-102'),
  ('corner', 'LIS-401'), ('corner', 'CAS-24'), ('renovated', 'CAS-24')
) v (tag, number)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number
union all
select pg_temp.biz(), pg_temp.id('tag/location/' || v.tag), 'Location', pg_temp.location(v.location)
from (values ('flagship', 'LIS'), ('opening-soon', 'SIN')) v (tag, location)
union all
select pg_temp.biz(), pg_temp.id('tag/service/signature'), 'Service', s.id
from catalog.services s
where s.biz_id = pg_temp.biz() and s.code = 'ritual-90';

-- Statuses of our own.
insert into core.status_definitions (biz_id, id, domain, code, label, description, category, color, is_default, sort_order)
select
  pg_temp.biz(), pg_temp.id('status/' || v.domain || '/' || v.code), v.domain, v.code, v.label, v.description, v.category,
  v.color, v.is_default, 10 * v.place
from (values
  (1, 'unit', 'ready', 'Ready', null, 'available', '#16a34a', true),
  (2, 'unit', 'show-room', 'Show room', 'Kept free in the morning for visits of agencies.', 'limited', '#ca8a04', false),
  (3, 'unit', 'deep-clean', 'Deep cleaning', null, 'unavailable', '#0891b2', false),
  (4, 'unit', 'works', 'Works', 'Painting, plumbing or electricity under way.', 'out_of_service', '#dc2626', false),
  (5, 'vehicle', 'in-service', 'In service', null, 'available', '#16a34a', true),
  (6, 'vehicle', 'workshop', 'In the workshop', null, 'out_of_service', '#dc2626', false),
  (7, 'vehicle', 'sold', 'Sold', null, 'retired', '#64748b', false),
  (8, 'customer', 'regular', 'Regular', null, 'available', '#16a34a', true),
  (9, 'customer', 'on-account', 'On account', 'May pay by invoice within 30 days.', 'limited', '#2563eb', false),
  (10, 'asset', 'in-use', 'In use', null, 'available', '#16a34a', true),
  (11, 'asset', 'lent', 'Lent out', 'Cots, adapters and bicycles with guests.', 'unavailable', '#ca8a04', false)
) v (place, domain, code, label, description, category, color, is_default);
insert into core.status_definition_tag_scopes (biz_id, domain, status_definition_id, tag_template_id)
select pg_temp.biz(), v.domain, pg_temp.id('status/' || v.domain || '/' || v.status), pg_temp.id('tag/' || v.domain || '/' || v.tag)
from (values
  ('unit', 'show-room', 'renovated'), ('unit', 'show-room', 'corner'), ('unit', 'deep-clean', 'noisy'),
  ('customer', 'on-account', 'long-stay')
) v (domain, status, tag);

-- Pictures and papers.
insert into core.media_assets (
  biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, width_px, height_px,
  alt_text, caption, sort_order, is_cover, is_public, scan_status, uploaded_at, created_at
)
select
  pg_temp.biz(), pg_temp.id('media/' || v.file_name), v.subject_type, v.subject_id, v.kind,
  'media/' || pg_temp.id('media/' || v.file_name) || '/' || v.file_name, v.file_name, v.content_type, v.kilobytes * 1024 + v.place,
  case when v.scan_status <> 'awaiting_upload' then encode(sha256(convert_to(v.file_name, 'UTF8')), 'hex') end, v.width, v.height,
  v.alt_text, v.caption, v.place, v.is_cover, v.scan_status = 'clean' and v.kind <> 'document', v.scan_status,
  case when v.scan_status <> 'awaiting_upload' then now() - v.place * interval '31 hours' + interval '20 seconds' end,
  now() - v.place * interval '31 hours'
from (values
  (1, 'Location', pg_temp.location('LIS'), 'photo', 'lisbon-front.jpg', 'image/jpeg', 2210, 3840, 2160,
    'The tiled front of Harbour Lisbon at dusk', 'Harbour Lisbon, on the river', true, 'clean'),
  (2, 'Location', pg_temp.location('LIS'), 'photo', 'lisbon-lobby.jpg', 'image/jpeg', 1834, 3840, 2160,
    'A lobby with a long oak desk and green chairs', 'The lobby', false, 'clean'),
  (3, 'Location', pg_temp.location('LIS'), 'floor_plan', 'lisbon-floor-2.png', 'image/png', 640, 2400, 1600,
    'Plan of the second floor with rooms 201 to 204', null, false, 'clean'),
  (4, 'Location', pg_temp.location('CAS'), 'photo', 'cascais-pool.jpg', 'image/jpeg', 2650, 4032, 3024,
    'A pool above the sea with white umbrellas', 'The pool in Cascais', true, 'clean'),
  (5, 'Location', pg_temp.location('SPA'), 'photo', 'spa-dune.jpg', 'image/jpeg', 1420, 3000, 2000,
    'Treatment room with a linen couch and candles', 'Treatment room Dune', true, 'clean'),
  (6, 'Location', pg_temp.location('SIN'), 'video', 'sintra-drone.mp4', 'video/mp4', 48200, 1920, 1080,
    'A flight over an old palace in the woods', 'Harbour Sintra, coming soon', false, 'pending'),
  (7, 'UnitType', (select u.id from resources.unit_types u where u.biz_id = pg_temp.biz() and u.code = 'STE'), 'photo',
    'suite-living.jpg', 'image/jpeg', 1990, 3840, 2160, 'Living room of the suite with a view of the bridge', null, true, 'clean'),
  (8, 'UnitType', (select u.id from resources.unit_types u where u.biz_id = pg_temp.biz() and u.code = 'SUP'), 'photo',
    'superior-bed.jpg', 'image/jpeg', 1755, 3840, 2160, 'A double bed in front of a window on the river', null, true, 'clean'),
  (9, 'UnitType', (select u.id from resources.unit_types u where u.biz_id = pg_temp.biz() and u.code = 'SEA'), 'photo',
    'sea-view-balcony.jpg', 'image/jpeg', 2105, 3840, 2160, 'A balcony with two chairs above the sea', null, true, 'clean'),
  (10, 'Resource', pg_temp.resource('unit', 3), 'photo', 'water-stain.heic', 'image/heic', 3120, 3024, 4032,
    'A stain on the ceiling of the bathroom', 'After the storm', false, 'failed'),
  (11, 'Customer', pg_temp.customer(12), 'document', 'company-card-figueiredo.pdf', 'application/pdf', 88, null, null, null,
    'Authorisation of a company card', false, 'clean'),
  (12, 'BookingOrder', pg_temp.booking('confirmed', 25), 'document', 'rooming-list.xlsx',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 41, null, null, null, 'Rooming list of the group', false, 'clean'),
  (13, 'BookingOrder', pg_temp.booking('confirmed', 26), 'document', 'voucher-agencia.pdf', 'application/pdf', 132, null, null,
    null, 'Voucher of the agency', false, 'infected'),
  (14, 'Resource', pg_temp.resource('human', 1), 'certificate', 'massage-diploma-nunes.pdf', 'application/pdf', 264, null, null,
    null, 'Diploma of massage therapy', false, 'clean'),
  (15, 'Location', pg_temp.location('ROOF'), 'photo', 'terrace-works.jpg', 'image/jpeg', 2000, 3840, 2160,
    'New decking on the roof', null, false, 'awaiting_upload'),
  (16, 'Service', (select s.id from catalog.services s where s.biz_id = pg_temp.biz() and s.code = 'ritual-90'), 'photo',
    'ritual-salt.jpg', 'image/jpeg', 1310, 3000, 2000, 'Sea salt and towels on a stone', null, true, 'pending')
) v (place, subject_type, subject_id, kind, file_name, content_type, kilobytes, width, height, alt_text, caption, is_cover, scan_status);

-- Notes, some of them written again.
insert into core.notes (biz_id, id, subject_type, subject_id, visibility, body, is_pinned, created_at, created_by)
select
  pg_temp.biz(), pg_temp.id('note/' || v.place), v.subject_type, v.subject_id, v.visibility, v.body, v.is_pinned,
  now() - v.hours * interval '1 hour', pg_temp.person(v.author)
from (values
  (1, 'Customer', pg_temp.customer(10), 'private', 'Collects old tiles; likes to talk about the front of the house.', true, 700, 'owner'),
  (2, 'Customer', pg_temp.customer(1), 'private', 'Allergic to feathers: foam pillows on the bed before arrival.', true, 620, 'desk'),
  (3, 'Customer', pg_temp.customer(16), 'private', 'Writes for a travel magazine. Treat as any other guest, tell Helena.', false, 540, 'desk'),
  (4, 'Customer', pg_temp.customer(24), 'ai', 'Comes every November for the web fair, books ten nights, asks for a desk and a kettle.', false, 500, 'desk'),
  (5, 'Customer', pg_temp.customer(45), 'private', 'Paid twice in spring; the second payment went back to the card.', false, 410, 'analyst'),
  (6, 'BookingOrder', pg_temp.booking('confirmed', 1), 'private', 'Lands at 23:40: night bell works, desk informed.', false, 90, 'desk'),
  (7, 'BookingOrder', pg_temp.booking('confirmed', 3), 'private', 'Honeymoon. Espumante and a card, no roses (allergy).', true, 84, 'desk'),
  (8, 'BookingOrder', pg_temp.booking('confirmed', 5), 'public', 'We have a cake for you at breakfast on your birthday.', false, 70, 'desk'),
  (9, 'BookingOrder', pg_temp.booking('confirmed', 25), 'private', 'Group of the choir: one invoice to the agency, extras on the rooms.', true, 66, 'desk'),
  (10, 'BookingOrder', pg_temp.booking('in_progress', 1), 'private', 'Left a suitcase with the porter, will fetch it in the evening.', false, 20, 'desk'),
  (11, 'BookingOrder', pg_temp.booking('in_progress', 2), 'private', 'Asked for a late check-out, 13:00 promised.', false, 12, 'desk'),
  (12, 'BookingOrder', pg_temp.booking('cancelled', 1), 'system', 'Cancelled by the channel, fee waived as the flight was cancelled.', false, 200, 'desk'),
  (13, 'Location', pg_temp.location('LIS'), 'private', 'The code of the bicycle room changes on the first of the month.', true, 480, 'owner'),
  (14, 'Location', pg_temp.location('CAS'), 'private', 'Road works on the Marginal: tell guests to come by the Avenida de Sabóia.', false, 130, 'desk'),
  (15, 'Location', pg_temp.location('ROOF'), 'private', 'Architect says the terrace can open three weeks later than planned.', false, 50, 'owner'),
  (16, 'Resource', pg_temp.resource('unit', 11), 'private', 'The window sticks. Lift a little, then turn the handle.', false, 300, 'desk'),
  (17, 'Resource', pg_temp.resource('unit', 12), 'private', 'Safe was reset, code on the sheet at the desk.', false, 160, 'desk'),
  (18, 'Service', (select s.id from catalog.services s where s.biz_id = pg_temp.biz() and s.code = 'ritual-90'), 'ai',
    'Not for guests who are pregnant or have high blood pressure; offer the facial instead.', true, 390, 'owner')
) v (place, subject_type, subject_id, visibility, body, is_pinned, hours, author);
update core.notes n
set body = n.body || v.more
from (values
  (2, ' Also no wool blankets.'), (9, ' Rooming list attached.'), (14, ' Until the end of the month.'),
  (15, ' The lift inspection is on Thursday.')
) v (place, more)
where n.biz_id = pg_temp.biz() and n.id = pg_temp.id('note/' || v.place);
update core.notes n
set body = n.body || ' The works are done on the sea side.'
where n.biz_id = pg_temp.biz() and n.id = pg_temp.id('note/14');
insert into core.note_access_overrides (biz_id, note_id, principal_type, principal_id, access)
select pg_temp.biz(), pg_temp.id('note/' || v.place), 'Role', r.id, v.access
from (values (3, 'analyst', 'deny'), (5, 'front_desk', 'deny'), (5, 'finance', 'allow'), (13, 'housekeeper', 'allow'), (1, 'server', 'deny')) v (place, role, access)
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = v.role
union all
select pg_temp.biz(), pg_temp.id('note/15'), 'Member', pg_temp.member('desk'), 'deny';

-- Settings.
insert into core.settings (biz_id, id, scope_type, scope_id, key, value)
select
  pg_temp.biz(), pg_temp.id('setting/' || v.scope || '/' || v.key), v.scope_type,
  case v.scope_type when 'Biz' then pg_temp.biz() when 'Location' then pg_temp.location(v.scope) else pg_temp.member(v.scope) end,
  v.key, v.value::jsonb
from (values
  ('Biz', 'biz', 'booking.default_hold_minutes', '20'),
  ('Biz', 'biz', 'booking.overbooking_rate', '0'),
  ('Biz', 'biz', 'invoicing.footer', '"Harbour Hotéis, Lda. · NIPC 500 000 000 · Rua da Cintura do Porto 12, Lisboa"'),
  ('Biz', 'biz', 'feedback.ask_after_hours', '24'),
  ('Biz', 'biz', 'branding.color', '"#0f4c5c"'),
  ('Location', 'LIS', 'front_desk.check_in_time', '"15:00"'),
  ('Location', 'LIS', 'front_desk.city_tax_minor', '400'),
  ('Location', 'CAS', 'front_desk.city_tax_minor', '200'),
  ('Location', 'CAS', 'booking.default_hold_minutes', '30'),
  ('Location', 'SPA', 'booking.min_notice_minutes', '120'),
  ('Member', 'desk', 'screen.start', '"front_desk.arrivals"'),
  ('Member', 'desk', 'screen.density', '"compact"'),
  ('Member', 'analyst', 'screen.start', '"analytics.overview"')
) v (scope_type, scope, key, value);

-- Requests that may come again.
insert into core.idempotency_keys (biz_id, actor_id, key, operation, request_digest, state, response, completed_at, expires_at, created_at)
select
  pg_temp.biz(), pg_temp.person('desk'), pg_temp.id('idempotency/' || n)::text, v.operation, sha256(convert_to('request ' || n, 'UTF8')),
  case when n < 8 then 'completed' else 'in_progress' end,
  case when n < 8 then jsonb_build_object('bookingOrder', pg_temp.booking('confirmed', n)) end,
  case when n < 8 then now() - n * interval '95 minutes' + interval '80 milliseconds' end,
  now() - n * interval '95 minutes' + interval '24 hours', now() - n * interval '95 minutes'
from generate_series(1, 8) n
cross join lateral (select (array['bookingConfirm', 'bookingCreate', 'bookingCheckIn', 'bookingCancel'])[1 + n % 4]) v (operation);
