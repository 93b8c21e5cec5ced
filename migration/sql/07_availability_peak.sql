-- The most that is in use at one moment: two claims that had both begun before the time that is
-- asked for counted twice each, so that what was free was refused.

create or replace function availability.peak_use(
  resource_id uuid,
  pool_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  whole integer
)
  returns integer
  language sql
  volatile
as $$
  with busy as (
    select
      greatest(a.blocked_starts_at, peak_use.starts_at) as starts_at,
      a.blocked_ends_at as ends_at,
      case when a.exclusive then peak_use.whole else a.units end as units
    from availability.allocations a
    where a.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
      and (a.resource_id = peak_use.resource_id or a.pool_id = peak_use.pool_id)
      and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp()))
      and a.blocked_starts_at < peak_use.ends_at
      and a.blocked_ends_at > peak_use.starts_at
  )
  select coalesce(max(u.units), 0)::integer
  from (
    select sum(b.units) as units
    from (select distinct starts_at from busy) moment
    join busy b on b.starts_at <= moment.starts_at and b.ends_at > moment.starts_at
    group by moment.starts_at
  ) u
$$;
comment on function availability.peak_use(uuid, uuid, timestamptz, timestamptz, integer) is
  'The most units of a resource or pool that are in use at one moment of a time. Expired holds count for nothing; an exclusive claim uses the whole.';
