-- A function that runs with its owner's rights pins its search path, temporary objects last, and is not for everyone.
-- A view asks with the rights of whoever asks.
select p.oid::regprocedure::text as object, 'runs as its owner without a pinned search_path that ends in pg_temp' as problem
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and not exists (
    select
    from unnest(p.proconfig) as setting (body)
    where setting.body ~ '^search_path=.*pg_temp"?$'
  )
union all
select p.oid::regprocedure::text, 'runs as its owner and may be called by everyone'
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as g
where p.prosecdef
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and g.grantee = 0
union all
select c.oid::regclass::text, 'is a view that is not security_invoker'
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v'
  and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'public')
  and not coalesce('security_invoker=true' = any (c.reloptions), false)
order by 1, 2
