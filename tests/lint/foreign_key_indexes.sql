-- Under each foreign key lies a whole b-tree index that begins with its columns, tenant first. Exempt are keys to
-- lists that are known by a code (currencies, time zones), which lose no rows.
with links as (
  select
    k.conrelid,
    k.conname,
    has_tenant.biz_id,
    (
      select case
        when has_tenant.biz_id and not 'biz_id' = any (array_agg(a.attname::text)) then array_agg(a.attname::text) || 'biz_id'::text
        else array_agg(a.attname::text)
      end
      from pg_attribute a
      where a.attrelid = k.conrelid
        and a.attnum = any (k.conkey)
    ) as fields
  from pg_constraint k
  join pg_namespace n on n.oid = k.connamespace
  join pg_class c on c.oid = k.conrelid and not c.relispartition
  cross join lateral (
    select exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'biz_id' and not a.attisdropped)
  ) as has_tenant (biz_id)
  where k.contype = 'f'
    and k.conparentid = 0
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
    and not exists (
      select
      from core.entity_types e
      where e.row_class = 'G'
        and format('%I.%I', e.table_schema, e.table_name)::regclass = k.confrelid
        and not exists (
          select
          from pg_attribute a
          where a.attrelid = k.confrelid
            and a.attnum = any (k.confkey)
            and a.atttypid = 'uuid'::regtype
        )
    )
)
select l.conrelid::regclass::text as object,
  format('foreign key %s has no index that begins with %s', l.conname, array_to_string(l.fields, ', ')) as problem
from links l
where not exists (
  select
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_am m on m.oid = c.relam and m.amname = 'btree'
  cross join lateral (
    select array_agg(a.attname::text order by a.attnum) as fields
    from pg_attribute a
    where a.attrelid = i.indexrelid
      and a.attnum <= least(i.indnkeyatts, cardinality(l.fields))
  ) as first_keys
  where i.indrelid = l.conrelid
    and i.indpred is null
    and first_keys.fields @> l.fields
    and first_keys.fields <@ l.fields
    and (not l.biz_id or first_keys.fields[1] = 'biz_id')
)
order by 1, 2
