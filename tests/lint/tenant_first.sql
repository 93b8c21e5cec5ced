-- Every primary key, unique key, exclusion and foreign key of a tenant table begins with biz_id. What does not would
-- tell one tenant of another's rows, as keys are checked past row level security.
with tables as (
  select c.oid, e.table_schema, e.table_name
  from core.entity_types e
  join pg_namespace n on n.nspname = e.table_schema
  join pg_class c on c.relnamespace = n.oid and c.relname = e.table_name
  where e.row_class <> 'G'
)
select format('%I.%I', t.table_schema, t.table_name) as object,
  format('%s %s does not begin with biz_id',
    case when i.indisprimary then 'primary key' when i.indisexclusion then 'exclusion' else 'unique key' end,
    i.indexrelid::regclass) as problem
from tables t
join pg_index i on i.indrelid = t.oid
left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
where (i.indisunique or i.indisexclusion)
  and a.attname is distinct from 'biz_id'
union all
select format('%I.%I', t.table_schema, t.table_name), format('exclusion %s does not compare biz_id by =', k.conname)
from tables t
join pg_constraint k on k.conrelid = t.oid and k.contype = 'x'
join pg_operator o on o.oid = k.conexclop[1]
where o.oprname <> '='
union all
select format('%I.%I', t.table_schema, t.table_name),
  format('foreign key %s to %s does not go from biz_id to biz_id', k.conname, k.confrelid::regclass)
from tables t
join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' and k.conparentid = 0
join pg_attribute own on own.attrelid = k.conrelid and own.attnum = k.conkey[1]
join pg_attribute far on far.attrelid = k.confrelid and far.attnum = k.confkey[1]
where (
    exists (select from tables target where target.oid = k.confrelid)
    and (own.attname <> 'biz_id' or far.attname <> 'biz_id')
  )
  or (own.attname = 'biz_id' and far.attname not in ('biz_id', 'id'))
union all
select format('%I.%I', e.table_schema, e.table_name), format('foreign key %s leads from a table without tenant into one', k.conname)
from core.entity_types e
join pg_namespace n on n.nspname = e.table_schema
join pg_class c on c.relnamespace = n.oid and c.relname = e.table_name
join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
where e.row_class = 'G'
  and exists (select from tables target where target.oid = k.confrelid)
order by 1, 2
