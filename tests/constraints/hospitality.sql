-- given: two stays of three nights with rooms, a block, a checklist and a task
insert into booking.booking_orders (biz_id, id, number, kind, location_id, customer_id, status, starts_at, ends_at,
  timezone, business_date, currency, check_in_on, check_out_on)
select '00000000-0000-7000-8000-000000000001', id::uuid, number, 'stay', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'confirmed', '2027-05-01 14:00Z', '2027-05-04 10:00Z',
  'Europe/Lisbon', '2027-01-01', 'EUR', '2027-05-01', '2027-05-04'
from (values ('00000000-0000-7013-8000-000000000001', 'BK-13-1'), ('00000000-0000-7013-8000-000000000002', 'BK-13-2')) as o (id, number);
insert into hospitality.reservation_nights (biz_id, id, booking_order_id, stay_date, unit_type_id, rate_minor, currency)
select '00000000-0000-7000-8000-000000000001', core.uuid_v7(), o.id::uuid, d::date, '00000000-0000-7000-8000-000000000045', 0, 'EUR'
from (values ('00000000-0000-7013-8000-000000000001'), ('00000000-0000-7013-8000-000000000002')) as o (id)
cross join generate_series('2027-05-01', '2027-05-03', interval '1 day') as d;
insert into hospitality.stays (biz_id, id, booking_order_id, location_id, resource_id, primary_customer_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000011', '00000000-0000-7013-8000-000000000001', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000031'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000012', '00000000-0000-7013-8000-000000000002', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000052', '00000000-0000-7000-8000-000000000032');
insert into hospitality.room_assignments (biz_id, id, booking_order_id, resource_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000021', '00000000-0000-7013-8000-000000000001', '00000000-0000-7000-8000-000000000051', '2027-05-01', '2027-05-04');
insert into hospitality.group_blocks (biz_id, id, number, name, location_id, starts_on, ends_on, cutoff_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000031', 'GB-1', 'Silva wedding', '00000000-0000-7000-8000-000000000011', '2027-06-01', '2027-06-04', '2027-05-01');
insert into hospitality.group_block_allotments (biz_id, id, block_id, unit_type_id, stay_date, allotted)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000032', '00000000-0000-7013-8000-000000000031', '00000000-0000-7000-8000-000000000045', '2027-06-01', 1);
insert into hospitality.housekeeping_checklists (biz_id, id, name, kind, items, est_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000041', 'Departure', 'departure', '{Strip the bed,Clean the bath}', 40);
insert into workforce.staff (biz_id, id, number, full_name, hired_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000045', 'S-13-1', 'Rita', '2026-01-01');
insert into hospitality.housekeeping_tasks (biz_id, id, number, location_id, resource_id, business_date, kind, items)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000051', 'HK-1', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000051', '2027-05-04', 'departure', '{Strip the bed,Clean the bath}');
insert into hospitality.lost_and_found (biz_id, id, number, location_id, found_at, description)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000061', 'LF-1', '00000000-0000-7000-8000-000000000011', '2027-05-04 12:00Z', 'Umbrella');
insert into hospitality.night_audits (biz_id, id, location_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000071', '00000000-0000-7000-8000-000000000011', '2027-05-01');

-- allowed: a guest arrives, moves to another room, and leaves; the departure is taken back on the same day
update hospitality.stays set status = 'in_house', checked_in_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
insert into hospitality.stay_guests (biz_id, stay_id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-000000000011', '00000000-0000-7000-8000-000000000031');
update hospitality.room_assignments set status = 'ended', ends_on = '2027-05-02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000021';
insert into hospitality.room_assignments (biz_id, id, booking_order_id, resource_id, starts_on, ends_on, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000001', '00000000-0000-7000-8000-000000000052', '2027-05-02', '2027-05-04', 'complaint');
update hospitality.stays set resource_id = '00000000-0000-7000-8000-000000000052' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
set constraints all immediate;
set constraints all deferred;
update hospitality.stays set status = 'checked_out', checked_out_at = now(), checked_out_on = core.business_date('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', now())
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
select set_config('app.reason', 'left the key behind', true);
update hospitality.stays set status = 'in_house', checked_out_at = null, checked_out_on = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused room_assignments_cover_check: nobody arrives without a room for all nights
update hospitality.stays set status = 'in_house', checked_in_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000012';

-- refused room_assignments_cover_check: a guest who is here has no night without a room
update hospitality.stays set status = 'in_house', checked_in_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
update hospitality.room_assignments set ends_on = '2027-05-03' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000021';

-- refused room_assignments_cover_check: a guest is in a room that was given
update hospitality.stays set status = 'in_house', checked_in_at = now(), resource_id = '00000000-0000-7000-8000-000000000052' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused room_assignments_cover_check: a stay is extended with a room for the nights that are added
update hospitality.stays set status = 'in_house', checked_in_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
update booking.booking_orders set status = 'in_progress' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000001';
update booking.booking_orders set check_out_on = '2027-05-05' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000001';
insert into hospitality.reservation_nights (biz_id, id, booking_order_id, stay_date, unit_type_id, rate_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000001', '2027-05-04', '00000000-0000-7000-8000-000000000045', 0, 'EUR');

-- refused stays_resource_id_key: one room has one guest at a time
update hospitality.stays set status = 'in_house', checked_in_at = now(), resource_id = '00000000-0000-7000-8000-000000000051' where biz_id = '00000000-0000-7000-8000-000000000001';

-- refused stays_in_house_check: a guest who is here has a room
update hospitality.stays set status = 'in_house', checked_in_at = now(), resource_id = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused stays_times_check: a guest who is here came at some time
update hospitality.stays set status = 'in_house' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused stays_room_no_key: a reservation has one stay for each of its rooms
insert into hospitality.stays (biz_id, id, booking_order_id, location_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000001', '00000000-0000-7000-8000-000000000011');

-- refused stays_order_immutable_check: a stay stays with its reservation
update hospitality.stays set room_no = 2 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused stays_reinstate_same_day_check: a departure is not taken back on another day
update hospitality.stays set status = 'in_house', checked_in_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
update hospitality.stays set status = 'checked_out', checked_out_at = now(), checked_out_on = core.business_date('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', now()) - 1
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';
select set_config('app.reason', 'left the key behind', true);
update hospitality.stays set status = 'in_house', checked_out_at = null, checked_out_on = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused stays_status_transition_check: nobody leaves who did not come
update hospitality.stays set status = 'checked_out', checked_in_at = now(), checked_out_at = now(), checked_out_on = '2027-05-01'
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000011';

-- refused room_assignments_room_no_overlap_excl: one night of a room is given to one guest
insert into hospitality.room_assignments (biz_id, id, booking_order_id, resource_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000002', '00000000-0000-7000-8000-000000000051', '2027-05-03', '2027-05-04');

-- refused room_assignments_stay_no_overlap_excl: a guest has one room a night
insert into hospitality.room_assignments (biz_id, id, booking_order_id, resource_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000001', '00000000-0000-7000-8000-000000000052', '2027-05-03', '2027-05-04');

-- race room_assignments_room_no_overlap_excl: eight guests are given the same room, one gets it
insert into hospitality.room_assignments (biz_id, id, booking_order_id, room_no, resource_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000b:n', '00000000-0000-7013-8000-000000000002', :n, '00000000-0000-7000-8000-000000000056', '2027-05-01', '2027-05-04');

-- refused room_assignments_room_immutable_check: an assignment keeps its room
update hospitality.room_assignments set resource_id = '00000000-0000-7000-8000-000000000052' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000021';

-- refused room_assignments_status_transition_check: what was given back is not taken again
update hospitality.room_assignments set status = 'released' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000021';
update hospitality.room_assignments set status = 'active' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000021';

-- allowed: a member of a group picks up a room
update hospitality.group_block_allotments set picked_up = picked_up + 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000032';
update hospitality.group_blocks set status = 'definite' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000031';
update hospitality.group_blocks set status = 'released' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000031';

-- race group_block_allotments_picked_up_check: eight members want the last room of a block
update hospitality.group_block_allotments set picked_up = picked_up + 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000032';

-- refused group_block_allotments_night_key: a block keeps rooms of a type once a night
insert into hospitality.group_block_allotments (biz_id, id, block_id, unit_type_id, stay_date, allotted)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000031', '00000000-0000-7000-8000-000000000045', '2027-06-01', 1);

-- refused group_block_allotments_within_block_check: a block keeps no rooms outside its days
insert into hospitality.group_block_allotments (biz_id, id, block_id, unit_type_id, stay_date, allotted)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7013-8000-000000000031', '00000000-0000-7000-8000-000000000045', '2027-06-04', 1);

-- refused group_block_allotments_within_block_check: a block does not leave its nights behind
update hospitality.group_blocks set starts_on = '2027-06-02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000031';

-- refused group_block_allotments_night_immutable_check: an allotment keeps its night
update hospitality.group_block_allotments set stay_date = '2027-06-02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000032';

-- refused group_blocks_cutoff_check: the cut-off comes before the group
update hospitality.group_blocks set cutoff_on = '2027-06-02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000031';

-- refused group_blocks_location_immutable_check: a block stays at its hotel
update hospitality.group_blocks set location_id = '00000000-0000-7000-8000-000000000012' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000031';

-- refused group_blocks_status_reason_check: a block is not called off without a reason
update hospitality.group_blocks set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000031';

-- allowed: a room is cleaned, found wanting, cleaned again and found good
update hospitality.housekeeping_tasks set status = 'assigned', assignee_id = '00000000-0000-7013-8000-000000000045' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';
update hospitality.housekeeping_tasks set status = 'in_progress', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';
update hospitality.housekeeping_tasks set status = 'done', finished_at = now(), minutes = 30, items_done = '{1,2}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';
select set_config('app.reason', 'hair in the bath', true);
update hospitality.housekeeping_tasks set status = 'rejected', inspected_by_id = '00000000-0000-7000-8000-00000000000a' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';
update hospitality.housekeeping_tasks set status = 'pending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';

-- refused housekeeping_tasks_departure_key: a room is cleaned once after a departure
insert into hospitality.housekeeping_tasks (biz_id, id, number, location_id, resource_id, business_date, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', 'HK-A1', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000051', '2027-05-04', 'departure');

-- race housekeeping_tasks_departure_key: eight ask for the same clean room
insert into hospitality.housekeeping_tasks (biz_id, id, number, location_id, resource_id, business_date, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000c:n', 'HK-C:n', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000052', '2027-05-04', 'departure');

-- refused housekeeping_tasks_assigned_check: work in hand is in somebody's hands
update hospitality.housekeeping_tasks set status = 'assigned' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';

-- refused housekeeping_tasks_items_done_check: only steps of the list are done
update hospitality.housekeeping_tasks set items_done = '{3}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';

-- refused housekeeping_tasks_skipped_check: what is left out says why
update hospitality.housekeeping_tasks set status = 'skipped' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';

-- refused housekeeping_tasks_day_immutable_check: a task keeps its day
update hospitality.housekeeping_tasks set business_date = '2027-05-05' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';

-- refused housekeeping_tasks_status_transition_check: nobody finds good what was not done
update hospitality.housekeeping_tasks set status = 'inspected', started_at = now(), finished_at = now(), inspected_by_id = '00000000-0000-7000-8000-00000000000a'
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000051';

-- refused housekeeping_checklists_kind_unit_type_id_key: a kind of task has one checklist
insert into hospitality.housekeeping_checklists (biz_id, id, name, kind, items, est_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', 'Departure too', 'departure', '{Strip the bed}', 40);

-- refused housekeeping_checklists_items_check: a checklist has steps
insert into hospitality.housekeeping_checklists (biz_id, id, name, kind, items, est_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', 'Deep', 'deep', '{}', 40);

-- allowed: a lost thing finds its owner
update hospitality.lost_and_found set status = 'matched', customer_id = '00000000-0000-7000-8000-000000000031' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000061';
update hospitality.lost_and_found set status = 'returned', returned_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000061';

-- refused lost_and_found_owner_check: what is matched has an owner
update hospitality.lost_and_found set status = 'matched' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000061';

-- refused lost_and_found_status_reason_check: nothing is thrown away without a reason
update hospitality.lost_and_found set status = 'disposed', disposed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000061';

-- allowed: a day is closed after a failure, and the next is opened
update hospitality.night_audits set status = 'running', started_at = now(), attempts = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'failed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'running', started_at = now(), attempts = 2 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'closed', closed_at = now(), totals = '{"rooms": 2}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
insert into hospitality.night_audits (biz_id, id, location_id, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000011', '2027-05-02');

-- refused night_audits_location_id_open_key: a day is not opened before the last is closed
insert into hospitality.night_audits (biz_id, id, location_id, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000011', '2027-05-02');

-- refused night_audits_in_order_check: no day is left out
update hospitality.night_audits set status = 'running', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
insert into hospitality.night_audits (biz_id, id, location_id, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000011', '2027-05-03');

-- refused night_audits_in_order_check: no day is entered that is over
insert into hospitality.night_audits (biz_id, id, location_id, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000011', '2027-04-30');

-- race night_audits_location_id_business_date_key|night_audits_in_order_check: the first day of a hotel is opened once
insert into hospitality.night_audits (biz_id, id, location_id, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000d:n', '00000000-0000-7000-8000-000000000012', '2027-05-01');

-- refused night_audits_closed_immutable_check: a day that was closed is not changed (E-39)
update hospitality.night_audits set status = 'running', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set totals = '{"rooms": 3}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';

-- refused night_audits_day_immutable_check: an audit keeps its day
update hospitality.night_audits set business_date = '2027-05-02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';

-- refused night_audits_status_transition_check: a day is not opened again
update hospitality.night_audits set status = 'running', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';
update hospitality.night_audits set status = 'running' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7013-8000-000000000071';

-- allowed: sales stop for a type at one channel, and for all
insert into hospitality.stop_sells (biz_id, id, location_id, unit_type_id, channel, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000045', 'ota', '2027-06-01', '2027-06-03');
insert into hospitality.stop_sells (biz_id, id, location_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a2', '00000000-0000-7000-8000-000000000011', '2027-06-01', '2027-06-03');

-- refused stop_sells_no_overlap_excl: what is stopped is not stopped again
insert into hospitality.stop_sells (biz_id, id, location_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000011', '2027-06-01', '2027-06-03'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a2', '00000000-0000-7000-8000-000000000011', '2027-06-02', '2027-06-05');

-- refused stop_sells_unit_type_id_fkey: a hotel stops its own room types
insert into hospitality.stop_sells (biz_id, id, location_id, unit_type_id, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7013-8000-0000000000a1', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000045', '2027-06-01', '2027-06-03');
