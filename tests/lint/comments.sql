-- Every schema, table, column, domain and constraint says what it is: the graph and its error messages are made of
-- these sentences. A unique index counts as the constraint it is.
with houses as (
  select n.oid, n.nspname
  from pg_namespace n
  where n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
),
tables as (
  select c.oid, c.oid::regclass::text as name
  from pg_class c
  join houses h on h.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition
),
domains as (
  select t.oid, format('%I.%I', h.nspname, t.typname) as name
  from pg_type t
  join houses h on h.oid = t.typnamespace
  where t.typtype = 'd'
),
sentences (object, sentence) as (
  select 'schema ' || h.nspname, obj_description(h.oid, 'pg_namespace')
  from houses h
  union all
  select 'table ' || t.name, obj_description(t.oid, 'pg_class')
  from tables t
  union all
  select format('column %s.%I', t.name, a.attname), col_description(t.oid, a.attnum)
  from tables t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  union all
  select 'domain ' || d.name, obj_description(d.oid, 'pg_type')
  from domains d
  union all
  select format('constraint %I on domain %s', k.conname, d.name), obj_description(k.oid, 'pg_constraint')
  from domains d
  join pg_constraint k on k.contypid = d.oid
  union all
  select format('constraint %I on %s', k.conname, t.name), obj_description(k.oid, 'pg_constraint')
  from tables t
  join pg_constraint k on k.conrelid = t.oid
  union all
  select 'unique index ' || i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class')
  from tables t
  join pg_index i on i.indrelid = t.oid and i.indisunique
  where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = t.oid)
)
select s.object, 'has no comment' as problem
from sentences s
where s.sentence is null
union all
select s.object, 'its comment is not a sentence: ' || s.sentence
from sentences s
where s.sentence !~ '^[A-Z0-9].*\.$'
order by 1, 2
