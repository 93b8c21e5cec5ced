-- The roles of the server own nothing, bypass nothing, and may do to each table what its row class allows, no more.
with house_roles as (
  select r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication
  from pg_roles r
  where r.rolname in ('bizing_app', 'bizing_platform')
),
relations as (
  select c.oid, c.relacl, c.relowner, c.relispartition, c.relkind, n.nspname, c.relname, e.row_class, e.is_platform_written
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join core.entity_types e on e.table_schema = n.nspname and e.table_name = c.relname
  where c.relkind in ('r', 'p', 'v', 'm', 'S')
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'public')
),
grants as (
  select r.oid, g.privilege_type, coalesce(who.rolname, 'public') as grantee, g.is_grantable
  from relations r
  cross join lateral aclexplode(r.relacl) as g
  left join pg_roles who on who.oid = g.grantee
  where g.grantee <> r.relowner
)
select h.rolname as object, 'is a role that is more than a plain one' as problem
from house_roles h
where h.rolsuper or h.rolbypassrls or h.rolcreaterole or h.rolcreatedb or h.rolcanlogin or h.rolreplication
union all
select wanted.name, 'is a role that does not exist'
from unnest(array['bizing_app', 'bizing_platform']) as wanted (name)
where not exists (select from house_roles h where h.rolname = wanted.name)
union all
select h.rolname, format('is a member of %s', m.roleid::regrole)
from house_roles h
join pg_auth_members m on m.member = h.oid
union all
select h.rolname, format('owns something: class %s, object %s', d.classid::regclass, d.objid)
from house_roles h
join pg_shdepend d on d.refclassid = 'pg_authid'::regclass and d.refobjid = h.oid and d.deptype = 'o'
where d.dbid = (select db.oid from pg_database db where db.datname = current_database())
union all
select format('%I.%I', n.nspname, ''), format('%s may create in this schema', h.rolname)
from house_roles h
cross join pg_namespace n
where n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and has_schema_privilege(h.oid, n.oid, 'create')
union all
select format('%I.%I', r.nspname, r.relname), format('%s has %s', g.grantee, g.privilege_type)
from relations r
join grants g on g.oid = r.oid
where g.grantee not in ('bizing_app', 'bizing_platform')
  or g.is_grantable
  or r.relispartition
  or r.relkind = 'm'
  or (r.relkind = 'S' and g.privilege_type <> 'USAGE')
  or (r.relkind <> 'S' and g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
  or (
    g.grantee = 'bizing_app'
    and r.row_class is not null
    and not g.privilege_type = any (
      case
        when r.is_platform_written or r.row_class = 'G' then array['SELECT']
        when r.row_class in ('M', 'T') then array['SELECT', 'INSERT', 'UPDATE']
        when r.row_class in ('J', 'P') then array['SELECT', 'INSERT']
        else array['SELECT', 'INSERT', 'DELETE']
      end
    )
  )
order by 1, 2
