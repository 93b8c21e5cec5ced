-- Others may use: price-book/<public, ota, corporate, spring>; rate-plan/<BAR, BB, NRF, CORP, WEEK, HB>; discount/<WELCOME10,
-- SPA20, TWOFORONE, STAFF, WINTER>; tax-profile/<pt-mainland, lis-hotel>; tax-rate/<accommodation, standard, reduced, intermediate, tourist>.

-- Price books and their rules.
insert into pricing.price_books (biz_id, id, code, name, currency, is_tax_inclusive, location_id, channel, priority, is_active, starts_at, ends_at)
select pg_temp.biz(), pg_temp.id('price-book/' || v.code), v.code, v.name, 'EUR', v.inclusive, pg_temp.location(v.location), v.channel, v.priority, v.active, pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00')
from (values
  ('public', 'Public prices', true, null, null, 0, true, -400, null::integer),
  ('ota', 'Online travel agencies', true, null, 'ota', 10, true, -400, null),
  ('corporate', 'Companies, without tax', false, null, 'corporate', 20, true, -300, null),
  ('spring', 'Spring in Cascais', true, 'CAS', null, 5, true, 90, 180),
  ('last-year', 'Prices of last year', true, null, null, 0, false, -800, -400)
) v (code, name, inclusive, location, channel, priority, active, since, until);
insert into pricing.price_rules (
  biz_id, id, price_book_id, sellable_id, resource_id, name, unit, unit_price, weekday_mask, local_start_time, local_end_time, starts_on, priority, first_used_at)
select pg_temp.biz(), pg_temp.id('price-rule/' || v.n), pg_temp.id('price-book/' || v.book), s.id,
  (select r.id from resources.resources r where r.biz_id = pg_temp.biz() and r.number = v.resource), v.name, 'each', v.price, v.days, v.starts::time, v.ends::time, pg_temp.day(-360), v.priority,
  case when v.book = 'public' and v.priority = 0 then pg_temp.at(-300, '10:00') end
from (values
  (1, 'public', 'massage-60', null, 'Massage', 85.00, 127, null, null, 0),
  (2, 'public', 'massage-60', null, 'Massage, weekend', 95.00, 96, null, null, 1),
  (3, 'public', 'massage-60', null, 'Massage, early hours', 69.00, 31, '09:00', '11:30', 2),
  (4, 'public', 'massage-60', 'SPA-P1', 'Massage with Filipa', 98.00, 127, null, null, 3),
  (5, 'public', 'facial-45', null, 'Facial', 69.00, 127, null, null, 0),
  (6, 'public', 'ritual-90', null, 'Atlantic ritual', 145.00, 127, null, null, 0),
  (7, 'public', 'couples-80', null, 'Massage for two', 178.00, 127, null, null, 0),
  (8, 'public', 'e-bike-day', null, 'E-bike', 39.00, 127, null, null, 0),
  (9, 'public', 'airport-transfer', null, 'Airport transfer', 55.00, 127, null, null, 0),
  (10, 'public', 'airport-transfer', null, 'Airport transfer, night', 72.00, 127, '22:00', '06:00', 1),
  (11, 'corporate', 'airport-transfer', null, 'Airport transfer', 41.50, 127, null, null, 0)
) v (n, book, offer, resource, name, price, days, starts, ends, priority)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer
join catalog.sellables s on s.biz_id = o.biz_id and s.ref_id = o.current_version_id;
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, seat_type_id, name, unit, unit_price, starts_on)
select pg_temp.biz(), pg_temp.id('price-rule/sintra/' || v.seat), pg_temp.id('price-book/public'), pg_temp.id('sellable/sintra-day/1'), pg_temp.id('seat-type/sintra-day/1/' || v.seat), v.name, 'person', v.price, pg_temp.day(-150)
from (values ('adult', 'Sintra, adult', 95.00), ('child', 'Sintra, child', 60.00), ('infant', 'Sintra, infant', 0.00)) v (seat, name, price);
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit, unit_price, weekday_mask, starts_on, priority, first_used_at)
select pg_temp.biz(), pg_temp.id('price-rule/room/' || b.book || '/' || l.code || '/' || t.code || '/' || w.days), pg_temp.id('price-book/' || b.book), s.id, t.name || w.suffix, 'night',
  round(v.price * w.factor * b.factor, 2), w.days, pg_temp.day(-360), 0, case when b.book = 'public' then pg_temp.at(-300, '10:00') end
from (values ('LIS', 'STD', 119), ('LIS', 'SUP', 159), ('LIS', 'STE', 245), ('CAS', 'STD', 99), ('CAS', 'SEA', 145)) v (location, code, price)
join core.locations l on l.biz_id = pg_temp.biz() and l.code = v.location
join resources.unit_types t on t.biz_id = l.biz_id and t.location_id = l.id and t.code = v.code
join catalog.sellables s on s.biz_id = t.biz_id and s.ref_id = t.id
cross join (values ('public', 1.0), ('ota', 1.08), ('corporate', 0.82)) b (book, factor)
cross join (values (79, 1.0, ''), (48, 1.2, ', Friday and Saturday')) w (days, factor, suffix);

-- Rate plans, with the calendar of five weeks.
insert into pricing.rate_plans (
  biz_id, id, code, name, description, price_book_id, currency, meal_plan, derived_from_id, derivation, derivation_bps, derivation_minor, cancellation_policy_id,
  min_stay_nights, max_stay_nights, min_advance_days, is_public, is_active, sort_order)
select pg_temp.biz(), pg_temp.id('rate-plan/' || v.code), v.code, v.name, v.description, case when v.parent is null then pg_temp.id('price-book/public') end, 'EUR', v.meals,
  case when v.parent is not null then pg_temp.id('rate-plan/' || v.parent) end, v.derivation, v.bps, v.minor,
  (select p.id from pricing.cancellation_policies p where p.biz_id = pg_temp.biz() and p.code = v.policy), v.min_stay, v.max_stay, v.advance, v.public, v.active, v.n
from (values
  (1, 'BAR', 'Best available', 'Room only, free to cancel until the day before.', 'room_only', null, null, null::integer, null::bigint, 'flexible', null::integer, null::integer, null::integer, true, true),
  (2, 'BB', 'With breakfast', 'Breakfast buffet in the Sala do Cais.', 'breakfast', 'BAR', 'amount', null, 1800, 'flexible', null, null, null, true, true),
  (3, 'NRF', 'Saver', 'Paid at once, not refundable.', 'room_only', 'BAR', 'percent', -1200, null, 'saver', null, null, 7, true, true),
  (4, 'CORP', 'Companies', 'Agreed with companies that book more than 50 nights a year.', 'breakfast', 'BAR', 'percent', -1500, null, 'flexible', null, null, null, false, true),
  (5, 'WEEK', 'Seven nights and more', 'Every seventh night free, so to say.', 'room_only', 'BAR', 'percent', -1400, null, 'flexible', 7, 28, 3, true, true),
  (6, 'HB', 'Half board', 'Breakfast and dinner, drinks not included.', 'half_board', 'BAR', 'amount', null, 5200, 'flexible', 2, null, null, true, true),
  (7, 'XMAS', 'Christmas package of last year', '', 'full_board', null, null, null, null, 'saver', 3, null, null, true, false)
) v (n, code, name, description, meals, parent, derivation, bps, minor, policy, min_stay, max_stay, advance, public, active);
insert into pricing.rate_plan_unit_types (biz_id, id, rate_plan_id, unit_type_id, extra_adult_minor, extra_child_minor, single_use_discount_minor, currency)
select p.biz_id, pg_temp.id('rate-plan-unit-type/' || p.code || '/' || l.code || '/' || t.code), p.id, t.id, case when t.max_occupancy > 2 then 3500 else 0 end, case when t.max_occupancy > 2 then 1500 else 0 end, 1000, 'EUR'
from pricing.rate_plans p
join resources.unit_types t on t.biz_id = p.biz_id and not (p.code = 'NRF' and t.code = 'STE')
join core.locations l on l.biz_id = t.biz_id and l.id = t.location_id
where p.biz_id = pg_temp.biz() and p.code in ('BAR', 'BB', 'NRF', 'HB');
insert into pricing.rate_overrides (biz_id, id, rate_plan_id, unit_type_id, stay_date, price_minor, currency, min_stay_nights, is_stop_sell, is_closed_to_arrival)
select pg_temp.biz(), pg_temp.id('rate-override/' || v.location || '/' || v.code || '/' || n), pg_temp.id('rate-plan/BAR'), t.id, pg_temp.day(n),
  (v.price * case when extract(isodow from pg_temp.day(n)) in (5, 6) then 1.2 else 1.0 end * case when n between 14 and 20 then 1.1 else 1.0 end)::bigint, 'EUR',
  case when extract(isodow from pg_temp.day(n)) = 5 and v.code in ('SUP', 'STE', 'SEA') then 2 end, v.code = 'STE' and n = 33, case when v.code = 'SEA' and n = 16 then true end
from (values ('LIS', 'STD', 11900), ('LIS', 'SUP', 15900), ('LIS', 'STE', 24500), ('CAS', 'STD', 9900), ('CAS', 'SEA', 14500)) v (location, code, price)
join resources.unit_types t on t.biz_id = pg_temp.biz() and t.location_id = pg_temp.location(v.location) and t.code = v.code
cross join generate_series(0, 34) n;
insert into pricing.rate_strategies (biz_id, id, location_id, rate_plan_id, unit_type_id, name, kind, parameters, floor_minor, ceiling_minor, currency, priority, is_active, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('rate-strategy/' || v.location || '/' || v.priority), pg_temp.location(v.location), pg_temp.id('rate-plan/BAR'), null, v.name, v.kind, v.parameters::jsonb,
  v.floor, v.ceiling, 'EUR', v.priority, v.active, pg_temp.day(v.since), pg_temp.day(v.until)
from (values
  ('LIS', 1, 'Fill up', 'occupancy', '{"steps": [{"occupancy_bps": 7000, "change_bps": 800}, {"occupancy_bps": 9000, "change_bps": 1800}]}', 9500::bigint, 42000::bigint, true, null::integer, null::integer),
  ('LIS', 2, 'Weekend', 'weekday', '{"days": {"5": 2000, "6": 2000}}', 9500, 42000, true, null, null),
  ('LIS', 3, 'Last minute', 'lead_time', '{"steps": [{"days": 2, "change_bps": -700}]}', 8900, 42000, true, null, null),
  ('LIS', 4, 'Conference week', 'seasonal', '{"change_bps": 2500}', 11900, 60000, true, 60, 67),
  ('CAS', 1, 'Beach season', 'seasonal', '{"change_bps": 3000}', 9900, 48000, true, 190, 310),
  ('CAS', 2, 'Weekend', 'weekday', '{"days": {"5": 2000, "6": 2000}}', 7900, 48000, true, null, null),
  ('CAS', 3, 'Not above the neighbours', 'competitor', '{"set": ["Vila Atlântica", "Farol da Guia"], "position_bps": -200}', 7900, 48000, false, null, null)
) v (location, priority, name, kind, parameters, floor, ceiling, active, since, until);

-- Features, luggage, currencies.
insert into core.features (biz_id, id, code, name, scope, category, icon, is_filterable, sort_order)
select pg_temp.biz(), pg_temp.id('feature/price-' || v.code), v.code, v.name, 'location', v.category, v.icon, false, v.n
from (values ('parking', 'Parking', 'Arrival', 'car', 1), ('ev-charging', 'Charging for electric cars', 'Arrival', 'plug', 2), ('pets', 'Pets welcome', 'Comfort', 'paw', 3), ('late-checkout', 'Late check-out', 'Comfort', 'clock', 4)) v (code, name, category, icon, n)
on conflict (biz_id, code) where deleted_at is null do nothing;
insert into pricing.feature_prices (biz_id, id, feature_id, location_id, name, calculation, value, currency, is_promotional, starts_at, ends_at)
select pg_temp.biz(), pg_temp.id('feature-price/' || v.n), f.id, pg_temp.location(v.location), v.name, v.calculation, v.value, case when v.calculation <> 'percent_of_base' then 'EUR' end, v.promo, pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00')
from (values
  (1, 'parking', 'LIS', 'Parking in Lisbon, a night', 'unit_per_day', 18.00, false, -360, null::integer),
  (2, 'parking', 'CAS', 'Parking in Cascais, a night', 'unit_per_day', 12.00, false, -360, null),
  (3, 'parking', 'CAS', 'Parking in winter', 'unit_per_day', 6.00, true, -20, 80),
  (4, 'ev-charging', null, 'Charging, a night', 'unit_per_day', 9.50, false, -360, null),
  (5, 'pets', null, 'Pet, a night', 'unit_per_day', 15.00, false, -360, null),
  (6, 'late-checkout', null, 'Late check-out, until 18:00', 'percent_of_base', 30, false, -360, null)
) v (n, feature, location, name, calculation, value, promo, since, until)
join core.features f on f.biz_id = pg_temp.biz() and f.code = v.feature and f.deleted_at is null;
insert into pricing.storage_base_rates (biz_id, id, name, location_id, rate_per_unit, currency, starts_on)
values (pg_temp.biz(), pg_temp.id('storage-rate/luggage'), 'Luggage room, a piece', pg_temp.location('LIS'), 4.00, 'EUR', pg_temp.day(-360));
insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of)
select pg_temp.id('fx/' || v.quote || '/' || n), 'EUR', v.quote, round(v.rate * (1 + (n % 5 - 2) * 0.0011), 6), 'ECB demo', pg_temp.at(-n, '16:00')
from (values ('USD', 1.0842), ('GBP', 0.8571), ('CHF', 0.9412), ('BRL', 6.1305)) v (quote, rate)
cross join generate_series(1, 10) n
on conflict do nothing;

-- Discounts; some were used, one use was taken back.
insert into pricing.discounts (
  biz_id, id, code, name, kind, value_bps, value_minor, buy_quantity, get_quantity, scope, offer_id, min_spend_minor, max_discount_minor, currency, usage_limit, per_customer_limit, is_stackable, requires_approval, starts_at, ends_at)
select pg_temp.biz(), pg_temp.id('discount/' || v.code), v.code, v.name, v.kind, v.bps, v.minor, v.buy, v.get, v.scope, case when v.scope = 'offer' then (select o.id from catalog.offers o where o.biz_id = pg_temp.biz() and o.code = v.offer) end,
  v.min_spend, v.most, 'EUR', v.usage, v.per_customer, v.stackable, v.approval, pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00')
from (values
  ('WELCOME10', 'First direct booking', 'percent', 1000, null::bigint, null::integer, null::integer, 'order', null, 10000::bigint, 5000::bigint, 500, 1, false, false, -120, 240),
  ('SPA20', '20 € off the Atlantic ritual', 'amount', null, 2000, null, null, 'offer', 'ritual-90', null, null, 100, 2, false, false, -40, 50),
  ('TWOFORONE', 'Second e-bike free on weekdays', 'bogo', 10000, null, 1, 1, 'offer', 'e-bike-day', null, null, null, null, false, false, -30, 90),
  ('STAFF', 'Team and family', 'percent', 3500, null, null, null, 'order', null, null, null, null, null, false, true, -700, null),
  ('WINTER', 'Winter by the sea', 'percent', 1500, null, null, null, 'order', null, 15000, 9000, 200, null, true, false, 10, 110),
  ('SUMMER', 'Last summer', 'percent', 500, null, null, null, 'order', null, null, null, 50, null, true, false, -170, -60)
) v (code, name, kind, bps, minor, buy, get, scope, offer, min_spend, most, usage, per_customer, stackable, approval, since, until);
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, created_at)
select o.biz_id, pg_temp.id('redemption/' || v.n), pg_temp.id('discount/' || v.code), o.customer_id, 'BookingOrder', o.id,
  case v.code when 'SPA20' then 2000 when 'STAFF' then round(o.base_minor * 0.35) else least(round(o.base_minor * 0.1), 5000) end, 'EUR', least(o.booked_at, now())
from (values (1, 'WELCOME10', 1), (2, 'WELCOME10', 5), (3, 'WELCOME10', 9), (4, 'WELCOME10', 13), (5, 'WELCOME10', 21), (6, 'STAFF', 30), (7, 'STAFF', 42)) v (n, code, nth)
join lateral (select d.* from booking.booking_orders d where d.biz_id = pg_temp.biz() and d.status = 'confirmed' and d.kind = 'stay' order by d.customer_id is null, d.number offset v.nth limit 1) o on true
where v.code <> 'WELCOME10' or not exists (
  select from (values (1, 1), (2, 5), (3, 9), (4, 13), (5, 21)) w (n, nth)
  join lateral (select d.customer_id from booking.booking_orders d where d.biz_id = pg_temp.biz() and d.status = 'confirmed' and d.kind = 'stay' order by d.customer_id is null, d.number offset w.nth limit 1) e on e.customer_id = o.customer_id
  where w.n < v.n);
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id)
select r.biz_id, pg_temp.id('redemption/7/back'), r.discount_id, r.customer_id, r.source_type, r.source_id, r.amount_minor, r.currency, r.id
from pricing.discount_redemptions r
where r.biz_id = pg_temp.biz() and r.id = pg_temp.id('redemption/7');
update booking.booking_orders o
set discount_minor = r.amount_minor, total_minor = o.total_minor - r.amount_minor, deposit_due_minor = least(o.deposit_due_minor, o.total_minor - r.amount_minor)
from pricing.discount_redemptions r
where o.biz_id = pg_temp.biz() and r.biz_id = o.biz_id and r.source_id = o.id and r.reverses_id is null and r.id <> pg_temp.id('redemption/7');

-- Taxes.
insert into pricing.tax_profiles (biz_id, id, code, name, location_id, country_code, region_code, price_display, rounding, registration_no)
values (pg_temp.biz(), pg_temp.id('tax-profile/pt-mainland'), 'pt-mainland', 'Portugal, mainland', null, 'PT', null, 'inclusive', 'rate_total', 'PT509442013'),
  (pg_temp.biz(), pg_temp.id('tax-profile/lis-hotel'), 'lis-hotel', 'Harbour Lisbon', pg_temp.location('LIS'), 'PT', null, 'inclusive', 'line', 'PT509442013'),
  (pg_temp.biz(), pg_temp.id('tax-profile/madeira'), 'madeira', 'Portugal, Madeira', null, 'PT', '30', 'inclusive', 'rate_total', null);
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, treatment, rate, compound_order, country_code, region_code, starts_on, ends_on, first_used_at)
select pg_temp.biz(), pg_temp.id('tax-rate/' || v.code), pg_temp.id('tax-profile/' || v.profile), v.name, v.category, v.treatment, v.rate, 1, 'PT', v.region, v.since::date, v.until::date, case when v.used then pg_temp.at(-300, '09:00') end
from (values
  ('accommodation', 'pt-mainland', 'IVA 6 % accommodation', 'accommodation', 'reduced', 0.06, null, '2011-01-01', null, true),
  ('standard', 'pt-mainland', 'IVA 23 %', 'standard', 'standard', 0.23, null, '2011-01-01', null, true),
  ('intermediate', 'pt-mainland', 'IVA 13 % food', 'food', 'reduced', 0.13, null, '2016-07-01', null, false),
  ('reduced', 'pt-mainland', 'IVA 6 % books and water', 'reduced', 'reduced', 0.06, null, '2011-01-01', null, false),
  ('tourist', 'pt-mainland', 'Tourist tax, outside of IVA', 'tourist-tax', 'out_of_scope', 0, null, null, null, false),
  ('export', 'pt-mainland', 'Companies of other states', 'reverse', 'reverse_charge', 0, null, null, null, false),
  ('lis-accommodation', 'lis-hotel', 'IVA 6 % accommodation', 'accommodation', 'reduced', 0.06, null, '2011-01-01', null, true),
  ('lis-standard', 'lis-hotel', 'IVA 23 %', 'standard', 'standard', 0.23, null, '2011-01-01', null, true),
  ('madeira-standard', 'madeira', 'IVA 22 %', 'standard', 'standard', 0.22, '30', '2012-04-01', null, false),
  ('madeira-accommodation', 'madeira', 'IVA 4 % accommodation', 'accommodation', 'reduced', 0.04, '30', '2024-10-01', null, false)
) v (code, profile, name, category, treatment, rate, region, since, until, used);
insert into pricing.tax_rule_refs (biz_id, id, tax_rate_id, jurisdiction, legal_reference, external_code, url)
select pg_temp.biz(), pg_temp.id('tax-rule/' || v.code), pg_temp.id('tax-rate/' || v.code), 'PT', v.law, v.external, 'https://law.harbour.example/' || v.code
from (values ('accommodation', 'CIVA, list I, 2.17', 'RED'), ('standard', 'CIVA, article 18, 1 c)', 'NOR'), ('intermediate', 'CIVA, list II, 3.1', 'INT'), ('tourist', 'Municipal tax, Lisbon', 'NS'), ('export', 'CIVA, article 6, 6 a)', 'M40'),
  ('lis-accommodation', 'CIVA, list I, 2.17', 'RED'), ('lis-standard', 'CIVA, article 18, 1 c)', 'NOR')) v (code, law, external);
insert into pricing.tax_exemptions (biz_id, id, customer_id, profile_id, tax_category, certificate_no, reason, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('tax-exemption/' || v.n), pg_temp.customer(v.n), pg_temp.id('tax-profile/pt-mainland'), v.category, v.certificate, v.reason, pg_temp.day(v.since), pg_temp.day(v.until)
from (values (16, null, 'DIP-2026-0418', 'Diplomatic mission, article 14 of the CIVA.', -200, 165), (48, 'accommodation', 'OI-7731', 'Member of an international organisation.', -30, 335), (24, null, 'DIP-2024-0077', 'Posting ended.', -700, -80)) v (n, category, certificate, reason, since, until);
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, revision, inputs, engine_version, rounding, price_display, currency, total_tax_minor, result_digest)
select o.biz_id, pg_temp.id('tax-calculation/' || o.number), 'BookingOrder', o.id, 1,
  jsonb_build_object('order', o.number, 'lines', jsonb_build_array(jsonb_build_object('ref', '1', 'gross_minor', o.total_minor, 'category', case o.kind when 'stay' then 'accommodation' else 'standard' end)), 'rounding', 'line'),
  'tax/1', 'line', 'inclusive', 'EUR', o.total_minor - round(o.total_minor / t.factor)::bigint,
  encode(sha256(convert_to(o.number || ':' || (o.total_minor - round(o.total_minor / t.factor)::bigint), 'UTF8')), 'hex')
from booking.booking_orders o
cross join lateral (select case o.kind when 'stay' then 1.06 else 1.23 end as factor) t
where o.biz_id = pg_temp.biz() and o.status = 'completed' and right(o.number, 1) in ('0', '3', '6');
insert into pricing.tax_calculation_lines (biz_id, id, calculation_id, line_ref, tax_rate_id, rate, taxable_minor, tax_minor, currency)
select c.biz_id, pg_temp.id('tax-line/' || o.number), c.id, '1', pg_temp.id('tax-rate/' || case o.kind when 'stay' then 'accommodation' else 'standard' end), case o.kind when 'stay' then 0.06 else 0.23 end,
  o.total_minor - c.total_tax_minor, c.total_tax_minor, 'EUR'
from pricing.tax_calculations c
join booking.booking_orders o on o.biz_id = c.biz_id and o.id = c.source_id
where c.biz_id = pg_temp.biz() and c.source_type = 'BookingOrder';

-- How prices came about.
insert into pricing.price_quotes_trace (biz_id, id, source_type, source_id, customer_id, steps, total_minor, currency, engine_version, expires_at, created_at)
select o.biz_id, pg_temp.id('price-trace/' || o.number), 'BookingOrder', o.id, o.customer_id,
  jsonb_build_array(jsonb_build_object('rule', case o.kind when 'stay' then 'Best available' else 'Public prices' end, 'before_minor', 0, 'after_minor', o.base_minor))
    || case when o.discount_minor > 0 then jsonb_build_array(jsonb_build_object('rule', 'Discount', 'before_minor', o.base_minor, 'after_minor', o.total_minor)) else '[]'::jsonb end,
  o.total_minor, 'EUR', 'pricing/1', pg_temp.at(90, '00:00'), least(o.booked_at, now())
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.status = 'confirmed' and (o.discount_minor > 0 or right(o.number, 1) in ('2', '5'));
