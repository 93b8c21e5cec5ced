-- Others may use: service-group/<spa, body, face, outings>; service/<couples-80, e-bike-day, sintra-day, airport-transfer>;
-- offer/<same codes>; offer-version/<couples-80/2, e-bike-day/1, sintra-day/1, airport-transfer/1> (published) and their
-- sellables sellable/<couples-80/2, ...>; sellable/picnic, sellable/luggage (fees); seat-type/sintra-day/1/<adult, child, infant>.

-- Groups of services, and more services.
insert into catalog.service_groups (biz_id, id, code, name, description, parent_id, sort_order)
select pg_temp.biz(), pg_temp.id('service-group/' || v.code), v.code, v.name, v.description, case when v.parent is not null then pg_temp.id('service-group/' || v.parent) end, v.n
from (values
  ('spa', 'Spa', 'Treatments in the Harbour Spa, below the pool.', null, 1),
  ('body', 'Massages and body', 'From a quick back massage to the long rituals.', 'spa', 2),
  ('face', 'Face', 'With algae from the Atlantic coast.', 'spa', 3),
  ('outings', 'Outings', 'On wheels and by the sea.', null, 4)
) v (code, name, description, parent, n);
insert into catalog.services (
  biz_id, id, code, name, description, default_duration_minutes, buffer_before_minutes, buffer_after_minutes, min_notice_minutes, max_advance_days, requires_approval, delivery, group_id)
select pg_temp.biz(), pg_temp.id('service/' || v.code), v.code, v.name, v.description, v.minutes, v.before, v.after, v.notice, v.ahead, v.approval, v.delivery, pg_temp.id('service-group/' || v.in_group)
from (values
  ('couples-80', 'Massage for two, 80 minutes', 'Side by side in the room Tide, with a glass of Moscatel after.', 80, 10, 20, 240, 120, false, 'on_site', 'body'),
  ('e-bike-day', 'E-bike, one day', 'Along the coast to Guincho and back; helmet and lock included.', 540, 0, 30, 60, 60, false, 'on_site', 'outings'),
  ('sintra-day', 'Day trip to Sintra', 'Pena and Regaleira with our driver and a guide, lunch in the village.', 510, 15, 30, 720, 90, true, 'mobile', 'outings'),
  ('airport-transfer', 'Airport transfer', 'Driver waits in arrivals with your name.', 45, 15, 15, 180, 180, false, 'mobile', 'outings')
) v (code, name, description, minutes, before, after, notice, ahead, approval, delivery, in_group);
update catalog.services s
set group_id = pg_temp.id(case s.code when 'facial-45' then 'service-group/face' else 'service-group/body' end)
where s.biz_id = pg_temp.biz() and s.code in ('massage-60', 'facial-45', 'ritual-90');

-- Offers and their versions, made as drafts.
insert into catalog.offers (biz_id, id, code, kind, name, visibility)
select pg_temp.biz(), pg_temp.id('offer/' || v.code), v.code, v.kind, v.name, v.visibility
from (values
  ('couples-80', 'appointment', 'Massage for two, 80 minutes', 'public'),
  ('e-bike-day', 'rental', 'E-bike, one day', 'public'),
  ('sintra-day', 'transport', 'Day trip to Sintra', 'public'),
  ('airport-transfer', 'transport', 'Airport transfer', 'unlisted'),
  ('sunset-sail', 'class', 'Sunset sail on the Tagus', 'internal')
) v (code, kind, name, visibility);
insert into catalog.offer_versions (
  biz_id, id, offer_id, version_no, status, effective_starts_at, effective_ends_at, capacity_basis, cancellation_policy_code, deposit_kind, deposit_minor, deposit_bps, currency, tax_category, published_at)
select pg_temp.biz(), pg_temp.id('offer-version/' || v.code || '/' || v.no), o.id, v.no, 'draft', pg_temp.at(v.since, '00:00'), pg_temp.at(v.until, '00:00'),
  v.basis, 'spa', v.deposit, v.deposit_minor, v.deposit_bps, case when v.deposit_minor is not null then 'EUR' end, 'standard', pg_temp.at(v.since - 2, '12:00')
from (values
  ('couples-80', 1, -300, -60, 'resource', 'none', null::bigint, null::integer),
  ('couples-80', 2, -60, null::integer, 'resource', 'percent', null, 3000),
  ('e-bike-day', 1, -200, null, 'resource', 'none', null, null),
  ('sintra-day', 1, -150, null, 'resource', 'amount', 2000, null),
  ('sintra-day', 2, null, null, 'resource', 'amount', 2500, null),
  ('airport-transfer', 1, -240, null, 'resource', 'none', null, null),
  ('sunset-sail', 1, -170, -30, 'slot', 'percent', null, 5000),
  ('massage-60', 2, null, null, 'resource', 'none', null, null),
  ('facial-45', 2, null, null, 'resource', 'none', null, null)
) v (code, no, since, until, basis, deposit, deposit_minor, deposit_bps)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.code;

-- What each version needs.
insert into catalog.offer_components (
  biz_id, id, offer_version_id, role, service_id, quantity, is_optional, sequence, offset_minutes, duration_minutes, buffer_before_minutes, buffer_after_minutes)
select pg_temp.biz(), pg_temp.id('component/' || v.version || '/' || v.role), pg_temp.id('offer-version/' || v.version), v.role, s.id, v.quantity, v.optional, v.sequence, v.later, v.minutes, v.before, v.after
from (values
  ('couples-80/1', 'therapist', 'couples-80', 2, false, 1, 0, 80, 0, 10), ('couples-80/1', 'room', 'couples-80', 1, false, 1, 0, 80, 10, 15),
  ('couples-80/2', 'therapist', 'couples-80', 2, false, 1, 0, 80, 0, 10), ('couples-80/2', 'room', 'couples-80', 1, false, 1, 0, 80, 10, 20),
  ('e-bike-day/1', 'bicycle', 'e-bike-day', 1, false, 1, 0, 540, 0, 30),
  ('sintra-day/1', 'vehicle', 'sintra-day', 1, false, 1, 0, 510, 15, 30), ('sintra-day/1', 'seat', 'sintra-day', 1, false, 2, 0, 510, 0, 0), ('sintra-day/1', 'child-seat', 'sintra-day', 1, true, 2, 0, 510, 0, 0),
  ('sintra-day/2', 'vehicle', 'sintra-day', 1, false, 1, 0, 540, 15, 30), ('sintra-day/2', 'seat', 'sintra-day', 1, false, 2, 0, 540, 0, 0),
  ('airport-transfer/1', 'vehicle', 'airport-transfer', 1, false, 1, 0, 45, 15, 15),
  ('massage-60/2', 'therapist', 'massage-60', 1, false, 1, 0, 60, 0, 15), ('massage-60/2', 'room', 'massage-60', 1, false, 1, 0, 60, 10, 15)
) v (version, role, service, quantity, optional, sequence, later, minutes, before, after)
join catalog.services s on s.biz_id = pg_temp.biz() and s.code = v.service;
insert into catalog.offer_component_selectors (
  biz_id, id, offer_version_id, component_id, selector, resource_id, resource_type_id, category_id, resource_group_id, capability_template_id, min_level, min_quantity, max_quantity, strategy, sort_order)
select pg_temp.biz(), pg_temp.id('selector/' || v.version || '/' || v.role || '/' || v.n), pg_temp.id('offer-version/' || v.version), pg_temp.id('component/' || v.version || '/' || v.role), v.selector,
  case v.selector when 'resource' then (select r.id from resources.resources r where r.biz_id = pg_temp.biz() and r.number = v.ref) end,
  case v.selector when 'type' then (select t.id from resources.resource_types t where t.biz_id = pg_temp.biz() and t.code = v.ref) end,
  case v.selector when 'category' then pg_temp.id('category/' || v.ref) end, case v.selector when 'group' then pg_temp.id('resource-group/' || v.ref) end,
  case v.selector when 'capability' then pg_temp.id('capability/' || v.ref) end, v.level, v.quantity, v.quantity, v.strategy, v.n
from (values
  ('couples-80/1', 'therapist', 1, 'group', 'therapists', null::integer, 2, 'collective'), ('couples-80/1', 'room', 1, 'resource', 'SPA-T2', null, 1, 'ranked'),
  ('couples-80/2', 'therapist', 1, 'group', 'therapists', null, 2, 'collective'), ('couples-80/2', 'room', 1, 'resource', 'SPA-T2', null, 1, 'ranked'),
  ('e-bike-day/1', 'bicycle', 1, 'category', 'bicycles', null, 1, 'round_robin'),
  ('sintra-day/1', 'vehicle', 1, 'group', 'transfers', null, 1, 'ranked'), ('sintra-day/1', 'seat', 1, 'type', 'transfer-vehicle', null, 1, 'ranked'), ('sintra-day/1', 'child-seat', 1, 'type', 'transfer-vehicle', null, 1, 'ranked'),
  ('sintra-day/2', 'vehicle', 1, 'group', 'transfers', null, 1, 'ranked'), ('sintra-day/2', 'seat', 1, 'type', 'transfer-vehicle', null, 1, 'ranked'),
  ('airport-transfer/1', 'vehicle', 1, 'category', 'vans', null, 1, 'least_loaded'), ('airport-transfer/1', 'vehicle', 2, 'category', 'minibuses', null, 1, 'ranked'),
  ('massage-60/2', 'therapist', 1, 'capability', 'deep-tissue', 3, 1, 'least_loaded'), ('massage-60/2', 'room', 1, 'type', 'treatment-room', null, 1, 'round_robin')
) v (version, role, n, selector, ref, level, quantity, strategy);
insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name, capacity, min_age, max_age, sort_order)
select pg_temp.biz(), pg_temp.id('seat-type/' || v.version || '/' || v.code), pg_temp.id('offer-version/' || v.version), v.code, v.name, v.capacity, v.min_age, v.max_age, v.n
from (values
  ('sintra-day/1', 'adult', 'Adult', 8, 13, null::integer, 1), ('sintra-day/1', 'child', 'Child', 4, 4, 12, 2), ('sintra-day/1', 'infant', 'Infant in child seat', 2, 0, 3, 3),
  ('sintra-day/2', 'adult', 'Adult', 8, 13, null, 1), ('sintra-day/2', 'child', 'Child', 4, 0, 12, 2),
  ('sunset-sail/1', 'adult', 'Adult', 10, 13, null, 1), ('sunset-sail/1', 'child', 'Child', 4, 6, 12, 2)
) v (version, code, name, capacity, min_age, max_age, n);
insert into catalog.offer_seat_type_requirements (biz_id, id, offer_version_id, seat_type_id, component_id, quantity)
select pg_temp.biz(), pg_temp.id('seat-requirement/' || v.version || '/' || v.seat || '/' || v.role), pg_temp.id('offer-version/' || v.version), pg_temp.id('seat-type/' || v.version || '/' || v.seat),
  pg_temp.id('component/' || v.version || '/' || v.role), 1
from (values ('sintra-day/1', 'adult', 'seat'), ('sintra-day/1', 'child', 'seat'), ('sintra-day/1', 'infant', 'child-seat'), ('sintra-day/2', 'adult', 'seat'), ('sintra-day/2', 'child', 'seat')) v (version, seat, role);

-- What is sold, and sold besides.
insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category, active)
select pg_temp.biz(), pg_temp.id('sellable/' || v.version), 'offer_version', 'OfferVersion', pg_temp.id('offer-version/' || v.version), v.name, 'standard', v.active
from (values ('couples-80/1', 'Massage for two, 80 minutes', false), ('couples-80/2', 'Massage for two, 80 minutes', true), ('e-bike-day/1', 'E-bike, one day', true),
  ('sintra-day/1', 'Day trip to Sintra', true), ('airport-transfer/1', 'Airport transfer', true), ('sunset-sail/1', 'Sunset sail on the Tagus', false)) v (version, name, active)
union all
select pg_temp.biz(), pg_temp.id('sellable/' || v.code), 'fee', null, null, v.name, 'standard', true
from (values ('picnic', 'Picnic basket for two'), ('luggage', 'Luggage kept for a day')) v (code, name);
insert into catalog.offer_add_ons (biz_id, id, offer_version_id, sellable_id, min_quantity, max_quantity, default_quantity, is_per_person, sort_order)
select pg_temp.biz(), pg_temp.id('add-on/' || v.version || '/' || v.sellable), pg_temp.id('offer-version/' || v.version), pg_temp.id('sellable/' || v.sellable), 0, v.most, v.usual, v.per_person, 1
from (values ('e-bike-day/1', 'picnic', 2, 0, false), ('sintra-day/1', 'picnic', 4, 1, false), ('sintra-day/2', 'picnic', 4, 1, false), ('airport-transfer/1', 'luggage', 8, 0, true),
  ('couples-80/2', 'airport-transfer/1', 1, 0, false)) v (version, sellable, most, usual, per_person);

-- From drafts to what is on sale.
update catalog.offer_versions v set status = 'in_review'
where v.biz_id = pg_temp.biz() and v.status = 'draft' and (v.published_at is not null or v.id = pg_temp.id('offer-version/sintra-day/2'));
update catalog.offer_versions v set status = 'published'
where v.biz_id = pg_temp.biz() and v.status = 'in_review' and v.published_at is not null;
update catalog.offer_versions v
set status = case when v.id = pg_temp.id('offer-version/couples-80/1') then 'superseded' when v.id = pg_temp.id('offer-version/sunset-sail/1') then 'withdrawn' else 'discarded' end
where v.biz_id = pg_temp.biz() and v.id in (pg_temp.id('offer-version/couples-80/1'), pg_temp.id('offer-version/sunset-sail/1'), pg_temp.id('offer-version/facial-45/2'));
update catalog.offers o set current_version_id = v.id
from catalog.offer_versions v
where o.biz_id = pg_temp.biz() and o.current_version_id is null and v.biz_id = o.biz_id and v.offer_id = o.id and v.status = 'published';

-- The same in Portuguese, and some in German.
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
select pg_temp.biz(), pg_temp.id('translation/' || v.code || '/' || t.subject_type || '/' || t.language), t.subject_type, t.subject_id, 'name', t.language, t.text
from (values
  ('massage-60', 'Massagem, 60 minutos', 'Massage, 60 Minuten'), ('facial-45', 'Tratamento de rosto, 45 minutos', 'Gesichtsbehandlung, 45 Minuten'),
  ('ritual-90', 'Ritual Atlântico, 90 minutos', 'Atlantik-Ritual, 90 Minuten'), ('couples-80', 'Massagem a dois, 80 minutos', 'Massage zu zweit, 80 Minuten'),
  ('e-bike-day', 'Bicicleta elétrica, um dia', 'E-Bike, ein Tag'), ('sintra-day', 'Passeio a Sintra', 'Tagesausflug nach Sintra'), ('airport-transfer', 'Transfer do aeroporto', 'Flughafentransfer')
) v (code, pt, de)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.code
join catalog.services s on s.biz_id = pg_temp.biz() and s.code = v.code
cross join lateral (values ('Offer', o.id, 'pt', v.pt), ('Offer', o.id, 'de', v.de), ('Service', s.id, 'pt', v.pt)) t (subject_type, subject_id, language, text)
on conflict do nothing;
