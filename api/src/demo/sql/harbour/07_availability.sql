-- Others may use: calendar/<reception, spa, bikes, pt-holidays, filipa, marco>; series/<weekly-massage, ...> (recurrence series).

-- Calendars, what follows them, and their rules.
insert into availability.calendars (biz_id, id, code, name, kind, timezone, default_state)
select pg_temp.biz(), pg_temp.id('calendar/' || v.code), v.code, v.name, v.kind, 'Europe/Lisbon', v.state
from (values
  ('reception', 'Reception, day and night', 'opening', 'open'), ('spa', 'Spa opening hours', 'opening', 'closed'), ('bikes', 'Bicycle desk', 'service', 'closed'), ('terrace', 'Rooftop terrace', 'resource', 'closed'),
  ('pt-holidays', 'Public holidays, Portugal', 'holiday', 'open'), ('filipa', 'Filipa Nunes, week', 'staff', 'closed'), ('marco', 'Marco Leitão, week', 'staff', 'closed')
) v (code, name, kind, state);
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id, priority, starts_at)
select pg_temp.biz(), pg_temp.id('calendar-binding/' || v.calendar || '/' || v.ref), pg_temp.id('calendar/' || v.calendar), v.type,
  case v.type when 'Location' then pg_temp.location(v.ref) when 'Resource' then (select r.id from resources.resources r where r.biz_id = pg_temp.biz() and r.number = v.ref) else (select o.id from catalog.offers o where o.biz_id = pg_temp.biz() and o.code = v.ref) end,
  v.priority, pg_temp.at(-400, '00:00')
from (values
  ('reception', 'Location', 'LIS', 0), ('reception', 'Location', 'CAS', 0), ('spa', 'Location', 'SPA', 0), ('pt-holidays', 'Location', 'SPA', 10), ('filipa', 'Resource', 'SPA-P1', 0), ('marco', 'Resource', 'SPA-P2', 0),
  ('spa', 'Resource', 'SPA-T1', 0), ('spa', 'Resource', 'SPA-T2', 0), ('terrace', 'Resource', 'LIS-V1', 0), ('bikes', 'Offer', 'e-bike-day', 0)
) v (calendar, type, ref, priority);
insert into availability.calendar_overlays (biz_id, id, calendar_id, name, effect, priority, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('overlay/' || v.code), pg_temp.id('calendar/' || v.calendar), v.name, v.effect, v.priority, pg_temp.day(v.since), pg_temp.day(v.until)
from (values ('spa-winter', 'spa', 'Winter hours', 'replace', 0, -20, 100), ('spa-late', 'spa', 'Late Fridays', 'add', 1, 5, 40), ('terrace-storm', 'terrace', 'Storm week', 'remove', 0, 2, 5), ('bikes-christmas', 'bikes', 'Desk closed', 'remove', 0, 30, 37)) v (code, calendar, name, effect, priority, since, until);
insert into availability.availability_rules (
  biz_id, id, calendar_id, overlay_id, name, effect, priority, rrule, local_start, local_end, crosses_midnight, starts_on, ends_on, capacity_delta, price_rule_id)
select pg_temp.biz(), pg_temp.id('availability-rule/' || v.n), case when v.calendar is not null then pg_temp.id('calendar/' || v.calendar) end, case when v.overlay is not null then pg_temp.id('overlay/' || v.overlay) end, v.name, v.effect, v.priority,
  v.rrule, v.starts::time, v.ends::time, coalesce(v.ends < v.starts, false), pg_temp.day(v.since), pg_temp.day(v.until), v.delta, case when v.price is not null then pg_temp.id('price-rule/' || v.price) end
from (values
  (1, 'spa', null, 'Every day', 'open', 0, 'FREQ=DAILY', '09:00', '20:00', -400, null::integer, null::integer, null::integer),
  (2, 'spa', null, 'Cleaning, first Monday', 'blackout', 5, 'FREQ=MONTHLY;BYDAY=1MO', '09:00', '12:00', -400, null, null, null),
  (3, null, 'spa-winter', 'Every day', 'open', 0, 'FREQ=DAILY', '10:00', '19:00', null, null, null, null),
  (4, null, 'spa-late', 'Friday', 'open', 0, 'FREQ=WEEKLY;BYDAY=FR', '19:00', '21:30', null, null, null, null),
  (5, 'filipa', null, 'Tuesday to Saturday', 'open', 0, 'FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA', '09:00', '18:00', -400, null, null, null),
  (6, 'filipa', null, 'Lunch', 'closed', 1, 'FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA', '13:00', '14:00', -400, null, null, null),
  (7, 'marco', null, 'Thursday to Monday', 'open', 0, 'FREQ=WEEKLY;BYDAY=TH,FR,SA,SU,MO', '10:00', '19:00', -320, null, null, null),
  (8, 'marco', null, 'Training', 'closed', 2, 'FREQ=DAILY', null, null, 12, 15, null, null),
  (9, 'terrace', null, 'Evenings', 'open', 0, 'FREQ=DAILY', '17:00', '01:00', -400, null, null, null),
  (10, 'terrace', null, 'Private party', 'blackout', 3, null, '18:00', '23:00', 9, 10, null, null),
  (11, 'bikes', null, 'Every day', 'open', 0, 'FREQ=DAILY', '09:00', '18:30', -400, null, null, null),
  (12, 'spa', null, 'Weekend price', 'surge', 1, 'FREQ=WEEKLY;BYDAY=SA,SU', '09:00', '20:00', -400, null, null, 2),
  (13, 'bikes', null, 'Two more borrowed from Sintra', 'surge', 1, 'FREQ=WEEKLY;BYDAY=SA,SU', '09:00', '18:30', -60, 60, 2, null),
  (14, null, 'terrace-storm', 'Closed', 'closed', 0, 'FREQ=DAILY', null, null, null, null, null, null)
) v (n, calendar, overlay, name, effect, priority, rrule, starts, ends, since, until, delta, price);
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name, kind)
select pg_temp.biz(), pg_temp.id('holiday/' || y || '/' || v.month || '-' || v.day), pg_temp.id('calendar/pt-holidays'), make_date(y, v.month, v.day), v.name, v.kind
from (values (1, 1, 'Ano Novo', 'full'), (4, 25, 'Dia da Liberdade', 'full'), (5, 1, 'Dia do Trabalhador', 'full'), (6, 10, 'Dia de Portugal', 'full'), (6, 13, 'Santo António', 'full'), (8, 15, 'Assunção de Nossa Senhora', 'full'),
  (10, 5, 'Implantação da República', 'full'), (11, 1, 'Todos os Santos', 'full'), (12, 1, 'Restauração da Independência', 'full'), (12, 8, 'Imaculada Conceição', 'full'), (12, 24, 'Véspera de Natal', 'half_pm'), (12, 25, 'Natal', 'full'), (12, 31, 'Véspera de Ano Novo', 'half_pm')) v (month, day, name, kind)
cross join generate_series(extract(year from pg_temp.day())::integer, extract(year from pg_temp.day())::integer + 1) y;

-- Time that is taken by other things.
insert into availability.blocks (biz_id, id, resource_id, location_id, starts_at, ends_at, reason, note, status, lifted_at)
select pg_temp.biz(), pg_temp.id('block/' || v.n), (select r.id from resources.resources r where r.biz_id = pg_temp.biz() and r.number = v.number), pg_temp.location(v.location), pg_temp.at(v.since, v.starts::time), pg_temp.at(v.until, v.ends::time), v.reason, v.note,
  case when v.lifted is null then 'active' else 'lifted' end, pg_temp.at(v.lifted, '11:00')
from (values
  (1, 'VAN-3', null, -9, '08:00', 14, '20:00', 'maintenance', 'Inspection failed, waiting for a part.', null::integer),
  (2, 'EB-06', null, -1, '18:45', 3, '09:00', 'maintenance', 'Brake lever.', null),
  (3, 'LIS-V1', null, 9, '15:00', 9, '23:59', 'private', 'Birthday of Mrs. Carvalho, 60 guests.', null),
  (4, 'LIS-V1', null, 2, '12:00', 4, '23:59', 'weather', 'Storm warning, furniture is taken in.', null),
  (5, 'CAS-V1', null, -6, '09:00', -6, '18:00', 'private', 'Team day, moved to Lisbon.', -8),
  (6, 'SPA-T1', null, 55, '09:00', 56, '20:00', 'maintenance', 'New floor.', null),
  (7, null, 'SPA', 70, '00:00', 74, '00:00', 'maintenance', 'The spa closes for the yearly works.', null),
  (8, 'EB-03', null, -12, '09:00', -11, '18:00', 'other', 'Lent to the photographer.', -12)
) v (n, number, location, since, starts, until, ends, reason, note, lifted);
insert into availability.external_busy (biz_id, id, resource_id, source, external_uid, starts_at, ends_at, is_all_day, transparency, etag, seen_at, removed_at)
select pg_temp.biz(), pg_temp.id('external-busy/' || r.number || '/' || v.n), r.id, v.source, v.uid || '@calendar.example', pg_temp.at(v.day, v.starts::time), pg_temp.at(v.day, v.ends::time), v.starts = '00:00', v.transparency, '"' || md5(v.uid) || '"', pg_temp.at(-1, '22:10'),
  case when v.removed then pg_temp.at(-1, '22:10') end
from (values
  ('SPA-P1', 1, 'google', 'dentist-8841', 3, '09:00', '10:15', 'opaque', false), ('SPA-P1', 2, 'google', 'school-2210', 8, '16:30', '18:00', 'opaque', false), ('SPA-P1', 3, 'google', 'birthday-ana', 11, '00:00', '23:59', 'transparent', false),
  ('SPA-P2', 1, 'outlook', 'AAMkAD-0071', 2, '10:00', '11:30', 'opaque', false), ('SPA-P2', 2, 'outlook', 'AAMkAD-0085', 13, '10:00', '19:00', 'opaque', false), ('SPA-P2', 3, 'outlook', 'AAMkAD-0090', 6, '15:00', '16:00', 'opaque', true),
  ('LIS-V2', 1, 'ical', 'sala-tejo-rotary', 7, '19:00', '22:00', 'opaque', false), ('LIS-V2', 2, 'ical', 'sala-tejo-rotary', 21, '19:00', '22:00', 'opaque', false)
) v (number, n, source, uid, day, starts, ends, transparency, removed)
join resources.resources r on r.biz_id = pg_temp.biz() and r.number = v.number;

-- Nights that are not sold: works in Cascais, the suites kept for the owners.
insert into availability.slots (biz_id, id, pool_id, location_id, business_date, starts_at, ends_at, capacity, overbook_limit, status)
select p.biz_id, pg_temp.id('slot/' || p.code || '/' || n), p.id, p.location_id, pg_temp.day(n), pg_temp.at(n, '00:00'), pg_temp.at(n + 1, '00:00'), p.capacity, p.overbook_limit, case p.code when 'CAS-SEA' then 'stop_sell' else 'closed' end
from availability.capacity_pools p
cross join generate_series(70, 74) n
where p.biz_id = pg_temp.biz() and p.code in ('CAS-SEA', 'LIS-STE')
on conflict do nothing;

-- The waiting list: holds, entries, offers.
insert into availability.booking_holds (biz_id, id, number, customer_id, units, status, held_until, reason)
select pg_temp.biz(), pg_temp.id('hold/waitlist-' || v.n), core.next_number('booking_hold', 'HLD'), pg_temp.customer(v.customer), 1, v.status, pg_temp.at(v.until, '20:00'), 'Offered from the waiting list'
from (values (1, 12, 'held', 1), (2, 19, 'confirmed', -2), (3, 23, 'released', -4), (4, 27, 'expired', -6), (5, 34, 'cancelled', -9)) v (n, customer, status, until);
with s as (
  update availability.slots s set held = s.held + 1
  where s.biz_id = pg_temp.biz() and s.id = (
    select f.id from availability.slots f
    join availability.capacity_pools p on p.biz_id = f.biz_id and p.id = f.pool_id and p.code = 'LIS-SUP'
    where f.biz_id = pg_temp.biz() and f.status = 'open' and f.business_date >= pg_temp.day(6) and f.held + f.occupied < f.capacity
    order by f.business_date limit 1)
  returning s.*
)
insert into availability.allocations (biz_id, id, source_type, source_id, booking_hold_id, slot_id, units, service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at)
select s.biz_id, pg_temp.id('allocation/waitlist-1'), 'BookingHold', pg_temp.id('hold/waitlist-1'), pg_temp.id('hold/waitlist-1'), s.id, 1, s.starts_at, s.ends_at, s.starts_at, s.ends_at, 'hold', pg_temp.at(1, '20:00')
from s;
insert into availability.waitlist_entries (
  biz_id, id, customer_id, offer_id, unit_type_id, location_id, resource_id, starts_at, ends_at, weekdays, local_from, local_until, party_size, priority, status, joined_at, offered_hold_id, expires_at, note)
select pg_temp.biz(), pg_temp.id('waitlist/' || v.n), pg_temp.customer(v.customer), o.id, t.id, coalesce(t.location_id, pg_temp.location('SPA')), (select r.id from resources.resources r where r.biz_id = pg_temp.biz() and r.number = v.resource),
  coalesce(a.service_starts_at, pg_temp.at(v.since, '09:00')), coalesce(a.service_ends_at, pg_temp.at(v.until, '20:00')), v.weekdays::integer[], v.starts::time, v.ends::time, v.party, v.priority, v.status, pg_temp.at(v.joined, '14:20'),
  case when v.hold is not null then pg_temp.id('hold/waitlist-' || v.hold) end, pg_temp.at(v.until, '20:00'), v.note
from (values
  (1, 12, null, 'SUP', null, 6, 8, '{}', null, null, 2, 5, 'offered', -9, 1, 'Anniversary, would love the river.'),
  (2, 19, null, 'STE', null, 15, 18, '{}', null, null, 3, 0, 'accepted', -12, 2, null),
  (3, 23, null, 'SUP', null, 20, 22, '{}', null, null, 2, 0, 'declined', -10, 3, 'Found another hotel meanwhile.'),
  (4, 27, null, 'SEA', null, 10, 12, '{}', null, null, 2, 0, 'expired', -14, 4, null),
  (5, 34, 'ritual-90', null, 'SPA-P1', 2, 9, '{5,6}', '15:00', '20:00', 1, 0, 'cancelled', -11, 5, null),
  (6, 5, 'massage-60', null, 'SPA-P1', 1, 14, '{6,7}', '10:00', '13:00', 1, 0, 'waiting', -3, null, 'Only with Filipa, please.'),
  (7, 8, 'couples-80', null, null, 3, 6, '{}', '16:00', '20:00', 2, 3, 'waiting', -2, null, 'Honeymoon.'),
  (8, 41, null, 'STE', null, 24, 27, '{}', null, null, 4, 0, 'waiting', -5, null, null),
  (9, 44, null, 'SEA', null, 28, 31, '{}', null, null, 2, 0, 'waiting', -1, null, 'Any night of the three will do.'),
  (10, 50, 'facial-45', null, null, -12, -8, '{}', null, null, 1, 0, 'closed', -20, null, null),
  (11, 52, 'massage-60', null, null, 4, 11, '{1,2,3}', '09:00', '12:00', 1, 0, 'waiting', -1, null, null)
) v (n, customer, offer, unit, resource, since, until, weekdays, starts, ends, party, priority, status, joined, hold, note)
left join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer
left join resources.unit_types t on t.biz_id = pg_temp.biz() and t.code = v.unit
left join availability.allocations a on a.biz_id = pg_temp.biz() and a.booking_hold_id = pg_temp.id('hold/waitlist-1') and v.hold = 1;
insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, location_id, alternative_to_id, starts_at, ends_at, party_size, joined_at, note)
select e.biz_id, pg_temp.id('waitlist/7b'), e.customer_id, (select o.id from catalog.offers o where o.biz_id = e.biz_id and o.code = 'ritual-90'), e.location_id, e.id, e.starts_at, e.ends_at, 2, e.joined_at, 'Or this, if there is no room for two.'
from availability.waitlist_entries e
where e.biz_id = pg_temp.biz() and e.id = pg_temp.id('waitlist/7');
insert into availability.waitlist_offers (biz_id, id, waitlist_entry_id, hold_id, status, offered_at, expires_at, answered_at)
select pg_temp.biz(), pg_temp.id('waitlist-offer/' || v.n), pg_temp.id('waitlist/' || v.n), pg_temp.id('hold/waitlist-' || v.n), v.status, pg_temp.at(v.until - 1, '07:00') - interval '1 day', pg_temp.at(v.until, '20:00'), case when v.status in ('accepted', 'declined') then pg_temp.at(v.until, '11:25') end
from (values (1, 'open', 1), (2, 'accepted', -2), (3, 'declined', -4), (4, 'expired', -6), (5, 'withdrawn', -9)) v (n, status, until);

-- Bookings that repeat, and their exceptions.
insert into availability.recurrence_series (biz_id, id, customer_id, location_id, split_from_id, rrule, timezone, starts_on, ends_on, max_occurrences, local_start, duration_minutes, template, booked_until, status)
select pg_temp.biz(), pg_temp.id('series/' || v.code), pg_temp.customer(v.customer), pg_temp.location(v.location), case when v.split is not null then pg_temp.id('series/' || v.split) end, v.rrule, 'Europe/Lisbon', pg_temp.day(v.since), pg_temp.day(v.until), v.times, v.starts::time, v.minutes, v.template::jsonb, pg_temp.day(v.booked), v.status
from (values
  ('weekly-massage', 4, 'SPA', null, 'FREQ=WEEKLY;BYDAY=TU', -70, null::integer, null::integer, '11:00', 60, '{"offer": "massage-60", "party": 1, "therapist": "SPA-P1"}', 28, 'active'),
  ('rotary-dinner', 29, 'LIS', null, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH', -120, 200, null, '19:00', 180, '{"resource": "LIS-V2", "party": 24}', 60, 'active'),
  ('crew-transfer', 12, 'LIS', null, 'FREQ=WEEKLY;BYDAY=MO,FR', -200, null, 40, '05:30', 60, '{"offer": "airport-transfer", "party": 6}', -20, 'completed'),
  ('yoga-terrace', 26, 'LIS', null, 'FREQ=WEEKLY;BYDAY=SA', -90, null, null, '08:30', 75, '{"resource": "LIS-V1", "party": 12}', 7, 'paused'),
  ('facial-monthly', 37, 'SPA', null, 'FREQ=MONTHLY;BYDAY=1WE', -300, null, 12, '16:00', 45, '{"offer": "facial-45", "party": 1}', -60, 'cancelled'),
  ('massage-later', 4, 'SPA', 'weekly-massage', 'FREQ=WEEKLY;BYDAY=WE', 29, null, 10, '12:00', 60, '{"offer": "massage-60", "party": 1, "therapist": "SPA-P1"}', null, 'active')
) v (code, customer, location, split, rrule, since, until, times, starts, minutes, template, booked, status);
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind, moved_to_starts_at, note)
select pg_temp.biz(), pg_temp.id('series-exception/' || v.n), pg_temp.id('series/' || v.series), pg_temp.at(v.day, v.starts::time), v.kind, pg_temp.at(v.moved, v.moved_starts::time), v.note
from (values
  (1, 'weekly-massage', -14, '11:00', 'moved', -13, '15:00', 'Train was late.'), (2, 'weekly-massage', 14, '11:00', 'cancelled', null::integer, null, 'Away on a journey.'),
  (3, 'rotary-dinner', 33, '19:00', 'skipped', null, null, 'Christmas week.'), (4, 'yoga-terrace', -7, '08:30', 'cancelled', null, null, 'Rain.')
) v (n, series, day, starts, kind, moved, moved_starts, note);

-- Searches of the last four weeks.
insert into availability.resolution_runs (biz_id, id, subject_type, subject_id, location_id, occurred_at, query, candidates, offered, result, steps, duration_ms)
select pg_temp.biz(), pg_temp.id('resolution/' || n), 'Offer', o.id, pg_temp.location('SPA'), now() - make_interval(hours => n * 13 + 1), jsonb_build_object('days', 1 + n % 3, 'party', 1 + n % 2, 'zone', 'Europe/Lisbon'),
  18 + n % 7, case when n % 6 = 0 then 0 else 3 + n % 9 end, case when n % 6 = 0 then 'no free time' else 'offered' end,
  jsonb_build_array(jsonb_build_object('step', 'opening hours', 'left_out', n % 4), jsonb_build_object('step', 'therapists', 'left_out', 3 + n % 5), jsonb_build_object('step', 'rooms', 'left_out', n % 3)), 4 + (n * 7) % 23
from generate_series(0, 47) n
join lateral (select array['massage-60', 'facial-45', 'ritual-90'] as codes) c on true
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = c.codes[1 + n % 3]
where now() - make_interval(hours => n * 13 + 1) >= date_trunc('month', now()) - interval '1 month';
