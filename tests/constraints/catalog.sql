-- The rules of the catalog: what offers consist of, products and their variants, bundles, translations.

-- given: a draft with components, a published version, products, sellables, languages
select set_config('role', 'bizing_platform', true);
insert into core.languages (tag, name) values ('pt', 'Portuguese'), ('de', 'German') on conflict do nothing;
select set_config('role', 'bizing_app', true);
insert into catalog.service_groups (biz_id, id, code, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000001', 'body', 'Body');
insert into catalog.offers (biz_id, id, code, kind, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000002', 'tour', 'class', 'Tour');
insert into catalog.offer_versions (biz_id, id, offer_id, version_no) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000003', '00000000-0000-7005-8000-000000000002', 1),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000004', '00000000-0000-7005-8000-000000000002', 2);
insert into catalog.offer_components (biz_id, id, offer_version_id, role) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000005', '00000000-0000-7005-8000-000000000003', 'boat'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000006', '00000000-0000-7005-8000-000000000004', 'boat');
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_type_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000007', '00000000-0000-7005-8000-000000000003',
    '00000000-0000-7005-8000-000000000005', 'type', '00000000-0000-7000-8000-000000000043');
insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000008', '00000000-0000-7005-8000-000000000003', 'adult', 'Adult'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000009', '00000000-0000-7005-8000-000000000004', 'adult', 'Adult');
update catalog.offer_versions set status = 'in_review' where id = '00000000-0000-7005-8000-000000000003';
update catalog.offer_versions set status = 'published', published_at = now(), effective_starts_at = '2027-01-01 00:00Z'
where id = '00000000-0000-7005-8000-000000000003';
insert into catalog.units_of_measure (biz_id, id, code, name, dimension, factor_to_base) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000010', 'kg', 'Kilogram', 'mass', 1000);
insert into catalog.product_categories (biz_id, id, code, name, parent_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000011', 'drinks', 'Drinks', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000012', 'wine', 'Wine', '00000000-0000-7005-8000-000000000011');
insert into catalog.products (biz_id, id, code, kind, name, category_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000013', 'shirt', 'good', 'Shirt', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000014', 'latte', 'menu_item', 'Latte',
    '00000000-0000-7005-8000-000000000011');
insert into catalog.product_variants (biz_id, id, product_id, sku, barcode, name, is_default) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000015', '00000000-0000-7005-8000-000000000013', 'SH-M',
    '5601234567890', 'M', true);
insert into catalog.modifier_groups (biz_id, id, name, min_select, max_select) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000016', 'Milk', 1, 1);
insert into catalog.sellables (biz_id, id, kind, name, ref_type, ref_id)
select '00000000-0000-7000-8000-000000000001', id::uuid, 'fee', name, null, null
from (values ('00000000-0000-7005-8000-000000000021', 'Basket'), ('00000000-0000-7005-8000-000000000022', 'Wine'),
  ('00000000-0000-7005-8000-000000000023', 'Cheese')) as s (id, name);
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000024', '00000000-0000-7005-8000-000000000021',
    '00000000-0000-7005-8000-000000000022');

-- allowed: a draft gets components, selectors, seat types with their needs, and add-ons, and is published
insert into catalog.offer_components (biz_id, id, offer_version_id, role, service_id, sequence, duration_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000030', '00000000-0000-7005-8000-000000000004',
  'guide', '00000000-0000-7000-8000-000000000061', 1, 90);
insert into resources.capability_templates (biz_id, id, code, name, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000031', 'guide', 'Guide', 'licence');
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, capability_template_id, min_level)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000032', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000030', 'capability', '00000000-0000-7005-8000-000000000031', 2);
insert into catalog.offer_seat_type_requirements (biz_id, id, offer_version_id, seat_type_id, component_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000033', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000009', '00000000-0000-7005-8000-000000000006');
insert into catalog.offer_add_ons (biz_id, id, offer_version_id, sellable_id, max_quantity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000034', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000021', 2);
update catalog.offer_components set removed_at = now() where id = '00000000-0000-7005-8000-000000000030';
insert into catalog.offer_components (biz_id, id, offer_version_id, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000035', '00000000-0000-7005-8000-000000000004', 'guide');
update catalog.offer_versions set status = 'in_review' where id = '00000000-0000-7005-8000-000000000004';
update catalog.offer_components set quantity = 2 where id = '00000000-0000-7005-8000-000000000035';
update catalog.offer_versions set effective_ends_at = '2027-06-01 00:00Z' where id = '00000000-0000-7005-8000-000000000003';
update catalog.offer_versions set status = 'published', published_at = now(), effective_starts_at = '2027-06-01 00:00Z'
where id = '00000000-0000-7005-8000-000000000004';

-- refused offer_components_frozen_check: a published version gets no more components
insert into catalog.offer_components (biz_id, id, offer_version_id, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000030', '00000000-0000-7005-8000-000000000003', 'guide');

-- refused offer_components_frozen_check: a component of a published version is not changed
update catalog.offer_components set quantity = 3 where id = '00000000-0000-7005-8000-000000000005';

-- refused offer_components_frozen_check: a component stays with its version
update catalog.offer_seat_types set removed_at = now() where id = '00000000-0000-7005-8000-000000000009';
insert into catalog.offer_components (biz_id, id, offer_version_id, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000030', '00000000-0000-7005-8000-000000000004', 'guide');
update catalog.offer_components set offer_version_id = '00000000-0000-7000-8000-000000000063' where id = '00000000-0000-7005-8000-000000000030';

-- refused offer_component_selectors_frozen_check: a selector of a published version is not changed
update catalog.offer_component_selectors set max_quantity = 3 where id = '00000000-0000-7005-8000-000000000007';

-- refused offer_seat_types_frozen_check: a seat type of a published version is not changed
update catalog.offer_seat_types set capacity = 3 where id = '00000000-0000-7005-8000-000000000008';

-- refused offer_seat_type_requirements_frozen_check: a published version asks for no more
insert into catalog.offer_seat_type_requirements (biz_id, id, offer_version_id, seat_type_id, component_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000033', '00000000-0000-7005-8000-000000000003',
  '00000000-0000-7005-8000-000000000008', '00000000-0000-7005-8000-000000000005');

-- refused offer_add_ons_frozen_check: a published version gets no more add-ons
insert into catalog.offer_add_ons (biz_id, id, offer_version_id, sellable_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000034', '00000000-0000-7005-8000-000000000003',
  '00000000-0000-7005-8000-000000000021');

-- refused offer_component_selectors_component_id_fkey: a selector is of the version of its component
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_type_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000032', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000005', 'type', '00000000-0000-7000-8000-000000000043');

-- refused offer_seat_type_requirements_seat_type_id_fkey: a seat type needs components of its own version
insert into catalog.offer_seat_type_requirements (biz_id, id, offer_version_id, seat_type_id, component_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000033', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000008', '00000000-0000-7005-8000-000000000006');

-- refused offer_component_selectors_ref_check: a selector by group names a group
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_type_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000032', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000006', 'group', '00000000-0000-7000-8000-000000000043');

-- refused offer_component_selectors_quantities_check: the most that is chosen is not fewer than the least
insert into catalog.offer_component_selectors (biz_id, id, offer_version_id, component_id, selector, resource_type_id, min_quantity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000032', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000006', 'type', '00000000-0000-7000-8000-000000000043', 2);

-- refused offer_add_ons_quantities_check: a booking does not start with more than it may take
insert into catalog.offer_add_ons (biz_id, id, offer_version_id, sellable_id, max_quantity, default_quantity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000034', '00000000-0000-7005-8000-000000000004',
  '00000000-0000-7005-8000-000000000021', 1, 2);

-- race offer_components_role_key: a version has a role once
insert into catalog.offer_components (biz_id, id, offer_version_id, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-00000000f00:n', '00000000-0000-7005-8000-000000000004', 'captain');

-- race offer_seat_types_code_key: a version has a seat type once
insert into catalog.offer_seat_types (biz_id, id, offer_version_id, code, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-00000000f10:n', '00000000-0000-7005-8000-000000000004', 'child', 'Child');

-- race offer_versions_effective_no_overlap_excl: one version of an offer is on sale at a time
insert into catalog.offer_versions (biz_id, id, offer_id, version_no, status, published_at, effective_starts_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-00000000f20:n', '00000000-0000-7000-8000-000000000062', 1:n,
  'published', now(), '2027-01-01 00:00Z');

-- refused service_groups_parent_id_acyclic_check: a group of services is not below itself
insert into catalog.service_groups (biz_id, id, code, name, parent_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000036', 'face', 'Face', '00000000-0000-7005-8000-000000000001');
update catalog.service_groups set parent_id = '00000000-0000-7005-8000-000000000036' where id = '00000000-0000-7005-8000-000000000001';

-- refused product_categories_parent_id_acyclic_check: a category of products is not below itself
update catalog.product_categories set parent_id = '00000000-0000-7005-8000-000000000012' where id = '00000000-0000-7005-8000-000000000011';

-- allowed: a product with variants and choices goes on sale, is archived and comes back
insert into catalog.product_variants (biz_id, id, product_id, sku, name, unit_cost_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000037', '00000000-0000-7005-8000-000000000013', 'SH-L', 'L', 450, 'EUR');
insert into catalog.modifiers (biz_id, id, group_id, name, price_delta_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000038', '00000000-0000-7005-8000-000000000016', 'Oat', 40, 'EUR');
insert into catalog.product_modifier_groups (biz_id, product_id, modifier_group_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000014', '00000000-0000-7005-8000-000000000016');
insert into catalog.sellables (biz_id, id, kind, name, ref_type, ref_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000039', 'product_variant', 'Shirt L', 'ProductVariant',
  '00000000-0000-7005-8000-000000000037');
update catalog.products set status = 'active' where id = '00000000-0000-7005-8000-000000000013';
update catalog.products set status = 'archived' where id = '00000000-0000-7005-8000-000000000013';
update catalog.products set status = 'active' where id = '00000000-0000-7005-8000-000000000013';

-- refused products_status_transition_check: a draft is not archived
update catalog.products set status = 'archived' where id = '00000000-0000-7005-8000-000000000013';

-- refused products_kind_check: no stock of fees is kept
insert into catalog.products (biz_id, id, code, kind, name, is_stocked)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000040', 'cleaning', 'fee', 'Cleaning', true);

-- race product_variants_sku_key: an article number exists once
insert into catalog.product_variants (biz_id, id, product_id, sku, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-00000000f30:n', '00000000-0000-7005-8000-000000000013', 'SH-XL', 'XL');

-- refused product_variants_barcode_key: two variants do not share a barcode
insert into catalog.product_variants (biz_id, id, product_id, sku, barcode, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000037', '00000000-0000-7005-8000-000000000014', 'LATTE',
  '5601234567890', 'Latte');

-- allowed: another tenant may use the same number and barcode
select set_config('app.biz_id', '00000000-0000-7000-8000-000000000002', true);
insert into catalog.products (biz_id, id, code, kind, name)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7005-8000-000000000041', 'shirt', 'good', 'Shirt');
insert into catalog.product_variants (biz_id, id, product_id, sku, barcode, name)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7005-8000-000000000042', '00000000-0000-7005-8000-000000000041', 'SH-M',
  '5601234567890', 'M');

-- refused product_variants_default_key: a product has one default variant
insert into catalog.product_variants (biz_id, id, product_id, sku, name, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000037', '00000000-0000-7005-8000-000000000013', 'SH-L', 'L', true);

-- refused product_variants_product_immutable_check: a variant stays with its product
update catalog.product_variants set product_id = '00000000-0000-7005-8000-000000000014' where id = '00000000-0000-7005-8000-000000000015';

-- refused product_variants_unit_cost_check: a cost has a currency
update catalog.product_variants set unit_cost_minor = 100 where id = '00000000-0000-7005-8000-000000000015';

-- refused modifier_groups_select_check: no more must be chosen than may be
insert into catalog.modifier_groups (biz_id, id, name, min_select, max_select)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000043', 'Extras', 2, 1);

-- refused modifiers_variant_check: what an answer takes out of stock has a quantity
insert into catalog.modifiers (biz_id, id, group_id, name, currency, variant_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000044', '00000000-0000-7005-8000-000000000016', 'Oat', 'EUR',
  '00000000-0000-7005-8000-000000000015');

-- refused product_modifier_groups_pkey: a product has a choice once
insert into catalog.product_modifier_groups (biz_id, product_id, modifier_group_id)
select '00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000014', '00000000-0000-7005-8000-000000000016'
from generate_series(1, 2);

-- refused units_of_measure_factor_immutable_check: a unit keeps its factor
update catalog.units_of_measure set factor_to_base = 1001 where id = '00000000-0000-7005-8000-000000000010';

-- refused units_of_measure_factor_check: a factor is above zero
insert into catalog.units_of_measure (biz_id, id, code, name, dimension, factor_to_base)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000045', 'null', 'Nothing', 'count', 0);

-- refused bundles_self_check: a bundle does not contain itself
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000046', '00000000-0000-7005-8000-000000000021',
  '00000000-0000-7005-8000-000000000021');

-- refused bundles_acyclic_check: a bundle does not contain itself through others
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000046', '00000000-0000-7005-8000-000000000022',
    '00000000-0000-7005-8000-000000000023'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000047', '00000000-0000-7005-8000-000000000023',
    '00000000-0000-7005-8000-000000000021');

-- allowed: two bundles contain the same thing
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id, quantity) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000046', '00000000-0000-7005-8000-000000000021',
    '00000000-0000-7005-8000-000000000023', 2),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000047', '00000000-0000-7005-8000-000000000022',
    '00000000-0000-7005-8000-000000000023', 1);

-- race bundles_part_key: a bundle names a part once
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-00000000f40:n', '00000000-0000-7005-8000-000000000021',
  '00000000-0000-7005-8000-000000000023');

-- race translations_field_key: a text has one translation into a language
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-00000000f50:n', 'Product', '00000000-0000-7005-8000-000000000013',
  'name', 'pt', 'Camisa');

-- refused translations_subject_fkey: what is translated exists in this tenant
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000048', 'Product', '00000000-0000-7005-8000-0000000000ff',
  'name', 'pt', 'Camisa');

-- refused translations_language_fkey: the language is a known one
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7005-8000-000000000048', 'Product', '00000000-0000-7005-8000-000000000013',
  'name', 'xx', 'Camisa');

-- refused sellables_ref_immutable_check: a sellable does not come to stand for something else
update catalog.sellables set ref_id = '00000000-0000-7005-8000-000000000003' where id = '00000000-0000-7000-8000-000000000064';
