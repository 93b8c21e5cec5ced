-- given: languages
select set_config('role', 'bizing_platform', true);
insert into core.languages (tag, name) values ('en', 'English'), ('pt', 'Portuguese') on conflict do nothing;
-- given: templates, a workflow, subscribers, a topic
insert into comms.notification_templates (biz_id, id, code, channel, language, name, category, subject, body, status, published_at)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000001', 'booking_confirmed', 'email', 'en', 'Confirmation', 'transactional', 'Confirmed', '<mjml/>', 'published', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000002', 'spring', 'email', 'en', 'Spring', 'marketing', 'Spring is here', '<mjml/>', 'published', now());
insert into comms.notification_workflows (biz_id, id, code, name, trigger_topic, category)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000011', 'booking_confirmed', 'Confirmation', 'booking.confirmed', 'transactional'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000012', 'new_sign_in', 'New sign-in', 'identity.signed_in', 'security');
insert into comms.notification_workflow_steps (biz_id, id, workflow_id, position, channel, template_code)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000013', '00000000-0000-7024-8000-000000000011', 1, 'email', 'booking_confirmed');
insert into comms.subscribers (biz_id, id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000021', '00000000-0000-7000-8000-000000000031'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000022', '00000000-0000-7000-8000-000000000032');
insert into comms.subscribers (biz_id, id, user_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000023', '00000000-0000-7000-8000-00000000000a');
insert into comms.topics (biz_id, id, key, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000024', 'new_courses', 'New courses');
-- allowed: a template is written, published, and replaced by another version
insert into comms.notification_templates (biz_id, id, code, channel, language, version_no, name, category, subject, body)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000003', 'booking_confirmed', 'email', 'en', 2, 'Confirmation', 'transactional', 'Confirmed!', '<mjml/>');
update comms.notification_templates set subject = 'All set' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000003';
update comms.notification_templates set status = 'retired' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000001';
update comms.notification_templates set status = 'published', published_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000003';
-- refused notification_templates_content_immutable_check: a published template is not changed
update comms.notification_templates set body = 'x' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000001';
-- refused notification_templates_published_key: one version is published at a time
insert into comms.notification_templates (biz_id, id, code, channel, language, version_no, name, category, subject, body, status, published_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000003', 'booking_confirmed', 'email', 'en', 2, 'Confirmation', 'transactional', 'Confirmed!', '<mjml/>', 'published', now());
-- race notification_templates_code_key: a version is written once
insert into comms.notification_templates (biz_id, id, code, channel, language, version_no, name, category, subject, body)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-00000000f00:n', 'booking_confirmed', 'email', 'en', 3, 'Confirmation', 'transactional', 'Confirmed!', '<mjml/>');
-- refused notification_templates_subject_given_check: mail has a subject
insert into comms.notification_templates (biz_id, id, code, channel, language, name, category, body)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000003', 'reminder', 'email', 'en', 'Reminder', 'transactional', '<mjml/>');
-- refused notification_templates_status_transition_check: a retired template is not published again
update comms.notification_templates set status = 'retired' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000001';
update comms.notification_templates set status = 'published' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000001';
-- refused notification_workflow_steps_position_key: a workflow has one step at a place
insert into comms.notification_workflow_steps (biz_id, id, workflow_id, position, channel, template_code)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000014', '00000000-0000-7024-8000-000000000011', 1, 'sms', 'booking_confirmed');
-- refused notification_workflows_trigger_topic_check: a topic is written with a dot
update comms.notification_workflows set trigger_topic = 'confirmed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000011';

-- refused subscribers_principal_check: a subscriber is exactly one person
insert into comms.subscribers (biz_id, id, customer_id, user_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000025', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-00000000000b');
-- refused subscribers_customer_id_key: a customer is a subscriber once
insert into comms.subscribers (biz_id, id, customer_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000025', '00000000-0000-7000-8000-000000000031');
-- refused subscribers_quiet_hours_check: quiet hours have a time zone
update comms.subscribers set quiet_from = '22:00', quiet_until = '08:00' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000021';
-- allowed: a subscriber wants no confirmations by text message, and hears of new courses
insert into comms.notification_preferences (biz_id, id, subscriber_id, category, workflow_id, channel, is_enabled)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000026', '00000000-0000-7024-8000-000000000021', 'transactional', '00000000-0000-7024-8000-000000000011', 'sms', false), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000027', '00000000-0000-7024-8000-000000000021', 'marketing', null, 'email', true);
insert into comms.topic_subscriptions (biz_id, topic_id, subscriber_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000024', '00000000-0000-7024-8000-000000000021');
-- refused notification_preferences_security_check: what is sent for security cannot be turned off
insert into comms.notification_preferences (biz_id, id, subscriber_id, category, channel, is_enabled)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000026', '00000000-0000-7024-8000-000000000021', 'security', 'email', false);
-- refused notification_preferences_security_check: nor can a workflow of that category
insert into comms.notification_preferences (biz_id, id, subscriber_id, category, workflow_id, channel, is_enabled)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000026', '00000000-0000-7024-8000-000000000021', 'security', '00000000-0000-7024-8000-000000000012', 'email', false);
-- refused notification_preferences_workflow_id_fkey: a preference has the category of its workflow
insert into comms.notification_preferences (biz_id, id, subscriber_id, category, workflow_id, channel, is_enabled)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000026', '00000000-0000-7024-8000-000000000021', 'transactional', '00000000-0000-7024-8000-000000000012', 'email', false);
-- refused notification_preferences_category_key: a subscriber says one thing of a category and channel
insert into comms.notification_preferences (biz_id, id, subscriber_id, category, channel, is_enabled)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000026', '00000000-0000-7024-8000-000000000021', 'marketing', 'email', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000027', '00000000-0000-7024-8000-000000000021', 'marketing', 'email', false);
-- refused topic_subscriptions_pkey: a subscriber has a topic once
insert into comms.topic_subscriptions (biz_id, topic_id, subscriber_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000024', '00000000-0000-7024-8000-000000000021'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000024', '00000000-0000-7024-8000-000000000021');

-- given: providers
insert into comms.provider_accounts (biz_id, id, channel, provider, name, credentials_ref, priority)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000031', 'email', 'ses', 'SES', 'kms:ses', 1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000032', 'sms', 'twilio', 'Twilio', 'kms:twilio', 1);
-- allowed: a provider fails, others come first, and it is used again
update comms.provider_accounts set status = 'failing', failing_since = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000031';
update comms.provider_accounts set status = 'active', failing_since = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000031';
-- refused provider_accounts_priority_key: accounts of a channel are tried one after the other
insert into comms.provider_accounts (biz_id, id, channel, provider, name, credentials_ref) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000033', 'email', 'mailgun', 'Mailgun', 'kms:m');
-- refused provider_accounts_status_transition_check: an account that is not used does not fail
update comms.provider_accounts set status = 'disabled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000031';
update comms.provider_accounts set status = 'failing', failing_since = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000031';

-- given: an address that called something spam, one that unsubscribed
insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, category, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000041', 'email', '\x01', '\xaa', null, 'complaint'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000042', 'email', '\x02', '\xbb', 'marketing', 'stop');
-- refused suppressions_address_key: an address is suppressed once
insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000043', 'email', '\x01', '\xaa', 'bounce');
-- race suppressions_address_key: two reports of one address make one entry
insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-00000000f10:n', 'email', '\x03', '\xcc', 'bounce');
-- refused suppressions_security_check: nobody unsubscribes from what is sent for security
insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, category, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000043', 'sms', '\x01', '\xaa', 'security', 'stop');

-- given: a notification
insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000051', '00000000-0000-7024-8000-000000000011', '00000000-0000-7024-8000-000000000021', 'BK-1', 'transactional', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
-- allowed: a notification is queued, sent and completed
update comms.notifications set status = 'sending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
update comms.notifications set status = 'sent', sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
update comms.notifications set status = 'completed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
-- race notifications_transaction_key_key: an event that comes again is sent once
insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-00000000f20:n', '00000000-0000-7024-8000-000000000011', '00000000-0000-7024-8000-000000000022', 'BK-2', 'transactional');
-- refused notifications_sender_check: a notification is sent by a workflow or by a campaign
insert into comms.notifications (biz_id, id, subscriber_id, transaction_key, category) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000052', '00000000-0000-7024-8000-000000000021', 'x', 'transactional');
-- refused notifications_status_transition_check: what was sent is not cancelled
update comms.notifications set status = 'sending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
update comms.notifications set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
-- allowed: events are gathered in a digest
insert into comms.notification_digests (biz_id, id, workflow_id, subscriber_id, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000053', '00000000-0000-7024-8000-000000000011', '00000000-0000-7024-8000-000000000021', now() + interval '1 hour');
update comms.notifications set status = 'digesting', digest_id = '00000000-0000-7024-8000-000000000053' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
update comms.notification_digests set item_count = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000053';
update comms.notification_digests set status = 'sending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000053';
update comms.notification_digests set status = 'sent' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000053';
-- race notification_digests_open_key: of what is gathered, one digest is open (E-87)
insert into comms.notification_digests (biz_id, id, workflow_id, subscriber_id, ends_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-00000000f30:n', '00000000-0000-7024-8000-000000000011', '00000000-0000-7024-8000-000000000022', now() + interval '1 hour');
-- refused notifications_digest_id_fkey: a digest is of the same subscriber
insert into comms.notification_digests (biz_id, id, workflow_id, subscriber_id, digest_key, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000053', '00000000-0000-7024-8000-000000000011', '00000000-0000-7024-8000-000000000022', 'other', now() + interval '1 hour');
update comms.notifications set digest_id = '00000000-0000-7024-8000-000000000053' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
-- refused notifications_digesting_check: what is gathered has a digest
update comms.notifications set status = 'digesting' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000051';
-- refused notification_digests_status_transition_check: a digest that was sent gathers no more
insert into comms.notification_digests (biz_id, id, workflow_id, subscriber_id, ends_at, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000053', '00000000-0000-7024-8000-000000000011', '00000000-0000-7024-8000-000000000021', now() + interval '1 hour', 'sent');
update comms.notification_digests set status = 'open' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000053';

-- given: a delivery
insert into comms.notification_deliveries (biz_id, id, notification_id, subscriber_id, channel, category, provider_account_id, address_bidx)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000061', '00000000-0000-7024-8000-000000000051', '00000000-0000-7024-8000-000000000021', 'email', 'transactional', '00000000-0000-7024-8000-000000000031', '\xdd');
-- allowed: what becomes of a delivery is set in whatever order it is reported
select set_config('role', 'bizing_platform', true);
update comms.notification_deliveries set delivered_at = now(), provider_message_id = 'm-1' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000061';
update comms.notification_deliveries set sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000061';
-- refused notification_deliveries_append_only_check: what became of a delivery is not taken back
select set_config('role', 'bizing_platform', true);
update comms.notification_deliveries set delivered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000061';
update comms.notification_deliveries set delivered_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000061';
-- refused notification_deliveries_append_only_check: a delivery keeps its channel
select set_config('role', 'bizing_platform', true);
update comms.notification_deliveries set channel = 'sms' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000061';
-- refused notification_deliveries_suppressed_check: a suppressed address gets nothing
insert into comms.notification_deliveries (biz_id, id, notification_id, subscriber_id, channel, category, address_bidx)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000062', '00000000-0000-7024-8000-000000000051', '00000000-0000-7024-8000-000000000021', 'email', 'security', '\xaa');
-- refused notification_deliveries_suppressed_check: whoever unsubscribed gets no advertising
insert into comms.notification_deliveries (biz_id, id, notification_id, subscriber_id, channel, category, address_bidx)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000062', '00000000-0000-7024-8000-000000000051', '00000000-0000-7024-8000-000000000021', 'email', 'marketing', '\xbb');
-- allowed: whoever unsubscribed from advertising still gets confirmations
insert into comms.notification_deliveries (biz_id, id, notification_id, subscriber_id, channel, category, address_bidx)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000062', '00000000-0000-7024-8000-000000000051', '00000000-0000-7024-8000-000000000021', 'email', 'transactional', '\xbb');

-- given: an entry of an inbox
insert into comms.in_app_notifications (biz_id, id, user_id, notification_id, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000071', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7024-8000-000000000051', 'Confirmed');
-- allowed: an entry is seen, read, marked as unread, and put away
update comms.in_app_notifications set status = 'seen', seen_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';
update comms.in_app_notifications set status = 'read', read_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';
update comms.in_app_notifications set status = 'seen', read_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';
update comms.in_app_notifications set status = 'archived', archived_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';
-- refused in_app_notifications_notification_id_key: a notification is in an inbox once
insert into comms.in_app_notifications (biz_id, id, user_id, notification_id, title) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000072', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7024-8000-000000000051', 'Confirmed');
-- refused in_app_notifications_read_check: what was read says when
update comms.in_app_notifications set status = 'read', seen_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';
-- refused in_app_notifications_status_transition_check: what was seen is not unseen again
update comms.in_app_notifications set status = 'seen', seen_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';
update comms.in_app_notifications set status = 'unseen', seen_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000071';

-- given: a campaign
insert into comms.campaigns (biz_id, id, name, topic_id, template_id, channel, category, consent_purpose)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000081', 'Spring', '00000000-0000-7024-8000-000000000024', '00000000-0000-7024-8000-000000000002', 'email', 'marketing', 'newsletter');
-- allowed: a campaign is scheduled, begun, paused, and sent
update comms.campaigns set status = 'scheduled', send_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
update comms.campaigns set status = 'sending', started_at = now(), recipients = 10 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
update comms.campaigns set status = 'paused', sent = 4, without_consent = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
update comms.campaigns set status = 'sending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
update comms.campaigns set status = 'sent', sent = 9, finished_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
-- refused campaigns_consent_check: advertising needs consent
update comms.campaigns set consent_purpose = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
-- refused campaigns_counts_check: no more are counted than were chosen
update comms.campaigns set recipients = 1, sent = 1, failed = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
-- refused campaigns_template_id_fkey: a campaign has the channel of its template
update comms.campaigns set channel = 'sms' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
-- refused campaigns_audience_check: a campaign goes to somebody
update comms.campaigns set topic_id = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
-- refused campaigns_content_immutable_check: what is being sent is not changed
update comms.campaigns set status = 'scheduled', send_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
update comms.campaigns set status = 'sending', started_at = now(), recipients = 10 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
update comms.campaigns set template_id = '00000000-0000-7024-8000-000000000001', category = 'transactional' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';
-- refused campaigns_status_transition_check: a draft is scheduled before it is sent
update comms.campaigns set status = 'sending', started_at = now(), send_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000081';

-- given: a conversation
insert into comms.message_threads (biz_id, id, customer_id, channel, address_enc, address_bidx, assigned_member_id, subject_type, subject_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000091', '00000000-0000-7000-8000-000000000031', 'whatsapp', '\x01', '\xee', '00000000-0000-7000-8000-000000000021', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
insert into comms.messages (biz_id, id, thread_id, direction, body, provider_message_id, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000092', '00000000-0000-7024-8000-000000000091', 'inbound', 'May I come later?', 'wa-1', 'received');
-- allowed: a question is read, answered, and the conversation is closed and opened again
update comms.messages set status = 'read' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000092';
insert into comms.messages (biz_id, id, thread_id, direction, author_id, body, reply_to_id, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000093', '00000000-0000-7024-8000-000000000091', 'outbound', '00000000-0000-7000-8000-00000000000a', 'Yes.', '00000000-0000-7024-8000-000000000092', 'queued'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000094', '00000000-0000-7024-8000-000000000091', 'internal', '00000000-0000-7000-8000-00000000000a', 'Regular.', null, 'read');
update comms.messages set status = 'sent' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000093';
update comms.messages set status = 'delivered' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000093';
update comms.message_threads set status = 'pending', last_message_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000091';
update comms.message_threads set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000091';
update comms.message_threads set status = 'open', closed_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000091';
-- race messages_provider_message_id_key: a message that comes again is taken over once
insert into comms.messages (biz_id, id, thread_id, direction, body, provider_message_id, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-00000000f40:n', '00000000-0000-7024-8000-000000000091', 'inbound', 'Hello?', 'wa-2', 'received');
-- race message_threads_open_key: an address has one conversation open
insert into comms.message_threads (biz_id, id, contact_name, channel, address_enc, address_bidx)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-00000000f50:n', 'Eva', 'whatsapp', '\x01', '\xff');
-- refused messages_content_immutable_check: a message is never changed
update comms.messages set body = 'No.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000092';
-- refused messages_direction_check: what comes in is received
insert into comms.messages (biz_id, id, thread_id, direction, body, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000093', '00000000-0000-7024-8000-000000000091', 'inbound', 'Hi', 'queued');
-- refused messages_reply_to_id_fkey: an answer is in the same conversation
insert into comms.message_threads (biz_id, id, contact_name, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000095', 'Eva', 'chat');
insert into comms.messages (biz_id, id, thread_id, direction, body, reply_to_id, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000093', '00000000-0000-7024-8000-000000000095', 'outbound', 'Yes.', '00000000-0000-7024-8000-000000000092', 'queued');
-- refused messages_status_transition_check: what came in is not sent
update comms.messages set status = 'sent' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000092';
-- refused message_threads_status_transition_check: a closed conversation waits for nobody
update comms.message_threads set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000091';
update comms.message_threads set status = 'pending', closed_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7024-8000-000000000091';
-- refused message_threads_other_side_check: the other side is known by something
insert into comms.message_threads (biz_id, id, channel) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7024-8000-000000000095', 'chat');
