-- Catalog: goods, dishes and passes, their variants and modifiers, what is sold as a bundle, and texts in other languages.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain catalog.product_kind as text constraint product_kind_check check (value in (
  'good', 'menu_item', 'ingredient', 'fee', 'gift_card', 'pass'));
comment on domain catalog.product_kind is 'What sort of thing a product is.
good: A thing that is bought.
menu_item: A dish or drink that is prepared.
ingredient: Something dishes are made of, usually not sold by itself.
fee: A charge, such as cleaning or corkage.
gift_card: A gift card.
pass: A pass, ticket or pack of visits.';
comment on constraint product_kind_check on domain catalog.product_kind is 'Unknown kind of product.';

create domain catalog.product_status as text constraint product_status_check check (value in (
  'draft', 'active', 'archived'));
comment on domain catalog.product_status is 'Where a product stands.
draft: Being entered; not on sale.
active: On sale, where it is sellable.
archived: Taken off sale; what was sold of it stays.';
comment on constraint product_status_check on domain catalog.product_status is 'Unknown status of a product.';

create domain catalog.measure_dimension as text constraint measure_dimension_check check (value in (
  'count', 'mass', 'volume', 'length', 'area', 'time'));
comment on domain catalog.measure_dimension is 'What a unit of measure measures.
count: Pieces.
mass: Mass; the base is the gram.
volume: Volume; the base is the millilitre.
length: Length; the base is the millimetre.
area: Area; the base is the square metre.
time: Time; the base is the minute.';
comment on constraint measure_dimension_check on domain catalog.measure_dimension is 'Unknown dimension of a unit.';

-- units_of_measure ----------------------------------------------------------------------------------------------------

create table catalog.units_of_measure (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  dimension catalog.measure_dimension not null,
  factor_to_base numeric(24,9) not null,
  decimals integer not null default 0,
  constraint units_of_measure_pkey primary key (biz_id, id),
  constraint units_of_measure_code_check check (btrim(code) <> '' and length(code) <= 20),
  constraint units_of_measure_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint units_of_measure_factor_check check (factor_to_base > 0),
  constraint units_of_measure_decimals_check check (decimals between 0 and 6)
);
comment on table catalog.units_of_measure is 'A unit in which goods are counted, weighed or poured: piece, case of 12, kilogram, bottle of 0.75 l.';
comment on column catalog.units_of_measure.code is 'Short name used in imports and on labels, unique among the units in use.';
comment on column catalog.units_of_measure.name is 'Name shown to staff.';
comment on column catalog.units_of_measure.dimension is 'What it measures. Never changed.';
comment on column catalog.units_of_measure.factor_to_base is 'How many of the base unit of its dimension make one of it: 12 for a case of 12, 1000 for a kilogram. Never changed.';
comment on column catalog.units_of_measure.decimals is 'How many decimal places a quantity in it may have.';
comment on constraint units_of_measure_code_check on catalog.units_of_measure is 'A code is required, of 20 characters at most.';
comment on constraint units_of_measure_name_check on catalog.units_of_measure is 'A name is required, of 200 characters at most.';
comment on constraint units_of_measure_factor_check on catalog.units_of_measure is 'The factor must be above zero.';
comment on constraint units_of_measure_decimals_check on catalog.units_of_measure is 'A quantity has between 0 and 6 decimal places.';

call core.install_table('catalog.units_of_measure', 'M', 'ctum', 'UnitOfMeasure', registrable => true);
create unique index units_of_measure_code_key on catalog.units_of_measure (biz_id, code) where deleted_at is null;
comment on index catalog.units_of_measure_code_key is 'Another unit has this code.';
create trigger units_of_measure_factor_immutable
  before update on catalog.units_of_measure
  for each row when ((old.dimension, old.factor_to_base) is distinct from (new.dimension, new.factor_to_base))
  execute function resources.refuse_update('units_of_measure_factor_immutable_check', 'A unit keeps its dimension and factor, as stock is counted in it; make another unit.');

-- product_categories --------------------------------------------------------------------------------------------------

create table catalog.product_categories (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  parent_id uuid,
  default_tax_category text,
  printer_station text,
  color text,
  sort_order integer not null default 0,
  constraint product_categories_pkey primary key (biz_id, id),
  constraint product_categories_parent_id_fkey foreign key (biz_id, parent_id)
    references catalog.product_categories (biz_id, id),
  constraint product_categories_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint product_categories_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint product_categories_default_tax_category_check check (btrim(default_tax_category) <> '' and length(default_tax_category) <= 60),
  constraint product_categories_printer_station_check check (btrim(printer_station) <> '' and length(printer_station) <= 60),
  constraint product_categories_color_check check (color ~ '^#[0-9a-f]{6}$')
);
comment on table catalog.product_categories is 'A heading under which products are listed and reported. Categories form a tree.';
comment on column catalog.product_categories.code is 'Short name used in imports and integrations, unique among the categories in use.';
comment on column catalog.product_categories.name is 'Name shown on tills and in shops.';
comment on column catalog.product_categories.parent_id is 'The category above; none at the top of the tree.';
comment on column catalog.product_categories.default_tax_category is 'Tax category that new products of it get.';
comment on column catalog.product_categories.printer_station is 'Code of the kitchen station that its orders are printed at.';
comment on column catalog.product_categories.color is 'Colour of its buttons on a till, such as #2a9d8f.';
comment on column catalog.product_categories.sort_order is 'Place among the categories beside it, the lowest first.';
comment on constraint product_categories_code_check on catalog.product_categories is 'A code is required, of 60 characters at most.';
comment on constraint product_categories_name_check on catalog.product_categories is 'A name is required, of 200 characters at most.';
comment on constraint product_categories_default_tax_category_check on catalog.product_categories is 'A default tax category is not blank, and of 60 characters at most.';
comment on constraint product_categories_printer_station_check on catalog.product_categories is 'A printer station is not blank, and of 60 characters at most.';
comment on constraint product_categories_color_check on catalog.product_categories is 'A colour is written as # and six digits, such as #2a9d8f.';

call core.install_table('catalog.product_categories', 'M', 'ctpc', registrable => true);
call core.install_acyclic('catalog.product_categories', 'parent_id');
create unique index product_categories_code_key on catalog.product_categories (biz_id, code) where deleted_at is null;
comment on index catalog.product_categories_code_key is 'Another product category has this code.';

-- products ------------------------------------------------------------------------------------------------------------

create table catalog.products (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  kind catalog.product_kind not null,
  name text not null,
  short_name text,
  description text not null default '',
  brand text,
  status catalog.product_status not null default 'draft',
  category_id uuid,
  tax_category text,
  is_sellable boolean not null default true,
  is_stocked boolean not null default false,
  is_returnable boolean not null default true,
  min_customer_age integer,
  unit_of_measure_id uuid,
  constraint products_pkey primary key (biz_id, id),
  constraint products_category_id_fkey foreign key (biz_id, category_id)
    references catalog.product_categories (biz_id, id),
  constraint products_unit_of_measure_id_fkey foreign key (biz_id, unit_of_measure_id)
    references catalog.units_of_measure (biz_id, id),
  constraint products_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint products_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint products_short_name_check check (btrim(short_name) <> '' and length(short_name) <= 40),
  constraint products_description_check check (length(description) <= 10000),
  constraint products_brand_check check (btrim(brand) <> '' and length(brand) <= 200),
  constraint products_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint products_kind_check check (not (kind in ('fee', 'pass') and is_stocked)),
  constraint products_min_customer_age_check check (min_customer_age between 0 and 99)
);
comment on table catalog.products is 'A good, dish, fee, gift card or pass. What is counted, priced and sold of it are its variants.';
comment on column catalog.products.code is 'Short name used in imports and integrations, unique among the products in use.';
comment on column catalog.products.kind is 'What sort of thing it is.';
comment on column catalog.products.name is 'Name shown to customers; documents keep it as it was when sold.';
comment on column catalog.products.short_name is 'Name on buttons and receipts, where the full one is too long.';
comment on column catalog.products.description is 'What customers read about it.';
comment on column catalog.products.brand is 'Brand under which it is sold.';
comment on column catalog.products.status is 'Where it stands.';
comment on column catalog.products.category_id is 'The heading it is listed under.';
comment on column catalog.products.tax_category is 'Tax category that its lines get.';
comment on column catalog.products.is_sellable is 'Whether it is sold, or only used.';
comment on column catalog.products.is_stocked is 'Whether stock of it is kept.';
comment on column catalog.products.is_returnable is 'Whether customers may bring it back.';
comment on column catalog.products.min_customer_age is 'Age in years that a customer must have to buy it, as with alcohol.';
comment on column catalog.products.unit_of_measure_id is 'The unit in which it is sold and counted; none means pieces.';
comment on constraint products_code_check on catalog.products is 'A code is required, of 60 characters at most.';
comment on constraint products_name_check on catalog.products is 'A name is required, of 200 characters at most.';
comment on constraint products_short_name_check on catalog.products is 'A short name is not blank, and of 40 characters at most.';
comment on constraint products_description_check on catalog.products is 'The description has 10,000 characters at most.';
comment on constraint products_brand_check on catalog.products is 'A brand is not blank, and of 200 characters at most.';
comment on constraint products_tax_category_check on catalog.products is 'A tax category is not blank, and of 60 characters at most.';
comment on constraint products_kind_check on catalog.products is 'Of fees and passes no stock is kept.';
comment on constraint products_min_customer_age_check on catalog.products is 'An age is between 0 and 99.';

create index products_status_idx on catalog.products (biz_id, status, name, id);

call core.install_table('catalog.products', 'M', 'ctpr', registrable => true);
call core.configure_graph('catalog.products', aggregates => true);
create unique index products_code_key on catalog.products (biz_id, code) where deleted_at is null;
comment on index catalog.products_code_key is 'Another product has this code.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('product', 'draft', 'active', false),
  ('product', 'active', 'archived', false),
  ('product', 'archived', 'active', false);
call core.install_state_machine('catalog.products', 'status', 'product');

-- product_variants ----------------------------------------------------------------------------------------------------

create table catalog.product_variants (
  biz_id uuid not null,
  id uuid not null,
  product_id uuid not null,
  sku text not null,
  barcode text,
  name text not null,
  attributes jsonb not null default '{}',
  unit_cost_minor bigint,
  currency char(3),
  weight_g bigint,
  length_mm integer,
  width_mm integer,
  height_mm integer,
  is_default boolean not null default false,
  is_active boolean not null default true,
  constraint product_variants_pkey primary key (biz_id, id),
  constraint product_variants_product_id_fkey foreign key (biz_id, product_id)
    references catalog.products (biz_id, id),
  constraint product_variants_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint product_variants_sku_check check (btrim(sku) <> '' and length(sku) <= 60),
  constraint product_variants_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint product_variants_attributes_check check (jsonb_typeof(attributes) = 'object'),
  constraint product_variants_barcode_check check (barcode ~ '^[!-~]{1,60}$'),
  constraint product_variants_unit_cost_check check (unit_cost_minor is null or (unit_cost_minor >= 0 and currency is not null)),
  constraint product_variants_size_check check (weight_g >= 0 and length_mm > 0 and width_mm > 0 and height_mm > 0)
);
comment on table catalog.product_variants is 'What is sold and counted of a product: the shirt in blue and M, the bottle of 0.75 l. A product without choices has one variant.';
comment on column catalog.product_variants.product_id is 'The product it is a variant of. Never changed.';
comment on column catalog.product_variants.sku is 'Number by which the business knows it, unique among the variants in use.';
comment on column catalog.product_variants.barcode is 'Barcode on it, such as an EAN, unique among the variants in use.';
comment on column catalog.product_variants.name is 'Name that tells it from the other variants, such as blue, M.';
comment on column catalog.product_variants.attributes is 'What tells it from the other variants, such as {"colour": "blue", "size": "M"}.';
comment on column catalog.product_variants.unit_cost_minor is 'What one costs the business, in minor units, where stock does not say.';
comment on column catalog.product_variants.currency is 'Currency of its cost.';
comment on column catalog.product_variants.weight_g is 'Weight of one in grams, packing included.';
comment on column catalog.product_variants.length_mm is 'Length of one in millimetres, packing included.';
comment on column catalog.product_variants.width_mm is 'Width of one in millimetres, packing included.';
comment on column catalog.product_variants.height_mm is 'Height of one in millimetres, packing included.';
comment on column catalog.product_variants.is_default is 'Whether it is taken where nobody chooses.';
comment on column catalog.product_variants.is_active is 'Whether it can be sold now.';
comment on constraint product_variants_sku_check on catalog.product_variants is 'A sku is required, of 60 characters at most.';
comment on constraint product_variants_name_check on catalog.product_variants is 'A name is required, of 200 characters at most.';
comment on constraint product_variants_attributes_check on catalog.product_variants is 'The attributes must be a JSON object.';
comment on constraint product_variants_barcode_check on catalog.product_variants is 'A barcode has 60 characters at most, none of them blank.';
comment on constraint product_variants_unit_cost_check on catalog.product_variants is 'A cost is not negative, and has a currency.';
comment on constraint product_variants_size_check on catalog.product_variants is 'Weight is not negative, and measures are above zero.';

call core.install_table('catalog.product_variants', 'M', 'ctpv', registrable => true);
call core.configure_graph('catalog.product_variants', aggregates => true);
create unique index product_variants_sku_key on catalog.product_variants (biz_id, sku) where deleted_at is null;
comment on index catalog.product_variants_sku_key is 'Another variant has this number.';
create unique index product_variants_barcode_key on catalog.product_variants (biz_id, barcode) where deleted_at is null and barcode is not null;
comment on index catalog.product_variants_barcode_key is 'Another variant has this barcode.';
create unique index product_variants_default_key on catalog.product_variants (biz_id, product_id) where deleted_at is null and is_default;
comment on index catalog.product_variants_default_key is 'The product already has a default variant.';
create trigger product_variants_product_immutable
  before update on catalog.product_variants
  for each row when (old.product_id <> new.product_id)
  execute function resources.refuse_update('product_variants_product_immutable_check', 'A variant stays with its product.');

-- modifier_groups -----------------------------------------------------------------------------------------------------

create table catalog.modifier_groups (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  min_select integer not null default 0,
  max_select integer,
  is_required boolean generated always as (min_select > 0) stored,
  constraint modifier_groups_pkey primary key (biz_id, id),
  constraint modifier_groups_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint modifier_groups_select_check check (min_select >= 0 and max_select >= 1 and max_select >= min_select)
);
comment on table catalog.modifier_groups is 'A choice to be made with a product: how it is cooked, which milk, which extras.';
comment on column catalog.modifier_groups.name is 'Name shown on tills and in shops.';
comment on column catalog.modifier_groups.min_select is 'How many modifiers must be chosen.';
comment on column catalog.modifier_groups.max_select is 'How many modifiers may be chosen; none means any number.';
comment on column catalog.modifier_groups.is_required is 'Whether something must be chosen.';
comment on constraint modifier_groups_name_check on catalog.modifier_groups is 'A name is required, of 200 characters at most.';
comment on constraint modifier_groups_select_check on catalog.modifier_groups is 'The most that may be chosen is at least 1, and not fewer than the least.';

call core.install_table('catalog.modifier_groups', 'M', 'ctmg', registrable => true);

-- modifiers -----------------------------------------------------------------------------------------------------------

create table catalog.modifiers (
  biz_id uuid not null,
  id uuid not null,
  group_id uuid not null,
  name text not null,
  price_delta_minor bigint not null default 0,
  currency char(3) not null,
  variant_id uuid,
  variant_quantity numeric(18,6),
  is_default boolean not null default false,
  is_active boolean not null default true,
  max_quantity integer not null default 1,
  sort_order integer not null default 0,
  constraint modifiers_pkey primary key (biz_id, id),
  constraint modifiers_group_id_fkey foreign key (biz_id, group_id)
    references catalog.modifier_groups (biz_id, id),
  constraint modifiers_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint modifiers_variant_id_fkey foreign key (biz_id, variant_id)
    references catalog.product_variants (biz_id, id),
  constraint modifiers_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint modifiers_variant_check check (num_nonnulls(variant_id, variant_quantity) in (0, 2) and variant_quantity > 0),
  constraint modifiers_max_quantity_check check (max_quantity >= 1)
);
comment on table catalog.modifiers is 'One answer to a choice, such as oat milk, and what it adds to the price.';
comment on column catalog.modifiers.group_id is 'The choice it answers.';
comment on column catalog.modifiers.name is 'Name shown on tills, in shops and on kitchen tickets.';
comment on column catalog.modifiers.price_delta_minor is 'What it adds to the price, in minor units; below zero where it takes off.';
comment on column catalog.modifiers.currency is 'Currency of what it adds.';
comment on column catalog.modifiers.variant_id is 'What it takes out of stock, if anything.';
comment on column catalog.modifiers.variant_quantity is 'How much of that variant it takes.';
comment on column catalog.modifiers.is_default is 'Whether it is chosen beforehand.';
comment on column catalog.modifiers.is_active is 'Whether it can be chosen now.';
comment on column catalog.modifiers.max_quantity is 'How often it can be chosen, such as 2 for double cheese.';
comment on column catalog.modifiers.sort_order is 'Place among those of the group, the lowest first.';
comment on constraint modifiers_name_check on catalog.modifiers is 'A name is required, of 200 characters at most.';
comment on constraint modifiers_variant_check on catalog.modifiers is 'What it takes out of stock has a quantity above zero.';
comment on constraint modifiers_max_quantity_check on catalog.modifiers is 'It can be chosen at least once.';

call core.install_table('catalog.modifiers', 'M', 'ctmd', registrable => true);
create unique index modifiers_name_key on catalog.modifiers (biz_id, group_id, name) where deleted_at is null;
comment on index catalog.modifiers_name_key is 'This choice already has an answer of this name.';

-- product_modifier_groups ---------------------------------------------------------------------------------------------

create table catalog.product_modifier_groups (
  biz_id uuid not null,
  product_id uuid not null,
  modifier_group_id uuid not null,
  sort_order integer not null default 0,
  constraint product_modifier_groups_product_id_fkey foreign key (biz_id, product_id)
    references catalog.products (biz_id, id),
  constraint product_modifier_groups_modifier_group_id_fkey foreign key (biz_id, modifier_group_id)
    references catalog.modifier_groups (biz_id, id),
  constraint product_modifier_groups_pkey primary key (biz_id, product_id, modifier_group_id)
);
comment on table catalog.product_modifier_groups is 'That a choice is to be made with a product.';
comment on column catalog.product_modifier_groups.product_id is 'The product.';
comment on column catalog.product_modifier_groups.modifier_group_id is 'The choice.';
comment on column catalog.product_modifier_groups.sort_order is 'Place among the choices of the product, the lowest first.';
comment on constraint product_modifier_groups_pkey on catalog.product_modifier_groups is 'The product already has this choice.';

call core.install_table('catalog.product_modifier_groups', 'L', null);

-- What was sold keeps pointing at what it was.
create trigger sellables_ref_immutable
  before update on catalog.sellables
  for each row when ((old.kind, old.ref_type, old.ref_id) is distinct from (new.kind, new.ref_type, new.ref_id))
  execute function resources.refuse_update('sellables_ref_immutable_check', 'A sellable stands for the same thing for good; make another one.');

-- bundles -------------------------------------------------------------------------------------------------------------

create table catalog.bundles (
  biz_id uuid not null,
  id uuid not null,
  parent_sellable_id uuid not null,
  child_sellable_id uuid not null,
  quantity numeric(18,6) not null default 1,
  revenue_weight numeric(18,6) not null default 1,
  sort_order integer not null default 0,
  constraint bundles_pkey primary key (biz_id, id),
  constraint bundles_parent_sellable_id_fkey foreign key (biz_id, parent_sellable_id)
    references catalog.sellables (biz_id, id),
  constraint bundles_child_sellable_id_fkey foreign key (biz_id, child_sellable_id)
    references catalog.sellables (biz_id, id),
  constraint bundles_self_check check (parent_sellable_id <> child_sellable_id),
  constraint bundles_quantity_check check (quantity > 0 and revenue_weight >= 0)
);
comment on table catalog.bundles is 'One part of something that is sold as a bundle: a parent, what it contains, and how much of it. A bundle may contain bundles.';
comment on column catalog.bundles.parent_sellable_id is 'What is sold as a bundle.';
comment on column catalog.bundles.child_sellable_id is 'What it contains.';
comment on column catalog.bundles.quantity is 'How many of it one bundle contains.';
comment on column catalog.bundles.revenue_weight is 'Its part of the price of the bundle, relative to the other parts, when revenue is reported.';
comment on column catalog.bundles.sort_order is 'Place among the parts of the bundle, the lowest first.';
comment on constraint bundles_self_check on catalog.bundles is 'A bundle does not contain itself.';
comment on constraint bundles_quantity_check on catalog.bundles is 'The quantity must be above zero, and the weight not below it.';

call core.install_table('catalog.bundles', 'M', 'ctbu');
create unique index bundles_part_key on catalog.bundles (biz_id, parent_sellable_id, child_sellable_id) where deleted_at is null;
comment on index catalog.bundles_part_key is 'The bundle already contains this.';

create function catalog.refuse_bundle_cycle() returns trigger
language plpgsql as $$
begin
  -- Two writers who each see only their own half of a circle would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(format('acyclic catalog.bundles %s', new.biz_id), 0));
  if exists (
    with recursive inside (sellable_id) as (
      select new.child_sellable_id
      union
      select b.child_sellable_id
      from catalog.bundles b
      join inside i on i.sellable_id = b.parent_sellable_id
      where b.biz_id = new.biz_id
        and b.deleted_at is null
    )
    select
    from inside i
    where i.sellable_id = new.parent_sellable_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'A bundle cannot contain itself, directly or through others.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'child_sellable_id',
      constraint = 'bundles_acyclic_check';
  end if;
  return null;
end
$$;
comment on function catalog.refuse_bundle_cycle() is 'Trigger: what a bundle contains does not contain the bundle.';

create constraint trigger bundles_acyclic_check
  after insert or update of parent_sellable_id, child_sellable_id, deleted_at on catalog.bundles
  not deferrable
  for each row when (new.deleted_at is null)
  execute function catalog.refuse_bundle_cycle();
comment on constraint bundles_acyclic_check on catalog.bundles is 'A bundle cannot contain itself, directly or through others.';

-- translations --------------------------------------------------------------------------------------------------------

create table catalog.translations (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  field text not null,
  language text not null,
  text text not null,
  constraint translations_pkey primary key (biz_id, id),
  constraint translations_language_fkey foreign key (language)
    references core.languages (tag),
  constraint translations_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint translations_field_check check (field ~ '^[a-z][a-zA-Z0-9_.]{0,59}$'),
  constraint translations_text_check check (btrim(text) <> '' and length(text) <= 10000)
);
comment on table catalog.translations is 'A text of a product, offer or other thing in another language.';
comment on column catalog.translations.subject_type is 'Entity type of what it is a text of, such as Product.';
comment on column catalog.translations.subject_id is 'What it is a text of.';
comment on column catalog.translations.field is 'Which of its texts, such as name or description.';
comment on column catalog.translations.language is 'The language.';
comment on column catalog.translations.text is 'The text in that language.';
comment on constraint translations_subject_fkey on catalog.translations is 'What is translated must exist in this tenant.';
comment on constraint translations_field_check on catalog.translations is 'A field is one word that begins with a small letter, such as name.';
comment on constraint translations_text_check on catalog.translations is 'A text is required, of 10,000 characters at most.';

call core.install_table('catalog.translations', 'M', 'cttr');
create unique index translations_field_key on catalog.translations (biz_id, subject_type, subject_id, field, language) where deleted_at is null;
comment on index catalog.translations_field_key is 'There already is a translation of this text into this language.';
