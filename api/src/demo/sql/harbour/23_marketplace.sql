-- Marketplace of the hotels: what they offer to other tenants, auctions, and customers who bring customers. What is shared with
-- Keep (partners, contracts, orders, bids, reviews) has two sides, and is all written by keep/23_marketplace.sql.
-- Others may use: marketplace/meeting, marketplace/armchairs (listings), referral/friends (programme).

select core.next_numbers('marketplace_listing', 'MKLS', 14);

insert into marketplace.marketplace_listings (biz_id, id, number, title, description, category, visibility, location_id,
  starts_at, ends_at, price_minor, currency, unit, quantity, available, min_quantity, status, published_at, closes_at,
  created_at)
select pg_temp.biz(), pg_temp.id('marketplace/' || v.name), 'MKLS-' || lpad(v.nth::text, 6, '0'), v.title, v.description,
  v.category, v.visibility, pg_temp.location(v.place), pg_temp.at(v.begins, '15:00'),
  pg_temp.at(v.begins + v.lasts, '12:00'), v.price, 'EUR', v.unit, v.quantity, v.available, v.least, v.status,
  pg_temp.at(-v.shown, '09:30'), pg_temp.at(v.closes, '18:00'), pg_temp.at(-coalesce(v.shown, 0) - 2, '16:20')
from (values
  (1, 'rooms', 'Twelve doubles by the river, four nights', 'Room block in Lisbon at the group rate, breakfast included. Names until a week before arrival; rooms not named go back without charge.', 'rooms', 'network', 'LIS', 40, 4, 9800, 'room night', 48, 30, 4, 'published', 12, 30),
  (2, 'meeting', 'Meeting room Tejo, full day', 'Daylight, 24 seats in a horseshoe, screen and whiteboard, two coffee breaks and a light lunch by the water.', 'meetings', 'public', 'LIS', null, null, 68000, 'day', 20, 17, 1, 'published', 20, 60),
  (3, 'spa-day', 'Spa day for a team of eight', 'Treatment rooms Dune and Tide for your team alone, from nine to five, with two therapists and lunch.', 'spa', 'public', 'SPA', null, null, 96000, 'day', 6, 4, 1, 'published', 16, 45),
  (4, 'offsite', 'Off-site in Cascais: ten sea views, two nights', 'Ten rooms with sea view, half board, the garden salon for your meetings.', 'rooms', 'public', 'CAS', 24, 2, 13900, 'room night', 20, 0, 20, 'sold_out', 25, 20),
  (5, 'shuttle', 'Airport shuttle, seats on fixed runs', 'Minibus between the airport and both hotels, six runs a day.', 'transfers', 'network', 'LIS', null, null, 1800, 'seat', 200, 142, 2, 'paused', 28, null),
  (6, 'catering', 'Boxed lunches for congresses', 'Seasonal, from our kitchen in Lisbon, delivered within the city. Photographs are still to come.', 'catering', 'network', 'LIS', null, null, 1450, 'box', 300, 300, 20, 'draft', null, null),
  (7, 'marathon', 'Marathon week, last doubles', 'Seven nights, early breakfast and late check-out on the day of the run.', 'rooms', 'public', 'LIS', 38, 7, 21900, 'room night', 28, 28, 7, 'pending_review', null, 30),
  (8, 'armchairs', 'Forty armchairs from the Lisbon refurbishment', 'Oak and grey wool, 2019, well kept. To be fetched at the loading bay on Rua da Cintura do Porto.', 'furniture', 'public', 'LIS', null, null, null, 'lot', 1, 1, 1, 'published', 5, 6),
  (9, 'linen', 'Mixed linen, unsorted', 'About 180 kg, no list.', 'furniture', 'public', 'CAS', null, null, 12000, 'lot', 1, 1, 1, 'rejected', null, null),
  (10, 'midweek', 'Midweek rooms in Cascais', 'Standard twins Sunday to Thursday.', 'rooms', 'network', 'CAS', -30, 25, 7400, 'room night', 100, 38, 2, 'closed', 29, -5),
  (11, 'suite', 'The river suite over the long weekend', 'Three nights for four, with a table on the terrace.', 'rooms', 'public', 'LIS', 55, 3, null, 'stay', 1, 1, 1, 'published', 3, 10),
  (12, 'coffee', 'Two-group espresso machine, 2017', 'Serviced yearly, papers at hand, replaced by a larger one.', 'equipment', 'public', 'CAS', null, null, null, 'lot', 1, 1, 1, 'closed', 22, -9),
  (13, 'piano', 'Upright piano from the old bar', 'Needs tuning.', 'furniture', 'invited', 'LIS', null, null, null, 'lot', 1, 1, 1, 'closed', 18, -12),
  (14, 'staff-housing', 'Twelve staff rooms in Alcântara', 'For partners whose crews are in town for months on end.', 'rooms', 'invited', 'LIS', 8, 90, 3900, 'room night', 1080, 960, 30, 'published', 9, 80)
) as v (nth, name, title, description, category, visibility, place, begins, lasts, price, unit, quantity, available, least,
  status, shown, closes);

-- What all tenants see.
insert into marketplace.public_listings (id, seller_biz_id, seller_name, title, description, category, country, starts_at,
  ends_at, price_minor, currency, unit, available, published_at)
select l.id, l.biz_id, b.display_name, l.title, l.description, l.category, 'PT', l.starts_at, l.ends_at, l.price_minor,
  l.currency, l.unit, l.available, l.published_at
from marketplace.marketplace_listings l
join core.bizes b on b.id = l.biz_id
where l.biz_id = pg_temp.biz() and l.visibility = 'public' and l.status = 'published';

-- Auctions. Bids on the one that is open come from Keep.
insert into marketplace.auctions (biz_id, id, listing_id, opens_at, closes_at, latest_closes_at, extend_seconds, currency,
  start_minor, reserve_minor, increment_minor, status, closed_at)
select pg_temp.biz(), pg_temp.id('auction/' || v.name), pg_temp.id('marketplace/' || v.name), pg_temp.at(v.opens, '10:00'),
  pg_temp.at(v.closes, '18:00'), pg_temp.at(v.closes, '20:00'), v.extend, 'EUR', v.start, v.reserve, v.step, v.status,
  pg_temp.at(v.closed, '18:00')
from (values
  ('armchairs', -4, 6, 300, 120000, 180000, 5000, 'open', null),
  ('suite', 2, 10, 300, 60000, 90000, 2500, 'scheduled', null),
  ('coffee', -20, -9, 120, 90000, null, 5000, 'unsold', -9),
  ('piano', -16, -10, 0, 30000, null, 1000, 'cancelled', -13)
) as v (name, opens, closes, extend, start, reserve, step, status, closed);

update marketplace.public_listings p
set auction_id = a.id,
  auction_closes_at = a.closes_at
from marketplace.auctions a
where a.biz_id = pg_temp.biz() and a.listing_id = p.id and p.seller_biz_id = a.biz_id and a.status in ('open', 'scheduled');

-- Referral programmes.
insert into marketplace.referral_programs (biz_id, id, code, name, terms, qualifying_event, min_purchase_minor,
  referrer_reward_kind, referrer_reward, referee_reward_kind, referee_reward, currency, window_days,
  max_rewards_per_referrer, max_rewards, is_approval_required, status, starts_on, ends_on)
select pg_temp.biz(), pg_temp.id('referral/' || v.name), v.code, v.title, v.terms, v.event, v.least, v.kind, v.reward,
  v.friend_kind, v.friend_reward, 'EUR', v.days, v.each, v.total, v.approval, v.status, pg_temp.day(v.from_day),
  pg_temp.day(v.until_day)
from (values
  ('friends', 'FRIENDS', 'Friends of the harbour', 'Bring a friend who stays two nights or more. You get 25 € for your next stay, your friend ten percent off.', 'purchase', 15000, 'amount', 25.0, 'percent', 10.0, 60, 10, 500, false, 'active', -120, null),
  ('spa', 'SPA-CIRCLE', 'Spa circle', 'A treatment of a friend gives you 300 points.', 'purchase', 4000, 'points', 300.0, 'none', null, 30, 5, null, true, 'paused', -90, 90),
  ('weeks', 'WEEKS', 'Weeks in Cascais', 'Twenty euros for each friend who books a week or more.', 'purchase', null, 'amount', 20.0, 'amount', 20.0, 45, null, 200, false, 'ended', -200, -75),
  ('evenings', 'EVENINGS', 'Evenings by the river', 'Sign-ups count already; to be agreed with the front desk.', 'signup', null, 'percent', 5.0, 'none', null, 30, 3, 100, false, 'draft', 14, 120)
) as v (name, code, title, terms, event, least, kind, reward, friend_kind, friend_reward, days, each, total, approval, status,
  from_day, until_day);

insert into marketplace.referral_codes (biz_id, id, program_id, customer_id, code, disabled_at, created_at)
select c.biz_id, pg_temp.id('referral-code/' || c.nth), pg_temp.id('referral/' || p.name), c.id,
  upper(translate(split_part(c.full_name, ' ', 1), 'áâãàçéêèíóôõúüöäñÁÂÃÀÇÉÊÈÍÓÔÕÚÜÖÄÑ', 'aaaaceeeiooouuoanAAAACEEEIOOOUUOAN'))
    || '-' || 2000 + c.nth * 37,
  case when c.nth = 7 then pg_temp.at(-11, '14:10') end, pg_temp.at(-60 + c.nth, '12:00')
from (
  select c.biz_id, c.id, c.full_name, row_number() over (order by c.number)::integer as nth
  from crm.customers c
  where c.biz_id = pg_temp.biz()
) as c
join (values ('friends', 1, 12), ('spa', 13, 16), ('weeks', 17, 20)) as p (name, first, last) on c.nth between p.first and p.last;

-- Clicks, then those who signed up, then those who bought.
insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind,
  is_qualifying, source_type, source_id, visitor_ref, occurred_at)
select c.biz_id, pg_temp.id('referral-event/' || e.kind || '/' || g.nth), c.program_id, c.id, c.customer_id,
  case when e.kind <> 'click' then r.id end, e.kind, e.kind = 'purchase',
  case when e.kind = 'purchase' and o.id is not null then 'BookingOrder' end, case when e.kind = 'purchase' then o.id end,
  case when e.kind = 'click' then 'v-' || substr(md5('visitor ' || g.nth), 1, 10) end,
  pg_temp.at(-26 + g.nth % 20 + e.later, '10:00') + make_interval(mins => g.nth * 13 % 240)
from generate_series(1, 36) as g (nth)
join marketplace.referral_codes c on c.biz_id = pg_temp.biz() and c.id = pg_temp.id('referral-code/' || 1 + g.nth * 7 % 16)
join (values ('click', 0, 36), ('signup', 2, 20), ('purchase', 4, 12)) as e (kind, later, count) on g.nth <= e.count
left join (
  select c.id, row_number() over (order by c.number) as nth
  from crm.customers c
  where c.biz_id = pg_temp.biz()
) as r on r.nth = 20 + g.nth
left join (
  select distinct on (o.customer_id) o.customer_id, o.id
  from booking.booking_orders o
  where o.biz_id = pg_temp.biz() and o.status in ('confirmed', 'in_progress', 'completed')
  order by o.customer_id, o.number
) as o on o.customer_id = r.id;

-- Rewards: one side or both, decided by rule or by hand; three of them are on their way to a wallet.
insert into entitlements.reward_grants (biz_id, id, customer_id, origin, unit, quantity, currency, due_at, note, source_type,
  source_id)
select e.biz_id, pg_temp.id('referral-reward/' || v.nth), e.referrer_customer_id, 'referral', 'money', 2500, 'EUR',
  pg_temp.at(v.nth, '06:00'), 'Friends of the harbour', 'ReferralEvent', e.id
from (values (1), (2), (3)) as v (nth)
join marketplace.referral_events e on e.biz_id = pg_temp.biz() and e.id = pg_temp.id('referral-event/purchase/' || v.nth);

insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id,
  reward_grant_id, fraud_flags, fraud_score, status, decided_at, decided_by_id, decision_note)
select e.biz_id, pg_temp.id('reward-decision/' || s.side || '/' || v.nth), e.program_id, e.id, s.side,
  case s.side when 'referrer' then e.referrer_customer_id else e.referee_customer_id end,
  case when s.side = 'referrer' and v.nth <= 3 then pg_temp.id('referral-reward/' || v.nth) end,
  case when v.status in ('denied', 'reversed') then array['same_device', 'same_card'] else '{}' end,
  case when v.status in ('denied', 'reversed') then 78 + v.nth else v.nth * 3 end, v.status,
  case when v.status <> 'pending' then e.occurred_at + interval '6 hours' end,
  case when v.status in ('denied', 'reversed') then pg_temp.person('owner') end, v.note
from (values
  (1, 'granted', null), (2, 'granted', null), (3, 'granted', null), (4, 'granted', null), (5, 'granted', 'Seen with the guest at the desk.'),
  (6, 'pending', null), (7, 'pending', null), (8, 'pending', null),
  (9, 'denied', 'Paid with the card of the one who recommended.'), (10, 'denied', 'Same household, same device.'),
  (11, 'reversed', 'The stay was called off the day after.'), (12, 'reversed', 'Charge was disputed.')
) as v (nth, status, note)
join marketplace.referral_events e on e.biz_id = pg_temp.biz() and e.id = pg_temp.id('referral-event/purchase/' || v.nth)
join (values ('referrer'), ('referee')) as s (side) on s.side = 'referrer' or v.nth <= 8;
