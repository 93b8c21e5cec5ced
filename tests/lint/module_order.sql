-- A foreign key points to its own module or to an earlier one, never to a later one.
with modules as (
  select m.name, m.place
  from unnest(array[
    'core', 'identity', 'crm', 'resources', 'catalog', 'pricing', 'availability', 'workforce', 'ledger', 'payments',
    'entitlements', 'booking', 'hospitality', 'queue', 'education', 'dispatch', 'operations', 'billing', 'inventory',
    'pos', 'procurement', 'channels', 'marketplace', 'comms', 'audit', 'governance', 'workflow', 'sync', 'analytics'
  ]) with ordinality as m (name, place)
)
select format('%s (%s)', k.conrelid::regclass, k.conname) as object,
  format('points from %s to the later module %s', own.name, target.name) as problem
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace cn on cn.oid = c.relnamespace
join pg_class t on t.oid = k.confrelid
join pg_namespace tn on tn.oid = t.relnamespace
join modules own on own.name = cn.nspname
join modules target on target.name = tn.nspname
where k.contype = 'f'
  and target.place > own.place
union all
select n.nspname, 'is a schema that is no module'
from pg_namespace n
where n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'public')
  and n.nspname not in (select m.name from modules m)
order by 1, 2
