-- Facts of the hotels, added up from their bookings; what no booking tells (queues, trips, work, answers) by arithmetic.

insert into analytics.metric_definitions (code, name, description, formula, fact, grain, unit, is_additive, is_higher_better,
  owner)
values
  ('net_revenue', 'Net revenue', 'What was earned, without tax, after discounts.', 'sum(net_minor)', 'revenue_daily', 'day', 'money', true, true, 'Finance'),
  ('monthly_revenue', 'Net revenue by month', 'The same, by calendar month.', 'sum(net_minor)', 'revenue_monthly', 'month', 'money', true, true, 'Finance'),
  ('margin_rate', 'Margin', 'What is left of revenue after goods and labour.', 'sum(margin_minor) / sum(net_minor)', 'margin_daily', 'day', 'ratio', false, true, 'Finance'),
  ('utilization', 'Utilization', 'How much of the time that could be booked was taken.', 'sum(firm_minutes) / sum(bookable_minutes - blocked_minutes)', 'utilization_daily', 'day', 'ratio', false, true, 'Operations'),
  ('occupancy', 'Occupancy', 'Rooms sold of the rooms that could be sold.', 'sum(rooms_sold) / sum(rooms_available)', 'occupancy_daily', 'day', 'ratio', false, true, 'Revenue'),
  ('adr', 'Average daily rate', 'What a room sold earned in a night.', 'sum(room_revenue_minor) / sum(rooms_sold - rooms_complimentary)', 'occupancy_daily', 'day', 'money', false, true, 'Revenue'),
  ('revpar', 'Revenue per available room', 'What a room earned in a night, sold or not.', 'sum(room_revenue_minor) / sum(rooms_available)', 'occupancy_daily', 'day', 'money', false, true, 'Revenue'),
  ('average_wait', 'Average wait', 'How long those served had waited.', 'sum(wait_seconds) / sum(served)', 'queue_hourly', 'hour', 'seconds', false, false, 'Front desk'),
  ('on_time_rate', 'On time', 'Trips done in time, of those done.', 'sum(on_time) / sum(completed)', 'dispatch_daily', 'day', 'ratio', false, true, 'Transport'),
  ('distance', 'Distance', 'How far vehicles went.', 'sum(distance_m)', 'dispatch_daily', 'day', 'metres', true, null, 'Transport'),
  ('overtime', 'Overtime', 'Minutes worked beyond what was agreed.', 'sum(overtime_minutes)', 'workforce_daily', 'day', 'minutes', true, false, 'People'),
  ('labour_cost', 'Cost of labour', 'What the hours worked cost.', 'sum(cost_minor)', 'workforce_daily', 'day', 'money', true, false, 'People'),
  ('nps', 'Net promoter score', 'Promoters less detractors, in percent of those who answered.', '100 * (sum(promoters) - sum(detractors)) / sum(promoters + passives + detractors)', 'nps_monthly', 'month', 'score', false, true, 'Guest relations')
on conflict (code) do nothing;

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

-- Rooms by night, from the nights that are reserved.
insert into analytics.fact_occupancy_daily (biz_id, id, location_id, stay_date, unit_type_id, rooms_available,
  overbook_limit, rooms_sold, rooms_complimentary, rooms_out_of_order, arrivals, departures, currency, room_revenue_minor)
select t.biz_id, pg_temp.id(concat_ws('/', 'occupancy', t.id, g.day)), t.location_id, g.day, t.id,
  u.rooms - x.broken, 1, least(coalesce(n.sold, 0), u.rooms - x.broken + 1), 0, x.broken, coalesce(n.arrivals, 0),
  coalesce(d.departures, 0), 'EUR', coalesce(n.revenue, 0)
from resources.unit_types t
join (
  select u.unit_type_id, count(*)::integer as rooms
  from resources.unit_details u
  where u.biz_id = pg_temp.biz()
  group by u.unit_type_id
) as u on u.unit_type_id = t.id
cross join (select pg_temp.day(d) as day, d from generate_series(-30, -1) as d) as g
cross join lateral (select case when u.rooms > 3 and g.d in (-17, -16, -6) then 1 else 0 end as broken) as x
left join (
  select n.unit_type_id, n.stay_date, count(*)::integer as sold, sum(n.rate_minor)::bigint as revenue,
    count(*) filter (where n.stay_date = o.check_in_on)::integer as arrivals
  from hospitality.reservation_nights n
  join booking.booking_orders o on o.biz_id = n.biz_id and o.id = n.booking_order_id
  where n.biz_id = pg_temp.biz() and n.released_at is null and o.status not in ('cancelled', 'held', 'declined', 'expired')
  group by n.unit_type_id, n.stay_date
) as n on n.unit_type_id = t.id and n.stay_date = g.day
left join (
  select r.unit_type_id, o.check_out_on, count(*)::integer as departures
  from hospitality.reservation_details r
  join booking.booking_orders o on o.biz_id = r.biz_id and o.id = r.booking_order_id
  where r.biz_id = pg_temp.biz() and o.status not in ('cancelled', 'held', 'declined', 'expired')
  group by r.unit_type_id, o.check_out_on
) as d on d.unit_type_id = t.id and d.check_out_on = g.day
where t.biz_id = pg_temp.biz();

-- How much of rooms, treatment rooms and people was taken in the last days.
insert into analytics.fact_utilization_daily (biz_id, id, resource_id, location_id, business_date, day_minutes,
  bookable_minutes, firm_minutes, blocked_minutes, no_show_minutes)
select r.biz_id, pg_temp.id(concat_ws('/', 'utilization', r.id, g.day)), r.id, r.location_id, g.day, 1440,
  case when t.kind = 'unit' then 1440 else 540 end,
  case when x.blocked > 0 then 0 when t.kind = 'unit' then case when (r.nth * 7 + g.d * 5) % 10 < 7 then 1440 else 0 end
    else 120 + (r.nth * 45 + g.d * 75) % 360 end,
  x.blocked, case when x.blocked = 0 and t.kind <> 'unit' and (r.nth + g.d) % 9 = 0 then 60 else 0 end
from (
  select r.*, row_number() over (order by r.number)::integer as nth
  from resources.resources r
  where r.biz_id = pg_temp.biz()
) as r
join resources.resource_types t on t.biz_id = r.biz_id and t.id = r.type_id and t.kind in ('unit', 'room', 'human')
cross join (select pg_temp.day(-d) as day, d from generate_series(1, 8) as d) as g
cross join lateral (select case when t.kind = 'unit' and (r.nth + g.d * 3) % 37 = 0 then 720 else 0 end as blocked) as x
where r.nth <= 40;

-- Queues: those there are, or one of our own.
insert into queue.queues (biz_id, id, location_id, code, name, status)
select pg_temp.biz(), pg_temp.id('analytics/queue'), pg_temp.location('LIS'), 'ARRIVALS', 'Arrivals at the desk', 'open'
where not exists (select from queue.queues q where q.biz_id = pg_temp.biz());

insert into analytics.fact_queue_hourly (biz_id, id, queue_id, business_date, hour, starts_at, joined, served, abandoned,
  wait_seconds, longest_wait_seconds, service_seconds, waited_to_5_min, waited_to_10_min, waited_to_20_min, waited_to_40_min,
  waited_longer)
select q.biz_id, pg_temp.id(concat_ws('/', 'queue', q.id, g.d, h.hour)), q.id, pg_temp.day(-g.d), h.hour,
  pg_temp.at(-g.d, make_time(h.hour, 0, 0)), x.served + x.lost, x.served, x.lost, x.served * (150 + 40 * x.rush), 300 + 110 * x.rush,
  x.served * 260, x.served - x.rush, x.rush - x.rush / 2, x.rush / 2 - x.rush / 4, x.rush / 4, 0
from (
  select q.biz_id, q.id, row_number() over (order by q.code, q.id)::integer as nth
  from queue.queues q
  where q.biz_id = pg_temp.biz() and q.deleted_at is null
) as q
cross join generate_series(1, 6) as g (d)
cross join generate_series(9, 18) as h (hour)
cross join lateral (
  select case when h.hour between 14 and 17 then 4 else 1 end + (g.d + q.nth) % 2 as rush,
    case when h.hour between 14 and 17 then 9 else 4 end + (g.d * 3 + h.hour + q.nth) % 4 as served,
    case when (g.d + h.hour) % 6 = 0 then 1 else 0 end as lost
) as x
where q.nth <= 2;

-- Trips, work and what guests would recommend.
insert into analytics.fact_dispatch_daily (biz_id, id, depot_location_id, business_date, tasks, completed, on_time, failed,
  distance_m, drive_minutes, eta_error_seconds)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'dispatch', v.place, d)), pg_temp.location(v.place), pg_temp.day(-d), x.tasks,
  x.tasks - x.failed, x.tasks - x.failed - (d + v.base) % 3, x.failed, x.tasks * 17400 + d * 310, x.tasks * 34, x.tasks * (95 + d % 5 * 20)
from (values ('LIS', 9), ('CAS', 5)) as v (place, base)
cross join generate_series(1, 28) as d
cross join lateral (select v.base + (d * 5) % 6 as tasks, case when d % 8 = 0 then 1 else 0 end as failed) as x;

insert into analytics.fact_workforce_daily (biz_id, id, location_id, business_date, department_id, planned_minutes,
  worked_minutes, overtime_minutes, absent_minutes, headcount, currency, cost_minor)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'workforce', v.place, d)), pg_temp.location(v.place), pg_temp.day(-d), null,
  v.people * 480, x.worked, x.overtime, x.absent, v.people - case when x.absent > 0 then 1 else 0 end, 'EUR',
  x.worked * 16 + x.overtime * 8
from (values ('LIS', 14), ('CAS', 9), ('SPA', 4)) as v (place, people)
cross join generate_series(1, 28) as d
cross join lateral (
  select case when (d + v.people) % 6 = 0 then 480 else 0 end as absent, (d * 35 + v.people * 10) % 90 as overtime
) as y
cross join lateral (select y.absent, y.overtime, v.people * 480 - y.absent + y.overtime as worked) as x;

insert into analytics.fact_nps_monthly (biz_id, id, location_id, month_on, promoters, passives, detractors)
select pg_temp.biz(), pg_temp.id(concat_ws('/', 'nps', v.place, m)), pg_temp.location(v.place),
  (date_trunc('month', pg_temp.day(0)) - make_interval(months => m))::date, v.good + (m * 5) % 7, 9 + m % 4, v.bad + (m * 3) % 4
from (values ('LIS', 38, 5), ('CAS', 24, 4), ('SPA', 19, 1)) as v (place, good, bad)
cross join generate_series(0, 7) as m;

insert into analytics.fact_refresh_watermarks (biz_id, id, fact, status, through_seq, through_date, stale_from_on,
  refreshing_since, refreshed_at, error, attempts)
select pg_temp.biz(), pg_temp.id('watermark/' || v.fact), v.fact, v.status, e.seq, pg_temp.day(-1), pg_temp.day(v.stale),
  case v.status when 'refreshing' then now() - interval '2 minutes' end, pg_temp.at(-1, '23:50'), v.error, v.attempts
from (values
  ('revenue_daily', 'fresh', null, null, 0), ('revenue_monthly', 'fresh', null, null, 0), ('margin_daily', 'stale', -4, null, 0),
  ('utilization_daily', 'fresh', null, null, 0), ('top_sellables', 'refreshing', -2, null, 0), ('occupancy_daily', 'fresh', null, null, 0),
  ('queue_hourly', 'fresh', null, null, 0), ('dispatch_daily', 'failed', -3, 'Two trips of the day have no depot.', 2),
  ('workforce_daily', 'fresh', null, null, 0), ('nps_monthly', 'fresh', null, null, 0)
) as v (fact, status, stale, error, attempts)
cross join (select coalesce(max(e.seq), 0) as seq from core.outbox_events e where e.biz_id = pg_temp.biz()) as e;
