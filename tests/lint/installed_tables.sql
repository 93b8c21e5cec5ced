-- Every table is installed by core.install_table, and has the columns of its row class.
with tables as (
  select c.oid, n.nspname as table_schema, c.relname as table_name
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
),
standard (row_class, columns) as (
  values
    ('G', array['created_at', 'updated_at']),
    ('M', array['biz_id', 'id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at']),
    ('T', array['biz_id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by']),
    ('J', array['biz_id', 'id', 'request_id', 'created_at', 'created_by']),
    ('P', array['biz_id', 'id', 'request_id', 'created_at', 'created_by']),
    ('L', array['biz_id', 'created_at', 'created_by'])
)
select format('%I.%I', t.table_schema, t.table_name) as object, 'is not installed by core.install_table' as problem
from tables t
where not exists (
  select
  from core.entity_types e
  where e.table_schema = t.table_schema
    and e.table_name = t.table_name
)
union all
select format('%I.%I', e.table_schema, e.table_name), 'is in core.entity_types and does not exist'
from core.entity_types e
where not exists (
  select
  from tables t
  where t.table_schema = e.table_schema
    and t.table_name = e.table_name
)
union all
select format('%I.%I', t.table_schema, t.table_name), format('class %s lacks the column %s', e.row_class, wanted.name)
from tables t
join core.entity_types e on e.table_schema = t.table_schema and e.table_name = t.table_name
join standard s on s.row_class = e.row_class
cross join lateral unnest(s.columns) as wanted (name)
where not exists (
  select
  from pg_attribute a
  where a.attrelid = t.oid
    and a.attname = wanted.name
    and not a.attisdropped
)
union all
select format('%I.%I', t.table_schema, t.table_name), 'has an id and no id prefix, or the other way round'
from tables t
join core.entity_types e on e.table_schema = t.table_schema and e.table_name = t.table_name
where (e.id_prefix is not null) <> exists (
  select
  from pg_attribute a
  where a.attrelid = t.oid
    and a.attname = 'id'
    and a.atttypid = 'uuid'::regtype
    and not a.attisdropped
)
order by 1, 2
