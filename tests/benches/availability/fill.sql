-- A tenant with 50 people of one type, each with a week and a lunch break of their own, and 100,000 bookings over two years,
-- a year back and a year ahead. The tenant is app.biz_id, the offer bench.offer. Runs as one transaction.

create function pg_temp.biz() returns uuid
language sql stable as $$ select current_setting('app.biz_id')::uuid $$;

create temp table made on commit drop as
select core.uuid_v7() as location, core.uuid_v7() as kind, core.uuid_v7() as service, core.uuid_v7() as version, core.uuid_v7() as component,
  core.uuid_v7() as opening, current_setting('bench.offer')::uuid as offer;

insert into core.locations (biz_id, id, code, name, kind, timezone, currency)
select pg_temp.biz(), m.location, 'BENCH', 'House', 'property', 'Europe/Lisbon', 'EUR' from made m;
insert into resources.resource_types (biz_id, id, code, name, kind)
select pg_temp.biz(), m.kind, 'BENCH', 'Stylist', 'human' from made m;
insert into catalog.services (biz_id, id, code, name, default_duration_minutes, buffer_after_minutes)
select pg_temp.biz(), m.service, 'BENCH', 'Haircut', 45, 10 from made m;
insert into catalog.offers (biz_id, id, code, kind, name)
select pg_temp.biz(), m.offer, 'BENCH', 'appointment', 'Haircut' from made m;
insert into catalog.offer_versions (biz_id, id, offer_id, version_no)
select pg_temp.biz(), m.version, m.offer, 1 from made m;
insert into catalog.offer_components (biz_id, id, offer_version_id, role, service_id)
select pg_temp.biz(), m.component, m.version, 'stylist', m.service from made m;
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_type_id)
select pg_temp.biz(), core.uuid_v7(), m.version, m.component, 'type', m.kind from made m;
update catalog.offer_versions v set status = 'in_review' from made m where v.id = m.version;
update catalog.offer_versions v set status = 'published', published_at = now(), effective_starts_at = now() - interval '1 year'
from made m where v.id = m.version;

create temp table people on commit drop as
select n, core.uuid_v7() as id, core.uuid_v7() as calendar from generate_series(1, 50) as n;
insert into resources.resources (biz_id, id, number, type_id, location_id, name, sort_key)
select pg_temp.biz(), p.id, 'B' || p.n, m.kind, m.location, 'Stylist ' || p.n, lpad(p.n::text, 3, '0') from people p cross join made m;
update resources.resources r set lifecycle_status = 'active' from people p where r.biz_id = pg_temp.biz() and r.id = p.id;

insert into availability.calendars (biz_id, id, code, name, kind, timezone)
select pg_temp.biz(), p.calendar, 'B' || p.n, 'Week ' || p.n, 'staff', 'Europe/Lisbon' from people p
union all
select pg_temp.biz(), m.opening, 'OPENING', 'Opening', 'opening', 'Europe/Lisbon' from made m;
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id)
select pg_temp.biz(), core.uuid_v7(), p.calendar, 'Resource', p.id from people p
union all
select pg_temp.biz(), core.uuid_v7(), m.opening, 'Location', m.location from made m;
insert into availability.availability_rules (biz_id, id, calendar_id, effect, priority, rrule, local_start, local_end)
select pg_temp.biz(), core.uuid_v7(), p.calendar, r.effect, r.priority, r.rrule, r.local_start::time, r.local_end::time
from people p
cross join (values
  ('open', 0, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '09:00', '18:00'),
  ('open', 0, 'FREQ=WEEKLY;BYDAY=SA', '10:00', '16:00'),
  ('closed', 1, 'FREQ=DAILY', '13:00', '14:00')) as r (effect, priority, rrule, local_start, local_end)
union all
select pg_temp.biz(), core.uuid_v7(), m.opening, 'open', 0, null, '08:00', '20:00' from made m;
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name)
select pg_temp.biz(), core.uuid_v7(), m.opening, date_trunc('month', now())::date + n * 31, 'Day ' || n from made m cross join generate_series(0, 11) as n;

insert into availability.allocations (biz_id, id, source_type, source_id, resource_id, exclusive, status,
  service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at)
select pg_temp.biz(), core.uuid_v7(), 'Resource', p.id, p.id, true, 'firm',
  t.at, t.at + interval '45 minutes', t.at, t.at + interval '55 minutes'
from people p
cross join generate_series(0, 1999) as b
cross join lateral (
  select date_trunc('day', now()) - interval '365 days' + (b / 3) * interval '26 hours 15 minutes'
    + (b % 3) * interval '2 hours' + (p.n % 7) * interval '20 minutes' as at) t;
