-- What the verbs of operations rely on: that a warning was given is said once, and what blocks time is named.

alter table operations.sla_clocks
  add column warned_at timestamptz,
  add constraint sla_clocks_warned_check check (warned_at >= started_at);
comment on column operations.sla_clocks.warned_at is 'When those in charge were warned that time is nearly up; none where they were not, or time was given since.';
comment on constraint sla_clocks_warned_check on operations.sla_clocks is 'A warning comes after the start.';
call core.describe_table('operations.sla_clocks');

alter table availability.blocks
  add column source_type text,
  add column source_id uuid,
  add constraint blocks_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  add constraint blocks_source_check check (num_nonnulls(source_type, source_id) in (0, 2));
comment on column availability.blocks.source_type is 'Entity type of what needs the time, such as MaintenanceWorkOrder; none where somebody blocked it by hand.';
comment on column availability.blocks.source_id is 'What needs the time.';
comment on constraint blocks_source_fkey on availability.blocks is 'What needs the time must exist in this tenant.';
comment on constraint blocks_source_check on availability.blocks is 'What needs the time has both a type and an id.';
call core.index_foreign_keys('availability.blocks');
call core.describe_table('availability.blocks');
create unique index blocks_source_active_key on availability.blocks (biz_id, source_type, source_id)
  where status = 'active' and source_id is not null;
comment on index availability.blocks_source_active_key is 'This already blocks a time.';

-- Warnings are looked for by the policy's minutes, breaches by the target: both among clocks that run.
create index sla_clocks_policy_id_running_idx on operations.sla_clocks (biz_id, policy_id, target_at)
  where status = 'running' and warned_at is null;
