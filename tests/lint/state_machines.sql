-- Machines and their moves fit: every move is between values of the column's domain, every machine drives a column,
-- and every column that a machine drives is guarded.
with machines as (
  select
    s.machine,
    format('%I.%I', s.table_schema, s.table_name)::regclass as entity,
    s.column_name,
    array(
      select m.parts[1]
      from pg_attribute a
      join pg_constraint k on k.contypid = a.atttypid
      cross join lateral regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') as m (parts)
      where a.attrelid = format('%I.%I', s.table_schema, s.table_name)::regclass
        and a.attname = s.column_name
    ) as statuses
  from core.state_machines s
)
select m.machine as object, format('%s.%s has no domain of statuses', m.entity, m.column_name) as problem
from machines m
where cardinality(m.statuses) = 0
union all
select m.machine, 'has no move'
from machines m
where not exists (select from core.state_transitions t where t.machine = m.machine)
union all
select m.machine, format('%s is no status of %s.%s', named.status, m.entity, m.column_name)
from machines m
join core.state_transitions t on t.machine = m.machine
cross join lateral (values (t.from_status), (t.to_status)) as named (status)
where not named.status = any (m.statuses)
union all
select m.machine, format('no move leads from or to %s', s.status)
from machines m
cross join lateral unnest(m.statuses) as s (status)
where not exists (
  select
  from core.state_transitions t
  where t.machine = m.machine
    and s.status in (t.from_status, t.to_status)
)
union all
select distinct t.machine, 'drives no column'
from core.state_transitions t
where not exists (select from machines m where m.machine = t.machine)
union all
select m.machine, format('%s.%s is not guarded', m.entity, m.column_name)
from machines m
where 2 <> (
  select count(*)
  from pg_trigger g
  where g.tgrelid = m.entity
    and g.tgfoid in ('core.guard_transition'::regproc, 'core.record_transition'::regproc)
    and g.tgenabled = 'O'
    and split_part(encode(g.tgargs, 'escape'), '\000', 2) = m.column_name
)
order by 1, 2
