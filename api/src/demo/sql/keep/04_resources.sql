-- Others may use: resource-type/truck, resource-type/dock; resource/truck-1, truck-2 (PKL, active), truck-3 (SHA, out of service);
-- resource/dock-1, dock-2 (PKL), dock-3 (SHA); resource-group/forklifts, resource-group/trucks, resource-group/docks.

-- Types and categories.
insert into resources.resource_types (biz_id, id, code, name, kind, default_exclusive, default_capacity)
select pg_temp.biz(), pg_temp.id('resource-type/' || v.code), v.code, v.name, v.kind, true, 1
from (values ('truck', 'Truck', 'vehicle'), ('dock', 'Loading dock', 'venue')) v (code, name, kind);
insert into resources.categories (biz_id, id, domain, code, name, parent_id, default_attributes)
select pg_temp.biz(), pg_temp.id('category/' || v.code), v.domain, v.code, v.name,
  case when v.parent is not null then pg_temp.id('category/' || v.parent) end, v.attributes::jsonb
from (values
  ('asset', 'handling', 'Handling equipment', null, '{}'),
  ('asset', 'counterbalance', 'Counterbalance forklifts', 'handling', '{"lift_mm": 4500}'),
  ('asset', 'reach', 'Reach trucks', 'handling', '{"lift_mm": 9000}'),
  ('vehicle', 'lorries', 'Lorries', null, '{}'),
  ('vehicle', 'refrigerated', 'Refrigerated lorries', 'lorries', '{"min_c": -20, "max_c": 8}'),
  ('venue', 'docks', 'Docks', null, '{}'),
  ('unit', 'halls', 'Storage halls', null, '{}'),
  ('unit', 'ambient', 'Ambient bays', 'halls', '{"min_c": 18, "max_c": 32}'),
  ('unit', 'chilled', 'Chilled bays', 'halls', '{"min_c": 2, "max_c": 8}')
) v (domain, code, name, parent, attributes);

-- Trucks, docks and a reach truck on order.
insert into resources.resources (biz_id, id, number, type_id, category_id, location_id, name, lifecycle_status, sort_key, attributes)
select pg_temp.biz(), pg_temp.id('resource/' || v.name_id), v.number,
  (select t.id from resources.resource_types t where t.biz_id = pg_temp.biz() and t.code = v.type), pg_temp.id('category/' || v.category),
  pg_temp.location(v.location), v.name, v.status, v.number, v.attributes::jsonb
from (values
  ('truck-1', 'TRK-01', 'truck', 'lorries', 'PKL', 'Curtain-sider 5 t', 'active', '{"tail_lift": true}'),
  ('truck-2', 'TRK-02', 'truck', 'refrigerated', 'PKL', 'Reefer 3 t', 'active', '{"tail_lift": true}'),
  ('truck-3', 'TRK-03', 'truck', 'lorries', 'SHA', 'Box truck 3 t', 'active', '{"tail_lift": false}'),
  ('dock-1', 'PKL-D1', 'dock', 'docks', 'PKL', 'Dock 1', 'active', '{"leveller": true}'),
  ('dock-2', 'PKL-D2', 'dock', 'docks', 'PKL', 'Dock 2', 'active', '{"leveller": true}'),
  ('dock-3', 'SHA-D1', 'dock', 'docks', 'SHA', 'Dock 1', 'active', '{"leveller": false}'),
  ('reach-1', 'RT-01', 'forklift', 'reach', 'PKL', 'Reach truck, on order', 'planned', '{}'),
  ('forklift-0', 'ZZ-FL-00', 'forklift', 'counterbalance', 'SHA', 'Diesel forklift, sold', 'out_of_service', '{}')
) v (name_id, number, type, category, location, name, status, attributes);
update resources.resources r
set lifecycle_status = case r.number when 'TRK-03' then 'out_of_service' else 'retired' end
where r.biz_id = pg_temp.biz() and r.number in ('TRK-03', 'ZZ-FL-00');
update resources.resources r
set category_id = pg_temp.id('category/' || case when r.number like 'FL-%' then 'counterbalance' when r.number like '%-CHL-%' then 'chilled' else 'ambient' end)
where r.biz_id = pg_temp.biz() and r.category_id is null;

-- Details.
insert into resources.vehicle_details (
  biz_id, id, resource_id, registration, country_code, vin, make, model, model_year, seats, payload_g, volume_cm3, fuel_type,
  odometer_m, odometer_read_at, insurance_expires_on, inspection_expires_on)
select pg_temp.biz(), pg_temp.id('vehicle-detail/' || v.resource), pg_temp.id('resource/' || v.resource), v.registration, 'MY', v.vin, v.make, v.model,
  v.model_year, 3, v.payload_g, v.volume_cm3, 'diesel', v.odometer_m, pg_temp.at(-1, '18:10'), pg_temp.day(v.insured), pg_temp.day(v.inspected)
from (values
  ('truck-1', 'BQR 4127', 'JHDFM2PJ7LXX10442', 'Hino', '500 FM', 2020, 5200000::bigint, 34000000::bigint, 214880000::bigint, 88, 31),
  ('truck-2', 'VGM 2083', 'JAMNPR75LN7100871', 'Isuzu', 'NPR75', 2022, 3000000, 18000000, 121350000, 190, 104),
  ('truck-3', 'BPA 9310', 'JLBFE85DJ0KU20013', 'Mitsubishi Fuso', 'Canter', 2018, 3100000, 20000000, 301070000, 20, -6)
) v (resource, registration, vin, make, model, model_year, payload_g, volume_cm3, odometer_m, insured, inspected);
insert into resources.asset_details (
  biz_id, id, resource_id, serial_no, asset_tag, manufacturer, model, purchased_on, purchase_cost_minor, residual_value_minor, currency,
  depreciation_method, useful_life_months, depreciation_bps, warranty_expires_on)
select pg_temp.biz(), pg_temp.id('asset-detail/' || r.number), r.id, v.serial, v.tag, v.maker, v.model, pg_temp.day(v.bought), v.cost, v.residual, 'MYR',
  v.method, v.months, v.bps, pg_temp.day(v.warranty)
from (values
  ('FL-01', 'TY-8FBE20-11482', 'KP-E-001', 'Toyota', '8FBE20', -1450, 11800000::bigint, 2000000::bigint, 'straight_line', 96, null::integer, -355),
  ('FL-02', 'TY-8FBE20-11490', 'KP-E-002', 'Toyota', '8FBE20', -1450, 11800000, 2000000, 'straight_line', 96, null, -355),
  ('FL-03', 'KM-FB18-7705', 'KP-E-003', 'Komatsu', 'FB18-12', -860, 9900000, 1500000, 'straight_line', 96, null, 235),
  ('TRK-01', 'HN-10442', 'KP-V-001', 'Hino', '500 FM', -2100, 24500000, 4000000, 'declining_balance', null, 2000, -1000),
  ('TRK-02', 'IZ-00871', 'KP-V-002', 'Isuzu', 'NPR75', -1380, 19800000, 3500000, 'declining_balance', null, 2000, -280)
) v (number, serial, tag, maker, model, bought, cost, residual, method, months, bps, warranty)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.venue_details (biz_id, id, resource_id, building, floor, area_m2, ceiling_height_mm, standing_capacity, layout_options, is_wheelchair_accessible, directions)
select pg_temp.biz(), pg_temp.id('venue-detail/' || v.resource), pg_temp.id('resource/' || v.resource), v.building, 'G', v.area, 4800, 12, '{}', false, v.directions
from (values
  ('dock-1', 'Hall A', 86.00, 'Gate 2, then straight to the far end.'),
  ('dock-2', 'Hall B (chilled)', 72.50, 'Gate 2, left past the weighbridge.'),
  ('dock-3', 'Depot', 54.00, 'Single gate, report to the guard house.')
) v (resource, building, area, directions);

-- Groups, features of bays, what equipment can do.
insert into resources.resource_groups (biz_id, id, code, name, description, location_id, selection_strategy)
select pg_temp.biz(), pg_temp.id('resource-group/' || v.code), v.code, v.name, v.description, pg_temp.location(v.location), v.strategy
from (values
  ('forklifts', 'Forklifts', 'Any that is charged.', null, 'least_loaded'),
  ('trucks', 'Trucks', 'Dry goods first on the curtain-sider.', null, 'ranked'),
  ('docks', 'Docks Port Klang', 'Dock 2 for chilled goods.', 'PKL', 'round_robin')
) v (code, name, description, location, strategy);
insert into resources.resource_group_members (biz_id, id, group_id, resource_id, weight, priority, starts_on)
select pg_temp.biz(), pg_temp.id('resource-group-member/' || r.number), pg_temp.id('resource-group/' || v.code), r.id, 1, v.priority, pg_temp.day(-800)
from (values ('forklifts', 'FL-01', 0), ('forklifts', 'FL-02', 0), ('forklifts', 'FL-03', 0), ('trucks', 'TRK-01', 3), ('trucks', 'TRK-02', 2),
  ('trucks', 'TRK-03', 1), ('docks', 'PKL-D1', 0), ('docks', 'PKL-D2', 0)) v (code, number, priority)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into core.features (biz_id, id, code, name, description, scope, category, icon, is_filterable, sort_order)
select pg_temp.biz(), pg_temp.id('feature/res-' || v.code), v.code, v.name, v.description, 'resource', v.category, v.icon, true, v.n
from (values
  ('racking', 'Pallet racking', 'Five levels, 1,200 kg a beam.', 'Storage', 'layers', 1),
  ('temperature-logged', 'Temperature logged', 'A reading every five minutes, kept for two years.', 'Storage', 'thermometer', 2),
  ('ground-level', 'Ground level', 'For heavy pallets.', 'Storage', 'arrow-down', 3)
) v (code, name, description, category, icon, n)
on conflict (biz_id, code) where deleted_at is null do nothing;
insert into resources.feature_assignments (biz_id, resource_id, feature_id, quantity)
select r.biz_id, r.id, f.id, case when f.code = 'racking' then 5 else 1 end
from resources.resources r
join resources.resource_types k on k.biz_id = r.biz_id and k.id = r.type_id and k.code = 'bay'
join core.features f on f.biz_id = r.biz_id and f.deleted_at is null
  and case f.code when 'racking' then true when 'temperature-logged' then r.number like '%-CHL-%' when 'ground-level' then r.number like '%-01' end
where r.biz_id = pg_temp.biz();
insert into resources.capability_templates (biz_id, id, code, name, description, kind, requires_expiry, requires_evidence, max_level)
select pg_temp.biz(), pg_temp.id('capability/' || v.code), v.code, v.name, v.description, v.kind, v.expiry, false, v.levels
from (values
  ('lift-4500', 'Lifts to 4.5 m', 'Reaches the fifth beam.', 'equipment', false, 1),
  ('cold-rated', 'Cold rated', 'Works below 5 °C all day.', 'equipment', false, 1),
  ('pma-certificate', 'Certificate of fitness (PMA)', 'From DOSH, renewed every 15 months.', 'licence', true, 1)
) v (code, name, description, kind, expiry, levels);
insert into resources.capability_assignments (biz_id, id, resource_id, template_id, level, starts_on, ends_on, certificate_no, issued_by, verified_by_id, verified_at)
select pg_temp.biz(), pg_temp.id('capability-assignment/' || r.number || '/' || v.code), r.id, pg_temp.id('capability/' || v.code), 1, pg_temp.day(v.since), pg_temp.day(v.until),
  v.certificate, v.issuer, case when v.certificate is not null then pg_temp.member('owner') end, case when v.certificate is not null then pg_temp.at(v.since + 2, '10:00') end
from (values
  ('FL-01', 'lift-4500', -1400, null::integer, null, null), ('FL-02', 'lift-4500', -1400, null, null, null), ('FL-02', 'cold-rated', -1400, null, null, null),
  ('FL-01', 'pma-certificate', -380, 70, 'SL-PMA-40281', 'DOSH Selangor'), ('FL-02', 'pma-certificate', -440, 10, 'SL-PMA-40282', 'DOSH Selangor'),
  ('FL-03', 'pma-certificate', -100, 350, 'SL-PMA-51977', 'DOSH Selangor'), ('TRK-02', 'cold-rated', -1300, null, null, null)
) v (number, code, since, until, certificate, issuer)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.service_capabilities (biz_id, id, resource_id, service_id, proficiency, is_bookable_online)
select r.biz_id, pg_temp.id('service-capability/' || r.number), r.id, s.id, 'standard', true
from resources.resources r
join catalog.services s on s.biz_id = r.biz_id and s.code = 'forklift'
where r.biz_id = pg_temp.biz() and r.number in ('FL-01', 'FL-02', 'FL-03');

-- Use and maintenance.
insert into resources.usage_counters (biz_id, id, resource_id, metric, value, recorded_at)
select pg_temp.biz(), pg_temp.id('usage-counter/' || r.number || '/' || v.metric), r.id, v.metric, v.value, pg_temp.at(-1, '19:00')
from (values ('FL-01', 'hours', 6120.5), ('FL-02', 'hours', 5984.0), ('FL-03', 'hours', 2711.25), ('TRK-01', 'km', 214880), ('TRK-02', 'km', 121350),
  ('TRK-03', 'km', 301070), ('TRK-01', 'trips', 3310), ('TRK-02', 'trips', 2204)) v (number, metric, value)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.maintenance_policies (
  biz_id, id, name, category_id, trigger_kind, interval_days, usage_metric, usage_threshold, due_on, repeats_months, lead_days, block_minutes, priority, checklist, is_mandatory, is_active)
select pg_temp.biz(), pg_temp.id('maintenance-policy/' || v.name_id), v.name, pg_temp.id('category/' || v.category), v.kind, v.days, v.metric, v.threshold, pg_temp.day(v.due), v.months,
  v.lead, v.minutes, v.priority, v.checklist::jsonb, v.mandatory, true
from (values
  ('forklift-250', 'Forklift service every 250 hours', 'counterbalance', 'usage', null::integer, 'hours', 250::numeric, null::integer, null::integer, 5, 180, 'high', '["Battery water", "Chain tension", "Forks", "Hydraulic leaks"]', true),
  ('forklift-daily', 'Weekly forklift check', 'counterbalance', 'interval', 7, null, null, null, null, 1, 20, 'normal', '["Horn", "Lights", "Tyres"]', true),
  ('truck-puspakom', 'Puspakom inspection', 'lorries', 'date', null, null, null, 31, 6, 21, 240, 'urgent', '["Brakes", "Emissions", "Side slip"]', true),
  ('chiller-coils', 'Clean the chiller coils', 'chilled', 'interval', 60, null, null, null, null, 7, 120, 'normal', '["Switch off zone", "Wash coils", "Log temperature"]', false)
) v (name_id, name, category, kind, days, metric, threshold, due, months, lead, minutes, priority, checklist, mandatory);
insert into resources.maintenance_work_orders (
  biz_id, id, number, resource_id, location_id, policy_id, kind, priority, status, title, description, starts_at, ends_at, blocks_resource, due_on,
  assignee_id, vendor_name, started_at, completed_at, verified_at, verified_by_id, labour_cost_minor, parts_cost_minor, currency, usage_metric, usage_value, checklist, resolution)
select pg_temp.biz(), pg_temp.id('work-order/' || v.n), core.next_number('maintenance_work_order', 'WO'), r.id, r.location_id,
  case when v.policy is not null then pg_temp.id('maintenance-policy/' || v.policy) end, case when v.policy is null then 'corrective' else 'preventive' end, v.priority, v.status, v.title, v.description,
  pg_temp.at(v.day, '07:00'), pg_temp.at(v.day, '07:00') + make_interval(mins => v.minutes), v.blocks, pg_temp.day(v.due), pg_temp.member('desk'), v.vendor,
  case when v.status in ('in_progress', 'on_hold', 'completed', 'verified', 'reopened') then pg_temp.at(v.day, '07:05') end,
  case when v.status in ('completed', 'verified') then pg_temp.at(v.day, '07:05') + make_interval(mins => v.minutes - 5) end,
  case when v.status = 'verified' then pg_temp.at(v.day, '17:00') end, case when v.status = 'verified' then pg_temp.member('owner') end,
  v.labour, v.parts, 'MYR', v.metric, v.value, '[]', v.resolution
from (values
  (1, 'FL-01', 'forklift-250', 'high', 'verified', 'Service at 6,000 hours', '', -21, 180, true, -20, 'UMW Toyota Forklift', 45000::bigint, 38200::bigint, 'hours', 6000::numeric, 'Chain tightened.'),
  (2, 'FL-02', 'forklift-250', 'high', 'scheduled', 'Service at 6,000 hours', '', 3, 180, true, 5, 'UMW Toyota Forklift', 0, 0, null, null, ''),
  (3, 'TRK-03', null, 'urgent', 'on_hold', 'Turbo replacement', 'Waiting for the part from Japan.', -6, 480, true, -4, 'Fuso Service Shah Alam', 60000, 0, null, null, ''),
  (4, 'TRK-01', 'truck-puspakom', 'urgent', 'triaged', 'Puspakom inspection', '', null, 240, true, 31, 'Puspakom Wangsa Maju', 0, 0, null, null, ''),
  (5, 'PKL-CHL-03', 'chiller-coils', 'normal', 'completed', 'Clean the coils', '', -2, 120, false, 0, 'Coolmate Engineering', 28000, 4500, null, null, 'Zone back at 4 °C after 50 minutes.'),
  (6, 'PKL-D2', null, 'normal', 'requested', 'Dock seal torn', 'Rain came in on Tuesday.', null, 90, false, 10, null, 0, 0, null, null, ''),
  (7, 'FL-03', 'forklift-daily', 'normal', 'verified', 'Weekly check', '', -8, 20, false, -8, null, 0, 0, 'hours', 2688, 'In order.'),
  (8, 'SHA-AMB-04', null, 'low', 'cancelled', 'Repaint bay numbers', 'Done by the team.', null, 60, false, -12, null, 0, 0, null, null, '')
) v (n, number, policy, priority, status, title, description, day, minutes, blocks, due, vendor, labour, parts, metric, value, resolution)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number
order by v.n;
insert into resources.condition_reports (biz_id, id, resource_id, context, grade, note, meter_readings, reporter_id, source_type, source_id, reported_at)
select pg_temp.biz(), pg_temp.id('condition-report/' || v.n), r.id, v.context, v.grade, v.note, v.readings::jsonb, pg_temp.member('desk'),
  case when v.work_order is not null then 'MaintenanceWorkOrder' end, case when v.work_order is not null then pg_temp.id('work-order/' || v.work_order) end, pg_temp.at(v.day, '16:30')
from (values
  (1, 'FL-01', 'inspection', 'good', 'After service.', '{"hours": 6000}', 1, -21),
  (2, 'TRK-03', 'check_in', 'damaged', 'Blue smoke, no power uphill.', '{"odometer_m": 301070000}', 3, -7),
  (3, 'PKL-D2', 'inspection', 'fair', 'Seal torn at the top left.', '{}', 6, -3),
  (4, 'TRK-02', 'check_out', 'good', '', '{"odometer_m": 121110000, "fuel_percent": 90}', null, -1)
) v (n, number, context, grade, note, readings, work_order, day)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into resources.resource_swaps (biz_id, id, from_resource_id, to_resource_id, starts_at, ends_at, moved_count, reason)
select pg_temp.biz(), pg_temp.id('resource-swap/1'), pg_temp.id('resource/truck-3'), pg_temp.id('resource/truck-1'), pg_temp.at(-6, '07:00'), pg_temp.at(12, '18:00'), 4, 'Turbo failed on the way back from Shah Alam.';
