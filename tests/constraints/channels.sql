-- given: an account, a link, and a booking that was imported
insert into channels.channel_accounts (biz_id, id, name, kind, provider, external_account_id, status, connected_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000001', 'Booking.com Harbour', 'ota', 'booking_com', '12345', 'connected', now());
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000002', '00000000-0000-7022-8000-000000000001', 'resource', 'Resource', '00000000-0000-7000-8000-000000000051', 'room-1');
insert into channels.channel_bookings (biz_id, id, account_id, external_booking_id, external_version, status, booking_order_id, imported_at, payload)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000003', '00000000-0000-7022-8000-000000000001', 'B-1', 5, 'imported', '00000000-0000-7000-8000-000000000071', now(), '{}'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000004', '00000000-0000-7022-8000-000000000001', 'B-2', 1, 'received', null, null, '{}');
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, starts_on, ends_on, next_attempt_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000005', '00000000-0000-7022-8000-000000000001', 'inventory', 'push', '2027-01-01', '2027-01-11', now());

-- allowed: an account has errors, recovers, rests and goes on
update channels.channel_accounts set status = 'degraded' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';
update channels.channel_accounts set status = 'connected' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';
select set_config('app.reason', 'Renovation', true);
update channels.channel_accounts set status = 'suspended' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';
update channels.channel_accounts set status = 'connected' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';

-- refused channel_accounts_status_reason_check: an account is suspended for a reason
update channels.channel_accounts set status = 'suspended' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';

-- refused channel_accounts_status_transition_check: an account in use does not become pending
update channels.channel_accounts set status = 'pending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';

-- refused channel_accounts_credentials_check: what opens an account is kept in one place
update channels.channel_accounts set credentials_sealed = '\x01', credentials_ref = 'vault/1' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000001';

-- race channel_accounts_external_account_id_key: an account of a channel is connected once
insert into channels.channel_accounts (biz_id, id, name, kind, provider, external_account_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000002:n', 'Again', 'ota', 'expedia', '777');

-- refused channel_entity_links_external_id_key: something of a channel is linked once
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'resource', 'Resource', '00000000-0000-7000-8000-000000000052', 'room-1');

-- refused channel_entity_links_subject_key: something here is linked once for an account
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'resource', 'Resource', '00000000-0000-7000-8000-000000000051', 'room-2');

-- allowed: something here is linked at two accounts, and at one under two rooms
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id, external_parent_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'customer', 'Customer', '00000000-0000-7000-8000-000000000031', 'rate-1', 'room-1'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000011', '00000000-0000-7022-8000-000000000001', 'customer', 'Customer', '00000000-0000-7000-8000-000000000031', 'rate-1', 'room-2');

-- refused channel_entity_links_subject_type_check: a unit type is not linked as a rate plan
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'rate_plan', 'Resource', '00000000-0000-7000-8000-000000000052', 'rate-1');

-- race channel_entity_links_external_id_key: of several links of the same thing one is made
insert into channels.channel_entity_links (biz_id, id, account_id, entity, subject_type, subject_id, external_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000002:n', '00000000-0000-7022-8000-000000000001', 'resource', 'Resource', '00000000-0000-7000-8000-000000000052', 'room-2');

-- allowed: a link breaks, rests, and is used again
update channels.channel_entity_links set status = 'broken' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000002';
update channels.channel_entity_links set status = 'paused' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000002';
update channels.channel_entity_links set status = 'active' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000002';

-- refused channel_rate_rules_no_overlap_excl: a price has one rule a day
insert into channels.channel_rate_rules (biz_id, id, link_id, markup_rate, currency, starts_on, ends_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000002', 0.15, 'EUR', '2027-01-01', '2027-07-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000011', '00000000-0000-7022-8000-000000000002', 0.1, 'EUR', '2027-06-01', null);

-- allowed: rules follow one another
insert into channels.channel_rate_rules (biz_id, id, link_id, markup_rate, currency, starts_on, ends_on, min_stay_by_weekday) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000002', 0.15, 'EUR', '2027-01-01', '2027-07-01', '{1,1,1,1,2,2,1}'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000011', '00000000-0000-7022-8000-000000000002', 0.1, 'EUR', '2027-07-01', null, null);

-- refused channel_rate_rules_min_stay_by_weekday_check: a week has seven days
insert into channels.channel_rate_rules (biz_id, id, link_id, currency, min_stay_by_weekday) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000002', 'EUR', '{1,2}');

-- refused channel_sync_states_account_id_stream_key: one kind of data of an account has one state
insert into channels.channel_sync_states (biz_id, id, account_id, stream) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'rates'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000011', '00000000-0000-7022-8000-000000000001', 'rates');

-- refused channel_sync_jobs_queued_excl: days that wait already are not queued again
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, starts_on, ends_on, next_attempt_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'inventory', 'push', '2027-01-05', '2027-01-20', now());

-- allowed: days that change while a transfer waits are added to it, and others wait beside it
update channels.channel_sync_jobs set ends_on = '2027-01-20' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, starts_on, ends_on, next_attempt_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'inventory', 'push', '2027-01-20', '2027-01-21', now());

-- allowed: a transfer runs, fails, waits, and goes over in part
update channels.channel_sync_jobs set status = 'running', attempts = 1, started_at = now(), lease_until = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';
update channels.channel_sync_jobs set status = 'failed', finished_at = now(), lease_until = null, error = 'Timeout' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';
update channels.channel_sync_jobs set status = 'queued', finished_at = null, next_attempt_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';
update channels.channel_sync_jobs set status = 'running', attempts = 2, lease_until = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';
insert into channels.channel_sync_items (biz_id, id, job_id, item_no, status, error_code) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000005', 1, 'ok', null), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000011', '00000000-0000-7022-8000-000000000005', 2, 'failed', 'closed');
update channels.channel_sync_jobs
set status = 'partially_succeeded', finished_at = now(), lease_until = null, items_total = 2, items_ok = 1, items_failed = 1
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';

-- refused channel_sync_jobs_outcome_check: a transfer of which something was refused did not succeed
update channels.channel_sync_jobs set status = 'running', started_at = now(), lease_until = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';
update channels.channel_sync_jobs set status = 'succeeded', finished_at = now(), lease_until = null, items_total = 1, items_failed = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';

-- refused channel_sync_jobs_status_transition_check: a transfer does not succeed without having run
update channels.channel_sync_jobs set status = 'succeeded', finished_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000005';

-- race channel_sync_jobs_queued_excl: of several transfers of the same days one waits
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, link_id, starts_on, ends_on, next_attempt_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000003:n', '00000000-0000-7022-8000-000000000001', 'rates', 'push', '00000000-0000-7022-8000-000000000002', '2027-01-01', date '2027-01-02' + :n, now());

-- race channel_sync_jobs_running_key: one transfer of a kind runs at a time
insert into channels.channel_sync_jobs (biz_id, id, account_id, stream, direction, status, started_at, lease_until)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000004:n', '00000000-0000-7022-8000-000000000001', 'content', 'push', 'running', now(), now() + interval '1 minute');

-- refused channel_sync_log_append_only_check: a line of the log is not changed
insert into channels.channel_sync_log (biz_id, id, account_id, level, message) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'info', 'Sent 10 days.');
select set_config('role', 'bizing_platform', true);
update channels.channel_sync_log set message = 'Sent 11 days.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- race channel_webhook_events_account_id_external_event_id_key: a message that comes again is kept once
insert into channels.channel_webhook_events (biz_id, id, account_id, external_event_id, topic, payload)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000005:n', '00000000-0000-7022-8000-000000000001', 'E-1', 'reservation.created', '{}');

-- refused channel_webhook_events_payload_immutable_check: a message is kept as it came
update channels.channel_webhook_events set payload = '{"a": 1}' where biz_id = '00000000-0000-7000-8000-000000000001' and account_id = '00000000-0000-7022-8000-000000000001';

-- refused channel_webhook_events_status_transition_check: what was applied is not parked
update channels.channel_webhook_events set status = 'applied', processed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and account_id = '00000000-0000-7022-8000-000000000001';
update channels.channel_webhook_events set status = 'parked', processed_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and account_id = '00000000-0000-7022-8000-000000000001';

-- allowed: a message about something unknown is parked and applied later
update channels.channel_webhook_events set status = 'parked', attempts = 1, next_attempt_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and account_id = '00000000-0000-7022-8000-000000000001';
update channels.channel_webhook_events set status = 'applied', processed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and account_id = '00000000-0000-7022-8000-000000000001';

-- allowed: a booking is imported, acknowledged, changed at the channel, and imported again
update channels.channel_bookings set status = 'acknowledged', acknowledged_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000003';
update channels.channel_bookings set status = 'modified', external_version = 6 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000003';
update channels.channel_bookings set status = 'imported' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000003';

-- allowed: a cancellation comes first, then an older booking is ignored and a newer one taken
insert into channels.channel_bookings (biz_id, id, account_id, external_booking_id, external_version, status, cancelled_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'B-9', 7, 'cancelled', now());
update channels.channel_bookings set status = 'received', external_version = 8, cancelled_at = null, payload = '{}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- refused channel_bookings_version_forward_check: an older version does not overwrite a newer one
update channels.channel_bookings set external_version = 4 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000003';

-- refused channel_bookings_version_forward_check: a cancelled booking does not come back by the same version
insert into channels.channel_bookings (biz_id, id, account_id, external_booking_id, external_version, status, cancelled_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000001', 'B-9', 7, 'cancelled', now());
update channels.channel_bookings set status = 'received', cancelled_at = null, payload = '{}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- refused channel_bookings_identity_immutable_check: a booking stays with its order
update channels.channel_bookings set booking_order_id = '00000000-0000-7000-8000-000000000072' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000003';

-- refused channel_bookings_imported_check: a booking that was imported names its order
update channels.channel_bookings set status = 'mapped' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000004';
update channels.channel_bookings set status = 'imported' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000004';

-- refused channel_bookings_amounts_check: a channel does not keep more than the guest pays
update channels.channel_bookings set total_minor = 100, commission_minor = 101, currency = 'EUR' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000004';

-- refused channel_bookings_status_reason_check: a booking is refused for a reason
update channels.channel_bookings set status = 'conflict' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000004';
update channels.channel_bookings set status = 'rejected' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000004';

-- refused channel_bookings_status_transition_check: a booking is not acknowledged before it is imported
update channels.channel_bookings set status = 'acknowledged', acknowledged_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000004';

-- race channel_bookings_account_id_external_booking_id_key: a booking that a channel sends twice is here once
insert into channels.channel_bookings (biz_id, id, account_id, external_booking_id, payload) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000006:n', '00000000-0000-7022-8000-000000000001', 'B-3', '{}');

-- allowed: an overbooking is decided
insert into channels.channel_conflicts (biz_id, id, channel_booking_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000004', 'overbooking');
update channels.channel_conflicts set status = 'resolved', resolution = 'overbooked', decided_at = now(), decided_by_id = '00000000-0000-7000-8000-00000000000a' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- refused channel_conflicts_resolved_check: what was resolved says how
insert into channels.channel_conflicts (biz_id, id, channel_booking_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000004', 'overbooking');
update channels.channel_conflicts set status = 'resolved', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- refused channel_conflicts_status_reason_check: a conflict is dismissed for a reason
insert into channels.channel_conflicts (biz_id, id, channel_booking_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000004', 'overbooking');
update channels.channel_conflicts set status = 'dismissed', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- refused channel_conflicts_status_transition_check: what was resolved is not dismissed
insert into channels.channel_conflicts (biz_id, id, channel_booking_id, kind, status, resolution, decided_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7022-8000-000000000004', 'overbooking', 'resolved', 'overbooked', now());
select set_config('app.reason', 'By mistake', true);
update channels.channel_conflicts set status = 'dismissed', resolution = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- race channel_conflicts_open_key: one decision of a kind is open for a booking
insert into channels.channel_conflicts (biz_id, id, channel_booking_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000007:n', '00000000-0000-7022-8000-000000000004', 'unmapped');

-- refused calendar_connections_whose_check: a calendar is that of somebody
insert into channels.calendar_connections (biz_id, id, provider, external_calendar_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', 'google', 'x');

-- refused calendar_connections_feed_check: what is read from a file has its address
insert into channels.calendar_connections (biz_id, id, resource_id, provider, external_calendar_id, direction) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7000-8000-000000000051', 'ical', 'x', 'import');

-- allowed: a calendar is read from a file, and its events are busy times
insert into channels.calendar_connections (biz_id, id, resource_id, provider, external_calendar_id, direction, feed_url_sealed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7000-8000-000000000051', 'ical', 'x', 'import', '\x01');
insert into channels.calendar_connection_events (biz_id, id, connection_id, external_event_id, origin, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000011', '00000000-0000-7022-8000-000000000010', 'E-1', 'pull', '2027-01-01 10:00Z', '2027-01-01 11:00Z');

-- refused calendar_connections_status_transition_check: a calendar whose permission was taken back is not paused
insert into channels.calendar_connections (biz_id, id, resource_id, provider, external_calendar_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-000000000010', '00000000-0000-7000-8000-000000000051', 'google', 'x');
update channels.calendar_connections set status = 'revoked' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';
update channels.calendar_connections set status = 'paused' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7022-8000-000000000010';

-- race calendar_connections_resource_key: a calendar is connected once
insert into channels.calendar_connections (biz_id, id, resource_id, provider, external_calendar_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7022-8000-00000000008:n', '00000000-0000-7000-8000-000000000051', 'google', 'y');
