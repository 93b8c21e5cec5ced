-- Others may use: calendar/<gate-pkl, gate-sha, my-holidays>; series/weekly-forklift (recurrence series).

-- Calendars and their rules.
insert into availability.calendars (biz_id, id, code, name, kind, timezone, default_state)
select pg_temp.biz(), pg_temp.id('calendar/' || v.code), v.code, v.name, v.kind, 'Asia/Kuala_Lumpur', v.state
from (values ('gate-pkl', 'Gate Port Klang', 'opening', 'closed'), ('gate-sha', 'Gate Shah Alam', 'opening', 'closed'), ('my-holidays', 'Public holidays, Selangor', 'holiday', 'open')) v (code, name, kind, state);
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id, priority)
select pg_temp.biz(), pg_temp.id('calendar-binding/' || v.calendar || '/' || v.location), pg_temp.id('calendar/' || v.calendar), 'Location', pg_temp.location(v.location), v.priority
from (values ('gate-pkl', 'PKL', 0), ('gate-sha', 'SHA', 0), ('my-holidays', 'PKL', 10), ('my-holidays', 'SHA', 10)) v (calendar, location, priority);
insert into availability.calendar_overlays (biz_id, id, calendar_id, name, effect, starts_on, ends_on)
values (pg_temp.biz(), pg_temp.id('overlay/ramadan'), pg_temp.id('calendar/gate-pkl'), 'Shorter days', 'replace', pg_temp.day(75), pg_temp.day(105)), (pg_temp.biz(), pg_temp.id('overlay/peak'), pg_temp.id('calendar/gate-pkl'), 'Year-end peak, Sundays', 'add', pg_temp.day(-5), pg_temp.day(40));
insert into availability.availability_rules (biz_id, id, calendar_id, overlay_id, name, effect, rrule, local_start, local_end, starts_on)
select pg_temp.biz(), pg_temp.id('availability-rule/' || v.n), case when v.calendar is not null then pg_temp.id('calendar/' || v.calendar) end, case when v.overlay is not null then pg_temp.id('overlay/' || v.overlay) end, v.name, v.effect, v.rrule, v.starts::time, v.ends::time, pg_temp.day(-300)
from (values (1, 'gate-pkl', null, 'Weekdays', 'open', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '07:00', '19:00'), (2, 'gate-pkl', null, 'Saturday', 'open', 'FREQ=WEEKLY;BYDAY=SA', '08:00', '13:00'), (3, 'gate-sha', null, 'Weekdays', 'open', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '08:00', '17:00'),
  (4, null, 'ramadan', 'Weekdays', 'open', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '07:00', '16:00'), (5, null, 'peak', 'Sunday', 'open', 'FREQ=WEEKLY;BYDAY=SU', '08:00', '12:00'), (6, 'gate-pkl', null, 'Friday prayers', 'closed', 'FREQ=WEEKLY;BYDAY=FR', '12:45', '14:15')) v (n, calendar, overlay, name, effect, rrule, starts, ends);
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name)
select pg_temp.biz(), pg_temp.id('holiday/' || y || '/' || v.month || '-' || v.day), pg_temp.id('calendar/my-holidays'), make_date(y, v.month, v.day), v.name
from (values (1, 1, 'Tahun Baharu'), (5, 1, 'Hari Pekerja'), (8, 31, 'Hari Kebangsaan'), (9, 16, 'Hari Malaysia'), (12, 11, 'Hari Keputeraan Sultan Selangor'), (12, 25, 'Krismas')) v (month, day, name)
cross join generate_series(extract(year from pg_temp.day())::integer, extract(year from pg_temp.day())::integer + 1) y;

-- Time that is taken; days that are not sold.
insert into availability.blocks (biz_id, id, resource_id, starts_at, ends_at, reason, note, status, lifted_at)
select pg_temp.biz(), pg_temp.id('block/' || v.n), r.id, pg_temp.at(v.since, '07:00'), pg_temp.at(v.until, '18:00'), v.reason, v.note, case when v.lifted is null then 'active' else 'lifted' end, pg_temp.at(v.lifted, '10:00')
from (values (1, 'TRK-03', -6, 12, 'maintenance', 'Turbo replacement.', null::integer), (2, 'PKL-D2', 6, 6, 'maintenance', 'Dock seal.', null), (3, 'PKL-D1', -4, -3, 'weather', 'Flood warning, did not come.', -4), (4, 'TRK-01', 31, 31, 'maintenance', 'Puspakom.', null)) v (n, number, since, until, reason, note, lifted)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;
insert into availability.slots (biz_id, id, pool_id, location_id, business_date, starts_at, ends_at, capacity, overbook_limit, status)
select p.biz_id, pg_temp.id('slot/' || p.code || '/' || n), p.id, p.location_id, pg_temp.day(n), pg_temp.at(n, '00:00'), pg_temp.at(n + 1, '00:00'), p.capacity, p.overbook_limit, case p.code when 'PKL-CHL' then 'closed' else 'stop_sell' end
from availability.capacity_pools p
cross join generate_series(70, 72) n
where p.biz_id = pg_temp.biz() and p.code in ('PKL-CHL', 'SHA-AMB')
on conflict do nothing;

-- Waiting for chilled places; bookings that repeat; searches.
insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, location_id, starts_at, ends_at, party_size, units, priority, status, joined_at, note)
select pg_temp.biz(), pg_temp.id('waitlist/' || v.n), pg_temp.customer(v.customer), o.id, pg_temp.location(v.location), pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00'), 1, v.units, v.priority, v.status, pg_temp.at(v.joined, '09:30'), v.note
from (values (1, 11, 'chilled', 'PKL', 5, 35, 24, 5, 'waiting', -4, 'Prawns for the festive season.'), (2, 23, 'chilled', 'PKL', 10, 60, 12, 0, 'waiting', -2, null), (3, 6, 'ambient', 'SHA', 3, 20, 30, 0, 'cancelled', -9, 'Went to Port Klang.'), (4, 2, 'chilled', 'PKL', -10, -2, 10, 0, 'expired', -15, null)) v (n, customer, offer, location, since, until, units, priority, status, joined, note)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer;
insert into availability.recurrence_series (biz_id, id, customer_id, location_id, rrule, timezone, starts_on, max_occurrences, local_start, duration_minutes, template, booked_until, status)
select pg_temp.biz(), pg_temp.id('series/' || v.code), pg_temp.customer(v.customer), pg_temp.location('PKL'), v.rrule, 'Asia/Kuala_Lumpur', pg_temp.day(v.since), v.times, v.starts::time, 240, v.template::jsonb, pg_temp.day(v.booked), v.status
from (values ('weekly-forklift', 3, 'FREQ=WEEKLY;BYDAY=MO', -60, 26, '08:00', '{"offer": "forklift"}', 21, 'active'), ('month-end-delivery', 16, 'FREQ=MONTHLY;BYMONTHDAY=-1', -200, 12, '13:00', '{"offer": "delivery"}', 40, 'paused'), ('container-tuesday', 5, 'FREQ=WEEKLY;BYDAY=TU', -180, 20, '09:00', '{"offer": "forklift"}', -30, 'completed')) v (code, customer, rrule, since, times, starts, template, booked, status);
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind, note)
values (pg_temp.biz(), pg_temp.id('series-exception/1'), pg_temp.id('series/weekly-forklift'), pg_temp.at(-7, '08:00'), 'skipped', 'Public holiday.');
insert into availability.resolution_runs (biz_id, id, subject_type, subject_id, location_id, occurred_at, query, candidates, offered, result, steps, duration_ms)
select pg_temp.biz(), pg_temp.id('resolution/' || n), 'Offer', o.id, pg_temp.location(case when n % 3 = 0 then 'SHA' else 'PKL' end), now() - make_interval(hours => n * 17 + 1), jsonb_build_object('days', 7 + n % 20, 'units', 3 + n % 12, 'zone', 'Asia/Kuala_Lumpur'), 12 + n % 5, case when n % 5 = 0 then 0 else 4 + n % 6 end,
  case when n % 5 = 0 then 'hall is full' else 'offered' end, jsonb_build_array(jsonb_build_object('step', 'hall', 'left_out', n % 4), jsonb_build_object('step', 'height', 'left_out', n % 2)), 3 + (n * 5) % 17
from generate_series(0, 23) n
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = case when n % 2 = 0 then 'chilled' else 'ambient' end
where now() - make_interval(hours => n * 17 + 1) >= date_trunc('month', now()) - interval '1 month';
