-- A reference to the registry of subjects is checked when the transaction ends, from a pair <role>_type and <role>_id;
-- and such a pair is never without it, except in journals.
select format('%s (%s)', k.conrelid::regclass, k.conname) as object, 'is not deferrable initially deferred' as problem
from pg_constraint k
join pg_class c on c.oid = k.conrelid and not c.relispartition
where k.contype = 'f'
  and k.confrelid = 'core.subject_registry'::regclass
  and not (k.condeferrable and k.condeferred)
union all
select format('%I.%I', e.table_schema, e.table_name), format('%s is a bare pair of type and id', left(ty.attname, -5))
from core.entity_types e
join pg_namespace n on n.nspname = e.table_schema
join pg_class c on c.relnamespace = n.oid and c.relname = e.table_name
join pg_attribute ty on ty.attrelid = c.oid and ty.attname ~ '_type$' and ty.atttypid = 'text'::regtype and not ty.attisdropped
join pg_attribute id on id.attrelid = c.oid and id.attname = left(ty.attname, -5) || '_id' and not id.attisdropped
where e.row_class not in ('J', 'P')
  and (e.table_schema, e.table_name) <> ('core', 'subject_registry')
  and not exists (
    select
    from pg_constraint k
    where k.conrelid = c.oid
      and k.contype = 'f'
      and k.confrelid = 'core.subject_registry'::regclass
      and k.conkey @> array[ty.attnum, id.attnum]
  )
order by 1, 2
