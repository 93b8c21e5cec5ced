-- Every tenant table forces row level security by the one standard text, and has no other policy. The few tables
-- without biz_id that hold rows of people or tenants are protected by policies of their own.
with tables as (
  select c.oid, e.table_schema, e.table_name, e.row_class, c.relrowsecurity and c.relforcerowsecurity as is_forced
  from core.entity_types e
  join pg_namespace n on n.nspname = e.table_schema
  join pg_class c on c.relnamespace = n.oid and c.relname = e.table_name
),
predicate (body) as (
  values ('(biz_id = ( SELECT (NULLIF(current_setting(''app.biz_id''::text, true), ''''::text))::uuid AS "nullif"))')
),
expected (policy_name, is_permissive, role_name, body) as (
  values
    ('app', true, 'bizing_app', 'true'),
    ('tenant', false, 'bizing_app', (select p.body from predicate p)),
    ('platform', true, 'bizing_platform', 'true')
),
actual as (
  select
    p.polrelid,
    p.polname as policy_name,
    p.polpermissive as is_permissive,
    (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (p.polroles)) as role_name,
    p.polcmd,
    pg_get_expr(p.polqual, p.polrelid) as using_body,
    pg_get_expr(p.polwithcheck, p.polrelid) as check_body
  from pg_policy p
)
select format('%I.%I', t.table_schema, t.table_name) as object, 'does not force row level security' as problem
from tables t
where not t.is_forced
  and (
    t.row_class <> 'G'
    or (t.table_schema, t.table_name) in (
      ('core', 'bizes'), ('identity', 'users'), ('identity', 'user_identities'), ('identity', 'sessions')
    )
  )
union all
select format('%I.%I', t.table_schema, t.table_name), format('lacks the standard policy %s', x.policy_name)
from tables t
cross join expected x
where t.row_class <> 'G'
  and not exists (
    select
    from actual a
    where a.polrelid = t.oid
      and a.policy_name = x.policy_name
      and a.is_permissive = x.is_permissive
      and a.role_name = x.role_name
      and a.polcmd = '*'
      and a.using_body = x.body
      and a.check_body = x.body
  )
union all
select format('%I.%I', t.table_schema, t.table_name), format('has a policy of its own, %s', a.policy_name)
from tables t
join actual a on a.polrelid = t.oid
where t.row_class <> 'G'
  and a.policy_name not in (select x.policy_name from expected x)
union all
select format('%I.%I', t.table_schema, t.table_name), format('has policies (%s) that are not enforced', a.policy_name)
from tables t
join actual a on a.polrelid = t.oid
where not t.is_forced
order by 1, 2
