-- given: a question, a segment and a merge
insert into crm.feedback_requests (biz_id, id, customer_id, source_type, source_id, kind, token_hash, expires_at, status, sent_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000001', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 'nps', sha256('1'), now() + interval '14 days', 'sent', now());
insert into crm.segments (biz_id, id, name, definition) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000002', 'Regulars', '{"orders": {"gte": 3}}');
insert into crm.customers (biz_id, id, number, full_name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000003', 'C-3', 'Klara');
insert into crm.customer_merge_log (biz_id, id, survivor_id, merged_id, action) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000004', '00000000-0000-7000-8000-000000000031', '00000000-0000-7003-8000-000000000003', 'merged');

-- refused customers_merged_read_only_check: a merged record keeps its home
update crm.customers set status = 'merged', merged_into_id = '00000000-0000-7000-8000-000000000031' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000003';
update crm.customers set home_location_id = '00000000-0000-7000-8000-000000000011' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000003';

-- refused customer_totals_customer_id_currency_key: a customer has one total a currency
insert into crm.customer_totals (biz_id, id, customer_id, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'EUR');

-- refused customer_addresses_default_key: a customer has one default address of a kind
insert into crm.customer_addresses (biz_id, id, customer_id, address_line1, country_code, is_default) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'Rua 1', 'PT', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'Rua 2', 'PT', true);

-- allowed: a customer has a default address of each kind, and others
insert into crm.customer_addresses (biz_id, id, customer_id, kind, address_line1, country_code, is_default) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'home', 'Rua 1', 'PT', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'billing', 'Rua 2', 'PT', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000012', '00000000-0000-7000-8000-000000000031', 'home', 'Rua 3', 'PT', false);

-- race customer_addresses_default_key: of several default addresses one stands
insert into crm.customer_addresses (biz_id, id, customer_id, address_line1, country_code, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-00000000002:n', '00000000-0000-7000-8000-000000000032', 'Rua :n', 'PT', true);

-- allowed: a passport is kept as the law of registration asks
insert into crm.customer_documents (biz_id, id, customer_id, kind, number_enc, number_bidx, country_code, lawful_basis, retention_class)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'passport', '\x01', '\x02', 'PT', 'legal_obligation', 'guest_registration');

-- refused customer_documents_dates_check: a paper expires after it was issued
insert into crm.customer_documents (biz_id, id, customer_id, kind, number_enc, number_bidx, country_code, lawful_basis, retention_class, issued_on, expires_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'passport', '\x01', '\x02', 'PT', 'legal_obligation', 'guest_registration', '2027-01-01', '2026-01-01');

-- race customer_preferences_key_key: a preference is kept once
insert into crm.customer_preferences (biz_id, id, customer_id, key, value) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-00000000002:n', '00000000-0000-7000-8000-000000000031', 'room.floor', 'high');

-- refused customer_relationships_self_check: nobody is married to themselves
insert into crm.customer_relationships (biz_id, customer_id, related_customer_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000031', 'spouse');

-- refused customer_relationships_pair_key: a tie is kept once, from whichever side
insert into crm.customer_relationships (biz_id, customer_id, related_customer_id, kind) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032', 'spouse'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000031', 'spouse');

-- allowed: a consent is granted and withdrawn
insert into crm.consents (biz_id, id, customer_id, purpose, channel, state, text_version, source) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'marketing', 'email', 'granted', 'v1', 'web'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'marketing', 'email', 'withdrawn', 'v1', 'web');

-- refused consents_append_only_check: a consent is not changed
insert into crm.consents (biz_id, id, customer_id, purpose, channel, state, text_version, source)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'marketing', 'email', 'granted', 'v1', 'web');
select set_config('role', 'bizing_platform', true);
update crm.consents set state = 'withdrawn' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000010';

-- refused consents_occurred_at_check: a consent is not given tomorrow
insert into crm.consents (biz_id, id, customer_id, purpose, channel, state, text_version, source, occurred_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'marketing', 'email', 'granted', 'v1', 'web', now() + interval '1 day');

-- refused customer_merge_log_undoes_id_fkey: an undone merge is one of these two records
insert into crm.customer_merge_log (biz_id, id, survivor_id, merged_id, action, undoes_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000032', '00000000-0000-7003-8000-000000000003', 'unmerged', '00000000-0000-7003-8000-000000000004');

-- refused customer_merge_log_undoes_check: what is undone is named
insert into crm.customer_merge_log (biz_id, id, survivor_id, merged_id, action) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', '00000000-0000-7003-8000-000000000003', 'unmerged');

-- race customer_merge_log_undoes_id_key: a merge is undone once
insert into crm.customer_merge_log (biz_id, id, survivor_id, merged_id, action, undoes_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-00000000003:n', '00000000-0000-7000-8000-000000000031', '00000000-0000-7003-8000-000000000003', 'unmerged', '00000000-0000-7003-8000-000000000004');

-- allowed: a customer is blocked again after an earlier time
insert into crm.blocklist_entries (biz_id, id, customer_id, reason, starts_at, ends_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'Did not pay.', '2026-01-01Z', '2026-02-01Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'Did not pay.', '2026-02-01Z', null);

-- refused blocklist_entries_customer_excl: a customer is blocked once at a time
insert into crm.blocklist_entries (biz_id, id, customer_id, reason, starts_at) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'Did not pay.', '2026-01-01Z'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'Was rude.', '2026-02-01Z');

-- refused blocklist_entries_phone_excl: a telephone number is blocked once at a time
insert into crm.blocklist_entries (biz_id, id, phone_enc, phone_bidx, reason) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '\x01', '\x02', 'Fraud.'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '\x01', '\x02', 'Fraud.');

-- refused blocklist_entries_who_check: an entry names somebody
insert into crm.blocklist_entries (biz_id, id, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', 'Fraud.');

-- race blocklist_entries_email_excl: a mail address is blocked once at a time
insert into crm.blocklist_entries (biz_id, id, email_enc, email_bidx, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-00000000003:n', '\x01', '\x02', 'Fraud.');

-- refused feedback_requests_source_type_source_id_kind_key: a customer is asked once about a booking
insert into crm.feedback_requests (biz_id, id, customer_id, source_type, source_id, kind, token_hash, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 'nps', sha256('2'), now() + interval '14 days');

-- refused feedback_requests_status_transition_check: what was sent is not held back any more
update crm.feedback_requests set status = 'suppressed', suppressed_reason = 'Asked lately.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000001';

-- allowed: a customer answers, staff see to it, answer, and close it
insert into crm.feedback (biz_id, id, request_id, customer_id, location_id, kind, nps_score, comment, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7003-8000-000000000001', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', 'nps', 3, 'Too loud.', '2027-03-02');
update crm.feedback_requests set status = 'answered', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000001';
update crm.feedback set status = 'triaged', assigned_member_id = '00000000-0000-7000-8000-000000000021' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000010';
insert into crm.feedback_responses (biz_id, id, feedback_id, author_id, body, published_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000011', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-00000000000a', 'We are sorry.', now());
update crm.feedback set status = 'responded' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000010';
update crm.feedback set status = 'closed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000010';
update crm.feedback set comment = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000010';

-- refused feedback_nps_score_check: a score lies between 0 and 10
insert into crm.feedback (biz_id, id, customer_id, location_id, kind, nps_score, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', 'nps', 11, '2027-03-02');

-- refused feedback_score_check: an answer has the score that was asked for
insert into crm.feedback (biz_id, id, customer_id, location_id, kind, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', 'nps', '2027-03-02');

-- refused feedback_request_id_fkey: an answer is of the kind that was asked for
insert into crm.feedback (biz_id, id, request_id, location_id, kind, csat_score, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', '00000000-0000-7003-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'csat', 4, '2027-03-02');

-- race feedback_request_id_key: a question is answered once
insert into crm.feedback (biz_id, id, request_id, location_id, kind, nps_score, business_date) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-00000000004:n', '00000000-0000-7003-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'nps', :n, '2027-03-02');

-- refused feedback_answer_immutable_check: what a customer said is not changed
update crm.feedback set nps_score = 10 where biz_id = '00000000-0000-7000-8000-000000000001' and request_id = '00000000-0000-7003-8000-000000000001';

-- refused feedback_status_transition_check: what nobody has seen is not answered
update crm.feedback set status = 'responded', assigned_member_id = '00000000-0000-7000-8000-000000000021' where biz_id = '00000000-0000-7000-8000-000000000001' and request_id = '00000000-0000-7003-8000-000000000001';

-- refused feedback_responses_published_immutable_check: an answer that went out is not changed
insert into crm.feedback_responses (biz_id, id, feedback_id, author_id, body, published_at)
select '00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', f.id, '00000000-0000-7000-8000-00000000000a', 'We are sorry.', now() from crm.feedback f where f.request_id = '00000000-0000-7003-8000-000000000001';
update crm.feedback_responses set body = 'It was not loud.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7003-8000-000000000010';

-- allowed: a customer is in a segment
insert into crm.segment_members (biz_id, segment_id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000002', '00000000-0000-7000-8000-000000000031');

-- refused segments_rule_check: a segment that is not filled by hand has a rule
insert into crm.segments (biz_id, id, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-000000000010', 'Nobody');

-- race segments_name_key: two segments have different names
insert into crm.segments (biz_id, id, name, is_static) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7003-8000-00000000005:n', 'Press', true);
