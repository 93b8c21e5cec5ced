-- Others may use: membership_plan/spa-monthly, membership_plan/spa-duo, membership_plan/atlantic-year,
-- gift_product/harbour-card, gift_product/spa-voucher, their sellables sellable/<same name after the slash>,
-- gift/1 .. gift/26 (gift cards), promo_code/WELCOME10, loyalty_program/harbour-circle.

-- pg_temp.id without a look at the tenant: the same ids, faster.
create or replace function pg_temp.key(name text) returns uuid
language sql stable as $$ select overlay(md5('harbour:' || name) placing '8' from 13 for 1)::uuid $$;

-- Terms
insert into entitlements.grant_terms (biz_id, id, code, name, weekdays, local_starts_at, local_ends_at, min_spend_minor, currency)
select pg_temp.biz(), pg_temp.key('grant_terms/' || v.code), v.code, v.name, v.weekdays, v.starts::time, v.ends::time, v.spend, v.currency
from (values
  ('spa-quiet-hours', 'Spa, Monday to Thursday before five', 15, '10:00', '17:00', null::bigint, null),
  ('spa-any-day', 'Spa, any day', 127, null, null, null, null),
  ('massage-only', 'Massages of 60 minutes', 127, null, null, null, null),
  ('stay-from-150', 'Stays from 150 euros', 127, null, null, 15000, 'EUR'),
  ('cascais-midweek', 'Cascais, Sunday to Thursday', 79, null, null, 12000, 'EUR')
) v(code, name, weekdays, starts, ends, spend, currency);

insert into entitlements.grant_term_services (biz_id, terms_id, service_id)
select s.biz_id, pg_temp.key('grant_terms/' || v.terms), s.id
from (values ('spa-quiet-hours', 'massage-60'), ('spa-quiet-hours', 'facial-45'), ('massage-only', 'massage-60')) v(terms, service)
join catalog.services s on s.biz_id = pg_temp.biz() and s.code = v.service;

insert into entitlements.grant_term_locations (biz_id, terms_id, location_id)
select pg_temp.biz(), pg_temp.key('grant_terms/' || v.terms), pg_temp.location(v.location)
from (values ('spa-quiet-hours', 'SPA'), ('spa-any-day', 'SPA'), ('massage-only', 'SPA'), ('cascais-midweek', 'CAS')) v(terms, location);

insert into pricing.discounts (biz_id, id, code, name, kind, value_bps, value_minor, currency)
select pg_temp.biz(), pg_temp.key('entitlement_discount/' || v.code), v.code, v.name, v.kind, v.bps, v.minor, v.currency
from (values
  ('MEMBER-SPA-10', 'Members of the spa, 10 percent', 'percent', 1000, null::bigint, null),
  ('MEMBER-CLUB-15', 'Atlantic Club, 15 percent', 'percent', 1500, null, null),
  ('CIRCLE-GOLD-5', 'Harbour Circle Gold, 5 percent', 'percent', 500, null, null),
  ('PROMO-WELCOME-10', 'First stay booked direct, 10 percent', 'percent', 1000, null, null),
  ('PROMO-AUTUMN-25', 'Autumn by the river, 25 euros', 'amount', null, 2500, 'EUR')
) v(code, name, kind, bps, minor, currency);

-- Membership plans, each with its sellable
insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category)
select pg_temp.biz(), pg_temp.key('sellable/' || v.code), v.kind, v.type, pg_temp.key(v.entity || '/' || v.code), v.name, 'standard'
from (values
  ('membership_plan', 'MembershipPlan', 'membership_plan', 'spa-monthly', 'Spa membership'),
  ('membership_plan', 'MembershipPlan', 'membership_plan', 'spa-duo', 'Spa membership for two'),
  ('membership_plan', 'MembershipPlan', 'membership_plan', 'atlantic-year', 'Atlantic Club'),
  ('membership_plan', 'MembershipPlan', 'membership_plan', 'river-gym', 'River gym'),
  ('gift_product', 'GiftProduct', 'gift_product', 'harbour-card', 'Harbour gift card'),
  ('gift_product', 'GiftProduct', 'gift_product', 'spa-voucher', 'Spa voucher')
) v(kind, type, entity, code, name);

insert into entitlements.membership_plans (
  biz_id, id, code, name, description, sellable_id, status, interval, trial_days, min_periods, notice_days, freeze_days_per_year,
  proration_mode, grace_days, max_holders
)
select pg_temp.biz(), pg_temp.key('membership_plan/' || v.code), v.code, v.name, v.description,
  case when v.status <> 'draft' then pg_temp.key('sellable/' || v.code) end,
  v.status, v.interval, v.trial, v.periods, v.notice, v.frozen, v.proration, v.grace, v.holders
from (values
  ('spa-monthly', 'Spa membership', 'Two treatments a month, the pool every day, and ten percent off everything else in the spa.', 'active', 'month', 14, 3, 30, 42, 'daily', 7, 1),
  ('spa-duo', 'Spa membership for two', 'Four treatments a month to share, and the pool for both of you.', 'active', 'month', 0, 3, 30, 42, 'daily', 7, 2),
  ('atlantic-year', 'Atlantic Club', 'A hundred euros to spend every year, late check-out, and fifteen percent off the best rate of the day.', 'active', 'year', 0, 1, 30, 0, 'none', 14, 2),
  ('river-gym', 'River gym', 'The gym at Harbour Lisbon; closed to new members since the spa opened.', 'retired', 'month', 7, 1, 15, 60, 'none', 5, 1),
  ('remote-desk', 'Desk with a view', 'A desk in the lounge, coffee, and the pool after work.', 'draft', 'month', 7, 1, 15, 30, 'full_period', 5, 1)
) v(code, name, description, status, interval, trial, periods, notice, frozen, proration, grace, holders);

insert into entitlements.membership_plan_benefits (
  biz_id, id, plan_id, kind, name, unit, currency, quantity, terms_id, discount_id, rollover_mode, rollover_cap, rollover_periods
)
select pg_temp.biz(), pg_temp.key('membership_plan_benefit/' || v.plan || '/' || v.name), pg_temp.key('membership_plan/' || v.plan),
  v.kind, v.name, v.unit, v.currency, v.quantity, case when v.terms is not null then pg_temp.key('grant_terms/' || v.terms) end,
  case when v.discount is not null then pg_temp.key('entitlement_discount/' || v.discount) end, v.rollover, v.cap, v.lasts
from (values
  ('spa-monthly', 'credits', 'Two treatments', 'visits', null, 2::bigint, 'spa-any-day', null, 'capped', 2::bigint, 1),
  ('spa-duo', 'credits', 'Four treatments', 'visits', null, 4, 'spa-any-day', null, 'capped', 4, 1),
  ('atlantic-year', 'credits', 'A hundred euros to spend', 'money', 'EUR', 10000, 'stay-from-150', null, 'unlimited', null, null),
  ('river-gym', 'credits', 'One visit of a friend', 'visits', null, 1, null, null, 'unlimited', null, 3),
  ('remote-desk', 'credits', 'Six hundred minutes of meeting room', 'minutes', null, 600, null, null, 'capped', 300, 1)
) v(plan, kind, name, unit, currency, quantity, terms, discount, rollover, cap, lasts);

-- What memberships there are, with the period that runs (or was the last)
create temporary table demo_memberships on commit drop as
select v.*, p.starts_on, p.ended_on, p.period_on, p.until_on, p.before_on, pg_temp.key('membership/' || v.n) as id,
  (v.plan <> 'river-gym' and v.status <> 'incomplete') as has_wallet, v.plan = 'atlantic-year' as is_yearly
from (values
  (1, 'spa-monthly', 15, 'active', -190, null::integer, 8900, 2),
  (2, 'spa-monthly', 16, 'active', -95, null, 8900, 2),
  (3, 'spa-monthly', 17, 'past_due', -130, null, 8900, 2),
  (4, 'spa-monthly', 18, 'paused', -220, null, 8900, 2),
  (5, 'spa-monthly', 19, 'trialing', -5, null, 8900, 2),
  (6, 'spa-monthly', 20, 'cancelled', -160, -40, 8900, 2),
  (7, 'spa-duo', 21, 'active', -75, null, 14900, 4),
  (8, 'spa-duo', 22, 'active', -310, null, 14900, 4),
  (9, 'spa-duo', 23, 'expired', -400, 12, 14500, 4),
  (10, 'atlantic-year', 24, 'active', -120, null, 24000, 10000),
  (11, 'atlantic-year', 25, 'active', -290, null, 24000, 10000),
  (12, 'atlantic-year', 26, 'incomplete', 0, null, 24000, 10000),
  (13, 'spa-monthly', 27, 'active', -12, null, 8900, 2),
  (14, 'river-gym', 28, 'active', -500, null, 3900, 0),
  (15, 'spa-monthly', 29, 'active', -64, null, 8900, 2),
  (16, 'atlantic-year', 30, 'expired', -395, 12, 22000, 10000)
) v(n, plan, customer, status, since, ended, price, credits)
cross join lateral (
  select pg_temp.day(v.since) as starts_on,
    case v.status when 'expired' then (pg_temp.day(v.since) + make_interval(months => v.ended))::date
      when 'cancelled' then pg_temp.day(v.ended) end as ended_on
) e
cross join lateral (
  select age(coalesce(e.ended_on - 1, pg_temp.day()), e.starts_on) as since,
    case v.plan when 'atlantic-year' then 12 else 1 end as months
) a
cross join lateral (
  select (extract(year from a.since) * 12 + extract(month from a.since))::integer / a.months * a.months as passed
) k
cross join lateral (
  select e.starts_on, e.ended_on, (e.starts_on + make_interval(months => k.passed))::date as period_on,
    (e.starts_on + make_interval(months => k.passed + a.months))::date as until_on,
    case when k.passed > 0 then (e.starts_on + make_interval(months => k.passed - a.months))::date end as before_on
) p;

-- What there is in wallets: grants, and what became of them
create temporary table demo_credit_grants (
  name text primary key, wallet text, origin text, quantity bigint, starts_at timestamptz, ends_at timestamptz,
  priority smallint default 100, status text, terms text, from_grant text, paid bigint, note text, source_type text,
  source_id uuid, membership_id uuid
) on commit drop;
create temporary table demo_credit_entries (
  name text primary key, grant_name text, kind text, quantity bigint, at timestamptz, note text, reverses text,
  location text, source_type text, source_id uuid
) on commit drop;

-- Store credit and passes
insert into demo_credit_grants (name, wallet, origin, quantity, starts_at, ends_at, priority, status, terms, from_grant, paid, note)
select v.name, v.wallet, v.origin, v.quantity, pg_temp.at(v.since, '10:30'), case when v.until is not null then pg_temp.at(v.until, '23:00') end,
  v.priority, v.status, v.terms, v.from_grant, v.paid, v.note
from (values
  ('money/1/refund', 'money/1', 'refund', 8500, -48, null::integer, 100, null, null, null, null::bigint, 'Stay cut short by two nights'),
  ('money/1/top-up', 'money/1', 'purchase', 20000, -20, null, 100, null, null, null, 20000, null),
  ('money/2/gesture', 'money/2', 'adjustment', 4000, -33, 332, 50, null, 'stay-from-150', null, null, 'Air conditioning out of order in room 203'),
  ('money/3/top-up', 'money/3', 'purchase', 30000, -60, null, 100, null, null, null, 30000, null),
  ('money/4/refund', 'money/4', 'refund', 12750, -25, null, 100, null, null, null, null, 'Cancelled within the free time'),
  ('money/5/gesture', 'money/5', 'adjustment', 2500, -400, -35, 50, 'expired', null, null, null, 'Luggage arrived late'),
  ('money/5/top-up', 'money/5', 'purchase', 10000, -15, null, 100, null, null, null, 10000, null),
  ('money/6/gesture', 'money/6', 'adjustment', 3000, -9, 356, 50, 'revoked', null, null, null, 'Noise from the terrace'),
  ('money/6/refund', 'money/6', 'refund', 6400, -9, null, 100, null, null, null, null, 'Treatment cancelled by the spa'),
  ('money/7/import', 'money/7', 'import', 5000, -200, null, 100, null, null, null, null, 'Credit note from the old system'),
  ('money/8/transfer', 'money/8', 'transfer', 5000, -12, null, 100, null, null, 'money/3/top-up', null, 'From the account of the parents'),
  ('money/8/promo', 'money/8', 'promo', 1500, 10, 100, 50, 'scheduled', 'cascais-midweek', null, null, 'Winter in Cascais'),
  ('pass/9', 'pass/9', 'purchase', 10, -70, 295, 100, null, 'massage-only', null, 62000, null),
  ('pass/10', 'pass/10', 'purchase', 10, -110, 255, 100, null, 'massage-only', null, 62000, null),
  ('pass/11', 'pass/11', 'purchase', 5, -150, -10, 100, 'expired', 'spa-quiet-hours', null, 29500, null),
  ('pass/12', 'pass/12', 'purchase', 5, -40, 140, 100, null, 'spa-quiet-hours', null, 29500, null),
  ('pass/12/bonus', 'pass/12', 'reward', 1, -40, 140, 50, null, 'spa-quiet-hours', null, null, 'Sixth treatment on the house'),
  ('pass/13', 'pass/13', 'purchase', 10, -8, 357, 100, null, 'massage-only', null, 62000, null),
  ('minutes/14', 'minutes/14', 'purchase', 300, -21, 159, 100, null, 'spa-any-day', null, 24000, 'Private sauna')
) v(name, wallet, origin, quantity, since, until, priority, status, terms, from_grant, paid, note);

insert into demo_credit_entries (name, grant_name, kind, quantity, at, note, reverses, location)
select v.name, v.grant_name, v.kind, v.quantity, pg_temp.at(v.day, '15:20') + v.n * interval '7 minutes', v.note, v.reverses, v.location
from (values
  (1, 'money/1/use', 'money/1/refund', 'redeem', -8500, -18, null, null, 'LIS'),
  (2, 'money/1/use-2', 'money/1/top-up', 'redeem', -4650, -18, null, null, 'LIS'),
  (3, 'money/3/use', 'money/3/top-up', 'redeem', -12000, -30, null, null, 'CAS'),
  (4, 'money/3/back', 'money/3/top-up', 'reverse', 3500, -28, 'Dinner taken off the bill', 'money/3/use', 'CAS'),
  (5, 'money/3/out', 'money/3/top-up', 'transfer_out', -5000, -12, null, null, null),
  (6, 'money/4/use', 'money/4/refund', 'redeem', -12750, -14, null, null, 'LIS'),
  (7, 'money/5/lapsed', 'money/5/gesture', 'expire', -2500, -34, null, null, null),
  (8, 'money/6/undone', 'money/6/gesture', 'adjust', -3000, -7, 'Given twice by mistake; the guest has the first one', null, null),
  (9, 'money/7/use', 'money/7/import', 'redeem', -5000, -90, null, null, 'SPA'),
  (10, 'pass/9/a', 'pass/9', 'redeem', -1, -62, null, null, 'SPA'),
  (11, 'pass/9/b', 'pass/9', 'redeem', -1, -41, null, null, 'SPA'),
  (12, 'pass/9/c', 'pass/9', 'redeem', -1, -13, null, null, 'SPA'),
  (13, 'pass/9/c-back', 'pass/9', 'reverse', 1, -12, 'Therapist fell ill', 'pass/9/c', 'SPA'),
  (14, 'pass/10/a', 'pass/10', 'redeem', -4, -90, null, null, 'SPA'),
  (15, 'pass/10/b', 'pass/10', 'redeem', -6, -22, null, null, 'SPA'),
  (16, 'pass/11/a', 'pass/11', 'redeem', -3, -101, null, null, 'SPA'),
  (17, 'pass/11/lapsed', 'pass/11', 'expire', -2, -9, null, null, null),
  (18, 'pass/12/bonus/a', 'pass/12/bonus', 'redeem', -1, -31, null, null, 'SPA'),
  (19, 'pass/12/a', 'pass/12', 'redeem', -2, -17, null, null, 'SPA'),
  (20, 'pass/13/a', 'pass/13', 'redeem', -1, -3, null, null, 'SPA'),
  (21, 'minutes/14/a', 'minutes/14', 'redeem', -90, -11, null, null, 'SPA'),
  (22, 'minutes/14/b', 'minutes/14', 'redeem', -60, -4, null, null, 'SPA')
) v(n, name, grant_name, kind, quantity, day, note, reverses, location);

-- Credits of memberships: the period before, what was carried over of it, and the period that runs
insert into demo_credit_grants (name, wallet, origin, quantity, starts_at, ends_at, priority, status, terms, from_grant, membership_id)
select 'member/' || m.n || '/' || g.what, 'member/' || m.n, g.origin, g.quantity,
  g.starts_on::timestamp at time zone 'Europe/Lisbon', g.ends_on::timestamp at time zone 'Europe/Lisbon', g.priority, g.status,
  case when m.is_yearly then 'stay-from-150' else 'spa-any-day' end, g.from_grant, m.id
from demo_memberships m
cross join lateral (values
  ('before', 'membership', m.credits, m.before_on, m.period_on, 100, null, null),
  ('carried', 'rollover', m.credits / 2, m.period_on, m.until_on, 50,
    case when m.ended_on is not null then 'expired' end, 'member/' || m.n || '/before'),
  ('now', 'membership', m.credits, m.period_on, m.until_on, 100, case when m.ended_on is not null then 'expired' end, null)
) g(what, origin, quantity, starts_on, ends_on, priority, status, from_grant)
where m.has_wallet
  and g.starts_on is not null
  and (g.what <> 'carried' or m.before_on is not null);

insert into demo_credit_entries (name, grant_name, kind, quantity, at, location)
select g.name || '/' || e.what, g.name, e.kind, e.quantity, e.at, case when e.kind = 'redeem' then case when m.is_yearly then 'LIS' else 'SPA' end end
from demo_credit_grants g
join demo_memberships m on m.id = g.membership_id
cross join lateral (values
  ('use', 'redeem', - greatest(m.credits / 2, 1), least(now(), g.starts_at + interval '5 days 11 hours'),
    g.name like '%before' or (g.name like '%/now' and m.n % 2 = 1 and m.ended_on is null)),
  ('out', 'rollover', - (m.credits - m.credits / 2), g.ends_at, g.name like '%before'),
  ('lapsed', 'expire', - g.quantity, (m.ended_on + time '00:05') at time zone 'Europe/Lisbon',
    g.name not like '%before' and m.ended_on is not null)
) e(what, kind, quantity, at, applies)
where e.applies;

-- Points: for every stay and treatment, a welcome, and some from before
create temporary table demo_circle on commit drop as
select c.id as customer_id, c.number, 'points/' || c.number as wallet, row_number() over (order by c.number)::integer as nth
from crm.customers c
where c.biz_id = pg_temp.biz()
  and c.number <= 'CUS-000032'
  and exists (
    select from booking.booking_orders o where o.biz_id = c.biz_id and o.customer_id = c.id and o.status = 'completed');

insert into demo_credit_grants (name, wallet, origin, quantity, starts_at, ends_at, priority, note, source_type, source_id)
select m.wallet || '/' || o.number, m.wallet, 'loyalty', greatest(o.total_minor / 100, 1), least(o.ends_at, now()),
  least(o.ends_at, now()) + interval '24 months', 100, null, 'BookingOrder', o.id
from demo_circle m
join booking.booking_orders o on o.biz_id = pg_temp.biz() and o.customer_id = m.customer_id and o.status = 'completed'
union all
select m.wallet || '/welcome', m.wallet, 'promo', 250, pg_temp.at(-120 - m.nth, '09:00'), pg_temp.at(610 - m.nth, '23:00'), 90,
  'Welcome to the Circle', null, null
from demo_circle m
union all
select m.wallet || '/old', m.wallet, 'import', 400, pg_temp.at(-780, '09:00'), pg_temp.at(-20, '23:00'), 50,
  'From the stamp card', null, null
from demo_circle m
where m.nth % 5 = 0
union all
select m.wallet || '/referral', m.wallet, 'reward', 500, pg_temp.at(-26, '12:00'), pg_temp.at(704, '23:00'), 100,
  'Brought a friend', null, null
from demo_circle m
where m.nth in (2, 6, 11);
update demo_credit_grants set status = 'expired' where name like 'points/%/old';
update demo_credit_grants g set status = 'revoked' from demo_circle m where m.nth = 11 and g.name = m.wallet || '/referral';

insert into demo_credit_entries (name, grant_name, kind, quantity, at, note, location)
select m.wallet || '/burnt', m.wallet || '/welcome', 'redeem', -250, pg_temp.at(-2 - m.nth, '18:45'), null, 'LIS'
from demo_circle m
where m.nth % 4 = 0
union all
select m.wallet || '/old/burnt', m.wallet || '/old', 'redeem', -150, pg_temp.at(-300, '17:00'), null, 'CAS'
from demo_circle m
where m.nth % 5 = 0
union all
select m.wallet || '/old/lapsed', m.wallet || '/old', 'expire', -250, pg_temp.at(-19, '00:10'), null, null
from demo_circle m
where m.nth % 5 = 0
union all
select m.wallet || '/referral/back', m.wallet || '/referral', 'adjust', -500, pg_temp.at(-16, '11:00'), 'The friend cancelled the stay', null
from demo_circle m
where m.nth = 11;

insert into demo_credit_entries (name, grant_name, kind, quantity, at, source_type, source_id)
select g.name || '/first', g.name, case g.origin when 'transfer' then 'transfer_in' when 'rollover' then 'rollover' else 'grant' end,
  g.quantity, least(g.starts_at, now()), g.source_type, g.source_id
from demo_credit_grants g;

-- Wallets with what the grants add up to; what is held is held below
insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit, currency, balance, held)
select pg_temp.biz(), pg_temp.key('wallet/' || w.wallet), 'W-' || lpad((row_number() over (order by w.kind, w.nth))::text, 6, '0'),
  w.customer_id, case w.kind when 'money' then 'stored_value' when 'points' then 'loyalty' when 'member' then 'membership' else 'pass' end,
  w.unit, case w.unit when 'money' then 'EUR' end, w.balance, coalesce(h.held, 0)
from (
  select g.wallet, split_part(g.wallet, '/', 1) as kind, max(regexp_replace(g.wallet, '\D', '', 'g')::integer) as nth,
    coalesce(max(p.customer_id::text)::uuid, pg_temp.customer(coalesce(max(m.customer), max(regexp_replace(g.wallet, '\D', '', 'g')::integer)))) as customer_id,
    case split_part(g.wallet, '/', 1) when 'money' then 'money' when 'points' then 'points' when 'minutes' then 'minutes'
      when 'pass' then 'visits' else case when bool_or(m.is_yearly) then 'money' else 'visits' end end as unit,
    sum(e.quantity) as balance
  from demo_credit_grants g
  join (select grant_name, sum(quantity) as quantity from demo_credit_entries group by 1) e on e.grant_name = g.name
  left join demo_memberships m on m.id = g.membership_id
  left join demo_circle p on p.wallet = g.wallet
  group by g.wallet
) w
left join (values ('money/1', 6000), ('pass/13', 1), ('minutes/14', 60)) h(wallet, held) on h.wallet = w.wallet;

insert into entitlements.memberships (
  biz_id, id, number, plan_id, customer_id, location_id, status, started_on, ended_on, current_period_starts_on, current_period_ends_on,
  trial_ends_on, timezone, anchor_day, cancel_at_period_end, paused_until, past_due_since, price_minor, currency, wallet_id, cancelled_at, cancel_reason
)
select pg_temp.biz(), m.id, 'M-' || lpad(m.n::text, 5, '0'), pg_temp.key('membership_plan/' || m.plan), pg_temp.customer(m.customer),
  pg_temp.location(case m.plan when 'river-gym' then 'LIS' when 'atlantic-year' then 'LIS' else 'SPA' end),
  m.status, m.starts_on, m.ended_on, m.period_on, m.until_on, case when m.status = 'trialing' then m.starts_on + 14 end, 'Europe/Lisbon',
  extract(day from m.starts_on), m.n = 8, case when m.status = 'paused' then pg_temp.day(18) end,
  case when m.status = 'past_due' then m.period_on end, m.price, 'EUR', case when m.has_wallet then pg_temp.key('wallet/member/' || m.n) end,
  case when m.status = 'cancelled' then (m.ended_on + time '09:40') at time zone 'Europe/Lisbon' end,
  case when m.status = 'cancelled' then 'Moved to Porto' end
from demo_memberships m;

insert into entitlements.membership_pauses (biz_id, id, membership_id, starts_on, ends_on, reason, is_exempt, cancelled_at)
select pg_temp.biz(), pg_temp.key('membership_pause/' || v.n || '/' || v.starts), pg_temp.key('membership/' || v.n), pg_temp.day(v.starts),
  pg_temp.day(v.ends), v.reason, v.exempt, case when v.called_off then pg_temp.at(v.starts - 3, '16:00') end
from (values
  (4, -10, 18, 'Broken ankle, with a note from the doctor', true, false),
  (1, -80, -66, 'Away for work', false, false),
  (8, -150, -129, 'Summer in the Azores', false, false),
  (2, -20, -6, 'Holiday', false, true)
) v(n, starts, ends, reason, exempt, called_off);

insert into entitlements.membership_events (
  biz_id, id, membership_id, kind, occurred_at, from_plan_id, to_plan_id, period_starts_on, period_ends_on, proration_minor, currency, note
)
select pg_temp.biz(), pg_temp.key('membership_event/' || m.n || '/' || e.kind), m.id, e.kind,
  least(now(), (e.happened_on + time '08:30') at time zone 'Europe/Lisbon'),
  case e.kind when 'plan_changed' then pg_temp.key('membership_plan/spa-monthly') end,
  case e.kind when 'plan_changed' then pg_temp.key('membership_plan/spa-duo') end,
  case when e.opens then m.period_on end, case when e.opens then m.until_on end,
  case e.kind when 'plan_changed' then 2900 end, case e.kind when 'plan_changed' then 'EUR' end, e.note
from demo_memberships m
cross join lateral (values
  ('enrolled', m.starts_on, null, true),
  ('trial_started', m.starts_on, null, m.plan = 'spa-monthly'),
  ('activated', m.starts_on + 14, null, m.status not in ('incomplete', 'trialing') and m.starts_on + 14 <= pg_temp.day()),
  ('renewed', m.period_on, null, m.before_on is not null),
  ('payment_failed', m.period_on, 'The card has expired', m.n in (3, 15)),
  ('recovered', m.period_on + 2, 'Paid with another card', m.n = 15 and m.period_on + 2 <= pg_temp.day()),
  ('plan_changed', m.starts_on + 20, 'The partner joined', m.n = 7),
  ('paused', pg_temp.day(-10), null, m.n = 4),
  ('cancel_scheduled', pg_temp.day(-6), 'Will not renew after this month', m.n = 8),
  ('cancelled', m.ended_on, 'Moved to Porto', m.n = 6),
  ('expired', m.ended_on, null, m.status = 'expired'),
  ('adjusted', pg_temp.day(-30), 'Price of last year kept by the manager', m.n = 14)
) v(kind, happened_on, note, applies)
-- What began the period that runs: the renewal, or the beginning where there was none yet.
cross join lateral (
  select v.*, v.kind = case when m.before_on is null then 'enrolled' else 'renewed' end as opens
) e
where e.applies;

insert into entitlements.grants (
  biz_id, id, wallet_id, origin, quantity, remaining, starts_at, ends_at, priority, status, terms_id, from_grant_id, paid_minor, currency, note,
  source_type, source_id, membership_id
)
select pg_temp.biz(), pg_temp.key('grant/' || g.name), pg_temp.key('wallet/' || g.wallet), g.origin, g.quantity,
  case when g.status is null then s.remaining else g.quantity end, g.starts_at, g.ends_at,
  g.priority, case when g.status = 'scheduled' then 'scheduled' when g.status is null and s.remaining = 0 then 'depleted' else 'active' end,
  case when g.terms is not null then pg_temp.key('grant_terms/' || g.terms) end,
  case when g.from_grant is not null then pg_temp.key('grant/' || g.from_grant) end, g.paid, case when g.paid is not null then 'EUR' end, g.note,
  g.source_type, g.source_id, g.membership_id
from demo_credit_grants g
join (select grant_name, sum(quantity) as remaining from demo_credit_entries group by 1) s on s.grant_name = g.name;

insert into entitlements.ledger_entries (
  biz_id, id, wallet_id, grant_id, kind, quantity, occurred_at, location_id, business_date, reverses_id, note, source_type, source_id
)
select pg_temp.biz(), pg_temp.key('entitlement_entry/' || e.name), pg_temp.key('wallet/' || g.wallet), pg_temp.key('grant/' || g.name), e.kind, e.quantity,
  e.at, case when e.location is not null then pg_temp.location(e.location) end,
  case when e.location is not null then (e.at at time zone 'Europe/Lisbon')::date end,
  case when e.reverses is not null then pg_temp.key('entitlement_entry/' || e.reverses) end, e.note, e.source_type, e.source_id
from demo_credit_entries e
join demo_credit_grants g on g.name = e.grant_name
order by e.reverses nulls first, e.at, e.name;

-- What lapsed or was taken back was in use before
update entitlements.grants g
set remaining = 0, status = d.status
from demo_credit_grants d
where g.biz_id = pg_temp.biz()
  and g.id = pg_temp.key('grant/' || d.name)
  and d.status in ('expired', 'revoked');

insert into entitlements.value_holds (biz_id, id, wallet_id, quantity, status, expires_at, source_type, source_id)
select pg_temp.biz(), pg_temp.key('value_hold/' || v.n), pg_temp.key('wallet/' || v.wallet), v.quantity, v.status, now() + v.minutes * interval '1 minute',
  'BookingOrder', pg_temp.booking(v.order_status, v.n)
from (values
  (1, 'money/1', 6000, 'held', 25, 'held'),
  (2, 'pass/13', 1, 'held', 180, 'confirmed'),
  (3, 'minutes/14', 60, 'held', 1440, 'confirmed'),
  (4, 'money/3', 8500, 'redeemed', -43000, 'completed'),
  (5, 'pass/9', 1, 'redeemed', -18000, 'completed'),
  (6, 'money/5', 4500, 'released', -9000, 'cancelled'),
  (7, 'money/8', 2000, 'expired', -6000, 'cancelled')
) v(n, wallet, quantity, status, minutes, order_status);

update entitlements.wallets w
set status = v.status
from (values ('money/2', 'frozen'), ('money/7', 'closed'), ('pass/11', 'closed'), ('member/9', 'closed'), ('member/16', 'frozen')) v(wallet, status)
where w.biz_id = pg_temp.biz()
  and w.id = pg_temp.key('wallet/' || v.wallet);

insert into entitlements.transfers (
  biz_id, id, number, from_wallet_id, to_wallet_id, quantity, status, reason, requested_by_id, approved_by_id, completed_at
)
select pg_temp.biz(), pg_temp.key('entitlement_transfer/' || v.n), 'ET-' || lpad(v.n::text, 5, '0'), pg_temp.key('wallet/' || v.source), pg_temp.key('wallet/' || v.target),
  v.quantity, v.status, v.reason, pg_temp.person('desk'), case when v.status in ('approved', 'completed') then pg_temp.person('owner') end,
  case when v.status = 'completed' then pg_temp.at(-12, '16:05') end
from (values
  (1, 'money/3', 'money/8', 5000, 'completed', 'Parents pay for the weekend of their daughter'),
  (2, 'pass/13', 'pass/12', 2, 'requested', 'Two massages as a birthday present'),
  (3, 'money/1', 'money/5', 3000, 'approved', 'Shared trip, asked for by both at the desk'),
  (4, 'pass/10', 'pass/9', 4, 'rejected', 'Asked for more than was left'),
  (5, 'money/5', 'money/6', 2000, 'cancelled', 'Paid each other in cash instead')
) v(n, source, target, quantity, status, reason);

insert into entitlements.rollover_runs (
  biz_id, id, plan_id, period_starts_on, period_ends_on, status, started_at, finished_at, memberships_count, rolled_quantity, expired_quantity, error
)
select pg_temp.biz(), pg_temp.key('rollover_run/' || v.plan || '/' || v.starts), pg_temp.key('membership_plan/' || v.plan), pg_temp.day(v.starts), pg_temp.day(v.ends),
  v.status, case when v.status <> 'queued' then least(now(), pg_temp.at(v.ends, '00:05')) end,
  case when v.status in ('completed', 'failed') then least(now(), pg_temp.at(v.ends, '00:05') + interval '40 seconds') end,
  v.members, v.rolled, v.expired, v.error
from (values
  ('spa-monthly', -91, -61, 'completed', 6, 5, 3, null),
  ('spa-monthly', -61, -30, 'completed', 7, 6, 2, null),
  ('spa-monthly', -30, 0, 'running', 3, 2, 1, null),
  ('spa-duo', -61, -30, 'completed', 3, 0, 4, null),
  ('spa-duo', -30, 0, 'queued', 0, 0, 0, null),
  ('atlantic-year', -366, -1, 'failed', 1, 0, 0, 'The wallet of M-00016 is frozen; taken up again by hand')
) v(plan, starts, ends, status, members, rolled, expired, error);

-- Loyalty programme
insert into entitlements.loyalty_programs (
  biz_id, id, code, name, points_name, currency, earn_points, earn_per_minor, burn_points, burn_value_minor, min_burn_points, expires_after_months, tier_period, earn_rules, is_active
)
select pg_temp.biz(), pg_temp.key('loyalty_program/' || v.code), v.code, v.name, v.points, 'EUR', v.earn, 100, 100, v.burn, v.least, 24, v.period, v.rules::jsonb, v.active
from (values
  ('harbour-circle', 'Harbour Circle', 'shells', 1, 200, 250, 'rolling_12_months', '{"welcome_points": 250, "double_weekdays": ["monday", "tuesday"], "birthday_points": 100}', true),
  ('stamp-card', 'Spa stamp card', 'stamps', 1, 50, 10, 'calendar_year', '{}', false)
) v(code, name, points, earn, burn, least, period, rules, active);

insert into entitlements.loyalty_tiers (biz_id, id, program_id, code, name, threshold, earn_multiplier, benefits, discount_id)
select pg_temp.biz(), pg_temp.key('loyalty_tier/' || v.code), pg_temp.key('loyalty_program/harbour-circle'), v.code, v.name, v.threshold, v.factor, v.benefits,
  case v.code when 'gold' then pg_temp.key('entitlement_discount/CIRCLE-GOLD-5') end
from (values
  ('sand', 'Sand', 0, 1, 'A glass of vinho verde on arrival.'),
  ('tide', 'Tide', 800, 1.25, 'Late check-out until two, when the house is not full.'),
  ('gold', 'Gold', 1400, 1.5, 'An upgrade when there is one, late check-out, and five percent off.')
) v(code, name, threshold, factor, benefits);

insert into entitlements.loyalty_memberships (
  biz_id, id, program_id, customer_id, number, tier_id, tier_until, tier_points, lifetime_points, wallet_id, joined_on
)
select pg_temp.biz(), pg_temp.key('loyalty_membership/' || m.number), pg_temp.key('loyalty_program/harbour-circle'), m.customer_id,
  'HC ' || to_char(4100000 + m.nth * 137, 'FM9999 999'), pg_temp.key('loyalty_tier/' || case when e.points >= 1400 then 'gold' when e.points >= 800 then 'tide' else 'sand' end),
  case when e.points >= 800 then pg_temp.day(365) end, e.points, e.points + e.older, pg_temp.key('wallet/' || m.wallet), pg_temp.day(-120 - m.nth)
from demo_circle m
join (
  select g.wallet, sum(g.quantity) filter (where g.name not like '%/old') as points, coalesce(sum(g.quantity) filter (where g.name like '%/old'), 0) as older
  from demo_credit_grants g
  group by g.wallet
) e on e.wallet = m.wallet;

update entitlements.loyalty_memberships l
set status = v.status
from (values (7, 'suspended'), (19, 'suspended'), (23, 'closed')) v(nth, status)
join demo_circle m on m.nth = v.nth
where l.biz_id = pg_temp.biz()
  and l.customer_id = m.customer_id;

-- Promotion codes: every use is of one customer and one order
create temporary table demo_uses on commit drop as
select v.code, o.id as order_id, o.customer_id, o.number, o.status = 'cancelled' as is_reversed, least(o.booked_at, now()) as booked_at
from (values ('WELCOME10', 3, 0, 14), ('AUTUMN25', 3, 1, 6), ('SPAFRIENDS', 3, 2, 5)) v(code, every, rest, most)
cross join lateral (
  select distinct on (c.customer_id) c.*
  from booking.booking_orders c
  where c.biz_id = pg_temp.biz()
    and c.status in ('completed', 'confirmed', 'cancelled')
    and right(c.number, 3)::integer % v.every = v.rest
  order by c.customer_id, c.number
  limit v.most
) o;

insert into entitlements.promo_codes (
  biz_id, id, code, name, discount_id, grant_unit, grant_quantity, currency, grant_valid_days, terms_id, starts_at, ends_at, usage_limit, per_customer_limit, used_count, is_active
)
select pg_temp.biz(), pg_temp.key('promo_code/' || v.code), v.code, v.name, case when v.discount is not null then pg_temp.key('entitlement_discount/' || v.discount) end,
  v.unit, v.quantity, case v.unit when 'money' then 'EUR' end, v.days, case when v.terms is not null then pg_temp.key('grant_terms/' || v.terms) end,
  pg_temp.at(v.starts, '00:00'), pg_temp.at(v.ends, '23:59'), v.most, v.each,
  (select count(*) from demo_uses u where u.code = v.code and not u.is_reversed), v.active
from (values
  ('WELCOME10', 'First stay booked direct', 'PROMO-WELCOME-10', null, null::bigint, null::integer, null, -300, 200, null::integer, 1, true),
  ('AUTUMN25', 'Autumn by the river', 'PROMO-AUTUMN-25', null, null, null, null, -60, 25, 100, 1, true),
  ('SPAFRIENDS', 'A treatment for friends of the spa', null, 'visits', 1, 90, 'spa-quiet-hours', -45, 45, 40, 1, true),
  ('CASCAISWINTER', 'Fifteen euros for Cascais in winter', null, 'money', 1500, 120, 'cascais-midweek', 10, 100, 200, 1, true),
  ('SUMMER24', 'Summer of the opening', 'PROMO-AUTUMN-25', null, null, null, null, -500, -400, 50, 2, false)
) v(code, name, discount, unit, quantity, days, terms, starts, ends, most, each, active);

insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, used_at, reversed_at, source_type, source_id)
select pg_temp.biz(), pg_temp.key('promo_code_use/' || u.code || '/' || u.number), pg_temp.key('promo_code/' || u.code), u.customer_id, u.booked_at,
  case when u.is_reversed then now() end, 'BookingOrder', u.order_id
from demo_uses u;

-- Gift cards: made, put into use, used, and what else happens to them
insert into entitlements.gift_products (
  biz_id, id, code, name, kind, sellable_id, currency, offered_amounts, min_minor, max_minor, validity_months, is_reloadable, requires_pin, is_active
)
select pg_temp.biz(), pg_temp.key('gift_product/' || v.code), v.code, v.name, v.kind, case when v.active then pg_temp.key('sellable/' || v.code) end, 'EUR', v.amounts, v.least, v.most,
  v.months, v.reloadable, v.pin, v.active
from (values
  ('harbour-card', 'Harbour gift card', 'card', array[5000, 10000, 20000, 50000]::bigint[], 2500, 100000, 36, true, false, true),
  ('spa-voucher', 'Spa voucher', 'voucher', array[7500, 9500, 14000]::bigint[], 7500, 14000, 12, false, false, true),
  ('paper-voucher', 'Paper voucher of the old house', 'voucher', array[]::bigint[], 1000, 50000, 24, false, true, false)
) v(code, name, kind, amounts, least, most, months, reloadable, pin, active);

create temporary table demo_gifts on commit drop as
select n, pg_temp.key('gift/' || n) as id, case when n % 3 = 0 then 'spa-voucher' when n in (19, 20) then 'paper-voucher' else 'harbour-card' end as product,
  case when n % 3 = 0 then (array[7500, 9500, 14000])[n % 9 / 3 + 1] else (array[5000, 10000, 20000, 50000])[n % 4 + 1] end::bigint as amount,
  n in (24, 25, 26) as is_pending, pg_temp.at(-(150 - n * 5), '11:15') as sold_at
from generate_series(1, 26) n;

insert into entitlements.gift_instruments (
  biz_id, id, number, gift_product_id, kind, code_hash, code_last4, currency, initial_minor, balance_minor, held_minor, status, purchaser_id, holder_id,
  recipient_contact_enc, recipient_contact_bidx, message, deliver_at, delivered_at, activated_at, expires_at, location_id
)
select pg_temp.biz(), g.id, 'G-' || lpad(g.n::text, 6, '0'), pg_temp.key('gift_product/' || g.product), case when g.product = 'harbour-card' then 'card' else 'voucher' end,
  sha256(('harbour demo gift ' || g.n)::bytea), upper(right(md5('gift ' || g.n), 4)), 'EUR', g.amount, case when g.is_pending then 0 else g.amount end,
  case when g.n = 10 then 2500 else 0 end, case when g.is_pending then 'pending' else 'active' end, pg_temp.customer(g.n), pg_temp.customer(g.n + 27),
  case when g.n % 2 = 0 then c.email_enc end, case when g.n % 2 = 0 then c.email_bidx end,
  (array['Parabéns, avó! Um dia só para ti.', 'Happy anniversary, see you in Lisbon.', 'Obrigado por tudo. Aproveita!', null, 'For a weekend by the sea.'])[g.n % 5 + 1],
  case when g.n % 2 = 0 then case when g.is_pending then pg_temp.at(g.n, '08:00') else g.sold_at + interval '21 hours' end end,
  case when g.n % 2 = 0 and not g.is_pending then least(now(), g.sold_at + interval '21 hours 2 minutes') end,
  case when not g.is_pending then g.sold_at end,
  case when g.n in (1, 2) then pg_temp.at(-8, '23:59') when not g.is_pending then g.sold_at + make_interval(months => case when g.n % 3 = 0 then 12 else 36 end) end,
  pg_temp.location(case when g.n % 3 = 0 then 'SPA' when g.n % 4 = 0 then 'CAS' else 'LIS' end)
from demo_gifts g
join crm.customers c on c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(g.n + 27);

insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency, occurred_at, location_id)
select pg_temp.biz(), pg_temp.key('gift_activity/' || g.n || '/first'), g.id, case when g.product = 'paper-voucher' then 'import' else 'activate' end, g.amount, g.amount, 'EUR', g.sold_at, pg_temp.location('LIS')
from demo_gifts g
where not g.is_pending;

insert into entitlements.value_holds (biz_id, id, gift_instrument_id, quantity, status, expires_at, source_type, source_id)
select pg_temp.biz(), pg_temp.key('value_hold/gift/' || v.n), pg_temp.key('gift/' || v.n), v.quantity, v.status, now() + v.minutes * interval '1 minute', 'BookingOrder', pg_temp.booking(v.order_status, v.n)
from (values (10, 2500, 'held', 50, 'confirmed'), (8, 5000, 'redeemed', -21000, 'completed'), (11, 3000, 'released', -14000, 'cancelled')) v(n, quantity, status, minutes, order_status);

-- Used once by half of them, and a second time down to nothing by some
update entitlements.gift_instruments i
set balance_minor = case when g.n in (3, 6, 9) then 0 else g.amount - g.amount * 2 / 5 end, status = case when g.n in (3, 6, 9) then 'depleted' else 'active' end
from demo_gifts g
where i.biz_id = pg_temp.biz() and i.id = g.id and g.n between 3 and 15;
insert into entitlements.gift_redemptions (
  biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, occurred_at, location_id, business_date, idempotency_key, source_type, source_id
)
select pg_temp.biz(), pg_temp.key('gift_redemption/' || g.n || '/1'), g.id, g.amount - i.balance_minor, i.balance_minor, 'EUR', pg_temp.at(-44 + g.n, '19:30'), i.location_id, pg_temp.day(-44 + g.n),
  'demo-gift-' || g.n || '-1', 'BookingOrder', pg_temp.booking('completed', g.n)
from demo_gifts g
join entitlements.gift_instruments i on i.biz_id = pg_temp.biz() and i.id = g.id
where g.n between 3 and 15;

update entitlements.gift_instruments i
set balance_minor = 0, status = 'depleted'
from demo_gifts g
where i.biz_id = pg_temp.biz() and i.id = g.id and g.n in (4, 7, 13);
insert into entitlements.gift_redemptions (
  biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, occurred_at, location_id, business_date, idempotency_key, source_type, source_id
)
select pg_temp.biz(), pg_temp.key('gift_redemption/' || g.n || '/2'), g.id, g.amount - g.amount * 2 / 5, 0, 'EUR', pg_temp.at(-22 + g.n, '20:10'), pg_temp.location('LIS'), pg_temp.day(-22 + g.n),
  'demo-gift-' || g.n || '-2', 'BookingOrder', pg_temp.booking('completed', g.n + 20)
from demo_gifts g
where g.n in (4, 7, 13);

update entitlements.gift_instruments set balance_minor = initial_minor
where biz_id = pg_temp.biz() and id = pg_temp.key('gift/14');
insert into entitlements.gift_redemptions (
  biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, reverses_id, occurred_at, location_id, business_date, idempotency_key, source_type, source_id
)
select pg_temp.biz(), pg_temp.key('gift_redemption/14/back'), g.id, g.amount * 2 / 5, g.amount, 'EUR', pg_temp.key('gift_redemption/14/1'), pg_temp.at(-28, '12:00'), pg_temp.location('LIS'), pg_temp.day(-28),
  'demo-gift-14-back', 'BookingOrder', pg_temp.booking('completed', 14)
from demo_gifts g
where g.n = 14;

-- Loaded again, refunded to, corrected, paid out, blocked, released, taken out of use, lapsed
create temporary table demo_gift_steps on commit drop as
select v.*, pg_temp.key('gift/' || v.n) as id
from (values
  (16, 'load', 5000, 'active', -14, 'Topped up at the desk in Cascais'),
  (17, 'refund_to', 2200, 'active', -11, 'Breakfast that was charged twice'),
  (18, 'adjust', 500, 'active', -10, 'Bonus that the campaign had promised'),
  (12, 'clear', null::bigint, 'depleted', -5, 'Rest paid out in cash'),
  (21, 'block', 0, 'blocked', -4, 'Reported lost by the holder'),
  (22, 'block', 0, 'blocked', -9, 'Code was seen in a public post'),
  (23, 'deactivate', null, 'deactivated', -3, 'Replaced by a new card')
) v(n, kind, amount, status, day, note);
update entitlements.gift_instruments i
set balance_minor = case when s.amount is null then 0 else i.balance_minor + s.amount end, status = s.status
from demo_gift_steps s
where i.biz_id = pg_temp.biz() and i.id = s.id;
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency, occurred_at, location_id, note)
select pg_temp.biz(), pg_temp.key('gift_activity/' || s.n || '/' || s.kind), s.id, s.kind, coalesce(s.amount, - entitlements.gift_journal_sum(pg_temp.biz(), s.id)), i.balance_minor, 'EUR',
  pg_temp.at(s.day, '14:00'), i.location_id, s.note
from demo_gift_steps s
join entitlements.gift_instruments i on i.biz_id = pg_temp.biz() and i.id = s.id;

update entitlements.gift_instruments set status = 'active'
where biz_id = pg_temp.biz() and id = pg_temp.key('gift/22');
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, balance_after_minor, currency, occurred_at, note)
select i.biz_id, pg_temp.key('gift_activity/22/unblock'), i.id, 'unblock', i.balance_minor, 'EUR', pg_temp.at(-6, '10:00'), 'New code sent'
from entitlements.gift_instruments i
where i.biz_id = pg_temp.biz() and i.id = pg_temp.key('gift/22');

update entitlements.gift_instruments set status = 'expired', balance_minor = 0
where biz_id = pg_temp.biz() and id in (pg_temp.key('gift/1'), pg_temp.key('gift/2'));
insert into entitlements.gift_expiration_events (biz_id, id, instrument_id, kind, expired_minor, balance_after_minor, currency, jurisdiction, rule, occurred_at)
select pg_temp.biz(), pg_temp.key('gift_expiration_event/' || g.n || '/expired'), g.id, 'expired', g.amount, 0, 'EUR', 'PT', 'As the terms of sale say', pg_temp.at(-7, '00:10')
from demo_gifts g
where g.n in (1, 2);
update entitlements.gift_instruments set status = 'active', balance_minor = initial_minor, expires_at = pg_temp.at(180, '23:59')
where biz_id = pg_temp.biz() and id = pg_temp.key('gift/2');
insert into entitlements.gift_expiration_events (
  biz_id, id, instrument_id, kind, expired_minor, balance_after_minor, currency, extended_until, jurisdiction, rule, occurred_at
)
select pg_temp.biz(), pg_temp.key('gift_expiration_event/2/extended'), g.id, 'extended', - g.amount, g.amount, 'EUR', pg_temp.at(180, '23:59'), 'PT', 'Goodwill: six months more, once', pg_temp.at(-5, '15:30')
from demo_gifts g
where g.n = 2;

-- Passed on: one has its new code, one waits, one was called off
update entitlements.gift_instruments set code_hash = sha256('harbour demo gift 5 passed on'::bytea), code_last4 = '7K2Q', holder_id = pg_temp.customer(50)
where biz_id = pg_temp.biz() and id = pg_temp.key('gift/5');
insert into entitlements.gift_transfers (
  biz_id, id, instrument_id, from_contact_enc, to_contact_enc, to_contact_bidx, to_customer_id, old_code_hash, status, completed_at
)
select pg_temp.biz(), pg_temp.key('gift_transfer/' || v.n), pg_temp.key('gift/' || v.n), f.email_enc, t.email_enc, t.email_bidx, t.id,
  sha256(('harbour demo gift ' || v.n)::bytea), v.status, case when v.status = 'completed' then pg_temp.at(-6, '18:20') end
from (values (5, 32, 50, 'completed'), (11, 38, 51, 'requested'), (16, 43, 52, 'cancelled')) v(n, source, target, status)
join crm.customers f on f.biz_id = pg_temp.biz() and f.id = pg_temp.customer(v.source)
join crm.customers t on t.biz_id = pg_temp.biz() and t.id = pg_temp.customer(v.target);

-- Rewards
insert into entitlements.reward_grants (
  biz_id, id, customer_id, origin, status, unit, quantity, currency, due_at, wallet_grant_id, gift_instrument_id, note, source_type, source_id
)
select pg_temp.biz(), pg_temp.key('reward_grant/' || v.n), coalesce(m.customer_id, pg_temp.customer(v.customer)), v.origin, v.status, v.unit, v.quantity,
  case v.unit when 'money' then 'EUR' end, pg_temp.at(v.due, '12:00'), case when m.wallet is not null then pg_temp.key('grant/' || m.wallet || '/referral') end,
  case when v.gift is not null then pg_temp.key('gift/' || v.gift) end, v.note, v.source, case v.source when 'BookingOrder' then pg_temp.booking(v.order_status, v.n) else pg_temp.customer(v.n + 40) end
from (values
  (1, 2, null::integer, 'referral', 'granted', 'points', 500, -26, null::integer, 'Friend stayed three nights', 'Customer', null),
  (2, 6, null, 'referral', 'granted', 'points', 500, -26, null, 'Friend came to the spa', 'Customer', null),
  (3, 11, null, 'referral', 'reversed', 'points', 500, -26, null, 'Friend cancelled', 'Customer', null),
  (4, null, 33, 'referral', 'pending', 'points', 500, 9, null, 'Waits for the first stay', 'Customer', null),
  (5, null, 38, 'referral', 'rejected', 'points', 500, -4, null, 'Same address and card', 'Customer', null),
  (6, null, 40, 'sla', 'pending', 'money', 2000, 2, null, 'Room was ready an hour late', 'BookingOrder', 'in_progress'),
  (7, null, 45, 'sla', 'granted', 'money', 5000, -20, 20, 'No hot water for a night', 'BookingOrder', 'completed'),
  (8, null, 36, 'loyalty', 'pending', 'points', 100, 6, null, 'Birthday', 'BookingOrder', 'confirmed')
) v(n, member, customer, origin, status, unit, quantity, due, gift, note, source, order_status)
left join demo_circle m on m.nth = v.member;
