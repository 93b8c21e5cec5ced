-- Money is bigint in a column ending in _minor, beside a currency. Nothing is a float, and no instant lacks its zone.
with fields as (
  select
    c.oid,
    c.oid::regclass::text as table_name,
    a.attname as name,
    case when t.typtype = 'd' then t.typbasetype else t.oid end as type_id,
    e.row_class
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join core.entity_types e on e.table_schema = n.nspname and e.table_name = c.relname
  where c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
)
select format('%s.%s', f.table_name, f.name) as object, format('is money of type %s, not bigint', f.type_id::regtype) as problem
from fields f
where f.name ~ '_minor$'
  and f.type_id <> 'bigint'::regtype
union all
select format('%s.%s', f.table_name, f.name), 'is money without a currency column in its row'
from fields f
where f.name ~ '_minor$'
  and f.table_name <> 'core.currencies'
  and not exists (
    select
    from fields c
    where c.oid = f.oid
      and c.name ~ '(^|_)currency$'
  )
union all
select format('%s.%s', f.table_name, f.name), format('is a %s', f.type_id::regtype)
from fields f
where f.type_id in ('real'::regtype, 'double precision'::regtype, 'money'::regtype, 'timestamp without time zone'::regtype,
  'time with time zone'::regtype, 'character varying'::regtype, 'json'::regtype)
union all
select format('%s.%s', f.table_name, f.name), 'is a currency that does not refer to core.currencies'
from fields f
where f.name ~ '(^|_)currency$'
  and not exists (
    select
    from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
    where k.conrelid = f.oid
      and k.contype = 'f'
      and k.confrelid = 'core.currencies'::regclass
      and a.attname = f.name
  )
order by 1, 2
