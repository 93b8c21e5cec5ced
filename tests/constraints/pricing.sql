-- The rules of pricing: books and rules, rate plans and their calendar, features, storage, discounts, taxes, exchange rates.

-- given: a book, plans, discounts, taxes and a feature
insert into core.features (biz_id, id, code, name, scope)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000001', 'cold', 'Cold storage', 'location');
insert into pricing.price_books (biz_id, id, code, name, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000002', 'standard', 'Standard', 'EUR');
insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000003', '00000000-0000-7000-8000-000000000063', 'adult', 'Adult');
insert into catalog.sellables (biz_id, id, kind, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000004', 'fee', 'Cleaning');
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit_price, first_used_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000005', '00000000-0000-7006-8000-000000000002',
  '00000000-0000-7000-8000-000000000064', 'Standard', 80, now());
insert into pricing.rate_plans (biz_id, id, code, name, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000006', 'flex', 'Flexible', 'EUR');
insert into pricing.rate_plans (biz_id, id, code, name, currency, derived_from_id, derivation, derivation_bps)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000007', 'saver', 'Saver', 'EUR',
  '00000000-0000-7006-8000-000000000006', 'percent', -1000);
insert into pricing.feature_prices (biz_id, id, feature_id, name, calculation, value, currency, starts_at, first_used_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000008', '00000000-0000-7006-8000-000000000001',
  'Cold', 'unit_per_day', 0.2, 'EUR', '2027-01-01 00:00Z', now());
insert into pricing.storage_base_rates (biz_id, id, name, rate_per_unit, currency, starts_on, first_used_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000009', 'Standard', 0.35, 'EUR', '2027-01-01', now());
insert into pricing.discounts (biz_id, id, code, name, kind, value_bps, usage_limit, per_customer_limit)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000010', 'one', 'Only one', 'percent', 1000, 1, null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000011', 'each-once', 'Once each', 'percent', 1000, null, 1),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000012', 'free', 'Any number', 'percent', 1000, null, null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000013', 'once', 'Once', 'percent', 1000, 1, null);
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000014', '00000000-0000-7006-8000-000000000012',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000015', '00000000-0000-7006-8000-000000000013',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR');
insert into pricing.tax_profiles (biz_id, id, code, name, location_id, country_code)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000016', 'harbour', 'Harbour',
  '00000000-0000-7000-8000-000000000011', 'PT');
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, rate, starts_on, first_used_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000017', '00000000-0000-7006-8000-000000000016',
  'IVA 23 %', 'standard', 0.23, '2027-01-01', now());
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, revision, inputs, engine_version, rounding, price_display, currency,
  total_tax_minor, result_digest)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000018', 'BookingOrder',
  '00000000-0000-7000-8000-000000000072', 1, '{"lines": []}', '1', 'line', 'inclusive', 'EUR', 0, repeat('a', 64));

-- allowed: prices that follow each other, differ by weekday, hour, quantity or seat type
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, seat_type_id, name, unit_price, weekday_mask, local_start_time,
  local_end_time, min_quantity, starts_on, ends_on)
select '00000000-0000-7000-8000-000000000001', id::uuid, '00000000-0000-7006-8000-000000000002', '00000000-0000-7000-8000-000000000064',
  seat_type_id::uuid, 'Rule', 100, mask, from_time::time, to_time::time, quantity, starts_on::date, ends_on::date
from (values
  ('00000000-0000-7006-8000-000000000020', null, 96, null, null, 1, null, null),
  ('00000000-0000-7006-8000-000000000021', null, 127, '22:00', '02:00', 1, null, null),
  ('00000000-0000-7006-8000-000000000022', null, 127, null, null, 10, null, '2027-07-01'),
  ('00000000-0000-7006-8000-000000000023', null, 127, null, null, 10, '2027-07-01', null),
  ('00000000-0000-7006-8000-000000000024', '00000000-0000-7006-8000-000000000003', 127, null, null, 1, null, null)
) as r (id, seat_type_id, mask, from_time, to_time, quantity, starts_on, ends_on);

-- race price_rules_no_overlap_excl: a thing has one price of a kind on a day
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit_price, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f00:n', '00000000-0000-7006-8000-000000000002',
  '00000000-0000-7006-8000-000000000004', 'Standard', 80, '2027-0:n-01');

-- refused price_rules_seat_type_check: a price for a seat type is of the version that has it
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, seat_type_id, name, unit_price)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000020', '00000000-0000-7006-8000-000000000002',
  '00000000-0000-7006-8000-000000000004', '00000000-0000-7006-8000-000000000003', 'Adult', 80);

-- refused price_rules_used_immutable_check: a price that was used is not rewritten
update pricing.price_rules set unit_price = 90 where id = '00000000-0000-7006-8000-000000000005';

-- refused price_rules_used_immutable_check: that a price was used is not forgotten
update pricing.price_rules set first_used_at = null where id = '00000000-0000-7006-8000-000000000005';

-- allowed: a price that was used ends, and another follows
update pricing.price_rules set ends_on = '2027-07-01' where id = '00000000-0000-7006-8000-000000000005';
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit_price, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000020', '00000000-0000-7006-8000-000000000002',
  '00000000-0000-7000-8000-000000000064', 'New', 90, '2027-07-01');

-- refused price_rules_weekday_mask_check: a price holds on a day of the week
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit_price, weekday_mask)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000020', '00000000-0000-7006-8000-000000000002',
  '00000000-0000-7000-8000-000000000064', 'Never', 80, 0);

-- refused price_books_currency_immutable_check: a book keeps its currency
update pricing.price_books set currency = 'USD' where id = '00000000-0000-7006-8000-000000000002';

-- refused price_books_code_key: two books do not share a code
insert into pricing.price_books (biz_id, id, code, name, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000025', 'standard', 'Other', 'EUR');

-- refused rate_plans_derived_from_id_acyclic_check: plans do not follow from each other in a circle
update pricing.rate_plans set derived_from_id = '00000000-0000-7006-8000-000000000007', derivation = 'percent', derivation_bps = 0
where id = '00000000-0000-7006-8000-000000000006';

-- refused rate_plans_derived_from_id_fkey: a plan follows from one of the same currency
insert into pricing.rate_plans (biz_id, id, code, name, currency, derived_from_id, derivation, derivation_bps)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000026', 'usd', 'Dollars', 'USD',
  '00000000-0000-7006-8000-000000000006', 'percent', -1000);

-- refused rate_plans_derivation_check: a plan that follows from another says how
insert into pricing.rate_plans (biz_id, id, code, name, currency, derived_from_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000026', 'half', 'Half', 'EUR',
  '00000000-0000-7006-8000-000000000006');

-- refused rate_plans_derivation_check: a plan that follows from another by a part names no amount
insert into pricing.rate_plans (biz_id, id, code, name, currency, derived_from_id, derivation, derivation_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000026', 'half', 'Half', 'EUR',
  '00000000-0000-7006-8000-000000000006', 'percent', 100);

-- refused rate_plans_currency_immutable_check: a plan keeps its currency
update pricing.rate_plans set currency = 'USD' where id = '00000000-0000-7006-8000-000000000007';

-- allowed: a plan is sold for a unit type, and its calendar filled and changed
insert into pricing.rate_plan_unit_types (biz_id, id, rate_plan_id, unit_type_id, extra_adult_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000027', '00000000-0000-7006-8000-000000000006',
  '00000000-0000-7000-8000-000000000045', 2500, 'EUR');
insert into pricing.rate_overrides (biz_id, id, rate_plan_id, unit_type_id, stay_date, price_minor, currency)
select '00000000-0000-7000-8000-000000000001', ('00000000-0000-7006-8000-0000000001' || lpad(d::text, 2, '0'))::uuid,
  '00000000-0000-7006-8000-000000000006', '00000000-0000-7000-8000-000000000045', date '2027-05-01' + d, 9000, 'EUR'
from generate_series(1, 30) as d;
insert into pricing.rate_overrides (biz_id, id, rate_plan_id, unit_type_id, stay_date, price_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000199', '00000000-0000-7006-8000-000000000006',
  '00000000-0000-7000-8000-000000000045', '2027-05-05', 9900, 'EUR')
on conflict (biz_id, rate_plan_id, unit_type_id, stay_date) where deleted_at is null do update set price_minor = excluded.price_minor;

-- race rate_overrides_stay_date_key: a night stands in the calendar once
insert into pricing.rate_overrides (biz_id, id, rate_plan_id, unit_type_id, stay_date, price_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f10:n', '00000000-0000-7006-8000-000000000006',
  '00000000-0000-7000-8000-000000000045', '2027-12-24', 15000, 'EUR');

-- refused rate_overrides_rate_plan_id_fkey: the calendar has the currency of its plan
insert into pricing.rate_overrides (biz_id, id, rate_plan_id, unit_type_id, stay_date, price_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000028', '00000000-0000-7006-8000-000000000006',
  '00000000-0000-7000-8000-000000000045', '2027-06-01', 15000, 'USD');

-- refused rate_overrides_stay_check: the most nights are not fewer than the least
insert into pricing.rate_overrides (biz_id, id, rate_plan_id, unit_type_id, stay_date, currency, min_stay_nights, max_stay_nights)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000028', '00000000-0000-7006-8000-000000000006',
  '00000000-0000-7000-8000-000000000045', '2027-06-01', 'EUR', 3, 2);

-- race rate_strategies_priority_excl: a place in the order of strategies is taken once
insert into pricing.rate_strategies (biz_id, id, location_id, name, kind, priority)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f20:n', '00000000-0000-7000-8000-000000000011', 'Summer',
  'seasonal', 1);

-- refused rate_strategies_bounds_check: the ceiling is not below the floor
insert into pricing.rate_strategies (biz_id, id, location_id, name, kind, priority, floor_minor, ceiling_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000029', '00000000-0000-7000-8000-000000000011', 'Summer',
  'seasonal', 2, 9000, 8000, 'EUR');

-- refused rate_strategies_unit_type_id_fkey: a strategy moves unit types of its own location
insert into pricing.rate_strategies (biz_id, id, location_id, unit_type_id, name, kind, priority)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000029', '00000000-0000-7000-8000-000000000012',
  '00000000-0000-7000-8000-000000000045', 'Summer', 'seasonal', 2);

-- allowed: a special offer runs beside the usual price of a feature, and one location has its own
insert into pricing.feature_prices (biz_id, id, feature_id, name, calculation, value, currency, is_promotional, location_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000030', '00000000-0000-7006-8000-000000000001',
    'Spring', 'unit_per_day', 0.1, 'EUR', true, null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000031', '00000000-0000-7006-8000-000000000001',
    'Hill', 'percent_of_base', 12.5, null, false, '00000000-0000-7000-8000-000000000012');

-- refused feature_prices_no_overlap_excl: a feature has one usual price at a time
insert into pricing.feature_prices (biz_id, id, feature_id, name, calculation, value, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000030', '00000000-0000-7006-8000-000000000001',
  'Again', 'flat', 5, 'EUR');

-- refused feature_prices_currency_check: a percentage has no currency
insert into pricing.feature_prices (biz_id, id, feature_id, name, calculation, value, currency, is_promotional)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000030', '00000000-0000-7006-8000-000000000001',
  'Spring', 'percent_of_base', 5, 'EUR', true);

-- refused feature_prices_used_immutable_check: a price of a feature that was used is not rewritten
update pricing.feature_prices set value = 0.3 where id = '00000000-0000-7006-8000-000000000008';

-- race storage_base_rates_no_overlap_excl: a location has one storage rate of a currency at a time
insert into pricing.storage_base_rates (biz_id, id, name, location_id, rate_per_unit, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f30:n', 'Harbour', '00000000-0000-7000-8000-000000000011',
  0.4, 'EUR');

-- refused storage_base_rates_used_immutable_check: a storage rate that was used is not rewritten
update pricing.storage_base_rates set rate_per_unit = 0.5 where id = '00000000-0000-7006-8000-000000000009';

-- allowed: a discount is used, taken back, and used again
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000032', '00000000-0000-7006-8000-000000000013',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR',
  '00000000-0000-7006-8000-000000000015');
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000033', '00000000-0000-7006-8000-000000000013',
  '00000000-0000-7000-8000-000000000032', 'BookingOrder', '00000000-0000-7000-8000-000000000072', 500, 'EUR');

-- refused discounts_usage_limit_check: a discount for one use is not used twice
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000033', '00000000-0000-7006-8000-000000000013',
  '00000000-0000-7000-8000-000000000032', 'BookingOrder', '00000000-0000-7000-8000-000000000072', 500, 'EUR');

-- race discounts_usage_limit_check: the last use of a discount is used once
insert into pricing.discount_redemptions (biz_id, id, discount_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f40:n', '00000000-0000-7006-8000-000000000010',
  'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR');

-- race discount_redemptions_per_customer_check: one customer uses a discount once
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f50:n', '00000000-0000-7006-8000-000000000011',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR');

-- race discount_redemptions_reverses_id_key: a use is taken back once
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f60:n', '00000000-0000-7006-8000-000000000012',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR',
  '00000000-0000-7006-8000-000000000014');

-- allowed: another customer uses the discount that each may use once
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000033', '00000000-0000-7006-8000-000000000011',
  '00000000-0000-7000-8000-000000000032', 'BookingOrder', '00000000-0000-7000-8000-000000000072', 500, 'EUR');

-- refused discount_redemptions_reversal_check: a use is taken back as a whole
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000032', '00000000-0000-7006-8000-000000000013',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 400, 'EUR',
  '00000000-0000-7006-8000-000000000015');

-- refused discount_redemptions_reverses_id_fkey: what is taken back is a use of the same discount
insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000032', '00000000-0000-7006-8000-000000000012',
  '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 500, 'EUR',
  '00000000-0000-7006-8000-000000000015');

-- refused discount_redemptions_append_only_check: a use of a discount is not rewritten
select set_config('role', 'bizing_platform', true);
update pricing.discount_redemptions set amount_minor = 1 where id = '00000000-0000-7006-8000-000000000014';

-- refused discounts_used_count_counted_check: the counter of a discount is not set by hand
update pricing.discounts set used_count = 0 where id = '00000000-0000-7006-8000-000000000013';

-- refused discounts_used_count_counted_check: a new discount was not used yet
insert into pricing.discounts (biz_id, id, code, name, kind, value_bps, used_count)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000034', 'used', 'Used', 'percent', 1000, 1);

-- allowed: discounts of each kind and scope
insert into pricing.discounts (biz_id, id, code, name, kind, value_bps, value_minor, currency, buy_quantity, get_quantity, scope, offer_id)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000034', 'five', 'Five off', 'amount', null, 500, 'EUR', null, null,
    'order', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000035', '2for1', 'Two for one', 'bogo', 10000, null, null, 1, 1,
    'offer', '00000000-0000-7000-8000-000000000062');

-- refused discounts_value_check: no more than 100 % is taken off
insert into pricing.discounts (biz_id, id, code, name, kind, value_bps)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000034', 'more', 'More', 'percent', 10001);

-- refused discounts_scope_check: a discount on an offer names the offer
insert into pricing.discounts (biz_id, id, code, name, kind, value_bps, scope)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000034', 'some', 'Some', 'percent', 1000, 'offer');

-- refused discount_redemptions_currency_check: five euros off are not used in dollars
insert into pricing.discounts (biz_id, id, code, name, kind, value_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000034', 'five', 'Five off', 'amount', 500, 'EUR');
insert into pricing.discount_redemptions (biz_id, id, discount_id, source_type, source_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000033', '00000000-0000-7006-8000-000000000034',
  'BookingOrder', '00000000-0000-7000-8000-000000000072', 500, 'USD');

-- refused discounts_currency_immutable_check: a discount that is in use keeps its currency
update pricing.discounts set currency = 'USD' where id = '00000000-0000-7006-8000-000000000013';

-- refused tax_profiles_location_id_key: a location has one tax profile
insert into pricing.tax_profiles (biz_id, id, code, name, location_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000036', 'again', 'Again', '00000000-0000-7000-8000-000000000011');

-- allowed: a rate ends and another follows, one region has its own, a second tax is taken on the first
update pricing.tax_rates set ends_on = '2028-01-01' where id = '00000000-0000-7006-8000-000000000017';
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, rate, compound_order, is_compound, country_code, region_code, starts_on)
select '00000000-0000-7000-8000-000000000001', id::uuid, '00000000-0000-7006-8000-000000000016', 'Tax', 'standard', rate, place, place > 1,
  country, region, starts_on::date
from (values
  ('00000000-0000-7006-8000-000000000037', 0.24, 1, null, null, '2028-01-01'),
  ('00000000-0000-7006-8000-000000000038', 0.22, 1, 'PT', '30', '2027-01-01'),
  ('00000000-0000-7006-8000-000000000039', 0.01, 2, null, null, '2027-01-01')
) as r (id, rate, place, country, region, starts_on);

-- race tax_rates_no_overlap_excl: a tax category has one rate at a time
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, rate, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f70:n', '00000000-0000-7006-8000-000000000016',
  'IVA 6 %', 'food', 0.06, '2027-0:n-01');

-- refused tax_rates_used_immutable_check: a tax rate that was used is not rewritten
update pricing.tax_rates set rate = 0.25 where id = '00000000-0000-7006-8000-000000000017';

-- refused tax_rates_treatment_check: what is exempt has a rate of 0
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, treatment, rate)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000037', '00000000-0000-7006-8000-000000000016',
  'Health', 'health', 'exempt', 0.06);

-- refused tax_rates_region_check: a region is of a country
insert into pricing.tax_rates (biz_id, id, profile_id, name, tax_category, rate, region_code)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000037', '00000000-0000-7006-8000-000000000016',
  'Madeira', 'books', 0.06, '30');

-- refused tax_exemptions_no_overlap_excl: a customer is exempt from a tax once at a time
insert into pricing.tax_exemptions (biz_id, id, customer_id, profile_id, certificate_no, starts_on)
select '00000000-0000-7000-8000-000000000001', id::uuid, '00000000-0000-7000-8000-000000000031', '00000000-0000-7006-8000-000000000016', 'C-1', starts_on::date
from (values ('00000000-0000-7006-8000-000000000040', '2027-01-01'), ('00000000-0000-7006-8000-000000000041', '2027-06-01')) as e (id, starts_on);

-- allowed: a calculation with lines that sum up to its total, reckoned twice with the same result
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, revision, inputs, engine_version, rounding, price_display, currency,
  total_tax_minor, result_digest)
select '00000000-0000-7000-8000-000000000001', id::uuid, 'BookingOrder', '00000000-0000-7000-8000-000000000071', revision,
  '{"lines": [1, 2]}', '1', 'line', 'inclusive', 'EUR', 2070, repeat('b', 64)
from (values ('00000000-0000-7006-8000-000000000043', 1), ('00000000-0000-7006-8000-000000000050', 2)) as c (id, revision);
insert into pricing.tax_calculation_lines (biz_id, id, calculation_id, line_ref, tax_rate_id, rate, taxable_minor, tax_minor, currency)
select '00000000-0000-7000-8000-000000000001', id::uuid, calculation_id::uuid, line_ref, '00000000-0000-7006-8000-000000000017', 0.23,
  taxable, tax, 'EUR'
from (values
  ('00000000-0000-7006-8000-000000000051', '00000000-0000-7006-8000-000000000043', '1', 10000, 2300),
  ('00000000-0000-7006-8000-000000000052', '00000000-0000-7006-8000-000000000043', '2', -1000, -230),
  ('00000000-0000-7006-8000-000000000053', '00000000-0000-7006-8000-000000000050', '1', 10000, 2300),
  ('00000000-0000-7006-8000-000000000054', '00000000-0000-7006-8000-000000000050', '2', -1000, -230)
) as l (id, calculation_id, line_ref, taxable, tax);

-- refused tax_calculations_total_sum_check: the lines of a calculation sum up to its total
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, inputs, engine_version, rounding, price_display, currency,
  total_tax_minor, result_digest)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000043', 'BookingOrder',
  '00000000-0000-7000-8000-000000000071', '{"lines": [1]}', '1', 'line', 'inclusive', 'EUR', 2300, repeat('b', 64));
insert into pricing.tax_calculation_lines (biz_id, id, calculation_id, line_ref, tax_rate_id, rate, taxable_minor, tax_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000042', '00000000-0000-7006-8000-000000000043', '1',
  '00000000-0000-7006-8000-000000000017', 0.23, 10000, 2299, 'EUR');

-- refused tax_calculations_total_sum_check: a calculation that was made takes no more lines
insert into pricing.tax_calculation_lines (biz_id, id, calculation_id, line_ref, tax_rate_id, rate, taxable_minor, tax_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000042', '00000000-0000-7006-8000-000000000018', '1',
  '00000000-0000-7006-8000-000000000017', 0.23, 10000, 2300, 'EUR');

-- refused tax_calculations_replay_excl: the same inputs come to the same result
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, revision, inputs, engine_version, rounding, price_display, currency,
  total_tax_minor, result_digest)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000043', 'BookingOrder',
  '00000000-0000-7000-8000-000000000072', 2, '{"lines": []}', '1', 'line', 'inclusive', 'EUR', 0, repeat('c', 64));

-- race tax_calculations_revision_key: a document has one calculation of a number
insert into pricing.tax_calculations (biz_id, id, source_type, source_id, revision, inputs, engine_version, rounding, price_display, currency,
  total_tax_minor, result_digest)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-00000000f80:n', 'BookingOrder',
  '00000000-0000-7000-8000-000000000072', 2, '{"lines": []}', '1', 'line', 'inclusive', 'EUR', 0, repeat('a', 64));

-- refused tax_calculations_append_only_check: a calculation is not rewritten
select set_config('role', 'bizing_platform', true);
update pricing.tax_calculations set total_tax_minor = 1 where id = '00000000-0000-7006-8000-000000000018';

-- refused fx_rate_snapshots_source_key: a source says the rate of an instant once
select set_config('role', 'bizing_platform', true);
insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of)
select id::uuid, 'EUR', 'USD', 1.1, 'ecb', '2027-01-04 15:00Z'
from (values ('00000000-0000-7006-8000-000000000045'), ('00000000-0000-7006-8000-000000000046')) as f (id);

-- refused fx_rate_snapshots_immutable_check: a rate that was loaded is not changed
select set_config('role', 'bizing_platform', true);
insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of)
values ('00000000-0000-7006-8000-000000000045', 'EUR', 'USD', 1.1, 'ecb', '2027-01-04 15:00Z');
update pricing.fx_rate_snapshots set rate = 1.2 where id = '00000000-0000-7006-8000-000000000045';

-- refused fx_rate_snapshots_rate_check: a rate is above zero
select set_config('role', 'bizing_platform', true);
insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of)
values ('00000000-0000-7006-8000-000000000045', 'EUR', 'USD', 0, 'ecb', '2027-01-04 15:00Z');

-- refused price_quotes_trace_append_only_check: how a price came about is not rewritten
select set_config('role', 'bizing_platform', true);
insert into pricing.price_quotes_trace (biz_id, id, total_minor, currency, engine_version)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7006-8000-000000000047', 1000, 'EUR', '1');
update pricing.price_quotes_trace set total_minor = 1 where id = '00000000-0000-7006-8000-000000000047';

-- refused price_rules_price_book_id_fkey: another tenant's book takes no prices of ours
select set_config('app.biz_id', '00000000-0000-7000-8000-000000000002', true);
insert into catalog.sellables (biz_id, id, kind, name)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7006-8000-000000000048', 'fee', 'Cleaning');
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit_price)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7006-8000-000000000049', '00000000-0000-7006-8000-000000000002',
  '00000000-0000-7006-8000-000000000048', 'Standard', 80);
