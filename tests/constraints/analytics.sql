-- given: a month of revenue, in two currencies that are never added
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_revenue_daily (biz_id, id, location_id, business_date, sellable_id, channel, currency, orders, quantity, gross_minor, discount_minor, tax_minor, net_minor)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000001', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-000000000064', 'desk', 'EUR', 1, 1, 10000, 500, 600, 9500),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000002', '00000000-0000-7000-8000-000000000011', '2027-03-31', '00000000-0000-7000-8000-000000000064', 'desk', 'EUR', 2, 2, 20000, 0, 1200, 20000),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000003', '00000000-0000-7000-8000-000000000011', '2027-03-31', '00000000-0000-7000-8000-000000000064', 'desk', 'USD', 1, 1, 100, 0, 6, 100);
insert into analytics.fact_revenue_monthly (biz_id, id, location_id, month_on, sellable_id, channel, currency, orders, quantity, gross_minor, discount_minor, tax_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000004', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-000000000064', 'desk', 'EUR', 3, 3, 30000, 500, 1800, 29500);
-- allowed: a late row changes a day, and the month follows
select set_config('role', 'bizing_platform', true);
update analytics.fact_revenue_daily set refunds_minor = 100 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000001';
update analytics.fact_revenue_monthly set refunds_minor = 100 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000004';
-- refused fact_revenue_monthly_sum_check: a month is the sum of its days
select set_config('role', 'bizing_platform', true);
update analytics.fact_revenue_monthly set refunds_minor = 100 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000004';
-- refused fact_revenue_monthly_sum_check: a month without days is not made up
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_revenue_monthly (biz_id, id, location_id, month_on, sellable_id, channel, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000005', '00000000-0000-7000-8000-000000000012', '2027-03-01', '00000000-0000-7000-8000-000000000064', 'desk', 'EUR');
-- refused fact_revenue_monthly_month_on_check: a month is named by its first day
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_revenue_monthly (biz_id, id, location_id, month_on, sellable_id, channel, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000005', '00000000-0000-7000-8000-000000000012', '2027-03-02', '00000000-0000-7000-8000-000000000064', 'desk', 'EUR');
-- refused fact_revenue_daily_net_check: net is gross less discount
select set_config('role', 'bizing_platform', true);
update analytics.fact_revenue_daily set net_minor = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000001';
-- race fact_revenue_daily_grain_key: two workers make one fact
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_revenue_daily (biz_id, id, location_id, business_date, sellable_id, channel, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-00000000f00:n', '00000000-0000-7000-8000-000000000012', '2027-03-01', '00000000-0000-7000-8000-000000000064', 'web', 'EUR');
-- allowed: facts of margin, use, occupancy, trips, work and recommendation
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_margin_daily (biz_id, id, location_id, business_date, sellable_id, currency, net_minor, cogs_minor, margin_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000011', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-000000000064', 'EUR', 9500, 10000, -500);
insert into analytics.fact_utilization_daily (biz_id, id, resource_id, location_id, business_date, day_minutes, bookable_minutes, firm_minutes, blocked_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000012', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011', '2027-10-31', 1500, 1500, 1440, 60);
insert into analytics.fact_occupancy_daily (biz_id, id, location_id, stay_date, unit_type_id, rooms_available, overbook_limit, rooms_sold, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000013', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-000000000045', 10, 1, 11, 'EUR');
insert into analytics.fact_dispatch_daily (biz_id, id, depot_location_id, business_date, tasks, completed, on_time, failed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000014', '00000000-0000-7000-8000-000000000011', '2027-03-01', 10, 8, 7, 2);
insert into analytics.fact_workforce_daily (biz_id, id, location_id, business_date, planned_minutes, worked_minutes, overtime_minutes, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000015', '00000000-0000-7000-8000-000000000011', '2027-03-01', 480, 500, 20, 'EUR');
insert into analytics.fact_nps_monthly (biz_id, id, month_on, promoters, passives, detractors) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000016', '2027-03-01', 6, 2, 2);
select 1 / (score = 40)::int from analytics.fact_nps_monthly where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000016';
-- refused fact_margin_daily_margin_check: the margin is net less cost
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_margin_daily (biz_id, id, location_id, business_date, sellable_id, currency, net_minor, cogs_minor, margin_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000011', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-000000000064', 'EUR', 9500, 5000, 5000);
-- refused fact_utilization_daily_day_check: nothing is taken for longer than the day
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_utilization_daily (biz_id, id, resource_id, location_id, business_date, day_minutes, bookable_minutes, firm_minutes, blocked_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000012', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011', '2027-03-28', 1380, 1380, 1380, 1);
-- refused fact_utilization_daily_day_minutes_check: a day has between 23 and 25 hours
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_utilization_daily (biz_id, id, resource_id, location_id, business_date, day_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000012', '00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011', '2027-03-28', 1320);
-- refused fact_occupancy_daily_sold_check: no more rooms are sold than there are and may be overbooked
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_occupancy_daily (biz_id, id, location_id, stay_date, unit_type_id, rooms_available, overbook_limit, rooms_sold, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000013', '00000000-0000-7000-8000-000000000011', '2027-03-01', '00000000-0000-7000-8000-000000000045', 10, 1, 12, 'EUR');
-- refused fact_dispatch_daily_tasks_check: no more is done than was due
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_dispatch_daily (biz_id, id, depot_location_id, business_date, tasks, completed, failed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000014', '00000000-0000-7000-8000-000000000011', '2027-03-01', 10, 8, 3);
-- refused fact_workforce_daily_overtime_check: overtime is worked
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_workforce_daily (biz_id, id, location_id, business_date, worked_minutes, overtime_minutes, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000015', '00000000-0000-7000-8000-000000000011', '2027-03-01', 10, 20, 'EUR');
-- refused fact_workforce_daily_grain_key: one fact for those of no department
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_workforce_daily (biz_id, id, location_id, business_date, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000015', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000017', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR');
-- refused fact_nps_monthly_grain_key: one fact for answers about no location
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_nps_monthly (biz_id, id, month_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000016', '2027-03-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000017', '2027-03-01');
-- refused fact_queue_hourly_waits_check: the waits counted are those of all who were served
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_queue_hourly (biz_id, id, queue_id, business_date, hour, starts_at, served, wait_seconds, waited_to_5_min)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000018', '00000000-0000-7029-8000-000000000099', '2027-03-01', 10, '2027-03-01 10:00Z', 2, 60, 1);
-- allowed: a ranking by revenue and another by number
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_top_sellables (biz_id, id, period_kind, starts_on, metric, currency, rank, sellable_id, amount_minor, quantity)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000021', 'month', '2027-03-01', 'revenue', 'EUR', 1, '00000000-0000-7000-8000-000000000064', 29500, null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000022', 'week', '2027-03-01', 'quantity', null, 1, '00000000-0000-7000-8000-000000000064', null, 3);
-- refused fact_top_sellables_place_key: a place is taken once, also over all locations
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_top_sellables (biz_id, id, period_kind, starts_on, metric, rank, sellable_id, quantity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000021', 'day', '2027-03-01', 'quantity', 1, '00000000-0000-7000-8000-000000000064', 3), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000022', 'day', '2027-03-01', 'quantity', 1, '00000000-0000-7000-8000-000000000064', 3);
-- refused fact_top_sellables_measure_check: amounts have a currency
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_top_sellables (biz_id, id, period_kind, starts_on, metric, rank, sellable_id, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000021', 'day', '2027-03-01', 'revenue', 1, '00000000-0000-7000-8000-000000000064', 3);
-- refused fact_top_sellables_starts_on_check: a week begins on Monday
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_top_sellables (biz_id, id, period_kind, starts_on, metric, rank, sellable_id, quantity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000021', 'week', '2027-03-02', 'quantity', 1, '00000000-0000-7000-8000-000000000064', 3);

-- given: a watermark
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_refresh_watermarks (biz_id, id, fact, status, through_seq, through_date, refreshed_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000031', 'revenue_daily', 'fresh', 100, '2027-03-31', now());
-- allowed: a late row reopens its date, and the facts are made again
select set_config('role', 'bizing_platform', true);
update analytics.fact_refresh_watermarks set status = 'stale', stale_from_on = '2027-03-15' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000031';
update analytics.fact_refresh_watermarks set status = 'refreshing', refreshing_since = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000031';
update analytics.fact_refresh_watermarks set status = 'fresh', refreshing_since = null, stale_from_on = null, through_seq = 120, refreshed_at = now()
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000031';
-- race fact_refresh_watermarks_fact_key: facts have one watermark
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_refresh_watermarks (biz_id, id, fact) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-00000000f10:n', 'margin_daily');
-- refused fact_refresh_watermarks_seq_forward_check: a watermark only moves forward
select set_config('role', 'bizing_platform', true);
update analytics.fact_refresh_watermarks set through_seq = 99 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000031';
-- refused fact_refresh_watermarks_stale_check: stale facts have a day to be made again
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_refresh_watermarks (biz_id, id, fact, status, refreshed_at) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000032', 'nps_monthly', 'stale', now());
-- refused fact_refresh_watermarks_status_transition_check: stale facts are made again before they are fresh
select set_config('role', 'bizing_platform', true);
insert into analytics.fact_refresh_watermarks (biz_id, id, fact) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7029-8000-000000000032', 'nps_monthly');
update analytics.fact_refresh_watermarks set status = 'fresh', refreshed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7029-8000-000000000032';
-- given: a measure
select set_config('role', 'bizing_platform', true);
insert into analytics.metric_definitions (code, name, description, formula, fact, grain, unit, owner)
values ('net_revenue', 'Net revenue', 'What was earned.', 'sum(net_minor)', 'revenue_daily', 'day', 'money', 'finance');
-- refused metric_definitions_pkey: one definition for a name
select set_config('role', 'bizing_platform', true);
insert into analytics.metric_definitions (code, name, description, formula, grain, unit, owner)
values ('net_revenue', 'Net revenue', 'Something else.', 'sum(gross_minor)', 'day', 'money', 'sales');
-- refused metric_definitions_ratio_check: ratios are not added up
select set_config('role', 'bizing_platform', true);
insert into analytics.metric_definitions (code, name, description, formula, grain, unit, owner)
values ('occupancy', 'Occupancy', 'Rooms sold.', 'sold / available', 'day', 'ratio', 'rooms');
