-- The comment of a domain of listed values has a line `value: what it means.` for each value, and for nothing else.
with lists as (
  select
    d.oid,
    format('%I.%I', n.nspname, d.typname) as name,
    array(
      select m.parts[1]
      from regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') as m (parts)
    ) as listed,
    array(
      select m.parts[1]
      from regexp_matches(obj_description(d.oid, 'pg_type'), '^([A-Za-z0-9_]+): .+\.$', 'gn') as m (parts)
    ) as described
  from pg_type d
  join pg_namespace n on n.oid = d.typnamespace
  join pg_constraint k on k.contypid = d.oid
  where d.typtype = 'd'
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
    and (
      pg_get_constraintdef(k.oid) ~ 'VALUE(\))? = ANY'
      or pg_get_constraintdef(k.oid) ~ '^CHECK \(\(VALUE = ''[^'']*''::text\)\)$'
    )
)
select l.name as object, format('the value %s is not described', v.value) as problem
from lists l
cross join lateral unnest(l.listed) as v (value)
where not v.value = any (l.described)
union all
select l.name, format('describes %s, which is no value', v.value)
from lists l
cross join lateral unnest(l.described) as v (value)
where not v.value = any (l.listed)
order by 1, 2
