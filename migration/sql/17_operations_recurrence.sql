-- Maintenance that comes again by a rule of the calendar, compensation that is taken back, and resources that are given up.

alter table resources.maintenance_policies
  add column rrule availability.recurrence_rule,
  add constraint maintenance_policies_rrule_check check (
    rrule is null or (trigger_kind = 'date' and repeats_months is null and rrule !~ ';COUNT='));
comment on column resources.maintenance_policies.rrule is 'How such a day comes again, as in iCalendar; none where it comes again after months, or not at all.';
comment on constraint maintenance_policies_rrule_check on resources.maintenance_policies is 'A rule says how a day comes again, instead of months; it ends by a day, not by a count.';
call core.describe_table('resources.maintenance_policies');

-- What was given for a breach was all taken back: it is as it was before.
insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('sla_clock', 'compensated', 'breached', true);

-- A resource is given up once nobody counts on it any more.
create function operations.check_retirement() returns trigger
language plpgsql as $$
declare
  wanted constant bigint := (
    select count(*)
    from availability.allocations a
    where a.biz_id = new.biz_id
      and a.resource_id = new.id
      and a.status = 'firm'
      and a.source_type <> 'AvailabilityBlock'
      and a.service_ends_at > clock_timestamp()
  );
begin
  if wanted > 0 then
    raise exception using
      errcode = '23514',
      message = format('%s things to come count on this resource: give them another first.', wanted),
      schema = 'resources',
      table = 'resources',
      column = 'lifecycle_status',
      constraint = 'resources_retired_check';
  end if;
  return null;
end
$$;
comment on function operations.check_retirement() is 'Trigger: a resource is given up only when nothing to come counts on it.';
create trigger resources_retired_check
  after update of lifecycle_status on resources.resources
  for each row when (old.lifecycle_status <> 'retired' and new.lifecycle_status = 'retired')
  execute function operations.check_retirement();
comment on trigger resources_retired_check on resources.resources is 'Something to come counts on this resource: give it another first.';
