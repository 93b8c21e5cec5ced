-- Others may use: resource-type/transfer-vehicle, resource-type/e-bike, resource-type/venue; resource/van-1 (LIS, active),
-- resource/van-2 (CAS, active), resource/van-3 (LIS, out of service); resource/bike-1 .. bike-6 (CAS); resource/rooftop (LIS),
-- resource/sala-tejo (LIS), resource/sala-guincho (CAS); resource-group/therapists, resource-group/transfers;
-- media/certificate-first-aid, media/van-photo, media/bike-photo.

-- Types and categories.
insert into resources.resource_types (biz_id, id, code, name, kind, default_exclusive, default_capacity)
select pg_temp.biz(), pg_temp.id('resource-type/' || v.code), v.code, v.name, v.kind, true, 1
from (values
  ('transfer-vehicle', 'Transfer vehicle', 'vehicle'),
  ('e-bike', 'E-bike', 'equipment'),
  ('venue', 'Event and meeting space', 'venue')
) v (code, name, kind);

insert into resources.categories (biz_id, id, domain, code, name, parent_id, default_attributes)
select pg_temp.biz(), pg_temp.id('category/' || v.code), v.domain, v.code, v.name,
  case when v.parent is not null then pg_temp.id('category/' || v.parent) end, v.attributes::jsonb
from (values
  ('asset', 'leisure', 'Leisure equipment', null, '{}'),
  ('asset', 'bicycles', 'Bicycles', 'leisure', '{"helmet_included": true}'),
  ('venue', 'events', 'Events and meetings', null, '{}'),
  ('venue', 'meeting-rooms', 'Meeting rooms', 'events', '{"projector": true}'),
  ('venue', 'outdoor', 'Terraces and gardens', 'events', '{"covered": false}'),
  ('unit', 'guest-rooms', 'Guest rooms', null, '{}'),
  ('unit', 'river-side', 'River side', 'guest-rooms', '{"view": "Tagus"}'),
  ('unit', 'city-side', 'City side', 'guest-rooms', '{}'),
  ('vehicle', 'guest-transport', 'Guest transport', null, '{}'),
  ('vehicle', 'vans', 'Vans', 'guest-transport', '{"seats": 8}'),
  ('vehicle', 'minibuses', 'Minibuses', 'guest-transport', '{"seats": 16}')
) v (domain, code, name, parent, attributes);

-- Vehicles, bicycles, spaces.
insert into resources.resources (biz_id, id, number, type_id, category_id, location_id, name, lifecycle_status, sort_key, attributes)
select pg_temp.biz(), pg_temp.id('resource/' || v.name_id), v.number, pg_temp.id('resource-type/' || v.type), pg_temp.id('category/' || v.category),
  pg_temp.location(v.location), v.name, v.status, v.number, v.attributes::jsonb
from (values
  ('van-1', 'VAN-1', 'transfer-vehicle', 'vans', 'LIS', 'Transfer van Lisbon 1', 'active', '{"child_seats": 2}'),
  ('van-2', 'VAN-2', 'transfer-vehicle', 'vans', 'CAS', 'Transfer van Cascais', 'active', '{"child_seats": 2}'),
  ('van-3', 'VAN-3', 'transfer-vehicle', 'minibuses', 'LIS', 'Minibus Lisbon', 'active', '{"child_seats": 4}'),
  ('van-4', 'VAN-4', 'transfer-vehicle', 'vans', 'LIS', 'Electric van, on order', 'planned', '{}'),
  ('van-0', 'VAN-0', 'transfer-vehicle', 'vans', 'LIS', 'Old airport shuttle', 'out_of_service', '{}'),
  ('bike-1', 'EB-01', 'e-bike', 'bicycles', 'CAS', 'E-bike 1', 'active', '{"frame": "M"}'),
  ('bike-2', 'EB-02', 'e-bike', 'bicycles', 'CAS', 'E-bike 2', 'active', '{"frame": "M"}'),
  ('bike-3', 'EB-03', 'e-bike', 'bicycles', 'CAS', 'E-bike 3', 'active', '{"frame": "L"}'),
  ('bike-4', 'EB-04', 'e-bike', 'bicycles', 'CAS', 'E-bike 4', 'active', '{"frame": "L"}'),
  ('bike-5', 'EB-05', 'e-bike', 'bicycles', 'CAS', 'E-bike 5', 'active', '{"frame": "S"}'),
  ('bike-6', 'EB-06', 'e-bike', 'bicycles', 'CAS', 'E-bike 6', 'active', '{"frame": "S"}'),
  ('rooftop', 'LIS-V1', 'venue', 'outdoor', 'LIS', 'Rooftop terrace', 'active', '{"view": "Tagus and bridge"}'),
  ('sala-tejo', 'LIS-V2', 'venue', 'meeting-rooms', 'LIS', 'Sala Tejo', 'active', '{}'),
  ('sala-guincho', 'CAS-V1', 'venue', 'meeting-rooms', 'CAS', 'Sala Guincho', 'active', '{}')
) v (name_id, number, type, category, location, name, status, attributes);

update resources.resources r
set lifecycle_status = case r.number when 'VAN-3' then 'out_of_service' else 'retired' end
where r.biz_id = pg_temp.biz() and r.number in ('VAN-3', 'VAN-0');
update resources.resources r
set lifecycle_status = 'out_of_service'
where r.biz_id = pg_temp.biz() and r.number = 'EB-06';
update resources.resources r
set category_id = pg_temp.id(case when t.code in ('SUP', 'STE', 'SEA') then 'category/river-side' else 'category/city-side' end)
from resources.unit_details d
join resources.unit_types t on t.biz_id = d.biz_id and t.id = d.unit_type_id
join core.locations l on l.biz_id = t.biz_id and l.id = t.location_id and l.code = 'LIS'
where r.biz_id = pg_temp.biz() and d.biz_id = r.biz_id and d.resource_id = r.id;

-- Details.
insert into resources.vehicle_details (
  biz_id, id, resource_id, registration, country_code, vin, make, model, model_year, seats, payload_g, volume_cm3, fuel_type,
  odometer_m, odometer_read_at, insurance_expires_on, inspection_expires_on)
select pg_temp.biz(), pg_temp.id('vehicle-detail/' || v.resource), pg_temp.id('resource/' || v.resource), v.registration, 'PT', v.vin, v.make, v.model,
  v.model_year, v.seats, v.payload_g, v.volume_cm3, v.fuel, v.odometer_m, case when v.odometer_m is not null then pg_temp.at(-1, '19:40') end, pg_temp.day(v.insured), pg_temp.day(v.inspected)
from (values
  ('van-1', 'BH-41-RT', 'WDF44770313456781', 'Mercedes-Benz', 'Vito Tourer', 2022, 8, 820000::bigint, 990000::bigint, 'diesel', 96420000::bigint, 143, 71),
  ('van-2', 'BL-07-XC', 'WV2ZZZ7HZNH104417', 'Volkswagen', 'Caravelle', 2023, 8, 760000, 1100000, 'diesel', 61880000, 201, 18),
  ('van-3', 'AS-88-ME', 'WDB9066571S775120', 'Mercedes-Benz', 'Sprinter 516', 2019, 16, 1250000, 1500000, 'diesel', 248310000, 52, -9),
  ('van-4', null, null, 'Volkswagen', 'ID. Buzz', 2026, 6, 550000, 1120000, 'electric', null, null, null),
  ('van-0', '61-OQ-24', 'VF1FLB1B6EY712093', 'Renault', 'Trafic', 2014, 8, 900000, 1000000, 'diesel', 412770000, -210, -180)
) v (resource, registration, vin, make, model, model_year, seats, payload_g, volume_cm3, fuel, odometer_m, insured, inspected);

insert into resources.asset_details (
  biz_id, id, resource_id, serial_no, asset_tag, manufacturer, model, purchased_on, purchase_cost_minor, residual_value_minor, currency,
  depreciation_method, useful_life_months, depreciation_bps, warranty_expires_on)
select pg_temp.biz(), pg_temp.id('asset-detail/bike-' || n), pg_temp.id('resource/bike-' || n), 'ORB-26-' || (48210 + n * 7), 'HB-A-10' || n,
  'Orbea', 'Diem 20', pg_temp.day(-400 - n * 3), 268900, 40000, 'EUR', 'straight_line', 60, null, pg_temp.day(330 - n * 3)
from generate_series(1, 6) n
union all
select pg_temp.biz(), pg_temp.id('asset-detail/' || v.resource), pg_temp.id('resource/' || v.resource), v.serial, v.tag, v.maker, v.model,
  pg_temp.day(v.bought), v.cost, v.residual, 'EUR', v.method, v.months, v.bps, pg_temp.day(v.warranty)
from (values
  ('van-1', 'MB-7781-22', 'HB-V-001', 'Mercedes-Benz', 'Vito Tourer', -1310, 4690000::bigint, 900000::bigint, 'declining_balance', null::integer, 2500, 150),
  ('van-2', 'VW-4417-23', 'HB-V-002', 'Volkswagen', 'Caravelle', -980, 5240000, 1000000, 'declining_balance', null, 2500, 480),
  ('van-3', 'MB-5120-19', 'HB-V-003', 'Mercedes-Benz', 'Sprinter 516', -2460, 6150000, 700000, 'straight_line', 96, null, -1300)
) v (resource, serial, tag, maker, model, bought, cost, residual, method, months, bps, warranty);

insert into resources.venue_details (
  biz_id, id, resource_id, building, floor, area_m2, ceiling_height_mm, seated_capacity, standing_capacity, layout_options, is_wheelchair_accessible, directions)
select pg_temp.biz(), pg_temp.id('venue-detail/' || r.number), r.id, v.building, v.floor, v.area, v.height, v.seated, v.standing, v.layouts::jsonb, v.accessible, v.directions
from (values
  ('LIS-V1', 'Main house', '5', 168.00, null::integer, 70, 120, '{"dinner": 70, "cocktail": 120}', true, 'Lift to the fifth floor, then left past the bar.'),
  ('LIS-V2', 'Main house', '0', 62.50, 3100, 48, 60, '{"theatre": 48, "boardroom": 24, "u_shape": 18, "classroom": 28}', true, 'Behind reception, second door on the right.'),
  ('CAS-V1', 'Garden wing', '1', 41.00, 2800, 30, 36, '{"theatre": 30, "boardroom": 14}', false, 'Stairs from the garden; no lift.'),
  ('SPA-T1', 'Spa', '-1', 18.40, 2600, 2, 4, '{}', true, 'Downstairs from the pool, first room.'),
  ('SPA-T2', 'Spa', '-1', 24.80, 2600, 4, 6, '{"couples": 2}', true, 'Downstairs from the pool, room at the end.')
) v (number, building, floor, area, height, seated, standing, layouts, accessible, directions)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;

insert into resources.human_details (biz_id, id, resource_id, external_name, job_title, bio, skills_summary, languages)
select pg_temp.biz(), pg_temp.id('human-detail/' || r.number), r.id, r.name, v.title, v.bio, v.skills, v.languages::text[]
from (values
  ('SPA-P1', 'Senior therapist', 'Filipa trained in Coimbra and in Bali, and has looked after our guests since the spa opened.', 'Deep tissue, hot stone, prenatal', '{pt,en,es}'),
  ('SPA-P2', 'Therapist', 'Marco came from sports physiotherapy; runners and surfers ask for him by name.', 'Sports massage, facial care', '{pt,en,it}')
) v (number, title, bio, skills, languages)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;

-- Groups.
insert into resources.resource_groups (biz_id, id, code, name, description, location_id, selection_strategy)
select pg_temp.biz(), pg_temp.id('resource-group/' || v.code), v.code, v.name, v.description, pg_temp.location(v.location), v.strategy
from (values
  ('therapists', 'Spa therapists', 'Any of them, whoever has had the least to do today.', 'SPA', 'least_loaded'),
  ('transfers', 'Transfer fleet', 'Vans first, the minibus for larger parties.', null, 'ranked'),
  ('bikes', 'E-bikes Cascais', 'Handed out in turn, so that they wear evenly.', 'CAS', 'round_robin'),
  ('couple-suite', 'Couples treatment', 'Both therapists together in the room Tide.', 'SPA', 'collective')
) v (code, name, description, location, strategy);
insert into resources.resource_group_members (biz_id, id, group_id, resource_id, weight, priority, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('resource-group-member/' || v.code || '/' || r.number), pg_temp.id('resource-group/' || v.code), r.id, v.weight, v.priority,
  pg_temp.day(v.since), pg_temp.day(v.until)
from (values
  ('therapists', 'SPA-P1', 2, 2, -700, null::integer), ('therapists', 'SPA-P2', 1, 1, -320, null),
  ('couple-suite', 'SPA-P1', 1, 0, -320, null), ('couple-suite', 'SPA-P2', 1, 0, -320, null), ('couple-suite', 'SPA-T2', 1, 0, -320, null),
  ('transfers', 'VAN-1', 1, 3, -1300, null), ('transfers', 'VAN-2', 1, 2, -980, null), ('transfers', 'VAN-3', 1, 1, -2400, null), ('transfers', 'VAN-0', 1, 0, -3000, -200),
  ('bikes', 'EB-01', 1, 0, -390, null), ('bikes', 'EB-02', 1, 0, -390, null), ('bikes', 'EB-03', 1, 0, -390, null),
  ('bikes', 'EB-04', 1, 0, -390, null), ('bikes', 'EB-05', 1, 0, -390, null), ('bikes', 'EB-06', 1, 0, -390, -3)
) v (code, number, weight, priority, since, until)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;

-- Features of rooms and spaces; a code that is there already is used.
insert into core.features (biz_id, id, code, name, description, scope, category, icon, is_filterable, sort_order)
select pg_temp.biz(), pg_temp.id('feature/res-' || v.code), v.code, v.name, v.description, 'resource', v.category, v.icon, v.filterable, v.n
from (values
  ('river-view', 'River view', 'A window to the Tagus.', 'View', 'waves', true, 1),
  ('sea-view', 'Ocean view', 'A window to the bay of Cascais.', 'View', 'sunset', true, 2),
  ('bathtub', 'Bathtub', null, 'Bathroom', 'bath', true, 3),
  ('minibar', 'Minibar', null, 'Room', 'wine', false, 4),
  ('projector', 'Projector 4K', null, 'Meetings', 'projector', true, 5),
  ('roll-in-shower', 'Roll-in shower', 'Seat and grab rails, no threshold.', 'Accessibility', 'shower-head', true, 6)
) v (code, name, description, category, icon, filterable, n)
on conflict (biz_id, code) where deleted_at is null do nothing;
insert into resources.feature_assignments (biz_id, resource_id, feature_id, quantity, note)
select r.biz_id, r.id, f.id, 1, case when f.code = 'bathtub' then 'Free-standing' end
from resources.resources r
join resources.resource_types k on k.biz_id = r.biz_id and k.id = r.type_id
left join resources.unit_details d on d.biz_id = r.biz_id and d.resource_id = r.id
left join resources.unit_types t on t.biz_id = d.biz_id and t.id = d.unit_type_id
join core.features f on f.biz_id = r.biz_id and f.deleted_at is null and case f.code
  when 'river-view' then (t.code = any ('{SUP,STE}') or r.number = 'LIS-V1')
  when 'sea-view' then t.code = 'SEA'
  when 'bathtub' then t.code = any ('{STE,SEA}')
  when 'minibar' then t.code is not null
  when 'projector' then r.number = any ('{LIS-V2,CAS-V1}')
  when 'roll-in-shower' then r.number = any ('{LIS-101,LIS-102,CAS-11}') end
where r.biz_id = pg_temp.biz();

-- What people and vehicles can do, and give.
insert into resources.capability_templates (biz_id, id, code, name, description, kind, requires_expiry, requires_evidence, max_level)
select pg_temp.biz(), pg_temp.id('capability/' || v.code), v.code, v.name, v.description, v.kind, v.expiry, v.evidence, v.levels
from (values
  ('deep-tissue', 'Deep tissue massage', 'From 1, learning, to 5, teaches others.', 'skill', false, false, 5),
  ('hot-stone', 'Hot stone', 'Basalt stones, with oil.', 'skill', false, false, 5),
  ('first-aid', 'First aid certificate', 'Renewed every two years.', 'licence', true, true, 1),
  ('wheelchair-lift', 'Wheelchair lift', 'Vehicle takes one wheelchair without transfer.', 'equipment', false, false, 1)
) v (code, name, description, kind, expiry, evidence, levels);
insert into core.media_assets (
  biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, width_px, height_px, alt_text, scan_status, uploaded_at)
select pg_temp.biz(), pg_temp.id('media/' || v.name), 'Resource', r.id, v.kind, 'demo/harbour/resources/' || v.file, v.file, v.type, v.bytes,
  encode(sha256(convert_to(v.file, 'UTF8')), 'hex'), v.width, v.height, v.alt, 'clean', pg_temp.at(-20, '10:12')
from (values
  ('certificate-first-aid', 'SPA-P1', 'certificate', 'first-aid-filipa-nunes.pdf', 'application/pdf', 184220, null::integer, null::integer, null),
  ('certificate-first-aid-marco', 'SPA-P2', 'certificate', 'first-aid-marco-leitao.pdf', 'application/pdf', 179004, null, null, null),
  ('van-photo', 'VAN-3', 'photo', 'van-3-rear-bumper.jpg', 'image/jpeg', 412880, 2016, 1512, 'Dent in the rear bumper of the minibus'),
  ('bike-photo', 'EB-06', 'photo', 'eb-06-brake-lever.jpg', 'image/jpeg', 298117, 2016, 1512, 'Bent brake lever'),
  ('room-photo', 'LIS-204', 'photo', 'lis-204-shower-seal.jpg', 'image/jpeg', 351902, 2016, 1512, 'Worn seal at the shower door')
) v (name, number, kind, file, type, bytes, width, height, alt)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.capability_assignments (
  biz_id, id, resource_id, template_id, level, starts_on, ends_on, certificate_no, issued_by, evidence_media_id, verified_by_id, verified_at)
select pg_temp.biz(), pg_temp.id('capability-assignment/' || r.number || '/' || v.code), r.id, pg_temp.id('capability/' || v.code), v.level, pg_temp.day(v.since),
  pg_temp.day(v.until), v.certificate, v.issuer, case when v.media is not null then pg_temp.id('media/' || v.media) end,
  case when v.media is not null then pg_temp.member('owner') end, case when v.media is not null then pg_temp.at(-19, '11:00') end
from (values
  ('SPA-P1', 'deep-tissue', 5, -700, null::integer, null, null, null),
  ('SPA-P1', 'hot-stone', 4, -410, null, null, null, null),
  ('SPA-P2', 'deep-tissue', 3, -320, null, null, null, null),
  ('SPA-P1', 'first-aid', 1, -540, 190, 'CVP-2291847', 'Cruz Vermelha Portuguesa', 'certificate-first-aid'),
  ('SPA-P2', 'first-aid', 1, -710, 20, 'CVP-2107733', 'Cruz Vermelha Portuguesa', 'certificate-first-aid-marco'),
  ('VAN-1', 'wheelchair-lift', 1, -1300, null, null, null, null)
) v (number, code, level, since, until, certificate, issuer, media)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.service_capabilities (
  biz_id, id, resource_id, service_id, duration_override_minutes, buffer_after_override_minutes, proficiency, is_bookable_online)
select pg_temp.biz(), pg_temp.id('service-capability/' || r.number || '/' || s.code), r.id, s.id, case when r.number = 'SPA-P2' and s.code = 'ritual-90' then 95 end, 10,
  case when r.number = 'SPA-P1' then 'expert' when s.code = 'ritual-90' then 'trainee' else 'standard' end, not (r.number = 'SPA-P2' and s.code = 'ritual-90')
from resources.resources r
join catalog.services s on s.biz_id = r.biz_id and s.code in ('massage-60', 'facial-45', 'ritual-90')
where r.biz_id = pg_temp.biz() and r.number in ('SPA-P1', 'SPA-P2', 'SPA-T1', 'SPA-T2');

-- Use and maintenance.
insert into resources.usage_counters (biz_id, id, resource_id, metric, value, recorded_at, reset_at)
select r.biz_id, pg_temp.id('usage-counter/' || r.number || '/' || m.metric), r.id, m.metric, m.value, pg_temp.at(-1, '20:05'), m.reset_at
from resources.resources r
cross join lateral (
  select 'km' as metric, d.odometer_m / 1000.0 as value, null::timestamptz as reset_at from resources.vehicle_details d where d.biz_id = r.biz_id and d.resource_id = r.id and d.odometer_m is not null
  union all
  select 'trips', round(d.odometer_m / 31000.0), null from resources.vehicle_details d where d.biz_id = r.biz_id and d.resource_id = r.id and d.odometer_m is not null
  union all
  select 'uses', 180 + 13 * right(r.number, 1)::integer, case when r.number = 'EB-03' then pg_temp.at(-150, '09:00') end where r.number like 'EB-%'
) m
where r.biz_id = pg_temp.biz();

insert into resources.maintenance_policies (
  biz_id, id, name, resource_id, resource_type_id, category_id, trigger_kind, interval_days, usage_metric, usage_threshold, due_on, repeats_months,
  lead_days, block_minutes, priority, checklist, is_mandatory, is_active)
select pg_temp.biz(), pg_temp.id('maintenance-policy/' || v.name_id), v.name, case v.subject when 'resource' then pg_temp.id('resource/' || v.ref) end,
  case v.subject when 'type' then (select t.id from resources.resource_types t where t.biz_id = pg_temp.biz() and t.code = v.ref) end,
  case v.subject when 'category' then pg_temp.id('category/' || v.ref) end, v.kind, v.days, v.metric, v.threshold, pg_temp.day(v.due), v.months,
  v.lead, v.minutes, v.priority, v.checklist::jsonb, v.mandatory, v.active
from (values
  ('van-service', 'Van service every 20,000 km', 'category', 'vans', 'usage', null::integer, 'km', 20000::numeric, null::integer, null::integer, 7, 240, 'high', '["Oil and filters", "Brake pads", "Tyre depth", "Child seat anchors"]', true, true),
  ('van-inspection', 'Yearly inspection of the minibus', 'resource', 'van-3', 'date', null, null, null, -9, 12, 30, 180, 'urgent', '["Inspection centre", "Emissions", "Lights"]', true, true),
  ('bike-check', 'Bicycle check', 'type', 'e-bike', 'interval', 30, null, null, null, null, 3, 45, 'normal', '["Brakes", "Tyre pressure", "Battery health", "Lights"]', true, true),
  ('room-deep', 'Air conditioning filters', 'type', 'hotel-room', 'interval', 90, null, null, null, null, 10, 40, 'normal', '["Clean filters", "Check drain", "Test heating and cooling"]', false, true),
  ('bike-battery', 'Battery replacement after 500 uses', 'category', 'bicycles', 'usage', null, 'uses', 500, null, null, 0, 60, 'normal', '["Swap the battery", "Recycle the old one"]', false, true),
  ('terrace-canopy', 'Canopy of the terrace, autumn', 'resource', 'rooftop', 'date', null, null, null, 25, 12, 14, 300, 'low', '["Take down", "Wash", "Store dry"]', false, false)
) v (name_id, name, subject, ref, kind, days, metric, threshold, due, months, lead, minutes, priority, checklist, mandatory, active);

insert into resources.maintenance_work_orders (
  biz_id, id, number, resource_id, location_id, policy_id, kind, priority, status, title, description, starts_at, ends_at, blocks_resource, due_on,
  assignee_id, vendor_name, started_at, completed_at, verified_at, verified_by_id, labour_cost_minor, parts_cost_minor, currency,
  usage_metric, usage_value, checklist, resolution)
select pg_temp.biz(), pg_temp.id('work-order/' || v.n), core.next_number('maintenance_work_order', 'WO'), r.id, r.location_id,
  case when v.policy is not null then pg_temp.id('maintenance-policy/' || v.policy) end, v.kind, v.priority, v.status, v.title, v.description,
  pg_temp.at(v.day, '09:00'), pg_temp.at(v.day, '09:00') + make_interval(mins => v.minutes), v.blocks, pg_temp.day(v.due), pg_temp.member(v.assignee), v.vendor,
  case when v.status in ('in_progress', 'on_hold', 'completed', 'verified', 'reopened') then pg_temp.at(v.day, '09:10') end,
  case when v.status in ('completed', 'verified') then pg_temp.at(v.day, '09:10') + make_interval(mins => v.minutes - 5) end,
  case when v.status = 'verified' then pg_temp.at(v.day, '17:30') end, case when v.status = 'verified' then pg_temp.member('owner') end,
  v.labour, v.parts, 'EUR', v.metric, v.value, v.checklist::jsonb, v.resolution
from (values
  (1, 'VAN-1', 'van-service', 'preventive', 'high', 'verified', 'Service at 90,000 km', 'Scheduled service, with child seat check.', -24, 240, true, -20, 'desk', 'Auto Benfica Lda', 18600::bigint, 24350::bigint, 'km', 90012::numeric, '[{"item": "Oil and filters", "ok": true}, {"item": "Brake pads", "ok": true}]', 'Done, next at 110,000 km.'),
  (2, 'VAN-3', 'van-inspection', 'preventive', 'urgent', 'on_hold', 'Yearly inspection', 'Failed on emissions; waiting for a part.', -9, 180, true, -9, 'desk', 'Centro de Inspeções Alvalade', 4200, 0, null, null, '[{"item": "Emissions", "ok": false}]', ''),
  (3, 'VAN-3', null, 'corrective', 'normal', 'triaged', 'Dent in the rear bumper', 'Backed into a bollard at the airport.', null, 60, true, 12, null, null, 0, 0, null, null, '[]', ''),
  (4, 'EB-06', 'bike-check', 'preventive', 'normal', 'in_progress', 'Monthly check', 'Brake lever bent, being replaced.', 0, 45, true, 0, 'desk', null, 0, 3890, 'uses', 258, '[{"item": "Brakes", "ok": false}]', ''),
  (5, 'EB-01', 'bike-check', 'preventive', 'normal', 'completed', 'Monthly check', '', -3, 45, true, -2, 'desk', null, 0, 650, 'uses', 193, '[{"item": "Brakes", "ok": true}, {"item": "Tyre pressure", "ok": true}]', 'New inner tube at the back.'),
  (6, 'EB-02', 'bike-check', 'preventive', 'normal', 'scheduled', 'Monthly check', '', 4, 45, true, 5, 'desk', null, 0, 0, null, null, '[]', ''),
  (7, 'LIS-204', null, 'corrective', 'normal', 'requested', 'Seal of the shower door', 'Water on the floor after a shower.', null, 60, false, 3, null, null, 0, 0, null, null, '[]', ''),
  (8, 'CAS-14', null, 'corrective', 'high', 'verified', 'Air conditioning does not cool', 'Guest of room 14 reported it.', -6, 90, false, -6, 'desk', 'Frio e Clima Cascais', 7500, 5200, null, null, '[{"item": "Gas refilled", "ok": true}]', 'Leak at the valve, sealed.'),
  (9, 'LIS-302', null, 'corrective', 'normal', 'reopened', 'Television without sound', 'Worked after a reset, and failed again.', -5, 30, false, -4, 'desk', null, 0, 0, null, null, '[]', ''),
  (10, 'LIS-V1', 'terrace-canopy', 'preventive', 'low', 'cancelled', 'Take down the canopy', 'Kept up for a wedding.', null, 300, true, 25, null, null, 0, 0, null, null, '[]', ''),
  (11, 'LIS-101', 'room-deep', 'preventive', 'normal', 'scheduled', 'Air conditioning filters', '', 6, 40, false, 10, 'desk', null, 0, 0, null, null, '[]', ''),
  (12, 'LIS-102', 'room-deep', 'preventive', 'normal', 'completed', 'Air conditioning filters', '', -2, 40, false, 0, 'desk', null, 1800, 900, null, null, '[{"item": "Clean filters", "ok": true}]', 'Filters were due.'),
  (13, 'SPA-T1', null, 'corrective', 'low', 'cancelled', 'Dimmer flickers', 'Bulb replaced by the therapist.', null, 30, false, -10, null, null, 0, 0, null, null, '[]', '')
) v (n, number, policy, kind, priority, status, title, description, day, minutes, blocks, due, assignee, vendor, labour, parts, metric, value, checklist, resolution)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number
order by v.n;

-- Condition, with evidence; replacements.
insert into resources.condition_reports (biz_id, id, resource_id, context, grade, note, meter_readings, reporter_id, source_type, source_id, reported_at)
select pg_temp.biz(), pg_temp.id('condition-report/' || v.n), r.id, v.context, v.grade, v.note, v.readings::jsonb, pg_temp.member('desk'),
  case when v.work_order is not null then 'MaintenanceWorkOrder' end, case when v.work_order is not null then pg_temp.id('work-order/' || v.work_order) end, pg_temp.at(v.day, v.at::time)
from (values
  (1, 'VAN-3', 'check_in', 'damaged', 'Rear bumper dented on the left, about 20 cm.', '{"odometer_m": 248310000, "fuel_percent": 60}', 3, -2, '18:20'),
  (2, 'VAN-1', 'inspection', 'good', 'After service, clean inside.', '{"odometer_m": 90012000}', 1, -24, '14:00'),
  (3, 'EB-06', 'check_in', 'damaged', 'Brake lever bent; guest fell at low speed, unhurt.', '{"battery_percent": 41}', 4, -1, '18:45'),
  (4, 'EB-01', 'check_out', 'good', '', '{"battery_percent": 100}', null, -1, '10:05'),
  (5, 'EB-01', 'check_in', 'good', 'Sand on the chain, rinsed.', '{"battery_percent": 58}', null, -1, '17:30'),
  (6, 'EB-03', 'check_out', 'as_new', 'New tyres.', '{"battery_percent": 98}', null, -4, '09:40'),
  (7, 'LIS-204', 'inspection', 'fair', 'Shower seal worn, grout needs work.', '{}', 7, -1, '12:10'),
  (8, 'VAN-0', 'inspection', 'unusable', 'Gearbox gone; not worth repairing.', '{"odometer_m": 412770000}', null, -28, '16:00')
) v (n, number, context, grade, note, readings, work_order, day, at)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.condition_report_media (biz_id, id, report_id, media_asset_id, caption, sort_order)
select pg_temp.biz(), pg_temp.id('condition-report-media/' || v.n), pg_temp.id('condition-report/' || v.n), pg_temp.id('media/' || v.media), v.caption, 1
from (values (1, 'van-photo', 'Left corner, seen from behind'), (3, 'bike-photo', 'Lever on the right side'), (7, 'room-photo', 'Lower edge of the door')) v (n, media, caption);
insert into resources.resource_swaps (biz_id, id, from_resource_id, to_resource_id, fulfillment_unit_type, fulfillment_unit_id, starts_at, ends_at, moved_count, reason)
select pg_temp.biz(), pg_temp.id('resource-swap/' || v.n), pg_temp.id('resource/' || v.gone), pg_temp.id('resource/' || v.instead), null, null,
  pg_temp.at(v.since, '08:00'), pg_temp.at(v.until, '20:00'), v.moved, v.reason
from (values
  (1, 'van-3', 'van-1', -9, 14, 6, 'The minibus failed its inspection.'),
  (2, 'bike-6', 'bike-5', -1, 2, 2, 'Brake lever bent, bicycle in the workshop.'),
  (3, 'sala-guincho', 'sala-tejo', 5, 5, 1, 'The client asked for the larger room.')
) v (n, gone, instead, since, until, moved, reason);
