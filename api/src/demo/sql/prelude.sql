-- What the files of the demo tenants are written with. Run in the transaction that makes a tenant, as the platform, with
-- app.biz_id set; gone with the session.

-- The id of a row that has a name: the same name is the same row, in every run. Names are table/name, such as staff/ana.
create or replace function pg_temp.id(name text) returns uuid
language sql stable as $$
  select overlay(md5(b.slug || ':' || name) placing '8' from 13 for 1)::uuid
  from core.bizes b
  where b.id = nullif(current_setting('app.biz_id', true), '')::uuid
$$;

create or replace function pg_temp.biz() returns uuid
language sql stable as $$ select nullif(current_setting('app.biz_id', true), '')::uuid $$;

-- Today in the tenant's zone, and so many days later (or earlier).
create or replace function pg_temp.day(later integer default 0) returns date
language sql stable as $$
  select (now() at time zone b.default_timezone)::date + later from core.bizes b where b.id = pg_temp.biz()
$$;

-- A local time on the day so many days from today.
create or replace function pg_temp.at(later integer, local_time time) returns timestamptz
language sql stable as $$
  select (pg_temp.day(later) + local_time) at time zone b.default_timezone from core.bizes b where b.id = pg_temp.biz()
$$;

create or replace function pg_temp.location(code text) returns uuid
language sql stable as $$
  select l.id from core.locations l where l.biz_id = pg_temp.biz() and l.code = location.code
$$;

-- The nth customer, from 1, by number.
create or replace function pg_temp.customer(nth integer) returns uuid
language sql stable as $$
  select c.id from crm.customers c where c.biz_id = pg_temp.biz() order by c.number offset nth - 1 limit 1
$$;

-- The nth order, from 1, among those of a status, by number.
create or replace function pg_temp.booking(status text, nth integer) returns uuid
language sql stable as $$
  select o.id from booking.booking_orders o
  where o.biz_id = pg_temp.biz() and o.status = booking.status order by o.number offset nth - 1 limit 1
$$;

-- The user, and the member, whose mail address begins like this: owner, desk, analyst.
create or replace function pg_temp.person(name text) returns uuid
language sql stable as $$
  select u.id from identity.users u join core.bizes b on b.id = pg_temp.biz()
  where u.email_normalized = person.name || '@' || b.slug || '.example'
$$;
create or replace function pg_temp.member(name text) returns uuid
language sql stable as $$
  select m.id from identity.members m where m.biz_id = pg_temp.biz() and m.user_id = pg_temp.person(name)
$$;

-- The nth resource, from 1, of a kind (room, human, ...), by number.
create or replace function pg_temp.resource(kind text, nth integer) returns uuid
language sql stable as $$
  select r.id from resources.resources r
  join resources.resource_types t on t.biz_id = r.biz_id and t.id = r.type_id
  where r.biz_id = pg_temp.biz() and t.kind = resource.kind order by r.number offset nth - 1 limit 1
$$;
