-- A constraint is named <table>_<what>_<kind>: its name is what the server maps to a typed error.
with named as (
  select k.conrelid::regclass::text as table_name, c.relname, k.conname as name,
    case k.contype
      when 'p' then 'pkey' when 'u' then 'key' when 'f' then 'fkey' when 'c' then 'check' when 'x' then 'excl' when 't' then 'check'
    end as kind
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid and not c.relispartition
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
  union all
  select c.oid::regclass::text, c.relname, x.relname, case when i.indisunique then 'key' else 'idx' end
  from pg_index i
  join pg_class c on c.oid = i.indrelid and not c.relispartition
  join pg_class x on x.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)
)
select format('%s on %s', n.name, n.table_name) as object, format('is not named %s_..._%s', n.relname, n.kind) as problem
from named n
where n.name !~ (n.kind || '$')
  or left(n.name, least(length(n.relname), 45)) <> left(n.relname, 45)
union all
select string_agg(n.table_name, ', '), format('share the name %s of a constraint', n.name)
from named n
where n.kind <> 'idx'
group by n.name
having count(*) > 1
order by 1, 2
