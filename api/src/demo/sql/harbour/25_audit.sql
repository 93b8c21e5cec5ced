-- Others may use: audit_stream/booking, audit_stream/staff (chains of what happened to bookings, and of all else).

-- What staff and programs did.
insert into audit.audit_events (biz_id, id, occurred_at, actor_type, actor_id, on_behalf_of_id, action, subject_type, subject_id, before, after, reason, ip)
select
  pg_temp.biz(), pg_temp.id('audit_event/' || v.place), now() - v.hours * interval '1 hour', v.actor_type,
  case v.actor_type when 'user' then pg_temp.person(v.actor) when 'api_key' then pg_temp.id('api_key/' || v.actor) end, pg_temp.person(v.behalf), v.action, v.subject_type,
  case v.subject_type when 'Customer' then pg_temp.customer(v.nth) when 'Location' then pg_temp.location('CAS') when 'Member' then pg_temp.member('desk')
    when 'BookingOrder' then pg_temp.booking('confirmed', v.nth) when 'UnitType' then (select u.id from resources.unit_types u where u.biz_id = pg_temp.biz() order by u.sort_key, u.id limit 1) end,
  v.before::jsonb, v.after::jsonb, v.reason, case when v.actor_type <> 'system' then '203.0.113.' || 10 + v.place % 12 end
from (values
  (1, 'user', 'owner', null, 'identity.member_invited', null, null, null, '{"role": "front_desk"}', null, 620), (2, 'user', 'owner', null, 'identity.member_suspended', 'Member', 1, '{"status": "active"}', '{"status": "suspended"}', 'Left the key of the bar in the door.', 480),
  (3, 'user', 'owner', null, 'identity.member_reactivated', 'Member', 1, '{"status": "suspended"}', '{"status": "active"}', null, 455), (4, 'user', 'owner', null, 'core.location_updated', 'Location', 1, '{"phone": null}', '{"phone": "+351 214 555 088"}', null, 430),
  (5, 'user', 'desk', null, 'crm.customer_updated', 'Customer', 1, '{"locale": "pt-BR"}', '{"locale": "pt-PT"}', null, 400), (6, 'user', 'desk', null, 'crm.customer_merged', 'Customer', 1, null, '{"merged": 1}', 'Same guest, once without accents from the channel.', 210),
  (7, 'user', 'owner', null, 'crm.customer_blocked', 'Customer', 59, '{"status": "active"}', '{"status": "blocked"}', 'Broke a bathroom twice and left without paying for it.', 300), (8, 'user', 'owner', null, 'crm.customer_unblocked', 'Customer', 59, '{"status": "blocked"}', '{"status": "active"}', 'Wrong record.', 299),
  (9, 'user', 'desk', null, 'booking.changed', 'BookingOrder', 3, '{"party_size": 1}', '{"party_size": 2}', null, 84), (10, 'user', 'desk', null, 'booking.changed', 'BookingOrder', 5, '{"note": null}', '{"note": "Birthday"}', null, 70),
  (11, 'user', 'desk', 'owner', 'booking.discounted', 'BookingOrder', 7, '{"discount_minor": 0}', '{"discount_minor": 1500}', 'Waited for the room.', 149.8), (12, 'user', 'owner', null, 'pricing.rate_changed', 'UnitType', 1, '{"night_minor": 11500}', '{"night_minor": 11900}', 'Season', 340),
  (13, 'system', null, null, 'channels.account_degraded', null, null, null, '{"account": "Expedia"}', null, 20), (14, 'system', null, null, 'identity.api_key_rotated', null, null, null, '{"name": "Accounting"}', null, 96),
  (15, 'api_key', 'website', null, 'booking.requested', 'BookingOrder', 11, null, '{"channel": "web"}', null, 44), (16, 'api_key', 'website', null, 'booking.requested', 'BookingOrder', 12, null, '{"channel": "web"}', null, 31),
  (17, 'api_key', 'accounting', null, 'billing.exported', null, null, null, '{"rows": 214}', null, 160), (18, 'user', 'analyst', null, 'analytics.exported', null, null, null, '{"report": "Occupancy by month"}', null, 120),
  (19, 'user', 'analyst', null, 'analytics.exported', null, null, null, '{"report": "Pick-up"}', null, 26), (20, 'user', 'owner', null, 'core.setting_changed', null, null, '{"feedback.ask_after_hours": 48}', '{"feedback.ask_after_hours": 24}', null, 220),
  (21, 'user', 'desk', null, 'hospitality.room_moved', 'BookingOrder', 9, '{"room": "101"}', '{"room": "104"}', 'Noise from the delivery.', 17), (22, 'user', 'owner', null, 'identity.impersonation_started', 'Member', 1, null, '{"ticket": "SUP-2041"}', 'Could not see the arrivals of Cascais.', 150),
  (23, 'user', 'desk', null, 'crm.consent_withdrawn', 'Customer', 20, null, '{"purpose": "marketing"}', null, 52), (24, 'user', 'desk', null, 'crm.document_verified', 'Customer', 21, null, '{"kind": "passport"}', null, 6)
) v (place, actor_type, actor, behalf, action, subject_type, nth, before, after, reason, hours);

-- Two chains, sealed up to an hour ago.
create or replace function pg_temp.chain_step(bytea, bytea) returns bytea language sql immutable as $$ select sha256($1 || $2) $$;
create or replace aggregate pg_temp.chain(bytea) (
  sfunc = pg_temp.chain_step, stype = bytea, initcond = '\x0000000000000000000000000000000000000000000000000000000000000000'
);
insert into audit.audit_streams (biz_id, id, name)
select pg_temp.biz(), pg_temp.id('audit_stream/' || v.name), v.name
from (values ('booking'), ('staff')) v (name);
update audit.audit_events e
set stream_id = c.stream_id, seq = c.seq, prev_digest = c.prev_digest, digest = c.digest, sealed_at = greatest(c.occurred_at, now() - interval '1 hour')
from (
  select
    c.*, coalesce(lag(c.digest) over (partition by c.stream_id order by c.seq), decode(repeat('00', 32), 'hex')) prev_digest
  from (
    select
      s.id stream_id, a.id, a.occurred_at, row_number() over w seq,
      pg_temp.chain(sha256(convert_to(concat_ws('|', a.id, a.occurred_at, a.actor_id, a.action, a.subject_type, a.subject_id, a.before, a.after, a.reason), 'UTF8'))) over w digest
    from audit.audit_events a
    join audit.audit_streams s on s.biz_id = a.biz_id and s.name = case when a.actor_type = 'system' and a.action like 'booking.%' then 'booking' else 'staff' end
    where a.biz_id = pg_temp.biz() and (a.occurred_at < now() - interval '20 hours' or a.actor_type = 'system')
    window w as (partition by s.id order by a.occurred_at, a.id)
  ) c
) c
where e.biz_id = pg_temp.biz() and e.occurred_at = c.occurred_at and e.id = c.id;
update audit.audit_streams s
set last_seq = l.seq, last_digest = l.digest, last_sealed_at = l.sealed_at
from (
  select distinct on (e.stream_id) e.stream_id, e.seq, e.digest, e.sealed_at from audit.audit_events e
  where e.biz_id = pg_temp.biz() and e.stream_id is not null order by e.stream_id, e.seq desc
) l
where s.biz_id = pg_temp.biz() and s.id = l.stream_id;
insert into audit.audit_anchors (biz_id, id, stream_id, seq, digest, provider, external_ref, anchored_at)
select
  pg_temp.biz(), pg_temp.id('audit_anchor/' || s.name || '/' || e.seq), s.id, e.seq, e.digest, 'rfc3161', 'tsa.example/' || encode(substr(e.digest, 1, 12), 'hex'), now() - (s.last_seq - e.seq) * interval '20 minutes'
from audit.audit_streams s
join audit.audit_events e on e.biz_id = s.biz_id and e.stream_id = s.id
where s.biz_id = pg_temp.biz() and (e.seq % 50 = 0 or (s.name = 'staff' and e.seq % 8 = 0));
insert into audit.audit_integrity_runs (biz_id, id, stream_id, from_seq, to_seq, anchor_id)
select pg_temp.biz(), pg_temp.id('audit_integrity_run/' || s.name || '/' || a.seq), s.id, 1 + coalesce(lag(a.seq) over (partition by s.id order by a.seq), 0), a.seq, a.id
from audit.audit_anchors a
join audit.audit_streams s on s.biz_id = a.biz_id and s.id = a.stream_id
where a.biz_id = pg_temp.biz()
union all
select pg_temp.biz(), pg_temp.id('audit_integrity_run/' || s.name || '/all'), s.id, 1, s.last_seq, null
from audit.audit_streams s
where s.biz_id = pg_temp.biz();
update audit.audit_integrity_runs r
set status = 'running', started_at = now() - (400 - r.to_seq) * interval '1 minute', checked_count = case when r.anchor_id is null then 12 else 0 end
where r.biz_id = pg_temp.biz() and (r.anchor_id is not null or r.stream_id = pg_temp.id('audit_stream/staff'));
update audit.audit_integrity_runs r
set status = 'passed', finished_at = r.started_at + interval '2 seconds', checked_count = r.to_seq - r.from_seq + 1, anchor_digest = a.digest
from audit.audit_anchors a
where r.biz_id = pg_temp.biz() and a.biz_id = r.biz_id and a.id = r.anchor_id;

-- What happened to bookings, version by version.
insert into audit.domain_events (biz_id, id, aggregate_type, aggregate_id, aggregate_version, type, payload, occurred_at, causation_id, correlation_id)
select
  o.biz_id, pg_temp.id('domain_event/' || o.number || '/' || v.step), 'BookingOrder', o.id, v.step, v.type,
  case v.step when 1 then jsonb_build_object('number', o.number, 'kind', o.kind, 'channel', o.channel, 'total_minor', o.total_minor, 'currency', o.currency) else '{}' end, v.occurred_at,
  case when v.step > 1 then pg_temp.id('domain_event/' || o.number || '/' || v.step - 1) end, pg_temp.id('correlation/' || o.number)
from (
  select o.* from booking.booking_orders o where o.biz_id = pg_temp.biz() and o.booked_at between now() - interval '27 days' and now() order by o.booked_at desc limit 90
) o
cross join lateral (
  select row_number() over (order by e.place)::integer step, e.type, e.occurred_at
  from (values
    (1, 'booking.created', o.booked_at), (2, 'booking.confirmed', o.confirmed_at), (3, 'booking.checked_in', o.checked_in_at), (4, 'booking.checked_out', o.checked_out_at),
    (5, 'booking.cancelled', o.cancelled_at)
  ) e (place, type, occurred_at)
  where e.occurred_at is not null and e.occurred_at <= now()
) v;

-- Who looked at whose data.
insert into audit.access_log (biz_id, id, actor_type, actor_id, subject_type, subject_id, fields, purpose, reason, ip, occurred_at)
select
  pg_temp.biz(), pg_temp.id('access_log/' || n), 'user', p.user_id, 'Customer', c.id, v.fields, v.purpose, v.reason, '203.0.113.' || 11 + n % 6, now() - n * interval '290 minutes'
from generate_series(1, 110) n
cross join lateral (
  select
    case n % 10 when 9 then 'owner' when 7 then 'analyst' else 'desk' end who,
    case n % 10 when 9 then '{full_name,email,phone,date_of_birth}'::text[] when 7 then '{full_name,nationality}' when 3 then '{number_of_document}' else '{email,phone}' end fields,
    case when n % 30 = 19 then 'legal' when n % 10 = 9 then 'support' when n % 20 = 17 then 'export' when n % 10 = 7 then 'administration' when n % 10 = 5 then 'billing' when n = 12 then 'fraud' else 'service' end purpose,
    case when n % 30 = 19 then 'Request of the police, case 112/26.' when n % 20 = 17 then 'List for the customer survey.' when n = 12 then 'Card was reported stolen.' end reason
) v
join crm.customers c on c.biz_id = pg_temp.biz() and c.number = core.format_number('CUS', '', 1 + n * 7 % 60, 6)
join (select w who, pg_temp.person(w) user_id from unnest(array['owner', 'desk', 'analyst']) w) p on p.who = v.who;
drop aggregate pg_temp.chain(bytea);
drop function pg_temp.chain_step(bytea, bytea);
