-- Audit: chains that only grow, checks of them, anchors, events of aggregates, and who looked at whose data.

-- given: a chain, entered by the platform, and an event
select set_config('role', 'bizing_platform', true);
insert into audit.audit_streams (biz_id, id, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000001', 'main');
insert into audit.audit_events (biz_id, id, actor_type, action) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000002', 'system', 'audit.test'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000003', 'system', 'audit.test');

-- allowed: the sealer takes an event into the chain
select set_config('role', 'bizing_platform', true);
update audit.audit_events set stream_id = '00000000-0000-7025-8000-000000000001', seq = 1, prev_digest = sha256('zero'), digest = sha256('one'), sealed_at = now() where id = '00000000-0000-7025-8000-000000000002';
update audit.audit_streams set last_seq = 1, last_digest = sha256('one'), last_sealed_at = now() where id = '00000000-0000-7025-8000-000000000001';

-- refused audit_events_append_only_check: a sealed event is not sealed anew
select set_config('role', 'bizing_platform', true);
update audit.audit_events set stream_id = '00000000-0000-7025-8000-000000000001', seq = 1, prev_digest = sha256('zero'), digest = sha256('one'), sealed_at = now() where id = '00000000-0000-7025-8000-000000000002';
update audit.audit_events set seq = 2 where id = '00000000-0000-7025-8000-000000000002';

-- refused audit_events_append_only_check: what was done is never changed
select set_config('role', 'bizing_platform', true);
update audit.audit_events set action = 'audit.other' where id = '00000000-0000-7025-8000-000000000002';

-- refused audit_events_stream_check: what is sealed is so in a chain
select set_config('role', 'bizing_platform', true);
update audit.audit_events set seq = 1, prev_digest = sha256('zero'), digest = sha256('one'), sealed_at = now() where id = '00000000-0000-7025-8000-000000000002';

-- refused audit_streams_forward_check: a chain does not become shorter
select set_config('role', 'bizing_platform', true);
update audit.audit_streams set last_seq = 2, last_digest = sha256('two'), last_sealed_at = now() where id = '00000000-0000-7025-8000-000000000001';
update audit.audit_streams set last_seq = 1, last_digest = sha256('one') where id = '00000000-0000-7025-8000-000000000001';

-- refused audit_streams_forward_check: the last digest of a chain is not replaced
select set_config('role', 'bizing_platform', true);
update audit.audit_streams set last_seq = 2, last_digest = sha256('two'), last_sealed_at = now() where id = '00000000-0000-7025-8000-000000000001';
update audit.audit_streams set last_digest = sha256('one') where id = '00000000-0000-7025-8000-000000000001';

-- refused audit_streams_name_immutable_check: a chain keeps its name
select set_config('role', 'bizing_platform', true);
update audit.audit_streams set name = 'other' where id = '00000000-0000-7025-8000-000000000001';

-- refused audit_streams_last_check: a chain with events has a digest
select set_config('role', 'bizing_platform', true);
update audit.audit_streams set last_seq = 1 where id = '00000000-0000-7025-8000-000000000001';

-- race audit_streams_name_key: a tenant has one chain of a name
select set_config('role', 'bizing_platform', true);
insert into audit.audit_streams (biz_id, id, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-00000000001:n', 'second');

-- allowed: a chain is checked and is whole
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 1, 2);
update audit.audit_integrity_runs set status = 'running', started_at = now() where id = '00000000-0000-7025-8000-000000000020';
update audit.audit_integrity_runs set status = 'passed', finished_at = now(), checked_count = 2 where id = '00000000-0000-7025-8000-000000000020';

-- refused audit_integrity_runs_checked_check: a chain is whole only if every event was checked
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 1, 2);
update audit.audit_integrity_runs set status = 'running', started_at = now() where id = '00000000-0000-7025-8000-000000000020';
update audit.audit_integrity_runs set status = 'passed', finished_at = now(), checked_count = 1 where id = '00000000-0000-7025-8000-000000000020';

-- refused audit_integrity_runs_first_bad_check: a broken chain names where it is broken
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 1, 2);
update audit.audit_integrity_runs set status = 'running', started_at = now() where id = '00000000-0000-7025-8000-000000000020';
update audit.audit_integrity_runs set status = 'failed', finished_at = now() where id = '00000000-0000-7025-8000-000000000020';

-- refused audit_integrity_runs_status_transition_check: a check that did not begin finds nothing
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 1, 2);
update audit.audit_integrity_runs set status = 'passed', started_at = now(), finished_at = now(), checked_count = 2 where id = '00000000-0000-7025-8000-000000000020';

-- refused audit_integrity_runs_finished_immutable_check: what a check has found is never changed
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 1, 2);
update audit.audit_integrity_runs set status = 'running', started_at = now() where id = '00000000-0000-7025-8000-000000000020';
update audit.audit_integrity_runs set status = 'failed', finished_at = now(), checked_count = 1, first_bad_seq = 2 where id = '00000000-0000-7025-8000-000000000020';
update audit.audit_integrity_runs set first_bad_seq = 1 where id = '00000000-0000-7025-8000-000000000020';

-- refused audit_integrity_runs_range_immutable_check: a check keeps its part of the chain
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 1, 2);
update audit.audit_integrity_runs set to_seq = 9 where id = '00000000-0000-7025-8000-000000000020';

-- refused audit_integrity_runs_range_check: a part of a chain has an end after its beginning
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000020', '00000000-0000-7025-8000-000000000001', 3, 2);

-- allowed: a digest is deposited outside
insert into audit.audit_anchors (biz_id, id, stream_id, seq, digest, provider, external_ref) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000021', '00000000-0000-7025-8000-000000000001', 1, sha256('one'), 'rfc3161', 'token');

-- race audit_anchors_stream_id_seq_provider_key: an event is deposited once
insert into audit.audit_anchors (biz_id, id, stream_id, seq, digest, provider, external_ref) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-00000000003:n', '00000000-0000-7025-8000-000000000001', 2, sha256('two'), 'rfc3161', 'token');

-- allowed: versions of an order are told one after the other
insert into audit.domain_events (biz_id, id, aggregate_type, aggregate_id, aggregate_version, type, payload) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000022', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 1, 'booking.created', '{}'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000023', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 2, 'booking.confirmed', '{}');

-- allowed: a version that is told twice in a transaction is kept once
insert into audit.domain_events (biz_id, id, aggregate_type, aggregate_id, aggregate_version, type) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000022', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 1, 'booking.created');
insert into audit.domain_events (biz_id, id, aggregate_type, aggregate_id, aggregate_version, type) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000023', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 1, 'booking.created')
on conflict (biz_id, aggregate_type, aggregate_id, aggregate_version, occurred_at) do nothing;
select 1 / (count(*) = 1)::integer from audit.domain_events where aggregate_id = '00000000-0000-7000-8000-000000000071';

-- refused domain_events_append_only_check: what happened is never changed
select set_config('role', 'bizing_platform', true);
insert into audit.domain_events (biz_id, id, aggregate_type, aggregate_id, aggregate_version, type) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000022', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 1, 'booking.created');
delete from audit.domain_events where id = '00000000-0000-7025-8000-000000000022';

-- allowed: somebody looks at a customer to serve them
insert into audit.access_log (biz_id, id, actor_type, actor_id, subject_type, subject_id, fields, purpose) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000024', 'user', '00000000-0000-7000-8000-00000000000a', 'Customer', '00000000-0000-7000-8000-000000000031', array['email'], 'service');

-- refused access_log_explained_check: an export says why
insert into audit.access_log (biz_id, id, actor_type, actor_id, subject_type, subject_id, fields, purpose) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000024', 'user', '00000000-0000-7000-8000-00000000000a', 'Customer', '00000000-0000-7000-8000-000000000031', array['email'], 'export');

-- refused access_log_fields_check: something was read
insert into audit.access_log (biz_id, id, actor_type, actor_id, subject_type, subject_id, fields, purpose) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000024', 'user', '00000000-0000-7000-8000-00000000000a', 'Customer', '00000000-0000-7000-8000-000000000031', array[]::text[], 'service');

-- refused access_log_actor_check: a user is named
insert into audit.access_log (biz_id, id, actor_type, subject_type, subject_id, fields, purpose) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7025-8000-000000000024', 'user', 'Customer', '00000000-0000-7000-8000-000000000031', array['email'], 'service');
