-- The rules of resources: details of things and people, groups, capabilities, maintenance, condition.

-- given: a venue, another person and another location's room
insert into resources.resource_types (biz_id, id, code, name, kind) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000001', 'hall', 'Hall', 'venue'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000002', 'salon', 'Salon', 'room');
insert into resources.resources (biz_id, id, number, type_id, location_id, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000003', 'H-1', '00000000-0000-7004-8000-000000000001',
    '00000000-0000-7000-8000-000000000011', 'Hall 1'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000004', 'V-2', '00000000-0000-7000-8000-000000000043',
    '00000000-0000-7000-8000-000000000011', 'Van 2');
insert into resources.resource_groups (biz_id, id, code, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000010', 'team', 'Team');
insert into resources.capability_templates (biz_id, id, code, name, kind, requires_expiry, requires_evidence, max_level) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000011', 'driving', 'Driving licence', 'licence', true, false, 1),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000012', 'deep-tissue', 'Deep tissue', 'skill', false, false, 5),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000013', 'rescue', 'Rescue swimmer', 'licence', false, true, 3);
insert into resources.maintenance_policies (biz_id, id, name, resource_type_id, trigger_kind, interval_days) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000014', 'Service', '00000000-0000-7000-8000-000000000043',
    'interval', 365);
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, title) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000015', 'WO-1', '00000000-0000-7000-8000-000000000055',
    '00000000-0000-7000-8000-000000000011', 'corrective', 'Brakes');
insert into resources.usage_counters (biz_id, id, resource_id, metric, value, recorded_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000016', '00000000-0000-7000-8000-000000000055',
    'km', 1000, '2027-01-01 08:00Z');
insert into resources.condition_reports (biz_id, id, resource_id, context, grade, source_type, source_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000017', '00000000-0000-7000-8000-000000000055',
    'check_out', 'good', 'FulfillmentUnit', '00000000-0000-7000-8000-000000000075');
insert into resources.resource_swaps (biz_id, id, from_resource_id, to_resource_id, starts_at, reason) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000018', '00000000-0000-7000-8000-000000000055',
    '00000000-0000-7004-8000-000000000004', '2027-01-01 08:00Z', 'Broken down');

-- allowed: things, venues, vehicles and people have their details
insert into resources.asset_details (biz_id, id, resource_id, serial_no, purchased_on, purchase_cost_minor, currency,
  depreciation_method, useful_life_months, warranty_expires_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000055',
  'SN-1', '2026-01-01', 2500000, 'EUR', 'straight_line', 60, '2028-01-01');
insert into resources.venue_details (biz_id, id, resource_id, area_m2, seated_capacity, layout_options)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000021', '00000000-0000-7004-8000-000000000003',
  240.5, 120, '{"theatre": 120, "banquet": 80}');
insert into resources.vehicle_details (biz_id, id, resource_id, registration, country_code, vin, seats, payload_g, fuel_type,
  odometer_m, odometer_read_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000022', '00000000-0000-7000-8000-000000000055',
  'AA-00-BB', 'PT', 'WF0SXBTTGSKA12345', 3, 1200000, 'diesel', 48211000, now());
insert into resources.human_details (biz_id, id, resource_id, member_id, languages)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000023', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7000-8000-000000000021', '{pt,en}');
insert into resources.human_details (biz_id, id, resource_id, external_name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000024', '00000000-0000-7000-8000-000000000054', 'Guest teacher');

-- refused asset_details_resource_id_key: a resource has one row of asset details
insert into resources.asset_details (biz_id, id, resource_id)
select '00000000-0000-7000-8000-000000000001', id::uuid, '00000000-0000-7000-8000-000000000055'
from (values ('00000000-0000-7004-8000-000000000020'), ('00000000-0000-7004-8000-000000000021')) as d (id);

-- refused asset_details_serial_no_key: two assets do not share a serial number
insert into resources.asset_details (biz_id, id, resource_id, serial_no)
select '00000000-0000-7000-8000-000000000001', id::uuid, resource_id::uuid, 'SN-1'
from (values ('00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000055'),
  ('00000000-0000-7004-8000-000000000021', '00000000-0000-7004-8000-000000000004')) as d (id, resource_id);

-- allowed: the serial number of an archived asset is free again
insert into resources.asset_details (biz_id, id, resource_id, serial_no, deleted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000055', 'SN-1', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000021', '00000000-0000-7004-8000-000000000004', 'SN-1', null);

-- refused asset_details_depreciation_check: what is written off evenly has a cost and a useful life
insert into resources.asset_details (biz_id, id, resource_id, depreciation_method)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000055', 'straight_line');

-- refused asset_details_currency_check: a cost needs a currency
insert into resources.asset_details (biz_id, id, resource_id, purchase_cost_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000055', 100);

-- refused venue_details_kind_check: a van has no venue details
insert into resources.venue_details (biz_id, id, resource_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000021', '00000000-0000-7000-8000-000000000055');

-- refused vehicle_details_kind_check: a room has no registration
insert into resources.vehicle_details (biz_id, id, resource_id, registration)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000022', '00000000-0000-7000-8000-000000000051', 'AA-00-BB');

-- refused vehicle_details_registration_key: two vehicles do not share a number plate
insert into resources.vehicle_details (biz_id, id, resource_id, registration)
select '00000000-0000-7000-8000-000000000001', id::uuid, resource_id::uuid, 'AA-00-BB'
from (values ('00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000055'),
  ('00000000-0000-7004-8000-000000000021', '00000000-0000-7004-8000-000000000004')) as d (id, resource_id);

-- refused vehicle_details_vin_check: a vehicle identification number has no O
insert into resources.vehicle_details (biz_id, id, resource_id, vin)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000022', '00000000-0000-7000-8000-000000000055', 'WFOSXBTTGSKA12345');

-- refused human_details_kind_check: a van is nobody
insert into resources.human_details (biz_id, id, resource_id, external_name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000023', '00000000-0000-7000-8000-000000000055', 'Herbie');

-- refused human_details_person_check: a person is a member or somebody from outside, not both
insert into resources.human_details (biz_id, id, resource_id, member_id, external_name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000023', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7000-8000-000000000021', 'Ana');

-- refused human_details_member_id_key: a member is one resource
insert into resources.human_details (biz_id, id, resource_id, member_id)
select '00000000-0000-7000-8000-000000000001', id::uuid, resource_id::uuid, '00000000-0000-7000-8000-000000000021'
from (values ('00000000-0000-7004-8000-000000000020', '00000000-0000-7000-8000-000000000053'),
  ('00000000-0000-7004-8000-000000000021', '00000000-0000-7000-8000-000000000054')) as d (id, resource_id);

-- refused resource_types_kind_immutable_check: a resource type keeps its kind
update resources.resource_types set kind = 'equipment' where id = '00000000-0000-7000-8000-000000000043';

-- refused resources_kind_immutable_check: a van does not become a room
update resources.resources set type_id = '00000000-0000-7000-8000-000000000041' where id = '00000000-0000-7000-8000-000000000055';

-- allowed: a room changes to another type of room
update resources.resources set type_id = '00000000-0000-7004-8000-000000000002' where id = '00000000-0000-7000-8000-000000000051';

-- allowed: a resource leaves a group and comes back later
insert into resources.resource_group_members (biz_id, id, group_id, resource_id, starts_on, ends_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000030', '00000000-0000-7004-8000-000000000010',
    '00000000-0000-7000-8000-000000000053', null, '2027-02-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000031', '00000000-0000-7004-8000-000000000010',
    '00000000-0000-7000-8000-000000000053', '2027-03-01', null);

-- refused resource_groups_code_key: two groups do not share a code
insert into resources.resource_groups (biz_id, id, code, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000032', 'team', 'Another team');

-- race resource_group_members_no_overlap_excl: a resource is in a group once at a time
insert into resources.resource_group_members (biz_id, id, group_id, resource_id, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-00000000f00:n', '00000000-0000-7004-8000-000000000010',
  '00000000-0000-7000-8000-000000000054', '2027-01-01');

-- refused resource_group_members_dates_check: a membership ends after it starts
insert into resources.resource_group_members (biz_id, id, group_id, resource_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000031', '00000000-0000-7004-8000-000000000010',
  '00000000-0000-7000-8000-000000000053', '2027-03-01', '2027-03-01');

-- allowed: a driver has a licence until it expires, and a renewed one from then on
insert into resources.capability_assignments (biz_id, id, resource_id, template_id, starts_on, ends_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000040', '00000000-0000-7000-8000-000000000053',
    '00000000-0000-7004-8000-000000000011', '2020-01-01', '2027-01-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000041', '00000000-0000-7000-8000-000000000053',
    '00000000-0000-7004-8000-000000000011', '2027-01-01', '2034-01-01');

-- refused capability_assignments_expiry_check: a licence says until when
insert into resources.capability_assignments (biz_id, id, resource_id, template_id, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000040', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7004-8000-000000000011', '2020-01-01');

-- refused capability_assignments_evidence_check: some capabilities must be shown by a document
insert into resources.capability_assignments (biz_id, id, resource_id, template_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000040', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7004-8000-000000000013');

-- refused capability_assignments_max_level_check: nobody is better than the highest level
insert into resources.capability_assignments (biz_id, id, resource_id, template_id, level)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000040', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7004-8000-000000000012', 6);

-- race capability_assignments_no_overlap_excl: a resource has a capability once at a time
insert into resources.capability_assignments (biz_id, id, resource_id, template_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-00000000f10:n', '00000000-0000-7000-8000-000000000054',
  '00000000-0000-7004-8000-000000000012');

-- refused capability_templates_assignments_check: a capability does not begin to ask for what those who have it lack
update resources.capability_templates set requires_expiry = true where id = '00000000-0000-7004-8000-000000000012';

-- allowed: a resource gives a service in its own time
insert into resources.service_capabilities (biz_id, id, resource_id, service_id, duration_override_minutes, proficiency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000050', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7000-8000-000000000061', 75, 'trainee');

-- refused service_capabilities_service_key: a resource gives a service once
insert into resources.service_capabilities (biz_id, id, resource_id, service_id)
select '00000000-0000-7000-8000-000000000001', id::uuid, '00000000-0000-7000-8000-000000000053', '00000000-0000-7000-8000-000000000061'
from (values ('00000000-0000-7004-8000-000000000050'), ('00000000-0000-7004-8000-000000000051')) as s (id);

-- refused service_capabilities_service_fkey: the service must exist
insert into resources.service_capabilities (biz_id, id, resource_id, service_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000050', '00000000-0000-7000-8000-000000000053',
  '00000000-0000-7000-8000-000000000064');

-- allowed: a counter counts up, and begins anew with a new meter
update resources.usage_counters set value = 1200, recorded_at = '2027-02-01 08:00Z' where id = '00000000-0000-7004-8000-000000000016';
update resources.usage_counters set value = 0, reset_at = '2027-02-02 08:00Z', recorded_at = '2027-02-02 08:00Z'
where id = '00000000-0000-7004-8000-000000000016';
update resources.usage_counters set value = 5, recorded_at = '2027-02-03 08:00Z' where id = '00000000-0000-7004-8000-000000000016';

-- refused usage_counters_value_monotone_check: a counter does not count down
update resources.usage_counters set value = 999 where id = '00000000-0000-7004-8000-000000000016';

-- refused usage_counters_reset_forward_check: a reset is not taken back
update resources.usage_counters set reset_at = '2027-01-01 08:00Z' where id = '00000000-0000-7004-8000-000000000016';
update resources.usage_counters set reset_at = null where id = '00000000-0000-7004-8000-000000000016';

-- refused usage_counters_key_immutable_check: a counter keeps what it counts
update resources.usage_counters set metric = 'trips' where id = '00000000-0000-7004-8000-000000000016';

-- refused usage_counters_value_check: a counter is not negative
insert into resources.usage_counters (biz_id, id, resource_id, metric, value)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000052', '00000000-0000-7000-8000-000000000055', 'uses', -1);

-- race usage_counters_metric_key: a resource has one counter of a metric
insert into resources.usage_counters (biz_id, id, resource_id, metric)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-00000000f20:n', '00000000-0000-7000-8000-000000000055', 'hours');

-- refused maintenance_policies_subject_check: a maintenance policy is about one thing
insert into resources.maintenance_policies (biz_id, id, name, resource_id, resource_type_id, trigger_kind, interval_days)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000053', 'Service', '00000000-0000-7000-8000-000000000055',
  '00000000-0000-7000-8000-000000000043', 'interval', 365);

-- refused maintenance_policies_trigger_check: maintenance by use says of which use
insert into resources.maintenance_policies (biz_id, id, name, resource_id, trigger_kind, interval_days)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000053', 'Service', '00000000-0000-7000-8000-000000000055',
  'usage', 365);

-- refused maintenance_policies_rrule_check: a rule ends by a day
insert into resources.maintenance_policies (biz_id, id, name, resource_id, trigger_kind, due_on, rrule)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000053', 'Service', '00000000-0000-7000-8000-000000000055',
  'date', '2027-01-31', 'FREQ=MONTHLY;COUNT=3');

-- allowed: a work order from asking for it to its verification, once reopened
update resources.maintenance_work_orders set status = 'triaged' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'scheduled', starts_at = '2027-01-02 08:00Z', ends_at = '2027-01-02 12:00Z'
where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'in_progress', started_at = '2027-01-02 08:10Z'
where id = '00000000-0000-7004-8000-000000000015';
select set_config('app.reason', 'Part is missing', true);
update resources.maintenance_work_orders set status = 'on_hold' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'in_progress' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'completed', completed_at = '2027-01-02 11:00Z', labour_cost_minor = 9000,
  parts_cost_minor = 4500, currency = 'EUR', usage_metric = 'km', usage_value = 1200 where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'reopened', completed_at = null where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'in_progress' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'completed', completed_at = '2027-01-02 14:00Z' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'verified', verified_at = '2027-01-02 15:00Z',
  verified_by_id = '00000000-0000-7000-8000-000000000022' where id = '00000000-0000-7004-8000-000000000015';

-- refused maintenance_work_orders_status_transition_check: a work order is looked at before it is done
update resources.maintenance_work_orders set status = 'completed', starts_at = now(), ends_at = now() + interval '1 hour', started_at = now(),
  completed_at = now() where id = '00000000-0000-7004-8000-000000000015';

-- refused maintenance_work_orders_status_reason_check: a work order is not cancelled without a reason
update resources.maintenance_work_orders set status = 'cancelled' where id = '00000000-0000-7004-8000-000000000015';

-- refused maintenance_work_orders_scheduled_check: what is scheduled has a time
update resources.maintenance_work_orders set status = 'triaged' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set status = 'scheduled' where id = '00000000-0000-7004-8000-000000000015';

-- refused maintenance_work_orders_same_location_check: a work order is made where its resource is
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000054', 'WO-2', '00000000-0000-7000-8000-000000000055',
  '00000000-0000-7000-8000-000000000012', 'corrective', 'Brakes');

-- refused maintenance_work_orders_resource_immutable_check: a work order stays with its resource
update resources.maintenance_work_orders set resource_id = '00000000-0000-7004-8000-000000000004'
where id = '00000000-0000-7004-8000-000000000015';

-- refused maintenance_work_orders_closed_immutable_check: a cancelled work order is not changed
select set_config('app.reason', 'Sold', true);
update resources.maintenance_work_orders set status = 'cancelled' where id = '00000000-0000-7004-8000-000000000015';
update resources.maintenance_work_orders set title = 'Tyres' where id = '00000000-0000-7004-8000-000000000015';

-- refused maintenance_work_orders_policy_check: preventive work comes from a policy
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000054', 'WO-2', '00000000-0000-7000-8000-000000000055',
  '00000000-0000-7000-8000-000000000011', 'preventive', 'Service');

-- refused maintenance_work_orders_number_key: two work orders do not share a number
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000054', 'WO-1', '00000000-0000-7000-8000-000000000055',
  '00000000-0000-7000-8000-000000000011', 'corrective', 'Lights');

-- race maintenance_work_orders_policy_open_key: a maintenance that is due makes one work order
insert into resources.maintenance_work_orders (biz_id, id, number, resource_id, location_id, kind, policy_id, title)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-00000000f30:n', 'WO-1:n', '00000000-0000-7000-8000-000000000055',
  '00000000-0000-7000-8000-000000000011', 'preventive', '00000000-0000-7004-8000-000000000014', 'Service');

-- refused condition_reports_append_only_check: a condition report is evidence, and not changed
select set_config('role', 'bizing_platform', true);
update resources.condition_reports set grade = 'damaged' where id = '00000000-0000-7004-8000-000000000017';

-- refused condition_reports_source_fkey: what a report belongs to exists in this tenant
insert into resources.condition_reports (biz_id, id, resource_id, context, grade, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000055', '00000000-0000-7000-8000-000000000055',
  'check_in', 'good', 'FulfillmentUnit', '00000000-0000-7000-8000-000000000071');

-- refused resource_swaps_append_only_check: a swap is not rewritten
select set_config('role', 'bizing_platform', true);
update resources.resource_swaps set reason = 'No reason' where id = '00000000-0000-7004-8000-000000000018';

-- refused resource_swaps_resources_check: a resource does not take its own place
insert into resources.resource_swaps (biz_id, id, from_resource_id, to_resource_id, starts_at, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7004-8000-000000000056', '00000000-0000-7000-8000-000000000055',
  '00000000-0000-7000-8000-000000000055', now(), 'Why not');

-- refused resource_types_biz_id_fkey: a tenant that does not exist has no resources
select set_config('app.biz_id', '00000000-0000-7004-8000-0000000000ff', true);
insert into resources.resource_types (biz_id, id, code, name, kind)
values ('00000000-0000-7004-8000-0000000000ff', '00000000-0000-7004-8000-000000000057', 'x', 'X', 'room');

-- refused asset_details_resource_id_fkey: another tenant's resource cannot be described
select set_config('app.biz_id', '00000000-0000-7000-8000-000000000002', true);
insert into resources.asset_details (biz_id, id, resource_id)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7004-8000-000000000058', '00000000-0000-7000-8000-000000000055');
