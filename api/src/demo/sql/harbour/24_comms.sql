-- Comms of the hotels: the words, who hears of what, what was sent and whether it arrived, and the conversations of the desk.
-- Others may use: subscriber/1 .. subscriber/60 (customers by number), subscriber/owner, subscriber/desk, thread/1 .. thread/12.

insert into comms.notification_templates (biz_id, id, code, channel, language, version_no, name, category, subject, body,
  variables, provider_template_ref, status, published_at, created_at)
select pg_temp.biz(), pg_temp.id('template/' || v.name), v.code, v.channel, v.language, v.no, v.title, v.category, v.subject,
  v.body, v.variables::jsonb, v.ref, v.status, pg_temp.at(v.published, '10:00'), pg_temp.at(coalesce(v.published, -3) - 2, '15:30')
from (values
  ('confirmed/1', 'booking_confirmed', 'email', 'en', 1, 'Booking confirmed', 'transactional', 'Your booking {{number}}', '<mjml><mj-body><mj-text>Dear {{name}}, your booking {{number}} is confirmed.</mj-text></mj-body></mjml>', '{"name": "string", "number": "string"}', null, 'retired', -200),
  ('confirmed', 'booking_confirmed', 'email', 'en', 2, 'Booking confirmed', 'transactional', 'We look forward to you: {{number}}', '<mjml><mj-body><mj-text>Dear {{name}}, your room from {{arrival}} is yours. The door is open from three o''clock; tell us if you come late, and we keep the light on.</mj-text></mj-body></mjml>', '{"name": "string", "number": "string", "arrival": "date"}', null, 'published', -90),
  ('confirmed/pt', 'booking_confirmed', 'email', 'pt', 1, 'Reserva confirmada', 'transactional', 'Até breve: {{number}}', '<mjml><mj-body><mj-text>Caro(a) {{name}}, a sua reserva a partir de {{arrival}} está confirmada. O check-in abre às três da tarde.</mj-text></mj-body></mjml>', '{"name": "string", "number": "string", "arrival": "date"}', null, 'published', -90),
  ('confirmed/sms', 'booking_confirmed', 'sms', 'en', 1, 'Booking confirmed, short', 'transactional', null, 'Harbour Hotels: {{number}} is confirmed, from {{arrival}}. Até breve!', '{"number": "string", "arrival": "date"}', null, 'published', -90),
  ('cancelled', 'booking_cancelled', 'email', 'en', 1, 'Booking cancelled', 'transactional', 'Your booking {{number}} is cancelled', '<mjml><mj-body><mj-text>Dear {{name}}, we have cancelled {{number}}. What is due back to you is on its way within five days.</mj-text></mj-body></mjml>', '{"name": "string", "number": "string"}', null, 'published', -90),
  ('reminder', 'stay_reminder', 'email', 'en', 1, 'Two days before arrival', 'transactional', 'See you on {{arrival}}', '<mjml><mj-body><mj-text>Dear {{name}}, in two days you are with us. Shuttle, late arrival, a table by the river? Just answer this mail.</mj-text></mj-body></mjml>', '{"name": "string", "arrival": "date"}', null, 'published', -75),
  ('reminder/whatsapp', 'stay_reminder', 'whatsapp', 'en', 1, 'Two days before arrival', 'transactional', null, 'Hello {{name}}, see you on {{arrival}}. Answer here if we can do something for you.', '{"name": "string", "arrival": "date"}', 'stay_reminder_en_3', 'published', -75),
  ('feedback', 'stay_feedback', 'email', 'en', 1, 'After the stay', 'transactional', 'How was it?', '<mjml><mj-body><mj-text>Dear {{name}}, three questions, one minute: {{link}}</mj-text></mj-body></mjml>', '{"name": "string", "link": "url"}', null, 'published', -75),
  ('house-day', 'house_day', 'in_app', 'en', 1, 'New bookings of the day', 'transactional', null, '{{count}} new bookings since yesterday.', '{"count": "integer"}', null, 'published', -60),
  ('password', 'password_changed', 'email', 'en', 1, 'Password changed', 'security', 'Your password was changed', '<mjml><mj-body><mj-text>If that was not you, call the owner of the account at once.</mj-text></mj-body></mjml>', '{}', null, 'published', -120),
  ('quiet-spa', 'quiet_spa', 'email', 'en', 1, 'Quiet days in the spa', 'marketing', 'Ninety minutes for you', '<mjml><mj-body><mj-text>Dear {{name}}, sea salt, warm oil, silence: the Atlantic ritual Tuesdays to Thursdays.</mj-text></mj-body></mjml>', '{"name": "string"}', null, 'published', -14),
  ('river-news', 'river_news', 'email', 'en', 1, 'Three nights by the river', 'marketing', 'Stay three nights, pay two', '<mjml><mj-body><mj-text>Dear {{name}}, Lisbon takes its time, and so may you: until the end of next month the third night is ours.</mj-text></mj-body></mjml>', '{"name": "string"}', null, 'published', -6),
  ('surf', 'surf_weekends', 'sms', 'en', 1, 'Surf weekends', 'marketing', null, 'Harbour Cascais: surf weekends in the off season, two nights with lessons 289 €. STOP ends this.', '{}', null, 'published', -12),
  ('sunday', 'sunday_lunch', 'email', 'en', 1, 'Sunday lunch', 'marketing', 'A table on Sunday', '<mjml><mj-body><mj-text>Dear {{name}}, bacalhau, roast kid, arroz doce: lunch on Sundays, served from one o''clock.</mj-text></mj-body></mjml>', '{"name": "string"}', null, 'published', -2),
  ('spring', 'spring_rates', 'email', 'en', 1, 'Spring rates', 'marketing', 'Spring in Lisbon', '<mjml><mj-body><mj-text>Text to follow from Amélia.</mj-text></mj-body></mjml>', '{}', null, 'draft', null)
) as v (name, code, channel, language, no, title, category, subject, body, variables, ref, status, published);

insert into comms.notification_workflows (biz_id, id, code, name, description, trigger_topic, condition, category, is_critical,
  is_active)
select pg_temp.biz(), pg_temp.id('notification-workflow/' || v.code), v.code, v.name, v.description, v.topic, v.condition::jsonb,
  v.category, v.critical, v.active
from (values
  ('booking_confirmed', 'Confirmation to the guest', 'Mail at once; a short message too where the stay begins within three days.', 'booking.created', null, 'transactional', false, true),
  ('booking_cancelled', 'Cancellation to the guest', null, 'booking.cancelled', null, 'transactional', false, true),
  ('stay_reminder', 'Two days before arrival', null, 'booking.created', '{"kind": "stay"}', 'transactional', false, true),
  ('stay_feedback', 'Questions after the stay', 'A day after departure.', 'booking.checked_out', null, 'transactional', false, true),
  ('house_day', 'New bookings, for the team', 'Gathered over a day.', 'booking.created', null, 'transactional', false, true),
  ('password_changed', 'Password changed', null, 'identity.password_changed', null, 'security', true, true),
  ('no_show_call', 'Where are you? To guests who did not come', 'Switched off: the desk calls.', 'booking.no_show', null, 'transactional', false, false)
) as v (code, name, description, topic, condition, category, critical, active);

insert into comms.notification_workflow_steps (biz_id, id, workflow_id, position, channel, template_code, delay_minutes,
  digest_minutes, condition)
select pg_temp.biz(), pg_temp.id('notification-step/' || v.code || v.position), pg_temp.id('notification-workflow/' || v.code),
  v.position, v.channel, v.code, v.delay, v.digest, v.condition::jsonb
from (values
  ('booking_confirmed', 1, 'email', 0, null, null), ('booking_confirmed', 2, 'sms', 5, null, '{"days_to_arrival": {"at_most": 3}}'),
  ('booking_cancelled', 1, 'email', 0, null, null), ('stay_reminder', 1, 'email', 0, null, null),
  ('stay_reminder', 2, 'whatsapp', 360, null, '{"opened": false}'), ('stay_feedback', 1, 'email', 1440, null, null),
  ('house_day', 1, 'in_app', 0, 1440, null), ('password_changed', 1, 'email', 0, null, null),
  ('no_show_call', 1, 'sms', 60, null, null)
) as v (code, position, channel, delay, digest, condition);

insert into comms.provider_accounts (biz_id, id, channel, provider, name, credentials_ref, sender, priority, daily_limit,
  status, failing_since)
select pg_temp.biz(), pg_temp.id('comms-provider/' || v.name), v.channel, v.provider, v.title, 'vault://harbour/comms/' || v.name,
  v.sender, v.priority, v.daily, v.status, pg_temp.at(v.failing, '06:12')
from (values
  ('ses', 'email', 'ses', 'Mail, Ireland', 'reservas@harbour.example', 1, 20000, 'active', null),
  ('postmark', 'email', 'postmark', 'Mail, reserve', 'reservas@harbour.example', 2, 2000, 'active', null),
  ('mailgun', 'email', 'mailgun', 'Mail until last year', 'hotel@harbour.example', 1, null, 'disabled', null),
  ('vonage', 'sms', 'vonage', 'SMS, Portugal', 'HARBOUR', 1, 500, 'failing', -1),
  ('twilio', 'sms', 'twilio', 'SMS, elsewhere', 'HARBOUR', 2, 500, 'active', null),
  ('whatsapp', 'whatsapp', 'meta_cloud', 'WhatsApp of the desk', '+351 210 000 118', 1, 1000, 'active', null),
  ('push', 'push', 'fcm', 'Guest app', null, 1, null, 'active', null)
) as v (name, channel, provider, title, sender, priority, daily, status, failing);

-- Everybody who is told things.
insert into comms.subscribers (biz_id, id, customer_id, email_enc, email_bidx, phone_enc, phone_bidx, locale, timezone,
  quiet_from, quiet_until, unsubscribed_at, created_at)
select c.biz_id, pg_temp.id('subscriber/' || c.nth), c.id, c.email_enc, c.email_bidx, c.phone_enc, c.phone_bidx, c.locale,
  case when c.nth % 9 = 0 then 'Europe/Lisbon' end, case when c.nth % 9 = 0 then '22:00'::time end,
  case when c.nth % 9 = 0 then '08:00'::time end, case when c.nth in (41, 52) then pg_temp.at(-8, '20:15') end,
  pg_temp.at(-70 + c.nth, '09:00')
from (
  select c.*, row_number() over (order by c.number)::integer as nth
  from crm.customers c
  where c.biz_id = pg_temp.biz()
) as c
where c.nth <= 60;

insert into comms.subscribers (biz_id, id, user_id, locale, timezone, quiet_from, quiet_until)
select pg_temp.biz(), pg_temp.id('subscriber/' || v.name), pg_temp.person(v.name), 'pt-PT', 'Europe/Lisbon', v.quiet_from::time,
  v.quiet_until::time
from (values ('owner', '23:00', '07:00'), ('desk', null, null), ('analyst', '19:00', '09:00')) as v (name, quiet_from, quiet_until);

insert into comms.subscribers (biz_id, id, staff_id, locale)
select s.biz_id, pg_temp.id('subscriber/staff/' || s.nth), s.id, 'pt-PT'
from (
  select s.biz_id, s.id, row_number() over (order by s.number) as nth
  from workforce.staff s
  where s.biz_id = pg_temp.biz() and s.terminated_on is null and s.deleted_at is null
) as s
where s.nth <= 6;

insert into comms.notification_preferences (biz_id, id, subscriber_id, category, workflow_id, channel, is_enabled)
select pg_temp.biz(), pg_temp.id('preference/' || v.who || v.channel || coalesce(v.code, v.category)),
  pg_temp.id('subscriber/' || v.who), v.category, pg_temp.id('notification-workflow/' || v.code), v.channel, v.enabled
from (values
  ('3', 'marketing', null, 'email', false), ('6', 'marketing', null, 'sms', false), ('8', 'transactional', null, 'sms', false),
  ('8', 'transactional', null, 'whatsapp', true), ('12', 'marketing', null, 'email', true), ('15', 'transactional', 'stay_feedback', 'email', false),
  ('19', 'marketing', null, 'sms', false), ('22', 'transactional', 'stay_reminder', 'whatsapp', false), ('27', 'marketing', null, 'email', false),
  ('31', 'transactional', 'stay_feedback', 'email', false), ('41', 'marketing', null, 'email', false), ('52', 'marketing', null, 'email', false),
  ('owner', 'transactional', 'house_day', 'in_app', true), ('analyst', 'transactional', 'house_day', 'in_app', true),
  ('desk', 'transactional', null, 'email', false), ('owner', 'security', null, 'email', true)
) as v (who, category, code, channel, enabled);

insert into comms.topics (biz_id, id, key, name, description, is_public)
select pg_temp.biz(), pg_temp.id('topic/' || v.key), v.key, v.name, v.description, v.public
from (values
  ('offers', 'Offers and quiet weeks', 'At most one mail a month.', true),
  ('spa', 'News of the spa', 'New treatments, days with free places.', true),
  ('table', 'At our table', 'Menus, wine evenings, Sunday lunches.', true),
  ('house', 'House notices', 'Works, fire drills, water and power.', false)
) as v (key, name, description, public);

insert into comms.topic_subscriptions (biz_id, topic_id, subscriber_id)
select pg_temp.biz(), pg_temp.id('topic/' || v.key), pg_temp.id('subscriber/' || g)
from (values ('offers', 1, 30), ('spa', 11, 34), ('table', 5, 18)) as v (key, first, last)
cross join lateral generate_series(v.first, v.last) as g
union all
select pg_temp.biz(), pg_temp.id('topic/house'), pg_temp.id('subscriber/' || n) from (values ('owner'), ('desk'), ('analyst')) as w (n);

insert into crm.segments (biz_id, id, name, description, definition, size, refreshed_at)
values (pg_temp.biz(), pg_temp.id('comms/segment'), 'Came in spring', 'Guests whose last stay was between March and May.',
  '{"last_stay_month": {"between": [3, 5]}}', 17, pg_temp.at(-3, '04:00'));

-- Campaigns: one sent, one under way, others before and after.
insert into comms.campaigns (biz_id, id, name, segment_id, topic_id, template_id, channel, category, consent_purpose,
  provider_account_id, send_at, send_per_minute, status, started_at, finished_at, recipients, sent, suppressed,
  without_consent, failed)
select pg_temp.biz(), pg_temp.id('campaign/' || v.name), v.title, case when v.topic is null then pg_temp.id('comms/segment') end,
  pg_temp.id('topic/' || v.topic), pg_temp.id('template/' || v.template), v.channel, 'marketing', 'marketing',
  pg_temp.id('comms-provider/' || v.provider), coalesce(x.at, pg_temp.at(v.send, '10:00')), v.pace, v.status,
  coalesce(x.at, pg_temp.at(v.started, '10:00')),
  case when v.finished is not null then pg_temp.at(v.finished, '10:14') end, v.recipients, v.sent, v.suppressed, v.without, v.failed
from (values
  ('quiet-spa', 'Quiet days in the spa', 'spa', 'quiet-spa', 'email', 'ses', -9, 2, 'sent', -9, -9, 24, 20, 1, 2, 1),
  ('river', 'Three nights by the river', 'offers', 'river-news', 'email', 'ses', -1, 1, 'sending', -1, null, 30, 12, 0, 3, 0),
  ('surf', 'Surf weekends', 'offers', 'surf', 'sms', 'vonage', -4, 5, 'paused', -4, null, 30, 8, 1, 3, 2),
  ('sunday', 'Sunday lunch', 'table', 'sunday', 'email', 'ses', 9, 10, 'scheduled', null, null, 0, 0, 0, 0, 0),
  ('spring', 'Spring rates for those who came in spring', null, 'spring', 'email', null, null, null, 'draft', null, null, 0, 0, 0, 0, 0),
  ('fado', 'Fado on the terrace', 'table', 'sunday', 'email', 'ses', -20, null, 'cancelled', null, -22, 0, 0, 0, 0, 0)
) as v (name, title, topic, template, channel, provider, send, pace, status, started, finished, recipients, sent, suppressed,
  without, failed)
cross join lateral (select case v.status when 'sending' then date_trunc('minute', now()) - interval '12 minutes' end as at) as x;

-- Digests for the team, then what is to be told to whom.
insert into comms.notification_digests (biz_id, id, workflow_id, subscriber_id, starts_at, ends_at, item_count, status)
select pg_temp.biz(), pg_temp.id('digest/' || v.who || v.day), pg_temp.id('notification-workflow/house_day'),
  pg_temp.id('subscriber/' || v.who), pg_temp.at(v.day, '00:00'), pg_temp.at(v.day + 1, '00:00'), v.items, v.status
from (values
  ('desk', -4, 3, 'sent'), ('desk', -3, 4, 'sent'), ('desk', -2, 2, 'sent'), ('desk', 0, 3, 'open'),
  ('owner', -3, 2, 'sent'), ('owner', -2, 3, 'sent'), ('owner', -1, 2, 'sending'), ('owner', 0, 2, 'open'),
  ('analyst', -5, 1, 'cancelled')
) as v (who, day, items, status);

insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, payload, digest_id,
  scheduled_at, status, sent_at, created_at)
select d.biz_id, pg_temp.id('notification/digest/' || d.id || g), d.workflow_id, d.subscriber_id, 'digest-' || d.id || '-' || g,
  'transactional', jsonb_build_object('nth', g), d.id, d.ends_at,
  case d.status when 'open' then 'digesting' when 'sending' then 'sending' when 'cancelled' then 'cancelled' else 'completed' end,
  case when d.status = 'sent' then d.ends_at + interval '20 seconds' end, least(d.starts_at + make_interval(hours => 2 * g), now())
from comms.notification_digests d
cross join lateral generate_series(1, d.item_count) as g
where d.biz_id = pg_temp.biz();

-- Confirmations of the bookings of the last weeks; of those who bring no address or do not want it, none.
create temporary table comms_told on commit drop as
select o.biz_id, o.id as order_id, o.number, o.booked_at, o.starts_at, o.check_in_on, c.full_name, s.id as subscriber_id,
  s.email_bidx, s.phone_bidx, row_number() over (order by o.booked_at desc, o.number)::integer as nth
from booking.booking_orders o
join comms.subscribers s on s.biz_id = o.biz_id and s.customer_id = o.customer_id
join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id
where o.biz_id = pg_temp.biz()
  and o.booked_at between pg_temp.at(-26, '00:00') and now() - interval '15 minutes'
  and o.status in ('confirmed', 'in_progress', 'completed');

insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, source_type, source_id,
  payload, scheduled_at, status, status_detail, sent_at, created_at)
select t.biz_id, pg_temp.id('notification/confirmed/' || t.number), pg_temp.id('notification-workflow/booking_confirmed'),
  t.subscriber_id, t.order_id::text, 'transactional', 'BookingOrder', t.order_id,
  jsonb_build_object('name', t.full_name, 'number', t.number, 'arrival', coalesce(t.check_in_on, t.starts_at::date)), t.booked_at,
  x.status, case x.status when 'suppressed' then 'The address is not used: it bounced.' when 'failed' then 'Mail came back: mailbox full.' when 'cancelled' then 'The booking was changed before it was sent.' end,
  case when x.status in ('sent', 'completed') then t.booked_at + interval '9 seconds' end, t.booked_at
from comms_told t
cross join lateral (
  select case when t.nth = 1 then 'sending' when t.nth < 7 then 'sent' when t.nth % 19 = 0 then 'suppressed'
    when t.nth % 23 = 0 then 'failed' when t.nth % 31 = 0 then 'cancelled' else 'completed' end as status
) as x
where t.nth <= 80;

-- Reminders of stays that begin soon: still to be sent.
insert into comms.notifications (biz_id, id, workflow_id, subscriber_id, transaction_key, category, source_type, source_id,
  payload, scheduled_at, status, created_at)
select o.biz_id, pg_temp.id('notification/reminder/' || o.number), pg_temp.id('notification-workflow/stay_reminder'), s.id,
  o.id::text, 'transactional', 'BookingOrder', o.id, jsonb_build_object('arrival', o.check_in_on),
  o.starts_at - interval '2 days', 'queued', least(o.booked_at, now())
from booking.booking_orders o
join comms.subscribers s on s.biz_id = o.biz_id and s.customer_id = o.customer_id
where o.biz_id = pg_temp.biz() and o.kind = 'stay' and o.status = 'confirmed'
  and o.check_in_on between pg_temp.day(3) and pg_temp.day(8);

insert into comms.notifications (biz_id, id, campaign_id, subscriber_id, transaction_key, category, scheduled_at, status,
  status_detail, sent_at, created_at)
select pg_temp.biz(), pg_temp.id('notification/campaign/' || v.name || g), pg_temp.id('campaign/' || v.name),
  pg_temp.id('subscriber/' || g), 'campaign', 'marketing', w.at, x.status,
  case x.status when 'suppressed' then 'The person does not want it.' when 'failed' then 'Refused by the receiver.' end,
  case when x.status in ('sent', 'completed') then w.at end, c.started_at
from (values ('quiet-spa', 11, 32, 2), ('river', 4, 30, 1)) as v (name, first, last, pace)
join comms.campaigns c on c.biz_id = pg_temp.biz() and c.id = pg_temp.id('campaign/' || v.name)
cross join lateral generate_series(v.first, v.last) as g
cross join lateral (
  select c.started_at + make_interval(mins => (g - v.first) / v.pace) as at,
    case v.name when 'quiet-spa' then case g when 27 then 'suppressed' when 31 then 'failed' else 'completed' end
      else case when g < 16 then 'sent' else 'queued' end end as status
) as w
cross join lateral (select w.status) as x;

-- What became of each try.
insert into comms.notification_deliveries (biz_id, id, queued_at, notification_id, subscriber_id, channel, category,
  template_id, provider_account_id, address_bidx, attempt, provider_message_id, sent_at, delivered_at, opened_at, clicked_at,
  bounced_at, failed_at, error_code, error)
select n.biz_id, pg_temp.id('delivery/' || k.channel || n.id), n.scheduled_at + k.wait, n.id, n.subscriber_id, k.channel,
  n.category, pg_temp.id('template/' || case when n.campaign_id = pg_temp.id('campaign/river') then 'river-news'
    when n.campaign_id is not null then 'quiet-spa' when k.channel = 'sms' then 'confirmed/sms'
    when t.nth % 3 = 0 then 'confirmed/pt' else 'confirmed' end),
  pg_temp.id('comms-provider/' || case k.channel when 'sms' then 'twilio' else 'ses' end),
  case k.channel when 'sms' then s.phone_bidx else s.email_bidx end, 1,
  case when n.status <> 'sending' then k.channel || '-' || substr(md5(n.id::text || k.channel), 1, 18) end,
  case when n.status <> 'sending' then n.scheduled_at + k.wait + interval '4 seconds' end,
  case when n.status = 'completed' then n.scheduled_at + k.wait + interval '21 seconds' end,
  case when n.status = 'completed' and k.channel = 'email' and x.mark < 11
    then least(n.scheduled_at + make_interval(mins => 10 + 37 * x.mark), now()) end,
  case when n.status = 'completed' and k.channel = 'email' and x.mark < 5
    then least(n.scheduled_at + make_interval(mins => 12 + 37 * x.mark), now()) end,
  case when n.status = 'failed' and n.campaign_id is null then n.scheduled_at + interval '40 seconds' end,
  case when n.status = 'failed' and n.campaign_id is not null then n.scheduled_at + interval '15 seconds' end,
  case when n.status = 'failed' then case when n.campaign_id is null then '552' else '550' end end,
  case when n.status = 'failed' then case when n.campaign_id is null then 'Mailbox full' else 'Message refused by policy' end end
from comms.notifications n
join comms.subscribers s on s.biz_id = n.biz_id and s.id = n.subscriber_id
left join comms_told t on t.order_id = n.source_id
cross join lateral (select ('x' || substr(md5(n.transaction_key || n.subscriber_id), 1, 1))::bit(4)::integer as mark) as x
join (values ('email', interval '0'), ('sms', interval '5 minutes')) as k (channel, wait)
  on k.channel = 'email' or (t.nth % 5 = 0 and n.status = 'completed')
where n.biz_id = pg_temp.biz() and n.digest_id is null and n.status in ('sending', 'sent', 'completed', 'failed');

insert into comms.notification_deliveries (biz_id, id, queued_at, notification_id, subscriber_id, channel, category,
  template_id, provider_account_id, address_bidx, attempt, sent_at, bounced_at, error_code, error)
select d.biz_id, pg_temp.id('delivery/again/' || d.notification_id), least(d.queued_at + interval '30 minutes', now()),
  d.notification_id, d.subscriber_id, d.channel, d.category, d.template_id, pg_temp.id('comms-provider/postmark'),
  d.address_bidx, 2, least(d.queued_at + interval '30 minutes', now()), least(d.queued_at + interval '31 minutes', now()), '552',
  'Mailbox full'
from comms.notification_deliveries d
where d.biz_id = pg_temp.biz() and d.bounced_at is not null;

-- Addresses that are not used any more.
insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, category, reason, source, suppressed_until,
  created_at)
select s.biz_id, pg_temp.id('suppression/' || v.nth || v.channel), v.channel,
  case v.channel when 'sms' then s.phone_enc else s.email_enc end, case v.channel when 'sms' then s.phone_bidx else s.email_bidx end,
  v.category, v.reason, v.source, pg_temp.at(v.until_day, '00:00'), pg_temp.at(v.day, '11:20')
from (values
  (27, 'email', 'marketing', 'complaint', 'ses', null, -9), (31, 'email', 'marketing', 'bounce', 'ses', 21, -9),
  (41, 'email', 'marketing', 'stop', 'Link in the mail', null, -8), (52, 'email', 'marketing', 'stop', 'Link in the mail', null, -8),
  (6, 'sms', 'marketing', 'stop', 'Answered STOP', null, -4), (19, 'sms', 'marketing', 'stop', 'Answered STOP', null, -4),
  (58, 'sms', null, 'invalid', 'twilio', null, -13), (36, 'email', 'marketing', 'manual', 'Asked at the desk in Cascais', null, -17)
) as v (nth, channel, category, reason, source, until_day, day)
join comms.subscribers s on s.biz_id = pg_temp.biz() and s.id = pg_temp.id('subscriber/' || v.nth);

-- The inboxes of the team.
insert into comms.in_app_notifications (biz_id, id, user_id, notification_id, category, title, body, action_url, subject_type,
  subject_id, status, seen_at, read_at, archived_at, created_at)
select t.biz_id, pg_temp.id('in-app/' || v.name || t.number), pg_temp.person(v.name), null, 'transactional',
  'New booking ' || t.number, t.full_name || ', from ' || to_char(coalesce(t.check_in_on, t.starts_at::date), 'FMDD FMMonth'),
  '/bookings/' || t.order_id, 'BookingOrder', t.order_id, x.status,
  case when x.status <> 'unseen' then least(t.booked_at + interval '40 minutes', now()) end,
  case when x.status in ('read', 'archived') then least(t.booked_at + interval '55 minutes', now()) end,
  case when x.status = 'archived' then least(t.booked_at + interval '8 hours', now()) end, t.booked_at
from comms_told t
join (values ('desk', 1, 0), ('owner', 3, 1), ('analyst', 5, 2)) as v (name, each, shift) on t.nth % v.each = 0
cross join lateral (
  select case when t.nth <= 5 + v.shift then 'unseen' when t.nth <= 9 + v.shift then 'seen' when t.nth % 4 = 0 then 'archived' else 'read' end as status
) as x
where t.nth <= 24;

insert into comms.in_app_notifications (biz_id, id, user_id, notification_id, category, title, body, action_url, status,
  seen_at, read_at, created_at)
select d.biz_id, pg_temp.id('in-app/digest/' || d.id), s.user_id, pg_temp.id('notification/digest/' || d.id || 1), 'transactional',
  'New bookings of the day', d.item_count || ' new bookings since yesterday.', '/bookings', 'read', d.ends_at + interval '1 hour',
  d.ends_at + interval '1 hour', d.ends_at
from comms.notification_digests d
join comms.subscribers s on s.biz_id = d.biz_id and s.id = d.subscriber_id
where d.biz_id = pg_temp.biz() and d.status = 'sent';

-- Conversations of the desk.
insert into comms.message_threads (biz_id, id, customer_id, channel, contact_name, address_enc, address_bidx,
  provider_account_id, location_id, title, subject_type, subject_id, assigned_member_id, status, closed_at, created_at)
select pg_temp.biz(), pg_temp.id('thread/' || v.nth), c.id, v.channel, v.contact,
  case v.channel when 'email' then c.email_enc when 'chat' then null else c.phone_enc end,
  case v.channel when 'email' then c.email_bidx when 'chat' then null else c.phone_bidx end,
  pg_temp.id('comms-provider/' || case v.channel when 'email' then 'ses' when 'whatsapp' then 'whatsapp' when 'sms' then 'twilio' end),
  pg_temp.location(v.place), v.title, case when o.id is not null then 'BookingOrder' end, o.id, pg_temp.member(v.who), v.status,
  pg_temp.at(v.closed, '19:00'), pg_temp.at(v.began, '00:05')
from (values
  (1, 2, 'email', null, 'LIS', 'Late arrival on Friday', 'desk', 'open', null, -1), (2, 5, 'whatsapp', null, 'CAS', 'Cot for the baby', 'desk', 'pending', null, -2),
  (3, 9, 'email', null, 'LIS', 'Invoice to the company', 'owner', 'open', null, -3), (4, 13, 'whatsapp', null, 'LIS', 'Shuttle from the airport', 'desk', 'closed', -4, -6),
  (5, 16, 'sms', null, 'CAS', 'Left behind: reading glasses', 'desk', 'closed', -9, -11), (6, null, 'chat', 'Visitor from the site', 'SPA', 'Gift voucher', null, 'open', null, 0),
  (7, 20, 'email', null, 'CAS', 'Surf lessons', 'desk', 'pending', null, -5), (8, 24, 'whatsapp', null, 'LIS', 'Gluten-free breakfast', 'desk', 'closed', -12, -14),
  (9, 29, 'email', null, 'LIS', 'Noise from the street', 'owner', 'closed', -15, -18), (10, null, 'chat', 'Marta, Escola do Rio', 'LIS', 'Room for thirty children', 'owner', 'pending', null, -4),
  (11, 35, 'email', null, 'SPA', 'Two massages at the same hour', 'desk', 'open', null, -1), (12, 44, 'whatsapp', null, 'CAS', 'Can we bring the dog?', 'desk', 'closed', -19, -20)
) as v (nth, customer, channel, contact, place, title, who, status, closed, began)
left join crm.customers c on v.customer is not null and c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(v.customer)
left join lateral (
  select o.id
  from booking.booking_orders o
  where o.biz_id = c.biz_id and o.customer_id = c.id and v.nth % 2 = 1
  order by o.booked_at desc, o.number desc
  limit 1
) as o on true;

insert into comms.messages (biz_id, id, thread_id, direction, author_id, body, reply_to_id, provider_message_id, status, error,
  occurred_at, created_at)
select pg_temp.biz(), pg_temp.id('message/' || v.thread || '/' || v.nth), pg_temp.id('thread/' || v.thread), v.direction,
  case when v.direction <> 'inbound' then pg_temp.person(v.author) end, v.body,
  case when v.direction = 'outbound' and v.nth > 1 then pg_temp.id('message/' || v.thread || '/' || v.nth - 1) end,
  case when v.direction <> 'internal' and v.status not in ('queued', 'failed') then 'm-' || substr(md5('message ' || v.thread || '/' || v.nth), 1, 16) end,
  v.status, v.error, x.at, x.at
from (values
  (1, 1, -1, '21:12', 'inbound', null, 'Our flight lands at 23:40. Is somebody at the desk after midnight?', 'read', null),
  (1, 2, -1, '21:25', 'outbound', 'desk', 'Of course, the desk is open all night. Shall we send the shuttle? It is 18 € a seat.', 'delivered', null),
  (1, 3, -1, '22:03', 'inbound', null, 'Yes please, for two. TP 1359.', 'received', null),
  (2, 1, -2, '10:02', 'inbound', null, 'Bonjour, do you have a cot for a baby of ten months?', 'read', null),
  (2, 2, -2, '10:09', 'outbound', 'desk', 'Bonjour! Yes, free of charge. With or without bedding?', 'read', null),
  (3, 1, -3, '09:31', 'inbound', null, 'Please make out the invoice to Gonçalves & Filhos, Lda., NIF as in the attachment.', 'read', null),
  (3, 2, -3, '09:50', 'internal', 'desk', 'Helena, may we change an invoice that was issued? The fiscal number is gone by then.', 'read', null),
  (3, 3, -3, '11:15', 'internal', 'owner', 'Credit note, then a new one. I will do it.', 'read', null),
  (3, 4, -2, '08:20', 'inbound', null, 'Is there any news?', 'received', null),
  (4, 1, -6, '14:11', 'inbound', null, 'Guten Tag, we land on Tuesday at 11:05, three of us with golf bags.', 'read', null),
  (4, 2, -6, '14:30', 'outbound', 'desk', 'Noted: the large van at 11:45, exit 4.', 'read', null),
  (4, 3, -6, '14:32', 'inbound', null, 'Perfect, thank you.', 'read', null),
  (5, 1, -11, '12:40', 'inbound', null, 'I think my glasses are in room 14, brown case.', 'read', null),
  (5, 2, -11, '13:20', 'outbound', 'desk', 'Found them under the bed. We post them today.', 'failed', 'Number not reachable'),
  (5, 3, -11, '14:05', 'outbound', 'desk', 'Found them under the bed. We post them today.', 'delivered', null),
  (6, 1, 0, '00:20', 'inbound', null, 'Hello, can I give a facial as a present, and print it?', 'received', null),
  (7, 1, -5, '17:45', 'inbound', null, 'Do the surf lessons take place all year round?', 'read', null),
  (7, 2, -4, '09:10', 'outbound', 'desk', 'They do; from November on the suits are thicker: Saturdays at ten at Carcavelos. How many are you?', 'sent', null),
  (8, 1, -14, '08:15', 'inbound', null, 'One of us has coeliac disease. What is there for breakfast?', 'read', null),
  (8, 2, -14, '08:41', 'outbound', 'desk', 'Bread and cakes from a gluten-free bakery, kept apart. The kitchen knows by room number.', 'read', null),
  (8, 3, -13, '10:20', 'inbound', null, 'It was lovely, thank you!', 'read', null),
  (9, 1, -18, '07:02', 'inbound', null, 'Works in front of the hotel since six. We did not sleep.', 'read', null),
  (9, 2, -18, '08:30', 'outbound', 'owner', 'I am sorry. Room 401 on the river is ready for you, and breakfast is on us.', 'read', null),
  (9, 3, -17, '09:15', 'inbound', null, 'Much better. Thank you for acting at once.', 'read', null),
  (10, 1, -4, '15:05', 'inbound', null, 'We are a school from Évora: thirty children, four teachers, one night in March.', 'read', null),
  (10, 2, -4, '16:20', 'outbound', 'owner', 'With pleasure. Is half board right, and are there allergies we must know of?', 'delivered', null),
  (11, 1, -1, '18:30', 'inbound', null, 'Could my sister and I have the massage at the same hour on Saturday?', 'read', null),
  (11, 2, -1, '18:44', 'internal', 'desk', 'Filipa and Marco are both free at four.', 'read', null),
  (11, 3, -1, '18:47', 'outbound', 'desk', 'Yes: four o''clock, Dune and Tide, side by side. Shall I book?', 'queued', null),
  (11, 4, -1, '19:02', 'inbound', null, 'Yes! And what does it cost?', 'received', null),
  (12, 1, -20, '11:30', 'inbound', null, 'A small dog, very quiet. Is it allowed in Cascais?', 'read', null),
  (12, 2, -20, '11:52', 'outbound', 'desk', 'On the ground floor, yes, 12 € a night, with a bowl and a blanket.', 'read', null)
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

insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256,
  scan_status, uploaded_at)
select pg_temp.biz(), pg_temp.id('message-file/' || v.message), 'Message', pg_temp.id('message/' || v.message), v.kind,
  'demo/harbour/messages/' || v.file, v.file, v.type, v.bytes, md5(v.file) || md5(v.file || '.'), 'clean', pg_temp.at(v.day, '12:00')
from (values
  ('3/1', 'document', 'dados-fiscais.pdf', 'application/pdf', 48210, -3), ('5/1', 'photo', 'brown-case.jpg', 'image/jpeg', 381204, -11),
  ('9/1', 'photo', 'street-works.jpg', 'image/jpeg', 612377, -18)
) as v (message, kind, file, type, bytes, day);

insert into comms.message_media (biz_id, message_id, media_asset_id)
select pg_temp.biz(), pg_temp.id('message/' || v), pg_temp.id('message-file/' || v)
from (values ('3/1'), ('5/1'), ('9/1')) as f (v);
