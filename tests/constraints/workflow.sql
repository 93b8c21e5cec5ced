-- Rules of workflow, proven one by one.

-- given: a queue, the next one, and in it a booking that Bruno wants approved by somebody else
insert into workflow.review_queues (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000002', 'owner', 'For the owner');
insert into workflow.review_queues (biz_id, id, code, name, requires_four_eyes, next_queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000001', 'refunds', 'Refunds', true, '00000000-0000-7027-8000-000000000002');
insert into workflow.review_queue_roles (biz_id, queue_id, role_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000001', '00000000-0000-7000-8000-000000000025');
insert into workflow.review_queue_items (biz_id, id, queue_id, subject_type, subject_id, title, requested_by_id, requires_four_eyes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000003', '00000000-0000-7027-8000-000000000001', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 'Refund of BK-1', '00000000-0000-7000-8000-00000000000b', true);

-- allowed: Ana takes it on, gives it back, takes it on again and approves
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000a', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'pending', claimed_by_id = null, claim_expires_at = null where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000a', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'approved', claimed_by_id = null, claim_expires_at = null, decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now() where id = '00000000-0000-7027-8000-000000000003';
insert into workflow.workflow_decisions (biz_id, id, review_item_id, queue_id, actor_id, decision) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000004', '00000000-0000-7027-8000-000000000003', '00000000-0000-7027-8000-000000000001', '00000000-0000-7000-8000-00000000000a', 'approved');

-- allowed: it is escalated, and waits in the next queue
select set_config('app.reason', 'why', true);
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000a', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'escalated', claimed_by_id = null, claim_expires_at = null where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'pending', queue_id = '00000000-0000-7027-8000-000000000002' where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_four_eyes_check: Bruno does not decide what he asked for
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000b', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'approved', claimed_by_id = null, claim_expires_at = null, decided_by_id = '00000000-0000-7000-8000-00000000000b', decided_at = now() where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_four_eyes_immutable_check: the need of two people is not taken back
update workflow.review_queue_items set requires_four_eyes = false where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_subject_immutable_check: what is to be decided is not exchanged
update workflow.review_queue_items set subject_id = '00000000-0000-7000-8000-000000000072' where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_subject_fkey: what is to be decided exists
insert into workflow.review_queue_items (biz_id, id, queue_id, subject_type, subject_id, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000004', '00000000-0000-7027-8000-000000000001', 'BookingOrder', '00000000-0000-7027-8000-000000000099', 'Nothing');

-- refused review_queue_items_open_key: a subject waits in a queue once
insert into workflow.review_queue_items (biz_id, id, queue_id, subject_type, subject_id, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000004', '00000000-0000-7027-8000-000000000001', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 'Again');

-- race review_queue_items_open_key: of those who bring in a subject at once one does
insert into workflow.review_queue_items (biz_id, id, queue_id, subject_type, subject_id, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000f1:n', '00000000-0000-7027-8000-000000000001', 'BookingOrder', '00000000-0000-7000-8000-000000000072', 'Refund of BK-2');

-- refused review_queue_items_claimed_check: what is claimed says by whom
update workflow.review_queue_items set status = 'claimed' where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_taken_check: what somebody took on is not taken from them
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000a', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000b', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_decided_check: what is decided says by whom
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000a', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'approved', claimed_by_id = null, claim_expires_at = null where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_status_transition_check: nothing is decided before somebody takes it on
update workflow.review_queue_items set status = 'approved', decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now() where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queue_items_status_reason_check: something is rejected with a reason
update workflow.review_queue_items set status = 'claimed', claimed_by_id = '00000000-0000-7000-8000-00000000000a', claim_expires_at = now() + interval '30 minutes' where id = '00000000-0000-7027-8000-000000000003';
update workflow.review_queue_items set status = 'rejected', claimed_by_id = null, claim_expires_at = null, decided_by_id = '00000000-0000-7000-8000-00000000000a', decided_at = now() where id = '00000000-0000-7027-8000-000000000003';

-- refused review_queues_next_queue_id_acyclic_check: escalation comes to an end
update workflow.review_queues set next_queue_id = '00000000-0000-7027-8000-000000000001' where id = '00000000-0000-7027-8000-000000000002';

-- refused review_queues_code_key: queues in use have codes of their own
insert into workflow.review_queues (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000004', 'refunds', 'Others');

-- given: a published workflow, a draft of its next version, and a run with a step
insert into workflow.workflow_definitions (biz_id, id, code, name, steps, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000011', 'onboard', 'Onboarding', '[{"code": "call"}]', 'published');
insert into workflow.workflow_definitions (biz_id, id, code, version_no, name, steps) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000012', 'onboard', 2, 'Onboarding', '[{"code": "ask"}]');
insert into workflow.workflow_instances (biz_id, id, definition_id, subject_type, subject_id, correlation_key) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000013', '00000000-0000-7027-8000-000000000011', 'Customer', '00000000-0000-7000-8000-000000000031', 'event-1');
insert into workflow.workflow_steps (biz_id, id, instance_id, seq, code, kind, max_attempts) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000014', '00000000-0000-7027-8000-000000000013', 1, 'call', 'call', 2);

-- allowed: the next version replaces the one before
update workflow.workflow_definitions set status = 'retired' where id = '00000000-0000-7027-8000-000000000011';
update workflow.workflow_definitions set status = 'published' where id = '00000000-0000-7027-8000-000000000012';

-- refused workflow_definitions_published_key: one version of a workflow is published
update workflow.workflow_definitions set status = 'published' where id = '00000000-0000-7027-8000-000000000012';

-- race workflow_definitions_published_key: of versions published at once one is
insert into workflow.workflow_definitions (biz_id, id, code, version_no, name, steps, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000f2:n', 'raced', :n, 'Raced', '[{"code": "ask"}]', 'published');

-- refused workflow_definitions_published_immutable_check: a published workflow is not changed
update workflow.workflow_definitions set steps = '[{"code": "other"}]' where id = '00000000-0000-7027-8000-000000000011';

-- refused workflow_definitions_code_version_no_key: a version exists once
insert into workflow.workflow_definitions (biz_id, id, code, version_no, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', 'onboard', 2, 'Onboarding');

-- refused workflow_definitions_steps_check: a workflow without steps is not published
insert into workflow.workflow_definitions (biz_id, id, code, name, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', 'empty', 'Empty', 'published');

-- refused workflow_definitions_status_transition_check: a retired workflow is not published again
update workflow.workflow_definitions set status = 'retired' where id = '00000000-0000-7027-8000-000000000011';
update workflow.workflow_definitions set status = 'published' where id = '00000000-0000-7027-8000-000000000011';

-- refused workflow_instances_published_check: a draft is not run
insert into workflow.workflow_instances (biz_id, id, definition_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000012');

-- refused workflow_instances_definition_immutable_check: a run keeps its version
update workflow.workflow_instances set definition_id = '00000000-0000-7027-8000-000000000012' where id = '00000000-0000-7027-8000-000000000013';

-- refused workflow_instances_correlation_key_key: a workflow runs once for an event
insert into workflow.workflow_instances (biz_id, id, definition_id, correlation_key) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000011', 'event-1');

-- race workflow_instances_correlation_key_key: of workers that see an event at once one starts the run
insert into workflow.workflow_instances (biz_id, id, definition_id, correlation_key) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000f3:n', '00000000-0000-7027-8000-000000000011', 'event-2');

-- refused workflow_instances_subject_fkey: what a run is about exists
insert into workflow.workflow_instances (biz_id, id, definition_id, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000011', 'Customer', '00000000-0000-7027-8000-000000000099');

-- allowed: a step is tried, fails, is tried again and succeeds; the run ends
update workflow.workflow_steps set status = 'running', attempts = 1, started_at = now(), lease_owner = 'w1', lease_expires_at = now() + interval '1 minute' where id = '00000000-0000-7027-8000-000000000014';
update workflow.workflow_steps set status = 'failed', lease_owner = null, lease_expires_at = null, error = 'no answer' where id = '00000000-0000-7027-8000-000000000014';
update workflow.workflow_steps set status = 'pending', next_run_at = now() + interval '1 minute' where id = '00000000-0000-7027-8000-000000000014';
update workflow.workflow_steps set status = 'running', attempts = 2, lease_owner = 'w2', lease_expires_at = now() + interval '1 minute' where id = '00000000-0000-7027-8000-000000000014';
update workflow.workflow_steps set status = 'succeeded', lease_owner = null, lease_expires_at = null, finished_at = now() where id = '00000000-0000-7027-8000-000000000014';
update workflow.workflow_instances set status = 'completed', finished_at = now() where id = '00000000-0000-7027-8000-000000000013';

-- allowed: a run that failed is undone
update workflow.workflow_instances set status = 'failed', error = 'no answer' where id = '00000000-0000-7027-8000-000000000013';
update workflow.workflow_instances set status = 'compensating' where id = '00000000-0000-7027-8000-000000000013';
update workflow.workflow_instances set status = 'compensated', finished_at = now() where id = '00000000-0000-7027-8000-000000000013';

-- refused workflow_instances_status_transition_check: a run that waits is not undone
update workflow.workflow_instances set status = 'waiting' where id = '00000000-0000-7027-8000-000000000013';
update workflow.workflow_instances set status = 'compensating' where id = '00000000-0000-7027-8000-000000000013';

-- refused workflow_instances_status_reason_check: a run is cancelled with a reason
update workflow.workflow_instances set status = 'cancelled', finished_at = now() where id = '00000000-0000-7027-8000-000000000013';

-- refused workflow_instances_finished_check: a run that ended says when
update workflow.workflow_instances set status = 'completed' where id = '00000000-0000-7027-8000-000000000013';

-- refused workflow_steps_lease_check: a running step is somebody's
update workflow.workflow_steps set status = 'running' where id = '00000000-0000-7027-8000-000000000014';

-- refused workflow_steps_attempts_check: a step is not tried more often than it may be
update workflow.workflow_steps set attempts = 3 where id = '00000000-0000-7027-8000-000000000014';

-- refused workflow_steps_instance_id_seq_key: a run has one step at a place
insert into workflow.workflow_steps (biz_id, id, instance_id, seq, code, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000013', 1, 'again', 'call');

-- refused workflow_steps_status_transition_check: a step does not succeed without being run
update workflow.workflow_steps set status = 'succeeded', finished_at = now() where id = '00000000-0000-7027-8000-000000000014';

-- race workflow_steps_taken_check: of workers that take on a step at once one is at it
update workflow.workflow_steps set status = 'running', attempts = 1, started_at = now(), lease_owner = 'w:n', lease_expires_at = now() + interval '1 minute' where id = '00000000-0000-7027-8000-000000000014';

-- refused workflow_decisions_target_check: a decision is about one thing
insert into workflow.workflow_decisions (biz_id, id, review_item_id, step_id, decision) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000003', '00000000-0000-7027-8000-000000000014', 'approved');

-- refused workflow_decisions_reason_given_check: whoever rejects says why
insert into workflow.workflow_decisions (biz_id, id, review_item_id, decision) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000003', 'rejected');

-- refused workflow_decisions_append_only_check: a decision is never changed
insert into workflow.workflow_decisions (biz_id, id, review_item_id, decision) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000015', '00000000-0000-7027-8000-000000000003', 'approved');
set local role bizing_platform;
update workflow.workflow_decisions set reason = 'changed' where id = '00000000-0000-7027-8000-000000000015';

-- allowed: refunds of more than 100 euros need a helper's approval
insert into workflow.approval_policies (biz_id, id, code, name, subject_kind, metric, threshold_minor, currency, queue_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000021', 'refunds', 'Refunds', 'Refund', 'amount', 10000, 'EUR', '00000000-0000-7027-8000-000000000001');
insert into workflow.approval_policy_levels (biz_id, id, policy_id, role_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000022', '00000000-0000-7027-8000-000000000021', '00000000-0000-7000-8000-000000000025');

-- refused approval_policies_threshold_check: a limit of money has a currency
insert into workflow.approval_policies (biz_id, id, code, name, subject_kind, metric, threshold_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000021', 'refunds', 'Refunds', 'Refund', 'amount', 10000);

-- refused approval_policies_code_key: policies in use have codes of their own
insert into workflow.approval_policies (biz_id, id, code, name, subject_kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000021', 'refunds', 'Refunds', 'Refund'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000022', 'refunds', 'Refunds', 'Refund');

-- refused approval_policy_levels_level_no_role_id_key: a role is asked once at a level
insert into workflow.approval_policies (biz_id, id, code, name, subject_kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000021', 'refunds', 'Refunds', 'Refund');
insert into workflow.approval_policy_levels (biz_id, id, policy_id, role_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000022', '00000000-0000-7027-8000-000000000021', '00000000-0000-7000-8000-000000000025'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000023', '00000000-0000-7027-8000-000000000021', '00000000-0000-7000-8000-000000000025');

-- given: an export that Ana wants
insert into workflow.async_deliverables (biz_id, id, kind, name, requested_by_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000031', 'export', 'Bookings', '00000000-0000-7000-8000-00000000000a');

-- allowed: a worker takes it on, dies, another takes it on, and it fails
update workflow.async_deliverables set status = 'processing', started_at = now() where id = '00000000-0000-7027-8000-000000000031';
update workflow.async_deliverables set status = 'queued' where id = '00000000-0000-7027-8000-000000000031';
update workflow.async_deliverables set status = 'processing', progress_bps = 5000 where id = '00000000-0000-7027-8000-000000000031';
update workflow.async_deliverables set status = 'failed', error = 'disk full' where id = '00000000-0000-7027-8000-000000000031';

-- refused async_deliverables_ready_check: what is ready has a file
update workflow.async_deliverables set status = 'processing', started_at = now() where id = '00000000-0000-7027-8000-000000000031';
update workflow.async_deliverables set status = 'ready', progress_bps = 10000, ready_at = now() where id = '00000000-0000-7027-8000-000000000031';

-- refused async_deliverables_progress_check: progress is 100 % at most
update workflow.async_deliverables set progress_bps = 10001 where id = '00000000-0000-7027-8000-000000000031';

-- refused async_deliverables_status_transition_check: what was cancelled is not made
update workflow.async_deliverables set status = 'cancelled' where id = '00000000-0000-7027-8000-000000000031';
update workflow.async_deliverables set status = 'processing', started_at = now() where id = '00000000-0000-7027-8000-000000000031';

-- allowed: a job runs and says what it did
insert into workflow.job_runs (biz_id, id, name, scheduled_for, worker) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000041', 'bookings.expire_holds', date_trunc('minute', now()), 'w1');
set local role bizing_platform;
update workflow.job_runs set finished_at = now(), outcome = 'succeeded', stats = '{"expired": 3}' where id = '00000000-0000-7027-8000-000000000041';

-- refused job_runs_append_only_check: what a run said stays
insert into workflow.job_runs (biz_id, id, name, scheduled_for, worker) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000041', 'bookings.expire_holds', date_trunc('minute', now()), 'w1');
set local role bizing_platform;
update workflow.job_runs set finished_at = now(), outcome = 'failed', error = 'lost' where id = '00000000-0000-7027-8000-000000000041';
update workflow.job_runs set outcome = 'succeeded', error = null where id = '00000000-0000-7027-8000-000000000041';

-- race job_runs_name_scheduled_for_key: of replicas whose clocks strike at once one runs the job
do $$
begin
  insert into workflow.job_runs (biz_id, id, name, scheduled_for) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000f4:n', 'accruals', date_trunc('month', now()));
exception
  -- In a partition the constraint has a name of its own, with the month in it.
  when unique_violation then
    raise exception using errcode = '23505', message = sqlerrm, constraint = 'job_runs_name_scheduled_for_key';
end
$$;

-- given: a bulk operation over three items
insert into workflow.bulk_operations (biz_id, id, kind, requested_by_id, total) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7027-8000-000000000051', 'resourceUpdate', '00000000-0000-7000-8000-00000000000a', 3);

-- allowed: two succeed, one fails
update workflow.bulk_operations set status = 'running', started_at = now() where id = '00000000-0000-7027-8000-000000000051';
update workflow.bulk_operations set ok_count = 2, failed_count = 1, status = 'completed', finished_at = now() where id = '00000000-0000-7027-8000-000000000051';

-- refused bulk_operations_counts_check: no more items are done than there are
update workflow.bulk_operations set ok_count = 2, failed_count = 2 where id = '00000000-0000-7027-8000-000000000051';

-- refused bulk_operations_completed_check: a completed operation went through all of its items
update workflow.bulk_operations set status = 'running', started_at = now() where id = '00000000-0000-7027-8000-000000000051';
update workflow.bulk_operations set ok_count = 2, status = 'completed', finished_at = now() where id = '00000000-0000-7027-8000-000000000051';

-- refused bulk_operations_status_transition_check: what is queued is not completed
update workflow.bulk_operations set ok_count = 3, status = 'completed', finished_at = now() where id = '00000000-0000-7027-8000-000000000051';
