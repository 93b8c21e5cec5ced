-- Others may use: membership_plan/pallet-plus, membership_plan/cold-plus, sellable/pallet-plus, sellable/cold-plus,
-- promo_code/FIRSTMONTH, wallet/credit/1 .. wallet/credit/8 (prepaid storage of customers 1 to 8).

-- pg_temp.id without a look at the tenant: the same ids, faster.
create or replace function pg_temp.key(name text) returns uuid
language sql stable as $$ select overlay(md5('keep:' || name) placing '8' from 13 for 1)::uuid $$;

insert into entitlements.grant_terms (biz_id, id, code, name, weekdays, local_starts_at, local_ends_at)
select pg_temp.biz(), pg_temp.key('grant_terms/' || v.code), v.code, v.name, v.weekdays, v.starts::time, v.ends::time
from (values
  ('forklift-hours', 'Forklift, Monday to Saturday by day', 63, '08:00', '18:00'),
  ('storage-only', 'Pallet places only', 127, null, null)
) v(code, name, weekdays, starts, ends);
insert into entitlements.grant_term_services (biz_id, terms_id, service_id)
select s.biz_id, pg_temp.key('grant_terms/' || v.terms), s.id
from (values ('forklift-hours', 'forklift'), ('storage-only', 'ambient'), ('storage-only', 'chilled')) v(terms, service)
join catalog.services s on s.biz_id = pg_temp.biz() and s.code = v.service;
insert into entitlements.grant_term_locations (biz_id, terms_id, location_id)
values (pg_temp.biz(), pg_temp.key('grant_terms/forklift-hours'), pg_temp.location('PKL'));

insert into pricing.discounts (biz_id, id, code, name, kind, value_bps)
values (pg_temp.biz(), pg_temp.key('entitlement_discount/PROMO-FIRST-MONTH'), 'PROMO-FIRST-MONTH', 'First month of storage, 20 percent', 'percent', 2000);

-- Plans
insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category)
select pg_temp.biz(), pg_temp.key('sellable/' || v.code), 'membership_plan', 'MembershipPlan', pg_temp.key('membership_plan/' || v.code), v.name, 'standard'
from (values ('pallet-plus', 'Pallet Plus'), ('cold-plus', 'Cold Plus'), ('gate-pass', 'Gate pass')) v(code, name);
insert into entitlements.membership_plans (
  biz_id, id, code, name, description, sellable_id, status, interval, interval_count, min_periods, notice_days, proration_mode, grace_days, max_holders
)
select pg_temp.biz(), pg_temp.key('membership_plan/' || v.code), v.code, v.name, v.description,
  case when v.status <> 'draft' then pg_temp.key('sellable/' || v.code) end, v.status, 'month', v.months, v.periods, 30, 'daily', 14, 20
from (values
  ('pallet-plus', 'Pallet Plus', 'Four hours of forklift a month and dock slots before eight.', 'active', 1, 6),
  ('cold-plus', 'Cold Plus', 'Eight hours of forklift a month in the chilled bays, and temperature reports.', 'active', 1, 12),
  ('gate-pass', 'Gate pass', 'Night access to the yard at Shah Alam.', 'retired', 3, 1),
  ('bonded', 'Bonded store', 'Bonded storage, once the licence is here.', 'draft', 1, 12)
) v(code, name, description, status, months, periods);
insert into entitlements.membership_plan_benefits (
  biz_id, id, plan_id, kind, name, unit, quantity, terms_id, rollover_mode, rollover_cap, rollover_periods
)
select pg_temp.biz(), pg_temp.key('membership_plan_benefit/' || v.plan), pg_temp.key('membership_plan/' || v.plan), 'credits', v.name, 'minutes', v.quantity,
  pg_temp.key('grant_terms/forklift-hours'), 'capped', v.quantity, 1
from (values ('pallet-plus', 'Four hours of forklift', 240), ('cold-plus', 'Eight hours of forklift', 480)) v(plan, name, quantity);

-- Grants: prepaid storage in ringgit, and forklift minutes of plans
create temporary table demo_credit_grants on commit drop as
select 'credit/' || n || '/' || k as name, 'credit/' || n as wallet, n as customer, null::integer as membership, 'money' as unit,
  case when k = 1 then 'purchase' when n = 3 then 'refund' else 'purchase' end as origin, (150000 + n * 25000) / k::bigint as quantity,
  pg_temp.at(-75 + n * 2 + k * 25, '10:00') as starts_at, null::timestamptz as ends_at, 'storage-only' as terms,
  case when n = 3 and k = 2 then 'Bay closed for two days after the flood' end as note
from generate_series(1, 8) n, generate_series(1, 2) k
where k = 1 or n % 2 = 1
union all
select 'minutes/' || n || '/' || k, 'minutes/' || n, n + 8, n, 'minutes', 'membership', case when n <= 4 then 240 else 480 end,
  pg_temp.at(k * 30 - 50 - n, '00:00'), pg_temp.at(k * 30 - 20 - n, '00:00'), 'forklift-hours', null
from generate_series(1, 7) n, generate_series(0, 1) k
union all
select 'minutes/' || n || '/2', 'minutes/' || n, n + 8, n, 'minutes', 'membership', case when n <= 4 then 240 else 480 end,
  pg_temp.at(10 - n, '00:00') + interval '5 days', pg_temp.at(40 - n, '00:00') + interval '5 days', 'forklift-hours', 'For the month to come'
from generate_series(1, 3) n;

create temporary table demo_credit_entries on commit drop as
select g.name || '/first' as name, g.name as grant_name, 'grant' as kind, g.quantity, least(g.starts_at, now()) as at, null::text as note
from demo_credit_grants g
union all
select g.name || '/use', g.name, 'redeem', case when g.unit = 'money' then case when g.customer in (2, 6) then - g.quantity else - g.quantity / 3 end else -90 end,
  least(now(), g.starts_at + interval '4 days 6 hours'), null
from demo_credit_grants g
where g.starts_at < now() - interval '5 days'
union all
select g.name || '/lapsed', g.name, 'expire', 90 - g.quantity, least(now(), g.ends_at), null
from demo_credit_grants g
where g.name like 'minutes/%/0'
union all
select g.name || '/back', g.name, 'adjust', -20000, pg_temp.at(-6, '16:30'), 'Deposit booked as a top-up by mistake'
from demo_credit_grants g
where g.name = 'credit/5/2';

insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit, currency, balance, held)
select pg_temp.biz(), pg_temp.key('wallet/' || w.wallet), 'W-' || lpad((row_number() over (order by w.wallet))::text, 5, '0'), pg_temp.customer(w.customer),
  case w.unit when 'money' then 'stored_value' else 'membership' end, w.unit, case w.unit when 'money' then 'MYR' end, w.balance,
  case w.wallet when 'credit/1' then 30000 when 'credit/7' then 18000 else 0 end
from (
  select g.wallet, g.customer, g.unit, sum(e.quantity) as balance
  from demo_credit_grants g
  join demo_credit_entries e on e.grant_name = g.name
  group by 1, 2, 3
) w;

insert into entitlements.memberships (
  biz_id, id, number, plan_id, customer_id, location_id, status, started_on, ended_on, current_period_starts_on, current_period_ends_on, trial_ends_on,
  timezone, anchor_day, paused_until, past_due_since, price_minor, currency, wallet_id, cancelled_at, cancel_reason
)
select pg_temp.biz(), pg_temp.key('membership/' || v.n), 'PL-' || lpad(v.n::text, 4, '0'), pg_temp.key('membership_plan/' || v.plan), pg_temp.customer(v.n + 8),
  pg_temp.location(v.location), v.status, pg_temp.day(-200 - v.n), case when v.status in ('cancelled', 'expired') then pg_temp.day(-5) end,
  pg_temp.day(-20 - v.n), pg_temp.day(10 - v.n), null, 'Asia/Kuala_Lumpur', extract(day from pg_temp.day(-20 - v.n)),
  case when v.status = 'paused' then pg_temp.day(30) end, case when v.status = 'past_due' then pg_temp.day(-8) end, v.price, 'MYR',
  pg_temp.key('wallet/minutes/' || v.n), case when v.status = 'cancelled' then pg_temp.at(-5, '12:00') end,
  case when v.status = 'cancelled' then 'Moved production to Johor' end
from (values
  (1, 'pallet-plus', 'PKL', 'active', 48000), (2, 'pallet-plus', 'PKL', 'active', 48000), (3, 'pallet-plus', 'SHA', 'past_due', 48000), (4, 'pallet-plus', 'SHA', 'cancelled', 45000),
  (5, 'cold-plus', 'PKL', 'active', 92000), (6, 'cold-plus', 'PKL', 'paused', 92000), (7, 'cold-plus', 'PKL', 'active', 88000)
) v(n, plan, location, status, price);
insert into entitlements.membership_pauses (biz_id, id, membership_id, starts_on, ends_on, reason)
values (pg_temp.biz(), pg_temp.key('membership_pause/6'), pg_temp.key('membership/6'), pg_temp.day(-4), pg_temp.day(30), 'Line is being rebuilt');
insert into entitlements.membership_events (biz_id, id, membership_id, kind, occurred_at, period_starts_on, period_ends_on, note)
select pg_temp.biz(), pg_temp.key('membership_event/' || v.n || '/' || v.kind), pg_temp.key('membership/' || v.n), v.kind, pg_temp.at(v.day, '09:00'),
  case when v.kind = 'renewed' then pg_temp.day(v.day) end, case when v.kind = 'renewed' then pg_temp.day(v.day + 30) end, v.note
from (
  select n, 'enrolled' as kind, -200 - n as day, null as note from generate_series(1, 7) n
  union all select n, 'activated', -199 - n, null from generate_series(1, 7) n
  union all select n, 'renewed', -20 - n, null from generate_series(1, 7) n
  union all values (3, 'payment_failed', -8, 'Direct debit returned by the bank'), (6, 'paused', -4, null), (4, 'cancelled', -5, 'Moved production to Johor')
) v;
insert into entitlements.rollover_runs (
  biz_id, id, plan_id, period_starts_on, period_ends_on, status, started_at, finished_at, memberships_count, rolled_quantity, expired_quantity
)
select pg_temp.biz(), pg_temp.key('rollover_run/' || v.plan || '/' || v.starts), pg_temp.key('membership_plan/' || v.plan), pg_temp.day(v.starts), pg_temp.day(v.ends), v.status,
  case when v.status <> 'queued' then pg_temp.at(v.ends, '00:05') end, case when v.status = 'completed' then pg_temp.at(v.ends, '00:06') end, v.members, 0, v.expired
from (values ('pallet-plus', -60, -30, 'completed', 4, 600), ('cold-plus', -60, -30, 'completed', 3, 1170), ('cold-plus', -30, -1, 'queued', 0, 0)) v(plan, starts, ends, status, members, expired);

insert into entitlements.grants (
  biz_id, id, wallet_id, origin, quantity, remaining, starts_at, ends_at, status, terms_id, paid_minor, currency, note, membership_id
)
select pg_temp.biz(), pg_temp.key('grant/' || g.name), pg_temp.key('wallet/' || g.wallet), g.origin, g.quantity, g.quantity, g.starts_at, g.ends_at,
  case when g.starts_at > now() then 'scheduled' else 'active' end, pg_temp.key('grant_terms/' || g.terms), case when g.origin = 'purchase' then g.quantity end,
  case when g.origin = 'purchase' then 'MYR' end, g.note, case when g.membership is not null then pg_temp.key('membership/' || g.membership) end
from demo_credit_grants g;
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, occurred_at, location_id, business_date, note)
select pg_temp.biz(), pg_temp.key('entitlement_entry/' || e.name), pg_temp.key('wallet/' || g.wallet), pg_temp.key('grant/' || g.name), e.kind, e.quantity, e.at,
  case when e.kind = 'redeem' then pg_temp.location('PKL') end, case when e.kind = 'redeem' then (e.at at time zone 'Asia/Kuala_Lumpur')::date end, e.note
from demo_credit_entries e
join demo_credit_grants g on g.name = e.grant_name;
update entitlements.grants g
set remaining = s.remaining, status = case when s.remaining > 0 then g.status when s.lapsed then 'expired' else 'depleted' end
from (select grant_name, sum(quantity) as remaining, bool_or(kind = 'expire') as lapsed from demo_credit_entries group by 1) s
where g.biz_id = pg_temp.biz()
  and g.id = pg_temp.key('grant/' || s.grant_name)
  and g.remaining <> s.remaining;

insert into entitlements.value_holds (biz_id, id, wallet_id, quantity, status, expires_at, source_type, source_id)
select pg_temp.biz(), pg_temp.key('value_hold/' || v.n), pg_temp.key('wallet/' || v.wallet), v.quantity, v.status, now() + v.hours * interval '1 hour', 'BookingOrder', pg_temp.booking(v.order_status, v.n)
from (values
  (1, 'credit/1', 30000, 'held', 20, 'confirmed'), (2, 'credit/7', 18000, 'held', 44, 'confirmed'), (3, 'credit/3', 21000, 'redeemed', -300, 'completed'),
  (4, 'credit/4', 9000, 'released', -120, 'cancelled'), (5, 'minutes/5', 60, 'expired', -70, 'cancelled')
) v(n, wallet, quantity, status, hours, order_status);
update entitlements.wallets w
set status = v.status
from (values ('credit/4', 'frozen'), ('credit/2', 'closed'), ('minutes/4', 'frozen')) v(wallet, status)
where w.biz_id = pg_temp.biz() and w.id = pg_temp.key('wallet/' || v.wallet);
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, status, reason, requested_by_id, approved_by_id)
select pg_temp.biz(), pg_temp.key('entitlement_transfer/' || v.n), 'ET-' || lpad(v.n::text, 4, '0'), pg_temp.key('wallet/' || v.source), pg_temp.key('wallet/' || v.target), v.quantity, v.status, v.reason,
  pg_temp.person('desk'), case when v.status = 'approved' then pg_temp.person('owner') end
from (values
  (1, 'credit/1', 'credit/8', 40000, 'requested', 'Same group of companies; letter of both directors is in the file'),
  (2, 'credit/7', 'credit/5', 25000, 'approved', 'Shared container of October'),
  (3, 'credit/3', 'credit/1', 99000, 'rejected', 'No letter from the paying company')
) v(n, source, target, quantity, status, reason);

-- Promotion codes
insert into entitlements.promo_codes (biz_id, id, code, name, discount_id, grant_unit, grant_quantity, grant_valid_days, starts_at, ends_at, usage_limit, used_count)
select pg_temp.biz(), pg_temp.key('promo_code/' || v.code), v.code, v.name, case when v.unit is null then pg_temp.key('entitlement_discount/PROMO-FIRST-MONTH') end,
  v.unit, v.quantity, v.days, pg_temp.at(-90, '00:00'), pg_temp.at(v.ends, '23:59'), 30, v.used
from (values ('FIRSTMONTH', 'First month of storage', null, null::bigint, null::integer, 60, 5), ('FORKLIFT2H', 'Two hours of forklift', 'minutes', 120, 60, 30, 0)) v(code, name, unit, quantity, days, ends, used);
insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, used_at, source_type, source_id)
select pg_temp.biz(), pg_temp.key('promo_code_use/' || o.number), pg_temp.key('promo_code/FIRSTMONTH'), o.customer_id, least(o.booked_at, now()), 'BookingOrder', o.id
from (
  select distinct on (c.customer_id) c.*
  from booking.booking_orders c
  where c.biz_id = pg_temp.biz() and c.status in ('completed', 'confirmed')
  order by c.customer_id, c.number
  limit 5
) o;
