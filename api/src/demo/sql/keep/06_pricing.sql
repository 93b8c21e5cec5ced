-- Others may use: price-book/<list, contract>; feature-price/<insurance, stretch-wrap, temperature-log, forklift-service>;
-- storage-rate/<PKL, SHA>; discount/<RAYA10, BULK>; tax-profile/my; tax-rate/<sst, exempt>.

-- Price books and rules.
insert into pricing.price_books (biz_id, id, code, name, currency, is_tax_inclusive, channel, priority, starts_at)
select pg_temp.biz(), pg_temp.id('price-book/' || v.code), v.code, v.name, 'MYR', true, v.channel, v.priority, pg_temp.at(v.since, '00:00')
from (values ('list', 'List prices', null, 0, -360), ('contract', 'Contract customers', 'corporate', 10, -200)) v (code, name, channel, priority, since);
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit, unit_price, min_quantity, starts_on, priority, first_used_at)
select pg_temp.biz(), pg_temp.id('price-rule/' || v.book || '/' || v.offer || '/' || v.least), pg_temp.id('price-book/' || v.book), s.id, v.name, v.unit, v.price, v.least, pg_temp.day(-360), 0, case when v.book = 'list' and v.least = 1 then pg_temp.at(-300, '10:00') end
from (values
  ('list', 'ambient', 'Ambient, a pallet and day', 'unit_day', 1.80, 1), ('list', 'ambient', 'Ambient, from 500 pallet days', 'unit_day', 1.65, 500),
  ('list', 'chilled', 'Chilled, a pallet and day', 'unit_day', 4.20, 1), ('list', 'chilled', 'Chilled, from 300 pallet days', 'unit_day', 3.90, 300),
  ('list', 'forklift', 'Forklift with driver', 'each', 260.00, 1), ('list', 'delivery', 'Delivery, a truck', 'each', 380.00, 1),
  ('contract', 'ambient', 'Ambient, contract', 'unit_day', 1.55, 1), ('contract', 'chilled', 'Chilled, contract', 'unit_day', 3.70, 1)
) v (book, offer, name, unit, price, least)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer
join catalog.sellables s on s.biz_id = o.biz_id and s.ref_id = o.current_version_id;
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit, unit_price, starts_on)
select pg_temp.biz(), pg_temp.id('price-rule/' || v.fee), pg_temp.id('price-book/list'), pg_temp.id('sellable/' || v.fee), v.name, 'each', v.price, pg_temp.day(-360)
from (values ('inbound', 'Inbound, a pallet', 6.50), ('outbound', 'Outbound, a pallet', 6.50)) v (fee, name, price);
insert into pricing.rate_plans (biz_id, id, code, name, description, price_book_id, currency, derived_from_id, derivation, derivation_bps, sort_order)
values (pg_temp.biz(), pg_temp.id('rate-plan/LIST'), 'LIST', 'List', 'By the pallet and day.', pg_temp.id('price-book/list'), 'MYR', null, null, null, 1),
  (pg_temp.biz(), pg_temp.id('rate-plan/YEAR'), 'YEAR', 'One year', 'For customers who commit for a year.', null, 'MYR', pg_temp.id('rate-plan/LIST'), 'percent', -1000, 2);

-- Storage rates and what can be added.
insert into pricing.storage_base_rates (biz_id, id, name, location_id, rate_per_unit, currency, starts_on, ends_on, first_used_at)
select pg_temp.biz(), pg_temp.id('storage-rate/' || v.code), v.name, pg_temp.location(v.location), v.rate, 'MYR', pg_temp.day(v.since), pg_temp.day(v.until), case when v.since < 0 then pg_temp.at(-200, '09:00') end
from (values
  ('PKL-old', 'Port Klang, until last year', 'PKL', 1.70, -700, -360), ('PKL', 'Port Klang, a pallet', 'PKL', 1.80, -360, 60), ('PKL-next', 'Port Klang, from next year', 'PKL', 1.90, 60, null::integer),
  ('SHA', 'Shah Alam, a pallet', 'SHA', 1.50, -360, null)
) v (code, name, location, rate, since, until);
insert into core.features (biz_id, id, code, name, description, scope, category, icon, is_filterable, sort_order)
select pg_temp.biz(), pg_temp.id('feature/price-' || v.code), v.code, v.name, v.description, 'location', 'Services', v.icon, false, v.n
from (values
  ('insurance', 'Goods insurance', 'All risks, up to the value declared.', 'shield', 1), ('stretch-wrap', 'Stretch wrapping', 'Once, at arrival.', 'package', 2),
  ('temperature-log', 'Temperature log', 'A report a week by mail.', 'thermometer', 3), ('forklift-service', 'Forklift service', 'In and out, by our driver.', 'forklift', 4)
) v (code, name, description, icon, n)
on conflict (biz_id, code) where deleted_at is null do nothing;
insert into pricing.feature_prices (biz_id, id, feature_id, location_id, name, calculation, value, currency, is_promotional, starts_at, ends_at, first_used_at)
select pg_temp.biz(), pg_temp.id('feature-price/' || v.code), f.id, pg_temp.location(v.location), v.name, v.calculation, v.value, case when v.calculation <> 'percent_of_base' then 'MYR' end, v.promo, pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00'), case when v.since < -100 then pg_temp.at(-90, '09:00') end
from (values
  ('insurance', 'insurance', null, 'Insurance, of the storage price', 'percent_of_base', 5, false, -360, null::integer),
  ('stretch-wrap', 'stretch-wrap', null, 'Wrapping, a consignment', 'flat', 45.00, false, -360, null),
  ('temperature-log', 'temperature-log', 'PKL', 'Temperature log, a pallet and day', 'unit_per_day', 0.20, false, -360, null),
  ('forklift-service', 'forklift-service', null, 'Forklift service, a consignment', 'flat', 80.00, false, -360, null),
  ('forklift-promo', 'forklift-service', 'SHA', 'Forklift service, opening offer', 'flat', 40.00, true, -15, 45)
) v (code, feature, location, name, calculation, value, promo, since, until)
join core.features f on f.biz_id = pg_temp.biz() and f.code = v.feature and f.deleted_at is null;
insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of)
select pg_temp.id('fx/' || v.quote || '/' || n), 'MYR', v.quote, round(v.rate * (1 + (n % 5 - 2) * 0.0009), 6), 'BNM demo', pg_temp.at(-n, '17:00')
from (values ('SGD', 0.3012), ('USD', 0.2248)) v (quote, rate)
cross join generate_series(1, 7) n
on conflict do nothing;

-- Discounts.
insert into pricing.discounts (biz_id, id, code, name, kind, value_bps, value_minor, min_spend_minor, currency, usage_limit, requires_approval, starts_at, ends_at)
select pg_temp.biz(), pg_temp.id('discount/' || v.code), v.code, v.name, v.kind, v.bps, v.minor, v.least, 'MYR', v.usage, v.approval, pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00')
from (values ('RAYA10', 'Festive season', 'percent', 1000, null::bigint, 20000::bigint, 40, false, -30, 60), ('BULK', 'RM 50 off large consignments', 'amount', null, 5000, 50000, null, true, -200, null::integer)) v (code, name, kind, bps, minor, least, usage, approval, since, until);
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency)
select o.biz_id, pg_temp.id('redemption/' || o.number), pg_temp.id('discount/BULK'), o.customer_id, 'BookingOrder', o.id, 5000, 'MYR'
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.kind = 'storage' and o.status = 'confirmed' and o.total_minor > 50000
order by o.number limit 4;
update booking.booking_orders o
set discount_minor = 5000, total_minor = o.total_minor - 5000, deposit_due_minor = least(o.deposit_due_minor, o.total_minor - 5000)
from pricing.discount_redemptions r
where o.biz_id = pg_temp.biz() and r.biz_id = o.biz_id and r.source_id = o.id;

-- Taxes.
insert into pricing.tax_profiles (biz_id, id, code, name, country_code, price_display, rounding, registration_no)
values (pg_temp.biz(), pg_temp.id('tax-profile/my'), 'my', 'Malaysia, service tax', 'MY', 'inclusive', 'line', 'W10-1808-32001144');
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, treatment, rate, country_code, starts_on, ends_on, first_used_at)
select pg_temp.biz(), pg_temp.id('tax-rate/' || v.code), pg_temp.id('tax-profile/my'), v.name, v.category, v.treatment, v.rate, 'MY', v.since::date, v.until::date, case when v.code = 'sst' then pg_temp.at(-250, '09:00') end
from (values ('sst-old', 'Service tax 6 %', 'standard', 'standard', 0.06, '2018-09-01', '2024-03-01'), ('sst', 'Service tax 8 %', 'standard', 'standard', 0.08, '2024-03-01', null), ('exempt', 'Exempt', 'exempt', 'exempt', 0, '2018-09-01', null)) v (code, name, category, treatment, rate, since, until);
insert into pricing.tax_rule_refs (biz_id, id, tax_rate_id, jurisdiction, legal_reference, external_code)
select pg_temp.biz(), pg_temp.id('tax-rule/' || v.code), pg_temp.id('tax-rate/' || v.code), 'MY', v.law, v.external
from (values ('sst', 'Service Tax Act 2018, First Schedule, Group J', '02'), ('sst-old', 'Service Tax Act 2018', '02'), ('exempt', 'Service Tax (Persons Exempted) Order 2018', 'E')) v (code, law, external);
insert into pricing.tax_exemptions (biz_id, id, customer_id, profile_id, certificate_no, reason, starts_on, ends_on)
values (pg_temp.biz(), pg_temp.id('tax-exemption/14'), pg_temp.customer(14), pg_temp.id('tax-profile/my'), 'JKDM-EX-2026-1181', 'Medical supplies for public hospitals.', pg_temp.day(-120), pg_temp.day(245));
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, inputs, engine_version, rounding, price_display, currency, total_tax_minor, result_digest)
select o.biz_id, pg_temp.id('tax-calculation/' || o.number), 'BookingOrder', o.id, jsonb_build_object('order', o.number, 'gross_minor', o.total_minor, 'rounding', 'line'), 'tax/1', 'line', 'inclusive', 'MYR',
  o.total_minor - round(o.total_minor / 1.08)::bigint, encode(sha256(convert_to(o.number || ':' || (o.total_minor - round(o.total_minor / 1.08)::bigint), 'UTF8')), 'hex')
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.status = 'completed';
insert into pricing.tax_calculation_lines (biz_id, id, calculation_id, line_ref, tax_rate_id, rate, taxable_minor, tax_minor, currency)
select c.biz_id, pg_temp.id('tax-line/' || o.number), c.id, '1', pg_temp.id('tax-rate/sst'), 0.08, o.total_minor - c.total_tax_minor, c.total_tax_minor, 'MYR'
from pricing.tax_calculations c
join booking.booking_orders o on o.biz_id = c.biz_id and o.id = c.source_id
where c.biz_id = pg_temp.biz() and c.source_type = 'BookingOrder';
insert into pricing.price_quotes_trace (biz_id, id, source_type, source_id, customer_id, steps, total_minor, currency, engine_version, expires_at)
select o.biz_id, pg_temp.id('price-trace/' || o.number), 'BookingOrder', o.id, o.customer_id, jsonb_build_array(jsonb_build_object('rule', 'List prices', 'before_minor', 0, 'after_minor', o.base_minor)), o.total_minor, 'MYR', 'pricing/1', pg_temp.at(90, '00:00')
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.status = 'confirmed';
