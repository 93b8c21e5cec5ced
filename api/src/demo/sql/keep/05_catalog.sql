-- Others may use: service-group/<storage, handling>; service/stretch-wrap, service/delivery; offer/delivery, offer-version/delivery/1
-- (published), sellable/delivery/1, sellable/inbound, sellable/outbound (handling fees, a pallet).

-- Groups of services, and more services.
insert into catalog.service_groups (biz_id, id, code, name, description, parent_id, sort_order)
select pg_temp.biz(), pg_temp.id('service-group/' || v.code), v.code, v.name, v.description, case when v.parent is not null then pg_temp.id('service-group/' || v.parent) end, v.n
from (values
  ('storage', 'Storage', 'By the pallet and the day.', null::text, 1), ('handling', 'Handling', 'In, out, and in between.', null, 2), ('transport', 'Transport', 'Klang Valley, same day.', 'handling', 3)
) v (code, name, description, parent, n);
insert into catalog.services (biz_id, id, code, name, description, default_duration_minutes, min_notice_minutes, delivery, group_id)
select pg_temp.biz(), pg_temp.id('service/' || v.code), v.code, v.name, v.description, v.minutes, v.notice, v.delivery, pg_temp.id('service-group/' || v.in_group)
from (values
  ('stretch-wrap', 'Stretch wrapping', 'One pallet, wrapped and labelled.', 10, 0, 'on_site', 'handling'),
  ('delivery', 'Delivery in the Klang Valley', 'Up to ten pallets on a truck with tail lift.', 180, 1440, 'mobile', 'transport')
) v (code, name, description, minutes, notice, delivery, in_group);
update catalog.services s
set group_id = pg_temp.id(case s.code when 'forklift' then 'service-group/handling' else 'service-group/storage' end)
where s.biz_id = pg_temp.biz() and s.code in ('ambient', 'chilled', 'forklift');

-- Offers, made as drafts, then put on sale.
insert into catalog.offers (biz_id, id, code, kind, name, visibility)
values (pg_temp.biz(), pg_temp.id('offer/delivery'), 'delivery', 'transport', 'Delivery in the Klang Valley', 'unlisted'),
  (pg_temp.biz(), pg_temp.id('offer/container-unload'), 'container-unload', 'package', 'Unload a 40 ft container', 'internal');
insert into catalog.offer_versions (biz_id, id, offer_id, version_no, status, effective_starts_at, capacity_basis, cancellation_policy_code, deposit_kind, tax_category, published_at)
select pg_temp.biz(), pg_temp.id('offer-version/' || v.code || '/' || v.no), o.id, v.no, 'draft', pg_temp.at(v.since, '00:00'), v.basis, 'standard', 'none', 'standard', pg_temp.at(v.since - 3, '10:00')
from (values ('delivery', 1, -200, 'resource'), ('container-unload', 1, null::integer, 'resource'), ('ambient', 2, null, 'pool'), ('forklift', 2, null, 'resource')) v (code, no, since, basis)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.code;
insert into catalog.offer_components (biz_id, id, offer_version_id, role, service_id, quantity, sequence, duration_minutes, buffer_after_minutes)
select pg_temp.biz(), pg_temp.id('component/' || v.version || '/' || v.role), pg_temp.id('offer-version/' || v.version), v.role, s.id, v.quantity, v.sequence, v.minutes, 15
from (values ('delivery/1', 'truck', 'delivery', 1, 1, 180), ('delivery/1', 'dock', 'delivery', 1, 1, 45), ('container-unload/1', 'forklift', 'forklift', 1, 1, 120), ('container-unload/1', 'dock', 'forklift', 1, 1, 120),
  ('forklift/2', 'forklift', 'forklift', 1, 1, 240)) v (version, role, service, quantity, sequence, minutes)
join catalog.services s on s.biz_id = pg_temp.biz() and s.code = v.service;
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_type_id, resource_group_id, capability_template_id, min_level, strategy, sort_order)
select pg_temp.biz(), pg_temp.id('selector/' || v.version || '/' || v.role), pg_temp.id('offer-version/' || v.version), pg_temp.id('component/' || v.version || '/' || v.role), v.selector,
  case v.selector when 'type' then pg_temp.id('resource-type/' || v.ref) end, case v.selector when 'group' then pg_temp.id('resource-group/' || v.ref) end,
  case v.selector when 'capability' then pg_temp.id('capability/' || v.ref) end, case v.selector when 'capability' then 1 end, v.strategy, 1
from (values ('delivery/1', 'truck', 'group', 'trucks', 'ranked'), ('delivery/1', 'dock', 'type', 'dock', 'round_robin'), ('container-unload/1', 'forklift', 'capability', 'lift-4500', 'least_loaded'),
  ('container-unload/1', 'dock', 'group', 'docks', 'round_robin'), ('forklift/2', 'forklift', 'group', 'forklifts', 'least_loaded')) v (version, role, selector, ref, strategy);
insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category, active)
values (pg_temp.biz(), pg_temp.id('sellable/delivery/1'), 'offer_version', 'OfferVersion', pg_temp.id('offer-version/delivery/1'), 'Delivery in the Klang Valley', 'standard', true),
  (pg_temp.biz(), pg_temp.id('sellable/inbound'), 'fee', null, null, 'Inbound handling, a pallet', 'standard', true),
  (pg_temp.biz(), pg_temp.id('sellable/outbound'), 'fee', null, null, 'Outbound handling, a pallet', 'standard', true);
insert into catalog.offer_add_ons (biz_id, id, offer_version_id, sellable_id, min_quantity, max_quantity, default_quantity, sort_order)
select pg_temp.biz(), pg_temp.id('add-on/' || v.version || '/' || v.sellable), pg_temp.id('offer-version/' || v.version), pg_temp.id('sellable/' || v.sellable), 0, v.most, v.usual, 1
from (values ('delivery/1', 'outbound', 10, 1), ('container-unload/1', 'inbound', 24, 20), ('ambient/2', 'inbound', 240, 1), ('ambient/2', 'outbound', 240, 1)) v (version, sellable, most, usual);
update catalog.offer_versions v set status = 'in_review'
where v.biz_id = pg_temp.biz() and v.id in (pg_temp.id('offer-version/delivery/1'), pg_temp.id('offer-version/container-unload/1'));
update catalog.offer_versions v set status = 'published' where v.biz_id = pg_temp.biz() and v.id = pg_temp.id('offer-version/delivery/1');
update catalog.offer_versions v set status = 'discarded' where v.biz_id = pg_temp.biz() and v.id = pg_temp.id('offer-version/forklift/2');
update catalog.offers o set current_version_id = pg_temp.id('offer-version/delivery/1') where o.biz_id = pg_temp.biz() and o.code = 'delivery';

-- The same in Malay.
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
select pg_temp.biz(), pg_temp.id('translation/' || v.code || '/ms'), 'Offer', o.id, 'name', 'ms', v.ms
from (values ('ambient', 'Tempat palet, suhu biasa'), ('chilled', 'Tempat palet, sejuk'), ('forklift', 'Forklif dengan pemandu, setengah hari'), ('delivery', 'Penghantaran di Lembah Klang')) v (code, ms)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.code
on conflict do nothing;
