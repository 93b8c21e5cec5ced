-- Queues: tickets without gaps, entries from waiting to served, desks, transfers, and what waiting took.

-- given: an open queue, another, and two desks with their clerks
insert into queue.queues (biz_id, id, location_id, code, name, status, max_no_shows) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'front', 'Front', 'open', 1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000002', '00000000-0000-7000-8000-000000000011', 'back', 'Back', 'open', 1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000003', '00000000-0000-7000-8000-000000000011', 'shut', 'Shut', 'closed', 1);
insert into queue.queue_services (biz_id, queue_id, service_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000001', '00000000-0000-7000-8000-000000000061');
insert into queue.service_points (biz_id, id, location_id, name, status, current_member_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000004', '00000000-0000-7000-8000-000000000011', 'Desk 1', 'staffed', '00000000-0000-7000-8000-000000000021'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000005', '00000000-0000-7000-8000-000000000011', 'Desk 2', 'staffed', '00000000-0000-7000-8000-000000000022'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000006', '00000000-0000-7000-8000-000000000011', 'Desk 3', 'closed', null);
insert into queue.service_point_queues (biz_id, service_point_id, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000004', '00000000-0000-7014-8000-000000000001'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000005', '00000000-0000-7014-8000-000000000001');

-- given: two tickets, the second without a number of its own, with who drew them
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, seq, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000011', '00000000-0000-7014-8000-000000000001', '2027-03-01', 1, 'A001', 'kiosk');
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000012', '00000000-0000-7014-8000-000000000001', '2027-03-01', 'A002', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000011', '00000000-0000-7014-8000-000000000001', '00000000-0000-7000-8000-000000000031'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000022', '00000000-0000-7014-8000-000000000012', '00000000-0000-7014-8000-000000000001', '00000000-0000-7000-8000-000000000032');

-- allowed: the second ticket got the second number, and another day begins at 1
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, seq, display_number, channel)
select '00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000013', '00000000-0000-7014-8000-000000000001', '2027-03-01', t.seq + 1, 'A003', 'staff' from queue.queue_tickets t where t.id = '00000000-0000-7014-8000-000000000012';
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, seq, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000014', '00000000-0000-7014-8000-000000000001', '2027-03-02', 1, 'A001', 'staff');

-- refused queue_tickets_seq_gapless_check: a number is not left out
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, seq, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000013', '00000000-0000-7014-8000-000000000001', '2027-03-01', 4, 'A004', 'staff');

-- refused queue_tickets_number_immutable_check: a ticket keeps its number
update queue.queue_tickets set seq = 7 where id = '00000000-0000-7014-8000-000000000012';

-- race queue_tickets_seq_gapless_check: a number is drawn once
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, seq, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000003:n', '00000000-0000-7014-8000-000000000001', '2027-03-03', 1, 'A001', 'web');

-- allowed: somebody is called, served, comes back within five minutes, and is done
update queue.queue_entries set status = 'called', called_at = now(), called_by_id = '00000000-0000-7000-8000-000000000021', service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000021';
insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id, service_point_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000041', '00000000-0000-7014-8000-000000000021', 'called', '00000000-0000-7014-8000-000000000001', '00000000-0000-7014-8000-000000000004');
update queue.queue_entries set status = 'serving', serving_started_at = now() where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'served', served_at = now() where id = '00000000-0000-7014-8000-000000000021';
insert into queue.service_time_observations (biz_id, id, entry_id, queue_id, service_id, member_id, waited_seconds, served_seconds, business_date, local_hour)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000042', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000001', '00000000-0000-7000-8000-000000000061', '00000000-0000-7000-8000-000000000021', 300, 0, '2027-03-01', 9);
update queue.queue_entries set status = 'reopened' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'served' where id = '00000000-0000-7014-8000-000000000021';

-- allowed: somebody does not come, returns once, is parked, goes to another queue keeping their time, and leaves
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'no_show', no_show_count = no_show_count + 1 where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'waiting' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'parked', parked_until = now() + interval '5 minutes' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'waiting', parked_until = null where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'transferred' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'waiting', queue_id = '00000000-0000-7014-8000-000000000002' where id = '00000000-0000-7014-8000-000000000021';
insert into queue.queue_transfers (biz_id, id, entry_id, from_queue_id, to_queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000043', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000001', '00000000-0000-7014-8000-000000000002');
update queue.queue_entries set status = 'left' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_max_no_shows_check: who did not come too often does not return
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'no_show', no_show_count = 2 where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'waiting' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_no_show_count_check: who did not come is counted
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'no_show' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_reopen_check: nobody comes back after more than five minutes
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'serving', serving_started_at = now() - interval '20 minutes' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'served', served_at = now() - interval '6 minutes' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'reopened' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_transfer_check: only a transfer brings somebody to another queue
update queue.queue_entries set queue_id = '00000000-0000-7014-8000-000000000002' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_service_point_serving_key: one is served at a desk at a time
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'serving', serving_started_at = now() where id = '00000000-0000-7014-8000-000000000021';
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000022';
update queue.queue_entries set status = 'serving', serving_started_at = now() where id = '00000000-0000-7014-8000-000000000022';

-- refused queue_entries_service_point_called_key: one is called to a desk at a time
update queue.queue_entries set status = 'called', called_at = now(), service_point_id = '00000000-0000-7014-8000-000000000004';

-- race queue_entries_status_transition_check: a ticket is called once
update queue.queue_entries set status = 'called', called_at = now(), called_by_id = '00000000-0000-7000-8000-000000000021', service_point_id = '00000000-0000-7014-8000-000000000004' where id = '00000000-0000-7014-8000-000000000022';
update queue.queue_entries set status = 'serving', serving_started_at = now() where id = '00000000-0000-7014-8000-000000000022';

-- refused queue_entries_queue_id_customer_id_key: a customer is in a queue once
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000013', '00000000-0000-7014-8000-000000000001', '2027-03-01', 'A003', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000023', '00000000-0000-7014-8000-000000000013', '00000000-0000-7014-8000-000000000001', '00000000-0000-7000-8000-000000000031');

-- race queue_entries_queue_id_customer_id_key: a customer who taps twice joins once
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000005:n', '00000000-0000-7014-8000-000000000002', '2027-03-04', 'B', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000006:n', '00000000-0000-7014-8000-00000000005:n', '00000000-0000-7014-8000-000000000002', '00000000-0000-7000-8000-000000000031');

-- refused queue_entries_queue_open_check: nobody joins a closed queue
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000013', '00000000-0000-7014-8000-000000000003', '2027-03-01', 'A001', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000023', '00000000-0000-7014-8000-000000000013', '00000000-0000-7014-8000-000000000003');

-- given: a queue with room for one
insert into queue.queues (biz_id, id, location_id, code, name, status, max_length) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000007', '00000000-0000-7000-8000-000000000011', 'tiny', 'Tiny', 'open', 1);

-- race queue_entries_queue_full_check: the last place is taken once
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000007:n', '00000000-0000-7014-8000-000000000007', '2027-03-01', 'T', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000008:n', '00000000-0000-7014-8000-00000000007:n', '00000000-0000-7014-8000-000000000007');

-- refused queue_entries_called_check: who is called has a desk
update queue.queue_entries set status = 'called', called_at = now() where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_status_reason_check: taking somebody off needs a reason
update queue.queue_entries set status = 'cancelled' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_status_transition_check: nobody is served without being called
update queue.queue_entries set status = 'served', serving_started_at = now(), served_at = now() where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_ticket_immutable_check: an entry stays with its ticket
update queue.queue_entries set ticket_id = '00000000-0000-7014-8000-000000000012' where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_entries_party_size_check: somebody comes
update queue.queue_entries set party_size = 0 where id = '00000000-0000-7014-8000-000000000021';

-- refused queue_transfers_self_check: a transfer needs two different queues
insert into queue.queue_transfers (biz_id, id, entry_id, from_queue_id, to_queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000043', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000001', '00000000-0000-7014-8000-000000000001');

-- refused queue_events_to_queue_check: only a transfer goes to another queue
insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id, to_queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000041', '00000000-0000-7014-8000-000000000021', 'called', '00000000-0000-7014-8000-000000000001', '00000000-0000-7014-8000-000000000002');

-- refused queue_events_append_only_check: what happened is never changed
select set_config('role', 'bizing_platform', true);
insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000041', '00000000-0000-7014-8000-000000000021', 'joined', '00000000-0000-7014-8000-000000000001');
delete from queue.queue_events where id = '00000000-0000-7014-8000-000000000041';

-- refused service_points_current_member_id_key: a clerk is at one desk
update queue.service_points set status = 'staffed', current_member_id = '00000000-0000-7000-8000-000000000021' where id = '00000000-0000-7014-8000-000000000006';

-- refused service_points_staffed_check: a desk without a clerk is closed
update queue.service_points set current_member_id = null where id = '00000000-0000-7014-8000-000000000005';

-- allowed: a clerk takes a break and leaves
update queue.service_points set status = 'on_break' where id = '00000000-0000-7014-8000-000000000005';
update queue.service_points set status = 'closed', current_member_id = null where id = '00000000-0000-7014-8000-000000000005';

-- refused service_points_status_transition_check: a closed desk has no break
update queue.service_points set status = 'closed', current_member_id = null where id = '00000000-0000-7014-8000-000000000005';
update queue.service_points set status = 'on_break', current_member_id = '00000000-0000-7000-8000-000000000022' where id = '00000000-0000-7014-8000-000000000005';

-- allowed: a queue is paused, opens again, closes
insert into queue.queue_pauses (biz_id, id, queue_id, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000044', '00000000-0000-7014-8000-000000000001', 'Fire drill');
update queue.queues set status = 'paused' where id = '00000000-0000-7014-8000-000000000001';
update queue.queue_pauses set ends_at = now() + interval '1 minute' where id = '00000000-0000-7014-8000-000000000044';
update queue.queues set status = 'open' where id = '00000000-0000-7014-8000-000000000001';
update queue.queues set status = 'closing' where id = '00000000-0000-7014-8000-000000000001';
update queue.queues set status = 'closed' where id = '00000000-0000-7014-8000-000000000001';

-- refused queues_status_transition_check: an open queue is not closed before it is closing
update queue.queues set status = 'closed' where id = '00000000-0000-7014-8000-000000000001';

-- refused queue_pauses_no_overlap_excl: a queue is paused once at a time
insert into queue.queue_pauses (biz_id, id, queue_id, reason, starts_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000044', '00000000-0000-7014-8000-000000000001', 'Fire drill', '2027-03-01 10:00Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000045', '00000000-0000-7014-8000-000000000001', 'Lunch', '2027-03-01 12:00Z');

-- race queue_pauses_no_overlap_excl: two clerks pause a queue once
insert into queue.queue_pauses (biz_id, id, queue_id, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000009:n', '00000000-0000-7014-8000-000000000002', 'Lunch');

-- allowed: a prediction is kept for whom it was made
insert into queue.wait_time_predictions (biz_id, id, entry_id, queue_id, position, p50_seconds, p90_seconds, model_version) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000046', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000001', 1, 60, 300, 'v1');

-- refused wait_time_predictions_seconds_check: the longer wait is not shorter than the usual one
insert into queue.wait_time_predictions (biz_id, id, entry_id, queue_id, position, p50_seconds, p90_seconds, model_version) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000046', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000001', 1, 300, 60, 'v1');

-- refused service_time_observations_waited_check: nobody waits for less than nothing
insert into queue.service_time_observations (biz_id, id, entry_id, queue_id, waited_seconds, served_seconds, business_date, local_hour)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000042', '00000000-0000-7014-8000-000000000021', '00000000-0000-7014-8000-000000000001', -1, 0, '2027-03-01', 9);

-- allowed: a display shows a queue
insert into queue.displays (biz_id, id, location_id, name, pairing_code_hash) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000047', '00000000-0000-7000-8000-000000000011', 'Hall', sha256('pair'));
insert into queue.display_queues (biz_id, display_id, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000047', '00000000-0000-7014-8000-000000000001');

-- refused queues_location_id_code_key: two queues of a location need two codes
insert into queue.queues (biz_id, id, location_id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000008', '00000000-0000-7000-8000-000000000011', 'front', 'Other');

-- allowed: the more urgent is called first, then who came first
insert into queue.queues (biz_id, id, location_id, code, name, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-000000000009', '00000000-0000-7000-8000-000000000011', 'aged', 'Aged', 'open');
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-0000000000a1', '00000000-0000-7014-8000-000000000009', '2027-03-01', 'A001', 'qr');
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-0000000000a2', '00000000-0000-7014-8000-000000000009', '2027-03-01', 'A002', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id, joined_at, effective_priority_at, priority_band) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-0000000000b1', '00000000-0000-7014-8000-0000000000a1', '00000000-0000-7014-8000-000000000009', now() - interval '5 minutes', now() - interval '5 minutes', 0), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-0000000000b2', '00000000-0000-7014-8000-0000000000a2', '00000000-0000-7014-8000-000000000009', now(), now() - interval '10 minutes', 1);
select 1 / (queue.call_next(array['00000000-0000-7014-8000-000000000009'::uuid], '00000000-0000-7014-8000-000000000005', '00000000-0000-7000-8000-000000000022') = '00000000-0000-7014-8000-0000000000b2')::integer;

-- refused queue_entries_nobody_waiting_check: nobody is called from an empty queue
select queue.call_next(array['00000000-0000-7014-8000-000000000003'::uuid], '00000000-0000-7014-8000-000000000005', '00000000-0000-7000-8000-000000000022');

-- given: one who waits for the second desk
insert into queue.queues (biz_id, id, location_id, code, name, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-00000000000a', '00000000-0000-7000-8000-000000000011', 'one', 'One', 'open');
insert into queue.queue_tickets (biz_id, id, queue_id, business_date, display_number, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-0000000000a3', '00000000-0000-7014-8000-00000000000a', '2027-03-01', 'A001', 'qr');
insert into queue.queue_entries (biz_id, id, ticket_id, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7014-8000-0000000000b3', '00000000-0000-7014-8000-0000000000a3', '00000000-0000-7014-8000-00000000000a');

-- race queue_entries_nobody_waiting_check: inv21 two clerks never call the same (E-70)
select queue.call_next(array['00000000-0000-7014-8000-00000000000a'::uuid], '00000000-0000-7014-8000-000000000005', '00000000-0000-7000-8000-000000000022');
