-- Others may use: customer/atlantico, customer/tejo, customer/viagens, customer/eventos (organisations that pay on account),
-- customer/prospect-1, customer/prospect-2, customer/inactive, customer/blocked, customer/merged, customer/anonymised.
-- By number they come after the customers that pg_temp.customer(1) to (60) finds.

-- More customers: companies, and those with whom it stands otherwise.
insert into crm.customers (biz_id, id, number, kind, status, full_name, locale, nationality, home_location_id, privacy_mode, source, created_at)
select
  pg_temp.biz(), pg_temp.id('customer/' || v.mark), core.format_number('CUS', '', n.first + v.place - 1, 6), v.kind, v.status, v.name, v.locale,
  v.nationality, pg_temp.location(v.home), v.privacy, v.source, now() - v.days * interval '1 day'
from (values
  (1, 'atlantico', 'organisation', 'active', 'Atlântico Seguros, S.A.', 'pt-PT', null, 'LIS', 'identified', 'sales visit', 420),
  (2, 'tejo', 'organisation', 'active', 'Tejo Engenharia, Lda.', 'pt-PT', null, 'LIS', 'identified', 'recommendation', 380),
  (3, 'viagens', 'organisation', 'active', 'Viagens Alcântara', 'pt-PT', null, 'LIS', 'identified', 'fair', 350),
  (4, 'eventos', 'organisation', 'active', 'Maré Alta Eventos', 'pt-PT', null, 'CAS', 'identified', 'web', 200),
  (5, 'prospect-1', 'person', 'prospect', 'Leonor Abreu', 'pt-PT', 'PT', 'CAS', 'identified', 'web', 9),
  (6, 'prospect-2', 'organisation', 'prospect', 'Norte Filmes, Lda.', 'pt-PT', null, 'LIS', 'identified', 'fair', 4),
  (7, 'inactive', 'person', 'active', 'Henrique Salgueiro', 'pt-PT', 'PT', 'LIS', 'identified', 'recommendation', 900),
  (8, 'blocked', 'person', 'active', 'Kevin Marsh', 'en-GB', 'GB', 'LIS', 'identified', 'web', 300),
  (9, 'merged', 'person', 'active', 'Joao Goncalves', 'pt-PT', 'PT', 'LIS', 'identified', 'ota', 120),
  (10, 'anonymised', 'person', 'active', 'Erased customer', null, null, null, 'anonymous', null, 500),
  (11, 'namesake', 'person', 'active', 'Alice Bennet', 'en-GB', 'GB', 'CAS', 'identified', 'ota', 60),
  (12, 'guarded', 'person', 'active', 'Guest of room 402', 'en', null, 'LIS', 'pseudonymous', 'recommendation', 25)
) v (place, mark, kind, status, name, locale, nationality, home, privacy, source, days)
cross join (select core.next_numbers('customer', 'CUS', 12) first) n;
update crm.customers c
set status = v.status, blocked_reason = v.reason, merged_into_id = case when v.survivor is not null then pg_temp.customer(v.survivor) end
from (values
  ('inactive', 'inactive', null, null), ('blocked', 'blocked', 'Broke a bathroom twice and left without paying for it.', null),
  ('merged', 'merged', null, 1), ('namesake', 'merged', null, 49), ('anonymised', 'anonymised', null, null)
) v (mark, status, reason, survivor)
where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('customer/' || v.mark);
update crm.customers c
set status = 'active', merged_into_id = null
where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('customer/namesake');
insert into crm.customer_merge_log (biz_id, id, survivor_id, merged_id, action, undoes_id, moved, reason, actor_id, occurred_at)
select
  pg_temp.biz(), pg_temp.id('customer_merge/' || v.mark || '/' || v.action), pg_temp.customer(v.survivor), pg_temp.id('customer/' || v.mark), v.action,
  case v.action when 'unmerged' then pg_temp.id('customer_merge/' || v.mark || '/merged') end, v.moved::jsonb, v.reason, pg_temp.person(v.actor),
  now() - v.hours * interval '1 hour'
from (values
  ('merged', 1, 'merged', '{"crm.consents": 1, "booking.booking_orders": 0}', 'Same guest, once without accents from the channel.', 'desk', 210),
  ('namesake', 49, 'merged', '{"crm.customer_addresses": 1}', 'Looked like the same guest.', 'desk', 96),
  ('namesake', 49, 'unmerged', '{"crm.customer_addresses": 1}', 'Another Alice: other address, other card.', 'owner', 71)
) v (mark, survivor, action, moved, reason, actor, hours);

-- Where they live, who they are, what they like.
insert into crm.customer_addresses (biz_id, id, customer_id, kind, recipient, address_line1, city, postal_code, country_code, instructions, is_default)
select
  pg_temp.biz(), pg_temp.id('customer_address/' || c.number), c.id, 'home', c.full_name,
  case c.nationality when 'PT' then 'Rua ' || f.street || ' ' || f.house when 'GB' then f.house || ' ' || f.street when 'DE' then f.street || ' ' || f.house
    when 'FR' then f.house || ' rue ' || f.street when 'ES' then 'Calle ' || f.street || ' ' || f.house else 'Rua ' || f.street || ', ' || f.house end,
  f.city, f.postal_code, c.nationality, null, true
from (
  select c.*, row_number() over (order by c.number) nth from crm.customers c where c.biz_id = pg_temp.biz() and c.kind = 'person' and c.nationality is not null
) c
cross join lateral (
  select
    3 + c.nth * 7 % 140 house,
    (case c.nationality
      when 'PT' then array['do Almada', 'das Flores', 'da Boavista', 'de São Bento', 'do Carmo']
      when 'GB' then array['Albion Road', 'Chapel Lane', 'Mill Street', 'Queens Terrace', 'Station Road']
      when 'DE' then array['Lindenstraße', 'Gartenweg', 'Kastanienallee', 'Am Markt', 'Schillerstraße']
      when 'FR' then array['des Lilas', 'Victor-Hugo', 'de la Paix', 'du Moulin', 'Pasteur']
      when 'ES' then array['Mayor', 'de Alcalá', 'del Prado', 'San Juan', 'Goya']
      else array['Augusta', 'das Laranjeiras', 'Bela Vista', 'do Comércio', 'XV de Novembro'] end)[1 + c.nth % 5] street,
    (case c.nationality
      when 'PT' then array['Porto', 'Coimbra', 'Braga', 'Évora', 'Faro']
      when 'GB' then array['Leeds', 'Bristol', 'York', 'Bath', 'Exeter']
      when 'DE' then array['Bremen', 'Leipzig', 'Köln', 'Mainz', 'Ulm']
      when 'FR' then array['Nantes', 'Lyon', 'Lille', 'Tours', 'Dijon']
      when 'ES' then array['Madrid', 'Sevilla', 'Vigo', 'Oviedo', 'Murcia']
      else array['São Paulo', 'Curitiba', 'Recife', 'Santos', 'Florianópolis'] end)[1 + c.nth * 3 % 5] city,
    (case c.nationality when 'PT' then '4' || (100 + c.nth) || '-0' || (10 + c.nth % 80) when 'GB' then 'LS' || c.nth % 20 + 1 || ' 4QR'
      when 'BR' then '0' || (1100 + c.nth) || '-010' else (10000 + c.nth * 173)::text end) postal_code
) f
where c.nth % 2 = 0
union all
select
  pg_temp.biz(), pg_temp.id('customer_address/' || v.mark), pg_temp.id('customer/' || v.mark), v.kind, v.recipient, v.address, v.city, v.postal_code, 'PT', v.instructions, true
from (values
  ('atlantico', 'billing', 'Contas a pagar', 'Avenida da República 50, 8.º', 'Lisboa', '1050-196', 'Purchase order number on every invoice.'),
  ('tejo', 'billing', 'Tejo Engenharia', 'Rua Garrett 19', 'Lisboa', '1200-203', null),
  ('viagens', 'work', 'Viagens Alcântara', 'Rua de Alcântara 77', 'Lisboa', '1300-025', null),
  ('eventos', 'delivery', 'Armazém 4', 'Estrada da Malveira', 'Cascais', '2750-782', 'Ring at the gate, ask for Sónia.')
) v (mark, kind, recipient, address, city, postal_code, instructions);
-- The program seals numbers, which SQL cannot: the number here is that of the telephone, which it sealed for this tenant.
insert into crm.customer_documents (
  biz_id, id, customer_id, kind, number_enc, number_bidx, country_code, issued_on, expires_on, lawful_basis, retention_class, retain_until, verified_at, verified_by_id
)
select
  pg_temp.biz(), pg_temp.id('customer_document/' || c.number), c.id,
  (array['passport', 'id_card', 'id_card', 'licence', 'residence_permit', 'passport'])[1 + c.nth % 6], c.phone_enc, c.phone_bidx, c.nationality,
  pg_temp.day((-400 - 61 * c.nth)::integer), pg_temp.day((1500 - 41 * c.nth)::integer), case when c.nth % 6 = 3 then 'contract' else 'legal_obligation' end,
  case when c.nth % 6 = 3 then 'bicycle_rental' else 'guest_registration' end, case when c.nth % 3 = 0 then pg_temp.day((300 + c.nth)::integer) end,
  case when c.nth % 4 <> 0 then now() - c.nth * interval '19 hours' end, case when c.nth % 4 <> 0 then pg_temp.person('desk') end
from (
  select c.*, row_number() over (order by c.number) nth from crm.customers c
  where c.biz_id = pg_temp.biz() and c.phone_enc is not null and c.nationality is not null
) c
where c.nth <= 24;
insert into crm.customer_preferences (biz_id, id, customer_id, key, value, source, is_alert)
select pg_temp.biz(), pg_temp.id('customer_preference/' || v.nth || '/' || v.key), pg_temp.customer(v.nth), v.key, v.value, v.source, v.is_alert
from (values
  (1, 'room.pillow', 'Foam, no feathers', 'customer', true), (1, 'room.floor', 'High', 'customer', false), (2, 'minibar.tonic', 'Without sugar', 'staff', false),
  (3, 'diet', 'Vegetarian', 'customer', false), (5, 'diet', 'No shellfish: allergy', 'customer', true), (8, 'room.bed', 'Twin beds', 'customer', false),
  (9, 'children.cot', 'Cot until the age of two', 'customer', false), (10, 'newspaper', 'Público', 'staff', false), (10, 'room.number', '401', 'inferred', false),
  (12, 'invoice', 'Always to Atlântico Seguros', 'customer', false), (13, 'diet', 'No gluten: coeliac', 'customer', true), (15, 'parking', 'Charging point for an electric car', 'customer', false),
  (16, 'room.side', 'Quiet side', 'customer', false), (19, 'breakfast.time', 'At 06:30', 'staff', false), (20, 'language', 'Likes to speak Portuguese', 'staff', false),
  (24, 'room.desk', 'A desk and a kettle', 'customer', false), (27, 'check_in', 'Arrives after midnight', 'inferred', false), (33, 'room.connecting', 'Connecting door', 'customer', false),
  (40, 'spa.pressure', 'Soft pressure, sore shoulder', 'customer', true), (45, 'stay.length', 'More than two weeks', 'inferred', false), (48, 'photos', 'Not on pictures', 'customer', true),
  (52, 'wine', 'Vinho verde', 'imported', false), (57, 'room.temperature', '19 degrees', 'imported', false), (60, 'room.floor', 'Ground floor, knee', 'customer', true)
) v (nth, key, value, source, is_alert);
insert into crm.customer_relationships (biz_id, customer_id, related_customer_id, kind)
select pg_temp.biz(), pg_temp.customer(v.nth), pg_temp.customer(v.other), v.kind
from (values
  (17, 11, 'spouse'), (26, 17, 'parent'), (26, 11, 'parent'), (33, 17, 'parent'), (33, 11, 'parent'), (26, 33, 'sibling'), (16, 57, 'friend'),
  (30, 43, 'sibling'), (20, 32, 'spouse'), (50, 32, 'emergency_contact'), (10, 35, 'assistant'), (1, 9, 'spouse')
) v (nth, other, kind)
union all
select pg_temp.biz(), pg_temp.customer(v.nth), pg_temp.id('customer/' || v.mark), v.kind
from (values (12, 'atlantico', 'employer'), (22, 'atlantico', 'employer'), (37, 'atlantico', 'employer'), (4, 'tejo', 'employer'), (14, 'viagens', 'travel_agent'), (34, 'viagens', 'travel_agent')) v (nth, mark, kind);

-- What they agreed to.
insert into crm.consents (biz_id, id, customer_id, purpose, channel, state, basis, text_version, locale, source, proof, occurred_at, created_at)
select
  pg_temp.biz(), pg_temp.id('consent/' || n || '/' || v.purpose || '/' || v.channel || '/' || v.state), c.id, v.purpose, v.channel, v.state, v.basis, v.version, c.locale,
  (array['web checkout', 'front desk', 'newsletter page'])[1 + n % 3], jsonb_build_object('ip', '198.51.100.' || n), t.at, t.at
from generate_series(1, 60) n
cross join (values
  ('terms', 'any', 'granted', 'contract', 'terms-2026-01', 1, 400), ('marketing', 'email', 'granted', 'consent', 'newsletter-2026-01', 2, 380),
  ('marketing', 'email', 'withdrawn', 'consent', 'newsletter-2026-01', 10, 60), ('marketing', 'sms', 'granted', 'consent', 'sms-2026-02', 7, 150),
  ('profiling', 'any', 'withdrawn', 'consent', 'profiling-2026-01', 9, 130), ('health_data', 'any', 'granted', 'consent', 'spa-2026-03', 8, 90),
  ('photos', 'any', 'withdrawn', 'consent', 'photos-2025-06', 24, 90)
) v (purpose, channel, state, basis, version, every, days)
join crm.customers c on c.biz_id = pg_temp.biz() and c.number = core.format_number('CUS', '', n, 6)
cross join lateral (select now() - v.days * interval '1 day' + n * interval '31 hours' as at) t
where n % v.every = 0 and t.at < now();

-- Who may not come, by record, mail address or telephone.
insert into crm.blocklist_entries (biz_id, id, customer_id, email_enc, email_bidx, phone_enc, phone_bidx, reason, starts_at, ends_at)
select
  pg_temp.biz(), pg_temp.id('blocklist_entry/' || v.place), case v.way when 'customer' then pg_temp.id('customer/blocked') end,
  case v.way when 'email' then c.email_enc end, case v.way when 'email' then c.email_bidx end, case v.way when 'phone' then c.phone_enc end,
  case v.way when 'phone' then c.phone_bidx end, v.reason, now() - v.since * interval '1 day', now() + v.until * interval '1 day'
from (values
  (1, 'customer', 59, 'Broke a bathroom twice and left without paying for it.', 300, null),
  (2, 'email', 56, 'Four bookings with cards that were refused.', 90, -30), (3, 'phone', 56, 'Same caller as the refused cards.', 88, -30),
  (4, 'email', 58, 'Threatened the night porter.', 45, -1), (5, 'phone', 59, 'Shouted at staff; may come back next season.', 200, -20)
) v (place, way, nth, reason, since, until)
join crm.customers c on c.biz_id = pg_temp.biz() and c.id = pg_temp.customer(v.nth);

-- What they have brought so far.
insert into crm.customer_totals (
  biz_id, id, customer_id, currency, lifetime_value_minor, orders_count, cancelled_count, no_show_count, first_visit_on, last_visit_on, refreshed_at
)
select
  o.biz_id, pg_temp.id('customer_total/' || o.customer_id), o.customer_id, o.currency, coalesce(sum(o.total_minor) filter (where o.status = 'completed'), 0),
  count(*) filter (where o.status = 'completed'), count(*) filter (where o.status = 'cancelled'), count(*) filter (where o.status = 'no_show'),
  min((o.checked_in_at at time zone o.timezone)::date), max((o.checked_in_at at time zone o.timezone)::date), now() - interval '3 hours'
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.customer_id is not null
group by o.biz_id, o.customer_id, o.currency;

-- How it was.
create temporary table demo_asked on commit drop as
select
  o.id, o.customer_id, o.location_id, o.starts_at, o.ends_at, o.kind, l.code, row_number() over (order by o.ends_at desc, o.number)::integer nth,
  case when o.kind = 'appointment' then 'csat' when row_number() over (order by o.ends_at desc, o.number) % 3 = 0 then 'review' else 'nps' end asks
from booking.booking_orders o
join core.locations l on l.biz_id = o.biz_id and l.id = o.location_id
where o.biz_id = pg_temp.biz() and o.status = 'completed' and o.customer_id is not null and o.ends_at < now() - interval '2 hours';
insert into crm.feedback_requests (
  biz_id, id, customer_id, location_id, source_type, source_id, kind, channel, token_hash, status, send_after, sent_at, reminders_sent, expires_at, suppressed_reason
)
select
  pg_temp.biz(), pg_temp.id('feedback_request/' || a.nth), a.customer_id, a.location_id, 'BookingOrder', a.id, a.asks, case when a.nth % 9 = 0 then 'sms' else 'email' end,
  sha256('\xff'::bytea || uuid_send(pg_temp.id('feedback_request/' || a.nth))), f.fate, a.ends_at + interval '24 hours',
  case when f.fate in ('sent', 'expired') then a.ends_at + interval '24 hours 5 minutes' end, case when a.nth % 4 = 0 and f.fate <> 'queued' then 1 else 0 end,
  a.ends_at + interval '15 days', case when f.fate = 'suppressed' then (array['Has not agreed to be written to.', 'Was asked this month already.'])[1 + a.nth % 2] end
from demo_asked a
cross join lateral (
  select case when a.ends_at > now() - interval '24 hours' then 'queued' when a.nth % 8 = 5 then 'suppressed' when a.ends_at < now() - interval '15 days' and a.nth % 3 = 1 then 'expired' else 'sent' end fate
) f
where a.nth <= 80;
create temporary table demo_said on commit drop as
select r.id request_id, r.customer_id, r.location_id, r.source_id, r.kind, r.sent_at + (3 + a.nth % 20) * interval '1 hour' as at, a.nth, a.code, a.kind order_kind, c.locale,
  (array[10, 9, 9, 8, 10, 7, 6, 10, 9, 3, 8, 10])[1 + a.nth % 12] score
from crm.feedback_requests r
join demo_asked a on a.id = r.source_id
join crm.customers c on c.biz_id = r.biz_id and c.id = r.customer_id
where r.biz_id = pg_temp.biz() and r.status = 'sent' and a.nth % 5 <> 2 and r.sent_at + (3 + a.nth % 20) * interval '1 hour' < now();
update crm.feedback_requests r
set status = 'answered', answered_at = s.at
from demo_said s
where r.biz_id = pg_temp.biz() and r.id = s.request_id;
insert into crm.feedback (
  biz_id, id, request_id, customer_id, location_id, source_type, source_id, kind, nps_score, csat_score, ratings, comment, locale, sentiment, business_date,
  submitted_at, is_public
)
select
  pg_temp.biz(), pg_temp.id('feedback/' || s.nth), s.request_id, s.customer_id, s.location_id, 'BookingOrder', s.source_id, s.kind,
  case s.kind when 'nps' then s.score end, case when s.kind <> 'nps' then greatest(1, s.score / 2) end,
  case when s.order_kind = 'stay' then jsonb_build_object('cleanliness', least(5, 1 + s.score / 2), 'staff', least(5, 2 + s.score / 3), 'breakfast', 3 + s.nth % 3)
    else jsonb_build_object('treatment', least(5, 1 + s.score / 2), 'calm', 3 + s.nth % 3) end,
  case
    when s.score >= 9 and s.order_kind = 'stay' then (array['The room was spotless and the desk could not have been kinder.', 'Best breakfast we had in Portugal.',
      'Adorámos a vista e o silêncio. Voltamos em maio.', 'We were given a better room without asking. Thank you!', null])[1 + s.nth % 5]
    when s.score >= 9 then (array['Filipa found the knot in my shoulder at once.', 'An hour of real calm.', null])[1 + s.nth % 3]
    when s.score >= 7 then (array['Good, but the Wi-Fi was slow in the evening.', 'Nice house, parking was full.', null])[1 + s.nth % 3]
    else (array['The air conditioning rattled all night and nobody came.', 'Waited forty minutes for the room, at four in the afternoon.', 'The bathroom smelled of damp.'])[1 + s.nth % 3] end,
  s.locale, case when s.score >= 9 then 'positive' when s.score >= 7 then 'neutral' else 'negative' end, (s.at at time zone 'Europe/Lisbon')::date, s.at, s.kind = 'review' and s.score >= 7
from demo_said s
union all
select
  pg_temp.biz(), pg_temp.id('feedback/desk/' || v.place), null, pg_temp.customer(v.nth), pg_temp.location(v.location), null, null, 'review', null, v.stars, '{}', v.comment, 'en', v.sentiment,
  pg_temp.day(-v.days), pg_temp.at(-v.days, '18:20'), v.stars >= 4
from (values
  (1, 19, 'LIS', 5, 'Left a note at the desk: Ana walked us to the tram in the rain.', 'positive', 2), (2, null, 'CAS', 2, 'Music at the pool until midnight.', 'negative', 1),
  (3, 44, 'SPA', 4, 'Lovely, though the changing room is tiny.', 'positive', 5)
) v (place, nth, location, stars, comment, sentiment, days);
-- Those who were not content are looked at first, then answered.
update crm.feedback f
set status = 'triaged', assigned_member_id = pg_temp.member(case when f.location_id = pg_temp.location('CAS') then 'desk' else 'owner' end)
where f.biz_id = pg_temp.biz() and f.sentiment <> 'positive' and f.comment is not null and f.submitted_at < now() - interval '20 hours';
insert into crm.feedback_responses (biz_id, id, feedback_id, author_id, body, is_public, published_at)
select
  pg_temp.biz(), pg_temp.id('feedback_response/' || f.id), f.id, pg_temp.person(case when f.nth % 3 = 0 then 'owner' else 'desk' end),
  case f.sentiment when 'negative' then 'Thank you for telling us. This is not the house we want to be: we have looked into it, and would like to make up for it on your next visit.'
    else 'Thank you for staying with us, and for the hint. We are on it.' end,
  f.is_public, case when f.nth % 5 <> 0 then f.submitted_at + interval '18 hours' end
from (
  select f.*, row_number() over (order by f.submitted_at) nth from crm.feedback f where f.biz_id = pg_temp.biz() and f.status = 'triaged'
) f
where f.nth % 4 <> 0;
update crm.feedback f
set status = 'responded'
from crm.feedback_responses r
where f.biz_id = pg_temp.biz() and r.biz_id = f.biz_id and r.feedback_id = f.id and r.published_at is not null;
update crm.feedback f
set status = 'closed'
where f.biz_id = pg_temp.biz()
  and ((f.status = 'responded' and f.submitted_at < now() - interval '8 days') or (f.status = 'submitted' and f.sentiment = 'positive' and f.submitted_at < now() - interval '3 days'));

-- Groups of customers.
insert into crm.segments (biz_id, id, name, description, definition, is_static, refreshed_at)
select pg_temp.biz(), pg_temp.id('segment/' || v.mark), v.name, v.description, v.definition::jsonb, v.is_static, case when not v.is_static then now() - interval '5 hours' end
from (values
  ('iberia', 'Neighbours', 'From Portugal and Spain, for short breaks.', '{"nationality": {"in": ["PT", "ES"]}}', false),
  ('regulars', 'Regulars', 'Three completed orders or more.', '{"ordersCount": {"gte": 3}}', false),
  ('big-spenders', 'Best customers', 'More than 1,000 € so far.', '{"lifetimeValueMinor": {"gt": 100000}}', false),
  ('lost', 'Cancelled last time', 'Have cancelled and not come since.', '{"cancelledCount": {"gte": 1}, "ordersCount": {"eq": 0}}', false),
  ('christmas', 'Christmas cards', 'Chosen by hand.', '{}', true)
) v (mark, name, description, definition, is_static);
insert into crm.segment_members (biz_id, segment_id, customer_id)
select pg_temp.biz(), pg_temp.id('segment/iberia'), c.id
from crm.customers c
where c.biz_id = pg_temp.biz() and c.status = 'active' and c.nationality in ('PT', 'ES')
union all
select pg_temp.biz(), pg_temp.id('segment/' || v.mark), t.customer_id
from crm.customer_totals t
join (values ('regulars', 3, 0, 0), ('big-spenders', 0, 100001, 0), ('lost', 0, 0, 1)) v (mark, orders, worth, cancelled)
  on t.orders_count >= v.orders and t.lifetime_value_minor >= v.worth and t.cancelled_count >= v.cancelled and (v.mark <> 'lost' or t.orders_count = 0)
where t.biz_id = pg_temp.biz()
union all
select pg_temp.biz(), pg_temp.id('segment/christmas'), pg_temp.customer(n)
from generate_series(1, 60, 7) n;
update crm.segments s
set size = m.size
from (select m.segment_id, count(*) size from crm.segment_members m where m.biz_id = pg_temp.biz() group by 1) m
where s.biz_id = pg_temp.biz() and s.id = m.segment_id;
drop table demo_asked, demo_said;
