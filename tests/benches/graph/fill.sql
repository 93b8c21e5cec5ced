-- One tenant's 10,000 bookings over two years, with all that hangs on them, under every constraint and trigger of the
-- migrations. The tenant is app.biz_id, its number among the benchmark's tenants is bench.tenant. Runs as one transaction.

create function pg_temp.dice(n integer, salt integer, sides integer) returns integer
language sql stable as $$
  select ((hashint4extended(n, current_setting('bench.tenant')::bigint * 100 + salt) & 2147483647) % sides)::integer
$$;
create function pg_temp.biz() returns uuid
language sql stable as $$ select current_setting('app.biz_id')::uuid $$;

-- Master data: two houses, eight room types with a pool and a sellable each, four fees, 4,000 customers -----------------

create temp table houses on commit drop as
select n, core.uuid_v7() as id from generate_series(0, 1) as n;
insert into core.locations (biz_id, id, code, name, kind, timezone, currency)
select pg_temp.biz(), h.id, 'BENCH' || h.n, 'House ' || h.n, 'property', 'Europe/Lisbon', 'EUR'
from houses h;

create temp table rooms on commit drop as
select n, core.uuid_v7() as id, core.uuid_v7() as type_id, core.uuid_v7() as pool_id
from generate_series(0, 7) as n;
insert into resources.unit_types (biz_id, id, code, name, location_id, max_occupancy)
select pg_temp.biz(), r.type_id, 'BENCH' || r.n, 'Room type ' || r.n, h.id, 4
from rooms r
join houses h on h.n = r.n % 2;
insert into availability.capacity_pools (biz_id, id, code, name, location_id, unit_type_id, capacity)
select pg_temp.biz(), r.pool_id, 'BENCH' || r.n, 'Rooms ' || r.n, h.id, r.type_id, 1000000
from rooms r
join houses h on h.n = r.n % 2;
insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name)
select pg_temp.biz(), r.id, 'unit_type', 'UnitType', r.type_id, 'Room type ' || r.n
from rooms r;

create temp table fees on commit drop as
select n, core.uuid_v7() as id from generate_series(0, 3) as n;
insert into catalog.sellables (biz_id, id, kind, name)
select pg_temp.biz(), f.id, 'fee', 'Extra ' || f.n
from fees f;

create temp table people on commit drop as
select n, core.uuid_v7() as id, 'Guest ' || n || ' of the house' as name from generate_series(0, 3999) as n;
insert into crm.customers (biz_id, id, number, full_name)
select pg_temp.biz(), p.id, 'BENCH-' || p.n, p.name
from people p;

-- Orders, numbered and identified in the order in which they were booked ------------------------------------------------

create temp table bookings on commit drop as
select
  row_number() over (order by w.booked_at, w.seed) as n,
  core.uuid_v7(w.booked_at) as id,
  w.*
from (
  select
    seed,
    d.day,
    d.day - interval '1 second' * (1 + pg_temp.dice(seed, 2, 90 * 86400)) as booked_at,
    1 + pg_temp.dice(seed, 3, 3) as lines,
    1 + pg_temp.dice(seed, 4, 3) as guests,
    1 + pg_temp.dice(seed, 5, 5) as days,
    4000 + 50 * pg_temp.dice(seed, 6, 240) as price_minor,
    500 + 50 * pg_temp.dice(seed, 7, 40) as fee_minor,
    pg_temp.dice(seed, 8, 100) as fate,
    pg_temp.dice(seed, 9, 4000) as customer,
    pg_temp.dice(seed, 10, 8) as room,
    pg_temp.dice(seed, 11, 4) as fee,
    (array['desk', 'phone', 'web', 'ota'])[1 + pg_temp.dice(seed, 12, 4)] as channel
  from generate_series(1, 10000) as seed
  cross join lateral (select date '2024-01-01' + pg_temp.dice(seed, 1, 731) as day) as d
) as w;
create unique index on bookings (id);
analyze bookings;

-- Line 1 is a room by days, line 2 (of two or three) another one, line 3 a fee.
create temp table items on commit drop as
select
  b.id as order_id,
  core.uuid_v7(b.booked_at) as id,
  line_no,
  case when line_no < 3 then (b.room + 2 * line_no) % 8 end as room,
  case when line_no = 3 then b.fee end as fee,
  case when line_no < 3 then b.days else b.guests end as quantity,
  case when line_no < 3 then b.price_minor else b.fee_minor end as unit_minor,
  b.day,
  b.booked_at
from bookings b
cross join lateral generate_series(1, b.lines) as line_no;

insert into booking.booking_orders (
  biz_id, id, number, kind, customer_id, location_id, channel, status, starts_at, ends_at, timezone, business_date,
  booked_at, party_size, currency, base_minor, total_minor, cancelled_at, cancel_reason, created_at, updated_at
)
select
  pg_temp.biz(), b.id, 'BENCH-' || lpad(b.n::text, 6, '0'), 'rental', p.id, h.id, b.channel,
  case
    when b.fate < 55 then 'completed'
    when b.fate < 75 then 'cancelled'
    when b.fate < 92 then 'confirmed'
    when b.fate < 95 then 'no_show'
    when b.fate < 96 then 'in_progress'
    else 'draft'
  end,
  (b.day + time '15:00') at time zone 'Europe/Lisbon',
  (b.day + b.days + time '11:00') at time zone 'Europe/Lisbon',
  'Europe/Lisbon', b.booked_at::date, b.booked_at, b.guests, 'EUR', i.base_minor, i.base_minor,
  case when b.fate between 55 and 74 then b.booked_at + interval '1 day' end,
  case when b.fate between 55 and 74 then 'Changed plans.' end,
  b.booked_at, b.booked_at
from bookings b
join people p on p.n = b.customer
join houses h on h.n = b.room % 2
join (select i.order_id, sum(i.quantity * i.unit_minor) as base_minor from items i group by i.order_id) i on i.order_id = b.id
order by b.n;

insert into booking.booking_order_lines (
  biz_id, id, order_id, line_no, sellable_id, name, quantity, unit, unit_price, total_minor, currency, starts_on,
  ends_on, created_at, updated_at
)
select
  pg_temp.biz(), i.id, i.order_id, i.line_no, coalesce(r.id, f.id),
  coalesce('Room type ' || i.room, 'Extra ' || i.fee), i.quantity,
  case when i.room is null then 'each' else 'day' end,
  i.unit_minor / 100.0, i.quantity * i.unit_minor, 'EUR',
  case when i.room is not null then i.day end,
  case when i.room is not null then i.day + i.quantity end,
  i.booked_at, i.booked_at
from items i
left join rooms r on r.n = i.room
left join fees f on f.n = i.fee
order by i.booked_at, i.line_no;

-- One period for up to two days, two for more.
insert into booking.booking_pricing_periods (
  biz_id, id, order_line_id, rate_name, starts_on, ends_on, rate, subtotal_minor, currency, created_at, updated_at
)
select
  pg_temp.biz(), core.uuid_v7(i.booked_at), i.id, p.name, i.day + p.start, i.day + p.until, i.unit_minor / 100.0,
  i.unit_minor * (p.until - p.start), 'EUR', i.booked_at, i.booked_at
from items i
cross join lateral (
  values ('First nights', 0, least(i.quantity, 2)), ('Further nights', 2, i.quantity)
) as p (name, start, until)
where i.room is not null
  and p.until > p.start
order by i.booked_at, i.line_no, p.start;

insert into booking.booking_participants (biz_id, id, order_id, customer_id, name, role, created_at, updated_at)
select
  pg_temp.biz(), core.uuid_v7(b.booked_at), b.id, case g when 1 then p.id end,
  case g when 1 then p.name else 'Companion ' || g end,
  case g when 1 then 'payer' else 'guest' end, b.booked_at, b.booked_at
from bookings b
cross join lateral generate_series(1, b.guests) as g
join people p on p.n = b.customer
order by b.n, g;
