-- Pricing, what its verbs need besides: exchange rates that a tenant loads, into a table that all tenants read.

-- A tenant's rates are marked with a digest of its id, which says neither whose they are nor lets others' prices be reckoned
-- with them. The mark is made here, from the tenant of the transaction, so that nobody writes another's.
create function pricing.load_fx_rates(
  source text,
  ids uuid[],
  base_currencies text[],
  quote_currencies text[],
  rates numeric[],
  instants timestamptz[])
  returns table (loaded bigint, contradicted bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  marked text;
begin
  if tenant is null then
    raise exception 'exchange rates are loaded in the name of a tenant';
  end if;
  if position('#' in source) > 0 then
    raise exception using
      errcode = '23514',
      message = 'A source is named without a #.',
      schema = 'pricing',
      table = 'fx_rate_snapshots',
      column = 'source',
      constraint = 'fx_rate_snapshots_source_check';
  end if;
  marked := source || '#' || left(encode(sha256(uuid_send(tenant)), 'hex'), 16);

  with given as (
    select g.id, g.base::char(3) as base, g.quote::char(3) as quote, round(g.rate, 10) as rate, g.as_of
    from unnest(ids, base_currencies, quote_currencies, rates, instants) g (id, base, quote, rate, as_of)
  )
  insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of)
  select g.id, g.base, g.quote, g.rate, marked, g.as_of
  from given g
  order by g.base, g.quote, g.as_of
  on conflict on constraint fx_rate_snapshots_source_key do nothing;
  get diagnostics loaded = row_count;

  select count(*)
  into contradicted
  from unnest(base_currencies, quote_currencies, rates, instants) g (base, quote, rate, as_of)
  join pricing.fx_rate_snapshots f
    on f.base_currency = g.base::char(3)
    and f.quote_currency = g.quote::char(3)
    and f.source = marked
    and f.as_of = g.as_of
  where f.rate <> round(g.rate, 10);
  return next;
end
$$;
revoke execute on function pricing.load_fx_rates(text, uuid[], text[], text[], numeric[], timestamptz[]) from public;
grant execute on function pricing.load_fx_rates(text, uuid[], text[], text[], numeric[], timestamptz[]) to bizing_app, bizing_platform;
comment on function pricing.load_fx_rates(text, uuid[], text[], text[], numeric[], timestamptz[]) is
  'Loads exchange rates in the name of the tenant of the transaction, and says how many are new, and how many were said otherwise before.';
