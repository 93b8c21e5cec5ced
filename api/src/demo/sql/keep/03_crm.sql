-- Others may use: customer/prospect, customer/inactive, customer/blocked, customer/merged, customer/anonymised, and the persons
-- customer/cahaya-lee, customer/orkid-devi (who book for CUS-000002 and CUS-000014). By number they come after the customers
-- that pg_temp.customer(1) to (24) finds.

-- More customers: persons who book for companies, and companies with whom it stands otherwise.
insert into crm.customers (biz_id, id, number, kind, status, full_name, locale, nationality, home_location_id, source, created_at)
select pg_temp.biz(), pg_temp.id('customer/' || v.mark), core.format_number('CUS', '', n.first + v.place - 1, 6), v.kind, v.status, v.name, 'en-MY', v.nationality, pg_temp.location(v.home), v.source, now() - v.days * interval '1 day'
from (values
  (1, 'cahaya-lee', 'person', 'active', 'Lee Siew Fong', 'MY', 'PKL', 'recommendation', 300), (2, 'orkid-devi', 'person', 'active', 'Devi Ramasamy', 'MY', 'PKL', 'recommendation', 250), (3, 'prospect', 'organisation', 'prospect', 'Tanjung Solar Sdn Bhd', null, 'SHA', 'web', 6),
  (4, 'inactive', 'organisation', 'active', 'Permata Glass Sdn Bhd', null, 'SHA', 'fair', 900), (5, 'blocked', 'organisation', 'active', 'Kilat Trading', null, 'PKL', 'web', 200), (6, 'merged', 'organisation', 'active', 'Cahaya Food', null, 'PKL', 'web', 90),
  (7, 'anonymised', 'person', 'active', 'Erased customer', null, null, null, 700)
) v (place, mark, kind, status, name, nationality, home, source, days)
cross join (select core.next_numbers('customer', 'CUS', 7) first) n;
update crm.customers c
set status = v.mark, blocked_reason = v.reason, merged_into_id = case when v.mark = 'merged' then pg_temp.customer(2) end
from (values ('inactive', null), ('blocked', 'Goods without papers, and three invoices unpaid.'), ('merged', null), ('anonymised', null)) v (mark, reason)
where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('customer/' || v.mark);
insert into crm.customer_merge_log (biz_id, id, survivor_id, merged_id, action, moved, reason, actor_id, occurred_at)
values (pg_temp.biz(), pg_temp.id('customer_merge/cahaya'), pg_temp.customer(2), pg_temp.id('customer/merged'), 'merged', '{"crm.customer_addresses": 1}', 'Typed again by the web form.', pg_temp.person('desk'), now() - interval '130 hours');

-- Where they are, and how they want it.
insert into crm.customer_addresses (biz_id, id, customer_id, kind, recipient, address_line1, city, postal_code, region_code, country_code, instructions, is_default)
select
  pg_temp.biz(), pg_temp.id('customer_address/' || n || '/' || k.kind), pg_temp.customer(n), k.kind, k.recipient, k.prefix || (array['Jalan Perusahaan', 'Jalan Utas', 'Persiaran Raja Muda', 'Jalan Kapar', 'Jalan Batu Tiga'])[1 + n * k.step % 5] || ' ' || 3 + n * 7 % 60,
  c.city, (40000 + n % 5 * 500 + 100)::text, 'MY-10', 'MY', k.instructions, true
from generate_series(1, 24) n
cross join (values ('billing', 'Accounts', 'Level 3, ', 1, null), ('delivery', 'Receiving', 'Lot 8, ', 2, 'Between 08:00 and 17:00, not on Fridays from 12:30 to 14:30.')) k (kind, recipient, prefix, step, instructions)
cross join lateral (select (array['Shah Alam', 'Klang', 'Petaling Jaya', 'Subang Jaya', 'Puchong'])[1 + n % 5] city) c
where k.kind = 'billing' or n % 2 = 0;
-- The program seals numbers, which SQL cannot: the number here is that of the telephone, which it sealed for this tenant.
insert into crm.customer_documents (biz_id, id, customer_id, kind, number_enc, number_bidx, country_code, issued_on, expires_on, lawful_basis, retention_class, verified_at, verified_by_id)
select pg_temp.biz(), pg_temp.id('customer_document/' || c.number), c.id, 'other', c.phone_enc, c.phone_bidx, 'MY', pg_temp.day(-500), pg_temp.day(230), 'contract', 'registration_of_company', now() - interval '400 hours', pg_temp.person('desk')
from crm.customers c
where c.biz_id = pg_temp.biz() and c.phone_enc is not null and c.number <= 'CUS-000008';
insert into crm.customer_preferences (biz_id, id, customer_id, key, value, source, is_alert)
select pg_temp.biz(), pg_temp.id('customer_preference/' || v.nth || '/' || v.key), pg_temp.customer(v.nth), v.key, v.value, v.source, v.is_alert
from (values
  (1, 'temperature', '2 to 5 degrees, never above', 'customer', true), (2, 'labels', 'Halal label to the front', 'customer', false), (3, 'stacking', 'One level only', 'customer', true), (5, 'pallets', 'Own pallets, blue', 'staff', false), (6, 'collection', 'Mondays and Thursdays', 'inferred', false),
  (11, 'gate', 'Gate 2, before six', 'staff', false), (12, 'stacking', 'Fragile: no second level', 'customer', true), (13, 'cage', 'Always caged', 'customer', true), (14, 'log', 'Log of temperature with every delivery', 'customer', false), (20, 'invoice', 'One a month', 'customer', false), (22, 'papers', 'Safety data sheet before arrival', 'staff', true)
) v (nth, key, value, source, is_alert);
insert into crm.customer_relationships (biz_id, customer_id, related_customer_id, kind)
values
  (pg_temp.biz(), pg_temp.id('customer/cahaya-lee'), pg_temp.customer(2), 'employer'), (pg_temp.biz(), pg_temp.id('customer/orkid-devi'), pg_temp.customer(14), 'employer'), (pg_temp.biz(), pg_temp.customer(6), pg_temp.customer(2), 'parent_organisation'),
  (pg_temp.biz(), pg_temp.customer(2), pg_temp.id('customer/cahaya-lee'), 'assistant');
insert into crm.consents (biz_id, id, customer_id, purpose, channel, state, basis, text_version, locale, source, proof, occurred_at, created_at)
select pg_temp.biz(), pg_temp.id('consent/' || n || '/' || v.purpose || '/' || v.state), pg_temp.customer(n), v.purpose, v.channel, v.state, v.basis, v.version, 'en-MY', 'contract', '{}', t.at, t.at
from (values ('terms', 'any', 'granted', 'contract', 'terms-2026-01', 1, 350), ('service_messages', 'email', 'granted', 'consent', 'notices-2026-01', 2, 340), ('marketing', 'email', 'withdrawn', 'consent', 'notices-2026-01', 5, 90)) v (purpose, channel, state, basis, version, every, days)
cross join generate_series(1, 24) n
cross join lateral (select now() - v.days * interval '1 day' + n * interval '29 hours' as at) t
where n % v.every = 0;
insert into crm.blocklist_entries (biz_id, id, customer_id, email_enc, email_bidx, reason, starts_at, ends_at)
select pg_temp.biz(), pg_temp.id('blocklist_entry/1'), pg_temp.id('customer/blocked'), null::bytea, null::bytea, 'Goods without papers, and three invoices unpaid.', now() - interval '120 days', null::timestamptz
union all
select pg_temp.biz(), pg_temp.id('blocklist_entry/2'), null, c.email_enc, c.email_bidx, 'Mail address was used by somebody who is not with the company.', now() - interval '80 days', now() - interval '30 days'
from crm.customers c
where c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(9);
insert into crm.customer_totals (biz_id, id, customer_id, currency, lifetime_value_minor, orders_count, cancelled_count, no_show_count, first_visit_on, last_visit_on, refreshed_at)
select
  o.biz_id, pg_temp.id('customer_total/' || o.customer_id), o.customer_id, o.currency, coalesce(sum(o.total_minor) filter (where o.status = 'completed'), 0), count(*) filter (where o.status = 'completed'), count(*) filter (where o.status = 'cancelled'),
  count(*) filter (where o.status = 'no_show'), min((o.checked_in_at at time zone o.timezone)::date), max((o.checked_in_at at time zone o.timezone)::date), now() - interval '2 hours'
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.customer_id is not null
group by o.biz_id, o.customer_id, o.currency;

-- How it was.
insert into crm.feedback_requests (biz_id, id, customer_id, location_id, source_type, source_id, kind, token_hash, status, send_after, sent_at, expires_at, suppressed_reason)
select
  o.biz_id, pg_temp.id('feedback_request/' || o.nth), o.customer_id, o.location_id, 'BookingOrder', o.id, case when o.kind = 'rental' then 'csat' else 'nps' end, sha256('\xff'::bytea || uuid_send(pg_temp.id('feedback_request/' || o.nth))), f.fate,
  o.ends_at + interval '24 hours', case when f.fate in ('sent', 'expired') then o.ends_at + interval '25 hours' end, o.ends_at + interval '22 days', case f.fate when 'suppressed' then 'Was asked this month already.' end
from (
  select o.*, row_number() over (order by o.ends_at desc, o.number)::integer nth from booking.booking_orders o where o.biz_id = pg_temp.biz() and o.status = 'completed' and o.ends_at < now()
) o
cross join lateral (select case when o.ends_at > now() - interval '25 hours' then 'queued' when o.nth % 6 = 5 then 'suppressed' when o.ends_at < now() - interval '22 days' then 'expired' else 'sent' end fate) f;
create temporary table demo_said on commit drop as
select r.*, r.sent_at + interval '4 hours' as at, (array[9, 10, 8, 5, 9, 7, 10])[1 + row_number() over (order by r.sent_at) % 7] score, row_number() over (order by r.sent_at)::integer nth
from crm.feedback_requests r
where r.biz_id = pg_temp.biz() and r.status = 'sent' and r.sent_at < now() - interval '5 hours';
update crm.feedback_requests r
set status = 'answered', answered_at = s.at
from demo_said s
where r.biz_id = pg_temp.biz() and r.id = s.id and s.nth % 4 <> 0;
insert into crm.feedback (biz_id, id, request_id, customer_id, location_id, source_type, source_id, kind, nps_score, csat_score, ratings, comment, locale, sentiment, business_date, submitted_at)
select
  s.biz_id, pg_temp.id('feedback/' || s.nth), s.id, s.customer_id, s.location_id, s.source_type, s.source_id, s.kind, case s.kind when 'nps' then s.score end, case s.kind when 'csat' then greatest(1, s.score / 2) end,
  jsonb_build_object('handling', greatest(1, s.score / 2), 'waiting_time', 2 + s.nth % 3), case when s.score >= 9 then (array['In and out in twenty minutes.', 'Clean hall, friendly people, correct papers.'])[1 + s.nth % 2] when s.score >= 7 then 'Good, but the gate was slow.' else 'Our driver waited two hours at the dock.' end,
  'en-MY', case when s.score >= 9 then 'positive' when s.score >= 7 then 'neutral' else 'negative' end, (s.at at time zone 'Asia/Kuala_Lumpur')::date, s.at
from demo_said s
where s.nth % 4 <> 0;
update crm.feedback f
set status = 'triaged', assigned_member_id = pg_temp.member('owner')
where f.biz_id = pg_temp.biz() and f.sentiment <> 'positive';
insert into crm.feedback_responses (biz_id, id, feedback_id, author_id, body, published_at)
select pg_temp.biz(), pg_temp.id('feedback_response/' || f.id), f.id, pg_temp.person('owner'), 'Thank you for telling us. We have added a dock in the morning, and will call you when your next truck comes.', f.submitted_at + interval '1 hour'
from (select f.*, row_number() over (order by f.submitted_at) nth from crm.feedback f where f.biz_id = pg_temp.biz() and f.status = 'triaged') f
where f.nth % 3 <> 0;
update crm.feedback f
set status = 'responded'
from crm.feedback_responses r
where f.biz_id = pg_temp.biz() and r.biz_id = f.biz_id and r.feedback_id = f.id;
update crm.feedback f
set status = 'closed'
where f.biz_id = pg_temp.biz() and f.status = 'submitted' and f.submitted_at < now() - interval '4 days';

-- Groups of customers.
insert into crm.segments (biz_id, id, name, description, definition, is_static, refreshed_at)
values
  (pg_temp.biz(), pg_temp.id('segment/volume'), 'Volume', 'Two completed orders or more.', '{"ordersCount": {"gte": 2}}', false, now() - interval '4 hours'),
  (pg_temp.biz(), pg_temp.id('segment/new'), 'Nothing stored yet', 'Have booked and brought nothing so far.', '{"ordersCount": {"eq": 0}}', false, now() - interval '4 hours'),
  (pg_temp.biz(), pg_temp.id('segment/raya'), 'Gifts for Hari Raya', 'Chosen by hand.', '{}', true, null);
insert into crm.segment_members (biz_id, segment_id, customer_id)
select pg_temp.biz(), pg_temp.id('segment/' || case when t.orders_count = 0 then 'new' else 'volume' end), t.customer_id
from crm.customer_totals t
where t.biz_id = pg_temp.biz() and t.orders_count <> 1
union all
select pg_temp.biz(), pg_temp.id('segment/raya'), pg_temp.customer(n)
from generate_series(1, 24, 3) n;
update crm.segments s
set size = m.size
from (select m.segment_id, count(*) size from crm.segment_members m where m.biz_id = pg_temp.biz() group by 1) m
where s.biz_id = pg_temp.biz() and s.id = m.segment_id;
drop table demo_said;
