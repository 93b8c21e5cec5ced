-- What the restaurant, the bar and the shop of the spa sell, and what the kitchen buys.
-- Others may use: uom/pc, uom/kg, uom/l; product_category/<code>, product/<code>, variant/<code>, sellable/<code> with
--   bacalhau-bras, polvo-lagareiro, bife, pastel-nata, espresso, cerveja-20, gin-atlantico, douro-tinto-gf, roupao-m,
--   oleo-100, massajador, spa-dia (day pass), rolha (corkage), tabuleiro (tray charge), menu-executivo and caixa-spa
--   (bundles); price_book/house (prices of all of these, with tax).

-- Units
insert into catalog.units_of_measure (biz_id, id, code, name, dimension, factor_to_base, decimals)
select pg_temp.biz(), pg_temp.id('uom/' || v.code), v.code, v.name, v.dimension, v.factor, v.decimals
from (values
  ('pc', 'Piece', 'count', 1, 0),
  ('doz', 'Dozen', 'count', 12, 0),
  ('g', 'Gram', 'mass', 1, 0),
  ('kg', 'Kilogram', 'mass', 1000, 3),
  ('ml', 'Millilitre', 'volume', 1, 0),
  ('cl', 'Centilitre', 'volume', 10, 1),
  ('l', 'Litre', 'volume', 1000, 3),
  ('h', 'Hour', 'time', 60, 2)
) v (code, name, dimension, factor, decimals);

-- Categories
insert into catalog.product_categories (biz_id, id, code, name, parent_id, default_tax_category, printer_station, color, sort_order)
select pg_temp.biz(), pg_temp.id('product_category/' || v.code), v.code, v.name,
  case when v.parent is not null then pg_temp.id('product_category/' || v.parent) end, v.tax, v.station, v.color, v.place
from (values
  ('food', 'Food', null, 'restaurant', 'COZ', '#c2410c', 1),
  ('drinks', 'Drinks', null, 'standard', 'BAR', '#0f766e', 2),
  ('shop', 'Spa shop', null, 'standard', null, '#7c3aed', 3),
  ('charges', 'Charges and passes', null, 'standard', null, '#475569', 4),
  ('ingredients', 'Ingredients', null, null, null, '#65a30d', 5),
  ('starters', 'Entradas', 'food', 'restaurant', 'FRIA', '#ea580c', 1),
  ('mains', 'Pratos principais', 'food', 'restaurant', 'COZ', '#c2410c', 2),
  ('desserts', 'Sobremesas', 'food', 'restaurant', 'FRIA', '#db2777', 3),
  ('coffee', 'Café e chá', 'drinks', 'restaurant', 'BAR', '#78350f', 1),
  ('soft-drinks', 'Águas e sumos', 'drinks', 'standard', 'BAR', '#0284c7', 2),
  ('beer', 'Cerveja', 'drinks', 'standard', 'BAR', '#ca8a04', 3),
  ('wine', 'Vinhos', 'drinks', 'standard', 'BAR', '#881337', 4),
  ('cocktails', 'Cocktails', 'drinks', 'standard', 'BAR', '#0d9488', 5),
  ('body-care', 'Body care', 'shop', 'standard', null, '#8b5cf6', 1),
  ('textiles', 'Robes and textiles', 'shop', 'standard', null, '#a78bfa', 2),
  ('fish', 'Peixe e marisco', 'ingredients', null, null, '#0369a1', 1),
  ('meat', 'Carne', 'ingredients', null, null, '#b91c1c', 2),
  ('produce', 'Fruta e legumes', 'ingredients', null, null, '#4d7c0f', 3),
  ('dairy', 'Laticínios e ovos', 'ingredients', null, null, '#eab308', 4),
  ('dry-goods', 'Mercearia', 'ingredients', null, null, '#a16207', 5),
  ('bar-stock', 'Garrafeira', 'ingredients', null, null, '#6d28d9', 6)
) v (code, name, parent, tax, station, color, place)
order by v.parent nulls first;

-- Products
insert into catalog.products (biz_id, id, code, kind, name, short_name, description, brand, status, category_id, tax_category,
  is_sellable, is_stocked, is_returnable, min_customer_age, unit_of_measure_id)
select pg_temp.biz(), pg_temp.id('product/' || v.code), v.code, v.kind, v.name, v.short, v.about, v.brand, v.status,
  pg_temp.id('product_category/' || v.category),
  coalesce(v.tax, case when v.kind = 'menu_item' then 'restaurant' when v.kind = 'ingredient' then null else 'standard' end),
  v.kind <> 'ingredient', v.kind in ('good', 'ingredient') and v.code <> 'caixa-spa', v.kind = 'good', v.age, pg_temp.id('uom/' || v.uom)
from (values
  ('caldo-verde', 'menu_item', 'starters', 'Caldo verde', 'Caldo verde', 'Potato and kale soup with a slice of chouriço.', null, 'active', null, null::integer, 'pc'),
  ('pasteis-bacalhau', 'menu_item', 'starters', 'Pastéis de bacalhau (3)', 'Past. bacalhau', 'Three salt cod fritters, made here every morning.', null, 'active', null, null, 'pc'),
  ('ameijoas', 'menu_item', 'starters', 'Amêijoas à Bulhão Pato', 'Amêijoas', 'Clams with garlic, coriander and white wine.', null, 'active', null, null, 'pc'),
  ('queijo', 'menu_item', 'starters', 'Queijo de Azeitão com doce de abóbora', 'Queijo Azeitão', 'Soft sheep cheese with pumpkin jam and toast.', null, 'active', null, null, 'pc'),
  ('salada-polvo', 'menu_item', 'starters', 'Salada de polvo', 'Salada polvo', 'Octopus salad with peppers and parsley.', null, 'active', null, null, 'pc'),
  ('gaspacho', 'menu_item', 'starters', 'Gaspacho alentejano', 'Gaspacho', 'Cold tomato soup. Summer menu only.', null, 'archived', null, null, 'pc'),
  ('bacalhau-bras', 'menu_item', 'mains', 'Bacalhau à Brás', 'Bacalhau Brás', 'Shredded salt cod with egg, onion and straw potatoes.', null, 'active', null, null, 'pc'),
  ('polvo-lagareiro', 'menu_item', 'mains', 'Polvo à lagareiro', 'Polvo lagar.', 'Roast octopus, smashed potatoes, garlic and olive oil.', null, 'active', null, null, 'pc'),
  ('robalo', 'menu_item', 'mains', 'Robalo grelhado', 'Robalo', 'Grilled sea bass with seasonal vegetables.', null, 'active', null, null, 'pc'),
  ('bife', 'menu_item', 'mains', 'Bife à portuguesa', 'Bife', 'Sirloin with ham, fried egg and fried potatoes.', null, 'active', null, null, 'pc'),
  ('arroz-tamboril', 'menu_item', 'mains', 'Arroz de tamboril', 'Arroz tamboril', 'Monkfish rice with coriander, for one or for two.', null, 'active', null, null, 'pc'),
  ('risotto', 'menu_item', 'mains', 'Arroz cremoso de cogumelos', 'Arroz cogumelos', 'Creamy rice with wild mushrooms and aged cheese.', null, 'active', null, null, 'pc'),
  ('menu-executivo', 'menu_item', 'mains', 'Menu executivo', 'Menu exec.', 'Soup, dish of the day and coffee. On weekdays, at noon.', null, 'active', null, null, 'pc'),
  ('consoada', 'menu_item', 'mains', 'Bacalhau da Consoada', 'Consoada', 'For the Christmas menu: poached cod, cabbage, egg, new olive oil.', null, 'draft', null, null, 'pc'),
  ('pastel-nata', 'menu_item', 'desserts', 'Pastel de nata', 'Pastel nata', 'Custard tart, with cinnamon.', null, 'active', null, null, 'pc'),
  ('abade-priscos', 'menu_item', 'desserts', 'Pudim Abade de Priscos', 'Pudim abade', 'Rich egg pudding with port wine.', null, 'active', null, null, 'pc'),
  ('mousse', 'menu_item', 'desserts', 'Mousse de chocolate', 'Mousse', 'Dark chocolate, olive oil and sea salt.', null, 'active', null, null, 'pc'),
  ('fruta', 'menu_item', 'desserts', 'Fruta da época', 'Fruta', 'Fruit of the season, peeled and cut.', null, 'active', null, null, 'pc'),
  ('espresso', 'menu_item', 'coffee', 'Café', 'Café', 'Espresso of our own blend.', null, 'active', null, null, 'pc'),
  ('galao', 'menu_item', 'coffee', 'Galão', 'Galão', 'Espresso in a tall glass of foamed milk.', null, 'active', null, null, 'pc'),
  ('cha', 'menu_item', 'coffee', 'Chá dos Açores', 'Chá', 'Azorean green or black tea, in a pot.', null, 'active', null, null, 'pc'),
  ('sumo-laranja', 'menu_item', 'soft-drinks', 'Sumo de laranja natural', 'Sumo laranja', 'Freshly pressed oranges from the Algarve.', null, 'active', 'standard', null, 'pc'),
  ('agua', 'good', 'soft-drinks', 'Água sem gás', 'Água', 'Still mineral water.', 'Fonte da Serra', 'active', null, null, 'pc'),
  ('agua-gas', 'good', 'soft-drinks', 'Água com gás', 'Água gás', 'Sparkling mineral water, 25 cl.', 'Fonte da Serra', 'active', null, null, 'pc'),
  ('cerveja', 'menu_item', 'beer', 'Cerveja Farol', 'Farol', 'Lager on tap.', 'Farol', 'active', 'standard', 18, 'pc'),
  ('vinho-verde', 'good', 'wine', 'Quinta do Farol, vinho verde', 'Verde', 'Loureiro and Alvarinho, light and fresh.', 'Quinta do Farol', 'active', null, 18, 'pc'),
  ('douro-tinto', 'good', 'wine', 'Casa da Ribeira, Douro tinto', 'Douro', 'Touriga Nacional, twelve months in oak.', 'Casa da Ribeira', 'active', null, 18, 'pc'),
  ('porto-tonico', 'menu_item', 'cocktails', 'Porto tónico', 'Porto tónico', 'White port, tonic, orange and mint.', null, 'active', 'standard', 18, 'pc'),
  ('gin-atlantico', 'menu_item', 'cocktails', 'Gin Atlântico', 'Gin Atl.', 'Gin, tonic, lemon and samphire.', null, 'active', 'standard', 18, 'pc'),
  ('ginjinha', 'menu_item', 'cocktails', 'Ginjinha', 'Ginjinha', 'Sour cherry liqueur, with or without the cherry.', null, 'active', 'standard', 18, 'pc'),
  ('esfoliante', 'good', 'body-care', 'Sea salt scrub, 200 g', 'Scrub 200 g', 'Salt from Aveiro, almond oil and rosemary.', 'Harbour Spa', 'active', null, null, 'pc'),
  ('oleo', 'good', 'body-care', 'Massage oil, orange blossom', 'Massage oil', 'The oil of our massages.', 'Harbour Spa', 'active', null, null, 'pc'),
  ('vela', 'good', 'body-care', 'Scented candle, fig and salt', 'Candle', 'Soy wax, burns for forty hours.', 'Harbour Spa', 'active', null, null, 'pc'),
  ('massajador', 'good', 'body-care', 'LED facial massager', 'Massager', 'With two years of warranty; each has a serial number.', 'Lumina', 'active', null, null, 'pc'),
  ('roupao', 'good', 'textiles', 'Waffle bathrobe', 'Bathrobe', 'Cotton from Guimarães, as in our rooms.', 'Harbour', 'active', null, null, 'pc'),
  ('caixa-spa', 'good', 'body-care', 'Spa gift box', 'Gift box', 'Scrub, massage oil and candle in a cork box.', 'Harbour Spa', 'active', null, null, 'pc'),
  ('rolha', 'fee', 'charges', 'Corkage', 'Rolha', 'For a bottle that guests bring.', null, 'active', null, null, 'pc'),
  ('tabuleiro', 'fee', 'charges', 'Room service tray charge', 'Tabuleiro', 'For each order that is brought to a room.', null, 'active', null, null, 'pc'),
  ('spa-dia', 'pass', 'charges', 'Spa day pass', 'Day pass', 'Pool, sauna and steam bath for a day.', null, 'active', null, null, 'pc'),
  ('cartao-oferta', 'gift_card', 'charges', 'Harbour gift card', 'Gift card', 'For stays, treatments and the restaurant.', null, 'active', 'exempt', null, 'pc'),
  ('bacalhau-demolhado', 'ingredient', 'fish', 'Salt cod, soaked', 'Bacalhau', '', null, 'active', null, null, 'kg'),
  ('polvo', 'ingredient', 'fish', 'Octopus, frozen', 'Polvo', '', null, 'active', null, null, 'kg'),
  ('robalo-fresco', 'ingredient', 'fish', 'Sea bass, fresh', 'Robalo', '', null, 'active', null, null, 'kg'),
  ('tamboril', 'ingredient', 'fish', 'Monkfish, cleaned', 'Tamboril', '', null, 'active', null, null, 'kg'),
  ('ameijoa', 'ingredient', 'fish', 'Clams, live', 'Amêijoa', '', null, 'active', null, null, 'kg'),
  ('lombo-novilho', 'ingredient', 'meat', 'Beef sirloin', 'Novilho', '', null, 'active', null, null, 'kg'),
  ('ovos', 'ingredient', 'dairy', 'Eggs, free range', 'Ovos', '', null, 'active', null, null, 'pc'),
  ('leite', 'ingredient', 'dairy', 'Milk, whole', 'Leite', '', null, 'active', null, null, 'l'),
  ('natas', 'ingredient', 'dairy', 'Cream, 35 %', 'Natas', '', null, 'active', null, null, 'l'),
  ('batata', 'ingredient', 'produce', 'Potatoes', 'Batata', '', null, 'active', null, null, 'kg'),
  ('cebola', 'ingredient', 'produce', 'Onions', 'Cebola', '', null, 'active', null, null, 'kg'),
  ('laranja', 'ingredient', 'produce', 'Oranges from the Algarve', 'Laranja', '', null, 'active', null, null, 'kg'),
  ('limao', 'ingredient', 'produce', 'Lemons', 'Limão', '', null, 'active', null, null, 'kg'),
  ('arroz', 'ingredient', 'dry-goods', 'Carolino rice', 'Arroz', '', null, 'active', null, null, 'kg'),
  ('azeite', 'ingredient', 'dry-goods', 'Olive oil, virgin extra', 'Azeite', '', null, 'active', null, null, 'l'),
  ('farinha', 'ingredient', 'dry-goods', 'Wheat flour', 'Farinha', '', null, 'active', null, null, 'kg'),
  ('acucar', 'ingredient', 'dry-goods', 'Sugar', 'Açúcar', '', null, 'active', null, null, 'kg'),
  ('cafe-grao', 'ingredient', 'dry-goods', 'Coffee beans, house blend', 'Café grão', '', null, 'active', null, null, 'kg'),
  ('pastel-bacalhau-cru', 'ingredient', 'fish', 'Cod fritter, ready to fry', 'Pastel cru', 'Made by the kitchen.', null, 'active', null, null, 'pc'),
  ('gin', 'ingredient', 'bar-stock', 'Gin, London dry', 'Gin', '', null, 'active', null, null, 'l'),
  ('porto-branco', 'ingredient', 'bar-stock', 'White port', 'Porto branco', '', null, 'active', null, null, 'l'),
  ('tonica', 'ingredient', 'bar-stock', 'Tonic water, 20 cl', 'Tónica', '', null, 'active', null, null, 'pc'),
  ('cerveja-barril', 'ingredient', 'bar-stock', 'Lager, keg', 'Barril', '', null, 'active', null, null, 'l')
) v (code, kind, category, name, short, about, brand, status, tax, age, uom);

-- Variants, what each sells as, and its price with tax. A product with several names them; others have one of their own name.
create temp table product_plan on commit drop as
select v.sku, p.id as product_id, p.code as product, p.kind, p.name as product_name, p.status, p.tax_category,
  coalesce(v.variant, p.name) as variant, v.price, v.cost, v.attributes::jsonb as attributes,
  row_number() over (partition by p.id order by v.place) = 1 as is_default, v.place
from (values
  (1, 'caldo-verde', null, null, 550, 90, '{}'), (2, 'pasteis-bacalhau', null, null, 750, 170, '{}'),
  (3, 'ameijoas', null, null, 1450, 480, '{}'), (4, 'queijo', null, null, 980, 330, '{}'),
  (5, 'salada-polvo', null, null, 1150, 360, '{}'), (6, 'gaspacho', null, null, 680, 120, '{}'),
  (7, 'bacalhau-bras', null, null, 1750, 470, '{}'), (8, 'polvo-lagareiro', null, null, 2250, 690, '{}'),
  (9, 'robalo', null, null, 2100, 640, '{}'), (10, 'bife', null, null, 2350, 780, '{}'),
  (11, 'arroz-tamboril', 'arroz-tamboril-1', 'For one', 1950, 590, '{"serves":1}'),
  (12, 'arroz-tamboril', 'arroz-tamboril-2', 'For two', 3600, 1150, '{"serves":2}'),
  (13, 'risotto', null, null, 1600, 380, '{}'), (14, 'menu-executivo', null, null, 1850, 520, '{}'),
  (15, 'consoada', null, null, 2400, 650, '{}'), (16, 'pastel-nata', null, null, 220, 45, '{}'),
  (17, 'abade-priscos', null, null, 650, 130, '{}'), (18, 'mousse', null, null, 550, 110, '{}'),
  (19, 'fruta', null, null, 480, 120, '{}'), (20, 'espresso', 'espresso', 'Single', 150, 16, '{}'),
  (21, 'espresso', 'espresso-duplo', 'Double', 260, 31, '{}'), (22, 'galao', null, null, 240, 38, '{}'),
  (23, 'cha', null, null, 320, 45, '{}'), (24, 'sumo-laranja', null, null, 450, 95, '{}'),
  (25, 'agua', 'agua-50', '50 cl', 200, 32, '{"cl":50}'), (26, 'agua', 'agua-100', '1 l', 350, 52, '{"cl":100}'),
  (27, 'agua-gas', null, null, 240, 44, '{"cl":25}'), (28, 'cerveja', 'cerveja-20', '20 cl', 220, 46, '{"cl":20}'),
  (29, 'cerveja', 'cerveja-40', '40 cl', 380, 90, '{"cl":40}'), (30, 'vinho-verde', 'vinho-verde-gf', 'Bottle', 2400, 690, '{"cl":75}'),
  (31, 'vinho-verde', 'vinho-verde-copo', 'Glass', 550, 138, '{"cl":15}'),
  (32, 'douro-tinto', 'douro-tinto-gf', 'Bottle', 2900, 840, '{"cl":75}'),
  (33, 'douro-tinto', 'douro-tinto-copo', 'Glass', 650, 168, '{"cl":15}'),
  (34, 'porto-tonico', null, null, 900, 190, '{}'), (35, 'gin-atlantico', null, null, 1200, 260, '{}'),
  (36, 'ginjinha', null, null, 400, 70, '{}'), (37, 'esfoliante', null, null, 2400, 790, '{"g":200}'),
  (38, 'oleo', 'oleo-100', '100 ml', 1800, 540, '{"ml":100}'), (39, 'oleo', 'oleo-250', '250 ml', 3600, 1120, '{"ml":250}'),
  (40, 'vela', null, null, 2200, 680, '{}'), (41, 'massajador', null, null, 12900, 6400, '{}'),
  (42, 'roupao', 'roupao-s', 'S', 6500, 2450, '{"size":"S"}'), (43, 'roupao', 'roupao-m', 'M', 6500, 2450, '{"size":"M"}'),
  (44, 'roupao', 'roupao-l', 'L', 6500, 2450, '{"size":"L"}'), (45, 'caixa-spa', null, null, 5800, 2130, '{}'),
  (46, 'rolha', null, null, 1200, 0, '{}'), (47, 'tabuleiro', null, null, 450, 0, '{}'), (48, 'spa-dia', null, null, 3500, 0, '{}'),
  (49, 'cartao-oferta', 'cartao-oferta-50', '50 euros', 5000, 0, '{"euros":50}'),
  (50, 'cartao-oferta', 'cartao-oferta-100', '100 euros', 10000, 0, '{"euros":100}'),
  (51, 'bacalhau-demolhado', null, null, null, 1480, '{}'), (52, 'polvo', null, null, null, 1650, '{}'),
  (53, 'robalo-fresco', null, null, null, 1520, '{}'), (54, 'tamboril', null, null, null, 1890, '{}'),
  (55, 'ameijoa', null, null, null, 1350, '{}'), (56, 'lombo-novilho', null, null, null, 2640, '{}'),
  (57, 'ovos', null, null, null, 22, '{}'), (58, 'leite', null, null, null, 92, '{}'), (59, 'natas', null, null, null, 340, '{}'),
  (60, 'batata', null, null, null, 95, '{}'), (61, 'cebola', null, null, null, 110, '{}'), (62, 'laranja', null, null, null, 130, '{}'),
  (63, 'limao', null, null, null, 190, '{}'), (64, 'arroz', null, null, null, 165, '{}'), (65, 'azeite', null, null, null, 890, '{}'),
  (66, 'farinha', null, null, null, 85, '{}'), (67, 'acucar', null, null, null, 105, '{}'), (68, 'cafe-grao', null, null, null, 1750, '{}'),
  (69, 'pastel-bacalhau-cru', null, null, null, 48, '{}'), (70, 'gin', null, null, null, 2600, '{}'),
  (71, 'porto-branco', null, null, null, 1040, '{}'), (72, 'tonica', null, null, null, 85, '{}'),
  (73, 'cerveja-barril', null, null, null, 210, '{}')
) i (place, product, sku, variant, price, cost, attributes)
cross join lateral (select i.place, coalesce(i.sku, i.product) as sku, i.variant, i.price, i.cost, i.attributes) v
join catalog.products p on p.biz_id = pg_temp.biz() and p.id = pg_temp.id('product/' || i.product);

insert into catalog.product_variants (biz_id, id, product_id, sku, barcode, name, attributes, unit_cost_minor, currency, weight_g, is_default, is_active)
select pg_temp.biz(), pg_temp.id('variant/' || v.sku), v.product_id, upper(v.sku),
  case when v.kind = 'good' then '560' || lpad((7100000000 + v.place * 7919)::text, 10, '0') end,
  v.variant, v.attributes, v.cost, 'EUR', case when v.kind = 'good' then 150 + v.place * 13 end, v.is_default, v.status <> 'archived'
from product_plan v;

insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name, tax_category, active)
select pg_temp.biz(), pg_temp.id('sellable/' || v.sku), 'product_variant', 'ProductVariant', pg_temp.id('variant/' || v.sku),
  case when v.variant = v.product_name then v.variant else v.product_name || ', ' || lower(v.variant) end, v.tax_category, v.status = 'active'
from product_plan v
where v.price is not null;

insert into pricing.price_books (biz_id, id, code, name, currency, is_tax_inclusive, priority, starts_at)
values (pg_temp.biz(), pg_temp.id('price_book/house'), 'HOUSE', 'Restaurant, bar and spa shop', 'EUR', true, 1, pg_temp.at(-300, '00:00'));
insert into pricing.price_rules (biz_id, id, price_book_id, sellable_id, name, unit, unit_price, starts_on)
select pg_temp.biz(), pg_temp.id('price_rule/house/' || v.sku), pg_temp.id('price_book/house'), pg_temp.id('sellable/' || v.sku),
  v.product_name, 'each', v.price / 100.0, pg_temp.day(-300)
from product_plan v
where v.price is not null;

-- Modifiers
insert into catalog.modifier_groups (biz_id, id, name, min_select, max_select)
select pg_temp.biz(), pg_temp.id('modifier_group/' || v.code), v.name, v.least, v.most
from (values ('cooking', 'How it is cooked', 1, 1), ('sides', 'Sides', 0, 3), ('milk', 'Milk', 0, 1), ('extras', 'Extras', 0, 4)
) v (code, name, least, most);

insert into catalog.modifiers (biz_id, id, group_id, name, price_delta_minor, currency, variant_id, variant_quantity, is_default, max_quantity, sort_order)
select pg_temp.biz(), pg_temp.id('modifier/' || v.code), pg_temp.id('modifier_group/' || v.grp), v.name, v.delta, 'EUR',
  case when v.uses is not null then pg_temp.id('variant/' || v.uses) end, v.amount, v.usual, v.most, v.place
from (values
  ('rare', 'cooking', 'Mal passado', 0, null, null::numeric, false, 1, 1),
  ('medium', 'cooking', 'Médio', 0, null, null, true, 1, 2),
  ('well', 'cooking', 'Bem passado', 0, null, null, false, 1, 3),
  ('potatoes', 'sides', 'Batata frita', 350, 'batata', 0.25, false, 2, 1),
  ('salad', 'sides', 'Salada mista', 380, null, null, false, 2, 2),
  ('rice', 'sides', 'Arroz de coentros', 320, 'arroz', 0.09, false, 2, 3),
  ('oat-milk', 'milk', 'Leite de aveia', 40, null, null, false, 1, 1),
  ('no-lactose', 'milk', 'Sem lactose', 0, null, null, false, 1, 2),
  ('egg', 'extras', 'Ovo a cavalo', 150, 'ovos', 1, false, 2, 1),
  ('no-salt', 'extras', 'Sem sal', 0, null, null, false, 1, 2),
  ('lemon', 'extras', 'Limão', 0, 'limao', 0.05, false, 1, 3)
) v (code, grp, name, delta, uses, amount, usual, most, place);

insert into catalog.product_modifier_groups (biz_id, product_id, modifier_group_id, sort_order)
select pg_temp.biz(), pg_temp.id('product/' || v.product), pg_temp.id('modifier_group/' || v.grp), v.place
from (values
  ('bife', 'cooking', 1), ('bife', 'sides', 2), ('bife', 'extras', 3), ('robalo', 'sides', 1), ('robalo', 'extras', 2),
  ('polvo-lagareiro', 'sides', 1), ('bacalhau-bras', 'extras', 1), ('galao', 'milk', 1), ('espresso', 'milk', 1),
  ('gin-atlantico', 'extras', 1), ('menu-executivo', 'sides', 1)
) v (product, grp, place);

-- Bundles
insert into catalog.bundles (biz_id, id, parent_sellable_id, child_sellable_id, quantity, revenue_weight, sort_order)
select pg_temp.biz(), pg_temp.id('bundle/' || v.parent || '/' || v.child), pg_temp.id('sellable/' || v.parent),
  pg_temp.id('sellable/' || v.child), v.quantity, v.weight, v.place
from (values
  ('caixa-spa', 'esfoliante', 1, 24, 1), ('caixa-spa', 'oleo-100', 1, 18, 2), ('caixa-spa', 'vela', 1, 22, 3),
  ('menu-executivo', 'caldo-verde', 1, 5.5, 1), ('menu-executivo', 'bacalhau-bras', 1, 17.5, 2),
  ('menu-executivo', 'agua-50', 1, 2, 3), ('menu-executivo', 'espresso', 1, 1.5, 4)
) v (parent, child, quantity, weight, place);

-- In other languages
insert into catalog.translations (biz_id, id, subject_type, subject_id, field, language, text)
select pg_temp.biz(), pg_temp.id('translation/' || v.code || '/' || v.language), 'Product', pg_temp.id('product/' || v.code), 'name', v.language, v.text
from (values
  ('caldo-verde', 'en', 'Kale soup'), ('pasteis-bacalhau', 'en', 'Salt cod fritters (3)'), ('ameijoas', 'en', 'Clams in white wine'),
  ('queijo', 'en', 'Azeitão cheese with pumpkin jam'), ('salada-polvo', 'en', 'Octopus salad'), ('bacalhau-bras', 'en', 'Salt cod à Brás'),
  ('polvo-lagareiro', 'en', 'Roast octopus'), ('robalo', 'en', 'Grilled sea bass'), ('bife', 'en', 'Portuguese steak'),
  ('arroz-tamboril', 'en', 'Monkfish rice'), ('risotto', 'en', 'Creamy mushroom rice'), ('menu-executivo', 'en', 'Business lunch'),
  ('pastel-nata', 'en', 'Custard tart'), ('mousse', 'en', 'Chocolate mousse'), ('fruta', 'en', 'Fruit of the season'),
  ('bacalhau-bras', 'de', 'Stockfisch à Brás'), ('polvo-lagareiro', 'de', 'Gebackener Oktopus'), ('bife', 'de', 'Portugiesisches Steak'),
  ('pastel-nata', 'de', 'Puddingtörtchen'), ('bacalhau-bras', 'fr', 'Morue à Brás'), ('polvo-lagareiro', 'fr', 'Poulpe rôti'),
  ('bife', 'fr', 'Steak à la portugaise'), ('esfoliante', 'pt', 'Esfoliante de sal marinho, 200 g'),
  ('oleo', 'pt', 'Óleo de massagem, flor de laranjeira'), ('vela', 'pt', 'Vela perfumada, figo e sal'), ('roupao', 'pt', 'Roupão favo'),
  ('caixa-spa', 'pt', 'Caixa oferta do spa'), ('spa-dia', 'pt', 'Dia de spa'), ('rolha', 'pt', 'Taxa de rolha')
) v (code, language, text);
