-- given: a till, what it did, and a counter
insert into sync.devices (biz_id, id, device_key, name, kind, location_id, status, enrolled_at, secret_hash)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000001', 'till-1', 'Till 1', 'till', '00000000-0000-7000-8000-000000000011', 'active', now(), sha256('1'));
insert into sync.offline_ops_journal (biz_id, id, device_id, device_seq, operation, payload, payload_digest, idempotency_key, is_money, client_recorded_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000002', '00000000-0000-7028-8000-000000000001', 1, 'saleClose', '{"total": 10}', sha256('1'), 'k1', true, now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000003', '00000000-0000-7028-8000-000000000001', 2, 'orderNote', '{}', sha256('2'), 'k2', false, now());
insert into core.number_sequences (biz_id, id, document_type, next_value) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000004', 'sale', 1001);
insert into core.number_sequences (biz_id, id, document_type, next_value, is_gapless) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000005', 'fiscal_invoice', 1001, true);

-- allowed: what a device did is applied in order, and its count goes up
update sync.offline_ops_journal set status = 'applied', settled_at = now(), result_type = 'BookingOrder', result_id = '00000000-0000-7000-8000-000000000071' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000003';
do $$ begin
  if (select d.last_seq_acked from sync.devices d where d.id = '00000000-0000-7028-8000-000000000001') <> 2 then
    raise exception 'the device was not acknowledged';
  end if;
end $$;

-- refused offline_ops_journal_device_order_check: what was done later is not applied first
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000003';

-- refused offline_ops_journal_first_status_check: nothing comes settled
insert into sync.offline_ops_journal (biz_id, id, device_id, device_seq, operation, payload_digest, idempotency_key, client_recorded_at, status, settled_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', 3, 'saleClose', sha256('3'), 'k3', now(), 'applied', now());

-- refused offline_ops_journal_money_check: money that was taken is not refused
select set_config('app.reason', 'Too late', true);
update sync.offline_ops_journal set status = 'rejected', settled_at = now(), error_code = 'TOO_LATE' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';

-- refused offline_ops_journal_immutable_check: what was done is kept as it came
update sync.offline_ops_journal set payload = '{"total": 1}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';

-- refused offline_ops_journal_immutable_check: what was money stays money
update sync.offline_ops_journal set is_money = false where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';

-- refused offline_ops_journal_status_transition_check: what was not at odds is not resolved
update sync.offline_ops_journal set status = 'resolved', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';

-- refused offline_ops_journal_applied_once_key: what comes again under its key is not done again
insert into sync.offline_ops_journal (biz_id, id, device_id, device_seq, operation, payload_digest, idempotency_key, client_recorded_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', 3, 'saleClose', sha256('1'), 'k1', now());
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000003';
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- allowed: what comes again under its key is known as a repetition
insert into sync.offline_ops_journal (biz_id, id, device_id, device_seq, operation, payload_digest, idempotency_key, client_recorded_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', 3, 'saleClose', sha256('1'), 'k1', now());
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000003';
update sync.offline_ops_journal set status = 'duplicate', settled_at = now(), duplicate_of_id = '00000000-0000-7028-8000-000000000002' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- allowed: what a shut out device sends is set aside, and released later
update sync.offline_ops_journal set status = 'quarantined' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';
update sync.offline_ops_journal set status = 'received' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';
update sync.offline_ops_journal set status = 'applied', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000002';

-- race offline_ops_journal_device_id_device_seq_key: what a device sends twice is here once
insert into sync.offline_ops_journal (biz_id, id, device_id, device_seq, operation, payload_digest, idempotency_key, client_recorded_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-00000000002:n', '00000000-0000-7028-8000-000000000001', 3, 'saleClose', sha256('3'), 'k3', now());

-- refused devices_acked_forward_check: what was dealt with stays so
update sync.devices set last_seq_acked = 5 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000001';
update sync.devices set last_seq_acked = 4 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000001';

-- refused devices_status_reason_check: a device is shut out for a reason
update sync.devices set status = 'revoked' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000001';

-- refused devices_status_transition_check: a device that is listened to does not wait to be let in
update sync.devices set status = 'pending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000001';

-- refused devices_key_immutable_check: a device keeps its mark
update sync.devices set device_key = 'till-2' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000001';

-- refused devices_enrolled_check: a device that is listened to has a secret
insert into sync.devices (biz_id, id, device_key, name, kind, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', 'till-3', 'Till 3', 'till', 'active');

-- race devices_device_key_key: a device is known once
insert into sync.devices (biz_id, id, device_key, name, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-00000000003:n', 'tablet-1', 'Tablet', 'tablet');

-- allowed: a conflict is resolved by the server's word
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000003', 'version', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update sync.offline_merge_conflicts set status = 'resolved', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';
insert into sync.offline_resolution_events (biz_id, id, conflict_id, strategy) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000011', '00000000-0000-7028-8000-000000000010', 'server');

-- refused offline_merge_conflicts_resolution_check: what was resolved says how
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000003', 'version');
update sync.offline_merge_conflicts set status = 'resolved', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- refused offline_merge_conflicts_status_reason_check: a conflict is dismissed for a reason
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000003', 'version');
update sync.offline_merge_conflicts set status = 'dismissed', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- refused offline_merge_conflicts_status_transition_check: what was resolved is not open again
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind, status, decided_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000003', 'version', 'resolved', now());
update sync.offline_merge_conflicts set status = 'open', decided_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- refused offline_resolution_events_append_only_check: a decision is not changed
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000003', 'version');
insert into sync.offline_resolution_events (biz_id, id, conflict_id, strategy) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000011', '00000000-0000-7028-8000-000000000010', 'server');
select set_config('role', 'bizing_platform', true);
update sync.offline_resolution_events set strategy = 'client' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000011';

-- race offline_merge_conflicts_open_key: one decision of a kind is open
insert into sync.offline_merge_conflicts (biz_id, id, op_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-00000000004:n', '00000000-0000-7028-8000-000000000003', 'stock');

-- refused number_blocks_no_overlap_excl: a number is given to one device
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 1, 100, 0), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000011', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 100, 200, 99);

-- allowed: numbers that a device gave back are given out again
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 1, 100, 0);
update sync.number_blocks set used_to = 40 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';
update sync.number_blocks set returned_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000011', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 41, 100, 40);

-- refused number_blocks_no_overlap_excl: numbers that were used are not given out again
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 1, 100, 40);
update sync.number_blocks set returned_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000011', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 40, 100, 39);

-- refused number_blocks_used_to_check: a device uses its own numbers
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 1, 100, 101);

-- refused number_blocks_used_forward_check: a number that was used stays used
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 1, 100, 40);
update sync.number_blocks set used_to = 39 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- refused number_blocks_taken_check: numbers are taken from their counter first
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 1000, 1001, 999);

-- refused number_blocks_gapless_check: numbers without gaps are not given out in advance
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000005', 1, 100, 0);

-- race number_blocks_no_overlap_excl: of several devices one gets a number
insert into sync.number_blocks (biz_id, id, device_id, sequence_id, first_number, last_number, used_to) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-00000000005:n', '00000000-0000-7028-8000-000000000001', '00000000-0000-7028-8000-000000000004', 500, 500 + :n, 499);

-- allowed: a device begins anew from an earlier place
insert into sync.change_cursors (biz_id, id, device_id, scope, last_transaction_id, last_outbox_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', 'catalog', '100', 5);
update sync.change_cursors set last_transaction_id = '101', last_outbox_seq = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';
update sync.change_cursors set generation = 2, last_transaction_id = null, last_outbox_seq = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- refused change_cursors_forward_check: a device does not fetch again what it has
insert into sync.change_cursors (biz_id, id, device_id, scope, last_transaction_id, last_outbox_seq) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-000000000010', '00000000-0000-7028-8000-000000000001', 'catalog', '100', 5);
update sync.change_cursors set last_outbox_seq = 4 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7028-8000-000000000010';

-- race change_cursors_device_id_scope_key: a device has one place in a kind of changes
insert into sync.change_cursors (biz_id, id, device_id, scope) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7028-8000-00000000006:n', '00000000-0000-7028-8000-000000000001', 'orders');
