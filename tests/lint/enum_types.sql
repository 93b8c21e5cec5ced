-- No PostgreSQL enum types: their operators are not leakproof, so under row level security no index serves them.
select format('%I.%I', n.nspname, t.typname) as object, 'is an enum type: use a domain over text' as problem
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e'
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
order by 1, 2
