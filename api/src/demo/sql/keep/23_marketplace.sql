-- Marketplace of the pallet store, and all that it shares with the hotels: both sides' rows, as they are compared at commit.
-- Where the tenant harbour is not there (or not committed yet), what is shared is left out.
-- Others may use: marketplace/chilled, marketplace/cross-dock (listings), partner/harbour (partner), where harbour is there.

select core.next_numbers('marketplace_listing', 'MKLS', 9);

insert into marketplace.marketplace_listings (biz_id, id, number, title, description, category, visibility, location_id,
  price_minor, currency, unit, quantity, available, min_quantity, status, published_at, closes_at, created_at)
select pg_temp.biz(), pg_temp.id('marketplace/' || v.name), 'MKLS-' || lpad(v.nth::text, 6, '0'), v.title, v.description,
  v.category, v.visibility, pg_temp.location(v.place), v.price, 'MYR', v.unit, v.quantity, v.available, v.least, v.status,
  pg_temp.at(-v.shown, '09:00'), pg_temp.at(v.closes, '18:00'), pg_temp.at(-coalesce(v.shown, 0) - 1, '15:00')
from (values
  (1, 'chilled', 'Chilled pallet places at Port Klang', '2 to 6 °C, logged every ten minutes, HACCP. Rate for a pallet and a day, handling in and out included.', 'storage', 'public', 'PKL', 650, 'pallet day', 4000, 2600, 30, 'published', 27, null),
  (2, 'ambient', 'Ambient pallet places, Shah Alam', 'Racked, sprinklered, 2.2 m of height. Monthly terms for partners.', 'storage', 'network', 'SHA', 210, 'pallet day', 9000, 7150, 60, 'published', 26, null),
  (3, 'cross-dock', 'Cross-docking of containers', 'Unloading, sorting, labelling and reloading within 24 hours; 20 and 40 foot.', 'handling', 'public', 'PKL', 88000, 'container', 40, 33, 1, 'published', 21, 90),
  (4, 'forklift', 'Forklift with driver, half a day', 'Counterbalance, 2.5 t, driver certified.', 'equipment', 'network', 'SHA', 26000, 'half day', 60, 44, 1, 'paused', 24, null),
  (5, 'reach-truck', 'Reach truck, 2016, 9,400 hours', 'Mast to 7.5 m, new battery in 2023. Seen by appointment in Port Klang.', 'equipment', 'public', 'PKL', null, 'lot', 1, 1, 1, 'published', 7, 4),
  (6, 'pallets', 'Two hundred used pallets, grade B', 'Heat-treated, 1,200 by 1,000, some boards replaced.', 'equipment', 'network', 'SHA', null, 'lot', 1, 0, 1, 'sold_out', 15, 5),
  (7, 'racking', 'Racking from hall 2, 48 bays', 'Taken down, bundled, load plates at hand.', 'equipment', 'network', 'PKL', null, 'lot', 1, 1, 1, 'published', 10, 20),
  (8, 'fumigation', 'Fumigation of export pallets', 'With certificate; waits for the licence of our new contractor.', 'handling', 'public', 'PKL', 4500, 'pallet', 100, 100, 10, 'draft', null, null),
  (9, 'consolidation', 'Consolidation for Europe, weekly', 'From many suppliers into one container to Sines or Rotterdam.', 'handling', 'invited', 'PKL', 16500, 'cubic metre', 120, 81, 2, 'published', 18, 60)
) as v (nth, name, title, description, category, visibility, place, price, unit, quantity, available, least, status, shown,
  closes);

insert into marketplace.auctions (biz_id, id, listing_id, opens_at, closes_at, latest_closes_at, extend_seconds, currency,
  start_minor, reserve_minor, increment_minor, status)
select pg_temp.biz(), pg_temp.id('auction/' || v.name), pg_temp.id('marketplace/' || v.name), pg_temp.at(v.opens, '10:00'),
  coalesce(pg_temp.at(v.closes, '18:00'), clock_timestamp() + interval '2 seconds'),
  coalesce(pg_temp.at(v.closes, '20:00'), clock_timestamp() + interval '2 seconds'), v.extend, 'MYR', v.start, v.reserve,
  v.step, v.status
from (values
  ('reach-truck', -6, 1, 300, 1800000, 2600000, 50000, 'extended'),
  ('pallets', -9, null, 0, 150000, 180000, 10000, 'open'),
  ('racking', -3, null, 0, 900000, 1500000, 50000, 'open')
) as v (name, opens, closes, extend, start, reserve, step, status);

-- Referrals among those who store.
insert into marketplace.referral_programs (biz_id, id, code, name, terms, referrer_reward_kind, referrer_reward, currency,
  window_days, max_rewards_per_referrer, status, is_approval_required, starts_on)
values (pg_temp.biz(), pg_temp.id('referral/neighbours'), 'NEIGHBOURS', 'Bring a neighbour',
  'For each company that stores with us for three months on your word: RM 300 off your next invoice.', 'amount', 300, 'MYR', 90,
  6, 'active', true, pg_temp.day(-150));

insert into marketplace.referral_codes (biz_id, id, program_id, customer_id, code, created_at)
select pg_temp.biz(), pg_temp.id('referral-code/' || g), pg_temp.id('referral/neighbours'), pg_temp.customer(g),
  'KEEP-' || 100 + g * 11, pg_temp.at(-50 + g, '11:00')
from generate_series(1, 4) as g;

insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind,
  is_qualifying, occurred_at)
select pg_temp.biz(), pg_temp.id('referral-event/' || e.kind || '/' || g), pg_temp.id('referral/neighbours'),
  pg_temp.id('referral-code/' || g), pg_temp.customer(g), pg_temp.customer(g + 12), e.kind, e.kind = 'purchase',
  pg_temp.at(-20 + g + e.later, '11:30')
from generate_series(1, 4) as g
cross join (values ('signup', 0), ('purchase', 6)) as e (kind, later);

insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id, fraud_score,
  status, decided_at, decided_by_id, decision_note)
select pg_temp.biz(), pg_temp.id('reward-decision/' || v.nth), pg_temp.id('referral/neighbours'),
  pg_temp.id('referral-event/purchase/' || v.nth), 'referrer', pg_temp.customer(v.nth), v.nth * 6, v.status,
  pg_temp.at(-6, '16:00'), case when v.status <> 'pending' then pg_temp.person('owner') end, v.note
from (values (1, 'granted', 'Taken off the next invoice.'), (2, 'granted', null), (4, 'denied', 'Belongs to the same group.')) as v (nth, status, note);

-- From here on: what Keep and the hotels share. The two sides, each with its row of the other; none where harbour is missing.
create temporary table trade_sides on commit drop as
select b.id as biz_id, b.slug, pg_temp.id('partner/' || o.slug) as partner_id, o.id as other_biz_id, o.slug as other,
  o.display_name as other_name, case o.slug when 'keep' then 'MY' else 'PT' end as other_country
from core.bizes b
join core.bizes o on o.slug in ('harbour', 'keep') and o.slug <> b.slug
where b.slug in ('harbour', 'keep');

create or replace function pg_temp.of_harbour(name text) returns uuid
language sql stable as $$ select overlay(md5('harbour:' || name) placing '8' from 13 for 1)::uuid $$;

insert into marketplace.partners (biz_id, id, partner_biz_id, display_name, country, note, status, invited_at, activated_at)
select s.biz_id, s.partner_id, s.other_biz_id, s.other_name, s.other_country,
  case s.slug when 'keep' then 'Hotel group in Lisbon. Furniture and linen come through Port Klang; our people stay with them for the forum.'
    else 'Pallet store near Kuala Lumpur. Ask for Wei Ming at the desk.' end,
  'active', pg_temp.at(-120, '10:00'), pg_temp.at(-118, '17:30')
from trade_sides s;

-- Whom an invited listing is shown to, and what each is shown of the other.
insert into marketplace.listing_invitations (biz_id, listing_id, partner_id)
select l.biz_id, l.id, s.partner_id
from marketplace.marketplace_listings l
join trade_sides s on s.biz_id = l.biz_id
where l.visibility = 'invited';

insert into marketplace.shared_listings (biz_id, id, partner_id, title, description, category, starts_at, ends_at,
  price_minor, currency, unit, available, published_at, withdrawn_at)
select s.biz_id, l.id, s.partner_id, l.title, l.description, l.category, l.starts_at, l.ends_at, l.price_minor, l.currency,
  l.unit, l.available, l.published_at, case when l.status <> 'published' then pg_temp.at(-2, '18:00') end
from marketplace.marketplace_listings l
join trade_sides s on s.other_biz_id = l.biz_id
where l.visibility <> 'public' and l.published_at is not null;

insert into marketplace.public_listings (id, seller_biz_id, seller_name, title, description, category, country, price_minor,
  currency, unit, available, published_at)
select l.id, l.biz_id, b.display_name, l.title, l.description, l.category, 'MY', l.price_minor, l.currency, l.unit, l.available,
  l.published_at
from marketplace.marketplace_listings l
join core.bizes b on b.id = l.biz_id
where l.biz_id = pg_temp.biz() and l.visibility = 'public' and l.status = 'published';

-- What each bids in the auctions of the other: two bids in each, the second above the reserve.
create temporary table trade_running on commit drop as
select a.biz_id, a.id, l.title, s.partner_id as buyer_id, o.biz_id as buyer_biz_id, o.partner_id as seller_id, a.currency,
  a.closes_at, a.increment_minor, a.start_minor, a.reserve_minor, a.status, l.id as listing_id
from trade_sides s
join trade_sides o on o.biz_id = s.other_biz_id
join marketplace.auctions a on a.biz_id = s.biz_id and a.status in ('open', 'extended')
join marketplace.marketplace_listings l on l.biz_id = a.biz_id and l.id = a.listing_id;

insert into marketplace.bids (biz_id, id, auction_id, partner_id, seq, amount_minor, currency)
select r.biz_id, pg_temp.id('bid/1/' || r.id), r.id, r.buyer_id, 1, r.start_minor, r.currency
from trade_running r;
insert into marketplace.bids (biz_id, id, auction_id, partner_id, seq, amount_minor, currency, is_automatic)
select r.biz_id, pg_temp.id('bid/2/' || r.id), r.id, r.buyer_id, 2, r.start_minor + 2 * r.increment_minor, r.currency, true
from trade_running r;
insert into marketplace.bids (biz_id, id, auction_id, partner_id, seq, amount_minor, currency)
select r.biz_id, pg_temp.id('bid/3/' || r.id), r.id, r.buyer_id, 3, r.reserve_minor + r.increment_minor, r.currency
from trade_running r
where r.title not like 'Racking%';

update marketplace.auctions a
set status = 'closed',
  closed_at = a.closes_at
from trade_running r
where a.biz_id = r.biz_id and a.id = r.id and r.title ~ '^(Racking|Two hundred)' and a.status = 'open';
update marketplace.auctions a
set status = 'awarded'
from trade_running r
where a.biz_id = r.biz_id and a.id = r.id and r.title like 'Two hundred%';

insert into marketplace.auction_entries (biz_id, id, partner_id, auction_id, title, currency, closes_at, increment_minor,
  current_minor, bid_count, own_minor, is_leading, status)
select r.buyer_biz_id, pg_temp.id('auction-entry/' || r.id), r.seller_id, r.id, r.title, r.currency, a.closes_at,
  a.increment_minor, a.current_minor, a.bid_count, a.current_minor, true, a.status
from trade_running r
join marketplace.auctions a on a.biz_id = r.biz_id and a.id = r.id;

insert into marketplace.bids (biz_id, id, auction_entry_id, partner_id, seq, amount_minor, currency, is_automatic, placed_at)
select r.buyer_biz_id, b.id, pg_temp.id('auction-entry/' || r.id), r.seller_id, b.seq, b.amount_minor, b.currency,
  b.is_automatic, b.placed_at
from trade_running r
join marketplace.bids b on b.biz_id = r.biz_id and b.auction_id = r.id;

update marketplace.public_listings p
set auction_id = a.id,
  auction_closes_at = a.closes_at,
  current_minor = a.current_minor,
  bid_count = a.bid_count
from trade_running r
join marketplace.auctions a on a.biz_id = r.biz_id and a.id = r.id
where p.id = r.listing_id and a.status in ('open', 'extended');

-- Contracts: signed and in force first, as orders are made under them.
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, scope, title, terms, currency,
  payment_days, share_percent, starts_on, ends_on, proposed_by, proposed_at, provider_signed_at, provider_signed_name,
  consumer_signed_at, consumer_signed_name, status)
select s.biz_id, pg_temp.id('contract/' || v.name), 'MKCT-' || lpad(v.nth::text, 6, '0'),
  case v.provider when s.slug then 'provider' else 'consumer' end, s.partner_id, v.scope, v.title, v.terms::jsonb,
  case v.provider when 'keep' then 'MYR' else 'EUR' end, v.days, v.share, pg_temp.day(v.from_day), pg_temp.day(v.until_day),
  v.by_side, pg_temp.at(v.proposed, '11:00'),
  case when v.status in ('active', 'suspended') or v.by_side = 'provider' and v.proposed is not null
    then pg_temp.at(v.proposed, '11:00') + case v.by_side when 'provider' then interval '0' else interval '28 hours' end end,
  case when v.status in ('active', 'suspended') or v.by_side = 'provider' and v.proposed is not null
    then case v.provider when 'keep' then 'Nurul Huda Ismail' else 'Helena Duarte' end end,
  case when v.status in ('active', 'suspended') or v.by_side = 'consumer' and v.proposed is not null
    then pg_temp.at(v.proposed, '11:00') + case v.by_side when 'consumer' then interval '0' else interval '28 hours' end end,
  case when v.status in ('active', 'suspended') or v.by_side = 'consumer' and v.proposed is not null
    then case v.provider when 'keep' then 'Helena Duarte' else 'Nurul Huda Ismail' end end,
  v.status
from (values
  (1, 'rooms', 'harbour', 'rooms', 'Rooms in Lisbon and Cascais at the partner rate', '{"rate": "15 % below the best public rate", "release_days": 7}', 30, 5.0, -110, 255, 'provider', -115, 'active'),
  (2, 'meetings', 'harbour', 'meetings', 'Meeting rooms and catering', '{"cancellation": "free until 72 hours before"}', 14, null, -90, 90, 'provider', -95, 'active'),
  (3, 'storage', 'keep', 'storage', 'Storage of consignments at Port Klang', '{"minimum_pallets": 10, "temperature": "ambient or chilled"}', 45, 4.0, -105, 260, 'consumer', -108, 'active'),
  (4, 'handling', 'keep', 'handling', 'Cross-docking and consolidation for Europe', '{"turnaround_hours": 24}', 30, null, -80, 285, 'provider', -84, 'active'),
  (5, 'equipment', 'keep', 'equipment', 'Forklift with driver on call', '{"notice_hours": 12}', 30, null, -70, 110, 'provider', -72, 'active'),
  (6, 'trial', 'keep', 'trial', 'Trial: forty pallet places for a month', '{"minimum_pallets": 40}', 14, null, -100, -70, 'provider', -104, 'active'),
  (7, 'renewal', 'keep', 'storage', 'Storage at Port Klang, next two years', '{"minimum_pallets": 20, "index": "yearly by CPI"}', 45, 4.5, 260, 990, 'provider', -3, 'proposed'),
  (8, 'laundry', 'keep', 'laundry', 'Storing of linen with washing', '{}', 30, null, -40, 320, 'consumer', -45, 'rejected'),
  (9, 'retreat', 'harbour', 'retreats', 'Yearly retreat in Cascais', '{"nights": 3, "rooms": 12}', 30, null, 120, 485, 'provider', -20, 'withdrawn')
) as v (nth, name, provider, scope, title, terms, days, share, from_day, until_day, by_side, proposed, status)
cross join trade_sides s;

-- One that only its writer has.
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, scope, title, terms, currency, starts_on,
  proposed_by)
select s.biz_id, pg_temp.id('contract/fumigation'), 'MKCT-000010', 'provider', s.partner_id, 'fumigation',
  'Fumigation of export pallets', '{"certificate": "ISPM 15"}', 'MYR', pg_temp.day(30), 'provider'
from trade_sides s
where s.slug = 'keep';

-- Orders, with their lines; numbers are those of either side.
create temporary table trade_lines on commit drop as
select pg_temp.id('trade/' || v.order_name) as order_id, pg_temp.id('trade-line/' || v.order_name || v.line_no) as id, v.*,
  round(v.quantity * v.price * 100)::bigint as total_minor
from (values
  ('forum', 1, 'Standard double, Lisbon, partner rate', 18.0, 'room night', 101.15, 0.06),
  ('forum', 2, 'Breakfast', 18.0, 'breakfast', 14.0, 0.13),
  ('tejo', 1, 'Meeting room Tejo, full day', 2.0, 'day', 680.0, 0.23),
  ('sales-visit', 1, 'Superior with river view, partner rate', 8.0, 'room night', 135.15, 0.06),
  ('team-day', 1, 'Spa day for a team of eight', 1.0, 'day', 960.0, 0.23),
  ('marathon', 1, 'Standard double, marathon week', 140.0, 'room night', 119.0, 0.06),
  ('shuttle', 1, 'Airport shuttle, seat', 14.0, 'seat', 18.0, 0.06),
  ('cascais', 1, 'Sea view, Cascais, partner rate', 6.0, 'room night', 123.25, 0.06),
  ('consignment', 1, 'Ambient pallet place', 420.0, 'pallet day', 2.1, 0.08),
  ('consignment', 2, 'Handling in and out', 14.0, 'pallet', 18.0, 0.08),
  ('spa-furniture', 1, 'Ambient pallet place', 660.0, 'pallet day', 2.1, 0.08),
  ('spa-furniture', 2, 'Photographs on arrival', 22.0, 'pallet', 6.5, 0.08),
  ('cross-dock', 1, 'Cross-docking, 40 foot container', 2.0, 'container', 880.0, 0.08),
  ('forklift', 1, 'Forklift with driver', 3.0, 'half day', 260.0, 0.08),
  ('chilled', 1, 'Chilled pallet place', 90.0, 'pallet day', 6.5, 0.08),
  ('labels', 1, 'Relabelling', 320.0, 'carton', 0.9, 0.08),
  ('bamboo', 1, 'Ambient pallet place', 300.0, 'pallet day', 2.1, 0.08),
  ('linen', 1, 'Consolidation to Sines', 18.0, 'cubic metre', 165.0, 0.08),
  ('tiles', 1, 'Handling of broken pallets', 5.0, 'pallet', 42.0, 0.08)
) as v (order_name, line_no, name, quantity, unit, price, rate);

insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, contract_id, listing_id, title, starts_at,
  ends_at, currency, tax_minor, total_minor, status, requested_at, respond_by, accepted_at, delivered_at, settled_at,
  refunded_minor)
select s.biz_id, t.order_id, 'MKCO-' || lpad((v.nth + case s.slug when 'keep' then 0 else 40 end)::text, 6, '0'),
  case v.provider when s.slug then 'provider' else 'consumer' end, s.partner_id, pg_temp.id('contract/' || v.contract),
  case when s.slug <> v.provider then null when s.slug = 'keep' then pg_temp.id('marketplace/' || v.listing)
    else pg_temp.of_harbour('marketplace/' || v.listing) end,
  v.title, pg_temp.at(v.begins, '15:00'), pg_temp.at(v.begins + v.lasts, '12:00'),
  case v.provider when 'keep' then 'MYR' else 'EUR' end, t.tax_minor, t.total_minor, v.status, pg_temp.at(v.asked, '10:20'),
  pg_temp.at(v.asked + 3, '18:00'), pg_temp.at(v.agreed, '16:45'), pg_temp.at(v.done, '17:00'), pg_temp.at(v.settled, '12:00'),
  case when v.status = 'refunded' then t.total_minor else 0 end
from (values
  (1, 'forum', 'harbour', 'rooms', 'rooms', 'Six rooms for the Cold Chain Forum, three nights', -22, 3, 'settled', -50, -49, -19, -8),
  (2, 'tejo', 'harbour', 'meetings', 'meeting', 'Meeting room Tejo, two days', -6, 2, 'delivered', -17, -16, -4, null),
  (3, 'sales-visit', 'harbour', 'rooms', null, 'Two river views for a sales visit, four nights', 19, 4, 'accepted', -4, -3, null, null),
  (4, 'team-day', 'harbour', null, 'spa-day', 'Spa day for the operations team', 33, 1, 'requested', -1, null, null, null),
  (5, 'marathon', 'harbour', 'rooms', null, 'Twenty doubles in the week of the marathon', 38, 7, 'rejected', -25, null, null, null),
  (6, 'shuttle', 'harbour', null, 'shuttle', 'Shuttle for the forum', -22, 1, 'refunded', -30, -29, -21, -10),
  (7, 'cascais', 'harbour', 'rooms', null, 'Two sea views after the forum', -19, 3, 'settled', -40, -39, -16, -7),
  (8, 'consignment', 'keep', 'storage', 'ambient', 'Fourteen pallets of bedroom furniture, 30 days', -45, 30, 'settled', -52, -51, -15, -6),
  (9, 'spa-furniture', 'keep', 'storage', 'ambient', 'Twenty-two pallets for the spa in Lisbon', -12, 30, 'in_fulfilment', -15, -14, null, null),
  (10, 'cross-dock', 'keep', 'handling', 'cross-dock', 'Two containers to be cross-docked', -9, 2, 'disputed', -13, -12, -7, null),
  (11, 'forklift', 'keep', 'equipment', 'forklift', 'Forklift for the unloading', -9, 2, 'disputed', -13, -12, -7, null),
  (12, 'chilled', 'keep', 'storage', 'chilled', 'Chilled places for cosmetics', 6, 15, 'cancelled', -11, -10, null, null),
  (13, 'labels', 'keep', 'handling', null, 'Relabelling of cartons', -14, 1, 'expired', -24, null, null, null),
  (14, 'bamboo', 'keep', 'storage', 'ambient', 'Ten pallets of bamboo blinds', 9, 30, 'requested', -1, null, null, null),
  (15, 'linen', 'keep', 'handling', 'consolidation', 'Linen of three mills to Sines', -26, 6, 'disputed', -33, -32, -18, null),
  (16, 'tiles', 'keep', 'handling', null, 'Repacking of tiles', -28, 1, 'settled', -35, -34, -27, -12)
) as v (nth, name, provider, contract, listing, title, begins, lasts, status, asked, agreed, done, settled)
join (
  select l.order_id, l.order_name, sum(l.total_minor)::bigint as total_minor,
    sum(round(l.total_minor * l.rate / (1 + l.rate)))::bigint as tax_minor
  from trade_lines l
  group by l.order_id, l.order_name
) as t on t.order_name = v.name
cross join trade_sides s;

insert into marketplace.cross_biz_order_lines (biz_id, id, order_id, line_no, name, quantity, unit, unit_price, tax_rate,
  total_minor, currency)
select o.biz_id, l.id, l.order_id, l.line_no, l.name, l.quantity, l.unit, l.price, l.rate, l.total_minor, o.currency
from trade_lines l
join marketplace.cross_biz_orders o on o.id = l.order_id;

-- Some contracts came to an end since.
update marketplace.cross_biz_contracts c
set status = v.status,
  ended_at = case when v.status <> 'suspended' then pg_temp.at(v.ended, '18:00') end,
  end_reason = v.reason
from (values
  ('equipment', 'suspended', null, 'Until the dispute over the forklift is settled.'),
  ('meetings', 'terminated', -2, 'Meetings are part of the new contract on rooms.'),
  ('trial', 'expired', -70, null)
) as v (name, status, ended, reason)
where c.id = pg_temp.id('contract/' || v.name);

-- Revenue shared: what goes to the platform and to the partner, what is kept; taken back of the order that was refunded.
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, listing_id, party, partner_id, basis, percent,
  amount_minor, currency, tier_from_minor, starts_on, ends_on)
select s.biz_id, pg_temp.id('share-rule/' || v.name), pg_temp.id('contract/' || v.contract),
  case v.seller when 'keep' then pg_temp.id('marketplace/' || v.listing) else pg_temp.of_harbour('marketplace/' || v.listing) end,
  v.party, case v.party when 'partner' then s.partner_id end, v.basis, v.percent, v.amount,
  case when v.amount is not null then case v.seller when 'keep' then 'MYR' else 'EUR' end end, v.tier, pg_temp.day(v.from_day),
  pg_temp.day(v.until_day)
from (values
  ('rooms-platform', 'harbour', 'rooms', null, 'platform', 'gross', 3.0, null, 0, -110, null),
  ('rooms-partner', 'harbour', 'rooms', null, 'partner', 'net', 5.0, null, 0, -110, null),
  ('rooms-partner-more', 'harbour', 'rooms', null, 'partner', 'net', 7.0, null, 500000, -110, null),
  ('shuttle-platform', 'harbour', null, 'shuttle', 'platform', 'gross', null, 150, 0, -60, null),
  ('shuttle-partner', 'harbour', null, 'shuttle', 'partner', 'net', 5.0, null, 0, -60, null),
  ('storage-platform', 'keep', 'storage', null, 'platform', 'gross', 2.5, null, 0, -105, null),
  ('storage-partner-first', 'keep', 'storage', null, 'partner', 'net', 3.0, null, 0, -105, -60),
  ('storage-partner', 'keep', 'storage', null, 'partner', 'net', 4.0, null, 0, -60, null),
  ('handling-platform', 'keep', 'handling', null, 'platform', 'gross', 2.5, null, 0, -80, null)
) as v (name, seller, contract, listing, party, basis, percent, amount, tier, from_day, until_day)
join trade_sides s on s.slug = v.seller;

create temporary table trade_shares on commit drop as
select o.biz_id, o.id as order_id, o.number, o.partner_id, s.other_biz_id, b.partner_id as payer_id, o.currency, o.settled_at,
  o.status, r.id as rule_id, r.party, r.basis, r.percent, x.base_minor,
  coalesce(r.amount_minor, round(x.base_minor * r.percent / 100)::bigint) as amount_minor
from marketplace.cross_biz_orders o
join trade_sides s on s.biz_id = o.biz_id
join trade_sides b on b.biz_id = s.other_biz_id
join marketplace.revenue_share_rules r on r.biz_id = o.biz_id and r.tier_from_minor = 0
  and r.period @> pg_temp.day(0) and (r.contract_id = o.contract_id or r.listing_id = o.listing_id)
cross join lateral (
  select case r.basis when 'gross' then o.total_minor else o.total_minor - o.tax_minor end as base_minor
) as x
where o.side = 'provider' and o.status in ('settled', 'refunded');

insert into trade_shares
select o.biz_id, o.id, o.number, o.partner_id, s.other_biz_id, null, o.currency, o.settled_at, o.status, null, 'own', 'net',
  null, o.total_minor - o.tax_minor, o.total_minor - o.tax_minor - g.given
from marketplace.cross_biz_orders o
join trade_sides s on s.biz_id = o.biz_id
join (select h.order_id, sum(h.amount_minor)::bigint as given from trade_shares h group by h.order_id) as g on g.order_id = o.id
where o.side = 'provider';

insert into marketplace.revenue_share_entries (biz_id, id, side, party, partner_id, cross_biz_order_id, order_number, rule_id,
  basis, base_minor, percent, amount_minor, currency, reverses_id, settled_at, created_at)
select case w.side when 'payer' then h.biz_id else h.other_biz_id end, pg_temp.id(k.name || h.party || h.number), w.side,
  h.party, case when h.party = 'partner' then case w.side when 'payer' then h.partner_id else h.payer_id end end,
  case w.side when 'payer' then h.order_id end, h.number, case w.side when 'payer' then h.rule_id end, h.basis, h.base_minor,
  h.percent, k.sign * h.amount_minor, h.currency, case k.sign when -1 then pg_temp.id('share/' || h.party || h.number) end,
  case when h.settled_at < pg_temp.at(-7, '13:00') then h.settled_at + interval '2 days' end, h.settled_at
from trade_shares h
join (values ('share/', 1), ('share-back/', -1)) as k (name, sign) on k.sign = 1 or h.status = 'refunded'
join (values ('payer'), ('payee')) as w (side) on w.side = 'payer' or h.party = 'partner'
order by k.sign desc;

update marketplace.cross_biz_orders o
set shared_minor = e.shared
from (
  select e.biz_id, e.cross_biz_order_id, sum(e.amount_minor)::bigint as shared
  from marketplace.revenue_share_entries e
  where e.side = 'payer'
  group by e.biz_id, e.cross_biz_order_id
) as e
where o.biz_id = e.biz_id and o.id = e.cross_biz_order_id and o.biz_id in (select s.biz_id from trade_sides s);

-- Disputes.
insert into marketplace.cross_biz_disputes (biz_id, id, number, side, partner_id, cross_biz_order_id, opened_by, reason,
  statement, answer, claimed_minor, refund_minor, currency, status, answer_by, resolution, resolution_note, closed_at)
select o.biz_id, pg_temp.id('dispute/' || v.name), 'MKDI-' || lpad(v.nth::text, 6, '0'), o.side, o.partner_id, o.id,
  v.by_side, v.reason, v.statement, v.answer, v.claimed, v.refund, o.currency, v.status, pg_temp.at(v.answer_by, '18:00'),
  v.resolution, v.note, pg_temp.at(v.closed, '12:00')
from (values
  (1, 'shuttle', 'consumer', 'not_delivered', 'The 19:40 shuttle did not come; seven of us took taxis.', 'The driver was held up at the other terminal. We are sorry.', 25200, 25200, 'resolved', -15, 'upheld', 'Paid back in full.', -10),
  (2, 'cross-dock', 'consumer', 'late', 'Both containers left three days later than agreed, and missed the vessel.', null, 88000, null, 'open', 3, null, null, null),
  (3, 'forklift', 'consumer', 'amount', 'Three half days are charged, two were worked.', 'The driver waited on the third morning until the container was opened; the gate log says so.', 26000, null, 'answered', -1, null, null, null),
  (4, 'linen', 'provider', 'other', 'Two of the mills delivered six pallets that were not announced. We want the extra handling paid.', 'They were on the packing list of the 3rd.', 54000, null, 'escalated', -6, null, null, null),
  (5, 'tiles', 'consumer', 'damage', 'Four cartons are broken.', 'Photographs on arrival show that they came so.', 16800, null, 'withdrawn', -18, null, null, -14)
) as v (nth, name, by_side, reason, statement, answer, claimed, refund, status, answer_by, resolution, note, closed)
join marketplace.cross_biz_orders o on o.id = pg_temp.id('trade/' || v.name);

-- What they say of each other.
insert into marketplace.listing_reviews (biz_id, id, side, partner_id, cross_biz_order_id, listing_id, score, body, answer,
  status, published_at, created_at)
select o.biz_id, pg_temp.id('review/' || v.name), case o.side when 'provider' then 'reviewed' else 'author' end, o.partner_id,
  o.id, o.listing_id, v.score, v.body, v.answer, v.status, pg_temp.at(v.shown, '10:00'), pg_temp.at(v.written, '19:30')
from (values
  ('forum', 5, 'Quiet rooms, breakfast from half past five without being asked. Our people want to come back.', 'You are always welcome. Boa viagem!', 'published', -6, -7),
  ('tejo', 5, 'Bright, good coffee, and the screen worked with every laptop we brought.', null, 'published', -2, -3),
  ('cascais', 2, 'Room 23 was next to the lift.', 'We have moved the partner rooms to the garden side.', 'hidden', -5, -6),
  ('consignment', 4, 'Clean, on time, good photographs. The portal could say more of what stands where.', null, 'published', -4, -5),
  ('tiles', 3, 'Careful work; the paperwork took a week.', null, 'pending', null, -2),
  ('shuttle', 1, 'NEVER AGAIN!!! Half an hour in the rain, seven suitcases!!!', null, 'rejected', null, -9)
) as v (name, score, body, answer, status, shown, written)
join marketplace.cross_biz_orders o on o.id = pg_temp.id('trade/' || v.name);

update marketplace.public_listings p
set rating = r.rating,
  review_count = r.count
from (
  select v.listing_id, round(avg(v.score), 2) as rating, count(*)::integer as count
  from marketplace.listing_reviews v
  join trade_sides s on s.biz_id = v.biz_id
  where v.status = 'published' and v.listing_id is not null
  group by v.listing_id
) as r
where p.id = r.listing_id;

-- Counters of either side.
select set_config('app.biz_id', s.biz_id::text, true) from trade_sides s where s.slug = 'harbour';
select core.next_numbers('cross_biz_contract', 'MKCT', 10), core.next_numbers('cross_biz_order', 'MKCO', 56),
  core.next_numbers('cross_biz_dispute', 'MKDI', 5)
from trade_sides s where s.slug = 'harbour';
select set_config('app.biz_id', b.id::text, true) from core.bizes b where b.slug = 'keep';
select core.next_numbers('cross_biz_contract', 'MKCT', 10), core.next_numbers('cross_biz_order', 'MKCO', 16),
  core.next_numbers('cross_biz_dispute', 'MKDI', 5)
from trade_sides s where s.slug = 'keep';
