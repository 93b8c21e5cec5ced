-- Others may use, by pg_temp.person(name) and pg_temp.member(name), beside owner, desk and analyst: ana (reception LIS),
-- bruno (reception CAS), carla (housekeeping), dinis (manager of LIS, food and drink), eva (server), fabio (kitchen),
-- goncalo (technician), irina (finance), jorge (driver), tomas (dispatcher), lidia (hr), miguel (buyer), rosa (stores),
-- nadia (compliance), filipa and marco (therapists, the human resources SPA-P1 and SPA-P2), paula (yoga teacher). Not
-- active: sara (invited), vasco (suspended), telmo (removed). All sign in with the password of the demo.
-- Groups: group_account/carvalho, group_account/atlantico, group_account/choir.

-- People.
create temporary table demo_people on commit drop as
select *
from (values
  ('ana', 'Ana Rodrigues', 'front_desk', 'LIS', 'Receptionist', 'active', 900),
  ('bruno', 'Bruno Teles', 'front_desk', 'CAS', 'Receptionist', 'active', 610),
  ('carla', 'Carla Mendonça', 'housekeeper', 'LIS', 'Head of housekeeping', 'active', 1400),
  ('dinis', 'Dinis Falcão', 'manager', 'LIS', 'Food and drink manager', 'active', 1120),
  ('eva', 'Eva Sampaio', 'server', 'LIS', 'Waitress', 'active', 240),
  ('fabio', 'Fábio Lourenço', 'kitchen', 'LIS', 'Head chef', 'active', 760),
  ('goncalo', 'Gonçalo Reis', 'technician', null, 'Technician', 'active', 1900),
  ('irina', 'Irina Costa', 'finance', null, 'Accountant', 'active', 1300),
  ('jorge', 'Jorge Antunes', 'driver', null, 'Driver', 'active', 330),
  ('tomas', 'Tomás Vilar', 'dispatcher', 'LIS', 'Transfers desk', 'active', 410),
  ('lidia', 'Lídia Prates', 'hr', null, 'Human resources', 'active', 980),
  ('miguel', 'Miguel Tavares', 'buyer', null, 'Buyer', 'active', 700),
  ('rosa', 'Rosa Baptista', 'warehouse', 'LIS', 'Stores', 'active', 520),
  ('nadia', 'Nádia Coelho', 'compliance', null, 'Data protection officer', 'active', 450),
  ('filipa', 'Filipa Nunes', 'front_desk', 'SPA', 'Therapist', 'active', 800),
  ('marco', 'Marco Leitão', 'front_desk', 'SPA', 'Therapist', 'active', 365),
  ('paula', 'Paula Serrão', 'instructor', 'SPA', 'Yoga teacher', 'active', 200),
  ('sara', 'Sara Quintela', 'front_desk', 'CAS', 'Night auditor', 'invited', 3),
  ('vasco', 'Vasco Pimentel', 'cashier', 'LIS', 'Bar', 'active', 500),
  ('telmo', 'Telmo Faria', 'driver', null, 'Driver', 'active', 1000)
) v (mark, name, role, location, title, status, days);
insert into identity.users (id, full_name, email_normalized, locale, timezone, kyc_level, created_at)
select pg_temp.id('user/' || p.mark), p.name, p.mark || '@harbour.example', 'pt-PT', 'Europe/Lisbon', 'basic', now() - p.days * interval '1 day'
from demo_people p
union all
-- A customer who books online.
select pg_temp.id('user/rafael'), 'Rafael Figueiredo', 'rafael@atlantico.example', 'pt-BR', null, 'basic', now() - interval '400 days';
update crm.customers c
set user_id = pg_temp.id('user/rafael')
where c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(12);
insert into identity.user_identities (id, user_id, provider, provider_subject, secret_phc, last_used_at)
select pg_temp.id('user_identity/' || p.mark), pg_temp.id('user/' || p.mark), 'password', pg_temp.id('user/' || p.mark)::text, o.secret_phc,
  case when p.days > 10 then now() - (5 + p.days % 90) * interval '37 minutes' end
from demo_people p
cross join (
  select i.secret_phc from identity.user_identities i where i.user_id = pg_temp.person('owner') and i.provider = 'password'
) o;
insert into identity.user_identities (id, user_id, provider, provider_subject, last_used_at)
select pg_temp.id('user_identity/google/' || v.mark), pg_temp.id('user/' || v.mark), 'google', '1000000000000000' || v.place, now() - v.place * interval '1 day'
from (values (1, 'dinis'), (2, 'lidia'), (3, 'rafael')) v (place, mark);
insert into identity.members (biz_id, id, user_id, invited_by_id, default_location_id, title, status, joined_at, created_at)
select
  pg_temp.biz(), pg_temp.id('member/' || p.mark), pg_temp.id('user/' || p.mark), pg_temp.person('owner'), pg_temp.location(p.location),
  p.title, p.status, case when p.status = 'active' then now() - p.days * interval '1 day' end, now() - (p.days + 2) * interval '1 day'
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
select pg_temp.biz(), pg_temp.id('member/' || v.mark), pg_temp.location(v.location)
from (values ('carla', 'CAS'), ('goncalo', 'LIS'), ('goncalo', 'CAS'), ('jorge', 'LIS'), ('jorge', 'CAS'), ('dinis', 'CAS')) v (mark, location);
update identity.members m
set status = case m.id when pg_temp.id('member/vasco') then 'suspended' else 'removed' end
where m.biz_id = pg_temp.biz()
  and m.id in (pg_temp.id('member/vasco'), pg_temp.id('member/telmo'));

-- Invitations. No text has the digests of this file: it would begin with a byte that no text begins with.
insert into identity.invitations (biz_id, id, role_id, invited_by_id, email, token_hash, status, expires_at, created_at)
select
  pg_temp.biz(), pg_temp.id('invitation/' || v.mark), r.id, pg_temp.person(v.inviter), v.mark || '@' || v.domain,
  sha256('\xff'::bytea || uuid_send(pg_temp.id('invitation/' || v.mark))), 'pending', now() + (7 - v.days) * interval '1 day', now() - v.days * interval '1 day'
from (values
  ('sara', 'harbour.example', 'front_desk', 'lidia', 3), ('beatriz.lemos', 'mail.example', 'housekeeper', 'lidia', 1),
  ('rita.godinho', 'mail.example', 'server', 'dinis', 2), ('ana', 'harbour.example', 'front_desk', 'owner', 902),
  ('jorge', 'harbour.example', 'driver', 'owner', 332), ('pedro.vaz', 'mail.example', 'kitchen', 'dinis', 16),
  ('bookkeeping', 'contas.example', 'finance', 'owner', 40), ('luis.moura', 'mail.example', 'technician', 'lidia', 24)
) v (mark, domain, role, inviter, days)
join identity.roles r on r.biz_id = pg_temp.biz() and r.code = v.role;
update identity.invitations i
set status = v.status, accepted_at = i.created_at + v.after, accepted_by_id = pg_temp.person(v.taker)
from (values
  ('ana', 'accepted', interval '2 days', 'ana'), ('jorge', 'accepted', interval '2 days', 'jorge'), ('pedro.vaz', 'expired', null, null),
  ('bookkeeping', 'revoked', null, null), ('luis.moura', 'expired', null, null)
) v (mark, status, after, taker)
where i.biz_id = pg_temp.biz() and i.id = pg_temp.id('invitation/' || v.mark);
insert into identity.invitation_locations (biz_id, invitation_id, location_id)
select pg_temp.biz(), pg_temp.id('invitation/' || v.mark), pg_temp.location(v.location)
from (values ('sara', 'CAS'), ('beatriz.lemos', 'LIS'), ('beatriz.lemos', 'CAS'), ('rita.godinho', 'LIS'), ('pedro.vaz', 'LIS')) v (mark, location);

-- Programs.
insert into identity.api_keys (biz_id, id, name, key_prefix, key_hash, scopes, ip_allow, status, expires_at, last_used_at, created_at)
select
  pg_temp.biz(), pg_temp.id('api_key/' || v.mark), v.name, 'bzk_' || left(md5('harbour ' || v.mark), 10),
  sha256('\xff'::bytea || uuid_send(pg_temp.id('api_key/' || v.mark))), v.scopes, v.ip_allow, 'active', now() + v.days_left * interval '1 day',
  now() - v.minutes * interval '1 minute', now() - v.days * interval '1 day'
from (values
  ('power-bi', 'Power BI', '{analytics.read,booking.read,crm.read}'::text[], '{203.0.113.0/28}'::text[], 180, 35, 185),
  ('website', 'Booking page', '{availability.read,booking.create,catalog.read,pricing.read}', '{}', null, 2, 400),
  ('door-locks', 'Door locks', '{booking.read,hospitality.read}', '{198.51.100.14/32}', 90, 11, 270),
  ('accounting-2', 'Accounting', '{billing.read,payments.read,ledger.read}', '{}', 365, 60, 4),
  ('accounting', 'Accounting (old)', '{billing.read,payments.read}', '{}', 3, 1500, 369),
  ('agency-test', 'Test of the agency', '{availability.read}', '{}', null, 86000, 120)
) v (mark, name, scopes, ip_allow, days_left, minutes, days);
update identity.api_keys k
set status = case k.name when 'Accounting (old)' then 'rotating' else 'revoked' end,
  replaced_by_id = case k.name when 'Accounting (old)' then pg_temp.id('api_key/accounting-2') end
where k.biz_id = pg_temp.biz() and k.name in ('Accounting (old)', 'Test of the agency');
insert into identity.webhook_endpoints (
  biz_id, id, name, url, topics, secret_sealed, status, failure_count, last_success_at, last_failure_at, last_error, created_at
)
select
  pg_temp.biz(), pg_temp.id('webhook_endpoint/' || v.mark), v.name, v.url, v.topics, s.sealed, 'active', v.failures,
  now() - v.ok_minutes * interval '1 minute', now() - v.bad_minutes * interval '1 minute', v.error, now() - interval '120 days'
from (values
  ('accounting', 'Accounting', 'https://hooks.contas.example/bizing', '{billing.*,payments.*}'::text[], 0, 25, null, null),
  ('locks', 'Door locks', 'https://locks.example/api/v2/stays', '{booking.checked_in,booking.checked_out}', 2, 140, 12, '503 Service Unavailable'),
  ('crm', 'Newsletter', 'https://in.newsletter.example/harbour', '{booking.created,booking.cancelled}', 0, 7200, null, null),
  ('old-pms', 'Former hotel system', 'https://pms.harbour.example/events', '{booking.*}', 25, 90000, 43000, 'certificate has expired')
) v (mark, name, url, topics, failures, ok_minutes, bad_minutes, error)
-- SQL cannot seal: their secret is a text that was sealed for this tenant.
cross join (select c.email_enc as sealed from crm.customers c where c.biz_id = pg_temp.biz() and c.email_enc is not null order by c.number limit 1) s;
update identity.webhook_endpoints e
set status = case e.name when 'Newsletter' then 'paused' else 'disabled' end
where e.biz_id = pg_temp.biz() and e.name in ('Newsletter', 'Former hotel system');
insert into identity.webhook_deliveries (
  biz_id, id, endpoint_id, event_id, event_seq, event_occurred_at, topic, attempts, status, response_code, response_excerpt, duration_ms,
  next_attempt_at, delivered_at
)
select
  pg_temp.biz(), pg_temp.id('webhook_delivery/' || v.mark || '/' || e.nth), pg_temp.id('webhook_endpoint/' || v.mark), e.id, e.seq,
  e.occurred_at, e.topic, case k.status when 'pending' then 0 when 'retrying' then 2 when 'failed' then 9 else 1 end, k.status,
  case k.status when 'delivered' then 200 when 'retrying' then 503 when 'failed' then 410 end,
  case k.status when 'delivered' then '{"ok":true}' when 'retrying' then 'upstream unavailable' when 'failed' then 'gone' end,
  case when k.status <> 'pending' then 80 + e.nth * 7 % 190 end,
  case when k.status in ('pending', 'retrying') then now() + e.nth % 5 * interval '1 minute' end,
  case when k.status = 'delivered' then now() - (120 - e.nth) * interval '11 minutes' end
from (values ('locks', '{booking.checked_in,booking.checked_out}'::text[]), ('crm', '{booking.created,booking.cancelled}')) v (mark, topics)
cross join lateral (
  select o.*, row_number() over (order by o.seq) nth from core.outbox_events o where o.biz_id = pg_temp.biz() and o.topic = any (v.topics)
  order by o.seq limit 45
) e
cross join lateral (
  select case when e.nth > 43 and v.mark = 'locks' then 'pending' when e.nth > 40 and v.mark = 'locks' then 'retrying'
    when e.nth % 17 = 0 then 'failed' else 'delivered' end status
) k;

-- Pins, telephones and second factors.
insert into identity.approval_pins (biz_id, id, member_id, pin_phc, failed_attempts, locked_until, last_used_at)
select
  pg_temp.biz(), pg_temp.id('approval_pin/' || v.mark), pg_temp.member(v.mark),
  '$argon2id$v=19$m=19456,t=2,p=1$' || rtrim(encode(substr(sha256(convert_to(v.mark, 'UTF8')), 1, 16), 'base64'), '=')
    || '$' || rtrim(encode(sha256('\xff'::bytea || uuid_send(pg_temp.id('approval_pin/' || v.mark))), 'base64'), '='),
  v.failed, case when v.failed = 5 then now() + interval '10 minutes' end, now() - v.hours * interval '1 hour'
from (values ('owner', 0, 70), ('dinis', 0, 5), ('irina', 1, 26), ('carla', 0, 90), ('ana', 5, 300)) v (mark, failed, hours);
insert into identity.device_tokens (
  biz_id, id, user_id, member_id, platform, push_endpoint, keys_sealed, name, app_version, locale, last_seen_at, revoked_at
)
select
  pg_temp.biz(), pg_temp.id('device_token/' || v.place), case v.mark when 'rafael' then pg_temp.id('user/rafael') end, pg_temp.member(v.mark), v.platform,
  case v.platform when 'web' then 'https://push.example/w/' else v.platform || ':' end || pg_temp.id('push/' || v.place),
  case v.platform when 'web' then sha256(convert_to(v.name, 'UTF8')) end, v.name, case when v.platform <> 'web' then '3.8.' || v.place % 3 end, 'pt-PT',
  now() - v.hours * interval '1 hour', case when v.is_revoked then now() - v.hours * interval '1 hour' end
from (values
  (1, 'ana', 'android', 'Ana''s phone', 1, false), (2, 'ana', 'web', 'Chrome, desk 1', 3, false), (3, 'bruno', 'ios', 'iPhone do Bruno', 9, false),
  (4, 'carla', 'android', 'Housekeeping tablet', 2, false), (5, 'goncalo', 'android', 'Gonçalo''s phone', 4, false), (6, 'jorge', 'android', 'Van 1', 6, false),
  (7, 'dinis', 'ios', 'iPhone of Dinis', 12, false), (8, 'owner', 'ios', 'iPhone da Helena', 1, false), (9, 'owner', 'web', 'Safari', 60, true),
  (10, 'telmo', 'android', 'Old van', 700, true), (11, 'rafael', 'android', 'Galaxy de Rafael', 31, false)
) v (place, mark, platform, name, hours, is_revoked);
insert into identity.mfa_factors (id, user_id, kind, label, secret_sealed, secret_hash, credential_id, last_counter, confirmed_at, last_used_at, used_up_at)
select
  pg_temp.id('mfa_factor/' || v.place), pg_temp.person(v.mark), v.kind, v.label,
  case when v.kind <> 'recovery_code' then sha256(convert_to('secret ' || v.place, 'UTF8')) end,
  case when v.kind = 'recovery_code' then sha256('\xff'::bytea || uuid_send(pg_temp.id('mfa_factor/' || v.place))) end,
  case when v.kind = 'webauthn' then sha256(convert_to('credential ' || v.place, 'UTF8')) end,
  case v.kind when 'totp' then extract(epoch from now())::bigint / 30 - 5000 when 'webauthn' then 41 end,
  case when v.place <> 8 then now() - v.place * interval '20 days' end, case when v.place < 8 then now() - v.place * interval '9 hours' end,
  case when v.place = 5 then now() - interval '45 hours' end
from (values
  (1, 'irina', 'totp', 'Work phone'), (2, 'irina', 'webauthn', 'Security key'), (3, 'nadia', 'totp', 'Authenticator'), (4, 'dinis', 'sms', 'Mobile'),
  (5, 'irina', 'recovery_code', null), (6, 'irina', 'recovery_code', null), (7, 'nadia', 'recovery_code', null), (8, 'lidia', 'totp', 'Phone')
) v (place, mark, kind, label);
insert into identity.trusted_devices (id, user_id, fingerprint_hash, name, trusted_until, last_seen_at, last_ip, revoked_at, created_at)
select
  pg_temp.id('trusted_device/' || v.place), pg_temp.person(v.mark), sha256(convert_to('device ' || v.place, 'UTF8')), v.name, now() + v.days * interval '1 day',
  now() - v.place * interval '5 hours', '203.0.113.' || 10 + v.place, case when v.days < 0 then now() - interval '2 days' end, now() - interval '50 days'
from (values (1, 'owner', 'MacBook of Helena', 20), (2, 'desk', 'Desk PC 1', 26), (3, 'ana', 'Desk PC 1', 12), (4, 'irina', 'Office laptop', 29),
  (5, 'dinis', 'Kitchen office', -1), (6, 'bruno', 'Desk PC Cascais', 8)) v (place, mark, name, days);
insert into identity.sessions (
  id, user_id, family_id, generation, refresh_token_hash, active_biz_id, user_agent, ip, last_seen_at, expires_at, rotated_at, replaced_by_id,
  revoked_at, revoke_reason, created_at
)
select
  pg_temp.id('session/' || v.place || '/' || g), pg_temp.person(v.mark), pg_temp.id('session_family/' || v.place), g,
  sha256('\xff'::bytea || uuid_send(pg_temp.id('session/' || v.place || '/' || g))), pg_temp.biz(), v.agent, '203.0.113.' || 10 + v.place,
  now() - v.hours * interval '1 hour' - (2 - g) * interval '50 minutes', now() + interval '29 days' - v.hours * interval '1 hour',
  case when g = 1 then now() - v.hours * interval '1 hour' end, case when g = 1 then pg_temp.id('session/' || v.place || '/2') end,
  case when g = 2 and v.reason is not null then now() - v.hours * interval '1 hour' + interval '20 minutes' end, case when g = 2 then v.reason end,
  now() - v.hours * interval '1 hour' - (2 - g) * interval '50 minutes'
from (values
  (1, 'ana', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0', 1, null), (2, 'bruno', 'Bizing/3.8 (iOS 19)', 3, null),
  (3, 'carla', 'Bizing/3.8 (Android 15)', 2, null), (4, 'irina', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/143.0', 5, null),
  (5, 'dinis', 'Mozilla/5.0 (Macintosh) Safari/19', 30, 'signed_out'), (6, 'vasco', 'Bizing/3.7 (Android 14)', 120, 'by_platform'),
  (7, 'telmo', 'Bizing/3.5 (Android 13)', 400, 'member_removed'), (8, 'lidia', 'Mozilla/5.0 (Windows NT 10.0) Edge/140.0', 26, 'password_changed')
) v (place, mark, agent, hours, reason)
cross join generate_series(1, 2) g;
insert into identity.verifications (id, user_id, identifier, purpose, code_hash, attempts, expires_at, consumed_at, superseded_at, ip, created_at)
select
  pg_temp.id('verification/' || v.place), pg_temp.person(v.mark), v.identifier, v.purpose, sha256('\xff'::bytea || uuid_send(pg_temp.id('verification/' || v.place))),
  v.attempts, now() - v.hours * interval '1 hour' + interval '15 minutes', case when v.fate = 'used' then now() - v.hours * interval '1 hour' + interval '2 minutes' end,
  case when v.fate = 'superseded' then now() - v.hours * interval '1 hour' + interval '5 minutes' end, '203.0.113.' || 10 + v.place, now() - v.hours * interval '1 hour'
from (values
  (1, 'ana', 'ana@harbour.example', 'email', 1, 400, 'used'), (2, 'lidia', 'lidia@harbour.example', 'password_reset', 0, 27, 'superseded'),
  (3, 'lidia', 'lidia@harbour.example', 'password_reset', 2, 26, 'used'), (4, 'dinis', '+351912000044', 'mfa', 1, 30, 'used'),
  (5, 'eva', '+351912000055', 'phone', 3, 50, 'open'), (6, null, 'beatriz.lemos@mail.example', 'email', 0, 0, 'open'), (7, 'vasco', 'vasco@harbour.example', 'password_reset', 5, 121, 'open')
) v (place, mark, identifier, purpose, attempts, hours, fate);
insert into identity.security_events (id, user_id, active_biz_id, session_id, kind, identifier_hash, permission_code, ip, user_agent, detail, occurred_at)
select
  pg_temp.id('security_event/' || v.place), pg_temp.person(v.mark), case when v.kind <> 'login_fail' then pg_temp.biz() end, null, v.kind,
  case when v.kind in ('login_fail', 'locked_out') then sha256(convert_to(coalesce(v.mark, 'nobody'), 'UTF8')) end, v.permission, '203.0.113.' || 10 + v.place % 9,
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0', v.detail::jsonb, now() - v.hours * interval '1 hour'
from (values
  (1, 'ana', 'login_ok', null, '{}', 1), (2, 'bruno', 'login_ok', null, '{}', 3), (3, 'carla', 'login_ok', null, '{}', 2), (4, 'irina', 'login_ok', null, '{"mfa": "totp"}', 5),
  (5, 'irina', 'mfa_failed', null, '{"kind": "totp"}', 5.1), (6, 'dinis', 'signed_out', null, '{}', 30), (7, 'vasco', 'login_fail', null, '{}', 122),
  (8, 'vasco', 'login_fail', null, '{}', 121.9), (9, 'vasco', 'locked_out', null, '{"minutes": 15}', 121.8), (10, 'lidia', 'password_reset', null, '{}', 26),
  (11, 'lidia', 'session_revoked', null, '{"reason": "password_changed"}', 26), (12, 'eva', 'permission_denied', 'booking.cancel', '{}', 44),
  (13, 'ana', 'permission_denied', 'pricing.write', '{}', 75), (14, 'ana', 'pin_failed', null, '{"attempts": 5}', 300), (15, 'irina', 'mfa_added', null, '{"kind": "webauthn"}', 500),
  (16, 'nadia', 'mfa_added', null, '{"kind": "totp"}', 480), (17, 'owner', 'device_trusted', null, '{"name": "MacBook of Helena"}', 470),
  (18, 'dinis', 'device_revoked', null, '{"name": "Kitchen office"}', 48), (19, 'owner', 'impersonation_started', null, '{"target": "desk"}', 150),
  (20, 'owner', 'impersonation_ended', null, '{"target": "desk"}', 149.6), (21, null, 'login_fail', null, '{}', 61), (22, 'telmo', 'session_revoked', null, '{"reason": "member_removed"}', 400),
  (23, 'filipa', 'login_ok', null, '{}', 8), (24, 'marco', 'login_ok', null, '{}', 7), (25, 'jorge', 'login_ok', null, '{}', 11), (26, 'desk', 'password_changed', null, '{}', 600)
) v (place, mark, kind, permission, detail, hours);
insert into identity.impersonations (biz_id, id, actor_id, target_user_id, reason, ticket_ref, started_at, expires_at, ended_at)
select
  pg_temp.biz(), pg_temp.id('impersonation/' || v.place), pg_temp.person(v.actor), pg_temp.person(v.target), v.reason, v.ticket,
  now() - v.hours * interval '1 hour', now() - v.hours * interval '1 hour' + interval '30 minutes',
  case when v.hours > 0 then now() - v.hours * interval '1 hour' + v.minutes * interval '1 minute' end
from (values
  (1, 'owner', 'desk', 'Could not see the arrivals of Cascais: looked at the role together.', 'SUP-2041', 150, 24),
  (2, 'nadia', 'vasco', 'Checked what a suspended account still sees.', 'DPO-88', 96, 9),
  (3, 'irina', 'ana', 'A receipt did not print; reproduced it on her screen.', 'SUP-2052', 52, 30),
  (4, 'owner', 'carla', 'Room list on the tablet stays empty.', 'SUP-2067', 0, null)
) v (place, actor, target, reason, ticket, hours, minutes);

-- Accounts that several people share.
insert into identity.group_accounts (biz_id, id, name, kind, billing_contact_type, billing_contact_id, note)
select pg_temp.biz(), pg_temp.id('group_account/' || v.mark), v.name, v.kind, 'Customer', pg_temp.customer(v.contact), v.note
from (values
  ('carvalho', 'Família Carvalho', 'family', 17, 'Comes every Easter and in the second half of August.'),
  ('atlantico', 'Atlântico Seguros, S.A.', 'company', 12, 'Company rate, invoice on the last day of the month.'),
  ('choir', 'Coro de Câmara de Viana', 'team', 14, null),
  ('studio', 'Katrin Becker', 'individual', 50, 'Freelance photographer, keeps private and business stays apart.')
) v (mark, name, kind, contact, note);
insert into identity.group_account_members (
  biz_id, id, group_account_id, customer_type, customer_id, role, spending_limit_minor, currency, starts_on, ends_on
)
select
  pg_temp.biz(), pg_temp.id('group_account_member/' || v.mark || '/' || v.nth), pg_temp.id('group_account/' || v.mark), 'Customer', pg_temp.customer(v.nth),
  v.role, v.spending_limit, case when v.spending_limit is not null then 'EUR' end, pg_temp.day(v.since), pg_temp.day(v.until)
from (values
  ('carvalho', 17, 'owner', null, -800, null), ('carvalho', 11, 'admin', null, -800, null), ('carvalho', 26, 'member', 30000, -500, null),
  ('carvalho', 33, 'dependent', 10000, -500, null), ('atlantico', 12, 'owner', null, -400, null), ('atlantico', 22, 'member', 150000, -400, null),
  ('atlantico', 37, 'member', 150000, -380, 240), ('atlantico', 39, 'member', 80000, -380, -30), ('choir', 14, 'owner', null, -90, null),
  ('choir', 34, 'admin', null, -90, null), ('choir', 38, 'member', 5000, -90, 30), ('choir', 52, 'member', 5000, -90, 30), ('studio', 50, 'owner', null, -200, null)
) v (mark, nth, role, spending_limit, since, until);
insert into identity.group_account_members (biz_id, id, group_account_id, user_id, role, spending_limit_minor, currency, starts_on)
select pg_temp.biz(), pg_temp.id('group_account_member/atlantico/user'), pg_temp.id('group_account/atlantico'), pg_temp.id('user/rafael'), 'admin', null, null, pg_temp.day(-400);
drop table demo_people;
