-- What the verbs of rosters, hours, stand-ins and training rely on.

-- A shift that was confirmed and is then planned otherwise waits for the person's word again.
insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('staff_shift', 'confirmed', 'published', true);

-- Boards show these.
call core.watch_rows('workforce.staff_shifts');
call core.watch_rows('workforce.work_time_segments');

-- Judged by the days themselves, not by what a job has noted: a licence that has lapsed is none from that day on.
create function workforce.has_skill(biz_id uuid, staff_id uuid, template_id uuid, first_day date, last_day date)
  returns boolean
  language sql
  stable
  parallel safe
as $$
  select exists (
    select
    from workforce.staff s
    join resources.capability_assignments a on a.biz_id = s.biz_id and a.resource_id = s.resource_id
    where s.biz_id = has_skill.biz_id
      and s.id = has_skill.staff_id
      and a.template_id = has_skill.template_id
      and a.deleted_at is null
      and a.period @> daterange(has_skill.first_day, has_skill.last_day, '[]')
  ) or exists (
    -- Somebody who is no resource has no capabilities; what they have passed speaks for them.
    select
    from workforce.staff s
    join resources.capability_templates t on t.biz_id = s.biz_id and t.id = has_skill.template_id
    join workforce.training_modules m on m.biz_id = s.biz_id and m.code = t.code
    join workforce.training_enrollments e on e.biz_id = s.biz_id and e.module_id = m.id and e.staff_id = s.id
    where s.biz_id = has_skill.biz_id
      and s.id = has_skill.staff_id
      and s.resource_id is null
      and e.completed_at is not null
      and (e.expires_on is null or e.expires_on > has_skill.last_day)
  )
$$;
comment on function workforce.has_skill(uuid, uuid, uuid, date, date) is
  'Whether somebody has a skill or licence on all of some days: as a capability of the resource they are, or, where they are none, by a training of the same code that they have passed.';
