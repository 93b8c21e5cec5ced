-- allowed: a tenant says which laws it is under, and what it does with data
insert into governance.tenant_compliance_profiles (biz_id, id, regimes, pci_scope, country, dpo_email)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000001', array['gdpr'], 'saq_a', 'PT', 'dpo@ours.example');
insert into governance.processing_activities (biz_id, id, code, name, purpose, lawful_basis, data_classes, subjects)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000002', 'booking', 'Bookings', 'To give the service that was booked.', 'contract', array['identity', 'booking'], 'Guests');
insert into governance.privacy_identity_modes (biz_id, id, code, name, mode, is_default) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000003', 'guest', 'Guest', 'identified', true);
-- refused tenant_compliance_profiles_biz_id_key: a tenant has one profile
insert into governance.tenant_compliance_profiles (biz_id, id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000001'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000002');
-- refused tenant_compliance_profiles_regimes_check: only known laws
insert into governance.tenant_compliance_profiles (biz_id, id, regimes) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000001', array['law of the jungle']);
-- refused processing_activities_data_classes_check: some class of data is processed
insert into governance.processing_activities (biz_id, id, code, name, purpose, lawful_basis, data_classes, subjects)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000002', 'booking', 'Bookings', 'To give the service that was booked.', 'contract', '{}', 'Guests');
-- refused privacy_identity_modes_is_default_key: one mode is the default
insert into governance.privacy_identity_modes (biz_id, id, code, name, mode, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000003', 'guest', 'Guest', 'identified', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000004', 'walk_in', 'Walk-in', 'pseudonymous', true);
-- refused privacy_identity_modes_anonymous_check: of an anonymous customer nothing is asked
insert into governance.privacy_identity_modes (biz_id, id, code, name, mode) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000003', 'nobody', 'Nobody', 'anonymous');

-- given: where data lie, and how long they are kept
insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000011', 'health', array['eu-west'], '2027-01-01', '2028-01-01');
insert into governance.retention_policies (biz_id, id, name, data_class, keep_days, basis, action)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000012', 'Messages', 'communication', 365, 'created', 'delete');
-- allowed: another region from the next year on
insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000013', 'health', array['eu-central'], '2028-01-01');
-- refused data_residency_policies_no_overlap_excl: one policy for a class and a day
insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000013', 'health', array['eu-central'], '2027-12-31');
-- race data_residency_policies_no_overlap_excl: one policy for a class and a day
insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-00000000f00:n', 'identity', array['eu-west'], '2027-01-0:n');
-- refused data_residency_policies_allowed_regions_check: data lie somewhere
insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, starts_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000013', 'media', '{}', '2027-01-01');
-- refused retention_policies_fits_key: one policy of a priority fits
insert into governance.retention_policies (biz_id, id, name, data_class, keep_days, basis, action)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000013', 'Messages too', 'communication', 30, 'created', 'delete');
-- allowed: a policy is tried, then carried out
insert into governance.retention_runs (biz_id, id, policy_id, as_of, is_dry_run) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000014', '00000000-0000-7026-8000-000000000012', '2027-03-01', true);
update governance.retention_runs set status = 'running', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000014';
update governance.retention_runs set status = 'completed', matched = 5, held = 1, finished_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000014';
insert into governance.retention_runs (biz_id, id, policy_id, as_of, status, started_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000015', '00000000-0000-7026-8000-000000000012', '2027-03-01', 'running', now());
update governance.retention_runs set status = 'completed', matched = 5, done = 4, held = 1, finished_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000015';
-- race retention_runs_running_key: a policy is carried out once at a time
insert into governance.retention_runs (biz_id, id, policy_id, as_of) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-00000000f10:n', '00000000-0000-7026-8000-000000000012', '2027-04-0:n');
-- refused retention_runs_as_of_key: a policy is carried out once as of a day
insert into governance.retention_runs (biz_id, id, policy_id, as_of, status, started_at, finished_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000014', '00000000-0000-7026-8000-000000000012', '2027-02-01', 'completed', now(), now()), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000015', '00000000-0000-7026-8000-000000000012', '2027-02-01', 'completed', now(), now());
-- refused retention_runs_dry_run_check: a trial does nothing
insert into governance.retention_runs (biz_id, id, policy_id, as_of, is_dry_run, status, started_at, finished_at, matched, done)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000014', '00000000-0000-7026-8000-000000000012', '2027-02-01', true, 'completed', now(), now(), 1, 1);
-- refused retention_runs_counts_check: no more rows are counted than matched
insert into governance.retention_runs (biz_id, id, policy_id, as_of, status, started_at, finished_at, matched, done, held)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000014', '00000000-0000-7026-8000-000000000012', '2027-02-01', 'completed', now(), now(), 1, 1, 1);
-- refused retention_runs_policy_immutable_check: a run keeps its day
insert into governance.retention_runs (biz_id, id, policy_id, as_of, status, started_at, finished_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000014', '00000000-0000-7026-8000-000000000012', '2027-02-01', 'completed', now(), now());
update governance.retention_runs set as_of = '2027-02-02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000014';
-- refused retention_runs_status_transition_check: a run that is done is done
insert into governance.retention_runs (biz_id, id, policy_id, as_of, status, started_at, finished_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000014', '00000000-0000-7026-8000-000000000012', '2027-02-01', 'completed', now(), now());
update governance.retention_runs set status = 'running', finished_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000014';

-- given: a hold on one customer, another that was released
insert into governance.legal_holds (biz_id, id, number, matter, issued_by_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000021', 'LH-1', 'Clara v. Ours', '00000000-0000-7000-8000-00000000000a');
insert into governance.legal_hold_subjects (biz_id, hold_id, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000021', 'Customer', '00000000-0000-7000-8000-000000000031');
insert into governance.legal_holds (biz_id, id, number, matter, issued_by_id, status, released_at, released_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000022', 'LH-2', 'Settled', '00000000-0000-7000-8000-00000000000a', 'released', now(), '00000000-0000-7000-8000-00000000000b');
-- allowed: a hold is released with a reason, and what it covered can be taken out
select set_config('app.reason', 'settled', true);
update governance.legal_holds set status = 'released', released_at = now(), released_by_id = '00000000-0000-7000-8000-00000000000a' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000021';
delete from governance.legal_hold_subjects where biz_id = '00000000-0000-7000-8000-000000000001' and hold_id = '00000000-0000-7026-8000-000000000021';
-- refused legal_hold_subjects_kept_check: what a hold covers stays covered
delete from governance.legal_hold_subjects where biz_id = '00000000-0000-7000-8000-000000000001' and hold_id = '00000000-0000-7026-8000-000000000021';
-- refused legal_hold_subjects_active_check: a hold that was released covers nothing more
insert into governance.legal_hold_subjects (biz_id, hold_id, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000022', 'Customer', '00000000-0000-7000-8000-000000000032');
-- refused legal_hold_subjects_subject_fkey: a hold covers what there is
insert into governance.legal_hold_subjects (biz_id, hold_id, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000021', 'Customer', '00000000-0000-7026-8000-000000000099');
-- refused legal_holds_matter_immutable_check: what is held is not changed
update governance.legal_holds set data_classes = array['media'] where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000021';
-- refused legal_holds_status_reason_check: a hold is released for a reason
update governance.legal_holds set status = 'released', released_at = now(), released_by_id = '00000000-0000-7000-8000-00000000000a' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000021';
-- refused legal_holds_status_transition_check: a hold that was released does not come back
select set_config('app.reason', 'again', true);
update governance.legal_holds set status = 'active', released_at = null, released_by_id = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000022';
-- refused legal_holds_released_check: a release says by whom
select set_config('app.reason', 'settled', true);
update governance.legal_holds set status = 'released', released_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000021';

-- given: a request for erasure that two modules are asked about
insert into governance.data_subject_requests (biz_id, id, number, kind, customer_id, requester_name, received_on, due_on, identity_verified_at, identity_method, assigned_to_id, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000031', 'DR-1', 'erasure', '00000000-0000-7000-8000-000000000032', 'Dario', '2027-01-31', '2027-02-28', now(), 'passport', '00000000-0000-7000-8000-00000000000a', 'in_progress');
insert into governance.dsr_items (biz_id, id, request_id, module, action)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000032', '00000000-0000-7026-8000-000000000031', 'booking', 'erase'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000033', '00000000-0000-7026-8000-000000000031', 'billing', 'erase');
-- allowed: one module erases, another must keep, and a second person agrees
select set_config('app.reason', 'tax law', true);
update governance.dsr_items set status = 'done', record_count = 3, answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000032';
update governance.dsr_items set status = 'refused', refusal_basis = 'CIVA 52', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000033';
update governance.data_subject_requests set extended_to = '2027-04-30', extension_reason = 'Many records.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'awaiting_approval' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'partially_fulfilled', approved_by_id = '00000000-0000-7000-8000-00000000000b', refusal_basis = 'CIVA 52', closed_at = now()
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- allowed: a request waits while a hold is in force, and is taken back
select set_config('app.reason', 'hold', true);
update governance.data_subject_requests set status = 'on_hold' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'withdrawn', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused data_subject_requests_answered_check: every module must have answered
update governance.data_subject_requests set status = 'awaiting_approval' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused data_subject_requests_outcome_check: what a module refused is not fulfilled
select set_config('app.reason', 'tax law', true);
update governance.dsr_items set status = 'done', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000032';
update governance.dsr_items set status = 'refused', refusal_basis = 'CIVA 52', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000033';
update governance.data_subject_requests set status = 'awaiting_approval' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'fulfilled', approved_by_id = '00000000-0000-7000-8000-00000000000b', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused dsr_items_request_open_check: no module answers after the end
update governance.data_subject_requests set status = 'withdrawn', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.dsr_items set status = 'done', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000032';
-- refused dsr_items_status_transition_check: a module that failed is asked again before it answers
update governance.dsr_items set status = 'failed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000032';
update governance.dsr_items set status = 'done', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000032';
-- refused dsr_items_refused_check: a refusal names the law
select set_config('app.reason', 'tax law', true);
update governance.dsr_items set status = 'refused', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000032';
-- refused dsr_items_module_key: a module is asked once
insert into governance.dsr_items (biz_id, id, request_id, module, action) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000034', '00000000-0000-7026-8000-000000000031', 'booking', 'erase');
-- refused data_subject_requests_due_on_check: a request is due within a month
insert into governance.data_subject_requests (biz_id, id, number, kind, customer_id, requester_name, received_on, due_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000034', 'DR-2', 'access', '00000000-0000-7000-8000-000000000031', 'Clara', '2027-01-31', '2027-03-01');
-- refused data_subject_requests_extended_check: a request is extended with a reason
update governance.data_subject_requests set extended_to = '2027-04-30' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused data_subject_requests_extended_check: and by two months at most
update governance.data_subject_requests set extended_to = '2027-05-01', extension_reason = 'Many records.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused data_subject_requests_verified_check: first it must be sure who asks
insert into governance.data_subject_requests (biz_id, id, number, kind, customer_id, requester_name, received_on, due_on, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000034', 'DR-2', 'access', '00000000-0000-7000-8000-000000000031', 'Clara', '2027-01-31', '2027-02-28', 'verifying');
update governance.data_subject_requests set status = 'in_progress' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000034';
-- refused data_subject_requests_approved_check: whoever looks after it cannot agree alone
update governance.dsr_items set status = 'nothing_found', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and request_id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'awaiting_approval' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'fulfilled', approved_by_id = '00000000-0000-7000-8000-00000000000a', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused data_subject_requests_received_immutable_check: when it came in is not changed
update governance.data_subject_requests set received_on = '2027-02-01', due_on = '2027-03-01' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
-- refused data_subject_requests_status_transition_check: a request that was taken back is over
update governance.data_subject_requests set status = 'withdrawn', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';
update governance.data_subject_requests set status = 'in_progress', closed_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000031';

-- given: a redaction of two customers, one of them held
insert into governance.redaction_jobs (biz_id, id, number, request_id, requested_by_id, planned, dry_run, dry_run_at, status, approved_by_id, approved_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000041', 'RJ-1', '00000000-0000-7026-8000-000000000031', '00000000-0000-7000-8000-00000000000a', 2, '{}', now(), 'approved', '00000000-0000-7000-8000-00000000000b', now());
insert into governance.redaction_job_targets (biz_id, id, job_id, module, subject_type, subject_id, action)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000042', '00000000-0000-7026-8000-000000000041', 'crm', 'Customer', '00000000-0000-7000-8000-000000000031', 'redact'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000043', '00000000-0000-7026-8000-000000000041', 'crm', 'Customer', '00000000-0000-7000-8000-000000000032', 'redact');
insert into governance.subject_keys (biz_id, id, subject_type, subject_id, wrapped_key_enc, master_key_ref)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000044', 'Customer', '00000000-0000-7000-8000-000000000031', '\x01', 'kms:1'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000045', 'Customer', '00000000-0000-7000-8000-000000000032', '\x02', 'kms:1');
-- allowed: what is held is left out, the rest is redacted and its key destroyed
update governance.redaction_job_targets set status = 'held' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000042';
update governance.redaction_jobs set status = 'running', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000041';
update governance.redaction_job_targets set status = 'done', done_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000043';
update governance.subject_keys set destroyed_at = now(), wrapped_key_enc = null, redaction_job_id = '00000000-0000-7026-8000-000000000041' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000045';
update governance.redaction_jobs set status = 'completed', redacted = 1, kept = 1, finished_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000041';
-- refused redaction_jobs_held_check: a redaction is not begun against a hold
update governance.redaction_jobs set status = 'running', started_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000041';
-- refused redaction_job_targets_held_check: what is held is not redacted
update governance.redaction_job_targets set status = 'done', done_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000042';
-- refused subject_keys_held_check: the key of what is held is not destroyed
update governance.subject_keys set destroyed_at = now(), wrapped_key_enc = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000044';
-- refused subject_keys_destroyed_immutable_check: a key that was destroyed does not come back
update governance.subject_keys set destroyed_at = now(), wrapped_key_enc = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000045';
update governance.subject_keys set destroyed_at = null, wrapped_key_enc = '\x02' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000045';
-- refused subject_keys_live_key: a subject has one key
insert into governance.subject_keys (biz_id, id, subject_type, subject_id, generation, wrapped_key_enc, master_key_ref)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000046', 'Customer', '00000000-0000-7000-8000-000000000031', 2, '\x01', 'kms:1');
-- race subject_keys_generation_key: a subject gets its key once
insert into governance.subject_keys (biz_id, id, subject_type, subject_id, wrapped_key_enc, master_key_ref)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-00000000f20:n', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '\x01', 'kms:1');
-- refused subject_keys_destroyed_check: of a key that was destroyed nothing is left
update governance.subject_keys set destroyed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000045';
-- refused subject_keys_subject_immutable_check: a key stays with its subject
update governance.subject_keys set subject_id = '00000000-0000-7000-8000-000000000032', generation = 2 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000044';
-- refused redaction_jobs_four_eyes_check: whoever planned it cannot approve it
insert into governance.redaction_jobs (biz_id, id, number, policy_id, requested_by_id, dry_run, dry_run_at, status, approved_by_id, approved_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000047', 'RJ-2', '00000000-0000-7026-8000-000000000012', '00000000-0000-7000-8000-00000000000a', '{}', now(), 'approved', '00000000-0000-7000-8000-00000000000a', now());
-- refused redaction_jobs_tried_check: a redaction is tried before it is done
insert into governance.redaction_jobs (biz_id, id, number, policy_id, requested_by_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000047', 'RJ-2', '00000000-0000-7026-8000-000000000012', '00000000-0000-7000-8000-00000000000a');
update governance.redaction_jobs set status = 'dry_run' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000047';
-- refused redaction_jobs_plan_immutable_check: a plan that was approved is not changed
update governance.redaction_jobs set plan = '{"crm": "all"}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000041';
-- refused redaction_jobs_request_id_key: one redaction for a request at a time
insert into governance.redaction_jobs (biz_id, id, number, request_id, requested_by_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000047', 'RJ-2', '00000000-0000-7026-8000-000000000031', '00000000-0000-7000-8000-00000000000a');
-- refused redaction_jobs_status_transition_check: what was approved is not done at once
update governance.redaction_jobs set status = 'completed', finished_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000041';
-- refused redaction_job_targets_kept_check: what is kept names the law
insert into governance.redaction_job_targets (biz_id, id, job_id, module, subject_type, subject_id, action)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000047', '00000000-0000-7026-8000-000000000041', 'billing', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 'keep');
-- refused redaction_job_targets_status_transition_check: what was redacted stays so
update governance.redaction_job_targets set status = 'done', done_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000043';
update governance.redaction_job_targets set status = 'pending', done_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000043';

-- allowed: a breach is contained and settled when those were told who must be
insert into governance.data_breaches (biz_id, id, number, title, detected_at, notify_by)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000051', 'DB-1', 'A lost laptop', '2027-03-01 10:00Z', '2027-03-04 10:00Z');
update governance.data_breaches set status = 'contained', risk = 'risk', authority_notified_at = '2027-03-02 10:00Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000051';
update governance.data_breaches set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000051';
-- refused data_breaches_notify_by_check: the authority is told within 72 hours
insert into governance.data_breaches (biz_id, id, number, title, detected_at, notify_by)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000051', 'DB-1', 'A lost laptop', '2027-03-01 10:00Z', '2027-03-05 10:00Z');
-- refused data_breaches_late_check: whoever tells the authority late says why
insert into governance.data_breaches (biz_id, id, number, title, detected_at, notify_by, authority_notified_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000051', 'DB-1', 'A lost laptop', '2027-03-01 10:00Z', '2027-03-04 10:00Z', '2027-03-05 10:00Z');
-- refused data_breaches_told_check: of a high risk those concerned are told
insert into governance.data_breaches (biz_id, id, number, title, detected_at, notify_by, authority_notified_at, risk)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000051', 'DB-1', 'A lost laptop', '2027-03-01 10:00Z', '2027-03-04 10:00Z', '2027-03-02 10:00Z', 'high_risk');
update governance.data_breaches set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000051';
-- refused data_breaches_status_transition_check: what was settled is looked into again before it is contained
insert into governance.data_breaches (biz_id, id, number, title, detected_at, notify_by, risk, not_notified_reason, status, closed_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000051', 'DB-1', 'A lost laptop', '2027-03-01 10:00Z', '2027-03-04 10:00Z', 'unlikely', 'It was sealed.', 'closed', now());
update governance.data_breaches set status = 'contained', closed_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000051';

-- given: a report
insert into governance.compliance_reports (biz_id, id, number, kind, starts_on, ends_on, generated_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7026-8000-000000000061', 'CR-1', 'dsr_summary', '2027-01-01', '2027-04-01', '00000000-0000-7000-8000-00000000000a');
-- allowed: a report is made, fails, and is asked for again
update governance.compliance_reports set status = 'generating' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
update governance.compliance_reports set status = 'failed', error = 'No disk.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
update governance.compliance_reports set status = 'queued' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
-- refused compliance_reports_ready_check: a report that was made has a file
update governance.compliance_reports set status = 'generating' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
update governance.compliance_reports set status = 'ready', generated_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
-- refused compliance_reports_signed_check: what is not signed has no signature
update governance.compliance_reports set signature = 'x' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
-- refused compliance_reports_digest_check: a digest has 64 digits
update governance.compliance_reports set digest = 'x' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
-- refused compliance_reports_status_transition_check: a report is made before it is signed
update governance.compliance_reports set status = 'signed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7026-8000-000000000061';
