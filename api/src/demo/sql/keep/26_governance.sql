-- Governance of the pallet store: little personal data, long contracts.
-- Others may use: retention/contracts, hold/fire, dsr/1 .. dsr/3.

insert into governance.tenant_compliance_profiles (biz_id, id, regimes, pci_scope, country, authority_name, controller_name,
  dpo_name, dpo_email, privacy_notice_url, dsr_days, settings)
values (pg_temp.biz(), pg_temp.id('compliance'), '{gdpr}', 'none', 'MY', 'Personal Data Protection Commissioner',
  'Keep Pallet Storage Sdn Bhd', 'Farah Aziz', 'privacy@keep.example', 'https://www.keep.example/privacy', 21,
  '{"law": "Personal Data Protection Act 2010", "gdpr_for": "partners in Europe"}');

insert into governance.processing_activities (biz_id, id, code, name, purpose, lawful_basis, data_classes, subjects,
  recipients, is_assessed, assessed_on)
select pg_temp.biz(), pg_temp.id('processing/' || v.code), v.code, v.name, v.purpose, v.basis, v.classes::text[], v.subjects,
  v.recipients, v.assessed is not null, pg_temp.day(v.assessed)
from (values
  ('contacts', 'Contacts of customers', 'To agree, to bill, to call when something is wrong.', 'contract', '{contact,identity}', 'Staff of customers', null, -150),
  ('drivers', 'Drivers at the gate', 'To know who took what.', 'legitimate_interest', '{identity,location,media}', 'Drivers', 'Port police on request', -150),
  ('staff', 'Staff and hours', 'To plan and to pay.', 'contract', '{employment,identity,financial}', 'Staff', 'Payroll office', null)
) as v (code, name, purpose, basis, classes, subjects, recipients, assessed);

insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, legal_reference, starts_on)
select pg_temp.biz(), pg_temp.id('residency/' || v.class), v.class, v.regions::text[], v.reference, pg_temp.day(-300)
from (values ('identity', '{ap-southeast}', 'PDPA 2010, section 129'), ('employment', '{ap-southeast}', null), ('media', '{ap-southeast}', null)) as v (class, regions, reference);

insert into governance.retention_policies (biz_id, id, name, data_class, entity_name, country, keep_days, basis, action,
  priority, legal_reference)
select pg_temp.biz(), pg_temp.id('retention/' || v.name), v.title, v.class, v.entity, v.country, v.days, v.basis, v.action, 10,
  v.reference
from (values
  ('contracts', 'Storage contracts and invoices', 'financial', null, 'MY', 2555, 'fiscal_year_end', 'archive', 'Companies Act 2016, section 245'),
  ('drivers', 'Drivers at the gate', 'identity', null, null, 180, 'created', 'delete', null),
  ('cameras', 'Pictures of the gate', 'media', null, null, 45, 'created', 'delete', null)
) as v (name, title, class, entity, country, days, basis, action, reference);

insert into governance.retention_runs (biz_id, id, policy_id, as_of, is_dry_run, matched, done, held, failed, status,
  started_at, finished_at, created_at)
select pg_temp.biz(), pg_temp.id('retention-run/' || v.policy || v.day), pg_temp.id('retention/' || v.policy), pg_temp.day(v.day),
  v.dry, v.matched, v.done, v.held, 0, v.status, case when v.status <> 'queued' then pg_temp.at(v.day, '00:10') end,
  case when v.status = 'completed' then pg_temp.at(v.day, '00:19') end, pg_temp.at(v.day, '00:05')
from (values
  ('drivers', -16, true, 212, 0, 0, 'completed'), ('drivers', -9, false, 212, 212, 0, 'completed'),
  ('cameras', -2, false, 1840, 1712, 128, 'completed'), ('cameras', 0, false, 0, 0, 0, 'queued')
) as v (policy, day, dry, matched, done, held, status);

select core.next_numbers('legal_hold', 'GVLH', 1), core.next_numbers('data_subject_request', 'GVDR', 3),
  core.next_numbers('redaction_job', 'GVRJ', 1), core.next_numbers('data_breach', 'GVBR', 1),
  core.next_numbers('compliance_report', 'GVCR', 2);

insert into governance.legal_holds (biz_id, id, number, matter, description, data_classes, starts_on, ends_on, issued_by_id,
  issued_at, review_on)
values (pg_temp.biz(), pg_temp.id('hold/fire'), 'GVLH-000001', 'Smouldering pallet in hall A', 'Insurer asks for pictures and gate log of the week.',
  '{media,location}', pg_temp.day(-38), pg_temp.day(-31), pg_temp.person('owner'), pg_temp.at(-30, '10:00'), pg_temp.day(60));
insert into governance.legal_hold_subjects (biz_id, hold_id, subject_type, subject_id)
values (pg_temp.biz(), pg_temp.id('hold/fire'), 'Customer', pg_temp.customer(22));

insert into governance.privacy_identity_modes (biz_id, id, code, name, mode, is_contact_required, is_document_required,
  is_marketing_allowed, keep_days, is_default)
values (pg_temp.biz(), pg_temp.id('identity-mode/company'), 'company', 'Company with a contact', 'identified', true, false, true, null, true),
  (pg_temp.biz(), pg_temp.id('identity-mode/driver'), 'driver', 'Driver at the gate', 'pseudonymous', false, true, false, 180, false);

insert into governance.data_subject_requests (biz_id, id, number, kind, customer_id, requester_name, requester_relation,
  channel, details, received_at, received_on, due_on, identity_verified_at, identity_method, assigned_to_id, status)
select pg_temp.biz(), pg_temp.id('dsr/' || v.nth), 'GVDR-' || lpad(v.nth::text, 6, '0'), v.kind, pg_temp.customer(v.who), v.asks,
  v.relation, v.channel, v.details, pg_temp.at(v.day, '14:00'), pg_temp.day(v.day), pg_temp.day(v.day + 21),
  case when v.method is not null then pg_temp.at(v.day + 1, '10:00') end, v.method, pg_temp.person('desk'), v.status
from (values
  (1, 'access', 2, 'Siti Rahmah', 'Former contact', 'email', 'Which mails of mine do you still have?', -14, 'Mail from the known address', 'in_progress'),
  (2, 'rectification', 9, 'Lim Boon Keat', 'Contact', 'phone', 'New number of the office.', -5, 'Called back', 'in_progress'),
  (3, 'erasure', 22, 'Ganesan Pillai', 'Former contact', 'email', 'I left the company, please take me out.', -1, null, 'received')
) as v (nth, kind, who, asks, relation, channel, details, day, method, status);

insert into governance.dsr_items (biz_id, id, request_id, module, action, status, record_count, answered_at)
select pg_temp.biz(), pg_temp.id('dsr-item/' || v.nth || v.module), pg_temp.id('dsr/' || v.nth), v.module, v.action, v.status, v.found,
  case when v.status <> 'pending' then pg_temp.at(v.day, '17:00') end
from (values
  (1, 'crm', 'export', 'done', 1, -11), (1, 'comms', 'export', 'done', 7, -11), (1, 'booking', 'export', 'nothing_found', 0, -11),
  (2, 'crm', 'rectify', 'done', 1, -3), (2, 'comms', 'rectify', 'pending', null, null)
) as v (nth, module, action, status, found, day);

update governance.data_subject_requests
set status = 'awaiting_approval'
where biz_id = pg_temp.biz() and id = pg_temp.id('dsr/1');
update governance.data_subject_requests
set status = 'fulfilled',
  approved_by_id = pg_temp.person('owner'),
  outcome = 'Seven mails given out.',
  closed_at = pg_temp.at(-8, '11:00')
where biz_id = pg_temp.biz() and id = pg_temp.id('dsr/1');

insert into governance.redaction_jobs (biz_id, id, number, policy_id, plan, requested_by_id, status, created_at)
values (pg_temp.biz(), pg_temp.id('redaction/1'), 'GVRJ-000001', pg_temp.id('retention/drivers'), '{"operations": "delete"}',
  pg_temp.person('desk'), 'draft', pg_temp.at(-1, '15:00'));

insert into governance.data_breaches (biz_id, id, number, title, description, data_classes, occurred_at, detected_at,
  notify_by, affected_count, risk, not_notified_reason, status, closed_at)
values (pg_temp.biz(), pg_temp.id('breach/1'), 'GVBR-000001', 'Gate log shown on the wrong screen', 'Names of six drivers could be read in the waiting room for an hour.',
  '{identity}', pg_temp.at(-26, '09:00'), pg_temp.at(-26, '10:00'), pg_temp.at(-23, '10:00'), 6, 'unlikely', 'Only drivers of the same hour were there.', 'closed', pg_temp.at(-25, '12:00'));

insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256,
  scan_status, uploaded_at)
values (pg_temp.biz(), pg_temp.id('governance-file/1'), 'ComplianceReport', pg_temp.id('report/1'), 'document',
  'demo/keep/governance/processing-register.pdf', 'processing-register.pdf', 'application/pdf', 88210, md5('keep 1') || md5('keep 1.'), 'clean', pg_temp.at(-12, '16:00'));

insert into governance.compliance_reports (biz_id, id, number, kind, starts_on, ends_on, status, generated_by_id,
  generated_at, media_id, digest, created_at)
values
  (pg_temp.biz(), pg_temp.id('report/1'), 'GVCR-000001', 'processing_register', pg_temp.day(-365), pg_temp.day(-12), 'ready',
    pg_temp.person('owner'), pg_temp.at(-12, '16:00'), pg_temp.id('governance-file/1'), md5('keep 1') || md5('keep 1.'), pg_temp.at(-12, '15:50')),
  (pg_temp.biz(), pg_temp.id('report/2'), 'GVCR-000002', 'retention_proof', pg_temp.day(-30), pg_temp.day(0), 'queued',
    pg_temp.person('owner'), null, null, null, pg_temp.at(0, '00:10'));
