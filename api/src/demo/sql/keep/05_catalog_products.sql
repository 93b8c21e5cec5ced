-- What the counters sell to those who store here: packing, pallets, labels and small services.
-- Others may use: uom/pc, uom/roll; product_category/<code>, product/<code>, variant/<code>, sellable/<code> with pallet-wood,
--   pallet-plastic, film, carton-s, carton-m, carton-l, gel-pack, repack (re-palletising), labelling; price_book/counter (without tax).

insert into catalog.units_of_measure (biz_id, id, code, name, dimension, factor_to_base, decimals)
select pg_temp.biz(), pg_temp.id('uom/' || v.code), v.code, v.name, v.dimension, v.factor, v.decimals
from (values ('pc', 'Piece', 'count', 1, 0), ('roll', 'Roll', 'count', 1, 0), ('kg', 'Kilogram', 'mass', 1000, 3), ('m', 'Metre', 'length', 1000, 2), ('h', 'Hour', 'time', 60, 2)
) v (code, name, dimension, factor, decimals);
insert into catalog.product_categories (biz_id, id, code, name, parent_id, default_tax_category, color, sort_order)
select pg_temp.biz(), pg_temp.id('product_category/' || v.code), v.code, v.name, case when v.parent is not null then pg_temp.id('product_category/' || v.parent) end, 'standard', v.color, v.place
from (values
  ('counter', 'Counter', null, '#1d4ed8', 1), ('handling', 'Handling services', null, '#475569', 2), ('pallets', 'Pallets', 'counter', '#a16207', 1), ('wrapping', 'Film and strapping', 'counter', '#0e7490', 2),
  ('cartons', 'Cartons', 'counter', '#b45309', 3), ('cold', 'Cold chain', 'counter', '#0369a1', 4), ('supplies', 'House supplies', null, '#64748b', 3)
) v (code, name, parent, color, place)
order by v.parent nulls first;
create temp table product_plan on commit drop as
select v.*, coalesce(v.variant, v.name) as label
from (values
  (1, 'pallet-wood', 'pallet-wood', null, 'good', 'pallets', 'Wooden pallet, 1200 x 1000', 'Four-way entry, heat treated.', 'pc', 3800, 2450, 'active', true),
  (2, 'pallet-plastic', 'pallet-plastic', null, 'good', 'pallets', 'Plastic pallet, 1200 x 1000', 'Nestable, for food.', 'pc', 9800, 6400, 'active', true),
  (3, 'film', 'film', null, 'good', 'wrapping', 'Stretch film, 500 mm x 300 m', '23 micron, clear.', 'roll', 2650, 1580, 'active', true),
  (4, 'strap', 'strap', null, 'good', 'wrapping', 'PET strapping, 16 mm', 'Coil of 1,200 m.', 'roll', 12500, 8600, 'active', true),
  (5, 'carton', 'carton-s', 'S, 300 x 200 x 200', 'good', 'cartons', 'Double-wall carton', 'Sold singly, flat.', 'pc', 320, 160, 'active', true),
  (6, 'carton', 'carton-m', 'M, 450 x 300 x 300', 'good', 'cartons', 'Double-wall carton', 'Sold singly, flat.', 'pc', 540, 285, 'active', true),
  (7, 'carton', 'carton-l', 'L, 600 x 400 x 400', 'good', 'cartons', 'Double-wall carton', 'Sold singly, flat.', 'pc', 790, 430, 'active', true),
  (8, 'gel-pack', 'gel-pack', null, 'good', 'cold', 'Gel ice pack, 1 kg', 'For chilled parcels, best before on the pack.', 'pc', 680, 310, 'active', true),
  (9, 'logger', 'logger', null, 'good', 'cold', 'Temperature logger, reusable', 'With a calibration certificate and a serial number.', 'pc', 18500, 11200, 'active', true),
  (10, 'desiccant', 'desiccant', null, 'good', 'wrapping', 'Container desiccant, 1 kg', null, 'pc', 1450, 800, 'active', true),
  (11, 'repack', 'repack', null, 'fee', 'handling', 'Re-palletising, a pallet', 'Goods moved onto a new pallet and wrapped.', 'pc', 3500, null, 'active', false),
  (12, 'labelling', 'labelling', null, 'fee', 'handling', 'Labelling, 100 cartons', null, 'pc', 6000, null, 'active', false),
  (13, 'photo', 'photo', null, 'fee', 'handling', 'Condition report with photographs', null, 'pc', 4500, null, 'draft', false),
  (14, 'twine', 'twine', null, 'good', 'wrapping', 'Jute twine', 'No longer stocked.', 'roll', 1200, 700, 'archived', false),
  (15, 'lpg', 'lpg', null, 'ingredient', 'supplies', 'LPG cylinder, 14 kg', 'For the forklifts.', 'pc', null, 2700, 'active', true),
  (16, 'gloves', 'gloves', null, 'ingredient', 'supplies', 'Freezer gloves, a pair', null, 'pc', null, 1900, 'active', true)
) v (place, product, sku, variant, kind, category, name, about, uom, price, cost, status, is_stocked);
insert into catalog.products (biz_id, id, code, kind, name, description, status, category_id, tax_category, is_sellable, is_stocked, is_returnable, unit_of_measure_id)
select distinct on (v.product) pg_temp.biz(), pg_temp.id('product/' || v.product), v.product, v.kind, v.name, coalesce(v.about, ''), v.status, pg_temp.id('product_category/' || v.category), 'standard',
  v.price is not null, v.is_stocked, v.kind = 'good', pg_temp.id('uom/' || v.uom)
from product_plan v order by v.product, v.place;
insert into catalog.product_variants (biz_id, id, product_id, sku, barcode, name, unit_cost_minor, currency, is_default, is_active)
select pg_temp.biz(), pg_temp.id('variant/' || v.sku), pg_temp.id('product/' || v.product), upper(v.sku), case when v.kind = 'good' then '955' || (6100000000 + v.place * 40127) end, v.label, v.cost, 'MYR',
  v.sku not in ('carton-m', 'carton-l'), v.status <> 'archived'
from product_plan v;
insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category, active)
select pg_temp.biz(), pg_temp.id('sellable/' || v.sku), 'product_variant', 'ProductVariant', pg_temp.id('variant/' || v.sku), concat_ws(', ', v.name, v.variant), 'standard', v.status = 'active'
from product_plan v where v.price is not null
union all
select pg_temp.biz(), pg_temp.id('sellable/starter-kit'), 'fee', null, null, 'Starter kit: pallet, film and ten cartons', 'standard', true;
insert into pricing.price_books (biz_id, id, code, name, currency, is_tax_inclusive, priority, starts_at)
values (pg_temp.biz(), pg_temp.id('price_book/counter'), 'COUNTER', 'Counter sales', 'MYR', false, 1, pg_temp.at(-300, '00:00'));
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit, unit_price, starts_on)
select pg_temp.biz(), pg_temp.id('price_rule/counter/' || v.sku), pg_temp.id('price_book/counter'), pg_temp.id('sellable/' || v.sku), v.name, 'each', v.price / 100.0, pg_temp.day(-300)
from product_plan v where v.price is not null;
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id, quantity, revenue_weight, sort_order)
select pg_temp.biz(), pg_temp.id('bundle/' || v.child), pg_temp.id('sellable/starter-kit'), pg_temp.id('sellable/' || v.child), v.quantity, v.weight, v.place
from (values ('pallet-wood', 1, 38, 1), ('film', 1, 26.5, 2), ('carton-m', 10, 54, 3)) v (child, quantity, weight, place);
insert into catalog.modifier_groups (biz_id, id, name, min_select, max_select)
values (pg_temp.biz(), pg_temp.id('modifier_group/pallet'), 'Marking', 0, 2);
insert into catalog.modifiers (biz_id, id, group_id, name, price_delta_minor, currency, is_default, sort_order)
select pg_temp.biz(), pg_temp.id('modifier/' || v.code), pg_temp.id('modifier_group/pallet'), v.name, v.delta, 'MYR', false, v.place
from (values ('stamp', 'ISPM 15 stamp', 200, 1), ('colour', 'Colour corners', 150, 2)) v (code, name, delta, place);
insert into catalog.product_modifier_groups (biz_id, product_id, modifier_group_id) values (pg_temp.biz(), pg_temp.id('product/pallet-wood'), pg_temp.id('modifier_group/pallet'));
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
select pg_temp.biz(), pg_temp.id(format('translation/%s/%s', v.code, v.language)), 'Product', pg_temp.id('product/' || v.code), 'name', v.language, v.text
from (values ('pallet-wood', 'ms', 'Palet kayu, 1200 x 1000'), ('pallet-plastic', 'ms', 'Palet plastik, 1200 x 1000'), ('film', 'ms', 'Filem regang, 500 mm x 300 m'), ('carton', 'ms', 'Kotak dua lapis'),
  ('gel-pack', 'ms', 'Pek ais gel, 1 kg'), ('repack', 'ms', 'Susun semula palet'), ('pallet-wood', 'zh', '木托盘'), ('carton', 'zh', '双层纸箱'), ('film', 'zh', '拉伸膜')) v (code, language, text);
