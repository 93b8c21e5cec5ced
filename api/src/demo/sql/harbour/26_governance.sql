-- Governance of the hotels: what is kept and how long, holds, requests of guests, redaction, breaches, reports.
-- Others may use: retention/guests, hold/water-damage, dsr/1 .. dsr/10, erased/1 and erased/2 (customers made anonymous).

insert into governance.tenant_compliance_profiles (biz_id, id, regimes, pci_scope, country, authority_name, controller_name,
  dpo_name, dpo_email, privacy_notice_url, dsr_days, settings)
values (pg_temp.biz(), pg_temp.id('compliance'), '{gdpr,uk_gdpr}', 'saq_b', 'PT', 'Comissão Nacional de Proteção de Dados',
  'Harbour Hotéis, Lda.', 'Teresa Vaz Monteiro', 'privacidade@harbour.example', 'https://www.harbour.example/privacidade', 25,
  '{"police_register": "SIBA", "police_register_days": 3}');

insert into governance.processing_activities (biz_id, id, code, name, purpose, lawful_basis, data_classes, subjects,
  recipients, transfers, is_assessed, assessed_on)
select pg_temp.biz(), pg_temp.id('processing/' || v.code), v.code, v.name, v.purpose, v.basis, v.classes::text[], v.subjects,
  v.recipients, v.transfers, v.assessed is not null, pg_temp.day(v.assessed)
from (values
  ('stays', 'Bookings and stays', 'To reserve, to check in, to bill.', 'contract', '{identity,contact,booking,stay,financial}', 'Guests and those who travel with them', 'Booking sites, the processor of card payments', null, -210),
  ('police', 'Register of foreign guests', 'Bulletin of lodging, as the law on foreigners demands.', 'legal_obligation', '{identity,stay}', 'Guests from abroad', 'Border authority', null, -210),
  ('invoices', 'Invoices and accounts', 'Certified invoicing and books.', 'legal_obligation', '{financial,identity,contact}', 'Guests, companies', 'Tax authority, accountant', null, -180),
  ('spa', 'Health sheet of the spa', 'To leave out what may harm.', 'consent', '{health,identity}', 'Guests of the spa', null, null, -95),
  ('news', 'News and offers', 'To tell of quiet weeks and of the spa.', 'consent', '{contact,preference,behaviour}', 'Guests who agreed', 'Sender of mail', 'Ireland only', -60),
  ('cameras', 'Cameras at doors and garage', 'Safety of guests and of the till.', 'legitimate_interest', '{media,location}', 'Whoever enters', 'Police on request', null, -330),
  ('staff', 'Rosters, hours and pay', 'To plan and to pay.', 'contract', '{employment,identity,contact,financial}', 'Staff', 'Payroll office, social security', null, null),
  ('feedback', 'Answers after the stay', 'To get better.', 'legitimate_interest', '{communication,contact}', 'Guests', null, null, -60)
) as v (code, name, purpose, basis, classes, subjects, recipients, transfers, assessed);

insert into governance.data_residency_policies (biz_id, id, data_class, allowed_regions, legal_reference, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('residency/' || v.class || v.from_day), v.class, v.regions::text[], v.reference,
  pg_temp.day(v.from_day), pg_temp.day(v.until_day)
from (values
  ('identity', '{eu-west,eu-central}', 'GDPR, chapter V', -400, null), ('health', '{eu-west}', 'GDPR, article 9', -400, null),
  ('stay', '{eu-west}', 'Lei n.º 23/2007, artigo 15.º', -400, null), ('financial', '{eu-west,eu-central}', 'Portaria n.º 363/2010', -400, null),
  ('media', '{eu-west,us-east}', null, -400, -30), ('media', '{eu-west}', 'Lei n.º 58/2019, artigo 19.º', -30, null)
) as v (class, regions, reference, from_day, until_day);

insert into governance.retention_policies (biz_id, id, name, data_class, entity_name, country, keep_days, basis, action,
  priority, legal_reference, is_active)
select pg_temp.biz(), pg_temp.id('retention/' || v.name), v.title, v.class, v.entity, v.country, v.days, v.basis, v.action,
  v.priority, v.reference, v.active
from (values
  ('guests', 'Guests who did not come again', 'identity', 'Customer', null, 1825, 'last_activity', 'anonymise', 10, null, true),
  ('bulletins', 'Bulletins of lodging', 'stay', null, 'PT', 365, 'closed', 'delete', 10, 'Lei n.º 23/2007, artigo 16.º', true),
  ('invoices', 'Invoices and receipts', 'financial', null, 'PT', 3650, 'fiscal_year_end', 'archive', 10, 'CIVA, artigo 52.º', true),
  ('health', 'Health sheets of the spa', 'health', null, null, 90, 'last_activity', 'delete', 10, 'GDPR, article 5(1)(e)', true),
  ('messages', 'Conversations of the desk', 'communication', 'MessageThread', null, 730, 'closed', 'delete', 20, null, true),
  ('cameras', 'Pictures of cameras', 'media', null, 'PT', 30, 'created', 'delete', 10, 'Lei n.º 58/2019, artigo 19.º', true),
  ('behaviour', 'What people did on the site', 'behaviour', null, null, 395, 'created', 'anonymise', 50, null, true),
  ('audit', 'Who did what', 'audit', null, null, 2555, 'created', 'archive', 50, null, false)
) as v (name, title, class, entity, country, days, basis, action, priority, reference, active);

insert into governance.retention_runs (biz_id, id, policy_id, as_of, is_dry_run, matched, done, held, failed, status,
  started_at, finished_at, error, created_at)
select pg_temp.biz(), pg_temp.id('retention-run/' || v.policy || v.day), pg_temp.id('retention/' || v.policy), pg_temp.day(v.day),
  v.dry, v.matched, v.done, v.held, v.failed, v.status, case when v.status <> 'queued' then pg_temp.at(v.day, '00:10') end,
  case when v.status in ('completed', 'failed') then pg_temp.at(v.day, '00:24') end, v.error, pg_temp.at(v.day, '00:05')
from (values
  ('guests', -25, true, 41, 0, 2, 0, 'completed', null), ('guests', -18, false, 41, 39, 2, 0, 'completed', null),
  ('bulletins', -15, false, 128, 128, 0, 0, 'completed', null), ('health', -15, false, 12, 12, 0, 0, 'completed', null),
  ('messages', -11, false, 64, 31, 0, 5, 'failed', 'The store of files did not answer.'), ('messages', -10, false, 33, 33, 0, 0, 'completed', null),
  ('cameras', -1, false, 2210, 2180, 30, 0, 'completed', null), ('cameras', 0, false, 74, 20, 0, 0, 'running', null),
  ('behaviour', 0, true, 0, 0, 0, 0, 'queued', null)
) as v (policy, day, dry, matched, done, held, failed, status, error);

-- Holds, and what they cover.
select core.next_numbers('legal_hold', 'GVLH', 3), core.next_numbers('data_subject_request', 'GVDR', 10),
  core.next_numbers('redaction_job', 'GVRJ', 7), core.next_numbers('data_breach', 'GVBR', 4),
  core.next_numbers('compliance_report', 'GVCR', 8);

insert into governance.legal_holds (biz_id, id, number, matter, description, data_classes, starts_on, ends_on, issued_by_id,
  issued_at, review_on)
select pg_temp.biz(), pg_temp.id('hold/' || v.name), 'GVLH-' || lpad(v.nth::text, 6, '0'), v.matter, v.description,
  v.classes::text[], pg_temp.day(v.from_day), pg_temp.day(v.until_day), pg_temp.person('owner'), pg_temp.at(v.issued, '17:00'),
  pg_temp.day(v.review)
from (values
  (1, 'water-damage', 'Water damage on the second floor, insurer against plumber', 'All about rooms 201 to 204 in the week of the burst pipe.', '{booking,media}', -75, -66, -60, 30),
  (2, 'fall', 'Fall on the stairs in Cascais', 'The guest''s lawyer has written. Bookings, messages and pictures of that guest.', '{}', null, null, -34, 14),
  (3, 'chargebacks', 'Series of disputed cards', 'Police of Lisbon asked for it; closed without charge.', '{financial}', -150, -120, -110, null)
) as v (nth, name, matter, description, classes, from_day, until_day, issued, review);

insert into governance.legal_hold_subjects (biz_id, hold_id, subject_type, subject_id)
select pg_temp.biz(), pg_temp.id('hold/' || v.hold), v.kind, v.id
from (values
  ('water-damage', 'Customer', pg_temp.customer(3)), ('water-damage', 'Customer', pg_temp.customer(11)),
  ('fall', 'Customer', pg_temp.customer(17)), ('fall', 'BookingOrder', pg_temp.booking('completed', 5)),
  ('chargebacks', 'Customer', pg_temp.customer(28)), ('chargebacks', 'Customer', pg_temp.customer(33))
) as v (hold, kind, id);

update governance.legal_holds
set status = 'released',
  released_at = pg_temp.at(-21, '11:00'),
  released_by_id = pg_temp.person('owner')
where biz_id = pg_temp.biz() and id = pg_temp.id('hold/chargebacks');

insert into governance.privacy_identity_modes (biz_id, id, code, name, mode, is_contact_required, is_document_required,
  is_marketing_allowed, keep_days, is_default)
select pg_temp.biz(), pg_temp.id('identity-mode/' || v.code), v.code, v.name, v.mode, v.contact, v.document, v.marketing, v.days,
  v.is_default
from (values
  ('guest', 'Guest of the house', 'identified', true, true, true, null, true), ('spa_walk_in', 'Spa, without a stay', 'identified', true, false, true, 730, false),
  ('agency', 'Booked by an agency, by number', 'pseudonymous', false, false, false, 365, false), ('bar', 'At the bar', 'anonymous', false, false, false, 0, false)
) as v (code, name, mode, contact, document, marketing, days, is_default);

-- Two guests who are not known any more.
insert into crm.customers (biz_id, id, number, kind, status, full_name, locale, privacy_mode, created_at)
select pg_temp.biz(), pg_temp.id('erased/' || g), core.next_number('customer', 'CUS'), 'person', 'anonymised', 'Anonymised guest',
  'pt-PT', 'anonymous', pg_temp.at(-300 - g, '12:00')
from generate_series(1, 2) as g;

-- Requests: asked, then answered by the modules, then brought to their ends.
insert into governance.data_subject_requests (biz_id, id, number, kind, customer_id, user_id, requester_name,
  requester_relation, channel, details, purpose, received_at, received_on, due_on, extended_to, extension_reason,
  identity_verified_at, identity_method, assigned_to_id, status, refusal_basis, outcome, closed_at)
select pg_temp.biz(), pg_temp.id('dsr/' || v.nth), 'GVDR-' || lpad(v.nth::text, 6, '0'), v.kind,
  case when v.who > 0 then pg_temp.customer(v.who) when v.who < 0 then pg_temp.id('erased/' || -v.who) end,
  case when v.who = 0 then pg_temp.person('analyst') end, coalesce(v.asks, c.full_name), v.relation, v.channel, v.details,
  v.purpose, pg_temp.at(v.day, '11:25'), pg_temp.day(v.day), pg_temp.day(v.day + 25), pg_temp.day(v.extended),
  case when v.extended is not null then 'The bookings of nine years lie in two systems.' end,
  case when v.method is not null then pg_temp.at(v.day + 2, '15:00') end, v.method, pg_temp.person('desk'), v.status,
  case v.status when 'rejected' then 'GDPR, article 12(6): it could not be made sure who asks.' end,
  case v.status when 'rejected' then 'The person did not send what was asked for.' when 'withdrawn' then 'Solved by a telephone call.' end,
  case when v.status in ('rejected', 'withdrawn') then pg_temp.at(v.day + 9, '10:00') end
from (values
  (1, 'access', 7, null, null, 'self_service', 'What do you have about me?', null, -23, null, 'Signed in', 'in_progress'),
  (2, 'erasure', -1, 'Ricardo Alves', null, 'email', 'Please delete everything. I shall not come to Lisbon again.', null, -27, null, 'Copy of the passport', 'in_progress'),
  (3, 'portability', 21, null, null, 'self_service', 'As a file, for my new travel app.', null, -12, null, 'Signed in', 'in_progress'),
  (4, 'rectification', 26, null, null, 'desk', 'My name is written with C, not with K.', null, -6, null, 'Identity card at the desk', 'in_progress'),
  (5, 'objection', 31, null, null, 'email', 'I do not want to be sorted into groups.', 'profiling', -4, null, null, 'verifying'),
  (6, 'erasure', 17, 'Sofia Lourenço', 'Daughter', 'phone', 'My father wants his data removed.', null, -16, null, 'Power of attorney', 'in_progress'),
  (7, 'access', 40, null, null, 'authority', 'Forwarded by the authority: no answer since spring.', null, -19, 38, 'By the authority', 'in_progress'),
  (8, 'restriction', 44, null, null, 'email', 'Keep it, but do not use it until the matter of the minibar is settled.', null, -1, null, null, 'received'),
  (9, 'erasure', 50, null, null, 'email', 'Remove me.', null, -24, null, null, 'rejected'),
  (10, 'access', 0, 'Amélia Santos', null, 'desk', 'My hours of last year, please.', null, -20, null, 'Known in person', 'withdrawn')
) as v (nth, kind, who, asks, relation, channel, details, purpose, day, extended, method, status)
left join crm.customers c on c.biz_id = pg_temp.biz() and v.who > 0 and c.id = pg_temp.customer(greatest(v.who, 1));

insert into governance.dsr_items (biz_id, id, request_id, module, action, status, record_count, refusal_basis, answered_at,
  error)
select pg_temp.biz(), pg_temp.id('dsr-item/' || v.nth || m.module), pg_temp.id('dsr/' || v.nth), m.module, v.action, x.status,
  case x.status when 'done' then m.found when 'refused' then m.found when 'nothing_found' then 0 end,
  case x.status when 'refused' then 'CIVA, artigo 52.º: invoices are kept for ten years.' end,
  case when x.status not in ('pending', 'failed') then pg_temp.at(v.day, '16:00') end,
  case x.status when 'failed' then 'The module was being updated.' end
from (values
  (1, 'export', -20, 'all'), (2, 'erase', -22, 'billing'), (3, 'export', -9, 'waits'), (4, 'rectify', -3, 'all'),
  (6, 'erase', -12, 'waits'), (7, 'export', -14, 'fails')
) as v (nth, action, day, how)
cross join (values ('crm', 1, 6), ('booking', 2, 4), ('billing', 3, 3), ('comms', 4, 11), ('hospitality', 5, 2), ('education', 6, 0)) as m (module, place, found)
cross join lateral (
  select case when v.how = 'waits' and m.place > 3 then 'pending' when v.how = 'fails' and m.place = 4 then 'failed'
    when v.how = 'fails' and m.place = 5 then 'pending' when v.how = 'billing' and m.module = 'billing' then 'refused'
    when m.found = 0 then 'nothing_found' else 'done' end as status
) as x;

insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256,
  scan_status, uploaded_at)
select pg_temp.biz(), pg_temp.id('governance-file/' || v.file), v.kind, pg_temp.id(v.name), 'document', 'demo/harbour/governance/' || v.file,
  v.file, v.type, v.bytes, md5(v.file) || md5(v.file || '.'), 'clean', pg_temp.at(v.day, '16:00')
from (values
  ('DataSubjectRequest', 'dsr/1', 'acesso-crm.json', 'application/json', 18420, -20),
  ('ComplianceReport', 'report/1', 'registo-tratamentos.pdf', 'application/pdf', 212004, -26),
  ('ComplianceReport', 'report/2', 'pedidos-titulares.pdf', 'application/pdf', 90112, -19),
  ('ComplianceReport', 'report/3', 'boletins-lisboa.pdf', 'application/pdf', 143310, -13),
  ('ComplianceReport', 'report/4', 'prova-conservacao.pdf', 'application/pdf', 77021, -2)
) as v (kind, name, file, type, bytes, day);

update governance.dsr_items
set export_media_id = pg_temp.id('governance-file/acesso-crm.json')
where biz_id = pg_temp.biz() and id = pg_temp.id('dsr-item/1crm');

update governance.data_subject_requests
set status = case when id = pg_temp.id('dsr/6') then 'on_hold' else 'awaiting_approval' end
where biz_id = pg_temp.biz() and id in (pg_temp.id('dsr/1'), pg_temp.id('dsr/2'), pg_temp.id('dsr/4'), pg_temp.id('dsr/6'));
update governance.data_subject_requests
set status = case when id = pg_temp.id('dsr/1') then 'fulfilled' else 'partially_fulfilled' end,
  approved_by_id = pg_temp.person('owner'),
  outcome = case when id = pg_temp.id('dsr/1') then 'All given out as a file.' else 'Erased but for the invoices.' end,
  refusal_basis = case when id = pg_temp.id('dsr/2') then 'CIVA, artigo 52.º: invoices are kept for ten years.' end,
  closed_at = pg_temp.at(-15, '12:00')
where biz_id = pg_temp.biz() and id in (pg_temp.id('dsr/1'), pg_temp.id('dsr/2'));

-- Redactions, row by row.
insert into governance.redaction_jobs (biz_id, id, number, request_id, policy_id, plan, dry_run, dry_run_at, requested_by_id,
  approved_by_id, approved_at, status, planned, redacted, kept, failed, started_at, finished_at, error, created_at)
select pg_temp.biz(), pg_temp.id('redaction/' || v.nth), 'GVRJ-' || lpad(v.nth::text, 6, '0'), pg_temp.id('dsr/' || v.dsr),
  pg_temp.id('retention/' || v.policy), '{"crm": "redact", "comms": "delete", "billing": "keep"}',
  case when v.status <> 'draft' then jsonb_build_object('would_change', v.planned - v.kept, 'would_keep', v.kept) end,
  case when v.status <> 'draft' then pg_temp.at(v.day, '10:30') end, pg_temp.person('desk'),
  case when v.approved then pg_temp.person('owner') end, case when v.approved then pg_temp.at(v.day, '17:00') end, v.status,
  v.planned, v.redacted, v.kept, v.failed, case when v.started then pg_temp.at(v.day + 1, '02:00') end,
  case when v.status = 'completed' then pg_temp.at(v.day + 1, '02:06') end, v.error, pg_temp.at(v.day, '10:00')
from (values
  (1, 2, null, -18, 'completed', true, true, 3, 2, 1, 0, null), (2, null, 'guests', -19, 'completed', true, true, 1, 1, 0, 0, null),
  (3, 6, null, -12, 'blocked', false, false, 2, 0, 0, 0, 'A legal hold stands against it: GVLH-000002.'),
  (4, null, 'messages', -11, 'failed', true, true, 3, 1, 0, 1, 'The store of files did not answer.'),
  (5, null, 'health', -2, 'dry_run', false, false, 2, 0, 0, 0, null), (6, null, 'guests', -1, 'approved', true, false, 2, 0, 0, 0, null),
  (7, null, 'behaviour', -1, 'draft', false, false, 0, 0, 0, 0, null)
) as v (nth, dsr, policy, day, status, approved, started, planned, redacted, kept, failed, error);

insert into governance.redaction_job_targets (biz_id, id, job_id, module, subject_type, subject_id, action, legal_reference,
  status, done_at, error)
select pg_temp.biz(), pg_temp.id('redaction-target/' || v.job || '/' || v.nth), pg_temp.id('redaction/' || v.job), v.module, v.kind,
  v.id, v.action, case v.action when 'keep' then 'CIVA, artigo 52.º' end, v.status,
  case v.status when 'done' then pg_temp.at(v.day, '02:04') end, case v.status when 'failed' then 'Attachments could not be reached.' end
from (values
  (1, 1, 'crm', 'Customer', pg_temp.id('erased/1'), 'redact', 'done', -17), (1, 2, 'governance', 'Customer', pg_temp.id('erased/1'), 'shred', 'done', -17),
  (1, 3, 'booking', 'BookingOrder', pg_temp.booking('completed', 2), 'keep', 'kept', -17), (2, 1, 'crm', 'Customer', pg_temp.id('erased/2'), 'shred', 'done', -18),
  (3, 1, 'crm', 'Customer', pg_temp.customer(17), 'redact', 'held', -11), (3, 2, 'booking', 'BookingOrder', pg_temp.booking('completed', 5), 'redact', 'held', -11),
  (4, 1, 'crm', 'Customer', pg_temp.customer(45), 'redact', 'done', -10), (4, 2, 'crm', 'Customer', pg_temp.customer(46), 'redact', 'failed', -10),
  (4, 3, 'crm', 'Customer', pg_temp.customer(47), 'redact', 'pending', -10), (5, 1, 'crm', 'Customer', pg_temp.customer(53), 'redact', 'pending', -2),
  (5, 2, 'crm', 'Customer', pg_temp.customer(54), 'redact', 'pending', -2), (6, 1, 'crm', 'Customer', pg_temp.customer(58), 'redact', 'pending', -1),
  (6, 2, 'crm', 'Customer', pg_temp.customer(59), 'redact', 'pending', -1)
) as v (job, nth, module, kind, id, action, status, day);

-- Keys of guests that were destroyed. Those in use are made by the program.
insert into governance.subject_keys (biz_id, id, subject_type, subject_id, generation, master_key_ref, destroyed_at,
  redaction_job_id)
select pg_temp.biz(), pg_temp.id('subject-key/' || v.who || v.generation), 'Customer', pg_temp.id('erased/' || v.who), v.generation,
  'vault://harbour/master/2', pg_temp.at(v.day, '02:04'), pg_temp.id('redaction/' || v.job)
from (values (1, 1, -120, null), (1, 2, -17, 1), (2, 1, -18, 2)) as v (who, generation, day, job);

-- Breaches.
insert into governance.data_breaches (biz_id, id, number, title, description, data_classes, occurred_at, detected_at,
  notify_by, affected_count, risk, authority_notified_at, authority_reference, subjects_notified_at, not_notified_reason,
  status, closed_at)
select pg_temp.biz(), pg_temp.id('breach/' || v.nth), 'GVBR-' || lpad(v.nth::text, 6, '0'), v.title, v.description,
  v.classes::text[], pg_temp.at(v.occurred, '18:00'), pg_temp.at(v.day, '09:15'), pg_temp.at(v.day, '09:15') + interval '72 hours',
  v.people, v.risk, pg_temp.at(v.told, '16:30'), v.reference, pg_temp.at(v.subjects_told, '10:00'), v.reason, v.status,
  pg_temp.at(v.closed, '18:00')
from (values
  (1, 'Arrivals list left in the shuttle', 'Printed list of eleven names and rooms. Found by the driver the same evening, nobody else had it.', '{identity,stay}', -40, -39, 11, 'unlikely', null, null, null, 'The list was back within two hours.', 'closed', -37),
  (2, 'Confirmation sent to the wrong company', 'Forty confirmations of a group went to another agency. The agency deleted them and said so in writing.', '{contact,booking}', -20, -19, 40, 'risk', -17, 'CNPD 4471/AVG', null, null, 'contained', null),
  (3, 'Mailbox of a trainee opened by phishing', 'Password changed, sessions ended. What was read is being looked into.', '{communication,contact,identity}', -2, -1, null, 'unknown', null, null, null, null, 'open', null),
  (4, 'Stolen laptop of the spa', 'Health sheets of 23 guests, disk not encrypted.', '{health,identity}', -130, -129, 23, 'high_risk', -127, 'CNPD 2310/AVG', -126, null, 'closed', -95)
) as v (nth, title, description, classes, occurred, day, people, risk, told, reference, subjects_told, reason, status, closed);

-- Reports; what is signed is never changed.
insert into governance.compliance_reports (biz_id, id, number, kind, location_id, starts_on, ends_on, status,
  generated_by_id, generated_at, media_id, digest, signed_by_id, signed_at, signature, error, created_at)
select pg_temp.biz(), pg_temp.id('report/' || v.nth), 'GVCR-' || lpad(v.nth::text, 6, '0'), v.kind, pg_temp.location(v.place),
  pg_temp.day(v.from_day), pg_temp.day(v.until_day), v.status, pg_temp.person('analyst'),
  case when v.file is not null then pg_temp.at(v.day, '16:05') end, pg_temp.id('governance-file/' || v.file),
  md5(v.file) || md5(v.file || '.'), case v.status when 'signed' then pg_temp.person('owner') end,
  case v.status when 'signed' then pg_temp.at(v.day + 1, '09:00') end,
  case v.status when 'signed' then 'ed25519:' || md5('signed ' || v.nth) || md5('harbour ' || v.nth) end, v.error, pg_temp.at(v.day, '00:20')
from (values
  (1, 'processing_register', null, -390, -25, 'signed', 'registo-tratamentos.pdf', -26, null), (2, 'dsr_summary', null, -110, -20, 'signed', 'pedidos-titulares.pdf', -19, null),
  (3, 'police_register', 'LIS', -44, -14, 'signed', 'boletins-lisboa.pdf', -13, null), (4, 'retention_proof', null, -32, -2, 'ready', 'prova-conservacao.pdf', -2, null),
  (5, 'police_register', 'CAS', -44, -14, 'failed', null, -13, 'Three stays in Cascais have no document of identity.'), (6, 'consent_summary', null, -90, 0, 'generating', null, 0, null),
  (7, 'breach_register', null, -365, 0, 'queued', null, 0, null), (8, 'access_report', null, -30, 0, 'queued', null, 0, null)
) as v (nth, kind, place, from_day, until_day, status, file, day, error);
