-- Comms of the pallet store: words, subscribers, what was sent, and the conversations with those who store.
-- Others may use: subscriber/1 .. subscriber/24 (customers by number), subscriber/owner, subscriber/desk, thread/1 .. thread/7.

insert into comms.notification_templates (biz_id, id, code, channel, language, version_no, name, category, subject, body,
  variables, status, published_at, created_at)
select pg_temp.biz(), pg_temp.id('template/' || v.name), v.code, v.channel, v.language, v.no, v.title, v.category, v.subject,
  v.body, v.variables::jsonb, v.status, pg_temp.at(v.published, '09:00'), pg_temp.at(coalesce(v.published, -2) - 1, '16:00')
from (values
  ('confirmed', 'storage_confirmed', 'email', 'en', 1, 'Storage confirmed', 'transactional', '{{number}}: your places are reserved', '<mjml><mj-body><mj-text>To {{name}}: {{number}} is confirmed from {{begins}}. Gate A opens at 08:00; have the order number with the driver.</mj-text></mj-body></mjml>', '{"name": "string", "number": "string", "begins": "date"}', 'published', -100),
  ('confirmed/ms', 'storage_confirmed', 'email', 'ms', 1, 'Tempahan disahkan', 'transactional', '{{number}}: ruang anda telah ditempah', '<mjml><mj-body><mj-text>Kepada {{name}}: {{number}} disahkan mulai {{begins}}. Pintu A dibuka pada 08:00.</mj-text></mj-body></mjml>', '{"name": "string", "number": "string", "begins": "date"}', 'published', -100),
  ('confirmed/whatsapp', 'storage_confirmed', 'whatsapp', 'en', 1, 'Storage confirmed, for the driver', 'transactional', null, 'Keep: {{number}}, gate A from 08:00. Dock on arrival.', '{"number": "string"}', 'published', -100),
  ('leaving/1', 'storage_ends', 'email', 'en', 1, 'Storage ends soon', 'transactional', 'Your term ends on {{ends}}', '<mjml><mj-body><mj-text>Your term ends on {{ends}}.</mj-text></mj-body></mjml>', '{"ends": "date"}', 'retired', -180),
  ('leaving', 'storage_ends', 'email', 'en', 2, 'Storage ends soon', 'transactional', '{{number}} ends on {{ends}}: stay or leave?', '<mjml><mj-body><mj-text>Answer with STAY and we add thirty days at the same rate, or book a slot for loading.</mj-text></mj-body></mjml>', '{"number": "string", "ends": "date"}', 'published', -80),
  ('chilled', 'chilled_places', 'email', 'en', 1, 'Chilled places free', 'marketing', 'Eighty chilled places from Monday', '<mjml><mj-body><mj-text>Hall C at Port Klang, 2 to 6 degrees. First come, first served.</mj-text></mj-body></mjml>', '{}', 'published', -12),
  ('raya', 'raya_hours', 'email', 'en', 1, 'Hours over the holidays', 'transactional', 'Gate hours over the holidays', '<mjml><mj-body><mj-text>Draft, hours to be confirmed with the port.</mj-text></mj-body></mjml>', '{}', 'draft', null)
) as v (name, code, channel, language, no, title, category, subject, body, variables, status, published);

insert into comms.notification_workflows (biz_id, id, code, name, trigger_topic, category, is_active)
select pg_temp.biz(), pg_temp.id('notification-workflow/' || v.code), v.code, v.name, v.topic, 'transactional', v.active
from (values
  ('storage_confirmed', 'Confirmation to the customer', 'booking.created', true),
  ('storage_ends', 'A week before the term ends', 'booking.created', true),
  ('gate_day', 'Arrivals at the gate, for the team', 'booking.created', true),
  ('temperature', 'Temperature out of range', 'resources.reading_out_of_range', false)
) as v (code, name, topic, active);

insert into comms.notification_workflow_steps (biz_id, id, workflow_id, position, channel, template_code, delay_minutes,
  digest_minutes)
select pg_temp.biz(), pg_temp.id('notification-step/' || v.code || v.position), pg_temp.id('notification-workflow/' || v.code),
  v.position, v.channel, v.template, v.delay, v.digest
from (values
  ('storage_confirmed', 1, 'email', 'storage_confirmed', 0, null), ('storage_confirmed', 2, 'whatsapp', 'storage_confirmed', 2, null),
  ('storage_ends', 1, 'email', 'storage_ends', 0, null), ('gate_day', 1, 'in_app', 'gate_day', 0, 720),
  ('temperature', 1, 'whatsapp', 'temperature', 0, null)
) as v (code, position, channel, template, delay, digest);

insert into comms.provider_accounts (biz_id, id, channel, provider, name, credentials_ref, sender, priority, daily_limit,
  status, failing_since)
select pg_temp.biz(), pg_temp.id('comms-provider/' || v.name), v.channel, v.provider, v.title, 'vault://keep/comms/' || v.name,
  v.sender, v.priority, v.daily, v.status, pg_temp.at(v.failing, '13:40')
from (values
  ('ses', 'email', 'ses', 'Mail, Singapore', 'gate@keep.example', 1, 5000, 'active', null),
  ('smtp', 'email', 'smtp', 'Mail of the old host', 'office@keep.example', 1, null, 'disabled', null),
  ('whatsapp', 'whatsapp', 'meta_cloud', 'WhatsApp of the gate', '+60 3 5550 0142', 1, 1000, 'active', null),
  ('sms', 'sms', 'vonage', 'SMS', 'KEEP', 1, 300, 'failing', -2)
) as v (name, channel, provider, title, sender, priority, daily, status, failing);

insert into comms.subscribers (biz_id, id, customer_id, email_enc, email_bidx, phone_enc, phone_bidx, locale, created_at)
select c.biz_id, pg_temp.id('subscriber/' || c.nth), c.id, c.email_enc, c.email_bidx, c.phone_enc, c.phone_bidx, c.locale,
  pg_temp.at(-60 + c.nth, '09:00')
from (
  select c.*, row_number() over (order by c.number)::integer as nth
  from crm.customers c
  where c.biz_id = pg_temp.biz()
) as c
where c.nth <= 24;

insert into comms.subscribers (biz_id, id, user_id, locale, timezone, quiet_from, quiet_until)
select pg_temp.biz(), pg_temp.id('subscriber/' || v.name), pg_temp.person(v.name), 'en', 'Asia/Kuala_Lumpur', '21:00', '07:00'
from (values ('owner'), ('desk')) as v (name);

insert into comms.notification_preferences (biz_id, id, subscriber_id, category, workflow_id, channel, is_enabled)
select pg_temp.biz(), pg_temp.id('preference/' || v.who || v.channel), pg_temp.id('subscriber/' || v.who), v.category,
  pg_temp.id('notification-workflow/' || v.code), v.channel, v.enabled
from (values
  ('4', 'marketing', null, 'email', false), ('7', 'transactional', 'storage_confirmed', 'whatsapp', false),
  ('13', 'marketing', null, 'email', false), ('18', 'transactional', null, 'whatsapp', true), ('owner', 'transactional', 'gate_day', 'in_app', true)
) as v (who, category, code, channel, enabled);

insert into comms.topics (biz_id, id, key, name, description, is_public)
values (pg_temp.biz(), pg_temp.id('topic/places'), 'places', 'Free places', 'When places come free, chilled above all.', true),
  (pg_temp.biz(), pg_temp.id('topic/gate'), 'gate', 'Gate hours and works', null, true);

insert into comms.topic_subscriptions (biz_id, topic_id, subscriber_id)
select pg_temp.biz(), pg_temp.id('topic/' || v.key), pg_temp.id('subscriber/' || g)
from (values ('places', 3, 16), ('gate', 1, 20)) as v (key, first, last)
cross join lateral generate_series(v.first, v.last) as g;

insert into comms.campaigns (biz_id, id, name, topic_id, template_id, channel, category, consent_purpose,
  provider_account_id, send_at, status, started_at, finished_at, recipients, sent, suppressed, without_consent, failed)
select pg_temp.biz(), pg_temp.id('campaign/' || v.name), v.title, pg_temp.id('topic/' || v.topic), pg_temp.id('template/' || v.template),
  'email', v.category, case v.category when 'marketing' then 'marketing' end, pg_temp.id('comms-provider/ses'), pg_temp.at(v.send, '09:30'), v.status,
  pg_temp.at(v.started, '09:30'), case when v.finished is not null then pg_temp.at(v.finished, '09:41') end, v.recipients, v.sent,
  v.suppressed, v.without, 0
from (values
  ('chilled', 'Chilled places free at Port Klang', 'places', 'chilled', 'marketing', -8, 'sent', -8, -8, 14, 11, 1, 2),
  ('chilled-again', 'Chilled places, second round', 'places', 'chilled', 'marketing', 5, 'scheduled', null, null, 0, 0, 0, 0),
  ('raya', 'Gate hours over the holidays', 'gate', 'raya', 'transactional', null, 'draft', null, null, 0, 0, 0, 0)
) as v (name, title, topic, template, category, send, status, started, finished, recipients, sent, suppressed, without);

insert into comms.notification_digests (biz_id, id, workflow_id, subscriber_id, starts_at, ends_at, item_count, status)
select pg_temp.biz(), pg_temp.id('digest/' || v.who || v.day), pg_temp.id('notification-workflow/gate_day'),
  pg_temp.id('subscriber/' || v.who), pg_temp.at(v.day, '00:00'), pg_temp.at(v.day + 1, '00:00'), v.items, v.status
from (values ('desk', -2, 2, 'sent'), ('desk', -1, 3, 'sending'), ('desk', 0, 2, 'open'), ('owner', -2, 2, 'sent'), ('owner', 0, 1, 'open')) as v (who, day, items, status);

insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, payload, digest_id,
  scheduled_at, status, sent_at, created_at)
select d.biz_id, pg_temp.id('notification/digest/' || d.id || g), d.workflow_id, d.subscriber_id, 'digest-' || d.id || '-' || g,
  'transactional', jsonb_build_object('nth', g), d.id, d.ends_at,
  case d.status when 'open' then 'digesting' when 'sending' then 'sending' else 'completed' end,
  case when d.status = 'sent' then d.ends_at + interval '20 seconds' end, least(d.starts_at + make_interval(hours => 2 * g), now())
from comms.notification_digests d
cross join lateral generate_series(1, d.item_count) as g
where d.biz_id = pg_temp.biz();

-- Confirmations of the bookings of the last weeks, and what became of them.
create temporary table comms_told on commit drop as
select o.biz_id, o.id as order_id, o.number, o.booked_at, o.starts_at, c.full_name, s.id as subscriber_id, s.email_bidx,
  s.phone_bidx, row_number() over (order by o.booked_at desc, o.number)::integer as nth
from booking.booking_orders o
join comms.subscribers s on s.biz_id = o.biz_id and s.customer_id = o.customer_id
join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id
where o.biz_id = pg_temp.biz()
  and o.booked_at between pg_temp.at(-26, '00:00') and now() - interval '15 minutes'
  and o.status in ('confirmed', 'in_progress', 'completed');

insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, source_type, source_id,
  payload, scheduled_at, status, status_detail, sent_at, created_at)
select t.biz_id, pg_temp.id('notification/confirmed/' || t.number), pg_temp.id('notification-workflow/storage_confirmed'),
  t.subscriber_id, t.order_id::text, 'transactional', 'BookingOrder', t.order_id,
  jsonb_build_object('name', t.full_name, 'number', t.number, 'begins', t.starts_at::date), t.booked_at, x.status,
  case x.status when 'failed' then 'No such mailbox.' end,
  case when x.status in ('sent', 'completed') then t.booked_at + interval '7 seconds' end, t.booked_at
from comms_told t
cross join lateral (select case when t.nth < 5 then 'sent' when t.nth = 17 then 'failed' else 'completed' end as status) as x
where t.nth <= 40;

insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, source_type, source_id,
  payload, scheduled_at, status, created_at)
select o.biz_id, pg_temp.id('notification/ends/' || o.number), pg_temp.id('notification-workflow/storage_ends'), s.id,
  o.id::text, 'transactional', 'BookingOrder', o.id, jsonb_build_object('number', o.number, 'ends', o.ends_at::date),
  o.ends_at - interval '7 days', 'queued', least(o.booked_at, now())
from booking.booking_orders o
join comms.subscribers s on s.biz_id = o.biz_id and s.customer_id = o.customer_id
where o.biz_id = pg_temp.biz() and o.kind = 'storage' and o.status in ('confirmed', 'in_progress')
  and o.ends_at > now() + interval '7 days';

insert into comms.notifications (biz_id, id, campaign_id, subscriber_id, transaction_key, category, scheduled_at, status,
  status_detail, sent_at, created_at)
select pg_temp.biz(), pg_temp.id('notification/campaign/' || g), pg_temp.id('campaign/chilled'), pg_temp.id('subscriber/' || g),
  'campaign', 'marketing', x.at, x.status, case x.status when 'suppressed' then 'The address is not used.' end,
  case x.status when 'completed' then x.at end, pg_temp.at(-8, '09:30')
from generate_series(5, 16) as g
cross join lateral (
  select pg_temp.at(-8, '09:30') + make_interval(mins => g - 5) as at, case g when 14 then 'suppressed' else 'completed' end as status
) as x;

insert into comms.notification_deliveries (biz_id, id, queued_at, notification_id, subscriber_id, channel, category,
  template_id, provider_account_id, address_bidx, provider_message_id, sent_at, delivered_at, opened_at, clicked_at,
  bounced_at, error_code, error)
select n.biz_id, pg_temp.id('delivery/' || k.channel || n.id), n.scheduled_at + k.wait, n.id, n.subscriber_id, k.channel,
  n.category, pg_temp.id('template/' || case when n.campaign_id is not null then 'chilled' when k.channel = 'whatsapp' then 'confirmed/whatsapp'
    when t.nth % 4 = 0 then 'confirmed/ms' else 'confirmed' end),
  pg_temp.id('comms-provider/' || case k.channel when 'whatsapp' then 'whatsapp' else 'ses' end),
  case k.channel when 'whatsapp' then s.phone_bidx else s.email_bidx end, k.channel || '-' || substr(md5(n.id::text || k.channel), 1, 18),
  n.scheduled_at + k.wait + interval '3 seconds',
  case when n.status = 'completed' then n.scheduled_at + k.wait + interval '18 seconds' end,
  case when n.status = 'completed' and x.mark < 12 then least(n.scheduled_at + make_interval(mins => 8 + 21 * x.mark), now()) end,
  case when n.status = 'completed' and k.channel = 'email' and x.mark < 4
    then least(n.scheduled_at + make_interval(mins => 9 + 21 * x.mark), now()) end,
  case when n.status = 'failed' then n.scheduled_at + interval '30 seconds' end,
  case when n.status = 'failed' then '550' end, case when n.status = 'failed' then 'No such mailbox' end
from comms.notifications n
join comms.subscribers s on s.biz_id = n.biz_id and s.id = n.subscriber_id
left join comms_told t on t.order_id = n.source_id
cross join lateral (select ('x' || substr(md5(n.transaction_key || n.subscriber_id), 1, 1))::bit(4)::integer as mark) as x
join (values ('email', interval '0'), ('whatsapp', interval '2 minutes')) as k (channel, wait)
  on k.channel = 'email' or (t.nth % 3 = 0 and n.status = 'completed')
where n.biz_id = pg_temp.biz() and n.digest_id is null and n.status in ('sent', 'completed', 'failed');

insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, category, reason, source, created_at)
select s.biz_id, pg_temp.id('suppression/' || v.nth), 'email', s.email_enc, s.email_bidx, 'marketing', v.reason, v.source,
  pg_temp.at(v.day, '12:10')
from (values (14, 'manual', 'Asked by telephone', -20), (4, 'stop', 'Link in the mail', -31), (9, 'bounce', 'ses', -6)) as v (nth, reason, source, day)
join comms.subscribers s on s.biz_id = pg_temp.biz() and s.id = pg_temp.id('subscriber/' || v.nth);

insert into comms.in_app_notifications (biz_id, id, user_id, title, body, action_url, subject_type, subject_id, status,
  seen_at, read_at, archived_at, created_at)
select t.biz_id, pg_temp.id('in-app/' || v.name || t.number), pg_temp.person(v.name), 'New order ' || t.number,
  t.full_name || ', from ' || to_char(t.starts_at, 'FMDD FMMonth'), '/bookings/' || t.order_id, 'BookingOrder', t.order_id,
  x.status, case when x.status <> 'unseen' then least(t.booked_at + interval '25 minutes', now()) end,
  case when x.status in ('read', 'archived') then least(t.booked_at + interval '30 minutes', now()) end,
  case when x.status = 'archived' then least(t.booked_at + interval '1 day', now()) end, t.booked_at
from comms_told t
join (values ('desk', 1), ('owner', 3)) as v (name, each) on t.nth % v.each = 0
cross join lateral (
  select case when t.nth <= 3 then 'unseen' when t.nth <= 6 then 'seen' when t.nth % 3 = 1 then 'archived' else 'read' end as status
) as x
where t.nth <= 18;

insert into comms.message_threads (biz_id, id, customer_id, channel, contact_name, address_enc, address_bidx,
  provider_account_id, location_id, title, assigned_member_id, status, closed_at, created_at)
select pg_temp.biz(), pg_temp.id('thread/' || v.nth), c.id, v.channel, v.contact,
  case v.channel when 'email' then c.email_enc else c.phone_enc end, case v.channel when 'email' then c.email_bidx else c.phone_bidx end,
  pg_temp.id('comms-provider/' || case v.channel when 'email' then 'ses' when 'whatsapp' then 'whatsapp' end),
  pg_temp.location(v.place), v.title, pg_temp.member(v.who), v.status, pg_temp.at(v.closed, '18:00'), pg_temp.at(v.began, '00:05')
from (values
  (1, 1, 'email', null, 'PKL', 'Temperature log of last week', 'desk', 'open', null, -1), (2, 6, 'whatsapp', null, 'PKL', 'Driver at the gate', 'desk', 'closed', -3, -3),
  (3, 11, 'email', null, 'PKL', 'Twenty more chilled places', 'owner', 'pending', null, -4), (4, 13, 'email', null, 'SHA', 'Count does not match', 'desk', 'open', null, -2),
  (5, 16, 'whatsapp', null, 'SHA', 'Forklift for Thursday', 'desk', 'closed', -8, -9), (6, null, 'chat', 'Ravi, Selat Trading', 'PKL', 'Price for 60 pallets', 'owner', 'pending', null, -5),
  (7, 21, 'email', null, 'PKL', 'Insurance certificate', null, 'open', null, 0)
) as v (nth, customer, channel, contact, place, title, who, status, closed, began)
left join crm.customers c on v.customer is not null and c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(v.customer);

insert into comms.messages (biz_id, id, thread_id, direction, author_id, body, provider_message_id, status, error, occurred_at,
  created_at)
select pg_temp.biz(), pg_temp.id('message/' || v.thread || '/' || v.nth), pg_temp.id('thread/' || v.thread), v.direction,
  case when v.direction <> 'inbound' then pg_temp.person(v.author) end, v.body,
  case when v.direction <> 'internal' and v.status not in ('queued', 'failed') then 'm-' || substr(md5('keep ' || v.thread || '/' || v.nth), 1, 16) end,
  v.status, v.error, x.at, x.at
from (values
  (1, 1, -1, '16:10', 'inbound', null, 'Our auditor asks for the log of bay CHL-02, Monday to Sunday.', 'read', null),
  (1, 2, -1, '16:40', 'internal', 'desk', 'Sensor 2 was changed on Wednesday, there is a gap of 20 minutes.', 'read', null),
  (1, 3, -1, '17:25', 'inbound', null, 'By noon tomorrow if possible.', 'received', null),
  (2, 1, -3, '08:12', 'inbound', null, 'Lorry BKT 4471 at gate A, 12 pallets of cans.', 'read', null),
  (2, 2, -3, '08:14', 'outbound', 'desk', 'Dock 3 please.', 'read', null),
  (2, 3, -3, '09:05', 'inbound', null, 'Done, thank you.', 'read', null),
  (3, 1, -4, '10:30', 'inbound', null, 'The season begins: can we have twenty more chilled places until January?', 'read', null),
  (3, 2, -4, '11:45', 'outbound', 'owner', 'Fourteen from Monday, six more the week after. Same rate.', 'delivered', null),
  (4, 1, -2, '09:20', 'inbound', null, 'Your report says 31 pallets of routers, our list says 32.', 'read', null),
  (4, 2, -2, '09:50', 'outbound', 'desk', 'We count again this afternoon.', 'sent', null),
  (4, 3, -1, '09:02', 'inbound', null, 'And?', 'received', null),
  (5, 1, -9, '15:00', 'inbound', null, 'Need a forklift with driver on Thursday morning.', 'read', null),
  (5, 2, -9, '15:10', 'outbound', 'desk', 'Booked, FL-03, from eight to twelve.', 'failed', 'Number not on WhatsApp'),
  (5, 3, -9, '15:20', 'outbound', 'desk', 'Booked, FL-03, from eight to twelve.', 'read', null),
  (6, 1, -5, '14:31', 'inbound', null, 'What do 60 pallets cost for three months, ambient?', 'read', null),
  (6, 2, -5, '14:50', 'outbound', 'owner', 'RM 2.10 a pallet and day; from 50 on we go down to RM 1.95. Shall I write a quote?', 'delivered', null),
  (7, 1, 0, '00:15', 'inbound', null, 'Please send this year''s certificate of insurance.', 'received', null),
  (7, 2, 0, '00:16', 'outbound', 'desk', 'Thank you for your message. The office is open from eight.', 'queued', null)
) as v (thread, nth, day, clock, direction, author, body, status, error)
cross join lateral (select pg_temp.at(v.day, v.clock::time) as at) as x;

update comms.message_threads t
set last_message_at = m.last_at,
  last_inbound_at = m.inbound_at,
  unread_count = m.unread
from (
  select m.biz_id, m.thread_id, max(m.occurred_at) filter (where m.direction <> 'internal') as last_at,
    max(m.occurred_at) filter (where m.direction = 'inbound') as inbound_at,
    count(*) filter (where m.status = 'received')::integer as unread
  from comms.messages m
  where m.biz_id = pg_temp.biz()
  group by m.biz_id, m.thread_id
) as m
where t.biz_id = m.biz_id and t.id = m.thread_id;
