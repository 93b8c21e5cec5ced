-- Facts of the pallet store, added up from its bookings; trips, work, gate and answers by arithmetic.

-- Revenue: what was sold by the day of the order, what is paid back by the day of its cancellation.
insert into analytics.fact_revenue_daily (biz_id, id, location_id, business_date, sellable_id, channel, currency, orders,
  quantity, gross_minor, discount_minor, tax_minor, net_minor, refunds_minor)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'revenue', f.location_id, f.business_date, f.sellable_id, f.channel)), f.*
from (
  select s.location_id, s.business_date, s.sellable_id, s.channel, s.currency, sum(s.orders)::integer, sum(s.quantity),
    sum(s.gross)::bigint, sum(s.discount)::bigint, sum(s.tax)::bigint, sum(s.gross - s.discount)::bigint, sum(s.refund)::bigint
  from (
    select o.location_id, o.business_date, l.sellable_id, o.channel, l.currency, 1 as orders, l.quantity,
      l.total_minor + l.discount_minor as gross, l.discount_minor as discount, l.tax_minor as tax, 0 as refund
    from booking.booking_orders o
    join booking.booking_order_lines l on l.biz_id = o.biz_id and l.order_id = o.id
    where o.biz_id = pg_temp.biz() and o.status in ('confirmed', 'in_progress', 'completed', 'no_show') and l.voided_at is null
    union all
    select o.location_id, o.cancelled_at::date, l.sellable_id, o.channel, l.currency, 0, 0, 0, 0, 0, round(l.total_minor * 0.3)
    from booking.booking_orders o
    join booking.booking_order_lines l on l.biz_id = o.biz_id and l.order_id = o.id
    where o.biz_id = pg_temp.biz() and o.status = 'cancelled'
  ) as s
  where s.business_date between pg_temp.day(-75) and pg_temp.day(-1)
  group by s.location_id, s.business_date, s.sellable_id, s.channel, s.currency
) as f;

insert into analytics.fact_revenue_monthly (biz_id, id, location_id, month_on, sellable_id, channel, currency, orders,
  quantity, gross_minor, discount_minor, tax_minor, net_minor, refunds_minor)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'revenue-month', f.location_id, f.month_on, f.sellable_id, f.channel)), f.*
from (
  select d.location_id, date_trunc('month', d.business_date)::date as month_on, d.sellable_id, d.channel, d.currency,
    sum(d.orders)::integer, sum(d.quantity), sum(d.gross_minor)::bigint, sum(d.discount_minor)::bigint, sum(d.tax_minor)::bigint,
    sum(d.net_minor)::bigint, sum(d.refunds_minor)::bigint
  from analytics.fact_revenue_daily d
  where d.biz_id = pg_temp.biz()
  group by d.location_id, date_trunc('month', d.business_date)::date, d.sellable_id, d.channel, d.currency
) as f;

insert into analytics.fact_margin_daily (biz_id, id, location_id, business_date, sellable_id, currency, net_minor,
  cogs_minor, margin_minor)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'margin', f.location_id, f.business_date, f.sellable_id)), f.location_id,
  f.business_date, f.sellable_id, f.currency, f.net, x.cogs, f.net - x.cogs
from (
  select d.location_id, d.business_date, d.sellable_id, d.currency, sum(d.net_minor)::bigint as net
  from analytics.fact_revenue_daily d
  where d.biz_id = pg_temp.biz() and d.orders > 0
  group by d.location_id, d.business_date, d.sellable_id, d.currency
) as f
cross join lateral (select round(f.net * (31 + extract(doy from f.business_date)::integer % 9) / 100.0)::bigint as cogs) as x;

insert into analytics.fact_top_sellables (biz_id, id, period_kind, starts_on, location_id, metric, currency, rank,
  sellable_id, amount_minor, quantity)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'top', r.kind, r.starts_on, r.place, r.metric, r.rank)), r.kind, r.starts_on, r.place,
  r.metric, case when r.metric <> 'quantity' then r.currency end, r.rank, r.sellable_id,
  case when r.metric <> 'quantity' then r.worth end, case when r.metric = 'quantity' then r.worth end
from (
  select g.*, row_number() over (partition by g.kind, g.starts_on, g.place, g.metric, g.currency order by g.worth desc, g.sellable_id) as rank
  from (
    select k.kind, date_trunc(k.kind, d.business_date)::date as starts_on, case k.all_places when false then d.location_id end as place,
      m.metric, d.currency, d.sellable_id, round(sum(case m.metric when 'quantity' then d.quantity when 'revenue' then d.net_minor else d.net_minor * 0.65 end)) as worth
    from analytics.fact_revenue_daily d
    join (values ('week', true, -22), ('month', true, -62), ('month', false, -62)) as k (kind, all_places, since)
      on d.business_date >= date_trunc(k.kind, pg_temp.day(k.since))::date
    cross join (values ('revenue'), ('quantity'), ('margin')) as m (metric)
    where d.biz_id = pg_temp.biz() and d.orders > 0
    group by 1, 2, 3, 4, 5, 6
  ) as g
) as r
where r.rank <= 5;

-- Forklifts as booked; bays by the pallets in them.
insert into analytics.fact_utilization_daily (biz_id, id, resource_id, location_id, business_date, day_minutes,
  bookable_minutes, firm_minutes, blocked_minutes, no_show_minutes)
select r.biz_id, pg_temp.id(concat_ws('/', 'utilization', r.id, g.day)), r.id, r.location_id, g.day, 1440,
  case t.kind when 'equipment' then 600 else 1440 end,
  case t.kind when 'equipment' then 240 * ((r.nth + g.d) % 3) else 700 + (r.nth * 83 + g.d * 29) % 620 end,
  case when (r.nth + g.d * 5) % 41 = 0 then 120 else 0 end, 0
from (
  select r.*, row_number() over (order by r.number)::integer as nth
  from resources.resources r
  where r.biz_id = pg_temp.biz()
) as r
join resources.resource_types t on t.biz_id = r.biz_id and t.id = r.type_id and t.kind in ('equipment', 'storage_bay')
cross join (select pg_temp.day(-d) as day, d from generate_series(1, 8) as d) as g
where r.nth <= 40;

-- The queue at the gate: one there is, or one of our own.
insert into queue.queues (biz_id, id, location_id, code, name, status)
select pg_temp.biz(), pg_temp.id('analytics/queue'), pg_temp.location('PKL'), 'GATE-A', 'Lorries at gate A', 'open'
where not exists (select from queue.queues q where q.biz_id = pg_temp.biz());

insert into analytics.fact_queue_hourly (biz_id, id, queue_id, business_date, hour, starts_at, joined, served, abandoned,
  wait_seconds, longest_wait_seconds, service_seconds, waited_to_5_min, waited_to_10_min, waited_to_20_min, waited_to_40_min,
  waited_longer)
select q.biz_id, pg_temp.id(concat_ws('/', 'queue', q.id, g.d, h.hour)), q.id, pg_temp.day(-g.d), h.hour,
  pg_temp.at(-g.d, make_time(h.hour, 0, 0)), x.served, x.served, 0, x.served * 700, 2000, x.served * 900, 1, x.served - 3, 1, 1, 0
from (select q.biz_id, q.id from queue.queues q where q.biz_id = pg_temp.biz() and q.deleted_at is null order by q.code, q.id limit 1) as q
cross join generate_series(1, 6) as g (d)
cross join generate_series(8, 17) as h (hour)
cross join lateral (select 4 + (g.d * 3 + h.hour) % 5 as served) as x;

insert into analytics.fact_dispatch_daily (biz_id, id, depot_location_id, business_date, tasks, completed, on_time, failed,
  distance_m, drive_minutes, eta_error_seconds)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'dispatch', v.place, d)), pg_temp.location(v.place), pg_temp.day(-d), x.tasks,
  x.tasks - x.failed, x.tasks - x.failed - (d + v.base) % 4, x.failed, x.tasks * 28600 + d * 540, x.tasks * 52, x.tasks * (240 + d % 5 * 60)
from (values ('PKL', 11), ('SHA', 7)) as v (place, base)
cross join generate_series(1, 28) as d
cross join lateral (select v.base + (d * 5) % 7 as tasks, case when d % 9 = 0 then 1 else 0 end as failed) as x;

insert into analytics.fact_workforce_daily (biz_id, id, location_id, business_date, department_id, planned_minutes,
  worked_minutes, overtime_minutes, absent_minutes, headcount, currency, cost_minor)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'workforce', v.place, d)), pg_temp.location(v.place), pg_temp.day(-d), null,
  v.people * 480, v.people * 480 + x.overtime, x.overtime, 0, v.people, 'MYR', (v.people * 480 + x.overtime) * 32 + x.overtime * 16
from (values ('PKL', 12), ('SHA', 7)) as v (place, people)
cross join generate_series(1, 28) as d
cross join lateral (select (d * 40 + v.people * 15) % 140 as overtime) as x;

insert into analytics.fact_nps_monthly (biz_id, id, location_id, month_on, promoters, passives, detractors)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'nps', v.place, m)), pg_temp.location(v.place),
  (date_trunc('month', pg_temp.day(0)) - make_interval(months => m))::date, v.good + (m * 5) % 4, 3 + m % 3, (m * 3) % 3
from (values ('PKL', 9), ('SHA', 6)) as v (place, good)
cross join generate_series(0, 5) as m;

insert into analytics.fact_refresh_watermarks (biz_id, id, fact, status, through_seq, through_date, stale_from_on,
  refreshed_at, attempts)
select pg_temp.biz(), pg_temp.id('watermark/' || v.fact), v.fact, v.status, e.seq, pg_temp.day(-1), pg_temp.day(v.stale),
  pg_temp.at(-1, '23:50'), 0
from (values
  ('revenue_daily', 'fresh', null), ('revenue_monthly', 'fresh', null), ('margin_daily', 'fresh', null), ('utilization_daily', 'stale', -2),
  ('top_sellables', 'fresh', null), ('queue_hourly', 'fresh', null), ('dispatch_daily', 'fresh', null), ('workforce_daily', 'fresh', null),
  ('nps_monthly', 'fresh', null)
) as v (fact, status, stale)
cross join (select coalesce(max(e.seq), 0) as seq from core.outbox_events e where e.biz_id = pg_temp.biz()) as e;
