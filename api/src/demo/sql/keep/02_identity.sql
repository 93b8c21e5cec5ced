-- Others may use, by pg_temp.person(name) and pg_temp.member(name), beside owner and desk: aisyah (finance), kumar (warehouse
-- PKL), siti (warehouse SHA), lim (dispatcher), hafiz and ravi (drivers), chong (technician), priya (compliance), noraini (hr),
-- azman (manager of PKL), melissa (buyer). Not active: mei (invited), farid (suspended), jason (removed). All sign in with the
-- password of the demo. Groups: group_account/cahaya, group_account/bayu.

-- People.
create temporary table demo_people on commit drop as
select *
from (values
  ('aisyah', 'Aisyah binti Rahman', 'finance', null, 'Accounts', 'active', 700), ('kumar', 'Kumar Selvam', 'warehouse', 'PKL', 'Shift leader', 'active', 1500), ('siti', 'Siti Zubaidah', 'warehouse', 'SHA', 'Storekeeper', 'active', 420),
  ('lim', 'Lim Wei Jie', 'dispatcher', 'PKL', 'Dispatcher', 'active', 610), ('hafiz', 'Hafiz Abdullah', 'driver', 'PKL', 'Driver', 'active', 300), ('ravi', 'Ravi Chandran', 'driver', 'SHA', 'Driver', 'active', 180),
  ('chong', 'Chong Kok Leong', 'technician', 'PKL', 'Technician', 'active', 980), ('priya', 'Priya Nair', 'compliance', null, 'Quality and safety', 'active', 510), ('noraini', 'Noraini Yusof', 'hr', null, 'Human resources', 'active', 860),
  ('azman', 'Azman Hashim', 'manager', 'PKL', 'Site manager', 'active', 1300), ('melissa', 'Melissa Teoh', 'buyer', null, 'Purchasing', 'active', 240), ('mei', 'Ong Mei Ling', 'warehouse', 'PKL', 'Storekeeper', 'invited', 2),
  ('farid', 'Farid Osman', 'driver', 'PKL', 'Driver', 'active', 330), ('jason', 'Jason Lau', 'dispatcher', 'SHA', 'Dispatcher', 'active', 900)
) v (mark, name, role, location, title, status, days);
insert into identity.users (id, full_name, email_normalized, locale, timezone, kyc_level, created_at)
select pg_temp.id('user/' || p.mark), p.name, p.mark || '@keep.example', 'en-MY', 'Asia/Kuala_Lumpur', 'basic', now() - p.days * interval '1 day'
from demo_people p
union all
-- A customer who books online.
select pg_temp.id('user/cahaya'), 'Lee Siew Fong', 'logistics@cahaya.example', 'en-MY', 'Asia/Kuala_Lumpur', 'basic', now() - interval '300 days';
insert into identity.user_identities (id, user_id, provider, provider_subject, secret_phc, last_used_at)
select pg_temp.id('user_identity/' || p.mark), pg_temp.id('user/' || p.mark), 'password', pg_temp.id('user/' || p.mark)::text, o.secret_phc, case when p.days > 10 then now() - (5 + p.days % 90) * interval '37 minutes' end
from demo_people p
cross join (select i.secret_phc from identity.user_identities i where i.user_id = pg_temp.person('owner') and i.provider = 'password') o
union all
select pg_temp.id('user_identity/cahaya'), pg_temp.id('user/cahaya'), 'google', '20000000000000001', null, now() - interval '3 days';
insert into identity.members (biz_id, id, user_id, invited_by_id, default_location_id, title, status, joined_at, created_at)
select pg_temp.biz(), pg_temp.id('member/' || p.mark), pg_temp.id('user/' || p.mark), pg_temp.person('owner'), pg_temp.location(p.location), p.title, p.status, case when p.status = 'active' then now() - p.days * interval '1 day' end, now() - (p.days + 2) * interval '1 day'
from demo_people p;
insert into identity.member_roles (biz_id, id, member_id, role_id, location_id)
select pg_temp.biz(), pg_temp.id('member_role/' || p.mark), pg_temp.id('member/' || p.mark), r.id, pg_temp.location(p.location)
from demo_people p
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = p.role;
insert into identity.member_locations (biz_id, member_id, location_id)
select pg_temp.biz(), pg_temp.id('member/' || p.mark), pg_temp.location(p.location)
from demo_people p
where p.location is not null
union all
select pg_temp.biz(), pg_temp.id('member/' || v.mark), pg_temp.location('SHA')
from (values ('lim'), ('chong'), ('hafiz')) v (mark);
update identity.members m
set status = case m.id when pg_temp.id('member/farid') then 'suspended' else 'removed' end
where m.biz_id = pg_temp.biz() and m.id in (pg_temp.id('member/farid'), pg_temp.id('member/jason'));

-- Invitations. No text has the digests of this file: it would begin with a byte that no text begins with.
insert into identity.invitations (biz_id, id, role_id, invited_by_id, email, token_hash, expires_at, created_at)
select
  pg_temp.biz(), pg_temp.id('invitation/' || v.mark), r.id, pg_temp.person(v.inviter), v.mark || '@' || v.domain, sha256('\xff'::bytea || uuid_send(pg_temp.id('invitation/' || v.mark))), now() + (7 - v.days) * interval '1 day',
  now() - v.days * interval '1 day'
from (values ('mei', 'keep.example', 'warehouse', 'noraini', 2), ('david.tan', 'mail.example', 'driver', 'noraini', 1), ('ravi', 'keep.example', 'driver', 'owner', 182), ('auditor', 'audit.example', 'analyst', 'owner', 30), ('suresh', 'mail.example', 'technician', 'azman', 21)) v (mark, domain, role, inviter, days)
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = v.role;
update identity.invitations i
set status = v.status, accepted_at = i.created_at + v.after, accepted_by_id = pg_temp.person(v.taker)
from (values ('ravi', 'accepted', interval '2 days', 'ravi'), ('auditor', 'revoked', null, null), ('suresh', 'expired', null, null)) v (mark, status, after, taker)
where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invitation/' || v.mark);
insert into identity.invitation_locations (biz_id, invitation_id, location_id)
select pg_temp.biz(), pg_temp.id('invitation/' || v.mark), pg_temp.location(v.location)
from (values ('mei', 'PKL'), ('david.tan', 'PKL'), ('david.tan', 'SHA')) v (mark, location);

-- Programs.
insert into identity.api_keys (biz_id, id, name, key_prefix, key_hash, scopes, ip_allow, status, expires_at, last_used_at, created_at)
select
  pg_temp.biz(), pg_temp.id('api_key/' || v.mark), v.name, 'bzk_' || left(md5('keep ' || v.mark), 10), sha256('\xff'::bytea || uuid_send(pg_temp.id('api_key/' || v.mark))), v.scopes, v.ip_allow, 'active', now() + v.days_left * interval '1 day',
  now() - v.minutes * interval '1 minute', now() - v.days * interval '1 day'
from (values
  ('edi', 'EDI of customers', '{booking.create,booking.read,inventory.read}'::text[], '{203.0.113.64/28}'::text[], null, 3, 380), ('temperature', 'Loggers of temperature', '{resources.write}', '{}', 200, 5, 165),
  ('accounting', 'AutoCount', '{billing.read,payments.read}', '{}', 14, 30, 351), ('accounting-2', 'AutoCount 2', '{billing.read,payments.read,ledger.read}', '{}', 365, 400, 1), ('old-gate', 'Former gate', '{booking.check_in}', '{}', null, 60000, 500)
) v (mark, name, scopes, ip_allow, days_left, minutes, days);
update identity.api_keys k
set status = case k.name when 'AutoCount' then 'rotating' else 'revoked' end, replaced_by_id = case k.name when 'AutoCount' then pg_temp.id('api_key/accounting-2') end
where k.biz_id = pg_temp.biz() and k.name in ('AutoCount', 'Former gate');
insert into identity.webhook_endpoints (biz_id, id, name, url, topics, secret_sealed, status, failure_count, last_success_at, last_failure_at, last_error, created_at)
select
  pg_temp.biz(), pg_temp.id('webhook_endpoint/' || v.mark), v.name, v.url, v.topics, s.sealed, 'active', v.failures, now() - v.ok_minutes * interval '1 minute', now() - v.bad_minutes * interval '1 minute', v.error, now() - interval '150 days'
from (values
  ('cahaya', 'Cahaya Foods', 'https://edi.cahaya.example/in', '{booking.*}'::text[], 0, 40, null, null), ('gate', 'Gate of Port Klang', 'https://gate.keep.example/events', '{booking.checked_in,booking.checked_out}', 1, 70, 15, 'timeout after 10 s'),
  ('damai', 'Damai Furniture', 'https://api.damai.example/keep', '{booking.checked_out}', 31, 90000, 50000, '404 Not Found')
) v (mark, name, url, topics, failures, ok_minutes, bad_minutes, error)
-- SQL cannot seal: their secret is a text that was sealed for this tenant.
cross join (select c.email_enc as sealed from crm.customers c where c.biz_id = pg_temp.biz() and c.email_enc is not null order by c.number limit 1) s;
update identity.webhook_endpoints e
set status = case e.name when 'Cahaya Foods' then 'paused' else 'disabled' end
where e.biz_id = pg_temp.biz() and e.name in ('Cahaya Foods', 'Damai Furniture');
insert into identity.webhook_deliveries (
  biz_id, id, endpoint_id, event_id, event_seq, event_occurred_at, topic, attempts, status, response_code, response_excerpt, duration_ms, next_attempt_at, delivered_at
)
select
  pg_temp.biz(), pg_temp.id('webhook_delivery/gate/' || e.nth), pg_temp.id('webhook_endpoint/gate'), e.id, e.seq, e.occurred_at, e.topic, case k.status when 'pending' then 0 when 'retrying' then 2 when 'failed' then 9 else 1 end, k.status,
  case k.status when 'delivered' then 200 when 'failed' then 500 end, case k.status when 'delivered' then 'OK' when 'failed' then 'barrier offline' end, case when k.status <> 'pending' then 60 + e.nth * 11 % 240 end,
  case when k.status in ('pending', 'retrying') then now() + e.nth % 5 * interval '1 minute' end, case when k.status = 'delivered' then now() - (90 - e.nth) * interval '14 minutes' end
from (
  select o.*, row_number() over (order by o.seq) nth from core.outbox_events o where o.biz_id = pg_temp.biz() and o.topic in ('booking.checked_in', 'booking.checked_out') order by o.seq limit 40
) e
cross join lateral (select case when e.nth > 38 then 'pending' when e.nth > 36 then 'retrying' when e.nth % 15 = 0 then 'failed' else 'delivered' end status) k;

-- Pins, telephones and second factors.
insert into identity.approval_pins (biz_id, id, member_id, pin_phc, failed_attempts, last_used_at)
select
  pg_temp.biz(), pg_temp.id('approval_pin/' || v.mark), pg_temp.member(v.mark),
  '$argon2id$v=19$m=19456,t=2,p=1$' || rtrim(encode(substr(sha256(convert_to(v.mark, 'UTF8')), 1, 16), 'base64'), '=') || '$' || rtrim(encode(sha256('\xff'::bytea || uuid_send(pg_temp.id('approval_pin/' || v.mark))), 'base64'), '='), v.failed,
  now() - v.hours * interval '1 hour'
from (values ('owner', 0, 40), ('azman', 0, 3), ('aisyah', 2, 28)) v (mark, failed, hours);
insert into identity.device_tokens (biz_id, id, user_id, member_id, platform, push_endpoint, keys_sealed, name, app_version, locale, last_seen_at, revoked_at)
select
  pg_temp.biz(), pg_temp.id('device_token/' || v.place), case v.mark when 'cahaya' then pg_temp.id('user/cahaya') end, pg_temp.member(v.mark), v.platform, case v.platform when 'web' then 'https://push.example/w/' else v.platform || ':' end || pg_temp.id('push/' || v.place),
  case v.platform when 'web' then sha256(convert_to(v.name, 'UTF8')) end, v.name, case when v.platform <> 'web' then '3.8.' || v.place % 3 end, 'en-MY', now() - v.hours * interval '1 hour', case when v.mark = 'jason' then now() - v.hours * interval '1 hour' end
from (values (1, 'kumar', 'android', 'Scanner 1', 1), (2, 'hafiz', 'android', 'Truck WXY 2207', 2), (3, 'ravi', 'android', 'Truck VDB 881', 5), (4, 'lim', 'web', 'Chrome, dispatch', 1), (5, 'owner', 'ios', 'iPhone of Nurul', 4), (6, 'jason', 'ios', 'iPhone', 900), (7, 'cahaya', 'web', 'Edge, Cahaya', 70)) v (place, mark, platform, name, hours);
insert into identity.mfa_factors (id, user_id, kind, label, secret_sealed, secret_hash, last_counter, confirmed_at, last_used_at)
select
  pg_temp.id('mfa_factor/' || v.place), pg_temp.person(v.mark), v.kind, v.label, case when v.kind <> 'recovery_code' then sha256(convert_to('secret ' || v.place, 'UTF8')) end,
  case when v.kind = 'recovery_code' then sha256('\xff'::bytea || uuid_send(pg_temp.id('mfa_factor/' || v.place))) end, case v.kind when 'totp' then extract(epoch from now())::bigint / 30 - 4000 end, now() - v.place * interval '30 days', now() - v.place * interval '7 hours'
from (values (1, 'aisyah', 'totp', 'Authenticator'), (2, 'priya', 'totp', 'Phone'), (3, 'azman', 'sms', 'Mobile'), (4, 'aisyah', 'recovery_code', null)) v (place, mark, kind, label);
insert into identity.trusted_devices (id, user_id, fingerprint_hash, name, trusted_until, last_seen_at, last_ip, created_at)
select pg_temp.id('trusted_device/' || v.place), pg_temp.person(v.mark), sha256(convert_to('device ' || v.place, 'UTF8')), v.name, now() + v.place * interval '6 days', now() - v.place * interval '3 hours', '198.51.100.' || 20 + v.place, now() - interval '40 days'
from (values (1, 'owner', 'Laptop of Nurul'), (2, 'desk', 'Office PC'), (3, 'aisyah', 'Accounts PC')) v (place, mark, name);
insert into identity.sessions (id, user_id, family_id, generation, refresh_token_hash, active_biz_id, user_agent, ip, last_seen_at, expires_at, revoked_at, revoke_reason, created_at)
select
  pg_temp.id('session/' || v.place), pg_temp.person(v.mark), pg_temp.id('session_family/' || v.place), 1, sha256('\xff'::bytea || uuid_send(pg_temp.id('session/' || v.place))), pg_temp.biz(), v.agent, '198.51.100.' || 20 + v.place,
  now() - v.hours * interval '1 hour', now() - v.hours * interval '1 hour' + interval '29 days', case when v.reason is not null then now() - v.hours * interval '1 hour' + interval '3 hours' end, v.reason, now() - v.hours * interval '1 hour'
from (values
  (1, 'kumar', 'Bizing/3.8 (Android 15)', 2, null), (2, 'lim', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0', 1, null), (3, 'aisyah', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edge/140.0', 6, null), (4, 'farid', 'Bizing/3.7 (Android 13)', 99, 'by_platform'),
  (5, 'jason', 'Bizing/3.4 (iOS 17)', 900, 'member_removed')
) v (place, mark, agent, hours, reason);
insert into identity.verifications (id, user_id, identifier, purpose, code_hash, attempts, expires_at, consumed_at, ip, created_at)
select
  pg_temp.id('verification/' || v.place), pg_temp.person(v.mark), v.identifier, v.purpose, sha256('\xff'::bytea || uuid_send(pg_temp.id('verification/' || v.place))), v.attempts, now() - v.hours * interval '1 hour' + interval '15 minutes',
  case when v.is_used then now() - v.hours * interval '1 hour' + interval '3 minutes' end, '198.51.100.' || 20 + v.place, now() - v.hours * interval '1 hour'
from (values (1, 'ravi', 'ravi@keep.example', 'email', 1, 4000, true), (2, 'farid', 'farid@keep.example', 'password_reset', 2, 98, false), (3, 'azman', '+60125550144', 'mfa', 1, 8, true)) v (place, mark, identifier, purpose, attempts, hours, is_used);
insert into identity.security_events (id, user_id, active_biz_id, kind, identifier_hash, permission_code, ip, user_agent, detail, occurred_at)
select
  pg_temp.id('security_event/' || v.place), pg_temp.person(v.mark), case when v.kind <> 'login_fail' then pg_temp.biz() end, v.kind, case when v.kind in ('login_fail', 'locked_out') then sha256(convert_to(v.mark, 'UTF8')) end, v.permission, '198.51.100.' || 20 + v.place % 7,
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0', v.detail::jsonb, now() - v.hours * interval '1 hour'
from (values
  (1, 'kumar', 'login_ok', null, '{}', 2), (2, 'lim', 'login_ok', null, '{}', 1), (3, 'aisyah', 'login_ok', null, '{"mfa": "totp"}', 6), (4, 'farid', 'login_fail', null, '{}', 99), (5, 'farid', 'locked_out', null, '{"minutes": 15}', 98.9),
  (6, 'hafiz', 'permission_denied', 'billing.read', '{}', 31), (7, 'azman', 'password_changed', null, '{}', 210), (8, 'jason', 'session_revoked', null, '{"reason": "member_removed"}', 897), (9, 'priya', 'mfa_added', null, '{"kind": "totp"}', 1400)
) v (place, mark, kind, permission, detail, hours);
insert into identity.impersonations (biz_id, id, actor_id, target_user_id, reason, ticket_ref, started_at, expires_at, ended_at)
select
  pg_temp.biz(), pg_temp.id('impersonation/' || v.place), pg_temp.person(v.actor), pg_temp.person(v.target), v.reason, v.ticket, now() - v.hours * interval '1 hour', now() - v.hours * interval '1 hour' + interval '30 minutes',
  now() - v.hours * interval '1 hour' + v.minutes * interval '1 minute'
from (values (1, 'owner', 'kumar', 'List of arrivals stays empty on the scanner.', 'SUP-3107', 70, 12), (2, 'priya', 'farid', 'Checked what a suspended account still sees.', 'QA-19', 90, 30)) v (place, actor, target, reason, ticket, hours, minutes);

-- Accounts that several people share.
insert into identity.group_accounts (biz_id, id, name, kind, billing_contact_type, billing_contact_id, note)
select pg_temp.biz(), pg_temp.id('group_account/' || v.mark), v.name, v.kind, 'Customer', pg_temp.customer(v.nth), v.note
from (values ('cahaya', 'Cahaya Group', 'company', 2, 'Foods and beverages book on one account, one statement a month.'), ('bayu', 'Bayu cold chain partners', 'team', 1, null)) v (mark, name, kind, nth, note);
insert into identity.group_account_members (biz_id, id, group_account_id, user_id, customer_type, customer_id, role, spending_limit_minor, currency, starts_on, ends_on)
select
  pg_temp.biz(), pg_temp.id('group_account_member/' || v.mark || '/' || v.nth), pg_temp.id('group_account/' || v.mark), case when v.nth = 0 then pg_temp.id('user/cahaya') end, case when v.nth > 0 then 'Customer' end, case when v.nth > 0 then pg_temp.customer(v.nth) end, v.role,
  v.spending_limit, case when v.spending_limit is not null then 'MYR' end, pg_temp.day(-300), pg_temp.day(v.until)
from (values ('cahaya', 2, 'owner', null, null), ('cahaya', 6, 'member', 800000, null), ('cahaya', 0, 'admin', null, null), ('bayu', 1, 'owner', null, null), ('bayu', 11, 'member', 500000, null), ('bayu', 23, 'member', 500000, -20)) v (mark, nth, role, spending_limit, until);
drop table demo_people;
