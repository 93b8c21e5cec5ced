-- Pricing: discounts and how often they were used. A use is a row that is never changed; taking it back is another row. The
-- counter on the discount moves with these rows and nothing else, so that no limit is passed however many buy at once.

-- Kinds ---------------------------------------------------------------------------------------------------------------

create domain pricing.discount_kind as text constraint discount_kind_check check (value in (
  'percent', 'amount', 'bogo'));
comment on domain pricing.discount_kind is 'How a discount is reckoned.
percent: A part of the price.
amount: A fixed amount.
bogo: So many for free or for less to those who buy so many.';
comment on constraint discount_kind_check on domain pricing.discount_kind is 'Unknown kind of discount.';

create domain pricing.discount_scope as text constraint discount_scope_check check (value in (
  'order', 'sellable', 'product_category', 'offer'));
comment on domain pricing.discount_scope is 'What a discount is taken off.
order: The order, sale or invoice as a whole.
sellable: The lines of one sellable.
product_category: The lines of products of one category, and of those below it.
offer: The lines of one offer, whichever its version.';
comment on constraint discount_scope_check on domain pricing.discount_scope is 'Unknown scope of a discount.';

-- discounts -----------------------------------------------------------------------------------------------------------

create table pricing.discounts (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind pricing.discount_kind not null,
  value_bps integer,
  value_minor bigint,
  buy_quantity integer,
  get_quantity integer,
  scope pricing.discount_scope not null default 'order',
  sellable_id uuid,
  product_category_id uuid,
  offer_id uuid,
  segment_id uuid,
  min_spend_minor bigint,
  max_discount_minor bigint,
  currency char(3),
  usage_limit integer,
  per_customer_limit integer,
  used_count integer not null default 0,
  is_stackable boolean not null default false,
  requires_approval boolean not null default false,
  starts_at timestamptz,
  ends_at timestamptz,
  constraint discounts_pkey primary key (biz_id, id),
  constraint discounts_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint discounts_product_category_id_fkey foreign key (biz_id, product_category_id)
    references catalog.product_categories (biz_id, id),
  constraint discounts_offer_id_fkey foreign key (biz_id, offer_id)
    references catalog.offers (biz_id, id),
  constraint discounts_segment_id_fkey foreign key (biz_id, segment_id)
    references crm.segments (biz_id, id),
  constraint discounts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint discounts_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint discounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint discounts_value_check check (case kind
    when 'percent' then value_bps between 0 and 10000 and value_bps is not null and num_nonnulls(value_minor, buy_quantity, get_quantity) = 0
    when 'amount' then value_minor > 0 and value_minor is not null and num_nonnulls(value_bps, buy_quantity, get_quantity) = 0
    else value_bps between 0 and 10000 and num_nonnulls(value_bps, buy_quantity, get_quantity) = 3 and buy_quantity >= 1 and get_quantity >= 1
      and value_minor is null end),
  constraint discounts_scope_check check (num_nonnulls(sellable_id, product_category_id, offer_id) = case scope when 'order' then 0 else 1 end
    and case scope
      when 'order' then true
      when 'sellable' then sellable_id is not null
      when 'product_category' then product_category_id is not null
      else offer_id is not null end),
  constraint discounts_amounts_check check (min_spend_minor >= 0 and max_discount_minor > 0),
  constraint discounts_currency_check check (currency is not null or num_nonnulls(value_minor, min_spend_minor, max_discount_minor) = 0),
  constraint discounts_limits_check check (usage_limit >= 1 and per_customer_limit >= 1),
  constraint discounts_used_count_check check (used_count >= 0),
  constraint discounts_usage_limit_check check (used_count <= usage_limit),
  constraint discounts_times_check check (ends_at > starts_at)
);
comment on table pricing.discounts is 'Something that is taken off prices, and for whom, when and how often.';
comment on column pricing.discounts.code is 'Short name used in imports and integrations, unique among the discounts in use. What customers type in are promo codes.';
comment on column pricing.discounts.name is 'Name shown on documents.';
comment on column pricing.discounts.kind is 'How it is reckoned.';
comment on column pricing.discounts.value_bps is 'The part taken off in hundredths of a percent (1500 = 15 %); of bogo, what is taken off those that are cheaper (10000 = free).';
comment on column pricing.discounts.value_minor is 'What is taken off in minor units, where it is a fixed amount.';
comment on column pricing.discounts.buy_quantity is 'Of bogo: how many must be bought.';
comment on column pricing.discounts.get_quantity is 'Of bogo: how many are then cheaper.';
comment on column pricing.discounts.scope is 'What it is taken off.';
comment on column pricing.discounts.sellable_id is 'The sellable it is taken off.';
comment on column pricing.discounts.product_category_id is 'The category of products it is taken off.';
comment on column pricing.discounts.offer_id is 'The offer it is taken off.';
comment on column pricing.discounts.segment_id is 'The customers who get it; none means everybody.';
comment on column pricing.discounts.min_spend_minor is 'What the order must come to at least, in minor units.';
comment on column pricing.discounts.max_discount_minor is 'The most that is taken off, in minor units.';
comment on column pricing.discounts.currency is 'Currency of its amounts, and of the orders that get it.';
comment on column pricing.discounts.usage_limit is 'How often it can be used altogether; none means any number of times.';
comment on column pricing.discounts.per_customer_limit is 'How often one customer can use it; none means any number of times.';
comment on column pricing.discounts.used_count is 'How often it is used now, uses that were taken back not counted. Counted by its redemptions.';
comment on column pricing.discounts.is_stackable is 'Whether it goes together with other discounts.';
comment on column pricing.discounts.requires_approval is 'Whether staff need a manager to give it.';
comment on column pricing.discounts.starts_at is 'From when on it can be used; none means always so far.';
comment on column pricing.discounts.ends_at is 'Until when, that instant not included; none means for good.';
comment on constraint discounts_code_check on pricing.discounts is 'A code is required, of 60 characters at most.';
comment on constraint discounts_name_check on pricing.discounts is 'A name is required, of 200 characters at most.';
comment on constraint discounts_value_check on pricing.discounts is 'A discount has either a part between 0 and 100 %, or an amount, or quantities to buy and to get, as its kind says.';
comment on constraint discounts_scope_check on pricing.discounts is 'A discount names the one thing of its scope, and nothing where it is taken off the whole.';
comment on constraint discounts_amounts_check on pricing.discounts is 'The least spent cannot be negative, and the most taken off is above zero.';
comment on constraint discounts_currency_check on pricing.discounts is 'An amount needs its currency.';
comment on constraint discounts_limits_check on pricing.discounts is 'A limit is at least 1.';
comment on constraint discounts_used_count_check on pricing.discounts is 'No use is taken back twice.';
comment on constraint discounts_usage_limit_check on pricing.discounts is 'This discount has been used as often as it can be.';
comment on constraint discounts_times_check on pricing.discounts is 'The end must be after the start.';

call core.install_table('pricing.discounts', 'M', 'pcdi', registrable => true);
call core.configure_graph('pricing.discounts', aggregates => true);
create unique index discounts_code_key on pricing.discounts (biz_id, code) where deleted_at is null;
comment on index pricing.discounts_code_key is 'Another discount has this code.';

create trigger discounts_currency_immutable
  before update on pricing.discounts
  for each row when (old.currency is distinct from new.currency and old.used_count > 0)
  execute function resources.refuse_update('discounts_currency_immutable_check', 'A discount that is in use keeps its currency.');
create trigger discounts_used_count_counted
  before update on pricing.discounts
  for each row when (old.used_count <> new.used_count and pg_trigger_depth() = 0)
  execute function resources.refuse_update('discounts_used_count_counted_check', 'How often a discount was used is counted by its redemptions.');
create trigger discounts_used_count_new
  before insert on pricing.discounts
  for each row when (new.used_count <> 0)
  execute function resources.refuse_update('discounts_used_count_counted_check', 'How often a discount was used is counted by its redemptions.');

-- discount_redemptions ------------------------------------------------------------------------------------------------

create table pricing.discount_redemptions (
  biz_id uuid not null,
  id uuid not null,
  discount_id uuid not null,
  customer_id uuid,
  source_type text not null,
  source_id uuid not null,
  amount_minor bigint not null,
  currency char(3) not null,
  reverses_id uuid,
  constraint discount_redemptions_pkey primary key (biz_id, id),
  constraint discount_redemptions_id_key unique (biz_id, discount_id, id),
  constraint discount_redemptions_reverses_id_key unique (biz_id, reverses_id),
  constraint discount_redemptions_discount_id_fkey foreign key (biz_id, discount_id)
    references pricing.discounts (biz_id, id),
  constraint discount_redemptions_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint discount_redemptions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint discount_redemptions_reverses_id_fkey foreign key (biz_id, discount_id, reverses_id)
    references pricing.discount_redemptions (biz_id, discount_id, id),
  constraint discount_redemptions_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint discount_redemptions_amount_check check (amount_minor >= 0)
);
comment on table pricing.discount_redemptions is 'One use of a discount, or the taking back of one.';
comment on column pricing.discount_redemptions.discount_id is 'The discount.';
comment on column pricing.discount_redemptions.customer_id is 'Who used it; none where the customer is not known.';
comment on column pricing.discount_redemptions.source_type is 'Entity type of what it was used in, such as BookingOrder.';
comment on column pricing.discount_redemptions.source_id is 'What it was used in.';
comment on column pricing.discount_redemptions.amount_minor is 'What was taken off, in minor units; of a taking back, the same amount.';
comment on column pricing.discount_redemptions.currency is 'Currency of the amount.';
comment on column pricing.discount_redemptions.reverses_id is 'The use that is taken back; none of a use itself.';
comment on constraint discount_redemptions_id_key on pricing.discount_redemptions is 'A redemption belongs to one discount.';
comment on constraint discount_redemptions_reverses_id_key on pricing.discount_redemptions is 'This use was taken back already.';
comment on constraint discount_redemptions_reverses_id_fkey on pricing.discount_redemptions is 'What is taken back must be an existing use of the same discount.';
comment on constraint discount_redemptions_source_fkey on pricing.discount_redemptions is 'What a discount was used in must exist in this tenant.';
comment on constraint discount_redemptions_amount_check on pricing.discount_redemptions is 'The amount cannot be negative.';

create index discount_redemptions_customer_idx on pricing.discount_redemptions (biz_id, discount_id, customer_id);
create index discount_redemptions_source_idx on pricing.discount_redemptions (biz_id, source_type, source_id);

call core.install_table('pricing.discount_redemptions', 'J', 'pcdr');

create function pricing.count_redemption() returns trigger
language plpgsql as $$
declare
  discount pricing.discounts;
begin
  if new.reverses_id is not null and not exists (
    select
    from pricing.discount_redemptions r
    where r.biz_id = new.biz_id
      and r.id = new.reverses_id
      and r.reverses_id is null
      and r.amount_minor = new.amount_minor
      and r.currency = new.currency
      and r.customer_id is not distinct from new.customer_id
      and (r.source_type, r.source_id) = (new.source_type, new.source_id)
  ) then
    raise exception using
      errcode = '23514',
      message = 'A use of a discount is taken back as a whole: the same amount, customer and source.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'reverses_id',
      constraint = 'discount_redemptions_reversal_check';
  end if;

  -- Whoever uses the discount after this waits here, and then counts this use too. The limit is a check of the row.
  update pricing.discounts d
  set used_count = d.used_count + case when new.reverses_id is null then 1 else -1 end
  where d.biz_id = new.biz_id
    and d.id = new.discount_id
  returning d.* into discount;

  if discount.currency <> new.currency then
    raise exception using
      errcode = '23514',
      message = 'A discount with amounts is used in orders of its own currency.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'currency',
      constraint = 'discount_redemptions_currency_check';
  end if;

  if new.reverses_id is null and discount.per_customer_limit is not null and (
    new.customer_id is null
    or discount.per_customer_limit < (
      select coalesce(sum(case when r.reverses_id is null then 1 else -1 end), 0)
      from pricing.discount_redemptions r
      where r.biz_id = new.biz_id
        and r.discount_id = new.discount_id
        and r.customer_id = new.customer_id
    )
  ) then
    raise exception using
      errcode = '23514',
      message = 'This customer has used this discount as often as one customer can.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'customer_id',
      constraint = 'discount_redemptions_per_customer_check';
  end if;
  return null;
end
$$;
comment on function pricing.count_redemption() is 'Trigger: counts a use of a discount, or takes it back, within the limits of the discount.';

create constraint trigger discount_redemptions_per_customer_check
  after insert on pricing.discount_redemptions
  not deferrable
  for each row execute function pricing.count_redemption();
comment on constraint discount_redemptions_per_customer_check on pricing.discount_redemptions is 'This customer has used this discount as often as one customer can.';
